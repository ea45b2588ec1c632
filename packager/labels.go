package packager

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A label is a text in one language: an element with the attributes description and languagecode.
type label struct {
	lcid       int
	text       string
	start, end int32        // the element
	value      xmlspan.Span // of description, raw
}

// A labelGroup is what one owner has of one kind: its names, say, in all their languages. Groups can share a key.
type labelGroup struct {
	key, comment string
	element      string
	labels       []label
}

// in returns the label of a language, nil if there is none.
func (g *labelGroup) in(lcid int) *label {
	for i := range g.labels {
		if g.labels[i].lcid == lcid {
			return &g.labels[i]
		}
	}
	return nil
}

// A labelSection says which elements of a component have labels. The key of one is
//
//	CODE:ELEMENT,PARTS
//
// where CODE is the number of the component type, ELEMENT the name of the label's element, and PARTS names of its owner, joined.
type labelSection struct {
	section string // of customizations.xml, or SolutionManifest
	code    string
	owners  []labelOwner
}

// A labelOwner is an element that has labels.
type labelOwner struct {
	path  string // from below its component on; "*" stands for any element further down
	parts []labelPart
	// comment is for translators: {0}, {1}, ... stand for the parts, {element} for the name of the label's element, {owner} for
	// that of its owner, {of} for what of gives.
	comment string
	of      labelPart
}

// A labelPart gives a part of a key.
type labelPart func(p *labelPlace) string

// A labelPlace is where a label stands.
type labelPlace struct {
	doc       *xmlspan.Document // of the component
	component int32
	owner     int32
	texts     map[string]string // what was asked of the component
}

// once asks something of the component, unless that was done for another owner: a component can have many children.
func (p *labelPlace) once(name string, ask func() string) string {
	text, ok := p.texts[name]
	if !ok {
		text = ask()
		p.texts[name] = text
	}
	return text
}

// ownAttr is an attribute of the owner, ownChild the text of a child.
func ownAttr(name string) labelPart {
	return func(p *labelPlace) string { return attr(p.doc, p.owner, name) }
}

func ownChild(name string) labelPart {
	return func(p *labelPlace) string { return child(p.doc, p.owner, name) }
}

// componentAttr is an attribute of the component, componentChild the text of a child.
func componentAttr(name string) labelPart {
	return func(p *labelPlace) string {
		return p.once("@"+name, func() string { return attr(p.doc, p.component, name) })
	}
}

func componentChild(name string) labelPart {
	return func(p *labelPlace) string {
		return p.once(name, func() string { return child(p.doc, p.component, name) })
	}
}

// listOwnerAttr is an attribute of the element around the list in which the owner stands.
func listOwnerAttr(name string) labelPart {
	return func(p *labelPlace) string {
		list := p.doc.Nodes[p.owner].Parent
		return attr(p.doc, p.doc.Nodes[list].Parent, name)
	}
}

func literal(text string) labelPart { return func(*labelPlace) string { return text } }

// tableTitle is the name of a table for people, by which forms and views name theirs.
func tableTitle(p *labelPlace) string {
	return p.once("LocalizedName", func() string { return attr(p.doc, p.doc.Child(p.component, "Name"), "LocalizedName") })
}

// manyOrFirst is the table that a relationship refers from, or the first of one between many.
func manyOrFirst(p *labelPlace) string {
	if name := componentChild("ReferencingEntityName")(p); name != "" {
		return name
	}
	return componentChild("FirstEntityName")(p)
}

var tableName = componentChild("Name")

// manifestLabels are the labels of solution.xml.
var manifestLabels = labelSection{"SolutionManifest", "15062", []labelOwner{
	{path: "", parts: []labelPart{ownChild("UniqueName")},
		comment: " '{0}' : {element} for Solution"},
	{path: "Publisher", parts: []labelPart{ownChild("UniqueName"), ownChild("CustomizationPrefix"), ownChild("CustomizationOptionValuePrefix")},
		comment: " '{0}' : {element} for Solution Publisher"},
}}

