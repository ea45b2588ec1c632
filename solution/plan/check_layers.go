package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// componentOf returns what the package says of a held component; it is nil for lists of the environment.
func (f *facts) componentOf(h *held) *content.Component {
	if h.index < 0 {
		return nil
	}
	return &f.pkg.components[h.index]
}

// checkTables warns of tables that the package does not create and takes all of.
func (s *stepper) checkTables() {
	for i := range s.facts.holds {
		h := &s.facts.holds[i]
		x := s.facts.componentOf(h)
		if x.Key.Type != solution.TypeEntity || x.Root == nil || x.Root.Behavior != solution.IncludeSubcomponents {
			continue
		}
		owner := s.baseElsewhere(h.id)
		if h.created && !s.isBase(h.id) && (owner == "" || s.takesOver(h.id)) {
			continue
		}
		about, by := []Component{s.text(h.id)}, "it does not create"
		if owner != "" && !s.isBase(h.id) {
			about, by = append(about, SolutionComponent(owner)), owner+" creates"
		}
		s.add("behavior-all-on-foreign-table", x.Root.Location, about,
			"%s includes all of %s, which %s: every part of it gets a layer; add only the parts that it changes", s.name(), s.text(h.id), by)
		s.alike("includes all of %s, which " + escaped(by) + ": every part of them gets a layer; add only the parts that it changes")
	}
}

// baseElsewhere returns the installed solution of another name that has the base layer of a component, empty if none has.
func (s *stepper) baseElsewhere(n id) string {
	layers := s.layers(n)
	if len(layers) == 0 || slices.Contains(s.family(s.solution), layers[0]) {
		return ""
	}
	return s.world.solutions[layers[0]].name
}

// takesOver reports whether a later package of the batch drops a component that this one brings.
func (s *stepper) takesOver(n id) bool {
	edges := s.r.edges // sorted by what is before
	first, _ := slices.BinarySearchFunc(edges, s.index, func(e edge, before int) int { return cmp.Compare(e.before, before) })
	for _, e := range edges[first:] {
		if e.before != s.index {
			break
		}
		if e.kind == Handover && slices.ContainsFunc(e.pairs, func(p pair) bool { return p.need == n }) {
			return true
		}
	}
	return false
}

// checkColumns compares the types of columns with those that are installed.
func (s *stepper) checkColumns() {
	for i := range s.facts.holds {
		h := &s.facts.holds[i]
		x := s.facts.componentOf(h)
		if x.DataType == "" {
			continue
		}
		for _, p := range s.holders.of(h.id) {
			f := s.world.facts[p.facts]
			if !s.active[p.facts] || f.holds[p.at].index < 0 {
				continue
			}
			old := f.pkg.components[f.holds[p.at].index].DataType
			if old == "" || strings.EqualFold(old, x.DataType) {
				continue
			}
			about, in := []Component{s.text(h.id)}, ""
			if f.solution != s.solution {
				name := s.world.solutions[f.solution].name
				about, in = append(about, SolutionComponent(name)), " of "+name
			}
			s.add("column-type-changed", x.Location, about, "%s: type %s%s becomes %s, which the platform refuses (0x80041A06): make a new column", s.text(h.id), old, in, x.DataType)
			break
		}
	}
}

// checkControls compares the prefixes of new controls with that of the publisher.
func (s *stepper) checkControls() {
	prefix := s.manifest.Publisher().Prefix
	if prefix == "" || !s.hasManifest() {
		return
	}
	for i := range s.facts.holds {
		h := &s.facts.holds[i]
		x := s.facts.componentOf(h)
		if x.Key.Type != solution.TypeCustomControl || !h.created {
			continue
		}
		have, _, ok := strings.Cut(x.Key.Name, "_")
		if ok && !strings.Contains(have, ".") && !strings.EqualFold(have, prefix) {
			s.add("control-prefix-mismatch", x.Location, []Component{s.text(h.id)}, "control %s: its prefix %s is not the publisher's %s: build it with that", x.Key.Name, have, prefix)
		}
	}
}

// hasManifest reports whether the package has a manifest.
func (s *stepper) hasManifest() bool { return s.pkg.content.Manifest() != nil }

