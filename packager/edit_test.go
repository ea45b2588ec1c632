package packager

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func connectorFS() fstest.MapFS {
	return fstest.MapFS{
		"Connectors/cts_5Fapi.xml":                    {Data: []byte(`<Connector><connectorid>00000001-5a5a-4b4b-8c8c-0123456789ab</connectorid><name>cts_5Fapi</name><openapidefinition>/Connector/cts_5Fapi_openapidefinition.json</openapidefinition></Connector>`)},
		"Connectors/cts_5Fapi_openapidefinition.json": {Data: []byte(`{}`)},
	}
}

func newSolution(t *testing.T) *Tree {
	t.Helper()
	m, err := solution.NewManifest("Contoso", solution.Version{Major: 1}, solution.Publisher{UniqueName: "contoso", Prefix: "cts", OptionValuePrefix: 10000})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(solution.NewParts(m), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func TestNewSolutionOfConnectors(t *testing.T) {
	empty := newSolution(t)
	tree, err := empty.WithFiles(connectorFS())
	if err != nil {
		t.Fatal(err)
	}
	root := solution.NewRootComponent(solution.TypeConnector, "cts_5Fapi", solution.GUID{})
	m, err := tree.Manifest().WithRootComponent(root)
	if err != nil {
		t.Fatal(err)
	}
	if tree, err = tree.WithManifest(m); err != nil {
		t.Fatal(err)
	}
	if len(empty.Names()) != 2 {
		t.Errorf("WithFiles changed its receiver: %v", empty.Names())
	}
	list, err := tree.Check()
	if err != nil || list.Max() > diag.Note {
		t.Errorf("Check: %v, %v", list, err)
	}
	var zip bytes.Buffer
	if _, err := Pack(&zip, tree, &PackOptions{Kind: new(solution.Managed), Convert: true}); err != nil {
		t.Fatal(err)
	}
	back := unpackBytes(t, zip.Bytes())
	if back.Manifest().Kind() != solution.Managed {
		t.Errorf("kind %s", back.Manifest().Kind())
	}
	entries := zipEntries(t, zip.Bytes())
	if string(entries["Connector/cts_5Fapi_openapidefinition.json"]) != "{}" {
		t.Errorf("entries: %v", entries)
	}
	if !strings.Contains(string(entries[customizationsPart]), "<name>cts_5Fapi</name>") {
		t.Errorf("customizations.xml:\n%s", entries[customizationsPart])
	}
}

func TestWithFilesRefuses(t *testing.T) {
	tree := newSolution(t)
	for name, path := range map[string]string{"root": "x.txt", "other": "Other/x.xml", "device": "Connectors/con.json", "dot": "Connectors/.x"} {
		if _, err := tree.WithFiles(fstest.MapFS{path: {}}); err == nil {
			t.Errorf("%s: %s was added", name, path)
		}
	}
}

func TestConvertRefusesWhatDiffers(t *testing.T) {
	tree, err := newSolution(t).WithFiles(fstest.MapFS{
		"Entities/cts_Widget/Entity.xml": {Data: []byte("<Entity><Name>cts_Widget</Name></Entity>")},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Pack(&bytes.Buffer{}, tree, &PackOptions{Kind: new(solution.Managed)})
	if !errors.Is(err, ErrKind) || !strings.Contains(err.Error(), "unmanaged") || !strings.Contains(err.Error(), "managed was asked") {
		t.Errorf("without Convert: %v", err)
	}
	_, err = Pack(&bytes.Buffer{}, tree, &PackOptions{Kind: new(solution.Managed), Convert: true})
	if !errors.Is(err, ErrKind) || !strings.Contains(err.Error(), "Entities") {
		t.Errorf("with Convert: %v", err)
	}
}
