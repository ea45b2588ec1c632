package xmlspan

import (
	"bytes"
	"iter"
	"slices"
	"strings"
)

// A Node is an element, or something else that stands between elements, as spans of the source.
// Indexes of nodes are offsets into [Document.Nodes]; None says there is no node.
//
// Files made to use up memory have a node every few bytes, so a node holds nothing that its bytes tell at once: see
// [Document.NameSpan] and [Document.CloseStart].
type Node struct {
	Start, End int32 // the whole node
	OpenEnd    int32 // elements: end of the start tag
	Parent     int32
	Next       int32 // next sibling
	Depth      int16
	Kind       Kind // StartTag or EmptyTag for an element, else Text, CData, Comment or ProcInst
}

// IsElement reports whether n is an element.
func (n *Node) IsElement() bool { return n.Kind == StartTag || n.Kind == EmptyTag }

// None is the index of no node: that of the document itself, whose children are the root and what stands outside of it. It is the
// zero value, as in package jsonspan.
const None int32 = 0

// A Document is the table of the nodes of a source down to a depth. It is immutable.
type Document struct {
	Scanned
	Nodes []Node // in document order; a node's children follow it; the first stands for the document and has depth -1
	Decl  Span   // the XML declaration, empty if there is none
}

// Parse reads a whole document. Elements deeper than depth are checked but not listed; the root has
// depth 0. White-space-only text is not listed, nor is text deeper than depth, which is 1,000 at most.
func Parse(src []byte, depth int, lim *Limits) (*Document, error) {
	d := &Document{}
	if err := ParseInto(d, src, depth, lim); err != nil {
		return nil, err
	}
	return d, nil
}

// ParseInto is Parse into a document whose memory is used again: what was in it is gone.
func ParseInto(d *Document, src []byte, depth int, lim *Limits) error {
	return ParseWatched(d, src, depth, lim, nil)
}

// A Watcher looks at the tokens of a document while it is read.
type Watcher interface {
	// Token is called for the tokens around which no more elements are open than it said last, and at first for those around
	// which none is. White space between tags is left out.
	Token(s *Scanner) (depth int)
}

// ParseWatched is ParseInto with a Watcher, which may be nil.
func ParseWatched(d *Document, src []byte, depth int, lim *Limits, w Watcher) error {
	s := scanners.Get().(*Scanner)
	defer s.release()
	s.start(src, lim)
	*d = Document{Scanned: Scanned{Src: src, known: true}, Nodes: d.Nodes[:0]}
	return d.read(s, depth, w)
}

// ParseElement reads an element that was cut out of a document: prefixes may be declared there.
func ParseElement(src []byte, depth int, lim *Limits) (*Document, error) {
	s := scanners.Get().(*Scanner)
	defer s.release()
	s.start(src, lim)
	s.cutOut = true
	d := &Document{Scanned: Scanned{Src: src, known: true}}
	if err := d.read(s, depth, nil); err != nil {
		return nil, err
	}
	return d, nil
}

// Sub returns the table of the subtree of node i, read anew down to depth below it.
func (d *Document) Sub(i int32, depth int) *Document {
	sub := &Document{}
	d.SubInto(sub, i, depth)
	return sub
}

// SubInto is Sub for a document whose memory is used again: what was in it is gone.
func (d *Document) SubInto(sub *Document, i int32, depth int) {
	n := &d.Nodes[i]
	s := scanners.Get().(*Scanner)
	defer s.release()
	s.rescan(d.Src, int(n.Start), int(n.End))
	*sub = Document{Scanned: Scanned{Src: d.Src}, Nodes: sub.Nodes[:0]}
	// The span has been scanned before, so this can't fail.
	_ = sub.read(s, depth, nil)
	sub.Scanned = d.Scanned
}

func (d *Document) read(s *Scanner, depth int, w Watcher) error {
	var array [8]int32
	last := array[:]
	if depth >= len(array) {
		last = make([]int32, depth+1)
	}
	l := d.lister(s, last)
	lines := lining{src: s.src, broken: s.fragment}
	watched := -1
	if w != nil {
		watched = 0
	}
	for s.Next() {
		d.note(s)
		if !lines.broken {
			lines.token(s)
		}
		if s.Depth <= watched && (s.Kind != Text || !s.Blank) {
			watched = w.Token(s)
		}
		if s.Kind == EndTag {
			if s.Depth <= depth {
				d.Nodes[last[s.Depth]].End = int32(s.End)
			}
			continue
		}
		if s.Depth > depth || s.Kind == Text && s.Blank {
			continue
		}
		l.list()
		if s.Depth == depth {
			s.Pass() // nothing in it is listed
		}
	}
	d.lines = d.known && !lines.broken
	return s.Err()
}

