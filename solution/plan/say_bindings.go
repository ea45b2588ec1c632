package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

func sayClientID(f *Finding) string {
	return fmt.Sprintf("connector %s carries client id %s of the environment it comes from, which overwrites the one here", f.Facts.Connector, f.Facts.New)
}

func sayHostOverwritten(f *Finding) string {
	return fmt.Sprintf("connector %s: its host becomes %s, also if it was changed by hand", f.Facts.Connector, f.Facts.New)
}

func sayCanvasRebind(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: add the data source of custom connector %s again, apps do not use connection references for it", x.About.Component, x.Connector)
}

func sayWithConsumer(f *Finding) string {
	x := f.Facts
	sharing := enumerate(append([]string{"connector " + x.Connector}, each(x.By)...))
	if x.Case == caseRefused {
		return fmt.Sprintf("%s share package %s: at the first import no connection can exist for them; "+
			"split the package (solkit split-connectors), import the connectors, enter their secrets, create the connections, then import the rest", sharing, x.Solution)
	}
	return fmt.Sprintf("%s share package %s: keep connectors in a solution of their own, imported before what uses them", sharing, x.Solution)
}

// caseUnsure says that a connector may not ask for what is to be entered.
const caseUnsure = "unsure"

func sayConnectorSecret(f *Finding) string {
	x := f.Facts
	if x.Case == caseUnsure {
		return fmt.Sprintf("%s: check whether %s have to be entered after this import: its connection parameters do not tell", x.Connector, enumerate(x.Values))
	}
	return fmt.Sprintf("%s: enter %s after this import", x.Connector, enumerate(x.Values))
}

func sayEndpointKey(f *Finding) string {
	x := f.Facts
	to, condition := "", ""
	if x.New != "" {
		to = ", which sends to " + x.New
	}
	if x.Case == caseMaybe {
		condition = ", unless it has it already: the environment does not say"
	}
	return fmt.Sprintf("%s%s: enter %s after this import%s", x.About, to, enumerate(x.Values), condition)
}

// caseAsked says that somebody is asked for a connection of a reference that nothing uses.
const caseAsked = "asked"

func sayReferenceUnused(f *Finding) string {
	still := ""
	if f.Facts.Case == caseAsked {
		still = ", and still asked for"
	}
	return fmt.Sprintf("%s is used by nothing in the batch%s", f.Facts.Reference, still)
}

// The cases of connection-kept.
const (
	caseUnlisted = "unlisted" // the environment does not list the connection
	caseEarlier  = "earlier"  // an earlier step gives it
)

func sayConnectionKept(f *Finding) string {
	x := f.Facts
	switch x.Case {
	case caseEarlier:
		return fmt.Sprintf("%s keeps the connection that an earlier step gives it", x.Reference)
	case caseUnlisted:
		return fmt.Sprintf("%s keeps its connection %s, which the environment does not list: what uses it will fail if it is gone; give it another", x.Reference, x.Connection)
	}
	return fmt.Sprintf("%s keeps its connection %s", x.Reference, x.Connection)
}

// The cases of a reference that has no connection, or may have none.
const (
	caseComesWith = "connector-comes" // its connector comes with this import
	caseOther     = "other-connector" // it has a connection, of another connector
	caseMaybe     = "maybe"           // the environment does not say whether it has one
	caseUnbound   = "unbound"         // the environment has it without a connection
	caseUnasked   = "unasked"         // the import does not ask for one
	caseInvoker   = "invoker"         // of a child flow: whoever runs it gives its connections
)

func sayConnectionNeeded(f *Finding) string {
	x := f.Facts
	reason := ""
	switch x.Case {
	case caseComesWith:
		reason = ", which can be done only after this import, because the connector comes with it"
	case caseOther:
		reason = fmt.Sprintf(", because connection %s is of another connector", x.Connection)
	case caseMaybe:
		reason = ", unless it has one already: the environment does not say"
	}
	return fmt.Sprintf("%s (%s): choose or create a connection%s", x.Reference, x.Connector, reason)
}

// sayWrongConnector tells of a connection of another connector, or, without a connection, of what the settings say.
func sayWrongConnector(f *Finding) string {
	x := f.Facts
	if x.Connection == "" {
		return fmt.Sprintf("%s is for %s, the settings say %s", x.Reference, x.Connector, x.OtherConnector)
	}
	return fmt.Sprintf("%s is for %s, connection %s is for %s", x.Reference, x.Connector, x.Connection, x.OtherConnector)
}

func sayConnectionNotFound(f *Finding) string {
	x := f.Facts
	if x.Case == caseUnlisted {
		return fmt.Sprintf("%s: the settings name connection %q, which is not on the list of connections; that has not all of them: make sure that it is there", x.Reference, x.Connection)
	}
	return fmt.Sprintf("%s: the settings name connection %q, the environment has none of that id: create it or correct the id", x.Reference, x.Connection)
}

func sayConnectionNotUsable(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("connection %s of %s belongs to %s: share it with %s", x.Connection, x.Reference, x.Owner, x.Identity)
}

func sayRawConnection(f *Finding) string {
	x := f.Facts
	advice := "no settings can set its connection; use a connection reference"
	if x.About.Component.Kind() == string(solution.TypeCanvasApp) {
		advice = "each user is asked for a connection at the first run"
	}
	return fmt.Sprintf("%s binds %s directly: %s", x.About, x.Connector, advice)
}

// caseMember says that a member of the settings is not read, of which cause has the message.
const caseMember = "member"

