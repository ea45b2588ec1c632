package packager

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/solutionkit/solutionkit/internal/assembly/assemblytest"
	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
)

// A case under testdata/map shows what a mapping file does. Its sections:
//
//   - map: the mapping file.
//   - vars: lines "name=value".
//   - zip/NAME, or tree/PATH, and roots: a zip that is unpacked and packed again, or a tree that is packed, as in the cases of
//     [TestCases] and [TestPackingCases].
//   - at/PATH: a file that stands elsewhere; the tree stands in the folder "repo/tree". at/PATH/ is a folder.
//   - unpacked: the files of the tree that was unpacked.
//   - unpack, findings: what Unpack and Pack saw.
//   - entries, pack/NAME, error: as in the cases of [TestPackingCases].
func TestMapCases(t *testing.T) {
	output := func(section string) bool {
		dir, _, _ := strings.Cut(section, "/")
		return slices.Contains([]string{"unpacked", "unpack", "findings", "entries", "pack", "error"}, dir)
	}
	golden.Run(t, "testdata/map/*.txtar", func(t *testing.T, c *golden.Case) {
		c.Explained(t)
		got, asked := mapCase(t, c.Archive), c.Under("")
		maps.DeleteFunc(got, func(name, _ string) bool {
			_, ok := asked[name]
			return !ok && strings.HasPrefix(name, "pack/")
		})
		c.Hold(t, output, got)
	})
}

// foldersAround opens folders as seen from the folder repo/tree of a file system.
func foldersAround(fsys fs.FS) func(name string) (fs.FS, error) {
	return func(name string) (fs.FS, error) {
		if rest, ok := strings.CutPrefix(name, "/"); ok {
			name = path.Join("root", rest)
		} else if !strings.HasPrefix(name, "C:") {
			name = path.Join("repo/tree", name)
		}
		return fs.Sub(fsys, name)
	}
}

func mapCase(t *testing.T, archive *txtar.Archive) map[string]string {
	t.Helper()
	var entries []zipEntry
	tree, around, sections := map[string][]byte{}, fstest.MapFS{}, map[string]string{}
	for _, f := range archive.Files {
		kind, name, _ := strings.Cut(f.Name, "/")
		switch kind {
		case "zip":
			entries = append(entries, zipEntry{name, string(f.Data)})
		case "tree":
			tree[name] = f.Data
		case "at":
			if dir, ok := strings.CutSuffix(name, "/"); ok {
				around[dir] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
				continue
			}
			around[name] = &fstest.MapFile{Data: f.Data}
		default:
			sections[f.Name] = string(f.Data)
		}
	}
	vars := map[string]string{}
	for line := range strings.Lines(sections["vars"]) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		vars[name] = value
	}
	out := map[string]string{}
	m, err := ParseMap([]byte(strings.TrimSpace(sections["map"])), "map.xml", &MapOptions{Vars: vars, Folder: foldersAround(around)})
	if err != nil {
		return map[string]string{"error": err.Error() + "\n"}
	}
	roots := strings.Split(sections["roots"], "\n")
	var loaded *Tree
	if len(entries) > 0 {
		pkg := openBytes(t, makeZip(t, completed(entries, false, true, roots...)...))
		unpacked, err := Unpack(pkg, &UnpackOptions{Map: m})
		if err != nil {
			t.Fatal(err)
		}
		out["unpacked"] = strings.Join(unpacked.Names(), "\n") + "\n"
		for _, d := range unpacked.Diagnostics() {
			out["unpack"] += d.String() + "\n"
		}
		tree = treeFiles(t, unpacked)
		loaded = unpacked
	} else {
		if tree[otherSolution] == nil {
			tree[otherSolution] = []byte(manifestXML(false, roots...))
		}
		loaded = loadMap(t, tree).WithMap(m)
	}
	var packed bytes.Buffer
	list, err := Pack(&packed, loaded, nil)
	for _, d := range list {
		out["findings"] += d.String() + "\n"
	}
	if checked, cerr := loaded.Check(); len(entries) == 0 && (cerr == nil || err == nil) && !cmp.Equal(list, checked) {
		t.Errorf("Check does not find what Pack finds (-pack +check)\n%s", cmp.Diff(list, checked))
	}
	if err != nil {
		out["error"] = err.Error() + "\n"
		return out
	}
	var again bytes.Buffer // a tree that was written and loaded is packed to the same bytes
	if _, err := Pack(&again, loadMap(t, tree).WithMap(m), nil); err != nil || !bytes.Equal(again.Bytes(), packed.Bytes()) {
		t.Errorf("the loaded tree packs to other bytes: %v", err)
	}
	c := &packageCase{}
	zr, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range zr.File {
		out["entries"] += f.Name + "\n"
		out["pack/"+f.Name] = c.show(corpus.ReadEntry(t, f), "\n")
	}
	return out
}

