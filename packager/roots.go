package packager

import (
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// roots compares the RootComponents of the manifest with the components of the tree.
type roots struct {
	source *source
	list   []rootComponent
	listed map[solution.ComponentType]map[string]int // by the keys folded, GUIDs without braces: one more than an index in seen
	seen   []bool                                    // the tree holds a component with the key
	// elsewhere are the keys of components whose place the tables do not tell; nil as long as nobody asked.
	elsewhere map[string]bool
}

type rootComponent struct {
	node       int32
	code       int
	kind       solution.ComponentType
	schemaName string
	id         string
	parentID   string
}

func normalKey(key string) string { return fold(bareKey(key)) }

// bareKey is a GUID without braces, and any other key as it is.
func bareKey(key string) string { return strings.Trim(key, "{}") }

func readRoots(s *source) *roots {
	r := &roots{source: s, listed: map[solution.ComponentType]map[string]int{}}
	if s == nil {
		return r
	}
	d := s.doc
	list := d.At(d.Root(), "SolutionManifest", "RootComponents")
	if list == xmlspan.None {
		return r
	}
	for c := range d.Elements(list) {
		code, err := strconv.Atoi(strings.TrimSpace(attr(d, c, "type")))
		if err != nil {
			continue // solution.Manifest.Check reports it
		}
		root := rootComponent{node: c, code: code, kind: solution.TypeOfCode(code), schemaName: attr(d, c, "schemaName"), id: attr(d, c, "id"), parentID: attr(d, c, "parentId")}
		r.list = append(r.list, root)
		for _, key := range root.keys() {
			r.add(root.kind, key)
		}
	}
	return r
}

func (r *roots) add(kind solution.ComponentType, key string) {
	keys := r.listed[kind]
	if keys == nil {
		keys = map[string]int{}
		r.listed[kind] = keys
	}
	if at(keys, bareKey(key)) == 0 {
		r.seen = append(r.seen, false)
		keys[normalKey(key)] = len(r.seen)
	}
}

func (c *rootComponent) keys() []string {
	keys := make([]string, 0, 2)
	if c.schemaName != "" {
		keys = append(keys, c.schemaName)
	}
	if c.id != "" {
		keys = append(keys, c.id)
	}
	if len(keys) == 0 {
		keys = append(keys, c.parentID) // manifests of version 7 list roles so
	}
	return keys
}

// have says that the tree holds a component with these keys.
func (r *roots) have(kind solution.ComponentType, keys ...string) {
	for _, key := range keys {
		if i := at(r.listed[kind], bareKey(key)); i > 0 {
			r.seen[i-1] = true
		}
	}
}

// lists reports whether a component is among the root components.
func (r *roots) lists(kind solution.ComponentType, keys []string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return at(r.listed[kind], bareKey(key)) > 0 })
}

// component says that the tree holds a component, and that it should be listed if its kind is checked.
func (r *roots) component(p *packing, row *layout, s *source, i int32, keys ...string) {
	if row.root == "" || len(keys) == 0 {
		return
	}
	r.have(row.root, keys...)
	p.converted(row, s, i, keys)
	if !row.checked || row.exempt != nil && row.exempt(s.doc, i) {
		return
	}
	if r.lists(row.root, keys) {
		return
	}
	element := row.element
	if element == "" {
		element = s.doc.Name(i)
	}
	code, _ := row.root.Code()
	p.found.at(s, ruleNoRoot, i, "%s %q is not in RootComponents: add <RootComponent type=\"%d\" ... /> to %s", element, keys[0], code, otherSolution)
}

// rawFile says that the tree holds a file of a raw folder.
func (r *roots) rawFile(row *rawLayout, name string) {
	if segments := strings.Split(name, "/"); row != nil && row.root != "" && len(segments) > 1 {
		r.have(row.root, segments[1])
	}
}

// isRootType reports whether the tables know where the components of a type are.
func isRootType(kind solution.ComponentType) bool {
	return slices.ContainsFunc(layouts, func(l layout) bool { return l.root == kind }) ||
		slices.ContainsFunc(entityParts[:], func(q part) bool { return q.root == kind })
}

// finds reports whether the tree holds a root component.
func (r *roots) finds(p *packing, c rootComponent) bool {
	for _, key := range c.keys() {
		if r.seen[at(r.listed[c.kind], bareKey(key))-1] {
			return true
		}
	}
	if isRootType(c.kind) {
		return false
	}
	if r.elsewhere == nil {
		r.elsewhere = p.allNames()
	}
	for _, key := range c.keys() {
		if r.elsewhere[normalKey(key)] {
			return true
		}
	}
	return false
}

// seeksNames reports whether there may be root components of which the tables do not tell the place.
func (r *roots) seeksNames() bool {
	return slices.ContainsFunc(r.list, func(c rootComponent) bool { return !isRootType(c.kind) })
}

// allNames returns the names and ids of all that the tables do not tell the place of: of the components of customizations.xml,
// which sections without a row of their own and those that stay have, and of files in raw folders, whose path or root
// element names the component. All are in the form of normalKey.
func (p *packing) allNames() map[string]bool {
	names := map[string]bool{}
	for _, x := range p.elements() {
		names[normalKey(x.Name)], names[normalKey(x.Key.Name())], names[normalKey(x.ID.String())] = true, true, true
	}
	for _, e := range p.entries {
		if e.file == nil || !strings.Contains(e.name, "/") {
			continue
		}
		for segment := range strings.SplitSeq(e.name, "/") {
			names[normalKey(segment)] = true
		}
		if !isXML(e.name) {
			continue
		}
		data, err := e.file.read()
		if err != nil {
			continue // it is told where it is packed
		}
		if doc, err := parseXML(data, e.file.path, 0, p.tree.limits); err == nil {
			for _, value := range doc.Attrs(doc.Root()) {
				names[normalKey(value)] = true
			}
		}
	}
	delete(names, "")
	return names
}

// check tells of root components that the tree does not hold.
func (r *roots) check(p *packing) {
	for _, c := range r.list {
		if !r.finds(p, c) {
			p.found.at(r.source, ruleNoComponent, c.node, "root component of type %d, %q, is not in the tree", c.code, strings.Join(c.keys(), " "))
		}
	}
	for _, d := range p.tree.manifest.Check() {
		d.Location.File = otherSolution
		p.note(d)
	}
}
