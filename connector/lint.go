package connector

import (
	"cmp"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// LintOptions chooses what [Connector.Lint] looks for. The zero value finds what will not import or
// save (errors), what goes wrong at run time (warnings) and notes.
type LintOptions struct {
	// Severity gives rules another severity, by id.
	Severity map[string]diag.Severity
	// Disable switches rules off, by id.
	Disable []string
	// Certification adds the rules of Microsoft's certification, which a private connector need not keep.
	Certification bool
	// Independent checks certification by the values for independent publishers. It needs Certification.
	Independent bool
	// Deploy adds the rules for files that a tool will upload (paconn, pac).
	Deploy bool
	// Installed is the same connector as it runs in the target; nil if unknown.
	Installed *Connector
	// SchemaDepth is the deepest nesting of schemas allowed; default 32. The platform's limit is not public.
	SchemaDepth int
	// OperationIDLength is the longest operationId allowed; default 80. The platform's limit is not public.
	OperationIDLength int
}

// Lint checks c by all rules that opts choose. opts may be nil.
func (c *Connector) Lint(opts *LintOptions) diag.List {
	l := newLint(c, opts)
	l.run()
	return l.list()
}

// LintAll checks every connector of fsys, in either form, and what rules of the solution form say about
// the package around them. Connectors that cannot be read are findings too; the error is one of fsys or
// of a manifest that cannot be read.
func LintAll(fsys fs.FS, opts *LintOptions) (diag.List, error) {
	var out diag.List
	for c, err := range All(fsys) {
		if err != nil {
			d, ok := Diagnose(err)
			if !ok {
				return out, err
			}
			out = append(out, d)
			continue
		}
		out = append(out, c.Lint(opts)...)
	}
	found, err := LintPackage(fsys, opts)
	out = append(out, found...)
	out.Sort()
	return out, err
}

// Rules returns the catalogue, ordered by id as written in the documentation.
func Rules() iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for _, r := range catalogue() {
			if !yield(diag.Rule{ID: r.id, Severity: r.severity, Summary: r.summary, Help: r.help}) {
				return
			}
		}
	}
}

// Class says when a rule takes part.
type Class uint8

// The classes of rules.
const (
	Always        Class = iota // in every run
	Certification              // with LintOptions.Certification
	Deploy                     // with LintOptions.Deploy
)

// String returns "always", "certification" or "deploy".
func (c Class) String() string { return [...]string{"always", "certification", "deploy"}[c] }

// ClassOf returns the class of a rule of the catalogue, [Always] for an id that is not in it.
func ClassOf(id string) Class {
	if r := ruleByID()[id]; r != nil {
		return r.class
	}
	return Always
}

// A rule is one row of the catalogue. check is the function that finds it, of one of the types below;
// nil for rules that reading or the schemas find.
type rule struct {
	id       string
	severity diag.Severity
	class    Class
	summary  string
	help     string
	check    any
}

type (
	connectorCheck  = func(*lint)                       // once for a connector
	pathCheck       = func(*lint, *pathItem)            // each path item
	operationCheck  = func(*lint, *operation)           // each operation
	parameterCheck  = func(*lint, *parameter)           // each parameter as written, not at its uses
	schemaCheck     = func(*lint, *schemaAt)            // each schema as written
	responseCheck   = func(*lint, *response)            // each response as written
	connectionCheck = func(*lint, *connectionParameter) // each connection parameter, those of sets included
	policyCheck     = func(*lint, *policyInstance)      // each policy
)

// schemaAt is a schema where it is written. input and output say what reaches it.
type schemaAt struct {
	keywords
	input, output bool
	body          bool // the root of a body
	response      bool // the root of a response
	property      bool // a member of "properties"
	mandatory     bool // a property that its owner requires
	named         bool // an entry of "definitions"
	notification  bool // within x-ms-notification-content
}

type response struct {
	node   int32
	key    string // "" for a shared response
	op     *operation
	ref    int32
	schema int32
}

// checks are the functions of the rules that take part, by what they look at.
type checks struct {
	connector  []ruleCheck[connectorCheck]
	path       []ruleCheck[pathCheck]
	operation  []ruleCheck[operationCheck]
	parameter  []ruleCheck[parameterCheck]
	schema     []ruleCheck[schemaCheck]
	response   []ruleCheck[responseCheck]
	connection []ruleCheck[connectionCheck]
	policy     []ruleCheck[policyCheck]
}

type ruleCheck[F any] struct {
	rule *rule
	f    F
}

var ruleByID = sync.OnceValue(func() map[string]*rule {
	m := map[string]*rule{}
	for _, r := range catalogue() {
		m[r.id] = r
	}
	return m
})

// A lint is one run over one connector.
type lint struct {
	c       *Connector
	d       *definition
	opts    LintOptions
	off     map[string]bool
	checks  checks
	current *rule
	found   []finding

	callsOf *operation // whose dynamic calls stand in calls
	calls   []dynamic
}

