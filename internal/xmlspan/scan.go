package xmlspan

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"math"
	"math/bits"
	"sync"
)

// Kind is the kind of a token.
type Kind uint8

const (
	StartTag    Kind = iota + 1 // <a b="c">
	EmptyTag                    // <a b="c" />
	EndTag                      // </a>
	Text                        // character data, references included
	CData                       // <![CDATA[...]]>
	Comment                     // <!--...-->
	ProcInst                    // <?target ...?>
	Declaration                 // <?xml ...?>
)

// Limits bounds what a scanner accepts. A zero field means its default. What is over a limit is a [*SyntaxError] with Limit set.
//
// One limit has no field: the indents that writing in the dialect takes may be twice as long as the input and 2 MiB. They are
// shorter than the input in every file that was indented when it was read.
type Limits struct {
	Depth int // open elements at one time; default 512
	Bytes int // length of the input in bytes; default and maximum 1<<31 - 1
	Attrs int // attributes of one tag; default 512
	Name  int // length of a name in bytes; default 512
	// Nodes is how many elements, texts, comments and processing instructions there are; default 65,536 and one more for every 24
	// bytes of the input. So what is kept for each of them is never much larger than the input; files of real solutions have one
	// for every 29 bytes at most.
	Nodes int
}

const (
	defaultDepth = 512
	maxBytes     = 1<<31 - 1
	defaultAttrs = 512
	defaultName  = 512
)

func (l *Limits) depth() int {
	if l == nil || l.Depth <= 0 {
		return defaultDepth
	}
	return l.Depth
}

func (l *Limits) bytes() int {
	if l == nil || l.Bytes <= 0 {
		return maxBytes
	}
	return min(l.Bytes, maxBytes)
}

func (l *Limits) attrs() int {
	if l == nil || l.Attrs <= 0 {
		return defaultAttrs
	}
	return l.Attrs
}

func (l *Limits) name() int {
	if l == nil || l.Name <= 0 {
		return defaultName
	}
	return l.Name
}

func (l *Limits) nodes(size int) int {
	if l == nil || l.Nodes <= 0 {
		return 1<<16 + size/24
	}
	return min(l.Nodes, maxBytes)
}

// SyntaxError says why input is not XML that this package reads. Offset counts bytes from the start
// of what was scanned.
type SyntaxError struct {
	Offset int
	Msg    string
	Limit  bool // a limit was reached: the input may be well formed
}

func (e *SyntaxError) Error() string { return e.Msg }

// Span is the bytes [Start,End) of the input.
type Span struct{ Start, End int32 }

// Of returns the bytes of s in src.
func (s Span) Of(src []byte) []byte { return src[s.Start:s.End] }

// Attr is an attribute. Value is what stands between the quotes, raw.
type Attr struct{ Name, Value Span }

// A Scanner reads tokens one after another. The fields describe the current token; Attrs is reused by
// the next call of Next.
type Scanner struct {
	Kind       Kind
	Start, End int  // the token, tags with their brackets
	Name       Span // of a tag or the target of a processing instruction
	Attrs      []Attr
	Depth      int  // number of open elements around the token; a tag is not inside itself
	Blank      bool // text of nothing but white space
	Plain      bool // the token is already as the dialect writes it, newlines aside

	src      []byte
	pos      int
	open     []Span
	seenRoot bool
	err      *SyntaxError
	maxDepth int
	maxAttrs int
	maxName  int
	nodes    int // how many more there may be
	indents  int // how many levels more they may be indented by
	maxNodes int
	fragment bool
	cutOut   bool      // what is around the root, with the declarations of prefixes, is not there
	colons   bool      // the current tag has names with a colon
	names    nameTable // of the attributes of the current tag, if there are many
	spaces   namespaces
	// undeclared, if not nil, takes the prefixes that are not declared, see OpenPrefixes.
	undeclared map[string]bool
}

// NewScanner returns a scanner over a whole document. A byte order mark at its start is skipped.
func NewScanner(src []byte, lim *Limits) *Scanner {
	s := &Scanner{}
	s.start(src, lim)
	return s
}

// start makes s, which has no token, the scanner of NewScanner.
func (s *Scanner) start(src []byte, lim *Limits) {
	s.src, s.maxDepth, s.maxAttrs, s.maxName, s.maxNodes = src, lim.depth(), lim.attrs(), lim.name(), lim.nodes(len(src))
	s.nodes = s.maxNodes
	s.indents = 1<<20 + len(src)
	if len(src) > lim.bytes() {
		s.fail(0, "XML of %d bytes is over the limit of %d", len(src), lim.bytes())
		s.err.Limit = true
		return
	}
	if bytes.HasPrefix(src, bom) {
		s.pos = len(bom)
	}
	if at, what := invalidChar(src); at >= 0 {
		s.fail(at, "%s", what)
	}
}

