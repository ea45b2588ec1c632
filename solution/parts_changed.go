package solution

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution/diag"
)

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
