package packager

import "github.com/solutionkit/solutionkit/internal/xmlspan"

// A section is one section of customizations.xml while it is written: its start tag comes with its
// first component.
type section struct {
	p     *packing
	name  string
	attrs string
	long  bool // where it is empty, it has an end tag
	open  bool
}

func (s *section) begin() {
	if s.open {
		return
	}
	s.open = true
	f := xmlspan.Format{Newline: s.p.newline}
	s.p.out = append(f.AppendIndent(s.p.out, 1), "<"+s.name+s.attrs+">"...)
}

// add writes the nodes in [start,end) of src.
func (s *section) add(src []byte, start, end int32) { s.addWith(src, start, end, nil) }

func (s *section) addWith(src []byte, start, end int32, holes []xmlspan.Hole) {
	s.begin()
	f := xmlspan.Format{Newline: s.p.newline, Drop: s.p.inScope, Holes: holes}
	s.p.out = f.Append(s.p.out, src, int(start), int(end), 2)
}

// addRoot writes the root of a file.
func (s *section) addRoot(file *source) {
	n := &file.doc.Nodes[file.doc.Root()]
	s.add(file.doc.Src, n.Start, n.End)
}

func (s *section) addNode(n keptNode) {
	s.begin()
	f := xmlspan.Format{Newline: s.p.newline, Drop: s.p.inScope}
	s.p.out = n.append(s.p.out, &f, 2)
}

// close ends the section and reports whether it has content.
func (s *section) close() bool {
	f := xmlspan.Format{Newline: s.p.newline}
	switch {
	case s.open:
		s.p.out = append(f.AppendIndent(s.p.out, 1), "</"+s.name+">"...)
	case s.long:
		s.p.out = append(f.AppendIndent(s.p.out, 1), "<"+s.name+s.attrs+"></"+s.name+">"...)
	default:
		s.p.out = append(f.AppendIndent(s.p.out, 1), "<"+s.name+s.attrs+" />"...)
	}
	return s.open
}
