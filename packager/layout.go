package packager

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A layout says where the components of one section of customizations.xml stand in a tree. The tables in this file are all
// that this package knows of component kinds; adding a kind is adding a row and a case. CONTRIBUTING says how to find out
// what belongs into a column.
type layout struct {
	// section is the name of the section: a child of the root of customizations.xml.
	section string
	// element is the name that a component's element has in exports. Others are components too, but the file of one is
	// reported. Empty if there is no one name.
	element string
	// folder is the folder in the root of the tree that belongs to the section: what is in it and belongs to no component
	// is not packed. Empty if the section has none.
	folder string
	// split says how the section becomes files: stays, oneFile, perComponent, or a way of its own.
	split splitRule

	// root is the type that the components have as root components; empty if they are none.
	root solution.ComponentType
	// keys gives the names and ids under which a root component may name a component, the best one first.
	keys keysRule
	// checked says that the reference tool refuses to pack a component that no root component names.
	checked bool
	// exempt says of a component that the reference tool packs it though no root component names it; nil: of none.
	exempt func(d *xmlspan.Document, i int32) bool
	// long says that a section that is written <X></X> in Other/Customizations.xml and has no components is packed so;
	// others become <X />.
	long bool

	// managed says whether a component is the same in a managed package, and how that is known.
	managed kinds
}

// A splitRule says how a section becomes files of a tree.
type splitRule interface {
	// splits reports whether a section of a zip is split at all, or stays in Other/Customizations.xml.
	splits(d *xmlspan.Document, row *layout, section int32) bool
	// unpack makes the files of a section that is split.
	unpack(u *unpacker, row *layout, section int32) error
	// pack writes the section from its files. c is the empty element in its place in Other/Customizations.xml.
	pack(p *packing, row *layout, c int32) error
	// held returns what the files hold of which pack would write the section, file by file, and takes none of them.
	held(p *packing, row *layout) []heldComponent
	// inline looks at the components of a section that stands in Other/Customizations.xml as it is, with its content.
	inline(p *packing, row *layout, section int32)
}

// What a managed package is known to hold instead.
const (
	formsDiffer   = "a managed package holds differences of forms"
	contentDiffer = "a managed package holds differences"
)

// Endings of the files of components. One that has files of its own beside it has its element in file.data.xml.
const (
	plainXML = ".xml"
	dataXML  = ".data.xml"
	metaXML  = ".meta.xml"
)

// controlsFolder is the folder of custom controls.
const controlsFolder = "Controls"

