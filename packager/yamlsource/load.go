package yamlsource

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

// Options says what is read of a root. nil and the zero value mean the defaults.
type Options struct {
	// Solution is the name of the solution, in any letter case; it may be empty if the root has one only.
	Solution string
	// Limits bounds what is read, as it does of trees; nil means the defaults. XMLBytes is the size of all YAML files as well. One of
	// these has at most 8 MiB.
	Limits *packager.Limits
}

// ErrKind is what the error of a file wraps that belongs to a component of a kind whose format is not known.
var ErrKind = errors.New("a kind of component that is not known in YAML")

var (
	errFormat = packager.ErrFormat
	errLimit  = packager.ErrLimit
)

// Load reads a solution of a root of the YAML source format: fsys is the root or a folder above it. Files that components name are read
// when they are needed, so fsys must not change as long as the tree is used. opts may be nil.
//
// The tree is safe for concurrent use if fsys is.
func Load(fsys fs.FS, opts *Options) (*packager.Tree, error) {
	if opts == nil {
		opts = &Options{}
	}
	s, err := open(fsys, opts.Limits)
	if err != nil {
		return nil, err
	}
	l := &loader{source: s, parts: &parts{src: s, byFold: map[string]*part{}}}
	if l.solution, err = s.choose(opts.Solution); err != nil {
		return nil, err
	}
	if l.members, err = s.membership(l.solution); err != nil {
		return nil, err
	}
	if err := l.manifest(); err != nil {
		return nil, err
	}
	if err := l.index(); err != nil {
		return nil, err
	}
	if err := l.customizations(); err != nil {
		return nil, err
	}
	slices.Sort(l.parts.names)
	l.missing()
	l.unowned()
	s.found.Sort()
	return packager.TreeOf(l.parts, &packager.TreeOptions{Limits: opts.Limits, AnyKind: true, Diagnostics: s.found})
}

// choose returns the folder of the solution of that name.
func (s *source) choose(name string) (string, error) {
	var names []string
	for _, folder := range s.folders(solutionsFolder) {
		if s.file(path.Join(solutionsFolder, folder, solutionFile)) == nil {
			continue
		}
		if names = append(names, folder); name != "" && strings.EqualFold(folder, name) {
			return path.Join(solutionsFolder, folder), nil
		}
	}
	list := strings.Join(names, ", ")
	switch {
	case name != "":
		return "", errorf(s.base+solutionsFolder, "%w: there is no solution %q: it holds %s", errFormat, name, list)
	case len(names) > 1:
		return "", errorf(s.base+solutionsFolder, "%w: it holds several solutions: say which of %s", errFormat, list)
	}
	return path.Join(solutionsFolder, names[0]), nil
}

// A loader makes the parts of one solution.
type loader struct {
	*source
	solution string // its folder
	parts    *parts
	members  *membership
	language string
	root     place // of the root of solution.yml
	sections map[string][]component
	shells   map[string]bool // folded folders of tables of which only the parts belong to the solution
}

// A component is a folder whose files become an element of a section.
type component struct {
	kind *kind // nil for a table
	dir  string
}

// index finds the components of the solution by their folders, and makes the parts that are no elements.
func (l *loader) index() error {
	l.sections, l.shells = map[string][]component{}, map[string]bool{}
	for _, folder := range l.folders("") {
		var err error
		switch {
		case strings.EqualFold(folder, solutionsFolder), strings.EqualFold(folder, publishersFolder):
			continue
		case strings.EqualFold(folder, tablesFolder):
			err = l.indexTables(folder)
		default:
			err = l.indexFolder(folder)
		}
		if err != nil {
			return err
		}
	}
	for _, list := range l.sections {
		slices.SortStableFunc(list, func(a, b component) int {
			x, y := path.Base(a.dir), path.Base(b.dir)
			return cmp.Or(cmp.Compare(strings.ToLower(x), strings.ToLower(y)), cmp.Compare(x, y))
		})
	}
	return nil
}

func (l *loader) indexTables(folder string) error {
	for _, name := range l.folders(folder) {
		dir := folder + "/" + name
		if l.file(dir+"/"+tableFile) == nil {
			return errorf(l.base+l.below(dir)[0].path, "%w: the table has no %s: restore it", errFormat, tableFile)
		}
		switch l.members.of(dir) {
		case others:
			if !l.members.holds(dir) {
				l.use(dir)
				continue
			}
			l.shells[fold(dir)] = true
			l.find(ruleShell, l.base+dir+"/"+tableFile, "%s is listed by another solution: only its name, and the parts that this one lists, are packed", dir)
		case nobody:
			l.notListed(dir+"/"+tableFile, dir)
		}
		l.sections["Entities"] = append(l.sections["Entities"], component{nil, dir})
	}
	return nil
}

