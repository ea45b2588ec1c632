package content

import (
	"bytes"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/flowfile"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
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
	if r.beside != nil {
		r.beside.Flow(name, t)
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
			if f.calls(i, "commondataservice") {
				f.refer(FlowTable, setKey(t.Text(i)), i)
			}
		case "Copilot":
			if f.calls(i, "shared_microsoftcopilotstudio") {
				f.refer(FlowAgent, idKey(solution.TypeBot, t.Text(i)), i)
			}
		case "uiFlowId":
			if f.calls(i, "shared_uiflow") {
				f.refer(FlowDesktop, idKey(solution.TypeWorkflow, t.Text(i)), i)
			}
		case "actionName":
			if f.calls(i, "commondataservice") {
				f.action(i)
			}
		case "fetchXml":
			if f.calls(i, "commondataservice") {
				f.fetch(i)
			}
		case "subscriptionRequest/entityname":
			f.refer(FlowTable, key(solution.TypeEntity, t.Text(i)), i)
		case "operationId":
			f.call(i)
			if isModelOperation(t.Text(i)) {
				f.model(t.Get(t.Parent(t.Parent(i)), "parameters"))
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
	for _, c := range flowfile.Connections(f.t) {
		at := c.ID
		if f.t.Text(c.APIName) != "" {
			at = c.APIName
		}
		connector := f.t.Text(at)
		if at == jsonspan.None {
			at = c.Node
		}
		to := key(solution.TypeConnector, connref.ConnectorName(connector))
		if name := f.t.Text(c.LogicalName); name != "" { // it stays, while the id may be one of another environment
			to = key(solution.TypeConnector, name)
		}
		f.referText(FlowConnector, to, connector, at)
		if reference := f.t.Text(c.Reference); reference != "" {
			f.refer(FlowConnectionReference, key(solution.TypeConnectionReference, reference), c.Reference)
			continue
		}
		f.referText(FlowRawConnection, to, connector, c.Node)
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

// calls reports whether node i is a parameter of an action or trigger of a connector.
func (f *flow) calls(i int32, connector string) bool {
	parameters := f.t.Parent(i)
	if f.t.Key(parameters) != "parameters" {
		return false
	}
	host := f.t.Get(f.t.Parent(parameters), "host")
	return host != jsonspan.None && bytes.Contains(f.t.Raw(host), []byte(connector))
}

// isModelOperation reports whether an operation runs an AI model that somebody made. Trained ones come with the platform.
func isModelOperation(operation string) bool {
	name, ok := strings.CutPrefix(operation, "aibuilderpredict")
	return ok && !strings.Contains(name, "pretrained") && !strings.Contains(name, "prebuilt")
}

// model reads the AI model that the parameters of an action name.
func (f *flow) model(parameters int32) {
	if parameters != jsonspan.None && f.t.Kind(parameters) == jsonspan.Object {
		id := f.t.Get(parameters, "recordId")
		f.refer(FlowAIModel, idKey(solution.TypeAIModel, f.t.Text(id)), id)
	}
}

// action reads the name of the message that a Dataverse action sends. What a solution brings has a prefix: it is a custom API, or the
// message of a process. A message of AI models names one of them.
func (f *flow) action(i int32) {
	if strings.EqualFold(f.t.Text(f.t.Get(f.t.Parent(i), "entityName")), "msdyn_aimodels") {
		f.model(f.t.Parent(i))
		return
	}
	name := f.t.Text(i)
	const namespace = "Microsoft.Dynamics.CRM."
	if len(name) > len(namespace) && strings.EqualFold(name[:len(namespace)], namespace) {
		name = name[len(namespace):]
	}
	if isExpression(name) || hasPrefix(name) {
		f.referText(FlowAction, key(solution.TypeCustomAPI, name), name, i)
	}
}

// fetch reads the tables of a query.
func (f *flow) fetch(i int32) {
	for table := range fetchTables(f.t.Text(i)) {
		f.referText(FlowTable, key(solution.TypeEntity, table), table, i)
	}
}

// isExpression reports whether a running flow makes the text, or a piece of it.
func isExpression(text string) bool {
	return strings.HasPrefix(text, "@") || strings.Contains(text, "@{")
}

// hasPrefix reports whether a name begins with the prefix of a publisher.
func hasPrefix(name string) bool { return model.Prefix(name) != "" }

// setParent marks keys of tables that were given by set name until they are resolved.
const setParent = "\x00set"

func setKey(set string) solution.Key {
	return solution.NameKey(solution.TypeEntity, setParent, solution.Fold(set))
}
