package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Connector is a custom connector. Package connector reads its files in depth.
type Connector struct{ Component }

func connectorOf(c Component) Connector { return Connector{c} }

// Connectors returns the connectors in the order of the file.
func (m *Model) Connectors() iter.Seq[Connector] {
	return views(m, solution.TypeConnector, connectorOf)
}

// Connector returns the connector of that name, in which characters that names may not have are "-" and two digits.
func (m *Model) Connector(name string) (Connector, bool) {
	return lookup(m, solution.NameKey(solution.TypeConnector, "", name), connectorOf)
}

// ConnectorType returns the type, and whether it is given: 1 is a custom one.
func (x Connector) ConnectorType() (int, bool) { return x.Element().number("connectortype") }

// BrandColor returns the color behind the icon, as written.
func (x Connector) BrandColor() string { return x.Element().text("iconbrandcolor") }

// DefinitionFile returns the name of the part that is the OpenAPI definition; it and those of the other files are empty if the solution has
// none.
func (x Connector) DefinitionFile() string { return x.file("openapidefinition") }

// ParametersFile returns the name of the part that has what a connection needs to know.
func (x Connector) ParametersFile() string { return x.file("connectionparameters") }

// PoliciesFile returns the name of the part that has the policies.
func (x Connector) PoliciesFile() string { return x.file("policytemplateinstances") }

// ScriptFile returns the name of the part that is code.
func (x Connector) ScriptFile() string { return x.file("customcodeblobcontent") }

// IconFile returns the name of the part that is the icon.
func (x Connector) IconFile() string { return x.file("iconblob") }

func (x Connector) file(member string) string { return x.part(x.Element().text(member)) }

// ScriptOperations returns the operations that the code is for; all if there are none and there is code.
//
// The error is a [*solution.SyntaxError]: what is written is JSON as a text.
func (x Connector) ScriptOperations() ([]string, error) {
	v, err := x.Element().Child("scriptoperations").JSON()
	return v.texts(), err
}

// ConnectionParameters returns the names and types of what a connection needs to know, such as "token" and "oauthSetting".
//
// The error is that of reading the part, or a [*solution.SyntaxError].
func (x Connector) ConnectionParameters() (iter.Seq2[string, string], error) {
	var v Value
	var err error
	if name := x.ParametersFile(); name != "" {
		v, err = x.m.JSON(name)
	}
	return func(yield func(string, string) bool) {
		for name, p := range v.Members() {
			if !yield(name, p.Get("type").Text()) {
				return
			}
		}
	}, err
}

var connectorMembers = members("name", "connectorid", "displayname", "description", "connectortype", "iconbrandcolor", "openapidefinition",
	"connectionparameters", "policytemplateinstances", "customcodeblobcontent", "iconblob", "scriptoperations")

// Settings returns what has no method of its own: names and texts as written.
func (x Connector) Settings() iter.Seq2[string, string] {
	return settings(x.Element(), connectorMembers)
}
