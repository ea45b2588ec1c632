package content

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A rule reads one element. It is called in components of its type, which may be several levels out, or everywhere
// if it has none; with text set, when the element ends without child elements.
type rule struct {
	of   solution.ComponentType
	text bool
	do   func(e *element)
}

// xmlRules are the rules by the name of the element.
var xmlRules = map[string][]rule{
	// what components are called
	"LocalizedName": {{do: nameByDescription}},
	"displayname":   {{do: nameByDescription}, {text: true, do: nameByText}},
	"DisplayName":   {{text: true, do: nameByText}},
	"Workflow":      {{of: solution.TypeWorkflow, do: func(e *element) { e.w.name(e.of, e.attr("Name")) }}},
	"Role":          {{of: solution.TypeRole, do: func(e *element) { e.w.name(e.of, e.attr("name")) }}, {solution.TypeAppModule, false, appRole}, {solution.TypeSystemForm, false, formRole}},
	"optionset": {{of: solution.TypeOptionSet, do: func(e *element) { e.w.name(e.of, e.attr("localizedName")) }},
		{of: solution.TypeAttribute, do: func(e *element) { e.of.inline = true }}},
	"Name":                           {{of: solution.TypeEntity, do: func(e *element) { e.w.name(e.of, e.attr("LocalizedName")) }}},
	"connectionreferencedisplayname": {{solution.TypeConnectionReference, true, nameByText}},

	// where names and files lead
	"EntitySetName": {{solution.TypeEntity, true, tableSet}},
	"JsonFileName":  {{solution.TypeWorkflow, true, flowFile}},

	// what they are like
	"Type":      {{solution.TypeAttribute, true, columnType}},
	"StateCode": {{solution.TypeWorkflow, true, processState}},

	"Category":        {{solution.TypeWorkflow, true, func(e *element) { e.of.category = e.text }}},
	"UniqueName":      {{solution.TypeWorkflow, true, func(e *element) { e.of.memo = e.text }}},
	"WebResourceType": {{solution.TypeWebResource, true, func(e *element) { e.of.category = e.text }}},

	// references
	"PrimaryEntity":                {{solution.TypeWorkflow, true, processTable}, {solution.TypeSDKMessageProcessingStep, true, stepTable}},
	"primaryentitytypecode":        {{solution.TypeWorkflow, true, processTable}},
	"DatabaseReferences":           {{solution.TypeCanvasApp, true, canvasTables}},
	"CdsDependencies":              {{solution.TypeCanvasApp, true, canvasDependencies}},
	"AppComponentDependencies":     {{solution.TypeCanvasApp, true, canvasLibraries}},
	"ConnectionReferences":         {{solution.TypeCanvasApp, true, canvasConnections}},
	"connectorid":                  {{solution.TypeConnectionReference, true, referenceConnector}},
	"AppModuleComponent":           {{solution.TypeAppModule, false, appComponent}},
	"name":                         {{solution.TypeAppModule, true, appPage}},
	"WebResourceId":                {{solution.TypeAppModule, true, func(e *element) { e.refer(AppIcon, idKey(solution.TypeWebResource, e.text), e.text) }}},
	"WelcomePageId":                {{solution.TypeAppModule, true, func(e *element) { e.refer(AppWelcomePage, idKey(solution.TypeWebResource, e.text), e.text) }}},
	"SubArea":                      {{solution.TypeSiteMap, false, siteMapArea}},
	"Privilege":                    {{solution.TypeSiteMap, false, siteMapTable}},
	"IconVectorName":               {{solution.TypeEntity, true, tableIcon}},
	"IconSmallName":                {{solution.TypeEntity, true, tableIcon}},
	"IconMediumName":               {{solution.TypeEntity, true, tableIcon}},
	"IconLargeName":                {{solution.TypeEntity, true, tableIcon}},
	"EntitySource":                 {{solution.TypeEntityMap, true, tableOf(TableMap)}},
	"EntityTarget":                 {{solution.TypeEntityMap, true, tableOf(TableMap)}},
	"ReferencingEntityName":        {{solution.TypeEntityRelationship, true, relationshipTable}},
	"ReferencedEntityName":         {{solution.TypeEntityRelationship, true, relationshipTable}},
	"FirstEntityName":              {{solution.TypeEntityRelationship, true, relationshipTable}},
	"SecondEntityName":             {{solution.TypeEntityRelationship, true, relationshipTable}},
	"control":                      {{solution.TypeSystemForm, false, formColumn}},
	"data":                         {{solution.TypeSystemForm, false, formColumn}},
	"Library":                      {{solution.TypeSystemForm, false, func(e *element) { e.refer(FormPart, key(solution.TypeWebResource, e.attr("name")), e.attr("name")) }}},
	"customControl":                {{solution.TypeSystemForm, false, formControl}},
	"ViewId":                       {{solution.TypeSystemForm, true, func(e *element) { e.refer(FormPart, idKey(solution.TypeSavedQuery, e.text), e.text) }}},
	"RelationshipName":             {{solution.TypeSystemForm, true, func(e *element) { e.refer(FormPart, key(solution.TypeEntityRelationship, e.text), e.text) }}},
	"TargetEntityType":             {{solution.TypeSystemForm, true, formTable}},
	"QuickForms":                   {{solution.TypeSystemForm, true, quickForms}},
	"Handler":                      {{solution.TypeSystemForm, false, formHandler}},
	"ViewIds":                      {{solution.TypeSystemForm, true, formViews}},
	"AvailableViewIds":             {{solution.TypeSystemForm, true, formViews}},
	"FilteredViewIds":              {{solution.TypeSystemForm, true, formViews}},
	"DefaultViewId":                {{solution.TypeSystemForm, true, formViews}},
	"VisualizationId":              {{solution.TypeSystemForm, true, formChart}},
	"FilterRelationshipName":       {{solution.TypeSystemForm, true, func(e *element) { e.refer(FormPart, key(solution.TypeEntityRelationship, e.text), e.text) }}},
	"NavBarByRelationshipItem":     {{solution.TypeSystemForm, false, formNavigation}},
	"NavBarItem":                   {{solution.TypeSystemForm, false, func(e *element) { e.formResource(webResourceName(e.attr("Url"))) }}},
	"Url":                          {{solution.TypeSystemForm, true, formAddress}},
	"ReferencePanelSubgridIconUrl": {{solution.TypeSystemForm, true, formAddress}},
	"appName":                      {{solution.TypeSystemForm, true, formCanvasApp}},
	"entity":                       {{solution.TypeSavedQuery, false, fetchTable(ViewTable)}, {solution.TypeSavedQueryVisualization, false, fetchTable(ChartTable)}, {solution.TypeReport, false, fetchTable(ReportTable)}},
	"link-entity":                  {{solution.TypeSavedQuery, false, fetchTable(ViewTable)}, {solution.TypeSavedQueryVisualization, false, fetchTable(ChartTable)}, {solution.TypeReport, false, fetchTable(ReportTable)}},
	"fetchxml":                     {{solution.TypeSavedQuery, true, escapedFetch}},
	"MobileOfflineFilters":         {{solution.TypeSavedQuery, true, escapedFetch}},
	"cell":                         {{solution.TypeSavedQuery, false, viewImages}},
	"ReportEntity":                 {{solution.TypeReport, true, tableOf(ReportTable)}},
	"PrimaryEntityFormID":          {{solution.TypeHierarchyRule, true, func(e *element) { e.refer(HierarchyForm, idKey(solution.TypeSystemForm, e.text), e.text) }}},
	"DependencyXml":                {{solution.TypeWebResource, true, webResourceDependencies}},
	"OptionSetName":                {{solution.TypeAttribute, true, columnChoice}},
	"RolePrivilege":                {{solution.TypeRole, false, roleTable}},
	"EntityName":                   {{solution.TypeFieldSecurityProfile, true, func(e *element) { e.of.memo = e.text }}},
	"AttributeName":                {{solution.TypeFieldSecurityProfile, true, func(e *element) { e.refer(PermissionColumn, columnKey(e.of.memo, e.text), e.text) }}},
	"associatedobjecttypecode":     {{solution.TypeConnectionRole, true, tableOf(ConnectionRoleTable)}},
	"WorkflowId":                   {{solution.TypeSLA, true, ruleProcess}, {solution.TypeRoutingRule, true, ruleProcess}, {solution.TypeConvertRule, true, ruleProcess}},
	"DataSourceLogicalName":        {{solution.TypeEntityDataProvider, true, tableOf(ProviderPart)}},
	"RetrievePluginTypeId":         {{solution.TypeEntityDataProvider, true, providerPluginType}},
	"RetrieveMultiplePluginTypeId": {{solution.TypeEntityDataProvider, true, providerPluginType}},
	"CreatePluginTypeId":           {{solution.TypeEntityDataProvider, true, providerPluginType}},
	"UpdatePluginTypeId":           {{solution.TypeEntityDataProvider, true, providerPluginType}},
	"DeletePluginTypeId":           {{solution.TypeEntityDataProvider, true, providerPluginType}},
	"EventHandler":                 {{solution.TypeSDKMessageProcessingStep, true, func(e *element) { e.of.target = target{e.text, e.start, e.end} }}},
	"EventHandlerTypeCode":         {{solution.TypeSDKMessageProcessingStep, true, stepEndpoint}},
	"PluginTypeId":                 {{solution.TypeSDKMessageProcessingStep, true, stepPluginType}},
	"PluginTypeName":               {{solution.TypeSDKMessageProcessingStep, true, stepPluginType}},
	"msdyn_customconfiguration":    {{solution.TypeAIModel, true, aiTables}},
}

