package yamlsource

import (
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// parts are those of a solution in YAML.
type parts struct {
	src    *source
	byFold map[string]*part
	names  []string // sorted
}

// A part is a file of the source, or made of some.
type part struct {
	name string
	file *sourceFile            // the bytes are those of the file
	make func() ([]byte, error) // they are made of other files
	data []byte                 // they are those of XML that was written
	// record says where XML is from, by the numbers of YAML files.
	record xmlspan.Record
}

// add adds a part. Two of one name are refused but where both are one file.
func (p *parts) add(x *part, from string) error {
	key := fold(x.name)
	if have := p.byFold[key]; have != nil {
		if have.file != nil && have.file == x.file {
			return nil
		}
		return errorf(p.src.base+from, "%w: two files become %s: rename one", errFormat, x.name)
	}
	if len(p.byFold) >= p.src.lim.Files {
		return errorf(p.src.base+from, "%w: more than %d parts", errLimit, p.src.lim.Files)
	}
	p.byFold[key] = x
	p.names = append(p.names, x.name)
	return nil
}

func (p *parts) Names() []string { return slices.Clone(p.names) }

func (p *parts) ReadPart(name string) ([]byte, error) {
	x := p.byFold[fold(name)]
	switch {
	case x == nil:
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	case x.make != nil:
		return x.make()
	case x.file == nil:
		return x.data, nil
	}
	data, err := p.src.bytes(x.file)
	if err == nil {
		p.src.lines.Remember(p.src.base+x.file.path, data)
	}
	return data, err
}

func (p *parts) Locate(name string, offset int) diag.Location {
	x := p.byFold[fold(name)]
	switch {
	case x == nil:
		return diag.Location{File: name}
	case x.make != nil:
		return diag.Location{File: p.src.base + x.file.path}
	case x.file != nil:
		return p.src.lines.Locate(p.src.base+x.file.path, offset, p.src.readAny)
	}
	at, ok := x.record.At(offset)
	if !ok {
		return diag.Location{File: name}
	}
	return p.src.lines.Locate(p.src.base+p.src.read[at.Source], at.Offset, p.src.readAny)
}

// Open implements [fs.FS].
func (p *parts) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if _, ok := slices.BinarySearch(p.names, name); ok {
		data, err := p.ReadPart(name)
		if err != nil {
			return nil, err
		}
		return memfs.OpenFile(name, data, time.Time{}), nil
	}
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	var entries []fs.DirEntry
	seen := map[string]bool{}
	first, _ := slices.BinarySearch(p.names, prefix)
	for _, part := range p.names[first:] {
		rest, in := strings.CutPrefix(part, prefix)
		if !in {
			break
		}
		base, _, dir := strings.Cut(rest, "/")
		if !seen[base] {
			seen[base] = true
			e := memfs.Entry{Base: base, Dir: dir}
			if !dir {
				e.Length, e.Read = -1, func() ([]byte, error) { return p.ReadPart(part) }
			}
			entries = append(entries, e)
		}
	}
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return memfs.OpenDir(name, entries, time.Time{}), nil
}
