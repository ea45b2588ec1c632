package plan

import (
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// A caller is a call of an operation, in one of the contents.
type caller struct {
	contents int32
	call     content.Call
}

// A callIndex finds who calls custom connectors.
type callIndex struct {
	references map[string]id              // folded name of a connection reference to its custom connector
	callers    map[id]map[string][]caller // by operation, as plainName writes it
	offered    map[*connector.Connector]map[string]bool
}

// calls returns the index, which is made when somebody asks first: most environments have no custom connector that changes.
func (w *world) calls() *callIndex {
	if w.called != nil {
		return w.called
	}
	x := &callIndex{references: map[string]id{}, callers: map[id]map[string][]caller{}, offered: map[*connector.Connector]map[string]bool{}}
	w.called = x
	for _, f := range w.contents {
		if f.pkg == nil {
			continue
		}
		for i := range f.pkg.set.References {
			ref := &f.pkg.set.References[i]
			if n, known := w.lookup(solution.IDKey(solution.TypeConnector, ref.CustomConnector)); known && ref.IsCustom() {
				x.references[solution.Fold(ref.LogicalName)] = n
			} else if n, known := w.connector(ref.ConnectorID); known {
				x.references[solution.Fold(ref.LogicalName)] = n
			}
		}
	}
	for i, f := range w.contents {
		if f.pkg == nil {
			continue
		}
		for c := range f.pkg.content.Calls() {
			if n, known := w.connectorCalled(x, &c); known {
				if x.callers[n] == nil {
					x.callers[n] = map[string][]caller{}
				}
				name := plainName(c.Operation)
				x.callers[n][name] = append(x.callers[n][name], caller{int32(i), c})
			}
		}
	}
	return x
}

// lookup returns the component of a key, if it is known.
func (w *world) lookup(k solution.Key) (n id, known bool) {
	byName, byID, both := halves(w.runtime.resolve(k))
	if n, known = w.ids[byID]; !known && both {
		n, known = w.ids[byName]
	}
	return n, known
}

// connectorCalled returns the connector of a call: that of the reference, which is bound anew in each environment, else the one
// that the call names.
func (w *world) connectorCalled(x *callIndex, c *content.Call) (n id, known bool) {
	if !c.Reference.IsZero() {
		if n, known = x.references[solution.Fold(c.Reference.Name())]; known {
			return n, true
		}
	}
	if c.Connector.IsZero() {
		return noID, false
	}
	return w.lookup(c.Connector)
}

// definitionIn returns the connector as contents have it, nil if they have none that can be read.
func (w *world) definitionIn(f *contents, n id) *connector.Connector {
	if f.pkg == nil {
		return nil
	}
	for i := range f.pkg.connectors {
		x := &f.pkg.connectors[i]
		if of, known := w.lookup(x.key); known && of == n && !x.unread {
			return x.definition
		}
	}
	return nil
}

// definitionNow returns the connector as it is in the environment now, and who has it: nil if that is not known, because
// somebody changed it by hand, or because the contents of the topmost solution are only listed.
func (w *world) definitionNow(n id) (def *connector.Connector, from *state) {
	if w.changed[n] || w.unmanaged[n] {
		return nil, nil
	}
	top := int32(-1)
	if layers := w.layers(n); layers.count() > 0 {
		top = layers.at(layers.count() - 1)
	}
	at, byHand := int32(-1), false // unmanaged solutions lie above all managed ones
	if l := w.lives[n]; l != nil && l.unmanaged == 0 {
		if top >= 0 {
			for _, f := range w.solutions[top].contents {
				if w.holds(f, n) {
					at = max(at, f)
				}
			}
		}
	} else {
		for _, p := range w.holders.of(n) {
			f := w.contents[p.contents]
			switch unmanaged := !w.solutions[f.solution].isManaged(); {
			case !w.active[p.contents], byHand && !unmanaged, !unmanaged && f.solution != top:
			case unmanaged && !byHand:
				at, byHand = p.contents, true
			default:
				at = max(at, p.contents) // what is imported later lies above
			}
		}
	}
	if at < 0 {
		return nil, nil
	}
	return w.definitionIn(w.contents[at], n), &w.solutions[w.contents[at].solution]
}

// offers reports whether a connector has an operation. Apps may leave out what Power Fx cannot say.
func (x *callIndex) offers(c *connector.Connector, operation string) bool {
	names := x.offered[c]
	if names == nil {
		names = map[string]bool{}
		for o := range c.Operations() {
			names[plainName(o.ID)] = true
		}
		x.offered[c] = names
	}
	return names[plainName(operation)]
}

// plainName returns the letters and digits of an operationId in lower case.
func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r | 0x20
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 0x7f:
			return r
		}
		return -1
	}, s)
}
