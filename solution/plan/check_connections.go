package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// An OwnedConnection is a connection of an environment and whose it is.
type OwnedConnection struct {
	ID    string `json:"id"`
	Owner string `json:"owner,omitzero"` // empty: not known
}

// codeHasConnections is the platform's error about a connector that has connections.
const codeHasConnections = "CannotDeleteApiDueToExistingConnections"

// connectionsOf returns the connections of a connector that people made, which keep it from being deleted. known says that they are
// all: the environment lists its connections, and none is of a connector that cannot be told from this one.
func (w *world) connectionsOf(n id) (list []OwnedConnection, known bool) {
	if w.env.Connections == nil {
		return nil, false
	}
	if w.owned == nil {
		w.indexConnections()
	}
	return w.owned[n], !w.anyones && !(w.strange && w.keys[n].Name() == "")
}

// indexConnections finds the connector of each connection.
func (w *world) indexConnections() {
	w.owned = map[id][]OwnedConnection{}
	for _, c := range slices.SortedFunc(slices.Values(w.env.Connections), compareConnections) {
		n, found := w.connector(c.Connector)
		switch {
		case c.Connector == "":
			w.anyones = true
		case found:
			w.owned[n] = append(w.owned[n], OwnedConnection{c.ID, c.Owner})
			w.strange = w.strange || connref.IsCustomID(w.keys[n].Name())
		}
	}
}

// mayHaveConnections reports whether connections are of concern when a component is deleted.
func (w *world) mayHaveConnections(n id) bool {
	return w.kind(n) == solution.TypeConnector && !w.isBase(n)
}

// connected returns what there is to tell of the connections of a component that is to be deleted: a finding that refuses it, one
// that warns because they are not known, or none.
func (w *world) connected(n id) (severity diag.Severity, facts Facts, tells bool) {
	if !w.mayHaveConnections(n) {
		return 0, Facts{}, false
	}
	list, known := w.connectionsOf(n)
	facts = Facts{About: w.subject(n), Code: codeHasConnections, Owned: list, Case: caseConnections}
	switch {
	case len(list) > 0:
		return diag.Error, facts, true
	case !known:
		facts.Case = caseConnectionsUnknown
		return diag.Warning, facts, true
	}
	return 0, Facts{}, false
}

// connections reports a connector that cannot be deleted because it has connections, or may have some.
func (c *dropCheck) connections(n id) {
	severity, facts, tells := c.connected(n)
	switch {
	case !tells:
	case severity == diag.Error:
		c.refuse(ruleDeleteBlocked, []ComponentID{c.text(n)}, facts)
	default:
		facts.Action = c.action
		c.out.tellAs(ruleDeleteBlocked, severity, diag.Location{}, []ComponentID{c.text(n)}, facts)
	}
}

// titles returns what people call the components of a list that are named by a GUID.
func (w *world) titles(lists ...[]id) map[ComponentID]string {
	var out map[ComponentID]string
	for _, list := range lists {
		for _, n := range list {
			if s := w.subject(n); s.Title != "" {
				if out == nil {
					out = map[ComponentID]string{}
				}
				out[s.Component] = s.Title
			}
		}
	}
	return out
}
