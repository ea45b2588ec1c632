package content_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TestCheckComponents checks the solution of each case and compares with the file want. Each rule is found in a case, and each kind of
// thing that it looks at passes in another.
func TestCheckComponents(t *testing.T) {
	names, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases (%v)", err)
	}
	told := map[string]bool{}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := fstest.MapFS{}, ""
			kept := a.Files[:0:0]
			for _, f := range a.Files {
				if part, ok := strings.CutPrefix(f.Name, "solution/"); ok {
					files[part] = &fstest.MapFile{Data: f.Data}
					kept = append(kept, f)
				} else {
					want = string(f.Data)
				}
			}
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
			if *update {
				a.Files = append(kept, txtar.File{Name: "want", Data: []byte(b.String())})
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, b.String()); d != "" {
				t.Errorf("(-want +got)\n%s", d)
			}
			checkInTree(t, parts, found)
		})
	}
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
	corpus(t, func(t *testing.T, p *packager.Package) {
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
