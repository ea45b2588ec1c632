package content

import (
	"bytes"
	"cmp"
	"hash/maphash"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A stored is a [Reference] as it is kept. A solution may have one in every eightieth byte, and a Reference is five times as large.
type stored struct {
	from, to         int32 // of keys
	text, file, path int32 // of texts
	start, end       point
	edge             int8 // of edges
	resolved         Resolution
	tracked          bool
}

// A point is a [diag.Position].
type point struct{ offset, line, column int32 }

func pointAt(p diag.Position) point { return point{int32(p.Offset), int32(p.Line), int32(p.Column)} }

func (p point) position() diag.Position {
	return diag.Position{Offset: int(p.offset), Line: int(p.line), Column: int(p.column)}
}

// A storedKey is a [solution.Key] as it is kept.
type storedKey struct {
	kind, parent, name int32 // of texts
	id                 solution.GUID
}

// references are a list of them, with each key and each text once.
type references struct {
	list  []stored
	keys  *distinct[storedKey]
	texts *distinct[string]
	last  struct {
		from                     recentKey
		file, path, kind, parent recent
	}
}

// A recent text is the one that came last in a place where the same one mostly comes again.
type recent struct {
	text   string
	number int32
}

// A recentKey is a recent text that is a key.
type recentKey struct {
	key    solution.Key
	number int32
	known  bool
}

func newReferences() references {
	r := references{keys: newDistinct[storedKey](), texts: newDistinct[string]()}
	empty := recent{"", r.texts.of("")}
	r.last.file, r.last.path, r.last.kind, r.last.parent = empty, empty, empty, empty
	return r
}

// again returns the number of a text, which is likely to be the one that came last.
func (r *references) again(last *recent, text string) int32 {
	if last.text != text {
		*last = recent{text, r.texts.of(text)}
	}
	return last.number
}

// numberOf returns the number of a key.
func (r *references) numberOf(k solution.Key) int32 {
	return r.keys.of(storedKey{r.again(&r.last.kind, string(k.Type())), r.again(&r.last.parent, k.Parent()), r.texts.of(k.Name()), k.ID()})
}

// numberOfFrom is numberOf for the component that refers, which mostly refers to more.
func (r *references) numberOfFrom(k solution.Key) int32 {
	if last := &r.last.from; !last.known || last.key != k {
		*last = recentKey{k, r.numberOf(k), true}
	}
	return r.last.from.number
}

// key returns the key of a number.
func (r *references) key(i int32) solution.Key {
	k := &r.keys.list[i]
	t, parent, name := solution.ComponentType(r.texts.list[k.kind]), r.texts.list[k.parent], r.texts.list[k.name]
	return solution.NameKey(t, parent, name).WithID(k.id)
}

func (r *references) add(ref Reference) {
	r.list = append(r.list, stored{
		from: r.numberOfFrom(ref.From), to: r.numberOf(ref.To),
		text: r.texts.of(ref.Text), file: r.again(&r.last.file, ref.Location.File), path: r.again(&r.last.path, ref.Location.Path),
		start: pointAt(ref.Location.Start), end: pointAt(ref.Location.End),
		edge: ref.Edge.order(), resolved: ref.Resolved, tracked: ref.Tracked,
	})
}

// at makes the i-th of them.
func (r *references) at(i int) Reference {
	x := &r.list[i]
	return Reference{
		From: r.key(x.from), To: r.key(x.to), Edge: edges[x.edge].Edge, Text: r.texts.list[x.text], Tracked: x.tracked, Resolved: x.resolved,
		Location: diag.Location{File: r.texts.list[x.file], Path: r.texts.list[x.path], Start: x.start.position(), End: x.end.position()},
	}
}

// grow makes room for as many as there are in all of a part if the rest of it is like what was read, so that they are seldom copied.
func (r *references) grow(read, size int) {
	n := len(r.list)
	want := int(float64(n) / float64(read+1) * float64(size-read) * 17 / 16)
	want = min(max(want, n/4, 64), 256+7*n)
	r.list = slices.Grow(r.list, want)
	r.keys.list = slices.Grow(r.keys.list, want*len(r.keys.list)/(n+1))
	r.texts.list = slices.Grow(r.texts.list, want*len(r.texts.list)/(n+1))
}

// sort puts them in the order of [Edges], then of their ends, then of their places.
func (r *references) sort() {
	slices.SortFunc(r.list, func(a, b stored) int {
		if a.edge != b.edge {
			return int(a.edge) - int(b.edge)
		}
		if c := r.compareKeys(a.from, b.from); c != 0 {
			return c
		}
		if c := r.compareKeys(a.to, b.to); c != 0 {
			return c
		}
		if c := r.compareTexts(a.text, b.text); c != 0 {
			return c
		}
		if c := r.compareTexts(a.file, b.file); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(a.start.offset, b.start.offset), cmp.Compare(a.end.offset, b.end.offset), r.compareTexts(a.path, b.path))
	})
}

func (r *references) compareKeys(a, b int32) int {
	if a == b {
		return 0
	}
	k, l := &r.keys.list[a], &r.keys.list[b]
	if c := r.compareTexts(k.kind, l.kind); c != 0 {
		return c
	}
	if c := r.compareTexts(k.parent, l.parent); c != 0 {
		return c
	}
	if c := r.compareTexts(k.name, l.name); c != 0 {
		return c
	}
	return bytes.Compare(k.id[:], l.id[:])
}

func (r *references) compareTexts(a, b int32) int {
	if a == b {
		return 0
	}
	return cmp.Compare(r.texts.list[a], r.texts.list[b])
}

// distinct numbers values, equal ones alike. It takes much less memory than a map.
type distinct[T comparable] struct {
	list  []T
	slots []int32 // by hash: a number and 1, or 0
	seed  maphash.Seed
}

func newDistinct[T comparable]() *distinct[T] { return &distinct[T]{seed: maphash.MakeSeed()} }

func (d *distinct[T]) clone() *distinct[T] {
	return &distinct[T]{slices.Clone(d.list), slices.Clone(d.slots), d.seed}
}

// of returns the number of x.
func (d *distinct[T]) of(x T) int32 {
	if len(d.list)*4 >= len(d.slots)*3 {
		d.slots = make([]int32, max(64, 2*len(d.slots)))
		for i, have := range d.list {
			*d.slot(have) = int32(i) + 1
		}
	}
	slot := d.slot(x)
	if *slot == 0 {
		d.list = append(d.list, x)
		*slot = int32(len(d.list))
	}
	return *slot - 1
}

// slot returns where the number of x is, or belongs.
func (d *distinct[T]) slot(x T) *int32 {
	for i := maphash.Comparable(d.seed, x); ; i++ {
		if slot := &d.slots[i%uint64(len(d.slots))]; *slot == 0 || d.list[*slot-1] == x {
			return slot
		}
	}
}
