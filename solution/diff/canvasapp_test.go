package diff_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// appSolution is a solution with one canvas app whose document has the entries, names and contents in turn.
func appSolution(t *testing.T, entries ...string) solution.Parts {
	t.Helper()
	var items []msapp.Item
	for i := 0; i < len(entries); i += 2 {
		items = append(items, msapp.Item{Name: entries[i], Data: []byte(entries[i+1])})
	}
	src, err := msapp.Build(items)
	if err != nil {
		t.Fatal(err)
	}
	return appOf(t, src)
}

func appOf(t *testing.T, src []byte) solution.Parts {
	t.Helper()
	return partsOf(t, fstest.MapFS{
		"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version><Managed>0</Managed></SolutionManifest></ImportExportXml>`)},
		"customizations.xml": {Data: []byte(`<ImportExportXml><CanvasApps><CanvasApp><Name>contoso_app</Name><DocumentUri>/CanvasApps/contoso_app_DocumentUri.msapp</DocumentUri></CanvasApp></CanvasApps></ImportExportXml>`)},
		"CanvasApps/contoso_app_DocumentUri.msapp": {Data: src},
	})
}

func TestCanvasApp(t *testing.T) {
	const control = `{"TopParent":{"Name":"Screen1","ControlUniqueId":"%","Template":{"Name":"screen"},"Rules":[{"Property":"Fill","InvariantScript":"%"}],"Children":[%]}}`
	fill := func(texts ...string) string {
		s := control
		for _, x := range texts {
			s = strings.Replace(s, "%", x, 1)
		}
		return s
	}
	const button = `{"Name":"Button1","Template":{"Name":"button"},"Rules":[{"Property":"Text","InvariantScript":"1"}],"Children":[]}`
	tests := []struct {
		name     string
		old, new []string
		want     []string // operation, path behind the document, old, new
	}{
		{"formulas", []string{`Controls\1.json`, fill("1", "Red", "")}, []string{`Controls\7.json`, fill("7", "Blue", button)}, []string{
			"changed Controls/Screen1/Fill Red Blue", "added Controls/Screen1/Button1  button"}},
		{"sources", []string{`Src\A.pa.yaml`, "# old notice\nScreens:\n  A: 1\n", `Controls\1.json`, fill("1", "Red", "")},
			[]string{`Src\A.pa.yaml`, "# new\n# notice\nScreens:\n  A: 2\n", `Controls\1.json`, fill("1", "Blue", "")}, []string{
				"changed Src/A.pa.yaml   A: 1\n   A: 2\n"}},
		{"notice", []string{`Src\A.pa.yaml`, "# old\r\nA: 1\r\n"}, []string{`Src\A.pa.yaml`, "# new\r\nA: 1\r\n"}, nil},
		{"stamps", []string{"Header.json", "{}", "checksum.json", "{}", "AppCheckerResult.sarif", "{}", "Properties.json", `{"ControlCount":1,"Name":"a"}`},
			[]string{"Header.json", `{"LastSavedDateTimeUTC":"1"}`, "checksum.json", `{"a":1}`, "AppCheckerResult.sarif", `{"a":1}`, "Properties.json", `{"Name":"a","ControlCount":2}`}, nil},
		{"property", []string{"Properties.json", `{"Name":"a"}`}, []string{"Properties.json", `{"Name":"b"}`}, []string{"changed Properties.json#/Name a b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compare(t, appSolution(t, tt.old...), appSolution(t, tt.new...))
			var got []string
			for x := range c.Changes() {
				for _, p := range x.Properties {
					_, inside, _ := strings.Cut(p.Path, ".msapp/")
					got = append(got, p.Op.String()+" "+inside+" "+p.Old+" "+p.New)
					if p.NewAt.File == "" || p.OldAt.File == "" {
						t.Errorf("%s: no place", p.Path)
					}
				}
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("changes (-want +got):\n%s", d)
			}
			if len(c.Components) == 0 {
				t.Error("other bytes, and not even noise")
			}
			mirror(t, c, compare(t, appSolution(t, tt.new...), appSolution(t, tt.old...)))
		})
	}
}

// TestCanvasAppUnread: an app that is none is compared as bytes, and that is said.
func TestCanvasAppUnread(t *testing.T) {
	c := compare(t, appOf(t, []byte("PK no app")), appOf(t, []byte("PK no app, too")))
	if c.Equal() || len(c.Diagnostics) == 0 {
		t.Errorf("equal %v, diagnostics %v", c.Equal(), c.Diagnostics)
	}
}

func FuzzCompare(f *testing.F) {
	f.Add([]byte(`<ImportExportXml><Entities><Entity><Name>a</Name></Entity></Entities></ImportExportXml>`), []byte(`<ImportExportXml><Entities/></ImportExportXml>`), []byte(`{"a":[1,2]}`), []byte(`{"a":[2,1]}`))
	f.Add([]byte(`<ImportExportXml><optionsets><optionset Name="c"><options><option value="1"/><option value="2"/></options></optionset></optionsets></ImportExportXml>`),
		[]byte(`<ImportExportXml><optionsets><optionset Name="c"><options><option value="2"/><option value="1"/></options></optionset></optionsets></ImportExportXml>`), []byte(`[]`), []byte(`{`))
	f.Fuzz(func(t *testing.T, oldXML, newXML, oldJSON, newJSON []byte) {
		parts := func(xml, json []byte) solution.Parts {
			return partsOf(t, fstest.MapFS{
				"solution.xml":       {Data: []byte(`<ImportExportXml><SolutionManifest><UniqueName>A</UniqueName><Version>1.0</Version></SolutionManifest></ImportExportXml>`)},
				"customizations.xml": {Data: xml},
				"a.json":             {Data: json},
			})
		}
		old, new := parts(oldXML, oldJSON), parts(newXML, newJSON)
		c, err := diff.Compare(old, new, nil)
		if err != nil {
			return
		}
		back, err := diff.Compare(new, old, nil)
		if err != nil || back.Equal() != c.Equal() {
			t.Errorf("the other way round: %v, equal %v, want %v", err, back.Equal(), c.Equal())
		}
		if self := compare(t, old, old); len(self.Components) > 0 {
			t.Errorf("differs from itself: %+v", self.Components)
		}
		if err := c.WriteMarkdown(&bytes.Buffer{}); err != nil {
			t.Error(err)
		}
	})
}
