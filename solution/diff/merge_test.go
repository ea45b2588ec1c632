package diff_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/model"
)

func merge(t *testing.T, base, ours, theirs solution.Parts) (*diff.Merged, solution.Parts) {
	t.Helper()
	m, err := diff.Merge(base, ours, theirs)
	if err != nil {
		t.Fatal(err)
	}
	out, err := m.Change.Apply(ours)
	if err != nil {
		t.Fatal(err)
	}
	return m, out
}

// equal holds that two solutions differ in nothing.
func equal(t *testing.T, what string, want, got solution.Parts) {
	t.Helper()
	if c := compare(t, want, got); len(c.Components) > 0 {
		var b bytes.Buffer
		c.WriteText(&b)
		c.WriteNoise(&b)
		t.Errorf("%s:\n%.3000s", what, b.String())
	}
}

// TestMerge merges the folders base, ours and theirs of each case and compares what became of ours, and the conflicts, with the
// file want. The laws of merging hold for each.
func TestMerge(t *testing.T) {
	golden.Run(t, "testdata/merge/*.txtar", func(t *testing.T, sample *golden.Case) {
		base, ours, theirs := partsOf(t, side(sample, "base")), partsOf(t, side(sample, "ours")), partsOf(t, side(sample, "theirs"))
		laws(t, base, ours)
		laws(t, base, theirs)
		m, merged := merge(t, base, ours, theirs)
		back, _ := merge(t, base, theirs, ours)
		if len(m.Conflicts) != len(back.Conflicts) {
			t.Errorf("%d conflicts, and %d the other way round", len(m.Conflicts), len(back.Conflicts))
		}
		whole(t, ours, merged)
		var got bytes.Buffer
		if err := compare(t, ours, merged).WriteText(&got); err != nil {
			t.Fatal(err)
		}
		for _, c := range m.Conflicts {
			got.WriteString(c.String() + "\n")
		}
		for _, d := range m.Notes {
			got.WriteString(d.String() + "\n")
		}
		sample.HoldText(t, "want", got.String())
	})
}

// whole holds that what stays of ours keeps the files that belong to it, and its root in the manifest.
func whole(t *testing.T, ours, merged solution.Parts) {
	t.Helper()
	before, err := model.Read(ours)
	if err != nil {
		t.Fatal(err)
	}
	after, err := model.Read(merged)
	if err != nil {
		t.Fatal(err)
	}
	for c := range after.Components() {
		was, ok := before.Component(c.Key())
		if !ok {
			continue
		}
		if _, had := was.Root(); had {
			if _, has := c.Root(); !has {
				t.Errorf("%s stays without its root", c.Key())
			}
		}
		if c.Element().Child("FileName").Text() == was.Element().Child("FileName").Text() {
			if d := cmp.Diff(was.Parts(), c.Parts()); d != "" {
				t.Errorf("files of %s (-ours +merged)\n%s", c.Key(), d)
			}
		}
	}
}

// laws holds that a side that nobody changed gives the other.
func laws(t *testing.T, base, side solution.Parts) {
	t.Helper()
	m, merged := merge(t, base, base, side)
	if len(m.Conflicts) > 0 {
		t.Errorf("conflicts with a side that changed nothing: %v", m.Conflicts)
	}
	equal(t, "theirs into what was not changed", side, merged)
	if m, _ = merge(t, base, side, base); len(m.Conflicts) > 0 || !m.Change.IsEmpty() {
		t.Errorf("what was not changed into ours: %v", m.Conflicts)
	}
	if m, _ = merge(t, base, side, side); len(m.Conflicts) > 0 || !m.Change.IsEmpty() {
		t.Errorf("the same on both sides: %v", m.Conflicts)
	}
}

// TestCorpusMerge: the laws hold for all pairs of versions of one solution.
func TestCorpusMerge(t *testing.T) {
	for i, p := range versionPairs(t) {
		if testing.Short() && i%10 != 0 {
			continue
		}
		t.Run(p[1].Name, func(t *testing.T) {
			laws(t, open(t, p[0]), open(t, p[1]))
		})
	}
}

// versionPairs returns the solutions of the corpus of which there is a next version, with it.
func versionPairs(t *testing.T) [][2]corpus.Solution {
	t.Helper()
	type version struct {
		of corpus.Solution
		v  solution.Version
	}
	all := map[string][]version{}
	for _, r := range corpus.Index(t) {
		if v, err := solution.ParseVersion(r["version"]); err == nil {
			key := solution.Fold(r["unique_name"]) + r["managed"]
			all[key] = append(all[key], version{r.Solution(t), v})
		}
	}
	var pairs [][2]corpus.Solution
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b version) int { return a.v.Compare(b.v) })
		for i := 1; i < len(list); i++ {
			pairs = append(pairs, [2]corpus.Solution{list[i-1].of, list[i].of})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]corpus.Solution) int { return strings.Compare(a[1].Name, b[1].Name) })
	return pairs
}
