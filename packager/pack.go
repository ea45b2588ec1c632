package packager

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/internal/zipw"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// PackOptions says how a tree is packed. nil and the zero value mean the defaults.
type PackOptions struct {
	// Kind is the kind of the package; nil means that of the tree. A tree of both kinds needs one.
	Kind *solution.Kind
	// Convert allows a Kind that is not the tree's, if all components are the same in both.
	Convert bool
	// UnmanagedForMissingManaged lets a managed package have the plain file X.xml of a form, an app module or its site map where the
	// tree has no X_managed.xml. Without it that is done from platform version 9.1.0.22716 on (the attribute version in
	// Other/Solution.xml), and a package of an older version is without them, as the reference tool packs it; a finding tells.
	UnmanagedForMissingManaged bool
	// Version replaces the version in solution.xml unless it is zero.
	Version solution.Version
	// Localize merges the texts of Resources/CULTURE/resources.CULTURE.resx into the labels of the components.
	Localize bool
	// SourceLocale merges those of Resources/template_resources.resx too, as texts of that language; see [UnpackOptions].
	SourceLocale string
	// RemapPlugins writes the names that plug-in assemblies have in their DLLs where those in the tree differ, and tells of each.
	RemapPlugins bool
	// Newline ends the lines of customizations.xml and solution.xml: "\n", the default, or "\r\n".
	Newline string
	// Level is the level of deflate, 1 to 9; 0 means 6, and Store no compression.
	Level int
	// Compressor, if not nil, makes the deflate streams in place of compress/flate, as one that is registered with archive/zip
	// does; Level is then not used, unless it is Store. It is called by several workers at one time. A writer with a method
	// Reset(io.Writer), as that of a flate.Writer, is reset when it was closed, and makes further entries; its Close must not give it
	// to a pool (one that embeds what has the method is taken to do so, and used once). That equal trees give equal bytes holds if
	// the output depends on the input alone. See the package comment for what another one gains.
	Compressor zip.Compressor
	// Workers is how many entries are compressed at one time; 0 means GOMAXPROCS. It does not change
	// the bytes.
	Workers int
	// Time is the time stamp of the entries; the zero time means 1980-01-01.
	Time time.Time
}

// Store as a level writes entries without compression.
const Store = zipw.Store

