package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samplePair writes the two packages of a solution, which differ in a file, and returns their folder.
func samplePair(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	src := filepath.Join(dir, "src")
	fine(t, "pack", "sample", filepath.Join(dir, "stock.zip"))
	fine(t, "unpack", filepath.Join(dir, "stock.zip"), src)
	putFiles(t, src, map[string]string{sampleFlow: "{}"})
	fine(t, "pack", "-kind", "managed", "-convert", src, filepath.Join(dir, "stock_managed.zip"))
	if err := os.RemoveAll(src); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestBothThereAndBack(t *testing.T) {
	dir := samplePair(t)
	zip, managed, src := filepath.Join(dir, "stock.zip"), filepath.Join(dir, "stock_managed.zip"), filepath.Join(dir, "src")
	wantText(t, fine(t, "unpack", "-both", zip, src), "unpacked ContosoStock 1.0.0.0 (both) to "+src)
	files := contents(t, src)
	if got := files["Other/managed/"+sampleFlow]; got != "{}" {
		t.Errorf("the managed flow is %q", got)
	}
	wantText(t, fine(t, "check", "-v", src), "")

	out := filepath.Join(dir, "out")
	if err := os.Mkdir(out, 0o755); err != nil {
		t.Fatal(err)
	}
	text := fine(t, "pack", "-kind", "both", src, filepath.Join(out, "s.zip"))
	wantText(t, text, "(unmanaged) to "+filepath.Join(out, "s.zip"), "(managed) to "+filepath.Join(out, "s_managed.zip"))
	for kind, names := range map[string][2]string{"unmanaged": {zip, "s.zip"}, "managed": {managed, "s_managed.zip"}} {
		want := fine(t, "digest", names[0])
		if got := fine(t, "digest", filepath.Join(out, names[1])); got != want {
			t.Errorf("%s: digest %s, want %s", kind, got, want)
		}
		if got := fine(t, "digest", "-kind", kind, src); got != want {
			t.Errorf("%s: digest of the tree %s, want %s", kind, got, want)
		}
		one := filepath.Join(dir, kind+".zip")
		fine(t, "pack", "-kind", kind, src, one)
		if string(read(t, one)) != string(read(t, filepath.Join(out, names[1]))) {
			t.Errorf("%s: packed alone it is another zip", kind)
		}
	}

	// The pair again, both named: nothing changes. Equal packages leave nothing to keep, and -delete removes what was kept.
	wantText(t, fine(t, "unpack", "-both", zip, managed, src), "0 created, 0 changed")
	same := filepath.Join(dir, "same_managed.zip")
	fine(t, "pack", "-kind", "managed", "-convert", "sample", same)
	fine(t, "unpack", "-both", "-delete", zip, same, src)
	for name := range contents(t, src) {
		if strings.HasPrefix(name, "Other/managed") || name == "Other/halves.txt" {
			t.Errorf("%s is left", name)
		}
	}
	if diff := cmp.Diff(set("Other/Solution.xml"), differing(contents(t, "sample"), contents(t, src))); diff != "" {
		t.Errorf("files that differ (-want +got)\n%s", diff)
	}
}

func differing(a, b map[string]string) map[string]bool {
	out := map[string]bool{}
	for name := range a {
		if a[name] != b[name] {
			out[name] = true
		}
	}
	return out
}

func TestBothRefused(t *testing.T) {
	dir := samplePair(t)
	zip, managed, src := filepath.Join(dir, "stock.zip"), filepath.Join(dir, "stock_managed.zip"), filepath.Join(dir, "src")
	other := filepath.Join(dir, "other.zip")
	fine(t, "pack", "-version", "2.0.0.0", "sample", other)
	for _, c := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"unpack", zip, managed, src}, 2, "-both"},
		{[]string{"unpack", "-both", other, src}, 2, "other_managed.zip is not there"},
		{[]string{"unpack", "-both", managed, src}, 2, "give the unmanaged zip"},
		{[]string{"unpack", "-both", managed, zip, src}, 1, "taken for the unmanaged one is managed"},
		{[]string{"unpack", "-both", other, managed, src}, 1, `the version is "2.0.0.0" in the unmanaged package and "1.0.0.0" in the managed one`},
		{[]string{"pack", "-kind", "both", "sample", filepath.Join(dir, "new.zip")}, 1, "managed was asked for"},
		{[]string{"pack", "-kind", "both", "sample", filepath.Join(dir, "new_managed.zip")}, 2, "new_managed.zip is the name of a managed zip"},
		{[]string{"digest", "-kind", "managed", zip}, 1, "the package is unmanaged, not managed"},
		{[]string{"digest", "-kind", "both", zip}, 2, "use unmanaged or managed"},
	} {
		var out, errs strings.Builder
		if status := run(c.args, strings.NewReader(""), &out, &errs); status != c.status || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%v: status %d, want %d, and %q in\n%s", c.args, status, c.status, c.want, errs.String())
		}
	}
	for name := range contents(t, dir) {
		if strings.HasPrefix(name, "src/") || strings.HasPrefix(name, "new") {
			t.Errorf("%s was written", name)
		}
	}
}

func TestPackBothJSON(t *testing.T) {
	dir := samplePair(t)
	src := filepath.Join(dir, "src")
	fine(t, "unpack", "-both", filepath.Join(dir, "stock.zip"), src)
	got := decode[packDocument](t, fine(t, "pack", "-json", "-kind", "both", src, filepath.Join(dir, "new.zip")))
	if got.Kind != "both" || len(got.Files) == 0 || len(got.Managed) != len(got.Files) {
		t.Errorf("kind %s, %d files, %d in the managed package", got.Kind, len(got.Files), len(got.Managed))
	}
}
