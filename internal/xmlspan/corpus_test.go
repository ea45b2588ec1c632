package xmlspan

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// part returns a part of a zip, nil if there is none; names of parts compare without case.
func part(t *testing.T, file, name string) []byte {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, f := range z.File {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		src, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return src
	}
	return nil
}

// TestReferenceTool compares with what the reference tool wrote for a file made to show its dialect.
func TestReferenceTool(t *testing.T) {
	dir := filepath.Join("testdata", "reference")
	const name = "customizations.xml"
	in, want := part(t, filepath.Join(dir, "input.zip"), name), part(t, filepath.Join(dir, "repacked.zip"), name)
	if in == nil || want == nil {
		t.Fatalf("no %s in %s", name, dir)
	}
	if diff := cmp.Diff(string(want), string(write(t, in, "\n", false))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantStable(t, in)
}

// TestCorpus reads and writes the XML of real solutions beside the checkout.
func TestCorpus(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "corpus", "solutions")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no corpus of real solutions at %s", root)
	}
	zips, err := filepath.Glob(filepath.Join(root, "*", "input.zip"))
	if err != nil || len(zips) == 0 {
		t.Fatalf("no solutions in %s (%v)", root, err)
	}
	for _, file := range zips {
		for _, name := range []string{"solution.xml", "customizations.xml"} {
			t.Run(filepath.Base(filepath.Dir(file))+"/"+name, func(t *testing.T) {
				raw := part(t, file, name)
				if raw == nil {
					t.Fatalf("%s has no %s", file, name)
				}
				src, err := ToUTF8(raw)
				if err != nil {
					t.Fatal(err)
				}
				wantTiles(t, src)
				lf, crlf := write(t, src, "\n", true), write(t, src, "\r\n", true)
				if !bytes.Equal(bytes.ReplaceAll(lf, []byte("\n"), []byte("\r\n")), crlf) {
					t.Error("CR LF differs from LF in more than newlines")
				}
				if !bytes.Equal(lf, write(t, crlf, "\n", true)) || !bytes.Equal(crlf, write(t, lf, "\r\n", true)) {
					t.Error("written again it changes")
				}
				if len(src) > 4<<20 {
					return // the rest is slow
				}
				d, err := Parse(src, 4, nil)
				if err != nil {
					t.Fatal(err)
				}
				wantSameAttrs(t, d)
				wantSameKnown(t, src)
				if len(src) < 100<<10 {
					wantSameLines(t, src)
				}
				if !slices.Equal(meaning(t, src), meaning(t, lf)) {
					t.Error("something is lost in writing")
				}
			})
		}
	}
}
