package plan

import (
	"slices"
	"strings"

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

// A search is what counts when a needed component is looked for.
type search struct {
	isBase func(n id) bool // the platform has it
	// named says that the manifest names another solution that has the component: then it does not come with a table of the
	// platform, whatever its name looks like.
	named bool
}

// standing looks for a needed component in the package and in the present state.
func (s *importing) standing(n *need) standing {
	look := search{isBase: s.isBase}
	if n.dependency >= 0 {
		required := &s.contents.pkg.dependencies[n.dependency].Required
		if required.Solution.IsSystem() {
			return here
		}
		look.isBase = func(n id) bool { return s.isListedBase(n, required) }
		_, look.named = s.contents.provider(n)
	}
	at := s.standingOf(n.need, look)
	if n.root != nil && at == onUnmanaged {
		return here // the layer lies on the unmanaged table; the manifest would say if something needed it managed
	}
	if at == absent && n.reference >= 0 && s.connectorThere(s.contents.pkg.reference(n.reference)) {
		return here
	}
	return at
}

// connectorThere reports whether a connection reference tells that its custom connector is there: it has a connection,
// or there is one of a connector with the same run-time id.
func (s *importing) connectorThere(ref *content.Reference) bool {
	if !s.pkg.namesConnector(ref) {
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
// only tables and columns do if the manifest names an application.
func (s *importing) isListedBase(n id, required *solution.End) bool {
	kind := s.kind(n)
	return s.isExtraBase(n) || (len(required.Applications) == 0 || kind == solution.TypeEntity || kind == solution.TypeAttribute) && s.base.Lists(s.keys[n])
}

func (s *importing) standingOf(n id, look search) standing {
	if s.creates(s.number, n) {
		return own
	}
	there, unmanaged := s.met(n)
	if there {
		return here
	}
	unmanaged = unmanaged || s.unmanaged[n]
	switch {
	case s.seen[n], look.isBase(n), unmanaged && !s.managed():
		return here
	case unmanaged:
		return onUnmanaged
	}
	for _, main := range s.comesWith(n) {
		at := absent
		switch {
		case !look.named || s.kind(main) != solution.TypeEntity:
			at = s.standingOf(main, look)
		case s.creates(s.number, main):
			at = own
		case s.isCreated(main):
			at = here
		}
		if at != absent {
			return at
		}
	}
	return absent
}

// met reports whether a component is in the environment and stays there when the package is imported, as far as solutions tell: a
// managed one, or one that is unmanaged and not only this one.
func (s *importing) met(n id) (managed, unmanaged bool) {
	goes := s.replaces() && s.action != Stage && !s.holds(s.number, n) // with the version that has it
	if l := s.lives[n]; l != nil {
		count := map[bool]int{true: l.met[true], false: l.met[false]}
		if goes {
			for _, member := range s.family(s.solution) {
				count[true] -= s.metIn(member, n, true)
			}
		}
		if s.managed() && !s.state().isManaged() {
			count[false] -= s.metIn(s.solution, n, false)
		}
		return count[true] > 0, count[false] > 0
	}
	for _, p := range s.holders.of(n) {
		f := s.world.contents[p.contents]
		created := f.holds[p.at].created
		switch {
		case !s.active[p.contents]:
		case f.batch >= 0 && !created:
			// Nobody asked whether what this layer lies on is there.
		case !s.world.solutions[f.solution].isManaged():
			unmanaged = unmanaged || f.solution != s.solution || !s.managed()
		case created && goes && s.inFamily(f.solution, s.solution):
		default:
			return true, unmanaged
		}
	}
	return false, unmanaged
}

// metIn counts the places in the contents of a solution that show that a component is there. If created, only those that create it.
func (s *importing) metIn(of int32, n id, created bool) (count int) {
	if created && !s.world.solutions[of].isManaged() {
		return 0
	}
	for _, i := range s.world.solutions[of].contents {
		f := s.world.contents[i]
		for _, p := range s.holders.in(i, n) {
			if h := &f.holds[p.at]; h.created || f.batch < 0 && !created {
				count++
			}
		}
	}
	return count
}

// comesWith returns the components with which the platform makes a column that no solution needs to have: the table, if the name is
// that of a column which every table has or which is the platform's own, and the image or file column that it helps.
func (w *world) comesWith(n id) []id {
	k := w.keys[n]
	if k.Type() != solution.TypeAttribute {
		return nil
	}
	var out []id
	if w.base.MakesColumn(k) {
		out = append(out, w.refer(solution.NameKey(solution.TypeEntity, "", k.Parent())))
	}
	for _, h := range helpers {
		name, ok := strings.CutSuffix(k.Name(), h.suffix)
		if !ok || name == "" {
			continue
		}
		main := solution.NameKey(solution.TypeAttribute, k.Parent(), name)
		known, isKnown := w.ids[main]
		switch {
		case isKnown && w.isOfType(known, h.of):
			out = append(out, known)
		case name == primaryImage && h.of == "image":
			out = append(out, w.refer(main))
		}
	}
	return out
}

// helpers are the columns that come with image and file columns, by the ends of their names (public documentation).
var helpers = []struct{ suffix, of string }{{"id", "image"}, {"_url", "image"}, {"_timestamp", "image"}, {"_name", "file"}}

// primaryImage is the image column of tables of the platform, and of all that have one since their creation.
const primaryImage = "entityimage"

// isOfType reports whether a column is of a type of data, as a package says or, where only lists of the environment have it, as may be.
func (w *world) isOfType(n id, dataType string) bool {
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool {
		f := w.contents[p.contents]
		x := f.componentOf(&f.holds[p.at])
		return x == nil || strings.EqualFold(x.DataType, dataType)
	})
}

// creates reports whether contents have a component and not only a layer above it.
func (w *world) creates(contents int32, n id) bool {
	return slices.ContainsFunc(w.holders.in(contents, n), func(p place) bool { return w.contents[contents].holds[p.at].created })
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

// creators returns the indexes of the other packages of the batch that create a component, or that with which the platform makes it.
func (s *importing) creators(n id) []int {
	var list []int
	if l := s.lives[n]; l != nil {
		for _, i := range l.brings {
			if f := s.world.contents[i]; f.solution != s.solution {
				list = append(list, int(f.batch))
			}
		}
	} else {
		for _, p := range s.holders.from(int32(s.firstOfBatch), n) {
			f := s.world.contents[p.contents]
			if f.solution != s.solution && f.holds[p.at].created {
				list = append(list, int(f.batch))
			}
		}
	}
	if list == nil {
		for _, main := range s.comesWith(n) {
			list = append(list, s.creators(main)...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
