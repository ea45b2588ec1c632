package solution

import (
	"cmp"
	"fmt"
	"slices"
)

// A Splice replaces the bytes [Start,End) of a part, as [Parts] gives them, with Text.
type Splice struct {
	Start, End int // in bytes from 0
	Text       string
}

// applySplices returns src with splices made that are in order.
func applySplices(src []byte, splices []Splice) []byte {
	size := len(src)
	for _, s := range splices {
		size += len(s.Text) - (s.End - s.Start)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, s := range splices {
		out = append(append(out, src[at:s.Start]...), s.Text...)
		at = s.End
	}
	return append(out, src[at:]...)
}

// sortSplices puts splices in the order of their places and refuses those that overlap. Insertions at one place stay in order.
func sortSplices(part string, splices []Splice) error {
	slices.SortStableFunc(splices, func(a, b Splice) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	for i := 1; i < len(splices); i++ {
		if a, b := splices[i-1], splices[i]; b.Start < a.End {
			return &ConflictError{Part: part, Start: b.Start, What: fmt.Sprintf("bytes [%d,%d) and [%d,%d) are both to be replaced", a.Start, a.End, b.Start, b.End)}
		}
	}
	return nil
}

// composeSplices returns what have and then next do, as splices of the bytes before have. Both are in order; next are of the
// bytes that have makes. Splices that do not share bytes stay apart, so that they can be joined with those of other changes.
func composeSplices(have, next []Splice) []Splice {
	if len(have) == 0 {
		return next
	}
	c := composition{have: have, next: next}
	for len(c.have) > 0 || len(c.next) > 0 {
		switch {
		case len(c.next) == 0 || len(c.have) > 0 && c.haveEnd() <= c.next[0].Start:
			c.out = append(c.out, c.have[0])
			c.passHave()
		case len(c.have) == 0 || c.next[0].End <= c.haveStart():
			n := c.next[0]
			c.out = append(c.out, Splice{n.Start - c.shift, n.End - c.shift, n.Text})
			c.next = c.next[1:]
		default:
			c.merge()
		}
	}
	return c.out
}

// A composition goes through two lists of splices at once. Places in the middle are those behind have and before next.
type composition struct {
	have, next []Splice // what is left
	shift      int      // from the bytes before have to the middle, behind what was passed
	out        []Splice
}

func (c *composition) haveStart() int { return c.have[0].Start + c.shift }

func (c *composition) haveEnd() int { return c.haveStart() + len(c.have[0].Text) }

func (c *composition) passHave() {
	c.shift += len(c.have[0].Text) - (c.have[0].End - c.have[0].Start)
	c.have = c.have[1:]
}

// merge makes one splice of a run of splices that overlap in the middle. Every byte of the run is in one of them, so what is
// left of it is text of have that next does not replace, and text of next.
func (c *composition) merge() {
	start, end := min(c.haveStart(), c.next[0].Start), max(c.haveEnd(), c.next[0].End)
	before := start - c.shift
	var middle []byte
	var edits []Splice
	for {
		switch {
		case len(c.have) > 0 && c.haveStart() < end:
			end = max(end, c.haveEnd())
			gap := c.haveStart() - start - len(middle) // which next replaces, so any bytes will do
			middle = append(append(middle, make([]byte, gap)...), c.have[0].Text...)
			c.passHave()
		case len(c.next) > 0 && c.next[0].Start < end:
			n := c.next[0]
			end = max(end, n.End)
			edits = append(edits, Splice{n.Start - start, n.End - start, n.Text})
			c.next = c.next[1:]
		default:
			middle = append(middle, make([]byte, end-start-len(middle))...)
			c.out = append(c.out, Splice{before, end - c.shift, string(applySplices(middle, edits))})
			return
		}
	}
}
