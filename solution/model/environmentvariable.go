package model

import (
	"iter"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A ConnectionReference stands for a connection, which each environment chooses.
type ConnectionReference struct{ Component }

func connectionReferenceOf(c Component) ConnectionReference { return ConnectionReference{c} }

// ConnectionReferences returns the connection references in the order of the file.
func (m *Model) ConnectionReferences() iter.Seq[ConnectionReference] {
	return views(m, solution.TypeConnectionReference, connectionReferenceOf)
}

// ConnectionReference returns the connection reference of that logical name.
func (m *Model) ConnectionReference(name string) (ConnectionReference, bool) {
	return lookup(m, solution.NameKey(solution.TypeConnectionReference, "", name), connectionReferenceOf)
}

// LogicalName returns the logical name.
func (r ConnectionReference) LogicalName() string {
	return r.Element().Attr("connectionreferencelogicalname")
}

// ConnectorID returns the path of the connector, which ends with its name.
func (r ConnectionReference) ConnectorID() string { return r.Element().text("connectorid") }

// CustomConnector returns the GUID of the connector if a solution brings it, else zero.
func (r ConnectionReference) CustomConnector() solution.GUID {
	return r.Element().Child("customconnectorid").guid("connectorid")
}

// State returns the state, the reason of the state, and whether they are given: an active reference has 0 and 1.
func (r ConnectionReference) State() (state, status int, ok bool) { return r.Element().state() }

var connectionReferenceMembers = members("connectionreferencedisplayname", "description", "connectorid", "customconnectorid", "statecode", "statuscode")

// Settings returns what has no method of its own, such as promptingbehavior: names and texts as written.
func (r ConnectionReference) Settings() iter.Seq2[string, string] {
	return settings(r.Element(), connectionReferenceMembers)
}

// An EnvironmentVariable is the definition of an environment variable. One that is a folder and one of section
// EnvironmentVariables have members of the same names, which differ in capital letters alone.
type EnvironmentVariable struct{ Component }

func environmentVariableOf(c Component) EnvironmentVariable { return EnvironmentVariable{c} }

// EnvironmentVariables returns the environment variables in the order of Components.
func (m *Model) EnvironmentVariables() iter.Seq[EnvironmentVariable] {
	return views(m, solution.TypeEnvironmentVariableDefinition, environmentVariableOf)
}

// EnvironmentVariable returns the environment variable of that schema name.
func (m *Model) EnvironmentVariable(name string) (EnvironmentVariable, bool) {
	return lookup(m, solution.NameKey(solution.TypeEnvironmentVariableDefinition, "", name), environmentVariableOf)
}

// member returns the child of a name in either form.
func (v EnvironmentVariable) member(name string) Element {
	for e := range v.Element().Children() {
		if strings.EqualFold(e.Tag(), name) {
			return e
		}
	}
	return Element{}
}

func (v EnvironmentVariable) memberText(name string) string {
	return strings.TrimSpace(v.member(name).Text())
}

// SchemaName returns the schema name.
func (v EnvironmentVariable) SchemaName() string {
	if name := v.Element().Attr("schemaname"); name != "" {
		return name
	}
	return v.memberText("SchemaName")
}

// secretVariable is the type of variables whose values are secrets.
const secretVariable = 100000005

// DataType returns the type, and whether it is given: 100000000 a text, 100000001 a number, 100000002 a boolean, 100000003 JSON,
// 100000004 a data source, 100000005 a secret.
func (v EnvironmentVariable) DataType() (int, bool) {
	n, err := strconv.Atoi(v.memberText("type"))
	return n, err == nil
}

// IsSecret reports whether values are secrets, or references to them.
func (v EnvironmentVariable) IsSecret() bool {
	t, _ := v.DataType()
	return t == secretVariable
}

// SecretStore returns where a secret is kept, and whether that is given: 0 in a Key Vault, 1 in the platform.
func (v EnvironmentVariable) SecretStore() (int, bool) {
	n, err := strconv.Atoi(v.memberText("secretstore"))
	return n, err == nil
}

// IsRequired reports whether the variable must have a value.
func (v EnvironmentVariable) IsRequired() bool { return isTrue(v.memberText("isrequired")) }

// Default returns the default as written, and whether there is one. That of a secret is empty, so that nobody prints it unawares:
// who must have it takes the text of DefaultElement.
func (v EnvironmentVariable) Default() (string, bool) {
	e := v.DefaultElement()
	switch {
	case !e.Exists() || e.IsNil():
		return "", false
	case v.IsSecret():
		return "", true
	}
	return e.Text(), true
}

// DefaultElement returns the place of the default, none if it is not written.
func (v EnvironmentVariable) DefaultElement() Element { return v.member("defaultvalue") }

// ConnectorID returns the path of the connector that a data source is of, empty if the variable is none.
func (v EnvironmentVariable) ConnectorID() string { return v.memberText("apiid") }

// ParameterKey returns which parameter of the connector a data source is the value of: "dataset", "table".
func (v EnvironmentVariable) ParameterKey() string { return v.memberText("parameterkey") }

// Parent returns the schema name of the variable that this one is in, as a list is in a site; empty if there is none.
func (v EnvironmentVariable) Parent() string {
	for e := range v.member("parentdefinitionid").Children() {
		if strings.EqualFold(e.Tag(), "schemaname") {
			return strings.TrimSpace(e.Text())
		}
	}
	return ""
}

var environmentVariableMembers = members("schemaname", "displayname", "description", "introducedversion", "type", "secretstore", "isrequired",
	"defaultvalue", "apiid", "parameterkey", "parentdefinitionid", "localizednames", "descriptions")

// Settings returns what has no method of its own: names and texts as written.
func (v EnvironmentVariable) Settings() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, text := range settings(v.Element(), nil) {
			if !environmentVariableMembers[strings.ToLower(name)] && !yield(name, text) {
				return
			}
		}
	}
}

