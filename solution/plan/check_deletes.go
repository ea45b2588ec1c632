package plan

import (
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
	old, _ := s.inventory(s.solution)
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

// ownsBase reports whether the base layer of a component is one of the solution or its patches.
func (s *stepper) ownsBase(n id) bool {
	layers := s.layers(n)
	return len(layers) > 0 && slices.Contains(s.family(s.solution), layers[0])
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
	family  []int32
	gone    map[id]bool
	refused map[id]bool
}

// A user is a component that keeps another one from being deleted.
type user struct {
	by       id
	solution int32
	part     id // of what is deleted, which is used
}

// users returns who keeps a component from being deleted: components of other solutions that the platform knows to need
// it or that are parts of it, unless they go too.
func (d *deletion) usersOf(n id) []user {
	var out []user
	for _, p := range d.world.users.of(n) {
		f := d.world.facts[p.facts]
		u := &f.needs[p.at]
		if !d.active[p.facts] || slices.Contains(d.family, f.solution) || !u.tracked || u.by != noID && d.gone[u.by] {
			continue
		}
		out = append(out, user{u.by, f.solution, n})
	}
	for _, p := range d.parts.of(n) {
		f := d.world.facts[p.facts]
		if part := f.holds[p.at].id; d.active[p.facts] && !slices.Contains(d.family, f.solution) && !d.gone[part] {
			out = append(out, user{part, f.solution, n})
		}
	}
	return out
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
	d := &deletion{world: s.world, family: s.family(s.solution), gone: map[id]bool{}, refused: map[id]bool{}}
	foreign := map[id][]int32{}
	for _, h := range drops {
		switch f, above := s.fateOf(h.id, h.created, d.family, s.publisherNow()); f {
		case deleted:
			d.gone[h.id] = true
		case refused:
			d.gone[h.id], foreign[h.id] = true, above
		}
	}
	for n := range d.gone {
		s.waitFor(s.takers(n))
	}
	var list []id
	for _, h := range drops {
		if d.gone[h.id] {
			list = append(list, h.id)
		}
	}
	s.out.Deletes = s.texts(list)
	for _, n := range s.sorted(list) {
		if above := foreign[n]; above != nil {
			s.foreignAbove(n, above)
			d.refused[n] = true
			continue
		}
		if users := d.usersOf(n); len(users) > 0 {
			s.deleteBlocked(n, users)
			d.refused[n] = true
		}
	}
	s.tellDeletes(d, drops)
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
			what := "its contents are unknown"
			if len(known) > 0 {
				what = "of its contents only kinds " + strings.Join(known, ", ") + " are known"
			}
			s.add("inventory-unknown", diag.Location{}, []Component{SolutionComponent(name)}, "cannot tell what this %s of %s %s: %s; give the installed package",
				s.action, s.name(), map[bool]string{true: "leaves behind", false: "deletes"}[s.action == Update], what)
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
	about := []Component{s.text(n)}
	var names []string
	for _, l := range above {
		st := &s.world.solutions[l]
		about = append(about, SolutionComponent(st.name))
		publisher := "of publisher " + st.publisher
		if st.publisher == "" {
			publisher = "whose publisher is not known"
		}
		names = append(names, st.name+" "+publisher)
	}
	s.refuseDelete("base-layer-foreign-above", about, "%s is the base layer of %s, which cannot go while there is a layer of %s above: remove that first", s.name(), s.text(n), enumerate(names))
}

// deleteBlocked reports a deletion that the platform refuses. If all that use the component would stop, and could only
// not be imported themselves, the package waits for them.
func (s *stepper) deleteBlocked(n id, users []user) {
	about, by, names := s.describeUsers(n, users)
	const message = "%s cannot be deleted: used by %s in %s (0x8004F01F); upgrade %s to a version that does not use it first"
	args := []any{s.text(n), enumerate(by), enumerate(names), enumerate(names)}
	var waits []*stepper
	for _, u := range users {
		if o := s.releasing(n, u); o != nil {
			waits = append(waits, o)
		}
	}
	if len(waits) < len(users) || s.action == Stage {
		s.refuseDelete("upgrade-delete-blocked", about, message, args...)
		return
	}
	s.out.Findings = append(s.out.Findings, newFinding("upgrade-delete-blocked", Error, diag.Location{}, about, message, args...))
	for _, o := range waits {
		s.wait(o)
	}
}

// releasing returns the package of the batch whose upgrade would end a use, and cannot be imported.
func (s *stepper) releasing(n id, u user) *stepper {
	for _, o := range s.r.named[u.solution] {
		if o != s && o.action == Upgrade && !o.importable() && !s.uses(o.number, n) && (u.by == noID || !s.isPart(u.by, n) || !s.holds(o.number, u.by)) {
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
func (s *stepper) tellDeletes(d *deletion, drops []held) {
	parts := map[id][]id{}
	var tops []id
	for _, h := range drops {
		switch {
		case !d.gone[h.id] || d.refused[h.id]:
		case h.owner != noID && d.gone[h.owner] && !d.refused[h.owner]:
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
		s.add("upgrade-deletes", diag.Location{}, about, "%s %s%s", verb, s.text(n), data)
	}
}
