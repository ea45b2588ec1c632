package model

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A source is an XML document of the solution.
type source struct {
	parts solution.Parts
	part  string
	doc   *xmlspan.Document
	in    Element // whose text it is; none for a part
	trace *trace  // what was read, for tests; nil otherwise
}

// A trace collects what of a document is read.
type trace struct {
	elements map[int32]bool // nodes that were reached
	texts    map[int32]bool // nodes whose text was read
	attrs    map[int32]bool // offsets of attributes that were read
}

func newTrace() *trace {
	return &trace{elements: map[int32]bool{}, texts: map[int32]bool{}, attrs: map[int32]bool{}}
}

// An Element is an XML element of the solution: a place in its bytes. The zero Element is none; its methods return what an
// empty element has, so a path can be followed without asking at each step. An Element is comparable: equal ones are one
// place of one model.
type Element struct {
	src  *source
	node int32
}

func (s *source) element(i int32) Element {
	if i == xmlspan.None {
		return Element{}
	}
	if s.trace != nil {
		s.trace.elements[i] = true
	}
	return Element{s, i}
}

// Exists reports whether there is an element.
func (e Element) Exists() bool { return e.src != nil }

// Tag returns the name of the element as written, with its prefix.
func (e Element) Tag() string {
	if e.src == nil {
		return ""
	}
	return e.src.doc.Name(e.node)
}

// Attr returns the value of an attribute, empty if it is not there.
func (e Element) Attr(name string) string {
	v, _ := e.LookupAttr(name)
	return v
}

// LookupAttr returns the value of an attribute and whether it is there.
func (e Element) LookupAttr(name string) (string, bool) {
	if e.src == nil {
		return "", false
	}
	for a := range e.src.doc.RawAttrs(e.node) {
		if string(a.Name.Of(e.src.doc.Src)) == name {
			e.readAttr(a)
			return xmlspan.AttrValue(a.Value.Of(e.src.doc.Src)), true
		}
	}
	return "", false
}

// Attrs returns the names and values of all attributes in the order of the file.
func (e Element) Attrs() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		if e.src == nil {
			return
		}
		for a := range e.src.doc.RawAttrs(e.node) {
			e.readAttr(a)
			if !yield(string(a.Name.Of(e.src.doc.Src)), xmlspan.AttrValue(a.Value.Of(e.src.doc.Src))) {
				return
			}
		}
	}
}

func (e Element) readAttr(a xmlspan.Attr) {
	if t := e.src.trace; t != nil {
		t.attrs[a.Name.Start] = true
	}
}

// AttrSpan returns where the value of an attribute stands in the part, without its quotes; false if it is not there.
func (e Element) AttrSpan(name string) (start, end int, ok bool) {
	if e.src == nil {
		return 0, 0, false
	}
	for a := range e.src.doc.RawAttrs(e.node) {
		if string(a.Name.Of(e.src.doc.Src)) == name {
			return int(a.Value.Start), int(a.Value.End), true
		}
	}
	return 0, 0, false
}

// Child follows names down and returns the first element that has them.
func (e Element) Child(names ...string) Element {
	for _, name := range names {
		if e.src == nil {
			return Element{}
		}
		e = e.src.element(e.src.doc.Child(e.node, name))
	}
	return e
}

// Children returns the child elements in the order of the file.
func (e Element) Children() iter.Seq[Element] {
	return func(yield func(Element) bool) {
		if e.src == nil {
			return
		}
		for i := range e.src.doc.Elements(e.node) {
			if !yield(e.src.element(i)) {
				return
			}
		}
	}
}

// Each returns the child elements of that name in the order of the file.
func (e Element) Each(name string) iter.Seq[Element] {
	return func(yield func(Element) bool) {
		if e.src == nil {
			return
		}
		for i := range e.src.doc.Elements(e.node) {
			if e.src.doc.Is(i, name) && !yield(e.src.element(i)) {
				return
			}
		}
	}
}

// Parent returns the element that e is in, none for the root.
func (e Element) Parent() Element {
	if e.src == nil {
		return Element{}
	}
	return e.src.element(e.src.doc.Nodes[e.node].Parent)
}

// Text returns the characters in the element, those of elements in it included, with references resolved and newlines as LF.
func (e Element) Text() string {
	if e.src == nil {
		return ""
	}
	if t := e.src.trace; t != nil {
		t.texts[e.node] = true
	}
	return e.src.doc.Text(e.node)
}

// OwnText returns the characters in the element without those of elements in it, nothing if they are white space alone.
func (e Element) OwnText() string {
	if e.src == nil {
		return ""
	}
	text := ""
	if e.HasChildren() {
		doc := e.src.doc
		var b strings.Builder
		for i := range doc.Children(e.node) {
			switch raw := doc.Bytes(i); doc.Nodes[i].Kind {
			case xmlspan.Text:
				b.WriteString(xmlspan.Decode(raw))
			case xmlspan.CData:
				b.Write(raw[len("<![CDATA[") : len(raw)-len("]]>")])
			}
		}
		text = strings.ReplaceAll(strings.ReplaceAll(b.String(), "\r\n", "\n"), "\r", "\n")
	} else {
		text = e.Text()
	}
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return text
}

// HasChildren reports whether there are elements in the element.
func (e Element) HasChildren() bool {
	for range e.Children() {
		return true
	}
	return false
}

// XML reads the text of the element, which is XML that was written as text, and returns its root. An empty text gives no element
// and no error. The error is a [*solution.SyntaxError] at the place of e.
func (e Element) XML() (Element, error) {
	text := e.Text()
	if strings.TrimSpace(text) == "" {
		return Element{}, nil
	}
	doc, err := xmlspan.Parse([]byte(text), maxDepth, nil)
	if err != nil {
		at := e.Location()
		return Element{}, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: err}
	}
	s := &source{parts: e.src.parts, part: e.src.part, doc: doc, in: e}
	return s.element(doc.Root()), nil
}

