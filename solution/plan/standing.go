package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// A standing says where a needed component is, as far as one package is concerned.
type standing uint8

const (
	absent      standing = iota
	own                  // the package creates it
	here                 // the environment has it
	onUnmanaged          // the environment has it, but only unmanaged, which does not do for a managed package
)

// standing looks for a needed component in the package and in the present state.
func (s *importing) standing(n *need) standing {
	base := s.isBase
	if n.dependency >= 0 {
		required := &s.contents.pkg.dependencies[n.dependency].Required
		if required.Solution.IsSystem() {
			return here
		}
		base = func(n id) bool { return s.isListedBase(n, required) }
	}
	at := s.standingOf(n.need, base)
	if at == absent && n.reference >= 0 && s.connectorThere(&s.contents.pkg.references[n.reference]) {
		return here
	}
	return at
}

// connectorThere reports whether a connection reference tells that its custom connector is there: it has a connection,
// or there is one of a connector with the same run-time id.
func (s *importing) connectorThere(ref *content.Reference) bool {
	if ref.Edge != content.ReferenceCustomConnector {
		return false
	}
	if s.references[ref.From.Name()] != "" {
		return true
	}
	r, ok := s.pkg.set.Reference(ref.From.Name())
	return ok && slices.ContainsFunc(s.env.Connections, func(c Connection) bool {
		same, _ := connref.SameConnector(c.Connector, r.ConnectorID)
		return same
	})
}

// isListedBase reports whether the platform has a component though a manifest lists it, which manifests do not do for
// what was part of the platform where the package comes from. So a guess by the begin of a name does not count here, and
// nothing does if the manifest names an application.
func (s *importing) isListedBase(n id, required *solution.End) bool {
	return s.isExtraBase(n) || len(required.Applications) == 0 && s.base.Lists(s.keys[n])
}

func (s *importing) standingOf(n id, isBase func(n id) bool) standing {
	if s.creates(s.number, n) {
		return own
	}
	unmanaged := s.unmanaged[n]
	for _, p := range s.holders.of(n) {
		f := s.world.contents[p.contents]
		created := f.holds[p.at].created
		switch {
		case !s.active[p.contents]:
		case !s.world.solutions[f.solution].isManaged():
			unmanaged = unmanaged || f.solution != s.solution || !s.managed()
		case created && s.replaces() && s.action != Stage && slices.Contains(s.family(s.solution), f.solution):
			// goes with the version that has it
		default:
			return here
		}
	}
	switch {
	case s.seen[n], isBase(n), unmanaged && !s.managed():
		return here
	case unmanaged:
		return onUnmanaged
	}
	if table, ok := s.isStandardColumn(n); ok {
		return s.standingOf(table, isBase)
	}
	return absent
}

// creates reports whether contents have a component and not only a layer above it.
func (w *world) creates(contents int32, n id) bool {
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool { return p.contents == contents && w.contents[contents].holds[p.at].created })
}

// providers returns the other packages of the batch that create a needed component: the one that the dependency names if
// it does, else all.
func (s *importing) providers(n *need) []int {
	list := s.creators(n.need)
	if n.dependency < 0 {
		return list
	}
	ref := s.contents.pkg.dependencies[n.dependency].Required.Solution
	for _, i := range list {
		if solution.Fold(s.world.contents[s.firstOfBatch+i].pkg.name) == solution.Fold(ref.Name) {
			return []int{i}
		}
	}
	return list
}

// creators returns the indexes of the other packages of the batch that create a component, or its table if it is a column that
// the platform makes with that.
func (s *importing) creators(n id) []int {
	var list []int
	for _, p := range s.holders.of(n) {
		f := s.world.contents[p.contents]
		if f.batch >= 0 && f.solution != s.solution && f.holds[p.at].created {
			list = append(list, int(f.batch))
		}
	}
	if table, ok := s.isStandardColumn(n); ok && list == nil {
		return s.creators(table)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
