// Package msapp reads and makes the documents of canvas apps, .msapp files, which are zips of a narrow kind.
//
// # The container
//
// Entries are named with "\" ("Controls\1.json"). All of some 280 apps that were looked at have: one local record an entry, one
// behind the other from the first byte on, in the order of the directory; deflate, no flags, no extra fields, no comments,
// no data descriptors, no Zip64. What differs besides the content are the time stamps and the system in "version made by".
//
// An entry that stays is copied with both of its records, so all of that stays too, whatever encoder made its stream: no encoder at
// hand makes the same bytes again. An entry that changes is compressed anew and keeps name, time stamp and version.
//
// What a file of this form can't be is an error, and whoever asked leaves the file alone: not a zip at all, Zip64, encrypted
// entries, two entries of one name, entries that share bytes.
package msapp

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ErrLimit says that an app is larger than its [Limits] allow.
var ErrLimit = errors.New("limit exceeded")

// ErrFormat says that the bytes are no app.
var ErrFormat = errors.New("not the document of a canvas app")

// Limits bound what is read. A zero field means its default.
type Limits struct {
	Entries    int   // default 100,000
	EntryBytes int64 // of one entry, inflated; default 1 GiB
	TotalBytes int64 // of all of them; default 4 GiB
}

func (l *Limits) withDefaults() Limits {
	var out Limits
	if l != nil {
		out = *l
	}
	if out.Entries <= 0 {
		out.Entries = 100_000
	}
	if out.EntryBytes <= 0 {
		out.EntryBytes = 1 << 30
	}
	if out.TotalBytes <= 0 {
		out.TotalBytes = 4 << 30
	}
	return out
}

const (
	localMark, directoryMark, endMark = 0x04034b50, 0x02014b50, 0x06054b50
	localSize, directorySize, endSize = 30, 46, 22

	store, deflate = 0, 8

	flagEncrypted  = 1 << 0
	flagDescriptor = 1 << 3
	flagUTF8       = 1 << 11
	flagsNoCopy    = flagEncrypted | 1<<5 | 1<<6 | 1<<13 // patches and other encryptions

	version20 = 20
)

var le = binary.LittleEndian

// An App is a parsed document. It is immutable and safe for concurrent use.
type App struct {
	src     []byte
	entries []*Entry // in the order of the directory
	byKey   map[string]*Entry
}

// An Entry is one file of an app.
type Entry struct {
	Name string // exactly as it stands there
	Path string // with "/" in the place of "\"
	Size int64  // inflated

	local, directory []byte // the records: headers with what belongs to them; local ends before the content
	packed           []byte
	trailer          []byte // the data descriptor, if there is one
	offset           int
}

// Bytes returns the bytes of the app. They must not be changed.
func (a *App) Bytes() []byte { return a.src }

// Entries returns the entries in the order of the directory. The list must not be changed.
func (a *App) Entries() []*Entry { return a.entries }

// Find returns the entry of a path, nil if there is none. Letter case and the kind of slashes do not count.
func (a *App) Find(p string) *Entry { return a.byKey[Fold(p)] }

