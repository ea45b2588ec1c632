package inventory

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// mostOpen is how many rows a table has that is not folded.
const mostOpen = 30

// A page is what the template shows.
type page struct {
	Title        string
	Solutions    []pageSolution
	Dependencies pageSection
	Picture      template.HTML
}

type pageSolution struct {
	ID       string
	Title    string
	Facts    [][2]string
	Sections []pageSection
}

type pageSection struct {
	ID     string
	Title  string
	Count  int
	Tables []pageTable
}

type pageTable struct {
	Title, About string
	Header       []string
	Rows         [][]string
	Open         bool
}

// WriteHTML writes the inventory as one page that needs nothing else: styles, script and picture are in it, and it asks no network. It has
// a search that filters rows, is light or dark as the reader has it, and can be read without the script. The only errors are those of w,
// to which everything is written at once.
func (inv *Inventory) WriteHTML(w io.Writer) error {
	p := page{Title: inv.title()}
	for i := range inv.Solutions {
		s := &inv.Solutions[i]
		x := pageSolution{ID: fmt.Sprint("s", i+1), Title: s.heading(), Facts: s.facts()}
		for _, sec := range s.sections() {
			x.Sections = append(x.Sections, sec.html(x.ID+"-"))
		}
		p.Solutions = append(p.Solutions, x)
	}
	if d := inv.dependencies(); d.Count > 0 {
		p.Dependencies = d.html("")
		var svg bytes.Buffer
		inv.drawn().WriteSVG(&svg)
		p.Picture = template.HTML(svg.String()) // WriteSVG escapes what it was given
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return fmt.Errorf("write inventory: %w", err)
	}
	_, err := w.Write(shown(b.Bytes()))
	return err
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

func (s section) html(prefix string) pageSection {
	out := pageSection{ID: prefix + s.ID, Title: s.Title, Count: s.Count}
	for i, g := range s.Tables {
		title := g.Title
		if title == "" {
			title = s.Title
		}
		out.Tables = append(out.Tables, pageTable{title, g.About, g.Header, g.Rows, len(g.Rows) <= mostOpen && (i == 0 || len(s.Tables) <= 3)})
	}
	for _, t := range out.Tables {
		for _, row := range t.Rows {
			for i := range row {
				row[i] = strings.TrimSpace(row[i])
			}
		}
	}
	return out
}
