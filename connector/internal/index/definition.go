package index

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A Definition is the index of an API definition: where the operations, parameters and named schemas
// are. It holds node numbers, no copies.
type Definition struct {
	*File
	Missing bool // the part was not there; the text is {}

	Info, Host, BasePath, Schemes, Paths, Definitions, parameters, Responses int32
	SecurityDefinitions, Security, Tags, Capabilities, Metadata              int32
	Consumes, Produces                                                       int32

	Items     []*PathItem
	Ops       []*Operation
	ByID      map[string]*Operation // the first of each operationId
	SchemaMap map[string]*NamedSchema
	ParamMap  map[string]*Parameter
	RespMap   map[string]int32
	Shared    []*Parameter // of the root, in order
}

// A PathItem is one path.
type PathItem struct {
	Node         int32
	Path         string
	Notification int32 // x-ms-notification-content
	Params       []*Parameter
	Ops          []*Operation
	Vars         []string // template variables, in order
}

// An Operation is one operation of a path.
type Operation struct {
	Definition *Definition
	Node       int32
	Item       *PathItem
	Method     string
	ID         string

	IDNode, Summary, Description, Responses, Trigger, Visibility, params int32
	Hint, Annotation, Notification, Deprecated, Consumes, Produces       int32
	Security, Pageable, OperationContext, OpenAI, triggerMetadata        int32

	List   []*Parameter // own, then those of the path item that are not overridden; references resolved
	byName map[string]*Parameter
	body   *Parameter
}

// Internal reports whether designers hide the operation.
func (o *Operation) Internal() bool { return o.Definition.Tree.Text(o.Visibility) == "internal" }

// Text of an optional node.
func (d *Definition) Text(n int32) string {
	if n == jsonspan.None {
		return ""
	}
	return d.Tree.Text(n)
}

// Kind returns the kind of an optional node.
func (d *Definition) Kind(n int32) jsonspan.Kind {
	if n == jsonspan.None {
		return jsonspan.Nothing
	}
	return d.Tree.Kind(n)
}

// Keywords are the members of a schema, parameter or header that rules look at, found in one pass.
type Keywords struct {
	Node int32

	Ref, Type, Format, Title, Summary, Description, Visibility, Def, Enum, EnumValues int32
	Items, Properties, Required, AllOf, Additional, Discriminator, ReadOnly, example  int32
	DynValues, DynList, DynSchema, DynProperties, DynTree                             int32
	NotificationURL, Editor, Encoding, testValue                                      int32
	Name, in, Schema, CollectionFormat, AllowEmpty, Pattern                           int32
	Minimum, Maximum, ExclusiveMinimum, ExclusiveMaximum, MinLength, MaxLength        int32
	MinItems, MaxItems, MinProperties, MaxProperties, MultipleOf, FilterFunctions     int32
}

// Dynamic reports whether a call of another operation gives values or schema.
func (k *Keywords) Dynamic() bool {
	return k.DynValues|k.DynList|k.DynSchema|k.DynProperties|k.DynTree != jsonspan.None
}

// Limits reports whether any keyword of size or range is there.
func (k *Keywords) Limits() bool {
	return k.Minimum|k.Maximum|k.ExclusiveMinimum|k.ExclusiveMaximum|k.MinLength|k.MaxLength|
		k.MinItems|k.MaxItems|k.MinProperties|k.MaxProperties|k.MultipleOf != jsonspan.None
}

