package solutiontest

import (
	"bytes"
	"cmp"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// A memory is a file system of parts. It is immutable.
type memory struct {
	files map[string][]byte
	dirs  map[string][]fs.DirEntry // sorted by name
}

func newMemory(parts []part) *memory {
	m := &memory{files: make(map[string][]byte, len(parts)), dirs: map[string][]fs.DirEntry{".": nil}}
	for _, p := range parts {
		m.files[p.name] = p.data
		m.enter(p.name, entry{name: path.Base(p.name), size: len(p.data)})
	}
	for _, list := range m.dirs {
		slices.SortFunc(list, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	}
	return m
}

// enter lists a file or directory in the directory that it is in, which is made if need be.
func (m *memory) enter(name string, e entry) {
	dir := path.Dir(name)
	list, ok := m.dirs[dir]
	m.dirs[dir] = append(list, e)
	if !ok {
		m.enter(dir, entry{name: path.Base(dir), dir: true})
	}
}

func (m *memory) Open(name string) (fs.File, error) {
	if data, ok := m.files[name]; ok {
		return &openFile{entry{name: path.Base(name), size: len(data)}, *bytes.NewReader(data)}, nil
	}
	if list, ok := m.dirs[name]; ok {
		return &openDir{entry: entry{name: path.Base(name), dir: true}, rest: list}, nil
	}
	return nil, absent("open", name)
}

// ReadFile implements fs.ReadFileFS.
func (m *memory) ReadFile(name string) ([]byte, error) {
	if data, ok := m.files[name]; ok {
		return bytes.Clone(data), nil
	}
	if _, ok := m.dirs[name]; ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	return nil, absent("read", name)
}

// ReadDir implements fs.ReadDirFS.
func (m *memory) ReadDir(name string) ([]fs.DirEntry, error) {
	list, ok := m.dirs[name]
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

// An entry describes a file or directory.
type entry struct {
	name string
	size int
	dir  bool
}

func (e entry) Name() string               { return e.name }
func (e entry) IsDir() bool                { return e.dir }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
func (e entry) Size() int64                { return int64(e.size) }
func (e entry) ModTime() time.Time         { return time.Time{} }
func (e entry) Sys() any                   { return nil }
func (e entry) String() string             { return fs.FormatDirEntry(e) }

func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openFile struct {
	entry
	bytes.Reader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.entry, nil }
func (f *openFile) Close() error               { return nil }
func (f *openFile) Size() int64                { return f.entry.Size() }

type openDir struct {
	entry
	rest []fs.DirEntry
}

func (d *openDir) Stat() (fs.FileInfo, error) { return d.entry, nil }
func (d *openDir) Close() error               { return nil }
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
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
