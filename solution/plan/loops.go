package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// mostReasons limits what a finding about a long loop tells: each of its members has such a finding.
const mostReasons = 5

// tellLoop refuses a member of a loop. It tells the loop from that on.
func (r *resolution) tellLoop(s *stepper) {
	if s.loop == nil {
		return
	}
	at := s.loopAt
	facts := Facts{Count: int64(len(s.loop)), Solutions: r.wayOut(s.loop)}
	var about []ComponentID
	for i := range min(len(s.loop), mostReasons) {
		c := r.constraint(r.hardEdge(s.loop[(at+i)%len(s.loop)], s.loop[(at+i+1)%len(s.loop)]))
		facts.Order = append(facts.Order, c.short())
		for _, p := range c.Because {
			about = append(about, p.By, p.Need)
		}
	}
	place := s.evidence(r.hardEdge(s.loop[(at+len(s.loop)-1)%len(s.loop)], s.index))
	if place.File == "" {
		place = s.inManifest()
	}
	s.record.tell(ruleCycle, place, about, facts)
}

// wayOut returns a solution of a loop that can be imported as an update first, which deletes nothing: so a loop with a deletion
// in it needs no change of the packages. Each member of a long loop says it, so it is looked for once.
func (r *resolution) wayOut(loop []int) []string {
	names, known := r.waysOut[&loop[0]]
	if known {
		return names
	}
	for i, before := range loop {
		if e := r.hardEdge(before, loop[(i+1)%len(loop)]); e.kind == Release {
			names = []string{r.steps[e.after].name()}
			break
		}
	}
	r.waysOut[&loop[0]] = names
	return names
}

// evidence returns where the package says that it needs what an edge to it is about. What it no longer needs or takes
// over stands nowhere in it.
func (s *importing) evidence(e *edge) diag.Location {
	if e.kind == PatchOf && s.action == Patch {
		return s.inManifest("ParentSolution")
	}
	if s.contents.evidence == nil {
		s.contents.evidence = map[pair]int32{}
		for i := range s.contents.needs {
			n := &s.contents.needs[i]
			if _, known := s.contents.evidence[pair{n.need, n.by}]; !known {
				s.contents.evidence[pair{n.need, n.by}] = int32(i)
			}
		}
	}
	if i, ok := s.contents.evidence[e.pairs[0]]; ok {
		return s.contents.place(&s.contents.needs[i])
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
