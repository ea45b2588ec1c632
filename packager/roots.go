package packager

import (
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// roots compares the RootComponents of the manifest with the components of the tree.
type roots struct {
	source *source
	list   []rootComponent
	listed map[rootKey]bool
	seen   map[rootKey]bool
}

type rootKey struct {
	kind int
	key  string // folded, GUIDs without braces
}

type rootComponent struct {
	node       int32
	kind       int
	schemaName string
	id         string
}

func normalKey(key string) string { return fold(strings.Trim(key, "{}")) }

func readRoots(s *source) *roots {
	r := &roots{source: s, listed: map[rootKey]bool{}, seen: map[rootKey]bool{}}
	if s == nil {
		return r
	}
	d := s.doc
	list := d.At(d.Root(), "SolutionManifest", "RootComponents")
	if list == xmlspan.None {
		return r
	}
	for c := range d.Elements(list) {
		kind, err := strconv.Atoi(strings.TrimSpace(attr(d, c, "type")))
		if err != nil {
			continue // solution.Manifest.Check reports it
		}
		root := rootComponent{node: c, kind: kind, schemaName: attr(d, c, "schemaName"), id: attr(d, c, "id")}
		r.list = append(r.list, root)
		for _, key := range root.keys() {
			r.listed[rootKey{kind, normalKey(key)}] = true
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
func (r *roots) have(kind int, keys ...string) {
	for _, key := range keys {
		r.seen[rootKey{kind, normalKey(key)}] = true
	}
}

// component says that the tree holds a component, and that it should be listed if its kind is checked.
func (r *roots) component(p *packing, row *layout, s *source, i int32, keys ...string) {
	if row.root == 0 || len(keys) == 0 {
		return
	}
	r.have(row.root, keys...)
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
	p.note(s.finding(ruleNoRoot, i, "%s %q is not in RootComponents: add <RootComponent type=\"%d\" ... /> to %s", element, keys[0], row.root, otherSolution))
}

// rawFile knows the few components that are files of their own and can be root components.
func (r *roots) rawFile(name string) {
	segments := strings.Split(name, "/")
	if len(segments) > 1 && strings.EqualFold(segments[0], "environmentvariabledefinitions") {
		r.have(380, segments[1])
	}
}

// check tells of root components that the tree does not hold, as far as it can know.
func (r *roots) check(p *packing) {
	known := map[int]bool{26: true, 59: true}
	for i := range layouts {
		known[layouts[i].root] = true
	}
	for _, c := range r.list {
		if !known[c.kind] {
			continue
		}
		found := false
		for _, key := range c.keys() {
			found = found || r.seen[rootKey{c.kind, normalKey(key)}]
		}
		if !found {
			p.note(r.source.finding(ruleNoComponent, c.node, "root component of type %d, %q, is not in the tree", c.kind, strings.Join(c.keys(), " ")))
		}
	}
	for _, d := range p.tree.manifest.Check() {
		if d.Severity == diag.Error && strings.HasPrefix(d.Rule, "solution/root-") {
			d.Location.File = otherSolution
			p.note(d)
		}
	}
}

// controlName returns the name that the manifest of a custom control gives it: tools that build controls
// write another one into customizations.xml.
func (p *packing) controlName(row *layout, file string) []string {
	manifest := p.files[fold(strings.TrimSuffix(file, dataXML))]
	if !row.owns || manifest == nil {
		return nil
	}
	data, err := manifest.read()
	if err != nil {
		return nil // reported when it is packed
	}
	doc, err := parseXML(data, manifest.path, 1, p.tree.limits)
	if err != nil {
		return nil // a payload, whatever is in it
	}
	control := doc.Child(doc.Root(), "control")
	if control == xmlspan.None {
		return nil
	}
	return []string{attr(doc, control, "namespace") + "." + attr(doc, control, "constructor")}
}
