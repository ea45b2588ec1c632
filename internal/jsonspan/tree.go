package jsonspan

import (
	"bytes"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Bytes returns the text that was read. The caller must not change it.
func (t *Tree) Bytes() []byte { return t.src }

// BOM reports whether the text began with a byte order mark.
func (t *Tree) BOM() bool { return t.bom }

// Len returns the number of nodes.
func (t *Tree) Len() int { return len(t.nodes) }

// Node returns node i.
func (t *Tree) Node(i int32) *Node { return &t.nodes[i] }

// Kind returns the kind of node i.
func (t *Tree) Kind(i int32) Kind { return t.nodes[i].Kind }

// Repeated returns the members that a later member of the same object and key hides.
func (t *Tree) Repeated() []int32 { return t.repeated }

// Mends returns what a lenient reading accepted.
func (t *Tree) Mends() []Mend { return t.mends }

// Hidden reports whether member i is hidden by a later one of the same key.
func (t *Tree) Hidden(i int32) bool {
	if t.repeated == nil {
		return false
	}
	_, found := slices.BinarySearch(t.repeated, i)
	return found
}

// Raw returns the bytes of value i.
func (t *Tree) Raw(i int32) []byte { n := &t.nodes[i]; return t.src[n.Start:n.End] }

// RawKey returns the bytes of the key of member i, without quotes, escapes as written.
func (t *Tree) RawKey(i int32) []byte { n := &t.nodes[i]; return t.src[n.KeyStart:n.KeyEnd] }

// Key returns the key of member i.
func (t *Tree) Key(i int32) string {
	n := &t.nodes[i]
	if n.keyEscaped {
		return Unquote(t.src[n.KeyStart:n.KeyEnd])
	}
	return string(t.src[n.KeyStart:n.KeyEnd])
}

// PlainKey returns the bytes of the key of member i with escapes decoded; for a key without escapes
// this is the text that was read and costs nothing.
func (t *Tree) PlainKey(i int32) []byte {
	n := &t.nodes[i]
	if n.keyEscaped {
		return []byte(Unquote(t.src[n.KeyStart:n.KeyEnd]))
	}
	return t.src[n.KeyStart:n.KeyEnd]
}

// Text returns the string value of node i, "" if it is no string.
func (t *Tree) Text(i int32) string { return string(t.Plain(i)) }

// Plain returns the bytes of the string value of node i with escapes decoded, nil if it is no string.
func (t *Tree) Plain(i int32) []byte {
	n := &t.nodes[i]
	if n.Kind != String {
		return nil
	}
	raw := t.src[n.Start+1 : n.End-1]
	if n.escaped {
		return []byte(Unquote(raw))
	}
	return raw
}

// True reports whether node i is the literal true.
func (t *Tree) True(i int32) bool {
	n := &t.nodes[i]
	return n.Kind == Bool && n.End-n.Start == 4
}

// IsInt reports whether node i is a number whose value is whole.
func (t *Tree) IsInt(i int32) bool {
	if t.nodes[i].Kind != Number {
		return false
	}
	raw := t.Raw(i)
	if !bytes.ContainsAny(raw, ".eE") {
		return true
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	return err == nil && f == float64(int64(f))
}

// Float returns the number at node i.
func (t *Tree) Float(i int32) (float64, bool) {
	if t.nodes[i].Kind != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(t.Raw(i)), 64)
	return f, err == nil
}

// Children returns the members or elements of node i in document order, hidden ones included.
func (t *Tree) Children(i int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if k := t.nodes[i].Kind; k != Object && k != Array {
			return
		}
		for c, end := i+1, t.nodes[i].Next; c < end; c = t.nodes[c].Next {
			if !yield(c) {
				return
			}
		}
	}
}

// Get returns the member of object i with that key, the last if there are several, or 0.
func (t *Tree) Get(i int32, key string) int32 {
	n := &t.nodes[i]
	if n.Kind != Object {
		return 0
	}
	if n.Count > fewMembers {
		return t.wide()[i][key]
	}
	found := int32(0)
	for c, end := i+1, n.Next; c < end; {
		m := &t.nodes[c]
		if m.keyEscaped {
			if t.Key(c) == key {
				found = c
			}
		} else if string(t.src[m.KeyStart:m.KeyEnd]) == key {
			found = c
		}
		c = m.Next
	}
	return found
}

// At returns the node that a JSON Pointer names.
func (t *Tree) At(pointer string) (int32, bool) {
	if pointer == "" {
		return 0, true
	}
	if pointer[0] != '/' {
		return 0, false
	}
	at := int32(0)
	for step := range strings.SplitSeq(pointer[1:], "/") {
		step = UnescapeStep(step)
		switch t.nodes[at].Kind {
		case Object:
			if at = t.Get(at, step); at == 0 {
				return 0, false
			}
		case Array:
			want, err := strconv.Atoi(step)
			if err != nil || want < 0 || want >= int(t.nodes[at].Count) {
				return 0, false
			}
			at++
			for ; want > 0; want-- {
				at = t.nodes[at].Next
			}
		default:
			return 0, false
		}
	}
	return at, true
}

