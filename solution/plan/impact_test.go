package plan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// answer returns the answer to a question about an environment, in few words and as JSON.
func answer(t *testing.T, env *plan.Environment, query string) (text string, doc []byte) {
	t.Helper()
	what, about, _ := strings.Cut(query, " ")
	var b strings.Builder
	var value any
	fmt.Fprintln(&b, query)
	switch what {
	case "impact":
		key, err := plan.ParseComponent(about)
		if err != nil {
			t.Fatal(err)
		}
		r, err := plan.Impact(env, key)
		if err != nil {
			t.Fatal(err)
		}
		describeReach(&b, r)
		value = r
	case "uninstall":
		r, err := plan.Uninstall(env, about)
		if err != nil {
			t.Fatal(err)
		}
		describeRemoval(&b, r)
		value = r
	default:
		t.Fatalf("question %q", query)
	}
	doc, err := json.MarshalIndent(value, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), doc
}

func describeReach(b *strings.Builder, r *plan.Reach) {
	fmt.Fprintf(b, "    %s", r.Component)
	if r.Base {
		b.WriteString(" (base)")
	}
	b.WriteString("\n")
	for _, l := range r.Layers {
		fmt.Fprintf(b, "    layer: %s %s of %q managed=%v base=%v\n", l.Solution, l.Version, l.Publisher, l.Managed, l.Base)
	}
	for _, p := range r.Parts {
		fmt.Fprintf(b, "    part: %s\n", p)
	}
	for _, u := range r.UsedBy {
		fmt.Fprintf(b, "    use: %s<-%s in %s tracked=%v", u.Need, u.By, u.Solution, u.Tracked)
		if at := u.Location; at.File != "" {
			fmt.Fprintf(b, " %s:%d:%d %s", at.File, at.Start.Line, at.Start.Column, at.Path)
		}
		b.WriteString("\n")
	}
	for _, x := range r.Blocks {
		fmt.Fprintf(b, "    blocks: %s\n", x)
	}
	for _, x := range r.Connections {
		fmt.Fprintf(b, "    connection: %s of %q\n", x.ID, x.Owner)
	}
	for _, x := range r.Unknown {
		fmt.Fprintf(b, "    unknown: %s\n", x)
	}
	findings(b, r.Findings)
}

func describeRemoval(b *strings.Builder, r *plan.Removal) {
	fmt.Fprintf(b, "    %s blocked=%v order=%s\n", r.Solution, r.Blocked, strings.Join(r.Order, " "))
	for _, d := range r.Deletes {
		fmt.Fprintf(b, "    deletes: %s\n", d)
	}
	findings(b, r.Findings)
}

func TestImpact(t *testing.T) {
	files, err := filepath.Glob("testdata/impact/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases: ", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			c := readCase(t, file)
			got := ""
			for _, query := range c.queries {
				text, doc := answer(t, c.env, query)
				got += text
				if bytes.Contains(doc, []byte("null")) {
					t.Errorf("a list is null:\n%s", doc)
				}
				c.checkShuffledAnswer(t, query, doc)
			}
			c.archive.HoldText(t, "want", got)
		})
	}
}

// checkShuffled holds an answer against that of the same environment in another order.
func (c *planCase) checkShuffledAnswer(t *testing.T, query string, want []byte) {
	t.Helper()
	env := *c.env
	env.Solutions = slices.Clone(env.Solutions)
	slices.Reverse(env.Solutions)
	if _, got := answer(t, &env, query); !bytes.Equal(want, got) {
		t.Errorf("another order of the solutions gives another answer (-want +got)\n%s", cmp.Diff(string(want), string(got)))
	}
}

func TestImpactErrors(t *testing.T) {
	twice := &plan.Environment{Solutions: []plan.Installed{{Name: "Core"}, {Name: "core"}}}
	account := solution.NewKey(solution.TypeEntity, "", "account", solution.GUID{})
	_, impactErr := plan.Impact(twice, account)
	_, twiceErr := plan.Uninstall(twice, "Core")
	_, absentErr := plan.Uninstall(&plan.Environment{}, "Core")
	_, nilErr := plan.Uninstall(nil, "Core")
	for _, c := range []struct {
		what string
		err  error
		want string
	}{
		{"impact, two solutions of one name", impactErr, `plan: the environment has solution "core" twice: remove one`},
		{"uninstall, two solutions of one name", twiceErr, `plan: the environment has solution "core" twice: remove one`},
		{"uninstall, not installed", absentErr, `plan: solution "Core" is not installed in the environment`},
		{"uninstall, no environment", nilErr, `plan: solution "Core" is not installed in the environment`},
	} {
		if got := fmt.Sprint(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	if r, err := plan.Impact(nil, account); err != nil || !r.Base || len(r.UsedBy) != 0 {
		t.Errorf("a table of the platform without an environment: %+v, %v", r, err)
	}
}
