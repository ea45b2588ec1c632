package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Process is a workflow in the platform's word: a cloud flow, classic workflow, business rule, action, dialog, business process flow or
// desktop flow. Of all but cloud flows this package reads what the solution says of them, and not their XAML or script.
type Process struct{ Component }

func processOf(c Component) Process { return Process{c} }

// Processes returns the processes in the order of the file.
func (m *Model) Processes() iter.Seq[Process] { return views(m, solution.TypeWorkflow, processOf) }

// Process returns the process of a GUID.
func (m *Model) Process(id solution.GUID) (Process, bool) {
	return lookup(m, solution.IDKey(solution.TypeWorkflow, id), processOf)
}

// The categories of processes.
const (
	ClassicWorkflow     = 0
	Dialog              = 1
	BusinessRule        = 2
	Action              = 3
	BusinessProcessFlow = 4
	CloudFlow           = 5
	DesktopFlow         = 6
)

// Category returns what the process is, such as [CloudFlow], and whether that is given.
func (p Process) Category() (int, bool) { return p.Element().number("Category") }

// UniqueName returns the name that actions and business process flows are called by, mostly without the prefix of the publisher.
func (p Process) UniqueName() string { return p.Element().text("UniqueName") }

// Descriptions returns the descriptions by language, or the one without a language.
func (p Process) Descriptions() []solution.Label {
	text, ok := p.Element().LookupAttr("Description")
	labels := p.Component.Descriptions()
	if labels == nil && ok {
		return []solution.Label{{Text: text}}
	}
	return labels
}

// State returns the state, the reason of the state, and whether they are given: a process that is on has 1 and 2, one that is off 0 and 1.
func (p Process) State() (state, status int, ok bool) {
	state, ok = p.Element().number("StateCode")
	status, _ = p.Element().number("StatusCode")
	return state, status, ok
}

// Table returns the logical name of the table that the process is for, empty if it is for none.
func (p Process) Table() string {
	if table := p.Element().text("PrimaryEntity"); table != "none" {
		return table
	}
	return ""
}

// Mode returns how a classic process runs, and whether that is given: 0 later, 1 while the user waits.
func (p Process) Mode() (int, bool) { return p.Element().number("Mode") }

// Scope returns for whose rows a process starts, and whether that is given: 1 those of its owner, 2 of the business unit, 3 of the units
// below too, 4 all.
func (p Process) Scope() (int, bool) { return p.Element().number("Scope") }

// RunAs returns who a process acts for, and whether that is given: 0 its owner, 1 whoever starts it.
func (p Process) RunAs() (int, bool) { return p.Element().number("RunAs") }

// IsOnDemand reports whether users may start the process.
func (p Process) IsOnDemand() bool { return p.Element().flag("OnDemand") }

// IsSubprocess reports whether other processes may start the process.
func (p Process) IsSubprocess() bool { return p.Element().flag("Subprocess") }

// StartsOn reports whether new rows and rows that are taken away start a classic workflow, and which columns do when they change.
func (p Process) StartsOn() (create, remove bool, columns []string) {
	e := p.Element()
	return e.flag("TriggerOnCreate"), e.flag("TriggerOnDelete"), commaList(e.text("TriggerOnUpdateAttributeList"))
}

// Triggers returns what starts a business rule or a step of a business process flow, in the order of the file.
func (p Process) Triggers() iter.Seq[ProcessTrigger] {
	return eachIn(p.Element().Child("ProcessTriggers"), "ProcessTrigger", func(e Element) ProcessTrigger { return ProcessTrigger{e} })
}

// StepLabels returns the texts of steps by the GUIDs that the XAML has for them.
func (p Process) StepLabels() iter.Seq2[solution.GUID, []solution.Label] {
	return func(yield func(solution.GUID, []solution.Label) bool) {
		for e := range p.Element().Child("labels").Each("steplabels") {
			if !yield(e.attrGUID("id"), e.labels()) {
				return
			}
		}
	}
}

// Roles returns the GUIDs of the roles that a business process flow is for, and whether it is for everyone.
//
// The error is a [*solution.SyntaxError]: what is written is XML as a text.
func (p Process) Roles() (roles []solution.GUID, everyone bool, err error) {
	root, err := p.Element().Child("processroleassignment").XML()
	for e := range root.Children() {
		switch e.Tag() {
		case "Role":
			roles = append(roles, e.attrGUID("Id"))
		case "Everyone":
			everyone = true
		}
	}
	return roles, everyone, err
}

// File returns the name of the part that is the process: JSON of cloud and desktop flows, XAML of the others; empty if the solution has
// none.
func (p Process) File() string {
	xaml, json := p.Element().text("XamlFileName"), p.Element().text("JsonFileName")
	if name := p.part(json); name != "" {
		return name
	}
	return p.part(xaml)
}

// Definition reads the definition of a cloud flow. That of any other process, or of a flow without its file, is none.
//
// The error is that of reading the part, or a [*solution.SyntaxError].
func (p Process) Definition() (Flow, error) {
	if category, _ := p.Category(); category != CloudFlow {
		return Flow{}, nil
	}
	name := p.File()
	if name == "" {
		return Flow{}, nil
	}
	v, err := p.m.JSON(name)
	return Flow{v}, err
}

var processMembers = members("Category", "UniqueName", "Descriptions", "LocalizedNames", "StateCode", "StatusCode", "PrimaryEntity", "Mode",
	"Scope", "RunAs", "OnDemand", "Subprocess", "TriggerOnCreate", "TriggerOnDelete", "TriggerOnUpdateAttributeList", "ProcessTriggers", "labels",
	"processroleassignment", "XamlFileName", "JsonFileName", "IntroducedVersion", "Name")

// Settings returns what has no method of its own, such as ModernFlowType and processorder: names and texts as written.
func (p Process) Settings() iter.Seq2[string, string] { return settings(p.Element(), processMembers) }

// A ProcessTrigger is something that starts a process in a form.
type ProcessTrigger struct{ e Element }

// Element returns the place of the trigger.
func (t ProcessTrigger) Element() Element { return t.e }

// ID returns the GUID.
func (t ProcessTrigger) ID() solution.GUID { return t.e.attrGUID("processtriggerid") }

// Event returns what happens: "load", "change", "click", "STAGEENTER".
func (t ProcessTrigger) Event() string { return t.e.text("event") }

// Table returns the name of the table.
func (t ProcessTrigger) Table() string { return t.e.text("primaryentitytypecode") }

// Column returns the column or other control that it happens to, empty if it is the form.
func (t ProcessTrigger) Column() string { return t.e.text("controlname") }

var processTriggerMembers = members("event", "primaryentitytypecode", "controlname")

// Settings returns what has no method of its own, such as pipelinestage and scope: names and texts as written.
func (t ProcessTrigger) Settings() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for e := range t.e.Children() {
			if !processTriggerMembers[e.Tag()] && !yield(e.Tag(), e.Text()) {
				return
			}
		}
	}
}
