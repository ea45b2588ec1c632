package diag

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// lineBlock is the distance, in bytes, of the places where [Lines] remembers line and column. A position is counted from the
// last of them, so it stays cheap far inside a very long line (a one-line JSON file), and a text of nothing but line ends takes
// no more memory than any other.
const lineBlock = 512

// Lines turns byte offsets of one text into line and column. It is built once for a text and then
// answers in a time that does not depend on its length. Safe for concurrent use.
//
// A line ends with LF, CRLF or a lone CR; mixed files are fine. Columns count the runes of UTF-8; a
// byte order mark at the start of the text is no rune of the first line, as editors show it.
type Lines struct {
	src    []byte
	loneCR bool        // some lines may end with CR alone
	blocks []linePlace // blocks[i]: at i*lineBlock
}

// A linePlace is a place in the text.
type linePlace struct {
	line  int // how many lines end before
	runes int // how many runes of its line start before
}

// NewLines indexes src, which must not change afterwards. It reads src once and never fails: bytes
// that are not UTF-8 make the columns behind them on their line approximate, nothing else.
func NewLines(src []byte) *Lines {
	l := &Lines{src: src, loneCR: hasLoneCR(src), blocks: make([]linePlace, 1, len(src)/lineBlock+1)}
	var at linePlace
	for i := lineBlock; i <= len(src); i += lineBlock {
		at = l.walk(at, i-lineBlock, i)
		l.blocks = append(l.blocks, at)
	}
	return l
}

// walk moves a place from one offset to a later one.
func (l *Lines) walk(at linePlace, from, to int) linePlace {
	if l.loneCR {
		return l.walkLoneCR(at, from, to)
	}
	if n := bytes.Count(l.src[from:to], lf); n > 0 {
		from += bytes.LastIndexByte(l.src[from:to], '\n') + 1
		at = linePlace{at.line + n, 0}
	}
	at.runes += runeStarts(l.src[from:to])
	return at
}

// walkLoneCR is walk in a text that may have a CR without LF.
func (l *Lines) walkLoneCR(at linePlace, from, to int) linePlace {
	for i := from; i < to; i++ {
		switch c := l.src[i]; {
		case c == '\n' || c == '\r' && (i+1 == len(l.src) || l.src[i+1] != '\n'):
			at.line, at.runes = at.line+1, 0
		case c&0xC0 != 0x80:
			at.runes++
		}
	}
	return at
}

// hasLoneCR reports whether a CR of src ends a line without LF.
func hasLoneCR(src []byte) bool {
	for {
		i := bytes.IndexByte(src, '\r')
		if i < 0 {
			return false
		}
		if src = src[i+1:]; len(src) == 0 || src[0] != '\n' {
			return true
		}
	}
}

// runeStarts counts the bytes that are not inside a rune, by eight at a time.
func runeStarts(src []byte) int {
	n := len(src)
	for ; len(src) >= 8; src = src[8:] {
		w := binary.LittleEndian.Uint64(src)
		n -= bits.OnesCount64(w >> 7 &^ (w >> 6) & 0x0101010101010101)
	}
	for _, c := range src {
		if c&0xC0 == 0x80 {
			n--
		}
	}
	return n
}

// Position returns the place of the byte at offset. An offset outside of the text is moved to its
// nearest end, so the end of the text has a position too. Inside a rune it is the place of the rune.
func (l *Lines) Position(offset int) Position {
	offset = min(max(offset, 0), len(l.src))
	block := offset / lineBlock
	at := l.walk(l.blocks[block], block*lineBlock, offset)
	column := at.runes
	if offset < len(l.src) && l.src[offset]&0xC0 == 0x80 && column > 0 {
		column-- // the rune that offset lies in has started already
	}
	if at.line == 0 && column > 0 && bytes.HasPrefix(l.src, bom) {
		column--
	}
	return Position{Offset: offset, Line: at.line + 1, Column: column + 1}
}

// After is Position for somebody who knows p, an earlier position of the same text: it costs what lies between the two, if that is
// little. The zero Position is known to everybody.
func (l *Lines) After(p Position, offset int) Position {
	if p.Line == 0 || p.Offset > offset || offset-p.Offset > lineBlock || offset >= len(l.src) || l.src[p.Offset]&0xC0 == 0x80 || l.src[offset]&0xC0 == 0x80 ||
		p.Line == 1 && bytes.HasPrefix(l.src, bom) {
		return l.Position(offset)
	}
	at := l.walk(linePlace{p.Line - 1, p.Column - 1}, p.Offset, offset)
	return Position{Offset: offset, Line: at.line + 1, Column: at.runes + 1}
}

// Span returns the location of the bytes [start,end) of the text, which was read from file.
func (l *Lines) Span(file string, start, end int) Location {
	return Location{File: file, Start: l.Position(start), End: l.Position(end)}
}

var bom, lf = []byte("\xef\xbb\xbf"), []byte("\n")
