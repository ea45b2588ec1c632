package diff

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// element compares two elements that are the same one. What is nested in them and is a component is left out.
func (c *comparer) element(a, b model.Element) {
	if bytes.Equal(a.Bytes(), b.Bytes()) || c.old.SameWords(a, c.new, b) {
		return
	}
	c.attributes(a, b)
	c.text(a, b)
	c.children(a, b)
}

func (c *comparer) attributes(a, b model.Element) {
	for name, new := range b.Attrs() {
		if isPlumbing(name) {
			continue
		}
		old, ok := a.LookupAttr(name)
		switch {
		case !ok:
			c.add(Added, attrPath(c.steps, name), "", new, a.Location(), b.Location())
		case old != new && foldID(old) != foldID(new):
			c.add(Changed, attrPath(c.steps, name), old, new, a.Location(), b.Location())
		}
	}
	for name, old := range a.Attrs() {
		if _, ok := b.LookupAttr(name); !ok && !isPlumbing(name) {
			c.add(Removed, attrPath(c.steps, name), old, "", a.Location(), b.Location())
		}
	}
}

func attrPath(steps []step, name string) string {
	if len(steps) == 0 {
		return "@" + name
	}
	return "/@" + name
}

// isPlumbing reports whether an attribute says nothing of the component: namespaces, and null, which is as good as empty.
func isPlumbing(name string) bool {
	return name == "xmlns" || strings.HasPrefix(name, "xmlns:") || name == "xsi:nil"
}

// text compares the texts in two elements.
func (c *comparer) text(a, b model.Element) {
	old, new := a.OwnText(), b.OwnText()
	if old == new {
		return
	}
	if isJSON(old) && isJSON(new) {
		x, errA := a.JSON()
		y, errB := b.JSON()
		if errA == nil && errB == nil {
			c.push("#", "")
			c.value(x, y)
			c.pop()
			return
		}
	}
	if foldID(old) != foldID(new) {
		c.add(Changed, "", old, new, a.Location(), b.Location())
	}
}

