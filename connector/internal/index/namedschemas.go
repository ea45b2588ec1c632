package index

import (
	"bytes"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A NamedSchema is an entry of "definitions" with what is known about all that it reaches.
type NamedSchema struct {
	Name string
	Node int32

	Input, Output bool // reached from a body, from a response
	measured      bool
	measuring     bool
	size          int // objects reached, references expanded
	depth         int
	features      features

	followed, dynamic bool         // end is known; dynamic calls are reached
	end               *NamedSchema // that the references lead to, nil if to none
}

// follow returns the schema that s leads to, itself if it is no reference; nil if the references lead nowhere, or in a circle.
func (d *Definition) follow(s *NamedSchema) *NamedSchema {
	var passed []*NamedSchema
	var end *NamedSchema
	for s != nil {
		if s.followed { // nil as long as it is passed itself
			end = s.end
			break
		}
		s.followed = true
		passed = append(passed, s)
		k := d.Keywords(s.Node)
		if k.Ref == jsonspan.None {
			end = s
			break
		}
		s = d.SchemaRef(k.Ref)
	}
	for _, p := range passed {
		p.end = end
	}
	return end
}

// ReachesDynamic reports whether a dynamic call is in a schema or in one that it refers to.
func (s *NamedSchema) ReachesDynamic() bool { return s.dynamic }

// findDynamic marks the schemas that reach a dynamic call, from those that hold one backwards.
func (d *Definition) findDynamic() {
	users := map[*NamedSchema][]*NamedSchema{}
	var open []*NamedSchema
	for _, s := range d.SchemaMap {
		var visit func(n int32)
		visit = func(n int32) {
			if d.Kind(n) != jsonspan.Object {
				return
			}
			k := d.Keywords(n)
			if k.Ref != jsonspan.None {
				if to := d.SchemaRef(k.Ref); to != nil {
					users[to] = append(users[to], s)
				}
			} else {
				d.Subschemas(&k, func(c int32, _ string) { visit(c) })
			}
			if k.Dynamic() && !s.dynamic {
				s.dynamic = true
				open = append(open, s)
			}
		}
		visit(s.Node)
	}
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		for _, user := range users[s] {
			if !user.dynamic {
				user.dynamic = true
				open = append(open, user)
			}
		}
	}
}

// features say what a schema holds, references included.
type features uint8

const (
	HasDynamic features = 1 << iota
	hasNotificationURL
	HasLoop
)

const sizeCap = 1 << 30

type measure struct {
	Size, Depth int
	Features    features
}

func (m *measure) add(c measure) {
	m.Size = min(m.Size+c.Size, sizeCap)
	m.Depth = max(m.Depth, c.Depth+1)
	m.Features |= c.Features
}

// Measure counts what a schema reaches. A schema that is being measured already counts nothing: loops
// end there.
func (d *Definition) Measure(n int32) measure {
	if d.Kind(n) != jsonspan.Object {
		return measure{}
	}
	k := d.Keywords(n)
	m := measure{Size: 1, Depth: 1}
	if k.Dynamic() {
		m.Features |= HasDynamic
	}
	if k.NotificationURL != jsonspan.None {
		m.Features |= hasNotificationURL
	}
	if k.Ref != jsonspan.None {
		s := d.SchemaRef(k.Ref)
		if s == nil {
			return m
		}
		r := d.measureNamed(s)
		r.Features |= m.Features
		return r
	}
	d.Subschemas(&k, func(c int32, _ string) { m.add(d.Measure(c)) })
	return m
}

func (d *Definition) measureNamed(s *NamedSchema) measure {
	if s.measuring {
		return measure{Features: HasLoop}
	}
	if !s.measured {
		s.measuring = true
		m := d.Measure(s.Node)
		s.measuring, s.measured = false, true
		s.size, s.depth, s.features = m.Size, m.Depth, m.Features
	}
	return measure{s.size, s.depth, s.features}
}

