package packager

import (
	"slices"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// oneFile is the rule of a section that as a whole is one file.
type oneFile struct {
	path string // in the tree
	twin bool   // the file has a "_managed" form
	// documented is the name that the documentation gives the file, if another one; the reference tool does not know it.
	documented string
}

// isSectionFile reports whether a file is, or would be, a section as a whole.
func isSectionFile(name string) bool {
	return slices.ContainsFunc(layouts, func(l layout) bool {
		rule, ok := l.split.(oneFile)
		return ok && fold(rule.path) == fold(name)
	})
}

func (oneFile) splits(*xmlspan.Document, *layout, int32) bool { return true }

func (f oneFile) unpack(u *unpacker, row *layout, section int32) error {
	d := u.doc()
	n := &d.Nodes[section]
	if hasChildren(d, section) {
		if !u.putNode(u.twin(f.twin, f.path), u.each, "", n) {
			u.keep("", section, "section %s has the path of another file", row.section)
		}
		return nil
	}
	u.keepAttributes(row.section, section)
	return nil
}

// hasChildren reports whether there is something in an element besides white space.
func hasChildren(d *xmlspan.Document, i int32) bool {
	for range d.Children(i) {
		return true
	}
	return false
}

func (f oneFile) pack(p *packing, row *layout, c int32) error {
	file := f.path
	if f.twin {
		file = p.pickTwin(f.path)
		if p.kind == solution.Managed && p.tree.manifest.Kind() == solution.Both && file == f.path && p.has(file) {
			p.found.in(ruleMissingManaged, file, "the tree has no %s: the managed package is without it", managedTwin(f.path))
			p.consumed[fold(file)] = true
			file = ""
		}
	}
	var s *source
	if file != "" {
		var err error
		if s, err = p.xmlWatched(nil, file, 3, &keyPaths{}); err != nil {
			return err
		}
	}
	if s == nil {
		p.emptySection(row, c)
		return nil
	}
	p.differs(row)
	root := s.doc.Root()
	p.wrongRoot(s, row.section)
	rn := &s.doc.Nodes[root]
	p.out = p.format(p.places.of(s, rn.Start, rn.End)).Append(p.out, s.doc.Scanned, int(rn.Start), int(rn.End), 1)
	p.holds("", s.doc, rn.Start, rn.End, nil)
	p.oneFileRoots(row, s)
	return nil
}

func (f oneFile) held(p *packing, row *layout) (held []heldComponent) {
	files := []string{f.path}
	if f.twin {
		files = append(files, managedTwin(f.path))
	}
	for _, file := range files {
		if p.has(file) && p.hasContent(file) {
			h := heldComponent{file: file, kind: row.root}
			if s := p.peek(file, 3); s != nil {
				h.keys = row.keysOf(s.doc, s.doc.Root())
			}
			held = append(held, h)
		}
	}
	return held
}

func (f oneFile) inline(p *packing, row *layout, section int32) {
	s := p.custom.sub(section, 3)
	p.oneFileRoots(row, s)
	p.besideInline(row, section)
}

// oneFileRoots compares what stands in a section that is one file with the root components.
func (p *packing) oneFileRoots(row *layout, s *source) {
	told := map[string]bool{}
	for _, key := range row.keysOf(s.doc, s.doc.Root()) {
		if told[normalKey(key)] {
			continue // that it is there twice is told
		}
		told[normalKey(key)] = true
		p.roots.component(p, row, s, itemOf(s.doc, s.doc.Root(), key), key)
	}
}

// itemOf returns the element below i that has a key as an attribute or as the text of a child; i itself if none has.
func itemOf(d *xmlspan.Document, i int32, key string) int32 {
	var find func(i int32) int32
	find = func(i int32) int32 {
		for _, value := range d.Attrs(i) {
			if value == key {
				return i
			}
		}
		for c := range d.Elements(i) {
			if plainText(d, c) == key {
				return i
			}
			if found := find(c); found != xmlspan.None {
				return found
			}
		}
		return xmlspan.None
	}
	if found := find(i); found != xmlspan.None {
		return found
	}
	return i
}

// emptySection writes a section whose file is not there.
func (p *packing) emptySection(row *layout, c int32) {
	f := xmlspan.Format{Newline: p.newline}
	attrs := attributeText(p.custom.doc, c) + p.rescue.attrs(row.section)
	p.places.near(len(p.out), p.custom, c)
	p.out = append(f.AppendIndent(p.out, 1), "<"+row.section+attrs+" />"...)
}
