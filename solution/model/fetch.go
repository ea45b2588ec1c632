package model

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Fetch is a query in FetchXML: that of a view or chart.
type Fetch struct{ e Element }

// fetchIn returns the query in an element: as elements, or as text.
func fetchIn(e Element) (Fetch, error) {
	if fetch := e.Child("fetch"); fetch.Exists() || strings.TrimSpace(e.Text()) == "" {
		return Fetch{fetch}, nil
	}
	root, err := e.XML()
	return Fetch{root}, err
}

// Element returns the place of the query.
func (f Fetch) Element() Element { return f.e }

// Exists reports whether there is a query.
func (f Fetch) Exists() bool { return f.e.Exists() }

// IsAggregate reports whether the query gives sums and groups instead of rows.
func (f Fetch) IsAggregate() bool { return f.e.attrFlag("aggregate") }

// IsDistinct reports whether equal rows are given once.
func (f Fetch) IsDistinct() bool { return f.e.attrFlag("distinct") }

// Settings returns the attributes that have no method of their own, such as version, mapping and count.
func (f Fetch) Settings() iter.Seq2[string, string] { return f.e.attrsBut("aggregate", "distinct") }

// Entity returns the table that the query begins with, which has all others as its links.
func (f Fetch) Entity() FetchEntity { return FetchEntity{f.e.Child("entity")} }

// Tables returns the tables that the query reads, folded, each once, in the order in which they are met.
func (f Fetch) Tables() []string {
	var out []string
	seen := map[string]bool{}
	f.Entity().walk(func(x FetchEntity) { out = add(out, seen, solution.Fold(x.Table())) })
	return out
}

// FilterTables returns the tables whose columns the query filters by, folded, each once, in the order in which they are met.
func (f Fetch) FilterTables() []string {
	aliases := map[string]string{}
	f.Entity().walk(func(x FetchEntity) { aliases[x.Alias()] = x.Table() })
	var out []string
	seen := map[string]bool{}
	f.Entity().walk(func(x FetchEntity) {
		for filter := range x.Filters() {
			filter.walk(func(c FetchCondition) {
				table := x.Table()
				if link := c.Link(); link != "" {
					if table = aliases[link]; table == "" {
						table = link // the name of a table serves as well
					}
				}
				out = add(out, seen, solution.Fold(table))
			})
		}
	})
	return out
}

func add(list []string, seen map[string]bool, name string) []string {
	if name == "" || seen[name] {
		return list
	}
	seen[name] = true
	return append(list, name)
}

// SortColumns returns the columns or aliases that the query sorts by, first to last; those of a link stand after its name and a
// dot, and " desc" follows where the greatest is first.
func (f Fetch) SortColumns() []string {
	var out []string
	f.Entity().walk(func(x FetchEntity) {
		for o := range x.Orders() {
			name, link := o.Column(), cmp.Or(o.Link(), x.Alias())
			switch {
			case name == "":
				name = o.Alias()
			case link != "":
				name = link + "." + name
			}
			if o.IsDescending() {
				name += " desc"
			}
			out = append(out, name)
		}
	})
	return out
}

// A FetchEntity is a table in a query: the one that it begins with, or one that is linked.
type FetchEntity struct{ e Element }

// Element returns the place of the table in the query.
func (x FetchEntity) Element() Element { return x.e }

// Table returns the logical name of the table as written.
func (x FetchEntity) Table() string { return x.e.Attr("name") }

// Alias returns the name by which the query calls the linked table, empty for the first.
func (x FetchEntity) Alias() string { return x.e.Attr("alias") }

// Join returns the columns that are equal in a linked row, from, and in the row that it is linked to, to; both are empty for the
// first table.
func (x FetchEntity) Join() (from, to string) { return x.e.Attr("from"), x.e.Attr("to") }

// LinkType returns how rows without a linked one are taken, as written: "outer" keeps them, "inner" and empty do not. There are
// more, such as "exists", "any" and "not any".
func (x FetchEntity) LinkType() string { return x.e.Attr("link-type") }

// HasAllColumns reports whether the query reads every column.
func (x FetchEntity) HasAllColumns() bool { return x.e.Child("all-attributes").Exists() }

// Settings returns the attributes that have no method of their own, such as visible and intersect.
func (x FetchEntity) Settings() iter.Seq2[string, string] {
	return x.e.attrsBut("name", "alias", "from", "to", "link-type")
}

// Columns returns the columns that the query reads.
func (x FetchEntity) Columns() iter.Seq[FetchColumn] {
	return eachIn(x.e, "attribute", func(e Element) FetchColumn { return FetchColumn{e} })
}

// Filters returns the filters. All must hold.
func (x FetchEntity) Filters() iter.Seq[FetchFilter] {
	return eachIn(x.e, "filter", func(e Element) FetchFilter { return FetchFilter{e} })
}

// Orders returns what the rows are sorted by.
func (x FetchEntity) Orders() iter.Seq[FetchOrder] {
	return eachIn(x.e, "order", func(e Element) FetchOrder { return FetchOrder{e} })
}

// Links returns the tables that are linked to this one.
func (x FetchEntity) Links() iter.Seq[FetchEntity] {
	return eachIn(x.e, "link-entity", func(e Element) FetchEntity { return FetchEntity{e} })
}

