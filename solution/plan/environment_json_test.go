package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// wholeEnvironment has every member.
const wholeEnvironment = `{"solutions":[
  {"name":"Extras","requires":[{"need":"entity:account"},{"need":"connectionreference:ACME_o365","by":"workflow:{22222222-2222-2222-2222-2222222222AA}"}]},
  {"name":"Core","version":"1.0.2","managed":true,"publisher":"acme","order":1,"package":"core_1.0.zip",
   "provides":["connectionreference:acme_o365","attribute:account.acme_code"],"requires":[{"need":"entity:account","by":""}],"patchOf":""},
  {"name":"Empty","managed":false,"provides":[],"requires":[],"patchOf":"Core"}],
 "unmanagedLayers":["workflow:66666666-6666-6666-6666-666666666666"],"unmanagedComponents":["1:p_garage"],
 "connections":[{"id":"o1","connector":"shared_office365","owner":"a@x","sharedWith":["deployer","bob"]}],
 "connectionReferences":[{"name":"acme_o365","connectionId":"o1"},{"name":"acme_Blank"}],
 "environmentVariables":{"v_url":"https://prod","v_none":null,"v_empty":""},"base":["entity:account"],
 "platformSolutions":["msft_New","msft_Labs"],"platformVersion":"9.2.25071.154","schemaType":"standard","packageVersion":"9.2","identity":"deployer"}`

