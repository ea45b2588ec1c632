package graph

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// A drawer makes the nodes and edges.
type drawer struct {
	g     *Graph
	nodes map[nodeKey]int
	edges map[[2]int]int
}

type nodeKey struct {
	solution string
	key      solution.Key
}

// Components draws the components of the solutions, which were joined, in the order given, and what they refer to. Parts are drawn as what they belong to:
// columns, forms and views as their table, topics as their agent. Components of a kind that nothing refers to are one box.
func Components(list ...Source) *Graph {
	w := newDrawer()
	w.components(list)
	return w.graph()
}

// Solutions draws the solutions, which were joined, in the order given, and those that they need.
func Solutions(list ...Source) *Graph {
	w := newDrawer()
	w.solutions(list)
	return w.graph()
}

func newDrawer() *drawer {
	return &drawer{&Graph{Nodes: []Node{}, Edges: []Edge{}}, map[nodeKey]int{}, map[[2]int]int{}}
}

func (w *drawer) graph() *Graph {
	w.g.addEdges(w.edges)
	return w.g
}

func (w *drawer) node(k nodeKey, label, kind string) int {
	i, ok := w.nodes[k]
	if !ok {
		i = len(w.g.Nodes)
		w.nodes[k] = i
		w.g.Nodes = append(w.g.Nodes, Node{Label: label, Kind: kind, Solution: k.solution})
	}
	return i
}

func (w *drawer) edge(from, to int) {
	if from != to {
		w.edges[[2]int{from, to}]++
	}
}

func (w *drawer) solutions(list []Source) {
	named := func(name string) int {
		k := nodeKey{key: solution.NameKey("", "", name)}
		return w.node(k, name, "Solution")
	}
	for _, s := range list {
		w.g.Nodes[named(s.title())].given = true
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
				w.edge(named(s.title()), w.node(nodeKey{key: solution.NameKey("", "", solution.Active)}, "Components of no solution", "Unmanaged layer"))
			case from.Name != "" && !from.IsSystem():
				w.edge(named(s.title()), named(from.Name))
			}
		}
	}
}

// linkKinds are components that are only relations between others, or say nothing in a picture.
var linkKinds = map[solution.ComponentType]bool{solution.TypeEntityRelationship: true, "language": true, "appelement": true,
	solution.TypeEntityMap: true, "organizationsettings": true}

func (w *drawer) components(list []Source) {
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
func (w *drawer) elsewhere(s Source, f folding, k solution.Key) int {
	if _, ok := s.Component(k); ok {
		return w.of(s, k, s.title())
	}
	if label := f.declared[k]; label != "" {
		return w.node(nodeKey{"", k}, plain(label), k.Type().Title())
	}
	if k.Name() == "" || linkKinds[k.Type()] || k.Type() == solution.TypeOptionSet {
		return -1
	}
	return w.of(s, k, "")
}

// alone draws the components that no edge has drawn yet, many of one kind as one.
func (w *drawer) alone(s Source, f folding) {
	const many = 3
	kinds := map[solution.ComponentType][]content.Component{}
	for x := range s.Components() {
		if f.top(x.Key) != x.Key || linkKinds[x.Key.Type()] || strings.Contains(string(x.Key.Type()), "_") {
			continue
		}
		if _, ok := w.nodes[nodeKey{s.title(), x.Key}]; !ok {
			kinds[x.Key.Type()] = append(kinds[x.Key.Type()], x)
		}
	}
	for info := range orderedKinds(kinds) {
		if n := len(kinds[info]); n > many {
			i := w.node(nodeKey{s.title(), solution.NameKey(info, "", "")}, fmt.Sprintf("%d more", n), info.Title())
			w.g.Nodes[i].more = n
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
func (w *drawer) of(s Source, k solution.Key, in string) int {
	label := nameOf(k)
	if x, ok := s.Component(k); ok {
		k = x.Key
		label = cmp.Or(x.DisplayName, nameOf(k), k.Type().Title())
	}
	return w.node(nodeKey{in, k}, plain(label), k.Type().Title())
}

// A folding says which component stands for another in a picture.
type folding struct {
	owners   map[solution.Key]solution.Key
	declared map[solution.Key]string // display names of missing dependencies
}

func newFolding(s Source) folding {
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

// nameOf is what a component is called that has no name for people.
func nameOf(k solution.Key) string {
	name := k.Name()
	if k.Parent() != "" {
		name = k.Parent() + "." + name
	}
	if name == "" && !k.ID().IsZero() {
		name = k.ID().String()
	}
	return name
}

// plain puts a text on one line.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

// holder returns the solution that holds the target of a reference, "" if none does.
func holder(list []Source, own Source, ref content.Reference) string {
	switch ref.Resolved {
	case content.InPackage:
		return own.title()
	case content.InBatch:
		for _, s := range list {
			if _, ok := s.Component(ref.To); ok {
				return s.title()
			}
		}
	}
	return ""
}
