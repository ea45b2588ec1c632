package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
)

// A target is the folder that a tree is written to. Nothing outside of it can be reached, whatever names and
// links say.
type target struct {
	dir  string
	root *os.Root        // nil as long as there is no such folder
	made map[string]bool // folders that are known to be there
}

func openTarget(dir string) (*target, error) {
	t := &target{dir: dir, made: map[string]bool{".": true}}
	root, err := os.OpenRoot(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	t.root = root
	return t, nil
}

func (t *target) close() {
	if t.root != nil {
		t.root.Close()
	}
}

// What happens to a file.
const (
	created   = "created"
	changed   = "changed"
	unchanged = "unchanged"
)

// A change is a file of the tree and what happens to it.
type change struct {
	path, what string
	mode       fs.FileMode
	data       []byte // nil if it is to be read again
}

// A plan is all that will happen to a target.
type plan struct {
	changes []change
	deleted []string
}

func (p *plan) paths(what string) []string {
	out := []string{}
	for _, c := range p.changes {
		if c.what == what {
			out = append(out, c.path)
		}
	}
	return out
}

// maxHeld is how many bytes of a tree are held in memory between the check of all files and their writing.
// What is above that is made a second time.
const maxHeld = 256 << 20

// plan reads all files of tree, so that it fails before anything is written if one is damaged, and compares
// them with what is there. It calls seen for each.
func (t *target) plan(tree *packager.Tree, seen func(packager.File) error) (*plan, error) {
	p := &plan{changes: make([]change, 0, len(tree.Names()))}
	held := 0
	for f, err := range tree.Files() {
		if err != nil {
			return &plan{}, err
		}
		if err := seen(f); err != nil {
			return &plan{}, err
		}
		c, err := t.compare(f)
		if err != nil {
			return &plan{}, fmt.Errorf("%s: %w", t.dir, err)
		}
		if c.what != unchanged && held+len(f.Data) <= maxHeld {
			held += len(f.Data)
			c.data = f.Data
		}
		p.changes = append(p.changes, c)
	}
	return p, nil
}

func (t *target) compare(f packager.File) (change, error) {
	c := change{path: f.Path, what: created, mode: 0o644}
	if t.root == nil {
		return c, nil
	}
	info, err := t.root.Lstat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c, nil
	case err != nil:
		return c, err
	case info.IsDir():
		return c, fmt.Errorf("%s: a folder is where the file should be: remove it", f.Path)
	}
	c.what = changed
	if !info.Mode().IsRegular() { // a link is replaced, not followed
		return c, nil
	}
	c.mode = info.Mode().Perm()
	if info.Size() == int64(len(f.Data)) {
		old, err := t.root.ReadFile(f.Path)
		if err != nil {
			return c, err
		}
		if bytes.Equal(old, f.Data) {
			c.what = unchanged
		}
	}
	return c, nil
}

// carryOut does what the plan says. It calls next before each file, and stops with its error.
func (t *target) carryOut(p *plan, tree *packager.Tree, next func(path string) error) error {
	if t.root == nil {
		if err := os.MkdirAll(t.dir, 0o755); err != nil {
			return err
		}
		root, err := os.OpenRoot(t.dir)
		if err != nil {
			return err
		}
		t.root = root
	}
	for _, c := range p.changes {
		if c.what == unchanged {
			continue
		}
		if err := next(c.path); err != nil {
			return err
		}
		data := c.data
		if data == nil {
			var err error
			if data, err = tree.ReadFile(c.path); err != nil {
				return err
			}
		}
		if err := t.write(c, data); err != nil {
			return err
		}
	}
	for _, name := range p.deleted {
		if err := next(name); err != nil {
			return err
		}
		if err := t.remove(name); err != nil {
			return err
		}
	}
	return nil
}

// write puts a file in place by a rename, so that it is there wholly or not at all.
func (t *target) write(c change, data []byte) error {
	dir := path.Dir(c.path)
	if !t.made[dir] {
		if err := t.root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		t.made[dir] = true
	}
	f, temp, err := createTemp(func(name string) (*os.File, string, error) {
		name = path.Join(dir, name)
		f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, c.mode)
		return f, name, err
	})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = t.root.Rename(temp, c.path)
	}
	if err != nil {
		t.root.Remove(temp)
	}
	return err
}

