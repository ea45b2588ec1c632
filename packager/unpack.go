package packager

import (
	"bytes"
	"errors"
	"fmt"
	"path"
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
	// Map says which files are not written, as they stand elsewhere. The tree has it then, see [Tree.WithMap].
	Map *Map
	// Localize adds Resources/CULTURE/resources.CULTURE.resx for each language of the solution: the texts of labels by their keys.
	Localize bool
	// SourceLocale adds Resources/template_resources.resx, the same for one language, from which translations begin: "auto" for
	// that of the solution, an LCID such as "1033", or a name such as "en-US".
	SourceLocale string
	// SourceName is the file name of the zip, which resource files say they are from; it may be empty.
	SourceName string
	// Apps puts the entries of each canvas app in a folder beside its document: CanvasApps/x/ beside CanvasApps/x.msapp. nil: documents
	// are files like others. What can't be taken apart stays as it is, which is a finding.
	Apps *AppOptions
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
//
// Parts that are not a [*Package] are taken as a zip of them would be.
func Unpack(parts solution.Parts, opts *UnpackOptions) (*Tree, error) {
	newline, err := opts.newline()
	if err != nil {
		return nil, err
	}
	p, err := openParts(parts)
	if err != nil {
		return nil, err
	}
	return unpackPackage(p, newline, opts, newLabelSet(p.manifest.Kind()))
}

// openParts returns parts as a package.
func openParts(parts solution.Parts) (*Package, error) {
	if p, ok := parts.(*Package); ok {
		return p, nil
	}
	return packageOf(parts, nil, Limits{})
}

func unpackPackage(p *Package, newline string, opts *UnpackOptions, labels *labelSet) (*Tree, error) {
	kind, err := p.kind()
	if err != nil {
		return nil, err
	}
	src, name, err := p.customizations()
	if err != nil {
		return nil, err
	}
	doc, err := xmlspan.Parse(src, 3, p.limits.xml())
	if err != nil {
		return nil, xmlError(err, name, src)
	}
	u := &unpacker{
		pkg: p, kind: kind, newline: newline,
		source: &source{name: name, doc: doc},
		taken:  map[string]*file{}, folders: map[string]string{}, claimed: map[*entry]bool{}, owned: map[string]bool{},
		rescued: newRescue(), renamed: map[string]string{},
	}
	if opts != nil && opts.Map != nil {
		u.mapping, u.pieceNames = newMapReader(opts.Map, p.limits), map[bool]map[string]bool{}
		u.found.list = append(u.found.list, opts.Map.found...)
	}
	u.found.list = append(u.found.list, p.found...)
	if err := u.customizations(); err != nil {
		return nil, err
	}
	if err := u.solution(); err != nil {
		return nil, err
	}
	u.rawEntries()
	if err := u.localize(opts, labels); err != nil {
		return nil, err
	}
	if opts != nil {
		if err := u.apps(opts.Apps); err != nil {
			return nil, err
		}
	}
	u.pointers()
	u.pieceFiles()
	u.carriageReturns(name, src)
	u.carriageReturns(solutionPart, p.solution)
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

// An unpacker builds a tree from a package.
type unpacker struct {
	pkg       *Package
	source    *source
	kind      solution.Kind
	newline   string
	extra     string          // declarations of the root, repeated on the root of each file
	each      *xmlspan.Format // of files without holes
	inherited inherited
	cuttings  []cutting        // of files that are made next: there is room for some
	part      xmlspan.Document // of a part of a table; its memory is used again

	taken   map[string]*file  // by folded path
	folders map[string]string // folders of taken by folded path
	claimed map[*entry]bool
	owned   map[string]bool // folded folders of split sections that have content
	closed  map[string]bool // folded folders of all split sections, empty ones included

	rescued   *rescue
	unclaimed []string          // tree paths of entries that belong to nothing
	renamed   map[string]string // tree path to exact entry name
	found     findings

	byFolder map[string][]int // indexes of entries by folded folder that they are below of; made when it is asked for
	free     map[string]int   // the number of the last free path by the folded path that was asked for

	mapping    *mapReader               // nil: everything is written
	pieceNames map[bool]map[string]bool // folded paths of files that pieces in loose folders name, or in those of controls
}

func (u *unpacker) doc() *xmlspan.Document { return u.source.doc }

func (u *unpacker) format(extra string) *xmlspan.Format {
	return &xmlspan.Format{Newline: u.newline, Extra: extra}
}

// customizations splits customizations.xml and makes Other/Customizations.xml of what stays.
func (u *unpacker) customizations() error {
	d := u.doc()
	root := d.Root()
	u.extra = declarations(d, root)
	u.each = u.format(u.extra)
	u.inherited = inheritedIn(d)
	u.closed = map[string]bool{}
	var holes []xmlspan.Hole
	seen, split := map[string]bool{}, map[string]bool{} // sections, by name and by folded name
	sections := 0
	for c := range d.Children(root) {
		n := &d.Nodes[c]
		if err := u.rescueLimit(); err != nil {
			return err
		}
		if !n.IsElement() {
			if !isBlank(d.Src, n) {
				u.rescued.afterSection(sections, c)
				u.found.at(u.source, ruleRescuedElement, c, "%s between sections is kept in %s", nodeKind(n.Kind), rescuedPath)
			}
			holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End})
			continue
		}
		name := d.Name(c)
		if sections >= maxSections {
			return &solution.SyntaxError{File: u.source.name, Pos: u.source.at(c).Start, Err: fmt.Errorf("%w: more than %d sections", ErrLimit, maxSections)}
		}
		row := layoutOf(name)
		if !row.split.splits(d, row, c) || at(split, name) && !seen[name] {
			if row.folder != "" && !hasChildren(d, c) {
				u.closed[fold(row.folder)] = true // Pack takes the folder for that of the section
				seen[name], split[fold(name)] = true, true
			}
			sections++
			continue
		}
		split[fold(name)] = true
		if seen[name] {
			u.rescued.afterSection(sections, c)
			u.found.at(u.source, ruleDuplicateSection, c, "section %s occurs again: it is kept in %s", name, rescuedPath)
			holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End})
			continue
		}
		seen[name] = true
		sections++
		u.closed[fold(row.folder)] = true
		if err := u.componentsLimit(c); err != nil {
			return err
		}
		if err := row.split.unpack(u, row, c); err != nil {
			return err
		}
		if err := u.filesLimit(len(u.taken)); err != nil {
			return err
		}
		holes = append(holes, xmlspan.Hole{Start: n.Start, End: n.End, Text: []byte("<" + name + " />"), Record: near(n.Start)})
	}
	for i := range d.Nodes {
		n := &d.Nodes[i]
		if n.Depth == 0 && !n.IsElement() {
			at := "End"
			if n.Start < d.Nodes[root].Start {
				at = "Start"
			}
			u.rescued.add(at, int32(i))
			u.found.at(u.source, ruleRescuedElement, int32(i), "%s outside the root is kept in %s", nodeKind(n.Kind), rescuedPath)
		}
	}
	f := u.format("")
	f.Holes = holes
	weight := int64(len(d.Src))
	for _, h := range holes {
		weight -= int64(h.End - h.Start)
	}
	u.put(&file{path: otherCustomizations, size: -1, weight: weight, load: func() ([]byte, error) {
		return f.AppendDocument(nil, d, false), nil
	}, trace: func(r *xmlspan.Record) (string, []byte) {
		return customizationsPart, noting(f, r).AppendDocument(nil, d, false)
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

// moveEntry puts entry e at tree path p and reports whether it could. natural is the name under which Pack would write the file.
func (u *unpacker) moveEntry(e *entry, p, natural string) bool {
	f := entryFile(e, p)
	if unwritable(p) != "" || !u.put(f) {
		return false // it stays unclaimed and is kept elsewhere
	}
	if natural == p {
		natural = f.path
	}
	u.claim(e, f.path, natural)
	return true
}

// claim marks e as having its place, and remembers its name if Pack would write another.
func (u *unpacker) claim(e *entry, p, natural string) {
	u.claimed[e] = true
	if e.name != natural {
		u.renamed[p] = e.name
		u.found.in(ruleRenamedEntry, e.name, "%q is %s in the tree: its exact name is kept in %s", e.name, p, renamedPath)
	}
}

func attributeText(d *xmlspan.Document, i int32) string { return attributesBut(d, i, "") }

// attributesBut returns the attributes of element i as they are written, but for one.
func attributesBut(d *xmlspan.Document, i int32, but string) string {
	var array [128]byte
	out := array[:0]
	for a := range d.RawAttrs(i) {
		if name := a.Name.Of(d.Src); string(name) != but {
			out = xmlspan.AppendAttr(out, string(name), xmlspan.AttrValue(a.Value.Of(d.Src)))
		}
	}
	return string(out)
}

type span struct{ start, end int32 }

// near is the record of text that is from about an offset as a whole.
func near(offset int32) *xmlspan.Record {
	r := &xmlspan.Record{}
	r.Near(0, int(offset))
	return r
}

// noting returns f with a record.
func noting(f *xmlspan.Format, r *xmlspan.Record) *xmlspan.Format {
	out := *f
	out.Record = r
	return &out
}

// putXML adds a file of spans of customizations.xml, in an element wrap if that is not empty.
func (u *unpacker) putXML(p string, f *xmlspan.Format, wrap string, spans []span) bool {
	made := u.cutting()
	made.spans = spans
	return u.putCutting(p, f, wrap, made)
}

// putNode is putXML for a node of customizations.xml.
func (u *unpacker) putNode(p string, f *xmlspan.Format, wrap string, n *xmlspan.Node) bool {
	return u.putFolded(p, "", f, wrap, n)
}

// putFolded is putNode for a path that is folded already.
func (u *unpacker) putFolded(p, key string, f *xmlspan.Format, wrap string, n *xmlspan.Node) bool {
	made := u.cutting()
	made.key = key
	made.one[0] = span{n.Start, n.End}
	made.spans = made.one[:]
	return u.putCutting(p, f, wrap, made)
}

func (u *unpacker) putCutting(p string, f *xmlspan.Format, wrap string, made *cutting) bool {
	if len(u.inherited) > 0 || len(f.Extra) != len(u.extra) {
		switch all, more := u.declared(f.Extra, made.spans); {
		case more == "":
		case wrap == "":
			own := *f
			own.Extra, f = all, &own
		default:
			made.inner = more // where it does not go with the element around
		}
	}
	made.doc, made.format, made.wrap = u.doc(), f, wrap
	made.path, made.size, made.weight = p, -1, int64(spansSize(f, made.spans))
	made.file.cutting = made
	if u.pkg.traced {
		made.trace = func(r *xmlspan.Record) (string, []byte) { return customizationsPart, made.render(noting(f, r)) }
	}
	return u.put(&made.file)
}

// A cutting is a file of spans of customizations.xml. There are many, and they are made many at a time.
type cutting struct {
	file
	doc    *xmlspan.Document
	format *xmlspan.Format
	wrap   string  // the element around the spans, if it is not empty
	inner  string  // declarations of what is in that
	one    [1]span // often there is one
}

// cutting returns a new cutting.
func (u *unpacker) cutting() *cutting {
	if len(u.cuttings) == cap(u.cuttings) {
		u.cuttings = make([]cutting, 0, min(2*cap(u.cuttings)+4, 64))
	}
	u.cuttings = u.cuttings[:len(u.cuttings)+1]
	return &u.cuttings[len(u.cuttings)-1]
}

// spansSize is about how long a file of spans is, for which f has the holes.
func spansSize(f *xmlspan.Format, spans []span) int {
	size := len(xmlspan.Header) + 256
	for _, s := range spans {
		size += int(s.end - s.start)
	}
	for _, h := range f.Holes {
		size += len(h.Text) - int(h.End-h.Start)
	}
	return max(size, 0)
}

// render writes the file in format f.
func (x *cutting) render(f *xmlspan.Format) []byte {
	src := x.doc.Scanned
	level := 0
	if x.wrap != "" {
		level = 1
	}
	size := len(xmlspan.Header) + 256
	for _, s := range x.spans {
		size += f.Size(src, int(s.start), int(s.end), level)
	}
	dst := append(make([]byte, 0, size), xmlspan.Header...)
	if x.wrap == "" {
		for _, s := range x.spans {
			dst = f.Append(dst, src, int(s.start), int(s.end), 0)
		}
		return dst
	}
	dst = append(append(f.AppendIndent(dst, 0), '<'), x.wrap...)
	dst = append(append(dst, f.Extra...), '>')
	inner := *f
	inner.Extra = x.inner
	for _, s := range x.spans {
		dst = inner.Append(dst, src, int(s.start), int(s.end), 1)
	}
	dst = append(append(f.AppendIndent(dst, 0), "</"...), x.wrap...)
	return append(dst, '>')
}

// maxSections is how many sections customizations.xml has at most; real ones have some sixty.
const maxSections = 10_000

// componentsLimit refuses a section of too many components. Packages that read parts have the same limit.
func (u *unpacker) componentsLimit(section int32) error {
	d, n := u.doc(), 0
	most := 1<<14 + len(d.Src)/512
	for c := range d.Children(section) {
		if n++; n > most {
			return &solution.SyntaxError{File: u.source.name, Pos: u.source.at(c).Start, Err: fmt.Errorf("%w: more than %d components in a section of a file of its size", ErrLimit, most)}
		}
	}
	return nil
}

// filesLimit refuses a tree of n files if that is too many.
func (u *unpacker) filesLimit(n int) error {
	if n <= u.pkg.limits.Files {
		return nil
	}
	return errorf("unpack", u.source.name, "sections or components for more than %d files: %w", u.pkg.limits.Files, ErrLimit)
}

// put adds a file unless its path, or a folder of it, is taken. It changes the path of f to the spelling
// of folders that are there already, as a folder must not have two.
func (u *unpacker) put(f *file) bool {
	key := f.key
	if key == "" {
		key = fold(f.path)
	}
	if u.taken[key] != nil || u.folders[key] != "" {
		return false
	}
	dir, up := path.Dir(f.path), path.Dir(key)
	for ; dir != "." && u.folders[up] == ""; dir, up = path.Dir(dir), path.Dir(up) {
		if u.taken[up] != nil {
			return false
		}
	}
	if spelt := u.folders[up]; dir != "." && spelt != dir {
		f.path = spelt + f.path[len(dir):]
	}
	for dir, up := path.Dir(f.path), path.Dir(key); dir != "." && u.folders[up] == ""; dir, up = path.Dir(dir), path.Dir(up) {
		u.folders[up] = dir
	}
	u.taken[key], f.key = f, key
	return true
}

// finish writes the lists of what was kept and builds the tree.
func (u *unpacker) finish() (*Tree, error) {
	if err := u.rescueLimit(); err != nil {
		return nil, err
	}
	u.put(memoryFileIf(rescuedPath, u.rescued.render(u)))
	u.put(memoryFileIf(unclaimedPath, listFile(u.unclaimed, u.newline)))
	u.put(memoryFileIf(renamedPath, renamedFile(u.renamed, u.newline)))
	manifest, err := u.writtenManifest()
	if err != nil {
		return nil, err
	}
	t := &Tree{sys: &fileSystem{}, limits: u.pkg.limits, manifest: manifest, joined: &joinedParts{}}
	if u.mapping != nil {
		t.mapping = u.mapping.m
	}
	for _, f := range u.taken {
		if f == nil || f.path == "" || f.elsewhere != "" {
			continue
		}
		t.sys.files = append(t.sys.files, f)
		if d, bad := portability(f.path); bad {
			u.found.note(d)
		}
		if d, long := longPath(f.path); long {
			u.found.note(d)
		}
	}
	for _, e := range u.pkg.entries { // who extracts the zip has these
		if d, long := longPath(e.name); long && at(u.taken, e.name) == nil {
			u.found.note(d)
		}
	}
	t.sys.sort()
	u.found.rest(u.source.name)
	t.found = u.found.list
	t.found.Sort()
	return t, nil
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
	if err == nil {
		return diag.Diagnostic{}, false
	}
	var invalid *module.InvalidPathError
	if !errors.As(err, &invalid) {
		return diag.Diagnostic{}, false
	}
	return finding(ruleUnportableName, p, "path %q is not portable: %v", p, invalid.Err), true
}

// carriageReturns tells of text in which a character reference is a carriage return: the dialect has no
// way to keep it apart from a newline.
func (u *unpacker) carriageReturns(name string, src []byte) {
	if !bytes.Contains(src, []byte("&#")) {
		return
	}
	lines := diag.NewLines(src)
	for s := xmlspan.NewScanner(src, u.pkg.limits.xml()); s.Next() && !u.found.enough(ruleCarriageReturn); {
		if s.Kind != xmlspan.Text || !hasCarriageReturn(src[s.Start:s.End]) {
			continue
		}
		d := finding(ruleCarriageReturn, name, "text holds a carriage return as a character reference: it becomes a newline")
		d.Location.Start, d.Location.End = lines.Position(s.Start), lines.Position(s.End)
		u.found.note(d)
	}
}

// hasCarriageReturn reports whether a reference in raw text is a carriage return.
func hasCarriageReturn(raw []byte) bool {
	for {
		i := bytes.Index(raw, []byte("&#"))
		if i < 0 {
			return false
		}
		raw = raw[i:]
		end := bytes.IndexByte(raw, ';') + 1 // the text has been scanned, so it is there
		if xmlspan.Decode(raw[:end]) == "\r" {
			return true
		}
		raw = raw[end:]
	}
}