type finding struct {
	rule  *rule
	f     *file
	n     int32
	atKey bool
	at    *diag.Location // instead of f and n
	text  string
	fixes []diag.Fix

	own    diag.Severity
	hasOwn bool
}

func newLint(c *Connector, opts *LintOptions) *lint {
	l := &lint{c: c, d: c.def, off: map[string]bool{}}
	if opts != nil {
		l.opts = *opts
	}
	if l.opts.SchemaDepth <= 0 {
		l.opts.SchemaDepth = 32
	}
	if l.opts.OperationIDLength <= 0 {
		l.opts.OperationIDLength = 80
	}
	for _, id := range l.opts.Disable {
		l.off[id] = true
	}
	for _, r := range catalogue() {
		if l.takesPart(r) {
			l.checks.add(r)
		}
	}
	return l
}

func (l *lint) takesPart(r *rule) bool {
	return !l.off[r.id] && (r.class == Always || r.class == Certification && l.opts.Certification || r.class == Deploy && l.opts.Deploy)
}

func (c *checks) add(r *rule) { c.addAs(r, r) }

// addAs adds the check of part under the name of r.
func (c *checks) addAs(r, part *rule) {
	switch f := part.check.(type) {
	case nil:
	case []any:
		for _, one := range f {
			part := *r
			part.check = one
			c.addAs(r, &part)
		}
	case connectorCheck:
		c.connector = append(c.connector, ruleCheck[connectorCheck]{r, f})
	case pathCheck:
		c.path = append(c.path, ruleCheck[pathCheck]{r, f})
	case operationCheck:
		c.operation = append(c.operation, ruleCheck[operationCheck]{r, f})
	case parameterCheck:
		c.parameter = append(c.parameter, ruleCheck[parameterCheck]{r, f})
	case schemaCheck:
		c.schema = append(c.schema, ruleCheck[schemaCheck]{r, f})
	case responseCheck:
		c.response = append(c.response, ruleCheck[responseCheck]{r, f})
	case connectionCheck:
		c.connection = append(c.connection, ruleCheck[connectionCheck]{r, f})
	case policyCheck:
		c.policy = append(c.policy, ruleCheck[policyCheck]{r, f})
	default:
		panic("connector: rule " + r.id + " has a check of an unknown type")
	}
}

func apply[T any](l *lint, checks []ruleCheck[func(*lint, T)], v T) {
	for i := range checks {
		l.current = checks[i].rule
		checks[i].f(l, v)
	}
}

func (l *lint) run() {
	l.readings()
	if l.otherVersion() {
		return
	}
	l.structure()
	for _, c := range l.checks.connector {
		l.current = c.rule
		c.f(l)
	}
	if !l.d.missing {
		l.walkDefinition()
	}
	for i := range l.c.props.all {
		apply(l, l.checks.connection, &l.c.props.all[i])
	}
	for i := range l.c.props.policyOf {
		apply(l, l.checks.policy, &l.c.props.policyOf[i])
	}
}

// walkDefinition visits everything in the definition once, in document order of its kinds.
func (l *lint) walkDefinition() {
	for _, item := range l.d.items {
		apply(l, l.checks.path, item)
		for _, p := range item.params {
			l.visitParameter(p)
		}
		if item.notification != 0 {
			if s := l.d.tree.Get(item.notification, "schema"); s != 0 {
				l.visitSchema(&schemaAt{keywords: l.d.keywords(s), output: true, notification: true})
			}
		}
		for _, o := range item.ops {
			l.visitOperation(o)
		}
	}
	for _, p := range l.d.shared {
		l.visitParameter(p)
	}
	if l.d.responses != 0 {
		for c := range l.d.tree.Children(l.d.responses) {
			l.visitResponse(&response{node: c})
		}
	}
	if l.d.definitions != 0 {
		for c := range l.d.tree.Children(l.d.definitions) {
			s := l.d.schemaMap[l.d.tree.Key(c)]
			l.visitSchema(&schemaAt{keywords: l.d.keywords(c), input: s.input, output: s.output, named: true})
		}
	}
}

func (l *lint) visitOperation(o *operation) {
	apply(l, l.checks.operation, o)
	for _, p := range o.list {
		if !p.fromPath {
			l.visitParameter(p)
		}
	}
	if o.responses != 0 {
		for c := range l.d.tree.Children(o.responses) {
			if l.d.tree.Kind(c) == jsonspan.Object {
				l.visitResponse(&response{node: c, key: l.d.tree.Key(c), op: o})
			}
		}
	}
}

// visitParameter checks a parameter where it is written: a reference only as such.
func (l *lint) visitParameter(p *parameter) {
	apply(l, l.checks.parameter, p)
	if p.use == p.node && p.schema != 0 {
		l.visitSchema(&schemaAt{keywords: l.d.keywords(p.schema), input: true, body: true})
	}
}

