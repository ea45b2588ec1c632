package solution

import "slices"

// sections are those of customizations.xml in the order of exports. It was observed in the files of 280 solutions, which agree,
// but for the sections that none of them has; those stand beside their like. Exports have the standard ones also if they are
// empty.
var sections = [...]sectionRow{
	{"Entities", true},
	{"Roles", true},
	{"Workflows", true},
	{"FieldSecurityProfiles", true},
	{"Templates", true},
	{"RibbonDiffXml", false}, // not observed
	{"EntityImageConfigs", false},
	{"AttributeImageConfigs", false},
	{"ConnectionRoles", false},
	{"SiteMap", false},
	{"EntityMaps", true},
	{"EntityRelationships", true},
	{"OrganizationSettings", true},
	{"optionsets", true},
	{"Reports", false},
	{"Dashboards", false},
	{"WebResources", false},
	{"InteractionCentricDashboards", false},
	{"Dialogs", false}, // not observed
	{"CustomControls", true},
	{"SolutionPluginAssemblies", false},
	{"SdkMessageProcessingSteps", false},
	{"ServiceEndpoints", false},
	{"RoutingRules", false},          // not observed
	{"SLAs", false},                  // not observed
	{"ConvertRules", false},          // not observed
	{"HierarchyRules", false},        // not observed
	{"SimilarityRules", false},       // not observed
	{"MobileOfflineProfiles", false}, // not observed
	{"ImportMaps", false},            // not observed
	{"AppModuleSiteMaps", false},
	{"AppModules", false},
	{"EntityDataProviders", true},
	{"EnvironmentVariables", false}, // not observed
	{"CanvasApps", false},
	{"Connectors", false},
	{"EntityDataSources", false},
	{"AIModels", false},
	{"connectionreferences", false},
	{"Languages", false}, // in every export too, but never empty
	{"StoredProcedures", false},
}

type sectionRow struct {
	name     string
	standard bool
}

// SectionNames returns the names of the sections of customizations.xml in the order of exports. Other ones occur: the platform
// adds to them.
func SectionNames() []string {
	names := make([]string, len(sections))
	for i, s := range sections {
		names[i] = s.name
	}
	return names
}

// IsStandardSection reports whether every export has a section of that name, empty or not.
func IsStandardSection(name string) bool {
	return slices.ContainsFunc(sections[:], func(s sectionRow) bool { return s.name == name && s.standard })
}
