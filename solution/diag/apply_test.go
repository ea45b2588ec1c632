package diag_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestApply(t *testing.T) {
	for name, tt := range map[string]struct {
		src   string
		edits []diag.Edit
		want  string
	}{
		"none":             {"abc", nil, "abc"},
		"replace":          {"abc", []diag.Edit{{Start: 1, End: 2, New: "xyz"}}, "axyzc"},
		"delete all":       {"abc", []diag.Edit{{Start: 0, End: 3}}, ""},
		"any order":        {"abcd", []diag.Edit{{Start: 3, End: 4, New: "D"}, {Start: 0, End: 1, New: "A"}}, "AbcD"},
		"touching":         {"abcd", []diag.Edit{{Start: 1, End: 2, New: "B"}, {Start: 2, End: 3, New: "C"}}, "aBCd"},
		"insert at end":    {"ab", []diag.Edit{{Start: 2, End: 2, New: "c"}}, "abc"},
		"inserts in order": {"ab", []diag.Edit{{Start: 1, End: 2, New: "B"}, {Start: 1, End: 1, New: "1"}, {Start: 1, End: 1, New: "2"}}, "a12B"},
	} {
		t.Run(name, func(t *testing.T) {
			given := slices.Clone(tt.edits)
			got, err := diag.Apply([]byte(tt.src), tt.edits)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if diff := cmp.Diff(given, tt.edits); diff != "" {
				t.Errorf("edits changed (-before +after)\n%s", diff)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		edits []diag.Edit
		want  string
	}{
		"overlap":        {[]diag.Edit{{Start: 1, End: 3}, {Start: 0, End: 2}}, "edit [1,3): overlaps an edit that ends at 2"},
		"insert inside":  {[]diag.Edit{{Start: 0, End: 3}, {Start: 1, End: 1, New: "x"}}, "edit [1,1): overlaps"},
		"beyond the end": {[]diag.Edit{{File: "f.xml", Start: 2, End: 5}}, "f.xml: edit [2,5): outside of the 4 bytes"},
		"negative":       {[]diag.Edit{{Start: -1, End: 0}}, "edit [-1,0): outside"},
		"backwards":      {[]diag.Edit{{Start: 2, End: 1}}, "edit [2,1): outside"},
		"two files":      {[]diag.Edit{{File: "a"}, {File: "b"}}, `b: edit [0,0): the other edits are of file "a"`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := diag.Apply([]byte("abcd"), tt.edits)
			var edit *diag.EditError
			if !errors.As(err, &edit) {
				t.Fatalf("got %q and error %v, want an *EditError", got, err)
			}
			if !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %q, want it to start with %q", err, tt.want)
			}
		})
	}
}
