package lint

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRulesPage holds RULES.md and the catalogue together; -update writes the page.
func TestRulesPage(t *testing.T) {
	got := Markdown()
	if *update {
		if err := os.WriteFile("RULES.md", got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("RULES.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("RULES.md is not what the catalogue says: run go generate (-want +got)\n%s", diff)
	}
}