// Pointer returns the JSON Pointer of node i.
func (t *Tree) Pointer(i int32) string {
	up := t.above()
	var steps []string
	for at := i; at != 0; at = up[at].parent {
		if t.nodes[up[at].parent].Kind == Array {
			steps = append(steps, strconv.Itoa(int(up[at].index)))
		} else {
			steps = append(steps, EscapeStep(t.Key(at)))
		}
	}
	var b strings.Builder
	for _, step := range slices.Backward(steps) {
		b.WriteByte('/')
		b.WriteString(step)
	}
	return b.String()
}

// Pointers gives the JSON Pointers of many nodes in ascending order in one pass over the table, however
// wide the containers are. The zero value is not usable: see [Tree.Pointers].
type Pointers struct {
	t     *Tree
	stack []frame
}

type frame struct {
	container, child int32
	index            int
}

// Pointers returns a walker at the start of the document.
func (t *Tree) Pointers() *Pointers { return &Pointers{t: t} }

// At returns the pointer of node i. It is cheap if no earlier call had a later node.
func (p *Pointers) At(i int32) string {
	nodes := p.t.nodes
	for n := len(p.stack); n > 0; n = len(p.stack) {
		if top := p.stack[n-1]; top.child <= i && i < nodes[top.container].Next {
			break
		}
		p.stack = p.stack[:n-1]
	}
	if i == 0 {
		return ""
	}
	if len(p.stack) == 0 {
		p.stack = append(p.stack, frame{child: 1})
	}
	for {
		top := &p.stack[len(p.stack)-1]
		for nodes[top.child].Next <= i {
			top.child = nodes[top.child].Next
			top.index++
		}
		if top.child == i {
			break
		}
		p.stack = append(p.stack, frame{container: top.child, child: top.child + 1})
	}
	var b strings.Builder
	for _, f := range p.stack {
		b.WriteByte('/')
		if nodes[f.container].Kind == Array {
			b.WriteString(strconv.Itoa(f.index))
		} else {
			b.WriteString(EscapeStep(p.t.Key(f.child)))
		}
	}
	return b.String()
}

// Parent returns the container of node i; the root is its own parent.
func (t *Tree) Parent(i int32) int32 { return t.above()[i].parent }

// place is the container of a node, and the index among its children.
type place struct{ parent, index int32 }

// above returns the places of all nodes: to look for one goes through all that stands before it.
func (t *Tree) above() []place {
	t.upwards.Do(func() {
		t.places = make([]place, len(t.nodes))
		for i := range t.nodes {
			index := int32(0)
			for c := range t.Children(int32(i)) {
				t.places[c] = place{int32(i), index}
				index++
			}
		}
	})
	return t.places
}

// fewMembers is how many members of an object are looked through one by one.
const fewMembers = 64

// wide returns the members by key, the last of several, of each object that has many.
func (t *Tree) wide() map[int32]map[string]int32 {
	t.keyed.Do(func() {
		t.members = map[int32]map[string]int32{}
		for i := range t.nodes {
			if n := &t.nodes[i]; n.Kind != Object || n.Count <= fewMembers {
				continue
			}
			byKey := make(map[string]int32, t.nodes[i].Count)
			for c := range t.Children(int32(i)) {
				byKey[t.Key(c)] = c
			}
			t.members[int32(i)] = byKey
		}
	})
	return t.members
}

// EscapeStep writes one reference token of a JSON Pointer.
func EscapeStep(s string) string {
	if !strings.ContainsAny(s, "~/") {
		return s
	}
	b := make([]byte, 0, len(s)+8)
	for i := range len(s) {
		switch s[i] {
		case '~':
			b = append(b, "~0"...)
		case '/':
			b = append(b, "~1"...)
		default:
			b = append(b, s[i])
		}
	}
	return string(b)
}

// UnescapeStep is the inverse of [EscapeStep].
func UnescapeStep(s string) string {
	if !strings.Contains(s, "~") {
		return s
	}
	return strings.NewReplacer("~1", "/", "~0", "~").Replace(s)
}

// Unquote decodes the escapes of the inner text of a JSON string that [Parse] accepted. Lone
// surrogates become U+FFFD.
func Unquote(raw []byte) string {
	b := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			b = append(b, raw[i])
			continue
		}
		i++
		switch raw[i] {
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'n':
			b = append(b, '\n')
		case 'r':
			b = append(b, '\r')
		case 't':
			b = append(b, '\t')
		case 'u':
			r := hex4(raw[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				pair := rune(utf8.RuneError)
				if i+6 < len(raw) && raw[i+1] == '\\' && raw[i+2] == 'u' {
					pair = utf16.DecodeRune(r, hex4(raw[i+3:]))
				}
				if r = pair; r != utf8.RuneError {
					i += 6
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, raw[i])
		}
	}
	return string(b)
}

func hex4(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		switch {
		case c <= '9':
			c -= '0'
		case c <= 'F':
			c -= 'A' - 10
		default:
			c -= 'a' - 10
		}
		r = r<<4 | rune(c)
	}
	return r
}

// Quote writes s as a JSON string, leaving all but quotes, backslashes and control characters as is.
func Quote(s string) string {
	const hex = "0123456789abcdef"
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for _, c := range []byte(strings.ToValidUTF8(s, "\ufffd")) {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\r':
			b = append(b, '\\', 'r')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			b = append(b, c)
		}
	}
	return string(append(b, '"'))
}
