package connector

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// A definition is the index of an API definition: where the operations, parameters and named schemas
// are. It holds node numbers, no copies.
type definition struct {
	*file
	missing bool // the part was not there; the text is {}

	info, host, basePath, schemes, paths, definitions, parameters, responses int32
	securityDefinitions, security, tags, capabilities, metadata              int32
	consumes, produces                                                       int32

	items     []*pathItem
	ops       []*operation
	byID      map[string]*operation // the first of each operationId
	schemaMap map[string]*namedSchema
	paramMap  map[string]*parameter
	respMap   map[string]int32
	shared    []*parameter // of the root, in order
}

type pathItem struct {
	node         int32
	path         string
	notification int32 // x-ms-notification-content
	params       []*parameter
	ops          []*operation
	vars         []string // template variables, in order
}

type operation struct {
	d      *definition
	node   int32
	item   *pathItem
	method string
	id     string

	idNode, summary, description, responses, trigger, visibility, params int32
	hint, annotation, notification, deprecated, consumes, produces       int32
	security, pageable, operationContext, openai, triggerMetadata        int32

	list []*parameter // own, then those of the path item that are not overridden; references resolved
}

func (o *operation) internal() bool { return o.d.tree.Text(o.visibility) == "internal" }

// text of an optional node.
func (d *definition) text(n int32) string {
	if n == 0 {
		return ""
	}
	return d.tree.Text(n)
}

func (d *definition) kind(n int32) jsonspan.Kind {
	if n == 0 {
		return jsonspan.None
	}
	return d.tree.Kind(n)
}

// keywords are the members of a schema, parameter or header that rules look at, found in one pass.
type keywords struct {
	node int32

	ref, typ, format, title, summary, description, visibility, def, enum, enumValues int32
	items, properties, required, allOf, additional, discriminator, readOnly, example int32
	dynValues, dynList, dynSchema, dynProperties, dynTree                            int32
	notificationURL, editor, encoding, testValue                                     int32
	name, in, schema, collectionFormat, allowEmpty, pattern                          int32
	minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength       int32
	minItems, maxItems, minProperties, maxProperties, multipleOf, filterFunctions    int32
}

func (k *keywords) dynamic() bool {
	return k.dynValues|k.dynList|k.dynSchema|k.dynProperties|k.dynTree != 0
}

// limits reports whether any keyword of size or range is there.
func (k *keywords) limits() bool {
	return k.minimum|k.maximum|k.exclusiveMinimum|k.exclusiveMaximum|k.minLength|k.maxLength|
		k.minItems|k.maxItems|k.minProperties|k.maxProperties|k.multipleOf != 0
}

func (d *definition) keywords(n int32) keywords {
	k := keywords{node: n}
	t := d.tree
	if t.Kind(n) != jsonspan.Object {
		return k
	}
	for c, end := n+1, t.Node(n).Next; c < end; c = t.Node(c).Next {
		switch string(t.PlainKey(c)) {
		case "$ref":
			k.ref = c
		case "type":
			k.typ = c
		case "format":
			k.format = c
		case "title":
			k.title = c
		case "x-ms-summary":
			k.summary = c
		case "description":
			k.description = c
		case "x-ms-visibility":
			k.visibility = c
		case "default":
			k.def = c
		case "enum":
			k.enum = c
		case "x-ms-enum-values":
			k.enumValues = c
		case "items":
			k.items = c
		case "properties":
			k.properties = c
		case "required":
			k.required = c
		case "allOf":
			k.allOf = c
		case "additionalProperties":
			k.additional = c
		case "discriminator":
			k.discriminator = c
		case "readOnly":
			k.readOnly = c
		case "example":
			k.example = c
		case "x-ms-dynamic-values":
			k.dynValues = c
		case "x-ms-dynamic-list":
			k.dynList = c
		case "x-ms-dynamic-schema":
			k.dynSchema = c
		case "x-ms-dynamic-properties":
			k.dynProperties = c
		case "x-ms-dynamic-tree":
			k.dynTree = c
		case "x-ms-notification-url":
			k.notificationURL = c
		case "x-ms-editor":
			k.editor = c
		case "x-ms-url-encoding":
			k.encoding = c
		case "x-ms-test-value":
			k.testValue = c
		case "name":
			k.name = c
		case "in":
			k.in = c
		case "schema":
			k.schema = c
		case "collectionFormat":
			k.collectionFormat = c
		case "allowEmptyValue":
			k.allowEmpty = c
		case "pattern":
			k.pattern = c
		case "minimum":
			k.minimum = c
		case "maximum":
			k.maximum = c
		case "exclusiveMinimum":
			k.exclusiveMinimum = c
		case "exclusiveMaximum":
			k.exclusiveMaximum = c
		case "minLength":
			k.minLength = c
		case "maxLength":
			k.maxLength = c
		case "minItems":
			k.minItems = c
		case "maxItems":
			k.maxItems = c
		case "minProperties":
			k.minProperties = c
		case "maxProperties":
			k.maxProperties = c
		case "multipleOf":
			k.multipleOf = c
		case "filterFunctions":
			k.filterFunctions = c
		}
	}
	return k
}

