package lint

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A shape is a schema that walks the spans of a tree and decodes nothing. It knows the keywords that the schemas of this package
// use, with their meaning in JSON Schema 2020-12; the tests hold it against a whole implementation of that, which would take a
// third of the time that a short command runs to make itself ready.
type shape struct {
	location string // of the schema: the name of its file and a pointer
	types    []string
	kinds    kindSet
	props    map[string]*shape
	ext      bool // names that begin with "x-" are free
	closed   bool // no other names
	other    *shape
	required []string
	texts    []string // those of keyword texted
	texted   string   // enum or const
	ref      *shape
	items    *shape
	minItems int
	minText  int
	pattern  *regexp.Regexp
	unique   bool
	trivial  bool // accepts everything
}

type kindSet uint16

const wholeNumber = kindSet(1) << 15

// A shapeReader makes shapes of the documents of schemas. It panics on a fault of these: they are part of the package.
type shapeReader struct {
	docs map[string]any    // by name of file
	made map[string]*shape // by location
}

// at returns the shape of the schema at a location.
func (r *shapeReader) at(location string) *shape {
	name, pointer, _ := strings.Cut(location, "#")
	schema := r.docs[name]
	for step := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if step != "" {
			schema = schema.(map[string]any)[jsonspan.UnescapeStep(step)]
		}
	}
	if schema == nil {
		panic(location + ": no such schema")
	}
	return r.shape(location, schema)
}

func (r *shapeReader) shape(location string, schema any) *shape {
	if s, ok := r.made[location]; ok {
		return s
	}
	s := &shape{location: location}
	r.made[location] = s
	if schema == true {
		s.trivial = true
		return s
	}
	for keyword, v := range schema.(map[string]any) {
		if !r.keyword(s, keyword, v) {
			panic(fmt.Sprintf("%s: keyword %s is not known", location, keyword))
		}
	}
	return s
}

// keyword adds one keyword to s, and reports whether it is known in that form.
func (r *shapeReader) keyword(s *shape, keyword string, v any) bool {
	at := s.location + "/" + keyword
	switch keyword {
	case "$schema", "$id", "$defs", "title", "description", "x-rules":
	case "type":
		s.types = textsOf(v)
		s.kinds = kindsOf(s.types)
	case "const":
		s.texts, s.texted = []string{v.(string)}, keyword
	case "enum":
		s.texts, s.texted = textsOf(v), keyword
	case "required":
		s.required = textsOf(v)
	case "properties":
		s.props = map[string]*shape{}
		for name, p := range v.(map[string]any) {
			s.props[name] = r.shape(at+"/"+jsonspan.EscapeStep(name), p)
		}
	case "patternProperties":
		free := v.(map[string]any)
		s.ext = free["^x-"] == true
		return s.ext && len(free) == 1
	case "additionalProperties":
		if s.closed = v == false; !s.closed {
			s.other = r.shape(at, v)
		}
	case "items":
		s.items = r.shape(at, v)
	case "minItems":
		s.minItems = int(v.(float64))
	case "minLength":
		s.minText = int(v.(float64))
	case "pattern":
		s.pattern = regexp.MustCompile(v.(string))
	case "uniqueItems":
		s.unique = v.(bool)
	case "$ref":
		ref := v.(string)
		if strings.HasPrefix(ref, "#") {
			name, _, _ := strings.Cut(s.location, "#")
			ref = name + ref
		}
		s.ref = r.at(ref)
	default:
		return false
	}
	return true
}

// textsOf returns a text, or a list of texts.
func textsOf(v any) []string {
	if text, ok := v.(string); ok {
		return []string{text}
	}
	var out []string
	for _, e := range v.([]any) {
		out = append(out, e.(string))
	}
	return out
}

func kindsOf(types []string) kindSet {
	var set kindSet
	for _, name := range types {
		if name == "integer" {
			set |= wholeNumber
			continue
		}
		for k := jsonspan.Null; k <= jsonspan.Object; k++ {
			if k.String() == name {
				set |= 1 << k
			}
		}
	}
	return set
}

// A fault is a keyword that does not hold for a value.
type fault struct {
	node    int32
	keyword string
	member  string // additionalProperties, required: the name
	parent  int32  // additionalProperties: the object that holds node
	shape   *shape // whose keyword it is
}