func component(t testing.TB, text string) solution.Key {
	t.Helper()
	k, err := plan.ParseComponent(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestParseEnvironment(t *testing.T) {
	key := func(text string) solution.Key { return component(t, text) }
	want := &plan.Environment{
		Solutions: []plan.Installed{
			{Name: "Core", Version: solution.Version{Major: 1, Build: 2}, VersionText: "1.0.2", Managed: new(true), Publisher: "acme", Order: 1, PackageFile: "core_1.0.zip",
				Provides: []solution.Key{key("attribute:account.acme_code"), key("connectionreference:acme_o365")},
				Requires: []plan.Requirement{{Need: key("entity:account")}}},
			{Name: "Empty", Managed: new(false), Provides: []solution.Key{}, Requires: []plan.Requirement{}, PatchOf: "Core"},
			{Name: "Extras", Requires: []plan.Requirement{
				{Need: key("connectionreference:acme_o365"), By: key("workflow:22222222-2222-2222-2222-2222222222aa")},
				{Need: key("entity:account")}}},
		},
		UnmanagedLayers:     []solution.Key{key("workflow:66666666-6666-6666-6666-666666666666")},
		UnmanagedComponents: []solution.Key{key("entity:p_garage")},
		Connections:         []plan.Connection{{ID: "o1", Connector: "shared_office365", Owner: "a@x", SharedWith: []string{"bob", "deployer"}}},
		References:          []plan.BoundReference{{Name: "acme_Blank"}, {Name: "acme_o365", ConnectionID: "o1"}},
		Variables:           map[string]string{"v_url": "https://prod", "v_empty": ""},
		Base:                []solution.Key{key("entity:account")},
		PlatformSolutions:   []string{"msft_Labs", "msft_New"},
		PlatformVersion:     solution.Version{Major: 9, Minor: 2, Build: 25071, Revision: 154},
		SchemaType:          "Standard",
		PackageVersion:      solution.Version{Major: 9, Minor: 2},
		Identity:            "deployer",
	}
	for _, src := range []string{wholeEnvironment, "\xef\xbb\xbf" + wholeEnvironment, strings.ReplaceAll(wholeEnvironment, "\n", "\r\n")} {
		got, err := plan.ParseEnvironment([]byte(src), "environment.json")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}

// What is absent or null is not known; what is empty is known to be empty.
func TestParseEnvironmentAbsent(t *testing.T) {
	lists := []string{"unmanagedLayers", "unmanagedComponents", "connections", "connectionReferences", "base"}
	absent, null, empty := `{"solutions":[]`, `{"solutions":[]`, `{"solutions":[]`
	for _, name := range lists {
		null += fmt.Sprintf(",%q:null", name)
		empty += fmt.Sprintf(",%q:[]", name)
	}
	for _, name := range []string{"environmentVariables", "platformVersion", "schemaType", "packageVersion", "identity"} {
		null += fmt.Sprintf(",%q:null", name)
	}
	nothing := &plan.Environment{Solutions: []plan.Installed{}}
	known := &plan.Environment{Solutions: []plan.Installed{}, UnmanagedLayers: []solution.Key{}, UnmanagedComponents: []solution.Key{},
		Connections: []plan.Connection{}, References: []plan.BoundReference{}, Variables: map[string]string{}, Base: []solution.Key{}}
	bare := &plan.Environment{Solutions: []plan.Installed{{Name: "A"}}}
	tests := []struct {
		src  string
		want *plan.Environment
	}{
		{absent + `}`, nothing},
		{null + `}`, nothing},
		{empty + `,"environmentVariables":{}}`, known},
		{`{"solutions":[],"environmentVariables":{"a":null}}`, &plan.Environment{Solutions: []plan.Installed{}, Variables: map[string]string{}}},
		{`{"solutions":[{"name":"A"}]}`, bare},
		{`{"solutions":[{"name":"A","version":null,"managed":null,"publisher":null,"order":null,"package":null,"provides":null,"requires":null,"patchOf":null}]}`, bare},
		{`{"solutions":[],"connections":[{"id":null,"connector":null,"owner":null,"sharedWith":null}],"connectionReferences":[{"name":"r","connectionId":null}]}`,
			&plan.Environment{Solutions: []plan.Installed{}, Connections: []plan.Connection{{}}, References: []plan.BoundReference{{Name: "r"}}}},
		{`{"solutions":[{"name":"A","requires":[{"need":"entity:a","by":null}]}]}`,
			&plan.Environment{Solutions: []plan.Installed{{Name: "A", Requires: []plan.Requirement{{Need: component(t, "entity:a")}}}}}},
	}
	for _, tt := range tests {
		got, err := plan.ParseEnvironment([]byte(tt.src), "environment.json")
		if err != nil {
			t.Errorf("%s: %v", tt.src, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", tt.src, diff)
		}
	}
}

func TestParseEnvironmentErrors(t *testing.T) {
	most := min(1<<53-1, int64(math.MaxInt)) // less where an int has 32 bits
	order := fmt.Sprintf(`environment.json:1:35: /solutions/0/order: a whole number from -%d to %d is expected`, most, most)
	tests := []struct{ src, want string }{
		{`[]`,
			`environment.json:1:1: an object is expected, this is a value of type array`},
		{`{}`,
			`environment.json:1:1: solutions is missing: write "solutions": [] if nothing is installed`},
		{`{"solutions":null}`,
			`environment.json:1:1: solutions is missing: write "solutions": [] if nothing is installed`},
		{`{"solutions":{}}`,
			`environment.json:1:14: /solutions: a list is expected, this is a value of type object`},
		{`{"solutions":[7]}`,
			`environment.json:1:15: /solutions/0: an object is expected, this is a value of type number`},
		{`{"solutions":[{}]}`,
			`environment.json:1:15: /solutions/0: an entry of solutions has no name`},
		{`{"solutions":[{"name":""}]}`,
			`environment.json:1:15: /solutions/0: an entry of solutions has no name`},
		{`{"solutions":[{"name":5}]}`,
			`environment.json:1:23: /solutions/0/name: a text in quotes is expected, this is a value of type number`},
		{`{"solutions":[{"nmae":"A"}]}`,
			`environment.json:1:16: /solutions/0/nmae: unknown member: use one of name, version, managed, publisher, order, package, provides, extends, complete, leftovers, requires, patchOf, source`},
		{`{"solutions":[{"name":"A","name":"B"}]}`,
			`environment.json:1:23: /solutions/0/name: member "name" occurs twice in one object: keep one`},
		{"{\"solutions\":[{\"name\":\"A\"},\n {\"name\":\"a\"}]}",
			`environment.json:2:10: /solutions/1/name: "a" occurs twice in solutions, first in line 1: keep one`},
		{`{"solutions":[{"name":"A","version":"1.x"}]}`,
			`environment.json:1:37: /solutions/0/version: version "1.x": part "x" is not a number: use major.minor.build.revision`},
		{`{"solutions":[{"name":"A","version":"4294967296"}]}`,
			`environment.json:1:37: /solutions/0/version: version "4294967296": part "4294967296" is larger than 2147483647`},
		{`{"solutions":[{"name":"A","version":"1.2.3.4.5"}]}`,
			`environment.json:1:37: /solutions/0/version: version "1.2.3.4.5" has more than four parts: use major.minor.build.revision`},
		{`{"solutions":[{"name":"A","version":1.0}]}`,
			`environment.json:1:37: /solutions/0/version: a version in quotes is expected, this is a value of type number`},
		{`{"solutions":[{"name":"A","managed":"yes"}]}`,
			`environment.json:1:37: /solutions/0/managed: true or false is expected, this is a value of type string`},
		{`{"solutions":[{"name":"A","order":"1"}]}`,
			`environment.json:1:35: /solutions/0/order: a whole number is expected, this is a value of type string`},
		{`{"solutions":[{"name":"A","order":1.5}]}`,
			order},
		{`{"solutions":[{"name":"A","order":1e99999}]}`,
			order},
		{`{"solutions":[{"name":"A","package":{}}]}`,
			`environment.json:1:37: /solutions/0/package: a text in quotes is expected, this is a value of type object`},
		{`{"solutions":[{"name":"A","provides":"entity:a"}]}`,
			`environment.json:1:38: /solutions/0/provides: a list is expected, this is a value of type string`},
		{`{"solutions":[{"name":"A","provides":["entity"]}]}`,
			`environment.json:1:39: /solutions/0/provides/0: "entity" is no component: write kind:key, such as entity:account`},
		{`{"solutions":[{"name":"A","provides":["entity:a","solution:B"]}]}`,
			`environment.json:1:50: /solutions/0/provides/1: "solution:B" is a solution: name a component, such as entity:account`},
		{`{"solutions":[{"name":"A","provides":["attribute:name"]}]}`,
			`environment.json:1:39: /solutions/0/provides/0: "attribute:name": the key of attribute has two parts, such as table.column`},
		{`{"solutions":[{"name":"A","provides":["workflow:00000000-0000-0000-0000-000000000000"]}]}`,
			`environment.json:1:39: /solutions/0/provides/0: "workflow:00000000-0000-0000-0000-000000000000" has no complete key: write kind:key, such as entity:account`},
		{`{"solutions":[{"name":"A","provides":[null]}]}`,
			`environment.json:1:39: /solutions/0/provides/0: a component in quotes, such as "entity:account", is expected, this is a value of type null`},
		{`{"solutions":[{"name":"A","requires":[{"by":"entity:a"}]}]}`,
			`environment.json:1:39: /solutions/0/requires/0: need is missing: write the component that is needed, such as "need": "entity:account"`},
		{`{"solutions":[{"name":"A","requires":[{"need":""}]}]}`,
			`environment.json:1:47: /solutions/0/requires/0/need: "" is no component: write kind:key, such as entity:account`},
		{`{"solutions":[{"name":"A","requires":[{"need":"entity:a","by":"b"}]}]}`,
			`environment.json:1:63: /solutions/0/requires/0/by: "b" is no component: write kind:key, such as entity:account`},
		{`{"solutions":[{"name":"A","requires":[{"need":"entity:a","for":"b"}]}]}`,
			`environment.json:1:58: /solutions/0/requires/0/for: unknown member: use one of need, by`},
		{`{"solutions":[],"unmanagedLayers":["entity:"]}`,
			`environment.json:1:36: /unmanagedLayers/0: "entity:" has no key: write kind:key, such as entity:account`},
		{`{"solutions":[],"connections":[{"id":1}]}`,
			`environment.json:1:38: /connections/0/id: a text in quotes is expected, this is a value of type number`},
		{`{"solutions":[],"connections":[{"sharedWith":"all"}]}`,
			`environment.json:1:46: /connections/0/sharedWith: a list is expected, this is a value of type string`},
		{`{"solutions":[],"connections":[{"secret":"x"}]}`,
			`environment.json:1:33: /connections/0/secret: unknown member: use one of id, connector, owner, sharedWith, source`},
		{`{"solutions":[],"connectionReferences":[{"connectionId":"o1"}]}`,
			`environment.json:1:41: /connectionReferences/0: an entry of connectionReferences has no name`},
		{`{"solutions":[],"connectionReferences":[{"name":"r"},{"name":"R"}]}`,
			`environment.json:1:62: /connectionReferences/1/name: "R" occurs twice in connectionReferences, first in line 1: keep one`},
		{`{"solutions":[],"environmentVariables":[]}`,
			`environment.json:1:40: /environmentVariables: an object is expected, this is a value of type array`},
		{`{"solutions":[],"environmentVariables":{"v":12}}`,
			`environment.json:1:45: /environmentVariables/v: a text in quotes is expected, this is a value of type number`},
		{`{"solutions":[],"environmentVariables":{"":"x"}}`,
			`environment.json:1:44: /environmentVariables/: a variable has no name: write its schema name`},
		{"{\"solutions\":[],\"environmentVariables\":{\"v_a/b\":\"x\",\n\"V_A/B\":null}}",
			`environment.json:2:9: /environmentVariables/V_A~1B: "V_A/B" occurs twice in environmentVariables, first in line 1: keep one`},
		{`{"solutions":[],"environmentVariables":{"v":"x","v":"y"}}`,
			`environment.json:1:45: /environmentVariables/v: member "v" occurs twice in one object: keep one`},
		{`{"solutions":[],"environmentVariables":{"a\nb":1}}`,
			`environment.json:1:48: "/environmentVariables/a\nb": a text in quotes is expected, this is a value of type number`},
		{`{"solutions":[],"environmentVariables":{"v":hunter}}`,
			`environment.json:1:45: this is not JSON: check quotes, commas and brackets`},
		{`{"solutions":[],"schemaType":"Small"}`,
			`environment.json:1:30: /schemaType: "Small" is no schema type: use one of Core, Standard, Full`},
		{`{"solutions":[],"platformVersion":"nine"}`,
			`environment.json:1:35: /platformVersion: version "nine": part "nine" is not a number: use major.minor.build.revision`},
		{`{"solutions":[],"packageVersion":9}`,
			`environment.json:1:34: /packageVersion: a version in quotes is expected, this is a value of type number`},
		{`{"solutions":[],"identity":true}`,
			`environment.json:1:28: /identity: a text in quotes is expected, this is a value of type boolean`},
		{`{"solutions":[],"Base":[]}`,
			`environment.json:1:17: /Base: unknown member: use one of solutions, moreSolutions, presentComponents, unmanagedLayers, unmanagedComponents, connections, moreConnections, connectionReferences, moreConnectionReferences, environmentVariables, moreEnvironmentVariables, base, platformSolutions, platformVersion, schemaType, packageVersion, identity`},
		{`{"solutions":[],}`,
			`environment.json:1:16: comma before '}': remove it`},
		{`{"solutions": x}`,
			`environment.json:1:15: this is not JSON: check quotes, commas and brackets`},
		{`{"solutions":[`,
			`environment.json:1:15: the text ends where a value should follow`},
		{"{\"solutions\":\"a\nb\"}",
			`environment.json:1:16: raw control character inside a string: write it as an escape`},
		{"{\"solutions\":\"\xff\"}",
			`environment.json:1:15: this byte is not UTF-8: save the file as UTF-8`},
		{strings.Repeat("[", 600),
			`environment.json:1:513: more than 512 levels of nesting`},
	}
	for _, tt := range tests {
		e, err := plan.ParseEnvironment([]byte(tt.src), "environment.json")
		var at *plan.EnvironmentError
		if e != nil || !errors.As(err, &at) || errors.Unwrap(err) == nil {
			t.Errorf("ParseEnvironment(%s): %v, %v, want an EnvironmentError with a cause", tt.src, e, err)
			continue
		}
		if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
			t.Errorf("ParseEnvironment(%s) (-want +got)\n%s", tt.src, diff)
		}
	}
}

// No error shows a character of a variable's value, wherever a document with one breaks off or is damaged.
func TestEnvironmentErrorHidesSecrets(t *testing.T) {
	const secret = "ЖΩЖ"
	docs := []string{
		`{"solutions":[],"environmentVariables":{"v_key":"` + secret + `","v_two":"x"}}`,
		`{"solutions":[],"environmentVariables":{"v_key":{"` + secret + `":"` + secret + `","` + secret + `":1},"v_two":"x"}}`,
		`{"solutions":[],"environmentVariables":["` + secret + `"]}`,
		`{"solutions":[],"environmentVariables":"` + secret + `"}`,
		`{"solutions":[],"environmentVariable":{"v_key":"` + secret + `"}}`,
		`{"solutions":[],"environmentVariables":{"v_key":` + secret + `}}`,
		`{"solutions":[],"environmentVariables":{"v_key":"\` + secret + `"}}`,
		`{"solutions":[],"\u0065nvironment\u0056ariables":{"v_key":` + secret + `}}`,
		`{"solutions":[],"environmentVariables":{"v_key":"` + secret + `","V_KEY":"` + secret + `"}}`,
		`{"solutions":[],"environmentVariables":{"v_key":"` + secret + `"},"environmentVariables":{"v_key":"` + secret + `"}}`,
	}
	failed := 0
	for _, doc := range docs {
		for i := range len(doc) + 1 {
			for _, src := range []string{doc[:i], doc[:i] + "?" + doc[i:], doc[:i] + `"` + doc[i:], doc[:i] + "\n" + doc[i:], doc[:i] + `\` + doc[i:]} {
				_, err := plan.ParseEnvironment([]byte(src), "environment.json")
				if err == nil {
					continue
				}
				failed++
				// A half of a character would be shown as a byte.
				if text := err.Error(); strings.ContainsAny(text, secret) || strings.Contains(text, "0x") {
					t.Fatalf("%s\n%s", src, text)
				}
			}
		}
	}
	if failed < len(docs)*100 {
		t.Errorf("only %d documents were refused", failed)
	}
}

func environmentSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.CompileString("environment.json", string(plan.EnvironmentSchema()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fitsSchema(t testing.TB, s *jsonschema.Schema, src []byte) bool {
	t.Helper()
	var v any
	if err := json.Unmarshal(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")), &v); err != nil {
		t.Fatal(err)
	}
	return s.Validate(v) == nil
}

func TestEnvironmentSchema(t *testing.T) {
	const (
		good = iota
		bad
		parserOnly // what a schema cannot say
	)
	in := func(member string) string { return `{"solutions":[{"name":"A",` + member + `}]}` }
	with := func(member string) string { return `{"solutions":[],` + member + `}` }
	tests := []struct {
		src  string
		want int
	}{
		{wholeEnvironment, good},
		{`{"solutions":[]}`, good},
		{`[]`, bad}, {`null`, bad}, {`{}`, bad}, {`{"solutions":null}`, bad}, {`{"solutions":{}}`, bad}, {`{"solutions":[null]}`, bad},
		{`{"solutions":[{}]}`, bad}, {`{"solutions":[{"name":null}]}`, bad}, {`{"solutions":[{"name":""}]}`, bad}, {`{"solutions":[{"name":1}]}`, bad},
		{`{"solutions":[{"name":"A"},{"name":"a"}]}`, parserOnly},
		{`{"solutions":[],"solutions":[]}`, parserOnly},
		{with(`"Solutions":[]`), bad},
		{in(`"nmae":"x"`), bad},
		{in(`"version":"1"`), good}, {in(`"version":"01.2.3.4"`), good}, {in(`"version":"1.2.3.4.5"`), bad}, {in(`"version":""`), bad},
		{in(`"version":"1.x"`), bad}, {in(`"version":1`), bad}, {in(`"version":"1."`), bad}, {in(`"version":"4294967296"`), parserOnly},
		{in(`"managed":"true"`), bad}, {in(`"managed":null`), good},
		{in(`"order":-3`), good}, {in(`"order":2.0`), good}, {in(`"order":1e2`), good}, {in(`"order":1.5`), bad}, {in(`"order":"1"`), bad},
		{in(`"order":9007199254740992`), bad}, {in(`"order":-1e300`), bad}, {in(`"order":null`), good},
		{in(`"package":1`), bad}, {in(`"publisher":[]`), bad}, {in(`"patchOf":{}`), bad}, {in(`"patchOf":""`), good},
		{in(`"provides":[]`), good}, {in(`"provides":"entity:a"`), bad}, {in(`"provides":[null]`), bad}, {in(`"provides":["entity"]`), bad},
		{in(`"provides":[":a"]`), bad}, {in(`"provides":["Solution: a"]`), bad}, {in(`"provides":["Entity: A"]`), good}, {in(`"provides":["sitemap:"]`), good},
		{in(`"provides":["entity:"]`), parserOnly}, {in(`"provides":["attribute:name"]`), parserOnly}, {in(`"provides":["attribute:.name"]`), parserOnly},
		{in(`"provides":["workflow:00000000-0000-0000-0000-000000000000"]`), parserOnly},
		{in(`"requires":[{"need":"entity:a"}]`), good}, {in(`"requires":[{"need":"entity:a","by":""}]`), good}, {in(`"requires":[{"need":"entity:a","by":null}]`), good},
		{in(`"requires":[{}]`), bad}, {in(`"requires":[{"need":""}]`), bad}, {in(`"requires":[{"need":null}]`), bad}, {in(`"requires":[{"need":"entity:a","by":"b"}]`), bad},
		{in(`"requires":[{"need":"entity:a","of":"entity:b"}]`), bad}, {in(`"requires":["entity:a"]`), bad},
		{with(`"unmanagedLayers":["a:b"]`), good}, {with(`"unmanagedLayers":[1]`), bad}, {with(`"unmanagedComponents":{}`), bad}, {with(`"base":["x"]`), bad},
		{with(`"connections":[{}]`), good}, {with(`"connections":[{"sharedWith":[null]}]`), bad}, {with(`"connections":[{"key":"x"}]`), bad}, {with(`"connections":{}`), bad},
		{with(`"connectionReferences":[{"name":"a"}]`), good}, {with(`"connectionReferences":[{}]`), bad}, {with(`"connectionReferences":[{"name":""}]`), bad},
		{with(`"connectionReferences":[{"name":"a","id":"b"}]`), bad}, {with(`"connectionReferences":[{"name":"a"},{"name":"A"}]`), parserOnly},
		{with(`"environmentVariables":{"a":null,"b":""}`), good}, {with(`"environmentVariables":{"a":1}`), bad}, {with(`"environmentVariables":[]`), bad},
		{with(`"environmentVariables":{"":"x"}`), bad}, {with(`"environmentVariables":{"a":"x","A":null}`), parserOnly},
		{with(`"platformSolutions":["a"]`), good}, {with(`"platformSolutions":[1]`), bad}, {with(`"platformSolutions":"a"`), bad}, {with(`"platformVersion":"9.2"`), good}, {with(`"platformVersion":"nine"`), bad}, {with(`"packageVersion":9.2`), bad},
		{with(`"schemaType":"FULL"`), good}, {with(`"schemaType":"None"`), bad}, {with(`"schemaType":""`), bad}, {with(`"schemaType":"ſtandard"`), bad}, {with(`"schemaType":1`), bad},
		{with(`"identity":"x"`), good}, {with(`"identity":false`), bad},
	}
	s := environmentSchema(t)
	for _, tt := range tests {
		_, err := plan.ParseEnvironment([]byte(tt.src), "environment.json")
		if (err == nil) != (tt.want == good) {
			t.Errorf("the parser says %v of %s", err, tt.src)
		}
		if fits := fitsSchema(t, s, []byte(tt.src)); fits != (tt.want != bad) {
			t.Errorf("the schema says %t of %s", fits, tt.src)
		}
	}
	plan.EnvironmentSchema()[0] = 'x'
	if plan.EnvironmentSchema()[0] != '{' {
		t.Error("a caller changed the schema")
	}
}
