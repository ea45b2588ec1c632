package packager

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
)

// A manifestFile is a file of a MANIFEST of the corpus.
type manifestFile struct {
	path string
	sum  string
}

// expected is what the reference tool makes of a solution of the corpus.
type expected struct {
	parts map[string][]manifestFile
	files map[string][]byte // by part/path
}

func readExpected(t *testing.T, file string) *expected {
	t.Helper()
	zr, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close()
	e := &expected{parts: map[string][]manifestFile{}, files: map[string][]byte{}}
	for _, f := range zr.File {
		data := corpus.ReadEntry(t, f)
		part, rest, _ := strings.Cut(f.Name, "/")
		if rest != "MANIFEST" {
			e.files[part+"/"+strings.TrimPrefix(rest, "files/")] = data
			continue
		}
		s := bufio.NewScanner(bytes.NewReader(data))
		s.Buffer(nil, 1<<20)
		for s.Scan() {
			hash, rest, _ := strings.Cut(s.Text(), " ")
			_, name, ok := strings.Cut(strings.TrimLeft(rest, " "), " ")
			if !ok {
				t.Fatalf("%s: %q", file, s.Text())
			}
			e.parts[part] = append(e.parts[part], manifestFile{strings.TrimLeft(name, " "), hash})
		}
	}
	return e
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

func isRescueFile(p string) bool {
	return p == unclaimedPath || p == renamedPath || p == rescuedPath || strings.HasPrefix(p, keptFolder) || isHalfFile(p)
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	exceptions := readExceptions(t)
	inputs, trees, packs := 0, 0, 0
	for _, s := range corpus.Sample(t, 20) {
		t.Run(s.ID(), func(t *testing.T) {
			data := s.Zip(t)
			pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := Unpack(pkg, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := readExpected(t, s.File("expected.zip"))
			if list := want.parts["tree"]; list != nil {
				compareTree(t, tree, "tree", list, want)
				trees++
			}
			inputs++
			var buf bytes.Buffer
			if _, err := Pack(&buf, tree, nil); err != nil {
				t.Fatal(err)
			}
			checkLaw(t, data, buf.Bytes())
			if list := want.parts["repacked"]; list != nil {
				comparePack(t, exceptions, tree, buf.Bytes(), list, want)
				packs++
			}
		})
	}
	t.Logf("%d inputs, %d trees, %d packs compared", inputs, trees, packs)
}

func compareTree(t *testing.T, tree *Tree, part string, list []manifestFile, want *expected) {
	t.Helper()
	extra := map[string]bool{}
	if data, err := tree.ReadFile(unclaimedPath); err == nil {
		for _, l := range readList(data) {
			extra[unquoteLine(l)] = true
		}
	}
	sums := map[string]string{}
	for name, data := range treeFiles(t, tree) {
		sums[name] = sum(data)
	}
	shown := 0
	for _, w := range list {
		got, ok := sums[w.path]
		delete(sums, w.path)
		if ok && got == w.sum {
			continue
		}
		if shown++; shown > 3 {
			continue
		}
		if !ok {
			t.Errorf("tree lacks %s", w.path)
			continue
		}
		data, _ := tree.ReadFile(w.path)
		t.Errorf("tree: %s differs (-want +got)\n%s", w.path, firstDifference(want.files[part+"/"+w.path], data))
	}
	for p := range sums {
		if !isRescueFile(p) && !extra[p] {
			if shown++; shown < 6 {
				t.Errorf("tree has %s", p)
			}
		}
	}
}

func firstDifference(want, got []byte) string {
	w, g := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			from := max(0, i-3)
			return cmp.Diff(w[from:min(i+5, len(w))], g[from:min(i+5, len(g))])
		}
	}
	return fmt.Sprintf("%d lines, %d lines", len(w), len(g))
}

// readExceptions reads testdata/exceptions.txt: solution and entry of each difference from the
// reference tool that is meant.
func readExceptions(t *testing.T) map[string]bool {
	t.Helper()
	data, err := os.ReadFile("testdata/exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, line := range readList(data) {
		if fields := strings.Fields(line); !strings.HasPrefix(line, "#") && len(fields) > 2 {
			out[fields[0]+" "+fields[1]] = true
		}
	}
	return out
}

func comparePack(t *testing.T, exceptions map[string]bool, tree *Tree, data []byte, list []manifestFile, want *expected) {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	var wantNames []string
	for _, w := range list {
		wanted[w.path] = true
		wantNames = append(wantNames, w.path)
	}
	got := map[string]*zip.File{}
	var gotNames []string
	for _, f := range zr.File {
		name := f.Name
		if part, _ := partName(name); !wanted[name] && wanted[part] {
			name = part // its exact name came back
		}
		got[name] = f
		if wanted[name] {
			gotNames = append(gotNames, name)
		}
	}
	if diff := cmp.Diff(wantNames, gotNames); diff != "" {
		t.Errorf("order of entries (-want +got)\n%.2000s", diff)
	}
	rescued := len(zr.File) > len(list) || slices.ContainsFunc(tree.Names(), isRescueFile)
	shown := 0
	for _, w := range list {
		f := got[w.path]
		if f == nil {
			continue
		}
		data := corpus.ReadEntry(t, f)
		if sum(data) == w.sum || rescued && (w.path == typesPart || w.path == customizationsPart || w.path == solutionPart) {
			continue
		}
		if exceptions[filepath.Base(t.Name())+" "+w.path] {
			continue
		}
		if shown++; shown < 4 {
			t.Errorf("pack: %s differs\n%s", w.path, firstDifference(want.files["repacked/"+w.path], data))
		}
	}
}
