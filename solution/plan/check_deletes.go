package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// drops returns what the installed version and its patches have and the package has not: what goes with an upgrade, or
// stays behind an update.
func (s *stepper) drops() []held {
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
func (s *stepper) ownsBase(n id) bool {
	f, _ := s.fateOf(n, true, s.family(s.solution), s.publisherNow())
	return f == deleted || f == refused
}

// A fate is what happens to a component when a solution's layers of it go.
type fate uint8

const (
	stays   fate = iota // only a layer goes
	passes              // another solution of the publisher takes it over
	deleted             // it goes, with its data
	refused             // layers of other publishers keep it
)

// fateOf says what happens to a component when the layers of a family of solutions go, and which solutions of other
// publishers lie above. An unmanaged layer does not save a component.
func (w *world) fateOf(n id, created bool, family []int32, publisher string) (f fate, above []int32) {
	if !created || w.isBase(n) {
		return stays, nil
	}
	layers := w.layers(n)
	if len(layers) == 0 || !slices.Contains(family, layers[0]) {
		return stays, nil
	}
	for _, l := range layers {
		if slices.Contains(family, l) {
			continue
		}
		if p := w.solutions[l].publisher; p != "" && p == publisher {
			return passes, nil
		}
		above = append(above, l)
	}
	if len(above) > 0 {
		return refused, above
	}
	return deleted, nil
}

// A deletion is a set of components that go together.
type deletion struct {
	*world
	family []int32 // solutions whose layers go
	holds  []held  // what may go
	list   []id    // what goes, sorted by text
	gone   map[id]bool
	above  map[id][]int32 // solutions of other publishers whose layers keep a component
	users  map[id][]user  // who keeps a component
}

// A user is a component that keeps another one from being deleted.
type user struct {
	by       id // noID: not known
	solution int32
}

// newDeletion says what goes with the layers of a family of solutions, and what keeps it.
func (w *world) newDeletion(family []int32, holds []held, publisher string) *deletion {
	d := &deletion{world: w, family: family, holds: holds, gone: map[id]bool{}, above: map[id][]int32{}, users: map[id][]user{}}
	for _, h := range holds {
		switch f, above := w.fateOf(h.id, h.created, family, publisher); f {
		case refused:
			d.above[h.id] = above
			fallthrough
		case deleted:
			if !d.gone[h.id] {
				d.gone[h.id] = true
				d.list = append(d.list, h.id)
			}
		}
	}
	d.list = d.sorted(d.list)
	// What cannot go keeps what it uses, so it may take several rounds.
	for again := true; again; {
		again = false
		for _, n := range d.list {
			if d.above[n] != nil || d.users[n] != nil {
				continue
			}
			if users := d.usersOf(n); len(users) > 0 {
				d.users[n] = users
				again = true
			}
		}
	}
	return d
}

// goes reports whether a component goes and nothing keeps it.
func (d *deletion) goes(n id) bool { return d.gone[n] && d.above[n] == nil && d.users[n] == nil }

// usersOf returns who keeps a component from being deleted: components of other solutions that the platform knows to need
// it or that are parts of it, unless they go too.
func (d *deletion) usersOf(n id) []user {
	out := d.needing(n)
	if d.kind(n) == solution.TypeEntity {
		for _, column := range d.columnsOf(n) {
			if !d.gone[column] && !d.exists(column) {
				out = append(out, d.needing(column)...) // no list has it, so it goes with the table
			}
		}
	}
	for _, p := range d.parts.of(n) {
		f := d.world.facts[p.facts]
		if part := f.holds[p.at].id; d.active[p.facts] && !slices.Contains(d.family, f.solution) && !d.goes(part) {
			out = append(out, user{part, f.solution})
		}
	}
	return out
}

func (d *deletion) needing(n id) []user {
	var out []user
	for _, p := range d.world.users.of(n) {
		f := d.world.facts[p.facts]
		u := &f.needs[p.at]
		switch {
		case !d.active[p.facts] || slices.Contains(d.family, f.solution) || !u.tracked:
		case u.by != noID && d.goes(u.by) || d.covered(u.by, f.solution) || d.overwritten(u.by, p.facts):
		default:
			out = append(out, user{u.by, f.solution})
		}
	}
	return out
}

// covered reports whether what a solution says of a component does not count, because another one says it anew above:
// dependencies are those of the topmost layer, but for kinds whose layers are put together.
func (w *world) covered(n id, s int32) bool {
	if n == noID || merged[w.kind(n)] {
		return false
	}
	layers := w.layers(n)
	if staged := w.pending(s); staged >= 0 {
		layers = slices.DeleteFunc(layers, func(l int32) bool { return l == staged }) // it counts when somebody applies it
	}
	return slices.Contains(layers, s) && layers[len(layers)-1] != s
}

// overwritten reports whether a later import of an unmanaged solution says anew what a component is: there is one layer.
func (w *world) overwritten(n id, facts int32) bool {
	f := w.facts[facts]
	if n == noID || w.solutions[f.solution].isManaged() {
		return false
	}
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool {
		return p.facts > facts && w.active[p.facts] && w.facts[p.facts].solution == f.solution
	})
}

