package diff

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"strconv"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A jsonMerger merges three JSON texts.
type jsonMerger struct {
	*merger
	trees [3]*jsonspan.Tree
	names [3]string
}

const none = int32(-1)

func (j *jsonMerger) raw(side int, i int32) []byte {
	if i == none {
		return nil
	}
	return j.trees[side].Raw(i)
}

func (j *jsonMerger) at(side int, i int32) diag.Location {
	if i == none || j.names[side] == "" {
		return diag.Location{}
	}
	parts := []solution.Parts{j.base.Parts(), j.ours.Parts(), j.theirs.Parts()}[side]
	return parts.Locate(j.names[side], int(j.trees[side].Node(i).Start))
}

// equal reports whether two values say the same.
func (j *jsonMerger) equal(a int, i int32, b int, k int32) bool {
	if i == none || k == none {
		return i == k
	}
	return bytes.Equal(j.raw(a, i), j.raw(b, k)) || jsonSum(j.trees[a], i) == jsonSum(j.trees[b], k)
}

// value returns the merged text of a value that all three, or both sides, have.
func (j *jsonMerger) value(at [3]int32) []byte {
	b, o, h := at[0], at[1], at[2]
	if j.names[0] == "" {
		b = none
	}
	switch {
	case j.equal(1, o, 2, h) || b != none && j.equal(0, b, 2, h):
		return j.raw(1, o)
	case b != none && j.equal(0, b, 1, o):
		return j.raw(2, h)
	}
	kinds := [2]jsonspan.Kind{j.trees[1].Kind(o), j.trees[2].Kind(h)}
	if kinds[0] == jsonspan.Object && kinds[1] == jsonspan.Object && (b == none || j.trees[0].Kind(b) == jsonspan.Object) {
		return j.object(b, o, h)
	}
	if kinds[0] == jsonspan.Array && kinds[1] == jsonspan.Array && b != none && j.trees[0].Kind(b) == jsonspan.Array {
		if out, ok := j.array(b, o, h); ok {
			return out
		}
	}
	base := string(j.raw(0, b))
	if take, ok := j.settle("", base, string(j.raw(1, o)), string(j.raw(2, h)), j.at(1, o)); ok {
		return []byte(take)
	}
	why := bothChanged
	if b == none {
		why = bothAdded
	}
	j.conflict(why, "", base, string(j.raw(1, o)), string(j.raw(2, h)), j.at(0, b), j.at(1, o), j.at(2, h))
	return j.raw(1, o)
}

// A jsonMember is a member of the merged object, or an element of the merged array.
type jsonMember struct {
	key  string
	text []byte
	ours int32 // none if theirs added it
}

func (j *jsonMerger) members(side int, i int32) (map[string]int32, []string) {
	out := map[string]int32{}
	var names []string
	if i == none {
		return out, nil
	}
	for c := range j.trees[side].Children(i) {
		if j.trees[side].Hidden(c) {
			continue
		}
		name := j.trees[side].Key(c)
		out[name] = c
		names = append(names, name)
	}
	return out, names
}

func get(m map[string]int32, key string) int32 {
	if i, ok := m[key]; ok {
		return i
	}
	return none
}

func (j *jsonMerger) object(b, o, h int32) []byte {
	base, _ := j.members(0, b)
	ours, order := j.members(1, o)
	theirs, theirOrder := j.members(2, h)
	var out []jsonMember
	whole := true
	for _, name := range order {
		x := jsonMember{key: name, ours: ours[name]}
		j.push(pointerStep(name), "")
		keep := true
		x.text, keep = j.member([3]int32{get(base, name), ours[name], get(theirs, name)})
		j.pop()
		if !keep {
			whole = false
			continue
		}
		out = append(out, x)
	}
	for n, name := range theirOrder {
		if _, ok := ours[name]; ok {
			continue
		}
		j.push(pointerStep(name), "")
		text, keep := j.member([3]int32{get(base, name), none, theirs[name]})
		j.pop()
		if !keep {
			continue
		}
		whole = false
		out = slices.Insert(out, behind(out, theirOrder[:n]), jsonMember{name, text, none})
	}
	return j.compose(o, out, whole)
}

// behind returns where the first place behind the nearest of earlier names is.
func behind(list []jsonMember, earlier []string) int {
	for _, name := range slices.Backward(earlier) {
		if i := slices.IndexFunc(list, func(x jsonMember) bool { return x.key == name }); i >= 0 {
			return i + 1
		}
	}
	return len(list)
}

// member merges a member or element that some have; keep is false if it goes.
func (j *jsonMerger) member(at [3]int32) (text []byte, keep bool) {
	b, o, h := at[0], at[1], at[2]
	switch {
	case o != none && h != none:
		if b == none {
			saved := j.names[0]
			j.names[0] = "" // value knows by it that there is no base
			defer func() { j.names[0] = saved }()
		}
		return j.value(at), true
	case o != none && b == none:
		return j.raw(1, o), true
	case o != none: // theirs took it out
		if j.equal(0, b, 1, o) {
			return nil, false
		}
		j.conflict(removedTheirs, "", string(j.raw(0, b)), string(j.raw(1, o)), "", j.at(0, b), j.at(1, o), diag.Location{})
		return j.raw(1, o), true
	case b == none:
		return j.raw(2, h), true
	case !j.equal(0, b, 2, h):
		j.conflict(removedOurs, "", string(j.raw(0, b)), "", string(j.raw(2, h)), j.at(0, b), diag.Location{}, j.at(2, h))
	}
	return nil, false
}

