package packager

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// UnpackOptions says how a tree is made. nil and the zero value mean the defaults.
type UnpackOptions struct {
	// Newline ends the lines of the XML that is written: "\n", the default, or "\r\n", which the
	// reference tool writes on Windows. Entries that are copied keep their bytes.
	Newline string
}

func (o *UnpackOptions) newline() (string, error) {
	if o == nil || o.Newline == "" {
		return "\n", nil
	}
	return checkNewline("unpack", o.Newline)
}

func checkNewline(op, newline string) (string, error) {
	if newline != "\n" && newline != "\r\n" {
		return "", errorf(op, "", "newline %q: use \"\\n\" or \"\\r\\n\"", newline)
	}
	return newline, nil
}

// Unpack splits a package into the source tree that the reference tool would write, plus what that
// tool would lose (see the package comment). Files of the tree are made when they are read: the
// package's reader must stay usable as long as the tree is. A damaged entry shows as an error of
// reading its file; everything in customizations.xml and solution.xml is checked here.
func Unpack(p *Package, opts *UnpackOptions) (*Tree, error) {
	newline, err := opts.newline()
	if err != nil {
		return nil, err
	}
	kind, err := p.kind()
	if err != nil {
		return nil, err
	}
	src, name, err := p.customizations()
	if err != nil {
		return nil, err
	}
	doc, err := xmlspan.Parse(src, 3, &xmlspan.Limits{Depth: p.limits.Depth})
	if err != nil {
		return nil, xmlError(err, name, src)
	}
	u := &unpacker{
		pkg: p, kind: kind, newline: newline,
		source: &source{name: name, doc: doc},
		taken:  map[string]*file{}, folders: map[string]string{}, claimed: map[*entry]bool{}, owned: map[string]bool{},
		rescued: newRescue(), renamed: map[string]string{},
	}
	u.found = append(u.found, p.found...)
	if err := u.customizations(); err != nil {
		return nil, err
	}
	if err := u.solution(); err != nil {
		return nil, err
	}
	u.rawEntries()
	return u.finish()
}

// kind returns the kind that solution.xml states.
func (p *Package) kind() (solution.Kind, error) {
	k := p.manifest.Kind()
	if k == solution.Both {
		return 0, errorf("unpack", solutionPart, "%w: <Managed> is 2, which only a source tree can be: set 0 or 1", ErrKind)
	}
	return k, nil
}

// A source is an XML file and its index.
type source struct {
	name     string
	doc      *xmlspan.Document
	lines    *diag.Lines
	ordinals map[int32]ordinal // of the children of the nodes in numbered
	numbered map[int32]bool
}

// ordinal is the place of an element among its siblings of one name.
type ordinal struct{ index, count int }

// at returns the location of node i.
func (s *source) at(i int32) diag.Location {
	if s.lines == nil {
		s.lines = diag.NewLines(s.doc.Src)
	}
	n := &s.doc.Nodes[i]
	return diag.Location{File: s.name, Path: s.path(i),
		Start: s.lines.Position(int(n.Start)), End: s.lines.Position(int(n.End))}
}

func (s *source) finding(r diag.Rule, i int32, format string, args ...any) diag.Diagnostic {
	d := finding(r, s.name, format, args...)
	d.Location = s.at(i)
	return d
}

