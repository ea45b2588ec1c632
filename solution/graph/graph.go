package graph

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/solution/content"
)

// MostBoxes is how many components a picture can have before it is better drawn by kind.
const MostBoxes = 60

// A Graph is what depends on what.
type Graph struct {
	Nodes []Node
	Edges []Edge // sorted by their ends
}

// A Node is a box: a component, several of one kind, or a solution.
type Node struct {
	Label    string `json:"label"`
	Kind     string `json:"kind"`     // for people
	Solution string `json:"solution"` // empty: in none of those given
	given    bool   // it is a solution that was given
	more     int    // how many components it stands for, if there are several
}

// An Edge leads from a node to one that it refers to. Its ends are indexes of nodes.
type Edge struct {
	From  int `json:"from"`  // index of a node
	To    int `json:"to"`    // index of a node
	Count int `json:"count"` // references that it stands for
}

// A Source is a solution that was read, and what to call it if it has no name.
type Source struct {
	*content.Content
	Title string
}

func (s Source) title() string { return cmp.Or(s.Name(), s.Title) }

// ByKind puts one box in the place of all components of one kind in one solution.
func (g *Graph) ByKind() {
	type kindOf struct{ kind, solution string }
	boxes := map[kindOf]int{}
	counts := []int{}
	nodes := []Node{}
	at := make([]int, len(g.Nodes))
	for i, n := range g.Nodes {
		k := kindOf{n.Kind, n.Solution}
		box, ok := boxes[k]
		if !ok {
			box = len(nodes)
			boxes[k] = box
			nodes, counts = append(nodes, n), append(counts, 0)
		}
		at[i] = box
		counts[box] += n.stands()
	}
	for i := range nodes {
		if counts[i] > 1 {
			nodes[i].Label, nodes[i].more = fmt.Sprintf("%d components", counts[i]), counts[i]
		}
	}
	edges := map[[2]int]int{}
	for _, e := range g.Edges {
		if from, to := at[e.From], at[e.To]; from != to {
			edges[[2]int{from, to}] += e.Count
		}
	}
	g.Nodes, g.Edges = nodes, nil
	g.addEdges(edges)
}

// stands is how many components a box stands for.
func (n *Node) stands() int { return max(1, n.more) }

// addEdges adds edges, sorted by their ends.
func (g *Graph) addEdges(edges map[[2]int]int) {
	for ends, n := range edges {
		g.Edges = append(g.Edges, Edge{ends[0], ends[1], n})
	}
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

// The frames of boxes that are in no frame of a solution.
const (
	givenFrame = "\x00given" // no name of a solution
	elsewhere  = ""
)

// frame is the solution in whose frame a box is.
func (n *Node) frame() string {
	if n.given {
		return givenFrame
	}
	return n.Solution
}

// frameTitle is what stands above a frame.
func frameTitle(frame string) string {
	switch frame {
	case givenFrame:
		return "given"
	case elsewhere:
		return "elsewhere"
	}
	return frame
}

// groups returns the frames in the order of their first node, elsewhere last.
func (g *Graph) groups() []string {
	var out []string
	for i := range g.Nodes {
		if f := g.Nodes[i].frame(); f != elsewhere && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return append(out, elsewhere)
}
