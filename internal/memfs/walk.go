package memfs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// deepest is how many folders may be in one another. No system that has files has more.
const deepest = 1000

// Walk is [fs.WalkDir] for file systems that may be wrong about themselves. Of a folder that lists what is no name, so that it would be in
// itself, and of folders that are in one another without end, fn is given an error. Each error names the folder.
func Walk(fsys fs.FS, root string, fn fs.WalkDirFunc) error {
	info, err := Stat(fsys, root)
	if err != nil {
		err = fn(root, nil, err)
	} else {
		err = walk(fsys, root, fs.FileInfoToDirEntry(info), fn, 0)
	}
	if err == fs.SkipDir || err == fs.SkipAll {
		return nil
	}
	return err
}

func walk(fsys fs.FS, name string, d fs.DirEntry, fn fs.WalkDirFunc, depth int) error {
	if err := fn(name, d, nil); err != nil || !d.IsDir() {
		if err == fs.SkipDir && d.IsDir() {
			err = nil // it is left out
		}
		return err
	}
	list, err := ReadDir(fsys, name)
	if err == nil && depth >= deepest {
		list, err = nil, named("list", name, fmt.Errorf("more than %d folders in one another: %w", deepest, fs.ErrInvalid))
	}
	if err != nil {
		if err = fn(name, d, err); err != nil {
			if err == fs.SkipDir {
				err = nil
			}
			return err
		}
	}
	for _, x := range list {
		if err := walk(fsys, path.Join(name, x.Name()), x, fn, depth+1); err != nil {
			if err == fs.SkipDir {
				break
			}
			return err
		}
	}
	return nil
}

// Stat is [fs.Stat] for such file systems. Each error names the file.
func Stat(fsys fs.FS, name string) (fs.FileInfo, error) {
	info, err := fs.Stat(fsys, name)
	return info, named("stat", name, err)
}

// ReadDir is [fs.ReadDir] for such file systems: the list is sorted, and what lists something else than names is an error. Each error names
// the folder.
func ReadDir(fsys fs.FS, name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(fsys, name)
	for _, x := range list {
		if base := x.Name(); err == nil && (base == "." || !fs.ValidPath(base) || strings.Contains(base, "/")) {
			return nil, named("list", name, fmt.Errorf("it lists %q, which is no name: %w", base, fs.ErrInvalid))
		}
	}
	byName := func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }
	if !slices.IsSortedFunc(list, byName) {
		list = slices.Clone(list)
		slices.SortStableFunc(list, byName)
	}
	return list, named("list", name, err)
}

// hint is how much memory the length that a file says to have may take before the bytes are there.
const hint = 64 << 20

// ReadFile is [fs.ReadFile] for such file systems. What a file says of its length is not relied on; one of more bytes than limit is an
// error that wraps over. Each error names the file.
func ReadFile(fsys fs.FS, name string, limit int64, over error) ([]byte, error) {
	var data []byte
	var err error
	if own, ok := fsys.(fs.ReadFileFS); ok {
		data, err = own.ReadFile(name)
	} else {
		data, err = readFile(fsys, name, limit)
	}
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("more than %d bytes: %w", limit, over)
	}
	return data, named("read", name, err)
}

// readFile reads no more than limit and a byte.
func readFile(fsys fs.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size := int64(0)
	if info, err := f.Stat(); err == nil {
		size = info.Size()
	}
	data := make([]byte, 0, max(min(size, limit, hint), 0)+512)
	for empty := 0; ; empty++ {
		n, err := f.Read(data[len(data):min(int64(cap(data)), limit+1)])
		data = data[:len(data)+n]
		if n > 0 {
			empty = 0
		}
		switch {
		case err == nil && empty > 100:
			return nil, io.ErrNoProgress
		case err == io.EOF || err == nil && int64(len(data)) > limit:
			return data, nil
		case err != nil:
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}

// named is an error that names a file, if it does not yet.
func named(op, name string, err error) error {
	if path := (*fs.PathError)(nil); err == nil || errors.As(err, &path) {
		return err
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
