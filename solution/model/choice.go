package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Choice is a set of options: one of the solution that many columns may use, or that of one column. It is the element
// optionset.
type Choice struct{ e Element }

// Choices returns the choices of the solution, which many columns may use, in the order of the file.
func (m *Model) Choices() iter.Seq[Choice] {
	return func(yield func(Choice) bool) {
		for c := range m.OfType(solution.TypeOptionSet) {
			if c.entry().owner == noOwner && !yield(Choice{c.Element()}) {
				return
			}
		}
	}
}

// Choice returns the choice of the solution of that name.
func (m *Model) Choice(name string) (Choice, bool) {
	return lookup(m, solution.NameKey(solution.TypeOptionSet, "", name), func(c Component) Choice { return Choice{c.Element()} })
}

// Element returns the place of the choice.
func (c Choice) Element() Element { return c.e }

// Name returns the name as written.
func (c Choice) Name() string { return c.e.Attr("Name") }

// Kind returns what the choice is for, as written: "picklist", "multiselectpicklist", "state", "status", "bit".
func (c Choice) Kind() string { return c.e.text("OptionSetType") }

// IsGlobal reports whether many columns may use the choice.
func (c Choice) IsGlobal() bool { return c.e.flag("IsGlobal") }

// DisplayNames returns the display names by language.
func (c Choice) DisplayNames() []solution.Label {
	if labels := c.e.Child("displaynames").labels(); labels != nil {
		return labels
	}
	if name, _ := c.BaseTexts(); name != "" {
		return []solution.Label{{Text: name}}
	}
	return nil
}

// BaseTexts returns the display name and the description in the base language, which attributes repeat; either may be empty.
func (c Choice) BaseTexts() (name, description string) {
	return c.e.Attr("localizedName"), c.e.Attr("description")
}

// Descriptions returns the descriptions by language.
func (c Choice) Descriptions() []solution.Label {
	if labels := c.e.Child("Descriptions").labels(); labels != nil {
		return labels
	}
	if _, text := c.BaseTexts(); text != "" {
		return []solution.Label{{Text: text}}
	}
	return nil
}

// IntroducedVersion returns the version of the solution that brought the choice, as written.
func (c Choice) IntroducedVersion() string { return c.e.text("IntroducedVersion") }

// IsCustomizable reports whether the choice may be changed once it is managed.
func (c Choice) IsCustomizable() bool { return c.e.flag("IsCustomizable") }

// ExternalName returns the name of the choice in the source of a virtual table, empty for others.
func (c Choice) ExternalName() string { return c.e.text("ExternalTypeName") }

// Options returns the options in their order: those of a choice, the states of a state column, the reasons of a status column.
func (c Choice) Options() iter.Seq[Option] {
	return func(yield func(Option) bool) {
		for _, list := range [...]string{"options", "states", "statuses"} {
			for o := range c.e.Child(list).Children() {
				if !yield(Option{o}) {
					return
				}
			}
		}
	}
}

// An Option is one of a choice.
type Option struct{ e Element }

// Element returns the place of the option.
func (o Option) Element() Element { return o.e }

// Value returns the number that rows hold, and whether it is one.
func (o Option) Value() (int, bool) { return o.e.attrNumber("value") }

// Labels returns what the option is called, by language.
func (o Option) Labels() []solution.Label { return o.e.Child("labels").labels() }

// Descriptions returns the descriptions by language.
func (o Option) Descriptions() []solution.Label { return o.e.Child("Descriptions").labels() }

// Color returns the colour as written, empty if there is none.
func (o Option) Color() string { return o.e.Attr("Color") }

// IsHidden reports whether apps do not offer the option.
func (o Option) IsHidden() bool { return o.e.attrFlag("IsHidden") }

// ExternalValue returns the value in the source of a virtual table, empty for others.
func (o Option) ExternalValue() string { return o.e.Attr("ExternalValue") }

// State returns the value of the state that a status belongs to, and whether the option is a status.
func (o Option) State() (int, bool) { return o.e.attrNumber("state") }

// DefaultStatus returns the value of the status that rows get with a state, and whether the option is a state.
func (o Option) DefaultStatus() (int, bool) { return o.e.attrNumber("defaultstatus") }

// InvariantName returns the name of a state that no language changes, such as "Active"; empty for others.
func (o Option) InvariantName() string { return o.e.Attr("invariantname") }

// Transitions returns the statuses that a status may change to, as written (XML), empty if all.
func (o Option) Transitions() string { return strings.TrimSpace(o.e.Attr("TransitionData")) }
