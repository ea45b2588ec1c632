// Package memfs has file systems in memory: what an opened file and directory are where the bytes are at hand or can be
// made, and a file system of bytes by path. It also walks through those of anybody.
package memfs

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// An Entry describes a file or a directory. It is an [fs.DirEntry] and an [fs.FileInfo].
type Entry struct {
	Base     string
	Length   int64 // of a file; -1: that of what Read returns
	Dir      bool
	Modified time.Time
	Read     func() ([]byte, error) // needed for a Length of -1
}

// Name returns the last element of the path.
func (e Entry) Name() string { return e.Base }

// IsDir reports whether e is a directory.
func (e Entry) IsDir() bool { return e.Dir }

// Size returns the length of a file, -1 if it is not known yet; see [Entry.Info].
func (e Entry) Size() int64 { return e.Length }

// ModTime returns the time of the last change.
func (e Entry) ModTime() time.Time { return e.Modified }

// Sys returns nil.
func (e Entry) Sys() any { return nil }

// Type returns the type bits of the mode.
func (e Entry) Type() fs.FileMode { return e.Mode().Type() }

// Mode returns that of files and directories which their owner may change, so that copies can be edited.
func (e Entry) Mode() fs.FileMode {
	if e.Dir {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

// Info returns e, and reads a file for a length that is not known. The error is that of reading.
func (e Entry) Info() (fs.FileInfo, error) {
	if e.Length >= 0 || e.Dir {
		return e, nil
	}
	data, err := e.Read()
	if err != nil {
		return nil, err
	}
	e.Length = int64(len(data))
	return e, nil
}

// String formats e as a line of a listing.
func (e Entry) String() string { return fs.FormatDirEntry(e) }

type file struct {
	*bytes.Reader
	entry Entry
}

// OpenFile returns the opened file of these bytes, which must not change.
func OpenFile(name string, data []byte, modified time.Time) fs.File {
	return &file{bytes.NewReader(data), Entry{Base: path.Base(name), Length: int64(len(data)), Modified: modified}}
}

func (f *file) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *file) Close() error               { return nil }

type dir struct {
	entry Entry
	rest  []fs.DirEntry
}

// OpenDir returns the opened directory of these entries, which are sorted by name.
func OpenDir(name string, entries []fs.DirEntry, modified time.Time) fs.File {
	return &dir{Entry{Base: path.Base(name), Dir: true, Modified: modified}, entries}
}

func (d *dir) Stat() (fs.FileInfo, error) { return d.entry, nil }
func (d *dir) Close() error               { return nil }

func (d *dir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.entry.Base, Err: fs.ErrInvalid}
}

// ReadDir implements [fs.ReadDirFile].
func (d *dir) ReadDir(n int) ([]fs.DirEntry, error) {
	switch {
	case n <= 0:
		n = len(d.rest)
	case len(d.rest) == 0:
		return nil, io.EOF
	}
	n = min(n, len(d.rest))
	list := slices.Clone(d.rest[:n])
	d.rest = d.rest[n:]
	return list, nil
}

// An FS is a file system of bytes by path. It is immutable and safe for concurrent use.
type FS struct {
	files map[string][]byte
	dirs  map[string][]fs.DirEntry // sorted by name
}

// New returns the file system of files by path. It keeps the map and the bytes, which must not change.
func New(files map[string][]byte) *FS {
	f := &FS{files: files, dirs: map[string][]fs.DirEntry{".": nil}}
	for name, data := range files {
		f.enter(name, Entry{Base: path.Base(name), Length: int64(len(data))})
	}
	for _, list := range f.dirs {
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	}
	return f
}

// enter lists a file or directory in the directory that it is in, which is made if need be.
func (f *FS) enter(name string, e Entry) {
	parent := path.Dir(name)
	list, ok := f.dirs[parent]
	f.dirs[parent] = append(list, e)
	if !ok {
		f.enter(parent, Entry{Base: path.Base(parent), Dir: true})
	}
}

// Open implements [fs.FS].
func (f *FS) Open(name string) (fs.File, error) {
	if data, ok := f.files[name]; ok {
		return OpenFile(name, data, time.Time{}), nil
	}
	if list, ok := f.dirs[name]; ok {
		return OpenDir(name, list, time.Time{}), nil
	}
	return nil, absent("open", name)
}

// ReadFile implements [fs.ReadFileFS].
func (f *FS) ReadFile(name string) ([]byte, error) {
	if data, ok := f.files[name]; ok {
		return bytes.Clone(data), nil
	}
	if _, ok := f.dirs[name]; ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	return nil, absent("read", name)
}

// ReadDir implements [fs.ReadDirFS].
func (f *FS) ReadDir(name string) ([]fs.DirEntry, error) {
	list, ok := f.dirs[name]
	if !ok {
		return nil, absent("readdir", name)
	}
	return slices.Clone(list), nil
}

// absent returns the error of a name that is not there.
func absent(op, name string) error {
	err := fs.ErrNotExist
	if !fs.ValidPath(name) {
		err = fs.ErrInvalid
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
