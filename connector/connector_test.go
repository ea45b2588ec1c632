package connector

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// fixture returns the clean connector as files by name.
func fixture(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, name := range []string{definitionFile, propertiesFile} {
		data, err := os.ReadFile(filepath.Join("testdata", "fixture", name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	return out
}

func toFS(files map[string][]byte) fstest.MapFS {
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: data}
	}
	return m
}

// load1 reads the one connector of loose files.
func load1(t testing.TB, files map[string][]byte) *Connector {
	t.Helper()
	return only(t)(Load(toFS(files)))
}

// only takes the one connector of a result.
func only(t testing.TB) func([]*Connector, error) *Connector {
	t.Helper()
	return func(list []*Connector, err error) *Connector {
		t.Helper()
		if err != nil || len(list) != 1 {
			t.Fatalf("%d connectors, error %v", len(list), err)
		}
		return list[0]
	}
}

// empty returns a solution without components.
func empty(t testing.TB) solution.Parts {
	t.Helper()
	m, err := solution.NewManifest("contoso", solution.Version{Major: 1}, solution.Publisher{UniqueName: "contoso", Prefix: "cat", OptionValuePrefix: 10000})
	if err != nil {
		t.Fatal(err)
	}
	return solution.NewParts(m)
}

// put returns p with connectors.
func put(t testing.TB, p solution.Parts, opts *ConvertOptions, list ...*Connector) solution.Parts {
	t.Helper()
	change, err := Put(p, list, opts)
	if err != nil {
		t.Fatal(err)
	}
	if p, err = change.Apply(p); err != nil {
		t.Fatal(err)
	}
	return p
}

// treeOf returns the parts of the tree that a solution is unpacked to.
func treeOf(t testing.TB, p solution.Parts) solution.Parts {
	t.Helper()
	tree, err := packager.Unpack(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := tree.Parts()
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

func TestViews(t *testing.T) {
	c := load1(t, fixture(t))
	var got []string
	for o := range c.Operations() {
		line := o.Method + " " + o.Path + " " + o.ID + " " + o.Kind.String()
		for p := range o.Parameters() {
			line += " " + p.In + ":" + p.Name
			if p.Shared != "" {
				line += "=" + p.Shared
			}
		}
		got = append(got, line)
	}
	want := []string{
		"GET /warehouses ListWarehouses action",
		"GET /warehouses/{warehouse}/parts/{id} GetPart action path:warehouse=Warehouse path:id query:api-version",
		"POST /orders CreateOrder action query:form body:body",
		"GET /forms/{form} GetOrderForm action path:form",
		"GET /changes OnStockPolled polling query:since",
		"POST /hooks OnStockChanged webhook body:body",
		"DELETE /hooks/{hook} DeleteHook action path:hook",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations (-want +got)\n%s", diff)
	}
	o, ok := c.Operation("GetPart")
	if !ok || o.Visibility != "important" || o.Location().Start.Line != 24 {
		t.Errorf("GetPart: %+v at %v", o, o.Location())
	}
	var responses []string
	for status := range o.Responses() {
		responses = append(responses, status)
	}
	if diff := cmp.Diff([]string{"200", "default"}, responses); diff != "" {
		t.Errorf("responses (-want +got)\n%s", diff)
	}
	for p := range c.Policies() {
		if p.Template != "pollingtrigger" || !slices.Equal(p.Operations, []string{"OnStockPolled"}) {
			t.Errorf("policy %+v", p)
		}
	}
	for p := range c.ConnectionParameters() {
		if p.Name != "api_key" || p.Type != "securestring" || p.DisplayName != "Key" {
			t.Errorf("connection parameter %+v", p)
		}
	}
	for s := range c.Security() {
		if s.Name != "key" || s.Type != "apiKey" || s.In != "header" || s.Parameter != "X-Key" {
			t.Errorf("security scheme %+v", s)
		}
	}
	if c.Title() != "Contoso Parts" || c.Version() != "1.0" || c.Host() != "api.contoso.example" || c.BasePath() != "/v1" || c.BrandColor() != "#0b5394" {
		t.Error("title, version, host, base path or colour")
	}
	if _, ok := c.ScriptOperations(); ok {
		t.Error("script operations where there are none")
	}
	if at := c.Location(); at.File != definitionFile || at.Start.Line != 1 {
		t.Errorf("it stands at %v", at)
	}
}

func TestLoadErrors(t *testing.T) {
	if list, err := Load(toFS(map[string][]byte{"readme.md": []byte("x")})); !errors.Is(err, ErrNoConnector) || list != nil {
		t.Errorf("nothing: %v, %v", list, err)
	}
	// A folder that has the name of the definition is no connector.
	if list, err := Load(fstest.MapFS{"a/apiDefinition.swagger.json/x.txt": {}}); !errors.Is(err, ErrNoConnector) || list != nil {
		t.Errorf("a folder: %v, %v", list, err)
	}
	if _, err := Load(os.DirFS("testdata/nowhere")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	files := fixture(t)
	files[definitionFile] = []byte("{\n  \"a\": \"\xe4\"\n}")
	_, err := Load(toFS(files))
	var se *solution.SyntaxError
	if !errors.As(err, &se) || se.File != definitionFile || se.Pos != (diag.Position{Offset: 10, Line: 2, Column: 9}) {
		t.Errorf("not UTF-8: %v", err)
	}
	if !strings.HasPrefix(err.Error(), definitionFile+":2:9: ") {
		t.Errorf("the error does not begin with its place: %v", err)
	}
}

// results are connectors and errors as lines.
func results(list []*Connector, err error) []string {
	var out []string
	for _, c := range list {
		if c == nil {
			out = append(out, "nil")
			continue
		}
		out = append(out, c.Form().String()+" "+c.Path()+" "+c.Name())
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range many.Unwrap() {
			var failed *ReadError
			if !errors.As(e, &failed) {
				out = append(out, "no ReadError: "+e.Error())
				continue
			}
			out = append(out, failed.Path+" "+failed.Name+": "+e.Error())
		}
	}
	return out
}

// One connector that cannot be read leaves the others as they are.
func TestLoadGoesOn(t *testing.T) {
	files := fixture(t)
	m := fstest.MapFS{}
	for name, data := range files {
		m["connectors/parts/"+name] = &fstest.MapFile{Data: data}
		m["b/"+strings.ToUpper(name)] = &fstest.MapFile{Data: data}
	}
	m["broken/"+definitionFile] = &fstest.MapFile{Data: []byte("{")}
	m["list/"+definitionFile] = &fstest.MapFile{Data: []byte("[]")}
	want := []string{"files b b", "files connectors/parts parts",
		"broken broken: broken/apiDefinition.swagger.json:1:2: not JSON: the text ends where a key in double quotes should follow",
		"list list: list/apiDefinition.swagger.json:1:1: the root of a definition must be an object, not array"}
	if diff := cmp.Diff(want, results(Load(m))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadGoesOn(t *testing.T) {
	element := func(name string) string {
		return "<Connector>\n  <connectorid>00000001-5a5a-4b4b-8c8c-0123456789ab</connectorid>\n  <name>" + name + "</name>\n  <openapidefinition>/Connector/" + name + ".json</openapidefinition>\n" +
			"  <scriptoperations>[]</scriptoperations>\n</Connector>\n"
	}
	p, err := solution.PartsOf(fstest.MapFS{
		"customizations.xml":   {Data: []byte("<ImportExportXml><Connectors>\n" + element("cat_a") + element("cat_b") + strings.Replace(element("cat_c"), "[]", "[", 1) + "</Connectors></ImportExportXml>")},
		"Connector/cat_a.json": {Data: []byte("{")},
		"connector/CAT_B.json": {Data: []byte("{}")}, // letter case does not count
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"solution . cat_b", ". cat_a: Connector/cat_a.json:1:2: not JSON: the text ends where a key in double quotes should follow",
		". cat_c: customizations.xml:18:3: <scriptoperations> is not JSON: the text ends where a value should follow"}
	if diff := cmp.Diff(want, results(Read(p))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	list, _ := Read(p)
	if at := list[0].Location(); at.File != "customizations.xml" || at.Start.Line != 8 {
		t.Errorf("it stands at %v", at)
	}
	if list[0].Definition() == nil {
		t.Error("the definition is not there")
	}
	if list, err := Read(toParts(t, map[string]string{"customizations.xml": "<ImportExportXml><Connectors><Connector>"})); list != nil || !errors.As(err, new(*solution.SyntaxError)) {
		t.Errorf("no XML: %v, %v", list, err)
	}
	if list, err := Read(toParts(t, map[string]string{"solution.xml": "<ImportExportXml />"})); list != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no customizations: %v, %v", list, err)
	}
	if list, err := Read(toParts(t, map[string]string{"customizations.xml": "<ImportExportXml />"})); list != nil || err != nil {
		t.Errorf("no connectors: %v, %v", list, err)
	}
}

func toParts(t testing.TB, files map[string]string) solution.Parts {
	t.Helper()
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := solution.PartsOf(m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLenient(t *testing.T) {
	files := fixture(t)
	files[propertiesFile] = []byte(`{"properties": {"iconBrandColor": "#0b5394",}}`)
	if _, err := Load(toFS(files)); err == nil {
		t.Error("a trailing comma is read strictly")
	}
	c := only(t)(LoadLenient(toFS(files)))
	if c.BrandColor() != "#0b5394" {
		t.Errorf("colour %q", c.BrandColor())
	}
	// It is not written elsewhere.
	var se *solution.SyntaxError
	if _, err := Put(empty(t), []*Connector{c}, nil); !errors.As(err, &se) || se.File != propertiesFile {
		t.Errorf("Put: %v", err)
	}
	p := put(t, empty(t), &ConvertOptions{AllowLoss: true}, load1(t, fixture(t)))
	name := "Connector/cat_contoso-20parts_connectionparameters.json"
	e := solution.NewEditor(p)
	e.Replace(name, []byte("{,}"))
	change, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	if p, err = change.Apply(p); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(p); err == nil {
		t.Error("a lone comma is read strictly")
	}
}

// Files can have the names that settings.json gives.
func TestSettingsNames(t *testing.T) {
	files := fixture(t)
	renamed := map[string][]byte{
		"api/parts.json":     files[definitionFile],
		"api/props.json":     files[propertiesFile],
		"code.csx":           []byte("class Script : ScriptBase { ExecuteAsync }"),
		settingsFile:         []byte(`{"apiDefinition": "api/parts.json", "apiProperties": "api\\props.json", "script": "code.csx", "connectorId": "shared_x"}`),
		"apiproperties.json": []byte("{}"),
	}
	c := load1(t, renamed)
	if c.Title() != "Contoso Parts" || c.Script() == nil || c.BrandColor() != "#0b5394" || c.ID() != "shared_x" {
		t.Errorf("title %q, script %v, colour %q, id %q", c.Title(), c.Script(), c.BrandColor(), c.ID())
	}
}

// A definition that settings.json names and that is not there is an error at that name.
func TestSettingsNameNothing(t *testing.T) {
	files := fixture(t)
	files[settingsFile] = []byte("{\n  \"apiDefinition\": \"parts.json\"}")
	_, err := Load(toFS(files))
	var se *solution.SyntaxError
	if !errors.As(err, &se) || !errors.Is(err, fs.ErrNotExist) || se.File != settingsFile || se.Pos.Line != 2 || se.Pos.Column != 20 {
		t.Errorf("%v", err)
	}
}

// The script is the one C# file that can be it; what is not taken for it is kept, and named where it would be lost.
func TestScriptFiles(t *testing.T) {
	for _, c := range []struct {
		name, settings string
		files          []string
		script         string
		lost           []string
	}{
		{"usual", "", []string{"script.csx"}, "script.csx", nil},
		{"letter case", "", []string{"Script.CSX"}, "Script.CSX", nil},
		{"cs", "", []string{"Script.cs"}, "Script.cs", nil},
		{"other name", "", []string{"connector-script.csx"}, "connector-script.csx", nil},
		{"usual beside others", "", []string{"script.csx", "Tests.cs", "a.csx"}, "script.csx", []string{"Tests.cs", "a.csx"}},
		{"one csx and a cs", "", []string{"Parts.csx", "Tests.cs"}, "Parts.csx", []string{"Tests.cs"}},
		{"cannot be told", "", []string{"a.csx", "b.csx"}, "", []string{"a.csx", "b.csx"}},
		{"cannot be told either", "", []string{"a.cs", "b.cs"}, "", []string{"a.cs", "b.cs"}},
		{"named", "b.csx", []string{"a.csx", "b.csx", "script.csx"}, "b.csx", []string{"a.csx", "script.csx"}},
		{"named, not there", "c.csx", []string{"a.csx"}, "a.csx", nil},
	} {
		files := map[string][]byte{definitionFile: fixture(t)[definitionFile]}
		if c.settings != "" {
			files[settingsFile] = []byte(`{"script": "` + c.settings + `"}`)
		}
		for _, name := range c.files {
			files[name] = []byte("// " + name)
		}
		con := load1(t, files)
		if got, want := string(con.Script()), "// "+c.script; got != want && (c.script != "" || got != "") {
			t.Errorf("%s: script %q, want %q", c.name, got, want)
		}
		var lost []string
		for _, l := range con.Lost(FormSolution) {
			if !strings.HasPrefix(l, settingsFile) {
				lost = append(lost, l)
			}
		}
		if diff := cmp.Diff(c.lost, lost); diff != "" {
			t.Errorf("%s: lost (-want +got)\n%s", c.name, diff)
		}
		same, err := con.ToFiles(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range c.files {
			if data, err := fs.ReadFile(same, name); err != nil || string(data) != "// "+name {
				t.Errorf("%s: loose files without %s: %v", c.name, name, err)
			}
		}
		if _, err := Put(empty(t), []*Connector{con}, &ConvertOptions{Prefix: "cat"}); len(con.Lost(FormSolution)) > 0 && !errors.As(err, new(*LossError)) {
			t.Errorf("%s: put all the same: %v", c.name, err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ prefix, title, want string }{
		{"cat", "Contoso Parts", "cat_contoso-20parts"},
		{"cat", "API-Football_2", "cat_api-2dfootball-5f2"},
		{"new", "100 % & more", "new_100-20-25-20-26-20more"},
		{"cat", "Größe", "cat_gr-c3-b6-c3-9fe"},
	} {
		if got := Name(c.prefix, c.title); got != c.want {
			t.Errorf("Name(%q, %q) = %q, want %q", c.prefix, c.title, got, c.want)
		}
	}
	for prefix, want := range map[string]bool{"cat": true, "a_b": true, "c2": true, "1x": false, "_x": false, "a": false, "ninechars": false, "a-b": false} {
		if isPrefix(prefix) != want {
			t.Errorf("isPrefix(%q) = %v", prefix, !want)
		}
	}
	id := deriveID("cat", "cat_x").String()
	if id[14] != '5' || id != deriveID("cat", "cat_x").String() || id == deriveID("cat", "cat_y").String() || id == deriveID("dog", "cat_x").String() {
		t.Errorf("deriveID gives %s", id)
	}
}

// What is no regular file is not opened: a pipe waits for its other end, and a device may have none.
func TestLoadOpensNoPipe(t *testing.T) {
	for _, name := range []string{"apiDefinition.swagger.json", "apiProperties.json", "settings.json", "icon.png", "script.csx"} {
		files := fstest.MapFS{"apiDefinition.swagger.json": {Data: []byte(`{"swagger": "2.0"}`)}}
		files[name] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
		_, err := Load(files)
		var failed *ReadError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), name+": not a regular file") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
