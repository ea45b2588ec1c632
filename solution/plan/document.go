package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// mostReasons limits what a finding about a long loop tells: each of its members has such a finding.
const mostReasons = 5

// checkLoop refuses a member of a loop. It tells the loop from the package on.
func (s *stepper) checkLoop() {
	at := slices.Index(s.loop, s.index)
	if at < 0 {
		return
	}
	var names, reasons []string
	var about []Component
	for i := range s.loop {
		before, after := s.loop[(at+i)%len(s.loop)], s.loop[(at+i+1)%len(s.loop)]
		names = append(names, s.r.steps[before].name())
		if i >= mostReasons {
			continue
		}
		e := s.r.hardEdge(before, after)
		reasons = append(reasons, s.r.reason(e))
		for _, p := range s.r.pairsOf(e) {
			about = append(about, p.By, p.Need)
		}
	}
	if n := len(s.loop) - len(reasons); n > 0 {
		reasons = append(reasons, fmt.Sprintf("and %d more", n))
	}
	last := s.r.hardEdge(s.loop[(at+len(s.loop)-1)%len(s.loop)], s.index)
	place := s.evidence(last)
	if place.File == "" {
		place = s.inManifest()
	}
	s.add("dependency-cycle", place, about, "%s wait for each other: %s: %s", enumerate(names), strings.Join(reasons, "; "), s.r.wayOut(s.loop))
}

// wayOut says how a loop can be opened. One with a deletion in it needs no change of the packages: an update deletes
// nothing. Each member of a long loop says it, so it is looked for once.
func (r *resolution) wayOut(loop []int) string {
	text, known := r.waysOut[&loop[0]]
	if known {
		return text
	}
	text = "move one of the components to another solution"
	for i, before := range loop {
		if e := r.hardEdge(before, loop[(i+1)%len(loop)]); e.kind == Release {
			name := r.steps[e.after].name()
			text = fmt.Sprintf("import %s as an update first, which deletes nothing, and upgrade it when the others have been imported", name)
			break
		}
	}
	r.waysOut[&loop[0]] = text
	return text
}

// evidence returns where the package says that it needs what an edge to it is about. What it no longer needs or takes
// over stands nowhere in it.
func (s *stepper) evidence(e *edge) diag.Location {
	if e.kind == PatchOf && s.action == Patch {
		return s.inManifest("ParentSolution")
	}
	for i := range s.facts.needs {
		if n := &s.facts.needs[i]; n.need == e.pairs[0].need && n.by == e.pairs[0].by {
			return s.facts.place(n)
		}
	}
	return diag.Location{}
}

// hardEdge returns the edge of a loop between two steps.
func (r *resolution) hardEdge(before, after int) *edge {
	i, _ := slices.BinarySearchFunc(r.edges, [2]int{before, after}, func(e edge, ends [2]int) int {
		return cmp.Or(cmp.Compare(e.before, ends[0]), cmp.Compare(e.after, ends[1]))
	})
	for r.edges[i].easy {
		i++ // of several kinds one is hard, or there were no loop
	}
	return &r.edges[i]
}

// pairsOf returns the pairs of an edge as they are printed. What is no component is the solution that waits.
func (r *resolution) pairsOf(e *edge) []Pair {
	out := make([]Pair, 0, len(e.pairs))
	for _, p := range e.pairs {
		x := Pair{Need: SolutionComponent(r.steps[e.before].name()), By: SolutionComponent(r.steps[e.after].name())}
		if p.need != noID {
			x.Need = r.text(p.need)
		}
		if p.by != noID {
			x.By = r.text(p.by)
		}
		out = append(out, x)
	}
	return out
}

// reason says in words why an edge is.
func (r *resolution) reason(e *edge) string {
	before, after := r.steps[e.before].name(), r.steps[e.after].name()
	p := r.pairsOf(e)[0]
	more := ""
	if n := len(e.pairs) - 1; n > 0 {
		more = fmt.Sprintf(" (and %d more)", n)
	}
	switch e.kind {
	case Release:
		return fmt.Sprintf("%s of %s stops using %s, which %s deletes%s", p.By, before, p.Need, after, more)
	case Handover:
		return fmt.Sprintf("%s takes over %s, which %s drops%s", before, p.Need, after, more)
	case PatchOf:
		if r.steps[e.after].action == Patch {
			return fmt.Sprintf("%s patches %s", after, before)
		}
		return fmt.Sprintf("%s takes in patch %s", after, before)
	case Connects:
		return fmt.Sprintf("%s of %s uses %s of %s%s", p.By, after, p.Need, before, more)
	case Soft:
		return fmt.Sprintf("%s of %s names %s of %s%s", p.By, after, p.Need, before, more)
	}
	return fmt.Sprintf("%s of %s needs %s of %s%s", p.By, after, p.Need, before, more)
}

// settle adds what is known only when all steps have been gone through.
func (r *resolution) settle(order []int) {
	for _, i := range order {
		r.steps[i].judgeStaged()
	}
	for i := range r.edges {
		e := &r.edges[i]
		s := r.steps[e.after]
		var about []Component
		for _, p := range r.pairsOf(e) {
			about = append(about, p.Need, p.By)
		}
		s.out.Findings = append(s.out.Findings, newFinding("import-order", Info, s.evidence(e), about, "import %s before %s, because %s", r.steps[e.before].name(), s.name(), r.reason(e)))
	}
	for _, i := range order {
		s := r.steps[i]
		if s.out.Status != BlockedBy {
			continue
		}
		about := s.whole()
		about = andSolutions(about, s.out.BlockedBy)
		r.findings = append(r.findings, newFinding("import-order", Error, diag.Location{}, about, "%s cannot be imported, because it needs %s first, which cannot be imported", s.name(), enumerate(s.out.BlockedBy)))
	}
	r.connect(order)
}

// document puts the plan together: what cannot be imported stands behind what can.
func (r *resolution) document(order []int) *Plan {
	p := &Plan{Order: []string{}, Cycles: [][]string{}, Constraints: []Constraint{}, Steps: []Step{}, Findings: []Finding{}, after: r.environment(), groups: r.groups}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.steps[a].late(), r.steps[b].late()) })
	for _, i := range order {
		s := r.steps[i]
		p.Order = append(p.Order, s.out.Solution)
		p.Steps = append(p.Steps, s.out)
		p.Blocked = p.Blocked || s.out.Status != Ready
	}
	for _, loop := range r.loops {
		var names []string
		for _, i := range loop {
			names = append(names, r.steps[i].name())
		}
		p.Cycles = append(p.Cycles, names)
	}
	for i := range r.edges {
		e := &r.edges[i]
		p.Constraints = append(p.Constraints, Constraint{Before: r.steps[e.before].name(), After: r.steps[e.after].name(), Kind: e.kind, Because: r.pairsOf(e)})
	}
	p.Findings = append(p.Findings, r.findings...)
	return p
}

func (s *stepper) late() int {
	if s.out.Status == Ready {
		return 0
	}
	return 1
}
