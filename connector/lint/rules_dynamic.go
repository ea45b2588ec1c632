package lint

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func dynamicRules() []rule {
	return []rule{
		{"CONN-DYN-001", fails, Always, "a dynamic extension names an operation that does not exist, or none", "A capability that x-ms-capabilities of the definition does not have is a warning.", dynamicCheck(dynamicOperation)},
		{"CONN-DYN-002", fails, Always, "an argument of a dynamic extension is no parameter of the operation", "Where the operation has a body, whose properties can be named in several ways, it is a warning.", dynamicCheck(dynamicArgument)},
		{"CONN-DYN-003", fails, Always, "a required parameter of the operation is not given", "A body, whose properties can be named in several ways, is a warning.", dynamicCheck(dynamicRequired)},
		{"CONN-DYN-004", fails, Always, "a dynamic extension refers to what the calling operation does not have", "On an internal operation, whose answer no designer shows, it is a warning.", dynamicCheck(dynamicReference)},
		{"CONN-DYN-005", warns, Always, "types of argument and parameter differ, or an optional value feeds a required parameter", "", dynamicCheck(dynamicTypes)},
		{"CONN-DYN-006", warns, Always, "a dynamic extension refers to an internal parameter or property", "Give the literal value instead.", dynamicCheck(dynamicInternal)},
		{"CONN-DYN-007", fails, Always, "a dynamic extension on the body parameter", "It belongs into its schema.", parameterCheck(dynamicOnBody)},
		{"CONN-DYN-008", warns, Certification, "a dynamic extension needs its newer twin", "Where a reference is ambiguous or goes inside a parameter, x-ms-dynamic-list or x-ms-dynamic-properties says what is meant; where value-path of x-ms-dynamic-schema ends in /properties, the twin names what is around.", dynamicCheck(dynamicTwinMissing)},
		{"CONN-DYN-009", warns, Always, "x-ms-dynamic-list or x-ms-dynamic-properties stands alone", "Older designers read only x-ms-dynamic-values and x-ms-dynamic-schema: give both.", several{parameterCheck(parameterAlone), schemaCheck(schemaAlone)}},
		{"CONN-DYN-010", warns, Always, "the response has no array or property at a path of the dynamic extension", "", dynamicCheck(dynamicPaths)},
		{"CONN-DYN-011", warns, Certification, "the twins have different paths", "The path of x-ms-dynamic-properties is that of x-ms-dynamic-schema without /properties at the end.", several{parameterCheck(parameterTwins), schemaCheck(schemaTwins)}},
		{"CONN-DYN-012", fails, Always, "an argument of the list form is neither {value} nor {parameterReference}", "The other way round, where x-ms-dynamic-values or x-ms-dynamic-schema have one of these, it is a warning: they take the literal, or {parameter}.", several{dynamicCheck(dynamicListForm), dynamicCheck(dynamicPlainForm)}},
		{"CONN-DYN-013", warns, Certification, "a file picker without x-ms-dynamic-tree", "", several{parameterCheck(parameterPicker), schemaCheck(schemaPicker)}},
		{"CONN-DYN-014", fails, Always, "selectedItemValuePath outside of browse of a tree", "", dynamicCheck(selectedItemPlace)},
	}
}

// A dynamic is one call that a dynamic extension of an operation makes.
type dynamic struct {
	ext    string      // "values", "list", "schema", "properties", "open" or "browse"
	v      index.Value // the object that names the operation
	holder *index.Keywords
	op     *index.Operation // the caller
	target *index.Operation // nil if unknown
}

// listForm reports whether arguments are wrapped in {value} and {parameterReference}.
func (d *dynamic) listForm() bool { return d.ext != "values" && d.ext != "schema" }

// dynamicCheck runs a check for every dynamic call of an operation: of its parameters, and of the
// schemas that its body and responses reach.
func dynamicCheck(f func(*lint, *dynamic)) operationCheck {
	return func(l *lint, o *index.Operation) {
		for i := range l.dynamics(o) {
			f(l, &l.calls[i])
		}
	}
}

