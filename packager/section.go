package packager

import "github.com/solutionkit/solutionkit/internal/xmlspan"

// A section is one section of customizations.xml while it is written: its start tag comes with its
// first component.
type section struct {
	p      *packing
	node   int32 // of its element in Other/Customizations.xml
	name   string
	attrs  string
	long   bool // where it is empty, it has an end tag
	open   bool
	format xmlspan.Format // of what is written next
	apart  [][2]int       // what is not of it but in holes
	extra  string         // declarations for what is written next, see [packing.unwrapped]
}

func (s *section) begin() {
	if s.open {
		return
	}
	s.open = true
	f := xmlspan.Format{Newline: s.p.newline}
	s.p.out = f.AppendIndent(s.p.out, 1)
	s.near()
	s.p.out = append(s.p.out, "<"+s.name+s.attrs+">"...)
}

// near notes that a tag is from the section's place in Other/Customizations.xml.
func (s *section) near() { s.p.places.near(len(s.p.out), s.p.custom, s.node) }

// add writes the nodes in [start,end) of a file.
func (s *section) add(file *source, start, end int32) { s.addWith(file, start, end, nil) }

func (s *section) addWith(file *source, start, end int32, holes []xmlspan.Hole) {
	s.begin()
	f := &s.format
	*f = *s.p.format(s.p.places.of(file, start, end))
	f.Holes, f.Extra, s.extra = holes, s.extra, ""
	s.apart = s.apart[:0]
	for _, h := range holes {
		s.apart = append(s.apart, [2]int{int(h.Start - start), int(h.End - start)})
	}
	s.p.holds(s.name, file.doc, start, end, s.apart)
	s.p.out = f.Append(s.p.out, file.doc.Scanned, int(start), int(end), 2)
	s.p.flow()
}

// addRoot writes the root of a file.
func (s *section) addRoot(file *source) {
	n := &file.doc.Nodes[file.doc.Root()]
	s.add(file, n.Start, n.End)
}

func (s *section) addNode(n keptNode) {
	s.begin()
	s.p.out = n.append(s.p.out, s.p.format(s.p.places.of(s.p.rescue.source, n.start, n.end)), 2)
	s.p.holds(s.name, n.doc, n.start, n.end, nil)
	s.p.flow()
}

// close ends the section and reports whether it has content.
func (s *section) close() bool {
	f := xmlspan.Format{Newline: s.p.newline}
	s.p.out = f.AppendIndent(s.p.out, 1)
	s.near()
	switch {
	case s.open:
		s.p.out = append(s.p.out, "</"+s.name+">"...)
	case s.long:
		s.p.out = append(s.p.out, "<"+s.name+s.attrs+"></"+s.name+">"...)
	default:
		s.p.out = append(s.p.out, "<"+s.name+s.attrs+" />"...)
	}
	return s.open
}
