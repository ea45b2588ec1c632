package solutiontest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
)

// environmentDigits end the run-time ids of custom connectors, as if all solutions came from one environment.
const environmentDigits = "0123456789abcdef"

// apis is the lead of connector ids.
const apis = "/providers/Microsoft.PowerApps/apis/"

// runtimeID returns the id by which flows, apps and references name a connector: custom connectors, whose names do not
// begin with shared_, have another one in each environment.
func runtimeID(connector string) string {
	if connector == "" || strings.HasPrefix(connector, "shared_") {
		return connector
	}
	return customID(connector)
}

// customID returns the run-time id of a custom connector.
func customID(name string) string {
	stem := strings.ReplaceAll(strings.ReplaceAll(solution.Fold(name), "_5f", "-5f"), "_", "-5f")
	return "shared_" + stem + "-5f" + environmentDigits
}

// connectorOf returns the connector of a reference of the text, as a flow names it; empty if it is not known.
func (b *builder) connectorOf(link string) (reference, connector string) {
	reference, connector, ok := strings.Cut(link, ":")
	if !ok {
		return reference, b.links[solution.Fold(reference)]
	}
	return reference, runtimeID(connector)
}

func buildReference(b *builder, l *line) error {
	name := l.word(0)
	if err := b.claim(l, nameKey(solution.TypeConnectionReference, name)); err != nil {
		return err
	}
	connector := b.links[solution.Fold(name)]
	custom, isCustom := l.attr("custom")
	if connector == "" {
		return fmt.Errorf("connectionreference %s has no connector: add connector=NAME or custom=GUID", name)
	}
	r := connref.Reference{LogicalName: name, DisplayName: l.text("name", name), ConnectorID: apis + connector, Skip: l.is("skip")}
	if isCustom {
		r.CustomConnector = guidOf(custom)
	} else if connref.IsCustomID(r.ConnectorID) && !b.hasConnector(l.text("connector", "")) {
		b.elsewhere(r)
		return nil
	}
	b.references, b.joined = append(b.references, r), l
	return nil
}

// hasConnector reports whether the text has a custom connector of that name.
func (b *builder) hasConnector(name string) bool {
	for _, have := range b.connectors {
		if solution.Fold(have) == solution.Fold(name) {
			return true
		}
	}
	return false
}

// elsewhere writes a reference to a custom connector of another solution, of which only the run-time id is known. Exports rarely have
// one, and package connref makes none.
func (b *builder) elsewhere(r connref.Reference) {
	e := &element{depth: 2}
	e.open("connectionreference", "connectionreferencelogicalname", r.LogicalName)
	e.text("connectionreferencedisplayname", r.DisplayName)
	e.text("connectorid", r.ConnectorID)
	e.text("iscustomizable", "1")
	if r.Skip {
		e.text("promptingbehavior", "1")
	} else {
		e.text("promptingbehavior", "0")
	}
	e.text("statecode", "0")
	e.text("statuscode", "1")
	e.close("connectionreference")
	b.made.Element("connectionreferences", string(e.out))
}

// bind finds the connector of a reference, when all connectors of the text are known.
func (b *builder) bind(l *line) error {
	if l.use.keyword() != "connectionreference" {
		return nil
	}
	connector := runtimeID(l.text("connector", ""))
	if custom, ok := l.attr("custom"); ok && connector == "" {
		id := guidOf(custom)
		if name, ok := b.connectors[id]; ok {
			connector = customID(name)
		} else {
			connector = "shared_custom-5f" + strings.ReplaceAll(id.String(), "-", "")[16:]
		}
	}
	b.links[solution.Fold(l.word(0))] = connector
	return nil
}

func buildWorkflow(b *builder, l *line) error {
	id := guidOf(l.word(0))
	if err := b.claim(l, solution.IDKey(solution.TypeWorkflow, id)); err != nil {
		return err
	}
	name := l.text("name", "Flow "+shortID(id))
	if err := callsHave(l, l.list("refs")); err != nil {
		return err
	}
	process, isProcess := l.attr("process")
	if isProcess {
		for _, a := range l.attrs {
			if a.key != "process" && a.key != "name" && a.key != "draft" {
				return fmt.Errorf("%s with process: a classic process has no definition that could hold it", a.key)
			}
		}
	}
	root := solution.NewRootComponent(solution.TypeWorkflow, "", id)
	if !isProcess {
		b.made.Flow(build.Flow{Name: name, ID: id, Definition: b.flow(l), Off: l.is("draft")})
		return b.root(l, root)
	}
	file := "Workflows/" + letters(name) + "-" + strings.ToUpper(id.String()) + ".xaml"
	e := &element{depth: 2}
	e.open("Workflow", "WorkflowId", id.Braced(), "Name", name)
	e.text("XamlFileName", "/"+file)
	e.text("Type", "1")
	e.text("Subprocess", "0")
	e.text("Category", "0")
	e.text("Mode", "0")
	e.text("Scope", "4")
	state, status := "1", "2"
	if l.is("draft") {
		state, status = "0", "1"
	}
	e.text("StateCode", state)
	e.text("StatusCode", status)
	e.text("IntroducedVersion", "1.0.0.0")
	e.text("IsCustomizable", "1")
	e.text("PrimaryEntity", process)
	e.labels("LocalizedNames", "LocalizedName", name)
	e.close("Workflow")
	b.made.Element("Workflows", string(e.out))
	b.made.File(file, []byte("<Activity />"))
	return b.root(l, root)
}

