package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
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
	about []ComponentID // the flow, then what keeps it off
	why   []Obstacle    // the references among them
	stuck bool          // a child, or one of its children, has to be changed first
}

// A flowCheck finds the flows that stay off: those of which a reference has no connection, and those of which a child
// flow is off. A flow is told once, with all that keeps it off.
type flowCheck struct {
	*importing
	out     *recorder
	prompts []string            // references that somebody is asked for
	unbound map[string]Obstacle // by folded name: references that are without a connection in spite of that

	off     map[id]*offFlow
	invoked map[id][]string            // children whose connections the caller gives, with the names of these; nil: none does
	parents map[id][]content.Reference // by child
}

// run returns the flows that stay off, children first.
func (c *flowCheck) run() []offFlow {
	c.off, c.parents, c.invoked = map[id]*offFlow{}, map[id][]content.Reference{}, map[id][]string{}
	for ref := range c.pkg.content.References() {
		switch ref.Edge {
		case content.FlowConnectionReference:
			c.unconnected(&ref)
		case content.FlowChild:
			child := c.refer(ref.To)
			c.parents[child] = append(c.parents[child], ref)
			c.invoker(&ref, child)
		}
	}
	c.spread()
	list := c.childrenFirst(c.off)
	stuck := map[id]bool{}
	for i := range list {
		f := &list[i]
		f.stuck = slices.ContainsFunc(f.why, func(o Obstacle) bool { return o.Case == caseInvoker }) ||
			slices.ContainsFunc(f.child, func(child id) bool { return stuck[child] })
		stuck[f.flow] = f.stuck
		c.stayOff(&list[i])
	}
	return list
}

// note returns the entry of the flow that a reference is of.
func (c *flowCheck) note(ref *content.Reference) *offFlow {
	n := c.refer(ref.From)
	f := c.off[n]
	if f == nil {
		f = &offFlow{flow: n, asked: true, at: ref.Location, about: []ComponentID{c.text(n)}}
		c.off[n] = f
	}
	return f
}

// invoker notes a flow that calls one which takes the connections of whoever runs it: the platform does not let such a flow be
// turned on, as nobody runs the child.
func (c *flowCheck) invoker(ref *content.Reference, child id) {
	names, known := c.invoked[child]
	if !known {
		names = c.invokerConnections(child)
		c.invoked[child] = names
	}
	if len(names) == 0 || c.refer(ref.From) == child {
		return
	}
	f := c.note(ref)
	f.asked = false
	if !slices.Contains(f.about, c.text(child)) {
		f.about = append(f.about, c.text(child))
		f.why = append(f.why, Obstacle{Case: caseInvoker, Flow: c.subject(child), Connections: names})
	}
}

// invokerConnections returns the references, and connectors without one, that a flow takes from whoever runs it, as the package
// says or else what is there, the newest first.
func (s *importing) invokerConnections(flow id) []string {
	var p *Solution
	for _, at := range s.holders.of(flow) {
		f := s.world.contents[at.contents]
		if at.contents == s.number {
			p = f.pkg
			break
		}
		if s.active[at.contents] && f.pkg != nil {
			p = f.pkg
		}
	}
	if p == nil {
		return nil
	}
	return s.invokedIn(p)[flow]
}

// invokedIn returns what the flows of a package take from whoever runs them.
func (w *world) invokedIn(p *Solution) map[id][]string {
	if out, ok := w.invoked[p]; ok {
		return out
	}
	out := map[id][]string{}
	for _, u := range p.set.Uses {
		if u.Invoker {
			n := w.refer(u.By)
			out[n] = append(out[n], u.Name)
		}
	}
	for _, r := range p.set.Raw {
		if r.Invoker {
			n := w.refer(r.By)
			out[n] = append(out[n], connref.ConnectorName(r.Connector))
		}
	}
	for n, list := range out {
		slices.SortFunc(list, compareFolded)
		out[n] = slices.Compact(list)
	}
	w.invoked[p] = out
	return out
}