// scanners are there to be used again: what a scanner has of memory is as much as the table of a small document.
var scanners = sync.Pool{New: func() any { return new(Scanner) }}

// release gives a scanner back that is not used any more.
func (s *Scanner) release() {
	if len(s.spaces.prefixes) > 64 {
		s.spaces = namespaces{}
	}
	clear(s.spaces.current)
	clear(s.spaces.prefixes)
	clear(s.spaces.bindings[:cap(s.spaces.bindings)])
	again := Scanner{Attrs: s.Attrs[:0], open: s.open[:0], names: s.names}
	again.spaces = namespaces{bindings: s.spaces.bindings[:0], current: s.spaces.current, prefixes: s.spaces.prefixes}
	*s = again
	scanners.Put(s)
}

// Rescan returns a scanner over a document that a scanner has accepted before, from behind its declaration on. It finds the same
// tokens and checks no more than it takes to find them.
func Rescan(src []byte) *Scanner {
	start := 0
	if bytes.HasPrefix(src, bom) {
		start = len(bom)
	}
	if open := []byte("<?xml"); bytes.HasPrefix(src[start:], open) && class[src[start+len(open)]]&space != 0 {
		start += bytes.Index(src[start:], []byte("?>")) + len("?>")
	}
	s := newFragmentScanner(src, start, len(src))
	return &s
}

// newFragmentScanner scans the span [start,end) of src, which a scanner has accepted before: any
// sequence of balanced content.
func newFragmentScanner(src []byte, start, end int) Scanner {
	return Scanner{src: src[:end], pos: start, maxDepth: noLimit, maxAttrs: noLimit, maxName: noLimit, nodes: math.MaxInt, indents: math.MaxInt, fragment: true}
}

const noLimit = 1 << 30

var bom = []byte("\xef\xbb\xbf")

// Err returns the error that ended the scan, nil at the proper end of the document.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil
	}
	return s.err
}

func (s *Scanner) fail(at int, format string, args ...any) bool {
	s.err = &SyntaxError{Offset: at, Msg: fmt.Sprintf(format, args...)}
	return false
}

// Next reads the next token and reports whether there is one.
func (s *Scanner) Next() bool {
	if s.err != nil {
		return false
	}
	if s.Kind == StartTag {
		if s.open == nil {
			s.open = make([]Span, 0, 16)
		}
		s.open = append(s.open, s.Name)
	}
	s.Attrs = s.Attrs[:0]
	s.Start = s.pos
	s.Depth = len(s.open)
	if s.pos >= len(s.src) {
		return s.atEnd()
	}
	if s.src[s.pos] != '<' {
		return s.text()
	}
	if s.pos+1 >= len(s.src) {
		return s.fail(s.pos, "tag is cut off at the end of the file")
	}
	switch s.src[s.pos+1] {
	case '/':
		return s.endTag()
	case '?':
		return s.procInst()
	case '!':
		return s.bang()
	}
	return s.startTag()
}

func (s *Scanner) atEnd() bool {
	if len(s.open) > 0 {
		top := s.open[len(s.open)-1]
		return s.fail(int(top.Start)-1, "element %q has no end tag", top.Of(s.src))
	}
	if !s.seenRoot && !s.fragment {
		return s.fail(len(s.src), "root element is missing")
	}
	s.Kind = 0
	return false
}

// text reads character data up to the next tag.
func (s *Scanner) text() bool {
	src := s.src
	i := spaceEnd(src, s.pos)
	s.Kind = Text
	s.Name = Span{}
	s.Blank = i >= len(src) || src[i] == '<'
	s.Plain = true
	if !s.Blank {
		if len(s.open) == 0 && !s.fragment {
			return s.fail(i, "text outside the root element")
		}
		// White space before i may hold a CR.
		if i = textEnd(src, s.pos); i < len(src) && src[i] != '<' {
			var ok bool
			if i, ok = s.textDetail(i); !ok {
				return false
			}
		}
		if s.nodes--; s.nodes < 0 {
			return s.overNodes()
		}
	}
	s.End, s.pos = i, i
	return true
}

