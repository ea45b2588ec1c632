package build

import (
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Form is a main form of a table that the same builder makes, or a dashboard.
type Form struct {
	Name        string // "Information"
	Description string
	ID          solution.GUID // made of table and name if zero
	Tabs        []Tab         // one with all columns if there are none
	Libraries   []string      // names of web resources that it loads
	Controls    []string      // names of custom controls that it loads
}

// A Tab is a page of a form.
type Tab struct {
	Label    string
	Sections []Section
}

// A Section is a group of controls, one below the other.
type Section struct {
	Label   string
	Columns []string // names of columns
}

// A View is a list of the rows of a table that the same builder makes.
type View struct {
	Name        string
	Description string
	ID          solution.GUID // made of table and name if zero
	Columns     []string      // names of columns
	Joins       []Join        // rows of other tables
	Order       string        // the column that it is sorted by; the name of rows if empty
	Descending  bool
	State       int // rows of that state, 0 active and 1 inactive; -1: all

	kind    int  // querytype
	system  bool // it cannot be deleted
	quick   bool
	related bool // shown in the form of another table
	order   bool
	icons   string
	private bool
	primary bool
}

// A Join are rows of another table, which a view has with each of its own, or without.
type Join struct{ Table, From, To string } // From is a column of Table, To one of the view's table

// The query types of views.
const (
	publicView     = 0
	advancedView   = 1
	associatedView = 2
	quickFindView  = 4
	lookupView     = 64
)

// Form adds a main form to a table that this builder makes.
func (b *Builder) Form(table string, f Form) {
	if b.err != nil {
		return
	}
	t := b.newTable(table)
	if t == nil {
		b.fail("form", f.Name, "there is no new table %q: forms are made for tables of the same builder", table)
		return
	}
	b.checkText("form", f.Name, f.Name, f.Description)
	t.forms = append(t.forms, f)
}

// Dashboard adds a dashboard.
func (b *Builder) Dashboard(f Form) {
	id := b.id(f.ID, "dashboard", f.Name)
	if b.err != nil || !b.claim(solution.IDKey(solution.TypeSystemForm, id), "dashboard", f.Name) {
		return
	}
	b.checkText("dashboard", f.Name, f.Name, f.Description)
	w := newWriter(2)
	b.writeDashboard(w, id, f)
	b.section("Dashboards").WriteString(w.b.String())
	b.root(solution.TypeSystemForm, "", id)
}

// View adds a public view to a table that this builder makes.
func (b *Builder) View(table string, v View) {
	if b.err != nil {
		return
	}
	t := b.newTable(table)
	if t == nil {
		b.fail("view", v.Name, "there is no new table %q: views are made for tables of the same builder", table)
		return
	}
	b.checkText("view", v.Name, v.Name, v.Description)
	v.order, v.icons = true, "1"
	t.views = append(t.views, v)
}

// mainForm is the form that the maker portal makes with a table, with all columns.
func (b *Builder) mainForm(t *Table) Form {
	var columns []string
	if !t.Shell {
		columns = append(columns, t.Primary.Name)
	}
	if !t.Shell && !t.Organization {
		columns = append(columns, "ownerid")
	}
	for i := range t.Columns {
		columns = append(columns, t.Columns[i].Name)
	}
	return Form{Name: "Information", Description: "A form for this entity.", Tabs: []Tab{{Label: "General", Sections: []Section{{Label: "General", Columns: columns}}}}}
}

func (b *Builder) writeForms(w *writer, t *Table, forms []Form) {
	for _, f := range forms {
		id := b.id(f.ID, "form", t.Name, f.Name)
		if !b.claim(solution.IDKey(solution.TypeSystemForm, id), "form", t.Name+"."+f.Name) {
			return
		}
		if f.Tabs == nil {
			f.Tabs = b.mainForm(t).Tabs
		}
		b.writeForm(w, t, id, f)
	}
}

// writeForm writes a form of a table.
func (b *Builder) writeForm(w *writer, t *Table, id solution.GUID, f Form) {
	w.in("systemform", func() {
		w.texts("formid", id.Braced(), "IntroducedVersion", "1.0.0.0", "FormPresentation", "1", "FormActivationState", "1")
		b.writeLayout(w, t, f)
		w.texts("IsCustomizable", "1", "CanBeDeleted", "1")
		w.labels("LocalizedNames", "LocalizedName", f.Name, b.language)
		w.labels("Descriptions", "Description", f.Description, b.language)
	})
}

// writeDashboard writes a dashboard, which has the same in another order.
func (b *Builder) writeDashboard(w *writer, id solution.GUID, f Form) {
	w.in("Dashboard", func() {
		w.labels("LocalizedNames", "LocalizedName", f.Name, b.language)
		if f.Description != "" {
			w.labels("Descriptions", "Description", f.Description, b.language)
		}
		w.texts("FormId", id.Braced(), "IsCustomizable", "1", "IsDefault", "0")
		w.in("FormXml", func() { w.in("forms", func() { b.writeLayout(w, &Table{Shell: true}, f) }, "type", "dashboard") })
		w.texts("IntroducedVersion", "1.0.0.0", "IsTabletEnabled", "0")
	})
}

// writeLayout writes what is on a form.
func (b *Builder) writeLayout(w *writer, t *Table, f Form) {
	b.checkText("form", f.Name, f.Libraries...)
	b.checkText("form", f.Name, f.Controls...)
	w.in("form", func() {
		w.in("tabs", func() {
			for i, tab := range f.Tabs {
				b.writeTab(w, t, f.Name, strconv.Itoa(i), tab)
			}
		})
		if len(f.Libraries) > 0 {
			w.in("formLibraries", func() {
				for _, library := range f.Libraries {
					w.empty("Library", "name", library, "libraryUniqueId", b.id(solution.GUID{}, "form library", t.Name, f.Name, library).Braced())
				}
			})
		}
		if len(f.Controls) > 0 {
			w.in("controlDescriptions", func() {
				for _, control := range f.Controls {
					w.in("controlDescription", func() { w.empty("customControl", "name", control, "formFactor", "2") })
				}
			})
		}
	})
}

func (b *Builder) writeTab(w *writer, t *Table, form, number string, tab Tab) {
	id := func(words ...string) string {
		return b.id(solution.GUID{}, append([]string{"form part", t.Name, form, number}, words...)...).Braced()
	}
	w.in("tab", func() {
		w.labels("labels", "label", tab.Label, b.language)
		w.in("columns", func() {
			w.in("column", func() {
				w.in("sections", func() {
					for i, s := range tab.Sections {
						n := strconv.Itoa(i)
						w.in("section", func() {
							w.labels("labels", "label", s.Label, b.language)
							w.in("rows", func() {
								for _, name := range s.Columns {
									if !t.hasColumn(name) {
										b.fail("form", t.Name+"."+form, "the table has no column %q", name)
									}
									title, control, _ := t.column(name)
									w.in("row", func() {
										w.in("cell", func() {
											w.labels("labels", "label", title, b.language)
											w.empty("control", "id", solution.Fold(name), "classid", control, "datafieldname", solution.Fold(name))
										}, "id", id("cell", n, name))
									})
								}
							})
						}, "showlabel", "false", "showbar", "false", "IsUserDefined", "0", "id", id("section", n))
					}
				})
			}, "width", "100%")
		})
	}, "verticallayout", "true", "id", id("tab"), "IsUserDefined", "1")
}

// standardViews are those that the platform makes with a table.
func standardViews(t *Table) []View {
	columns := []string{t.Primary.Name, "createdon"}
	return []View{
		{Name: "Active " + t.CollectionName, Columns: columns, kind: publicView, system: true, order: true, primary: true, icons: "1"},
		{Name: "Inactive " + t.CollectionName, Columns: columns, State: 1, kind: publicView, system: true, order: true, icons: "1"},
		{Name: "Quick Find Active " + t.CollectionName, Columns: columns, kind: quickFindView, system: true, order: true, quick: true, primary: true, icons: "1"},
		{Name: t.DisplayName + " Advanced Find View", Columns: columns, State: -1, kind: advancedView, system: true, order: true, primary: true, icons: "1"},
		{Name: t.DisplayName + " Associated View", Columns: columns, kind: associatedView, system: true, order: true, related: true, primary: true, icons: "1"},
		{Name: t.DisplayName + " Lookup View", Columns: columns, kind: lookupView, system: true, related: true, primary: true, icons: "0"},
	}
}

func (b *Builder) writeView(w *writer, t *Table, v View) {
	id := b.id(v.ID, "view", t.Name, v.Name)
	if !b.claim(solution.IDKey(solution.TypeSavedQuery, id), "view", t.Name+"."+v.Name) {
		return
	}
	for _, c := range v.Columns {
		if !t.hasColumn(c) {
			b.fail("view", t.Name+"."+v.Name, "the table has no column %q", c)
		}
	}
	if v.Order != "" && !t.hasColumn(v.Order) {
		b.fail("view", t.Name+"."+v.Name, "the table has no column %q", v.Order)
	}
	for _, j := range v.Joins {
		b.checkText("view", t.Name+"."+v.Name, j.Table, j.From, j.To)
	}
	name := solution.Fold(t.Primary.Name)
	if t.Shell { // the column that names rows is not known
		name = solution.Fold(strings.Join(v.Columns[:min(1, len(v.Columns))], ""))
		v.order = v.order && v.Order != ""
	}
	w.in("savedquery", func() {
		w.texts("IsCustomizable", "1", "CanBeDeleted", bit(!v.system), "isquickfindquery", bit(v.quick), "isprivate", bit(v.private), "isdefault", bit(v.primary),
			"savedqueryid", id.Braced())
		grid, row := "resultset", "result"
		if v.related {
			grid, row = t.SetName, t.logical()
		}
		w.in("layoutxml", func() {
			w.in("grid", func() {
				w.in("row", func() {
					for i, c := range v.Columns {
						_, _, width := t.column(c)
						if i == 0 {
							width = 300
						}
						w.empty("cell", "name", solution.Fold(c), "width", strconv.Itoa(width))
					}
				}, "name", row, "id", t.id)
			}, "name", grid, "jump", name, "select", "1", "icon", "1", "preview", v.icons)
		})
		w.text("querytype", strconv.Itoa(v.kind))
		w.in("fetchxml", func() {
			w.in("fetch", func() {
				w.in("entity", func() {
					w.empty("attribute", "name", t.id)
					for _, c := range v.Columns {
						w.empty("attribute", "name", solution.Fold(c))
					}
					if v.order {
						order := name
						if v.Order != "" {
							order = solution.Fold(v.Order)
						}
						w.empty("order", "attribute", order, "descending", strconv.FormatBool(v.Descending))
					}
					for _, j := range v.Joins {
						w.empty("link-entity", "name", solution.Fold(j.Table), "from", solution.Fold(j.From), "to", solution.Fold(j.To), "link-type", "outer")
					}
					if v.State >= 0 {
						w.in("filter", func() {
							w.empty("condition", "attribute", "statecode", "operator", "eq", "value", strconv.Itoa(v.State))
						}, "type", "and")
					}
					if v.quick {
						w.in("filter", func() { w.empty("condition", "attribute", name, "operator", "like", "value", "{0}") }, "type", "or", "isquickfindfields", "1")
					}
				}, "name", t.logical())
			}, "version", "1.0", "mapping", "logical")
		})
		w.text("IntroducedVersion", "1.0.0.0")
		w.labels("LocalizedNames", "LocalizedName", v.Name, b.language)
		if v.Description != "" {
			w.labels("Descriptions", "Description", v.Description, b.language)
		}
	})
}
