package solution

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// CustomizationsFile is the name of the customizations in a solution zip, and that of their part.
const CustomizationsFile = "customizations.xml"

// Customizations is an index of customizations.xml: which component is where. It is an immutable view
// over the bytes it was parsed from and safe for concurrent use.
//
// Components are what the catalogue has a section path for, nested ones included, and every other
// direct child of a section, so that nothing on that level is left out. Components of newer kinds have
// no element here but files of their own in the package.
type Customizations struct {
	src        []byte
	root       xmlspan.Span
	sections   []Section
	components []Element
	index      func() map[Key]int
	places     places
	table      func() *xmlspan.Document
}

// A Section is a child of the root, such as Entities. Start and End are its span in the bytes, tags
// included.
type Section struct {
	Name       string
	Start, End int // in bytes of the file
}

// An Element is an element that describes a component.
type Element struct {
	Key Key
	// Owner is the component this one is nested in, the zero Key if none: the table of a column, the
	// assembly of a plug-in type.
	Owner Key
	// Name is as written and may be only a title; ID may be more than identity needs. Each is empty
	// where the element has none. [Customizations.Lookup] finds a component by its ID, whatever its kind.
	Name    string
	ID      GUID
	Section string // name of the section it is in
	Path    string // names of the elements from the section on, "Entities/Entity"
	// Start and End are the span of the element in the bytes, tags included.
	Start, End int
}

// ParseCustomizations reads customizations.xml, UTF-8 with or without a byte order mark, in one scan.
// It keeps src, which must not change afterwards. file is the name that errors and locations have; [ReadCustomizations]
// gives those of a source.
//
// Only the root ImportExportXml must be there. Names of sections and elements are case-sensitive. A
// component that lacks its name or GUID is listed without it. The error is a [*SyntaxError]. Of sections and components there may
// be 16,384, and one more for every 512 bytes, so that the index is never much larger than the file; the densest of real
// solutions have a component every 700 bytes. More are [ErrLimit].
func ParseCustomizations(src []byte, file string) (*Customizations, error) {
	return parseCustomizations(src, placesIn(file, src), false)
}

// parseCustomizations makes the index, and in the same scan the table of elements if it is going to be asked for.
func parseCustomizations(src []byte, at places, table bool) (*Customizations, error) {
	p := indexer{src: src, scan: xmlspan.NewScanner(src, nil), places: at}
	if table {
		p.lister = xmlspan.NewLister(p.scan)
	}
	if err := p.run(); err != nil {
		return nil, err
	}
	c := &Customizations{src: src, root: p.root, sections: p.sections, components: p.finish(), places: at}
	c.index = sync.OnceValue(c.buildIndex)
	c.table = sync.OnceValue(c.makeTable)
	if table {
		doc := p.lister.Document()
		c.table = func() *xmlspan.Document { return doc }
	}
	return c, nil
}

// Table returns the table of all elements of the file, for the packages of this module. It is made when it is asked for first, in a
// scan of its own, and kept; that of parts that are [Shared] is made in the scan that makes the index.
func (c *Customizations) Table() *xmlspan.Document { return c.table() }

func (c *Customizations) makeTable() *xmlspan.Document {
	const deepest = 512 // more levels than a scanner accepts
	doc, err := xmlspan.Parse(c.src, deepest, nil)
	if err != nil {
		panic(err) // it was accepted before
	}
	return doc
}

// Sections returns the sections in the order of the file, empty ones included.
func (c *Customizations) Sections() iter.Seq[Section] {
	return func(yield func(Section) bool) {
		for _, s := range c.sections {
			if !yield(s) {
				return
			}
		}
	}
}

// Elements returns those of the components in the order of the file, an owner before what is nested in it.
func (c *Customizations) Elements() iter.Seq[Element] {
	return func(yield func(Element) bool) {
		for _, x := range c.components {
			if !yield(x) {
				return
			}
		}
	}
}

// Len returns the number of components.
func (c *Customizations) Len() int { return len(c.components) }

// OfType returns the components of a type in the order of the file.
func (c *Customizations) OfType(t ComponentType) iter.Seq[Element] {
	return func(yield func(Element) bool) {
		for _, x := range c.components {
			if x.Key.kind == t && !yield(x) {
				return
			}
		}
	}
}

