package zipw

import (
	"archive/zip"
	"compress/flate"
	"io"
	"reflect"
	"sync"
	"sync/atomic"
)

// chunkSize is the unit in which bodies take and give back memory: large enough that a chunk costs nothing
// beside compressing it, small enough that many small entries may wait.
const chunkSize = 32 << 10

type chunk [chunkSize]byte

// The pools are caches. What comes out of them does not depend on what was put in: chunks are overwritten
// before they are read, and a compressor that was reset writes what a new one writes (a test holds it to
// that).
var (
	chunks  = sync.Pool{New: func() any { return new(chunk) }}
	streams [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool // by level; *deflate
)

// A body is the content of an entry as the archive holds it.
type body struct {
	plain  []byte   // stored content
	chunks []*chunk // or compressed content, all full but the last
	length int      // of what the chunks hold
	held   *atomic.Int64
}

// fill makes the body of data. A nil compress stores it.
func (b *body) fill(data []byte, compress zip.Compressor) error {
	if compress == nil {
		b.plain = data
		b.held.Add(int64(len(data)))
		return nil
	}
	w, err := compress(b)
	if err != nil {
		return err
	}
	if err := writeBlocks(w, data); err != nil {
		return err
	}
	return w.Close()
}

// Write appends p, for the compressor.
func (b *body) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		used := b.length % chunkSize
		if used == 0 {
			b.chunks = append(b.chunks, chunks.Get().(*chunk))
			b.held.Add(chunkSize)
		}
		k := copy(b.chunks[len(b.chunks)-1][used:], p)
		b.length += k
		p = p[k:]
	}
	return n, nil
}

func (b *body) size() uint64 { return uint64(len(b.plain) + b.length) }

// drain writes the body to w and gives its memory back.
func (b *body) drain(w io.Writer) error {
	_, err := w.Write(b.plain)
	for i, c := range b.chunks {
		if err == nil {
			_, err = w.Write(c[:min(chunkSize, b.length-i*chunkSize)])
		}
		chunks.Put(c)
	}
	b.held.Add(-int64(len(b.plain) + len(b.chunks)*chunkSize))
	b.plain, b.chunks, b.length = nil, nil, 0
	return err
}

// deflater returns the compressor of the standard library for an [Options.Level] other than Store.
func deflater(level int) zip.Compressor {
	if level == 0 || level == flate.DefaultCompression {
		level = DefaultLevel
	}
	pool := &streams[level-flate.HuffmanOnly]
	return func(w io.Writer) (io.WriteCloser, error) {
		d, ok := pool.Get().(*deflate)
		if !ok {
			d = &deflate{pool: pool}
			d.out.Writer = w
			var err error
			d.Writer, err = flate.NewWriter(&d.out, level)
			return d, err
		}
		d.out.Writer = w
		d.Writer.Reset(&d.out)
		return d, nil
	}
}

// A deflate is a flate.Writer that goes back to its pool when it is closed without an error. It must not be
// used after that. It writes to out, not to the body itself, so that it can let go of the body: a Reset for
// that would cost as much as compressing some kilobytes.
type deflate struct {
	*flate.Writer
	out  struct{ io.Writer }
	pool *sync.Pool
}

// Close ends the stream.
func (d *deflate) Close() error {
	err := d.Writer.Close()
	d.out.Writer = nil
	if err == nil {
		d.pool.Put(d)
	}
	return err
}

// again returns a compressor that resets writers of another one which are done with, instead of asking for new ones, which take up to a
// megabyte each. Writers without a Reset of their own are used once.
func again(make zip.Compressor) zip.Compressor {
	var mu sync.Mutex
	var free []*reused
	return func(w io.Writer) (io.WriteCloser, error) {
		mu.Lock()
		if n := len(free) - 1; n >= 0 {
			r := free[n]
			free = free[:n]
			mu.Unlock()
			r.out.Writer = w
			r.WriteCloser.(resetter).Reset(&r.out)
			return r, nil
		}
		mu.Unlock()
		r := &reused{}
		r.out.Writer = w
		made, err := make(&r.out)
		if err != nil || !hasReset(made) {
			return made, err
		}
		r.WriteCloser = made
		r.free = func() {
			mu.Lock()
			free = append(free, r)
			mu.Unlock()
		}
		return r, nil
	}
}

type resetter interface{ Reset(io.Writer) }

// hasReset reports whether a writer can be reset by whoever was given it. One that embeds what has a Reset may give that back to a pool
// of its maker when it is closed, as a deflate here does, and then somebody else has it.
func hasReset(w io.WriteCloser) bool {
	if _, ok := w.(resetter); !ok {
		return false
	}
	t := reflect.TypeOf(w)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return true
	}
	reset := reflect.TypeFor[resetter]()
	for i := range t.NumField() {
		if f := t.Field(i); f.Anonymous && (f.Type.Implements(reset) || reflect.PointerTo(f.Type).Implements(reset)) {
			return false
		}
	}
	return true
}

// A reused is a writer of somebody else that is used again when it was closed without an error. As a [deflate], it lets go of the body.
type reused struct {
	io.WriteCloser
	out  struct{ io.Writer }
	free func()
}

// Close ends the stream.
func (r *reused) Close() error {
	err := r.WriteCloser.Close()
	r.out.Writer = nil
	if err == nil {
		r.free()
	}
	return err
}
