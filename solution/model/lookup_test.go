package model_test

import (
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A component with a name and a GUID is found by both together, and by each alone.
func TestComponentByEachKey(t *testing.T) {
	p, err := solution.PartsOf(fstest.MapFS{
		"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><WebResources><WebResource><WebResourceId>{0a1b2c3d-0000-4000-8000-000000000001}</WebResourceId><Name>cts_a.js</Name></WebResource></WebResources></ImportExportXml>`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	id, err := solution.ParseGUID("0a1b2c3d-0000-4000-8000-000000000001")
	if err != nil {
		t.Fatal(err)
	}
	name := solution.NameKey(solution.TypeWebResource, "", "cts_a.js")
	for _, k := range []solution.Key{name, name.WithID(id), solution.IDKey(solution.TypeWebResource, id)} {
		if c, ok := m.Component(k); !ok || c.Name() != "cts_a.js" {
			t.Errorf("%#v: %v", k, ok)
		}
	}
	for _, k := range []solution.Key{{}, solution.IDKey(solution.TypeWebResource, solution.GUID{}), solution.IDKey(solution.TypeRole, id), solution.NameKey(solution.TypeWebResource, "", "cts_b.js")} {
		if c, ok := m.Component(k); ok {
			t.Errorf("%#v is %s", k, c.Name())
		}
	}
}

// The numbers of categories are those of the column category of the table of processes.
func TestCategories(t *testing.T) {
	for want, got := range []int{model.ClassicWorkflow, model.Dialog, model.BusinessRule, model.Action, model.BusinessProcessFlow, model.CloudFlow, model.DesktopFlow} {
		if got != want {
			t.Errorf("category %d is %d", want, got)
		}
	}
}
