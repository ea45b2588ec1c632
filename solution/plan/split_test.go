package plan_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A case under testdata/split shows what becomes of a solution. Its comment says what it shows. Its sections:
//
//   - zip/NAME: an entry of a zip; solution.xml is made up of roots ("type key" lines) where it is absent, and options has
//     "managed" for a managed one and "crlf" for a tree with such newlines.
//   - source/PATH: a file of a tree, given in the place of a zip.
//   - name: the unique name of the solution of connectors.
//   - connectors, rest: the wanted paths of both trees.
//   - connectors/Other/..., rest/Other/...: wanted files; those of the rest only if they are not as before.
//   - findings, error.
//
// Wanted files begin in truth with the byte order mark and the XML declaration, unless "(as is)" is the first line. "␍" is a
// carriage return.
type splitCase struct {
	*golden.Case
	input map[string]string
}

func TestSplitCases(t *testing.T) {
	golden.Run(t, "testdata/split/*.txtar", func(t *testing.T, sample *golden.Case) {
		c := readSplitCase(sample)
		c.Hold(t, isSplitOutput, c.run(t))
		c.Explained(t)
	})
}

func isSplitOutput(section string) bool {
	dir, _, _ := strings.Cut(section, "/")
	return slices.Contains([]string{"connectors", "rest", "findings", "error"}, dir)
}

func readSplitCase(sample *golden.Case) *splitCase {
	c := &splitCase{sample, map[string]string{}}
	for _, f := range c.Files {
		if !isSplitOutput(f.Name) {
			c.input[f.Name] = string(f.Data)
		}
	}
	return c
}

