package packager

import "github.com/solutionkit/solutionkit/internal/xmlspan"

// places say where the bytes of a document are from that was joined from files of a tree. nil takes no notes.
type places struct {
	record xmlspan.Record
	spans  []placeSpan // by the number of the source in the record
}

// A placeSpan is a span of a file that was written as a whole.
type placeSpan struct {
	path       string
	start, end int32 // of the text in UTF-8 without a byte order mark; both 0 for a file that is no XML
	mark       int32 // how many bytes of a byte order mark stand in front of that text
}

// of returns the record for writing the span [start,end) of a file.
func (p *places) of(s *source, start, end int32) *xmlspan.Record {
	if p == nil {
		return nil
	}
	p.set(&p.record, s, start, end)
	return &p.record
}

// part returns a record of its own, for text that is written later.
func (p *places) part() *xmlspan.Record {
	if p == nil {
		return nil
	}
	return &xmlspan.Record{}
}

// set says that what is written next with record is from the span [start,end) of a file.
func (p *places) set(record *xmlspan.Record, s *source, start, end int32) {
	if p == nil {
		return
	}
	record.Source = int32(len(p.spans))
	p.spans = append(p.spans, placeSpan{s.name, start, end, s.mark})
}

// near notes that the tag which is written at the offset out is from element i of a file.
func (p *places) near(out int, s *source, i int32) {
	if p == nil {
		return
	}
	n := &s.doc.Nodes[i]
	p.set(&p.record, s, n.Start, n.End)
	p.record.Near(out, int(n.Start))
}

// setFile says that what is written at the offset out of record is made of a whole file.
func (p *places) setFile(record *xmlspan.Record, f *file, out int) {
	if p == nil {
		return
	}
	record.Source = int32(len(p.spans))
	p.spans = append(p.spans, placeSpan{path: f.path})
	record.Near(out, 0)
}
