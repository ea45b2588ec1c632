package solution

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Change is an edit of the parts of a solution: splices of their bytes, and parts that are replaced, added or removed. All
// other bytes stay. A change is immutable and safe for concurrent use.
//
// It is made of one source and knows it: applied to other parts than those that it was made of, it is refused with a
// [*SourceError]. Package packager writes a change back to where the parts are from, a zip or a tree; [Change.Apply] gives
// the changed parts.
type Change struct {
	source map[string][sha256.Size]byte // of the parts that the change depends on, by folded name
	parts  map[string]*PartChange       // by folded name
	found  diag.List
}

// A PartOp says what a change does to a part.
type PartOp uint8

const (
	SplicePart  PartOp = iota // some of its bytes are others
	ReplacePart               // all of its bytes are others
	AddPart                   // it was not there
	RemovePart                // it goes
)

// String returns "splice", "replace", "add" or "remove".
func (o PartOp) String() string {
	words := [...]string{"splice", "replace", "add", "remove"}
	if int(o) < len(words) {
		return words[o]
	}
	return fmt.Sprintf("partop(%d)", uint8(o))
}

// A PartChange is what a change does to one part.
type PartChange struct {
	Name    string
	Op      PartOp
	Splices []Splice // of SplicePart: sorted, not overlapping
	Data    []byte   // of ReplacePart and AddPart; must not be changed
}

// Apply returns the new bytes of a part of which src are the old ones; nil for a part that goes.
func (c *PartChange) Apply(src []byte) []byte {
	switch c.Op {
	case RemovePart:
		return nil
	case ReplacePart, AddPart:
		return c.Data
	}
	return applySplices(src, c.Splices)
}

// Parts returns what changes, sorted by name.
func (c *Change) Parts() iter.Seq[PartChange] {
	return func(yield func(PartChange) bool) {
		for _, key := range slices.Sorted(maps.Keys(c.parts)) {
			if !yield(*c.parts[key]) {
				return
			}
		}
	}
}

// IsEmpty reports whether c changes nothing.
func (c *Change) IsEmpty() bool { return len(c.parts) == 0 }

// Diagnostics returns what was seen when the change was made, such as places that it cannot reach.
func (c *Change) Diagnostics() diag.List { return slices.Clone(c.found) }

// Check returns nil if p is what the change was made of, else a [*SourceError].
func (c *Change) Check(p Parts) error {
	for _, key := range slices.Sorted(maps.Keys(c.source)) {
		sum, err := sumOf(p, key)
		if err != nil {
			return err
		}
		if sum != c.source[key] {
			return &SourceError{Part: key}
		}
	}
	return nil
}

// Apply returns p with the change made, without writing it anywhere. Locations in parts that changed are those of the new
// bytes. The error is a [*SourceError], or one of reading a part.
func (c *Change) Apply(p Parts) (Parts, error) {
	if err := c.Check(p); err != nil {
		return nil, err
	}
	if c.IsEmpty() {
		return p, nil
	}
	out := &changed{Parts: p, change: c}
	for _, name := range p.Names() {
		if e := c.parts[Fold(name)]; e == nil || e.Op != RemovePart {
			out.names = append(out.names, name)
		}
	}
	for _, e := range c.parts {
		if e.Op == AddPart {
			out.names = append(out.names, e.Name)
		}
	}
	slices.Sort(out.names)
	return out, nil
}

// JoinChanges returns one change that does what all of them do; without any, one that does nothing. They must be of one source.
// Splices of different changes may touch but not overlap; insertions at one place come in the order given.
//
// What two changes do alike is done once, insertions too: joined with itself, a change stays what it is. So what belongs
// together, such as a comma and what follows it, should be one splice.
//
// The error is a [*ConflictError] or a [*SourceError].
func JoinChanges(changes ...*Change) (*Change, error) {
	out := &Change{source: map[string][sha256.Size]byte{}, parts: map[string]*PartChange{}}
	for _, c := range changes {
		for key, sum := range c.source {
			if have, ok := out.source[key]; ok && have != sum {
				return nil, &SourceError{Part: key}
			}
			out.source[key] = sum
		}
		for _, key := range slices.Sorted(maps.Keys(c.parts)) {
			joined, err := joinParts(out.parts[key], c.parts[key])
			if err != nil {
				return nil, err
			}
			out.parts[key] = joined
		}
		out.found = append(out.found, c.found...)
	}
	out.found.Sort()
	return out, nil
}

func joinParts(a, b *PartChange) (*PartChange, error) {
	switch {
	case a == nil:
		return b, nil
	case a.Op != b.Op || a.Op != SplicePart && !bytes.Equal(a.Data, b.Data):
		return nil, &ConflictError{Part: b.Name, What: fmt.Sprintf("one change is to %s it, another to %s it otherwise", a.Op, b.Op)}
	case a.Op != SplicePart:
		return a, nil
	}
	alike := map[Splice]int{}
	for _, s := range a.Splices {
		alike[s]++
	}
	splices := slices.Clone(a.Splices)
	for _, s := range b.Splices {
		if alike[s]--; alike[s] < 0 {
			splices = append(splices, s)
		}
	}
	if err := sortSplices(b.Name, splices); err != nil {
		return nil, err
	}
	return &PartChange{Name: a.Name, Op: SplicePart, Splices: splices}, nil
}

// ConflictError says that changes cannot both be made.
type ConflictError struct {
	Part  string
	Start int    // offset in the part
	What  string // lower case
}

// Error returns "part: the changes are in conflict: what".
func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s: the changes are in conflict: %s: make one after the other", e.Part, e.What)
}

