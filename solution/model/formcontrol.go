package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A FormControl is a control of a form.
type FormControl struct{ merged }

// ID returns the name that scripts use.
func (c FormControl) ID() string { return c.e.Attr("id") }

// UniqueID returns the GUID by which a [ControlDescription] names the control, zero if it has none.
func (c FormControl) UniqueID() solution.GUID { return c.e.attrGUID("uniqueid") }

// Class returns the GUID of the class of the control.
func (c FormControl) Class() solution.GUID { return c.e.attrGUID("classid") }

// Kind returns what a control of the class shows: "text", "lookup", "subgrid"; empty if this package does not know the class.
func (c FormControl) Kind() string { return controlClasses[c.Class().String()] }

// controlClasses are the classes of controls. Those of columns are from the types of columns that they bind in exports, the
// others from their parameters and names there and from the documentation of form XML.
var controlClasses = map[string]string{
	"4273edbd-ac1d-40d3-9fb2-095c621b552d": "text",
	"e0dece4b-6fc8-4a8f-a065-082708572369": "multiline",
	"ada2203e-b4cd-49be-9ddf-234642b43b52": "email",
	"71716b6c-711e-476c-8ab8-5d11542bfb47": "url",
	"8c10015a-b339-4982-9474-a95fe05631a5": "phone",
	"1e1fc551-f7a8-43af-ac34-a8dc35c7b6d4": "tickersymbol",
	"270bd3db-d9af-4782-9025-509e298dec0a": "lookup",
	"f3015350-44a2-4aa0-97b5-00166532b5e9": "regarding",
	"cbfb742c-14e7-4a17-96bb-1a13f7f64aa2": "partylist",
	"5b773807-9fb2-42db-97c3-7a91eff8adff": "datetime",
	"3ef39988-22bb-4f0b-bbbe-64b5a3748aee": "choice",
	"4aa28ab7-9c13-4f57-a73d-ad894d048b5f": "choices",
	"5d68b988-0661-4db2-bc3e-17598ad3be6c": "status",
	"67fac785-cd58-4f9f-abb3-4b7ddc6ed5ed": "radiobuttons",
	"b0c6723a-8503-4fd7-bb28-c8a06ac933c2": "checkbox",
	"533b9e00-756b-4312-95a0-dc888637ac78": "money",
	"c6d124ca-7eda-4a60-aea9-7fb8d318b68f": "wholenumber",
	"c3efe0c3-0ec6-42be-8349-cbd9079dfd8e": "decimal",
	"0d2c745a-e5a8-4c8f-ba63-c6d3bb604660": "float",
	"aa987274-ce4e-4271-a803-66164311a958": "duration",
	"671a9387-ca5a-4d1e-8ab7-06e39ddcf6b5": "language",
	"7c624a0b-f59e-493d-9583-638d34759266": "timezone",
	"7e548b0d-209c-477b-9dcd-f0f44472381d": "image",
	"0a7ff475-b016-4687-9ce5-042bfdbd6519": "file",
	"5546e6cd-394c-4bee-94a8-4425e17ef6c6": "hidden",
	"8c54228c-1b25-4909-a12a-f2b968bb0d62": "powerbi",
	"ee9078c8-6946-4e2c-b8f8-35e65f4be6a8": "streams",
	"e7a81278-8635-4d9e-8d4d-59480b391c5b": "subgrid",
	"02d4264b-47e2-4b4c-aa95-f439f3f4d458": "referencepanelsubgrid",
	"5c5600e0-1d6e-4205-a272-be80da87fd42": "quickview",
	"9fdf5f91-88b1-47f4-ad53-c11efc01a01d": "webresource",
	"587cdf98-c1d5-4bde-8473-14a0bc7644a7": "imageresource",
	"fd2a7985-3187-444e-908d-6624b21f69c0": "iframe",
	"06375649-c143-495e-a496-c962e5b4488e": "notes",
	"62b0df79-0464-470f-8af7-4483cfea0c7d": "map",
	"9c5ca0a1-ab4d-4781-be7e-8dfbe867b87e": "timer",
	"f9a8a302-114e-466a-b582-6771b2ae0d92": "custom", // a ControlDescription names it
}

// Column returns the logical name of the column that the control binds, empty if it binds none.
func (c FormControl) Column() string { return c.e.Attr("datafieldname") }

// Relationship returns the name of the relationship that leads to the row with the column, as on forms of business process
// flows; empty if the column is one of the form's table.
func (c FormControl) Relationship() string { return c.e.Attr("relationship") }

// IsDisabled reports whether users cannot change the value.
func (c FormControl) IsDisabled() bool { return c.e.attrFlag("disabled") }

// IsRequired reports whether the form asks for a value though the column may not.
func (c FormControl) IsRequired() bool { return c.e.attrFlag("isrequired") }

// Subgrid returns what a subgrid shows: a table, the relationship to it, which is empty if all rows are shown, and the GUID of the
// view; all empty for other controls.
func (c FormControl) Subgrid() (table, relationship string, view solution.GUID) {
	p := c.e.Child("parameters")
	return p.text("TargetEntityType"), p.text("RelationshipName"), p.guid("ViewId")
}

