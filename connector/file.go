package connector

import (
	"errors"
	"fmt"
	"sync"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A file is one part as it was read. tree is nil where the part is no JSON.
type file struct {
	name  string // below the root of the caller
	src   []byte
	tree  *jsonspan.Tree
	lines func() *diag.Lines
}

func newFile(name string, src []byte) *file {
	return &file{name: name, src: src, lines: sync.OnceValue(func() *diag.Lines { return diag.NewLines(src) })}
}

// readJSON parses src; the error is a [*SyntaxError].
func readJSON(name string, src []byte, lenient bool) (*file, error) {
	f := newFile(name, src)
	tree, err := jsonspan.Parse(src, &jsonspan.Limits{Lenient: lenient})
	if err != nil {
		return nil, f.syntaxError(err)
	}
	f.tree = tree
	return f, nil
}

// A SyntaxError says that a part of a connector is not JSON, or the XML of its solution is not well formed,
// and where. Rule is the id of the rule in the catalogue that stands for the fault: CONN-DOC-001 for a text
// that is not JSON or not XML, CONN-DOC-002 for a
// trailing comma, CONN-DOC-005 for bytes that are not UTF-8 or raw control characters.
type SyntaxError struct {
	Rule     string
	Location diag.Location
	Message  string // lower case, says what to do
}

// Error returns "file:line:column: message".
func (e *SyntaxError) Error() string { return e.Location.String() + ": " + e.Message }

// Diagnostic returns the same as a finding of severity error.
func (e *SyntaxError) Diagnostic() diag.Diagnostic {
	return diag.Diagnostic{Rule: e.Rule, Severity: diag.Error, Message: e.Message, Location: e.Location}
}

func (f *file) syntaxError(err error) error {
	var se *jsonspan.SyntaxError
	if !errors.As(err, &se) {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	rule := "CONN-DOC-001"
	switch se.Problem {
	case jsonspan.TrailingComma:
		rule = "CONN-DOC-002"
	case jsonspan.NotUTF8, jsonspan.ControlInText:
		rule = "CONN-DOC-005"
	}
	return &SyntaxError{Rule: rule, Location: f.lines().Span(f.name, se.Offset, se.Offset), Message: "not JSON: " + se.Message}
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
		return f.lines().Span(f.name, 0, 0)
	}
	node := f.tree.Node(n)
	start, end := int(node.Start), int(node.End)
	if atKey && node.KeyStart > 0 {
		start, end = int(node.KeyStart)-1, int(node.KeyEnd)+1
	} else if node.Kind == jsonspan.Object || node.Kind == jsonspan.Array {
		end = start + 1 // a whole object is no help in an editor
	}
	loc := diag.Location{File: f.name, Start: f.lines().Position(start)}
	if plainLine(f.src[start:end]) {
		loc.End = diag.Position{Offset: end, Line: loc.Start.Line, Column: loc.Start.Column + end - start}
	} else {
		loc.End = f.lines().Position(end)
	}
	return loc
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

// Diagnose returns the finding that an error of [Load] or [All] stands for, and whether it stands for one.
func Diagnose(err error) (diag.Diagnostic, bool) {
	var se *SyntaxError
	if errors.As(err, &se) {
		return se.Diagnostic(), true
	}
	return diag.Diagnostic{}, false
}
