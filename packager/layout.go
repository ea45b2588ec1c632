package packager

import (
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// A layout says where the components of one section of customizations.xml stand in a tree. The table
// of them is all that this package knows of component kinds; adding a kind is adding a row.
type layout struct {
	section string // name of the section
	element string // name of a component's element; "" for any
	folder  string // folder of the tree that belongs to the section

	// One of the following four says how the section is split.
	whole   string   // the section as it is becomes this file
	file    pathRule // each component becomes folder/path+ext
	special codec    // its own way
	inline  bool     // the section stays in Other/Customizations.xml

	ext     string      // what follows the path that file gives
	leaf    string      // the file of a component that has a folder of its own
	twin    bool        // the file has a "_managed" form
	bare    bool        // declarations of the root are not repeated in the file
	culture bool        // pack sorts by culture compare of file names, else as a folder lists
	singles []string    // child elements that are not components but files of their own
	sorted  string      // child whose elements are sorted
	payload payloadRule // files that a component names
	owns    bool        // all files in the folder of a component's file belong to it
	values  string      // file of the section as a whole: the zip's root, the tree's folder

	root    int      // type code of the component as a root component; 0 if it is none
	keys    keysRule // keys under which a root component may name it
	checked bool     // the reference tool refuses a component that no root component names
	same    bool     // the same in a managed and in an unmanaged package, as seen on pairs of exports
	differs string   // else, what is known to differ
}

type (
	// pathRule returns the path of component i below the folder, without ext, or why it has none.
	pathRule func(d *xmlspan.Document, i int32) (p, why string)
	// payloadRule returns the files that component i names; p is the path of its own file.
	payloadRule func(d *xmlspan.Document, i int32, p string) []payload
	// keysRule returns names and ids of component i, or of the components in section i.
	keysRule func(d *xmlspan.Document, i int32) []string
)

// A payload is a file that a component names.
type payload struct {
	zip  string // as the XML names it, without the leading "/"
	tree string
	node int32 // the element that names it
}

// A codec splits and joins a section in its own way.
type codec interface {
	unpack(u *unpacker, row *layout, section int32) error
	pack(p *packing, row *layout) error
}

const zeroGUID = "{00000000-0000-0000-0000-000000000000}"

const (
	dataXML = ".data.xml"
	metaXML = ".meta.xml"
)

// layouts is the table, one row a section. A section that is not here follows [genericLayout].
var layouts = []layout{
	{section: "Entities", element: "Entity", folder: "Entities", special: entityCodec{}, root: 1, checked: true, differs: "a managed package holds differences of forms and ribbons"},
	{section: "Roles", element: "Role", folder: "Roles", file: roleName, ext: ".xml", culture: true,
		root: 20, keys: attrKeys("id"), checked: true, same: true},
	{section: "Workflows", element: "Workflow", folder: "Workflows", file: workflowPath, ext: dataXML, payload: workflowFile,
		root: 29, keys: attrKeys("WorkflowId"), checked: true, same: true},
	{section: "FieldSecurityProfiles", whole: "Other/FieldSecurityProfiles.xml",
		root: 70, keys: eachChild(attrKeys("fieldsecurityprofileid")), checked: true, same: true},
	{section: "Templates", folder: "Templates", special: templateCodec{}},
	{section: "EntityMaps", whole: "Other/EntityMaps.xml", differs: "it belongs to tables, which differ"},
	{section: "EntityRelationships", special: relationshipCodec{}, differs: "it belongs to tables, which differ"},
	{section: "OrganizationSettings", inline: true},
	{section: "Languages", inline: true, same: true},
	{section: "connectionreferences", inline: true, same: true},
	{section: "AIModels", inline: true, same: true},
	{section: "EntityImageConfigs", inline: true, same: true},
	{section: "AttributeImageConfigs", inline: true, same: true},
	{section: "optionsets", element: "optionset", folder: "OptionSets", file: attrName("Name"), ext: ".xml", culture: true,
		root: 9, keys: attrKeys("Name"), checked: true, differs: "a managed package holds the options it adds"},
	{section: "CustomControls", element: "CustomControl", folder: "Controls", file: pathIn("FileName", "Controls"), ext: dataXML,
		payload: pathPayload("FileName", "Controls"), owns: true, root: 66, keys: childKeys("Name"), checked: true, same: true},
	{section: "EntityDataProviders", element: "EntityDataProvider", folder: "EntityDataProviders", file: childName("EntityDataProviderId"),
		ext: ".xml", culture: true, root: 181, keys: childKeys("EntityDataProviderId", "Name"), checked: true, same: true},
	{section: "EntityDataSources", element: "EntityDataSource", folder: "EntityDataSources", file: attrName("EntityDataSourceId"),
		ext: ".xml", culture: true, root: 183, keys: bothKeys("EntityDataSourceId", "Name"), checked: true, same: true},
	{section: "CanvasApps", element: "CanvasApp", folder: "CanvasApps", file: childName("Name"), ext: metaXML, payload: uriFiles,
		root: 300, keys: childKeys("Name"), checked: true, same: true},
	{section: "Connectors", element: "Connector", folder: "Connectors", file: childName("name"), ext: ".xml", payload: connectorFiles,
		root: 372, keys: childKeys("connectorid", "name"), same: true},
	{section: "EnvironmentVariables", element: "Definition", folder: "EnvironmentVariables", file: childName("SchemaName"), ext: ".xml",
		values: "environment_variable_values.json", root: 380, keys: childKeys("SchemaName"), same: true},
	{section: "WebResources", element: "WebResource", folder: "WebResources", file: webResourcePath, ext: dataXML, payload: webResourceFile,
		root: 61, keys: childKeys("Name", "WebResourceId"), checked: true, same: true},
	{section: "SolutionPluginAssemblies", element: "PluginAssembly", folder: "PluginAssemblies", file: pathIn("FileName", "PluginAssemblies"),
		ext: dataXML, payload: pathPayload("FileName", "PluginAssemblies"), root: 91, keys: attrKeys("FullName", "PluginAssemblyId"), checked: true, same: true},
	{section: "SdkMessageProcessingSteps", element: "SdkMessageProcessingStep", folder: "SdkMessageProcessingSteps",
		file: bracedID("SdkMessageProcessingStepId"), ext: ".xml", culture: true,
		root: 92, keys: attrKeys("SdkMessageProcessingStepId"), checked: true, same: true},
	{section: "ServiceEndpoints", whole: "PluginAssemblies/ServiceEndpoints.xml",
		root: 95, keys: eachChild(attrKeys("ServiceEndpointId")), checked: true, same: true},
	{section: "AppModules", element: "AppModule", folder: "AppModules", file: childName("UniqueName"), leaf: "AppModule.xml", twin: true, bare: true,
		sorted: "AppModuleComponents", root: 80, keys: childKeys("UniqueName"), checked: true, differs: "a managed package holds differences"},
	{section: "AppModuleSiteMaps", element: "AppModuleSiteMap", folder: "AppModuleSiteMaps", file: childName("SiteMapUniqueName"),
		leaf: "AppModuleSiteMap.xml", twin: true, root: 62, keys: childKeys("SiteMapUniqueName"), checked: true, differs: "a managed package holds differences"},
	{section: "SiteMap", whole: "Other/SiteMap.xml", twin: true, root: 62, keys: fixedKey(""), checked: true, differs: "a managed package holds differences"},
	{section: "RibbonDiffXml", whole: "Other/RibbonCustomization.xml", root: 50, keys: fixedKey(":RibbonDiffXml"), checked: true, differs: "a managed package holds differences"},
	{section: "Dashboards", element: "Dashboard", folder: "Dashboards", file: childName("FormId"), ext: ".xml", culture: true,
		root: 60, keys: childKeys("FormId"), checked: true, differs: "a managed package holds differences of forms"},
	{section: "InteractionCentricDashboards", element: "InteractionCentricDashboard", folder: "InteractionCentricDashboards",
		file: childName("FormId"), ext: ".xml", culture: true, root: 60, keys: childKeys("FormId"), checked: true, differs: "a managed package holds differences of forms"},
	{section: "Dialogs", element: "Dialog", folder: "Dialogs", file: childName("FormId"), ext: ".xml", culture: true,
		root: 60, keys: childKeys("FormId"), checked: true, differs: "a managed package holds differences of forms"},
	{section: "ConnectionRoles", whole: "Other/ConnectionRoles.xml",
		root: 63, keys: connectionRoleKeys, checked: true},
	{section: "Reports", element: "Report", folder: "Reports", file: reportPath, ext: dataXML, bare: true, payload: reportFile,
		singles: []string{"ReportSignatureIdMappings", "ReportLinks"}, root: 31, keys: childKeys("reportid"), checked: true},
	{section: "StoredProcedures", element: "procedure", folder: "StoredProcedures", file: procedurePath, ext: dataXML, payload: procedureFile, same: true},
	{section: "MobileOfflineProfiles", element: "MobileOfflineProfile", folder: "MobileOfflineProfiles",
		file: bracedID("MobileOfflineProfileId"), ext: ".xml", culture: true},
}

// genericLayout is the row of a section that has none: each component a file named by its Name.
func genericLayout(section string) *layout {
	return &layout{section: section, folder: section, file: genericName, ext: metaXML}
}

// layoutOf returns the row of a section. A section without one that would share the folder of another
// stays where it is.
func layoutOf(section string) *layout {
	for i := range layouts {
		if layouts[i].section == section {
			return &layouts[i]
		}
	}
	key := fold(section)
	shared := key == fold("Other") || key == fold("Resources")
	for i := range layouts {
		shared = shared || key == fold(layouts[i].folder) || key == fold(layouts[i].section)
	}
	if shared {
		return &layout{section: section, inline: true}
	}
	return genericLayout(section)
}

// isGeneric reports whether l came from [genericLayout].
func (l *layout) isGeneric() bool { return l.ext == metaXML && l.element == "" }

func attr(d *xmlspan.Document, i int32, name string) string {
	value, _ := d.Attr(i, name)
	return value
}

func child(d *xmlspan.Document, i int32, name string) string { return d.Text(d.Child(i, name)) }

func named(name, what string) (string, string) {
	if name == "" {
		return "", "has no " + what
	}
	return cleanName(name), ""
}

func attrName(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) { return named(attr(d, i, name), "attribute "+name) }
}