// Lookup returns the component of a key: by its GUID if k has one and it is found, else by name and
// owner. A key of a type alone finds the component of that type that has neither. Of several with one
// key it is the first.
func (c *Customizations) Lookup(k Key) (Element, bool) {
	index := c.index()
	if !k.id.IsZero() {
		if i, ok := index[Key{kind: k.kind, id: k.id}]; ok {
			return c.components[i], true
		}
		if k.name == "" {
			return Element{}, false
		}
	}
	i, ok := index[Key{kind: k.kind, parent: k.parent, name: k.name}]
	if !ok {
		return Element{}, false
	}
	return c.components[i], true
}

func (c *Customizations) buildIndex() map[Key]int {
	index := make(map[Key]int, len(c.components))
	add := func(k Key, i int) {
		if _, ok := index[k]; !ok {
			index[k] = i
		}
	}
	for i, x := range c.components {
		if !x.ID.IsZero() {
			add(Key{kind: x.Key.kind, id: x.ID}, i)
		}
		if x.Key.name != "" || x.ID.IsZero() {
			add(Key{kind: x.Key.kind, parent: x.Key.parent, name: x.Key.name}, i)
		}
	}
	return index
}

// Bytes returns the file. The caller must not change it.
func (c *Customizations) Bytes() []byte { return c.src }

// ElementBytes returns the bytes of a component's element. The caller must not change them.
func (c *Customizations) ElementBytes(x Element) []byte { return c.src[x.Start:x.End] }

// Location returns the place of a component.
func (c *Customizations) Location(x Element) diag.Location {
	at := c.places(x.Start, x.End)
	at.Path = x.Path
	return at
}

// An indexer makes the index. Only elements on a path of the catalogue are live; live elements stand
// on the stack, and all that is inside others is passed over.
type indexer struct {
	src      []byte
	base     int // how many elements are around src, which are on the stack from the start
	places   places
	scan     *xmlspan.Scanner
	lister   *xmlspan.Lister // nil: no table is made
	root     xmlspan.Span
	stack    []frame
	sections []Section
	found    []finding
	capture  capture
	path     elementPath // of the unknown component that was finished last
	but      [][2]int    // spans of src that are passed over, those that are still to come
	keys     *KeyCheck   // for which the components are; nil if they are listed
}

// A frame is an open live element.
type frame struct {
	node  int16 // of paths; unknownNode for a section that the catalogue does not have
	found int32 // the component that this element is, -1 if none
	owner int32 // the component that it is in or is
}

const unknownNode = -1

// A finding is a component while its element is read. There may be many, so what few have is apart.
type finding struct {
	node             int16 // of paths, unknownNode if the catalogue does not have the element
	nameRank, idRank int8  // rank of the source that name and id are from; lower wins
	leaf             bool  // no child element so far
	settled, around  bool  // those in it have been looked at by a KeyCheck, or it is not in what that was given
	owner, section   int32
	start, end       int32
	element, name    xmlspan.Span // the name as it stands in the bytes, unless rest has it
	id               GUID
	rest             *findingTexts
}

// findingTexts are what is seldom there: a name that does not stand in the bytes as it is read, the second of two names, the text
// of an element without children, a GUID that is none.
type findingTexts struct {
	name, second, badID string
	span                xmlspan.Span // the text if it is in one piece, as that of a capture
	text                []byte       // else in pieces
}

// leaf returns the text of an element without children.
func (x *findingTexts) leaf(src []byte) []byte {
	if len(x.text) > 0 {
		return x.text
	}
	return x.span.Of(src)
}

func (f *finding) texts() *findingTexts {
	if f.rest == nil {
		f.rest = &findingTexts{}
	}
	return f.rest
}

// nameIn returns the name, from the bytes that were read if it stands there.
func (f *finding) nameIn(src []byte) []byte {
	if f.rest != nil && f.rest.name != "" {
		return []byte(f.rest.name)
	}
	return f.name.Of(src)
}

// An elementPath is the path of an element of a section, kept because the next one mostly has the same.
type elementPath struct {
	section int32
	path    string
}

// maxOwnerName is more than the name of any table. What is in a component with a longer one is not called after it, as a long name
// would be repeated for each.
const maxOwnerName = 512

// maxComponents is how many sections and components there may be in a file of that size.
func maxComponents(size int) int { return 1<<14 + size/512 }

