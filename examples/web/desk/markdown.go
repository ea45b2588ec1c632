package desk

import (
	"fmt"
	"html"
	"regexp"
	"strings"
)

// readMarkdown reads the Markdown that this module writes: headings, paragraphs, lists with boxes, tables, folds, and pictures as
// code, which are left out, as the page has pictures of its own. Everything else is text. So a page shows the documents of the
// library without markup that a browser would take for its own.
func readMarkdown(src string) []Block {
	r := &markdownReader{lines: strings.Split(strings.TrimRight(src, "\n"), "\n")}
	return r.blocks(func(string) bool { return false })
}

type markdownReader struct {
	lines []string
	at    int
}

var (
	headingLine = regexp.MustCompile(`^(#{1,6}) (.*)$`)
	foldLine    = regexp.MustCompile(`^<details><summary>(.*)</summary>$`)
	itemLine    = regexp.MustCompile(`^( *)- (\[[ x]\] )?(.*)$`)
	ruleLine    = regexp.MustCompile(`^\|[-:| ]+\|$`)
)

const foldEnd = "</details>"

// blocks reads up to a line that ends what they stand in, and over it.
func (r *markdownReader) blocks(ends func(line string) bool) []Block {
	var out []Block
	for r.at < len(r.lines) {
		line := r.lines[r.at]
		if ends(line) {
			r.at++
			return out
		}
		switch {
		case line == "":
			r.at++
		case strings.HasPrefix(line, "```"):
			for r.at++; r.at < len(r.lines) && r.lines[r.at] != "```"; r.at++ {
			}
			r.at++
		case headingLine.MatchString(line):
			m := headingLine.FindStringSubmatch(line)
			out = append(out, Block{Kind: heading, Level: len(m[1]), Text: readText(m[2])})
			r.at++
		case foldLine.MatchString(line):
			r.at++
			b := Block{Kind: fold, Text: readText(foldLine.FindStringSubmatch(line)[1])}
			b.Blocks = r.blocks(func(line string) bool { return line == foldEnd })
			out = append(out, b)
		case strings.HasPrefix(line, "|") && r.at+1 < len(r.lines) && ruleLine.MatchString(r.lines[r.at+1]):
			out = append(out, r.table())
		case itemLine.MatchString(line):
			out = append(out, Block{Kind: list, Items: r.items(len(itemLine.FindStringSubmatch(line)[1]))})
		default:
			out = append(out, Block{Kind: paragraph, Text: readText(line)})
			r.at++
		}
	}
	return out
}

// items reads the items of a list that are indented so far, and what is below them.
func (r *markdownReader) items(indent int) []Entry {
	var out []Entry
	for r.at < len(r.lines) {
		m := itemLine.FindStringSubmatch(r.lines[r.at])
		if m == nil || len(m[1]) < indent {
			break
		}
		if deep := len(m[1]); deep > indent && len(out) > 0 {
			last := &out[len(out)-1]
			last.Blocks = append(last.Blocks, Block{Kind: list, Items: r.items(deep)})
			continue
		}
		out = append(out, Entry{Text: readText(m[3]), Box: m[2] != ""})
		r.at++
	}
	return out
}

func (r *markdownReader) table() Block {
	b := Block{Kind: table, Head: readCells(r.lines[r.at])}
	for r.at += 2; r.at < len(r.lines) && strings.HasPrefix(r.lines[r.at], "|"); r.at++ {
		row := readCells(r.lines[r.at])
		for len(row) < len(b.Head) {
			row = append(row, Text{})
		}
		b.Rows = append(b.Rows, row)
	}
	return b
}

// readCells reads a row. A bar behind a backslash is one of the text.
func readCells(line string) []Text {
	line = strings.TrimPrefix(line, "|")
	var out []Text
	start := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '|':
			out = append(out, readText(strings.TrimSpace(line[start:i])))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(line[min(start, len(line)):]); rest != "" {
		out = append(out, readText(rest))
	}
	return out
}

// tokens are what is no plain text in a line: escapes, entities, code, emphasis, line ends, and comments that keep links away.
var tokens = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z]+);|`[^`]*`|<code>[^<]*</code>|\\*\\*|<br>|<!-- -->")

func readText(src string) Text {
	if !strings.ContainsAny(src, "\\&`<*") { // no token begins: most cells of large tables
		return plain(src)
	}
	out := Text{}
	style := ""
	add := func(text, style string) {
		if text == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].Style == style && style != code {
			out[n-1].Text += text
			return
		}
		out = append(out, Run{text, style})
	}
	for {
		at := tokens.FindStringIndex(src)
		if at == nil {
			add(src, style)
			return out
		}
		add(src[:at[0]], style)
		token := src[at[0]:at[1]]
		src = src[at[1]:]
		switch {
		case token[0] == '\\':
			add(token[1:], style)
		case token[0] == '&':
			add(html.UnescapeString(token), style)
		case token[0] == '`':
			add(strings.ReplaceAll(strings.Trim(token, "`"), `\|`, "|"), code)
		case strings.HasPrefix(token, "<code>"):
			add(html.UnescapeString(strings.TrimSuffix(strings.TrimPrefix(token, "<code>"), "</code>")), code)
		case token == "<br>":
			add("\n", style)
		case token == "**" && (style == strong || strings.Contains(src, "**")):
			if style == strong {
				style = ""
			} else {
				style = strong
			}
		case token == "**":
			add(token, style)
		}
	}
}

// folded puts what follows a heading of that level into a fold, up to the next heading of that level or above. The first fold of a
// section is open, and so are others if they are few and not long.
func folded(blocks []Block, level int) []Block {
	var out []Block
	var section []int // the folds of it
	close := func() {
		for i, at := range section {
			out[at].Open = i == 0 || len(section) <= fewFolds && out[at].rows() <= fewRows
		}
		section = nil
	}
	for _, b := range blocks {
		switch {
		case b.Kind == heading && b.Level == level:
			section = append(section, len(out))
			out = append(out, Block{Kind: fold, Text: b.Text})
		case b.Kind == heading && b.Level < level:
			close()
			out = append(out, b)
		case len(section) > 0:
			f := &out[len(out)-1]
			f.Blocks = append(f.Blocks, b)
			if b.Kind == table {
				f.Text = append(f.Text, Run{Text: fmt.Sprintf(" (%d)", len(b.Rows))})
			}
		default:
			out = append(out, b)
		}
	}
	close()
	return out
}

// How much of a section is open at first.
const (
	fewFolds = 3
	fewRows  = 30
)

// rows is how many rows there are in a fold.
func (b Block) rows() int {
	n := 0
	for _, x := range b.Blocks {
		n += len(x.Rows)
	}
	return n
}
