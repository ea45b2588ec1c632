package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Form is a form of a table, or a dashboard, which is a form of no table: a systemform, Dashboard, InteractionCentricDashboard
// or Dialog of customizations.xml. It is made of tabs, these of columns, these of sections, these of rows, these of cells, and
// a cell has a control or is empty.
type Form struct{ Component }

func formOf(c Component) Form { return Form{c} }

// Forms returns the forms of tables and the dashboards in the order of the file.
func (m *Model) Forms() iter.Seq[Form] { return views(m, solution.TypeSystemForm, formOf) }

// Form returns the form or dashboard of a GUID.
func (m *Model) Form(id solution.GUID) (Form, bool) {
	return lookup(m, solution.IDKey(solution.TypeSystemForm, id), formOf)
}

// Forms returns the forms of the table in the order of the file.
func (t Table) Forms() iter.Seq[Form] {
	return nestedViews(t.Component, solution.TypeSystemForm, formOf)
}

// FormTypes returns the types of forms that the package lists for the table, as written, those with no form in the list included.
func (t Table) FormTypes() []string {
	var out []string
	for forms := range t.Element().Child("FormXml").Each("forms") {
		out = append(out, forms.Attr("type"))
	}
	return out
}

// body returns the element that has the tabs.
func (f Form) body() Element {
	if body := f.Element().Child("form"); body.Exists() {
		return body
	}
	return f.Element().Child("FormXml", "forms", "form")
}

// Table returns the logical name of the table, empty for a dashboard.
func (f Form) Table() string { return f.OwnerKey().Name() }

// IsDashboard reports whether the form is a dashboard.
func (f Form) IsDashboard() bool { return strings.HasSuffix(f.Element().Tag(), "Dashboard") }

// Kind returns what the form is for, as written: "main", "quick" (quick view), "quickCreate", "card", "mobile",
// "mainInteractionCentric", "appointmentBook"; of a dashboard "dashboard", "powerbi" or "interactioncentricdashboard".
func (f Form) Kind() string {
	if list := f.Element().Parent(); list.Tag() == "forms" {
		return list.Attr("type")
	}
	return f.Element().Child("FormXml", "forms").Attr("type")
}

// Presentation returns how apps draw the form: 0 the classic client, 1 the newer one, 2 an interactive form that was converted;
// and whether it is given.
func (f Form) Presentation() (int, bool) { return f.Element().number("FormPresentation") }

// IsActive reports whether users are offered the form, which is so where the file says nothing, as for dashboards.
func (f Form) IsActive() bool { return f.Element().text("FormActivationState") != "0" }

// IsDefault reports whether the dashboard is the default one. Forms of tables have an order instead, that of [Form.Conditions].
func (f Form) IsDefault() bool { return f.Element().flag("IsDefault") }

// IsTabletEnabled reports whether tablets show the dashboard.
func (f Form) IsTabletEnabled() bool { return f.Element().flag("IsTabletEnabled") }

// Ancestor returns the GUID of the form that this one was made from, zero if the file names none.
func (f Form) Ancestor() solution.GUID { return f.body().Child("ancestor").attrGUID("id") }

// Action returns what a managed package does to the form of the layer below, as [FormTab] and other parts of it say it too:
// "Added", "Modified", "Removed"; empty if the form is there as a whole.
func (f Form) Action() string { return f.body().Attr("solutionaction") }

// Settings returns the settings of the form that have no method of their own, such as headerdensity, showImage and maxWidth.
func (f Form) Settings() iter.Seq2[string, string] { return f.body().attrsBut("solutionaction") }

// TabSettings returns what is said of all tabs together, such as the table, the view and the time frame that an interactive
// dashboard filters by.
func (f Form) TabSettings() iter.Seq2[string, string] { return f.body().Child("tabs").attrsBut() }

// Tabs returns the tabs in the order of the file.
func (f Form) Tabs() iter.Seq[FormTab] {
	return eachIn(f.body().Child("tabs"), "tab", func(e Element) FormTab { return FormTab{merged{e}} })
}

// Header returns the header, which has rows as a section has, and whether there is one.
func (f Form) Header() (FormSection, bool) { return f.strip("header") }

// Footer returns the footer, which has rows as a section has, and whether there is one.
func (f Form) Footer() (FormSection, bool) { return f.strip("footer") }

func (f Form) strip(name string) (FormSection, bool) {
	e := f.body().Child(name)
	return FormSection{merged{e}}, e.Exists()
}

// AllControls returns all controls of the form: those of the header, of the tabs and of the footer.
func (f Form) AllControls() iter.Seq[FormControl] {
	return func(yield func(FormControl) bool) {
		header, _ := f.Header()
		if !header.controls(yield) {
			return
		}
		for tab := range f.Tabs() {
			for column := range tab.Columns() {
				for section := range column.Sections() {
					if !section.controls(yield) {
						return
					}
				}
			}
		}
		footer, _ := f.Footer()
		footer.controls(yield)
	}
}

// HiddenControls returns controls that bind columns and are not shown, so that scripts find the values.
func (f Form) HiddenControls() iter.Seq[FormControl] {
	return eachIn(f.body().Child("hiddencontrols"), "data", func(e Element) FormControl { return FormControl{merged{e}} })
}

