package packager

import (
	"bytes"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// entityCodec splits a table into Entity.xml and a file for its ribbon and for each of its forms, views
// and charts.
type entityCodec struct{}

// A part is a child of Entity that becomes files: group/…/item, each item named by its id element.
type part struct {
	child string // of Entity; also the folder below the entity's
	below string // the name of the folder behind that of the table
	whole string // path of it
	path  string // of the elements around the items
	keys  keyPaths
	empty []byte // the child when it has become files
	group string // of child; "" if items stand in child itself
	item  string
	id    string // child of item
	byTyp bool   // the group's type attribute is a folder
	wrap  bool   // the file repeats the group around the item
	twin  bool   // the file has a "_managed" form
	root  solution.ComponentType
}

var entityParts = [ribbonPart]part{
	{child: "FormXml", below: "/FormXml", whole: "Entities/Entity/FormXml", path: "Entities/Entity/FormXml/forms", keys: keyPaths{"Entities/Entity/FormXml", "Entities/Entity/FormXml/forms"}, group: "forms", item: "systemform", id: "formid", empty: []byte("<FormXml />"), byTyp: true, wrap: true, twin: true,
		root: solution.TypeSystemForm},
	{child: "SavedQueries", below: "/SavedQueries", whole: "Entities/Entity/SavedQueries", path: "Entities/Entity/SavedQueries/savedqueries", keys: keyPaths{"Entities/Entity/SavedQueries", "Entities/Entity/SavedQueries/savedqueries"}, group: "savedqueries", item: "savedquery", id: "savedqueryid", empty: []byte("<SavedQueries />"), wrap: true,
		root: solution.TypeSavedQuery},
	{child: "Visualizations", below: "/Visualizations", whole: "Entities/Entity/Visualizations", path: "Entities/Entity/Visualizations", keys: keyPaths{"Entities/Entity/Visualizations", "Entities/Entity/Visualizations"}, item: "visualization", id: "savedqueryvisualizationid", empty: []byte("<Visualizations />"),
		root: solution.TypeSavedQueryVisualization},
}

var tableKeys, ribbonKeys = keyPaths{path: "Entities"}, keyPaths{path: "Entities/Entity"}

const ribbonChild, ribbonFile, entityFile, formulasDir = "RibbonDiffXml", "RibbonDiff.xml", "Entity.xml", "Formulas"

var emptyRibbon = []byte("<" + ribbonChild + " />")

func (entityCodec) splits(*xmlspan.Document, *layout, int32) bool { return true }

func (entityCodec) unpack(u *unpacker, row *layout, section int32) error {
	d := u.doc()
	u.keepAttributes(row.section, section)
	names, last := map[int32]string{}, map[string]int32{}
	why := reasons{}
	for c := range d.Elements(section) {
		name := child(d, c, "Name")
		switch {
		case name == "":
			why.set(c, "has no element Name")
		case unwritable(name) != "" || strings.Contains(name, "/"):
			why.set(c, "has a name that can't be a folder: %q", name)
		default:
			if before, ok := last[fold(name)]; ok {
				delete(names, before)
				why.set(before, "has the name of a later one, %q", name)
			}
			names[c] = name
			last[fold(name)] = c
		}
		if err := u.filesLimit(len(last)); err != nil {
			return err
		}
	}
	if len(names) > 0 {
		u.owned[fold(row.folder)] = true
		u.owned[fold(formulasDir)] = true
	}
	for c := range d.Children(section) {
		n := &d.Nodes[c]
		switch name := names[c]; {
		case !n.IsElement():
			u.keep(row.section, c, "%s between components", nodeKind(n.Kind))
		case name == "":
			u.keep(row.section, c, "%s %s", d.Name(c), why.of(c))
		default:
			u.entity(c, row.folder+"/"+name)
			if err := u.filesLimit(len(u.taken)); err != nil {
				return err
			}
		}
	}
	return nil
}

// entity makes the files of one table.
func (u *unpacker) entity(c int32, dir string) {
	d := u.doc()
	holes := make([]xmlspan.Hole, 0, len(entityParts)+1)
	hole := func(n *xmlspan.Node, empty []byte) {
		h := xmlspan.Hole{Start: n.Start, End: n.End, Text: empty}
		if u.pkg.traced {
			h.Record = near(n.Start)
		}
		holes = append(holes, h)
	}
	var seen partSet
	for ch := range d.Elements(c) {
		n := &d.Nodes[ch]
		i := partOf(d, ch)
		if i < 0 || seen[i] {
			continue // a second one stays
		}
		seen[i] = true
		if i == ribbonPart {
			hole(n, emptyRibbon)
			u.putNode(dir+"/"+ribbonFile, u.each, "", n)
			continue
		}
		hole(n, entityParts[i].empty)
		u.entityPart(&entityParts[i], ch, dir)
	}
	u.formulas(c, dir)
	f := u.format(u.extra)
	f.Holes = holes
	u.putNode(dir+"/"+entityFile, f, "", &d.Nodes[c])
}

// ribbonPart is the number of the ribbon, behind those of entityParts.
const ribbonPart = 3

// A partSet holds some of entityParts and the ribbon, by number.
type partSet [ribbonPart + 1]bool

// partOf returns the number of the part that element i is, -1 if it is none.
func partOf(d *xmlspan.Document, i int32) int {
	if d.Is(i, ribbonChild) {
		return ribbonPart
	}
	return slices.IndexFunc(entityParts[:], func(p part) bool { return d.Is(i, p.child) })
}

// entityPart makes the files of the forms, views or charts in child ch.
func (u *unpacker) entityPart(p *part, ch int32, dir string) {
	sub := &u.part
	u.doc().SubInto(sub, ch, 3)
	top := sub.Root()
	container := dir + "/" + p.child
	u.keepAttributes(container, ch)
	s := &source{name: u.source.name, doc: sub}
	keep := func(container string, i int32, format string, args ...any) {
		n := &sub.Nodes[i]
		if isBlank(sub.Src, n) {
			return
		}
		u.rescued.addFrom(container, sub.Src, span{n.Start, n.End})
		if u.found.full(ruleRescuedElement.ID) {
			return
		}
		s.lines = u.source.lines
		diagnostic := s.finding(ruleRescuedElement, i, format+": kept in %s", append(args, rescuedPath)...)
		u.source.lines = s.lines
		diagnostic.Location.Path = u.source.path(ch) + "/" + diagnostic.Location.Path
		u.found.list = append(u.found.list, diagnostic)
	}
	if p.group == "" {
		u.entityItems(p, sub, top, container, container, p.item, keep)
		return
	}
	if p.child == "SavedQueries" && sub.Child(top, p.group) == xmlspan.None {
		u.rescued.container(container + "/" + bareMark)
	}
	seenGroup := false
	for g := range sub.Children(top) {
		n := &sub.Nodes[g]
		if !sub.Is(g, p.group) {
			keep(container, g, "%s in %s", nodeKind(n.Kind), p.child)
			continue
		}
		var folder, group, attrs string
		if strings.Contains(attributeText(sub, g), " xmlns:") {
			keep(container, g, "%s with declarations of prefixes", p.group)
			continue
		}
		if p.byTyp {
			kind := attr(sub, g, "type")
			empty := sub.Child(g, p.item) == xmlspan.None
			if kind == "" || unwritable(kind) != "" || strings.Contains(kind, "/") || empty {
				keep(container, g, "%s with type %q that can't be a folder or holds no form", p.group, kind)
				continue
			}
			folder = container + "/" + kind
			group, attrs = folder, attributesBut(sub, g, "type")
		} else if seenGroup {
			keep(container, g, "second %s", p.group)
			continue
		} else {
			folder, group, attrs = container, container+"/"+p.group, attributeText(sub, g)
		}
		seenGroup = true
		if attrs != "" {
			u.rescued.attributes(group, attrs, u.scope(span{n.Start, n.OpenEnd}))
			u.found.at(u.source, ruleRescuedElement, ch, "attributes of %s are kept in %s", p.group, rescuedPath)
		}
		u.entityItems(p, sub, g, group, folder, p.group, keep)
	}
}

// bareMark says that a SavedQueries element had no savedqueries in it.
const bareMark = "empty"

func (u *unpacker) entityItems(p *part, sub *xmlspan.Document, parent int32, container, folder, wrap string, keep func(string, int32, string, ...any)) {
	type place struct{ path, key string }
	paths := map[int32]place{}
	why := reasons{}
	last := map[string]int32{}
	ending := u.twin(p.twin, plainXML)
	for i := range sub.Elements(parent) {
		id := child(sub, i, p.id)
		switch {
		case !sub.Is(i, p.item):
			why.set(i, "is not a %s", p.item)
			continue
		case id == "":
			why.set(i, "has no %s", p.id)
			continue
		}
		file := folder + "/" + id + ending
		name := file[len(folder)+1:]
		if reason := unwritable(name); reason != "" || strings.Contains(id, "/") {
			why.set(i, "has an id that can't be a file name: %q %s", id, reason)
			continue
		}
		if p.twin && strings.HasSuffix(fold(id+plainXML), fold(managedXML)) {
			why.set(i, "has an id that makes its file that of a managed package: %q", id)
			continue
		}
		key := fold(file)
		if before, ok := last[key]; ok {
			why.set(before, "has the id of a later one, %s", id)
			delete(paths, before)
		}
		last[key] = i
		paths[i] = place{file, key}
	}
	for i := range sub.Children(parent) {
		n := &sub.Nodes[i]
		switch file := paths[i]; {
		case !n.IsElement():
			keep(container, i, "%s in %s", nodeKind(n.Kind), p.child)
		case file.path == "":
			keep(container, i, "%s %s", sub.Name(i), why.of(i))
		default:
			inside := ""
			if p.wrap {
				inside = wrap
			}
			if !u.putFolded(file.path, file.key, u.each, inside, n) {
				keep(container, i, "%s has the file of another group", sub.Name(i))
			}
		}
	}
}

// formulas moves the files that columns of the table name.
func (u *unpacker) formulas(c int32, dir string) {
	n := &u.doc().Nodes[c]
	for _, f := range formulaFiles(u.doc().Src, int(n.Start), int(n.End)) {
		file := payload{zip: f.name, tree: f.name, start: f.start, end: f.end}
		if rest, ok := cutFolder(f.name, formulasDir); ok {
			file.tree = dir + "/" + formulasDir + "/" + rest
			u.payload(c, file)
		} else if e := u.pkg.lookup(f.name); e == nil || isHead(e.part) {
			u.missing(c, file)
		}
	}
}

// A formula is a file that a column names.
type formula struct {
	name       string
	start, end int // of the element
}

// formulaName is the text of an element that names a formula, of which raw is what stands between its tags.
func formulaName(element, raw []byte) string {
	if bytes.IndexByte(raw, '<') < 0 {
		return xmlspan.Decode(raw)
	}
	d, err := xmlspan.ParseElement(element, 1, nil)
	if err != nil {
		return ""
	}
	return plainText(d, d.Root())
}

// formulaFiles returns the files named by FormulaDefinitionFileName in src[from:to], each once.
func formulaFiles(src []byte, from, to int) (out []formula) {
	// "<" is in front of every tag, so it is not what to look for first.
	open, end := []byte("FormulaDefinitionFileName>"), []byte("</FormulaDefinitionFileName>")
	seen := map[string]bool{}
	for at := from; ; {
		i := bytes.Index(src[at:to], open)
		if i < 0 {
			return out
		}
		start, text := at+i-len("<"), at+i+len(open)
		if start < from || src[start] != '<' {
			at = text
			continue
		}
		j := bytes.Index(src[text:to], end)
		if j < 0 {
			return out
		}
		at = text + j + len(end)
		if name := zipPath(formulaName(src[start:at], src[text:text+j])); name != "" && !seen[name] {
			seen[name] = true
			out = append(out, formula{name, start, at})
		}
	}
}
