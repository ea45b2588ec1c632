package build

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A ColumnType is what values of a column are.
type ColumnType string

// The types of columns.
const (
	Text     ColumnType = "text"     // on one line
	Memo     ColumnType = "memo"     // on several lines
	Integer  ColumnType = "integer"  // 32 bits
	Decimal  ColumnType = "decimal"  // exact
	Float    ColumnType = "float"    // as computers have them
	Money    ColumnType = "money"    // in the currency of the row
	YesNo    ColumnType = "yesno"    // two options
	Choices  ColumnType = "choice"   // one of a choice
	Multiple ColumnType = "choices"  // several of a choice
	Date     ColumnType = "date"     // a day, the same everywhere
	DateTime ColumnType = "datetime" // a moment, shown in the time of the user
	Lookup   ColumnType = "lookup"   // a row of Target
	Image    ColumnType = "image"
	File     ColumnType = "file"
)

// A Column is a column of a table. What is 0 or empty has the default of the maker portal.
type Column struct {
	Name        string // schema name with prefix: "contoso_Total"
	DisplayName string // Name without prefix if empty
	Description string
	Type        ColumnType // Text if empty
	Written     string     // instead of Type, the type as files write it, for one that has no name here: "customer"; it has no settings
	Required    bool       // apps ask for a value
	Recommended bool
	MaxLength   int    // of Text (100) and Memo (2000), in characters
	Min, Max    string // of numbers, as written
	Precision   int    // decimal places of Decimal, Float and Money (2)
	Choice      string // of Choices and Multiple: the name of a choice of the solution; empty: Options
	Options     []Option
	Target      string // of Lookup: the table, "account"
	Relation    string // of Lookup: the name of the relationship; made of the tables and the column if empty
	AutoNumber  string // of Text: the pattern, "ORD-{SEQNUM:5}"
	Format      string // of Text: "text", "email", "url", "phone", "textarea"; as written
	Searchable  bool
	Secured     bool // column security governs it
}

// A columnKind is what exports have for a type.
type columnKind struct {
	written string // Type
	ime     string // ImeMode
	control string // class id of the control on a form
	width   int    // in a view
	rest    func(w *writer, b *Builder, table string, c *Column)
}

