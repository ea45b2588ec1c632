package packager

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A path that Windows may not take is told once, as it is in the tree, and as it is in the zip if that is another.
func TestLongPaths(t *testing.T) {
	files := func(l diag.List) []string {
		var out []string
		for d := range l.Rule(ruleLongPath.ID) {
			if d.Severity != diag.Note {
				t.Errorf("severity %v", d.Severity)
			}
			out = append(out, d.Location.File)
		}
		return out
	}
	folder := "bots/" + strings.Repeat("b", 100) + "/"
	long, short := folder+strings.Repeat("c", 95), folder+strings.Repeat("c", 94)
	wide := folder + strings.Repeat("ü", 94) // more bytes, and not more characters
	astral := folder + strings.Repeat("\U0001F600", 48)
	var entries []zipEntry
	for _, name := range []string{long, short, wide, astral} {
		entries = append(entries, zipEntry{name, "x"})
	}
	tree := unpackBytes(t, makeZip(t, completed(entries, false, true)...))
	if diff := cmp.Diff([]string{long, astral}, files(tree.Diagnostics())); diff != "" {
		t.Errorf("unpacked (-want +got)\n%s", diff)
	}
	list, err := tree.Check()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{long, astral}, files(list)); diff != "" {
		t.Errorf("checked (-want +got)\n%s", diff)
	}

	m := goodTree()
	m[long] = &fstest.MapFile{Data: []byte("x")}
	loaded, err := Load(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{long}, files(loaded.Diagnostics())); diff != "" {
		t.Errorf("loaded (-want +got)\n%s", diff)
	}

	name := strings.Repeat("n", 201) + ".txt" // is kept under a shorter name
	tree = unpackBytes(t, makeZip(t, completed([]zipEntry{{name, "x"}}, false, true)...))
	if diff := cmp.Diff([]string{name}, files(tree.Diagnostics())); diff != "" {
		t.Errorf("entry (-want +got)\n%s", diff)
	}
}
