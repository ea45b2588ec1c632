package desk

import (
	"bytes"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/solutionkit/solutionkit/solution/inventory"
)

func TestReadMarkdown(t *testing.T) {
	tests := []struct {
		what, src string
		want      []Block
	}{
		{"headings and text", "# One \\*1\\*\n\nA line of `code` and **strong &#124; words**.\n", []Block{
			{Kind: heading, Level: 1, Text: Text{{Text: "One *1*"}}},
			{Kind: paragraph, Text: Text{{Text: "A line of "}, {"code", code}, {Text: " and "}, {"strong | words", strong}, {Text: "."}}}}},
		{"table", "| A | B |\n|--:|---|\n| 1 \\| 2 | `x\\|y`<br>z |\n| 3 |\n", []Block{
			{Kind: table, Head: []Text{{{Text: "A"}}, {{Text: "B"}}}, Rows: [][]Text{
				{{{Text: "1 | 2"}}, {{"x|y", code}, {Text: "\nz"}}}, {{{Text: "3"}}, {}}}}}},
		{"empty cells", "| A | B |\n|---|---|\n|  | b |\n| | |\n", []Block{
			{Kind: table, Head: []Text{{{Text: "A"}}, {{Text: "B"}}}, Rows: [][]Text{{{}, {{Text: "b"}}}, {{}, {}}}}}},
		{"list", "- [ ] **1.** Do\n  - it\n    - soon\n  - well\n- plain\n\nend", []Block{
			{Kind: list, Items: []Entry{
				{Text: Text{{"1.", strong}, {Text: " Do"}}, Box: true, Blocks: []Block{{Kind: list, Items: []Entry{
					{Text: plain("it"), Blocks: []Block{{Kind: list, Items: []Entry{{Text: plain("soon")}}}}}, {Text: plain("well")}}}}},
				{Text: plain("plain")}}},
			{Kind: paragraph, Text: plain("end")}}},
		{"fold", "<details><summary><code>a&lt;b</code> (1)</summary>\n\n- x\n\n</details>\nafter", []Block{
			{Kind: fold, Text: Text{{"a<b", code}, {Text: " (1)"}}, Blocks: []Block{{Kind: list, Items: []Entry{{Text: plain("x")}}}}},
			{Kind: paragraph, Text: plain("after")}}},
		{"fold without end", "<details><summary>a</summary>\nb", []Block{{Kind: fold, Text: plain("a"), Blocks: []Block{{Kind: paragraph, Text: plain("b")}}}}},
		{"picture", "a\n```mermaid\nflowchart\n```\nb", []Block{{Kind: paragraph, Text: plain("a")}, {Kind: paragraph, Text: plain("b")}}},
		{"comments that keep links away", "http:<!-- -->//x #<!-- -->1", []Block{{Kind: paragraph, Text: plain("http://x #1")}}},
		{"markup is text", "<img src=x onerror=alert(1)> <script>", []Block{{Kind: paragraph, Text: plain("<img src=x onerror=alert(1)> <script>")}}},
		{"stars alone", "2 ** 3 \\", []Block{{Kind: paragraph, Text: plain("2 ** 3 \\")}}},
		{"no table", "| a | b |", []Block{{Kind: paragraph, Text: plain("| a | b |")}}},
		{"backslash at the end of a cell", "| A |\n|---|\n| x\\", []Block{{Kind: table, Head: []Text{plain("A")}, Rows: [][]Text{{plain("x\\")}}}}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, readMarkdown(tt.src)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestFolded(t *testing.T) {
	h := func(level int, text string) Block { return Block{Kind: heading, Level: level, Text: plain(text)} }
	p := func(text string) Block { return Block{Kind: paragraph, Text: plain(text)} }
	long := Block{Kind: table, Rows: make([][]Text, fewRows+1)}
	got := folded([]Block{p("before"), h(3, "One"), h(4, "a"), p("of a"), h(4, "b"), long, h(3, "Two"), p("of two"), h(4, "c"), h(4, "d"), h(4, "e"), h(4, "f")}, 4)
	want := []Block{p("before"), h(3, "One"),
		{Kind: fold, Text: plain("a"), Open: true, Blocks: []Block{p("of a")}},
		{Kind: fold, Text: Text{{Text: "b"}, {Text: " (31)"}}, Blocks: []Block{long}},
		h(3, "Two"), p("of two"),
		{Kind: fold, Text: plain("c"), Open: true}, {Kind: fold, Text: plain("d")}, {Kind: fold, Text: plain("e")}, {Kind: fold, Text: plain("f")}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What the library escapes, the page shows as it was. Any text is read without a panic.
func FuzzReadMarkdown(f *testing.F) {
	for _, seed := range []string{"On order", "a|b", `\`, `\|`, "`x`", "**b**", "<br>", "&lt;", "<!-- -->", "# h", "- [ ] x", "```", "a\nb", "<details><summary>x</summary>", "_", "é\u2028", "1. x",
		"| a | b |\n|---|---|\n| 1 | 2 |\n\n- x\n    - y\n<details><summary>z</summary>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		readMarkdown(text)
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || r == 0xfffe || r == 0xffff) }) {
			return // such characters are shown as others
		}
		inv := inventory.Inventory{Solutions: []inventory.Solution{{Title: "Made", Variables: []inventory.Variable{{Title: text, Name: "here"}}}}}
		var b bytes.Buffer
		if err := inv.WriteMarkdown(&b); err != nil {
			t.Fatal(err)
		}
		want := strings.NewReplacer("\u2028", "\n", "\u2029", "\n").Replace(strings.TrimSpace(text))
		got, found := "", false
		for _, block := range readMarkdown(b.String()) {
			if block.Kind == table && len(block.Rows) == 1 {
				row := block.Rows[0] // the column of titles is left out if all are empty
				got, found = "", row[len(row)-1].String() == "here"
				if len(row) == 2 {
					got = row[0].String()
				}
			}
		}
		if !found || got != want {
			t.Errorf("%q is shown as %q, of\n%s", want, got, b.String())
		}
	})
}
