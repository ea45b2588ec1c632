package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// writeFolder writes files below a folder, which need not exist, each by way of a temporary one and a rename.
// Files that are as they should be are left alone, and other files too. Nothing outside of the folder can be
// reached. All files are read and compared before the first is written, which then is read again: they need
// not fit into memory together.
func writeFolder(j *job, dir string, names []string, read func(name string) ([]byte, error)) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	unlock, err := lock(root)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	defer unlock()
	modes := make([]fs.FileMode, len(names)) // 0: the file is as it should be
	for i, name := range names {
		if !fs.ValidPath(name) {
			return fmt.Errorf("%s: %q: the path leads out of the folder", dir, name)
		}
		data, err := read(name)
		if err != nil {
			return err
		}
		if modes[i], err = differs(root, name, data); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	for i, name := range names {
		if modes[i] == 0 {
			continue
		}
		if err := j.ctx.Err(); err != nil {
			return err
		}
		data, err := read(name)
		if err != nil {
			return err
		}
		if err := replace(root, name, data, modes[i]); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	return nil
}

// differs returns the mode that a file gets if it has to be written, and 0 if it is there already.
func differs(root *os.Root, name string, data []byte) (fs.FileMode, error) {
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0o644, nil
	case err != nil:
		return 0, err
	case info.IsDir():
		return 0, fmt.Errorf("%s: a folder is where the file should be: remove it", name)
	case !info.Mode().IsRegular(): // a link is replaced, not followed
		return 0o644, nil
	}
	if info.Size() == int64(len(data)) {
		have, err := root.ReadFile(name)
		if err != nil {
			return 0, err
		}
		if bytes.Equal(have, data) {
			return 0, nil
		}
	}
	return info.Mode().Perm(), nil
}

// replace puts a file in place by a rename, so that it is there wholly or not at all.
func replace(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	dir := path.Dir(name)
	if err := root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp := path.Join(dir, tempName(0))
	err := root.WriteFile(temp, data, mode)
	if err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		root.Remove(temp)
	}
	return err
}
