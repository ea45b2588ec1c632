package index

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// PartFields names the elements of <Connector> that name a file, and the suffix of that file.
var PartFields = []struct{ Name, Suffix string }{
	{"openapidefinition", "_openapidefinition.json"},
	{"connectionparameters", "_connectionparameters.json"},
	{"connectionparametersets", "_connectionparametersets.json"},
	{"policytemplateinstances", "_policytemplateinstances.json"},
	{"customcodeblobcontent", "_customcodeblobcontent.csx"},
	{"iconblob", "_iconblob.Png"},
}

// MaxName is the number of bytes that a name may have so that the names of its files have no more than 255.
const MaxName = 255 - len("_policytemplateinstances.json")

// An Element is one <Connector>.
type Element struct {
	File       *File // customizations.xml
	Start, End int   // of the element in it
	Fields     []Field
}

// A Field is a child of a <Connector>. Value is its text, decoded.
type Field struct {
	Name, Value string
	Start, End  int
}

// NewElement returns the element of the bytes [start,end) of f.
func NewElement(f *File, start, end int) (*Element, error) {
	doc, err := xmlspan.ParseElement(f.Source[start:end], 1, nil)
	if err != nil {
		return nil, err
	}
	e := &Element{File: f, Start: start, End: end}
	for c := range doc.Elements(doc.Root()) {
		n := doc.Nodes[c]
		e.Fields = append(e.Fields, Field{Name: doc.Name(c), Value: doc.Text(c), Start: start + int(n.Start), End: start + int(n.End)})
	}
	return e, nil
}

// Lookup returns the first field of a name, without regard to case.
func (e *Element) Lookup(name string) (Field, bool) {
	for _, v := range e.Fields {
		if strings.EqualFold(v.Name, name) {
			return v, true
		}
	}
	return Field{}, false
}

// Text returns the text of a field, "" if it is absent.
func (e *Element) Text(name string) string {
	v, _ := e.Lookup(name)
	return v.Value
}

// Source returns the bytes of the element.
func (e *Element) Source() []byte { return e.File.Source[e.Start:e.End] }

// Location returns where a field stands; of one that is absent it is the element.
func (e *Element) Location(name string) diag.Location {
	start, end := e.Start, e.Start+len("<Connector")
	where := "Connector"
	if v, ok := e.Lookup(name); ok {
		start, end, where = v.Start, v.End, "Connector/"+v.Name
	}
	loc := e.File.Span(start, end)
	loc.Path = where
	return loc
}
