package content

import (
	"iter"
	"slices"
)

// An Edge is a kind of reference.
type Edge string

// The kinds of references.
const (
	FlowConnectionReference   Edge = "flow-connection-reference"
	FlowRawConnection         Edge = "flow-raw-connection"
	FlowConnector             Edge = "flow-connector"
	FlowChild                 Edge = "flow-child"
	FlowVariable              Edge = "flow-variable"
	FlowTable                 Edge = "flow-table"
	FlowAIModel               Edge = "flow-ai-model"
	FlowAgent                 Edge = "flow-agent"
	FlowDesktop               Edge = "flow-desktop-flow"
	FlowAction                Edge = "flow-action"
	ProcessTable              Edge = "process-table"
	ProcessChild              Edge = "process-child"
	ProcessPluginType         Edge = "process-plugintype"
	CanvasTable               Edge = "canvas-table"
	CanvasDependency          Edge = "canvas-dependency"
	CanvasLibrary             Edge = "canvas-library"
	CanvasConnector           Edge = "canvas-connector"
	CanvasFlow                Edge = "canvas-flow"
	CanvasConnectionReference Edge = "canvas-connection-reference"
	CanvasVariable            Edge = "canvas-variable"
	ReferenceCustomConnector  Edge = "reference-custom-connector"
	ReferenceConnector        Edge = "reference-connector"
	VariableParent            Edge = "variable-parent"
	VariableConnector         Edge = "variable-connector"
	AppComponent              Edge = "app-component"
	AppRole                   Edge = "app-role"
	AppPage                   Edge = "app-page"
	AppIcon                   Edge = "app-icon"
	AppWelcomePage            Edge = "app-welcome-page"
	SiteMapTable              Edge = "sitemap-table"
	SiteMapWebResource        Edge = "sitemap-webresource"
	SiteMapPart               Edge = "sitemap-part"
	RelationshipTable         Edge = "relationship-table"
	TableIcon                 Edge = "table-icon"
	TableMap                  Edge = "table-map"
	FormColumn                Edge = "form-column"
	FormPart                  Edge = "form-part"
	ViewTable                 Edge = "view-table"
	ViewWebResource           Edge = "view-webresource"
	ChartTable                Edge = "chart-table"
	ReportTable               Edge = "report-table"
	HierarchyForm             Edge = "hierarchy-form"
	RibbonWebResource         Edge = "ribbon-webresource"
	CommandLibrary            Edge = "command-library"
	CommandTable              Edge = "command-table"
	CommandPart               Edge = "command-part"
	WebResourceDependency     Edge = "webresource-dependency"
	WebResourceLink           Edge = "webresource-link"
	WebResourceImage          Edge = "webresource-image"
	ColumnChoice              Edge = "column-choice"
	RoleTable                 Edge = "role-table"
	PermissionColumn          Edge = "permission-column"
	ConnectionRoleTable       Edge = "connection-role-table"
	RuleProcess               Edge = "rule-process"
	ProviderPart              Edge = "provider-part"
	StepPluginType            Edge = "step-plugintype"
	StepTable                 Edge = "step-table"
	StepEndpoint              Edge = "step-endpoint"
	APIPluginType             Edge = "api-plugintype"
	APITable                  Edge = "api-table"
	OperationPart             Edge = "operation-part"
	BotFlow                   Edge = "bot-flow"
	BotConnectionReference    Edge = "bot-connection-reference"
	BotVariable               Edge = "bot-variable"
	BotPart                   Edge = "bot-part"
	BotAIModel                Edge = "bot-ai-model"
	AIModelTable              Edge = "ai-model-table"
)

// An EdgeInfo is a row of the table of edges.
type EdgeInfo struct {
	Edge    Edge
	Where   string // the place that is read
	Summary string // from what to what
}