// walk calls f for the table and all that are linked to it, those in filters included.
func (x FetchEntity) walk(f func(FetchEntity)) {
	f(x)
	for link := range x.Links() {
		link.walk(f)
	}
	for filter := range x.Filters() {
		filter.walkLinks(f)
	}
}

// A FetchColumn is a column that a query reads.
type FetchColumn struct{ e Element }

// Element returns the place of the column in the query.
func (c FetchColumn) Element() Element { return c.e }

// Name returns the logical name of the column.
func (c FetchColumn) Name() string { return c.e.Attr("name") }

// Alias returns what the result calls the column, empty for its own name.
func (c FetchColumn) Alias() string { return c.e.Attr("alias") }

// Aggregate returns what is made of the values, as written: "count", "countcolumn", "sum", "avg", "min", "max"; empty for none.
func (c FetchColumn) Aggregate() string { return c.e.Attr("aggregate") }

// IsGroup reports whether rows of equal values make a group, and by which part of a date, as written: "day", "week", "month",
// "quarter", "year"; empty for the whole value.
func (c FetchColumn) IsGroup() (group bool, datePart string) {
	return c.e.attrFlag("groupby"), c.e.Attr("dategrouping")
}

// Settings returns the attributes that have no method of their own.
func (c FetchColumn) Settings() iter.Seq2[string, string] {
	return c.e.attrsBut("name", "alias", "aggregate", "groupby", "dategrouping")
}

// A FetchFilter is a set of conditions and of filters.
type FetchFilter struct{ e Element }

// Element returns the place of the filter.
func (f FetchFilter) Element() Element { return f.e }

// IsOr reports whether one of the conditions is enough. Otherwise all must hold.
func (f FetchFilter) IsOr() bool { return strings.EqualFold(f.e.Attr("type"), "or") }

// IsQuickFind reports whether the conditions name the columns of a quick search.
func (f FetchFilter) IsQuickFind() bool { return f.e.attrFlag("isquickfindfields") }

// Settings returns the attributes that have no method of their own.
func (f FetchFilter) Settings() iter.Seq2[string, string] {
	return f.e.attrsBut("type", "isquickfindfields")
}

// Conditions returns the conditions that stand in the filter itself.
func (f FetchFilter) Conditions() iter.Seq[FetchCondition] {
	return eachIn(f.e, "condition", func(e Element) FetchCondition { return FetchCondition{e} })
}

// Filters returns the filters in the filter.
func (f FetchFilter) Filters() iter.Seq[FetchFilter] {
	return eachIn(f.e, "filter", func(e Element) FetchFilter { return FetchFilter{e} })
}

// Links returns the tables that must have a linked row, or none, for the filter to hold.
func (f FetchFilter) Links() iter.Seq[FetchEntity] {
	return eachIn(f.e, "link-entity", func(e Element) FetchEntity { return FetchEntity{e} })
}

func (f FetchFilter) walk(do func(FetchCondition)) {
	for c := range f.Conditions() {
		do(c)
	}
	for inner := range f.Filters() {
		inner.walk(do)
	}
}

func (f FetchFilter) walkLinks(do func(FetchEntity)) {
	for link := range f.Links() {
		link.walk(do)
	}
	for inner := range f.Filters() {
		inner.walkLinks(do)
	}
}

// A FetchCondition compares a column.
type FetchCondition struct{ e Element }

// Element returns the place of the condition.
func (c FetchCondition) Element() Element { return c.e }

// Column returns the logical name of the column.
func (c FetchCondition) Column() string { return c.e.Attr("attribute") }

// Link returns the alias or the table of the link whose column it is, empty if it is one of the table that the filter stands in.
func (c FetchCondition) Link() string { return c.e.Attr("entityname") }

// Operator returns how the column is compared, as written: "eq", "in", "like", "eq-userid", "last-x-days".
func (c FetchCondition) Operator() string { return c.e.Attr("operator") }

// Values returns what it is compared with, as written; "{0}" and the like stand for the text of a quick search.
func (c FetchCondition) Values() []string {
	var out []string
	if v, ok := c.e.LookupAttr("value"); ok {
		out = append(out, v)
	}
	for v := range c.e.Each("value") {
		out = append(out, strings.TrimSpace(v.Text()))
	}
	return slices.Clip(out)
}

// ValueColumn returns the column that it is compared with instead of a value, empty if it is a value.
func (c FetchCondition) ValueColumn() string { return c.e.Attr("valueof") }

// Settings returns the attributes that have no method of their own: uiname and uitype show a value that is a row.
func (c FetchCondition) Settings() iter.Seq2[string, string] {
	return c.e.attrsBut("attribute", "entityname", "operator", "value", "valueof")
}

// A FetchOrder is what a query sorts by.
type FetchOrder struct{ e Element }

// Element returns the place of the order.
func (o FetchOrder) Element() Element { return o.e }

// Column returns the logical name of the column, empty if the query is an aggregate.
func (o FetchOrder) Column() string { return o.e.Attr("attribute") }

// Alias returns the alias that an aggregate sorts by, empty for others.
func (o FetchOrder) Alias() string { return o.e.Attr("alias") }

// Link returns the alias of the link whose column it is, where the order names one.
func (o FetchOrder) Link() string { return o.e.Attr("entityname") }

// IsDescending reports whether the greatest is first.
func (o FetchOrder) IsDescending() bool { return o.e.attrFlag("descending") }
