package content

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A walker goes through the elements of customizations.xml once and calls the rules for them.
type walker struct {
	r   *reader
	src []byte // customizations.xml
	doc *xmlspan.Document
	// places are those in src.
	places func(start, end int) diag.Location

	next     func() (solution.Element, bool) // the one behind at
	at       solution.Element                // not reached yet
	starts   int32                           // where it starts; -1 if there is none
	open     []open                          // components around the element
	nodes    []int32                         // elements around it, and the element itself while its rules are called
	names    []string                        // of nodes
	path     pathTexts                       // of them
	ribbon   int                             // depth of the RibbonDiffXml around the element, 0 if none
	siteMaps int                             // how many of open are site maps

	unmanaged bool    // the package is
	listing   listing // of the type that was asked for last

	kinds   elementKinds
	element element        // that rules are called with
	attrs   []xmlspan.Attr // of it
}

// An open component is one that the walker is in.
type open struct {
	solution.Element
	at     int // its index in reader.components
	depth  int
	memo   string // what a rule has to remember for a later one of the same component
	inline bool   // an attribute has its own option set
	told   bool   // of a site map: that it is a difference
	// category is what kind of process or web resource it is, as written.
	category string
	target   target
}

// A target is what a component names, until it is known whether that is a component of its own: the choice of a column, the handler
// of a step.
type target struct {
	text       string
	start, end int
}

// An element is what a rule is called with.
type element struct {
	w          *walker
	of         *open // the component of the rule's type
	attrs      []xmlspan.Attr
	text       string
	start, end int
}

func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if string(a.Name.Of(e.w.src)) == name {
			return xmlspan.AttrValue(a.Value.Of(e.w.src))
		}
	}
	return ""
}

func (e *element) refer(edge Edge, to solution.Key, text string) {
	w := e.w
	w.r.refer(edge, e.of.Key, to, text, w.location(e.start, e.end, w.path.of(w.names[1:])))
}

// table returns the table around the element.
func (e *element) table() string {
	if t := e.w.around(solution.TypeEntity); t != nil {
		return t.Key.Name()
	}
	return ""
}

// parent returns the name of the element around this one.
func (w *walker) parent() string {
	if len(w.names) < 2 {
		return ""
	}
	return w.names[len(w.names)-2]
}

// around returns the innermost open component of that type, nil if there is none.
func (w *walker) around(t solution.ComponentType) *open {
	for i := len(w.open) - 1; i >= 0; i-- {
		if w.open[i].Key.Type() == t {
			return &w.open[i]
		}
	}
	return nil
}

// walk reads customizations.xml.
func (r *reader) walk() {
	src, doc := r.custom.Bytes(), r.custom.Table()
	w := &walker{r: r, src: src, doc: doc, places: solution.Places(r.parts, solution.CustomizationsFile), path: pathTexts{texts: map[string]string{}, most: len(src)/2 + 1<<16}}
	w.unmanaged = r.manifest != nil && r.manifest.Kind() == solution.Unmanaged
	var stop func()
	w.next, stop = iter.Pull(r.custom.Elements())
	defer stop()
	r.room(r.custom.Len())
	w.advance()
	for i := int32(1); int(i) < len(doc.Nodes) && r.over == nil; {
		n := &doc.Nodes[i]
		if len(r.references.list) == cap(r.references.list) {
			r.references.grow(int(n.Start), len(src))
		}
		w.leaveTo(n.Parent)
		switch {
		case n.IsElement():
			i = w.enter(i)
			continue
		case n.Kind == xmlspan.Text:
			w.own(src[n.Start:n.End])
		}
		i++
	}
	if r.over == nil {
		w.leaveTo(xmlspan.None)
	}
}

func (w *walker) location(start, end int, elements string) diag.Location {
	at := w.places(start, end)
	at.Path = elements
	return at
}

// An elementKind is what is known of all elements of a name.
type elementKind struct {
	name         string
	rules        []rule
	cell, ribbon bool // the first is that of a form or view: there are a great many
}

