package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
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
func (s *stepper) standing(n *need) standing {
	base := s.isBase
	if n.dependency >= 0 {
		required := &s.facts.pkg.dependencies[n.dependency].Required
		if required.Solution.IsSystem() {
			return here
		}
		base = func(n id) bool { return s.isListedBase(n, required) }
	}
	at := s.standingOf(n.need, base)
	if at == absent && n.reference >= 0 && s.connectorThere(&s.facts.pkg.references[n.reference]) {
		return here
	}
	return at
}

// connectorThere reports whether a connection reference tells that its custom connector is there: it has a connection,
// or there is one of a connector with the same run-time id.
func (s *stepper) connectorThere(ref *content.Reference) bool {
	if ref.Edge != content.ReferenceCustomConnector {
		return false
	}
	if s.references[ref.From.Name] != "" {
		return true
	}
	r, ok := s.pkg.set.Reference(ref.From.Name)
	return ok && slices.ContainsFunc(s.env.Connections, func(c Connection) bool {
		same, _ := connref.SameConnector(c.Connector, r.ConnectorID)
		return same
	})
}

// isListedBase reports whether the platform has a component though a manifest lists it, which manifests do not do for
// what was part of the platform where the package comes from. So a guess by the begin of a name does not count here, and
// nothing does if the manifest names an application.
func (s *stepper) isListedBase(n id, required *solution.End) bool {
	return s.isExtraBase(n) || len(required.Packages) == 0 && s.base.Lists(s.keys[n])
}

