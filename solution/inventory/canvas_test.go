package inventory_test

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/inventory"
)

// An inventory has the screens of canvas apps and what they read and write, and says of which app that is not known.
func TestCanvasApps(t *testing.T) {
	var document bytes.Buffer
	z := zip.NewWriter(&document)
	for _, entry := range [][2]string{
		{`Controls\1.json`, `{"TopParent":{"Name":"App","Index":0,"Template":{"Name":"appinfo"}}}`},
		{`Controls\4.json`, `{"TopParent":{"Name":"Second","Index":1,"Template":{"Name":"screen"},"Children":[{"Name":"G","Template":{"Name":"gallery"},"Children":[{"Name":"L","Template":{"Name":"label"}}]}]}}`},
		{`Controls\9.json`, `{"TopParent":{"Name":"First","Index":0,"Template":{"Name":"screen"}}}`},
		{`References\DataSources.json`, `{"DataSources":[{"Name":"Tasks","Type":"NativeCDSDataSourceInfo","LogicalName":"task"},{"Name":"Kinds","Type":"OptionSetInfo"},` +
			`{"Name":"Mail","Type":"ServiceInfo","ApiId":"/providers/Microsoft.PowerApps/apis/shared_office365"},{"Name":"Basket","Type":"CollectionDataSourceInfo"},{"Name":"New","Type":"TomorrowInfoDataSourceInfo"}]}`},
	} {
		w, err := z.Create(entry[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(entry[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	app := func(name string) string {
		return `<CanvasApp><Name>` + name + `</Name><DisplayName>` + name + `</DisplayName><DocumentUri>/CanvasApps/` + name + `_DocumentUri.msapp</DocumentUri></CanvasApp>`
	}
	parts, err := solution.PartsOf(fstest.MapFS{
		"solution.xml":                        {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml":                  {Data: []byte(`<ImportExportXml><CanvasApps>` + app("ct_app") + app("ct_bad") + `</CanvasApps></ImportExportXml>`)},
		"CanvasApps/ct_app_DocumentUri.msapp": {Data: document.Bytes()},
		"CanvasApps/ct_bad_DocumentUri.msapp": {Data: []byte("no archive")},
	})
	if err != nil {
		t.Fatal(err)
	}
	inv := take(t, parts)
	want := []inventory.App{
		{Name: "ct_app", Title: "ct_app", Kind: "canvas app", Uses: []string{}, Screens: []inventory.Screen{{Name: "First"}, {Name: "Second", Controls: 2}},
			DataSources: []inventory.DataSource{{Name: "Basket", Kind: "collection"}, {Name: "Mail", Kind: "connector or flow", Of: "shared_office365"}, {Name: "Tasks", Kind: "table", Of: "task"},
				{Name: "New", Kind: "TomorrowInfoDataSourceInfo"}}},
		{Name: "ct_bad", Title: "ct_bad", Kind: "canvas app", Uses: []string{}, Screens: []inventory.Screen{}, DataSources: []inventory.DataSource{}, Unread: true},
	}
	for i := range inv.Solutions[0].Apps {
		inv.Solutions[0].Apps[i].Uses = []string{} // what it refers to is of other tests
	}
	if diff := cmp.Diff(want, inv.Solutions[0].Apps); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	text := markdown(t, inv)
	for _, part := range []string{`Second \(2 controls\)`, `Mail \(connector or flow shared\_office365\)`, "not known: the document of the app can't be read"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}
