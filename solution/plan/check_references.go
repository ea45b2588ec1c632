package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// chosen stands for a connection that somebody chooses while the plan is carried out.
const chosen = "(chosen)"

// checkReferences says for each connection reference of the package whether somebody is asked for a connection. It
// depends on what the environment has under that name, whichever solution brought it.
func (s *stepper) checkReferences() {
	for i := range s.pkg.set.References {
		ref := &s.pkg.set.References[i]
		key := solution.Fold(ref.LogicalName)
		b, _ := s.r.settings.Reference(ref.LogicalName)
		have := s.references[key]
		asked := false
		switch {
		case b.ConnectionID != "":
			s.bind(ref, b)
		case have != "" && s.fits(ref, have):
			s.keep(ref, have)
		case ref.Skip:
			s.unbound[key] = "has no connection, and the import does not ask for one"
			switch {
			case have != "":
				s.unbound[key] = fmt.Sprintf("has connection %s, which is of another connector, and the import does not ask for one", have)
			case s.mayHave(ref):
				s.mayBeBound[key] = true
				s.unbound[key] = "may have no connection, which the environment does not say, and the import does not ask for one"
			}
		default:
			asked = true
			s.prompt(ref, have)
		}
		if !s.r.used[key] {
			still := ""
			if asked {
				still = ", and still asked for"
			}
			s.add("connection-reference-unused", ref.Location, []Component{referenceText(ref)}, "%s is used by nothing in the batch%s", ref.LogicalName, still)
		}
	}
	slices.SortFunc(s.out.Prompts, compareFolded)
	slices.SortFunc(s.out.Kept, compareFolded)
}

// keep notes that a reference keeps its connection.
func (s *stepper) keep(ref *connref.Reference, connection string) {
	s.out.Kept = append(s.out.Kept, ref.LogicalName)
	what := "its connection " + connection
	switch {
	case s.connections != nil && s.connections[solution.Fold(connection)] == nil && connection != chosen:
		what += ", which the environment does not list"
	case connection == chosen:
		what = "the connection that an earlier step gives it"
	}
	s.add("connection-kept", ref.Location, []Component{referenceText(ref)}, "%s keeps %s", ref.LogicalName, what)
	s.checkUsable(ref, connection, ref.Location)
}

// mayHave reports whether a reference is there and nothing says whether it has a connection.
func (s *stepper) mayHave(ref *connref.Reference) bool {
	_, known := s.references[solution.Fold(ref.LogicalName)]
	return !s.allReferences() && !known && s.mayExist(s.refer(ref.Key()))
}

func compareFolded(a, b string) int { return strings.Compare(solution.Fold(a), solution.Fold(b)) }

func referenceText(ref *connref.Reference) Component { return ComponentOf(ref.Key()) }

// prompt notes that somebody is asked.
func (s *stepper) prompt(ref *connref.Reference, wrong string) {
	s.out.Prompts = append(s.out.Prompts, ref.LogicalName)
	reason := ""
	switch {
	case s.bringsConnector(ref):
		key := solution.Fold(ref.LogicalName)
		s.comesLater[key] = true
		s.unbound[key] = "has no connection, because its connector comes with this import"
		reason = ", which can be done only after this import, because the connector comes with it"
	case wrong != "":
		reason = fmt.Sprintf(", because connection %s is of another connector", wrong)
	case s.mayHave(ref):
		reason = ", unless it has one already: the environment does not say"
	}
	s.add("connection-needed", ref.Location, []Component{referenceText(ref)}, "%s (%s): choose or create a connection%s", ref.LogicalName, s.connectorName(ref), reason)
}

// connectorName is the name of a reference's connector for people.
func (s *stepper) connectorName(ref *connref.Reference) string {
	if ref.IsCustom() {
		if k := s.keys[s.refer(solution.Key{Type: solution.TypeConnector, ID: ref.CustomConnector})]; k.Name != "" {
			return k.Name
		}
	}
	if name := connref.ConnectorName(ref.ConnectorID); name != "" {
		return name
	}
	return "connector " + ref.CustomConnector.String()
}

// connectorTitle is the connector with an id for people: the name of a custom one that is known.
func (s *stepper) connectorTitle(connector string) string {
	if n, known := s.connector(connector); known && s.keys[n].Name != "" {
		return s.keys[n].Name
	}
	return connref.ConnectorName(connector)
}

// bind holds what the settings give against what the environment has.
func (s *stepper) bind(ref *connref.Reference, b connref.Binding) {
	about := []Component{referenceText(ref)}
	if b.ConnectorID != "" && !s.sameConnector(ref, b.ConnectorID) {
		s.add("connection-wrong-connector", bindingPlace(b), about, "%s is for %s, the settings say %s", ref.LogicalName, s.connectorName(ref), s.connectorTitle(b.ConnectorID))
		return
	}
	if s.connections != nil {
		c := s.connections[solution.Fold(b.ConnectionID)]
		if c == nil {
			s.add("connection-not-found", bindingPlace(b), about, "%s: the settings name connection %q, the environment has none of that id: create it or correct the id", ref.LogicalName, b.ConnectionID)
			return
		}
		if c.Connector != "" && !s.sameConnector(ref, c.Connector) {
			s.add("connection-wrong-connector", bindingPlace(b), about, "%s is for %s, connection %s is for %s", ref.LogicalName, s.connectorName(ref), c.ID, s.connectorTitle(c.Connector))
			return
		}
	}
	s.out.Bound[ref.LogicalName] = b.ConnectionID
	s.checkUsable(ref, b.ConnectionID, bindingPlace(b))
}

