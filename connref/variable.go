package connref

import (
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A VariableType is the type of an environment variable: the number in its definition.
type VariableType int

// The documented types.
const (
	TypeText       VariableType = 100000000
	TypeNumber     VariableType = 100000001
	TypeBoolean    VariableType = 100000002
	TypeJSON       VariableType = 100000003
	TypeDataSource VariableType = 100000004
	TypeSecret     VariableType = 100000005
)

var variableTypes = map[VariableType]string{
	TypeText: "text", TypeNumber: "number", TypeBoolean: "boolean", TypeJSON: "json", TypeDataSource: "data source",
	TypeSecret: "secret",
}

// String returns a word for the documented types, else the number.
func (t VariableType) String() string {
	if name, ok := variableTypes[t]; ok {
		return name
	}
	return fmt.Sprint(int(t))
}

// A Variable is an environment variable: its definition, and the value that the package ships. It is a plain value.
type Variable struct {
	SchemaName    string
	DisplayName   string
	Description   string
	Type          VariableType
	Default       *Text // nil: absent
	Value         *Text // nil: the package ships none
	Required      bool
	OutOfVault    bool          // a secret that the platform keeps itself: secretstore is 1
	APIID         string        // connector of a data source
	ParameterKey  string        // which parameter of that connector
	Parent        string        // schema name of the parent definition
	Location      diag.Location // zero: the package has a value and no definition
	ValueLocation diag.Location // of the shipped value
}

// Key returns the key of v.
func (v Variable) Key() solution.Key {
	return solution.NewKey(solution.TypeEnvironmentVariableDefinition, "", v.SchemaName, solution.GUID{})
}

// HasValue reports whether v has a value in a new environment without being given one: a value in the
// package or a default. An empty text is none.
func (v Variable) HasValue() bool {
	return v.Value != nil && v.Value.Reveal() != "" || v.Default != nil && v.Default.Reveal() != ""
}

// A Text is a value that may be a secret. Printing one with package fmt, or encoding it as JSON, shows
// "(hidden)" if it is; only Reveal gives it away. It is a plain value.
type Text struct {
	text   string
	hidden bool
}

const hidden = "(hidden)"

// Reveal returns the text itself.
func (t Text) Reveal() string { return t.text }

// Hidden reports whether t is a secret.
func (t Text) Hidden() bool { return t.hidden }

// Equal reports whether t and u are the same text.
func (t Text) Equal(u Text) bool { return t == u }

// String returns the text, or "(hidden)".
func (t Text) String() string {
	if t.hidden {
		return hidden
	}
	return t.text
}

// Format implements fmt.Formatter, so that no verb prints a secret.
func (t Text) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", t.String())
		return
	}
	fmt.Fprint(f, t.String())
}

// MarshalText implements encoding.TextMarshaler by String.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// A variablePlace is where a variable and its value stand.
type variablePlace struct {
	part    string // of the definition
	start   int    // offset of its element
	section bool   // an element of section EnvironmentVariables
	valueIn string // part that has the value, empty if none has
	index   int    // of the variable in the set, until that is sorted
}

// variable returns the variable of that name, made if need be: its definition and value come in any order.
func (r *reader) variable(name string) *Variable {
	if place := r.where[solution.Fold(name)]; place != nil {
		return &r.set.Variables[place.index]
	}
	r.where[solution.Fold(name)] = &variablePlace{index: len(r.set.Variables)}
	r.set.Variables = append(r.set.Variables, Variable{SchemaName: name})
	return &r.set.Variables[len(r.set.Variables)-1]
}

// definition reads a variable that is a folder.
func (r *reader) definition(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 3, nil)
	if err != nil {
		return err
	}
	root := doc.Root()
	schema, ok := doc.Attr(root, "schemaname")
	if !ok || schema == "" {
		return errors.New("no schemaname")
	}
	r.folder[solution.Fold(path.Dir(name))] = schema
	n := doc.Nodes[root]
	r.variableElement(schema, doc, r.place(name, int(n.Start), int(n.End), doc.Name(root)), variablePlace{part: name, start: int(n.Start)})
	return nil
}

