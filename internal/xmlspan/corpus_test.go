package xmlspan

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
)

// TestReferenceTool compares with what the reference tool wrote for a file made to show its dialect.
func TestReferenceTool(t *testing.T) {
	dir := filepath.Join("testdata", "reference")
	const name = "customizations.xml"
	in, want := corpus.Entry(t, filepath.Join(dir, "input.zip"), name), corpus.Entry(t, filepath.Join(dir, "repacked.zip"), name)
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
	for _, s := range corpus.Solutions(t) {
		for _, name := range []string{"solution.xml", "customizations.xml"} {
			t.Run(s.Name+"/"+name, func(t *testing.T) {
				raw := s.Part(t, name)
				if raw == nil {
					t.Fatalf("it has no %s", name)
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