// path is the path of node i from below the root: Section/Element[2].
func (s *source) path(i int32) string {
	d := s.doc
	var parts []string
	for n := i; n != xmlspan.None && d.Nodes[n].Parent != xmlspan.None; n = d.Nodes[n].Parent {
		if !d.Nodes[n].IsElement() {
			continue
		}
		s.number(d.Nodes[n].Parent)
		part := d.Name(n)
		if o := s.ordinals[n]; o.count > 1 {
			part = fmt.Sprintf("%s[%d]", part, o.index)
		}
		parts = append(parts, part)
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// number counts the children of a node, once.
func (s *source) number(parent int32) {
	if s.numbered[parent] {
		return
	}
	if s.numbered == nil {
		s.numbered, s.ordinals = map[int32]bool{}, map[int32]ordinal{}
	}
	s.numbered[parent] = true
	counts := map[string]int{}
	for c := range s.doc.Elements(parent) {
		name := s.doc.Name(c)
		counts[name]++
		s.ordinals[c] = ordinal{index: counts[name]}
	}
	for c := range s.doc.Elements(parent) {
		o := s.ordinals[c]
		o.count = counts[s.doc.Name(c)]
		s.ordinals[c] = o
	}
}

// An unpacker builds a tree from a package.
type unpacker struct {
	pkg     *Package
	source  *source
	kind    solution.Kind
	newline string
	extra   string // declarations of the root, repeated on the root of each file

	taken   map[string]*file  // by folded path
	folders map[string]string // folders of taken by folded path
	claimed map[*entry]bool
	owned   map[string]bool // folded folders of split sections that have content
	closed  map[string]bool // folded folders of all split sections, empty ones included

	rescued   *rescue
	unclaimed []string          // tree paths of entries that belong to nothing
	renamed   map[string]string // tree path to exact entry name
	found     diag.List
	counts    map[string]int // findings by rule
}

func (u *unpacker) doc() *xmlspan.Document { return u.source.doc }

// maxFindings is how many findings of one rule are kept.
const maxFindings = 1000

func (u *unpacker) note(d diag.Diagnostic) {
	if u.counts == nil {
		u.counts = map[string]int{}
	}
	if u.counts[d.Rule]++; u.counts[d.Rule] <= maxFindings {
		u.found = append(u.found, d)
	}
}

// noteRest says how many findings were not kept.
func (u *unpacker) noteRest() {
	for _, r := range ruleCatalogue {
		if n := u.counts[r.ID] - maxFindings; n > 0 {
			u.found = append(u.found, finding(r, u.source.name, "and %d more findings of this rule", n))
		}
	}
}

func (u *unpacker) format(extra string) *xmlspan.Format {
	return &xmlspan.Format{Newline: u.newline, Extra: extra}
}

// customizations splits customizations.xml and makes Other/Customizations.xml of what stays.
func (u *unpacker) customizations() error {
	d := u.doc()
	root := d.Root()
	u.extra = declarations(d, root)
	u.closed = map[string]bool{}
	var holes []xmlspan.Hole
	seen, genericFolders := map[string]bool{}, map[string]bool{}
	sections := 0
	for c := range d.Children(root) {
		n := &d.Nodes[c]
		if !n.IsElement() {
			u.rescued.afterSection(sections, c)
			u.note(u.source.finding(ruleRescuedElement, c, "%s between sections is kept in %s", nodeKind(n.Kind), rescuedPath))
			holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End})
			continue
		}
		name := d.Name(c)
		row := layoutOf(name)
		if row.inline || row.isGeneric() && (!genericSplits(d, c) || genericFolders[fold(name)] && !seen[name]) {
			if row.isGeneric() && len(d.Inner(c)) == 0 {
				u.closed[fold(name)] = true // Pack takes the folder for that of the section
			}
			sections++
			continue
		}
		genericFolders[fold(name)] = true
		if seen[name] {
			u.rescued.afterSection(sections, c)
			u.note(u.source.finding(ruleDuplicateSection, c, "section %s occurs again: it is kept in %s", name, rescuedPath))
			holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End})
			continue
		}
		seen[name] = true
		sections++
		u.closed[fold(row.folder)] = true
		if err := u.section(row, c); err != nil {
			return err
		}
		holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End, Text: "<" + name + " />"})
	}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if n.Depth == 0 && !n.IsElement() {
			at := "End"
			if n.Start < d.Nodes[root].Start {
				at = "Start"
			}
			u.rescued.add(at, int32(i))
			u.note(u.source.finding(ruleRescuedElement, int32(i), "%s outside the root is kept in %s", nodeKind(n.Kind), rescuedPath))
		}
	}
	f := u.format("")
	f.Holes = holes
	u.put(&file{path: otherCustomizations, size: -1, read: func() ([]byte, error) {
		return f.AppendDocument(nil, d, false), nil
	}})
	u.claim(u.pkg.lookup(customizationsPart), otherCustomizations, customizationsPart)
	return nil
}