func (s *stepper) standingOf(n id, isBase func(n id) bool) standing {
	if s.creates(s.number, n) {
		return own
	}
	unmanaged := s.unmanaged[n]
	for _, p := range s.holders.of(n) {
		f := s.world.facts[p.facts]
		created := f.holds[p.at].created
		switch {
		case !s.active[p.facts]:
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

// creates reports whether facts have a component and not only a layer above it.
func (w *world) creates(facts int32, n id) bool {
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool { return p.facts == facts && w.facts[facts].holds[p.at].created })
}

// providers returns the other packages of the batch that create a needed component: the one that the dependency names if
// it does, else all.
func (s *stepper) providers(n *need) []int {
	list := s.creators(n.need)
	if n.dependency < 0 {
		return list
	}
	ref := s.facts.pkg.dependencies[n.dependency].Required.Solution
	for _, i := range list {
		if solution.Fold(s.r.steps[i].name()) == solution.Fold(ref.Name) {
			return []int{i}
		}
	}
	return list
}

func (s *stepper) creators(n id) []int {
	var list []int
	for _, p := range s.holders.of(n) {
		f := s.world.facts[p.facts]
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

// checkNeeds reports needed components that are nowhere: each once, with all that need it.
func (s *stepper) checkNeeds() {
	missed := map[id][]*need{}
	var order []id
	for i := range s.facts.needs {
		n := &s.facts.needs[i]
		if at := s.standing(n); at == own || at == here {
			continue
		}
		if missed[n.need] == nil {
			order = append(order, n.need)
		}
		missed[n.need] = append(missed[n.need], n)
	}
	slices.SortFunc(order, s.compare)
	for _, n := range order {
		s.missed(n, missed[n])
	}
}

// missed reports one component that the package needs and the environment lacks.
func (s *stepper) missed(n id, needs []*need) {
	hard := slices.DeleteFunc(slices.Clone(needs), func(x *need) bool { return !s.isHard(x) })
	if len(hard) == 0 {
		s.untracked(n, needs)
		return
	}
	first := hard[0]
	switch {
	case s.standing(first) == onUnmanaged && s.notConverted(n):
		s.onlyUnmanaged(n, hard)
	case s.waitFor(s.stepsOf(s.providers(first))):
	case first.dependency < 0:
		s.lost(n, hard)
	default:
		s.missing(n, hard, &s.facts.pkg.dependencies[first.dependency].Required)
	}
}

// onlyUnmanaged reports what a managed package needs and only unmanaged solutions or changes by hand have.
func (s *stepper) onlyUnmanaged(n id, needs []*need) {
	about, where := s.about(n, needs), ""
	by, _ := s.dependents(n, needs)
	if names := s.unmanagedHolders(n); len(names) > 0 {
		where = " (in " + enumerate(names) + ")"
		about = andSolutions(about, names)
	}
	s.add("managed-on-unmanaged", s.facts.place(needs[0]), about, "%s exists in the environment only as unmanaged%s: managed %s cannot depend on it; import it in a managed solution first",
		s.text(n), where, by)
}

// isHard reports whether a need keeps the package from being imported where it is not met.
func (s *stepper) isHard(n *need) bool {
	if n.hard {
		return true
	}
	ref := &s.facts.pkg.references[n.reference]
	return ref.Edge == content.ReferenceCustomConnector || ref.Edge == content.FlowConnectionReference
}

// notConverted reports whether no other package of the batch brings what exists unmanaged.
func (s *stepper) notConverted(n id) bool {
	return !slices.ContainsFunc(s.stepsOf(s.creators(n)), func(p *stepper) bool { return p.managed() && !p.importable() })
}

func (s *stepper) stepsOf(list []int) []*stepper {
	out := make([]*stepper, 0, len(list))
	for _, i := range list {
		out = append(out, s.r.steps[i])
	}
	return out
}

// about lists a needed component and then those that need it.
func (s *stepper) about(n id, needs []*need) []Component {
	return append([]Component{s.text(n)}, s.needing(needs)...)
}

func (s *stepper) needing(needs []*need) []Component { return s.texts(users(needs)) }

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

// dependents names what needs a component; what the package only extends is needed by the package.
func (s *stepper) dependents(n id, needs []*need) (text string, several bool) {
	by := s.labels(slices.DeleteFunc(users(needs), func(x id) bool { return x == n }))
	if len(by) == 0 {
		return s.name(), false
	}
	return enumerate(by), len(by) > 1
}

// who says who does something with a component: verb is that of one, "needs".
func (s *stepper) who(n id, needs []*need, verb string) string {
	text, several := s.dependents(n, needs)
	if several {
		verb = strings.TrimSuffix(verb, "s")
	}
	return text + " " + verb
}

// missing reports a component that the manifest lists, by what the manifest says of who has it.
func (s *stepper) missing(n id, needs []*need, required *solution.End) {
	at, about := s.facts.place(needs[0]), s.about(n, needs)
	uses := s.who(n, needs, "needs") + " " + titled(s.text(n), required.DisplayName)
	switch {
	case len(required.Packages) > 0:
		s.add("missing-application", at, about, "%s of application %s: install or update it", uses, applications(required))
		s.alike("needs %s of application " + escaped(applications(required)) + ": install or update it")
	case required.Solution.IsActive():
		maybe := s.maybeIn(n)
		s.add("missing-unmanaged", at, about, "%s, which existed only unmanaged (%q) where the package comes from: add it to a package%s", uses, solution.Active, maybe)
		s.alike("needs %s that existed only unmanaged where the package comes from: add them to a package" + escaped(maybe))
	case required.Solution.Name == "":
		s.add("missing-solution", at, about, "%s, of which the manifest does not say who provides it: import the solution that has it first%s", uses, s.maybeIn(n))
	default:
		s.missingFrom(n, required.Solution, at, about, uses)
	}
}

// missingFrom reports a component of a solution that the manifest names, by what is known of that solution. uses says who
// needs what.
func (s *stepper) missingFrom(n id, ref solution.Ref, at diag.Location, about []Component, uses string) {
	i, known := s.byName[solution.Fold(ref.Name)]
	installed := known && s.world.solutions[i].installed
	switch {
	case installed && !s.knows(i, s.kind(n)):
		name := s.world.solutions[i].name
		s.add("inventory-unknown", at, append(about, SolutionComponent(name)),
			"%s of %s: cannot tell whether the installed %s has it, because its contents are not known; give its package or list what it provides", uses, ref.Name, name)
		s.alike("needs %s of " + escaped(ref.Name) + ": cannot tell whether it has them, because its contents are not known; give its package or list what it provides")
	case installed && i == s.solution:
		s.add("missing-solution", at, about, "%s, which version %s of %s has and this one does not", uses, s.world.solutions[i].text, s.name())
	case installed:
		there := "the installed version"
		if slices.ContainsFunc(s.r.named[i], (*stepper).importable) {
			there = "its version of the batch,"
		}
		version := s.world.solutions[i].version
		s.add("missing-solution", at, about, "%s of %s: %s %s does not have it, the package was built against %s", uses, ref.Name, there, version, ref.VersionText)
		s.alike("needs %s of " + escaped(fmt.Sprintf("%s: %s %s does not have them, the package was built against %s", ref.Name, there, version, ref.VersionText)))
	case known && len(s.r.named[i]) > 0:
		s.add("missing-solution", at, about, "%s of %s: version %s in the batch does not have it, the package was built against %s",
			uses, ref.Name, s.r.named[i][0].shownVersion(), ref.VersionText)
	default:
		maybe := s.maybeIn(n)
		s.add("missing-solution", at, about, "%s, provided by %s (not installed, not in the batch): import it first%s", uses, ref, maybe)
		s.alike("needs %s of " + escaped(ref.String()+" (not installed, not in the batch): import it first"+maybe))
	}
}

// escaped keeps a text that becomes a part of a format.
func escaped(text string) string { return strings.ReplaceAll(text, "%", "%%") }

// applications names the applications that have a component, each with the solution that installs it.
func applications(required *solution.End) string {
	var names []string
	for _, p := range required.Packages {
		name := strings.TrimSpace(p.Solution.Name + " " + p.Solution.VersionText)
		if p.AppName != "" {
			name = fmt.Sprintf("%s (%s)", p.AppName, name)
		}
		names = append(names, name)
	}
	return enumerate(names)
}

// titled adds the name for people to a component that is named by a GUID.
func titled(c Component, title string) string {
	if title == "" || strings.Contains(string(c), solution.Fold(title)) {
		return string(c)
	}
	return fmt.Sprintf("%s (%s)", c, title)
}

// knows reports whether the inventory of an installed solution tells of all components of a type.
func (w *world) knows(s int32, t solution.ComponentType) bool {
	for _, member := range w.family(s) {
		for _, f := range w.solutions[member].facts {
			if !w.facts[f].knows(t) {
				return false
			}
		}
	}
	return true
}

// unknown returns the installed solutions whose inventory does not tell of components of a type.
func (w *world) unknown(t solution.ComponentType) []string {
	if list, ok := w.unknownOf[t]; ok {
		return list
	}
	var out []string
	for i := range w.solutions {
		if w.solutions[i].installed && !w.knows(int32(i), t) {
			out = append(out, w.solutions[i].name)
		}
	}
	slices.Sort(out)
	w.unknownOf[t] = out
	return out
}

// maybeIn says in which installed solutions a component could be, because their contents are not known.
func (s *stepper) maybeIn(n id) string {
	list := s.unknown(s.kind(n))
	if len(list) == 0 {
		return ""
	}
	return fmt.Sprintf(" (cannot tell whether it is in %s, whose contents are not known)", enumerate(list))
}

// lost reports what the contents need, and cannot do without, and what is nowhere.
func (s *stepper) lost(n id, needs []*need) {
	at, about := s.facts.place(needs[0]), s.about(n, needs)
	if list := s.unknown(s.kind(n)); len(list) > 0 {
		about = andSolutions(about, list)
		s.add("inventory-unknown", at, about, "%s %s: cannot tell whether %s has it, because the contents are not known; give the package or list what it provides",
			s.who(n, needs, "uses"), s.text(n), enumerate(list))
		return
	}
	s.addAs("untracked-reference", Error, at, about, "%s %s, found nowhere and not declared: add it to a package", s.who(n, needs, "uses"), s.text(n))
}

// told are the references whose target nobody declares and that do not work without it. Others, such as columns of
// forms, name mostly what the platform has, and a table of all of that is nobody's.
var told = map[content.Edge]bool{
	content.FlowTable: true, content.FlowChild: true, content.FlowVariable: true, content.FlowAIModel: true, content.CanvasTable: true, content.CanvasFlow: true,
	content.CanvasConnectionReference: true, content.CanvasConnector: true, content.CanvasVariable: true, content.BotFlow: true, content.BotConnectionReference: true,
}

func (s *stepper) untracked(n id, needs []*need) {
	needs = slices.DeleteFunc(needs, func(x *need) bool {
		ref := &s.facts.pkg.references[x.reference]
		raw := ref.Edge == content.FlowRawConnection && connref.IsCustomID(ref.Text)
		return !told[ref.Edge] && !raw || ref.Resolved == content.Declared
	})
	if len(needs) == 0 {
		return
	}
	reason := "found nowhere and not declared: add it to a package"
	about := s.about(n, needs)
	if list := s.stepsOf(s.creators(n)); len(list) > 0 {
		reason = fmt.Sprintf("which %s brings, but cannot bring before: it will not work until it is there", list[0].name())
		about = append(about, SolutionComponent(list[0].name()))
	}
	s.add("untracked-reference", s.facts.place(needs[0]), about, "%s %s, %s%s", s.who(n, needs, "uses"), s.text(n), reason, s.maybeIn(n))
}

// staged reports whether an upgrade of a solution to a version or a higher one waits.
func (w *world) staged(of int32, v solution.Version) bool {
	p := w.pending(of)
	return p >= 0 && w.solutions[p].version.Compare(v) >= 0
}

// checkProviderVersions compares the versions that the package was built against with those that are installed.
func (s *stepper) checkProviderVersions() {
	type provider struct {
		ref   solution.Ref
		needs []*need
	}
	found := map[int32]*provider{}
	var order []int32
	for i := range s.facts.needs {
		n := &s.facts.needs[i]
		if n.dependency < 0 {
			continue
		}
		ref := s.facts.pkg.dependencies[n.dependency].Required.Solution
		at, ok := s.byName[solution.Fold(ref.Name)]
		if !ok || at == s.solution || ref.VersionText == "" {
			continue
		}
		st := &s.world.solutions[at]
		if !st.installed || st.version == (solution.Version{}) || st.version.Compare(ref.Version) >= 0 || s.standing(n) == own ||
			s.staged(at, ref.Version) || s.standing(n) == absent && s.knows(at, s.kind(n.need)) {
			continue
		}
		p := found[at]
		if p == nil {
			p = &provider{ref: ref}
			found[at] = p
			order = append(order, at)
		}
		if ref.Version.Compare(p.ref.Version) > 0 {
			p.ref = ref
			p.needs = slices.Insert(p.needs, 0, n) // the evidence
			continue
		}
		p.needs = append(p.needs, n)
	}
	slices.Sort(order)
	for _, at := range order {
		p, st := found[at], &s.world.solutions[at]
		var needed []id
		for _, n := range p.needs {
			needed = append(needed, n.need)
		}
		about := append(s.texts(needed), SolutionComponent(st.name))
		s.add("dependency-version-lower", s.facts.place(p.needs[0]), about, "%s %s is below %s, which %s was built against: update it first", st.name, st.version, p.ref.VersionText, s.name())
	}
}
