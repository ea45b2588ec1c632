package diff_test

import (
	"encoding/json"
	"testing"

	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/solutiontest"
)

// TestOps: what happened has one text, which reads back, and no other text does.
func TestOps(t *testing.T) {
	seen := map[string]bool{}
	for _, op := range []diff.Op{diff.Added, diff.Removed, diff.Changed, diff.Moved} {
		text, err := op.MarshalText()
		if err != nil || string(text) != op.String() || seen[op.String()] {
			t.Errorf("%v: %q, %v", op, text, err)
		}
		seen[op.String()] = true
		var back diff.Op
		if err := back.UnmarshalText(text); err != nil || back != op {
			t.Errorf("%s reads as %v, %v", text, back, err)
		}
	}
	var op diff.Op
	if err := op.UnmarshalText([]byte("lost")); err == nil {
		t.Error("a text that is none is no error")
	}
}

// TestJSON: the document has what changed and where, in both solutions.
func TestJSON(t *testing.T) {
	old := solutiontest.Parts(t, "solution A 1.0.0.0\nentity ct_order name=Order\nentity ct_gone\nworkflow 22 name=Old")
	next := solutiontest.Parts(t, "solution A 2.0.0.0\nentity ct_order name=Job\nworkflow 22 name=New\nrole 14 name=Clerk")
	c, err := diff.Compare(old, next, nil)
	if err != nil {
		t.Fatal(err)
	}
	src, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := json.Unmarshal(src, &document); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	collect(document, texts)
	for _, want := range []string{"added", "removed", "changed", "ct_gone", "Order", "Job", "Clerk", "customizations.xml"} {
		if !texts[want] {
			t.Errorf("no text %q in\n%s", want, src)
		}
	}
}

// collect puts all texts of a document into a set.
func collect(v any, into map[string]bool) {
	switch v := v.(type) {
	case string:
		into[v] = true
	case []any:
		for _, x := range v {
			collect(x, into)
		}
	case map[string]any:
		for _, x := range v {
			collect(x, into)
		}
	}
}
