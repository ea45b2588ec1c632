// Package folders knows which files of a solution describe components that are folders: an XML file that is called like its root
// element, which is the kind of the component, as bots/NAME/bot.xml.
package folders

import (
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// NameAttributes are those of the root that name the component, best first. Without any of them it is called like its folder.
var NameAttributes = []string{"schemaname", "uniquename", "name", "settingdefinitionid.uniquename"}

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

// IsComponent reports whether a part with that root element holds a component.
func IsComponent(part, root string) bool {
	return strings.EqualFold(root+".xml", path.Base(part)) && !sectionElements[root]
}
