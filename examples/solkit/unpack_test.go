package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
)

func TestUnpack(t *testing.T) {
	zip, dir := sampleZip(t), filepath.Join(t.TempDir(), "new", "src")
	out := fine(t, "unpack", zip, dir)
	wantText(t, out, "unpacked ContosoStock 1.0.0.0 (unmanaged) to "+dir+": 9 files, 9 created, 0 changed, 0 unchanged, 0 deleted\n")
	if strings.Count(out, "\n") != 1 {
		t.Errorf("more than one line without -v:\n%s", out)
	}
	if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	// What is as it should be is left alone, what is not is put right.
	age(t, dir)
	putFiles(t, dir, map[string]string{"Connectors/cts_5Fstock.xml": "edited"})
	out = fine(t, "unpack", "-v", zip, dir)
	wantText(t, out, "changed   Connectors/cts_5Fstock.xml\n", "unchanged Other/Solution.xml\n", "0 created, 1 changed, 8 unchanged")
	if diff := cmp.Diff(set("Connectors/cts_5Fstock.xml"), touched(t, dir)); diff != "" {
		t.Errorf("touched (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnpackNewline(t *testing.T) {
	zip, dir := sampleZip(t), t.TempDir()
	fine(t, "unpack", "-eol", "crlf", zip, dir)
	data := contents(t, dir)["Other/Solution.xml"]
	if n := strings.Count(data, "\n"); n == 0 || n != strings.Count(data, "\r\n") {
		t.Errorf("lines do not end in CRLF: %q", data)
	}
	if a, b := fine(t, "digest", zip), fine(t, "digest", dir); a != b {
		t.Errorf("digests differ: %s %s", a, b)
	}
}

func TestUnpackJSON(t *testing.T) {
	zip, dir := sampleZip(t), t.TempDir()
	out := fine(t, "unpack", "-json", zip, dir)
	if diff := cmp.Diff(set("command", "solution", "version", "kind", "files", "created", "changed", "deleted", "diagnostics"), members(t, out)); diff != "" {
		t.Errorf("members (-want +got)\n%s", diff)
	}
	got := decode[report](t, out)
	want := report{Command: "unpack", Solution: "ContosoStock", Version: "1.0.0.0", Kind: "unmanaged", Changed: []string{}, Deleted: []string{}, Diagnostics: []finding{}}
	tree, err := packager.Load(os.DirFS("sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want.Files = append(want.Files, fileOf(name, data))
	}
	want.Created = tree.Names()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(report{}, outcome{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnpackDelete(t *testing.T) {
	zip := sampleZip(t)
	stale := map[string]string{
		"Workflows/Old.json":           "a flow that is gone",
		"Workflows/Old.json.data.xml":  `<Workflow WorkflowId="{7b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10}" Name="Old"><JsonFileName>/Workflows/Old.json</JsonFileName></Workflow>`,
		"OptionSets/cts_gone.xml":      `<optionset Name="cts_gone" />`, // no other file of the folder is left
		"Connectors/deep/er/stale.txt": "x",
		"Other/Relationships/Old.xml":  "<EntityRelationships />",
		"Other/unclaimed.txt":          "listed.txt\n\"quoted.txt\"\r\nstray/listed.bin\n.git/config\n../outside.txt\n",
	}
	others := map[string]string{
		"listed.txt":            "mine, whatever a list says",
		"quoted.txt":            "mine",
		"stray/listed.bin":      "mine",
		"readme.md":             "mine",
		"docs/notes.txt":        "mine",
		"stray/mine.txt":        "mine",
		".git/config":           "mine",
		".gitignore":            "mine",
		"Workflows/.keep":       "mine",
		"Workflows/.hid/a.json": "mine",
	}
	dir := filepath.Join(t.TempDir(), "src")
	fine(t, "unpack", zip, dir)
	putFiles(t, dir, stale)
	putFiles(t, dir, others)
	putFiles(t, filepath.Dir(dir), map[string]string{"outside.txt": "mine"})
	if err := os.Remove(filepath.Join(dir, "Other/Customizations.xml")); err != nil {
		t.Fatal(err)
	}
	putFiles(t, dir, map[string]string{"Other/Customizations.xml": "<ImportExportXml><Workflows /><optionsets /><Connectors /></ImportExportXml>"})
	before := contents(t, dir)

	wantText(t, fine(t, "unpack", "-n", zip, dir), "6 files the zip no longer gives", "left over Connectors/deep/er/stale.txt",
		"stays     docs/notes.txt\nstays     stray/mine.txt\n2 files of no known kind")
	out := fine(t, "unpack", "-n", "-delete", "-json", zip, dir)
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("-n changed something (-want +got)\n%s", diff)
	}
	doc := decode[report](t, out)
	if diff := cmp.Diff([]string{}, doc.Created); diff != "" {
		t.Errorf("created (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Other/Customizations.xml"}, doc.Changed); diff != "" {
		t.Errorf("changed (-want +got)\n%s", diff)
	}
	want := map[string]bool{}
	for name := range stale {
		want[name] = true
	}
	if diff := cmp.Diff(want, set(doc.Deleted...)); diff != "" {
		t.Errorf("deleted (-want +got)\n%s", diff)
	}
	wantText(t, fine(t, "unpack", "-n", "-delete", zip, dir), "changed   Other/Customizations.xml\n", "deleted   Workflows/Old.json\n",
		"would unpack ContosoStock", "6 deleted")

	fine(t, "unpack", "-delete", zip, dir)
	left := contents(t, "sample")
	maps.Copy(left, others)
	if diff := cmp.Diff(left, contents(t, dir)); diff != "" {
		t.Errorf("after -delete (-want +got)\n%s", diff)
	}
	for _, gone := range []string{"OptionSets", "Connectors/deep", "Other/Relationships"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("empty folder %s stays: %v", gone, err)
		}
	}
	if diff := cmp.Diff("mine", contents(t, filepath.Dir(dir))["outside.txt"]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A folder that holds no solution loses nothing, whatever its folders are called.
func TestUnpackDeleteElsewhere(t *testing.T) {
	dir := t.TempDir()
	mine := map[string]string{"Other/mine.txt": "mine", "Workflows/mine.txt": "mine"}
	putFiles(t, dir, mine)
	fine(t, "unpack", "-delete", sampleZip(t), dir)
	want := contents(t, "sample")
	maps.Copy(want, mine)
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUnpackDry(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "src")
	doc := decode[report](t, fine(t, "unpack", "-n", "-json", sampleZip(t), dir))
	if len(doc.Created) != 9 || len(doc.Files) != 9 || len(doc.Changed) != 0 {
		t.Errorf("got %+v", doc)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
}

// What is hostile or damaged is refused before anything is written.
func TestUnpackRefused(t *testing.T) {
	damaged := func() string {
		name := filepath.Join(t.TempDir(), "damaged.zip")
		fine(t, "pack", "-level", "0", "sample", name)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if strings.Count(text, "stock.contoso.example") < 2 {
			t.Fatal("the zip is not stored")
		}
		if err := os.WriteFile(name, []byte(strings.ReplaceAll(text, `"host": "stock.contoso.example"`, `"host": "evil!.contoso.example"`)), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	tests := []struct {
		what, zip string
		want      string
	}{
		{"up", tinyZip(t, "", testEntry{"../evil.txt", "x"}), `".." in the path`},
		{"up inside", tinyZip(t, "", testEntry{"bots/../../evil.txt", "x"}), `".." in the path`},
		{"backslash", tinyZip(t, "", testEntry{`..\evil.txt`, "x"}), `".." in the path`},
		{"absolute", tinyZip(t, "", testEntry{"/evil.txt", "x"}), "absolute path"},
		{"drive", tinyZip(t, "", testEntry{`C:\evil.txt`, "x"}), "drive letter"},
		{"damaged", damaged(), "checksum is wrong"},
		{"no solution", writeZip(t, testEntry{"a.txt", "x"}), "no solution.xml"},
		{"broken XML", tinyZip(t, "<Workflows>"), "customizations.xml:1:"},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "a", "b")
			_, stderr := fails(t, "unpack", tt.zip, dir)
			wantText(t, stderr, tt.want)
			if got := contents(t, parent); len(got) != 0 {
				t.Errorf("written: %q", got)
			}
		})
	}
}

// Links in the target lead nowhere.
func TestUnpackLinks(t *testing.T) {
	zip, outside := sampleZip(t), t.TempDir()
	putFiles(t, outside, map[string]string{"mine.txt": "mine"})
	link := func(dir, name, to string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(to, p); err != nil {
			t.Skipf("no symbolic links here: %v", err)
		}
	}
	t.Run("folder", func(t *testing.T) {
		dir := t.TempDir()
		link(dir, "Workflows", outside)
		_, stderr := fails(t, "unpack", zip, dir)
		wantText(t, stderr, "escapes")
	})
	t.Run("file", func(t *testing.T) {
		dir := t.TempDir()
		link(dir, "Connectors/cts_5Fstock.xml", filepath.Join(outside, "mine.txt"))
		_, stderr := fails(t, "unpack", zip, dir)
		wantText(t, stderr, "Connectors/cts_5Fstock.xml would be written over")
		fine(t, "unpack", "-clobber", zip, dir)
		if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	if diff := cmp.Diff(map[string]string{"mine.txt": "mine"}, contents(t, outside)); diff != "" {
		t.Errorf("outside (-want +got)\n%s", diff)
	}
}

func TestUnpackOntoFolder(t *testing.T) {
	dir := t.TempDir()
	putFiles(t, dir, map[string]string{"Other/Solution.xml/mine.txt": "mine"})
	_, stderr := fails(t, "unpack", sampleZip(t), dir)
	wantText(t, stderr, "Other/Solution.xml: a folder is where the file should be")
	if diff := cmp.Diff(map[string]string{"Other/Solution.xml/mine.txt": "mine"}, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// An interruption leaves whole files and no temporary ones.
func TestUnpackInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	zip, dir := sampleZip(t), filepath.Join(t.TempDir(), "src")
	if code := runContext(ctx, []string{"unpack", zip, dir}, nil, io.Discard, io.Discard); code != exitFailed {
		t.Errorf("exit status %d", code)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}

	tree, err := packager.Load(os.DirFS("sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	target, err := openTarget(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer target.close()
	p, err := target.plan(tree, func(int, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	stop := errors.New("stop")
	err = target.carryOut(p, tree, func(name string) error {
		if strings.HasPrefix(name, "Workflows/") {
			return stop
		}
		return nil
	})
	if !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	want, got := contents(t, "sample"), contents(t, dir)
	if len(got) == 0 || len(got) >= len(want) {
		t.Errorf("%d files of %d", len(got), len(want))
	}
	for name, data := range got {
		if data != want[name] {
			t.Errorf("%s is not whole", name)
		}
	}
}

// Files that are too many to be held are made a second time.
func TestPlanOverLimit(t *testing.T) {
	tree, err := packager.Load(os.DirFS("sample"), nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "src")
	target, err := openTarget(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer target.close()
	p, err := target.plan(tree, func(int, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.changes {
		p.changes[i].data = nil
	}
	if err := target.carryOut(p, tree, func(string) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestInParallel(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	for range 100 {
		done := make([]bool, 50)
		err := inParallel(len(done), func(i int) error {
			done[i] = true
			switch i {
			case 20:
				return first
			case 21:
				return second
			}
			return nil
		})
		if err != first {
			t.Fatalf("error %v", err)
		}
		for i := range 20 {
			if !done[i] {
				t.Fatalf("%d was left out", i)
			}
		}
	}
	if err := inParallel(0, nil); err != nil {
		t.Error(err)
	}
}

// What belongs to somebody else is not written over, nor is the tree of another solution.
func TestUnpackClobbers(t *testing.T) {
	zip := sampleZip(t)
	t.Run("files", func(t *testing.T) {
		dir := t.TempDir()
		putFiles(t, dir, map[string]string{"Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json": "mine"})
		before := contents(t, dir)
		_, stderr := fails(t, "unpack", zip, dir)
		wantText(t, stderr, "Workflows/LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json would be written over", "-clobber")
		if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
			t.Errorf("written all the same (-before +after)\n%s", diff)
		}
		fine(t, "unpack", "-clobber", zip, dir)
	})
	for _, change := range []struct{ what, old, new, want string }{
		{"solution", "<UniqueName>ContosoStock<", "<UniqueName>Fabrikam<", "it holds the solution Fabrikam, and the zip is ContosoStock"},
		{"kind", "<Managed>0<", "<Managed>2<", "it holds a tree that is both, and the zip is unmanaged"},
	} {
		t.Run(change.what, func(t *testing.T) {
			dir := sampleTree(t)
			file := filepath.Join(dir, "Other", "Solution.xml")
			if err := os.WriteFile(file, []byte(strings.Replace(string(read(t, file)), change.old, change.new, 1)), 0o644); err != nil {
				t.Fatal(err)
			}
			before := contents(t, dir)
			for _, args := range [][]string{{"unpack", zip, dir}, {"unpack", "-delete", zip, dir}, {"unpack", "-n", zip, dir}} {
				_, stderr := fails(t, args...)
				wantText(t, stderr, change.want)
			}
			if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
				t.Errorf("written all the same (-before +after)\n%s", diff)
			}
			fine(t, "unpack", "-clobber", zip, dir)
			if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// The last component of a newer kind goes with -delete, whatever its folder is called; a folder of the person's own stays.
func TestUnpackDeletesLastRawComponent(t *testing.T) {
	tree := sampleTree(t)
	putFiles(t, tree, map[string]string{"keyvaultreferences/cts_a/keyvaultreference.xml": "<keyvaultreference name=\"cts_a\" />", "keyvaultreferences/cts_a/x.json": "{}"})
	zip, dir := filepath.Join(t.TempDir(), "a.zip"), filepath.Join(t.TempDir(), "src")
	fine(t, "pack", tree, zip)
	fine(t, "unpack", zip, dir)
	putFiles(t, dir, map[string]string{"docs/a.md": "mine"})
	putFiles(t, dir, map[string]string{"unheardof/cts_a.json": "{}"})
	out := fine(t, "unpack", "-delete", sampleZip(t), dir)
	wantText(t, out, "stays     docs/a.md\nstays     unheardof/cts_a.json\n2 files of no known kind", "2 deleted")
	doc := decode[report](t, fine(t, "unpack", "-json", "-delete", sampleZip(t), dir))
	if diff := cmp.Diff([]string{"docs/a.md", "unheardof/cts_a.json"}, doc.Stays); diff != "" {
		t.Errorf("stays (-want +got)\n%s", diff)
	}
	left := contents(t, "sample")
	left["docs/a.md"], left["unheardof/cts_a.json"] = "mine", "{}"
	if diff := cmp.Diff(left, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Where a file of the tree can't be read, unpacking repairs it, and what is the person's is still not written over.
func TestUnpackRepairs(t *testing.T) {
	const flow = "Connectors/cts_5Fstock.xml"
	zip := sampleZip(t)
	dir := sampleTree(t)
	putFiles(t, dir, map[string]string{flow: "<<<<<<< HEAD", "Other/Customizations.xml": "<<<<<<< HEAD"})
	fine(t, "unpack", zip, dir)
	if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	// Whose the files are can't be told without the manifest.
	putFiles(t, dir, map[string]string{"Other/Solution.xml": "<<<<<<< HEAD", flow: "mine"})
	_, stderr := fails(t, "unpack", zip, dir)
	wantText(t, stderr, flow+" would be written over", "can't be told, because of this: ", "Other/Solution.xml:1:1")
	putFiles(t, dir, map[string]string{flow: contents(t, "sample")[flow]})
	fine(t, "unpack", zip, dir)

	more := sampleTree(t)
	putFiles(t, more, map[string]string{"docs/cts_a/doc.xml": "<doc />"})
	zip = filepath.Join(t.TempDir(), "more.zip")
	fine(t, "pack", more, zip)
	putFiles(t, dir, map[string]string{flow: "<<<<<<< HEAD", ".git/docs": "", "docs": "mine"})
	fails(t, "unpack", zip, dir)
	if err := os.Remove(filepath.Join(dir, "docs")); err != nil {
		t.Fatal(err)
	}
	fine(t, "unpack", zip, dir)
}

// Names that begin with a dot are the solution's where they are packed, and nowhere else; labels in Resources are the
// translators'.
func TestUnpackDeleteLeaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "src")
	zip := sampleZip(t)
	fine(t, "unpack", zip, dir)
	kept := map[string]string{
		"Resources/template_resources.resx": "<root />",
		"Resources/fr-FR/a.resx":            "<root />",
		"bots/.gitkeep":                     "",
		"Workflows/.keep":                   "mine",
		".portal":                           "mine",
	}
	putFiles(t, dir, kept)
	putFiles(t, dir, map[string]string{
		"bots/cts_a/bot.xml":        `<bot schemaname="cts_a" />`,
		"bots/cts_a/.icons/one.png": "one",
	})
	with := filepath.Join(t.TempDir(), "with.zip")
	wantText(t, fine(t, "pack", "-v", dir, with), "bots/cts_a/.icons/one.png")
	other := filepath.Join(t.TempDir(), "other")
	fine(t, "unpack", with, other)
	if got := contents(t, other)["bots/cts_a/.icons/one.png"]; got != "one" {
		t.Errorf("the file in the folder of the agent is %q", got)
	}
	wantText(t, fine(t, "unpack", "-delete", zip, dir), "2 deleted")
	want := contents(t, "sample")
	maps.Copy(want, kept)
	if diff := cmp.Diff(want, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A text that is edited in a resource file is in the package, and comes back with the next unpacking.
func TestLocalize(t *testing.T) {
	zip, dir := sampleZip(t), filepath.Join(t.TempDir(), "src")
	const file, template = "Resources/en-US/resources.en-US.resx", "Resources/template_resources.resx"
	fine(t, "unpack", "-localize", "-sourceloc", "1033", zip, dir)
	have := contents(t, dir)
	if have[file] == "" || have[file] != have[template] {
		t.Fatalf("the resource file and the template differ:\n%s\n%s", have[file], have[template])
	}
	wantText(t, have[file], "<value>"+filepath.Base(zip)+"</value>")
	before := "<value>Contoso Stock</value>"
	if !strings.Contains(have[file], before) {
		t.Fatalf("no %s in\n%s", before, have[file])
	}
	putFiles(t, dir, map[string]string{file: strings.ReplaceAll(have[file], before, "<value>Stock &amp; more</value>")})
	packed := filepath.Join(t.TempDir(), "packed.zip")
	wantText(t, fine(t, "pack", "-localize", "-json", dir, packed), `"diagnostics": []`)
	wantText(t, fine(t, "pack", dir, filepath.Join(t.TempDir(), "plain.zip")), "packed")
	fine(t, "unpack", "-localize", packed, dir)
	have = contents(t, dir)
	wantText(t, have["Other/Solution.xml"], `description="Stock &amp; more"`)
	wantText(t, have[file], "<value>Stock &amp; more</value>")
	for _, args := range [][]string{{"unpack", "-sourceloc", "xx", zip, filepath.Join(t.TempDir(), "new")}, {"pack", "-sourceloc", "xx", dir, packed}} {
		code, _, stderr := solkit(args...)
		if code != 1 {
			t.Errorf("%v: status %d", args, code)
		}
		wantText(t, stderr, `source locale "xx" is not known`)
	}
}

// -n says the same as the run that does it.
func TestUnpackDryIsTheRun(t *testing.T) {
	zip := sampleZip(t)
	for _, flags := range [][]string{nil, {"-delete"}, {"-clobber"}} {
		dir := sampleTree(t)
		putFiles(t, dir, map[string]string{"Workflows/Old.json": "{}", "docs/a.md": "mine", "Other/Customizations.xml": "<ImportExportXml><Workflows /></ImportExportXml>"})
		if err := os.Remove(filepath.Join(dir, "Connectors", "cts_5Fstock.xml")); err != nil {
			t.Fatal(err)
		}
		said := decode[report](t, fine(t, append(append([]string{"unpack", "-json", "-n"}, flags...), zip, dir)...))
		did := decode[report](t, fine(t, append(append([]string{"unpack", "-json"}, flags...), zip, dir)...))
		if diff := cmp.Diff(said, did, cmp.AllowUnexported(report{}, outcome{})); diff != "" {
			t.Errorf("%q (-said +did)\n%s", flags, diff)
		}
		if len(said.Created) == 0 || len(said.Changed) == 0 || len(said.Stays) == 0 || len(said.Left)+len(said.Deleted) == 0 {
			t.Errorf("%q: it proves little: %+v", flags, said)
		}
	}
}

// Read-only files are written over and deleted only with -clobber, and those that are as they should be are no hindrance.
func TestUnpackReadOnly(t *testing.T) {
	zip, dir := sampleZip(t), filepath.Join(t.TempDir(), "src")
	fine(t, "unpack", zip, dir)
	const edited, stale = "Connectors/cts_5Fstock.xml", "Workflows/Old.json"
	putFiles(t, dir, map[string]string{edited: readIn(t, dir, edited) + "\n", stale: "old"})
	for name := range contents(t, dir) {
		if err := os.Chmod(filepath.Join(dir, name), 0o444); err != nil {
			t.Fatal(err)
		}
	}
	before := contents(t, dir)
	for _, flags := range [][]string{nil, {"-n"}} {
		_, stderr := fails(t, append(append([]string{"unpack"}, flags...), zip, dir)...)
		wantText(t, stderr, edited+" would be written over, and is read-only", "-clobber")
	}
	if diff := cmp.Diff(before, contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	fine(t, "unpack", "-clobber", zip, dir)
	if info, err := os.Stat(filepath.Join(dir, edited)); err != nil || info.Mode()&0o200 == 0 {
		t.Errorf("it can't be written: %v", err)
	}
	_, stderr := fails(t, "unpack", "-delete", zip, dir)
	wantText(t, stderr, stale+" would be deleted, and is read-only", "-clobber")
	fine(t, "unpack", "-delete", "-clobber", zip, dir)
	if diff := cmp.Diff(contents(t, "sample"), contents(t, dir)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func readIn(t *testing.T, dir, name string) string { return string(read(t, filepath.Join(dir, name))) }

// A file that lacks the byte order mark alone is as it should be; one with other line ends is not.
func TestUnpackWithoutMark(t *testing.T) {
	zip, dir := sampleZip(t), filepath.Join(t.TempDir(), "src")
	fine(t, "unpack", zip, dir)
	const unmarked, crlf = "Other/Solution.xml", "Other/Customizations.xml"
	text := strings.TrimPrefix(readIn(t, dir, unmarked), "\ufeff")
	putFiles(t, dir, map[string]string{unmarked: text, crlf: strings.ReplaceAll(readIn(t, dir, crlf), "\n", "\r\n")})
	age(t, dir)
	wantText(t, fine(t, "unpack", zip, dir), "0 created, 1 changed, 8 unchanged")
	if diff := cmp.Diff(set(crlf), touched(t, dir)); diff != "" {
		t.Errorf("touched (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(text, readIn(t, dir, unmarked)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
