package connector

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// published returns the published connectors that can be read.
func published(t testing.TB) []*Connector {
	t.Helper()
	list, err := Load(corpus.Connectors(t))
	if len(list) == 0 {
		t.Fatal(err)
	}
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		var failed *ReadError
		var se *solution.SyntaxError
		if !errors.As(e, &failed) || !errors.As(e, &se) || !se.Pos.IsValid() {
			t.Errorf("unclear error: %v", e)
		}
	}
	return list
}

// TestCorpusRoundTrip takes every published connector to the solution form and back.
func TestCorpusRoundTrip(t *testing.T) {
	list := published(t)
	for _, c := range list {
		want := held(t, c)
		p := put(t, empty(t), &ConvertOptions{Name: "cat_x", AllowLoss: true}, c)
		sol := only(t)(Read(p))
		if diff := cmp.Diff(want, held(t, sol)); diff != "" {
			t.Errorf("%s (-files +solution)\n%s", c.Name(), diff)
		}
		same := only(t)(Read(put(t, empty(t), nil, sol)))
		if diff := cmp.Diff(string(sol.index().Element.Source()), string(same.index().Element.Source())); diff != "" {
			t.Errorf("%s: the element changes\n%s", c.Name(), diff)
		}
		back, err := sol.ToFiles(&ConvertOptions{AllowLoss: true})
		if err != nil {
			t.Errorf("%s: %v", c.Name(), err)
			continue
		}
		if diff := cmp.Diff(want, held(t, only(t)(Load(back)))); diff != "" {
			t.Errorf("%s (-files +back)\n%s", c.Name(), diff)
		}
	}
	t.Logf("%d connectors", len(list))
}

// TestCorpusAtOnce puts the published connectors into one solution, whose zip and tree have them all.
func TestCorpusAtOnce(t *testing.T) {
	var list []*Connector
	want := map[string]map[string]string{}
	for _, c := range published(t) {
		if name := Name("cat", c.Title()); want[solution.Fold(name)] == nil && len(name) < 200 {
			want[solution.Fold(name)] = held(t, c)
			list = append(list, c)
		}
	}
	p := put(t, empty(t), &ConvertOptions{AllowLoss: true}, list...)
	for layout, p := range map[string]solution.Parts{"zip": zipOf(t, p), "tree": treeOf(t, p)} {
		got, err := Read(p)
		if err != nil || len(got) != len(list) {
			t.Fatalf("%s: %d connectors of %d, %v", layout, len(got), len(list), err)
		}
		for _, c := range got {
			if diff := cmp.Diff(want[solution.Fold(c.Name())], held(t, c)); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", layout, c.Name(), diff)
			}
		}
	}
	t.Logf("%d connectors", len(list))
}

// TestCorpusStrip takes the secrets out of every published connector and looks that nothing is left and
// nothing else changed.
func TestCorpusStrip(t *testing.T) {
	for _, c := range published(t) {
		travels := 0
		for _, s := range c.Secrets() {
			if s.Kind != Enter {
				travels++
			}
		}
		stripped, err := c.Strip(nil)
		if err != nil {
			t.Errorf("%s: %v", c.Name(), err)
			continue
		}
		for _, s := range stripped.Secrets() {
			if s.Kind != Enter {
				t.Errorf("%s: left: %s %s of %s at %v", c.Name(), s.Kind, s.Field, s.Owner, s.Location)
			}
		}
		if travels == 0 && !bytes.Equal(c.Definition(), stripped.Definition()) {
			t.Errorf("%s: changed without need", c.Name())
		}
	}
}

