package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// customConnector returns the custom connector of a reference, by its run-time id if the reference has no other.
func (s *importing) customConnector(ref *connref.Reference) id {
	if ref.CustomConnector.IsZero() {
		return s.refer(s.runtime.resolve(connectorKey(ref.ConnectorID)))
	}
	return s.refer(solution.IDKey(solution.TypeConnector, ref.CustomConnector))
}

// connectorName is the name of a reference's connector for people.
func (s *importing) connectorName(ref *connref.Reference) string {
	if ref.IsCustom() {
		if k := s.keys[s.customConnector(ref)]; k.Name() != "" {
			return k.Name()
		}
	}
	if name := connref.ConnectorName(ref.ConnectorID); name != "" {
		return name
	}
	return "connector " + ref.CustomConnector.String()
}

// connectorTitle is the connector with an id for people: the name of a custom one that is known.
func (s *importing) connectorTitle(connector string) string {
	if n, known := s.connector(connector); known && s.keys[n].Name() != "" {
		return s.keys[n].Name()
	}
	return connref.ConnectorName(connector)
}

// sameConnector reports whether an id is that of a reference's connector. The ids of custom connectors differ between
// environments.
func (s *importing) sameConnector(ref *connref.Reference, other string) bool {
	if same, exact := connref.SameConnector(other, ref.ConnectorID); same && (exact || ref.IsCustom()) {
		return true
	}
	if !ref.IsCustom() {
		return ref.ConnectorID == ""
	}
	n, known := s.connector(other)
	return known && n == s.customConnector(ref)
}

// bringsConnector reports whether the custom connector of a reference comes with the package itself, and is not there yet.
func (s *importing) bringsConnector(ref *connref.Reference) bool {
	if !ref.IsCustom() {
		return false
	}
	n := s.customConnector(ref)
	return s.holds(s.number, n) && !s.mayExist(n)
}

// candidates returns the connections of the connector of a reference that are there already, sorted.
func (s *importing) candidates(ref *connref.Reference) []string {
	var list []string
	for _, c := range s.env.Connections {
		if c.Connector != "" && s.sameConnector(ref, c.Connector) {
			list = append(list, c.ID)
		}
	}
	slices.Sort(list)
	return list
}

// mayHave reports whether a reference is there and nothing says whether it has a connection.
func (s *importing) mayHave(ref *connref.Reference) bool {
	_, known := s.references[solution.Fold(ref.LogicalName)]
	return !s.allReferences() && !known && s.mayExist(s.refer(ref.Key()))
}
