package yamlsource

import (
	"bytes"
	"fmt"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A reading is an XML part on its way to elements.
type reading struct {
	parts solution.Parts
	name  string
	doc   *xmlspan.Document
	mark  int
}

// readXML indexes a part down to its last element.
func readXML(p solution.Parts, name string) (*reading, error) {
	src, err := p.ReadPart(name)
	if err != nil {
		return nil, err
	}
	text, err := xmlspan.ToUTF8(src)
	r := &reading{parts: p, name: name, mark: len(src) - len(text)}
	if err == nil {
		r.doc, err = xmlspan.Parse(text, maxDepth, nil)
	}
	if err != nil {
		at := p.Locate(name, 0)
		return nil, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: err}
	}
	return r, nil
}

func (r *reading) location(i int32) diag.Location {
	return r.parts.Locate(r.name, int(r.doc.Nodes[i].Start)+r.mark)
}

func (r *reading) errorf(i int32, format string, args ...any) error {
	at := r.location(i)
	return &solution.SyntaxError{File: at.File, Pos: at.Start, Err: fmt.Errorf(format, args...)}
}

// element returns node i as an element. Comments and the like have no place in YAML.
func (r *reading) element(i int32) (*element, error) {
	d := r.doc
	e := &element{name: d.Name(i), at: place{0, i}, open: d.Nodes[i].Kind == xmlspan.StartTag}
	for name, value := range d.Attrs(i) {
		e.attrs = append(e.attrs, attribute{name: name, value: value})
	}
	hasText := false
	for c := range d.Children(i) {
		switch n := &d.Nodes[c]; {
		case n.IsElement():
			child, err := r.element(c)
			if err != nil {
				return nil, err
			}
			e.children = append(e.children, child)
		case n.Kind != xmlspan.Text && n.Kind != xmlspan.CData:
			return nil, r.errorf(c, "%w: a comment or an instruction has no place in YAML: remove it", ErrKind)
		default:
			hasText = true
		}
	}
	switch {
	case hasText && len(e.children) > 0:
		return nil, r.errorf(i, "%w: %s has text between its elements", ErrKind, e.name)
	case hasText || len(e.children) == 0 && bytes.IndexByte(d.Inner(i), '&') >= 0:
		e.text = d.Text(i)
	}
	return e, nil
}
