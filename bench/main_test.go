package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ran is what bench prints.
func ran(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestEveryJobRuns holds that what is compared can be: each job does its work on a small sample without an error, and has a row.
func TestEveryJobRuns(t *testing.T) {
	list, err := sampleGroups(100_000)
	if err != nil {
		t.Fatal(err)
	}
	out := ran(t, "-size", "0.1", "-best", "1", "-markdown")
	jobs := 0
	for _, g := range list {
		if g.bytes == 0 || !strings.Contains(out, "| "+g.name+", ") {
			t.Errorf("no row begins with %q, or it has no bytes (%d)", g.name, g.bytes)
		}
		for _, j := range g.jobs {
			jobs++
			if !strings.Contains(out, "| "+j.name+" |") && !strings.Contains(out, "| **"+j.name+"** |") {
				t.Errorf("no row has %q", j.name)
			}
		}
	}
	if lines := strings.Count(out, "\n|"); lines != jobs+2 {
		t.Errorf("%d lines of a table for %d jobs\n%s", lines, jobs, out)
	}
}

// TestSampleGrows holds that sizes are what they are called, and that the second version differs from the first.
func TestSampleGrows(t *testing.T) {
	for _, size := range []int{1_000_000, 2_000_000} {
		s, err := newSample(size)
		if err != nil {
			t.Fatal(err)
		}
		a, err := openArchive(s.old)
		if err != nil {
			t.Fatal(err)
		}
		for what, n := range map[string][2]int{"customizations.xml": {len(a.customs), size}, "definition": {len(s.definition), size / 40}} {
			if off := float64(n[0])/float64(n[1]) - 1; off < -0.3 || off > 0.3 {
				t.Errorf("%s of a sample of %d has %d bytes", what, n[1], n[0])
			}
		}
		if bytes.Equal(s.old, s.new) {
			t.Error("both versions are one")
		}
	}
}

func TestGrowth(t *testing.T) {
	out := ran(t, "-size", "0.1", "-best", "1", "-growth", "-only", "scan")
	if rows := strings.Split(strings.TrimSpace(out), "\n"); len(rows) != 4 || !strings.HasPrefix(rows[3], "read XML  scan  ") || len(strings.Fields(rows[3])) != 9 {
		t.Errorf("%d lines, want a machine, a head and one row of sizes\n%s", len(rows), out)
	}
}

func TestZips(t *testing.T) {
	s, err := newSample(100_000)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	old, next := filepath.Join(dir, "a.zip"), filepath.Join(dir, "b.zip")
	for name, data := range map[string][]byte{old: s.old, next: s.new} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	one, two := ran(t, "-best", "1", "-only", "diff", old), ran(t, "-best", "1", "-only", "diff", old, next)
	if strings.Contains(one, "compare two zips") || !strings.Contains(two, "compare two zips") {
		t.Errorf("one zip:\n%s\ntwo:\n%s", one, two)
	}
	// The definition of a zip is that of its connector.
	if out := ran(t, "-best", "1", "-only", "lint", old); !strings.Contains(out, "check a definition, 0.02 MB") {
		t.Error(out)
	}
}

func TestRefuses(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.zip")
	var empty bytes.Buffer
	if err := zip.NewWriter(&empty).Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(broken, empty.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"-size 0", "-best 0", "-growth x.zip", "a.zip b.zip c.zip", "nothing.zip", broken, "-size 0.1 -tool no-such-program-here"} {
		var out bytes.Buffer
		if err := run(strings.Fields(args), &out); err == nil {
			t.Errorf("%s: no error\n%s", args, out.String())
		}
	}
}

// A program that stands for the reference tool notes how it was called.
func TestTool(t *testing.T) {
	dir := t.TempDir()
	script, log := filepath.Join(dir, "tool.sh"), filepath.Join(dir, "log")
	if err := os.WriteFile(script, fmt.Appendf(nil, "echo \"$@\" >>%s\n", log), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no shell to stand for the tool")
	}
	out := ran(t, "-size", "0.1", "-best", "1", "-only", "reference tool", "-tool", "/bin/sh "+script)
	calls, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(calls), "/action:Extract") || !strings.Contains(string(calls), "/action:Pack") || strings.Count(out, "reference tool") != 2 {
		t.Errorf("called with\n%s\n%s", calls, out)
	}
}
