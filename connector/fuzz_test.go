package connector

import (
	"bytes"
	"errors"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
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

// FuzzLoad reads, lists and strips whatever comes: nothing panics, errors are typed.
func FuzzLoad(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, def, props, script []byte) {
		fsys := toFS(fuzzFiles(def, props, script))
		list, err := Load(fsys)
		if err != nil {
			var se *solution.SyntaxError
			if !errors.As(err, &se) || se.File == "" || len(list) != 0 {
				t.Fatalf("untyped error: %v", err)
			}
			if list, err = LoadLenient(fsys); err != nil {
				return
			}
		}
		c := list[0]
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

var colorPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// FuzzConvert takes whatever loads to the solution form and back: what both forms hold stays the same.
func FuzzConvert(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, def, props, script []byte) {
		list, err := Load(toFS(fuzzFiles(def, props, script)))
		if err != nil {
			return
		}
		c := list[0]
		sol := only(t)(Read(put(t, empty(t), &ConvertOptions{Name: "cat_x", AllowLoss: true}, c)))
		want, got := held(t, c), held(t, sol)
		if c.index().Props.Params.Kind() == jsonspan.Null {
			want["connectionParameters"] = got["connectionParameters"]
		}
		// XML cannot tell line ends apart, and holds no control characters: a colour with either is none.
		if !colorPattern.MatchString(c.BrandColor()) {
			want["iconBrandColor"], got["iconBrandColor"] = "", ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-files +solution)\n%s", diff)
		}
		back, err := sol.ToFiles(&ConvertOptions{AllowLoss: true})
		if err != nil {
			t.Fatal(err)
		}
		final := held(t, only(t)(Load(back)))
		if !colorPattern.MatchString(c.BrandColor()) {
			final["iconBrandColor"] = ""
		}
		if diff := cmp.Diff(got, final); diff != "" {
			t.Fatalf("(-solution +files)\n%s", diff)
		}
	})
}

// FuzzElement reads whatever stands in customizations.xml, and puts what it read into another solution.
func FuzzElement(f *testing.F) {
	p := put(f, empty(f), &ConvertOptions{AllowLoss: true}, load1(f, fixture(f)))
	f.Add(only(f)(Read(p)).index().Element.Source())
	f.Add([]byte("<Connector><name>&#x41;</name></Connector><Connector/>"))
	f.Add([]byte("<Connector><scriptoperations>[1</scriptoperations><openapidefinition>/Connector/cat_contoso-20parts_openapidefinition.json</openapidefinition></Connector>"))
	files := map[string]string{}
	for _, name := range p.Names() {
		src, err := p.ReadPart(name)
		if err != nil {
			f.Fatal(err)
		}
		files[name] = string(src)
	}
	f.Fuzz(func(t *testing.T, element []byte) {
		files["customizations.xml"] = string(bytes.Join([][]byte{[]byte("<ImportExportXml><Connectors>"), element, []byte("</Connectors></ImportExportXml>")}, nil))
		list, _ := Read(toParts(t, files))
		for _, c := range list {
			c.Secrets()
			change, err := Put(empty(t), []*Connector{c}, nil)
			if err != nil {
				continue
			}
			after, err := change.Apply(empty(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(held(t, c), held(t, only(t)(Read(after)))); diff != "" {
				t.Fatalf("(-from +to)\n%s", diff)
			}
		}
	})
}
