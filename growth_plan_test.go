package solutionkit_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// planned makes n solutions, plans their import into what it is told is installed, and writes all reports.
func planned(lines func(i, n int) string, installed func(i, n int) string) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		var batch []plan.Item
		for i := range n {
			if text := lines(i, n); text != "" {
				batch = append(batch, plan.Item{Solution: readSolution(t, text)})
			}
		}
		var env *plan.Environment
		if installed != nil {
			env = &plan.Environment{}
			for i := range n {
				s := readSolution(t, installed(i, n))
				env.Solutions = append(env.Solutions, plan.Installed{Name: fmt.Sprintf("S%05d", i), Order: i + 1, Package: s})
			}
		}
		settings, err := connref.ParseSettings(settingsOf(n), "settings.json")
		if err != nil {
			t.Fatal(err)
		}
		return func() error {
			p, err := plan.Resolve(batch, env, settings, nil)
			if err != nil {
				return err
			}
			p.Diagnostics()
			if err := p.WriteText(io.Discard); err != nil {
				return err
			}
			if err := p.WriteMarkdown(io.Discard); err != nil {
				return err
			}
			if err := p.WriteMermaid(io.Discard); err != nil {
				return err
			}
			src, err := json.Marshal(p)
			if err != nil {
				return err
			}
			var again plan.Plan
			if err := json.Unmarshal(src, &again); err != nil {
				return err
			}
			if env == nil {
				return nil
			}
			after := p.After()
			if _, err := json.Marshal(after); err != nil {
				return err
			}
			if _, err := plan.Impact(env, solution.NameKey(solution.TypeEntity, "", "ct_s00000")); err != nil {
				return err
			}
			_, err = plan.Uninstall(env, "S00000")
			return err
		}
	}
}