// dynamics lists the calls of an operation once for all rules.
func (l *lint) dynamics(o *index.Operation) []dynamic {
	if l.callsOf == o {
		return l.calls
	}
	l.callsOf, l.calls = o, l.calls[:0]
	seen := map[int32]bool{}
	for _, p := range o.List {
		if p.Place != "body" {
			for k := p.Keywords; ; k = l.d.Keywords(k.Items) {
				l.collect(o, &k)
				if l.d.Kind(k.Items) != jsonspan.Object {
					break
				}
			}
		}
		if p.Schema != jsonspan.None {
			l.collectBelow(o, p.Schema, seen)
		}
	}
	if o.Responses != jsonspan.None {
		for c := range l.d.Tree.Children(o.Responses) {
			if r := l.d.ResolveResponse(c); r != jsonspan.None {
				if s := l.d.Tree.Get(r, "schema"); s != jsonspan.None {
					l.collectBelow(o, s, seen)
				}
			}
		}
	}
	if o.Trigger != jsonspan.None && o.Item.Notification != jsonspan.None {
		if s := l.d.Tree.Get(o.Item.Notification, "schema"); s != jsonspan.None {
			l.collectBelow(o, s, seen)
		}
	}
	return l.calls
}

func (l *lint) collectBelow(o *index.Operation, n int32, seen map[int32]bool) {
	if l.d.Measure(n).Features&(index.HasDynamic|index.HasLoop) == 0 || seen[n] {
		return
	}
	seen[n] = true
	k := l.d.Keywords(n)
	if k.Ref != jsonspan.None {
		if s := l.d.SchemaRef(k.Ref); s != nil && s.ReachesDynamic() {
			l.collectBelow(o, s.Node, seen)
		}
		return
	}
	l.collect(o, &k)
	l.d.Subschemas(&k, func(c int32, _ string) { l.collectBelow(o, c, seen) })
}

func (l *lint) collect(o *index.Operation, k *index.Keywords) {
	if !k.Dynamic() {
		return
	}
	holder := new(*k)
	add := func(ext string, v index.Value) {
		if v.Kind() != jsonspan.Object {
			return
		}
		l.calls = append(l.calls, dynamic{ext: ext, v: v, holder: holder, op: o, target: l.d.ByID[v.Get("operationId").Text()]})
	}
	at := func(n int32) index.Value {
		if n == jsonspan.None {
			return index.Value{}
		}
		return index.Value{File: l.d.File, Node: n}
	}
	add("values", at(k.DynValues))
	add("list", at(k.DynList))
	add("schema", at(k.DynSchema))
	add("properties", at(k.DynProperties))
	add("open", at(k.DynTree).Get("open"))
	add("browse", at(k.DynTree).Get("browse"))
}

// argument is one entry of "parameters": a literal or a reference.
type argument struct {
	v         index.Value
	name      string
	reference string // name of a parameter or property of the caller
	refersTo  index.Value
	literal   index.Value
	selected  bool // selectedItemValuePath
}

func (d *dynamic) arguments(f func(argument)) {
	for v := range d.v.Get("parameters").Children {
		a := argument{v: v, name: v.Key()}
		switch r := v; {
		case r.Kind() != jsonspan.Object:
			a.literal = r
		case r.Get("parameterReference").OK():
			a.refersTo = r.Get("parameterReference")
		case r.Get("parameter").OK():
			a.refersTo = r.Get("parameter")
		case r.Get("selectedItemValuePath").OK():
			a.selected = true
		default:
			a.literal = r.Get("value")
		}
		if a.refersTo.OK() {
			a.reference = a.refersTo.Text()
		}
		f(a)
	}
}

// A binding is what a name means in an operation.
type binding struct {
	found, open bool
	k           index.Keywords
	param       *index.Parameter
	inner       bool // a property of a parameter
	required    bool
}

// bind finds a parameter, or a property of the body, by a name like p, body/p/q or p/q.
func (l *lint) bind(o *index.Operation, name string) binding {
	if p := o.Param(name); p != nil {
		return binding{found: true, k: p.Keywords, param: p, required: l.d.IsRequired(p)}
	}
	for _, p := range o.List {
		if p.Broken {
			return binding{open: true}
		}
	}
	first, rest, _ := strings.Cut(name, "/")
	body := o.Body()
	if body == nil {
		if p := o.Param(first); p != nil {
			return binding{found: true, k: p.Keywords, param: p, inner: true, required: l.d.IsRequired(p)}
		}
		return binding{}
	}
	if body.NameText == name {
		return binding{found: true, k: l.bodySchema(body), param: body, required: l.d.IsRequired(body)}
	}
	path := name
	if first == body.NameText {
		path = rest
	}
	k, found, open := l.d.Property(body.Schema, path)
	if !found && first == body.NameText {
		k, found, _ = l.d.Property(body.Schema, name)
	}
	if !found && !open && l.anywhere(body.Schema, name, map[int32]bool{}) {
		open = true // a property deeper down, by its plain name
	}
	return binding{found: found, open: open, k: k, inner: true}
}

