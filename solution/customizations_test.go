package solution_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
)

func TestLookup(t *testing.T) {
	c, err := solution.ParseCustomizations([]byte(`<ImportExportXml>
<Connectors><Connector><connectorid>{`+guidA+`}</connectorid><name>Fab_Thing</name></Connector></Connectors>
<WebResources><WebResource><WebResourceId>{`+guidB+`}</WebResourceId><Name>fab_a.js</Name></WebResource></WebResources>
<Workflows><Workflow WorkflowId="{`+guidA+`}" Name="Flow" /><Workflow WorkflowId="{`+guidA+`}" Name="Twice" /></Workflows>
<SiteMap><SiteMap /></SiteMap>
</ImportExportXml>`), solution.CustomizationsFile)
	if err != nil {
		t.Fatal(err)
	}
	a, b := guid(t, guidA), guid(t, guidB)
	for _, tt := range []struct {
		key  solution.Key
		want string // the name, "" if nothing is found
	}{
		{solution.IDKey("connector", a), "Fab_Thing"},
		{solution.NameKey("connector", "", "fab_thing"), "Fab_Thing"},
		{solution.NameKey("connector", "", "fab_thing").WithID(b), "Fab_Thing"}, // another environment's id
		{solution.IDKey("connector", b), ""},
		{solution.NameKey("connector", "", "FAB_Thing"), "Fab_Thing"}, // names in keys are folded
		{solution.NameKey("webresource", "", "fab_a.js"), "fab_a.js"},
		{solution.IDKey("webresource", b), "fab_a.js"},
		{solution.IDKey("workflow", a), "Flow"}, // the first of two
		{solution.NameKey("workflow", "", "flow"), ""},
		{solution.NameKey("workflow", "", ""), ""},
		{solution.Key{}, ""},
	} {
		got, ok := c.Lookup(tt.key)
		if got.Name != tt.want || ok != (tt.want != "") {
			t.Errorf("%v: got %q, %v, want %q", tt.key, got.Name, ok, tt.want)
		}
	}
	if got, ok := c.Lookup(solution.NameKey("sitemap", "", "")); !ok || got.Path != "SiteMap" {
		t.Errorf("the default site map: got %v, %v", got, ok)
	}
	n := 0
	for range c.OfType(solution.TypeWorkflow) {
		n++
	}
	if n != 2 {
		t.Errorf("OfType found %d workflows", n)
	}
}

// A name counts in whatever way its text is written.
func TestNamesAsText(t *testing.T) {
	for text, want := range map[string]string{
		"fab_a": "fab_a", " fab_a\n": "fab_a", "<![CDATA[fab_a]]>": "fab_a", "\n  <![CDATA[fab_a]]>\n": "fab_a", "fab<!-- x -->_a": "fab_a",
		"<!-- x --> fab_a": "fab_a", "fab&#95;a": "fab_a", "  ": "",
	} {
		c, err := solution.ParseCustomizations([]byte("<ImportExportXml><Entities><Entity><Name>"+text+"</Name></Entity></Entities>"+
			"<Languages><Language>"+text+"</Language></Languages></ImportExportXml>"), solution.CustomizationsFile)
		if err != nil {
			t.Fatal(err)
		}
		for x := range c.Elements() {
			if x.Name != want {
				t.Errorf("%s of %q: got %q, want %q", x.Path, text, x.Name, want)
			}
		}
	}
}

// Each section that the catalogue names has its place in the order.
func TestSectionNames(t *testing.T) {
	names := solution.SectionNames()
	if sorted := slices.Sorted(slices.Values(names)); len(slices.Compact(sorted)) != len(names) {
		t.Errorf("a section is there twice: %v", names)
	}
	for info := range solution.ComponentTypes() {
		for path := range strings.FieldsSeq(info.Section) {
			if section, _, _ := strings.Cut(path, "/"); !slices.Contains(names, section) {
				t.Errorf("%s: section %s has no place in the order of sections", info.Type, section)
			}
		}
	}
	// Exports have these though they are empty.
	standard := strings.Fields("Entities Roles Workflows FieldSecurityProfiles Templates EntityMaps EntityRelationships OrganizationSettings optionsets CustomControls EntityDataProviders")
	for _, name := range append(names, "Nothing") {
		if got := solution.IsStandardSection(name); got != slices.Contains(standard, name) {
			t.Errorf("IsStandardSection(%s): %v", name, got)
		}
	}
	names[0] = "changed"
	if solution.SectionNames()[0] != "Entities" {
		t.Error("a caller can change the names")
	}
}
