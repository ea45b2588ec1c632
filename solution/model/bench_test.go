package model

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// BenchmarkRead makes the model of the largest real solution beside the checkout, and reads all columns of it, or every attribute and text.
func BenchmarkRead(b *testing.B) {
	zips, _ := filepath.Glob(filepath.Join(corpusDir, "*", "input.zip"))
	var largest solution.Parts
	size := 0
	for _, name := range zips {
		file, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { file.Close() })
		info, err := file.Stat()
		if err != nil {
			b.Fatal(err)
		}
		p, err := packager.Open(file, info.Size(), nil)
		if err != nil {
			continue
		}
		if src, err := p.ReadPart(solution.CustomizationsFile); err == nil && len(src) > size {
			largest, size = p, len(src)
		}
	}
	if largest == nil {
		b.Skipf("no corpus of real solutions at %s", corpusDir)
	}
	b.Run("index", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Read(largest); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("tables", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			m, err := Read(largest)
			if err != nil {
				b.Fatal(err)
			}
			for t := range m.Tables() {
				for c := range t.Columns() {
					_, _, _ = c.LogicalName(), c.DataType(), c.DisplayNames()
				}
			}
		}
	})
	b.Run("elements", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			m, err := Read(largest)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			var walk func(e Element)
			walk = func(e Element) {
				for range e.Attrs() {
					n++
				}
				if !e.HasChildren() {
					n += len(e.Text())
				}
				for x := range e.Children() {
					walk(x)
				}
			}
			walk(m.Root())
			if n == 0 {
				b.Fatal("nothing was read")
			}
		}
	})
}
