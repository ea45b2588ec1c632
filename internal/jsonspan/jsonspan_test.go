package jsonspan

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct {
		src    string
		what   Problem
		offset int
	}{
		{``, Malformed, 0},
		{`{"a":1`, Malformed, 6},
		{`{"a":1,}`, TrailingComma, 6},
		{`[1,]`, TrailingComma, 2},
		{`[1 2]`, Malformed, 3},
		{`{a:1}`, Malformed, 1},
		{`{"a" 1}`, Malformed, 5},
		{"[\"a\tb\"]", ControlInText, 3},
		{"[\"\xf8\"]", NotUTF8, 2},
		{`[01]`, Malformed, 2},
		{`[1.]`, Malformed, 1},
		{`[-]`, Malformed, 1},
		{`["\x"]`, Malformed, 2},
		{`["\u12"]`, Malformed, 2},
		{`[] []`, Malformed, 3},
		{`[tru]`, Malformed, 1},
		{`["a`, Malformed, 3},
		{`["a\`, Malformed, 4},
		{strings.Repeat("[", 600), TooLarge, 512},
	} {
		_, err := Parse([]byte(c.src), nil)
		var se *SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("%.20q: error %v, want a SyntaxError", c.src, err)
			continue
		}
		if se.Problem != c.what || se.Offset != c.offset {
			t.Errorf("%.20q: problem %d at %d (%s), want %d at %d", c.src, se.Problem, se.Offset, se.Message, c.what, c.offset)
		}
	}
}

func TestLenientMendsGiveStrictText(t *testing.T) {
	src := []byte("{\"a\":[1,2,],\"b\":\"x\ty\",}")
	tree, err := Parse(src, &Limits{Lenient: true})
	if err != nil {
		t.Fatal(err)
	}
	var edits []Edit
	for _, m := range tree.Mends() {
		edits = append(edits, Edit(m))
	}
	got, err := Apply(src, edits)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"a":[1,2],"b":"x\ty"}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRepeatedKeys(t *testing.T) {
	big := `{"k0":0`
	for i := range 20 {
		big += `,"k` + string(rune('a'+i)) + `":1`
	}
	big += `,"k0":2}`
	for _, src := range []string{`{"a":1,"b":2,"\u0061":3}`, big} {
		tree, err := Parse([]byte(src), nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]int32{1}, tree.Repeated()); diff != "" {
			t.Errorf("%.30s (-want +got)\n%s", src, diff)
		}
		if !tree.Hidden(1) {
			t.Errorf("%.30s: the first member is not hidden", src)
		}
	}
}

func TestPointerAndAtAgree(t *testing.T) {
	tree, err := Parse([]byte(`{"a/b":[1,{"~":null,"":[]}],"c":{"d":"e"}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	walk := tree.Pointers()
	for i := range int32(tree.Len()) {
		p := tree.Pointer(i)
		if q := walk.At(i); q != p {
			t.Errorf("node %d: walker says %q, want %q", i, q, p)
		}
		if got, ok := tree.At(p); !ok || got != i {
			t.Errorf("node %d has pointer %q, which names node %d", i, p, got)
		}
	}
	for i := int32(tree.Len()) - 1; i >= 0; i-- {
		if p, q := tree.Pointer(i), walk.At(i); p != q {
			t.Errorf("node %d backwards: walker says %q, want %q", i, q, p)
		}
	}
	if _, ok := tree.At("/a~1b/7"); ok {
		t.Error("a pointer beyond an array names a node")
	}
}

func TestEdits(t *testing.T) {
	src := `{ "a": 1, "b": [1, 2], "c": {} }`
	at := func(tree *Tree, p string) int32 {
		i, ok := tree.At(p)
		if !ok {
			t.Fatalf("no node %s", p)
		}
		return i
	}
	for _, c := range []struct {
		edit func(*Tree) []Edit
		want string
	}{
		{func(t *Tree) []Edit { return []Edit{t.Remove(at(t, "/a"))} }, `{ "b": [1, 2], "c": {} }`},
		{func(t *Tree) []Edit { return []Edit{t.Remove(at(t, "/c"))} }, `{ "a": 1, "b": [1, 2] }`},
		{func(t *Tree) []Edit { return []Edit{t.Remove(at(t, "/b/0"))} }, `{ "a": 1, "b": [2], "c": {} }`},
		{func(t *Tree) []Edit { return t.RemoveAll([]int32{at(t, "/a"), at(t, "/b")}) }, `{ "c": {} }`},
		{func(t *Tree) []Edit { return t.RemoveAll([]int32{at(t, "/a"), at(t, "/b"), at(t, "/c")}) }, `{ }`},
		{func(t *Tree) []Edit { return t.RemoveAll([]int32{at(t, "/a"), at(t, "/c")}) }, `{ "b": [1, 2] }`},
		{func(t *Tree) []Edit { return t.RemoveAll([]int32{at(t, "/b"), at(t, "/c")}) }, `{ "a": 1 }`},
		{func(t *Tree) []Edit { return []Edit{t.Rename(at(t, "/a"), `x"`)} }, `{ "x\"": 1, "b": [1, 2], "c": {} }`},
		{func(t *Tree) []Edit { return []Edit{t.Insert(0, "d", "4"), t.Insert(at(t, "/c"), "e", "5")} }, ``},
		{func(t *Tree) []Edit { return []Edit{t.Insert(at(t, "/b"), "", "3")} }, `{ "a": 1, "b": [1, 2, 3], "c": {} }`},
		{func(t *Tree) []Edit { return []Edit{t.Insert(at(t, "/c"), "e", "5")} }, `{ "a": 1, "b": [1, 2], "c": {"e": 5} }`},
	} {
		tree, err := Parse([]byte(src), nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Apply([]byte(src), c.edit(tree))
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(got) {
			t.Errorf("not JSON: %s", got)
		}
		if c.want != "" && normal(string(got)) != normal(c.want) {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if _, err := Apply([]byte("abc"), []Edit{{0, 2, ""}, {1, 3, ""}}); err == nil {
		t.Error("overlapping edits are accepted")
	}
}

func normal(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestUnquoteAgreesWithQuote(t *testing.T) {
	for _, s := range []string{"", "a\"b\\c\n\t\r\x01", "ä\u2028😀", "</script>"} {
		q := Quote(s)
		if got := Unquote([]byte(q[1 : len(q)-1])); got != s {
			t.Errorf("%q came back as %q", s, got)
		}
	}
	if got := Unquote([]byte(`\ud83d\ude00 \ud83d x \/`)); got != "😀 \ufffd x /" {
		t.Errorf("got %q", got)
	}
}

// A text of many small values is refused before its table is much larger than itself.
func TestNodesLimit(t *testing.T) {
	list := func(n int) []byte { return []byte("[" + strings.Repeat("1,", n-2) + "1]") }
	for _, c := range []struct {
		name string
		src  []byte
		lim  Limits
		want string
	}{
		{"nodes", list(5), Limits{Nodes: 5}, ""},
		{"over nodes", list(6), Limits{Nodes: 5}, "more than 5 values in a text of its size"},
		{"default nodes", list(1 << 16), Limits{}, ""},
		{"over default nodes", list(1 << 17), Limits{}, "more than 76458 values in a text of its size"},
		{"nodes of values with blanks", []byte("[" + strings.Repeat("1                       ,", 1<<17) + "1]"), Limits{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tree, err := Parse(c.src, &c.lim)
			var x *SyntaxError
			if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &x) || x.Message != c.want || x.Problem != TooLarge) {
				t.Errorf("error %v, want %q as a limit", err, c.want)
			}
			if err == nil && tree.Len() > len(c.src) {
				t.Errorf("%d nodes", tree.Len())
			}
		})
	}
}

// Keys that occur twice are found in objects with many members too, however they are written.
func TestRepeatedInLargeObject(t *testing.T) {
	var b strings.Builder
	b.WriteString("{")
	for i := range 1000 {
		fmt.Fprintf(&b, `"k%d":%d,`, i%990, i)
	}
	b.WriteString(`"\u006b5":0,"k\u0036":0,"last":0}`)
	tree, err := Parse([]byte(b.String()), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range tree.Repeated() {
		got = append(got, tree.Key(i)+"="+string(tree.Raw(i)))
	}
	var want []string
	for i := range 10 {
		want = append(want, fmt.Sprintf("k%d=%d", i, i))
	}
	want = append(want, "k5=995", "k6=996")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members that a later one hides (-want +got)\n%s", diff)
	}
}
