package xmlspan

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var seeds = []string{
	`<r/>`,
	"\ufeff<?xml version=\"1.0\" encoding=\"utf-8\" standalone='no'?>\r\n<r a=\"1\" b='&quot;&#x9;'>\r\n  <a />\r\n  <b></b>\r\n</r>",
	"<r><a> \t</a><b>&#x20;</b><c>&#xD;&#xA;x\r\ny\rz&#13;\n</c>&lt;&gt;&amp;&apos;&quot;</r>",
	"<r xml:space='preserve'> <a/>\r\n<b xml:space='&#112;reserve'>&#x20;</b></r>",
	"<r>x<i>y</i> <!-- c\r\n --><![CDATA[<&]]]]><![CDATA[>]]><?p q?><a/></r>",
	"<!--1--><p:r xmlns:p=\"u\" p:é=\"ü\"><p:x p:y='1\t2\n3'/></p:r><?end?>",
	"<r a='1'b='2'/>", "<r a='1' a='2'/>", "<r>&#xD800;&nbsp;</r>", "<r>]]></r>", "<r/><r/>", "<r>\xff\x00\uffff</r>",
	"<!DOCTYPE r [<!ENTITY a 'b'>]><r>&a;</r>", "<?xml version='1.1'?><r/>", "<r><!-- -- --></r>", "<a><b></a></b>", "<a b=c>", "&",
	"<p:a xmlns:p='u'><p:b xmlns:p='v' p:c='1'/><q:d/></p:a>", "<a::b/>", "<a b::c=''/>", "<a xmlns:p='u' xmlns:q='u' p:x='' q:x=''/>",
}

// laxer are the reasons for which this package refuses what encoding/xml reads.
var laxer = []string{
	"second root element", "text outside the root", "CDATA outside the root", "root element is missing", // it reads fragments
	"blank is missing before an attribute", "occurs twice", "blank is missing after the target",
	"XML declaration", "standalone is", "XML version", "encoding", // it takes any declaration, anywhere
	"character U+", "byte 0x", // it does not look into comments and processing instructions
	"is not declared", "one colon may stand in it", "cannot be declared so", "another prefix has", "has a colon", // nor at namespaces
	"nested deeper", "more attributes", "over the limit of",
}

// isStricter reports whether encoding/xml refuses src, which this package reads, for the one reason that it may: a name has
// letters that XML 1.0 allows since its fifth edition only.
func isStricter(src []byte, failed error) bool {
	return strings.Contains(failed.Error(), "invalid XML name: ") && bytes.IndexFunc(src, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
}

// decode returns the tokens that encoding/xml reads from src, one a line.
func decode(src []byte) ([]string, error) {
	reader := func() *xml.Decoder {
		d := xml.NewDecoder(bytes.NewReader(src))
		d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
		return d
	}
	// Token checks that tags match, RawToken tells names as they are written.
	for d := reader(); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	name := func(n xml.Name) string {
		if n.Space != "" {
			return n.Space + ":" + n.Local
		}
		return n.Local
	}
	var out []string
	for d := reader(); ; {
		token, err := d.RawToken()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		switch x := token.(type) {
		case xml.StartElement:
			line := "start " + name(x.Name)
			for _, a := range x.Attr {
				line += fmt.Sprintf(" %s=%q", name(a.Name), blanked.Replace(a.Value))
			}
			out = append(out, line)
		case xml.EndElement:
			out = append(out, "end "+name(x.Name))
		case xml.CharData:
			out = append(out, fmt.Sprintf("text %q", x))
		case xml.Comment:
			out = append(out, fmt.Sprintf("comment %q", x))
		case xml.ProcInst:
			out = append(out, fmt.Sprintf("instruction %s %q", x.Target, x.Inst))
		case xml.Directive:
			return nil, errors.New("directive")
		}
	}
}

// blanked makes values comparable: encoding/xml leaves white space in them that XML calls blanks.
var blanked = strings.NewReplacer("\t", " ", "\r", " ", "\n", " ")

// tokens returns what this package reads from src, in the form of decode.
func tokens(s *Scanner) (out []string) {
	for s.Next() {
		source := s.src[s.Start:s.End]
		switch s.Kind {
		case StartTag, EmptyTag:
			line := "start " + string(s.Name.Of(s.src))
			for _, a := range s.Attrs {
				line += fmt.Sprintf(" %s=%q", a.Name.Of(s.src), blanked.Replace(AttrValue(a.Value.Of(s.src))))
			}
			out = append(out, line)
			if s.Kind == EmptyTag {
				out = append(out, "end "+string(s.Name.Of(s.src)))
			}
		case EndTag:
			out = append(out, "end "+string(s.Name.Of(s.src)))
		case Text:
			out = append(out, fmt.Sprintf("text %q", Decode(normalNewlines(source))))
		case CData:
			out = append(out, fmt.Sprintf("text %q", normalNewlines(source[9:len(source)-3])))
		case Comment:
			out = append(out, fmt.Sprintf("comment %q", source[4:len(source)-3]))
		case ProcInst, Declaration:
			rest := bytes.TrimLeft(s.src[s.Name.End:s.End-2], " \t\r\n")
			out = append(out, fmt.Sprintf("instruction %s %q", s.Name.Of(s.src), rest))
		}
	}
	return out
}

// wantTiles fails if the tokens of src, which is well formed, do not follow each other without a gap.
func wantTiles(t testing.TB, src []byte) {
	t.Helper()
	s := NewScanner(src, nil)
	at := len(src) - len(bytes.TrimPrefix(src, bom))
	for s.Next() {
		if s.Start != at || s.End <= s.Start {
			t.Fatalf("token [%d,%d) after offset %d", s.Start, s.End, at)
		}
		at = s.End
	}
	if s.Err() != nil || at != len(src) {
		t.Fatalf("tokens end at %d of %d: %v", at, len(src), s.Err())
	}
}

func FuzzScan(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		s := NewScanner(src, nil)
		got := tokens(s)
		want, failed := decode(bytes.TrimPrefix(src, bom))
		if err := s.Err(); err != nil {
			var x *SyntaxError
			if !errors.As(err, &x) || x.Offset < 0 || x.Offset > len(src) || x.Msg == "" {
				t.Fatalf("error %#v", err)
			}
			if failed != nil {
				return
			}
			for _, reason := range laxer {
				if strings.Contains(x.Msg, reason) {
					return
				}
			}
			// References to halves of surrogate pairs give U+FFFD there.
			if strings.Contains(x.Msg, "not a known entity") && strings.Contains(strings.Join(want, ""), "\uFFFD") {
				return
			}
			t.Fatalf("%q is refused at %d: %v", src, x.Offset, err)
		}
		wantTiles(t, src)
		again := tokens(Rescan(src))
		if len(got) > 0 && strings.HasPrefix(got[0], "instruction xml ") {
			again = slices.Insert(again, 0, got[0])
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("%q is scanned again (-first +again)\n%s", src, diff)
		}
		if failed != nil {
			if !isStricter(src, failed) {
				t.Fatalf("%q is read, and encoding/xml refuses it: %v", src, failed)
			}
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-encoding/xml +got)\n%s", src, diff)
		}
		d, err := Parse(src, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		wantSameAttrs(t, d)
	})
}

