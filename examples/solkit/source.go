package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/solutionkit/solutionkit/packager"
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

// loadTree reads the source tree in a folder, or that of the project in it, with the mapping file of its project.
func loadTree(dir string) (*packager.Tree, error) {
	proj, tree, err := findProject(dir)
	if err != nil && !isTreeFolder(dir) {
		return nil, err
	}
	if err != nil { // a tree can be read without
		proj, tree = nil, dir
	}
	t, err := loadTreeSeen(tree, nil)
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
func loadTreeSeen(dir string, seen func(name string)) (*packager.Tree, error) {
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
	t, err := packager.Load(fsys, nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return t, nil
}

// A source is a ZIP|DIR argument. One of its fields is set.
type source struct {
	name string
	pkg  *packager.Package
	tree *packager.Tree
	file *os.File // of pkg
}

func openSource(name string) (*source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	s := &source{name: name}
	if info.IsDir() {
		s.tree, err = loadTree(name)
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