func nodeKind(k xmlspan.Kind) string {
	switch k {
	case xmlspan.Comment:
		return "a comment"
	case xmlspan.ProcInst:
		return "a processing instruction"
	case xmlspan.Text, xmlspan.CData:
		return "text"
	}
	return "an element"
}

// declarations returns the namespace declarations of the root as written on the roots of files.
func declarations(d *xmlspan.Document, root int32) string {
	var out []byte
	for name, value := range d.Attrs(root) {
		if isDeclaration(name) {
			out = xmlspan.AppendAttr(out, name, value)
		}
	}
	return string(out)
}

func isDeclaration(name string) bool { return name == "xmlns" || strings.HasPrefix(name, "xmlns:") }

// genericSplits reports whether a section without a row of its own is split: its first element has
// a name, and its folder is not one of another section or of the tree's own.
func genericSplits(d *xmlspan.Document, section int32) bool {
	folder := fold(d.Name(section))
	if folder == "OTHER" || folder == "RESOURCES" || slices.ContainsFunc(layouts, func(l layout) bool { return fold(l.folder) == folder }) {
		return false
	}
	for c := range d.Elements(section) {
		name, _ := genericName(d, c)
		return name != "" && unwritable(d.Name(section)) == ""
	}
	return false
}

// section splits one section.
func (u *unpacker) section(row *layout, section int32) error {
	d := u.doc()
	if row.whole != "" {
		return u.wholeSection(row, section)
	}
	if row.special != nil {
		return row.special.unpack(u, row, section)
	}
	u.keepAttributes(row.section, section)
	paths, why := u.componentPaths(row, section)
	for c := range d.Children(section) {
		n := &d.Nodes[c]
		p := paths[c]
		switch {
		case !n.IsElement():
			u.keep(row.section, c, nodeKind(n.Kind)+" between components")
		case p == "":
			u.keep(row.section, c, fmt.Sprintf("%s %s", d.Name(c), why[c]))
		default:
			u.component(row, c, p)
		}
	}
	if row.values != "" {
		if e := u.pkg.lookup(row.values); e != nil {
			u.moveEntry(e, row.folder+"/"+row.values, row.values)
		}
	}
	return nil
}

// componentPaths finds the file of each component of a section, and why a child has none. Of several
// with one file, the last has it, as in the reference tool.
func (u *unpacker) componentPaths(row *layout, section int32) (paths, why map[int32]string) {
	d := u.doc()
	paths, why = map[int32]string{}, map[int32]string{}
	last := map[string]int32{}
	for c := range d.Elements(section) {
		if slices.Contains(row.singles, d.Name(c)) {
			paths[c] = row.folder + "/" + cleanName(d.Name(c)) + ".xml"
		} else if row.element != "" && d.Name(c) != row.element {
			why[c] = "is not a " + row.element
			continue
		} else {
			name, reason := row.file(d, c)
			if reason != "" {
				why[c] = reason
				continue
			}
			switch {
			case row.leaf != "":
				paths[c] = row.folder + "/" + name + "/" + u.twin(row, row.leaf)
			default:
				paths[c] = row.folder + "/" + name + row.ext
			}
		}
		if reason := unwritable(paths[c]); reason != "" {
			why[c] = fmt.Sprintf("has a name that can't be a file: %q %s", paths[c], reason)
			delete(paths, c)
			continue
		}
		key := fold(paths[c])
		if before, ok := last[key]; ok {
			why[before] = fmt.Sprintf("has the file name of a later one, %q", paths[c])
			delete(paths, before)
		}
		last[key] = c
	}
	return paths, why
}

// twin returns the name of a file that has a managed form.
func (u *unpacker) twin(row *layout, name string) string {
	if row.twin && u.kind == solution.Managed {
		return strings.TrimSuffix(name, ".xml") + managedXML
	}
	return name
}

