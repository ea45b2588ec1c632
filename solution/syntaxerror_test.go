package solution_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

func TestInFile(t *testing.T) {
	_, err := solution.ParseManifest([]byte("<ImportExportXml>"))
	named := solution.InFile(fmt.Errorf("outer: %w", err), "Other/Solution.xml")
	var was, is *solution.SyntaxError
	if !errors.As(err, &was) || !errors.As(named, &is) {
		t.Fatalf("%v, %v", err, named)
	}
	if is.File != "Other/Solution.xml" || is.Pos != was.Pos || was.File != solution.ManifestFile {
		t.Errorf("%v, of %v", named, err)
	}
	other := errors.New("other")
	if got := solution.InFile(other, "x"); got != other {
		t.Errorf("%v", got)
	}
}
