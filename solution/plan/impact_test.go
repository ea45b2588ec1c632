package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// An impactCase is a file of testdata/impact: installed packages (installed/NAME), environment.json, questions (query: lines
// "impact KIND:KEY" or "uninstall NAME") and the answers (want).
type impactCase struct {
	archive *txtar.Archive
	env     *plan.Environment
	queries []string
	want    string
}

func readImpactCase(t *testing.T, file string) *impactCase {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &impactCase{archive: txtar.Parse(src)}
	installed := map[string]*plan.Package{}
	for _, f := range c.archive.Files {
		kind, name, _ := strings.Cut(f.Name, "/")
		switch kind {
		case "installed":
			installed[name] = readPackage(t, string(f.Data))
		case "environment.json":
			if c.env, err = plan.ParseEnvironment(f.Data); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
		case "query":
			c.queries = strings.Split(strings.TrimSpace(string(f.Data)), "\n")
		case "want":
			c.want = string(f.Data)
		default:
			t.Fatalf("%s: unknown file %s", file, f.Name)
		}
	}
	for i := range c.env.Solutions {
		if in := &c.env.Solutions[i]; in.PackageFile != "" {
			if in.Package = installed[in.PackageFile]; in.Package == nil {
				t.Fatalf("%s: no installed/%s", file, in.PackageFile)
			}
		}
	}
	return c
}

// answer returns the answer to a question about an environment, in few words and as JSON.
func answer(t *testing.T, env *plan.Environment, query string) (text string, doc []byte) {
	t.Helper()
	what, about, _ := strings.Cut(query, " ")
	var b strings.Builder
	var value any
	fmt.Fprintln(&b, query)
	switch what {
	case "impact":
		key, err := plan.ParseComponent(about)
		if err != nil {
			t.Fatal(err)
		}
		r, err := plan.Impact(env, key)
		if err != nil {
			t.Fatal(err)
		}
		describeReach(&b, r)
		value = r
	case "uninstall":
		r, err := plan.Uninstall(env, about)
		if err != nil {
			t.Fatal(err)
		}
		describeRemoval(&b, r)
		value = r
	default:
		t.Fatalf("question %q", query)
	}
	doc, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), doc
}

func describeReach(b *strings.Builder, r *plan.Reach) {
	fmt.Fprintf(b, "    %s", r.Component)
	if r.Base {
		b.WriteString(" (base)")
	}
	b.WriteString("\n")
	for _, l := range r.Layers {
		fmt.Fprintf(b, "    layer: %s %s of %q managed=%v base=%v\n", l.Solution, l.Version, l.Publisher, l.Managed, l.Base)
	}
	for _, p := range r.Parts {
		fmt.Fprintf(b, "    part: %s\n", p)
	}
	for _, u := range r.UsedBy {
		fmt.Fprintf(b, "    use: %s<-%s in %s tracked=%v", u.Need, u.By, u.Solution, u.Tracked)
		if u.File != "" {
			fmt.Fprintf(b, " %s:%d:%d %s", u.File, u.Line, u.Column, u.Path)
		}
		b.WriteString("\n")
	}
	for _, x := range r.Blocks {
		fmt.Fprintf(b, "    blocks: %s\n", x)
	}
	for _, x := range r.Unknown {
		fmt.Fprintf(b, "    unknown: %s\n", x)
	}
	findings(b, r.Findings)
}

func describeRemoval(b *strings.Builder, r *plan.Removal) {
	fmt.Fprintf(b, "    %s blocked=%v order=%s\n", r.Solution, r.Blocked, strings.Join(r.Order, " "))
	for _, d := range r.Deletes {
		fmt.Fprintf(b, "    deletes: %s\n", d)
	}
	findings(b, r.Findings)
}

func TestImpact(t *testing.T) {
	files, err := filepath.Glob("testdata/impact/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readImpactCase(t, file)
			got := ""
			for _, query := range c.queries {
				text, doc := answer(t, c.env, query)
				got += text
				if bytes.Contains(doc, []byte("null")) {
					t.Errorf("a list is null:\n%s", doc)
				}
				c.checkShuffled(t, query, doc)
			}
			if *update {
				c.write(t, file, got)
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// checkShuffled holds an answer against that of the same environment in another order.
func (c *impactCase) checkShuffled(t *testing.T, query string, want []byte) {
	t.Helper()
	env := *c.env
	env.Solutions = slices.Clone(env.Solutions)
	slices.Reverse(env.Solutions)
	if _, got := answer(t, &env, query); !bytes.Equal(want, got) {
		t.Errorf("another order of the solutions gives another answer (-want +got)\n%s", cmp.Diff(string(want), string(got)))
	}
}

func (c *impactCase) write(t *testing.T, file, got string) {
	t.Helper()
	c.archive.Files = slices.DeleteFunc(c.archive.Files, func(f txtar.File) bool { return f.Name == "want" })
	c.archive.Files = append(c.archive.Files, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(file, txtar.Format(c.archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestImpactErrors(t *testing.T) {
	twice := &plan.Environment{Solutions: []plan.Installed{{Name: "Core"}, {Name: "core"}}}
	account := solution.NewKey(solution.TypeEntity, "", "account", solution.GUID{})
	_, impactErr := plan.Impact(twice, account)
	_, twiceErr := plan.Uninstall(twice, "Core")
	_, absentErr := plan.Uninstall(&plan.Environment{}, "Core")
	_, nilErr := plan.Uninstall(nil, "Core")
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"impact, two solutions of one name", impactErr, `plan: the environment has solution "core" twice: remove one`},
		{"uninstall, two solutions of one name", twiceErr, `plan: the environment has solution "core" twice: remove one`},
		{"uninstall, not installed", absentErr, `plan: solution "Core" is not installed in the environment`},
		{"uninstall, no environment", nilErr, `plan: solution "Core" is not installed in the environment`},
	} {
		if got := fmt.Sprint(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	if r, err := plan.Impact(nil, account); err != nil || !r.Base || len(r.UsedBy) != 0 {
		t.Errorf("a table of the platform without an environment: %+v, %v", r, err)
	}
}
