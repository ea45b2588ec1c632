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

// A PartChange is what a change does to one part. It is part of an immutable [Change], so its slices must not be changed.
type PartChange struct {
	Name    string
	Op      PartOp
	Splices []Splice // of SplicePart: sorted, not overlapping; must not be changed
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
			return &SourceError{Part: c.nameOf(key)}
		}
	}
	return nil
}

// nameOf returns the name of a part by its folded name.
func (c *Change) nameOf(key string) string {
	if e := c.parts[key]; e != nil {
		return e.Name
	}
	return key
}

// Apply returns p with the change made, without writing it anywhere. Locations stay those of the source: in a part with splices,
// those of the bytes that stay, and of new bytes where they were put; in a part that is new or another as a whole, those in its
// new bytes. The error is a [*SourceError], or one of reading a part.
func (c *Change) Apply(p Parts) (Parts, error) {
	if err := c.Check(p); err != nil {
		return nil, err
	}
	if c.IsEmpty() {
		return p, nil
	}
	return newChanged(p, c), nil
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
	joints := map[string]*joint{}
	var found []diag.List
	for _, c := range changes {
		for key, sum := range c.source {
			if have, ok := out.source[key]; ok && have != sum {
				return nil, &SourceError{Part: c.nameOf(key)}
			}
			out.source[key] = sum
		}
		for _, key := range slices.Sorted(maps.Keys(c.parts)) {
			if joints[key] == nil {
				joints[key] = &joint{}
			}
			if err := joints[key].add(c.parts[key]); err != nil {
				return nil, err
			}
		}
		found = append(found, c.found)
	}
	for _, key := range slices.Sorted(maps.Keys(joints)) {
		joined, err := joints[key].part()
		if err != nil {
			return nil, err
		}
		out.parts[key] = joined
	}
	out.found = diag.Join(found...)
	return out, nil
}

// A joint is what several changes do to one part.
type joint struct {
	first   *PartChange
	splices []Splice       // if there are several
	have    map[Splice]int // how often each is in them
}

func (j *joint) add(b *PartChange) error {
	a := j.first
	switch {
	case a == nil:
		j.first = b
		return nil
	case a.Op != b.Op || a.Op != SplicePart && !bytes.Equal(a.Data, b.Data):
		return &ConflictError{Part: b.Name, What: fmt.Sprintf("one change is to %s it, another to %s it otherwise", a.Op, b.Op)}
	case a.Op != SplicePart:
		return nil
	}
	if j.have == nil {
		j.splices, j.have = slices.Clone(a.Splices), map[Splice]int{}
		for _, s := range a.Splices {
			j.have[s]++
		}
	}
	own := map[Splice]int{}
	for _, s := range b.Splices {
		if own[s]++; own[s] > j.have[s] {
			j.have[s]++
			j.splices = append(j.splices, s)
		}
	}
	return nil
}

// part returns all of it, and refuses splices that overlap.
func (j *joint) part() (*PartChange, error) {
	if j.have == nil {
		return j.first, nil
	}
	if err := sortSplices(j.first.Name, j.splices); err != nil {
		return nil, err
	}
	return &PartChange{Name: j.first.Name, Op: SplicePart, Splices: j.splices}, nil
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
		e.fail(&ConflictError{Part: part, Start: start, What: fmt.Sprintf("one edit is to %s it, another to splice it", c.Op)})
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
		e.fail(&ConflictError{Part: part, What: fmt.Sprintf("one edit is to %s it, another to %s it", have.Op, op)})
		return
	}
	e.edits[Fold(part)] = &PartChange{Name: part, Op: op, Data: data}
}

func (e *Editor) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// Change returns what was collected. Splices that change nothing are left out.
//
// The error is a [*ConflictError], one of reading a part, or a [*diag.EditError] of a splice that is outside of its part; it wraps
// [fs.ErrNotExist] if a part to be changed or removed is not there, [fs.ErrExist] if one to be added is, and [fs.ErrInvalid] if
// one to be added has no name that a part can have, or if one of that name is there twice.
func (e *Editor) Change() (*Change, error) {
	if e.err != nil {
		return nil, e.err
	}
	c := &Change{source: map[string][sha256.Size]byte{}, parts: map[string]*PartChange{}, found: slices.Clone(e.found)}
	c.found.Sort()
	names := e.names()
	for _, key := range slices.Sorted(maps.Keys(e.edits)) {
		edit := *e.edits[key]
		if err := checkPart(&edit, names[key]); err != nil {
			return nil, err
		}
		var src []byte
		if c.source[key] = [sha256.Size]byte{}; edit.Op != AddPart {
			var err error
			if src, err = e.parts.ReadPart(edit.Name); err != nil {
				return nil, err
			}
			c.source[key] = sha256.Sum256(src)
		}
		changes, err := edit.settle(src)
		if err != nil {
			return nil, err
		}
		if !changes {
			delete(c.source, key)
			continue
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

// names returns the names of the parts by folded name, nil if none is needed.
func (e *Editor) names() map[string][]string {
	if len(e.edits) == 0 {
		return nil
	}
	names := map[string][]string{}
	for _, name := range e.parts.Names() {
		key := Fold(name)
		names[key] = append(names[key], name)
	}
	return names
}

// checkPart finds what speaks against an edit of a part, of which have are the exact names, and gives the edit that name.
func checkPart(edit *PartChange, have []string) error {
	switch {
	case len(have) > 1:
		return fmt.Errorf("%s: it is there %d times, under names that differ in letter case only (%q): rename all but one: %w", edit.Name, len(have), have, fs.ErrInvalid)
	case edit.Op == AddPart && len(have) > 0:
		return fmt.Errorf("%s: it cannot be added: replace it: %w", edit.Name, fs.ErrExist)
	case edit.Op == AddPart && (!fs.ValidPath(edit.Name) || edit.Name == "."):
		return fmt.Errorf("%q: a part cannot have this name: use names separated by slashes, none of them a dot or two: %w", edit.Name, fs.ErrInvalid)
	case edit.Op == AddPart:
		return nil
	case len(have) == 0:
		return fmt.Errorf("%s: the solution has no such part, so there is nothing to %s: %w", edit.Name, edit.Op, fs.ErrNotExist)
	}
	edit.Name = have[0]
	return nil
}

// settle puts the splices of c in order, drops what changes nothing in src, and reports whether anything is left.
func (c *PartChange) settle(src []byte) (bool, error) {
	if c.Op != SplicePart {
		return c.Op != ReplacePart || !bytes.Equal(src, c.Data), nil
	}
	var kept []Splice
	for _, s := range c.Splices {
		if s.Start < 0 || s.End < s.Start || s.End > len(src) {
			return false, &diag.EditError{Edit: diag.Edit{File: c.Name, Start: s.Start, End: s.End, New: s.Text},
				Cause: fmt.Sprintf("outside of the %d bytes of the part: splice what ReadPart returns", len(src))}
		}
		if string(src[s.Start:s.End]) != s.Text {
			kept = append(kept, s)
		}
	}
	c.Splices = kept
	return len(kept) > 0, sortSplices(c.Name, kept)
}
