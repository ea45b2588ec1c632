package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	stockConnector = "connector:3f7d9a64-5b1c-4e8f-8a27-91c6d2e05b33"
	stockReader    = "connectionreference:cts_stock_reader"
)

func TestSplitConnectors(t *testing.T) {
	for name, src := range map[string]string{"tree": "sample", "zip": sampleZip(t)} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first, rest := filepath.Join(dir, "c.zip"), filepath.Join(dir, "new", "rest")
			d := decode[splitDocument](t, fine(t, "split-connectors", "-json", src, first, rest))
			want := splitDocument{Command: "split-connectors", Diagnostics: []finding{},
				Connectors: splitPart{Solution: "ContosoStockConnectors", Version: "1.0.0.0", Kind: "unmanaged", Path: first, Components: []string{stockConnector}},
				Rest: splitRest{splitPart{Solution: "ContosoStock", Version: "1.0.0.0", Kind: "unmanaged", Path: rest,
					Components: []string{stockReader, "environmentvariabledefinition:cts_stockserver", "workflow:6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10"}},
					[]splitNeed{{Need: stockConnector, By: stockReader}}}}
			if diff := cmp.Diff(want, d, cmp.AllowUnexported(splitDocument{}, splitRest{}, splitPart{}, splitNeed{}, outcome{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, part := range []string{first, rest} {
				wantText(t, fine(t, "check", part), "no findings")
			}
			back := filepath.Join(dir, "back")
			fine(t, "unpack", first, back)
			files := contents(t, rest)
			for path, data := range contents(t, back) {
				if path != "Other/Solution.xml" && path != "Other/Customizations.xml" {
					files[path] = data
				}
			}
			sample := contents(t, "sample")
			for _, path := range []string{"Other/Solution.xml", "Other/Customizations.xml"} {
				delete(files, path)
				delete(sample, path)
			}
			if diff := cmp.Diff(sample, files); diff != "" {
				t.Errorf("files of both parts (-sample +parts)\n%s", diff)
			}
		})
	}
}

func TestSplitConnectorsText(t *testing.T) {
	dir := t.TempDir()
	first, rest := filepath.Join(dir, "c"), filepath.Join(dir, "r.zip")
	text := fine(t, "split-connectors", "-name", "StockApis", "sample", first, rest)
	wantText(t, text, "StockApis 1.0.0.0 (unmanaged) to "+first+": 1 component\n  connector Contoso Stock (cts_5fstock)",
		"connectionreference cts_stock_reader needs connector Contoso Stock", "1. pack and import "+first, "client id, client secret and resource",
		"create a connection", "4. import "+rest)
	if info, err := os.Stat(first); err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

// Of a tree that holds both kinds, zips are of the kind that is asked for, and trees hold both.
func TestSplitConnectorsOfBothKinds(t *testing.T) {
	src, dir := sampleTree(t), t.TempDir()
	manifest := filepath.Join(src, "Other", "Solution.xml")
	data, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	putFiles(t, src, map[string]string{"Other/Solution.xml": strings.Replace(string(data), "<Managed>0<", "<Managed>2<", 1)})
	first, rest := filepath.Join(dir, "c.zip"), filepath.Join(dir, "r")
	_, stderr := fails(t, "split-connectors", src, first, rest)
	wantText(t, stderr, "-kind does")
	d := decode[splitDocument](t, fine(t, "split-connectors", "-json", "-kind", "managed", src, first, rest))
	if d.Connectors.Kind != "managed" || d.Rest.Kind != "both" {
		t.Errorf("kinds %s and %s", d.Connectors.Kind, d.Rest.Kind)
	}
	wantText(t, fine(t, "info", first), "managed")
	if len(d.Diagnostics) != 1 || d.Diagnostics[0].Rule != "solkit/one-kind-read" {
		t.Errorf("which package was read is not told: %v", d.Diagnostics)
	}
	wantText(t, fine(t, "split-connectors", "-kind", "managed", src, filepath.Join(dir, "c2.zip"), filepath.Join(dir, "r2")), "of its unmanaged package")
}

// When one of the outputs can't be written, neither appears, and what was there stays.
func TestSplitConnectorsWritesBothOrNone(t *testing.T) {
	dir := t.TempDir()
	full, zip := filepath.Join(dir, "full"), filepath.Join(dir, "c.zip")
	putFiles(t, dir, map[string]string{"full/mine.txt": "mine", "c.zip": "old"})
	for _, outputs := range [][]string{{zip, full}, {full, zip}, {filepath.Join(dir, "c"), full}} {
		_, stderr := fails(t, append([]string{"split-connectors", "sample"}, outputs...)...)
		wantText(t, stderr, "not empty")
		if diff := cmp.Diff(map[string]string{"full/mine.txt": "mine", "c.zip": "old"}, contents(t, dir)); diff != "" {
			t.Errorf("%q left (-want +got)\n%s", outputs, diff)
		}
	}
	empty := filepath.Join(dir, "empty")
	if err := os.Mkdir(empty, 0o755); err != nil {
		t.Fatal(err)
	}
	fine(t, "split-connectors", "sample", zip, empty)
	wantText(t, fine(t, "info", zip), "ContosoStockConnectors")
	wantText(t, fine(t, "info", empty), "ContosoStock")
}

func TestSplitConnectorsFailures(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	fine(t, "split-connectors", "sample", a, b)
	c, d := filepath.Join(dir, "c"), filepath.Join(dir, "d")
	stdout, stderr := fails(t, "split-connectors", "-json", a, c, d)
	wantText(t, stderr, "nothing but custom connectors")
	wantText(t, decode[splitDocument](t, stdout).Error, "nothing but custom connectors")
	_, stderr = fails(t, "split-connectors", b, c, d)
	wantText(t, stderr, "no custom connectors")
	_, stderr = fails(t, "split-connectors", "-name", "a b", "sample", c, d)
	wantText(t, stderr, `"a b"`)
	_, stderr = fails(t, "split-connectors", filepath.Join(dir, "none"), c, d)
	wantText(t, stderr, "none")
	for _, args := range [][]string{{"sample", c, c}, {"sample", c, filepath.Join(c, "d")}, {"sample", "sample", d}, {"-kind", "both", "sample", c, d}, {"sample", c}} {
		if code, _, stderr := solkit(append([]string{"split-connectors"}, args...)...); code != exitUsage {
			t.Errorf("%q: exit status %d, %s", args, code, stderr)
		}
	}
	if left := contents(t, dir); len(left) == 0 || left["c/Other/Solution.xml"] != "" {
		t.Errorf("left: %v", left)
	}
}

// A connector whose file is missing is told of: the parts are as broken as the whole was.
func TestSplitConnectorsTellsErrors(t *testing.T) {
	src, dir := sampleTree(t), t.TempDir()
	if err := os.Remove(filepath.Join(src, "Connectors", "cts_5Fstock_openapidefinition.json")); err != nil {
		t.Fatal(err)
	}
	stdout, _ := fails(t, "split-connectors", "-json", src, filepath.Join(dir, "c"), filepath.Join(dir, "r"))
	wantText(t, stdout, "packager/missing-file")
}
