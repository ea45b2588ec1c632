package environment

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// A document is the text of a file, whatever its form.
type document struct {
	file  string
	tree  *jsonspan.Tree // nil: a table
	lines *diag.Lines
}

func (d *document) at(offset int) diag.Location {
	return diag.Location{File: d.file, Start: d.lines.Position(offset)}
}

// fail is the error about a node.
func (d *document) fail(node int32, err error) error {
	return &plan.EnvironmentError{File: d.file, Pos: d.lines.Position(int(d.tree.Node(node).Start)), Path: d.tree.Pointer(node), Err: err}
}

// A record is a row of a list: an object, or a line of a table.
type record struct {
	doc   *document
	node  int32
	start int
	nodes map[string]int32 // members of the object by plain name
	cells map[string]cell  // of the line by plain title
}

// A cell is what stands in a column of a table.
type cell struct {
	text  string
	start int
}

// plainName returns a name without what versions of tools differ in.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return -1
	}, s)
}

// object opens an object.
func (d *document) object(node int32) (record, error) {
	if d.tree.Kind(node) != jsonspan.Object {
		return record{}, d.fail(node, fmt.Errorf("an object is expected, this is a value of type %v", d.tree.Kind(node)))
	}
	r := record{doc: d, node: node, start: int(d.tree.Node(node).Start), nodes: make(map[string]int32, d.tree.Node(node).Count)}
	for m := range d.tree.Children(node) {
		if d.tree.Hidden(m) {
			return record{}, d.fail(m, fmt.Errorf("member %q occurs twice in one object: keep one", d.tree.Key(m)))
		}
		name := plainName(d.tree.Key(m))
		if _, dup := r.nodes[name]; !dup {
			r.nodes[name] = m
		}
	}
	return r, nil
}

func (r *record) location() diag.Location { return r.doc.at(r.start) }

// has reports whether a member or column is there, with a value or without.
func (r *record) has(name string) bool {
	_, member := r.nodes[name]
	_, column := r.cells[name]
	return member || column
}

// fail is the error about a member or column, or about the row if it has none of that name.
func (r *record) fail(name string, err error) error {
	if c, ok := r.cells[name]; ok {
		return &plan.EnvironmentError{File: r.doc.file, Pos: r.doc.lines.Position(c.start), Err: err}
	}
	if m, ok := r.nodes[name]; ok {
		return r.doc.fail(m, err)
	}
	if r.doc.tree == nil {
		return &plan.EnvironmentError{File: r.doc.file, Pos: r.doc.lines.Position(r.start), Err: err}
	}
	return r.doc.fail(r.node, err)
}

// text returns the first of several members or columns that has a value; empty if none has. Numbers and truth values are as they are
// written. The error does not show the value, which may be a secret.
func (r *record) text(names ...string) (string, error) {
	for _, name := range names {
		if c, ok := r.cells[name]; ok && c.text != "" {
			return c.text, nil
		}
		m, ok := r.nodes[name]
		if !ok {
			continue
		}
		switch r.doc.tree.Kind(m) {
		case jsonspan.Null:
		case jsonspan.String:
			return r.doc.tree.Text(m), nil
		case jsonspan.Number, jsonspan.Bool:
			return string(r.doc.tree.Raw(m)), nil
		default:
			return "", r.fail(name, fmt.Errorf("a text is expected, this is a value of type %v", r.doc.tree.Kind(m)))
		}
	}
	return "", nil
}

// needed is text that must not be empty. what says what it is, and where it comes from if it was not asked for.
func (r *record) needed(what string, names ...string) (string, error) {
	s, err := r.text(names...)
	if err == nil && s == "" {
		err = r.fail(names[0], fmt.Errorf("%s is missing: ask for it too", what))
	}
	return s, err
}

// flag returns a truth value, nil if there is none.
func (r *record) flag(names ...string) (*bool, error) {
	s, err := r.text(names...)
	if err != nil || s == "" {
		return nil, err
	}
	switch plainName(s) {
	case "true", "yes", "1", "managed":
		return new(true), nil
	case "false", "no", "0", "unmanaged":
		return new(false), nil
	}
	for _, name := range names {
		if r.has(name) {
			return nil, r.fail(name, errors.New("true or false is expected"))
		}
	}
	return nil, nil
}

// version returns a version and how it is written.
func (r *record) version(names ...string) (solution.Version, string, error) {
	s, err := r.text(names...)
	if err != nil || s == "" {
		return solution.Version{}, "", err
	}
	v, err := solution.ParseVersion(s)
	if err != nil {
		for _, name := range names {
			if r.has(name) {
				return v, "", r.fail(name, err)
			}
		}
	}
	return v, s, err
}

// guid returns a GUID, zero if there is none.
func (r *record) guid(names ...string) (solution.GUID, error) {
	s, err := r.text(names...)
	if err != nil || s == "" {
		return solution.GUID{}, err
	}
	g, err := solution.ParseGUID(s)
	if err != nil {
		for _, name := range names {
			if r.has(name) {
				return g, r.fail(name, err)
			}
		}
	}
	return g, err
}

// whole returns a whole number, false if there is none.
func (r *record) whole(names ...string) (int, bool, error) {
	s, err := r.text(names...)
	if err != nil || s == "" {
		return 0, false, err
	}
	f, perr := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
	if perr != nil || f != float64(int32(f)) {
		return 0, false, r.fail(names[0], errors.New("a whole number is expected"))
	}
	return int(f), true, nil
}

// open returns a member that is an object; false if it is absent, null, or, as it was not expanded, something else.
func (r *record) open(name string) (record, bool, error) {
	m, ok := r.nodes[name]
	if !ok || r.doc.tree.Kind(m) != jsonspan.Object {
		return record{}, false, nil
	}
	inner, err := r.doc.object(m)
	return inner, err == nil, err
}
