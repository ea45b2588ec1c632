package plan_test

import (
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// Changes that are not those from the installed version to the package make no sense, and are no plan.
func TestChangesOfOtherVersions(t *testing.T) {
	const v1, v2, v3, other = "solution Core 1.0.0.0 managed\nentity ct_a", "solution Core 2.0.0.0 managed", "solution Core 3.0.0.0 managed", "solution Other 1.0.0.0 managed"
	there := func(text string) *plan.Environment { return installed(readPackage(t, text)) }
	version := func(v solution.Version) *plan.Environment {
		return &plan.Environment{Solutions: []plan.Installed{{Name: "core", Version: v}}}
	}
	for _, test := range []struct {
		name    string
		env     *plan.Environment
		changes *diff.Comparison
		want    string // what the error says; empty: there is none
	}{
		{"fits", there(v1), compare(t, v1, v2), ""},
		{"fits what is only known by version", version(solution.Version{Major: 1}), compare(t, v1, v2), ""},
		{"the version is not known", version(solution.Version{}), compare(t, v1, v2), ""},
		{"to another version", there(v1), compare(t, v1, v3), "Core 2.0.0.0: its changes are those to Core 3.0.0.0"},
		{"of another solution", there(v1), compare(t, other, other), "Core 2.0.0.0: its changes are those to Other 1.0.0.0"},
		{"from another solution", there(v1), compare(t, other, v2), "those from Other, which is another solution"},
		{"from another version", version(solution.Version{Major: 1, Minor: 5}), compare(t, v1, v2), "from 1.0.0.0, and the environment has 1.5.0.0"},
		{"nothing is there", nil, compare(t, v1, v2), "the environment has no such solution"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := plan.Resolve([]plan.Item{{Solution: readPackage(t, v2), Changes: test.changes}}, test.env, nil, nil)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want == "" && p.Steps[0].Changes == nil:
				t.Error("the step has no changes")
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A diagnostic has both places: where something goes, and where it is used.
func TestBreaksUserPlaces(t *testing.T) {
	c := readCase(t, "testdata/resolve/changes_flow_uses_column.txtar")
	found := 0
	for d := range c.resolve(t).Diagnostics().Rule("plan/breaks-user") {
		found++
		if d.Location.File != "customizations.xml" || len(d.Related) != 1 || !strings.HasPrefix(d.Related[0].Location.File, "Workflows/") {
			t.Errorf("places %v and %v", d.Location, d.Related)
		}
	}
	if found != 1 {
		t.Errorf("%d findings, want 1", found)
	}
}
