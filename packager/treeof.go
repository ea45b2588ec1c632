package packager

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// TreeOptions says what a tree is made of. nil and the zero value mean the defaults.
type TreeOptions struct {
	// Limits bounds the parts as it does the entries of a zip; nil means the defaults.
	Limits *Limits
	// AnyKind says that the source of the parts is the same for unmanaged and managed packages, so that Pack makes either.
	AnyKind bool
	// Diagnostics are what reading the source has found. They are findings of the tree as well.
	Diagnostics diag.List
}

// TreeOf returns the tree of parts that are read from another source than a zip or a tree, such as another layout of files. Its
// files are those of [Unpack]; places, in findings and of its parts, are those of the source, as long as the tree is not changed.
func TreeOf(parts solution.Parts, opts *TreeOptions) (*Tree, error) {
	if opts == nil {
		opts = &TreeOptions{}
	}
	p, err := packageOf(parts, nil, opts.Limits.withDefaults())
	if err != nil {
		return nil, (&origin{parts: parts}).error(err)
	}
	p.traced = true
	t, err := Unpack(p, nil)
	if err != nil {
		return nil, (&origin{parts: parts}).error(err)
	}
	t.anyKind = opts.AnyKind
	t.origin = newOrigin(t, parts)
	if t.manifest, err = solution.ReadManifest(parts); err != nil {
		return nil, err
	}
	t.found = append(slices.Clone(opts.Diagnostics), t.origin.list(t.found)...)
	t.found.Sort()
	return t, nil
}

// traced says of a file of these bytes where in customizations.xml it is from.
func traced(f *file, data []byte, record *xmlspan.Record) *file {
	f.trace = func(r *xmlspan.Record) (string, []byte) {
		*r = *record
		return customizationsPart, data
	}
	return f
}

// An origin tells where the bytes of a tree's files are from. nil says that they are from the files.
type origin struct {
	parts solution.Parts
	tree  *Tree
	mu    sync.Mutex
	made  map[string]*madeFile // by path, of files that were written of parts
}

func newOrigin(t *Tree, parts solution.Parts) *origin {
	return &origin{parts: parts, tree: t, made: map[string]*madeFile{}}
}

// A madeFile is the record of a file that was written of a part.
type madeFile struct {
	part   string
	mark   int // length of the byte order mark in front of what the record counts in
	record *xmlspan.Record
	text   []byte
}

// place returns where a byte of a file of the tree is from, at itself if that is not known.
func (o *origin) place(file string, offset int, at diag.Location) diag.Location {
	if o == nil || o.tree == nil {
		return at
	}
	f := o.tree.findFold(file)
	switch {
	case f == nil:
		return at
	case f.entry != nil:
		return o.parts.Locate(f.entry.part, offset)
	case f.trace == nil:
		return at
	}
	m := o.file(f)
	place, ok := m.record.At(offset)
	if !ok {
		return diag.Location{File: o.parts.Locate(m.part, 0).File}
	}
	return o.parts.Locate(m.part, place.Offset+m.mark)
}

// file writes a file again for its record, once.
func (o *origin) file(f *file) *madeFile {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.made[f.path]
	if m == nil {
		m = &madeFile{record: &xmlspan.Record{}}
		m.part, m.text = f.trace(m.record)
		if src, err := o.parts.ReadPart(m.part); err == nil && bytes.HasPrefix(src, byteOrderMark) {
			m.mark = len(byteOrderMark)
		}
		o.made[f.path] = m
	}
	return m
}

// location turns a place in a file of the tree, or in a part, into that of the source.
func (o *origin) location(at diag.Location) diag.Location {
	if o == nil {
		return at
	}
	if o.tree != nil {
		if f := o.tree.findFold(at.File); f != nil && (f.trace != nil || f.entry != nil) {
			return o.span(at, func(pos diag.Position) diag.Location {
				offset := pos.Offset
				if f.trace != nil {
					offset = offsetOf(o.file(f).text, pos)
				}
				return o.place(at.File, offset, at)
			})
		}
	}
	if fold(at.File) != fold(solutionPart) && fold(at.File) != fold(customizationsPart) && !slices.Contains(o.parts.Names(), at.File) {
		return at
	}
	return o.span(at, func(pos diag.Position) diag.Location { return o.parts.Locate(at.File, pos.Offset) })
}

// span turns both ends of a place. What ends in another file than it begins in ends where it begins.
func (o *origin) span(at diag.Location, place func(diag.Position) diag.Location) diag.Location {
	if !at.Start.IsValid() {
		return diag.Location{File: place(diag.Position{}).File, Path: at.Path}
	}
	out := place(at.Start)
	out.Path, out.End = at.Path, out.Start
	if !at.End.IsValid() {
		return out
	}
	if end := place(at.End); end.File == out.File && end.Start.Offset > out.Start.Offset {
		out.End = end.Start
	}
	return out
}

// offsetOf returns the offset of a line and column of text.
func offsetOf(text []byte, pos diag.Position) int {
	offset := 0
	for range pos.Line - 1 {
		n := bytes.IndexByte(text[offset:], '\n')
		if n < 0 {
			return len(text)
		}
		offset += n + 1
	}
	for column := 1; column < pos.Column && offset < len(text); column++ {
		_, n := utf8.DecodeRune(text[offset:])
		offset += n
	}
	return offset
}

// list turns the places of findings. Fixes are of files that the source does not have, so they are left out.
func (o *origin) list(list diag.List) diag.List {
	if o == nil {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		d := &out[i]
		from := d.Location.File
		if strings.Contains(d.Message, otherSolution) {
			d.Message = strings.ReplaceAll(d.Message, otherSolution, o.rootsFile())
		}
		d.Location = o.location(d.Location)
		if d.Location.File != from {
			d.Fixes = nil
		}
		d.Related = slices.Clone(d.Related)
		for j := range d.Related {
			d.Related[j].Location = o.location(d.Related[j].Location)
		}
	}
	out.Sort()
	return out
}

// rootsFile is the file of the source that lists root components, which findings ask to change.
func (o *origin) rootsFile() string {
	src, err := o.parts.ReadPart(solutionPart)
	if err != nil {
		return solutionPart
	}
	return o.parts.Locate(solutionPart, max(bytes.Index(src, []byte("<RootComponents")), 0)).File
}

// error turns the place of an error.
func (o *origin) error(err error) error {
	if o == nil || err == nil {
		return err
	}
	var syntax *solution.SyntaxError
	var own *Error
	var failed *diag.FailedError
	switch {
	case errors.As(err, &failed) && errors.As(err, &own):
		list := o.list(failed.List)
		return &Error{Op: own.Op, Path: own.Path, Err: list.Err()}
	case errors.As(err, &syntax):
		at := o.location(diag.Location{File: syntax.File, Start: syntax.Pos})
		return &solution.SyntaxError{File: at.File, Pos: at.Start, Err: syntax.Err}
	case errors.As(err, &own) && own.Path != "":
		return &Error{Op: own.Op, Path: o.location(diag.Location{File: own.Path}).File, Err: own.Err}
	}
	return err
}
