package plan

import (
	"github.com/solutionkit/solutionkit/solution"
)

// tasks says what a person does before and after the import of a step. later is where tasks for the connections of later
// steps belong among those after it.
func (s *stepper) tasks() (before, after []Task, later int) {
	before, after = []Task{}, []Task{}
	var late []Task // connections that can be created only after the import
	for _, name := range s.bindings.prompts {
		ref, _ := s.pkg.set.Reference(name)
		create := Task{Kind: CreateConnection, Facts: &Facts{Connector: s.connectorName(&ref), Reference: name}}
		switch {
		case s.bringsConnector(&ref):
			create.Facts.Case = caseComesWith
			late = append(late, create)
		case s.r.earlierConnector(s, &ref) == nil:
			create.Facts.Values = s.candidates(&ref)
			before = append(before, create)
		}
	}
	for _, c := range s.bindings.unusable {
		before = append(before, Task{Kind: ShareConnection, Facts: &Facts{Connection: c.ID, Owner: c.Owner, Identity: s.env.Identity}})
	}
	for _, name := range s.values.needed {
		before = append(before, Task{Kind: PrepareValue, Facts: &Facts{Variable: name}})
	}
	for _, v := range s.values.vaults {
		before = append(before, Task{Kind: GiveVaultAccess, Facts: &Facts{Variable: v.variable, Vault: v.name, Identity: s.env.Identity}})
	}
	for _, x := range s.connectors.secrets {
		enter := Task{Kind: EnterSecrets, Facts: &Facts{Connector: x.Connector, Values: x.Fields}}
		if s.connectors.unsure[x.Connector] {
			enter.Facts.Case = caseUnsure
		}
		after = append(after, enter)
	}
	after = append(after, s.endpoints...)
	later = len(after)
	after = append(after, late...)
	for _, x := range s.connectors.rebinds {
		after = append(after, Task{Kind: AddDataSource, Facts: &Facts{About: x.app, Connector: x.connector}})
	}
	if s.action == Stage {
		after = append(after, Task{Kind: ApplyUpgrade, Facts: &Facts{Solution: s.name()}})
	}
	after = append(after, s.turnOn()...)
	if s.hasManifest() && s.manifest.Kind() == solution.Unmanaged {
		after = append(after, Task{Kind: Publish, Facts: &Facts{Solution: s.name()}})
	}
	return before, after, later
}

// turnOn says how the flows are turned on that stay off, children first.
func (s *stepper) turnOn() []Task {
	var out []Task
	told := map[string]bool{}
	tell := func(t Task) {
		if text := t.String(); !told[text] {
			told[text] = true
			out = append(out, t)
		}
	}
	for _, f := range s.flows {
		if f.asked {
			continue
		}
		for _, name := range f.bind {
			bind := Task{Kind: BindReference, Facts: &Facts{Reference: name}}
			if s.bindings.unbound[name].Case == caseMaybe {
				bind.Facts.Case = caseMaybe
			}
			if !s.bindings.later[name] { // else the task about its connection says so
				tell(bind)
			}
		}
		for _, child := range s.sorted(f.child) {
			if s.isDraft(child) {
				tell(Task{Kind: TurnOn, Facts: &Facts{Case: caseDraft, About: s.subject(child)}})
			}
			for _, x := range s.stopped(child) {
				for _, name := range x.references {
					tell(Task{Kind: BindReference, Facts: &Facts{Reference: name}})
				}
				tell(Task{Kind: TurnOn, Facts: &Facts{About: s.subject(x.flow)}})
			}
		}
		if !f.stuck {
			tell(Task{Kind: TurnOn, Facts: &Facts{About: s.subject(f.flow)}})
		}
	}
	return out
}