// Pack writes t as a solution zip: the entries, their order and their bytes are those of the reference
// tool, plus what was kept for them. Equal trees and options give equal bytes for one version of this
// module and one release of Go.
//
// It returns what it saw. A component that names a file that is not there is an error that wraps a
// [*diag.FailedError], and nothing is written. An error of w or of reading a file can come after a
// part of the zip has been written.
func Pack(w io.Writer, t *Tree, opts *PackOptions) (diag.List, error) {
	if opts == nil {
		opts = &PackOptions{}
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	form := &zipw.Options{Level: opts.Level, Workers: opts.Workers, Time: opts.Time, Compressor: opts.Compressor}
	var ahead *zipw.Ahead
	if !opts.Localize && opts.SourceLocale == "" && !opts.RemapPlugins { // else it changes in the end
		ahead = zipw.NewAhead(form)
		defer ahead.Stop()
	}
	p, err := newAssembly(t, opts, nil, nil, ahead)
	if err != nil {
		return nil, t.origin.error(err)
	}
	if len(p.missing) > 0 {
		list := append(slices.Clone(p.found.list), p.missing...)
		list.Sort()
		p.missing.Sort()
		return t.origin.list(list), &Error{Op: "pack", Err: t.origin.list(p.missing).Err()}
	}
	err = zipw.Write(w, p.zipEntries(), form)
	if err != nil {
		var entry *zipw.EntryError
		if errors.As(err, &entry) {
			err = &Error{Op: "pack", Path: entry.Name, Err: entry.Err}
		}
		return t.origin.list(p.found.list), err
	}
	return t.origin.list(p.found.list), nil
}

// check refuses what no zip can have, before anything is written.
func (o *PackOptions) check() error {
	if o.Level < 0 && o.Level != Store || o.Level > 9 {
		return errorf("pack", "", "level %d: use 1 to 9, 0 for the default, or Store", o.Level)
	}
	if year := o.Time.Year(); !o.Time.IsZero() && (year < 1980 || year > 2107) {
		return errorf("pack", "", "time stamp of the year %d: a zip can hold the years 1980 to 2107", year)
	}
	return nil
}

// A packing is a tree on its way to a zip.
type packing struct {
	tree     *Tree
	kind     solution.Kind
	newline  string
	root     *folder
	files    map[string]*file // by folded path
	custom   *source          // Other/Customizations.xml
	scope    map[string]string
	inner    map[string]string // the same of the section that is written
	rescue   *packRescue
	renamed  map[string]string // entry name by folded path
	consumed map[string]bool   // folded paths that have become part of the zip
	closed   map[string]bool   // folded folders that belong to a processed section
	listed   map[string]bool   // folded paths that only a line of Other/unclaimed.txt makes entries

	plainForManaged bool // X.xml takes the place of an X_managed.xml that is not there

	opts *PackOptions

	section *section
	joined  int64 // bytes of the XML files that were read
	outflow       // customizations.xml
	table   packedTable
	groups  []partGroup       // of the part of it that is written at present
	scratch *source           // of [packing.xmlAgain]
	tables  *source           // the same for files of tables
	watched *xmlspan.Document // see [packing.xmlWatched]
	each    *xmlspan.Format   // of [packing.format]
	places  *places           // where its bytes are from; nil where nobody asks

	manifestPlaces *places // where those of solution.xml are from

	entries  []packEntry
	names    map[string]string   // entry name to path
	copies   map[string][]string // path of an entry's file to those of other files with the same bytes
	roots    *roots
	lookups  lookups
	missing  diag.List
	found    findings
	converts bool     // the package is of another kind than the tree
	unlike   []string // why it can't be

	sections map[string]bool // names in Other/Customizations.xml
	demoted  map[string]bool // folded folders of sections that are packed as they are, as a finding tells
	told     map[string]bool // folded paths of files that are not packed, as a finding with the cause tells
	needs    []need          // files that must become entries in the end

	keptFiles map[string]bool // folded paths in Other/unclaimed.txt
	keptParts map[string]bool // folded names in the zip of the files in Other/unclaimed

	loose      map[string]bool    // folded paths of what is packed as it is, because its folder belongs to no section
	plainForms map[string]bool    // folded paths of unmanaged forms in a managed package, which have been told
	otherForms map[string]bool    // folded paths of managed or unmanaged forms of files that a tree of the other kind has
	dotted     map[string]bool    // folded paths whose last segment begins with a dot, and that have been told
	pieces     []*piece           // of these, in the order of the zip
	index      []solution.Element // of customizations.xml, made when it is asked for
	indexError error              // why there is none
	traced     *treeParts         // the same package with the places of its bytes, made when one is asked for

	mapping    *mapReader            // nil: everything stands in the tree
	mapError   error                 // why what stands elsewhere can't be read
	sought     map[string]*directive // what was looked for elsewhere, by folded path
	pieceNames map[string]bool       // folded paths of files that pieces name
}

// A packEntry is one entry of the zip.
type packEntry struct {
	name string
	file *file // nil for a folder
}

// assemble makes everything of a package but the zip.
func assemble(t *Tree, opts *PackOptions) (*packing, error) {
	return newAssembly(t, opts, nil, nil, nil)
}

// newAssembly does the work of assemble, and notes where the bytes of customizations.xml and solution.xml are from.
func newAssembly(t *Tree, opts *PackOptions, custom, manifestPlaces *places, ahead *zipw.Ahead) (*packing, error) {
	kind, err := targetKind(t, opts)
	if err != nil {
		return nil, err
	}
	if t, err = t.half(kind); err != nil {
		return nil, err
	}
	p, err := assembleHalf(t, kind, opts, custom, manifestPlaces, ahead)
	if own := (*Error)(nil); errors.As(err, &own) {
		own.Path = t.standing(own.Path)
	}
	return p, err
}

// assembleHalf makes everything of a package of a tree that has no other.
func assembleHalf(t *Tree, kind solution.Kind, opts *PackOptions, customPlaces, manifestPlaces *places, ahead *zipw.Ahead) (*packing, error) {
	p, err := beginPacking(t, kind, opts, customPlaces)
	if err != nil {
		return nil, err
	}
	p.manifestPlaces, p.ahead, p.looks = manifestPlaces, ahead, customPlaces == nil
	if err := p.customizations(); err != nil {
		return nil, err
	}
	manifest, err := p.solution(opts)
	if err != nil {
		return nil, err
	}
	head := []packEntry{
		{p.headName(otherCustomizations, customizationsPart), p.customizationsFile()},
		{p.headName(otherSolution, solutionPart), memoryFile(otherSolution, manifest)},
	}
	p.entries = append(head, p.entries...)
	p.placeholders()
	if err := p.rawFiles(); err != nil {
		return nil, err
	}
	if err := p.unclaimed(); err != nil {
		return nil, err
	}
	p.foreignOther()
	p.needed()
	if p.mapError != nil {
		return nil, p.mapError
	}
	p.unmodifiedRelationships()
	if p.converts && !t.anyKind && len(p.unlike) > 0 {
		return nil, errorf("pack", "", "%w: can't convert from %s to %s, because of %s",
			ErrKind, t.manifest.Kind(), p.kind, strings.Join(p.unlike, ", "))
	}
	p.pointers()
	if err := p.lookups.check(p); err != nil {
		return nil, err
	}
	p.roots.check(p)
	p.rescue.unused(p)
	p.pieceFiles()
	if p.looks {
		p.keys()
		p.siteMapDifferences()
	}
	if p.indexError != nil {
		return nil, p.indexError
	}
	if err := p.remapPlugins(opts); err != nil {
		return nil, err
	}
	if err := p.localize(opts); err != nil {
		return nil, err
	}
	p.labels()
	p.entries = append(p.entries, packEntry{p.headName(typesPart, typesPart), memoryFile(typesPart, contentTypes(p.entries))})
	if err := p.readable(); err != nil {
		return nil, err
	}
	if p.mapping != nil {
		p.unusedDirectives()
	}
	p.found.rest(otherCustomizations)
	t.located(p.found.list)
	t.located(p.missing)
	p.found.list = append(p.found.list, without(t.found, ruleMapped, ruleMappedMissing, ruleDirective, ruleUnclaimedEntry, ruleRenamedEntry, ruleRescuedElement, ruleMissingFile, rulePointer)...)
	p.found.list.Sort()
	return p, nil
}

// beginPacking does what comes before the sections are joined.
func beginPacking(t *Tree, kind solution.Kind, opts *PackOptions, customPlaces *places) (*packing, error) {
	newline := opts.Newline
	if newline == "" {
		newline = "\n"
	}
	if _, err := checkNewline("pack", newline); err != nil {
		return nil, err
	}
	p := newPacking(t, newline)
	p.kind, p.opts, p.places = kind, opts, customPlaces
	if p.mapping != nil && customPlaces == nil { // whoever only reads parts sees what is there
		if err := p.mapFolders(); err != nil {
			return nil, err
		}
	}
	p.converts = opts.Convert && t.manifest.Kind() != solution.Both && kind != t.manifest.Kind()
	p.plainForManaged = usesPlainForManaged(t, opts)
	if err := p.readRenames(); err != nil {
		return nil, err
	}
	if err := p.readRescued(); err != nil {
		return nil, err
	}
	p.names[p.headName(otherCustomizations, customizationsPart)] = otherCustomizations
	p.names[p.headName(otherSolution, solutionPart)] = otherSolution
	p.names[p.headName(typesPart, typesPart)] = typesPart
	return p, nil
}

func newPacking(t *Tree, newline string) *packing {
	p := &packing{
		tree: t, newline: newline, files: make(map[string]*file, len(t.sys.files)),
		scope: map[string]string{}, consumed: map[string]bool{}, closed: map[string]bool{}, names: map[string]string{}, copies: map[string][]string{}, listed: map[string]bool{},
		sections: map[string]bool{}, demoted: map[string]bool{}, told: map[string]bool{},
		loose: map[string]bool{}, dotted: map[string]bool{}, otherForms: map[string]bool{},
	}
	for _, f := range t.sys.files {
		if p.files[f.key] == nil {
			p.files[f.key] = f
		}
	}
	names := t.Names()
	if t.mapping != nil {
		p.mapping, p.sought = newMapReader(t.mapping, t.limits), map[string]*directive{}
		p.found.list = append(p.found.list, t.mapping.found...)
		names = append(names, p.mapPieces()...)
	}
	p.root = folders(names, p.files)
	return p
}

// targetKind decides the kind of the package.
func targetKind(t *Tree, opts *PackOptions) (solution.Kind, error) {
	have := t.manifest.Kind()
	if opts.Kind == nil {
		if have == solution.Both {
			return 0, errorf("pack", otherSolution, "%w: the tree holds both kinds (<Managed> is 2): say which one to pack", ErrKind)
		}
		return have, nil
	}
	want := *opts.Kind
	if want != solution.Unmanaged && want != solution.Managed {
		return 0, errorf("pack", "", "%w: can't pack as %s: use unmanaged or managed", ErrKind, want)
	}
	if have != solution.Both && have != want && !opts.Convert && !t.anyKind {
		return 0, errorf("pack", otherSolution, "%w: the tree is %s, %s was asked for", ErrKind, have, want)
	}
	return want, nil
}

func (p *packing) note(d diag.Diagnostic) { p.found.note(d) }

func (p *packing) has(name string) bool { return at(p.files, name) != nil }

// read reads a file and marks it as used.
func (p *packing) read(name string) ([]byte, error) { return p.readFile(at(p.files, name)) }

func (p *packing) readFile(f *file) ([]byte, error) {
	p.consumed[f.key] = true
	data, err := f.read()
	if err != nil {
		var own *Error
		if errors.As(err, &own) {
			return nil, err
		}
		return nil, &Error{Op: "pack", Path: f.path, Err: err}
	}
	return data, nil
}

// xml reads and indexes a file, nil if there is none.
func (p *packing) xml(name string, depth int) (*source, error) {
	return p.xmlInto(nil, name, depth)
}

// xmlAgain is xml for a file that nobody looks at when the next one is read: they have the same memory.
func (p *packing) xmlAgain(name string, depth int, in *keyPaths) (*source, error) {
	return p.xmlWatched(again(&p.scratch), name, depth, in)
}

// again returns a source that is used again.
func again(s **source) *source {
	if *s == nil {
		*s = &source{doc: &xmlspan.Document{}}
	}
	return *s
}

func (p *packing) xmlInto(s *source, name string, depth int) (*source, error) {
	return p.xmlWatched(s, name, depth, nil)
}

// keyPaths are the elements around the root of a file, for [solution.KeyCheck.Watch].
type keyPaths struct{ path, other string }

// xmlWatched is xmlInto for a file that is written whole before the next one is read, so that its keys are taken while it is read.
func (p *packing) xmlWatched(s *source, name string, depth int, in *keyPaths) (*source, error) {
	f := at(p.files, name)
	if f == nil {
		return nil, nil
	}
	if f.path != name {
		p.found.in(ruleLetterCase, f.path, "%s should be %s: letter case differs", f.path, name)
	}
	if err := p.tree.limits.xmlSize(f.size); err != nil {
		return nil, &Error{Op: "pack", Path: f.path, Err: err}
	}
	data, err := p.readFile(f)
	if err != nil {
		return nil, err
	}
	if p.joined += int64(len(data)); p.joined > p.tree.limits.XMLBytes {
		return nil, errorf("pack", f.path, "the XML files that are joined have more than %d bytes up to here: %w: raise Limits.XMLBytes if there is the memory for it", p.tree.limits.XMLBytes, ErrLimit)
	}
	limits := p.tree.limits
	if strings.EqualFold(name, rescuedPath) { // it has an element more around each that it keeps
		limits.Nodes = 2 * cmp.Or(limits.Nodes, 1<<16+len(data)/24)
	}
	var doc *xmlspan.Document
	if s == nil {
		both := &struct {
			source
			xmlspan.Document
		}{}
		s, doc = &both.source, &both.Document
	} else {
		doc = s.doc
	}
	if err := limits.xmlSize(int64(len(data))); err != nil {
		return nil, &Error{Op: "read", Path: f.path, Err: err}
	}
	text, err := utf8XML(data, f.path)
	if err != nil {
		return nil, err
	}
	var watcher xmlspan.Watcher
	if p.watched = nil; in != nil && p.distinct != nil {
		p.distinct.Watch(text, in.path, in.other)
		watcher, p.watched = p.distinct, doc
	}
	if err := xmlspan.ParseWatched(doc, text, depth, limits.xml(), watcher); err != nil {
		return nil, xmlError(err, f.path, text)
	}
	*s = source{name: f.path, doc: doc}
	if bytes.HasPrefix(data, byteOrderMark) {
		s.mark = int32(len(byteOrderMark))
	}
	return s, nil
}

// entryName is the name that a file has in the zip.
func (p *packing) entryName(tree, natural string) string {
	if name, ok := p.renamed[fold(tree)]; ok {
		return name
	}
	return natural
}

// headName is the name of one of the three parts that every package has. It can differ from natural in
// spelling only.
func (p *packing) headName(tree, natural string) string {
	name := p.entryName(tree, natural)
	if part, _ := partName(name); fold(part) != fold(natural) {
		return natural
	}
	return name
}

// addEntry makes a file an entry.
func (p *packing) addEntry(tree, natural string) {
	f := at(p.files, tree)
	name := p.entryName(f.path, natural)
	p.consumed[f.key] = true
	if other, ok := p.names[name]; ok {
		if other != f.path && !p.sameBytes(other, f) {
			p.missing = append(p.missing, finding(ruleDuplicateEntry, f.path, "%s and %s both become the entry %q: remove one", other, f.path, name))
		}
		if other != f.path {
			p.copies[other] = append(p.copies[other], f.path)
		}
		return
	}
	p.names[name] = f.path
	p.entries = append(p.entries, packEntry{name, f})
}

// sameBytes reports whether f is a copy of the file at a path that has become an entry: two components
// may name one entry.
func (p *packing) sameBytes(other string, f *file) bool {
	if other == otherCustomizations || other == otherSolution || other == typesPart {
		return false // those are written anew
	}
	a, err := at(p.files, other).read()
	if err != nil {
		return false
	}
	b, err := f.read()
	return err == nil && bytes.Equal(a, b)
}

// zipEntries are the entries for the zip writer.
func (p *packing) zipEntries() iter.Seq[zipw.Entry] {
	return func(yield func(zipw.Entry) bool) {
		for _, e := range p.entries {
			z := zipw.Entry{Name: e.name}
			switch {
			case e.file == nil:
			case e.file.ahead != nil:
				z.Ahead = e.file.ahead
			default:
				z.Load = e.file.read
			}
			if !yield(z) {
				return
			}
		}
	}
}

// digestKind is the kind as which a tree is looked at where the caller names none.
func digestKind(have solution.Kind) *solution.Kind {
	if have == solution.Both {
		have = solution.Unmanaged
	}
	return &have
}

// readable holds the package to what Open asks for: a zip that is made here can be read here.
func (p *packing) readable() error {
	if n := len(p.entries); n > p.tree.limits.Files {
		return errorf("pack", "", "%d entries: %w of %d", n, ErrLimit, p.tree.limits.Files)
	}
	seen := make(map[string]bool, len(p.entries))
	for _, e := range p.entries {
		part, reason := partName(e.name)
		switch {
		case reason != "":
			return errorf("pack", e.name, "%w: %s", ErrInsecurePath, reason)
		case seen[e.name]:
			return errorf("pack", e.name, "%w: two entries have this name", ErrFormat)
		case e.file != nil && strings.HasSuffix(part, "/"):
			return errorf("pack", e.name, "%w: the entry is a folder by its name, and %s a file", ErrFormat, e.file.path)
		}
		seen[e.name] = true
	}
	if !p.rescue.hasAttributes() {
		return nil // each file has been read, and joining keeps them well-formed: only attributes can be there twice
	}
	s := xmlspan.NewScanner(p.out, p.tree.limits.xml())
	for s.Next() {
	}
	if err := s.Err(); err != nil {
		return errorf("pack", rescuedPath, "%w: with what it gives back, customizations.xml can't be read: %w", ErrFormat, err)
	}
	return nil
}
