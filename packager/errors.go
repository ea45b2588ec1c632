package packager

import (
	"errors"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// What an [Error] wraps where no more special error says it.
var (
	// ErrFormat says that the input is not a solution zip or a source tree of one.
	ErrFormat = errors.New("not a valid solution")
	// ErrInsecurePath says that a name would leave the folder it is put in.
	ErrInsecurePath = errors.New("insecure path")
	// ErrLimit says that the input is larger than its [Limits] allow. It is [solution.ErrLimit].
	ErrLimit = solution.ErrLimit
	// ErrKind says that a package was asked for in another kind than its source has.
	ErrKind = errors.New("package kind does not match")
)

// Error is the error of this package: what could not be done, and to which entry of a zip or file of
// a tree. Err is one of the Err variables, a [*solution.SyntaxError], a [*diag.FailedError], or an error of
// the zip or the file system, wrapped with what to do about it.
type Error struct {
	Op   string // "open", "unpack", "load", "pack", "split", ...
	Path string // entry or file; empty if the error is about the whole
	Err  error
}

// Error returns "op: path: err", without a path that is empty.
func (e *Error) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("%s: %v", e.Op, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.Op, e.Path, e.Err)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

func errorf(op, path, format string, args ...any) error {
	return &Error{Op: op, Path: path, Err: fmt.Errorf(format, args...)}
}

// Limits bounds what is read. A zero field means its default.
type Limits struct {
	Files      int   // entries of a zip or files of a tree; default 100,000
	FileBytes  int64 // inflated size of one entry or file; default 1 GiB
	TotalBytes int64 // inflated size of all of them; default 4 GiB
	Depth      int   // nesting of XML elements; default 512
	PathBytes  int   // length of the name of an entry, or of the path of a file; default 1,024
	PathDepth  int   // folders in it, one inside the other; default 64
}

func (l *Limits) withDefaults() Limits {
	var out Limits
	if l != nil {
		out = *l
	}
	if out.Files <= 0 {
		out.Files = 100_000
	}
	if out.FileBytes <= 0 {
		out.FileBytes = 1 << 30
	}
	if out.TotalBytes <= 0 {
		out.TotalBytes = 4 << 30
	}
	if out.Depth <= 0 {
		out.Depth = 512
	}
	if out.PathBytes <= 0 {
		out.PathBytes = maxPath
	}
	if out.PathDepth <= 0 {
		out.PathDepth = maxPathDepth
	}
	return out
}

// path says why a name of an entry or a path of a file is over the limits, nil if it is not.
func (l Limits) path(name string) error {
	switch {
	case len(name) > l.PathBytes:
		return fmt.Errorf("a name of %d bytes: %w of %d", len(name), ErrLimit, l.PathBytes)
	case strings.Count(strings.ReplaceAll(name, `\`, "/"), "/") > l.PathDepth:
		return fmt.Errorf("%d folders, one inside the other: %w of %d", strings.Count(strings.ReplaceAll(name, `\`, "/"), "/"), ErrLimit, l.PathDepth)
	}
	return nil
}

// shortened is a name for messages.
func shortened(name string) string {
	if len(name) <= 200 {
		return name
	}
	return strings.ToValidUTF8(name[:100], "") + "..." + strings.ToValidUTF8(name[len(name)-50:], "")
}