// Subschemas calls f for each schema directly in k; name is the property name, or "".
func (d *Definition) Subschemas(k *Keywords, f func(n int32, name string)) {
	t := d.Tree
	if k.Properties != jsonspan.None {
		for c := range t.Children(k.Properties) {
			f(c, t.Key(c))
		}
	}
	if k.Items != jsonspan.None {
		f(k.Items, "")
	}
	if k.Additional != jsonspan.None && t.Kind(k.Additional) == jsonspan.Object {
		f(k.Additional, "")
	}
	if k.AllOf != jsonspan.None {
		for c := range t.Children(k.AllOf) {
			f(c, "")
		}
	}
}

// A nameSet is an array of names or the names of an object's members: looked through while it is short,
// a map once it is long.
type nameSet struct {
	d    *Definition
	n    int32 // 0: empty
	many map[string]bool
}

// NameSet returns the names of node n, none for 0.
func (d *Definition) NameSet(n int32) nameSet {
	s := nameSet{d: d, n: n}
	const short = 24
	if n != jsonspan.None && d.Tree.Node(n).Count > short {
		s.many = make(map[string]bool, d.Tree.Node(n).Count)
		for c := range d.Tree.Children(n) {
			s.many[string(s.name(c))] = true
		}
	}
	return s
}

func (s *nameSet) name(c int32) []byte {
	if s.d.Tree.Kind(s.n) == jsonspan.Object {
		return s.d.Tree.PlainKey(c)
	}
	return s.d.Tree.Plain(c)
}

// Has reports whether name is in s.
func (s *nameSet) Has(name []byte) bool {
	if s.n == jsonspan.None {
		return false
	}
	if s.many != nil {
		return s.many[string(name)]
	}
	for c := range s.d.Tree.Children(s.n) {
		if bytes.Equal(s.name(c), name) {
			return true
		}
	}
	return false
}

// SchemaRef returns the schema that a node $ref names, nil if there is none.
func (d *Definition) SchemaRef(ref int32) *NamedSchema {
	name, ok := RefTarget(d.Text(ref), SchemaPrefix)
	if !ok {
		return nil
	}
	return d.SchemaMap[name]
}

// Resolve follows references from a schema to one that is none, and fills that; false if it fails.
func (d *Definition) Resolve(n int32) (Keywords, bool) {
	k := d.Keywords(n)
	if k.Ref != jsonspan.None {
		s := d.SchemaRef(k.Ref)
		if s != nil {
			s = d.follow(s)
		}
		if s == nil {
			return Keywords{}, false
		}
		n = s.Node
		k = d.Keywords(n)
	}
	if k.AllOf != jsonspan.None {
		k = d.Filled(k)
	}
	return k, n != jsonspan.None
}

// maxParts bounds how many schemas are looked at that one is put together from.
const maxParts = 64

// Filled returns k with what the schema says elsewhere about its values: type, format, enum, items, additionalProperties and
// readOnly come from what it refers to or is put together from (allOf) where it does not say them itself. A rule that asks a
// schema for one of these asks this, since Azure's definitions write a type once and refer to it.
func (d *Definition) Filled(k Keywords) Keywords {
	left := maxParts
	d.fill(&k, &k, &left)
	return k
}

func (d *Definition) fill(k, from *Keywords, left *int) {
	take := func(n int32) {
		if *left--; *left < 0 || d.Kind(n) != jsonspan.Object {
			return
		}
		part := d.Keywords(n)
		for _, f := range []struct{ to, of *int32 }{{&k.Type, &part.Type}, {&k.Format, &part.Format}, {&k.Enum, &part.Enum},
			{&k.Items, &part.Items}, {&k.Additional, &part.Additional}, {&k.ReadOnly, &part.ReadOnly}} {
			if *f.to == jsonspan.None {
				*f.to = *f.of
			}
		}
		d.fill(k, &part, left)
	}
	if from.Ref != jsonspan.None {
		if s := d.SchemaRef(from.Ref); s != nil {
			take(s.Node)
		}
		return
	}
	if from.AllOf != jsonspan.None {
		for c := range d.Tree.Children(from.AllOf) {
			take(c)
		}
	}
}

