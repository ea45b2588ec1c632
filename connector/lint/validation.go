package lint

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A fault is one leaf of a failed validation, told apart by the keyword.
type fault struct {
	node     int32
	location string // of the schema, with base
	keyword  string
	member   string // additionalProperties, required: the name
	parent   int32  // additionalProperties: the object that holds node
	shape    *shape
}

// A validation runs one schema over a part of a tree.
type validation struct {
	tree   *jsonspan.Tree
	faults []fault
	seen   map[fault]bool
	// slow counts the parts that the fast reading did not settle.
	slow int
}

// check validates node n by s: the fast reading settles what it can, and only a value whose own
// keywords fail there is decoded and given to the compiled schema, whose verdict counts.
func (v *validation) check(s *shape, n int32) {
	s.walk(v.tree, n, v.settle)
}

// settle asks the compiled schema about one value and keeps the leaves that are about the value itself:
// those below it are found at their own place.
func (v *validation) settle(s *shape, n int32) {
	v.slow++
	err := s.schema.Validate(decode(v.tree, n, 2))
	if err == nil {
		return
	}
	ve, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return
	}
	for _, leaf := range leaves(ve) {
		if leaf.InstanceLocation == "" {
			v.expand(s, n, leaf)
		}
	}
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	return out
}

// expand turns a leaf into faults, one a member where the keyword names several.
func (v *validation) expand(s *shape, n int32, leaf *jsonschema.ValidationError) {
	cut := strings.LastIndexByte(leaf.AbsoluteKeywordLocation, '/')
	location, keyword := leaf.AbsoluteKeywordLocation[:cut], leaf.AbsoluteKeywordLocation[cut+1:]
	if owner := s.at(location); owner != nil {
		s = owner
	} else {
		return // a part that is checked at its own place
	}
	f := fault{node: n, location: location, keyword: keyword, shape: s}
	switch keyword {
	case "required":
		for _, name := range s.required {
			if v.tree.Get(n, name) == jsonspan.None {
				f.member = name
				v.add(f)
			}
		}
	case "additionalProperties":
		for c := range v.tree.Children(n) {
			key := v.tree.Key(c)
			if _, known := s.props[key]; !known && !(s.ext && strings.HasPrefix(key, "x-")) {
				f.member, f.node, f.parent = key, c, n
				v.add(f)
			}
		}
	default:
		v.add(f)
	}
}

func (v *validation) add(f fault) {
	if v.seen == nil {
		v.seen = map[fault]bool{}
	}
	if !v.seen[f] {
		v.seen[f] = true
		v.faults = append(v.faults, f)
	}
}

// number keeps the spelling of ordinary numbers. The schema library turns that into a fraction of any
// size, so numbers with an exponent or very many digits go to it as what a float64 holds of them.
func number(raw []byte) any {
	const ordinary = 40
	if len(raw) <= ordinary && !bytes.ContainsAny(raw, "eE") {
		return json.Number(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return math.MaxFloat64
	}
	return f
}

// decode builds the value of node n for the compiled schema, to the given depth: deeper containers are
// left empty, which no keyword of their owner looks at.
func decode(t *jsonspan.Tree, n int32, depth int) any {
	switch t.Kind(n) {
	case jsonspan.Bool:
		return t.True(n)
	case jsonspan.Number:
		return number(t.Raw(n))
	case jsonspan.String:
		return t.Text(n)
	case jsonspan.Array:
		out := []any{}
		if depth > 0 {
			for c := range t.Children(n) {
				out = append(out, decode(t, c, depth-1))
			}
		}
		return out
	case jsonspan.Object:
		out := map[string]any{}
		if depth > 0 {
			for c := range t.Children(n) {
				out[t.Key(c)] = decode(t, c, depth-1)
			}
		}
		return out
	}
	return nil
}
