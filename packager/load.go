package packager

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
)

// Load reads the directory of a source tree in fsys: what Unpack or the reference tool wrote, edited
// since or not. Files are read when they are needed, so fsys must not change as long as the tree is
// used. Files and folders whose name begins with a dot are left out but in the folders of components (see the package
// comment), and so is everything that is no regular file. What is no tree, but is known to be something else or to hold solutions, is a [*NotSolutionError].
// lim may be nil.
//
// The tree is safe for concurrent use if fsys is.
func Load(fsys fs.FS, lim *Limits) (*Tree, error) {
	if !IsTree(fsys) {
		return nil, noTree(fsys)
	}
	t := &Tree{sys: &fileSystem{}, limits: lim.withDefaults(), joined: &joinedParts{}}
	var total int64
	folded := map[string]string{}
	err := memfs.Walk(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != "." && strings.HasPrefix(d.Name(), ".") && isHidden(p) {
			if left, ok := leftOut(p, d.IsDir()); ok {
				t.found = append(t.found, left)
			}
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !d.Type().IsRegular() {
			t.found = append(t.found, finding(ruleNotRegular, p, "%s is not a regular file: it is left out", p))
			return nil
		}
		if err := t.limits.path(p); err != nil {
			return &Error{Op: "load", Path: shortened(p), Err: err}
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size := info.Size()
		switch total += size; {
		case len(t.sys.files) >= t.limits.Files:
			return errorf("load", p, "more than %d files: %w", t.limits.Files, ErrLimit)
		case size > t.limits.FileBytes:
			return errorf("load", p, "%d bytes: %w of %d", size, ErrLimit, t.limits.FileBytes)
		case total > t.limits.TotalBytes:
			return errorf("load", p, "more than %d bytes up to here: %w", t.limits.TotalBytes, ErrLimit)
		}
		if other, ok := folded[fold(p)]; ok {
			t.found = append(t.found, finding(ruleCaseCollision, p, "%s and %s differ in letter case only: rename one", p, other))
		}
		folded[fold(p)] = p
		t.sys.files = append(t.sys.files, &file{path: p, size: size, load: func() ([]byte, error) {
			return memfs.ReadFile(fsys, p, t.limits.FileBytes, ErrLimit)
		}})
		return nil
	})
	if err != nil {
		var own *Error
		if errors.As(err, &own) {
			return nil, err
		}
		return nil, &Error{Op: "load", Err: err}
	}
	t.sys.sort()
	for _, f := range t.sys.files {
		if d, bad := portability(f.path); bad && strings.Contains(f.path, "/") {
			t.found = append(t.found, d)
		}
		if d, long := longPath(f.path); long {
			t.found = append(t.found, d)
		}
	}
	if t.findFold(otherSolution) == nil {
		return nil, noTree(fsys)
	}
	if t.manifest, err = t.parsedManifest(); err != nil {
		return nil, err
	}
	if t.findFold(otherCustomizations) == nil {
		return nil, errorf("load", otherCustomizations, "%w: the tree has no Other/Customizations.xml", ErrFormat)
	}
	t.found.Sort()
	return t, nil
}

// parsedManifest reads Other/Solution.xml.
func (t *Tree) parsedManifest() (*solution.Manifest, error) {
	f := t.findFold(otherSolution)
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "load", Path: f.path, Err: err}
	}
	return parseManifest(data, f.path)
}

// IsTree reports whether fsys is the folder of a source tree: it has the file that holds the manifest of one, in any letter
// case. It is true also where this can't be told, because a folder can't be read; [Load] says why then.
func IsTree(fsys fs.FS) bool {
	name := "."
	for want := range strings.SplitSeq(otherSolution, "/") {
		list, err := memfs.ReadDir(fsys, name)
		if err != nil {
			return !errors.Is(err, fs.ErrNotExist)
		}
		i := slices.IndexFunc(list, func(d fs.DirEntry) bool { return fold(d.Name()) == fold(want) })
		if i < 0 {
			return false
		}
		name = path.Join(name, list[i].Name())
	}
	return true
}

// findFold finds a file whose path may differ in letter case; an exact match comes first.
func (t *Tree) findFold(p string) *file {
	if f, ok := t.sys.find(p); ok {
		return f
	}
	return t.sys.alike(p)
}