const managedXML = "_managed.xml"

// component makes the file of component c and moves the files it names.
func (u *unpacker) component(row *layout, c int32, p string) {
	d := u.doc()
	n := &d.Nodes[c]
	extra := u.extra
	if row.bare {
		extra = ""
	}
	f := u.format(extra)
	if row.sorted != "" {
		if list := d.Child(c, row.sorted); list != xmlspan.None {
			f.Holes = u.sortedList(d, list, row.sorted, 1, func(s *xmlspan.Document, i int32) []string {
				return []string{attr(s, i, "type"), attr(s, i, "schemaName")}
			})
		}
	}
	if !u.putXML(p, f, "", []span{{n.Start, n.End}}) {
		u.keep(row.section, c, fmt.Sprintf("%s has the path of another file, %q", d.Name(c), p))
		return
	}
	if row.folder != "" {
		u.owned[fold(row.folder)] = true
	}
	if row.payload == nil || slices.Contains(row.singles, d.Name(c)) {
		return
	}
	for _, file := range row.payload(d, c, p) {
		u.payload(c, file)
	}
	if row.owns {
		dir := path.Dir(p) + "/"
		for _, e := range u.pkg.entries {
			if !u.claimed[e] && !e.isDir() && e.visible && strings.HasPrefix(fold(e.part), fold(dir)) {
				u.moveEntry(e, e.part, e.part)
			}
		}
	}
}

// payload moves one file that component c names into the tree.
func (u *unpacker) payload(c int32, file payload) {
	if file.zip == "" {
		return
	}
	e := u.pkg.lookup(file.zip)
	if e == nil {
		// Some hand-made packages name a file without its folder.
		e = u.pkg.lookup(file.tree)
	}
	if e == nil || isHead(e.part) || u.claimed[e] && !u.pkg.shared(e, file.zip) {
		at := c
		if file.node != xmlspan.None && int(file.node) < len(u.doc().Nodes) {
			at = file.node
		}
		u.note(u.source.finding(ruleMissingFile, at, "%s names %q, which is not in the zip: the package can't be packed again", u.doc().Name(c), file.zip))
		return
	}
	u.owned[fold(topFolder(e.part))] = true
	u.moveEntry(e, file.tree, file.zip)
}

// moveEntry puts entry e at tree path p. natural is the name under which Pack would write the file.
func (u *unpacker) moveEntry(e *entry, p, natural string) {
	f := entryFile(e, p)
	if unwritable(p) != "" || !u.put(f) {
		return // it stays unclaimed and is kept elsewhere
	}
	if natural == p {
		natural = f.path
	}
	u.claim(e, f.path, natural)
}

// claim marks e as having its place, and remembers its name if Pack would write another.
func (u *unpacker) claim(e *entry, p, natural string) {
	u.claimed[e] = true
	if e.name != natural {
		u.renamed[p] = e.name
		u.note(finding(ruleRenamedEntry, e.name, "%q is %s in the tree: its exact name is kept in %s", e.name, p, renamedPath))
	}
}

// keep puts node c of section container into Other/Rescued.xml.
func (u *unpacker) keep(container string, c int32, what string) {
	u.rescued.add(container, c)
	u.note(u.source.finding(ruleRescuedElement, c, "%s: kept in %s", what, rescuedPath))
}

// keepAttributes keeps the attributes of an element that becomes an empty one.
func (u *unpacker) keepAttributes(container string, c int32) {
	d := u.doc()
	if attrs := attributeText(d, c); attrs != "" {
		u.rescued.attributes(container, attrs)
		u.note(u.source.finding(ruleRescuedElement, c, "attributes of %s are kept in %s", d.Name(c), rescuedPath))
	}
}

func attributeText(d *xmlspan.Document, i int32) string {
	var out []byte
	for name, value := range d.Attrs(i) {
		out = xmlspan.AppendAttr(out, name, value)
	}
	return string(out)
}

