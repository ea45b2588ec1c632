package packager

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// templateCodec makes a file of each child of Templates, and files of the documents in templates.
type templateCodec struct{}

// A templateKind says where the documents of the templates in one child of Templates go.
type templateKind struct {
	child     string
	id        string // child of a template, whose own name does not matter; empty if templates have no documents
	folder    string
	documents []templateDocument
	binary    bool // body is Base64 of the file that filename names
	root      bool // each is a root component, of the type that the row of the section has
}

type templateDocument struct{ element, file string }

// templateKinds is in the order in which the reference tool packs.
var templateKinds = []templateKind{
	{child: "KBArticleTemplates", root: true, id: "kbarticletemplateid", folder: "KbArticleDocuments",
		documents: []templateDocument{{"structurexml", "structurexml.xml"}, {"formatxml", "formatxml.xsl"}}},
	{child: "EmailTemplates", id: "templateid", folder: "EmailDocuments",
		documents: []templateDocument{{"subject", "subject.xsl"}, {"subjectpresentationxml", "subjectpresentationxml.xml"},
			{"body", "body.xsl"}, {"presentationxml", "presentationxml.xml"}}},
	{child: "ContractTemplates"},
	{child: "MailMergeTemplates", id: "mailmergetemplateid", folder: "MailMergeDocuments", binary: true},
}

func templateKindOf(name string) templateKind {
	for _, k := range templateKinds {
		if k.child == name {
			return k
		}
	}
	return templateKind{child: name}
}

const bodyElement = "body"

// document returns the tree path of a document of template t, "" if it can't have one.
func (k templateKind) document(d *xmlspan.Document, t int32, file string) string {
	language, id := child(d, t, "languagecode"), child(d, t, k.id)
	p := "Templates/" + k.folder + "/" + language + "/" + id + "/" + file
	if language == "" || id == "" || file == "" || strings.Contains(language+id+file, "/") || unwritable(p) != "" {
		return ""
	}
	return p
}

func (templateCodec) splits(*xmlspan.Document, *layout, int32) bool { return true }

func (templateCodec) unpack(u *unpacker, row *layout, section int32) error {
	d := u.doc()
	u.keepAttributes(row.section, section)
	last := map[string]int32{}
	for c := range d.Elements(section) {
		last[fold(d.Name(c))] = c
	}
	for c := range d.Children(section) {
		n := &d.Nodes[c]
		file := "Templates/" + d.Name(c) + ".xml"
		switch {
		case !n.IsElement():
			u.keep(row.section, c, "%s between templates", nodeKind(n.Kind))
		case last[fold(d.Name(c))] != c:
			u.keep(row.section, c, "first %s of several", d.Name(c))
		case unwritable(file) != "":
			u.keep(row.section, c, "%s can't be a file name", d.Name(c))
		default:
			u.owned[fold(row.folder)] = true
			f := u.format(u.extra)
			f.Holes = u.templateDocuments(templateKindOf(d.Name(c)), c)
			u.putXML(file, f, "", []span{{n.Start, n.End}})
		}
	}
	return nil
}

// templateDocuments moves the documents out of the templates in child c and returns what stays.
func (u *unpacker) templateDocuments(k templateKind, c int32) []xmlspan.Hole {
	if k.id == "" {
		return nil
	}
	var holes []xmlspan.Hole
	sub := u.doc().Sub(c, 2)
	for t := range sub.Elements(sub.Root()) {
		var taken []xmlspan.Hole
		take := func(element, file string, content func(text string) ([]byte, bool)) {
			e := sub.Child(t, element)
			if e == xmlspan.None {
				return
			}
			p := k.document(sub, t, file)
			data, ok := content(sub.Text(e))
			if p == "" || !ok || bytes.Contains(sub.Inner(e), []byte("<")) && !onlyText(sub, e) || attributeText(sub, e) != "" ||
				!u.put(traced(memoryFile(p, data), data, near(sub.Nodes[e].Start))) {
				return // the document stays in the template's own file
			}
			n := &sub.Nodes[e]
			taken = append(taken, xmlspan.Hole{Start: n.Start, End: n.End, Text: []byte("<" + element + "></" + element + ">"), Record: near(n.Start)})
		}
		for _, doc := range k.documents {
			take(doc.element, doc.file, func(text string) ([]byte, bool) {
				return append([]byte("\xef\xbb\xbf"), u.lines(text)...), true
			})
		}
		if k.binary {
			take(bodyElement, cleanName(child(sub, t, "filename")), func(text string) ([]byte, bool) {
				data, err := base64.StdEncoding.DecodeString(text)
				return data, err == nil && base64.StdEncoding.EncodeToString(data) == text
			})
		}
		slices.SortFunc(taken, func(a, b xmlspan.Hole) int { return int(a.Start - b.Start) })
		holes = append(holes, taken...)
	}
	return holes
}