// Keywords finds the keywords of node n; of what is no object there are none.
func (d *Definition) Keywords(n int32) Keywords {
	k := Keywords{Node: n}
	t := d.Tree
	if t.Kind(n) != jsonspan.Object {
		return k
	}
	for c, end := n+1, t.Node(n).Next; c < end; c = t.Node(c).Next {
		switch string(t.PlainKey(c)) {
		case "$ref":
			k.Ref = c
		case "type":
			k.Type = c
		case "format":
			k.Format = c
		case "title":
			k.Title = c
		case "x-ms-summary":
			k.Summary = c
		case "description":
			k.Description = c
		case "x-ms-visibility":
			k.Visibility = c
		case "default":
			k.Def = c
		case "enum":
			k.Enum = c
		case "x-ms-enum-values":
			k.EnumValues = c
		case "items":
			k.Items = c
		case "properties":
			k.Properties = c
		case "required":
			k.Required = c
		case "allOf":
			k.AllOf = c
		case "additionalProperties":
			k.Additional = c
		case "discriminator":
			k.Discriminator = c
		case "readOnly":
			k.ReadOnly = c
		case "example":
			k.example = c
		case "x-ms-dynamic-values":
			k.DynValues = c
		case "x-ms-dynamic-list":
			k.DynList = c
		case "x-ms-dynamic-schema":
			k.DynSchema = c
		case "x-ms-dynamic-properties":
			k.DynProperties = c
		case "x-ms-dynamic-tree":
			k.DynTree = c
		case "x-ms-notification-url":
			k.NotificationURL = c
		case "x-ms-editor":
			k.Editor = c
		case "x-ms-url-encoding":
			k.Encoding = c
		case "x-ms-test-value":
			k.testValue = c
		case "name":
			k.Name = c
		case "in":
			k.in = c
		case "schema":
			k.Schema = c
		case "collectionFormat":
			k.CollectionFormat = c
		case "allowEmptyValue":
			k.AllowEmpty = c
		case "pattern":
			k.Pattern = c
		case "minimum":
			k.Minimum = c
		case "maximum":
			k.Maximum = c
		case "exclusiveMinimum":
			k.ExclusiveMinimum = c
		case "exclusiveMaximum":
			k.ExclusiveMaximum = c
		case "minLength":
			k.MinLength = c
		case "maxLength":
			k.MaxLength = c
		case "minItems":
			k.MinItems = c
		case "maxItems":
			k.MaxItems = c
		case "minProperties":
			k.MinProperties = c
		case "maxProperties":
			k.MaxProperties = c
		case "multipleOf":
			k.MultipleOf = c
		case "filterFunctions":
			k.FilterFunctions = c
		}
	}
	return k
}

// A Parameter is one entry of a list of parameters. For a reference, keywords are those of what it
// names and use is the reference; otherwise use is the node itself.
type Parameter struct {
	Keywords
	Use      int32
	RefName  string // of a reference
	Broken   bool   // a reference that names nothing
	FromPath bool   // written at the path item
	NameText string
	Place    string
}

// IsRequired reports whether a parameter is required.
func (d *Definition) IsRequired(p *Parameter) bool {
	return p.Required != jsonspan.None && d.Tree.True(p.Required)
}

// IsInternal reports whether designers hide what has these keywords.
func (d *Definition) IsInternal(k *Keywords) bool {
	return k.Visibility != jsonspan.None && string(d.Tree.Plain(k.Visibility)) == "internal"
}

const (
	SchemaPrefix    = "#/definitions/"
	ParameterPrefix = "#/parameters/"
	ResponsePrefix  = "#/responses/"
)

// RefTarget returns the name that a reference with a prefix is to.
func RefTarget(ref, prefix string) (string, bool) {
	name, ok := strings.CutPrefix(ref, prefix)
	if !ok {
		return "", false
	}
	return jsonspan.UnescapeStep(name), true
}

var methods = map[string]bool{"get": true, "put": true, "post": true, "delete": true, "options": true, "head": true, "patch": true}

// NewDefinition indexes a definition. The error is a [*solution.SyntaxError]: its root is no object.
func NewDefinition(f *File) (*Definition, error) {
	if f.Tree.Kind(0) != jsonspan.Object {
		return nil, f.syntaxError(0, &NotObject{f.Tree.Kind(0)})
	}
	d := indexOf(f)
	d.reach()
	if d.Definitions != jsonspan.None { // in their order: where schemas are in a loop, it tells what counts
		for c := range d.Tree.Children(d.Definitions) {
			s := d.SchemaMap[d.Tree.Key(c)]
			d.measureNamed(s)
			d.follow(s)
		}
		d.findDynamic()
	}
	return d, nil
}

// indexOf indexes f but for what its schemas reach.
func indexOf(f *File) *Definition {
	d := &Definition{File: f, ByID: map[string]*Operation{}, SchemaMap: map[string]*NamedSchema{}, ParamMap: map[string]*Parameter{}, RespMap: map[string]int32{}}
	t := d.Tree
	for c := range t.Children(0) {
		switch t.Key(c) {
		case "info":
			d.Info = c
		case "host":
			d.Host = c
		case "basePath":
			d.BasePath = c
		case "schemes":
			d.Schemes = c
		case "paths":
			d.Paths = c
		case "definitions":
			d.Definitions = c
		case "parameters":
			d.parameters = c
		case "responses":
			d.Responses = c
		case "securityDefinitions":
			d.SecurityDefinitions = c
		case "security":
			d.Security = c
		case "tags":
			d.Tags = c
		case "consumes":
			d.Consumes = c
		case "produces":
			d.Produces = c
		case "x-ms-capabilities":
			d.Capabilities = c
		case "x-ms-connector-metadata":
			d.Metadata = c
		}
	}
	d.indexNamed()
	if t.Kind(d.Paths) == jsonspan.Object && d.Paths != jsonspan.None {
		for c := range t.Children(d.Paths) {
			if key := t.Key(c); t.Kind(c) == jsonspan.Object && !strings.HasPrefix(key, "x-") {
				d.Items = append(d.Items, d.newPathItem(c, key))
			}
		}
	}
	return d
}

