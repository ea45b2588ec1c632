package packager

import (
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A piece is an XML file that is packed as it is and says what else belongs into the package, or which component it is.
type piece struct {
	*source
	form *pieceForm
	part string // the name of its entry
}

// A pieceForm is a form of such files, by which elements name files, and what the keys in it are.
type pieceForm struct {
	// is reports whether a file is of this form: the segments of its name, in any letter case, and its root element.
	is func(name []string, root string) bool
	// controls says that only files of custom controls are of this form; others stand in folders without a section.
	controls bool
	// depth is how deep elements are looked at.
	depth int
	// files gives the elements that name files, and the names from the folder of the piece on.
	files func(d *xmlspan.Document) []namedFile
	// keys gives the components in the file.
	keys func(c *piece) []pieceKey
}

// A namedFile is a file that an element names.
type namedFile struct {
	node int32
	name string
}

// A pieceKey is the key of a component that an element is.
type pieceKey struct {
	key  solution.Key
	text string // the key for people
	node int32
	sure bool // else it is a key only if another one like it is sure
}

// pieceForms is the table of such files.
var pieceForms = []pieceForm{
	// A component of a newer kind, folder/NAME/kind.xml. A file column holds the name of a file, which stands in a folder
	// called like the column: attachments of agents, packages of plug-ins (observed in exports).
	{is: isComponentFile, depth: 1, files: columnFiles, keys: componentKey},
	// A table of links between such components, Assets/KINDset.xml.
	{is: isLinkTable, depth: 1, keys: linkKeys},
	// The manifest of a custom control names what the control is made of (public documentation, and observed in exports).
	{is: isControlManifest, controls: true, depth: 4, files: controlResources},
}

func isComponentFile(name []string, root string) bool {
	return len(name) > 2 && strings.EqualFold(root+plainXML, name[len(name)-1])
}

func isLinkTable(name []string, root string) bool {
	return len(name) == 2 && strings.EqualFold(root+plainXML, name[1]) && strings.HasSuffix(strings.ToLower(root), "set")
}

func isControlManifest(name []string, root string) bool {
	return strings.EqualFold(name[len(name)-1], "ControlManifest.xml") && root == "manifest"
}

// columnFiles are the files of columns: of elements right below the root that give a type of content.
func columnFiles(d *xmlspan.Document) (out []namedFile) {
	for c := range d.Elements(d.Root()) {
		if _, ok := d.Attr(c, "mimetype"); !ok {
			continue
		}
		if name := strings.TrimSpace(plainText(d, c)); name != "" {
			out = append(out, namedFile{c, d.Name(c) + "/" + name})
		}
	}
	return out
}

// controlResources are the files that stand below the element resources of a control: code, css, img, resx, html, and the
// packages of libraries.
func controlResources(d *xmlspan.Document) (out []namedFile) {
	var collect func(i int32)
	collect = func(i int32) {
		for c := range d.Elements(i) {
			if name := strings.TrimSpace(attr(d, c, "path")); name != "" && !strings.Contains(name, "://") {
				out = append(out, namedFile{c, zipPath(name)})
			}
			collect(c)
		}
	}
	for control := range d.Elements(d.Root()) {
		for c := range d.Elements(control) {
			if d.Is(c, "resources") {
				collect(c)
			}
		}
	}
	return out
}

// componentKey is the key of a component that is a file of its own: the attributes of its root, below the component in whose
// folder it stands.
func componentKey(c *piece) []pieceKey {
	root := c.doc.Root()
	key, named := attributeKey(c.doc, root)
	if key == "" {
		return nil
	}
	segments := strings.Split(c.part, "/")
	folder, owner := segments[len(segments)-2], strings.Join(segments[1:len(segments)-2], "/")
	sure := rawLayoutOf(segments[0]) != nil || fold(folder) == fold(cleanName(key)) || fold(folder) == fold(cleanName(named))
	return []pieceKey{{solution.NameKey(solution.ComponentType(solution.Fold(c.doc.Name(root))), owner, key), key, root, sure}}
}

// linkKeys are the keys of the rows of a table of links: all attributes of each.
func linkKeys(c *piece) (out []pieceKey) {
	for row := range c.doc.Elements(c.doc.Root()) {
		if key, _ := attributeKey(c.doc, row); key != "" {
			out = append(out, pieceKey{solution.NameKey(solution.ComponentType(solution.Fold(c.doc.Name(row))), "", key), key, row, true})
		}
	}
	return out
}

// attributeKey returns the values of the attributes of an element, and the same with their names, as folders of components
// with several are called.
func attributeKey(d *xmlspan.Document, i int32) (values, named string) {
	var list, pairs []string
	for name, value := range d.Attrs(i) {
		if !isDeclaration(name) {
			list, pairs = append(list, value), append(pairs, name+"="+value)
		}
	}
	slices.Sort(pairs)
	if len(list) > 1 {
		return strings.Join(pairs, ","), strings.Join(pairs, ",")
	}
	return strings.Join(list, ""), strings.Join(pairs, ",")
}

// pieceOf returns the piece that a file is, nil if it is none. loose says that it stands in a folder without a section.
func pieceOf(file, part string, loose bool, read func() ([]byte, error), lim Limits) *piece {
	segments := strings.Split(part, "/")
	if len(segments) < 2 || !isXML(part) {
		return nil
	}
	control := strings.EqualFold(segments[0], controlsFolder)
	if !loose && !control {
		return nil
	}
	data, err := read()
	if err != nil {
		return nil // it is told where it is packed
	}
	var form *pieceForm
	doc, err := parseXML(data, file, 0, lim)
	if err != nil {
		return nil // a file like others, whatever is in it
	}
	for i := range pieceForms {
		if f := &pieceForms[i]; (f.controls && control || !f.controls && loose) && f.is(segments, doc.Name(doc.Root())) {
			form = f
			break
		}
	}
	if form == nil {
		return nil
	}
	if doc, err = parseXML(data, file, form.depth, lim); err != nil {
		return nil
	}
	return &piece{source: &source{name: file, doc: doc}, form: form, part: part}
}

// missing calls tell for each element that names a file that is not there; has reports of a folded name whether it is.
func (c *piece) missing(has func(part string) bool, tell func(node int32, part, why string)) {
	if c.form.files == nil {
		return
	}
	for _, f := range c.form.files(c.doc) {
		part := path.Join(path.Dir(c.part), strings.ReplaceAll(f.name, `\`, "/"))
		switch {
		case strings.HasPrefix(part, "../") || part == "..":
			tell(f.node, part, "leads out of the package")
		case !has(fold(part)) && !has(fold(percentDecode(part))):
			tell(f.node, part, "is not there")
		}
	}
}

// pieceFiles looks at what is packed as it is, and tells of files that it names and that are not there.
func (p *packing) pieceFiles() {
	var parts map[string]bool
	has := func(part string) bool {
		if parts == nil {
			parts = make(map[string]bool, len(p.entries))
			for _, e := range p.entries {
				name, _ := partName(e.name)
				parts[fold(name)] = true
			}
		}
		return parts[part]
	}
	for _, e := range p.entries {
		if e.file == nil {
			continue
		}
		part, reason := partName(e.name)
		if reason != "" {
			continue
		}
		c := pieceOf(e.file.path, part, at(p.loose, e.file.path), e.file.read, p.tree.limits)
		if c == nil {
			continue
		}
		if c.form.keys != nil {
			p.pieces = append(p.pieces, c)
		}
		c.missing(has, func(node int32, part, why string) {
			p.missing = append(p.missing, c.finding(ruleMissingFile, node, "%s needs the file %s, which %s%s: restore it, or build what makes it", c.doc.Name(node), part, why, p.notWhere(part)))
		})
	}
}

// pieceFiles tells of files that entries name and that are not in the zip.
func (u *unpacker) pieceFiles() {
	has := func(part string) bool { return u.pkg.byPart[part] != nil }
	for _, e := range u.pkg.entries {
		if e.isDir() || !e.visible {
			continue
		}
		c := pieceOf(e.name, e.part, !at(u.owned, topFolder(e.part)), e.read, u.pkg.limits)
		if c == nil {
			continue
		}
		c.missing(has, func(node int32, part, why string) {
			u.found.note(c.finding(ruleMissingFile, node, "%s names %s, which %s: the package can't be packed again", c.doc.Name(node), part, why))
		})
	}
}