// tree is the tree that a case gives: files, or what its zip is unpacked to.
func (c *splitCase) tree(t testing.TB) *packager.Tree {
	t.Helper()
	files, entries := fstest.MapFS{}, map[string]string{}
	for name, text := range c.input {
		if p, ok := strings.CutPrefix(name, "source/"); ok {
			files[p] = &fstest.MapFile{Data: []byte(text)}
		}
		if p, ok := strings.CutPrefix(name, "zip/"); ok {
			entries[p] = text
		}
	}
	if len(files) > 0 {
		tree, err := packager.Load(files, nil)
		if err != nil {
			t.Fatal(err)
		}
		return tree
	}
	if entries[solution.ManifestFile] == "" {
		entries[solution.ManifestFile] = manifestXML(strings.Contains(c.input["options"], "managed"), strings.Split(c.input["roots"], "\n"))
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(entries[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	pkg, err := packager.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	opts := &packager.UnpackOptions{}
	if strings.Contains(c.input["options"], "crlf") {
		opts.Newline = "\r\n"
	}
	tree, err := packager.Unpack(pkg, opts)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// manifestXML is a solution.xml with root components of "type key" lines.
func manifestXML(managed bool, roots []string) string {
	var b strings.Builder
	number := 0
	if managed {
		number = 1
	}
	fmt.Fprintf(&b, `<ImportExportXml version="9.2" SolutionPackageVersion="9.2" languagecode="1033"><SolutionManifest><UniqueName>Case</UniqueName>`+
		`<LocalizedNames><LocalizedName description="Case" languagecode="1033" /></LocalizedNames><Descriptions /><Version>1.0.0.0</Version><Managed>%d</Managed>`+
		`<Publisher><UniqueName>contoso</UniqueName><LocalizedNames><LocalizedName description="Contoso" languagecode="1033" /></LocalizedNames>`+
		`<Descriptions /><CustomizationPrefix>cts</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix></Publisher><RootComponents>`, number)
	for _, root := range roots {
		kind, key, _ := strings.Cut(strings.TrimSpace(root), " ")
		switch {
		case kind == "":
		case strings.HasPrefix(key, "{"):
			fmt.Fprintf(&b, `<RootComponent type="%s" id="%s" behavior="0" />`, kind, key)
		default:
			fmt.Fprintf(&b, `<RootComponent type="%s" schemaName="%s" behavior="0" />`, kind, key)
		}
	}
	b.WriteString(`</RootComponents><MissingDependencies /></SolutionManifest></ImportExportXml>`)
	return b.String()
}

func filesOf(t testing.TB, tree *packager.Tree) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range tree.Names() {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

// A splitTree is a tree and what a split leaves of it.
type splitTree struct {
	split                   *plan.Split
	whole, connectors, rest *packager.Tree
}

func splitOf(t testing.TB, tree *packager.Tree, opts *plan.SplitOptions) (*splitTree, error) {
	t.Helper()
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	split, err := plan.SplitConnectors(parts, opts)
	if err != nil {
		return nil, err
	}
	out := &splitTree{split: split, whole: tree}
	if out.connectors, err = tree.With(split.Connectors); err != nil {
		t.Fatal(err)
	}
	if out.rest, err = tree.With(split.Rest); err != nil {
		t.Fatal(err)
	}
	return out, nil
}

func (c *splitCase) run(t *testing.T) map[string]string {
	t.Helper()
	tree := c.tree(t)
	s, err := splitOf(t, tree, &plan.SplitOptions{Name: strings.TrimSpace(c.input["name"])})
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	out := map[string]string{}
	source := filesOf(t, tree)
	for name, part := range map[string]*packager.Tree{"connectors": s.connectors, "rest": s.rest} {
		out[name] = strings.Join(part.Names(), "\n") + "\n"
		for p, data := range filesOf(t, part) {
			if strings.HasPrefix(p, "Other/") && (name == "connectors" || !bytes.Equal(data, source[p])) {
				text, ok := strings.CutPrefix(strings.ReplaceAll(string(data), "\r", "␍"), "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>")
				if text = strings.TrimPrefix(strings.TrimPrefix(text, "␍"), "\n"); !ok && strings.HasPrefix(text, "<") {
					text = "(as is)\n" + text
				}
				out[name+"/"+p] = strings.TrimSuffix(text, "\n") + "\n"
			}
		}
	}
	var findings strings.Builder
	for _, d := range s.split.Diagnostics() {
		fmt.Fprintf(&findings, "%s %s %s: %s\n", d.Rule, d.Severity, d.Location, d.Message)
	}
	out["findings"] = findings.String()
	checkSplit(t, s)
	return out
}

// checkSplit holds a split to what is true of all: that nothing is lost or doubled, that both parts are valid
// solutions, and that the second one asks for what it needs of the first.
func checkSplit(t *testing.T, s *splitTree) {
	t.Helper()
	checkSplitParts(t, s)
	whole, first, rest := contentOf(t, s.whole), contentOf(t, s.connectors), contentOf(t, s.rest)
	both := slices.Sorted(slices.Values(slices.Concat(componentKeys(first), componentKeys(rest))))
	if diff := cmp.Diff(componentKeys(whole), both); diff != "" {
		t.Errorf("components of the whole and of both parts (-whole +parts)\n%s", diff)
	}
	before, err := s.whole.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []*packager.Tree{s.connectors, s.rest} {
		found, err := part.Check()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range found {
			if d.Severity > diag.Note && !slices.ContainsFunc(before, func(b diag.Diagnostic) bool { return b.Rule == d.Rule && b.Message == d.Message }) {
				t.Errorf("%s: %v", part.Manifest().UniqueName(), d)
			}
		}
		if m := part.Manifest(); m.VersionText() != s.whole.Manifest().VersionText() || m.Kind() != s.whole.Manifest().Kind() {
			t.Errorf("%s: version %s, kind %v", m.UniqueName(), m.VersionText(), m.Kind())
		}
	}
	checkSplitManifests(t, s)
	joined := content.Join(first, rest)
	asked := map[string]bool{}
	for d := range s.rest.Manifest().Dependencies() {
		asked[d.Required.Key.String()+" by "+d.Dependent.Key.String()] = true
	}
	for ref := range joined[1].References() {
		x, ok := first.Component(ref.To)
		if !ok || ref.Edge == content.FlowConnector {
			continue
		}
		from := ref.From
		if held, ok := rest.Component(from); ok {
			from = held.Key
		}
		if !asked[x.Key.String()+" by "+from.String()] {
			t.Errorf("%v refers to %v, and no missing dependency says so; there are %v", ref.From, x.Key, asked)
		}
	}
	if _, err := splitOf(t, s.connectors, nil); !errors.Is(err, plan.ErrOnlyConnectors) {
		t.Errorf("splitting the connectors: %v", err)
	}
	if _, err := splitOf(t, s.rest, nil); !errors.Is(err, plan.ErrNoConnectors) {
		t.Errorf("splitting the rest: %v", err)
	}
}

// checkSplitParts proves that each part is in one of the two, with its bytes.
func checkSplitParts(t *testing.T, s *splitTree) {
	t.Helper()
	heads := []string{solution.ManifestFile, solution.CustomizationsFile, solution.ContentTypesFile}
	read := func(tree *packager.Tree) map[string]string {
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for _, name := range parts.Names() {
			if slices.Contains(heads, strings.ToLower(name)) || name == solution.ContentTypesFile {
				continue
			}
			data, err := parts.ReadPart(name)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = string(data)
		}
		return out
	}
	parts := read(s.connectors)
	for name, data := range read(s.rest) {
		if _, twice := parts[name]; twice {
			t.Errorf("%s is in both", name)
		}
		parts[name] = data
	}
	if diff := cmp.Diff(read(s.whole), parts); diff != "" {
		t.Errorf("parts of the whole and of both (-whole +both)\n%s", diff)
	}
}

func contentOf(t *testing.T, tree *packager.Tree) *content.Content {
	t.Helper()
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	c, err := content.Read(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func componentKeys(c *content.Content) []string {
	var out []string
	for x := range c.Components() {
		if !strings.HasPrefix(x.Key.String(), "language ") { // both parts have it
			out = append(out, x.Key.String()+" in "+x.Owner.String()+" called "+x.DisplayName)
		}
	}
	slices.Sort(out)
	return out
}

// checkSplitManifests proves that the manifests have, together, what the manifest of the whole had.
func checkSplitManifests(t *testing.T, s *splitTree) {
	t.Helper()
	roots := func(trees ...*packager.Tree) (out []string) {
		for _, tree := range trees {
			for rc := range tree.Manifest().RootComponents() {
				out = append(out, rc.Key.String())
			}
		}
		slices.Sort(out)
		return out
	}
	needs := func(trees ...*packager.Tree) (out []string) {
		for _, tree := range trees {
			for d := range tree.Manifest().Dependencies() {
				out = append(out, d.Dependent.Key.String()+" needs "+d.Required.Key.String()+" of "+d.Required.Solution.String())
			}
		}
		return out
	}
	if diff := cmp.Diff(roots(s.whole), roots(s.connectors, s.rest)); diff != "" {
		t.Errorf("root components (-whole +parts)\n%s", diff)
	}
	want := needs(s.whole)
	for _, d := range s.split.Dependencies {
		want = append(want, d.Dependent.Key.String()+" needs "+d.Required.Key.String()+" of "+d.Required.Solution.String())
	}
	got := needs(s.connectors, s.rest)
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("missing dependencies (-whole and added +parts)\n%s", diff)
	}
}

// Splitting the zip and splitting the tree give the same solutions.
func TestSplitCorpus(t *testing.T) {
	split, only := 0, 0
	for _, sample := range corpus.Solutions(t) {
		data := sample.Zip(t)
		pkg, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
		if err != nil {
			t.Fatal(err)
		}
		ofZip, err := plan.SplitConnectors(pkg, nil)
		switch {
		case errors.Is(err, plan.ErrNoConnectors):
			continue
		case errors.Is(err, plan.ErrOnlyConnectors):
			only++
			continue
		case err != nil:
			t.Errorf("%s: %v", sample.Name, err)
			continue
		}
		t.Run(sample.ID(), func(t *testing.T) {
			tree, err := packager.Unpack(pkg, nil)
			if err != nil {
				t.Fatal(err)
			}
			s, err := splitOf(t, tree, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkSplit(t, s)
			for part, change := range map[*packager.Tree]*solution.Change{s.connectors: ofZip.Connectors, s.rest: ofZip.Rest} {
				var buf bytes.Buffer
				if err := packager.Rewrite(&buf, pkg, change); err != nil {
					t.Fatal(err)
				}
				rewritten, err := packager.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil)
				if err != nil {
					t.Fatal(err)
				}
				want, err := rewritten.Digest()
				if err != nil {
					t.Fatal(err)
				}
				if got, err := part.Digest(); got != want || err != nil {
					t.Errorf("%s: the tree has the digest %s, the zip %s, %v", part.Manifest().UniqueName(), got, want, err)
				}
			}
			split++
		})
	}
	if split == 0 || only == 0 {
		t.Errorf("%d split, %d of connectors alone: the corpus shows too little", split, only)
	}
	t.Logf("%d split, %d of connectors alone", split, only)
}