func (d *Definition) indexNamed() {
	t := d.Tree
	if d.Definitions != jsonspan.None {
		for c := range t.Children(d.Definitions) {
			name := t.Key(c)
			d.SchemaMap[name] = &NamedSchema{Name: name, Node: c}
		}
	}
	if d.parameters != jsonspan.None {
		for c := range t.Children(d.parameters) {
			if t.Kind(c) == jsonspan.Object {
				p := d.newParameter(c)
				d.Shared = append(d.Shared, p)
				d.ParamMap[t.Key(c)] = p
			}
		}
	}
	if d.Responses != jsonspan.None {
		for c := range t.Children(d.Responses) {
			d.RespMap[t.Key(c)] = c
		}
	}
}

// newParameter reads an inline parameter; references are resolved by parameterList.
func (d *Definition) newParameter(n int32) *Parameter {
	p := &Parameter{Keywords: d.Keywords(n), Use: n}
	p.NameText, p.Place = d.Text(p.Name), d.Text(p.in)
	return p
}

func (d *Definition) parameterList(n int32, fromPath bool) []*Parameter {
	var out []*Parameter
	if n == jsonspan.None || d.Tree.Kind(n) != jsonspan.Array {
		return nil
	}
	for c := range d.Tree.Children(n) {
		if d.Tree.Kind(c) != jsonspan.Object {
			continue
		}
		p := d.newParameter(c)
		if p.Ref != jsonspan.None {
			name, _ := RefTarget(d.Text(p.Ref), ParameterPrefix)
			if target, ok := d.ParamMap[name]; ok && target.Ref == jsonspan.None {
				use := p.Use
				p = new(*target)
				p.Use, p.RefName = use, name
			} else {
				p.Broken = true
			}
		}
		p.FromPath = fromPath
		out = append(out, p)
	}
	return out
}

func (d *Definition) newPathItem(n int32, path string) *PathItem {
	item := &PathItem{Node: n, Path: path, Vars: templateVariables(path)}
	t := d.Tree
	if c := t.Get(n, "parameters"); c != jsonspan.None {
		item.Params = d.parameterList(c, true)
	}
	item.Notification = t.Get(n, "x-ms-notification-content")
	for c := range t.Children(n) {
		if key := t.Key(c); methods[key] && t.Kind(c) == jsonspan.Object && !t.Hidden(c) {
			op := d.newOperation(c, key, item)
			item.Ops = append(item.Ops, op)
			d.Ops = append(d.Ops, op)
			if _, taken := d.ByID[op.ID]; !taken && op.ID != "" {
				d.ByID[op.ID] = op
			}
		}
	}
	return item
}

// templateVariables returns the names between braces. Unbalanced braces end the search: rule
// CONN-PATH-005 reports them.
func templateVariables(path string) []string {
	var out []string
	for {
		_, rest, ok := strings.Cut(path, "{")
		if !ok {
			return out
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return out
		}
		out = append(out, name)
		path = after
	}
}

func (d *Definition) newOperation(n int32, method string, item *PathItem) *Operation {
	o := &Operation{Definition: d, Node: n, Item: item, Method: method}
	t := d.Tree
	for c := range t.Children(n) {
		switch string(t.PlainKey(c)) {
		case "operationId":
			o.IDNode, o.ID = c, t.Text(c)
		case "summary":
			o.Summary = c
		case "description":
			o.Description = c
		case "responses":
			o.Responses = c
		case "parameters":
			o.params = c
		case "x-ms-trigger":
			o.Trigger = c
		case "x-ms-visibility":
			o.Visibility = c
		case "x-ms-trigger-hint":
			o.Hint = c
		case "x-ms-trigger-metadata":
			o.triggerMetadata = c
		case "x-ms-api-annotation":
			o.Annotation = c
		case "x-ms-notification":
			o.Notification = c
		case "x-ms-pageable":
			o.Pageable = c
		case "x-ms-operation-context":
			o.OperationContext = c
		case "x-ms-openai-data":
			o.OpenAI = c
		case "deprecated":
			o.Deprecated = c
		case "consumes":
			o.Consumes = c
		case "produces":
			o.Produces = c
		case "security":
			o.Security = c
		}
	}
	o.List = d.parameterList(o.params, false)
	o.inherit(item.Params)
	for _, p := range o.List {
		if p.Place == "body" && o.body == nil {
			o.body = p
		}
		if o.byName[p.NameText] == nil && p.Place != "body" {
			if o.byName == nil {
				o.byName = make(map[string]*Parameter, len(o.List))
			}
			o.byName[p.NameText] = p
		}
	}
	return o
}

