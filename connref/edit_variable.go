package connref

import (
	"fmt"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// SetVariableDefault gives an environment variable another default, or none if text is nil. An empty text is a default of its own
// in the file, though it counts as none at run time.
//
// A text that does not have the type of the variable is set all the same, and a finding of the change tells of it. No
// finding and no error has the text itself; the change does, so print no splices of secrets.
//
// The error is a variable that the solution does not define, a text that XML cannot hold, or a part that cannot be read.
func SetVariableDefault(p solution.Parts, variable string, text *string) (*solution.Change, error) {
	v, err := readVariable(p, variable)
	if err != nil {
		return nil, err
	}
	if text != nil {
		if err := checkText("the default", *text); err != nil {
			return nil, err
		}
	}
	src, err := p.ReadPart(v.part)
	if err != nil {
		return nil, err
	}
	start := v.start
	if v.section {
		x, _ := v.custom.Lookup(v.Key())
		src = v.custom.ElementBytes(x)
	} else {
		start = 0
	}
	doc, err := xmlspan.ParseElement(src, 1, nil)
	if err != nil {
		return nil, err
	}
	if v.section && text != nil && isLeaf(doc) {
		return nil, fmt.Errorf("%s: environment variable %q: its definition is a text alone, which names it only while there is nothing else: give it elements", v.Location, variable)
	}
	e := solution.NewEditor(p)
	for _, s := range v.defaultSplices(doc, text) {
		e.Splice(v.part, start+s.Start, start+s.End, s.Text)
	}
	v.noteType(e, text, v.Location)
	return e.Change()
}

// isLeaf reports whether the root has no elements in it but a text.
func isLeaf(doc *xmlspan.Document) bool {
	for range doc.Elements(doc.Root()) {
		return false
	}
	return strings.TrimSpace(doc.Text(doc.Root())) != ""
}

// A definedVariable is a variable with the places of what defines it.
type definedVariable struct {
	*reader
	Variable
	variablePlace
}

func readVariable(p solution.Parts, name string) (*definedVariable, error) {
	r, err := readWhole(p)
	if err != nil {
		return nil, err
	}
	v, ok := r.set.Variable(name)
	place := r.where[solution.Fold(name)]
	if !ok || place.part == "" {
		return nil, fmt.Errorf("environment variable %q: the solution does not define it", name)
	}
	return &definedVariable{r, v, *place}, nil
}

// noteType adds a finding if a text does not have the type of the variable.
func (v *definedVariable) noteType(e *solution.Editor, text *string, at diag.Location) {
	if text != nil && !v.accepts(*text) {
		e.Note(v.wrongType(at))
	}
}

// defaultSplices sets or clears the default in the element of the definition.
func (v *definedVariable) defaultSplices(doc *xmlspan.Document, text *string) []solution.Splice {
	root := doc.Root()
	name := "defaultvalue"
	if v.section {
		name = "DefaultValue"
	}
	i := childFold(doc, root, name)
	switch {
	case text == nil && (i == xmlspan.None || isNil(doc, i)):
		return nil
	case text == nil && v.section && v.knowsNil():
		return []solution.Splice{replaced(doc, i, `<`+doc.Name(i)+` xsi:nil="true"></`+doc.Name(i)+`>`)} // as exports write it
	case text == nil:
		return []solution.Splice{removal(doc, i)}
	case i != xmlspan.None && isNil(doc, i):
		return []solution.Splice{replaced(doc, i, "<"+doc.Name(i)+">"+escape(*text)+"</"+doc.Name(i)+">")}
	case i != xmlspan.None && v.Default != nil && v.Default.Reveal() == *text:
		return nil
	case i != xmlspan.None:
		return []solution.Splice{withContent(doc, i, escape(*text))}
	}
	element := "<" + name + ">" + escape(*text) + "</" + name + ">"
	first := xmlspan.None
	for c := range doc.Elements(root) {
		first = c
		break
	}
	if first == xmlspan.None || v.section {
		return []solution.Splice{appended(doc, root, func(string) string { return element })}
	}
	lead, at := leadOf(doc, first), int(doc.Nodes[first].Start) // children are in the order of their names
	return []solution.Splice{{Start: at, End: at, Text: element + lead}}
}

// knowsNil reports whether the customizations declare the prefix of xsi:nil.
func (v *definedVariable) knowsNil() bool {
	return strings.Contains(string(v.custom.Bytes()), "xmlns:xsi=")
}

func replaced(doc *xmlspan.Document, i int32, text string) solution.Splice {
	return solution.Splice{Start: int(doc.Nodes[i].Start), End: int(doc.Nodes[i].End), Text: text}
}

// SetVariableValue gives an environment variable another value for the package to ship, or none if text is nil: the part
// environmentvariablevalues.json beside the definition, or the entry of environment_variable_values.json of a variable in section
// EnvironmentVariables. Either is added if need be. Findings and errors are those of [SetVariableDefault].
func SetVariableValue(p solution.Parts, variable string, text *string) (*solution.Change, error) {
	v, err := readVariable(p, variable)
	if err != nil {
		return nil, err
	}
	e := solution.NewEditor(p)
	if text == nil {
		err = v.clearValue(e)
	} else {
		err = v.setValue(e, *text)
	}
	if err != nil {
		return nil, err
	}
	at := v.Location
	if v.Value != nil {
		at = v.ValueLocation
	}
	v.noteType(e, text, at)
	return e.Change()
}

// valueTree reads the part that has the value, nil if there is none.
func (v *definedVariable) valueTree() (*jsonspan.Tree, error) {
	if v.valueIn == "" {
		return nil, nil
	}
	src, err := v.parts.ReadPart(v.valueIn)
	if err != nil {
		return nil, err
	}
	return jsonspan.Parse(src, nil)
}

// holder returns the object that has the value, and the member of it, 0 if there is none.
func (v *definedVariable) holder(t *jsonspan.Tree) (int32, string) {
	if !v.section {
		return folderValue(t), "value"
	}
	if list, ok := t.At("/" + sectionValues); ok && t.Kind(list) == jsonspan.Array {
		for i := range t.Children(list) {
			if t.Kind(i) == jsonspan.Object && compareFold(t.Text(t.Get(i, sectionName)), v.SchemaName) == 0 {
				return i, sectionValue
			}
		}
	}
	return 0, ""
}

func (v *definedVariable) clearValue(e *solution.Editor) error {
	switch {
	case v.Value == nil:
		return nil
	case !v.section:
		e.Remove(v.valueIn)
		return nil
	}
	t, err := v.valueTree()
	if err != nil {
		return err
	}
	if i, _ := v.holder(t); i != jsonspan.None {
		x := t.Remove(i)
		e.Splice(v.valueIn, x.Start, x.End, x.New)
	}
	return nil
}

func (v *definedVariable) setValue(e *solution.Editor, text string) error {
	t, err := v.valueTree()
	if err != nil {
		return err
	}
	if t != nil {
		if i, member := v.holder(t); i != jsonspan.None {
			if x, ok := withMember(t, i, member, jsonspan.Quote(text)); ok {
				e.Splice(v.valueIn, x.Start, x.End, x.New)
			}
			return nil
		}
	}
	if v.section {
		return v.addSectionValue(e, text)
	}
	data := []byte("{\n  \"environmentvariablevalues\": {\n    \"environmentvariablevalue\": {\n      \"iscustomizable\": \"1\",\n      \"value\": " +
		jsonspan.Quote(text) + "\n    }\n  }\n}")
	if t != nil {
		e.Replace(v.valueIn, data)
		return nil
	}
	e.Add(path.Dir(v.part)+"/"+valueFile, data)
	return nil
}

// withMember gives a member of an object a value; false if it has it.
func withMember(t *jsonspan.Tree, i int32, key, json string) (jsonspan.Edit, bool) {
	at := t.Get(i, key)
	switch {
	case at == jsonspan.None:
		return t.Insert(i, key, json), true
	case string(t.Raw(at)) == json:
		return jsonspan.Edit{}, false
	}
	return t.Replace(at, json), true
}

// addSectionValue adds an entry for the variable, with the list and the part if need be.
func (v *definedVariable) addSectionValue(e *solution.Editor, text string) error {
	entry := func(lead string) string {
		return "{" + lead + "  " + jsonspan.Quote(sectionName) + ": " + jsonspan.Quote(v.SchemaName) + "," + lead + "  " +
			jsonspan.Quote(sectionValue) + ": " + jsonspan.Quote(text) + lead + "}"
	}
	list := "[\n    " + entry("\n    ") + "\n  ]"
	name := ""
	for _, part := range v.kinds {
		if part.kind == valuesPart {
			name = part.name
		}
	}
	if name == "" {
		e.Add(valuesFile, []byte("{\n  "+jsonspan.Quote(sectionValues)+": "+list+"\n}"))
		return nil
	}
	src, err := v.parts.ReadPart(name)
	if err != nil {
		return err
	}
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	if t.Kind(0) != jsonspan.Object {
		return fmt.Errorf("%s: the file is no object: repair it", v.parts.Locate(name, 0).File)
	}
	x := jsonspan.Edit{}
	switch i := t.Get(0, sectionValues); {
	case i == jsonspan.None && t.Node(0).Count == 0:
		x = t.Replace(0, "{\n  "+jsonspan.Quote(sectionValues)+": "+list+"\n}")
	case i == jsonspan.None:
		x = t.Insert(0, sectionValues, list)
	case t.Kind(i) != jsonspan.Array || t.Node(i).Count == 0:
		x = t.Replace(i, list)
	default:
		x = t.Insert(i, "", entry("\n    "))
	}
	e.Splice(name, x.Start, x.End, x.New)
	return nil
}
