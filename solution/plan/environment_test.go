package plan_test

import (
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
	batch := []plan.Item{{Package: readPackage(t, "solution Apps 1.0.0.0 managed\nconnectionreference ct_sp connector=shared_sharepointonline\n")}}
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
	for _, asked := range []solution.Key{key, {Type: key.Type, ID: key.ID}, {Type: key.Type, Name: key.Name}} {
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
	p, err := plan.Resolve([]plan.Item{{Package: readPackage(t, "solution Core 1.0.0.0 managed\nentity ct_a\n")}}, nil, nil, nil)
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
