package packager

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A badZip is a zip that is wrong or odd, what the reference tool does with it ("exit code of unpack/of
// pack: message") and what this package does: an error, or findings and the round trip law.
type badZip struct {
	name string
	tool string
	zip  []byte

	is   error    // the error wraps it
	text []string // and says so
	pack bool     // it is Pack that fails

	finds []string // else: rules of findings of Unpack and Pack
}

const rolesXML = `<ImportExportXml><Roles><Role id="{00000000-0000-0000-0000-000000000001}" name="Boss" /></Roles></ImportExportXml>`

// custom is a zip of a customizations.xml.
func custom(t testing.TB, src string, more ...zipEntry) []byte {
	return makeZip(t, completed(append([]zipEntry{{customizationsPart, src}}, more...), false, true)...)
}

// manifested is a zip of a solution.xml.
func manifested(t testing.TB, src string) []byte {
	return makeZip(t, completed([]zipEntry{{solutionPart, src}}, false, true)...)
}

// managedFlag is a zip whose solution.xml has a text in <Managed>.
func managedFlag(t testing.TB, text string) []byte {
	return manifested(t, strings.Replace(manifestXML(false), "<Managed>0<", "<Managed>"+text+"<", 1))
}

// withRaw is a zip with one more entry, whose header and compressed bytes are as they are given.
func withRaw(t testing.TB, h zip.FileHeader, data []byte) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, e := range completed(nil, false, false) {
		f, err := w.Create(e.name)
		if err == nil {
			_, err = io.WriteString(f, e.data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	h.CompressedSize64 = uint64(len(data))
	f, err := w.CreateRaw(&h)
	if err == nil {
		_, err = f.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func deflated(t testing.TB, data []byte) []byte {
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, 9)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func inUTF16(text string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

func badZips(t testing.TB) []badZip {
	good := makeZip(t, completed([]zipEntry{{customizationsPart, rolesXML}, {"bots/b/bot.xml", "<bot/>"}}, false, true, "20 {00000000-0000-0000-0000-000000000001}")...)
	types := func(text string, more ...zipEntry) []byte {
		return makeZip(t, completed(append([]zipEntry{{typesPart, text}, {"bots/b/bot.xml", "<bot/>"}, {"bots/b/c.json", "{}"}}, more...), false, true)...)
	}
	long := strings.Repeat("n", 300)
	hello := []byte("hello")
	webResource := `<ImportExportXml><WebResources><WebResource><Name>cts_a.js</Name><FileName>/WebResources/a1</FileName></WebResource></WebResources></ImportExportXml>`
	role := "20 {00000000-0000-0000-0000-000000000001}"
	return []badZip{
		{name: "02 zero bytes", tool: "1: Stream length cannot be zero", is: ErrFormat, text: []string{"open: ", "empty"}},
		{name: "03 not a zip", tool: "1: The specified archive is invalid", zip: []byte("PK is not enough"), is: ErrFormat, text: []string{"not a zip"}},
		{name: "04 cut in half", tool: "1: The specified archive is invalid", zip: good[:len(good)/2], is: zip.ErrFormat, text: []string{"not a zip"}},
		{name: "05 last 10 bytes missing", tool: "1: missing required /SOLUTION.XML", zip: good[:len(good)-10], is: zip.ErrFormat},
		{name: "06 junk before", tool: "0", zip: append([]byte("junk in front"), good...)},
		{name: "06 junk after", tool: "0", zip: append(slices.Clone(good), "junk behind"...)},
		{name: "07 empty zip", tool: "1: The specified archive is invalid", zip: makeZip(t), is: ErrFormat, text: []string{"solution.xml"}},
		{name: "08 no solution.xml", tool: "1: missing required /SOLUTION.XML", zip: makeZip(t, zipEntry{customizationsPart, rolesXML}), is: ErrFormat, text: []string{"no solution.xml at its root"}},
		{name: "08 solution.xml in a folder", tool: "1: missing required /SOLUTION.XML", zip: makeZip(t, zipEntry{"sub/solution.xml", manifestXML(false)}), is: ErrFormat, text: []string{"no solution.xml at its root"}},
		{name: "09 no customizations.xml", tool: "1: Value cannot be null", zip: makeZip(t, zipEntry{solutionPart, manifestXML(false)}), is: ErrFormat, text: []string{"no customizations.xml at its root"}},
		{name: "10 no content types", tool: "1: missing required /SOLUTION.XML", zip: makeZip(t, completed(nil, false, false)...), finds: []string{"packager/no-content-types"}},
		{name: "10 empty content types", tool: "1: missing required /SOLUTION.XML", zip: types(""), is: &solution.SyntaxError{}, text: []string{"[Content_Types].xml:1:1"}},
		{name: "10 malformed content types", tool: "1: missing required /SOLUTION.XML", zip: types("<Types>\n</Typos>"), is: &solution.SyntaxError{}, text: []string{"[Content_Types].xml:2:"}},
		{name: "11 content types without xml", tool: "1: missing required /SOLUTION.XML", zip: types(`<Types><Default Extension="json" ContentType="a/b" /></Types>`), finds: []string{"packager/unclaimed-entry"}},
		{name: "11 content type without slash", tool: "1: missing required /SOLUTION.XML", zip: types(`<Types><Default Extension="xml" ContentType="nonsense" /></Types>`), finds: []string{"packager/unclaimed-entry"}},
		{name: "12 content types without json", tool: "0, silent loss", zip: types(`<Types><Default Extension="xml" ContentType="a/b" /></Types>`), finds: []string{"packager/unclaimed-entry"}},
		{name: "13 letter case of parts", tool: "0", zip: makeZip(t, completed([]zipEntry{{"Solution.xml", manifestXML(false)}, {"CUSTOMIZATIONS.XML", rolesXML}}, false, true)...), finds: []string{"packager/renamed-entry"}},
		{name: "14 malformed solution.xml", tool: "1: XmlException", zip: manifested(t, "<ImportExportXml>\n  <SolutionManifest>\n</ImportExportXml>"), is: &solution.SyntaxError{}, text: []string{"solution.xml:3:"}},
		{name: "14 malformed customizations.xml", tool: "1: XmlException", zip: custom(t, "<ImportExportXml>\n <Roles>"), is: &solution.SyntaxError{}, text: []string{"customizations.xml:2:"}},
		{name: "14 not closed deep inside", tool: "1: XmlException", zip: custom(t, "<ImportExportXml><Roles><Role id='1' name='r'><a><b>\n</a></b></Role></Roles></ImportExportXml>"), is: &solution.SyntaxError{}, text: []string{"customizations.xml:2:"}},
		{name: "15 empty customizations.xml", tool: "1: Root element is missing", zip: custom(t, ""), is: &solution.SyntaxError{}, text: []string{"customizations.xml:1:1"}},
		{name: "16 other root", tool: "0", zip: custom(t, "<Foo />")},
		{name: "17 default namespace", tool: "0, with components 1: Cannot find child element Name", zip: custom(t, `<ImportExportXml xmlns="urn:x"><optionsets><optionset Name="o" /></optionsets></ImportExportXml>`), finds: []string{"packager/component-without-root"}},
		{name: "18 no manifest", tool: "1: NullReferenceException", zip: manifested(t, "<ImportExportXml />"), is: &solution.SyntaxError{}, text: []string{"solution.xml:1:1", "SolutionManifest"}},
		{name: "18 no Managed", tool: "1: NullReferenceException", zip: manifested(t, strings.Replace(manifestXML(false), "<Managed>0</Managed>", "", 1)), finds: []string{"packager/no-managed-flag"}},
		{name: "19 Managed is 2", tool: "1: Solution package type did not match requested type", zip: managedFlag(t, "2"), is: ErrKind, text: []string{"solution.xml", "2"}},
		{name: "20 Managed is true", tool: "1: Requested value 'true' was not found", zip: managedFlag(t, "true"), is: ErrKind, text: []string{"solution.xml:1:", `"true"`}},
		{name: "21 no lists", tool: "0", zip: manifested(t, `<ImportExportXml><SolutionManifest><UniqueName>Case</UniqueName><Version>1.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		{name: "22 section twice", tool: "0/1: An item with the same key has already been added", zip: custom(t, `<ImportExportXml><Roles /><Roles /></ImportExportXml>`), finds: []string{"packager/duplicate-section"}},
		{name: "23 UTF-16", tool: "0", zip: custom(t, inUTF16(`<?xml version="1.0" encoding="utf-16"?><ImportExportXml><EntityMaps><m>żółć</m></EntityMaps></ImportExportXml>`))},
		{name: "24 declared UTF-16", tool: "1: There is no Unicode byte order mark", zip: custom(t, `<?xml version="1.0" encoding="utf-16"?><ImportExportXml />`), is: &solution.SyntaxError{}, text: []string{"customizations.xml:1:1", "byte order mark"}},
		{name: "25 ISO-8859-1", tool: "0", zip: custom(t, "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><ImportExportXml><EntityMaps><m>\xe9</m></EntityMaps></ImportExportXml>")},
		{name: "26 invalid UTF-8", tool: "1: Invalid character in the given encoding", zip: custom(t, "<ImportExportXml>\n<EntityMaps>\xff</EntityMaps></ImportExportXml>"), is: &solution.SyntaxError{}, text: []string{"customizations.xml:2:13"}},
		{name: "27 byte order mark", tool: "0", zip: custom(t, "\ufeff"+rolesXML), finds: []string{"packager/component-without-root"}},
		{name: "27 two byte order marks", tool: "1: Data at the root level is invalid", zip: custom(t, "\ufeff\ufeff"+rolesXML), is: &solution.SyntaxError{}, text: []string{"two byte order marks"}},
		{name: "28 XML 1.1", tool: "1: Version number '1.1' is invalid", zip: custom(t, `<?xml version="1.1"?><ImportExportXml />`), is: &solution.SyntaxError{}, text: []string{"1.1"}},
		{name: "29 reference to a control character", tool: "1: '\\x01' is an invalid character", zip: custom(t, "<ImportExportXml><EntityMaps>&#x1;</EntityMaps></ImportExportXml>"), is: &solution.SyntaxError{}, text: []string{"customizations.xml:1:30"}},
		{name: "30 DTD with an entity", tool: "0, DTD dropped", zip: custom(t, `<!DOCTYPE r [<!ENTITY e "text">]><ImportExportXml><EntityMaps>&e;</EntityMaps></ImportExportXml>`), is: &solution.SyntaxError{}, text: []string{"customizations.xml:1:1"}},
		{name: "31 entity bomb", tool: "1: exceeded a limit set by MaxCharactersFromEntities", zip: custom(t, `<!DOCTYPE r [<!ENTITY a "xxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><ImportExportXml><EntityMaps>&b;</EntityMaps></ImportExportXml>`), is: &solution.SyntaxError{}},
		{name: "32 external entity", tool: "0, silent loss", zip: custom(t, `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><ImportExportXml><EntityMaps>&x;</EntityMaps></ImportExportXml>`), is: &solution.SyntaxError{}},
		{name: "33 ../ in an entry", tool: "0, written outside the tree", zip: custom(t, rolesXML, zipEntry{"../../evil.txt", "e"}), is: ErrInsecurePath, text: []string{`"../../evil.txt"`}},
		{name: "33 ..\\ in an entry", tool: "0", zip: custom(t, rolesXML, zipEntry{`bots\..\..\evil.txt`, "e"}), is: ErrInsecurePath},
		{name: "34 absolute entry", tool: "0, written to that path", zip: custom(t, rolesXML, zipEntry{"/abs/evil.txt", "e"}), is: ErrInsecurePath, text: []string{`"/abs/evil.txt"`}},
		{name: "34 drive letter", tool: "0", zip: custom(t, rolesXML, zipEntry{"C:/evil.txt", "e"}), is: ErrInsecurePath},
		{name: "34 NUL", tool: "unknown", zip: custom(t, rolesXML, zipEntry{"a\x00.txt", "e"}), is: ErrInsecurePath},
		{name: "35 ../ in the name of a web resource", tool: "0, written outside the tree", zip: custom(t, strings.Replace(webResource, "cts_a.js", "../../../pwn.js", 1), zipEntry{"WebResources/a1", "p"}), finds: []string{"packager/rescued-element", "packager/unclaimed-entry"}},
		{name: "36 backslashes", tool: "0, silent loss on pack", zip: custom(t, rolesXML, zipEntry{`bots\b\bot.xml`, "<bot/>"}), finds: []string{"packager/renamed-entry"}},
		{name: "37 letter case only", tool: "0, silent loss", zip: custom(t, rolesXML, zipEntry{"bots/b.xml", "<a/>"}, zipEntry{"bots/B.xml", "<b/>"}), finds: []string{"packager/unclaimed-entry"}},
		{name: "38 one name twice", tool: "0, contents joined", zip: makeZip(t, append(completed(nil, false, true), zipEntry{"bots/b.xml", "<a/>"}, zipEntry{"bots/b.xml", "<b/>"})...), is: ErrFormat, text: []string{"bots/b.xml", "two entries"}},
		{name: "folder with content", tool: "unknown", zip: bytes.ReplaceAll(withRaw(t, zip.FileHeader{Name: "bots/b_", Method: zip.Store, CRC32: crc32.ChecksumIEEE(hello), UncompressedSize64: 5}, hello), []byte("bots/b_"), []byte("bots/b/")), is: ErrFormat, text: []string{"bots/b/", "folder"}},
		{name: "folder with a backslash", tool: "unknown", zip: custom(t, `<ImportExportXml />`, zipEntry{`bots\b\`, ""}), finds: []string{"packager/unclaimed-entry"}},
		{name: "escaped slash at the end", tool: "unknown", zip: custom(t, `<ImportExportXml />`, zipEntry{"bots/c%2F", "x"})},
		{name: "control character in a name", tool: "unknown", zip: custom(t, `<ImportExportXml />`, zipEntry{"bots/c\x01", "x"}, zipEntry{"bots/c.\x02", "x"}, zipEntry{"bots/c\n.x", "x"}, zipEntry{`bots/c.x\d`, "x"}, zipEntry{"bots/\xff", "x"}), finds: []string{"packager/renamed-entry", "packager/unclaimed-entry"}},
		{name: "39 encrypted", tool: "0, read as if plain", zip: withRaw(t, zip.FileHeader{Name: "bots/b", Method: zip.Store, Flags: 1, CRC32: crc32.ChecksumIEEE(hello), UncompressedSize64: 5}, hello), is: ErrFormat, text: []string{"bots/b", "encrypted"}},
		{name: "40 bzip2", tool: "1: missing required /SOLUTION.XML", zip: withRaw(t, zip.FileHeader{Name: "bots/b", Method: 12, UncompressedSize64: 5}, hello), is: zip.ErrAlgorithm, text: []string{"bots/b", "method 12"}},
		{name: "41 damaged deflate", tool: "0, empty file", pack: true, zip: withRaw(t, zip.FileHeader{Name: "bots/b.xml", Method: zip.Deflate, UncompressedSize64: 5}, []byte("\xff\xff\xff\xff\xff")), is: &Error{}, text: []string{"bots/b.xml"}},
		{name: "41 deflate cut off", tool: "0, empty file", pack: true, zip: withRaw(t, zip.FileHeader{Name: "bots/b.xml", Method: zip.Deflate, UncompressedSize64: 5}, deflated(t, hello)[:3]), is: zip.ErrFormat, text: []string{"bots/b.xml", "cut off"}},
		{name: "42 wrong CRC", tool: "0, entry missing", pack: true, zip: withRaw(t, zip.FileHeader{Name: "bots/b.xml", Method: zip.Deflate, CRC32: 1, UncompressedSize64: 5}, deflated(t, hello)), is: zip.ErrChecksum, text: []string{"bots/b.xml", "damaged"}},
		{name: "44 web resource without its file", tool: "0/1: Cannot find required file", pack: true, zip: custom(t, webResource), is: &diag.FailedError{}, text: []string{`"cts_a.js"`, "WebResources/cts_a.js.data.xml:4:3"}},
		{name: "45 workflow without its file", tool: "0/1: Cannot find required file", pack: true, zip: custom(t, `<ImportExportXml><Workflows><Workflow WorkflowId="{1}"><JsonFileName>/Workflows/f.json</JsonFileName></Workflow></Workflows></ImportExportXml>`), is: &diag.FailedError{}, text: []string{"Workflow", "Workflows/f.json.data.xml:3:3"}},
		{name: "45 report without its file", tool: "0/1: Cannot find required file", pack: true, zip: custom(t, `<ImportExportXml><Reports><Report><filename>r.rdl</filename><languagecode>1033</languagecode><reportid>{1}</reportid><reporttypecode>1</reporttypecode><ExportedFileName>/Reports/r.wdl</ExportedFileName></Report></Reports></ImportExportXml>`), is: &diag.FailedError{}, text: []string{"Report", "Reports/1033/{1}/r.rdl.data.xml:7:3"}},
		{name: "45a custom control without FileName", tool: "1: Cannot find child element FileName", zip: custom(t, `<ImportExportXml><CustomControls><CustomControl><Name>c</Name></CustomControl></CustomControls></ImportExportXml>`), finds: []string{"packager/rescued-element"}},
		{name: "45b dashboard whose FormId is no GUID", tool: "1: FormatException", zip: custom(t, `<ImportExportXml><Dashboards><Dashboard><FormId>main</FormId></Dashboard></Dashboards></ImportExportXml>`), finds: []string{"packager/component-without-root"}},
		{name: "46 two web resources of one name", tool: "0, silent loss", zip: custom(t, strings.Replace(webResource, "</WebResources>", "<WebResource><Name>cts_a.js</Name><FileName>/WebResources/a2</FileName></WebResource></WebResources>", 1), zipEntry{"WebResources/a1", "1"}, zipEntry{"WebResources/a2", "2"}), finds: []string{"packager/rescued-element", "packager/unclaimed-entry"}},
		{name: "47 table twice", tool: "0, silent loss", zip: custom(t, `<ImportExportXml><Entities><Entity><Name>a</Name><x /></Entity><Entity><Name>a</Name></Entity></Entities></ImportExportXml>`), finds: []string{"packager/rescued-element"}},
		{name: "48 table without Name", tool: "1: Cannot find child element Name", zip: custom(t, `<ImportExportXml><Entities><Entity /></Entities></ImportExportXml>`), finds: []string{"packager/rescued-element"}},
		{name: "48 option set without Name", tool: "1: Cannot find child attribute Name", zip: custom(t, `<ImportExportXml><optionsets><optionset /></optionsets></ImportExportXml>`), finds: []string{"packager/rescued-element"}},
		{name: "49 role without name and id", tool: "0/3", zip: custom(t, `<ImportExportXml><Roles><Role /></Roles></ImportExportXml>`)},
		{name: "50 root without component", tool: "0, warning", zip: makeZip(t, completed(nil, false, true, role)...), finds: []string{"packager/root-without-component"}},
		{name: "51 component without root", tool: "0/3: Following objects, required by the solution, are not present", zip: custom(t, rolesXML), finds: []string{"packager/component-without-root"}},
		{name: "52 root without type", tool: "0/3: Cannot find child attribute type", zip: manifested(t, strings.Replace(manifestXML(false, role), `type="20" `, "", 1)), finds: []string{"solution/root-type-invalid"}},
		{name: "52 root of a type that is a word", tool: "0/3: Invalid component type 'abc'", zip: manifested(t, strings.Replace(manifestXML(false, role), `"20"`, `"abc"`, 1)), finds: []string{"solution/root-type-invalid"}},
		{name: "53 name of 300 characters", tool: "1: PathTooLongException", zip: custom(t, strings.Replace(rolesXML, "Boss", long, 1)), finds: []string{"packager/rescued-element"}},
		{name: "53 entry of 300 characters", tool: "1: PathTooLongException", zip: custom(t, `<ImportExportXml />`, zipEntry{"bots/" + long + "/x.json", "{}"}), finds: []string{"packager/renamed-entry", "packager/unclaimed-entry"}},
		{name: "57 backslash in a generic name", tool: "0/1: DirectoryNotFoundException", zip: custom(t, `<ImportExportXml><SLAs><SLA Name="a\b" /></SLAs></ImportExportXml>`)},
		{name: "nesting", tool: "unknown", zip: custom(t, "<ImportExportXml><EntityMaps>"+strings.Repeat("<a>", 600)+strings.Repeat("</a>", 600)+"</EntityMaps></ImportExportXml>"), is: ErrLimit, text: []string{"customizations.xml:1:"}},
	}
}

func TestBadZips(t *testing.T) {
	for _, c := range badZips(t) {
		t.Run(c.name, func(t *testing.T) {
			pkg, err := Open(bytes.NewReader(c.zip), int64(len(c.zip)), nil)
			var tree *Tree
			if err == nil {
				tree, err = Unpack(pkg, nil)
			}
			var packed bytes.Buffer
			var found diag.List
			if c.pack && err != nil {
				t.Fatalf("Unpack: %v; want an error of Pack", err)
			}
			if err == nil {
				found = tree.Diagnostics()
				var list diag.List
				list, err = Pack(&packed, tree, nil)
				found = append(found, list...)
				if err != nil && !c.pack {
					t.Fatalf("Pack: %v", err)
				}
			}
			if c.is != nil {
				checkError(t, err, c.is, c.text)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range c.finds {
				if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Rule == id }) {
					t.Errorf("no finding %s in %v", id, found)
				}
			}
			checkPromises(t, c.zip, tree, packed.Bytes())
		})
	}
}

// checkError proves that err wraps want, or an error of its type, and that its text holds all of text.
func checkError(t *testing.T, err, want error, text []string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %v", want)
	}
	ok := false
	switch want.(type) {
	case *solution.SyntaxError:
		var e *solution.SyntaxError
		ok = errors.As(err, &e) && e.File != ""
	case *diag.FailedError:
		var e *diag.FailedError
		ok = errors.As(err, &e) && len(e.List) > 0
	case *Error:
		var e *Error
		ok = errors.As(err, &e)
	default:
		ok = errors.Is(err, want)
	}
	if !ok {
		t.Errorf("error %v, want one that wraps %T %v", err, want, want)
	}
	for _, part := range text {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

// brokenReader is a file that can't be read (row 1: the reference tool fails with "packageAccess").
type brokenReader struct{}

func (brokenReader) ReadAt([]byte, int64) (int, error) { return 0, fs.ErrPermission }

func TestOpenBrokenReader(t *testing.T) {
	_, err := Open(brokenReader{}, 1000, nil)
	checkError(t, err, fs.ErrPermission, []string{"open: "})
}

// A good tree for the rows of the table that begin with a tree.
func goodTree() fstest.MapFS {
	return fstest.MapFS{
		"Other/Solution.xml":             {Data: []byte(manifestXML(false, "20 {00000000-0000-0000-0000-000000000001}", "61 cts_a.js"))},
		"Other/Customizations.xml":       {Data: []byte("<ImportExportXml>\n  <Roles />\n  <WebResources />\n</ImportExportXml>")},
		"Roles/Boss.xml":                 {Data: []byte(`<Role id="{00000000-0000-0000-0000-000000000001}" name="Boss" />`)},
		"WebResources/cts_a.js":          {Data: []byte("js")},
		"WebResources/cts_a.js.data.xml": {Data: []byte("<WebResource>\n  <Name>cts_a.js</Name>\n  <FileName>/WebResources/a1</FileName>\n</WebResource>")},
	}
}

// A badTree is a change of the good tree that is wrong or odd, what the reference tool does with it and what this package does.
type badTree struct {
	name string
	tool string
	edit func(fstest.MapFS)
	opts *PackOptions
	is   error
	text []string
	find string
	gone string // entry that the zip must not have
}

func badTrees() []badTree {
	set := func(name, text string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m[name] = &fstest.MapFile{Data: []byte(text)} }
	}
	remove := func(name string) func(fstest.MapFS) { return func(m fstest.MapFS) { delete(m, name) } }
	rename := func(from, to string) func(fstest.MapFS) {
		return func(m fstest.MapFS) { m[to] = m[from]; delete(m, from) }
	}
	return []badTree{
		{name: "good", tool: "0"},
		{name: "54 no Other/Customizations.xml", tool: "1: Cannot find required file", edit: remove("Other/Customizations.xml"), is: ErrFormat, text: []string{"load: Other/Customizations.xml"}},
		{name: "54 no Other/Solution.xml", tool: "1: Cannot find required file", edit: remove("Other/Solution.xml"), is: ErrFormat, text: []string{"load: Other/Solution.xml"}},
		{name: "54 lower case", tool: "1: Cannot find required file", edit: rename("Other/Customizations.xml", "other/customizations.xml"), find: "packager/letter-case"},
		{name: "55 malformed role", tool: "1: XmlException, file not named", edit: set("Roles/Boss.xml", "<Role>\n<x></Role>"), is: &solution.SyntaxError{}, text: []string{"Roles/Boss.xml:2:"}},
		{name: "55 empty role", tool: "1: Root element is missing", edit: set("Roles/Boss.xml", ""), is: &solution.SyntaxError{}, text: []string{"Roles/Boss.xml:1:1"}},
		{name: "55 malformed customizations", tool: "1: XmlException", edit: set("Other/Customizations.xml", "<ImportExportXml>\n<Roles>"), is: &solution.SyntaxError{}, text: []string{"Other/Customizations.xml:2:"}},
		{name: "55 malformed manifest", tool: "1: XmlException", edit: set("Other/Solution.xml", "<ImportExportXml>"), is: &solution.SyntaxError{}, text: []string{"Other/Solution.xml:1:"}},
		{name: "55 malformed list of kept elements", tool: "0", edit: set("Other/Rescued.xml", "<Rescued>"), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:"}},
		{name: "55 malformed list of names", tool: "0", edit: set("Other/renamed.txt", "no tab\n"), is: &Error{}, text: []string{"Other/renamed.txt", "line 1"}},
		{name: "kept name leads outside", tool: "0", edit: set("Other/renamed.txt", "WebResources/cts_a.js\t\"../x\"\n"), is: ErrInsecurePath, text: []string{"Other/renamed.txt", "line 1"}},
		{name: "kept folder leads outside", tool: "0", edit: set("Other/unclaimed.txt", "../x/\n"), is: ErrInsecurePath, text: []string{"Other/unclaimed.txt"}},
		{name: "kept name is that of a folder", tool: "0", edit: set("Other/renamed.txt", "WebResources/cts_a.js\t\"Foo/\"\n"), is: ErrFormat, text: []string{"Other/renamed.txt", "line 1", "folder"}},
		{name: "kept name leads outside by percent escapes", tool: "0", edit: set("Other/renamed.txt", "WebResources/cts_a.js\t\"%2e%2e/x\"\n"), is: ErrInsecurePath, text: []string{"Other/renamed.txt", "line 1"}},
		{name: "kept folder is no name", tool: "0", edit: set("Other/unclaimed.txt", "docs/a.md\n./\n"), is: ErrInsecurePath, text: []string{"Other/unclaimed.txt", "line 2"}},
		{name: "kept folder twice", tool: "0", edit: set("Other/unclaimed.txt", "a/\na/\n")},
		{name: "kept element is a second root", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><In Path="End"><Content><Node><b/></Node></Content></In></Rescued>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:"}},
		{name: "kept text is outside the root", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><In Path="Start"><Content><Text>x</Text></Content></In></Rescued>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:"}},
		{name: "list of kept elements with another root", tool: "0", edit: set("Other/Rescued.xml", `<Kept><In Path="End"/></Kept>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:1:", "<Rescued>"}},
		{name: "kept element in no group", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><In Path="Roles"><Content><Role/></Content></In></Rescued>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:36:", "<Node> or <Text>"}},
		{name: "misspelled container", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><!-- x --> <in Path="Roles"/></Rescued>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:21:", "<In>"}},
		{name: "kept text in no group", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><In Path="Roles"><Content/>x</In></Rescued>`), is: &solution.SyntaxError{}, text: []string{"Other/Rescued.xml:1:37:"}},
		{name: "kept attribute twice", tool: "0", edit: set("Other/Rescued.xml", `<Rescued><In Path="Roles"><Attributes a="1" /><Attributes a="2" /></In></Rescued>`), is: ErrFormat, text: []string{"Other/Rescued.xml"}},
		{name: "kept file is gone", tool: "0", edit: set("Other/unclaimed.txt", "bots/gone.json\n"), find: "packager/rescue-unused"},
		{name: "component names a file outside", tool: "1", edit: set("WebResources/cts_a.js.data.xml", "<WebResource><Name>cts_a.js</Name>\n<FileName>/WebResources/../../a1</FileName></WebResource>"), is: &diag.FailedError{}, text: []string{"WebResources/cts_a.js.data.xml:2:1", "insecure path"}},
		{name: "component names customizations.xml", tool: "unknown", edit: set("WebResources/cts_a.js.data.xml", "<WebResource><Name>cts_a.js</Name>\n<FileName>/customizations.xml</FileName></WebResource>"), is: &diag.FailedError{}, text: []string{"WebResources/cts_a.js.data.xml:2:1"}},
		{name: "56 wrong root element", tool: "0, packed as it is", edit: set("Roles/Boss.xml", `<Rolle id="{00000000-0000-0000-0000-000000000001}" />`), find: "packager/wrong-root-element"},
		{name: "58 other kind", tool: "1: Solution package type did not match requested type", opts: &PackOptions{Kind: new(solution.Managed)}, is: ErrKind, text: []string{"unmanaged", "managed"}},
		{name: "58 both kinds and none is asked for", tool: "1", edit: func(m fstest.MapFS) {
			set("Other/Solution.xml", strings.Replace(string(m["Other/Solution.xml"].Data), "<Managed>0<", "<Managed>2<", 1))(m)
		}, is: ErrKind, text: []string{"Other/Solution.xml"}},
		{name: "58 kind both is no package", tool: "0, writes two", opts: &PackOptions{Kind: new(solution.Both)}, is: ErrKind},
		{name: "59 parts in the root", tool: "0, ignored", edit: set("customizations.xml", "<trap/>"), gone: "trap"},
		{name: "newline", tool: "unknown", opts: &PackOptions{Newline: "\r"}, is: &Error{}, text: []string{`"\r"`}},
		{name: "missing web resource", tool: "1: Cannot find required file", edit: remove("WebResources/cts_a.js"), is: &diag.FailedError{}, text: []string{"pack: WebResources/cts_a.js.data.xml:3:3", `WebResource "cts_a.js"`, "WebResources/cts_a.js"}},
		{name: "stray file in a component folder", tool: "0, not packed", edit: set("WebResources/stray.txt", "x"), find: "packager/unowned-file", gone: "WebResources/stray.txt"},
		{name: "stray file in another folder", tool: "0, packed", edit: set("docs/stray.txt", "x"), find: "packager/raw-file"},
		{name: "stray file in a dot folder", tool: "0, packed", edit: set(".git/config", "x"), gone: ".git/config"},
		{name: "two files differ in case", tool: "0", edit: set("Roles/boss.xml", `<Role id="{00000000-0000-0000-0000-000000000001}" name="Boss" />`), find: "packager/case-collision"},
		{name: "section with content and files", tool: "0, warning", edit: set("Other/Customizations.xml", "<ImportExportXml><Roles><Role id='{00000000-0000-0000-0000-000000000001}' name='x' /></Roles><WebResources /></ImportExportXml>"), find: "packager/section-not-split"},
		{name: "root is gone", tool: "3: Following objects, required by the solution, are not present", edit: set("Other/Solution.xml", manifestXML(false)), find: "packager/component-without-root"},
		{name: "component is gone", tool: "0, warning", edit: remove("Roles/Boss.xml"), find: "packager/root-without-component"},
	}
}

func TestBadTrees(t *testing.T) {
	for _, c := range badTrees() {
		t.Run(c.name, func(t *testing.T) {
			files := goodTree()
			if c.edit != nil {
				c.edit(files)
			}
			tree, err := Load(files, nil)
			var buf bytes.Buffer
			var found diag.List
			if err == nil {
				found, err = Pack(&buf, tree, c.opts)
			}
			if c.is != nil {
				checkError(t, err, c.is, c.text)
				if buf.Len() > 0 {
					t.Errorf("%d bytes were written", buf.Len())
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if c.find == "" && found.Max() > diag.Note || c.find != "" && !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Rule == c.find }) {
				t.Errorf("findings %v, want %q", found, c.find)
			}
			for name, data := range zipEntries(t, buf.Bytes()) {
				if c.gone != "" && (name == c.gone || strings.Contains(string(data), c.gone)) {
					t.Errorf("%s is in the zip", name)
				}
			}
		})
	}
}
