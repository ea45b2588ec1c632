package solutionkit_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/model"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// A textReader is something that takes the text of a file.
type textReader struct {
	name string
	file string // what errors begin with; empty: it is not told a name
	good string
	read func(src []byte) error
	bom  bool // a byte order mark is read over
}

// textReaders are the functions that take the text of a file, and those that take files of which one is that text.
func textReaders() []textReader {
	const manifest = `<ImportExportXml><SolutionManifest><UniqueName>Cts</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`
	files := func(pairs ...string) fs.FS {
		m := map[string][]byte{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i]] = []byte(pairs[i+1])
		}
		return memfs.New(m)
	}
	parts := func(read func(p solution.Parts) error, name string, pairs ...string) func([]byte) error {
		return func(src []byte) error {
			p, err := solution.PartsOf(files(append(pairs, name, string(src))...))
			if err != nil {
				return err
			}
			return read(p)
		}
	}
	merge := func(name, other, third string) func([]byte) error {
		return func(src []byte) error {
			_, _, _, err := diff.MergeFile(name, []byte(third), []byte(other), src)
			return err
		}
	}
	modelOf := func(p solution.Parts) error { _, err := model.Read(p); return err }
	connectorOf := func(name string, pairs ...string) func([]byte) error {
		return func(src []byte) error {
			_, err := connector.Load(files(append(pairs, name, string(src))...))
			return err
		}
	}
	return []textReader{
		{"connref.ParseSettings", "a/s.json", `{"EnvironmentVariables": [{"SchemaName": "cts_a", "Value": "1"}], "ConnectionReferences": []}`,
			func(src []byte) error { _, err := connref.ParseSettings(src, "a/s.json"); return err }, true},
		{"solution.ParseManifest", "a/solution.xml", manifest, func(src []byte) error { _, err := solution.ParseManifest(src, "a/solution.xml"); return err }, true},
		{"solution.ParseCustomizations", "a/customizations.xml", `<ImportExportXml><Roles><Role id="{00000000-0000-0000-0000-000000000001}" name="A" /></Roles></ImportExportXml>`,
			func(src []byte) error {
				_, err := solution.ParseCustomizations(src, "a/customizations.xml")
				return err
			}, true},
		{"packager.ParseMap", "a/map.xml", `<Mapping><FileToFile map="A.dll" to="bin\B.dll" /></Mapping>`,
			func(src []byte) error { _, err := packager.ParseMap(src, "a/map.xml", nil); return err }, true},
		{"content.ParseBase", "base table:", "entity,account,accounts\r\n# more\r\nrole,Clerk,\r\n", func(src []byte) error { _, err := content.ParseBase(src); return err }, true},
		{"deployer.ParseConfig", "a/ImportConfig.xml", `<configdatastorage><solutions><configsolutionfile solutionpackagefilename="a.zip" /></solutions></configdatastorage>`,
			func(src []byte) error { _, err := deployer.ParseConfig(src, "a/ImportConfig.xml"); return err }, true},
		{"environment.Read", "a/list.json", `[{"SolutionUniqueName": "Cts", "VersionNumber": "1.0.0.0", "IsManaged": true}]`,
			func(src []byte) error { _, err := environment.Read(src, "a/list.json"); return err }, true},
		{"plan.ParseEnvironment", "a/env.json", `{"solutions": [{"name": "Cts", "version": "1.0.0.0", "managed": true}]}`,
			func(src []byte) error { _, err := plan.ParseEnvironment(src, "a/env.json"); return err }, true},
		{"plan.Plan", "", `{"steps": [], "findings": []}`, func(src []byte) error { return json.Unmarshal(src, new(plan.Plan)) }, false},
		{"diff.MergeFile, XML", "a/x.xml", `<a><b id="1">x</b></a>`, merge("a/x.xml", `<a><b id="1">y</b></a>`, `<a><b id="1">z</b></a>`), true},
		{"diff.MergeFile, JSON", "a/x.json", `{"a": [1, {"name": "b"}]}`, merge("a/x.json", `{"a": [2]}`, `{"a": [3]}`), true},
		{"model.Read, customizations", "customizations.xml", `<ImportExportXml><Roles><Role name="A" /></Roles></ImportExportXml>`, parts(modelOf, "customizations.xml", "solution.xml", manifest), true},
		{"model.Read, manifest", "solution.xml", manifest, parts(modelOf, "solution.xml"), true},
		{"model.ReadJSON", "a/x.json", `{"a": [1, {"name": "b"}]}`, parts(func(p solution.Parts) error { _, err := model.ReadJSON(p, "a/x.json"); return err }, "a/x.json"), true},
		{"plan.Read", "customizations.xml", `<ImportExportXml><Roles><Role name="A" /></Roles></ImportExportXml>`,
			parts(func(p solution.Parts) error { _, err := plan.Read(p, nil); return err }, "customizations.xml", "solution.xml", manifest), true},
		{"connref.Read", "customizations.xml", `<ImportExportXml><connectionreferences><connectionreference connectionreferencelogicalname="cts_a" /></connectionreferences></ImportExportXml>`,
			parts(func(p solution.Parts) error { _, err := connref.Read(p); return err }, "customizations.xml", "solution.xml", manifest), true},
		{"connector.Load, definition", "apiDefinition.swagger.json", `{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {}}`, connectorOf("apiDefinition.swagger.json"), true},
		{"connector.Load, properties", "apiProperties.json", `{"properties": {"connectionParameters": {}}}`, connectorOf("apiProperties.json", "apiDefinition.swagger.json", `{"swagger": "2.0"}`), true},
		{"deployer.Open", "ImportConfig.xml", `<configdatastorage><solutions /></configdatastorage>`,
			func(src []byte) error {
				_, err := deployer.Open(files("PkgFolder/ImportConfig.xml", string(src)))
				return err
			}, true},
	}
}

