package connref_test

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// eachReal runs f for every real solution beside the checkout, and for those made to show what the reference tool does.
func eachReal(t *testing.T, f func(t *testing.T, p *packager.Package)) {
	t.Helper()
	for _, s := range append(corpus.Solutions(t), corpus.Fixtures(t)...) {
		t.Run(s.Name, func(t *testing.T) {
			zip := s.Zip(t)
			p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
			if err != nil {
				t.Skipf("not a package: %v", err)
			}
			f(t, p)
		})
	}
}

func TestCorpusSettings(t *testing.T) {
	solutions, uses, raw, variables := 0, 0, 0, 0
	schema := schema(t)
	eachReal(t, func(t *testing.T, p *packager.Package) {
		set := scan(t, p)
		uses, raw, variables = uses+len(set.Uses), raw+len(set.Raw), variables+len(set.Variables)
		if len(set.References)+len(set.Variables) > 0 {
			solutions++
		}
		st, _, err := set.Settings(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range set.Check(st) {
			if d.Severity == diag.Error {
				t.Errorf("%v", d)
			}
		}
		if err := validate(t, schema, st.Bytes()); err != nil {
			t.Errorf("schema: %v", err)
		}
		again, _, err := set.Settings(st)
		if err != nil || string(again.Bytes()) != string(st.Bytes()) {
			t.Errorf("generating again changes the settings (%v)", err)
		}
		sameInTree(t, p, set)
	})
	t.Logf("%d solutions with something to bind, %d uses of references, %d raw connections, %d variables", solutions, uses, raw, variables)
}

func scan(t testing.TB, p solution.Parts) *connref.Set {
	t.Helper()
	set, err := connref.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// partsOf returns the parts in a folder.
func partsOf(t testing.TB, fsys fs.FS) solution.Parts {
	t.Helper()
	p, err := solution.PartsOf(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// treeOf returns the source tree of a solution, nil if it has none.
func treeOf(t testing.TB, p solution.Parts) *packager.Tree {
	t.Helper()
	pkg, ok := p.(*packager.Package)
	if !ok {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		if err := w.AddFS(p); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if pkg, err = packager.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil); err != nil {
			return nil
		}
	}
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		return nil
	}
	return tree
}

// sameInTree checks that the tree of a solution, if it has one, gives the same set, with places in files of the tree.
func sameInTree(t testing.TB, p solution.Parts, set *connref.Set) {
	t.Helper()
	tree := treeOf(t, p)
	if tree == nil {
		return
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	got := scan(t, parts)
	if diff := cmp.Diff(withoutPlaces(set), withoutPlaces(got)); diff != "" {
		t.Errorf("zip and tree differ (-zip +tree)\n%s", diff)
	}
	for _, at := range places(got) {
		if src, err := tree.ReadFile(at.File); err != nil || at.End.Offset > len(src) {
			t.Errorf("%v is no place in the tree: %v", at, err)
		}
	}
}

func places(s *connref.Set) []diag.Location {
	var out []diag.Location
	for _, r := range s.References {
		out = append(out, r.Location)
	}
	for _, v := range s.Variables {
		if v.Location.File != "" {
			out = append(out, v.Location)
		}
		if v.Value != nil {
			out = append(out, v.ValueLocation)
		}
	}
	for _, u := range s.Uses {
		out = append(out, u.Location)
	}
	for _, r := range s.Raw {
		out = append(out, r.Location)
	}
	return out
}
