package content_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// faulty has, in each place that two packages read, a fault that both see.
func faulty() fstest.MapFS {
	return fstest.MapFS{
		"solution.xml": {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>1 bad</UniqueName><Version>1.0.0.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>new_a</Name><ConnectionReferences>{"x"</ConnectionReferences></CanvasApp>
<CanvasApp><Name>new_b</Name><ConnectionReferences>{"x": {"xrmConnectionReferenceLogicalName": "new_gone"}}</ConnectionReferences></CanvasApp></CanvasApps></ImportExportXml>`)},
		"Workflows/bad.json": {Data: []byte(`{"properties": ]`)},
		"Workflows/uses.json": {Data: []byte(`{"properties":{"connectionReferences":{"x":{"connection":{"connectionReferenceLogicalName":"new_gone"},"api":{"name":"shared_x"}}},
"definition":{"parameters":{"a":{"metadata":{"schemaName":"new_gone"}}}}}}`)},
		"botcomponents/t/data":                                               {Data: []byte("connectionReference: new_gone\n")},
		"Assets/botcomponent_connectionreferenceset.xml":                     {Data: []byte(`<s><l botcomponentid.schemaname="t" connectionreferenceid.connectionreferencelogicalname="new_gone" /></s>`)},
		"Assets/bad_connectionreferenceset.xml":                              {Data: []byte(`<s connectionreferenceid.connectionreferencelogicalname="x">`)},
		"environmentvariabledefinitions/v/environmentvariabledefinition.xml": {Data: []byte(`<environmentvariabledefinition schemaname="v">`)},
		"environmentvariabledefinitions/v/environmentvariablevalues.json":    {Data: []byte(`{`)},
	}
}

// TestCheck: each fact is told once, though several packages see it.
func TestCheck(t *testing.T) {
	found, err := content.Check(partsOf(t, faulty()), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range found {
		if !strings.HasPrefix(d.Rule, "solution/") {
			got = append(got, fmt.Sprintf("%v %v %s", d.Location, d.Severity, d.Rule))
		}
	}
	want := []string{
		"Assets/bad_connectionreferenceset.xml:1:1 error content/malformed",
		"Assets/botcomponent_connectionreferenceset.xml:1:4 warning connref/reference-missing",
		"Workflows/bad.json:1:16 error content/malformed",
		"Workflows/uses.json:1:92 error connref/reference-missing",
		"Workflows/uses.json:2:59 error content/unresolved",
		"botcomponents/t/data:1:22 warning connref/reference-missing",
		"customizations.xml:1:59 error content/malformed",
		"customizations.xml:2:30 warning connref/reference-missing",
		"environmentvariabledefinitions/v/environmentvariabledefinition.xml:1:1 error content/malformed",
		"environmentvariabledefinitions/v/environmentvariablevalues.json:1:2 error content/malformed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return strings.HasPrefix(d.Rule, "solution/") }) {
		t.Error("nothing about the manifest")
	}
}

// TestOneFact: what connref tells of a solution without settings, content tells in the same words at the same place, but for parts that
// only connref reads.
func TestOneFact(t *testing.T) {
	p := partsOf(t, faulty())
	set, err := connref.Read(p)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, d := range read(t, p).Diagnostics() {
		told[d.String()] = true
	}
	compared := 0
	for _, d := range set.Check(nil) {
		if d.Rule != "content/malformed" && d.Rule != "connref/reference-missing" || strings.HasSuffix(d.Location.File, "values.json") {
			continue
		}
		if !told[d.String()] {
			t.Errorf("content does not tell: %v", d)
		}
		compared++
	}
	if compared < 8 {
		t.Errorf("%d findings compared", compared)
	}
}

// TestRules: every rule that is raised is in the catalogue, which has no id twice.
func TestRules(t *testing.T) {
	known := map[string]bool{}
	for r := range content.Rules() {
		if known[r.ID] || r.Summary == "" {
			t.Errorf("rule %q is there twice or says nothing", r.ID)
		}
		known[r.ID] = true
	}
	for _, d := range read(t, faulty()).Diagnostics() {
		if !known[d.Rule] {
			t.Errorf("rule %s is not in the catalogue", d.Rule)
		}
	}
}

// made matches the tests of solutions that were made by hand.
var made = regexp.MustCompile(`/[0-9][0-9]-`)

// TestCorpusParts: what belongs to no component is a file that the manifest of the parts needs, or one that no element names.
func TestCorpusParts(t *testing.T) {
	owned, loose := 0, map[string]int{}
	eachReal(t, func(t *testing.T, p *packager.Package) {
		belongs := map[string]bool{}
		c := read(t, p)
		for x := range c.Components() {
			for _, name := range x.Parts {
				belongs[name] = true
				if _, err := p.ReadPart(name); err != nil {
					t.Errorf("%v has a part that is not there: %v", x.Key, err)
				}
			}
			if !slices.IsSorted(x.Parts) {
				t.Errorf("parts of %v are not sorted: %q", x.Key, x.Parts)
			}
		}
		for _, name := range p.Names() {
			folder, _, nested := strings.Cut(name, "/")
			switch {
			case belongs[name]:
				owned++
			case nested && made.MatchString(t.Name()): // some hold files that nothing claims
				loose[folder]++
			case nested:
				t.Errorf("%s belongs to nothing", name)
			}
		}
	})
	t.Logf("%d parts belong to components; not: %v", owned, loose)
}

func ExampleCheck() {
	parts, err := solution.PartsOf(fstest.MapFS{ // or a zip that packager.Open opened, or the parts of a tree
		"customizations.xml":  {Data: []byte(`<ImportExportXml />`)},
		"Workflows/Send.json": {Data: []byte(`{"properties":{"connectionReferences":{"m":{"connection":{"connectionReferenceLogicalName":"new_mail"}}}}}`)},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := content.Check(parts, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range found {
		fmt.Println(d)
	}
	// Output: Workflows/Send.json:1:92: error: workflow send uses connection reference "new_mail", which is found nowhere: add it to the solution (connref/reference-missing)
}
