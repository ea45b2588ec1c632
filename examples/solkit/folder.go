package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"github.com/solutionkit/solutionkit/connector"
)

// writeFolder writes files below a folder, which need not exist, each by way of a temporary one and a rename.
// Files that are as they should be are left alone, and other files too. Nothing outside of the folder can be
// reached. All files are compared before the first is written.
func writeFolder(j *job, dir string, files []connector.File) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	modes := make([]fs.FileMode, len(files)) // 0: the file is as it should be
	for i, f := range files {
		if !fs.ValidPath(f.Name) {
			return fmt.Errorf("%s: %q: the path leads out of the folder", dir, f.Name)
		}
		if modes[i], err = differs(root, f); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	for i, f := range files {
		if modes[i] == 0 {
			continue
		}
		if err := j.ctx.Err(); err != nil {
			return err
		}
		if err := replace(root, f, modes[i]); err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
	}
	return nil
}

// differs returns the mode that f gets if it has to be written, and 0 if it is there already.
func differs(root *os.Root, f connector.File) (fs.FileMode, error) {
	info, err := root.Lstat(f.Name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0o644, nil
	case err != nil:
		return 0, err
	case info.IsDir():
		return 0, fmt.Errorf("%s: a folder is where the file should be: remove it", f.Name)
	case !info.Mode().IsRegular(): // a link is replaced, not followed
		return 0o644, nil
	}
	if info.Size() == int64(len(f.Data)) {
		have, err := root.ReadFile(f.Name)
		if err != nil {
			return 0, err
		}
		if bytes.Equal(have, f.Data) {
			return 0, nil
		}
	}
	return info.Mode().Perm(), nil
}

// replace puts a file in place by a rename, so that it is there wholly or not at all.
func replace(root *os.Root, f connector.File, mode fs.FileMode) error {
	dir := path.Dir(f.Name)
	if err := root.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp := path.Join(dir, fmt.Sprintf(".solkit-%d.tmp", os.Getpid()))
	err := root.WriteFile(temp, f.Data, mode)
	if err == nil {
		err = root.Rename(temp, f.Name)
	}
	if err != nil {
		root.Remove(temp)
	}
	return err
}
