package solution_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
)

// Errors name the file that was given, or that of the source, and the place there.
func TestSyntaxErrorFile(t *testing.T) {
	const src = "<ImportExportXml>\n<a></b>"
	parts, err := solution.PartsOf(fstest.MapFS{"Solution.xml": {Data: []byte(src)}, "CUSTOMIZATIONS.XML": {Data: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	parsed := func(_ any, err error) error { return err }
	for want, err := range map[string]error{
		"m.xml":              parsed(solution.ParseManifest([]byte(src), "m.xml")),
		"c.xml":              parsed(solution.ParseCustomizations([]byte(src), "c.xml")),
		"Solution.xml":       parsed(solution.ReadManifest(parts)),
		"CUSTOMIZATIONS.XML": parsed(solution.ReadCustomizations(parts)),
	} {
		var syntax *solution.SyntaxError
		if !errors.As(err, &syntax) || syntax.File != want || syntax.Pos.Line != 2 || syntax.Pos.Column != 4 {
			t.Errorf("%s: got %v", want, err)
		}
	}
}
