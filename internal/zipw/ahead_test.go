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
	for _, size := range []int{0, 10, pieceSize - 1, pieceSize, 2*pieceSize + 77} {
		content := element(rnd, size)[:size]
		for _, opts := range []*Options{{Level: 1, Workers: 1}, {Level: 1, Workers: 2}, {Level: 6, Workers: 2}} {
			others := []Entry{{Name: "b", Data: []byte("b")}, {Name: "c", Data: element(rnd, 1000)}}
			want := archiveOf(t, opts, append([]Entry{{Name: "a", Data: content}}, others...)...)
			for _, step := range []int{1000, blockSize, 7 * blockSize} {
				for _, keeps := range []bool{false, true} {
					ahead := NewAhead(opts)
					var grown []byte
					for from := 0; from < size; from += step {
						grown = append(grown, content[from:min(from+step, size)]...)
						if keeps {
							ahead.Keeps(grown)
						} else {
							grown = ahead.Takes(grown)
						}
					}
					ahead.Ends(grown)
					got := archiveOf(t, opts, append([]Entry{{Name: "a", Ahead: ahead}}, others...)...)
					ahead.Stop()
					if !bytes.Equal(want, got) {
						t.Errorf("%d bytes in steps of %d at %+v, kept %t, give another archive", size, step, opts, keeps)
					}
				}
			}
		}
	}
}

func TestAheadIsStopped(t *testing.T) {
	for _, workers := range []int{1, 2} {
		ahead := NewAhead(&Options{Workers: workers})
		ahead.Takes(make([]byte, 2*pieceSize))
		ahead.Stop() // returns, though the content is not complete
		if ahead.held.Load() != 0 {
			t.Errorf("%d bytes are held", ahead.held.Load())
		}
		var entry *EntryError
		if err := Write(io.Discard, slices.Values([]Entry{{Name: "a", Ahead: ahead}}), nil); !errors.As(err, &entry) {
			t.Errorf("content that is not complete: error %v", err)
		}
	}
	if NewAhead(&Options{Workers: 2, Level: Store}) != nil || NewAhead(&Options{Level: 99}) != nil {
		t.Error("an Ahead that can't be of use")
	}
}

// Content that is made faster than it is compressed waits, and whoever makes it too.
func TestAheadWaits(t *testing.T) {
	opts := &Options{Workers: 2, Level: 1}
	content := make([]byte, queuedBytes+4*pieceSize)
	ahead := NewAhead(opts)
	for n := pieceSize; n < len(content); n += pieceSize {
		ahead.Keeps(content[:n])
		ahead.mu.Lock()
		queued := ahead.queued
		ahead.mu.Unlock()
		if queued > queuedBytes+pieceSize {
			t.Fatalf("%d bytes are waiting", queued)
		}
	}
	ahead.Ends(content)
	got := archiveOf(t, opts, Entry{Name: "a", Ahead: ahead})
	ahead.Stop()
	if !bytes.Equal(archiveOf(t, opts, Entry{Name: "a", Data: content}), got) {
		t.Error("another archive")
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
		ahead.Keeps(make([]byte, 2*pieceSize))
		ahead.Ends(make([]byte, 2*pieceSize+1))
		func() {
			defer ahead.Stop()
			defer func() {
				if r := recover(); (r != nil) != panics {
					t.Errorf("panic %v", r)
				}
			}()
			err := Write(io.Discard, slices.Values([]Entry{{Name: "a", Ahead: ahead}}), opts)
			var entry *EntryError
			if !errors.As(err, &entry) || entry.Name != "a" || !strings.Contains(err.Error(), "no more") {
				t.Errorf("error %v", err)
			}
		}()
	}
}