// layouts is the table, one row a section. A section that is not here follows [genericLayout].
var layouts = []layout{
	{section: "Entities", element: "Entity", folder: "Entities", split: entityCodec{},
		root: solution.TypeEntity, keys: childKeys("Name"), checked: true, long: true, managed: kinds{seen: "112 of 112 that are the publisher's and modified, in 15 pairs; views 896 of 896, charts 4 of 4, ribbons 116 of 116", unless: tableDiffers}},
	{section: "Roles", element: "Role", folder: "Roles",
		split: perComponent{file: roleName, ext: plainXML, culture: true},
		root:  solution.TypeRole, keys: attrKeys("id"), checked: true, long: true, managed: alike("5 of 5 in 2 pairs")},
	{section: "Workflows", element: "Workflow", folder: "Workflows",
		split: perComponent{file: workflowPath, ext: dataXML, payload: workflowFile},
		root:  solution.TypeWorkflow, keys: attrKeys("WorkflowId"), checked: true, exempt: isBusinessRule, managed: alike("52 of 52 in 12 pairs")},
	{section: "FieldSecurityProfiles", split: oneFile{path: "Other/FieldSecurityProfiles.xml"},
		root: solution.TypeFieldSecurityProfile, keys: eachChild(attrKeys("fieldsecurityprofileid")), checked: true, managed: alike("in 1 pair")},
	{section: "Templates", folder: "Templates", split: templateCodec{},
		root: solution.TypeKBArticleTemplate, checked: true, long: true},
	{section: "EntityMaps", split: oneFile{path: "Other/EntityMaps.xml"}, managed: alike("in 1 pair")},
	{section: "EntityRelationships", split: relationshipCodec{}, managed: alike("215 of 215 files of tables in 18 pairs")},
	{section: "OrganizationSettings", split: stays{}},
	{section: "Languages", split: stays{}, managed: alike("in 28 pairs")},
	{section: "connectionreferences", split: stays{}, managed: alike("in all pairs")},
	{section: "AIModels", split: stays{}, managed: alike("in 26 of 28 pairs, the others of other exports")},
	{section: "EntityImageConfigs", split: stays{}, managed: alike("in 26 of 28 pairs, the others of other exports")},
	{section: "AttributeImageConfigs", split: stays{}, managed: alike("in 26 of 28 pairs, the others of other exports")},
	{section: "optionsets", element: "optionset", folder: "OptionSets",
		split: perComponent{file: attrName("Name"), ext: plainXML, culture: true},
		root:  solution.TypeOptionSet, keys: attrKeys("Name"), checked: true, long: true, managed: alikeIfOwned("9 of 9 in 5 pairs")},
	{section: "CustomControls", element: "CustomControl", folder: controlsFolder,
		split: perComponent{file: pathIn("FileName", controlsFolder), ext: dataXML, payload: fileIn("FileName"), optional: true, owns: true, fileKeys: controlName},
		root:  solution.TypeCustomControl, keys: childKeys("Name"), checked: true, long: true, managed: alike("elements in 100 more pairs; 3 files differ, as builds do")},
	{section: "EntityDataProviders", element: "EntityDataProvider", folder: "EntityDataProviders",
		split: perComponent{file: childName("EntityDataProviderId"), ext: plainXML, culture: true},
		root:  solution.TypeEntityDataProvider, keys: childKeys("EntityDataProviderId", "Name"), checked: true, long: true, managed: alike("in 1 pair")},
	{section: "EntityDataSources", element: "EntityDataSource", folder: "EntityDataSources",
		split: perComponent{file: attrName("EntityDataSourceId"), ext: plainXML, culture: true},
		root:  solution.TypeEntityDataSource, keys: bothKeys("EntityDataSourceId", "Name"), checked: true, long: true, managed: alike("in 1 pair")},
	{section: "CanvasApps", element: "CanvasApp", folder: "CanvasApps",
		split: perComponent{file: childName("Name"), ext: metaXML, payload: uriFiles},
		root:  solution.TypeCanvasApp, keys: childKeys("Name"), checked: true, managed: alike("20 of 21 files in 6 pairs, one of another export")},
	{section: "Connectors", element: "Connector", folder: "Connectors",
		split: perComponent{file: childName("name"), ext: plainXML, payload: connectorFiles, listed: true},
		root:  solution.TypeConnector, keys: childKeys("connectorid", "name"), managed: alike("none that differs in 100 more pairs")},
	{section: "EnvironmentVariables", element: "Definition", folder: "EnvironmentVariables",
		split: perComponent{file: childName("SchemaName"), ext: plainXML, values: "environment_variable_values.json"},
		root:  solution.TypeEnvironmentVariableDefinition, keys: childKeys("SchemaName"), managed: alike("none that differs in 100 more pairs")},
	{section: "WebResources", element: "WebResource", folder: "WebResources",
		split: perComponent{file: webResourcePath, ext: dataXML, payload: fileIn("FileName")},
		root:  solution.TypeWebResource, keys: childKeys("Name", "WebResourceId"), checked: true, managed: alike("in 7 of 8 pairs, the other of two builds")},
	{section: "SolutionPluginAssemblies", element: "PluginAssembly", folder: "PluginAssemblies",
		split: perComponent{file: pathIn("FileName", "PluginAssemblies"), ext: dataXML, payload: fileIn("FileName")},
		root:  solution.TypePluginAssembly, keys: attrKeys("FullName", "PluginAssemblyId"), checked: true, managed: alike("19 of 26 files in 7 pairs, the others in a pair of two builds")},
	{section: "SdkMessageProcessingSteps", element: "SdkMessageProcessingStep", folder: "SdkMessageProcessingSteps",
		split: perComponent{file: bracedID("SdkMessageProcessingStepId"), ext: plainXML, culture: true},
		root:  solution.TypeSDKMessageProcessingStep, keys: attrKeys("SdkMessageProcessingStepId"), checked: true, long: true, managed: alike("32 of 34 in 5 pairs, the others in a pair of two builds")},
	{section: "ServiceEndpoints", split: oneFile{path: "PluginAssemblies/ServiceEndpoints.xml"},
		root: solution.TypeServiceEndpoint, keys: eachChild(attrKeys("ServiceEndpointId")), checked: true, managed: alike("none that differs in 100 more pairs")},
	{section: "AppModules", element: "AppModule", folder: "AppModules",
		split: perComponent{file: childName("UniqueName"), leaf: "AppModule.xml", twin: true, bare: true},
		root:  solution.TypeAppModule, keys: childKeys("UniqueName"), checked: true, long: true, managed: alikeIfOwned("11 of 11 in 9 pairs")},
	{section: "AppModuleSiteMaps", element: "AppModuleSiteMap", folder: "AppModuleSiteMaps",
		split: perComponent{file: childName("SiteMapUniqueName"), leaf: "AppModuleSiteMap.xml", twin: true},
		root:  solution.TypeSiteMap, keys: childKeys("SiteMapUniqueName"), checked: true, long: true, managed: alikeIfOwned("11 of 11 in 9 pairs")},
	{section: "SiteMap", split: oneFile{path: "Other/SiteMap.xml", twin: true},
		root: solution.TypeSiteMap, keys: fixedKey(""), checked: true, managed: unlike(contentDiffer, "1 of 1")},
	{section: "RibbonDiffXml", split: oneFile{path: "Other/RibbonCustomization.xml", documented: "Other/RibbonCustomizations.xml"},
		root: solution.TypeRibbonCustomization, keys: fixedKey(":RibbonDiffXml"), checked: true, managed: unlike(contentDiffer, documented)},
	{section: "Dashboards", element: "Dashboard", folder: "Dashboards",
		split: perComponent{file: childName("FormId"), ext: plainXML, culture: true},
		root:  solution.TypeSystemForm, keys: childKeys("FormId"), checked: true, long: true, managed: alike("2 of 2 in 2 pairs")},
	{section: "InteractionCentricDashboards", element: "InteractionCentricDashboard", folder: "InteractionCentricDashboards",
		split: perComponent{file: childName("FormId"), ext: plainXML, culture: true},
		root:  solution.TypeSystemForm, keys: childKeys("FormId"), checked: true, long: true, managed: unlike(formsDiffer, documented)},
	{section: "Dialogs", element: "Dialog", folder: "Dialogs",
		split: perComponent{file: childName("FormId"), ext: plainXML, culture: true},
		root:  solution.TypeSystemForm, keys: childKeys("FormId"), checked: true, long: true, managed: unlike(formsDiffer, documented)},
	{section: "ConnectionRoles", split: oneFile{path: "Other/ConnectionRoles.xml"},
		root: solution.TypeConnectionRole, keys: eachChild(eachChild(childKeys("connectionroleid"))), checked: true},
	{section: "Reports", element: "Report", folder: "Reports",
		split: perComponent{file: reportPath, ext: dataXML, bare: true, payload: reportFile, singles: []string{"ReportSignatureIdMappings", "ReportLinks"}},
		root:  solution.TypeReport, keys: childKeys("reportid"), checked: true},
	{section: "StoredProcedures", element: "procedure", folder: "StoredProcedures",
		split: perComponent{file: procedurePath, ext: dataXML, payload: fileIn("file")}, managed: alike("14 of 14 files in 1 pair")},
	{section: "MobileOfflineProfiles", element: "MobileOfflineProfile", folder: "MobileOfflineProfiles",
		split: perComponent{file: bracedID("MobileOfflineProfileId"), ext: plainXML, culture: true}, long: true},
}

