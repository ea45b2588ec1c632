package xmlspan

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// Header is what stands before the newline and the root of every file the dialect writes.
const Header = "\xef\xbb\xbf" + `<?xml version="1.0" encoding="utf-8"?>`

// A Hole replaces the node [Start,End) of the source by Text, on its own line where the dialect gives
// it one. A hole without text leaves nothing.
type Hole struct {
	Start, End int32
	Text       []byte
	Record     *Record // where Text is from; nil: from nowhere
	Number     int     // if not 0, Format.Fill appends what Text would hold, which may be much
}

// Format says how spans are written. The zero value is not usable: Newline is needed.
type Format struct {
	Newline string // "\n" or "\r\n"
	Extra   string // written after the own attributes of each outermost element, with its leading blank
	Holes   []Hole // in source order, not overlapping
	Fill    func(dst []byte, number int) []byte

	// Drop says of the declarations of an outermost element whether they are left out because they
	// are in scope already; nil keeps all.
	Drop func(name, value []byte) bool

	// Record notes where what is written is from; nil notes nothing.
	Record *Record

	// InLine says that there is no newline and no indent before the first node.
	InLine bool

	// Pour, if not nil, is given what has been written when that is much, and returns what to go on with appending to. It can't be
	// together with Record.
	Pour func(dst []byte) []byte
}

// pourSize is how much is written before it is poured.
const pourSize = 1 << 20

const blanks = "                                                                "

func appendIndent(dst []byte, newline string, level int) []byte {
	dst = append(dst, newline...)
	for n := 2 * level; n > 0; n -= len(blanks) {
		dst = append(dst, blanks[:min(n, len(blanks))]...)
	}
	return dst
}

// AppendIndent appends a newline and the indent of level.
func (f *Format) AppendIndent(dst []byte, level int) []byte {
	return appendIndent(dst, f.Newline, level)
}

const (
	inMixed    = 1 << iota // written in line from here on
	inPreserve             // xml:space="preserve"
	hasContent             // something stands after the start tag
)

// Append appends the nodes of the span [start,end) of src in the dialect, each on a line of its own
// at level. src must have been scanned before without an error, and the span be balanced.
func (f *Format) Append(dst []byte, src Scanned, start, end int, level int) []byte {
	if src.known {
		return f.appendKnown(dst, src, start, end, level)
	}
	s := newFragmentScanner(src.Src, start, end)
	return f.append(dst, &s, level)
}

// Size is how many bytes Append appends, about that if they are few: much is made once to be counted, as what is as long as it may
// become takes more memory.
func (f *Format) Size(src Scanned, start, end int, level int) int {
	size := end - start
	for _, h := range f.Holes {
		if int(h.Start) >= start && int(h.End) <= end {
			size += len(h.Text) - int(h.End-h.Start)
		}
	}
	if size = max(size, 0); size < pourSize {
		return size + size/16
	}
	n, counting := 0, *f
	counting.Record = nil
	counting.Pour = func(dst []byte) []byte { n += len(dst); return dst[:0] }
	rest := counting.Append(make([]byte, 0, pourSize+pourSize/4), src, start, end, level)
	return n + len(rest)
}

// holesFrom returns the holes from an offset on.
func (f *Format) holesFrom(offset int) []Hole {
	holes := f.Holes
	for len(holes) > 0 && int(holes[0].Start) < offset {
		holes = holes[1:]
	}
	return holes
}

// tagScanners are there to be used again.
var tagScanners = sync.Pool{New: func() any { return &Scanner{Attrs: make([]Attr, 0, 8)} }}

