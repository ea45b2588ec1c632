package xmlspan

import "slices"

// A Record says where bytes that were written are from. It grows while a [Format] writes. A nil Record takes no notes.
type Record struct {
	// Source is the number of what is read from at present.
	Source int32
	runs   []run // by out, none empty but those that are only near
}

// A run is bytes [out,out+size) of what was written that are bytes [in,in+size) of a source. One without size says only
// that what was written at out is from about in.
type run struct{ out, in, size, source int32 }

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
	r.runs = append(r.runs, run{int32(out), int32(from), int32(to - from), r.Source})
}

func (r *Record) near(out, in int) {
	if r == nil {
		return
	}
	r.runs = append(r.runs, run{int32(out), int32(in), 0, r.Source})
}

// Near notes that what is written at out is from about offset in of the present source.
func (r *Record) Near(out, in int) { r.near(out, in) }

// Copied notes that the bytes from out on are the bytes [from,to) of the present source.
func (r *Record) Copied(out, from, to int) { r.copied(out, from, to) }

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

// Join adds what text notes of bytes that are written at the offset at. Either may be nil.
func (r *Record) Join(text *Record, at int) { r.join(text, at) }

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
		return Place{x.source, int(x.in + within), x.size > 0}, true
	}
	return Place{x.source, int(x.in + x.size), false}, true
}

// Between returns the places of the ends of [start,end) in one source, if the bytes between them are from that source
// alone and both ends are exact. Of two runs that meet at an end, the one counts that lets both be in one source.
func (r *Record) Between(start, end int) (source int32, from, to int, ok bool) {
	for _, a := range r.meeting(start) {
		for _, b := range r.meeting(end) {
			if x, y := r.runs[a], r.runs[b]; x.source == y.source && r.same(start, end, x.source) {
				from, to = int(x.in)+start-int(x.out), int(y.in)+end-int(y.out)
				if from <= to {
					return x.source, from, to, true
				}
			}
		}
	}
	return 0, 0, 0, false
}

// meeting returns the runs that a place is in or at an end of.
func (r *Record) meeting(out int) []int {
	var list []int
	for i := r.before(out); i >= 0; i-- {
		x := r.runs[i]
		if x.size > 0 {
			if int(x.out+x.size) >= out {
				list = append(list, i)
			}
			if int(x.out) < out {
				break
			}
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
