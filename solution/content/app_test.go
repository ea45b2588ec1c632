package content_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/content"
)

// The document of an app tells what its metadata does not, and nothing a second time.
func TestReadReachesIntoApps(t *testing.T) {
	var document bytes.Buffer
	w := zip.NewWriter(&document)
	for _, e := range [][2]string{
		{"Properties.json", `{"LocalDatabaseReferences":"{\"default.cds\":{\"dataSources\":{\"A\":{\"logicalName\":\"new_a\"},\"B\":{\"logicalName\":\"New_B\"}}}}",` +
			`"LocalConnectionReferences":"{\"c\":{\"connectionRef\":{\"xrmConnectionReferenceLogicalName\":\"new_sql\"},\"datasets\":{\"d\":{\"datasetOverride\":{\"environmentVariableName\":\"new_Url\"}}}}}",` +
			`"LibraryDependencies":"[{\"LibraryLogicalName\":\"new_lib\"}]"}`},
		{`References\DataSources.json`, `{"DataSources":[{"LogicalName":"new_b"},{"LogicalName":"new_c"},{"WorkflowEntityId":"0A0A0A0A-0000-4000-8000-000000000001"}]}`},
	} {
		f, err := w.Create(e[0])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, e[1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := content.Read(partsOf(t, fstest.MapFS{
		"customizations.xml": {Data: []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>new_app</Name><DatabaseReferences>{"default.cds":{"dataSources":{"A":{"logicalName":"new_a"}}}}</DatabaseReferences>` +
			`<DocumentUri>/CanvasApps/new_app.msapp</DocumentUri></CanvasApp><CanvasApp><Name>new_bad</Name><DocumentUri>/CanvasApps/new_bad.msapp</DocumentUri></CanvasApp></CanvasApps></ImportExportXml>`)},
		"CanvasApps/new_app.msapp": {Data: document.Bytes()},
		"CanvasApps/new_bad.msapp": {Data: []byte("no zip")},
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for r := range c.References() {
		got = append(got, fmt.Sprint(r.Edge, " ", r.To, " ", r.Location.File, " ", r.Location.Path))
	}
	want := []string{
		"canvas-table entity new_a customizations.xml CanvasApps/CanvasApp/DatabaseReferences",
		"canvas-table entity new_b CanvasApps/new_app.msapp Properties.json#/LocalDatabaseReferences/default.cds/dataSources/B/logicalName",
		"canvas-table entity new_c CanvasApps/new_app.msapp References/DataSources.json#/DataSources/1/LogicalName",
		"canvas-library canvasapp new_lib CanvasApps/new_app.msapp Properties.json#/LibraryDependencies/0/LibraryLogicalName",
		"canvas-flow workflow {0a0a0a0a-0000-4000-8000-000000000001} CanvasApps/new_app.msapp References/DataSources.json#/DataSources/2/WorkflowEntityId",
		"canvas-connection-reference connectionreference new_sql CanvasApps/new_app.msapp Properties.json#/LocalConnectionReferences/c/connectionRef/xrmConnectionReferenceLogicalName",
		"canvas-variable environmentvariabledefinition new_url CanvasApps/new_app.msapp Properties.json#/LocalConnectionReferences/c/datasets/d/datasetOverride/environmentVariableName",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("references (-want +got)\n%s", diff)
	}
	if found := fmt.Sprint(c.Diagnostics()); !strings.Contains(found, "CanvasApps/new_bad.msapp: warning: what this app refers to") {
		t.Errorf("findings %s", found)
	}
}
