package packager

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// entityLevel is the indent of an Entity element in customizations.xml.
const entityLevel = 2

func (entityCodec) pack(p *packing, row *layout, c int32) error {
	return p.inSection(row, c, func() error { return p.entities(row) })
}

func (entityCodec) held(p *packing, row *layout) (held []heldComponent) {
	dir := p.root.sub(row.folder)
	if dir == nil {
		return nil
	}
	for _, d := range dir.dirs {
		file := d.path + "/" + entityFile
		if !p.has(file) {
			continue
		}
		h := heldComponent{file: file, kind: row.root}
		if s := p.peek(file, 1); s != nil {
			h.keys = childKeys("Name")(s.doc, s.doc.Root())
		}
		held = append(held, h)
		for _, q := range entityParts {
			for _, item := range p.allPartFiles(q, d.path) {
				id := strings.TrimSuffix(strings.TrimSuffix(path.Base(item), plainXML), "_managed")
				held = append(held, heldComponent{file: file, kind: q.root, keys: []string{id}})
			}
		}
	}
	return held
}

func (entityCodec) inline(p *packing, row *layout, section int32) {
	for c := range p.custom.doc.Elements(section) {
		s := p.custom.sub(c, 4)
		table := s.doc.Root()
		if name := child(s.doc, table, "Name"); name != "" {
			p.roots.component(p, row, s, table, name)
		}
		for _, q := range entityParts {
			for group := range s.doc.Elements(s.doc.Child(table, q.child)) {
				if q.group == "" {
					p.partKeys(q, s, group)
				}
				for item := range s.doc.Elements(group) {
					p.partKeys(q, s, item)
				}
			}
		}
		n := &s.doc.Nodes[table]
		for _, f := range formulaFiles(s.doc.Src, int(n.Start), int(n.End)) {
			p.needs = append(p.needs, need{row: row, source: p.custom, component: c, payload: payload{zip: f.name, tree: f.name, start: f.start, end: f.end}})
		}
	}
}

func (p *packing) entities(row *layout) error {
	p.keptComponents(row)
	dir := p.root.sub(row.folder)
	if dir == nil {
		return nil
	}
	for _, d := range dir.dirs {
		file := d.path + "/" + entityFile
		if p.kept(file) {
			continue
		}
		s, err := p.xmlWatched(again(&p.tables), file, 1, &tableKeys)
		if err != nil {
			return err
		}
		if s == nil {
			p.withoutTable(d)
			continue
		}
		root := s.doc.Root()
		p.wrongRoot(s, row.element)
		name := child(s.doc, root, "Name")
		if name == "" {
			p.missing = append(p.missing, s.finding(ruleTableName, root, "the table has no element Name: add <Name>%s</Name>", path.Base(d.path)))
		} else {
			p.roots.component(p, row, s, root, name)
			p.lookups.add(s, name)
		}
		joined := p.table.begin(p, s, d.path)
		p.partPlaceholders(s, d.path, joined)
		n := &s.doc.Nodes[root]
		p.section.addWith(s, n.Start, n.End, p.table.holes)
		if p.table.err != nil {
			return p.table.err
		}
		p.packFormulas(s, d.path)
	}
	return nil
}

// appendKept writes what was kept of the elements of path.
func (p *packing) appendKept(dst []byte, record *xmlspan.Record, path string, kept []keptNode, level int) []byte {
	if len(kept) == 0 {
		return dst
	}
	f := p.format(record)
	for _, k := range kept {
		p.places.set(record, p.rescue.source, k.start, k.end)
		dst = k.append(dst, f, level)
		p.holds(path, k.doc, k.start, k.end, nil)
	}
	return dst
}

// A packedTable is the table that is written at present.
type packedTable struct {
	source *source
	dir    string
	holes  []xmlspan.Hole // in the place of the empty elements that stand for files
	nodes  [ribbonPart + 1]int32
	ribbon string // the path of its file, if there is one
	err    error  // of writing the files
}

// begin finds the empty elements that stand for files, and says which these are.
func (t *packedTable) begin(p *packing, s *source, dir string) (done partSet) {
	d := s.doc
	*t = packedTable{source: s, dir: dir, holes: t.holes[:0]}
	for c := range d.Elements(d.Root()) {
		n := &d.Nodes[c]
		i := partOf(d, c)
		if i < 0 || done[i] || len(bytes.TrimSpace(d.Inner(c))) > 0 {
			continue
		}
		done[i] = true
		if i == ribbonPart {
			t.ribbon = dir + "/" + ribbonFile
		}
		if i < ribbonPart || p.has(t.ribbon) {
			t.nodes[i] = c
			t.holes = append(t.holes, xmlspan.Hole{Start: n.Start, End: n.End, Number: i + 1})
		}
	}
	return done
}

