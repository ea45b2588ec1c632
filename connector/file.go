package connector

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A file is one part as it was read. tree is nil where the part is no JSON.
type file struct {
	name   string // below the root of the caller, or that of a part
	src    []byte
	tree   *jsonspan.Tree
	lines  func() *diag.Lines                 // of a file that is read as it is
	places func(start, end int) diag.Location // of a part of a solution
}

func newFile(name string, src []byte) *file {
	return &file{name: name, src: src, lines: sync.OnceValue(func() *diag.Lines { return diag.NewLines(src) })}
}

// newPart returns a part of a solution, whose places are those of its source.
func newPart(p solution.Parts, name string, src []byte) *file {
	return &file{name: name, src: src, places: func(start, end int) diag.Location { return solution.Span(p, name, start, end) }}
}

// span returns where the bytes [start,end) stand in the source.
func (f *file) span(start, end int) diag.Location {
	if f.places != nil {
		return f.places(start, end)
	}
	loc := diag.Location{File: f.name, Start: f.lines().Position(start)}
	if plainLine(f.src[start:end]) {
		loc.End = diag.Position{Offset: end, Line: loc.Start.Line, Column: loc.Start.Column + end - start}
	} else {
		loc.End = f.lines().Position(end)
	}
	return loc
}

// sourceEdit returns an edit of the part as one of its source.
func (f *file) sourceEdit(e jsonspan.Edit) diag.Edit {
	if f.places == nil {
		return diag.Edit{File: f.name, Start: e.Start, End: e.End, New: e.New}
	}
	at := f.places(e.Start, e.End)
	return diag.Edit{File: at.File, Start: at.Start.Offset, End: at.End.Offset, New: e.New}
}

// parseJSON reads f as JSON; the error is a [*solution.SyntaxError] whose cause is a [*notJSON].
func (f *file) parseJSON(lenient bool) error {
	tree, err := jsonspan.Parse(f.src, &jsonspan.Limits{Lenient: lenient})
	var se *jsonspan.SyntaxError
	switch {
	case errors.As(err, &se):
		return f.syntaxError(se.Offset, &notJSON{se.Problem, se.Message})
	case err != nil:
		return fmt.Errorf("%s: %w", f.name, err)
	}
	f.tree = tree
	return nil
}

func (f *file) syntaxError(offset int, cause error) error {
	at := f.span(offset, offset)
	return &solution.SyntaxError{File: at.File, Pos: at.Start, Err: cause}
}

// A notJSON says why a part is not JSON.
type notJSON struct {
	problem jsonspan.Problem
	message string
}

// Error returns "not JSON: message".
func (e *notJSON) Error() string { return "not JSON: " + e.message }

// A notObject says that a definition is no object.
type notObject struct{ kind jsonspan.Kind }

// Error says what it is.
func (e *notObject) Error() string {
	return "the root of a definition must be an object, not " + e.kind.String()
}

// location returns the place of node n, or of its key.
func (f *file) location(n int32, atKey bool) diag.Location {
	loc := f.place(n, atKey)
	if f.tree != nil {
		loc.Path = f.tree.Pointer(n)
	}
	return loc
}

// place is location without the pointer.
func (f *file) place(n int32, atKey bool) diag.Location {
	if f.tree == nil {
		return f.span(0, 0)
	}
	node := f.tree.Node(n)
	start, end := int(node.Start), int(node.End)
	if atKey && node.KeyStart > 0 {
		start, end = int(node.KeyStart)-1, int(node.KeyEnd)+1
	} else if node.Kind == jsonspan.Object || node.Kind == jsonspan.Array {
		end = start + 1 // a whole object is no help in an editor
	}
	return f.span(start, end)
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

// A value is a place in a file. The zero value is "absent".
type value struct {
	f *file
	n int32
}

func (v value) ok() bool { return v.f != nil }

// get returns a member of an object value.
func (v value) get(key string) value {
	if v.f == nil || v.f.tree == nil {
		return value{}
	}
	if n := v.f.tree.Get(v.n, key); n != 0 {
		return value{v.f, n}
	}
	return value{}
}

func (v value) text() string {
	if v.f == nil {
		return ""
	}
	return v.f.tree.Text(v.n)
}

func (v value) kind() jsonspan.Kind {
	if v.f == nil {
		return jsonspan.None
	}
	return v.f.tree.Kind(v.n)
}

func (v value) count() int {
	if v.f == nil {
		return 0
	}
	return int(v.f.tree.Node(v.n).Count)
}

// children calls yield for the members or elements of v.
func (v value) children(yield func(value) bool) {
	if v.f == nil {
		return
	}
	for c := range v.f.tree.Children(v.n) {
		if !yield(value{v.f, c}) {
			return
		}
	}
}

func (v value) key() string { return v.f.tree.Key(v.n) }

func (v value) raw() []byte {
	if v.f == nil {
		return nil
	}
	return v.f.tree.Raw(v.n)
}

// texts calls f for every string at or below a value, with what it stands in.
func (v value) texts(f func(value, string)) {
	if v.f == nil {
		return
	}
	t := v.f.tree
	for n, end := v.n, t.Node(v.n).Next; n < end; n++ {
		if t.Kind(n) == jsonspan.String {
			f(value{v.f, n}, t.Text(n))
		}
	}
}

// member finds a member without regard to case: provider settings occur in two spellings.
func (v value) member(key string) value {
	for m := range v.children {
		if v.kind() == jsonspan.Object && strings.EqualFold(m.key(), key) {
			return m
		}
	}
	return value{}
}

// where names the member or array that v is in.
func (v value) where() string {
	if k := v.f.tree.Node(v.n); k.KeyStart > 0 {
		return v.key()
	}
	return v.f.tree.Key(v.f.tree.Parent(v.n))
}

func (v value) strings() []string {
	var out []string
	for e := range v.children {
		if e.kind() == jsonspan.String {
			out = append(out, e.text())
		}
	}
	return out
}

// readJSON parses src; the error is a [*solution.SyntaxError].
func readJSON(name string, src []byte, lenient bool) (*file, error) {
	f := newFile(name, src)
	if err := f.parseJSON(lenient); err != nil {
		return nil, err
	}
	return f, nil
}
