package packager

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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
	want := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(treeNamesFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(treeNamesFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s: run this test with -update (-table +file)\n%s", treeNamesFile, diff)
	}
}