// checkUnmanagedBase looks for what the package brings managed and the environment has unmanaged.
func (s *stepper) checkUnmanagedBase() {
	if !s.managed() || s.state().installed && !s.state().isManaged() {
		return
	}
	all := s.pol.value(policyUnmanaged) == "refuse"
	for i := range s.facts.holds {
		h := &s.facts.holds[i]
		if !h.created || !s.isUnmanaged(h.id) || s.isBase(h.id) || len(s.layers(h.id)) > 0 {
			continue
		}
		x := s.facts.componentOf(h)
		about, in := []Component{s.text(h.id)}, ""
		if names := s.unmanagedHolders(h.id); len(names) > 0 {
			in = " in " + enumerate(names)
			about = andSolutions(about, names)
		}
		if all || s.cannotConvert(x) {
			s.addAs("unmanaged-base", Error, x.Location, about, "%s exists unmanaged%s, and a managed package cannot take it over: delete it in the environment, or import unmanaged", s.label(h.id), in)
		} else {
			s.add("unmanaged-base", x.Location, about, "%s exists unmanaged%s: it will be converted to managed", s.label(h.id), in)
			s.alike("%s exist unmanaged" + escaped(in) + ": they will be converted to managed")
		}
	}
}

// unmanagedHolders returns the unmanaged solutions that hold a component.
func (w *world) unmanagedHolders(n id) []string {
	var out []string
	for _, p := range w.holders.of(n) {
		if st := &w.solutions[w.facts[p.facts].solution]; w.active[p.facts] && !st.isManaged() {
			out = append(out, st.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cannotConvert reports whether a component that exists unmanaged stays in the way: canvas apps and entity maps do, and
// forms that come without their table.
func (s *stepper) cannotConvert(x *content.Component) bool {
	switch x.Key.Type {
	case solution.TypeCanvasApp, solution.TypeEntityMap:
		return true
	case solution.TypeSystemForm:
		table, ok := s.pkg.content.Component(x.Owner)
		return !x.Owner.IsZero() && (!ok || table.Root == nil)
	}
	return false
}

// isUnmanaged reports whether a component exists unmanaged.
func (w *world) isUnmanaged(n id) bool {
	return w.unmanaged[n] || len(w.unmanagedHolders(n)) > 0
}

// merged are the kinds whose layers are put together, so that none hides another.
var merged = map[solution.ComponentType]bool{
	solution.TypeAppModule: true, solution.TypeSystemForm: true, solution.TypeSiteMap: true, solution.TypeRibbonCustomization: true,
	"ribbondiff": true, "ribboncommand": true, solution.TypeOptionSet: true,
}

// checkHidden looks for layers above what the package brings.
func (s *stepper) checkHidden() {
	if !s.managed() {
		return
	}
	st := s.state()
	for i := range s.facts.holds {
		h := &s.facts.holds[i]
		x := s.facts.componentOf(h)
		if merged[x.Key.Type] || s.facts.isShell(h) {
			continue
		}
		if s.changed[h.id] {
			s.add("hidden-by-unmanaged-layer", x.Location, []Component{s.text(h.id)}, "%s has an unmanaged layer: the new definition of %s will not show; remove the layer", s.label(h.id), s.name())
			s.alike("the new definition of %s will not show, because there is an unmanaged layer above: remove it")
		}
		if !st.installed && s.action != Patch {
			continue
		}
		if above := s.above(h.id); len(above) > 0 {
			about := []Component{s.text(h.id)}
			about = andSolutions(about, above)
			verbs := "lies above, and hides"
			if len(above) > 1 {
				verbs = "lie above, and hide"
			}
			s.add("hidden-by-managed-layer", x.Location, about, "%s: %s %s the new definition of %s", s.label(h.id), enumerate(above), verbs, s.name())
			s.alike(escaped(enumerate(above)+" "+verbs) + " the new definition of %s")
		}
	}
}

// above returns the installed solutions whose layer of a component is above that of the solution, which has one.
func (s *stepper) above(n id) []string {
	base := s.solution
	if s.action == Patch && s.parent >= 0 {
		base = s.parent
	}
	family := s.family(base)
	var out []string
	layers := s.layers(n)
	i := slices.IndexFunc(layers, func(l int32) bool { return slices.Contains(family, l) })
	if i < 0 {
		return nil
	}
	if i+1 == len(layers) {
		return nil
	}
	defining := s.definers(n)
	for _, l := range layers[i+1:] {
		if !slices.Contains(family, l) && defining[l] {
			out = append(out, s.world.solutions[l].name)
		}
	}
	return out
}

// definers returns the solutions that say more of a component than which parts of it they have.
func (w *world) definers(n id) map[int32]bool {
	out := map[int32]bool{}
	for _, p := range w.holders.of(n) {
		if f := w.facts[p.facts]; w.active[p.facts] && !f.isShell(&f.holds[p.at]) {
			out[f.solution] = true
		}
	}
	return out
}

// isShell reports whether a held component is a table of which only parts are in the package.
func (f *facts) isShell(h *held) bool {
	x := f.componentOf(h)
	return x != nil && x.Key.Type == solution.TypeEntity && x.Root != nil && x.Root.Behavior == solution.IncludeAsShell
}