// appendKnown is append for a source whose odd tokens are known.
func (f *Format) appendKnown(dst []byte, scanned Scanned, start, end int, level int) []byte {
	g := scanned.glanceAt(start, end)
	src := g.src
	holes := f.holesFrom(start)
	p := f.pen(dst, src)
	if scanned.lines && f.appendLines(&p, scanned, start, end, level) {
		return p.dst
	}
	var array [64]uint8
	var odd *Scanner // for odd tags
	stack := append(array[:0], 0)
	asItIs := f.Extra == "" && f.Drop == nil // outermost tags are, if they are not odd
	for g.pos < len(src) {
		top := &stack[len(stack)-1]
		depth := len(stack) - 1
		isTag := src[g.pos] == '<'
		if isTag && src[g.pos+1] == '/' {
			from := g.pos
			state := *top
			stack = stack[:depth]
			if state&inMixed == 0 && state&hasContent != 0 {
				p.indent(level + depth - 1)
			}
			odd := g.isOdd()
			if g.pos = g.tagEnd(); !odd {
				p.copy(from, g.pos)
				continue
			}
			p.copy(from, nameEnd(src, from+len("</")))
			p.flush()
			p.dst = append(p.dst, '>')
			continue
		}
		if len(holes) > 0 && g.pos >= int(holes[0].Start) {
			h := holes[0]
			holes = holes[1:]
			if len(h.Text) > 0 || h.Number != 0 {
				p.hole(h, *top&inMixed == 0, level+depth)
				*top |= hasContent
			}
			g.pos = int(h.End)
			continue
		}
		if !isTag {
			from := g.pos
			i := spaceEnd(src, from)
			if blank := i >= len(src) || src[i] == '<'; blank {
				if *top&inPreserve != 0 {
					p.text(from, i, false, true)
					*top |= inMixed | hasContent
				}
				g.pos = i
				continue
			}
			plain := !g.isOdd()
			g.pos = g.textEnd()
			p.text(from, g.pos, plain, *top&inPreserve != 0)
			*top |= inMixed | hasContent
			continue
		}
		kind, to := g.markupEnd()
		if *top&inMixed == 0 && kind != CData {
			p.indent(level + depth)
		}
		*top |= hasContent
		if kind != 0 {
			if kind == CData {
				*top |= inMixed
			}
			p.verbatim(g.pos, to)
			g.pos = to
			continue
		}
		if odd := g.isOdd(); !odd && (depth > 0 || asItIs) {
			to = g.tagEnd()
			p.copy(g.pos, to)
			g.pos = to
			if src[to-2] != '/' {
				stack = append(stack, *top&^hasContent)
			}
			continue
		}
		if odd == nil {
			odd = tagScanners.Get().(*Scanner)
		}
		s := odd
		s.readTag(src, g.pos, depth)
		g.pos = s.End
		p.tag(f, s)
		if s.Kind == StartTag {
			stack = append(stack, *top&^hasContent|s.spaceMode())
		}
	}
	if odd != nil {
		odd.src = nil
		tagScanners.Put(odd)
	}
	p.flush()
	return p.dst
}

func (f *Format) append(dst []byte, s *Scanner, level int) []byte {
	src := s.src
	holes := f.holesFrom(s.pos)
	p := f.pen(dst, src)
	var array [64]uint8
	stack := append(array[:0], 0)
	for s.Next() {
		top := &stack[len(stack)-1]
		if len(holes) > 0 && s.Start >= int(holes[0].Start) && s.Kind != EndTag {
			h := holes[0]
			holes = holes[1:]
			if len(h.Text) > 0 || h.Number != 0 {
				p.hole(h, *top&inMixed == 0, level+s.Depth)
				*top |= hasContent
			}
			s.skipTo(int(h.End))
			continue
		}
		switch s.Kind {
		case StartTag, EmptyTag:
			if *top&inMixed == 0 {
				p.indent(level + s.Depth)
			}
			*top |= hasContent
			p.tag(f, s)
			if s.Kind == StartTag {
				stack = append(stack, *top&^hasContent|s.spaceMode())
			}
		case EndTag:
			state := *top
			stack = stack[:len(stack)-1]
			if state&inMixed == 0 && state&hasContent != 0 {
				p.indent(level + s.Depth)
			}
			p.copy(s.Start, int(s.Name.End))
			if s.Plain {
				p.copy(int(s.Name.End), s.End)
			} else {
				p.flush()
				p.dst = append(p.dst, '>')
			}
		case Text:
			if s.Blank && *top&inPreserve == 0 {
				continue
			}
			p.text(s.Start, s.End, s.Plain && !s.Blank, *top&inPreserve != 0)
			*top |= inMixed | hasContent
		case CData:
			*top |= inMixed | hasContent
			p.verbatim(s.Start, s.End)
		case Comment, ProcInst:
			if *top&inMixed == 0 {
				p.indent(level + s.Depth)
			}
			*top |= hasContent
			p.verbatim(s.Start, s.End)
		}
	}
	p.flush()
	return p.dst
}

