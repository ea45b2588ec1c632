package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// A target is the folder that a tree is written to. Nothing outside of it can be reached, whatever names and
// links say.
type target struct {
	dir  string
	root *os.Root // nil as long as there is no such folder
}

func openTarget(dir string) (*target, error) {
	root, err := os.OpenRoot(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &target{dir: dir, root: root}, nil
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
	readOnly   bool
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
// them with what is there. It calls seen for each of tree.Names(), in any order and on several goroutines.
func (t *target) plan(tree *packager.Tree, seen func(i int, data []byte) error) (*plan, error) {
	names := tree.Names()
	p := &plan{changes: make([]change, len(names))}
	var held atomic.Int64
	err := t.inFolders(names, false, func(folder *os.Root, i int) error {
		data, err := tree.ReadFile(names[i])
		if err != nil {
			return err
		}
		if err := seen(i, data); err != nil {
			return err
		}
		c := &p.changes[i]
		*c = change{path: names[i], what: created, mode: 0o644}
		if folder != nil {
			if err := c.compare(folder, data); err != nil {
				return fmt.Errorf("%s: %w", t.dir, err)
			}
		}
		if n := int64(len(data)); c.what != unchanged && held.Add(n) <= maxHeld {
			c.data = data
		}
		return nil
	})
	if err != nil {
		return &plan{}, err
	}
	return p, nil
}

// compare finds what is to be done about a file in its folder.
func (c *change) compare(folder *os.Root, data []byte) error {
	base := path.Base(c.path)
	info, err := folder.Lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s: a folder is where the file should be: remove it", c.path)
	}
	c.what = changed
	if !info.Mode().IsRegular() { // a link is replaced, not followed
		return nil
	}
	c.mode = info.Mode().Perm() | ownerWrites
	c.readOnly = isReadOnly(info)
	// A file that lacks the byte order mark is the same, as the reference tool has it.
	unmarked, _ := bytes.CutPrefix(data, byteOrderMark)
	if size := info.Size(); size != int64(len(data)) && size != int64(len(unmarked)) {
		return nil
	}
	old, err := folder.ReadFile(base)
	if err == nil && (bytes.Equal(old, data) || bytes.Equal(old, unmarked)) {
		c.what = unchanged
	}
	return err
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// ownerWrites is the permission that a file has if it is not read-only.
const ownerWrites fs.FileMode = 0o200

func isReadOnly(info fs.FileInfo) bool {
	return info.Mode().IsRegular() && info.Mode()&ownerWrites == 0
}

// writable returns nil if no read-only file is to be overwritten.
func (p *plan) writable() error {
	var names []string
	for _, c := range p.changes {
		if c.what == changed && c.readOnly {
			names = append(names, c.path)
		}
	}
	return readOnlyError(names, "written over")
}

// writable returns nil if none of the files is read-only.
func (t *target) writable(names []string) error {
	var found []string
	for _, name := range names {
		if info, err := t.root.Lstat(name); err == nil && isReadOnly(info) {
			found = append(found, name)
		}
	}
	return readOnlyError(found, "deleted")
}

func readOnlyError(names []string, what string) error {
	if len(names) == 0 {
		return nil
	}
	return fmt.Errorf("%s would be %s, and %s read-only: make them writable, or give -clobber", firstOf(names), what, isOrAre(len(names)))
}

// firstOf is a list of names for a message.
func firstOf(names []string) string {
	text := strings.Join(names[:min(len(names), 10)], ", ")
	if n := len(names) - 10; n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
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
	unlock, err := lock(t.root)
	if err != nil {
		return err
	}
	defer unlock()
	var todo []change
	var names []string
	for _, c := range p.changes {
		if c.what != unchanged {
			todo, names = append(todo, c), append(names, c.path)
		}
	}
	err = t.inFolders(names, true, func(folder *os.Root, i int) error {
		c := todo[i]
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
		return c.write(folder, data)
	})
	if err != nil {
		return err
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

// inFolders calls do for each name, in any order and on several goroutines, with the folder that it is in, so
// that the path need not be walked for every file. A folder that is not there is made, or else nil.
func (t *target) inFolders(names []string, create bool, do func(folder *os.Root, i int) error) error {
	const together = 8 // few enough that the work is spread well
	var groups [][]int
	last := map[string]int{} // the last group of a folder
	for i, name := range names {
		dir := path.Dir(name)
		g, ok := last[dir]
		if !ok || len(groups[g]) == together {
			g = len(groups)
			groups, last[dir] = append(groups, nil), g
		}
		groups[g] = append(groups[g], i)
	}
	return inParallel(len(groups), func(g int) error {
		folder, err := t.folder(path.Dir(names[groups[g][0]]), create)
		if err != nil {
			return err
		}
		if folder != nil {
			defer folder.Close()
		}
		for _, i := range groups[g] {
			if err := do(folder, i); err != nil {
				return err
			}
		}
		return nil
	})
}

// folder opens a folder below the target. If there is none, it is made or nil.
func (t *target) folder(dir string, create bool) (*os.Root, error) {
	if t.root == nil {
		return nil, nil
	}
	folder, err := t.root.OpenRoot(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return folder, err
	}
	if !create {
		return nil, nil
	}
	if err := t.root.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return t.root.OpenRoot(dir)
}

// inParallel calls do for 0 to n-1 on as many goroutines as can run, in this order. After an error it starts
// no more; of several errors it returns the first in order, so the same one every time.
func inParallel(n int, do func(i int) error) error {
	var (
		wg     sync.WaitGroup
		next   atomic.Int64
		failed atomic.Bool
		errs   = make([]error, n)
	)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for !failed.Load() { // asked before taking the next: what is taken is done
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = do(i); errs[i] != nil {
					failed.Store(true)
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// write puts a file in place by a rename, so that it is there wholly or not at all.
func (c *change) write(folder *os.Root, data []byte) error {
	f, temp, err := createTemp(func(name string) (*os.File, error) {
		return folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, c.mode)
	})
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil && c.readOnly { // on Windows it can't be replaced as long as it is
		err = folder.Chmod(path.Base(c.path), c.mode)
	}
	if err == nil {
		err = folder.Rename(temp, path.Base(c.path))
	}
	if err != nil {
		folder.Remove(temp)
	}
	return err
}

// createTemp calls create with names of temporary files until one is free. They begin with a dot, so nothing
// takes one that is left behind for a part of a solution.
func createTemp(create func(name string) (*os.File, error)) (*os.File, string, error) {
	for n := 0; ; n++ {
		name := tempName(n)
		f, err := create(name)
		if errors.Is(err, fs.ErrExist) && n < 1000 {
			continue
		}
		return f, name, err
	}
}

// remove deletes a file and the folders that become empty by it.
func (t *target) remove(name string) error {
	if info, err := t.root.Lstat(name); err == nil && isReadOnly(info) {
		if err := t.root.Chmod(name, info.Mode()|ownerWrites); err != nil {
			return err
		}
	}
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

// A standing is the tree that stands in a target before it is written to.
type standing struct {
	tree    *packager.Tree // nil: there is none, or its manifest can't be read
	broken  error          // why it can't be told what belongs to it, but for what is in Other
	owned   map[string]bool
	folders map[string]bool // folders at the top in which everything is the solution's
	foreign []string        // files in other folders that are packed
	yaml    string          // the manifest of a YAML source; empty if there is none
}

// standing reads the tree that stands in the target, to which after is to be written. A folder that is no tree has none.
func (t *target) standing(after *packager.Tree) (*standing, error) {
	s := &standing{owned: map[string]bool{}, folders: map[string]bool{"Other": true}}
	if t.root == nil {
		return s, nil
	}
	s.yaml = yamlManifest(t.root.FS())
	if !packager.IsTree(t.root.FS()) {
		return s, nil
	}
	// A file of it that can't be read is what somebody repairs by this: what belongs to the tree is then what will, with the
	// file as it is to be.
	fsys := &repairedFS{FS: t.root.FS(), after: after, files: map[string]bool{}}
	for {
		tree, err := packager.Load(fsys, nil)
		if err != nil {
			s.broken = err
			return s, nil
		}
		owned, err := tree.Owned()
		if err == nil {
			s.tree = tree
			for name := range fsys.files {
				s.owned[name] = true
			}
			return s, s.own(owned)
		}
		if !fsys.repair(err) {
			s.tree, s.broken = tree, err
			return s, nil
		}
	}
}

// A repairedFS is a folder in which some files are those of another tree.
type repairedFS struct {
	fs.FS
	after *packager.Tree
	files map[string]bool
}

// ReadFile implements [fs.ReadFileFS].
func (r *repairedFS) ReadFile(name string) ([]byte, error) {
	if r.files[name] {
		return r.after.ReadFile(name)
	}
	return fs.ReadFile(r.FS, name)
}

// repair takes the file that an error is about from the other tree. It reports whether it could.
func (r *repairedFS) repair(err error) bool {
	const enough = 100 // each costs a reading of the whole
	var syntax *solution.SyntaxError
	if !errors.As(err, &syntax) || r.files[syntax.File] || len(r.files) == enough {
		return false
	}
	if _, err := r.after.ReadFile(syntax.File); err != nil {
		return false
	}
	r.files[syntax.File] = true
	return true
}

// own takes note of the files of a tree, and of the folders at the top in which they are.
func (s *standing) own(owned []string) error {
	for _, name := range owned {
		s.owned[name] = true
	}
	list, err := s.tree.Check()
	if err != nil {
		return err
	}
	foreign := map[string]bool{}
	for d := range list.Rule("packager/raw-file") {
		foreign[d.Location.File] = true
	}
	for _, name := range owned {
		switch top, _, ok := strings.Cut(name, "/"); {
		case ok && foreign[name]:
			s.foreign = append(s.foreign, name)
		case ok:
			s.folders[top] = true
		}
	}
	return nil
}

// admits returns nil if the tree of a zip may be written over what stands there: a tree of the same solution and kind.
func (s *standing) admits(tree *packager.Tree) error {
	if s.yaml != "" {
		return fmt.Errorf("it holds a YAML source, by %s, and a folder can't be both: unpack the zip elsewhere", s.yaml)
	}
	if s.tree == nil {
		return nil
	}
	have, want := s.tree.Manifest(), tree.Manifest()
	if solution.Fold(have.UniqueName()) != solution.Fold(want.UniqueName()) {
		what := ""
		if of, ok := want.PatchOf(); ok {
			what = ", a patch of " + of.Name
		}
		return fmt.Errorf("it holds the solution %s, and the zip is %s%s: unpack it elsewhere, or give -clobber", have.UniqueName(), want.UniqueName(), what)
	}
	if have.Kind() != want.Kind() {
		return fmt.Errorf("it holds a tree that is %s, and the zip is %s: unpack it elsewhere, or give -clobber", have.Kind(), want.Kind())
	}
	return nil
}

// ownResources takes the resource files that a tree has as part of what stands there: they were asked for.
func (s *standing) ownResources(tree *packager.Tree) {
	for _, name := range tree.Names() {
		if strings.HasPrefix(name, "Resources/") {
			s.owned[name] = true
		}
	}
}

// protects returns nil if no file is to be overwritten that is not part of the tree that stands there.
func (s *standing) protects(p *plan) error {
	var names []string
	for _, c := range p.changes {
		top, _, _ := strings.Cut(c.path, "/")
		if c.what == changed && !s.owned[c.path] && !(s.broken != nil && s.folders[top]) {
			names = append(names, c.path)
		}
	}
	if len(names) == 0 {
		return nil
	}
	text := firstOf(names)
	if s.broken != nil {
		return fmt.Errorf("%s would be written over, and whether they belong to the solution that stands there can't be told, because of this: %w: move them away, or give -clobber", text, s.broken)
	}
	if len(names) == 1 {
		return fmt.Errorf("%s would be written over, and belongs to no unpacked solution: move it away, or give -clobber", text)
	}
	return fmt.Errorf("%s would be written over, and belong to no unpacked solution: move them away, or give -clobber", text)
}

// stale returns the files in the target that belong to its solution and are not in tree nor elsewhere by the map, sorted, and those that are packed
// though they are in a folder of no known kind, so it can't be told whose they are. A folder that holds no unpacked solution
// has none.
func (t *target) stale(have *standing, tree *packager.Tree, m *packager.Map) (stale, foreign []string, err error) {
	if have.tree == nil {
		return nil, nil, nil
	}
	s := &staleness{target: t, mapping: m, produced: map[string]string{}, owned: maps.Clone(have.folders), files: have.owned}
	for _, name := range tree.Names() {
		s.produced[strings.ToLower(name)] = name
		if top, _, ok := strings.Cut(name, "/"); ok {
			s.owned[top] = true
		}
	}
	if err := fs.WalkDir(t.root.FS(), ".", s.visit); err != nil {
		return nil, nil, err
	}
	for _, name := range have.foreign {
		if top, _, _ := strings.Cut(name, "/"); !s.owned[top] && !s.isProduced(name) {
			foreign = append(foreign, name)
		}
	}
	return s.found, foreign, nil
}

type staleness struct {
	target   *target
	mapping  *packager.Map     // may be nil
	produced map[string]string // by lower case
	owned    map[string]bool   // folders at the top in which everything is the solution's
	files    map[string]bool   // files that are the solution's
	found    []string
}

// isHidden reports whether a file or folder is passed over for its name: those in the root of a tree whose name begins with a dot,
// and everywhere those of git and of this program.
func isHidden(name string) bool {
	base := strings.ToLower(path.Base(name))
	return strings.HasPrefix(base, ".") && (!strings.Contains(name, "/") || strings.HasPrefix(base, ".git") || strings.HasPrefix(base, ".solkit"))
}

func (s *staleness) visit(name string, d fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case name == ".":
		return nil
	case isHidden(name):
		if d.IsDir() {
			return fs.SkipDir
		}
		return nil
	case !d.Type().IsRegular():
		return nil
	}
	top, _, below := strings.Cut(name, "/")
	if dotted := strings.Contains("/"+name, "/."); dotted && !s.files[name] {
		return nil // it is the solution's only if it was packed
	}
	if below && s.owned[top] && !s.isProduced(name) {
		s.found = append(s.found, name)
	}
	return nil
}

// isElsewhere reports whether a file is one that the map has elsewhere: it stays as it is.
func (s *staleness) isElsewhere(name string) bool {
	return s.mapping != nil && s.mapping.Stands(name, func(name string) bool { return s.produced[strings.ToLower(name)] != "" })
}

// isProduced reports whether name is a file of the new tree, also by another spelling where letter case does
// not count.
func (s *staleness) isProduced(name string) bool {
	if s.isElsewhere(name) {
		return true
	}
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

// writeFile writes a file by way of a temporary one beside it and a rename, and makes its folder. Nothing is left if write fails,
// and a file that was there stays.
func writeFile(name string, write func(f *os.File) error) (err error) {
	dir := filepath.Dir(name)
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(name); err == nil {
		switch {
		case info.IsDir():
			return fmt.Errorf("%s: a folder is where the file should be", name)
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s: not a regular file, so nothing is written there: give the name of a file", name)
		}
		mode = info.Mode().Perm()
	}
	made, err := makeFolders(dir)
	defer func() {
		if err != nil {
			for _, dir := range made {
				os.Remove(dir)
			}
		}
	}()
	if err != nil {
		return err
	}
	removeLeftBeside(dir)
	f, temp, err := createTemp(func(base string) (*os.File, error) {
		return os.OpenFile(filepath.Join(dir, base), os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	})
	if err != nil {
		return err
	}
	temp = filepath.Join(dir, temp)
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

// makeFolders makes a folder and those above it, and returns those that were not there, the lowest first.
func makeFolders(dir string) (made []string, err error) {
	for above := dir; ; above = filepath.Dir(above) {
		if _, err := os.Stat(above); !errors.Is(err, fs.ErrNotExist) || above == filepath.Dir(above) {
			break
		}
		made = append(made, above)
	}
	return made, os.MkdirAll(dir, 0o755)
}
