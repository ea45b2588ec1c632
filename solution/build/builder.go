package build

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Solution says what a new solution is called.
type Solution struct {
	Name        string           // unique name: letters, digits, underscores
	DisplayName string           // Name if empty
	Version     solution.Version // 1.0.0.0 if zero
	Publisher   solution.Publisher
	Language    int  // of all texts; 1033, English, if 0
	AnyPrefix   bool // names need not begin with the publisher's prefix, as in solutions that hold what others have made
}

// An Error says which component cannot be made and why.
type Error struct {
	What, Name string // "column", "contoso_order.contoso_name"
	Advice     string
	Err        error // [fs.ErrNotExist] of what the solution should have and does not; else nil
}

// Error returns "what name: advice".
func (e *Error) Error() string { return fmt.Sprintf("build %s %q: %s", e.What, e.Name, e.Advice) }

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// A Builder collects what a solution is to hold. Its methods are not safe for concurrent use. The zero value is not usable.
type Builder struct {
	source   solution.Parts
	model    *model.Model
	language string
	prefix   string
	any      bool // names may have any prefix
	err      error

	sections  map[string]*strings.Builder // elements to add, by section
	inside    map[string]*insertion       // elements to add to a list inside an element that exists, by the place of the list
	splices   []splice                    // labels that get another text
	lists     map[string]*newLists        // lists of labels to add, by the place of what gets them
	roots     []solution.RootComponent
	parts     map[string][]byte
	raw       map[string][]byte // parts of File
	files     map[string]string // by folded name: the parts that there are, and "" for their folders
	tables    []*Table          // new ones, rendered at the end, as columns, forms and views may follow
	newTables map[string]*Table // the same by logical name
	later     []func(p solution.Parts) (*solution.Change, error)
	names     map[string]bool         // folded: what is there already, "table contoso_order"
	values    map[string]map[int]bool // of the choices that options are added to
}

// New returns a builder of a new, unmanaged solution. The error is a [*solution.ValueError]: a name or prefix that the platform would
// refuse.
func New(s Solution) (*Builder, error) {
	if s.Version.IsZero() {
		s.Version.Major = 1
	}
	m, err := solution.NewManifest(s.Name, s.Version, s.Publisher)
	if err != nil {
		return nil, err
	}
	if s.DisplayName != "" {
		if m, err = m.WithDisplayNames(solution.Label{LCID: cmp.Or(s.Language, 1033), Text: s.DisplayName}); err != nil {
			return nil, err
		}
	}
	b, err := On(solution.NewParts(m))
	if err != nil {
		return nil, err
	}
	b.language, b.any = strconv.Itoa(cmp.Or(s.Language, 1033)), s.AnyPrefix
	return b, nil
}

// On returns a builder that adds to a solution that exists. The error is one of [model.Read], or says that p has no manifest or
// customizations.
func On(p solution.Parts) (*Builder, error) {
	m, err := model.Read(p)
	if err != nil {
		return nil, err
	}
	if m.Manifest() == nil || !m.Root().Exists() {
		return nil, fmt.Errorf("build: no %s or %s: %w", solution.ManifestFile, solution.CustomizationsFile, fs.ErrNotExist)
	}
	b := &Builder{source: p, model: m, language: cmp.Or(m.Manifest().Export().LanguageCode, "1033"), prefix: m.Manifest().Publisher().Prefix,
		sections: map[string]*strings.Builder{}, inside: map[string]*insertion{}, lists: map[string]*newLists{}, parts: map[string][]byte{}, raw: map[string][]byte{}, names: map[string]bool{}, values: map[string]map[int]bool{}, newTables: map[string]*Table{}, files: map[string]string{}}
	for _, name := range p.Names() {
		b.claimFile(name)
	}
	return b, nil
}

// Err returns the first error of the calls until now, which Parts and Change will return. Tables are written by these, and may
// give another one then.
func (b *Builder) Err() error {
	if b.err == nil {
		return nil
	}
	return b.err
}

// fail keeps the first error.
func (b *Builder) fail(what, name, format string, args ...any) {
	if b.err == nil {
		b.err = &Error{What: what, Name: name, Advice: fmt.Sprintf(format, args...)}
	}
}