// Requires reports whether a schema, or a part that it is put together from, requires a property.
func (d *Definition) Requires(n int32, name string) bool {
	left := maxParts
	return d.requires(n, name, &left)
}

func (d *Definition) requires(n int32, name string, left *int) bool {
	k, ok := d.Resolve(n)
	if *left--; !ok || *left < 0 {
		return false
	}
	if d.Kind(k.Required) == jsonspan.Array {
		if names := d.NameSet(k.Required); names.Has([]byte(name)) {
			return true
		}
	}
	if k.AllOf != jsonspan.None {
		for c := range d.Tree.Children(k.AllOf) {
			if d.requires(c, name, left) {
				return true
			}
		}
	}
	return false
}

// reach marks all named schemas that a body or response uses.
func (d *Definition) reach() {
	for _, o := range d.Ops {
		for _, p := range o.List {
			d.mark(p.Schema, true)
		}
		if o.Responses != jsonspan.None {
			for c := range d.Tree.Children(o.Responses) {
				d.markResponse(c)
			}
		}
	}
	for _, item := range d.Items {
		if item.Notification != jsonspan.None {
			d.mark(d.Tree.Get(item.Notification, "schema"), false)
		}
	}
	for _, p := range d.Shared {
		d.mark(p.Schema, true)
	}
	for _, n := range d.RespMap {
		d.markResponse(n)
	}
}

func (d *Definition) markResponse(n int32) {
	if s := d.Tree.Get(n, "schema"); s != jsonspan.None {
		d.mark(s, false)
	}
}

func (d *Definition) mark(n int32, input bool) {
	if d.Kind(n) != jsonspan.Object {
		return
	}
	t := d.Tree
	// All references below n, whatever holds them: the table of nodes is one run.
	for c, end := n+1, t.Node(n).Next; c < end; c++ {
		if t.Kind(c) == jsonspan.String && string(t.RawKey(c)) == "$ref" {
			s := d.SchemaRef(c)
			if s == nil || input && s.Input || !input && s.Output {
				continue
			}
			if input {
				s.Input = true
			} else {
				s.Output = true
			}
			d.mark(s.Node, input)
		}
	}
}

// Property finds the schema at a path like "address/city" below a schema; array brackets and the word
// "items" are not needed, as in the platform's own paths. open is true where the schema does not say.
func (d *Definition) Property(n int32, path string) (k Keywords, found, open bool) {
	at, ok := d.Resolve(n)
	if !ok {
		return Keywords{}, false, true
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
			return Keywords{}, false, free
		}
		at = next
	}
	return at, true, false
}

func (d *Definition) member(k *Keywords, name string, depth int) (out Keywords, found, open bool) {
	if depth > 16 {
		return Keywords{}, false, true
	}
	if k.Properties != jsonspan.None {
		if c := d.Tree.Get(k.Properties, name); c != jsonspan.None {
			r, ok := d.Resolve(c)
			return r, ok, !ok
		}
	}
	if k.AllOf != jsonspan.None {
		for c := range d.Tree.Children(k.AllOf) {
			r, ok := d.Resolve(c)
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
	if k.Items != jsonspan.None {
		if r, ok := d.Resolve(k.Items); ok {
			return d.member(&r, name, depth+1)
		}
		return Keywords{}, false, true
	}
	if k.Dynamic() || k.Additional != jsonspan.None && (d.Tree.Kind(k.Additional) == jsonspan.Object || d.Tree.True(k.Additional)) {
		open = true
	}
	if k.Properties == jsonspan.None && k.AllOf == jsonspan.None {
		open = true // nothing is said about the members
	}
	return Keywords{}, false, open
}