func nameByDescription(e *element) { e.w.name(e.w.innermost(), e.attr("description")) }
func nameByText(e *element)        { e.w.name(e.w.innermost(), e.text) }

// flowFile gives a process its file.
func flowFile(e *element) {
	if e.of.at >= 0 {
		e.w.r.ownFlow(&e.w.r.components[e.of.at])
	}
}

// tableSet notes by which name flows call a table.
func tableSet(e *element) {
	e.w.r.sets[solution.Fold(e.text)] = e.of.Key.Name()
	if set := key(solution.TypeEntity, e.text); e.of.at >= 0 && set != e.of.Key {
		x := &e.w.r.components[e.of.at]
		x.Alternates = append(x.Alternates, set)
	}
}

func columnType(e *element) {
	if e.of.at >= 0 && e.w.parent() == "attribute" {
		e.w.r.components[e.of.at].DataType = e.text
	}
}

// processState reads the state: 0 is a draft, 1 runs.
func processState(e *element) {
	if e.of.at >= 0 {
		e.w.r.components[e.of.at].Draft = e.text == "0"
	}
}

func processTable(e *element) {
	if e.text != "none" {
		e.refer(ProcessTable, key(solution.TypeEntity, e.text), e.text)
	}
}

// tableOf refers to the table that an element has as its text.
func tableOf(edge Edge) func(e *element) {
	return func(e *element) { e.refer(edge, key(solution.TypeEntity, e.text), e.text) }
}

