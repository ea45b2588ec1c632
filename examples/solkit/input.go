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

// folderFS returns the files in a folder. Links in it that lead out of it are not followed.
func folderFS(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return root.FS(), nil
}
