package model

import (
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A Column is a column of a table.
type Column struct{ Component }

// LogicalName returns the name that queries and references use.
func (c Column) LogicalName() string {
	if name := c.Element().text("LogicalName"); name != "" {
		return name
	}
	return solution.Fold(c.Name())
}

// SchemaName returns the name as it was given, letter case kept.
func (c Column) SchemaName() string {
	if name := c.Element().Attr("PhysicalName"); name != "" {
		return name
	}
	return c.Name()
}

// Table returns the logical name of the table.
func (c Column) Table() string { return c.OwnerKey().Name() }

// DataType returns the type as written: "nvarchar", "lookup", "picklist", "datetime".
func (c Column) DataType() string { return c.Element().text("Type") }

// Required returns the level as written: "none", "recommended", "required", "systemrequired".
func (c Column) Required() string { return c.Element().text("RequiredLevel") }

// Format returns how values are shown, as written: "text", "email", "date", "duration"; empty if not said.
func (c Column) Format() string { return c.Element().text("Format") }

// MaxLength returns the most characters of a text column, and whether it is given.
func (c Column) MaxLength() (int, bool) { return c.Element().number("MaxLength") }

// Length returns the room of a text column in the database, in bytes, and whether it is given.
func (c Column) Length() (int, bool) { return c.Element().number("Length") }

// Range returns the least and greatest value of a number column as written; each is empty if not given.
func (c Column) Range() (least, most string) {
	return c.Element().text("MinValue"), c.Element().text("MaxValue")
}

// Precision returns the number of decimal places, and whether it is given.
func (c Column) Precision() (int, bool) { return c.Element().number("Accuracy") }

// PrecisionSource returns where a currency column takes its precision from: 0 the column, 1 the organisation, 2 the currency;
// and whether it is given.
func (c Column) PrecisionSource() (int, bool) { return c.Element().number("AccuracySource") }

// DateBehavior returns how a date is stored: 1 user local, 2 date only, 3 independent of time zones; and whether it is given.
func (c Column) DateBehavior() (int, bool) { return c.Element().number("Behavior") }

// AutoNumber returns the pattern of an autonumber column, empty for others.
func (c Column) AutoNumber() string { return c.Element().text("AutoNumberFormat") }

// Default returns the value that apps fill in, as written, and whether one is given.
func (c Column) Default() (string, bool) {
	e := c.Element().Child("AppDefaultValue")
	return strings.TrimSpace(e.Text()), e.Exists()
}

// A ColumnSource says where the values of a column come from.
type ColumnSource int

// The sources.
const (
	Simple     ColumnSource = 0 // people and programs write it
	Calculated ColumnSource = 1
	Rollup     ColumnSource = 2
	Formula    ColumnSource = 3 // Power Fx
)

// Source returns where the values come from.
func (c Column) Source() ColumnSource {
	n, _ := c.Element().number("SourceType")
	return ColumnSource(n)
}

// FormulaPart returns the name of the part that holds the formula of a calculated, rollup or formula column, empty if the file
// names none or it is not there. Formula columns of one table share theirs; see [Column.Formula].
func (c Column) FormulaPart() string {
	name := c.Element().text("FormulaDefinitionFileName")
	if name == "" {
		return ""
	}
	for _, part := range c.Parts() {
		if strings.HasSuffix(solution.Fold(part), solution.Fold(name[strings.LastIndexAny(name, `/\`)+1:])) {
			return part
		}
	}
	return ""
}

// Targets returns the tables that a lookup may point to, as far as the column says: numbers of types or names, as written.
// For most lookups the relationships of the package say it; see [Column.LookupTables].
func (c Column) Targets() []string {
	var out []string
	for t := range c.Element().Child("LookupTypes").Each("LookupType") {
		out = append(out, strings.TrimSpace(t.Text()))
	}
	return out
}

// LookupTables returns the logical names of the tables that a lookup points to, from the relationships of the package.
func (c Column) LookupTables() []string {
	return slices.Clone(c.m.lookups()[lookupOf{c.Table(), solution.Fold(c.LogicalName())}])
}

// A lookupOf is a column by its table, both folded.
type lookupOf struct{ table, column string }

// findLookups returns the tables that the relationships let each column point to, in their order.
func (m *Model) findLookups() map[lookupOf][]string {
	out := map[lookupOf][]string{}
	for r := range m.Relationships() {
		from, to := r.Tables()
		of := lookupOf{solution.Fold(from), solution.Fold(r.Column())}
		out[of] = append(out[of], solution.Fold(to))
	}
	return out
}

// Choice returns the options of a choice column that has its own; ok is false for columns of another type and for those that
// use a choice of the solution, which GlobalChoice names.
func (c Column) Choice() (choice Choice, ok bool) {
	e := c.Element().Child("optionset")
	return Choice{e}, e.Exists()
}

// GlobalChoice returns the name of the choice that the column uses, empty if it has its own or none.
func (c Column) GlobalChoice() string { return c.Element().text("OptionSetName") }

// IsCustom reports whether the column was added to the platform or to an app of it.
func (c Column) IsCustom() bool { return c.Element().flag("IsCustomField") }

// IsPrimaryName reports whether the column names the rows of its table.
func (c Column) IsPrimaryName() bool {
	return strings.Contains(c.Element().text("DisplayMask"), "PrimaryName")
}

// IsSecured reports whether column security governs the column.
func (c Column) IsSecured() bool { return c.Element().flag("IsSecured") }

// ValidFor reports whether rows may be created with the column, and whether it may be read and updated.
func (c Column) ValidFor() (create, read, update bool) {
	e := c.Element()
	return e.flag("ValidForCreateApi"), e.flag("ValidForReadApi"), e.flag("ValidForUpdateApi")
}

var columnMembers = map[string]bool{
	"LogicalName": true, "Name": true, "Type": true, "RequiredLevel": true, "Format": true, "MaxLength": true, "Length": true, "MinValue": true,
	"MaxValue": true, "Accuracy": true, "AccuracySource": true, "Behavior": true, "AutoNumberFormat": true, "AppDefaultValue": true,
	"SourceType": true, "FormulaDefinitionFileName": true, "LookupTypes": true, "optionset": true, "OptionSetName": true,
	"IsCustomField": true, "IsSecured": true, "ValidForCreateApi": true, "ValidForReadApi": true,
	"ValidForUpdateApi": true, "IntroducedVersion": true, "displaynames": true, "Descriptions": true,
}

// Settings returns the settings of the column that have no method of their own, such as IsAuditEnabled and ImeMode: names and
// texts as written, in the order of the file.
func (c Column) Settings() iter.Seq2[string, string] { return settings(c.Element(), columnMembers) }

// settings returns the children of an element that hold a text, but those of members and the managed properties.
func settings(e Element, members map[string]bool) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for x := range e.Children() {
			if !members[x.Tag()] && !isManagedProperty(x.Tag()) && !yield(x.Tag(), strings.TrimSpace(x.Text())) {
				return
			}
		}
	}
}

// members makes the set of the children that have methods of their own.
func members(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
