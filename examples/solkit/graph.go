package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
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
	example: "solkit graph -format svg contoso_1_0_0_0.zip > contoso.svg",
	define: func(fs *flag.FlagSet) action {
		format := fs.String("format", "mermaid", "`format`: mermaid, dot, json or svg")
		level := fs.String("level", "component", "`level`: component or solution")
		all := fs.Bool("all", false, "draw each component, however many there are")
		return func(j *job) (document, error) {
			if graphWriters[*format] == nil {
				return nil, usagef("-format %q: give mermaid, dot, json or svg", *format)
			}
			if *level != "component" && *level != "solution" {
				return nil, usagef("-level %q: give component or solution", *level)
			}
			d := &graphDocument{Nodes: []graphNode{}, Edges: []graphEdge{}, format: *format}
			if j.json {
				d.format = "json"
			}
			list, err := readContents(j, &d.solutionOutcome)
			if err != nil {
				return d, err
			}
			d.draw(list, *level)
			if !*all && *level == "component" && d.format != "json" && len(d.Nodes) > mostBoxes {
				d.byKind()
			}
			d.found = nil // refs tells about them
			return d, nil
		}
	},
}

var graphWriters = map[string]func(d *graphDocument, w io.Writer) error{"mermaid": (*graphDocument).mermaid, "dot": (*graphDocument).dot,
	"json": (*graphDocument).json, "svg": (*graphDocument).svg}

// A graphDocument is a graph; its JSON is the format json. Ends of edges are indexes of nodes.
type graphDocument struct {
	Nodes []graphNode `json:"nodes"`
	Edges []graphEdge `json:"edges"`
	solutionOutcome
	format string
}

type graphNode struct {
	Label    string `json:"label"`
	Kind     string `json:"kind"`     // for people
	Solution string `json:"solution"` // empty: in none of those given
	given    bool   // it is a solution that was given
	more     int    // how many components it stands for, if there are several
}

// mostBoxes is how many components a picture has, above which it has one box for each kind.
const mostBoxes = 60

// byKind puts one box in the place of all components of one kind in one solution.
func (d *graphDocument) byKind() {
	type kindOf struct{ kind, solution string }
	boxes := map[kindOf]int{}
	counts := []int{}
	nodes := []graphNode{}
	at := make([]int, len(d.Nodes))
	for i, n := range d.Nodes {
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
			nodes[i].Label, nodes[i].more = count(counts[i], "component"), counts[i]
		}
	}
	edges := map[[2]int]int{}
	for _, e := range d.Edges {
		if from, to := at[e.From], at[e.To]; from != to {
			edges[[2]int{from, to}] += e.Count
		}
	}
	d.Nodes, d.Edges = nodes, nil
	d.addEdges(edges)
}

// stands is how many components a box stands for.
func (n *graphNode) stands() int { return max(1, n.more) }