// columnKinds was read from exports; the class ids are those that most forms use for the type.
var columnKinds = map[ColumnType]columnKind{
	Text: {"nvarchar", "auto", "{4273EDBD-AC1D-40d3-9FB2-095C621B552D}", 150, func(w *writer, _ *Builder, _ string, c *Column) {
		n := cmp.Or(c.MaxLength, 100)
		w.texts("Format", cmp.Or(c.Format, "text"), "MaxLength", strconv.Itoa(n), "Length", strconv.Itoa(2*n))
	}},
	Memo: {"ntext", "auto", "{E0DECE4B-6FC8-4a8f-A065-082708572369}", 150, func(w *writer, _ *Builder, _ string, c *Column) {
		w.texts("Format", cmp.Or(c.Format, "text"), "MaxLength", strconv.Itoa(cmp.Or(c.MaxLength, 2000)))
	}},
	Integer: {"int", "auto", "{C6D124CA-7EDA-4a60-AEA9-7FB8D318B68F}", 100, func(w *writer, _ *Builder, _ string, c *Column) {
		w.texts("Format", "none", "MinValue", cmp.Or(c.Min, "-2147483648"), "MaxValue", cmp.Or(c.Max, "2147483647"))
	}},
	Decimal: {"decimal", "auto", "{C3EFE0C3-0EC6-42be-8349-CBD9079DFD8E}", 100, func(w *writer, _ *Builder, _ string, c *Column) {
		w.texts("MinValue", cmp.Or(c.Min, "-100000000000"), "MaxValue", cmp.Or(c.Max, "100000000000"), "Accuracy", strconv.Itoa(cmp.Or(c.Precision, 2)))
	}},
	Float: {"float", "auto", "{0D2C745A-E5A8-4c8f-BA63-C6D3BB604660}", 100, func(w *writer, _ *Builder, _ string, c *Column) {
		w.texts("MinValue", cmp.Or(c.Min, "-100000000000"), "MaxValue", cmp.Or(c.Max, "100000000000"), "Accuracy", strconv.Itoa(cmp.Or(c.Precision, 2)))
	}},
	Money: {"money", "auto", "{533B9E00-756B-4312-95A0-DC888637AC78}", 100, func(w *writer, _ *Builder, _ string, c *Column) {
		source := "2" // the currency
		if c.Precision > 0 {
			source = "0"
		}
		w.texts("MinValue", cmp.Or(c.Min, "-922337203685477"), "MaxValue", cmp.Or(c.Max, "922337203685477"),
			"Accuracy", strconv.Itoa(cmp.Or(c.Precision, 2)), "AccuracySource", source)
	}},
	YesNo: {"bit", "auto", "{67FAC785-CD58-4f9f-ABB3-4B7DDC6ED5ED}", 100, func(w *writer, b *Builder, table string, c *Column) {
		options := c.Options
		if options == nil {
			options = []Option{{Value: 1, Label: "Yes"}, {Value: 0, Label: "No"}}
		}
		w.text("AppDefaultValue", "0")
		own := *c
		own.Options = options
		b.inlineChoice(w, table, &own, "bit")
	}},
	Choices: {"picklist", "auto", "{3EF39988-22BB-4f0b-BBBE-64B5A3748AEE}", 100, func(w *writer, b *Builder, table string, c *Column) {
		w.text("AppDefaultValue", "-1")
		b.choiceOf(w, table, c, "picklist")
	}},
	Multiple: {"multiselectpicklist", "auto", "{4AA28AB7-9C13-4F57-A73D-AD894D048B5F}", 100, func(w *writer, b *Builder, table string, c *Column) {
		b.choiceOf(w, table, c, "picklist")
	}},
	Date: {"datetime", "auto", "{5B773807-9FB2-42db-97C3-7A91EFF8ADFF}", 100, func(w *writer, _ *Builder, _ string, _ *Column) {
		w.texts("Format", "date", "CanChangeDateTimeBehavior", "1", "Behavior", "2")
	}},
	DateTime: {"datetime", "auto", "{5B773807-9FB2-42db-97C3-7A91EFF8ADFF}", 125, func(w *writer, _ *Builder, _ string, _ *Column) {
		w.texts("Format", "datetime", "CanChangeDateTimeBehavior", "1", "Behavior", "1")
	}},
	Lookup: {"lookup", "auto", "{270BD3DB-D9AF-4782-9025-509E298DEC0A}", 150, func(w *writer, _ *Builder, _ string, _ *Column) {
		w.text("LookupStyle", "single")
		w.empty("LookupTypes")
	}},
	Image: {"image", "disabled", "{7E548B0D-209C-477B-9DCD-F0F44472381D}", 100, func(w *writer, _ *Builder, _ string, _ *Column) {
		w.texts("Format", "jpeg", "MaxLength", "9437328", "MaxValue", "10240")
	}},
	File: {"file", "disabled", "{0A7FF475-B016-4687-9CE5-042BFDBD6519}", 100, func(w *writer, _ *Builder, _ string, _ *Column) {
		w.text("MaxValue", "131072")
	}},
}

// check refuses a column that the platform would refuse.
func (b *Builder) checkColumn(table string, c *Column) bool {
	name := table + "." + c.Name
	switch _, known := columnKinds[c.Type]; {
	case c.Written != "" && c.Type != "":
		b.fail("column", name, "it has two types, %q and %q as files write it", c.Type, c.Written)
	case c.Written == "" && c.Type == "":
		c.Type = Text
	case c.Written == "" && !known:
		b.fail("column", name, "%q is no type of columns", c.Type)
	}
	if c.DisplayName == "" {
		c.DisplayName = c.Name[strings.IndexByte(c.Name, '_')+1:]
	}
	b.checkText("column", name, c.DisplayName, c.Description, c.Written)
	switch {
	case c.Type == Lookup && c.Target == "":
		b.fail("column", name, "a lookup needs a target: the table whose rows it points to")
	case c.Type != Lookup && c.Target != "":
		b.fail("column", name, "it has a target, and is no lookup")
	case (c.Type == Choices || c.Type == Multiple) && (c.Choice == "") == (len(c.Options) == 0):
		b.fail("column", name, "give a choice of the solution, or options of its own")
	case c.AutoNumber != "" && c.Type != Text:
		b.fail("column", name, "only texts are numbered automatically")
	case c.MaxLength < 0 || c.Type == Text && c.MaxLength > 4000 || c.Type == Memo && c.MaxLength > 1048576:
		b.fail("column", name, "a length of %d: at most 4000 characters in a text, and 1048576 in a memo", c.MaxLength)
	case c.Precision < 0 || c.Precision > 10:
		b.fail("column", name, "%d decimal places: 0 to 10", c.Precision)
	}
	return b.prefixed("column", c.Name) && b.claim(solution.NameKey(solution.TypeAttribute, table, c.Name), "column", name)
}

