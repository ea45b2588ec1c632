package plan

import (
	"cmp"
	"fmt"
)

// A TaskKind says what a person has to do.
type TaskKind string

// The kinds.
const (
	CreateConnection TaskKind = "create-connection"  // of Connector, for Reference
	ShareConnection  TaskKind = "share-connection"   // with Identity
	PrepareValue     TaskKind = "prepare-value"      // of Variable
	GiveVaultAccess  TaskKind = "give-vault-access"  // to Vault, that of Variable, for Identity
	EnterSecrets     TaskKind = "enter-secrets"      // Fields of Connector
	EnterEndpointKey TaskKind = "enter-endpoint-key" // of the service endpoint About
	AddDataSource    TaskKind = "add-data-source"    // of Connector to the app About
	ApplyUpgrade     TaskKind = "apply-upgrade"      // of Solution, which was staged
	BindReference    TaskKind = "bind-reference"     // give Reference a connection
	TurnOn           TaskKind = "turn-on"            // the flow About
	Publish          TaskKind = "publish"            // the customizations of Solution
)

// A Task is what a person does before or after an import: data, of which [Task.String] makes a sentence. It is a plain value;
// copies share their facts, which must not be changed.
type Task struct {
	Kind TaskKind `json:"kind"`
	// Facts are what the sentence says. Solution is the one that is imported, or that another one is prepared for; Values are
	// the connections that could be chosen, or what is to be entered.
	Facts *Facts `json:"facts,omitzero"`
	// Text is the sentence where this version cannot make it of the facts: of a task that a caller put in, of a kind that is not
	// known, or of one about which a later version says more. It goes before the facts.
	Text string `json:"text,omitzero"`
}

// The cases of tasks; see also caseComesWith, caseMaybe and caseUnsure.
const (
	caseForLater = "for-later" // the connection is for a reference of Solution, which is imported later
	caseSettings = "settings"  // so it is, and the settings must have its id
	caseDraft    = "draft"     // the flow is off in its package
)

// String returns the sentence.
func (t Task) String() string {
	x := t.Facts
	if x == nil || t.Text != "" {
		return t.Text
	}
	switch t.Kind {
	case CreateConnection:
		return x.createConnection()
	case ShareConnection:
		return fmt.Sprintf("Share connection %s, which belongs to %s, with %s.", x.Connection, x.Owner, x.Identity)
	case PrepareValue:
		return fmt.Sprintf("Have a value ready for environment variable %s.", x.Variable)
	case GiveVaultAccess:
		return fmt.Sprintf("Give %s.", x.vaultAccess())
	case EnterSecrets:
		condition := ""
		if x.Case == caseUnsure {
			condition = ", if it asks for them"
		}
		return fmt.Sprintf("Enter %s of connector %s%s.", enumerate(x.Values), x.Connector, condition)
	case EnterEndpointKey:
		condition := ""
		if x.Case == caseMaybe {
			condition = ", if it has none"
		}
		return fmt.Sprintf("Enter %s of service endpoint %s%s.", enumerate(x.Values), cmp.Or(x.About.Title, string(x.About.Component)), condition)
	case AddDataSource:
		return fmt.Sprintf("In canvas app %s, add the data source of custom connector %s again.", cmp.Or(x.About.Title, string(x.About.Component)), x.Connector)
	case ApplyUpgrade:
		return fmt.Sprintf("Apply the staged upgrade of %s, when all other solutions have stopped using what it deletes.", x.Solution)
	case BindReference:
		condition := ""
		if x.Case == caseMaybe {
			condition = ", if it has none"
		}
		return fmt.Sprintf("Give connection reference %s a connection%s.", x.Reference, condition)
	case TurnOn:
		condition := ""
		if x.Case == caseDraft {
			condition = ", which is off in its package"
		}
		return fmt.Sprintf("Turn on flow %s%s.", x.About, condition)
	case Publish:
		return fmt.Sprintf("Publish all customizations of %s.", x.Solution)
	}
	return t.Text
}

func (x *Facts) createConnection() string {
	candidates := ""
	switch len(x.Values) {
	case 0:
	case 1:
		candidates = ", or choose " + x.Values[0]
	default:
		candidates = ", or choose one of " + enumerate(x.Values)
	}
	switch x.Case {
	case caseComesWith:
		return fmt.Sprintf("Create a connection of connector %s, and give it to connection reference %s.", x.Connector, x.Reference)
	case caseForLater:
		return fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s%s.", x.Connector, x.Reference, x.Solution, candidates)
	case caseSettings:
		return fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s, and see that the settings have its id, where they say %s.",
			x.Connector, x.Reference, x.Solution, x.Connection)
	}
	return fmt.Sprintf("Create a connection of %s for connection reference %s%s.", x.Connector, x.Reference, candidates)
}

// sentencesOf returns the sentences of tasks.
func sentencesOf(tasks []Task) []string {
	out := make([]string, 0, len(tasks))
	for i := range tasks {
		out = append(out, tasks[i].String())
	}
	return out
}