func (l *lint) bodySchema(p *index.Parameter) index.Keywords {
	k, _ := l.d.Resolve(p.Schema)
	return k
}

// anywhere reports whether a schema reaches a property of that name, or something that is not said.
func (l *lint) anywhere(n int32, name string, seen map[int32]bool) bool {
	k, ok := l.d.Resolve(n)
	if !ok || k.Dynamic() {
		return true
	}
	if seen[k.Node] {
		return false
	}
	seen[k.Node] = true
	last := name[strings.LastIndexByte(name, '/')+1:]
	found := false
	l.d.Subschemas(&k, func(c int32, prop string) {
		found = found || prop == last || l.anywhere(c, name, seen)
	})
	return found
}

func dynamicOperation(l *lint, d *dynamic) {
	switch capability := d.v.Get("capability"); {
	case d.v.Get("operationId").OK():
		l.calledBy(d.v)
	case d.ext != "values": // CONN-DOC-019
	case !capability.OK() && !d.v.Get("builtInOperation").OK():
		l.findIn(d.v, "x-ms-dynamic-values names no operation: add operationId").key()
	case capability.OK() && d.holder.DynTree != jsonspan.None && !l.d.Root().Get("x-ms-capabilities").Get(capability.Text()).OK():
		// Without a tree that is what is missing first: CONN-DYN-013.
		l.findIn(capability, "x-ms-capabilities of the definition has no %q, so nothing is listed: add it", capability.Text()).severity(warns)
	}
}

func dynamicArgument(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	severity := fails
	if d.target.Body() != nil {
		severity = warns // a property of a body has several spellings
	}
	d.arguments(func(a argument) { l.argumentKnown(d, a, severity) })
}

// argumentKnown finds an argument that the operation does not have.
func (l *lint) argumentKnown(d *dynamic, a argument, severity diag.Severity) {
	if b := l.bind(d.target, a.name); !b.found && !b.open {
		l.findIn(a.v, "%q is no parameter of operation %s: %s", a.name, d.target.ID, l.meant(a.name, func() []string { return l.parameterNames(d.target) }, "name one of its parameters")).key().severity(severity)
	}
}

func dynamicRequired(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	for _, name := range l.notGiven(d) {
		l.findIn(d.v, "operation %s needs parameter %q: give it under parameters", d.target.ID, name).key()
	}
	if body := d.target.Body(); body != nil && l.d.IsRequired(body) && !l.givesBody(d) {
		l.findIn(d.v, "operation %s needs a body: give its properties under parameters", d.target.ID).key().severity(warns)
	}
}

// notGiven returns the names of the parameters that are required and not given.
func (l *lint) notGiven(d *dynamic) []string {
	given := map[string]bool{}
	d.arguments(func(a argument) {
		first, _, _ := strings.Cut(a.name, "/")
		given[a.name], given[first] = true, true
	})
	var names []string
	for _, p := range l.toGive(d.target) {
		if !given[p.NameText] {
			names = append(names, p.NameText)
		}
	}
	return names
}

// givesBody reports whether an argument is about the body: it names no other parameter.
func (l *lint) givesBody(d *dynamic) bool {
	found := false
	d.arguments(func(a argument) { found = found || d.target.Param(a.name) == nil })
	return found
}

// toGive returns the parameters without which an operation cannot be called.
func (l *lint) toGive(o *index.Operation) []*index.Parameter {
	list, known := l.mustGive[o]
	if !known {
		for _, p := range o.List {
			if p.Place != "body" && !p.Broken && l.d.IsRequired(p) && p.Def == jsonspan.None {
				list = append(list, p)
			}
		}
		if l.mustGive == nil {
			l.mustGive = map[*index.Operation][]*index.Parameter{}
		}
		l.mustGive[o] = list
	}
	return list
}