// callsHave holds the calls of a line to what it calls them by.
func callsHave(l *line, links []string) error {
	for _, call := range l.list("calls") {
		what, _, _ := strings.Cut(call, ":")
		if !slices.ContainsFunc(links, func(link string) bool { name, _, _ := strings.Cut(link, ":"); return name == what }) {
			return fmt.Errorf("calls=%s: the line does not use %s", call, what)
		}
	}
	return nil
}

// shortID returns the digits of a GUID without the zeros before them.
func shortID(id solution.GUID) string {
	return strings.TrimLeft(strings.ReplaceAll(id.String(), "-", ""), "0")
}

// letters returns the letters and digits of a name, as file names of flows have them.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}

// flow writes the definition of a cloud flow that does what the line says.
func (b *builder) flow(l *line) []byte {
	v := &value{make([]byte, 0, 1<<11)}
	v.open("")
	v.open("properties")
	v.open("connectionReferences")
	seen := map[string]int{}
	alias := func(connector string) string { // as flows name them: shared_x, shared_x_1
		connector = orElse(connector, "connection")
		n := seen[connector]
		seen[connector]++
		if n > 0 {
			return connector + "_" + strconv.Itoa(n)
		}
		return connector
	}
	aliases := map[string][2]string{} // of references, with their connectors
	for _, link := range l.list("refs") {
		reference, connector := b.connectorOf(link)
		name := alias(connector)
		aliases[reference] = [2]string{name, connector}
		v.open(name)
		source := "embedded"
		if slices.Contains(l.list("invoker"), reference) {
			source = "invoker"
		}
		v.text("runtimeSource", source)
		v.open("connection")
		v.text("connectionReferenceLogicalName", reference)
		v.close()
		v.api(connector)
		v.close()
	}
	for _, connector := range l.list("raw") {
		connector = runtimeID(connector)
		v.open(alias(connector))
		v.text("runtimeSource", "invoker")
		v.raw("connection", "{}")
		v.api(connector)
		v.close()
	}
	v.close()
	v.open("definition")
	v.text("$schema", "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#")
	v.text("contentVersion", "1.0.0.0")
	v.open("parameters")
	v.raw("$connections", `{"defaultValue":{},"type":"Object"}`)
	v.raw("$authentication", `{"defaultValue":{},"type":"SecureObject"}`)
	for _, variable := range l.list("variables") {
		v.open(variable + " (" + variable + ")")
		v.text("defaultValue", "")
		v.text("type", "String")
		v.open("metadata")
		v.text("schemaName", variable)
		v.text("description", "")
		v.close()
		v.close()
	}
	v.close()
	v.trigger(l)
	v.actions(l, aliases)
	v.close()
	v.close()
	v.text("schemaVersion", "1.0.0.0")
	v.close()
	return v.out
}

func (v *value) api(connector string) {
	if connector == "" {
		return
	}
	v.open("api")
	v.text("name", connector)
	v.close()
}

// dataverse is the connector of rows of tables.
const dataverse = "shared_commondataserviceforapps"

func (v *value) host(operation string) {
	v.open("host")
	v.text("connectionName", dataverse)
	v.text("operationId", operation)
	v.text("apiId", apis+dataverse)
	v.close()
}

func (v *value) trigger(l *line) {
	v.open("triggers")
	if table, ok := l.attr("trigger"); ok {
		v.open("When_a_row_is_added")
		v.text("type", "OpenApiConnectionWebhook")
		v.open("inputs")
		v.host("SubscribeWebhookTrigger")
		v.open("parameters")
		v.number("subscriptionRequest/message", 1)
		v.text("subscriptionRequest/entityname", table)
		v.number("subscriptionRequest/scope", 4)
		v.close()
		v.close()
		v.close()
	} else {
		v.raw("manual", `{"type":"Request","kind":"Button","inputs":{"schema":{"type":"object","properties":{},"required":[]}}}`)
	}
	v.close()
}

// actions writes one action for each table set, child flow and model. Each runs by itself, as no order is asked for.
func (v *value) actions(l *line, aliases map[string][2]string) {
	v.open("actions")
	for i, call := range l.list("calls") {
		reference, operation, _ := strings.Cut(call, ":")
		v.open("Call_" + strconv.Itoa(i+1))
		v.raw("runAfter", "{}")
		v.text("type", "OpenApiConnection")
		v.open("inputs")
		v.open("host")
		v.text("connectionName", aliases[reference][0])
		v.text("operationId", operation)
		v.text("apiId", apis+aliases[reference][1])
		v.close()
		v.raw("parameters", "{}")
		v.close()
		v.close()
	}
	for i, set := range l.list("sets") {
		v.open("List_rows_" + strconv.Itoa(i+1))
		v.raw("runAfter", "{}")
		v.text("type", "OpenApiConnection")
		v.open("inputs")
		v.host("ListRecords")
		v.open("parameters")
		v.text("entityName", set)
		v.close()
		v.close()
		v.close()
	}
	for i, child := range l.list("child") {
		v.open("Run_a_child_flow_" + strconv.Itoa(i+1))
		v.raw("runAfter", "{}")
		v.text("type", "Workflow")
		v.open("inputs")
		v.open("host")
		v.text("workflowReferenceName", guidOf(child).String())
		v.close()
		v.close()
		v.close()
	}
	for i, model := range l.list("model") {
		v.open("Run_a_prompt_" + strconv.Itoa(i+1))
		v.raw("runAfter", "{}")
		v.text("type", "OpenApiConnection")
		v.open("inputs")
		v.host("aibuilderpredict_customprompt")
		v.open("parameters")
		v.text("recordId", guidOf(model).String())
		v.close()
		v.close()
		v.close()
	}
	v.close()
}
