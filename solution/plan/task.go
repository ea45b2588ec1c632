package plan

import (
	"cmp"
	"fmt"
)

// A TaskKind says what a person has to do.
type TaskKind string

// The kinds.
const (
	CreateConnection TaskKind = "create-connection" // of Connector, for Reference
	ShareConnection  TaskKind = "share-connection"  // with Identity
	PrepareValue     TaskKind = "prepare-value"     // of Variable
	GiveVaultAccess  TaskKind = "give-vault-access" // to that of Variable
	EnterSecrets     TaskKind = "enter-secrets"     // Fields of Connector
	AddDataSource    TaskKind = "add-data-source"   // of Connector to the app About
	ApplyUpgrade     TaskKind = "apply-upgrade"     // of Solution, which was staged
	BindReference    TaskKind = "bind-reference"    // give Reference a connection
	TurnOn           TaskKind = "turn-on"           // the flow About
	Publish          TaskKind = "publish"           // the customizations of Solution
)

// A Task is what a person does before or after an import: data, of which [Task.String] makes a sentence. Each field is empty
// where the kind has nothing of that kind.
type Task struct {
	Kind TaskKind `json:"kind"`
	// Text is the sentence of a task without a kind, one that a caller put in.
	Text string `json:"text,omitzero"`
	// Solution is the one that is imported, or that another one is prepared for.
	Solution string  `json:"solution,omitzero"`
	Case     string  `json:"case,omitzero"` // tells apart tasks of a kind, by words that the JSON Schema lists
	About    Subject `json:"about,omitzero"`

	Reference  string `json:"reference,omitzero"`  // connection reference, by name
	Variable   string `json:"variable,omitzero"`   // environment variable, by name
	Connector  string `json:"connector,omitzero"`  // for people
	Connection string `json:"connection,omitzero"` // id: to be shared, or that the settings give
	Owner      string `json:"owner,omitzero"`      // of the connection
	Identity   string `json:"identity,omitzero"`   // who imports
	// Candidates are the connections of the connector that are there already.
	Candidates []string `json:"candidates,omitzero"`
	// Fields are what is entered: "client id", "client secret", "resource".
	Fields []string `json:"fields,omitzero"`
}

// The cases of tasks; see also caseComesWith, caseMaybe and caseUnsure.
const (
	caseForLater = "for-later" // the connection is for a reference of Solution, which is imported later
	caseSettings = "settings"  // so it is, and the settings must have its id
	caseDraft    = "draft"     // the flow is off in its package
)

// String returns the sentence.
func (t Task) String() string {
	switch t.Kind {
	case CreateConnection:
		return t.createConnection()
	case ShareConnection:
		return fmt.Sprintf("Share connection %s, which belongs to %s, with %s.", t.Connection, t.Owner, t.Identity)
	case PrepareValue:
		return fmt.Sprintf("Have a value ready for environment variable %s.", t.Variable)
	case GiveVaultAccess:
		return fmt.Sprintf("Give access to the vault of environment variable %s, which is a secret.", t.Variable)
	case EnterSecrets:
		condition := ""
		if t.Case == caseUnsure {
			condition = ", if it asks for them"
		}
		return fmt.Sprintf("Enter %s of connector %s%s.", enumerate(t.Fields), t.Connector, condition)
	case AddDataSource:
		return fmt.Sprintf("In canvas app %s, add the data source of custom connector %s again.", cmp.Or(t.About.Title, string(t.About.Component)), t.Connector)
	case ApplyUpgrade:
		return fmt.Sprintf("Apply the staged upgrade of %s, when all other solutions have stopped using what it deletes.", t.Solution)
	case BindReference:
		condition := ""
		if t.Case == caseMaybe {
			condition = ", if it has none"
		}
		return fmt.Sprintf("Give connection reference %s a connection%s.", t.Reference, condition)
	case TurnOn:
		condition := ""
		if t.Case == caseDraft {
			condition = ", which is off in its package"
		}
		return fmt.Sprintf("Turn on flow %s%s.", t.About, condition)
	case Publish:
		return fmt.Sprintf("Publish all customizations of %s.", t.Solution)
	}
	return t.Text
}

func (t Task) createConnection() string {
	candidates := ""
	switch len(t.Candidates) {
	case 0:
	case 1:
		candidates = ", or choose " + t.Candidates[0]
	default:
		candidates = ", or choose one of " + enumerate(t.Candidates)
	}
	switch t.Case {
	case caseComesWith:
		return fmt.Sprintf("Create a connection of connector %s, and give it to connection reference %s.", t.Connector, t.Reference)
	case caseForLater:
		return fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s%s.", t.Connector, t.Reference, t.Solution, candidates)
	case caseSettings:
		return fmt.Sprintf("Create a connection of connector %s, for connection reference %s of %s, and see that the settings have its id, where they say %s.",
			t.Connector, t.Reference, t.Solution, t.Connection)
	}
	return fmt.Sprintf("Create a connection of %s for connection reference %s%s.", t.Connector, t.Reference, candidates)
}

// sentencesOf returns the sentences of tasks.
func sentencesOf(tasks []Task) []string {
	out := make([]string, 0, len(tasks))
	for i := range tasks {
		out = append(out, tasks[i].String())
	}
	return out
}
