package xmlspan

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wantSameKnown fails if what is known of a source that was scanned makes a difference in what is written of it.
func wantSameKnown(t testing.TB, src []byte) {
	t.Helper()
	d, err := Parse(src, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	unknown := Scanned{Src: d.Src}
	drop := func(name, _ []byte) bool { return string(name) == "b" }
	var want, got []byte // their room is used again, as there are many spans
	for _, f := range []Format{
		{Newline: "\n"}, {Newline: "\r\n"}, {Newline: "\n", Extra: ` a="1"`}, {Newline: "\r\n", Drop: drop}, {Newline: "\n", Holes: somePlaces(d)},
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
				var a, b Record
				f.Record = &a
				want = f.Append(want[:0], unknown, int(s[0]), int(s[1]), 2)
				f.Record = &b
				got = f.Append(got[:0], d.Scanned, int(s[0]), int(s[1]), 2)
				if !bytes.Equal(want, got) {
					t.Fatalf("%q of %q (-unknown +known)\n%s", src[s[0]:s[1]], src, cmp.Diff(string(want), string(got)))
				}
				for out := range min(len(want), 500) {
					x, _ := a.At(out)
					y, _ := b.At(out)
					if x != y {
						t.Fatalf("%q of %q: byte %d is from %v, and %v if the source is known", src[s[0]:s[1]], src, out, x, y)
					}
				}
			}
		}
	}
}

// somePlaces are holes in the place of some nodes.
func somePlaces(d *Document) (holes []Hole) {
	end := int32(0)
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.Depth == 2 && n.Start >= end && i%3 > 0 {
			holes = append(holes, Hole{Start: n.Start, End: n.End, Text: []byte(strings.Repeat("<x />", i%3-1))})
			end = n.End
		}
	}
	return holes
}

func TestKnown(t *testing.T) {
	for _, src := range append(seeds,
		string(export(20_000)),
		"<r>"+strings.Repeat("<a/>", 1000)+"</r>", // too many odd ones to be kept
		"<r a='>'><b c=\"'\" d='\"'>x</b ><c xml:space='preserve'> <d> </d>\n</c><e xml:space='default'> <f /></e></r>",
		"<r>\r\n  <a><b>one\r\ntwo</b><c />t</a>\r\n  <d>&#xD;</d><!-- > --><?p > ?><e f=\"&gt;\" /></r>",
	) {
		if _, err := Parse([]byte(src), 3, nil); err == nil {
			wantSameKnown(t, []byte(src))
		}
	}
	odd, _ := Parse([]byte("<r>"+strings.Repeat("<a/>", 1000)+"</r>"), 3, nil)
	if odd.known || odd.odd != nil {
		t.Errorf("%d odd tokens are kept", len(odd.odd))
	}
}

// TestPass holds what a scanner that passes over elements reads to the tokens that the whole has.
func TestPass(t *testing.T) {
	src := "\ufeff<?xml version=\"1.0\"?><r><a x='>'><b/><b y=\"it's\">t</b><!-- </a> --><![CDATA[</a>]]><?p </a>?></a> <c>t</c>\n<d/>u<e></e></r>"
	read := func(s *Scanner, pass func(*Scanner)) (out []string) {
		for s.Next() {
			out = append(out, string(s.src[s.Start:s.End]))
			if s.Depth == 1 {
				pass(s)
			}
		}
		if s.Err() != nil {
			t.Error(s.Err())
		}
		return out
	}
	got := read(NewRescanner([]byte(src)), (*Scanner).Pass)
	if diff := cmp.Diff([]string{"<r>", "<a x='>'>", "</a>", " ", "<c>", "</c>", "\n", "<d/>", "u", "<e>", "</e>", "</r>"}, got); diff != "" {
		t.Errorf("content (-want +got)\n%s", diff)
	}
	got = read(NewRescanner([]byte(src)), (*Scanner).PassElement)
	if diff := cmp.Diff([]string{"<r>", "<a x='>'>", "<c>", "<d/>", "u", "<e>", "</r>"}, got); diff != "" {
		t.Errorf("elements (-want +got)\n%s", diff)
	}
	s := NewScanner([]byte(src), nil)
	if n := len(read(s, (*Scanner).PassElement)); n != len(read(NewScanner([]byte(src), nil), func(*Scanner) {})) {
		t.Errorf("a scanner that checks passes over tokens: %d are left", n)
	}
	for _, cut := range []string{"<r><a>", "<r><a></a", "<r><a", "<r><a><!-", "<r><a></", "<r><a><"} {
		s := NewRescanner([]byte(cut))
		for s.Next() {
			if s.Depth == 1 {
				s.PassElement()
			}
		}
		if s.Err() == nil {
			t.Errorf("%q is taken for whole", cut)
		}
	}
}
