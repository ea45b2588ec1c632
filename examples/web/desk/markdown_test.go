package desk

import (
	"testing"

	"github.com/google/go-cmp/cmp"
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