// inTable reports whether components of a type are parts of a table whose keys say so.
func inTable(t solution.ComponentType) bool {
	return t == solution.TypeAttribute || t == solution.TypeEntityKey
}

// columnsOf returns the parts of a table, columns and keys, that are known by name, whoever names them.
func (w *world) columnsOf(table id) []id {
	if w.columns == nil {
		w.columns = map[string][]id{}
		for n, k := range w.keys {
			if inTable(k.Type) {
				w.columns[k.Parent] = append(w.columns[k.Parent], id(n))
			}
		}
	}
	return w.columns[w.keys[table].Name]
}

// checkDrops says what an upgrade deletes and may not delete, or what an update leaves behind.
func (s *stepper) checkDrops() {
	if s.action == Install || s.action == Patch || !s.state().installed || !s.managed() || !s.state().isManaged() {
		return
	}
	s.unknownInventory()
	drops := s.drops()
	if s.action == Update {
		s.leaves(drops)
		return
	}
	d := s.newDeletion(s.family(s.solution), drops, s.publisherNow())
	s.deletes = d.list
	s.out.Deletes = s.texts(d.list)
	s.unordered(d)
	if s.action == Stage {
		return // it is judged when all steps have been gone through: others may stop using what goes
	}
	s.judge(d)
}

// judgeStaged says what applying a staged upgrade will delete, in the state behind all steps.
func (s *stepper) judgeStaged() {
	if s.action != Stage || !s.state().installed || !s.managed() || !s.state().isManaged() {
		return
	}
	family := s.family(s.solution)
	if staged := s.pending(s.solution); staged >= 0 {
		family = append(family, staged)
	}
	d := s.newDeletion(family, s.drops(), s.publisherNow())
	s.deletes = d.list
	s.out.Deletes = s.texts(d.list)
	for i := range s.facts.needs { // the new version does not go, and may use what it drops
		if n := &s.facts.needs[i]; n.tracked && d.gone[n.need] && d.above[n.need] == nil {
			d.users[n.need] = append(d.users[n.need], user{n.by, s.solution})
		}
	}
	s.judge(d)
}

// judge reports what goes, and what keeps it.
func (s *stepper) judge(d *deletion) {
	for _, n := range d.list {
		late := s.waitFor(s.takers(n))
		if above := d.above[n]; above != nil {
			s.foreignAbove(n, above)
		} else if users := d.users[n]; users != nil {
			s.deleteBlocked(n, users, late)
		}
	}
	s.tellDeletes(d)
	if unknown := s.unknownUsers(d.family); len(unknown) > 0 && len(d.list) > 0 {
		about := s.texts(d.list)
		about = andSolutions(about, unknown)
		s.add("inventory-unknown", diag.Location{}, about, "cannot tell whether %s %s what %s drops: the contents are not known; give the package", enumerate(unknown),
			plural(len(unknown), "uses", "use"), s.name())
	}
}

