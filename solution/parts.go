package solution

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

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
	if last := p.Locate(name, end); last.File == at.File && last.Start.Offset >= at.Start.Offset {
		at.End = last.Start
	} else {
		at.End = at.Start
	}
	return at
}

// ReadManifest reads and parses the manifest of p. Its locations are those of the source.
func ReadManifest(p Parts) (*Manifest, error) {
	src, err := p.ReadPart(ManifestFile)
	if err != nil {
		return nil, err
	}
	m, err := ParseManifest(src)
	if err != nil {
		return nil, inSource(p, ManifestFile, err)
	}
	return m, nil
}

// ReadCustomizations reads and indexes the customizations of p.
func ReadCustomizations(p Parts) (*Customizations, error) {
	src, err := p.ReadPart(CustomizationsFile)
	if err != nil {
		return nil, err
	}
	c, err := ParseCustomizations(src)
	if err != nil {
		return nil, inSource(p, CustomizationsFile, err)
	}
	return c, nil
}

// inSource gives a syntax error in a part the place that it has in the source.
func inSource(p Parts, part string, err error) error {
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		return fmt.Errorf("%s: %w", p.Locate(part, 0).File, err)
	}
	at := p.Locate(part, syntax.Pos.Offset)
	return &SyntaxError{File: at.File, Pos: at.Start, Err: syntax.Err}
}

// PartsOf returns the parts in fsys, a folder into which a zip was extracted. Names that differ in letter case only are
// taken for one part, the first in the order of [fs.WalkDir]. Files are read when they are needed and must not change; what is
// no regular file is left out. The error is one of fsys.
//
// A source tree is no such folder: package packager makes parts of it.
func PartsOf(fsys fs.FS) (Parts, error) {
	p := &folder{fsys: fsys, byFold: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if key := Fold(name); p.byFold[key] == "" {
			p.byFold[key] = name
			p.names = append(p.names, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(p.names)
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

func (p *folder) ReadPart(name string) ([]byte, error) {
	file, ok := p.byFold[Fold(name)]
	if !ok {
		return nil, absent(name)
	}
	src, err := fs.ReadFile(p.fsys, file)
	if err != nil {
		return nil, err
	}
	if src, err = PartText(file, src); err == nil {
		p.lines.Remember(file, src)
	}
	return src, err
}

func (p *folder) Locate(name string, offset int) diag.Location {
	file, ok := p.byFold[Fold(name)]
	if !ok {
		return diag.Location{File: name}
	}
	return p.lines.Locate(file, offset, func() ([]byte, error) { return p.ReadPart(file) })
}

// PartText returns the bytes of a part as [Parts] gives them: those of solution.xml and customizations.xml in UTF-8, all
// others as they are. It is for types that implement Parts. The error is a [*SyntaxError].
func PartText(name string, src []byte) ([]byte, error) {
	if key := Fold(name); key != ManifestFile && key != CustomizationsFile {
		return src, nil
	}
	text, err := xmlspan.AsUTF8(src)
	if err != nil {
		return nil, scanError(name, src, err)
	}
	return text, nil
}

func absent(name string) error { return &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist} }

// A LineCache has the lines of the part that was read or asked for last, as readers go through one part after the other. It is
// for types that implement [Parts]. The zero value is empty; a LineCache is safe for concurrent use and must not be copied.
type LineCache struct {
	mu    sync.Mutex
	name  string
	src   []byte
	lines *diag.Lines
}

// remember keeps the bytes of a part that was read, in case that places in it are asked for.
func (c *LineCache) Remember(name string, src []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.name, c.src, c.lines = name, src, nil
}

// Locate returns the place of a byte of a part. read gives the bytes of the part where they are not those that the cache has.
func (c *LineCache) Locate(name string, offset int, read func() ([]byte, error)) diag.Location {
	c.mu.Lock()
	if c.name != name {
		c.mu.Unlock()
		src, err := read()
		if err != nil {
			return diag.Location{File: name}
		}
		c.mu.Lock()
		c.name, c.src, c.lines = name, src, nil
	}
	if c.lines == nil {
		c.lines = diag.NewLines(c.src)
	}
	lines := c.lines
	c.mu.Unlock()
	at := lines.Position(offset)
	return diag.Location{File: name, Start: at, End: at}
}

// changed are parts with a change made.
type changed struct {
	Parts
	change *Change
	names  []string
	lines  LineCache
}

func (p *changed) Names() []string { return slices.Clone(p.names) }

func (p *changed) Open(name string) (fs.File, error) {
	if e := p.change.parts[Fold(name)]; e != nil {
		data, err := p.ReadPart(name)
		if err != nil {
			return nil, err
		}
		return memfs.OpenFile(name, data, time.Time{}), nil
	}
	if _, found := slices.BinarySearch(p.names, name); found {
		return p.Parts.Open(name)
	}
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return p.openDir(name)
}

// openDir opens a directory, which is what names begin with.
func (p *changed) openDir(name string) (fs.File, error) {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	var entries []fs.DirEntry
	seen := map[string]bool{}
	for _, part := range p.names {
		rest, ok := strings.CutPrefix(part, prefix)
		if !ok {
			continue
		}
		base, _, dir := strings.Cut(rest, "/")
		if seen[base] {
			continue
		}
		seen[base] = true
		entries = append(entries, memfs.Entry{Base: base, Dir: dir, Length: -1, Read: func() ([]byte, error) { return p.ReadPart(part) }})
	}
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return memfs.OpenDir(name, entries, time.Time{}), nil
}

func (p *changed) ReadPart(name string) ([]byte, error) {
	e := p.change.parts[Fold(name)]
	if e == nil {
		return p.Parts.ReadPart(name)
	}
	if e.Op == RemovePart {
		return nil, absent(name)
	}
	var src []byte
	if e.Op == SplicePart {
		var err error
		if src, err = p.Parts.ReadPart(name); err != nil {
			return nil, err
		}
	}
	return e.Apply(src), nil
}

func (p *changed) Locate(name string, offset int) diag.Location {
	e := p.change.parts[Fold(name)]
	if e == nil {
		return p.Parts.Locate(name, offset)
	}
	at := p.lines.Locate(e.Name, offset, func() ([]byte, error) { return p.ReadPart(name) })
	if e.Op == SplicePart {
		at.File = p.Parts.Locate(name, 0).File
	}
	return at
}
