package packager

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// An entry is one entry of a zip, or a part that is none yet.
type entry struct {
	zip     *zip.File              // nil: load gives the bytes
	load    func() ([]byte, error) // of a part that is not from a zip
	name    string                 // exactly as in the zip
	part    string                 // the path it stands for, see partName
	visible bool                   // it has a content type
	limit   int64
}

func (e *entry) isDir() bool { return strings.HasSuffix(e.part, "/") }

// size is the length of the entry's content, -1 if it is known only after reading.
func (e *entry) size() int64 {
	if e.zip == nil {
		return -1
	}
	return int64(e.zip.UncompressedSize64)
}

// read inflates the entry and checks its length and CRC.
func (e *entry) read() ([]byte, error) {
	if e.zip == nil {
		return e.load()
	}
	r, err := e.zip.Open()
	if err != nil {
		return nil, &Error{Op: "read", Path: e.name, Err: zipError(err)}
	}
	defer r.Close()
	size := int64(e.zip.UncompressedSize64)
	if size > e.limit {
		return nil, &Error{Op: "read", Path: e.name, Err: fmt.Errorf("%d bytes: %w of %d", size, ErrLimit, e.limit)}
	}
	// The directory may lie about the size, so memory grows with what is really there.
	var buf bytes.Buffer
	buf.Grow(int(min(size, 1<<20)) + bytes.MinRead)
	if size <= int64(e.zip.CompressedSize64)*1032+64 {
		// Deflate can't do better than 1032 to 1: the size is possible, so one allocation does.
		buf.Grow(int(size) + bytes.MinRead)
	}
	n, err := buf.ReadFrom(io.LimitReader(r, size+1))
	switch {
	case err != nil:
	case n != size:
		err = fmt.Errorf("%w: %d bytes where the directory says %d", zip.ErrFormat, n, size)
	case e.zip.CRC32 == 0 && crc32.ChecksumIEEE(buf.Bytes()) != 0:
		err = zip.ErrChecksum // archive/zip takes a checksum of 0 for none
	case e.zip.CompressedSize64 > e.zip.UncompressedSize64:
		err = e.reachesEnd() // seldom true: random bytes grow a little
	}
	if err != nil {
		return nil, &Error{Op: "read", Path: e.name, Err: zipError(err)}
	}
	return buf.Bytes(), nil
}

// reachesEnd returns an error if the compressed data is said to be longer than the zip goes on: what it inflates to can be whole,
// but the entry can't be copied.
func (e *entry) reachesEnd() error {
	raw, err := e.zip.OpenRaw()
	if err != nil {
		return err
	}
	if data, ok := raw.(io.ReaderAt); ok {
		if _, err := data.ReadAt(make([]byte, 1), int64(e.zip.CompressedSize64)-1); err != nil {
			return fmt.Errorf("%w: the directory says that its data goes on beyond the end of the file", zip.ErrFormat)
		}
	}
	return nil
}

