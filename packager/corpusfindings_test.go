package packager

import (
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Rules that say what real solutions, as servers export them, do not have. One that speaks of a solution of the corpus asks
// for too much.
var notInExports = []diag.Rule{ruleMissingFile, ruleDuplicateKey}

func TestCorpusFindings(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	sample := corpus.Sample(t, 20)
	for _, s := range sample {
		data := s.Zip(t)
		tree, err := Unpack(openBytes(t, data), nil)
		if err != nil {
			t.Fatal(err)
		}
		list, err := tree.Check()
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			counts[d.Rule]++
		}
		for _, rule := range notInExports {
			for d := range list.Rule(rule.ID) {
				t.Errorf("%s: %s", s.ID(), d)
			}
		}
	}
	t.Logf("%d solutions: %v", len(sample), counts)
}
