package solutiontest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

func buildWebResource(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeWebResource, name)); err != nil {
		return err
	}
	r := build.WebResource{Name: name, DisplayName: l.text("name", name), ID: b.id(l, "id", "webresource", name), Data: []byte(l.text("text", "// "+name)),
		Type: orElse(build.WebResourceType(name), "3")} // else a script
	b.made.WebResource(r)
	return b.root(l, solution.NewRootComponent(solution.TypeWebResource, name, solution.GUID{}))
}

// emptyZip is the smallest document of a canvas app: an archive without entries.
const emptyZip = "PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func buildCanvasApp(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeCanvasApp, name)); err != nil {
		return err
	}
	if err := callsHave(l, l.list("connector")); err != nil {
		return err
	}
	needs, err := canvasNeeds(l)
	if err != nil {
		return err
	}
	file := "CanvasApps/" + name + "_DocumentUri.msapp"
	e := &element{depth: 2}
	e.open("CanvasApp")
	e.text("Name", name)
	e.text("AppVersion", "2024-01-01T00:00:00Z")
	e.text("Status", "Ready")
	e.text("DisplayName", l.text("name", name))
	e.text("IntroducedVersion", "1.0")
	e.text("DatabaseReferences", b.canvasTables(l))
	e.text("ConnectionReferences", b.canvasConnections(l))
	if needs != "" {
		e.text("CdsDependencies", needs)
	}
	e.text("IsCustomizable", "1")
	e.text("DocumentUri", "/"+file)
	e.close("CanvasApp")
	b.made.Element("CanvasApps", string(e.out))
	if err := b.root(l, solution.NewRootComponent(solution.TypeCanvasApp, name, solution.GUID{})); err != nil {
		return err
	}
	return b.file(l, file, []byte(emptyZip))
}

func (b *builder) canvasTables(l *line) string {
	v := &value{}
	v.open("")
	if tables := l.list("tables"); tables != nil {
		v.open("default.cds")
		v.open("dataSources")
		for _, table := range tables {
			v.open(table)
			v.text("entitySetName", b.setName(table))
			v.text("logicalName", table)
			v.close()
		}
		v.close()
		v.close()
	}
	v.close()
	return string(v.out)
}

// canvasConnections writes a connection for each thing that the app calls.
func (b *builder) canvasConnections(l *line) string {
	v := &value{}
	v.open("")
	n := 0
	open := func(connector string) {
		n++
		v.open(derivedID(l.word(0), strconv.Itoa(n)).String())
		v.text("id", "/providers/microsoft.powerapps/apis/"+connector)
		v.text("displayName", connector)
	}
	for _, link := range l.list("refs") {
		reference, connector := b.connectorOf(link)
		open(connector)
		v.text("xrmConnectionReferenceLogicalName", reference)
		v.close()
	}
	for _, connector := range l.list("raw") {
		open(runtimeID(connector))
		v.close()
	}
	for _, name := range l.list("connector") {
		open(customID(name))
		v.raw("isCustomApiConnection", "true")
		v.raw("isCustomApiSolutionAware", "true")
		v.text("customApiLogicalName", name)
		v.operations("actions", name, l.list("calls"))
		v.close()
	}
	for _, flow := range l.list("flow") {
		open("shared_logicflows")
		v.open("parameterHints")
		v.open("workflowEntityId")
		v.text("value", guidOf(flow).String())
		v.close()
		v.close()
		v.close()
	}
	for _, variable := range l.list("variables") {
		open(dataverse)
		v.open("dataSets")
		v.open("default")
		v.open("datasetOverride")
		v.text("environmentVariableName", variable)
		v.close()
		v.close()
		v.close()
		v.close()
	}
	v.close()
	return string(v.out)
}

// frameworkType is a number of the kind that only one environment knows; readers go by the name beside it.
const frameworkType = 10066

func canvasNeeds(l *line) (string, error) {
	list := l.list("needs")
	if list == nil {
		return "", nil
	}
	v := &value{}
	v.open("")
	v.key("cdsdependencies")
	v.out = append(v.out, '[')
	for _, text := range list {
		k, err := parseKey(text)
		if err != nil {
			return "", err
		}
		if k.parent != "" {
			return "", fmt.Errorf("needs=%s: canvas apps do not name parts of a table: name the table", text)
		}
		v.open("")
		if k.name != "" {
			v.text("logicalname", k.name)
		} else {
			v.text("dependencyid", k.ID().String())
		}
		if code, ok := k.Type().Code(); ok {
			v.number("componenttype", code)
		} else {
			v.number("componenttype", frameworkType)
			v.text("componenttypeplatformname", string(k.Type()))
		}
		v.close()
	}
	v.out = append(v.out, ']')
	v.close()
	return string(v.out), nil
}

