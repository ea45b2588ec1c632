package connref_test

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
)

// TestEdit does what the first line of a case says, and compares the parts that change. Every edit says what it
// replaces, so that a reader sees that nothing else changed.
func TestEdit(t *testing.T) {
	cases(t, "edit", func(t *testing.T, fsys fs.FS) map[string]string {
		a, err := txtar.ParseFile(filepath.Join("testdata", "edit", filepath.Base(t.Name())+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		first, _, _ := strings.Cut(string(a.Comment), "\n")
		sub, err := fs.Sub(fsys, "solution")
		if err != nil {
			t.Fatal(err)
		}
		change, err := edit(sub, strings.SplitN(first, " ", 3))
		if err != nil {
			return map[string]string{"error": err.Error() + "\n"}
		}
		out := map[string]string{}
		var edits strings.Builder
		for _, e := range change.Edits() {
			src, err := fs.ReadFile(sub, e.File)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&edits, "%s:%d: %q -> %q\n", e.File, e.Start, src[e.Start:e.End], e.New)
		}
		for _, d := range change.Diagnostics() {
			fmt.Fprintln(&edits, d)
		}
		out["edits"] = edits.String()
		for name, data := range change.Files() {
			out["solution/"+name] = line(string(data))
		}
		return out
	})
}

func edit(fsys fs.FS, command []string) (*connref.Change, error) {
	switch command[0] {
	case "rename":
		return connref.Rename(fsys, command[1], command[2])
	case "merge":
		return connref.Merge(fsys, command[1], command[2])
	}
	return connref.Adopt(fsys, command[1])
}

// TestCorpusRename: renaming a reference and renaming it back gives the bytes that were there, and nothing names
// the old one in between.
func TestCorpusRename(t *testing.T) {
	renamed := 0
	corpus(t, func(t *testing.T, p *packager.Package) {
		set := scan(t, p)
		if len(set.References) == 0 || len(set.Diagnostics) > 0 {
			t.Skip("nothing to rename")
		}
		old := set.References[0].LogicalName
		change, err := connref.Rename(p, old, "zzz_renamed")
		if err != nil {
			t.Fatal(err)
		}
		next := overlay{p, change}
		for _, u := range scan(t, next).Uses {
			if strings.EqualFold(u.Name, old) {
				t.Errorf("%v still names %s", u.Location, old)
			}
		}
		back, err := connref.Rename(next, "zzz_renamed", old)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range back.Files() {
			was, err := fs.ReadFile(p, name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.EqualFold(string(was), string(data)) { // uses may differ in case from the definition
				t.Errorf("%s is not as it was", name)
			}
		}
		renamed++
	})
	t.Logf("%d renamed", renamed)
}

// An overlay is a solution after a change.
type overlay struct {
	fs.FS
	change *connref.Change
}

func (o overlay) ReadFile(name string) ([]byte, error) {
	for n, data := range o.change.Files() {
		if n == name {
			return data, nil
		}
	}
	return fs.ReadFile(o.FS, name)
}