// A pen appends to dst. Neighbours in src that are copied go out in one piece: [from,to) is still to come.
type pen struct {
	dst, src []byte
	newline  string
	from, to int
	record   *Record
	inLine   bool
	pour     func(dst []byte) []byte
	fill     func(dst []byte, number int) []byte
}

func (f *Format) pen(dst, src []byte) pen {
	return pen{dst: dst, src: src, newline: f.Newline, record: f.Record, inLine: f.InLine, pour: f.Pour, fill: f.Fill}
}

func (p *pen) flush() {
	p.record.copied(len(p.dst), p.from, p.to)
	if p.pour != nil && len(p.dst)+p.to-p.from > pourSize {
		p.from = p.pourAll()
	}
	p.dst = append(p.dst, p.src[p.from:p.to]...)
	p.from = p.to
}

// pourAll pours what there is, and what is to be copied but for the last of it, which it returns the start of.
func (p *pen) pourAll() int {
	for {
		p.dst = p.pour(p.dst)
		n := min(p.to-p.from, max(pourSize-len(p.dst), 1))
		if n == p.to-p.from {
			return p.from
		}
		p.dst = append(p.dst, p.src[p.from:p.from+n]...)
		p.from += n
	}
}

func (p *pen) copy(start, end int) {
	if start != p.to {
		p.flush()
		p.from = start
	}
	p.to = end
}

func (p *pen) indent(level int) {
	if p.inLine {
		p.inLine = false
		return
	}
	p.flush()
	p.dst = appendIndent(p.dst, p.newline, level)
}

// hole writes the text in the place of a node.
func (p *pen) hole(h Hole, indented bool, level int) {
	if indented {
		p.indent(level)
	}
	p.flush()
	if h.Number != 0 {
		if r := p.record; r != nil {
			defer func(source int32) { r.Source = source }(r.Source)
		}
		p.dst = p.fill(p.dst, h.Number)
		return
	}
	p.record.join(h.Record, len(p.dst))
	p.dst = append(p.dst, h.Text...)
}

// tag writes the current tag of s.
func (p *pen) tag(f *Format, s *Scanner) {
	if s.Plain && (s.Depth > 0 || f.Extra == "" && f.Drop == nil) {
		p.copy(s.Start, s.End)
		return
	}
	p.flush()
	p.dst = f.appendTag(p.dst, s)
	p.record.edge(len(p.dst), s.End)
}

// text writes the raw text [start,end).
func (p *pen) text(start, end int, plain, preserve bool) {
	raw := p.src[start:end]
	if plain && (p.newline == "\n" || bytes.IndexByte(raw, '\n') < 0) {
		p.copy(start, end)
		return
	}
	if bytes.IndexByte(raw, '&') < 0 && bytes.IndexByte(raw, '>') < 0 {
		p.verbatim(start, end)
		return
	}
	text := Decode(normalNewlines(raw))
	if !preserve && strings.Trim(text, " \t\r\n") == "" {
		p.verbatim(start, end) // as characters it would be dropped by the next reader
		return
	}
	p.flush()
	p.record.edge(len(p.dst), start)
	p.dst = AppendText(p.dst, text, p.newline)
	p.record.edge(len(p.dst), end)
}

// verbatim copies [start,end), its newlines turned into those of p.
func (p *pen) verbatim(start, end int) {
	for i := start; i < end; i++ {
		if p.src[i] != '\n' && p.src[i] != '\r' {
			continue
		}
		p.copy(start, i)
		p.flush()
		p.dst = append(p.dst, p.newline...)
		if p.src[i] == '\r' && i+1 < end && p.src[i+1] == '\n' {
			i++
		}
		start = i + 1
	}
	p.copy(start, end)
}

