package lint

import (
	"bytes"
	"testing"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// seeds adds the fixture, changed in the ways that the rules are about, to a fuzz target.
func seeds(f *testing.F) {
	files := fixture(f)
	def, props := files[definitionFile], files[propertiesFile]
	f.Add(def, props, []byte(nil))
	f.Add(def, props, []byte("class Script : ScriptBase {}"))
	f.Add([]byte(`{"swagger":"2.0","paths":{"/a{":{"get":{"parameters":[{"$ref":"#/parameters/x"}]}}},"parameters":{"x":{"$ref":"#/parameters/x"}}}`), []byte(`{}`), []byte(nil))
	f.Add([]byte(`{"definitions":{"a":{"$ref":"#/definitions/a"},"b":{"allOf":[{"$ref":"#/definitions/b"}],"items":{"$ref":"#/definitions/a"}}}}`), []byte(`{"properties":{"connectionParameters":null}}`), []byte(nil))
	f.Add([]byte(`{"a":1,"a":{},"definitions":[],"paths":[],"parameters":"x","info":[]}`), []byte(`[]`), []byte(nil))
	f.Add([]byte("\xef\xbb\xbf{\"openapi\":\"3.0\"}"), []byte(`{"properties":{"policyTemplateInstances":[1,{}],"scriptOperations":{}}}`), []byte(nil))
	f.Add([]byte(`{"paths":{"/a":{"x-ms-notification-content":{},"post":{"x-ms-trigger":"single","parameters":[{"in":"body","schema":{"$ref":"#/definitions/a"}}]}}},"definitions":{"a":{"properties":{"u":{"$ref":"#/definitions/a","x-ms-notification-url":true}}}}}`), []byte(`{}`), []byte(nil))
}

// FuzzCheck checks whatever comes: nothing panics, errors are findings, places lie in the files, and fixes apply.
func FuzzCheck(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, def, props, script []byte) {
		fsys := toFS(fuzzFiles(def, props, script))
		list, err := connector.Load(fsys)
		if found, rest := Unreadable(err); rest != nil {
			t.Fatalf("untyped error: %v", rest)
		} else if len(found) > 0 {
			if found[0].Location.File == "" || ruleByID()[found[0].Rule] == nil {
				t.Fatalf("bad finding %+v", found[0])
			}
			if list, err = connector.LoadLenient(fsys); err != nil {
				return
			}
		}
		c := list[0]
		files := filesOf(t, c)
		for _, d := range Check(c, &Options{Certification: true, Deploy: true, Independent: true}) {
			data := files[d.Location.File]
			if ruleByID()[d.Rule] == nil || d.Message == "" || d.Location.Start.Offset > len(data) || d.Location.End.Offset < d.Location.Start.Offset {
				t.Fatalf("bad finding %+v", d)
			}
			for _, fix := range d.Fixes {
				if _, err := diag.Apply(files[fix.Edits[0].File], fix.Edits); err != nil {
					t.Fatalf("fix %q of %v: %v", fix.Message, d, err)
				}
			}
		}
	})
}

func fuzzFiles(def, props, script []byte) map[string][]byte {
	files := map[string][]byte{definitionFile: def, propertiesFile: props}
	if len(script) > 0 {
		files[scriptFile] = script
	}
	return files
}

// FuzzCheckSolution checks whatever stands in customizations.xml and solution.xml.
func FuzzCheckSolution(f *testing.F) {
	definition := fixture(f)[definitionFile]
	f.Add([]byte("<Connector><name>cat_a</name><openapidefinition>/Connector/a.json</openapidefinition></Connector>"), []byte("<RootComponents><RootComponent type=\"372\" schemaName=\"cat_b\" /></RootComponents>"))
	f.Add([]byte("<Connector><name>&#x41;</name></Connector><Connector/>"), []byte("<Publisher><CustomizationPrefix>cat</CustomizationPrefix></Publisher>"))
	f.Add([]byte("<Connector><scriptoperations>[1</scriptoperations></Connector>"), []byte("<x>"))
	f.Fuzz(func(t *testing.T, elements, manifest []byte) {
		p, err := solution.PartsOf(toFS(map[string][]byte{
			"customizations.xml": bytes.Join([][]byte{[]byte("<ImportExportXml><Connectors>"), elements, []byte("</Connectors></ImportExportXml>")}, nil),
			"solution.xml":       bytes.Join([][]byte{[]byte("<ImportExportXml><SolutionManifest>"), manifest, []byte("</SolutionManifest></ImportExportXml>")}, nil),
			"Connector/a.json":   definition,
		}))
		if err != nil {
			t.Fatal(err)
		}
		found, err := CheckSolution(p, &Options{Certification: true})
		if err != nil {
			t.Fatalf("untyped error: %v", err)
		}
		for _, d := range found {
			if ruleByID()[d.Rule] == nil || d.Message == "" || d.Location.File == "" {
				t.Fatalf("bad finding %+v", d)
			}
		}
	})
}
