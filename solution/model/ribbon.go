package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Ribbon is what a package changes in the commands of a table, or of the application: a RibbonDiffXml.
type Ribbon struct{ Component }

func ribbonOf(c Component) Ribbon { return Ribbon{c} }

// Ribbons returns the ribbons in the order of the file.
func (m *Model) Ribbons() iter.Seq[Ribbon] {
	return views(m, solution.TypeRibbonCustomization, ribbonOf)
}

// Ribbon returns what the package changes in the commands of the table, and whether it says so.
func (t Table) Ribbon() (Ribbon, bool) {
	for r := range nestedViews(t.Component, solution.TypeRibbonCustomization, ribbonOf) {
		return r, true
	}
	return Ribbon{}, false
}

// Table returns the logical name of the table, empty for the ribbon of the application.
func (r Ribbon) Table() string { return r.OwnerKey().Name() }

// Diff returns the changes.
func (r Ribbon) Diff() RibbonDiff { return RibbonDiff{r.Element()} }

// A RibbonDiff is a list of changes of commands: that of a [Ribbon], or of one form.
type RibbonDiff struct{ e Element }

// Element returns the place of the changes.
func (d RibbonDiff) Element() Element { return d.e }

// IsSupported reports whether the table has a ribbon at all.
func (d RibbonDiff) IsSupported() bool { return !d.e.Child("RibbonNotSupported").Exists() }

// CustomActions returns the controls that are added or replaced.
func (d RibbonDiff) CustomActions() iter.Seq[RibbonAction] {
	return eachIn(d.e.Child("CustomActions"), "CustomAction", func(e Element) RibbonAction { return RibbonAction{e} })
}

// Hidden returns the controls of the layers below that are hidden: names of the actions that hide them, and names of the controls.
func (d RibbonDiff) Hidden() iter.Seq2[string, string] {
	return func(yield func(id, location string) bool) {
		for e := range d.e.Child("CustomActions").Each("HideCustomAction") {
			if !yield(e.Attr("HideActionId"), e.Attr("Location")) {
				return
			}
		}
	}
}

// Commands returns the commands.
func (d RibbonDiff) Commands() iter.Seq[RibbonCommand] {
	return all(d.e.Child("CommandDefinitions"), func(e Element) RibbonCommand { return RibbonCommand{e} })
}

// EnableRules returns the rules by which commands can be used.
func (d RibbonDiff) EnableRules() iter.Seq[RibbonItem] { return d.rules("EnableRules") }

// DisplayRules returns the rules by which commands are seen.
func (d RibbonDiff) DisplayRules() iter.Seq[RibbonItem] { return d.rules("DisplayRules") }

// TabDisplayRules returns the rules by which tabs are seen.
func (d RibbonDiff) TabDisplayRules() iter.Seq[RibbonItem] { return d.rules("TabDisplayRules") }

func (d RibbonDiff) rules(list string) iter.Seq[RibbonItem] {
	return all(d.e.Child("RuleDefinitions", list), ribbonItem)
}

// Templates returns the templates by which groups are laid out. Nearly all ribbons have one that is empty.
func (d RibbonDiff) Templates() iter.Seq[RibbonItem] {
	return all(d.e.Child("Templates"), ribbonItem)
}

// Labels returns the texts that other attributes name as "$LocLabels:" and the name: names and texts by language.
func (d RibbonDiff) Labels() iter.Seq2[string, []solution.Label] {
	return func(yield func(string, []solution.Label) bool) {
		for e := range d.e.Child("LocLabels").Children() {
			if !yield(e.Attr("Id"), e.Child("Titles").labels()) {
				return
			}
		}
	}
}

// A RibbonAction adds a control to a ribbon, or puts it in place of another.
type RibbonAction struct{ e Element }

// Element returns the place of the action.
func (a RibbonAction) Element() Element { return a.e }

// ID returns the name of the action.
func (a RibbonAction) ID() string { return a.e.Attr("Id") }

// Location returns the place in the ribbon: the name of a control there, and "._children" for what is put in it.
func (a RibbonAction) Location() string { return a.e.Attr("Location") }

// Settings returns the attributes that have no method of their own, such as Sequence and Title.
func (a RibbonAction) Settings() iter.Seq2[string, string] { return a.e.attrsBut("Id", "Location") }

// Items returns the tabs, groups, buttons and menus that are added.
func (a RibbonAction) Items() iter.Seq[RibbonItem] {
	return all(a.e.Child("CommandUIDefinition"), ribbonItem)
}

// A RibbonCommand says what a control does, and when it is there.
type RibbonCommand struct{ e Element }

// Element returns the place of the command.
func (c RibbonCommand) Element() Element { return c.e }

// ID returns the name that controls have as their Command.
func (c RibbonCommand) ID() string { return c.e.Attr("Id") }

// EnableRules returns the names of the rules that must all hold for the command to be used.
func (c RibbonCommand) EnableRules() []string { return c.ruleNames("EnableRules") }

// DisplayRules returns the names of the rules that must all hold for the command to be seen.
func (c RibbonCommand) DisplayRules() []string { return c.ruleNames("DisplayRules") }

func (c RibbonCommand) ruleNames(list string) []string {
	var out []string
	for r := range c.e.Child(list).Children() {
		out = append(out, r.Attr("Id"))
	}
	return out
}

// Actions returns what the command does: items called JavaScriptFunction, with Library, FunctionName and parameters, or Url.
func (c RibbonCommand) Actions() iter.Seq[RibbonItem] { return all(c.e.Child("Actions"), ribbonItem) }

// A RibbonItem is one of the many elements of ribbons that differ in their attributes alone: a control, a rule, a part of a rule, an
// action, a parameter.
type RibbonItem struct{ e Element }

func ribbonItem(e Element) RibbonItem { return RibbonItem{e} }

// Element returns the place of the item.
func (i RibbonItem) Element() Element { return i.e }

// Kind returns the name of the element: "Button", "EnableRule", "SelectionCountRule", "CrmParameter".
func (i RibbonItem) Kind() string { return i.e.Tag() }

// ID returns the name of the item, empty for those that have none.
func (i RibbonItem) ID() string { return i.e.Attr("Id") }

// Command returns the name of the command of a control, empty for others.
func (i RibbonItem) Command() string { return i.e.Attr("Command") }

// Settings returns the other attributes, such as LabelText, Library, FunctionName and Value.
func (i RibbonItem) Settings() iter.Seq2[string, string] { return i.e.attrsBut("Id", "Command") }

// Items returns the items in the item: controls in a menu, conditions in a rule, parameters of a function.
func (i RibbonItem) Items() iter.Seq[RibbonItem] { return all(i.e, ribbonItem) }