// DisplayNames returns the display names by language, in either form.
func (v EnvironmentVariable) DisplayNames() []solution.Label { return v.labelsOf("displayname") }

// Descriptions returns the descriptions by language, in either form.
func (v EnvironmentVariable) Descriptions() []solution.Label { return v.labelsOf("description") }

func (v EnvironmentVariable) labelsOf(name string) []solution.Label {
	e := v.member(name)
	if list := e.Child("LocalizedNames"); list.Exists() {
		return list.labels()
	}
	return plainLabels(e)
}

// values are the files that hold the value of a variable: that of a folder beside its definition, and that of the section.
const (
	folderValues  = "environmentvariablevalues.json"
	sectionValues = "environment_variable_values.json"
)

// Value returns the value that the solution brings: a string in exports; none if it brings none. A value prints as a place, also that
// of a secret, whose text is not to be printed.
//
// The error is that of reading the part that holds it.
func (v EnvironmentVariable) Value() (Value, error) {
	if v.entry().dir != "" {
		json, err := v.fileJSON(folderValues)
		if err != nil {
			return Value{}, err
		}
		rows := json.Get("environmentvariablevalues", "environmentvariablevalue")
		for row := range rows.Elements() {
			return row.Get("value"), nil
		}
		return rows.Get("value"), nil
	}
	values, err := v.m.variableValues()
	return values[solution.Fold(v.SchemaName())], err
}

// readSectionValues returns the values of section EnvironmentVariables by folded schema name.
func (m *Model) readSectionValues() (map[string]Value, error) {
	values := map[string]Value{}
	part := m.files().byFold[sectionValues]
	if part == "" {
		return values, nil
	}
	json, err := m.JSON(part)
	if err != nil {
		return nil, err
	}
	for row := range json.Get("EnvironmentVariableValues").Elements() {
		values[solution.Fold(row.Get("EnvironmentVariableDefinition.SchemaName").Text())] = row.Get("Value")
	}
	return values, nil
}
