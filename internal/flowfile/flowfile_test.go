package flowfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func TestConnections(t *testing.T) {
	tree, err := jsonspan.Parse([]byte(`{"properties": {"connectionReferences": {
		"new": {"api": {"name": "shared_a", "logicalName": "new_a"}, "connection": {"connectionReferenceLogicalName": "new_ref"}},
		"old": {"id": "/apis/shared_b"},
		"none": {"api": "a", "connection": null}, "text": "a",
		"new": {"api": {"name": "shared_c"}}
	}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range Connections(tree) {
		text := func(n int32) string { return " " + tree.Text(n) }
		got = append(got, tree.Key(c.Node)+text(c.ID)+text(c.APIName)+text(c.LogicalName)+text(c.Reference))
	}
	if diff := cmp.Diff([]string{"old /apis/shared_b   ", "none    ", "new  shared_c  "}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, none := range []string{`[]`, `{}`, `{"properties": {"connectionReferences": []}}`} {
		tree, err := jsonspan.Parse([]byte(none), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := Connections(tree); got != nil {
			t.Errorf("%s: %v", none, got)
		}
	}
}
