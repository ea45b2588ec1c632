package diff_test

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// TestCompare compares the folders old and new of each case, and what is written of the comparison with the file want. Compared
// with themselves, both differ in nothing; the other way round, what came went.
func TestCompare(t *testing.T) {
	golden.Run(t, "testdata/compare/*.txtar", func(t *testing.T, sample *golden.Case) {
		old, new := partsOf(t, side(sample, "old")), partsOf(t, side(sample, "new"))
		for _, p := range []solution.Parts{old, new} {
			if c := compare(t, p, p); len(c.Components) > 0 || !c.Equal() {
				t.Errorf("differs from itself: %+v", c.Components)
			}
		}
		c := compare(t, old, new)
		mirror(t, c, compare(t, new, old))
		var got bytes.Buffer
		for _, write := range []func() error{
			func() error { return c.WriteText(&got) },
			func() error { got.WriteString("\nnoise:\n"); return c.WriteNoise(&got) },
			func() error { got.WriteString("\nMarkdown:\n"); return c.WriteMarkdown(&got) },
		} {
			if err := write(); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range c.Diagnostics {
			got.WriteString(d.String() + "\n")
		}
		sample.HoldText(t, "want", got.String())
	})
}

// side are the files in a folder of a case.
func side(c *golden.Case, name string) fstest.MapFS {
	files := fstest.MapFS{}
	for part, text := range c.Under(name + "/") {
		files[part] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func partsOf(t *testing.T, files fstest.MapFS) solution.Parts {
	t.Helper()
	parts, err := solution.PartsOf(files)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func compare(t *testing.T, old, new solution.Parts) *diff.Comparison {
	t.Helper()
	c, err := diff.Compare(old, new, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// mirror holds that a comparison and the one the other way round tell of the same.
func mirror(t *testing.T, c, back *diff.Comparison) {
	t.Helper()
	count := func(c *diff.Comparison) map[diff.Op]int {
		n := map[diff.Op]int{diff.Added: 0, diff.Removed: 0}
		for _, x := range c.Components {
			n[x.Op]++
			for _, p := range x.Properties {
				n[p.Op]++
			}
		}
		return n
	}
	a, b := count(c), count(back)
	a[diff.Added], a[diff.Removed] = a[diff.Removed], a[diff.Added]
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("the other way round (-want +got):\n%s", d)
	}
}