// createTemp calls open with names of temporary files until one is free. They begin with a dot, so nothing
// takes one that is left behind for a part of a solution.
func createTemp(open func(name string) (*os.File, string, error)) (*os.File, string, error) {
	for n := 0; ; n++ {
		f, name, err := open(fmt.Sprintf(".solkit-%d-%d.tmp", os.Getpid(), n))
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			continue
		}
		return f, name, err
	}
}

// remove deletes a file and the folders that become empty by it.
func (t *target) remove(name string) error {
	if err := t.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if t.root.Remove(dir) != nil {
			break // it holds something
		}
	}
	return nil
}

// stale returns the files in the target that belong to its solution and are not among names, sorted. A
// folder that holds no unpacked solution has none.
func (t *target) stale(names []string) ([]string, error) {
	if t.root == nil {
		return nil, nil
	}
	fsys := t.root.FS()
	if _, err := fs.Stat(fsys, "Other/Solution.xml"); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	listed, err := unclaimed(fsys)
	if err != nil {
		return nil, err
	}
	s := &staleness{target: t, produced: map[string]string{}, owned: ownedFolders(fsys, names), listed: listed}
	for _, name := range names {
		s.produced[strings.ToLower(name)] = name
	}
	err = fs.WalkDir(fsys, ".", s.visit)
	return s.found, err
}

type staleness struct {
	target   *target
	produced map[string]string // by lower case
	owned    map[string]bool   // folders at the top
	listed   map[string]bool   // files elsewhere that an earlier unpack kept
	found    []string
}

func (s *staleness) visit(name string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case name == ".":
		return nil
	case strings.HasPrefix(d.Name(), "."):
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case !d.Type().IsRegular():
		return nil
	}
	top, _, below := strings.Cut(name, "/")
	if (below && s.owned[top] || s.listed[name]) && !s.isProduced(name) {
		s.found = append(s.found, name)
	}
	return nil
}

// isProduced reports whether name is a file of the new tree, also by another spelling where letter case does
// not count.
func (s *staleness) isProduced(name string) bool {
	other, ok := s.produced[strings.ToLower(name)]
	if !ok || other == name {
		return ok
	}
	a, err := s.target.root.Lstat(name)
	if err != nil {
		return true // rather keep what can't be told apart
	}
	b, err := s.target.root.Lstat(other)
	return err == nil && os.SameFile(a, b)
}

// ownedFolders are the folders at the top in which everything belongs to the solution: those that the new
// tree has files in, and those that the old one was packed from.
func ownedFolders(fsys fs.FS, names []string) map[string]bool {
	owned := map[string]bool{"Other": true}
	for _, name := range names {
		if top, _, ok := strings.Cut(name, "/"); ok {
			owned[top] = true
		}
	}
	old, err := packager.Load(fsys, nil)
	if err != nil {
		return owned // it is being repaired
	}
	list, err := old.Check()
	if err != nil {
		return owned
	}
	foreign := map[string]bool{}
	for _, rule := range []string{"packager/raw-file", "packager/unowned-file"} {
		for d := range list.Rule(rule) {
			foreign[d.Location.File] = true
		}
	}
	for _, name := range old.Names() {
		if top, _, ok := strings.Cut(name, "/"); ok && !foreign[name] {
			owned[top] = true
		}
	}
	return owned
}

// unclaimed reads the list of files that an earlier unpack kept outside the folders of the layout.
func unclaimed(fsys fs.FS) (map[string]bool, error) {
	data, err := fs.ReadFile(fsys, "Other/unclaimed.txt")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		name := strings.TrimRight(line, "\r\n")
		if unquoted, err := strconv.Unquote(name); err == nil && strings.HasPrefix(name, `"`) {
			name = unquoted
		}
		if fs.ValidPath(name) && !slices.ContainsFunc(strings.Split(name, "/"), func(s string) bool { return strings.HasPrefix(s, ".") }) {
			listed[name] = true
		}
	}
	return listed, nil
}

// writeFile writes a file by way of a temporary one beside it and a rename. Nothing is left if write fails,
// and a file that was there stays.
func writeFile(name string, write func(f *os.File) error) error {
	dir := filepath.Dir(name)
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		if info.IsDir() {
			return fmt.Errorf("%s: a folder is where the file should be", name)
		}
		mode = info.Mode().Perm()
	}
	f, temp, err := createTemp(func(base string) (*os.File, string, error) {
		p := filepath.Join(dir, base)
		f, err := os.OpenFile(p, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		return f, p, err
	})
	if err != nil {
		return err
	}
	err = write(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}