func buildControl(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeCustomControl, name)); err != nil {
		return err
	}
	namespace, constructor := name, name
	if dot := strings.LastIndexByte(name, '.'); dot > 0 {
		namespace, constructor = name[:dot], name[dot+1:]
	}
	folder := "Controls/" + name
	e := &element{depth: 2}
	e.open("CustomControl")
	e.text("Name", name)
	e.text("FileName", "/"+folder+"/ControlManifest.xml")
	e.close("CustomControl")
	b.made.Element("CustomControls", string(e.out))
	if err := b.root(l, solution.NewRootComponent(solution.TypeCustomControl, name, solution.GUID{})); err != nil {
		return err
	}
	m := &element{}
	m.open("manifest")
	m.open("control", "namespace", namespace, "constructor", constructor, "version", "1.0.0", "display-name-key", name, "control-type", "standard")
	m.open("resources")
	m.empty("code", "path", "bundle.js", "order", "1")
	m.close("resources")
	m.close("control")
	m.close("manifest")
	if err := b.file(l, folder+"/ControlManifest.xml", m.out); err != nil {
		return err
	}
	return b.file(l, folder+"/bundle.js", []byte("// "+name))
}

func buildAppModule(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeAppModule, name)); err != nil {
		return err
	}
	e := &element{depth: 2}
	e.open("AppModule")
	e.text("UniqueName", name)
	e.text("IntroducedVersion", "1.0.0.0")
	if icon, ok := l.attr("icon"); ok {
		e.text("WebResourceId", guidOf(icon).String())
	}
	e.text("statecode", "0")
	e.text("statuscode", "1")
	e.open("AppModuleComponents")
	for _, table := range l.list("tables") {
		e.empty("AppModuleComponent", "type", "1", "schemaName", solution.Fold(table))
	}
	for _, sitemap := range l.list("sitemap") {
		e.empty("AppModuleComponent", "type", "62", "schemaName", sitemap)
	}
	for _, text := range l.list("parts") {
		k, err := parseKey(text)
		if err != nil {
			return err
		}
		code, ok := k.Type().Code()
		if !ok || k.parent != "" {
			return fmt.Errorf("parts=%s: a model-driven app has no such part: write one that has a number, such as savedquery:22", text)
		}
		if k.name != "" {
			e.empty("AppModuleComponent", "type", strconv.Itoa(code), "schemaName", k.name)
		} else {
			e.empty("AppModuleComponent", "type", strconv.Itoa(code), "id", k.ID().Braced())
		}
	}
	e.close("AppModuleComponents")
	e.open("AppModuleRoleMaps")
	for _, role := range l.list("roles") {
		e.empty("Role", "id", guidOf(role).Braced())
	}
	e.close("AppModuleRoleMaps")
	e.labels("LocalizedNames", "LocalizedName", l.text("name", name))
	if pages := l.list("pages"); pages != nil {
		e.open("appelements")
		for _, page := range pages {
			e.open("appelement", "uniquename", name+"_"+page)
			e.open("canvasappid")
			e.text("name", page)
			e.close("canvasappid")
			e.close("appelement")
		}
		e.close("appelements")
	}
	e.close("AppModule")
	b.made.Element("AppModules", string(e.out))
	return b.root(l, solution.NewRootComponent(solution.TypeAppModule, name, solution.GUID{}))
}

func buildSiteMap(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeSiteMap, name)); err != nil {
		return err
	}
	e := &element{depth: 2}
	e.open("AppModuleSiteMap")
	e.text("SiteMapUniqueName", name)
	e.text("ShowHome", "True")
	e.open("SiteMap")
	e.open("Area", "Id", "area")
	e.open("Group", "Id", "group")
	for _, table := range l.list("tables") {
		e.empty("SubArea", "Id", "table_"+table, "Entity", table)
	}
	for i, resource := range l.list("webresources") {
		e.empty("SubArea", "Id", "page_"+strconv.Itoa(i+1), "Url", "$webresource:"+resource)
	}
	e.close("Group")
	e.close("Area")
	e.close("SiteMap")
	e.labels("LocalizedNames", "LocalizedName", l.text("name", name))
	e.close("AppModuleSiteMap")
	b.made.Element("AppModuleSiteMaps", string(e.out))
	return b.root(l, solution.NewRootComponent(solution.TypeSiteMap, name, solution.GUID{}))
}

// operations writes the operations among calls that are of one connector.
func (v *value) operations(key, connector string, calls []string) {
	var list []string
	for _, call := range calls {
		if of, operation, _ := strings.Cut(call, ":"); of == connector {
			list = append(list, strconv.Quote(operation))
		}
	}
	if len(list) > 0 {
		v.raw(key, "["+strings.Join(list, ",")+"]")
	}
}
