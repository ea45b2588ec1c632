package solution

import (
	"encoding/binary"
	"math/rand"
	"slices"
	"testing"
)

// randomSplices returns splices in order of size bytes, which touch now and then.
func randomSplices(r *rand.Rand, size int) []Splice {
	var out []Splice
	for at := r.Intn(4); at <= size && r.Intn(8) > 0; at += r.Intn(4) {
		end := min(at+r.Intn(4), size)
		out = append(out, Splice{at, end, "WXYZ"[:r.Intn(5)]})
		at = end
	}
	return out
}

// checkComposition checks that splices and then others do the same as their composition, and how offsets are traced back.
func checkComposition(t *testing.T, src []byte, first, second []Splice) {
	t.Helper()
	middle := applySplices(src, first)
	want := applySplices(middle, second)
	both := composeSplices(first, second)
	sorted := slices.Clone(both)
	if err := sortSplices("part", sorted); err != nil {
		t.Fatalf("%v after %v make %v: %v", second, first, both, err)
	}
	if !slices.Equal(sorted, both) {
		t.Fatalf("%v after %v make %v, which is not in order", second, first, both)
	}
	if got := applySplices(src, both); string(got) != string(want) {
		t.Fatalf("%v after %v make %v: %q becomes %q, want %q", second, first, both, src, got, want)
	}
	checkOrigins(t, src, both, want)
}

// checkOrigins compares unspliced with its definition: bytes that stay stand where they stood.
func checkOrigins(t *testing.T, src []byte, splices []Splice, made []byte) {
	t.Helper()
	starts := spliceStarts(splices)
	var origins []int // of the bytes of made
	at := 0
	for _, s := range splices {
		for ; at < s.Start; at++ {
			origins = append(origins, at)
		}
		for range len(s.Text) { // bytes, not runes
			origins = append(origins, s.Start)
		}
		at = s.End
	}
	for ; at <= len(src); at++ {
		origins = append(origins, at)
	}
	for i, want := range origins {
		if got := unspliced(splices, starts, i); got != want {
			t.Fatalf("%v: offset %d of %q is %d, want %d", splices, i, made, got, want)
		}
	}
}

func TestComposeSplices(t *testing.T) {
	src := []byte("abcdefghijklmnopqrst")
	for seed := range int64(3000) {
		r := rand.New(rand.NewSource(seed))
		first := randomSplices(r, len(src))
		second := randomSplices(r, len(applySplices(src, first)))
		checkComposition(t, src, first, second)
	}
}

// Splices that share no bytes stay apart, so that they can be joined with those of others.
func TestComposeSplicesApart(t *testing.T) {
	got := composeSplices([]Splice{{2, 4, "X"}, {8, 8, "YY"}}, []Splice{{0, 1, ""}, {3, 4, "Z"}, {9, 9, "!"}})
	want := []Splice{{0, 1, ""}, {2, 4, "X"}, {4, 5, "Z"}, {8, 8, "YY"}, {8, 8, "!"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzSplices makes two runs of splices of any bytes.
func FuzzSplices(f *testing.F) {
	f.Add([]byte("abcdef"), []byte{0, 1, 2, 1, 0, 3}, []byte{2, 2, 1})
	f.Add([]byte(""), []byte{0, 0, 4}, []byte{1, 2, 0, 0, 0, 1})
	f.Add([]byte("<a>\r\n</a>"), []byte{3, 2, 0}, []byte{0, 3, 3, 1, 1, 1})
	f.Add([]byte("0"), []byte("\x0007"), []byte("\x00\x02\xde\x000\x9f")) // texts whose ends make one rune
	f.Fuzz(func(t *testing.T, src, first, second []byte) {
		a := splicesOf(first, len(src))
		checkComposition(t, src, a, splicesOf(second, len(applySplices(src, a))))
	})
}

// splicesOf reads distance, length and text length of each splice.
func splicesOf(ops []byte, size int) []Splice {
	var out []Splice
	at := 0
	for ; len(ops) >= 3; ops = ops[3:] {
		start := at + int(ops[0])
		if start > size {
			break
		}
		at = min(start+int(ops[1]), size)
		text := binary.BigEndian.AppendUint64(nil, uint64(ops[2])*0x0101010101010101)
		out = append(out, Splice{start, at, string(text[:ops[2]%8])})
	}
	return out
}
