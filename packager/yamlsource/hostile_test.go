package yamlsource_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// withFile returns the case's base with one more file.
func withFile(t testing.TB, name, text string) fstest.MapFS {
	t.Helper()
	base, err := txtar.ParseFile("testdata/base.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{name: &fstest.MapFile{Data: []byte(text)}}
	for _, f := range base.Files {
		if name, ok := strings.CutPrefix(f.Name, "source/"); ok && fsys[name] == nil {
			fsys[name] = &fstest.MapFile{Data: []byte(unmarked.Replace(string(f.Data)))}
		}
	}
	return fsys
}

// Files that are made to need much memory or time are refused, at their place.
func TestHostile(t *testing.T) {
	const file = "optionsets/smp_a/optionset.yml"
	var bomb strings.Builder
	bomb.WriteString("optionset:\n  a0: &a0 x\n")
	for i := range 30 {
		fmt.Fprintf(&bomb, "  a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n", i+1, i+1, i, i, i, i)
	}
	var deep strings.Builder
	deep.WriteString("optionset:\n")
	for i := range 600 {
		deep.WriteString(strings.Repeat(" ", i+1) + "a:\n")
	}
	tests := []struct {
		what, text string
		want       error
	}{
		{"aliases that multiply", bomb.String(), packager.ErrFormat},
		{"alias of itself", "optionset: &a\n  b: *a\n", packager.ErrFormat},
		{"deep mappings", deep.String(), packager.ErrLimit},
		{"deep flow lists", "optionset:\n  a: " + strings.Repeat("[", 20_000), packager.ErrLimit},
		{"deep lists", "optionset:\n" + strings.Repeat("- ", 5000) + "a", packager.ErrFormat},
		{"large", "optionset:\n  a: " + strings.Repeat("x", 9<<20), packager.ErrLimit},
		{"not UTF-8", "optionset:\n  a: \xff\n", packager.ErrFormat},
		{"UTF-16", "\xff\xfeo\x00:\x00", packager.ErrFormat},
		{"NUL", "optionset:\n  a: \x00\n", packager.ErrFormat},
		{"Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", packager.ErrFormat},
		{"a DTD is text", "optionset:\n  '<!DOCTYPE a>': b\n", packager.ErrFormat},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			_, err := yamlsource.Load(withFile(t, file, tt.text), nil)
			if !errors.Is(err, tt.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("got %.300v, want %v about %s", err, tt.want, file)
			}
		})
	}
}

// Limits of trees hold for sources.
func TestLimits(t *testing.T) {
	const file = "optionsets/smp_a/optionset.yml"
	text := "optionset:\n  '@Name': smp_a\n"
	for _, lim := range []packager.Limits{{Files: 3}, {FileBytes: 100}, {TotalBytes: 300}, {XMLBytes: 200}, {PathBytes: 20}, {PathDepth: 1}, {Depth: 2}} {
		_, err := yamlsource.Load(withFile(t, file, text), &yamlsource.Options{Limits: &lim})
		if !errors.Is(err, packager.ErrLimit) {
			t.Errorf("%+v: got %v", lim, err)
		}
	}
}

// FuzzLoad holds what is read to what the format promises: a package that can be read, and nothing lost without a word; no panic.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"optionset:\n  '@Name': smp_a\n  a: 1.0\n  b: \n  c: ''\n", "optionset:\n  '@Name': a\n  o:\n  - a\n  - '@v': 1\n    '#text': x\n  -\n",
		"optionset:\n  '@Name': a\n  a: >-\n    b\n\n    c\n  d: |+\n    e\n\n", "optionset: {a: [b, {c: d}], '@e': \"\\u2028\"}", "\ufeffoptionset:\r\n  a: &a b\r\n  c: *a\r\n", "optionset:\n  ? a\n  : b\n",
		"optionset:\n  n:\n    '@xsi:nil': true\n    '@xmlns:xsi': http://www.w3.org/2001/XMLSchema-instance\n", "--- !!map\noptionset:\n  a: b\n...\n---\n", "optionset:\n  a: x\n    y\n  'b': \"c\\\n    d\"\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tree, err := yamlsource.Load(withFile(t, "optionsets/smp_a/optionset.yml", string(text)), nil)
		if err != nil {
			var at *packager.Error
			var syntax *solution.SyntaxError
			if !errors.As(err, &at) && !errors.As(err, &syntax) {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		var zip bytes.Buffer
		found, err := packager.Pack(&zip, tree, nil)
		if err != nil {
			t.Fatalf("it was read, and can't be packed: %v (%v)", err, found)
		}
		pkg, err := packager.Open(bytes.NewReader(zip.Bytes()), int64(zip.Len()), nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := solution.ReadCustomizations(pkg)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(c.Bytes(), []byte("</optionset>")) + bytes.Count(c.Bytes(), []byte("<optionset")); n < 2 {
			t.Fatal("the package has no option set")
		}
	})
}
