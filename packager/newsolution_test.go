package packager

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// newSolution returns the parts of a solution without components.
func newSolution(t *testing.T) solution.Parts {
	t.Helper()
	m, err := solution.NewManifest("Contoso", solution.Version{Major: 1}, solution.Publisher{UniqueName: "contoso", Prefix: "cts", OptionValuePrefix: 10000})
	if err != nil {
		t.Fatal(err)
	}
	return solution.NewParts(m)
}

// withElement returns parts with an element in a section, which is made if need be, in front of the languages.
func withElement(t *testing.T, p solution.Parts, section, element string, edit func(*solution.Editor)) solution.Parts {
	t.Helper()
	custom, err := p.ReadPart(solution.CustomizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	e := solution.NewEditor(p)
	empty := []byte("<" + section + " />")
	at, end := bytes.Index(custom, empty), 0
	if end = at + len(empty); at < 0 {
		at = bytes.Index(custom, []byte("<Languages>"))
		end = at
	}
	e.Splice(solution.CustomizationsFile, at, end, "<"+section+">"+element+"</"+section+">")
	if edit != nil {
		edit(e)
	}
	c, err := e.Change()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.Apply(p)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A solution is made in memory: the parts of an empty one, and a change that adds a connector with its file and its root
// component. It packs as either kind.
func TestNewSolutionOfConnectors(t *testing.T) {
	parts := withElement(t, newSolution(t), "Connectors", `<Connector><connectorid>00000001-5a5a-4b4b-8c8c-0123456789ab</connectorid><name>cts_5Fapi</name>`+
		`<openapidefinition>/Connector/cts_5Fapi_openapidefinition.json</openapidefinition></Connector>`, func(e *solution.Editor) {
		e.Add("Connector/cts_5Fapi_openapidefinition.json", []byte("{}"))
	})
	root, err := solution.EditManifest(parts, func(m *solution.Manifest) (*solution.Manifest, error) {
		return m.WithRootComponent(solution.NewRootComponent(solution.TypeConnector, "cts_5Fapi", solution.GUID{}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if parts, err = root.Apply(parts); err != nil {
		t.Fatal(err)
	}
	tree, err := Unpack(parts, nil)
	if err != nil {
		t.Fatal(err)
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

func TestConvertRefusesWhatDiffers(t *testing.T) {
	tree, err := Unpack(withElement(t, newSolution(t), "Entities", `<Entity><Name>cts_Widget</Name><FormXml><forms type="main"><systemform><formid>{00000000-0000-0000-0000-000000000001}</formid></systemform></forms></FormXml></Entity>`, nil), nil)
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
