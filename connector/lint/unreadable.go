package lint

import (
	"errors"
	"io/fs"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Unreadable returns the findings that stand for err, an error of reading connectors: CONN-DOC-001, 002, 005 or 006 for each
// part that is not what it should be. The error is the rest of err, such as a file that cannot be opened; nil if there is none.
func Unreadable(err error) (diag.List, error) {
	if err == nil {
		return nil, nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var found diag.List
		var rest []error
		for _, e := range many.Unwrap() {
			some, err := Unreadable(e)
			found = append(found, some...)
			rest = append(rest, err)
		}
		return found, errors.Join(rest...)
	}
	var se *solution.SyntaxError
	if !errors.As(err, &se) {
		return nil, err
	}
	return diag.List{unreadable(err)}, nil
}

// unreadable is the finding that stands for one error.
func unreadable(err error) diag.Diagnostic {
	d := diag.Diagnostic{Rule: "CONN-DOC-001", Severity: fails, Message: err.Error()}
	var se *solution.SyntaxError
	if errors.As(err, &se) {
		d.Location, d.Message = diag.Location{File: se.File, Start: se.Pos, End: se.Pos}, se.Err.Error()
	}
	var text *index.NotJSON
	var root *index.NotObject
	switch {
	case errors.As(err, &root):
		d.Rule = "CONN-DOC-006"
	case se != nil && errors.Is(err, fs.ErrNotExist):
		d.Rule = "CONN-PROP-010"
	case !errors.As(err, &text):
	case text.Problem == jsonspan.TrailingComma:
		d.Rule = "CONN-DOC-002"
	case text.Problem == jsonspan.NotUTF8, text.Problem == jsonspan.ControlInText:
		d.Rule = "CONN-DOC-005"
	}
	return d
}
