package packager

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A sortedList is a list whose elements Unpack sorts, by texts in the culture compare. Pack never sorts.
type sortedList struct {
	in   string // the element whose child the list is
	name string
	// element is the name of the elements that are sorted; what stands between them is kept elsewhere. Empty: all elements
	// are, and what stands between them comes behind them.
	element string
	key     func(d *xmlspan.Document, i int32) []string
}

// sortedLists is the table of such lists (observed on the reference tool).
var sortedLists = []sortedList{
	{in: "SolutionManifest", name: "RootComponents", element: "RootComponent", key: rootSortKey},
	{in: "SolutionManifest", name: "MissingDependencies", element: "MissingDependency", key: dependencySortKey},
	{in: "AppModule", name: "AppModuleComponents", key: appComponentSortKey},
}

func rootSortKey(d *xmlspan.Document, i int32) []string {
	key, ok := d.Attr(i, "schemaName")
	if !ok {
		key = attr(d, i, "id")
	}
	return []string{attr(d, i, "type"), key}
}

func dependencySortKey(d *xmlspan.Document, i int32) []string {
	required := d.Child(i, "Required")
	if required == xmlspan.None {
		return []string{"", "", ""}
	}
	return []string{attr(d, required, "type"), attr(d, required, "schemaName"), attr(d, required, "id.schemaname")}
}

func appComponentSortKey(d *xmlspan.Document, i int32) []string {
	return []string{attr(d, i, "type"), attr(d, i, "schemaName")}
}

// A foundList is a sortedList in a document.
type foundList struct {
	sortedList
	doc  *xmlspan.Document // has what is in the list
	list int32             // of the list in doc
}

// sortedListsOf returns the lists in element i of a document that Unpack sorts if the element is called in, the first of each name.
func sortedListsOf(d *xmlspan.Document, i int32, in string) []foundList {
	var out []foundList
	for c := range d.Elements(i) {
		for _, l := range sortedLists {
			first := func(f foundList) bool { return f.name == l.name }
			if l.in != in || !d.Is(c, l.name) || slices.ContainsFunc(out, first) {
				continue
			}
			found := foundList{sortedList: l, doc: d, list: c}
			if l.element == "" { // it may be too deep for the document
				found.doc = d.Sub(c, 1)
				found.list = found.doc.Root()
				if found.hasText() {
					continue
				}
			}
			out = append(out, found)
		}
	}
	return out
}

// sortedListsOfFile returns such lists of a file of a tree: the manifest, or a component, whatever its element is called.
func sortedListsOfFile(d *xmlspan.Document, name string) []foundList {
	root := d.Root()
	if strings.EqualFold(name, otherSolution) {
		if manifest := d.Child(root, "SolutionManifest"); manifest != xmlspan.None {
			return sortedListsOf(d, manifest, "SolutionManifest")
		}
		return nil
	}
	for i := range layouts {
		if row := &layouts[i]; row.folder != "" && strings.EqualFold(row.folder, topFolder(name)) {
			return sortedListsOf(d, root, row.element)
		}
	}
	return nil
}

// hasText reports whether there is text between the elements, with which they are written in line: such a list stays as it is.
func (l foundList) hasText() bool {
	_, rest := l.elements()
	return slices.ContainsFunc(rest, func(c int32) bool { k := l.doc.Nodes[c].Kind; return k == xmlspan.Text || k == xmlspan.CData })
}

// elements returns what is sorted, and what stands between it.
func (l foundList) elements() (elements, rest []int32) {
	for c := range l.doc.Children(l.list) {
		switch n := &l.doc.Nodes[c]; {
		case n.IsElement() && (l.element == "" || l.doc.Is(c, l.element)):
			elements = append(elements, c)
		case !isBlank(l.doc.Src, n):
			rest = append(rest, c)
		}
	}
	return elements, rest
}

func (l foundList) sorted(elements []int32) []int32 {
	type keyed struct {
		node int32
		key  []string
	}
	list := make([]keyed, len(elements))
	for i, c := range elements {
		list[i] = keyed{c, l.key(l.doc, c)}
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return slices.CompareFunc(a.key, b.key, compareCulture) })
	out := make([]int32, len(list))
	for i, k := range list {
		out[i] = k.node
	}
	return out
}

// hole writes the list anew, its elements sorted. level is the indent of the list.
func (l foundList) hole(newline string, level int) xmlspan.Hole {
	d := l.doc
	elements, rest := l.elements()
	if l.element != "" {
		rest = nil
	}
	f := xmlspan.Format{Newline: newline, Record: &xmlspan.Record{}}
	f.Record.Near(0, int(d.Nodes[l.list].Start))
	out := append([]byte("<"+l.name), attributeText(d, l.list)...)
	if len(elements)+len(rest) == 0 {
		out = append(out, " />"...)
	} else {
		out = append(out, '>')
		for _, c := range append(l.sorted(elements), rest...) {
			n := &d.Nodes[c]
			out = f.Append(out, d.Scanned, int(n.Start), int(n.End), level+1)
		}
		out = append(f.AppendIndent(out, level), "</"+l.name+">"...)
	}
	n := &d.Nodes[l.list]
	return xmlspan.Hole{Start: n.Start, End: n.End, Text: out, Record: f.Record}
}

// isSorted reports whether the elements stand in their order.
func (l foundList) isSorted() bool {
	elements, _ := l.elements()
	return slices.Equal(elements, l.sorted(elements))
}

// edits put each element where it belongs; what stands between them stays.
func (l foundList) edits() []diag.Edit {
	elements, _ := l.elements()
	var edits []diag.Edit
	for i, c := range l.sorted(elements) {
		if at := &l.doc.Nodes[elements[i]]; c != elements[i] {
			edits = append(edits, diag.Edit{Start: int(at.Start), End: int(at.End), New: string(l.doc.Bytes(c))})
		}
	}
	return edits
}
