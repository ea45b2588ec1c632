package diag_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestSeverityText(t *testing.T) {
	for _, s := range []diag.Severity{diag.Note, diag.Action, diag.Warning, diag.Error} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back diag.Severity
		if err := json.Unmarshal(text, &back); err != nil || back != s {
			t.Errorf("%s came back as %v, %v", text, back, err)
		}
	}
	var s diag.Severity
	if err := s.UnmarshalText([]byte("fatal")); err == nil {
		t.Error(`"fatal" was accepted`)
	}
	if got := diag.Severity(7).String(); got != "severity(7)" {
		t.Errorf("got %q", got)
	}
}

func TestListSort(t *testing.T) {
	at := func(file string, offset int, path string) diag.Location {
		return diag.Location{File: file, Path: path, Start: diag.Position{Offset: offset, Line: 1, Column: offset + 1}}
	}
	want := diag.List{
		{Rule: "r", Message: "m"},
		{Rule: "r", Location: at("a", 1, "")},
		{Rule: "q", Location: at("a", 2, "")},
		{Rule: "r", Location: at("a", 2, "x"), Message: "1"},
		{Rule: "r", Location: at("a", 2, "x"), Message: "2"},
		{Rule: "r", Location: at("a", 2, "y")},
		{Rule: "a", Location: at("b", 0, "")},
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	got.Sort()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestListErr(t *testing.T) {
	l := diag.List{
		{Rule: "a/n", Severity: diag.Note, Message: "fine"},
		{Rule: "a/w", Severity: diag.Warning, Message: "odd"},
	}
	if err := l.Err(); err != nil {
		t.Errorf("got %v without an error in the list", err)
	}
	if got := l.Max(); got != diag.Warning {
		t.Errorf("Max = %v", got)
	}
	l = append(l,
		diag.Diagnostic{Rule: "a/e", Severity: diag.Error, Message: "bad", Location: diag.Location{File: "f", Start: diag.Position{Offset: 3, Line: 2, Column: 1}}},
		diag.Diagnostic{Rule: "a/e", Severity: diag.Error, Message: "worse"},
	)
	var failed *diag.FailedError
	if err := l.Err(); !errors.As(err, &failed) || err.Error() != "f:2:1: bad (and 1 more)" {
		t.Fatalf("got %v", err)
	}
	if diff := cmp.Diff(l, failed.List); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := len(slices.Collect(l.Rule("a/e"))); got != 2 {
		t.Errorf("Rule found %d findings, want 2", got)
	}
}

func TestJoin(t *testing.T) {
	at := func(offset int, path string) diag.Location {
		start := diag.Position{Offset: offset, Line: 1, Column: offset + 1}
		return diag.Location{File: "a", Path: path, Start: start, End: start}
	}
	fix := []diag.Fix{{Message: "do"}}
	related := []diag.Related{{Message: "see"}}
	a := diag.List{
		{Rule: "r", Message: "m", Location: at(3, "")},
		{Rule: "r", Message: "m", Location: diag.Location{File: "a", Path: "x"}},
		{Rule: "r", Message: "other", Location: at(3, "")},
	}
	b := diag.List{
		{Rule: "q", Message: "m", Location: at(3, "")},
		{Rule: "r", Message: "m", Severity: diag.Error, Location: at(3, "p"), Fixes: fix, Related: related},
		{Rule: "r", Message: "m", Location: diag.Location{File: "a", Path: "y"}},
		{Rule: "r", Message: "m", Location: at(4, "")},
	}
	given := slices.Clone(a)
	want := diag.List{
		{Rule: "r", Message: "m", Location: diag.Location{File: "a", Path: "x"}},
		{Rule: "r", Message: "m", Location: diag.Location{File: "a", Path: "y"}},
		{Rule: "q", Message: "m", Location: at(3, "")},
		{Rule: "r", Message: "other", Location: at(3, "")},
		{Rule: "r", Message: "m", Severity: diag.Error, Location: at(3, "p"), Fixes: fix, Related: related},
		{Rule: "r", Message: "m", Location: at(4, "")},
	}
	for _, lists := range [][]diag.List{{a, b}, {b, a}, {a, b, nil, a}} {
		if diff := cmp.Diff(want, diag.Join(lists...)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	if diff := cmp.Diff(given, a); diff != "" {
		t.Errorf("a list that was joined changed (-before +after)\n%s", diff)
	}
	if got := diag.Join(); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestCatalogue(t *testing.T) {
	b, a := diag.Rule{ID: "p/b", Summary: "b"}, diag.Rule{ID: "p/a", Summary: "a"}
	c, err := diag.NewCatalogue(slices.Values([]diag.Rule{b, a}), slices.Values([]diag.Rule{b}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]diag.Rule{a, b}, slices.Collect(c.All())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, ok := c.Lookup("p/b"); got != b || !ok {
		t.Errorf("got %v, %v", got, ok)
	}
	if got, ok := c.Lookup("p/c"); got != (diag.Rule{}) || ok {
		t.Errorf("got %v, %v for what is not there", got, ok)
	}
	other := b
	other.Severity = diag.Error
	for _, bad := range []diag.Rule{other, {Summary: "x"}} {
		if _, err := diag.NewCatalogue(slices.Values([]diag.Rule{b}), slices.Values([]diag.Rule{bad})); err == nil {
			t.Errorf("%v is accepted", bad)
		}
	}
	var none *diag.Catalogue
	if _, ok := none.Lookup("p/b"); ok || len(slices.Collect(none.All())) != 0 {
		t.Error("a nil catalogue has rules")
	}
}