func childName(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) { return named(child(d, i, name), "element "+name) }
}

// bracedID names a file by an id attribute in lower case and braces.
func bracedID(name string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) {
		id := strings.ToLower(strings.Trim(attr(d, i, name), "{}"))
		if id == "" {
			return "", "has no attribute " + name
		}
		return cleanName("{" + id + "}"), ""
	}
}

// genericName is attribute Name, else child Name or name.
func genericName(d *xmlspan.Document, i int32) (string, string) {
	for _, name := range []string{attr(d, i, "Name"), child(d, i, "Name"), child(d, i, "name")} {
		if name != "" {
			return cleanName(name), ""
		}
	}
	return "", "has no name"
}

func roleName(d *xmlspan.Document, i int32) (string, string) {
	if name := attr(d, i, "name"); name != "" {
		return cleanName(name), ""
	}
	return zeroGUID, ""
}

// pathIn uses the path that a child element names, which must be in the folder of the zip that the
// tree's folder equals.
func pathIn(element, folder string) pathRule {
	return func(d *xmlspan.Document, i int32) (string, string) {
		name := zipPath(child(d, i, element))
		if name == "" {
			return "", "names no file"
		}
		rest, ok := cutFolder(name, folder)
		if !ok {
			return "", "names a file outside " + folder
		}
		return rest, ""
	}
}

