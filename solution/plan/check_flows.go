package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// An offFlow is a flow that does not start after the import.
type offFlow struct {
	flow  id
	cause Component // the reference or the child
	asked bool      // it starts if somebody answers when the import asks
}

// checkFlows finds the flows that stay off: those whose reference has no connection, and those whose child flow is off.
func (s *stepper) checkFlows() {
	off := map[id]offFlow{}
	var order []id // children first
	parents := map[id][]content.Reference{}
	note := func(ref *content.Reference, cause Component, asked bool, format string, args ...any) {
		n := s.refer(ref.From)
		if _, known := off[n]; known {
			return
		}
		off[n] = offFlow{n, cause, asked}
		order = append(order, n)
		s.add("flow-stays-off", ref.Location, []Component{s.text(n), cause}, format, args...)
	}
	for ref := range s.pkg.content.References() {
		switch ref.Edge {
		case content.FlowConnectionReference:
			asked := slices.ContainsFunc(s.out.Prompts, func(p string) bool { return solution.Fold(p) == ref.To.Name })
			switch reason, unbound := s.unbound[ref.To.Name]; {
			case asked:
				note(&ref, ComponentOf(ref.To), true, "%s cannot start until %s %s", s.flowName(&ref), ref.To.Name, reason)
			case unbound:
				note(&ref, ComponentOf(ref.To), false, "%s cannot start: %s %s", s.flowName(&ref), ref.To.Name, reason)
			case s.boundNowhere(ref.To.Name):
				note(&ref, ComponentOf(ref.To), false, "%s cannot start: %s has no connection in the environment", s.flowName(&ref), ref.To.Name)
			}
		case content.FlowChild:
			child := s.refer(ref.To)
			parents[child] = append(parents[child], ref)
		}
	}
	var drafts []id
	for child := range parents {
		if x, ok := s.pkg.content.Component(s.keys[child]); ok && x.Draft || s.off[child] {
			drafts = append(drafts, child)
		}
	}
	queue := append(slices.Clone(order), s.sorted(drafts)...)
	for head := 0; head < len(queue); head++ {
		child := queue[head]
		for _, ref := range parents[child] {
			parent := s.refer(ref.From)
			if _, known := off[parent]; !known {
				note(&ref, s.text(child), off[child].asked, "%s cannot start: its child flow %s is off", s.flowName(&ref), s.text(child))
				queue = append(queue, parent)
			}
		}
	}
	for _, n := range order {
		s.offFlows = append(s.offFlows, off[n])
	}
}

// flowName is a flow for people.
func (s *stepper) flowName(ref *content.Reference) string {
	c := ComponentOf(ref.From)
	if x, ok := s.pkg.content.Component(ref.From); ok && x.DisplayName != "" {
		return string(c) + " (" + x.DisplayName + ")"
	}
	return string(c)
}

// boundNowhere reports whether the environment has a reference, which is not in the package, without a connection.
func (s *stepper) boundNowhere(name string) bool {
	if _, ours := s.pkg.set.Reference(name); ours {
		return false
	}
	connection, known := s.references[name]
	return known && connection == ""
}
