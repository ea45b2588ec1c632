package diff_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

var update = flag.Bool("update", false, "rewrite the wanted files of the txtar cases")

// TestCompare compares the folders old and new of each case, and what is written of the comparison with the file want. Compared
// with themselves, both differ in nothing; the other way round, what came went.
func TestCompare(t *testing.T) {
	names, err := filepath.Glob("testdata/compare/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sides, want := map[string]fstest.MapFS{"old": {}, "new": {}}, ""
			kept := a.Files[:0:0]
			for _, f := range a.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				side, part, _ := strings.Cut(f.Name, "/")
				sides[side][part] = &fstest.MapFile{Data: f.Data}
				kept = append(kept, f)
			}
			old, new := partsOf(t, sides["old"]), partsOf(t, sides["new"])
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
			if *update {
				a.Files = append(kept, txtar.File{Name: "want", Data: got.Bytes()})
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got.String()); d != "" {
				t.Errorf("comparison (-want +got):\n%s", d)
			}
		})
	}
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
