package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// Whether an installed flow is on nobody knows. One that uses a reference without a connection is off for certain, and so is one that
// calls it.

// flowNeeds are what a flow needs in order to start.
type flowNeeds struct {
	references []string // folded names
	children   []id
}

// flowsIn returns what the flows of a package need.
func (w *world) flowsIn(p *Solution) map[id]flowNeeds {
	if out, ok := w.started[p]; ok {
		return out
	}
	out := map[id]flowNeeds{}
	for _, u := range p.set.Uses {
		if u.By.Type() == solution.TypeWorkflow && !u.Invoker {
			n := w.refer(u.By)
			f := out[n]
			f.references = append(f.references, solution.Fold(u.Name))
			out[n] = f
		}
	}
	for ref := range p.content.References() {
		if ref.Edge == content.FlowChild && ref.Resolved != content.Unknown {
			n := w.refer(ref.From)
			f := out[n]
			f.children = append(f.children, w.refer(ref.To))
			out[n] = f
		}
	}
	w.started[p] = out
	return out
}

// installedFlow returns the installed package whose version of a flow counts: none if the batch has brought another.
func (s *importing) installedFlow(flow id) *Solution {
	var p *Solution
	for _, at := range s.holders.of(flow) {
		f := s.world.contents[at.contents]
		switch {
		case at.contents == s.number, f.batch >= 0 && s.active[at.contents]:
			return nil
		case f.batch < 0 && s.active[at.contents] && f.pkg != nil:
			p = f.pkg
		}
	}
	return p
}

// A stoppedFlow is an installed flow that is off.
type stoppedFlow struct {
	flow       id
	references []string // without a connection
}

// stopped returns the installed flows that are off for certain and keep a flow off, children first: the flow is one of them if it is
// off itself.
func (s *importing) stopped(flow id) []stoppedFlow {
	list, _ := s.stoppedUnder(flow, map[id]bool{})
	return list
}

func (s *importing) stoppedUnder(flow id, seen map[id]bool) (list []stoppedFlow, off bool) {
	p := s.installedFlow(flow)
	if p == nil || seen[flow] {
		return nil, false
	}
	seen[flow] = true
	needs := s.flowsIn(p)[flow]
	x := stoppedFlow{flow: flow}
	for _, name := range needs.references {
		if connection, known := s.references[name]; known && connection == "" {
			x.references = append(x.references, name)
			off = true
		}
	}
	for _, child := range needs.children {
		more, childOff := s.stoppedUnder(child, seen)
		list, off = append(list, more...), off || childOff
	}
	slices.Sort(x.references)
	x.references = slices.Compact(x.references)
	if off {
		list = append(list, x)
	}
	return list, off
}
