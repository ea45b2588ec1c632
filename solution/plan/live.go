package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
)

// manyHolders is from how many places on the state of a component is kept from step to step. Of fewer it is counted when somebody
// asks, which all but a few components in a few environments are.
var manyHolders = 8

// A live is what is there now of one component that very many contents hold. Steps keep it up to date, as each of them asks for it,
// and would go through all holders.
type live struct {
	active    int // contents that are there, by the places in them
	created   int // of these, who creates the component
	unmanaged int // those of unmanaged solutions
	drafts    int // those of the batch whose flow is turned off
	shells    int // those with only parts of the table
	// met counts those that show that the component is there: all but mere layers of packages of the batch, of which nobody asked
	// whether what they lie on is there. By whether their solution is managed.
	met     map[bool]int
	types   map[string][]place // of a column, by the folded type, in order
	secrets int                // of a variable, those that say that it is one
	values  []int32            // those with a value of it, in order
	brings  []int32            // contents of the batch that create it, whether they are there or not
	layers  layers
	stale   bool // layers have to be put together anew
}

// Layers are those of the managed solutions that hold a component, as they were installed.
type layers struct {
	list     []layer
	base     int // the first that creates it, which is below all others; 0 if none does
	creators int // how many do
}

type layer struct {
	solution int32
	below    int32 // the solution behind which it stands: its parent if that has a layer too, else itself
	places   int32
	created  int32
}

func (l *layers) count() int { return len(l.list) }

// at returns the solution of a layer, the base layer first.
func (l *layers) at(i int) int32 {
	switch {
	case i == 0:
		i = l.base
	case i <= l.base:
		i--
	}
	return l.list[i].solution
}

// place is the opposite of at, for an index in the list.
func (l *layers) place(i int) int {
	switch {
	case i == l.base:
		return 0
	case i < l.base:
		return i + 1
	}
	return i
}

// all returns the solutions, the base layer first.
func (l *layers) all() []int32 {
	var out []int32
	for i := range l.list {
		out = append(out, l.at(i))
	}
	return out
}

// findBase looks for the base layer from an index on, before which is none.
func (l *layers) findBase(from int) {
	l.base = 0
	for i := from; l.creators > 0 && i < len(l.list); i++ {
		if l.list[i].created > 0 {
			l.base = i
			return
		}
	}
}

// layerAmong returns the layer of one of several solutions.
func (w *world) layerAmong(all []int32, s int32) layer {
	if p := w.solutions[s].patchOf; p >= 0 && slices.Contains(all, p) {
		return layer{solution: s, below: p}
	}
	return layer{solution: s, below: s}
}

// find returns the index of a solution's layer, or where it would be.
func (w *world) find(l *layers, s int32) (int, bool) {
	below := s
	if p := w.solutions[s].patchOf; p >= 0 {
		if _, ok := w.search(l, p, p); ok {
			below = p
		}
	}
	return w.search(l, s, below)
}

func (w *world) search(l *layers, s, below int32) (int, bool) {
	return slices.BinarySearchFunc(l.list, layer{solution: s, below: below}, w.compareLayers)
}

// compareLayers orders layers as their solutions were installed, a patch right behind its parent where that has a layer too.
func (w *world) compareLayers(a, b layer) int {
	if a.solution == b.solution {
		return 0
	}
	if a.below != b.below {
		p, q := &w.solutions[a.below], &w.solutions[b.below]
		if p.order != q.order {
			return cmp.Compare(p.order, q.order)
		}
		return strings.Compare(solution.Fold(p.name), solution.Fold(q.name))
	}
	x, y := &w.solutions[a.solution], &w.solutions[b.solution]
	return cmp.Or(cmp.Compare(min(x.patchOf, 0), min(y.patchOf, 0)), x.version.Compare(y.version), strings.Compare(solution.Fold(x.name), solution.Fold(y.name)))
}

// layers returns the managed solutions that hold a component now. It is to be read at once, and not to be changed.
func (w *world) layers(n id) *layers {
	if l := w.lives[n]; l != nil {
		if l.stale {
			l.layers, l.stale = *w.countLayers(n), false
		}
		return &l.layers
	}
	return w.countLayers(n)
}

// countLayers finds the layers of a component among all that hold it.
func (w *world) countLayers(n id) *layers {
	var out layers
	at := map[int32]int{}
	for _, p := range w.holders.of(n) {
		f := w.contents[p.contents]
		if !w.active[p.contents] || !w.solutions[f.solution].isManaged() {
			continue
		}
		i, listed := at[f.solution]
		if !listed {
			i = len(out.list)
			at[f.solution] = i
			out.list = append(out.list, layer{solution: f.solution, below: f.solution})
		}
		out.list[i].places++
		if f.holds[p.at].created {
			if out.list[i].created++; out.list[i].created == 1 {
				out.creators++
			}
		}
	}
	for i := range out.list {
		l := &out.list[i]
		if p := w.solutions[l.solution].patchOf; p >= 0 {
			if _, listed := at[p]; listed {
				l.below = p
			}
		}
	}
	slices.SortFunc(out.list, w.compareLayers)
	out.findBase(0)
	return &out
}

