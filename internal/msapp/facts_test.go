package msapp

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func TestFacts(t *testing.T) {
	connections := `{"c1":{"connectionRef":{"id":"x","xrmConnectionReferenceLogicalName":"new_sp","parameterHints":{"workflowEntityId":{"value":"0a0a0a0a-0000-4000-8000-000000000001"}}},` +
		`"datasets":{"s/1":{"datasetOverride":{"environmentVariableName":"new_Site"},"dataSources":{"L":{"tableNameOverride":{"environmentVariableName":"new_List"}}}}}},` +
		`"c2":{"connectionRef":{"customApiLogicalName":"new_api","parameterHints":{"workflowEntityId":{}}}}}`
	properties := `{"Name": "a", "LocalConnectionReferences": ` + jsonspan.Quote(connections) + `, "LocalDatabaseReferences": ` +
		jsonspan.Quote(`{"default.cds":{"environmentVariableName":"","dataSources":{"A":{"logicalName":"new_a"}}}}`) + `, "LibraryDependencies": ` +
		jsonspan.Quote(`[{"LibraryLogicalName":"new_lib"}]`) + `}`
	tests := []struct{ entry, src, want string }{
		{"Properties.json", properties, `5 new_sp /LocalConnectionReferences/c1/connectionRef/xrmConnectionReferenceLogicalName
2 0a0a0a0a-0000-4000-8000-000000000001 /LocalConnectionReferences/c1/connectionRef/parameterHints/workflowEntityId/value
4 new_api /LocalConnectionReferences/c2/connectionRef/customApiLogicalName
6 new_Site /LocalConnectionReferences/c1/datasets/s~11/datasetOverride/environmentVariableName
6 new_List /LocalConnectionReferences/c1/datasets/s~11/dataSources/L/tableNameOverride/environmentVariableName
1 new_a /LocalDatabaseReferences/default.cds/dataSources/A/logicalName
3 new_lib /LibraryDependencies/0/LibraryLogicalName
`},
		{`references\datasources.json`, `{"DataSources": [{"Type": "StaticDataSourceInfo"}, {"LogicalName": "new_b"}, {"WorkflowEntityId": "0b"}, 7]}`, `1 new_b /DataSources/1/LogicalName
2 0b /DataSources/2/WorkflowEntityId
`},
		{"Header.json", `{"LogicalName": "x"}`, ""},
		{"Properties.json", `{"LocalConnectionReferences": "", "LibraryDependencies": null, "LocalDatabaseReferences": {"a": 1}}`, ""},
		{"Properties.json", `[]`, ""},
	}
	for _, tt := range tests {
		facts, err := Facts(tt.entry, []byte(tt.src))
		if err != nil {
			t.Errorf("%s: %v", tt.entry, err)
		}
		var got strings.Builder
		for _, f := range facts {
			fmt.Fprintln(&got, f.Kind, f.Text, f.Path)
			if raw := tt.src[f.Start:f.End]; raw != f.Text {
				t.Errorf("%s stands at %q", f.Text, raw)
			}
		}
		if diff := cmp.Diff(tt.want, got.String()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.entry, diff)
		}
	}
}

func TestFactsOfBrokenText(t *testing.T) {
	facts, err := Facts("Properties.json", []byte(`{"LocalConnectionReferences": "{", "LibraryDependencies": "[{\"LibraryLogicalName\": \"new_lib\"}]"}`))
	if err == nil || !strings.Contains(err.Error(), "the text of LocalConnectionReferences is not JSON") {
		t.Errorf("error %v", err)
	}
	if len(facts) != 1 || facts[0].Text != "new_lib" {
		t.Errorf("facts %v, want that of the other text", facts)
	}
}

// factsOf returns the app of some entries, what it says and how much may still be inflated.
func factsOf(t *testing.T, left int64, pairs ...string) (*App, []Fact, int64, error) {
	t.Helper()
	a, err := Parse(made(t, pairs...), nil)
	if err != nil {
		t.Fatal(err)
	}
	facts, err := a.AllFacts(&left)
	return a, facts, left, err
}

func texts(facts []Fact) []string {
	out := []string{}
	for _, f := range facts {
		out = append(out, f.Entry+": "+f.Text)
	}
	return out
}

func TestAllFacts(t *testing.T) {
	properties := `{"LibraryDependencies": "[{\"LibraryLogicalName\": \"new_lib\"}]"}`
	sources := `{"DataSources": [{"LogicalName": "new_order"}]}`
	both := int64(len(properties) + len(sources))
	tests := []struct {
		name  string
		left  int64
		pairs []string
		want  []string
		rest  int64
		err   string
		limit bool
	}{
		{"both", both, []string{`References\DataSources.json`, sources, "Properties.json", properties}, []string{"Properties.json: new_lib", "References/DataSources.json: new_order"}, 0, "", false},
		{"none", 5, []string{"Header.json", "{}"}, []string{}, 5, "", false},
		{"too much", both - 1, []string{`References\DataSources.json`, sources, "Properties.json", properties}, []string{"Properties.json: new_lib"}, int64(len(sources)) - 1,
			`"References\\DataSources.json": 47 bytes: limit exceeded`, true},
		{"no JSON", 100, []string{"properties.JSON", "{", `References\DataSources.json`, sources}, []string{"References/DataSources.json: new_order"}, 52, `"properties.JSON": `, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, facts, left, err := factsOf(t, tt.left, tt.pairs...)
			if diff := cmp.Diff(tt.want, texts(facts)); diff != "" {
				t.Errorf("facts (-want +got)\n%s", diff)
			}
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) || errors.Is(err, ErrLimit) != tt.limit {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
			if left != tt.rest {
				t.Errorf("%d bytes are left, want %d", left, tt.rest)
			}
		})
	}
}

