package content

import (
	"strconv"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
)

// jsonText parses JSON that stands in a text, nil if it is empty or is none, which is a finding.
func jsonText(e *element) *jsonspan.Tree {
	if e.text == "" {
		return nil
	}
	t, err := jsonspan.Parse([]byte(e.text), nil)
	if err != nil {
		w := e.w
		w.r.found = append(w.r.found, connref.MalformedText(w.names[len(w.names)-1], e.of.Key, err, w.location(e.start, e.end, w.path.of(w.names[1:]))))
		return nil
	}
	return t
}

// canvasTables reads {"source": {"dataSources": {"label": {"entitySetName", "logicalName"}}}}.
func canvasTables(e *element) {
	t := jsonText(e)
	if t == nil {
		return
	}
	for source := range t.Children(0) {
		sources := t.Get(source, "dataSources")
		if sources == jsonspan.None {
			continue
		}
		for i := range t.Children(sources) {
			if t.Kind(i) != jsonspan.Object {
				continue
			}
			name := t.Text(t.Get(i, "logicalName"))
			e.refer(CanvasTable, key(solution.TypeEntity, name), name)
			if set := t.Text(t.Get(i, "entitySetName")); set != "" && name != "" {
				if _, ok := e.w.r.sets[solution.Fold(set)]; !ok {
					e.w.r.sets[solution.Fold(set)] = solution.Fold(name)
				}
			}
		}
	}
}

// canvasDependencies reads {"cdsdependencies": [{"componenttype", "logicalname" or "dependencyid", "componenttypeplatformname"}]}.
func canvasDependencies(e *element) {
	t := jsonText(e)
	if t == nil {
		return
	}
	list := t.Get(0, "cdsdependencies")
	if list == jsonspan.None {
		return
	}
	for i := range t.Children(list) {
		if t.Kind(i) != jsonspan.Object {
			continue
		}
		code, err := strconv.Atoi(string(t.Raw(t.Get(i, "componenttype"))))
		kind := solution.TypeOfCode(code)
		if name := t.Text(t.Get(i, "componenttypeplatformname")); name != "" && (err != nil || kind.EnvironmentSpecific()) {
			kind = solution.ComponentType(solution.Fold(name))
		}
		if name := t.Text(t.Get(i, "logicalname")); name != "" {
			e.refer(CanvasDependency, key(kind, name), name)
			continue
		}
		id := t.Text(t.Get(i, "dependencyid"))
		e.refer(CanvasDependency, idKey(kind, id), id)
	}
}

func canvasLibraries(e *element) {
	t := jsonText(e)
	if t == nil {
		return
	}
	for i := range t.Children(0) {
		if t.Kind(i) == jsonspan.Object {
			name := t.Text(t.Get(i, "appComponentLibraryLogicalName"))
			e.refer(CanvasLibrary, key(solution.TypeCanvasApp, name), name)
		}
	}
}

// canvasConnections reads {"GUID": {"id", "customApiLogicalName", "parameterHints", "dataSets", ...}}.
func canvasConnections(e *element) {
	t := jsonText(e)
	if t == nil {
		return
	}
	for i := range t.Children(0) {
		if t.Kind(i) != jsonspan.Object {
			continue
		}
		if t.True(t.Get(i, "isCustomApiSolutionAware")) {
			name := t.Text(t.Get(i, "customApiLogicalName"))
			e.refer(CanvasConnector, key(solution.TypeConnector, name), name)
		}
		canvasCalls(e, t, i)
		if hints := t.Get(i, "parameterHints"); hints != jsonspan.None {
			if flow := t.Get(hints, "workflowEntityId"); flow != jsonspan.None {
				id := t.Text(t.Get(flow, "value"))
				e.refer(CanvasFlow, idKey(solution.TypeWorkflow, id), id)
			}
		}
		name := t.Text(t.Get(i, "xrmConnectionReferenceLogicalName"))
		e.refer(CanvasConnectionReference, key(solution.TypeConnectionReference, name), name)
		sets := t.Get(i, "dataSets")
		if sets == jsonspan.None {
			continue
		}
		for j := sets + 1; j < t.Node(sets).Next; j++ {
			if t.Node(j).KeyEnd > 0 && string(t.PlainKey(j)) == "environmentVariableName" {
				e.refer(CanvasVariable, key(solution.TypeEnvironmentVariableDefinition, t.Text(j)), t.Text(j))
			}
		}
	}
}

// aiTables reads {"definitions": {"data": [{"id": "table"}]}}.
func aiTables(e *element) {
	t := jsonText(e)
	if t == nil {
		return
	}
	data, ok := t.At("/definitions/data")
	if !ok || t.Kind(data) != jsonspan.Array {
		return
	}
	for i := range t.Children(data) {
		if t.Kind(i) == jsonspan.Object {
			name := t.Text(t.Get(i, "id"))
			e.refer(AIModelTable, key(solution.TypeEntity, name), name)
		}
	}
}
