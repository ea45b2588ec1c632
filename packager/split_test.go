package packager

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TestSplitCases splits the solutions of testdata/split. Sections of a case are those of [packageCase], and
//
//   - source/PATH: a file of a tree, given in the place of a zip.
//   - name: the unique name of the solution of connectors.
//   - connectors, rest: the wanted paths of both trees.
//   - connectors/Other/..., rest/Other/...: wanted files; those of the rest only if they are not as before.
func TestSplitCases(t *testing.T) {
	files, err := filepath.Glob("testdata/split/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			got := splitCase(t, c)
			want := map[string]string{}
			for _, f := range c.archive.Files {
				if isSplitOutput(f.Name) {
					want[f.Name] = string(f.Data)
				}
			}
			if *update {
				rewriteSplitCase(t, file, c.archive, got)
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if len(bytes.TrimSpace(c.archive.Comment)) == 0 {
				t.Errorf("the case has no comment that says what it shows")
			}
		})
	}
}

func isSplitOutput(section string) bool {
	dir, _, _ := strings.Cut(section, "/")
	return slices.Contains([]string{"connectors", "rest", "findings", "error"}, dir)
}

func rewriteSplitCase(t *testing.T, file string, a *txtar.Archive, got map[string]string) {
	a.Files = slices.DeleteFunc(a.Files, func(f txtar.File) bool { return isSplitOutput(f.Name) })
	for _, name := range slices.Sorted(maps.Keys(got)) {
		a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(got[name])})
	}
	if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

func splitCase(t *testing.T, c *packageCase) map[string]string {
	t.Helper()
	tree := c.sourceTree(t)
	out := map[string]string{}
	split, err := SplitConnectors(tree, &SplitOptions{Name: strings.TrimSpace(c.input["name"])})
	if err != nil {
		var own *Error
		if !errors.As(err, &own) || own.Op != "split" {
			t.Errorf("error %v is no *Error of split", err)
		}
		return map[string]string{"error": err.Error() + "\n"}
	}
	source := treeFiles(t, tree)
	for name, part := range map[string]*Tree{"connectors": split.Connectors, "rest": split.Rest} {
		out[name] = strings.Join(part.Names(), "\n") + "\n"
		for p, data := range treeFiles(t, part) {
			if strings.HasPrefix(p, "Other/") && (name == "connectors" || !bytes.Equal(data, source[p])) {
				out[name+"/"+p] = c.show(data, c.newline)
			}
		}
	}
	var findings strings.Builder
	for _, d := range split.Diagnostics {
		fmt.Fprintf(&findings, "%s %s %s: %s\n", d.Rule, d.Severity, d.Location, d.Message)
	}
	out["findings"] = findings.String()
	checkSplit(t, tree, split)
	return out
}

