package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A SavedQuery is a view of a table: which rows it has, and which columns of them it shows.
type SavedQuery struct{ Component }

func savedQueryOf(c Component) SavedQuery { return SavedQuery{c} }

// SavedQueries returns the views of tables in the order of the file.
func (m *Model) SavedQueries() iter.Seq[SavedQuery] {
	return views(m, solution.TypeSavedQuery, savedQueryOf)
}

// SavedQuery returns the view of a GUID.
func (m *Model) SavedQuery(id solution.GUID) (SavedQuery, bool) {
	return lookup(m, solution.IDKey(solution.TypeSavedQuery, id), savedQueryOf)
}

// SavedQueries returns the views of the table in the order of the file.
func (t Table) SavedQueries() iter.Seq[SavedQuery] {
	return nestedViews(t.Component, solution.TypeSavedQuery, savedQueryOf)
}

// Table returns the logical name of the table.
func (q SavedQuery) Table() string { return q.OwnerKey().Name() }

// QueryType returns what the view is for, and whether it is given: 0 lists of an app, 1 advanced find, 2 related rows on a form,
// 4 quick find, 8 reports, 16 offline filters, 64 lookups, 128 the service calendar, 256 filters of Outlook, 512 address books,
// 4096 processes, 8192 templates of offline filters, 16384 made by code, 131072 templates of filters of Outlook. Packages
// have others too; 1048576 is that of Copilot.
func (q SavedQuery) QueryType() (int, bool) { return q.Element().number("querytype") }

// IsDefault reports whether the view is the one that its table begins with, among those of its type.
func (q SavedQuery) IsDefault() bool { return q.Element().flag("isdefault") }

// IsPrivate reports whether the platform keeps the view for itself.
func (q SavedQuery) IsPrivate() bool { return q.Element().flag("isprivate") }

// IsQuickFind reports whether the view says which columns a quick search looks into.
func (q SavedQuery) IsQuickFind() bool { return q.Element().flag("isquickfindquery") }

// API returns the message that fills the view instead of its query, as written; empty for nearly all.
func (q SavedQuery) API() string { return q.Element().text("queryapi") }

// ReturnedType returns the type code of the rows' table as the exporting environment had it, as written; empty in most files.
func (q SavedQuery) ReturnedType() string { return q.Element().text("returnedtypecode") }

// Fetch returns the query, which may be none ([Fetch.Exists]). The error is that of a query that is written as text and is no XML: a
// [*solution.SyntaxError].
func (q SavedQuery) Fetch() (Fetch, error) {
	return fetchIn(q.Element().Child("fetchxml"))
}

func (q SavedQuery) grid() Element { return q.Element().Child("layoutxml", "grid") }

// Columns returns the columns that the view shows, from left to right.
func (q SavedQuery) Columns() iter.Seq[ViewColumn] {
	return eachIn(q.grid().Child("row"), "cell", func(e Element) ViewColumn { return ViewColumn{e} })
}

// IDColumn returns the logical name of the column with the GUID of a row, empty if there is no layout.
func (q SavedQuery) IDColumn() string { return q.grid().Child("row").Attr("id") }

// JumpColumn returns the logical name of the column that the letters below a list look into.
func (q SavedQuery) JumpColumn() string { return q.grid().Attr("jump") }

// LayoutSettings returns the other attributes of the grid and its row, such as name, select, preview and object, which is the
// type code of the table.
func (q SavedQuery) LayoutSettings() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, value := range q.grid().attrsBut("jump") {
			if !yield(name, value) {
				return
			}
		}
		for name, value := range q.grid().Child("row").attrsBut("id") {
			if !yield("row/"+name, value) {
				return
			}
		}
	}
}

// ControlDescriptions returns which custom controls show the view.
func (q SavedQuery) ControlDescriptions() iter.Seq[ControlDescription] {
	return controlDescriptions(q.grid())
}

// A ViewColumn is a column of a view.
type ViewColumn struct{ e Element }

// Element returns the place of the column.
func (c ViewColumn) Element() Element { return c.e }

// Name returns the logical name of the column; one of a linked table stands after the name of its link and a dot.
func (c ViewColumn) Name() string { return c.e.Attr("name") }

// Width returns the width in pixels, and whether it is given.
func (c ViewColumn) Width() (int, bool) { return c.e.attrNumber("width") }

// IsHidden reports whether the column is read and not shown.
func (c ViewColumn) IsHidden() bool { return c.e.attrFlag("ishidden") }

// IsSortable reports whether users may sort by the column.
func (c ViewColumn) IsSortable() bool { return !c.e.attrFlag("disableSorting") }

// ImageProvider returns the web resource and its function that give the column icons and tips; both are empty if there is none.
func (c ViewColumn) ImageProvider() (library, function string) {
	return strings.TrimPrefix(c.e.Attr("imageproviderwebresource"), "$webresource:"), c.e.Attr("imageproviderfunctionname")
}

// Settings returns the attributes that have no method of their own.
func (c ViewColumn) Settings() iter.Seq2[string, string] {
	return c.e.attrsBut("name", "width", "ishidden", "disableSorting", "imageproviderwebresource", "imageproviderfunctionname")
}
