package xmlspan

import "bytes"

// NewRescanner returns a scanner over a whole document that a scanner has accepted before: it checks less, and can pass over what
// is in an element. What was not accepted gives tokens without a meaning.
func NewRescanner(src []byte) *Scanner {
	s := newFragmentScanner(src, 0, len(src))
	if bytes.HasPrefix(src, bom) {
		s.pos = len(bom)
	}
	if bytes.HasPrefix(src[s.pos:], []byte("<?xml ")) {
		g := glance{src: src, pos: s.pos}
		_, s.pos = g.markupEnd()
	}
	return &s
}

// RescanElements makes s a scanner over elements that a scanner has accepted before, as one of [NewRescanner] is. The memory of s
// is used again.
func (s *Scanner) RescanElements(src []byte) {
	s.rescan(src, 0, len(src))
}

// rescan makes s the scanner of newFragmentScanner, with the memory that it has.
func (s *Scanner) rescan(src []byte, start, end int) {
	attrs, open, names, spaces := s.Attrs[:0], s.open[:0], s.names, s.spaces
	*s = newFragmentScanner(src, start, end)
	s.Attrs, s.open, s.names, s.spaces = attrs, open, names, spaces
}

// Pass passes over what is in the element whose start tag is the current token: the next token is its end tag. A scanner that
// checks what it reads passes over nothing.
func (s *Scanner) Pass() {
	if s.fragment && s.Kind == StartTag {
		s.pos = contentEnd(s.src, s.pos)
	}
}

// PassElement passes over the element whose start tag is the current token and the white space behind it: the next token is what
// comes then. A scanner that checks what it reads passes over nothing.
func (s *Scanner) PassElement() {
	if !s.fragment || s.Kind != StartTag {
		return
	}
	i := contentEnd(s.src, s.pos)
	if n := bytes.IndexByte(s.src[i:], '>'); n >= 0 {
		s.skipTo(spaceEnd(s.src, i+n+1))
	} else {
		s.pos = len(s.src) // there is no end tag, as Next will tell
	}
}

// contentEnd returns where the end tag of the element starts whose content starts at i; the end of src if it has none.
func contentEnd(src []byte, i int) int {
	for depth := 1; ; {
		n := bytes.IndexByte(src[i:], '<')
		if n < 0 || i+n+2 >= len(src) {
			return len(src)
		}
		i += n
		switch src[i+1] {
		case '/':
			if depth--; depth == 0 {
				return i
			}
			i += len("</")
		case '!', '?':
			g := glance{src: src, pos: i}
			_, i = g.markupEnd()
		default:
			end := tagEnd(src, i)
			if src[end-2] != '/' {
				depth++
			}
			i = end
		}
	}
}

// tagEnd returns the end of the start or empty tag at i, in whose values there may be a ">".
func tagEnd(src []byte, i int) int {
	n := bytes.IndexByte(src[i:], '>')
	if n < 0 {
		return len(src)
	}
	tag := src[i : i+n]
	if bytes.IndexByte(tag, '=') < 0 || bytes.IndexByte(tag, '\'') < 0 && bytes.Count(tag, []byte{'"'})%2 == 0 {
		return i + n + 1
	}
	quote := byte(0)
	for j := i; j < len(src); j++ {
		switch c := src[j]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return j + 1
		}
	}
	return len(src)
}
