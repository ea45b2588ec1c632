package connector

import (
	"fmt"
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// An Impact says what a change of a connector does to the flows, apps, agents and connections that exist.
type Impact uint8

// The impacts.
const (
	Safe     Impact = iota // they go on
	Unknown                // it depends on what they send and read
	Breaking               // those that use what changed fail
)

// String returns "safe", "unknown" or "breaking".
func (i Impact) String() string {
	if int(i) < len(impactNames) {
		return impactNames[i]
	}
	return fmt.Sprintf("impact %d", uint8(i))
}

var impactNames = [...]string{"safe", "unknown", "breaking"}

// A Change is one difference between two versions of a connector, as [Compare] finds it. It is a plain value.
type Change struct {
	Rule   string // id of one of [ChangeRules]
	Impact Impact
	// Operation is the operationId in the old version, or in the new one if that added it; empty: the connector as a whole.
	Operation string
	// Subject is the parameter, property (body/address/city) or connection parameter in question; empty: the operation.
	Subject string
	// What says what changed, Reason why that matters.
	What, Reason string
	// Old and New are the places in the two versions. Where one has nothing of it, its place is what would hold it.
	Old, New diag.Location
}

// String returns impact, sentence and rule.
func (c Change) String() string { return fmt.Sprintf("%s: %s (%s)", c.Impact, c.What, c.Rule) }

// The ids of the rules about changes; they are never changed again.
const (
	changeOperationGone       = "CONN-BRK-001"
	changeAddress             = "CONN-BRK-002"
	changeParameterRequired   = "CONN-BRK-003"
	changeParameterGone       = "CONN-BRK-004"
	changeParameterType       = "CONN-BRK-005"
	changeEnum                = "CONN-BRK-006"
	changeResponse            = "CONN-BRK-007"
	changeTrigger             = "CONN-BRK-008"
	changeTriggerKind         = "CONN-BRK-009"
	changeHidden              = "CONN-BRK-010"
	changeHost                = "CONN-BRK-011"
	changeAuthentication      = "CONN-BRK-012"
	changeConnectionRequired  = "CONN-BRK-013"
	changeConnectionGone      = "CONN-BRK-014"
	changeSignIn              = "CONN-BRK-015"
	changeDeprecated          = "CONN-BRK-016"
	changeScript              = "CONN-BRK-017"
	changeAdded               = "CONN-BRK-018"
	changeTooLarge            = "CONN-BRK-019"
	reasonCalls               = "flows, apps and agents that call it fail"
	reasonSends               = "flows that exist send the name and value that they were saved with"
	reasonReads               = "flows and apps that read it fail"
	reasonMayRead             = "flows and apps may read it"
	reasonConnections         = "every connection has to be made anew, and bound again"
	reasonSaved               = "a flow keeps what it was saved with"
	reasonNothing             = "nothing that exists uses it"
	reasonInternal            = "it is internal: only what was made while it was shown names it"
	reasonInternalParameter   = "it is internal: nothing that exists gives it a value"
	reasonConnectionsIncluded = "connections that exist have no value for it"
)

var changeRules = []diag.Rule{
	{ID: changeOperationGone, Severity: diag.Error, Summary: "an operation is gone, or has another operationId",
		Help: "Flows, apps and agents name it and fail. Keep the operation, mark it deprecated, and add the new one beside it. On an internal operation, and where only the case of letters differs, the impact is unknown."},
	{ID: changeAddress, Severity: diag.Error, Summary: "an operation has another method or path",
		Help: "What exists calls the new address with the parameters of the old one. Add a new operation instead."},
	{ID: changeParameterRequired, Severity: diag.Error, Summary: "a parameter or property of a body is required that was not, without a default",
		Help: "Flows that exist do not send it. Make it optional, or give it a default. With a default, or inside something optional, the impact is unknown."},
	{ID: changeParameterGone, Severity: diag.Error, Summary: "a parameter or property of a body is gone, renamed, or at another place",
		Help: "Flows that exist send it still. Keep it, perhaps as internal and optional. Internal ones go without harm."},
	{ID: changeParameterType, Severity: diag.Error, Summary: "a parameter or property of a body has another type or format",
		Help: "Flows that exist send values of the old type. From integer to number is safe; another format, or a type that was not said, is unknown."},
	{ID: changeEnum, Severity: diag.Warning, Summary: "an input takes fewer values than before",
		Help: "Flows that exist may send others. Keep the old values."},
	{ID: changeResponse, Severity: diag.Error, Summary: "a property of a response or notification is gone or has another type",
		Help: "Flows and apps that read it fail, or find nothing. Keep it."},
	{ID: changeTrigger, Severity: diag.Error, Summary: "an action became a trigger, or the reverse",
		Help: "Flows that exist cannot be saved any more. Add a new operation instead."},
	{ID: changeTriggerKind, Severity: diag.Error, Summary: "a trigger for single items became one for batches, or the reverse",
		Help: "What flows read of it has another form. Add a new trigger instead."},
	{ID: changeHidden, Severity: diag.Warning, Summary: "an operation, parameter or property became internal",
		Help: "What exists goes on, and nobody can edit it in a designer."},
	{ID: changeHost, Severity: diag.Warning, Summary: "host or basePath changed",
		Help: "All calls go to the new address, which has to take them as the old one did."},
	{ID: changeAuthentication, Severity: diag.Error, Summary: "the authentication changed",
		Help: "Another kind of security scheme, identity provider, or type of connection parameter: every connection has to be made anew."},
	{ID: changeConnectionRequired, Severity: diag.Error, Summary: "a connection parameter is required that was not",
		Help: "Connections that exist have no value for it. Make it optional, or give it a default."},
	{ID: changeConnectionGone, Severity: diag.Warning, Summary: "a connection parameter is gone",
		Help: "Connections that exist have a value for it that nothing uses, or sign in by it. Packages without connection parameters may have lost them to a clean-up."},
	{ID: changeSignIn, Severity: diag.Warning, Summary: "addresses, resource or scopes of the sign-in, or the place of the key, changed",
		Help: "Tokens that exist are for what was asked then: people may have to sign in again."},
	{ID: changeDeprecated, Severity: diag.Note, Summary: "an operation is deprecated",
		Help: "It goes on, and designers do not offer it."},
	{ID: changeScript, Severity: diag.Note, Summary: "the operations that go through the script changed",
		Help: "A script that is gone is unknown: what it did to requests and answers is not done any more."},
	{ID: changeAdded, Severity: diag.Note, Summary: "something was added", Help: "Nothing that exists uses it."},
	{ID: changeTooLarge, Severity: diag.Warning, Summary: "the schemas are too large to be compared wholly",
		Help: "They are far beyond what the platform takes. Compare what is left by other means."},
}

// ChangeRules returns the rules of [Compare], ordered by id. The severity is that of the usual impact: an error is breaking, a
// warning unknown, a note safe.
func ChangeRules() iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for _, r := range changeRules {
			if !yield(r) {
				return
			}
		}
	}
}

// quoted names a subject in a sentence.
func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `'`) + `"` }
