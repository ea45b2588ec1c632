package solution

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// This file makes splices of what is to be other in a manifest. A splice is as small as it can be, so that changes that were
// made apart can be joined: a text, an attribute, an item of a list. But one that other splices would not fit to replaces bytes
// that theirs replace too: of an element that two changes add, one would be lost.

// edit returns m with splices made, which must not overlap. What comes out is well formed by construction: texts have been
// checked or escaped, and elements take the place of elements.
func (m *Manifest) edit(next ...Splice) *Manifest {
	if len(next) == 0 {
		return m
	}
	if err := sortSplices(ManifestFile, next); err != nil {
		panic("solution: " + err.Error())
	}
	src := applySplices(m.doc.Src, next)
	out, err := ParseManifest(src, m.file)
	if err != nil {
		panic(fmt.Sprintf("solution: an edit broke the manifest: %v", err))
	}
	if out.origin = m.origin; out.origin == nil {
		out.origin = m
	}
	out.splices = composeSplices(m.splices, next)
	return out
}

// setText returns the splices that give a child of parent a text.
func (m *Manifest) setText(parent int32, order []string, name, text string) []Splice {
	if i := m.doc.Child(parent, name); i != xmlspan.None {
		return m.setElement(i, &text)
	}
	return m.addChild(parent, order, name, string(appendTextElement(nil, name, &text, m.newline())))
}

// setElement returns the splices that give element i a text, or null. An element that would be null in a file that does not say
// what xsi is goes.
func (m *Manifest) setElement(i int32, text *string) []Splice {
	n := &m.doc.Nodes[i]
	if text == nil {
		if _, ok := m.doc.Attr(m.root, "xmlns:xsi"); !ok {
			return []Splice{{int(n.Start) - len(m.lead(i)), int(n.End), ""}}
		}
	} else if n.Kind != xmlspan.EmptyTag && !m.isNull(i) {
		return []Splice{{int(n.OpenEnd), int(m.doc.CloseStart(i)), string(xmlspan.AppendText(nil, *text, m.newline()))}}
	}
	return []Splice{{int(n.Start), int(n.End), string(appendTextElement(nil, m.doc.Name(i), text, m.newline()))}}
}

// setAttr returns the splice that changes an attribute of element i, or adds it behind the others.
func (m *Manifest) setAttr(i int32, name, text string) []Splice {
	end := m.doc.NameSpan(i).End
	attr := string(xmlspan.AppendAttr(nil, name, text))
	for a := range m.doc.RawAttrs(i) {
		if end = a.Value.End + 1; string(a.Name.Of(m.doc.Src)) == name {
			return []Splice{{int(a.Name.Start), int(end), attr[1:]}} // the blank in front is there
		}
	}
	return []Splice{{int(end), int(end), attr}}
}

// addChild returns the splice that adds an element that parent lacks at its place in order. It replaces the end of the tag
// before, so that it cannot be joined with another of this name.
func (m *Manifest) addChild(parent int32, order []string, name, element string) []Splice {
	n := &m.doc.Nodes[parent]
	if n.Kind == xmlspan.EmptyTag {
		tag := m.doc.Name(parent)
		open := bytes.TrimRight(bytes.TrimSuffix(m.doc.Bytes(parent), []byte("/>")), " \t\r\n")
		return []Splice{{int(n.Start), int(n.End), string(open) + ">" + element + "</" + tag + ">"}}
	}
	at, lead := n.OpenEnd, ""
	if end := string(blankEnd(m.doc.Inner(parent))); strings.Contains(end, "\n") {
		lead = end + m.indent(parent)
	}
	for i := range m.doc.Elements(parent) {
		lead = m.lead(i)
		break
	}
	before := order[:max(slices.Index(order, name), 0)]
	for i := range m.doc.Elements(parent) {
		if slices.Contains(before, m.doc.Name(i)) {
			at, lead = m.doc.Nodes[i].End, m.lead(i)
		}
	}
	return []Splice{{int(at) - 1, int(at), ">" + lead + element}}
}

