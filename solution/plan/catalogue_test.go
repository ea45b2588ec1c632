package plan_test

import (
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
