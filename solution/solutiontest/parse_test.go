package solutiontest_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

func TestParseErrors(t *testing.T) {
	const first = "solution A 1.0\n"
	tests := []struct{ text, want string }{
		{"", "line 1: an empty text: write solution NAME VERSION"},
		{"\n# only a comment\n", "line 1: an empty text: write solution NAME VERSION"},
		{"entity a", "line 1: the first line is not a solution: write solution NAME VERSION"},
		{first + "\nsolution B 1.0", "line 3: a second solution: it has begun on line 1"},
		{"solution A-B 1.0", `line 1: "A-B" is no name of a solution: write letters, digits and underscores`},
		{"solution A 1.x", `line 1: version "1.x": `},
		{"solution A 1.0 both", `line 1: "both" is not possible: write managed or unmanaged`},
		{"solution A", "line 1: 1 values without a key do not fit: write solution SOLUTION VERSION [managed|unmanaged]"},
		{first + "entitty a", `line 2: no kind of line is called "entitty": see the package comment for all there are`},
		{first + "root=a", `line 2: no kind of line is called "a"`},
		{first + "entity a b", "line 2: 2 values without a key do not fit: write entity TABLE"},
		{first + "entity a color=red", "line 2: entity has no attribute color: write entity TABLE"},
		{first + "entity a set=a set=b", "line 2: attribute set occurs twice: several values are separated by commas"},
		{first + "entity a behavior=3", `line 2: behavior=: "3" is not possible: write 0 or 1 or 2`},
		{first + "entity \"a b\"", `line 2: "a b" is no name of a table: write letters, digits and underscores`},
		{first + "entity \"a", `line 2: a quote is not closed: end the value with "`},
		{first + "entity \"a\\", `line 2: a quote is not closed`},
		{first + "entity \"a\"b", `line 2: "b" follows a closing quote: put a blank between them`},
		{first + "entity a\"b\"", `line 2: a quote inside of "a\"": put the quotes around the whole value`},
		{first + `webresource a text="\q"`, `line 2: a backslash before "q": only \n, \t, \" and \\ have a meaning`},
		{first + "webresource a text=\x01", "line 2: character U+0001, which XML cannot hold: remove it"},
		{first + "webresource a text=\xff", "line 2: not UTF-8: save the text as UTF-8"},
		{first + "entity a\nentity A", "line 3: a second entity a: it stands on line 2 already"},
		{first + "attribute a.b", "line 2: table a is not in this solution: add a line entity a, with behavior=2 if another solution creates it"},
		{first + "attribute ab", `line 2: "ab" is not a column: write TABLE.COLUMN`},
		{first + "savedquery 1", "line 2: attribute table is missing: write savedquery GUID table=TABLE"},
		{first + "workflow xyz", `line 2: "xyz" is not a GUID: write it in full, or one to eight hexadecimal digits that are not all 0`},
		{first + "workflow 0", `line 2: "0" is not a GUID`},
		{first + "workflow 123456789", `line 2: "123456789" is not a GUID: write `},
		{first + "workflow 1 child=2,,3", `line 2: child=: "" is not a GUID`},
		{first + "workflow 1 child=2,2", `line 2: child=: "2" occurs twice`},
		{first + "workflow 1 process=account refs=a", "line 2: refs with process: a classic process has no definition that could hold it"},
		{first + "workflow 1 refs=a:", `line 2: refs=: "" is not a name`},
		{first + "connectionreference a", "line 2: connectionreference a has no connector: add connector=NAME or custom=GUID"},
		{first + "connector a..", `line 2: "a.." is not a name: write letters, digits, underscores, dots and hyphens`},
		{first + "connector a id=1\nconnector b id=1", "line 3: a second connector {00000000-0000-0000-0000-000000000001}: it stands on line 2 already"},
		{first + "webresource a//b", `line 2: "a//b" is no name of a web resource`},
		{first + "missing entity:a for entity:b in Active", `line 2: "for" where the word by stands: write missing`},
		{first + "missing entitty:a by entity:b in Active", `line 2: "entitty:a": "entitty" is not a kind: write its logical name, such as entity:ct_order`},
		{first + "missing entity: by entity:b in Active", `line 2: "entity:" names nothing: write entity and a key after the colon`},
		{first + "missing attribute:a by entity:b in Active", `line 2: "attribute:a": write attribute:OWNER.NAME`},
		{first + "missing savedquery:q by entity:b in Active", `line 2: "q" is not a GUID`},
		{first + "missing entity:a by entity:b in Active app=X", `line 2: app "X" without anchor: add anchor=SOLUTION`},
		{first + "entity a\nroot entity:A", "line 3: a second root component entity a: it comes from line 2 already"},
		{first + "root bot:a", "line 2: bot has no fixed number, so it cannot be a root component: remove the line"},
		{first + "root attribute:a.b", "line 2: attribute a.b cannot be a root component of its own: list its owner"},
		{first + "publisher a\npublisher b", "line 3: a second publisher: it stands on line 2 already"},
		{first + "publisher a prefix=1", `line 2: prefix=: "1" is not a prefix: write 2 to 8 letters and digits, a letter first, and not mscrm`},
		{first + "publisher a option=1", `line 2: option=: "1" is no prefix of option values: write 10000 to 99999`},
		{first + "export languagecode=en", `line 2: languagecode=: "en" is no language: write its number, such as 1033`},
		{first + "canvasapp a needs=attribute:a.b", "line 2: needs=attribute:a.b: canvas apps do not name parts of a table: name the table"},
		{first + "appmodule a parts=bot:b", "line 2: parts=bot:b: a model-driven app has no such part: write one that has a number, such as savedquery:22"},
		{first + "component entity a", "line 2: entity is no component that is a folder: write a line of its own kind"},
		{first + "component asset a", "line 2: asset is no component that is a folder"},
		{first + "component Api a", `line 2: "Api" is not a kind: write its logical name, in lower case`},
		{first + "component customapirequestparameter a", "line 2: customapirequestparameter a: write OWNER.NAME, where OWNER is its customapi"},
		{first + "component customapirequestparameter .a", "line 2: customapirequestparameter .a: write OWNER.NAME, where OWNER is its customapi"},
		{first + "pluginassembly \"a/b, c\"", "line 2: name of the assembly: \"a/b\" is not a name"},
		{first + "xml Nowhere <a/>", `line 2: "Nowhere" is no section of customizations.xml that is written: write one of Entities`},
		{first + "xml Entities <a/>", "line 2: tables have lines of their own: write entity TABLE"},
		{first + "xml Languages <Language>1031</Language>", "line 2: section Languages is written already"},
		{first + "xml Roles <a>", `line 2: build element of section "Roles": `},
		{first + "xml Roles " + strings.Repeat("<a>", 511) + strings.Repeat("</a>", 511), `line 2: build element of section "Roles": `},
		{first + "xml Roles <a/><b/>", `line 2: build element of section "Roles": `},
		{first + "xml Roles \"<a/><!-- b -->\"", `line 2: build element of section "Roles": its text is more than one element: add each by itself`},
		{first + "file /a x", `line 2: "/a" is not a path: write names that all systems allow, separated by slashes`},
		{first + "file a. x", `line 2: "a." is not a path`},
		{first + "file other/solution.xml x", "line 2: part other/solution.xml: only trees have the folder Other"},
		{first + "file solution.xml/a x", "line 2: part solution.xml/a: solution.xml is not a folder"},
		{first + "file a x\nfile A y", "line 3: a second part A: it comes from line 2 already"},
		{first + "file a x\nfile a/b y", `line 3: build part "a/b": its folder is a part already`},
		{first + "file a/b/c x\nfile a/B y", `line 3: build part "a/B": it is a folder already`},
		{first + "without a", "line 2: no part a to leave out"},
	}
	for _, tt := range tests {
		_, err := solutiontest.Parse(tt.text)
		var syntax *solutiontest.SyntaxError
		if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: error\n%v\nwant\n%s", tt.text, err, tt.want)
		} else if errors.Unwrap(err) == nil {
			t.Errorf("%q: the error wraps nothing", tt.text)
		}
	}
}