func tableIcon(e *element) { // others are files of the platform
	if name := cmp.Or(webResourceName(e.text), e.text); hasPrefix(name) {
		e.refer(TableIcon, key(solution.TypeWebResource, name), name)
	}
}

func siteMapTable(e *element) {
	e.refer(SiteMapTable, key(solution.TypeEntity, e.attr("Entity")), e.attr("Entity"))
}

func siteMapArea(e *element) {
	siteMapTable(e)
	if id := e.attr("DefaultDashboard"); isGUID(id) {
		e.refer(SiteMapPart, idKey(solution.TypeSystemForm, id), id)
	}
	e.refer(SiteMapPart, key(solution.TypeCanvasApp, e.attr("Page")), e.attr("Page"))
}

func ruleProcess(e *element) { e.refer(RuleProcess, idKey(solution.TypeWorkflow, e.text), e.text) }

func providerPluginType(e *element) {
	e.refer(ProviderPart, idKey(solution.TypePluginType, e.text), e.text)
}

// referenceConnector reads both connectorid elements: that of a custom connector is a GUID.
func referenceConnector(e *element) {
	if e.w.parent() == "customconnectorid" {
		e.refer(ReferenceCustomConnector, idKey(solution.TypeConnector, e.text), e.text)
		return
	}
	e.refer(ReferenceConnector, key(solution.TypeConnector, connref.ConnectorName(e.text)), e.text)
}

