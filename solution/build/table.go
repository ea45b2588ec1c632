package build

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Table is a new table. Its key, state and status, and the columns that every table has, come by themselves.
//
// A shell is what is added to a table that another solution creates, such as columns of one's own for account: it has what it is given
// and nothing else, and its columns may be any.
type Table struct {
	Name           string // schema name with prefix: "contoso_Order"
	DisplayName    string // of one row; Name without prefix if empty
	CollectionName string // of many; DisplayName with an s if empty
	Description    string
	SetName        string // in the Web API; the logical name with an s if empty
	Organization   bool   // rows belong to the organisation, not to users and teams
	Primary        Column // the column that names rows; PREFIX_Name, "Name", if its name is empty
	Columns        []Column
	Keys           []AlternateKey
	Audit          bool // changes are recorded
	NoForm         bool // without the main form
	NoViews        bool // without the six views
	Shell          bool // of a table that another solution creates

	id     string // logical name of the key
	forms  []Form
	views  []View
	byName map[string]*Column // see ownColumns
}

// An AlternateKey is a set of columns that identify a row.
type AlternateKey struct {
	Name        string // with prefix
	DisplayName string // Name if empty
	Columns     []string
}

func (t *Table) logical() string { return solution.Fold(t.Name) }

// Table adds a table.
func (b *Builder) Table(t Table) {
	if !t.Shell && !b.prefixed("table", t.Name) || !b.claim(solution.NameKey(solution.TypeEntity, "", t.Name), "table", t.Name) {
		return
	}
	bare := t.Name[strings.IndexByte(t.Name, '_')+1:]
	orElse(&t.DisplayName, bare)
	orElse(&t.CollectionName, t.DisplayName+"s")
	t.id = t.logical() + "id"
	b.checkText("table", t.Name, t.DisplayName, t.CollectionName, t.Description)
	if t.Shell {
		b.checkShell(&t)
	} else {
		orElse(&t.SetName, t.logical()+"s")
		b.checkPrimary(&t)
	}
	columns := t.Columns
	t.Columns = nil
	b.tables = append(b.tables, &t)
	b.newTables[t.logical()] = &t
	for _, c := range columns {
		b.Column(t.Name, c)
	}
	root := solution.NewRootComponent(solution.TypeEntity, t.logical(), solution.GUID{})
	if t.Shell {
		root.Behavior = solution.IncludeAsShell
	}
	b.Root(root)
}

// checkPrimary completes the column that names rows.
func (b *Builder) checkPrimary(t *Table) {
	if t.Primary.Name == "" {
		t.Primary.Name = b.prefix + "_Name"
	}
	if t.Primary.DisplayName == "" {
		t.Primary.DisplayName = "Name"
	}
	if t.Primary.Type != "" && t.Primary.Type != Text {
		b.fail("table", t.Name, "the column that names rows is a text")
	}
	t.Primary.Required = t.Primary.AutoNumber == ""
	if t.Primary.MaxLength == 0 {
		t.Primary.MaxLength = 850
	}
	b.checkColumn(t.Name, &t.Primary)
}

// checkShell refuses what the table has where it is created.
func (b *Builder) checkShell(t *Table) {
	if t.Primary.Name != "" || t.Organization || t.Audit || len(t.Keys) > 0 {
		b.fail("table", t.Name, "a shell has columns, forms and views alone: the primary column, keys, ownership and audit are those of the solution that creates it")
	}
	if name := solution.Fold(t.Name); name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		b.fail("table", t.Name, "use letters, digits and underscores")
	}
}

func orElse(text *string, other string) {
	if *text == "" {
		*text = other
	}
}

// newTable returns a table that this builder makes, nil if it does not.
func (b *Builder) newTable(name string) *Table {
	return b.newTables[solution.Fold(name)]
}

// table returns a table that the solution has already.
func (b *Builder) table(what, table, name string) (model.Table, bool) {
	t, ok := b.model.Table(table)
	if !ok {
		b.missing(what, name, fmt.Sprintf("there is no table %q in the solution: add it first", table))
	}
	return t, ok
}

