package xmlspan

import (
	"bytes"
	"slices"
)

// A Record says where bytes that were written are from. It grows while a [Format] writes. A nil Record takes no notes.
type Record struct {
	// Source is the number of what is read from at present.
	Source int32
	runs   []run // by out, none empty but those that are only near
}

// A run is bytes [out,out+size) of what was written that are bytes [in,in+size) of a source. One without size says that
// out and in are ends of what was written otherwise, if it is an edge, or only that what was written at out is from about in.
type run struct {
	out, in, size, source int32
	edge                  bool
}

// exact reports whether x tells a place and not only about where it is.
func (x run) exact() bool { return x.size > 0 || x.edge }

// A Place is a byte of a source.
type Place struct {
	Source int32
	Offset int
	Exact  bool // the byte was copied, or is next to one that was
}

func (r *Record) copied(out, from, to int) {
	if r == nil || from >= to {
		return
	}
	if n := len(r.runs); n > 0 {
		if last := &r.runs[n-1]; last.source == r.Source && last.size > 0 && int(last.out+last.size) == out && int(last.in+last.size) == from {
			last.size += int32(to - from)
			return
		}
	}
	r.runs = append(r.runs, run{out: int32(out), in: int32(from), size: int32(to - from), source: r.Source})
}

// edge notes that out is where the offset in of the present source is, though the bytes there are not copied.
func (r *Record) edge(out, in int) {
	if r != nil {
		r.runs = append(r.runs, run{out: int32(out), in: int32(in), source: r.Source, edge: true})
	}
}

// Near notes that what is written at out is from about offset in of the present source.
func (r *Record) Near(out, in int) {
	if r != nil {
		r.runs = append(r.runs, run{out: int32(out), in: int32(in), source: r.Source})
	}
}

// join adds the runs of what was written at the offset at.
func (r *Record) join(text *Record, at int) {
	if r == nil || text == nil {
		return
	}
	for _, x := range text.runs {
		x.out += int32(at)
		r.runs = append(r.runs, x)
	}
}

// Shift moves what was written by as many bytes as were put in front of it, or taken away if n is negative.
func (r *Record) Shift(n int) {
	if r == nil {
		return
	}
	for i := range r.runs {
		r.runs[i].out += int32(n)
	}
}

// before returns the index of the last run that begins at out or before, -1 if there is none.
func (r *Record) before(out int) int {
	i, found := slices.BinarySearchFunc(r.runs, int32(out), func(x run, out int32) int { return int(x.out) - int(out) })
	if !found {
		return i - 1
	}
	for i+1 < len(r.runs) && int(r.runs[i+1].out) == out {
		i++
	}
	return i
}

// At returns the place of the byte at out, or the one next to it. It is false if nothing is recorded.
func (r *Record) At(out int) (Place, bool) {
	if len(r.runs) == 0 {
		return Place{}, false
	}
	i := max(r.before(out), 0)
	x := r.runs[i]
	if within := int32(out) - x.out; within < 0 {
		return Place{x.source, int(x.in), false}, true
	} else if within <= x.size {
		return Place{x.source, int(x.in + within), x.exact()}, true
	}
	return Place{x.source, int(x.in + x.size), false}, true
}

// Between returns the places of the ends of [start,end) of text, which is what was written, in one source, if the bytes between
// them are from that source alone and both ends are exact, or in white space behind what is. Of two runs that meet at an end, the
// one counts that lets both be in one source.
func (r *Record) Between(text []byte, start, end int) (source int32, from, to int, ok bool) {
	for _, a := range r.meeting(text, start) {
		for _, b := range r.meeting(text, end) {
			x, y := r.runs[a], r.runs[b]
			if x.source != y.source || !r.same(start, end, x.source) {
				continue
			}
			if from, to = x.at(start), y.at(end); from <= to {
				return x.source, from, to, true
			}
		}
	}
	return 0, 0, 0, false
}

// at returns the offset in the source of the byte at out, or of the end of what was copied.
func (x run) at(out int) int { return int(x.in + min(int32(out)-x.out, x.size)) }

// meeting returns the runs that a place is in or at an end of, or else the one before it if there is only white space between.
func (r *Record) meeting(text []byte, out int) []int {
	var list []int
	for i := r.before(out); i >= 0; i-- {
		x := r.runs[i]
		if !x.exact() {
			continue
		}
		end := int(x.out + x.size)
		if end >= out || len(list) == 0 && len(bytes.TrimLeft(text[end:out], " \t\r\n")) == 0 {
			list = append(list, i)
		}
		if int(x.out) < out {
			break
		}
	}
	return list
}

// same reports whether nothing between start and end is from another source.
func (r *Record) same(start, end int, source int32) bool {
	for i := max(r.before(start), 0); i < len(r.runs) && int(r.runs[i].out) < end; i++ {
		if x := r.runs[i]; x.source != source && int(x.out+x.size) > start {
			return false
		}
	}
	return true
}
