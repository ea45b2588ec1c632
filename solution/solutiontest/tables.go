package solutiontest

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

// announceTable makes a table before any line that is a part of it is read. One with the parts that the text gives alone is a shell
// for what makes it, whatever its root component says.
func (b *builder) announceTable(l *line) error {
	name := l.word(0)
	if _, ok := b.sets[solution.Fold(name)]; ok {
		return nil // claim tells
	}
	set := ""
	if l.text("behavior", "0") != "2" {
		set = setOf(name)
	}
	set = l.text("set", set)
	b.sets[solution.Fold(name)] = set
	b.made.Table(build.Table{Name: name, DisplayName: l.text("name", name), SetName: set, Shell: !l.is("whole")})
	return b.made.Err()
}

// setOf returns the name of a table set as the platform forms it in most cases.
func setOf(name string) string { return name + "s" }

// setName returns the set name of a table of any solution.
func (b *builder) setName(name string) string {
	if set := b.sets[solution.Fold(name)]; set != "" {
		return set
	}
	return setOf(name)
}

// owned refuses a table that a line adds something to, and that is not there.
func (b *builder) owned(name string) error {
	if _, ok := b.sets[solution.Fold(name)]; !ok {
		return fmt.Errorf("table %s is not in this solution: add a line entity %s, with behavior=2 if another solution creates it", name, name)
	}
	return nil
}

func buildEntity(b *builder, l *line) error {
	name, behavior := l.word(0), l.text("behavior", "0")
	if err := b.claim(l, nameKey(solution.TypeEntity, name)); err != nil {
		return err
	}
	if l.is("whole") && behavior == "2" {
		return fmt.Errorf("entity %s is whole, and an extension of a table that another solution creates: leave out one of them", name)
	}
	if l.text("root", "true") == "false" {
		return nil
	}
	rc := solution.NewRootComponent(solution.TypeEntity, solution.Fold(name), solution.GUID{}) // exports write the logical name
	rc.Behavior = solution.Behavior(behavior[0] - '0')
	return b.root(l, rc)
}

// columnTypes are the types of columns that can be made of a line alone.
var columnTypes = map[string]build.ColumnType{"nvarchar": build.Text, "ntext": build.Memo, "int": build.Integer, "decimal": build.Decimal,
	"float": build.Float, "money": build.Money, "bit": build.YesNo, "datetime": build.DateTime, "image": build.Image, "file": build.File}

func buildAttribute(b *builder, l *line) error {
	owner, column, _ := strings.Cut(l.word(0), ".")
	if err := b.owned(owner); err != nil {
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
	kind = l.text("type", kind)
	c := build.Column{Name: column, DisplayName: l.text("name", column), Choice: choice}
	switch made, ok := columnTypes[kind]; {
	case isChoice && kind == "picklist":
		c.Type = build.Choices
	case isChoice && kind == "multiselectpicklist":
		c.Type = build.Multiple
	case ok && !isChoice:
		c.Type = made
	default:
		c.Written = kind
	}
	b.made.Column(owner, c)
	return nil
}

func buildForm(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeSystemForm, id)); err != nil {
		return err
	}
	f := build.Form{Name: l.text("name", "Information"), ID: id, Libraries: l.list("library"), Controls: l.list("controls"),
		Tabs: []build.Tab{{Label: "General", Sections: []build.Section{{Label: "General", Columns: l.list("columns")}}}}}
	owner, ofTable := l.attr("table")
	if !ofTable {
		b.made.Dashboard(f)
	} else if err := b.owned(owner); err != nil {
		return err
	} else {
		b.made.Form(owner, f)
	}
	root := !ofTable
	if text, ok := l.attr("root"); ok {
		root = text == "true"
	}
	if !root {
		return nil
	}
	return b.root(l, solution.NewRootComponent(solution.TypeSystemForm, "", id))
}

func buildView(b *builder, l *line) error {
	id, owner := guidOf(l.word(0)), l.text("table", "")
	if err := b.claim(l, solution.IDKey(solution.TypeSavedQuery, id)); err != nil {
		return err
	}
	if err := b.owned(owner); err != nil {
		return err
	}
	v := build.View{Name: l.text("name", "Active"), ID: id, State: -1}
	for _, link := range l.list("link") {
		v.Joins = append(v.Joins, build.Join{Table: link, From: link + "id", To: link + "id"})
	}
	b.made.View(owner, v)
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
	if l.text("type", "") == "manytomany" {
		b.made.ManyToMany(build.ManyToMany{Name: name, One: from, Many: to})
	} else {
		b.made.OneToMany(build.OneToMany{Name: name, From: from, To: to, Lookup: l.text("lookup", to+"id")})
	}
	return nil
}

func buildEntityMap(b *builder, l *line) error {
	if err := b.claim(l, nameKey(solution.TypeEntityMap, l.word(0)+" "+l.word(1))); err != nil {
		return err
	}
	e := &element{depth: 2}
	e.open("EntityMap")
	e.text("EntitySource", l.word(0))
	e.text("EntityTarget", l.word(1))
	e.empty("AttributeMaps")
	e.close("EntityMap")
	b.made.Element("EntityMaps", string(e.out))
	return nil
}

func buildOptionSet(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeOptionSet, name)); err != nil {
		return err
	}
	b.made.Choice(build.Choice{Name: name, DisplayName: l.text("name", name)})
	return b.root(l, solution.NewRootComponent(solution.TypeOptionSet, name, solution.GUID{}))
}

func buildRole(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeRole, id)); err != nil {
		return err
	}
	r := build.Role{Name: l.text("name", "Role"), ID: id}
	for _, table := range l.list("reads") {
		r.Privileges = append(r.Privileges, build.Access(table, build.Organization, "Read")...)
	}
	b.made.Role(r)
	return b.root(l, solution.NewRootComponent(solution.TypeRole, "", id))
}
