package plan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/internal/golden"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// reports are the forms that a case can want of what it gives in plan.json, reach.json or removal.json.
func reports(t *testing.T, given string, src []byte) map[string]func(io.Writer) error {
	t.Helper()
	decode := func(v any) {
		d := json.NewDecoder(bytes.NewReader(src))
		d.DisallowUnknownFields()
		if err := d.Decode(v); err != nil {
			t.Fatalf("%s: %v", given, err)
		}
	}
	switch given {
	case "plan.json":
		p := new(plan.Plan)
		decode(p)
		return map[string]func(io.Writer) error{"want/text": p.WriteText, "want/markdown": p.WriteMarkdown, "want/mermaid": p.WriteMermaid}
	case "reach.json":
		r := new(plan.Reach)
		decode(r)
		return map[string]func(io.Writer) error{"want/text": r.WriteText}
	case "removal.json":
		r := new(plan.Removal)
		decode(r)
		return map[string]func(io.Writer) error{"want/text": r.WriteText}
	}
	t.Fatalf("%s: a case gives plan.json, reach.json or removal.json", given)
	return nil
}

// TestReports compares each report of a case, made of what its first file gives, with the files behind it.
func TestReports(t *testing.T) {
	golden.Run(t, "testdata/report/*.txtar", func(t *testing.T, c *golden.Case) {
		got := map[string]string{}
		for form, write := range reports(t, c.Files[0].Name, c.Files[0].Data) {
			got[form] = written(t, write)
			if again := written(t, write); again != got[form] {
				t.Errorf("%s: a second run writes something else", form)
			}
		}
		c.Hold(t, func(name string) bool { return name != c.Files[0].Name }, got)
	})
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// manyDeletions is a plan with one step that deletes n flows and n tables.
func manyDeletions(n int) *plan.Plan {
	s := plan.Step{Solution: "Big", Version: "2.0", From: "1.0", Action: plan.Upgrade, Status: plan.Ready}
	for i := range n {
		s.Deletes = append(s.Deletes, plan.ComponentID(fmt.Sprintf("entity:t%d", i)), plan.ComponentID(fmt.Sprintf("webresource:w%d", i)))
	}
	return &plan.Plan{Order: []string{"Big"}, Steps: []plan.Step{s}}
}

// Lists are cut where they are too long, and only there; the reader is told how to see the rest.
// TestReportsProviders holds that what is needed of one provider is one line of each report.
func TestReportsProviders(t *testing.T) {
	p := readCase(t, "testdata/resolve/need_application_unknown.txtar").resolve(t)
	for form, text := range map[string]string{"text": written(t, p.WriteText), "markdown": written(t, p.WriteMarkdown)} {
		for _, provider := range []string{"First Service", "First Known", "of Sales", "of Front", "of Plain"} {
			lines := 0
			for line := range strings.Lines(text) {
				if strings.Contains(line, provider) {
					lines++
				}
			}
			if lines != 1 {
				t.Errorf("%s: %d lines about what is needed %s\n%s", form, lines, provider, text)
			}
		}
	}
}

func TestReportsCutLists(t *testing.T) {
	tests := []struct {
		n              int
		text, markdown []string // lines about what was left out
	}{
		{20, nil, nil},
		{21, []string{"and 1 more", "and 1 more"}, []string{"and 1 more"}},
		{120, []string{"and 100 more", "and 100 more"}, []string{"and 100 more", "and 20 more"}},
	}
	more := regexp.MustCompile(`and \d+ more`)
	for _, tt := range tests {
		p := manyDeletions(tt.n)
		for form, want := range map[string][]string{written(t, p.WriteText): tt.text, written(t, p.WriteMarkdown): tt.markdown} {
			if diff := cmp.Diff(want, more.FindAllString(form, -1)); diff != "" {
				t.Errorf("%d of each kind (-want +got)\n%s", tt.n, diff)
			}
			if note := strings.Contains(form, "-json"); note != (want != nil) {
				t.Errorf("%d of each kind: told of -json: %v\n%s", tt.n, note, form)
			}
		}
	}
}

// hostile are names that try to be something else in one of the forms.
var hostile = []string{
	"a|b", "a\\|b", "`code`", "``", "<script>alert(1)</script>", "</details>", "<!-- x", "&lt;", "[x](javascript:y)", "![x](y)", "**b**", "__b__", "~~s~~", "$x$",
	"@everyone", "#12", "# heading", "- [x] done", "1. item", "> quote", "line\nbreak", "car\rriage", "tab\t", "\x1b[31mred", "\u202eright to left", "bad\xffutf8", "\u2028",
	`quote"`, `"] --> x["`, "%%{init: {}}%%", "a;b", "end", "click s0 call x()", " ", "#quot;", "|---|", "\x00", "::: warning", "see https://example.com/a", "www.example.com", "WWW.example.com",
}

// Whatever names and messages are, each form keeps its lines, and the lines their markup.
func TestReportsOfHostileNames(t *testing.T) {
	build := func(name string) *plan.Plan {
		f := plan.Finding{Rule: "plan/raw-connection", Severity: diag.Warning, Text: name, Components: []plan.ComponentID{plan.ComponentID("workflow:" + name)},
			Location: diag.Location{File: name, Start: diag.Position{Line: 1, Column: 2}}}
		bad, info := f, f
		bad.Severity, info.Severity = diag.Error, diag.Note
		c := plan.Constraint{Before: name, After: "B", Kind: plan.Need, Because: []plan.Pair{{Need: plan.ComponentID("entity:" + name), By: plan.ComponentID("workflow:" + name)}}}
		back := plan.Constraint{Before: "B", After: name, Kind: plan.ConstraintKind(name), Because: c.Because}
		return &plan.Plan{Blocked: true, Constraints: []plan.Constraint{c, back}, Cycles: [][]string{{name, "B"}}, Findings: []plan.Finding{f, info},
			Steps: []plan.Step{
				{Solution: name, Version: name, From: name, Action: plan.Upgrade, Status: plan.Ready, Prompts: []string{name}, Kept: []string{name}, Bound: map[string]string{name: name},
					VariablesNeeded: []string{name}, Secrets: []plan.Secret{{Connector: name, Fields: []string{name}}}, Deletes: []plan.ComponentID{plan.ComponentID("entity:" + name), plan.ComponentID("role:" + name)},
					ManualBefore: []plan.Task{{Text: name + "!"}}, ManualAfter: []plan.Task{{Text: name + "?"}}, Findings: []plan.Finding{f, info}},
				{Solution: "B", Version: name, Action: plan.Action(name), Status: plan.BlockedBy, BlockedBy: []string{name}, Findings: []plan.Finding{bad}},
			}}
	}
	shape := func(name string) [3][]string {
		p := build(name)
		return [3][]string{skeleton(textMarkup, written(t, p.WriteText)), skeleton(markdownMarkup, written(t, p.WriteMarkdown)), skeleton(mermaidMarkup, written(t, p.WriteMermaid))}
	}
	want := shape("plain")
	for _, name := range hostile {
		if diff := cmp.Diff(want, shape(name)); diff != "" {
			t.Errorf("%q changes the form (-want +got)\n%s", name, diff)
		}
		p := build(name)
		for _, form := range []string{written(t, p.WriteText), written(t, p.WriteMarkdown), written(t, p.WriteMermaid)} {
			for _, r := range form {
				if r != '\n' && (r < ' ' || r == 0x7f || r == '\u202e' || r == '\u2028' || r == '\ufffd') {
					t.Errorf("%q: %U is written as it is", name, r)
				}
			}
		}
	}
}

// What a reader of a form acts on.
var (
	textMarkup     = regexp.MustCompile(`^ *(- |[0-9]+\. )`)
	markdownMarkup = regexp.MustCompile("^ *(- (\\[ \\] |[-+=>#0-9])?|#+ |[0-9]+[.)] )|[|*~$`\\]\\[\\\\]|</?[a-z]+|<!|&[a-z]+;|[ (]_|_[ )]|[@#][a-z0-9]|://|(?i:www\\.)")
	mermaidMarkup  = regexp.MustCompile("[\"|<>`%&{}\\[\\]*\\\\]|:::[a-z-]+|#quot|[-=.]{2,3}>")
)

// What skeleton takes out: code that is well formed, in which nothing is markup, and characters that are written as
// numbers. A person is mentioned by such a character too, and not by one with a comment behind it.
var (
	wellFormedCode = regexp.MustCompile("<code>[^<>|`]*</code>|`[^<>|`]*`")
	mentions       = strings.NewReplacer("&#64;", "@", "&#35;", "#", "@<!-- -->", "'", "#<!-- -->", "'", "<!-- -->:", "'", "<!-- -->.", "'")
	numbers        = regexp.MustCompile(`&?#[0-9]+;`)
)

// skeleton returns the markup of each line.
func skeleton(markup *regexp.Regexp, form string) []string {
	var out []string
	for l := range strings.Lines(form) {
		l = mentions.Replace(wellFormedCode.ReplaceAllString(strings.TrimSuffix(l, "\n"), "``"))
		out = append(out, strings.Join(markup.FindAllString(numbers.ReplaceAllString(l, "'"), -1), " "))
	}
	return out
}

// A fullWriter takes nothing.
type fullWriter struct{}

var errFull = errors.New("full")

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

func TestReportsReturnTheErrorOfTheWriter(t *testing.T) {
	p, reach, removal := manyDeletions(1), &plan.Reach{}, &plan.Removal{}
	for i, write := range []func(io.Writer) error{p.WriteText, p.WriteMarkdown, p.WriteMermaid, reach.WriteText, removal.WriteText} {
		if err := write(fullWriter{}); !errors.Is(err, errFull) {
			t.Errorf("%d: error %v", i, err)
		}
	}
}

// A plan is not changed by writing it.
func TestReportsLeaveThePlanAlone(t *testing.T) {
	p := manyDeletions(30)
	p.Findings = []plan.Finding{{Rule: "plan/inventory-unknown", Severity: diag.Note}, {Rule: "plan/batch-duplicate", Severity: diag.Error}}
	want := slices.Clone(p.Findings)
	deletes := slices.Clone(p.Steps[0].Deletes)
	written(t, p.WriteText)
	written(t, p.WriteMarkdown)
	if diff := cmp.Diff(want, p.Findings) + cmp.Diff(deletes, p.Steps[0].Deletes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func BenchmarkWriteMarkdown(b *testing.B) {
	p := manyDeletions(1000)
	var out bytes.Buffer
	if err := p.WriteMarkdown(&out); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(out.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if err := p.WriteMarkdown(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// What is true of many components is said once in reports, and of each in the plan.
func TestReportSaysAlikeOnce(t *testing.T) {
	text := "solution Apps 1.0.0.0 managed\nappmodule ct_app\n"
	for i := range 5 {
		text += fmt.Sprintf("missing entity:ct_t%d by appmodule:ct_app in \"Core %%d (1.0.0.0)\"\n", i)
	}
	p, err := plan.Resolve([]plan.Item{{Solution: readPackage(t, text+"missing entity:ct_x by appmodule:ct_app in \"Other (1.0.0.0)\"\n")}}, nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Steps[0].Findings); n != 6 {
		t.Errorf("%d findings, not one for each component", n)
	}
	want := `Cannot be imported: the solution is blocked, no step can be done.

Cannot be imported
Apps 1.0.0.0 (install):
- error:   needs 5 components of Core %d (1.0.0.0) (not installed, not in the batch): import it first: entity:ct_t0, entity:ct_t1, entity:ct_t2, entity:ct_t3 and entity:ct_t4 [missing-solution]
- error:   appmodule:ct_app needs entity:ct_x, provided by Other (1.0.0.0) (not installed, not in the batch): import it first (solution.xml:46:7) [missing-solution]
`
	if diff := cmp.Diff(want, written(t, p.WriteText)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Callers may put findings in, sort them or leave some out: what is said of several at once goes by what they say.
func TestReportOfChangedFindings(t *testing.T) {
	text := "solution Core 1.0.0.0 managed\n"
	env := &plan.Environment{}
	for i := range 6 {
		name := fmt.Sprintf("ct_t%d", i)
		text += "entity " + name + "\n"
		env.UnmanagedComponents = append(env.UnmanagedComponents, solution.NewKey(solution.TypeEntity, "", name, solution.GUID{}))
	}
	p, err := plan.Resolve([]plan.Item{{Solution: readPackage(t, text)}}, env, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &p.Steps[0]
	s.Findings = append([]plan.Finding{{Rule: "mine", Severity: diag.Warning, Text: "a finding of the caller"}}, s.Findings[1:]...)
	var b strings.Builder
	if err := p.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	const want = `   Warnings:
   - a finding of the caller [mine]
   - 5 components exist unmanaged: they will be converted to managed: entity:ct_t1, entity:ct_t2, entity:ct_t3, entity:ct_t4 and entity:ct_t5 [unmanaged-base]
`
	if !strings.HasSuffix(b.String(), want) {
		t.Errorf("the report ends otherwise:\n%s\nwant\n%s", b.String(), want)
	}
}
