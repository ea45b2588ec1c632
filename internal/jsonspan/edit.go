package jsonspan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// An Edit replaces the bytes [Start,End) of the text that was read.
type Edit struct {
	Start, End int
	New        string
}

// Replace gives value i another text.
func (t *Tree) Replace(i int32, json string) Edit {
	n := t.nodes[i]
	return Edit{int(n.Start), int(n.End), json}
}

// Rename gives member i another key.
func (t *Tree) Rename(i int32, key string) Edit {
	n := t.nodes[i]
	return Edit{int(n.KeyStart) - 1, int(n.KeyEnd) + 1, Quote(key)}
}

// Remove takes member or element i out of its container, with one comma and the white space before it.
func (t *Tree) Remove(i int32) Edit {
	n := t.nodes[i]
	start := int(n.Start)
	if n.KeyStart > 0 {
		start = int(n.KeyStart) - 1
	}
	before := start
	for before > 0 && isSpace(t.src[before-1]) {
		before--
	}
	if before > 0 && t.src[before-1] == ',' {
		return Edit{before - 1, int(n.End), ""}
	}
	after := int(n.End)
	for after < len(t.src) && isSpace(t.src[after]) {
		after++
	}
	if after < len(t.src) && t.src[after] == ',' {
		after++
		for after < len(t.src) && isSpace(t.src[after]) {
			after++
		}
		return Edit{start, after, ""}
	}
	return Edit{before, int(n.End), ""}
}

// RemoveAll takes out all of is, which may be neighbours. Children of removed nodes need not be given.
func (t *Tree) RemoveAll(is []int32) []Edit {
	var edits []Edit
	for _, i := range is {
		edits = append(edits, t.Remove(i))
	}
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	// Neighbours share white space or a comma: join spans with nothing but space between.
	out := edits[:0]
	for _, e := range edits {
		if n := len(out); n > 0 && (e.Start < out[n-1].End || len(bytes.TrimSpace(t.src[out[n-1].End:e.Start])) == 0) {
			out[n-1].End = max(out[n-1].End, e.End)
			continue
		}
		out = append(out, e)
	}
	return t.repairCommas(out)
}

// repairCommas handles the run of removals at the start of a container: the first took the comma after
// it, the last must not leave one behind or take one that is still needed.
func (t *Tree) repairCommas(edits []Edit) []Edit {
	for k := range edits {
		e := &edits[k]
		after := e.End
		for after < len(t.src) && isSpace(t.src[after]) {
			after++
		}
		before := e.Start
		for before > 0 && isSpace(t.src[before-1]) {
			before--
		}
		if before > 0 && (t.src[before-1] == '{' || t.src[before-1] == '[') && after < len(t.src) && t.src[after] == ',' {
			e.End = after + 1
		}
	}
	return edits
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// Insert adds a member at the end of object i, or an element (with an empty key) at the end of array i,
// in the layout of the last one there.
func (t *Tree) Insert(i int32, key, json string) Edit {
	n := t.nodes[i]
	item := json
	if n.Kind == Object {
		item = Quote(key) + ": " + json
	}
	if n.Count == 0 {
		return Edit{int(n.Start) + 1, int(n.End) - 1, item}
	}
	var last int32
	for c := range t.Children(i) {
		last = c
	}
	m := t.nodes[last]
	start := int(m.Start)
	if m.KeyStart > 0 {
		start = int(m.KeyStart) - 1
		if n.Kind == Object && m.Start == m.KeyEnd+2 {
			item = Quote(key) + ":" + json
		}
	}
	lead := start
	for lead > 0 && isSpace(t.src[lead-1]) {
		lead--
	}
	return Edit{int(m.End), int(m.End), "," + string(t.src[lead:start]) + item}
}

// Apply makes the edits, which must not overlap, in one copy.
func Apply(src []byte, edits []Edit) ([]byte, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	var b bytes.Buffer
	at := 0
	for _, e := range sorted {
		if e.Start < at || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("edit [%d,%d) overlaps another or lies outside the text", e.Start, e.End)
		}
		b.Write(src[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.Write(src[at:])
	return b.Bytes(), nil
}
