package diag

import (
	"cmp"
	"fmt"
	"slices"
)

// EditError is the error of [Apply]: an edit that does not fit the bytes or the other edits.
type EditError struct {
	Edit  Edit   // the edit that was refused
	Cause string // what is wrong with it, lower case
}

// Error returns "file: edit [start,end): cause".
func (e *EditError) Error() string {
	text := fmt.Sprintf("edit [%d,%d): %s", e.Edit.Start, e.Edit.End, e.Cause)
	if e.Edit.File != "" {
		text = e.Edit.File + ": " + text
	}
	return text
}

// Apply returns a copy of src with the edits made. All edits must be of one file, the one that src
// was read from; their offsets are those of src. They may come in any order but must not overlap.
// Edits that touch are fine; insertions at one offset are made in the order given, before an edit
// that replaces the bytes from that offset on. src and edits are left alone.
//
// The error is an [*EditError]; nothing is returned with it.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	size, end := len(src), 0
	for _, e := range sorted {
		switch {
		case e.File != edits[0].File:
			return nil, &EditError{e, fmt.Sprintf("the other edits are of file %q: apply the edits of one file at a time", edits[0].File)}
		case e.Start < 0 || e.End < e.Start || e.End > len(src):
			return nil, &EditError{e, fmt.Sprintf("outside of the %d bytes of the file: apply edits to the bytes they were made for", len(src))}
		case e.Start < end:
			return nil, &EditError{e, fmt.Sprintf("overlaps an edit that ends at %d: apply one fix at a time", end)}
		}
		end = e.End
		size += len(e.New) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range sorted {
		out = append(out, src[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, src[at:]...), nil
}
