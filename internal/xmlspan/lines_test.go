package xmlspan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wantSameLines fails if a source, or what the dialect makes of it, which is in lines, is written otherwise line by line than token by token.
func wantSameLines(t testing.TB, src []byte) {
	t.Helper()
	for _, src := range [][]byte{src, write(t, src, "\n", true)} {
		d, err := Parse(src, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		tokens := d.Scanned
		tokens.lines = false
		drop := func(name, _ []byte) bool { return string(name) == "b" }
		pour := func(dst []byte) []byte { return dst }
		fill := func(dst []byte, n int) []byte { return append(dst, strings.Repeat("<y />", n)...) }
		var want, got []byte // their room is used again, as there are many spans
		for _, f := range []Format{
			{Newline: "\n"}, {Newline: "\n", Extra: ` a="1"`}, {Newline: "\n", Drop: drop, Pour: pour}, {Newline: "\n", InLine: true}, {Newline: "\n", Holes: somePlaces(d)},
			{Newline: "\n", Holes: numbered(somePlaces(d)), Fill: fill},
		} {
			for i := range min(len(d.Nodes), 40) {
				n := &d.Nodes[i]
				if n.Depth < 0 {
					continue
				}
				spans := [][2]int32{{n.Start, n.End}}
				if n.IsElement() {
					spans = append(spans, [2]int32{n.OpenEnd, d.CloseStart(int32(i))})
				}
				for _, s := range spans {
					for level := range 4 {
						want = f.Append(append(want[:0], '.'), tokens, int(s[0]), int(s[1]), level)
						got = f.Append(append(got[:0], '.'), d.Scanned, int(s[0]), int(s[1]), level)
						if !bytes.Equal(want, got) {
							t.Fatalf("%q of %q at level %d (-tokens +lines)\n%s", src[s[0]:s[1]], src, level, cmp.Diff(string(want), string(got)))
						}
					}
				}
			}
		}
	}
}

// numbered are holes that are filled while they are written.
func numbered(holes []Hole) []Hole {
	for i := range holes {
		holes[i].Text, holes[i].Number = nil, i%2+1
	}
	return holes
}

func TestLines(t *testing.T) {
	const root = "<r>\n  <a>\n    <b c=\"&gt;\">one\ntwo\n</b>\n    <d></d>\n  </a>\n  <!-- e -->\n  <f />text\n</r>"
	for _, test := range []struct {
		name, old, new string
		want           bool
	}{
		{"the dialect", "", "", true},
		{"behind a declaration", "<r>", "<?xml version=\"1.0\"?>\n<r>", true},
		{"an odd tag", "c=\"&gt;\"", "c='&gt;'", true},
		{"an indented root", "<r>", "  <r>", false},
		{"CR LF", "  <a>", "  \r\n  <a>", false},
		{"CR LF alone", "\n  <a>", "\r\n  <a>", false},
		{"a tab", "\n    <d>", "\n   \t<d>", false},
		{"an odd indent", "\n    <d>", "\n     <d>", false},
		{"another level", "\n    <d>", "\n      <d>", false},
		{"an empty line", "\n    <d>", "\n\n    <d>", false},
		{"no line", "\n    <d>", "<d>", false},
		{"an end tag on no line", "\n  </a>", "</a>", false},
		{"an end tag behind white space", "<d></d>", "<d>\n    </d>", false},
		{"a tag behind text", "\n    <d>", "x\n    <d>", false},
		{"a text that begins with a newline", ">one", ">\none", false},
		{"a comment of two lines", " e ", " e> \n", false},
		{"a comment of two lines around the root", "<r>", "<!-- > \n --><r>", false},
		{"CDATA", "one", "<![CDATA[>\n]]>", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			src := []byte(strings.Replace(root, test.old, test.new, 1))
			d, err := Parse(src, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if d.lines != test.want {
				t.Errorf("in lines: %t, want %t", d.lines, test.want)
			}
			wantSameLines(t, src)
		})
	}
	for _, src := range append(seeds, string(export(20_000)), "<r>\n  <a xml:space=\"preserve\">\n    <b>\n    </b>\n  </a>\n  <c x='y'>\n    <d />\n  </c>\n</r>",
		"<r>\n  <a x=\""+strings.Repeat("y", 3*pourSize/2)+"\">"+strings.Repeat("z", 3*pourSize/2)+"</a>\n</r>") {
		if _, err := Parse([]byte(src), 3, nil); err == nil {
			wantSameLines(t, []byte(src))
		}
	}
}

// What is poured away while it is written is what would have been written.
func TestPour(t *testing.T) {
	for _, src := range []string{string(export(5 << 20)), "<r><a>" + strings.Repeat("x", 5<<20) + "</a></r>", "<r>" + strings.Repeat("<a>\r\n", 500) + strings.Repeat("</a>", 500) + "</r>"} {
		d, err := Parse([]byte(src), 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		root := &d.Nodes[d.Root()]
		want := (&Format{Newline: "\n"}).Append(nil, d.Scanned, int(root.Start), int(root.End), 3)
		var poured []byte
		f := Format{Newline: "\n", Pour: func(dst []byte) []byte {
			poured = append(poured, dst...)
			return dst[:0]
		}}
		for _, known := range []bool{true, false} {
			poured = poured[:0]
			scanned := d.Scanned
			scanned.known, scanned.lines = known, false
			rest := f.Append(nil, scanned, int(root.Start), int(root.End), 3)
			if string(append(poured, rest...)) != string(want) {
				t.Errorf("%d bytes are poured otherwise than %d are written", len(poured), len(want))
			}
			if len(rest) > pourSize+len(src)/100 {
				t.Errorf("%d bytes are kept", len(rest))
			}
		}
		if n := f.Size(d.Scanned, int(root.Start), int(root.End), 3); len(src) > pourSize && n != len(want) || n > len(want)+len(want)/16 {
			t.Errorf("a size of %d for %d bytes", n, len(want))
		}
	}
}