// elementKinds find them by the bytes of the name.
type elementKinds struct {
	last [1024]*elementKind // those that were found, by what is easy to tell of a name: a file has few
	all  map[string]*elementKind
}

// maxKeptName is more than a name has that a rule reads. Longer ones are not kept, as a file may have one in each element.
const maxKeptName = 64

func (k *elementKinds) of(name []byte) *elementKind {
	n := len(name)
	last := &k.last[(n*31+int(name[0])*7+int(name[n-1])*37+int(name[n/2])*113+int(name[n/4])*5)%len(k.last)]
	if *last != nil && (*last).name == string(name) {
		return *last
	}
	kind, ok := k.all[string(name)]
	if !ok && n > maxKeptName {
		return &elementKind{name: string(name)}
	}
	if !ok {
		if k.all == nil {
			k.all = map[string]*elementKind{}
		}
		kind = &elementKind{name: string(name), cell: string(name) == "cell", ribbon: string(name) == "RibbonDiffXml"}
		kind.rules = xmlRules[kind.name]
		k.all[kind.name] = kind
	}
	*last = kind
	return kind
}

// pathTexts make paths of elements, each once, as references by the thousand stand in one place.
type pathTexts struct {
	texts map[string]string
	size  int // of all of them
	most  int // size from which on only ends of paths are told
	buf   []byte
}

// maxPathText is the length of a path that is told whole. In files of real solutions none has more than 400 bytes.
const maxPathText = 1024

func (p *pathTexts) of(names []string) string {
	p.buf = p.buf[:0]
	for i, name := range names {
		if i > 0 {
			p.buf = append(p.buf, '/')
		}
		p.buf = append(p.buf, name...)
		if len(p.buf) > maxPathText {
			break
		}
	}
	if text, ok := p.texts[string(p.buf)]; ok {
		return text
	}
	text := p.buf
	if len(text) > maxPathText || p.size > p.most {
		text = []byte(".../" + names[len(names)-1])
		if text, ok := p.texts[string(text)]; ok {
			return text
		}
	}
	out := string(text)
	p.texts[out] = out
	p.size += len(out)
	return out
}

// advance goes on to the next component.
func (w *walker) advance() {
	next, ok := w.next()
	w.at, w.starts = next, int32(next.Start)
	if !ok {
		w.starts = -1
	}
}

// leafEnd returns the node behind an element that has no elements in it, and whether that is so.
func (w *walker) leafEnd(i int32) (next int32, leaf bool) {
	nodes := w.doc.Nodes
	next = i + 1
	for int(next) < len(nodes) && nodes[next].Parent == i {
		if nodes[next].IsElement() {
			return i + 1, false
		}
		next++
	}
	return next, true
}

// enter reads the start of an element, and all of one without elements in it. It returns the node to go on with.
func (w *walker) enter(i int32) int32 {
	n := &w.doc.Nodes[i]
	name := w.nameSpan(i, n)
	kind := w.kinds.of(name.Of(w.src))
	tag := w.src[name.End:n.OpenEnd]
	next, leaf := w.leafEnd(i)
	begins := w.starts == n.Start
	if leaf && kind.rules == nil && !begins && !kind.ribbon && w.ribbon == 0 && w.siteMaps == 0 { // most are
		w.ownAttributes(i, tag)
		w.ownTexts(i, next)
		return next
	}
	w.nodes, w.names = append(w.nodes, i), append(w.names, kind.name)
	for w.starts == n.Start {
		w.begin(w.at)
		w.advance()
	}
	w.ownAttributes(i, tag)
	w.difference(i)
	if kind.ribbon && w.ribbon == 0 {
		w.ribbon = len(w.names)
	}
	rules := kind.rules
	if kind.cell && !bytes.Contains(tag, []byte("imageprovider")) {
		rules = nil
	}
	resources := (w.ribbon > 0 || w.siteMaps > 0) && containsFold(tag, "webresource")
	e := &w.element
	*e = element{w: w, start: int(n.Start), end: int(n.OpenEnd)}
	if rules != nil || resources {
		e.attrs = w.attributes(i, tag)
	}
	if resources {
		webResources(e)
	}
	texts := false
	for k := range rules {
		if texts = texts || rules[k].text; !rules[k].text {
			w.apply(&rules[k], e)
		}
	}
	if !leaf {
		return next
	}
	w.ownTexts(i, next)
	if texts {
		e.text, e.end = w.text(i)
		for k := range rules {
			if rules[k].text {
				w.apply(&rules[k], e)
			}
		}
	}
	w.leave()
	return next
}

