package build

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Label is a text of a component that the solution has, in one language: its name, its description, or that of something in it.
//
//	b.Label(build.Label{Of: solution.NameKey(solution.TypeEntity, "", "contoso_order"), Language: 1036, Text: "Commande"})
//	b.Label(build.Label{Of: solution.NameKey(solution.TypeOptionSet, "", "contoso_kind"), In: build.OptionPart, Part: "100000001", Language: 1036, Text: "Neuf"})
type Label struct {
	Of       solution.Key // a table, column, choice, view, form, chart, site map, app, flow, variable, ...
	In       LabelPart    // what in it has the label; empty: the component itself
	Part     string       // which one: the value of an option, the id or name of a tab or section, the column or id of a control, the Id of an area
	Kind     LabelKind
	Language int // its LCID; 0: the base language of the solution
	Text     string
}

// A LabelKind says which of its texts a component is given.
type LabelKind uint8

// The kinds of labels.
const (
	DisplayName    LabelKind = iota
	CollectionName           // of a table: what many rows are called
	Description
)

var labelKindNames = [...]string{"display name", "name of many rows", "description"}

// String returns the words for a kind.
func (k LabelKind) String() string {
	if int(k) < len(labelKindNames) {
		return labelKindNames[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// A LabelPart is something in a component that has labels.
type LabelPart string

// The parts with labels.
const (
	OptionPart  LabelPart = "option" // of a choice or of a column with its own, also a state or status
	TabPart     LabelPart = "tab"    // of a form or dashboard
	SectionPart LabelPart = "section"
	ControlPart LabelPart = "control"
	AreaPart    LabelPart = "area" // of a site map
	GroupPart   LabelPart = "group"
	SubAreaPart LabelPart = "subarea"
)

// A labelList is where labels of a kind stand, below the element that has them. What follows it in exports is where a new list goes.
type labelList struct {
	list, item     string
	text, language string   // the attributes of an item
	before         []string // names of elements in front of which exports have the list; "*": all; none: it is the last
	base           string   // attribute of the list that repeats the text in the base language
}

func described(list, item string, before ...string) labelList {
	return labelList{list: list, item: item, text: "description", language: "languagecode", before: before}
}

// partLists are the lists of parts.
var partLists = map[LabelPart]map[LabelKind]labelList{
	OptionPart:  {DisplayName: described("labels", "label", "*"), Description: described("Descriptions", "Description")},
	TabPart:     {DisplayName: described("labels", "label", "*")},
	SectionPart: {DisplayName: described("labels", "label", "*")},
	ControlPart: {DisplayName: described("labels", "label", "*")},
	AreaPart:    siteMapLists("Group"),
	GroupPart:   siteMapLists("SubArea"),
	SubAreaPart: siteMapLists("Privilege"),
}

// partOwners are the types of components that parts are in.
var partOwners = map[LabelPart][]solution.ComponentType{
	OptionPart:  {solution.TypeOptionSet, solution.TypeAttribute},
	TabPart:     {solution.TypeSystemForm},
	SectionPart: {solution.TypeSystemForm},
	ControlPart: {solution.TypeSystemForm},
	AreaPart:    {solution.TypeSiteMap},
	GroupPart:   {solution.TypeSiteMap},
	SubAreaPart: {solution.TypeSiteMap},
}

func siteMapLists(next string) map[LabelKind]labelList {
	return map[LabelKind]labelList{DisplayName: {list: "Titles", item: "Title", text: "Title", language: "LCID", before: []string{"*"}},
		Description: {list: "Descriptions", item: "Description", text: "Description", language: "LCID", before: []string{next}}}
}

// A labelled is where a component of some type has its labels.
type labelled struct {
	path  []string // from the component's element to the one that has them
	lists map[LabelKind]labelList
	base  string // attribute that repeats the display name in the base language, below the component's element: "Name/LocalizedName"
}

// named are the lists of most components of customizations.xml.
var named = map[LabelKind]labelList{DisplayName: described("LocalizedNames", "LocalizedName", "Descriptions"), Description: described("Descriptions", "Description")}

// displayed are those of columns and what is like them.
var displayed = map[LabelKind]labelList{DisplayName: described("displaynames", "displayname", "Descriptions"), Description: described("Descriptions", "Description")}

// labelledTypes was read from exports.
var labelledTypes = map[solution.ComponentType]labelled{
	solution.TypeEntity: {path: []string{"EntityInfo", "entity"}, base: "Name/LocalizedName", lists: map[LabelKind]labelList{
		DisplayName:    described("LocalizedNames", "LocalizedName", "*"),
		CollectionName: described("LocalizedCollectionNames", "LocalizedCollectionName", "Descriptions", "attributes"),
		Description:    described("Descriptions", "Description", "attributes")}},
	solution.TypeAttribute: {lists: displayed},
	solution.TypeEntityKey: {lists: displayed},
	solution.TypeOptionSet: {base: "localizedName", lists: map[LabelKind]labelList{
		DisplayName: described("displaynames", "displayname", "Descriptions", "options", "states", "statuses"),
		Description: described("Descriptions", "Description", "options", "states", "statuses")}},
	solution.TypeEntityRelationship:            {path: []string{"RelationshipDescription"}, lists: map[LabelKind]labelList{Description: described("Descriptions", "Description")}},
	solution.TypeSavedQuery:                    {lists: named},
	solution.TypeSavedQueryVisualization:       {lists: named},
	solution.TypeSystemForm:                    {lists: named},
	solution.TypeWorkflow:                      {lists: named, base: "Name"},
	solution.TypeAppModule:                     {lists: named},
	solution.TypeSiteMap:                       {lists: named},
	solution.TypeHierarchyRule:                 {lists: named},
	solution.TypeEnvironmentVariableDefinition: folderLabels,
	solution.TypeCustomAPI:                     folderLabels,
	solution.TypeCustomAPIRequestParameter:     folderLabels,
	solution.TypeCustomAPIResponseProperty:     folderLabels,
}

// folderLabels are those of components that are folders.
var folderLabels = labelled{lists: map[LabelKind]labelList{
	DisplayName: {list: "displayname", item: "label", text: "description", language: "languagecode", base: "default"},
	Description: {list: "description", item: "label", text: "description", language: "languagecode", base: "default", before: []string{"displayname"}}}}

// oneText are the elements of texts of components that have them in one language alone.
var oneText = map[solution.ComponentType]map[LabelKind]string{
	solution.TypeWebResource:         {DisplayName: "DisplayName", Description: "Description"},
	solution.TypeCanvasApp:           {DisplayName: "DisplayName", Description: "Description"},
	solution.TypeConnectionReference: {DisplayName: "connectionreferencedisplayname", Description: "description"},
	solution.TypeConnector:           {DisplayName: "displayname", Description: "description"},
}

// missing keeps the first error: something that the solution does not have.
func (b *Builder) missing(what, name, advice string) {
	if b.err == nil {
		b.err = &Error{What: what, Name: name, Advice: advice, Err: fs.ErrNotExist}
	}
}

// Label gives a component that the solution has a text in a language: a new one, or another one in the place of what it has. What the
// component, or the part of it, is not is an [*Error] that wraps [fs.ErrNotExist]. Components that this builder makes have their texts from
// the call that makes them; for more languages build on what was built.
func (b *Builder) Label(l Label) {
	if b.err != nil {
		return
	}
	base, _ := strconv.Atoi(b.language)
	if l.Language == 0 {
		l.Language = base
	}
	name := l.Of.String()
	if l.In != "" {
		name += " " + string(l.In) + " " + l.Part
	}
	b.checkText("label", name, l.Text)
	if l.Language < 0 {
		b.fail("label", name, "%d is no language: use its LCID, such as 1036", l.Language)
	}
	if l.Text == "" && l.Kind != Description && l.In != TabPart && l.In != SectionPart && l.In != ControlPart {
		b.fail("label", name, "its %v is empty", l.Kind)
	}
	x, ok := b.model.Component(l.Of)
	if !ok {
		b.missing("label", name, "the solution has no such component")
	}
	if b.err != nil {
		return
	}
	if l.In != "" {
		b.labelPart(l, x.Element(), name)
		return
	}
	t := l.Of.Type()
	if element := oneText[t][l.Kind]; element != "" {
		b.labelText(l, x.Element(), element, name, base)
		return
	}
	where := labelledTypes[t]
	list, ok := where.lists[l.Kind]
	if !ok {
		b.fail("label", name, "components of type %s have no %v that can be set", t, l.Kind)
		return
	}
	owner := x.Element().Child(where.path...)
	if !owner.Exists() {
		b.missing("label", name, "the solution has no "+strings.Join(where.path, "/")+" of it, as it is there in part: add its settings first")
		return
	}
	b.setLabel(l, owner, list, name)
	if l.Language == base && l.Kind == DisplayName && where.base != "" {
		names := strings.Split(where.base, "/")
		if e := x.Element().Child(names[:len(names)-1]...); e.Exists() {
			b.setAttr(e, names[len(names)-1], l.Text)
		}
	}
}

// labelPart gives a part of a component a label.
func (b *Builder) labelPart(l Label, element model.Element, name string) {
	lists, ok := partLists[l.In]
	if !ok {
		b.fail("label", name, "%q is no part that has labels", l.In)
		return
	}
	if t := l.Of.Type(); !slices.Contains(partOwners[l.In], t) { // of a table it would be one of any of its columns
		b.fail("label", name, "components of type %s have no %ss of their own: give the component that is nested in it", t, l.In)
		return
	}
	list, ok := lists[l.Kind]
	if !ok {
		b.fail("label", name, "a part of that kind has no %v", l.Kind)
		return
	}
	found := parts(element, l.In, l.Part)
	switch len(found) {
	case 0:
		b.missing("label", name, "the component has no such part")
	case 1:
		b.setLabel(l, found[0], list, name)
	default:
		b.fail("label", name, "%d parts are called that, at %s and %s: give the id of one", len(found), found[0].Location(), found[1].Location())
	}
}

// parts returns the parts of a component that are called so.
func parts(component model.Element, in LabelPart, part string) []model.Element {
	var found []model.Element
	same := func(text string) bool {
		return text != "" && solution.Fold(strings.Trim(text, "{}")) == solution.Fold(strings.Trim(part, "{}"))
	}
	is := map[LabelPart]func(e model.Element) bool{
		OptionPart: func(e model.Element) bool {
			tag := e.Tag()
			return (tag == "option" || tag == "state" || tag == "status") && same(e.Attr("value"))
		},
		TabPart: func(e model.Element) bool { return e.Tag() == "tab" && (same(e.Attr("id")) || same(e.Attr("name"))) },
		SectionPart: func(e model.Element) bool {
			return e.Tag() == "section" && (same(e.Attr("id")) || same(e.Attr("name")))
		},
		ControlPart: func(e model.Element) bool {
			c := e.Child("control")
			return e.Tag() == "cell" && (same(e.Attr("id")) || c.Exists() && (same(c.Attr("id")) || same(c.Attr("datafieldname"))))
		},
		AreaPart:    func(e model.Element) bool { return e.Tag() == "Area" && same(e.Attr("Id")) },
		GroupPart:   func(e model.Element) bool { return e.Tag() == "Group" && same(e.Attr("Id")) },
		SubAreaPart: func(e model.Element) bool { return e.Tag() == "SubArea" && same(e.Attr("Id")) },
	}[in]
	var walk func(e model.Element)
	walk = func(e model.Element) {
		for child := range e.Children() {
			if is(child) {
				found = append(found, child)
			} else {
				walk(child)
			}
		}
	}
	walk(component)
	return found
}

// setLabel gives an element with labels one.
func (b *Builder) setLabel(l Label, owner model.Element, at labelList, name string) {
	language := strconv.Itoa(l.Language)
	if !b.firstLabel(owner, at.list, language) {
		b.fail("label", name, "its %v in %s is given twice", l.Kind, language)
		return
	}
	item := func(depth int) string {
		w := newWriter(depth)
		w.empty(at.item, at.text, l.Text, at.language, language)
		return w.b.String()
	}
	list, isBase := owner.Child(at.list), language == b.language
	if !list.Exists() {
		if at.base != "" && !isBase {
			b.fail("label", name, "it has no %v in the base language, %s: give that by itself before", l.Kind, b.language)
			return
		}
		start, _ := owner.Span()
		key := owner.Part() + "\x00" + strconv.Itoa(start)
		if b.lists[key] == nil {
			b.lists[key] = &newLists{owner: owner, attrs: map[string]string{}, items: map[string]string{}}
		}
		n := b.lists[key]
		if n.items[at.list] == "" {
			n.order = append(n.order, at)
		}
		if at.base != "" {
			n.attrs[at.list] = string(xmlspan.AppendAttr(nil, at.base, l.Text))
		}
		n.items[at.list] += item(depthOf(owner) + 2)
		return
	}
	if at.base != "" && isBase {
		b.setAttr(list, at.base, l.Text)
	}
	for have := range list.Each(at.item) {
		if have.Attr(at.language) == language {
			b.setAttr(have, at.text, l.Text)
			return
		}
	}
	b.append(list, item(depthOf(list)+1))
}

// firstLabel reports whether the same label was not given before.
func (b *Builder) firstLabel(owner model.Element, list, language string) bool {
	start, _ := owner.Span()
	claim := strings.Join([]string{"label", owner.Part(), strconv.Itoa(start), list, language}, "\x00")
	had := b.names[claim]
	b.names[claim] = true
	return !had
}

// setAttr gives an attribute another text.
func (b *Builder) setAttr(e model.Element, name, text string) {
	written := string(xmlspan.AppendAttr(nil, name, text)) // blank, name, value in double quotes
	start, end, ok := e.AttrSpan(name)
	if !ok {
		open, _ := e.Span()
		at := open + len("<"+e.Tag())
		b.splices = append(b.splices, splice{e.Part(), at, at, written})
		return
	}
	value := strings.TrimSuffix(written[len(` `+name+`="`):], `"`)
	b.splices = append(b.splices, splice{e.Part(), start, end, strings.ReplaceAll(value, "'", "&apos;")})
}

// labelText gives a component that has a text in one language another one.
func (b *Builder) labelText(l Label, element model.Element, tag, name string, base int) {
	if l.Language != base {
		b.fail("label", name, "it has one text for all languages: give it in the base language, %d", base)
		return
	}
	if !b.firstLabel(element, tag, "") {
		b.fail("label", name, "its %v is given twice", l.Kind)
		return
	}
	text := string(xmlspan.AppendText(nil, l.Text, "\n"))
	switch e := element.Child(tag); {
	case !e.Exists():
		w := newWriter(depthOf(element) + 1)
		w.text(tag, l.Text)
		b.append(element, w.b.String())
	case e.IsEmptyTag() || e.IsNil():
		start, end := e.Span()
		b.splices = append(b.splices, splice{e.Part(), start, end, "<" + tag + ">" + text + "</" + tag + ">"})
	default:
		start, end := e.Inner()
		b.splices = append(b.splices, splice{e.Part(), start, end, text})
	}
}

// A splice is a part of a text that gets another one.
type splice struct {
	part       string
	start, end int
	text       string
}

// newLists are the lists of labels that an element gets.
type newLists struct {
	owner model.Element
	order []labelList
	attrs map[string]string // by list
	items map[string]string // by list
}

// listRank is the order of lists that come to one place, those of names first.
var listRank = map[string]int{"LocalizedCollectionNames": 1, "Descriptions": 2}

// place writes the lists where exports have them: each in front of what follows it, those at one place in their order.
func (n *newLists) place(e *solution.Editor) {
	slices.SortStableFunc(n.order, func(x, y labelList) int { return cmp.Compare(listRank[x.list], listRank[y.list]) })
	depth := depthOf(n.owner) + 1
	last := ""
	var ats []int
	texts := map[int]string{}
	for _, l := range n.order {
		indent := "\n" + strings.Repeat("  ", depth)
		text := indent + "<" + l.list + n.attrs[l.list] + ">" + n.items[l.list] + indent + "</" + l.list + ">"
		at := -1
		for child := range n.owner.Children() {
			if slices.Contains(l.before, "*") || slices.Contains(l.before, child.Tag()) {
				at, _ = child.Span()
				break
			}
		}
		if at < 0 {
			last += text
			continue
		}
		if texts[at] == "" {
			ats = append(ats, at)
		}
		texts[at] += strings.TrimPrefix(text, indent) + indent
	}
	for _, at := range ats {
		e.Splice(n.owner.Part(), at, at, texts[at])
	}
	if last != "" {
		place(e, n.owner, last)
	}
}

func depthOf(e model.Element) int { return len(indentOf(e)) / 2 }