// withList returns m with other items in a list, which is made if there is none and it is not to be empty.
func (m *Manifest) withList(in place, name string, empty bool, set func(m *Manifest, list int32) []Splice) *Manifest {
	parent := m.doc.At(m.top, in.path...)
	list := m.doc.Child(parent, name)
	if list == xmlspan.None {
		if empty {
			return m
		}
		m = m.edit(m.addChild(parent, in.order, name, "<"+name+" />")...)
		list = m.doc.At(m.top, append(slices.Clone(in.path), name)...)
	}
	return m.edit(set(m, list)...)
}

// A place is an element below SolutionManifest and the order of its children.
type place struct {
	path  []string
	order []string
}

// A listItem is an element that a list is to have.
type listItem struct {
	old  int      // which of the elements it stands for, -1 if it is new
	edit []Splice // of the one it stands for
	text []byte   // of a new one
}

// items returns the elements of that name in a list.
func (m *Manifest) items(list int32, name string) []int32 {
	var nodes []int32
	for i := range m.doc.Elements(list) {
		if name == "" || m.doc.Is(i, name) {
			nodes = append(nodes, i)
		}
	}
	return nodes
}

// setList returns the splices that make want the elements of a list, which has the elements nodes. Those that stay in order
// keep their bytes and the white space and comments before them; comments before others stay where they are.
func (m *Manifest) setList(list int32, nodes []int32, want []listItem) []Splice {
	if len(want) == 0 {
		return m.clearList(list, nodes)
	}
	lead, tail := m.listLeads(list, nodes)
	kept := inOrder(want)
	var out []Splice
	at, next := int(m.doc.Nodes[list].OpenEnd), 0 // where new items come, and the first node behind
	if m.doc.Nodes[list].Kind == xmlspan.EmptyTag {
		at = int(m.doc.Nodes[list].End) - len("/>")
	}
	for i, item := range want {
		switch {
		case kept[i]:
			out = m.removeItems(out, list, nodes, next, item.old)
			out = append(out, item.edit...)
			at, next = int(m.doc.Nodes[nodes[item.old]].End), item.old+1
		case item.old >= 0: // moved
			gap := string(m.gapBefore(list, nodes, item.old))
			if strings.TrimSpace(gap) != "" {
				gap = lead // a comment stays behind
			}
			out = append(out, Splice{at, at, gap + string(m.edited(nodes[item.old], item.edit))})
		default:
			out = append(out, Splice{at, at, lead + string(item.text)})
		}
	}
	out = m.removeItems(out, list, nodes, next, len(nodes))
	if len(nodes) == 0 {
		return m.openList(list, tail, out)
	}
	return out
}

// removeItems appends the splices that remove nodes[from:to].
func (m *Manifest) removeItems(out []Splice, list int32, nodes []int32, from, to int) []Splice {
	for i := from; i < to; i++ {
		n := &m.doc.Nodes[nodes[i]]
		start := int(n.Start) - len(blankEnd(m.gapBefore(list, nodes, i)))
		if last := len(out) - 1; last >= 0 && i > from && out[last].End == start {
			out[last].End = int(n.End)
			continue
		}
		out = append(out, Splice{start, int(n.End), ""})
	}
	return out
}

// clearList returns the splices that remove all elements of a list, as exports write an empty one if nothing else is in it.
func (m *Manifest) clearList(list int32, nodes []int32) []Splice {
	out := m.removeItems(nil, list, nodes, 0, len(nodes))
	n := &m.doc.Nodes[list]
	if len(out) != 1 || len(bytes.TrimSpace(m.doc.Src[n.OpenEnd:out[0].Start]))+len(bytes.TrimSpace(m.doc.Src[out[0].End:m.doc.CloseStart(list)])) > 0 {
		return out
	}
	open := bytes.TrimRight(m.doc.Src[n.Start:n.OpenEnd-1], " \t\r\n")
	return []Splice{{int(n.Start) + len(open), int(n.End), " />"}}
}

