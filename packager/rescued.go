package packager

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A rescue is the content of Other/Rescued.xml: by container, attributes and nodes that have no other
// place in the tree. A container is a section ("Roles"), a part of one ("Entities/account/FormXml"), a
// list of the manifest ("Solution/RootComponents"), or a place between sections ("After/3").
type rescue struct {
	byContainer map[string]*rescued
	order       []string
	sources     [][]byte // of the nodes that are not from customizations.xml, by number less 1
	count       int      // of nodes; from maxRescued on they are not kept
}

type rescued struct {
	attrs string // with a leading blank, as written
	scope string // the declarations that they need
	nodes []rescuedNode
}

// A rescuedNode is a node of customizations.xml, or bytes of another file. There may be as many as a file has nodes.
type rescuedNode struct {
	source int32 // 0: span.start is a node of customizations.xml; else the number of the source
	span   span
}

func newRescue() *rescue { return &rescue{byContainer: map[string]*rescued{}} }

func (r *rescue) container(name string) *rescued {
	c := r.byContainer[name]
	if c == nil {
		c = &rescued{}
		r.byContainer[name] = c
		r.order = append(r.order, name)
	}
	return c
}

// maxRescued is how many nodes are kept at most: each is written with an element around it, and real solutions have a few.
const maxRescued = 1 << 14

// room counts a node and reports whether there is room for it.
func (r *rescue) room() bool {
	r.count++
	return r.count <= maxRescued
}

// rescueLimit refuses more nodes than are kept.
func (u *unpacker) rescueLimit() error {
	if u.rescued.count <= maxRescued {
		return nil
	}
	return errorf("unpack", u.source.name, "more than %d elements, texts and comments where none belong: %w", maxRescued, ErrLimit)
}

// add keeps node i of customizations.xml; its span is filled in by render.
func (r *rescue) add(container string, i int32) {
	if !r.room() {
		return
	}
	c := r.container(container)
	c.nodes = append(c.nodes, rescuedNode{span: span{i, -1}})
}

func (r *rescue) addFrom(container string, src []byte, s span) {
	if !r.room() {
		return
	}
	c := r.container(container)
	n := len(r.sources)
	if n == 0 || len(src) == 0 || len(r.sources[n-1]) != len(src) || &r.sources[n-1][0] != &src[0] {
		r.sources = append(r.sources, src)
		n++
	}
	c.nodes = append(c.nodes, rescuedNode{int32(n), s})
}

func (r *rescue) attributes(container, attrs, scope string) {
	c := r.container(container)
	c.attrs, c.scope = attrs, scope
}

// afterSection keeps a node that stands after the n-th section.
func (r *rescue) afterSection(n int, i int32) { r.add("After/"+strconv.Itoa(n), i) }

// isBlank reports whether a node is text of white space, some of it written as references: where no text belongs it says nothing.
func isBlank(src []byte, n *xmlspan.Node) bool {
	return n.Kind == xmlspan.Text && strings.Trim(xmlspan.Decode(src[n.Start:n.End]), " \t\r\n") == ""
}

// keep puts node c of section container into Other/Rescued.xml.
func (u *unpacker) keep(container string, c int32, format string, args ...any) {
	if isBlank(u.doc().Src, &u.doc().Nodes[c]) {
		return
	}
	u.rescued.add(container, c)
	if u.found.past(ruleRescuedElement) {
		return
	}
	u.found.at(u.source, ruleRescuedElement, c, format+": kept in %s", append(args, rescuedPath)...)
}

// keepAttributes keeps the attributes of an element that becomes an empty one.
func (u *unpacker) keepAttributes(container string, c int32) {
	d := u.doc()
	if attrs := attributeText(d, c); attrs != "" {
		u.rescued.attributes(container, attrs, u.scope(span{d.Nodes[c].Start, d.Nodes[c].OpenEnd}))
		u.found.at(u.source, ruleRescuedElement, c, "attributes of %s are kept in %s", d.Name(c), rescuedPath)
	}
}