// typed are the errors that say where, and what to do.
func typed(err error) bool {
	as := func(target any) bool { return errors.As(err, target) }
	return as(new(*solution.SyntaxError)) || as(new(*plan.EnvironmentError)) || as(new(*packager.Error)) || as(new(*packager.NotSolutionError)) ||
		as(new(*connector.ReadError)) || as(new(*json.SyntaxError)) || as(new(*json.UnmarshalTypeError))
}

func utf16Of(order binary.AppendByteOrder, text string) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// TestTextsThatAreDamaged hands each function that takes the text of a file what is left of one: cut at every byte, with a byte that is
// zero or no UTF-8 at every place, in other encodings, with marks, nested deeper than anybody nests, long and empty. None panics or
// takes much memory; an error has a type and names the file; what is cut is never read as if it were whole.
func TestTextsThatAreDamaged(t *testing.T) {
	for _, r := range textReaders() {
		t.Run(r.name, func(t *testing.T) {
			take := func(what string, src []byte, mustFail bool) error {
				t.Helper()
				defer func() {
					if v := recover(); v != nil {
						t.Errorf("%s: panic %v on %.200q", what, v, src)
					}
				}()
				var before, after runtime.MemStats
				large := len(src) > 10_000
				if large {
					runtime.ReadMemStats(&before)
				}
				err := r.read(bytes.Clone(src))
				if large {
					runtime.ReadMemStats(&after)
					if took := int64(after.TotalAlloc - before.TotalAlloc); took > int64(len(src))*200+32<<20 {
						t.Errorf("%s: %d MB of memory for %d bytes", what, took>>20, len(src))
					}
				}
				switch {
				case err == nil && mustFail:
					t.Errorf("%s: %.200q is read as if it were whole", what, src)
				case err != nil && !typed(err):
					t.Errorf("%s: error of no type: %T %v", what, err, err)
				case err != nil && !strings.Contains(err.Error(), r.file):
					t.Errorf("%s: the error does not name the file: %v", what, err)
				}
				return err
			}
			if err := take("as it is", []byte(r.good), false); err != nil {
				t.Fatal(err)
			}
			isText := !strings.HasPrefix(r.good, "<") && !strings.HasPrefix(r.good, "{") && !strings.HasPrefix(r.good, "[")
			for i := range r.good {
				take(fmt.Sprintf("cut at %d", i), []byte(r.good[:i]), !isText)
				zero := []byte(r.good)
				zero[i] = 0
				take(fmt.Sprintf("NUL at %d", i), zero, !isText)
				zero[i] = 0xff
				take(fmt.Sprintf("no UTF-8 at %d", i), zero, !isText && r.file != "") // encoding/json takes them in names that nobody knows
				take(fmt.Sprintf("twice up to %d", i), []byte(r.good+r.good[:i+1]), !isText && r.good[0] != '<')
			}
			if err := take("mark", []byte("\ufeff"+r.good), false); err != nil && r.bom {
				t.Errorf("with a byte order mark: %v", err)
			}
			take("two marks", []byte("\ufeff\ufeff"+r.good), false)
			take("mark alone", []byte("\ufeff"), !isText)
			for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
				marked := utf16Of(order, "\ufeff"+r.good)
				take("UTF-16", marked, false)
				take("UTF-16, cut", marked[:len(marked)-1], true)
				take("UTF-16 without a mark", utf16Of(order, r.good), !isText)
				take("UTF-16, half a character", order.AppendUint16(bytes.Clone(marked), 0xd800), true)
			}
			take("UTF-32", []byte("\xff\xfe\x00\x00<\x00\x00\x00"), true)
			take("blank", bytes.Repeat([]byte(" "), 100_000), !isText)
			take("zeros", make([]byte, 100_000), !isText)
			for _, open := range []string{"[", "{", `{"a":`, `{"a":[`, "<a>", "<!--", "<![CDATA[", "<?a ", "&", "<a b='", `"`, "- ", "<!DOCTYPE a [<!ENTITY b '", "<a xmlns:a='"} {
				take("100,000 of "+open, bytes.Repeat([]byte(open), 100_000), !isText)
			}
			take("a million lines", bytes.Repeat([]byte("\n"), 1_000_000), !isText)
		})
	}
}

