package packager

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// writtenManifest reads Other/Solution.xml, so that positions are those of the tree.
func (u *unpacker) writtenManifest() (*solution.Manifest, error) {
	data, err := u.taken[fold(otherSolution)].read()
	if err == nil {
		data, err = utf8XML(data, otherSolution)
	}
	if err != nil {
		return nil, err
	}
	m, err := solution.ParseManifest(data, otherSolution)
	if err != nil {
		return nil, &Error{Op: "unpack", Path: otherSolution, Err: err}
	}
	return m, nil
}

// solution makes Other/Solution.xml, its lists sorted.
func (u *unpacker) solution() error {
	e := u.pkg.lookup(solutionPart)
	doc, err := xmlspan.Parse(u.pkg.solution, 4, &xmlspan.Limits{Depth: u.pkg.limits.Depth})
	if err != nil {
		return xmlError(err, e.name, u.pkg.solution)
	}
	src := &source{name: e.name, doc: doc}
	root := doc.Root()
	manifest := doc.Child(root, "SolutionManifest")
	if manifest == xmlspan.None {
		return &solution.SyntaxError{File: e.name, Pos: src.at(root).Start, Err: fmt.Errorf("%w: no SolutionManifest", ErrFormat)}
	}
	switch managed := doc.Child(manifest, "Managed"); strings.TrimSpace(doc.Text(managed)) {
	case "0", "1":
	case "":
		at := manifest
		if managed != xmlspan.None {
			at = managed
		}
		u.note(src.finding(ruleNoManagedFlag, at, "solution.xml has no <Managed>: taken as unmanaged"))
	default:
		return &solution.SyntaxError{File: e.name, Pos: src.at(managed).Start, Err: fmt.Errorf("%w: <Managed> is %q: use 0 or 1", ErrKind, doc.Text(managed))}
	}
	f := u.format("")
	var holes []xmlspan.Hole
	for c := range doc.Elements(manifest) {
		switch doc.Name(c) {
		case "RootComponents":
			u.keepForeign(src, c, "RootComponent")
			holes = append(holes, u.sortedList(doc, c, "RootComponent", 2, rootSortKey)...)
		case "MissingDependencies":
			u.keepForeign(src, c, "MissingDependency")
			holes = append(holes, u.sortedList(doc, c, "MissingDependency", 2, dependencySortKey)...)
		}
	}
	f.Holes = holes
	u.put(&file{path: otherSolution, size: -1, read: func() ([]byte, error) {
		return f.AppendDocument(nil, doc, true), nil
	}})
	u.claim(e, otherSolution, solutionPart)
	return nil
}

// keepForeign keeps what stands between the elements of a list that is sorted.
func (u *unpacker) keepForeign(src *source, list int32, element string) {
	d := src.doc
	container := "Solution/" + d.Name(list)
	for c := range d.Children(list) {
		if d.Is(c, element) {
			continue
		}
		n := &d.Nodes[c]
		u.rescued.addFrom(container, d.Src, span{n.Start, n.End})
		u.note(src.finding(ruleRescuedElement, c, "%s in %s is kept in %s", nodeKind(n.Kind), d.Name(list), rescuedPath))
	}
}

func rootSortKey(d *xmlspan.Document, i int32) []string {
	key, ok := d.Attr(i, "schemaName")
	if !ok {
		key = attr(d, i, "id")
	}
	return []string{attr(d, i, "type"), key}
}

func appComponentSortKey(d *xmlspan.Document, i int32) []string {
	return []string{attr(d, i, "type"), attr(d, i, "schemaName")}
}

func dependencySortKey(d *xmlspan.Document, i int32) []string {
	required := d.Child(i, "Required")
	if required == xmlspan.None {
		return []string{"", "", ""}
	}
	return []string{attr(d, required, "type"), attr(d, required, "schemaName"), attr(d, required, "id.schemaname")}
}

// sortedList returns the hole that writes list i with its elements sorted. An AppModuleComponents list
// sorts all its elements; other lists only those of the given name, the rest being kept elsewhere.
func (u *unpacker) sortedList(d *xmlspan.Document, i int32, element string, level int, key func(*xmlspan.Document, int32) []string) []xmlspan.Hole {
	type item struct {
		node int32
		key  []string
	}
	sub, top := d, i
	var items []item
	var rest []int32
	if d.Nodes[i].Depth >= 3 && element == "AppModuleComponents" {
		sub = d.Sub(i, 1)
		top = sub.Root()
	}
	for c := range sub.Children(top) {
		switch {
		case sub.Is(c, element) || sub != d && sub.Nodes[c].IsElement():
			items = append(items, item{c, key(sub, c)})
		case sub != d:
			rest = append(rest, c)
		}
	}
	slices.SortStableFunc(items, func(a, b item) int { return slices.CompareFunc(a.key, b.key, compareCulture) })
	f := xmlspan.Format{Newline: u.newline}
	n := &d.Nodes[i]
	name := d.Name(i)
	var out []byte
	out = append(out, "<"+name+attributeText(d, i)...)
	if len(items)+len(rest) == 0 {
		out = append(out, " />"...)
	} else {
		out = append(out, '>')
		for _, it := range items {
			c := &sub.Nodes[it.node]
			out = f.Append(out, d.Src, int(c.Start), int(c.End), level+1)
		}
		for _, r := range rest {
			c := &sub.Nodes[r]
			out = f.Append(out, d.Src, int(c.Start), int(c.End), level+1)
		}
		out = append(f.AppendIndent(out, level), "</"+name+">"...)
	}
	return []xmlspan.Hole{{Start: n.Start, End: n.End, Text: string(out)}}
}
