//go:build unix

package main

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A pipe in a folder is not opened, as whoever opens one waits for its other end.
func TestNoPipes(t *testing.T) {
	pipe := func(name string) string {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(name, 0o600); err != nil {
			t.Skipf("no pipes here: %v", err)
		}
		return name
	}
	t.Run("loose files", func(t *testing.T) {
		dir := t.TempDir()
		putFiles(t, dir, map[string]string{"apiDefinition.swagger.json": `{"swagger": "2.0"}`})
		pipe(filepath.Join(dir, "apiProperties.json"))
		stdout, stderr := fails(t, "connector", "lint", dir)
		wantText(t, stdout+stderr, "apiProperties.json: not a regular file")
	})
	t.Run("tree", func(t *testing.T) {
		dir := sampleTree(t)
		want := fine(t, "digest", dir)
		pipe(filepath.Join(dir, "Connectors", "cts_x.xml"))
		pipe(filepath.Join(dir, "Other", "Rescued.xml"))
		wantText(t, fine(t, "check", dir), "Connectors/cts_x.xml is not a regular file: it is left out", "Other/Rescued.xml is not a regular file")
		if got := fine(t, "digest", dir); got != want {
			t.Errorf("digest %s, want %s", got, want)
		}
	})
	t.Run("manifest", func(t *testing.T) {
		dir := sampleTree(t)
		name := filepath.Join(dir, "Other", "Solution.xml")
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
		pipe(name)
		fails(t, "info", dir)
		fails(t, "pack", dir, filepath.Join(t.TempDir(), "a.zip"))
	})
	t.Run("extracted", func(t *testing.T) {
		dir := t.TempDir()
		pipe(filepath.Join(dir, "solution.xml"))
		fails(t, "plan", dir)
	})
	t.Run("lock", func(t *testing.T) {
		dir := sampleTree(t)
		pipe(filepath.Join(dir, lockName))
		_, stderr := fails(t, "unpack", sampleZip(t), dir)
		wantText(t, stderr, lockName)
	})
	t.Run("output", func(t *testing.T) {
		dir := t.TempDir()
		name := pipe(filepath.Join(dir, "a.zip"))
		_, stderr := fails(t, "pack", "sample", name)
		wantText(t, stderr, "not a regular file")
		if diff := cmp.Diff(1, len(must(os.ReadDir(dir)))); diff != "" {
			t.Errorf("files (-want +got)\n%s", diff)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
