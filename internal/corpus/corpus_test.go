package corpus

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is not beside the checkout skips the test that asks for it, in any folder of the module.
func TestPath(t *testing.T) {
	root := t.TempDir()
	inside := filepath.Join(root, "module", "a", "b")
	for _, dir := range []string{inside, filepath.Join(root, beside, "there")} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "module", "go.mod"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(inside)
	if want, err := os.Stat(filepath.Join(root, beside, "there")); err != nil {
		t.Fatal(err)
	} else if got, err := os.Stat(Path(t, "there")); err != nil || !os.SameFile(want, got) {
		t.Errorf("it is %v (%v)", got, err)
	}
	skipped := false
	t.Run("absent", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		Path(t, "there", "not")
	})
	if !skipped {
		t.Error("what is not there skips no test")
	}
}

func TestSolutions(t *testing.T) {
	all, indexed := Solutions(t), Index(t)
	if len(all) != len(indexed) {
		t.Errorf("there are %d solutions, and the index has %d", len(all), len(indexed))
	}
	for _, row := range indexed {
		s := row.Solution(t)
		if !bytes.HasPrefix(s.Zip(t), []byte("PK")) {
			t.Errorf("%s is no zip", s.Name)
		}
	}
	s := all[0]
	if part := s.Part(t, "SOLUTION.XML"); !bytes.Contains(part, []byte("<SolutionManifest>")) || s.Part(t, "absent.xml") != nil {
		t.Errorf("the manifest of %s is %.100s", s.Name, part)
	}
	if largest, size := Largest(t); len(largest.Part(t, "customizations.xml")) != size {
		t.Errorf("the customizations of %s have not %d bytes", largest.Name, size)
	}
	if testing.Short() != (len(Sample(t, 20)) < len(all)) {
		t.Error("a sample has fewer with -short alone")
	}
}
