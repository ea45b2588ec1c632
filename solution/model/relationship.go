package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Relationship joins two tables.
type Relationship struct{ Component }

// Relationships returns the relationships in the order of the file.
func (m *Model) Relationships() iter.Seq[Relationship] {
	return views(m, solution.TypeEntityRelationship, func(c Component) Relationship { return Relationship{c} })
}

// Kind returns the kind as written: "OneToMany" or "ManyToMany".
func (r Relationship) Kind() string { return r.Element().text("EntityRelationshipType") }

// IsManyToMany reports whether rows are joined by rows of a table between them.
func (r Relationship) IsManyToMany() bool { return strings.EqualFold(r.Kind(), "ManyToMany") }

// Tables returns the names of the two tables as written: of a one-to-many relationship the one with the lookup and the one
// that it points to, else the first and the second.
func (r Relationship) Tables() (from, to string) {
	e := r.Element()
	if r.IsManyToMany() {
		return e.text("FirstEntityName"), e.text("SecondEntityName")
	}
	return e.text("ReferencingEntityName"), e.text("ReferencedEntityName")
}

// Column returns the name of the lookup as written, empty in a many-to-many relationship.
func (r Relationship) Column() string { return r.Element().text("ReferencingAttributeName") }

// Intersect returns the name of the table between the two of a many-to-many relationship, as written; empty in others.
func (r Relationship) Intersect() string { return r.Element().text("IntersectEntityName") }

// IsHierarchical reports whether the relationship makes the hierarchy of its table.
func (r Relationship) IsHierarchical() bool { return r.Element().flag("IsHierarchical") }

// IsSearchable reports whether advanced find offers the relationship.
func (r Relationship) IsSearchable() bool { return r.Element().flag("IsValidForAdvancedFind") }

// Cascades returns what happens to the rows with the lookup when the row that it points to is assigned, deleted and so on: names
// without their "Cascade" ("Assign", "Delete") and what is done, as written ("NoCascade", "Cascade", "RemoveLink", "Restrict"),
// in the order of the file.
func (r Relationship) Cascades() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for e := range r.Element().Children() {
			if on, ok := strings.CutPrefix(e.Tag(), "Cascade"); ok && !yield(on, strings.TrimSpace(e.Text())) {
				return
			}
		}
	}
}

// Descriptions returns the descriptions by language.
func (r Relationship) Descriptions() []solution.Label {
	return r.Element().Child("RelationshipDescription", "Descriptions").labels()
}

// Roles returns how each side shows the other, in the order of the file.
func (r Relationship) Roles() iter.Seq[RelationshipRole] {
	return func(yield func(RelationshipRole) bool) {
		for e := range r.Element().Child("EntityRelationshipRoles").Children() {
			if !yield(RelationshipRole{e}) {
				return
			}
		}
	}
}

// OldColumn returns the element in which old exports describe the lookup inside the relationship, none in others.
func (r Relationship) OldColumn() Element { return r.Element().Child("field") }

// A RelationshipRole is how one table of a relationship shows the rows of the other.
type RelationshipRole struct{ e Element }

// Element returns the place of the role.
func (r RelationshipRole) Element() Element { return r.e }

// Type returns which side the role is of: 1 the table with the lookup or the first one, 0 the other; and whether it is given.
func (r RelationshipRole) Type() (int, bool) { return r.e.number("RelationshipRoleType") }

// NavigationProperty returns the name that the Web API uses from this side.
func (r RelationshipRole) NavigationProperty() string { return r.e.text("NavigationPropertyName") }

// Pane returns where and how the related rows are offered: the area ("Details"), the option ("UseCollectionName",
// "UseCustomLabel", "DoNotDisplay"), and the place in the list, all as written.
func (r RelationshipRole) Pane() (area, option, order string) {
	return r.e.text("NavPaneArea"), r.e.text("NavPaneDisplayOption"), r.e.text("NavPaneOrder")
}

// Ordinal returns which of the two sides of a many-to-many relationship of a table with itself the role is, and whether it is given.
func (r RelationshipRole) Ordinal() (int, bool) { return r.e.number("AssociationRoleOrdinal") }

// Labels returns what the related rows are called, by language, where the option says that they have a label of their own.
func (r RelationshipRole) Labels() []solution.Label { return r.e.Child("CustomLabels").labels() }

// A TableMap says which columns of a row fill those of a row that is made from it.
type TableMap struct{ Component }

// TableMaps returns the maps in the order of the file.
func (m *Model) TableMaps() iter.Seq[TableMap] {
	return views(m, solution.TypeEntityMap, func(c Component) TableMap { return TableMap{c} })
}

// Tables returns the names of the tables as written.
func (t TableMap) Tables() (from, to string) {
	return t.Element().text("EntitySource"), t.Element().text("EntityTarget")
}

// Columns returns the pairs of columns, source before target, in the order of the file.
func (t TableMap) Columns() iter.Seq2[string, string] {
	return func(yield func(from, to string) bool) {
		for e := range t.Element().Child("AttributeMaps").Children() {
			if !yield(e.text("AttributeSource"), e.text("AttributeTarget")) {
				return
			}
		}
	}
}
