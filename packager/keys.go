package packager

import (
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// No two components of a package may have one key. What the key is, the catalogue of package solution says for all that has
// a path in customizations.xml, columns and forms included; the table of layouts for components whose element has another
// name; and the root of its file for a component that is a file of its own.

// A keyHolder is the first component that has a key.
type keyHolder struct {
	element int     // index in the customizations
	file    *source // of a component that is a file of its own, else nil
	node    int32
	sure    bool // see [pieceKey]
}

// A repeated is a key that two components have.
type repeated struct {
	what, key   string // the name of the element, and the key for people
	first, next keyHolder
}

// keys tells of keys that two components have. Nearly no package has such, so an index is made only of one that may.
func (p *packing) keys() {
	size := p.written()
	if p.distinct.TooMany(size, p.sectionCount) {
		p.tooManyForKeys()
		return
	}
	if p.distinct.Distinct(size, p.sectionCount) && p.distinctPieces() {
		return
	}
	seen := make(map[solution.Key]keyHolder, len(p.elements()))
	known := map[string]bool{}
	var list []repeated
	for i, x := range p.elements() {
		for _, key := range p.elementKeys(x, known) {
			if key.IsZero() {
				continue
			}
			if first, ok := seen[key]; !ok {
				seen[key] = keyHolder{element: i, sure: true}
			} else {
				list = append(list, repeated{path.Base(x.Path), keyText(key, x), first, keyHolder{element: i}})
				break
			}
		}
	}
	for _, c := range p.pieces {
		for _, k := range c.form.keys(c) {
			holder := keyHolder{file: c.source, node: k.node, sure: k.sure}
			switch first, ok := seen[k.key]; {
			case !ok:
				seen[k.key] = holder
			case first.sure || k.sure:
				list = append(list, repeated{c.doc.Name(k.node), k.text, first, holder})
			}
		}
	}
	at := func(h keyHolder) diag.Location {
		if h.file != nil {
			return h.file.at(h.node)
		}
		x := p.elements()[h.element]
		place := p.span(x.Start, x.End)
		place.Path = x.Path
		return place
	}
	for i, r := range list {
		if i == maxFindings {
			p.found.in(ruleDuplicateKey, otherCustomizations, "and %d more findings of this rule", len(list)-i)
			break
		}
		first, next := at(r.first), at(r.next)
		d := finding(ruleDuplicateKey, "", "%s has the key %q, as the one in %s has: remove one", r.what, r.key, first)
		if hint := managedSpelling(next.File) + managedSpelling(first.File); hint != "" {
			d.Message += hint
		}
		d.Location = next
		d.Related = []diag.Related{{Location: first, Message: "the other one"}}
		p.note(d)
	}
}

// distinctPieces reports whether the components that are files of their own all have keys that no other component has. It is not
// for sure: false says that their keys have to be compared with those in customizations.xml.
func (p *packing) distinctPieces() bool {
	seen := map[solution.Key]bool{}
	for _, c := range p.pieces {
		for _, k := range c.form.keys(c) {
			if seen[k.key] || p.hasSectionOf(k.key.Type()) {
				return false
			}
			seen[k.key] = true
		}
	}
	return true
}

// hasSectionOf reports whether components of a kind may be in customizations.xml.
func (p *packing) hasSectionOf(kind solution.ComponentType) bool {
	for section := range p.sections {
		if solution.Fold(section) == string(kind) {
			return true
		}
		for info := range solution.TypesInSection(section) {
			if info.Type == kind {
				return true
			}
		}
	}
	return slices.ContainsFunc(layouts, func(l layout) bool { return l.root == kind && p.sections[l.section] })
}

// elements are those of customizations.xml as it is packed, none if its root is not what such a file has.
func (p *packing) elements() []solution.Element {
	if p.index == nil {
		p.index = []solution.Element{}
		src, err := p.whole()
		if err != nil {
			p.indexError = err
			return nil
		}
		custom, err := solution.ParseCustomizations(src, otherCustomizations)
		switch {
		case err == nil:
			p.index = slices.AppendSeq(make([]solution.Element, 0, custom.Len()), custom.Elements())
		case errors.Is(err, ErrLimit):
			p.tooManyForKeys()
		}
	}
	return p.index
}

func (p *packing) tooManyForKeys() {
	p.found.in(ruleDuplicateKey, otherCustomizations, "keys were not compared, so that some may occur twice: customizations.xml has too many components for its size")
}

// span returns where bytes of customizations.xml, as it is packed, stand in the tree. That is not noted while a tree is packed,
// as few trees have something to tell, so it is packed once more.
func (p *packing) span(start, end int) diag.Location {
	if p.traced == nil {
		traced, err := joinParts(p.tree, p.opts)
		if err != nil {
			return diag.Location{File: otherCustomizations}
		}
		p.traced = traced
	}
	return solution.Span(p.traced, customizationsPart, start, end)
}

// elementKeys returns the keys of a component, zero ones if it has none of its own. known remembers of paths whether the catalogue
// has them.
func (p *packing) elementKeys(x solution.Element, known map[string]bool) (keys [2]solution.Key) {
	kind := x.Key.Type()
	has, asked := known[x.Path]
	if !asked {
		has = catalogued(kind, x.Path)
		known[x.Path] = has
	}
	if !has {
		if row := layoutOf(x.Section); row.keys != nil && strings.Count(x.Path, "/") == 1 {
			return [2]solution.Key{p.rowKey(row, x)}
		}
		kind = solution.ComponentType(solution.Fold(x.Section)) // two of one name are one file in a tree
		if !x.ID.IsZero() {
			return [2]solution.Key{solution.IDKey(kind, x.ID)} // a name beside it may be a title
		}
	}
	if !x.ID.IsZero() {
		keys[0] = solution.IDKey(kind, x.ID)
	}
	if name := x.Key.Name(); name != "" {
		keys[1] = solution.NameKey(kind, x.Key.Parent(), name)
	}
	return keys
}

// catalogued reports whether the catalogue has elements of that path for a type.
func catalogued(kind solution.ComponentType, elementPath string) bool {
	info, ok := kind.Info()
	if !ok {
		return false
	}
	for known := range strings.FieldsSeq(info.Section) {
		if known == elementPath {
			return true
		}
	}
	return false
}

// rowKey is the best key that the table knows of a component whose element has a name of its own.
func (p *packing) rowKey(row *layout, x solution.Element) solution.Key {
	src, err := p.whole()
	if err != nil {
		return solution.Key{}
	}
	doc, err := xmlspan.Parse(src[x.Start:x.End], 2, nil)
	if err != nil {
		return solution.Key{}
	}
	keys := row.keysOf(doc, doc.Root())
	if len(keys) == 0 {
		return solution.Key{}
	}
	if id, err := solution.ParseGUID(keys[0]); err == nil {
		return solution.IDKey(row.root, id)
	}
	return solution.NameKey(row.root, "", keys[0])
}

// keyText is how a finding shows a key.
func keyText(key solution.Key, x solution.Element) string {
	switch {
	case key.Name() == "":
		return key.ID().Braced()
	case solution.Fold(x.Name) == key.Name():
		return x.Name
	}
	return key.Name()
}

// managedSpelling says of a file {GUID_managed}.xml how the managed form of a file is called: the documentation of old had
// the other spelling.
func managedSpelling(file string) string {
	stem, ok := strings.CutSuffix(path.Base(file), "_managed}.xml")
	if !ok {
		return ""
	}
	return "; the managed form of a file is called " + stem + "}" + managedXML
}