func (l *lint) visitResponse(r *response) {
	r.ref, r.schema = l.d.tree.Get(r.node, "$ref"), l.d.tree.Get(r.node, "schema")
	apply(l, l.checks.response, r)
	if r.schema != 0 {
		l.visitSchema(&schemaAt{keywords: l.d.keywords(r.schema), output: true, response: true})
	}
}

func (l *lint) visitSchema(s *schemaAt) {
	if l.d.kind(s.node) != jsonspan.Object {
		return
	}
	apply(l, l.checks.schema, s)
	if s.properties != 0 {
		required := l.d.nameSet(s.required)
		for c, end := s.properties+1, l.d.tree.Node(s.properties).Next; c < end; c = l.d.tree.Node(c).Next {
			l.visitSchema(&schemaAt{keywords: l.d.keywords(c), input: s.input, output: s.output, property: true, mandatory: required.has(l.d.tree.PlainKey(c)), notification: s.notification})
		}
	}
	below := func(n int32) {
		l.visitSchema(&schemaAt{keywords: l.d.keywords(n), input: s.input, output: s.output, notification: s.notification})
	}
	if s.items != 0 {
		below(s.items)
	}
	if s.additional != 0 {
		below(s.additional)
	}
	if s.allOf != 0 {
		for c := range l.d.tree.Children(s.allOf) {
			below(c)
		}
	}
}

// find notes a finding of the current rule at a node of the definition.
func (l *lint) find(n int32, format string, args ...any) *finding {
	if l.d.missing {
		return &finding{f: l.d.file, n: n} // nothing can be said about what is not there
	}
	return l.findIn(value{l.d.file, n}, format, args...)
}

func (l *lint) findIn(v value, format string, args ...any) *finding {
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	l.found = append(l.found, finding{rule: l.current, f: v.f, n: v.n, text: text})
	return &l.found[len(l.found)-1]
}

// findAt notes a finding of the current rule at a place outside of JSON.
func (l *lint) findAt(at diag.Location, format string, args ...any) *finding {
	l.found = append(l.found, finding{rule: l.current, at: &at, text: fmt.Sprintf(format, args...)})
	return &l.found[len(l.found)-1]
}

// key puts the finding at the key of its member.
func (f *finding) key() *finding { f.atKey = true; return f }

// fix adds one way to repair.
func (f *finding) fix(message string, edits ...jsonspan.Edit) {
	fix := diag.Fix{Message: message}
	for _, e := range edits {
		fix.Edits = append(fix.Edits, f.f.sourceEdit(e))
	}
	f.fixes = append(f.fixes, fix)
}

func (f *finding) fixRemove()             { f.fix("remove it", f.f.tree.Remove(f.n)) }
func (f *finding) fixReplace(json string) { f.fix("write "+json, f.f.tree.Replace(f.n, json)) }
func (f *finding) fixRename(key string)   { f.fix("rename it to "+key, f.f.tree.Rename(f.n, key)) }
func (f *finding) fixInsert(key, json string) {
	f.fix(fmt.Sprintf("add %s: %s", key, json), f.f.tree.Insert(f.n, key, json))
}

// list turns the findings into diagnostics, each once, sorted.
func (l *lint) list() diag.List {
	slices.SortStableFunc(l.found, func(a, b finding) int {
		return cmp.Or(strings.Compare(fileName(a), fileName(b)), cmp.Compare(a.n, b.n), strings.Compare(a.rule.id, b.rule.id), strings.Compare(a.text, b.text))
	})
	out := make(diag.List, 0, len(l.found))
	var pointers *jsonspan.Pointers
	var of *file
	for i, f := range l.found {
		if i > 0 && same(l.found[i-1], f) {
			continue
		}
		d := diag.Diagnostic{Rule: f.rule.id, Severity: f.rule.severity, Message: f.text, Fixes: f.fixes}
		if f.hasOwn {
			d.Severity = f.own
		}
		if s, ok := l.opts.Severity[f.rule.id]; ok {
			d.Severity = s
		}
		switch {
		case f.at != nil:
			d.Location = *f.at
		case f.f.name == "" && l.c.element != nil:
			d.Location = l.c.element.location("scriptoperations")
			d.Fixes = nil
		default:
			d.Location = f.f.place(f.n, f.atKey)
			if f.f != of && f.f.tree != nil {
				of, pointers = f.f, f.f.tree.Pointers()
			}
			if f.f.tree != nil {
				d.Location.Path = pointers.At(f.n)
			}
		}
		out = append(out, d)
	}
	out.Sort()
	return out
}

func fileName(f finding) string {
	if f.f == nil {
		return ""
	}
	return f.f.name
}

func same(a, b finding) bool {
	if (a.at == nil) != (b.at == nil) || a.at != nil && *a.at != *b.at {
		return false
	}
	return a.rule == b.rule && a.f == b.f && a.n == b.n && a.text == b.text
}
