package zipw

import (
	"archive/zip"
	"fmt"
	"hash/crc32"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// blockSize is how much content a compressor is given at one time, so that its output does not depend on when the content was
// there.
const blockSize = 256 << 10

// writeBlocks writes data to w in blocks.
func writeBlocks(w io.Writer, data []byte) error {
	for len(data) > 0 {
		n := min(len(data), blockSize)
		if _, err := w.Write(data[:n]); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// An Ahead compresses the content of an entry while the content is still made, by a goroutine of its own. The bytes of the archive
// are those that they would be without it. A nil Ahead does nothing.
type Ahead struct {
	compress zip.Compressor
	mu       sync.Mutex
	grown    *sync.Cond
	content  []byte // what there is of it
	complete bool
	stopped  bool
	started  bool
	held     atomic.Int64

	// These are final when done is closed.
	done     chan struct{}
	body     body
	crc      uint32
	err      error
	panicked string
}

// NewAhead returns an Ahead for an entry of an archive that is going to be written with the same options. It is nil if that would
// not be faster, or the options are wrong. Stop has to be called in the end.
func NewAhead(opts *Options) *Ahead {
	s, err := opts.settings()
	if err != nil || s.compress == nil || s.workers < 2 {
		return nil
	}
	a := &Ahead{compress: s.compress, done: make(chan struct{})}
	a.grown = sync.NewCond(&a.mu)
	a.body.held = &a.held
	return a
}

// Has says that content is what there is of the content so far, or all of it. It begins with what was said before, and its bytes
// must not change. All of it is what an entry has as its data.
func (a *Ahead) Has(content []byte, complete bool) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.started && len(content) >= 2*blockSize {
		a.started = true
		go a.run()
	}
	a.content, a.complete = content, complete
	a.grown.Signal()
}

// next waits for a block from an offset on. It is shorter than others only at the end of the content, and false if there is none.
func (a *Ahead) next(offset int) ([]byte, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for !a.stopped && !a.complete && len(a.content) < offset+blockSize {
		a.grown.Wait()
	}
	if a.stopped || offset >= len(a.content) {
		return nil, false
	}
	return a.content[offset:min(offset+blockSize, len(a.content))], true
}

func (a *Ahead) run() {
	returned := false
	defer func() {
		if !returned {
			a.panicked = fmt.Sprintf("%v\n\n%s", recover(), debug.Stack())
		}
		close(a.done)
	}()
	a.err = a.compressAll()
	returned = true
}

func (a *Ahead) compressAll() error {
	w, err := a.compress(&a.body)
	if err != nil {
		return err
	}
	for offset := 0; ; {
		block, ok := a.next(offset)
		if !ok {
			return w.Close()
		}
		a.crc = crc32.Update(a.crc, crc32.IEEETable, block)
		if _, err := w.Write(block); err != nil {
			return err
		}
		offset += len(block)
	}
}

// take waits for the end and gives j what was made. It reports whether something was.
func (a *Ahead) take(j *job) bool {
	if a == nil {
		return false
	}
	a.mu.Lock()
	started := a.started
	a.mu.Unlock()
	if !started {
		return false
	}
	<-a.done
	if a.panicked != "" {
		panic(a.panicked)
	}
	if a.err != nil {
		j.err = &EntryError{j.entry.Name, a.err}
		return true
	}
	j.body, j.crc, j.size = a.body, a.crc, uint64(len(a.content))
	a.body = body{}
	return true
}

// Stop ends the work, if it is still going on, and waits for its end.
func (a *Ahead) Stop() {
	if a == nil {
		return
	}
	a.mu.Lock()
	a.stopped = true
	started := a.started
	a.grown.Signal()
	a.mu.Unlock()
	if started {
		<-a.done
		if a.body.held != nil {
			_ = a.body.drain(io.Discard)
		}
	}
}
