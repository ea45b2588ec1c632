package zipw

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestAhead holds the bytes of an archive to those that are made without an Ahead, however the content grows.
func TestAhead(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for _, size := range []int{0, 10, 2*blockSize - 1, 2 * blockSize, 5*blockSize + 77} {
		content := element(rnd, size)[:size]
		for _, level := range []int{1, 6, Store} {
			opts := &Options{Level: level, Workers: 2}
			others := []Entry{{Name: "b", Data: []byte("b")}, {Name: "c", Data: element(rnd, 1000)}}
			want := archiveOf(t, opts, append([]Entry{{Name: "a", Data: content}}, others...)...)
			for _, step := range []int{1000, blockSize, 7 * blockSize} {
				ahead := NewAhead(opts)
				var grown []byte
				for from := 0; from < size; from += step {
					grown = append(grown, content[from:min(from+step, size)]...)
					ahead.Has(grown, false)
				}
				ahead.Has(grown, true)
				got := archiveOf(t, opts, append([]Entry{{Name: "a", Data: grown, Ahead: ahead}}, others...)...)
				ahead.Stop()
				if !bytes.Equal(want, got) {
					t.Errorf("%d bytes in steps of %d at level %d give another archive", size, step, level)
				}
			}
		}
	}
}

func TestAheadIsStopped(t *testing.T) {
	ahead := NewAhead(&Options{Workers: 2})
	ahead.Has(make([]byte, 4*blockSize), false)
	ahead.Stop() // returns, though the content is not complete
	if ahead.held.Load() != 0 {
		t.Errorf("%d bytes are held", ahead.held.Load())
	}
	if NewAhead(&Options{Workers: 1}) != nil || NewAhead(&Options{Workers: 2, Level: Store}) != nil || NewAhead(&Options{Level: 99}) != nil {
		t.Error("an Ahead that can't be of use")
	}
}

// faultyWriter fails, or panics, when it has taken some bytes.
type faultyWriter struct {
	left  int
	panic bool
}

func (w *faultyWriter) Write(p []byte) (int, error) {
	if w.left -= len(p); w.left >= 0 {
		return len(p), nil
	}
	if w.panic {
		panic("no more")
	}
	return 0, errors.New("no more")
}

func (w *faultyWriter) Close() error { return nil }

func TestAheadFails(t *testing.T) {
	for _, panics := range []bool{false, true} {
		opts := &Options{Workers: 2, Compressor: func(io.Writer) (io.WriteCloser, error) { return &faultyWriter{3 * blockSize, panics}, nil }}
		ahead := NewAhead(opts)
		content := make([]byte, 6*blockSize)
		ahead.Has(content, true)
		func() {
			defer ahead.Stop()
			defer func() {
				if r := recover(); (r != nil) != panics {
					t.Errorf("panic %v", r)
				}
			}()
			err := Write(io.Discard, slices.Values([]Entry{{Name: "a", Data: content, Ahead: ahead}}), opts)
			var entry *EntryError
			if !errors.As(err, &entry) || entry.Name != "a" || !strings.Contains(err.Error(), "no more") {
				t.Errorf("error %v", err)
			}
		}()
	}
}
