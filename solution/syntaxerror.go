package solution

import (
	"errors"
	"fmt"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// SyntaxError is the error of a file that cannot be read: not well formed, over a limit, or not the
// document that it should be.
type SyntaxError struct {
	File string // solution.xml or customizations.xml; a caller that knows a better name may set it
	Pos  diag.Position
	Err  error
}

// Error returns "file:line:column: cause".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %v", diag.Location{File: e.File, Start: e.Pos}, e.Err)
}

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Err }

func syntaxError(file string, src []byte, offset int, err error) *SyntaxError {
	return &SyntaxError{File: file, Pos: diag.NewLines(src).Position(offset), Err: err}
}

// scanError turns an error of the scanner into one with a place.
func scanError(file string, src []byte, err error) *SyntaxError {
	var x *xmlspan.SyntaxError
	offset := 0
	if errors.As(err, &x) {
		offset = x.Offset
	}
	return syntaxError(file, src, offset, err)
}
