package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A HierarchyRule says how apps draw the hierarchy of a table.
type HierarchyRule struct{ Component }

func hierarchyRuleOf(c Component) HierarchyRule { return HierarchyRule{c} }

// HierarchyRules returns the rules in the order of the file.
func (m *Model) HierarchyRules() iter.Seq[HierarchyRule] {
	return views(m, solution.TypeHierarchyRule, hierarchyRuleOf)
}

// HierarchyRules returns the rules of the table.
func (t Table) HierarchyRules() iter.Seq[HierarchyRule] {
	return nestedViews(t.Component, solution.TypeHierarchyRule, hierarchyRuleOf)
}

// Table returns the logical name of the table as written.
func (r HierarchyRule) Table() string { return r.Element().text("PrimaryEntityLogicalName") }

// Form returns the GUID of the quick view form that shows a row.
func (r HierarchyRule) Form() solution.GUID { return r.Element().guid("PrimaryEntityFormID") }

// ShowsDisabled reports whether rows that are not active are drawn.
func (r HierarchyRule) ShowsDisabled() bool { return r.Element().flag("ShowDisabled") }
