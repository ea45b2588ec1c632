package connref_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// appDocument is an .msapp of names and contents, in turn.
func appDocument(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, pairs[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

const appProperties = `{"Name":"ä","LocalConnectionReferences":"{\"c1\":{\"connectionRef\":{\"id\":\"/providers/microsoft.powerapps/apis/shared_sql\",\"xrmConnectionReferenceLogicalName\":\"new_sql\"}},` +
	`\"c2\":{\"connectionRef\":{\"xrmConnectionReferenceLogicalName\":\"NEW_Sql\"}},\"c3\":{\"connectionRef\":{\"xrmConnectionReferenceLogicalName\":\"new_other\"}}}","Tail":1}`

// appParts is a solution of two apps: the metadata of the first is silent about its connections, the document of the second is none.
func appParts(t *testing.T) (solution.Parts, []byte) {
	t.Helper()
	document := appDocument(t, "Header.json", "{}", "Properties.json", appProperties, `Controls\1.json`, `{"new_sql":1}`, "checksum.json", "{}")
	sys := fstest.MapFS{
		"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>Apps</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>new_a</Name><DocumentUri>/CanvasApps/new_a.msapp</DocumentUri></CanvasApp>` +
			`<CanvasApp><Name>new_b</Name><ConnectionReferences>{"x":{"xrmConnectionReferenceLogicalName":"new_sql"}}</ConnectionReferences><DocumentUri>/CanvasApps/new_b.msapp</DocumentUri></CanvasApp></CanvasApps>` +
			`<connectionreferences><connectionreference connectionreferencelogicalname="new_sql"><connectorid>/providers/Microsoft.PowerApps/apis/shared_sql</connectorid></connectionreference></connectionreferences></ImportExportXml>`)},
		"CanvasApps/new_a.msapp": {Data: document},
		"CanvasApps/new_b.msapp": {Data: []byte("no zip")},
	}
	p, err := solution.PartsOf(sys)
	if err != nil {
		t.Fatal(err)
	}
	return p, document
}

func TestReadReachesIntoApps(t *testing.T) {
	p, _ := appParts(t)
	set, err := connref.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range set.Uses {
		got = append(got, fmt.Sprint(u.By, " ", u.Name, " ", u.Location, " ", u.Location.Path))
	}
	want := []string{"canvasapp new_b new_sql customizations.xml:1:150 CanvasApp/ConnectionReferences",
		"canvasapp new_a new_sql CanvasApps/new_a.msapp Properties.json#/LocalConnectionReferences/c1/connectionRef/xrmConnectionReferenceLogicalName",
		"canvasapp new_a new_other CanvasApps/new_a.msapp Properties.json#/LocalConnectionReferences/c3/connectionRef/xrmConnectionReferenceLogicalName"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("uses (-want +got)\n%s", diff)
	}
	found := fmt.Sprint(set.Diagnostics())
	if !strings.Contains(found, "CanvasApps/new_b.msapp: warning: what this app refers to is known by its metadata alone") {
		t.Errorf("findings %s", found)
	}
}

func TestRenameReachesIntoApps(t *testing.T) {
	p, document := appParts(t)
	change, err := connref.Rename(p, "new_sql", "new_database")
	if err != nil {
		t.Fatal(err)
	}
	found := fmt.Sprint(change.Diagnostics())
	if strings.Count(found, "connref/app-contents") != 1 || !strings.Contains(found, "customizations.xml:1:") {
		t.Errorf("findings %s, want one: of the app whose document can't be read", found)
	}
	out, err := change.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	data, err := out.ReadPart("CanvasApps/new_a.msapp")
	if err != nil {
		t.Fatal(err)
	}
	app, err := packager.OpenApp(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Header.json", "Properties.json", "Controls/1.json"}, app.Names()); diff != "" {
		t.Errorf("entries (-want +got)\n%s", diff)
	}
	text, err := app.ReadFile("Properties.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.NewReplacer("new_sql", "new_database", "NEW_Sql", "new_database").Replace(appProperties), string(text)); diff != "" {
		t.Errorf("Properties.json (-want +got)\n%s", diff)
	}
	// What stays is in the document with its stream.
	head := document[:bytes.Index(document, []byte("Properties.json"))-30]
	if !bytes.HasPrefix(data, head) {
		t.Error("Header.json is not copied")
	}
	if data, err := out.ReadPart("CanvasApps/new_b.msapp"); err != nil || string(data) != "no zip" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestRemoveOfWhatAnAppUses(t *testing.T) {
	p, _ := appParts(t)
	if _, err := connref.RemoveReference(p, "new_sql"); err == nil || !strings.Contains(err.Error(), "is used by canvasapp new_b, canvasapp new_a") {
		t.Errorf("error %v", err)
	}
}