func zipError(err error) error {
	switch {
	case errors.Is(err, zip.ErrChecksum):
		return fmt.Errorf("checksum is wrong, the entry is damaged: %w", err)
	case errors.Is(err, zip.ErrAlgorithm):
		return fmt.Errorf("compression method is not supported: %w", err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the zip is damaged: compressed data is cut off: %w", zip.ErrFormat)
	case errors.Is(err, io.EOF):
		return fmt.Errorf("the zip is damaged: it ends before the entry: %w", zip.ErrFormat)
	case errors.Is(err, zip.ErrFormat):
		return fmt.Errorf("the zip is damaged: %w", err)
	}
	return fmt.Errorf("the zip is damaged, or can't be read: %w", err)
}

// readXML is read for an entry that is going to be read as XML.
func (p *Package) readXML(e *entry) ([]byte, error) {
	size := e.size()
	if err := p.limits.xmlSize(size); err != nil {
		return nil, &Error{Op: "read", Path: e.name, Err: err}
	}
	src, err := e.read()
	if err == nil && size < 0 {
		if err = p.limits.xmlSize(int64(len(src))); err != nil {
			err = &Error{Op: "read", Path: e.name, Err: err}
		}
	}
	return src, err
}

// A Package is an opened solution zip. It is the [solution.Parts] of the solution, which are inflated when they are
// read: names are those that the entries stand for, with "/" and without percent escapes. A Package is immutable. It
// is safe for concurrent use if its reader is, as those of os, bytes and strings are.
type Package struct {
	limits   Limits
	entries  []*entry          // in the order of the directory, folders included
	byPart   map[string]*entry // by folded part name; the first of several
	alike    bool              // some entries have one folded part name
	byName   map[string]*entry // by exact name, if some are alike
	exact    map[string]*entry // by exact part name, the first of several, if some are alike
	manifest *solution.Manifest
	solution []byte // solution.xml in UTF-8
	found    diag.List
	traced   bool // files of its tree tell where they are from
	lines    solution.LineCache
	// readEntry is ReadPart by the exact name of an entry, made once.
	readEntry func(name string) ([]byte, error)
	sys       func() *fileSystem
	closer    io.Closer // nil if there is nothing to close
}

var _ solution.Parts = (*Package)(nil)

const (
	solutionPart       = "solution.xml"
	customizationsPart = "customizations.xml"
	typesPart          = "[Content_Types].xml"
)

// Open reads the directory of the zip of size bytes in r, and its solution.xml. Other entries are read
// when they are needed, so r must stay usable as long as the package is.
//
// Names that lead outside, encrypted entries, unknown compression methods and two entries of exactly
// the same name are errors. What is no solution, but is known to be something else or to hold solutions, is a
// [*NotSolutionError]. lim may be nil.
func Open(r io.ReaderAt, size int64, lim *Limits) (*Package, error) {
	if size == 0 {
		return nil, errorf("open", "", "%w: the file is empty", ErrFormat)
	}
	p := newPackage(lim)
	zr, err := p.limits.readZip(r, size)
	switch {
	case errors.Is(err, ErrLimit):
		return nil, &Error{Op: "open", Err: err}
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, notZip(r, size, err)
	}
	if err := p.readDirectory(zr); err != nil {
		return nil, err
	}
	if err := p.readManifest(); err != nil {
		return nil, err
	}
	if err := p.readContentTypes(); err != nil {
		return nil, err
	}
	return p, nil
}

func newPackage(lim *Limits) *Package {
	p := &Package{limits: lim.withDefaults(), byPart: map[string]*entry{}}
	p.sys = sync.OnceValue(p.fileSystem)
	p.readEntry = func(name string) ([]byte, error) { return p.ReadPart(p.lookup(name).part) }
	return p
}

func (p *Package) readDirectory(zr *zip.Reader) error {
	if len(zr.File) > p.limits.Files {
		return errorf("open", "", "%d entries: %w of %d", len(zr.File), ErrLimit, p.limits.Files)
	}
	var total uint64
	names := make(map[string]bool, len(zr.File))
	for _, f := range zr.File {
		part, reason := partName(f.Name)
		if err := p.limits.path(f.Name); err != nil {
			return &Error{Op: "open", Path: fmt.Sprintf("%q", shortened(f.Name)), Err: err}
		}
		switch {
		case reason != "":
			return &Error{Op: "open", Path: fmt.Sprintf("%q", f.Name), Err: fmt.Errorf("%w: %s", ErrInsecurePath, reason)}
		case names[f.Name]:
			return errorf("open", f.Name, "%w: two entries have this name", ErrFormat)
		case strings.HasSuffix(part, "/") && f.UncompressedSize64 > 0:
			return errorf("open", f.Name, "%w: the entry is a folder by its name and has %d bytes", ErrFormat, f.UncompressedSize64)
		case f.Flags&1 != 0:
			return errorf("open", f.Name, "%w: the entry is encrypted", ErrFormat)
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return errorf("open", f.Name, "compression method %d is not supported, only store and deflate are: %w", f.Method, zip.ErrAlgorithm)
		case f.UncompressedSize64 > uint64(p.limits.FileBytes):
			return errorf("open", f.Name, "%d bytes: %w of %d", f.UncompressedSize64, ErrLimit, p.limits.FileBytes)
		}
		if total += f.UncompressedSize64; total > uint64(p.limits.TotalBytes) {
			return errorf("open", f.Name, "more than %d bytes up to here: %w", p.limits.TotalBytes, ErrLimit)
		}
		names[f.Name] = true
		e := &entry{zip: f, name: f.Name, part: part, limit: p.limits.FileBytes}
		p.entries = append(p.entries, e)
	}
	p.index()
	return nil
}

// lookup returns the entry that stands for a path, with "/" in front or not; nil if there is none. Of
// several that differ in spelling it is the one that is spelled so, else the first.
func (p *Package) lookup(name string) *entry {
	name = strings.TrimLeft(strings.ReplaceAll(name, `\`, "/"), "/")
	if e := p.find(name); e != nil {
		return e
	}
	if part, reason := partName(name); reason == "" {
		return p.find(part)
	}
	return nil
}

func (p *Package) find(part string) *entry {
	e := at(p.byPart, part)
	if e == nil || e.isDir() {
		return nil
	}
	if p.alike && e.name != part {
		for _, index := range []map[string]*entry{p.byName, p.exact} {
			if e := index[part]; e != nil {
				return e
			}
		}
	}
	return e
}

// index makes entries known by the parts that they stand for.
func (p *Package) index() {
	for _, e := range p.entries {
		if key := fold(e.part); p.byPart[key] == nil {
			p.byPart[key] = e
		} else {
			p.alike = true
		}
	}
	if !p.alike {
		return
	}
	p.byName, p.exact = make(map[string]*entry, len(p.entries)), make(map[string]*entry, len(p.entries))
	for _, e := range p.entries {
		if p.byName[e.name] == nil {
			p.byName[e.name] = e
		}
		if p.exact[e.part] == nil {
			p.exact[e.part] = e
		}
	}
}

// readContentTypes finds which entries have a content type. The reference tool sees no others.
func (p *Package) readContentTypes() error {
	e := p.lookup(typesPart)
	if e == nil {
		p.found = append(p.found, finding(ruleNoContentTypes, typesPart, "the zip has no [Content_Types].xml: every entry is taken as visible"))
		for _, e := range p.entries {
			e.visible = true
		}
		return nil
	}
	src, err := p.readXML(e)
	if err != nil {
		return err
	}
	doc, err := parseXML(src, e.name, 1, p.limits)
	if err != nil {
		return err
	}
	types := readTypes(doc)
	for _, e := range p.entries {
		e.visible = types.covers(e)
	}
	return nil
}

// isContentType reports whether text looks like type/subtype.
func isContentType(text string) bool {
	kind, sub, ok := strings.Cut(text, "/")
	return ok && kind != "" && sub != ""
}

// extension returns what follows the last dot of the last segment, without the dot.
func extension(p string) string {
	base := p[strings.LastIndexByte(p, '/')+1:]
	if dot := strings.LastIndexByte(base, '.'); dot >= 0 {
		return base[dot+1:]
	}
	return ""
}

func (p *Package) readManifest() error {
	e := p.lookup(solutionPart)
	if e == nil {
		return p.noManifest()
	}
	src, err := p.readXML(e)
	if err != nil {
		return err
	}
	if p.solution, err = utf8XML(src, e.name); err != nil {
		return err
	}
	if p.manifest, err = solution.ParseManifest(p.solution, e.name); err != nil {
		return &Error{Op: "open", Path: e.name, Err: err}
	}
	return nil
}

// Manifest returns the manifest in solution.xml.
func (p *Package) Manifest() *solution.Manifest { return p.manifest }

// customizations returns customizations.xml in UTF-8 and the name of its entry.
func (p *Package) customizations() ([]byte, string, error) {
	e := p.lookup(customizationsPart)
	if e == nil {
		return nil, "", errorf("open", customizationsPart, "%w: the zip has no customizations.xml at its root", ErrFormat)
	}
	src, err := p.readXML(e)
	if err != nil {
		return nil, "", err
	}
	src, err = utf8XML(src, e.name)
	return src, e.name, err
}

// Names returns the paths that the entries of the zip stand for, sorted.
func (p *Package) Names() []string {
	var names []string
	for _, e := range p.entries {
		if !e.isDir() {
			names = append(names, e.part)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// ReadFile implements [fs.ReadFileFS]. Case of the name does not count.
func (p *Package) ReadFile(name string) ([]byte, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}
	}
	e := p.find(name)
	if e == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return e.read()
}

// ReadPart implements [solution.Parts].
func (p *Package) ReadPart(name string) ([]byte, error) {
	read := p.ReadFile
	if isXML(name) && fs.ValidPath(name) && p.find(name) != nil {
		read = func(name string) ([]byte, error) { return p.readXML(p.find(name)) }
	}
	src, err := read(name)
	if err != nil {
		return nil, err
	}
	if src, err = solution.PartText(name, src); err != nil {
		return nil, err
	}
	p.lines.Remember(p.find(name).name, src)
	return src, nil
}

// Locate implements [solution.Parts]. Files of locations are the exact names of entries.
func (p *Package) Locate(name string, offset int) diag.Location {
	e := p.find(name)
	if e == nil {
		return diag.Location{File: name}
	}
	return p.lines.Locate(e.name, offset, p.readEntry)
}

// Open implements [fs.FS].
func (p *Package) Open(name string) (fs.File, error) {
	return openFile(p.sys(), name)
}

func (p *Package) fileSystem() *fileSystem {
	sys := &fileSystem{}
	seen := map[string]bool{}
	for _, e := range p.entries {
		if !e.isDir() && fs.ValidPath(e.part) && !seen[e.part] {
			seen[e.part] = true
			sys.files = append(sys.files, &file{path: e.part, load: e.read, size: e.size()})
		}
	}
	sys.sort()
	return sys
}

// utf8XML turns src into UTF-8.
func utf8XML(src []byte, name string) ([]byte, error) {
	if isPointer(src) {
		return nil, &Error{Op: "read", Path: name, Err: &NotSolutionError{What: "git-lfs-pointer", hint: pointerHint}}
	}
	out, err := xmlspan.ToUTF8(src)
	if err != nil {
		return nil, xmlError(err, name, src)
	}
	return out, nil
}

// parseXML indexes src down to depth.
func parseXML(src []byte, name string, depth int, lim Limits) (*xmlspan.Document, error) {
	doc := &xmlspan.Document{}
	if err := parseInto(doc, src, name, depth, lim); err != nil {
		return nil, err
	}
	return doc, nil
}

// parseInto is parseXML into a document whose memory is used again.
func parseInto(doc *xmlspan.Document, src []byte, name string, depth int, lim Limits) error {
	if err := lim.xmlSize(int64(len(src))); err != nil {
		return &Error{Op: "read", Path: name, Err: err}
	}
	text, err := utf8XML(src, name)
	if err != nil {
		return err
	}
	if err := xmlspan.ParseInto(doc, text, depth, lim.xml()); err != nil {
		return xmlError(err, name, text)
	}
	return nil
}

// xmlError gives an error of the scanner its file, line and column.
func xmlError(err error, name string, src []byte) error {
	var syntax *xmlspan.SyntaxError
	if !errors.As(err, &syntax) {
		return &Error{Op: "read", Path: name, Err: err}
	}
	cause := error(syntax)
	if syntax.Limit {
		cause = fmt.Errorf("%w: %w", ErrLimit, syntax)
	}
	return &solution.SyntaxError{File: name, Pos: diag.NewLines(src).Position(syntax.Offset), Err: cause}
}

// fixedTime is the time stamp of everything this package makes.
var fixedTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Lines returns the lines of a part, nil if it cannot be read, and the exact name of its entry. It is for package solution, which finds
// many places in one part by them.
func (p *Package) Lines(name string) (string, *diag.Lines) {
	e := p.find(name)
	if e == nil {
		return name, nil
	}
	return e.name, p.lines.Lines(e.name, p.readEntry)
}
