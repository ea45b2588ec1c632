package packager

import (
	"bytes"
	"slices"
	"sort"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A file of a tree is XML of its own, so it has to declare the prefixes of namespaces that it uses. Those that the root of
// customizations.xml declares are repeated on each root, as the reference tool does, but for some kinds that have none of them unless they use
// them. What an element between the root and that of the file declares is repeated where it is used.

// inherited are the declarations of elements around those that become files, in source order.
type inherited []inheritor

// An inheritor is an element below the root that declares prefixes.
type inheritor struct {
	start, end int32
	outer      int // the one around it, -1 if there is none
	node       int32
}

// inheritedIn finds the elements of a document that declare prefixes, the root left out, as far down as it is indexed.
func inheritedIn(d *xmlspan.Document) inherited {
	var out inherited
	mark := []byte("xmlns:")
	outer := -1
	for at, next := int(d.Nodes[d.Root()].OpenEnd), 0; ; {
		i := bytes.Index(d.Src[at:], mark)
		if i < 0 {
			return out
		}
		at += i + len(mark)
		next += sort.Search(len(d.Nodes)-next, func(n int) bool { return int(d.Nodes[next+n].Start) >= at })
		c := int32(next - 1)
		n := &d.Nodes[c]
		if !n.IsElement() || at > int(n.OpenEnd) || len(out) > 0 && out[len(out)-1].node == c {
			continue
		}
		for outer >= 0 && out[outer].end <= n.Start {
			outer = out[outer].outer
		}
		out = append(out, inheritor{n.Start, n.End, outer, c})
		outer = len(out) - 1
	}
}

// around returns the innermost element around a span that declares prefixes, -1 if there is none.
func (in inherited) around(s span) int {
	i := sort.Search(len(in), func(i int) bool { return in[i].start >= s.start }) - 1
	for i >= 0 && in[i].end < s.end {
		i = in[i].outer
	}
	return i
}

// declared returns extra, which are declarations on the root of a file, with those of other prefixes that the spans use; and these alone.
func (u *unpacker) declared(extra string, spans []span) (all, more string) {
	d := u.doc()
	all = extra
	for _, s := range spans {
		around := u.inherited.around(s)
		if around < 0 && len(extra) == len(u.extra) {
			continue
		}
		names := xmlspan.OpenPrefixes(d.Src, int(s.start), int(s.end))
		for i := range names {
			names[i] = "xmlns:" + names[i]
		}
		for i := around; i >= 0; i = u.inherited[i].outer { // what stands for something else than at the root
			for name := range d.Attrs(u.inherited[i].node) {
				if isDeclaration(name) && name != "xmlns" && strings.Contains(extra, " "+name+"=") {
					names = append(names, name)
				}
			}
		}
		for _, name := range names {
			value, ok := d.Attr(d.Root(), name)
			for i := around; i >= 0; i = u.inherited[i].outer {
				if inner, has := d.Attr(u.inherited[i].node, name); has {
					value, ok = inner, true
					break
				}
			}
			if text := string(xmlspan.AppendAttr(nil, name, value)); ok && !strings.Contains(all, text) {
				all, more = withDeclaration(all, name, text), more+text
			}
		}
	}
	return all, more
}

// scope returns the declarations that a span needs below a root that has those of the root of customizations.xml.
func (u *unpacker) scope(s span) string {
	_, more := u.declared(u.extra, []span{s})
	return more
}

// withDeclaration returns declarations with one more, in the place of one of its prefix if there is one.
func withDeclaration(extra, name, text string) string {
	start := strings.Index(extra, " "+name+"=")
	if start < 0 {
		return extra + text
	}
	end := start + len(" "+name+"=") + 1
	end += strings.IndexByte(extra[end:], '"') + 1
	return extra[:start] + text + extra[end:]
}

// declaredBy returns the declarations among attributes as they are written.
func declaredBy(attrs string) map[string]string {
	out := map[string]string{}
	d, err := xmlspan.ParseElement([]byte("<x"+attrs+"/>"), 0, nil)
	if err != nil {
		return out // the same attribute twice, which is told of the package as a whole
	}
	for a := range d.RawAttrs(d.Root()) {
		if name := string(a.Name.Of(d.Src)); isDeclaration(name) {
			out[name] = string(a.Value.Of(d.Src))
		}
	}
	return out
}

// unwrapped returns the declarations of element i that a span of it uses and that are not in scope where the span is written
// without the element.
func (p *packing) unwrapped(d *xmlspan.Document, i, start, end int32) (extra string) {
	for a := range d.RawAttrs(i) {
		name, value := a.Name.Of(d.Src), a.Value.Of(d.Src)
		if prefix, ok := strings.CutPrefix(string(name), "xmlns:"); ok && !p.inScope(name, value) &&
			slices.Contains(xmlspan.OpenPrefixes(d.Src, int(start), int(end)), prefix) {
			extra += string(xmlspan.AppendAttr(nil, string(name), xmlspan.AttrValue(value)))
		}
	}
	return extra
}
