package solutiontest

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A table is an Entity element while its lines are read.
type table struct {
	name, display, set string
	behavior           string
	attributes         element
	forms, views       element
}

// announceTable makes a table before any line that is a part of it is read.
func (b *builder) announceTable(l *line) {
	name := l.word(0)
	if _, ok := b.tableOf[solution.Fold(name)]; ok {
		return // claim tells
	}
	t := &table{name: name, display: l.text("name", name), behavior: l.text("behavior", "0"),
		attributes: element{depth: 6}, forms: element{depth: 5}, views: element{depth: 5}}
	if t.behavior != "2" {
		t.set = setOf(name)
	}
	t.set = l.text("set", t.set)
	b.tables = append(b.tables, t)
	b.tableOf[solution.Fold(name)] = t
}

// setOf returns the name of a table set as the platform forms it in most cases.
func setOf(name string) string { return name + "s" }

// setName returns the set name of a table of any solution.
func (b *builder) setName(name string) string {
	if t := b.tableOf[solution.Fold(name)]; t != nil && t.set != "" {
		return t.set
	}
	return setOf(name)
}

// owner returns the table that a line adds something to.
func (b *builder) owner(name string) (*table, error) {
	t := b.tableOf[solution.Fold(name)]
	if t == nil {
		return nil, fmt.Errorf("table %s is not in this solution: add a line entity %s, with behavior=2 if another solution creates it", name, name)
	}
	return t, nil
}

func buildEntity(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeEntity, name)); err != nil {
		return err
	}
	if l.text("root", "true") == "false" {
		return nil
	}
	rc := solution.NewRootComponent(solution.TypeEntity, solution.Fold(name), solution.GUID{}) // exports write the logical name
	rc.Behavior = solution.Behavior(l.text("behavior", "0")[0] - '0')
	return b.root(l, rc)
}

func (t *table) write(e *element) {
	e.open("Entity")
	e.text("Name", t.name, "LocalizedName", t.display, "OriginalName", t.display)
	e.open("EntityInfo")
	e.open("entity", "Name", t.name)
	list(e, "attributes", &t.attributes)
	if t.set != "" {
		e.text("EntitySetName", t.set)
	}
	e.close("entity")
	e.close("EntityInfo")
	if len(t.forms.out) > 0 {
		e.open("FormXml")
		e.open("forms", "type", "main")
		e.add(&t.forms)
		e.close("forms")
		e.close("FormXml")
	}
	if len(t.views.out) > 0 {
		e.open("SavedQueries")
		e.open("savedqueries")
		e.add(&t.views)
		e.close("savedqueries")
		e.close("SavedQueries")
	}
	e.close("Entity")
}

func buildAttribute(b *builder, l *line) error {
	owner, column, _ := strings.Cut(l.word(0), ".")
	t, err := b.owner(owner)
	if err != nil {
		return err
	}
	if err := b.claim(l, solution.NewKey(solution.TypeAttribute, owner, column, solution.GUID{})); err != nil {
		return err
	}
	choice, isChoice := l.attr("choice")
	kind := "nvarchar"
	if isChoice {
		kind = "picklist"
	}
	e := &t.attributes
	e.open("attribute", "PhysicalName", column)
	e.text("Type", l.text("type", kind))
	e.text("Name", solution.Fold(column))
	e.text("LogicalName", solution.Fold(column))
	e.text("IntroducedVersion", "1.0.0.0")
	if isChoice {
		e.text("OptionSetName", choice)
	}
	e.labels("displaynames", "displayname", l.text("name", column))
	e.close("attribute")
	return nil
}

func buildForm(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeSystemForm, id)); err != nil {
		return err
	}
	root := false
	owner, ofTable := l.attr("table")
	var e *element
	if ofTable {
		t, err := b.owner(owner)
		if err != nil {
			return err
		}
		e = &t.forms
		writeForm(e, "systemform", "formid", id, l)
	} else {
		e = b.section("Dashboards")
		writeForm(e, "Dashboard", "FormId", id, l)
		root = true
	}
	if text, ok := l.attr("root"); ok {
		root = text == "true"
	}
	if !root {
		return nil
	}
	return b.root(l, solution.NewRootComponent(solution.TypeSystemForm, "", id))
}