// The fixture of the reference tool: a tree and files beside it, packed with a mapping file.
func TestFixtureMap(t *testing.T) {
	dir := corpus.Path(t, "fixtures", "synthetic", "32-map")
	src, err := os.ReadFile(filepath.Join(dir, "map.xml"))
	if err != nil {
		t.Skip("the fixtures are not beside the checkout")
	}
	compareFixtureTree(t, unpackBytes(t, readFile(t, filepath.Join(dir, "input.zip"))), filepath.Join(dir, "tree.zip"))
	m, err := ParseMap(src, "map.xml", &MapOptions{Folder: func(name string) (fs.FS, error) { return os.DirFS(filepath.Join(dir, "tree", name)), nil }})
	if err != nil {
		t.Fatal(err)
	}
	tree := loadMap(t, zipEntries(t, readFile(t, filepath.Join(dir, "tree.zip")))).WithMap(m)
	var packed bytes.Buffer
	list, err := Pack(&packed, tree, nil)
	if err != nil {
		t.Fatal(err)
	}
	compareFixturePack(t, packed.Bytes(), tree, filepath.Join(dir, "repacked.zip"), nil)
	got := map[string]int{}
	for _, d := range list {
		got[d.Rule]++
	}
	if diff := cmp.Diff(map[string]int{ruleMapped.ID: 3, ruleMappedMissing.ID: 1}, got); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestMapTarget(t *testing.T) {
	const src = `<Mapping>
<FileToFile map="one.dll" to="..\bin\**\Built.dll" />
<FileToFile map="PluginAssemblies\**\two.dll" to="/abs/two.dll" />
<FileToPath map="*.CSS" to="../styles/**" />
<FileToPath map="WebResources/deep/**/*.js" to="%Out%\js\" />
<FileToPath map="Workflows/*.*" to="**/flows" />
<Folder map=".\WebResources\cts_\" to="../web/" />
<FileToFile map="share.txt" to="\\server\share\x\share.txt" />
<FileToPath map="*.png" to="/**" />
<FileToFile map="here.txt" to="other.txt" />
<FileToPath map="drive.*" to="x" />
<FileToFile map="drive.txt" to="C:\drop\.\sub\..\drive.txt" />
<FileToFile map="odd.txt" to="100%/%%/%20a%/odd.txt" />
</Mapping>`
	m, err := ParseMap([]byte(src), "map.xml", &MapOptions{Vars: map[string]string{"OUT": `D:\out`}})
	if err != nil {
		t.Fatal(err)
	}
	if list := m.Diagnostics(); len(list) != 1 || list[0].Location.Start.Line != 11 {
		t.Errorf("findings: %v", list)
	}
	for name, want := range map[string]string{
		"PluginAssemblies/One-1/One.dll":        "../bin/**/Built.dll",
		"one.dll":                               "../bin/**/Built.dll",
		"someone.dll":                           "",
		"PluginAssemblies/a/b/TWO.dll":          "/abs/two.dll",
		"PluginAssemblies/two.dll":              "/abs/two.dll",
		"Other/two.dll":                         "",
		"WebResources/cts_/a.css":               "../styles/**/a.css", // the first one that matches counts
		"WebResources/cts_/a.txt":               "../web/a.txt",
		"webresources/CTS_/in/A.txt":            "../web/in/A.txt",
		"WebResources/cts_a/a.txt":              "",
		"WebResources/cts_":                     "",
		"WebResources/deep/er/x.js":             "D:/out/js/x.js",
		"WebResources/deep/x.js":                "D:/out/js/x.js",
		"Workflows/F.json":                      "./**/flows/F.json",
		"Workflows/1033/F.json":                 "",
		"share.txt":                             "//server/share/x/share.txt",
		"a/b.png":                               "/**/b.png",
		"here.txt":                              "./other.txt",
		"drive.txt":                             "C:/drop/drive.txt",
		"odd.txt":                               "100%/%%/%20a%/odd.txt",
		"../one.dll":                            "",
		"WebResources/cts_/../../../etc/passwd": "",
	} {
		got, ok := m.Target(name)
		if got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", name, got, ok, want)
		}
	}
}