func appComponent(e *element) {
	code, err := strconv.Atoi(e.attr("type"))
	if err != nil {
		return
	}
	t := solution.TypeOfCode(code)
	if name := e.attr("schemaName"); name != "" {
		e.refer(AppComponent, key(t, name), name)
		return
	}
	e.refer(AppComponent, idKey(t, e.attr("id")), e.attr("id"))
}

func appRole(e *element) { e.refer(AppRole, idKey(solution.TypeRole, e.attr("id")), e.attr("id")) }

func appPage(e *element) {
	if e.w.parent() == "canvasappid" {
		e.refer(AppPage, key(solution.TypeCanvasApp, e.text), e.text)
	}
}

// webResources reads all attributes of an element of a site map or ribbon.
func webResources(e *element) {
	edge := SiteMapWebResource
	e.of = e.w.around(solution.TypeSiteMap)
	if e.w.ribbon > 0 {
		edge = RibbonWebResource
		if e.of = e.w.around(solution.TypeEntity); e.of == nil {
			e.of = &open{Element: solution.Element{Key: solution.NameKey(solution.TypeRibbonCustomization, "", "")}}
		}
	}
	for _, a := range e.attrs {
		if name := webResourceName(xmlspan.AttrValue(a.Value.Of(e.w.src))); name != "" {
			e.refer(edge, key(solution.TypeWebResource, name), name)
		}
	}
}

// webResourceName returns the name in "$webresource:NAME" or "/WebResources/NAME", without a query.
func webResourceName(text string) string {
	folded := solution.Fold(text)
	for _, lead := range []string{"$webresource:", "/webresources/"} {
		if i := strings.Index(folded, lead); i >= 0 && len(folded) == len(text) {
			name := text[i+len(lead):]
			if end := strings.IndexAny(name, "?#&"); end >= 0 {
				name = name[:end]
			}
			return name
		}
	}
	return ""
}

func relationshipTable(e *element) {
	e.refer(RelationshipTable, key(solution.TypeEntity, e.text), e.text)
}

func formColumn(e *element) {
	e.refer(FormPart, key(solution.TypeEntityRelationship, e.attr("relationship")), e.attr("relationship"))
	if table := e.table(); table != "" {
		e.refer(FormColumn, columnKey(table, e.attr("datafieldname")), e.attr("datafieldname"))
	}
}

func formControl(e *element) {
	if name := e.attr("name"); !isGUID(name) {
		e.refer(FormPart, key(solution.TypeCustomControl, name), name)
	}
}

// formViews reads the views of a list, separated by commas.
func formViews(e *element) {
	for id := range strings.FieldsFuncSeq(e.text, func(c rune) bool { return c == ',' || c == ';' || c == ' ' }) {
		if isGUID(id) {
			e.refer(FormPart, idKey(solution.TypeSavedQuery, id), id)
		}
	}
}

func formChart(e *element) {
	if isGUID(e.text) {
		e.refer(FormPart, idKey(solution.TypeSavedQueryVisualization, e.text), e.text)
	}
}

