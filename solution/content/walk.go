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

// A walker goes through a document once and calls the rules for its elements.
type walker struct {
	r    *reader
	src  []byte // customizations.xml
	scan *xmlspan.Scanner

	next   func() (solution.Element, bool) // the one behind at
	at     solution.Element                // not reached yet
	ended  bool                            // there is none
	open   []open                          // components around the token
	names  []string                        // elements around the token
	path   pathTexts                       // of them
	ribbon int                             // depth of the RibbonDiffXml around the token, 0 if none

	unmanaged bool // the package is

	kinds   elementKinds
	pending []rule  // of the element whose text is being read
	element element // that element
	text    []byte  // its text so far, in pieces between which comments may stand
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
func (r *reader) walk() error {
	src := r.custom.Bytes()
	w := &walker{r: r, src: src, scan: xmlspan.Rescan(src),
		path: pathTexts{texts: map[string]string{}, most: len(src)/2 + 1<<16}}
	w.unmanaged = r.manifest != nil && r.manifest.Kind() == solution.Unmanaged
	var stop func()
	w.next, stop = iter.Pull(r.custom.Elements())
	defer stop()
	r.components = slices.Grow(r.components, r.custom.Len())
	w.advance()
	for w.scan.Next() && r.over == nil {
		if len(r.references.list) == cap(r.references.list) {
			r.references.grow(w.scan.Start, len(src))
		}
		switch w.scan.Kind {
		case xmlspan.StartTag:
			w.enter()
		case xmlspan.EmptyTag:
			w.enter()
			w.leave()
		case xmlspan.EndTag:
			w.leave()
		case xmlspan.Text:
			if !w.scan.Blank {
				w.own(w.scanned())
			}
			if w.pending != nil {
				w.text = append(w.text, xmlspan.Decode(w.scanned())...)
				w.element.end = w.scan.End
			}
		case xmlspan.CData:
			if w.pending != nil {
				w.text = append(w.text, bytes.TrimSuffix(bytes.TrimPrefix(w.scanned(), []byte("<![CDATA[")), []byte("]]>"))...)
			}
		}
	}
	return w.scan.Err()
}

func (w *walker) scanned() []byte { return w.src[w.scan.Start:w.scan.End] }

func (w *walker) location(start, end int, elements string) diag.Location {
	return w.r.location(solution.CustomizationsFile, start, end, elements)
}

// An elementKind is what is known of all elements of a name.
type elementKind struct {
	name  string
	rules []rule
}

// elementKinds find them by the bytes of the name.
type elementKinds struct {
	last [256]*elementKind // those that were found, by what is easy to tell of a name: a file has few
	all  map[string]*elementKind
}

func (k *elementKinds) of(name []byte) *elementKind {
	last := &k.last[byte(len(name)*31+int(name[0])*7+int(name[len(name)-1])*3+int(name[len(name)/2]))]
	if *last != nil && (*last).name == string(name) {
		return *last
	}
	kind, ok := k.all[string(name)]
	if !ok {
		if k.all == nil {
			k.all = map[string]*elementKind{}
		}
		kind = &elementKind{name: string(name)}
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
	w.at, w.ended = next, !ok
}

func (w *walker) enter() {
	w.pending, w.text = nil, w.text[:0]
	kind := w.kinds.of(w.scan.Name.Of(w.src))
	name, rules := kind.name, kind.rules
	w.names = append(w.names, name)
	for !w.ended && w.at.Start == w.scan.Start {
		w.begin(w.at)
		w.advance()
	}
	for _, a := range w.scan.Attrs {
		w.own(a.Value.Of(w.src))
	}
	w.difference()
	if name == "RibbonDiffXml" && w.ribbon == 0 {
		w.ribbon = len(w.names)
	}
	if name == "cell" && !bytes.Contains(w.scanned(), []byte("imageprovider")) { // there are a great many
		rules = nil
	}
	resources := (w.ribbon > 0 || w.around(solution.TypeSiteMap) != nil) && bytes.Contains(bytes.ToLower(w.scanned()), []byte("webresource"))
	if rules == nil && !resources {
		return
	}
	e := element{w: w, start: w.scan.Start, end: w.scan.End, attrs: append(w.element.attrs[:0], w.scan.Attrs...)}
	if resources {
		webResources(&e)
	}
	for _, rule := range rules {
		if e.of = w.around(rule.of); rule.of != "" && e.of == nil {
			continue
		}
		if rule.text {
			w.pending = append(w.pending, rule)
			continue
		}
		rule.do(&e)
	}
	e.of = nil
	w.element = e
}

// difference tells once of a site map that is a difference to another layer, in an unmanaged package: its import asks for whole
// site maps. Of 257 real packages with a site map, 32 of 144 managed ones have the attribute and none of the unmanaged ones.
func (w *walker) difference() {
	if !w.unmanaged || len(w.scan.Attrs) == 0 {
		return
	}
	siteMap := w.around(solution.TypeSiteMap)
	if siteMap == nil || siteMap.told {
		return
	}
	for _, a := range w.scan.Attrs {
		if string(a.Name.Of(w.src)) == "solutionaction" {
			siteMap.told = true
			w.r.found = append(w.r.found, diag.Diagnostic{Rule: ruleDifference.ID, Severity: ruleDifference.Severity,
				Message:  "the site map is a difference, which an unmanaged import refuses: this element has the attribute solutionaction; export the solution as unmanaged",
				Location: w.location(w.scan.Start, w.scan.End, w.path.of(w.names[1:]))})
			return
		}
	}
}

func (w *walker) leave() {
	if len(w.pending) > 0 {
		w.element.text = strings.TrimSpace(string(w.text))
	}
	for _, rule := range w.pending {
		if w.element.of = w.around(rule.of); rule.of != "" && w.element.of == nil {
			continue
		}
		rule.do(&w.element)
	}
	w.pending = nil
	if len(w.names) == w.ribbon {
		w.ribbon = 0
	}
	if n := len(w.open); n > 0 && w.open[n-1].depth == len(w.names) {
		w.end(&w.open[n-1])
		w.open = w.open[:n-1]
	}
	w.names = w.names[:len(w.names)-1]
}

// begin opens a component and lists it, unless it is only a part.
func (w *walker) begin(x solution.Element) {
	o := open{Element: x, at: -1, depth: len(w.names)}
	if listed(x) {
		o.at = len(w.r.components)
		c := component{Component: Component{Key: x.Key, Owner: x.Owner, Alternates: alternates(x), Location: w.location(x.Start, x.End, x.Path)}, size: x.End - x.Start}
		if !w.r.add(c) {
			o.at = -1
		}
	}
	w.open = append(w.open, o)
}

// listed reports whether an element is a component on its own.
func listed(x solution.Element) bool {
	info, ok := x.Key.Type().Info()
	return !ok || info.Key != solution.KeyInternal && (info.Key == solution.KeyNone || x.Key.HasName() || x.Key.Type() == solution.TypeSiteMap)
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