// TestCorpusSolutions reads the connectors of every solution: its tree has the same, in its own files. What is written of them
// is what the reference tool wrote, and stripping the zip and the tree comes to the same.
func TestCorpusSolutions(t *testing.T) {
	n, compared := 0, 0
	for _, s := range corpus.Solutions(t) {
		dir := filepath.Dir(s.File("input.zip"))
		pkg, err := packager.OpenFile(os.DirFS(dir), "input.zip", nil)
		if err != nil {
			continue // package packager's to judge
		}
		list, err := Read(pkg)
		if err != nil {
			t.Errorf("%s: %v", dir, err)
		}
		if len(list) > 0 {
			n += len(list)
			compared += solutionAgrees(t, dir, pkg, list)
		}
		pkg.Close()
	}
	t.Logf("%d connectors, %d elements of the tool compared", n, compared)
}

func solutionAgrees(t *testing.T, dir string, pkg *packager.Package, list []*Connector) (compared int) {
	t.Helper()
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		return 0
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Errorf("%s: %v", dir, err)
		return 0
	}
	fromTree, err := Read(parts)
	if err != nil || len(fromTree) != len(list) {
		t.Errorf("%s: %d connectors in the tree, %d in the zip: %v", dir, len(fromTree), len(list), err)
		return 0
	}
	byName := map[string]*Connector{}
	for _, c := range fromTree {
		byName[c.Name()] = c
	}
	for _, c := range list {
		if c.Form() != FormSolution || c.Name() == "" || c.ID() == "" || c.Title() == "" {
			t.Errorf("%s: incomplete connector %q", dir, c.Name())
		}
		other := byName[c.Name()]
		if other == nil {
			t.Errorf("%s: %s is not in the tree", dir, c.Name())
			continue
		}
		if diff := cmp.Diff(held(t, c), held(t, other)); diff != "" {
			t.Errorf("%s: %s (-zip +tree)\n%s", dir, c.Name(), diff)
		}
		if _, err := fs.Stat(tree, other.Location().File); err != nil {
			t.Errorf("%s: %s is at %v, which is no file of the tree", dir, c.Name(), other.Location())
		}
		compared += elementAgrees(t, dir, c, other)
	}
	stripped(t, dir, pkg, tree, parts)
	return compared
}

// elementAgrees puts a connector into a solution of its own: its tree has the file that the reference tool wrote.
func elementAgrees(t *testing.T, dir string, c, inTree *Connector) int {
	t.Helper()
	expected, err := zip.OpenReader(filepath.Join(dir, "expected.zip"))
	if err != nil {
		return 0
	}
	defer expected.Close()
	want, err := fs.ReadFile(expected, "tree/files/"+inTree.Location().File)
	if err != nil {
		return 0 // the tool refused the zip
	}
	change, err := Put(empty(t), []*Connector{c}, nil)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
		return 0
	}
	p, err := change.Apply(empty(t))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
		return 0
	}
	got, err := tree.ReadFile(inTree.Location().File)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s: %s (-tool +ours)\n%s", dir, inTree.Location().File, diff)
	}
	return 1
}

func stripped(t *testing.T, dir string, pkg *packager.Package, tree *packager.Tree, parts solution.Parts) {
	t.Helper()
	ofZip, err := Strip(pkg, nil)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
		return
	}
	ofTree, err := Strip(parts, nil)
	if err != nil {
		t.Errorf("%s: tree: %v", dir, err)
		return
	}
	var b bytes.Buffer
	if err := packager.Rewrite(&b, pkg, ofZip); err != nil {
		t.Errorf("%s: %v", dir, err)
		return
	}
	rewritten, err := packager.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), nil)
	if err != nil {
		t.Errorf("%s: %v", dir, err)
		return
	}
	edited, err := tree.With(ofTree)
	if err != nil {
		t.Errorf("%s: tree: %v", dir, err)
		return
	}
	a, err := rewritten.Digest()
	if err != nil {
		t.Errorf("%s: %v", dir, err)
	}
	z, err := edited.Digest()
	if err != nil {
		t.Errorf("%s: tree: %v", dir, err)
	}
	if a != z {
		t.Errorf("%s: stripped, the zip has the digest %s, the tree %s", dir, a, z)
	}
}
