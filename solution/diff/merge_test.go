package diff_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
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
	names, err := filepath.Glob("testdata/merge/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sides, want := map[string]fstest.MapFS{"base": {}, "ours": {}, "theirs": {}}, ""
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
			base, ours, theirs := partsOf(t, sides["base"]), partsOf(t, sides["ours"]), partsOf(t, sides["theirs"])
			laws(t, base, ours)
			laws(t, base, theirs)
			m, merged := merge(t, base, ours, theirs)
			back, _ := merge(t, base, theirs, ours)
			if len(m.Conflicts) != len(back.Conflicts) {
				t.Errorf("%d conflicts, and %d the other way round", len(m.Conflicts), len(back.Conflicts))
			}
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
			if *update {
				a.Files = append(kept, txtar.File{Name: "want", Data: got.Bytes()})
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got.String()); d != "" {
				t.Errorf("merge (-want +got):\n%s", d)
			}
		})
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
		t.Run(p[1], func(t *testing.T) {
			laws(t, open(t, filepath.Join(corpusDir, p[0], "input.zip")), open(t, filepath.Join(corpusDir, p[1], "input.zip")))
		})
	}
}

// versionPairs returns the solutions of the corpus of which there is a next version, with it.
func versionPairs(t *testing.T) [][2]string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(filepath.Dir(corpusDir), "INDEX.csv"))
	if err != nil {
		t.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	rows, err := csv.NewReader(bytes.NewReader(src)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	type version struct {
		name string
		v    solution.Version
	}
	all := map[string][]version{}
	for _, r := range rows[1:] {
		v, err := solution.ParseVersion(r[column("version")])
		if r[column("stored")] == "yes" && err == nil {
			key := solution.Fold(r[column("unique_name")]) + r[column("managed")]
			all[key] = append(all[key], version{r[column("name")], v})
		}
	}
	var pairs [][2]string
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b version) int { return a.v.Compare(b.v) })
		for i := 1; i < len(list); i++ {
			pairs = append(pairs, [2]string{list[i-1].name, list[i].name})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
	return pairs
}