// What was read before an entry is damaged, counts.
func TestAllFactsOfDamage(t *testing.T) {
	src := made(t, "Properties.json", `{"LibraryDependencies": "[{\"LibraryLogicalName\": \"new_lib\"}]"}`, `References\DataSources.json`, `{"DataSources": []}`)
	src[bytes.Index(src, []byte(`References\DataSources.json`))+len(`References\DataSources.json`)] ^= 0xff
	a, err := Parse(src, nil)
	if err != nil {
		t.Fatal(err)
	}
	left := int64(1000)
	facts, err := a.AllFacts(&left)
	if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), `DataSources.json"`) {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff([]string{"Properties.json: new_lib"}, texts(facts)); diff != "" {
		t.Errorf("facts (-want +got)\n%s", diff)
	}
	if _, err := a.Rename(facts, "new_other"); !errors.Is(err, ErrFormat) {
		t.Errorf("Rename in a damaged app: error %v", err)
	}
}

// Rename replaces texts where they stand, in texts of texts too, and leaves all else, but for the checksum.
func TestRename(t *testing.T) {
	connections := `{"c1": {"connectionRef": {"xrmConnectionReferenceLogicalName": "new_\u0061"}}, "c2": {"connectionRef": {"xrmConnectionReferenceLogicalName": "new_b"}},` +
		` "c3": {"connectionRef": {"xrmConnectionReferenceLogicalName": "new_a"}}}`
	properties := `{"Name": "new_a", "LocalConnectionReferences": ` + jsonspan.Quote(connections) + `}`
	a, facts, _, err := factsOf(t, 1<<20, "Header.json", `{"a": 1}`, "Properties.json", properties, "Checksum.json", `{}`, `References\DataSources.json`, `{"DataSources": [{"LogicalName": "new_a"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	var chosen []Fact
	for _, f := range facts {
		if f.Kind == Connection && f.Text == "new_a" {
			chosen = append(chosen, f)
		}
	}
	chosen[0], chosen[1] = chosen[1], chosen[0] // in any order
	out, err := a.Rename(chosen, "new_long_name")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Header.json":                 `{"a": 1}`,
		"Properties.json":             strings.NewReplacer(`\"new_\\u0061\"`, `\"new_long_name\"`, `\"new_a\"`, `\"new_long_name\"`).Replace(properties),
		"References/DataSources.json": `{"DataSources": [{"LogicalName": "new_a"}]}`,
	}
	if diff := cmp.Diff(want, contents(t, out)); diff != "" {
		t.Errorf("contents (-want +got)\n%s", diff)
	}
	if out, err := a.Rename(nil, "x"); err != nil || !bytes.Equal(out, a.Bytes()) {
		t.Errorf("without a fact to rename the app is another (%v)", err)
	}
}

// A name that is the text of a text of an entry stands there with two kinds of escapes.
func TestFactsInTextsOfTexts(t *testing.T) {
	inner := `{"connectionRef": {"customApiLogicalName": "new_\u00e4"}}`
	outer := `{"c": ` + inner + `}`
	src := `{"LocalConnectionReferences": ` + jsonspan.Quote(outer) + `}`
	facts, err := Facts("Properties.json", []byte(src))
	if err != nil || len(facts) != 1 {
		t.Fatalf("facts %v, error %v", facts, err)
	}
	if f := facts[0]; f.Text != "new_ä" || src[f.Start:f.End] != `new_\\u00e4` {
		t.Errorf("%q stands at %q", f.Text, src[f.Start:f.End])
	}
	if _, err := Facts("Properties.json", []byte(`{`)); err == nil {
		t.Error("no error for what is no JSON")
	}
}

// Places count through escapes of every kind.
func TestUnescapedPlaces(t *testing.T) {
	for _, raw := range []string{`abc`, `\"a\"`, `ü\u00fcx`, `\ud83d\ude00x`, `\ud83dx`, `\ud83d\u0041x`, `\ud83d\ud83d\ude00`, `\\u0041`, ``, `a\n`, `\ud83d`} {
		text := jsonspan.Unquote([]byte(raw))
		places := unescapedPlaces([]byte(raw), 0)
		if len(places) != len(text)+1 {
			t.Errorf("%s: %d places for %d bytes", raw, len(places), len(text))
			continue
		}
		for i := range text {
			// A rune that begins here stands in what is between its place and the next one's.
			next := i + 1
			for next < len(text) && text[next]&0xc0 == 0x80 {
				next++
			}
			if got := jsonspan.Unquote([]byte(raw[places[i]:places[next]])); got != text[i:next] {
				t.Errorf("%s: %q stands at %q", raw, text[i:next], got)
			}
		}
	}
}

// FuzzFacts holds that no bytes make it panic, and that a text stands where it is said to.
func FuzzFacts(f *testing.F) {
	f.Add([]byte(`{"LocalConnectionReferences": "{\"a\":{\"connectionRef\":{\"xrmConnectionReferenceLogicalName\":\"new_\\u0061\"}}}"}`))
	f.Add([]byte(`{"LocalDatabaseReferences": "{\"a\":{\"dataSources\":{\"b\":{\"logicalName\":\"\\ud83d\\ude00\"}}}}"}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		facts, _ := Facts("Properties.json", src)
		for _, x := range facts {
			text := jsonspan.Unquote(jsonText(src[x.Start:x.End]))
			if text != x.Text {
				t.Errorf("%q stands at %q", x.Text, src[x.Start:x.End])
			}
		}
	})
}

// jsonText takes off the escapes of the entry around those of the text in it.
func jsonText(raw []byte) []byte { return []byte(jsonspan.Unquote(raw)) }
