package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// secretFields are what an import of a connector blanks or overwrites.
var secretFields = []string{"client id", "client secret", "resource"}

// checkConnectors says what the import of custom connectors asks for and changes.
func (s *stepper) checkConnectors() {
	for i := range s.pkg.connectors {
		c := &s.pkg.connectors[i]
		n := s.refer(c.key)
		if c.unread {
			s.addAs("package-invalid", Warning, c.location, []Component{s.text(n)}, "connector %s: its definition is missing or cannot be read, so that what it asks for is not known: repair the package", c.name)
		}
		s.consumers(c, n)
		s.secrets(c, n)
		if !s.mayExist(n) {
			s.newConnectors[n] = true
		}
		if c.clientID != "" {
			s.add("connector-client-id-carried", c.location, []Component{s.text(n)}, "connector %s carries client id %s of the environment it comes from, which overwrites the one here", c.name, c.clientID)
		}
		if c.host != "" && s.mayExist(n) {
			s.add("connector-host-overwritten", c.location, []Component{s.text(n)}, "connector %s: its host becomes %s, also if it was changed by hand", c.name, c.host)
		}
	}
	slices.SortFunc(s.out.Secrets, func(a, b Secret) int { return cmp.Compare(a.Connector, b.Connector) })
	for _, x := range s.rebinds() {
		s.add("canvas-connector-rebind", x.at, []Component{x.by, x.need}, "%s: add the data source of custom connector %s again, apps do not use connection references for it", x.by, x.connector)
	}
}

// exists reports whether a component is in the environment now.
func (w *world) exists(n id) bool {
	return w.seen[n] || w.unmanaged[n] || slices.ContainsFunc(w.holders.of(n), func(p place) bool { return w.active[p.facts] })
}

// mayExist reports whether a component of the package is in the environment now, or the installed version may have brought
// it: its contents are not known.
func (s *stepper) mayExist(n id) bool {
	return s.exists(n) || s.state().installed && !s.knows(s.solution, s.kind(n))
}

// consumers warns of a connector that shares its package with what uses it. At the first import that does not work: no
// connection can exist of a connector that is not there.
func (s *stepper) consumers(c *customConnector, n id) {
	var users, possible []id
	needed := false
	for ref := range s.pkg.content.References() {
		if connects(&ref) && s.refer(s.runtime.resolve(ref.To)) == n {
			users = append(users, s.refer(ref.From))
			if ref.Edge == content.ReferenceCustomConnector && !s.deferred(ref.From.Name) {
				needed = true
			}
		}
	}
	for x := range s.pkg.content.Components() {
		switch x.Key.Type {
		case solution.TypeWorkflow, solution.TypeCanvasApp, solution.TypeBot:
			possible = append(possible, s.refer(x.Key))
		}
	}
	if len(users) == 0 {
		users = possible
	}
	if len(users) == 0 {
		return
	}
	severity := Warning
	switch s.pol.value(policyConsumer) {
	case "error":
		severity = Error
	case "first-install":
		if needed && !s.mayExist(n) {
			severity = Error
		}
	}
	texts := s.texts(users)
	about := append([]Component{s.text(n)}, texts...)
	sharing := enumerate(append([]string{"connector " + c.name}, s.labels(users)...))
	if severity == Error {
		s.addAs("connector-with-consumer", severity, c.location, about, "%s share package %s: at the first import no connection can exist for them; "+
			"split the package (solkit split-connectors), import the connectors, enter their secrets, create the connections, then import the rest", sharing, s.name())
		return
	}
	s.addAs("connector-with-consumer", severity, c.location, about, "%s share package %s: keep connectors in a solution of their own, imported before what uses them", sharing, s.name())
}

// deferred reports whether nobody is asked for the connection of a reference of the package: the settings give one, or
// the reference says so.
func (s *stepper) deferred(name string) bool {
	if b, ok := s.r.settings.Reference(name); ok && b.ConnectionID != "" {
		return true
	}
	ref, ok := s.pkg.set.Reference(name)
	return ok && ref.Skip || s.references[solution.Fold(name)] != ""
}

// secrets notes what has to be entered again.
func (s *stepper) secrets(c *customConnector, n id) {
	if !c.secrets || s.pol.value(policySecrets) == "first-import" && s.exists(n) {
		return
	}
	s.out.Secrets = append(s.out.Secrets, Secret{Connector: c.name, Fields: slices.Clone(secretFields)})
	if c.unsure {
		s.unsureSecrets[c.name] = true
		s.add("connector-secret", c.location, []Component{s.text(n)}, "%s: check whether client id, client secret and resource have to be entered after this import: its connection parameters do not tell", c.name)
		return
	}
	s.add("connector-secret", c.location, []Component{s.text(n)}, "%s: enter client id, client secret and resource after this import", c.name)
}

// A rebind is a canvas app and the custom connector that it uses.
type rebind struct {
	by, need       Component
	app, connector string // for people
	at             diag.Location
}

func (s *stepper) rebinds() []rebind {
	var out []rebind
	for ref := range s.pkg.content.References() {
		if ref.Edge != content.CanvasConnector {
			continue
		}
		n := s.refer(s.runtime.resolve(ref.To))
		app := ref.From.Name
		if x, ok := s.pkg.content.Component(ref.From); ok && x.DisplayName != "" {
			app = x.DisplayName
		}
		out = append(out, rebind{s.text(s.refer(ref.From)), s.text(n), app, cmp.Or(s.keys[n].Name, ref.To.Name, string(s.text(n))), ref.Location})
	}
	slices.SortStableFunc(out, func(a, b rebind) int {
		return cmp.Or(cmp.Compare(a.by, b.by), cmp.Compare(a.need, b.need))
	})
	return slices.CompactFunc(out, func(a, b rebind) bool { return a.by == b.by && a.need == b.need })
}
