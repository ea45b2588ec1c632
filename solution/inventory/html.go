package inventory

import (
	"bytes"
	_ "embed"
	"fmt"
	"html"
	"io"
	"strings"
)

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// mostOpen is how many rows a table has that is not folded.
const mostOpen = 30

// WriteHTML writes the inventory as one page that needs nothing else: styles, script and picture are in it, and it asks no network. It has
// a search that filters rows, is light or dark as the reader has it, and can be read without the script. The only errors are those of w,
// to which everything is written at once.
func (inv *Inventory) WriteHTML(w io.Writer) error {
	var p page
	p.head(inv.title())
	p.contents(inv)
	p.put("<main id=\"content\" tabindex=\"-1\">\n")
	for i := range inv.Solutions {
		p.solution(&inv.Solutions[i], prefixOf(i))
	}
	p.dependencies(inv)
	p.put("<p id=\"none\" hidden>No row has these words.</p>\n</main>\n</div>\n<script>\n")
	p.b.WriteString(pageScript)
	p.put("</script>\n</body>\n</html>\n")
	_, err := w.Write(shown(p.b.Bytes()))
	return err
}

// A page is the HTML written so far. It is written without a template, as the engine of templates weighs a megabyte in programs that
// travel to a browser.
type page struct{ b bytes.Buffer }

// put writes HTML with texts in it, which are escaped: they can stand in an element, and between double quotes in a tag.
func (p *page) put(format string, values ...any) {
	for i, v := range values {
		if text, ok := v.(string); ok {
			values[i] = html.EscapeString(text)
		}
	}
	fmt.Fprintf(&p.b, format, values...)
}

func (p *page) head(title string) {
	p.put(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>%s</title>
<style>
`, title)
	p.b.WriteString(pageStyle)
	p.put(`</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<h1>%s</h1>
<div class="search" role="search"><label for="search">Search</label><input id="search" type="search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/" placeholder="words in a row, / to begin"><span id="found" role="status"></span></div>
</header>
<div class="columns">
`, title)
}

// prefixOf begins the ids of what belongs to a solution.
func prefixOf(solution int) string { return fmt.Sprint("s", solution+1) }

// contents writes the links to all topics.
func (p *page) contents(inv *Inventory) {
	p.put("<nav aria-label=\"Contents\">\n")
	link := func(prefix string, s section) {
		p.put("<li><a href=\"#%s\"><span>%s</span> <span class=\"count\">%d</span></a></li>", prefix+s.ID, s.Title, s.Count)
	}
	for i := range inv.Solutions {
		s, prefix := &inv.Solutions[i], prefixOf(i)
		p.put("<strong><a href=\"#%s\">%s</a></strong>\n<ul>\n", prefix, s.heading())
		for _, topic := range s.sections() {
			link(prefix+"-", topic)
			p.put("\n")
		}
		p.put("</ul>\n")
	}
	if d := inv.dependencies(); d.Count > 0 {
		p.put("<ul>")
		link("", d)
		p.put("</ul>\n")
	}
	p.put("</nav>\n")
}

func (p *page) solution(s *Solution, id string) {
	p.put("<section class=\"solution\" aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n<dl>", id, id, s.heading())
	for _, f := range s.facts() {
		p.put("\n<dt>%s</dt><dd>%s</dd>", f[0], f[1])
	}
	p.put("\n</dl>\n")
	for _, topic := range s.sections() {
		id := id + "-" + topic.ID
		p.put("<section class=\"topic\" aria-labelledby=\"%s\">\n<h3 id=\"%s\">%s <span class=\"count\">%d</span></h3>\n", id, id, topic.Title, topic.Count)
		p.tables(topic)
		p.put("</section>\n")
	}
	p.put("</section>\n")
}

// dependencies writes the topic that all solutions share, with its picture.
func (p *page) dependencies(inv *Inventory) {
	d := inv.dependencies()
	if d.Count == 0 {
		return
	}
	p.put("<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s <span class=\"count\">%d</span></h2>\n", d.ID, d.ID, d.Title, d.Count)
	p.put("<div class=\"picture\" role=\"img\" tabindex=\"0\" aria-label=\"Picture of the dependencies. The table below has them as text.\">\n")
	inv.drawn().WriteSVG(&p.b) // which escapes what it was given
	p.put("</div>\n")
	p.tables(d)
	p.put("</section>\n")
}

func (p *page) tables(s section) {
	for i, g := range s.Tables {
		if g.Title == "" {
			g.Title = s.Title
		}
		p.table(g, len(g.Rows) <= mostOpen && (i == 0 || len(s.Tables) <= 3))
	}
}

func (p *page) table(g grid, open bool) {
	p.put("<details")
	if open {
		p.put(" open")
	}
	p.put(">\n<summary>%s", g.Title)
	if len(g.Header) > 0 {
		p.put(" <span class=\"count\">%d</span>", len(g.Rows))
	}
	p.put("</summary>\n")
	if g.About != "" {
		p.put("<p class=\"about\">%s</p>\n", g.About)
	}
	if len(g.Header) > 0 {
		p.put("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n<table><caption>%s</caption>\n<thead><tr>", g.Title, g.Title)
		for _, h := range g.Header {
			p.put("<th scope=\"col\">%s</th>", h)
		}
		p.put("</tr></thead>\n<tbody>\n")
		for _, row := range g.Rows {
			p.row(row)
		}
		p.put("</tbody></table></div>\n")
	}
	p.put("</details>\n")
}

// row writes a row whose first cell names it. That of a finding is its severity.
func (p *page) row(cells []string) {
	p.put("<tr>")
	for i, text := range cells {
		switch text := strings.TrimSpace(text); {
		case i > 0:
			p.put("<td>%s</td>", text)
		case text == "error" || text == "warning":
			p.put("<th scope=\"row\" class=\"%s\">%s</th>", text, text)
		default:
			p.put("<th scope=\"row\">%s</th>", text)
		}
	}
	p.put("</tr>\n")
}

// shown is a document without what no reader can show: bytes that are no UTF-8, and control characters.
func shown(doc []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return 0xfffd
		}
		return r
	}, doc)
}
