package solution_test

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/internal/catalogue"
)

func TestCatalogueIsGenerated(t *testing.T) {
	table, err := os.ReadFile("components.csv")
	if err != nil {
		t.Fatal(err)
	}
	want, err := catalogue.Generate(table)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("components_table.go")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("components_table.go is not what components.csv gives: run go generate (-want +got)\n%s", diff)
	}
}

func TestCatalogue(t *testing.T) {
	n := 0
	for info := range solution.ComponentTypes() {
		n++
		if got, ok := info.Type.Info(); !ok || got != info {
			t.Errorf("%s: Info gives %v", info.Type, got)
		}
		if got := solution.ParseComponentType(info.Name); got != info.Type {
			t.Errorf("title %q: got %q, want %q", info.Name, got, info.Type)
		}
		code, fixed := info.Type.Code()
		if fixed != (info.Code > 0) || code != info.Code || info.Type.EnvironmentSpecific() == fixed {
			t.Errorf("%s: code %d, %v; environment specific %v", info.Type, code, fixed, info.Type.EnvironmentSpecific())
		}
		if fixed && solution.TypeOfCode(code) != info.Type {
			t.Errorf("code %d: got %q, want %q", code, solution.TypeOfCode(code), info.Type)
		}
		if solution.Fold(string(info.Type)) != string(info.Type) {
			t.Errorf("%s is not folded", info.Type)
		}
	}
	if n < 100 {
		t.Errorf("the catalogue has %d rows", n)
	}
}

func TestComponentType(t *testing.T) {
	for _, tt := range []struct {
		text  string
		want  solution.ComponentType
		code  int
		known bool
		env   bool
		title string
	}{
		{"1", solution.TypeEntity, 1, true, false, "Entity"},
		{" 061 ", solution.TypeWebResource, 61, true, false, "Web Resource"},
		{"80", solution.TypeAppModule, 80, true, false, "App Module"},
		{"371", solution.TypeConnector, 372, true, false, "Connector"}, // the old code means the same
		{"MaskingRule", solution.TypeMaskingRule, 0, true, true, "Masking Rule"},
		{"option set", solution.TypeOptionSet, 9, true, false, "Option Set"},
		{"connectionreference", solution.TypeConnectionReference, 0, true, true, "Connection Reference"},
		{"9999", "9999", 9999, false, false, "9999"},
		{"10066", "10066", 10066, false, true, "10066"},
		{"Fabrikam Thing", "fabrikam thing", 0, false, true, "fabrikam thing"},
		{"-1", "-1", 0, false, true, "-1"},
		{"", "", 0, false, true, ""},
	} {
		got := solution.ParseComponentType(tt.text)
		if got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
		_, known := got.Info()
		if code, _ := got.Code(); code != tt.code || known != tt.known || got.EnvironmentSpecific() != tt.env || got.Title() != tt.title {
			t.Errorf("%q: code %d, known %v, environment specific %v, title %q", tt.text, code, known, got.EnvironmentSpecific(), got.Title())
		}
	}
}

func TestTypesInSection(t *testing.T) {
	types := func(section string) []solution.ComponentType {
		var out []solution.ComponentType
		for info := range solution.TypesInSection(section) {
			out = append(out, info.Type)
		}
		return out
	}
	if diff := cmp.Diff([]solution.ComponentType{"role"}, types("Roles")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := types("Entities"); !slices.Contains(got, solution.TypeAttribute) || slices.Contains(got, solution.TypeRole) {
		t.Errorf("Entities: got %v", got)
	}
	if got := types("Dialogs"); !slices.Contains(got, solution.TypeSystemForm) {
		t.Errorf("a second path is not seen: got %v", got)
	}
	if got := types("Nothing"); got != nil {
		t.Errorf("got %v", got)
	}
}
