package plan

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// checkTables warns of tables that the package does not create and takes all of. takesOver says of which a later package of
// the batch drops.
func checkTables(s *importing, out *recorder, takesOver func(n id) bool) {
	for i := range s.contents.holds {
		h := &s.contents.holds[i]
		x := s.contents.componentOf(h)
		if x.Key.Type() != solution.TypeEntity || x.Root == nil || x.Root.Behavior != solution.IncludeSubcomponents {
			continue
		}
		owner := s.baseElsewhere(h.id)
		if h.created && !s.isBase(h.id) && (owner == "" || takesOver(h.id)) {
			continue
		}
		facts := Facts{About: Subject{Component: s.text(h.id)}}
		if owner != "" && !s.isBase(h.id) {
			facts.Solutions = []string{owner}
		}
		out.tell(ruleBehaviorAll, x.Root.Location, andSolutions([]ComponentID{s.text(h.id)}, facts.Solutions), facts)
	}
}

// baseElsewhere returns the installed solution of another name that has the base layer of a component, empty if none has.
func (s *importing) baseElsewhere(n id) string {
	layers := s.layers(n)
	if layers.count() == 0 || s.inFamily(layers.at(0), s.solution) || !s.solutionCreates(layers.at(0), n) {
		return ""
	}
	return s.solutions[layers.at(0)].name
}

// checkColumns compares the types of columns with those that are installed.
func checkColumns(s *importing, out *recorder) {
	for i := range s.contents.holds {
		h := &s.contents.holds[i]
		x := s.contents.componentOf(h)
		if x.DataType == "" {
			continue
		}
		for _, p := range s.ofOtherType(h.id, x.DataType) {
			f := s.world.contents[p.contents]
			if !s.active[p.contents] || f.holds[p.at].index < 0 {
				continue
			}
			old := f.pkg.components[f.holds[p.at].index].DataType
			if old == "" || strings.EqualFold(old, x.DataType) {
				continue
			}
			facts := Facts{About: Subject{Component: s.text(h.id)}, Old: old, New: x.DataType, Code: codeColumnType}
			if f.solution != s.solution {
				facts.Solutions = []string{s.solutions[f.solution].name}
			}
			out.tell(ruleColumnType, x.Location, andSolutions([]ComponentID{s.text(h.id)}, facts.Solutions), facts)
			break
		}
	}
}

// ofOtherType returns the places that tell the type of a column, or the first of those that say another one.
func (w *world) ofOtherType(n id, dataType string) []place {
	l := w.lives[n]
	if l == nil {
		return w.holders.of(n)
	}
	var out []place
	for other, places := range l.types {
		if !strings.EqualFold(other, dataType) && (out == nil || comparePlaces(places[0], out[0]) < 0) {
			out = places[:1]
		}
	}
	return out
}

// checkControls compares the prefixes of new controls with that of the publisher.
func checkControls(s *importing, out *recorder) {
	prefix := s.manifest.Publisher().Prefix
	if prefix == "" || !s.hasManifest() {
		return
	}
	for i := range s.contents.holds {
		h := &s.contents.holds[i]
		x := s.contents.componentOf(h)
		if x.Key.Type() != solution.TypeCustomControl || !h.created {
			continue
		}
		have, _, ok := strings.Cut(x.Key.Name(), "_")
		if ok && !strings.Contains(have, ".") && !strings.EqualFold(have, prefix) {
			out.tell(ruleControlPrefix, x.Location, []ComponentID{s.text(h.id)}, Facts{About: Subject{Component: s.text(h.id), Title: x.Key.Name()}, New: have, Old: prefix})
		}
	}
}

// checkUnmanagedBase looks for what the package brings managed and the environment has unmanaged.
func checkUnmanagedBase(s *importing, out *recorder) {
	if !s.managed() || s.state().installed && !s.state().isManaged() {
		return
	}
	all := s.pol.value(policyUnmanaged) == "refuse"
	for i := range s.contents.holds {
		h := &s.contents.holds[i]
		if !h.created || !s.isUnmanaged(h.id) || s.isBase(h.id) || s.layers(h.id).count() > 0 {
			continue
		}
		x := s.contents.componentOf(h)
		facts := Facts{About: s.subject(h.id), Solutions: s.unmanagedHolders(h.id), Policy: policyUnmanaged}
		about := andSolutions([]ComponentID{s.text(h.id)}, facts.Solutions)
		if all || s.cannotConvert(x) {
			facts.Case = caseRefused
			out.tellAs(ruleUnmanagedBase, diag.Error, x.Location, about, facts)
			continue
		}
		out.tell(ruleUnmanagedBase, x.Location, about, facts)
	}
}

