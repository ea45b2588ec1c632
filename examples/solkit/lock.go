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
	"time"
)

// While a folder is written, a file in it says by which run, so that two runs do not mix their files. All files that a run
// makes on its way begin with ".solkit-", the number of the process and when it began: what one that was killed has left is
// removed by the next.
const (
	lockName   = ".solkit.lock"
	tempPrefix = ".solkit-"
	tempSuffix = ".tmp"
)

// thisRun is the name of this run. The number of a process alone is not enough: in containers every run can have the same.
var thisRun = fmt.Sprintf("%d-%x", os.Getpid(), time.Now().UnixNano())

// lock takes a folder for this run and removes what a run that was killed left in it. It returns what gives the folder free.
func lock(root *os.Root) (unlock func(), err error) {
	temp := tempName(0)
	for n := 1; ; n++ {
		if err = takeLock(root, temp); err == nil {
			break
		}
		if !errors.Is(err, fs.ErrExist) || n > 100 {
			return nil, err
		}
		if err := dropDeadLock(root, temp); err != nil {
			return nil, err
		}
	}
	if err := removeLeft(root.FS(), root.RemoveAll); err != nil {
		root.Remove(lockName)
		return nil, err
	}
	return func() { root.Remove(lockName) }, nil
}

// takeLock makes the lock by a link to a file that is complete, so that there is none that does not say whose it is. Where the
// file system has no links it is written in place.
func takeLock(root *os.Root, temp string) error {
	err := writeNew(root, temp)
	if err != nil {
		return err
	}
	err = root.Link(temp, lockName)
	if rerr := root.Remove(temp); rerr != nil && err == nil {
		root.Remove(lockName)
		err = rerr
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		err = writeNew(root, lockName)
	}
	return err
}

// writeNew writes the name of this run to a file that must not be there.
func writeNew(root *os.Root, name string) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(f, thisRun)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		root.Remove(name)
	}
	return err
}

// dropDeadLock removes the lock if it is that of a run that has ended; else it returns an error. It does so by way of a rename,
// which only one of several runs can do.
func dropDeadLock(root *os.Root, temp string) error {
	live, err := isLockLive(root, lockName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it has just gone
	}
	if err == nil && !live {
		if err = root.Rename(lockName, temp); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			if live, err = isLockLive(root, temp); live { // it was another's, which has come meanwhile
				err = root.Link(temp, lockName)
			}
			root.Remove(temp)
		}
	}
	if err == nil && live {
		err = fmt.Errorf("another run of solkit writes this folder (%s): wait for it, or remove that file if there is none", lockName)
	}
	return err
}

// isLockLive reports whether the run that a lock names still runs. One that cannot be read is taken for live.
func isLockLive(root *os.Root, name string) (bool, error) {
	info, err := root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<10 {
		return true, err
	}
	text, err := root.ReadFile(name)
	if err != nil {
		return true, err
	}
	return runs(strings.TrimSpace(string(text))), nil
}

// runs reports whether a run of that name has not ended.
func runs(run string) bool {
	number, _, _ := strings.Cut(run, "-")
	pid, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	if pid == os.Getpid() {
		return run == thisRun
	}
	return isRunning(pid)
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

// tempName returns the name of the n-th temporary file of this run.
func tempName(n int) string { return fmt.Sprintf("%s%s-%d%s", tempPrefix, thisRun, n, tempSuffix) }

// isLeft reports whether a name is that of a temporary file of a run that has ended.
func isLeft(base string) bool {
	rest, ok := strings.CutPrefix(base, tempPrefix)
	if !ok || !strings.HasSuffix(rest, tempSuffix) {
		return false
	}
	if _, err := strconv.Atoi(rest[:strings.IndexByte(rest+"-", '-')]); err != nil {
		return false // it is no name of ours
	}
	end := strings.LastIndexByte(rest, '-')
	return end >= 0 && !runs(rest[:end])
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
