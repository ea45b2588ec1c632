package solution

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// ContentTypesFile is the name of the part that gives every file of a zip a content type.
const ContentTypesFile = "[Content_Types].xml"

// Parts are what a solution is made of, by the names that a zip gives them: [ManifestFile], [CustomizationsFile], and the
// files of components, such as "Workflows/Order-0a1b....json". A zip has them by nature; a source tree is another spelling
// of the same parts. Everything that reads solutions reads Parts, so it gives the same for a zip and for its tree.
//
// Parts are immutable and safe for concurrent use.
type Parts interface {
	// FS opens parts by name. Directories list what is in them.
	fs.FS
	// Names returns the names of all parts, sorted, each once.
	Names() []string
	// ReadPart returns the bytes of a part, which must not be changed. Letter case of the name does not count, as in a zip.
	//
	// solution.xml and customizations.xml are in UTF-8 (with their byte order mark, if they have one), whatever encoding
	// they are stored in; every other part is as it is stored. The error of a part that is not there wraps
	// [fs.ErrNotExist].
	ReadPart(name string) ([]byte, error)
	// Locate returns where the byte at offset of what ReadPart returns stands in the source: the entry of a zip or the file
	// of a tree, with line and column there. Of a byte that stands nowhere in the source (indents of joined files, say) it
	// is the place next to it. Of a part that cannot be read it is the file alone.
	Locate(name string, offset int) diag.Location
}

// Span returns where the bytes [start,end) of a part stand in the source. If they are from several files, it is where they
// begin in the first of them.
func Span(p Parts, name string, start, end int) diag.Location {
	at := p.Locate(name, start)
	at.End = at.Start
	if end <= start {
		return at
	}
	if last := p.Locate(name, end); last.File == at.File && last.Start.Offset >= at.Start.Offset {
		at.End = last.Start
		return at
	}
	// What follows may be from the next file though all of the span is from this one.
	if last := p.Locate(name, end-1); last.File == at.File && last.Start.Offset >= at.Start.Offset {
		at.End = last.Start
		at.End.Offset++
		at.End.Column++
	}
	return at
}

// Places returns Span of one part for many places in it, which is faster than to ask for each, most of all if they come in order. The
// function is for one goroutine.
func Places(p Parts, name string) func(start, end int) diag.Location {
	if s, ok := p.(*shared); ok {
		p = s.Parts
	}
	if x, ok := p.(lined); ok {
		if file, lines := x.Lines(name); lines != nil {
			var last diag.Position
			return func(start, end int) diag.Location {
				last = lines.After(last, start)
				at := diag.Location{File: file, Start: last, End: last}
				if end > start {
					at.End = lines.After(last, end)
				}
				return at
			}
		}
	}
	return placesOf(p, name)
}

// Lined parts know of parts that are whole files of the source.
type lined interface {
	// Lines returns the file that a part is, and its lines; nil if the part is none, or cannot be read.
	Lines(name string) (file string, lines *diag.Lines)
}

// ReadManifest reads and parses the manifest of p. Its locations, and those of the findings of [Manifest.Check], are those of
// the source. The error of parts without one wraps [fs.ErrNotExist].
func ReadManifest(p Parts) (*Manifest, error) {
	if s, ok := p.(*shared); ok {
		return s.manifest()
	}
	src, err := readDocument(p, ManifestFile)
	if err != nil {
		return nil, err
	}
	return parseManifest(src, p.Locate(ManifestFile, 0).File, placesOf(p, ManifestFile))
}

// ReadCustomizations reads and indexes the customizations of p. Locations are those of the source. The error of parts without
// them wraps [fs.ErrNotExist].
func ReadCustomizations(p Parts) (*Customizations, error) {
	if s, ok := p.(*shared); ok {
		return s.customizations()
	}
	return readCustomizations(p, false)
}

