// Package jsonspan reads JSON as offsets.
//
// [Parse] makes one pass over the bytes and yields a [Tree]: a flat table with one [Node] a value, in
// document order, each holding the span of its value and of its key. Nothing is decoded and nothing is
// copied, so key order, unknown keys, the spelling of numbers and escapes, white space and repeated
// keys all stay what they were. Text is decoded on demand ([Tree.Text]); most strings hold no escape
// and cost one conversion.
//
// The grammar is RFC 8259 and nothing more, with these additions:
//
//   - a UTF-8 byte order mark before the document is skipped and remembered ([Tree.BOM]);
//   - bytes that are not UTF-8 are refused with the offset of the first;
//   - with [Limits.Lenient], a comma before a closing bracket and raw tabs and line ends in strings are
//     accepted and listed in [Tree.Mends];
//   - a key that occurs twice in one object is kept twice and listed in [Tree.Repeated].
//
// Changes are made as [Edit] values, splices of the bytes read: see edit.go.
package jsonspan

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/maphash"
	"slices"
	"sync"
	"unicode/utf8"
)

// Kind is the type of a JSON value.
type Kind uint8

// The kinds. The zero Kind is that of no value.
const (
	Nothing Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

// String returns the JSON Schema name of k ("boolean" for [Bool]).
func (k Kind) String() string {
	return [...]string{"nothing", "null", "boolean", "number", "string", "array", "object"}[k]
}

// A Node is one value. Start and End span it, quotes and brackets included. KeyStart and KeyEnd span
// the text between the quotes of its key; both are 0 for the root and for elements of arrays. Next is
// the index of the first node that is not below this one; Count is the number of members or elements.
type Node struct {
	Start, End       int32
	KeyStart, KeyEnd int32
	Next             int32
	Count            int32
	Kind             Kind
	keyEscaped       bool
	escaped          bool
}

// None is the index of no node, as in package xmlspan. The root has it too, and can be no member or element of anything, so methods
// that look for one return None where there is none.
const None int32 = 0

// A Tree is a parsed document. It is immutable and safe for concurrent use. Its root is node 0.
type Tree struct {
	src      []byte
	nodes    []Node
	repeated []int32
	mends    []Mend
	bom      bool

	upwards sync.Once // places are made when they are asked for
	places  []place
	keyed   sync.Once // and so are members
	members map[int32]map[string]int32
}

// A Mend is a place where a lenient reading accepted what the grammar forbids. The edit that replaces
// [Start,End) by New makes the text strict.
type Mend struct {
	Start, End int
	New        string
}

// Limits bounds and relaxes a reading. The zero value means the defaults.
type Limits struct {
	Depth   int  // nesting of arrays and objects; default 512
	Bytes   int  // size of the text; default 64 MiB
	Nodes   int  // number of values; default 65,536 and one more for every 24 bytes of the text, so that the table stays small
	Lenient bool // accept trailing commas and raw tabs and line ends in strings
}

const (
	defaultDepth = 512
	defaultBytes = 64 << 20
)

// Problem classifies a [SyntaxError].
type Problem uint8

// The problems.
const (
	Malformed     Problem = iota + 1 // not JSON
	TrailingComma                    // a comma before a closing bracket
	NotUTF8                          // a byte that is not UTF-8
	ControlInText                    // a raw control character inside a string
	TooLarge                         // beyond a limit
)

// A SyntaxError says where and why a text is not JSON.
type SyntaxError struct {
	Offset  int
	Problem Problem
	Message string // lower case, no position
}

// Error returns the message with the byte offset.
func (e *SyntaxError) Error() string { return fmt.Sprintf("offset %d: %s", e.Offset, e.Message) }

var bom = []byte("\xef\xbb\xbf")

type parser struct {
	src     []byte
	pos     int
	nodes   []Node
	most    int // nodes
	lenient bool
	out     *Tree
}

// Parse reads src, which the tree keeps and the caller must not change. The error is a [*SyntaxError].
func Parse(src []byte, lim *Limits) (*Tree, error) {
	var l Limits
	if lim != nil {
		l = *lim
	}
	if l.Depth <= 0 {
		l.Depth = defaultDepth
	}
	if l.Bytes <= 0 {
		l.Bytes = defaultBytes
	}
	if len(src) > l.Bytes {
		return nil, &SyntaxError{Offset: l.Bytes, Problem: TooLarge, Message: fmt.Sprintf("the text has %d bytes, more than the limit of %d", len(src), l.Bytes)}
	}
	if l.Nodes <= 0 {
		l.Nodes = 1<<16 + len(src)/24
	}
	t := &Tree{src: src}
	p := &parser{src: src, most: l.Nodes, lenient: l.Lenient, out: t}
	if bytes.HasPrefix(src, bom) {
		t.bom = true
		p.pos = len(bom)
	}
	if err := checkUTF8(src); err != nil {
		return nil, err
	}
	p.nodes = make([]Node, 0, min(len(src)/24+8, l.Nodes))
	if err := p.document(l.Depth); err != nil {
		return nil, err
	}
	t.nodes = p.nodes
	slices.Sort(t.repeated)
	return t, nil
}

func checkUTF8(src []byte) error {
	if utf8.Valid(src) {
		return nil
	}
	for i := 0; i < len(src); {
		if src[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && n == 1 {
			return &SyntaxError{Offset: i, Problem: NotUTF8, Message: fmt.Sprintf("byte 0x%02x at offset %d is not UTF-8: save the file as UTF-8", src[i], i)}
		}
		i += n
	}
	return nil
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Problem: Malformed, Message: fmt.Sprintf(format, args...)}
}

func (p *parser) space() byte {
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; c {
		case ' ', '\n', '\r', '\t':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

// document reads one value with an explicit stack of open containers, so that depth costs no stack.
func (p *parser) document(depth int) error {
	stack := make([]int32, 0, 32)
	var key Node // carries the span of the key of the value to come
	wantKey := false
	for {
		c := p.space()
		if wantKey {
			if c != '"' {
				return p.unexpected(c, "a key in double quotes")
			}
			p.pos++
			key = Node{KeyStart: int32(p.pos)}
			esc, err := p.text()
			if err != nil {
				return err
			}
			key.KeyEnd, key.keyEscaped = int32(p.pos-1), esc
			if c = p.space(); c != ':' {
				return p.unexpected(c, "a colon after the key")
			}
			p.pos++
			c = p.space()
		}
		if len(p.nodes) == cap(p.nodes) {
			if len(p.nodes) >= p.most {
				return &SyntaxError{Offset: p.pos, Problem: TooLarge, Message: fmt.Sprintf("more than %d values in a text of its size", p.most)}
			}
			p.grow()
		}
		self := int32(len(p.nodes))
		n := key
		n.Start = int32(p.pos)
		opened := false
		switch {
		case c == '{' || c == '[':
			if len(stack) >= depth {
				return &SyntaxError{Offset: p.pos, Problem: TooLarge, Message: fmt.Sprintf("more than %d levels of nesting", depth)}
			}
			n.Kind = Array
			if c == '{' {
				n.Kind = Object
			}
			p.pos++
			p.nodes = append(p.nodes, n)
			if k := p.space(); k == c+2 { // '}' is '{'+2 and ']' is '['+2
				p.pos++
				p.close(self)
				break
			}
			stack = append(stack, self)
			opened = true
		case c == '"':
			p.pos++
			esc, err := p.text()
			if err != nil {
				return err
			}
			n.Kind, n.escaped = String, esc
			p.leaf(n)
		case c == '-' || c >= '0' && c <= '9':
			if err := p.number(); err != nil {
				return err
			}
			n.Kind = Number
			p.leaf(n)
		case c == 't' && p.word("true"), c == 'f' && p.word("false"):
			n.Kind = Bool
			p.leaf(n)
		case c == 'n' && p.word("null"):
			n.Kind = Null
			p.leaf(n)
		default:
			return p.unexpected(c, "a value")
		}
		if opened {
			wantKey = p.nodes[self].Kind == Object
			key = Node{}
			continue
		}
		// Close what ends here, until a comma asks for the next member.
		for {
			if len(stack) == 0 {
				if p.space(); p.pos < len(p.src) {
					r, _ := utf8.DecodeRune(p.src[p.pos:])
					return p.fail(p.pos, "found %q after the end of the document", r)
				}
				return nil
			}
			top := stack[len(stack)-1]
			closer := byte(']')
			if p.nodes[top].Kind == Object {
				closer = '}'
			}
			p.nodes[top].Count++
			c := p.space()
			if c == ',' {
				comma := p.pos
				p.pos++
				if p.space() != closer {
					wantKey, key = closer == '}', Node{}
					break
				}
				if !p.lenient {
					return &SyntaxError{Offset: comma, Problem: TrailingComma, Message: fmt.Sprintf("comma before %q: remove it", closer)}
				}
				p.out.mends = append(p.out.mends, Mend{Start: comma, End: comma + 1})
				c = closer
			}
			if c != closer {
				return p.unexpected(c, fmt.Sprintf("a comma or %q", closer))
			}
			p.pos++
			p.close(top)
			stack = stack[:len(stack)-1]
		}
	}
}

func (p *parser) unexpected(c byte, want string) error {
	if p.pos >= len(p.src) {
		return p.fail(p.pos, "the text ends where %s should follow", want)
	}
	r, _ := utf8.DecodeRune(p.src[p.pos:])
	return p.fail(p.pos, "found %q where %s should stand", r, want)
}

func (p *parser) leaf(n Node) {
	n.End = int32(p.pos)
	n.Next = int32(len(p.nodes)) + 1
	p.nodes = append(p.nodes, n)
}

func (p *parser) close(i int32) {
	n := &p.nodes[i]
	n.End = int32(p.pos)
	n.Next = int32(len(p.nodes))
	if n.Kind == Object && n.Count > 1 {
		p.findRepeated(i)
	}
}

func (p *parser) word(w string) bool {
	if len(p.src)-p.pos < len(w) || string(p.src[p.pos:p.pos+len(w)]) != w {
		return false
	}
	p.pos += len(w)
	return true
}

// text scans to the closing quote; p.pos stands behind the opening one.
func (p *parser) text() (escaped bool, err error) {
	src := p.src
	i := p.pos
	for i < len(src) {
		switch c := src[i]; {
		case c == '"':
			p.pos = i + 1
			return escaped, nil
		case c == '\\':
			escaped = true
			if i+1 >= len(src) {
				i++
				continue
			}
			switch src[i+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				i += 2
			case 'u':
				if i+6 > len(src) || !isHex4(src[i+2:i+6]) {
					return false, p.fail(i, "\\u needs four hexadecimal digits")
				}
				i += 6
			default:
				r, _ := utf8.DecodeRune(src[i+1:])
				return false, p.fail(i, "unknown escape \\%c in a string", r)
			}
		case c < 0x20:
			fix := map[byte]string{'\t': `\t`, '\n': `\n`, '\r': `\r`}[c]
			if !p.lenient || fix == "" {
				return false, &SyntaxError{Offset: i, Problem: ControlInText, Message: fmt.Sprintf("raw control character 0x%02x inside a string: write \\u%04x", c, c)}
			}
			p.out.mends = append(p.out.mends, Mend{Start: i, End: i + 1, New: fix})
			i++
		default:
			i++
		}
	}
	p.pos = i
	return false, p.fail(i, "the text ends inside a string")
}

func isHex4(b []byte) bool {
	for _, c := range b {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F') {
			return false
		}
	}
	return true
}

func (p *parser) digits() bool {
	from := p.pos
	for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > from
}

func (p *parser) number() error {
	start := p.pos
	if p.src[p.pos] == '-' {
		p.pos++
	}
	if p.pos < len(p.src) && p.src[p.pos] == '0' {
		p.pos++
	} else if !p.digits() {
		return p.fail(start, "a number needs digits")
	}
	if p.pos < len(p.src) && p.src[p.pos] == '.' {
		p.pos++
		if !p.digits() {
			return p.fail(start, "a number needs digits after the point")
		}
	}
	if p.pos < len(p.src) && (p.src[p.pos] == 'e' || p.src[p.pos] == 'E') {
		p.pos++
		if p.pos < len(p.src) && (p.src[p.pos] == '+' || p.src[p.pos] == '-') {
			p.pos++
		}
		if !p.digits() {
			return p.fail(start, "a number needs digits in its exponent")
		}
	}
	return nil
}

// findRepeated lists the members of object i that a later member of the same key hides. Small objects,
// nearly all, are compared pairwise by length and bytes; large ones by hash.
func (p *parser) findRepeated(i int32) {
	const pairwise = 12
	n := p.nodes[i]
	if n.Count <= pairwise {
		for a := i + 1; a < n.Next; a = p.nodes[a].Next {
			na := p.nodes[a]
			for b := na.Next; b < n.Next; b = p.nodes[b].Next {
				nb := p.nodes[b]
				if na.keyEscaped || nb.keyEscaped {
					if p.keyText(na) == p.keyText(nb) {
						p.out.repeated = append(p.out.repeated, a)
						break
					}
					continue
				}
				if na.KeyEnd-na.KeyStart == nb.KeyEnd-nb.KeyStart &&
					string(p.src[na.KeyStart:na.KeyEnd]) == string(p.src[nb.KeyStart:nb.KeyEnd]) {
					p.out.repeated = append(p.out.repeated, a)
					break
				}
			}
		}
		return
	}
	list := make([]hashedKey, 0, n.Count)
	for a := i + 1; a < n.Next; a = p.nodes[a].Next {
		list = append(list, hashedKey{maphash.Bytes(keySeed, p.keyBytes(p.nodes[a])), a})
	}
	slices.SortFunc(list, func(a, b hashedKey) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.node, b.node)) })
	for j, x := range list {
		for _, y := range list[j+1:] {
			if x.hash != y.hash {
				break
			}
			if bytes.Equal(p.keyBytes(p.nodes[x.node]), p.keyBytes(p.nodes[y.node])) {
				p.out.repeated = append(p.out.repeated, x.node)
				break
			}
		}
	}
}

// A hashedKey is a member of an object that may have as many as the text has room for: no copy of its key is kept.
type hashedKey struct {
	hash uint64
	node int32
}

var keySeed = maphash.MakeSeed()

func (p *parser) keyBytes(n Node) []byte {
	raw := p.src[n.KeyStart:n.KeyEnd]
	if !n.keyEscaped {
		return raw
	}
	return []byte(Unquote(raw))
}

// grow makes room for the values that are still to come if the rest of the text is like what was read of it.
func (p *parser) grow() {
	n := len(p.nodes)
	want := int(float64(n) / float64(p.pos+1) * float64(len(p.src)-p.pos) * 17 / 16)
	room := min(max(want, n/4, 16), 256+7*n, p.most-n)
	nodes := make([]Node, n, n+room)
	copy(nodes, p.nodes)
	p.nodes = nodes
}

func (p *parser) keyText(n Node) string {
	raw := p.src[n.KeyStart:n.KeyEnd]
	if !n.keyEscaped {
		return string(raw)
	}
	return Unquote(raw)
}