// unknownUsers returns the installed solutions of which neither package nor list is known.
func (w *world) unknownUsers(family []int32) []string {
	var out []string
	for i := range w.solutions {
		st := &w.solutions[i]
		if st.installed && !slices.Contains(family, int32(i)) && slices.ContainsFunc(st.facts, func(f int32) bool {
			return w.facts[f].pkg == nil && w.facts[f].kinds == nil
		}) {
			out = append(out, st.name)
		}
	}
	slices.Sort(out)
	return out
}

// unordered says where the base layer of a component is not known, because the environment does not say which of two
// solutions was installed first.
func (s *stepper) unordered(d *deletion) {
	var list []id
	var with []string
	for _, h := range d.holds {
		if !h.created || s.isBase(h.id) {
			continue
		}
		for _, l := range s.layers(h.id) {
			if other := &s.world.solutions[l]; !slices.Contains(d.family, l) && other.order == s.state().order && s.solutionCreates(l, h.id) {
				list, with = append(list, h.id), append(with, other.name)
			}
		}
	}
	if len(list) == 0 {
		return
	}
	slices.Sort(with)
	with = slices.Compact(with)
	about := s.texts(list)
	about = andSolutions(about, with)
	s.add("inventory-unknown", diag.Location{}, about, "cannot tell whether %s or %s has the base layer of %s: the environment gives both the same order; the smaller name is taken for the first",
		s.name(), enumerate(with), enumerate(s.texts(list)))
}

// solutionCreates reports whether an installed solution has more than a layer above a component.
func (w *world) solutionCreates(s int32, n id) bool {
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool {
		f := w.facts[p.facts]
		return w.active[p.facts] && f.solution == s && f.holds[p.at].created
	})
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// publisherNow is the publisher of what is installed; a package may not change it.
func (s *stepper) publisherNow() string {
	if p := s.state().publisher; p != "" {
		return p
	}
	return s.publisher()
}

// unknownInventory says that deletions cannot be computed, or not all.
func (s *stepper) unknownInventory() {
	known := []string{}
	for _, member := range s.family(s.solution) {
		for _, i := range s.world.solutions[member].facts {
			f := s.world.facts[i]
			if f.complete && !f.leftovers {
				continue
			}
			for t := range f.kinds {
				known = append(known, string(t))
			}
			slices.Sort(known)
			name := s.world.solutions[member].name
			whose := "its contents"
			if member != s.solution {
				whose = "the contents of " + name
			}
			what := whose + " are unknown"
			if len(known) > 0 {
				what = "of " + whose + " only kinds " + strings.Join(known, ", ") + " are known"
			}
			does := fmt.Sprintf("this %s of %s deletes", s.action, s.name())
			switch s.action {
			case Update:
				does = fmt.Sprintf("this update of %s leaves behind", s.name())
			case Stage:
				does = fmt.Sprintf("applying the staged upgrade of %s will delete", s.name())
			}
			s.add("inventory-unknown", diag.Location{}, []Component{SolutionComponent(name)}, "cannot tell what %s: %s; give the installed package", does, what)
			return
		}
	}
}

func (s *stepper) leaves(drops []held) {
	var list []id
	for _, h := range drops {
		if h.created && !s.isBase(h.id) {
			list = append(list, h.id)
		}
	}
	if len(list) == 0 {
		return
	}
	texts := s.texts(list)
	s.add("update-leaves", diag.Location{}, texts, "the update of %s leaves %s behind: upgrade it to delete what the new version dropped", s.name(), enumerate(texts))
}

func (s *stepper) foreignAbove(n id, above []int32) {
	about, names := s.describeAbove(n, above)
	s.refuseDelete("base-layer-foreign-above", about, foreignMessage, s.name(), s.label(n), names)
}

const foreignMessage = "%s is the base layer of %s, which cannot go while there is a layer of %s above: remove that first"

