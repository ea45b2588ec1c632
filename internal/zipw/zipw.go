// Package zipw writes zip archives whose bytes depend on nothing but the entries and the options.
//
// # What an archive looks like
//
//   - Entries stand in the order given, under the names given, byte for byte. Nothing is sorted, cleaned,
//     merged or refused as a duplicate: names are the caller's business.
//   - Every entry is deflated, also where that makes it longer, unless the whole archive is asked to be
//     stored. Entries taken over from another archive keep their method and their compressed bytes.
//   - Checksum and sizes stand in the local header. There are no data descriptors (flag bit 3 is clear),
//     so an archive can be read as a stream, and it can be written to something that cannot seek.
//   - The remaining header fields are those of the reference tool on Windows, observed on the archives it
//     wrote: flags 0x0002, made by version 4.5 on FAT, version needed 2.0, no extra fields, no comments,
//     internal and external attributes 0. Flag bit 11 is set in addition for a name that is valid UTF-8
//     and not plain ASCII, as public documentation of the format asks.
//   - All entries carry one time stamp, 1980-01-01 00:00:00 if none is given: the first that the format
//     can express.
//   - Zip64 records appear only where a size or an offset does not fit 32 bits, or with 65535 entries and
//     more.
//
// # Speed and memory
//
// Entries are loaded and compressed by several workers and written in order by the goroutine that called
// [Write]. The number of workers never changes a byte, nor which error is returned: it is that of the first
// entry that fails, in order.
//
// While the entry whose turn it is to be written is still being compressed, the workers run ahead, until 32
// MiB of finished entries wait. So the memory in use is at most 32 MiB, plus the compressed form of two
// entries a worker (one in work, one queued), plus the loaded content of one entry a worker, plus the
// archive's directory (46 bytes and the name, an entry). An entry is never split: its bytes are one plain
// deflate stream, and one very large entry keeps one worker busy. What makes such an entry piece by piece can have the pieces
// compressed meanwhile, see [Ahead]; that takes the compressed form of this entry in addition, and the pieces that wait, 64 MiB at most.
//
// The bytes of compress/flate differ between Go releases. Equal entries and options give equal bytes for
// one version of this module and one Go release.
package zipw

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"time"
)

// An Entry is one file of an archive. Its content is Data, or what Load returns, or what Raw or Ahead holds; at most
// one of the four may be set, and an entry with none is an empty file.
type Entry struct {
	// Name is written as it is, whatever its bytes. At most 65535 bytes.
	Name string
	// Data is the content. It is only read, and not after Write has returned.
	Data []byte
	// Load makes the content when its turn comes. It is called at most once, by a worker, so the Load
	// functions of different entries run at the same time. It is never running after Write has returned.
	Load func() ([]byte, error)
	// Raw is a file of an archive that was read. Its compressed bytes, checksum, sizes and method are
	// taken over unseen; its name, time, attributes and extra fields are not.
	Raw *zip.File
	// Ahead has compressed the content. It gives it to one archive only.
	Ahead *Ahead
}

// Store as [Options.Level] writes entries without compression. Such archives are equal on every Go release.
const Store = -3

// DefaultLevel is the deflate level that stands behind the zero value of [Options.Level].
const DefaultLevel = 6

// Options say how to write. The nil pointer and the zero value mean the defaults.
type Options struct {
	// Level is a level of compress/flate from -2 to 9, or Store. 0 means DefaultLevel, as -1 does.
	Level int
	// Workers is the number of entries compressed at the same time; 0 means GOMAXPROCS. With one worker
	// everything happens in the calling goroutine. The output is the same for any number.
	Workers int
	// Time is the time stamp of all entries, as the clock shows it in Time's own location, in steps of
	// two seconds. The zero Time means 1980-01-01 00:00:00. Years before 1980 and after 2107 are refused.
	Time time.Time
	// Compressor, if not nil, makes the deflate streams in place of compress/flate; Level is then not
	// used, unless it is Store. It is called by several workers at the same time, for each entry, unless the writers it makes have
	// a Reset(io.Writer) as that of a flate.Writer: these are reset when they are closed, and used for further entries of the archive.
	// For the promises of this package its output must depend on its input alone, and not on what was written before a reset.
	Compressor zip.Compressor
}

