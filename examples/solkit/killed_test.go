package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
)

// asMain makes the test binary be solkit.
const asMain = "SOLKIT_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
	}
	os.Exit(m.Run())
}

// killed runs solkit in a process of its own and kills it some time after its first file has appeared in dir. It reports
// whether it was still running.
func killed(t *testing.T, dir string, after time.Duration, args ...string) bool {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	c := exec.Command(exe, args...)
	c.Env = append(os.Environ(), asMain+"=1")
	if err := c.Start(); err != nil {
		t.Skip(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for begun := false; !begun; begun = len(ours(t, dir)) > 0 {
		select {
		case <-ended:
			return false
		default:
		}
	}
	time.Sleep(after)
	c.Process.Kill()
	return <-ended != nil
}

// ours are the temporary files and locks in a folder, which need not be there.
func ours(t *testing.T, dir string) []string {
	var list []string
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".solkit") {
			list = append(list, e.Name())
		}
	}
	return list
}

// manyFiles is a tree with so many files that writing them takes some time.
func manyFiles(t *testing.T, text string) string {
	dir := sampleTree(t)
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("bots/cts_%d/bot.xml", i)] = fmt.Sprintf(`<bot schemaname="cts_%d"><name>%s</name></bot>`, i, text)
	}
	putFiles(t, dir, files)
	return dir
}

// A run that is killed leaves whole files, of before or of after, and the next one has no trouble with what is left.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts processes")
	}
	before, after := manyFiles(t, "old"), manyFiles(t, "newer")
	was, want := contents(t, before), contents(t, after)
	out := t.TempDir()
	zip, oldZip := filepath.Join(out, "new.zip"), filepath.Join(out, "old.zip")
	fine(t, "pack", before, oldZip)
	fine(t, "pack", after, zip)
	oldBytes, newBytes := string(read(t, oldZip)), string(read(t, zip))
	fine(t, "unpack", "-clobber", oldZip, before)
	for i := range 4 {
		t.Run(fmt.Sprint("unpack ", i), func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(before)); err != nil {
				t.Fatal(err)
			}
			killed(t, dir, time.Duration(i*i)*time.Millisecond, "unpack", zip, dir)
			got := contents(t, dir)
			for name, text := range got {
				if text != was[name] && text != want[name] && !strings.HasPrefix(filepath.Base(name), ".solkit") {
					t.Errorf("%s is half written", name)
				}
			}
			for name := range was {
				if _, ok := got[name]; !ok {
					t.Errorf("%s is gone", name)
				}
			}
			fine(t, "unpack", zip, dir)
			if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
				t.Errorf("after the next run (-want +got)\n%s", diff)
			}
		})
		t.Run(fmt.Sprint("pack ", i), func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "a.zip")
			if err := os.WriteFile(name, []byte(oldBytes), 0o644); err != nil {
				t.Fatal(err)
			}
			killed(t, dir, time.Duration(i*i)*time.Millisecond, "pack", after, name)
			if got := string(read(t, name)); got != oldBytes && got != newBytes {
				t.Error("the zip is half written")
			}
			fine(t, "pack", after, name)
			if diff := cmp.Diff(set("a.zip"), set(nameList(contents(t, dir))...)); diff != "" {
				t.Errorf("after the next run (-want +got)\n%s", diff)
			}
		})
	}
}

func nameList(files map[string]string) []string {
	var names []string
	for name := range maps.Keys(files) {
		names = append(names, name)
	}
	return names
}

// However far a run has come when it ends, the next one goes on: at each file, the first and the last as well.
func TestUnpackStoppedAnywhere(t *testing.T) {
	tree, err := packager.Load(os.DirFS("sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	zip, want := sampleZip(t), contents(t, "sample")
	for n := range len(want) + 1 {
		dir := filepath.Join(t.TempDir(), "src")
		target, err := openTarget(dir)
		if err != nil {
			t.Fatal(err)
		}
		p, err := target.plan(tree, func(int, []byte) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		p.changes = p.changes[:n]
		if err := target.carryOut(p, tree, func(string) error { return nil }); err != nil {
			t.Fatal(err)
		}
		target.close()
		// As if it had been killed: the lock stands there, and a part of the next file.
		dead := deadProcess(t) + "-1f"
		left := map[string]string{lockName: dead + "\n", tempPrefix + dead + "-0" + tempSuffix: dead, "Other/" + tempPrefix + dead + "-1" + tempSuffix: "<ImportEx"}
		putFiles(t, dir, left)
		fine(t, "unpack", zip, dir)
		if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
			t.Errorf("after %d files (-want +got)\n%s", n, diff)
		}
	}
}

// In a container each run can have the number of the one before.
func TestLockOfOneNumber(t *testing.T) {
	zip, dir := sampleZip(t), t.TempDir()
	before := fmt.Sprintf("%d-1f", os.Getpid())
	putFiles(t, dir, map[string]string{lockName: before + "\n", tempPrefix + before + "-3" + tempSuffix: "half", tempPrefix + "mine" + tempSuffix: "mine"})
	fine(t, "unpack", zip, dir)
	want := contents(t, "sample")
	want[tempPrefix+"mine"+tempSuffix] = "mine"
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
