package solution

import (
	"cmp"
	"io/fs"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// changed are parts with a change made.
type changed struct {
	Parts
	change *Change
	names  []string         // sorted
	starts map[string][]int // of spliced parts by folded name: where splices begin in the new bytes
	lines  LineCache        // of parts that are new
}

func newChanged(p Parts, c *Change) *changed {
	out := &changed{Parts: p, change: c, starts: map[string][]int{}}
	for _, name := range p.Names() {
		if e := c.parts[Fold(name)]; e == nil || e.Op != RemovePart {
			out.names = append(out.names, name)
		}
	}
	for key, e := range c.parts {
		switch e.Op {
		case AddPart:
			out.names = append(out.names, e.Name)
		case SplicePart:
			out.starts[key] = spliceStarts(e.Splices)
		}
	}
	slices.Sort(out.names)
	return out
}

// spliceStarts returns where splices that are in order begin in the bytes that they make.
func spliceStarts(splices []Splice) []int {
	starts := make([]int, len(splices))
	shift := 0
	for i, s := range splices {
		starts[i] = s.Start + shift
		shift += len(s.Text) - (s.End - s.Start)
	}
	return starts
}

// unspliced returns the offset in the bytes before splices that one behind them stands for: what a splice writes stands where
// it begins.
func unspliced(splices []Splice, starts []int, offset int) int {
	i := sort.SearchInts(starts, offset+1) - 1
	if i < 0 {
		return offset
	}
	if behind := offset - starts[i] - len(splices[i].Text); behind >= 0 {
		return splices[i].End + behind
	}
	return splices[i].Start
}

func (p *changed) Names() []string { return slices.Clone(p.names) }

func (p *changed) Open(name string) (fs.File, error) {
	_, found := slices.BinarySearch(p.names, name)
	switch {
	case !found:
		return p.openDir(name)
	case p.change.parts[Fold(name)] == nil:
		return p.Parts.Open(name)
	}
	data, err := p.ReadPart(name)
	if err != nil {
		return nil, err
	}
	return memfs.OpenFile(name, data, time.Time{}), nil
}

// openDir opens a directory, which is what names begin with.
func (p *changed) openDir(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	first, _ := slices.BinarySearch(p.names, prefix)
	var entries []fs.DirEntry
	seen := map[string]bool{}
	for _, part := range p.names[first:] {
		rest, in := strings.CutPrefix(part, prefix)
		if !in {
			break
		}
		base, _, dir := strings.Cut(rest, "/")
		if seen[base] {
			continue
		}
		seen[base] = true
		switch {
		case dir:
			entries = append(entries, memfs.Entry{Base: base, Dir: true})
		case p.change.parts[Fold(part)] != nil:
			entries = append(entries, memfs.Entry{Base: base, Length: -1, Read: func() ([]byte, error) { return p.ReadPart(part) }})
		default:
			entries = append(entries, sourceEntry{p.Parts, base, part})
		}
	}
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return memfs.OpenDir(name, entries, time.Time{}), nil
}

// A sourceEntry is a file that does not change.
type sourceEntry struct {
	fsys       fs.FS
	base, part string
}

func (e sourceEntry) Name() string               { return e.base }
func (e sourceEntry) IsDir() bool                { return false }
func (e sourceEntry) Type() fs.FileMode          { return 0 }
func (e sourceEntry) Info() (fs.FileInfo, error) { return fs.Stat(e.fsys, e.part) }

func (p *changed) ReadPart(name string) ([]byte, error) {
	e := p.change.parts[Fold(name)]
	switch {
	case e == nil:
		return p.Parts.ReadPart(name)
	case e.Op == RemovePart:
		return nil, absent(name)
	case e.Op != SplicePart:
		return PartText(e.Name, e.Data)
	}
	src, err := p.Parts.ReadPart(e.Name)
	if err != nil {
		return nil, err
	}
	return e.Apply(src), nil
}

func (p *changed) Locate(name string, offset int) diag.Location {
	e := p.change.parts[Fold(name)]
	switch {
	case e == nil:
		return p.Parts.Locate(name, offset)
	case e.Op == RemovePart:
		return diag.Location{File: name}
	case e.Op == SplicePart:
		return p.Parts.Locate(e.Name, unspliced(e.Splices, p.starts[Fold(name)], offset))
	}
	at := p.lines.Locate(e.Name, offset, p.ReadPart)
	if e.Op == ReplacePart {
		at.File = p.Parts.Locate(e.Name, 0).File
	}
	return at
}