func dynamicReference(l *lint, d *dynamic) {
	d.arguments(func(a argument) {
		if !a.refersTo.OK() {
			return
		}
		b := l.bind(d.op, a.reference)
		switch {
		case b.found || b.open && !l.ownResult(d, a.reference):
		case d.op.Internal(): // no designer shows what it takes and answers
			f := l.findIn(a.refersTo, "operation %s, which is internal, has no parameter %q", d.op.ID, a.reference).severity(warns)
			if s := l.definitionAround(d.v.Node); s != "" {
				f.text = fmt.Sprintf("definition %s is shared with operation %s, which is internal and has no parameter %q: nothing is listed there", s, d.op.ID, a.reference)
			}
		default:
			l.findIn(a.refersTo, "operation %s has no parameter %q: %s", d.op.ID, a.reference, l.meant(a.reference, func() []string { return l.parameterNames(d.op) }, "refer to one it has"))
		}
	})
}

// definitionAround returns the name of the entry of "definitions" that holds a node, "" if none does.
func (l *lint) definitionAround(n int32) string {
	if l.d.Definitions == jsonspan.None || n <= l.d.Definitions || n >= l.d.Tree.Node(l.d.Definitions).Next {
		return ""
	}
	for c := range l.d.Tree.Children(l.d.Definitions) {
		if n < l.d.Tree.Node(c).Next {
			return l.d.Tree.Key(c)
		}
	}
	return ""
}

// ownResult reports whether only the result of the extension itself could hold a name: the schema that
// is asked for cannot say what the question is.
func (l *lint) ownResult(d *dynamic, name string) bool {
	body := d.op.Body()
	if body == nil || body.Schema == jsonspan.None {
		return false
	}
	k, ok := l.d.Resolve(body.Schema)
	if !ok || k.Node != d.holder.Node || k.AllOf != jsonspan.None || k.Additional != jsonspan.None {
		return false
	}
	for _, p := range d.op.List {
		if p.Broken {
			return false
		}
	}
	first, rest, _ := strings.Cut(name, "/")
	if first == body.NameText {
		first, _, _ = strings.Cut(rest, "/")
	}
	return k.Properties == jsonspan.None || l.d.Tree.Get(k.Properties, first) == jsonspan.None
}

func dynamicTypes(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	d.arguments(func(a argument) {
		to := l.bind(d.target, a.name)
		if !to.found || to.k.Type == jsonspan.None {
			return
		}
		want := l.d.Text(to.k.Type)
		if a.literal.OK() {
			if kind := a.literal.Kind(); kind != jsonspan.Null && !l.d.Fits(a.literal.Node, want) {
				l.findIn(a.literal, "argument %q is %s, but operation %s takes %s", a.name, article(kind.String()), d.target.ID, article(want))
			}
			return
		}
		if !a.refersTo.OK() {
			return
		}
		from := l.bind(d.op, a.reference)
		if !from.found {
			return
		}
		if have := l.d.Text(from.k.Type); have != "" && have != want && !(have == "integer" && want == "number") && !from.k.DynamicRef() {
			l.findIn(a.refersTo, "%q is %s, but parameter %q of operation %s takes %s", a.reference, article(have), a.name, d.target.ID, article(want))
		}
		if to.param != nil && !to.inner && to.required && to.k.Def == jsonspan.None && from.param != nil && !from.inner && !from.required && from.k.Def == jsonspan.None {
			l.findIn(a.refersTo, "%q is optional, but operation %s requires parameter %q: require it too", a.reference, d.target.ID, a.name)
		}
	})
}

func dynamicInternal(l *lint, d *dynamic) {
	d.arguments(func(a argument) {
		if !a.refersTo.OK() {
			return
		}
		if b := l.bind(d.op, a.reference); b.found && l.d.IsInternal(&b.k) {
			f := l.findIn(a.refersTo, "%q is internal: give its value as a literal", a.reference)
			if b.k.Def != jsonspan.None && !d.listForm() {
				f.fix("give the literal", l.d.Tree.Replace(a.v.Node, string(l.d.Tree.Raw(b.k.Def))))
			}
		}
	})
}

