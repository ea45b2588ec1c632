package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// An offFlow is a flow that does not start after the import.
type offFlow struct {
	flow  id
	asked bool     // it starts if somebody answers when the import asks
	bind  []string // references that have to be given a connection by hand
	child []id     // children that are off
	at    diag.Location
	about []Component // the flow, then what keeps it off
	why   []string
	until []string // the references that the import asks for
}

// checkFlows finds the flows that stay off: those of which a reference has no connection, and those of which a child
// flow is off. A flow is told once, with all that keeps it off.
func (s *stepper) checkFlows() {
	off := map[id]*offFlow{}
	parents := map[id][]content.Reference{} // by child
	note := func(ref *content.Reference) *offFlow {
		n := s.refer(ref.From)
		f := off[n]
		if f == nil {
			f = &offFlow{flow: n, asked: true, at: ref.Location, about: []Component{s.text(n)}}
			off[n] = f
		}
		return f
	}
	for ref := range s.pkg.content.References() {
		switch ref.Edge {
		case content.FlowConnectionReference:
			s.unconnected(&ref, note)
		case content.FlowChild:
			child := s.refer(ref.To)
			parents[child] = append(parents[child], ref)
		}
	}
	var now, later []id // those that stay off, and those that only wait for answers
	for n, f := range off {
		if f.asked {
			later = append(later, n)
		} else {
			now = append(now, n)
		}
	}
	for child := range parents {
		if off[child] == nil && (s.off[child] || s.isDraft(child)) {
			now = append(now, child)
		}
	}
	done := map[id]bool{}
	spread := func(queue []id, asked bool) {
		for head := 0; head < len(queue); head++ {
			child := queue[head]
			if done[child] {
				continue
			}
			done[child] = true
			for _, ref := range parents[child] {
				if s.refer(ref.From) == child {
					continue
				}
				f := note(&ref)
				if slices.Contains(f.child, child) {
					continue
				}
				f.child = append(f.child, child)
				f.asked = f.asked && asked
				queue = append(queue, f.flow)
			}
		}
	}
	spread(s.sorted(now), false)
	spread(s.sorted(later), true)
	s.offFlows = s.childrenFirst(off)
	for i := range s.offFlows {
		s.stayOff(&s.offFlows[i], off)
	}
}

// onlyWaits reports whether a flow starts as soon as somebody answers.
func (f *offFlow) onlyWaits() bool { return f != nil && f.asked }

// unconnected notes a flow of which a reference has no connection after the import.
func (s *stepper) unconnected(ref *content.Reference, note func(*content.Reference) *offFlow) {
	name := ref.To.Name
	reason, unbound := s.unbound[name]
	asked := !unbound && slices.ContainsFunc(s.out.Prompts, func(p string) bool { return solution.Fold(p) == name })
	if !unbound && !asked {
		if !s.boundNowhere(ref.To) {
			return
		}
		reason = "has no connection in the environment"
		if owner := s.ownerOf(s.refer(ref.To)); owner != "" {
			reason = fmt.Sprintf("of %s has no connection", owner)
		}
	}
	f := note(ref)
	about := ComponentOf(ref.To)
	if slices.Contains(f.about, about) {
		return
	}
	f.about = append(f.about, about)
	if asked {
		f.until = append(f.until, name)
		return
	}
	f.asked = false
	f.bind = append(f.bind, name)
	f.why = append(f.why, name+" "+reason)
}

// isDraft reports whether a package of the batch brings a flow that is turned off. Whether an installed one has been
// turned on since nobody knows.
func (s *stepper) isDraft(n id) bool {
	return slices.ContainsFunc(s.holders.of(n), func(p place) bool {
		f := s.world.facts[p.facts]
		at := f.holds[p.at].index
		return (p.facts == s.number || f.batch >= 0 && s.active[p.facts]) && at >= 0 && f.pkg.components[at].Draft
	})
}

// childrenFirst orders flows so that each comes behind those that it calls, unless they call each other.
func (s *stepper) childrenFirst(off map[id]*offFlow) []offFlow {
	list := slices.Collect(maps.Keys(off))
	// Of a circle, the flow goes first that has a reason of its own.
	slices.SortFunc(list, func(a, b id) int {
		return cmp.Or(cmp.Compare(min(len(off[b].about), 2), min(len(off[a].about), 2)), s.compare(a, b))
	})
	open := map[id]int{}
	callers := map[id][]id{}
	for _, n := range list {
		for _, child := range off[n].child {
			if off[child] != nil {
				open[n]++
				callers[child] = append(callers[child], n)
			}
		}
	}
	var out []offFlow
	placed := map[id]bool{}
	put := func(first id) {
		for queue := []id{first}; len(queue) > 0; queue = queue[1:] {
			n := queue[0]
			if placed[n] {
				continue
			}
			placed[n] = true
			out = append(out, *off[n])
			for _, caller := range callers[n] {
				if open[caller]--; open[caller] == 0 {
					queue = append(queue, caller)
				}
			}
		}
	}
	for _, n := range list {
		if open[n] == 0 {
			put(n)
		}
	}
	for _, n := range list {
		put(n) // only circles are left, and who calls them
	}
	return out
}

// stayOff tells of one flow.
func (s *stepper) stayOff(f *offFlow, off map[id]*offFlow) {
	why, until := f.why, f.until
	for _, child := range s.sorted(f.child) {
		f.about = append(f.about, s.text(child))
		if off[child].onlyWaits() {
			until = append(until, "its child flow "+s.label(child))
			continue
		}
		owner := ""
		if other := s.ownerOf(child); other != "" {
			owner = " of " + other
		}
		why = append(why, fmt.Sprintf("its child flow %s%s is off", s.label(child), owner))
	}
	text := ""
	switch {
	case len(until) == 0:
		text = ": " + strings.Join(why, "; ")
	case len(why) > 0:
		text = fmt.Sprintf(": %s; it also waits for a connection of %s", strings.Join(why, "; "), enumerate(until))
	case len(f.until) == 0:
		text = " until there is a connection for " + enumerate(until)
	default:
		text = " until somebody gives a connection to " + enumerate(until)
	}
	s.add("flow-stays-off", f.at, f.about, "%s cannot start%s", s.label(f.flow), text)
}

// ownerOf returns the other solution that has a component now, empty if the package has it or nobody does.
func (s *stepper) ownerOf(n id) string {
	if s.holds(s.number, n) {
		return ""
	}
	owner := ""
	for _, p := range s.holders.of(n) {
		name := s.world.solutions[s.world.facts[p.facts].solution].name
		if s.active[p.facts] && (owner == "" || name < owner) {
			owner = name
		}
	}
	return owner
}

// boundNowhere reports whether a reference, which is not in the package, is in the environment without a connection.
func (s *stepper) boundNowhere(reference solution.Key) bool {
	if _, ours := s.pkg.set.Reference(reference.Name); ours {
		return false
	}
	connection, known := s.references[reference.Name]
	return connection == "" && (known || s.allReferences() && s.exists(s.refer(reference)))
}