// edges is the table: the order is that of References.
var edges = []EdgeInfo{
	{FlowConnectionReference, "flow /properties/connectionReferences/*/connection/connectionReferenceLogicalName", "flow to connection reference"},
	{FlowRawConnection, "flow /properties/connectionReferences/* without a reference", "flow to a connector, without a connection reference"},
	{FlowConnector, "flow /properties/connectionReferences/*/api/name", "flow to connector"},
	{FlowChild, "flow inputs.host.workflowReferenceName", "flow to child flow"},
	{FlowVariable, "flow /properties/definition/parameters/*/metadata/schemaName", "flow to environment variable"},
	{FlowTable, "flow entityName and table (set names), subscriptionRequest/entityname, fetchXml of Dataverse actions", "flow to table"},
	{FlowAIModel, "flow recordId of operations aibuilderpredict_*, and of actions bound to msdyn_aimodels", "flow to AI model"},
	{FlowAgent, "flow parameter Copilot of shared_microsoftcopilotstudio", "flow to agent"},
	{FlowDesktop, "flow parameter uiFlowId of shared_uiflow", "flow to desktop flow"},
	{FlowAction, "flow actionName of Dataverse actions", "flow to custom API, or to the process that is an action"},
	{ProcessTable, "Workflow/PrimaryEntity, ProcessTrigger/primaryentitytypecode, Workflows/*.xaml EntityName", "process to table"},
	{ProcessChild, "Workflows/*.xaml StartChildWorkflow@WorkflowId", "process to child process"},
	{ProcessPluginType, "Workflows/*.xaml ActivityReference@AssemblyQualifiedName", "process to plug-in type"},
	{CanvasTable, "CanvasApp/DatabaseReferences dataSources.*.logicalName; CanvasApps/*.msapp LocalDatabaseReferences, DataSources", "canvas app to table"},
	{CanvasDependency, "CanvasApp/CdsDependencies", "canvas app to what it declares"},
	{CanvasLibrary, "CanvasApp/AppComponentDependencies appComponentLibraryLogicalName; CanvasApps/*.msapp LibraryDependencies", "canvas app to component library"},
	{CanvasConnector, "CanvasApp/ConnectionReferences customApiLogicalName; CanvasApps/*.msapp LocalConnectionReferences", "canvas app to custom connector"},
	{CanvasFlow, "CanvasApp/ConnectionReferences parameterHints.workflowEntityId.value; CanvasApps/*.msapp LocalConnectionReferences, DataSources", "canvas app to flow"},
	{CanvasConnectionReference, "CanvasApp/ConnectionReferences xrmConnectionReferenceLogicalName; CanvasApps/*.msapp LocalConnectionReferences", "canvas app to connection reference"},
	{CanvasVariable, "CanvasApp/ConnectionReferences environmentVariableName; CanvasApps/*.msapp LocalConnectionReferences, LocalDatabaseReferences", "canvas app to environment variable"},
	{ReferenceCustomConnector, "connectionreference/customconnectorid/connectorid", "connection reference to custom connector"},
	{ReferenceConnector, "connectionreference/connectorid", "connection reference to standard connector"},
	{VariableParent, "environmentvariabledefinition/parentdefinitionid/schemaname", "environment variable to its parent"},
	{VariableConnector, "environmentvariabledefinition/apiid", "environment variable to connector"},
	{AppComponent, "AppModule/AppModuleComponents/AppModuleComponent", "model-driven app to its components"},
	{AppRole, "AppModule/AppModuleRoleMaps/Role", "model-driven app to role"},
	{AppPage, "AppModule/appelements/appelement/canvasappid/name", "model-driven app to canvas page"},
	{AppIcon, "AppModule/WebResourceId", "model-driven app to its icon"},
	{AppWelcomePage, "AppModule/WelcomePageId", "model-driven app to web resource"},
	{SiteMapTable, "SubArea@Entity, Privilege@Entity", "site map to table"},
	{SiteMapWebResource, "$webresource: and /WebResources/ in attributes of a site map", "site map to web resource"},
	{SiteMapPart, "SubArea@DefaultDashboard, SubArea@Page", "site map to dashboard or canvas page"},
	{RelationshipTable, "EntityRelationship/ReferencingEntityName and its like", "relationship to its tables"},
	{TableIcon, "IconVectorName, IconSmallName, IconMediumName, IconLargeName", "table to its icons"},
	{TableMap, "EntityMap/EntitySource, EntityTarget", "map of columns to its tables"},
	{FormColumn, "control@datafieldname, data@datafieldname", "form to column"},
	{FormPart, "Library, Handler, Url, customControl, appName, ViewId, ViewIds, VisualizationId, RelationshipName, TargetEntityType, Role, QuickFormId", "form to web resource, control, canvas app, view, chart, relationship, table, role or form"},
	{ViewTable, "fetch entity@name, link-entity@name, escaped fetch texts", "view to table"},
	{ViewWebResource, "layout cell@imageproviderwebresource", "view to web resource"},
	{ChartTable, "fetch entity@name, link-entity@name of a chart", "chart to table"},
	{ReportTable, "ReportEntity, fetch entity@name", "report to table"},
	{HierarchyForm, "HierarchyRule/PrimaryEntityFormID", "hierarchy rule to form"},
	{RibbonWebResource, "$webresource: in RibbonDiffXml", "ribbon to web resource"},
	{CommandLibrary, "appaction/*componentlibraryid/name", "command to component library"},
	{CommandTable, "appaction/contextentity/logicalname", "command to table"},
	{CommandPart, "appaction/appmoduleid, parentappactionid, *webresourceid", "command to app, command or web resource"},
	{WebResourceDependency, "WebResource/DependencyXml Library@name", "web resource to what it declares"},
	{WebResourceLink, "src and href of pages, @import of style sheets", "web resource to script, style sheet or page by relative path"},
	{WebResourceImage, "src of pictures in pages, url() of style sheets", "web resource to picture or font by relative path"},
	{ColumnChoice, "attribute/OptionSetName without optionset", "column to global choice"},
	{RoleTable, "RolePrivilege@name", "role to table"},
	{PermissionColumn, "FieldPermission, attributemaskingrule", "field permission or masking rule to column"},
	{ConnectionRoleTable, "ConnectionRoleObjectTypeCode/associatedobjecttypecode", "connection role to table"},
	{RuleProcess, "WorkflowId of SLA, RoutingRule, ConvertRule", "SLA or rule to process"},
	{ProviderPart, "EntityDataProvider *PluginTypeId, DataSourceLogicalName", "data provider to plug-in type or table"},
	{StepPluginType, "SdkMessageProcessingStep/PluginTypeId, PluginTypeName", "plug-in step to plug-in type"},
	{StepTable, "SdkMessageProcessingStep/PrimaryEntity", "plug-in step to table"},
	{StepEndpoint, "SdkMessageProcessingStep/EventHandler of type 4618", "plug-in step to service endpoint"},
	{APIPluginType, "customapi/plugintypeid", "custom API to plug-in type"},
	{APITable, "customapi/boundentitylogicalname, logicalentityname of its parameters", "custom API to table"},
	{OperationPart, "aipluginoperation/customapi, msdyn_aimodel", "operation of an agent's plug-in to custom API or AI model"},
	{BotFlow, "botcomponents/*/data flowId, botcomponents/*/content.json flowMetadata.id, Assets", "bot component to flow"},
	{BotConnectionReference, "botcomponents/*/data connectionReference, Assets", "bot component to connection reference"},
	{BotVariable, "botcomponents/*/data Env.NAME, Assets", "bot component to environment variable"},
	{BotPart, "parentbotid, parentbotcomponentid, dialog, skillId, botSchemaName", "bot component to bot or bot component"},
	{BotAIModel, "botcomponents/*/data aIModelId", "bot component to AI model"},
	{AIModelTable, "msdyn_customconfiguration definitions.data[].id", "AI model to table"},
}

// Edges returns the table of the kinds of references.
func Edges() iter.Seq[EdgeInfo] { return slices.Values(edges) }

// orders are the places of the edges in the table.
var orders = func() map[Edge]int8 {
	out := make(map[Edge]int8, len(edges))
	for i, x := range edges {
		out[x.Edge] = int8(i)
	}
	return out
}()

func (e Edge) order() int8 { return orders[e] }