// SkipTo passes over the node at the current token, which ends at an offset.
func (s *Scanner) SkipTo(offset int) { s.skipTo(offset) }

// skipTo continues the scan at offset, which is after a node that began at the current token.
func (s *Scanner) skipTo(offset int) {
	s.pos = offset
	s.Kind = 0
}

// spaceMode returns the state bits that xml:space of the current tag sets.
func (s *Scanner) spaceMode() uint8 {
	for _, a := range s.Attrs {
		if string(a.Name.Of(s.src)) == "xml:space" && AttrValue(a.Value.Of(s.src)) == "preserve" {
			return inPreserve | inMixed
		}
	}
	return 0
}

// appendTag writes the current start or empty tag attribute by attribute.
func (f *Format) appendTag(dst []byte, s *Scanner) []byte {
	src := s.src
	f.Record.copied(len(dst), s.Start, int(s.Name.End))
	dst = append(dst, '<')
	dst = append(dst, s.Name.Of(src)...)
	for _, a := range s.Attrs {
		name, value := a.Name.Of(src), a.Value.Of(src)
		if s.Depth == 0 && f.Drop != nil && f.Drop(name, value) {
			continue
		}
		if bytes.ContainsAny(value, "&<>\"\t\r\n") {
			f.Record.Near(len(dst), int(a.Name.Start))
			dst = AppendAttr(dst, string(name), AttrValue(value))
			continue
		}
		dst = append(dst, ' ')
		if a.Name.End+2 == a.Value.Start && src[a.Value.Start-1] == '"' { // name="value", as it is
			f.Record.copied(len(dst), int(a.Name.Start), int(a.Value.End)+1)
			dst = append(dst, src[a.Name.Start:a.Value.End+1]...)
			continue
		}
		f.Record.copied(len(dst), int(a.Name.Start), int(a.Name.End))
		dst = append(dst, name...)
		dst = append(dst, '=', '"')
		f.Record.copied(len(dst), int(a.Value.Start), int(a.Value.End))
		dst = append(dst, value...)
		dst = append(dst, '"')
	}
	if s.Depth == 0 {
		dst = append(dst, f.extraFor(s)...)
	}
	if s.Kind == EmptyTag {
		return append(dst, " />"...)
	}
	return append(dst, '>')
}

// extraFor returns Extra without what the tag says itself: a tag must not have an attribute twice.
func (f *Format) extraFor(s *Scanner) string {
	extra := f.Extra
	if extra == "" {
		return ""
	}
	for _, a := range s.Attrs {
		// No value in Extra holds a quote, so this can only be the name of an attribute.
		name := " " + string(a.Name.Of(s.src)) + `="`
		before, rest, found := strings.Cut(extra, name)
		if found {
			_, after, _ := strings.Cut(rest, `"`)
			extra = before + after
		}
	}
	return extra
}

// AppendDocument appends the whole of d in the dialect: header, declaration with its standalone
// attribute if it had one, and root. What stands outside the root is kept if outside is true.
func (f *Format) AppendDocument(dst []byte, d *Document, outside bool) []byte {
	size := 0
	for i := range d.Nodes {
		if n := &d.Nodes[i]; n.Depth == 0 && (n.IsElement() || outside) {
			size += f.Size(d.Scanned, int(n.Start), int(n.End), 0)
		}
	}
	dst = append(slices.Grow(dst, size+256), f.header(d)...)
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if n.Depth == 0 && (n.IsElement() || outside) {
			dst = f.Append(dst, d.Scanned, int(n.Start), int(n.End), 0)
		}
	}
	return dst
}

func (f *Format) header(d *Document) string {
	if d.Decl.End == 0 {
		return Header
	}
	decl, msg := parseDeclaration(d.Decl.Of(d.Src))
	if msg != "" || decl.standalone == "" {
		return Header
	}
	return strings.TrimSuffix(Header, "?>") + ` standalone="` + decl.standalone + `"?>`
}