// indexFolder finds the components in a folder of the root.
func (l *loader) indexFolder(folder string) error {
	known := kindOf(folder, "") != nil
	none := true
	for _, name := range l.folders(folder) {
		dir := folder + "/" + name
		k := kindOf(folder, "")
		if k == nil && l.file(dir+"/"+workflowFile) != nil {
			k = kindOf(folder, workflowFile)
		}
		if k == nil {
			row, err := l.row(folder, dir)
			if err != nil {
				return err
			}
			none = none && !row
			continue
		}
		none = false
		if l.file(dir+"/"+k.file) == nil {
			return errorf(l.base+l.below(dir)[0].path, "%w: there is no %s in the folder of the component: restore it", errFormat, k.file)
		}
		switch l.members.of(dir) {
		case others:
			l.use(dir)
			continue
		case nobody:
			l.notListed(dir+"/"+k.file, dir)
		}
		l.sections[k.section] = append(l.sections[k.section], component{k, dir})
	}
	for _, f := range l.below(folder) {
		if l.used[f.key] || strings.Contains(within(f, folder), "/") {
			continue
		}
		if name, ok, err := l.looksLikeComponent(folder, &f); err != nil || ok {
			return cmp.Or(err, l.unknown(name, &f))
		}
	}
	if none && !known && len(l.below(folder)) > 0 {
		l.find(ruleForeign, l.base+folder, "%s holds no components: it is not packed", l.base+folder)
		l.use(folder)
	}
	return nil
}

func (l *loader) notListed(file, dir string) {
	if l.members.listed {
		l.find(ruleNotListed, l.base+file, "%s stands in no solutioncomponents.yml: it is taken as part of the solution", dir)
	}
}

// use marks the files of a folder as done with.
func (l *loader) use(dir string) {
	for _, f := range l.below(dir) {
		l.used[f.key] = true
	}
}

func (l *loader) unknown(kind string, f *sourceFile) error {
	return errorf(l.base+f.path, "%w: %s: remove it, or export the solution as a zip", ErrKind, kind)
}

// customizations makes customizations.xml.
func (l *loader) customizations() error {
	w := &writer{newline: "\n"}
	w.from(l.root)
	w.out = append(w.out, `<?xml version="1.0" encoding="utf-8"?>`...)
	w.indent(0)
	w.out = append(w.out, "<ImportExportXml xmlns:xsi=\""+schemaInstance+"\">"...)
	have := map[string]bool{}
	for section := range l.sections {
		have[section] = true
	}
	for _, section := range sections(have) {
		w.indent(1)
		if section == "Languages" {
			continue
		}
		if !have[section] {
			w.out = append(w.out, "<"+section+" />"...)
			continue
		}
		w.out = append(w.out, "<"+section+">"...)
		for _, c := range l.sections[section] {
			e, err := l.component(c)
			if err != nil {
				return err
			}
			w.indent(2)
			w.element(e, 2, false)
			if int64(len(w.out)) > l.lim.XMLBytes {
				return errorf(l.base+c.dir, "customizations.xml has more than %d bytes: %w: raise Limits.XMLBytes if there is the memory for it", l.lim.XMLBytes, errLimit)
			}
		}
		w.indent(1)
		w.out = append(w.out, "</"+section+">"...)
	}
	w.from(l.root)
	w.indent(1)
	w.out = append(w.out, "<Languages>"...)
	w.indent(2)
	w.out = append(w.out, "<Language>"...)
	w.text(cmp.Or(l.language, "1033"))
	w.out = append(w.out, "</Language>"...)
	w.indent(1)
	w.out = append(w.out, "</Languages>"...)
	w.indent(0)
	w.out = append(w.out, "</ImportExportXml>"...)
	return l.parts.add(&part{name: solution.CustomizationsFile, data: w.out, record: w.record}, l.solution)
}