// nameSpan returns the name of an element. Most have nothing else in their start tag.
func (w *walker) nameSpan(i int32, n *xmlspan.Node) xmlspan.Span {
	if n.Kind == xmlspan.StartTag {
		switch w.src[n.OpenEnd-2] {
		case '"', '\'', ' ', '\t', '\r', '\n':
		default:
			return xmlspan.Span{Start: n.Start + 1, End: n.OpenEnd - 1}
		}
	}
	return w.doc.NameSpan(i)
}

// apply calls a rule for an element, if it is in a component of the rule's type.
func (w *walker) apply(r *rule, e *element) {
	if e.of = w.around(r.of); r.of == "" || e.of != nil {
		r.do(e)
	}
}

// attributes returns the attributes of an element. They hold until it is called again.
func (w *walker) attributes(i int32, tag []byte) []xmlspan.Attr {
	w.attrs = w.attrs[:0]
	if bytes.IndexByte(tag, '=') >= 0 {
		for a := range w.doc.RawAttrs(i) {
			w.attrs = append(w.attrs, a)
		}
	}
	return w.attrs
}

// ownAttributes adds the parts that attributes name. tag is what stands behind the name of the element.
func (w *walker) ownAttributes(i int32, tag []byte) {
	tag = bytes.TrimSuffix(tag[:len(tag)-1], []byte("/"))
	if len(tag) < len(` a="/"`) || bytes.IndexByte(tag, '/') < 0 && bytes.IndexByte(tag, '\\') < 0 {
		return
	}
	for a := range w.doc.RawAttrs(i) {
		w.own(a.Value.Of(w.src))
	}
}

// ownTexts adds the parts that the texts of an element name that has no elements in it.
func (w *walker) ownTexts(i, next int32) {
	for c := i + 1; c < next; c++ {
		if n := &w.doc.Nodes[c]; n.Kind == xmlspan.Text {
			w.own(w.src[n.Start:n.End])
		}
	}
}

// text returns the text of an element that has no elements in it, and where the last piece of it ends that is no CDATA.
func (w *walker) text(i int32) (string, int) {
	n := &w.doc.Nodes[i]
	end := int(w.doc.CloseStart(i))
	inner := w.src[n.OpenEnd:max(int(n.OpenEnd), end)]
	if bytes.IndexByte(inner, '<') < 0 {
		return strings.TrimSpace(xmlspan.Decode(inner)), end
	}
	var text []byte
	end = int(n.OpenEnd)
	element := w.doc.Bytes(i)
	for s := xmlspan.Rescan(element); s.Next(); {
		switch piece := element[s.Start:s.End]; s.Kind {
		case xmlspan.Text:
			text = append(text, xmlspan.Decode(piece)...)
			end = int(n.Start) + s.End
		case xmlspan.CData:
			text = append(text, bytes.TrimSuffix(bytes.TrimPrefix(piece, []byte("<![CDATA[")), []byte("]]>"))...)
		}
	}
	return strings.TrimSpace(string(text)), end
}

// containsFold reports whether text contains a word in small letters, in whatever case.
func containsFold(text []byte, word string) bool {
	for ; len(text) >= len(word); text = text[1:] {
		if text[0]|0x20 == word[0] && strings.EqualFold(string(text[:len(word)]), word) {
			return true
		}
	}
	return false
}

