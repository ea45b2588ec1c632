package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// solkit runs a command in this process. What it prints with -json is what its schema says.
func solkit(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(args, strings.NewReader(""), &out, &errs)
	if err := againstSchema(args, out.String()); err != nil {
		panic(fmt.Sprintf("solkit %q: %#v\n%s", args, err, &out))
	}
	return code, out.String(), errs.String()
}

// fine runs a command that must end with 0 and returns what it printed.
func fine(t *testing.T, args ...string) string {
	t.Helper()
	code, stdout, stderr := solkit(args...)
	if code != exitFine {
		t.Fatalf("solkit %s: exit status %d\n%s%s", strings.Join(args, " "), code, stdout, stderr)
	}
	return stdout
}

// fails runs a command that must end with 1 and returns both outputs.
func fails(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := solkit(args...)
	if code != exitFailed {
		t.Fatalf("solkit %s: exit status %d, want %d\n%s%s", strings.Join(args, " "), code, exitFailed, stdout, stderr)
	}
	if stderr == "" && stdout == "" {
		t.Errorf("solkit %s failed without a word", strings.Join(args, " "))
	}
	return stdout, stderr
}

// wantText fails the test if text lacks one of the parts.
func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is missing in:\n%s", p, text)
		}
	}
}

// decode reads the one JSON document in text, and refuses members that T does not have.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	if d.More() {
		t.Errorf("more than one document:\n%s", text)
	}
	return v
}

// members are the names in a JSON object.
func members(t *testing.T, text string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for name := range decode[map[string]any](t, text) {
		names[name] = true
	}
	return names
}

func set(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

// sampleTree is a copy of the demo's source tree that a test may change.
func sampleTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("sample")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sampleZip is the demo's sample as a zip.
func sampleZip(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "stock.zip")
	fine(t, "pack", "sample", name)
	return name
}

// contents are the files of a folder by path.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func putFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, data := range files {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// An entry of a zip that a test writes.
type testEntry struct{ name, data string }

func writeZip(t *testing.T, entries ...testEntry) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		f, err := w.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "test.zip")
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

const (
	tinyManifest = `<ImportExportXml><SolutionManifest><UniqueName>Tiny</UniqueName><LocalizedNames /><Descriptions />` +
		`<Version>1.2</Version><Managed>1</Managed><Publisher><UniqueName>contoso</UniqueName><LocalizedNames /><Descriptions />` +
		`<CustomizationPrefix>cts</CustomizationPrefix><CustomizationOptionValuePrefix>10000</CustomizationOptionValuePrefix></Publisher>` +
		`<RootComponents /><MissingDependencies><MissingDependency><Required type="1" schemaName="account" solution="Active" />` +
		`<Dependent type="29" id="{6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" /></MissingDependency></MissingDependencies></SolutionManifest></ImportExportXml>`
	tinyTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/octet-stream" />` +
		`<Default Extension="json" ContentType="application/octet-stream" /></Types>`
)

// tinyZip is a managed solution with the given sections and entries.
func tinyZip(t *testing.T, sections string, more ...testEntry) string {
	t.Helper()
	entries := []testEntry{
		{"[Content_Types].xml", tinyTypes},
		{"solution.xml", tinyManifest},
		{"customizations.xml", "<ImportExportXml>" + sections + "</ImportExportXml>"},
	}
	return writeZip(t, append(entries, more...)...)
}

var longAgo = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)

// age gives all files below dir an old time stamp.
func age(t *testing.T, dir string) {
	t.Helper()
	for name := range contents(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, name), longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
}

// touched are the files below dir that are younger than age made them.
func touched(t *testing.T, dir string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for name := range contents(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !info.ModTime().Equal(longAgo) {
			out[name] = true
		}
	}
	return out
}

func TestUsage(t *testing.T) {
	zip, dir := "x.zip", "x"
	tests := []struct {
		args []string
		want string // in the message
	}{
		{nil, "usage: solkit COMMAND"},
		{[]string{"frobnicate"}, `"frobnicate" is no command`},
		{[]string{"help", "frobnicate"}, `"frobnicate" is no command`},
		{[]string{"help", "pack", "unpack"}, "usage: solkit help"},
		{[]string{"demo", "x"}, "it takes none"},
		{[]string{"unpack", zip}, "it takes 2 or 3, ZIP [MANAGED_ZIP] DIR"},
		{[]string{"refs", zip, "-json"}, `"-json" stands behind an argument`},
		{[]string{"unpack", zip, dir, "-n"}, `"-n" stands behind an argument`},
		{[]string{"unpack", "-eol", "cr", zip, dir}, `-eol "cr"`},
		{[]string{"unpack", "-nonsense", zip, dir}, "-nonsense"},
		{[]string{"pack", "-kind", "neither", dir, zip}, `-kind "neither"`},
		{[]string{"pack", "-kind", "x", dir, zip}, `-kind "x"`},
		{[]string{"pack", "-version", "1.x", dir, zip}, "-version"},
		{[]string{"pack", "-version", "0.0", dir, zip}, "higher than 0.0.0.0"},
		{[]string{"pack", "-level", "10", dir, zip}, "-level 10"},
		{[]string{"pack", "-level", "-1", dir, zip}, "-level -1"},
		{[]string{"info"}, "it takes one, ZIP|DIR"},
		{[]string{"check", zip, dir}, "it takes one, ZIP|DIR"},
		{[]string{"digest", "-json"}, "it takes one, ZIP|DIR"},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			code, stdout, stderr := solkit(tt.args...)
			if code != exitUsage || stdout != "" {
				t.Errorf("exit status %d, standard output %q", code, stdout)
			}
			wantText(t, stderr, tt.want)
		})
	}
}

