package model_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// canvasApp is the app of a solution whose document has the entries, names and contents in turn; none: the bytes are no document.
func canvasApp(t testing.TB, entries ...string) model.CanvasApp {
	t.Helper()
	src := []byte("no archive")
	if len(entries) > 0 {
		var items []msapp.Item
		for i := 0; i < len(entries); i += 2 {
			items = append(items, msapp.Item{Name: entries[i], Data: []byte(entries[i+1])})
		}
		var err error
		if src, err = msapp.Build(items); err != nil {
			t.Fatal(err)
		}
	}
	parts, err := solution.PartsOf(fstest.MapFS{
		"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>contoso_app</Name><DocumentUri>/CanvasApps/contoso_app_DocumentUri.msapp</DocumentUri></CanvasApp><CanvasApp><Name>contoso_none</Name></CanvasApp></CanvasApps></ImportExportXml>`)},
		"CanvasApps/contoso_app_DocumentUri.msapp": {Data: src},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(parts)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := m.CanvasApp("contoso_app")
	return a
}

// outline prints screens and definitions as trees with their formulas, then the data sources.
func outline(t *testing.T, d *model.CanvasDocument) string {
	t.Helper()
	var b strings.Builder
	var show func(c model.CanvasControl, indent string)
	show = func(c model.CanvasControl, indent string) {
		fmt.Fprintf(&b, "%s%s: %s\n", indent, c.Name(), c.Kind())
		for property, formula := range c.Formulas() {
			fmt.Fprintf(&b, "%s  .%s %q\n", indent, property, formula)
		}
		for child := range c.Children() {
			show(child, indent+"  ")
		}
	}
	screens, err := d.Screens()
	if err != nil {
		t.Fatal(err)
	}
	for c := range screens {
		show(c, "")
		n := 0
		for range c.All() {
			n++
		}
		fmt.Fprintf(&b, "%d in %s\n", n, c.Name())
	}
	definitions, err := d.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	for c := range definitions {
		show(c, "definition ")
	}
	sources, err := d.DataSources()
	if err != nil {
		t.Fatal(err)
	}
	for s := range sources {
		fmt.Fprintf(&b, "%s %s table=%s dataset=%s connector=%s sample=%v at %s\n", s.Name(), s.Kind(), s.Table(), s.Dataset(), s.ConnectorID(), s.IsSample(), s.JSON().Location())
	}
	return b.String()
}

func TestCanvasDocument(t *testing.T) {
	const second = `{"TopParent":{"Name":"Second","Index":1,"Template":{"Name":"screen"},"Rules":[],"Children":[{"Name":"Gallery1","Template":{"Name":"gallery"},` +
		`"Rules":[{"Property":"Items","InvariantScript":"Orders"}],"Children":[{"Name":"Title1","Template":{"Name":"label"},"Rules":[],"Children":[]}]}]}}`
	const first = `{"TopParent":{"Name":"First","Index":0,"Template":{"Name":"screen"},"Rules":[{"Property":"Fill","InvariantScript":"White"}],"Children":[]}}`
	const app = `{"TopParent":{"Name":"App","Index":0,"Template":{"Name":"appinfo"},"Rules":[],"Children":[]}}`
	const component = `{"TopParent":{"Name":"Header","Index":0,"Template":{"Name":"0123abcd"},"Rules":[],"Children":[]}}`
	const data = `{"DataSources":[{"Name":"Orders","Type":"NativeCDSDataSourceInfo","LogicalName":"contoso_order","DatasetName":"default.cds","IsSampleData":false},` +
		`{"Name":"List","Type":"ConnectedDataSourceInfo","TableName":"t1","DatasetName":"site","ApiId":"/providers/x/shared_sharepointonline"},{"Name":"Sample","Type":"StaticDataSourceInfo","IsSampleData":true}]}`
	tests := []struct {
		name    string
		entries []string
		want    string
	}{
		{"JSON", []string{`Controls\1.json`, app, `Controls\4.json`, second, `Controls\7.json`, first, `Components\2.json`, component, `References\DataSources.json`, data, `Src\First.pa.yaml`, "Screens:\n  Other:\n"},
			`First: screen
  .Fill "White"
1 in First
Second: screen
  Gallery1: gallery
    .Items "Orders"
    Title1: label
3 in Second
definition Header: 0123abcd
Orders NativeCDSDataSourceInfo table=contoso_order dataset=default.cds connector= sample=false at CanvasApps/contoso_app_DocumentUri.msapp/References/DataSources.json:1:17
List ConnectedDataSourceInfo table=t1 dataset=site connector=/providers/x/shared_sharepointonline sample=false at CanvasApps/contoso_app_DocumentUri.msapp/References/DataSources.json:1:147
Sample StaticDataSourceInfo table= dataset= connector= sample=true at CanvasApps/contoso_app_DocumentUri.msapp/References/DataSources.json:1:281
`},
		{"sources alone", []string{`Src\A.pa.yaml`, "# notice\r\nScreens:\r\n  A b:\r\n    Properties:\r\n      Fill: =White\r\n    Children:\r\n      - Button1:\r\n          Control: Classic/Button@2.2.0\r\n          Properties:\r\n" +
			"            OnSelect: |-\r\n              =Set(x, 1);\r\n\r\n              Back()\r\n            Text: '=\"it''s\"'\r\n      - Group1:\r\n          Control: GroupContainer@1.3.0\r\n          Variant: AutoLayout\r\n          Children:\r\n            - Label1:\r\n                Control: Label@2.5.1\r\n",
			`Src\App.pa.yaml`, "App:\n  Properties:\n    Theme: =T\n", `Src\Z.pa.yaml`, "Screens:\n  Z:\n", `Src\_EditorState.pa.yaml`, "EditorState:\n  ScreensOrder:\n    - Z\n    - A b\n"},
			`Z: screen
1 in Z
A b: screen
  .Fill "=White"
  Button1: Classic/Button
    .OnSelect "=Set(x, 1);\n\nBack()"
    .Text "=\"it's\""
  Group1: GroupContainer
    Label1: Label
4 in A b
`},
		{"no folders", []string{`Entities.json`, `{"Entities":[{"Name":"Sample","Type":"ResourceInfo"},{"Name":"Orders","Type":"ConnectedDataSourceInfo","TableName":"t"},{"Name":"B","Type":"ControlInfo","Index":1.0,"Template":{"Name":"screen"}},` +
			`{"Name":"App","Type":"ControlInfo","Index":0.0,"Template":{"Name":"appinfo"}},{"Name":"A","Type":"ControlInfo","Index":0.0,"Template":{"Name":"screen"}}]}`},
			"A: screen\n1 in A\nB: screen\n1 in B\nOrders ConnectedDataSourceInfo table=t dataset= connector= sample=false at CanvasApps/contoso_app_DocumentUri.msapp/Entities.json:1:54\n"},
		{"nothing", []string{"Header.json", "{}"}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d, err := canvasApp(t, test.entries...).Document()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, outline(t, d)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// What is no document, or has an entry that is none, is an error that says where.
func TestCanvasDocumentErrors(t *testing.T) {
	const file = "CanvasApps/contoso_app_DocumentUri.msapp"
	if _, err := canvasApp(t).Document(); err == nil || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("no archive: %v", err)
	}
	none, _ := canvasApp(t).Model().CanvasApp("contoso_none")
	if d, err := none.Document(); d != nil || err != nil {
		t.Errorf("without a document: %v, %v", d, err)
	}
	d, err := canvasApp(t, `Controls\1.json`, "{", `References\DataSources.json`, "[", `Components\1.json`, "x").Document()
	if err != nil {
		t.Fatal(err)
	}
	_, err1 := d.Screens()
	_, err2 := d.Definitions()
	_, err3 := d.DataSources()
	for i, err := range []error{err1, err2, err3} {
		if err == nil || !strings.HasPrefix(err.Error(), file+"/") {
			t.Errorf("%d: %v", i, err)
		}
	}
}

func FuzzCanvasSources(f *testing.F) {
	f.Add("Screens:\n  A:\n    Children:\n      - B:\n          Control: C@1\n")
	f.Add("Screens:\n  'A':\n    Properties:\n      X: |-\n        =1\n\n        2\n- \n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := canvasApp(t, `Src\A.pa.yaml`, text).Document()
		if err != nil {
			t.Fatal(err)
		}
		screens, err := d.Screens()
		if err != nil {
			t.Fatal(err)
		}
		for s := range screens {
			for c := range s.All() {
				if !strings.Contains(text, c.Name()) {
					t.Errorf("a control %q out of nothing in %q", c.Name(), text)
				}
			}
		}
	})
}
