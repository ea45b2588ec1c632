package diff

import (
	"bytes"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// element merges an element that ours and theirs have, and base perhaps.
func (m *merger) element(b, o, h model.Element) {
	if bytes.Equal(o.Bytes(), h.Bytes()) || b.Exists() && bytes.Equal(b.Bytes(), h.Bytes()) {
		return
	}
	m.attributes(b, o, h)
	m.ownText(b, o, h)
	m.children(b, o, h)
}

func locations(b, o, h model.Element) []diag.Location {
	return []diag.Location{b.Location(), o.Location(), h.Location()}
}

func (m *merger) attributes(b, o, h model.Element) {
	for name, theirs := range h.Attrs() {
		if isPlumbing(name) {
			continue
		}
		base, inBase := b.LookupAttr(name)
		ours, inOurs := o.LookupAttr(name)
		if inOurs && ours == theirs || inBase && base == theirs {
			continue
		}
		below := attrPath(m.steps, name)
		switch {
		case inOurs && (inBase && base == ours):
			start, end, _ := o.AttrSpan(name)
			m.edit(o.Part(), start, end, attrText(name, theirs))
		case !inOurs && !inBase:
			at, _ := o.Span()
			at += 1 + len(o.Tag())
			m.edit(o.Part(), at, at, string(xmlspan.AppendAttr(nil, name, theirs)))
		default:
			take, ok := m.settle(below, base, ours, theirs, o.Location())
			if !ok {
				why := bothChanged
				switch {
				case !inOurs:
					why = removedOurs
				case !inBase:
					why = bothAdded
				}
				m.conflict(why, below, base, ours, theirs, locations(b, o, h)...)
				continue
			}
			if take != ours && inOurs {
				start, end, _ := o.AttrSpan(name)
				m.edit(o.Part(), start, end, attrText(name, take))
			}
		}
	}
	for name, base := range b.Attrs() {
		if _, ok := h.LookupAttr(name); ok || isPlumbing(name) {
			continue
		}
		ours, ok := o.LookupAttr(name)
		switch {
		case !ok:
		case ours != base:
			m.conflict(removedTheirs, attrPath(m.steps, name), base, ours, "", locations(b, o, h)...)
		default:
			start, end, _ := o.AttrSpan(name)
			from, _ := o.Span()
			src := o.Bytes()
			for start > from && src[start-from-1] != '=' {
				start--
			}
			start -= 1 + len(name)
			for start > from && isBlankByte(src[start-from-1]) {
				start--
			}
			m.edit(o.Part(), start, end+1, "")
		}
	}
}

// attrText returns a value as it is written between the quotes.
func attrText(name, value string) string {
	text := string(xmlspan.AppendAttr(nil, name, value))
	return text[len(name)+3 : len(text)-1]
}

// ownText merges the texts of an element without elements in it.
func (m *merger) ownText(b, o, h model.Element) {
	ours, theirs := o.OwnText(), h.OwnText()
	base := b.OwnText()
	if ours == theirs || b.Exists() && base == theirs {
		return
	}
	if !b.Exists() || base != ours || o.HasChildren() || h.HasChildren() {
		take, ok := m.settle("", base, ours, theirs, o.Location())
		if ok && take == ours {
			return
		}
		if !ok || o.HasChildren() {
			why := bothChanged
			if !b.Exists() {
				why = bothAdded
			}
			m.conflict(why, "", base, ours, theirs, locations(b, o, h)...)
			return
		}
	}
	text := string(xmlspan.AppendText(nil, theirs, "\n"))
	if o.IsEmptyTag() {
		start, end := emptyTail(o)
		m.edit(o.Part(), start, end, ">"+text+"</"+o.Tag()+">")
		return
	}
	start, end := o.Inner()
	m.edit(o.Part(), start, end, text)
}

// A mergeGroup is the children of one name of the three sides.
type mergeGroup struct {
	tag   string
	sides [3][]model.Element
	after model.Element // of ours, behind which the first of theirs comes
}

func (m *merger) children(b, o, h model.Element) {
	var groups []*mergeGroup
	byTag := map[string]*mergeGroup{}
	for side, e := range []model.Element{b, o, h} {
		of := []*model.Model{m.base, m.ours, m.theirs}[side]
		for x := range e.Children() {
			if _, nested := of.ComponentOf(x); nested {
				continue
			}
			g := byTag[x.Tag()]
			if g == nil {
				g = &mergeGroup{tag: x.Tag()}
				byTag[g.tag] = g
				groups = append(groups, g)
			}
			g.sides[side] = append(g.sides[side], x)
		}
	}
	last := map[string]model.Element{} // the last child of ours of each name
	for x := range o.Children() {
		last[x.Tag()] = x
	}
	var after model.Element
	for x := range h.Children() {
		if g := byTag[x.Tag()]; g != nil && len(g.sides[2]) > 0 && g.sides[2][0] == x {
			g.after = after
		}
		if e, ok := last[x.Tag()]; ok {
			after = e
		}
	}
	for _, g := range groups {
		m.group(g, b, o, h)
	}
}

func (m *merger) group(g *mergeGroup, b, o, h model.Element) {
	names := make([]string, 0, len(m.steps)+1)
	for _, s := range m.steps {
		names = append(names, s.name)
	}
	names = append(names, g.tag)
	keys, set := m.keys(g, names)
	if keys[1] == nil || keys[2] == nil {
		m.unkeyed(g, b, o, h)
		return
	}
	var at [3]map[string]int
	for side := range keys {
		at[side] = map[string]int{}
		for i, k := range keys[side] {
			at[side][k] = i
		}
	}
	pick := func(side int, key string) model.Element {
		if i, ok := at[side][key]; ok {
			return g.sides[side][i]
		}
		return model.Element{}
	}
	reordered := !set && m.reordered(g, keys, at, o, h)
	var moves []edit
	for _, k := range keys[1] {
		before := len(m.edits[o.Part()])
		m.one(g.tag, k, pick(0, k), pick(1, k), pick(2, k), o, h, model.Element{})
		if reordered { // what was edited in an element moves with it
			e := pick(1, k)
			start, _ := e.Span()
			made := slices.Clone(m.edits[o.Part()][before:])
			if inside(made, e) {
				m.edits[o.Part()] = m.edits[o.Part()][:before]
				moves = append(moves, edit{start, start, string(apply(e.Bytes(), made, start))})
				continue
			}
			moves = append(moves, edit{start, start, string(e.Bytes())})
		}
	}
	var slots map[string]model.Element
	if reordered {
		slots = m.move(g, keys, at, moves, o)
	}
	after := g.after
	for _, k := range keys[2] {
		if i, ok := at[1][k]; ok {
			after = g.sides[1][i]
			if slot, ok := slots[k]; ok {
				after = slot
			}
			continue
		}
		m.one(g.tag, k, pick(0, k), model.Element{}, pick(2, k), o, h, after)
	}
}

// inside reports whether all edits are in an element and not of it as a whole.
func inside(edits []edit, e model.Element) bool {
	start, end := e.Span()
	for _, x := range edits {
		whole := x.start == start && x.end == end
		if !whole && (x.start <= start || x.end > end || x.start >= end) {
			return false
		}
	}
	return true
}

// keys returns the keys of the elements of each side by one rule, nil if there is none.
func (m *merger) keys(g *mergeGroup, path []string) (keys [3][]string, set bool) {
	one := len(g.sides[0]) <= 1 && len(g.sides[1]) <= 1 && len(g.sides[2]) <= 1
	kind := m.key.Type()
	all := slices.Concat(g.sides[0], g.sides[1], g.sides[2])
	try := func(key []string) bool {
		for side := range g.sides {
			if keys[side] = keysOf(g.sides[side], key); keys[side] == nil {
				return false
			}
		}
		return true
	}
	if s := shapeOf(kind, path); s != nil && try(s.key) {
		return keys, s.set
	}
	if isLabels(all) && try(labelKey) {
		return keys, true
	}
	if one {
		for side := range g.sides {
			keys[side] = make([]string, len(g.sides[side]))
		}
		return keys, true
	}
	for _, part := range commonKeys {
		if part != "." && try([]string{part}) {
			return keys, false
		}
	}
	return [3][]string{}, false
}

// one merges the only element of a key; what theirs added comes behind one of ours.
func (m *merger) one(tag, key string, b, o, h, oursIn, theirsIn, after model.Element) {
	m.push(tag, key)
	defer m.pop()
	switch {
	case o.Exists() && h.Exists():
		m.element(b, o, h)
	case o.Exists() && !b.Exists(): // ours added it
	case tag == "RootComponent" && m.kept[o.Location().String()]:
	case o.Exists():
		if !same(m.base, m.ours, m.key, b, o) {
			m.conflict(removedTheirs, "", short(b), short(o), "", b.Location(), o.Location(), theirsIn.Location())
			return
		}
		if m.emptied(o) {
			m.cut(o)
		}
	case h.Exists() && !b.Exists():
		m.insert(oursIn, h, after)
	case h.Exists():
		if !same(m.base, m.theirs, m.key, b, h) {
			m.conflict(removedOurs, "", short(b), "", short(h), b.Location(), oursIn.Location(), h.Location())
		}
	}
}

// reordered reports whether theirs put into another order what ours left in that of base; where both did, each in another way, it is
// a conflict.
func (m *merger) reordered(g *mergeGroup, keys [3][]string, at [3]map[string]int, o, h model.Element) bool {
	var orders [3][]string
	for side := range keys {
		for _, k := range keys[side] {
			_, inB := at[0][k]
			_, inO := at[1][k]
			_, inH := at[2][k]
			if inO && inH && (inB || len(keys[0]) == 0) {
				orders[side] = append(orders[side], k)
			}
		}
	}
	if slices.Equal(orders[1], orders[2]) || slices.Equal(orders[0], orders[2]) || len(keys[0]) == 0 {
		return false
	}
	if slices.Equal(orders[0], orders[1]) {
		return true
	}
	m.push(g.tag, "")
	m.conflict("both sides put it into another order", "", strings.Join(orders[0], ", "), strings.Join(orders[1], ", "), strings.Join(orders[2], ", "),
		diag.Location{}, o.Location(), h.Location())
	m.pop()
	return false
}

// move puts elements of ours into the order of theirs: what all three have takes the places that such elements have. It returns in the
// place of which element each of these is now.
func (m *merger) move(g *mergeGroup, keys [3][]string, at [3]map[string]int, texts []edit, o model.Element) map[string]model.Element {
	slots := map[string]model.Element{}
	text := map[string]string{}
	for i, k := range keys[1] {
		if i < len(texts) {
			text[k] = texts[i].text
		}
	}
	common := func(k string) bool {
		_, inB := at[0][k]
		_, inO := at[1][k]
		_, inH := at[2][k]
		return inB && inO && inH
	}
	var places []model.Element
	var ownKeys []string
	for i, k := range keys[1] {
		e := g.sides[1][i]
		if common(k) {
			places = append(places, e)
			ownKeys = append(ownKeys, k)
		} else if text[k] != string(e.Bytes()) { // edited, and stays where it is
			start, end := e.Span()
			m.edit(o.Part(), start, end, text[k])
		}
	}
	n := 0
	for _, k := range keys[2] {
		if !common(k) {
			continue
		}
		start, end := places[n].Span()
		if ownKeys[n] != k || text[k] != string(places[n].Bytes()) {
			m.edit(o.Part(), start, end, text[k])
		}
		slots[k] = places[n]
		n++
	}
	return slots
}

// unkeyed merges elements that nothing tells apart: if one side left them alone, those of the other are taken as a whole.
func (m *merger) unkeyed(g *mergeGroup, b, o, h model.Element) {
	same := func(x *model.Model, a []model.Element, y *model.Model, b []model.Element) bool {
		if len(a) != len(b) {
			return false
		}
		c := &comparer{}
		for i := range a {
			if c.sum(x, a[i]) != c.sum(y, b[i]) {
				return false
			}
		}
		return true
	}
	ours, theirs, base := g.sides[1], g.sides[2], g.sides[0]
	switch {
	case same(m.ours, ours, m.theirs, theirs) || same(m.base, base, m.theirs, theirs):
	case same(m.base, base, m.ours, ours) && len(ours) > 0:
		var texts []string
		indent := "\n" + strings.Repeat("  ", depth(ours[0]))
		for _, e := range theirs {
			texts = append(texts, string(e.Bytes()))
		}
		for _, e := range ours[1:] {
			m.cut(e)
		}
		if len(theirs) == 0 {
			m.cut(ours[0])
			return
		}
		start, end := ours[0].Span()
		m.edit(o.Part(), start, end, strings.Join(texts, indent))
	case len(ours) == len(base) && len(theirs) == len(base): // rows and columns of a form: by their places
		for i := range base {
			m.push(g.tag, number(i+1))
			m.element(base[i], ours[i], theirs[i])
			m.pop()
		}
	default:
		m.push(g.tag, "")
		m.conflict(bothChanged, "", joined(base), joined(ours), joined(theirs), locations(b, o, h)...)
		m.pop()
	}
}

func joined(list []model.Element) string {
	var b strings.Builder
	for _, e := range list {
		if b.Len() > maxText {
			break
		}
		b.Write(e.Bytes())
	}
	return b.String()
}
