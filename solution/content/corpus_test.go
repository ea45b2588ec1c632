package content_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// eachReal runs f for every real solution beside the checkout, and for those made to show what the reference tool does.
func eachReal(t *testing.T, f func(t *testing.T, p *packager.Package)) {
	t.Helper()
	for _, s := range append(corpus.Solutions(t), corpus.Fixtures(t)...) {
		t.Run(s.Name, func(t *testing.T) { f(t, open(t, s)) })
	}
}

func open(t testing.TB, s corpus.Solution) *packager.Package {
	t.Helper()
	zip := s.Zip(t)
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Skipf("not a package: %v", err)
	}
	return p
}

// partsOf returns what fsys has: itself if it is a package.
func partsOf(t testing.TB, fsys fs.FS) solution.Parts {
	t.Helper()
	if p, ok := fsys.(solution.Parts); ok {
		return p
	}
	p, err := solution.PartsOf(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func read(t testing.TB, fsys fs.FS) *content.Content {
	t.Helper()
	c, err := content.Read(partsOf(t, fsys), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sameInTree checks that the tree of a solution, if it has one, holds the same, with places in files of the tree.
func sameInTree(t testing.TB, p solution.Parts, c *content.Content) {
	t.Helper()
	pkg, ok := p.(*packager.Package)
	if !ok {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		if err := errors.Join(w.AddFS(p), w.Close()); err != nil {
			t.Fatal(err)
		}
		var err error
		if pkg, err = packager.Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil); err != nil {
			return
		}
	}
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		return
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	inTree := read(t, parts)
	if want, got := lines(c), lines(inTree); !slices.Equal(want, got) {
		t.Errorf("zip and tree differ (-zip +tree)\n%.1500s", cmp.Diff(want, got))
	}
	sizes := map[string]int{}
	check := func(at diag.Location) {
		if _, ok := sizes[at.File]; !ok {
			src, err := tree.ReadFile(at.File)
			if err != nil {
				t.Errorf("%v is no place in the tree: %v", at, err)
			}
			sizes[at.File] = len(src)
		}
		if at.End.Offset > sizes[at.File] || at.Start.Offset > at.End.Offset {
			t.Errorf("%v is no place in the tree", at)
		}
	}
	for x := range inTree.Components() {
		check(x.Location)
	}
	for ref := range inTree.References() {
		check(ref.Location)
	}
}

// TestCorpusZipAndTree: the result is the same from a zip and from its tree, places aside.
func TestCorpusZipAndTree(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every solution twice")
	}
	eachReal(t, func(t *testing.T, p *packager.Package) {
		sameInTree(t, p, read(t, p))
	})
}

// TestCorpusReferences counts references, and holds what exports never do: a flow that names a connection reference
// found nowhere.
func TestCorpusReferences(t *testing.T) {
	counts := map[content.Edge]map[content.Resolution]int{}
	tracked := map[content.Edge]int{}
	nowhere := map[string]int{}
	eachReal(t, func(t *testing.T, p *packager.Package) {
		c := read(t, p)
		for ref := range c.References() {
			if counts[ref.Edge] == nil {
				counts[ref.Edge] = map[content.Resolution]int{}
			}
			counts[ref.Edge][ref.Resolved]++
			if ref.Tracked {
				tracked[ref.Edge]++
			}
			if ref.Resolved == content.None {
				nowhere[fmt.Sprintf("%s %v", ref.Edge, ref.To)]++
			}
			if ref.Edge == content.FlowConnectionReference && ref.Resolved == content.None {
				t.Errorf("%v: %v uses %v", ref.Location, ref.From, ref.To)
			}
			if !ref.Location.Start.IsValid() && !strings.Contains(ref.Location.Path, ".json#/") { // those have their place in the document of an app
				t.Errorf("%v of %v has no place", ref.Edge, ref.From)
			}
		}
		for _, d := range c.Diagnostics() {
			if d.Severity == diag.Error {
				t.Errorf("%v", d)
			}
		}
		for x := range c.Components() {
			if _, ok := c.Component(x.Key); !ok {
				t.Errorf("%v is not found by its key", x.Key)
			}
		}
	})
	var b strings.Builder
	for e := range content.Edges() {
		n := counts[e.Edge]
		fmt.Fprintf(&b, "%-28s in %6d  declared %5d  base %6d  none %5d  unknown %4d\n", e.Edge, n[content.InPackage], n[content.Declared],
			n[content.InBase], n[content.None], n[content.Unknown])
	}
	t.Logf("\n%s", b.String())
	if os.Getenv("CONTENT_NOWHERE") != "" {
		for k, n := range nowhere {
			if n > 2 {
				t.Logf("%d %s", n, k)
			}
		}
	}
}

// lines writes a content without places, sorted.
func lines(c *content.Content) []string {
	var out []string
	for x := range c.Components() {
		out = append(out, fmt.Sprintf("component %v %q owner %v root %v with %q", x.Key, x.DisplayName, x.Owner, x.Root != nil, x.Parts))
	}
	for ref := range c.References() {
		out = append(out, fmt.Sprintf("%s %v -> %v %q %v %t", ref.Edge, ref.From, ref.To, ref.Text, ref.Resolved, ref.Tracked))
	}
	slices.Sort(out)
	return out
}

func BenchmarkRead(b *testing.B) {
	largest, size := corpus.Largest(b)
	p := open(b, largest)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		read(b, p)
	}
}