// findLives makes the state of all components that many contents hold, from what is there at the start.
func (w *world) findLives() {
	w.lives = map[id]*live{}
	for n := range w.keys {
		if len(w.holders.of(id(n))) > manyHolders {
			l := &live{met: map[bool]int{}, types: map[string][]place{}, stale: true}
			for _, p := range w.holders.of(id(n)) {
				if f := w.contents[p.contents]; f.batch >= 0 && f.holds[p.at].created {
					l.brings = append(l.brings, p.contents)
				}
			}
			w.lives[id(n)] = l
		}
	}
	if len(w.lives) == 0 {
		return
	}
	for i, active := range w.active {
		if active {
			w.active[i] = false
			w.turn(int32(i), true)
		}
	}
}

// turn notes that contents are there, or are gone. What is said of their solution is that of now.
func (w *world) turn(contents int32, on bool) {
	if w.active[contents] == on {
		return
	}
	w.active[contents] = on
	if len(w.lives) == 0 {
		return
	}
	f := w.contents[contents]
	for i := range f.holds {
		if l := w.lives[f.holds[i].id]; l != nil {
			w.turnOne(l, f, place{contents, int32(i)}, on)
		}
	}
}

func (w *world) turnOne(l *live, f *contents, p place, on bool) {
	d := 1
	if !on {
		d = -1
	}
	h := &f.holds[p.at]
	managed := w.solutions[f.solution].isManaged()
	l.active += d
	if h.created {
		l.created += d
	}
	if !managed {
		l.unmanaged += d
	}
	if f.batch < 0 || h.created {
		l.met[managed] += d
	}
	if x := f.componentOf(h); x != nil {
		if x.Draft && f.batch >= 0 {
			l.drafts += d
		}
		if x.DataType != "" {
			key := strings.ToLower(x.DataType)
			if l.types[key] = turned(l.types[key], p, on, comparePlaces); len(l.types[key]) == 0 {
				delete(l.types, key)
			}
		}
		if x.Key.Type() == solution.TypeEnvironmentVariableDefinition {
			if v, ok := f.pkg.set.Variable(w.keys[h.id].Name()); ok {
				if v.Type == connref.TypeSecret {
					l.secrets += d
				}
				if v.Value != nil && v.Value.Reveal() != "" {
					l.values = turned(l.values, p.contents, on, cmp.Compare[int32])
				}
			}
		}
	}
	if f.isShell(h) {
		l.shells += d
	}
	if managed && !l.stale {
		w.turnLayer(l, f.solution, h.created, int32(d))
	}
}

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.contents, b.contents), cmp.Compare(a.at, b.at))
}

// turned puts an element into a sorted list, or takes it out.
func turned[T any](list []T, x T, on bool, compare func(a, b T) int) []T {
	i, ok := slices.BinarySearchFunc(list, x, compare)
	switch {
	case on:
		return slices.Insert(list, i, x)
	case ok:
		return slices.Delete(list, i, i+1)
	}
	return list
}

// turnLayer adds to the layer of a solution.
func (w *world) turnLayer(l *live, s int32, created bool, d int32) {
	if len(w.solutions[s].patches) > 0 {
		l.stale = true // its patches may stand elsewhere now
		return
	}
	i, ok := w.find(&l.layers, s)
	if !ok {
		if d < 0 {
			l.stale = true
			return
		}
		below := s
		if p := w.solutions[s].patchOf; p >= 0 {
			if _, there := w.search(&l.layers, p, p); there {
				below = p
			}
		}
		l.layers.list = slices.Insert(l.layers.list, i, layer{solution: s, below: below})
		if i <= l.layers.base && l.layers.creators > 0 {
			l.layers.base++
		}
	}
	x := &l.layers.list[i]
	did := x.created > 0
	x.places += d
	if created {
		x.created += d
	}
	does := x.created > 0
	switch {
	case does && !did:
		l.layers.creators++
		if l.layers.creators == 1 || i < l.layers.base {
			l.layers.base = i
		}
	case did && !does:
		l.layers.creators--
		if i == l.layers.base {
			l.layers.findBase(i)
		}
	}
	if x.places == 0 {
		l.layers.list = slices.Delete(l.layers.list, i, i+1)
		if i < l.layers.base {
			l.layers.base--
		}
	}
}
