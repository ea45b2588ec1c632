package zipw

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

const (
	// waitingBytes is how much compressed data may wait for its turn before no more work is handed out.
	// Solutions begin with their largest entry, so the others must be allowed to run well ahead.
	waitingBytes = 32 << 20
	// waitingJobs bounds the entries that wait without holding bytes of ours: raw copies.
	waitingJobs = 1 << 14
)

// A job is an entry on its way into the archive.
type job struct {
	entry    Entry
	body     body // compressed content, once done
	crc      uint32
	size     uint64
	err      error         // why there is no body
	panicked string        // why the worker has no error to report
	done     chan struct{} // closed when the fields above are final; nil when they always were
}

// run loads and compresses the content. A raw entry has nothing to do before it is written.
func (j *job) run(s settings) {
	if j.err = j.entry.check(); j.err != nil || j.entry.Raw != nil {
		return
	}
	if j.entry.Ahead != nil {
		j.entry.Ahead.take(j)
		return
	}
	data := j.entry.Data
	if j.entry.Load != nil {
		var err error
		if data, err = j.entry.Load(); err != nil {
			j.err = &EntryError{j.entry.Name, err}
			return
		}
	}
	j.crc = crc32.ChecksumIEEE(data)
	j.size = uint64(len(data))
	if err := j.body.fill(data, s.compress); err != nil {
		j.err = &EntryError{j.entry.Name, err}
	}
	j.entry.Data, j.entry.Load = nil, nil // the content is not needed while the job waits
}

// runSafely is run for a worker, and closes done. It catches a panic, which there would end the program out
// of the caller's reach, and notices that the goroutine is made to exit, as testing.T.FailNow does.
func (j *job) runSafely(s settings) {
	returned := false
	defer func() {
		if !returned {
			j.panicked = fmt.Sprintf("zip entry %q: %v\n\n%s", j.entry.Name, recover(), debug.Stack())
		}
		close(j.done)
	}()
	j.run(s)
	returned = true
}

// write puts a finished job into the archive and gives its memory back.
func (j *job) write(a *archive, s settings) error {
	if j.panicked != "" {
		panic(j.panicked)
	}
	if j.err != nil {
		return j.err
	}
	if j.entry.Raw != nil {
		return j.copyRaw(a)
	}
	r := record{name: j.entry.Name, method: methodStore, version: version20, crc: j.crc, size: j.size, packed: j.body.size()}
	if s.compress != nil {
		r.method, r.flags = methodDeflate, flagMaximum
	}
	if err := a.begin(r); err != nil {
		return err
	}
	return j.body.drain(a.w)
}

func (j *job) copyRaw(a *archive) error {
	f := j.entry.Raw
	r := record{name: j.entry.Name, method: f.Method, version: max(version20, f.ReaderVersion), crc: f.CRC32, size: f.UncompressedSize64, packed: f.CompressedSize64}
	switch f.Method {
	case methodStore:
		r.version = version20
	case methodDeflate:
		r.version, r.flags = version20, flagMaximum
	default:
		r.flags = f.Flags & flagsOfMethod
	}
	src, err := f.OpenRaw()
	if err != nil {
		return &EntryError{j.entry.Name, err}
	}
	if err := a.begin(r); err != nil {
		return err
	}
	in := &source{r: src}
	n, err := io.Copy(a.w, in)
	switch {
	case in.err != nil:
		return &EntryError{j.entry.Name, in.err}
	case err != nil:
		return err
	case uint64(n) != r.packed:
		return &EntryError{j.entry.Name, fmt.Errorf("copying %q: %w after %d of %d bytes", f.Name, io.ErrUnexpectedEOF, n, r.packed)}
	}
	return nil
}

// A source remembers an error of its reader, so that a failed copy can be blamed on one side.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// writeAlone is the archive made by one goroutine.
func writeAlone(a *archive, entries iter.Seq[Entry], s settings) error {
	var held atomic.Int64
	for e := range entries {
		j := job{entry: e, body: body{held: &held}}
		j.run(s)
		if err := j.write(a, s); err != nil {
			return err
		}
	}
	return nil
}

// writeTogether is the same archive made by s.workers goroutines and the caller's.
func writeTogether(a *archive, entries iter.Seq[Entry], s settings, limit int64) error {
	p := &pipeline{archive: a, settings: s, limit: limit, work: make(chan *job, s.workers)}
	defer p.stop()
	for e := range entries {
		if err := p.add(e); err != nil {
			return err
		}
	}
	for len(p.waiting) > 0 {
		if err := p.writeFirst(); err != nil {
			return err
		}
	}
	return nil
}

// A pipeline hands jobs to workers and writes them in the order they came. All its methods but work are for
// the caller's goroutine.
type pipeline struct {
	*archive
	settings
	limit   int64
	work    chan *job
	started int
	running sync.WaitGroup
	stopped atomic.Bool
	held    atomic.Int64 // bytes in the bodies of all waiting jobs
	waiting []*job       // not yet written, in order
}

// add queues e, after making room for it by writing what stands before it.
func (p *pipeline) add(e Entry) error {
	for len(p.waiting) > 0 && (p.held.Load() >= p.limit || len(p.waiting) >= waitingJobs) {
		if err := p.writeFirst(); err != nil {
			return err
		}
	}
	j := &job{entry: e, body: body{held: &p.held}}
	if e.Raw != nil {
		j.run(p.settings)
	} else {
		j.done = make(chan struct{})
		if err := p.hand(j); err != nil {
			return err
		}
	}
	p.waiting = append(p.waiting, j)
	for len(p.waiting) > 0 && p.waiting[0].finished() {
		if err := p.writeFirst(); err != nil {
			return err
		}
	}
	return nil
}

// hand gives j to the workers. While none can take it, it writes jobs that are ready.
func (p *pipeline) hand(j *job) error {
	if p.started < p.workers {
		p.started++
		p.running.Go(p.serve)
	}
	for {
		var first <-chan struct{}
		if len(p.waiting) > 0 {
			first = p.waiting[0].done
		}
		select {
		case p.work <- j:
			return nil
		case <-first:
			if err := p.writeFirst(); err != nil {
				return err
			}
		}
	}
}

// serve is a worker.
func (p *pipeline) serve() {
	for j := range p.work {
		if p.stopped.Load() {
			return
		}
		j.runSafely(p.settings)
	}
}

// writeFirst waits for the job whose turn it is and writes it.
func (p *pipeline) writeFirst() error {
	j := p.waiting[0]
	p.waiting[0] = nil
	p.waiting = p.waiting[1:]
	if j.done != nil {
		<-j.done
	}
	return j.write(p.archive, p.settings)
}

// finished reports whether the job can be written without waiting.
func (j *job) finished() bool {
	if j.done == nil {
		return true
	}
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// stop ends the workers; what is still queued is not loaded any more.
func (p *pipeline) stop() {
	p.stopped.Store(true)
	close(p.work)
	p.running.Wait()
}
