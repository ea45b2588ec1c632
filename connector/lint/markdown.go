package lint

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
)

// Markdown returns the catalogue as a page: one table a group of rules.
func Markdown() []byte {
	var b bytes.Buffer
	b.WriteString("# Rules for custom connectors\n\n" +
		"Made from the catalogue by `go generate`; change it there.\n\n" +
		"An *error* will not import or save, a *warning* goes wrong at run time, a *note* only tells. Rules of the class\n" +
		"*certification* take part with `Options.Certification`, those of *deploy* with `Options.Deploy`.\n")
	group := ""
	for _, r := range catalogue() {
		if g := groupOf(r.id); g != group {
			group = g
			fmt.Fprintf(&b, "\n## %s\n\n| Rule | Severity | Class | What | Notes |\n|---|---|---|---|---|\n", groupTitles[g])
		}
		class := ""
		if r.class != Always {
			class = r.class.String()
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", r.id, r.severity, class, cell(r.summary), cell(r.help))
	}
	b.WriteString("\n## Changes between two versions\n\nFound by `connector.Compare`: an error is breaking, a warning unknown, a note safe, in the usual case.\n\n" +
		"| Rule | Severity | What | Notes |\n|---|---|---|---|\n")
	for r := range connector.ChangeRules() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.ID, r.Severity, cell(r.Summary), cell(r.Help))
	}
	return b.Bytes()
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

// cell makes a text fit into a table.
func cell(s string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", ">", "&gt;", "\n", " ").Replace(s)
}
