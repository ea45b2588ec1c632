package yamlsource_test

import (
	"bytes"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// sampleOf is a folder of the samples beside the checkout.
func sampleOf(t *testing.T, name string) fs.FS {
	t.Helper()
	return os.DirFS(corpus.Path(t, "reference", "formats2", name))
}

// TestExpected holds the package of a tree that was made by hand with what the reference tool made of the same parts.
func TestExpected(t *testing.T) {
	want := sampleOf(t, "yaml-tree2-expected")
	tree, err := yamlsource.Load(sampleOf(t, "yaml-tree2"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := tree.Diagnostics(); len(found) > 0 {
		t.Errorf("findings: %v", found)
	}
	var zip bytes.Buffer
	found, err := packager.Pack(&zip, tree, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		t.Errorf("findings of packing: %v", found)
	}
	pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{solution.ManifestFile, solution.CustomizationsFile} {
		got, err := pkg.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(lines(t, want, name), strings.Split(string(got), "\n")); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	wantTree, err := fs.Sub(want, "tree")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = fs.WalkDir(wantTree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
			got, err := tree.ReadFile(name)
			if err != nil {
				t.Error(err)
			} else if diff := cmp.Diff(lines(t, wantTree, name), strings.Split(string(got), "\n")); diff != "" {
				t.Errorf("%s (-want +got)\n%s", name, diff)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Error("no file was compared")
	}
	slices.Sort(names)
	if diff := cmp.Diff(names, tree.Names()); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
}

func lines(t *testing.T, fsys fs.FS, name string) []string {
	t.Helper()
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(data), "\n")
}
