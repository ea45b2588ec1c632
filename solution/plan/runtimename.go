package plan

import (
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// A runtimeNames finds the custom connectors that the ids mean which environments give them.
type runtimeNames struct {
	connectors []solution.Key
	named      func(id string) []int // see connref.RuntimeIDs
	found      map[string]solution.Key
}

// newRuntimeNames takes the connectors that are registered, which must be all of them.
func newRuntimeNames(r *registry) *runtimeNames {
	out := &runtimeNames{found: map[string]solution.Key{}}
	for _, k := range r.keys {
		if k.Type() == solution.TypeConnector && k.Name() != "" && !strings.HasPrefix(k.Name(), "shared_") {
			out.connectors = append(out.connectors, k)
		}
	}
	names := make([]string, len(out.connectors))
	for i, c := range out.connectors {
		names[i] = c.Name()
	}
	out.named = connref.RuntimeIDs(names)
	return out
}

// resolve returns the key of the connector that k means, k itself if it is no such id or means none that is known.
func (x *runtimeNames) resolve(k solution.Key) solution.Key {
	if k.Type() != solution.TypeConnector || !connref.IsCustomID(k.Name()) {
		return k
	}
	if known, ok := x.found[k.Name()]; ok {
		return known
	}
	found := k
	if list := x.named(k.Name()); len(list) > 0 {
		found = x.connectors[list[0]]
	}
	x.found[k.Name()] = found
	return found
}

// tie makes the GUID by which a connection reference names its connector a key of the connector that its run-time id
// means, if nothing else says what the GUID is.
func (x *runtimeNames) tie(r *registry, p *Solution) {
	if p == nil {
		return
	}
	for _, ref := range p.set.References {
		guid := solution.IDKey(solution.TypeConnector, ref.CustomConnector)
		if _, known := r.ids[guid]; known || ref.CustomConnector.IsZero() {
			continue
		}
		n, ok := r.ids[x.resolve(connectorKey(ref.ConnectorID))]
		if ok && r.keys[n].ID().IsZero() {
			r.name(guid, n)
		}
	}
}

// connectorKey returns the key of a connector by an id, the last segment of one, or a GUID.
func connectorKey(text string) solution.Key {
	if guid, err := solution.ParseGUID(text); err == nil {
		return solution.IDKey(solution.TypeConnector, guid)
	}
	return solution.NewKey(solution.TypeConnector, "", connref.ConnectorName(text), solution.GUID{})
}

// connector returns the connector that is known by an id.
func (w *world) connector(text string) (n id, known bool) {
	k := w.runtime.resolve(connectorKey(text))
	byName, byID, both := halves(k)
	if n, known = w.ids[byID]; !known && both {
		n, known = w.ids[byName]
	}
	return n, known
}
