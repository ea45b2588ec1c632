package packager_test

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// A counted counts how often a deflate stream is used again.
type counted struct {
	w     *flate.Writer
	reset *atomic.Int64
}

func (c *counted) Write(p []byte) (int, error) { return c.w.Write(p) }
func (c *counted) Close() error                { return c.w.Close() }
func (c *counted) Reset(w io.Writer)           { c.reset.Add(1); c.w.Reset(w) }

func TestCompressor(t *testing.T) {
	tree, err := packager.Unpack(openZip(t, solutiontest.Zip(t, "solution Shop 1.0.0.0\nentity ct_order")), nil)
	if err != nil {
		t.Fatal(err)
	}
	var used, reset atomic.Int64
	opts := &packager.PackOptions{Workers: 1, Compressor: func(w io.Writer) (io.WriteCloser, error) {
		used.Add(1)
		f, err := flate.NewWriter(w, flate.HuffmanOnly)
		return &counted{f, &reset}, err
	}}
	var plugged, usual bytes.Buffer
	if _, err := packager.Pack(&plugged, tree, opts); err != nil {
		t.Fatal(err)
	}
	if _, err := packager.Pack(&usual, tree, nil); err != nil {
		t.Fatal(err)
	}
	first, second := openZip(t, plugged.Bytes()), openZip(t, usual.Bytes())
	// One was made for customizations.xml, which is compressed while it is joined, and one for all others.
	if n := int(used.Load() + reset.Load()); n != len(first.Names()) || n != len(second.Names()) || used.Load() != 2 {
		t.Errorf("%d writers made %d streams for %d entries", used.Load(), n, len(first.Names()))
	}
	if plugged.Len() <= usual.Len() {
		t.Errorf("%d bytes without matches, %d with", plugged.Len(), usual.Len())
	}
	again, err := packager.Unpack(first, nil)
	if err != nil {
		t.Fatal(err)
	}
	want, err := tree.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Digest(); err != nil || got != want {
		t.Errorf("digest %s, want %s (%v)", got, want, err)
	}

	used.Store(0)
	opts.Level = packager.Store
	if _, err := packager.Pack(io.Discard, tree, opts); err != nil || used.Load() != 0 {
		t.Errorf("%d streams in a package without compression (%v)", used.Load(), err)
	}
	broken := errors.New("broken")
	opts = &packager.PackOptions{Compressor: func(io.Writer) (io.WriteCloser, error) { return nil, broken }}
	var failed *packager.Error
	if _, err := packager.Pack(io.Discard, tree, opts); !errors.Is(err, broken) || !errors.As(err, &failed) || failed.Path != "customizations.xml" {
		t.Errorf("error %v", err)
	}
}