// render writes Other/Rescued.xml, nothing if there is nothing in it.
func (r *rescue) render(u *unpacker) []byte {
	if len(r.order) == 0 {
		return nil
	}
	d := u.doc()
	f := xmlspan.Format{Newline: u.newline}
	out := append(append(make([]byte, 0, r.size(d)), xmlspan.Header...), u.newline...)
	out = append(out, "<Rescued"+u.extra+">"...)
	for _, name := range slices.Sorted(slices.Values(r.order)) { // what is packed and unpacked again comes in another order
		c := r.byContainer[name]
		out = f.AppendIndent(out, 1)
		out = append(xmlspan.AppendAttr(append(out, "<In"...), "Path", name), c.scope+">"...)
		if c.attrs != "" {
			out = append(f.AppendIndent(out, 2), "<Attributes"+c.attrs+" />"...)
		}
		if len(c.nodes) > 0 {
			out = append(f.AppendIndent(out, 2), "<Content>"...)
			// Text would put its neighbours in line and run into other text: all of it is one group, the
			// last, without the white space around it.
			var text []byte
			for _, n := range c.nodes {
				src, s := r.bytes(d, n)
				switch {
				case bytes.HasPrefix(src[s.start:s.end], []byte("<![CDATA[")):
					text = f.Append(append(text, u.newline...), xmlspan.Scanned{Src: src}, int(s.start), int(s.end), 0)
				case src[s.start] != '<':
					plain := strings.Trim(xmlspan.Decode(src[s.start:s.end]), " \t\r\n")
					text = xmlspan.AppendText(append(text, u.newline...), plain, u.newline)
				default:
					scope := ""
					if n.source == 0 || &src[0] == &d.Src[0] {
						scope = u.scope(s)
					}
					out = append(f.AppendIndent(out, 3), "<Node"+scope+">"...)
					out = f.Append(out, xmlspan.Scanned{Src: src}, int(s.start), int(s.end), 4)
					out = append(f.AppendIndent(out, 3), "</Node>"...)
				}
			}
			if text = bytes.TrimPrefix(text, []byte(u.newline)); len(text) > 0 {
				out = append(append(append(f.AppendIndent(out, 3), "<Text>"...), text...), "</Text>"...)
			}
			out = append(f.AppendIndent(out, 2), "</Content>"...)
		}
		out = append(f.AppendIndent(out, 1), "</In>"...)
	}
	return append(f.AppendIndent(out, 0), "</Rescued>"...)
}

// bytes returns the source of a node and where it is in it.
func (r *rescue) bytes(d *xmlspan.Document, n rescuedNode) ([]byte, span) {
	if n.source > 0 {
		return r.sources[n.source-1], n.span
	}
	node := &d.Nodes[n.span.start]
	return d.Src, span{node.Start, node.End}
}

// size is about how long Other/Rescued.xml will be.
func (r *rescue) size(d *xmlspan.Document) int {
	size := 512
	for _, name := range r.order {
		c := r.byContainer[name]
		size += 128 + len(name) + len(c.attrs)
		for _, n := range c.nodes {
			_, s := r.bytes(d, n)
			size += int(s.end-s.start)*9/8 + len("\r\n      <Node>\r\n        \r\n      </Node>")
		}
	}
	return size
}

// A packRescue is what Other/Rescued.xml gives back.
type packRescue struct {
	source     *source
	containers map[string]*keptPart
	order      []string
	lastAfter  int
	inside     map[string][]string // containers by the one that they are parts of; made when it is asked for
}

// below returns the names of the containers that are parts of one.
func (r *packRescue) below(container string) []string {
	if r.inside == nil {
		r.inside = map[string][]string{}
		for _, name := range r.order {
			r.inside[path.Dir(name)] = append(r.inside[path.Dir(name)], name)
		}
	}
	return r.inside[container]
}

type keptPart struct {
	in    int32
	attrs string
	nodes []keptNode
	used  bool
}

// A keptNode is a node that was kept: the content of one group of Other/Rescued.xml.
type keptNode struct {
	doc        *xmlspan.Document
	group      int32
	start, end int32
	text       bool
}

// append writes the node on a line of its own.
func (n keptNode) append(dst []byte, f *xmlspan.Format, level int) []byte {
	if n.text {
		dst = f.AppendIndent(dst, level)
	}
	return f.Append(dst, n.doc.Scanned, int(n.start), int(n.end), level)
}

// element returns the node as a document of its own if it is an element.
func (n keptNode) element() (name string, doc *xmlspan.Document, root int32) {
	for e := range n.doc.Elements(n.group) {
		sub := n.doc.Sub(e, 2)
		return sub.Name(sub.Root()), sub, sub.Root()
	}
	return "", nil, xmlspan.None
}

