package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Report is a report.
type Report struct{ Component }

func reportOf(c Component) Report { return Report{c} }

// Reports returns the reports in the order of the file.
func (m *Model) Reports() iter.Seq[Report] { return views(m, solution.TypeReport, reportOf) }

// Title returns what people call the report.
func (r Report) Title() string { return r.Element().text("name") }

// ReportType returns the type, and whether it is given: 1 Reporting Services, 2 another file, 3 a link.
func (r Report) ReportType() (int, bool) { return r.Element().number("reporttypecode") }

// File returns the name of the part that is the report, empty if the solution has none.
func (r Report) File() string { return r.part(r.Element().text("ExportedFileName")) }

// FileName returns the name that the file had when it came in.
func (r Report) FileName() string { return r.Element().text("filename") }

// Language returns the language, and whether it is given.
func (r Report) Language() (int, bool) { return r.Element().number("languagecode") }

// Tables returns the logical names of the tables whose lists show the report.
func (r Report) Tables() []string { return r.Element().Child("ReportEntities").childTexts() }

// Categories returns the categories that lists of reports show it in, as written.
func (r Report) Categories() []string { return r.Element().Child("ReportCategories").childTexts() }

// Visibilities returns where the report is shown, as written: "1" in lists of reports, "2" in forms, "3" in lists of rows.
func (r Report) Visibilities() []string { return r.Element().Child("ReportVisibilities").childTexts() }

// Filters returns the filters that users begin with, one for each table that the report reads.
func (r Report) Filters() iter.Seq[ReportFilter] {
	return eachIn(r.Element().Child("defaultfilter", "ReportFilter"), "ReportEntity", func(e Element) ReportFilter { return ReportFilter{e} })
}

var reportMembers = members("name", "reportid", "description", "reporttypecode", "ExportedFileName", "filename", "languagecode", "ReportEntities",
	"ReportCategories", "ReportVisibilities", "defaultfilter", "IntroducedVersion")

// Settings returns what has no method of its own, such as iscustomreport: names and texts as written.
func (r Report) Settings() iter.Seq2[string, string] { return settings(r.Element(), reportMembers) }

// childTexts returns the texts of the children.
func (e Element) childTexts() []string {
	var out []string
	for x := range e.Children() {
		out = append(out, x.Text())
	}
	return out
}

// A ReportFilter is what a report reads of a table.
type ReportFilter struct{ e Element }

// Element returns the place of the filter.
func (f ReportFilter) Element() Element { return f.e }

// Parameter returns the name of the parameter of the report that gets the query.
func (f ReportFilter) Parameter() string { return f.e.Attr("paramname") }

// Settings returns the attributes that have no method of their own.
func (f ReportFilter) Settings() iter.Seq2[string, string] { return f.e.attrsBut("paramname") }

// Fetch returns the query.
func (f ReportFilter) Fetch() Fetch { return Fetch{f.e.Child("fetch")} }

// A ConnectionRole is what a row may be to another one that users connect it with.
type ConnectionRole struct{ Component }

func connectionRoleOf(c Component) ConnectionRole { return ConnectionRole{c} }

// ConnectionRoles returns the connection roles in the order of the file.
func (m *Model) ConnectionRoles() iter.Seq[ConnectionRole] {
	return views(m, solution.TypeConnectionRole, connectionRoleOf)
}

// Title returns what people call the role.
func (r ConnectionRole) Title() string { return r.Element().text("name") }

// Category returns the category, one of the options of the choice connectionrole_category, and whether it is given.
func (r ConnectionRole) Category() (int, bool) { return r.Element().number("category") }

// Tables returns the tables whose rows may have the role by the GUID of that, in the order of the file.
func (r ConnectionRole) Tables() iter.Seq2[solution.GUID, string] {
	return func(yield func(solution.GUID, string) bool) {
		for e := range r.Element().Child("ConnectionRoleObjectTypeCodes").Children() {
			if !yield(e.guid("connectionroleobjecttypecodeid"), e.text("associatedobjecttypecode")) {
				return
			}
		}
	}
}

var connectionRoleMembers = members("name", "connectionroleid", "description", "category", "ConnectionRoleObjectTypeCodes", "IntroducedVersion")

// Settings returns what has no method of its own: names and texts as written.
func (r ConnectionRole) Settings() iter.Seq2[string, string] {
	return settings(r.Element(), connectionRoleMembers)
}

// ConnectionRolePairs are the connection roles that go together, such as parent and child.
type ConnectionRolePairs struct{ Component }

// Pairs returns the GUIDs of the roles that go together.
func (p ConnectionRolePairs) Pairs() iter.Seq2[solution.GUID, solution.GUID] {
	return func(yield func(a, b solution.GUID) bool) {
		for e := range p.Element().Children() {
			if !yield(e.guid("connectionroleid"), e.guid("associatedconnectionroleid")) {
				return
			}
		}
	}
}
