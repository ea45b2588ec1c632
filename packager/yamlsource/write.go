package yamlsource

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/memfs"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// WriteOptions says how a source is written. nil and the zero value mean the defaults.
type WriteOptions struct {
	// Newline ends lines: "\r\n", the default, as the platform writes it, or "\n".
	Newline string
}

// Write makes a root of the format of an unmanaged solution: solution.yml and what belongs to it, the publisher, and the
// components. It is experimental: kinds that were not seen in files of the platform are refused, and so is what the format can't
// keep, with an error of its place that wraps [ErrKind]. Files that components name are copied. What comes back by [Load] is the
// same solution, but for languages besides the base language, which is a finding.
func Write(p solution.Parts, opts *WriteOptions) (fs.FS, diag.List, error) {
	w := &treeWriter{parts: p, newline: "\r\n", files: map[string][]byte{}, written: map[string]bool{}}
	if opts != nil && opts.Newline != "" {
		w.newline = opts.Newline
	}
	if w.newline != "\n" && w.newline != "\r\n" {
		return nil, nil, fmt.Errorf("newline %q: use \"\\n\" or \"\\r\\n\"", w.newline)
	}
	for _, write := range []func() error{w.manifest, w.customizations, w.rows, w.list} {
		if err := write(); err != nil {
			return nil, nil, err
		}
	}
	w.found.Sort()
	return memfs.New(w.files), w.found, nil
}

// A treeWriter makes the files of a source.
type treeWriter struct {
	parts    solution.Parts
	newline  string
	files    map[string][]byte
	written  map[string]bool // folded names of parts
	solution string          // its folder
	language string
	paths    []string // for the list of components
	found    diag.List
}

// put writes the file of a root element. i is the node that it is from.
func (w *treeWriter) put(r *reading, i int32, file string, e *element) error {
	if w.files[file] != nil || !fs.ValidPath(file) {
		return r.errorf(i, "%w: %q is the file of another component, or none", ErrKind, file)
	}
	if err := w.lossless(r, e); err != nil {
		return err
	}
	y := &styler{newline: w.newline}
	if err := y.document(e); err != nil {
		return r.errorf(i, "%w: %w", ErrKind, err)
	}
	w.files[file] = append(y.out, w.newline...)
	return nil
}

// ordered are elements whose children have a meaning by their order, whatever they are called.
var ordered = []string{"JavaScriptFunction", "NavBar"}

// lossless refuses what the format can't keep, and repeats the declaration of xsi where something is nil.
func (w *treeWriter) lossless(r *reading, root *element) error {
	var failed error
	root.walk(func(e *element) {
		if failed == nil && slices.Contains(ordered, e.name) && interleaved(e) {
			failed = r.errorf(e.at.offset, "%w: the order of the elements in %s can't be kept", ErrKind, e.name)
		}
		if i := slices.IndexFunc(e.attrs, func(a attribute) bool { return a.name == "xsi:nil" }); i >= 0 && !slices.ContainsFunc(e.attrs, isDeclaration) {
			e.attrs = slices.Insert(e.attrs, i+1, attribute{name: xsiDeclaration, value: schemaInstance})
		}
	})
	return failed
}

func isDeclaration(a attribute) bool { return a.name == xsiDeclaration }

// interleaved reports whether children of one name do not stand together.
func interleaved(e *element) bool {
	done := map[string]bool{}
	for i, c := range e.children {
		if i > 0 && e.children[i-1].name != c.name {
			done[e.children[i-1].name] = true
		}
		if done[c.name] {
			return true
		}
	}
	return false
}

// manifest writes the files of the solution and its publisher.
func (w *treeWriter) manifest() error {
	r, err := readXML(w.parts, solution.ManifestFile)
	if err != nil {
		return err
	}
	w.written[fold(solution.ManifestFile)] = true
	root := r.doc.Root()
	e, err := r.element(root)
	if err != nil {
		return err
	}
	m := e.child("SolutionManifest")
	if e.name != "ImportExportXml" || m == nil || m.childText("UniqueName") == "" {
		return r.errorf(root, "%w: no manifest of a solution with a name", errFormat)
	}
	if m.childText("Managed") != "0" {
		return r.errorf(m.at.offset, "%w: the format is that of unmanaged solutions", ErrKind)
	}
	w.solution, w.language = path.Join(solutionsFolder, m.childText("UniqueName")), e.attr("languagecode")
	lists := []struct{ file, root string }{{"rootcomponents.yml", "RootComponents"}, {"missingdependencies.yml", "MissingDependencies"}}
	for _, list := range lists {
		x := &element{name: list.root, at: m.at}
		if i := m.index(list.root); i >= 0 {
			x = m.children[i]
			m.children = slices.Delete(m.children, i, i+1)
		}
		x.open = false
		if list.root == "RootComponents" {
			slices.SortStableFunc(x.children, compareRoots)
		}
		if err := w.put(r, x.at.offset, path.Join(w.solution, list.file), x); err != nil {
			return err
		}
	}
	i := m.index("Publisher")
	if i < 0 || m.children[i].childText("UniqueName") == "" {
		return r.errorf(m.at.offset, "%w: the solution names no publisher", errFormat)
	}
	publisher := m.children[i]
	dir := path.Join(publishersFolder, publisher.childText("UniqueName"))
	if err := w.put(r, publisher.at.offset, dir+"/publisher.yml", publisher); err != nil {
		return err
	}
	w.paths = append(w.paths, dir)
	m.children[i] = &element{name: "Publisher", children: []*element{publisher.child("UniqueName")}}
	return w.put(r, root, path.Join(w.solution, solutionFile), e)
}