// describeAbove returns what a finding about layers of other publishers is about, and whose layers they are.
func (w *world) describeAbove(n id, above []int32) (about []Component, text string) {
	about = []Component{w.text(n)}
	var names []string
	for _, l := range above {
		st := &w.solutions[l]
		about = append(about, SolutionComponent(st.name))
		publisher := "of publisher " + st.publisher
		if st.publisher == "" {
			publisher = "whose publisher is not known"
		}
		names = append(names, st.name+" "+publisher)
	}
	return about, enumerate(names)
}

// deleteBlocked reports a deletion that the platform refuses. If all that use the component would stop, or another package
// would take it over, and they could only not be imported themselves, the package waits for them.
func (s *stepper) deleteBlocked(n id, users []user, late bool) {
	about, by := s.describeUsers(n, users)
	const message = "%s cannot be deleted: used by %s (0x8004F01F): import a version that does not use it first"
	args := []any{s.label(n), by}
	var waits []*stepper
	for _, u := range users {
		if o := s.releasing(n, u); o != nil {
			waits = append(waits, o)
		}
	}
	if len(waits) < len(users) && !late || s.action == Stage {
		s.refuseDelete("upgrade-delete-blocked", about, message, args...)
		return
	}
	s.out.Findings = append(s.out.Findings, newFinding("upgrade-delete-blocked", Error, diag.Location{}, about, message, args...))
	for _, o := range waits {
		s.wait(o)
	}
}

// releasing returns the package of the batch whose import would end a use, and cannot be imported.
func (s *stepper) releasing(n id, u user) *stepper {
	for _, o := range s.r.replacing(u.solution) {
		if o == s || o.importable() {
			continue
		}
		if u.by != noID && s.isPart(u.by, n) {
			if o.action == Upgrade && !s.holds(o.number, u.by) {
				return o
			}
		} else if slices.Contains(s.r.endingUse(u.solution, n, u.by), o) {
			return o
		}
	}
	return nil
}

// isPart reports whether a component is a part of another.
func (w *world) isPart(part, owner id) bool {
	return slices.ContainsFunc(w.parts.of(owner), func(p place) bool { return w.facts[p.facts].holds[p.at].id == part })
}

// refuseDelete adds a finding about a deletion that is refused: at once, or when somebody applies a staged upgrade.
func (s *stepper) refuseDelete(id string, about []Component, format string, args ...any) {
	if s.action == Stage {
		s.addAs(id, Warning, diag.Location{}, about, "applying the staged upgrade will be refused: "+format, args...)
		return
	}
	s.add(id, diag.Location{}, about, format, args...)
}

// tellDeletes reports what is deleted: each component with the parts of it that go too.
func (s *stepper) tellDeletes(d *deletion) {
	parts := map[id][]id{}
	var tops []id
	for _, h := range d.holds {
		switch {
		case !d.goes(h.id):
		case h.owner != noID && d.goes(h.owner):
			parts[h.owner] = append(parts[h.owner], h.id)
		default:
			tops = append(tops, h.id)
		}
	}
	verb := "the upgrade deletes"
	if s.action == Stage {
		verb = "applying the staged upgrade will delete"
	}
	for _, n := range s.sorted(tops) {
		data := ""
		if t := s.kind(n); t == solution.TypeEntity || t == solution.TypeAttribute {
			data = " and its data"
		}
		about := append([]Component{s.text(n)}, s.texts(parts[n])...)
		unless := ""
		if names := s.takerNames(n); len(names) > 0 {
			unless = ", unless " + enumerate(names) + " takes it over before"
			about = andSolutions(about, names)
		}
		s.add("upgrade-deletes", diag.Location{}, about, "%s %s%s%s", verb, s.label(n), data, unless)
	}
}

// takerNames returns the packages of the batch that would take a component over, and have not.
func (s *stepper) takerNames(n id) []string {
	var out []string
	for _, t := range s.takers(n) {
		out = append(out, t.name())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