// wantSameAttrs fails if the walk over the attributes of a node gives others than the scan of its tag.
func wantSameAttrs(t testing.TB, d *Document) {
	t.Helper()
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if !n.IsElement() {
			continue
		}
		s := newFragmentScanner(d.Src, int(n.Start), int(n.OpenEnd))
		s.Next()
		var got []Attr
		for a := range d.RawAttrs(int32(i)) {
			got = append(got, a)
		}
		if diff := cmp.Diff(append([]Attr(nil), s.Attrs...), got); diff != "" {
			t.Fatalf("attributes of %q (-scan +walk)\n%s", d.Bytes(int32(i)), diff)
		}
	}
}

// meaning is what must survive writing: tags with their exact values, text that is not white space,
// comments, processing instructions; newlines as LF.
func meaning(t testing.TB, src []byte) (out []string) {
	t.Helper()
	lf := strings.NewReplacer("\r\n", "\n", "\r", "\n")
	s := NewScanner(src, nil)
	for s.Next() {
		source := string(s.src[s.Start:s.End])
		switch s.Kind {
		case StartTag, EmptyTag:
			line := fmt.Sprintf("%d %s", s.Kind, s.Name.Of(s.src))
			for _, a := range s.Attrs {
				line += fmt.Sprintf(" %s=%q", a.Name.Of(s.src), AttrValue(a.Value.Of(s.src)))
			}
			out = append(out, line)
		case EndTag:
			out = append(out, "end")
		case Text:
			if text := lf.Replace(Decode(normalNewlines([]byte(source)))); strings.Trim(text, " \t\n") != "" {
				out = append(out, "text "+text)
			}
		case CData, Comment, ProcInst:
			out = append(out, lf.Replace(source))
		}
	}
	if s.Err() != nil {
		t.Fatalf("%v\n%q", s.Err(), src)
	}
	return out
}

func FuzzAppend(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, err := Parse(src, 0, nil); err != nil {
			return
		}
		if diff := cmp.Diff(meaning(t, src), meaning(t, write(t, src, "\r\n", true))); diff != "" {
			t.Fatalf("%q (-read +written)\n%s", src, diff)
		}
		wantStable(t, src)
		wantSameKnown(t, src)
		wantSameLines(t, src)
	})
}