// unmanagedHolders returns the unmanaged solutions that hold a component.
func (w *world) unmanagedHolders(n id) []string {
	var out []string
	for _, p := range w.holders.of(n) {
		if st := &w.solutions[w.contents[p.contents].solution]; w.active[p.contents] && !st.isManaged() {
			out = append(out, st.name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// cannotConvert reports whether a component that exists unmanaged stays in the way: canvas apps and entity maps do, and
// forms that come without their table.
func (s *importing) cannotConvert(x *content.Component) bool {
	switch x.Key.Type() {
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
	if l := w.lives[n]; l != nil {
		return w.unmanaged[n] || l.unmanaged > 0
	}
	return w.unmanaged[n] || len(w.unmanagedHolders(n)) > 0
}

// merged are the kinds whose layers are put together, so that none hides another.
var merged = map[solution.ComponentType]bool{
	solution.TypeAppModule: true, solution.TypeSystemForm: true, solution.TypeSiteMap: true, solution.TypeRibbonCustomization: true,
	"ribbondiff": true, "ribboncommand": true, solution.TypeOptionSet: true,
}

// checkHidden looks for layers above what the package brings.
func checkHidden(s *importing, out *recorder) {
	if !s.managed() {
		return
	}
	st := s.state()
	for i := range s.contents.holds {
		h := &s.contents.holds[i]
		x := s.contents.componentOf(h)
		if merged[x.Key.Type()] || s.contents.isShell(h) {
			continue
		}
		if s.changed[h.id] {
			out.tell(ruleHiddenUnmanaged, x.Location, []ComponentID{s.text(h.id)}, Facts{About: s.subject(h.id)})
		}
		if !st.installed && s.action != Patch {
			continue
		}
		if above, count := s.above(h.id); count > 0 {
			facts := Facts{About: s.subject(h.id), Solutions: above}
			if count > len(above) {
				facts.Count = int64(count)
			}
			out.tell(ruleHiddenManaged, x.Location, andSolutions([]ComponentID{s.text(h.id)}, above), facts)
		}
	}
}

// mostNamed is how many solutions a finding names of those that hide a component.
const mostNamed = 20

// above returns the first installed solutions whose layer of a component is above that of the solution, which has one, and how many
// there are.
func (s *importing) above(n id) (names []string, count int) {
	base := s.solution
	if s.action == Patch && s.parent >= 0 {
		base = s.parent
	}
	layers := s.layers(n)
	own, ok := s.find(layers, base)
	alone := len(s.world.solutions[base].patches) == 0
	var from int // the place of the lowest layer of the solution and its patches
	switch {
	case alone && !ok:
		return nil, 0
	case alone:
		from = layers.place(own)
	default:
		for from < layers.count() && !s.inFamily(layers.at(from), base) {
			from++
		}
	}
	if from+1 >= layers.count() {
		return nil, 0
	}
	// All that lie above define it, unless it is a table of which some have only parts.
	l := s.lives[n]
	all := alone && l != nil && l.shells == 0
	var defining map[int32]bool
	if !all {
		defining = s.definers(n)
	}
	for i := from + 1; i < layers.count(); i++ {
		switch at := layers.at(i); {
		case !all && (s.inFamily(at, base) || !defining[at]):
			continue
		case len(names) < mostNamed:
			names = append(names, s.world.solutions[at].name)
		}
		if count++; all && len(names) == mostNamed {
			return names, layers.count() - from - 1
		}
	}
	return names, count
}

// definers returns the solutions that say more of a component than which parts of it they have.
func (w *world) definers(n id) map[int32]bool {
	out := map[int32]bool{}
	for _, p := range w.holders.of(n) {
		if f := w.contents[p.contents]; w.active[p.contents] && !f.isShell(&f.holds[p.at]) {
			out[f.solution] = true
		}
	}
	return out
}