// array merges arrays whose elements have names; false if they have none, or another order on a side.
func (j *jsonMerger) array(b, o, h int32) ([]byte, bool) {
	for _, key := range itemKeys {
		var sides [3]map[string]int32
		var orders [3][]string
		ok := true
		for side, i := range [3]int32{b, o, h} {
			sides[side] = map[string]int32{}
			for c := range j.trees[side].Children(i) {
				name := ""
				if j.trees[side].Kind(c) == jsonspan.Object {
					if v := j.trees[side].Get(c, key); v != jsonspan.None {
						name = j.trees[side].Text(v)
					}
				}
				if _, twice := sides[side][name]; name == "" || twice {
					ok = false
					break
				}
				sides[side][name] = c
				orders[side] = append(orders[side], name)
			}
		}
		if !ok || !oneOrder(orders) {
			continue
		}
		var out []jsonMember
		whole := true
		for _, name := range orders[1] {
			j.push(strconv.Quote(name), "")
			text, keep := j.member([3]int32{get(sides[0], name), sides[1][name], get(sides[2], name)})
			j.pop()
			if keep {
				out = append(out, jsonMember{name, text, sides[1][name]})
			} else {
				whole = false
			}
		}
		for n, name := range orders[2] {
			if _, ok := sides[1][name]; ok {
				continue
			}
			j.push(strconv.Quote(name), "")
			text, keep := j.member([3]int32{get(sides[0], name), none, sides[2][name]})
			j.pop()
			if keep {
				whole = false
				out = slices.Insert(out, behind(out, orders[2][:n]), jsonMember{name, text, none})
			}
		}
		return j.compose(o, out, whole), true
	}
	return nil, false
}

// oneOrder reports whether what all three have stands in one order.
func oneOrder(orders [3][]string) bool {
	count := map[string]int{}
	for _, names := range orders {
		for _, name := range names {
			count[name]++
		}
	}
	var common [3][]string
	for side, names := range orders {
		for _, name := range names {
			if count[name] == len(orders) {
				common[side] = append(common[side], name)
			}
		}
	}
	return slices.Equal(common[0], common[1]) && slices.Equal(common[1], common[2])
}

// jsonSum returns the digest of what a value says.
func jsonSum(t *jsonspan.Tree, i int32) [sha256.Size]byte {
	h := sha256.New()
	writeTree(h, t, i)
	var out [sha256.Size]byte
	h.Sum(out[:0])
	return out
}

func writeTree(h hash.Hash, t *jsonspan.Tree, i int32) {
	switch t.Kind(i) {
	case jsonspan.Object:
		members := map[string]int32{}
		var names []string
		for c := range t.Children(i) {
			if !t.Hidden(c) {
				names = append(names, t.Key(c))
				members[t.Key(c)] = c
			}
		}
		slices.Sort(names)
		fmt.Fprintf(h, "{%d", len(names))
		for _, name := range names {
			fmt.Fprintf(h, "%q:", name)
			writeTree(h, t, members[name])
		}
	case jsonspan.Array:
		h.Write([]byte{'['})
		for c := range t.Children(i) {
			writeTree(h, t, c)
			h.Write([]byte{','})
		}
		h.Write([]byte{']'})
	case jsonspan.String:
		fmt.Fprintf(h, "%q", t.Text(i))
	default:
		h.Write(t.Raw(i))
	}
}

// compose writes a container of ours with other members. whole says that they are those of ours.
func (j *jsonMerger) compose(o int32, members []jsonMember, whole bool) []byte {
	t := j.trees[1]
	n := t.Node(o)
	src := t.Bytes()
	if whole {
		var out []byte
		at := n.Start
		for _, x := range members {
			m := t.Node(x.ours)
			out = append(out, src[at:m.Start]...)
			out = append(out, x.text...)
			at = m.End
		}
		return append(out, src[at:n.End]...)
	}
	open, close := src[n.Start:n.Start+1], src[n.End-1:n.End]
	if len(members) == 0 {
		return append(slices.Clone(open), close...)
	}
	lead, colon := []byte{}, ": "
	for c := range t.Children(o) { // the layout of the first one is that of all
		m := t.Node(c)
		start := m.Start
		if m.KeyStart > 0 {
			start = m.KeyStart - 1
			colon = string(src[m.KeyEnd+1 : m.Start])
		}
		lead = src[n.Start+1 : start]
		break
	}
	end := n.End - 1
	for end > n.Start && isBlankByte(src[end-1]) {
		end--
	}
	tail := src[end : n.End-1]
	out := slices.Clone(open)
	for i, x := range members {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, lead...)
		if n.Kind == jsonspan.Object {
			out = append(out, jsonspan.Quote(x.key)...)
			out = append(out, colon...)
		}
		out = append(out, x.text...)
	}
	return append(append(out, tail...), close...)
}
