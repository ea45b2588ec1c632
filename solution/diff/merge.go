package diff

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Conflict is a place that both sides changed, each in another way. It is a plain value.
type Conflict struct {
	Key                      solution.Key // the component; a type of this package for what is none
	Path                     string       // as that of a [Property]; empty: the component or file as a whole
	Why                      string       // lower case: "both sides changed it"
	Base, Ours, Theirs       string       // the texts, cut as those of a Property; empty where a side has nothing
	BaseAt, OursAt, TheirsAt diag.Location
}

// String returns the three places, the component and why.
func (c Conflict) String() string {
	where := c.Key.String()
	if c.Path != "" {
		where += " " + c.Path
	}
	return fmt.Sprintf("%s: %s: %s (base %s, ours %s, theirs %s)", cmp.Or(c.OursAt.String(), c.TheirsAt.String()), where, c.Why,
		place(c.BaseAt), place(c.OursAt), place(c.TheirsAt))
}

func place(at diag.Location) string { return cmp.Or(at.String(), "-") }

// A Merged is the outcome of a merge.
type Merged struct {
	Change    *solution.Change // of ours: what theirs changed since base, but what conflicts
	Conflicts []Conflict
	Notes     diag.List // what was decided for both sides: the higher of two versions, ours of what is noise
}

// Merge brings what theirs changed since base into ours. Components are merged as wholes where one side left them alone, else
// property by property: columns of a table, controls of a form, privileges of a role, actions of a flow, areas of a site map by
// their keys, as [Compare] matches them; files that are text by their lines. What both sides changed alike is no conflict. Of what
// both changed in different ways nothing is chosen: it stays as in ours, and is a Conflict.
//
// The change is made of ours and written back by package packager, wherever ours is from. Errors are those of [model.Read], and of
// reading parts.
func Merge(base, ours, theirs solution.Parts) (*Merged, error) {
	m := &merger{out: &Merged{}, edits: map[string][]edit{}}
	for i, p := range []solution.Parts{base, ours, theirs} {
		read, err := model.Read(p)
		if err != nil {
			return nil, fmt.Errorf("merge: %s: %w", sides[i], err)
		}
		*[]**model.Model{&m.base, &m.ours, &m.theirs}[i] = read
	}
	m.editor = solution.NewEditor(ours)
	if err := m.run(); err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	return m.out, nil
}

// A merger walks three models.
type merger struct {
	base, ours, theirs *model.Model
	editor             *solution.Editor
	edits              map[string][]edit      // of parts of ours
	sections           map[string]bool        // that were added to ours
	inserted           map[model.Element]bool // of theirs
	kept               map[string]bool        // names of files, and places of roots, whose component stays in ours, though theirs took it out
	filled             map[model.Element]bool // elements of ours which were one tag, and are open now
	anchors            map[model.Element]map[model.Element]model.Element
	out                *Merged

	key   solution.Key
	steps []step
}

// An edit replaces bytes of a part of ours.
type edit struct {
	start, end int
	text       string
}

