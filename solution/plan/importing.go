package plan

import (
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

// An importing is one package and how it is imported, in the present state of the world. The checks look at it and change
// nothing.
type importing struct {
	*world
	pkg      *Solution
	manifest *solution.Manifest
	contents *contents
	number   int32 // of the contents
	solution int32
	compared *diff.Comparison // what changes of the installed version; nil: not known

	action    Action
	parent    int32 // of a patch, -1: none is known
	parentRef solution.Ref
}

func newImporting(w *world, pkg *Solution, number int32, action Action) importing {
	s := importing{world: w, pkg: pkg, manifest: pkg.manifest(), contents: w.contents[number], number: number, solution: w.contents[number].solution}
	s.choose(action)
	return s
}

// choose decides how the package is imported.
func (s *importing) choose(a Action) {
	s.parent = -1
	name, ref := s.patchOf(s.pkg)
	if name == "" && a == Patch {
		name = s.likelyParent(s.solution)
	}
	switch {
	case name != "":
		s.action, s.parent, s.parentRef = Patch, s.world.solution(name), ref
	case a == Patch:
		s.action = Patch
	case !s.state().installed:
		s.action = Install
	case a == Install, !s.managed():
		s.action = Update // there is one unmanaged layer, so nothing can stand beside it or be replaced
	case a == "":
		s.action = Upgrade
	default:
		s.action = a
	}
}

func (s *importing) state() *state { return &s.world.solutions[s.solution] }

func (s *importing) managed() bool { return s.manifest.Kind() == solution.Managed }

func (s *importing) publisher() string { return s.manifest.Publisher().UniqueName }

// name is the unique name as the package writes it.
func (s *importing) name() string { return s.pkg.name }

// hasManifest reports whether the package has a manifest.
func (s *importing) hasManifest() bool { return s.pkg.content.Manifest() != nil }

// replaces reports whether the import removes what the installed version has and the package has not.
func (s *importing) replaces() bool {
	return (s.action == Upgrade || s.action == Stage) && s.managed() && s.state().isManaged()
}

// publisherNow is the publisher of what is installed; a package may not change it.
func (s *importing) publisherNow() string {
	if p := s.state().publisher; p != "" {
		return p
	}
	return s.publisher()
}

// mayExist reports whether a component of the package is in the environment now, or the installed version may have brought
// it: its contents are not known.
func (s *importing) mayExist(n id) bool {
	return s.exists(n) || s.state().installed && !s.knows(s.solution, s.kind(n))
}

// ownerOf returns the other solution that has a component now, empty if the package has it or nobody does.
func (s *importing) ownerOf(n id) string {
	if s.holds(s.number, n) {
		return ""
	}
	owner := ""
	for _, p := range s.holders.of(n) {
		name := s.world.solutions[s.world.contents[p.contents].solution].name
		if s.active[p.contents] && (owner == "" || name < owner) {
			owner = name
		}
	}
	return owner
}

// inManifest returns the place of an element below SolutionManifest, or of the root element if none is named.
func (s *importing) inManifest(names ...string) diag.Location {
	switch m := s.pkg.content.Manifest(); {
	case m == nil:
		return diag.Location{File: solution.ManifestFile}
	case len(names) == 0:
		return m.Locate()
	default:
		return m.Locate(append([]string{"SolutionManifest"}, names...)...)
	}
}

// drops returns what the installed version and its patches have and the package has not: what goes with an upgrade, or
// stays behind an update.
func (s *importing) drops() []held {
	if !s.state().installed || !s.managed() || !s.state().isManaged() {
		return nil
	}
	old := s.inventory(s.solution)
	out := old[:0]
	for _, h := range old {
		if n := len(out); n > 0 && out[n-1].id == h.id {
			out[n-1].created = out[n-1].created || h.created
			continue
		}
		if !s.holds(s.number, h.id) {
			out = append(out, h)
		}
	}
	return out
}

// ownsBase reports whether a component stands and falls with the solution and its patches: they have the base layer, and
// no other solution of the publisher has one above.
func (s *importing) ownsBase(n id) bool {
	f, _ := s.fateOf(n, true, s.family(s.solution), s.publisherNow())
	return f == deleted || f == refused
}

// needing returns what needs a component in sentences: each once, without the component itself, which the package only
// extends.
func (s *importing) needing(n id, needs []*need) []Subject {
	return s.subjects(slices.DeleteFunc(users(needs), func(x id) bool { return x == n }))
}

// users returns what needs a component, where that is known.
func users(needs []*need) []id {
	var by []id
	for _, x := range needs {
		if x.by != noID {
			by = append(by, x.by)
		}
	}
	return by
}