// A faultyFS is a file system in which something is wrong with one name.
type faultyFS struct {
	fs.FS
	name  string
	fault fault
}

// A fault is what is wrong. Functions that are nil change nothing.
type fault struct {
	what string
	open func(name string) error
	read func(r io.Reader) io.Reader
	stat func(fs.FileInfo) (fs.FileInfo, error)
	list func([]fs.DirEntry) ([]fs.DirEntry, error)
	// same says that the result is what it would be without the fault.
	same bool
}

func (f faultyFS) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil || name != f.name {
		return file, err
	}
	if f.fault.open != nil {
		file.Close()
		return nil, f.fault.open(name)
	}
	faulty := &faultyFile{File: file, fault: &f.fault, r: file}
	if f.fault.read != nil {
		faulty.r = f.fault.read(file)
	}
	if dir, ok := file.(fs.ReadDirFile); ok {
		return &faultyDir{faulty, dir, nil, false}, nil
	}
	return faulty, nil
}

type faultyFile struct {
	fs.File
	fault *fault
	r     io.Reader
}

func (f *faultyFile) Read(p []byte) (int, error) { return f.r.Read(p) }

func (f *faultyFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	if err != nil || f.fault.stat == nil {
		return info, err
	}
	return f.fault.stat(info)
}

type faultyDir struct {
	*faultyFile
	dir  fs.ReadDirFile
	rest []fs.DirEntry
	read bool
}

func (d *faultyDir) ReadDir(n int) ([]fs.DirEntry, error) {
	if d.fault.list == nil {
		return d.dir.ReadDir(n)
	}
	list, err := d.dir.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	list, err = d.fault.list(list)
	if n > 0 && err == nil && len(list) == 0 {
		err = io.EOF
	}
	return list, err
}

var errFault = errors.New("the disk is on fire")

type sizedInfo struct {
	fs.FileInfo
	size int64
}

func (i sizedInfo) Size() int64 { return i.size }

type namedEntry struct {
	fs.DirEntry
	name string
}