// inherit adds the parameters of the path item that the operation has not itself.
func (o *Operation) inherit(list []*Parameter) {
	if len(list) == 0 {
		return
	}
	type key struct{ name, place string }
	own := make(map[key]bool, len(o.List))
	for _, p := range o.List {
		own[key{p.NameText, p.Place}] = true
	}
	for _, p := range list {
		if !own[key{p.NameText, p.Place}] {
			o.List = append(o.List, p)
		}
	}
}

// Param returns the parameter of that name; body parameters are not addressed by name.
func (o *Operation) Param(name string) *Parameter { return o.byName[name] }

// Body returns the body parameter.
func (o *Operation) Body() *Parameter { return o.body }

// TriggerKind returns the text of x-ms-trigger.
func (o *Operation) TriggerKind() string { return o.Definition.Text(o.Trigger) }

// ResolveResponse returns the response that node n is or refers to, 0 if the reference leads nowhere.
func (d *Definition) ResolveResponse(n int32) int32 {
	if ref := d.Tree.Get(n, "$ref"); ref != jsonspan.None {
		if name, ok := RefTarget(d.Text(ref), ResponsePrefix); ok {
			if target := d.RespMap[name]; target != jsonspan.None && d.Tree.Get(target, "$ref") == jsonspan.None {
				return target
			}
		}
		return 0
	}
	return n
}

// SuccessResponse returns the response whose schema the designer shows: 200, 201, another 2xx, default.
func (o *Operation) SuccessResponse() (key string, n int32) {
	if o.Responses == jsonspan.None {
		return "", 0
	}
	rank := 0
	for c := range o.Definition.Tree.Children(o.Responses) {
		k := o.Definition.Tree.Key(c)
		r := 0
		switch {
		case k == "200":
			r = 4
		case k == "201":
			r = 3
		case len(k) == 3 && k[0] == '2':
			r = 2
		case k == "default":
			r = 1
		}
		if r > rank {
			rank, key, n = r, k, o.Definition.ResolveResponse(c)
		}
	}
	return key, n
}

// Written reports whether p is a parameter in place, no use of a shared one. A use has the values of what it refers to, whose
// faults are found there; rules that ask save finding them again at the same place, which would be told once in any case.
func (p *Parameter) Written() bool { return p.Use == p.Node && p.Ref == jsonspan.None }

// TypeIs reports whether the type is name.
func (d *Definition) TypeIs(k *Keywords, name string) bool {
	return k.Type != jsonspan.None && string(d.Tree.Plain(k.Type)) == name
}

// IsTrue reports whether an optional node is true.
func (d *Definition) IsTrue(n int32) bool { return d.Kind(n) == jsonspan.Bool && d.Tree.True(n) }

// Fits reports whether a value has a type of the definition.
func (d *Definition) Fits(n int32, typ string) bool {
	switch k := d.Kind(n); typ {
	case "string":
		return k == jsonspan.String
	case "integer":
		return d.Tree.IsInt(n)
	case "number":
		return k == jsonspan.Number
	case "boolean":
		return k == jsonspan.Bool
	case "array":
		return k == jsonspan.Array
	case "object":
		return k == jsonspan.Object
	}
	return true
}

// Literal returns the path without what stands between braces.
func (p *PathItem) Literal() string {
	var b strings.Builder
	depth := 0
	for _, r := range p.Path {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		default:
			if depth <= 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// Pattern returns the path with each variable as {}.
func (p *PathItem) Pattern() string {
	var b strings.Builder
	rest := p.Path
	for _, v := range p.Vars {
		if before, after, ok := strings.Cut(rest, "{"+v+"}"); ok {
			b.WriteString(before)
			b.WriteString("{}")
			rest = after
		}
	}
	b.WriteString(rest)
	return strings.ToLower(b.String())
}

// IsEmpty reports whether an optional node is a string of blanks alone.
func (d *Definition) IsEmpty(n int32) bool {
	return d.Kind(n) == jsonspan.String && strings.TrimSpace(d.Tree.Text(n)) == ""
}

// IsObject reports whether an optional node is an object.
func (d *Definition) IsObject(n int32) bool { return d.Kind(n) == jsonspan.Object }

// DynamicRef reports whether the type is only known when a maker has chosen.
func (k *Keywords) DynamicRef() bool { return k.DynSchema|k.DynProperties != jsonspan.None }
