package model

import (
	"iter"
	"reflect"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
)

// A Kind is a row of the catalogue: a type of components with what this package reads of it. It is a plain value.
type Kind struct {
	Type solution.ComponentType
	View string // the Go type of its view, such as "Table"
	// Raw are the paths below the component's element that no view reads, nor what is in them; Component.Element reaches them.
	// A step "*" is any name, a first step "**" any number of them, and a last step "@name" an attribute.
	Raw  []string
	view func(Component) any
}

// kinds is the catalogue. A test holds it against real solutions: what is not Raw is read by a method of the view.
var kinds = []Kind{
	kind(solution.TypeEntity, func(c Component) Table { return Table{c} },
		"@unmodified", "EntityInfo/entity/@unmodified", "EntityInfo/entity/@Name"),
	kind(solution.TypeAttribute, func(c Component) Column { return Column{c} },
		"@unmodified", "LookupTypes/LookupType/@id"),
	kind(solution.TypeEntityKey, func(c Component) AlternateKey { return AlternateKey{c} }),
	kind(solution.TypeOptionSet, func(c Component) Choice { return Choice{c.Element()} }, "@unmodified"),
	kind(solution.TypeEntityRelationship, func(c Component) Relationship { return Relationship{c} }, "field"),
	kind(solution.TypeEntityMap, func(c Component) TableMap { return TableMap{c} }),

	kind(solution.TypeSystemForm, formOf, "@unmodified", "**/label/@solutionaction", "**/Title/@solutionaction",
		"**/rows/@solutionaction", "**/parameters/@solutionaction", "**/Handlers/@solutionaction", "**/Privileges/@solutionaction",
		"form/Navigation/@solutionaction", "form/Navigation/NavBarAreas/@solutionaction", "form/controlDescriptions/@solutionaction",
		"form/formLibraries/@solutionaction", "form/formparameters/querystringparameter/@solutionaction",
		"form/clientresources/internalresources/clientincludes/internaljscriptfile/@solutionaction"),
	kind(solution.TypeSavedQuery, savedQueryOf, "@unmodified"),
	kind(solution.TypeSavedQueryVisualization, chartOf),
	kind(solution.TypeRibbonCustomization, ribbonOf),
	kind(solution.TypeHierarchyRule, hierarchyRuleOf),
	kind(solution.TypeCustomControlDefaultConfig, controlConfigOf),
	kind(solution.TypeCustomControl, customControlOf),
	kind(solution.TypeSiteMap, siteMapOf, "**/Titles/@solutionaction", "**/Title/@solutionaction", "**/Title/@ordinalvalue"),
	kind(solution.TypeAppModule, appModuleOf),
	kind(solution.TypeAppSetting, appSettingOf),
	kind(solution.TypeAppElement, appElementOf),
	kind(solution.TypeEmailTemplate, templateOf),
	kind(solution.TypeContractTemplate, templateOf),
	kind(solution.TypeKBArticleTemplate, templateOf),
	kind(solution.TypeMailMergeTemplate, templateOf),

	kind(solution.TypeWorkflow, processOf, "@unmodified"),
	kind(solution.TypeCanvasApp, canvasAppOf),
	kind(solution.TypeConnector, connectorOf),
	kind(solution.TypeBot, botOf),
	kind(solution.TypeBotComponent, botComponentOf),
	kind("botcomponentcollection", botComponentCollectionOf),
	kind("bot_botcomponent", linkOf),
	kind("bot_botcomponentcollection", linkOf),
	kind("botcomponent_botcomponent", linkOf),
	kind(solution.TypeBotComponentWorkflow, linkOf),
	kind(solution.TypeBotComponentConnectionReference, linkOf),
	kind(solution.TypeBotComponentEnvironmentVariableDefinition, linkOf),
	kind("botcomponent_aipluginoperation", linkOf),
	kind(solution.TypeAIModel, aiModelOf),
	kind(solution.TypeAIConfiguration, aiConfigurationOf),
	kind(solution.TypeReport, reportOf),
	kind("reportsignatureidmappings", recordOf, "ReportSignatureIdMapping/@*"),
	kind(solution.TypeConnectionRole, connectionRoleOf),
	kind("connectionroleassociations", func(c Component) ConnectionRolePairs { return ConnectionRolePairs{c} }),
	kind(solution.TypeAppAction, appActionOf),
	kind(solution.TypeEntityDataProvider, entityDataProviderOf),
	kind(solution.TypeEntityDataSource, entityDataSourceOf),
	kind(solution.TypeAttributeImageConfiguration, imageConfigOf),
	kind(solution.TypeEntityImageConfiguration, imageConfigOf),
	kind(solution.TypeSLA, recordOf),
	kind(solution.TypeRoutingRule, recordOf),
	kind(solution.TypeConvertRule, recordOf),
	kind(solution.TypeSimilarityRule, recordOf),
	kind(solution.TypeMobileOfflineProfile, recordOf),
	kind(solution.TypeImportMap, recordOf),
	kind(solution.TypeSettingDefinition, recordOf),
	kind(solution.TypeOrganizationSetting, recordOf),
	kind(solution.TypeMaskingRule, recordOf),
	kind(solution.TypeAttributeMaskingRule, recordOf),
	kind(solution.TypeAIPlugin, recordOf),
	kind(solution.TypeAIPluginOperation, recordOf),
	kind(solution.TypeFXExpression, recordOf),
	kind(solution.TypePluginPackage, recordOf),
	kind(solution.TypeCatalog, recordOf),
	kind(solution.TypeKnowledgeManagementSetting, recordOf),
	kind("dvtablesearch", recordOf),
	kind("dvtablesearchentity", recordOf),
	kind("procedure", recordOf),
	kind("language", recordOf),
	kind(solution.TypeRole, roleOf),
	kind(solution.TypeFieldSecurityProfile, fieldSecurityProfileOf),
	kind(solution.TypeFieldPermission, fieldPermissionOf),
	kind(solution.TypeConnectionReference, connectionReferenceOf),
	kind(solution.TypeEnvironmentVariableDefinition, environmentVariableOf),
	kind(solution.TypeWebResource, webResourceOf),
	kind(solution.TypePluginAssembly, pluginAssemblyOf),
	kind(solution.TypePluginType, pluginTypeOf),
	kind(solution.TypeSDKMessageProcessingStep, stepOf),
	kind(solution.TypeSDKMessageProcessingStepImage, stepImageOf),
	kind(solution.TypeServiceEndpoint, serviceEndpointOf),
	kind(solution.TypeCustomAPI, customAPIOf),
	kind(solution.TypeCustomAPIRequestParameter, customAPIParameterOf),
	kind(solution.TypeCustomAPIResponseProperty, customAPIParameterOf),
}

func kind[V any](t solution.ComponentType, view func(Component) V, raw ...string) Kind {
	var v V
	return Kind{Type: t, View: reflect.TypeOf(v).Name(), Raw: raw, view: func(c Component) any { return view(c) }}
}

// kindOf finds the row of a type.
var kindOf = func() map[solution.ComponentType]*Kind {
	rows := map[solution.ComponentType]*Kind{}
	for i := range kinds {
		rows[kinds[i].Type] = &kinds[i]
	}
	return rows
}()

// Kinds returns the catalogue of the types that have a view. Components of all other types are reached as [Component] alone.
func Kinds() iter.Seq[Kind] { return slices.Values(kinds) }

// View returns the view of the component, a Table for a table, or c itself if its type has none.
func (c Component) View() any {
	if row := kindOf[c.Type()]; row != nil {
		return row.view(c)
	}
	return c
}