// Fold is the key under which two names of entries are one.
func Fold(name string) string { return strings.ToUpper(strings.ReplaceAll(name, `\`, "/")) }

// Parse reads the directory of an app. Entries are inflated when they are read, so src must not change.
func Parse(src []byte, lim *Limits) (*App, error) {
	limits := lim.withDefaults()
	end, err := findEnd(src)
	if err != nil {
		return nil, err
	}
	count, at := int(le.Uint16(src[end+10:])), int(le.Uint32(src[end+16:]))
	stop := at + int(le.Uint32(src[end+12:]))
	switch {
	case le.Uint16(src[end+4:]) != 0 || le.Uint16(src[end+6:]) != 0 || int(le.Uint16(src[end+8:])) != count:
		return nil, fmt.Errorf("%w: it is part of a zip of several files", ErrFormat)
	case count == 0xffff || uint32(at) == 0xffffffff:
		return nil, fmt.Errorf("%w: it is in the form for large zips (Zip64), which no app has", ErrFormat)
	case at < 0 || stop < at || stop > end:
		return nil, fmt.Errorf("%w: its directory is not where its end says", ErrFormat)
	case count > limits.Entries:
		return nil, fmt.Errorf("%d entries: %w of %d", count, ErrLimit, limits.Entries)
	case count > (stop-at)/directorySize:
		return nil, fmt.Errorf("%w: its end says %d entries, for which its directory is too short", ErrFormat, count)
	}
	a := &App{src: src, byKey: make(map[string]*Entry, count)}
	var total int64
	for range count {
		e, next, err := parseEntry(src, at, stop)
		if err != nil {
			return nil, err
		}
		at = next
		key := Fold(e.Name)
		switch {
		case a.byKey[key] != nil:
			return nil, fmt.Errorf("%q: %w: two entries have this name", e.Name, ErrFormat)
		case e.Size > limits.EntryBytes:
			return nil, fmt.Errorf("%q: %d bytes: %w of %d", e.Name, e.Size, ErrLimit, limits.EntryBytes)
		}
		if total += e.Size; total > limits.TotalBytes {
			return nil, fmt.Errorf("%q: more than %d bytes up to here: %w", e.Name, limits.TotalBytes, ErrLimit)
		}
		a.byKey[key] = e
		a.entries = append(a.entries, e)
	}
	return a, a.apart()
}

// findEnd returns where the record at the end of a zip begins.
func findEnd(src []byte) (int, error) {
	for i := len(src) - endSize; i >= 0 && i >= len(src)-endSize-0xffff; i-- {
		if le.Uint32(src[i:]) == endMark && i+endSize+int(le.Uint16(src[i+20:])) == len(src) {
			return i, nil
		}
	}
	if len(src) == 0 {
		return 0, fmt.Errorf("%w: it is empty", ErrFormat)
	}
	return 0, fmt.Errorf("%w: it is no zip", ErrFormat)
}

// parseEntry reads the record of the directory at an offset, and the local one that it names.
func parseEntry(src []byte, at, stop int) (e *Entry, next int, err error) {
	if at+directorySize > stop || le.Uint32(src[at:]) != directoryMark {
		return nil, 0, fmt.Errorf("%w: its directory is damaged", ErrFormat)
	}
	d := src[at:]
	nameEnd := directorySize + int(le.Uint16(d[28:]))
	next = at + nameEnd + int(le.Uint16(d[30:])) + int(le.Uint16(d[32:]))
	if next > stop {
		return nil, 0, fmt.Errorf("%w: its directory is cut off", ErrFormat)
	}
	e = &Entry{Name: string(d[directorySize:nameEnd]), directory: src[at:next], Size: int64(le.Uint32(d[24:])), offset: int(le.Uint32(d[42:]))}
	e.Path = strings.ReplaceAll(e.Name, `\`, "/")
	bad := func(what string) (*Entry, int, error) {
		return nil, 0, fmt.Errorf("%q: %w: %s", e.Name, ErrFormat, what)
	}
	flags, method, packed := le.Uint16(d[8:]), le.Uint16(d[10:]), int(le.Uint32(d[20:]))
	switch {
	case flags&flagsNoCopy != 0:
		return bad("the entry is encrypted, or a patch")
	case method != store && method != deflate:
		return bad(fmt.Sprintf("compression method %d: only store and deflate are supported", method))
	case e.Name == "" || strings.HasSuffix(e.Path, "/"):
		return bad("the entry is a folder")
	case uint32(packed) == 0xffffffff || uint32(e.offset) == 0xffffffff:
		return bad("the entry is in the form for large zips (Zip64), which no app has")
	case e.offset+localSize > len(src) || le.Uint32(src[e.offset:]) != localMark:
		return bad("it is not where the directory says")
	}
	l := src[e.offset:]
	header := localSize + int(le.Uint16(l[26:])) + int(le.Uint16(l[28:]))
	switch {
	case header+packed > len(l):
		return bad("it is cut off")
	case string(l[localSize:min(header, localSize+int(le.Uint16(l[26:])))]) != e.Name:
		return bad("it has another name where it stands")
	case le.Uint16(l[6:]) != flags || le.Uint16(l[8:]) != method:
		return bad("its two headers differ")
	}
	e.local, e.packed = l[:header:header], l[header:header+packed:header+packed]
	if flags&flagDescriptor != 0 {
		rest, n := l[header+packed:], 12
		if len(rest) >= 4 && le.Uint32(rest) == 0x08074b50 {
			n = 16
		}
		if len(rest) < n {
			return bad("it is cut off")
		}
		e.trailer = rest[:n:n]
	}
	return e, next, nil
}

// apart refuses entries that share bytes, of which a small file can have a great many.
func (a *App) apart() error {
	list := slices.SortedFunc(slices.Values(a.entries), func(x, y *Entry) int { return cmp.Compare(x.offset, y.offset) })
	end := 0
	for _, e := range list {
		if e.offset < end {
			return fmt.Errorf("%q: %w: it shares bytes with another entry", e.Name, ErrFormat)
		}
		end = e.offset + len(e.local) + len(e.packed) + len(e.trailer)
	}
	return nil
}

// Time returns the time stamp as it is stored: the date of MS-DOS in the upper half, the time in the lower.
func (e *Entry) Time() uint32 {
	return uint32(le.Uint16(e.directory[14:]))<<16 | uint32(le.Uint16(e.directory[12:]))
}

// MadeBy returns the field "version made by", whose upper half is the system.
func (e *Entry) MadeBy() uint16 { return le.Uint16(e.directory[4:]) }

// Read inflates the entry and checks its length and checksum.
func (e *Entry) Read() ([]byte, error) {
	data := e.packed
	if le.Uint16(e.directory[10:]) == deflate {
		r := flate.NewReader(bytes.NewReader(e.packed))
		var buf bytes.Buffer
		if e.Size <= int64(len(e.packed))*1032+64 { // deflate can't do better, so the size is possible
			buf.Grow(int(e.Size) + bytes.MinRead)
		}
		if _, err := buf.ReadFrom(io.LimitReader(r, e.Size+1)); err != nil {
			return nil, fmt.Errorf("%q: %w: its compressed data is damaged: %w", e.Name, ErrFormat, err)
		}
		data = buf.Bytes()
	}
	switch {
	case int64(len(data)) != e.Size:
		return nil, fmt.Errorf("%q: %w: it has not the %d bytes that the directory says", e.Name, ErrFormat, e.Size)
	case crc32.ChecksumIEEE(data) != le.Uint32(e.directory[16:]):
		return nil, fmt.Errorf("%q: %w: its checksum is wrong", e.Name, ErrFormat)
	}
	return data, nil
}

// An Item is an entry of an app that is to be made: one of another app as it stands there, the same with other bytes, or a new one.
type Item struct {
	Entry *Entry // copied, if Data is nil
	Data  []byte // not nil: the content

	// Of a new one.
	Name   string
	Time   uint32
	MadeBy uint16
}

// Build makes an app of entries, in their order. Equal items give equal bytes for one release of Go.
func Build(items []Item) ([]byte, error) {
	if len(items) >= 0xffff {
		return nil, fmt.Errorf("%d entries: %w of %d", len(items), ErrLimit, 0xffff-1)
	}
	var out, directory []byte
	for i := range items {
		x := &items[i]
		at := len(out)
		record := bytes.Clone(x.directory())
		if x.Data == nil && x.Entry != nil {
			out = append(append(append(out, x.Entry.local...), x.Entry.packed...), x.Entry.trailer...)
		} else {
			packed, err := compress(x.Data)
			if err != nil {
				return nil, err
			}
			flags := le.Uint16(record[8:]) & flagUTF8
			le.PutUint16(record[8:], flags)
			le.PutUint16(record[10:], deflate)
			le.PutUint32(record[16:], crc32.ChecksumIEEE(x.Data))
			le.PutUint32(record[20:], uint32(len(packed)))
			le.PutUint32(record[24:], uint32(len(x.Data)))
			out = append(appendLocal(out, record), packed...)
		}
		if int64(len(out)) >= 0xffffffff {
			return nil, fmt.Errorf("more than 4 GiB: %w", ErrLimit)
		}
		le.PutUint32(record[42:], uint32(at))
		directory = append(directory, record...)
	}
	at := len(out)
	out = append(out, directory...)
	out = le.AppendUint32(out, endMark)
	out = le.AppendUint32(out, 0)
	out = le.AppendUint16(out, uint16(len(items)))
	out = le.AppendUint16(out, uint16(len(items)))
	out = le.AppendUint32(out, uint32(len(directory)))
	out = le.AppendUint32(out, uint32(at))
	return le.AppendUint16(out, 0), nil
}

// directory returns the record of the directory of an item, which for a new one has no content yet.
func (x *Item) directory() []byte {
	if x.Entry != nil {
		return x.Entry.directory
	}
	b := make([]byte, directorySize, directorySize+len(x.Name))
	le.PutUint32(b, directoryMark)
	le.PutUint16(b[4:], x.MadeBy)
	le.PutUint16(b[6:], version20)
	if strings.ContainsFunc(x.Name, func(r rune) bool { return r >= utf8.RuneSelf }) && utf8.ValidString(x.Name) {
		le.PutUint16(b[8:], flagUTF8)
	}
	le.PutUint16(b[12:], uint16(x.Time))
	le.PutUint16(b[14:], uint16(x.Time>>16))
	le.PutUint16(b[28:], uint16(len(x.Name)))
	return append(b, x.Name...)
}

// appendLocal appends the local header that belongs to a record of the directory. Extra fields are not repeated there.
func appendLocal(out, record []byte) []byte {
	out = le.AppendUint32(out, localMark)
	out = append(out, record[6:28]...)
	name := record[directorySize : directorySize+int(le.Uint16(record[28:]))]
	out = le.AppendUint16(out, uint16(len(name)))
	out = le.AppendUint16(out, 0)
	return append(out, name...)
}

func compress(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
