package zipw

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"unicode/utf8"
)

// Field values. Numbers and names are those of public documentation (APPNOTE.TXT, sections 4.3 to 4.5).
const (
	methodStore   = zip.Store
	methodDeflate = zip.Deflate

	// flagMaximum says that a deflated entry was compressed as well as possible. Readers ignore it. The
	// reference tool sets it on every entry.
	flagMaximum = 1 << 1
	// flagUTF8 says that the name is UTF-8.
	flagUTF8 = 1 << 11
	// flagsOfMethod are the flags whose meaning the method defines; LZMA data, for one, cannot be read
	// without them.
	flagsOfMethod = 1<<1 | 1<<2

	version20 = 20 // needed for deflate
	version45 = 45 // needed for zip64
	// madeBy is what the reference tool writes: version 4.5, host system FAT.
	madeBy = 45

	tooMany  = 0xffff     // in a 16-bit field: see the zip64 record
	tooLarge = 0xffffffff // in a 32-bit field: see the zip64 record

	extraZip64 = 0x0001
)

// A record is what both headers of an entry say about it.
type record struct {
	name                   string
	flags, method, version uint16
	crc                    uint32
	packed, size           uint64
}

// An archive writes headers, and remembers them for the directory. Contents are written straight to w.
type archive struct {
	w          *bufio.Writer
	time, date uint16
	offset     uint64 // of the next local header
	count      uint64
	directory  []byte
	buf        []byte
}

// begin writes the local header of an entry. The caller writes r.packed bytes to w after it.
func (a *archive) begin(r record) error {
	if needsUTF8(r.name) {
		r.flags |= flagUTF8
	}
	large := r.packed >= tooLarge || r.size >= tooLarge
	if large {
		r.version = max(r.version, version45)
	}
	a.buf = a.appendLocal(a.buf[:0], r, large)
	a.directory = a.appendCentral(a.directory, r, large || a.offset >= tooLarge)
	a.offset += uint64(len(a.buf)) + r.packed
	a.count++
	_, err := a.w.Write(a.buf)
	return err
}

// needsUTF8 reports whether name says something else as UTF-8 than in the code pages that readers assume
// without the flag. A name that is not valid UTF-8 is in some code page already.
func needsUTF8(name string) bool {
	for i := range len(name) {
		if name[i] >= utf8.RuneSelf {
			return utf8.ValidString(name)
		}
	}
	return false
}

// appendCommon appends the fields that the two headers share, from the version needed to the length of the
// name.
func (a *archive) appendCommon(b []byte, r record, large bool) []byte {
	packed, size := r.packed, r.size
	if large {
		packed, size = tooLarge, tooLarge
	}
	le := binary.LittleEndian
	b = le.AppendUint16(b, r.version)
	b = le.AppendUint16(b, r.flags)
	b = le.AppendUint16(b, r.method)
	b = le.AppendUint16(b, a.time)
	b = le.AppendUint16(b, a.date)
	b = le.AppendUint32(b, r.crc)
	b = le.AppendUint32(b, uint32(packed))
	b = le.AppendUint32(b, uint32(size))
	return le.AppendUint16(b, uint16(len(r.name)))
}

func (a *archive) appendLocal(b []byte, r record, large bool) []byte {
	le := binary.LittleEndian
	b = append(b, "PK\x03\x04"...)
	b = a.appendCommon(b, r, large)
	if !large {
		b = le.AppendUint16(b, 0) // length of extra fields
		return append(b, r.name...)
	}
	b = le.AppendUint16(b, 20)
	b = append(b, r.name...)
	b = le.AppendUint16(b, extraZip64)
	b = le.AppendUint16(b, 16)
	b = le.AppendUint64(b, r.size)
	return le.AppendUint64(b, r.packed)
}

func (a *archive) appendCentral(b []byte, r record, large bool) []byte {
	le := binary.LittleEndian
	offset, extra := uint32(a.offset), uint16(0)
	if large {
		offset, extra = tooLarge, 28
		r.version = max(r.version, version45)
	}
	b = append(b, "PK\x01\x02"...)
	b = le.AppendUint16(b, madeBy)
	b = a.appendCommon(b, r, large)
	b = le.AppendUint16(b, extra)
	b = le.AppendUint16(b, 0) // length of the comment
	b = le.AppendUint16(b, 0) // disk
	b = le.AppendUint16(b, 0) // internal attributes
	b = le.AppendUint32(b, 0) // external attributes
	b = le.AppendUint32(b, offset)
	b = append(b, r.name...)
	if large {
		b = le.AppendUint16(b, extraZip64)
		b = le.AppendUint16(b, 24)
		b = le.AppendUint64(b, r.size)
		b = le.AppendUint64(b, r.packed)
		b = le.AppendUint64(b, a.offset)
	}
	return b
}

// finish writes the directory and its end records.
func (a *archive) finish() error {
	if _, err := a.w.Write(a.directory); err != nil {
		return err
	}
	if _, err := a.w.Write(a.appendEnd(nil)); err != nil {
		return err
	}
	return a.w.Flush()
}

func (a *archive) appendEnd(b []byte) []byte {
	le := binary.LittleEndian
	count, size, start := a.count, uint64(len(a.directory)), a.offset
	if count >= tooMany || size >= tooLarge || start >= tooLarge {
		b = append(b, "PK\x06\x06"...)
		b = le.AppendUint64(b, 44) // length of the rest of this record
		b = le.AppendUint16(b, madeBy)
		b = le.AppendUint16(b, version45)
		b = le.AppendUint32(b, 0) // this disk
		b = le.AppendUint32(b, 0) // disk of the directory
		b = le.AppendUint64(b, count)
		b = le.AppendUint64(b, count)
		b = le.AppendUint64(b, size)
		b = le.AppendUint64(b, start)

		b = append(b, "PK\x06\x07"...)
		b = le.AppendUint32(b, 0) // disk of the record above
		b = le.AppendUint64(b, start+size)
		b = le.AppendUint32(b, 1) // disks in total

		count, size, start = tooMany, tooLarge, tooLarge
	}
	b = append(b, "PK\x05\x06"...)
	b = le.AppendUint16(b, 0) // this disk
	b = le.AppendUint16(b, 0) // disk of the directory
	b = le.AppendUint16(b, uint16(count))
	b = le.AppendUint16(b, uint16(count))
	b = le.AppendUint32(b, uint32(size))
	b = le.AppendUint32(b, uint32(start))
	return le.AppendUint16(b, 0) // length of the comment
}
