package connector

import (
	"errors"

	"github.com/solutionkit/solutionkit/solution/diag"
)

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

// Diagnose returns the finding that an error of [Load] or [All] stands for, and whether it stands for one.
func Diagnose(err error) (diag.Diagnostic, bool) {
	var se *SyntaxError
	if errors.As(err, &se) {
		return se.Diagnostic(), true
	}
	return diag.Diagnostic{}, false
}