// readRescued reads Other/Rescued.xml.
func (p *packing) readRescued() error {
	p.rescue = &packRescue{containers: map[string]*keptPart{}}
	s, err := p.xml(rescuedPath, 4)
	if err != nil || s == nil {
		return err
	}
	d := s.doc
	p.rescue.source = s
	if !d.Is(d.Root(), "Rescued") {
		return s.notRescued(d.Root(), "<Rescued>")
	}
	if err := s.holdsOnly(d.Root(), "In"); err != nil {
		return err
	}
	count := 0
	for in := range d.Elements(d.Root()) {
		if err := s.holdsOnly(in, "Attributes", "Content"); err != nil {
			return err
		}
		name := attr(d, in, "Path")
		part := p.rescue.containers[name]
		if part == nil {
			part = &keptPart{in: in}
			p.rescue.containers[name] = part
			p.rescue.order = append(p.rescue.order, name)
		}
		if n, ok := strings.CutPrefix(name, "After/"); ok {
			if at, err := strconv.Atoi(n); err == nil && at <= 100_000 {
				p.rescue.lastAfter = max(p.rescue.lastAfter, at)
			}
		}
		for c := range d.Elements(in) {
			switch d.Name(c) {
			case "Attributes":
				part.attrs += attributeText(d, c)
			case "Content":
				if err := s.holdsOnly(c, "Node", "Text"); err != nil {
					return err
				}
				for g := range d.Elements(c) {
					n := &d.Nodes[g]
					if count++; count > maxRescued {
						return &solution.SyntaxError{File: s.name, Pos: s.at(g).Start, Err: fmt.Errorf("%w: more than %d elements are kept", ErrLimit, maxRescued)}
					}
					if (name == "Start" || name == "End") && !onlyComments(d, g) {
						return &solution.SyntaxError{File: s.name, Pos: s.at(g).Start,
							Err: fmt.Errorf("%w: only comments and processing instructions can stand outside of the root element", ErrFormat)}
					}
					part.nodes = append(part.nodes, keptNode{doc: d, group: g, start: n.OpenEnd, end: d.CloseStart(g), text: d.Is(g, "Text")})
				}
			}
		}
	}
	return nil
}

// holdsOnly refuses an element of Other/Rescued.xml with anything in it but comments and elements of these names: what has no
// place there would not be packed.
func (s *source) holdsOnly(i int32, names ...string) error {
	d := s.doc
	want := func() string { return "<" + strings.Join(names, "> or <") + ">" }
	for c := range d.Children(i) {
		switch n := &d.Nodes[c]; n.Kind {
		case xmlspan.Comment, xmlspan.ProcInst:
		case xmlspan.Text:
			if len(bytes.TrimSpace(d.Src[n.Start:n.End])) > 0 {
				return s.notRescued(c, want())
			}
		default:
			if !slices.ContainsFunc(names, func(name string) bool { return d.Is(c, name) }) {
				return s.notRescued(c, want())
			}
		}
	}
	return nil
}

func (s *source) notRescued(i int32, want string) error {
	return &solution.SyntaxError{File: s.name, Pos: s.at(i).Start, Err: fmt.Errorf("%w: only %s can stand here", ErrFormat, want)}
}

// take returns the nodes kept for a container, once.
func (r *packRescue) take(container string) []keptNode { return r.containers[container].take() }

// in returns what is kept for a part of a container, nil if that is nothing.
func (r *packRescue) in(container, part string) *keptPart {
	var array [160]byte
	key := append(append(append(array[:0], container...), '/'), part...)
	return r.containers[string(key)]
}

func (c *keptPart) take() []keptNode {
	if c == nil {
		return nil
	}
	c.used = true
	nodes := c.nodes
	c.nodes = nil
	return nodes
}

func (r *packRescue) attrs(container string) string { return r.containers[container].use() }

// use returns the attributes that are kept.
func (c *keptPart) use() string {
	if c == nil {
		return ""
	}
	c.used = true
	return c.attrs
}

// unused tells of containers whose place is no longer there.
func (r *packRescue) unused(p *packing) {
	for _, name := range r.order {
		if c := r.containers[name]; !c.used {
			p.found.at(r.source, ruleRescueUnused, c.in, "%q is no longer part of the tree: what is kept for it is not packed", name)
		}
	}
}

// onlyComments reports whether an element holds comments and processing instructions and nothing else.
func onlyComments(d *xmlspan.Document, i int32) bool {
	for c := range d.Children(i) {
		if k := d.Nodes[c].Kind; k != xmlspan.Comment && k != xmlspan.ProcInst {
			return false
		}
	}
	return true
}

// hasAttributes reports whether attributes were kept.
func (r *packRescue) hasAttributes() bool {
	for _, c := range r.containers {
		if c.attrs != "" {
			return true
		}
	}
	return false
}
