package content

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/flowfile"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Call is one operation of a connector that a flow, canvas app or bot component names. It is a plain value.
type Call struct {
	From solution.Key
	// Connector is the connector by its logical name or its run-time id; zero if only the reference tells.
	Connector solution.Key
	// Reference is the connection reference by which it is called; zero if there is none.
	Reference solution.Key
	Operation string        // operationId as written
	Location  diag.Location // where it is named first
}

// Calls returns the operations of connectors that are named, each once for each component that does, sorted by component,
// connector and operation.
func (c *Content) Calls() iter.Seq[Call] { return slices.Values(c.calls) }

// call adds a call. Expressions name what only a run can tell.
func (r *reader) call(c Call) {
	if c.Operation == "" || c.From.IsZero() || strings.HasPrefix(c.Operation, "@") || c.Connector.IsZero() && c.Reference.IsZero() {
		return
	}
	r.calls = append(r.calls, c)
}

// sortedCalls returns the calls without repetitions, the first of each.
func sortedCalls(list []Call) []Call {
	less := func(a, b Call) int {
		return cmp.Or(a.From.Compare(b.From), a.Connector.Compare(b.Connector), a.Reference.Compare(b.Reference),
			strings.Compare(strings.ToLower(a.Operation), strings.ToLower(b.Operation)))
	}
	slices.SortStableFunc(list, func(a, b Call) int {
		return cmp.Or(less(a, b), cmp.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Start.Offset, b.Location.Start.Offset))
	})
	return slices.Clip(slices.CompactFunc(list, func(a, b Call) bool { return less(a, b) == 0 }))
}

func connectorKey(id string) solution.Key {
	if id == "" {
		return solution.Key{}
	}
	return key(solution.TypeConnector, connref.ConnectorName(id))
}

func referenceKey(name string) solution.Key {
	if name == "" {
		return solution.Key{}
	}
	return key(solution.TypeConnectionReference, name)
}

// call reads the action or trigger whose operationId is node i: inputs.host has it, and the key of a connection of the flow.
func (f *flow) call(i int32) {
	t := f.t
	host := t.Parent(i)
	if t.Key(host) != "host" {
		return
	}
	c := Call{From: f.key, Operation: t.Text(i), Connector: connectorKey(t.Text(t.Get(host, "apiId")))}
	if list, ok := t.At("/properties/connectionReferences"); ok && t.Kind(list) == jsonspan.Object {
		if at := t.Get(list, t.Text(t.Get(host, "connectionName"))); at != jsonspan.None && t.Kind(at) == jsonspan.Object {
			c.Connector, c.Reference = f.connection(at, c.Connector)
		}
	}
	n := t.Node(i)
	c.Location = f.r.location(f.name, int(n.Start), int(n.End), t.Pointer(i))
	f.r.call(c)
}

// connection returns connector and reference of a connection of the flow.
func (f *flow) connection(at int32, otherwise solution.Key) (connector, reference solution.Key) {
	c := flowfile.ConnectionAt(f.t, at)
	connector = otherwise
	if id := f.t.Text(c.ID); id != "" {
		connector = connectorKey(id)
	}
	if name := f.t.Text(c.LogicalName); name != "" {
		connector = key(solution.TypeConnector, name)
	} else if name := f.t.Text(c.APIName); name != "" {
		connector = connectorKey(name)
	}
	return connector, referenceKey(f.t.Text(c.Reference))
}

// canvasCalls reads the list "actions" of a connection of a canvas app, node i.
func canvasCalls(e *element, t *jsonspan.Tree, i int32) {
	actions := t.Get(i, "actions")
	if actions == jsonspan.None || t.Kind(actions) != jsonspan.Array {
		return
	}
	c := Call{From: e.of.Key, Connector: connectorKey(t.Text(t.Get(i, "id"))), Reference: referenceKey(t.Text(t.Get(i, "xrmConnectionReferenceLogicalName")))}
	if name := t.Text(t.Get(i, "customApiLogicalName")); name != "" {
		c.Connector = key(solution.TypeConnector, name)
	}
	c.Location = e.w.location(e.start, e.end, strings.Join(e.w.names[1:], "/"))
	for a := range t.Children(actions) {
		c.Operation = t.Text(a)
		e.w.r.call(c)
	}
}

// A topicCall is what is known of a call while the lines of a topic are read: connectionReference and operationId stand in one
// mapping, at one depth, in any order and with others between them.
type topicCall struct {
	depth                int
	reference, operation string
	at                   int // of the operation
}

// line takes a line, whose key begins at depth, and reports whether the call is known whole.
func (c *topicCall) line(depth int, item bool, k, value string, at int) bool {
	if depth < c.depth || item && depth == c.depth {
		*c = topicCall{}
	}
	switch {
	case k != "connectionReference" && k != "operationId":
		return false
	case c.reference == "" && c.operation == "":
		*c = topicCall{depth: depth}
	case depth > c.depth:
		return false // an input that is called so
	}
	if k == "connectionReference" {
		c.reference = value
	} else {
		c.operation, c.at = value, at
	}
	return c.reference != "" && c.operation != ""
}

// depthOf returns how far the key of a line is indented, dashes of lists included, and whether it begins an item of one.
func depthOf(line []byte) (depth int, item bool) {
	for depth < len(line) && (line[depth] == ' ' || line[depth] == '-' || line[depth] == '\t') {
		item = item || line[depth] == '-'
		depth++
	}
	return depth, item
}
