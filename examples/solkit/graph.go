package main

import (
	"encoding/json"
	"flag"
	"io"

	"github.com/solutionkit/solutionkit/solution/graph"
)

var graphCommand = command{
	name:    "graph",
	args:    []string{"ZIP|DIR..."},
	summary: "draw what depends on what, in one or several solutions",
	sourced: true,
	help: `Draws the components of the solutions and what they refer to, in a group for each solution. Parts are drawn as what they
belong to (columns, forms and views as their table, topics as their bot), and components of a kind that nothing refers
to as one. What the platform has is left out, but for connectors. -format is mermaid, dot, json or svg; -level
solution draws solutions only. A picture of more than 60 components has one box for each kind in each solution, unless
-all is given; json always has all.`,
	examples: []string{"solkit graph -format svg contoso_1_0_0_0.zip > contoso.svg", "solkit graph -level solution orders.zip flows.zip"},
	define: func(fs *flag.FlagSet) action {
		format := fs.String("format", "mermaid", "`mermaid|dot|json|svg`: the form of the picture (default mermaid)")
		level := fs.String("level", "component", "`component|solution`: what the boxes are (default component)")
		all := fs.Bool("all", false, "draw each component, however many there are")
		return func(j *job) (document, error) {
			if graphWriters[*format] == nil {
				return nil, usagef("-format %q: give mermaid, dot, json or svg", *format)
			}
			if *level != "component" && *level != "solution" {
				return nil, usagef("-level %q: give component or solution", *level)
			}
			d := &graphDocument{Nodes: []graph.Node{}, Edges: []graph.Edge{}, format: *format}
			if j.json {
				d.format = "json"
			}
			list, err := readContents(j, &d.solutionOutcome)
			if err != nil {
				return d, err
			}
			var sources []graph.Source
			for _, s := range list {
				sources = append(sources, graph.Source{Content: s.Content, Title: s.source})
			}
			draw := graph.Components
			if *level == "solution" {
				draw = graph.Solutions
			}
			g := draw(sources...)
			if !*all && *level == "component" && d.format != "json" && len(g.Nodes) > graph.MostBoxes {
				g.ByKind()
			}
			d.Nodes, d.Edges = g.Nodes, g.Edges
			d.found = nil // refs tells about them
			return d, nil
		}
	},
}

var graphWriters = map[string]func(d *graphDocument, w io.Writer) error{
	"mermaid": func(d *graphDocument, w io.Writer) error { return d.graph().WriteMermaid(w) },
	"dot":     func(d *graphDocument, w io.Writer) error { return d.graph().WriteDOT(w) },
	"svg":     func(d *graphDocument, w io.Writer) error { return d.graph().WriteSVG(w) },
	"json":    (*graphDocument).json,
}

// A graphDocument is a graph; its JSON is the format json. Ends of edges are indexes of nodes.
type graphDocument struct {
	Nodes []graph.Node `json:"nodes"`
	Edges []graph.Edge `json:"edges"`
	solutionOutcome
	format string
}

func (d *graphDocument) graph() *graph.Graph { return &graph.Graph{Nodes: d.Nodes, Edges: d.Edges} }

// machine says no after a failure, which is printed like any other.
func (d *graphDocument) machine() bool { return d.err == nil }

func (d *graphDocument) writeMachine(w io.Writer) error { return graphWriters[d.format](d, w) }

func (d *graphDocument) json(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

func (d *graphDocument) text(*printer, *job) {}