// sameConnector reports whether an id is that of a reference's connector. The ids of custom connectors differ between
// environments.
func (s *stepper) sameConnector(ref *connref.Reference, other string) bool {
	if same, exact := connref.SameConnector(other, ref.ConnectorID); same && (exact || ref.IsCustom()) {
		return true
	}
	if !ref.IsCustom() {
		return ref.ConnectorID == ""
	}
	n, known := s.connector(other)
	return known && n == s.refer(solution.Key{Type: solution.TypeConnector, ID: ref.CustomConnector})
}

// fits reports whether nothing is known against a connection of a reference.
func (s *stepper) fits(ref *connref.Reference, connection string) bool {
	c := s.connections[solution.Fold(connection)]
	return c == nil || c.Connector == "" || s.sameConnector(ref, c.Connector)
}

// checkUsable warns of a connection that the importing identity cannot use.
func (s *stepper) checkUsable(ref *connref.Reference, connection string, at diag.Location) {
	c := s.connections[solution.Fold(connection)]
	who := s.env.Identity
	if c == nil || who == "" || c.Owner == "" || strings.EqualFold(c.Owner, who) ||
		slices.ContainsFunc(c.SharedWith, func(x string) bool { return strings.EqualFold(x, who) }) {
		return
	}
	if !slices.Contains(s.unusable, c) {
		s.unusable = append(s.unusable, c)
	}
	s.add("connection-not-usable", at, []Component{referenceText(ref)}, "connection %s of %s belongs to %s: share it with %s", c.ID, ref.LogicalName, c.Owner, who)
}

// checkRawConnections warns of connectors that flows and apps bind without a reference, once for each.
func (s *stepper) checkRawConnections() {
	seen := map[string]bool{}
	for _, raw := range s.pkg.set.Raw {
		name := connref.ConnectorName(raw.Connector)
		if name == "" || name == "shared_logicflows" || seen[raw.By.String()+" "+name] {
			continue
		}
		seen[raw.By.String()+" "+name] = true
		by := s.refer(raw.By)
		connector := s.text(s.refer(s.runtime.resolve(connectorKey(name))))
		advice := "no settings can set its connection; use a connection reference"
		if raw.By.Type == solution.TypeCanvasApp {
			advice = "each user is asked for a connection at the first run"
		}
		s.add("raw-connection", raw.Location, []Component{s.text(by), connector}, "%s binds %s directly: %s", s.label(by), s.connectorTitle(name), advice)
	}
}

// usedReferences returns the folded names of the connection references that something in the batch uses.
func usedReferences(batch []Item) map[string]bool {
	used := map[string]bool{}
	for _, item := range batch {
		for _, u := range item.Package.set.Uses {
			used[solution.Fold(u.Name)] = true
		}
		for ref := range item.Package.content.References() {
			if ref.To.Type == solution.TypeConnectionReference {
				used[ref.To.Name] = true
			}
		}
	}
	return used
}

// settingsFile is what findings call the settings, whatever file they are from.
const settingsFile = "settings.json"

// settingsPlace is the place of an entry of the settings: by its name, because plans do not depend on the order of entries.
func settingsPlace(list, name string) diag.Location {
	return diag.Location{File: settingsFile, Path: list + "/" + name}
}

func bindingPlace(b connref.Binding) diag.Location {
	return settingsPlace("ConnectionReferences", b.LogicalName)
}

// unknownSettings warns of names in the settings that no package has.
func (r *resolution) unknownSettings() {
	refs, vars := map[string]bool{}, map[string]bool{}
	for _, s := range r.steps {
		for _, ref := range s.pkg.set.References {
			refs[solution.Fold(ref.LogicalName)] = true
		}
		for _, v := range s.pkg.set.Variables {
			vars[solution.Fold(v.SchemaName)] = true
		}
	}
	var found []Finding
	for _, b := range r.settings.ConnectionReferences() {
		if !refs[solution.Fold(b.LogicalName)] {
			about := ComponentOf(solution.NewKey(solution.TypeConnectionReference, "", b.LogicalName, solution.GUID{}))
			found = append(found, newFinding("settings-unknown-name", Warning, bindingPlace(b), []Component{about}, "the settings mention connection reference %s, which is in no package: correct the name or remove it", b.LogicalName))
		}
	}
	for _, a := range r.settings.EnvironmentVariables() {
		if !vars[solution.Fold(a.SchemaName)] {
			about := ComponentOf(solution.NewKey(solution.TypeEnvironmentVariableDefinition, "", a.SchemaName, solution.GUID{}))
			found = append(found, newFinding("settings-unknown-name", Warning, settingsPlace("EnvironmentVariables", a.SchemaName), []Component{about}, "the settings mention environment variable %s, which is in no package: correct the name or remove it", a.SchemaName))
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return strings.Compare(string(a.Components[0]), string(b.Components[0])) })
	r.findings = append(r.findings, found...)
}
