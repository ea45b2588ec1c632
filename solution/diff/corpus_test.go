package diff_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

const corpusDir = "../../../shared/corpus/solutions"

func open(t testing.TB, name string) *packager.Package {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := packager.Open(bytes.NewReader(src), int64(len(src)), nil)
	if err != nil {
		t.Skipf("not a package: %v", err)
	}
	return p
}

// TestCorpusSelf: a solution differs from itself and from its tree in nothing.
func TestCorpusSelf(t *testing.T) {
	zips, _ := filepath.Glob(filepath.Join(corpusDir, "*", "input.zip"))
	if len(zips) == 0 {
		t.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	for _, name := range zips {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			p := open(t, name)
			tree, err := packager.Unpack(p, nil)
			if err != nil {
				t.Skip(err)
			}
			parts, err := tree.Parts()
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range []solution.Parts{p, parts} {
				c, err := diff.Compare(p, other, nil)
				if err != nil {
					t.Fatal(err)
				}
				if len(c.Components) > 0 {
					var b bytes.Buffer
					c.WriteText(&b)
					c.WriteNoise(&b)
					t.Errorf("differs from itself:\n%.3000s", b.String())
				}
			}
		})
	}
}