// Column adds a column to a table, one that the solution has or that this builder makes.
func (b *Builder) Column(table string, c Column) {
	if b.err != nil || !b.checkColumn(table, &c) {
		return
	}
	owner := table
	if t := b.newTable(table); t != nil {
		owner = t.Name
		t.Columns = append(t.Columns, c)
	} else {
		t, ok := b.table("column", table, c.Name)
		if !ok {
			return
		}
		owner = t.Name()
		list := t.Element().Child("EntityInfo", "entity", "attributes")
		if !list.Exists() {
			b.fail("column", c.Name, "the table %q has no list of columns in the solution: add its settings first", table)
			return
		}
		w := newWriter(6)
		b.writeColumn(w, t.LogicalName(), &c, false)
		b.append(list, w.b.String())
	}
	if c.Type == Lookup {
		b.lookupRelationship(owner, &c)
	}
}

// render writes the new tables, when all that belongs to them is known.
func (b *Builder) render() {
	if b.err != nil {
		return
	}
	for _, t := range b.tables {
		w := newWriter(2)
		b.writeTable(w, t)
		b.section("Entities").WriteString(w.b.String())
	}
	b.tables = nil
	clear(b.newTables)
}

func (b *Builder) writeTable(w *writer, t *Table) {
	w.in("Entity", func() {
		w.tag("Name", []string{"LocalizedName", t.DisplayName, "OriginalName", t.DisplayName})
		w.b.WriteString(">" + t.Name + "</Name>")
		switch {
		case !t.Shell:
			w.in("EntityInfo", func() { w.in("entity", func() { b.writeSettings(w, t) }, "Name", t.Name) })
		case len(t.Columns) > 0 || t.SetName != "": // else it has no such element
			w.in("EntityInfo", func() { w.in("entity", func() { b.writeShell(w, t) }, "Name", t.Name) })
		}
		forms := t.forms
		if !t.NoForm && !t.Shell {
			forms = append([]Form{b.mainForm(t)}, forms...)
		}
		if len(forms) > 0 {
			w.in("FormXml", func() { w.in("forms", func() { b.writeForms(w, t, forms) }, "type", "main") })
		}
		views := t.views
		if !t.NoViews && !t.Shell {
			views = append(standardViews(t), views...)
		}
		if len(views) > 0 {
			w.in("SavedQueries", func() {
				w.in("savedqueries", func() {
					for _, v := range views {
						b.writeView(w, t, v)
					}
				})
			})
		}
		if !t.Shell {
			writeRibbon(w)
		}
	})
}

// writeRibbon writes a ribbon in which nothing is changed, as all tables have it.
func writeRibbon(w *writer) {
	w.in("RibbonDiffXml", func() {
		w.empty("CustomActions")
		w.in("Templates", func() {
			w.line()
			w.b.WriteString(`<RibbonTemplates Id="Mscrm.Templates"></RibbonTemplates>`)
		})
		w.empty("CommandDefinitions")
		w.in("RuleDefinitions", func() { w.empty("TabDisplayRules"); w.empty("DisplayRules"); w.empty("EnableRules") })
		w.empty("LocLabels")
	})
}

// writeShell writes the columns that are added, and the name of the set only if it is given.
func (b *Builder) writeShell(w *writer, t *Table) {
	if len(t.Columns) == 0 {
		w.empty("attributes")
	} else {
		w.in("attributes", func() {
			for i := range t.Columns {
				b.writeColumn(w, t.logical(), &t.Columns[i], false)
			}
		})
	}
	if t.SetName != "" {
		w.text("EntitySetName", t.SetName)
	}
}

