package packager

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"
)

// appEnding is that of the document of a canvas app.
const appEnding = ".msapp"

// appFolder returns the folder in a tree that holds the entries of a document, which stands beside it.
func appFolder(document string) (string, bool) {
	if n := len(document) - len(appEnding); n > 0 && strings.EqualFold(document[n:], appEnding) && document[n-1] != '/' {
		return document[:n], true
	}
	return "", false
}

// apps puts the entries of canvas apps beside their documents, which stay: they alone have the streams that make an app the same
// byte for byte, and the reference tool, which takes no notice of the folders, packs them.
func (u *unpacker) apps(opts *AppOptions) error {
	if opts == nil {
		return nil
	}
	var documents []*file
	for _, f := range u.taken {
		if f == nil || f.entry == nil || !u.claimed[f.entry] {
			continue
		}
		if _, ok := appFolder(f.path); ok && strings.EqualFold(topFolder(f.path), canvasFolder) {
			documents = append(documents, f)
		}
	}
	slices.SortFunc(documents, func(a, b *file) int { return cmp.Compare(a.path, b.path) })
	left := u.pkg.limits.TotalBytes
	recent := &recentApps{limits: u.pkg.limits}
	for _, f := range documents {
		dir, _ := appFolder(f.path)
		files, err := u.appFiles(f, dir, opts, recent, &left)
		var damage *Error
		switch {
		case errors.Is(err, ErrLimit) || err != nil && !errors.As(err, &damage):
			return err
		case err != nil:
			u.found.in(ruleAppOpaque, f.path, "%s is left as it is: %v", f.path, damage.Err)
			continue
		}
		for _, x := range files {
			if !u.put(x) {
				return errorf("unpack", x.path, "%w: two files have this path", ErrFormat) // the folder was free
			}
		}
		if err := u.filesLimit(len(u.taken)); err != nil {
			return err
		}
	}
	return nil
}

// canvasFolder holds the canvas apps of a tree.
const canvasFolder = "CanvasApps"

// appFiles returns the files of the folder of a document.
func (u *unpacker) appFiles(f *file, dir string, opts *AppOptions, recent *recentApps, left *int64) ([]*file, error) {
	if at(u.taken, dir) != nil || at(u.folders, dir) != "" {
		return nil, errorf("unpack", f.path, "%w: its folder %s is taken by other entries of the zip", ErrFormat, dir)
	}
	a, err := recent.app(f.entry)
	if err != nil {
		return nil, err
	}
	if len(a.doc.Entries()) == 0 {
		return nil, errorf("unpack", f.path, "%w: it has no entries", ErrFormat)
	}
	for _, e := range a.doc.Entries() {
		if *left -= e.Size; *left < 0 {
			return nil, errorf("unpack", f.path, "canvas apps of more than %d bytes up to here: %w", u.pkg.limits.TotalBytes, ErrLimit)
		}
	}
	list, err := a.folder(opts)
	if err != nil {
		return nil, err
	}
	var files []*file
	for _, x := range list {
		if x.entry == nil {
			files = append(files, memoryFile(dir+"/"+x.path, x.data))
			continue
		}
		size := x.entry.Size
		if x.as == asIndented {
			size = -1
		}
		name, as := x.entry.Name, x.as
		files = append(files, &file{path: dir + "/" + x.path, size: size, load: func() ([]byte, error) {
			a, err := recent.app(f.entry)
			if err != nil {
				return nil, err
			}
			return (&appFile{entry: a.doc.Find(name), as: as}).read()
		}})
	}
	return files, nil
}

// recentApps hold a few documents, as the files of one are asked for one after the other.
type recentApps struct {
	limits Limits
	mu     sync.Mutex
	list   []recentApp // the last one first
}

type recentApp struct {
	entry *entry
	app   *App
}

// mostRecentApps is how many are held.
const mostRecentApps = 2

func (r *recentApps) app(e *entry) (*App, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := slices.IndexFunc(r.list, func(x recentApp) bool { return x.entry == e }); i >= 0 {
		return r.list[i].app, nil
	}
	src, err := e.read()
	if err != nil {
		return nil, fmt.Errorf("%w", err)
	}
	a, err := parseApp(src, r.limits)
	if err != nil {
		return nil, err
	}
	r.list = append([]recentApp{{e, a}}, r.list[:min(len(r.list), mostRecentApps-1)]...)
	return a, nil
}

// app makes the document of a canvas app of its folder, if there is one, and puts it in the place of the file.
func (p *packing) app(document string) error {
	dir, ok := appFolder(document)
	if !ok {
		return nil
	}
	names := filesBelow(p.root, dir)
	has := func(name string) bool { _, ok := slices.BinarySearch(names, name); return ok }
	switch {
	case !has(appManifestFile) && (p.has(document) || !isBareApp(has)):
		return nil
	case at(p.consumed, dir+"/"+names[0]): // two components have this document
		return nil
	}
	b := &appBuild{dir: dir + "/", names: names, limits: p.tree.limits, read: func(name string) ([]byte, error) {
		return p.read(dir + "/" + name)
	}}
	for _, name := range names {
		p.consumed[fold(dir+"/"+name)] = true
	}
	f := at(p.files, document)
	if f != nil {
		src, err := p.readFile(f)
		if err != nil {
			return err
		}
		a, err := parseApp(src, p.tree.limits)
		if err != nil {
			p.missing = append(p.missing, finding(ruleAppConflict, f.path, "%s can't be read (%v), so its folder %s can't be compared with it: delete the one or the other", f.path, withoutOp(err), dir))
			return nil
		}
		b.doc = a.doc
	}
	app, err := b.build()
	for _, d := range b.found {
		p.note(d)
	}
	p.missing = append(p.missing, b.missing...)
	if err != nil || app == nil || f != nil && app.isDocument(b) {
		if f == nil && app == nil { // something is missing, and told
			p.files[fold(document)] = memoryFile(document, nil)
		}
		return err
	}
	made := memoryFile(document, app.doc.Bytes())
	if f != nil {
		made.path = f.path
	}
	made.key = fold(made.path)
	p.files[made.key] = made
	return nil
}

