package connref_test

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// FuzzSettings: what is parsed can be edited, the edit is read back, and nothing else changes.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{`{}`, `{"EnvironmentVariables":[],"ConnectionReferences":null}`,
		`{"EnvironmentVariables":[{"SchemaName":"a","Value":"1"}],"X":{"y":[1]}}`,
		"\xef\xbb\xbf{\r\n\"ConnectionReferences\": [ {\"LogicalName\":\"a\"} ,{\"ConnectionId\":null,\"LogicalName\":\"b\"}]}"} {
		f.Add([]byte(seed), "a", "v")
	}
	f.Fuzz(func(t *testing.T, src []byte, name, value string) {
		st, err := connref.ParseSettings(src, "settings.json")
		if err != nil || name == "" || !valid(name) || !valid(value) {
			return
		}
		before := len(st.ConnectionReferences())
		next, err := st.WithVariable(name, value)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if a, ok := next.Variable(name); !ok || a.Value != value {
			t.Fatalf("%q is %q, want %q\n%s", name, a.Value, value, next.Bytes())
		}
		if len(next.ConnectionReferences()) != before {
			t.Fatal("connection references changed")
		}
		again, err := next.WithVariable(name, value)
		if err != nil || !bytes.Equal(again.Bytes(), next.Bytes()) {
			t.Fatalf("setting it again changed it: %v", err)
		}
	})
}

func valid(s string) bool { return bytes.Equal([]byte(s), bytes.ToValidUTF8([]byte(s), []byte("?"))) }

// FuzzRead: no part makes reading panic, and places lie within the part.
func FuzzRead(f *testing.F) {
	f.Add("Workflows/a.json", []byte(`{"properties":{"connectionReferences":{"a":{"connection":{"connectionReferenceLogicalName":"x"}}}}}`))
	f.Add("botcomponents/a/data", []byte("- connectionReference: 'x' # y\r\n"))
	f.Add("customizations.xml", []byte(`<ImportExportXml><CanvasApps><CanvasApp><ConnectionReferences>{"a":{"id":"b"}}</ConnectionReferences></CanvasApp></CanvasApps></ImportExportXml>`))
	f.Add("customizations.xml", []byte(`<ImportExportXml><EnvironmentVariables><Definition><SchemaName>a</SchemaName><Type>100000005</Type><DefaultValue>b</DefaultValue></Definition></EnvironmentVariables></ImportExportXml>`))
	f.Add("environment_variable_values.json", []byte(`{"EnvironmentVariableValues":[{"EnvironmentVariableDefinition.SchemaName":"a","Value":"b"}]}`))
	f.Add("environmentvariabledefinitions/a/environmentvariablevalues.json", []byte(`{"environmentvariablevalues":{"environmentvariablevalue":[{"value":1}]}}`))
	f.Add("environmentvariabledefinitions/a/environmentvariabledefinition.xml", []byte(`<e schemaname="A"><type>5</type></e>`))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if !fs.ValidPath(name) || name == "." {
			return // no file system has it
		}
		set, err := connref.Read(partsOf(t, fstest.MapFS{name: {Data: src}}))
		if err != nil {
			return
		}
		for _, u := range set.Uses {
			if u.Location.Start.Offset < 0 || u.Location.End.Offset > len(src) || u.Location.File != name {
				t.Fatalf("use outside of the part: %v", u)
			}
		}
		if _, _, err := set.Settings(nil); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzVariable: a default or value that is set is read back, clearing it again leaves none, and nothing else changes.
func FuzzVariable(f *testing.F) {
	folder := `<environmentvariabledefinition schemaname="cts_a"><displayname default="A" /><type>100000000</type></environmentvariabledefinition>`
	for _, text := range []string{"", "plain", "a & <b>", `"quoted" \ back`, "two\nlines", " blanks "} {
		f.Add(folder, text, false)
		f.Add(`<Definition><SchemaName>cts_a</SchemaName><DefaultValue xsi:nil="true" /></Definition>`, text, true)
	}
	f.Fuzz(func(t *testing.T, element, text string, section bool) {
		if strings.Contains(text, "\r") {
			return // lines of XML end in LF
		}
		files := fstest.MapFS{"environmentvariabledefinitions/cts_a/environmentvariabledefinition.xml": {Data: []byte(element)}}
		if section {
			files = fstest.MapFS{"customizations.xml": {Data: []byte(`<ImportExportXml xmlns:xsi="x"><EnvironmentVariables>` + element + `</EnvironmentVariables></ImportExportXml>`)}}
		}
		p := partsOf(t, files)
		set, err := connref.Read(p)
		if err != nil || len(set.Diagnostics()) > 0 || len(set.Variables) != 1 {
			return
		}
		name := set.Variables[0].SchemaName
		if _, err := connref.SetVariableDefault(p, name, &text); err != nil {
			return // no XML can hold it
		}
		change := func(p solution.Parts, set func(solution.Parts, string, *string) (*solution.Change, error), text *string) solution.Parts {
			c, err := set(p, name, text)
			if err != nil {
				t.Fatal(err)
			}
			next, err := c.Apply(p)
			if err != nil {
				t.Fatal(err)
			}
			return next
		}
		with := change(change(p, connref.SetVariableDefault, &text), connref.SetVariableValue, &text)
		v := scan(t, with).Variables[0]
		if v.Default == nil || v.Default.Reveal() != text || v.Value == nil || v.Value.Reveal() != text {
			t.Fatalf("default %v, value %v, want %q\n%s", v.Default, v.Value, text, element)
		}
		v = scan(t, change(change(with, connref.SetVariableDefault, nil), connref.SetVariableValue, nil)).Variables[0]
		if v.Default != nil || v.Value != nil {
			t.Fatalf("default %v, value %v after clearing", v.Default, v.Value)
		}
		if v.Type != set.Variables[0].Type || v.DisplayName != set.Variables[0].DisplayName {
			t.Fatalf("%+v was %+v", v, set.Variables[0])
		}
	})
}
