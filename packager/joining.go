package packager

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// customizations joins the sections.
func (p *packing) customizations() error {
	var err error
	if p.custom, err = p.xml(otherCustomizations, 3); err != nil {
		return err
	}
	d := p.custom.doc
	root := d.Root()
	for a := range d.RawAttrs(root) {
		if name := string(a.Name.Of(d.Src)); isDeclaration(name) {
			p.scope[name] = string(a.Value.Of(d.Src))
		}
	}
	manifest, err := p.xml(otherSolution, 4)
	if err != nil {
		return err
	}
	p.roots = readRoots(manifest)
	f := xmlspan.Format{Newline: p.newline}
	p.beginOutflow()
	p.out = append(p.out, xmlspan.Header...)
	p.outside("Start", 0)
	p.out = f.AppendIndent(p.out, 0)
	p.places.near(len(p.out), p.custom, root)
	p.out = append(p.out, "<"+d.Name(root)+attributeText(d, root)...)
	p.out = append(p.out, '>')
	open := p.written()
	count := 0
	p.afterSection(count)
	for c := range d.Elements(root) {
		if err := p.packSection(c); err != nil {
			return err
		}
		count++
		p.afterSection(count)
	}
	for n := count + 1; n <= p.rescue.lastAfter; n++ {
		p.afterSection(n)
	}
	switch {
	case p.written() == open && count == 0 && d.Nodes[root].Kind == xmlspan.StartTag: // as it is written
		p.out = append(p.out, "</"+d.Name(root)+">"...)
	case p.written() == open:
		p.out = append(p.out[:len(p.out)-1], " />"...)
	default:
		p.out = f.AppendIndent(p.out, 0)
		p.places.near(len(p.out), p.custom, root)
		p.out = append(p.out, "</"+d.Name(root)+">"...)
	}
	p.outside("End", 0)
	p.sectionCount += count
	p.ahead.Ends(p.out)
	return nil
}

func (p *packing) afterSection(n int) { p.outside(fmt.Sprintf("After/%d", n), 1) }

// outside writes kept nodes that stand in no section.
func (p *packing) outside(container string, level int) {
	for _, n := range p.rescue.take(container) {
		p.out = n.append(p.out, p.format(p.places.of(p.rescue.source, n.start, n.end)), level)
		if level > 0 {
			p.sectionCount++
			p.holds("", n.doc, n.start, n.end, nil)
		}
	}
}

// inScope reports whether a declaration stands on the root or the section already.
func (p *packing) inScope(name, value []byte) bool {
	have, ok := p.inner[string(name)]
	if !ok {
		have, ok = p.scope[string(name)]
	}
	return ok && have == string(value)
}

// packSection writes one section of Other/Customizations.xml.
func (p *packing) packSection(c int32) error {
	d := p.custom.doc
	row := layoutOf(d.Name(c))
	again := p.sections[d.Name(c)]
	p.sections[d.Name(c)] = true
	if _, whole := row.split.(stays); again && !whole && !hasChildren(d, c) {
		p.note(p.custom.finding(ruleDuplicateSection, c, "section %s occurs again: its files are packed in the place of the first, remove this one", row.section))
		p.asItIs(c)
		return nil
	}
	if _, ok := row.split.(relationshipCodec); ok && p.converts {
		start := len(p.out)
		defer func() { p.lookups.sections = append(p.lookups.sections, [2]int{start, len(p.out)}) }()
	}
	if hasChildren(d, c) {
		row.split.inline(p, row, c)
		if row.folder != "" && len(p.root.sub(row.folder).breadthFirst()) > 0 {
			p.demoted[fold(row.folder)] = true
			p.found.at(p.custom, ruleSectionNotSplit, c, "section %s has content here, so the files in %s are packed as they are", row.section, row.folder)
		}
		p.differs(row)
		if _, ok := row.split.(relationshipCodec); ok {
			for r := range d.Elements(c) {
				p.relationship(d, r)
			}
		}
		p.asItIs(c)
		return nil
	}
	if row.folder != "" {
		if at(p.closed, row.folder) { // by a section whose name differs in letter case
			p.asItIs(c)
			return nil
		}
		p.closed[fold(row.folder)] = true
	}
	return row.split.pack(p, row, c)
}

// asItIs writes a section as it stands in Other/Customizations.xml.
func (p *packing) asItIs(c int32) {
	n := &p.custom.doc.Nodes[c]
	f := *p.format(p.places.of(p.custom, n.Start, n.End))
	f.Drop = nil
	if n.Kind == xmlspan.StartTag && !hasChildren(p.custom.doc, c) {
		p.out = append(f.AppendIndent(p.out, 1), "<"+p.custom.doc.Name(c)+attributeText(p.custom.doc, c)+" />"...)
		return
	}
	p.out = f.Append(p.out, p.custom.doc.Scanned, int(n.Start), int(n.End), 1)
	p.holds("", p.custom.doc, n.Start, n.End, nil)
}

// inSection writes a section whose components content adds to p.section.
func (p *packing) inSection(row *layout, c int32, content func() error) error {
	d := p.custom.doc
	attrs := attributeText(d, c) + p.rescue.attrs(row.section)
	p.section = &section{p: p, node: c, name: row.section, attrs: attrs, long: row.long && d.Nodes[c].Kind == xmlspan.StartTag}
	if strings.Contains(attrs, " xmlns:") { // in it a prefix may stand for something else than at the root
		p.inner = declaredBy(attrs)
		defer func() { p.inner = nil }()
	}
	if err := content(); err != nil {
		return err
	}
	if p.section.close() {
		p.differs(row)
	}
	return nil
}

// differs notes that the package holds a kind that is not the same in both forms.
func (p *packing) differs(row *layout) {
	if why := row.managed.why(); why != "" {
		p.cantConvert(row.section, why)
	}
}

// format is how the nodes of files are written.
func (p *packing) format(record *xmlspan.Record) *xmlspan.Format {
	if p.each == nil {
		p.each = &xmlspan.Format{Newline: p.newline, Drop: p.inScope, Fill: p.fill}
		if p.flows {
			p.each.Pour = p.pour
		}
	}
	if record == nil {
		return p.each
	}
	f := *p.each
	f.Record = record
	return &f
}

func (p *packing) wrongRoot(s *source, want string) {
	root := s.doc.Root()
	if want != "" && !s.doc.Is(root, want) {
		p.found.at(s, ruleWrongRoot, root, "root element is %s, expected %s: it is packed as it is", s.doc.Name(root), want)
	}
}