// compareRoots orders root components as the platform lists them: by type, then by key.
func compareRoots(a, b *element) int {
	number := func(e *element) int { n, _ := strconv.Atoi(e.attr("type")); return n }
	return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a.attr("schemaName"), b.attr("schemaName")), cmp.Compare(a.attr("id"), b.attr("id")))
}

// customizations writes the components of the sections.
func (w *treeWriter) customizations() error {
	r, err := readXML(w.parts, solution.CustomizationsFile)
	if err != nil {
		return err
	}
	w.written[fold(solution.CustomizationsFile)], w.written[fold(solution.ContentTypesFile)] = true, true
	d := r.doc
	for section := range d.Elements(d.Root()) {
		name := d.Name(section)
		for c := range d.Children(section) {
			var err error
			switch {
			case name == "Languages":
				w.languageOf(r, c)
			case name == "Entities" && d.Is(c, "Entity"):
				err = w.table(r, c)
			default:
				err = w.component(r, name, c)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *treeWriter) languageOf(r *reading, c int32) {
	if text := strings.TrimSpace(r.doc.Text(c)); text != w.language {
		w.found = append(w.found, diag.Diagnostic{Rule: ruleLanguage.ID, Severity: ruleLanguage.Severity, Location: r.location(c),
			Message: fmt.Sprintf("language %s has no place in YAML: a package of it has the base language %s", text, w.language)})
	}
}

// component writes a component of a section of the table of kinds.
func (w *treeWriter) component(r *reading, section string, c int32) error {
	var k *kind
	for i := range kinds {
		if x := &kinds[i]; x.section == section && r.doc.Nodes[c].IsElement() && r.doc.Is(c, x.element) && k == nil {
			k = x
		}
	}
	if k == nil {
		what := section
		if r.doc.Nodes[c].IsElement() {
			what = section + "/" + r.doc.Name(c)
		}
		return r.errorf(c, "%w: %s", ErrKind, what)
	}
	if k.unseen != "" {
		return r.errorf(c, "%w: %s is not written: %s", ErrKind, k.element, k.unseen)
	}
	e, err := r.element(c)
	if err != nil {
		return err
	}
	key := e.attr(k.key)
	if key == "" {
		key = e.childText(k.key)
	}
	folder := k.folder
	if k.element == "Workflow" {
		switch e.childText("Category") {
		case "5":
			folder = "modernflows"
		case "2":
			folder = "portablebusinesslogics"
		default:
			return r.errorf(c, "%w: Workflow of category %s", ErrKind, e.childText("Category"))
		}
		key = strings.ToLower(strings.Trim(key, "{}"))
	}
	dir := folder + "/" + key
	if key == "" || strings.Contains(key, "/") || !fs.ValidPath(dir) {
		return r.errorf(c, "%w: a %s without a name that can be a folder: %q", ErrKind, k.element, key)
	}
	if k.zip != "" {
		if err := w.payload(r, c, k, dir, e); err != nil {
			return err
		}
	}
	w.paths = append(w.paths, dir)
	return w.put(r, c, dir+"/"+k.file, e)
}

// payload copies the files that a component names, and makes their paths those of its folder.
func (w *treeWriter) payload(r *reading, c int32, k *kind, dir string, e *element) error {
	var failed error
	e.walk(func(x *element) {
		rest, named := cutFold(x.text, "/"+k.zip+"/")
		if failed != nil || !named {
			return
		}
		data, err := w.parts.ReadPart(k.zip + "/" + rest)
		switch {
		case err != nil:
			failed = r.errorf(c, "%w: %s names the file %s: %w", errFormat, x.name, x.text, err)
		case !fs.ValidPath(rest) || w.files[dir+"/"+rest] != nil:
			failed = r.errorf(c, "%w: %s names the file %s", ErrKind, x.name, x.text)
		default:
			w.written[fold(k.zip+"/"+rest)] = true
			w.files[dir+"/"+rest] = data
			x.text = "/" + dir + "/" + rest
		}
	})
	return failed
}

// table writes the files of a table.
func (w *treeWriter) table(r *reading, c int32) error {
	e, err := r.element(c)
	if err != nil {
		return err
	}
	name := strings.ToLower(e.childText("Name"))
	dir := tablesFolder + "/" + name
	if name == "" || strings.Contains(name, "/") || !fs.ValidPath(dir) {
		return r.errorf(c, "%w: a table without a name that can be a folder: %q", ErrKind, name)
	}
	part := func(file, listed string, x *element) error {
		w.paths = append(w.paths, listed)
		return w.put(r, x.at.offset, file, x)
	}
	if info := e.child("EntityInfo"); info != nil && info.child(definition) != nil {
		d := info.child(definition)
		for _, x := range take(d, columnsElement, "attribute") {
			file := dir + "/" + columnsFolder + "/" + strings.ToLower(x.childText("LogicalName")) + ".yml"
			if err := part(file, file, x); err != nil {
				return err
			}
		}
		for _, x := range take(d, "EntityKeys", "EntityKey") {
			in := dir + "/" + keysFolder + "/" + x.childText("LogicalName")
			if err := part(in+"/"+keyFile, in, x); err != nil {
				return err
			}
		}
	}
	for _, group := range take(e, "FormXml", "forms") {
		for _, x := range group.children {
			in := dir + "/" + formsFolder + "/" + group.attr("type") + "/" + strings.ToLower(strings.Trim(x.childText("formid"), "{}"))
			if x.name != "systemform" || len(group.attrs) != 1 {
				return r.errorf(x.at.offset, "%w: %s in forms", ErrKind, x.name)
			}
			if err := part(in+"/"+formFile, in, x); err != nil {
				return err
			}
		}
	}
	for _, group := range take(e, "SavedQueries", "savedqueries") {
		for _, x := range group.children {
			in := dir + "/" + viewsFolder + "/" + strings.ToLower(strings.Trim(x.childText("savedqueryid"), "{}"))
			if x.name != "savedquery" || len(group.attrs) != 0 {
				return r.errorf(x.at.offset, "%w: %s in savedqueries", ErrKind, x.name)
			}
			if err := part(in+"/"+viewFile, in, x); err != nil {
				return err
			}
		}
	}
	if i := e.index("RibbonDiffXml"); i >= 0 {
		x := e.children[i]
		e.children = slices.Delete(e.children, i, i+1)
		if err := part(dir+"/"+ribbonFolder+"/"+ribbonFile, dir+"/"+ribbonFolder, x); err != nil {
			return err
		}
	}
	for _, x := range e.children {
		if x.name != "Name" && x.name != "EntityInfo" {
			return r.errorf(x.at.offset, "%w: %s of a table", ErrKind, x.name)
		}
	}
	return part(dir+"/"+tableFile, dir, e)
}

// take removes the child list of e if all in it are called item, and returns what is in it.
func take(e *element, list, item string) []*element {
	i := e.index(list)
	if i < 0 || len(e.children[i].attrs) > 0 || slices.ContainsFunc(e.children[i].children, func(x *element) bool { return x.name != item }) {
		return nil
	}
	items := e.children[i].children
	e.children = slices.Delete(e.children, i, i+1)
	return items
}

// rows writes what is left of the parts: rows of tables that are aware of solutions, their XML as YAML.
func (w *treeWriter) rows() error {
	for _, name := range w.parts.Names() {
		if w.written[fold(name)] {
			continue
		}
		set, rest, _ := strings.Cut(name, "/")
		key, file, ok := strings.Cut(rest, "/")
		if !ok || isSection(set) || kindOf(set, "") != nil || slices.Contains([]string{solutionsFolder, publishersFolder, tablesFolder}, strings.ToLower(set)) || !fs.ValidPath(name) {
			return &solution.SyntaxError{File: w.parts.Locate(name, 0).File, Err: fmt.Errorf("%w: a file that no component of a known kind names", ErrKind)}
		}
		dir := set + "/" + key
		if !slices.Contains(w.paths, dir) {
			w.paths = append(w.paths, dir)
		}
		base, isXML := strings.CutSuffix(file, ".xml")
		if !isXML || strings.Contains(base, "/") {
			data, err := w.parts.ReadPart(name)
			if err != nil {
				return err
			}
			w.files[name] = data
			continue
		}
		r, err := readXML(w.parts, name)
		if err != nil {
			return err
		}
		root := r.doc.Root()
		e, err := r.element(root)
		if err != nil {
			return err
		}
		if e.name != base || e.name != strings.ToLower(e.name) || isSectionElement(e.name) {
			return r.errorf(root, "%w: %s", ErrKind, e.name)
		}
		e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool { return isDeclaration(a) && e.attr("xsi:nil") == "" })
		if err := w.put(r, root, dir+"/"+base+".yml", e); err != nil {
			return err
		}
	}
	return nil
}

// list writes the list of the components.
func (w *treeWriter) list() error {
	slices.Sort(w.paths)
	root := &element{name: "SolutionComponents"}
	for _, p := range w.paths {
		root.children = append(root.children, &element{name: "Component", attrs: []attribute{{name: "path", value: "/" + p}}})
	}
	y := &styler{newline: w.newline}
	if err := y.document(root); err != nil {
		return err
	}
	w.files[path.Join(w.solution, listFile)] = append(y.out, w.newline...)
	return nil
}