// room refuses a section or component too many, else makes room for it: for as many as there are if the rest of the file is like
// what was read of it.
func (p *indexer) room() error {
	size, n := len(p.src), len(p.found)
	if p.keys != nil && n >= manyFound {
		if p.keys.settle(); p.keys.components > p.keys.most {
			return ErrLimit
		}
		n = len(p.found)
	}
	if most := maxComponents(size); n+len(p.sections) >= most && p.keys == nil {
		return syntaxError(p.places, p.scan.Start, fmt.Errorf("%w: more than %d sections and components in a file of its size", ErrLimit, most))
	}
	if n == cap(p.found) {
		want := int(float64(n) / float64(p.scan.Start+1) * float64(size-p.scan.Start) * 17 / 16)
		p.found = slices.Grow(p.found, min(max(want, n/4, 16), 256+7*n))
	}
	return nil
}

const noRank = 127

// A capture collects the text of a child element that holds a name or a GUID.
type capture struct {
	found int32
	rank  int8
	isID  bool
	depth int
	on    bool
	span  xmlspan.Span // the text if it is in one piece and means what is written there
	text  []byte       // else in pieces, between which comments may stand
}

// depth is that of the current token in the whole file.
func (p *indexer) depth() int { return p.base + p.scan.Depth }

func (p *indexer) run() error {
	for s := p.scan; s.Next(); {
		switch {
		case s.Kind == xmlspan.Text && s.Blank:
			continue
		case p.lister == nil:
		case s.Kind == xmlspan.EndTag:
			p.lister.End()
		default:
			p.lister.Add()
		}
		if err := p.token(); err != nil {
			return err
		}
	}
	if err := p.scan.Err(); err != nil {
		return scanError(p.places, err)
	}
	return nil
}

// token takes note of the current token.
func (p *indexer) token() error {
	s := p.scan
	switch s.Kind {
	case xmlspan.StartTag, xmlspan.EmptyTag:
		if p.depth() != len(p.stack) || len(p.but) > 0 && p.passOver() {
			return nil
		}
		if p.depth() == 0 {
			if string(s.Name.Of(p.src)) != "ImportExportXml" {
				return syntaxError(p.places, s.Start,
					fmt.Errorf("root element is %q: customizations have ImportExportXml", s.Name.Of(p.src)))
			}
			p.root.Start = int32(s.Start)
			p.push(frame{node: 0, found: -1, owner: -1})
			return nil
		}
		if err := p.room(); err != nil {
			return err
		}
		if live := p.start(); !live && !p.capture.on {
			s.PassElement()
		}
	case xmlspan.EndTag:
		if p.capture.on && p.depth() == p.capture.depth {
			p.endCapture()
		}
		if p.depth() == len(p.stack)-1 {
			p.pop(s.End)
		}
	case xmlspan.Text, xmlspan.CData:
		if s.Kind == xmlspan.CData || !s.Blank {
			p.characters()
		}
	}
	return nil
}

// passOver passes over the current element if it is not to be read.
func (p *indexer) passOver() bool {
	for len(p.but) > 0 && p.but[0][0] < p.scan.Start {
		p.but = p.but[1:]
	}
	if len(p.but) == 0 || p.but[0][0] > p.scan.Start {
		return false
	}
	p.scan.SkipTo(p.but[0][1])
	return true
}

// push puts a live element on the stack; an empty one leaves it at once.
func (p *indexer) push(f frame) {
	p.stack = append(p.stack, f)
	if p.scan.Kind == xmlspan.EmptyTag {
		p.pop(p.scan.End)
	}
}

func (p *indexer) pop(end int) {
	f := p.stack[len(p.stack)-1]
	p.stack = p.stack[:len(p.stack)-1]
	if f.found >= 0 {
		p.found[f.found].end = int32(end)
	}
	switch len(p.stack) {
	case 0:
		p.root.End = int32(end)
	case 1:
		p.sections[len(p.sections)-1].End = end
	}
}

