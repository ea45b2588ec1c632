package solution_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// extracted returns the parts of a folder of files by name.
func extracted(t testing.TB, files map[string]string) solution.Parts {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := solution.PartsOf(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func textOf(t testing.TB, p solution.Parts, name string) string {
	t.Helper()
	src, err := p.ReadPart(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(src)
}

// inUTF16 is text in UTF-16 with a byte order mark.
func inUTF16(text string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

func TestPartsOf(t *testing.T) {
	p := extracted(t, map[string]string{"Solution.xml": "<a/>", "Workflows/B.json": "{}", "Workflows/a.json": "[]", "x/y/z.bin": "\xff\xfe\x00"})
	want := []string{"Solution.xml", "Workflows/B.json", "Workflows/a.json", "x/y/z.bin"}
	names := p.Names()
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	names[0] = "changed"
	if p.Names()[0] != "Solution.xml" {
		t.Error("a caller can change the names")
	}
	for name, want := range map[string]string{"solution.xml": "<a/>", "WORKFLOWS/b.JSON": "{}", "x/y/Z.bin": "\xff\xfe\x00"} {
		if got := textOf(t, p, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"customizations.xml", "Workflows", "", "./Solution.xml", "Workflows/../Solution.xml"} {
		if _, err := p.ReadPart(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: %v", name, err)
		}
		if at := p.Locate(name, 3); at != (diag.Location{File: name}) {
			t.Errorf("%q is at %+v", name, at)
		}
	}
	if err := fstest.TestFS(p, want...); err != nil {
		t.Error(err)
	}
}

// Names that differ in letter case only are parts of their own under their exact names.
func TestPartsOfAlikeNames(t *testing.T) {
	p := extracted(t, map[string]string{"a/X.txt": "upper", "a/x.txt": "lower"})
	for name, want := range map[string]string{"a/X.txt": "upper", "a/x.txt": "lower", "A/x.TXT": "upper"} {
		if got := textOf(t, p, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	e := solution.NewEditor(p)
	e.Splice("a/x.txt", 0, 1, "y")
	if _, err := e.Change(); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("an edit of one of two: %v", err)
	}
}

type brokenFS struct{ files fs.FS }

func (f brokenFS) Open(name string) (fs.File, error) {
	if name == "locked" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.files.Open(name)
}

func TestPartsOfErrors(t *testing.T) {
	if _, err := solution.PartsOf(brokenFS{fstest.MapFS{"locked/x": {}}}); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a folder that cannot be read: %v", err)
	}
	p, err := solution.PartsOf(brokenFS{fstest.MapFS{"locked": {}, "solution.xml": {Data: []byte("\xff\xfe<")}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.ReadPart("locked"); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("a file that cannot be read: %v", err)
	}
	if at := p.Locate("locked", 1); at != (diag.Location{File: "locked"}) {
		t.Errorf("a file that cannot be read is at %+v", at)
	}
	var syntax *solution.SyntaxError
	if _, err := p.ReadPart("solution.xml"); !errors.As(err, &syntax) || syntax.File != "solution.xml" {
		t.Errorf("half of a character: %v", err)
	}
	none := extracted(t, nil)
	if _, err := solution.ReadManifest(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no manifest: %v", err)
	}
	if _, err := solution.ReadCustomizations(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no customizations: %v", err)
	}
}

// Whatever the encoding, the two documents are read as UTF-8 and everything else as it is.
// A part that has become a pipe since the folder was listed is not opened.
func TestPartsOpenNoPipe(t *testing.T) {
	files := fstest.MapFS{"solution.xml": {Data: []byte("<ImportExportXml />")}, "a/b.json": {Data: []byte("{}")}}
	parts, err := solution.PartsOf(files)
	if err != nil {
		t.Fatal(err)
	}
	files["a/b.json"].Mode = fs.ModeNamedPipe
	if src, err := parts.ReadPart("a/b.json"); err == nil || err.Error() != "a/b.json: not a regular file" {
		t.Errorf("%q, error %v", src, err)
	}
}

func TestPartsEncodings(t *testing.T) {
	const declared = "<?xml version=\"1.0\" encoding=\"utf-16\"?>\n<ImportExportXml><SolutionManifest><UniqueName>é</UniqueName></SolutionManifest></ImportExportXml>"
	const text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ImportExportXml><SolutionManifest><UniqueName>é</UniqueName></SolutionManifest></ImportExportXml>"
	for name, c := range map[string]struct{ stored, want string }{
		"UTF-8":           {text, text},
		"byte order mark": {"\ufeff" + text, "\ufeff" + text},
		"UTF-16":          {inUTF16(declared), text},
	} {
		p := extracted(t, map[string]string{"solution.xml": c.stored, "other.xml": c.stored})
		if got := textOf(t, p, "solution.xml"); got != c.want {
			t.Errorf("%s: read as %q", name, got)
		}
		if got := textOf(t, p, "other.xml"); got != c.stored {
			t.Errorf("%s: another part is read as %q", name, got)
		}
		m, err := solution.ReadManifest(p)
		if err != nil {
			t.Fatal(err)
		}
		at := m.Locate("SolutionManifest", "UniqueName")
		if m.UniqueName() != "é" || at.Start.Line != 2 || at.Start.Column != 36 || at.File != "solution.xml" {
			t.Errorf("%s: %q at %+v", name, m.UniqueName(), at)
		}
	}
}

// joined are parts of which one is made of several files, as those of a source tree are.
type joined struct {
	solution.Parts
	name  string
	files []string // file i has the bytes from 10*i on
}

func (p joined) Locate(name string, offset int) diag.Location {
	if name != p.name {
		return p.Parts.Locate(name, offset)
	}
	i := min(offset/10, len(p.files)-1)
	at := diag.Position{Offset: offset - 10*i, Line: 1, Column: offset - 10*i + 1}
	return diag.Location{File: p.files[i], Start: at, End: at}
}

func TestSpan(t *testing.T) {
	p := joined{extracted(t, map[string]string{"x": "0123456789\n1"}), "customizations.xml", []string{"one.xml", "two.xml"}}
	for _, c := range []struct {
		name       string
		start, end int
		want       string
	}{
		{"x", 2, 4, "x 2:1:3-4:1:5"},
		{"x", 4, 12, "x 4:1:5-12:2:2"},
		{"x", 4, 4, "x 4:1:5-4:1:5"},
		{"customizations.xml", 2, 4, "one.xml 2:1:3-4:1:5"},
		{"customizations.xml", 2, 10, "one.xml 2:1:3-10:1:11"}, // to the end of the file
		{"customizations.xml", 2, 14, "one.xml 2:1:3-2:1:3"},   // of two files
		{"customizations.xml", 12, 14, "two.xml 2:1:3-4:1:5"},
		{"none", 1, 2, "none 0:0:0-0:0:0"},
	} {
		at := solution.Span(p, c.name, c.start, c.end)
		got := fmt.Sprintf("%s %d:%d:%d-%d:%d:%d", at.File, at.Start.Offset, at.Start.Line, at.Start.Column, at.End.Offset, at.End.Line, at.End.Column)
		if got != c.want {
			t.Errorf("%s[%d,%d) is at %s, want %s", c.name, c.start, c.end, got, c.want)
		}
	}
}

// moved are parts whose documents stand somewhere else in the source, below two lines that no part has.
type moved struct{ solution.Parts }

func (p moved) Locate(name string, offset int) diag.Location {
	at := p.Parts.Locate(name, offset)
	at.File = "Source/" + at.File
	for _, pos := range []*diag.Position{&at.Start, &at.End} {
		pos.Offset += 100
		pos.Line += 2
	}
	return at
}

// What a manifest and customizations tell about places, findings and fixes is about the source.
func TestLocationsOfSource(t *testing.T) {
	const custom = "<ImportExportXml><Roles><Role name='r' /></Roles></ImportExportXml>"
	plain := extracted(t, map[string]string{"solution.xml": exampleManifest, "customizations.xml": custom})
	m, err := solution.ReadManifest(moved{plain})
	if err != nil {
		t.Fatal(err)
	}
	here, err := solution.ReadManifest(plain)
	if err != nil {
		t.Fatal(err)
	}
	shifted := func(at diag.Location) diag.Location {
		at.File = "Source/" + at.File
		for _, pos := range []*diag.Position{&at.Start, &at.End} {
			pos.Offset += 100
			pos.Line += 2
		}
		return at
	}
	var want, got []diag.Location
	for _, c := range []struct {
		m    *solution.Manifest
		list *[]diag.Location
	}{{here, &want}, {m, &got}} {
		*c.list = append(*c.list, c.m.Locate("SolutionManifest", "Version"))
		for rc := range c.m.RootComponents() {
			*c.list = append(*c.list, rc.Location)
		}
		for d := range c.m.Dependencies() {
			*c.list = append(*c.list, d.Location, d.Required.Location, d.Dependent.Location)
		}
		for _, d := range c.m.Check() {
			*c.list = append(*c.list, d.Location)
		}
	}
	for i := range want {
		want[i] = shifted(want[i])
	}
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 6 {
		t.Errorf("locations (-want +got)\n%s", diff)
	}
	edit := m.Check()[0].Fixes[0].Edits[0]
	if at := here.Check()[0].Fixes[0].Edits[0]; edit.File != "Source/solution.xml" || edit.Start != at.Start+100 || edit.End != at.End+100 {
		t.Errorf("the fix is %+v, in the part %+v", edit, at)
	}
	c, err := solution.ReadCustomizations(moved{plain})
	if err != nil {
		t.Fatal(err)
	}
	for x := range c.Elements() {
		if at := c.Location(x); at.File != "Source/customizations.xml" || at.Start.Offset != 124 || at.Start.Line != 3 || at.Path != "Roles/Role" {
			t.Errorf("the role is at %+v", at)
		}
	}
}

// A cache gives the same places as the lines of each part, reads a part only where it has to, and does so for many at once.
func TestLineCache(t *testing.T) {
	texts := map[string][]byte{}
	for i := range 20 {
		texts[fmt.Sprint(i)] = bytes.Repeat([]byte("é\n"), i)
	}
	texts["Other/Solution.xml"] = []byte("<a>\n</a>")
	var cache solution.LineCache
	var mu sync.Mutex
	reads := map[string]int{}
	locate := func(name string, offset int) diag.Location {
		return cache.Locate(name, offset, func(string) ([]byte, error) {
			mu.Lock()
			defer mu.Unlock()
			reads[name]++
			return texts[name], nil
		})
	}
	cache.Remember("3", texts["3"])
	for offset := range 10 {
		want := diag.NewLines(texts["3"]).Span("3", offset, offset)
		if got := locate("3", offset); got != want {
			t.Errorf("offset %d is at %+v, want %+v", offset, got, want)
		}
	}
	if len(reads) > 0 {
		t.Errorf("a part that was remembered is read: %v", reads)
	}
	locate("Other/Solution.xml", 0)
	for i := range 200 { // one that is used again and again stays
		cache.Remember("binary", nil)
		locate(fmt.Sprint(i%20), 0)
		locate("7", 2)
	}
	locate("Other/Solution.xml", 4)
	if reads["7"] != 1 || reads["Other/Solution.xml"] != 1 {
		t.Errorf("read %v times", reads)
	}
	for i := range 20 { // there may be many files of that name
		cache.Locate(fmt.Sprint(i, "/solution.xml"), 0, func(string) ([]byte, error) { return nil, nil })
	}
	if got := cache.Locate("bad", 1, func(string) ([]byte, error) { return nil, fs.ErrPermission }); got != (diag.Location{File: "bad"}) {
		t.Errorf("of a part that cannot be read: %+v", got)
	}
	var all sync.WaitGroup
	for w := range 4 {
		all.Go(func() {
			for i := range 100 {
				name := fmt.Sprint((i*7 + w) % 20)
				if got, want := locate(name, i%9), diag.NewLines(texts[name]).Span(name, i%9, i%9); got != want {
					t.Errorf("%s: %+v, want %+v", name, got, want)
				}
			}
		})
	}
	all.Wait()
	if len(reads) != len(texts) {
		t.Errorf("%d parts were read", len(reads))
	}
}

// countedParts count how often a part is read.
type countedParts struct {
	solution.Parts
	reads map[string]int
}

func (p countedParts) ReadPart(name string) ([]byte, error) {
	p.reads[name]++
	return p.Parts.ReadPart(name)
}

func TestShared(t *testing.T) {
	folder, err := solution.PartsOf(fstest.MapFS{
		solution.ManifestFile:       {Data: []byte("<ImportExportXml><SolutionManifest><UniqueName>a</UniqueName></SolutionManifest></ImportExportXml>")},
		solution.CustomizationsFile: {Data: []byte("<ImportExportXml><Entities><Entity/></Entities></ImportExportXml>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	counted := countedParts{folder, map[string]int{}}
	shared := solution.Shared(solution.Shared(counted))
	for range 3 {
		if _, err := solution.ReadManifest(shared); err != nil {
			t.Error(err)
		}
		if c, err := solution.ReadCustomizations(shared); err != nil || c.Len() != 1 {
			t.Errorf("customizations %v, %v", c, err)
		}
	}
	if diff := cmp.Diff(map[string]int{solution.ManifestFile: 1, solution.CustomizationsFile: 1}, counted.reads); diff != "" {
		t.Errorf("reads (-want +got)\n%s", diff)
	}
	empty, _ := solution.PartsOf(fstest.MapFS{})
	for range 2 {
		if _, err := solution.ReadManifest(solution.Shared(empty)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("manifest that is not there: %v", err)
		}
	}
}