// fill appends the files in the place of a hole of the table.
func (p *packing) fill(out []byte, number int) []byte {
	t := &p.table
	if t.err != nil {
		return out
	}
	i := number - 1
	if i == ribbonPart {
		out, t.err = p.ribbon(out, t.ribbon)
		return out
	}
	d, n := t.source.doc, &t.source.doc.Nodes[t.nodes[i]]
	record := p.places.of(t.source, n.Start, n.End)
	record.Near(len(out), int(n.Start))
	out, t.err = p.entityPart(out, &entityParts[i], t.dir, attributeText(d, t.nodes[i]), record)
	return out
}

// ribbon appends the ribbon of a table from its file.
func (p *packing) ribbon(out []byte, file string) ([]byte, error) {
	r, err := p.xmlAgain(file, 0, &ribbonKeys)
	if err != nil {
		return out, err
	}
	p.wrongRoot(r, ribbonChild)
	root := &r.doc.Nodes[r.doc.Root()]
	f := *p.format(p.places.of(r, root.Start, root.End))
	f.InLine = true // the hole is on a line of its own
	p.holds("Entities/Entity", r.doc, root.Start, root.End, nil)
	return f.Append(out, r.doc.Scanned, int(root.Start), int(root.End), entityLevel+1), nil
}

// A partGroup is the files of one forms, savedqueries or Visualizations element.
type partGroup struct {
	name  string // "" if the items stand in the part itself
	attrs string
	files []string
	kept  []keptNode
}

// entityPart appends FormXml, SavedQueries or Visualizations of a table from its files.
func (p *packing) entityPart(out []byte, q *part, dir, attrs string, record *xmlspan.Record) ([]byte, error) {
	container := dir + "/" + q.child
	groups := p.partGroups(q, container)
	attrs += p.rescue.attrs(container)
	f := p.format(record)
	kept := p.rescue.take(container)
	if q.group == "" && len(groups) == 1 {
		groups[0].kept, kept = append(groups[0].kept, kept...), nil
	}
	out = append(append(append(append(out, '<'), q.child...), attrs...), '>')
	start := p.flowed + len(out)
	level := entityLevel + 2
	for _, g := range groups {
		inner := level
		if g.name != "" {
			out = append(append(append(f.AppendIndent(out, level), '<'), g.name...), g.attrs...)
			if len(g.files)+len(g.kept) == 0 {
				out = append(out, " />"...)
				continue
			}
			out = append(out, '>')
			inner++
		}
		out = p.appendKept(out, record, q.path, g.kept, inner) // first, as in keptComponents
		for _, file := range g.files {
			s, err := p.xmlAgain(file, 2, &q.keys)
			if err != nil {
				return nil, err
			}
			out = p.partFile(out, f, q, s, inner)
		}
		if g.name != "" {
			out = append(append(append(f.AppendIndent(out, level), "</"...), g.name...), '>')
		}
	}
	out = p.appendKept(out, record, q.whole, kept, level)
	if p.flowed+len(out) == start {
		return append(out[:len(out)-1], " />"...), nil
	}
	return append(append(append(f.AppendIndent(out, entityLevel+1), "</"...), q.child...), '>'), nil
}

// partFile writes the items in a file of a part: what is in its root, or the root if that is an item. In a tree of the reference
// tool forms and views have an element around them and charts have none; trees of its first versions have none around forms and
// views, and it packs these too (observed).
func (p *packing) partFile(out []byte, f *xmlspan.Format, q *part, s *source, level int) []byte {
	d, root := s.doc, s.doc.Root()
	n := &d.Nodes[root]
	switch {
	case q.wrap && d.Is(root, q.group):
	case !d.Is(root, q.item) && d.Child(root, q.item) != xmlspan.None:
		p.found.at(s, ruleWrongRoot, root, "root element is %s, expected %s: what is in it is packed", d.Name(root), cmp.Or(q.group, q.item))
	default:
		p.wrongRoot(s, q.item)
		p.places.set(f.Record, s, n.Start, n.End)
		p.partKeys(*q, s, root)
		p.holds(q.path, d, n.Start, n.End, nil)
		return f.Append(out, d.Scanned, int(n.Start), int(n.End), level)
	}
	if extra := p.unwrapped(d, root, n.OpenEnd, d.CloseStart(root)); extra != "" {
		own := *f
		own.Extra, f = extra, &own
	}
	start, end := inside(d, root)
	p.places.set(f.Record, s, start, end)
	for item := range d.Elements(root) {
		p.partKeys(*q, s, item)
	}
	p.holds(q.path, d, n.OpenEnd, d.CloseStart(root), nil)
	return f.Append(out, d.Scanned, int(n.OpenEnd), int(d.CloseStart(root)), level)
}

// inside returns the span of the elements in element i.
func inside(d *xmlspan.Document, i int32) (start, end int32) {
	start, end = d.CloseStart(i), d.Nodes[i].OpenEnd
	for c := range d.Elements(i) {
		start, end = min(start, d.Nodes[c].Start), max(end, d.Nodes[c].End)
	}
	return start, end
}

func (p *packing) partKeys(q part, s *source, item int32) {
	if id := child(s.doc, item, q.id); id != "" {
		p.roots.have(q.root, id)
	}
}

