package xmlspan

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// write is src in the dialect.
func write(t testing.TB, src []byte, newline string, outside bool) []byte {
	t.Helper()
	d, err := Parse(src, 1, nil)
	if err != nil {
		t.Fatalf("%v\n%q", err, src)
	}
	f := &Format{Newline: newline}
	return f.AppendDocument(nil, d, outside)
}

// wantStable writes src with both newlines and again, and fails if that depends on more than the newline.
func wantStable(t testing.TB, src []byte) {
	t.Helper()
	lf, crlf := write(t, src, "\n", true), write(t, src, "\r\n", true)
	if diff := cmp.Diff(strings.ReplaceAll(string(lf), "\n", "\r\n"), string(crlf)); diff != "" {
		t.Errorf("CR LF differs from LF in more than newlines (-LF +CR LF)\n%s", diff)
	}
	for _, from := range [][]byte{lf, crlf} {
		if diff := cmp.Diff(string(lf), string(write(t, from, "\n", true))); diff != "" {
			t.Errorf("written again as LF (-once +twice)\n%s", diff)
		}
		if diff := cmp.Diff(string(crlf), string(write(t, from, "\r\n", true))); diff != "" {
			t.Errorf("written again as CR LF (-once +twice)\n%s", diff)
		}
	}
}

// TestDialectCases writes the root of in.xml of each case and compares it with want.xml.
func TestDialectCases(t *testing.T) {
	files, err := filepath.Glob("testdata/dialect/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in testdata/dialect (%v)", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) != 2 || a.Files[0].Name != "in.xml" || a.Files[1].Name != "want.xml" {
				t.Fatal("a case has in.xml and want.xml")
			}
			in := []byte(strings.TrimSuffix(string(a.Files[0].Data), "\n"))
			want := Header + "\n" + strings.TrimSuffix(string(a.Files[1].Data), "\n")
			if diff := cmp.Diff(want, string(write(t, in, "\n", true))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			wantStable(t, in)
		})
	}
}

// TestDialectRules holds rules on characters that a case file cannot show well. The root <r> is left out.
func TestDialectRules(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"empty tag", "<a/>", "\n  <a />"},
		{"empty tag with tab", "<a\t/>", "\n  <a />"},
		{"empty tag with two blanks", "<a  />", "\n  <a />"},
		{"start and end tag", "<a></a>", "\n  <a></a>"},
		{"blanks in tags", "<a ></a\n>", "\n  <a></a>"},
		{"blank text", "<a> \t\r\n</a>", "\n  <a></a>"},
		{"blank text by reference", "<a>&#x20;</a><b> &#xD;&#10;\r\n</b>", "\n  <a>&#x20;</a>\n  <b> &#xD;&#10;\n</b>"},
		{"text keeps its blanks", "<a>  x\t </a>", "\n  <a>  x\t </a>"},
		{"text newlines", "<a>1\r\n2\r3\n4&#xD;&#xA;5&#xD;6&#10;7&#xD;\n8\r&#xA;9</a>", "\n  <a>1\n2\n3\n4\n5\n6\n7\n8\n\n9</a>"},
		{"text escapes", "<a>&lt;&gt;>&amp;&quot;&apos;\"'&#x26;&#60;</a>", "\n  <a>&lt;&gt;&gt;&amp;\"'\"'&amp;&lt;</a>"},
		{"text characters", "<a>&#xA0;&#x85;&#x2028;&#xFEFF;&#x1F600;&#9;é</a>", "\n  <a>\u00a0\u0085\u2028\ufeff\U0001F600\té</a>"},
		{"long reference", "<a>&#x000000000000000000041;&#0000000000000000000066;</a>", "\n  <a>AB</a>"},
		{"attribute escapes", `<a b="&lt;&gt;>&amp;&quot;&apos;'" />`, "\n  <a b=\"&lt;&gt;&gt;&amp;&quot;''\" />"},
		{"attribute quotes", `<a b='"x"' c = "y"/>`, "\n  <a b=\"&quot;x&quot;\" c=\"y\" />"},
		{"attribute white space", "<a b='1\t2\r\n3\r4\n5' />", "\n  <a b=\"1 2 3 4 5\" />"},
		{"attribute references", "<a b='&#9;&#xD;&#10;&#x9;&#32;&#x41;' />", "\n  <a b=\"&#x9;&#xD;&#xA;&#x9; A\" />"},
		{"attributes on one line", "<a\n  c='1'\n\tb='2'\n>x</a>", "\n  <a c=\"1\" b=\"2\">x</a>"},
		{"mixed", "<a>x <b><c/> </b> y<d/></a>", "\n  <a>x <b><c /></b> y<d /></a>"},
		{"text after an element", "<a><b/>x<c/></a>", "\n  <a>\n    <b />x<c /></a>"},
		{"preserve", `<a xml:space="preserve"> <b/>&#x20;<c>&#xD;</c></a>`, "\n  <a xml:space=\"preserve\"> <b /> <c>\n</c></a>"},
		{"preserve by reference", `<a xml:space='&#112;reserve'> <b/></a>`, "\n  <a xml:space=\"preserve\"> <b /></a>"},
		{"CDATA", "<a><![CDATA[<&>\r\n]]]]><![CDATA[]]></a>", "\n  <a><![CDATA[<&>\n]]]]><![CDATA[]]></a>"},
		{"comment", "<a><!-- 1\r2 --></a>", "\n  <a>\n    <!-- 1\n2 -->\n  </a>"},
		{"comment in text", "<a>x<!--y--></a>", "\n  <a>x<!--y--></a>"},
		{"processing instruction", "<?p q\r\n?><a><?p?></a>", "\n  <?p q\n?>\n  <a>\n    <?p?>\n  </a>"},
		{"namespaces", `<n:a xmlns:n="u"><n:b n:c="d"/></n:a>`, "\n  <n:a xmlns:n=\"u\">\n    <n:b n:c=\"d\" />\n  </n:a>"},
		{"deep indent", strings.Repeat("<a>", 40) + "<b/>" + strings.Repeat("</a>", 40), deep(40)},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := []byte("<r>" + c.in + "</r>")
			want := Header + "\n<r>" + c.want + "\n</r>"
			if diff := cmp.Diff(want, string(write(t, src, "\n", true))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			wantStable(t, src)
		})
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		b.WriteString("\n" + strings.Repeat("  ", i) + "<a>")
	}
	b.WriteString("\n" + strings.Repeat("  ", n+1) + "<b />")
	for i := n; i >= 1; i-- {
		b.WriteString("\n" + strings.Repeat("  ", i) + "</a>")
	}
	return b.String()
}

