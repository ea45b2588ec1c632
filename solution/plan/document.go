package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// constraint returns an edge as a plan has it.
func (r *resolution) constraint(e *edge) Constraint {
	before, after := r.steps[e.before], r.steps[e.after]
	c := Constraint{Before: before.name(), After: after.name(), Kind: e.kind, Because: r.pairsOf(e)}
	if e.kind == PatchOf {
		if c.Patch = c.Before; after.action == Patch {
			c.Patch = c.After
		}
	}
	return c
}

// pairsOf returns the pairs of an edge as they are printed. What is no component is the solution that waits.
func (r *resolution) pairsOf(e *edge) []Pair {
	out := make([]Pair, 0, len(e.pairs))
	for _, p := range e.pairs {
		need, by := r.end(p.need, e.before), r.end(p.by, e.after)
		out = append(out, Pair{Need: need.Component, By: by.Component, NeedTitle: need.Title, ByTitle: by.Title})
	}
	return out
}

// end is one end of a pair: the component, or the solution of the step if it is none.
func (r *resolution) end(n id, step int) Subject {
	if n == noID {
		return Subject{Component: solutionComponent(r.steps[step].name())}
	}
	return r.subject(n)
}

// makeRoom lets the findings about the order of a large batch be added without copies of what is there.
func (r *resolution) makeRoom() {
	edges := make([]int, len(r.steps)) // that end at each step
	for i := range r.edges {
		edges[r.edges[i].after]++
	}
	for i, s := range r.steps {
		s.record.findings = slices.Grow(s.record.findings, edges[i])
	}
}

// settle adds what is known only when all steps have been gone through.
func (r *resolution) settle(order []int) {
	for _, i := range order {
		s := r.steps[i]
		s.setDeletes(s.dropped().dropStaged())
	}
	r.usedBy(order)
	r.makeRoom()
	facts := make([]Facts, len(r.edges))
	r.constraints = make([]Constraint, len(r.edges))
	for i := range r.edges {
		e := &r.edges[i]
		s := r.steps[e.after]
		c := r.constraint(e)
		r.constraints[i] = c
		about := make([]ComponentID, 0, 2*len(c.Because))
		for _, p := range c.Because {
			about = append(about, p.Need, p.By)
		}
		facts[i] = Facts{Solution: s.name(), Order: []Constraint{c.short()}}
		s.record.findings = append(s.record.findings, newFinding(ruleImportOrder, ruleImportOrder.Severity, s.evidence(e), about, &facts[i]))
	}
	for _, i := range order {
		s := r.steps[i]
		if s.out.Status == BlockedBy {
			about := andSolutions(s.record.whole(), s.out.BlockedBy)
			r.findings = append(r.findings, newFinding(ruleImportOrder, diag.Error, diag.Location{}, about, &Facts{Solution: s.name(), Solutions: s.out.BlockedBy}))
		}
	}
	r.connectLater(order)
}

// document puts the plan together: what cannot be imported stands behind what can.
func (r *resolution) document(order []int) *Plan {
	p := &Plan{Order: []string{}, Cycles: [][]string{}, Constraints: []Constraint{}, Steps: []Step{}, Findings: []Finding{}, after: r.environment(), private: r.privateVariables()}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(r.steps[a].late(), r.steps[b].late()) })
	for _, i := range order {
		s := r.steps[i]
		s.out.Findings = append([]Finding{}, s.record.findings...)
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
	p.Constraints = append(p.Constraints, r.constraints...)
	p.Findings = append(p.Findings, r.findings...)
	return p
}

func (s *stepper) late() int {
	if s.out.Status == Ready {
		return 0
	}
	return 1
}