// A Lister makes the table of a document for somebody who reads the tokens, so that it takes no scan of its own.
type Lister struct {
	d           *Document
	s           *Scanner
	last        []int32 // last[k] is the latest listed node at depth k
	begin, size int
}

// NewLister makes a table of all that s reads from now on. A scanner that is used with it passes over nothing.
func NewLister(s *Scanner) *Lister {
	nodes := make([]Node, 0, 8+len(s.src)/128) // of real files a third of what they need
	l := (&Document{Scanned: Scanned{Src: s.src}, Nodes: nodes}).lister(s, make([]int32, s.maxDepth+1))
	return &l
}

// Document returns the table. It is whole when the scanner has come to the end.
func (l *Lister) Document() *Document { return l.d }

// Add takes the current token into the table, which is no end tag and no blank text.
func (l *Lister) Add() { l.list() }

// End takes the end tag that is the current token.
func (l *Lister) End() { l.d.Nodes[l.last[l.s.Depth]].End = int32(l.s.End) }

func (d *Document) lister(s *Scanner, last []int32) Lister {
	if cap(d.Nodes) == 0 {
		d.Nodes = make([]Node, 0, 8)
	}
	d.Nodes = append(d.Nodes, Node{Depth: -1})
	return Lister{d: d, s: s, last: last, begin: s.pos, size: len(s.src) - s.pos}
}

// list adds the node that begins with the current token.
func (l *Lister) list() {
	d, s := l.d, l.s
	if s.Kind == Declaration {
		d.Decl = Span{int32(s.Start), int32(s.End)}
		return
	}
	i := int32(len(d.Nodes))
	if len(d.Nodes) == cap(d.Nodes) {
		d.grow(s.Start-l.begin, l.size, s.nodes)
	}
	n := Node{Kind: s.Kind, Depth: int16(s.Depth), Start: int32(s.Start), End: int32(s.End), OpenEnd: int32(s.End), Parent: None, Next: None}
	if s.Depth > 0 {
		n.Parent = l.last[s.Depth-1]
	}
	if prev := l.last[s.Depth]; prev != None && d.Nodes[prev].Parent == n.Parent {
		d.Nodes[prev].Next = i
	}
	l.last[s.Depth] = i
	d.Nodes = append(d.Nodes, n)
}

// grow makes room for the nodes that are still to come if the rest of the source is like what was read of it: so a large table is
// copied once or twice, and not much of it is empty at the end. More than most do not come.
func (d *Document) grow(read, size, most int) {
	n := len(d.Nodes)
	want := int(float64(n) / float64(max(read, 1)) * float64(size-read) * 17 / 16)
	d.Nodes = slices.Grow(d.Nodes, min(max(want, n/4, 16), 64+7*n, most+1))
}

// Root returns the root element.
func (d *Document) Root() int32 {
	for i := range d.Nodes {
		if d.Nodes[i].IsElement() {
			return int32(i)
		}
	}
	return None
}

// Name returns the name of element i as written, prefix included.
func (d *Document) Name(i int32) string { return string(d.NameSpan(i).Of(d.Src)) }

// NameSpan returns the name of element i, or the target of a processing instruction; the empty span for other nodes.
func (d *Document) NameSpan(i int32) Span {
	n := &d.Nodes[i]
	at := int(n.Start)
	switch n.Kind {
	case StartTag, EmptyTag:
		at += len("<")
	case ProcInst:
		at += len("<?")
	default:
		return Span{}
	}
	return Span{int32(at), int32(nameEnd(d.Src, at))}
}

// CloseStart returns where the end tag of element i starts, or the end of the element if it is an empty tag.
func (d *Document) CloseStart(i int32) int32 {
	n := &d.Nodes[i]
	if n.Kind != StartTag {
		return n.End
	}
	return n.OpenEnd + int32(bytes.LastIndexByte(d.Src[n.OpenEnd:n.End], '<'))
}

// Is reports whether i is an element of that name.
func (d *Document) Is(i int32, name string) bool {
	n := &d.Nodes[i]
	if !n.IsElement() {
		return false
	}
	tag := d.Src[n.Start+1 : n.OpenEnd]
	if len(tag) <= len(name) || string(tag[:len(name)]) != name {
		return false
	}
	end := tag[len(name)]
	return end == '>' || end == '/' || class[end]&space != 0
}

