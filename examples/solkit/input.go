package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// maxText is the size of the largest file of text that is read: settings, environments, and the like.
const maxText = 64 << 20

// readText reads a file of text. What is no regular file is refused without being opened, as a pipe may have no end and a
// device may do something.
func readText(name string) ([]byte, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err == nil && len(data) > maxText {
		err = fmt.Errorf("%s: more than %d MiB: this is no file of text", name, maxText>>20)
	}
	return data, err
}

// openRegular opens a regular file, or what a link to one leads to.
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if err := isRegular(name, info); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil { // it may have been replaced meanwhile
		err = isRegular(name, info)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

var errNotRegular = errors.New("neither a file nor a folder: give one")

func isRegular(name string, info fs.FileInfo) error {
	switch {
	case info.Mode().IsRegular():
		return nil
	case info.IsDir():
		return fmt.Errorf("%s: a folder: give a file", name)
	}
	return fmt.Errorf("%s: %w", name, errNotRegular)
}

// folderFS returns the files in a folder. Links in it that lead out of it are not followed, and what is neither a file nor a
// folder is not opened.
func folderFS(dir string) (*plainFS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &plainFS{root: root, fsys: root.FS()}, nil
}

// A plainFS has the files and folders of a folder, and nothing else that stands there.
type plainFS struct {
	root *os.Root
	fsys fs.FS
	seen func(name string) // is called for each file that is read, if not nil
}

var (
	_ fs.ReadFileFS = (*plainFS)(nil)
	_ fs.ReadDirFS  = (*plainFS)(nil)
	_ fs.StatFS     = (*plainFS)(nil)
)

// plain returns nil if name is a file or a folder, and not a link out of the folder.
func (p *plainFS) plain(op, name string) error {
	info, err := p.Stat(name)
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: op, Path: name, Err: errNotRegular}
	}
	return err
}

// Stat implements [fs.StatFS].
func (p *plainFS) Stat(name string) (fs.FileInfo, error) {
	info, err := fs.Stat(p.fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		if link, lerr := p.root.Lstat(name); lerr == nil && link.Mode()&fs.ModeSymlink != 0 {
			err = &fs.PathError{Op: "open", Path: name, Err: errLeadsOut}
		}
	}
	return info, err
}

// Open implements [fs.FS].
func (p *plainFS) Open(name string) (fs.File, error) {
	if err := p.plain("open", name); err != nil {
		return nil, err
	}
	return p.fsys.Open(name)
}

// ReadFile implements [fs.ReadFileFS].
func (p *plainFS) ReadFile(name string) ([]byte, error) {
	if err := p.plain("read", name); err != nil {
		return nil, err
	}
	if p.seen != nil {
		p.seen(name)
	}
	return fs.ReadFile(p.fsys, name)
}

// ReadDir implements [fs.ReadDirFS].
func (p *plainFS) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.fsys, name) }

var errLeadsOut = errors.New("a link that leads out of the folder: put the file there instead")