// addEdges adds edges, sorted by their ends.
func (d *graphDocument) addEdges(edges map[[2]int]int) {
	for ends, n := range edges {
		d.Edges = append(d.Edges, graphEdge{ends[0], ends[1], n})
	}
	slices.SortFunc(d.Edges, func(a, b graphEdge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

type graphEdge struct {
	From  int `json:"from"`
	To    int `json:"to"`
	Count int `json:"count"` // references that it stands for
}

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

// A drawer makes the nodes and edges.
type drawer struct {
	d     *graphDocument
	nodes map[graphKey]int
	edges map[[2]int]int
}

type graphKey struct {
	solution string
	key      solution.Key
}

func (d *graphDocument) draw(list []readSolution, level string) {
	w := &drawer{d, map[graphKey]int{}, map[[2]int]int{}}
	if level == "solution" {
		w.solutions(list)
	} else {
		w.components(list)
	}
	d.addEdges(w.edges)
}

func (w *drawer) node(k graphKey, label, kind string) int {
	i, ok := w.nodes[k]
	if !ok {
		i = len(w.d.Nodes)
		w.nodes[k] = i
		w.d.Nodes = append(w.d.Nodes, graphNode{Label: label, Kind: kind, Solution: k.solution})
	}
	return i
}

func (w *drawer) edge(from, to int) {
	if from != to {
		w.edges[[2]int{from, to}]++
	}
}

func (w *drawer) solutions(list []readSolution) {
	named := func(name string) int {
		k := graphKey{key: solution.NameKey("", "", name)}
		return w.node(k, name, "Solution")
	}
	for _, s := range list {
		w.d.Nodes[named(s.title())].given = true
	}
	for _, s := range list {
		for ref := range s.References() {
			if ref.Resolved == content.InBatch {
				w.edge(named(s.title()), named(holder(list, s, ref)))
			}
		}
		if s.Manifest() == nil {
			continue
		}
		for dep := range s.Manifest().Dependencies() {
			switch from := dep.Required.Solution; {
			case from.IsActive():
				w.edge(named(s.title()), w.node(graphKey{key: solution.NameKey("", "", solution.Active)}, "Components of no solution", "Unmanaged layer"))
			case from.Name != "" && !from.IsSystem():
				w.edge(named(s.title()), named(from.Name))
			}
		}
	}
}

// linkKinds are components that are only relations between others, or say nothing in a picture.
var linkKinds = map[solution.ComponentType]bool{solution.TypeEntityRelationship: true, "language": true, "appelement": true,
	solution.TypeEntityMap: true, "organizationsettings": true}

func (w *drawer) components(list []readSolution) {
	folds := make([]folding, len(list))
	for i, s := range list {
		folds[i] = newFolding(s)
	}
	for i, s := range list {
		for ref := range s.References() {
			from, in := folds[i].top(ref.From), s.title()
			target := -1
			switch ref.Resolved {
			case content.InPackage:
				target = w.of(list[i], folds[i].top(ref.To), in)
			case content.InBatch:
				for k, other := range list {
					if _, ok := other.Component(ref.To); ok && k != i {
						target = w.of(other, folds[k].top(ref.To), other.title())
						break
					}
				}
			case content.Declared, content.None:
				target = w.elsewhere(s, folds[i], folds[i].top(ref.To))
			case content.InBase:
				if ref.To.Type() == solution.TypeConnector {
					target = w.of(s, ref.To, "")
				}
			}
			if target >= 0 {
				w.edge(w.of(s, from, in), target)
			}
		}
	}
	for i, s := range list {
		w.alone(s, folds[i])
	}
}

// elsewhere returns the node of a component that a solution does not hold: that of what it is a part of, which the
// solution may hold, else one of its own if it has a name that people know. It is -1 if there is none.
func (w *drawer) elsewhere(s readSolution, f folding, k solution.Key) int {
	if _, ok := s.Component(k); ok {
		return w.of(s, k, s.title())
	}
	if label := f.declared[k]; label != "" {
		return w.node(graphKey{"", k}, plain(label), k.Type().Title())
	}
	if k.Name() == "" || linkKinds[k.Type()] || k.Type() == solution.TypeOptionSet {
		return -1
	}
	return w.of(s, k, "")
}

// alone draws the components that no edge has drawn yet, many of one kind as one.
func (w *drawer) alone(s readSolution, f folding) {
	const many = 3
	kinds := map[solution.ComponentType][]content.Component{}
	for x := range s.Components() {
		if f.top(x.Key) != x.Key || linkKinds[x.Key.Type()] || strings.Contains(string(x.Key.Type()), "_") {
			continue
		}
		if _, ok := w.nodes[graphKey{s.title(), x.Key}]; !ok {
			kinds[x.Key.Type()] = append(kinds[x.Key.Type()], x)
		}
	}
	for info := range orderedKinds(kinds) {
		if n := len(kinds[info]); n > many {
			i := w.node(graphKey{s.title(), solution.NameKey(info, "", "")}, fmt.Sprintf("%d more", n), info.Title())
			w.d.Nodes[i].more = n
			continue
		}
		for _, x := range kinds[info] {
			w.of(s, x.Key, s.title())
		}
	}
}

func orderedKinds[V any](m map[solution.ComponentType]V) func(yield func(solution.ComponentType) bool) {
	var kinds []solution.ComponentType
	for k := range m {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return slices.Values(kinds)
}

// of returns the node of a component, made if need be; the label is what people call it.
func (w *drawer) of(s readSolution, k solution.Key, in string) int {
	label := keyedOf(k).Key
	if x, ok := s.Component(k); ok {
		k = x.Key
		label = cmp.Or(x.DisplayName, keyedOf(k).Key, k.Type().Title())
	}
	return w.node(graphKey{in, k}, plain(label), k.Type().Title())
}

// A folding says which component stands for another in a picture.
type folding struct {
	owners   map[solution.Key]solution.Key
	declared map[solution.Key]string // display names of missing dependencies
}

func newFolding(s readSolution) folding {
	f := folding{map[solution.Key]solution.Key{}, map[solution.Key]string{}}
	if s.Manifest() != nil {
		for dep := range s.Manifest().Dependencies() {
			f.declared[dep.Required.Key] = dep.Required.DisplayName
		}
	}
	for x := range s.Components() {
		if !x.Owner.IsZero() {
			f.owners[x.Key] = x.Owner
		}
	}
	for ref := range s.References() {
		switch {
		case ref.Edge == content.BotPart && ref.To.Type() == solution.TypeBot:
			f.owners[ref.From] = ref.To
		case ref.Edge == content.RelationshipTable && (strings.HasSuffix(ref.Location.Path, "ReferencingEntityName") || strings.HasSuffix(ref.Location.Path, "FirstEntityName")):
			f.owners[ref.From] = ref.To
		}
	}
	return f
}

// top follows owners to the component that is drawn.
func (f folding) top(k solution.Key) solution.Key {
	for range 8 { // owners do not nest deeper, and may not go round
		switch up, ok := f.owners[k]; {
		case ok:
			k = up
		case k.Type() == solution.TypeAttribute && k.Parent() != "":
			k = solution.NameKey(solution.TypeEntity, "", k.Parent())
		default:
			return k
		}
	}
	return k
}

// The frames of boxes that are in no frame of a solution.
const (
	givenFrame = "\x00given" // no name of a solution
	elsewhere  = ""
)

// frame is the solution in whose frame a box is.
func (n *graphNode) frame() string {
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
func (d *graphDocument) groups() []string {
	var out []string
	for i := range d.Nodes {
		if f := d.Nodes[i].frame(); f != elsewhere && !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	return append(out, elsewhere)
}

var quoteMermaid = strings.NewReplacer(`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;")

func (d *graphDocument) mermaid(out io.Writer) error {
	fmt.Fprintln(out, "flowchart LR")
	for g, group := range d.groups() {
		if group != "" {
			fmt.Fprintf(out, "  subgraph s%d[\"%s\"]\n", g, quoteMermaid.Replace(frameTitle(group)))
		}
		for i, n := range d.Nodes {
			if n.frame() == group {
				fmt.Fprintf(out, "    n%d[\"%s<br/><small>%s</small>\"]\n", i, quoteMermaid.Replace(n.Label), quoteMermaid.Replace(n.Kind))
			}
		}
		if group != "" {
			fmt.Fprintln(out, "  end")
		}
	}
	for _, e := range d.Edges {
		fmt.Fprintf(out, "  n%d --> n%d\n", e.From, e.To)
	}
	return nil
}

func (d *graphDocument) dot(out io.Writer) error {
	fmt.Fprintln(out, "digraph solutions {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Segoe UI, Helvetica, sans-serif\"];")
	quote := strings.NewReplacer(`"`, `\"`, `\`, `\\`)
	for g, group := range d.groups() {
		if group != "" {
			fmt.Fprintf(out, "  subgraph cluster_%d {\n    label=\"%s\";\n", g, quote.Replace(frameTitle(group)))
		}
		for i, n := range d.Nodes {
			if n.frame() == group {
				fmt.Fprintf(out, "    n%d [label=\"%s\\n%s\"];\n", i, quote.Replace(n.Label), quote.Replace(n.Kind))
			}
		}
		if group != "" {
			fmt.Fprintln(out, "  }")
		}
	}
	for _, e := range d.Edges {
		fmt.Fprintf(out, "  n%d -> n%d;\n", e.From, e.To)
	}
	_, err := fmt.Fprintln(out, "}")
	return err
}
