package connector

import (
	"iter"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// OperationKind says what an operation is to a flow.
type OperationKind uint8

// The kinds of operations.
const (
	Action  OperationKind = iota + 1 // no x-ms-trigger
	Polling                          // a trigger that is asked again and again
	Webhook                          // a trigger that subscribes
)

// String returns "action", "polling" or "webhook".
func (k OperationKind) String() string {
	switch k {
	case Action:
		return "action"
	case Polling:
		return "polling"
	case Webhook:
		return "webhook"
	}
	return "no kind"
}

// An Operation is one operation of the definition. The zero Operation is not usable.
type Operation struct {
	ID          string // operationId, "" if missing
	Method      string // upper case
	Path        string // as written, with its template variables
	Summary     string
	Description string
	Kind        OperationKind
	Batch       bool   // x-ms-trigger is "batch"
	Visibility  string // x-ms-visibility, "" if absent
	Deprecated  bool

	o *index.Operation
}

// Operations returns the operations in the order of the definition.
func (c *Connector) Operations() iter.Seq[Operation] {
	return func(yield func(Operation) bool) {
		for _, o := range c.index().Def.Ops {
			if !yield(newOperationView(o)) {
				return
			}
		}
	}
}

// Operation returns the first operation of that operationId.
func (c *Connector) Operation(id string) (Operation, bool) {
	if o := c.index().Def.ByID[id]; o != nil {
		return newOperationView(o), true
	}
	return Operation{}, false
}

func newOperationView(o *index.Operation) Operation {
	d := o.Definition
	v := Operation{ID: o.ID, Method: upper(o.Method), Path: o.Item.Path, Summary: d.Text(o.Summary), Description: d.Text(o.Description),
		Kind: Action, Batch: o.TriggerKind() == "batch", Visibility: d.Text(o.Visibility), Deprecated: o.Deprecated != 0 && d.Tree.True(o.Deprecated), o: o}
	switch {
	case o.IsWebhook():
		v.Kind = Webhook
	case o.IsPolling():
		v.Kind = Polling
	}
	return v
}

func upper(method string) string {
	b := []byte(method)
	for i := range b {
		b[i] -= 'a' - 'A'
	}
	return string(b)
}

// Location returns where the operation stands.
func (o Operation) Location() diag.Location { return o.o.Definition.Location(o.o.Node, true) }

// Parameters returns the parameters in order: those of the operation, then those of its path item that
// it does not override. References are resolved; one that leads nowhere is left out.
func (o Operation) Parameters() iter.Seq[Parameter] {
	return func(yield func(Parameter) bool) {
		for _, p := range o.o.List {
			if !p.Broken && !yield(newParameterView(o.o.Definition, p)) {
				return
			}
		}
	}
}

// Responses returns the responses by status or "default", as JSON, references resolved.
func (o Operation) Responses() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if o.o.Responses == 0 {
			return
		}
		t := o.o.Definition.Tree
		for c := range t.Children(o.o.Responses) {
			if r := o.o.Definition.ResolveResponse(c); r != 0 && !yield(t.Key(c), t.Raw(r)) {
				return
			}
		}
	}
}

// A Parameter is one parameter of an operation.
type Parameter struct {
	Name        string
	In          string // "query", "header", "path", "formData" or "body"
	Type        string // "" for a body
	Format      string
	Summary     string // x-ms-summary
	Description string
	Visibility  string
	Required    bool
	Shared      string // the name among the shared parameters, "" if written in place
	Default     []byte // JSON as written, nil if absent
	Schema      []byte // of a body: JSON as written

	d *index.Definition
	p *index.Parameter
}

func newParameterView(d *index.Definition, p *index.Parameter) Parameter {
	v := Parameter{Name: p.NameText, In: p.Place, Type: d.Text(p.Type), Format: d.Text(p.Format), Summary: d.Text(p.Summary), Description: d.Text(p.Description),
		Visibility: d.Text(p.Visibility), Required: d.IsRequired(p), Shared: p.RefName, d: d, p: p}
	if p.Def != 0 {
		v.Default = d.Tree.Raw(p.Def)
	}
	if p.Schema != 0 {
		v.Schema = d.Tree.Raw(p.Schema)
	}
	return v
}