// Children returns all listed children of i, what stands outside the root and the root itself for None: elements, text, CDATA, comments, processing instructions.
func (d *Document) Children(i int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for c := d.first(i); c != None; c = d.Nodes[c].Next {
			if !yield(c) {
				return
			}
		}
	}
}

func (d *Document) first(i int32) int32 {
	if c := i + 1; int(c) < len(d.Nodes) && d.Nodes[c].Parent == i {
		return c
	}
	return None
}

// Elements returns the child elements of i.
func (d *Document) Elements(i int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for c := d.first(i); c != None; c = d.Nodes[c].Next {
			if d.Nodes[c].IsElement() && !yield(c) {
				return
			}
		}
	}
}

// Child returns the first child element of i with that name, None if there is none.
func (d *Document) Child(i int32, name string) int32 {
	for c := range d.Elements(i) {
		if d.Is(c, name) {
			return c
		}
	}
	return None
}

// At follows names down from i, None if one is missing.
func (d *Document) At(i int32, names ...string) int32 {
	for _, name := range names {
		if i == None {
			return None
		}
		i = d.Child(i, name)
	}
	return i
}

// Bytes returns the source of node i.
func (d *Document) Bytes(i int32) []byte {
	n := &d.Nodes[i]
	return d.Src[n.Start:n.End]
}

// Inner returns the source between the tags of element i.
func (d *Document) Inner(i int32) []byte {
	return d.Src[d.Nodes[i].OpenEnd:d.CloseStart(i)]
}

// Text returns the characters in element i, those of its descendants included, references resolved
// and newlines as LF. White space that is not written out is none, also beside CDATA. It is empty for None.
func (d *Document) Text(i int32) string {
	if i == None {
		return ""
	}
	inner := d.Inner(i)
	if bytes.IndexByte(inner, '<') < 0 {
		if spaceEnd(inner, 0) == len(inner) {
			return ""
		}
		return Decode(normalNewlines(inner))
	}
	s := newFragmentScanner(d.Src, int(d.Nodes[i].OpenEnd), int(d.CloseStart(i)))
	var b strings.Builder
	for s.Next() {
		switch s.Kind {
		case Text:
			if s.Blank {
				continue
			}
			b.WriteString(Decode(normalNewlines(d.Src[s.Start:s.End])))
		case CData:
			b.Write(normalNewlines(d.Src[s.Start+len("<![CDATA[") : s.End-len("]]>")]))
		}
	}
	return b.String()
}

func normalNewlines(raw []byte) []byte {
	if bytes.IndexByte(raw, '\r') < 0 {
		return raw
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// Attr returns the value of an attribute of element i, references resolved, and whether it is there.
func (d *Document) Attr(i int32, name string) (string, bool) {
	for a := range d.RawAttrs(i) {
		if string(a.Name.Of(d.Src)) == name {
			return AttrValue(a.Value.Of(d.Src)), true
		}
	}
	return "", false
}

// Attrs returns the attributes of element i in source order, references resolved.
func (d *Document) Attrs(i int32) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for a := range d.RawAttrs(i) {
			if !yield(string(a.Name.Of(d.Src)), AttrValue(a.Value.Of(d.Src))) {
				return
			}
		}
	}
}

// RawAttrs returns the attributes of element i as spans.
func (d *Document) RawAttrs(i int32) iter.Seq[Attr] {
	return func(yield func(Attr) bool) {
		n := &d.Nodes[i]
		if !n.IsElement() {
			return
		}
		// The tag has been scanned before, so every name has a value in quotes.
		tag := d.Src[:n.OpenEnd]
		for at := spaceEnd(tag, int(d.NameSpan(i).End)); tag[at] != '>' && tag[at] != '/'; at = spaceEnd(tag, at) {
			name := Span{int32(at), int32(nameEnd(tag, at))}
			at = int(name.End) + bytes.IndexByte(tag[name.End:], '=') + 1
			at = spaceEnd(tag, at)
			value := Span{int32(at + 1), int32(at + 1 + bytes.IndexByte(tag[at+1:], tag[at]))}
			at = int(value.End) + 1
			if !yield(Attr{name, value}) {
				return
			}
		}
	}
}

// AttrValue returns the characters of a raw attribute value: references resolved, literal white space
// as blanks.
func AttrValue(raw []byte) string {
	if bytes.ContainsAny(raw, "\t\r\n") {
		raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte(" "))
		raw = bytes.Map(func(r rune) rune {
			if r == '\t' || r == '\r' || r == '\n' {
				return ' '
			}
			return r
		}, raw)
	}
	return Decode(raw)
}
