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
	var late []string // connections that can be created only after the import
	for _, name := range s.out.Prompts {
		ref, _ := s.pkg.set.Reference(name)
		switch {
		case s.bringsConnector(&ref):
			late = append(late, fmt.Sprintf("Create a connection of connector %s, and give it to connection reference %s.", s.connectorName(&ref), name))
		case s.earlierConnector(&ref) == nil:
			*before = append(*before, fmt.Sprintf("Create a connection of %s for connection reference %s%s.", s.connectorName(&ref), name, s.candidates(&ref)))
		}
	}
	for _, c := range s.unusable {
		*before = append(*before, fmt.Sprintf("Share connection %s, which belongs to %s, with %s.", c.ID, c.Owner, s.env.Identity))
	}
	for _, name := range s.out.VariablesNeeded {
		*before = append(*before, fmt.Sprintf("Have a value ready for environment variable %s.", name))
	}
	for _, name := range s.vaults {
		*before = append(*before, fmt.Sprintf("Give access to the vault of environment variable %s, which is a secret.", name))
	}
	for _, x := range s.out.Secrets {
		condition := ""
		if s.unsureSecrets[x.Connector] {
			condition = ", if it asks for them"
		}
		*after = append(*after, fmt.Sprintf("Enter client id, client secret and resource of connector %s%s.", x.Connector, condition))
	}
	s.secretsEnd = len(*after)
	*after = append(*after, late...)
	for _, x := range s.rebinds() {
		*after = append(*after, fmt.Sprintf("In canvas app %s, add the data source of custom connector %s again.", x.app, x.connector))
	}
	if s.action == Stage {
		*after = append(*after, fmt.Sprintf("Apply the staged upgrade of %s, when all other solutions have stopped using what it deletes.", s.name()))
	}
	*after = append(*after, s.turnOn()...)
	if s.hasManifest() && s.mode == solution.Unmanaged {
		*after = append(*after, fmt.Sprintf("Publish all customizations of %s.", s.name()))
	}
}

// turnOn says how the flows are turned on that stay off, children first.
func (s *stepper) turnOn() []string {
	var out []string
	told := map[string]bool{}
	tell := func(format string, args ...any) {
		if text := fmt.Sprintf(format, args...); !told[text] {
			told[text] = true
			out = append(out, text)
		}
	}
	for _, f := range s.offFlows {
		if f.asked {
			continue
		}
		for _, name := range f.bind {
			switch {
			case s.comesLater[name]: // the sentence about its connection says so
			case s.mayBeBound[name]:
				tell("Give connection reference %s a connection, if it has none.", name)
			default:
				tell("Give connection reference %s a connection.", name)
			}
		}
		for _, child := range s.sorted(f.child) {
			if s.isDraft(child) {
				tell("Turn on flow %s, which is off in its package.", s.label(child))
			}
		}
		tell("Turn on flow %s.", s.label(f.flow))
	}
	return out
}

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
	if len(list) == 1 {
		return ", or choose " + list[0]
	}
	return ", or choose one of " + enumerate(list)
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

// bringsConnector reports whether the custom connector of a reference comes with the package itself, and is not there yet.
func (s *stepper) bringsConnector(ref *connref.Reference) bool {
	if !ref.IsCustom() {
		return false
	}
	n := s.refer(solution.Key{Type: solution.TypeConnector, ID: ref.CustomConnector})
	return s.holds(s.number, n) && !s.mayExist(n)
}

// connect tells after the import of connectors which connections have to be created before later steps.
func (r *resolution) connect(order []int) {
	list := map[*stepper][]string{}
	for _, i := range order {
		s := r.steps[i]
		if !s.importable() {
			continue
		}
		for j := range s.pkg.set.References {
			ref := &s.pkg.set.References[j]
			from := s.earlierConnector(ref)
			connection, bound := s.out.Bound[ref.LogicalName]
			switch {
			case from == nil:
			case slices.Contains(s.out.Prompts, ref.LogicalName):
				list[from] = append(list[from], fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s%s.", s.connectorName(ref), ref.LogicalName, s.name(), s.candidates(ref)))
			case bound && s.connections == nil && from.newConnectors[s.refer(solution.Key{Type: solution.TypeConnector, ID: ref.CustomConnector})]:
				list[from] = append(list[from], fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s, and see that the settings have its id, where they say %s.",
					s.connectorName(ref), ref.LogicalName, s.name(), connection))
			}
		}
	}
	for from, sentences := range list {
		from.out.ManualAfter = slices.Insert(from.out.ManualAfter, from.secretsEnd, sentences...)
	}
}