// labelSections is the table of what has labels in customizations.xml. Rows above the line "by the same pattern" are as in resource
// files that the reference tool wrote; those below are what the pattern gives, as no such file has one.
var labelSections = []labelSection{
	{"Entities", "1", []labelOwner{
		{path: "EntityInfo/entity", parts: []labelPart{tableName, literal("entity"), ownAttr("Name")},
			comment: " '{0}' : {element} for Entity"},
		{path: "EntityInfo/entity/attributes/attribute", parts: []labelPart{tableName, ownAttr("PhysicalName")},
			comment: "'{0}' : {element} for Attribute '{1}' on Entity"},
		{path: "EntityInfo/entity/attributes/attribute/optionset", parts: []labelPart{tableName, ownAttr("Name")},
			comment: "'{0}' : {element} for OptionSet '{1}' on Entity"},
		{path: "EntityInfo/entity/attributes/attribute/optionset/options/option", parts: []labelPart{tableName, listOwnerAttr("Name"), ownAttr("value")},
			comment: "'{0}' : {element} for option '{2}' on Entity"},
		{path: "EntityInfo/entity/attributes/attribute/optionset/states/state", parts: []labelPart{tableName, listOwnerAttr("Name"), ownAttr("value")},
			comment: "'{0}' : {element} for state '{2}' on Entity"},
		{path: "EntityInfo/entity/attributes/attribute/optionset/statuses/status", parts: []labelPart{tableName, listOwnerAttr("Name"), ownAttr("value")},
			comment: "'{0}' : {element} for status '{2}' on Entity"},
		{path: "FormXml/forms/systemform", parts: []labelPart{tableTitle, ownChild("formid")},
			comment: "'{0}' : {element} for systemform in Entity FormXml ID: '{1}'"},
		{path: "FormXml/forms/systemform/form/*", parts: []labelPart{tableTitle, ownAttr("id")},
			comment: "'{0}' : {element} for {owner} in Entity FormXml ID: '{1}'"},
		{path: "SavedQueries/savedqueries/savedquery", parts: []labelPart{tableTitle, ownChild("savedqueryid")},
			comment: "'{0}' : {element} for SavedQuery on Entity QueryId: '{1}'"},
		// by the same pattern
		{path: "Visualizations/visualization", parts: []labelPart{tableTitle, ownChild("savedqueryvisualizationid")},
			comment: "'{0}' : {element} for Visualization on Entity VisualizationId: '{1}'"},
		{path: "EntityInfo/entity/EntityKeys/EntityKey", parts: []labelPart{tableName, ownChild("Name")},
			comment: "'{0}' : {element} for EntityKey '{1}' on Entity"},
		{path: "HierarchyRules/HierarchyRule", parts: []labelPart{tableTitle, ownChild("HierarchyRuleID")},
			comment: "'{0}' : {element} for HierarchyRule on Entity RuleId: '{1}'"},
		{path: "RibbonDiffXml/LocLabels/LocLabel", parts: []labelPart{tableName, ownAttr("Id")},
			comment: "'{0}' : {element} for LocLabel '{1}' on Entity"},
	}},
	{"EntityRelationships", "10", []labelOwner{
		{path: "RelationshipDescription", parts: []labelPart{componentAttr("Name")},
			comment: "{of} {element} for EntityRelationship '{0}'", of: manyOrFirst},
		{path: "EntityRelationshipRoles/EntityRelationshipRole", parts: []labelPart{componentAttr("Name")},
			comment: "{of} {element} for EntityRelationship '{0}'", of: manyOrFirst},
		// by the same pattern
		{path: "field", parts: []labelPart{componentAttr("Name"), ownAttr("name")},
			comment: "{of} {element} for Attribute '{1}' on EntityRelationship '{0}'", of: manyOrFirst},
	}},
	{"Workflows", "29", []labelOwner{
		{path: "", parts: []labelPart{ownAttr("WorkflowId")},
			comment: "'{of}' : {element} for Workflow", of: componentAttr("Name")},
		{path: "labels/steplabels", parts: []labelPart{ownAttr("id")},
			comment: "'{of}:{0}' : {element} for Workflow Label", of: componentAttr("Name")},
	}},
	// by the same pattern
	{"optionsets", "9", []labelOwner{
		{path: "", parts: []labelPart{ownAttr("Name")},
			comment: "'{0}' : {element} for OptionSet"},
		{path: "options/option", parts: []labelPart{listOwnerAttr("Name"), ownAttr("value")},
			comment: "'{0}' : {element} for option '{1}' on OptionSet"},
	}},
	{"Dashboards", "60", dashboardLabels},
	{"InteractionCentricDashboards", "60", dashboardLabels},
	{"Dialogs", "60", dashboardLabels},
	{"AppModules", "80", []labelOwner{{path: "", parts: []labelPart{ownChild("UniqueName")},
		comment: "'{0}' : {element} for AppModule"}}},
	{"AppModuleSiteMaps", "62", []labelOwner{{path: "", parts: []labelPart{ownChild("SiteMapUniqueName")},
		comment: "'{0}' : {element} for AppModuleSiteMap"}}},
	{"RibbonDiffXml", "50", []labelOwner{{path: "LocLabel", parts: []labelPart{ownAttr("Id")},
		comment: "{element} for LocLabel '{0}'"}}},
}

