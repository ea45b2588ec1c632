package connref_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

const corpusDir = "../../shared/corpus/solutions"

// corpus runs f for every real solution beside the checkout.
func corpus(t *testing.T, f func(t *testing.T, p *packager.Package)) {
	if _, err := os.Stat(corpusDir); err != nil {
		t.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	zips, err := filepath.Glob(filepath.Join(corpusDir, "*", "input.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatalf("no solutions in %s (%v)", corpusDir, err)
	}
	for _, name := range zips {
		t.Run(filepath.Base(filepath.Dir(name)), func(t *testing.T) {
			file, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				t.Fatal(err)
			}
			p, err := packager.Open(file, info.Size(), nil)
			if err != nil {
				t.Skipf("not a package: %v", err)
			}
			f(t, p)
		})
	}
}

func TestCorpusSettings(t *testing.T) {
	solutions, uses, raw, variables := 0, 0, 0, 0
	schema := schema(t)
	corpus(t, func(t *testing.T, p *packager.Package) {
		set := scan(t, p)
		uses, raw, variables = uses+len(set.Uses), raw+len(set.Raw), variables+len(set.Variables)
		if len(set.References)+len(set.Variables) > 0 {
			solutions++
		}
		st, err := set.Settings(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range set.Check(st) {
			if d.Severity == diag.Error {
				t.Errorf("%v", d)
			}
		}
		if err := validate(t, schema, st.Bytes()); err != nil {
			t.Errorf("schema: %v", err)
		}
		again, err := set.Settings(st)
		if err != nil || string(again.Bytes()) != string(st.Bytes()) {
			t.Errorf("generating again changes the settings (%v)", err)
		}
		tree, err := packager.Unpack(p, nil)
		if err != nil {
			t.Skipf("cannot be unpacked: %v", err)
		}
		if diff := cmp.Diff(withoutPlaces(set), withoutPlaces(scan(t, tree))); diff != "" {
			t.Errorf("zip and tree differ (-zip +tree)\n%s", diff)
		}
	})
	t.Logf("%d solutions with something to bind, %d uses of references, %d raw connections, %d variables", solutions, uses, raw, variables)
}

func scan(t testing.TB, fsys fs.FS) *connref.Set {
	t.Helper()
	set, err := connref.Scan(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}