func dynamicOnBody(l *lint, p *index.Parameter) {
	if !p.Written() || p.Place != "body" {
		return
	}
	for _, n := range []int32{p.DynValues, p.DynList, p.DynSchema, p.DynProperties, p.DynTree} {
		if n != jsonspan.None {
			l.find(n, "%s stands on the body parameter: move it into the schema", l.d.Tree.Key(n)).key()
		}
	}
}

func dynamicTwinMissing(l *lint, d *dynamic) {
	twin, name := d.holder.DynList, "x-ms-dynamic-list"
	if d.ext == "schema" {
		twin, name = d.holder.DynProperties, "x-ms-dynamic-properties"
	}
	if d.listForm() || twin != jsonspan.None || d.holder.DynTree != jsonspan.None {
		return
	}
	if at := d.v.Get("value-path"); d.ext == "schema" && strings.HasSuffix(at.Text(), "/properties") {
		l.findIn(at, "value-path ends in /properties: add %s with itemValuePath %q", name, strings.TrimSuffix(at.Text(), "/properties"))
	}
	d.arguments(func(a argument) {
		if a.refersTo.OK() && (strings.Contains(a.reference, "/") || l.ambiguous(d.op, a.reference)) {
			l.findIn(d.v, "%q is ambiguous or inside a parameter: add %s", a.reference, name).key()
		}
	})
}

// ambiguous reports whether a name is a parameter and a property of the body as well.
func (l *lint) ambiguous(o *index.Operation, name string) bool {
	body := o.Body()
	if body == nil || body.Schema == jsonspan.None || o.Param(name) == nil {
		return false
	}
	_, found, _ := l.d.Property(body.Schema, name)
	return found
}

func ambiguousNames(l *lint, o *index.Operation) {
	for i := range l.dynamics(o) {
		d := &l.calls[i]
		if d.listForm() {
			continue
		}
		d.arguments(func(a argument) {
			if a.refersTo.OK() && l.ambiguous(o, a.reference) {
				l.findIn(a.refersTo, "%q is a parameter and a property of the body: use the newer form of the extension", a.reference)
			}
		})
	}
}

func (l *lint) alone(k *index.Keywords) {
	if k.DynList != jsonspan.None && k.DynValues == jsonspan.None && k.DynTree == jsonspan.None {
		l.find(k.DynList, "x-ms-dynamic-list stands alone: add x-ms-dynamic-values for older designers").key()
	}
	if k.DynProperties != jsonspan.None && k.DynSchema == jsonspan.None {
		l.find(k.DynProperties, "x-ms-dynamic-properties stands alone: add x-ms-dynamic-schema for older designers").key()
	}
}

func parameterAlone(l *lint, p *index.Parameter) {
	if p.Written() {
		l.alone(&p.Keywords)
	}
}
func schemaAlone(l *lint, s *schemaAt) { l.alone(&s.Keywords) }

// dynamicPaths follows the paths through the success response, as far as that is said.
func dynamicPaths(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	_, r := d.target.SuccessResponse()
	if r == jsonspan.None {
		return
	}
	root := l.d.Tree.Get(r, "schema")
	if root == jsonspan.None {
		return
	}
	switch d.ext {
	case "values":
		l.followCollection(d, root, "value-collection", "value-path", "value-title")
	case "list", "open", "browse":
		l.followCollection(d, root, "itemsPath", "itemValuePath", "itemTitlePath")
	case "schema":
		l.followPath(d, root, d.v.Get("value-path"))
	case "properties":
		l.followPath(d, root, d.v.Get("itemValuePath"))
	}
}

func (l *lint) followCollection(d *dynamic, root int32, collection string, members ...string) {
	at := d.v.Get(collection)
	k, found, open := l.d.Property(root, at.Text())
	switch {
	case found && l.d.TypeIs(&k, "array") && k.Items != jsonspan.None:
		for _, m := range members {
			if p := d.v.Get(m); p.OK() {
				l.followPath(d, k.Items, p)
			}
		}
	case open || found && (k.Type == jsonspan.None || k.Dynamic() || !l.closed(&k)):
	case !at.OK() || at.Text() == "":
		if found && l.d.TypeIs(&k, "object") && l.hasArrayProperty(&k) {
			l.findIn(d.v, "the answer of %s is an object: name its array by %s", d.target.ID, collection).key()
		}
	default:
		l.findIn(at, "the answer of %s has no array at %q", d.target.ID, at.Text())
	}
}

