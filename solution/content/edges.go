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
	ProcessTable              Edge = "process-table"
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
	SiteMapTable              Edge = "sitemap-table"
	SiteMapWebResource        Edge = "sitemap-webresource"
	RelationshipTable         Edge = "relationship-table"
	FormColumn                Edge = "form-column"
	FormPart                  Edge = "form-part"
	ViewTable                 Edge = "view-table"
	RibbonWebResource         Edge = "ribbon-webresource"
	ColumnChoice              Edge = "column-choice"
	RoleTable                 Edge = "role-table"
	PermissionColumn          Edge = "permission-column"
	StepPluginType            Edge = "step-plugintype"
	APIPluginType             Edge = "api-plugintype"
	BotFlow                   Edge = "bot-flow"
	BotConnectionReference    Edge = "bot-connection-reference"
	BotVariable               Edge = "bot-variable"
	BotPart                   Edge = "bot-part"
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
	{FlowTable, "flow entityName and table (set names), subscriptionRequest/entityname of Dataverse actions", "flow to table"},
	{FlowAIModel, "flow recordId of operation aibuilderpredict_customprompt", "flow to AI model"},
	{ProcessTable, "Workflow/PrimaryEntity", "process to its table"},
	{CanvasTable, "CanvasApp/DatabaseReferences dataSources.*.logicalName", "canvas app to table"},
	{CanvasDependency, "CanvasApp/CdsDependencies", "canvas app to what it declares"},
	{CanvasLibrary, "CanvasApp/AppComponentDependencies appComponentLibraryLogicalName", "canvas app to component library"},
	{CanvasConnector, "CanvasApp/ConnectionReferences customApiLogicalName", "canvas app to custom connector"},
	{CanvasFlow, "CanvasApp/ConnectionReferences parameterHints.workflowEntityId.value", "canvas app to flow"},
	{CanvasConnectionReference, "CanvasApp/ConnectionReferences xrmConnectionReferenceLogicalName", "canvas app to connection reference"},
	{CanvasVariable, "CanvasApp/ConnectionReferences environmentVariableName", "canvas app to environment variable"},
	{ReferenceCustomConnector, "connectionreference/customconnectorid/connectorid", "connection reference to custom connector"},
	{ReferenceConnector, "connectionreference/connectorid", "connection reference to standard connector"},
	{VariableParent, "environmentvariabledefinition/parentdefinitionid/schemaname", "environment variable to its parent"},
	{VariableConnector, "environmentvariabledefinition/apiid", "environment variable to connector"},
	{AppComponent, "AppModule/AppModuleComponents/AppModuleComponent", "model-driven app to its components"},
	{AppRole, "AppModule/AppModuleRoleMaps/Role", "model-driven app to role"},
	{AppPage, "AppModule/appelements/appelement/canvasappid/name", "model-driven app to canvas page"},
	{AppIcon, "AppModule/WebResourceId", "model-driven app to its icon"},
	{SiteMapTable, "SubArea@Entity", "site map to table"},
	{SiteMapWebResource, "$webresource: and /WebResources/ in attributes of a site map", "site map to web resource"},
	{RelationshipTable, "EntityRelationship/ReferencingEntityName and its like", "relationship to its tables"},
	{FormColumn, "control@datafieldname", "form to column"},
	{FormPart, "Library, customControl, ViewId, RelationshipName, TargetEntityType, Role, QuickFormId", "form to web resource, control, view, relationship, table, role or form"},
	{ViewTable, "fetch entity@name, link-entity@name", "view to table"},
	{RibbonWebResource, "$webresource: in RibbonDiffXml", "ribbon to web resource"},
	{ColumnChoice, "attribute/OptionSetName without optionset", "column to global choice"},
	{RoleTable, "RolePrivilege@name", "role to table"},
	{PermissionColumn, "FieldPermission, attributemaskingrule", "field permission or masking rule to column"},
	{StepPluginType, "SdkMessageProcessingStep/PluginTypeId, PluginTypeName", "plug-in step to plug-in type"},
	{APIPluginType, "customapi/plugintypeid", "custom API to plug-in type"},
	{BotFlow, "botcomponents/*/data flowId, botcomponents/*/content.json flowMetadata.id, Assets", "bot component to flow"},
	{BotConnectionReference, "botcomponents/*/data connectionReference, Assets", "bot component to connection reference"},
	{BotVariable, "botcomponents/*/data Env.NAME, Assets", "bot component to environment variable"},
	{BotPart, "parentbotid, parentbotcomponentid, dialog", "bot component to bot or bot component"},
	{AIModelTable, "msdyn_customconfiguration definitions.data[].id", "AI model to table"},
}

// Edges returns the table of the kinds of references.
func Edges() iter.Seq[EdgeInfo] { return slices.Values(edges) }

func (e Edge) order() int {
	return slices.IndexFunc(edges, func(i EdgeInfo) bool { return i.Edge == e })
}
