package plan_test

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/corpus"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A realPackage is a solution of the corpus.
type realPackage struct {
	*plan.Solution
	file       string
	repository string
	version    solution.Version
	managed    bool
}

// readOnce keeps the corpus for the tests that go through it.
var readOnce []realPackage

// realPackages reads the corpus; without it the test is skipped.
func realPackages(t testing.TB) []realPackage {
	t.Helper()
	if readOnce != nil {
		return readOnce
	}
	var out []realPackage
	for _, row := range corpus.Index(t) {
		s := row.Solution(t)
		zip := s.Zip(t)
		z, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		p, err := plan.Read(z, &plan.ReadOptions{Size: int64(len(zip))})
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		m := p.Content().Manifest()
		out = append(out, realPackage{p, s.File("input.zip"), row["repository"], m.Version(), m.Kind() == solution.Managed})
	}
	if len(out) == 0 {
		t.Fatal("the corpus has no solutions")
	}
	readOnce = out
	return out
}

// installed returns an environment that has packages, in this order.
func installed(packages ...*plan.Solution) *plan.Environment {
	env := &plan.Environment{Solutions: []plan.Installed{}}
	for i, p := range packages {
		env.Solutions = append(env.Solutions, plan.Installed{Name: p.Name(), Order: i + 1, Package: p})
	}
	return env
}

