package diff_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

const corpusDir = "../../../shared/corpus/solutions"

func open(t testing.TB, name string) *packager.Package {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
	if err != nil {
		t.Skipf("not a package: %v", err)
	}
	return p
}

// TestCorpusSelf: a solution differs from itself and from its tree in nothing.
func TestCorpusSelf(t *testing.T) {
	zips, _ := filepath.Glob(filepath.Join(corpusDir, "*", "input.zip"))
	if len(zips) == 0 {
		t.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	for i, name := range zips {
		if testing.Short() && i%20 != 0 {
			continue
		}
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			p := open(t, name)
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				t.Skip(err)
			}
			parts, err := tree.Parts()
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []solution.Parts{p, parts} {
				c, err := diff.Compare(p, other, nil)
				if err != nil {
					t.Fatal(err)
				}
				if len(c.Components) > 0 {
					var b bytes.Buffer
					c.WriteText(&b)
					c.WriteNoise(&b)
					t.Errorf("differs from itself:\n%.3000s", b.String())
				}
			}
		})
	}
}

// BenchmarkCompare compares the largest real solution beside the checkout with itself, and with its tree, where all bytes are elsewhere.
func BenchmarkCompare(b *testing.B) {
	zips, _ := filepath.Glob(filepath.Join(corpusDir, "*", "input.zip"))
	var largest *packager.Package
	size := 0
	for _, name := range zips {
		src, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		p, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
		if err != nil {
			continue
		}
		if src, err := p.ReadPart(solution.CustomizationsFile); err == nil && len(src) > size {
			largest, size = p, len(src)
		}
	}
	if largest == nil {
		b.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	tree, err := packager.Unpack(largest, nil)
	if err != nil {
		b.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		b.Fatal(err)
	}
	for _, with := range []struct {
		name  string
		parts solution.Parts
	}{{"itself", largest}, {"tree", parts}} {
		b.Run(with.name, func(b *testing.B) {
			b.SetBytes(2 * int64(size))
			b.ReportAllocs()
			for b.Loop() {
				c, err := diff.Compare(largest, with.parts, nil)
				if err != nil || !c.Equal() {
					b.Fatal(err, c)
				}
			}
		})
	}
}