// wholeSection makes one file of a section.
func (u *unpacker) wholeSection(row *layout, section int32) error {
	d := u.doc()
	n := &d.Nodes[section]
	empty := true
	for range d.Children(section) {
		empty = false
	}
	if empty {
		u.keepAttributes(row.section, section)
		return nil
	}
	if !u.putXML(u.twin(row, row.whole), u.format(u.extra), "", []span{{n.Start, n.End}}) {
		u.keep("", section, fmt.Sprintf("section %s has the path of another file", row.section))
	}
	return nil
}

type span struct{ start, end int32 }

// putXML adds a file of spans of customizations.xml, in an element wrap if that is not empty.
func (u *unpacker) putXML(p string, f *xmlspan.Format, wrap string, spans []span) bool {
	src := u.doc().Src
	weight := int64(256)
	for _, s := range spans {
		weight += int64(s.end - s.start)
	}
	return u.put(&file{path: p, size: -1, weight: weight, read: func() ([]byte, error) { return renderSpans(src, f, wrap, spans), nil }})
}

func renderSpans(src []byte, f *xmlspan.Format, wrap string, spans []span) []byte {
	size := len(xmlspan.Header) + 256
	for _, s := range spans {
		size += int(s.end-s.start) + int(s.end-s.start)/16
	}
	dst := append(make([]byte, 0, size), xmlspan.Header...)
	if wrap == "" {
		for _, s := range spans {
			dst = f.Append(dst, src, int(s.start), int(s.end), 0)
		}
		return dst
	}
	dst = append(f.AppendIndent(dst, 0), "<"+wrap+f.Extra+">"...)
	inner := *f
	inner.Extra = ""
	for _, s := range spans {
		dst = inner.Append(dst, src, int(s.start), int(s.end), 1)
	}
	return append(f.AppendIndent(dst, 0), "</"+wrap+">"...)
}

// put adds a file unless its path, or a folder of it, is taken. It changes the path of f to the spelling
// of folders that are there already, as a folder must not have two.
func (u *unpacker) put(f *file) bool {
	key := fold(f.path)
	if u.taken[key] != nil || u.folders[key] != "" {
		return false
	}
	dir := path.Dir(f.path)
	for ; dir != "." && u.folders[fold(dir)] == ""; dir = path.Dir(dir) {
		if u.taken[fold(dir)] != nil {
			return false
		}
	}
	if dir != "." {
		f.path = u.folders[fold(dir)] + f.path[len(dir):]
	}
	for dir := path.Dir(f.path); dir != "." && u.folders[fold(dir)] == ""; dir = path.Dir(dir) {
		u.folders[fold(dir)] = dir
	}
	u.taken[key] = f
	return true
}

// rawEntries places every entry that no component has claimed.
func (u *unpacker) rawEntries() {
	types := u.pkg.lookup(typesPart)
	// Which of two spellings a folder has must not depend on the order of entries.
	entries := slices.SortedStableFunc(slices.Values(u.pkg.entries), func(a, b *entry) int { return strings.Compare(fold(a.part), fold(b.part)) })
	for _, e := range entries {
		switch {
		case u.claimed[e]:
		case e == types:
			if e.name != typesPart {
				u.renamed[typesPart] = e.name
			}
		case e.isDir():
			u.unclaimed = append(u.unclaimed, e.name)
			u.note(finding(ruleUnclaimedEntry, e.name, "folder entry %q is kept in %s", e.name, unclaimedPath))
		default:
			u.rawEntry(e)
		}
	}
}