// IsNil reports whether the element says xsi:nil, which exports write for null.
func (e Element) IsNil() bool {
	v, _ := e.LookupAttr("xsi:nil")
	return v == "true" || v == "1"
}

// Bytes returns the element as it is written. The caller must not change it.
func (e Element) Bytes() []byte {
	if e.src == nil {
		return nil
	}
	return e.src.doc.Bytes(e.node)
}

// Part returns the name of the part that the element stands in.
func (e Element) Part() string {
	if e.src == nil {
		return ""
	}
	return e.src.part
}

// Span returns where the element stands in its part, tags included; of one in a text of another ([Element.XML]), where it stands
// in that text.
func (e Element) Span() (start, end int) {
	if e.src == nil {
		return 0, 0
	}
	n := &e.src.doc.Nodes[e.node]
	return int(n.Start), int(n.End)
}

// Inner returns where the content of the element stands in its part, between its tags; for an empty tag that is its end, twice.
func (e Element) Inner() (start, end int) {
	if e.src == nil {
		return 0, 0
	}
	n := &e.src.doc.Nodes[e.node]
	return int(n.OpenEnd), int(e.src.doc.CloseStart(e.node))
}

// IsEmptyTag reports whether the element is written as one tag.
func (e Element) IsEmptyTag() bool {
	return e.src != nil && e.src.doc.Nodes[e.node].Kind == xmlspan.EmptyTag
}

// Path returns the names of the elements from the one below the root down to e, separated by slashes. That of a root is its
// own name.
func (e Element) Path() string {
	if e.src == nil {
		return ""
	}
	var names []string
	for i := e.node; i != xmlspan.None; i = e.src.doc.Nodes[i].Parent {
		names = append(names, e.src.doc.Name(i))
	}
	if len(names) > 1 {
		names = names[:len(names)-1]
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	return strings.Join(names, "/")
}

// Location returns where the element stands in the source. That of one in a text of another is the place of that one.
func (e Element) Location() diag.Location {
	if e.src == nil {
		return diag.Location{}
	}
	if e.src.in.Exists() {
		at := e.src.in.Location()
		at.Path += "/" + e.Path()
		return at
	}
	start, end := e.Span()
	at := solution.Span(e.src.parts, e.src.part, start, end)
	at.Path = e.Path()
	return at
}

// text returns the trimmed text of a child, empty if it is not there or null.
func (e Element) text(name string) string { return strings.TrimSpace(e.Child(name).Text()) }

// flag reports whether the text of a child is 1 or true.
func (e Element) flag(name string) bool { return isTrue(e.text(name)) }

// attrFlag reports whether an attribute is 1 or true.
func (e Element) attrFlag(name string) bool { return isTrue(e.Attr(name)) }

func isTrue(text string) bool { return text == "1" || strings.EqualFold(text, "true") }

// number returns the whole number that is the text of a child, and whether it is one.
func (e Element) number(name string) (int, bool) {
	n, err := strconv.Atoi(e.text(name))
	return n, err == nil
}

// attrNumber returns the whole number that is the value of an attribute, and whether it is one.
func (e Element) attrNumber(name string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSpace(e.Attr(name)))
	return n, err == nil
}

// state returns the state, the reason of the state, and whether they are given.
func (e Element) state() (state, status int, ok bool) {
	state, ok = e.number("statecode")
	status, _ = e.number("statuscode")
	return state, status, ok
}

// guid returns the GUID that is the text of a child, zero if it is none.
func (e Element) guid(name string) solution.GUID {
	id, _ := solution.ParseGUID(e.text(name))
	return id
}

// attrGUID returns the GUID that is the value of an attribute, zero if it is none.
func (e Element) attrGUID(name string) solution.GUID {
	id, _ := solution.ParseGUID(strings.TrimSpace(e.Attr(name)))
	return id
}

// isOff reports whether an attribute is 0 or false, and not absent.
func (e Element) isOff(name string) bool {
	v := strings.TrimSpace(e.Attr(name))
	return v == "0" || strings.EqualFold(v, "false")
}

// attrsBut returns the attributes but those of members, which have a method of their own.
func (e Element) attrsBut(members ...string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, value := range e.Attrs() {
			if !slices.Contains(members, name) && !yield(name, value) {
				return
			}
		}
	}
}

// eachIn returns the children of a name in a list, each as a view of its place.
func eachIn[V any](list Element, name string, view func(Element) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for x := range list.Each(name) {
			if !yield(view(x)) {
				return
			}
		}
	}
}

// all returns all children of an element, each as a view of its place.
func all[V any](list Element, view func(Element) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for x := range list.Children() {
			if !yield(view(x)) {
				return
			}
		}
	}
}

// titles returns the texts by language of a list of elements with the attribute LCID and another one that has the text.
func (e Element) titles(text string) []solution.Label {
	var out []solution.Label
	for t := range e.Children() {
		if v, ok := t.LookupAttr(text); ok {
			lcid, _ := t.attrNumber("LCID")
			out = append(out, solution.Label{LCID: lcid, Text: v})
		}
	}
	return out
}

// labels returns the texts by language of a list of labels: elements with languagecode and description.
func (e Element) labels() []solution.Label {
	var out []solution.Label
	for l := range e.Children() {
		text, ok := l.LookupAttr("description")
		if !ok {
			continue
		}
		lcid, _ := l.attrNumber("languagecode")
		out = append(out, solution.Label{LCID: lcid, Text: text})
	}
	return out
}
