package connector

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/solutionkit/solutionkit/connector/internal/index"
)

// unpacked returns the tree that the reference tool made of a solution of the corpus: a list of names and
// digests, with the bytes of those files that the zip itself does not hold.
func unpacked(t testing.TB, name string, input fs.FS) fstest.MapFS {
	t.Helper()
	expected, err := zip.OpenReader(filepath.Join(corpusRoot, "solutions", name, "expected.zip"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer expected.Close()
	manifest, err := fs.ReadFile(expected, "tree/MANIFEST")
	if err != nil {
		return nil // the tool refused the zip
	}
	byDigest := map[string][]byte{}
	z := input.(*zip.ReadCloser)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		byDigest[hex.EncodeToString(sum[:])] = data
	}
	m := fstest.MapFS{}
	for line := range strings.Lines(string(manifest)) {
		// digest, size right-aligned, name
		digest, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		_, file, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if !ok {
			t.Fatalf("%s: bad line %q", name, line)
		}
		data, ok := byDigest[digest]
		if !ok {
			if data, err = fs.ReadFile(expected, "tree/files/"+file); err != nil {
				continue // not about connectors, or a name that a file system cannot open
			}
		}
		m[file] = &fstest.MapFile{Data: data}
	}
	return m
}

// TestCorpusTrees reads the connectors from the trees of the reference tool: they are those of the zips,
// and what Parts.Tree writes is what the tool wrote.
func TestCorpusTrees(t *testing.T) {
	n := 0
	solutions(t, func(name string, input fs.FS) {
		var fromZip []*index.Connector
		for c, err := range All(input) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			fromZip = append(fromZip, c)
		}
		if len(fromZip) == 0 {
			return
		}
		tree := unpacked(t, name, input)
		if tree == nil {
			return
		}
		var fromTree []*index.Connector
		for c, err := range All(tree) {
			if err != nil {
				t.Errorf("%s: tree: %v", name, err)
				return
			}
			fromTree = append(fromTree, c)
		}
		byName := map[string]*index.Connector{}
		for _, c := range fromTree {
			byName[c.Name()] = c
		}
		if len(fromTree) != len(fromZip) {
			t.Errorf("%s: %d connectors in the tree, %d in the zip", name, len(fromTree), len(fromZip))
		}
		for _, c := range fromZip {
			n++
			other := byName[c.Name()]
			if other == nil {
				t.Errorf("%s: %s is not in the tree", name, c.Name())
				continue
			}
			if diff := cmp.Diff(held(t, c), held(t, other)); diff != "" {
				t.Errorf("%s: %s (-zip +tree)\n%s", name, c.Name(), diff)
			}
			p, err := c.As(FormSolution, nil)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			file := "Connectors/" + c.Name() + ".xml"
			got, err := fs.ReadFile(p.Tree(), file)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if diff := cmp.Diff(string(tree[file].Data), string(got)); diff != "" {
				t.Errorf("%s: %s (-tool +ours)\n%s", name, file, diff)
			}
		}
	})
	t.Logf("%d connectors", n)
}