func (e namedEntry) Name() string { return e.name }

// faults are what may be wrong with files and folders.
func faults() []fault {
	open := func(err error) func(string) error {
		return func(name string) error { return &fs.PathError{Op: "open", Path: name, Err: err} }
	}
	reader := func(f func(r io.Reader) io.Reader) func(io.Reader) io.Reader { return f }
	size := func(n int64) func(fs.FileInfo) (fs.FileInfo, error) {
		return func(i fs.FileInfo) (fs.FileInfo, error) {
			if i.IsDir() {
				return i, nil
			}
			return sizedInfo{i, n}, nil
		}
	}
	list := func(more ...string) func([]fs.DirEntry) ([]fs.DirEntry, error) {
		return func(l []fs.DirEntry) ([]fs.DirEntry, error) {
			if len(l) == 0 {
				return l, nil
			}
			for _, name := range more {
				l = append(l, namedEntry{l[0], name})
			}
			return l, nil
		}
	}
	return []fault{
		{what: "may not be opened", open: open(errFault)},
		{what: "is gone when it is opened", open: open(fs.ErrNotExist)},
		{what: "cannot be read", read: reader(iotest.TimeoutReader)},
		{what: "breaks at the end", read: reader(func(r io.Reader) io.Reader { return io.MultiReader(r, iotest.ErrReader(errFault)) })},
		{what: "comes byte by byte", read: reader(iotest.OneByteReader), same: true},
		{what: "ends with its last bytes", read: reader(iotest.DataErrReader), same: true},
		{what: "has no info", stat: func(fs.FileInfo) (fs.FileInfo, error) { return nil, errFault }},
		{what: "says to be empty", stat: size(0)},
		{what: "says to have a byte", stat: size(1)},
		{what: "says to have a petabyte", stat: size(1 << 50)},
		{what: "says to have less than nothing", stat: size(-1)},
		{what: "may not be listed", list: func([]fs.DirEntry) ([]fs.DirEntry, error) { return nil, errFault }},
		{what: "breaks while it is listed", list: func(l []fs.DirEntry) ([]fs.DirEntry, error) { return l[:len(l)/2], errFault }},
		{what: "lists a file that is not there", list: list("nowhere.xml")},
		{what: "lists what leads out", list: list("..")},
		{what: "lists itself", list: list(".")},
		{what: "lists a path", list: list("a/b")},
		{what: "lists an absolute path", list: list("/etc/passwd")},
		{what: "lists no name", list: list("")},
	}
}

// A folderReader is something that takes a file system.
type folderReader struct {
	name string
	fsys fs.FS
	// read returns all that was read, in one text.
	read func(fsys fs.FS) (string, error)
}

