package connref_test

import (
	"bytes"
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/solutionkit/solutionkit/connref"
)

// FuzzSettings: what is parsed can be edited, the edit is read back, and nothing else changes.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{`{}`, `{"EnvironmentVariables":[],"ConnectionReferences":null}`,
		`{"EnvironmentVariables":[{"SchemaName":"a","Value":"1"}],"X":{"y":[1]}}`,
		"\xef\xbb\xbf{\r\n\"ConnectionReferences\": [ {\"LogicalName\":\"a\"} ,{\"ConnectionId\":null,\"LogicalName\":\"b\"}]}"} {
		f.Add([]byte(seed), "a", "v")
	}
	f.Fuzz(func(t *testing.T, src []byte, name, value string) {
		st, err := connref.ParseSettings(src)
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

// FuzzScan: no part makes a scan panic, and places lie within the part.
func FuzzScan(f *testing.F) {
	f.Add("Workflows/a.json", []byte(`{"properties":{"connectionReferences":{"a":{"connection":{"connectionReferenceLogicalName":"x"}}}}}`))
	f.Add("botcomponents/a/data", []byte("- connectionReference: 'x' # y\r\n"))
	f.Add("customizations.xml", []byte(`<ImportExportXml><CanvasApps><CanvasApp><ConnectionReferences>{"a":{"id":"b"}}</ConnectionReferences></CanvasApp></CanvasApps></ImportExportXml>`))
	f.Add("environmentvariabledefinitions/a/environmentvariablevalues.json", []byte(`{"environmentvariablevalues":{"environmentvariablevalue":[{"value":1}]}}`))
	f.Add("environmentvariabledefinitions/a/environmentvariabledefinition.xml", []byte(`<e schemaname="A"><type>5</type></e>`))
	f.Fuzz(func(t *testing.T, name string, src []byte) {
		if !fs.ValidPath(name) || name == "." {
			return // no file system has it
		}
		set, err := connref.Scan(fstest.MapFS{name: {Data: src}})
		if err != nil {
			return
		}
		for _, u := range set.Uses {
			if u.Location.Start.Offset < 0 || u.Location.End.Offset > len(src) || u.Location.File != name {
				t.Fatalf("use outside of the part: %v", u)
			}
		}
		if _, err := set.Settings(nil); err != nil {
			t.Fatal(err)
		}
	})
}
