package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
)

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
	if layers.count() == 0 || !slices.Contains(family, layers.at(0)) {
		return stays, nil
	}
	for i := range layers.count() {
		l := layers.at(i)
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
	// connected are connectors that their connections keep.
	connected map[id]bool
}

// tops returns what goes by itself, and by that what goes with it.
func (d *deletion) tops() (tops []id, parts map[id][]id) {
	parts = map[id][]id{}
	for _, h := range d.holds {
		switch {
		case !d.goes(h.id):
		case h.owner != noID && d.goes(h.owner):
			parts[h.owner] = append(parts[h.owner], h.id)
		default:
			tops = append(tops, h.id)
		}
	}
	return tops, parts
}

// A user is a component that keeps another one from being deleted.
type user struct {
	by       id // noID: not known
	solution int32
}

// newDeletion says what goes with the layers of a family of solutions, and what keeps it.
func (w *world) newDeletion(family []int32, holds []held, publisher string) *deletion {
	d := &deletion{world: w, family: family, holds: holds, gone: map[id]bool{}, above: map[id][]int32{}, users: map[id][]user{}, connected: map[id]bool{}}
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
	for _, n := range d.list {
		if w.mayHaveConnections(n) {
			connections, _ := w.connectionsOf(n)
			d.connected[n] = len(connections) > 0
		}
	}
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
func (d *deletion) goes(n id) bool {
	return d.gone[n] && d.above[n] == nil && d.users[n] == nil && !d.connected[n]
}

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
		f := d.world.contents[p.contents]
		if part := f.holds[p.at].id; d.active[p.contents] && !slices.Contains(d.family, f.solution) && !d.goes(part) {
			out = append(out, user{part, f.solution})
		}
	}
	return out
}

func (d *deletion) needing(n id) []user {
	var out []user
	for _, p := range d.world.users.of(n) {
		f := d.world.contents[p.contents]
		u := &f.needs[p.at]
		switch {
		case !d.active[p.contents] || slices.Contains(d.family, f.solution) || !u.tracked:
		case u.by != noID && d.goes(u.by) || d.covered(u.by, f.solution) || d.overwritten(u.by, p.contents):
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
	at, ok := w.find(layers, s)
	if !ok {
		return false
	}
	top := layers.count() - 1
	if staged := w.pending(s); staged >= 0 && layers.at(top) == staged {
		top-- // it counts when somebody applies it
	}
	return layers.place(at) != top
}

// overwritten reports whether a later import of an unmanaged solution says anew what a component is: there is one layer.
func (w *world) overwritten(n id, contents int32) bool {
	f := w.contents[contents]
	if n == noID || w.solutions[f.solution].isManaged() {
		return false
	}
	return slices.ContainsFunc(w.solutions[f.solution].contents, func(other int32) bool { return other > contents && w.holds(other, n) })
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
			if inTable(k.Type()) {
				w.columns[k.Parent()] = append(w.columns[k.Parent()], id(n))
			}
		}
	}
	return w.columns[w.keys[table].Name()]
}

// solutionCreates reports whether an installed solution has more than a layer above a component.
func (w *world) solutionCreates(s int32, n id) bool {
	return slices.ContainsFunc(w.solutions[s].contents, func(f int32) bool { return w.creates(f, n) })
}

// isPart reports whether a component is a part of another.
func (w *world) isPart(part, owner id) bool {
	return slices.ContainsFunc(w.parts.of(owner), func(p place) bool { return w.contents[p.contents].holds[p.at].id == part })
}

// keepers returns what a finding about a refused deletion is about, and who uses the component in which solutions.
func (w *world) keepers(n id, users []user) (about []ComponentID, by []Subject) {
	var components []id
	var whole []string
	for _, u := range users {
		name := w.solutions[u.solution].name
		if u.by == noID {
			whole = append(whole, name)
			by = append(by, Subject{Solution: name})
			continue
		}
		components = append(components, u.by)
		s := w.subject(u.by)
		s.Solution = name
		by = append(by, s)
	}
	slices.Sort(whole)
	about = append([]ComponentID{w.text(n)}, w.texts(components)...)
	slices.SortFunc(by, func(a, b Subject) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), cmp.Compare(a.Solution, b.Solution))
	})
	return andSolutions(about, slices.Compact(whole)), slices.Compact(by)
}

// layersAbove returns what a finding about layers of other publishers is about, and these layers.
func (w *world) layersAbove(n id, above []int32) (about []ComponentID, layers []Layer) {
	about = []ComponentID{w.text(n)}
	for _, l := range above {
		about = append(about, solutionComponent(w.solutions[l].name))
		layers = append(layers, w.layer(l))
	}
	return about, layers
}

// unknownUsers returns the installed solutions of which neither package nor list is known. Those of the platform use nothing that
// people make.
func (w *world) unknownUsers(family []int32) []string {
	if w.unlisted == nil {
		w.unlisted = []int32{}
		for i, f := range w.contents[:w.firstOfBatch] {
			if f.pkg == nil && f.kinds == nil && !w.isPlatformSolution(w.solutions[f.solution].name) {
				w.unlisted = append(w.unlisted, int32(i))
			}
		}
	}
	var out []string
	for _, f := range w.unlisted {
		s := w.contents[f].solution
		if st := &w.solutions[s]; st.installed && !slices.Contains(family, s) && slices.Contains(st.contents, f) {
			out = append(out, st.name)
		}
	}
	slices.Sort(out)
	return out
}
