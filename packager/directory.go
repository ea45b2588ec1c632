package packager

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
)

// readZip reads the directory of a zip. archive/zip reads all of it, whatever number of entries stands at its end, so the limits are
// held while it does.
func (l Limits) readZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	d := &directory{r: r, entries: l.Files, bytes: int64(l.Files)*directoryEntry + endSearch}
	zr, err := zip.NewReader(d, size)
	d.done = true
	return zr, err
}

const (
	// directoryEntry is how many bytes a record of the directory has, on an average; in real zips it has some hundred.
	directoryEntry = 512
	// endSearch is more than what is read to find the end of the directory.
	endSearch = 1 << 20
)

// A directory is a zip of which the directory is read. Nothing is read in front of it, to which places in a directory that lies
// can lead.
type directory struct {
	r       io.ReaderAt
	done    bool  // the directory was read
	entries int   // how many more there may be
	bytes   int64 // how many more may be read
}

var directoryRecord = []byte("PK\x01\x02")

func (d *directory) ReadAt(p []byte, at int64) (int, error) {
	if at < 0 {
		return 0, fmt.Errorf("%w: the directory says that an entry begins before the file", zip.ErrFormat)
	}
	n, err := d.r.ReadAt(p, at)
	if d.done {
		return n, err
	}
	d.bytes -= int64(n)
	d.entries -= bytes.Count(p[:n], directoryRecord)
	switch {
	case d.bytes < 0:
		return 0, fmt.Errorf("%w: the directory of the zip is larger than is needed for as many entries as there may be", ErrLimit)
	case d.entries < -endSearch/46: // what is read to find its end is read again
		return 0, fmt.Errorf("%w: more entries than there may be", ErrLimit)
	}
	return n, err
}
