package solutionkit_test

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// Cases of testdata/findings show a finding each of those rules of which no case of a package has the words. A case is called as the
// rule is, with "-" for "/". Its files are
//
//	zip/    the entries of a zip, to be unpacked. What is in a folder x.msapp/ is a zip of that name
//	in/     the files of a tree, to be checked and packed; with a zip, they replace those that it unpacks to. "a -> b" is a link; a .dll
//	        is an assembly that has the content as its name
//	yaml/   the files of a source in YAML
//	text/   solutions, as solutiontest reads them
//	more/   other input of what looks for it
//	finding what is wanted
const findingCases = "testdata/findings"

// writtenFindings runs each case and returns its finding by the id of the rule.
func writtenFindings(t *testing.T) map[string]string {
	t.Helper()
	all := libraryRules(t)
	ids := map[string]string{}
	for r := range all.All() {
		ids[strings.ReplaceAll(r.ID, "/", "-")] = r.ID
	}
	found := map[string]string{}
	for _, sample := range golden.Cases(t, findingCases+"/*.txtar") {
		name, id := sample.Path, ids[sample.Name]
		c := findingCase{t, sample.Archive, name}
		seen := c.run(id)
		i := slices.IndexFunc(seen, func(text string) bool { return strings.HasSuffix(text, " ("+id+")") })
		if i < 0 {
			t.Errorf("%s: no finding of %q in %q", name, id, seen)
			continue
		}
		got := seen[i] + "\n"
		sample.HoldText(t, "finding", got)
		found[id] = strings.TrimSuffix(got, "\n")
	}
	return found
}

type findingCase struct {
	t    *testing.T
	ar   *txtar.Archive
	name string
}

func (c findingCase) fail(err error) {
	if err != nil {
		c.t.Fatalf("%s: %v", c.name, err)
	}
}

