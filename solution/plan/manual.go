package plan

import (
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// checkManual puts what a person does into sentences.
func (s *stepper) checkManual() {
	before, after := &s.out.ManualBefore, &s.out.ManualAfter
	for _, name := range s.out.Prompts {
		if ref, _ := s.pkg.set.Reference(name); s.earlierConnector(&ref) == nil {
			*before = append(*before, fmt.Sprintf("Create a connection of %s for connection reference %s%s.", s.connectorName(&ref), name, s.candidates(&ref)))
		}
	}
	for _, name := range s.out.VariablesNeeded {
		*before = append(*before, fmt.Sprintf("Have a value ready for environment variable %s.", name))
	}
	for i := range s.out.Findings {
		switch f := &s.out.Findings[i]; f.ID {
		case "envvar-secret-access", "connection-not-usable":
			*before = append(*before, sentence(f.Message))
		}
	}
	for _, x := range s.out.Secrets {
		*after = append(*after, fmt.Sprintf("Enter client id, client secret and resource of connector %s.", x.Connector))
	}
	s.secretsEnd = len(*after)
	for i := range s.out.Findings {
		if f := &s.out.Findings[i]; f.ID == "canvas-connector-rebind" {
			*after = append(*after, sentence(f.Message))
		}
	}
	if s.action == Stage {
		*after = append(*after, fmt.Sprintf("Apply the staged upgrade of %s, when all other solutions have stopped using what it deletes.", s.name()))
	}
	for _, f := range s.offFlows {
		if !f.asked {
			*after = append(*after, s.turnOn(f))
		}
	}
	if s.hasContent() && s.manifest.Kind() == solution.Unmanaged {
		*after = append(*after, fmt.Sprintf("Publish all customizations of %s.", s.name()))
	}
}

func (s *stepper) turnOn(f offFlow) string {
	flow := s.text(f.flow)
	if f.cause.Kind() == string(solution.TypeConnectionReference) {
		return fmt.Sprintf("Give %s a connection, then turn on %s.", f.cause, flow)
	}
	return fmt.Sprintf("Turn on %s, then %s, which calls it.", f.cause, flow)
}

// sentence makes a message of a finding a sentence.
func sentence(message string) string { return message + "." }

// candidates names connections that are there already.
func (s *stepper) candidates(ref *connref.Reference) string {
	var list []string
	for _, c := range s.env.Connections {
		if c.Connector != "" && s.sameConnector(ref, c.Connector) {
			list = append(list, c.ID)
		}
	}
	if len(list) == 0 {
		return ""
	}
	slices.Sort(list)
	return ", or choose " + enumerate(list)
}

// earlierConnector returns the step of the batch that brings the custom connector of a reference, nil if it was there
// before or is not custom.
func (s *stepper) earlierConnector(ref *connref.Reference) *stepper {
	if !ref.IsCustom() {
		return nil
	}
	n := s.refer(solution.Key{Type: solution.TypeConnector, ID: ref.CustomConnector})
	for _, p := range s.holders.of(n) {
		f := s.world.facts[p.facts]
		if f.batch >= 0 && int(f.batch) != s.index && s.active[p.facts] {
			return s.r.steps[f.batch]
		}
	}
	return nil
}

// connect tells after the import of connectors which connections have to be created before later steps.
func (r *resolution) connect(order []int) {
	list := map[*stepper][]string{}
	for _, i := range order {
		s := r.steps[i]
		if !s.importable() {
			continue
		}
		for _, name := range s.out.Prompts {
			ref, _ := s.pkg.set.Reference(name)
			if from := s.earlierConnector(&ref); from != nil {
				list[from] = append(list[from], fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s.", s.connectorName(&ref), name, s.name()))
			}
		}
	}
	for from, sentences := range list {
		from.out.ManualAfter = slices.Insert(from.out.ManualAfter, from.secretsEnd, sentences...)
	}
}