func (m *merger) run() error {
	m.inserted, m.filled, m.kept = map[model.Element]bool{}, map[model.Element]bool{}, map[string]bool{}
	m.sections, m.anchors = map[string]bool{}, map[model.Element]map[model.Element]model.Element{}
	m.around()
	m.components()
	ofComponents := m.out.Conflicts
	m.out.Conflicts = nil
	if err := m.manifest(); err != nil { // what stays has its root there
		return err
	}
	m.out.Conflicts = append(m.out.Conflicts, ofComponents...)
	if err := m.files(); err != nil {
		return err
	}
	for _, part := range sorted(m.edits) {
		list := m.edits[part]
		slices.SortStableFunc(list, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
		for _, e := range outermost(list) {
			m.editor.Splice(part, e.start, e.end, e.text)
		}
	}
	m.out.Notes.Sort()
	change, err := m.editor.Change()
	m.out.Change = change
	return err
}

// outermost leaves out of sorted edits those in what another one takes out.
func outermost(list []edit) []edit {
	out := list[:0:0]
	for _, e := range list {
		if n := len(out); n > 0 && out[n-1].text == "" && e.end <= out[n-1].end && e.start > out[n-1].start && e.text == "" {
			continue
		}
		out = append(out, e)
	}
	return out
}

func sorted[V any](all map[string]V) []string {
	keys := make([]string, 0, len(all))
	for k := range all {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (m *merger) edit(part string, start, end int, text string) {
	m.edits[part] = append(m.edits[part], edit{start, end, text})
}

func (m *merger) begin(k solution.Key) { m.key, m.steps = k, m.steps[:0] }

func (m *merger) push(name, key string) { m.steps = append(m.steps, step{name, key}) }
func (m *merger) pop()                  { m.steps = m.steps[:len(m.steps)-1] }

func (m *merger) conflict(why, below string, base, ours, theirs string, at ...diag.Location) {
	m.out.Conflicts = append(m.out.Conflicts, Conflict{Key: m.key, Path: pathOf(m.steps) + below, Why: why, Base: cut(base), Ours: cut(ours), Theirs: cut(theirs),
		BaseAt: at[0], OursAt: at[1], TheirsAt: at[2]})
}

const (
	bothChanged   = "both sides changed it"
	bothAdded     = "both sides added it, each in another way"
	removedTheirs = "ours changed it, theirs removed it"
	removedOurs   = "ours removed it, theirs changed it"
)

// settle decides what both sides changed if it is noise or a version: ours stays, or the higher one.
func (m *merger) settle(below, base, ours, theirs string, at diag.Location) (take string, ok bool) {
	p := &Property{Path: pathOf(m.steps) + below, Old: ours, New: theirs}
	id := noiseOf(m.key.Type(), p)
	if id == "" {
		return "", false
	}
	take = ours
	if id == "version" {
		a, errA := solution.ParseVersion(ours)
		b, errB := solution.ParseVersion(theirs)
		if errA != nil || errB != nil {
			return "", false
		}
		if b.Compare(a) > 0 {
			take = theirs
		}
	}
	m.out.Notes = append(m.out.Notes, diag.Diagnostic{Rule: ruleSettled.ID, Severity: ruleSettled.Severity, Location: at,
		Message: fmt.Sprintf("%s: ours has %q, theirs %q: %q is taken (%s)", p.Path, cut(ours), cut(theirs), cut(take), id)})
	return take, true
}

// manifest merges solution.xml.
func (m *merger) manifest() error {
	var roots [3]model.Element
	for i, x := range []*model.Model{m.base, m.ours, m.theirs} {
		if x.Manifest() == nil {
			return fmt.Errorf("%s: every solution has it: %w", solution.ManifestFile, fs.ErrNotExist)
		}
		root, err := x.Document(solution.ManifestFile)
		if err != nil {
			return err
		}
		roots[i] = root
	}
	m.begin(solution.NameKey(TypeSolution, "", m.ours.Manifest().UniqueName()))
	m.element(roots[0], roots[1], roots[2])
	return nil
}

// around merges the attributes of the root of customizations.xml.
func (m *merger) around() {
	m.begin(solution.NameKey(TypeCustomizations, "", ""))
	m.attributes(m.base.Root(), m.ours.Root(), m.theirs.Root())
}

// A triple is a component of the three solutions; each may be absent.
type triple struct{ base, ours, theirs model.Component }

// components merges those that are elements of customizations.xml. Those that are files are merged as files.
func (m *merger) components() {
	byKey := map[string]*triple{}
	var order []*triple
	add := func(x *model.Model, side func(t *triple) *model.Component) {
		seen := map[solution.Key]int{}
		for c := range x.Components() {
			if c.Part() != solution.CustomizationsFile {
				continue
			}
			seen[c.Key()]++ // several of one key are matched in their order
			key := fmt.Sprintf("%s %d", c.Key(), seen[c.Key()])
			t := byKey[key]
			if t == nil {
				t = &triple{}
				byKey[key] = t
				order = append(order, t)
			}
			*side(t) = c
		}
	}
	add(m.base, func(t *triple) *model.Component { return &t.base })
	add(m.ours, func(t *triple) *model.Component { return &t.ours })
	add(m.theirs, func(t *triple) *model.Component { return &t.theirs })
	gone := map[solution.Key]bool{} // of what theirs took out: whether it goes from ours too, with all that is nested in it
	for _, t := range order {
		m.component(t, gone)
	}
}

func (m *merger) component(t *triple, gone map[solution.Key]bool) {
	b, o, h := t.base, t.ours, t.theirs
	switch {
	case !h.Exists() && !o.Exists(): // both took it out
	case !b.Exists() && !o.Exists():
		m.begin(h.Key())
		m.addComponent(h)
	case !b.Exists() && !h.Exists(): // ours added it
	case !h.Exists(): // theirs took it out
		m.begin(o.Key())
		ownerGoes, withOwner := gone[o.OwnerKey()]
		if ownerGoes {
			gone[o.Key()] = true
			return
		}
		stays := withOwner // whole, with what is nested in it
		if !m.untouched(m.base, m.ours, b, o) {
			m.conflict(removedTheirs, "", text(b), text(o), "", b.Location(), o.Location(), diag.Location{})
			stays = true
		}
		gone[o.Key()] = !stays
		if stays {
			for _, name := range o.Parts() {
				m.kept[solution.Fold(name)] = true
			}
			if root, ok := o.Root(); ok {
				m.kept[root.Location.String()] = true
			}
			return
		}
		m.cut(o.Element())
	case !o.Exists(): // ours took it out
		m.begin(h.Key())
		if !m.untouched(m.base, m.theirs, b, h) {
			m.conflict(removedOurs, "", text(b), "", text(h), b.Location(), diag.Location{}, h.Location())
		}
	default:
		m.begin(o.Key())
		base := model.Element{}
		if b.Exists() {
			base = b.Element()
		}
		m.element(base, o.Element(), h.Element())
	}
}

func text(c model.Component) string {
	return string(c.Element().Bytes()[:min(len(c.Element().Bytes()), maxText+1)])
}

// untouched reports whether a component is the same in two solutions, with all that is nested in it and its files.
func (m *merger) untouched(x, y *model.Model, a, b model.Component) bool {
	if !same(x, y, a.Key(), a.Element(), b.Element()) {
		return false
	}
	c := &comparer{old: x, new: y, opts: &Options{}, out: &Comparison{}, both: map[solution.ComponentType]int{}}
	c.begin(Component{Key: a.Key()})
	if err := c.files(a.Parts(), b.Parts()); err != nil || len(c.at.Properties) > 0 {
		return false
	}
	nested := map[solution.Key]model.Component{}
	for n := range a.Nested() {
		nested[n.Key()] = n
	}
	for n := range b.Nested() {
		was, ok := nested[n.Key()]
		if !ok || !m.untouched(x, y, was, n) {
			return false
		}
		delete(nested, n.Key())
	}
	return len(nested) == 0
}

// same reports whether two elements differ in nothing but noise.
func same(x, y *model.Model, key solution.Key, a, b model.Element) bool {
	if bytes.Equal(a.Bytes(), b.Bytes()) {
		return true
	}
	c := &comparer{old: x, new: y, opts: &Options{}, out: &Comparison{}, both: map[solution.ComponentType]int{}}
	c.begin(Component{Key: key})
	c.element(a, b)
	for i := range c.at.Properties {
		if noiseOf(key.Type(), &c.at.Properties[i]) == "" {
			return false
		}
	}
	return true
}

// emptied reports whether all components in an element of ours were taken out by theirs, so that nothing is lost with it.
func (m *merger) emptied(e model.Element) bool {
	for c := range m.inside(m.ours, e) {
		_, was := m.base.Component(c.Key())
		_, is := m.theirs.Component(c.Key())
		if !was || is {
			return false
		}
	}
	return true
}

// inside returns the components in an element, those in these left out.
func (m *merger) inside(x *model.Model, e model.Element) iter.Seq[model.Component] {
	return func(yield func(model.Component) bool) {
		var walk func(e model.Element) bool
		walk = func(e model.Element) bool {
			for child := range e.Children() {
				if c, ok := x.ComponentOf(child); ok {
					if !yield(c) {
						return false
					}
				} else if !walk(child) {
					return false
				}
			}
			return true
		}
		walk(e)
	}
}

// added returns an element that theirs added, without the components in it that ours has elsewhere, or took out.
func (m *merger) added(e model.Element) string {
	m.inserted[e] = true
	var cuts []edit
	start, _ := e.Span()
	for c := range m.inside(m.theirs, e) {
		_, was := m.base.Component(c.Key())
		_, is := m.ours.Component(c.Key())
		if was || is {
			from, to := c.Element().Span()
			cuts = append(cuts, edit{from, to, ""})
		}
	}
	return string(apply(e.Bytes(), cuts, start))
}

// cut takes an element out of ours, with the white space in front of it.
func (m *merger) cut(e model.Element) {
	start, end := e.Span()
	from, _ := e.Parent().Inner()
	src := e.Parent().Bytes()
	base, _ := e.Parent().Span()
	for start > from && isBlankByte(src[start-base-1]) {
		start--
	}
	m.edit(e.Part(), start, end, "")
}

func isBlankByte(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// addComponent puts a component of theirs into ours, behind the one that it stands behind there.
func (m *merger) addComponent(h model.Component) {
	if owner, ok := h.Owner(); ok {
		if _, ok := m.ours.Component(owner.Key()); !ok {
			return // it comes with its owner, or what became of that was told
		}
	}
	for up := h.Element().Parent(); up.Exists(); up = up.Parent() {
		if m.inserted[up] { // it came with what it stands in
			return
		}
	}
	list, ok := m.counterpart(h.Element().Parent())
	if !ok {
		m.addSection(h)
		return
	}
	m.insert(list, h.Element(), m.before(h.Element(), list))
}

// before returns the element of a list of ours behind which a new component of theirs comes: the counterpart of the nearest component
// before it that has one in that list; none if there is none.
func (m *merger) before(e, list model.Element) model.Element {
	up := e.Parent()
	if m.anchors[up] == nil {
		m.anchors[up] = map[model.Element]model.Element{}
		var last model.Element
		for x := range up.Children() {
			m.anchors[up][x] = last
			if c, ok := m.theirs.ComponentOf(x); ok {
				if o, ok := m.ours.Component(c.Key()); ok && o.Element().Parent() == list {
					last = o.Element()
				}
			}
		}
	}
	return m.anchors[up][e]
}

// addSection adds the section of a component that ours lacks, with what theirs has in it.
func (m *merger) addSection(h model.Component) {
	section := h.Element().Parent()
	root := m.ours.Root()
	if section.Parent().Exists() && section.Parent() == m.theirs.Root() {
		if m.sections[section.Tag()] { // it was added with the first of its components
			return
		}
		m.sections[section.Tag()] = true
		text := "<" + section.Tag() + ">"
		for x := range section.Children() {
			if c, ok := m.theirs.ComponentOf(x); ok {
				if _, was := m.base.Component(c.Key()); !was {
					text += "\n    " + string(x.Bytes())
				}
			}
		}
		text += "\n  </" + section.Tag() + ">"
		order := solution.SectionNames()
		rank := func(name string) int {
			if i := slices.Index(order, name); i >= 0 {
				return i
			}
			return len(order)
		}
		_, at := root.Inner()
		for s := range root.Children() {
			if rank(s.Tag()) > rank(section.Tag()) {
				at, _ = s.Span()
				break
			}
		}
		m.edit(root.Part(), at, at, text+"\n  ")
		return
	}
	m.conflict("ours has no place for it: what it stands in is not there", "", "", "", text(h), diag.Location{}, diag.Location{}, h.Location())
}

// counterpart returns the element of ours that is the same as one of theirs: reached by the same names, and by the same attributes where
// several have a name.
func (m *merger) counterpart(e model.Element) (model.Element, bool) {
	if e == m.theirs.Root() {
		return m.ours.Root(), m.ours.Root().Exists()
	}
	if c, ok := m.theirs.ComponentOf(e); ok {
		o, ok := m.ours.Component(c.Key())
		if !ok {
			return model.Element{}, false
		}
		return o.Element(), true
	}
	up, ok := m.counterpart(e.Parent())
	if !ok {
		return model.Element{}, false
	}
	for x := range up.Each(e.Tag()) {
		if sameAttributes(x, e) {
			return x, true
		}
	}
	return model.Element{}, false
}

func sameAttributes(a, b model.Element) bool {
	n := 0
	for name, value := range a.Attrs() {
		if isPlumbing(name) {
			continue
		}
		n++
		if v, ok := b.LookupAttr(name); !ok || v != value {
			return false
		}
	}
	for name := range b.Attrs() {
		if !isPlumbing(name) {
			n--
		}
	}
	return n == 0
}

// insert puts an element of theirs into a list of ours, behind one of its elements, at the start if that is none.
func (m *merger) insert(list, e, after model.Element) {
	text := "\n" + strings.Repeat("  ", depth(e)) + m.added(e)
	switch {
	case after.Exists():
		_, at := after.Span()
		m.edit(list.Part(), at, at, text)
	case list.IsEmptyTag():
		m.fill(list, text)
	default:
		at, _ := list.Inner()
		tail := ""
		if !list.HasChildren() {
			tail = "\n" + strings.Repeat("  ", depth(e)-1)
		}
		m.edit(list.Part(), at, at, text+tail)
	}
}

// fill opens an element of ours that is one tag; what is added to it several times is added to what is there.
func (m *merger) fill(list model.Element, text string) {
	start, end := emptyTail(list)
	if !m.filled[list] {
		m.filled[list] = true
		m.edit(list.Part(), start, end-1, ">")
		m.edit(list.Part(), end-1, end, "\n"+strings.Repeat("  ", depth(list))+"</"+list.Tag()+">")
	}
	m.edit(list.Part(), end-1, end-1, text) // sorted before the end tag
}

// emptyTail returns where the end of an element that is one tag stands: "/>" with the white space before it.
func emptyTail(e model.Element) (start, end int) {
	from, end := e.Span()
	src := e.Bytes()
	start = end - len("/>")
	for start > from && isBlankByte(src[start-from-1]) {
		start--
	}
	return start, end
}

func depth(e model.Element) int {
	n := -1
	for ; e.Exists(); e = e.Parent() {
		n++
	}
	return max(n, 0)
}

// files merges the parts that are neither solution.xml nor customizations.xml.
func (m *merger) files() error {
	names := map[string][3]string{}
	for i, x := range []*model.Model{m.base, m.ours, m.theirs} {
		for _, name := range x.Parts().Names() {
			k := solution.Fold(name)
			if k == solution.ManifestFile || k == solution.CustomizationsFile || k == solution.Fold(solution.ContentTypesFile) {
				continue
			}
			all := names[k]
			if all[i] == "" {
				all[i] = name
			}
			names[k] = all
		}
	}
	for _, k := range sorted(names) {
		if err := m.file(k, names[k]); err != nil {
			return err
		}
	}
	return nil
}

func (m *merger) file(folded string, names [3]string) error {
	var src [3][]byte
	var at [3]diag.Location
	for i, x := range []*model.Model{m.base, m.ours, m.theirs} {
		if names[i] == "" {
			continue
		}
		var err error
		if src[i], err = x.Parts().ReadPart(names[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		at[i] = x.Parts().Locate(names[i], 0)
	}
	b, o, h := src[0], src[1], src[2]
	name := cmp.Or(names[1], names[2], names[0])
	m.begin(solution.NameKey(TypeFile, "", name))
	m.push(name, "")
	hasB, hasO, hasH := names[0] != "", names[1] != "", names[2] != ""
	switch {
	case !hasO && !hasH:
	case !hasO && !hasB:
		m.editor.Add(names[2], h)
	case !hasO:
		if !bytes.Equal(b, h) {
			m.conflict(removedOurs, "", size(b), "", size(h), at[0], at[1], at[2])
		}
	case !hasH && !hasB:
	case !hasH:
		if !bytes.Equal(b, o) {
			m.conflict(removedTheirs, "", size(b), size(o), "", at[0], at[1], at[2])
			return nil
		}
		if !m.kept[folded] {
			m.editor.Remove(names[1])
		}
	case bytes.Equal(o, h) || hasB && bytes.Equal(b, h):
	case hasB && bytes.Equal(b, o):
		m.editor.Replace(names[1], h)
	default:
		merged, ok, err := m.content(names, src, at)
		if err != nil {
			return err
		}
		if ok && !bytes.Equal(merged, o) {
			m.editor.Replace(names[1], merged)
		}
	}
	return nil
}

// content merges a file that both sides changed.
func (m *merger) content(names [3]string, src [3][]byte, at [3]diag.Location) (merged []byte, ok bool, err error) {
	switch ext := strings.ToLower(path.Ext(names[1])); {
	case ext == ".json":
		if out, err := m.jsonFile(names, src); err == nil {
			return out, true, nil
		}
	case ext == ".xml" && names[0] != "":
		if roots, err := m.documents(names); err == nil {
			part := names[1]
			kept := m.edits[part]
			delete(m.edits, part)
			m.element(roots[0], roots[1], roots[2])
			out := apply(src[1], m.edits[part], 0)
			delete(m.edits, part)
			if kept != nil {
				m.edits[part] = kept
			}
			return out, true, nil
		}
	}
	if names[0] != "" && isText(src[0]) && isText(src[1]) && isText(src[2]) {
		if out, ok := mergeLines(src[0], src[1], src[2]); ok {
			return out, true, nil
		}
	}
	why := bothChanged
	if names[0] == "" {
		why = bothAdded
	}
	m.conflict(why, "", size(src[0]), size(src[1]), size(src[2]), at[0], at[1], at[2])
	return nil, false, nil
}

func (m *merger) documents(names [3]string) (roots [3]model.Element, err error) {
	for i, x := range []*model.Model{m.base, m.ours, m.theirs} {
		if roots[i], err = x.Document(names[i]); err != nil {
			return roots, ofSide(i, err)
		}
	}
	return roots, nil
}

// sides are what the three solutions are called.
var sides = [3]string{"base", "ours", "theirs"}

// ofSide says of which side a file is that cannot be read.
func ofSide(side int, err error) error {
	if syntax := (*solution.SyntaxError)(nil); errors.As(err, &syntax) {
		return &solution.SyntaxError{File: syntax.File, Pos: syntax.Pos, Err: fmt.Errorf("%s: %w", sides[side], syntax.Err)}
	}
	return fmt.Errorf("%s: %w", sides[side], err)
}

// apply makes edits in bytes that begin at offset.
func apply(src []byte, edits []edit, offset int) []byte {
	list := slices.Clone(edits)
	slices.SortStableFunc(list, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out []byte
	at := 0
	for _, e := range list {
		out = append(out, src[at:e.start-offset]...)
		out = append(out, e.text...)
		at = e.end - offset
	}
	return append(out, src[at:]...)
}

func (m *merger) jsonFile(names [3]string, src [3][]byte) ([]byte, error) {
	var trees [3]*jsonspan.Tree
	for i := range src {
		text := src[i]
		if names[i] == "" {
			text = []byte("null")
		}
		t, err := jsonspan.Parse(text, nil)
		if err != nil {
			offset := 0
			if syntax := (*jsonspan.SyntaxError)(nil); errors.As(err, &syntax) {
				offset = syntax.Offset
			}
			return nil, ofSide(i, &solution.SyntaxError{File: names[i], Pos: diag.NewLines(text).Position(offset), Err: err})
		}
		trees[i] = t
	}
	j := &jsonMerger{merger: m, trees: trees, names: names}
	m.push("#", "")
	defer m.pop()
	value := j.value([3]int32{0, 0, 0})
	root := trees[1].Node(0)
	out := append(slices.Clone(src[1][:root.Start]), value...)
	return append(out, src[1][root.End:]...), nil
}
