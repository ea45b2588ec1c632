package diff

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// RulesMarkdown returns the tables of impacts and of noise, and the rules, as a page for people. What more returns of a rule stands
// below it; it may be nil.
func RulesMarkdown(more func(diag.Rule) string) []byte {
	var b strings.Builder
	b.WriteString("# Impacts and noise of diff\n\n" +
		"`Compare` says of each change what it does to those who use the component: *breaking*, *unknown* or *safe*. Changes of\n" +
		"custom connectors are judged by [rules of their own](connector.md#changes-between-two-versions).\n\n" +
		"## A component came or went\n\nThe first row that fits counts. A component of another type that went is unknown.\n\n" +
		"| Type | What | Impact | Why |\n|---|---|---|---|\n")
	for _, r := range wholeRules {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", ruleType(r), ruleOps(r), r.impact, escape(r.reason))
	}
	b.WriteString("\n## A property changed\n\nThe first row that fits counts; where rows of one path differ in their impact, the reason says which it is. What no row\n" +
		"fits is unknown.\n\n| Type | Path ends in | What | Impact | Why |\n|---|---|---|---|---|\n")
	for _, r := range impactRules {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", ruleType(r), code(r.path), ruleOps(r), r.impact, escape(r.reason))
	}
	b.WriteString("\n## Noise\n\nWhat differs between exports of one solution without anybody having changed it. It is kept apart: `solkit diff -noise`\n" +
		"shows it.\n\n| Id | What | Where |\n|---|---|---|\n")
	for r := range NoiseRules() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.ID, escape(r.Summary), escape(r.Where))
	}
	b.WriteString("\n## Findings\n")
	return diag.AppendMarkdown([]byte(b.String()), Rules(), more)
}

func ruleType(r impactRule) string {
	if r.kind == "" {
		return "any"
	}
	return string(r.kind)
}

func ruleOps(r impactRule) string {
	if r.op == nil {
		return "any change"
	}
	var names []string
	for _, op := range r.op {
		names = append(names, op.String())
	}
	return strings.Join(names, ", ")
}
