package packager

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A payload is a file that a component names.
type payload struct {
	zip  string // as the XML names it, without the leading "/"
	tree string // empty if it has no place of its own there
	node int32  // the element that names it, if it is near to the component

	start, end int // the span of that element, if it is deep in the component; else both 0
}

// A payloadRule returns the files that component i names; p is the path of its own file.
type payloadRule func(d *xmlspan.Document, i int32, p string) []payload

// beside is the one file that element n names; it stands beside the component's own, which has its name with an ending more.
func beside(d *xmlspan.Document, n int32, p string) []payload {
	return []payload{{zip: zipPath(plainText(d, n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
}

// fileIn is for components with one file, which a child element names.
func fileIn(element string) payloadRule {
	return func(d *xmlspan.Document, i int32, p string) []payload { return beside(d, d.Child(i, element), p) }
}

func workflowFile(d *xmlspan.Document, i int32, p string) []payload {
	return beside(d, workflowSource(d, i), p)
}

func reportFile(d *xmlspan.Document, i int32, p string) []payload {
	if isLinkedReport(d, i) {
		return nil
	}
	return beside(d, d.Child(i, "ExportedFileName"), p)
}

// contentTypeMark parts the path of a file of a code app from its media type, which is no part of the file's name.
const contentTypeMark = "_ContentType_"

// uriPath is the path in the zip that the text of an element ...Uri of a canvas app names.
func uriPath(d *xmlspan.Document, n int32) string {
	name := zipPath(plainText(d, n))
	if i := strings.LastIndex(name, contentTypeMark); i >= 0 && d.Is(n, "CodeAppPackageUri") {
		return name[:i]
	}
	return name
}

// uriFiles returns the files of a canvas app: every element named ...Uri, in their order.
func uriFiles(d *xmlspan.Document, i int32, _ string) []payload {
	var out []payload
	add := func(d *xmlspan.Document, n int32, at int32) {
		name := uriPath(d, n)
		if rest, ok := cutFolder(name, "CanvasApps"); ok && strings.HasSuffix(d.Name(n), "Uri") {
			out = append(out, payload{zip: name, tree: "CanvasApps/" + rest, node: at})
		}
	}
	for c := range d.Elements(i) {
		add(d, c, c)
		if strings.HasSuffix(d.Name(c), "Uris") {
			sub := d.Sub(c, 1)
			for n := range sub.Elements(sub.Root()) {
				add(sub, n, c)
			}
		}
	}
	return out
}

// connectorFiles returns the files of a connector: every child that names one in Connector/.
func connectorFiles(d *xmlspan.Document, i int32, _ string) []payload {
	var out []payload
	for c := range d.Elements(i) {
		name := zipPath(plainText(d, c))
		if rest, ok := cutFolder(name, "Connector"); ok {
			out = append(out, payload{zip: name, tree: "Connectors/" + rest, node: c})
		}
	}
	return out
}

// zipPath is the path in the zip that an element's text names.
func zipPath(text string) string {
	return strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/")
}

// cutFolder removes the folder from the front of a path. Case does not count.
func cutFolder(p, folder string) (string, bool) {
	if len(p) > len(folder) && p[len(folder)] == '/' && strings.EqualFold(p[:len(folder)], folder) {
		return p[len(folder)+1:], true
	}
	return "", false
}

// isHead reports whether a component names one of the parts that every package has as its file.
func isHead(name string) bool {
	part, _ := partName(name)
	return slices.Contains([]string{fold(customizationsPart), fold(solutionPart), fold(typesPart)}, fold(part))
}

// payload moves one file that component c names into the tree.
func (u *unpacker) payload(c int32, file payload) {
	if file.zip == "" {
		return
	}
	e := u.pkg.lookup(file.zip)
	if insecure(file.zip) != "" {
		u.missing(c, file)
		return
	}
	if e == nil {
		// Some hand-made packages name a file without its folder.
		e = u.pkg.lookup(file.tree)
	}
	if e == nil || isHead(e.part) || u.claimed[e] && !u.pkg.shared(e, file.zip) {
		u.missing(c, file)
		return
	}
	u.owned[fold(topFolder(e.part))] = true
	if u.moveEntry(e, file.tree, file.zip) && u.mapped(u.taken[fold(file.tree)].path) {
		u.taken[fold(file.tree)].elsewhere = file.tree
	}
}

// missing tells of a file that component c names and that is not in the zip.
func (u *unpacker) missing(c int32, file payload) {
	if u.found.full(ruleMissingFile.ID) {
		return
	}
	at := c
	if file.end == 0 && file.node != xmlspan.None && int(file.node) < len(u.doc().Nodes) {
		at = file.node
	}
	d := u.source.finding(ruleMissingFile, at, "%s names %q, which is not in the zip: the package can't be packed again", u.doc().Name(c), file.zip)
	if file.end > 0 {
		d.Location.Start, d.Location.End = u.source.span(file.start, file.end)
	}
	u.found.list = append(u.found.list, d)
}

// lacks tells of a file that component c names and that is not in the zip.
func (u *unpacker) lacks(c int32, files []payload) bool {
	i := slices.IndexFunc(files, func(f payload) bool { return f.zip != "" && u.pkg.lookup(f.zip) == nil && u.pkg.lookup(f.tree) == nil })
	if i >= 0 {
		u.found.at(u.source, ruleMissingFile, files[i].node, "%s names %q, which is not in the zip", u.doc().Name(c), files[i].zip)
	}
	return i >= 0
}

// shared reports whether e may be named by more than one component: it is what the name says exactly.
func (p *Package) shared(e *entry, name string) bool { return p.lookup(name) == e }

// lacks reports whether a file that a component names is not there.
func (p *packing) lacks(file payload) bool {
	return file.zip != "" && !p.has(file.tree) && !p.has(file.zip) && !p.keptAs(file.zip)
}

// A need is a file that a component names which stands in Other/Customizations.xml, or was kept: it is in the tree as in the zip.
type need struct {
	row       *layout
	source    *source
	component int32
	payload   payload
	optional  bool
}

// needed tells of needs that nothing has become an entry for.
func (p *packing) needed() {
	if len(p.needs) == 0 {
		return
	}
	have := map[string]bool{}
	for _, e := range p.entries {
		part, _ := partName(e.name)
		have[fold(part)] = true
	}
	for _, n := range p.needs {
		name, reason := partName(n.payload.zip)
		if n.payload.zip == "" || reason == "" && have[fold(name)] {
			continue
		}
		at := n.component
		if n.payload.end == 0 && n.payload.node != xmlspan.None && int(n.payload.node) < len(n.source.doc.Nodes) {
			at = n.payload.node
		}
		d := n.source.finding(ruleMissingFile, at, "%s needs the file %s, which is not there: restore it or remove the component",
			componentName(n.row, n.source, n.component), n.payload.zip)
		if n.payload.end > 0 {
			d.Location.Start, d.Location.End = n.source.span(n.payload.start, n.payload.end)
		}
		if n.optional {
			d.Severity = diag.Warning
			p.note(d)
			continue
		}
		p.missing = append(p.missing, d)
	}
}

// payload makes an entry of a file that a component names.
func (p *packing) payload(row *layout, s *source, root int32, file payload) {
	at := root
	if file.node != xmlspan.None {
		at = file.node
	}
	switch {
	case file.zip == "":
		p.missing = append(p.missing, s.finding(ruleMissingFile, root, "%s names no file", s.doc.Name(root)))
	case insecure(file.zip) != "":
		p.missing = append(p.missing, s.finding(ruleMissingFile, at, "%s names %q: %v: %s", s.doc.Name(root), file.zip, ErrInsecurePath, insecure(file.zip)))
	case isHead(file.zip):
		p.missing = append(p.missing, s.finding(ruleMissingFile, at, "%s names %q, which is no file of a component", s.doc.Name(root), file.zip))
	case p.has(file.tree):
		p.spelled(file.tree)
		p.addEntry(file.tree, file.zip)
	case p.has(file.zip):
		p.addEntry(file.zip, file.zip)
	case p.keptAs(file.zip):
	case unwritable(file.tree) != "": // another component may name it, too
		p.needs = append(p.needs, need{row: row, source: s, component: root, payload: file})
	default:
		p.missing = append(p.missing, s.finding(ruleMissingFile, at, "%s needs the file %s, which is not there%s: restore it or remove the component",
			componentName(row, s, root), file.tree, p.notWhere(file.tree)))
	}
}

// spelled tells of a file whose name is not spelled as what names it. Of folders, many files have a part in the spelling.
func (p *packing) spelled(name string) {
	if f := at(p.files, name); path.Base(f.path) != path.Base(name) {
		p.found.in(ruleLetterCase, f.path, "%s should be %s: letter case differs", f.path, path.Base(name))
	}
}

// componentName is how a message calls component i.
func componentName(row *layout, s *source, i int32) string {
	if keys := row.keysOf(s.doc, i); len(keys) > 0 {
		return fmt.Sprintf("%s %q", row.element, keys[0])
	}
	return row.element
}