// What stands elsewhere is not changed by a change of the tree.
func TestMapWith(t *testing.T) {
	m, err := ParseMap([]byte(`<Mapping><FileToPath map="*.js" to="../built" /></Mapping>`), "map.xml",
		&MapOptions{Folder: foldersAround(fstest.MapFS{"repo/built/a.js": {Data: []byte("built")}})})
	if err != nil {
		t.Fatal(err)
	}
	tree := loadMap(t, map[string][]byte{
		otherCustomizations:                []byte(`<ImportExportXml><WebResources /></ImportExportXml>`),
		otherSolution:                      []byte(manifestXML(false, "61 cts_/a.js", "61 cts_/b.txt")),
		"WebResources/cts_/a.js.data.xml":  []byte(`<WebResource><Name>cts_/a.js</Name><FileName>/WebResources/a</FileName></WebResource>`),
		"WebResources/cts_/b.txt":          []byte("b"),
		"WebResources/cts_/b.txt.data.xml": []byte(`<WebResource><Name>cts_/b.txt</Name><FileName>/WebResources/b</FileName></WebResource>`),
	}).WithMap(m)
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	if data, err := parts.ReadPart("WebResources/a"); err != nil || string(data) != "built" {
		t.Errorf("part: %q, %v", data, err)
	}
	edit := func(name string) (*Tree, error) {
		e := solution.NewEditor(parts)
		e.Replace(name, []byte("new"))
		change, err := e.Change()
		if err != nil {
			t.Fatal(err)
		}
		return tree.With(change)
	}
	var own *Error
	if _, err := edit("WebResources/a"); !errors.As(err, &own) || !strings.Contains(err.Error(), "../built/a.js") {
		t.Errorf("change of a mapped file: %v", err)
	}
	after, err := edit("WebResources/b")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if _, err := Pack(&packed, after, nil); err != nil {
		t.Fatal(err)
	}
	entries := zipEntries(t, packed.Bytes())
	if got := fmt.Sprintf("%s %s", entries["WebResources/a"], entries["WebResources/b"]); got != "built new" {
		t.Errorf("packed %q", got)
	}
}