func (b *Builder) writeSettings(w *writer, t *Table) {
	w.labels("LocalizedNames", "LocalizedName", t.DisplayName, b.language)
	w.labels("LocalizedCollectionNames", "LocalizedCollectionName", t.CollectionName, b.language)
	w.labels("Descriptions", "Description", t.Description, b.language)
	w.in("attributes", func() {
		for i := range standardColumns {
			c := &standardColumns[i]
			if !c.owned || !t.Organization {
				b.writeStandard(w, c)
			}
		}
		b.writeState(w, t)
		b.writeColumn(w, t.logical(), &t.Primary, true)
		b.writeKey(w, t)
		for i := range t.Columns {
			b.writeColumn(w, t.logical(), &t.Columns[i], false)
		}
	})
	if len(t.Keys) > 0 {
		w.in("EntityKeys", func() {
			for _, k := range t.Keys {
				b.writeAlternateKey(w, t, k)
			}
		})
	}
	owner := "UserOwned"
	if t.Organization {
		owner = "OrgOwned"
	}
	w.texts("EntitySetName", t.SetName, "IsDuplicateCheckSupported", "1", "IsBusinessProcessEnabled", "0", "IsRequiredOffline", "0",
		"IsInteractionCentricEnabled", "0", "IsCollaboration", "0", "AutoRouteToOwnerQueue", "0", "IsConnectionsEnabled", "0",
		"IsDocumentManagementEnabled", "0", "AutoCreateAccessTeams", "0", "IsOneNoteIntegrationEnabled", "0", "IsKnowledgeManagementEnabled", "0",
		"IsSLAEnabled", "0", "IsDocumentRecommendationsEnabled", "0", "IsBPFEntity", "0", "OwnershipTypeMask", owner, "IsAuditEnabled", bit(t.Audit),
		"IsRetrieveAuditEnabled", "0", "IsRetrieveMultipleAuditEnabled", "0", "IsActivity", "0", "ActivityTypeMask", "", "IsActivityParty", "0",
		"IsReplicated", "0", "IsReplicationUserFiltered", "0", "IsMailMergeEnabled", "1", "IsVisibleInMobile", "0", "IsVisibleInMobileClient", "0",
		"IsReadOnlyInMobileClient", "0", "IsOfflineInMobileClient", "0", "DaysSinceRecordLastModified", "0", "MobileOfflineFilters", "",
		"IsMapiGridEnabled", "1", "IsReadingPaneEnabled", "1", "IsQuickCreateEnabled", "0", "SyncToExternalSearchIndex", "0",
		"IntroducedVersion", "1.0.0.0", "IsCustomizable", "1", "IsRenameable", "1", "IsMappable", "1")
	for _, may := range []string{"CanModifyAuditSettings", "CanModifyMobileVisibility", "CanModifyMobileClientVisibility", "CanModifyMobileClientReadOnly",
		"CanModifyMobileClientOffline", "CanModifyConnectionSettings", "CanModifyDuplicateDetectionSettings", "CanModifyMailMergeSettings",
		"CanModifyQueueSettings", "CanCreateAttributes", "CanCreateForms", "CanCreateCharts", "CanCreateViews", "CanModifyAdditionalSettings",
		"CanEnableSyncToExternalSearchIndex"} {
		w.text(may, "1")
	}
	w.texts("EnforceStateTransitions", "0", "CanChangeHierarchicalRelationship", "1", "EntityHelpUrlEnabled", "0", "ChangeTrackingEnabled", "0",
		"CanChangeTrackingBeEnabled", "1", "IsEnabledForExternalChannels", "0", "IsMSTeamsIntegrationEnabled", "0", "IsSolutionAware", "0")
}

// writeKey writes the column of the id.
func (b *Builder) writeKey(w *writer, t *Table) {
	w.in("attribute", func() {
		w.texts("Type", "primarykey", "Name", t.id, "LogicalName", t.id, "RequiredLevel", "systemrequired", "DisplayMask", "ValidForAdvancedFind|RequiredForGrid",
			"ImeMode", "auto", "ValidForUpdateApi", "0", "ValidForReadApi", "1", "ValidForCreateApi", "1", "IsCustomField", "0", "IsAuditEnabled", "0", "IsSecured", "0")
		writeFlags(w, "", false, true, true)
		w.labels("displaynames", "displayname", t.DisplayName, b.language)
		w.labels("Descriptions", "Description", "Unique identifier for entity instances", b.language)
	}, "PhysicalName", t.Name+"Id")
}

