package connector

import (
	"bytes"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A namedSchema is an entry of "definitions" with what is known about all that it reaches.
type namedSchema struct {
	name string
	node int32

	input, output bool // reached from a body, from a response
	measured      bool
	measuring     bool
	size          int // objects reached, references expanded
	depth         int
	features      features
}

// features say what a schema holds, references included.
type features uint8

const (
	hasDynamic features = 1 << iota
	hasNotificationURL
	hasLoop
)

const sizeCap = 1 << 30

type measure struct {
	size, depth int
	features    features
}

func (m *measure) add(c measure) {
	m.size = min(m.size+c.size, sizeCap)
	m.depth = max(m.depth, c.depth+1)
	m.features |= c.features
}

// measure counts what a schema reaches. A schema that is being measured already counts nothing: loops
// end there.
func (d *definition) measure(n int32) measure {
	if d.kind(n) != jsonspan.Object {
		return measure{}
	}
	k := d.keywords(n)
	m := measure{size: 1, depth: 1}
	if k.dynamic() {
		m.features |= hasDynamic
	}
	if k.notificationURL != 0 {
		m.features |= hasNotificationURL
	}
	if k.ref != 0 {
		s := d.schemaRef(k.ref)
		if s == nil {
			return m
		}
		r := d.measureNamed(s)
		r.features |= m.features
		return r
	}
	d.subschemas(&k, func(c int32, _ string) { m.add(d.measure(c)) })
	return m
}

func (d *definition) measureNamed(s *namedSchema) measure {
	if s.measuring {
		return measure{features: hasLoop}
	}
	if !s.measured {
		s.measuring = true
		m := d.measure(s.node)
		s.measuring, s.measured = false, true
		s.size, s.depth, s.features = m.size, m.depth, m.features
	}
	return measure{s.size, s.depth, s.features}
}

// subschemas calls f for each schema directly in k; name is the property name, or "".
func (d *definition) subschemas(k *keywords, f func(n int32, name string)) {
	t := d.tree
	if k.properties != 0 {
		for c := range t.Children(k.properties) {
			f(c, t.Key(c))
		}
	}
	if k.items != 0 {
		f(k.items, "")
	}
	if k.additional != 0 && t.Kind(k.additional) == jsonspan.Object {
		f(k.additional, "")
	}
	if k.allOf != 0 {
		for c := range t.Children(k.allOf) {
			f(c, "")
		}
	}
}

// A nameSet is an array of names or the names of an object's members: looked through while it is short,
// a map once it is long.
type nameSet struct {
	d    *definition
	n    int32 // 0: empty
	many map[string]bool
}

func (d *definition) nameSet(n int32) nameSet {
	s := nameSet{d: d, n: n}
	const short = 24
	if n != 0 && d.tree.Node(n).Count > short {
		s.many = make(map[string]bool, d.tree.Node(n).Count)
		for c := range d.tree.Children(n) {
			s.many[string(s.name(c))] = true
		}
	}
	return s
}

func (s *nameSet) name(c int32) []byte {
	if s.d.tree.Kind(s.n) == jsonspan.Object {
		return s.d.tree.PlainKey(c)
	}
	return s.d.tree.Plain(c)
}

func (s *nameSet) has(name []byte) bool {
	if s.n == 0 {
		return false
	}
	if s.many != nil {
		return s.many[string(name)]
	}
	for c := range s.d.tree.Children(s.n) {
		if bytes.Equal(s.name(c), name) {
			return true
		}
	}
	return false
}

func (d *definition) schemaRef(ref int32) *namedSchema {
	name, ok := refTarget(d.text(ref), schemaPrefix)
	if !ok {
		return nil
	}
	return d.schemaMap[name]
}

// resolve follows references from a schema to one that is none; 0 if that fails.
func (d *definition) resolve(n int32) (keywords, bool) {
	for range len(d.schemaMap) + 1 {
		k := d.keywords(n)
		if k.ref == 0 {
			return k, n != 0
		}
		s := d.schemaRef(k.ref)
		if s == nil {
			return keywords{}, false
		}
		n = s.node
	}
	return keywords{}, false
}

// reach marks all named schemas that a body or response uses.
func (d *definition) reach() {
	for _, o := range d.ops {
		for _, p := range o.list {
			d.mark(p.schema, true)
		}
		if o.responses != 0 {
			for c := range d.tree.Children(o.responses) {
				d.markResponse(c)
			}
		}
	}
	for _, item := range d.items {
		if item.notification != 0 {
			d.mark(d.tree.Get(item.notification, "schema"), false)
		}
	}
	for _, p := range d.shared {
		d.mark(p.schema, true)
	}
	for _, n := range d.respMap {
		d.markResponse(n)
	}
}

func (d *definition) markResponse(n int32) {
	if s := d.tree.Get(n, "schema"); s != 0 {
		d.mark(s, false)
	}
}

func (d *definition) mark(n int32, input bool) {
	if d.kind(n) != jsonspan.Object {
		return
	}
	t := d.tree
	// All references below n, whatever holds them: the table of nodes is one run.
	for c, end := n+1, t.Node(n).Next; c < end; c++ {
		if t.Kind(c) == jsonspan.String && string(t.RawKey(c)) == "$ref" {
			s := d.schemaRef(c)
			if s == nil || input && s.input || !input && s.output {
				continue
			}
			if input {
				s.input = true
			} else {
				s.output = true
			}
			d.mark(s.node, input)
		}
	}
}

// property finds the schema at a path like "address/city" below a schema; array brackets and the word
// "items" are not needed, as in the platform's own paths. open is true where the schema does not say.
func (d *definition) property(n int32, path string) (k keywords, found, open bool) {
	at, ok := d.resolve(n)
	if !ok {
		return keywords{}, false, true
	}
	if path == "" {
		return at, true, false
	}
	for step := range strings.SplitSeq(path, "/") {
		if step == "" {
			continue
		}
		next, ok, free := d.member(&at, step, 0)
		if !ok {
			return keywords{}, false, free
		}
		at = next
	}
	return at, true, false
}

func (d *definition) member(k *keywords, name string, depth int) (out keywords, found, open bool) {
	if depth > 16 {
		return keywords{}, false, true
	}
	if k.properties != 0 {
		if c := d.tree.Get(k.properties, name); c != 0 {
			r, ok := d.resolve(c)
			return r, ok, !ok
		}
	}
	if k.allOf != 0 {
		for c := range d.tree.Children(k.allOf) {
			r, ok := d.resolve(c)
			if !ok {
				open = true
				continue
			}
			if m, ok, free := d.member(&r, name, depth+1); ok {
				return m, true, false
			} else if free {
				open = true
			}
		}
	}
	if k.items != 0 {
		if r, ok := d.resolve(k.items); ok {
			return d.member(&r, name, depth+1)
		}
		return keywords{}, false, true
	}
	if k.dynamic() || k.additional != 0 && (d.tree.Kind(k.additional) == jsonspan.Object || d.tree.True(k.additional)) {
		open = true
	}
	if k.properties == 0 && k.allOf == 0 {
		open = true // nothing is said about the members
	}
	return keywords{}, false, open
}
