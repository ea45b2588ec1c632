package main

import (
	"fmt"
	"strings"
)

// manualMarkdown is the whole manual: docs/solkit.md.
func manualMarkdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# solkit\n\n%s\n\n```sh\ngo install github.com/solutionkit/solutionkit/examples/solkit@latest\n```\n\n", tagline)
	b.WriteString("Written by `solkit help -markdown`; `go generate` keeps it so.\n\n" + escapeText(commonText) + "\n")
	for _, g := range commandGroups {
		fmt.Fprintf(&b, "\n**%s**\n\n| Command | What it does |\n|---|---|\n", g.title)
		for _, c := range g.commands {
			fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", c.name, anchor("solkit "+c.name), escapeText(c.summary))
		}
	}
	for _, c := range commands {
		fmt.Fprintf(&b, "\n## solkit %s\n\n```text\n%s\n```\n", c.name, wrap(c.usage(), 110, "    "))
		for _, p := range c.paragraphs() {
			if p.list {
				b.WriteString("\n```text\n" + p.text + "\n```\n")
			} else {
				b.WriteString("\n" + escapeText(p.text) + "\n")
			}
		}
		b.WriteString("\n| Flag | |\n|---|---|\n")
		for _, f := range c.describedFlags() {
			fmt.Fprintf(&b, "| `%s` | %s |\n", strings.ReplaceAll(f.typed(), "|", `\|`), escapeText(f.text))
		}
		fmt.Fprintf(&b, "\n```sh\n%s\n```\n", strings.Join(c.examples, "\n"))
	}
	return b.String()
}

// anchor is the name that code hosts give a heading.
func anchor(heading string) string {
	return strings.ReplaceAll(strings.ToLower(heading), " ", "-")
}

var escapeText = strings.NewReplacer(`\`, `\\`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "|", `\|`, "[", `\[`, "]", `\]`).Replace

// manualPage is the manual as a page for man.
func manualPage() string {
	var b strings.Builder
	b.WriteString(".TH SOLKIT 1\n.SH NAME\nsolkit \\- " + roff(strings.TrimSuffix(strings.TrimPrefix(tagline, "Solkit "), ".")) + "\n" +
		".SH SYNOPSIS\n.B solkit\n.I COMMAND\n[flags] [arguments]\n.SH DESCRIPTION\n" + roff(commonText) + "\n")
	for _, g := range commandGroups {
		b.WriteString(".SH " + strings.ToUpper(g.title) + "\n")
		for _, c := range g.commands {
			fmt.Fprintf(&b, ".SS solkit %s\n.B %s\n", roff(c.name), roff(c.usage()))
			for _, p := range c.paragraphs() {
				if !p.list {
					b.WriteString(".PP\n" + roff(p.text) + "\n")
					continue
				}
				b.WriteString(".PP\n.nf\n")
				for line := range strings.SplitSeq(p.text, "\n") {
					b.WriteString(roff(line) + "\n")
				}
				b.WriteString(".fi\n")
			}
			for _, f := range c.describedFlags() {
				fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roff(f.typed()), roff(f.text))
			}
			b.WriteString(".PP\nExamples:\n.PP\n.nf\n")
			for _, line := range c.examples {
				b.WriteString(roff(line) + "\n")
			}
			b.WriteString(".fi\n")
		}
	}
	return b.String()
}

// roff keeps a text from being taken as commands of the formatter.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
