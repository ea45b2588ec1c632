package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sampleMap = `<Mapping>
  <FileToFile map="LowStock-*.json" to="../no.json" />
  <FileToPath map="*.png" to="%SOLKIT_TEST_ICONS%\**" />
  <FileToFile map="Workflows\LowStock-6B0C2F5E-2F0A-4C3E-9A51-0D8E3A7C4B10.json" to="..\flows\low.json" />
</Mapping>`

// mapProject is a folder with a mapping file, what it names, and an empty place for a tree in src.
func mapProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	putFiles(t, dir, map[string]string{
		"map.xml": sampleMap, "flows/low.json": `{"properties":{"definition":{"built":true}}}`, "icons/deep/cts_5Fstock_iconblob.PNG": "built",
	})
	t.Setenv("SOLKIT_TEST_ICONS", filepath.Join(dir, "icons"))
	return dir
}

func TestMap(t *testing.T) {
	dir := mapProject(t)
	src, mapping, out := filepath.Join(dir, "src"), filepath.Join(dir, "map.xml"), filepath.Join(dir, "out.zip")
	_, _, stderr := solkit("unpack", "-map", mapping, sampleZip(t), src)
	wantText(t, stderr, filepath.ToSlash(mapping)+":2:3: warning: ", "packager/map-directive")
	want := contents(t, "sample")
	delete(want, sampleFlow)
	delete(want, "Connectors/cts_5Fstock_iconblob.Png")
	if diff := cmp.Diff(want, contents(t, src)); diff != "" {
		t.Errorf("unpacked (-want +got)\n%s", diff)
	}
	fine(t, "pack", "-map", mapping, src, out)
	again := filepath.Join(dir, "again")
	fine(t, "unpack", out, again)
	got := contents(t, again)
	if got[sampleFlow] != `{"properties":{"definition":{"built":true}}}` || got["Connectors/cts_5Fstock_iconblob.Png"] != "built" {
		t.Errorf("packed %q and %q", got[sampleFlow], got["Connectors/cts_5Fstock_iconblob.Png"])
	}
	_, stderr = fails(t, "pack", src, out)
	wantText(t, stderr, "which is not there")

	// What stands in the tree all the same is neither left over nor deleted.
	putFiles(t, src, map[string]string{sampleFlow: "mine"})
	if doc := decode[report](t, fine(t, "unpack", "-delete", "-json", "-map", mapping, sampleZip(t), src)); len(doc.Deleted)+len(doc.Left)+len(doc.Changed) != 0 {
		t.Errorf("got %+v", doc)
	}
}

// What a mapping file says, and what it leads to, has no effect if it can't be read.
func TestMapRefused(t *testing.T) {
	dir := mapProject(t)
	src, bad, out := filepath.Join(dir, "src"), filepath.Join(dir, "bad.xml"), filepath.Join(dir, "out.zip")
	for text, want := range map[string]string{
		"<Mapping>":   ":1:1: ",
		"<Project />": "the root element is Project",
		`<Mapping><Folder map="Workflows" to="../flows/low.json" /></Mapping>`: "there is no folder ../flows/low.json",
		`<Mapping><Folder map="Workflows" to="../gone" /></Mapping>`:           "there is no folder ../gone",
	} {
		putFiles(t, dir, map[string]string{"bad.xml": text})
		_, stderr := fails(t, "pack", "-map", bad, "sample", out)
		wantText(t, stderr, filepath.ToSlash(bad), want)
	}
	_, stderr := fails(t, "unpack", "-map", filepath.Join(dir, "gone.xml"), sampleZip(t), src)
	wantText(t, stderr, "gone.xml")
	for _, name := range []string{src, out} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}
