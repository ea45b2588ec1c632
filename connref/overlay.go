package connref

import (
	"io/fs"
	"path"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
)

// FS returns fsys, which the change was made of, with the changed parts in the place of the old ones.
func (c *Change) FS(fsys fs.FS) fs.FS { return overlay{fsys, c.files} }

// An overlay is a file system in which some files have other bytes.
type overlay struct {
	fs.FS
	files map[string][]byte
}

func (o overlay) Open(name string) (fs.File, error) {
	if data, ok := o.files[name]; ok {
		return memfs.OpenFile(name, data, time.Time{}), nil
	}
	f, err := o.FS.Open(name)
	if dir, ok := f.(fs.ReadDirFile); err == nil && ok {
		return overlaidDir{dir, o, name}, nil
	}
	return f, err
}

// overlaidDir is a directory of an overlay: its names are those of the file system below.
type overlaidDir struct {
	fs.ReadDirFile
	overlay overlay
	name    string
}

func (d overlaidDir) ReadDir(n int) ([]fs.DirEntry, error) {
	entries, err := d.ReadDirFile.ReadDir(n)
	for i, e := range entries {
		if data, ok := d.overlay.files[path.Join(d.name, e.Name())]; ok {
			entries[i] = memfs.Entry{Base: e.Name(), Length: int64(len(data))}
		}
	}
	return entries, err
}
