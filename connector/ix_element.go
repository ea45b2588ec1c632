package connector

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// An element is one <Connector>. fields are its children in order; text is decoded.
type element struct {
	f          *file // customizations.xml, or Connectors/NAME.xml
	start, end int
	fields     []field
}

type field struct {
	name, value string
	start, end  int
}

func (e *element) text(name string) string {
	v, _ := e.lookup(name)
	return v.value
}

func (e *element) lookup(name string) (field, bool) {
	for _, v := range e.fields {
		if strings.EqualFold(v.name, name) {
			return v, true
		}
	}
	return field{}, false
}

func (e *element) location(name string) diag.Location {
	start, end := e.start, e.start+len("<Connector")
	where := "Connector"
	if v, ok := e.lookup(name); ok {
		start, end, where = v.start, v.end, "Connector/"+v.name
	}
	loc := e.f.span(start, end)
	loc.Path = where
	return loc
}

func newElement(f *file, doc *xmlspan.Document, i int32) *element {
	e := &element{f: f, start: int(doc.Nodes[i].Start), end: int(doc.Nodes[i].End)}
	for c := range doc.Elements(i) {
		n := doc.Nodes[c]
		e.fields = append(e.fields, field{name: doc.Name(c), value: doc.Text(c), start: int(n.Start), end: int(n.End)})
	}
	return e
}

// partField names the elements of <Connector> that name a file, and the suffix of that file.
var partFields = []struct{ name, suffix string }{
	{"openapidefinition", "_openapidefinition.json"},
	{"connectionparameters", "_connectionparameters.json"},
	{"connectionparametersets", "_connectionparametersets.json"},
	{"policytemplateinstances", "_policytemplateinstances.json"},
	{"customcodeblobcontent", "_customcodeblobcontent.csx"},
	{"iconblob", "_iconblob.Png"},
}
