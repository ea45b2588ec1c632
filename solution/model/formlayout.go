package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// merged is a place that a managed package may bring as a change of what the layer below it has.
type merged struct{ e Element }

// Element returns the place.
func (m merged) Element() Element { return m.e }

// Action returns what a managed package does here to the layer below: "Added", "Modified", "Removed"; empty if it is not said.
func (m merged) Action() string { return m.e.Attr("solutionaction") }

// Ordinal returns the number that orders what managed packages add in one place, as written; empty if it is not said.
func (m merged) Ordinal() string { return m.e.Attr("ordinalvalue") }

// A FormTab is a tab of a form.
type FormTab struct{ merged }

// ID returns the GUID of the tab, zero if it has none.
func (t FormTab) ID() solution.GUID { return t.e.attrGUID("id") }

// Name returns the name that scripts use.
func (t FormTab) Name() string { return t.e.Attr("name") }

// Labels returns what the tab is called, by language.
func (t FormTab) Labels() []solution.Label { return t.e.Child("labels").labels() }

// IsVisible reports whether the tab is shown when the form opens.
func (t FormTab) IsVisible() bool { return !t.e.isOff("visible") }

// IsExpanded reports whether the tab is open when the form opens.
func (t FormTab) IsExpanded() bool { return !t.e.isOff("expanded") }

// Settings returns the attributes that have no method of their own, such as locklevel and verticallayout.
func (t FormTab) Settings() iter.Seq2[string, string] {
	return t.e.attrsBut("id", "name", "visible", "expanded", "solutionaction", "ordinalvalue")
}

// Columns returns the columns of the tab from left to right. They have nothing to do with the columns of a table.
func (t FormTab) Columns() iter.Seq[FormColumn] {
	return eachIn(t.e.Child("columns"), "column", func(e Element) FormColumn { return FormColumn{merged{e}} })
}

// Events returns the events of the tab that have handlers.
func (t FormTab) Events() iter.Seq[FormEvent] { return events(t.e) }

// A FormColumn is a column of a tab.
type FormColumn struct{ merged }

// ID returns what the column is called in packages that change a layer below, empty in others.
func (c FormColumn) ID() string { return c.e.Attr("id") }

// Width returns the width as written, in percent of the tab.
func (c FormColumn) Width() string { return c.e.Attr("width") }

// Sections returns the sections from top to bottom.
func (c FormColumn) Sections() iter.Seq[FormSection] {
	return eachIn(c.e.Child("sections"), "section", func(e Element) FormSection { return FormSection{merged{e}} })
}

// A FormSection is a section of a form, or its header or footer.
type FormSection struct{ merged }

// ID returns the GUID of the section, zero if it has none.
func (s FormSection) ID() solution.GUID { return s.e.attrGUID("id") }

// Name returns the name that scripts use.
func (s FormSection) Name() string { return s.e.Attr("name") }

// Labels returns what the section is called, by language.
func (s FormSection) Labels() []solution.Label { return s.e.Child("labels").labels() }

// IsVisible reports whether the section is shown when the form opens.
func (s FormSection) IsVisible() bool { return !s.e.isOff("visible") }

// Settings returns the attributes that have no method of their own, such as columns, showlabel and celllabelposition.
func (s FormSection) Settings() iter.Seq2[string, string] {
	return s.e.attrsBut("id", "name", "visible", "solutionaction", "ordinalvalue")
}

// Rows returns the rows from top to bottom.
func (s FormSection) Rows() iter.Seq[FormRow] {
	return eachIn(s.e.Child("rows"), "row", func(e Element) FormRow { return FormRow{merged{e}} })
}

// controls yields the controls of the section, and reports whether to go on.
func (s FormSection) controls(yield func(FormControl) bool) bool {
	for row := range s.Rows() {
		for cell := range row.Cells() {
			for control := range cell.Controls() {
				if !yield(control) {
					return false
				}
			}
		}
	}
	return true
}

// A FormRow is a row of a section. One without cells is there because a cell above reaches down into it.
type FormRow struct{ merged }

// Height returns the height as written, empty if it is not said.
func (r FormRow) Height() string { return r.e.Attr("height") }

// Cells returns the cells from left to right.
func (r FormRow) Cells() iter.Seq[FormCell] {
	return eachIn(r.e, "cell", func(e Element) FormCell { return FormCell{merged{e}} })
}

// A FormCell is a cell of a form.
type FormCell struct{ merged }

// ID returns the GUID of the cell, zero if it has none.
func (c FormCell) ID() solution.GUID { return c.e.attrGUID("id") }

// Labels returns what the control in the cell is called, by language. Empty texts stand for the name of the column.
func (c FormCell) Labels() []solution.Label { return c.e.Child("labels").labels() }

// IsVisible reports whether the cell is shown when the form opens.
func (c FormCell) IsVisible() bool { return !c.e.isOff("visible") }

// IsSpacer reports whether the cell is meant to be empty.
func (c FormCell) IsSpacer() bool { return c.e.attrFlag("userspacer") }

// Span returns how many columns and rows of its section the cell takes.
func (c FormCell) Span() (columns, rows int) {
	return max(first(c.e.attrNumber("colspan")), 1), max(first(c.e.attrNumber("rowspan")), 1)
}

func first(n int, _ bool) int { return n }

// Settings returns the attributes that have no method of their own, such as showlabel, locklevel and auto.
func (c FormCell) Settings() iter.Seq2[string, string] {
	return c.e.attrsBut("id", "visible", "userspacer", "colspan", "rowspan", "solutionaction", "ordinalvalue")
}

// Controls returns the control in the cell: none or one, or two where a managed package puts one in the place of another.
func (c FormCell) Controls() iter.Seq[FormControl] {
	return eachIn(c.e, "control", func(e Element) FormControl { return FormControl{merged{e}} })
}

// Events returns the events of the cell's control that have handlers.
func (c FormCell) Events() iter.Seq[FormEvent] { return events(c.e) }