// textDetail checks references and "]]>" in text from i on, the first byte that needs a look, and returns
// the end of the text.
func (s *Scanner) textDetail(i int) (int, bool) {
	src := s.src
	for ; i < len(src) && src[i] != '<'; i = textEnd(src, i) {
		switch src[i] {
		case '\r':
			s.Plain = false
			i++
		case '>':
			s.Plain = false
			if i >= s.pos+2 && src[i-1] == ']' && src[i-2] == ']' {
				return 0, s.fail(i-2, "\"]]>\" is not allowed in text: write ]]&gt;")
			}
			i++
		case '&':
			n, r := reference(src[i:])
			if n == 0 {
				return 0, s.fail(i, "%s", badReference(src[i:]))
			}
			if r != '&' && r != '<' && r != '>' || src[i+1] == '#' {
				s.Plain = false
			}
			i += n
		}
	}
	return i, true
}

func (s *Scanner) endTag() bool {
	start := s.pos + 2
	if n := len(s.open) - 1; n >= 0 {
		name := s.open[n].Of(s.src)
		end := start + len(name)
		if end < len(s.src) && s.src[end] == '>' && bytes.Equal(s.src[start:end], name) {
			s.Kind, s.Plain = EndTag, true
			s.Name = Span{int32(start), int32(end)}
			s.End, s.pos = end+1, end+1
			s.open, s.Depth = s.open[:n], n
			if s.spaces.holds(n) {
				s.spaces.close(n)
			}
			return true
		}
	}
	return s.endTagDetail(start)
}

// endTagDetail reads an end tag that is not just the name that belongs there.
func (s *Scanner) endTagDetail(start int) bool {
	i := nameEnd(s.src, start)
	s.Kind = EndTag
	s.Name = Span{int32(start), int32(i)}
	i = spaceEnd(s.src, i)
	if i >= len(s.src) || s.src[i] != '>' {
		return s.fail(s.pos, "end tag is not closed by \">\"")
	}
	if len(s.open) == 0 {
		return s.fail(s.pos, "end tag %q without a start tag", s.Name.Of(s.src))
	}
	top := s.open[len(s.open)-1]
	if !bytes.Equal(top.Of(s.src), s.Name.Of(s.src)) {
		return s.fail(s.pos, "end tag %q where the end of %q belongs", s.Name.Of(s.src), top.Of(s.src))
	}
	s.open = s.open[:len(s.open)-1]
	s.Depth = len(s.open)
	s.spaces.close(s.Depth)
	s.End = i + 1
	s.pos = s.End
	s.Plain = false
	return true
}

func (s *Scanner) startTag() bool {
	src := s.src
	i := nameEnd(src, s.pos+1)
	if i == s.pos+1 {
		return s.fail(s.pos, "\"<\" is not the start of a tag: write &lt; in text")
	}
	if i-s.pos > s.maxName+1 {
		return s.overName(s.pos, i-s.pos-1)
	}
	s.Name = Span{int32(s.pos + 1), int32(i)}
	s.Plain = true
	s.colons = bytes.IndexByte(src[s.pos+1:i], ':') >= 0
	if s.nodes, s.indents = s.nodes-1, s.indents-len(s.open); s.nodes|s.indents < 0 {
		return s.overNodes()
	}
	if len(s.open) == 0 && !s.fragment {
		if s.seenRoot {
			return s.fail(s.pos, "second root element %q", s.Name.Of(src))
		}
		s.seenRoot = true
	}
	for {
		if i >= len(src) {
			return s.fail(s.pos, "tag is cut off at the end of the file")
		}
		switch src[i] {
		case '>':
			if len(s.open) >= s.maxDepth {
				s.fail(s.pos, "elements are nested deeper than the limit of %d", s.maxDepth)
				s.err.Limit = true
				return false
			}
			s.Kind, s.End, s.pos = StartTag, i+1, i+1
			return !s.colons || s.fragment && s.undeclared == nil || s.prefixesHold()
		case '/':
			if i+1 >= len(src) || src[i+1] != '>' {
				return s.fail(i, "\"/\" in a tag must be followed by \">\"")
			}
			if src[i-1] != ' ' {
				s.Plain = false
			}
			s.Kind, s.End, s.pos = EmptyTag, i+2, i+2
			if s.colons && (!s.fragment || s.undeclared != nil) {
				if !s.prefixesHold() {
					return false
				}
				s.spaces.close(len(s.open))
			}
			return true
		}
		blank := i
		i = spaceEnd(src, i)
		if i == blank {
			return s.fail(i, "blank is missing before an attribute")
		}
		if i-blank != 1 || src[blank] != ' ' || i < len(src) && src[i] == '>' {
			s.Plain = false
		}
		if i >= len(src) || src[i] == '>' || src[i] == '/' {
			continue
		}
		var ok bool
		if i, ok = s.attr(i); !ok {
			return false
		}
	}
}