// Chart returns the GUID of the chart that a subgrid shows, zero if it shows none.
func (c FormControl) Chart() solution.GUID { return c.e.Child("parameters").guid("VisualizationId") }

// URL returns the address of an iframe, or the name of the web resource that the control shows, as written; empty for others.
func (c FormControl) URL() string { return c.e.Child("parameters").text("Url") }

// QuickForms returns the quick view forms that the control shows, one for each table that its lookup may point to; none for other
// controls. The error is a [*solution.SyntaxError]: exports hold the list as a text that is XML.
func (c FormControl) QuickForms() ([]QuickForm, error) {
	list := c.e.Child("parameters", "QuickForms")
	if !list.HasChildren() {
		root, err := list.XML()
		if err != nil {
			return nil, err
		}
		list = root
	}
	if ids := list.Child("QuickFormIds"); ids.Exists() {
		list = ids
	}
	var out []QuickForm
	for e := range list.Each("QuickFormId") {
		id, _ := solution.ParseGUID(strings.TrimSpace(e.Text()))
		out = append(out, QuickForm{e.Attr("entityname"), id})
	}
	return out, nil
}

// A QuickForm is a form that shows the row of a table that a lookup points to. It is a plain value.
type QuickForm struct {
	Table string // logical name as written
	Form  solution.GUID
}

// Parameters returns the parameters of the control.
func (c FormControl) Parameters() iter.Seq[ControlParameter] {
	return all(c.e.Child("parameters"), parameterOf)
}

// Settings returns the attributes that have no method of their own, such as indicationOfSubgrid.
func (c FormControl) Settings() iter.Seq2[string, string] {
	return c.e.attrsBut("id", "uniqueid", "classid", "datafieldname", "relationship", "disabled", "isrequired", "solutionaction", "ordinalvalue")
}

// A ControlParameter is a parameter of a control, or a value in one that has several.
type ControlParameter struct{ merged }

func parameterOf(e Element) ControlParameter { return ControlParameter{merged{e}} }

// Name returns the name: that of the element, or of a data set.
func (p ControlParameter) Name() string {
	if name := p.e.Attr("name"); name != "" {
		return name
	}
	return p.e.Tag()
}

// Type returns the type of the value as written, such as "Enum" or "SingleLine.Text"; empty if it is not said.
func (p ControlParameter) Type() string { return p.e.Attr("type") }

// IsStatic reports whether the value is the text itself, and not the name of a column that has it.
func (p ControlParameter) IsStatic() bool { return p.e.attrFlag("static") }

// Value returns the text, empty for a parameter that is made of others. Some texts are XML ([Element.XML]) or JSON
// ([Element.JSON]), such as those of QuickForms and UClientRecordSourcesJSON.
func (p ControlParameter) Value() string {
	if p.e.HasChildren() {
		return ""
	}
	return strings.TrimSpace(p.e.Text())
}

// Parameters returns what the parameter is made of: the parameters of a data set, the streams of a dashboard.
func (p ControlParameter) Parameters() iter.Seq[ControlParameter] { return all(p.e, parameterOf) }

// Settings returns the attributes that have no method of their own.
func (p ControlParameter) Settings() iter.Seq2[string, string] {
	return p.e.attrsBut("name", "type", "static", "solutionaction", "ordinalvalue")
}

// A ControlDescription says which controls show a control of a form, a view or a table.
type ControlDescription struct{ merged }

// controlDescriptions returns the descriptions that an element lists.
func controlDescriptions(e Element) iter.Seq[ControlDescription] {
	return eachIn(e.Child("controlDescriptions"), "controlDescription", func(e Element) ControlDescription { return ControlDescription{merged{e}} })
}

// For returns the UniqueID of the control of the form, zero for that of a view or table.
func (d ControlDescription) For() solution.GUID { return d.e.attrGUID("forControl") }

// CustomControls returns the controls that may show it.
func (d ControlDescription) CustomControls() iter.Seq[CustomControlUse] {
	return eachIn(d.e, "customControl", func(e Element) CustomControlUse { return CustomControlUse{merged{e}} })
}

// A CustomControlUse is a control that shows another one on devices of a form factor.
type CustomControlUse struct{ merged }

// Name returns the name of the custom control, empty if Class says which control of the platform it is.
func (u CustomControlUse) Name() string { return u.e.Attr("name") }

// Class returns the GUID of the class of a control of the platform, zero for custom controls.
func (u CustomControlUse) Class() solution.GUID { return u.e.attrGUID("id") }

// FormFactor returns where the control is used: 0 the web, 1 phones, 2 tablets; and whether it is given.
func (u CustomControlUse) FormFactor() (int, bool) { return u.e.attrNumber("formFactor") }

// Parameters returns the parameters that the control gets.
func (u CustomControlUse) Parameters() iter.Seq[ControlParameter] {
	return all(u.e.Child("parameters"), parameterOf)
}
