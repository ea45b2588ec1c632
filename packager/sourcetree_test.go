package packager

import (
	"archive/zip"
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TestSourceTrees packs the trees that the authors of the corpus committed, made by other versions of
// the tool on Windows, some of both kinds: each packs, or names the file that its author left out.
func TestSourceTrees(t *testing.T) {
	packed, incomplete, both := 0, 0, 0
	for _, s := range corpus.Solutions(t) {
		want := readExpected(t, s.File("expected.zip"))
		list := want.parts["source-tree"]
		if list == nil {
			continue
		}
		t.Run(s.ID(), func(t *testing.T) {
			sums := map[string][]byte{}
			zr, err := zip.OpenReader(s.File("input.zip"))
			if err != nil {
				t.Fatal(err)
			}
			defer zr.Close()
			for _, f := range zr.File {
				data := corpus.ReadEntry(t, f)
				sums[sum(data)] = data
			}
			fsys := fstest.MapFS{}
			for _, f := range list {
				data, ok := want.files["source-tree/"+f.path]
				if !ok {
					data, ok = sums[f.sum]
				}
				if !ok {
					t.Fatalf("no bytes of %s", f.path)
				}
				fsys[f.path] = &fstest.MapFile{Data: data}
			}
			tree, err := Load(fsys, nil)
			if err != nil {
				t.Fatal(err)
			}
			kinds := []solution.Kind{tree.Manifest().Kind()}
			if kinds[0] == solution.Both {
				kinds = []solution.Kind{solution.Unmanaged, solution.Managed}
				both++
			}
			for _, kind := range kinds {
				var buf bytes.Buffer
				found, err := Pack(&buf, tree, &PackOptions{Kind: &kind})
				if err != nil {
					for d := range found.Rule(ruleMissingFile.ID) {
						if !d.Location.Start.IsValid() {
							t.Errorf("no position: %v", d)
						}
					}
					if found.Max() < diag.Error {
						t.Errorf("error without a finding: %v", err)
					}
					t.Log(err)
					incomplete++
					continue
				}
				packed++
				back := unpackBytes(t, buf.Bytes())
				if back.Manifest().Kind() != kind {
					t.Errorf("packed as %s, is %s", kind, back.Manifest().Kind())
				}
			}
		})
	}
	t.Logf("%d packed, %d incomplete, %d of both kinds", packed, incomplete, both)
}
