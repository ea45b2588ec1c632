package xmlspan

import "bytes"

// What the dialect has written can be written again at another level line by line: a newline behind ">" begins a line of a tag, and all
// others are in texts. So a document is told whether it is in lines: each tag, comment and processing instruction in an element stands behind a newline and two
// blanks for each level, but for end tags that are behind their start tag or text, and there is no CDATA.

// lining finds out whether a document is in lines.
type lining struct {
	src    []byte
	broken bool
	last   lined
	before lined // what is before last, if that is a blank
	level  int   // of last, if it is a blank
}

// lined is what a token is for the lines.
type lined uint8

const (
	linedStart lined = iota // start tag, or the start of the document
	linedNode               // end tag, empty tag, comment or processing instruction
	linedText
	linedBlank
)

const blankLine = "\n" + blanks + blanks

// token takes note of the current token of s.
func (l *lining) token(s *Scanner) {
	switch s.Kind {
	case Text:
		if !s.Blank {
			l.broken = l.broken || l.last == linedBlank || l.src[s.Start] == '\n'
			l.last = linedText
			return
		}
		n := s.End - s.Start
		if n > len(blankLine) || n%2 == 0 || string(l.src[s.Start:s.End]) != blankLine[:n] {
			n = 0 // a level that no token has
		}
		l.last, l.before, l.level = linedBlank, l.last, n/2-(n+1)%2
	case StartTag:
		l.broken = l.broken || !l.begins(s)
		l.last = linedStart
	case EndTag:
		switch l.last {
		case linedBlank:
			l.broken = l.broken || l.before != linedNode || l.level != s.Depth
		case linedNode:
			l.broken = true
		}
		l.last = linedNode
	case CData:
		l.broken = true
	case EmptyTag:
		l.broken = l.broken || !l.begins(s)
		l.last = linedNode
	default:
		l.broken = l.broken || !l.begins(s) || bytes.IndexByte(l.src[s.Start:s.End], '\n') >= 0
		l.last = linedNode
	}
}

// begins reports whether the current token, which is no text, is where a line begins with it. The root may be behind something else.
func (l *lining) begins(s *Scanner) bool {
	if s.Depth == 0 {
		return s.Start == 0 || l.src[s.Start-1] != ' '
	}
	return l.last == linedBlank && l.level == s.Depth
}

// appendLines is appendKnown for the span of a document in lines. It is false, and nothing is written, where the span is not made of lines, or has
// something in it that is not to be written as it is, but for the tags of its outermost elements.
func (f *Format) appendLines(p *pen, scanned Scanned, start, end int, level int) bool {
	src := scanned.Src[:end]
	at := spaceEnd(src, start)
	if f.Record != nil || f.Newline != "\n" || at+1 >= end || src[at] != '<' || src[at+1] == '/' {
		return false
	}
	own := 0 // the indent of the outermost elements
	for at-own > 0 && src[at-own-1] == ' ' {
		own++
	}
	shift := 2*level - own
	if shift > len(blanks) {
		return false
	}
	holes := f.holesFrom(start)
	for i := range holes {
		if h := &holes[i]; int(h.Start) < end && (int(h.Start) <= at || len(h.Text) == 0 && h.Number == 0) {
			return false
		}
	}
	if !onlyOutermostOdd(scanned, at, end, own) {
		return false
	}
	p.indent(level)
	asItIs := f.Extra == "" && f.Drop == nil
	from := at // what is still to be copied begins here
	outermost := true
	for i := at; ; {
		if outermost {
			outermost = false
			if next := p.outermostTag(f, scanned, i, from, asItIs); next > 0 {
				from, i = next, next
			}
		}
		stop := end
		if len(holes) > 0 && int(holes[0].Start) < end {
			stop = int(holes[0].Start)
		}
		n := bytes.IndexByte(src[i:stop], '\n')
		if n < 0 {
			p.line(from, stop)
			if stop == end {
				return true
			}
			p.from, p.to = stop, stop
			p.hole(holes[0], false, 0)
			from, i = int(holes[0].End), int(holes[0].End)
			p.from, p.to = from, from
			holes = holes[1:]
			continue
		}
		i += n + 1
		if src[i-2] != '>' {
			continue // in a text
		}
		if i+own >= end {
			p.line(from, i-1) // white space at the end
			return true
		}
		p.line(from, i)
		if from = i - min(shift, 0); shift > 0 {
			p.dst = append(p.dst, blanks[:shift]...)
		}
		i += own
		outermost = src[i] != ' ' && src[i+1] != '/'
	}
}

// line copies [from,to).
func (p *pen) line(from, to int) {
	if len(p.dst)+to-from > pourSize {
		p.from, p.to = from, to
		p.flush()
		return
	}
	p.dst = append(p.dst, p.src[from:to]...)
}

// outermostTag writes the tag at an offset if it can't be copied, and returns where it ends; else 0. What is from an offset on before it is copied.
func (p *pen) outermostTag(f *Format, scanned Scanned, at, from int, asItIs bool) int {
	g := glance{src: p.src, pos: at, odd: scanned.oddFrom(at)}
	if kind, _ := g.markupEnd(); kind != 0 {
		return 0
	}
	if odd := g.isOdd(); !odd && (asItIs || bytes.IndexByte(p.src[at:g.tagEnd()], '=') < 0) && f.Extra == "" {
		return 0
	}
	p.line(from, at)
	s := tagScanners.Get().(*Scanner)
	s.readTag(p.src, at, 0)
	p.from, p.to = at, at
	p.tag(f, s)
	p.flush()
	end := s.End
	s.src = nil
	tagScanners.Put(s)
	return end
}

// readTag reads the tag at an offset, which was accepted before.
func (s *Scanner) readTag(src []byte, at, depth int) {
	s.rescan(src, at, len(src))
	s.Start, s.Depth = at, depth
	s.startTag()
}

// onlyOutermostOdd reports whether all odd tokens of a span are tags of its outermost elements, which are indented by own blanks.
func onlyOutermostOdd(scanned Scanned, start, end, own int) bool {
	for _, odd := range scanned.oddFrom(start) {
		at := int(odd)
		switch {
		case at >= end:
			return true
		case bytes.Contains(scanned.Src[at:tagEnd(scanned.Src, at)], []byte("xml:space")):
			return false
		case at == start:
		case scanned.Src[at] != '<' || scanned.Src[at+1] == '/' || at < own+2 || scanned.Src[at-own-1] != '\n' || scanned.Src[at-own-2] != '>':
			return false
		}
	}
	return true
}
