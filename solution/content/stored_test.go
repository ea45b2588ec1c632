package content

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestStoredReferences(t *testing.T) {
	id, err := solution.ParseGUID("{0a1b2c3d-0000-4000-8000-00000000000F}")
	if err != nil {
		t.Fatal(err)
	}
	var want []Reference
	for i := range 1000 {
		want = append(want, Reference{
			From: solution.IDKey(solution.TypeRole, id), To: solution.NameKey(solution.TypeAttribute, fmt.Sprint("Ört", i%7), fmt.Sprint("c", i)),
			Edge: edges[i%len(edges)].Edge, Text: fmt.Sprint("C", i%90), Tracked: i%2 == 0, Resolved: Resolution(i % len(resolutions)),
			Location: diag.Location{File: "customizations.xml", Path: fmt.Sprint("Roles/Role", i%3),
				Start: diag.Position{Offset: i, Line: i + 1, Column: i + 2}, End: diag.Position{Offset: i + 3, Line: i + 4, Column: i + 5}},
		})
	}
	r := newReferences()
	for _, ref := range want {
		r.add(ref)
	}
	got := make([]Reference, len(r.list))
	for i := range got {
		got[i] = r.at(i)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if n := len(r.keys.list); n != 1001 {
		t.Errorf("%d keys are kept, of 1001", n)
	}
}

func TestFindingsAreBounded(t *testing.T) {
	c := &Content{references: newReferences()}
	for i := range 3 * maxFindings {
		c.references.add(Reference{From: key(solution.TypeWorkflow, "f"), To: key(solution.TypeWorkflow, fmt.Sprint(i)), Edge: FlowChild, Text: "x"})
	}
	c.report()
	if n := len(c.found); n != maxFindings+1 {
		t.Errorf("%d findings, want %d and one that says that there are more", n, maxFindings)
	}
}
