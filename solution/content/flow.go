package content

import (
	"bytes"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
)

// A flow is a cloud flow's file while it is read.
type flow struct {
	r    *reader
	name string
	key  solution.Key
	t    *jsonspan.Tree
}

func (r *reader) readFlow(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	f := &flow{r, name, r.flows[name], t}
	f.connections()
	f.variables()
	for i := int32(1); i < int32(t.Len()); i++ {
		if t.Node(i).KeyEnd == 0 {
			continue
		}
		switch string(t.PlainKey(i)) {
		case "workflowReferenceName":
			f.refer(FlowChild, idKey(solution.TypeWorkflow, t.Text(i)), i)
		case "entityName", "table":
			if t.Key(t.Parent(i)) == "parameters" && f.isDataverse(i) {
				f.refer(FlowTable, setKey(t.Text(i)), i)
			}
		case "subscriptionRequest/entityname":
			f.refer(FlowTable, key(solution.TypeEntity, t.Text(i)), i)
		case "operationId":
			f.call(i)
			if t.Text(i) == "aibuilderpredict_customprompt" {
				f.model(i)
			}
		}
	}
	return nil
}

func (f *flow) refer(edge Edge, to solution.Key, at int32) {
	f.referText(edge, to, f.t.Text(at), at)
}

func (f *flow) referText(edge Edge, to solution.Key, text string, at int32) {
	if text == "" {
		return
	}
	n := f.t.Node(at)
	f.r.refer(edge, f.key, to, text, f.r.location(f.name, int(n.Start), int(n.End), f.t.Pointer(at)))
}

// connections reads what the flow connects to, by a reference or not.
func (f *flow) connections() {
	list, ok := f.t.At("/properties/connectionReferences")
	if !ok || f.t.Kind(list) != jsonspan.Object {
		return
	}
	t := f.t
	for i := range t.Children(list) {
		if t.Hidden(i) || t.Kind(i) != jsonspan.Object {
			continue
		}
		at := t.Get(i, "id")
		if api := t.Get(i, "api"); api != jsonspan.None && t.Text(t.Get(api, "name")) != "" {
			at = t.Get(api, "name")
		}
		connector := t.Text(at)
		if at == jsonspan.None {
			at = i
		}
		to := key(solution.TypeConnector, connref.ConnectorName(connector))
		f.referText(FlowConnector, to, connector, at)
		reference := int32(0)
		if c := t.Get(i, "connection"); c != jsonspan.None {
			reference = t.Get(c, "connectionReferenceLogicalName")
		}
		if t.Text(reference) != "" {
			f.refer(FlowConnectionReference, key(solution.TypeConnectionReference, t.Text(reference)), reference)
			continue
		}
		f.referText(FlowRawConnection, to, connector, i)
	}
}

// variables reads the parameters that stand for environment variables.
func (f *flow) variables() {
	list, ok := f.t.At("/properties/definition/parameters")
	if !ok || f.t.Kind(list) != jsonspan.Object {
		return
	}
	for i := range f.t.Children(list) {
		if f.t.Kind(i) != jsonspan.Object {
			continue
		}
		if meta := f.t.Get(i, "metadata"); meta != jsonspan.None {
			name := f.t.Get(meta, "schemaName")
			f.refer(FlowVariable, key(solution.TypeEnvironmentVariableDefinition, f.t.Text(name)), name)
		}
	}
}

// isDataverse reports whether node i, a parameter, is one of a Dataverse action.
func (f *flow) isDataverse(i int32) bool {
	host := f.t.Get(f.t.Parent(f.t.Parent(i)), "host")
	return host != jsonspan.None && bytes.Contains(f.t.Raw(host), []byte("commondataservice"))
}

// model reads the AI model of an action whose operationId is node i: inputs.parameters.recordId.
func (f *flow) model(i int32) {
	inputs := f.t.Parent(f.t.Parent(i))
	if parameters := f.t.Get(inputs, "parameters"); parameters != jsonspan.None {
		id := f.t.Get(parameters, "recordId")
		f.refer(FlowAIModel, idKey(solution.TypeAIModel, f.t.Text(id)), id)
	}
}

// setParent marks keys of tables that were given by set name until they are resolved.
const setParent = "\x00set"

func setKey(set string) solution.Key {
	return solution.NameKey(solution.TypeEntity, setParent, solution.Fold(set))
}
