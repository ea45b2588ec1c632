package content_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TestCheckComponents checks the solution of each case and compares with the file want. Each rule is found in a case, and each kind of
// thing that it looks at passes in another.
func TestCheckComponents(t *testing.T) {
	told := map[string]bool{}
	golden.Run(t, "testdata/check/*.txtar", func(t *testing.T, c *golden.Case) {
		files := filesOf(c)
		parts := partsOf(t, files)
		found := checkComponents(t, parts)
		var b strings.Builder
		for _, d := range found {
			told[d.Rule] = true
			fmt.Fprintln(&b, d)
			for _, r := range d.Related {
				fmt.Fprintf(&b, "  %v: %s\n", r.Location, r.Message)
			}
			for _, f := range d.Fixes {
				fmt.Fprintf(&b, "  fix: %s\n", f.Message)
				repaired(t, files, f)
			}
		}
		c.HoldText(t, "want", b.String())
		checkInTree(t, parts, found)
	})
	for r := range content.Rules() {
		if r.Help == "" {
			t.Errorf("%s does not say what to do", r.ID)
		}
	}
	if len(told) != 8 && !t.Failed() {
		t.Errorf("the cases find %d rules: %v", len(told), told)
	}
}

func checkComponents(t *testing.T, p solution.Parts) diag.List {
	t.Helper()
	found, err := content.CheckComponents(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// repaired holds that a fix takes away one finding and makes no other.
func repaired(t *testing.T, files fstest.MapFS, f diag.Fix) {
	t.Helper()
	before := checkComponents(t, partsOf(t, files))
	fixed := fstest.MapFS{}
	for name, file := range files {
		fixed[name] = file
	}
	for _, e := range f.Edits {
		src := files[e.File].Data
		fixed[e.File] = &fstest.MapFile{Data: bytes.Join([][]byte{src[:e.Start], []byte(e.New), src[e.End:]}, nil)}
	}
	if after := checkComponents(t, partsOf(t, fixed)); len(after) != len(before)-1 {
		t.Errorf("fix %q leaves %v", f.Message, after)
	}
}

// checkInTree holds that a tree has the same findings, with places in its files.
func checkInTree(t *testing.T, p solution.Parts, want diag.List) {
	t.Helper()
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	inTree, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, d := range want {
		count[d.Rule+d.Message]++
	}
	for _, d := range checkComponents(t, inTree) {
		count[d.Rule+d.Message]--
		if _, err := tree.ReadFile(d.Location.File); err != nil || !d.Location.Start.IsValid() {
			t.Errorf("no place in the tree: %v (%v)", d, err)
		}
	}
	for what, n := range count {
		if n != 0 {
			t.Errorf("%d times more in the zip than in the tree: %s", n, what)
		}
	}
}

// TestCorpusCheckComponents: exports have no errors, as the platform made them, and few warnings.
func TestCorpusCheckComponents(t *testing.T) {
	// handwritten is a package that no export made: its process has no GUID.
	const handwritten = "employee-onboarding-guide"
	counts := map[string]int{}
	eachReal(t, func(t *testing.T, p *packager.Package) {
		if made.MatchString(t.Name()) {
			return
		}
		for _, d := range checkComponents(t, p) {
			counts[d.Severity.String()+" "+d.Rule]++
			if d.Severity == diag.Error && !strings.Contains(t.Name(), handwritten) {
				t.Errorf("%v", d)
			}
		}
	})
	t.Logf("%v", counts)
}
