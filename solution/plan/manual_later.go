package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/connref"
)

// earlierConnector returns the step of the batch that brings the custom connector of a reference, nil if it was there
// before or is not custom.
func (r *resolution) earlierConnector(s *stepper, ref *connref.Reference) *stepper {
	if !ref.IsCustom() {
		return nil
	}
	for _, p := range r.holders.from(int32(r.firstOfBatch), s.customConnector(ref)) {
		f := r.world.contents[p.contents]
		if f.batch >= 0 && int(f.batch) != s.index && r.active[p.contents] {
			return r.steps[f.batch]
		}
	}
	return nil
}

// connectLater tells after the import of connectors which connections have to be created before later steps.
func (r *resolution) connectLater(order []int) {
	list := map[*stepper][]Task{}
	for _, i := range order {
		s := r.steps[i]
		if !s.importable() {
			continue
		}
		for j := range s.pkg.set.References {
			ref := &s.pkg.set.References[j]
			from := r.earlierConnector(s, ref)
			if from == nil {
				continue
			}
			create := Task{Kind: CreateConnection, Facts: &Facts{Case: caseForLater, Solution: s.name(), Connector: s.connectorName(ref), Reference: ref.LogicalName}}
			connection, bound := s.bindings.bound[ref.LogicalName]
			switch {
			case slices.Contains(s.bindings.prompts, ref.LogicalName):
				create.Facts.Values = s.candidates(ref)
				list[from] = append(list[from], create)
			case bound && r.connections == nil && from.connectors.added[s.customConnector(ref)]:
				create.Facts.Case, create.Facts.Connection = caseSettings, connection
				list[from] = append(list[from], create)
			}
		}
	}
	for from, tasks := range list {
		from.out.ManualAfter = slices.Insert(from.out.ManualAfter, from.later, tasks...)
	}
}
