package packager

import (
	"bytes"
	"cmp"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/internal/zipw"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A file is one file of a tree. Its bytes are made or read when they are asked for.
type file struct {
	path    string
	key     string // the path folded, of a file in a fileSystem
	size    int64  // -1 if it is known only after reading
	weight  int64  // then, about how many bytes it will be
	load    func() ([]byte, error)
	cutting *cutting // makes the bytes in the place of load, if it is not nil
	shared  bool     // read gives the same bytes each time, which must not be changed
	entry   *entry   // the entry of a zip that holds the bytes, if one does
	raw     bool     // the entry belongs to no section

	elsewhere string      // where the bytes stand by a [Map]; empty for those of the tree
	spans     []span      // of customizations.xml, if it is made of these
	ahead     *zipw.Ahead // compresses the bytes while they are made; nil: nothing does
	// trace writes it again and notes where it is from in a part; nil if it is not from one.
	trace func(*xmlspan.Record) (part string, text []byte)
}

func memoryFile(p string, data []byte) *file {
	return &file{path: p, size: int64(len(data)), shared: true, load: func() ([]byte, error) { return data, nil }}
}

// read returns the bytes of f.
func (f *file) read() ([]byte, error) {
	if f.cutting != nil {
		return f.cutting.render(f.cutting.format), nil
	}
	return f.load()
}

// A Tree is the source tree of a solution: what the reference tool calls the unpacked folder. It is
// immutable and an [fs.FS]; files are made from spans of the zip, or read, when they are asked for. It is safe for
// concurrent use if what it is made of is: the reader of the zip, or the file system.
type Tree struct {
	sys      *fileSystem
	manifest *solution.Manifest
	limits   Limits
	found    diag.List
	mapping  *Map         // nil: everything stands in the tree
	joined   *joinedParts // made when they are asked for
	origin   *origin      // what the files are made of, if places are to be those of it
	anyKind  bool         // Pack makes packages of either kind

	// Of the half of a tree of both kinds: that tree, where files of the half stand, by folded path, if elsewhere, and the version
	// to pack if it is not that of its manifest.
	whole   *Tree
	stands  map[string]string
	version solution.Version
}

// Manifest returns the manifest in Other/Solution.xml. Its kind is [solution.Both] for a tree that holds
// both forms.
func (t *Tree) Manifest() *solution.Manifest { return t.manifest }

// kinds are those of the packages that t makes.
func (t *Tree) kinds() []solution.Kind {
	if kind := t.manifest.Kind(); kind != solution.Both {
		return []solution.Kind{kind}
	}
	return []solution.Kind{solution.Unmanaged, solution.Managed}
}

// Diagnostics returns what Unpack or Load saw: rescues, names that are not portable, and so on.
func (t *Tree) Diagnostics() diag.List { return slices.Clone(t.found) }

// Names returns the paths of all files, sorted.
func (t *Tree) Names() []string {
	names := make([]string, len(t.sys.files))
	for i, f := range t.sys.files {
		names[i] = f.path
	}
	return names
}

// ReadFile implements [fs.ReadFileFS].
func (t *Tree) ReadFile(name string) ([]byte, error) {
	f, ok := t.sys.find(name)
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	data, err := f.read()
	if f.shared {
		data = bytes.Clone(data)
	}
	return data, err
}

// Open implements [fs.FS].
func (t *Tree) Open(name string) (fs.File, error) { return openFile(t.sys, name) }

// fileSystem is a sorted set of files.
type fileSystem struct {
	files  []*file
	folded sync.Once
	byFold map[string]*file // the first of several, made when it is asked for
}

func (s *fileSystem) sort() {
	for _, f := range s.files {
		if f.key == "" {
			f.key = fold(f.path)
		}
	}
	slices.SortFunc(s.files, func(a, b *file) int { return cmp.Compare(a.path, b.path) })
}

func (s *fileSystem) find(name string) (*file, bool) {
	i, ok := slices.BinarySearchFunc(s.files, name, func(f *file, name string) int { return cmp.Compare(f.path, name) })
	if !ok {
		return nil, false
	}
	return s.files[i], true
}

// alike finds a file whose path may differ in letter case, nil if there is none. The files must not change afterwards.
func (s *fileSystem) alike(p string) *file {
	s.folded.Do(func() {
		s.byFold = make(map[string]*file, len(s.files))
		for _, f := range s.files {
			if s.byFold[f.key] == nil {
				s.byFold[f.key] = f
			}
		}
	})
	return at(s.byFold, p)
}

// openFile opens a file or a directory of s.
func openFile(s *fileSystem, name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if f, ok := s.find(name); ok {
		data, err := f.read()
		if err != nil {
			return nil, &fs.PathError{Op: "open", Path: name, Err: err}
		}
		return memfs.OpenFile(name, data, fixedTime), nil
	}
	entries := s.readDir(name)
	if len(entries) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return memfs.OpenDir(name, entries, fixedTime), nil
}

func (s *fileSystem) readDir(name string) []fs.DirEntry {
	prefix := name + "/"
	if name == "." {
		prefix = ""
	}
	start, _ := slices.BinarySearchFunc(s.files, prefix, func(f *file, p string) int { return cmp.Compare(f.path, p) })
	seen := map[string]bool{}
	var out []fs.DirEntry
	for _, f := range s.files[start:] {
		rest, ok := strings.CutPrefix(f.path, prefix)
		if !ok {
			break
		}
		base, _, isDir := strings.Cut(rest, "/")
		if seen[base] {
			continue
		}
		seen[base] = true
		info := memfs.Entry{Base: base, Dir: isDir, Modified: fixedTime}
		if !isDir {
			info.Length, info.Read = f.size, f.read
		}
		out = append(out, info)
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return out
}