// sourceTree is the tree that a case gives: files, or what its zip is unpacked to.
func (c *packageCase) sourceTree(t testing.TB) *Tree {
	t.Helper()
	files := map[string][]byte{}
	for name, text := range c.input {
		if p, ok := strings.CutPrefix(name, "source/"); ok {
			files[p] = []byte(text)
		}
	}
	if len(files) > 0 {
		return loadMap(t, files)
	}
	tree, err := Unpack(openBytes(t, c.zip), &UnpackOptions{Newline: c.newline})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// written are the files of which each part of a split has its own.
var written = []string{otherSolution, otherCustomizations, unclaimedPath, renamedPath}

// checkSplit holds a split to what is true of all: that nothing is lost or doubled, that both parts are valid
// solutions that survive packing, and that the second one asks for what it needs of the first.
func checkSplit(t *testing.T, tree *Tree, split *Split) {
	t.Helper()
	checkSplitFiles(t, tree, split)
	whole, parts := readContent(t, tree), [2]*content.Content{readContent(t, split.Connectors), readContent(t, split.Rest)}
	var keys [2][]string
	for i, part := range parts {
		keys[i] = componentKeys(part)
	}
	if diff := cmp.Diff(componentKeys(whole), slices.Sorted(slices.Values(slices.Concat(keys[0], keys[1])))); diff != "" {
		t.Errorf("components of the whole and of both parts (-whole +parts)\n%s", diff)
	}
	for _, part := range []*Tree{split.Connectors, split.Rest} {
		checkSplitPart(t, tree, part)
	}
	checkSplitManifests(t, tree, split)
	joined := content.Join(parts[0], parts[1])
	asked := map[string]bool{}
	for d := range split.Rest.Manifest().Dependencies() {
		asked[d.Required.Key.String()+" by "+d.Dependent.Key.String()] = true
	}
	for ref := range joined[1].References() {
		x, ok := parts[0].Component(ref.To)
		if !ok || ref.Edge == content.FlowConnector {
			continue
		}
		from := ref.From
		if held, ok := parts[1].Component(from); ok {
			from = held.Key
		}
		if !asked[x.Key.String()+" by "+from.String()] {
			t.Errorf("%v refers to %v, and no missing dependency says so; there are %v", ref.From, x.Key, asked)
		}
		if ref.Resolved != content.InBatch {
			t.Errorf("%v to %v: %v", ref.From, x.Key, ref.Resolved)
		}
	}
	again, err := SplitConnectors(tree, &SplitOptions{Name: split.Connectors.Manifest().UniqueName()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]map[string][]byte{treeFiles(t, split.Connectors), treeFiles(t, split.Rest)},
		[]map[string][]byte{treeFiles(t, again.Connectors), treeFiles(t, again.Rest)}, showBytes); diff != "" {
		t.Errorf("split again (-first +again)\n%s", diff)
	}
	if _, err := SplitConnectors(split.Connectors, nil); !errors.Is(err, ErrOnlyConnectors) {
		t.Errorf("splitting the connectors: %v", err)
	}
	if _, err := SplitConnectors(split.Rest, nil); !errors.Is(err, ErrNoConnectors) {
		t.Errorf("splitting the rest: %v", err)
	}
}

// checkSplitFiles proves that each file is in one of the parts, with its bytes.
func checkSplitFiles(t *testing.T, tree *Tree, split *Split) {
	t.Helper()
	parts := treeFiles(t, split.Connectors)
	for p, data := range treeFiles(t, split.Rest) {
		if _, twice := parts[p]; twice && !slices.Contains(written, p) {
			t.Errorf("%s is in both", p)
		}
		parts[p] = data
	}
	whole := treeFiles(t, tree)
	for _, p := range written {
		delete(parts, p)
		delete(whole, p)
	}
	if diff := cmp.Diff(whole, parts, showBytes); diff != "" {
		t.Errorf("files of the whole and of both parts (-whole +parts)\n%s", diff)
	}
}

func readContent(t *testing.T, tree *Tree) *content.Content {
	t.Helper()
	c, err := content.Read(tree, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func componentKeys(c *content.Content) []string {
	var out []string
	for x := range c.Components() {
		if x.Key.Type == typeLanguage {
			continue // both parts have it
		}
		out = append(out, x.Key.String()+" in "+x.Owner.String()+" called "+x.DisplayName)
	}
	slices.Sort(out)
	return out
}

// checkSplitPart proves that a part is as valid as the whole was, and that its zip gives it back.
func checkSplitPart(t *testing.T, whole, part *Tree) {
	t.Helper()
	name := part.Manifest().UniqueName()
	before, err := whole.Check()
	if err != nil {
		t.Fatal(err)
	}
	found, err := part.Check()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, d := range before {
		known[d.Rule+d.Message] = true
	}
	for _, d := range found {
		if d.Severity > diag.Note && !known[d.Rule+d.Message] {
			t.Errorf("%s: %v", name, d)
		}
	}
	kinds := []solution.Kind{part.Manifest().Kind()}
	if kinds[0] == solution.Both {
		kinds = []solution.Kind{solution.Unmanaged, solution.Managed}
	}
	for _, kind := range kinds {
		var buf bytes.Buffer
		if _, err := Pack(&buf, part, &PackOptions{Kind: &kind}); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		pkg := openBytes(t, buf.Bytes())
		if got := pkg.Manifest().Kind(); got != kind {
			t.Errorf("%s: kind %v, want %v", name, got, kind)
		}
		opts := &UnpackOptions{}
		files := treeFiles(t, part)
		if bytes.Contains(files[otherSolution], []byte("\r\n")) {
			opts.Newline = "\r\n"
		}
		back, err := Unpack(pkg, opts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if len(kinds) > 1 {
			continue // the zips hold less than the tree
		}
		if _, err := part.ReadFile(unclaimedPath); err == nil {
			continue // Pack gives every entry a content type, so less is unclaimed
		}
		if diff := cmp.Diff(files, treeFiles(t, back), showBytes); diff != "" && isUnpacked(t, whole) {
			t.Errorf("%s: unpacking its zip (-tree +unpacked)\n%s", name, diff)
		}
	}
}

// isUnpacked reports whether a tree is what its zip is unpacked to, not written by hand.
func isUnpacked(t *testing.T, tree *Tree) bool {
	data, err := tree.ReadFile(otherSolution)
	return err == nil && bytes.HasPrefix(data, []byte("\xef\xbb\xbf"))
}

// checkSplitManifests proves that the manifests have, together, what the manifest of the whole had.
func checkSplitManifests(t *testing.T, tree *Tree, split *Split) {
	t.Helper()
	whole, first, rest := tree.Manifest(), split.Connectors.Manifest(), split.Rest.Manifest()
	publisher := func(m *solution.Manifest) string {
		_, text, _ := strings.Cut(string(m.Bytes()), "<Publisher>")
		text, _, _ = strings.Cut(text, "</Publisher>")
		return text
	}
	for _, m := range []*solution.Manifest{first, rest} {
		if m.VersionText() != whole.VersionText() || m.Kind() != whole.Kind() {
			t.Errorf("%s: version %s, kind %v", m.UniqueName(), m.VersionText(), m.Kind())
		}
		if diff := cmp.Diff(publisher(whole), publisher(m)); diff != "" {
			t.Errorf("%s: publisher (-whole +part)\n%s", m.UniqueName(), diff)
		}
		if diff := cmp.Diff(whole.Attributes(), m.Attributes()); diff != "" {
			t.Errorf("%s: attributes (-whole +part)\n%s", m.UniqueName(), diff)
		}
	}
	if rest.UniqueName() != whole.UniqueName() || first.UniqueName() == whole.UniqueName() {
		t.Errorf("names %s and %s of %s", first.UniqueName(), rest.UniqueName(), whole.UniqueName())
	}
	roots := func(m *solution.Manifest) (out []string) {
		for rc := range m.RootComponents() {
			out = append(out, rc.Key.String())
		}
		return out
	}
	needs := func(m *solution.Manifest) (out []string) {
		for d := range m.Dependencies() {
			out = append(out, d.Dependent.Key.String()+" needs "+d.Required.Key.String()+" of "+d.Required.Solution.String())
		}
		return out
	}
	var added []string
	for _, d := range split.Dependencies {
		added = append(added, d.Dependent.Key.String()+" needs "+d.Required.Key.String()+" of "+d.Required.Solution.String())
	}
	sorted := func(lists ...[]string) []string { return slices.Sorted(slices.Values(slices.Concat(lists...))) }
	if diff := cmp.Diff(sorted(roots(whole)), sorted(roots(first), roots(rest))); diff != "" {
		t.Errorf("root components (-whole +parts)\n%s", diff)
	}
	if diff := cmp.Diff(sorted(needs(whole), added), sorted(needs(first), needs(rest))); diff != "" {
		t.Errorf("missing dependencies (-whole and added +parts)\n%s", diff)
	}
}

func TestSplitCorpus(t *testing.T) {
	index, err := os.Open("../../shared/corpus/INDEX.csv")
	if err != nil {
		t.Skip("the corpus is not beside the checkout")
	}
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	split, only, asking := 0, 0, 0
	for _, row := range rows[1:] {
		name := row[column["name"]]
		if row[column["connectors"]] == "0" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(corpusDir, name, "input.zip"))
		if err != nil {
			continue // not stored
		}
		t.Run(name[:6], func(t *testing.T) {
			tree := unpackBytes(t, data)
			s, err := SplitConnectors(tree, nil)
			if kinds := row[column["component_types"]]; errors.Is(err, ErrOnlyConnectors) && strings.HasPrefix(kinds, "372:") {
				only++
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkSplit(t, tree, s)
			checkSplitEntries(t, data, s)
			split++
			asking += len(s.Dependencies)
			t.Logf("%d dependencies, %d findings", len(s.Dependencies), len(s.Diagnostics))
		})
	}
	if split == 0 || only == 0 || asking == 0 {
		t.Errorf("%d split, %d of connectors alone, %d dependencies: the corpus shows too little", split, only, asking)
	}
	t.Logf("%d split, %d of connectors alone, %d dependencies", split, only, asking)
}

// checkSplitEntries proves that no entry of a zip is in neither of the zips of its parts.
func checkSplitEntries(t *testing.T, data []byte, s *Split) {
	t.Helper()
	have := map[string][]byte{}
	for _, part := range []*Tree{s.Connectors, s.Rest} {
		var buf bytes.Buffer
		if _, err := Pack(&buf, part, nil); err != nil {
			t.Fatal(err)
		}
		maps.Copy(have, zipEntries(t, buf.Bytes()))
	}
	want := zipEntries(t, data)
	for _, part := range []string{solutionPart, customizationsPart, typesPart} {
		delete(have, part)
		delete(want, part)
	}
	if diff := cmp.Diff(want, have, showBytes); diff != "" {
		t.Errorf("entries (-zip +parts)\n%s", diff)
	}
}

// FuzzSplitConnectors holds that no tree makes a split panic or lose a file.
func FuzzSplitConnectors(f *testing.F) {
	files, err := filepath.Glob("testdata/split/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		tree := readCase(f, file).sourceTree(f)
		seed := map[string]string{}
		for p, data := range treeFiles(f, tree) {
			dir, _, _ := strings.Cut(p, "/")
			if strings.HasSuffix(p, ".xml") {
				dir += ".xml"
			}
			if dir == "Other.xml" {
				dir = p
			}
			seed[dir] = string(data)
		}
		f.Add(seed[otherSolution], seed[otherCustomizations], seed["Connectors.xml"], seed["Connectors"], seed["Workflows"], seed["Other"])
	}
	f.Fuzz(func(t *testing.T, manifest, custom, connector, definition, flow, list string) {
		fsys := fstest.MapFS{}
		for p, text := range map[string]string{otherSolution: manifest, otherCustomizations: custom, "Connectors/cts_5Fstock.xml": connector,
			"Connectors/cts_5Fstock_openapidefinition.json": definition, "Workflows/f.json": flow, renamedPath: list, unclaimedPath: list,
			"environmentvariabledefinitions/cts_Host/environmentvariabledefinition.xml": `<environmentvariabledefinition schemaname="cts_Host" />`,
		} {
			fsys[p] = &fstest.MapFile{Data: []byte(text)}
		}
		tree, err := Load(fsys, &LoadOptions{Limits: fuzzLimits})
		if err != nil {
			return
		}
		split, err := SplitConnectors(tree, nil)
		if err != nil {
			var own *Error
			var syntax *solution.SyntaxError
			if !errors.As(err, &own) && !errors.As(err, &syntax) {
				t.Errorf("error of type %T: %v", err, err)
			}
			return
		}
		checkSplitFiles(t, tree, split)
		for _, part := range []*Tree{split.Connectors, split.Rest} {
			data, err := part.ReadFile(otherSolution)
			if err == nil {
				_, err = solution.ParseManifest(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), otherSolution)
			}
			if err != nil {
				t.Errorf("%s: %v", part.Manifest().UniqueName(), err)
			}
		}
	})
}