// start handles a start tag whose parent is live, and reports whether the element is too.
func (p *indexer) start() bool {
	s := p.scan
	up := p.stack[len(p.stack)-1]
	name := s.Name.Of(p.src)
	if up.found >= 0 {
		p.found[up.found].leaf = false
	}
	node, depth := childNode(up.node, name), p.depth()
	if depth == 1 {
		p.sections = append(p.sections, Section{Name: string(name), Start: s.Start})
	}
	switch {
	case node >= 0:
		f := frame{node: node, found: -1, owner: up.owner}
		if paths[node].row >= 0 {
			f.found = p.add(node, up.owner)
			f.owner = f.found
		}
		p.push(f)
	case depth == 1:
		p.push(frame{node: unknownNode, found: -1, owner: -1})
	case depth == 2 && up.found < 0:
		i := p.add(unknownNode, -1)
		p.push(frame{node: unknownNode, found: i, owner: i})
	case up.found >= 0:
		p.startCapture(up.found, name)
		return false
	default:
		return false
	}
	return true
}

// childNode returns the node of paths for a child of a node, unknownNode if there is none.
func childNode(parent int16, name []byte) int16 {
	if parent == unknownNode {
		return unknownNode
	}
	first := paths[parent].first
	for i := first; i < first+paths[parent].count; i++ {
		if paths[i].name == string(name) {
			return i
		}
	}
	return unknownNode
}

// add records the component that the current tag begins and reads its attributes.
func (p *indexer) add(node int16, owner int32) int32 {
	s := p.scan
	i := int32(len(p.found))
	p.found = append(p.found, finding{
		node: node, owner: owner, section: int32(len(p.sections) - 1), leaf: true,
		nameRank: noRank, idRank: noRank, start: int32(s.Start), element: s.Name,
	})
	for _, a := range s.Attrs {
		rank, isID := p.rank(i, a.Name.Of(p.src), true)
		if rank < noRank {
			if raw := a.Value.Of(p.src); bytes.ContainsAny(raw, "&\t\r\n") {
				p.set(i, rank, isID, xmlspan.Span{}, xmlspan.AttrValue(raw))
			} else {
				p.set(i, rank, isID, a.Value, "")
			}
		}
	}
	return i
}

// genericNames says where components that the catalogue does not have may hold a name, best first. The
// first three are what the reference tool takes for it.
var genericNames = keySource{name: []string{
	"@Name", "Name", "name", "@name", "@UniqueName", "UniqueName", "@uniquename", "uniquename",
	"@SchemaName", "SchemaName", "@schemaname", "schemaname",
}}

// source returns where the name and GUID of a component stand.
func (f *finding) source() *keySource {
	if f.node == unknownNode {
		return &genericNames
	}
	return &keySources[paths[f.node].row]
}

// rank says how good a source for name or GUID an attribute or child element of component i is, noRank
// if it is none.
func (p *indexer) rank(i int32, name []byte, attr bool) (rank int8, isID bool) {
	f := &p.found[i]
	source := f.source()
	if f.node == unknownNode && isGenericID(f.element.Of(p.src), name) {
		return 0, true
	}
	for n, want := range source.id {
		if isSource(want, name, attr) {
			return int8(n), true
		}
	}
	for n, want := range source.name {
		if isSource(want, name, attr) {
			return int8(n), false
		}
	}
	return noRank, false
}

func isSource(want string, name []byte, attr bool) bool {
	if attr {
		return want[0] == '@' && want[1:] == string(name)
	}
	return want == string(name)
}

// isGenericID reports whether name is "id", or the element's name followed by "id", in any case.
func isGenericID(element, name []byte) bool {
	n := len(name) - len("id")
	if n < 0 || !strings.EqualFold(string(name[n:]), "id") {
		return false
	}
	return n == 0 || strings.EqualFold(string(name[:n]), string(element))
}

// set records a name or GUID if it is better than what is there: the text of a span of the bytes, or another one.
func (p *indexer) set(i int32, rank int8, isID bool, span xmlspan.Span, text string) {
	f := &p.found[i]
	span, text = trimSpan(p.src, span), trimSpace(text)
	value := span.Of(p.src)
	if text != "" {
		value = []byte(text)
	}
	switch {
	case len(value) == 0:
	case isID:
		if rank >= f.idRank {
			return
		}
		f.idRank = rank
		p.renamed(f)
		var ok bool
		if f.id, ok = parseGUID(value); !ok {
			f.texts().badID = string(value)
		}
	case f.source().join && rank == 1:
		if x := f.texts(); x.second == "" {
			x.second = string(value)
			p.renamed(f)
		}
	case rank < f.nameRank:
		f.nameRank, f.name = rank, span
		p.renamed(f)
		if text != "" || f.rest != nil {
			f.texts().name = text
		}
	}
}

