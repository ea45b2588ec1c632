package msapp

import (
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
