package main

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// canvasZip is a solution of one canvas app, whose document has some entries.
func canvasZip(t *testing.T) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range [][2]string{{"Header.json", "{}"}, {"Properties.json", `{"Name":"Stock","LocalConnectionReferences":""}`},
		{`Src\App.pa.yaml`, "App:\r\n"}, {"checksum.json", "{}"}} {
		f, err := w.Create(e[0])
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(e[1]))
	}
	w.Close()
	return tinyZip(t, `<CanvasApps><CanvasApp><Name>cts_a</Name><BackgroundImageUri>/CanvasApps/cts_a_BackgroundImageUri</BackgroundImageUri>`+
		`<DocumentUri>/CanvasApps/cts_a_DocumentUri.msapp</DocumentUri></CanvasApp></CanvasApps>`,
		testEntry{"CanvasApps/cts_a_BackgroundImageUri", "x"}, testEntry{"CanvasApps/cts_a_DocumentUri.msapp", buf.String()})
}

func TestUnpackCanvas(t *testing.T) {
	const document, properties = "CanvasApps/cts_a_DocumentUri.msapp", "CanvasApps/cts_a_DocumentUri/Properties.json"
	source, out := canvasZip(t), filepath.Join(t.TempDir(), "out.zip")
	for flag, want := range map[string]string{
		"-canvas":          "{\n  \"Name\": \"Stock\",\n  \"LocalConnectionReferences\": \"\"\n}\n",
		"-canvas=pretty":   "{\n  \"Name\": \"Stock\",\n  \"LocalConnectionReferences\": \"\"\n}\n",
		"-canvas=verbatim": `{"Name":"Stock","LocalConnectionReferences":""}`,
		"-canvas=review":   "{\n  \"Name\": \"Stock\",\n  \"LocalConnectionReferences\": \"\"\n}\n",
		"-canvas=false":    "",
	} {
		dir := t.TempDir()
		fine(t, "unpack", flag, source, dir)
		files := contents(t, dir)
		if files[properties] != want {
			t.Errorf("%s: %q, want %q", flag, files[properties], want)
		}
		if _, ok := files["CanvasApps/cts_a_DocumentUri/checksum.json"]; ok == (flag == "-canvas=review" || flag == "-canvas=false") {
			t.Errorf("%s: checksum.json is there: %v", flag, ok)
		}
		_, stdout, stderr := solkit("pack", dir, out)
		wantText(t, stdout, "packed")
		back := t.TempDir()
		fine(t, "unpack", out, back)
		if contents(t, back)[document] != files[document] {
			t.Errorf("%s: the app is another one: %s", flag, stderr)
		}
	}

	dir := t.TempDir()
	fine(t, "unpack", "-canvas", source, dir)
	putFiles(t, dir, map[string]string{properties: `{"Name": "Shelf"}`})
	_, _, stderr := solkit("pack", "-v", dir, out)
	wantText(t, stderr, "1 of its entries are changed", "checksum.json")
	back := t.TempDir()
	fine(t, "unpack", "-canvas=verbatim", out, back)
	if got := contents(t, back)[properties]; got != `{"Name":"Shelf"}` {
		t.Errorf("Properties.json: %q", got)
	}

	putFiles(t, dir, map[string]string{document: contents(t, back)[document]})
	_, stderr = fails(t, "pack", dir, out)
	wantText(t, stderr, "cts_a_DocumentUri.msapp is another one than this folder was made of")

	if code, _, stderr := solkit("unpack", "-canvas=fx", source, dir); code != 2 || !strings.Contains(stderr, "pretty, verbatim or review") {
		t.Errorf("status %d: %s", code, stderr)
	}
	if !slices.Contains(strings.Fields(fine(t, "help", "unpack")), "-canvas") {
		t.Error("help does not tell of -canvas")
	}
}
