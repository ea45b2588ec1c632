package packager

import (
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/internal/golden"
)

// treeNamesFile lists what only trees have, by what the tables say: a line is "folder NAME", "file NAME" or "ending NAME". The test
// of the module's source goes by it: no package but this one may name any of it.
const treeNamesFile = "testdata/tree-names.txt"

func TestTreeNames(t *testing.T) {
	lines := []string{"ending " + dataXML, "ending " + metaXML, "ending " + managedXML, "file " + entityFile, "file " + ribbonFile, "folder Other"}
	for _, row := range layouts {
		rule, _ := row.split.(perComponent)
		if rule.leaf != "" {
			lines = append(lines, "file "+rule.leaf)
		}
		// Files that components name are in a folder of the same name in a zip, but for those of connectors.
		if row.folder != "" && (rule.payload == nil || row.section == "Connectors") {
			lines = append(lines, "folder "+row.folder)
		}
	}
	slices.Sort(lines)
	golden.File(t, treeNamesFile, strings.Join(lines, "\n")+"\n")
}