// lines gives text the newlines of the tree.
func (u *unpacker) lines(text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if u.newline == "\n" {
		return text
	}
	return strings.ReplaceAll(text, "\n", u.newline)
}

func (templateCodec) pack(p *packing, row *layout, c int32) error {
	return p.inSection(row, c, func() error { return p.templates(row) })
}

func (p *packing) templates(row *layout) error {
	p.keptComponents(row)
	files := p.root.sub(row.folder).list()
	rank := func(file string) int {
		for i, k := range templateKinds {
			if fold(file) == fold("Templates/"+k.child+".xml") {
				return i
			}
		}
		return len(templateKinds)
	}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b string) int { return rank(a) - rank(b) })
	for _, file := range files {
		if !isXML(file) || p.kept(file) {
			continue
		}
		s, err := p.xmlWatched(nil, file, 2, &keyPaths{path: row.section})
		if err != nil {
			return err
		}
		root := s.doc.Root()
		k := templateKindOf(s.doc.Name(root))
		if i := rank(file); i < len(templateKinds) {
			p.wrongRoot(s, templateKinds[i].child)
		}
		holes, err := p.templateHoles(k, s)
		if err != nil {
			return err
		}
		n := &s.doc.Nodes[root]
		p.section.addWith(s, n.Start, n.End, holes)
		if k.root {
			for t := range s.doc.Elements(root) {
				if id := child(s.doc, t, k.id); id != "" {
					p.roots.component(p, row, s, t, id)
				}
			}
		}
	}
	return nil
}

func (templateCodec) held(p *packing, row *layout) (held []heldComponent) {
	for _, file := range p.root.sub(row.folder).list() {
		if !isXML(file) {
			continue
		}
		h := heldComponent{file: file}
		if s := p.peek(file, 2); s != nil {
			if k := templateKindOf(s.doc.Name(s.doc.Root())); k.root {
				h.kind, h.keys = row.root, eachChild(childKeys(k.id))(s.doc, s.doc.Root())
			}
		}
		held = append(held, h)
	}
	return held
}

func (templateCodec) inline(p *packing, row *layout, section int32) {
	for c := range p.custom.doc.Elements(section) {
		k := templateKindOf(p.custom.doc.Name(c))
		if !k.root {
			continue
		}
		s := p.custom.sub(c, 2)
		for t := range s.doc.Elements(s.doc.Root()) {
			if id := child(s.doc, t, k.id); id != "" {
				p.roots.component(p, row, s, t, id)
			}
		}
	}
}

// templateHoles puts the documents of the templates of one file back.
func (p *packing) templateHoles(k templateKind, s *source) ([]xmlspan.Hole, error) {
	if k.id == "" {
		return nil, nil
	}
	d := s.doc
	var holes []xmlspan.Hole
	seen := map[string]bool{} // of templates with one id, the first has the documents
	for t := range d.Elements(d.Root()) {
		var filled []xmlspan.Hole
		fill := func(element, file string, text func([]byte) string) error {
			e := d.Child(t, element)
			if e == xmlspan.None || len(d.Inner(e)) > 0 || attributeText(d, e) != "" {
				return nil
			}
			name := k.document(d, t, file)
			switch {
			case name == "" || seen[fold(name)]:
				return nil
			case !p.has(name):
				if d.Nodes[e].Kind == xmlspan.StartTag { // as Unpack leaves it
					missing := s.finding(ruleMissingFile, e, "%s needs the document %s, which is not there: it is packed empty; restore the file, or write <%s />", d.Name(t), name, element)
					missing.Severity = diag.Warning
					p.note(missing)
				}
				return nil
			}
			seen[fold(name)] = true
			p.spelled(name)
			data, err := p.read(name)
			if err != nil {
				return err
			}
			n := &d.Nodes[e]
			out := []byte("<" + element + ">")
			record := p.places.part()
			p.places.set(record, s, n.Start, n.End)
			record.Near(0, int(n.Start))
			p.places.setFile(record, at(p.files, name), len(out))
			out = xmlspan.AppendText(out, text(data), p.newline)
			filled = append(filled, xmlspan.Hole{Start: n.Start, End: n.End, Text: append(out, "</"+element+">"...), Record: record})
			return nil
		}
		for _, doc := range k.documents {
			if err := fill(doc.element, doc.file, func(data []byte) string {
				return string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
			}); err != nil {
				return nil, err
			}
		}
		if k.binary {
			if err := fill(bodyElement, cleanName(child(d, t, "filename")), base64.StdEncoding.EncodeToString); err != nil {
				return nil, err
			}
		}
		slices.SortFunc(filled, func(a, b xmlspan.Hole) int { return int(a.Start - b.Start) })
		holes = append(holes, filled...)
	}
	return holes, nil
}