// closed reports whether a schema says all its members.
func (l *lint) closed(k *index.Keywords) bool {
	return !l.d.TypeIs(k, "object") || k.Properties != jsonspan.None
}

func (l *lint) followPath(d *dynamic, n int32, path index.Value) {
	if !path.OK() || path.Text() == "" {
		return
	}
	if _, found, open := l.d.Property(n, path.Text()); !found && !open {
		l.findIn(path, "the answer of %s has no property at %q", d.target.ID, path.Text())
	}
}

func (l *lint) twins(k *index.Keywords) {
	if k.DynSchema == jsonspan.None || k.DynProperties == jsonspan.None {
		return
	}
	old := index.Value{File: l.d.File, Node: k.DynSchema}.Get("value-path").Text()
	now := index.Value{File: l.d.File, Node: k.DynProperties}.Get("itemValuePath")
	if want := strings.TrimSuffix(old, "/properties"); now.OK() && old != now.Text() && want != now.Text() || now.OK() && strings.HasSuffix(now.Text(), "/properties") {
		l.findIn(now, "itemValuePath is %q, but value-path of x-ms-dynamic-schema is %q: write %q", now.Text(), old, want)
	}
}

func parameterTwins(l *lint, p *index.Parameter) {
	if p.Written() {
		l.twins(&p.Keywords)
	}
}
func schemaTwins(l *lint, s *schemaAt) { l.twins(&s.Keywords) }

func dynamicListForm(l *lint, d *dynamic) {
	if !d.listForm() {
		return
	}
	for v := range d.v.Get("parameters").Children {
		ok := v.Kind() == jsonspan.Object && v.Count() == 1 &&
			(v.Get("value").OK() || v.Get("parameterReference").OK() || v.Get("selectedItemValuePath").OK())
		if ok {
			continue
		}
		f := l.findIn(v, "argument %q must be {\"value\": ...} or {\"parameterReference\": ...}", v.Key()).key()
		if p := v.Get("parameter"); p.OK() && v.Count() == 1 {
			f.fix("rename it to parameterReference", l.d.Tree.Rename(p.Node, "parameterReference"))
		} else if v.Kind() != jsonspan.Object {
			f.fix("wrap it", l.d.Tree.Replace(v.Node, `{"value": `+string(v.Raw())+`}`))
		}
	}
}

// dynamicPlainForm finds arguments of the list form where they are not taken as such.
func dynamicPlainForm(l *lint, d *dynamic) {
	if d.listForm() {
		return
	}
	for v := range d.v.Get("parameters").Children {
		if v.Kind() != jsonspan.Object || v.Count() != 1 {
			continue
		}
		if p := v.Get("parameterReference"); p.OK() {
			l.findIn(v, "argument %q must be {\"parameter\": ...} here: parameterReference belongs to the list form", v.Key()).key().severity(warns).
				fix("rename it to parameter", l.d.Tree.Rename(p.Node, "parameter"))
		} else if p := v.Get("value"); p.OK() {
			l.findIn(v, "argument %q must be the value itself here: {\"value\": ...} belongs to the list form", v.Key()).key().severity(warns).
				fix("unwrap it", l.d.Tree.Replace(v.Node, string(p.Raw())))
		}
	}
}

func (l *lint) picker(k *index.Keywords) {
	if k.DynValues == jsonspan.None || k.DynTree != jsonspan.None {
		return
	}
	if v := (index.Value{File: l.d.File, Node: k.DynValues}).Get("capability"); v.Text() == "file-picker" {
		l.findIn(v, "a file picker needs x-ms-dynamic-tree: add it")
	}
}

func parameterPicker(l *lint, p *index.Parameter) {
	if p.Written() {
		l.picker(&p.Keywords)
	}
}
func schemaPicker(l *lint, s *schemaAt) { l.picker(&s.Keywords) }

func selectedItemPlace(l *lint, d *dynamic) {
	if d.ext == "browse" {
		return
	}
	d.arguments(func(a argument) {
		if a.selected {
			l.findIn(a.v, "selectedItemValuePath belongs into browse of x-ms-dynamic-tree").key()
		}
	})
}