// A parameter is one entry of a list of parameters. For a reference, keywords are those of what it
// names and use is the reference; otherwise use is the node itself.
type parameter struct {
	keywords
	use      int32
	refName  string // of a reference
	broken   bool   // a reference that names nothing
	fromPath bool   // written at the path item
	nameText string
	place    string
}

func (d *definition) isRequired(p *parameter) bool {
	return p.required != 0 && d.tree.True(p.required)
}

func (d *definition) isInternal(k *keywords) bool {
	return k.visibility != 0 && string(d.tree.Plain(k.visibility)) == "internal"
}

const (
	schemaPrefix    = "#/definitions/"
	parameterPrefix = "#/parameters/"
	responsePrefix  = "#/responses/"
)

func refTarget(ref, prefix string) (string, bool) {
	name, ok := strings.CutPrefix(ref, prefix)
	if !ok {
		return "", false
	}
	return jsonspan.UnescapeStep(name), true
}

var methods = map[string]bool{"get": true, "put": true, "post": true, "delete": true, "options": true, "head": true, "patch": true}

func newDefinition(f *file) *definition {
	d := &definition{file: f, byID: map[string]*operation{}, schemaMap: map[string]*namedSchema{}, paramMap: map[string]*parameter{}, respMap: map[string]int32{}}
	t := d.tree
	for c := range t.Children(0) {
		switch t.Key(c) {
		case "info":
			d.info = c
		case "host":
			d.host = c
		case "basePath":
			d.basePath = c
		case "schemes":
			d.schemes = c
		case "paths":
			d.paths = c
		case "definitions":
			d.definitions = c
		case "parameters":
			d.parameters = c
		case "responses":
			d.responses = c
		case "securityDefinitions":
			d.securityDefinitions = c
		case "security":
			d.security = c
		case "tags":
			d.tags = c
		case "consumes":
			d.consumes = c
		case "produces":
			d.produces = c
		case "x-ms-capabilities":
			d.capabilities = c
		case "x-ms-connector-metadata":
			d.metadata = c
		}
	}
	d.indexNamed()
	if d.paths != 0 {
		for c := range t.Children(d.paths) {
			if key := t.Key(c); t.Kind(c) == jsonspan.Object && !strings.HasPrefix(key, "x-") {
				d.items = append(d.items, d.newPathItem(c, key))
			}
		}
	}
	return d
}

func (d *definition) indexNamed() {
	t := d.tree
	if d.definitions != 0 {
		for c := range t.Children(d.definitions) {
			name := t.Key(c)
			d.schemaMap[name] = &namedSchema{name: name, node: c}
		}
	}
	if d.parameters != 0 {
		for c := range t.Children(d.parameters) {
			if t.Kind(c) == jsonspan.Object {
				p := d.newParameter(c)
				d.shared = append(d.shared, p)
				d.paramMap[t.Key(c)] = p
			}
		}
	}
	if d.responses != 0 {
		for c := range t.Children(d.responses) {
			d.respMap[t.Key(c)] = c
		}
	}
}

// newParameter reads an inline parameter; references are resolved by parameterList.
func (d *definition) newParameter(n int32) *parameter {
	p := &parameter{keywords: d.keywords(n), use: n}
	p.nameText, p.place = d.text(p.name), d.text(p.in)
	return p
}

func (d *definition) parameterList(n int32, fromPath bool) []*parameter {
	var out []*parameter
	if n == 0 || d.tree.Kind(n) != jsonspan.Array {
		return nil
	}
	for c := range d.tree.Children(n) {
		if d.tree.Kind(c) != jsonspan.Object {
			continue
		}
		p := d.newParameter(c)
		if p.ref != 0 {
			name, _ := refTarget(d.text(p.ref), parameterPrefix)
			if target, ok := d.paramMap[name]; ok && target.ref == 0 {
				use := p.use
				p = new(*target)
				p.use, p.refName = use, name
			} else {
				p.broken = true
			}
		}
		p.fromPath = fromPath
		out = append(out, p)
	}
	return out
}