func saySettingsName(f *Finding) string {
	x := f.Facts
	if x.Case == caseMember && x.Cause != nil {
		return "the settings: " + x.Cause.Message
	}
	what := "connection reference " + x.Reference
	if x.Variable != "" {
		what = "environment variable " + x.Variable
	}
	return fmt.Sprintf("the settings mention %s, which is in no package: correct the name or remove it", what)
}

// The cases of variables.
const (
	caseGone        = "gone"        // the upgrade removes the value
	caseReplaced    = "replaced"    // the settings replace the value
	casePackage     = "package"     // the value of the package counts
	caseEnvironment = "environment" // the value of the environment counts
)

func sayValueNeeded(f *Finding) string {
	why := ""
	switch f.Facts.Case {
	case caseGone:
		why = ", because the upgrade removes the value that the installed version shipped"
	case caseMaybe:
		why = ", unless it has one already: the environment does not say"
	}
	return fmt.Sprintf("%s has no value and no default: give one%s", f.Facts.Variable, why)
}

func sayValueConflict(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: package value %s, environment value %s: the %s's counts, or the import fails with a duplicate key; give the value in the settings",
		x.Variable, x.New, x.Old, x.Case)
}

func saySecretAccess(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s is a secret: give %s", x.Variable, x.vaultAccess())
}

// vaultAccess says who needs access to the vault of a secret.
func (f *Facts) vaultAccess() string {
	vault, who := "the vault that "+f.Variable+" is in", "the identity that imports"
	if f.Vault != "" {
		vault = "vault " + f.Vault
	}
	if f.Identity != "" {
		who = f.Identity + " (who imports)"
	}
	return fmt.Sprintf("%s and Dataverse the role Key Vault Secrets User on %s: the import of %s is refused if the importing identity may not read the secret", who, vault, f.Variable)
}

// caseBlank says that the settings have an entry without a value.
const caseBlank = "blank"

func saySecretSetting(f *Finding) string {
	what := "the settings give it something else than a reference to a vault, which is not printed here"
	if f.Facts.Case == caseBlank {
		what = "the settings have a blank entry of it"
	}
	return fmt.Sprintf("%s is a secret, and the import fails because %s: write /subscriptions/ID/resourceGroups/GROUP/providers/Microsoft.KeyVault/vaults/VAULT/secrets/NAME, or remove the entry",
		f.Facts.Variable, what)
}

func saySameSource(f *Finding) string {
	return fmt.Sprintf("%s ship one value for %s, and the import takes one for all of them: give each its own in the settings, if they differ here",
		enumerate(f.Facts.Values), cmp.Or(f.Facts.Connector, "their data sources"))
}

func saySecretLike(f *Finding) string {
	return fmt.Sprintf("%s is a text and ships a value that looks like a credential, which is not printed here: make it a secret, and change what was shipped", f.Facts.Variable)
}

func sayValueShipped(f *Finding) string {
	effect := "which overwrites or collides"
	if f.Facts.Case == caseReplaced {
		effect = "which the settings replace here"
	}
	return fmt.Sprintf("%s ships current value %s, %s: remove it from the package", f.Facts.Variable, f.Facts.New, effect)
}

// text says what keeps a flow off, or, of what waits for an answer, what that is about.
func (o *Obstacle) text() string {
	switch {
	case o.Case == caseInvoker:
		return fmt.Sprintf("its child flow %s lets the run-only user give %s %s (\"runtimeSource\": \"invoker\"): set \"Use this connection\" for run-only users of %s, in the source",
			o.Flow, plural(len(o.Connections), "the connection", "the connections"), enumerate(o.Connections), cmp.Or(o.Flow.Title, string(o.Flow.Component)))
	case o.Reference == "" && o.Waits:
		return "its child flow " + o.Flow.String()
	case o.Reference == "" && o.Flow.Solution != "":
		return fmt.Sprintf("its child flow %s of %s is off", o.Flow, o.Flow.Solution)
	case o.Reference == "":
		return fmt.Sprintf("its child flow %s is off", o.Flow)
	case o.Waits:
		return o.Reference
	case o.Case == caseComesWith:
		return o.Reference + " has no connection, because its connector comes with this import"
	case o.Case == caseOther:
		return fmt.Sprintf("%s has connection %s, which is of another connector, and the import does not ask for one", o.Reference, o.Connection)
	case o.Case == caseMaybe:
		return o.Reference + " may have no connection, which the environment does not say, and the import does not ask for one"
	case o.Case == caseUnasked:
		return o.Reference + " has no connection, and the import does not ask for one"
	case o.Solution != "":
		return fmt.Sprintf("%s of %s has no connection", o.Reference, o.Solution)
	}
	return o.Reference + " has no connection in the environment"
}

func sayFlowOff(f *Finding) string {
	var why, until []string
	answers := false // somebody is asked for the connection of a reference of the flow itself
	for i := range f.Facts.Obstacles {
		o := &f.Facts.Obstacles[i]
		if !o.Waits {
			why = append(why, o.text())
			continue
		}
		until = append(until, o.text())
		answers = answers || o.Reference != ""
	}
	text := ""
	switch {
	case len(until) == 0:
		text = ": " + strings.Join(why, "; ")
	case len(why) > 0:
		text = fmt.Sprintf(": %s; it also waits for a connection of %s", strings.Join(why, "; "), enumerate(until))
	case !answers:
		text = " until there is a connection for " + enumerate(until)
	default:
		text = " until somebody gives a connection to " + enumerate(until)
	}
	return fmt.Sprintf("%s cannot start%s", f.Facts.About, text)
}
