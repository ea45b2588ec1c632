package yamlsource

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A source is the root of a source tree and the files in it.
type source struct {
	fsys   fs.FS
	base   string // the root in fsys, with a slash behind it unless it is empty
	files  []sourceFile
	lim    packager.Limits
	read   []string // YAML files that were read, by number
	left   int64    // how many bytes of YAML may still be read
	lines  solution.LineCache
	used   map[string]bool
	found  diag.List
	counts map[string]int // of found by rule
}

// A sourceFile is a file below the root.
type sourceFile struct {
	key  string // its path, folded
	path string
	size int64
}

func fold(name string) string { return solution.Fold(name) }

// withDefaults fills in what lim leaves open, as package packager documents it.
func withDefaults(lim *packager.Limits) packager.Limits {
	var l packager.Limits
	if lim != nil {
		l = *lim
	}
	l.Files = cmp.Or(max(l.Files, 0), 100_000)
	l.FileBytes = cmp.Or(max(l.FileBytes, 0), 1<<30)
	l.TotalBytes = cmp.Or(max(l.TotalBytes, 0), 4<<30)
	l.XMLBytes = cmp.Or(max(l.XMLBytes, 0), 128<<20)
	l.PathBytes = cmp.Or(max(l.PathBytes, 0), 1024)
	l.PathDepth = cmp.Or(max(l.PathDepth, 0), 64)
	return l
}

// How far and how long a folder is searched for roots.
const (
	maxSearchDepth = 6
	maxSearch      = 20_000
)

const solutionFile = "solution.yml"

// roots finds the folders that hold solutions/<name>/solution.yml, in fsys or below. The root itself hides those below it.
func roots(fsys fs.FS) ([]string, error) {
	names, err := solutionsIn(fsys, ".")
	if err != nil || len(names) > 0 {
		return []string{"."}, err
	}
	var found []string
	seen := 0
	err = memfs.Walk(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if seen++; seen > maxSearch {
			return fs.SkipAll
		}
		switch {
		case err != nil && name == ".":
			return err
		case err != nil:
			return fs.SkipDir
		case !d.IsDir() || name == ".":
			return nil
		case strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || strings.Count(name, "/") >= maxSearchDepth:
			return fs.SkipDir
		}
		if names, err := solutionsIn(fsys, name); err != nil || len(names) == 0 {
			return nil // what can't be read is no root
		}
		found = append(found, name)
		return fs.SkipDir
	})
	return found, err
}

// solutionsIn returns the names of the folders that hold a solution.yml in the folder of solutions of a root.
func solutionsIn(fsys fs.FS, root string) ([]string, error) {
	list, err := memfs.ReadDir(fsys, root)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range list {
		if !strings.EqualFold(d.Name(), solutionsFolder) || !d.IsDir() {
			continue
		}
		dir := path.Join(root, d.Name())
		folders, err := memfs.ReadDir(fsys, dir)
		if err != nil {
			return nil, err
		}
		for _, f := range folders {
			if !f.IsDir() {
				continue
			}
			files, err := memfs.ReadDir(fsys, path.Join(dir, f.Name()))
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(files, func(x fs.DirEntry) bool { return strings.EqualFold(x.Name(), solutionFile) && !x.IsDir() }) {
				names = append(names, f.Name())
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

// Solutions returns the names of the solutions in fsys, a root of the format or a folder above one; none if it is neither.
func Solutions(fsys fs.FS) ([]string, error) {
	found, err := roots(fsys)
	var names []string
	for _, root := range found {
		in, err := solutionsIn(fsys, root)
		if err != nil {
			return nil, &packager.Error{Op: "load", Path: root, Err: err}
		}
		names = append(names, in...)
	}
	if err != nil {
		return nil, &packager.Error{Op: "load", Err: err}
	}
	return names, nil
}

// open lists the files of the one root in fsys.
func open(fsys fs.FS, lim *packager.Limits) (*source, error) {
	found, err := roots(fsys)
	switch {
	case err != nil:
		return nil, &packager.Error{Op: "load", Err: err}
	case len(found) == 0:
		return nil, errorf(solutionsFolder, "%w: no YAML source: there is no %s/<name>/%s", errFormat, solutionsFolder, solutionFile)
	case len(found) > 1:
		return nil, errorf(found[0], "%w: several folders hold YAML sources (%s): give one of them", errFormat, strings.Join(found, ", "))
	}
	s := &source{fsys: fsys, lim: withDefaults(lim), used: map[string]bool{}, counts: map[string]int{}}
	s.left = s.lim.XMLBytes
	if found[0] != "." {
		s.base = found[0] + "/"
	}
	if err := s.list(found[0]); err != nil {
		var own *packager.Error
		if errors.As(err, &own) {
			return nil, err
		}
		return nil, &packager.Error{Op: "load", Err: err}
	}
	return s, nil
}

// list lists the files below a root. Names that begin with a dot are left out, as in trees.
func (s *source) list(root string) error {
	var total int64
	err := memfs.Walk(s.fsys, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != root && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return nil
		}
		rel := strings.TrimPrefix(name, s.base)
		if !d.Type().IsRegular() {
			s.find(ruleNotRegular, name, "%s is not a regular file: it is left out", name)
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size := info.Size()
		switch total += size; {
		case len(name) > s.lim.PathBytes || strings.Count(name, "/") > s.lim.PathDepth:
			return errorf(name[:min(len(name), 200)], "%w: a path of %d bytes and %d folders", errLimit, len(name), strings.Count(name, "/"))
		case len(s.files) >= s.lim.Files:
			return errorf(name, "%w: more than %d files", errLimit, s.lim.Files)
		case size > s.lim.FileBytes:
			return errorf(name, "%d bytes: %w of %d", size, errLimit, s.lim.FileBytes)
		case total > s.lim.TotalBytes:
			return errorf(name, "more than %d bytes up to here: %w", s.lim.TotalBytes, errLimit)
		}
		s.files = append(s.files, sourceFile{fold(rel), rel, size})
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(s.files, func(a, b sourceFile) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.path, b.path)) })
	for i := 1; i < len(s.files); i++ {
		if a, b := s.files[i-1], s.files[i]; a.key == b.key {
			return errorf(s.base+b.path, "%w: %s differs from it in letter case only: remove one", errFormat, a.path)
		}
	}
	return nil
}

// file finds a file by its path, in any letter case.
func (s *source) file(name string) *sourceFile {
	i, ok := slices.BinarySearchFunc(s.files, fold(name), func(f sourceFile, key string) int { return cmp.Compare(f.key, key) })
	if !ok {
		return nil
	}
	return &s.files[i]
}

// below returns the files in a folder and the folders in it.
func (s *source) below(dir string) []sourceFile {
	key := fold(dir) + "/"
	i, _ := slices.BinarySearchFunc(s.files, key, func(f sourceFile, key string) int { return cmp.Compare(f.key, key) })
	n := i
	for n < len(s.files) && strings.HasPrefix(s.files[n].key, key) {
		n++
	}
	return s.files[i:n]
}

// within returns the path of a file below a folder that it is in, whose letters may be of another case there.
func within(f sourceFile, dir string) string {
	rest := f.path
	if dir != "" {
		for range strings.Count(dir, "/") + 1 {
			_, rest, _ = strings.Cut(rest, "/")
		}
	}
	return rest
}

// folders returns the folders in a folder, "" for the root, in the order of their names in small letters.
func (s *source) folders(dir string) []string {
	list := s.files
	if dir != "" {
		list = s.below(dir)
	}
	var names []string
	seen := map[string]bool{}
	for _, f := range list {
		name, _, in := strings.Cut(within(f, dir), "/")
		if in && !seen[fold(name)] {
			seen[fold(name)] = true
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a), strings.ToLower(b)), cmp.Compare(a, b))
	})
	return names
}