// Help names every command, and explains each with the flags it has and examples.
func TestHelp(t *testing.T) {
	all := fine(t, "help")
	for _, c := range commands {
		t.Run(c.name, func(t *testing.T) {
			wantText(t, all, "  "+c.name+" ", c.summary)
			words := strings.Fields(c.name)
			text := fine(t, append([]string{"help"}, words...)...)
			wantText(t, text, "usage: solkit "+c.name, "-json", "examples:\n  solkit "+c.name)
			if got := fine(t, append(words, "-h")...); got != text {
				t.Errorf("-h prints something else:\n%s", got)
			}
		})
	}
}

// Failures are one JSON document as well, and a message.
func TestFailureJSON(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	broken := writeZip(t, testEntry{"readme.txt", "no solution"})
	for _, args := range [][]string{
		{"unpack", "-json", none, none}, {"pack", "-json", none, none}, {"info", "-json", none}, {"check", "-json", none}, {"digest", "-json", none},
		{"unpack", "-json", broken, none}, {"pack", "-json", broken, none}, {"info", "-json", broken}, {"check", "-json", broken}, {"digest", "-json", broken},
	} {
		stdout, stderr := fails(t, args...)
		doc := decode[map[string]any](t, stdout)
		message, _ := doc["error"].(string)
		if message == "" {
			t.Errorf("%q: no error in %s", args, stdout)
		}
		wantText(t, stderr, message)
	}
}

var escapes = regexp.MustCompile("\x1b|\r")

func TestNoColorInFiles(t *testing.T) {
	dir := sampleTree(t)
	putFiles(t, dir, map[string]string{"Workflows/stray.txt": "x"})
	code, stdout, stderr := solkit("check", "-v", dir)
	if code != exitFine || escapes.MatchString(stdout+stderr) {
		t.Errorf("exit status %d, output %q %q", code, stdout, stderr)
	}
	wantText(t, stdout, "Workflows/stray.txt: warning: ")
}

func TestDemo(t *testing.T) {
	text := fine(t, "demo")
	wantText(t, text, "ContosoStock", "contoso, prefix cts", "1 connector\n", "cts_stock_reader", "cts_StockServer", "no findings",
		"Connectors/cts_5Fstock_openapidefinition.json", "  h1:")

	out := fine(t, "demo", "-json")
	doc := decode[struct {
		Command, Solution, Version, Kind, Digest string
		RoundTrip                                bool
		Files                                    []file
		Diagnostics                              []finding
	}](t, out)
	if !doc.RoundTrip || doc.Command != "demo" || doc.Solution != "ContosoStock" || len(doc.Diagnostics) != 0 {
		t.Errorf("got %s", out)
	}
	want := map[string]int64{}
	for name, data := range contents(t, "sample") {
		want[name] = int64(len(data))
	}
	got := map[string]int64{}
	for _, f := range doc.Files {
		got[f.Path] = f.Size
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	wantText(t, text, doc.Digest)
	wantText(t, fine(t, "digest", sampleZip(t)), doc.Digest)
}

// The demo's proof can fail.
func TestCompareZips(t *testing.T) {
	read := func(entries ...testEntry) []byte {
		data, err := os.ReadFile(writeZip(t, entries...))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	a, b := testEntry{"a", "1"}, testEntry{"b", "2"}
	tests := []struct {
		what string
		x, y []byte
		n    int
		want string
	}{
		{"equal", read(a, b), read(a, b), 2, ""},
		{"content", read(a, b), read(a, testEntry{"b", "3"}), 0, "entry 2, b, differs"},
		{"order", read(a, b), read(b, a), 0, "entry 1, a, differs"},
		{"fewer", read(a, b), read(a), 0, "entry 2, b, differs"},
		{"more", read(a), read(a, b), 0, "entry 2, b, is new"},
		{"none", read(), read(), 0, "it has no entries"},
	}
	for _, tt := range tests {
		n, err := compareZips(tt.x, tt.y)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if n != tt.n || got != tt.want {
			t.Errorf("%s: %d, %q, want %d, %q", tt.what, n, got, tt.n, tt.want)
		}
	}
}
