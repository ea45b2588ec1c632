// Package golden holds what tests get against files of testdata, and writes these files if the test is run with -update.
//
// A case is a txtar file. Its comment says what it shows; some of its files are what the test begins with, the others what is wanted.
// Writing a case leaves the former alone and each of the latter at its place; new ones follow behind all.
package golden

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what is got into testdata and docs")

// Updating reports whether the test is run with -update.
func Updating() bool { return *update }

// A Case is a txtar file.
type Case struct {
	*txtar.Archive
	Name string // of the file, without folder and ending
	Path string
}

// Cases reads the files that a pattern matches. There must be one.
func Cases(t testing.TB, pattern string) (list []*Case) {
	t.Helper()
	paths, err := filepath.Glob(filepath.FromSlash(pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases in %s (%v)", pattern, err)
	}
	for _, path := range paths {
		list = append(list, Read(t, path))
	}
	return list
}

// Read reads one case.
func Read(t testing.TB, path string) *Case {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &Case{a, strings.TrimSuffix(filepath.Base(path), ".txtar"), path}
}

// Run runs f for each case that a pattern matches, as a test of its name.
func Run(t *testing.T, pattern string, f func(t *testing.T, c *Case)) {
	t.Helper()
	for _, c := range Cases(t, pattern) {
		t.Run(c.Name, func(t *testing.T) { f(t, c) })
	}
}

// Under are the files whose names begin with prefix, without it.
func (c *Case) Under(prefix string) map[string]string {
	out := map[string]string{}
	for _, f := range c.Files {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok {
			out[name] = string(f.Data)
		}
	}
	return out
}

// Text is what a file of the case says, and nothing if there is no such file.
func (c *Case) Text(name string) string {
	if i := c.index(name); i >= 0 {
		return string(c.Files[i].Data)
	}
	return ""
}

func (c *Case) index(name string) int {
	return slices.IndexFunc(c.Files, func(f txtar.File) bool { return f.Name == name })
}

// Hold compares what was got, by name of file, with the files of the case that are wanted, or writes it into the case.
func (c *Case) Hold(t testing.TB, wanted func(name string) bool, got map[string]string) {
	t.Helper()
	if *update {
		c.put(wanted, got)
		write(t, c.Path, string(txtar.Format(c.Archive)))
		return
	}
	want := map[string]string{}
	for _, f := range c.Files {
		if wanted(f.Name) {
			want[f.Name] = string(f.Data)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Path, diff)
	}
}

// Explained holds that the comment says what the case shows.
func (c *Case) Explained(t testing.TB) {
	t.Helper()
	if len(bytes.TrimSpace(c.Comment)) == 0 {
		t.Errorf("%s has no comment that says what it shows", c.Path)
	}
}

// HoldText does so with one file; a file that is not there says nothing.
func (c *Case) HoldText(t testing.TB, name, got string) {
	t.Helper()
	out := map[string]string{}
	if got != "" || c.index(name) >= 0 {
		out[name] = got
	}
	c.Hold(t, func(n string) bool { return n == name }, out)
}

// HoldInOrder does so with files whose order counts too. They stand behind all others.
func (c *Case) HoldInOrder(t testing.TB, wanted func(name string) bool, got []txtar.File) {
	t.Helper()
	var kept, want []txtar.File
	for _, f := range c.Files {
		if wanted(f.Name) {
			want = append(want, f)
		} else {
			kept = append(kept, f)
		}
	}
	if *update {
		c.Files = append(kept, got...)
		write(t, c.Path, string(txtar.Format(c.Archive)))
		return
	}
	lines := func(files []txtar.File) []string {
		return strings.Split(string(txtar.Format(&txtar.Archive{Files: files})), "\n")
	}
	if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", c.Path, diff)
	}
}

func (c *Case) put(wanted func(name string) bool, got map[string]string) {
	c.Files = slices.DeleteFunc(c.Files, func(f txtar.File) bool {
		_, ok := got[f.Name]
		return wanted(f.Name) && !ok
	})
	for _, name := range slices.Sorted(maps.Keys(got)) {
		at := c.index(name)
		if at < 0 {
			at, c.Files = len(c.Files), append(c.Files, txtar.File{Name: name})
		}
		c.Files[at].Data = []byte(got[name])
	}
}

// File compares what was got with a file, or writes it.
func File(t testing.TB, path, got string) {
	t.Helper()
	path = filepath.FromSlash(path)
	if *update {
		write(t, path, got)
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: run the test with -update", err)
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: if that should be so, run the test with -update, as go generate does for docs (-want +got)\n%s", path, diff)
	}
}

// Folder holds a folder so: it has these files, by name, and no more, but for others, which are left alone.
func Folder(t testing.TB, dir string, want map[string][]byte, others ...string) {
	t.Helper()
	dir = filepath.FromSlash(dir)
	if *update {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); want[name] == nil && !slices.Contains(others, name) {
			t.Errorf("%s is made by nothing: delete it", filepath.Join(dir, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		File(t, filepath.Join(dir, name), string(want[name]))
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
