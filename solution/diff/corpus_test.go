package diff_test

import (
	"bytes"
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

func open(t testing.TB, s corpus.Solution) *packager.Package {
	t.Helper()
	zip := s.Zip(t)
	p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Skipf("not a package: %v", err)
	}
	return p
}

// TestCorpusSelf: a solution differs from itself and from its tree in nothing.
func TestCorpusSelf(t *testing.T) {
	for _, s := range corpus.Sample(t, 20) {
		t.Run(s.Name, func(t *testing.T) {
			p := open(t, s)
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
	s, size := corpus.Largest(b)
	largest := open(b, s)
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