func (c findingCase) text(name string) string {
	for _, f := range c.ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// below are the files of a folder of the case.
func (c findingCase) below(dir string) fstest.MapFS {
	files, inner := fstest.MapFS{}, map[string]fstest.MapFS{}
	for _, f := range c.ar.Files {
		if name, ok := strings.CutPrefix(f.Name, dir+"/"); ok {
			if doc, entry, ok := strings.Cut(name, ".msapp/"); ok {
				if inner[doc+".msapp"] == nil {
					inner[doc+".msapp"] = fstest.MapFS{}
				}
				inner[doc+".msapp"][entry] = &fstest.MapFile{Data: f.Data}
				continue
			}
			files[name] = &fstest.MapFile{Data: f.Data}
			if at, to, ok := strings.Cut(name, " -> "); ok {
				delete(files, name)
				files[at] = &fstest.MapFile{Data: []byte(to), Mode: fs.ModeSymlink | 0o777}
			}
			if strings.HasSuffix(name, ".dll") {
				called, version, _ := strings.Cut(strings.TrimSpace(string(f.Data)), " ")
				dll := assemblytest.DLL{Name: called}
				if _, err := fmt.Sscanf(version, "%d.%d", &dll.Version[0], &dll.Version[1]); err == nil {
					files[name].Data = dll.Bytes()
				}
			}
		}
	}
	for doc, entries := range inner {
		files[doc] = &fstest.MapFile{Data: c.zipped(entries)}
	}
	return files
}

// complete adds the manifest that most cases say nothing about.
func complete(files fstest.MapFS, manifest string) fstest.MapFS {
	if files[manifest] == nil {
		files[manifest] = &fstest.MapFile{Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>Case</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed>` +
			`<RootComponents /></SolutionManifest></ImportExportXml>`)}
	}
	return files
}

// zipped is a zip of files.
func (c findingCase) zipped(files fstest.MapFS) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		c.fail(err)
		_, err = f.Write(files[name].Data)
		c.fail(err)
	}
	c.fail(w.Close())
	return out.Bytes()
}

// run returns what is found in the input of the case by what looks for the rule.
func (c findingCase) run(id string) (seen []string) {
	group, _, _ := strings.Cut(id, "/")
	files := c.below("zip")
	var list diag.List
	switch {
	case group == "packager":
		list = c.packager()
	case group == "yamlsource" && len(files) > 0:
		_, found, err := yamlsource.Write(c.parts()[0], nil)
		c.fail(err)
		list = found
	case group == "yamlsource":
		tree, err := yamlsource.Load(c.below("yaml"), nil)
		c.fail(err)
		list = tree.Diagnostics()
	case group == "content":
		found, err := content.Check(c.parts()[0], nil)
		c.fail(err)
		list = found
	case group == "connref":
		list = c.connectionReferences()
	case group == "plan":
		list = c.plan()
	case group == "environment":
		list = c.environment()
	case id == "CONN-BRK-019":
		return c.tooLarge()
	case len(files) > 0:
		parts, err := solution.PartsOf(files)
		c.fail(err)
		found, err := lint.CheckSolution(parts, nil)
		c.fail(err)
		list = found
	default:
		c.t.Errorf("%s: nothing looks for %q", c.name, id)
	}
	for _, d := range list {
		seen = append(seen, d.String())
	}
	return seen
}

// packager unpacks the zip, if there is one, and checks and packs the files of the tree.
func (c findingCase) packager() (list diag.List) {
	files, edited := c.below("zip"), c.below("in")
	sources := fstest.MapFS{}
	if len(files) > 0 {
		src := c.zipped(complete(files, "solution.xml"))
		pkg, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
		c.fail(err)
		tree, err := packager.Unpack(pkg, &packager.UnpackOptions{Apps: &packager.AppOptions{}})
		c.fail(err)
		for _, name := range tree.Names() {
			data, err := tree.ReadFile(name)
			c.fail(err)
			sources[name] = &fstest.MapFile{Data: data}
		}
		list = tree.Diagnostics()
	}
	if len(edited) == 0 {
		return list
	}
	maps.Copy(sources, edited)
	tree, err := packager.Load(complete(sources, "Other/Solution.xml"), nil)
	c.fail(err)
	checked, err := tree.Check()
	packed, failed := packager.Pack(io.Discard, tree, &packager.PackOptions{RemapPlugins: true})
	return slices.Concat(list, checked, findingsOf(err), packed, findingsOf(failed))
}

// findingsOf are those that an error wraps.
func findingsOf(err error) diag.List {
	var failed *diag.FailedError
	if errors.As(err, &failed) {
		return failed.List
	}
	return nil
}

// parts are the solutions of the case, in the order of their names.
func (c findingCase) parts() (list []solution.Parts) {
	texts := c.below("text")
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		s, err := solutiontest.Parse(string(texts[name].Data))
		c.fail(err)
		parts, err := s.Parts()
		c.fail(err)
		list = append(list, parts)
	}
	if files := c.below("zip"); len(files) > 0 {
		parts, err := solution.PartsOf(complete(files, "solution.xml"))
		c.fail(err)
		list = append(list, parts)
	}
	return list
}

func (c findingCase) connectionReferences() diag.List {
	var sets []*connref.Set
	for _, p := range c.parts() {
		set, err := connref.Read(p)
		c.fail(err)
		sets = append(sets, set)
	}
	all := connref.Join(sets...)
	given, err := connref.ParseSettings([]byte(cmp.Or(c.text("more/settings.json"), "{}")), "settings.json")
	c.fail(err)
	return append(all.Diagnostics(), all.Check(given)...)
}

func (c findingCase) plan() diag.List {
	var items []plan.Item
	for _, p := range c.parts() {
		var opts plan.ReadOptions
		_, _ = fmt.Sscan(c.text("more/size"), &opts.Size) // most say none
		s, err := plan.Read(p, &opts)
		c.fail(err)
		items = append(items, plan.Item{Solution: s})
	}
	p, err := plan.Resolve(items, nil, nil, nil)
	c.fail(err)
	return p.Diagnostics()
}

func (c findingCase) environment() diag.List {
	var readings []*environment.Reading
	more := c.below("more")
	for _, name := range slices.Sorted(maps.Keys(more)) {
		r, err := environment.Read(more[name].Data, name)
		c.fail(err)
		readings = append(readings, r)
	}
	for _, p := range c.parts() {
		s, err := plan.Read(p, nil)
		c.fail(err)
		readings = append(readings, environment.Installed(s, s.Name()+".zip"))
	}
	_, found := environment.Join(readings...)
	return found
}

// tooLarge compares two versions of a connector that would fill a case with megabytes.
func (c findingCase) tooLarge() (seen []string) {
	var sides []*connector.Connector
	for _, typ := range []string{"string", "integer"} {
		var b strings.Builder
		fmt.Fprintf(&b, `{"swagger": "2.0", "definitions": {"a": {"properties": {"p": {"type": %q}`, typ)
		for i := range 2000 {
			fmt.Fprintf(&b, `, "p%d": {"type": "string"}`, i)
		}
		b.WriteString(`}}}, "paths": {"/last": {}`)
		for i := range 1100 {
			fmt.Fprintf(&b, `, "/%d": {"get": {"operationId": "O%d", "responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/a"}}}}}`, i, i)
		}
		b.WriteString(`}}`)
		list, err := connector.Load(fstest.MapFS{"apiDefinition.swagger.json": {Data: []byte(b.String())}})
		c.fail(err)
		sides = append(sides, list...)
	}
	for _, x := range connector.Compare(sides[0], sides[1]) {
		seen = append(seen, fmt.Sprintf("%s: %s; %s (%s)", x.Impact, x.What, x.Reason, x.Rule))
	}
	return seen
}
