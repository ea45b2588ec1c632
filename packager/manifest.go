package packager

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// writtenManifest reads Other/Solution.xml, so that positions are those of the tree.
func (u *unpacker) writtenManifest() (*solution.Manifest, error) {
	data, err := at(u.taken, otherSolution).read()
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
	doc, err := xmlspan.Parse(u.pkg.solution, 4, u.pkg.limits.xml())
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
		u.found.at(src, ruleNoManagedFlag, at, "solution.xml has no <Managed>: taken as unmanaged")
	default:
		return &solution.SyntaxError{File: e.name, Pos: src.at(managed).Start, Err: fmt.Errorf("%w: <Managed> is %q: use 0 or 1", ErrKind, doc.Text(managed))}
	}
	f := u.format("")
	for _, list := range sortedListsOf(doc, manifest, "SolutionManifest") {
		u.keepForeign(src, list)
		f.Holes = append(f.Holes, list.hole(u.newline, 2))
	}
	u.put(&file{path: otherSolution, size: -1, load: func() ([]byte, error) {
		return f.AppendDocument(nil, doc, true), nil
	}, trace: func(r *xmlspan.Record) (string, []byte) {
		return solutionPart, noting(f, r).AppendDocument(nil, doc, true)
	}})
	u.claim(e, otherSolution, solutionPart)
	return nil
}

// keepForeign keeps what stands between the elements of a list that is sorted.
func (u *unpacker) keepForeign(src *source, list foundList) {
	d := src.doc
	_, foreign := list.elements()
	for _, c := range foreign {
		n := &d.Nodes[c]
		u.rescued.addFrom(manifestContainer+list.name, d.Src, span{n.Start, n.End})
		u.found.at(src, ruleRescuedElement, c, "%s in %s is kept in %s", nodeKind(n.Kind), list.name, rescuedPath)
	}
}

// isKindText reports whether the text of Managed is that kind already.
func isKindText(text string, kind solution.Kind) bool {
	return strings.TrimSpace(text) == strconv.Itoa(int(kind))
}

// manifestContainer begins the names of the containers of the manifest's lists, see [rescue].
const manifestContainer = "Solution/"

// solution makes solution.xml of Other/Solution.xml.
func (p *packing) solution(opts *PackOptions) ([]byte, error) {
	s := p.roots.source
	d := s.doc
	manifest := d.Child(d.Root(), "SolutionManifest")
	root := &d.Nodes[d.Root()]
	f := xmlspan.Format{Newline: p.newline, Record: p.manifestPlaces.of(s, root.Start, root.End)}
	set := func(i int32, text string, record *xmlspan.Record) {
		n := &d.Nodes[i]
		if record == nil {
			record = p.manifestPlaces.part()
			p.manifestPlaces.set(record, s, n.Start, n.End)
			record.Near(0, int(n.OpenEnd))
		}
		f.Holes = append(f.Holes, xmlspan.Hole{Start: n.Start, End: n.End, Text: []byte(text), Record: record})
	}
	if manifest != xmlspan.None {
		for c := range d.Elements(manifest) {
			switch name := d.Name(c); name {
			case "Managed":
				if want := p.kind; want != p.tree.manifest.Kind() && !isKindText(d.Text(c), want) {
					digit := "0"
					if want == solution.Managed {
						digit = "1"
					}
					set(c, "<Managed>"+digit+"</Managed>", nil)
				}
			case "Version":
				if v := cmp.Or(opts.Version, p.tree.version); !v.IsZero() {
					set(c, "<Version>"+v.String()+"</Version>", nil)
				}
			case "RootComponents", "MissingDependencies":
				kept := p.rescue.take("Solution/" + name)
				if len(kept) == 0 {
					continue
				}
				n := &d.Nodes[c]
				record := p.manifestPlaces.part()
				p.manifestPlaces.set(record, s, n.OpenEnd, d.CloseStart(c))
				record.Near(0, int(n.Start))
				inner := xmlspan.Format{Newline: p.newline, Record: record}
				text := []byte("<" + name + attributeText(d, c) + ">")
				text = inner.Append(text, d.Scanned, int(n.OpenEnd), int(d.CloseStart(c)), 3)
				for _, k := range kept {
					p.manifestPlaces.set(record, p.rescue.source, k.start, k.end)
					text = k.append(text, &inner, 3)
				}
				set(c, string(append(f.AppendIndent(text, 2), "</"+name+">"...)), record)
			}
		}
	}
	return f.AppendDocument(nil, d, true), nil
}