// isDocument reports whether an app is the document that its folder was held against.
func (a *App) isDocument(b *appBuild) bool {
	have, want := a.doc.Bytes(), b.doc.Bytes()
	return len(have) == len(want) && (len(have) == 0 || &have[0] == &want[0])
}

// filesBelow returns the files below a folder, without its path, sorted.
func filesBelow(root *folder, dir string) []string {
	depth := strings.Count(dir, "/") + 1
	var names []string
	for _, name := range root.sub(dir).breadthFirst() {
		names = append(names, strings.SplitN(name, "/", depth+1)[depth]) // the folder may be spelt otherwise
	}
	slices.Sort(names)
	return names
}

// oldApps tells once for each folder of sources that pac canvas unpack wrote, and returns the other names.
func (p *packing) oldApps(names []string) []string {
	roots := map[string]bool{}
	for _, name := range names {
		if root, ok := oldAppFolder(name); ok {
			roots[root] = true
		}
	}
	if len(roots) == 0 {
		return names
	}
	within := func(name string) bool {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if roots[dir] {
				return true
			}
		}
		return false
	}
	for root := range roots {
		if !within(root) {
			p.found.in(ruleAppOldSource, root, "%s holds sources of a canvas app as pac canvas unpack wrote them (%s, *%s), a format that is given up: they are not packed, the .msapp is", root, oldAppManifest, oldAppSource)
		}
	}
	return slices.DeleteFunc(slices.Clone(names), within)
}

// withApps returns what becomes of the folders of canvas apps whose documents get other bytes, by their paths: files that change,
// and those that go, by folded path. A document that is not in the tree does not come to it. Files that say the same already stay as they are.
func (t *Tree) withApps(data map[string][]byte) (files []*file, gone map[string]bool, err error) {
	gone = map[string]bool{}
	var root *folder
	for document, src := range data {
		dir, ok := appFolder(document)
		if !ok {
			continue
		}
		if root == nil {
			root = folders(t.Names(), nil)
		}
		names := filesBelow(root, dir)
		if len(names) == 0 {
			continue
		}
		have := t.findFold(dir + "/" + appManifestFile)
		if t.findFold(document) == nil {
			gone[fold(document)] = true
		} else if have == nil {
			continue // files that belong to nothing
		}
		opts := &AppOptions{Verbatim: true}
		if have != nil {
			text, err := have.read()
			if err != nil {
				return nil, nil, &Error{Op: "edit", Path: have.path, Err: err}
			}
			m, err := parseAppManifest(text, t.limits)
			if err != nil {
				return nil, nil, &Error{Op: "edit", Path: have.path, Err: err}
			}
			opts = parseAppOptions(m.Form)
		}
		app, err := parseApp(src, t.limits)
		if err != nil {
			return nil, nil, &Error{Op: "edit", Path: document, Err: withoutOp(err)}
		}
		list, err := app.folder(opts)
		if err != nil {
			return nil, nil, err
		}
		for _, name := range names {
			gone[fold(dir+"/"+name)] = true
		}
		for _, x := range list {
			p := dir + "/" + x.path
			delete(gone, fold(p))
			same, err := t.saysApp(p, x)
			if err != nil {
				return nil, nil, err
			}
			if same {
				continue
			}
			text, err := x.read()
			if err != nil {
				return nil, nil, err
			}
			if old := t.findFold(p); old != nil {
				p = old.path
			}
			files = append(files, memoryFile(p, text))
		}
	}
	return files, gone, nil
}

// saysApp reports whether a file of the tree has the content of a file of an app's folder.
func (t *Tree) saysApp(name string, x *appFile) (bool, error) {
	f := t.findFold(name)
	if f == nil {
		return false, nil
	}
	have, err := f.read()
	if err != nil {
		return false, &Error{Op: "edit", Path: f.path, Err: err}
	}
	want := x.data
	if x.entry != nil {
		if want, err = readApp(x.entry); err != nil {
			return false, err
		}
	}
	text, err := restored(have, x.as)
	return err == nil && bytes.Equal(text, want), nil
}

// goneApps adds the folders of documents that go to the folded paths of what goes.
func (t *Tree) goneApps(gone map[string]bool) {
	var dirs []string
	for key := range gone {
		if dir, ok := appFolder(key); ok {
			dirs = append(dirs, dir)
		}
	}
	if len(dirs) == 0 {
		return
	}
	root := folders(t.Names(), nil)
	for _, dir := range dirs {
		for _, name := range root.sub(dir).breadthFirst() {
			gone[fold(name)] = true
		}
	}
}
