package diag_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// sarifTool and sarifFindings hold every feature of the output once.
func sarifTool() diag.Tool {
	return diag.Tool{
		Name: "demo", Version: "1.2.3", URL: "https://example.com/demo",
		Rules: rules(
			diag.Rule{ID: "solution/z-unused", Severity: diag.Note, Summary: "not raised"},
			diag.Rule{ID: "solution/duplicate-root", Severity: diag.Warning, Summary: "a root twice", Help: "Remove one of <both>.", URL: "https://example.com/d"},
		),
	}
}

func rules(list ...diag.Rule) *diag.Catalogue {
	c, err := diag.NewCatalogue(slices.Values(list))
	if err != nil {
		panic(err)
	}
	return c
}

func sarifFindings() diag.List {
	const text = "<a>\n  <b é=\"1\"/>\n</a>"
	lines := diag.NewLines([]byte(text))
	at := lines.Span("Other/Sol ution#1:é.xml", 6, 17)
	at.Path = "RootComponents/RootComponent[2]"
	return diag.List{
		{
			Rule: "solution/duplicate-root", Severity: diag.Error, Message: `root "x" occurs twice: remove one`, Location: at,
			Related: []diag.Related{{Location: lines.Span("Other/Sol ution#1:é.xml", 0, 3), Message: "first here"}, {Message: "no place"}, {Message: "no place"}},
			Fixes: []diag.Fix{
				{Message: "remove it", Edits: []diag.Edit{
					{File: "b.xml", Start: 5, End: 5, New: "\xff"},
					{File: "a.xml", Start: 9, End: 9, New: "<x/>"},
					{File: "a.xml", Start: 2, End: 4},
				}},
				{Message: "nothing to do"},
			},
		},
		{Rule: "other/unknown", Severity: diag.Note, Message: "whole file", Location: diag.Location{File: "a.xml"}},
		{Rule: "other/unknown", Severity: diag.Severity(9), Message: "nowhere"},
	}
}

func TestWriteSARIF(t *testing.T) {
	var got bytes.Buffer
	if err := diag.WriteSARIF(&got, sarifTool(), sarifFindings()); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/all.sarif")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The schema in testdata says what the standard demands of the parts that are written, and forbids
// all others, so a misspelt property cannot pass.
func TestWriteSARIFSchema(t *testing.T) {
	schema, err := jsonschema.Compile("testdata/sarif-subset.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, l := range map[string]diag.List{"all": sarifFindings(), "empty": nil} {
		for _, tool := range []diag.Tool{sarifTool(), {Name: "bare"}} {
			var out bytes.Buffer
			if err := diag.WriteSARIF(&out, tool, l); err != nil {
				t.Fatal(err)
			}
			var v any
			if err := json.Unmarshal(out.Bytes(), &v); err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%s, %s: %v\n%s", name, tool.Name, err, out.Bytes())
			}
		}
	}
	var bad any
	if err := json.Unmarshal([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{}},"results":[]}]}`), &bad); err != nil {
		t.Fatal(err)
	}
	if schema.Validate(bad) == nil {
		t.Error("the schema accepts a driver without a name")
	}
}

func TestWriteSARIFOrder(t *testing.T) {
	l := sarifFindings()
	given := slices.Clone(l)
	var a, b bytes.Buffer
	if err := diag.WriteSARIF(&a, sarifTool(), l); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(given, l); diff != "" {
		t.Errorf("the list changed (-before +after)\n%s", diff)
	}
	slices.Reverse(l)
	if err := diag.WriteSARIF(&b, sarifTool(), l); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(a.String(), b.String()); diff != "" {
		t.Errorf("order of input matters (-given +reversed)\n%s", diff)
	}
}

func TestWriteSARIFErrors(t *testing.T) {
	if err := diag.WriteSARIF(&bytes.Buffer{}, diag.Tool{}, nil); err == nil || !strings.Contains(err.Error(), "no name") {
		t.Errorf("tool without a name: got %v", err)
	}
	broken := errors.New("disk full")
	if err := diag.WriteSARIF(failingWriter{broken}, sarifTool(), nil); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
