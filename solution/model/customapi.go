package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A CustomAPI is a message of a solution.
type CustomAPI struct{ Component }

func customAPIOf(c Component) CustomAPI { return CustomAPI{c} }

// CustomAPIs returns the custom APIs in the order of Components.
func (m *Model) CustomAPIs() iter.Seq[CustomAPI] {
	return views(m, solution.TypeCustomAPI, customAPIOf)
}

// CustomAPI returns the custom API of that unique name.
func (m *Model) CustomAPI(name string) (CustomAPI, bool) {
	return lookup(m, solution.NameKey(solution.TypeCustomAPI, "", name), customAPIOf)
}

// UniqueName returns the unique name, which is that of the message.
func (a CustomAPI) UniqueName() string { return a.Element().Attr("uniquename") }

// Title returns what makers call the API.
func (a CustomAPI) Title() string { return a.Element().text("name") }

// BindingType returns what the message is for, and whether that is given: 0 nothing, 1 a row, 2 a table.
func (a CustomAPI) BindingType() (int, bool) { return a.Element().number("bindingtype") }

// BoundTable returns the logical name of the table that the message is for.
func (a CustomAPI) BoundTable() string { return a.Element().text("boundentitylogicalname") }

// IsFunction reports whether the message only reads.
func (a CustomAPI) IsFunction() bool { return a.Element().flag("isfunction") }

// IsPrivate reports whether the message is not listed.
func (a CustomAPI) IsPrivate() bool { return a.Element().flag("isprivate") }

// AllowedStep returns which steps others may add, and whether that is given: 0 none, 1 those that run later, 2 all.
func (a CustomAPI) AllowedStep() (int, bool) {
	return a.Element().number("allowedcustomprocessingsteptype")
}

// IsEnabledForWorkflow reports whether classic workflows may send the message.
func (a CustomAPI) IsEnabledForWorkflow() bool { return a.Element().flag("workflowsdkstepenabled") }

// PluginType returns the GUID of the class that answers, zero if there is none.
func (a CustomAPI) PluginType() solution.GUID {
	in := a.Element().Child("plugintypeid")
	if id := in.guid("plugintypeid"); !id.IsZero() {
		return id
	}
	return in.guid("plugintypeexportkey")
}

// ExecutePrivilege returns the name of the privilege that callers must have, empty if there is none.
func (a CustomAPI) ExecutePrivilege() string { return a.Element().text("executeprivilegename") }

// Parameters returns what the message is given.
func (a CustomAPI) Parameters() iter.Seq[CustomAPIParameter] {
	return belowViews(a.Component, solution.TypeCustomAPIRequestParameter, customAPIParameterOf)
}

// Properties returns what the message answers.
func (a CustomAPI) Properties() iter.Seq[CustomAPIParameter] {
	return belowViews(a.Component, solution.TypeCustomAPIResponseProperty, customAPIParameterOf)
}

var customAPIMembers = members("name", "displayname", "description", "bindingtype", "boundentitylogicalname", "isfunction", "isprivate",
	"allowedcustomprocessingsteptype", "workflowsdkstepenabled", "plugintypeid", "executeprivilegename")

// Settings returns what has no method of its own: names and texts as written.
func (a CustomAPI) Settings() iter.Seq2[string, string] {
	return settings(a.Element(), customAPIMembers)
}

// A CustomAPIParameter is a parameter of the request of a custom API, or a property of its response.
type CustomAPIParameter struct{ Component }

func customAPIParameterOf(c Component) CustomAPIParameter { return CustomAPIParameter{c} }

// UniqueName returns the name that callers give it.
func (p CustomAPIParameter) UniqueName() string { return p.Element().Attr("uniquename") }

// Title returns what makers call it.
func (p CustomAPIParameter) Title() string { return p.Element().text("name") }

// DataType returns the type, and whether it is given: 0 boolean, 1 date and time, 2 decimal, 3 row, 4 rows, 5 reference to a row, 6 float,
// 7 integer, 8 money, 9 choice, 10 string, 11 strings, 12 GUID.
func (p CustomAPIParameter) DataType() (int, bool) { return p.Element().number("type") }

// Table returns the logical name of the table of a row or rows, empty if it may be any.
func (p CustomAPIParameter) Table() string { return p.Element().text("logicalentityname") }

// IsOptional reports whether a parameter may be left out.
func (p CustomAPIParameter) IsOptional() bool { return p.Element().flag("isoptional") }

var customAPIParameterMembers = members("name", "displayname", "description", "type", "logicalentityname", "isoptional")

// Settings returns what has no method of its own: names and texts as written.
func (p CustomAPIParameter) Settings() iter.Seq2[string, string] {
	return settings(p.Element(), customAPIParameterMembers)
}
