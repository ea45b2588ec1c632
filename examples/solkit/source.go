package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
)

// openZip opens a solution zip. The file must be closed when the package is no longer used.
func openZip(name string) (*packager.Package, *os.File, error) {
	f, err := openRegular(name)
	if err != nil {
		return nil, nil, err
	}
	p, err := readZip(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, f, nil
}

func readZip(f *os.File) (*packager.Package, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a file: give the zip of a solution")
	}
	return packager.Open(f, info.Size(), nil)
}

// loadTree reads the source tree in a folder, or that of the project in it, with the mapping file of its project, or the solution of that
// name of a YAML source; the name may be empty if there is one.
func loadTree(dir, name string) (*packager.Tree, error) {
	proj, tree, err := findProject(dir)
	if err != nil && !isTreeFolder(dir) {
		return nil, err
	}
	if err != nil { // a tree can be read without
		proj, tree = nil, dir
	}
	t, err := loadTreeSeen(tree, name, nil)
	if err != nil {
		return nil, err
	}
	m, err := chooseMap("", proj, tree)
	if err != nil || m == nil {
		return t, err
	}
	return t.WithMap(m), nil
}

// loadTreeSeen reads the source tree in a folder, and calls seen for each file that is read then or later, on any goroutine.
func loadTreeSeen(dir, name string, seen func(name string)) (*packager.Tree, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s: not a folder: give the folder of an unpacked solution", dir)
	}
	fsys, err := folderFS(dir)
	if err != nil {
		return nil, err
	}
	fsys.seen = seen
	t, err := readTree(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return t, nil
}

// readTree reads the source tree or the YAML source in fsys.
func readTree(fsys fs.FS, name string) (*packager.Tree, error) {
	if !packager.IsTree(fsys) {
		if names, err := yamlsource.Solutions(fsys); err == nil && len(names) > 0 {
			return yamlsource.Load(fsys, &yamlsource.Options{Solution: name})
		}
	} else if yaml := yamlManifest(fsys); yaml != "" {
		return nil, fmt.Errorf("the folder holds an unpacked solution and also, by %s, a YAML source; which one is meant can't be told: move one of them away", yaml)
	}
	return packager.Load(fsys, nil)
}

// yamlManifest returns the path of the manifest of a YAML source in fsys, or "".
func yamlManifest(fsys fs.FS) string {
	if found, err := fs.Glob(fsys, "solutions/*/solution.yml"); err == nil && len(found) > 0 {
		return found[0]
	}
	return ""
}

// errYAML is why a command does not change a folder.
var errYAML = errors.New("this is a YAML source, which is not changed in place: edit its files, or change the zip that pack makes")

// inPlace refuses to change the files of a folder that is no source tree.
func inPlace(dir string) error {
	fsys, err := folderFS(dir)
	if err == nil && !packager.IsTree(fsys) {
		err = fmt.Errorf("%s: %w", dir, errYAML)
	}
	return err
}

// A source is a ZIP|DIR argument. One of its fields is set.
type source struct {
	name string
	pkg  *packager.Package
	tree *packager.Tree
	file *os.File // of pkg
}

func openSource(j *job, name string) (*source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	s := &source{name: name}
	if info.IsDir() {
		s.tree, err = loadTree(name, j.solution)
	} else {
		s.pkg, s.file, err = openZip(name)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// parts returns the solution, which zip and folder have in one form.
func (s *source) parts() (solution.Parts, error) {
	if s.pkg != nil {
		return s.pkg, nil
	}
	return s.tree.Parts()
}

// has reports whether the source has a package of a kind.
func (s *source) has(kind solution.Kind) bool {
	have := s.manifest().Kind()
	return have == kind || have == solution.Both
}

// partsAs returns the parts of the package of a kind, of a source of both, else those that there are.
func (s *source) partsAs(kind solution.Kind) (solution.Parts, error) {
	if s.tree != nil && s.tree.Manifest().Kind() == solution.Both {
		return s.tree.PartsAs(kind)
	}
	return s.parts()
}

func (s *source) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// wrap puts the name in front of an error about the source.
func (s *source) wrap(err error) error {
	var path *fs.PathError
	if err == nil || errors.As(err, &path) && path.Path == s.name {
		return err
	}
	return fmt.Errorf("%s: %w", s.name, err)
}
