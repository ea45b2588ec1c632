package connref_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/connref"
)

func TestIsRuntimeID(t *testing.T) {
	tests := []struct {
		name, id string
		want     bool
	}{
		{"ppa_5Fsample-203d", "/providers/Microsoft.PowerApps/apis/shared_ppa-5fsample-203d-5f0123456789abcdef", true},
		{"ba_api-2dsport", "shared_api-2dsport-5f0123456789abcdef-5f0123456789abcdef", true},
		{"ba_api-2dsport", "shared_api-2dsport-5f0123456789abcdef", false}, // the prefix goes only with two groups
		{"ba_api-2dsport", "shared_ba-5fapi-2dsport-5f0123456789ABCDEF", true},
		{"ba_api", "shared_ba-5fapi", false},
		{"ba_api", "shared_ba-5fapi-5f0123456789abcdeg", false},
		{"ba_api", "shared_ba-5fapi2-5f0123456789abcdef", false},
		{"", "shared_-5f0123456789abcdef", false},
		{"ba_api", "ba-5fapi-5f0123456789abcdef", false},
	}
	for _, tt := range tests {
		if got := connref.IsRuntimeID(tt.name, tt.id); got != tt.want {
			t.Errorf("IsRuntimeID(%q, %q) = %t", tt.name, tt.id, got)
		}
	}
}

func TestSameConnector(t *testing.T) {
	tests := []struct {
		a, b        string
		same, exact bool
	}{
		{"/providers/Microsoft.PowerApps/apis/shared_office365", "/providers/microsoft.powerapps/apis/shared_Office365", true, true},
		{"shared_office365", "shared_office365users", false, false},
		{"shared_x-5f0123456789abcdef", "shared_x-5ffedcba9876543210", true, false},
		{"shared_x-5f0123456789abcdef", "shared_y-5f0123456789abcdef", false, false},
		{"shared_x-5f0123456789abcdef", "shared_x", false, false},
		{"", "", false, true},
	}
	for _, tt := range tests {
		same, exact := connref.SameConnector(tt.a, tt.b)
		if same != tt.same || exact != tt.exact {
			t.Errorf("SameConnector(%q, %q) = %t, %t", tt.a, tt.b, same, exact)
		}
	}
}

func TestParseSettingsErrors(t *testing.T) {
	tests := []struct{ src, want string }{
		{`[]`, `in.json:1:1: deployment settings are an object, this is a value of type array`},
		{`{"ConnectionReferences": {}}`, `in.json:1:26: ConnectionReferences is an array, this is a value of type object`},
		{"{\"EnvironmentVariables\": [\n1]}", `in.json:2:1: an entry of EnvironmentVariables is an object, this is a value of type number`},
		{`{"EnvironmentVariables": [{"Value": "x"}]}`, `in.json:1:27: an entry of EnvironmentVariables has no SchemaName`},
		{`{"EnvironmentVariables": [{"SchemaName": "a", "Value": 1}]}`, `in.json:1:56: Value is a text: write it in quotes`},
		{"{\"ConnectionReferences\": [{\"LogicalName\": \"a\"},\n{\"LogicalName\": \"A\"}]}",
			`in.json:2:1: "A" occurs twice in ConnectionReferences, first in line 1: keep one`},
		{`{"EnvironmentVariables": [], "EnvironmentVariables": []}`, `in.json:1:26: member "EnvironmentVariables" occurs twice in one object: keep one`},
	}
	for _, tt := range tests {
		_, err := connref.ParseSettings([]byte(tt.src), "in.json")
		if err == nil || err.Error() != tt.want {
			t.Errorf("ParseSettings(%s): %v, want %s", tt.src, err, tt.want)
		}
	}
	if _, err := connref.ParseSettings([]byte(`{"a": }`), "in.json"); err == nil || !strings.HasPrefix(err.Error(), "in.json:1:7: ") {
		t.Errorf("bad JSON: %v", err)
	}
}