// difference tells once of a site map that is a difference to another layer, in an unmanaged package: its import asks for whole
// site maps. Of 257 real packages with a site map, 32 of 144 managed ones have the attribute and none of the unmanaged ones.
func (w *walker) difference(i int32) {
	if !w.unmanaged || w.siteMaps == 0 {
		return
	}
	siteMap := w.around(solution.TypeSiteMap)
	if siteMap == nil || siteMap.told {
		return
	}
	n := &w.doc.Nodes[i]
	for a := range w.doc.RawAttrs(i) {
		if string(a.Name.Of(w.src)) == "solutionaction" {
			siteMap.told = true
			w.r.found = append(w.r.found, diag.Diagnostic{Rule: ruleDifference.ID, Severity: ruleDifference.Severity,
				Message:  "the site map is a difference, which an unmanaged import refuses: this element has the attribute solutionaction; export the solution as unmanaged",
				Location: w.location(int(n.Start), int(n.OpenEnd), w.path.of(w.names[1:]))})
			return
		}
	}
}

// leaveTo closes the elements around the current place that are not around what is in parent.
func (w *walker) leaveTo(parent int32) {
	for len(w.nodes) > 0 && w.nodes[len(w.nodes)-1] != parent {
		w.leave()
	}
}

// leave closes the innermost element.
func (w *walker) leave() {
	if len(w.names) == w.ribbon {
		w.ribbon = 0
	}
	if n := len(w.open); n > 0 && w.open[n-1].depth == len(w.names) {
		w.end(&w.open[n-1])
		if w.open[n-1].Key.Type() == solution.TypeSiteMap {
			w.siteMaps--
		}
		w.open = w.open[:n-1]
	}
	w.nodes, w.names = w.nodes[:len(w.nodes)-1], w.names[:len(w.names)-1]
}

// begin opens a component and lists it, unless it is only a part.
func (w *walker) begin(x solution.Element) {
	o := open{Element: x, at: -1, depth: len(w.names)}
	if w.listed(&x) {
		o.at = len(w.r.components)
		at := w.location(x.Start, x.End, x.Path)
		if c := w.r.add(at); c != nil {
			c.Key, c.Owner, c.Alternates, c.size = x.Key, x.Owner, alternates(x), x.End-x.Start
		} else {
			o.at = -1
		}
	}
	w.open = append(w.open, o)
	if x.Key.Type() == solution.TypeSiteMap {
		w.siteMaps++
	}
}

// A listing says which components of a type are listed.
type listing struct {
	of     solution.ComponentType
	never  bool // only parts of others
	always bool // also without a name
}

// listed reports whether an element is a component on its own.
func (w *walker) listed(x *solution.Element) bool {
	t := x.Key.Type()
	if w.listing.of != t {
		info, ok := t.Info()
		w.listing = listing{t, ok && info.Key == solution.KeyInternal, !ok || info.Key == solution.KeyNone || t == solution.TypeSiteMap}
	}
	return !w.listing.never && (w.listing.always || x.Key.HasName())
}

// alternates returns the keys besides its own by which other components refer to x.
func alternates(x solution.Element) []solution.Key {
	var out []solution.Key
	if !x.ID.IsZero() && x.Key.ID().IsZero() {
		out = append(out, solution.IDKey(x.Key.Type(), x.ID))
	}
	return out
}

// name gives the component that the walker is in a display name, if it has none.
func (w *walker) name(o *open, text string) {
	if o == nil || o.at < 0 || text == "" || w.r.components[o.at].DisplayName != "" {
		return
	}
	w.r.components[o.at].DisplayName = text
}

func (w *walker) innermost() *open {
	for i := range slices.Backward(w.open) {
		if w.open[i].at >= 0 {
			return &w.open[i]
		}
	}
	return nil
}

// end closes a component.
func (w *walker) end(o *open) {
	if o.Key.Name() == "" {
		w.name(o, o.Name) // a title where the GUID is the key
	}
	if o.Key.Type() == solution.TypeAttribute && o.target.text != "" && !o.inline {
		w.r.refer(ColumnChoice, o.Key, key(solution.TypeOptionSet, o.target.text), o.target.text,
			w.location(o.target.start, o.target.end, o.Path+"/OptionSetName"))
	}
	if o.at < 0 {
		return
	}
	switch o.Key.Type() {
	case solution.TypeWorkflow:
		w.endProcess(o)
	case solution.TypeWebResource:
		w.endWebResource(o)
	}
}
