package yamlsource

import (
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A kind says how the components of a section of customizations.xml stand in the source: each is a folder <folder>/<key> with a YAML
// file.
type kind struct {
	folder  string // in the source
	file    string // the YAML file of a component
	element string // its root
	section string // in customizations.xml
	zip     string // the folder of the zip that has the files which a component names; empty if it names none
	key     string // the attribute or the child that gives the folder its name
	unseen  string // why it is not written; empty if it is
}

// kinds is the table of the kinds that were seen in files of the platform; that of web resources, and the folder of classic
// processes, are in public documentation. Tables are in table.go.
var kinds = []kind{
	{"entityrelationships", "entityrelationship.yml", "EntityRelationship", "EntityRelationships", "", "Name", ""},
	{"optionsets", "optionset.yml", "optionset", "optionsets", "", "Name", ""},
	{"appmodules", "appmodule.yml", "AppModule", "AppModules", "", "UniqueName", ""},
	{"appmodulesitemaps", "appmodulesitemap.yml", "AppModuleSiteMap", "AppModuleSiteMaps", "", "SiteMapUniqueName", ""},
	{"modernflows", workflowFile, "Workflow", "Workflows", "Workflows", "WorkflowId", ""},
	{"portablebusinesslogics", workflowFile, "Workflow", "Workflows", "Workflows", "WorkflowId", ""},
	{"connectionreferences", "connectionreference.yml", "connectionreference", "connectionreferences", "", "connectionreferencelogicalname", ""},
	{"canvasapps", "canvasapp.yml", "CanvasApp", "CanvasApps", "CanvasApps", "Name", "the document is a folder of its files, of which the platform changes the JSON"},
	{"webresources", "webresource.yml", "WebResource", "WebResources", "WebResources", "WebResourceId", "known from documentation alone"},
}

// workflowFile is the file of a process. What category it is of, and so the name of its folder, does not matter.
const workflowFile = "workflow.yml"

// Folders that are of no kind of the table.
const (
	solutionsFolder  = "solutions"
	publishersFolder = "publishers"
	tablesFolder     = "entities"
)

// kindOf returns the kind of the components in a folder of the root that have such a file, nil if none is known.
func kindOf(folder, file string) *kind {
	for i := range kinds {
		if strings.EqualFold(kinds[i].folder, folder) {
			return &kinds[i]
		}
	}
	if strings.EqualFold(file, workflowFile) {
		k := *kindOf("modernflows", "")
		k.folder = folder
		return &k
	}
	return nil
}

// isSection reports whether a folder is called as a section of customizations.xml, or an element as one of its components.
func isSection(name string) bool {
	for _, s := range solution.SectionNames() {
		if strings.EqualFold(s, name) {
			return true
		}
	}
	return false
}

// sections are those that a package has, empty or not, in the order of exports.
func sections(have map[string]bool) []string {
	var names []string
	for _, s := range solution.SectionNames() {
		if have[s] || solution.IsStandardSection(s) || s == "CanvasApps" {
			names = append(names, s)
		}
	}
	return names
}
