package xmlspan

import (
	"bytes"
	"maps"
	"slices"
)

// namespaces are the prefixes that are declared around a token. Readers of .NET, and so the platform and the reference tool,
// refuse names of prefixes that are not, and so does the scanner; it has no other use for namespaces.
type namespaces struct {
	bindings []binding
	current  map[string]int    // of each prefix, one more than the index of its binding; 0 if there is none
	prefixes map[string]string // of each URI, a prefix that it has
	twins    bool              // some URI has two prefixes
}

// A binding is the declaration of a prefix. It ends with the element at that depth.
type binding struct {
	prefix, uri string
	depth       int
	outer       int // what current said before
}

// holds reports whether something is declared by an element of that depth or below.
func (n *namespaces) holds(depth int) bool {
	return len(n.bindings) > 0 && n.bindings[len(n.bindings)-1].depth >= depth
}

// close forgets what was declared by the elements of that depth and below.
func (n *namespaces) close(depth int) {
	for n.holds(depth) {
		last := len(n.bindings) - 1
		if b := &n.bindings[last]; b.outer > 0 {
			n.current[b.prefix] = b.outer
		} else {
			delete(n.current, b.prefix)
		}
		n.bindings = n.bindings[:last]
	}
}

func (n *namespaces) declare(prefix, uri string, depth int) {
	if n.current == nil {
		n.current, n.prefixes, n.bindings = map[string]int{}, map[string]string{}, make([]binding, 0, 2)
	}
	if len(n.prefixes) > 2*len(n.bindings)+64 { // most are of elements that have ended
		clear(n.prefixes)
		for _, b := range n.bindings {
			n.prefixes[b.uri] = b.prefix
		}
	}
	if other, ok := n.prefixes[uri]; ok && other != prefix {
		n.twins = true
	}
	n.prefixes[uri] = prefix
	n.bindings = append(n.bindings, binding{prefix, uri, depth, n.current[prefix]})
	n.current[prefix] = len(n.bindings)
}

// splitName cuts a name at its colon. It is not a name of XML with namespaces if there are two, or nothing that could be a name
// of its own stands on a side.
func splitName(name []byte) (prefix, local []byte, ok bool) {
	colon := bytes.IndexByte(name, ':')
	if colon < 0 {
		return nil, name, true
	}
	prefix, local = name[:colon], name[colon+1:]
	return prefix, local, colon > 0 && bytes.IndexByte(local, ':') < 0 && len(local) > 0 && nameEnd(local, 0) == len(local)
}

const (
	xmlURI      = "http://www.w3.org/XML/1998/namespace"
	instanceURI = "http://www.w3.org/2001/XMLSchema-instance" // on the roots of most files
)

// prefixesHold checks the names of a tag that has some with a colon.
func (s *Scanner) prefixesHold() bool {
	for _, a := range s.Attrs {
		prefix, local, ok := splitName(a.Name.Of(s.src))
		if !ok {
			return s.badName(a.Name)
		}
		if string(prefix) != "xmlns" {
			continue
		}
		uri := instanceURI
		if raw := a.Value.Of(s.src); string(raw) != uri {
			uri = AttrValue(raw)
		}
		if uri == "" || string(local) == "xmlns" || (string(local) == "xml") != (uri == xmlURI) {
			return s.fail(int(a.Name.Start), "%q cannot be declared so: give a prefix an address of its own", a.Name.Of(s.src))
		}
		if string(local) != "xml" {
			s.spaces.declare(string(local), uri, len(s.open))
		}
	}
	if !s.prefixHolds(s.Name, false) {
		return false
	}
	for _, a := range s.Attrs {
		if !s.prefixHolds(a.Name, true) {
			return false
		}
	}
	return !s.spaces.twins || s.attributesDiffer()
}

func (s *Scanner) prefixHolds(name Span, attribute bool) bool {
	prefix, _, ok := splitName(name.Of(s.src))
	switch {
	case !ok:
		return s.badName(name)
	case prefix == nil || string(prefix) == "xml" || attribute && string(prefix) == "xmlns" || s.spaces.current[string(prefix)] > 0, s.cutOut && string(prefix) != "xmlns":
		return true
	}
	if s.undeclared != nil {
		s.undeclared[string(prefix)] = true
		return true
	}
	return s.fail(int(name.Start), "prefix %q is not declared: add xmlns:%s", prefix, prefix)
}

func (s *Scanner) badName(name Span) bool {
	return s.fail(int(name.Start), "%q is not a name: one colon may stand in it, between a prefix and a name", name.Of(s.src))
}

// attributesDiffer looks for two attributes whose names differ in a prefix of one and the same URI.
func (s *Scanner) attributesDiffer() bool {
	seen := map[[2]string]bool{}
	for _, a := range s.Attrs {
		prefix, local, _ := splitName(a.Name.Of(s.src))
		at := s.spaces.current[string(prefix)]
		if prefix == nil || at == 0 {
			continue
		}
		key := [2]string{s.spaces.bindings[at-1].uri, string(local)}
		if seen[key] {
			return s.fail(int(a.Name.Start), "attribute %q occurs twice: another prefix has the same namespace", a.Name.Of(s.src))
		}
		seen[key] = true
	}
	return true
}

// OpenPrefixes returns the prefixes that the nodes in src[start:end] use and nothing in it declares, sorted. The span is one that a
// scanner has accepted before.
func OpenPrefixes(src []byte, start, end int) []string {
	if bytes.IndexByte(src[start:end], ':') < 0 {
		return nil
	}
	s := newFragmentScanner(src, start, end)
	s.undeclared = map[string]bool{}
	for s.Next() {
	}
	return slices.Sorted(maps.Keys(s.undeclared))
}
