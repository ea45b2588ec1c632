package xmlspan

import (
	"errors"
	"strings"
	"testing"
)

func TestPrefixes(t *testing.T) {
	many := strings.Repeat("<a xmlns:p='u'>", 400) + strings.Repeat("<p:b></p:b>", 400) + strings.Repeat("</a>", 400)
	for _, c := range []struct {
		src    string
		offset int
		want   string
	}{
		{`<a xmlns:p="u"><p:b p:c="1" c="2" xml:lang="x"/><b><p:c></p:c></b></a>`, 0, ""},
		{`<p:a p:c="1" xmlns:p="u"/>`, 0, ""},
		{`<a xmlns="u" xmlns:xml="http://www.w3.org/XML/1998/namespace"><xml:b/></a>`, 0, ""},
		{`<a xmlns:p="u"><b xmlns:p="v" xmlns:q="w" p:c="1" q:c="1"><p:d/></b><p:e/></a>`, 0, ""},
		{`<a xmlns:p="u" xmlns:q="u" p:c="1" q:d="1" c="1"/>`, 0, ""},
		{many, 0, ""},

		{`<a><p:b/></a>`, 4, `prefix "p" is not declared: add xmlns:p`},
		{`<a><b p:c="1"/></a>`, 6, `prefix "p" is not declared: add xmlns:p`},
		{`<a><b xmlns:p="u"/><p:c/></a>`, 20, `prefix "p" is not declared: add xmlns:p`},
		{`<a><b xmlns:p="u"></b><p:c/></a>`, 23, `prefix "p" is not declared: add xmlns:p`},
		{`<a><b xmlns:p="u"></b ><p:c/></a>`, 24, `prefix "p" is not declared: add xmlns:p`},
		{`<a xmlns:p="u"><b xmlns:p="v" xmlns:q="w"><p:c/></b><q:d/></a>`, 53, `prefix "q" is not declared: add xmlns:q`},
		{`<xmlns:a/>`, 1, `prefix "xmlns" is not declared: add xmlns:xmlns`},
		{`<:/>`, 1, `":" is not a name`},
		{`<a:/>`, 1, `"a:" is not a name`},
		{`<:a/>`, 1, `":a" is not a name`},
		{`<a::b/>`, 1, `"a::b" is not a name`},
		{`<a xmlns:p="u"><p:b:c/></a>`, 16, `"p:b:c" is not a name`},
		{`<a xmlns:p="u"><p:1/></a>`, 16, `"p:1" is not a name`},
		{`<a xmlns:="u"/>`, 3, `"xmlns:" is not a name`},
		{`<a b:="u"/>`, 3, `"b:" is not a name`},
		{`<a xmlns:p="" />`, 3, `"xmlns:p" cannot be declared so`},
		{`<a xmlns:xmlns="u"/>`, 3, `"xmlns:xmlns" cannot be declared so`},
		{`<a xmlns:xml="u"/>`, 3, `"xmlns:xml" cannot be declared so`},
		{`<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, 3, `"xmlns:p" cannot be declared so`},
		{`<a xmlns:p="u" xmlns:q="&#117;"><b p:c="1" q:c="2"/></a>`, 43, `attribute "q:c" occurs twice: another prefix has the same namespace`},
		{`<?p:q r?><a/>`, 2, `target "p:q" of a processing instruction has a colon`},
	} {
		d, err := Parse([]byte(c.src), 0, nil)
		var x *SyntaxError
		if c.want == "" && err != nil || c.want != "" && (!errors.As(err, &x) || x.Offset != c.offset || !strings.HasPrefix(x.Msg, c.want)) {
			t.Errorf("%.60s: error %+v, want %q at %d", c.src, err, c.want, c.offset)
		}
		if err == nil {
			wantTiles(t, d.Src)
		}
	}
}

func TestParseElement(t *testing.T) {
	for src, want := range map[string]string{
		`<p:a q:c="1"><q:b/></p:a>`: "",
		`<xmlns:a/>`:                `prefix "xmlns" is not declared: add xmlns:xmlns`,
		`<p:q:a/>`:                  `"p:q:a" is not a name: one colon may stand in it, between a prefix and a name`,
		`<a/><b/>`:                  `second root element "b"`,
	} {
		got := ""
		if _, err := ParseElement([]byte(src), 0, nil); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: error %q, want %q", src, got, want)
		}
	}
}

func TestOpenPrefixes(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`<a>b:c</a>`, ""},
		{`<p:a q:b="1"><r:c/></p:a>`, "p q r"},
		{`<a xmlns:p="u"><p:b/></a><p:c/>`, "p"},
		{`<a><b xmlns:p="u" p:c="1"><p:d/></b><p:e></p:e></a>`, "p"},
		{`<a xmlns:p="u" xml:lang="x"><p:b/></a>`, ""},
		{`<!-- <p:a/> --><![CDATA[<p:b/>]]><?p:c?>`, ""},
	} {
		src := "<root>" + c.src + "</root>"
		got := strings.Join(OpenPrefixes([]byte(src), len("<root>"), len(src)-len("</root>")), " ")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.src, got, c.want)
		}
	}
}
