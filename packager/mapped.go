package packager

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
)

// WithMap returns t with files that stand elsewhere: Pack, and whatever else makes a package of the tree, takes them from there.
// A tree that was unpacked with a map has it already. m may be nil.
func (t *Tree) WithMap(m *Map) *Tree {
	out := *t
	out.mapping, out.joined = m, &joinedParts{}
	return &out
}

// A mapReader finds files that stand elsewhere.
type mapReader struct {
	m       *Map
	limits  Limits
	folders map[string]*mapFolder
	used    map[*directive]bool
}

func newMapReader(m *Map, lim Limits) *mapReader {
	return &mapReader{m: m, limits: lim, folders: map[string]*mapFolder{}, used: map[*directive]bool{}}
}

// A mapFolder is a folder of a target.
type mapFolder struct {
	fsys  fs.FS // nil: there is no such folder
	lists map[string][]fs.DirEntry
	all   map[string][]string // paths of all files by their folded last element, in the order of a walk; made when it is asked for
}

// folder opens a folder, once.
func (r *mapReader) folder(name string) (*mapFolder, error) {
	if f := r.folders[name]; f != nil {
		return f, nil
	}
	f := &mapFolder{lists: map[string][]fs.DirEntry{}}
	if r.m.folder != nil {
		fsys, err := r.m.folder(name)
		if err == nil {
			_, err = fs.Stat(fsys, ".")
		}
		switch {
		case err == nil:
			f.fsys = fsys
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
	}
	r.folders[name] = f
	return f, nil
}

// find returns the file that stands in the place of one of the tree, nil if it is not there, and all that there are if any folder
// will do: the first is taken, as by the reference tool.
func (r *mapReader) find(d *directive, name string) (*file, []string, error) {
	r.used[d] = true
	folder, rel := d.target(name)
	f, err := r.folder(folder)
	if err != nil || f.fsys == nil || !fs.ValidPath(rel) {
		return nil, nil, err
	}
	var found []string
	if d.to.deep {
		if err := f.index(r.limits); err != nil {
			return nil, nil, err
		}
		key := fold(rel)
		for _, p := range f.all[fold(path.Base(rel))] {
			if q := fold(p); q == key || strings.HasSuffix(q, "/"+key) {
				found = append(found, p)
			}
		}
	} else if p, ok := f.alike(rel); ok {
		found = []string{p}
	}
	for i, p := range found {
		info, err := fs.Stat(f.fsys, p)
		if err != nil {
			return nil, nil, err
		}
		if info.IsDir() {
			continue
		}
		if size := info.Size(); size > r.limits.FileBytes {
			return nil, nil, fmt.Errorf("%s: %d bytes: %w of %d", p, size, ErrLimit, r.limits.FileBytes)
		}
		alternative := &file{path: name, key: fold(name), size: info.Size(), elsewhere: joinTarget(folder, p),
			load: func() ([]byte, error) { return memfs.ReadFile(f.fsys, p, r.limits.FileBytes, ErrLimit) }}
		return alternative, found[i:], nil
	}
	return nil, nil, nil
}

// alike returns the path of a file whose letter case may differ; an exact match comes first.
func (f *mapFolder) alike(p string) (string, bool) {
	dir := "."
	for segment := range strings.SplitSeq(p, "/") {
		list, err := f.list(dir)
		if err != nil {
			return "", false
		}
		i := slices.IndexFunc(list, func(d fs.DirEntry) bool { return d.Name() == segment })
		if i < 0 {
			i = slices.IndexFunc(list, func(d fs.DirEntry) bool { return fold(d.Name()) == fold(segment) })
		}
		if i < 0 {
			return "", false
		}
		dir = path.Join(dir, list[i].Name())
	}
	return dir, true
}

func (f *mapFolder) list(dir string) ([]fs.DirEntry, error) {
	if list, ok := f.lists[dir]; ok {
		return list, nil
	}
	list, err := memfs.ReadDir(f.fsys, dir)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return compareFolder(a.Name(), b.Name()) })
	f.lists[dir] = list
	return list, nil
}

