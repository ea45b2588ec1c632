package plan_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// Environments that no JSON was read for: the parser sorts their lists and refuses names that occur twice.

func TestEnvironmentWithNameTwice(t *testing.T) {
	for _, test := range []struct {
		env  plan.Environment
		want string
	}{
		{plan.Environment{Solutions: []plan.Installed{{Name: "Core"}, {Name: "core"}}}, `solution "core" twice`},
		{plan.Environment{References: []plan.BoundReference{{Name: "ct_sp", ConnectionID: "x"}, {Name: "CT_SP"}}}, `connection reference "CT_SP" twice`},
		{plan.Environment{Variables: map[string]string{"ct_url": "a", "CT_URL": "b"}}, `environment variable "ct_url" twice`},
	} {
		if _, err := plan.Resolve(nil, &test.env, nil, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want one with %q", err, test.want)
		}
	}
}

func TestConnectionsInAnyOrder(t *testing.T) {
	batch := []plan.Item{{Solution: readPackage(t, "solution Apps 1.0.0.0 managed\nconnectionreference ct_sp connector=shared_sharepointonline\n")}}
	here := plan.Connection{ID: "one", Connector: "shared_sharepointonline"}
	other := plan.Connection{ID: "one", Connector: "shared_office365"}
	bound := []plan.BoundReference{{Name: "ct_sp", ConnectionID: "one"}}
	var texts []string
	for _, list := range [][]plan.Connection{{here, other}, {other, here}} {
		p, err := plan.Resolve(batch, &plan.Environment{Connections: list, References: bound}, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, describe(p))
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
		t.Errorf("the order of connections changes the plan (-one +other)\n%s", diff)
	}
}

func TestBaseWithNameAndGUID(t *testing.T) {
	key := solution.NewKey(solution.TypeConnector, "", "ct_erp", solution.GUID{15: 1})
	env := &plan.Environment{Base: []solution.Key{key}}
	for _, asked := range []solution.Key{key, solution.IDKey(key.Type(), key.ID()), solution.NameKey(key.Type(), "", key.Name())} {
		r, err := plan.Impact(env, asked)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Base {
			t.Errorf("%v is not taken for a part of the platform", asked)
		}
	}
}

func TestAfterKeepsWhatIsNotKnown(t *testing.T) {
	p, err := plan.Resolve([]plan.Item{{Solution: readPackage(t, "solution Core 1.0.0.0 managed\nentity ct_a\n")}}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if after := p.After(); after.References != nil || after.Variables != nil {
		t.Errorf("references %v and variables %v are known, and nothing told of them", after.References, after.Variables)
	}
	known := &plan.Environment{References: []plan.BoundReference{}, Variables: map[string]string{}}
	if p, err = plan.Resolve(nil, known, nil, nil); err != nil {
		t.Fatal(err)
	}
	if after := p.After(); after.References == nil || after.Variables == nil {
		t.Error("that there are no references and no variables is forgotten")
	}
}

// A plan that binds references of an environment that did not tell of them leaves one that tells of these alone: a flow that
// uses another one may well start.
func TestAfterOfUnknownReferences(t *testing.T) {
	env := &plan.Environment{Solutions: []plan.Installed{{Name: "Core", Package: readPackage(t, "solution Core 1.0.0.0 managed\nconnectionreference ct_old connector=shared_x")}}}
	first, err := plan.Resolve([]plan.Item{{Solution: readPackage(t, "solution Apps 1.0.0.0 managed\nconnectionreference ct_new connector=shared_x")}}, env, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := first.After()
	if len(after.References) != 1 || !after.MoreReferences {
		t.Fatalf("references %v, more of them %v", after.References, after.MoreReferences)
	}
	if src, err := json.Marshal(after); err != nil || !bytes.Contains(src, []byte(`"moreConnectionReferences":true`)) {
		t.Errorf("an environment with references that it does not list is written as %s, %v", src, err)
	}
	flow := readPackage(t, "solution Flows 1.0.0.0 managed\nworkflow 22 refs=ct_old:shared_x")
	second, err := plan.Resolve([]plan.Item{{Solution: flow}}, after, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range second.Steps[0].Findings {
		if f.Rule == "plan/flow-stays-off" {
			t.Errorf("nothing says that ct_old has no connection: %s", f.Message())
		}
	}
}

// What a caller does with the environment behind a plan does not change the one before it.
func TestAfterIsACopy(t *testing.T) {
	env := &plan.Environment{
		UnmanagedLayers: []solution.Key{solution.NameKey(solution.TypeEntity, "", "ct_a")},
		Connections:     []plan.Connection{{ID: "one"}},
		Base:            []solution.Key{solution.NameKey(solution.TypeEntity, "", "ct_b")},
		References:      []plan.BoundReference{{Name: "ct_sp"}},
		Variables:       map[string]string{"ct_url": "a"},
	}
	before, err := json.Marshal(env)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.Resolve(nil, env, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	after := p.After()
	after.UnmanagedLayers[0], after.Connections[0].ID, after.Base[0] = solution.Key{}, "x", solution.Key{}
	after.References[0].Name, after.Variables["ct_url"] = "x", "x"
	if now, err := json.Marshal(env); err != nil || !bytes.Equal(before, now) {
		t.Errorf("%v\nbefore %s\nnow    %s", err, before, now)
	}
}
