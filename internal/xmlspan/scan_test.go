package xmlspan

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestErrors holds every reason to refuse input. The offset is where in the input "^" stands, which is taken out.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"^", "root element is missing"},
		{" <!-- --> ^", "root element is missing"},
		{"^x<a/>", "text outside the root element"},
		{"<a/> ^&#x20;", "text outside the root element"},
		{"^<![CDATA[x]]><a/>", "CDATA outside the root element"},
		{"<a/>^<b/>", `second root element "b"`},
		{"<a/>^</a>", `end tag "a" without a start tag`},
		{"<a>^</b></a>", `end tag "b" where the end of "a" belongs`},
		{"<a>^</></a>", `end tag "" where the end of "a" belongs`},
		{"<a>^</a", `end tag is not closed by ">"`},
		{"<a>^</a b='c'>", `end tag is not closed by ">"`},
		{"<a>^<b>", `element "b" has no end tag`},
		{"<a><b></b>^<", "tag is cut off at the end of the file"},
		{"^<a", "tag is cut off at the end of the file"},
		{"^<a ", "tag is cut off at the end of the file"},
		{"<a>1 ^< 2</a>", `"<" is not the start of a tag: write &lt; in text`},
		{"<a>^<1/></a>", `"<" is not the start of a tag: write &lt; in text`},
		{"<a>^<×/></a>", `"<" is not the start of a tag: write &lt; in text`},
		{"<a^×/>", "blank is missing before an attribute"},
		{"<a ^/ >", `"/" in a tag must be followed by ">"`},
		{"<a ^/", `"/" in a tag must be followed by ">"`},
		{"<a b='c'^d='e'/>", "blank is missing before an attribute"},
		{"<a ^='c'/>", `'=' is not the start of an attribute name`},
		{"<a ^b/>", `attribute "b" has no value`},
		{"<a ^b=c/>", `value of attribute "b" has no quotes`},
		{"<a ^b=", `value of attribute "b" has no quotes`},
		{"<a ^b='c/>", `value of attribute "b" has no closing quote`},
		{`<a b="c^<d"/>`, `"<" is not allowed in an attribute value: write &lt;`},
		{`<a b='"" ^< '/>`, `"<" is not allowed in an attribute value: write &lt;`},
		{"<a b='' c='' ^b=''/>", `attribute "b" occurs twice`},
		{"<a b='1^&2'/>", `"&" is not the start of a reference: write &amp;`},
		{"<a>1 ^& 2</a>", `"&" is not the start of a reference: write &amp;`},
		{"<a>x^&nbsp;</a>", `"&nbsp;" is not a known entity or an allowed character`},
		{"<a>^&#x1;</a>", `"&#x1;" is not a known entity or an allowed character`},
		{"<a>^&#xD800;</a>", `"&#xD800;" is not a known entity or an allowed character`},
		{"<a>^&#xFFFF;</a>", `"&#xFFFF;" is not a known entity or an allowed character`},
		{"<a>^&#x110000;</a>", `"&#x110000;" is not a known entity or an allowed character`},
		{"<a>^&#;</a>", `"&#;" is not a known entity or an allowed character`},
		{"<a>^&#x;</a>", `"&#x;" is not a known entity or an allowed character`},
		{"<a>^&#X41;</a>", `"&#X41;" is not a known entity or an allowed character`},
		{"<a>^&#99999999999999999999;</a>", `"&#99999999999999999999;" is not a known entity or an allowed character`},
		{"<a>^&;</a>", `"&;" is not a known entity or an allowed character`},
		{"<a>x^]]></a>", `"]]>" is not allowed in text: write ]]&gt;`},
		{"<a>a long text before ^]]> and after</a>", `"]]>" is not allowed in text: write ]]&gt;`},
		{"<a>^<!-- x</a>", `comment is not closed by "-->"`},
		{"<a>^<!--->", `comment is not closed by "-->"`},
		{"<a><!-- x ^-- y --></a>", `"--" is not allowed in a comment`},
		{"<a><!--x^---></a>", `"--" is not allowed in a comment`},
		{"<a>^<![CDATA[x]></a>", `CDATA is not closed by "]]>"`},
		{"<a>^<?p </a>", `processing instruction is not closed by "?>"`},
		{"<a>^<? p?></a>", "processing instruction has no target"},
		{"<a><?p^+?></a>", "blank is missing after the target of a processing instruction"},
		{"<a>^<?xml version='1.0'?></a>", "XML declaration is not at the start of the file"},
		{" ^<?xml version='1.0'?><a/>", "XML declaration is not at the start of the file"},
		{"^<?XML version='1.0'?><a/>", "XML declaration is not at the start of the file"},
		{"^<?xml?><a/>", "XML declaration has no version"},
		{"^<?xml encoding='utf-8'?><a/>", "XML declaration has no version"},
		{"^<?xml encoding='utf-8' version='1.0'?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.0' version='1.0'?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.0'encoding='utf-8'?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.0' more='x'?><a/>", "XML declaration is malformed"},
		{"^<?xml version=1.0?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.0?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.0' x?><a/>", "XML declaration is malformed"},
		{"^<?xml version='1.1'?><a/>", `XML version "1.1" is not supported: only 1.0 is`},
		{"^<?xml version='1.0' encoding='koi8-r'?><a/>", `encoding "koi8-r" is declared, but the file is not in it`},
		{"^<?xml version='1.0' standalone='\">'?><a/>", `standalone is "\">" in the XML declaration: yes or no is allowed`},
		{"^<!DOCTYPE a><a/>", "document type declarations are not read: remove <!DOCTYPE>"},
		{`^<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`, "document type declarations are not read: remove <!DOCTYPE>"},
		{"^<!ELEMENT a><a/>", `unknown markup after "<!"`},
		{"<a>^\x00</a>", "character U+0000 is not allowed in XML"},
		{"<a>12345678\t\r\n5678^\x1F</a>", "character U+001F is not allowed in XML"},
		{"<a>é^\xFF</a>", "byte 0xFF is not valid UTF-8"},
		{"<a>^\xED\xA0\x80</a>", "byte 0xED is not valid UTF-8"},
		{"<a>^\xC0\x80</a>", "byte 0xC0 is not valid UTF-8"},
		{"<a>\uFFFD^\uFFFE</a>", "character U+FFFE is not allowed in XML"},
		{"<a>^\uFFFF</a>", "character U+FFFF is not allowed in XML"},
		{"\ufeff^\ufeff<a/>", "text outside the root element"},
	} {
		at := strings.IndexByte(c.in, '^')
		_, err := Parse([]byte(c.in[:at]+c.in[at+1:]), 8, nil)
		if diff := cmp.Diff(error(&SyntaxError{Offset: at, Msg: c.want}), err); diff != "" {
			t.Errorf("%q (-want +got)\n%s", c.in, diff)
		}
	}
}

