package packager

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// madeApp returns the document of an app of names and contents, in turn. Its streams are of an encoder that nothing else here uses, and
// its time stamps differ.
func madeApp(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		var packed bytes.Buffer
		f, err := flate.NewWriter(&packed, flate.HuffmanOnly)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, pairs[i+1])
		f.Close()
		h := &zip.FileHeader{Name: pairs[i], Method: zip.Deflate, CreatorVersion: 20, ReaderVersion: 20, CRC32: crc32.ChecksumIEEE([]byte(pairs[i+1])),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(pairs[i+1]))}
		//lint:ignore SA1019 CreateRaw writes these fields, and not Modified
		h.ModifiedDate, h.ModifiedTime = 0x58a1, 0x6123
		if i > 4 {
			//lint:ignore SA1019 as above
			h.ModifiedTime++
		}
		e, err := w.CreateRaw(h)
		if err != nil {
			t.Fatal(err)
		}
		e.Write(packed.Bytes())
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// sampleApp has every kind of entry.
func sampleApp(t testing.TB) []byte {
	return madeApp(t, ".gitignore", "/Controls/\r\n", "Header.json", "{\r\n  \"DocVersion\": \"1.343\"\r\n}", "Properties.json", `{"Name":"Wood","LocalConnectionReferences":"{}","Empty":[]}`,
		`Controls\1.json`, `{"TopParent":{"Name":"App","Rules":[1,-2.50e1,{}]}}`, `Src\App.pa.yaml`, "App:\r\n  Properties:\r\n",
		`Controls\4.json`, `{"TopParent":{"Name":"First screen"}}`, `Src\First: <screen>?.pa.yaml`, "Screens:\r\n", `Src\_EditorState.pa.yaml`, "EditorState:\r\n",
		`References\Themes.json`, `{"Themes":[]}`, `References\DataSources.json`, `{"DataSources":[]}`, "AppCheckerResult.sarif", `{"runs":[]}`,
		`Resources\PublishInfo.json`, `{"AppName":"Wood"}`, `Assets\Images\CON.png`, "\x89PNG\r\n\x00", "checksum.json", `{"ServerStampedChecksum":"C8_x"}`)
}

