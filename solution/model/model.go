package model

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"sync"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// maxDepth is how many levels of elements are reached.
const maxDepth = 500

// A Model is a solution as typed values. It is immutable and safe for concurrent use.
type Model struct {
	parts      solution.Parts
	manifest   *solution.Manifest
	custom     *source // customizations.xml, nil if there is none
	components []entry
	byKey      map[solution.Key]int
	nested     map[int][]int  // components by owner
	starts     map[int32]bool // nodes of customizations.xml that are components
	found      diag.List
	files      func() *files
	roots      func() map[solution.Key]solution.RootComponent
	byElement  func() map[Element]int
	below      func() map[string][]int // components by the folder of the one whose folder theirs is in
	byBot      func() map[string][]int // components of agents by the agent
	lookups    func() map[lookupOf][]string
	byTable    func() map[string][]Relationship
	// variableValues are the values of section EnvironmentVariables by folded schema name.
	variableValues func() (map[string]Value, error)
	formulas       func() (*formulaIndex, error)
}

// An entry is what is known of a component without reading in it.
type entry struct {
	key     solution.Key
	owner   int // place of the component that it is nested in, noOwner if there is none
	name    string
	id      solution.GUID
	element Element
	dir     string // of a component that is a folder
}

const noOwner = -1

// Read makes the model of a solution. A part that holds a component and cannot be read as XML is a finding, and the rest is
// read.
//
// The error is a part that cannot be read at all, or a manifest or customizations.xml that is none. Either may be absent.
func Read(p solution.Parts) (*Model, error) { return read(p, nil) }

func read(p solution.Parts, t *trace) (*Model, error) {
	m := &Model{parts: p, starts: map[int32]bool{}, byKey: map[solution.Key]int{}, nested: map[int][]int{}}
	var err error
	if m.manifest, err = solution.ReadManifest(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read model: %w", err)
	}
	custom, err := solution.ReadCustomizations(solution.Shared(p))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read model: %w", err)
	}
	if custom != nil {
		m.elements(custom, t)
	}
	if err := m.folders(t); err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	for i := range m.components {
		m.index(i)
	}
	m.files = sync.OnceValue(m.findFiles)
	m.roots = sync.OnceValue(m.findRoots)
	m.below = sync.OnceValue(m.findBelow)
	m.byBot = sync.OnceValue(m.findByBot)
	m.lookups = sync.OnceValue(m.findLookups)
	m.byTable = sync.OnceValue(m.findByTable)
	m.variableValues = sync.OnceValues(m.readSectionValues)
	m.formulas = sync.OnceValues(m.readFormulas)
	m.byElement = sync.OnceValue(func() map[Element]int {
		at := make(map[Element]int, len(m.components))
		for i := range m.components {
			at[m.components[i].element] = i
		}
		return at
	})
	return m, nil
}

// elements adds the components of customizations.xml.
func (m *Model) elements(custom *solution.Customizations, t *trace) {
	doc := custom.Table()
	m.custom = &source{parts: m.parts, part: solution.CustomizationsFile, doc: doc, trace: t}
	m.components = make([]entry, 0, custom.Len())
	node := 1      // nodes and components are both in the order of the file
	var open []int // the components that the element is in
	for x := range custom.Elements() {
		for int(doc.Nodes[node].Start) < x.Start {
			node++
		}
		for len(open) > 0 && m.end(open[len(open)-1]) <= x.Start {
			open = open[:len(open)-1]
		}
		owner := m.ownerIn(open, x.Owner)
		m.starts[int32(node)] = true
		open = append(open, len(m.components))
		m.components = append(m.components, entry{key: x.Key, owner: owner, name: x.Name, id: x.ID, element: m.custom.element(int32(node))})
	}
}

// end returns where the element of a component ends.
func (m *Model) end(i int) int {
	_, end := m.components[i].element.Span()
	return end
}

// ownerIn returns the place of the innermost of the open components that has the key. Keys alone do not tell, as several may have
// one: each then owns what is in it and no more.
func (m *Model) ownerIn(open []int, owner solution.Key) int {
	if !owner.IsZero() {
		for _, i := range slices.Backward(open) {
			if m.components[i].key == owner {
				return i
			}
		}
	}
	return noOwner
}

