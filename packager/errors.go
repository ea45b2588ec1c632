package packager

import (
	"errors"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
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

// Limits bounds what is read. A zero field means its default. What is over a limit is an error that wraps [ErrLimit], says which
// limit it is, and names the entry, the file or the place in the XML.
//
// The defaults are chosen so that reading, unpacking and packing need less than 2 GiB of memory whatever the XML is, besides files
// that are copied. Of the worst shapes that were measured, reading, unpacking, and both unpacking and packing at once took six times the
// bytes of the XML, and up to eleven times those of UTF-16 that becomes longer as UTF-8; what real solutions hold is well below all limits, and their largest XML has 29 MB.
type Limits struct {
	// Files is how many entries a zip has, folders included, and how many files a tree has; default 100,000. The directory of the zip
	// has at most 512 bytes for each, and 1 MiB.
	Files int
	// FileBytes is the size in bytes of one entry, inflated, or of one file of a tree; default 1 GiB. Files that are not XML are
	// copied one at a time.
	FileBytes int64
	// TotalBytes is the size in bytes of all of them; default 4 GiB.
	TotalBytes int64
	// XMLBytes is the size in bytes of one XML file that is read: solution.xml, customizations.xml, [Content_Types].xml, and the
	// files of a tree that are joined to these; default 128 MiB. It is the size as stored: UTF-16 counts two bytes a character.
	XMLBytes int64
	// Nodes is how many elements, texts, comments and processing instructions one XML file has; default 65,536 and one more for
	// every 24 bytes of the file. Other/Rescued.xml may have twice as many. Packages that read parts (solution, content, connref,
	// plan) hold to the default, and have limits of their own for sections, components and references, which their documents tell.
	// Those for components (16,384, and one more for every 512 bytes, in a section that is split) and for elements that are kept in
	// Other/Rescued.xml (16,384) hold here too, and have no field: more is no solution.
	Nodes int
	// Name is the length in bytes of the name of an XML element or attribute; default 512, to which packages that read parts hold.
	Name int
	// Depth is how many XML elements are open at one time; default 512, to which packages that read parts hold.
	Depth int
	// PathBytes is the length in bytes of the name of an entry, or of the path of a file of a tree; default 1,024. A segment that
	// is longer than the 255 bytes that every file system takes is no error: its file is kept elsewhere, see the package comment.
	PathBytes int
	// PathDepth is how many folders there are in it, one inside the other; default 64.
	PathDepth int
}

// xml are the limits of one XML file.
func (l Limits) xml() *xmlspan.Limits {
	return &xmlspan.Limits{Depth: l.Depth, Nodes: l.Nodes, Name: l.Name}
}

// xmlSize says why a file of size bytes can't be read as XML, nil if it can.
func (l Limits) xmlSize(size int64) error {
	if size > l.XMLBytes {
		return fmt.Errorf("XML of %d bytes: %w of %d: raise Limits.XMLBytes if there is the memory for it", size, ErrLimit, l.XMLBytes)
	}
	return nil
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
	if out.XMLBytes <= 0 {
		out.XMLBytes = 128 << 20
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
