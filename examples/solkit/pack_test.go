package main

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

const sampleFlow = "Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json"

func read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// onlyFile fails the test if a folder holds anything but the named file, or nothing if name is empty.
func onlyFile(t *testing.T, dir, name string) {
	t.Helper()
	want := map[string]bool{}
	if name != "" {
		want[name] = true
	}
	got := map[string]bool{}
	for file := range contents(t, dir) {
		got[file] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files in %s (-want +got)\n%s", dir, diff)
	}
}

func TestPack(t *testing.T) {
	dir := t.TempDir()
	first, second, tree := filepath.Join(dir, "1.zip"), filepath.Join(dir, "2.zip"), filepath.Join(dir, "src")
	out := fine(t, "pack", "sample", first)
	wantText(t, out, "packed ContosoStock 1.0.0.0 (unmanaged) to "+first+": 8 entries, ")
	if strings.Count(out, "\n") != 1 {
		t.Errorf("more than one line without -v:\n%s", out)
	}
	fine(t, "unpack", first, tree)
	wantText(t, fine(t, "pack", "-v", tree, second), " solution.xml\n", sampleFlow+"\n")
	if string(read(t, first)) != string(read(t, second)) {
		t.Error("pack, unpack and pack give another zip")
	}
	if a, b, c := fine(t, "digest", first), fine(t, "digest", tree), fine(t, "digest", second); a != b || b != c || !strings.HasPrefix(a, "h1:") {
		t.Errorf("digests %q %q %q", a, b, c)
	}
}