// openList adds what it takes to put the first items into a list. Changes that do so apart replace the same bytes of its tags
// by the same, and so can be joined.
func (m *Manifest) openList(list int32, tail string, items []Splice) []Splice {
	n, src := &m.doc.Nodes[list], m.doc.Src
	if n.Kind != xmlspan.EmptyTag {
		if inner := string(m.doc.Inner(list)); strings.TrimSpace(inner) == "" && inner != tail && inner != "" {
			return append(items, Splice{int(n.OpenEnd), int(m.doc.CloseStart(list)), tail}) // white space of an empty list is no end of a full one
		} else if inner == "" && tail != "" {
			at := int(m.doc.CloseStart(list))
			return append(items, Splice{at, at + 1, tail + "<"})
		}
		return items
	}
	slash := int(n.End) - len("/>")
	open := len(bytes.TrimRight(src[:slash], " \t\r\n"))
	first := Splice{open, slash, ">"}
	if open == slash {
		first = Splice{open - 1, slash, string(src[open-1]) + ">"}
	}
	return append(append([]Splice{first}, items...), Splice{slash, slash + 1, tail + "</" + m.doc.Name(list)})
}

// inOrder reports which items of a list can keep their places: of those that are there, a longest run in the order of the file.
func inOrder(want []listItem) []bool {
	var tails []int // tails[n]: the item that ends the run of n+1 items with the lowest end
	before := make([]int, len(want))
	for i, item := range want {
		if item.old < 0 {
			continue
		}
		n, _ := slices.BinarySearchFunc(tails, item.old, func(t, old int) int { return want[t].old - old })
		if before[i] = -1; n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	kept := make([]bool, len(want))
	if len(tails) > 0 {
		for i := tails[len(tails)-1]; i >= 0; i = before[i] {
			kept[i] = true
		}
	}
	return kept
}

// edited returns the bytes of node i with splices made.
func (m *Manifest) edited(i int32, edit []Splice) []byte {
	at := int(m.doc.Nodes[i].Start)
	moved := slices.Clone(edit)
	for k := range moved {
		moved[k].Start -= at
		moved[k].End -= at
	}
	return applySplices(m.doc.Bytes(i), moved)
}

// lead returns the white space between node i and the tag before it, "" if something else is there.
func (m *Manifest) lead(i int32) string {
	before := m.doc.Src[:m.doc.Nodes[i].Start]
	blank := blankEnd(before)
	if !bytes.HasSuffix(before[:len(before)-len(blank)], []byte(">")) {
		return ""
	}
	return string(blank)
}

// blankEnd returns the white space at the end of text.
func blankEnd(text []byte) []byte { return text[len(bytes.TrimRight(text, " \t\r\n")):] }

// gapBefore returns the bytes between element i of a list and what is before it.
func (m *Manifest) gapBefore(list int32, nodes []int32, i int) []byte {
	start := m.doc.Nodes[list].OpenEnd
	if i > 0 {
		start = m.doc.Nodes[nodes[i-1]].End
	}
	return m.doc.Src[start:m.doc.Nodes[nodes[i]].Start]
}

// listLeads returns the white space for a new element of a list: before it, and before the end of a list
// that was empty. It is that of an element on a line of its own, else one level deeper than the list.
func (m *Manifest) listLeads(list int32, nodes []int32) (lead, tail string) {
	for _, node := range slices.Backward(nodes) {
		if lead = m.lead(node); strings.Contains(lead, "\n") {
			return lead, ""
		}
	}
	tail = m.lead(list)
	if len(nodes) > 0 || !strings.Contains(tail, "\n") {
		return "", ""
	}
	return tail + m.indent(list), tail
}

// indent returns by how much lists are indented in what they are in.
func (m *Manifest) indent(list int32) string {
	lead, outer := m.lead(list), m.lead(m.doc.Nodes[list].Parent)
	lead, outer = lead[strings.LastIndexByte(lead, '\n')+1:], outer[strings.LastIndexByte(outer, '\n')+1:]
	if deeper, ok := strings.CutPrefix(lead, outer); ok && deeper != "" {
		return deeper
	}
	return "  "
}

// newline returns the line end of the file.
func (m *Manifest) newline() string {
	if bytes.Contains(m.doc.Src, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