// component reads the element of a component and adds the files that it names.
func (l *loader) component(c component) (*element, error) {
	if c.kind == nil {
		return l.table(c.dir)
	}
	f := l.file(c.dir + "/" + c.kind.file)
	e, err := l.source.root(f, c.kind.element)
	if err != nil {
		return nil, err
	}
	if c.kind.element == "CanvasApp" {
		savedTime(e)
	}
	if c.kind.zip != "" {
		if err := l.payload(c, e); err != nil {
			return nil, err
		}
	}
	return e, l.refuseYAML(c.dir)
}

// payload adds the files that texts of a component name, and makes their paths those of the zip.
func (l *loader) payload(c component, e *element) error {
	var failed error
	e.walk(func(x *element) {
		if failed != nil || len(x.children) > 0 {
			return
		}
		rest, own := cutFold(x.text, "/"+c.dir+"/")
		if !own {
			if rest, own = cutFold(x.text, "/"+c.kind.zip+"/"); !own {
				return
			}
		}
		name := rest
		if i := strings.LastIndex(rest, "_ContentType_"); i > 0 {
			name = rest[:i] // the file of a code app, and its content type
		}
		p, from, err := l.payloadPart(c, name)
		switch {
		case err != nil:
			failed = err
		case p == nil:
			failed = l.errorAt(x.textAt, "%w: %s names the file %s/%s, which is not there: restore it", errFormat, x.name, c.dir, name)
		default:
			x.text = "/" + c.kind.zip + "/" + rest
			p.name = c.kind.zip + "/" + name
			failed = l.parts.add(p, from)
		}
	})
	return failed
}

func (l *loader) payloadPart(c component, name string) (*part, string, error) {
	if !fs.ValidPath(name) {
		return nil, "", errorf(l.base+c.dir, "%w: it names the file %q", packager.ErrInsecurePath, name)
	}
	f := l.file(c.dir + "/" + name)
	if f == nil && c.kind.element == "WebResource" {
		f = l.withEnding(c.dir, name)
	}
	if f != nil {
		l.used[f.key] = true
		return &part{file: f}, f.path, nil
	}
	if folder, ok := cutSuffixFold(name, ".msapp"); ok && len(l.below(c.dir+"/"+folder)) > 0 {
		l.use(c.dir + "/" + folder)
		p, err := l.appDocument(c.dir + "/" + folder)
		return p, c.dir + "/" + folder, err
	}
	return nil, "", nil
}

// withEnding finds the file of a web resource, which may have an ending that its name in the zip has not.
func (l *loader) withEnding(dir, name string) *sourceFile {
	key := fold(dir+"/"+name) + "."
	for _, f := range l.below(dir) {
		if ending, ok := strings.CutPrefix(f.key, key); ok && !strings.ContainsAny(ending, "./") {
			return l.file(f.path)
		}
	}
	return nil
}

// savedTime takes the fraction of a second off the time of an app's last change, as zips have it.
func savedTime(app *element) {
	if v := app.child("AppVersion"); v != nil {
		if whole, fraction, ok := strings.Cut(v.text, "."); ok && strings.HasSuffix(fraction, "Z") && strings.Trim(fraction, "0") == "Z" {
			v.text = whole + "Z"
		}
	}
}

func cutFold(text, prefix string) (string, bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return "", false
	}
	return text[len(prefix):], true
}

func cutSuffixFold(text, suffix string) (string, bool) {
	n := len(text) - len(suffix)
	if n < 0 || !strings.EqualFold(text[n:], suffix) {
		return "", false
	}
	return text[:n], true
}

// unowned tells of files beside components that none of them names. YAML among them is refused where it is found.
func (l *loader) unowned() {
	for _, f := range l.files {
		if l.used[f.key] || !strings.Contains(f.path, "/") || strings.HasPrefix(f.key, fold(solutionsFolder)+"/") || strings.HasPrefix(f.key, fold(publishersFolder)+"/") {
			continue
		}
		l.find(ruleUnowned, l.base+f.path, "%s is named by no component: it is not packed", f.path)
	}
}

// refuseYAML refuses a YAML file in the folder of a component that nothing has read.
func (l *loader) refuseYAML(dir string) error {
	for _, f := range l.below(dir) {
		if ext := strings.ToLower(path.Ext(f.path)); !l.used[f.key] && (ext == ".yml" || ext == ".yaml") {
			return l.unknown(fmt.Sprintf("%s in %s", path.Base(f.path), dir), &f)
		}
	}
	return nil
}