func opened(t testing.TB, src []byte) *App {
	t.Helper()
	a, err := OpenApp(bytes.NewReader(src), int64(len(src)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// folderOf returns the folder of an app, to be edited.
func folderOf(t testing.TB, a *App, opts *AppOptions) fstest.MapFS {
	t.Helper()
	sys, err := a.Folder(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(sys, appManifestFile); err != nil {
		t.Error(err)
	}
	return filesOf(t, sys)
}

func filesOf(t testing.TB, sys fs.FS) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(sys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(sys, p)
		out[p] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// told are findings as rule and severity, and the file.
func told(list diag.List) []string {
	var out []string
	for _, d := range list {
		out = append(out, fmt.Sprint(strings.TrimPrefix(d.Rule, "packager/"), " ", d.Severity, " ", d.Location))
	}
	return out
}

func TestAppFolder(t *testing.T) {
	a := opened(t, sampleApp(t))
	files := folderOf(t, a, nil)
	want := []string{"AppCheckerResult.sarif", "Assets/Images/_CON.png", "Controls/1.json", "Controls/4.json", "Header.json", "Properties.json", "References/DataSources.json",
		"References/Themes.json", "Resources/PublishInfo.json", "Src/App.pa.yaml", "Src/First_ _screen__.pa.yaml", "Src/_EditorState.pa.yaml", "_.gitignore", "checksum.json", "msapp.json"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	for name, want := range map[string]string{
		"Properties.json":              "{\n  \"Name\": \"Wood\",\n  \"LocalConnectionReferences\": \"{}\",\n  \"Empty\": []\n}\n",
		"Controls/1.json":              "{\n  \"TopParent\": {\n    \"Name\": \"App\",\n    \"Rules\": [\n      1,\n      -2.50e1,\n      {}\n    ]\n  }\n}\n",
		"Header.json":                  "{\r\n  \"DocVersion\": \"1.343\"\r\n}",
		"Src/First_ _screen__.pa.yaml": "Screens:\r\n",
	} {
		if diff := cmp.Diff(want, string(files[name].Data)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if got := string(folderOf(t, a, &AppOptions{Verbatim: true})["Properties.json"].Data); !strings.HasPrefix(got, `{"Name":"Wood","Local`) {
		t.Errorf("verbatim: %s", got)
	}
	want = []string{"Assets/Images/_CON.png", "Properties.json", "References/DataSources.json", "Src/App.pa.yaml", "Src/First_ _screen__.pa.yaml", "msapp.json"}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(folderOf(t, a, &AppOptions{Review: true})))); diff != "" {
		t.Errorf("files for review (-want +got)\n%s", diff)
	}
}

// Each way of writing a folder, with and without the document, and with the ends of lines that git may give it.
func TestAppComesBack(t *testing.T) {
	src := sampleApp(t)
	a := opened(t, src)
	for _, opts := range []*AppOptions{nil, {Verbatim: true}, {Review: true}, {Verbatim: true, Review: true}} {
		for _, ends := range []string{"as they are", "LF"} {
			files := folderOf(t, a, opts)
			if ends == "LF" {
				for name, f := range files {
					if path.Ext(name) != ".png" {
						f.Data = bytes.ReplaceAll(f.Data, []byte("\r\n"), []byte("\n"))
					}
				}
			}
			what := fmt.Sprintf("%q, ends of lines %s", opts, ends)
			back, found, err := LoadApp(files, a, nil)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if !bytes.Equal(back.doc.Bytes(), src) || len(found) > 0 {
				t.Errorf("%s: the document is another one: %v", what, found)
			}
			back, found, err = LoadApp(files, nil, nil)
			if opts != nil && opts.Review {
				if err == nil || len(found) == 0 || found[0].Rule != ruleAppMissing.ID {
					t.Errorf("%s: error %v, findings %v: what is left out must be missed", what, err, found)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			wantSame(t, a, back)
		}
	}
}

// wantSame holds that two apps have the same entries in the same order, but for their streams.
func wantSame(t testing.TB, a, b *App, but ...string) {
	t.Helper()
	show := func(a *App) (out []string) {
		for _, e := range a.doc.Entries() {
			if !slices.Contains(but, e.Path) {
				data, err := e.Read()
				out = append(out, fmt.Sprintf("%q %x %d %v %x", e.Name, e.Time(), e.MadeBy(), err, crc32.ChecksumIEEE(data)))
			}
		}
		return out
	}
	if diff := cmp.Diff(show(a), show(b)); diff != "" {
		t.Errorf("entries (-want +got)\n%s", diff)
	}
}

func TestAppEdits(t *testing.T) {
	src := sampleApp(t)
	a := opened(t, src)
	set := func(name, text string) func(fstest.MapFS) {
		return func(f fstest.MapFS) { f[name] = &fstest.MapFile{Data: []byte(text)} }
	}
	without := func(name string) func(fstest.MapFS) { return func(f fstest.MapFS) { delete(f, name) } }
	inFile := func(name, old, new string) func(fstest.MapFS) {
		return func(f fstest.MapFS) {
			if !bytes.Contains(f[name].Data, []byte(old)) {
				t.Fatalf("%s has no %q", name, old)
			}
			f[name].Data = bytes.Replace(f[name].Data, []byte(old), []byte(new), 1)
		}
	}
	tests := []struct {
		name   string
		edit   func(fstest.MapFS)
		want   map[string]string // of entries that change; "-" for those that go
		found  []string
		errors string
	}{
		{"a value", inFile("Properties.json", `"Wood"`, `"Stone"`), map[string]string{"Properties.json": `{"Name":"Stone","LocalConnectionReferences":"{}","Empty":[]}`, "checksum.json": "-"},
			[]string{"app-made note app"}, ""},
		{"blanks alone", inFile("Properties.json", "[]", "[\r\n\r\n]"), nil, nil, ""},
		{"a source alone", inFile("Src/App.pa.yaml", "App:", "App: #"), map[string]string{"Src/App.pa.yaml": "App: #\r\n  Properties:\r\n", "checksum.json": "-"},
			[]string{"app-made note app", "app-source-alone warning app/Src/App.pa.yaml"}, ""},
		{"a line end", set("Src/App.pa.yaml", "App:\n  More:\n"), map[string]string{"Src/App.pa.yaml": "App:\r\n  More:\r\n", "checksum.json": "-"},
			[]string{"app-made note app", "app-source-alone warning app/Src/App.pa.yaml"}, ""},
		{"noise that is not there", func(f fstest.MapFS) {
			for _, name := range []string{"checksum.json", "_.gitignore", "AppCheckerResult.sarif", "Src/_EditorState.pa.yaml"} {
				delete(f, name)
			}
		}, nil, nil, ""},
		{"a new file", set("Assets/new.txt", "new"), map[string]string{"Assets/new.txt": "new", "checksum.json": "-"},
			[]string{"app-made note app", "app-file-added note app/Assets/new.txt"}, ""},
		{"a file that went", without("Controls/1.json"), nil, []string{"app-file-missing error app/msapp.json"}, `entry "Controls\\1.json" has no file app/Controls/1.json`},
		{"an entry that went", func(f fstest.MapFS) {
			without("References/Themes.json")(f)
			inFile("msapp.json", "    {\"name\":\"References\\\\Themes.json\",\"as\":\"indented\",\"time\":\"2024-05-01T12:09:08\"},\n", "")(f)
		}, map[string]string{"References/Themes.json": "-", "checksum.json": "-"}, []string{"app-made note app"}, ""},
		{"no JSON", inFile("Properties.json", `"Wood",`, `"Wood"`), nil, []string{"app-malformed error app/Properties.json:3:3"}, "it is no JSON"},
		{"no JSON that was not indented", inFile("Header.json", `}`, ``), nil, []string{"app-malformed error app/Header.json:2:25"}, "it is no JSON"},
		{"another document", inFile("msapp.json", `"msapp": "`, `"msapp": "0`), nil, []string{"app-conflict error app/msapp.json"}, "app.msapp is another one"},
		{"one entry twice", set("Controls/1.JSON", "{}"), nil, []string{"duplicate-entry error app/Controls/1.JSON"}, "an entry of the app that msapp.json has elsewhere"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := folderOf(t, a, nil)
			tt.edit(files)
			b := appBuild{dir: "app/", names: slices.Collect(maps.Keys(files)), doc: a.doc, limits: (*Limits)(nil).withDefaults(),
				read: func(name string) ([]byte, error) { return fs.ReadFile(files, name) }}
			got, err := b.build()
			if err != nil {
				t.Fatal(err)
			}
			found := diag.Join(b.found, b.missing)
			if diff := cmp.Diff(tt.found, told(found)); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
			if tt.errors != "" {
				if got != nil || !strings.Contains(fmt.Sprint(b.missing), tt.errors) {
					t.Errorf("app %v, findings %v, want %q", got, b.missing, tt.errors)
				}
				return
			}
			if len(tt.want) == 0 {
				if !bytes.Equal(got.doc.Bytes(), src) {
					t.Error("the document is another one")
				}
				return
			}
			for name, want := range tt.want {
				data, err := got.ReadFile(name)
				if want == "-" {
					if !errors.Is(err, fs.ErrNotExist) {
						t.Errorf("%s is there: %v", name, err)
					}
				} else if string(data) != want || err != nil {
					t.Errorf("%s: %q, %v, want %q", name, data, err, want)
				}
			}
			wantCopied(t, a, got, slices.Collect(maps.Keys(tt.want))...)
		})
	}
}

// wantCopied holds that all entries of an app but some stand in another one with all of their bytes.
func wantCopied(t testing.TB, a, b *App, but ...string) {
	t.Helper()
	for _, e := range a.doc.Entries() {
		if slices.Contains(but, e.Path) {
			continue
		}
		other := b.doc.Find(e.Name)
		if other == nil {
			t.Errorf("%s is not there", e.Name)
			continue
		}
		one, err := msapp.Build([]msapp.Item{{Entry: e}})
		two, err2 := msapp.Build([]msapp.Item{{Entry: other}})
		if err != nil || err2 != nil || !bytes.Equal(one, two) {
			t.Errorf("%s is not copied: %v, %v", e.Name, err, err2)
		}
	}
}

func TestAppWith(t *testing.T) {
	a := opened(t, sampleApp(t))
	b, err := a.With("properties.json", []byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	wantCopied(t, a, b, "Properties.json", "checksum.json")
	if data, err := b.ReadFile("Properties.json"); string(data) != "{}" || err != nil || b.doc.Find("checksum.json") != nil {
		t.Errorf("%s, %v, %v", data, err, b.Names())
	}
	if c, err := b.With("Assets/x.txt", []byte("x")); err != nil || c.Names()[len(c.Names())-1] != "Assets/x.txt" {
		t.Errorf("added: %v", err)
	}
	if c, err := b.With("Src/App.pa.yaml", nil); err != nil || c.doc.Find(`Src\App.pa.yaml`) != nil {
		t.Errorf("removed: %v", err)
	}
	if c, err := a.With("Properties.json", []byte(`{"Name":"Wood","LocalConnectionReferences":"{}","Empty":[]}`)); err != nil || c != a {
		t.Errorf("the same is no change: %v", err)
	}
	if _, err := a.With(`..\x`, []byte("x")); !errors.Is(err, ErrInsecurePath) {
		t.Errorf("error %v", err)
	}
}

func TestOpenAppRefuses(t *testing.T) {
	tests := []struct {
		name string
		src  []byte
		lim  *Limits
		want error
	}{
		{"nothing", nil, nil, ErrFormat},
		{"text", []byte("hello"), nil, ErrFormat},
		{"outside", madeApp(t, `..\x.json`, "{}"), nil, ErrInsecurePath},
		{"drive", madeApp(t, `C:\x.json`, "{}"), nil, ErrInsecurePath},
		{"long", madeApp(t, `x.json`, "{}"), &Limits{FileBytes: 10}, ErrLimit},
		{"bomb", madeApp(t, `x.json`, strings.Repeat("0", 1<<20)), &Limits{TotalBytes: 1 << 19}, ErrLimit},
		{"many", madeApp(t, `x.json`, "", "y.json", ""), &Limits{Files: 1}, ErrLimit},
	}
	for _, tt := range tests {
		if _, err := OpenApp(bytes.NewReader(tt.src), int64(len(tt.src)), tt.lim); !errors.Is(err, tt.want) {
			t.Errorf("%s: error %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestLoadAppOfOtherFolders(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	bare := fstest.MapFS{"Header.json": file("{}"), "Properties.json": file("{\n}"), "Src/App.pa.yaml": file("App:\n"), "Assets/a.png": file("x")}
	app, _, err := LoadApp(bare, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Header.json", "Properties.json", "Assets/a.png", "Src/App.pa.yaml"}, app.Names()); diff != "" {
		t.Errorf("entries of a folder without msapp.json (-want +got)\n%s", diff)
	}
	for want, sys := range map[string]fstest.MapFS{
		"as pac canvas unpack wrote them": {"CanvasManifest.json": file("{}"), "Src/App.fx.yaml": file("")},
		"it is none of an app":            {"a.txt": file("")},
		"two entries are called":          {"msapp.json": file(`{"entries": [{"name": "a\\b"}, {"name": "A/B"}]}`)},
		"is not in the folder":            {"msapp.json": file(`{"entries": [{"name": "a", "file": "../../x"}]}`)},
		"insecure path":                   {"msapp.json": file(`{"entries": [{"name": "..\\a"}]}`)},
		"has the time":                    {"msapp.json": file(`{"entries": [{"name": "a", "time": "noon"}]}`)},
		"not known":                       {"msapp.json": file(`{"entries": [{"name": "a", "as": "rot13"}]}`)},
		"unpack the app again":            {"msapp.json": file(`<<<<<<< HEAD`)},
	} {
		if _, _, err := LoadApp(sys, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

func TestAppKind(t *testing.T) {
	a := opened(t, sampleApp(t))
	for name, want := range map[string]AppKind{`Src\App.pa.yaml`: AppSource, "src/_editorstate.PA.yaml": AppNoise, "Checksum.json": AppNoise, "Controls/1.json": AppControl,
		"Header.json": AppStamp, "References/Templates.json": AppLibrary, "References/DataSources.json": AppDefinition, "Assets/a.png": AppAsset, "Resources/b.js": AppAsset, "AppTests/1.json": AppDefinition} {
		if got := a.Kind(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// Names of entries that no system can write, or that are one on some.
func TestAppNames(t *testing.T) {
	var pairs []string
	names := []string{"msapp.json", "a", `a\b.json`, "ä?.json", "ä*.json", "x.", "x", `..a\b`, " ", strings.Repeat("n", 200) + ".json", "aux.json"}
	for _, name := range names {
		pairs = append(pairs, name, `{"of":"`+strings.ReplaceAll(name, `\`, `/`)+`"}`)
	}
	a := opened(t, madeApp(t, pairs...))
	files := folderOf(t, a, nil)
	if len(files) != len(names)+1 {
		t.Errorf("%d files of %d entries", len(files)-1, len(names))
	}
	for name := range files {
		if reason := unwritable("CanvasApps/x/" + name); reason != "" {
			t.Errorf("%q %s", name, reason)
		}
	}
	back, _, err := LoadApp(files, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, a, back)
}

func TestIndentedIsBounded(t *testing.T) {
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	if got := indented([]byte(deep)); got != nil {
		t.Errorf("%d bytes of %d", len(got), len(deep))
	}
	for _, src := range []string{"", " ", "{", `{"a": 1}`, `"a"`, "\ufeff{}"} {
		if got := indented([]byte(src)); got != nil {
			t.Errorf("%q: %q, though nothing gives it back", src, got)
		}
	}
}

// appSolution is a solution of canvas apps, each a name and its document.
func appSolution(t testing.TB, apps ...string) []byte {
	t.Helper()
	entries := []zipEntry{{}, {solutionPart, ""}}
	custom, roots := "", []string(nil)
	for i := 0; i < len(apps); i += 2 {
		name := apps[i]
		custom += fmt.Sprintf("<CanvasApp><Name>%s</Name><BackgroundImageUri>/CanvasApps/%s_BackgroundImageUri</BackgroundImageUri><DocumentUri>/CanvasApps/%s_DocumentUri.msapp</DocumentUri></CanvasApp>", name, name, name)
		roots = append(roots, "300 "+name)
		entries = append(entries, zipEntry{"CanvasApps/" + name + "_BackgroundImageUri", "x"}, zipEntry{"CanvasApps/" + name + "_DocumentUri.msapp", apps[i+1]})
	}
	entries[0] = zipEntry{customizationsPart, "<ImportExportXml><CanvasApps>" + custom + "</CanvasApps></ImportExportXml>"}
	entries[1].data = manifestXML(false, roots...)
	return makeZip(t, completed(entries, false, true)...)
}

func unpackedApps(t testing.TB, zip []byte, opts *AppOptions) *Tree {
	t.Helper()
	pkg, err := Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(pkg, &UnpackOptions{Apps: opts})
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// packedApp packs a tree and returns one entry of the zip.
func packedApp(t testing.TB, sys fs.FS, name string) ([]byte, diag.List, error) {
	t.Helper()
	tree, err := Load(sys, nil)
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	found, err := Pack(&buf, tree, nil)
	if err != nil {
		return nil, found, err
	}
	pkg, err := Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkg.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data, found, nil
}

func TestUnpackApps(t *testing.T) {
	const document = "CanvasApps/ct_a_DocumentUri.msapp"
	const dir = "CanvasApps/ct_a_DocumentUri/"
	app := sampleApp(t)
	zip := appSolution(t, "ct_a", string(app), "ct_bad", "no zip", "ct_none", "", "ct_noentries", string(madeApp(t)), "ct_damaged", strings.Replace(string(app), "App:", "app:", 1))
	tree := unpackedApps(t, zip, &AppOptions{})
	var opaque []string
	for _, line := range told(tree.Diagnostics()) {
		if strings.HasPrefix(line, "app-") {
			opaque = append(opaque, line)
		}
	}
	if diff := cmp.Diff([]string{"app-unreadable warning CanvasApps/ct_bad_DocumentUri.msapp", "app-unreadable warning CanvasApps/ct_damaged_DocumentUri.msapp", "app-unreadable warning CanvasApps/ct_noentries_DocumentUri.msapp",
		"app-unreadable warning CanvasApps/ct_none_DocumentUri.msapp"}, opaque); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
	files := filesOf(t, tree)
	if files[dir+"Src/First_ _screen__.pa.yaml"] == nil || files[document] == nil {
		t.Errorf("files %v", slices.Sorted(maps.Keys(files)))
	}
	plain := filesOf(t, unpackedApps(t, zip, nil))
	for name, f := range files {
		if _, ok := plain[name]; !ok && !strings.HasPrefix(name, dir) {
			t.Errorf("%s is no file of an app", name)
		} else if ok && !bytes.Equal(f.Data, plain[name].Data) {
			t.Errorf("%s is another one", name)
		}
	}

	got, found, err := packedApp(t, files, document)
	if err != nil || !bytes.Equal(got, app) {
		t.Errorf("packed with both: %v, %v", err, found)
	}
	if slices.ContainsFunc(found, func(d diag.Diagnostic) bool {
		return d.Rule == ruleUnownedFile.ID || strings.HasPrefix(d.Rule, "packager/app-")
	}) {
		t.Errorf("packed with both: %v", found)
	}

	files[dir+"Properties.json"].Data = bytes.Replace(files[dir+"Properties.json"].Data, []byte("Wood"), []byte("Stone"), 1)
	if got, _, err = packedApp(t, files, document); err != nil {
		t.Fatal(err)
	}
	wantCopied(t, opened(t, app), opened(t, got), "Properties.json", "checksum.json")

	delete(files, document)
	if got, _, err = packedApp(t, files, document); err != nil {
		t.Fatal(err)
	}
	wantSame(t, opened(t, app), opened(t, got), "Properties.json", "checksum.json")
	if data, err := opened(t, got).ReadFile("Properties.json"); err != nil || !strings.Contains(string(data), "Stone") {
		t.Errorf("%s, %v", data, err)
	}

	files[document] = &fstest.MapFile{Data: madeApp(t, "Header.json", "{}")}
	_, found, err = packedApp(t, files, document)
	if err == nil || !strings.Contains(fmt.Sprint(found), ruleAppConflict.ID) {
		t.Errorf("another document: %v, %v", err, found)
	}
	files[document].Data = []byte("no zip")
	if _, found, err = packedApp(t, files, document); err == nil || !strings.Contains(fmt.Sprint(found), ruleAppConflict.ID) {
		t.Errorf("no document: %v, %v", err, found)
	}
	delete(files, document)
	delete(files, dir+"Controls/1.json")
	if _, found, err = packedApp(t, files, document); err == nil || !strings.Contains(fmt.Sprint(found), ruleAppMissing.ID) {
		t.Errorf("file missing: %v, %v", err, found)
	}
}

func TestOldAppSources(t *testing.T) {
	files := filesOf(t, unpackedApps(t, appSolution(t, "ct_a", string(sampleApp(t))), nil))
	for _, name := range []string{"CanvasManifest.json", "Src/App.fx.yaml", "Src/B.fx.yaml", "Other/Src/x.json", "pkgs/y.xml"} {
		files["CanvasApps/src/ct_a/"+name] = &fstest.MapFile{Data: []byte("{}")}
	}
	got, found, err := packedApp(t, files, "CanvasApps/ct_a_DocumentUri.msapp")
	if err != nil || !bytes.Equal(got, sampleApp(t)) {
		t.Errorf("the document is another one: %v", err)
	}
	var lines []string
	for _, d := range found {
		if d.Severity == diag.Warning {
			lines = append(lines, told(diag.List{d})...)
		}
	}
	if diff := cmp.Diff([]string{"app-old-sources warning CanvasApps/src/ct_a"}, lines); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

// A change of a document changes its folder as well, and nothing else in it.
func TestWithChangesAppFolder(t *testing.T) {
	const document, dir = "CanvasApps/ct_a_DocumentUri.msapp", "CanvasApps/ct_a_DocumentUri/"
	app := opened(t, sampleApp(t))
	changed, err := app.With("Properties.json", []byte(`{"Name":"Stone"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, alone := range []bool{false, true} {
		files := filesOf(t, unpackedApps(t, appSolution(t, "ct_a", string(sampleApp(t))), &AppOptions{}))
		if alone {
			delete(files, document)
		}
		tree, err := Load(files, nil)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := tree.Parts()
		if err != nil {
			t.Fatal(err)
		}
		e := solution.NewEditor(parts)
		e.Replace(document, changed.doc.Bytes())
		change, err := e.Change()
		if err != nil {
			t.Fatal(err)
		}
		out, err := tree.With(change)
		if err != nil {
			t.Fatal(err)
		}
		after := filesOf(t, out)
		var differ []string
		for name := range files {
			if after[name] == nil {
				differ = append(differ, "-"+name)
			} else if !bytes.Equal(files[name].Data, after[name].Data) {
				differ = append(differ, name)
			}
		}
		slices.Sort(differ)
		want := []string{"-" + dir + "checksum.json", document, dir + "Properties.json", dir + "msapp.json"}
		if alone {
			want = slices.Delete(want, 1, 2)
		}
		if diff := cmp.Diff(want, differ); diff != "" {
			t.Errorf("alone %v: files that differ (-want +got)\n%s", alone, diff)
		}
		got, _, err := packedApp(t, after, document)
		if err != nil {
			t.Fatal(err)
		}
		wantSame(t, changed, opened(t, got))

		e = solution.NewEditor(parts)
		custom, err := parts.ReadPart(customizationsPart)
		if err != nil {
			t.Fatal(err)
		}
		start, end := bytes.Index(custom, []byte("<CanvasApp>")), bytes.Index(custom, []byte("</CanvasApps>"))
		e.Splice(customizationsPart, start, end, "")
		e.Remove(document)
		e.Remove("CanvasApps/ct_a_BackgroundImageUri")
		if change, err = e.Change(); err != nil {
			t.Fatal(err)
		}
		if out, err = tree.With(change); err != nil {
			t.Fatal(err)
		}
		for _, name := range out.Names() {
			if strings.HasPrefix(name, "CanvasApps/") {
				t.Errorf("alone %v: %s is still there", alone, name)
			}
		}
	}
}

// FuzzOpenApp holds that no bytes make this package panic or grow without bound, and that an app that can be read comes back from its
// folder: byte for byte beside the document, entry for entry without.
func FuzzOpenApp(f *testing.F) {
	f.Add(sampleApp(f))
	f.Add(madeApp(f))
	f.Add(madeApp(f, "Header.json", "{}", `a?\..b`, "x", `a:\..b`, "y\r\n"))
	f.Add([]byte("no zip"))
	f.Fuzz(func(t *testing.T, src []byte) {
		a, err := OpenApp(bytes.NewReader(src), int64(len(src)), fuzzLimits)
		if err != nil {
			var own *Error
			if !errors.As(err, &own) {
				t.Errorf("error of type %T: %v", err, err)
			}
			return
		}
		for _, opts := range []*AppOptions{nil, {Verbatim: true}, {Review: true}} {
			sys, err := a.Folder(opts)
			if err != nil {
				return // a damaged entry
			}
			files := filesOf(t, sys)
			for name := range files {
				if reason := unwritable("x/" + name); reason != "" {
					t.Errorf("%q %s", name, reason)
				}
			}
			back, found, err := LoadApp(files, a, fuzzLimits)
			if err != nil {
				t.Fatalf("%v: %v", err, found)
			}
			if !bytes.Equal(back.doc.Bytes(), src) {
				t.Fatalf("the document is another one: %v", found)
			}
			if opts == nil {
				if back, found, err = LoadApp(files, nil, nil); err != nil {
					t.Fatalf("%v: %v", err, found)
				}
				wantSame(t, a, back)
			}
		}
	})
}

// FuzzIndented holds that what is indented comes back.
func FuzzIndented(f *testing.F) {
	f.Add([]byte(`{"a":[1,"\"x",{}],"b":null}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		lines := indented(src)
		if lines == nil {
			return
		}
		if back, err := compacted(lines); err != nil || !bytes.Equal(src, back) {
			t.Errorf("%q, %v", back, err)
		}
	})
}

func BenchmarkAppFolder(b *testing.B) {
	src := sampleApp(b)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		a := opened(b, src)
		sys, err := a.Folder(nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := LoadApp(sys, a, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// TestCorpusApps unpacks every solution with canvas apps as folders and packs it again, untouched, with one value changed, and without the
// documents.
func TestCorpusApps(t *testing.T) {
	t.Parallel()
	apps, opaque, edited := 0, 0, 0
	seen := map[uint32]bool{} // some apps are in several solutions
	for _, s := range corpus.Solutions(t) {
		name, src := s.Name, s.Zip(t)
		pkg, err := Open(bytes.NewReader(src), int64(len(src)), nil)
		if err != nil || !slices.ContainsFunc(pkg.Names(), func(name string) bool { _, ok := appFolder(name); return ok }) {
			continue
		}
		for _, e := range pkg.entries {
			if _, ok := appFolder(e.part); !ok {
				continue
			}
			data, err := e.read()
			if err != nil {
				t.Fatal(err)
			}
			a, err := parseApp(data, pkg.limits)
			if err != nil {
				opaque++
				continue
			}
			apps++
			if sum := crc32.ChecksumIEEE(data); seen[sum] {
				continue
			} else {
				seen[sum] = true
			}
			if corpusApp(t, name+": "+e.part, a) {
				edited++
			}
		}
		tree, err := Unpack(pkg, &UnpackOptions{Apps: &AppOptions{}})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkPaths(t, tree)
		plain, err := Unpack(pkg, nil)
		if err != nil {
			t.Fatal(err)
		}
		with, err := tree.Digest()
		without, err2 := plain.Digest()
		if with != without || err != nil || err2 != nil {
			t.Errorf("%s: digest %s with folders of apps (%v), %s without (%v)", name, with, err, without, err2)
		}
	}
	t.Logf("%d apps, %d different ones with one value changed; %d are none", apps, edited, opaque)
}

func corpusApp(t *testing.T, name string, a *App) bool {
	for _, opts := range []*AppOptions{nil, {Verbatim: true}, {Review: true}} {
		sys, err := a.Folder(opts)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return false
		}
		files := filesOf(t, sys)
		back, found, err := LoadApp(files, a, nil)
		if err != nil || !bytes.Equal(back.doc.Bytes(), a.doc.Bytes()) || len(found) > 0 {
			t.Errorf("%s: %q: the document is another one: %v, %v", name, opts, err, found)
		}
		if opts != nil {
			continue
		}
		if back, _, err = LoadApp(files, nil, nil); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			wantSame(t, a, back)
		}
		f := files["Properties.json"]
		i := bytes.Index(f.Data, []byte(`"Name": "`))
		if i < 0 {
			t.Errorf("%s: Properties.json has no name", name)
			return false
		}
		f.Data = slices.Concat(f.Data[:i+9], []byte("changed "), f.Data[i+9:])
		if back, _, err = LoadApp(files, a, nil); err != nil {
			t.Errorf("%s: %v", name, err)
			return false
		}
		wantCopied(t, a, back, "Properties.json", "checksum.json")
		wantSame(t, a, back, "Properties.json", "checksum.json")
	}
	return true
}

// A tree of both kinds has apps of both in folders, also where they differ.
func TestUnpackBothWithApps(t *testing.T) {
	const document = "CanvasApps/ct_a_DocumentUri.msapp"
	first := sampleApp(t)
	second, err := opened(t, first).With("Properties.json", []byte(`{"Name":"Stone"}`))
	if err != nil {
		t.Fatal(err)
	}
	if second, err = second.With("Assets/more.txt", []byte("more")); err != nil {
		t.Fatal(err)
	}
	for name, apps := range map[string][2][]byte{"equal": {first, first}, "differ": {first, second.doc.Bytes()}, "differ, the other way": {second.doc.Bytes(), first}} {
		t.Run(name, func(t *testing.T) {
			var packages [2]*Package
			for kind, app := range apps {
				zip := appSolution(t, "ct_a", string(app))
				if kind == 1 {
					zip = makeZip(t, completed([]zipEntry{{customizationsPart, "<ImportExportXml><CanvasApps><CanvasApp><Name>ct_a</Name><BackgroundImageUri>/CanvasApps/ct_a_BackgroundImageUri</BackgroundImageUri>" +
						"<DocumentUri>/CanvasApps/ct_a_DocumentUri.msapp</DocumentUri></CanvasApp></CanvasApps></ImportExportXml>"},
						{"CanvasApps/ct_a_BackgroundImageUri", "x"}, {document, string(app)}}, true, true, "300 ct_a")...)
				}
				if packages[kind], err = Open(bytes.NewReader(zip), int64(len(zip)), nil); err != nil {
					t.Fatal(err)
				}
			}
			tree, err := UnpackBoth(packages[0], packages[1], &UnpackOptions{Apps: &AppOptions{}})
			if err != nil {
				t.Fatal(err)
			}
			for kind, want := range apps {
				k := solution.Kind(kind)
				var buf bytes.Buffer
				if found, err := Pack(&buf, tree, &PackOptions{Kind: &k}); err != nil {
					t.Fatalf("%s: %v, %v", k, err, found)
				}
				pkg, err := Open(bytes.NewReader(buf.Bytes()), int64(buf.Len()), nil)
				if err != nil {
					t.Fatal(err)
				}
				if got, err := pkg.ReadFile(document); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s: the app is another one: %v", k, err)
				}
			}
		})
	}
}