// bytes reads a file.
func (s *source) bytes(f *sourceFile) ([]byte, error) {
	data, err := memfs.ReadFile(s.fsys, s.base+f.path, s.lim.FileBytes, errLimit)
	if err != nil {
		return nil, &packager.Error{Op: "load", Path: s.base + f.path, Err: err}
	}
	return data, nil
}

// element reads the root element of a YAML file, which is used then.
func (s *source) element(f *sourceFile) (*element, error) {
	s.used[f.key] = true
	name := s.base + f.path
	if f.size > maxFile {
		return nil, errorf(name, "%d bytes: %w of %d for a YAML file", f.size, errLimit, maxFile)
	}
	data, err := s.bytes(f)
	if err != nil {
		return nil, err
	}
	if s.left -= int64(len(data)); s.left < 0 {
		return nil, errorf(name, "the YAML files have more than %d bytes up to here: %w: raise Limits.XMLBytes if there is the memory for it", s.lim.XMLBytes, errLimit)
	}
	if isPointer(data) {
		return nil, errorf(name, "%w: a Git LFS pointer, and not the file: run git lfs pull", errFormat)
	}
	s.read = append(s.read, f.path)
	return parse(name, int32(len(s.read)-1), data)
}

func isPointer(data []byte) bool {
	return strings.HasPrefix(string(data[:min(len(data), 64)]), "version https://git-lfs.github.com/spec/")
}

// root reads a YAML file whose root element must have that name.
func (s *source) root(f *sourceFile, name string) (*element, error) {
	e, err := s.element(f)
	if err == nil && e.name != name {
		err = s.errorAt(e.at, "%w: the root element is %s, and should be %s", errFormat, e.name, name)
	}
	return e, err
}

// location returns the place of a byte of a YAML file that was read.
func (s *source) location(at place) diag.Location {
	return s.lines.Locate(s.base+s.read[at.file], int(at.offset), s.readAny)
}

// readAny reads a file by its name in the file system.
func (s *source) readAny(name string) ([]byte, error) {
	return memfs.ReadFile(s.fsys, name, s.lim.FileBytes, errLimit)
}

func (s *source) errorAt(at place, format string, args ...any) error {
	place := s.location(at)
	return &solution.SyntaxError{File: place.File, Pos: place.Start, Err: fmt.Errorf(format, args...)}
}

func errorf(file, format string, args ...any) error {
	return &packager.Error{Op: "load", Path: file, Err: fmt.Errorf(format, args...)}
}

func (s *source) find(r diag.Rule, file, format string, args ...any) {
	s.findAt(r, diag.Location{File: file}, format, args...)
}

// maxFindings is how many findings of one rule are made.
const maxFindings = 1000

func (s *source) findAt(r diag.Rule, at diag.Location, format string, args ...any) {
	s.counts[r.ID]++
	n := s.counts[r.ID]
	if n > maxFindings+1 {
		return
	}
	message := fmt.Sprintf(format, args...)
	if n > maxFindings {
		message = "and more findings of this rule"
	}
	s.found = append(s.found, diag.Diagnostic{Rule: r.ID, Severity: r.Severity, Message: message, Location: at})
}