// overNodes fails because of the node that starts at the current token.
func (s *Scanner) overNodes() bool {
	if s.nodes >= 0 {
		s.fail(s.pos, "elements are nested so deep that indents would make the file many times as large")
	} else {
		s.fail(s.pos, "more elements and texts than the limit of %d for a file of its size", s.maxNodes)
	}
	s.err.Limit = true
	return false
}

// overName fails because of a name of size bytes: such names would be repeated in the path of everything that is in the element.
func (s *Scanner) overName(at, size int) bool {
	s.fail(at, "a name of %d bytes is over the limit of %d", size, s.maxName)
	s.err.Limit = true
	return false
}

// attr reads an attribute at i and returns the offset after it.
func (s *Scanner) attr(i int) (int, bool) {
	src := s.src
	start := i
	i = nameEnd(src, i)
	if i == start {
		return 0, s.fail(i, "%q is not the start of an attribute name", src[i])
	}
	if i-start > s.maxName {
		return 0, s.overName(start, i-start)
	}
	name := Span{int32(start), int32(i)}
	s.colons = s.colons || bytes.IndexByte(src[start:i], ':') >= 0
	eq := i
	i = spaceEnd(src, i)
	if i >= len(src) || src[i] != '=' {
		return 0, s.fail(start, "attribute %q has no value", name.Of(src))
	}
	i = spaceEnd(src, i+1)
	if i >= len(src) || src[i] != '"' && src[i] != '\'' {
		return 0, s.fail(start, "value of attribute %q has no quotes", name.Of(src))
	}
	if i != eq+1 || src[i] != '"' {
		s.Plain = false
	}
	quote := src[i]
	i++
	end := valueEnd(src, i)
	if end >= len(src) || src[end] != quote {
		n := bytes.IndexByte(src[i:], quote)
		if n < 0 {
			return 0, s.fail(start, "value of attribute %q has no closing quote", name.Of(src))
		}
		from := end
		end = i + n
		if !s.attrDetail(from, end) {
			return 0, false
		}
	}
	value := Span{int32(i), int32(end)}
	if len(s.Attrs) >= s.maxAttrs {
		s.fail(start, "more attributes than the limit of %d", s.maxAttrs)
		s.err.Limit = true
		return 0, false
	}
	if !s.fragment && s.hasAttr(name) {
		return 0, s.fail(start, "attribute %q occurs twice", name.Of(src))
	}
	if s.Attrs == nil {
		s.Attrs = make([]Attr, 0, 8)
	}
	s.Attrs = append(s.Attrs, Attr{name, value})
	return end + 1, true
}

// manyAttrs is how many attributes of a tag are compared each with each. Few tags have more.
const manyAttrs = 16

// hasAttr reports whether the current tag has an attribute of that name already.
func (s *Scanner) hasAttr(name Span) bool {
	if len(s.Attrs) < manyAttrs {
		for _, a := range s.Attrs {
			if a.Name.End-a.Name.Start == name.End-name.Start && bytes.Equal(a.Name.Of(s.src), name.Of(s.src)) {
				return true
			}
		}
		return false
	}
	if len(s.Attrs) == manyAttrs || 2*len(s.Attrs) > len(s.names.slots) {
		s.names.clear(4 * len(s.Attrs))
		for i, a := range s.Attrs {
			*s.names.slot(s.src, s.Attrs, a.Name) = nameSlot{s.names.tag, int32(i)}
		}
	}
	slot := s.names.slot(s.src, s.Attrs, name)
	if slot.tag == s.names.tag {
		return true
	}
	*slot = nameSlot{s.names.tag, int32(len(s.Attrs))}
	return false
}

// A nameTable finds attributes of one tag by their names. It is there to be used again.
type nameTable struct {
	slots []nameSlot
	tag   uint32 // slots of other ones are free
	seed  maphash.Seed
}

type nameSlot struct {
	tag uint32
	at  int32 // in the attributes
}

// clear makes room for another tag, or for more names of one.
func (t *nameTable) clear(size int) {
	if len(t.slots) < size {
		if t.slots == nil {
			t.seed = maphash.MakeSeed()
		}
		t.slots, t.tag = make([]nameSlot, 1<<bits.Len(uint(size))), 0
	}
	if t.tag++; t.tag == 0 {
		clear(t.slots)
		t.tag = 1
	}
}

