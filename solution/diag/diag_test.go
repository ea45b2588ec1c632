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
	for _, s := range []diag.Severity{diag.Note, diag.Warning, diag.Error} {
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