// genericLayout is the row of a section that has none: each component a file named by its Name.
func genericLayout(section string) *layout {
	return &layout{section: section, folder: section, split: perComponent{file: genericName, ext: metaXML, named: true}}
}

// layoutOf returns the row of a section. A section without one that would share the folder of another
// stays where it is.
func layoutOf(section string) *layout {
	for i := range layouts {
		if layouts[i].section == section {
			return &layouts[i]
		}
	}
	if isTaken(section) {
		return &layout{section: section, split: stays{}}
	}
	return genericLayout(section)
}

// isTaken reports whether a folder of that name belongs to a section with a row, or to no section at all.
func isTaken(folder string) bool {
	key := fold(folder)
	for i := range layouts {
		if key == fold(layouts[i].folder) || key == fold(layouts[i].section) {
			return true
		}
	}
	return isOwnFolder(folder)
}

// isOwnFolder reports whether a folder holds what belongs to the tree and to no component: Other, and Resources, where the
// reference tool keeps translations.
func isOwnFolder(top string) bool {
	return strings.EqualFold(top, "Other") || strings.EqualFold(top, "Resources")
}

// stays is the rule of a section that stays in Other/Customizations.xml as it is.
type stays struct{}

func (stays) splits(*xmlspan.Document, *layout, int32) bool { return false }

