package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// An AppAction is a modern command: a button of the command bar.
type AppAction struct{ Component }

func appActionOf(c Component) AppAction { return AppAction{c} }

// AppActions returns the modern commands by the names of their folders.
func (m *Model) AppActions() iter.Seq[AppAction] {
	return views(m, solution.TypeAppAction, appActionOf)
}

// UniqueName returns the unique name.
func (a AppAction) UniqueName() string { return a.Element().Attr("uniquename") }

// Title returns what makers call the command.
func (a AppAction) Title() string { return a.Element().text("name") }

// Labels returns the texts of the button by language.
func (a AppAction) Labels() []solution.Label {
	return plainLabels(a.Element().Child("buttonlabeltext"))
}

// ActionType returns what the button is, and whether that is given: 0 a button, 1 a menu, 2 a button with a menu, 3 a group.
func (a AppAction) ActionType() (int, bool) { return a.Element().number("type") }

// Place returns where the button is, and whether that is given: 0 a form, 1 the list of a page, 2 a subgrid, 3 a list of related rows.
func (a AppAction) Place() (int, bool) { return a.Element().number("location") }

// AppModule returns the unique name of the app, empty if all have the button.
func (a AppAction) AppModule() string { return a.Element().Child("appmoduleid").text("uniquename") }

// Table returns the logical name of the table whose commands it is among, empty if it is for all.
func (a AppAction) Table() string {
	if table := a.Element().Child("contextentity").text("logicalname"); table != "" {
		return table
	}
	return a.Element().text("contextvalue")
}

// State returns the state, the reason of the state, and whether they are given.
func (a AppAction) State() (state, status int, ok bool) { return a.Element().state() }

// IsHidden reports whether the button is not shown.
func (a AppAction) IsHidden() bool { return a.Element().flag("hidden") }

// EventType returns what a click does, and whether that is given: 0 nothing, 1 a formula, 2 a function of a script.
func (a AppAction) EventType() (int, bool) { return a.Element().number("onclickeventtype") }

// Function returns the web resource, the function and the parameters of a click that runs a script, which are JSON.
func (a AppAction) Function() (webResource solution.GUID, function, parameters string) {
	e := a.Element()
	return e.Child("onclickeventjavascriptwebresourceid").guid("webresourceid"), e.text("onclickeventjavascriptfunctionname"),
		e.text("onclickeventjavascriptparameters")
}

// Formula returns where the formula of a click is: the name of the library, which is a canvas app, the component and the function in it.
func (a AppAction) Formula() (library, component, function string) {
	return a.formula("onclickevent")
}

// VisibilityFormula returns where the formula is that says whether the button is shown, as Formula does.
func (a AppAction) VisibilityFormula() (library, component, function string) {
	return a.formula("visibility")
}

func (a AppAction) formula(of string) (library, component, function string) {
	e := a.Element()
	return e.Child(of + "formulacomponentlibraryid").text("name"), e.text(of + "formulacomponentname"), e.text(of + "formulafunctionname")
}

var appActionMembers = members("name", "buttonlabeltext", "type", "location", "appmoduleid", "contextentity", "statecode", "statuscode", "hidden",
	"onclickeventtype", "onclickeventjavascriptwebresourceid", "onclickeventjavascriptfunctionname", "onclickeventjavascriptparameters",
	"onclickeventformulacomponentlibraryid", "onclickeventformulacomponentname", "onclickeventformulafunctionname",
	"visibilityformulacomponentlibraryid", "visibilityformulacomponentname", "visibilityformulafunctionname")

// Settings returns what has no method of its own, such as fonticon and sequence: names and texts as written.
func (a AppAction) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), appActionMembers)
}