// writeState writes the columns of state and status.
func (b *Builder) writeState(w *writer, t *Table) {
	for _, c := range []struct{ name, written, title, about, level, list string }{
		{"statecode", "state", "Status", "Status of the ", "systemrequired", "states"},
		{"statuscode", "status", "Status Reason", "Reason for the status of the ", "none", "statuses"},
	} {
		w.in("attribute", func() {
			w.texts("Type", c.written, "Name", c.name, "LogicalName", c.name, "RequiredLevel", c.level, "DisplayMask", everywhere, "ImeMode", "auto",
				"ValidForUpdateApi", "1", "ValidForReadApi", "1", "ValidForCreateApi", bit(c.name == "statuscode"), "IsCustomField", "0", "IsAuditEnabled", "1", "IsSecured", "0")
			writeFlags(w, "", false, c.name == "statecode", false)
			w.in("optionset", func() {
				w.texts("OptionSetType", c.written, "IntroducedVersion", "1.0.0.0", "IsCustomizable", "1")
				w.labels("displaynames", "displayname", c.title, b.language)
				w.labels("Descriptions", "Description", c.about+t.DisplayName, b.language)
				w.in(c.list, func() {
					for i, label := range []string{"Active", "Inactive"} {
						state, status := "0", "1"
						if i == 1 {
							state, status = "1", "2"
						}
						name, attrs := "state", []string{"value", state, "defaultstatus", status, "invariantname", label, "IsHidden", "0"}
						if c.name == "statuscode" {
							name, attrs = "status", []string{"value", status, "state", state, "IsHidden", "0"}
						}
						w.in(name, func() { w.labels("labels", "label", label, b.language) }, attrs...)
					}
				})
			}, "Name", t.logical()+"_"+c.name)
			w.labels("displaynames", "displayname", c.title, b.language)
			w.labels("Descriptions", "Description", c.about+t.DisplayName, b.language)
		}, "PhysicalName", c.name)
	}
}

func (b *Builder) writeAlternateKey(w *writer, t *Table, k AlternateKey) {
	if !b.prefixed("key", k.Name) || !b.claim(solution.NameKey(solution.TypeEntityKey, t.Name, k.Name), "key", t.Name+"."+k.Name) {
		return
	}
	if len(k.Columns) == 0 {
		b.fail("key", k.Name, "it has no columns")
	}
	for _, c := range k.Columns {
		if !t.hasColumn(c) {
			b.fail("key", k.Name, "the table has no column %q", c)
		}
	}
	orElse(&k.DisplayName, k.Name)
	w.in("EntityKey", func() {
		w.texts("Name", k.Name, "LogicalName", solution.Fold(k.Name), "IntroducedVersion", "1.0.0.0", "IsCustomizable", "1")
		w.in("EntityKeyAttributes", func() {
			for _, c := range k.Columns {
				w.text("AttributeName", solution.Fold(c))
			}
		})
		w.labels("displaynames", "displayname", k.DisplayName, b.language)
	})
}

// ownColumns are the columns that the table was given, and its primary name before them, by logical name. It is asked for once all
// columns are there.
func (t *Table) ownColumns() map[string]*Column {
	if t.byName == nil {
		t.byName = map[string]*Column{}
		if t.Primary.Name != "" {
			t.byName[solution.Fold(t.Primary.Name)] = &t.Primary
		}
		for i := range t.Columns {
			if name := solution.Fold(t.Columns[i].Name); t.byName[name] == nil {
				t.byName[name] = &t.Columns[i]
			}
		}
	}
	return t.byName
}

// hasColumn reports whether a new table has a column of that name.
func (t *Table) hasColumn(name string) bool {
	name = solution.Fold(name)
	if t.Shell || name == t.id || name == "statecode" || name == "statuscode" {
		return true
	}
	if _, ok := t.ownColumns()[name]; ok {
		return true
	}
	for i := range standardColumns {
		if c := &standardColumns[i]; solution.Fold(c.name) == name && (!c.owned || !t.Organization) {
			return true
		}
	}
	return false
}

// column returns the title, the control on a form and the width in a view of a column.
func (t *Table) column(name string) (title, control string, width int) {
	name = solution.Fold(name)
	if c := t.ownColumns()[name]; c != nil {
		kind := columnKinds[c.Type]
		if c.Written != "" {
			kind = columnKinds[Text]
		}
		return c.DisplayName, kind.control, kind.width
	}
	for i := range standardColumns {
		if c := &standardColumns[i]; solution.Fold(c.name) == name {
			control := columnKinds[Lookup].control
			switch c.written {
			case "datetime":
				control = columnKinds[DateTime].control
			case "int":
				control = columnKinds[Integer].control
			}
			return c.title, control, 125
		}
	}
	if name == "statuscode" {
		return "Status Reason", "{5D68B988-0661-4db2-BC3E-17598AD3BE6C}", 100
	}
	if t.Shell {
		return name, columnKinds[Text].control, 150 // nobody says what it is
	}
	return name, columnKinds[Choices].control, 100
}
