package diff

import (
	"bytes"
	"slices"
)

// mergeLines merges texts by their lines. It is false if both sides changed lines that touch.
func mergeLines(base, ours, theirs []byte) ([]byte, bool) {
	b, o, h := lines(base), lines(ours), lines(theirs)
	mine, hers := hunks(b, o), hunks(b, h)
	var out bytes.Buffer
	at := 0
	for len(mine) > 0 || len(hers) > 0 {
		var next hunk
		switch {
		case len(hers) == 0 || len(mine) > 0 && mine[0].end < hers[0].start:
			next, mine = mine[0], mine[1:]
		case len(mine) == 0 || hers[0].end < mine[0].start:
			next, hers = hers[0], hers[1:]
		case mine[0].start == hers[0].start && mine[0].end == hers[0].end && slices.Equal(mine[0].lines, hers[0].lines):
			next, mine, hers = mine[0], mine[1:], hers[1:]
		default:
			return nil, false
		}
		for _, l := range b[at:next.start] {
			out.WriteString(l)
		}
		for _, l := range next.lines {
			out.WriteString(l)
		}
		at = next.end
	}
	for _, l := range b[at:] {
		out.WriteString(l)
	}
	return out.Bytes(), true
}

// A hunk replaces lines [start,end) of the base.
type hunk struct {
	start, end int
	lines      []string
}

// hunks returns how a text differs from the base. Lines that stand once in both are taken for the same where their order allows
// it, and so are equal ones next to those; what is between is replaced.
func hunks(base, text []string) []hunk {
	pairs := anchors(base, text)
	var out []hunk
	i, j := 0, 0
	for _, p := range append(pairs, [2]int{len(base), len(text)}) {
		// equal lines on both ends of the gap stay
		x, y := p[0], p[1]
		for i < x && j < y && base[i] == text[j] {
			i, j = i+1, j+1
		}
		for x > i && y > j && base[x-1] == text[y-1] {
			x, y = x-1, y-1
		}
		if i < x || j < y {
			out = append(out, hunk{i, x, text[j:y]})
		}
		i, j = p[0]+1, p[1]+1
	}
	return out
}

// anchors pairs the lines that stand once in both texts, the longest run of them that has one order in both.
func anchors(a, b []string) [][2]int {
	type count struct{ inA, inB, atA, atB int }
	counts := make(map[string]*count, len(a))
	for i, l := range a {
		if counts[l] == nil {
			counts[l] = &count{}
		}
		counts[l].inA++
		counts[l].atA = i
	}
	for j, l := range b {
		if c := counts[l]; c != nil {
			c.inB++
			c.atB = j
		}
	}
	var pairs [][2]int
	for i, l := range a {
		if c := counts[l]; c.inA == 1 && c.inB == 1 {
			pairs = append(pairs, [2]int{i, c.atB})
		}
	}
	return ascending(pairs)
}

// ascending returns the longest subsequence whose second numbers ascend.
func ascending(pairs [][2]int) [][2]int {
	var tops []int // of each length, the pair with the least second number that ends such a run
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n, _ := slices.BinarySearchFunc(tops, p[1], func(top, want int) int { return pairs[top][1] - want })
		before[i] = -1
		if n > 0 {
			before[i] = tops[n-1]
		}
		if n == len(tops) {
			tops = append(tops, i)
		} else {
			tops[n] = i
		}
	}
	if len(tops) == 0 {
		return nil
	}
	var out [][2]int
	for i := tops[len(tops)-1]; i >= 0; i = before[i] {
		out = append(out, pairs[i])
	}
	slices.Reverse(out)
	return out
}