func (d *definition) newPathItem(n int32, path string) *pathItem {
	item := &pathItem{node: n, path: path, vars: templateVariables(path)}
	t := d.tree
	if c := t.Get(n, "parameters"); c != 0 {
		item.params = d.parameterList(c, true)
	}
	item.notification = t.Get(n, "x-ms-notification-content")
	for c := range t.Children(n) {
		if key := t.Key(c); methods[key] && t.Kind(c) == jsonspan.Object && !t.Hidden(c) {
			op := d.newOperation(c, key, item)
			item.ops = append(item.ops, op)
			d.ops = append(d.ops, op)
			if _, taken := d.byID[op.id]; !taken && op.id != "" {
				d.byID[op.id] = op
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

func (d *definition) newOperation(n int32, method string, item *pathItem) *operation {
	o := &operation{d: d, node: n, item: item, method: method}
	t := d.tree
	for c := range t.Children(n) {
		switch string(t.PlainKey(c)) {
		case "operationId":
			o.idNode, o.id = c, t.Text(c)
		case "summary":
			o.summary = c
		case "description":
			o.description = c
		case "responses":
			o.responses = c
		case "parameters":
			o.params = c
		case "x-ms-trigger":
			o.trigger = c
		case "x-ms-visibility":
			o.visibility = c
		case "x-ms-trigger-hint":
			o.hint = c
		case "x-ms-trigger-metadata":
			o.triggerMetadata = c
		case "x-ms-api-annotation":
			o.annotation = c
		case "x-ms-notification":
			o.notification = c
		case "x-ms-pageable":
			o.pageable = c
		case "x-ms-operation-context":
			o.operationContext = c
		case "x-ms-openai-data":
			o.openai = c
		case "deprecated":
			o.deprecated = c
		case "consumes":
			o.consumes = c
		case "produces":
			o.produces = c
		case "security":
			o.security = c
		}
	}
	o.list = d.parameterList(o.params, false)
	own := len(o.list)
	for _, p := range item.params {
		if !o.overrides(p, own) {
			o.list = append(o.list, p)
		}
	}
	return o
}

func (o *operation) overrides(p *parameter, own int) bool {
	for _, q := range o.list[:own] {
		if q.nameText == p.nameText && q.place == p.place {
			return true
		}
	}
	return false
}

// param returns the parameter of that name; body parameters are not addressed by name.
func (o *operation) param(name string) *parameter {
	for _, p := range o.list {
		if p.nameText == name && p.place != "body" {
			return p
		}
	}
	return nil
}

// body returns the body parameter.
func (o *operation) body() *parameter {
	for _, p := range o.list {
		if p.place == "body" {
			return p
		}
	}
	return nil
}

// trigger kinds.
func (o *operation) triggerKind() string { return o.d.text(o.trigger) }

// responseAt returns the response of a key, references resolved.
func (d *definition) resolveResponse(n int32) int32 {
	if ref := d.tree.Get(n, "$ref"); ref != 0 {
		if name, ok := refTarget(d.text(ref), responsePrefix); ok {
			if target := d.respMap[name]; target != 0 && d.tree.Get(target, "$ref") == 0 {
				return target
			}
		}
		return 0
	}
	return n
}

// successResponse returns the response whose schema the designer shows: 200, 201, another 2xx, default.
func (o *operation) successResponse() (key string, n int32) {
	if o.responses == 0 {
		return "", 0
	}
	rank := 0
	for c := range o.d.tree.Children(o.responses) {
		k := o.d.tree.Key(c)
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
			rank, key, n = r, k, o.d.resolveResponse(c)
		}
	}
	return key, n
}

// written reports whether p is a parameter in place, no use of a shared one.
func (p *parameter) written() bool { return p.use == p.node && p.ref == 0 }

func (d *definition) typeIs(k *keywords, name string) bool {
	return k.typ != 0 && string(d.tree.Plain(k.typ)) == name
}

// fits reports whether a value has a type of the definition.
func (d *definition) fits(n int32, typ string) bool {
	switch k := d.kind(n); typ {
	case "string":
		return k == jsonspan.String
	case "integer":
		return d.tree.IsInt(n)
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

// literal returns the path without what stands between braces.
func (p *pathItem) literal() string {
	var b strings.Builder
	depth := 0
	for _, r := range p.path {
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

// pattern returns the path with each variable as {}.
func (p *pathItem) pattern() string {
	out := p.path
	for _, v := range p.vars {
		out = strings.Replace(out, "{"+v+"}", "{}", 1)
	}
	return strings.ToLower(out)
}

func (d *definition) isObject(n int32) bool { return d.kind(n) == jsonspan.Object }

// dynamicRef reports whether the type is only known when a maker has chosen.
func (k *keywords) dynamicRef() bool { return k.dynSchema|k.dynProperties != 0 }

// definitionOf indexes a definition; its root must be an object.
func definitionOf(f *file) (*definition, error) {
	if f.tree.Kind(0) != jsonspan.Object {
		return nil, f.syntaxError(0, &notObject{f.tree.Kind(0)})
	}
	d := newDefinition(f)
	d.reach()
	for _, s := range d.schemaMap {
		d.measureNamed(s)
	}
	return d, nil
}
