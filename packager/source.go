package packager

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A source is an XML file and its index.
type source struct {
	name     string
	doc      *xmlspan.Document
	mark     int32 // length of the byte order mark in front of the text
	lines    *diag.Lines
	ordinals []int32 // by node, of the children of the nodes in numbered: places among siblings of one name, 0 where there are none
	numbered map[int32]bool
	above    string // path of the root, if it is not that of the file
}

// at returns the location of node i.
func (s *source) at(i int32) diag.Location {
	n := &s.doc.Nodes[i]
	at := diag.Location{File: s.name, Path: s.path(i)}
	at.Start, at.End = s.span(int(n.Start), int(n.End))
	return at
}

// span returns the positions of two bytes.
func (s *source) span(start, end int) (diag.Position, diag.Position) {
	if s.lines == nil {
		s.lines = diag.NewLines(s.doc.Src)
	}
	return s.lines.Position(start), s.lines.Position(end)
}

func (s *source) finding(r diag.Rule, i int32, format string, args ...any) diag.Diagnostic {
	d := finding(r, s.name, format, args...)
	d.Location = s.at(i)
	return d
}

// sub returns the index of element i to a depth of its own, whose positions are those of the file.
func (s *source) sub(i int32, depth int) *source {
	if s.lines == nil {
		s.lines = diag.NewLines(s.doc.Src)
	}
	return &source{name: s.name, doc: s.doc.Sub(i, depth), mark: s.mark, lines: s.lines, above: s.path(i)}
}

// path is the path of node i from below the root: Section/Element[2].
func (s *source) path(i int32) string {
	d := s.doc
	var parts []string
	for n := i; n != xmlspan.None && d.Nodes[n].Parent != xmlspan.None; n = d.Nodes[n].Parent {
		if !d.Nodes[n].IsElement() {
			continue
		}
		s.number(d.Nodes[n].Parent)
		part := d.Name(n)
		if ordinal := s.ordinals[n]; ordinal > 0 {
			part = fmt.Sprintf("%s[%d]", part, ordinal)
		}
		parts = append(parts, part)
	}
	if s.above != "" {
		parts = append(parts, s.above)
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// number counts the children of a node, once.
func (s *source) number(parent int32) {
	if s.numbered[parent] {
		return
	}
	if s.numbered == nil {
		s.numbered, s.ordinals = map[int32]bool{}, make([]int32, len(s.doc.Nodes))
	}
	s.numbered[parent] = true
	counts := map[string]*int32{}
	name := func(c int32) []byte { return s.doc.NameSpan(c).Of(s.doc.Src) }
	for c := range s.doc.Elements(parent) {
		n := counts[string(name(c))]
		if n == nil {
			n = new(int32)
			counts[string(name(c))] = n
		}
		*n++
		s.ordinals[c] = *n
	}
	for c := range s.doc.Elements(parent) {
		if *counts[string(name(c))] == 1 {
			s.ordinals[c] = 0
		}
	}
}