func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	attrs := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, " a%d=''", i)
		}
		return "<r" + b.String() + "/>"
	}
	long := strings.Repeat("a", 512)
	for _, c := range []struct {
		name, in string
		lim      *Limits
		want     string
	}{
		{"default depth", nested(512), nil, ""},
		{"over default depth", nested(513), nil, "elements are nested deeper than the limit of 512"},
		{"a million levels", strings.Repeat("<a>", 1e6), nil, "elements are nested deeper than the limit of 512"},
		{"depth", nested(3), &Limits{Depth: 3}, ""},
		{"over depth", nested(4), &Limits{Depth: 3}, "elements are nested deeper than the limit of 3"},
		{"default attributes", attrs(512), nil, ""},
		{"over default attributes", attrs(513), &Limits{}, "more attributes than the limit of 512"},
		{"over attributes", attrs(3), &Limits{Attrs: 2}, "more attributes than the limit of 2"},
		{"bytes", "<a></a>", &Limits{Bytes: 7}, ""},
		{"over bytes", "<a></a>", &Limits{Bytes: 6}, "XML of 7 bytes is over the limit of 6"},
		{"default names", "<" + long + " " + long + "=''/>", nil, ""},
		{"over default names", "<" + long + "a/>", nil, "a name of 513 bytes is over the limit of 512"},
		{"over names of attributes", "<a aaaa=''/>", &Limits{Name: 3}, "a name of 4 bytes is over the limit of 3"},
		{"nodes", "<a>\n<b/>t<!--c--><?p?><![CDATA[]]></a>", &Limits{Nodes: 6}, ""},
		{"over nodes", "<a>\n<b/>t<!--c--><?p?><![CDATA[]]></a>", &Limits{Nodes: 5}, "more elements and texts than the limit of 5 for a file of its size"},
		{"over nodes of one kind", "<a>" + strings.Repeat("<b/>", 9) + "</a>", &Limits{Nodes: 9}, "more elements and texts than the limit of 9 for a file of its size"},
		{"default nodes", "<a>" + strings.Repeat("<b />", 1<<16) + "</a>", nil, ""},
		{"over default nodes", "<a>" + strings.Repeat("<b />", 1<<17) + "</a>", nil, "more elements and texts than the limit of 92842 for a file of its size"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.in), 0, c.lim)
			var x *SyntaxError
			if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &x) || x.Msg != c.want || !x.Limit) {
				t.Errorf("error %v, want %q as a limit", err, c.want)
			}
		})
	}
}

