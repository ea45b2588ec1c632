package model

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution"
)

// A Flow is the definition of a cloud flow. The zero Flow is none; it has no triggers and no actions.
//
// Texts that begin with "@" or hold "@{" are expressions; they are given as written.
type Flow struct{ v Value }

// Exists reports whether there is a definition.
func (f Flow) Exists() bool { return f.v.Exists() }

// JSON returns the place of the definition, which reaches all that is written there.
func (f Flow) JSON() Value { return f.v }

func (f Flow) definition() Value { return f.v.Get("properties", "definition") }

// Description returns the description in the definition.
func (f Flow) Description() string { return f.definition().Get("description").Text() }

// Connections returns what the flow connects to, in the order of the file.
func (f Flow) Connections() iter.Seq[FlowConnection] {
	return membersOf(f.v.Get("properties", "connectionReferences"), func(name string, v Value) FlowConnection { return FlowConnection{name, v} })
}

// Parameters returns the parameters in the order of the file. Those of environment variables have a schema name.
func (f Flow) Parameters() iter.Seq[FlowParameter] {
	return membersOf(f.definition().Get("parameters"), func(name string, v Value) FlowParameter { return FlowParameter{name, v} })
}

// Triggers returns what starts the flow, which is one thing in nearly all.
func (f Flow) Triggers() iter.Seq[FlowTrigger] {
	return membersOf(f.definition().Get("triggers"), func(name string, v Value) FlowTrigger { return FlowTrigger{flowStep{name, v}} })
}

// Actions returns the actions that are in no other, in the order of the file. They run in the order that [FlowAction.RunAfter] says.
func (f Flow) Actions() iter.Seq[FlowAction] { return actionsIn(f.definition()) }

// AllActions returns all actions, those in others too, each before what is in it.
func (f Flow) AllActions() iter.Seq[FlowAction] {
	return func(yield func(FlowAction) bool) {
		for a := range f.Actions() {
			if !a.walk(yield) {
				return
			}
		}
	}
}

// membersOf returns the members of an object, each as a view of its place.
func membersOf[V any](object Value, view func(name string, v Value) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		for name, v := range object.Members() {
			if !yield(view(name, v)) {
				return
			}
		}
	}
}

func actionsIn(v Value) iter.Seq[FlowAction] {
	return membersOf(v.Get("actions"), func(name string, v Value) FlowAction { return FlowAction{flowStep{name, v}} })
}

// A FlowConnection is something that a flow connects to.
type FlowConnection struct {
	name string
	v    Value
}

// JSON returns the place of the connection.
func (c FlowConnection) JSON() Value { return c.v }

// Name returns the name that the actions of the flow have for it.
func (c FlowConnection) Name() string { return c.name }

// Connector returns the name of the connector, or its path in old files.
func (c FlowConnection) Connector() string {
	if name := c.v.Get("api", "name"); name.Exists() {
		return name.Text()
	}
	return c.v.Get("id").Text()
}

// Reference returns the logical name of the connection reference, empty if the flow is bound to a connection of its environment.
func (c FlowConnection) Reference() string {
	return c.v.Get("connection", "connectionReferenceLogicalName").Text()
}

// RuntimeSource returns whose connection it is: "embedded" that of the flow, "invoker" that of whoever starts it.
func (c FlowConnection) RuntimeSource() string { return c.v.Get("runtimeSource").Text() }

// A FlowParameter is a parameter of a flow.
type FlowParameter struct {
	name string
	v    Value
}

// JSON returns the place of the parameter.
func (p FlowParameter) JSON() Value { return p.v }

// Name returns the name that expressions have for it.
func (p FlowParameter) Name() string { return p.name }

// DataType returns the type as written: "String", "Bool", "Object", "SecureString".
func (p FlowParameter) DataType() string { return p.v.Get("type").Text() }

// Variable returns the schema name of the environment variable that it stands for, empty if it stands for none.
func (p FlowParameter) Variable() string { return p.v.Get("metadata", "schemaName").Text() }

// Default returns the place of the default, none if there is none. A place prints without its text, which may be a secret.
func (p FlowParameter) Default() Value { return p.v.Get("defaultValue") }

// A flowStep is what triggers and actions have in common.
type flowStep struct {
	name string
	v    Value
}

// JSON returns the place of the step, which reaches all that is written there.
func (s flowStep) JSON() Value { return s.v }

// Name returns the name, in which underscores stand for blanks.
func (s flowStep) Name() string { return s.name }

