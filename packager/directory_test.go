package packager_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
)

// TestDirectoryLimits holds the memory for a directory of many entries, or of a few with much in each, to what the limits are for,
// also if the zip says that it has one entry.
func TestDirectoryLimits(t *testing.T) {
	make := func(n, comment int, lie bool) []byte {
		var buf bytes.Buffer
		w := zip.NewWriter(&buf)
		for i := range n {
			if _, err := w.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("f%d", i), Comment: string(bytes.Repeat([]byte("c"), comment))}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data := buf.Bytes()
		if lie {
			end := data[len(data)-22:]
			copy(end[8:], []byte{1, 0, 1, 0})
		}
		return data
	}
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"many", make(60_000, 0, false)},
		{"many that are told as one", make(60_000, 0, true)},
		{"long comments", make(1000, 50_000, false)},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			peak := peakOf(func() {
				_, err = packager.Open(bytes.NewReader(c.data), int64(len(c.data)), &packager.Limits{Files: 1000})
			})
			var failed *packager.Error
			if !errors.As(err, &failed) || !errors.Is(err, packager.ErrLimit) {
				t.Errorf("error %v, want a limit", err)
			}
			if peak > 24<<20 {
				t.Errorf("%d kB of memory for a directory that is too large", peak>>10)
			}
		})
	}
}
