package content

import (
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

	// references
	"PrimaryEntity":             {{solution.TypeWorkflow, true, processTable}},
	"DatabaseReferences":        {{solution.TypeCanvasApp, true, canvasTables}},
	"CdsDependencies":           {{solution.TypeCanvasApp, true, canvasDependencies}},
	"AppComponentDependencies":  {{solution.TypeCanvasApp, true, canvasLibraries}},
	"ConnectionReferences":      {{solution.TypeCanvasApp, true, canvasConnections}},
	"connectorid":               {{solution.TypeConnectionReference, true, referenceConnector}},
	"AppModuleComponent":        {{solution.TypeAppModule, false, appComponent}},
	"name":                      {{solution.TypeAppModule, true, appPage}},
	"WebResourceId":             {{solution.TypeAppModule, true, func(e *element) { e.refer(AppIcon, idKey(solution.TypeWebResource, e.text), e.text) }}},
	"SubArea":                   {{solution.TypeSiteMap, false, func(e *element) { e.refer(SiteMapTable, key(solution.TypeEntity, e.attr("Entity")), e.attr("Entity")) }}},
	"ReferencingEntityName":     {{solution.TypeEntityRelationship, true, relationshipTable}},
	"ReferencedEntityName":      {{solution.TypeEntityRelationship, true, relationshipTable}},
	"FirstEntityName":           {{solution.TypeEntityRelationship, true, relationshipTable}},
	"SecondEntityName":          {{solution.TypeEntityRelationship, true, relationshipTable}},
	"control":                   {{solution.TypeSystemForm, false, formColumn}},
	"Library":                   {{solution.TypeSystemForm, false, func(e *element) { e.refer(FormPart, key(solution.TypeWebResource, e.attr("name")), e.attr("name")) }}},
	"customControl":             {{solution.TypeSystemForm, false, formControl}},
	"ViewId":                    {{solution.TypeSystemForm, true, func(e *element) { e.refer(FormPart, idKey(solution.TypeSavedQuery, e.text), e.text) }}},
	"RelationshipName":          {{solution.TypeSystemForm, true, func(e *element) { e.refer(FormPart, key(solution.TypeEntityRelationship, e.text), e.text) }}},
	"TargetEntityType":          {{solution.TypeSystemForm, true, formTable}},
	"QuickForms":                {{solution.TypeSystemForm, true, quickForms}},
	"entity":                    {{solution.TypeSavedQuery, false, viewTable}},
	"link-entity":               {{solution.TypeSavedQuery, false, viewTable}},
	"OptionSetName":             {{solution.TypeAttribute, true, columnChoice}},
	"RolePrivilege":             {{solution.TypeRole, false, roleTable}},
	"EntityName":                {{solution.TypeFieldSecurityProfile, true, func(e *element) { e.of.memo = e.text }}},
	"AttributeName":             {{solution.TypeFieldSecurityProfile, true, func(e *element) { e.refer(PermissionColumn, columnKey(e.of.memo, e.text), e.text) }}},
	"PluginTypeId":              {{solution.TypeSDKMessageProcessingStep, true, stepPluginType}},
	"PluginTypeName":            {{solution.TypeSDKMessageProcessingStep, true, stepPluginType}},
	"msdyn_customconfiguration": {{solution.TypeAIModel, true, aiTables}},
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
	if table := e.table(); table != "" {
		e.refer(FormColumn, columnKey(table, e.attr("datafieldname")), e.attr("datafieldname"))
	}
}

func formControl(e *element) {
	if name := e.attr("name"); !isGUID(name) {
		e.refer(FormPart, key(solution.TypeCustomControl, name), name)
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

func viewTable(e *element) {
	e.refer(ViewTable, key(solution.TypeEntity, e.attr("name")), e.attr("name"))
}

// columnChoice remembers the choice: whether it is the column's own is seen behind it.
func columnChoice(e *element) {
	e.of.columnTarget = columnTarget{e.text, e.start, e.end}
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

func stepPluginType(e *element) {
	e.refer(StepPluginType, idKey(solution.TypePluginType, e.text), e.text)
}
