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
		noise    string   // the rows, each with what follows the document in the path
	}{
		{"formulas", []string{`Controls\1.json`, fill("1", "Red", "")}, []string{`Controls\7.json`, fill("7", "Blue", button)}, []string{
			"changed Controls/Screen1/Fill Red Blue", "added Controls/Screen1/Button1  button"}, "app-stamps Controls/Screen1/ControlUniqueId"},
		{"sources", []string{`Src\Screen1.pa.yaml`, "# old notice\nScreens:\n  A: 1\n", `Controls\1.json`, fill("1", "Red", "")},
			[]string{`Src\Screen1.pa.yaml`, "# new\n# notice\nScreens:\n  A: 2\n", `Controls\1.json`, fill("1", "Blue", "")}, []string{
				"changed Src/Screen1.pa.yaml   A: 1\n   A: 2\n"}, "app-sources Controls/Screen1"},
		{"controls beside equal sources", []string{`Src\Screen1.pa.yaml`, "A: 1\n", `Controls\1.json`, fill("1", "Red", "")},
			[]string{`Src\Screen1.pa.yaml`, "A: 1\n", `Controls\1.json`, fill("1", "Blue", "")}, []string{"changed Controls/Screen1/Fill Red Blue"}, ""},
		{"sources on one side", []string{`Controls\1.json`, fill("1", "Red", "")}, []string{`Src\Screen1.pa.yaml`, "A: 1\n", `Controls\1.json`, fill("1", "Red", "")}, nil,
			"app-sources Src/Screen1.pa.yaml"},
		{"members of controls", []string{`Controls\1.json`, fill("1", "Red", `{"Name":"L","Template":{"Name":"label","Version":"1"},"VariantName":"a","Locked":false,"Parent":"Screen1"}`)},
			[]string{`Controls\1.json`, fill("1", "Red", `{"Name":"L","Template":{"Name":"label","Version":"2"},"VariantName":"b","Locked":true,"Parent":"Screen1","AllowAccessToGlobals":true}`)},
			[]string{"changed Controls/Screen1/L/VariantName a b", "changed Controls/Screen1/L/Locked false true"},
			"app-stamps Controls/Screen1/L/Template/Version, app-stamps Controls/Screen1/L/AllowAccessToGlobals"},
		{"two controls of a name", []string{`Controls\1.json`, fill("1", "Red", button+","+button)}, []string{`Controls\1.json`, fill("1", "Red", button+","+strings.Replace(button, `"1"`, `"2"`, 1))},
			[]string{"changed Controls/Screen1/Children/1/Rules/0/InvariantScript 1 2"}, ""},
		{"dynamic properties", []string{`Controls\1.json`, strings.Replace(fill("1", "Red", ""), `"Rules"`, `"DynamicProperties":[{"PropertyName":"FillPortions","Rule":{"InvariantScript":"0"}}],"Rules"`, 1)},
			[]string{`Controls\1.json`, strings.Replace(fill("1", "Red", ""), `"Rules"`, `"DynamicProperties":[{"PropertyName":"FillPortions","Rule":{"InvariantScript":"1"}}],"Rules"`, 1)},
			[]string{"changed Controls/Screen1/DynamicProperties/FillPortions 0 1"}, ""},
		{"themes", []string{`References\Themes.json`, `{"CurrentTheme":"a"}`, `References\ModernThemes.json`, `{"Themes":[]}`}, []string{`References\Themes.json`, `{"CurrentTheme":"b"}`, `References\ModernThemes.json`, `{"Themes":[{"Name":"t"}]}`},
			[]string{"added References/ModernThemes.json#/Themes/0  {\"Name\":\"t\"}", "changed References/Themes.json#/CurrentTheme a b"}, ""},
		{"templates", []string{`References\Templates.json`, `{"UsedTemplates":[{"Name":"label","Version":"1","Template":"<a/>"}]}`},
			[]string{`References\Templates.json`, `{"UsedTemplates":[{"Name":"label","Version":"2","Template":"<b/>"},{"Name":"button","Version":"1"}]}`},
			[]string{"added References/Templates.json#/UsedTemplates/1  {\"Name\":\"button\",\"Version\":\"1\"}"},
			"app-library References/Templates.json#/UsedTemplates/0/Version, app-library References/Templates.json#/UsedTemplates/0/Template"},
		{"logo", []string{`Resources\PublishInfo.json`, `{"AppName":"A","LogoFileName":"ab.jpg"}`, `Resources\ab.jpg`, "1"}, []string{`Resources\PublishInfo.json`, `{"AppName":"B","LogoFileName":"cd.jpg"}`, `Resources\cd.jpg`, "1"},
			[]string{"changed Resources/PublishInfo.json#/AppName A B"}, "app-stamps Resources/PublishInfo.json#/LogoFileName"},
		{"another logo", []string{`Resources\PublishInfo.json`, `{"LogoFileName":"ab.jpg"}`, `Resources\ab.jpg`, "1\n"}, []string{`Resources\PublishInfo.json`, `{"LogoFileName":"ab.jpg"}`, `Resources\ab.jpg`, "2\n"},
			[]string{"changed (logo) 1\n 2\n"}, ""},
		{"flags", []string{"Properties.json", `{"AppPreviewFlagsMap":{"a":true,"b":true}}`}, []string{"Properties.json", `{"AppPreviewFlagsMap":{"a":false,"c":true}}`},
			[]string{"changed Properties.json#/AppPreviewFlagsMap/a true false"}, "app-library Properties.json#/AppPreviewFlagsMap/c, app-library Properties.json#/AppPreviewFlagsMap/b"},
		{"data sources", []string{`References\DataSources.json`, `{"DataSources":[{"Name":"Mail","TableDefinition":"{\"a\":1}","WadlMetadata":{"SwaggerJson":"{\"paths\":{\"/a\":{}}}"}}]}`},
			[]string{`References\DataSources.json`, `{"DataSources":[{"Name":"Mail","TableDefinition":"{\"a\":2}","WadlMetadata":{"SwaggerJson":"{\"paths\": {\"/a\":{\"get\":1}}}"}}]}`},
			[]string{`added References/DataSources.json#/DataSources/0/WadlMetadata/SwaggerJson#/paths/~1a/get  1`}, "app-copy References/DataSources.json#/DataSources/0/TableDefinition#/a"},
		{"notice", []string{`Src\A.pa.yaml`, "# old\r\nA: 1\r\n"}, []string{`Src\A.pa.yaml`, "# new\r\nA: 1\r\n"}, nil, "app-stamps Src/A.pa.yaml#notice"},
		{"stamps", []string{"Header.json", "{}", "checksum.json", "{}", "AppCheckerResult.sarif", "{}", "Properties.json", `{"ControlCount":1,"Name":"a"}`},
			[]string{"Header.json", `{"LastSavedDateTimeUTC":"1"}`, "checksum.json", `{"a":1}`, "AppCheckerResult.sarif", `{"a":1}`, "Properties.json", `{"Name":"a","ControlCount":2}`}, nil,
			"app-stamps AppCheckerResult.sarif, app-stamps Header.json#/LastSavedDateTimeUTC, app-stamps Properties.json#/ControlCount, app-stamps checksum.json"},
		{"stamps that came", []string{"Properties.json", "{}"}, []string{"Properties.json", "{}", ".gitignore", "/Controls/", `Src\_EditorState.pa.yaml`, "A: 1"}, nil,
			"app-stamps .gitignore, app-stamps Src/_EditorState.pa.yaml"},
		{"components", []string{"ComponentsMetadata.json", `{"Components":[{"Name":"c","AllowCustomization":true}]}`}, []string{"ComponentsMetadata.json", `{"Components":[{"Name":"c","AllowCustomization":false}]}`},
			[]string{"changed ComponentsMetadata.json#/Components/0/AllowCustomization true false"}, ""},
		{"property", []string{"Properties.json", `{"Name":"a"}`}, []string{"Properties.json", `{"Name":"b"}`}, []string{"changed Properties.json#/Name a b"}, ""},
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
			var noise []string
			for x := range c.Noise() {
				for _, p := range x.Properties {
					_, inside, _ := strings.Cut(p.Path, ".msapp/")
					noise = append(noise, p.Noise+" "+inside)
				}
			}
			if d := cmp.Diff(tt.noise, strings.Join(noise, ", ")); d != "" {
				t.Errorf("noise (-want +got):\n%s", d)
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
