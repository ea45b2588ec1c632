package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// An edge says that one step comes before another.
type edge struct {
	before, after int
	kind          ConstraintKind
	pairs         []pair
	// easy edges never keep a package from being imported: they go if they close a loop.
	easy bool
}

// A pair is a component and what needs it. Either may be noID; then the solution of that step stands for it.
type pair struct{ need, by id }

// constraints collects edges.
type constraints struct {
	*resolution
	index   map[edgeKey]int
	choices []choice
}

// A choice is a need that any of several packages of the batch meets.
type choice struct {
	providers []int
	after     *stepper
	kind      ConstraintKind
	pair      pair
}

type edgeKey struct {
	before, after int
	kind          ConstraintKind
}

func (c *constraints) add(before, after int, kind ConstraintKind, easy bool, need, by id) {
	if before == after {
		return
	}
	key := edgeKey{before, after, kind}
	i, ok := c.index[key]
	if !ok {
		i = len(c.edges)
		c.index[key] = i
		c.edges = append(c.edges, edge{before: before, after: after, kind: kind, easy: true})
	}
	c.edges[i].pairs = append(c.edges[i].pairs, pair{need, by})
	c.edges[i].easy = c.edges[i].easy && easy
}

// constrain finds what must come before what, from the state before the first step.
func (r *resolution) constrain() {
	c := &constraints{resolution: r, index: map[edgeKey]int{}}
	for _, s := range r.steps {
		c.needs(s)
		c.patch(s)
		c.dropped(s)
	}
	c.choose()
	for i := range r.edges {
		e := &r.edges[i]
		slices.SortFunc(e.pairs, func(a, b pair) int { return cmp.Or(r.comparePart(a.need, b.need), r.comparePart(a.by, b.by)) })
		e.pairs = slices.Compact(e.pairs)
	}
	slices.SortFunc(r.edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after), cmp.Compare(a.kind, b.kind))
	})
}

func (r *resolution) comparePart(a, b id) int {
	if a == noID || b == noID {
		return cmp.Compare(a, b)
	}
	return r.compare(a, b)
}

// needs adds an edge from whoever in the batch brings what a package needs and the environment lacks.
func (c *constraints) needs(s *stepper) {
	for i := range s.contents.needs {
		n := &s.contents.needs[i]
		kind, easy := Soft, true
		switch {
		case n.hard, s.contents.pkg.reference(n.reference).Edge == content.FlowConnectionReference: // which exports list too
			kind, easy = Need, false
		case connects(s.contents.pkg.reference(n.reference)):
			kind, easy = Connects, false
		}
		switch s.standing(n) {
		case here:
			if kind != Connects && !(kind == Need && c.outdated(s, n)) {
				continue
			}
			// The order is good to keep, and nothing is refused without it.
			if easy = true; kind == Need {
				kind = Soft
			}
		case own:
			continue
		}
		list := s.providers(n)
		if len(list) > 1 && !easy {
			c.choices = append(c.choices, choice{list, s, kind, pair{n.need, n.by}})
			continue
		}
		for _, p := range list {
			c.add(p, s.index, kind, easy, n.need, n.by)
		}
	}
}

// choose adds the edges of needs that any of several packages meets. All of these are to come before, but one is enough:
// the first that does not itself wait for the package that needs it.
func (c *constraints) choose() {
	if len(c.choices) == 0 {
		return
	}
	g := newGraph(len(c.steps), c.edges, func(e *edge) bool { return !e.easy })
	var waiting []bool
	for i, x := range c.choices {
		if i == 0 || c.choices[i-1].after != x.after {
			waiting = g.behind(x.after.index)
		}
		enough := x.providers[0]
		if at := slices.IndexFunc(x.providers, func(p int) bool { return !waiting[p] }); at >= 0 {
			enough = x.providers[at]
		}
		for _, p := range x.providers {
			c.add(p, x.after.index, x.kind, p != enough, x.pair.need, x.pair.by)
		}
		g[enough] = append(g[enough], x.after.index)
	}
}

// outdated reports whether the batch brings a newer version of the solution that a dependency names, and the installed
// one is older than that dependency says.
func (c *constraints) outdated(s *stepper, n *need) bool {
	if n.dependency < 0 {
		return false
	}
	ref := s.contents.pkg.dependencies[n.dependency].Required.Solution
	i, ok := c.byName[solution.Fold(ref.Name)]
	return ok && c.solutions[i].installed && c.below(c.solutions[i].version, ref.Version)
}

// patch puts a patch behind its parent, or before the version of it that takes its changes in.
func (c *constraints) patch(s *stepper) {
	if s.action != Patch || s.parent < 0 {
		return
	}
	for _, p := range c.named[s.parent] {
		switch {
		case p.action == Patch:
		case s.rolledUpBy(&p.importing):
			c.add(s.index, p.index, PatchOf, false, noID, noID)
		default:
			c.add(p.index, s.index, PatchOf, false, noID, noID)
		}
	}
	for _, p := range c.previous(s) {
		c.add(p.index, s.index, PatchOf, true, noID, noID)
	}
}

// previous returns the patches of the same parent with the highest version below that of a patch: one, or several that
// have the same.
func (c *constraints) previous(s *stepper) []*stepper {
	all := c.patching[s.parent]
	below := func(v solution.Version) int { // how many are
		n, _ := slices.BinarySearchFunc(all, v, func(p *stepper, v solution.Version) int { return p.manifest.Version().Compare(v) })
		return n
	}
	end := below(s.manifest.Version())
	if end == 0 {
		return nil
	}
	return all[below(all[end-1].manifest.Version()):end]
}