func readCustomizations(p Parts, table bool) (*Customizations, error) {
	src, err := readDocument(p, CustomizationsFile)
	if err != nil {
		return nil, err
	}
	return parseCustomizations(src, placesOf(p, CustomizationsFile), table)
}

func readDocument(p Parts, name string) ([]byte, error) {
	src, err := p.ReadPart(name)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s: every solution has it, so this is none: give the folder of an extracted zip, or read a source tree by package packager: %w", name, err)
	}
	return src, err
}

// PartsOf returns the parts in fsys, a folder into which a zip was extracted. Files are read when they are needed and must
// not change meanwhile; what is no regular file is left out, and one of more than 1 GiB is an error when it is read. Of names that differ in letter case only, each is a part of its
// own under its exact name; under any other spelling it is the first by byte order. The error is one of fsys.
//
// A source tree is no such folder: package packager makes parts of it.
func PartsOf(fsys fs.FS) (Parts, error) {
	p := &folder{fsys: fsys, byFold: map[string]string{}}
	err := memfs.Walk(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			p.names = append(p.names, name)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(p.names)
	for _, name := range p.names {
		if key := Fold(name); p.byFold[key] == "" {
			p.byFold[key] = name
		}
	}
	return p, nil
}

// A folder is the parts of an extracted zip.
type folder struct {
	fsys   fs.FS
	names  []string
	byFold map[string]string
	lines  LineCache
}

func (p *folder) Names() []string { return slices.Clone(p.names) }

func (p *folder) Open(name string) (fs.File, error) { return p.fsys.Open(name) }

// file returns the name of the file that is a part, "" if there is none.
func (p *folder) file(name string) string {
	if _, exact := slices.BinarySearch(p.names, name); exact {
		return name
	}
	return p.byFold[Fold(name)]
}

func (p *folder) ReadPart(name string) ([]byte, error) {
	file := p.file(name)
	if file == "" {
		return nil, absent(name)
	}
	src, err := readBounded(p.fsys, file)
	if err != nil {
		return nil, err
	}
	if src, err = PartText(file, src); err == nil {
		p.lines.Remember(file, src)
	}
	return src, err
}

// maxPartFile is the size of the largest file of an extracted zip that is read, as large as an entry of a zip may be, and maxXMLFile
// that of an XML file, of which readers need several times its size.
const (
	maxPartFile = 1 << 30
	maxXMLFile  = 128 << 20
)

// readBounded reads a regular file. What is none is not opened: a pipe may have no end.
func readBounded(fsys fs.FS, name string) ([]byte, error) {
	most := int64(maxPartFile)
	if strings.EqualFold(path.Ext(name), ".xml") {
		most = maxXMLFile
	}
	info, err := memfs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: not a regular file", name)
	case info.Size() > most:
		return nil, fmt.Errorf("%s: %d bytes: %w of %d", name, info.Size(), ErrLimit, most)
	}
	return memfs.ReadFile(fsys, name, most, ErrLimit)
}

func (p *folder) Locate(name string, offset int) diag.Location {
	file := p.file(name)
	if file == "" {
		return diag.Location{File: name}
	}
	return p.lines.Locate(file, offset, p.ReadPart)
}

// Lines returns the lines of a part, nil if it cannot be read, and its file.
func (p *folder) Lines(name string) (string, *diag.Lines) {
	file := p.file(name)
	if file == "" {
		return name, nil
	}
	return file, p.lines.Lines(file, p.ReadPart)
}

// PartText returns the bytes of a part as [Parts] gives them: those of solution.xml and customizations.xml in UTF-8, all
// others as they are. It is for types that implement Parts. The error is a [*SyntaxError].
func PartText(name string, src []byte) ([]byte, error) {
	if key := Fold(name); key != ManifestFile && key != CustomizationsFile {
		return src, nil
	}
	text, err := xmlspan.AsUTF8(src)
	if err != nil {
		return nil, scanError(placesIn(name, src), err)
	}
	return text, nil
}

func absent(name string) error { return &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist} }
