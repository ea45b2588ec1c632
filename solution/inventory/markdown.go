package inventory

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/solutionkit/solutionkit/solution/graph"
)

// WriteMarkdown writes the inventory in GitHub's Markdown, fit for a wiki, with the dependencies as a Mermaid picture. Names and texts are
// escaped, so that they cannot make markup, mention people or leave their cell. The only errors are those of w, to which everything is
// written at once.
func (inv *Inventory) WriteMarkdown(w io.Writer) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", escapeMarkdown(inv.title()))
	for i := range inv.Solutions {
		s := &inv.Solutions[i]
		fmt.Fprintf(&b, "\n## %s\n", escapeMarkdown(s.heading()))
		for i, f := range s.facts() {
			if i == 0 {
				b.WriteString("\n")
			}
			fmt.Fprintf(&b, "- %s: %s\n", f[0], escapeMarkdown(f[1]))
		}
		for _, x := range s.sections() {
			x.markdown(&b)
		}
	}
	if d := inv.dependencies(); d.Count > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n```mermaid\n", d.Title)
		inv.drawn().WriteMermaid(&b)
		b.WriteString("```\n")
		for _, g := range d.Tables {
			g.markdown(&b)
		}
	}
	_, err := w.Write(shown(b.Bytes()))
	return err
}

// drawn is the picture; that of an inventory which was not taken but read from JSON is of its dependencies.
func (inv *Inventory) drawn() *graph.Graph {
	if inv.picture != nil {
		return inv.picture
	}
	g, at := &graph.Graph{}, map[End]int{}
	node := func(e End) int {
		i, ok := at[e]
		if !ok {
			i = len(g.Nodes)
			at[e] = i
			g.Nodes = append(g.Nodes, graph.Node{Label: e.Title, Kind: e.Kind, Solution: e.Solution})
		}
		return i
	}
	for _, d := range inv.Dependencies {
		g.Edges = append(g.Edges, graph.Edge{From: node(d.From), To: node(d.To), Count: d.Count})
	}
	if len(g.Nodes) > graph.MostBoxes {
		g.ByKind()
	}
	return g
}

func (s section) markdown(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n### %s\n", s.Title)
	for _, g := range s.Tables {
		g.markdown(b)
	}
}

func (g grid) markdown(b *bytes.Buffer) {
	if g.Title != "" {
		fmt.Fprintf(b, "\n#### %s\n", escapeMarkdown(g.Title))
	}
	if g.About != "" {
		fmt.Fprintf(b, "\n%s\n", escapeMarkdown(g.About))
	}
	if len(g.Header) == 0 {
		return
	}
	fmt.Fprintf(b, "\n| %s |\n|%s\n", strings.Join(g.Header, " | "), strings.Repeat("---|", len(g.Header)))
	for _, row := range g.Rows {
		for _, text := range row {
			b.WriteString("| ")
			b.WriteString(escapeMarkdown(text))
			b.WriteString(" ")
		}
		b.WriteString("|\n")
	}
}

var markdownEscapes = func() *strings.Replacer {
	pairs := []string{"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "|", "&#124;", "\r\n", "<br>", "\n", "<br>", "\r", "<br>", "\u2028", "<br>",
		"\u2029", "<br>", "\u0085", "<br>", "\v", " ", "\f", " ", "://", "&#58;//", "www.", "www&#46;"}
	for _, c := range "\\`*_[]()#~!$" {
		pairs = append(pairs, string(c), `\`+string(c))
	}
	return strings.NewReplacer(pairs...)
}()

// escapeMarkdown makes a text of one line that is shown as it is: no markup, link or mention, and no list.
func escapeMarkdown(text string) string {
	text = strings.TrimSpace(text)
	out := markdownEscapes.Replace(text)
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") || strings.HasPrefix(text, "=") {
		out = `\` + out
	}
	return out
}