// index lists all files below the folder: those of a folder, then what is in its folders, one after the other.
func (f *mapFolder) index(lim Limits) error {
	if f.all != nil {
		return nil
	}
	all, files := map[string][]string{}, 0
	var walk func(dir string, depth int) error
	walk = func(dir string, depth int) error {
		list, err := f.list(dir)
		if err != nil {
			return err
		}
		if files += len(list); files > lim.Files || depth > lim.PathDepth {
			return fmt.Errorf("%s: more than %d files, or %d folders one inside the other, are searched for **: %w: name the folder", dir, lim.Files, lim.PathDepth, ErrLimit)
		}
		for _, d := range list {
			if !d.IsDir() {
				all[fold(d.Name())] = append(all[fold(d.Name())], path.Join(dir, d.Name()))
			}
		}
		for _, d := range list {
			if d.IsDir() {
				if err := walk(path.Join(dir, d.Name()), depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := walk(".", 0); err != nil {
		return err
	}
	f.all = all
	return nil
}

// mapFolders holds the tree to its directives Folder: both folders must be there, as the reference tool has it.
func (p *packing) mapFolders() error {
	for i := range p.tree.mapping.directives {
		d := &p.tree.mapping.directives[i]
		if !d.from.below {
			continue
		}
		if from := strings.Join(d.from.folders, "/"); p.root.sub(from) == nil {
			return errorf("pack", d.at.String(), "the tree has no folder %s: %w: remove the directive", d.from.text, fs.ErrNotExist)
		}
		f, err := p.mapping.folder(d.to.folder)
		if err != nil {
			return &Error{Op: "pack", Path: d.at.String(), Err: err}
		}
		if f.fsys == nil {
			return errorf("pack", d.at.String(), "there is no folder %s: %w: build what makes it, or remove the directive", d.to.text, fs.ErrNotExist)
		}
	}
	return nil
}

// mapped puts the file that stands elsewhere in the place of a file of the tree, which need not be there, if a directive says
// so. What is only looked for is not told if it is not there.
func (p *packing) mapped(name string, told bool) {
	if p.mapping == nil || p.sought[fold(name)] != nil || p.mapError != nil {
		return
	}
	d := p.tree.mapping.match(name)
	if d == nil {
		return
	}
	p.sought[fold(name)] = d
	f, found, err := p.mapping.find(d, name)
	have := at(p.files, name)
	switch {
	case err != nil:
		p.mapError = &Error{Op: "pack", Path: d.at.String(), Err: err}
	case f == nil && have != nil && told:
		missing := finding(ruleMappedMissing, "", "%s is not in %s: the file in the tree is packed", name, d.to.text)
		missing.Location = d.at
		p.note(missing)
	case f != nil:
		if have != nil {
			f.path = have.path
		}
		p.files[f.key] = f
		p.found.in(ruleMapped, f.path, "%s is packed in the place of %s", f.elsewhere, f.path)
		p.severalMapped(d, f, found)
	}
}

// severalMapped tells of files that have the same claim to the place of one, and are not the same.
func (p *packing) severalMapped(d *directive, f *file, found []string) {
	if len(found) < 2 || p.found.past(ruleMappedSeveral) {
		return
	}
	first, err := f.read()
	if err != nil {
		return // it is told when it is packed
	}
	folder := p.mapping.folders[d.to.folder]
	for _, other := range found[1:] {
		data, err := fs.ReadFile(folder.fsys, other)
		if err != nil || bytes.Equal(first, data) {
			continue
		}
		several := finding(ruleMappedSeveral, "", "%s is packed in the place of %s, and %s is another: the first is taken", f.elsewhere, f.path, joinTarget(d.to.folder, other))
		several.Location = d.at
		p.note(several)
		return
	}
}

// notWhere is what a message adds about a file that is not in the tree: where else it is not.
func (p *packing) notWhere(name string) string {
	if d := p.sought[fold(name)]; d != nil {
		return fmt.Sprintf(", nor is it in %s, where %s has it", d.to.text, d.at)
	}
	return ""
}

// mapPieces finds the files that XML files which are packed as they are name, and returns those that stand elsewhere and not in
// the tree.
func (p *packing) mapPieces() (names []string) {
	p.pieceNames = map[string]bool{}
	for _, f := range p.tree.sys.files {
		if beside, ok := strings.CutSuffix(f.path, dataXML); ok && strings.EqualFold(topFolder(f.path), controlsFolder) {
			p.mapped(beside, true)
			if f = at(p.files, beside); f == nil || f.elsewhere == "" {
				continue
			}
		}
		for _, name := range namesInPiece(f.path, f.path, true, f.read, p.tree.limits) {
			p.pieceNames[fold(name)] = true
			if p.has(name) {
				continue
			}
			if p.mapped(name, false); p.has(name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// mappedRaw is mapped for a file that is packed as it is, though no component in customizations.xml names it. What is XML there
// says what a component is, unless something names it.
func (p *packing) mappedRaw(name string) {
	if named := at(p.pieceNames, name); named || !isXML(name) {
		p.mapped(name, named)
	}
}

// namesInPiece returns the paths of files in a tree that a piece names, nil if a file is none.
func namesInPiece(file, part string, loose bool, read func() ([]byte, error), lim Limits) (names []string) {
	c := pieceOf(file, part, loose, read, lim)
	if c == nil || c.form.files == nil {
		return nil
	}
	for _, f := range c.form.files(c.doc) {
		name, reason := partName(path.Join(path.Dir(part), slashed(f.name)))
		if reason == "" {
			names = append(names, name)
		}
	}
	return names
}

// unusedDirectives tells of directives that match nothing.
func (p *packing) unusedDirectives() {
	for i := range p.tree.mapping.directives {
		if d := &p.tree.mapping.directives[i]; !p.mapping.used[d] {
			unused := finding(ruleDirectiveUnused, "", "%s matches no file that the package has, or an earlier directive has it", d.element)
			unused.Location = d.at
			p.note(unused)
		}
	}
}

// mapped reports whether a file stands elsewhere, and tells. It is not written, but its path is taken.
func (u *unpacker) mapped(name string) bool {
	if u.mapping == nil {
		return false
	}
	d := u.mapping.m.match(name)
	if d == nil {
		return false
	}
	target, _ := u.mapping.m.Target(name)
	if u.mapping.m.folder == nil {
		u.found.in(ruleMapped, name, "%s stands in %s: it is not written", name, target)
		return true
	}
	f, _, err := u.mapping.find(d, name)
	if f != nil {
		u.found.in(ruleMapped, name, "%s stands in %s: it is not written", name, f.elsewhere)
		return true
	}
	because := ""
	if err != nil {
		because = fmt.Sprintf(" (%v)", err)
	}
	missing := finding(ruleMappedMissing, "", "%s is not written, as it stands in %s, and there it is not%s: build what makes it, or the tree can't be packed", name, target, because)
	missing.Location = d.at
	u.found.note(missing)
	return true
}

// mappedRaw reports whether a file that is an entry of its own stands elsewhere. One that nothing names is written all the same:
// nobody would know then that it belongs to the package.
func (u *unpacker) mappedRaw(name string, loose bool) bool {
	if u.mapping == nil || u.mapping.m.match(name) == nil {
		return false
	}
	if u.pieceNames[loose] == nil {
		names := map[string]bool{}
		for _, e := range u.pkg.entries {
			if e.isDir() || !e.visible || loose && at(u.owned, topFolder(e.part)) {
				continue
			}
			for _, name := range namesInPiece(e.name, e.part, loose, e.read, u.pkg.limits) {
				names[fold(name)] = true
			}
		}
		u.pieceNames[loose] = names
	}
	if at(u.pieceNames[loose], name) {
		return u.mapped(name)
	}
	if !isXML(name) {
		u.found.in(ruleMapped, name, "%s is written though the map has it elsewhere: nothing else says that it belongs to the package", name)
	}
	return false
}