var dashboardLabels = []labelOwner{
	{path: "", parts: []labelPart{ownChild("FormId")},
		comment: "{element} for Dashboard ID: '{0}'"},
	{path: "FormXml/forms/form/*", parts: []labelPart{componentChild("FormId"), ownAttr("id")},
		comment: "{element} for {owner} in Dashboard '{0}' ID: '{1}'"},
}

// A labelReader collects the labels of documents.
type labelReader struct {
	depth  int
	groups []labelGroup
	// foreign are the first of the labels that no row of the table knows, by the place of their owner.
	foreign []foreignLabel
	known   map[string]bool // places that are in foreign
	way     []int32
}

// A foreignLabel is a label that has no key.
type foreignLabel struct {
	place string // names of elements, from the section on
	start int32
}

var labelMark = []byte("languagecode")

// customizations reads the labels of all components of customizations.xml, which is indexed down to the components at least.
func (r *labelReader) customizations(d *xmlspan.Document) {
	for c := range d.Elements(d.Root()) {
		name := d.Name(c)
		var section labelSection
		for _, s := range labelSections {
			if s.section == name {
				section = s
			}
		}
		section.section = name
		for component := range d.Elements(c) {
			if bytes.Contains(d.Bytes(component), labelMark) {
				r.component(&section, d.Sub(component, r.depth))
			}
		}
	}
}

// manifest reads the labels of solution.xml.
func (r *labelReader) manifest(d *xmlspan.Document) {
	if m := d.Child(d.Root(), manifestLabels.section); m != xmlspan.None {
		r.component(&manifestLabels, d.Sub(m, r.depth))
	}
}

// component reads the labels of a component.
func (r *labelReader) component(s *labelSection, d *xmlspan.Document) {
	root := d.Root()
	last := xmlspan.None // the parent of the labels of the last group
	owners, texts := map[int32]*ownerNames{}, map[string]string{}
	for n := range d.Nodes {
		i := int32(n)
		l, ok := labelAt(d, i)
		if !ok || i == root {
			continue
		}
		parent := d.Nodes[i].Parent
		if len(r.groups) > 0 && parent == last && d.Is(i, r.groups[len(r.groups)-1].element) {
			g := &r.groups[len(r.groups)-1]
			g.labels = append(g.labels, l)
			continue
		}
		way := r.wayTo(d, root, parent)
		row, owner := s.ownerOf(d, way, root, parent)
		if row == nil {
			r.strange(s, d, root, way, l.start)
			continue
		}
		names := owners[owner]
		if names == nil {
			names = namesOf(row, &labelPlace{d, root, owner, texts})
			owners[owner] = names
		}
		g := labelGroup{element: d.Name(i), labels: []label{l}}
		g.key, g.comment = names.of(s.code, g.element, row.comment)
		r.groups = append(r.groups, g)
		last = parent
	}
}