// SourceError says that a change was made of other parts than those that it is to be applied to.
type SourceError struct {
	Part string // the first that differs
}

// Error names the part that differs.
func (e *SourceError) Error() string {
	return fmt.Sprintf("%s: the change was made of a solution in which this part is another one: make it anew", e.Part)
}

// sumOf returns the digest of a part, zero if it is not there.
func sumOf(p Parts, name string) ([sha256.Size]byte, error) {
	src, err := p.ReadPart(name)
	if errors.Is(err, fs.ErrNotExist) {
		return [sha256.Size]byte{}, nil
	}
	if err != nil {
		return [sha256.Size]byte{}, err
	}
	return sha256.Sum256(src), nil
}

// An Editor collects what a [Change] does. Its methods are not safe for concurrent use. What makes no sense, such as a
// splice outside of its part, is an error of [Editor.Change].
type Editor struct {
	parts Parts
	edits map[string]*PartChange
	found diag.List
	err   error
}

// NewEditor returns an editor of p without edits.
func NewEditor(p Parts) *Editor { return &Editor{parts: p, edits: map[string]*PartChange{}} }

// Source returns the parts that are edited, as they were.
func (e *Editor) Source() Parts { return e.parts }

// Splice replaces the bytes [start,end) of a part, as [Parts.ReadPart] gives them, with text.
func (e *Editor) Splice(part string, start, end int, text string) {
	c := e.edits[Fold(part)]
	if c == nil {
		c = &PartChange{Name: part}
		e.edits[Fold(part)] = c
	}
	if c.Op != SplicePart {
		e.fail(&ConflictError{Part: part, Start: start, What: fmt.Sprintf("it is to be spliced and to %s", c.Op)})
		return
	}
	c.Splices = append(c.Splices, Splice{start, end, text})
}

// Replace gives a part other bytes, which must not change afterwards.
func (e *Editor) Replace(part string, data []byte) { e.set(part, ReplacePart, data) }

// Add adds a part, whose bytes must not change afterwards.
func (e *Editor) Add(part string, data []byte) { e.set(part, AddPart, data) }

// Remove removes a part.
func (e *Editor) Remove(part string) { e.set(part, RemovePart, nil) }

// Note adds a finding to the change.
func (e *Editor) Note(found ...diag.Diagnostic) { e.found = append(e.found, found...) }

func (e *Editor) set(part string, op PartOp, data []byte) {
	if have := e.edits[Fold(part)]; have != nil {
		e.fail(&ConflictError{Part: part, What: fmt.Sprintf("it is to %s and to %s", have.Op, op)})
		return
	}
	e.edits[Fold(part)] = &PartChange{Name: part, Op: op, Data: data}
}

func (e *Editor) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// Change returns what was collected. The error is a [*ConflictError], one of reading a part, or says that a splice is
// outside of its part, that a part to be changed or removed is not there or is one of two whose names differ in letter case
// only, or that one to be added is there.
func (e *Editor) Change() (*Change, error) {
	if e.err != nil {
		return nil, e.err
	}
	c := &Change{source: map[string][sha256.Size]byte{}, parts: map[string]*PartChange{}, found: slices.Clone(e.found)}
	c.found.Sort()
	if len(e.edits) > 0 {
		spellings := map[string]string{}
		for _, name := range e.parts.Names() {
			key := Fold(name)
			if other := spellings[key]; other != "" && e.edits[key] != nil {
				return nil, fmt.Errorf("%s: it cannot be changed: the solution also has %s, and names of parts do not differ in letter case only: rename one", name, other)
			}
			spellings[key] = name
		}
	}
	for _, key := range slices.Sorted(maps.Keys(e.edits)) {
		edit := *e.edits[key]
		src, err := e.parts.ReadPart(key)
		missing := errors.Is(err, fs.ErrNotExist)
		switch {
		case err != nil && !missing:
			return nil, err
		case missing && edit.Op != AddPart:
			return nil, fmt.Errorf("%s: it cannot be changed: %w", edit.Name, fs.ErrNotExist)
		case !missing && edit.Op == AddPart:
			return nil, fmt.Errorf("%s: it cannot be added: %w", edit.Name, fs.ErrExist)
		case edit.Op == SplicePart:
			edit.Splices = slices.DeleteFunc(slices.Clone(edit.Splices), func(s Splice) bool {
				return s.Start >= 0 && s.Start <= s.End && s.End <= len(src) && string(src[s.Start:s.End]) == s.Text
			})
			if len(edit.Splices) == 0 {
				continue
			}
			if err := sortSplices(edit.Name, edit.Splices); err != nil {
				return nil, err
			}
			if first, last := edit.Splices[0], edit.Splices[len(edit.Splices)-1]; first.Start < 0 || last.End > len(src) ||
				slices.ContainsFunc(edit.Splices, func(s Splice) bool { return s.End < s.Start }) {
				return nil, fmt.Errorf("%s: a splice is outside of the %d bytes of the part", edit.Name, len(src))
			}
		case edit.Op == ReplacePart && bytes.Equal(src, edit.Data):
			continue
		}
		if !missing {
			c.source[key] = sha256.Sum256(src)
		} else {
			c.source[key] = [sha256.Size]byte{}
		}
		c.parts[key] = &edit
	}
	if len(c.parts) == 0 {
		return c, nil
	}
	// The manifest tells solutions apart that have a part in common.
	sum, err := sumOf(e.parts, ManifestFile)
	if err != nil {
		return nil, err
	}
	c.source[ManifestFile] = sum
	return c, nil
}