func pathPayload(element, folder string) payloadRule {
	return func(d *xmlspan.Document, i int32, p string) []payload {
		n := d.Child(i, element)
		return []payload{{zip: zipPath(d.Text(n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
	}
}

// zipPath is the path in the zip that an element's text names.
func zipPath(text string) string {
	return strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/")
}

// cutFolder removes the folder from the front of a path. Case does not count.
func cutFolder(p, folder string) (string, bool) {
	if len(p) > len(folder) && p[len(folder)] == '/' && strings.EqualFold(p[:len(folder)], folder) {
		return p[len(folder)+1:], true
	}
	return "", false
}

// workflowSource is the element of a workflow that names its file: XAML first.
func workflowSource(d *xmlspan.Document, i int32) int32 {
	if n := d.Child(i, "XamlFileName"); n != xmlspan.None {
		return n
	}
	return d.Child(i, "JsonFileName")
}

// workflowPath is the last segment of the named file, in a folder of the workflow's language if it has
// one.
func workflowPath(d *xmlspan.Document, i int32) (string, string) {
	if attr(d, i, "unmodified") == "1" {
		return "", `is a placeholder (unmodified="1")`
	}
	name := zipPath(d.Text(workflowSource(d, i)))
	if name == "" || strings.HasSuffix(name, "/") {
		return "", "names no file"
	}
	name = cleanName(path.Base(name))
	if language := child(d, i, "LanguageCode"); language != "" {
		name = cleanName(language) + "/" + name
	}
	return name, ""
}

func workflowFile(d *xmlspan.Document, i int32, p string) []payload {
	n := workflowSource(d, i)
	return []payload{{zip: zipPath(d.Text(n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
}

func webResourcePath(d *xmlspan.Document, i int32) (string, string) {
	name := child(d, i, "Name")
	switch {
	case name == "":
		return "", "has no element Name"
	case zipPath(child(d, i, "FileName")) == "":
		return "", "names no file"
	case insecure(name) != "":
		return "", "has a name that leads outside: " + insecure(name)
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/"), ""
}

func webResourceFile(d *xmlspan.Document, i int32, p string) []payload {
	n := d.Child(i, "FileName")
	return []payload{{zip: zipPath(d.Text(n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
}

// uriFiles returns the files of a canvas app: every element named ...Uri, in their order.
func uriFiles(d *xmlspan.Document, i int32, _ string) []payload {
	var out []payload
	add := func(d *xmlspan.Document, n int32, at int32) {
		name := zipPath(d.Text(n))
		if rest, ok := cutFolder(name, "CanvasApps"); ok && strings.HasSuffix(d.Name(n), "Uri") {
			out = append(out, payload{zip: name, tree: "CanvasApps/" + rest, node: at})
		}
	}
	for c := range d.Elements(i) {
		add(d, c, c)
		if strings.HasSuffix(d.Name(c), "Uris") {
			sub := d.Sub(c, 1)
			for n := range sub.Elements(sub.Root()) {
				add(sub, n, c)
			}
		}
	}
	return out
}

// connectorFiles returns the files of a connector: every child that names one in Connector/.
func connectorFiles(d *xmlspan.Document, i int32, _ string) []payload {
	var out []payload
	for c := range d.Elements(i) {
		name := zipPath(d.Text(c))
		if rest, ok := cutFolder(name, "Connector"); ok {
			out = append(out, payload{zip: name, tree: "Connectors/" + rest, node: c})
		}
	}
	return out
}

const linkedReport = "UrlLinkedReport.txt"

// reportPath is language/id/file name; a linked report (type 3) has no file.
func reportPath(d *xmlspan.Document, i int32) (string, string) {
	dir := cleanName(child(d, i, "languagecode")) + "/" + cleanName(child(d, i, "reportid")) + "/"
	if strings.TrimSpace(child(d, i, "reporttypecode")) == "3" {
		return dir + linkedReport, ""
	}
	switch name := child(d, i, "filename"); {
	case name == "":
		return "", "has no element filename"
	case zipPath(child(d, i, "ExportedFileName")) == "":
		return "", "names no file"
	default:
		return dir + cleanName(name), ""
	}
}

func reportFile(d *xmlspan.Document, i int32, p string) []payload {
	if strings.TrimSpace(child(d, i, "reporttypecode")) == "3" {
		return nil
	}
	n := d.Child(i, "ExportedFileName")
	return []payload{{zip: zipPath(d.Text(n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
}

func procedurePath(d *xmlspan.Document, i int32) (string, string) {
	switch name := attr(d, i, "name"); {
	case name == "":
		return "", "has no attribute name"
	case zipPath(child(d, i, "file")) == "":
		return "", "names no file"
	default:
		return cleanName(name) + ".sql", ""
	}
}

func procedureFile(d *xmlspan.Document, i int32, p string) []payload {
	n := d.Child(i, "file")
	return []payload{{zip: zipPath(d.Text(n)), tree: strings.TrimSuffix(p, dataXML), node: n}}
}

func attrKeys(names ...string) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for _, name := range names {
			if key := attr(d, i, name); key != "" {
				keys = append(keys, key)
			}
		}
		return keys
	}
}

func childKeys(names ...string) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for _, name := range names {
			if key := child(d, i, name); key != "" {
				keys = append(keys, key)
			}
		}
		return keys
	}
}

func bothKeys(attribute, element string) keysRule {
	return func(d *xmlspan.Document, i int32) []string {
		return append(attrKeys(attribute)(d, i), childKeys(element)(d, i)...)
	}
}

// eachChild collects the keys of the children of a section that is one file.
func eachChild(rule keysRule) keysRule {
	return func(d *xmlspan.Document, i int32) (keys []string) {
		for c := range d.Elements(i) {
			keys = append(keys, rule(d, c)...)
		}
		return keys
	}
}

func connectionRoleKeys(d *xmlspan.Document, i int32) (keys []string) {
	for c := range d.Elements(i) {
		keys = append(keys, eachChild(childKeys("connectionroleid"))(d, c)...)
	}
	return keys
}

func fixedKey(key string) keysRule {
	return func(*xmlspan.Document, int32) []string { return []string{key} }
}