// labelAt returns the label that node i is.
func labelAt(d *xmlspan.Document, i int32) (l label, ok bool) {
	n := &d.Nodes[i]
	if !n.IsElement() || !bytes.Contains(d.Src[n.Start:n.OpenEnd], labelMark) {
		return l, false
	}
	l.start, l.end = n.Start, n.End
	language, text := false, false
	for a := range d.RawAttrs(i) {
		switch string(a.Name.Of(d.Src)) {
		case "languagecode":
			lcid, err := strconv.Atoi(strings.TrimSpace(xmlspan.AttrValue(a.Value.Of(d.Src))))
			l.lcid, language = lcid, err == nil
		case "description":
			l.value, l.text, text = a.Value, xmlspan.AttrValue(a.Value.Of(d.Src)), true
		}
	}
	return l, language && text
}

// wayTo returns the elements from below root to i, which are none for root itself. It is good until the next call.
func (r *labelReader) wayTo(d *xmlspan.Document, root, i int32) []int32 {
	r.way = r.way[:0]
	for ; i != root; i = d.Nodes[i].Parent {
		r.way = append(r.way, i)
	}
	slices.Reverse(r.way)
	return r.way
}

// ownerOf finds the owner of the labels in an element, to which way leads: the one around the list that they stand in, or else
// that element itself.
func (s *labelSection) ownerOf(d *xmlspan.Document, way []int32, root, parent int32) (*labelOwner, int32) {
	if len(way) > 0 {
		if row := s.row(d, way[:len(way)-1]); row != nil {
			return row, d.Nodes[parent].Parent
		}
	}
	return s.row(d, way), parent
}

// row returns the row of an owner, nil if there is none.
func (s *labelSection) row(d *xmlspan.Document, way []int32) *labelOwner {
	for i := range s.owners {
		if s.owners[i].isAt(d, way) {
			return &s.owners[i]
		}
	}
	return nil
}

// isAt reports whether the elements of a way are those of the owner's path.
func (o *labelOwner) isAt(d *xmlspan.Document, way []int32) bool {
	for rest, more := o.path, o.path != ""; more; {
		var name string
		name, rest, more = strings.Cut(rest, "/")
		switch {
		case len(way) == 0:
			return false
		case name == "*":
			return true
		case !d.Is(way[0], name):
			return false
		}
		way = way[1:]
	}
	return len(way) == 0
}

// ownerNames are what keys and comments say of an owner.
type ownerNames struct {
	parts string   // joined
	names []string // pairs of a placeholder of a comment and its text
}

func namesOf(row *labelOwner, p *labelPlace) *ownerNames {
	o := &ownerNames{names: []string{"{owner}", p.doc.Name(p.owner)}}
	for i, part := range row.parts {
		text := part(p)
		o.parts += text
		o.names = append(o.names, "{"+strconv.Itoa(i)+"}", text)
	}
	if row.of != nil {
		o.names = append(o.names, "{of}", row.of(p))
	}
	return o
}

// of returns the key and the comment of labels of a kind.
func (o *ownerNames) of(code, element, comment string) (string, string) {
	names := append([]string{"{element}", element}, o.names...)
	return code + ":" + element + "," + o.parts, strings.NewReplacer(names...).Replace(comment)
}

// strange takes note of a label that has no row.
func (r *labelReader) strange(s *labelSection, d *xmlspan.Document, root int32, way []int32, start int32) {
	if len(r.foreign) > maxFindings {
		return
	}
	const enough = 8 // elements to say where it is
	place := s.section + "/" + d.Name(root)
	for _, i := range way[:min(len(way), enough)] {
		place += "/" + d.Name(i)
	}
	if r.known[place] {
		return
	}
	if r.known == nil {
		r.known = map[string]bool{}
	}
	r.known[place] = true
	r.foreign = append(r.foreign, foreignLabel{place, start})
}
