package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// While a folder is written, a file in it says by which process, so that two runs do not mix their files. All files that a run
// makes on its way begin with ".solkit-" and the number of the process: what one that was killed has left is removed by the
// next.
const (
	lockName   = ".solkit.lock"
	tempPrefix = ".solkit-"
	tempSuffix = ".tmp"
)

// lock takes a folder for this process and removes what a run that was killed left in it. It returns what gives the folder free.
func lock(root *os.Root) (unlock func(), err error) {
	for {
		f, err := root.OpenFile(lockName, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err == nil {
			_, err = fmt.Fprintln(f, os.Getpid())
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err == nil {
				err = removeLeft(root.FS(), root.RemoveAll)
			}
			if err != nil {
				root.Remove(lockName)
				return nil, err
			}
			return func() { root.Remove(lockName) }, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		text, err := root.ReadFile(lockName)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has just gone
		}
		if pid, perr := strconv.Atoi(strings.TrimSpace(string(text))); err != nil || perr == nil && isRunning(pid) {
			return nil, fmt.Errorf("another run of solkit writes this folder (%s): wait for it, or remove that file if there is none", lockName)
		}
		if err := root.Remove(lockName); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
}

// isRunning reports whether there is a process of that number.
func isRunning(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer p.Release()
	if runtime.GOOS == "windows" {
		return true // there a process that is not there cannot be found
	}
	err = p.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}

// tempName returns the name of the n-th temporary file of this process.
func tempName(n int) string { return fmt.Sprintf("%s%d-%d%s", tempPrefix, os.Getpid(), n, tempSuffix) }

// isLeft reports whether a name is that of a temporary file of a process that no longer runs.
func isLeft(base string) bool {
	rest, ok := strings.CutPrefix(base, tempPrefix)
	if !ok || !strings.HasSuffix(rest, tempSuffix) {
		return false
	}
	pid, _, _ := strings.Cut(rest, "-")
	n, err := strconv.Atoi(pid)
	return err == nil && n != os.Getpid() && !isRunning(n)
}

// removeLeft removes the temporary files below a folder that nobody needs any more.
func removeLeft(fsys fs.FS, remove func(name string) error) error {
	return fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !isLeft(d.Name()) {
			return err
		}
		if err := remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	})
}

// removeLeftBeside removes the temporary files in a folder, not those further down, that nobody needs any more.
func removeLeftBeside(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return // whoever writes there says so
	}
	for _, e := range entries {
		if isLeft(e.Name()) {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
