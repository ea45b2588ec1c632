package model

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// appLimits are how much of one app is inflated.
var appLimits = msapp.Limits{Entries: 20_000, EntryBytes: 64 << 20, TotalBytes: 512 << 20}

// A CanvasDocument is the document of a canvas app, an archive with screens, components, data sources and resources. It is
// [solution.Parts]: its entries are read as parts are, with "/" in their names, and their places are those of the file of the app with
// the entry behind it. Entries are inflated when somebody reads them, and the last one is kept.
//
// What the document of an app holds was observed on exports; the platform says of no file but the sources (Src) that it keeps its form.
type CanvasDocument struct {
	app  *msapp.App
	name string
	at   diag.Location

	mu    sync.Mutex
	last  string // the entry that was read last, with its bytes and lines
	src   []byte
	lines *diag.Lines
}

// Document reads the directory of the app's document; nil if the solution has none. Of a source tree it is that which would be packed,
// with what was edited in the folder of the app. The error is that of [ReadCanvasDocument].
func (a CanvasApp) Document() (*CanvasDocument, error) {
	file := a.File()
	if file == "" {
		return nil, nil
	}
	return ReadCanvasDocument(a.m.parts, file)
}

// ReadCanvasDocument is [CanvasApp.Document] for a part of which there is no model. The error is one of reading the part, or says what
// is no document of an app: damaged, encrypted, or with more than 20,000 entries, 64 MiB in one or 512 MiB in all.
func ReadCanvasDocument(p solution.Parts, part string) (*CanvasDocument, error) {
	src, err := p.ReadPart(part)
	if err != nil {
		return nil, err
	}
	at := p.Locate(part, 0)
	app, err := msapp.Parse(src, &appLimits)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", at.File, err)
	}
	return &CanvasDocument{app: app, name: part, at: at}, nil
}

// Open opens no entry: it is there for [solution.Parts].
func (d *CanvasDocument) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
}

// Names returns the names of the entries, sorted.
func (d *CanvasDocument) Names() []string {
	var out []string
	for _, e := range d.app.Entries() {
		out = append(out, e.Path)
	}
	slices.Sort(out)
	return out
}

// ReadPart reads an entry. The bytes must not be changed.
func (d *CanvasDocument) ReadPart(name string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read(name)
}

// read reads an entry with the lock held.
func (d *CanvasDocument) read(name string) ([]byte, error) {
	if name == d.last && name != "" {
		return d.src, nil
	}
	e := d.app.Find(name)
	if e == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	src, err := e.Read()
	if err != nil {
		return nil, fmt.Errorf("%s/%s: %w", d.name, name, err)
	}
	d.last, d.src, d.lines = name, src, nil
	return src, nil
}

// Locate gives the file of the app with the entry behind it, and line and column in the entry.
func (d *CanvasDocument) Locate(name string, offset int) diag.Location {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := diag.Location{File: d.at.File + "/" + name}
	if src, err := d.read(name); err == nil {
		if d.lines == nil {
			d.lines = diag.NewLines(src)
		}
		at.Start = d.lines.Position(min(offset, len(src)))
	}
	return at
}

// has reports whether there is an entry, whatever the case of its name.
func (d *CanvasDocument) has(name string) bool { return d.app.Find(name) != nil }

// below returns the names of the entries in a folder, with an ending, sorted.
func (d *CanvasDocument) below(dir, ending string) []string {
	return slices.DeleteFunc(d.Names(), func(name string) bool {
		folded := strings.ToLower(name)
		return !strings.HasPrefix(folded, dir) || !strings.HasSuffix(folded, ending)
	})
}
