package plan_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

func TestEnvironmentMarshalJSON(t *testing.T) {
	e, err := plan.ParseEnvironment([]byte(wholeEnvironment), "environment.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "solutions": [
  {
   "name": "Core",
   "version": "1.0.2",
   "managed": true,
   "publisher": "acme",
   "order": 1,
   "package": "core_1.0.zip",
   "provides": [
    "attribute:account.acme_code",
    "connectionreference:acme_o365"
   ],
   "requires": [
    {
     "need": "entity:account"
    }
   ]
  },
  {
   "name": "Empty",
   "managed": false,
   "provides": [],
   "requires": [],
   "patchOf": "Core"
  },
  {
   "name": "Extras",
   "requires": [
    {
     "need": "connectionreference:acme_o365",
     "by": "workflow:22222222-2222-2222-2222-2222222222aa"
    },
    {
     "need": "entity:account"
    }
   ]
  }
 ],
 "unmanagedLayers": [
  "workflow:66666666-6666-6666-6666-666666666666"
 ],
 "unmanagedComponents": [
  "entity:p_garage"
 ],
 "connections": [
  {
   "id": "o1",
   "connector": "shared_office365",
   "owner": "a@x",
   "sharedWith": [
    "bob",
    "deployer"
   ]
  }
 ],
 "connectionReferences": [
  {
   "name": "acme_Blank"
  },
  {
   "name": "acme_o365",
   "connectionId": "o1"
  }
 ],
 "environmentVariables": {
  "v_empty": "",
  "v_url": "https://prod"
 },
 "base": [
  "entity:account"
 ],
 "platformSolutions": [
  "msft_Labs",
  "msft_New"
 ],
 "platformVersion": "9.2.25071.154",
 "schemaType": "Standard",
 "packageVersion": "9.2.0.0",
 "identity": "deployer"
}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// What nobody knows is not written.
	for _, e := range []*plan.Environment{{}, {Solutions: []plan.Installed{}}} {
		if got, err := json.Marshal(e); err != nil || string(got) != `{"solutions":[]}` {
			t.Errorf("nothing known: %s, %v", got, err)
		}
	}
	// A connector has a GUID, a name or both, and its text only one of them.
	custom := component(t, "connector:11111111-2222-3333-4444-555555555555")
	custom = custom.WithName("acme_own")
	if got, err := json.Marshal(&plan.Environment{Base: []solution.Key{custom}}); err != nil ||
		string(got) != `{"solutions":[],"base":[{"kind":"connector","name":"acme_own","id":"11111111-2222-3333-4444-555555555555"}]}` {
		t.Errorf("connector: %s, %v", got, err)
	}
}

