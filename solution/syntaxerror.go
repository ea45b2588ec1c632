package solution

import (
	"errors"
	"fmt"
	"sync"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// SyntaxError is the error of a file that cannot be read: not well formed, over a limit, or not the
// document that it should be.
type SyntaxError struct {
	File string // as given to the function that parses; of Parts, the file of the source
	Pos  diag.Position
	Err  error
}

// Error returns "file:line:column: cause".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %v", diag.Location{File: e.File, Start: e.Pos}, e.Err)
}

// Unwrap returns the cause.
func (e *SyntaxError) Unwrap() error { return e.Err }

// places tells where bytes of a document stand in its source.
type places func(start, end int) diag.Location

// placesIn are those of a document that is a whole file.
func placesIn(file string, src []byte) places {
	lines := sync.OnceValue(func() *diag.Lines { return diag.NewLines(src) })
	return func(start, end int) diag.Location { return lines().Span(file, start, end) }
}

// placesOf are those of a part.
func placesOf(p Parts, part string) places {
	return func(start, end int) diag.Location { return Span(p, part, start, end) }
}

func syntaxError(at places, offset int, err error) *SyntaxError {
	place := at(offset, offset)
	return &SyntaxError{File: place.File, Pos: place.Start, Err: err}
}

// ErrLimit says that the input is larger, deeper or made of more pieces than what is read may be. A [SyntaxError] wraps it where
// the file may be well formed.
var ErrLimit = errors.New("over the limit")

// scanError turns an error of the scanner into one with a place.
func scanError(at places, err error) *SyntaxError {
	var x *xmlspan.SyntaxError
	offset := 0
	if errors.As(err, &x) {
		offset = x.Offset
		if x.Limit {
			err = fmt.Errorf("%w: %w", ErrLimit, err)
		}
	}
	return syntaxError(at, offset, err)
}
