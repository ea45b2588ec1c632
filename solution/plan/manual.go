package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/solution"
)

// tasks says what a person does before and after the import of a step. later is where tasks for the connections of later
// steps belong among those after it.
func (s *stepper) tasks() (before, after []Task, later int) {
	before, after = []Task{}, []Task{}
	var late []Task // connections that can be created only after the import
	for _, name := range s.bindings.prompts {
		ref, _ := s.pkg.set.Reference(name)
		create := Task{Kind: CreateConnection, Connector: s.connectorName(&ref), Reference: name}
		switch {
		case s.bringsConnector(&ref):
			create.Case = caseComesWith
			late = append(late, create)
		case s.r.earlierConnector(s, &ref) == nil:
			create.Candidates = s.candidates(&ref)
			before = append(before, create)
		}
	}
	for _, c := range s.bindings.unusable {
		before = append(before, Task{Kind: ShareConnection, Connection: c.ID, Owner: c.Owner, Identity: s.env.Identity})
	}
	for _, name := range s.values.needed {
		before = append(before, Task{Kind: PrepareValue, Variable: name})
	}
	for _, name := range s.values.vaults {
		before = append(before, Task{Kind: GiveVaultAccess, Variable: name})
	}
	for _, x := range s.connectors.secrets {
		enter := Task{Kind: EnterSecrets, Connector: x.Connector, Fields: x.Fields}
		if s.connectors.unsure[x.Connector] {
			enter.Case = caseUnsure
		}
		after = append(after, enter)
	}
	later = len(after)
	after = append(after, late...)
	for _, x := range s.connectors.rebinds {
		after = append(after, Task{Kind: AddDataSource, About: x.app, Connector: x.connector})
	}
	if s.action == Stage {
		after = append(after, Task{Kind: ApplyUpgrade, Solution: s.name()})
	}
	after = append(after, s.turnOn()...)
	if s.hasManifest() && s.manifest.Kind() == solution.Unmanaged {
		after = append(after, Task{Kind: Publish, Solution: s.name()})
	}
	return before, after, later
}

// turnOn says how the flows are turned on that stay off, children first.
func (s *stepper) turnOn() []Task {
	var out []Task
	tell := func(t Task) {
		if !slices.ContainsFunc(out, func(x Task) bool { return x.String() == t.String() }) {
			out = append(out, t)
		}
	}
	for _, f := range s.flows {
		if f.asked {
			continue
		}
		for _, name := range f.bind {
			bind := Task{Kind: BindReference, Reference: name}
			if s.bindings.unbound[name].Case == caseMaybe {
				bind.Case = caseMaybe
			}
			if !s.bindings.later[name] { // else the task about its connection says so
				tell(bind)
			}
		}
		for _, child := range s.sorted(f.child) {
			if s.isDraft(child) {
				tell(Task{Kind: TurnOn, Case: caseDraft, About: s.subject(child)})
			}
		}
		tell(Task{Kind: TurnOn, About: s.subject(f.flow)})
	}
	return out
}
