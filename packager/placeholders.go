package packager

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A placeholder is the empty element in the place of what became files: of a section in Other/Customizations.xml, of the forms,
// views, charts and the ribbon of a table in its Entity.xml. Where there is none, as files were copied from another tree or
// lines were lost in a merge, files are no components for anybody: those in the folder of a section are packed as they are,
// others are not packed (observed on the reference tool). This package does the same, and says so.

// A heldComponent is what a file of a tree holds of a section.
type heldComponent struct {
	file string
	kind solution.ComponentType
	keys []string
}

// placeholders tells of sections that have files and no element.
func (p *packing) placeholders() {
	for i := range layouts {
		p.placeholder(&layouts[i])
	}
	for _, dir := range p.root.dirs {
		if !isTaken(dir.path) && rawLayoutOf(dir.path) == nil {
			p.placeholder(genericLayout(dir.path))
		}
	}
}

func (p *packing) placeholder(row *layout) {
	if p.sections[row.section] {
		return
	}
	held := p.held(row)
	if len(held) == 0 {
		return
	}
	files, listed := []string{}, false
	for _, h := range held {
		files = append(files, h.file)
		p.roots.have(h.kind, h.keys...)
		listed = listed || p.roots.lists(h.kind, h.keys)
	}
	files = slices.Compact(files)
	fixes := p.insertion(p.custom, row.section, solution.SectionNames())
	top := fold(topFolder(files[0]))
	if isOwnFolder(top) || p.closed[top] {
		p.lost(files, fixes, finding(ruleUnownedFile, files[0], "%s not packed: %s has no <%s />: add it, or delete %s",
			areFiles(files), otherCustomizations, row.section, plural(files, "the file", "the files")))
		return
	}
	p.demoted[top] = true
	d := p.custom.finding(rulePlaceholder, p.custom.doc.Root(), "there is no <%s />: %s packed as %s: add it, or delete %s",
		row.section, areFiles(files), plural(files, "a plain file and no component", "plain files and no components"), plural(files, "the file", "the files"))
	d.Fixes = fixes
	if !listed { // else the package would be without what its manifest lists
		d.Severity = diag.Warning
	}
	p.note(startOf(d, p.custom))
}

// held returns what the files of a section hold, but for files that Other/unclaimed.txt puts back as they are.
func (p *packing) held(row *layout) []heldComponent {
	return slices.DeleteFunc(row.split.held(p, row), func(h heldComponent) bool { return p.kept(h.file) })
}

// lost tells of files that would be missing from the package.
func (p *packing) lost(files []string, fixes []diag.Fix, d diag.Diagnostic) {
	d.Severity, d.Fixes = diag.Error, fixes
	p.note(d)
	for _, file := range files {
		p.told[fold(file)] = true
	}
}

// partPlaceholders tells of files of forms, views, charts and the ribbon of a table whose Entity.xml has no empty element for
// them; joined are those that it has.
func (p *packing) partPlaceholders(s *source, dir string, joined partSet) {
	tell := func(name string, files []string) {
		if len(files) == 0 {
			return
		}
		root := s.doc.Root()
		if c := s.doc.Child(root, name); c != xmlspan.None {
			p.lost(files, nil, s.finding(ruleSectionNotSplit, c, "%s has content here, so %s not packed: empty it, or delete %s", name, areFiles(files), plural(files, "the file", "the files")))
			return
		}
		d := s.finding(rulePlaceholder, root, "there is no <%s />: %s not packed: add it, or delete %s", name, areFiles(files), plural(files, "the file", "the files"))
		order := []string{"Name", "ObjectTypeCode", "EntityInfo"} // as in exports
		for _, q := range entityParts {
			order = append(order, q.child)
		}
		p.lost(files, p.insertion(s, name, append(order, ribbonChild)), startOf(d, s))
	}
	for i, q := range entityParts {
		if !joined[i] {
			tell(q.child, p.allPartFiles(q, dir))
		}
	}
	if joined[ribbonPart] {
		return
	}
	if ribbon := dir + "/" + ribbonFile; p.has(ribbon) && !p.kept(ribbon) {
		tell(ribbonChild, []string{ribbon})
	}
}

// allPartFiles lists the files of a part of a table, of both kinds.
func (p *packing) allPartFiles(q part, dir string) []string {
	folder := atJoined(p.root.index, dir, q.below)
	if folder == nil {
		return nil
	}
	var files []string
	if !q.byTyp {
		files = folder.list()
	}
	for _, sub := range folder.dirs {
		if q.byTyp {
			files = append(files, sub.list()...)
		}
	}
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool { return !isXML(file) || p.kept(file) })
}