// claim refuses a component that is there already, and reports whether it is new.
func (b *Builder) claim(k solution.Key, what, name string) bool {
	if b.err != nil {
		return false
	}
	if b.names[k.String()] {
		b.fail(what, name, "it is made already: change the first one instead")
		return false
	}
	if x, ok := b.model.Component(k); ok {
		b.fail(what, name, "the solution has it already, at %s", x.Location())
		return false
	}
	b.names[k.String()] = true
	return true
}

// prefixed refuses a name that does not begin with the publisher's prefix, as the platform does.
func (b *Builder) prefixed(what, name string) bool {
	if b.err != nil {
		return false
	}
	rest, ok := strings.CutPrefix(solution.Fold(name), solution.Fold(b.prefix)+"_")
	if b.any {
		rest, ok = solution.Fold(name), true
	}
	if !ok || rest == "" {
		b.fail(what, name, "begin it with the publisher's prefix, %s_", b.prefix)
		return false
	}
	for _, c := range rest {
		if c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			b.fail(what, name, "use letters, digits and underscores")
			return false
		}
	}
	return true
}

// ID returns the id of a component that has none: the same for the same words.
func ID(words ...string) solution.GUID {
	sum := sha256.Sum256([]byte(solution.Fold(strings.Join(words, "\x00"))))
	id := solution.GUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8 of RFC 9562: made by a rule of one's own
	return id
}

func (b *Builder) id(given solution.GUID, words ...string) solution.GUID {
	if !given.IsZero() {
		return given
	}
	return ID(append([]string{b.model.Manifest().Publisher().UniqueName}, words...)...)
}

// section returns what is added to a section.
func (b *Builder) section(name string) *strings.Builder {
	if b.sections[name] == nil {
		b.sections[name] = &strings.Builder{}
	}
	return b.sections[name]
}

func (b *Builder) root(t solution.ComponentType, name string, id solution.GUID) {
	b.roots = append(b.roots, solution.NewRootComponent(t, name, id))
}

// An insertion is what is added at the end of a list.
type insertion struct {
	list model.Element
	text strings.Builder
}

// append adds elements to a list of the solution that exists.
func (b *Builder) append(list model.Element, text string) {
	start, _ := list.Span()
	key := list.Part() + "\x00" + strconv.Itoa(start)
	if b.inside[key] == nil {
		b.inside[key] = &insertion{list: list}
	}
	b.inside[key].text.WriteString(text)
}

// Element adds an element to a section of customizations.xml as it is written, for what this package does not make. Nobody looks at
// what is in it; its root component is added by Root.
func (b *Builder) Element(section, element string) {
	if b.err != nil {
		return
	}
	element = strings.TrimSpace(element)
	if !slices.Contains(solution.SectionNames(), section) {
		b.fail("element of section", section, "there is no such section")
		return
	}
	doc, err := xmlspan.ParseElement([]byte(element), 1, nil)
	if err == nil { // as it will stand there
		_, err = xmlspan.Parse([]byte(`<x xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><y>`+element+"</y></x>"), 0, nil)
	}
	if err != nil {
		b.fail("element of section", section, "%v", err)
		return
	}
	if root := doc.Nodes[doc.Root()]; int(root.Start) != 0 || int(root.End) != len(element) {
		b.fail("element of section", section, "its text is more than one element: add each by itself")
		return
	}
	b.section(section).WriteString("\n    " + element)
}

// File adds a part as it is, for what this package does not make, such as the folder of a component of a newer kind.
func (b *Builder) File(name string, data []byte) {
	if b.err == nil && !fs.ValidPath(name) {
		b.fail("part", name, "it is no path: write names with slashes between them")
	}
	if b.err == nil && b.claimFile(name) {
		b.raw[name] = bytes.Clone(data)
	}
}

// Root adds root components, for what this package does not make.
func (b *Builder) Root(list ...solution.RootComponent) { b.roots = append(b.roots, list...) }

// file adds a part.
func (b *Builder) file(name string, data []byte) {
	if b.err == nil && b.claimFile(name) {
		b.parts[name] = data
	}
}

