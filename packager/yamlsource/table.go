package yamlsource

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// A table is the folder entities/<name>: entity.yml, and
//
//	attributes/<name>.yml
//	entitykeys/<name>/entitykey.yml
//	formxml/<type>/<id>/systemform.yml
//	savedqueries/<id>/savedquery.yml
//	ribbondiffs/ribbondiff.yml
//
// In customizations.xml they stand in the order of exports: columns and keys inside the definition, behind its descriptions, then
// forms by type, views, and the ribbon.
const (
	tableFile      = "entity.yml"
	columnsFolder  = "attributes"
	keysFolder     = "entitykeys"
	formsFolder    = "formxml"
	viewsFolder    = "savedqueries"
	ribbonFolder   = "ribbondiffs"
	ribbonFile     = "ribbondiff.yml"
	formFile       = "systemform.yml"
	viewFile       = "savedquery.yml"
	keyFile        = "entitykey.yml"
	definition     = "entity"
	columnsElement = "attributes"
)

// table reads a table.
func (l *loader) table(dir string) (*element, error) {
	f := l.file(dir + "/" + tableFile)
	e, err := l.source.root(f, "Entity")
	if err != nil {
		return nil, err
	}
	if l.shells[fold(dir)] {
		unmodified(e)
	}
	columns, err := l.columns(dir)
	if err != nil {
		return nil, err
	}
	keys, err := l.items(dir+"/"+keysFolder, keyFile, "EntityKey")
	if err != nil {
		return nil, err
	}
	if err := l.define(e, columns, keys); err != nil {
		return nil, err
	}
	if err := l.forms(dir, e); err != nil {
		return nil, err
	}
	views, err := l.items(dir+"/"+viewsFolder, viewFile, "savedquery")
	if err != nil {
		return nil, err
	}
	if len(views) > 0 {
		e.children = append(e.children, around("SavedQueries", around("savedqueries", views...)))
	}
	if f := l.file(dir + "/" + ribbonFolder + "/" + ribbonFile); f != nil {
		ribbon, err := l.source.root(f, "RibbonDiffXml")
		if err != nil {
			return nil, err
		}
		if l.takes(f, dir+"/"+ribbonFolder) {
			l.parameterOrder(ribbon)
			e.children = append(e.children, ribbon)
		}
	}
	return e, l.refuseYAML(dir)
}

// around returns an element that holds the others, which are at least one.
func around(name string, children ...*element) *element {
	return &element{name: name, at: children[0].at, textAt: children[0].at, children: children}
}

// unmodified leaves of a table what a package has of one whose definition is not its own.
func unmodified(e *element) {
	e.children = slices.DeleteFunc(e.children, func(c *element) bool { return c.name != "Name" && c.name != "EntityInfo" })
	info := e.child("EntityInfo")
	if info == nil {
		return
	}
	if d := info.child(definition); d != nil && d.attr("unmodified") == "" {
		d.children = nil
		d.attrs = append(slices.DeleteFunc(d.attrs, func(a attribute) bool { return a.name != "Name" }), attribute{"unmodified", "1", d.at})
	}
}

// takes reports whether a part of a table goes into the solution.
func (l *loader) takes(f *sourceFile, listed string) bool {
	switch l.members.of(listed) {
	case others:
		return false
	case nobody:
		if l.shells[fold(strings.Join(strings.SplitN(f.path, "/", 3)[:2], "/"))] {
			return false
		}
		l.notListed(f.path, listed)
	}
	return true
}

// columns reads the columns of a table in the order of their names.
func (l *loader) columns(dir string) ([]*element, error) {
	var list []*element
	for _, f := range l.below(dir + "/" + columnsFolder) {
		if strings.Count(f.path, "/") != 3 || !strings.EqualFold(path.Ext(f.path), ".yml") {
			continue // refused later if it is YAML
		}
		e, err := l.source.root(&f, "attribute")
		if err != nil {
			return nil, err
		}
		if l.takes(&f, f.path) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *element) int { return cmp.Compare(a.childText("LogicalName"), b.childText("LogicalName")) })
	return list, nil
}

// items reads the parts of a table that have a folder each.
func (l *loader) items(dir, file, root string) ([]*element, error) {
	var list []*element
	for _, name := range l.folders(dir) {
		f := l.file(dir + "/" + name + "/" + file)
		if f == nil {
			continue
		}
		e, err := l.source.root(f, root)
		if err != nil {
			return nil, err
		}
		if l.takes(f, dir+"/"+name) {
			list = append(list, e)
		}
	}
	return list, nil
}

// define puts columns and keys where exports have them: behind the descriptions.
func (l *loader) define(e *element, columns, keys []*element) error {
	var lists []*element
	if len(columns) > 0 {
		lists = append(lists, around(columnsElement, columns...))
	}
	if len(keys) > 0 {
		lists = append(lists, around("EntityKeys", keys...))
	}
	if len(lists) == 0 {
		return nil
	}
	var d *element
	if info := e.child("EntityInfo"); info != nil {
		d = info.child(definition)
	}
	if d == nil {
		return l.errorAt(e.at, "%w: the table has columns or keys, and no EntityInfo/entity that could hold them", errFormat)
	}
	for _, list := range lists {
		if have := d.child(list.name); have != nil {
			return l.errorAt(have.at, "%w: %s stand here and in files of their own: keep one of both", errFormat, list.name)
		}
	}
	at := 0
	for _, before := range []string{"LocalizedNames", "LocalizedCollectionNames", "Descriptions"} {
		at = max(at, d.index(before)+1)
	}
	d.children = slices.Insert(d.children, at, lists...)
	d.open = false
	return nil
}

// forms adds the forms of a table, a group for each type.
func (l *loader) forms(dir string, e *element) error {
	var groups []*element
	for _, kind := range l.folders(dir + "/" + formsFolder) {
		forms, err := l.items(dir+"/"+formsFolder+"/"+kind, formFile, "systemform")
		if err != nil {
			return err
		}
		if len(forms) == 0 {
			continue
		}
		group := around("forms", forms...)
		group.attrs = []attribute{{"type", kind, forms[0].at}}
		groups = append(groups, group)
	}
	if len(groups) > 0 {
		e.children = append(e.children, around("FormXml", groups...))
	}
	return nil
}

// parameterOrder tells of functions whose parameters may have stood in another order: those of one type stand together in YAML.
func (l *loader) parameterOrder(ribbon *element) {
	ribbon.walk(func(e *element) {
		if e.name != "JavaScriptFunction" {
			return
		}
		types := map[string]bool{}
		for _, c := range e.children {
			types[c.name] = true
		}
		if len(types) > 1 && len(types) < len(e.children) {
			l.findAt(ruleOrder, l.location(e.at), "the parameters of %s are of several types: their order may have been another", e.attr("FunctionName"))
		}
	})
}
