package jsonspan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var fuzzSeeds = []string{
	`{"a":[1,-2.5e3,"x\u00e4",true,false,null],"b":{}}`, `[[],{},""]`, "\xef\xbb\xbf{}", `{"a":1,}`, "\"\xff\"", `"\ud800"`, ` 1 `,
	`{"":{"":[]},"a/b":{"~":1},"a":1,"\u0061":2}`, "[1\t,\r\n2 ]", `[0,-0,0.0,1E+2,1e-999,1e999,00]`, `"\ud83d\ude00\ud83d\/\b\f"`, "\"\u2028\x7f\"",
}

// FuzzParse holds Parse against encoding/json: both accept the same texts, and read the same in them.
func FuzzParse(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, err := Parse(src, nil)
		plain := bytes.TrimPrefix(src, bom) // encoding/json reads no byte order mark
		if isStricter(src, err) {
			return
		}
		if ok := json.Valid(plain); ok != (err == nil) {
			t.Fatalf("json.Valid says %v, Parse says %v", ok, err)
		}
		if err != nil {
			var se *SyntaxError
			if !errors.As(err, &se) || se.Offset < 0 || se.Offset > len(src) || se.Message == "" {
				t.Fatalf("error %#v", err)
			}
			return
		}
		if diff := cmp.Diff(decoded(t, plain), appendTokens(nil, tree, 0)); diff != "" {
			t.Fatalf("%q (-encoding/json +tree)\n%s", src, diff)
		}
		wantPointers(t, tree)
	})
}

// isStricter reports whether Parse refuses src, which encoding/json may read, for one of the reasons that it may: it takes bytes
// that are no UTF-8, and nests deeper.
func isStricter(src []byte, err error) bool {
	var se *SyntaxError
	if !errors.As(err, &se) {
		return false
	}
	return se.Problem == NotUTF8 && !utf8.Valid(src) || se.Problem == TooLarge && bytes.Count(src, []byte("["))+bytes.Count(src, []byte("{")) > 512
}

// decoded returns the tokens that encoding/json reads, one a line.
func decoded(t *testing.T, src []byte) (out []string) {
	d := json.NewDecoder(bytes.NewReader(src))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%T %v", token, token))
	}
}

// appendTokens appends what the tree has from node i on, in the form of decoded.
func appendTokens(out []string, tree *Tree, i int32) []string {
	add := func(v any) { out = append(out, fmt.Sprintf("%T %v", v, v)) }
	if i > 0 && tree.Kind(tree.Parent(i)) == Object {
		add(tree.Key(i))
	}
	switch tree.Kind(i) {
	case Null:
		add(nil)
	case Bool:
		add(tree.True(i))
	case Number:
		add(json.Number(tree.Raw(i)))
	case String:
		add(tree.Text(i))
	case Array, Object:
		brackets := map[Kind]string{Array: "[]", Object: "{}"}[tree.Kind(i)]
		add(json.Delim(brackets[0]))
		for child := range tree.Children(i) {
			out = appendTokens(out, tree, child)
		}
		add(json.Delim(brackets[1]))
	}
	return out
}

// wantPointers fails unless pointers name the nodes that they are of, in both ways of making them.
func wantPointers(t *testing.T, tree *Tree) {
	t.Helper()
	skip := tree.Pointers()
	for i := range int32(tree.Len()) {
		p := tree.Pointer(i)
		if q := skip.At(i); i%3 == 0 && p != q {
			t.Fatalf("walker says %q, want %q", q, p)
		}
		if got, ok := tree.At(p); (!ok || got != i) && tree.Repeated() == nil {
			t.Fatalf("pointer of node %d names %d", i, got)
		}
		if tree.Kind(i) != Number {
			continue
		}
		var want float64
		err := json.Unmarshal(tree.Raw(i), &want)
		if got, ok := tree.Float(i); ok != (err == nil) || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("number %s is %v, %v, want %v (%v)", tree.Raw(i), got, ok, want, err)
		}
	}
}

// FuzzLenient holds that what is read leniently is JSON once it is mended, and the same as before.
func FuzzLenient(f *testing.F) {
	for _, s := range fuzzSeeds {
		f.Add([]byte(s))
	}
	f.Add([]byte("{\"a\":[1,2,],\"b\":\"x\ty\\n\r\n\",}"))
	f.Fuzz(func(t *testing.T, src []byte) {
		tree, err := Parse(src, &Limits{Lenient: true})
		if strict, strictErr := Parse(src, nil); strictErr == nil && (err != nil || strict.Len() != tree.Len() || tree.Mends() != nil) {
			t.Fatalf("%q is JSON and is not read leniently as such: %v", src, err)
		}
		if err != nil {
			return
		}
		var edits []Edit
		for _, m := range tree.Mends() {
			edits = append(edits, Edit(m))
		}
		mended, err := Apply(src, edits)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(mended, nil)
		if err != nil {
			t.Fatalf("%q is mended to %q: %v", src, mended, err)
		}
		if want, got := appendTokens(nil, tree, 0), appendTokens(nil, again, 0); !slices.Equal(want, got) {
			t.Fatalf("%q is mended to %q (-before +after)\n%s", src, mended, cmp.Diff(want, got))
		}
	})
}
