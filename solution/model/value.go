package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A jsonText is a JSON document of the solution: a part, or the text of an element.
type jsonText struct {
	parts solution.Parts
	part  string
	tree  *jsonspan.Tree
	in    Element // whose text it is; none for a part
}

// A Value is a JSON value of the solution: a place in the bytes of a part, or in a text of an element. The zero Value is
// none; its methods return what null has, so a path can be followed without asking at each step.
type Value struct {
	src  *jsonText
	node int32
}

// A ValueKind is the type of a JSON value.
type ValueKind string

// The kinds. The empty one is that of no value.
const (
	NullValue   ValueKind = "null"
	BoolValue   ValueKind = "boolean"
	NumberValue ValueKind = "number"
	StringValue ValueKind = "string"
	ArrayValue  ValueKind = "array"
	ObjectValue ValueKind = "object"
)

// JSON reads a part that is JSON. The error is that of reading the part, or a [*solution.SyntaxError].
func (m *Model) JSON(part string) (Value, error) { return ReadJSON(m.parts, part) }

// ReadJSON is [Model.JSON] for parts of which there is no model, as the entries of a canvas app.
func ReadJSON(p solution.Parts, part string) (Value, error) {
	src, err := p.ReadPart(part)
	if err != nil {
		return Value{}, err
	}
	tree, err := jsonspan.Parse(src, nil)
	if err != nil {
		at := p.Locate(part, jsonOffset(err))
		return Value{}, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: err}
	}
	return Value{&jsonText{parts: p, part: part, tree: tree}, 0}, nil
}

// JSON reads the text of the element, which is JSON. Places of values are that of the element. An empty text gives no value
// and no error. The error is a [*solution.SyntaxError].
func (e Element) JSON() (Value, error) {
	text := e.Text()
	if text == "" {
		return Value{}, nil
	}
	tree, err := jsonspan.Parse([]byte(text), nil)
	if err != nil {
		at := e.Location()
		return Value{}, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: err}
	}
	return Value{&jsonText{parts: e.src.parts, part: e.src.part, tree: tree, in: e}, 0}, nil
}

func jsonOffset(err error) int {
	if e, ok := err.(*jsonspan.SyntaxError); ok {
		return e.Offset
	}
	return 0
}

// Exists reports whether there is a value.
func (v Value) Exists() bool { return v.src != nil }

// Kind returns the type of the value, empty for none.
func (v Value) Kind() ValueKind {
	if v.src == nil {
		return ""
	}
	return ValueKind(v.src.tree.Kind(v.node).String())
}

// Get follows keys of objects down and returns the member that has them. Of several members of one key it is the last.
func (v Value) Get(keys ...string) Value {
	for _, key := range keys {
		if v.src == nil || v.src.tree.Kind(v.node) != jsonspan.Object {
			return Value{}
		}
		i := v.src.tree.Get(v.node, key)
		if i == jsonspan.None {
			return Value{}
		}
		v.node = i
	}
	return v
}

// Members returns the members of an object in the order of the file, but those that a later one of the same key hides.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.src == nil || v.src.tree.Kind(v.node) != jsonspan.Object {
			return
		}
		for i := range v.src.tree.Children(v.node) {
			if !v.src.tree.Hidden(i) && !yield(v.src.tree.Key(i), Value{v.src, i}) {
				return
			}
		}
	}
}

// Elements returns the elements of an array.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.src == nil || v.src.tree.Kind(v.node) != jsonspan.Array {
			return
		}
		for i := range v.src.tree.Children(v.node) {
			if !yield(Value{v.src, i}) {
				return
			}
		}
	}
}

// Text returns the characters of a string, the bytes of a number or a boolean, and nothing for all others.
func (v Value) Text() string {
	if v.src == nil {
		return ""
	}
	switch v.src.tree.Kind(v.node) {
	case jsonspan.String:
		return v.src.tree.Text(v.node)
	case jsonspan.Number, jsonspan.Bool:
		return string(v.Bytes())
	}
	return ""
}

// Bytes returns the value as it is written. The caller must not change it.
func (v Value) Bytes() []byte {
	if v.src == nil {
		return nil
	}
	n := v.src.tree.Node(v.node)
	return v.src.tree.Bytes()[n.Start:n.End]
}

// Span returns where the value stands in its part; of a value in a text of an element, where it stands in that text.
func (v Value) Span() (start, end int) {
	if v.src == nil {
		return 0, 0
	}
	n := v.src.tree.Node(v.node)
	return int(n.Start), int(n.End)
}

// In returns the element whose text holds the value, none if a part of its own does.
func (v Value) In() Element {
	if v.src == nil {
		return Element{}
	}
	return v.src.in
}

// Part returns the name of the part that holds the value.
func (v Value) Part() string {
	if v.src == nil {
		return ""
	}
	return v.src.part
}

// Location returns where the value stands in the source. Its path is a JSON Pointer; that of a value in a text of an element
// follows the path of the element.
func (v Value) Location() diag.Location {
	if v.src == nil {
		return diag.Location{}
	}
	pointer := v.src.tree.Pointer(v.node)
	if v.src.in.Exists() {
		at := v.src.in.Location()
		at.Path += pointer
		return at
	}
	start, end := v.Span()
	at := solution.Span(v.src.parts, v.src.part, start, end)
	at.Path = pointer
	return at
}