// slot returns that of a name, a free one if none of the attributes has it.
func (t *nameTable) slot(src []byte, attrs []Attr, name Span) *nameSlot {
	for i := maphash.Bytes(t.seed, name.Of(src)); ; i++ {
		slot := &t.slots[i&uint64(len(t.slots)-1)]
		if slot.tag != t.tag || bytes.Equal(attrs[slot.at].Name.Of(src), name.Of(src)) {
			return slot
		}
	}
}

// attrDetail checks an attribute value from the first byte that needs a look.
func (s *Scanner) attrDetail(i, end int) bool {
	for ; i < end; i++ {
		switch s.src[i] {
		case '<':
			return s.fail(i, "\"<\" is not allowed in an attribute value: write &lt;")
		case '>', '\t', '\n', '\r', '"':
			s.Plain = false
		case '&':
			n, r := reference(s.src[i:end])
			if n == 0 {
				return s.fail(i, "%s", badReference(s.src[i:end]))
			}
			if !bytes.Equal(s.src[i:i+n], attrEscape(r)) {
				s.Plain = false
			}
			i += n - 1
		}
	}
	return true
}

func (s *Scanner) procInst() bool {
	start := s.pos + 2
	i := nameEnd(s.src, start)
	if i == start {
		return s.fail(s.pos, "processing instruction has no target")
	}
	s.Name = Span{int32(start), int32(i)}
	n := bytes.Index(s.src[i:], []byte("?>"))
	if n > 0 && class[s.src[i]]&space == 0 {
		return s.fail(i, "blank is missing after the target of a processing instruction")
	}
	if n < 0 {
		return s.fail(s.pos, "processing instruction is not closed by \"?>\"")
	}
	if s.nodes, s.indents = s.nodes-1, s.indents-len(s.open); s.nodes|s.indents < 0 {
		return s.overNodes()
	}
	s.Kind, s.End, s.Plain = ProcInst, i+n+2, true
	if bytes.IndexByte(s.Name.Of(s.src), ':') >= 0 && !s.fragment {
		return s.fail(start, "target %q of a processing instruction has a colon", s.Name.Of(s.src))
	}
	if bytes.EqualFold(s.Name.Of(s.src), []byte("xml")) {
		first := s.pos == 0 || s.pos == len(bom) && bytes.HasPrefix(s.src, bom)
		if !first || s.fragment || string(s.Name.Of(s.src)) != "xml" {
			return s.fail(s.pos, "XML declaration is not at the start of the file")
		}
		s.Kind = Declaration
		if string(s.src[s.pos:s.End]) == Header[len("\xef\xbb\xbf"):] { // as nearly all files have it
			s.pos = s.End
			return true
		}
		d, err := parseDeclaration(s.src[s.pos:s.End])
		if err != "" {
			return s.fail(s.pos, "%s", err)
		}
		if d.version != "1.0" {
			return s.fail(s.pos, "XML version %q is not supported: only 1.0 is", d.version)
		}
		if d.encoding != "" && !isUTF8Name(d.encoding) && !readAsUTF8[lower(d.encoding)] {
			return s.fail(s.pos, "encoding %q is declared, but the file is not in it", d.encoding)
		}
	}
	s.pos = s.End
	return true
}

func (s *Scanner) bang() bool {
	rest := s.src[s.pos:]
	switch {
	case bytes.HasPrefix(rest, []byte("<!--")):
		n := bytes.Index(rest[4:], []byte("--"))
		if n < 0 {
			return s.fail(s.pos, "comment is not closed by \"-->\"")
		}
		if 4+n+2 >= len(rest) || rest[4+n+2] != '>' {
			return s.fail(s.pos+4+n, "\"--\" is not allowed in a comment")
		}
		s.Kind, s.End = Comment, s.pos+4+n+3
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		if len(s.open) == 0 && !s.fragment {
			return s.fail(s.pos, "CDATA outside the root element")
		}
		n := bytes.Index(rest, []byte("]]>"))
		if n < 0 {
			return s.fail(s.pos, "CDATA is not closed by \"]]>\"")
		}
		s.Kind, s.End = CData, s.pos+n+3
	case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
		return s.fail(s.pos, "document type declarations are not read: remove <!DOCTYPE>")
	default:
		return s.fail(s.pos, "unknown markup after \"<!\"")
	}
	if s.nodes, s.indents = s.nodes-1, s.indents-len(s.open); s.nodes|s.indents < 0 {
		return s.overNodes()
	}
	s.Plain = true
	s.Name = Span{}
	s.pos = s.End
	return true
}
