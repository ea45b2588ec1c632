package packager

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

// A package with more components than the index takes is packed, and what was not compared is told.
func TestKeysOverLimit(t *testing.T) {
	for _, n := range []int{10, 40_000} {
		var sets strings.Builder
		for i := range n {
			fmt.Fprintf(&sets, `<o Name="cts_%d"/>`, i%(n-1)) // the last one has the name of the first
		}
		tree := loadMap(t, map[string][]byte{
			otherSolution:       []byte(manifestXML(false)),
			otherCustomizations: []byte("<ImportExportXml><optionsets>" + sets.String() + "</optionsets></ImportExportXml>"),
		})
		_, err := solution.ParseCustomizations([]byte("<ImportExportXml><optionsets>"+sets.String()+"</optionsets></ImportExportXml>"), customizationsPart)
		var packed bytes.Buffer
		found, packErr := Pack(&packed, tree, nil)
		if packErr != nil {
			t.Fatal(packErr)
		}
		told := false
		for d := range found.Rule("packager/duplicate-key") {
			told = told || strings.Contains(d.Message, "not compared")
		}
		if over := err != nil; over != (n > 10) || told != over {
			t.Errorf("%d components: the index says %v, pack told of keys that were not compared: %t", n, err, told)
		}
	}
}
