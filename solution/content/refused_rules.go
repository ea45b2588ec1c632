package content

import "github.com/solutionkit/solutionkit/solution/diag"

// What the platform refuses, or makes unusable, of components that were written by hand: exports have none of the errors.
var (
	ruleNoForm = diag.Rule{ID: "content/table-without-form", Severity: diag.Warning,
		Summary: "A new table has no main form",
		Help:    "Apps show no row of it. Add a form of type main to the table, as the platform does for tables that are made there."}
	ruleNoPrimaryColumn = diag.Rule{ID: "content/table-without-primary-column", Severity: diag.Error,
		Summary: "A new table has no primary column",
		Help:    "Every table has one column of text that names its rows: its DisplayMask has PrimaryName. The import of a table without one is refused."}
	ruleNoState = diag.Rule{ID: "content/process-without-state", Severity: diag.Error,
		Summary: "A process does not say whether it is switched on, or its state and its status disagree",
		Help:    "A process has StateCode 0 with StatusCode 1 (draft), 1 with 2 (activated), or 2 with 3 (suspended). The import of another is refused."}
	ruleNoPrefix = diag.Rule{ID: "content/name-without-prefix", Severity: diag.Error,
		Summary: "The name of a new component has no prefix of a publisher",
		Help:    "Names of tables, columns, choices, relationships and other components that are not of the platform begin with the prefix of a publisher and an underscore."}
	ruleDuplicateID = diag.Rule{ID: "content/duplicate-id", Severity: diag.Error,
		Summary: "Two components of one type have one GUID",
		Help:    "Of the two the platform keeps one, or refuses the import. Give the copy a GUID of its own, wherever it is named."}
	ruleNoBaseLabel = diag.Rule{ID: "content/label-without-base-language", Severity: diag.Warning,
		Summary: "Labels have no text in the base language of the solution",
		Help:    "The language is the attribute languagecode of ImportExportXml. What has no name in it is shown without one, or the import is refused."}
	ruleOptionRange = diag.Rule{ID: "content/option-outside-range", Severity: diag.Note,
		Summary: "Options have values outside of the range of the publisher",
		Help:    "The range begins at the option value prefix times 10000 and has 10000 values. Values outside of it can be those that another publisher adds to the same choice."}
	ruleNoTarget = diag.Rule{ID: "content/lookup-without-table", Severity: diag.Error,
		Summary: "A relationship is with a table that is found nowhere",
		Help:    "It is not in the package, not part of the platform, and not among the missing dependencies, where exports declare what they need. The import is refused."}
)

// A refusal is a rule with what looks for it.
type refusal struct {
	rule diag.Rule
	look func(*inspection, *refusal)
}

var refusals = []refusal{
	{ruleNoForm, tablesWithoutForm},
	{ruleNoPrimaryColumn, tablesWithoutPrimaryColumn},
	{ruleNoState, processesWithoutState},
	{ruleNoPrefix, namesWithoutPrefix},
	{ruleDuplicateID, duplicateIDs},
	{ruleNoBaseLabel, labelsWithoutBaseLanguage},
	{ruleOptionRange, optionsOutsideRange},
	{ruleNoTarget, lookupsWithoutTable},
}
