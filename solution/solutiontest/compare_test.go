package solutiontest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestDiff: each case has two texts, and how they differ. From got to want as much differs, and nothing from one to itself.
func TestDiff(t *testing.T) {
	golden.Run(t, "testdata/diff/*.txtar", func(t *testing.T, c *golden.Case) {
		want, got := solutiontest.Parts(t, string(c.Files[0].Data)), solutiontest.Parts(t, string(c.Files[1].Data))
		found := solutiontest.Diff(want, got)
		c.HoldText(t, "diff", found)
		back := solutiontest.Diff(got, want)
		if count := func(text, sign string) int { return strings.Count("\n"+text, "\n"+sign+" ") }; count(back, "+") != count(found, "-") || count(back, "-") != count(found, "+") {
			t.Errorf("the other way around it is\n%s", back)
		}
		if d := solutiontest.Diff(want, want); d != "" {
			t.Errorf("one with itself:\n%s", d)
		}
	})
}

func TestDiffFS(t *testing.T) {
	long := strings.Repeat("line\n", 30)
	tests := []struct {
		what      string
		want, got fstest.MapFS
		diff      string
	}{
		{"nothing", fstest.MapFS{"a": {Data: []byte("x")}}, fstest.MapFS{"a": {Data: []byte("x")}}, ""},
		{"times do not count", fstest.MapFS{"a": {Mode: 0o600}}, fstest.MapFS{"a": {}}, ""},
		{"missing and unwanted", fstest.MapFS{"a/x": {}, "b": {}}, fstest.MapFS{"b": {}, "c/y": {}}, "- a/x\n+ c/y\n"},
		{"a line", fstest.MapFS{"a": {Data: []byte("1\n2\n3\n")}}, fstest.MapFS{"a": {Data: []byte("1\n5\n3\n")}}, "  a\n    - 2: 2\n    + 2: 5\n"},
		{"a line more", fstest.MapFS{"a": {Data: []byte("1\n1\n")}}, fstest.MapFS{"a": {Data: []byte("1\n1\n1\n")}}, "  a\n    + 3: 1\n"},
		{"the end of lines", fstest.MapFS{"a": {Data: []byte("1\n2\n")}}, fstest.MapFS{"a": {Data: []byte("1\r\n2")}},
			"  a\n    - 1: 1\n    - 2: 2\n    - 3: \"\"\n    + 1: \"1\\r\\n\"\n    + 2: \"2\"\n"},
		{"no text", fstest.MapFS{"a": {Data: []byte("PK\x00\x01")}}, fstest.MapFS{"a": {Data: []byte("PK\x00")}}, "  a\n    3 bytes, want 4; the first other one is at 3\n"},
		{"many lines", fstest.MapFS{"a": {Data: []byte("x")}}, fstest.MapFS{"a": {Data: []byte(long)}},
			"  a\n    - 1: \"x\"\n" + func() (s string) {
				for i := range 20 {
					s += fmt.Sprintf("    + %d: line\n", i+1)
				}
				return s
			}() + "    + and 11 more lines\n"},
	}
	for _, tt := range tests {
		if d := cmp.Diff(tt.diff, solutiontest.DiffFS(tt.want, tt.got)); d != "" {
			t.Errorf("%s (-want +got)\n%s", tt.what, d)
		}
	}
	if d := solutiontest.DiffFS(fstest.MapFS{}, badFS{fstest.MapFS{"a": {Data: []byte("x")}}}); !strings.HasPrefix(d, "not compared: what there is: ") {
		t.Errorf("files that cannot be read: %q", d)
	}
}

// A badFS cannot read its files.
type badFS struct{ fstest.MapFS }

func (badFS) Open(name string) (fs.File, error) {
	if name == "a" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errors.New("bad sector")}
	}
	return fstest.MapFS{"a": {}}.Open(name)
}

func (f badFS) ReadFile(name string) ([]byte, error) {
	_, err := f.Open(name)
	return nil, err
}

// A sharingFS gives away its own bytes.
type sharingFS struct {
	fstest.MapFS
	data []byte
}