// writeColumn writes a column. A primary name is the one that names rows.
func (b *Builder) writeColumn(w *writer, table string, c *Column, primary bool) {
	kind := columnKinds[c.Type]
	if c.Written != "" {
		kind = columnKind{written: c.Written, ime: "auto", rest: func(w *writer, _ *Builder, _ string, c *Column) {
			if c.Choice != "" {
				w.text("OptionSetName", c.Choice)
			}
		}}
	}
	logical := solution.Fold(c.Name)
	w.in("attribute", func() {
		level, mask := "none", "ValidForAdvancedFind|ValidForForm|ValidForGrid"
		switch {
		case c.Required:
			level, mask = "required", mask+"|RequiredForForm"
		case c.Recommended:
			level = "recommended"
		}
		if primary {
			mask = "PrimaryName|" + mask
		}
		if c.Type == Image {
			mask = "DenormalizedChild|PrimaryImage|" + mask
		}
		w.texts("Type", kind.written, "Name", logical, "LogicalName", logical, "RequiredLevel", level, "DisplayMask", mask, "ImeMode", kind.ime,
			"ValidForUpdateApi", "1", "ValidForReadApi", "1", "ValidForCreateApi", "1", "IsCustomField", "1", "IsAuditEnabled", "1")
		if c.Type == Image {
			w.text("IsLogical", "1")
		}
		w.texts("IsSecured", bit(c.Secured))
		writeFlags(w, c.AutoNumber, c.Searchable || primary, false, primary)
		kind.rest(w, b, table, c)
		w.labels("displaynames", "displayname", c.DisplayName, b.language)
		w.labels("Descriptions", "Description", c.Description, b.language)
	}, "PhysicalName", c.Name)
}

// writeFlags writes what nearly all columns have alike.
func writeFlags(w *writer, autoNumber string, searchable, filterable, retrievable bool) {
	w.texts("IntroducedVersion", "1.0.0.0", "IsCustomizable", "1", "IsRenameable", "1", "CanModifySearchSettings", "1",
		"CanModifyRequirementLevelSettings", "1", "CanModifyAdditionalSettings", "1", "SourceType", "0", "IsGlobalFilterEnabled", "0",
		"IsSortableEnabled", "0", "CanModifyGlobalFilterSettings", "1", "CanModifyIsSortableSettings", "1", "IsDataSourceSecret", "0",
		"AutoNumberFormat", autoNumber, "IsSearchable", bit(searchable), "IsFilterable", bit(filterable), "IsRetrievable", bit(retrievable),
		"IsLocalizable", "0")
}

// A standardColumn is one that every table has.
type standardColumn struct {
	name, title, description     string
	written, ime, level, mask    string
	create, update, owned, audit bool // valid for; only where rows have owners; audited
	rest                         func(w *writer)
}

var (
	lookupRest = func(w *writer) { w.text("LookupStyle", "single"); w.empty("LookupTypes") }
	momentRest = func(w *writer) { w.texts("Format", "datetime", "CanChangeDateTimeBehavior", "0", "Behavior", "1") }
	dayRest    = func(w *writer) { w.texts("Format", "date", "CanChangeDateTimeBehavior", "0", "Behavior", "1") }
	numberRest = func(least string) func(w *writer) {
		return func(w *writer) { w.texts("Format", "", "MinValue", least, "MaxValue", "2147483647") }
	}
)