// variableElement reads the element of a definition. Both forms have children of the same names, which differ in letter case:
// defaultvalue in a folder, DefaultValue in section EnvironmentVariables.
func (r *reader) variableElement(schema string, doc *xmlspan.Document, at diag.Location, place variablePlace) {
	root := doc.Root()
	text := func(name string) string { return strings.TrimSpace(doc.Text(childFold(doc, root, name))) }
	v := r.variable(schema)
	known := r.where[solution.Fold(schema)]
	if known.part != "" {
		r.twice("environment variable", schema, "", v.Location, at)
	}
	place.valueIn, place.index = known.valueIn, known.index
	*r.where[solution.Fold(schema)] = place
	v.SchemaName = schema
	v.DisplayName, v.Description = label(doc, childFold(doc, root, "displayname")), label(doc, childFold(doc, root, "description"))
	number, _ := strconv.Atoi(text("type"))
	v.Type = VariableType(number)
	v.Default = nil
	if i := childFold(doc, root, "defaultvalue"); i != xmlspan.None && !isNil(doc, i) {
		v.Default = &Text{doc.Text(i), v.Type == TypeSecret}
	}
	if v.Value != nil {
		v.Value.hidden = v.Type == TypeSecret
	}
	v.Required = text("isrequired") == "1" || strings.EqualFold(text("isrequired"), "true")
	v.OutOfVault = text("secretstore") == "1"
	v.APIID, v.ParameterKey, v.Parent = text("apiid"), text("parameterkey"), ""
	if parent := childFold(doc, root, "parentdefinitionid"); parent != xmlspan.None {
		v.Parent = strings.TrimSpace(doc.Text(childFold(doc, parent, "schemaname")))
	}
	v.Location = at
}

// childFold returns the first child element of that name, whatever its letter case.
func childFold(doc *xmlspan.Document, i int32, name string) int32 {
	for c := range doc.Elements(i) {
		if strings.EqualFold(doc.Name(c), name) {
			return c
		}
	}
	return xmlspan.None
}

// label returns the text of an element for people: its attribute default, else its first LocalizedName.
func label(doc *xmlspan.Document, i int32) string {
	if i == xmlspan.None {
		return ""
	}
	if text, ok := doc.Attr(i, "default"); ok {
		return text
	}
	text, _ := doc.Attr(max(doc.At(i, "LocalizedNames", "LocalizedName"), 0), "description")
	return text
}

// isNil reports whether an element says that it has no value.
func isNil(doc *xmlspan.Document, i int32) bool {
	text, _ := doc.Attr(i, "xsi:nil")
	return text == "true" || text == "1"
}

// value reads the value of a variable that is a folder. One whose definition is not there is taken for a secret.
func (r *reader) value(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	schema := r.folder[solution.Fold(path.Dir(name))]
	if schema == "" {
		schema = path.Base(path.Dir(name))
	}
	if i := folderValue(t); i != jsonspan.None {
		r.shipped(schema, name, t, i, "value")
	} else if place := r.where[solution.Fold(schema)]; place != nil {
		place.valueIn = name
	}
	return nil
}

// folderValue returns the object that holds the value of a variable that is a folder, 0 if there is none: the first
// environmentvariablevalue, of which a variable has one at most.
func folderValue(t *jsonspan.Tree) int32 {
	i, ok := t.At("/environmentvariablevalues/environmentvariablevalue")
	if ok && t.Kind(i) == jsonspan.Array {
		first := int32(0)
		for c := range t.Children(i) {
			if first == jsonspan.None {
				first = c
			}
		}
		i, ok = first, first != jsonspan.None
	}
	if !ok || t.Kind(i) != jsonspan.Object {
		return 0
	}
	return i
}

// The members of the values of section EnvironmentVariables (observed).
const (
	sectionValues = "EnvironmentVariableValues"
	sectionName   = "EnvironmentVariableDefinition.SchemaName"
	sectionValue  = "Value"
)

// values reads the values of the variables of section EnvironmentVariables.
func (r *reader) values(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	list, ok := t.At("/" + sectionValues)
	if !ok || t.Kind(list) != jsonspan.Array {
		return nil
	}
	for i := range t.Children(list) {
		if t.Kind(i) != jsonspan.Object {
			continue
		}
		if schema := t.Text(t.Get(i, sectionName)); schema != "" {
			r.shipped(schema, name, t, i, sectionValue)
		}
	}
	return nil
}

// shipped notes the value of a variable: a member of object i.
func (r *reader) shipped(schema, part string, t *jsonspan.Tree, i int32, member string) {
	v := r.variable(schema)
	r.where[solution.Fold(schema)].valueIn = part
	at := t.Get(i, member)
	if at == jsonspan.None || t.Kind(at) == jsonspan.Null {
		return
	}
	text := t.Text(at)
	if t.Kind(at) != jsonspan.String {
		text = string(t.Raw(at))
	}
	v.Value = &Text{text, v.Location.File == "" || v.Type == TypeSecret}
	n := t.Node(at)
	v.ValueLocation = r.place(part, int(n.Start), int(n.End), t.Pointer(at))
}