// Type returns what it does, as written: "OpenApiConnection", "If", "Compose", "Request".
func (s flowStep) Type() string { return s.v.Get("type").Text() }

// Kind returns the kind within the type, such as "Button" of a trigger of type Request; empty in most.
func (s flowStep) Kind() string { return s.v.Get("kind").Text() }

// Description returns the note of the maker.
func (s flowStep) Description() string { return s.v.Get("description").Text() }

// Inputs returns the place of what it is given, whose texts may be expressions.
func (s flowStep) Inputs() Value { return s.v.Get("inputs") }

// Operation returns the operation of a connector: the name of the connection in the flow, the path of the connector, and the operation; all
// empty if it has none. In steps of the older type ApiConnection the connection is an expression, and the path of a request stands for
// the operation.
func (s flowStep) Operation() (connection, connector, operation string) {
	inputs := s.Inputs()
	host := inputs.Get("host")
	connection, connector, operation = host.Get("connectionName").Text(), host.Get("apiId").Text(), host.Get("operationId").Text()
	if old := host.Get("connection", "name"); old.Exists() {
		connection = old.Text()
		if operation == "" {
			operation = inputs.Get("path").Text()
		}
	}
	return connection, connector, operation
}

// A FlowTrigger is what starts a flow.
type FlowTrigger struct{ flowStep }

// Recurrence returns the place of how often a trigger looks or runs, with members such as interval and frequency; none if it waits to
// be told.
func (t FlowTrigger) Recurrence() Value { return t.v.Get("recurrence") }

// SplitOn returns the expression of the list of which each item starts the flow once, empty if there is none.
func (t FlowTrigger) SplitOn() string { return t.v.Get("splitOn").Text() }

// A FlowAction is an action of a flow. Conditions, switches, scopes and loops have others in them.
type FlowAction struct{ flowStep }

// RunAfter returns what must have ended before: names of actions, and the states to end in, such as "Succeeded" and "Failed".
func (a FlowAction) RunAfter() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for name, list := range a.v.Get("runAfter").Members() {
			var states []string
			for v := range list.Elements() {
				states = append(states, v.Text())
			}
			if !yield(name, states) {
				return
			}
		}
	}
}

// Expression returns the place of the condition of If and Until, or of what Switch looks at.
func (a FlowAction) Expression() Value { return a.v.Get("expression") }

// Foreach returns the expression of the list that a loop of type Foreach goes over.
func (a FlowAction) Foreach() string { return a.v.Get("foreach").Text() }

// ChildFlow returns the GUID of the flow that an action of type Workflow runs, zero if it runs none.
func (a FlowAction) ChildFlow() solution.GUID {
	id, _ := solution.ParseGUID(a.Inputs().Get("host", "workflowReferenceName").Text())
	return id
}

// Actions returns the actions in the action: of If those that run if the condition holds.
func (a FlowAction) Actions() iter.Seq[FlowAction] { return actionsIn(a.v) }

// Else returns the actions of If that run if the condition does not hold.
func (a FlowAction) Else() iter.Seq[FlowAction] { return actionsIn(a.v.Get("else")) }

// Cases returns the cases of Switch in the order of the file.
func (a FlowAction) Cases() iter.Seq[FlowCase] {
	return membersOf(a.v.Get("cases"), func(name string, v Value) FlowCase { return FlowCase{name, v} })
}

// Default returns the actions of Switch that run in no other case.
func (a FlowAction) Default() iter.Seq[FlowAction] { return actionsIn(a.v.Get("default")) }

// walk yields the action and all that is in it.
func (a FlowAction) walk(yield func(FlowAction) bool) bool {
	if !yield(a) {
		return false
	}
	branches := []iter.Seq[FlowAction]{a.Actions(), a.Else()}
	for c := range a.Cases() {
		branches = append(branches, c.Actions())
	}
	for _, branch := range append(branches, a.Default()) {
		for nested := range branch {
			if !nested.walk(yield) {
				return false
			}
		}
	}
	return true
}

// A FlowCase is a case of a switch.
type FlowCase struct {
	name string
	v    Value
}

// JSON returns the place of the case.
func (c FlowCase) JSON() Value { return c.v }

// Name returns the name.
func (c FlowCase) Name() string { return c.name }

// Case returns the place of the value that the case is for.
func (c FlowCase) Case() Value { return c.v.Get("case") }

// Actions returns the actions of the case.
func (c FlowCase) Actions() iter.Seq[FlowAction] { return actionsIn(c.v) }
