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
	// It blocks nothing: the app is imported as it is. Package content raises it as well, by [MalformedApp].
	ruleAppUnreadable = diag.Rule{ID: "connref/app-unreadable", Severity: diag.Warning,
		Summary: "The document of a canvas app cannot be read",
		Help:    "What the app refers to is known by its metadata alone, and edits do not reach into it. Open the app and save it."}
	ruleReferenceMissing = diag.Rule{ID: "connref/reference-missing", Severity: diag.Error,
		Summary: "A connection reference is used that is found nowhere",
		Help:    "It is not in the solution and its manifest does not declare it. Flows are not exported so: the file was edited or cut, and the flow will not start. Bots and canvas apps are, which is a warning: what uses the reference does not work until it exists. Add the reference to the solution."}
	// Package packager raises it of all components.
	ruleDuplicateKey = diag.Rule{ID: "packager/duplicate-key", Severity: diag.Warning, Summary: "two components of one kind have one key",
		Help: "The platform takes one of them. Remove the other, or give it a key of its own."}
	ruleDefinedDifferently = diag.Rule{ID: "connref/defined-differently", Severity: diag.Warning,
		Summary: "Two solutions define a connection reference or an environment variable differently",
		Help:    "An environment has one of that name, and the solution that is imported last decides what it is. Give one of them another name."}
	ruleRawConnection = diag.Rule{ID: "connref/raw-connection", Severity: diag.Warning,
		Summary: "A flow binds a connector without a connection reference",
		Help:    "No settings can give it a connection: somebody has to edit the flow in each environment, and changes of the flow do not show there afterwards. Make it use a connection reference, as connref adopt does."}
	ruleUnknownName = diag.Rule{ID: "connref/settings-unknown-name", Severity: diag.Warning,
		Summary: "The settings name something that no solution has",
		Help:    "It has no effect. It may be spelt wrong, or belong to a solution that was not given."}
	ruleUnreadMember = diag.Rule{ID: "connref/settings-member", Severity: diag.Warning,
		Summary: "A member of the settings is not read, and has nearly the name of one that is",
		Help:    "Names of members count with their letter case. Write the name as the message has it."}
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
	ruleSecretBlank = diag.Rule{ID: "connref/secret-blank", Severity: diag.Error,
		Summary: "The settings have a blank entry for a secret",
		Help:    "An import with it fails. Give a reference to a secret of a Key Vault, or remove the entry: the import then leaves the secret as it is."}
	ruleSecretLeftOut = diag.Rule{ID: "connref/secret-left-out", Severity: diag.Warning,
		Summary: "Settings that were made have no entry for a secret without value",
		Help:    "A blank one makes the import fail. Add an entry with a reference to a secret of a Key Vault, or leave it out if the environment has a value already."}
	ruleAppContents = diag.Rule{ID: "connref/app-contents", Severity: diag.Warning,
		Summary: "A canvas app's own file names a reference that was renamed",
		Help:    "The metadata of the app was changed, the .msapp file could not be: it is not there, or can't be read. Open the app and save it."}
	ruleValueType = diag.Rule{ID: "connref/value-type", Severity: diag.Warning,
		Summary: "The value of an environment variable does not have its type",
		Help:    "That of a secret is a reference to a secret of a Key Vault. With any other in the settings the import fails, which is an error. A secret that stood in a file has to be changed: whoever has read it knows it."}
)

var rules = []diag.Rule{ruleMalformed, ruleAppUnreadable, ruleReferenceMissing,
	ruleDuplicateKey, ruleDefinedDifferently, ruleRawConnection, ruleUnknownName, ruleUnreadMember, ruleConnectorMismatch, ruleConnectorHash,
	ruleConnectionNeeded, ruleValueNeeded, ruleValueShipped, ruleSecretBlank, ruleSecretLeftOut, ruleAppContents, ruleValueType}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
