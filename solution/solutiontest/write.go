package solutiontest

import (
	"strconv"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// header begins the XML files of components that are folders.
const header = `<?xml version="1.0" encoding="utf-8"?>`

// An element writes XML, indented by two blanks.
type element struct {
	out   []byte
	depth int
}

func (e *element) start(name string, attrs []string) {
	if len(e.out) > 0 {
		e.out = append(e.out, '\n')
	}
	for range e.depth {
		e.out = append(e.out, "  "...)
	}
	e.out = append(append(e.out, '<'), name...)
	for i := 0; i+1 < len(attrs); i += 2 {
		e.out = xmlspan.AppendAttr(e.out, attrs[i], attrs[i+1])
	}
}

// open writes a start tag; attrs are names and values in turn.
func (e *element) open(name string, attrs ...string) {
	e.start(name, attrs)
	e.out = append(e.out, '>')
	e.depth++
}

func (e *element) close(name string) {
	e.depth--
	e.out = append(e.out, '\n')
	for range e.depth {
		e.out = append(e.out, "  "...)
	}
	e.out = append(append(append(e.out, "</"...), name...), '>')
}

// empty writes an element that has only attributes.
func (e *element) empty(name string, attrs ...string) {
	e.start(name, attrs)
	e.out = append(e.out, " />"...)
}

func (e *element) text(name, text string, attrs ...string) {
	e.start(name, attrs)
	e.out = append(e.out, '>')
	e.out = xmlspan.AppendText(e.out, text, "\n")
	e.out = append(append(append(e.out, "</"...), name...), '>')
}

// labels writes the texts of a component in the base language.
func (e *element) labels(list, item, text string) {
	e.open(list)
	e.empty(item, "description", text, "languagecode", language)
	e.close(list)
}

// language is the base language of all solutions that the package makes.
const language = "1033"

// A value writes JSON on one line. Commas are put where they are needed.
type value struct{ out []byte }

func (v *value) comma() {
	if n := len(v.out); n > 0 && v.out[n-1] != '{' && v.out[n-1] != '[' && v.out[n-1] != ':' {
		v.out = append(v.out, ',')
	}
}

func (v *value) key(key string) {
	v.comma()
	v.quote(key)
	v.out = append(v.out, ':')
}

func (v *value) quote(text string) {
	if onlyHas(text, "_-.:/$ ") { // nearly all: no need for another copy
		v.out = append(append(append(v.out, '"'), text...), '"')
		return
	}
	v.out = append(v.out, jsonspan.Quote(text)...)
}

// open begins a member that is an object, or with an empty key an object in an array or at the top.
func (v *value) open(key string) {
	if key == "" {
		v.comma()
	} else {
		v.key(key)
	}
	v.out = append(v.out, '{')
}

func (v *value) close() { v.out = append(v.out, '}') }

func (v *value) text(key, text string) {
	v.key(key)
	v.quote(text)
}

// raw writes a member whose value is JSON already.
func (v *value) raw(key, json string) {
	v.key(key)
	v.out = append(v.out, json...)
}

func (v *value) number(key string, n int) { v.raw(key, strconv.Itoa(n)) }