// faults returns what is wrong with node n and all below it.
func (s *shape) faults(t *jsonspan.Tree, n int32) []fault {
	v := validation{tree: t}
	v.check(s, n)
	return v.faults
}

// A validation runs one schema over a part of a tree.
type validation struct {
	tree   *jsonspan.Tree
	faults []fault
}

// check looks at n, and at what is below it, by s and what it refers to.
func (v *validation) check(s *shape, n int32) {
	if s.trivial {
		return
	}
	for r := s; r != nil && v.own(r, n); r = r.ref {
	}
	v.below(s, n)
}

func (v *validation) below(s *shape, n int32) {
	t := v.tree
	node := t.Node(n)
	switch node.Kind {
	case jsonspan.Object:
		for r := s; r != nil; r = r.ref {
			if r.props == nil && r.other == nil {
				continue
			}
			for c := n + 1; c < node.Next; c = t.Node(c).Next {
				p, ok := r.props[string(t.PlainKey(c))]
				if !ok {
					if p = r.other; p == nil || r.ext && isExtension(t.PlainKey(c)) {
						continue
					}
				}
				if !p.trivial && !t.Hidden(c) {
					v.check(p, c)
				}
			}
		}
	case jsonspan.Array:
		for r := s; r != nil; r = r.ref {
			if r.items == nil {
				continue
			}
			for c := n + 1; c < node.Next; c = t.Node(c).Next {
				v.check(r.items, c)
			}
		}
	}
}

func isExtension(name []byte) bool { return bytes.HasPrefix(name, []byte("x-")) }

// own looks at n by the keywords of s that are about n itself, and reports whether there is more to say: nothing is, of a value
// of the wrong type.
func (v *validation) own(s *shape, n int32) bool {
	t := v.tree
	node := t.Node(n)
	if s.kinds != 0 && s.kinds&(1<<node.Kind) == 0 && !(s.kinds&wholeNumber != 0 && t.IsInt(n)) {
		v.fault(s, n, "type")
		return false
	}
	if s.texts != nil && !(node.Kind == jsonspan.String && isAny(t.Plain(n), s.texts)) {
		v.fault(s, n, s.texted)
	}
	switch node.Kind {
	case jsonspan.Object:
		v.names(s, n)
	case jsonspan.Array:
		if int(node.Count) < s.minItems {
			v.fault(s, n, "minItems")
		}
		if s.unique && !distinct(t, n) {
			v.fault(s, n, "uniqueItems")
		}
	case jsonspan.String:
		if s.minText > 0 && utf8.RuneCount(t.Plain(n)) < s.minText {
			v.fault(s, n, "minLength")
		}
		if s.pattern != nil && !s.pattern.Match(t.Plain(n)) {
			v.fault(s, n, "pattern")
		}
	}
	return true
}

// names looks at the names of the members of n, which is an object: a fault for each.
func (v *validation) names(s *shape, n int32) {
	t := v.tree
	for _, name := range s.required {
		if t.Get(n, name) == jsonspan.None {
			v.faults = append(v.faults, fault{node: n, keyword: "required", member: name, shape: s})
		}
	}
	if !s.closed {
		return
	}
	for c := n + 1; c < t.Node(n).Next; c = t.Node(c).Next {
		key := t.PlainKey(c)
		if _, known := s.props[string(key)]; !known && !(s.ext && isExtension(key)) {
			v.faults = append(v.faults, fault{node: c, parent: n, keyword: "additionalProperties", member: t.Key(c), shape: s})
		}
	}
}

func (v *validation) fault(s *shape, n int32, keyword string) {
	v.faults = append(v.faults, fault{node: n, keyword: keyword, shape: s})
}

func isAny(text []byte, texts []string) bool {
	return slices.ContainsFunc(texts, func(want string) bool { return want == string(text) })
}

// distinct reports whether no two elements of an array are equal, as JSON Schema has it: members have no order, and 1 is 1.0.
func distinct(t *jsonspan.Tree, n int32) bool {
	if t.Node(n).Count < 2 {
		return true
	}
	seen := make(map[string]bool, t.Node(n).Count)
	for c := range t.Children(n) {
		key := index.EqualText(t, c)
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}
