package plan_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A scenario is a batch and an environment made by chance.
type scenario struct {
	batch    []plan.Item
	env      *plan.Environment
	settings *connref.Settings
	reversed *connref.Settings // with the same entries the other way round
	texts    []string          // of the packages, for messages
}

var publishers = []string{"contoso", "fabrikam"}

// inventScenario makes packages that need each other and what is installed. Components are few, so that they meet.
func inventScenario(t *testing.T, r *rand.Rand) *scenario {
	s := &scenario{env: &plan.Environment{Solutions: []plan.Installed{}}}
	size := 1 + r.IntN(6)
	for i := range size {
		name := fmt.Sprintf("S%c", 'A'+i)
		if r.IntN(3) > 0 {
			text := inventPackage(r, name, "1.0.0.0", i)
			s.texts = append(s.texts, "installed "+text)
			in := plan.Installed{Name: name, Order: i + 1, Package: readPackage(t, text)}
			if r.IntN(5) == 0 {
				managed := true
				in = plan.Installed{Name: name, Order: i + 1, Version: solution.Version{Major: 1}, Managed: &managed, Publisher: publishers[i%2]}
				if r.IntN(2) == 0 {
					in.Provides = []solution.Key{solution.NameKey(solution.TypeEntity, "", "t0")}
				}
			}
			s.env.Solutions = append(s.env.Solutions, in)
		}
		if r.IntN(4) > 0 {
			text := inventPackage(r, name, "2.0.0.0", i)
			s.texts = append(s.texts, text)
			action := []plan.Action{"", "", plan.Update, plan.Upgrade, plan.Stage}[r.IntN(5)]
			s.batch = append(s.batch, plan.Item{Solution: readPackage(t, text), Action: action})
		}
	}
	if r.IntN(2) == 0 {
		s.env.References = []plan.BoundReference{}
		for i := range 3 {
			if r.IntN(2) == 0 {
				s.env.References = append(s.env.References, plan.BoundReference{Name: fmt.Sprintf("R%d", i), ConnectionID: fmt.Sprintf("c%d", i)})
			}
		}
		s.env.Connections = []plan.Connection{{ID: "c0", Connector: "shared_x"}, {ID: "c1", Connector: "shared_x", Owner: "a"}, {ID: "c2", Connector: "shared_y"}}
		s.env.Identity = "b"
	}
	for i := range 4 {
		if r.IntN(6) == 0 {
			s.env.UnmanagedComponents = append(s.env.UnmanagedComponents, solution.NameKey(solution.TypeEntity, "", fmt.Sprintf("ct_t%d", i)))
		}
		if r.IntN(6) == 0 {
			s.env.UnmanagedLayers = append(s.env.UnmanagedLayers, solution.NameKey(solution.TypeEntity, "", fmt.Sprintf("ct_t%d", i)))
		}
	}
	if r.IntN(3) == 0 {
		var err error
		bindings := []string{`{"LogicalName":"r1","ConnectionId":"c1"}`, `{"LogicalName":"R2","ConnectionId":"c7"}`, `{"LogicalName":"nobody","ConnectionId":"c9"}`}
		format := `{"ConnectionReferences":[%s],"EnvironmentVariables":[{"SchemaName":"V0","Value":"x"}]}`
		if s.settings, err = connref.ParseSettings(fmt.Appendf(nil, format, strings.Join(bindings, ",")), "settings.json"); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(bindings)
		if s.reversed, err = connref.ParseSettings(fmt.Appendf(nil, format, strings.Join(bindings, ",")), "settings.json"); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func inventPackage(r *rand.Rand, name, version string, i int) string {
	var b strings.Builder
	mode := "managed"
	if r.IntN(12) == 0 {
		mode = "unmanaged"
	}
	fmt.Fprintf(&b, "solution %s %s %s\npublisher %s prefix=ct\n", name, version, mode, publishers[i%2])
	tables := []int{}
	for n := range 4 {
		if r.IntN(3) > 0 {
			continue
		}
		tables = append(tables, n)
		fmt.Fprintf(&b, "entity ct_t%d behavior=%d\n", n, []int{0, 0, 0, 1, 2}[r.IntN(5)])
		if r.IntN(2) == 0 {
			fmt.Fprintf(&b, "attribute ct_t%d.ct_c%d type=%s\n", n, r.IntN(2), []string{"nvarchar", "int"}[r.IntN(8)/7])
		}
	}
	for n := range 3 {
		if r.IntN(3) == 0 {
			fmt.Fprintf(&b, "connectionreference R%d connector=shared_x skip=%v\n", n, r.IntN(5) == 0)
		}
	}
	if r.IntN(4) == 0 {
		fmt.Fprintf(&b, "environmentvariabledefinition V%d\n", r.IntN(2))
	}
	flow := r.IntN(3) == 0
	if flow {
		fmt.Fprintf(&b, "workflow %d refs=R%d:shared_x sets=ct_t%ds\n", i+1, r.IntN(3), r.IntN(4))
	}
	for n := range 4 {
		if r.IntN(4) == 0 && (flow || len(tables) > 0) {
			by := fmt.Sprintf("workflow:%d", i+1)
			if !flow {
				by = fmt.Sprintf("entity:ct_t%d", tables[0])
			}
			fmt.Fprintf(&b, "missing entity:ct_t%d by %s in \"S%c (%d.0.0.0)\"\n", n, by, 'A'+r.IntN(6), 1+r.IntN(2))
		}
	}
	return b.String()
}

// guesses reports whether the contents of an installed solution are not known: an import can bring to light that something
// was not in them.
func (s *scenario) guesses() bool {
	return slices.ContainsFunc(s.env.Solutions, func(in plan.Installed) bool { return in.Package == nil })
}

func shuffle[T any](r *rand.Rand, list []T) []T {
	if list == nil {
		return nil
	}
	out := slices.Clone(list)
	r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// seeds is how many scenarios are tried: a tenth of n in a short run.
func seeds(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

// TestOrderOfInputs holds plans of shuffled inputs against each other, and each against what all plans promise.
func TestOrderOfInputs(t *testing.T) {
	ready, blocked := 0, 0
	for seed := range seeds(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := inventScenario(t, r)
		first, err := plan.Resolve(s.batch, s.env, s.settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkForm(t, first)
		env := *s.env
		env.Solutions = shuffle(r, env.Solutions)
		env.References = shuffle(r, env.References)
		env.Connections = shuffle(r, env.Connections)
		env.UnmanagedComponents = shuffle(r, env.UnmanagedComponents)
		env.UnmanagedLayers = shuffle(r, env.UnmanagedLayers)
		second, err := plan.Resolve(shuffle(r, s.batch), &env, s.reversed, nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(encode(t, first)), string(encode(t, second))); diff != "" {
			t.Errorf("seed %d: another order gives another plan (-want +got)\n%s\n%s", seed, diff, strings.Join(s.texts, "\n"))
		}
		if first.Blocked {
			blocked++
		} else {
			ready++
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(s.texts, "\n"))
		}
	}
	if !testing.Short() && (ready < 20 || blocked < 20) {
		t.Errorf("%d plans can be carried out, %d not: the scenarios are one-sided", ready, blocked)
	}
}

// TestAppliedByChance carries plans out and plans the same packages as updates: nothing is asked, refused or deleted.
func TestAppliedByChance(t *testing.T) {
	applied := 0
	for seed := range seeds(600) {
		s := inventScenario(t, rand.New(rand.NewPCG(seed, 2)))
		for i := range s.batch {
			if s.batch[i].Action == plan.Stage {
				s.batch[i].Action = ""
			}
		}
		first, err := plan.Resolve(s.batch, s.env, s.settings, nil)
		if err != nil {
			t.Fatal(err)
		}
		if first.Blocked || len(s.batch) == 0 || s.guesses() {
			continue
		}
		applied++
		if checkApplied(t, s.batch, first); t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, strings.Join(s.texts, "\n"))
		}
	}
	if !testing.Short() && applied < 30 {
		t.Errorf("only %d plans could be carried out", applied)
	}
}
