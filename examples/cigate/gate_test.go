package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/packager"
)

func TestGate(t *testing.T) {
	const sample = "../solkit/sample"
	tree, err := packager.Load(os.DirFS(sample), nil)
	if err != nil {
		t.Fatal(err)
	}
	var zip bytes.Buffer
	if _, err := packager.Pack(&zip, tree, nil); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	released := filepath.Join(dir, "stock.zip")
	if err := os.WriteFile(released, zip.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	edited := filepath.Join(dir, "src")
	if err := os.CopyFS(edited, os.DirFS(sample)); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(edited, "Other", "Solution.xml")
	src, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(manifest, bytes.Replace(src, []byte("1.0.0.0"), []byte("1.0.1.0"), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		tree    string
		passes  bool
		summary string
	}{
		{sample, true, "## Passed"},
		{edited, false, "The tree is not what was exported"},
	} {
		sarif, markdown := filepath.Join(dir, "gate.sarif"), filepath.Join(dir, "gate.md")
		ok, err := run(tt.tree, released, released, sarif, markdown, false)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(markdown)
		if err != nil {
			t.Fatal(err)
		}
		if ok != tt.passes || !strings.Contains(string(text), tt.summary) {
			t.Errorf("%s: passes %t, want %t with %q:\n%s", tt.tree, ok, tt.passes, tt.summary, text)
		}
		log, err := os.ReadFile(sarif)
		if err != nil || !bytes.Contains(log, []byte(`"name": "cigate"`)) {
			t.Errorf("%s: %v\n%s", tt.tree, err, log)
		}
	}
}

// What is not given is not compared. Findings stand in both outputs, with paths from where the gate runs.
func TestGateTellsFindings(t *testing.T) {
	dir := t.TempDir()
	src := filepath.Join(dir, "src")
	if err := os.CopyFS(src, os.DirFS("../solkit/sample")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	if err := os.WriteFile("src/Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json", []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if ok, err := run("src", "", "", "gate.sarif", "gate.md", false); err != nil || ok {
		t.Fatalf("passes %t, error %v", ok, err)
	}
	for name, want := range map[string]string{
		"gate.md":    "error: ",
		"gate.sarif": `"uri": "src/Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json"`,
	} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %q:\n%s", name, want, text)
		}
	}
	if text, err := os.ReadFile("gate.md"); err != nil || !strings.Contains(string(text), "No exported zip was given") {
		t.Errorf("what was not looked at is not said: %v\n%s", err, text)
	}
	if _, err := run("gate.md", "", "", "", "", false); err == nil || !strings.Contains(err.Error(), "gate.md is no folder") {
		t.Errorf("a file in the place of the tree: %v", err)
	}
	if _, err := run("src", "none.zip", "", "", "", false); err == nil || !strings.Contains(err.Error(), "export the solution") {
		t.Errorf("a zip that is not there: %v", err)
	}
}
