package connref

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	// Package content raises the first two as well, by [Malformed] and [MissingReference]: one fact has one id.
	ruleMalformed = diag.Rule{ID: "content/malformed", Severity: diag.Error,
		Summary: "A part of the solution cannot be read",
		Help:    "What it holds, binds and refers to is not known. The rest of the solution was read."}
	ruleReferenceMissing = diag.Rule{ID: "connref/reference-missing", Severity: diag.Error,
		Summary: "A connection reference is used that is found nowhere",
		Help:    "It is not in the solution and its manifest does not declare it. Flows are not exported so: the file was edited or cut, and the flow will not start. Bots and canvas apps are, which is a warning: what uses the reference does not work until it exists. Add the reference to the solution."}
	ruleUnknownName = diag.Rule{ID: "connref/settings-unknown-name", Severity: diag.Warning,
		Summary: "The settings name something that no solution has",
		Help:    "It has no effect. It may be spelt wrong, or belong to a solution that was not given."}
	ruleConnectorMismatch = diag.Rule{ID: "connref/connector-mismatch", Severity: diag.Error,
		Summary: "The settings give a reference another connector than it has",
		Help:    "A connection of another connector cannot be bound to the reference."}
	ruleConnectorHash = diag.Rule{ID: "connref/connector-of-other-environment", Severity: diag.Note,
		Summary: "The settings give the id that a custom connector has in another environment",
		Help:    "The id of a custom connector ends in digits that each environment gives. Ids that differ only there can be of one connector."}
	ruleConnectionNeeded = diag.Rule{ID: "connref/connection-needed", Severity: diag.Warning,
		Summary: "Somebody must choose a connection",
		Help:    "The settings give none. If the environment has none bound either, the import asks, or flows stay off."}
	ruleValueNeeded = diag.Rule{ID: "connref/value-needed", Severity: diag.Warning,
		Summary: "Somebody must give an environment variable a value",
		Help:    "The settings give none, the package ships none and there is no default."}
	ruleValueShipped = diag.Rule{ID: "connref/value-shipped", Severity: diag.Warning,
		Summary: "The package's own value of an environment variable would be used",
		Help:    "It usually belongs to the environment that the package comes from. Give a value in the settings."}
	ruleAppContents = diag.Rule{ID: "connref/app-contents", Severity: diag.Warning,
		Summary: "A canvas app's own file names a reference that was renamed",
		Help:    "The metadata of the app was changed, the .msapp file was not. Open the app and save it."}
	ruleValueType = diag.Rule{ID: "connref/value-type", Severity: diag.Warning,
		Summary: "The value of an environment variable does not have its type"}
)

var rules = []diag.Rule{ruleMalformed, ruleReferenceMissing,
	ruleUnknownName, ruleConnectorMismatch, ruleConnectorHash,
	ruleConnectionNeeded, ruleValueNeeded, ruleValueShipped, ruleAppContents, ruleValueType}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