// spread finds the flows that are off because of a child: first those of children that stay off, then those of children that
// only wait for answers.
func (c *flowCheck) spread() {
	var now, later []id
	for n, f := range c.off {
		if f.asked {
			later = append(later, n)
		} else {
			now = append(now, n)
		}
	}
	for child := range c.parents {
		switch {
		case c.off[child] != nil:
		case c.world.off[child] || c.isDraft(child) || len(c.stopped(child)) > 0:
			now = append(now, child)
		case c.waits[child]:
			later = append(later, child)
		}
	}
	done := map[id]bool{}
	c.spreadFrom(c.sorted(now), false, done)
	c.spreadFrom(c.sorted(later), true, done)
}

func (c *flowCheck) spreadFrom(queue []id, asked bool, done map[id]bool) {
	for head := 0; head < len(queue); head++ {
		child := queue[head]
		if done[child] {
			continue
		}
		done[child] = true
		for _, ref := range c.parents[child] {
			if c.refer(ref.From) == child {
				continue
			}
			f := c.note(&ref)
			if slices.Contains(f.child, child) || len(c.invoked[child]) > 0 {
				continue // the latter keeps it off, whether it is on or off
			}
			f.child = append(f.child, child)
			f.asked = f.asked && asked
			queue = append(queue, f.flow)
		}
	}
}

// onlyWaits reports whether a flow starts as soon as somebody answers.
func (f *offFlow) onlyWaits() bool { return f != nil && f.asked }

// unconnected notes a flow of which a reference has no connection after the import.
func (c *flowCheck) unconnected(ref *content.Reference) {
	name := ref.To.Name()
	why, unbound := c.unbound[name]
	asked := !unbound && slices.ContainsFunc(c.prompts, func(p string) bool { return solution.Fold(p) == name })
	if !unbound && !asked {
		if !c.boundNowhere(ref.To) {
			return
		}
		why = Obstacle{Case: caseUnbound, Solution: c.ownerOf(c.refer(ref.To))}
	}
	f := c.note(ref)
	about := ComponentOf(ref.To)
	if slices.Contains(f.about, about) {
		return
	}
	f.about = append(f.about, about)
	why.Reference, why.Waits = name, asked
	f.why = append(f.why, why)
	if !asked {
		f.asked = false
		f.bind = append(f.bind, name)
	}
}

// isDraft reports whether a package of the batch brings a flow that is turned off. Whether an installed one has been
// turned on since nobody knows.
func (s *importing) isDraft(n id) bool {
	list := s.holders.of(n)
	if l := s.lives[n]; l != nil {
		if l.drafts > 0 {
			return true
		}
		list = s.holders.in(s.number, n)
	}
	return slices.ContainsFunc(list, func(p place) bool {
		f := s.world.contents[p.contents]
		at := f.holds[p.at].index
		return (p.contents == s.number || f.batch >= 0 && s.active[p.contents]) && at >= 0 && f.pkg.components[at].Draft
	})
}

// childrenFirst orders flows so that each comes behind those that it calls, unless they call each other.
func (c *flowCheck) childrenFirst(off map[id]*offFlow) []offFlow {
	list := slices.Collect(maps.Keys(off))
	// Of a circle, the flow goes first that has a reason of its own.
	slices.SortFunc(list, func(a, b id) int {
		return cmp.Or(cmp.Compare(min(len(off[b].about), 2), min(len(off[a].about), 2)), c.compare(a, b))
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
func (c *flowCheck) stayOff(f *offFlow) {
	for _, child := range c.sorted(f.child) {
		f.about = append(f.about, c.text(child))
		o := Obstacle{Flow: c.subject(child), Waits: c.off[child].onlyWaits() || c.off[child] == nil && c.waits[child] && !c.world.off[child] && !c.isDraft(child) && len(c.stopped(child)) == 0}
		if !o.Waits {
			o.Flow.Solution = c.ownerOf(child)
		}
		f.why = append(f.why, o)
	}
	c.out.tell(ruleFlowOff, f.at, f.about, Facts{About: c.subject(f.flow), Obstacles: f.why})
}

// boundNowhere reports whether a reference, which is not in the package, is in the environment without a connection.
func (s *importing) boundNowhere(reference solution.Key) bool {
	if _, ours := s.pkg.set.Reference(reference.Name()); ours {
		return false
	}
	connection, known := s.references[reference.Name()]
	return connection == "" && (known || s.allReferences() && s.exists(s.refer(reference)))
}
