package connector

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// seeds adds the fixture, changed in the ways that the rules are about, to a fuzz target.
func seeds(f *testing.F) {
	files := fixture(f)
	def, props := files[definitionFile], files[propertiesFile]
	f.Add(def, props, []byte(nil))
	leak := leaky(f)
	f.Add(leak[definitionFile], leak[propertiesFile], []byte("class Script : ScriptBase {}"))
	f.Add([]byte(`{"swagger":"2.0","paths":{"/a{":{"get":{"parameters":[{"$ref":"#/parameters/x"}]}}},"parameters":{"x":{"$ref":"#/parameters/x"}}}`), []byte(`{}`), []byte(nil))
	f.Add([]byte(`{"definitions":{"a":{"$ref":"#/definitions/a"},"b":{"allOf":[{"$ref":"#/definitions/b"}],"items":{"$ref":"#/definitions/a"}}}}`), []byte(`{"properties":{"connectionParameters":null}}`), []byte(nil))
	f.Add([]byte(`{"a":1,"a":{},"definitions":[],"paths":[],"parameters":"x","info":[]}`), []byte(`[]`), []byte(nil))
	f.Add([]byte("\xef\xbb\xbf{\"openapi\":\"3.0\"}"), []byte(`{"properties":{"policyTemplateInstances":[1,{}],"scriptOperations":{}}}`), []byte(nil))
	f.Add([]byte(`{"paths":{"/a":{"x-ms-notification-content":{},"post":{"x-ms-trigger":"single","parameters":[{"in":"body","schema":{"$ref":"#/definitions/a"}}]}}},"definitions":{"a":{"properties":{"u":{"$ref":"#/definitions/a","x-ms-notification-url":true}}}}}`), []byte(`{}`), []byte(nil))
}

func fuzzFiles(def, props, script []byte) map[string][]byte {
	files := map[string][]byte{definitionFile: def, propertiesFile: props}
	if len(script) > 0 {
		files[scriptFile] = script
	}
	return files
}

// FuzzLoad reads, checks, lists and strips whatever comes: nothing panics, errors are typed, places lie
// in the files, and fixes apply.
func FuzzLoad(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, def, props, script []byte) {
		fsys := toFS(fuzzFiles(def, props, script))
		c, err := Load(fsys, ".")
		if err != nil {
			var se *SyntaxError
			if !errors.As(err, &se) || se.Location.File == "" {
				t.Fatalf("untyped error: %v", err)
			}
			if c, err = LoadLenient(fsys, "."); err != nil {
				return
			}
		}
		files := map[string][]byte{}
		for name, data := range c.Files() {
			files[name] = data
		}
		for _, d := range c.Lint(&LintOptions{Certification: true, Deploy: true, Independent: true}) {
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
		for o := range c.Operations() {
			for range o.Parameters() {
			}
			for range o.Responses() {
			}
		}
		stripped, err := c.Strip(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range stripped.Secrets() {
			if s.Kind == Exposed && s.Field == "clientSecret" {
				t.Fatalf("a client secret is left at %v", s.Location)
			}
		}
	})
}

// FuzzConvert takes whatever loads to the solution form and back: what both forms hold stays the same.
func FuzzConvert(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, def, props, script []byte) {
		c, err := Load(toFS(fuzzFiles(def, props, script)), ".")
		if err != nil {
			return
		}
		parts, err := c.As(FormSolution, &ConvertOptions{Name: "cat_x", AllowLoss: true})
		if err != nil {
			t.Fatal(err)
		}
		sol, err := Load(parts.FS(), ".")
		if err != nil {
			t.Fatalf("%v\n%s", err, parts.Element)
		}
		want, got := held(t, c), held(t, sol)
		if c.Props.Params.Kind() == jsonspan.Null {
			want["connectionParameters"] = got["connectionParameters"]
		}
		// XML cannot tell line ends apart, and holds no control characters: a colour with either is none.
		if !colorPattern.MatchString(c.BrandColor()) {
			want["iconBrandColor"], got["iconBrandColor"] = "", ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-files +solution)\n%s", diff)
		}
		back, err := sol.As(FormFiles, &ConvertOptions{AllowLoss: true})
		if err != nil {
			t.Fatal(err)
		}
		again, err := Load(back.FS(), ".")
		if err != nil {
			t.Fatal(err)
		}
		final := held(t, again)
		if !colorPattern.MatchString(c.BrandColor()) {
			final["iconBrandColor"] = ""
		}
		if diff := cmp.Diff(got, final); diff != "" {
			t.Fatalf("(-solution +files)\n%s", diff)
		}
	})
}

// FuzzElement reads whatever stands in customizations.xml.
func FuzzElement(f *testing.F) {
	c := load1(f, fixture(f))
	parts, err := c.As(FormSolution, &ConvertOptions{Prefix: "cat", AllowLoss: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(parts.Element)
	f.Add([]byte("<Connector><name>&#x41;</name></Connector><Connector/>"))
	f.Add([]byte("<Connector><scriptoperations>[1</scriptoperations><openapidefinition>/Connector/cat_contoso-20parts_openapidefinition.json</openapidefinition></Connector>"))
	f.Fuzz(func(t *testing.T, element []byte) {
		files := map[string][]byte{"customizations.xml": bytes.Join([][]byte{[]byte("<ImportExportXml><Connectors>"), element, []byte("</Connectors></ImportExportXml>")}, nil)}
		for _, p := range parts.Files {
			files[p.Name] = p.Data
		}
		for c, err := range All(toFS(files)) {
			if err != nil {
				continue
			}
			c.Lint(&LintOptions{Certification: true})
			if p, err := c.As(FormSolution, nil); err == nil {
				if _, err := Load(p.FS(), "."); err != nil {
					t.Fatalf("the own form does not load again: %v\n%s", err, p.Element)
				}
			}
		}
	})
}
