package lint

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// published returns the published connectors that can be read.
func published(t testing.TB) []*connector.Connector {
	t.Helper()
	list, _ := connector.Load(corpus.Connectors(t)) // TestCorpus looks at the others
	if len(list) == 0 {
		t.Fatal("no connectors")
	}
	return list
}

// TestCorpus reads and checks every published connector and compares what is found with the table
// in testdata/corpus.txt, by rule: how many findings, in how many connectors.
func TestCorpus(t *testing.T) {
	list, err := connector.Load(corpus.Connectors(t))
	refused, err := Unreadable(err)
	if err != nil {
		t.Errorf("unclear error: %v", err)
	}
	for _, d := range refused {
		if !d.Location.Start.IsValid() {
			t.Errorf("unclear finding: %v", d)
		}
	}
	var table strings.Builder
	findings, inConnectors := map[string]int{}, map[string]int{}
	for _, c := range list {
		seen := map[string]bool{}
		for _, d := range Check(c, &Options{Certification: true}) {
			key := d.Rule + " " + d.Severity.String()
			findings[key]++
			if !seen[key] {
				seen[key] = true
				inConnectors[key]++
			}
			if d.Message == "" || d.Location.File == "" || !d.Location.Start.IsValid() && d.Location.Path != "" {
				t.Errorf("incomplete finding %+v", d)
			}
		}
	}
	fmt.Fprintf(&table, "%d connectors read, %d refused\n", len(list), len(refused))
	for _, key := range slices.Sorted(maps.Keys(findings)) {
		fmt.Fprintf(&table, "%s: %d in %d\n", key, findings[key], inConnectors[key])
		// Scripts are no part of the corpus, so the rule about a missing one says nothing there.
		if strings.HasSuffix(key, " error") && inConnectors[key]*100 > len(list) && !strings.HasPrefix(key, "CONN-SCRIPT-001") {
			t.Errorf("%s: an error in %d of %d published connectors", key, inConnectors[key], len(list))
		}
	}
	golden.File(t, "testdata/corpus.txt", table.String())
}

// solutions calls f for every solution zip of the corpus that has a connector.
func solutions(t testing.TB, f func(name string, p *packager.Package)) {
	t.Helper()
	for _, s := range corpus.Solutions(t) {
		zip := s.Zip(t)
		if p, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil); err == nil { // others are package packager's to judge
			f(s.Name, p)
		}
	}
}

// TestCorpusSolutions checks the connectors of every solution, and that the tree of a solution gives the same findings in its own
// files.
func TestCorpusSolutions(t *testing.T) {
	var table strings.Builder
	connectors, trees := 0, 0
	count := map[string]int{}
	solutions(t, func(name string, p *packager.Package) {
		list, err := connector.Read(p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		connectors += len(list)
		found, err := CheckSolution(p, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, d := range found {
			count[d.Rule+" "+d.Severity.String()]++
		}
		if len(found) == 0 {
			return
		}
		tree, err := packager.Unpack(p, nil)
		if err != nil {
			return
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		trees++
		inTree, err := CheckSolution(parts, nil)
		if err != nil {
			t.Errorf("%s: tree: %v", name, err)
		}
		if diff := cmp.Diff(words(found), words(inTree)); diff != "" {
			t.Errorf("%s (-zip +tree)\n%s", name, diff)
		}
		for _, d := range inTree {
			if _, err := fs.Stat(tree, d.Location.File); err != nil {
				t.Errorf("%s: %v is in no file of the tree", name, d)
			}
		}
	})
	fmt.Fprintf(&table, "%d connectors\n", connectors)
	for _, key := range slices.Sorted(maps.Keys(count)) {
		fmt.Fprintf(&table, "%s: %d\n", key, count[key])
	}
	golden.File(t, "testdata/corpus-solutions.txt", table.String())
	t.Logf("%d trees", trees)
}

// words are findings without their places.
func words(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, d.Rule+" "+d.Severity.String()+" "+d.Location.Path+": "+d.Message)
	}
	slices.Sort(out)
	return out
}

// TestCorpusFixes applies every fix that published connectors get: the result must be JSON and the
// finding gone.
func TestCorpusFixes(t *testing.T) {
	for _, c := range published(t) {
		done := map[string]bool{} // one of each rule is enough for a connector
		for _, d := range Check(c, nil) {
			if len(d.Fixes) == 0 || done[d.Rule] {
				continue
			}
			done[d.Rule] = true
			files := filesOf(t, c)
			edits := d.Fixes[0].Edits
			fixed, err := diag.Apply(files[edits[0].File], edits)
			if err != nil {
				t.Errorf("%s: %v: %v", c.Name(), d, err)
				continue
			}
			files[edits[0].File] = fixed
			again, err := connector.Load(toFS(files))
			if err != nil {
				t.Errorf("%s: after fix %q of %v: %v", c.Name(), d.Fixes[0].Message, d, err)
				continue
			}
			before, after := 0, 0
			for range Check(c, nil).Rule(d.Rule) {
				before++
			}
			for range Check(again[0], nil).Rule(d.Rule) {
				after++
			}
			if after >= before {
				t.Errorf("%s: fix %q of %v leaves %d of %d", c.Name(), d.Fixes[0].Message, d, after, before)
			}
		}
	}
}
