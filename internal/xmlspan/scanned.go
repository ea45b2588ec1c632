package xmlspan

import (
	"bytes"
	"slices"
)

// Scanned is bytes that a scanner has accepted, with what it has seen there, so that they need not be looked at as closely again.
type Scanned struct {
	Src []byte

	known bool
	lines bool // it is in lines, see lines.go
	// odd are the starts of the tags and texts that are not as the dialect writes them, and of the tags with xml:space, in order.
	// It holds only if known is true: of a source with many of them nothing is kept.
	odd []int32
}

// note takes note of the current token of s.
func (d *Scanned) note(s *Scanner) {
	if s.Plain && (!s.colons || s.Kind != StartTag || s.spaceMode() == 0) || !d.known {
		return
	}
	if len(d.odd) >= 64+len(d.Src)/64 {
		d.odd, d.known = nil, false
		return
	}
	d.odd = append(d.odd, int32(s.Start))
}

// oddFrom returns the odd ones from an offset on.
func (d *Scanned) oddFrom(offset int) []int32 {
	i, _ := slices.BinarySearch(d.odd, int32(offset))
	return d.odd[i:]
}

// A glance reads the tokens of what was scanned before, of which all but the odd ones are as the dialect writes them: no tag
// has a ">" before its end.
type glance struct {
	src []byte
	pos int
	odd []int32 // still to come
}

func (d *Scanned) glanceAt(start, end int) glance {
	return glance{src: d.Src[:end], pos: start, odd: d.oddFrom(start)}
}

// isOdd reports whether the token at pos, which is passed over, is an odd one.
func (g *glance) isOdd() bool {
	for len(g.odd) > 0 && int(g.odd[0]) <= g.pos {
		odd := int(g.odd[0]) == g.pos
		g.odd = g.odd[1:]
		if odd {
			return true
		}
	}
	return false
}

// textEnd returns the end of the text at pos.
func (g *glance) textEnd() int {
	i := bytes.IndexByte(g.src[g.pos:], '<')
	if i < 0 {
		return len(g.src)
	}
	return g.pos + i
}

// after returns the offset behind the next end from an offset on, that of the end of the source if there is none.
func (g *glance) after(offset int, end string) int {
	if offset > len(g.src) {
		return len(g.src)
	}
	if i := bytes.Index(g.src[offset:], []byte(end)); i >= 0 {
		return offset + i + len(end)
	}
	return len(g.src)
}

// tagEnd returns the end of the tag at pos, which is not odd.
func (g *glance) tagEnd() int {
	i := bytes.IndexByte(g.src[g.pos:], '>')
	if i < 0 {
		return len(g.src)
	}
	return g.pos + i + 1
}

// markupEnd returns the kind and the end of the comment, CDATA or processing instruction at pos; the kind is 0 if it is a tag.
func (g *glance) markupEnd() (Kind, int) {
	switch g.src[g.pos+1] {
	case '?':
		return ProcInst, g.after(g.pos+len("<?"), "?>")
	case '!':
		if g.src[g.pos+2] == '-' {
			return Comment, g.after(g.pos+len("<!--"), "-->")
		}
		return CData, g.after(g.pos+len("<![CDATA["), "]]>")
	}
	return 0, g.pos
}
