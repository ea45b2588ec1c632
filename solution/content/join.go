package content

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// Join resolves the references of several solutions together: what one of them refers to and another one holds is
// [InBatch]. A run-time id of a custom connector refers to the one of them that it can be of, if that is one alone. Join returns new
// values in the order given.
func Join(contents ...*Content) []*Content {
	holders := map[solution.Key]int{} // how many hold a component, by each of its keys
	for _, c := range contents {
		for k := range c.index {
			holders[k]++
		}
	}
	meant := meantConnectors(contents)
	out := make([]*Content, len(contents))
	for i, c := range contents {
		joined := *c
		joined.references.list = slices.Clone(c.references.list)
		joined.references.nameConnectors(meant)
		for j := range joined.references.list {
			ref := &joined.references.list[j]
			if !ref.open() {
				continue
			}
			for k := range lookupKeys(joined.references.key(ref.to)) {
				others := holders[k]
				if _, own := c.index[k]; own {
					others--
				}
				if others > 0 {
					ref.resolved = InBatch
				}
			}
		}
		joined.report()
		out[i] = &joined
	}
	return out
}

// open reports whether another solution may hold what is referred to.
func (s *stored) open() bool { return s.resolved == None || s.resolved == Declared }

// meantConnectors returns a function that finds the custom connector of some solutions which a run-time id is of: the environment
// that a solution comes from gave it the id, so that no solution but that of the connector can know its name.
func meantConnectors(contents []*Content) func(solution.Key) (solution.Key, bool) {
	var names []string
	for _, c := range contents {
		names = append(names, c.connectors()...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	named := connref.RuntimeIDs(names)
	return func(k solution.Key) (solution.Key, bool) {
		if !isRuntimeID(k) {
			return k, false
		}
		list := named(k.Name())
		if len(list) != 1 {
			return k, false
		}
		return k.WithName(names[list[0]]), true
	}
}

// isRuntimeID reports whether a key is the run-time id of a custom connector.
func isRuntimeID(k solution.Key) bool {
	return k.Type() == solution.TypeConnector && strings.HasPrefix(k.Name(), "shared_") && connref.IsCustomID(k.Name())
}

// nameConnectors lets references by run-time ids refer to the connectors that are meant. The tables of r are others' too: it gets
// its own before they change.
func (r *references) nameConnectors(meant func(solution.Key) (solution.Key, bool)) {
	known := map[int32]int32{}
	own := false
	for i := range r.list {
		ref := &r.list[i]
		if !ref.open() {
			continue
		}
		to, ok := known[ref.to]
		if !ok {
			to = ref.to
			if k, ok := meant(r.key(ref.to)); ok {
				if !own {
					own = true
					r.keys, r.texts = r.keys.clone(), r.texts.clone()
				}
				to = r.numberOf(k)
			}
			known[ref.to] = to
		}
		ref.to = to
	}
	if own {
		r.sort()
	}
}
