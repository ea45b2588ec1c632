package plan_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// bothWays resolves a batch with the state of all components kept from step to step, and with all of it counted when it is asked for.
func bothWays(t *testing.T, batch []plan.Item, env *plan.Environment, settings *connref.Settings, opts *plan.Options) (kept, counted string) {
	t.Helper()
	defer plan.KeepState(plan.KeepState(0))
	var out [2]string
	for i, places := range []int{0, math.MaxInt} {
		plan.KeepState(places)
		p, err := plan.Resolve(batch, env, settings, opts)
		if err != nil {
			t.Fatal(err)
		}
		after, err := json.Marshal(p.After())
		if err != nil {
			t.Fatal(err)
		}
		out[i] = fmt.Sprintf("%s\n%s\n", encode(t, p), after)
	}
	return out[0], out[1]
}

func TestKeptState(t *testing.T) {
	files, err := filepath.Glob("testdata/resolve/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases:", err)
	}
	for _, file := range files {
		c := readCase(t, file)
		kept, counted := bothWays(t, c.batch, c.env, c.settings, &c.opts)
		if diff := cmp.Diff(counted, kept); diff != "" {
			t.Errorf("%s: kept state is another (-counted +kept)\n%s", file, diff)
		}
	}
}

func TestKeptStateByChance(t *testing.T) {
	for seed := range seeds(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := inventScenario(t, r)
		inventPatches(t, r, s)
		kept, counted := bothWays(t, s.batch, s.env, s.settings, nil)
		if diff := cmp.Diff(counted, kept); diff != "" {
			t.Fatalf("seed %d: kept state is another (-counted +kept)\n%s\n%s", seed, diff, strings.Join(s.texts, "\n"))
		}
	}
}

// inventPatches adds patches of the solutions of a scenario.
func inventPatches(t *testing.T, r *rand.Rand, s *scenario) {
	for i := range r.IntN(4) {
		parent := fmt.Sprintf("S%c", 'A'+r.IntN(4))
		text := inventPackage(r, fmt.Sprintf("%s_Patch_%d", parent, i), fmt.Sprintf("%d.0.%d.0", 1+r.IntN(2), 1+r.IntN(3)), i)
		head, rest, _ := strings.Cut(text, "\n")
		text = fmt.Sprintf("%s\nparent %s %d.0.0.0\n%s", head, parent, 1+r.IntN(2), rest)
		s.texts = append(s.texts, text)
		if r.IntN(2) == 0 {
			s.batch = append(s.batch, plan.Item{Solution: readPackage(t, text)})
			continue
		}
		p := readPackage(t, text)
		s.env.Solutions = append(s.env.Solutions, plan.Installed{Name: p.Name(), Order: 100 + i, Package: p})
	}
}