// claimFile refuses a part that is there already, or that could not be written into a folder beside the others.
func (b *Builder) claimFile(name string) bool {
	folded := solution.Fold(name)
	switch first, ok := b.files[folded]; {
	case ok && first != "":
		b.fail("part", name, "it is there already")
		return false
	case ok:
		b.fail("part", name, "it is a folder already")
		return false
	}
	b.files[folded] = name
	for i := strings.LastIndexByte(folded, '/'); i >= 0; i = strings.LastIndexByte(folded[:i], '/') {
		if first, ok := b.files[folded[:i]]; ok && first != "" {
			b.fail("part", name, "its folder is a part already")
			return false
		} else if ok {
			break
		}
		b.files[folded[:i]] = ""
	}
	return true
}

// Connectors adds custom connectors, as connector.Put does.
func (b *Builder) Connectors(list ...*connector.Connector) {
	b.later = append(b.later, func(p solution.Parts) (*solution.Change, error) { return connector.Put(p, list, nil) })
}

// ConnectionReference adds connection references, as connref.AddReference does. Custom connectors of the solution itself are added
// before.
func (b *Builder) ConnectionReference(list ...connref.Reference) {
	b.later = append(b.later, func(p solution.Parts) (*solution.Change, error) { return connref.AddReference(p, list...) })
}

// Change returns what was built as a change of what it is built on. The error is an [*Error], or one of connector.Put and
// connref.AddReference.
func (b *Builder) Change() (*solution.Change, error) {
	first, err := b.change()
	if err != nil || len(b.later) == 0 {
		return first, err
	}
	after, err := b.apply(first)
	if err != nil {
		return nil, err
	}
	e := solution.NewEditor(b.source)
	had := b.source.Names()
	for _, name := range after.Names() {
		src, err := after.ReadPart(name)
		if err != nil {
			return nil, err
		}
		old, err := b.source.ReadPart(name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			e.Add(name, src)
		case err != nil:
			return nil, err
		case !bytes.Equal(old, src):
			e.Replace(name, src)
		}
	}
	now := after.Names()
	for _, name := range had {
		if _, ok := slices.BinarySearch(now, name); !ok {
			e.Remove(name)
		}
	}
	return e.Change()
}

// Parts returns the solution with what was built. Errors are those of Change.
func (b *Builder) Parts() (solution.Parts, error) {
	first, err := b.change()
	if err != nil {
		return nil, err
	}
	return b.apply(first)
}

func (b *Builder) apply(first *solution.Change) (solution.Parts, error) {
	p, err := first.Apply(b.source)
	for _, step := range b.later {
		if err != nil {
			return nil, err
		}
		var c *solution.Change
		if c, err = step(p); err == nil {
			p, err = c.Apply(p)
		}
	}
	if err != nil || len(b.later) == 0 || len(b.raw) == 0 {
		return p, err
	}
	e := solution.NewEditor(p) // after the steps, which read what is there: nobody says that these can be read
	for _, name := range sortedKeys(b.raw) {
		e.Add(name, b.raw[name])
	}
	c, err := e.Change()
	if err != nil {
		return nil, err
	}
	return c.Apply(p)
}

