package connref

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// An Environment is what is known about connections where a solution is to be imported. A nil field is
// not known, and nothing is concluded from it.
type Environment struct {
	// Bound has the connection of each connection reference that exists there, by logical name in any case;
	// empty if it exists without one.
	Bound map[string]string
	// Connections are those that the importing identity can use.
	Connections []Connection
	// Connectors are the custom connectors there.
	Connectors []solution.GUID
}

// A Connection is a connection of an environment.
type Connection struct {
	ID          string
	ConnectorID string
}

// A Decision says what an import does about a connection reference.
type Decision uint8

// The decisions.
const (
	Prompt  Decision = iota // somebody is asked for a connection
	Kept                    // the connection that is bound in the environment stays
	Given                   // the settings give the connection
	Skipped                 // nobody is asked, and the reference stays without a connection
	Cannot                  // no connection can be bound; Outcome.Reason says why
)

var decisions = [...]string{"prompt", "kept", "settings", "skip", "cannot"}

// String returns "prompt", "kept", "settings", "skip" or "cannot".
func (d Decision) String() string {
	if int(d) < len(decisions) {
		return decisions[d]
	}
	return fmt.Sprintf("Decision(%d)", uint8(d))
}

// MarshalText implements encoding.TextMarshaler.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// An Outcome is what happens to one connection reference.
type Outcome struct {
	Reference  Reference
	Decision   Decision
	Connection string // Kept and Given: the connection
	Reason     string // one phrase for people, lower case
}

// Bind says for each reference what an import does about it, in the order of refs. The rules (public
// documentation): settings win over what is bound; what is bound stays on updates and upgrades, whichever
// solution brought the reference; else an import asks unless the reference says not to. A connection
// must be of the reference's connector, and that of a custom connector needs the connector there first.
// st may be nil.
func Bind(refs []Reference, env Environment, st *Settings) []Outcome {
	if st == nil {
		st = &Settings{}
	}
	bound := map[string]string{}
	for name, id := range env.Bound {
		bound[solution.Fold(name)] = id
	}
	out := make([]Outcome, 0, len(refs))
	for _, r := range refs {
		o := Outcome{Reference: r}
		b, _ := st.Reference(r.LogicalName)
		kept := bound[solution.Fold(r.LogicalName)]
		switch {
		case b.ConnectionID != "":
			o.Decision, o.Connection, o.Reason = Given, b.ConnectionID, "the settings give the connection"
			if why := env.refuses(r, b); why != "" {
				o.Decision, o.Connection, o.Reason = Cannot, "", why
			}
		case kept != "":
			o.Decision, o.Connection, o.Reason = Kept, kept, "the environment has it bound"
		case r.IsCustom() && env.Connectors != nil && !slices.Contains(env.Connectors, r.CustomConnector):
			o.Decision, o.Reason = Cannot, env.noConnector(r)
		case r.Skip:
			o.Decision, o.Reason = Skipped, "the reference says that nobody is asked; flows that use it stay off"
		default:
			o.Reason = "choose or create a connection of " + ConnectorName(r.ConnectorID)
		}
		out = append(out, o)
	}
	return out
}

// refuses says why the connection that the settings give cannot be bound, "" if nothing known is against it.
func (env Environment) refuses(r Reference, b Binding) string {
	if b.ConnectorID != "" && r.ConnectorID != "" {
		if same, exact := SameConnector(b.ConnectorID, r.ConnectorID); !same || !exact && !r.IsCustom() {
			return fmt.Sprintf("the settings give connector %s, the reference is for %s", ConnectorName(b.ConnectorID), ConnectorName(r.ConnectorID))
		}
	}
	if r.IsCustom() && env.Connectors != nil && !slices.Contains(env.Connectors, r.CustomConnector) {
		return env.noConnector(r)
	}
	if env.Connections == nil {
		return ""
	}
	i := slices.IndexFunc(env.Connections, func(c Connection) bool { return strings.EqualFold(c.ID, b.ConnectionID) })
	if i < 0 {
		return fmt.Sprintf("the environment has no connection %q that can be used", b.ConnectionID)
	}
	have := env.Connections[i].ConnectorID
	if same, exact := SameConnector(have, r.ConnectorID); have != "" && (!same || !exact && !r.IsCustom()) {
		return fmt.Sprintf("connection %q is of connector %s, the reference is for %s", b.ConnectionID, ConnectorName(have), ConnectorName(r.ConnectorID))
	}
	return ""
}

func (env Environment) noConnector(r Reference) string {
	return fmt.Sprintf("the environment has no custom connector %v: import its solution first and create a connection", r.CustomConnector)
}
