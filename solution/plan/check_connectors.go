package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// secretFields are what an import of a connector blanks or overwrites.
var secretFields = []string{"client id", "client secret", "resource"}

// A connectorCheck says what the import of custom connectors asks for and changes.
type connectorCheck struct {
	*importing
	out      *recorder
	settings *connref.Settings

	secrets []Secret
	unsure  map[string]bool // names of connectors that may not ask for secrets
	added   map[id]bool     // connectors that are not there yet
	rebinds []rebind
}

func (c *connectorCheck) run() {
	c.unsure, c.added = map[string]bool{}, map[id]bool{}
	for i := range c.pkg.connectors {
		x := &c.pkg.connectors[i]
		n := c.refer(x.key)
		about := []ComponentID{c.text(n)}
		if x.unread {
			c.out.tellAs(rulePackageInvalid, diag.Warning, x.location, about, Facts{Case: caseDefinition, Connector: x.name})
		}
		c.consumers(x, n)
		c.secret(x, n)
		if !c.mayExist(n) {
			c.added[n] = true
		}
		if x.clientID != "" {
			c.out.tell(ruleClientID, x.location, about, Facts{Connector: x.name, New: x.clientID})
		}
		if x.host != "" && c.mayExist(n) {
			c.out.tell(ruleHostOverwritten, x.location, about, Facts{Connector: x.name, New: x.host})
		}
	}
	slices.SortFunc(c.secrets, func(a, b Secret) int { return cmp.Compare(a.Connector, b.Connector) })
	c.rebinds = rebinds(c.importing)
	for _, x := range c.rebinds {
		c.out.tell(ruleCanvasRebind, x.at, []ComponentID{x.app.Component, x.need}, Facts{About: x.app, Connector: x.connector})
	}
}

// consumers warns of a connector that shares its package with what uses it. At the first import that does not work: no
// connection can exist of a connector that is not there.
func (c *connectorCheck) consumers(x *customConnector, n id) {
	users, needed := c.usersOf(n)
	if len(users) == 0 {
		return
	}
	facts := Facts{Connector: x.name, By: c.subjects(users), Policy: policyConsumer}
	severity := diag.Warning
	switch c.pol.value(policyConsumer) {
	case "error":
		severity = diag.Error
	case "first-install":
		if needed && !c.mayExist(n) {
			severity = diag.Error
		}
	}
	if severity == diag.Error {
		facts.Case = caseRefused
	}
	c.out.tellAs(ruleWithConsumer, severity, x.location, append([]ComponentID{c.text(n)}, c.texts(users)...), facts)
}

// usersOf returns what uses a connector of the package: what names it, else all that may. needed says that a connection of it
// has to be there at the import.
func (c *connectorCheck) usersOf(n id) (users []id, needed bool) {
	for ref := range c.pkg.content.References() {
		if connects(&ref) && c.refer(c.runtime.resolve(ref.To)) == n {
			users = append(users, c.refer(ref.From))
			needed = needed || c.pkg.namesConnector(&ref) && !c.deferred(ref.From.Name())
		}
	}
	if len(users) > 0 {
		return users, needed
	}
	for x := range c.pkg.content.Components() {
		switch x.Key.Type() {
		case solution.TypeWorkflow, solution.TypeCanvasApp, solution.TypeBot:
			users = append(users, c.refer(x.Key))
		}
	}
	return users, needed
}

// deferred reports whether nobody is asked for the connection of a reference of the package: the settings give one, or
// the reference says so.
func (c *connectorCheck) deferred(name string) bool {
	if b, ok := c.settings.Reference(name); ok && b.ConnectionID != "" {
		return true
	}
	ref, ok := c.pkg.set.Reference(name)
	return ok && ref.Skip || c.references[solution.Fold(name)] != ""
}

// secret notes what has to be entered again.
func (c *connectorCheck) secret(x *customConnector, n id) {
	if !x.secrets || c.pol.value(policySecrets) == "first-import" && c.exists(n) {
		return
	}
	c.secrets = append(c.secrets, Secret{Connector: x.name, Fields: slices.Clone(secretFields)})
	facts := Facts{Connector: x.name, Values: slices.Clone(secretFields), Policy: policySecrets}
	if x.unsure {
		c.unsure[x.name] = true
		facts.Case = caseUnsure
	}
	c.out.tell(ruleConnectorSecret, x.location, []ComponentID{c.text(n)}, facts)
}

// A rebind is a canvas app and the custom connector that it uses.
type rebind struct {
	app       Subject // with the name for people
	need      ComponentID
	connector string // for people
	at        diag.Location
}

func rebinds(s *importing) []rebind {
	var out []rebind
	for ref := range s.pkg.content.References() {
		if ref.Edge != content.CanvasConnector {
			continue
		}
		n := s.refer(s.runtime.resolve(ref.To))
		app := Subject{Component: s.text(s.refer(ref.From)), Title: ref.From.Name()}
		if x, ok := s.pkg.content.Component(ref.From); ok && x.DisplayName != "" {
			app.Title = x.DisplayName
		}
		out = append(out, rebind{app, s.text(n), cmp.Or(s.keys[n].Name(), ref.To.Name(), string(s.text(n))), ref.Location})
	}
	slices.SortStableFunc(out, func(a, b rebind) int {
		return cmp.Or(cmp.Compare(a.app.Component, b.app.Component), cmp.Compare(a.need, b.need))
	})
	return slices.CompactFunc(out, func(a, b rebind) bool { return a.app.Component == b.app.Component && a.need == b.need })
}
