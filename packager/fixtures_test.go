package packager

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/solution"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// outOfScope are fixtures of features that this package does not have.
var outOfScope = map[string]string{
	"28-both": "of both kinds: TestBothFixture has it",
	"32-map":  "it is packed with a mapping file, see TestFixtureMap",
}

// rescuedOnPack are fixtures whose reference zip lacks an element that we pack: the tool loses it.
var rescuedOnPack = map[string]string{
	"03-templates":               "the tool drops children of Templates that it does not know on pack",
	"template-lists-letter-case": "the tool drops children of Templates that it does not know on pack",
}

// incomplete are fixtures that nobody can pack, because a component names a file that is not in the zip.
var incomplete = map[string]bool{"plugin-assembly-of-any-name": true}

// keptByUs are files of trees that the tool loses, and where we have them.
var keptByUs = map[string]string{"web-resource-of-any-name": "WebResources/cts_/a.js"} // its entry has no content type

func TestFixtures(t *testing.T) {
	runFixtures(t, corpus.Path(t, "fixtures", "synthetic"))
}

// Small zips in which the reference tool goes by something else than one would think. Where it fails to unpack or to pack
// them, this package does not.
func TestSharedCases(t *testing.T) { runFixtures(t, corpus.Path(t, "cases", "packager")) }

func runFixtures(t *testing.T, dir string) {
	t.Helper()
	cases, _ := filepath.Glob(dir + "/*/case.json")
	if len(cases) == 0 {
		t.Fatalf("%s has no cases", dir)
	}
	for _, file := range cases {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if why := outOfScope[filepath.Base(dir)]; why != "" {
				t.Skip(why)
			}
			var info struct {
				PackageType           string
				ExtractArgs, PackArgs []string
				ExtractExit           int
				EntriesLost           []string
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &info); err != nil {
				t.Fatal(err)
			}
			input, err := os.ReadFile(filepath.Join(dir, "input.zip"))
			if err != nil {
				t.Fatal(err)
			}
			unpack, pack := toolOptions(info.ExtractArgs, info.PackArgs)
			tree := unpackWith(t, input, unpack)
			if kind := tree.Manifest().Kind(); !strings.EqualFold(kind.String(), info.PackageType) {
				t.Errorf("kind %s, want %s", kind, info.PackageType)
			}
			if info.ExtractExit == 0 {
				compareFixtureTree(t, tree, filepath.Join(dir, "tree.zip"))
			}
			var buf bytes.Buffer
			_, err = Pack(&buf, tree, pack)
			if failed := (*diag.FailedError)(nil); incomplete[filepath.Base(dir)] {
				if !errors.As(err, &failed) || failed.List[0].Rule != ruleMissingFile.ID {
					t.Errorf("packing without a file: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if filepath.Base(dir) != "30-plugin-remap" { // names are changed; the law holds for 31, the same without that
				checkLaw(t, input, buf.Bytes())
			}
			if rescuedOnPack[filepath.Base(dir)] != "" {
				return
			}
			compareFixturePack(t, buf.Bytes(), tree, filepath.Join(dir, "repacked.zip"), info.EntriesLost)
		})
	}
}

// toolOptions are the options of the command lines of the reference tool.
func toolOptions(extract, pack []string) (*UnpackOptions, *PackOptions) {
	u, p := &UnpackOptions{SourceName: "input.zip"}, &PackOptions{}
	for _, arg := range extract {
		name, value, _ := strings.Cut(arg, ":")
		switch name {
		case "/localize":
			u.Localize = true
		case "/sourceLoc":
			u.SourceLocale = value
		}
	}
	p.Localize = slices.Contains(pack, "/localize")
	p.RemapPlugins = !slices.Contains(pack, "/remapPluginTypeNames-")
	return u, p
}

func unpackBytes(t testing.TB, data []byte) *Tree {
	t.Helper()
	return unpackWith(t, data, nil)
}