func folderReaders(t *testing.T) []folderReader {
	contents := func(fsys fs.FS, names []string) (string, error) {
		var b strings.Builder
		for _, name := range names {
			src, err := fs.ReadFile(fsys, name)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "%s: %x\n", name, src)
		}
		return b.String(), nil
	}
	ofTree := func(tree *packager.Tree, err error) (string, error) {
		if err != nil {
			return "", err
		}
		text, err := contents(tree, tree.Names())
		if err != nil {
			return "", err
		}
		list, err := tree.Check()
		return fmt.Sprintln(text, list, tree.Diagnostics()), err
	}
	ofConnectors := func(list []*connector.Connector, err error) (string, error) {
		var b strings.Builder
		for _, c := range list {
			fmt.Fprintln(&b, c.Name(), c.Title(), string(c.Definition()), string(c.Icon()), string(c.Script()), c.ID(), c.BrandColor())
		}
		return b.String(), err
	}
	const definition = "solution Cts 1.0.0.0\nentity cts_order\noptionset cts_kind"
	tree := solutiontest.Tree(t, definition)
	parts := solutiontest.Parts(t, definition)
	zip := solutiontest.Zip(t, definition)
	yaml, _, err := yamlsource.Write(parts, nil)
	if err != nil {
		t.Fatal(err)
	}
	loose := memfs.New(map[string][]byte{
		"a/apiDefinition.swagger.json": []byte(`{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {}}`), "a/apiProperties.json": []byte(`{"properties": {"iconBrandColor": "#007ee5"}}`),
		"a/icon.png": []byte("\x89PNG"), "a/script.csx": []byte("class A {}"), "a/settings.json": []byte(`{"connectorId": "shared_a"}`)})
	pkg := memfs.New(map[string][]byte{"PkgFolder/ImportConfig.xml": []byte(`<configdatastorage><solutions><configsolutionfile solutionpackagefilename="cts.zip" /></solutions></configdatastorage>`), "PkgFolder/cts.zip": zip})
	return []folderReader{
		{"packager.Load", tree, func(fsys fs.FS) (string, error) { return ofTree(packager.Load(fsys, nil)) }},
		{"packager.OpenFile", memfs.New(map[string][]byte{"a/cts.zip": zip}), func(fsys fs.FS) (string, error) {
			p, err := packager.OpenFile(fsys, "a/cts.zip", nil)
			if err != nil {
				return "", err
			}
			defer p.Close()
			return contents(p, p.Names())
		}},
		{"solution.PartsOf", parts, func(fsys fs.FS) (string, error) {
			p, err := solution.PartsOf(fsys)
			if err != nil {
				return "", err
			}
			text := ""
			for _, name := range p.Names() {
				src, err := p.ReadPart(name)
				if err != nil {
					return "", err
				}
				text += fmt.Sprintf("%s: %x\n", name, src)
			}
			return text, nil
		}},
		{"yamlsource.Load", yaml, func(fsys fs.FS) (string, error) { return ofTree(yamlsource.Load(fsys, nil)) }},
		{"yamlsource.Solutions", yaml, func(fsys fs.FS) (string, error) {
			names, err := yamlsource.Solutions(fsys)
			return fmt.Sprint(names), err
		}},
		{"connector.Load", loose, func(fsys fs.FS) (string, error) { return ofConnectors(connector.Load(fsys)) }},
		{"connector.LoadLenient", loose, func(fsys fs.FS) (string, error) { return ofConnectors(connector.LoadLenient(fsys)) }},
		{"deployer.Open", pkg, func(fsys fs.FS) (string, error) {
			p, err := deployer.Open(fsys)
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("%s %v", p.Config.Bytes(), p.Diagnostics()), nil
		}},
	}
}

// TestFoldersThatAreFaulty makes something wrong with each file and folder of what is read. Whatever it is, the result is that of the
// folder without the fault, or an error that names the file: nothing is left out without a word, and nothing panics.
func TestFoldersThatAreFaulty(t *testing.T) {
	for _, r := range folderReaders(t) {
		t.Run(r.name, func(t *testing.T) {
			want, err := r.read(r.fsys)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			if err := fs.WalkDir(r.fsys, ".", func(name string, _ fs.DirEntry, err error) error {
				names = append(names, name)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			met := map[string]bool{}
			for _, name := range names {
				for _, x := range faults() {
					func() {
						what := fmt.Sprintf("%s %s", name, x.what)
						defer func() {
							if v := recover(); v != nil {
								t.Errorf("%s: panic %v\n%.900s", what, v, debug.Stack())
							}
						}()
						got, err := r.read(faultyFS{r.fsys, name, x})
						switch {
						case err == nil && strings.Contains(got, "nowhere.xml: warning:"): // it is told
						case err == nil && got != want:
							t.Errorf("%s: no error, and another result (-want +got)\n%.1500s", what, cmp.Diff(want, got))
						case err != nil && x.same:
							t.Errorf("%s: %v", what, err)
						case err != nil:
							met[x.what] = true
							if name != "." && !strings.Contains(err.Error(), path.Base(name)) {
								t.Errorf("%s: the error does not name it: %v", what, err)
							}
						}
					}()
				}
			}
			if !met["may not be opened"] || !met["is gone when it is opened"] || !met["lists itself"] && !strings.Contains(r.name, "OpenFile") {
				t.Errorf("faults that were met: %v", met)
			}
		})
	}
}
