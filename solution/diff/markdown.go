package diff

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
)

// marks are what Markdown shows of an impact.
var marks = map[connector.Impact]string{connector.Breaking: "**breaking**", connector.Unknown: "unknown", connector.Safe: "safe"}

// WriteMarkdown writes the changes for a pull request: a line that counts them, what is breaking first, then a table for each type
// of component, folded if there are many lines.
func (c *Comparison) WriteMarkdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "### %s\n\n", escape(c.title()))
	n := c.count()
	if c.Equal() {
		fmt.Fprintf(out, "No differences%s.\n", withNoise(n.noise))
		return out.Flush()
	}
	fmt.Fprintf(out, "%d added, %d removed, %d changed; %d breaking, %d unknown%s.\n", n.added, n.removed, n.changed, n.breaking, n.unknown, withNoise(n.noise))
	nested := c.nested()
	if n.breaking > 0 {
		fmt.Fprint(out, "\n**Breaking**\n\n")
		for _, x := range c.Breaking() {
			if nested.inside(x) {
				continue
			}
			if x.Op != Changed {
				fmt.Fprintf(out, "- %s %s: %s\n", x.Op, escape(label(x)), escape(x.Reason))
			}
			for _, p := range x.Properties {
				if p.Impact == connector.Breaking {
					fmt.Fprintf(out, "- %s: %s%s: %s\n", escape(label(x)), code(p.Path), escape(change(p)), escape(p.Reason))
				}
			}
		}
	}
	type section struct {
		kind solution.ComponentType
		rows []string
	}
	var sections []*section
	for x := range c.Changes() {
		if nested.inside(x) {
			continue
		}
		if len(sections) == 0 || sections[len(sections)-1].kind != x.Key.Type() {
			sections = append(sections, &section{kind: x.Key.Type()})
		}
		s := sections[len(sections)-1]
		name := escape(strings.TrimPrefix(label(x), typeName(x.Key.Type())+" "))
		if x.Op != Changed {
			s.rows = append(s.rows, fmt.Sprintf("| %s | %s%s | | | %s |", signs[x.Op], name, escape(nested.of(x)), marks[x.Impact]))
		}
		shown, more := x.most()
		for i, p := range shown {
			if i > 0 {
				name = ""
			}
			s.rows = append(s.rows, fmt.Sprintf("| %s | %s | %s | %s | %s |", signs[p.Op], name, code(p.Path), escape(strings.TrimPrefix(change(p), ": ")), marks[p.Impact]))
		}
		if more > 0 {
			s.rows = append(s.rows, fmt.Sprintf("| | | and %d more | | |", more))
		}
	}
	const many = 30
	for _, s := range sections {
		head := "| | Component | Property | Change | Impact |\n|---|---|---|---|---|\n"
		if len(s.rows) > many {
			fmt.Fprintf(out, "\n<details><summary>%s (%d)</summary>\n\n%s%s\n\n</details>\n", escape(typeName(s.kind)), len(s.rows), head, strings.Join(s.rows, "\n"))
			continue
		}
		fmt.Fprintf(out, "\n**%s**\n\n%s%s\n", escape(typeName(s.kind)), head, strings.Join(s.rows, "\n"))
	}
	if len(c.Uniform) > 0 {
		fmt.Fprint(out, "\n**In nearly all components of a type**\n\n")
		for _, u := range c.Uniform {
			fmt.Fprintf(out, "- %s, %d of %d: %s%s\n", escape(typeName(u.Type)), u.Count, u.Of, code(u.Path), escape(change(Property{Op: u.Op, Old: u.Old, New: u.New})))
		}
	}
	return out.Flush()
}

func withNoise(n int) string {
	if n == 0 {
		return ""
	}
	return ", and " + plural(n, "difference") + " of noise"
}

// escape writes a text so that Markdown and the HTML in it show it as it is.
func escape(text string) string {
	return markdownEscapes.Replace(visible(text))
}

var markdownEscapes = strings.NewReplacer("\\", `\\`, "&", "&amp;", "|", `\|`, "<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`)

// code writes a path as code.
func code(path string) string {
	if path == "" {
		return ""
	}
	return "`" + strings.ReplaceAll(strings.ReplaceAll(visible(path), "`", "'"), "|", `\|`) + "`"
}
