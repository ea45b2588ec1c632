package main

import (
	"bytes"
	"os"
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
		{"version", "-bump", "", "sample"}, {"version", "-bump", "Build", "sample"}, {"version", "-set", "2147483648.0", "sample"}, {"version", "-set", "1.2.3.4.5", "sample"},
		{"version", "-n", "sample"}, {"version", "-n", "-bump", "minor", "-o", "x.zip", zip}, {"version", "-bump", "minor", "-o", "x.zip", "sample"},
		{"pack", "-version", "", "sample", "x.zip"},
	} {
		if status := run(args, nil, &bytes.Buffer{}, &bytes.Buffer{}); status != exitUsage {
			t.Errorf("%q: status %d, want %d", args, status, exitUsage)
		}
	}
}

// -n says what would be, of a tree and of a zip, and writes nothing.
func TestVersionDry(t *testing.T) {
	tree, zip := sampleTree(t), sampleZip(t)
	before, data := contents(t, tree), read(t, zip)
	for _, name := range []string{tree, zip} {
		wantText(t, fine(t, "version", "-n", "-bump", "minor", name), "1.0.0.0 -> 1.1.0.0\n")
		doc := decode[versionDocument](t, fine(t, "version", "-json", "-n", "-set", "2.0", name))
		want := versionDocument{Command: "version", Solution: "ContosoStock", Version: "2.0.0.0", Before: "1.0.0.0"}
		if diff := cmp.Diff(want, doc, cmp.AllowUnexported(versionDocument{}, outcome{})); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if diff := cmp.Diff(before, contents(t, tree)); diff != "" {
		t.Errorf("the tree changed (-before +after)\n%s", diff)
	}
	if diff := cmp.Diff(data, read(t, zip)); diff != "" {
		t.Error("the zip changed")
	}
}

// Of the manifest only the version changes, whatever else is in the tree: other files may even be missing.
func TestVersionIsSplice(t *testing.T) {
	const file = "Other/Solution.xml"
	tree := sampleTree(t)
	text := strings.ReplaceAll(contents(t, tree)[file], "\n", "\r\n")
	text = strings.Replace(text, "<Version>", "<!-- by hand --><Version>", 1) + "\r\n\r\n"
	putFiles(t, tree, map[string]string{file: text})
	if err := os.RemoveAll(filepath.Join(tree, "Connectors")); err != nil {
		t.Fatal(err)
	}
	age(t, tree)
	fine(t, "version", "-bump", "build", tree)
	if diff := cmp.Diff(strings.Replace(text, ">1.0.0.0<", ">1.0.1.0<", 1), contents(t, tree)[file]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(set(file), touched(t, tree)); diff != "" {
		t.Errorf("touched (-want +got)\n%s", diff)
	}

	// A version that is none can be set and not raised, and the highest number is not raised.
	for _, version := range []string{"1.0.a.0", "", "1.0.20220508103", "2147483647.0.0.0"} {
		bad := strings.Replace(text, ">1.0.0.0<", ">"+version+"<", 1)
		putFiles(t, tree, map[string]string{file: bad})
		_, stderr := fails(t, "version", "-bump", "major", tree)
		wantText(t, stderr, "can't be raised")
		if diff := cmp.Diff(bad, contents(t, tree)[file]); diff != "" {
			t.Errorf("%q (-want +got)\n%s", version, diff)
		}
		fine(t, "version", "-set", "1.0.0.0", tree)
		if diff := cmp.Diff(text, contents(t, tree)[file]); diff != "" {
			t.Errorf("%q (-want +got)\n%s", version, diff)
		}
	}
}

// With -werror a warning is as bad as an error, in every command that has the flag.
func TestWarningsFail(t *testing.T) {
	tree, dir := sampleTree(t), t.TempDir()
	putFiles(t, tree, map[string]string{"Workflows/left.txt": "left"})
	files := looseFiles("Parts")
	files["apiDefinition.swagger.json"] = strings.Replace(files["apiDefinition.swagger.json"], `["https"]`, `["http", "https"]`, 1)
	settings := filepath.Join(dir, "test.json")
	putFiles(t, dir, map[string]string{"test.json": `{"EnvironmentVariables": [{"SchemaName": "cts_gone", "Value": ""}], "ConnectionReferences": []}`})
	noTypes := writeZip(t, testEntry{"solution.xml", tinyManifest}, testEntry{"customizations.xml", "<ImportExportXml />"})
	flags := map[string]bool{}
	for _, c := range commands {
		if c.strict {
			flags[c.name] = true
		}
	}
	for name, args := range map[string][]string{
		"check":          {tree},
		"pack":           {tree, filepath.Join(dir, "out.zip")},
		"unpack":         {noTypes, filepath.Join(dir, "src")},
		"connector lint": {looseFolder(t, files)},
		"settings":       {"-check", settings, "sample"},
	} {
		words := strings.Fields(name)
		fine(t, append(words, args...)...)
		_, stderr := fails(t, append(append(words, "-werror"), args...)...)
		wantText(t, stderr, name+" failed: ", "-werror")
		if !flags[name] {
			t.Errorf("%s is not strict", name)
		}
		delete(flags, name)
	}
	for name := range flags {
		t.Errorf("%s is not tried", name)
	}
}