// TestCorpusVersions plans each managed solution of which the corpus has several versions as an upgrade of the version before:
// what the plan deletes is what the older version has, the newer has not, and no other solution has created.
func TestCorpusVersions(t *testing.T) {
	bySolution := map[string][]realPackage{}
	for _, p := range realPackages(t) {
		if p.managed {
			bySolution[p.Name()] = append(bySolution[p.Name()], p)
		}
	}
	pairs, deletions := 0, 0
	for name, list := range bySolution {
		slices.SortFunc(list, func(a, b realPackage) int { return a.version.Compare(b.version) })
		for i := 1; i < len(list); i++ {
			older, newer := list[i-1], list[i]
			if older.version == newer.version {
				continue
			}
			p, err := plan.Resolve([]plan.Item{{Solution: newer.Solution}}, installed(older.Solution), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			want := gone(older.Content(), newer.Content())
			if diff := cmp.Diff(want, p.Steps[0].Deletes); diff != "" {
				t.Errorf("%s %v to %v deletes (-want +got)\n%s", name, older.version, newer.version, diff)
			}
			pairs++
			deletions += len(want)

			p, err = plan.Resolve([]plan.Item{{Solution: newer.Solution, Action: plan.Update}}, installed(older.Solution), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Steps[0].Deletes) > 0 {
				t.Errorf("%s: an update deletes %v", name, p.Steps[0].Deletes)
			}
		}
	}
	if pairs == 0 || deletions == 0 {
		t.Fatalf("%d pairs of versions with %d deletions: the test shows nothing", pairs, deletions)
	}
	t.Logf("%d pairs of versions, %d deletions", pairs, deletions)
}

// parts reads the zip again.
func (p realPackage) parts(t testing.TB) solution.Parts {
	t.Helper()
	zip, err := os.ReadFile(p.file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := packager.Open(bytes.NewReader(zip), int64(len(zip)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestCorpusChanges plans the solutions of which the corpus has several versions with what changed since the version before: what
// the plan deletes the comparison has not any more, of what was removed only that breaks somebody, and the plan is else the same.
func TestCorpusChanges(t *testing.T) {
	bySolution := map[string][]realPackage{}
	for _, p := range realPackages(t) {
		key := p.Name() + map[bool]string{true: " managed"}[p.managed]
		bySolution[key] = append(bySolution[key], p)
	}
	pairs, breaking, deletions := 0, 0, 0
	for n, name := range slices.Sorted(maps.Keys(bySolution)) {
		list := bySolution[name]
		if testing.Short() && n%4 != 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b realPackage) int { return a.version.Compare(b.version) })
		for i := 1; i < len(list); i++ {
			older, newer := list[i-1], list[i]
			if older.version == newer.version {
				continue
			}
			c, err := diff.Compare(older.parts(t), newer.parts(t), nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			env := installed(older.Solution)
			p, err := plan.Resolve([]plan.Item{{Solution: newer.Solution, Changes: c}}, env, nil, nil)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			without, err := plan.Resolve([]plan.Item{{Solution: newer.Solution}}, env, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			changes := p.Steps[0].Changes
			removed := map[plan.ComponentID]bool{}
			for _, x := range c.Components {
				if x.Op == diff.Removed {
					removed[plan.ComponentOf(x.Key)] = true
				}
			}
			rootOnly := map[plan.ComponentID]bool{} // the manifest lists it, and there is no more of it
			for x := range older.Content().Components() {
				if x.Location.File == solution.ManifestFile {
					rootOnly[plan.ComponentOf(x.Key)] = true
				}
			}
			for _, x := range p.Steps[0].Deletes {
				deletions++
				if !removed[x] && !rootOnly[x] {
					t.Errorf("%s %v to %v deletes %s, which the comparison has on both sides", name, older.version, newer.version, x)
				}
			}
			for _, x := range changes.Breaks {
				breaking++
				if x.Op == diff.Removed && x.Path == "" && !slices.Contains(p.Steps[0].Deletes, x.Component) {
					t.Errorf("%s %v to %v: %s breaks, and stays", name, older.version, newer.version, x.Component)
				}
			}
			p.Steps[0].Changes = nil
			if diff := cmp.Diff(string(encode(t, without)), string(encode(t, p))); diff != "" {
				t.Errorf("%s %v to %v: another plan with changes, though nobody else is there (-want +got)\n%s", name, older.version, newer.version, diff)
			}
			pairs++
		}
	}
	if pairs == 0 || deletions == 0 || breaking == 0 && !testing.Short() {
		t.Fatalf("%d pairs of versions with %d deletions and %d breaking changes: the test shows nothing", pairs, deletions, breaking)
	}
	t.Logf("%d pairs of versions, %d deletions, %d breaking changes", pairs, deletions, breaking)
}

// gone returns what an older version creates and a newer one has not, by the lists of contents alone.
func gone(older, newer *content.Content) []plan.ComponentID {
	required := map[solution.Key]bool{}
	for d := range older.Manifest().Dependencies() {
		required[d.Required.Key] = true
		if !d.Required.ID.IsZero() {
			required[solution.IDKey(d.Required.Key.Type(), d.Required.ID)] = true
		}
	}
	created := func(x content.Component) bool { // by itself
		shell := x.Key.Type() == solution.TypeEntity && x.Root != nil && x.Root.Behavior != solution.IncludeSubcomponents
		return !shell && !required[x.Key] && !content.BuiltinBase().Has(x.Key)
	}
	prefix := strings.ToLower(older.Manifest().Publisher().Prefix) + "_"
	out := []plan.ComponentID{}
	for x := range older.Components() {
		if !x.Key.HasName() || x.Key.Type() == "language" || x.Key.Type() == solution.TypeRibbonCustomization || !created(x) {
			continue
		}
		owner, ok := older.Component(x.Owner)
		foreign := x.Owner.Type() == solution.TypeEntity && ok && !created(owner)
		if x.Key.Type() == solution.TypeEntityRelationship {
			foreign = true
			for ref := range older.References() {
				if ref.From != x.Key || ref.Edge != content.RelationshipTable {
					continue
				}
				if table, ok := older.Component(ref.To); ok && created(table) {
					foreign = false
				}
			}
		}
		if foreign && x.Key.Name() != "" && !strings.Contains(x.Key.Name(), prefix) {
			continue // of a table of somebody else, and not named as what this publisher makes
		}
		if _, still := newer.Component(x.Key); !still {
			out = append(out, plan.ComponentOf(x.Key))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestCorpusTogether plans all solutions of the corpus together, the newest version of each: packages of different repositories
// wait for each other only where one makes what the other needs, as its name says.
func TestCorpusTogether(t *testing.T) {
	newest := map[string]realPackage{}
	for _, p := range realPackages(t) {
		key := strings.ToLower(p.Name())
		if have, ok := newest[key]; !ok || p.version.Compare(have.version) > 0 {
			newest[key] = p
		}
	}
	var batch []plan.Item
	for _, p := range newest {
		batch = append(batch, plan.Item{Solution: p.Solution})
	}
	p, err := plan.Resolve(batch, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	across, within := 0, 0
	for _, c := range p.Constraints {
		before, after := newest[strings.ToLower(c.Before)], newest[strings.ToLower(c.After)]
		if before.repository == after.repository {
			within++
			continue
		}
		across++
		prefix := strings.ToLower(before.Content().Manifest().Publisher().Prefix) + "_"
		for _, pair := range c.Because {
			_, name, _ := strings.Cut(string(pair.Need), ":")
			if _, column, ok := strings.Cut(name, "."); ok && !strings.HasPrefix(name, prefix) {
				name = column
			}
			if !strings.HasPrefix(name, prefix) {
				t.Errorf("%s before %s for %s, which %s does not make", c.Before, c.After, pair.Need, c.Before)
			}
		}
	}
	if within == 0 {
		t.Fatal("no package waits for another: the test shows nothing")
	}
	t.Logf("%d solutions, %d constraints in one repository, %d between two", len(batch), within, across)
}

// TestCorpusFamilies plans all managed solutions of each repository together, the newest version of each, and holds the order
// against the dependencies that the manifests list.
func TestCorpusFamilies(t *testing.T) {
	newest := map[string]map[string]realPackage{}
	for _, p := range realPackages(t) {
		if !p.managed {
			continue
		}
		family := newest[p.repository]
		if family == nil {
			family = map[string]realPackage{}
			newest[p.repository] = family
		}
		if have, ok := family[p.Name()]; !ok || have.version.Compare(p.version) < 0 {
			family[p.Name()] = p
		}
	}
	ordered := 0
	for repository, family := range newest {
		var batch []plan.Item
		for _, p := range family {
			batch = append(batch, plan.Item{Solution: p.Solution})
		}
		p, err := plan.Resolve(batch, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		checkForm(t, p)
		at := map[string]int{}
		for i, name := range p.Order {
			at[name] = i
		}
		for _, c := range p.Constraints {
			if c.Kind == plan.Need && at[c.Before] > at[c.After] && p.Steps[at[c.After]].Status == plan.Ready {
				t.Errorf("%s: %s stands before %s, which it needs", repository, c.After, c.Before)
			}
		}
		for name, x := range family {
			for d := range x.Content().Manifest().Dependencies() {
				provider, ok := family[d.Required.Solution.Name]
				if !ok || provider.Name() == name {
					continue
				}
				if _, has := provider.Content().Component(d.Required.Key); !has {
					continue
				}
				if !slices.ContainsFunc(p.Constraints, func(c plan.Constraint) bool { return c.Before == provider.Name() && c.After == name }) {
					t.Errorf("%s: nothing puts %s before %s, which needs %v", repository, provider.Name(), name, d.Required.Key)
				}
				ordered++
			}
		}
	}
	if ordered == 0 {
		t.Fatal("no family needs itself: the test shows nothing")
	}
	t.Logf("%d dependencies between solutions of one repository", ordered)
}

// TestCorpusApplied installs each solution of the corpus, and plans it again in what that leaves: as an update it asks for
// nothing, deletes nothing, and is refused for nothing.
func TestCorpusApplied(t *testing.T) {
	ready := 0
	for _, x := range realPackages(t) {
		first, err := plan.Resolve([]plan.Item{{Solution: x.Solution}}, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if first.Blocked {
			continue
		}
		checkApplied(t, []plan.Item{{Solution: x.Solution}}, first)
		ready++
	}
	if ready == 0 {
		t.Fatal("no solution can be installed: the test shows nothing")
	}
}

// checkApplied plans a batch once more in the environment that its plan leaves.
func checkApplied(t *testing.T, batch []plan.Item, first *plan.Plan) {
	t.Helper()
	again := slices.Clone(batch)
	for i := range again {
		again[i].Action = plan.Update
	}
	second, err := plan.Resolve(again, first.After(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range second.Steps {
		if s.Status != plan.Ready || len(s.Prompts)+len(s.Deletes)+len(s.VariablesNeeded) > 0 {
			t.Errorf("%s again: %s, prompts %v, deletes %v, needs values of %v: %v", s.Solution, s.Status, s.Prompts, s.Deletes, s.VariablesNeeded, errorsOf(s))
		}
	}
}

func errorsOf(s plan.Step) []string {
	var out []string
	for _, f := range s.Findings {
		if f.Severity == diag.Error {
			out = append(out, f.Rule+": "+f.Message())
		}
	}
	return out
}