// insertion is the fix that adds an empty element to the root of a file, behind those that come before it in an order. A name that
// is not in the order comes where exports of new kinds have it: before Languages.
func (p *packing) insertion(s *source, name string, order []string) []diag.Fix {
	d := s.doc
	root := &d.Nodes[d.Root()]
	data, err := at(p.files, s.name).read()
	if err != nil || root.Kind != xmlspan.StartTag || !bytes.HasSuffix(data, d.Src) {
		return nil // there is no place, or positions in the file are other ones
	}
	rank := slices.Index(order, name)
	if rank < 0 {
		rank = slices.Index(order, "Languages")
	}
	at, indent := root.OpenEnd, ""
	for c := range d.Elements(d.Root()) {
		n := &d.Nodes[c]
		if indent == "" {
			indent = blankBefore(d.Src[root.OpenEnd:n.Start])
		}
		if i := slices.Index(order, d.Name(c)); i >= 0 && i < rank {
			at = n.End
		}
	}
	start := int(at + s.mark)
	return []diag.Fix{{Message: fmt.Sprintf("add <%s />", name),
		Edits: []diag.Edit{{File: s.name, Start: start, End: start, New: indent + "<" + name + " />"}}}}
}

// blankBefore returns the white space at the end of src from its last newline on.
func blankBefore(src []byte) string {
	blank := src[len(bytes.TrimRight(src, " \t\r\n")):]
	i := bytes.LastIndexByte(blank, '\n')
	if i > 0 && blank[i-1] == '\r' {
		i--
	}
	return string(blank[max(i, 0):])
}

// startOf narrows a finding about a root to its start tag: what is missing in an element is marked there.
func startOf(d diag.Diagnostic, s *source) diag.Diagnostic {
	d.Location.End = s.lines.Position(int(s.doc.Nodes[s.doc.Root()].OpenEnd))
	return d
}

// areFiles names files in a sentence about them.
func areFiles(files []string) string {
	if len(files) == 1 {
		return files[0] + " is"
	}
	return fmt.Sprintf("%s and %d more are", files[0], len(files)-1)
}

func plural(files []string, one, more string) string {
	if len(files) == 1 {
		return one
	}
	return more
}

// peek reads and indexes a file without taking it, nil if that can't be done.
func (p *packing) peek(name string, depth int) *source {
	f := at(p.files, name)
	if f == nil {
		return nil
	}
	data, err := f.read()
	if err != nil {
		return nil
	}
	doc, err := parseXML(data, f.path, depth, p.tree.limits)
	if err != nil {
		return nil
	}
	return &source{name: f.path, doc: doc}
}

// hasContent reports whether there is something in the root of a file, or whether that can't be told.
func (p *packing) hasContent(file string) bool {
	s := p.peek(file, 1)
	return s == nil || hasChildren(s.doc, s.doc.Root())
}

// besideInline tells of the files of a section that has content in Other/Customizations.xml and no folder of its own.
func (p *packing) besideInline(row *layout, section int32) {
	var files []string
	for _, h := range p.held(row) {
		files = append(files, h.file)
	}
	if len(files) > 0 {
		p.lost(files, nil, p.custom.finding(ruleSectionNotSplit, section, "section %s has content here, so %s not packed: empty it, or delete %s",
			row.section, areFiles(files), plural(files, "the file", "the files")))
	}
}

// withoutTable tells of the files in the folder of a table that has no Entity.xml.
func (p *packing) withoutTable(dir *folder) {
	files := slices.DeleteFunc(dir.breadthFirst(), p.kept)
	if len(files) > 0 {
		p.lost(files, nil, finding(ruleUnownedFile, files[0], "%s not packed: there is no %s/%s: restore it, or delete %s",
			areFiles(files), dir.path, entityFile, plural(files, "the file", "the files")))
	}
}

// foreignOther tells of files in Other that are nothing of a tree.
func (p *packing) foreignOther() {
	other := p.root.sub("Other")
	var unowned []string
	halves := 0
	for _, name := range other.breadthFirst() {
		key := fold(name)
		if isHalfFile(name) && !p.consumed[key] {
			if halves++; halves == 1 {
				p.found.in(ruleHalfNotUsed, name, "the tree is %s, so what %s and %s keep for the packages of a tree of both kinds is not packed: remove it, or set <Managed> to 2 again", p.tree.manifest.Kind(), unmanagedFolder, managedFolder)
			}
			continue
		}
		if p.consumed[key] || p.told[key] || strings.HasPrefix(key, fold(keptFolder)) ||
			(isSectionFile(name) || strings.EqualFold(name, relationshipIndex)) && !p.hasContent(name) {
			continue
		}
		if right := undocumented(name); right != "" {
			p.found.in(ruleUnownedFile, name, "%s is not packed: the documentation calls it so, but the name is %s: rename it", name, right)
			continue
		}
		unowned = append(unowned, name)
	}
	p.noteUnowned(unowned)
}

// undocumented returns the name of the file of a section that the documentation gives another one.
func undocumented(name string) string {
	for i := range layouts {
		if rule, ok := layouts[i].split.(oneFile); ok && rule.documented != "" && fold(rule.documented) == fold(name) {
			return rule.path
		}
	}
	return ""
}