// change returns what was built without what comes later, and then without the parts of File too.
func (b *Builder) change() (*solution.Change, error) {
	b.render()
	if b.err != nil {
		return nil, b.err
	}
	e := solution.NewEditor(b.source)
	b.placeSections(e)
	for _, key := range sortedKeys(b.inside) {
		place(e, b.inside[key].list, b.inside[key].text.String())
	}
	for _, key := range sortedKeys(b.lists) {
		b.lists[key].place(e)
	}
	for _, s := range b.splices {
		e.Splice(s.part, s.start, s.end, s.text)
	}
	for _, name := range sortedKeys(b.parts) {
		e.Add(name, b.parts[name])
	}
	if len(b.later) == 0 {
		for _, name := range sortedKeys(b.raw) {
			e.Add(name, b.raw[name])
		}
	}
	components, err := e.Change()
	if err != nil || len(b.roots) == 0 {
		return components, err
	}
	manifest, err := solution.EditManifest(b.source, func(m *solution.Manifest) (*solution.Manifest, error) {
		roots := slices.Collect(m.RootComponents())
		have := map[solution.Key]bool{}
		for _, r := range roots {
			have[r.Key] = true
		}
		for _, r := range b.roots {
			if !have[r.Key] {
				have[r.Key] = true
				roots = append(roots, r)
			}
		}
		return m.WithRootComponents(roots...)
	})
	if err != nil {
		return nil, err
	}
	return solution.JoinChanges(components, manifest)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// placeSections adds the elements of each section to it, or a new section at its place among the others.
func (b *Builder) placeSections(e *solution.Editor) {
	root := b.model.Root()
	order := solution.SectionNames()
	rank := func(name string) int {
		if i := slices.Index(order, name); i >= 0 {
			return i
		}
		return len(order)
	}
	names := sortedKeys(b.sections)
	slices.SortStableFunc(names, func(x, y string) int { return cmp.Compare(rank(x), rank(y)) })
	for _, name := range names {
		text := b.sections[name].String()
		if text == "" {
			continue
		}
		if s := root.Child(name); s.Exists() {
			place(e, s, text)
			continue
		}
		_, at := root.Inner()
		before := false
		for s := range root.Children() {
			if rank(s.Tag()) > rank(name) {
				at, _ = s.Span()
				before = true
				break
			}
		}
		section := "<" + name + ">" + text + "\n  </" + name + ">"
		if before {
			section += "\n  "
		} else {
			section = "  " + section + "\n"
		}
		e.Splice(root.Part(), at, at, section)
	}
}

// place adds elements, each on lines of its own, at the end of a list.
func place(e *solution.Editor, list model.Element, text string) {
	start, end := list.Span()
	if list.IsEmptyTag() {
		src := string(list.Bytes())
		open := strings.TrimRight(strings.TrimSuffix(src, "/>"), " \t\r\n")
		e.Splice(list.Part(), start, end, open+">"+text+"\n"+indentOf(list)+"</"+list.Tag()+">")
		return
	}
	from, to := list.Inner()
	if !list.HasChildren() {
		e.Splice(list.Part(), from, to, text+"\n"+indentOf(list))
		return
	}
	var last model.Element
	for x := range list.Children() {
		last = x
	}
	_, at := last.Span()
	e.Splice(list.Part(), at, at, text)
}

// indentOf returns the indent of an element by its depth.
func indentOf(e model.Element) string {
	depth := 0
	for up := e.Parent(); up.Exists(); up = up.Parent() {
		depth++
	}
	return strings.Repeat("  ", depth)
}

// A writer writes elements, each on a line of its own.
type writer struct {
	b       strings.Builder
	depth   int
	scratch []byte
}

// newWriter writes elements that are depth levels below the root.
func newWriter(depth int) *writer { return &writer{depth: depth} }

// blanks are those of as many levels as there are in what is made here.
const blanks = "                                                                "

func (w *writer) line() {
	w.b.WriteByte('\n')
	w.b.WriteString(blanks[:2*w.depth])
}

func (w *writer) tag(name string, attrs []string) {
	w.line()
	w.b.WriteByte('<')
	w.b.WriteString(name)
	for i := 0; i+1 < len(attrs); i += 2 {
		w.scratch = xmlspan.AppendAttr(w.scratch[:0], attrs[i], attrs[i+1])
		w.b.Write(w.scratch)
	}
}

// in writes an element with what f writes in it; attrs are names and values in turn.
func (w *writer) in(name string, f func(), attrs ...string) {
	w.tag(name, attrs)
	w.b.WriteString(">")
	w.depth++
	f()
	w.depth--
	w.line()
	w.b.WriteString("</" + name + ">")
}

// empty writes an element without content.
func (w *writer) empty(name string, attrs ...string) {
	w.tag(name, attrs)
	w.b.WriteString(" />")
}

// text writes an element with a text.
func (w *writer) text(name, text string) {
	w.line()
	s := append(append(append(w.scratch[:0], '<'), name...), '>')
	s = append(append(append(xmlspan.AppendText(s, text, "\n"), "</"...), name...), '>')
	w.b.Write(s)
	w.scratch = s
}

// texts writes elements of names and texts in turn.
func (w *writer) texts(pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		w.text(pairs[i], pairs[i+1])
	}
}

// labels writes a list of labels with one in it.
func (w *writer) labels(list, item, text, language string) {
	w.in(list, func() { w.empty(item, "description", text, "languagecode", language) })
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// checkText refuses characters that XML cannot hold.
func (b *Builder) checkText(what, name string, texts ...string) {
	for _, text := range texts {
		for _, r := range text {
			if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff || r == 0xfffd {
				b.fail(what, name, "the text %q has a character that XML cannot hold", text)
			}
		}
	}
}