func readSolution(t testing.TB, text string) *plan.Solution {
	t.Helper()
	s, err := solutiontest.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := solution.PartsOf(s.FS())
	if err != nil {
		t.Fatal(err)
	}
	read, err := plan.Read(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// table is a solution with one table of its own.
func table(i, version int) string {
	return fmt.Sprintf("solution S%05d %d.0.0.0 managed\nentity ct_s%05d\n", i, version, i)
}

// needs is a missing dependency of solution i.
func needs(i, other int) string {
	return fmt.Sprintf("missing entity:ct_s%05d by entity:ct_s%05d in \"S%05d (1.0.0.0)\"\n", other, i, other)
}

var planFamilies = []family{
	{"plan/independent", 100, planned(func(i, n int) string { return table(i, 1) }, nil)},
	{"plan/chain", 100, planned(func(i, n int) string { return table(i, 1) + needsIf(i, i+1, n) }, nil)},
	{"plan/chain-backwards", 100, planned(func(i, n int) string { return table(i, 1) + needsIf(i, i-1, n) }, nil)},
	{"plan/cycle", 100, planned(func(i, n int) string { return table(i, 1) + needs(i, (i+1)%n) }, nil)},
	{"plan/cycles-of-two", 100, planned(func(i, n int) string { return table(i, 1) + needs(i, i^1) }, nil)},
	{"plan/behind-one-cycle", 100, planned(func(i, n int) string {
		if i < 2 {
			return table(i, 1) + needs(i, 1-i)
		}
		return table(i, 1) + needs(i, i-1)
	}, nil)},
	{"plan/all-need-one", 100, planned(func(i, n int) string { return table(i, 1) + needsIf(i, n-1, n) }, nil)},
	{"plan/one-needs-all", 100, planned(func(i, n int) string {
		if i > 0 {
			return table(i, 1)
		}
		return table(0, 1) + repeatedNeeds(n)
	}, nil)},
	{"plan/random", 150, planned(func(i, n int) string {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		text := table(i, 1)
		for _, d := range []int{r.IntN(n), r.IntN(n) / 2} {
			text += needsIf(i, d, n)
		}
		return text
	}, nil)},
	{"plan/random-forwards", 100, planned(func(i, n int) string {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		text := table(i, 1)
		if i+1 < n {
			text += needs(i, i+1+r.IntN(n-i-1))
		}
		return text
	}, nil)},
	{"plan/soft-cycle", 100, planned(func(i, n int) string {
		return table(i, 1) + fmt.Sprintf("workflow %x sets=ct_s%05ds\n", i+1, (i+1)%n)
	}, nil)},
	{"plan/soft-random", 100, planned(func(i, n int) string {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		return table(i, 1) + fmt.Sprintf("workflow %x sets=ct_s%05ds\n", i+1, r.IntN(n))
	}, nil)},
	{"plan/soft-and-hard", 100, planned(func(i, n int) string {
		return table(i, 1) + needsIf(i, i+1, n) + fmt.Sprintf("workflow %x sets=ct_s%05ds\n", i+1, (i*7)%n)
	}, nil)},
	{"plan/needs-of-nobody", 100, planned(func(i, n int) string {
		return table(i, 1) + fmt.Sprintf("missing entity:ct_nowhere by entity:ct_s%05d in \"Nowhere (1.0.0.0)\"\n", i)
	}, nil)},
	{"plan/needs-of-one-solution", 100, planned(func(i, n int) string {
		if i > 0 {
			return ""
		}
		var b strings.Builder
		b.WriteString(table(0, 1))
		repeat(&b, n, "missing entity:ct_nowhere# by entity:ct_s00000 in \"Nowhere (1.0.0.0)\"\n")
		return b.String()
	}, nil)},
	{"plan/solutions-of-one-name", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution Same 1.0.%d.0 managed\nentity ct_s%05d\n", i, i)
	}, nil)},
	{"plan/versions-of-one-solution", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution Same 1.0.%d.0 managed\nentity ct_s\n", i)
	}, nil)},
	{"plan/patches", 100, planned(func(i, n int) string {
		if i == 0 {
			return "solution Base 1.0.0.0 managed\nentity ct_s\n"
		}
		return fmt.Sprintf("solution Base_Patch_%05d 1.0.%d.0 managed\nparent Base 1.0.0.0\nentity ct_s behavior=2\nattribute ct_s.ct_c%d\n", i, i, i)
	}, nil)},
	{"plan/one-table", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nentity ct_same\n", i)
	}, nil)},
	{"plan/one-table-extended", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nentity ct_same behavior=2\nattribute ct_same.ct_c%05d\n", i, i)
	}, nil)},
	{"plan/one-table-of-tables", 100, planned(func(i, n int) string {
		if i > 0 {
			return table(i, 1) + "missing entity:ct_t1 by entity:ct_s" + fmt.Sprintf("%05d", i) + " in \"S00000 (1.0.0.0)\"\n"
		}
		return table(0, 1) + "entity ct_t1\n"
	}, nil)},
	{"plan/one-reference", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nconnectionreference ct_r connector=shared_x\nworkflow %x refs=ct_r\n", i, i+1)
	}, nil)},
	{"plan/references", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nconnectionreference ct_r%d connector=shared_x\nworkflow %x refs=ct_r%d\n", i, i, i+1, i)
	}, nil)},
	{"plan/references-of-one-solution", 100, planned(func(i, n int) string {
		if i > 0 {
			return ""
		}
		var b strings.Builder
		b.WriteString(table(0, 1))
		repeat(&b, n, "connectionreference ct_r# connector=shared_x\nworkflow # refs=ct_r#\nenvironmentvariabledefinition ct_v#\n")
		return b.String()
	}, nil)},
	{"plan/connectors", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nconnector ct_c%d auth=oauth\nconnectionreference ct_r%d connector=ct_c%d\n", i, i, i, (i+1)%n)
	}, nil)},
	{"plan/one-connector", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nconnector ct_c auth=oauth\nconnectionreference ct_r%d connector=ct_c\n", i, i)
	}, nil)},
	{"plan/variables", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nenvironmentvariabledefinition ct_v%d\nworkflow %x variables=ct_v%d\n", i, i, i+1, (i+1)%n)
	}, nil)},
	{"plan/one-variable", 100, planned(func(i, n int) string {
		return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nenvironmentvariabledefinition ct_v\n", i)
	}, nil)},
	{"plan/upgrades", 200, planned(func(i, n int) string { return table(i, 2) }, func(i, n int) string { return table(i, 1) })},
	{"plan/upgrades-of-one-table", 100, planned(
		func(i, n int) string { return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nentity ct_same\n", i) },
		func(i, n int) string { return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nentity ct_same\n", i) })},
	{"plan/upgrades-of-one-column", 100, planned(
		func(i, n int) string {
			return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nentity ct_same behavior=2\nattribute ct_same.ct_c type=int\n", i)
		},
		func(i, n int) string {
			return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nentity ct_same behavior=2\nattribute ct_same.ct_c type=int\n", i)
		})},
	{"plan/upgrades-that-drop-one-table", 100, planned(
		func(i, n int) string { return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nentity ct_n%05d\n", i, i) },
		func(i, n int) string { return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nentity ct_same\n", i) })},
	{"plan/upgrades-of-one-variable", 100, planned(
		func(i, n int) string {
			return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nenvironmentvariabledefinition ct_v\n", i)
		},
		func(i, n int) string {
			return fmt.Sprintf("solution S%05d 1.0.0.0 managed\nenvironmentvariabledefinition ct_v\n", i)
		})},
	{"plan/upgrades-in-chain", 200, planned(
		func(i, n int) string { return table(i, 2) + needsIf(i, i+1, n) },
		func(i, n int) string { return table(i, 1) + needsIf(i, i-1, n) })},
	{"plan/upgrades-that-delete", 200, planned(
		func(i, n int) string { return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nentity ct_n%05d\n", i, i) },
		func(i, n int) string { return table(i, 1) + needsIf(i, i-1, n) })},
	{"plan/hand-over", 50, planned(
		func(i, n int) string {
			return fmt.Sprintf("solution S%05d 2.0.0.0 managed\nentity ct_s%05d\n", i, (i+1)%n)
		},
		func(i, n int) string { return table(i, 1) })},
	{"plan/installed", 50, planned(
		func(i, n int) string {
			if i > 0 {
				return ""
			}
			return table(0, 2)
		},
		func(i, n int) string { return table(i, 1) + needsIf(i, i-1, n) })},
	{"plan/installed-that-need-one", 50, planned(
		func(i, n int) string {
			if i > 0 {
				return ""
			}
			return "solution S00000 2.0.0.0 managed\nentity ct_new\n"
		},
		func(i, n int) string {
			if i == 0 {
				return table(0, 1)
			}
			return table(i, 1) + needs(i, 0)
		})},
	{"plan/dropped", 50, planned(
		func(i, n int) string {
			if i > 0 {
				return ""
			}
			return "solution S00000 2.0.0.0 managed\nentity ct_new\n"
		},
		func(i, n int) string {
			if i > 0 {
				return table(i, 1)
			}
			var b strings.Builder
			b.WriteString("solution S00000 1.0.0.0 managed\n")
			repeat(&b, n, "entity ct_x#\nattribute ct_x#.ct_c\n")
			return b.String()
		})},
	{"plan/environment", 100, func(t testing.TB, n int) func() error {
		var b strings.Builder
		b.WriteString(`{"solutions":[`)
		repeat(&b, n, `{"name":"S#","version":"1.0","managed":true,"order":#,"provides":["entity:ct_a#","entity:ct_same"],"requires":[{"need":"entity:ct_a1"}]},`)
		b.WriteString(`{"name":"Last"}],"unmanagedLayers":[`)
		repeat(&b, n, `"entity:ct_a#",`)
		b.WriteString(`"entity:ct_last"],"connections":[`)
		repeat(&b, n, `{"id":"c#","connector":"shared_x","owner":"a"},`)
		b.WriteString(`{"id":"last","connector":"shared_y"}],"connectionReferences":[`)
		repeat(&b, n, `{"name":"ct_r#","connectionId":"c#"},`)
		b.WriteString(`{"name":"ct_last","connectionId":"x"}],"environmentVariables":{`)
		repeat(&b, n, `"ct_v#":"x",`)
		b.WriteString(`"ct_last":"y"}}`)
		src := []byte(b.String())
		s := readSolution(t, "solution New 1.0.0.0 managed\nentity ct_new\nconnectionreference ct_r1 connector=shared_x\n")
		return func() error {
			env, err := plan.ParseEnvironment(src, "env.json")
			if err != nil {
				return err
			}
			if _, err := json.Marshal(env); err != nil {
				return err
			}
			if _, err := plan.Uninstall(env, "S1"); err != nil {
				return err
			}
			_, err = plan.Resolve([]plan.Item{{Solution: s}}, env, nil, nil)
			return err
		}
	}},
}

// needsIf is needs if there is such another solution.
func needsIf(i, other, n int) string {
	if other < 0 || other >= n || other == i {
		return ""
	}
	return needs(i, other)
}

func repeatedNeeds(n int) string {
	var b strings.Builder
	for i := 1; i < n; i++ {
		b.WriteString(needs(0, i))
	}
	return b.String()
}
