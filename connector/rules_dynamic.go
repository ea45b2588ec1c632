package connector

import (
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func dynamicRules() []rule {
	return []rule{
		{"CONN-DYN-001", fails, Always, "a dynamic extension names an operation that does not exist", "", dynamicCheck(dynamicOperation)},
		{"CONN-DYN-002", fails, Always, "an argument of a dynamic extension is no parameter of the operation", "Where the operation has a body, whose properties can be named in several ways, it is a warning.", dynamicCheck(dynamicArgument)},
		{"CONN-DYN-003", fails, Always, "a required parameter of the operation is not given", "", dynamicCheck(dynamicRequired)},
		{"CONN-DYN-004", fails, Always, "a dynamic extension refers to what the calling operation does not have", "", dynamicCheck(dynamicReference)},
		{"CONN-DYN-005", warns, Always, "types of argument and parameter differ, or an optional value feeds a required parameter", "", dynamicCheck(dynamicTypes)},
		{"CONN-DYN-006", warns, Always, "a dynamic extension refers to an internal parameter", "Give the literal value instead.", dynamicCheck(dynamicInternal)},
		{"CONN-DYN-007", fails, Always, "a dynamic extension on the body parameter", "It belongs into its schema.", parameterCheck(dynamicOnBody)},
		{"CONN-DYN-008", warns, Certification, "a dynamic extension needs its newer twin", "Where a reference is ambiguous or goes inside a parameter, x-ms-dynamic-list or x-ms-dynamic-properties says what is meant.", dynamicCheck(dynamicTwinMissing)},
		{"CONN-DYN-009", warns, Always, "x-ms-dynamic-list or x-ms-dynamic-properties stands alone", "Older designers read only x-ms-dynamic-values and x-ms-dynamic-schema: give both.", []any{parameterCheck(parameterAlone), schemaCheck(schemaAlone)}},
		{"CONN-DYN-010", warns, Always, "the response has no array or property at a path of the dynamic extension", "", dynamicCheck(dynamicPaths)},
		{"CONN-DYN-011", warns, Certification, "the twins have different paths", "The path of x-ms-dynamic-properties is that of x-ms-dynamic-schema without /properties at the end.", []any{parameterCheck(parameterTwins), schemaCheck(schemaTwins)}},
		{"CONN-DYN-012", fails, Always, "an argument of the list form is neither {value} nor {parameterReference}", "", dynamicCheck(dynamicListForm)},
		{"CONN-DYN-013", warns, Certification, "a file picker without x-ms-dynamic-tree", "", []any{parameterCheck(parameterPicker), schemaCheck(schemaPicker)}},
		{"CONN-DYN-014", fails, Always, "selectedItemValuePath outside of browse of a tree", "", dynamicCheck(selectedItemPlace)},
	}
}

// A dynamic is one call that a dynamic extension of an operation makes.
type dynamic struct {
	ext    string // "values", "list", "schema", "properties", "open" or "browse"
	v      value  // the object that names the operation
	holder *keywords
	op     *operation // the caller
	target *operation // nil if unknown
}

// listForm reports whether arguments are wrapped in {value} and {parameterReference}.
func (d *dynamic) listForm() bool { return d.ext != "values" && d.ext != "schema" }

// dynamicCheck runs a check for every dynamic call of an operation: of its parameters, and of the
// schemas that its body and responses reach.
func dynamicCheck(f func(*lint, *dynamic)) operationCheck {
	return func(l *lint, o *operation) {
		for i := range l.dynamics(o) {
			f(l, &l.calls[i])
		}
	}
}

// dynamics lists the calls of an operation once for all rules.
func (l *lint) dynamics(o *operation) []dynamic {
	if l.callsOf == o {
		return l.calls
	}
	l.callsOf, l.calls = o, l.calls[:0]
	seen := map[int32]bool{}
	for _, p := range o.list {
		if p.place != "body" {
			l.collect(o, &p.keywords)
		}
		if p.schema != 0 {
			l.collectBelow(o, p.schema, seen)
		}
	}
	if o.responses != 0 {
		for c := range l.d.tree.Children(o.responses) {
			if r := l.d.resolveResponse(c); r != 0 {
				if s := l.d.tree.Get(r, "schema"); s != 0 {
					l.collectBelow(o, s, seen)
				}
			}
		}
	}
	if o.trigger != 0 && o.item.notification != 0 {
		if s := l.d.tree.Get(o.item.notification, "schema"); s != 0 {
			l.collectBelow(o, s, seen)
		}
	}
	return l.calls
}

func (l *lint) collectBelow(o *operation, n int32, seen map[int32]bool) {
	if l.d.measure(n).features&(hasDynamic|hasLoop) == 0 || seen[n] {
		return
	}
	seen[n] = true
	k := l.d.keywords(n)
	if k.ref != 0 {
		if s := l.d.schemaRef(k.ref); s != nil {
			l.collectBelow(o, s.node, seen)
		}
		return
	}
	l.collect(o, &k)
	l.d.subschemas(&k, func(c int32, _ string) { l.collectBelow(o, c, seen) })
}

func (l *lint) collect(o *operation, k *keywords) {
	if !k.dynamic() {
		return
	}
	holder := new(*k)
	add := func(ext string, v value) {
		if v.kind() != jsonspan.Object {
			return
		}
		l.calls = append(l.calls, dynamic{ext: ext, v: v, holder: holder, op: o, target: l.d.byID[v.get("operationId").text()]})
	}
	at := func(n int32) value {
		if n == 0 {
			return value{}
		}
		return value{l.d.file, n}
	}
	add("values", at(k.dynValues))
	add("list", at(k.dynList))
	add("schema", at(k.dynSchema))
	add("properties", at(k.dynProperties))
	add("open", at(k.dynTree).get("open"))
	add("browse", at(k.dynTree).get("browse"))
}

// argument is one entry of "parameters": a literal or a reference.
type argument struct {
	v         value
	name      string
	reference string // name of a parameter or property of the caller
	refersTo  value
	literal   value
	selected  bool // selectedItemValuePath
}

func (d *dynamic) arguments(f func(argument)) {
	for v := range d.v.get("parameters").children {
		a := argument{v: v, name: v.key()}
		switch r := v; {
		case r.kind() != jsonspan.Object:
			a.literal = r
		case r.get("parameterReference").ok():
			a.refersTo = r.get("parameterReference")
		case r.get("parameter").ok():
			a.refersTo = r.get("parameter")
		case r.get("selectedItemValuePath").ok():
			a.selected = true
		default:
			a.literal = r.get("value")
		}
		if a.refersTo.ok() {
			a.reference = a.refersTo.text()
		}
		f(a)
	}
}

// A binding is what a name means in an operation.
type binding struct {
	found, open bool
	k           keywords
	param       *parameter
	inner       bool // a property of a parameter
	required    bool
}

// bind finds a parameter, or a property of the body, by a name like p, body/p/q or p/q.
func (l *lint) bind(o *operation, name string) binding {
	if p := o.param(name); p != nil {
		return binding{found: true, k: p.keywords, param: p, required: l.d.isRequired(p)}
	}
	for _, p := range o.list {
		if p.broken {
			return binding{open: true}
		}
	}
	first, rest, _ := strings.Cut(name, "/")
	body := o.body()
	if body == nil {
		if p := o.param(first); p != nil {
			return binding{found: true, k: p.keywords, param: p, inner: true, required: l.d.isRequired(p)}
		}
		return binding{}
	}
	if body.nameText == name {
		return binding{found: true, k: l.bodySchema(body), param: body, required: l.d.isRequired(body)}
	}
	path := name
	if first == body.nameText {
		path = rest
	}
	k, found, open := l.d.property(body.schema, path)
	if !found && first == body.nameText {
		k, found, _ = l.d.property(body.schema, name)
	}
	if !found && !open && l.anywhere(body.schema, name, map[int32]bool{}) {
		open = true // a property deeper down, by its plain name
	}
	return binding{found: found, open: open, k: k, inner: true}
}

func (l *lint) bodySchema(p *parameter) keywords {
	k, _ := l.d.resolve(p.schema)
	return k
}

// anywhere reports whether a schema reaches a property of that name, or something that is not said.
func (l *lint) anywhere(n int32, name string, seen map[int32]bool) bool {
	k, ok := l.d.resolve(n)
	if !ok || k.dynamic() {
		return true
	}
	if seen[k.node] {
		return false
	}
	seen[k.node] = true
	last := name[strings.LastIndexByte(name, '/')+1:]
	found := false
	l.d.subschemas(&k, func(c int32, prop string) {
		found = found || prop == last || l.anywhere(c, name, seen)
	})
	return found
}

func dynamicOperation(l *lint, d *dynamic) {
	id := d.v.get("operationId")
	if !id.ok() || d.target != nil {
		return
	}
	f := l.findIn(id, "operation %q does not exist: name one of this definition", id.text())
	if near := nearest(id.text(), l.d.byID); near != "" {
		f.text = "operation " + jsonspan.Quote(id.text()) + " does not exist: did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(near))
	}
}

func dynamicArgument(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	d.arguments(func(a argument) {
		if b := l.bind(d.target, a.name); !b.found && !b.open {
			f := l.findIn(a.v, "%q is no parameter of operation %s: name one of its parameters", a.name, d.target.id).key()
			if d.target.body() != nil {
				f.severity(warns) // a property of a body has several spellings
			}
		}
	})
}

func dynamicRequired(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	given := map[string]bool{}
	d.arguments(func(a argument) {
		first, _, _ := strings.Cut(a.name, "/")
		given[a.name], given[first] = true, true
	})
	for _, p := range d.target.list {
		if p.place != "body" && !p.broken && l.d.isRequired(p) && p.def == 0 && !given[p.nameText] {
			l.findIn(d.v, "operation %s needs parameter %q: give it under parameters", d.target.id, p.nameText).key()
		}
	}
}

func dynamicReference(l *lint, d *dynamic) {
	d.arguments(func(a argument) {
		if !a.refersTo.ok() {
			return
		}
		if b := l.bind(d.op, a.reference); !b.found && (!b.open || l.ownResult(d, a.reference)) {
			l.findIn(a.refersTo, "operation %s has no parameter %q: refer to one it has", d.op.id, a.reference)
		}
	})
}

// ownResult reports whether only the result of the extension itself could hold a name: the schema that
// is asked for cannot say what the question is.
func (l *lint) ownResult(d *dynamic, name string) bool {
	body := d.op.body()
	if body == nil || body.schema == 0 {
		return false
	}
	k, ok := l.d.resolve(body.schema)
	if !ok || k.node != d.holder.node || k.allOf != 0 || k.additional != 0 {
		return false
	}
	for _, p := range d.op.list {
		if p.broken {
			return false
		}
	}
	first, rest, _ := strings.Cut(name, "/")
	if first == body.nameText {
		first, _, _ = strings.Cut(rest, "/")
	}
	return k.properties == 0 || l.d.tree.Get(k.properties, first) == 0
}

func dynamicTypes(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	d.arguments(func(a argument) {
		to := l.bind(d.target, a.name)
		if !to.found || to.k.typ == 0 {
			return
		}
		want := l.d.text(to.k.typ)
		if a.literal.ok() {
			if kind := a.literal.kind(); kind != jsonspan.Null && !l.d.fits(a.literal.n, want) {
				l.findIn(a.literal, "argument %q is %s, but operation %s takes %s", a.name, article(kind.String()), d.target.id, article(want))
			}
			return
		}
		if !a.refersTo.ok() {
			return
		}
		from := l.bind(d.op, a.reference)
		if !from.found {
			return
		}
		if have := l.d.text(from.k.typ); have != "" && have != want && !(have == "integer" && want == "number") && !from.k.dynamicRef() {
			l.findIn(a.refersTo, "%q is %s, but parameter %q of operation %s takes %s", a.reference, article(have), a.name, d.target.id, article(want))
		}
		if to.param != nil && !to.inner && to.required && to.k.def == 0 && from.param != nil && !from.inner && !from.required && from.k.def == 0 {
			l.findIn(a.refersTo, "%q is optional, but operation %s requires parameter %q: require it too", a.reference, d.target.id, a.name)
		}
	})
}

func dynamicInternal(l *lint, d *dynamic) {
	d.arguments(func(a argument) {
		if !a.refersTo.ok() {
			return
		}
		if b := l.bind(d.op, a.reference); b.found && l.d.isInternal(&b.k) && b.param != nil && !b.inner {
			f := l.findIn(a.refersTo, "%q is internal: give its value as a literal", a.reference)
			if b.k.def != 0 && !d.listForm() {
				f.fix("give the literal", l.d.tree.Replace(a.v.n, string(l.d.tree.Raw(b.k.def))))
			}
		}
	})
}

func dynamicOnBody(l *lint, p *parameter) {
	if !p.written() || p.place != "body" {
		return
	}
	for _, n := range []int32{p.dynValues, p.dynList, p.dynSchema, p.dynProperties, p.dynTree} {
		if n != 0 {
			l.find(n, "%s stands on the body parameter: move it into the schema", l.d.tree.Key(n)).key()
		}
	}
}

func dynamicTwinMissing(l *lint, d *dynamic) {
	twin, name := d.holder.dynList, "x-ms-dynamic-list"
	if d.ext == "schema" {
		twin, name = d.holder.dynProperties, "x-ms-dynamic-properties"
	}
	if d.listForm() || twin != 0 || d.holder.dynTree != 0 {
		return
	}
	d.arguments(func(a argument) {
		if a.refersTo.ok() && (strings.Contains(a.reference, "/") || l.ambiguous(d.op, a.reference)) {
			l.findIn(d.v, "%q is ambiguous or inside a parameter: add %s", a.reference, name).key()
		}
	})
}

// ambiguous reports whether a name is a parameter and a property of the body as well.
func (l *lint) ambiguous(o *operation, name string) bool {
	body := o.body()
	if body == nil || body.schema == 0 || o.param(name) == nil {
		return false
	}
	_, found, _ := l.d.property(body.schema, name)
	return found
}

func ambiguousNames(l *lint, o *operation) {
	for i := range l.dynamics(o) {
		d := &l.calls[i]
		if d.listForm() {
			continue
		}
		d.arguments(func(a argument) {
			if a.refersTo.ok() && l.ambiguous(o, a.reference) {
				l.findIn(a.refersTo, "%q is a parameter and a property of the body: use the newer form of the extension", a.reference)
			}
		})
	}
}

func (l *lint) alone(k *keywords) {
	if k.dynList != 0 && k.dynValues == 0 && k.dynTree == 0 {
		l.find(k.dynList, "x-ms-dynamic-list stands alone: add x-ms-dynamic-values for older designers").key()
	}
	if k.dynProperties != 0 && k.dynSchema == 0 {
		l.find(k.dynProperties, "x-ms-dynamic-properties stands alone: add x-ms-dynamic-schema for older designers").key()
	}
}

func parameterAlone(l *lint, p *parameter) {
	if p.written() {
		l.alone(&p.keywords)
	}
}
func schemaAlone(l *lint, s *schemaAt) { l.alone(&s.keywords) }

// dynamicPaths follows the paths through the success response, as far as that is said.
func dynamicPaths(l *lint, d *dynamic) {
	if d.target == nil {
		return
	}
	_, r := d.target.successResponse()
	if r == 0 {
		return
	}
	root := l.d.tree.Get(r, "schema")
	if root == 0 {
		return
	}
	switch d.ext {
	case "values":
		l.followCollection(d, root, "value-collection", "value-path", "value-title")
	case "list", "open", "browse":
		l.followCollection(d, root, "itemsPath", "itemValuePath", "itemTitlePath")
	case "schema":
		l.followPath(d, root, d.v.get("value-path"))
	case "properties":
		l.followPath(d, root, d.v.get("itemValuePath"))
	}
}

func (l *lint) followCollection(d *dynamic, root int32, collection string, members ...string) {
	at := d.v.get(collection)
	k, found, open := l.d.property(root, at.text())
	switch {
	case found && l.d.typeIs(&k, "array") && k.items != 0:
		for _, m := range members {
			if p := d.v.get(m); p.ok() {
				l.followPath(d, k.items, p)
			}
		}
	case open || found && (k.typ == 0 || k.dynamic() || !l.closed(&k)):
	case !at.ok() || at.text() == "":
		if found && l.d.typeIs(&k, "object") && l.hasArrayProperty(&k) {
			l.findIn(d.v, "the answer of %s is an object: name its array by %s", d.target.id, collection).key()
		}
	default:
		l.findIn(at, "the answer of %s has no array at %q", d.target.id, at.text())
	}
}

// closed reports whether a schema says all its members.
func (l *lint) closed(k *keywords) bool {
	return !l.d.typeIs(k, "object") || k.properties != 0
}

func (l *lint) followPath(d *dynamic, n int32, path value) {
	if !path.ok() || path.text() == "" {
		return
	}
	if _, found, open := l.d.property(n, path.text()); !found && !open {
		l.findIn(path, "the answer of %s has no property at %q", d.target.id, path.text())
	}
}

func (l *lint) twins(k *keywords) {
	if k.dynSchema == 0 || k.dynProperties == 0 {
		return
	}
	old := value{l.d.file, k.dynSchema}.get("value-path").text()
	now := value{l.d.file, k.dynProperties}.get("itemValuePath")
	if want := strings.TrimSuffix(old, "/properties"); now.ok() && old != now.text() && want != now.text() || now.ok() && strings.HasSuffix(now.text(), "/properties") {
		l.findIn(now, "itemValuePath is %q, but value-path of x-ms-dynamic-schema is %q: write %q", now.text(), old, want)
	}
}

func parameterTwins(l *lint, p *parameter) {
	if p.written() {
		l.twins(&p.keywords)
	}
}
func schemaTwins(l *lint, s *schemaAt) { l.twins(&s.keywords) }

func dynamicListForm(l *lint, d *dynamic) {
	if !d.listForm() {
		return
	}
	for v := range d.v.get("parameters").children {
		ok := v.kind() == jsonspan.Object && v.count() == 1 &&
			(v.get("value").ok() || v.get("parameterReference").ok() || v.get("selectedItemValuePath").ok())
		if ok {
			continue
		}
		f := l.findIn(v, "argument %q must be {\"value\": ...} or {\"parameterReference\": ...}", v.key()).key()
		if p := v.get("parameter"); p.ok() && v.count() == 1 {
			f.fix("rename it to parameterReference", l.d.tree.Rename(p.n, "parameterReference"))
		} else if v.kind() != jsonspan.Object {
			f.fix("wrap it", l.d.tree.Replace(v.n, `{"value": `+string(v.raw())+`}`))
		}
	}
}

func (l *lint) picker(k *keywords) {
	if k.dynValues == 0 || k.dynTree != 0 {
		return
	}
	if v := (value{l.d.file, k.dynValues}).get("capability"); v.text() == "file-picker" {
		l.findIn(v, "a file picker needs x-ms-dynamic-tree: add it")
	}
}

func parameterPicker(l *lint, p *parameter) {
	if p.written() {
		l.picker(&p.keywords)
	}
}
func schemaPicker(l *lint, s *schemaAt) { l.picker(&s.keywords) }

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
