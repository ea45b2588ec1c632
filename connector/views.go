package connector

import (
	"iter"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// Kind says what an operation is to a flow.
type Kind uint8

// The kinds of operations.
const (
	Action  Kind = iota + 1 // no x-ms-trigger
	Polling                 // a trigger that is asked again and again
	Webhook                 // a trigger that subscribes
)

// String returns "action", "polling" or "webhook".
func (k Kind) String() string {
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
	Kind        Kind
	Batch       bool   // x-ms-trigger is "batch"
	Visibility  string // x-ms-visibility, "" if absent
	Deprecated  bool

	o *operation
}

// Operations returns the operations in the order of the definition.
func (c *Connector) Operations() iter.Seq[Operation] {
	return func(yield func(Operation) bool) {
		for _, o := range c.def.ops {
			if !yield(newOperationView(o)) {
				return
			}
		}
	}
}

// Operation returns the first operation of that operationId.
func (c *Connector) Operation(id string) (Operation, bool) {
	if o := c.def.byID[id]; o != nil {
		return newOperationView(o), true
	}
	return Operation{}, false
}

func newOperationView(o *operation) Operation {
	d := o.d
	v := Operation{ID: o.id, Method: upper(o.method), Path: o.item.path, Summary: d.text(o.summary), Description: d.text(o.description),
		Kind: Action, Batch: o.triggerKind() == "batch", Visibility: d.text(o.visibility), Deprecated: o.deprecated != 0 && d.tree.True(o.deprecated), o: o}
	switch {
	case o.isWebhook():
		v.Kind = Webhook
	case o.isPolling():
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
func (o Operation) Location() diag.Location { return o.o.d.location(o.o.node, true) }

// Parameters returns the parameters in order: those of the operation, then those of its path item that
// it does not override. References are resolved; one that leads nowhere is left out.
func (o Operation) Parameters() iter.Seq[Parameter] {
	return func(yield func(Parameter) bool) {
		for _, p := range o.o.list {
			if !p.broken && !yield(newParameterView(o.o.d, p)) {
				return
			}
		}
	}
}

// Responses returns the responses by status or "default", as JSON, references resolved.
func (o Operation) Responses() iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		if o.o.responses == 0 {
			return
		}
		t := o.o.d.tree
		for c := range t.Children(o.o.responses) {
			if r := o.o.d.resolveResponse(c); r != 0 && !yield(t.Key(c), t.Raw(r)) {
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

	d *definition
	p *parameter
}

func newParameterView(d *definition, p *parameter) Parameter {
	v := Parameter{Name: p.nameText, In: p.place, Type: d.text(p.typ), Format: d.text(p.format), Summary: d.text(p.summary), Description: d.text(p.description),
		Visibility: d.text(p.visibility), Required: d.isRequired(p), Shared: p.refName, d: d, p: p}
	if p.def != 0 {
		v.Default = d.tree.Raw(p.def)
	}
	if p.schema != 0 {
		v.Schema = d.tree.Raw(p.schema)
	}
	return v
}

// Location returns where the parameter, or the reference to it, stands.
func (p Parameter) Location() diag.Location { return p.d.location(p.p.use, false) }

// A Schema is an entry of "definitions".
type Schema struct {
	Name string
	JSON []byte // as written

	d *definition
	n int32
}

// Definitions returns the named schemas in order.
func (c *Connector) Definitions() iter.Seq[Schema] {
	return func(yield func(Schema) bool) {
		if c.def.definitions == 0 {
			return
		}
		for n := range c.def.tree.Children(c.def.definitions) {
			if !yield(Schema{c.def.tree.Key(n), c.def.tree.Raw(n), c.def, n}) {
				return
			}
		}
	}
}

// Location returns where the schema stands.
func (s Schema) Location() diag.Location { return s.d.location(s.n, true) }

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
		if c.def.securityDefinitions == 0 {
			return
		}
		for v := range (value{c.def.file, c.def.securityDefinitions}).children {
			s := SecurityScheme{Name: v.key(), Type: v.get("type").text(), In: v.get("in").text(), Parameter: v.get("name").text(),
				Flow: v.get("flow").text(), AuthorizationURL: v.get("authorizationUrl").text(), TokenURL: v.get("tokenUrl").text()}
			for scope := range v.get("scopes").children {
				s.Scopes = append(s.Scopes, scope.key())
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

	p *policyInstance
}

// Policies returns the policies in order, which is the order of execution.
func (c *Connector) Policies() iter.Seq[Policy] {
	return func(yield func(Policy) bool) {
		for i := range c.props.policyOf {
			p := &c.props.policyOf[i]
			v := Policy{Template: p.template, Title: p.v.get("title").text(), Section: p.params.get(policySectionKey).text(), p: p}
			for _, o := range p.operations {
				v.Operations = append(v.Operations, o.text())
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
		for v := range p.p.params.children {
			if !yield(v.key(), v.raw()) {
				return
			}
		}
	}
}

// Location returns where the policy stands.
func (p Policy) Location() diag.Location { return p.p.v.f.location(p.p.v.n, false) }

// A ConnectionParameter is what a connection asks for.
type ConnectionParameter struct {
	Name             string
	Set              string // the parameter set it belongs to, "" outside of sets
	Type             string // lower case: "string", "securestring", "int", "bool", "oauthsetting", "gatewaysetting"
	IdentityProvider string // of an oauthsetting
	DisplayName      string
	JSON             []byte // as written

	v value
}

// ConnectionParameters returns the parameters of connectionParameters, then those of the sets.
func (c *Connector) ConnectionParameters() iter.Seq[ConnectionParameter] {
	return func(yield func(ConnectionParameter) bool) {
		for i := range c.props.all {
			p := &c.props.all[i]
			v := ConnectionParameter{Name: p.name, Set: p.set, Type: p.typ, IdentityProvider: p.v.get("oAuthSettings").get("identityProvider").text(),
				DisplayName: p.v.get("uiDefinition").member("displayName").text(), JSON: p.v.raw(), v: p.v}
			if !yield(v) {
				return
			}
		}
	}
}

// Location returns where the parameter stands.
func (p ConnectionParameter) Location() diag.Location { return p.v.f.location(p.v.n, true) }

// ParameterSets returns the names of the connection parameter sets, in order.
func (c *Connector) ParameterSets() []string {
	var out []string
	for v := range c.props.sets.get("values").children {
		out = append(out, v.get("name").text())
	}
	return out
}

// Capabilities returns the capabilities; the solution form has no place for them.
func (c *Connector) Capabilities() []string { return c.props.capabilities.strings() }

// ScriptOperations returns the operations that go through the script; an empty list means all. ok is
// false where nothing is said, and the script does not run.
func (c *Connector) ScriptOperations() (ids []string, ok bool) {
	return c.props.scriptOps.strings(), c.props.scriptOps.ok()
}

// BrandColor returns the colour of the icon's ground as written, usually #rrggbb.
func (c *Connector) BrandColor() string { return c.brand() }
