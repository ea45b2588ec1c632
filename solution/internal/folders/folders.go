// Package folders knows which files of a solution describe components that are folders: an XML file that is called like its root
// element, which is the kind of the component, as bots/NAME/bot.xml.
package folders

import (
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// nameAttributes are those of the root that name the component, best first. Without any of them it is called like its folder.
var nameAttributes = []string{"schemaname", "uniquename", "name", "settingdefinitionid.uniquename"}

// payload are the folders whose XML files are content of a component, not components.
var payload = map[string]bool{"webresources": true, "controls": true, "canvasapps": true, "workflows": true, "connector": true,
	"pluginassemblies": true, "reports": true, "formulas": true}

// sectionElements are the elements that are components in a section of customizations.xml, as AppModule is, and nowhere else: a
// file with one is of a tree whose section was lost. Components that are folders are called by names without capital letters.
var sectionElements = func() map[string]bool {
	names := map[string]bool{}
	for info := range solution.ComponentTypes() {
		for p := range strings.FieldsSeq(info.Section) {
			if name := path.Base(p); name != strings.ToLower(name) {
				names[name] = true
			}
		}
	}
	return names
}()

// MayHold reports whether a part can hold a component, or links between two.
func MayHold(part string) bool {
	folder, _, nested := strings.Cut(strings.ToLower(part), "/")
	return nested && strings.EqualFold(path.Ext(part), ".xml") && !payload[folder]
}

// A Component is what a file says of the component that its folder is.
type Component struct {
	Key  solution.Key
	Name string // as written
	Dir  string // the folder, folded
}

// Read returns the component that a part of that name describes, if it is the file of one.
func Read(part string, doc *xmlspan.Document) (Component, bool) {
	root := doc.Root()
	tag := doc.Name(root)
	if !isComponent(part, tag) {
		return Component{}, false
	}
	name := ""
	for _, a := range nameAttributes {
		if v, ok := doc.Attr(root, a); ok {
			name = v
			break
		}
	}
	dir := path.Dir(part)
	if name == "" {
		name = path.Base(dir)
	}
	owner := "" // of the parts of a custom API, in folders below its own
	if steps := strings.Split(part, "/"); len(steps) > 4 {
		owner = steps[1]
	}
	return Component{solution.NewKey(solution.ComponentType(solution.Fold(tag)), owner, name, solution.GUID{}), name, solution.Fold(dir)}, true
}

// isComponent reports whether a part with that root element holds a component.
func isComponent(part, root string) bool {
	return strings.EqualFold(root+".xml", path.Base(part)) && !sectionElements[root]
}

// Link returns the link between two components that element i of a file of Assets is: it is a component by all of its attributes.
func Link(doc *xmlspan.Document, i int32) (key solution.Key, name string) {
	var values []string
	for _, v := range doc.Attrs(i) {
		values = append(values, v)
	}
	name = strings.Join(values, " ")
	return solution.NewKey(solution.ComponentType(solution.Fold(doc.Name(i))), "", name, solution.GUID{}), name
}
