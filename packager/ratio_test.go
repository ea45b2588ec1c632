package packager_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
)

// BenchmarkRatio holds Pack and Unpack against the least that must be done, in one run, as a machine is not equally fast at all
// times: deflate of the same bytes at the same level, inflate of the same zip, and the size of customizations.xml. Its metrics:
//
//   - %deflate: how much of the time of Pack plain deflate takes; one worker, and two where there are two processors.
//   - %inflate: how much of the time of Unpack and of reading all files plain inflate takes.
//   - xpeak: how often customizations.xml would fit into the memory that was in use at most, garbage included.
func BenchmarkRatio(b *testing.B) {
	data, _ := packager.Sample(b, 50_000_000)
	tree := loaded(b, data)
	var packed bytes.Buffer
	if _, err := packager.Pack(&packed, tree, nil); err != nil {
		b.Fatal(err)
	}
	_, size := inflated(b, data)
	entries, _ := inflated(b, packed.Bytes())
	peaks := func(b *testing.B, f func()) {
		b.ReportMetric(float64(peakOf(f))/float64(size), "xpeak")
	}
	for _, workers := range []int{1, 2} {
		b.Run([]string{"", "pack", "pack on two"}[workers], func(b *testing.B) {
			if runtime.GOMAXPROCS(0) < workers {
				b.Skip("there is one processor")
			}
			pack := func() {
				if _, err := packager.Pack(io.Discard, tree, &packager.PackOptions{Workers: workers}); err != nil {
					b.Fatal(err)
				}
			}
			against(b, "%deflate", size, func() { deflate(b, entries) }, pack)
			peaks(b, pack)
		})
	}
	b.Run("unpack", func(b *testing.B) {
		unpack := func() {
			p, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := unpackAll(p); err != nil {
				b.Fatal(err)
			}
		}
		against(b, "%inflate", size, func() { inflated(b, data) }, unpack)
		peaks(b, unpack)
	})
}

// against runs least and whole by turns, and reports how much of the time of whole least takes.
func against(b *testing.B, unit string, size int, least, whole func()) {
	b.SetBytes(int64(size))
	var floor time.Duration
	for b.Loop() {
		b.StopTimer()
		start := time.Now()
		least()
		floor += time.Since(start)
		b.StartTimer()
		whole()
	}
	b.ReportMetric(100*floor.Seconds()/b.Elapsed().Seconds(), unit)
}

// inflated returns the content of the entries of a zip, and how long customizations.xml is.
func inflated(b *testing.B, data []byte) (entries [][]byte, customizations int) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range r.File {
		e, err := f.Open()
		if err != nil {
			b.Fatal(err)
		}
		text := bytes.NewBuffer(make([]byte, 0, f.UncompressedSize64+bytes.MinRead))
		if _, err := text.ReadFrom(e); err != nil {
			b.Fatal(err)
		}
		if entries = append(entries, text.Bytes()); f.Name == "customizations.xml" {
			customizations = text.Len()
		}
	}
	return entries, customizations
}

func deflate(b *testing.B, entries [][]byte) {
	w, err := flate.NewWriter(io.Discard, flate.DefaultCompression)
	if err != nil {
		b.Fatal(err)
	}
	for _, data := range entries {
		w.Reset(io.Discard)
		if _, err := w.Write(data); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// loaded returns the tree of a zip as it is loaded from a folder.
func loaded(b *testing.B, data []byte) *packager.Tree {
	p, err := packager.Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		b.Fatal(err)
	}
	unpacked, err := packager.Unpack(p, nil)
	if err != nil {
		b.Fatal(err)
	}
	files := map[string][]byte{}
	for _, name := range unpacked.Names() {
		if files[name], err = unpacked.ReadFile(name); err != nil {
			b.Fatal(err)
		}
	}
	tree, err := packager.Load(memfs.New(files), nil)
	if err != nil {
		b.Fatal(err)
	}
	return tree
}
