package desk

import (
	"bytes"
	"fmt"

	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/graph"
)

// A Picture is what depends on what: a picture, and the same as a table.
type Picture struct {
	SVG    string  `json:"svg"`
	ByKind bool    `json:"byKind"` // one box stands for all components of a kind
	Boxes  int     `json:"boxes"`
	Blocks []Block `json:"blocks"`
}

// picture draws solutions, or their components.
func picture(items []*item, r *request) (*Picture, error) {
	var read []*content.Content
	for i, it := range items {
		it.desk.progress(i, len(items))
		c, err := it.read()
		if err != nil {
			return nil, err
		}
		read = append(read, c)
	}
	var sources []graph.Source
	for i, c := range content.Join(read...) {
		sources = append(sources, graph.Source{Content: c, Title: items[i].name})
	}
	draw := graph.Components
	if r.Solutions {
		draw = graph.Solutions
	}
	g := draw(sources...)
	out := &Picture{}
	edges := Block{Kind: table, Head: []Text{plain("From"), plain("Kind"), plain("Refers to"), plain("Kind"), plain("Solution"), plain("References")}}
	for _, e := range g.Edges {
		from, to := g.Nodes[e.From], g.Nodes[e.To]
		edges.Rows = append(edges.Rows, []Text{plain(from.Label), plain(from.Kind), plain(to.Label), plain(to.Kind), plain(to.Solution), plain(fmt.Sprint(e.Count))})
	}
	if len(edges.Rows) == 0 {
		out.Blocks = []Block{{Kind: paragraph, Text: plain("Nothing here refers to anything else.")}}
	} else {
		out.Blocks = []Block{edges}
	}
	if !r.Solutions && !r.All && len(g.Nodes) > graph.MostBoxes {
		g.ByKind()
		out.ByKind = true
	}
	out.Boxes = len(g.Nodes)
	var b bytes.Buffer
	if err := g.WriteSVG(&b); err != nil {
		return nil, err
	}
	out.SVG = b.String()
	return out, nil
}
