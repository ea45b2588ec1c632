package model

import (
	"path/filepath"
	"reflect"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/solution"
)

// FuzzViews: whatever customizations.xml holds, no method of any view panics, and every component has a place in it.
func FuzzViews(f *testing.F) {
	names, err := filepath.Glob("testdata/views/*.txtar")
	if err != nil || len(names) == 0 {
		f.Fatalf("no cases (%v)", err)
	}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if file.Name == solution.CustomizationsFile {
				addComponents(f, file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		parts, err := solution.PartsOf(fstest.MapFS{solution.CustomizationsFile: {Data: src}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(parts)
		if err != nil {
			return
		}
		for c := range m.Components() {
			readAll(reflect.ValueOf(c.View()), 0)
			if start, end := c.Element().Span(); start < 0 || end <= start || end > len(src) || c.Part() != solution.CustomizationsFile {
				t.Errorf("%s stands at %d to %d of %q", c.Key(), start, end, c.Part())
			}
		}
	})
}

// addComponents adds a seed for each component: its element alone in the elements around it. The fuzzer shortens each input that
// is new to it, so large seeds cost it all its time.
func addComponents(f *testing.F, src []byte) {
	parts, err := solution.PartsOf(fstest.MapFS{solution.CustomizationsFile: {Data: src}})
	if err != nil {
		f.Fatal(err)
	}
	m, err := Read(parts)
	if err != nil {
		f.Fatal(err)
	}
	for c := range m.Components() {
		seed := string(c.Element().Bytes())
		for e := c.Element().Parent(); e.Exists(); e = e.Parent() {
			start, _ := e.Span()
			open, _ := e.Inner()
			seed = string(src[start:open]) + seed + "</" + e.Tag() + ">"
		}
		f.Add([]byte(seed))
	}
}