func TestPackJSON(t *testing.T) {
	name := filepath.Join(t.TempDir(), "stock.zip")
	out := fine(t, "pack", "-json", "-version", "2.3", "sample", name)
	if diff := cmp.Diff(set("command", "solution", "version", "kind", "files", "diagnostics"), members(t, out)); diff != "" {
		t.Errorf("members (-want +got)\n%s", diff)
	}
	want := report{Command: "pack", Solution: "ContosoStock", Version: "2.3.0.0", Kind: "unmanaged", Diagnostics: []finding{}}
	r, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, e := range r.File {
		f, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(data)
		want.Files = append(want.Files, file{e.Name, int64(len(data)), hex.EncodeToString(sum[:])})
	}
	if diff := cmp.Diff(want, decode[report](t, out), cmp.AllowUnexported(report{}, outcome{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPackFlags(t *testing.T) {
	dir := t.TempDir()
	stored, best := filepath.Join(dir, "0.zip"), filepath.Join(dir, "9.zip")
	fine(t, "pack", "-level", "0", "sample", stored)
	fine(t, "pack", "-level", "9", "sample", best)
	if a, b := len(read(t, stored)), len(read(t, best)); a <= b {
		t.Errorf("stored %d bytes, compressed %d", a, b)
	}
	if a, b := fine(t, "digest", stored), fine(t, "digest", best); a != b {
		t.Errorf("digests %s %s", a, b)
	}

	name := filepath.Join(dir, "managed.zip")
	_, stderr := fails(t, "pack", "-kind", "managed", "sample", name)
	wantText(t, stderr, "package kind does not match", "-convert")
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a zip is there: %v", err)
	}
	wantText(t, fine(t, "pack", "-kind", "managed", "-convert", "-version", "1.2.3.4", "sample", name), "ContosoStock 1.2.3.4 (managed)")
	got := decode[infoDocument](t, fine(t, "info", "-json", name))
	if got.Kind != "managed" || got.Version != "1.2.3.4" {
		t.Errorf("got %+v", got)
	}
}

func TestPackBoth(t *testing.T) {
	src, name := sampleTree(t), filepath.Join(t.TempDir(), "stock.zip")
	p := filepath.Join(src, "Other", "Solution.xml")
	text := strings.Replace(string(read(t, p)), "<Managed>0<", "<Managed>2<", 1)
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, stderr := fails(t, "pack", src, name)
	wantText(t, stderr, "both kinds", "-kind")
	wantText(t, fine(t, "pack", "-kind", "managed", src, name), "(managed)")
	if got := decode[infoDocument](t, fine(t, "info", "-json", src)); got.Kind != "both" || got.Components["connector"] != 1 {
		t.Errorf("info %+v", got)
	}
}

// A tree that can't be packed leaves no zip, no temporary file, and an older zip as it is.
func TestPackMissingFile(t *testing.T) {
	src, dir := sampleTree(t), t.TempDir()
	if err := os.Remove(filepath.Join(src, sampleFlow)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "stock.zip")
	_, stderr := fails(t, "pack", src, name)
	wantText(t, stderr, `Workflow "{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}"`, "needs the file "+sampleFlow, sampleFlow+".data.xml:3:3: error")
	onlyFile(t, dir, "")

	stdout, _ := fails(t, "pack", "-json", src, name)
	doc := decode[report](t, stdout)
	if len(doc.Diagnostics) != 1 || len(doc.Files) != 0 || !strings.Contains(doc.Error, sampleFlow) {
		t.Fatalf("got %s", stdout)
	}
	want := finding{Rule: "packager/missing-file", Severity: diag.Error, File: sampleFlow + ".data.xml", Path: "JsonFileName", Line: 3, Column: 3,
		Message: doc.Diagnostics[0].Message}
	if diff := cmp.Diff(want, doc.Diagnostics[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	wantText(t, stdout, `"severity": "error"`)

	putFiles(t, dir, map[string]string{"stock.zip": "older"})
	fails(t, "pack", src, name)
	onlyFile(t, dir, "stock.zip")
	if got := string(read(t, name)); got != "older" {
		t.Errorf("the older zip holds %q", got)
	}

	// What is counted is what is told, also what would not have stopped it.
	p := filepath.Join(src, "Other", "Solution.xml")
	text := strings.Replace(string(read(t, p)), `<RootComponent type="29" id="{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" behavior="0" />`, "", 1)
	putFiles(t, src, map[string]string{"Other/Solution.xml": text})
	_, stderr = fails(t, "pack", src, name)
	wantText(t, stderr, "(packager/component-without-root)", "(packager/missing-file)", "pack failed: 2 errors")
}

// Findings of severity error that do not stop Pack leave a zip, and exit status 1.
func TestPackWithErrors(t *testing.T) {
	src, dir := sampleTree(t), t.TempDir()
	p := filepath.Join(src, "Other", "Solution.xml")
	text := strings.Replace(string(read(t, p)), `<RootComponent type="29" id="{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" behavior="0" />`, "", 1)
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "stock.zip")
	stdout, stderr := fails(t, "pack", src, name)
	wantText(t, stderr, "(packager/component-without-root)")
	wantText(t, stdout, "packed ContosoStock", "1 error")
	fails(t, "info", filepath.Join(dir, "none.zip"))
	fine(t, "info", name)
	onlyFile(t, dir, "stock.zip")
}

// Warnings do not make it fail, but they are said.
func TestPackWithWarnings(t *testing.T) {
	src := sampleTree(t)
	putFiles(t, src, map[string]string{"Workflows/stray.txt": "x"})
	code, _, stderr := solkit("pack", src, filepath.Join(t.TempDir(), "stock.zip"))
	if code != exitFine {
		t.Errorf("exit status %d", code)
	}
	wantText(t, stderr, "Workflows/stray.txt: warning: ")
}

func TestPackInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	var stderr strings.Builder
	if code := runContext(ctx, []string{"pack", "sample", filepath.Join(dir, "stock.zip")}, nil, io.Discard, &stderr); code != exitFailed {
		t.Errorf("exit status %d", code)
	}
	wantText(t, stderr.String(), "canceled")
	onlyFile(t, dir, "")
}

func TestPackNowhere(t *testing.T) {
	dir := t.TempDir()
	_, stderr := fails(t, "pack", "sample", dir)
	wantText(t, stderr, "a folder is where the file should be")
	onlyFile(t, dir, "")
}

// A temporary file that is left behind by a process that was killed is in nobody's way.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	var temps []string
	for range 2 {
		err := writeFile(name, func(f *os.File) error {
			temps = append(temps, filepath.Base(f.Name()))
			return writeFile(name, func(g *os.File) error {
				temps = append(temps, filepath.Base(g.Name()))
				_, err := g.WriteString("inner")
				return err
			})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if temps[0] == temps[1] || !strings.HasPrefix(temps[0], ".solkit-") {
		t.Errorf("temporary files %q", temps)
	}
	onlyFile(t, dir, "a")

	if err := os.Chmod(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(name, func(f *os.File) error { _, err := f.WriteString("new"); return err }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(read(t, name)) != "new" || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%q, mode %v", read(t, name), info.Mode())
	}
}

// A folder that is not there is made, as by the reference tool, and goes again if nothing is written.
func TestPackMakesFolders(t *testing.T) {
	dir := t.TempDir()
	fine(t, "pack", "sample", filepath.Join(dir, "a", "b", "x.zip"))
	onlyFile(t, filepath.Join(dir, "a"), "b/x.zip")
	fails(t, "pack", "-kind", "both", "sample", filepath.Join(dir, "a", "c", "d", "x.zip"))
	name := filepath.Join(dir, "e", "f", "g")
	if err := writeFile(name, func(*os.File) error { return errors.New("no") }); err == nil {
		t.Error("no error")
	}
	for _, gone := range []string{filepath.Join(dir, "a", "c"), filepath.Join(dir, "e")} {
		if _, err := os.Stat(gone); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", gone, err)
		}
	}
}