// TestFS holds the file system to the contract of package fs.
func TestFS(t *testing.T) {
	for _, a := range golden.Cases(t, caseFiles) {
		name := a.Name
		fsys := solutiontest.FS(t, string(a.Files[0].Data))
		if err := fstest.TestFS(fsys, "solution.xml", "customizations.xml"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		src, err := fs.ReadFile(fsys, "solution.xml")
		if err != nil {
			t.Fatal(err)
		}
		src[0] = 'x' // what is given away is the caller's
		if again, _ := fs.ReadFile(fsys, "solution.xml"); again[0] == 'x' {
			t.Error("a caller has changed the solution")
		}
	}
}

// TestZipAndFSAgree reads the zip and compares its parts.
func TestZipAndFSAgree(t *testing.T) {
	text := "solution A 1.0\r\nworkflow 22\r\ncanvasapp ct_a\nwithout customizations.xml\nfile solution.xml \"<a />\""
	want := []string{"[Content_Types].xml", "solution.xml", "CanvasApps/ct_a_DocumentUri.msapp",
		"Workflows/Flow22-00000000-0000-0000-0000-000000000022.json"}
	src := solutiontest.Zip(t, text)
	z, err := zip.NewReader(bytes.NewReader(src), int64(len(src)))
	if err != nil {
		t.Fatal(err)
	}
	fsys := solutiontest.FS(t, text)
	var got []string
	for _, f := range z.File {
		got = append(got, f.Name)
		packed, err := fs.ReadFile(z, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := fs.ReadFile(fsys, f.Name); err != nil || !bytes.Equal(plain, packed) {
			t.Errorf("%s differs (%v)", f.Name, err)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// fails stands in for a test, to see that a wrong text ends it.
type fails struct {
	testing.TB
	message string
}

func (f *fails) Helper() {}
func (f *fails) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	panic(f)
}

func TestWrongTextEndsTest(t *testing.T) {
	const want = "text of a solution: line 1: an empty text: write solution NAME VERSION"
	for name, do := range map[string]func(testing.TB){
		"Zip": func(t testing.TB) { solutiontest.Zip(t, "") },
		"FS":  func(t testing.TB) { solutiontest.FS(t, "") },
	} {
		f := &fails{TB: t}
		func() {
			defer func() { _ = recover() }()
			do(f)
		}()
		if f.message != want {
			t.Errorf("%s fails with %q, want %q", name, f.message, want)
		}
	}
}

func TestParts(t *testing.T) {
	p := solutiontest.Parts(t, "solution A 1.2\nrole 22 name=R\nfile x/Y.txt hello")
	m, err := solution.ReadManifest(p)
	if err != nil || m.UniqueName() != "A" || len(p.Names()) != 4 {
		t.Errorf("%v, %v", p.Names(), err)
	}
	if src, err := p.ReadPart("X/y.txt"); err != nil || string(src) != "hello" {
		t.Errorf("%q, %v", src, err)
	}
}

func ExampleParse() {
	s, err := solutiontest.Parse(`
solution ContosoOrders 1.0.0.0
entity ct_order
connectionreference ct_sp connector=shared_sharepointonline
workflow 22 name="On order" refs=ct_sp sets=ct_orders
`)
	if err != nil {
		fmt.Println(err)
		return
	}
	parts, err := solution.PartsOf(s.FS())
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := content.Read(parts, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := range c.References() {
		fmt.Println(r.Edge, r.To, r.Resolved)
	}
	// Output:
	// flow-connection-reference connectionreference ct_sp package
	// flow-connector connector shared_sharepointonline base
	// flow-table entity ct_order package
	// reference-connector connector shared_sharepointonline base
}

// FuzzParse: a text gives an error or a solution that can be read and zipped, with a manifest that has no error.
func FuzzParse(f *testing.F) {
	for _, a := range golden.Cases(f, caseFiles) {
		f.Add(string(a.Files[0].Data))
		for line := range strings.Lines(string(a.Files[0].Data)) {
			f.Add("solution A 1.0\n" + line)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := solutiontest.Parse(text)
		if err != nil {
			return
		}
		if err := s.WriteZip(io.Discard); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(text) {
			if keyword, _, _ := solutiontest.Attributes(strings.TrimRight(line, "\r\n")); keyword == "without" || keyword == "file" {
				return // these can break a solution
			}
		}
		parts, err := solution.PartsOf(s.FS())
		if err != nil {
			t.Fatal(err)
		}
		c, err := content.Read(parts, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range c.Manifest().Check() {
			if d.Severity == diag.Error {
				t.Error(d)
			}
		}
	})
}

// hundred returns a text with about 100 components.
func hundred() string {
	var b bytes.Buffer
	b.WriteString("solution Contoso 1.0.0.0 managed\n")
	for i := 1; i <= 25; i++ {
		fmt.Fprintf(&b, "entity ct_t%d\nattribute ct_t%d.ct_name\nconnectionreference ct_r%d connector=shared_sharepointonline\n", i, i, i)
		fmt.Fprintf(&b, "workflow %d refs=ct_r%d sets=ct_t%ds\n", i, i, i)
	}
	return b.String()
}

func BenchmarkFS(b *testing.B) {
	text := hundred()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		solutiontest.FS(b, text)
	}
}

func BenchmarkZip(b *testing.B) {
	text := hundred()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		solutiontest.Zip(b, text)
	}
}
