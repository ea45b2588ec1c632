package diag_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/diag"
)

func TestAppendMarkdown(t *testing.T) {
	rules := []diag.Rule{
		{ID: "p/one", Severity: diag.Error, Summary: "a_b lacks <Name> of [X]", Help: "Use *.* or _x, not `y`|z.", URL: "https://example.com/one"},
		{ID: "P-TWO-001", Summary: "short"},
	}
	got := string(diag.AppendMarkdown([]byte("# Rules\n"), slices.Values(rules), func(r diag.Rule) string {
		if r.ID == "p/one" {
			return "More *of* it."
		}
		return "\n"
	}))
	want := "# Rules\n" +
		"\n### p/one\n\n**error**: a_b lacks &lt;Name&gt; of \\[X\\]\n\nUse \\*.\\* or \\_x, not \\`y\\`\\|z.\n\n<https://example.com/one>\n\nMore *of* it.\n" +
		"\n### P-TWO-001\n\n**note**: short\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := diag.AppendMarkdown(nil, slices.Values(rules[1:]), nil); string(got) != "\n### P-TWO-001\n\n**note**: short\n" {
		t.Errorf("without more: %q", got)
	}
}
