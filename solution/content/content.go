package content

import (
	"fmt"
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Content is what one solution holds and refers to. It is immutable and safe for concurrent use.
type Content struct {
	manifest   *solution.Manifest
	components []Component
	references references
	calls      []Call
	unread     diag.List
	found      diag.List
	index      map[solution.Key]int
}

// A Component is something that a solution holds. It is a plain value.
type Component struct {
	Key solution.Key
	// Alternates are other keys that references use: the GUID of a web resource, the set name of a table.
	Alternates  []solution.Key
	Owner       solution.Key // what it is a part of; zero if nothing
	DisplayName string       // empty if it has none
	DataType    string       // of a column, as written ("nvarchar"); empty for all others
	Draft       bool         // a process that is switched off in the package
	Location    diag.Location
	Root        *solution.RootComponent // what the manifest says; nil if it does not list it
	// Parts are the parts that belong to the component besides its element in customizations.xml, sorted: those that the element
	// names, all files of a component that is a folder but those of another one in it, and the file that holds a link. A part can
	// belong to several. The parts of what is in the component (Owner) are not in it.
	Parts []string
}

// A Resolution says where the target of a reference is.
type Resolution uint8

// The resolutions.
const (
	None      Resolution = iota // nowhere that is known
	InPackage                   // in the same solution
	InBatch                     // in another solution that was joined
	Declared                    // the manifest lists it as a missing dependency
	InBase                      // part of the platform
	Unknown                     // an expression, which only a run can resolve, or the GUID of zeros, which names nothing
)

var resolutions = [...]string{"none", "package", "batch", "missing-dependency", "base", "unknown"}

// String returns "none", "package", "batch", "missing-dependency", "base" or "unknown".
func (r Resolution) String() string {
	if int(r) < len(resolutions) {
		return resolutions[r]
	}
	return fmt.Sprintf("Resolution(%d)", uint8(r))
}

// MarshalText implements encoding.TextMarshaler.
func (r Resolution) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// A Reference is one place where a component names another. It is a plain value.
type Reference struct {
	From, To solution.Key
	Edge     Edge
	Text     string // the target as written
	// Tracked says that the manifest lists the target as a missing dependency, as it does for what the platform
	// tracks and the package does not hold.
	Tracked  bool
	Resolved Resolution
	Location diag.Location // Path is a JSON Pointer or a path of elements
}

// Options change how a solution is read. The zero value is usable, as is nil. They are not changed.
type Options struct {
	Base *Base // what the platform has; nil: [BuiltinBase]
}

// Read reads a solution. Only parts that can hold components or references are read. A part that is not what it should be is a
// finding, and the rest is read.
//
// The error is a part that cannot be read, or a manifest or customizations.xml that is none. Either may be absent.
func Read(p solution.Parts, opts *Options) (*Content, error) {
	return newReader(p).read(opts)
}

// ReadWithSet reads a solution, and its [connref.Set] in the same pass over its parts: it gives what Read and [connref.Read] do, for less.
func ReadWithSet(p solution.Parts, opts *Options) (*Content, *connref.Set, error) {
	r := newReader(p)
	var err error
	if r.beside, err = connref.Begin(r.parts); err != nil {
		return nil, nil, fmt.Errorf("read solution: %w", err)
	}
	c, err := r.read(opts)
	if err != nil {
		return nil, nil, err
	}
	return c, r.beside.Set(), nil
}

func (r *reader) read(opts *Options) (*Content, error) {
	if err := r.run(); err != nil {
		return nil, fmt.Errorf("read solution: %w", err)
	}
	base := BuiltinBase()
	if opts != nil && opts.Base != nil {
		base = opts.Base
	}
	return r.finish(base), nil
}

// Manifest returns the manifest, nil if there is none.
func (c *Content) Manifest() *solution.Manifest { return c.manifest }

// Name returns the unique name of the solution, empty if it has no manifest.
func (c *Content) Name() string {
	if c.manifest == nil {
		return ""
	}
	return c.manifest.UniqueName()
}

// Components returns the components, sorted by type, owner and name.
func (c *Content) Components() iter.Seq[Component] { return slices.Values(c.components) }

// References returns the references in the order of [Edges], then of their ends.
func (c *Content) References() iter.Seq[Reference] {
	return func(yield func(Reference) bool) {
		for i := range c.references.list {
			if !yield(c.references.at(i)) {
				return
			}
		}
	}
}

// Reference returns the i-th of References.
func (c *Content) Reference(i int) Reference { return c.references.at(i) }

// Diagnostics returns the parts that could not be read and references that are certain not to work, sorted.
func (c *Content) Diagnostics() diag.List { return slices.Clone(c.found) }

// Component returns the component of a key, which may be one of its alternates.
func (c *Content) Component(k solution.Key) (Component, bool) {
	for l := range lookupKeys(k) {
		if i, ok := c.index[l]; ok {
			return c.components[i], true
		}
	}
	return Component{}, false
}