func (m *Model) index(i int) {
	x := &m.components[i]
	for _, k := range []solution.Key{x.key, solution.IDKey(x.key.Type(), x.id), x.key.WithID(solution.GUID{})} {
		if _, ok := m.byKey[k]; !ok && k.HasName() {
			m.byKey[k] = i
		}
	}
	if x.owner != noOwner {
		m.nested[x.owner] = append(m.nested[x.owner], i)
	}
}

func (m *Model) syntaxError(part string, offset int, err error) error {
	at := m.parts.Locate(part, offset)
	return &solution.SyntaxError{File: at.File, Pos: at.Start, Err: err}
}

func xmlOffset(err error) int {
	var x *xmlspan.SyntaxError
	if errors.As(err, &x) {
		return x.Offset
	}
	return 0
}

// Parts returns what the model was made of.
func (m *Model) Parts() solution.Parts { return m.parts }

// Manifest returns the manifest, nil if there is none.
func (m *Model) Manifest() *solution.Manifest { return m.manifest }

// Root returns the root of customizations.xml, whose children are the sections; none if there is no such file.
func (m *Model) Root() Element {
	if m.custom == nil {
		return Element{}
	}
	return m.custom.element(m.custom.doc.Root())
}

// Document reads a part that is XML and returns its root. The error is that of reading the part, or a [*solution.SyntaxError].
func (m *Model) Document(part string) (Element, error) {
	s, err := m.document(part, nil)
	if err != nil {
		return Element{}, err
	}
	return s.element(s.doc.Root()), nil
}

func (m *Model) document(part string, t *trace) (*source, error) {
	src, err := m.parts.ReadPart(part)
	if err != nil {
		return nil, err
	}
	if src, err = xmlspan.AsUTF8(src); err != nil {
		return nil, m.syntaxError(part, xmlOffset(err), err)
	}
	doc, err := xmlspan.Parse(src, maxDepth, nil)
	if err != nil {
		return nil, m.syntaxError(part, xmlOffset(err), err)
	}
	return &source{parts: m.parts, part: part, doc: doc, trace: t}, nil
}

// Components returns all components: those of customizations.xml in the order of the file, an owner before what is nested in
// it, then those that have files of their own, by the name of the file.
func (m *Model) Components() iter.Seq[Component] {
	return func(yield func(Component) bool) {
		for i := range m.components {
			if !yield(Component{m, i}) {
				return
			}
		}
	}
}

// OfType returns the components of a type in the order of Components.
func (m *Model) OfType(t solution.ComponentType) iter.Seq[Component] {
	return func(yield func(Component) bool) {
		for i := range m.components {
			if m.components[i].key.Type() == t && !yield(Component{m, i}) {
				return
			}
		}
	}
}

// Component returns the component of a key: by its GUID if k has one and it is found, else by name and owner. Of several with
// one key it is the first.
func (m *Model) Component(k solution.Key) (Component, bool) {
	for _, l := range []solution.Key{solution.IDKey(k.Type(), k.ID()), k, solution.NewKey(k.Type(), k.Parent(), k.Name(), solution.GUID{})} {
		if i, ok := m.byKey[l]; ok && l.HasName() {
			return Component{m, i}, true
		}
	}
	return Component{}, false
}

// ComponentOf returns the component that an element describes; false if it is only a part of one, or of none.
func (m *Model) ComponentOf(e Element) (Component, bool) {
	i, ok := m.byElement()[e]
	if !ok {
		return Component{}, false
	}
	return Component{m, i}, true
}

// Diagnostics returns the parts of components that could not be read, sorted.
func (m *Model) Diagnostics() diag.List { return slices.Clone(m.found) }

// views returns the components of a type as views.
func views[V any](m *Model, t solution.ComponentType, view func(Component) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for c := range m.OfType(t) {
			if !yield(view(c)) {
				return
			}
		}
	}
}

// nestedViews returns the components of a type that are in c as views.
func nestedViews[V any](c Component, t solution.ComponentType, view func(Component) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for n := range c.Nested() {
			if n.Type() == t && !yield(view(n)) {
				return
			}
		}
	}
}

// lookup returns the component of a key as a view.
func lookup[V any](m *Model, k solution.Key, view func(Component) V) (V, bool) {
	c, ok := m.Component(k)
	if !ok {
		var none V
		return none, false
	}
	return view(c), true
}