func TestWithKeepsTheRest(t *testing.T) {
	src := "{ \"Agents\" : [1,2],\r\n\t\"ConnectionReferences\":[{\"More\":true,\"LogicalName\":\"A_b\",\"ConnectionId\":\"\"}]}"
	st := parse(t, src)
	got, err := st.WithReference("a_B", "c-1", "")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(src, `"ConnectionId":""`, `"ConnectionId":"c-1"`, 1)
	if diff := cmp.Diff(want, string(got.Bytes())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if string(st.Bytes()) != src {
		t.Error("WithReference changed its receiver")
	}
	if same, err := got.WithReference("A_b", "c-1", ""); err != nil || !bytes.Equal(same.Bytes(), got.Bytes()) {
		t.Errorf("setting what is set: %v, %s", err, same.Bytes())
	}
}

func TestMerge(t *testing.T) {
	st := parse(t, `{"EnvironmentVariables":[{"SchemaName":"a","Value":"1"},{"SchemaName":"b","Value":"2"}]}`)
	over := parse(t, `{"EnvironmentVariables":[{"SchemaName":"A","Value":"9"},{"SchemaName":"b","Value":""},{"SchemaName":"c"}],
		"ConnectionReferences":[{"LogicalName":"r","ConnectionId":"x","ConnectorId":"y"}]}`)
	got, err := st.Merge(over)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{}
	for _, a := range got.EnvironmentVariables() {
		values[a.SchemaName] = a.Value
	}
	if diff := cmp.Diff(map[string]string{"a": "9", "b": "2", "c": ""}, values); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r, ok := got.Reference("R"); !ok || r.ConnectionID != "x" || r.ConnectorID != "y" {
		t.Errorf("reference r: %+v", r)
	}
}

func parse(t testing.TB, src string) *connref.Settings {
	t.Helper()
	st, err := connref.ParseSettings([]byte(src), "in.json")
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestTextHidesSecrets(t *testing.T) {
	v := scan(t, partsOf(t, fstest.MapFS{"environmentvariabledefinitions/a/environmentvariabledefinition.xml": {Data: []byte(
		`<environmentvariabledefinition schemaname="a"><type>100000005</type><defaultvalue>vault-path</defaultvalue></environmentvariabledefinition>`)}})).Variables[0].Default
	for _, got := range []string{fmt.Sprint(*v), fmt.Sprintf("%v %+v %#v %s %q %x %d", v, v, v, v, v, v, v), fmt.Sprint([]connref.Text{*v}),
		fmt.Sprintf("%+v", struct{ V *connref.Text }{v}), fmt.Sprintf("%#v", connref.Variable{Value: v}), v.String()} {
		if strings.Contains(got, "vault") {
			t.Errorf("printed as %s", got)
		}
	}
	if js, err := json.Marshal(struct{ V *connref.Text }{v}); err != nil || string(js) != `{"V":"(hidden)"}` {
		t.Errorf("as JSON: %s, %v", js, err)
	}
	if v.Reveal() != "vault-path" {
		t.Errorf("Reveal: %q", v.Reveal())
	}
}

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.CompileString("settings.json", string(connref.SettingsSchema()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t testing.TB, s *jsonschema.Schema, src []byte) error {
	t.Helper()
	var v any
	if err := json.Unmarshal(src, &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchema(t *testing.T) {
	s := schema(t)
	for src, ok := range map[string]bool{
		`{}`: true, `[]`: false, `{"EnvironmentVariables":[{}]}`: false, `{"Other":1,"ConnectionReferences":null}`: true,
		`{"ConnectionReferences":[{"LogicalName":"a","ConnectionId":1}]}`: false,
	} {
		if err := validate(t, s, []byte(src)); (err == nil) != ok {
			t.Errorf("%s: %v", src, err)
		}
		if _, err := connref.ParseSettings([]byte(src), "in.json"); (err == nil) != ok {
			t.Errorf("ParseSettings disagrees with the schema on %s: %v", src, err)
		}
	}
}
