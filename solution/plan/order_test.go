package plan_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// ringPackage returns a package that brings a table and needs those of others.
func ringPackage(t testing.TB, name int, needs ...int) plan.Item {
	t.Helper()
	text := fmt.Sprintf("solution P%04d 1.0.0.0 managed\nentity ct_p%04d\n", name, name)
	for _, n := range needs {
		text += fmt.Sprintf("missing entity:ct_p%04d by entity:ct_p%04d in \"P%04d (1.0.0.0)\"\n", n, name, n)
	}
	return plan.Item{Solution: readPackage(t, text)}
}

// A long ring is one loop, and what each of its packages tells of it does not grow with it.
func TestLongRing(t *testing.T) {
	const size = 1000
	var batch []plan.Item
	for i := range size {
		batch = append(batch, ringPackage(t, i, (i+1)%size))
	}
	p, err := plan.Resolve(batch, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Cycles) != 1 || len(p.Cycles[0]) != size || p.Cycles[0][0] != "P0000" {
		t.Fatalf("%d cycles", len(p.Cycles))
	}
	for _, s := range p.Steps {
		if s.Status != plan.Blocked || len(s.BlockedBy) != 0 {
			t.Errorf("%s is %s by %v", s.Solution, s.Status, s.BlockedBy)
		}
		for _, f := range s.Findings {
			if len(f.Message()) > 1000 || len(f.Components) > 20 {
				t.Fatalf("%s: a message of %d bytes about %d components", s.Solution, len(f.Message()), len(f.Components))
			}
		}
	}
}

// Each constraint is told in the later step, where the evidence is if a package has it.
func TestConstraintsAreTold(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[plan.ConstraintKind]bool{}
	for _, file := range files {
		p := readCase(t, file).resolve(t)
		for _, c := range p.Constraints {
			kinds[c.Kind] = true
			later := p.Steps[slices.Index(p.Order, c.After)]
			told := slices.ContainsFunc(later.Findings, func(f plan.Finding) bool {
				return f.Rule == "plan/import-order" && f.Severity == diag.Note && f.Components[0] == c.Because[0].Need &&
					strings.HasPrefix(f.Message(), "import "+c.Before+" before "+c.After+", because ") &&
					(f.Location.Start.Line > 0 || c.Kind == plan.Release || c.Kind == plan.Handover || c.Kind == plan.PatchOf)
			})
			if !told {
				t.Errorf("%s: %s before %s (%s) is not told", file, c.Before, c.After, c.Kind)
			}
		}
	}
	if len(kinds) != 6 {
		t.Errorf("the cases have constraints of kinds %v only", kinds)
	}
}

// Batches made by chance: the order keeps every constraint between packages that can be imported, each loop is one of
// constraints, and a package is blocked exactly if it is in a loop, blocked-by exactly if it only needs one.
func TestOrderByChance(t *testing.T) {
	for seed := range seeds(300) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		size := 2 + rnd.IntN(9)
		needs := make([][]int, size)
		var batch []plan.Item
		for i := range size {
			for j := range size {
				if i != j && rnd.IntN(size) == 0 {
					needs[i] = append(needs[i], j)
				}
			}
			batch = append(batch, ringPackage(t, i, needs[i]...))
		}
		p, err := plan.Resolve(batch, nil, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		reach := closure(needs)
		inLoop := func(i int) bool { return reach[i][i] }
		for _, s := range p.Steps {
			var i int
			fmt.Sscanf(s.Solution, "P%d", &i)
			want := plan.Ready
			for j := range size {
				if reach[i][j] && inLoop(j) {
					want = plan.BlockedBy
				}
			}
			if inLoop(i) {
				want = plan.Blocked
			}
			if s.Status != want {
				t.Errorf("seed %d: %s is %s, want %s", seed, s.Solution, s.Status, want)
			}
		}
		for _, c := range p.Constraints {
			before, after := slices.Index(p.Order, c.Before), slices.Index(p.Order, c.After)
			if p.Steps[after].Status == plan.Ready && before > after {
				t.Errorf("seed %d: %s comes behind %s", seed, c.Before, c.After)
			}
		}
		for _, loop := range p.Cycles {
			if slices.Min(loop) != loop[0] {
				t.Errorf("seed %d: loop %v does not start with the smallest", seed, loop)
			}
			for i, name := range loop {
				next := loop[(i+1)%len(loop)]
				if !slices.ContainsFunc(p.Constraints, func(c plan.Constraint) bool { return c.Before == name && c.After == next }) {
					t.Errorf("seed %d: in loop %v nothing puts %s before %s", seed, loop, name, next)
				}
			}
		}
	}
}

// closure says for each package which others it needs, also by way of others.
func closure(needs [][]int) [][]bool {
	reach := make([][]bool, len(needs))
	for i := range needs {
		reach[i] = make([]bool, len(needs))
		for _, j := range needs[i] {
			reach[i][j] = true
		}
	}
	for k := range needs {
		for i := range needs {
			for j := range needs {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	return reach
}

// A knot of soft edges that is too large to look at edge by edge keeps no loop, and blocks nobody.
func TestManySoftLoops(t *testing.T) {
	const size = 600
	rnd := rand.New(rand.NewPCG(1, 2))
	var batch []plan.Item
	for i := range size {
		var children []string
		for len(children) < 5 {
			if child := fmt.Sprint(1 + rnd.IntN(size)); child != fmt.Sprint(i+1) && !slices.Contains(children, child) {
				children = append(children, child)
			}
		}
		text := fmt.Sprintf("solution P%04d 1.0.0.0 managed\nworkflow %d child=%s\n", i, i+1, strings.Join(children, ","))
		batch = append(batch, plan.Item{Solution: readPackage(t, text)})
	}
	p, err := plan.Resolve(batch, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.Blocked || len(p.Cycles) > 0 || len(p.Order) != size {
		t.Fatalf("blocked %v, %d loops, %d steps", p.Blocked, len(p.Cycles), len(p.Order))
	}
	at := map[string]int{}
	for i, name := range p.Order {
		at[name] = i
	}
	if len(p.Constraints) < size || len(p.Constraints) >= 5*size {
		t.Errorf("%d of %d soft edges are left", len(p.Constraints), 5*size)
	}
	for _, c := range p.Constraints {
		if c.Kind != plan.Soft || at[c.Before] >= at[c.After] {
			t.Errorf("%v is not kept", c)
		}
	}
}