// Location returns where the parameter, or the reference to it, stands.
func (p Parameter) Location() diag.Location { return p.d.Location(p.p.Use, false) }

// A SecurityScheme is an entry of securityDefinitions.
type SecurityScheme struct {
	Name             string
	Type             string // "basic", "apiKey" or "oauth2"
	In, Parameter    string // of an apiKey: "header" or "query", and the name there
	Flow             string
	AuthorizationURL string
	TokenURL         string
	Scopes           []string
}

// Security returns the security schemes in order.
func (c *Connector) Security() iter.Seq[SecurityScheme] {
	return func(yield func(SecurityScheme) bool) {
		if c.index().Def.SecurityDefinitions == 0 {
			return
		}
		for v := range (index.Value{File: c.index().Def.File, Node: c.index().Def.SecurityDefinitions}).Children {
			s := SecurityScheme{Name: v.Key(), Type: v.Get("type").Text(), In: v.Get("in").Text(), Parameter: v.Get("name").Text(),
				Flow: v.Get("flow").Text(), AuthorizationURL: v.Get("authorizationUrl").Text(), TokenURL: v.Get("tokenUrl").Text()}
			for scope := range v.Get("scopes").Children {
				s.Scopes = append(s.Scopes, scope.Key())
			}
			if !yield(s) {
				return
			}
		}
	}
}

// A Policy is one entry of policyTemplateInstances.
type Policy struct {
	Template   string // lower case
	Title      string
	Section    string   // "Request", "Response", "Failure" or ""
	Operations []string // empty: all

	p *index.Policy
}

// Policies returns the policies in order, which is the order of execution.
func (c *Connector) Policies() iter.Seq[Policy] {
	return func(yield func(Policy) bool) {
		for i := range c.index().Props.Instances {
			p := &c.index().Props.Instances[i]
			v := Policy{Template: p.Template, Title: p.Value.Get("title").Text(), Section: p.Params.Get(index.PolicySectionKey).Text(), p: p}
			for _, o := range p.Operations {
				v.Operations = append(v.Operations, o.Text())
			}
			if !yield(v) {
				return
			}
		}
	}
}

// Parameters returns the parameters of the policy, as JSON, under their names as written.
func (p Policy) Parameters() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for v := range p.p.Params.Children {
			if !yield(v.Key(), v.Raw()) {
				return
			}
		}
	}
}

// Location returns where the policy stands.
func (p Policy) Location() diag.Location { return p.p.Value.File.Location(p.p.Value.Node, false) }

// A ConnectionParameter is what a connection asks for.
type ConnectionParameter struct {
	Name             string
	Set              string // the parameter set it belongs to, "" outside of sets
	Type             string // lower case: "string", "securestring", "int", "bool", "oauthsetting", "gatewaysetting"
	IdentityProvider string // of an oauthsetting
	DisplayName      string
	JSON             []byte // as written

	v index.Value
}

// ConnectionParameters returns the parameters of connectionParameters, then those of the sets.
func (c *Connector) ConnectionParameters() iter.Seq[ConnectionParameter] {
	return func(yield func(ConnectionParameter) bool) {
		for i := range c.index().Props.Parameters {
			p := &c.index().Props.Parameters[i]
			v := ConnectionParameter{Name: p.Name, Set: p.Set, Type: p.Type, IdentityProvider: p.Value.Get("oAuthSettings").Get("identityProvider").Text(),
				DisplayName: p.Value.Get("uiDefinition").Member("displayName").Text(), JSON: p.Value.Raw(), v: p.Value}
			if !yield(v) {
				return
			}
		}
	}
}

// Location returns where the parameter stands.
func (p ConnectionParameter) Location() diag.Location { return p.v.File.Location(p.v.Node, true) }

// ScriptOperations returns the operations that go through the script; an empty list means all, and so does a script of which
// nothing is said (ok is false).
func (c *Connector) ScriptOperations() (ids []string, ok bool) {
	return c.index().Props.ScriptOps.Strings(), c.index().Props.ScriptOps.OK()
}