// partGroups finds the files of a part, grouped and in the order of packing.
func (p *packing) partGroups(q *part, container string) []partGroup {
	folder := p.root.sub(container)
	if !q.byTyp {
		g := partGroup{name: q.group, files: p.partFiles(q, folder)}
		if q.group != "" {
			kept := p.rescue.in(container, q.group)
			g.attrs, g.kept = kept.use(), kept.take()
			if bare := p.rescue.in(container, bareMark); bare != nil {
				bare.used = true
				if len(g.files)+len(g.kept) == 0 {
					return nil
				}
			}
		}
		p.groups = append(p.groups[:0], g)
		return p.groups
	}
	if folder != nil && len(folder.dirs) == 1 && len(p.rescue.below(container)) == 0 {
		if files := p.partFiles(q, folder.dirs[0]); len(files) > 0 {
			kind := path.Base(folder.dirs[0].path)
			p.groups = append(p.groups[:0], partGroup{name: q.group, attrs: typeAttribute(kind), files: files})
			return p.groups
		}
	}
	type formFile struct{ path, kind string }
	var all []formFile
	if folder != nil {
		for _, d := range folder.dirs {
			for _, file := range p.partFiles(q, d) {
				all = append(all, formFile{file, path.Base(d.path)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b formFile) int { return compareCulture(path.Base(a.path), path.Base(b.path)) })
	var groups []partGroup
	index := map[string]int{}
	open := func(kind string) *partGroup {
		i, ok := index[kind]
		if !ok {
			i = len(groups)
			index[kind] = i
			name := container + "/" + kind
			groups = append(groups, partGroup{name: q.group,
				attrs: typeAttribute(kind) + p.rescue.attrs(name), kept: p.rescue.take(name)})
		}
		return &groups[i]
	}
	for _, f := range all {
		g := open(f.kind)
		g.files = append(g.files, f.path)
	}
	for _, name := range p.rescue.below(container) {
		if !p.rescue.containers[name].used {
			open(path.Base(name))
		}
	}
	return groups
}

// partFiles lists the files of a folder, one of each pair of twins.
func (p *packing) partFiles(q *part, dir *folder) []string {
	files := dir.list()
	isOne := func(file string) bool { return isXML(file) && !p.kept(file) && (!q.twin || p.packsTwin(file)) }
	byName := func(a, b string) int { return compareCulture(path.Base(a), path.Base(b)) }
	n := 0
	for n < len(files) && isOne(files[n]) {
		n++
	}
	if n == len(files) && slices.IsSortedFunc(files, byName) {
		return files
	}
	out := slices.Clone(files[:n])
	for _, file := range files[min(n+1, len(files)):] {
		if isOne(file) {
			out = append(out, file)
		}
	}
	slices.SortStableFunc(out, byName)
	return out
}

// typeAttribute is the attribute that says of which type the forms of a group are.
func typeAttribute(kind string) string {
	var array [64]byte
	return string(xmlspan.AppendAttr(array[:0], "type", kind))
}

// packFormulas packs the formula files of a table and checks those that its columns name.
func (p *packing) packFormulas(s *source, dir string) {
	folder := dir + "/" + formulasDir
	for _, file := range p.formulasOf(s, folder) {
		if !p.kept(file) {
			p.addEntry(file, formulasDir+"/"+path.Base(file))
		}
	}
	for _, f := range formulaFiles(s.doc.Src, 0, len(s.doc.Src)) {
		rest, ok := cutFolder(f.name, formulasDir)
		file := folder + "/" + rest
		if !ok {
			file = f.name
		}
		switch {
		case ok && at(p.consumed, file) || !p.has(file) && p.keptAs(f.name):
		case ok && p.has(file):
			p.addEntry(file, f.name)
		case p.has(f.name):
			p.addEntry(f.name, f.name)
		default:
			p.missingFormula(s, f, path.Base(dir), file)
		}
	}
}

// formulasOf lists the files in the folder of formulas of a table, and those that its columns name and that stand elsewhere.
func (p *packing) formulasOf(s *source, folder string) []string {
	files := p.root.sub(folder).list()
	if p.mapping == nil {
		return files
	}
	files = slices.Clone(files)
	for _, file := range files {
		p.mapped(file, true)
	}
	for _, f := range formulaFiles(s.doc.Src, 0, len(s.doc.Src)) {
		if rest, ok := cutFolder(f.name, formulasDir); ok && !strings.Contains(rest, "/") && !p.has(folder+"/"+rest) {
			if p.mapped(folder+"/"+rest, true); p.has(folder + "/" + rest) {
				files = append(files, folder+"/"+rest)
			}
		}
	}
	slices.SortStableFunc(files, compareFolder)
	return files
}

// missingFormula tells of a formula that a column names and that is not there.
func (p *packing) missingFormula(s *source, f formula, table, file string) {
	d := s.finding(ruleMissingFile, s.doc.Root(), "a column of %s needs the file %s, which is not there%s: restore it", table, file, p.notWhere(file))
	d.Location.Start, d.Location.End = s.span(f.start, f.end)
	p.missing = append(p.missing, d)
}
