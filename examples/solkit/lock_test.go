package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// deadProcess returns the number of a process that does not run.
func deadProcess(t *testing.T) string {
	t.Helper()
	for pid := 1 << 22; pid < 1<<23; pid++ {
		if !isRunning(pid) {
			return strconv.Itoa(pid)
		}
	}
	t.Fatal("all processes run")
	return ""
}

func TestLock(t *testing.T) {
	zip, dir := sampleZip(t), t.TempDir()
	lockFile := filepath.Join(dir, lockName)
	if err := os.WriteFile(lockFile, []byte(strconv.Itoa(os.Getppid())+"-1f\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr := fails(t, "unpack", zip, dir)
	wantText(t, stderr, "another run of solkit writes this folder")
	if got := contents(t, dir); len(got) != 1 {
		t.Errorf("written all the same: %d files", len(got))
	}
	if err := os.WriteFile(lockFile, []byte(deadProcess(t)+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	fine(t, "unpack", zip, dir)
	if _, err := os.Stat(lockFile); err == nil {
		t.Error("the lock is still there")
	}
}

// What a run that was killed left behind is gone after the next.
func TestLeftOverFiles(t *testing.T) {
	zip, dir, out := sampleZip(t), t.TempDir(), t.TempDir()
	fine(t, "unpack", zip, dir)
	left := tempPrefix + deadProcess(t) + "-0" + tempSuffix
	mine := tempPrefix + strconv.Itoa(os.Getppid()) + "-0" + tempSuffix
	for _, name := range []string{filepath.Join(dir, left), filepath.Join(dir, "Other", left), filepath.Join(out, left), filepath.Join(out, mine)} {
		if err := os.WriteFile(name, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	fine(t, "unpack", zip, dir)
	fine(t, "pack", dir, filepath.Join(out, "a.zip"))
	for name := range contents(t, dir) {
		if isLeft(filepath.Base(name)) {
			t.Errorf("%s is still there", name)
		}
	}
	got := contents(t, out)
	if _, ok := got[left]; ok {
		t.Errorf("%s is still there", left)
	}
	if _, ok := got[mine]; !ok {
		t.Errorf("%s, which is that of a process that runs, is gone", mine)
	}
}
