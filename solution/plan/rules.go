package plan

import (
	"iter"
	"slices"
)

// rules is the catalogue of findings, sorted by id.
var rules = []Rule{
	{"base-layer-foreign-above", Error, "The base layer of a component cannot go while solutions of other publishers lie above it"},
	{"batch-duplicate", Error, "A solution occurs more than once in the batch"},
	{"behavior-all-on-foreign-table", Warning, "A package includes all of a table that it does not create"},
	{"canvas-connector-rebind", Act, "The data source of a custom connector has to be added to a canvas app again"},
	{"column-type-changed", Error, "A column has another type than the installed one"},
	{"connection-kept", Info, "A connection reference keeps its connection"},
	{"connection-needed", Act, "Somebody has to choose or create a connection"},
	{"connection-not-found", Error, "The settings name a connection that the environment does not have"},
	{"connection-not-usable", Warning, "A connection is not shared with the identity that imports"},
	{"connection-reference-unused", Info, "A connection reference is used by nothing in the batch"},
	{"connection-wrong-connector", Error, "A connection is of another connector than the reference"},
	{"connector-client-id-carried", Info, "A connector carries the client id of the environment that it comes from"},
	{"connector-host-overwritten", Warning, "The host of a connector becomes that of the package"},
	{"connector-secret", Act, "Client id, client secret and resource of a connector have to be entered after this import"},
	{"connector-with-consumer", Warning, "A custom connector and what uses it share a package"},
	{"control-prefix-mismatch", Error, "The prefix of a control is not that of the publisher"},
	{"dependency-cycle", Error, "Packages need each other in a loop"},
	{"dependency-version-lower", Warning, "A solution is older than the one the package was built against"},
	{"envvar-secret-access", Act, "Access to the vault of a secret has to be given in this environment"},
	{"envvar-secret-like-value", Warning, "A text variable ships a value that looks like a credential"},
	{"envvar-value-conflict", Warning, "The package and the environment have different values of a variable"},
	{"envvar-value-needed", Act, "An environment variable has no value and no default"},
	{"envvar-value-shipped", Warning, "The package ships the current value of an environment variable"},
	{"flow-stays-off", Act, "A flow cannot start"},
	{"hidden-by-managed-layer", Warning, "Another solution lies above the new definition of a component"},
	{"hidden-by-unmanaged-layer", Warning, "A change by hand lies above the new definition of a component"},
	{"import-order", Info, "One package is imported before another"},
	{"inventory-unknown", Info, "The contents of an installed solution are not known"},
	{"managed-on-unmanaged", Error, "A managed component needs one that exists only unmanaged"},
	{"missing-application", Error, "A component of an application is missing"},
	{"missing-solution", Error, "A component of another solution is missing"},
	{"missing-unmanaged", Error, "A component is missing that was unmanaged where the package comes from"},
	{"mode-mismatch", Error, "The package is managed and the installed solution is not, or the reverse"},
	{"package-invalid", Error, "A package lacks a part that every package has, or has one that cannot be read"},
	{"package-version-unsupported", Error, "The environment does not accept the format of the package"},
	{"patch-mode-mismatch", Error, "A patch is managed and its parent is not, or the reverse"},
	{"patch-not-newer", Error, "An installed patch of the same parent is as new or newer"},
	{"patch-parent-missing", Error, "The parent of a patch is not installed"},
	{"patch-version-invalid", Error, "The version of a patch does not fit that of its parent"},
	{"pending-upgrade", Error, "A staged upgrade waits to be applied or deleted"},
	{"publisher-changed", Error, "A managed solution has another publisher than the installed one"},
	{"raw-connection", Warning, "A flow or app binds a connector without a connection reference"},
	{"settings-unknown-name", Warning, "The settings name something that is in no package"},
	{"source-schema-higher", Warning, "The package comes from an environment with a larger schema"},
	{"source-version-newer", Warning, "The package comes from a newer platform"},
	{"unmanaged-base", Warning, "A managed package brings a component that exists unmanaged"},
	{"unmanaged-import", Warning, "An unmanaged solution overwrites and cannot be removed as a unit"},
	{"untracked-reference", Warning, "A component names another that is found nowhere and is not declared"},
	{"update-leaves", Info, "An update leaves behind what the new version dropped"},
	{"update-over-patches", Error, "A solution with patches is updated instead of upgraded"},
	{"upgrade-delete-blocked", Error, "A component cannot be deleted because others use it"},
	{"upgrade-deletes", Warning, "An upgrade deletes components"},
	{"upload-too-large", Error, "A package is larger than the environment accepts"},
	{"version-not-higher", Error, "The version is not above the installed one"},
}

// Rules returns the catalogue of findings, sorted by id.
func Rules() iter.Seq[Rule] { return slices.Values(rules) }

// severityOf returns the severity of a rule of the catalogue.
func severityOf(id string) Severity {
	i, ok := slices.BinarySearchFunc(rules, id, func(r Rule, id string) int {
		switch {
		case r.ID < id:
			return -1
		case r.ID > id:
			return 1
		}
		return 0
	})
	if !ok {
		panic("plan: no rule " + id) // a slip of the program, which every test of the rule shows
	}
	return rules[i].Severity
}