func (u *unpacker) rawEntry(e *entry) {
	p := e.part
	top := topFolder(p)
	raw := e.visible && strings.Contains(p, "/") && !u.owned[fold(top)] && !strings.EqualFold(top, "Other") && !strings.EqualFold(top, "Resources")
	f := entryFile(e, p)
	placed := unwritable(p) == "" && !strings.EqualFold(top, "Other") && u.put(f)
	if !placed {
		raw = false
		f.path = u.freePath(keptFolder + "/" + p)
		u.put(f)
	}
	p = f.path
	u.claimed[e] = true
	if e.name != p {
		u.renamed[p] = e.name
		u.note(finding(ruleRenamedEntry, e.name, "%q is %s in the tree: its exact name is kept in %s", e.name, p, renamedPath))
	}
	if raw && !u.closed[fold(top)] {
		return
	}
	u.unclaimed = append(u.unclaimed, p)
	u.note(finding(ruleUnclaimedEntry, e.name, "%q belongs to no component: it is kept as %s and named in %s", e.name, p, unclaimedPath))
}

func entryFile(e *entry, p string) *file {
	return &file{path: p, size: int64(e.zip.UncompressedSize64), read: e.read, entry: e}
}

// freePath makes p a path that can be written and is not taken.
func (u *unpacker) freePath(p string) string {
	segments := strings.Split(p, "/")
	for i, s := range segments {
		s = strings.TrimRight(cleanName(strings.ToValidUTF8(s, "_")), ". ")
		if s == "" || s[0] == '.' || isDevice(s) {
			s = "_" + s
		}
		if len(s) > 100 {
			s = strings.ToValidUTF8(s[:100], "")
		}
		segments[i] = s
	}
	p = strings.Join(segments, "/")
	for n := 1; ; n++ {
		try := p
		if n > 1 {
			try = fmt.Sprintf("%s~%d", p, n)
		}
		if u.taken[fold(try)] == nil && u.folders[fold(try)] == "" && u.noFileAbove(try) {
			return try
		}
	}
}

func (u *unpacker) noFileAbove(p string) bool {
	for dir := path.Dir(fold(p)); dir != "."; dir = path.Dir(dir) {
		if u.taken[dir] != nil {
			return false
		}
	}
	return true
}

// finish writes the lists of what was kept and builds the tree.
func (u *unpacker) finish() (*Tree, error) {
	u.put(memoryFileIf(rescuedPath, u.rescued.render(u)))
	u.put(memoryFileIf(unclaimedPath, listFile(u.unclaimed, u.newline)))
	u.put(memoryFileIf(renamedPath, renamedFile(u.renamed, u.newline)))
	manifest, err := u.writtenManifest()
	if err != nil {
		return nil, err
	}
	t := &Tree{sys: &fileSystem{}, limits: u.pkg.limits, manifest: manifest}
	for _, f := range u.taken {
		if f == nil || f.path == "" {
			continue
		}
		t.sys.files = append(t.sys.files, f)
		if d, bad := portability(f.path); bad {
			u.note(d)
		}
	}
	t.sys.sort()
	u.noteRest()
	u.found.Sort()
	t.found = u.found
	return t, nil
}

// writtenManifest reads Other/Solution.xml, so that positions are those of the tree.
func (u *unpacker) writtenManifest() (*solution.Manifest, error) {
	data, err := u.taken[fold(otherSolution)].read()
	if err == nil {
		data, err = utf8XML(data, otherSolution)
	}
	if err != nil {
		return nil, err
	}
	m, err := solution.ParseManifest(data)
	if err != nil {
		return nil, &Error{Op: "unpack", Path: otherSolution, Err: err}
	}
	return m, nil
}

// memoryFileIf returns a file of data, an anonymous one that is left out if there is none.
func memoryFileIf(p string, data []byte) *file {
	if len(data) == 0 {
		return &file{}
	}
	return memoryFile(p, data)
}

// portability says whether the Go module rules find fault with a path.
func portability(p string) (diag.Diagnostic, bool) {
	err := module.CheckFilePath(p)
	var invalid *module.InvalidPathError
	if err == nil || !errors.As(err, &invalid) {
		return diag.Diagnostic{}, false
	}
	return finding(ruleUnportableName, p, "path %q is not portable: %v", p, invalid.Err), true
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

// shared reports whether e may be named by more than one component: it is what the name says exactly.
func (p *Package) shared(e *entry, name string) bool { return p.lookup(name) == e }