func unpackWith(t testing.TB, data []byte, opts *UnpackOptions) *Tree {
	t.Helper()
	pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(pkg, opts)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// replacedByRescue are files of the reference tree that differ because an element of them was kept.
func compareFixtureTree(t *testing.T, tree *Tree, file string) {
	t.Helper()
	zr, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer zr.Close()
	want := map[string]string{}
	for _, f := range zr.File {
		want[f.Name] = string(corpus.ReadEntry(t, f))
	}
	got := map[string]string{}
	unclaimed, _ := tree.ReadFile(unclaimedPath)
	kept := readList(unclaimed)
	for name, data := range treeFiles(t, tree) {
		if _, ok := want[name]; !ok && (name == keptByUs[filepath.Base(filepath.Dir(file))] || isRescueFile(name) || slices.Contains(kept, name)) {
			continue
		}
		got[name] = string(data)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tree (-want +got)\n%s", diff)
	}
}

func compareFixturePack(t *testing.T, data []byte, tree *Tree, file string, lost []string) {
	t.Helper()
	zr, err := zip.OpenReader(file)
	if err != nil {
		return // the reference tool made none
	}
	defer zr.Close()
	got, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var wantNames, gotNames []string
	want := map[string][]byte{}
	for _, f := range zr.File {
		wantNames = append(wantNames, f.Name)
		want[f.Name] = corpus.ReadEntry(t, f)
	}
	for _, f := range got.File {
		name := f.Name
		if part, _ := partName(name); want[part] != nil {
			name = part
		}
		if slices.Contains(lost, name) || want[name] == nil {
			continue
		}
		gotNames = append(gotNames, name)
		back := corpus.ReadEntry(t, f)
		rescued := slices.Contains(tree.Names(), rescuedPath)
		if name != typesPart && !(rescued && strings.HasSuffix(name, "s.xml")) && !bytes.Equal(want[name], back) {
			t.Errorf("pack: %s\n%s", name, firstDifference(want[name], back))
		}
	}
	if diff := cmp.Diff(wantNames, gotNames); diff != "" {
		t.Errorf("entries (-want +got)\n%s", diff)
	}
}

// packedOtherwise are trees of which the reference tool packs something else than this package does.
var packedOtherwise = map[string]string{
	"fresh-dot-files-in-raw-folders": "files whose name begins with a dot",
	"fresh-organizationsettings":     "the tool drops the files of a folder of the name of a section that stays",
}

// Trees that were not made by the reference tool, and what it packs of them.
func TestSharedTrees(t *testing.T) {
	dirs, _ := filepath.Glob(corpus.Path(t, "cases", "solution") + "/*")
	for _, dir := range dirs {
		want := readAll(t, filepath.Join(dir, "tool-packed"), filepath.Join(dir, "repacked.zip"))
		files := readAll(t, filepath.Join(dir, "input-tree"), filepath.Join(dir, "tree.zip"))
		if want == nil || files == nil {
			continue
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			if why := packedOtherwise[filepath.Base(dir)]; why != "" {
				t.Skip(why)
			}
			var packed bytes.Buffer
			tree := loadMap(t, files)
			opts := &PackOptions{}
			if managed := solution.Managed; tree.Manifest().Kind() == solution.Both { // the cases of such trees pack this half
				opts.Kind = &managed
			}
			if _, err := Pack(&packed, tree, opts); err != nil {
				t.Fatal(err)
			}
			got := zipEntries(t, packed.Bytes())
			delete(want, typesPart) // its form is that of another system
			delete(got, typesPart)
			if diff := cmp.Diff(want, got, cmp.Transformer("text", func(data []byte) string { return string(data) })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// readAll reads a folder, or a zip where there is none; nil if there is neither.
func readAll(t *testing.T, dir, zip string) map[string][]byte {
	t.Helper()
	if data, err := os.ReadFile(zip); err == nil {
		return zipEntries(t, data)
	}
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files[name], err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
