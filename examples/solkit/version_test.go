package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVersion(t *testing.T) {
	tree, dir := sampleTree(t), t.TempDir()
	before := contents(t, tree)
	wantText(t, fine(t, "version", tree), "1.0.0.0\n")
	for _, step := range []struct{ flag, value, want string }{
		{"-bump", "revision", "1.0.0.1"}, {"-bump", "build", "1.0.1.0"}, {"-bump", "minor", "1.1.0.0"}, {"-bump", "major", "2.0.0.0"},
		{"-set", "3.4", "3.4.0.0"},
	} {
		wantText(t, fine(t, "version", step.flag, step.value, tree), " -> "+step.want+"\n")
		wantText(t, fine(t, "version", tree), step.want+"\n")
	}
	after := contents(t, tree)
	after["Other/Solution.xml"] = strings.Replace(after["Other/Solution.xml"], "3.4.0.0", "1.0.0.0", 1)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("more than the version changed (-before +after)\n%s", diff)
	}
	out := filepath.Join(dir, "out.zip")
	fine(t, "version", "-set", "9.8.7.6", "-o", out, sampleZip(t))
	wantText(t, fine(t, "version", out), "9.8.7.6\n")
}

func TestVersionUsage(t *testing.T) {
	zip := sampleZip(t)
	for _, args := range [][]string{
		{"version", "-bump", "patch", "sample"}, {"version", "-set", "", "sample"}, {"version", "-set", "0.0", "sample"}, {"version", "-set", "a", "sample"},
		{"version", "-set", "1.0", "-bump", "major", "sample"}, {"version", "-set", "1.0", zip}, {"version", "-o", "x.zip", zip},
		{"pack", "-version", "", "sample", "x.zip"},
	} {
		if status := run(args, nil, &bytes.Buffer{}, &bytes.Buffer{}); status != exitUsage {
			t.Errorf("%q: status %d, want %d", args, status, exitUsage)
		}
	}
}

// With -werror a warning is as bad as an error.
func TestWarningsFail(t *testing.T) {
	tree := sampleTree(t)
	putFiles(t, tree, map[string]string{"Workflows/left.txt": "left"})
	fine(t, "check", tree)
	_, _ = fails(t, "check", "-werror", tree)
	out := filepath.Join(t.TempDir(), "out.zip")
	fine(t, "pack", tree, out)
	_, _ = fails(t, "pack", "-werror", tree, out)
}
