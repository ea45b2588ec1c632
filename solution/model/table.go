package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Table is a table of Dataverse: an Entity of customizations.xml. In a package it may be whole, a part, or a shell that
// only carries columns, forms or views.
type Table struct{ Component }

// Tables returns the tables in the order of the file.
func (m *Model) Tables() iter.Seq[Table] {
	return views(m, solution.TypeEntity, func(c Component) Table { return Table{c} })
}

// Table returns the table of a logical name.
func (m *Model) Table(name string) (Table, bool) {
	return lookup(m, solution.NameKey(solution.TypeEntity, "", name), func(c Component) Table { return Table{c} })
}

func (t Table) info() Element { return t.Element().Child("EntityInfo", "entity") }

// LogicalName returns the name that queries and references use.
func (t Table) LogicalName() string { return t.Key().Name() }

// SchemaName returns the name as it was given, letter case kept.
func (t Table) SchemaName() string { return t.Name() }

// DisplayNames returns the names of one row, by language.
func (t Table) DisplayNames() []solution.Label {
	if labels := t.info().Child("LocalizedNames").labels(); labels != nil {
		return labels
	}
	if text := t.BaseName(); text != "" {
		return []solution.Label{{Text: text}}
	}
	return nil
}

// DisplayName returns the name of one row in the language, else in any, else the name.
func (t Table) DisplayName(lcid int) string {
	if text := Text(t.DisplayNames(), lcid); text != "" {
		return text
	}
	return t.Name()
}

// CollectionNames returns the names of many rows, by language.
func (t Table) CollectionNames() []solution.Label {
	return t.info().Child("LocalizedCollectionNames").labels()
}

// Descriptions returns the descriptions by language.
func (t Table) Descriptions() []solution.Label { return t.info().Child("Descriptions").labels() }

// BaseName returns the display name in the base language, which the element of the name repeats.
func (t Table) BaseName() string { return t.Element().Child("Name").Attr("LocalizedName") }

// OriginalName returns the display name in the base language when the table was made.
func (t Table) OriginalName() string { return t.Element().Child("Name").Attr("OriginalName") }

// SetName returns the name of the table's set in the Web API, empty if the package does not say.
func (t Table) SetName() string { return t.info().text("EntitySetName") }

// ObjectTypeCode returns the number that the exporting environment gave the table, and whether it is there. From 10000 on it
// differs between environments.
func (t Table) ObjectTypeCode() (int, bool) { return t.Element().number("ObjectTypeCode") }

// HasSettings reports whether the package brings the settings of the table, and not only some of its parts.
func (t Table) HasSettings() bool { return t.info().Child("EntitySetName").Exists() }

// Ownership returns who rows belong to, as written: "UserOwned", "OrgOwned", "BusinessOwned", "None"; empty if not said.
func (t Table) Ownership() string { return t.info().text("OwnershipTypeMask") }

// IsActivity reports whether rows are activities.
func (t Table) IsActivity() bool { return t.info().flag("IsActivity") }

// IsCustom reports whether the table was added to the platform, told by the prefix of its name.
func (t Table) IsCustom() bool { return Prefix(t.LogicalName()) != "" }

// IntroducedVersion returns the version of the solution that brought the table, as written.
func (t Table) IntroducedVersion() string { return t.info().text("IntroducedVersion") }

// Icons returns the web resources and colour of the table: the names of the small, medium and vector icon, and the colour as
// written. Each is empty where the package does not say.
func (t Table) Icons() (small, medium, vector, colour string) {
	e := t.info()
	return e.text("IconSmallName"), e.text("IconMediumName"), e.text("IconVectorName"), e.text("EntityColor")
}

// DataProvider returns the GUIDs of the data provider and the data source of a virtual table, and the names that the table and its
// set have there; zero and empty for other tables.
func (t Table) DataProvider() (provider, source solution.GUID, name, collection string) {
	e := t.info()
	return e.guid("DataProviderId"), e.guid("DataSourceId"), e.text("ExternalName"), e.text("ExternalCollectionName")
}

// tableMembers are the elements of a table's settings that have a method of their own.
var tableMembers = map[string]bool{
	"LocalizedNames": true, "LocalizedCollectionNames": true, "Descriptions": true, "attributes": true, "EntityKeys": true,
	"EntitySetName": true, "OwnershipTypeMask": true, "IntroducedVersion": true, "IconSmallName": true, "IconMediumName": true,
	"IconVectorName": true, "EntityColor": true, "DataProviderId": true, "DataSourceId": true, "ExternalName": true, "ExternalCollectionName": true,
	"IsActivity": true,
}

// Settings returns the settings of the table that have no method of their own, such as IsAuditEnabled and
// ChangeTrackingEnabled: names and texts as written, in the order of the file.
func (t Table) Settings() iter.Seq2[string, string] { return settings(t.info(), tableMembers) }

// Setting returns the text of one of the Settings, empty if it is not there.
func (t Table) Setting(name string) string { return t.info().text(name) }

// Columns returns the columns in the order of the file.
func (t Table) Columns() iter.Seq[Column] {
	return nestedViews(t.Component, solution.TypeAttribute, func(c Component) Column { return Column{c} })
}

// Column returns the column of a logical name.
func (t Table) Column(name string) (Column, bool) {
	return lookup(t.m, solution.NameKey(solution.TypeAttribute, t.Name(), name), func(c Component) Column { return Column{c} })
}

// Keys returns the alternate keys in the order of the file.
func (t Table) Keys() iter.Seq[AlternateKey] {
	return nestedViews(t.Component, solution.TypeEntityKey, func(c Component) AlternateKey { return AlternateKey{c} })
}

// Relationships returns the relationships of the package in which the table takes part, in the order of the file.
func (t Table) Relationships() iter.Seq[Relationship] {
	return func(yield func(Relationship) bool) {
		for _, r := range t.m.byTable()[t.Key().Name()] {
			if !yield(r) {
				return
			}
		}
	}
}

// findByTable returns the relationships of each table, by its folded name, in their order.
func (m *Model) findByTable() map[string][]Relationship {
	out := map[string][]Relationship{}
	for r := range m.Relationships() {
		from, to := r.Tables()
		from, to = solution.Fold(from), solution.Fold(to)
		out[from] = append(out[from], r)
		if to != from {
			out[to] = append(out[to], r)
		}
	}
	return out
}

// An AlternateKey is a set of columns that identify a row.
type AlternateKey struct{ Component }

// LogicalName returns the name that references use.
func (k AlternateKey) LogicalName() string { return k.Element().text("LogicalName") }

// Columns returns the logical names of the columns in their order.
func (k AlternateKey) Columns() []string {
	var out []string
	for a := range k.Element().Child("EntityKeyAttributes").Each("AttributeName") {
		out = append(out, strings.TrimSpace(a.Text()))
	}
	return out
}