func (f sharingFS) ReadFile(name string) ([]byte, error) { return f.data, nil }

func TestTestFS(t *testing.T) {
	if err := solutiontest.TestFS(fstest.MapFS{"a/b": {Data: []byte("x")}}); err != nil {
		t.Error(err)
	}
	data := []byte("x")
	if err := solutiontest.TestFS(sharingFS{fstest.MapFS{"a": {Data: data}}, data}); err == nil || !strings.Contains(err.Error(), "a: other bytes when it is read again") {
		t.Errorf("a file system that gives away its own bytes: %v", err)
	}
	if err := solutiontest.TestFS(badFS{fstest.MapFS{}}); err == nil {
		t.Error("files that cannot be read are told by nothing")
	}
}

// TestFileSystemsOfModule holds all that the module returns as a file system to the contract.
func TestFileSystemsOfModule(t *testing.T) {
	for _, a := range golden.Cases(t, caseFiles) {
		name := a.Name
		text := string(a.Files[0].Data)
		tree := solutiontest.Tree(t, text)
		loaded, err := packager.Load(tree, nil)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := loaded.Parts()
		if err != nil {
			t.Fatal(err)
		}
		zip := solutiontest.Zip(t, text)
		pkg, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
		if err != nil {
			t.Fatal(err)
		}
		for what, fsys := range map[string]any{"text": solutiontest.FS(t, text), "unpacked": tree, "loaded": loaded, "parts of a tree": parts, "zip": pkg,
			"new": solution.NewParts(manifestOf(t, parts))} {
			fsys, ok := fsys.(fs.FS)
			if !ok {
				t.Errorf("%s: %s is no file system", name, what)
				continue
			}
			if err := solutiontest.TestFS(fsys); err != nil {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
		if d := solutiontest.DiffFS(tree, loaded); d != "" {
			t.Errorf("%s: what was loaded (-want +got)\n%s", name, d)
		}
	}
}

func manifestOf(t *testing.T, p solution.Parts) *solution.Manifest {
	t.Helper()
	m, err := solution.ReadManifest(p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// What a function of one's own makes of a solution, held against another text.
func ExampleDiff() {
	parse := func(text string) solution.Parts {
		s, err := solutiontest.Parse(text)
		if err != nil {
			panic(err)
		}
		p, err := s.Parts()
		if err != nil {
			panic(err)
		}
		return p
	}
	want := parse("solution Orders 1.0.0.0\noptionset ct_kind name=Kind")
	got := parse("solution Orders 1.0.0.0\noptionset ct_kind name=Sort\nrole 1 name=Clerk")
	if d := solutiontest.Diff(want, got); d != "" { // t.Errorf in a test
		fmt.Print("(-want +got)\n", d)
	}
	// Output:
	// (-want +got)
	//   optionset ct_kind
	//     @localizedName
	//       - Kind  (customizations.xml:11:5)
	//       + Sort  (customizations.xml:18:5)
	//     displaynames/displayname[1033]/@description
	//       - Kind  (customizations.xml:18:9)
	//       + Sort  (customizations.xml:25:9)
	// + role {00000000-0000-0000-0000-000000000001} "Clerk"  (customizations.xml:4:5)
}

// A golden tree: the wanted files are those of a folder, os.DirFS("testdata/orders"), or of a txtar archive.
func ExampleDiffFS() {
	golden, err := txtar.FS(txtar.Parse([]byte("-- notes.txt --\none\ntwo\n-- old.txt --\n")))
	if err != nil {
		panic(err)
	}
	got := fstest.MapFS{"notes.txt": {Data: []byte("one\nthree\n")}} // such as a tree of packager.Unpack
	fmt.Print(solutiontest.DiffFS(golden, got))
	// Output:
	//   notes.txt
	//     - 2: two
	//     + 2: three
	// - old.txt
}

// A file system of one's own, from which trees are to be read.
func ExampleTestFS() {
	s, err := solutiontest.Parse("solution Orders 1.0.0.0\nentity ct_order")
	if err != nil {
		panic(err)
	}
	fmt.Println(solutiontest.TestFS(s.FS()))
	// Output: <nil>
}
