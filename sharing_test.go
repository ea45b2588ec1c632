package solutionkit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/graph"
	"github.com/solutionkit/solutionkit/solution/inventory"
	"github.com/solutionkit/solutionkit/solution/model"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

const shared = `solution Contoso 1.0.0.0
connector ct_5ferp id=77 auth=oauth operations=ListItems,GetItem
connectionreference ct_erp custom=77 connector=ct_5ferp
connectionreference ct_sp connector=shared_sharepointonline
environmentvariabledefinition ct_url type=text default=a
entity ct_order
attribute ct_order.ct_total
systemform 100 table=ct_order columns=ct_total root=true
workflow 22 name="On order" refs=ct_erp,ct_sp sets=ct_orders calls=ct_erp:ListItems
canvasapp ct_app tables=ct_order refs=ct_sp flow=22
webresource ct_/page.js text="let a = 1;"
role 200 reads=ct_order
`

// uses are what many goroutines may do with values that they share, by the package that says so. Each gives a text.
func uses(t *testing.T) map[string]func() (string, error) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	asJSON := func(v any, err error) (string, error) {
		if err != nil {
			return "", err
		}
		src, err := json.Marshal(v)
		return string(src), err
	}
	pack := func(tree *packager.Tree) (string, error) {
		var b bytes.Buffer
		_, err := packager.Pack(&b, tree, &packager.PackOptions{Workers: 3})
		return b.String(), err
	}
	zip := solutiontest.Zip(t, shared)
	pkg, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	must(err)
	unpacked, err := packager.Unpack(pkg, nil)
	must(err)
	tree, err := packager.Load(unpacked, nil)
	must(err)
	parts, err := tree.Parts()
	must(err)
	yaml, _, err := yamlsource.Write(solutiontest.Parts(t, yamlText), nil)
	must(err)
	fromYAML, err := yamlsource.Load(yaml, nil)
	must(err)
	manifest, err := solution.ReadManifest(parts)
	must(err)
	customizations, err := solution.ReadCustomizations(parts)
	must(err)
	read, err := content.Read(parts, nil)
	must(err)
	views, err := model.Read(parts)
	must(err)
	set, err := connref.Read(parts)
	must(err)
	connectors, err := connector.Read(parts)
	must(err)
	step, err := plan.Read(parts, nil)
	must(err)
	env, err := plan.ParseEnvironment([]byte(`{"solutions":[{"name":"Contoso","version":"0.9.0.0"}]}`), "env.json")
	must(err)
	resolved, err := plan.Resolve([]plan.Item{{Solution: step}}, env, nil, nil)
	must(err)
	reading, err := environment.Read([]byte(`[{"SolutionUniqueName":"Contoso","VersionNumber":"0.9.0.0"}]`), "list.json")
	must(err)
	deployed, err := deployer.Open(memfs.New(map[string][]byte{
		"ImportConfig.xml": []byte(`<configdatastorage><solutions><configsolutionfile solutionpackagefilename="A.zip"/></solutions></configdatastorage>`),
	}))
	must(err)
	taken, err := inventory.Take(inventory.Source{Parts: parts})
	must(err)
	compared, err := diff.Compare(parts, solutiontest.Parts(t, strings.ReplaceAll(shared, "ct_total", "ct_sum")), nil)
	must(err)
	findings, err := lint.CheckSolution(parts, nil)
	must(err)
	text, err := solutiontest.Parse(shared)
	must(err)

	return map[string]func() (string, error){
		"packager": func() (string, error) {
			for _, name := range tree.Names() {
				if _, err := tree.ReadFile(name); err != nil {
					return "", err
				}
			}
			if _, err := tree.Check(); err != nil {
				return "", err
			}
			return pack(tree)
		},
		"packager/yamlsource": func() (string, error) { return pack(fromYAML) },
		"solution": func() (string, error) {
			var b strings.Builder
			for x := range customizations.Elements() {
				found, ok := customizations.Lookup(x.Key)
				fmt.Fprintln(&b, found.Key, ok, customizations.Location(x))
			}
			for r := range manifest.RootComponents() {
				fmt.Fprintln(&b, r)
			}
			fmt.Fprintln(&b, manifest.Check(), parts.Locate(solution.CustomizationsFile, 100))
			return b.String(), nil
		},
		"solution/diag": func() (string, error) {
			var b strings.Builder
			err := diag.WriteSARIF(&b, diag.Tool{Name: "x"}, findings)
			return b.String(), err
		},
		"solution/content": func() (string, error) {
			var b strings.Builder
			for ref := range read.References() {
				x, ok := read.Component(ref.From)
				fmt.Fprintln(&b, ref.Edge, ref.To, ref.Location, x.Parts, ok)
			}
			again, err := content.Read(parts, nil)
			if err != nil {
				return "", err
			}
			fmt.Fprintln(&b, content.Join(read, again)[0].Diagnostics())
			return b.String(), nil
		},
		"solution/model": func() (string, error) {
			var b strings.Builder
			for c := range views.Components() {
				fmt.Fprintf(&b, "%v %v %v %T\n", c.Key(), c.Location(), c.Parts(), c.View())
			}
			for t := range views.Tables() {
				for c := range t.Columns() {
					fmt.Fprintln(&b, c.LogicalName(), c.DataType(), c.DisplayNames())
				}
			}
			return b.String(), nil
		},
		"connref": func() (string, error) {
			blank, _, err := set.Settings(nil)
			if err != nil {
				return "", err
			}
			return string(blank.Bytes()) + fmt.Sprint(set.Diagnostics()), nil
		},
		"connector": func() (string, error) {
			var b strings.Builder
			for _, c := range connectors {
				for o := range c.Operations() {
					fmt.Fprintln(&b, o.ID)
				}
				fmt.Fprintln(&b, c.Title(), len(c.Secrets()), len(connector.Compare(c, c)))
			}
			return b.String(), nil
		},
		"connector/lint": func() (string, error) { return asJSON(lint.CheckSolution(parts, nil)) },
		"solution/plan":  func() (string, error) { return asJSON(plan.Resolve([]plan.Item{{Solution: step}}, env, nil, nil)) },
		"solution/graph": func() (string, error) { return asJSON(graph.Components(graph.Source{Content: read}), nil) },
		"solution/build": func() (string, error) {
			b, err := build.On(parts)
			if err != nil {
				return "", err
			}
			b.Table(build.Table{Name: "ct_made", DisplayName: "Made"})
			change, err := b.Change()
			if err != nil {
				return "", err
			}
			after, err := change.Apply(parts)
			if err != nil {
				return "", err
			}
			src, err := after.ReadPart(solution.CustomizationsFile)
			return string(src), err
		},
		"solution/deployer": func() (string, error) {
			return asJSON(deployed.Check(resolved, map[string]*plan.Solution{"A.zip": step}), nil)
		},
		"solution/environment": func() (string, error) {
			joined, found := environment.Join(reading)
			return asJSON(struct{ Joined, Found any }{joined, found}, nil)
		},
		"solution/inventory": func() (string, error) {
			var b strings.Builder
			err := taken.WriteHTML(&b)
			return b.String(), err
		},
		"solution/diff": func() (string, error) {
			var b strings.Builder
			err := compared.WriteText(&b)
			again, err2 := diff.Compare(parts, parts, nil)
			if err != nil || err2 != nil {
				return "", fmt.Errorf("%w, %w", err, err2)
			}
			fmt.Fprintln(&b, again.Equal(), len(compared.Breaking()))
			return b.String(), nil
		},
		"solution/solutiontest": func() (string, error) {
			fsys := text.FS()
			return fmt.Sprint(partNames(fsys), solutiontest.DiffFS(fsys, fsys)), nil
		},
	}
}

// TestSharedByManyGoroutines uses values of every public package on several goroutines at once. The race detector sees what it finds,
// which is why it is the test of all that is said about sharing.
func TestSharedByManyGoroutines(t *testing.T) {
	all := uses(t)
	for _, pkg := range publicAPI {
		use := all[pkg]
		if use == nil {
			t.Errorf("%s is not used by several goroutines", pkg)
			continue
		}
		t.Run(pkg, func(t *testing.T) {
			var gathered [4]string
			var running sync.WaitGroup
			for i := range gathered {
				running.Go(func() {
					got, err := use()
					if err != nil {
						t.Error(err)
					}
					gathered[i] = got
				})
			}
			running.Wait()
			want, err := use()
			if err != nil || want == "" {
				t.Fatalf("it gives %q (%v)", want, err)
			}
			for _, got := range gathered {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("one of several goroutines has another result (-alone +one)\n%s", diff)
				}
			}
		})
	}
}
