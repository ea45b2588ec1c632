package packager

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Parts returns the solution in t: its parts, by the names that they have in the zip that [Pack] writes. They are joined at
// the first call; customizations.xml and solution.xml are kept, other parts are read when they are needed. Locations are those
// of the files of t. A tree of both kinds gives its unmanaged parts; [Tree.PartsAs] gives the others.
//
// Files that are not there are not parts; [Tree.Check] tells of them. XML that can't be read is an error.
func (t *Tree) Parts() (solution.Parts, error) { return t.PartsAs(*digestKind(t.manifest.Kind())) }

// PartsAs returns the parts of t for a package of that kind, which must be the kind of t, or either kind if t is of both.
func (t *Tree) PartsAs(kind solution.Kind) (solution.Parts, error) {
	p, err := t.parts(kind)
	if err != nil {
		return nil, t.origin.error(err)
	}
	return p, nil
}

// joinedParts remember the parts of a tree.
type joinedParts struct {
	mu     sync.Mutex
	byKind map[solution.Kind]*treeParts
}

func (t *Tree) parts(kind solution.Kind) (*treeParts, error) {
	t.joined.mu.Lock()
	defer t.joined.mu.Unlock()
	if p := t.joined.byKind[kind]; p != nil {
		return p, nil
	}
	p, err := joinParts(t, &PackOptions{Kind: &kind})
	if err != nil {
		return nil, err
	}
	if t.joined.byKind == nil {
		t.joined.byKind = map[solution.Kind]*treeParts{}
	}
	t.joined.byKind[kind] = p
	return p, nil
}

// treeParts are the parts of a source tree.
type treeParts struct {
	tree    *Tree
	kind    solution.Kind
	entries []packEntry // exact names, folders included, in the order of the zip
	names   []string
	byFold  map[string]*treePart
	sys     *fileSystem
	lines   solution.LineCache
	// readFile and readText give a file as it is and as positions in joined parts count in it, see [Tree.text]; made once.
	readFile, readText func(name string) ([]byte, error)
}

// A treePart is one part of a source tree: a file of it, or joined from several.
type treePart struct {
	name   string
	file   *file
	copies []string // other files of the tree with the same bytes, which other components name
	places *places  // of a joined one
}

// joinParts makes the parts of which opts would make a package.
func joinParts(t *Tree, opts *PackOptions) (*treeParts, error) {
	p, err := newAssembly(t, opts, &places{}, &places{}, nil)
	if err != nil {
		return nil, err
	}
	out := &treeParts{tree: p.tree, kind: p.kind, entries: p.entries, byFold: map[string]*treePart{}, sys: &fileSystem{},
		readFile: p.tree.raw, readText: p.tree.text}
	for _, e := range p.entries {
		name, reason := partName(e.name)
		key := fold(name)
		if e.file == nil || reason != "" || out.byFold[key] != nil {
			continue
		}
		part := &treePart{name: name, file: e.file, copies: p.copies[e.file.path]}
		switch e.file.path {
		case otherCustomizations:
			part.places = p.places
		case otherSolution:
			part.places = p.manifestPlaces
		}
		out.byFold[key] = part
		out.names = append(out.names, name)
		out.sys.files = append(out.sys.files, &file{path: name, size: e.file.size, load: e.file.read})
	}
	slices.Sort(out.names)
	out.sys.sort()
	return out, nil
}

// Names implements [solution.Parts].
func (p *treeParts) Names() []string { return slices.Clone(p.names) }

// Open implements [fs.FS].
func (p *treeParts) Open(name string) (fs.File, error) { return openFile(p.sys, name) }

// ReadPart implements [solution.Parts].
func (p *treeParts) ReadPart(name string) ([]byte, error) {
	part := at(p.byFold, name)
	if part == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	data, err := part.file.read()
	if err == nil && part.places == nil {
		p.lines.Remember(part.file.path, data)
	}
	return data, err
}

// Locate implements [solution.Parts].
func (p *treeParts) Locate(name string, offset int) diag.Location {
	loc := p.locate(name, offset)
	loc.File = p.tree.standing(loc.File)
	return loc
}

func (p *treeParts) locate(name string, offset int) diag.Location {
	part := at(p.byFold, name)
	switch {
	case part == nil:
		return diag.Location{File: name}
	case part.places == nil && p.tree.origin != nil:
		return p.tree.origin.place(part.file.path, offset, diag.Location{File: part.file.path})
	case part.places == nil:
		return p.lines.Locate(part.file.path, offset, p.readFile)
	}
	place, ok := part.places.record.At(offset)
	if !ok {
		return diag.Location{File: part.file.path}
	}
	span := part.places.spans[place.Source]
	if p.tree.origin != nil {
		return p.tree.origin.place(span.path, place.Offset+int(span.mark), diag.Location{File: span.path})
	}
	return p.lines.Locate(span.path, place.Offset+int(span.mark), p.readText)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// raw returns a file as it is. The bytes must not be changed.
func (t *Tree) raw(name string) ([]byte, error) {
	f := t.findFold(name)
	if f == nil {
		return nil, fs.ErrNotExist
	}
	return f.read()
}

// text returns an XML file as positions count in it: as it is if it is UTF-8, byte order mark included, else in UTF-8.
func (t *Tree) text(name string) ([]byte, error) {
	f := t.findFold(name)
	if f == nil {
		return nil, fs.ErrNotExist
	}
	raw, err := f.read()
	if err != nil || bytes.HasPrefix(raw, byteOrderMark) {
		return raw, err
	}
	return utf8XML(raw, name)
}

// packageOf makes a package of parts, as if a zip of them had been opened. entries are the exact names of parts that have
// another one, and folders; nil: there are none.
func packageOf(parts solution.Parts, entries []string, lim Limits) (*Package, error) {
	p := newPackage(&lim)
	if entries == nil {
		entries = parts.Names()
	}
	for _, name := range entries {
		part, reason := partName(name)
		if reason != "" {
			return nil, errorf("unpack", name, "%w: %s", ErrInsecurePath, reason)
		}
		e := &entry{name: name, part: part, visible: true, load: func() ([]byte, error) { return parts.ReadPart(part) }}
		p.entries = append(p.entries, e)
	}
	p.index()
	if err := p.readManifest(); err != nil {
		return nil, err
	}
	return p, nil
}

// names of the entries that parts of a tree have, exactly.
func (p *treeParts) entryNames(c *solution.Change) []string {
	var names, added []string
	gone := map[string]bool{}
	for x := range c.Parts() {
		switch x.Op {
		case solution.RemovePart:
			gone[fold(x.Name)] = true
		case solution.AddPart:
			added = append(added, x.Name)
		}
	}
	for _, e := range p.entries {
		if part, _ := partName(e.name); !at(gone, strings.TrimSuffix(part, "/")) {
			names = append(names, e.name)
		}
	}
	return append(names, added...)
}
