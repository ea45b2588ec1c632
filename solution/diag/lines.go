package diag

import (
	"bytes"
	"sort"
)

// lineBlock is the distance, in bytes, of the places where [Lines] remembers the number of runes
// before, so that a position far inside a very long line (a one-line JSON file) stays cheap.
const lineBlock = 1024

// Lines turns byte offsets of one text into line and column. It is built once for a text and then
// answers in the logarithm of the number of lines. Safe for concurrent use.
//
// A line ends with LF, CRLF or a lone CR; mixed files are fine. Columns count the runes of UTF-8; a
// byte order mark at the start of the text is no rune of the first line, as editors show it.
type Lines struct {
	src    []byte
	starts []int // offset of the first byte of each line
	runes  []int // runes[i]: how many runes start before i*lineBlock
}

// NewLines indexes src, which must not change afterwards. It reads src once and never fails: bytes
// that are not UTF-8 make the columns behind them on their line approximate, nothing else.
func NewLines(src []byte) *Lines {
	l := &Lines{src: src, starts: []int{0}}
	n := 0
	for i := 0; i < len(src); i++ {
		if i%lineBlock == 0 {
			l.runes = append(l.runes, n)
		}
		c := src[i]
		if c&0xC0 != 0x80 {
			n++
		}
		if c == '\n' || c == '\r' && (i+1 == len(src) || src[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// Position returns the place of the byte at offset. An offset outside of the text is moved to its
// nearest end, so the end of the text has a position too. Inside a rune it is the place of the rune.
func (l *Lines) Position(offset int) Position {
	offset = min(max(offset, 0), len(l.src))
	line := sort.SearchInts(l.starts, offset+1) - 1
	start := l.starts[line]
	column := l.before(offset) - l.before(start)
	if offset < len(l.src) && l.src[offset]&0xC0 == 0x80 && column > 0 {
		column-- // the rune that offset lies in has started already
	}
	if line == 0 && column > 0 && bytes.HasPrefix(l.src, bom) {
		column--
	}
	return Position{Offset: offset, Line: line + 1, Column: column + 1}
}

// Span returns the location of the bytes [start,end) of the text, which was read from file.
func (l *Lines) Span(file string, start, end int) Location {
	return Location{File: file, Start: l.Position(start), End: l.Position(end)}
}

// before returns how many runes start before offset.
func (l *Lines) before(offset int) int {
	if len(l.runes) == 0 {
		return 0
	}
	block := min(offset/lineBlock, len(l.runes)-1)
	n := l.runes[block]
	for _, c := range l.src[block*lineBlock : offset] {
		if c&0xC0 != 0x80 {
			n++
		}
	}
	return n
}

var bom = []byte("\xef\xbb\xbf")
