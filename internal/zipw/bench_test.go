package zipw

import (
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
)

// benchEntries are 40 entries of 100 KB and one of 4 MB in front, as in a large solution.
func benchEntries() (entries []Entry, size int64) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for i := range 41 {
		n := 100_000
		if i == 0 {
			n = 4_000_000
		}
		entries = append(entries, Entry{Name: fmt.Sprint("file", i), Data: element(rnd, n)})
		size += int64(n)
	}
	return entries, size
}

// BenchmarkFlate is the floor: one flate.Writer and the checksums, nothing else.
func BenchmarkFlate(b *testing.B) {
	entries, size := benchEntries()
	for _, level := range []int{1, 6} {
		b.Run(fmt.Sprint("level=", level), func(b *testing.B) {
			w, err := flate.NewWriter(io.Discard, level)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for _, e := range entries {
					w.Reset(io.Discard)
					crc32.ChecksumIEEE(e.Data)
					w.Write(e.Data)
					w.Close()
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	entries, size := benchEntries()
	for _, level := range []int{Store, 1, 6} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprint("level=", level, "/workers=", workers), func(b *testing.B) {
				b.SetBytes(size)
				b.ReportAllocs()
				for b.Loop() {
					if err := Write(io.Discard, slices.Values(entries), &Options{Level: level, Workers: workers}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkSmall is an archive of a thousand entries of 300 bytes.
func BenchmarkSmall(b *testing.B) {
	rnd := rand.New(rand.NewPCG(8, 8))
	var entries []Entry
	for i := range 1000 {
		entries = append(entries, Entry{Name: fmt.Sprint("file", i), Data: element(rnd, 300)})
	}
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprint("workers=", workers), func(b *testing.B) {
			b.SetBytes(1000 * 300)
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, slices.Values(entries), &Options{Workers: workers}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// onlyWriter hides everything but Write, as a network connection or a hash does.
type onlyWriter struct{ w io.Writer }

func (o onlyWriter) Write(p []byte) (int, error) { return o.w.Write(p) }

// BenchmarkRaw copies entries of another archive; bytes are those of the archives.
func BenchmarkRaw(b *testing.B) {
	entries, _ := benchEntries()
	var src bytes.Buffer
	if err := Write(&src, slices.Values(entries), &Options{Level: Store}); err != nil {
		b.Fatal(err)
	}
	var raw []Entry
	for _, f := range open(b, src.Bytes()).File {
		raw = append(raw, Entry{Name: f.Name, Raw: f})
	}
	out := bytes.NewBuffer(make([]byte, 0, src.Len()))
	b.SetBytes(int64(src.Len()))
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := Write(onlyWriter{out}, slices.Values(raw), nil); err != nil {
			b.Fatal(err)
		}
	}
	if !bytes.Equal(out.Bytes(), src.Bytes()) {
		b.Fatal("the copy differs")
	}
}
