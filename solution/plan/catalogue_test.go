package plan_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

func TestCataloguesAreSorted(t *testing.T) {
	if rules := slices.Collect(plan.Rules()); len(rules) == 0 || !slices.IsSortedFunc(rules, func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Errorf("the %d rules are not sorted by id", len(rules))
	}
	if list := slices.Collect(plan.AllPolicies()); len(list) == 0 || !slices.IsSortedFunc(list, func(a, b plan.Policy) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("the %d policies are not sorted by name", len(list))
	}
}

// Each rule of plans says what to do, and is found in a case.
func TestRulesAreFound(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var cases []byte
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, src...)
	}
	for r := range plan.Rules() {
		id, ours := strings.CutPrefix(r.ID, "plan/")
		if !ours {
			continue
		}
		if r.Summary == "" || r.Help == "" {
			t.Errorf("%s does not say what it means and what to do", r.ID)
		}
		if !bytes.Contains(cases, []byte(" "+id+" [")) && !strings.HasPrefix(id, "split-") && id != "upload-too-large" { // which its own test finds
			t.Errorf("no case finds %s", r.ID)
		}
	}
}

// What a caller does with the table of policies changes no plan.
func TestPoliciesAreCopies(t *testing.T) {
	for p := range plan.AllPolicies() {
		for i := range p.Values {
			p.Values[i] = "changed"
		}
	}
	for p := range plan.AllPolicies() {
		if slices.Contains(p.Values, "changed") {
			t.Errorf("policy %s can be changed from outside", p.Name)
		}
		if _, err := plan.Resolve(nil, nil, nil, &plan.Options{Policies: plan.Policies{p.Name: p.Default}}); err != nil {
			t.Error(err)
		}
	}
}
