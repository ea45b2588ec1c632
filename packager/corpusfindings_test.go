package packager

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// Rules that say what real solutions, as servers export them, do not have. One that speaks of a solution of the corpus asks
// for too much.
var notInExports = []diag.Rule{ruleMissingFile, ruleDuplicateKey}

func TestCorpusFindings(t *testing.T) {
	t.Parallel()
	inputs, _ := filepath.Glob(corpusDir + "/*/input.zip")
	if len(inputs) == 0 {
		t.Skip("the corpus is not beside the checkout")
	}
	counts := map[string]int{}
	for i, input := range inputs {
		if testing.Short() && i%20 != 0 {
			continue
		}
		data, err := os.ReadFile(input)
		if err != nil {
			t.Fatal(err)
		}
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
				t.Errorf("%s: %s", filepath.Base(filepath.Dir(input))[:6], d)
			}
		}
	}
	t.Logf("%d solutions: %v", len(inputs), counts)
}
