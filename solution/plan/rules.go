package plan

import (
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The rules, sorted by id. The severity of a finding is that of its rule unless a policy or the case says otherwise.
var (
	ruleBaseLayerForeignAbove = diag.Rule{ID: "plan/base-layer-foreign-above", Severity: diag.Error,
		Summary: "The base layer of a component cannot go while solutions of other publishers lie above it",
		Help:    "The platform refuses to delete the component. Uninstall what lies above first, or keep the component in the new version."}
	ruleBatchDuplicate = diag.Rule{ID: "plan/batch-duplicate", Severity: diag.Error,
		Summary: "A solution occurs more than once in the batch",
		Help:    "Which of the packages is meant cannot be told. Leave all but one out."}
	ruleBehaviorAll = diag.Rule{ID: "plan/behavior-all-on-foreign-table", Severity: diag.Warning,
		Summary: "A package includes all of a table that it does not create",
		Help:    "Every part of the table gets a layer, which hides what its owner changes later. Add only the parts that the solution changes."}
	ruleBreaksUser = diag.Rule{ID: "plan/breaks-user", Severity: diag.Warning,
		Summary: "Another solution uses what the import removes, or changes in a way that breaks who uses it",
		Help:    "The platform does not refuse that, and what uses it fails or works otherwise. Look at the uses, and import versions of these solutions that go with it, or keep the component as it was."}
	ruleCanvasRebind = diag.Rule{ID: "plan/canvas-connector-rebind", Severity: diag.Action,
		Summary: "The data source of a custom connector has to be added to a canvas app again",
		Help:    "Apps use custom connectors without connection references, by an id that each environment gives anew. Open the app, add the data source, and publish."}
	ruleColumnType = diag.Rule{ID: "plan/column-type-changed", Severity: diag.Error,
		Summary: "A column has another type than the installed one",
		Help:    "The type of a column cannot be changed. Make a new column, and move the values."}
	ruleConnectionKept = diag.Rule{ID: "plan/connection-kept", Severity: diag.Note,
		Summary: "A connection reference keeps its connection",
		Help:    "Nobody is asked. Give another connection in the settings if that is wrong."}
	ruleConnectionNeeded = diag.Rule{ID: "plan/connection-needed", Severity: diag.Action,
		Summary: "Somebody has to choose or create a connection",
		Help:    "Give its id in the settings to import without being asked."}
	ruleConnectionNotFound = diag.Rule{ID: "plan/connection-not-found", Severity: diag.Error,
		Summary: "The settings name a connection that the environment does not have",
		Help:    "Create the connection, or correct the id in the settings."}
	ruleConnectionNotUsable = diag.Rule{ID: "plan/connection-not-usable", Severity: diag.Warning,
		Summary: "A connection is not shared with the identity that imports",
		Help:    "Flows that use it cannot be turned on by the import. Share it."}
	ruleReferenceUnused = diag.Rule{ID: "plan/connection-reference-unused", Severity: diag.Note,
		Summary: "A connection reference is used by nothing in the batch",
		Help:    "It is asked for all the same. Remove it from the solution if nothing else uses it."}
	ruleWrongConnector = diag.Rule{ID: "plan/connection-wrong-connector", Severity: diag.Error,
		Summary: "A connection is of another connector than the reference",
		Help:    "Name a connection of the connector of the reference in the settings."}
	ruleAuthenticationChanged = diag.Rule{ID: "plan/connector-authentication-changed", Severity: diag.Action,
		Summary: "A connector is updated to another way to sign in",
		Help:    "Connections that exist do not work with it. Make new ones after the import, and give them to the connection references."}
	ruleClientID = diag.Rule{ID: "plan/connector-client-id-carried", Severity: diag.Note,
		Summary: "A connector carries the client id of the environment that it comes from",
		Help:    "The import overwrites the one that was entered here. Enter it again, or strip it from the package."}
	ruleHostOverwritten = diag.Rule{ID: "plan/connector-host-overwritten", Severity: diag.Warning,
		Summary: "The host of a connector becomes that of the package",
		Help:    "What was changed by hand in the environment is lost. Let the host be an environment variable, or change it again."}
	ruleOperationChanged = diag.Rule{ID: "plan/connector-operation-changed", Severity: diag.Warning,
		Summary: "An operation that flows, apps or agents call is updated in a way that breaks them",
		Help:    "Parameters, answer or address differ from what they were made for. Import versions that go with it, or correct them after the import; solkit connector breaking tells all that differs."}
	ruleOperationGone = diag.Rule{ID: "plan/connector-operation-gone", Severity: diag.Warning,
		Summary: "The new version of a connector lacks an operation that flows, apps or agents call",
		Help:    "They fail after the import. Update them first, or keep the operation in the connector as deprecated."}
	ruleOperationMissing = diag.Rule{ID: "plan/connector-operation-missing", Severity: diag.Warning,
		Summary: "A flow, app or agent calls an operation that the connector lacks",
		Help:    "The import works and the call fails. Import a version of the connector that has the operation, or correct the call."}
	ruleConnectorSecret = diag.Rule{ID: "plan/connector-secret", Severity: diag.Action,
		Summary: "Client id, client secret and resource of a connector have to be entered after this import",
		Help:    "Exports have no secrets, and imports blank what was entered."}
	ruleWithConsumer = diag.Rule{ID: "plan/connector-with-consumer", Severity: diag.Warning,
		Summary: "A custom connector and what uses it share a package",
		Help:    "At the first import no connection of the connector can exist, so what uses it cannot be bound. Split the connectors off and import them first."}
	ruleControlPrefix = diag.Rule{ID: "plan/control-prefix-mismatch", Severity: diag.Error,
		Summary: "The prefix of a control is not that of the publisher",
		Help:    "The platform refuses the control. Build it with the prefix of the publisher."}
	ruleCycle = diag.Rule{ID: "plan/dependency-cycle", Severity: diag.Error,
		Summary: "Packages need each other in a loop",
		Help:    "None can be the first. Move one of the components to another solution; if one waits because it deletes something, update it first, and upgrade it last."}
	ruleVersionLower = diag.Rule{ID: "plan/dependency-version-lower", Severity: diag.Warning,
		Summary: "A solution is older than the one the package was built against",
		Help:    "Components may be missing, or be older than what the package expects. Update the solution first."}
	ruleSameSource = diag.Rule{ID: "plan/envvar-same-source", Severity: diag.Warning,
		Summary: "Several variables of data sources ship one value",
		Help:    "Where the package comes from they mean one thing, so an import takes one value for all of them. Give each its own in the settings if they differ in the environment."}
	ruleSecretSetting = diag.Rule{ID: "plan/envvar-secret-setting", Severity: diag.Error,
		Summary: "The settings give a secret no reference to a vault",
		Help:    "The import fails with any other value, and with a blank entry. Write where the secret is in a Key Vault, or remove the entry."}
	ruleSecretAccess = diag.Rule{ID: "plan/envvar-secret-access", Severity: diag.Action,
		Summary: "Access to the vault of a secret has to be given in this environment",
		Help:    "The variable holds a reference to a vault, which does not let in everybody. The import is refused if who imports may not read the secret there, and flows fail if Dataverse may not: both need the role Key Vault Secrets User."}
	ruleSecretLike = diag.Rule{ID: "plan/envvar-secret-like-value", Severity: diag.Warning,
		Summary: "A text variable ships a value that looks like a credential",
		Help:    "Everybody who has the package can read it. Make the variable a secret, and change what was shipped."}
	ruleValueConflict = diag.Rule{ID: "plan/envvar-value-conflict", Severity: diag.Warning,
		Summary: "The package and the environment have different values of a variable",
		Help:    "Which one counts is disputed (policy variable-precedence). Give the value in the settings."}
	ruleValueNeeded = diag.Rule{ID: "plan/envvar-value-needed", Severity: diag.Action,
		Summary: "An environment variable has no value and no default",
		Help:    "Give one in the settings, or enter it when the import asks."}
	ruleValueShipped = diag.Rule{ID: "plan/envvar-value-shipped", Severity: diag.Warning,
		Summary: "The package ships the current value of an environment variable",
		Help:    "It overwrites the value of the environment, or collides with it. Remove it from the solution, and give values in the settings."}
	ruleFlowOff = diag.Rule{ID: "plan/flow-stays-off", Severity: diag.Action,
		Summary: "A flow cannot start",
		Help:    "A connection is missing, or a child flow is off or takes its connections from whoever runs it. Give what is missing, or change the child where it comes from, then turn the flow on, children first."}
	ruleHiddenManaged = diag.Rule{ID: "plan/hidden-by-managed-layer", Severity: diag.Warning,
		Summary: "Another solution lies above the new definition of a component",
		Help:    "What the package changes does not show. Change the solution above, or remove it."}
	ruleHiddenUnmanaged = diag.Rule{ID: "plan/hidden-by-unmanaged-layer", Severity: diag.Warning,
		Summary: "A change by hand lies above the new definition of a component",
		Help:    "What the package changes does not show. Remove the unmanaged layer."}
	ruleImportOrder = diag.Rule{ID: "plan/import-order", Severity: diag.Note,
		Summary: "One package is imported before another",
		Help:    "An error says that a package waits for others that cannot be imported."}
	ruleInventoryUnknown = diag.Rule{ID: "plan/inventory-unknown", Severity: diag.Note,
		Summary: "The contents of an installed solution are not known",
		Help:    "So something cannot be told. Give the package of the solution, or list in the environment what it provides."}
	ruleManagedOnUnmanaged = diag.Rule{ID: "plan/managed-on-unmanaged", Severity: diag.Error,
		Summary: "A managed component needs one that exists only unmanaged",
		Help:    "The platform refuses that. Import what is needed in a managed solution first."}
	ruleMissingApplication = diag.Rule{ID: "plan/missing-application", Severity: diag.Error,
		Summary: "A component of an application is missing",
		Help:    "Install or update the application."}
	ruleMissingSolution = diag.Rule{ID: "plan/missing-solution", Severity: diag.Error,
		Summary: "A component of another solution is missing",
		Help:    "Import that solution first, in the version that the package was built against or a higher one."}
	ruleMissingUnmanaged = diag.Rule{ID: "plan/missing-unmanaged", Severity: diag.Error,
		Summary: "A component is missing that was unmanaged where the package comes from",
		Help:    "No solution brings it. Add it to one, there, and export again."}
	ruleModeMismatch = diag.Rule{ID: "plan/mode-mismatch", Severity: diag.Error,
		Summary: "The package is managed and the installed solution is not, or the reverse",
		Help:    "Import the package of the same mode."}
	rulePackageInvalid = diag.Rule{ID: "plan/package-invalid", Severity: diag.Error,
		Summary: "A package lacks a part that every package has, or has one that cannot be read",
		Help:    "Export the solution again, or repair the package."}
	rulePackageVersion = diag.Rule{ID: "plan/package-version-unsupported", Severity: diag.Error,
		Summary: "The environment does not accept the format of the package",
		Help:    "Export the solution again, for the version of the environment."}
	rulePatchMode = diag.Rule{ID: "plan/patch-mode-mismatch", Severity: diag.Error,
		Summary: "A patch is managed and its parent is not, or the reverse",
		Help:    "Import the patch in the mode of its parent."}
	rulePatchNotNewer = diag.Rule{ID: "plan/patch-not-newer", Severity: diag.Error,
		Summary: "An installed patch of the same parent is as new or newer",
		Help:    "Give the patch a higher version."}
	rulePatchParent = diag.Rule{ID: "plan/patch-parent-missing", Severity: diag.Error,
		Summary: "The parent of a patch is not installed",
		Help:    "Import the solution that it patches first."}
	rulePatchVersion = diag.Rule{ID: "plan/patch-version-invalid", Severity: diag.Error,
		Summary: "The version of a patch does not fit that of its parent",
		Help:    "Major and minor version are those of the parent, build or revision is higher."}
	rulePendingUpgrade = diag.Rule{ID: "plan/pending-upgrade", Severity: diag.Error,
		Summary: "A staged upgrade waits to be applied or deleted",
		Help:    "Until then the platform changes nothing in the solution. Apply or delete it."}
	rulePlatformSolution = diag.Rule{ID: "plan/platform-solution", Severity: diag.Note,
		Summary: "A component comes with the platform, and nothing says that it is there",
		Help:    "Solutions of the platform are not imported. If the component is missing there, update or install the Microsoft app that has it."}
	rulePublisherChanged = diag.Rule{ID: "plan/publisher-changed", Severity: diag.Error,
		Summary: "A managed solution has another publisher than the installed one",
		Help:    "The publisher of a managed solution cannot be changed. Import the package of the same publisher."}
	ruleRawConnection = diag.Rule{ID: "plan/raw-connection", Severity: diag.Warning,
		Summary: "A flow or app binds a connector without a connection reference",
		Help:    "No settings can give it a connection. Use a connection reference."}
	ruleEndpointKey = diag.Rule{ID: "plan/service-endpoint-key", Severity: diag.Action,
		Summary: "The key of a service endpoint or web hook has to be entered after this import",
		Help:    "Exports have no SAS keys, tokens and other values that a service endpoint proves itself with, so steps cannot send to it until the key is entered with the Plug-in Registration tool. See too that the address is the one of this environment."}
	ruleSettingsName = diag.Rule{ID: "plan/settings-unknown-name", Severity: diag.Warning,
		Summary: "The settings name something that is in no package",
		Help:    "Correct the name, or remove the entry."}
	ruleSourceSchema = diag.Rule{ID: "plan/source-schema-higher", Severity: diag.Warning,
		Summary: "The package comes from an environment with a larger schema",
		Help:    "Components of the platform may be missing."}
	ruleSourceVersion = diag.Rule{ID: "plan/source-version-newer", Severity: diag.Warning,
		Summary: "The package comes from a newer platform",
		Help:    "Components of the platform may be missing. Import it when the environment has been updated."}
	ruleUnmanagedBase = diag.Rule{ID: "plan/unmanaged-base", Severity: diag.Warning,
		Summary: "A managed package brings a component that exists unmanaged",
		Help:    "The import takes the component over, or is refused (policy unmanaged-base)."}
	ruleUnmanagedImport = diag.Rule{ID: "plan/unmanaged-import", Severity: diag.Warning,
		Summary: "An unmanaged solution overwrites and cannot be removed as a unit",
		Help:    "Import managed solutions into all environments but that of the developers."}
	ruleUntracked = diag.Rule{ID: "plan/untracked-reference", Severity: diag.Warning,
		Summary: "A component names another that is found nowhere and is not declared",
		Help:    "Either the platform does not track it: then the import works, and what names it does not. Or exports declare it, and the package was edited or cut. Of what the import cannot do without it is an error."}
	ruleUpdateLeaves = diag.Rule{ID: "plan/update-leaves", Severity: diag.Note,
		Summary: "An update leaves behind what the new version dropped",
		Help:    "Upgrade the solution to delete it."}
	ruleOverPatches = diag.Rule{ID: "plan/update-over-patches", Severity: diag.Error,
		Summary: "A solution with patches is updated instead of upgraded",
		Help:    "Only an upgrade takes the patches in (policy update-over-patches)."}
	ruleDeleteBlocked = diag.Rule{ID: "plan/upgrade-delete-blocked", Severity: diag.Error,
		Summary: "A component cannot be deleted because others use it, or a connector because it has connections",
		Help:    "Import a version that does not use it first, or keep the component in the new version. Delete the connections of a connector first, those of other people too."}
	ruleUpgradeDeletes = diag.Rule{ID: "plan/upgrade-deletes", Severity: diag.Warning,
		Summary: "An upgrade deletes components",
		Help:    "Data of tables and columns go with them. Export what is still wanted."}
	ruleTooLarge = diag.Rule{ID: "plan/upload-too-large", Severity: diag.Error,
		Summary: "A package is larger than the environment accepts",
		Help:    "Split the solution (policy upload-limit)."}
	ruleVersionNotHigher = diag.Rule{ID: "plan/version-not-higher", Severity: diag.Error,
		Summary: "The version is not above the installed one",
		Help:    "Raise the version."}
)

// A sentence says in words what findings of a rule hold as facts.
type sentence struct {
	rule diag.Rule
	one  func(f *Finding) string
	// many says several findings of one likeness at once; nil or an empty text: each is said alone. many is how many components
	// there are.
	many func(f *Finding, many string) string
}

// catalogue has the rules of plans, sorted by id, with their sentences.
var catalogue = []sentence{
	{ruleBaseLayerForeignAbove, sayBaseLayerForeignAbove, nil},
	{ruleBatchDuplicate, sayBatchDuplicate, nil},
	{ruleBehaviorAll, sayBehaviorAll, sayManyBehaviorAll},
	{ruleBreaksUser, sayBreaksUser, nil},
	{ruleCanvasRebind, sayCanvasRebind, nil},
	{ruleColumnType, sayColumnType, nil},
	{ruleConnectionKept, sayConnectionKept, nil},
	{ruleConnectionNeeded, sayConnectionNeeded, nil},
	{ruleConnectionNotFound, sayConnectionNotFound, nil},
	{ruleConnectionNotUsable, sayConnectionNotUsable, nil},
	{ruleReferenceUnused, sayReferenceUnused, nil},
	{ruleWrongConnector, sayWrongConnector, nil},
	{ruleAuthenticationChanged, sayAuthenticationChanged, nil},
	{ruleClientID, sayClientID, nil},
	{ruleHostOverwritten, sayHostOverwritten, nil},
	{ruleOperationChanged, sayOperationChanged, nil},
	{ruleOperationGone, sayOperationGone, nil},
	{ruleOperationMissing, sayOperationMissing, nil},
	{ruleConnectorSecret, sayConnectorSecret, nil},
	{ruleWithConsumer, sayWithConsumer, nil},
	{ruleControlPrefix, sayControlPrefix, nil},
	{ruleCycle, sayCycle, nil},
	{ruleVersionLower, sayVersionLower, nil},
	{ruleSameSource, saySameSource, nil},
	{ruleSecretAccess, saySecretAccess, nil},
	{ruleSecretLike, saySecretLike, nil},
	{ruleSecretSetting, saySecretSetting, nil},
	{ruleValueConflict, sayValueConflict, nil},
	{ruleValueNeeded, sayValueNeeded, nil},
	{ruleValueShipped, sayValueShipped, nil},
	{ruleFlowOff, sayFlowOff, nil},
	{ruleHiddenManaged, sayHiddenManaged, sayManyHiddenManaged},
	{ruleHiddenUnmanaged, sayHiddenUnmanaged, sayManyHiddenUnmanaged},
	{ruleImportOrder, sayImportOrder, nil},
	{ruleInventoryUnknown, sayInventoryUnknown, sayManyInventoryUnknown},
	{ruleManagedOnUnmanaged, sayManagedOnUnmanaged, nil},
	{ruleMissingApplication, sayMissingApplication, sayManyMissingApplication},
	{ruleMissingSolution, sayMissingSolution, sayManyMissingSolution},
	{ruleMissingUnmanaged, sayMissingUnmanaged, sayManyMissingUnmanaged},
	{ruleModeMismatch, sayModeMismatch, nil},
	{rulePackageInvalid, sayPackageInvalid, nil},
	{rulePackageVersion, sayPackageVersion, nil},
	{rulePatchMode, sayPatchMode, nil},
	{rulePatchNotNewer, sayPatchNotNewer, nil},
	{rulePatchParent, sayPatchParent, nil},
	{rulePatchVersion, sayPatchVersion, nil},
	{rulePendingUpgrade, sayPendingUpgrade, nil},
	{rulePlatformSolution, sayPlatformSolution, nil},
	{rulePublisherChanged, sayPublisherChanged, nil},
	{ruleRawConnection, sayRawConnection, nil},
	{ruleEndpointKey, sayEndpointKey, nil},
	{ruleSettingsName, saySettingsName, nil},
	{ruleSourceSchema, saySourceSchema, nil},
	{ruleSourceVersion, saySourceVersion, nil},
	{ruleUnmanagedBase, sayUnmanagedBase, sayManyUnmanagedBase},
	{ruleUnmanagedImport, sayUnmanagedImport, nil},
	{ruleUntracked, sayUntracked, nil},
	{ruleUpdateLeaves, sayUpdateLeaves, nil},
	{ruleOverPatches, sayOverPatches, nil},
	{ruleDeleteBlocked, sayDeleteBlocked, nil},
	{ruleUpgradeDeletes, sayUpgradeDeletes, nil},
	{ruleTooLarge, sayTooLarge, nil},
	{ruleVersionNotHigher, sayVersionNotHigher, nil},
}

var sentences = func() map[string]sentence {
	out := make(map[string]sentence, len(catalogue))
	for _, s := range catalogue {
		out[s.rule.ID] = s
	}
	return out
}()

// Rules returns the rules of this package, and those of package content and connref whose findings it passes on, sorted by id.
func Rules() iter.Seq[diag.Rule] {
	var rules []diag.Rule
	for _, s := range catalogue {
		rules = append(rules, s.rule)
	}
	rules = append(rules, splitRules...)
	rules = slices.AppendSeq(rules, content.Rules())
	slices.SortFunc(rules, func(a, b diag.Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.Values(rules)
}