// What the form cannot hold is refused, not dropped.
func TestEnvironmentMarshalJSONErrors(t *testing.T) {
	const before = "json: error calling MarshalJSON for type *plan.Environment: write environment: "
	with := func(in ...plan.Installed) plan.Environment { return plan.Environment{Solutions: in} }
	tests := []struct {
		env  plan.Environment
		want string
	}{
		{with(plan.Installed{}), `/solutions/0: an entry of solutions has no name`},
		{with(plan.Installed{Name: "b"}, plan.Installed{Name: "B"}), `/solutions/1/name: "b" occurs twice in solutions, first in line 1: keep one`},
		{with(plan.Installed{Name: "A\xff"}), `name of a solution is not UTF-8`},
		{with(plan.Installed{Name: "A", Requires: []plan.Requirement{{}}}), `/solutions/0/requires/0/need: kind is missing: write the kind of the component, such as "kind": "entity"`},
		{plan.Environment{SchemaType: "Small"}, `/schemaType: "Small" is no schema type: use one of Core, Standard, Full`},
		{plan.Environment{References: []plan.BoundReference{{}}}, `/connectionReferences/0: an entry of connectionReferences has no name`},
		{plan.Environment{Variables: map[string]string{"v": "\xff"}}, `the name or value of an environment variable is not UTF-8`},
		{plan.Environment{Variables: map[string]string{"v": "1", "V": "2"}}, `/environmentVariables/v: "v" occurs twice in environmentVariables, first in line 1: keep one`},
	}
	for _, tt := range tests {
		got, err := json.Marshal(&tt.env)
		if err == nil {
			t.Errorf("written as %s, want an error: %s", got, tt.want)
			continue
		}
		if diff := cmp.Diff(before+tt.want, err.Error()); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	_, err := (&plan.Environment{SchemaType: "Small"}).MarshalJSON()
	if err == nil || errors.Unwrap(err) == nil {
		t.Errorf("no cause: %v", err)
	}
}

// A package is written as its path, and where it has none as what it holds and needs.
func TestEnvironmentMarshalJSONPackage(t *testing.T) {
	core := readPackage(t, `solution Core 1.0.0.0 managed
entity ct_own
entity ct_shell behavior=2
missing entity:ct_base by entity:ct_own in "Base (1.0.0.0)"
`)
	const lists = `"provides":["entity:ct_own"],"extends":["entity:ct_shell"],"complete":true,"requires":[{"need":"entity:ct_base","by":"entity:ct_own"}]`
	for _, tt := range []struct {
		in   plan.Installed
		want string
	}{
		{plan.Installed{Name: "Core", Package: core, PackageFile: "core.zip"}, `{"name":"Core","package":"core.zip"}`},
		{plan.Installed{Name: "Core", Package: core}, `{"name":"Core",` + lists + `}`},
		{plan.Installed{Name: "Core", Leftovers: true}, `{"name":"Core","leftovers":true}`},
	} {
		src, err := json.Marshal(&plan.Environment{Solutions: []plan.Installed{tt.in}})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(`{"solutions":[`+tt.want+`]}`, string(src)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		var again plan.Environment
		if err := json.Unmarshal(src, &again); err != nil {
			t.Fatal(err)
		}
		if back, err := json.Marshal(&again); err != nil || string(back) != string(src) {
			t.Errorf("%s is read and written as %s, %v", src, back, err)
		}
	}
}

// lots makes environments of all shapes, the same on each run.
type lots struct{ *rand.Rand }

var oddTexts = []string{"", "a", "A b", `q"\`, "ünï", "a/b~c", "\n\t\x01", "<&>", "\u2028", "\ufffd", "😀"}

func (r lots) text() string { return oddTexts[r.IntN(len(oddTexts))] }

func (r lots) version() solution.Version {
	if r.IntN(2) == 0 {
		return solution.Version{}
	}
	return solution.Version{Major: r.Uint32() >> 1, Minor: r.Uint32N(3), Revision: r.Uint32N(3)}
}

func (r lots) key() solution.Key {
	id := solution.GUID{byte(1 + r.IntN(200)), 15: byte(r.IntN(256))}
	name := fmt.Sprintf("N%d %s", r.IntN(50), "é")
	return []solution.Key{
		solution.NewKey(solution.TypeEntity, "", name, solution.GUID{}),
		solution.NewKey(solution.TypeAttribute, "Tab"+name, name+".x", solution.GUID{}),
		solution.NewKey(solution.TypeWorkflow, "", "", id),
		solution.NewKey(solution.TypeConnector, "", name, solution.GUID{}),
		solution.NewKey(solution.TypeConnector, "", "", id),
		solution.NewKey(solution.TypeSiteMap, "", "", solution.GUID{}),
		solution.NewKey("99999", "", name, solution.GUID{}),
		solution.NameKey(solution.TypeWorkflow, "", name).WithID(id),
		solution.NameKey(solution.TypeEntity, "", "11111111-2222-3333-4444-555555555555"),
	}[r.IntN(9)]
}

// some makes a list: not known, empty or a few.
func some[T any](r lots, one func() T) []T {
	n := r.IntN(6) - 1
	if n < 0 {
		return nil
	}
	list := make([]T, 0, n)
	for range n {
		list = append(list, one())
	}
	return list
}

func (r lots) installed(name string) plan.Installed {
	v, text := r.version(), ""
	if v != (solution.Version{}) {
		text = strings.TrimSuffix(v.String(), ".0") // two versions may be one
	}
	return plan.Installed{Name: name, Version: v, VersionText: text, Managed: []*bool{nil, new(true), new(false)}[r.IntN(3)], Publisher: r.text(),
		Order: []int{0, 1, -7, 1<<31 - 1}[r.IntN(4)], PackageFile: r.text(), Provides: some(r, r.key),
		Extends: some(r, r.key), Complete: r.IntN(2) == 0, Leftovers: r.IntN(4) == 0,
		Requires: some(r, func() plan.Requirement {
			return plan.Requirement{Need: r.key(), By: []solution.Key{{}, r.key()}[r.IntN(2)]}
		}), PatchOf: r.text()}
}

func (r lots) environment() *plan.Environment {
	e := &plan.Environment{UnmanagedLayers: some(r, r.key), UnmanagedComponents: some(r, r.key), Base: some(r, r.key), PlatformSolutions: some(r, r.text),
		Connections: some(r, func() plan.Connection {
			return plan.Connection{ID: r.text(), Connector: r.text(), Owner: r.text(), SharedWith: some(r, r.text)}
		}),
		PlatformVersion: r.version(), PackageVersion: r.version(), SchemaType: []string{"", "Core", "Standard", "Full"}[r.IntN(4)], Identity: r.text()}
	n := 0
	unique := func() string { n++; return fmt.Sprintf("%s%d", r.text(), n) }
	e.Solutions = append([]plan.Installed{}, some(r, func() plan.Installed { return r.installed(unique()) })...)
	e.References = some(r, func() plan.BoundReference { return plan.BoundReference{Name: unique(), ConnectionID: r.text()} })
	if r.IntN(3) > 0 {
		e.Variables = map[string]string{}
		for range r.IntN(4) {
			e.Variables[unique()] = r.text()
		}
	}
	e.MoreReferences, e.MoreVariables = r.IntN(2) == 0, r.IntN(2) == 0
	return e
}

// shuffle returns the environment with its lists in another order.
func (r lots) shuffle(e *plan.Environment) *plan.Environment {
	other := *e
	other.Solutions = shuffled(r, e.Solutions)
	for i := range other.Solutions {
		in := &other.Solutions[i]
		in.Provides, in.Extends, in.Requires = shuffled(r, in.Provides), shuffled(r, in.Extends), shuffled(r, in.Requires)
	}
	other.UnmanagedLayers, other.UnmanagedComponents, other.Base = shuffled(r, e.UnmanagedLayers), shuffled(r, e.UnmanagedComponents), shuffled(r, e.Base)
	other.References, other.PlatformSolutions = shuffled(r, e.References), shuffled(r, e.PlatformSolutions)
	return &other
}

func shuffled[T any](r lots, list []T) []T {
	list = slices.Clone(list)
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// anyOrder makes cmp sort what has no order.
var anyOrder = cmp.Options{sortBy[plan.Installed](), sortBy[solution.Key](), sortBy[plan.Requirement](), sortBy[plan.Connection](),
	sortBy[plan.BoundReference](), sortBy[string]()}

func sortBy[T any]() cmp.Option {
	return cmpopts.SortSlices(func(a, b T) int { return strings.Compare(fmt.Sprintf("%#v", a), fmt.Sprintf("%#v", b)) })
}

func TestEnvironmentRoundTrip(t *testing.T) {
	r := lots{rand.New(rand.NewPCG(1, 2))}
	s := environmentSchema(t)
	for range 100 {
		e := r.environment()
		src, err := e.MarshalJSON()
		if err != nil {
			t.Fatalf("%v\n%#v", err, e)
		}
		got, err := plan.ParseEnvironment(src, "environment.json")
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		if diff := cmp.Diff(e, got, anyOrder); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, src)
		}
		if !fitsSchema(t, s, src) {
			t.Fatalf("the schema refuses %s", src)
		}
		again, err := r.shuffle(e).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(src), string(again)); diff != "" {
			t.Fatalf("the order of the lists counts (-before +after)\n%s", diff)
		}
	}
}

// FuzzEnvironment: what parses fits the schema, is written and is read back as the same; what does not has a place.
func FuzzEnvironment(f *testing.F) {
	for _, seed := range []string{wholeEnvironment, `{"solutions":[]}`, "\xef\xbb\xbf{\"solutions\":null}", `{"solutions":[{"name":"A"},{"name":"a"}]}`,
		`{"solutions":[{"name":"\ud800","order":1e2,"provides":[" 1 : {11111111-2222-3333-4444-555555555555}","attribute: . "]}]}`,
		`{"solutions":[],"base":["workflow:00000000-0000-0000-0000-000000000000","sitemap:","entity: \u00a0x "]}`,
		`{"solutions":[],"environmentVariables":{"a":null,"A":"x"}}`, `{"solutions":[],"schemaType":"\u017ftandard"}`} {
		f.Add([]byte(seed))
	}
	s := environmentSchema(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		e, err := plan.ParseEnvironment(src, "environment.json")
		if err != nil {
			var at *plan.EnvironmentError
			if !errors.As(err, &at) || !at.Pos.IsValid() || at.Pos.Offset > len(src) {
				t.Fatalf("%#v", err)
			}
			return
		}
		if !fitsSchema(t, s, src) {
			t.Fatalf("the schema refuses %s", src)
		}
		again, err := e.MarshalJSON()
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		got, err := plan.ParseEnvironment(again, "environment.json")
		if err != nil {
			t.Fatalf("%v\n%s\n%s", err, src, again)
		}
		if diff := cmp.Diff(e, got); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%s", diff, again)
		}
	})
}

func BenchmarkParseEnvironment(b *testing.B) {
	src := []byte(wholeEnvironment)
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := plan.ParseEnvironment(src, "environment.json"); err != nil {
			b.Fatal(err)
		}
	}
}

func ExampleParseEnvironment() {
	env, err := plan.ParseEnvironment([]byte(`{
		"solutions": [{"name": "Core", "version": "1.2", "managed": true, "provides": ["entity:acme_car"]}],
		"connectionReferences": [{"name": "acme_mail"}]
	}`), "environment.json")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(env.Solutions[0].Name, env.Solutions[0].Version, env.Connections == nil)

	_, err = plan.ParseEnvironment([]byte(`{"solutions": [{"nmae": "Core"}]}`), "environment.json")
	fmt.Println(err)
	// Output:
	// Core 1.2.0.0 true
	// environment.json:1:17: /solutions/0/nmae: unknown member: use one of name, version, managed, publisher, order, package, provides, extends, complete, leftovers, requires, patchOf, source
}

func ExampleEnvironment_MarshalJSON() {
	env := plan.Environment{
		Solutions:   []plan.Installed{{Name: "Core", Version: solution.Version{Major: 1}, Managed: new(true)}},
		Connections: []plan.Connection{}, // known: there are none
	}
	out, err := json.Marshal(&env)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", out)
	// Output: {"solutions":[{"name":"Core","version":"1.0.0.0","managed":true}],"connections":[]}
}
