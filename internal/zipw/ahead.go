package zipw

import (
	"archive/zip"
	"errors"
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

// pieceSize is how much content is handed to the goroutine of an [Ahead] at one time.
const pieceSize = 4 * blockSize

// queuedBytes is how much content waits for that goroutine before whoever makes it has to wait.
const queuedBytes = 64 << 20

// An Ahead compresses the content of an entry while the content is still made, by a goroutine of its own if there are several
// workers. The bytes of the archive are those that they would be without it. A nil Ahead does nothing.
type Ahead struct {
	compress zip.Compressor
	apart    bool // there is a goroutine
	held     atomic.Int64

	// What follows is for whoever makes the content.
	kept  int  // how much of content that is kept has been handed over
	ended bool // all of it has been

	mu       sync.Mutex
	changed  *sync.Cond
	pieces   []piece // still to be compressed: whole blocks, but for the last
	queued   int
	free     [][]byte // memory of pieces that are done with
	complete bool
	stopped  bool
	started  bool

	// These are final when done is closed, which the goroutine does.
	done     chan struct{}
	writer   io.WriteCloser
	body     body
	crc      uint32
	size     uint64
	err      error
	panicked string
}

// A piece is a part of the content.
type piece struct {
	data []byte
	own  bool // its memory is used again
}

// NewAhead returns an Ahead for an entry of an archive that is going to be written with the same options. It is nil if the archive
// is not compressed, or the options are wrong. Stop has to be called in the end.
func NewAhead(opts *Options) *Ahead {
	s, err := opts.settings()
	if err != nil || s.compress == nil {
		return nil
	}
	a := &Ahead{compress: s.compress, apart: s.workers > 1, done: make(chan struct{})}
	a.changed = sync.NewCond(&a.mu)
	a.body.held = &a.held
	return a
}

// Apart reports whether a goroutine of its own compresses.
func (a *Ahead) Apart() bool { return a != nil && a.apart }

// Keeps says that content is what there is of the content so far. It begins with what was said before, and its bytes must not
// change.
func (a *Ahead) Keeps(content []byte) {
	if a == nil {
		return
	}
	if n := len(content) - a.kept; n >= pieceSize {
		n -= n % blockSize
		a.put(piece{content[a.kept : a.kept+n], false})
		a.kept += n
	}
}

// Takes takes over the memory of what has come to the content since the last call, and returns what to go on with appending to: it may begin
// with the end of what was given. It does nothing as long as there is little.
func (a *Ahead) Takes(content []byte) []byte {
	if a == nil || len(content) < pieceSize {
		return content
	}
	whole := len(content) - len(content)%blockSize
	rest := content[whole:]
	if !a.apart {
		a.put(piece{content[:whole], false})
		return append(content[:0], rest...)
	}
	next := append(a.memory(), rest...)
	a.put(piece{content[:whole], true})
	return next
}

// Ends says that the content ends with rest, which is what Takes returned last, and what was appended to it. After Keeps, it is
// all of the content. The bytes must not change.
func (a *Ahead) Ends(rest []byte) {
	if a == nil {
		return
	}
	a.ended = true
	if rest = rest[a.kept:]; len(rest) > 0 {
		a.put(piece{rest, false})
	}
	a.mu.Lock()
	a.complete = true
	a.changed.Broadcast()
	a.mu.Unlock()
	if !a.apart && a.err == nil && a.writer != nil {
		a.err = a.writer.Close()
	}
}

// memory returns memory of a piece that is done with, or new one.
func (a *Ahead) memory() []byte {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.free) - 1; n >= 0 {
		b := a.free[n]
		a.free = a.free[:n]
		return b
	}
	return make([]byte, 0, pieceSize+pieceSize/4)
}

// put hands a piece over. Where much is waiting, it waits too.
func (a *Ahead) put(p piece) {
	if !a.apart {
		a.write(p.data)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.started {
		a.started = true
		go a.run()
	}
	for a.queued >= queuedBytes && !a.stopped {
		a.changed.Wait()
	}
	a.pieces = append(a.pieces, p)
	a.queued += len(p.data)
	a.changed.Broadcast()
}

// next gives back a piece that is done with and waits for the next one. It is false if there is none.
func (a *Ahead) next(last piece) (piece, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last.own {
		a.free = append(a.free, last.data[:0])
	}
	for !a.stopped && !a.complete && len(a.pieces) == 0 {
		a.changed.Wait()
	}
	if a.stopped || len(a.pieces) == 0 {
		return piece{}, false
	}
	p := a.pieces[0]
	a.pieces[0] = piece{}
	a.pieces = a.pieces[1:]
	a.queued -= len(p.data)
	a.changed.Broadcast()
	return p, true
}

func (a *Ahead) run() {
	returned := false
	defer func() {
		if !returned {
			a.panicked = fmt.Sprintf("%v\n\n%s", recover(), debug.Stack())
			a.mu.Lock()
			a.stopped = true // nobody takes pieces any more
			a.changed.Broadcast()
			a.mu.Unlock()
		}
		close(a.done)
	}()
	for p, ok := a.next(piece{}); ok; p, ok = a.next(p) {
		a.write(p.data)
	}
	if a.err == nil && a.writer != nil {
		a.err = a.writer.Close()
	}
	returned = true
}

// write compresses a piece. After an error it does nothing.
func (a *Ahead) write(data []byte) {
	if a.err != nil {
		return
	}
	if a.writer == nil {
		if a.writer, a.err = a.compress(&a.body); a.err != nil {
			return
		}
	}
	a.crc = crc32.Update(a.crc, crc32.IEEETable, data)
	a.size += uint64(len(data))
	a.err = writeBlocks(a.writer, data)
}

// take waits for the end and gives j what was made.
func (a *Ahead) take(j *job) {
	if !a.ended {
		j.err = &EntryError{j.entry.Name, errors.New("its content is not complete")}
		return
	}
	a.mu.Lock()
	started := a.started
	a.mu.Unlock()
	if started {
		<-a.done
	}
	if a.panicked != "" {
		panic(a.panicked)
	}
	if a.err != nil {
		j.err = &EntryError{j.entry.Name, a.err}
		return
	}
	if a.writer == nil { // it is empty
		if a.err = a.body.fill(nil, a.compress); a.err != nil {
			j.err = &EntryError{j.entry.Name, a.err}
			return
		}
	}
	j.body, j.crc, j.size = a.body, a.crc, a.size
	a.body = body{}
}

// Stop ends the work, if it is still going on, and waits for its end.
func (a *Ahead) Stop() {
	if a == nil {
		return
	}
	a.mu.Lock()
	a.stopped = true
	started := a.started
	a.changed.Broadcast()
	a.mu.Unlock()
	if started {
		<-a.done
	}
	if a.body.held != nil {
		_ = a.body.drain(io.Discard)
	}
}