func TestTokens(t *testing.T) {
	src := "\ufeff<?xml version='1.0'?> <r><é a='1' xml:c=\"&lt;\">t&amp;</é ><e /><![CDATA[<]]><!--c--><?p q?>\r\n</r>"
	s := NewScanner([]byte(src), nil)
	var got []string
	for s.Next() {
		line := fmt.Sprintf("%d %d %q %q blank=%t plain=%t", s.Kind, s.Depth, s.Name.Of(s.src), src[s.Start:s.End], s.Blank && s.Kind == Text, s.Plain)
		for _, a := range s.Attrs {
			line += fmt.Sprintf(" %s=%s", a.Name.Of(s.src), a.Value.Of(s.src))
		}
		got = append(got, line)
	}
	if s.Err() != nil || s.Next() {
		t.Fatalf("scan does not end well: %v", s.Err())
	}
	want := []string{
		`8 0 "xml" "<?xml version='1.0'?>" blank=false plain=true`,
		`4 0 "" " " blank=true plain=true`,
		`1 0 "r" "<r>" blank=false plain=true`,
		`1 1 "é" "<é a='1' xml:c=\"&lt;\">" blank=false plain=false a=1 xml:c=&lt;`,
		`4 2 "" "t&amp;" blank=false plain=true`,
		`3 1 "é" "</é >" blank=false plain=false`,
		`2 1 "e" "<e />" blank=false plain=true`,
		`5 1 "" "<![CDATA[<]]>" blank=false plain=true`,
		`6 1 "" "<!--c-->" blank=false plain=true`,
		`7 1 "p" "<?p q?>" blank=false plain=true`,
		`4 1 "" "\r\n" blank=true plain=true`,
		`3 0 "r" "</r>" blank=false plain=true`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSearches compares the searches of words with searches byte by byte, for each byte at each place.
func TestSearches(t *testing.T) {
	slow := func(src []byte, end func(c byte) bool) int {
		for i, c := range src {
			if end(c) {
				return i
			}
		}
		return len(src)
	}
	in := func(set string) func(byte) bool { return func(c byte) bool { return strings.IndexByte(set, c) >= 0 } }
	letter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80 }
	check := func(what string, src []byte, got, want int) {
		if got != want {
			t.Errorf("%s of %q is %d, want %d", what, src, got, want)
		}
	}
	for n := range 20 {
		for at := range n {
			for c := range 256 {
				src := []byte(strings.Repeat("x", n))
				src[at] = byte(c)
				check("textEnd", src, textEnd(src, 0), slow(src, in("<>&\r")))
				if c >= 0x20 || strings.IndexByte("\t\r\n", byte(c)) >= 0 { // others never get there
					check("valueEnd", src, valueEnd(src, 0), slow(src, func(c byte) bool { return c < 0x20 || in(`<>&"`)(c) }))
				}
				if got, most := lettersEnd(src, 0), slow(src, func(c byte) bool { return !letter(c) }); got > most || got != most && got+8 <= n {
					t.Errorf("lettersEnd of %q is %d, want %d", src, got, most)
				}
				got, ascii := onlyText(src)
				want := slow(src, isControl)
				if want == n {
					want = -1
				}
				check("onlyText", src, got, want)
				if want < 0 && ascii != (c < 0x80) {
					t.Errorf("onlyText says ascii %t of %q", ascii, src)
				}
				blank := []byte(strings.Repeat(" ", n))
				blank[at] = byte(c)
				check("spaceEnd", blank, spaceEnd(blank, 0), slow(blank, func(c byte) bool { return !in(" \t\r\n")(c) }))
			}
		}
	}
}

func TestAttributesOfOneNameAmongMany(t *testing.T) {
	const count = 3 * manyAttrs
	for first := range count {
		for second := first + 1; second < count; second++ {
			var b strings.Builder
			b.WriteString("<a")
			at := 0
			for i := range count {
				if i == second {
					at, i = b.Len()+1, first
				}
				fmt.Fprintf(&b, ` b%d=""`, i)
			}
			b.WriteString("/>")
			s := NewScanner([]byte(b.String()), nil)
			for s.Next() {
			}
			err, ok := s.Err().(*SyntaxError)
			if !ok || err.Offset != at || err.Msg != fmt.Sprintf(`attribute "b%d" occurs twice`, first) {
				t.Fatalf("attribute %d again as %d: got %v; want an error at %d", first, second, s.Err(), at)
			}
		}
	}
	var many strings.Builder
	for i := range count {
		fmt.Fprintf(&many, ` b%d=""`, i)
	}
	s := NewScanner([]byte("<a"+many.String()+"><a"+many.String()+"/></a>"), nil)
	for s.Next() {
	}
	if s.Err() != nil {
		t.Error("names of another tag count:", s.Err())
	}
}