// renamed is called when a component gets a name or GUID. If keys of what is in it have been taken before, that may be of another.
func (p *indexer) renamed(f *finding) {
	if f.settled && p.keys != nil {
		p.keys.twice = true
	}
}

// trimSpan takes white space from the ends of a span.
func trimSpan(src []byte, s xmlspan.Span) xmlspan.Span {
	for s.Start < s.End && isSpace(src[s.Start]) {
		s.Start++
	}
	for s.Start < s.End && isSpace(src[s.End-1]) {
		s.End--
	}
	return s
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func (p *indexer) startCapture(i int32, name []byte) {
	if p.scan.Kind == xmlspan.EmptyTag {
		return
	}
	if rank, isID := p.rank(i, name, false); rank < noRank {
		p.capture = capture{found: i, rank: rank, isID: isID, depth: p.depth(), on: true}
	}
}

func (p *indexer) endCapture() {
	p.set(p.capture.found, p.capture.rank, p.capture.isID, p.capture.span, string(p.capture.text))
	p.capture = capture{}
}

// characters handles text that is not blank.
func (p *indexer) characters() {
	s := p.scan
	leaf := int32(-1)
	if !p.capture.on {
		if p.depth() == 3 && len(p.stack) == 3 {
			leaf = p.stack[2].found
		}
		if leaf < 0 || p.found[leaf].node != unknownNode {
			return
		}
	}
	span, to := &p.capture.span, &p.capture.text
	if !p.capture.on {
		x := p.found[leaf].texts()
		span, to = &x.span, &x.text
	}
	if s.Kind == xmlspan.Text && len(*to) == 0 && span.End == 0 && bytes.IndexByte(p.src[s.Start:s.End], '&') < 0 {
		*span = xmlspan.Span{Start: int32(s.Start), End: int32(s.End)}
		return
	}
	*to = append(*to, span.Of(p.src)...)
	*span = xmlspan.Span{}
	if s.Kind == xmlspan.CData {
		*to = append(*to, p.src[s.Start+len("<![CDATA["):s.End-len("]]>")]...)
	} else {
		*to = append(*to, xmlspan.Decode(p.src[s.Start:s.End])...)
	}
}

// finish turns the findings into components. Owners come first, so their keys are there when needed.
func (p *indexer) finish() []Element {
	out := make([]Element, len(p.found))
	for i := range p.found {
		f := &p.found[i]
		c := &out[i]
		*c = Element{
			Name: string(f.nameIn(p.src)), ID: f.id, Section: p.sections[f.section].Name,
			Start: int(f.start), End: int(f.end),
		}
		rest := findingTexts{}
		if f.rest != nil {
			rest = *f.rest
		}
		parent := ""
		if f.owner >= 0 {
			c.Owner = out[f.owner].Key
			if parent = c.Owner.name; parent == "" && !c.Owner.id.IsZero() {
				parent = c.Owner.id.String()
			}
		}
		var t ComponentType
		if f.node == unknownNode {
			c.Path = p.unknownPath(f, c.Section)
			t = ParseComponentType(c.Path[len(c.Section)+1:])
			if c.Name == "" && f.leaf {
				c.Name = string(bytes.Trim(rest.leaf(p.src), " \t\r\n")) // <Language>1033</Language>
			}
		} else {
			c.Path = paths[f.node].path
			t = catalogue[paths[f.node].row].Type
		}
		switch source := f.source(); {
		case source.join:
			c.Name = trimSpace(c.Name + " " + rest.second)
		case source.suffix != "" && f.owner >= 0 && len(out[f.owner].Name) <= maxOwnerName:
			c.Name = out[f.owner].Name + source.suffix
		case source.suffix != "":
			c.Name = source.suffix
		}
		c.Key = NewKey(t, parent, c.Name, c.ID)
		if rest.badID != "" && c.Key.name == "" {
			c.Key.name = Fold(rest.badID)
		}
	}
	return out
}

// unknownPath returns the path of a component that the catalogue does not have.
func (p *indexer) unknownPath(f *finding, section string) string {
	name := f.element.Of(p.src)
	if last := &p.path; last.section != f.section || len(last.path) != len(section)+1+len(name) || last.path[len(section)+1:] != string(name) {
		*last = elementPath{f.section, section + "/" + string(name)}
	}
	return p.path.path
}
