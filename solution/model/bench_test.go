package model

import (
	"bytes"
	"testing"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
)

// BenchmarkRead makes the model of the largest real solution beside the checkout, and reads all columns of it, or every attribute and text.
func BenchmarkRead(b *testing.B) {
	s, size := corpus.Largest(b)
	zip := s.Zip(b)
	largest, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		b.Fatal(err)
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
