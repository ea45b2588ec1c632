package packager

import (
	"bytes"
	"fmt"
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// relationshipCodec splits EntityRelationships into an index of names, Other/Relationships.xml, and a
// file of definitions for each table that is referenced, or is first in a many-to-many relationship.
type relationshipCodec struct{}

const (
	relationshipIndex  = "Other/Relationships.xml"
	relationshipFolder = "Other/Relationships"
)

func (relationshipCodec) splits(*xmlspan.Document, *layout, int32) bool { return true }

func (relationshipCodec) unpack(u *unpacker, row *layout, section int32) error {
	d := u.doc()
	u.keepAttributes(row.section, section)
	var index []byte
	indexFormat := u.format("")
	byFile := map[string][]span{}
	var files []string
	record := &xmlspan.Record{}          // of the index
	for c := range d.Children(section) { // before those that are listed, as Pack writes them first
		switch n := &d.Nodes[c]; {
		case n.Kind == xmlspan.Text || n.Kind == xmlspan.CData:
			u.keep(row.section, c, "text between relationships")
		case n.IsElement() && !isRelationship(d, c):
			u.keep(row.section, c, "%s is no relationship with a Name", d.Name(c))
		}
	}
	for c := range d.Children(section) {
		n := &d.Nodes[c]
		switch {
		case n.IsElement() && isRelationship(d, c):
		case n.Kind == xmlspan.Comment || n.Kind == xmlspan.ProcInst:
			index = indexFormat.Append(index, d.Scanned, int(n.Start), int(n.End), 1)
			continue
		default:
			continue
		}
		index = indexFormat.AppendIndent(index, 1)
		record.Near(len(index), int(n.Start))
		index = append(index, "<"+d.Name(c)+attributeText(d, c)+u.scope(span{n.Start, n.OpenEnd})+" />"...)
		file, why := relationshipFile(d, c)
		switch {
		case why != "":
			if len(bytes.TrimSpace(d.Inner(c))) > 0 {
				u.keep(row.section, c, "relationship %s", why)
			}
			continue
		case byFile[fold(file)] == nil:
			files = append(files, file)
		}
		byFile[fold(file)] = append(byFile[fold(file)], span{n.Start, n.End})
	}
	if len(index) > 0 {
		var data []byte
		data = append(indexFormat.AppendIndent([]byte(xmlspan.Header), 0), "<EntityRelationships"+u.extra+">"...)
		record.Shift(len(data))
		data = append(data, index...)
		data = append(indexFormat.AppendIndent(data, 0), "</EntityRelationships>"...)
		u.put(traced(memoryFile(relationshipIndex, data), data, record))
	}
	for _, file := range files {
		u.putXML(file, u.format(u.extra), "EntityRelationships", byFile[fold(file)])
	}
	return nil
}

// isRelationship reports whether a child of the section is one, with a name: whatever the element is called, if it says of which
// kind it is.
func isRelationship(d *xmlspan.Document, c int32) bool {
	return attr(d, c, "Name") != "" && (d.Is(c, "EntityRelationship") || d.Child(c, "EntityRelationshipType") != xmlspan.None)
}

// relationshipFile returns the file of a relationship's definition, or why it has none.
func relationshipFile(d *xmlspan.Document, c int32) (file, why string) {
	table := child(d, c, "ReferencedEntityName")
	if kind := strings.TrimSpace(child(d, c, "EntityRelationshipType")); kind == "ManyToMany" {
		table = child(d, c, "FirstEntityName")
	}
	if table == "" {
		return "", "names no table that it belongs to"
	}
	file = relationshipFolder + "/" + table + ".xml"
	if unwritable(file) != "" || strings.Contains(table, "/") {
		return "", fmt.Sprintf("belongs to a table whose name can't be a file: %q", table)
	}
	return file, ""
}

// relationshipsIn returns what stands in the root of a file of relationships; the root itself if it is one.
func relationshipsIn(d *xmlspan.Document) iter.Seq[int32] {
	root := d.Root()
	if d.Is(root, "EntityRelationship") {
		return func(yield func(int32) bool) { yield(root) }
	}
	return d.Children(root)
}

// A definition is a relationship in a file of Other/Relationships.
type definition struct {
	source *source
	node   int32
	used   bool
}

func (relationshipCodec) pack(p *packing, row *layout, c int32) error {
	return p.inSection(row, c, func() error { return p.relationships(row) })
}

func (relationshipCodec) held(p *packing, _ *layout) (held []heldComponent) {
	for _, file := range append([]string{relationshipIndex}, p.root.sub(relationshipFolder).list()...) {
		if p.has(file) && isXML(file) && p.hasContent(file) {
			held = append(held, heldComponent{file: file})
		}
	}
	return held
}

func (relationshipCodec) inline(p *packing, row *layout, section int32) { p.besideInline(row, section) }

func (p *packing) relationships(row *layout) error {
	definitions := map[string][]*definition{}
	var all []*definition
	for _, file := range p.root.sub(relationshipFolder).list() {
		if !isXML(file) {
			continue
		}
		s, err := p.xml(file, 2)
		if err != nil {
			return err
		}
		for c := range relationshipsIn(s.doc) {
			if !s.doc.Nodes[c].IsElement() {
				continue
			}
			def := &definition{source: s, node: c}
			key := fold(attr(s.doc, c, "Name"))
			definitions[key] = append(definitions[key], def)
			all = append(all, def)
		}
	}
	for _, n := range p.rescue.take(row.section) {
		_, doc, root := n.element()
		if doc != nil && isRelationship(doc, root) {
			key := fold(attr(doc, root, "Name"))
			def := &definition{source: &source{name: rescuedPath, doc: doc, mark: p.rescue.source.mark}, node: root}
			definitions[key] = append(definitions[key], def)
			all = append(all, def)
			continue
		}
		if doc != nil {
			p.relationship(doc, root)
		}
		p.section.addNode(n)
	}
	index, err := p.xml(relationshipIndex, 2)
	if err != nil {
		return err
	}
	next := map[string]int{}
	if index != nil {
		for c := range relationshipsIn(index.doc) {
			n := &index.doc.Nodes[c]
			if !n.IsElement() {
				p.section.add(index, n.Start, n.End)
				continue
			}
			key := fold(attr(index.doc, c, "Name"))
			if i := next[key]; i < len(definitions[key]) {
				next[key]++
				def := definitions[key][i]
				def.used = true
				p.addDefinition(def)
				continue
			}
			p.relationship(index.doc, c)
			p.section.add(index, n.Start, n.End)
			if attr(index.doc, c, "unmodified") != "1" {
				p.found.at(index, ruleIndexOnly, c, "relationship %q is listed, but no file in %s defines it", attr(index.doc, c, "Name"), relationshipFolder)
			}
		}
	}
	for _, def := range all {
		if def.used {
			continue
		}
		p.addDefinition(def)
		p.found.at(def.source, ruleNotIndexed, def.node, "relationship %q is not listed in %s: it is packed after the others", attr(def.source.doc, def.node, "Name"), relationshipIndex)
	}
	return nil
}

func (p *packing) addDefinition(def *definition) {
	d := def.source.doc
	node := &d.Nodes[def.node]
	if def.node != d.Root() {
		p.section.extra = p.unwrapped(d, d.Root(), node.Start, node.End)
	}
	p.section.add(def.source, node.Start, node.End)
	p.relationship(def.source.doc, def.node)
}