func (stays) unpack(*unpacker, *layout, int32) error { return nil }

func (stays) pack(p *packing, _ *layout, c int32) error {
	p.asItIs(c)
	return nil
}

func (stays) held(*packing, *layout) []heldComponent { return nil }

func (stays) inline(*packing, *layout, int32) {}

// A rawLayout is a folder of components that a package holds as files of their own. In a tree they stand as in a zip.
type rawLayout struct {
	folder string // in lower case; "*" at the end stands for any end
	// root is the type of the components as root components, if the folder holds one of each, called by its key.
	root solution.ComponentType
}

// rawLayouts are such folders as far as they are known. Others are packed too, with a remark.
var rawLayouts = []rawLayout{
	{folder: "aiconfiguration"},
	{folder: "aipluginoperations"},
	{folder: "aiplugins"},
	{folder: "aiskillconfigs"},
	{folder: "appactions"},
	{folder: "assets"},
	{folder: "botcomponentcollections"},
	{folder: "botcomponents"},
	{folder: "bots"},
	{folder: "customapis"},
	{folder: "dvfilesearchs"},
	{folder: "dvfilesearchentities"},
	{folder: "dvtablesearchs"},
	{folder: "dvtablesearchentities"},
	{folder: "environmentvariabledefinitions", root: solution.TypeEnvironmentVariableDefinition},
	{folder: "formulas"}, // of columns, in a package without their table
	{folder: "fxexpressions"},
	{folder: "maskingrules"},
	{folder: "msdyn_*"},
	{folder: "organizationsettings"},
	{folder: "powerbidatasets"},
	{folder: "powerbireports"},
	{folder: "settingdefinitions"},
}

// rawLayoutOf returns the row of a folder, nil if it is not known.
func rawLayoutOf(top string) *rawLayout {
	top = strings.ToLower(top)
	for i := range rawLayouts {
		stem, open := strings.CutSuffix(rawLayouts[i].folder, "*")
		if top == stem || open && strings.HasPrefix(top, stem) {
			return &rawLayouts[i]
		}
	}
	return nil
}