// formAddress reads the name of a web resource where an address may be.
func formAddress(e *element) {
	if e.w.parent() != "parameters" {
		return
	}
	name := cmp.Or(webResourceName(e.text), e.text)
	if end := strings.IndexAny(name, "?#"); end >= 0 {
		name = name[:end]
	}
	if hasPrefix(name) {
		e.formResource(name)
	}
}

func (e *element) formResource(name string) {
	e.refer(FormPart, key(solution.TypeWebResource, name), name)
}

// formHandler reads the library of a handler. Those in InternalHandlers are files of the platform.
func formHandler(e *element) {
	if e.w.parent() == "Handlers" {
		e.formResource(e.attr("libraryName"))
	}
}

// formNavigation reads a relationship, if it is none of the lists that every table has.
func formNavigation(e *element) {
	name := e.attr("RelationshipName")
	if !strings.HasPrefix(solution.Fold(name), "hardcoded_") {
		e.refer(FormPart, key(solution.TypeEntityRelationship, name), name)
	}
}

func formCanvasApp(e *element) {
	if e.w.parent() == "parameters" && hasPrefix(e.text) {
		e.refer(FormPart, key(solution.TypeCanvasApp, e.text), e.text)
	}
}

func formTable(e *element) { e.refer(FormPart, key(solution.TypeEntity, e.text), e.text) }

// formRole reads roles that see the form.
func formRole(e *element) {
	if e.w.parent() == "DisplayConditions" {
		e.refer(FormPart, idKey(solution.TypeRole, e.attr("Id")), e.attr("Id"))
	}
}

// quickForms reads the XML in the text: <QuickFormId entityname="t">GUID</QuickFormId>.
func quickForms(e *element) {
	rest := e.text
	for {
		_, after, ok := strings.Cut(rest, "<QuickFormId ")
		if !ok {
			return
		}
		_, after, ok = strings.Cut(after, ">")
		if !ok {
			return
		}
		id, _, _ := strings.Cut(after, "<")
		e.refer(FormPart, idKey(solution.TypeSystemForm, id), strings.TrimSpace(id))
		rest = after
	}
}

// columnChoice remembers the choice: whether it is the column's own is seen behind it.
func columnChoice(e *element) {
	e.of.target = target{e.text, e.start, e.end}
}

// verbs of privileges over tables, longer ones before those that they begin with.
var verbs = []string{"appendto", "append", "assign", "create", "delete", "read", "share", "write"}

// roleTable reads prv<Verb><Table>. Other names are privileges over something else than a table.
func roleTable(e *element) {
	name := solution.Fold(e.attr("name"))
	for _, verb := range verbs {
		if table, ok := strings.CutPrefix(name, "prv"+verb); ok && table != "" {
			e.refer(RoleTable, key(solution.TypeEntity, table), e.attr("name"))
			return
		}
	}
}

func stepTable(e *element) {
	if e.text != "none" {
		e.refer(StepTable, key(solution.TypeEntity, e.text), e.text)
	}
}

// typeCodeServiceEndpoint is the code of the table of service endpoints.
const typeCodeServiceEndpoint = "4618"

// stepEndpoint refers to the handler that was read before, if it is a service endpoint.
func stepEndpoint(e *element) {
	if handler := e.of.target; e.text == typeCodeServiceEndpoint && handler.text != "" {
		e.start, e.end = handler.start, handler.end
		e.refer(StepEndpoint, idKey(solution.TypeServiceEndpoint, handler.text), handler.text)
	}
}

// viewImages reads the web resource that gives the cells of a view their icons.
func viewImages(e *element) {
	if name := webResourceName(e.attr("imageproviderwebresource")); name != "" {
		e.refer(ViewWebResource, key(solution.TypeWebResource, name), name)
	}
}

func stepPluginType(e *element) {
	e.refer(StepPluginType, idKey(solution.TypePluginType, e.text), e.text)
}
