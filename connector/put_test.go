package connector

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// held returns what both forms can hold of a connector, normalised for white space alone.
func held(t testing.TB, c *Connector) map[string]string {
	t.Helper()
	compact := func(v index.Value, absent string) string {
		if !v.OK() || v.Kind() == jsonspan.Null {
			return absent
		}
		return string(compactJSON(t, v.Raw()))
	}
	props := &c.index().Props
	return map[string]string{
		"definition":              string(bytes.TrimPrefix(c.Definition(), []byte(plainBOM))),
		"connectionParameters":    compact(props.Params, "{}"),
		"connectionParameterSets": compact(props.Sets, ""),
		"policyTemplateInstances": compact(props.Policies, ""),
		"scriptOperations":        compact(props.ScriptOps, ""),
		"iconBrandColor":          c.BrandColor(),
		"script":                  string(c.Script()),
		"icon":                    string(c.Icon()),
	}
}

func compactJSON(t testing.TB, raw []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestConvertRefusesLoss(t *testing.T) {
	files := fixture(t)
	files[settingsFile] = []byte(`{"environment": "e"}`)
	c := load1(t, files)
	_, err := Put(empty(t), []*Connector{c}, nil)
	var loss *LossError
	if !errors.As(err, &loss) {
		t.Fatalf("error %v, want a LossError", err)
	}
	want := []string{"apiProperties.json#/properties/capabilities", "apiProperties.json#/properties/publisher", "apiProperties.json#/properties/stackOwner", "settings.json#/environment"}
	if diff := cmp.Diff(want, loss.Lost); diff != "" {
		t.Errorf("lost (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(want, c.Lost(FormSolution)); diff != "" || c.Lost(FormFiles) != nil {
		t.Errorf("Lost (-want +got)\n%s", diff)
	}
	p := put(t, empty(t), &ConvertOptions{AllowLoss: true}, c)
	m, err := solution.ReadManifest(p)
	if err != nil {
		t.Fatal(err)
	}
	var roots []string
	for r := range m.RootComponents() {
		roots = append(roots, r.SchemaName+" "+r.ID.String()+" "+string(r.Key.Type()))
	}
	if diff := cmp.Diff([]string{"cat_contoso-20parts " + deriveID("cat", "cat_contoso-20parts").String() + " " + string(solution.TypeConnector)}, roots); diff != "" {
		t.Errorf("root components (-want +got)\n%s", diff)
	}
	sol := only(t)(Read(p))
	if _, err = sol.ToFiles(nil); !errors.As(err, &loss) || !slices.Equal(loss.Lost, []string{"Connector/connectorid", "Connector/name"}) {
		t.Errorf("back: %v", err)
	}
	for name, opts := range map[string]*ConvertOptions{
		"bad prefix": {Prefix: "1x", AllowLoss: true},
		"slash":      {Name: "a/b", AllowLoss: true},
		"long":       {Name: strings.Repeat("x", 230), AllowLoss: true},
	} {
		if _, err := Put(empty(t), []*Connector{c}, opts); !errors.Is(err, errName) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Put(empty(t), []*Connector{c, c}, &ConvertOptions{Name: "cat_x", AllowLoss: true}); !errors.Is(err, errName) {
		t.Errorf("one name for two: %v", err)
	}
	if _, err := Put(empty(t), []*Connector{c, c}, &ConvertOptions{AllowLoss: true}); !errors.Is(err, errName) {
		t.Errorf("twice: %v", err)
	}
}

// Names that lose files elsewhere come through a zip and a tree.
func TestConvertHardNames(t *testing.T) {
	long := "cat_" + strings.Repeat("n", 196)
	for _, name := range []string{long, "cat_a%20b", "cat_a & b", "cat_größe <x>", "cat_ünïcödé 漢字", "cat_'\"", "cat_%26amp;"} {
		files := fixture(t)
		title := strings.NewReplacer(`"`, "").Replace(strings.TrimPrefix(name, "cat_"))
		files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"Contoso Parts"`, `"`+title+`"`, 1))
		files[scriptFile] = []byte("class Script : ScriptBase {} // ä & <b>\r\n")
		files[iconFile] = []byte{0x89, 'P', 'N', 'G', 0, 1, 2}
		files[propertiesFile] = []byte(strings.Replace(string(files[propertiesFile]), `"publisher"`, `"scriptOperations": ["GetPart", "a & <b>"], "publisher"`, 1))
		c := load1(t, files)
		p := put(t, empty(t), &ConvertOptions{Name: name, AllowLoss: true}, c)
		layouts := map[string]solution.Parts{"parts": p}
		if !strings.Contains(name, "%") { // entries of a zip take %20 for a blank
			layouts["zip"] = rewritten(t, name, c)
		}
		if !strings.ContainsAny(name, `%<>"`) { // files of a tree cannot have these names
			layouts["tree"] = treeOf(t, p)
		}
		for layout, p := range layouts {
			sol := only(t)(Read(p))
			if sol.Name() != name || sol.DisplayName() != title {
				t.Errorf("%s: %s: came back as %q, %q", name, layout, sol.Name(), sol.DisplayName())
			}
			if n := len(slices.Collect(maps.Keys(maps.Collect(sol.Files())))); n != 5 {
				t.Errorf("%s: %s: %d parts", name, layout, n)
			}
			if diff := cmp.Diff(held(t, c), held(t, sol)); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", name, layout, diff)
			}
		}
	}
	// A title of 200 characters gives a name that is too long for its files: the caller has to choose one.
	files := fixture(t)
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"Contoso Parts"`, `"`+strings.Repeat("ä", 200)+`"`, 1))
	if _, err := Put(empty(t), []*Connector{load1(t, files)}, &ConvertOptions{AllowLoss: true}); !errors.Is(err, errName) {
		t.Errorf("a name that is too long: %v", err)
	}
}

// zipOf returns the zip of a solution, packed and opened.
func zipOf(t testing.TB, p solution.Parts) *packager.Package {
	t.Helper()
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := packager.Pack(&b, tree, nil); err != nil {
		t.Fatal(err)
	}
	pkg, err := packager.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), nil)
	if err != nil {
		t.Fatal(err)
	}
	return pkg
}

// rewritten returns a zip to which a connector was added.
func rewritten(t testing.TB, name string, c *Connector) solution.Parts {
	t.Helper()
	pkg := zipOf(t, empty(t))
	change, err := Put(pkg, []*Connector{c}, &ConvertOptions{Name: name, AllowLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := packager.Rewrite(&b, pkg, change); err != nil {
		t.Fatal(err)
	}
	if pkg, err = packager.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), nil); err != nil {
		t.Fatal(err)
	}
	return pkg
}

// Numbers, escapes, order and repeated keys come through.
func TestConvertKeepsSpelling(t *testing.T) {
	files := fixture(t)
	params := `{"z":{"type":"string","uiDefinition":{"constraints":{"tabIndex":2e0}}},"a":{"type":"\u0073tring","type":"string","x":1.50}}`
	files[propertiesFile] = []byte(`{"properties":{"connectionParameters":` + params + `,"iconBrandColor":"","capabilities":[]}}`)
	sol := only(t)(Read(put(t, empty(t), nil, load1(t, files))))
	back, err := sol.ToFiles(&ConvertOptions{AllowLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	properties, err := fs.ReadFile(back, propertiesFile)
	if err != nil || !strings.Contains(string(compactJSON(t, properties)), params) {
		t.Errorf("spelling changed: %v\n%s", err, properties)
	}
	definition, err := fs.ReadFile(back, definitionFile)
	if err != nil || string(definition) != string(files[definitionFile]) {
		t.Errorf("the definition changed: %v", err)
	}
}

func TestConvertMinifies(t *testing.T) {
	c := load1(t, fixture(t))
	sol := only(t)(Read(put(t, empty(t), &ConvertOptions{AllowLoss: true, Minify: true}, c)))
	if got := string(sol.Definition()); got != string(compactJSON(t, c.Definition())) {
		t.Errorf("not minified: %.80s", got)
	}
}

// Loose files become loose files as they were read.
func TestOwnForm(t *testing.T) {
	files := fixture(t)
	m := fstest.MapFS{}
	for name, data := range files {
		m["a/b/"+name] = &fstest.MapFile{Data: data}
	}
	own, err := only(t)(Load(m)).ToFiles(nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for name := range files {
		if got[name], err = fs.ReadFile(own, name); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(files, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What becomes of customizations.xml, with a section at each place where one can be.
func TestPutElement(t *testing.T) {
	const element = "    <Connector>…</Connector>\n"
	for name, tc := range map[string]struct{ before, after string }{
		"no section":          {"<ImportExportXml>\n  <Entities />\n</ImportExportXml>", "<ImportExportXml>\n  <Entities />\n  <Connectors>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"before others":       {"<ImportExportXml>\n  <Entities />\n  <connectionreferences />\n  <Languages />\n</ImportExportXml>", "<ImportExportXml>\n  <Entities />\n  <Connectors>\n" + element + "  </Connectors>\n  <connectionreferences />\n  <Languages />\n</ImportExportXml>"},
		"no sections":         {"<ImportExportXml />", "<ImportExportXml>\n  <Connectors>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"empty section":       {"<ImportExportXml>\n  <Connectors />\n</ImportExportXml>", "<ImportExportXml>\n  <Connectors>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"section of two tags": {"<ImportExportXml>\n  <Connectors></Connectors>\n</ImportExportXml>", "<ImportExportXml>\n  <Connectors>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"section on lines":    {"<ImportExportXml>\n  <Connectors>\n  </Connectors>\n</ImportExportXml>", "<ImportExportXml>\n  <Connectors>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"behind another":      {"<ImportExportXml>\n  <Connectors>\n    <Connector><name>cat_a</name></Connector>\n  </Connectors>\n</ImportExportXml>", "<ImportExportXml>\n  <Connectors>\n    <Connector><name>cat_a</name></Connector>\n" + element + "  </Connectors>\n</ImportExportXml>"},
		"lines end in CRLF":   {"<ImportExportXml>\r\n  <Connectors />\r\n</ImportExportXml>", "<ImportExportXml>\r\n  <Connectors>\r\n    <Connector>…</Connector>\r\n  </Connectors>\r\n</ImportExportXml>"},
	} {
		p := toParts(t, map[string]string{"customizations.xml": tc.before, "solution.xml": string(manifestOf(t, empty(t)))})
		after := put(t, p, &ConvertOptions{AllowLoss: true}, load1(t, fixture(t)))
		src, err := after.ReadPart("customizations.xml")
		if err != nil {
			t.Fatal(err)
		}
		got := string(src)
		if i, j := strings.LastIndex(got, "<Connector>"), strings.LastIndex(got, "</Connector>"); i >= 0 && j > i {
			if crlf := strings.Count(got[i:j], "\r\n"); crlf != 0 && crlf != strings.Count(got, "\n")-4 {
				t.Errorf("%s: line ends are mixed: %q", name, got)
			}
			got = got[:i] + "<Connector>…" + got[j:]
		}
		if diff := cmp.Diff(tc.after, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if list, err := Read(after); err != nil || len(list) == 0 {
			t.Errorf("%s: %d connectors, %v", name, len(list), err)
		}
	}
}

func manifestOf(t testing.TB, p solution.Parts) []byte {
	t.Helper()
	src, err := p.ReadPart(solution.ManifestFile)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// A connector takes the place of the one of its name, and what it cannot hold of that stays or is a loss.
func TestPutReplaces(t *testing.T) {
	files := fixture(t)
	files[iconFile] = []byte("an icon")
	id, err := solution.ParseGUID("0a000000-0000-4000-8000-00000000000a")
	if err != nil {
		t.Fatal(err)
	}
	before := put(t, empty(t), &ConvertOptions{AllowLoss: true, ID: id, Name: "cat_Contoso-20parts"}, load1(t, files))
	change := solution.NewEditor(before)
	src, err := before.ReadPart("customizations.xml")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(src, []byte("<connectortype>"))
	change.Splice("customizations.xml", at, at, "<IsCustomizable>1</IsCustomizable>")
	extra, err := change.Change()
	if err != nil {
		t.Fatal(err)
	}
	if before, err = extra.Apply(before); err != nil {
		t.Fatal(err)
	}

	for layout, p := range map[string]solution.Parts{"zip": before, "tree": treeOf(t, before)} {
		// The same again changes one field at most, and not a file.
		same, err := Put(p, []*Connector{only(t)(Read(p))}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for x := range same.Parts() {
			if x.Op != solution.SplicePart || x.Name != "customizations.xml" {
				t.Errorf("%s: the same connector makes a change: %s %s", layout, x.Op, x.Name)
			}
		}
		delete(files, iconFile)
		files[definitionFile] = bytes.Replace(files[definitionFile], []byte(`"1.0"`), []byte(`"2.0"`), 1)
		c := load1(t, files)
		_, err = Put(p, []*Connector{c}, nil)
		var loss *LossError
		if !errors.As(err, &loss) || !slices.ContainsFunc(loss.Lost, func(s string) bool { return strings.HasSuffix(s, "cat_Contoso-20parts_iconblob.Png") }) {
			t.Errorf("%s: an icon goes without a word: %v", layout, err)
		}
		after := put(t, p, &ConvertOptions{AllowLoss: true}, c)
		got := only(t)(Read(after))
		if got.Name() != "cat_Contoso-20parts" || got.ID() != id.String() || got.Version() != "2.0" || got.Icon() != nil {
			t.Errorf("%s: %s %s version %s, icon %q", layout, got.Name(), got.ID(), got.Version(), got.Icon())
		}
		src, err := after.ReadPart("customizations.xml")
		if err != nil || !bytes.Contains(src, []byte("<IsCustomizable>1</IsCustomizable>")) {
			t.Errorf("%s: %v: what loose files have no place for is gone:\n%s", layout, err, src)
		}
		m, err := solution.ReadManifest(after)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(slices.Collect(m.RootComponents())); n != 1 {
			t.Errorf("%s: %d root components", layout, n)
		}
		if slices.ContainsFunc(after.Names(), func(s string) bool { return strings.HasSuffix(s, "iconblob.Png") }) {
			t.Errorf("%s: the icon is left: %v", layout, after.Names())
		}
		other, err := solution.ParseGUID("0b000000-0000-4000-8000-00000000000a")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Put(p, []*Connector{c}, &ConvertOptions{AllowLoss: true, ID: other}); !errors.Is(err, errName) || !strings.Contains(err.Error(), id.String()) {
			t.Errorf("%s: another id: %v", layout, err)
		}
	}
}

// A connector of one solution goes to another as it is.
func TestPutFromSolution(t *testing.T) {
	from := put(t, empty(t), &ConvertOptions{AllowLoss: true}, load1(t, fixture(t)))
	c := only(t)(Read(from))
	to := only(t)(Read(put(t, empty(t), nil, c)))
	if diff := cmp.Diff(held(t, c), held(t, to)); diff != "" || c.ID() != to.ID() {
		t.Errorf("%s, %s (-from +to)\n%s", c.ID(), to.ID(), diff)
	}
	if diff := cmp.Diff(string(c.index().Element.Source()), string(to.index().Element.Source())); diff != "" {
		t.Errorf("the element (-from +to)\n%s", diff)
	}
	missing := toParts(t, map[string]string{"customizations.xml": "<ImportExportXml><Connectors><Connector><name>cat_a</name></Connector></Connectors></ImportExportXml>"})
	c = only(t)(Read(missing))
	if c.Definition() != nil {
		t.Errorf("a definition from nowhere: %s", c.Definition())
	}
	if _, err := Put(empty(t), []*Connector{c}, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a definition: %v", err)
	}
	if _, err := c.ToFiles(nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a definition: %v", err)
	}
}
