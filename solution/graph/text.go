package graph

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

var quoteMermaid = strings.NewReplacer(`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;")

// WriteMermaid writes the graph as a Mermaid flowchart. The only errors are those of w, to which everything is written at once.
func (g *Graph) WriteMermaid(w io.Writer) error { return writeAtOnce(w, g.mermaid) }

func (g *Graph) mermaid(out *bytes.Buffer) {
	fmt.Fprintln(out, "flowchart LR")
	for k, group := range g.groups() {
		if group != "" {
			fmt.Fprintf(out, "  subgraph s%d[\"%s\"]\n", k, quoteMermaid.Replace(frameTitle(group)))
		}
		for i, n := range g.Nodes {
			if n.frame() == group {
				fmt.Fprintf(out, "    n%d[\"%s<br/><small>%s</small>\"]\n", i, quoteMermaid.Replace(n.Label), quoteMermaid.Replace(n.Kind))
			}
		}
		if group != "" {
			fmt.Fprintln(out, "  end")
		}
	}
	for _, e := range g.Edges {
		fmt.Fprintf(out, "  n%d --> n%d\n", e.From, e.To)
	}
}

// WriteDOT writes the graph as text for Graphviz. The only errors are those of w, to which everything is written at once.
func (g *Graph) WriteDOT(w io.Writer) error { return writeAtOnce(w, g.dot) }

func (g *Graph) dot(out *bytes.Buffer) {
	fmt.Fprintln(out, "digraph solutions {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Segoe UI, Helvetica, sans-serif\"];")
	quote := strings.NewReplacer(`"`, `\"`, `\`, `\\`)
	for k, group := range g.groups() {
		if group != "" {
			fmt.Fprintf(out, "  subgraph cluster_%d {\n    label=\"%s\";\n", k, quote.Replace(frameTitle(group)))
		}
		for i, n := range g.Nodes {
			if n.frame() == group {
				fmt.Fprintf(out, "    n%d [label=\"%s\\n%s\"];\n", i, quote.Replace(n.Label), quote.Replace(n.Kind))
			}
		}
		if group != "" {
			fmt.Fprintln(out, "  }")
		}
	}
	for _, e := range g.Edges {
		fmt.Fprintf(out, "  n%d -> n%d;\n", e.From, e.To)
	}
	fmt.Fprintln(out, "}")
}

func writeAtOnce(w io.Writer, write func(*bytes.Buffer)) error {
	var b bytes.Buffer
	write(&b)
	_, err := w.Write(b.Bytes())
	return err
}
