package build

import (
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A ManyToMany is a relationship in which rows of both tables may have many of the other.
type ManyToMany struct {
	Name      string // with prefix; also that of the table between the two
	One, Many string // the two tables, with the letter case of their schema names
}

// ManyToMany adds a relationship between many rows of two tables.
func (b *Builder) ManyToMany(r ManyToMany) {
	if !b.prefixed("relationship", r.Name) || !b.claim(solution.NameKey(solution.TypeEntityRelationship, "", r.Name), "relationship", r.Name) {
		return
	}
	if r.One == "" || r.Many == "" {
		b.fail("relationship", r.Name, "it needs two tables")
		return
	}
	w := newWriter(2)
	w.in("EntityRelationship", func() {
		w.texts("EntityRelationshipType", "ManyToMany", "IsCustomizable", "1", "IntroducedVersion", "1.0.0.0", "IsHierarchical", "0",
			"FirstEntityName", r.One, "SecondEntityName", r.Many, "IntersectEntityName", r.Name, "IsValidForAdvancedFind", "1")
		w.in("EntityRelationshipRoles", func() {
			for _, ordinal := range []string{"1", "2"} {
				w.in("EntityRelationshipRole", func() {
					w.texts("NavPaneDisplayOption", "UseCollectionName", "NavPaneArea", "Details", "NavPaneOrder", "10000",
						"NavigationPropertyName", r.Name, "AssociationRoleOrdinal", ordinal)
				})
			}
		})
	}, "Name", r.Name)
	b.section("EntityRelationships").WriteString(w.b.String())
}

// A OneToMany is the relationship of a lookup. [Builder.Column] adds that of a column that it makes; this one is for a column that
// another solution makes.
type OneToMany struct {
	Name      string // with prefix
	From      string // the table with the lookup, with the letter case of its schema name
	Lookup    string // the column
	To        string // the table that it points to
	described string
}

// OneToMany adds the relationship of a lookup.
func (b *Builder) OneToMany(r OneToMany) {
	if !b.prefixed("relationship", r.Name) || !b.claim(solution.NameKey(solution.TypeEntityRelationship, "", r.Name), "relationship", r.Name) {
		return
	}
	if r.From == "" || r.To == "" || r.Lookup == "" {
		b.fail("relationship", r.Name, "it needs two tables and a column")
		return
	}
	b.checkText("relationship", r.Name, r.From, r.To, r.Lookup)
	w := newWriter(2)
	w.in("EntityRelationship", func() {
		w.texts("EntityRelationshipType", "OneToMany", "IsCustomizable", "1", "IntroducedVersion", "1.0.0.0", "IsHierarchical", "0",
			"ReferencingEntityName", r.From, "ReferencedEntityName", r.To, "CascadeAssign", "NoCascade", "CascadeDelete", "RemoveLink",
			"CascadeArchive", "RemoveLink", "CascadeReparent", "NoCascade", "CascadeShare", "NoCascade", "CascadeUnshare", "NoCascade",
			"CascadeRollupView", "NoCascade", "IsValidForAdvancedFind", "1", "ReferencingAttributeName", r.Lookup)
		w.in("RelationshipDescription", func() { w.labels("Descriptions", "Description", r.described, b.language) })
		w.in("EntityRelationshipRoles", func() {
			w.in("EntityRelationshipRole", func() {
				w.texts("NavPaneDisplayOption", "UseCollectionName", "NavPaneArea", "Details", "NavPaneOrder", "10000",
					"NavigationPropertyName", r.Lookup, "RelationshipRoleType", "1")
			})
			w.in("EntityRelationshipRole", func() { w.texts("NavigationPropertyName", r.Name, "RelationshipRoleType", "0") })
		})
	}, "Name", r.Name)
	b.section("EntityRelationships").WriteString(w.b.String())
}

// lookupRelationship adds the relationship of a lookup.
func (b *Builder) lookupRelationship(table string, c *Column) {
	name := c.Relation
	if name == "" {
		name = b.prefix + "_" + solution.Fold(c.Target) + "_" + solution.Fold(table) + "_" + strings.TrimPrefix(solution.Fold(c.Name), solution.Fold(b.prefix)+"_")
	}
	b.OneToMany(OneToMany{Name: name, From: table, Lookup: c.Name, To: c.Target, described: c.Description})
}