func isJSON(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// A group is the children of one name on both sides.
type group struct {
	tag      string
	old, new []model.Element
}

// children compares the elements in two elements, name by name.
func (c *comparer) children(a, b model.Element) {
	var groups []*group
	byTag := map[string]*group{}
	collect := func(m *model.Model, e model.Element, side func(g *group) *[]model.Element) {
		for x := range e.Children() {
			if _, nested := m.ComponentOf(x); nested {
				continue
			}
			g := byTag[x.Tag()]
			if g == nil {
				g = &group{tag: x.Tag()}
				byTag[g.tag] = g
				groups = append(groups, g)
			}
			*side(g) = append(*side(g), x)
		}
	}
	collect(c.new, b, func(g *group) *[]model.Element { return &g.new })
	collect(c.old, a, func(g *group) *[]model.Element { return &g.old })
	for _, g := range groups {
		c.group(g, a, b)
	}
}

func (c *comparer) group(g *group, a, b model.Element) {
	names := make([]string, 0, len(c.steps)+1)
	for _, s := range c.steps {
		names = append(names, s.name)
	}
	names = append(names, g.tag)
	one := len(g.old) <= 1 && len(g.new) <= 1
	if one && shapeOf(c.kind(), names) == nil && !(isLabels(g.old) && isLabels(g.new)) {
		c.single(g, a, b, "")
		return
	}
	old, new, set := matchKeys(c.kind(), names, g.old, g.new)
	if old == nil || new == nil {
		c.alike(g, a, b, set)
		return
	}
	at := make(map[string]int, len(old))
	for i, k := range old {
		at[k] = i
	}
	var order []int
	var paired = make([]bool, len(old))
	for i, k := range new {
		j, ok := at[k]
		if !ok {
			c.single(&group{tag: g.tag, new: g.new[i : i+1]}, a, b, k)
			continue
		}
		paired[j] = true
		order = append(order, j)
		c.single(&group{tag: g.tag, old: g.old[j : j+1], new: g.new[i : i+1]}, a, b, k)
	}
	for j, k := range old {
		if !paired[j] {
			c.single(&group{tag: g.tag, old: g.old[j : j+1]}, a, b, k)
		}
	}
	if !set && moved(order) {
		was := slices.Sorted(slices.Values(order))
		c.order(g.tag, pick(old, was), pick(old, order), a, b)
	}
}

func pick(keys []string, at []int) []string {
	out := make([]string, len(at))
	for i, j := range at {
		out[i] = keys[j]
	}
	return out
}

// order tells that elements are in another order.
func (c *comparer) order(tag string, old, new []string, a, b model.Element) {
	c.push(tag, "")
	c.add(Moved, "", strings.Join(old, ", "), strings.Join(new, ", "), a.Location(), b.Location())
	c.pop()
}

// single compares the only element of a name, or of a key, with the other side's; either may be absent.
func (c *comparer) single(g *group, a, b model.Element, key string) {
	title := key
	if key != "" {
		title = titleOfElement(append(slices.Clone(g.new), g.old...)[0], key)
	}
	c.push(g.tag, title)
	defer c.pop()
	switch {
	case len(g.old) == 0:
		if x := g.new[0]; !isEmpty(x) && !holdsComponents(c.new, x) || key != "" {
			c.add(Added, "", "", says(x), a.Location(), x.Location())
		}
	case len(g.new) == 0:
		if x := g.old[0]; !isEmpty(x) && !holdsComponents(c.old, x) || key != "" {
			c.add(Removed, "", says(x), "", x.Location(), b.Location())
		}
	default:
		c.element(g.old[0], g.new[0])
	}
}

// isEmpty reports whether an element says nothing: that it is there is as good as that it is not.
func isEmpty(e model.Element) bool {
	for name := range e.Attrs() {
		if !isPlumbing(name) {
			return false
		}
	}
	return !e.HasChildren() && e.OwnText() == ""
}

// holdsComponents reports whether there is nothing in an element but components, which are told by themselves.
func holdsComponents(m *model.Model, e model.Element) bool {
	for name := range e.Attrs() {
		if !isPlumbing(name) {
			return false
		}
	}
	any := false
	for x := range e.Children() {
		if _, nested := m.ComponentOf(x); !nested && !holdsComponents(m, x) {
			return false
		}
		any = true
	}
	return any && strings.TrimSpace(e.OwnText()) == ""
}

// short returns what an element says in few words: its text, or the element as it is written.
func short(e model.Element) string {
	if !e.HasChildren() {
		plain := true
		for name := range e.Attrs() {
			plain = plain && isPlumbing(name)
		}
		if plain {
			return e.OwnText()
		}
	}
	return string(e.Bytes()[:min(len(e.Bytes()), maxText+1)])
}

// alike compares elements that nothing tells apart: those that say the same are the same, and the others are in their order.
func (c *comparer) alike(g *group, a, b model.Element, set bool) {
	where := map[[sha256.Size]byte][]int{}
	for i, e := range g.old {
		sum := c.sum(c.old, e)
		where[sum] = append(where[sum], i)
	}
	var order, rest []int
	paired := make([]bool, len(g.old))
	for i, e := range g.new {
		sum := c.sum(c.new, e)
		if list := where[sum]; len(list) > 0 {
			where[sum] = list[1:]
			paired[list[0]] = true
			order = append(order, list[0])
			continue
		}
		rest = append(rest, i)
	}
	var left []int
	for j := range g.old {
		if !paired[j] {
			left = append(left, j)
		}
	}
	for n := range max(len(rest), len(left)) {
		x := &group{tag: g.tag}
		key := 0
		if n < len(left) {
			x.old, key = g.old[left[n]:left[n]+1], left[n]+1
		}
		if n < len(rest) {
			x.new, key = g.new[rest[n]:rest[n]+1], rest[n]+1
		}
		c.single(x, a, b, number(key))
	}
	if !set && moved(order) {
		c.order(g.tag, numbers(slices.Sorted(slices.Values(order))), numbers(order), a, b)
	}
}

// sum returns the digest of what an element says.
func (c *comparer) sum(m *model.Model, e model.Element) [sha256.Size]byte {
	h := sha256.New()
	write(h, m, e)
	var out [sha256.Size]byte
	h.Sum(out[:0])
	return out
}

func write(h hash.Hash, m *model.Model, e model.Element) {
	h.Write([]byte("<" + e.Tag()))
	var attrs []string
	for name, value := range e.Attrs() {
		if !isPlumbing(name) {
			attrs = append(attrs, "\x00"+name+"\x01"+foldID(value))
		}
	}
	slices.Sort(attrs)
	for _, a := range attrs {
		h.Write([]byte(a))
	}
	h.Write([]byte("\x02" + foldID(e.OwnText()) + "\x03"))
	for x := range e.Children() {
		if _, nested := m.ComponentOf(x); !nested {
			write(h, m, x)
		}
	}
	h.Write([]byte(">"))
}

// kind returns the type of what is compared.
func (c *comparer) kind() solution.ComponentType { return c.at.Key.Type() }