// writeForm writes a form with a control for each column, and what else the line names.
func writeForm(e *element, name, idName string, id solution.GUID, l *line) {
	e.open(name)
	e.text(idName, id.Braced())
	e.text("IntroducedVersion", "1.0.0.0")
	e.text("FormPresentation", "1")
	e.text("FormActivationState", "1")
	e.open("form")
	for _, names := range []string{"tabs", "tab", "columns", "column", "sections", "section", "rows"} {
		e.open(names)
	}
	for _, column := range l.list("columns") {
		e.open("row")
		e.open("cell", "id", derivedID("cell", column).Braced())
		e.empty("control", "id", column, "datafieldname", column)
		e.close("cell")
		e.close("row")
	}
	for _, names := range []string{"rows", "section", "sections", "column", "columns", "tab", "tabs"} {
		e.close(names)
	}
	if libraries := l.list("library"); libraries != nil {
		e.open("formLibraries")
		for _, library := range libraries {
			e.empty("Library", "name", library, "libraryUniqueId", derivedID("library", library).Braced())
		}
		e.close("formLibraries")
	}
	if controls := l.list("controls"); controls != nil {
		e.open("controlDescriptions")
		for _, control := range controls {
			e.open("controlDescription")
			e.empty("customControl", "name", control, "formFactor", "2")
			e.close("controlDescription")
		}
		e.close("controlDescriptions")
	}
	e.close("form")
	e.labels("LocalizedNames", "LocalizedName", l.text("name", "Information"))
	e.close(name)
}

func buildView(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeSavedQuery, id)); err != nil {
		return err
	}
	t, err := b.owner(l.text("table", ""))
	if err != nil {
		return err
	}
	e := &t.views
	e.open("savedquery")
	e.text("IsCustomizable", "1")
	e.text("savedqueryid", id.Braced())
	e.text("querytype", "0")
	e.open("fetchxml")
	e.open("fetch", "version", "1.0", "mapping", "logical")
	e.open("entity", "name", t.name)
	for _, link := range l.list("link") {
		e.empty("link-entity", "name", link, "from", link+"id", "to", link+"id", "link-type", "outer")
	}
	e.close("entity")
	e.close("fetch")
	e.close("fetchxml")
	e.text("IntroducedVersion", "1.0.0.0")
	e.labels("LocalizedNames", "LocalizedName", l.text("name", "Active"))
	e.close("savedquery")
	if l.is("root") {
		return b.root(l, solution.NewRootComponent(solution.TypeSavedQuery, "", id))
	}
	return nil
}

func buildRelationship(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeEntityRelationship, name)); err != nil {
		return err
	}
	from, to := l.text("from", ""), l.text("to", "")
	e := b.section("EntityRelationships")
	e.open("EntityRelationship", "Name", name)
	if l.text("type", "") == "manytomany" {
		e.text("EntityRelationshipType", "ManyToMany")
		e.text("IntroducedVersion", "1.0.0.0")
		e.text("FirstEntityName", from)
		e.text("SecondEntityName", to)
		e.text("IntersectEntityName", name)
	} else {
		e.text("EntityRelationshipType", "OneToMany")
		e.text("IntroducedVersion", "1.0.0.0")
		e.text("ReferencingEntityName", from)
		e.text("ReferencedEntityName", to)
		e.text("ReferencingAttributeName", l.text("lookup", to+"id"))
	}
	e.close("EntityRelationship")
	return nil
}

func buildEntityMap(b *builder, l *line) error {
	if err := b.claim(l, nameKey(solution.TypeEntityMap, l.word(0)+" "+l.word(1))); err != nil {
		return err
	}
	e := b.section("EntityMaps")
	e.open("EntityMap")
	e.text("EntitySource", l.word(0))
	e.text("EntityTarget", l.word(1))
	e.empty("AttributeMaps")
	e.close("EntityMap")
	return nil
}

func buildOptionSet(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeOptionSet, name)); err != nil {
		return err
	}
	e := b.section("optionsets")
	e.open("optionset", "Name", name, "localizedName", l.text("name", name))
	e.text("OptionSetType", "picklist")
	e.text("IsGlobal", "1")
	e.text("IntroducedVersion", "1.0.0.0")
	e.empty("options")
	e.close("optionset")
	return b.root(l, solution.NewRootComponent(solution.TypeOptionSet, name, solution.GUID{}))
}

func buildRole(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeRole, id)); err != nil {
		return err
	}
	e := b.section("Roles")
	e.open("Role", "id", id.Braced(), "name", l.text("name", "Role"))
	e.open("RolePrivileges")
	for _, table := range l.list("reads") {
		e.empty("RolePrivilege", "name", "prvRead"+table, "level", "Global")
	}
	e.close("RolePrivileges")
	e.close("Role")
	return b.root(l, solution.NewRootComponent(solution.TypeRole, "", id))
}
