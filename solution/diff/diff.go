package diff

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// An Op says what happened to a component or property.
type Op uint8

// The operations.
const (
	Changed Op = iota
	Added
	Removed
	Moved // the order changed
)

var opNames = [...]string{"changed", "added", "removed", "moved"}

// String returns "changed", "added", "removed" or "moved".
func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return fmt.Sprintf("Op(%d)", uint8(o))
}

// MarshalText implements encoding.TextMarshaler.
func (o Op) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Op) UnmarshalText(text []byte) error {
	i := slices.Index(opNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("operation %q is not known: use %s", text, strings.Join(opNames[:], ", "))
	}
	*o = Op(i)
	return nil
}

// A Header is what a solution calls itself.
type Header struct {
	UniqueName string        `json:"uniqueName"`
	Version    string        `json:"version"` // as written
	Kind       solution.Kind `json:"kind"`
}

// A Comparison is what changed between two solutions. It is a plain value, which may be read by many goroutines at once.
type Comparison struct {
	Old, New   Header
	Components []Component // sorted by type, owner and name; those with noise alone too
	Uniform    []Uniform
	// Diagnostics are the parts that could not be read as what they are, and were compared as bytes.
	Diagnostics diag.List
}

// A Component is one that came, went or changed. Pieces that are no component have a type of this package: "solution" for
// the manifest, "customizations" for what stands around the components, "file" for files that belong to none.
type Component struct {
	Op       Op
	Key      solution.Key
	Owner    solution.Key // zero if it is nested in nothing
	Name     string       // as written
	Title    string       // the display name in the base language; empty if it is Name
	Old, New diag.Location
	Impact   connector.Impact // the worst of what is in it
	Reason   string           // of an added or removed one
	// Properties are what changed in a component that both sides have, in the order of the new side.
	Properties []Property
}

// A Property is one difference inside a component.
type Property struct {
	Op Op
	// Path are the names of elements and members below the component, with keys in brackets: `options/option[3 "Sent"]/@Color`,
	// "Order.json#/definition/actions/Send/type".
	Path     string
	Old, New string // the texts; of several elements, the XML or JSON, or what is there in short
	OldAt    diag.Location
	NewAt    diag.Location // of one that is absent on a side, the place of what would hold it
	Impact   connector.Impact
	Reason   string
	Noise    string // the id of the row of [NoiseRules]; empty if it is none

	judged bool // its impact comes from connector.Compare
}

// A Uniform is one change that nearly all components of a type have: what an upgrade of the platform does.
type Uniform struct {
	Type     solution.ComponentType
	Op       Op
	Path     string
	Old, New string
	Count    int // components that have it
	Of       int // components of that type on both sides
}

// Options change how solutions are compared. The zero value is usable, as is nil.
type Options struct {
	// LineEnds says that text files which differ in nothing but CR LF and LF are different.
	LineEnds bool
}

// Compare returns what changed from old to new. The error is one of [model.Read] or of reading a part.
func Compare(old, new solution.Parts, opts *Options) (*Comparison, error) {
	a, err := model.Read(old)
	if err != nil {
		return nil, fmt.Errorf("compare: old: %w", err)
	}
	b, err := model.Read(new)
	if err != nil {
		return nil, fmt.Errorf("compare: new: %w", err)
	}
	return CompareModels(a, b, opts)
}

// CompareModels is Compare for solutions that were read already.
func CompareModels(old, new *model.Model, opts *Options) (*Comparison, error) {
	if opts == nil {
		opts = &Options{}
	}
	c := &comparer{old: old, new: new, opts: opts, out: &Comparison{Old: header(old), New: header(new)}}
	if err := c.run(); err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	return c.out, nil
}

func header(m *model.Model) Header {
	if m.Manifest() == nil {
		return Header{}
	}
	return Header{m.Manifest().UniqueName(), m.Manifest().VersionText(), m.Manifest().Kind()}
}

// Equal reports whether nothing changed but what is noise.
func (c *Comparison) Equal() bool {
	for range c.Changes() {
		return false
	}
	return len(c.Uniform) == 0
}

// Changes returns the components that changed, each without its noise; those with noise alone are left out.
func (c *Comparison) Changes() iter.Seq[Component] {
	return func(yield func(Component) bool) {
		for _, x := range c.Components {
			if x.Op == Changed {
				x.Properties = slices.DeleteFunc(slices.Clone(x.Properties), func(p Property) bool { return p.Noise != "" })
				if len(x.Properties) == 0 {
					continue
				}
			}
			if !yield(x) {
				return
			}
		}
	}
}

// Noise returns the components with what is noise in them, each with that alone.
func (c *Comparison) Noise() iter.Seq[Component] {
	return func(yield func(Component) bool) {
		for _, x := range c.Components {
			x.Properties = slices.DeleteFunc(slices.Clone(x.Properties), func(p Property) bool { return p.Noise == "" })
			if len(x.Properties) > 0 && !yield(x) {
				return
			}
		}
	}
}
