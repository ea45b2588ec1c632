package main

import (
	"flag"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
	"github.com/solutionkit/solutionkit/solution/environment"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

var rulesCommand = command{
	name:    "rules",
	args:    []string{"[ID...]"},
	summary: "explain findings by their ids",
	help: `Prints what a finding means and what to do, for each ID, such as packager/unclaimed-entry or CONN-DOC-001: the word in
brackets at the end of a finding. A group, such as packager or CONN-DOC, stands for all that begin with it. Without an ID all
rules are listed, each in one line.`,
	examples: []string{"solkit rules packager/unclaimed-entry", "solkit rules -json CONN-DOC"},
	define: func(fs *flag.FlagSet) action {
		markdown := fs.Bool("markdown", false, "print Markdown")
		return func(j *job) (document, error) { return explainRules(j.args, *markdown) }
	},
}

// ownRules are the findings that solkit adds to those of the library.
func ownRules() []diag.Rule {
	return []diag.Rule{ruleConnectorGone, ruleFailed, ruleOneKindMerged, ruleOneKindRead, ruleOtherKindDiffers, ruleProjectCondition,
		ruleProjectReference, ruleProjectValue, ruleUnreadable}
}

// allRules is the catalogue of all that solkit can find.
func allRules() (*diag.Catalogue, error) {
	return diag.NewCatalogue(packager.Rules(), yamlsource.Rules(), solution.Rules(), content.Rules(), connref.Rules(), importplan.Rules(),
		diff.Rules(), environment.Rules(), deployer.Rules(), lint.Rules(), connector.ChangeRules(), slices.Values(ownRules()))
}

// rulePages is the folder of the pages that explain findings.
const rulePages = "https://github.com/solutionkit/solutionkit/blob/main/docs/rules/"

// linked returns rules with the address of what explains them, for logs that code hosts show.
func linked(rules iter.Seq[diag.Rule]) iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for r := range rules {
			if r.URL == "" {
				r.URL = rulePages + rulePage(r.ID)
			}
			if !yield(r) {
				return
			}
		}
	}
}

// rulePage is the page of a rule, with its heading as code hosts call it.
func rulePage(id string) string {
	page, _, _ := strings.Cut(id, "/")
	switch {
	case strings.HasPrefix(id, "CONN-"):
		page = "connector"
	case page == "merge":
		page = "diff"
	}
	return page + ".md#" + strings.ReplaceAll(strings.ToLower(id), "/", "")
}

// An explainedDocument is what rules prints.
type explainedDocument struct {
	Rules []explainedRule `json:"rules"`
	outcome
	markdown bool
	rules    []diag.Rule
	asked    bool
}

type explainedRule struct {
	ID       string        `json:"id"`
	Severity diag.Severity `json:"severity"` // unless the case or a policy says otherwise
	Summary  string        `json:"summary"`
	Help     string        `json:"help,omitempty"` // what it means, and what to do
}

func explainRules(ids []string, markdown bool) (document, error) {
	d := &explainedDocument{Rules: []explainedRule{}, markdown: markdown, asked: len(ids) > 0}
	all, err := allRules()
	if err != nil {
		return d, err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(slices.Collect(all.All()), func(r diag.Rule) bool { return isOfGroup(r.ID, id) }) {
			var names []string
			for r := range all.All() {
				names = append(names, r.ID)
			}
			hint := "solkit rules lists them"
			if near := nearest(id, names); near != "" {
				hint = "did you mean " + near + "? " + hint
			}
			return d, fmt.Errorf("%q is no rule: %s", id, hint)
		}
	}
	for r := range all.All() {
		if len(ids) == 0 || slices.ContainsFunc(ids, func(id string) bool { return isOfGroup(r.ID, id) }) {
			d.rules = append(d.rules, r)
			d.Rules = append(d.Rules, explainedRule{r.ID, r.Severity, r.Summary, r.Help})
		}
	}
	return d, nil
}

// isOfGroup reports whether id is that of a rule or of a group that it is in.
func isOfGroup(rule, id string) bool {
	rest, ok := strings.CutPrefix(rule, strings.TrimRight(id, "/-"))
	return ok && id != "" && (rest == "" || rest[0] == '/' || rest[0] == '-' && strings.HasPrefix(rule, "CONN-"))
}

func (d *explainedDocument) text(p *printer, _ *job) {
	if d.asked {
		for i, r := range d.rules {
			if i > 0 {
				p.printf("\n")
			}
			p.printf("%s (%s)\n  %s\n", r.ID, r.Severity, r.Summary)
			if r.Help != "" {
				p.printf("  %s\n", wrap(r.Help, p.lineWidth()-2, "  "))
			}
		}
		return
	}
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, r := range d.rules {
		fmt.Fprintf(t, "%s\t%s\t%s\n", r.ID, r.Severity, r.Summary)
	}
	t.Flush()
}

func (d *explainedDocument) machine() bool { return d.markdown && d.err == nil }

func (d *explainedDocument) writeMachine(w io.Writer) error {
	_, err := w.Write(diag.AppendMarkdown(nil, slices.Values(d.rules), nil))
	return err
}
