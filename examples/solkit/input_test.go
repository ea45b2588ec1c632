package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What is no regular file is neither read nor written: a device may have no end, and a pipe waits.
func TestNoDevices(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no /dev/zero")
	}
	tree := sampleTree(t)
	for _, args := range [][]string{
		{"plan", "-env", "/dev/zero", "sample"},
		{"settings", "-check", "/dev/zero", "sample"},
		{"unpack", "/dev/zero", t.TempDir()},
		{"info", "/dev/zero"},
		{"plan", "/dev/zero"},
		{"connector", "lint", "/dev/zero"},
		{"connref", "rename", "-settings", "/dev/zero", tree, "cts_stock_reader", "cts_other"},
	} {
		_, stderr := fails(t, args...)
		wantText(t, stderr, "/dev/zero", "neither a file nor a folder")
	}
	for _, name := range []string{"/dev/null", "/dev/zero"} {
		_, stderr := fails(t, "pack", tree, name)
		wantText(t, stderr, name, "not a regular file")
	}
	if info, err := os.Stat("/dev/null"); err != nil || info.Mode().IsRegular() {
		t.Fatalf("/dev/null is %v, %v", info, err)
	}
}

// A link in a folder that leads out of it is not followed.
func TestLinksStayInside(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "apiDefinition.swagger.json")
	if err := os.WriteFile(secret, []byte(`{"swagger": "2.0"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(secret, filepath.Join(dir, "apiDefinition.swagger.json")); err != nil {
		t.Skip("no links here")
	}
	fails(t, "connector", "list", dir)
}
