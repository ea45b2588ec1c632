package yamlsource

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A place is a byte of a file of the source, by the number that the file has in [source.read].
type place struct{ file, offset int32 }

// An element is one of XML, read from YAML.
type element struct {
	name     string
	at       place // of its key
	attrs    []attribute
	text     string
	textAt   place
	open     bool // without content it has an end tag all the same
	children []*element
}

type attribute struct {
	name, value string
	at          place // of the value
}

const (
	schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"
	xsiDeclaration = "xmlns:xsi"
)

// child returns the first child of that name, nil if there is none.
func (e *element) child(name string) *element {
	if i := e.index(name); i >= 0 {
		return e.children[i]
	}
	return nil
}

// index returns where the first child of that name is, -1 if there is none.
func (e *element) index(name string) int {
	for i, c := range e.children {
		if c.name == name {
			return i
		}
	}
	return -1
}

func (e *element) childText(name string) string {
	if c := e.child(name); c != nil {
		return c.text
	}
	return ""
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// empty reports whether nothing stands in e.
func (e *element) empty() bool { return e.text == "" && len(e.children) == 0 }

// walk calls do for e and all elements in it.
func (e *element) walk(do func(*element)) {
	do(e)
	for _, c := range e.children {
		c.walk(do)
	}
}

// ended reports whether e has an end tag. Of an element that is empty and has attributes the format does not tell: exports have one
// if it is nil, and always on RibbonTemplates, and nowhere else.
func (e *element) ended() bool {
	return !e.empty() || e.open || e.name == "RibbonTemplates" || e.attr("xsi:nil") == "true"
}

// A writer writes elements as XML and notes where they are from.
type writer struct {
	out     []byte
	record  xmlspan.Record
	newline string
}

func (w *writer) indent(level int) {
	w.out = append(w.out, w.newline...)
	for range level {
		w.out = append(w.out, "  "...)
	}
}

// from notes that what is written next is from about there.
func (w *writer) from(at place) {
	w.record.Source = at.file
	w.record.Near(len(w.out), int(at.offset))
}

// element writes e at the level where the writer stands. The declaration of xsi is left out but on a root.
func (w *writer) element(e *element, level int, root bool) {
	w.from(e.at)
	w.out = append(append(w.out, '<'), e.name...)
	for _, a := range e.attrs {
		if !root && a.name == xsiDeclaration && a.value == schemaInstance {
			continue
		}
		w.from(a.at)
		w.out = xmlspan.AppendAttr(w.out, a.name, a.value)
	}
	switch {
	case !e.ended():
		w.out = append(w.out, " />"...)
		return
	case len(e.children) > 0:
		w.out = append(w.out, '>')
		for _, c := range e.children {
			w.indent(level + 1)
			w.element(c, level+1, false)
		}
		w.indent(level)
	default:
		w.out = append(w.out, '>')
		w.from(e.textAt)
		w.text(e.text)
	}
	w.from(e.at)
	w.out = append(append(append(w.out, "</"...), e.name...), '>')
}

// text writes a text. White space alone is written so that nobody takes it for indent, and a carriage return so that it does not
// become part of a newline.
func (w *writer) text(text string) {
	if text != "" && strings.Trim(text, " \t\r\n") == "" {
		for _, c := range []byte(text) {
			w.out = fmt.Appendf(w.out, "&#%d;", c)
		}
		return
	}
	for i, line := range strings.Split(text, "\r") {
		if i > 0 {
			w.out = append(w.out, "&#13;"...)
		}
		w.out = xmlspan.AppendText(w.out, line, w.newline)
	}
}

// declare puts the declaration of xsi on a root that is, or holds, something nil.
func declare(root *element) {
	used := false
	for _, a := range root.attrs {
		if a.name == xsiDeclaration {
			return
		}
	}
	root.walk(func(e *element) {
		for _, a := range e.attrs {
			used = used || strings.HasPrefix(a.name, "xsi:")
		}
	})
	if used {
		root.attrs = append(root.attrs, attribute{xsiDeclaration, schemaInstance, root.at})
	}
}