// rolledUpBy reports whether the patch is one of the installed version and p a newer one.
func (s *importing) rolledUpBy(p *importing) bool {
	parent := &s.world.solutions[s.parent]
	v, base := s.manifest.Version(), p.manifest.Version()
	if !parent.installed || base.Compare(parent.version) <= 0 {
		return false
	}
	if ref := s.parentRef.Version; ref != (solution.Version{}) {
		if ref == base {
			return false
		}
		if ref == parent.version {
			return true
		}
	}
	fitsInstalled := sameLine(v, parent.version) && v.Compare(parent.version) > 0
	fitsNew := sameLine(v, base) && v.Compare(base) > 0
	return fitsInstalled && !fitsNew
}

// sameLine reports whether two versions have one major and minor number, as a patch and its parent must.
func sameLine(v, w solution.Version) bool { return v.Major == w.Major && v.Minor == w.Minor }

// dropped adds the edges about what an upgrade removes: whoever takes a component over comes before, and so does
// whoever stops using it.
func (c *constraints) dropped(s *stepper) {
	if s.action != Upgrade {
		return
	}
	for _, h := range s.drops() {
		if c.isBase(h.id) || !h.created || !s.ownsBase(h.id) {
			continue
		}
		if c.handover(s, h.id) {
			continue
		}
		c.release(s, h.id)
		c.unstack(s, h.id)
	}
}

// unstack adds edges from packages whose import takes away a layer of another publisher above the base layer that s takes away, which
// cannot go before.
func (c *constraints) unstack(s *stepper, n id) {
	for _, p := range c.holders.of(n) {
		f := c.contents[p.contents]
		if !c.active[p.contents] || f.solution == s.solution || !c.solutions[f.solution].isManaged() || c.solutions[f.solution].publisher == s.publisherNow() {
			continue
		}
		for _, other := range c.replacing(f.solution) {
			if other.action == Upgrade && !c.holds(other.number, n) {
				c.add(other.index, s.index, Release, false, n, n)
			}
		}
	}
}

// handover reports whether another package of the batch takes over a component that s drops.
func (c *constraints) handover(s *stepper, n id) bool {
	list := c.takers(&s.importing, n)
	for _, taker := range list {
		c.add(taker.index, s.index, Handover, false, n, noID)
	}
	return len(list) > 0
}

// takers returns the other packages of the batch and publisher that newly bring a component.
func (r *resolution) takers(s *importing, n id) []*stepper {
	var out []*stepper
	for _, p := range s.holders.of(n) {
		f := s.world.contents[p.contents]
		if f.batch < 0 || s.active[p.contents] {
			continue
		}
		taker := r.steps[f.batch]
		if taker.solution != s.solution && !s.solutionHolds(taker.solution, n) && taker.action != Stage && taker.managed() && taker.publisher() == s.publisherNow() {
			out = append(out, taker)
		}
	}
	return out
}

// solutionHolds reports whether a solution has a component now.
func (w *world) solutionHolds(s int32, n id) bool {
	return slices.ContainsFunc(w.solutions[s].contents, func(f int32) bool { return w.holds(f, n) })
}

// release adds edges from packages whose import ends the use of a component, of a column of it that no list has, or has
// no part of it any more.
func (c *constraints) release(s *stepper, n id) {
	needed := []id{n}
	if c.kind(n) == solution.TypeEntity {
		needed = append(needed, c.columnsOf(n)...)
	}
	for _, x := range needed {
		for _, p := range c.users.of(x) {
			f := c.contents[p.contents]
			u := &f.needs[p.at]
			if !c.active[p.contents] || f.solution == s.solution || !u.tracked {
				continue
			}
			for _, other := range c.endingUse(f.solution, x, u.by) {
				c.add(other.index, s.index, Release, false, n, u.by)
			}
		}
	}
	for _, p := range c.parts.of(n) {
		f := c.contents[p.contents]
		if !c.active[p.contents] || f.solution == s.solution {
			continue
		}
		part := f.holds[p.at].id
		for _, other := range c.replacing(f.solution) {
			if other.action == Upgrade && !c.holds(other.number, part) {
				c.add(other.index, s.index, Release, false, n, part)
			}
		}
	}
}

// endingUse returns the packages whose import ends the use of a component by one of an installed solution: upgrades that
// do not use it, and unmanaged packages that overwrite what uses it.
func (r *resolution) endingUse(s int32, n, by id) []*stepper {
	var out []*stepper
	for _, other := range r.replacing(s) {
		if r.uses(other.number, n) {
			continue
		}
		if other.managed() && other.action == Upgrade || !other.managed() && by != noID && r.holds(other.number, by) {
			out = append(out, other)
		}
	}
	return out
}

// replacing returns the packages of the batch that replace an installed solution: newer versions of it and, if it is a
// patch, of what it patches.
func (r *resolution) replacing(s int32) []*stepper {
	if p := r.world.solutions[s].patchOf; p >= 0 {
		return append(append([]*stepper(nil), r.named[s]...), r.named[p]...)
	}
	return r.named[s]
}

// uses reports whether contents need a component.
func (w *world) uses(contents int32, n id) bool {
	return len(w.users.in(contents, n)) > 0
}

// holds reports whether contents have a component.
func (w *world) holds(contents int32, n id) bool {
	return len(w.holders.in(contents, n)) > 0
}

// takesOver reports whether a later package of the batch drops a component that a step brings.
func (r *resolution) takesOver(s *stepper, n id) bool {
	edges := r.edges // sorted by what is before
	first, _ := slices.BinarySearchFunc(edges, s.index, func(e edge, before int) int { return cmp.Compare(e.before, before) })
	for _, e := range edges[first:] {
		if e.before != s.index {
			break
		}
		if e.kind == Handover && slices.ContainsFunc(e.pairs, func(p pair) bool { return p.need == n }) {
			return true
		}
	}
	return false
}