func TestDeclaration(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<r/>`, Header + "\n<r />"},
		{`<?xml version='1.0' encoding='us-ascii'?><r/>`, Header + "\n<r />"},
		{"\ufeff<?xml version = \"1.0\" standalone=\"yes\"?>\n<r/>\n", strings.TrimSuffix(Header, "?>") + " standalone=\"yes\"?>\n<r />"},
		{`<!--1--><r/><?p?>`, Header + "\n<!--1-->\n<r />\n<?p?>"},
	} {
		if diff := cmp.Diff(c.want, string(write(t, []byte(c.in), "\n", true))); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.in, diff)
		}
	}
	if got, want := string(write(t, []byte(`<!--1--><r/><?p?>`), "\n", false)), Header+"\n<r />"; got != want {
		t.Errorf("without what is outside: %q, want %q", got, want)
	}
}

func TestHoles(t *testing.T) {
	src := []byte(`<!--b--><r x="1"><a><b/></a><c>t</c><d/></r><!--e-->`)
	d, err := Parse(src, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	hole := func(name, text string) Hole {
		n := d.Nodes[d.At(d.Root(), name)]
		return Hole{Start: n.Start, End: n.End, Text: []byte(text)}
	}
	f := &Format{Newline: "\n", Holes: []Hole{hole("a", "<A />"), hole("c", "")}, Extra: ` y="2"`,
		Drop: func(name, value []byte) bool { return string(name) == "x" }}
	want := Header + "\n<!--b-->\n<r y=\"2\">\n  <A />\n  <d />\n</r>\n<!--e-->"
	if diff := cmp.Diff(want, string(f.AppendDocument(nil, d, true))); diff != "" {
		t.Errorf("holes before a span must not move the scan (-want +got)\n%s", diff)
	}
	n := d.Nodes[d.At(d.Root(), "d")]
	if got, want := string(f.Append(nil, d.Scanned, int(n.Start), int(n.End), 2)), "\n    <d y=\"2\" />"; got != want {
		t.Errorf("span after the holes: %q, want %q", got, want)
	}
}
