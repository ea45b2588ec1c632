package packager

import (
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// roots compares the RootComponents of the manifest with the components of the tree.
type roots struct {
	source *source
	list   []rootComponent
	listed map[rootKey]bool
	seen   map[rootKey]bool
	files  map[rootKey]string // the file of the component that has the key first
}

type rootKey struct {
	kind solution.ComponentType
	key  string // folded, GUIDs without braces
}

type rootComponent struct {
	node       int32
	code       int
	kind       solution.ComponentType
	schemaName string
	id         string
}

func normalKey(key string) string { return fold(strings.Trim(key, "{}")) }

func readRoots(s *source) *roots {
	r := &roots{source: s, listed: map[rootKey]bool{}, seen: map[rootKey]bool{}, files: map[rootKey]string{}}
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
		root := rootComponent{node: c, code: code, kind: solution.TypeOfCode(code), schemaName: attr(d, c, "schemaName"), id: attr(d, c, "id")}
		r.list = append(r.list, root)
		for _, key := range root.keys() {
			r.listed[rootKey{root.kind, normalKey(key)}] = true
		}
	}
	return r
}

func (c rootComponent) keys() []string {
	var keys []string
	if c.schemaName != "" {
		keys = append(keys, c.schemaName)
	}
	if c.id != "" {
		keys = append(keys, c.id)
	}
	if len(keys) == 0 {
		keys = append(keys, "")
	}
	return keys
}

// have says that the tree holds a component with these keys.
func (r *roots) have(kind solution.ComponentType, keys ...string) {
	for _, key := range keys {
		r.seen[rootKey{kind, normalKey(key)}] = true
	}
}

// component says that the tree holds a component, and that it should be listed if its kind is checked.
func (r *roots) component(p *packing, row *layout, s *source, i int32, keys ...string) {
	if row.root == "" || len(keys) == 0 {
		return
	}
	r.have(row.root, keys...)
	first := rootKey{row.root, normalKey(keys[0])}
	if other, ok := r.files[first]; ok && other != s.name {
		p.note(s.finding(ruleDuplicateKey, i, "%s has the key %q, as the one in %s has: remove one", s.doc.Name(i), keys[0], other))
	}
	r.files[first] = s.name
	if !row.checked {
		return
	}
	for _, key := range keys {
		if r.listed[rootKey{row.root, normalKey(key)}] {
			return
		}
	}
	element := row.element
	if element == "" {
		element = row.section
	}
	code, _ := row.root.Code()
	p.note(s.finding(ruleNoRoot, i, "%s %q is not in RootComponents: add <RootComponent type=\"%d\" ... /> to %s", element, keys[0], code, otherSolution))
}

// rawFile says that the tree holds a file of a raw folder.
func (r *roots) rawFile(row *rawLayout, name string) {
	if segments := strings.Split(name, "/"); row != nil && row.root != "" && len(segments) > 1 {
		r.have(row.root, segments[1])
	}
}

// isRootType reports whether the tree would hold the components of a type, by what the tables know.
func isRootType(kind solution.ComponentType) bool {
	return slices.ContainsFunc(layouts, func(l layout) bool { return l.root == kind }) ||
		slices.ContainsFunc(entityParts, func(q part) bool { return q.root == kind })
}

// check tells of root components that the tree does not hold, as far as it can know.
func (r *roots) check(p *packing) {
	for _, c := range r.list {
		if !isRootType(c.kind) {
			continue
		}
		found := false
		for _, key := range c.keys() {
			found = found || r.seen[rootKey{c.kind, normalKey(key)}]
		}
		if !found {
			p.note(r.source.finding(ruleNoComponent, c.node, "root component of type %d, %q, is not in the tree", c.code, strings.Join(c.keys(), " ")))
		}
	}
	for _, d := range p.tree.manifest.Check() {
		if d.Severity == diag.Error && strings.HasPrefix(d.Rule, "solution/root-") {
			d.Location.File = otherSolution
			p.note(d)
		}
	}
}