// ControlDescriptions returns which custom controls show the controls of the form.
func (f Form) ControlDescriptions() iter.Seq[ControlDescription] {
	return controlDescriptions(f.body())
}

// Events returns the events of the form and of its columns that have handlers. Tabs and cells may have more.
func (f Form) Events() iter.Seq[FormEvent] { return events(f.body()) }

// Libraries returns the web resources with the scripts of the form, in the order in which they are loaded.
func (f Form) Libraries() iter.Seq[FormLibrary] {
	return eachIn(f.body().Child("formLibraries"), "Library", func(e Element) FormLibrary { return FormLibrary{merged{e}} })
}

// Parameters returns the parameters that an address may open the form with: names and types, as written.
func (f Form) Parameters() iter.Seq2[string, string] {
	return pairs(f.body().Child("formparameters"), "name", "type")
}

// InternalScripts returns the scripts and style sheets that the platform itself loads for the form: web resources ("$webresource:name") and
// paths, as written.
func (f Form) InternalScripts() []string {
	var out []string
	for x := range f.body().Child("clientresources", "internalresources", "clientincludes").Children() {
		out = append(out, x.Attr("src"))
	}
	return out
}

// InternalTexts returns the texts that scripts of the platform read: names of variables and of texts.
func (f Form) InternalTexts() iter.Seq2[string, string] {
	return pairs(f.body().Child("clientresources", "internalresources", "clientvariables"), "name", "resourceid")
}

// pairs returns two attributes of each child.
func pairs(list Element, first, second string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for x := range list.Children() {
			if !yield(x.Attr(first), x.Attr(second)) {
				return
			}
		}
	}
}

// Dependencies returns the logical names of columns that cannot be taken from the form as something that is no event of it needs
// them. [FormEvent.Dependencies] has those of events.
func (f Form) Dependencies() []string { return dependencies(f.body().Child("externaldependencies")) }

// Ribbon returns what the form changes in the commands of its table, and whether it does.
func (f Form) Ribbon() (RibbonDiff, bool) {
	e := f.body().Child("RibbonDiffXml")
	return RibbonDiff{e}, e.Exists()
}

// Conditions returns who is offered the form, and whether the file says so.
func (f Form) Conditions() (FormConditions, bool) {
	e := f.body().Child("DisplayConditions")
	return FormConditions{merged{e}}, e.Exists()
}

// NavigationAreas returns the areas of the navigation beside the form.
func (f Form) NavigationAreas() iter.Seq[FormNavigation] {
	return all(f.body().Child("Navigation", "NavBarAreas"), func(e Element) FormNavigation { return FormNavigation{merged{e}} })
}

// Navigation returns the items of the navigation beside the form: related tables, and web resources and addresses.
func (f Form) Navigation() iter.Seq[FormNavigation] {
	return all(f.body().Child("Navigation", "NavBar"), func(e Element) FormNavigation { return FormNavigation{merged{e}} })
}

// FormConditions say who is offered a form, and in which order.
type FormConditions struct{ merged }

// Order returns the place of the form among those of its table, from 0, and whether it is given.
func (c FormConditions) Order() (int, bool) { return c.e.attrNumber("Order") }

// IsFallback reports whether users get the form who have no role for any other.
func (c FormConditions) IsFallback() bool { return c.e.attrFlag("FallbackForm") }

// IsForEveryone reports whether no role is needed.
func (c FormConditions) IsForEveryone() bool { return c.e.Child("Everyone").Exists() }

// Roles returns the GUIDs of the roles of which one is needed.
func (c FormConditions) Roles() []solution.GUID {
	var out []solution.GUID
	for r := range c.e.Each("Role") {
		out = append(out, r.attrGUID("Id"))
	}
	return out
}

// FormNavigation is an area or an item of the navigation beside a form.
type FormNavigation struct{ merged }

// ID returns the name of the area or item.
func (n FormNavigation) ID() string { return n.e.Attr("Id") }

// Area returns the area that the item is in, empty for an area.
func (n FormNavigation) Area() string { return n.e.Attr("Area") }

// Relationship returns the name of the relationship whose rows the item shows, empty for others.
func (n FormNavigation) Relationship() string { return n.e.Attr("RelationshipName") }

// URL returns the address that the item opens, or "$webresource:" and a name; empty for a related table.
func (n FormNavigation) URL() string { return n.e.Attr("Url") }

// IsShown reports whether users see the item.
func (n FormNavigation) IsShown() bool { return !n.e.isOff("Show") }

// Icon returns the icon: "$webresource:" and a name, or a path of the platform.
func (n FormNavigation) Icon() string { return n.e.Attr("Icon") }

// Titles returns what the item is called, by language.
func (n FormNavigation) Titles() []solution.Label { return n.e.Child("Titles").titles("Text") }

// Privileges returns the privileges without which a user does not see the item: tables, which may be empty, and privileges.
func (n FormNavigation) Privileges() iter.Seq2[string, string] {
	return pairs(n.e.Child("Privileges"), "Entity", "Privilege")
}

// Settings returns the attributes that have no method of their own, such as Sequence and TitleResourceId.
func (n FormNavigation) Settings() iter.Seq2[string, string] {
	return n.e.attrsBut("Id", "Area", "RelationshipName", "Url", "Show", "Icon", "solutionaction", "ordinalvalue")
}
