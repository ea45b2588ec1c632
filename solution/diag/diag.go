// Package diag holds findings: what an operation of this module saw while it did its work.
//
// An error means "could not do it"; a [Diagnostic] means "did it, and saw this". A finding names the
// rule that raised it by a stable id such as "packager/unclaimed-entry" or "CONN-DOC-001", carries a
// severity that the caller may override, the exact place in the bytes that were read, and, where the
// repair is mechanical, fixes as edits of those bytes.
//
// The types are plain values, which may be read by many at once while nobody changes them; [Lines] and [Catalogue] are
// immutable.
//
// Every function of this module that returns a [List] returns it sorted by file, offset and rule, so
// equal input gives equal findings in equal order.
//
// SARIF 2.1.0 is an OASIS standard; all else here is this module's own. A list is not cut: what bounds it is said by the
// function that returns it.
package diag

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Severity says what a finding means for the caller. The zero value is [Note].
type Severity uint8

const (
	// Note tells a fact that needs no action, such as a rescue that lost nothing.
	Note Severity = iota
	// Action marks what a person has to do, though nothing is wrong: give a connection, enter a secret.
	Action
	// Warning marks something that works but is probably not what was meant.
	Warning
	// Error marks something that will be refused or will go wrong.
	Error
)

// String returns "note", "action", "warning" or "error": the words SARIF uses for its levels, and one of its own.
func (s Severity) String() string {
	switch s {
	case Note:
		return "note"
	case Action:
		return "action"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return fmt.Sprintf("severity(%d)", uint8(s))
}

// MarshalText implements [encoding.TextMarshaler].
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads the words of [Severity.String].
func (s *Severity) UnmarshalText(text []byte) error {
	for v := Note; v <= Error; v++ {
		if v.String() == string(text) {
			*s = v
			return nil
		}
	}
	return fmt.Errorf("unknown severity %q: use note, action, warning or error", text)
}

// A Rule is one entry of a package's catalogue of findings. ID is stable and part of the API: the
// package's name, a slash and a name in kebab case ("packager/unclaimed-entry"), or a group in capitals
// and a number where a package has a numbered catalogue ("CONN-DOC-001" in package connector).
type Rule struct {
	ID       string
	Severity Severity // the severity a finding has unless the caller overrides it
	Summary  string   // one line, no final stop
	Help     string   // what it means and what to do, one paragraph; may be empty
	URL      string   // further reading; may be empty
}

// Position is a place in a file. Offset counts bytes from 0 and is the truth; Line and Column are
// derived from it, count from 1, and Column counts runes. The zero Position means "no position".
type Position struct {
	Offset, Line, Column int // bytes from 0; lines and runes from 1
}

// IsValid reports whether p was computed from a file.
func (p Position) IsValid() bool { return p.Line > 0 }

// Location is the place a finding is about. File is slash-separated below the root that the caller
// gave; Path is a JSON Pointer or an element path ("Entities/Entity[3]/Name") inside that file. Each
// part may be empty when it is not known or does not apply.
type Location struct {
	File, Path string
	Start, End Position
}

// String returns "file:line:column", as much of it as is known.
func (l Location) String() string {
	if !l.Start.IsValid() {
		return l.File
	}
	return fmt.Sprintf("%s:%d:%d", l.File, l.Start.Line, l.Start.Column)
}

// Related is a second place that helps to understand a finding.
type Related struct {
	Location Location
	Message  string
}

// A Fix is one whole way to repair what was found. Several fixes of a finding are alternatives.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes [Start,End) of File, as it was read, with New.
type Edit struct {
	File       string
	Start, End int // in bytes from 0
	New        string
}

// A Diagnostic is one finding.
type Diagnostic struct {
	Rule     string // the id of a [Rule]
	Severity Severity
	Message  string // lower case, says what to do
	Location Location
	Related  []Related
	Fixes    []Fix
}

// String returns "file:line:column: severity: message (rule)".
func (d Diagnostic) String() string {
	var b strings.Builder
	if at := d.Location.String(); at != "" {
		b.WriteString(at)
		b.WriteString(": ")
	}
	fmt.Fprintf(&b, "%s: %s (%s)", d.Severity, d.Message, d.Rule)
	return b.String()
}

// A List is a set of findings in the order of [List.Sort].
type List []Diagnostic

// Sort sorts l by file, offset, rule and message. It is stable.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Location.File, b.Location.File),
			cmp.Compare(a.Location.Start.Offset, b.Location.Start.Offset),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Location.Path, b.Location.Path),
			cmp.Compare(a.Message, b.Message),
		)
	})
}

// Max returns the highest severity in l, [Note] if l is empty.
func (l List) Max() Severity {
	top := Note
	for _, d := range l {
		top = max(top, d.Severity)
	}
	return top
}

// Count returns how many findings of l have severity s.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// Rule returns the findings of l raised by the rule of that id.
func (l List) Rule(id string) iter.Seq[Diagnostic] {
	return func(yield func(Diagnostic) bool) {
		for _, d := range l {
			if d.Rule == id && !yield(d) {
				return
			}
		}
	}
}

// Err returns nil if no finding of l is an [Error], else a [*FailedError] that holds all of l.
func (l List) Err() error {
	if l.Max() < Error {
		return nil
	}
	return &FailedError{List: l}
}

// FailedError is the error of an operation that findings of severity [Error] stopped.
type FailedError struct {
	List List // all findings, also those of lower severity
}

// Error names the first finding of severity [Error] and how many more there are.
func (e *FailedError) Error() string {
	n := e.List.Count(Error)
	for _, d := range e.List {
		if d.Severity != Error {
			continue
		}
		text := d.Message
		if at := d.Location.String(); at != "" {
			text = at + ": " + text
		}
		if n > 1 {
			return fmt.Sprintf("%s (and %d more)", text, n-1)
		}
		return text
	}
	return "no finding of severity error"
}
