package index

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A File is one part as it was read. Tree is nil where the part is no JSON.
type File struct {
	Name   string // below the root of the caller, or that of a part
	Source []byte
	Tree   *jsonspan.Tree
	lines  func() *diag.Lines                 // of loose files
	places func(start, end int) diag.Location // of parts
}

// NewFile returns a loose file.
func NewFile(name string, src []byte) *File {
	return &File{Name: name, Source: src, lines: sync.OnceValue(func() *diag.Lines { return diag.NewLines(src) })}
}

// NewPart returns a part of a solution, whose places are those of its source.
func NewPart(p solution.Parts, name string, src []byte) *File {
	return &File{Name: name, Source: src, places: func(start, end int) diag.Location { return solution.Span(p, name, start, end) }}
}

// NewText returns a JSON text that stands in the element of a connector: what is found in it is at that place.
func NewText(src []byte, at diag.Location) *File {
	return &File{Source: src, places: func(int, int) diag.Location { return at }}
}

// With returns f with other bytes, as JSON if it was JSON. Places are those of the new bytes.
func (f *File) With(src []byte) (*File, error) {
	out := NewFile(f.Name, src)
	if f.Tree == nil {
		return out, nil
	}
	return out, out.ParseJSON(true)
}

// Span returns where the bytes [start,end) stand in the source.
func (f *File) Span(start, end int) diag.Location {
	if f.places != nil {
		return f.places(start, end)
	}
	loc := diag.Location{File: f.Name, Start: f.lines().Position(start)}
	if plainLine(f.Source[start:end]) {
		loc.End = diag.Position{Offset: end, Line: loc.Start.Line, Column: loc.Start.Column + end - start}
	} else {
		loc.End = f.lines().Position(end)
	}
	return loc
}

// SourceEdit returns an edit of the part as one of its source.
func (f *File) SourceEdit(e jsonspan.Edit) diag.Edit {
	if f.places == nil {
		return diag.Edit{File: f.Name, Start: e.Start, End: e.End, New: e.New}
	}
	at := f.places(e.Start, e.End)
	return diag.Edit{File: at.File, Start: at.Start.Offset, End: at.End.Offset, New: e.New}
}

// ParseJSON reads f as JSON; the error is a [*solution.SyntaxError] whose cause is a [*NotJSON].
func (f *File) ParseJSON(lenient bool) error {
	tree, err := jsonspan.Parse(f.Source, &jsonspan.Limits{Lenient: lenient})
	var se *jsonspan.SyntaxError
	switch {
	case errors.As(err, &se):
		return f.syntaxError(se.Offset, &NotJSON{se.Problem, se.Message})
	case err != nil:
		return fmt.Errorf("%s: %w", f.Name, err)
	}
	f.Tree = tree
	return nil
}

func (f *File) syntaxError(offset int, cause error) error {
	at := f.Span(offset, offset)
	return &solution.SyntaxError{File: at.File, Pos: at.Start, Err: cause}
}

// A NotJSON is the cause of a part that is not JSON.
type NotJSON struct {
	Problem jsonspan.Problem
	Message string
}

// Error returns "not JSON: message".
func (e *NotJSON) Error() string { return "not JSON: " + e.Message }

// A NotObject is the cause of a definition that is no object.
type NotObject struct{ Kind jsonspan.Kind }

// Error says what it is.
func (e *NotObject) Error() string {
	return "the root of a definition must be an object, not " + e.Kind.String()
}

// Location returns the place of node n, or of its key.
func (f *File) Location(n int32, atKey bool) diag.Location {
	loc := f.Place(n, atKey)
	if f.Tree != nil {
		loc.Path = f.Tree.Pointer(n)
	}
	return loc
}

// Place is location without the pointer.
func (f *File) Place(n int32, atKey bool) diag.Location {
	if f.Tree == nil {
		return f.Span(0, 0)
	}
	node := f.Tree.Node(n)
	start, end := int(node.Start), int(node.End)
	if atKey && node.KeyStart > 0 {
		start, end = int(node.KeyStart)-1, int(node.KeyEnd)+1
	} else if node.Kind == jsonspan.Object || node.Kind == jsonspan.Array {
		end = start + 1 // a whole object is no help in an editor
	}
	return f.Span(start, end)
}

// plainLine reports a short run of ASCII without line ends, whose columns are its bytes.
func plainLine(b []byte) bool {
	if len(b) > 200 {
		return false
	}
	for _, c := range b {
		if c >= 0x80 || c == '\n' || c == '\r' {
			return false
		}
	}
	return true
}

// Root returns the value that f is.
func (f *File) Root() Value { return Value{f, 0} }

// A Value is a place in a file. The zero value is "absent".
type Value struct {
	File *File
	Node int32
}

// OK reports whether v is there.
func (v Value) OK() bool { return v.File != nil }

// Get returns a member of an object value.
func (v Value) Get(key string) Value {
	if v.File == nil || v.File.Tree == nil {
		return Value{}
	}
	if n := v.File.Tree.Get(v.Node, key); n != jsonspan.None {
		return Value{v.File, n}
	}
	return Value{}
}

// Text returns the text of a string, "" of anything else.
func (v Value) Text() string {
	if v.File == nil {
		return ""
	}
	return v.File.Tree.Text(v.Node)
}

// Kind returns the kind of v, None if it is absent.
func (v Value) Kind() jsonspan.Kind {
	if v.File == nil {
		return jsonspan.Nothing
	}
	return v.File.Tree.Kind(v.Node)
}

// Count returns the number of members or elements.
func (v Value) Count() int {
	if v.File == nil {
		return 0
	}
	return int(v.File.Tree.Node(v.Node).Count)
}

// Children calls yield for the members or elements of v.
func (v Value) Children(yield func(Value) bool) {
	if v.File == nil {
		return
	}
	for c := range v.File.Tree.Children(v.Node) {
		if !yield(Value{v.File, c}) {
			return
		}
	}
}

// Key returns the key of v in its object.
func (v Value) Key() string { return v.File.Tree.Key(v.Node) }

// Raw returns v as written, nil if it is absent.
func (v Value) Raw() []byte {
	if v.File == nil {
		return nil
	}
	return v.File.Tree.Raw(v.Node)
}

// Texts calls f for every string at or below a value, with what it stands in.
func (v Value) Texts(f func(Value, string)) {
	if v.File == nil {
		return
	}
	t := v.File.Tree
	for n, end := v.Node, t.Node(v.Node).Next; n < end; n++ {
		if t.Kind(n) == jsonspan.String {
			f(Value{v.File, n}, t.Text(n))
		}
	}
}

// Member finds a member without regard to case: provider settings occur in two spellings.
func (v Value) Member(key string) Value {
	for m := range v.Children {
		if v.Kind() == jsonspan.Object && strings.EqualFold(m.Key(), key) {
			return m
		}
	}
	return Value{}
}

// Where names the member or array that v is in.
func (v Value) Where() string {
	if k := v.File.Tree.Node(v.Node); k.KeyStart > 0 {
		return v.Key()
	}
	return v.File.Tree.Key(v.File.Tree.Parent(v.Node))
}

// Strings returns the elements that are strings.
func (v Value) Strings() []string {
	var out []string
	for e := range v.Children {
		if e.Kind() == jsonspan.String {
			out = append(out, e.Text())
		}
	}
	return out
}