// An EntryError says which entry could not be written. Err is an error of the entry's Load function, of the
// compressor, of reading the archive behind Raw, or says what is wrong with the entry.
type EntryError struct {
	Name string
	Err  error
}

func (e *EntryError) Error() string { return fmt.Sprintf("zip entry %q: %v", e.Name, e.Err) }

// Unwrap returns Err.
func (e *EntryError) Unwrap() error { return e.Err }

// Write writes entries to w as one zip archive.
//
// The error is an [*EntryError] when an entry is to blame; an error of w comes back as it is. After an error
// w holds the beginning of an archive, without a directory. A panic of a Load function or a compressor
// reaches the caller of Write.
func Write(w io.Writer, entries iter.Seq[Entry], opts *Options) error {
	return write(w, entries, opts, waitingBytes)
}

// write is Write with another limit for finished entries that wait.
func write(w io.Writer, entries iter.Seq[Entry], opts *Options, limit int64) error {
	s, err := opts.settings()
	if err != nil {
		return err
	}
	a := &archive{w: bufio.NewWriterSize(w, 64<<10), time: s.time, date: s.date}
	if s.workers == 1 {
		err = writeAlone(a, entries, s)
	} else {
		err = writeTogether(a, entries, s, limit)
	}
	if err != nil {
		return err
	}
	return a.finish()
}

// settings are checked options with the defaults filled in.
type settings struct {
	compress   zip.Compressor // nil: store
	workers    int
	time, date uint16 // MS-DOS form
}

func (o *Options) settings() (settings, error) {
	if o == nil {
		o = &Options{}
	}
	s := settings{compress: o.Compressor, workers: o.Workers}
	switch level := o.Level; {
	case level == Store:
		s.compress = nil
	case level < flate.HuffmanOnly || level > flate.BestCompression:
		return s, fmt.Errorf("compression level %d: use -2 to 9, or %d to store", level, Store)
	case s.compress == nil:
		s.compress = deflater(level)
	default:
		s.compress = again(s.compress)
	}
	switch {
	case s.workers < 0:
		return s, fmt.Errorf("%d workers: use 1 or more, or 0 for one a processor", s.workers)
	case s.workers == 0:
		s.workers = runtime.GOMAXPROCS(0)
	}
	var err error
	s.date, s.time, err = dosTime(o.Time)
	return s, err
}

// dosTime returns t in the form of the format: 7 bits year since 1980, 4 month, 5 day; 5 bits hour, 6 minute,
// 5 half seconds.
func dosTime(t time.Time) (date, clock uint16, err error) {
	if t.IsZero() {
		return 1<<5 | 1, 0, nil
	}
	if y := t.Year(); y < 1980 || y > 1980+127 {
		return 0, 0, fmt.Errorf("time stamp %s: a zip archive can hold the years 1980 to 2107", t.Format(time.RFC3339))
	}
	date = uint16((t.Year()-1980)<<9 | int(t.Month())<<5 | t.Day())
	clock = uint16(t.Hour()<<11 | t.Minute()<<5 | t.Second()/2)
	return date, clock, nil
}

// flagsNoCopy are the flags of entries whose compressed bytes mean nothing without more of their archive:
// encryption (bit 0, 6 and 13) and patch data (bit 5).
const flagsNoCopy = 1<<0 | 1<<5 | 1<<6 | 1<<13

// check returns what is wrong with e, before anything of it is read.
func (e *Entry) check() error {
	switch {
	case len(e.Name) > 0xffff:
		return &EntryError{e.Name[:64] + "...", fmt.Errorf("the name has %d bytes: a zip archive allows 65535", len(e.Name))}
	case e.Raw != nil && (e.Load != nil || e.Data != nil), e.Load != nil && e.Data != nil, e.Ahead != nil && (e.Raw != nil || e.Load != nil || e.Data != nil):
		return &EntryError{e.Name, errors.New("more than one of Data, Load, Raw and Ahead is set")}
	case e.Raw != nil && e.Raw.Flags&flagsNoCopy != 0:
		return &EntryError{e.Name, fmt.Errorf("%q is encrypted or a patch: it cannot be copied", e.Raw.Name)}
	}
	return nil
}