const everywhere = "ValidForAdvancedFind|ValidForForm|ValidForGrid"

// standardColumns are those of every new table besides its key, its name, state and status.
var standardColumns = []standardColumn{
	{"CreatedBy", "Created By", "Unique identifier of the user who created the record.", "lookup", "auto", "none", everywhere, false, false, false, false, lookupRest},
	{"CreatedOn", "Created On", "Date and time when the record was created.", "datetime", "inactive", "none", everywhere, false, false, false, false, momentRest},
	{"CreatedOnBehalfBy", "Created By (Delegate)", "Unique identifier of the delegate user who created the record.", "lookup", "auto", "none", everywhere, false, false, false, false, lookupRest},
	{"ImportSequenceNumber", "Import Sequence Number", "Sequence number of the import that created this record.", "int", "disabled", "none", "ValidForAdvancedFind", true, false, false, true, numberRest("-2147483648")},
	{"ModifiedBy", "Modified By", "Unique identifier of the user who modified the record.", "lookup", "auto", "none", everywhere, false, false, false, false, lookupRest},
	{"ModifiedOn", "Modified On", "Date and time when the record was modified.", "datetime", "inactive", "none", everywhere, false, false, false, false, momentRest},
	{"ModifiedOnBehalfBy", "Modified By (Delegate)", "Unique identifier of the delegate user who modified the record.", "lookup", "auto", "none", everywhere, false, false, false, false, lookupRest},
	{"OverriddenCreatedOn", "Record Created On", "Date and time that the record was migrated.", "datetime", "inactive", "none", "ValidForAdvancedFind|ValidForGrid", true, false, false, true, dayRest},
	{"OwnerId", "Owner", "Owner Id", "owner", "auto", "systemrequired", everywhere + "|RequiredForForm", true, true, true, true, func(w *writer) {
		w.text("LookupStyle", "single")
		w.in("LookupTypes", func() {
			for _, code := range []string{"8", "9"} { // user, team
				w.tag("LookupType", []string{"id", "00000000-0000-0000-0000-000000000000"})
				w.b.WriteString(">" + code + "</LookupType>")
			}
		})
	}},
	{"OwningBusinessUnit", "Owning Business Unit", "Unique identifier for the business unit that owns the record", "lookup", "auto", "none", everywhere, false, false, true, true, lookupRest},
	{"OwningTeam", "Owning Team", "Unique identifier for the team that owns the record.", "lookup", "auto", "none", "", false, false, true, false, lookupRest},
	{"OwningUser", "Owning User", "Unique identifier for the user that owns the record.", "lookup", "auto", "none", "", false, false, true, false, lookupRest},
	{"TimeZoneRuleVersionNumber", "Time Zone Rule Version Number", "For internal use only.", "int", "auto", "none", "", true, true, false, false, numberRest("-1")},
	{"UTCConversionTimeZoneCode", "UTC Conversion Time Zone Code", "Time zone code that was in use when the record was created.", "int", "auto", "none", "", true, true, false, false, numberRest("-1")},
}

func (b *Builder) writeStandard(w *writer, c *standardColumn) {
	logical := solution.Fold(c.name)
	w.in("attribute", func() {
		w.texts("Type", c.written, "Name", logical, "LogicalName", logical, "RequiredLevel", c.level)
		if c.mask != "" {
			w.text("DisplayMask", c.mask)
		}
		w.texts("ImeMode", c.ime, "ValidForUpdateApi", bit(c.update), "ValidForReadApi", "1", "ValidForCreateApi", bit(c.create), "IsCustomField", "0", "IsAuditEnabled", bit(c.audit))
		if logical == "owningteam" || logical == "owninguser" {
			w.text("IsLogical", "1")
		}
		w.text("IsSecured", "0")
		moment := logical == "createdon" || logical == "modifiedon"
		writeFlags(w, "", false, moment || logical == "ownerid" || logical == "owningbusinessunit", moment)
		c.rest(w)
		w.labels("displaynames", "displayname", c.title, b.language)
		w.labels("Descriptions", "Description", c.description, b.language)
	}, "PhysicalName", c.name)
}
