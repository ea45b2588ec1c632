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
	File string // solution.xml or customizations.xml; see [InFile]
	Pos  diag.Position
	Err  error
}

// Error returns "file:line:column: cause".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %v", diag.Location{File: e.File, Start: e.Pos}, e.Err)
}

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Err }

// InFile returns err with another name of the file, if it is or wraps a [*SyntaxError]: a file of a source tree is not called
// as in a zip.
func InFile(err error, file string) error {
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		return err
	}
	named := *syntax
	named.File = file
	return &named
}

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
