package lint

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A shape is the fast reading of a compiled schema: it walks the spans of a tree and decodes nothing.
// It covers the keywords that our schemas use (type, enum, const, properties, the pattern ^x-,
// additionalProperties, required, items, minItems, uniqueItems, minLength, pattern, $ref) and is made
// from the compiled schema itself, so the two cannot drift apart; a keyword it does not cover makes
// every value of that schema unsettled. It never accepts what the schema refuses; where its own
// keywords fail, the caller asks the schema.
type shape struct {
	schema   *jsonschema.Schema
	kinds    kindSet
	props    map[string]*shape
	ext      bool // names that begin with "x-" are free
	closed   bool // no other names
	other    *shape
	required []string
	texts    []string // enum or const of strings
	ref      *shape
	items    *shape
	minItems int
	minText  int
	pattern  *regexp.Regexp
	unique   bool
	unknown  bool // uses a keyword that this reading does not cover
	trivial  bool // accepts everything
}

type kindSet uint16

const wholeNumber = kindSet(1) << 15

func shapeOf(s *jsonschema.Schema, done map[*jsonschema.Schema]*shape) *shape {
	if s == nil {
		return nil
	}
	if sh, ok := done[s]; ok {
		return sh
	}
	sh := &shape{schema: s}
	done[s] = sh
	if s.Always != nil {
		sh.trivial, sh.unknown = *s.Always, !*s.Always
		return sh
	}
	sh.kinds = kindsOf(s.Types)
	sh.required = s.Required
	sh.minItems = max(s.MinItems, 0)
	sh.minText = max(s.MinLength, 0)
	sh.pattern = s.Pattern
	sh.unique = s.UniqueItems
	sh.ref = shapeOf(s.Ref, done)
	sh.items = shapeOf(s.Items2020, done)
	for _, v := range append(s.Enum, s.Constant...) {
		text, ok := v.(string)
		if !ok {
			sh.unknown = true
		}
		sh.texts = append(sh.texts, text)
	}
	if s.Properties != nil {
		sh.props = make(map[string]*shape, len(s.Properties))
		for k, p := range s.Properties {
			sh.props[k] = shapeOf(p, done)
		}
	}
	for re, p := range s.PatternProperties {
		sh.ext = true
		if re.String() != "^x-" || p.Always == nil || !*p.Always {
			sh.unknown = true
		}
	}
	switch a := s.AdditionalProperties.(type) {
	case bool:
		sh.closed = !a
	case *jsonschema.Schema:
		sh.other = shapeOf(a, done)
	}
	if s.Not != nil || s.AllOf != nil || s.AnyOf != nil || s.OneOf != nil || s.If != nil || s.PropertyNames != nil ||
		s.MinProperties > 0 || s.MaxProperties >= 0 || s.Dependencies != nil || s.DependentRequired != nil || s.DependentSchemas != nil ||
		s.UnevaluatedProperties != nil || s.MaxItems >= 0 || s.Items != nil || s.AdditionalItems != nil || s.PrefixItems != nil || s.Contains != nil ||
		s.UnevaluatedItems != nil || s.MaxLength >= 0 || s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil ||
		s.MultipleOf != nil || s.RecursiveRef != nil || s.DynamicRef != nil {
		sh.unknown = true
	}
	return sh
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

// walk calls unsettled for every value at or below n whose own keywords fail.
func (s *shape) walk(t *jsonspan.Tree, n int32, unsettled func(*shape, int32)) {
	if s.trivial {
		return
	}
	if !s.own(t, n) {
		unsettled(s, n)
	}
	s.below(t, n, unsettled)
}

// below walks the members and elements of n, by s and what it refers to.
func (s *shape) below(t *jsonspan.Tree, n int32, unsettled func(*shape, int32)) {
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
					if p = r.other; p == nil || r.ext && bytes.HasPrefix(t.PlainKey(c), []byte("x-")) {
						continue
					}
				}
				if !p.trivial && !t.Hidden(c) {
					p.walk(t, c, unsettled)
				}
			}
		}
	case jsonspan.Array:
		for r := s; r != nil; r = r.ref {
			if r.items == nil {
				continue
			}
			for c := n + 1; c < node.Next; c = t.Node(c).Next {
				r.items.walk(t, c, unsettled)
			}
		}
	}
}

// own reports whether the keywords of s, and of what it refers to, that look at n itself hold.
func (s *shape) own(t *jsonspan.Tree, n int32) bool {
	for r := s; r != nil; r = r.ref {
		if !r.holds(t, n) {
			return false
		}
	}
	return true
}

func (s *shape) holds(t *jsonspan.Tree, n int32) bool {
	if s.unknown {
		return false
	}
	node := t.Node(n)
	if s.kinds != 0 && s.kinds&(1<<node.Kind) == 0 && !(s.kinds&wholeNumber != 0 && t.IsInt(n)) {
		return false
	}
	if s.texts != nil && !oneOf(s.texts, t.Plain(n), node.Kind == jsonspan.String) {
		return false
	}
	switch node.Kind {
	case jsonspan.Object:
		return s.namesHold(t, n, node)
	case jsonspan.Array:
		return int(node.Count) >= s.minItems && (!s.unique || distinct(t, n))
	case jsonspan.String:
		if s.minText > 0 && utf8.RuneCount(t.Plain(n)) < s.minText {
			return false
		}
		return s.pattern == nil || s.pattern.Match(t.Plain(n))
	}
	return true
}

func (s *shape) namesHold(t *jsonspan.Tree, n int32, node *jsonspan.Node) bool {
	for _, name := range s.required {
		if t.Get(n, name) == jsonspan.None {
			return false
		}
	}
	if !s.closed {
		return true
	}
	for c := n + 1; c < node.Next; c = t.Node(c).Next {
		key := t.PlainKey(c)
		if s.ext && bytes.HasPrefix(key, []byte("x-")) {
			continue
		}
		if _, ok := s.props[string(key)]; !ok {
			return false
		}
	}
	return true
}

func oneOf(texts []string, text []byte, isText bool) bool {
	if !isText {
		return false
	}
	for _, want := range texts {
		if want == string(text) {
			return true
		}
	}
	return false
}

// distinct reports that no two elements are equal strings; anything but strings is left to the schema.
func distinct(t *jsonspan.Tree, n int32) bool {
	end := t.Node(n).Next
	if t.Node(n).Count > 32 {
		return distinctMany(t, n)
	}
	for a := n + 1; a < end; a = t.Node(a).Next {
		if t.Kind(a) != jsonspan.String {
			return false
		}
		for b := t.Node(a).Next; b < end; b = t.Node(b).Next {
			if bytes.Equal(t.Plain(a), t.Plain(b)) {
				return false
			}
		}
	}
	return true
}

// distinctMany is distinct for long arrays.
func distinctMany(t *jsonspan.Tree, n int32) bool {
	seen := make(map[string]bool, t.Node(n).Count)
	for c := range t.Children(n) {
		if t.Kind(c) != jsonspan.String || seen[t.Text(c)] {
			return false
		}
		seen[t.Text(c)] = true
	}
	return true
}

// at returns the shape among s and what it refers to that has that schema location.
func (s *shape) at(location string) *shape {
	for r := s; r != nil; r = r.ref {
		if strings.TrimSuffix(r.schema.Location, "#") == strings.TrimSuffix(location, "#") {
			return r
		}
	}
	return nil
}
