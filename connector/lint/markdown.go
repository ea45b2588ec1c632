package lint

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Markdown returns the catalogue as a page for people, with the rules about changes that [connector.Compare] finds. What more
// returns of a rule stands below it; it may be nil.
func Markdown(more func(diag.Rule) string) []byte {
	b := []byte("# Rules for custom connectors\n\n" +
		"An *error* will not import or save, a *warning* goes wrong at run time, a *note* only tells. Rules of the class\n" +
		"*certification* take part with `Options.Certification`, those of *deploy* with `Options.Deploy`.\n")
	below := func(r diag.Rule) string {
		text := ""
		if class := ClassOf(r.ID); class != Always {
			text = "Class: *" + class.String() + "*.\n\n"
		}
		if more != nil {
			text += more(r)
		}
		return text
	}
	group := ""
	for _, r := range catalogue() {
		if g := groupOf(r.id); g != group {
			group = g
			b = append(b, "\n## "+groupTitles[g]+"\n"...)
			b = diag.AppendMarkdown(b, rulesOf(g), below)
		}
	}
	b = append(b, "\n## Changes between two versions\n\nFound by `connector.Compare`: an error is breaking, a warning unknown, a note safe, in the usual case.\n"...)
	return diag.AppendMarkdown(b, connector.ChangeRules(), more)
}

// rulesOf returns the rules of a group, which stand together.
func rulesOf(group string) iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for r := range Rules() {
			if groupOf(r.ID) == group && !yield(r) {
				return
			}
		}
	}
}

func groupOf(id string) string {
	_, rest, _ := strings.Cut(id, "-")
	group, _, _ := strings.Cut(rest, "-")
	return group
}

var groupTitles = map[string]string{
	"DOC": "Document", "INFO": "Info", "ROOT": "Root", "META": "Metadata", "PATH": "Paths", "OP": "Operations", "PARAM": "Parameters",
	"SCH": "Schemas", "RESP": "Responses", "TRIG": "Triggers", "DYN": "Dynamic extensions", "EXT": "Other extensions", "SEC": "Security",
	"PROP": "Properties", "CP": "Connection parameters", "POL": "Policies", "SCRIPT": "Script", "ICON": "Icon", "SOL": "Solution",
}
