package connector

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func load1(t testing.TB, files map[string][]byte) *index.Connector {
	t.Helper()
	c, err := Load(toFS(files), ".")
	if err != nil {
		t.Fatal(err)
	}
	return c
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
	var schemas []string
	for s := range c.Definitions() {
		schemas = append(schemas, s.Name)
	}
	if diff := cmp.Diff([]string{"Part", "WarehouseList"}, schemas); diff != "" {
		t.Errorf("definitions (-want +got)\n%s", diff)
	}
	if c.Title() != "Contoso Parts" || c.Version() != "1.0" || c.Host() != "api.contoso.example" || c.BasePath() != "/v1" || c.BrandColor() != "#0b5394" {
		t.Error("title, version, host, base path or colour")
	}
	if _, ok := c.ScriptOperations(); ok {
		t.Error("script operations where there are none")
	}
}

func TestLoadErrors(t *testing.T) {
	files := fixture(t)
	for name, c := range map[string]struct {
		files map[string][]byte
		want  error
	}{
		"nothing":  {map[string][]byte{"readme.md": []byte("x")}, ErrNoConnector},
		"solution": {map[string][]byte{"customizations.xml": []byte("<a />"), "solution.xml": []byte("<a />")}, ErrNoConnector},
	} {
		if _, err := Load(toFS(c.files), "."); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(toFS(files), "nowhere"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	files[definitionFile] = []byte("{\n  \"a\": \"\xe4\"\n}")
	_, err := Load(toFS(files), ".")
	var se *SyntaxError
	if !errors.As(err, &se) || se.Rule != "CONN-DOC-005" || se.Location.Start != (diag.Position{Offset: 10, Line: 2, Column: 9}) {
		t.Errorf("not UTF-8: %v", err)
	}
	if !strings.HasPrefix(err.Error(), definitionFile+":2:9: ") {
		t.Errorf("the error does not begin with its place: %v", err)
	}
}

// TestAllFindsEveryForm mixes both forms in one tree.
func TestAllFindsEveryForm(t *testing.T) {
	files := fixture(t)
	m := fstest.MapFS{}
	for name, data := range files {
		m["connectors/parts/"+name] = &fstest.MapFile{Data: data}
		m["b/"+strings.ToUpper(name)] = &fstest.MapFile{Data: data}
	}
	c := load1(t, files)
	for _, name := range []string{"one", "two"} {
		p, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat", Name: "cat_" + name, AllowLoss: true})
		if err != nil {
			t.Fatal(err)
		}
		copyInto(t, m, "sol/", p.Tree())
	}
	m["broken/"+definitionFile] = &fstest.MapFile{Data: []byte("{")}
	var got []string
	for c, err := range All(m) {
		if err != nil {
			got = append(got, "error")
			continue
		}
		got = append(got, c.Form().String()+" "+c.Path()+" "+c.Name())
	}
	want := []string{"files b b", "error", "files connectors/parts parts", "solution sol cat_one", "solution sol cat_two"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := Load(m, "sol"); !errors.Is(err, ErrSeveral) {
		t.Errorf("Load of two: %v", err)
	}
	for c, err := range All(m) {
		if c == nil && err == nil {
			t.Error("neither connector nor error")
		}
		break // stopping early must be fine
	}
}

func copyInto(t testing.TB, m fstest.MapFS, lead string, from fs.FS) {
	t.Helper()
	err := fs.WalkDir(from, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		m[lead+name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSettingsNames reads files under the names that settings.json gives.
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

func TestLintOptions(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"https"]`, `"http"]`, 1))
	files[definitionFile] = []byte(strings.Replace(string(files[definitionFile]), `"Contoso Parts"`, `"Contoso API"`, 1))
	c := load1(t, files)
	for name, tc := range map[string]struct {
		opts *LintOptions
		want string
	}{
		"default":       {nil, "CONN-ROOT-008 warning"},
		"certification": {&LintOptions{Certification: true}, "CONN-INFO-003 warning, CONN-ROOT-008 warning"},
		"override":      {&LintOptions{Severity: map[string]diag.Severity{"CONN-ROOT-008": diag.Error}}, "CONN-ROOT-008 error"},
		"disable":       {&LintOptions{Certification: true, Disable: []string{"CONN-ROOT-008"}}, "CONN-INFO-003 warning"},
	} {
		var got []string
		for _, d := range c.Lint(tc.opts) {
			got = append(got, d.Rule+" "+d.Severity.String())
		}
		if s := strings.Join(got, ", "); s != tc.want {
			t.Errorf("%s: %s, want %s", name, s, tc.want)
		}
	}
}

// TestConcurrentUse checks one connector many times at once; run it with -race.
func TestConcurrentUse(t *testing.T) {
	files := fixture(t)
	files[definitionFile] = []byte(strings.ReplaceAll(string(files[definitionFile]), `"title"`, `"titel"`))
	c := load1(t, files)
	want := c.Lint(&LintOptions{Certification: true})
	if len(want) == 0 {
		t.Fatal("nothing found")
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if diff := cmp.Diff(want, c.Lint(&LintOptions{Certification: true})); diff != "" {
				t.Errorf("(-first +other)\n%s", diff)
			}
			c.Secrets()
		})
	}
	wg.Wait()
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ prefix, title, want string }{
		{"cat", "Contoso Parts", "cat_contoso-20parts"},
		{"cat", "API-Football_2", "cat_api-2dfootball-5f2"},
		{"new", "100 % & more", "new_100-20-25-20-26-20more"},
		{"cat", "Größe", "cat_gr-c3-b6-c3-9fe"},
	} {
		got := Name(c.prefix, c.title)
		if got != c.want {
			t.Errorf("Name(%q, %q) = %q, want %q", c.prefix, c.title, got, c.want)
		}
		if back := DecodeName(got); back != strings.ToLower(c.title) {
			t.Errorf("DecodeName(%q) = %q", got, back)
		}
	}
	for name, want := range map[string]string{
		"ppa_5Fsmithsonian-203d":       "smithsonian 3d",
		"new_order-20management-20mcp": "order management mcp",
		"new_microsoft-2Dlearn-2Dmcp":  "microsoft-learn-mcp",
		"ba_api-2dfootball":            "api-football",
		"plain":                        "plain",
		"x-zz":                         "x-zz",
		"cat_bad-ff":                   "bad-ff",
	} {
		if got := DecodeName(name); got != want {
			t.Errorf("DecodeName(%q) = %q, want %q", name, got, want)
		}
	}
	id := DeriveID("cat", "cat_x")
	if !guidPattern.MatchString(id) || id[14] != '5' || id != DeriveID("cat", "cat_x") || id == DeriveID("cat", "cat_y") || id == DeriveID("dog", "cat_x") {
		t.Errorf("DeriveID gives %s", id)
	}
}

func TestConvertRefusesLoss(t *testing.T) {
	files := fixture(t)
	files[settingsFile] = []byte(`{"environment": "e"}`)
	c := load1(t, files)
	_, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat"})
	var loss *LossError
	if !errors.As(err, &loss) {
		t.Fatalf("error %v, want a LossError", err)
	}
	want := []string{"apiProperties.json#/properties/capabilities", "apiProperties.json#/properties/publisher", "apiProperties.json#/properties/stackOwner", "settings.json#/environment"}
	if diff := cmp.Diff(want, loss.Lost); diff != "" {
		t.Errorf("lost (-want +got)\n%s", diff)
	}
	p, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat", AllowLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, p.Lost); diff != "" {
		t.Errorf("lost with leave (-want +got)\n%s", diff)
	}
	if p.Root != (RootComponent{372, DeriveID("cat", "cat_contoso-20parts"), "cat_contoso-20parts", 0}) || !slices.Equal(p.Extensions, []string{"json"}) {
		t.Errorf("root %+v, extensions %v", p.Root, p.Extensions)
	}
	sol, err := Load(p.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	if _, err = sol.As(FormFiles, nil); !errors.As(err, &loss) || !slices.Equal(loss.Lost, []string{"Connector/connectorid", "Connector/name"}) {
		t.Errorf("back: %v", err)
	}
	for name, opts := range map[string]*ConvertOptions{
		"no prefix":  {AllowLoss: true},
		"bad prefix": {Prefix: "1x", AllowLoss: true},
		"bad id":     {Prefix: "cat", ID: "7", AllowLoss: true},
		"slash":      {Name: "a/b", AllowLoss: true},
		"long":       {Name: strings.Repeat("x", 230), AllowLoss: true},
	} {
		if _, err := c.As(FormSolution, opts); !errors.Is(err, errName) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.As(0, nil); err == nil {
		t.Error("form 0 is accepted")
	}
}

// TestConvertHardNames takes names through both layouts that lose files elsewhere.
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
		p, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat", Name: name, AllowLoss: true})
		if err != nil {
			t.Fatal(err)
		}
		for layout, fsys := range map[string]fs.FS{"zip": p.FS(), "tree": p.Tree()} {
			sol, err := Load(fsys, ".")
			if err != nil {
				t.Errorf("%s: %s: %v", name, layout, err)
				continue
			}
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
	if _, err := load1(t, files).As(FormSolution, &ConvertOptions{Prefix: "cat", AllowLoss: true}); !errors.Is(err, errName) {
		t.Errorf("a name that is too long: %v", err)
	}
}

// TestConvertKeepsSpelling looks that numbers, escapes, order and repeated keys come through.
func TestConvertKeepsSpelling(t *testing.T) {
	files := fixture(t)
	params := `{"z":{"type":"string","uiDefinition":{"constraints":{"tabIndex":2e0}}},"a":{"type":"\u0073tring","type":"string","x":1.50}}`
	files[propertiesFile] = []byte(`{"properties":{"connectionParameters":` + params + `,"iconBrandColor":"","capabilities":[]}}`)
	c := load1(t, files)
	p, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat"})
	if err != nil {
		t.Fatal(err)
	}
	sol, err := Load(p.FS(), ".")
	if err != nil {
		t.Fatal(err)
	}
	back, err := sol.As(FormFiles, &ConvertOptions{AllowLoss: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range back.Files {
		if f.Name == propertiesFile && !strings.Contains(string(compactJSON(t, f.Data)), params) {
			t.Errorf("spelling changed:\n%s", f.Data)
		}
		if f.Name == definitionFile && string(f.Data) != string(files[definitionFile]) {
			t.Error("the definition changed")
		}
	}
}

func TestConvertMinifies(t *testing.T) {
	c := load1(t, fixture(t))
	p, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat", AllowLoss: true, Minify: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.Files[0].Data); got != string(compactJSON(t, c.Definition())) {
		t.Errorf("not minified: %.80s", got)
	}
}

// TestOwnForm gives the parts back as they were read.
func TestOwnForm(t *testing.T) {
	files := fixture(t)
	m := fstest.MapFS{}
	for name, data := range files {
		m["a/b/"+name] = &fstest.MapFile{Data: data}
	}
	c, err := Load(m, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.As(FormFiles, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]byte{}
	for _, f := range p.Files {
		got[f.Name] = f.Data
	}
	if diff := cmp.Diff(files, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A <Connector> file of a tree that is no XML is one error with its place; the others are read.
func TestBrokenElementLeavesTheOthers(t *testing.T) {
	fsys := fstest.MapFS{
		"Connectors/cat_a.xml":                    {Data: []byte("<Connector>\n  <name>cat_a</nam>\n</Connector>")},
		"Connectors/cat_a_openapidefinition.json": {Data: []byte("{}")},
		"Connectors/cat_b.xml":                    {Data: []byte("<Connector><connectorid>00000001-5a5a-4b4b-8c8c-0123456789ab</connectorid><name>cat_b</name><openapidefinition>/Connector/cat_b_openapidefinition.json</openapidefinition></Connector>")},
		"Connectors/cat_b_openapidefinition.json": {Data: []byte("{}")},
		"Other/Customizations.xml":                {Data: []byte("<ImportExportXml></ImportExportXml>")},
		"Other/Solution.xml":                      {Data: []byte("<ImportExportXml><SolutionManifest></SolutionManifest></ImportExportXml>")},
	}
	var got []string
	for c, err := range All(fsys) {
		if err == nil {
			got = append(got, c.Name())
			continue
		}
		d, ok := Diagnose(err)
		if !ok || d.Rule != "CONN-DOC-001" {
			t.Errorf("not a finding: %v", err)
		}
		got = append(got, d.Location.String())
	}
	if diff := cmp.Diff([]string{"Connectors/cat_a.xml:2:14", "cat_b"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if _, err := Load(fsys, "."); err == nil || !strings.Contains(err.Error(), "cat_a.xml:2:14") {
		t.Errorf("Load: %v", err)
	}
	list, err := LintAll(fsys, nil)
	if err != nil {
		t.Error(err)
	}
	for d := range list.Rule("CONN-SOL-002") {
		t.Errorf("a part of a connector that can't be read is called an orphan: %v", d)
	}
}

// A folder that has the name of the definition is no connector.
func TestFolderNamedAsDefinition(t *testing.T) {
	for c, err := range All(fstest.MapFS{"a/apiDefinition.swagger.json/x.txt": {}}) {
		t.Errorf("found %v, %v", c, err)
	}
}
