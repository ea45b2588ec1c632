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

// lookupRelationship adds the relationship of a lookup.
func (b *Builder) lookupRelationship(table string, c *Column) {
	name := c.Relation
	if name == "" {
		name = b.prefix + "_" + solution.Fold(c.Target) + "_" + solution.Fold(table) + "_" + strings.TrimPrefix(solution.Fold(c.Name), solution.Fold(b.prefix)+"_")
	}
	if !b.prefixed("relationship", name) || !b.claim(solution.NameKey(solution.TypeEntityRelationship, "", name), "relationship", name) {
		return
	}
	w := newWriter(2)
	w.in("EntityRelationship", func() {
		w.texts("EntityRelationshipType", "OneToMany", "IsCustomizable", "1", "IntroducedVersion", "1.0.0.0", "IsHierarchical", "0",
			"ReferencingEntityName", table, "ReferencedEntityName", c.Target, "CascadeAssign", "NoCascade", "CascadeDelete", "RemoveLink",
			"CascadeArchive", "RemoveLink", "CascadeReparent", "NoCascade", "CascadeShare", "NoCascade", "CascadeUnshare", "NoCascade",
			"CascadeRollupView", "NoCascade", "IsValidForAdvancedFind", "1", "ReferencingAttributeName", c.Name)
		w.in("RelationshipDescription", func() { w.labels("Descriptions", "Description", c.Description, b.language) })
		w.in("EntityRelationshipRoles", func() {
			w.in("EntityRelationshipRole", func() {
				w.texts("NavPaneDisplayOption", "UseCollectionName", "NavPaneArea", "Details", "NavPaneOrder", "10000",
					"NavigationPropertyName", c.Name, "RelationshipRoleType", "1")
			})
			w.in("EntityRelationshipRole", func() { w.texts("NavigationPropertyName", name, "RelationshipRoleType", "0") })
		})
	}, "Name", name)
	b.section("EntityRelationships").WriteString(w.b.String())
}