// FuzzMap reads any mapping file: what it says of a path leads to no panic, and its targets are clean.
func FuzzMap(f *testing.F) {
	for _, c := range golden.Cases(f, "testdata/map/*.txtar") {
		if src := c.Text("map"); src != "" {
			f.Add(src, "WebResources/cts_/js/app.js", "value")
		}
	}
	f.Fuzz(func(t *testing.T, src, name, value string) {
		around := fstest.MapFS{"repo/built/a.js": {Data: []byte("built")}, "root/x": {}}
		m, err := ParseMap([]byte(src), "map.xml", &MapOptions{Vars: map[string]string{"V": value}, Folder: foldersAround(around)})
		if err != nil {
			return
		}
		target, ok := m.Target(name)
		if ok != (m.match(name) != nil) || ok && (target == "" || strings.Contains(target, `\`) || strings.Contains(strings.TrimPrefix(target, "//"), "//")) {
			t.Errorf("%s: %q, %v", name, target, ok)
		}
		if d := m.match(name); d != nil {
			found, _, err := newMapReader(m, (*Limits)(nil).withDefaults()).find(d, name)
			if err == nil && found != nil && found.path != name {
				t.Errorf("%s: found for %s", found.path, name)
			}
		}
	})
}

// Where everything stands elsewhere as it would be in the tree, the package is the same, and the tree holds no file that something
// names.
func TestMapEverything(t *testing.T) {
	zips := caseZips(t)
	for i, s := range corpus.AnySolutions(t) {
		if i%12 == 0 {
			zips[s.Name] = s.Zip(t)
		}
	}
	for name, data := range zips {
		t.Run(name, func(t *testing.T) {
			pkg, err := Open(bytes.NewReader(data), int64(len(data)), nil)
			if err != nil {
				t.Skip(err)
			}
			whole, err := Unpack(pkg, nil)
			if err != nil {
				t.Skip(err)
			}
			var want bytes.Buffer
			if _, err := Pack(&want, whole, nil); err != nil {
				t.Skip(err)
			}
			m, err := ParseMap([]byte(`<Mapping><Folder map="." to="../out" /></Mapping>`), "map.xml",
				&MapOptions{Folder: func(string) (fs.FS, error) { return whole, nil }})
			if err != nil {
				t.Fatal(err)
			}
			tree, err := Unpack(pkg, &UnpackOptions{Map: m})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if _, err := Pack(&got, tree, nil); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want.Bytes(), got.Bytes()) {
				t.Errorf("(-want +got)\n%s", cmp.Diff(zipEntries(t, want.Bytes()), zipEntries(t, got.Bytes()), showBytes))
			}
			for _, d := range tree.Diagnostics() {
				if file := d.Location.File; d.Rule == ruleMapped.ID && strings.Contains(d.Message, "it is not written") && slices.Contains(tree.Names(), file) {
					t.Errorf("%s is written", file)
				}
			}
			parts, err := tree.Parts()
			if err != nil {
				t.Fatal(err)
			}
			full, err := whole.Parts()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(full.Names(), parts.Names()); diff != "" {
				t.Errorf("parts (-want +got)\n%s", diff)
			}
		})
	}
}

// The names of assemblies are those of the DLLs that a build made.
func TestMapRemapPlugins(t *testing.T) {
	files := remapTree(t, assemblytest.DLL{Name: "Made.Up", Version: [4]uint16{1}}.Bytes())
	m, err := ParseMap([]byte(`<Mapping><FileToPath map="*.dll" to="../bin" /></Mapping>`), "map.xml",
		&MapOptions{Folder: foldersAround(fstest.MapFS{"repo/bin/m.DLL": {Data: assemblytest.DLL{Name: "Made.Up", Version: [4]uint16{2}}.Bytes()}})})
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	if _, err := Pack(&packed, loadMap(t, files).WithMap(m), &PackOptions{RemapPlugins: true}); err != nil {
		t.Fatal(err)
	}
	if text := string(zipEntries(t, packed.Bytes())[customizationsPart]); !strings.Contains(text, "Made.Up, Version=2.") || strings.Contains(text, "Made.Up, Version=1.") {
		t.Errorf("packed\n%s", text)
	}
}

// Both packages of a tree of both kinds take what stands elsewhere.
func TestMapBoth(t *testing.T) {
	m, err := ParseMap([]byte(`<Mapping><FileToPath map="*.js" to="../js" /></Mapping>`), "map.xml",
		&MapOptions{Folder: foldersAround(fstest.MapFS{"repo/js/a.js": {Data: []byte("built")}})})
	if err != nil {
		t.Fatal(err)
	}
	var halves [2]*Package
	for i := range halves {
		halves[i] = openBytes(t, makeZip(t, completed([]zipEntry{
			{customizationsPart, `<ImportExportXml><WebResources><WebResource><Name>cts_/a.js</Name><FileName>/WebResources/a</FileName></WebResource></WebResources></ImportExportXml>`},
			{"WebResources/a", fmt.Sprint("of ", solution.Kind(i))},
		}, i == 1, true, "61 cts_/a.js")...))
	}
	tree, err := UnpackBoth(halves[0], halves[1], &UnpackOptions{Map: m})
	if err != nil {
		t.Fatal(err)
	}
	if names := tree.Names(); slices.Contains(names, "WebResources/cts_/a.js") {
		t.Errorf("it is written: %v", names)
	}
	for i := range halves {
		var packed bytes.Buffer
		kind := solution.Kind(i)
		if _, err := Pack(&packed, tree, &PackOptions{Kind: &kind}); err != nil {
			t.Fatal(err)
		}
		if got := string(zipEntries(t, packed.Bytes())["WebResources/a"]); got != "built" {
			t.Errorf("%s: packed %q", kind, got)
		}
	}
}
