package lint

import (
	"errors"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Options chooses what [Check] looks for. The zero value finds what will not import or save (errors), what goes wrong at run
// time (warnings) and notes. It is a plain value.
type Options struct {
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
	Installed *connector.Connector
	// SchemaDepth is the deepest nesting of schemas allowed; default 32. The platform's limit is not public.
	SchemaDepth int
	// OperationIDLength is the longest operationId allowed; default 80. The platform's limit is not public.
	OperationIDLength int
}

// Check checks c by all rules that opts choose. Those of group SOL compare a connector of a solution with what is around it,
// which is read at the first check and kept with the connectors of that solution; what cannot be read of it is a finding.
// opts may be nil.
func Check(c *connector.Connector, opts *Options) diag.List {
	l := newLint(indexOf(c), opts)
	l.run()
	return l.list()
}

// CheckSolution checks every connector of a solution, read by [connector.ReadLenient], and what [CheckUnclaimed] says about
// the rest. Connectors that are no JSON are findings too, see [Unreadable]; the error is a part that cannot be read for
// other reasons. opts may be nil.
func CheckSolution(p solution.Parts, opts *Options) (diag.List, error) {
	list, err := connector.ReadLenient(p)
	found, err := Unreadable(err)
	lists := []diag.List{found}
	for _, c := range list {
		lists = append(lists, Check(c, opts))
	}
	rest, restErr := CheckUnclaimed(p, opts)
	some, restErr := Unreadable(restErr)
	return diag.Join(append(lists, rest, some)...), errors.Join(err, restErr)
}

// indexOf returns the index of a connector, which package connector keeps to itself and this one.
func indexOf(c *connector.Connector) *index.Connector { return (*index.Handle)(c).Index() }

// A lint is one run over one connector.
type lint struct {
	c       *index.Connector
	d       *index.Definition
	opts    Options
	off     map[string]bool
	checks  checks
	current *rule
	found   []finding

	suggested int // how many names were looked for that may be meant

	mustGive map[*index.Operation][]*index.Parameter // see toGive

	callsOf *index.Operation // whose dynamic calls stand in calls
	calls   []dynamic
}

func newLint(c *index.Connector, opts *Options) *lint {
	l := &lint{c: c, d: c.Def, off: map[string]bool{}}
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
		if r.check != nil && l.takesPart(r) {
			r.check.addTo(&l.checks, r)
		}
	}
	return l
}

func (l *lint) takesPart(r *rule) bool {
	return !l.off[r.id] && (r.class == Always || r.class == Certification && l.opts.Certification || r.class == Deploy && l.opts.Deploy)
}

// schemaAt is a schema where it is written. input and output say what reaches it.
type schemaAt struct {
	index.Keywords
	input, output bool
	body          bool // the root of a body
	response      bool // the root of a response
	property      bool // a member of "properties"
	mandatory     bool // a property that its owner requires
	named         bool // an entry of "definitions"
	notification  bool // within x-ms-notification-content
}

// An itemsAt is what Swagger has instead of a schema outside of bodies: the items of a parameter, a header, or the items of one.
type itemsAt struct {
	index.Keywords
	header bool
}

type response struct {
	node   int32
	key    string // "" for a shared response
	op     *index.Operation
	ref    int32
	schema int32
}

func (l *lint) run() {
	l.readings()
	if l.otherVersion() {
		return
	}
	l.unread()
	l.structure()
	for _, c := range l.checks.connector {
		l.current = c.rule
		c.f(l)
	}
	if !l.d.Missing {
		l.walkDefinition()
	}
	for i := range l.c.Props.Parameters {
		apply(l, l.checks.connection, &l.c.Props.Parameters[i])
	}
	for i := range l.c.Props.Instances {
		apply(l, l.checks.policy, &l.c.Props.Instances[i])
	}
}

// walkDefinition visits everything in the definition once, in document order of its kinds.
func (l *lint) walkDefinition() {
	for _, item := range l.d.Items {
		apply(l, l.checks.path, item)
		for _, p := range item.Params {
			l.visitParameter(p)
		}
		if item.Notification != jsonspan.None {
			if s := l.d.Tree.Get(item.Notification, "schema"); s != jsonspan.None {
				l.visitSchema(&schemaAt{Keywords: l.d.Keywords(s), output: true, notification: true})
			}
			l.visitHeaders(l.d.Tree.Get(item.Notification, "headers"))
		}
		for _, o := range item.Ops {
			l.visitOperation(o)
		}
	}
	for _, p := range l.d.Shared {
		l.visitParameter(p)
	}
	if l.d.Responses != jsonspan.None {
		for c := range l.d.Tree.Children(l.d.Responses) {
			l.visitResponse(&response{node: c})
		}
	}
	if l.d.Definitions != jsonspan.None {
		for c := range l.d.Tree.Children(l.d.Definitions) {
			s := l.d.SchemaMap[l.d.Tree.Key(c)]
			l.visitSchema(&schemaAt{Keywords: l.d.Keywords(c), input: s.Input, output: s.Output, named: true})
		}
	}
}

func (l *lint) visitOperation(o *index.Operation) {
	apply(l, l.checks.operation, o)
	for _, p := range o.List {
		if !p.FromPath {
			l.visitParameter(p)
		}
	}
	if o.Responses != jsonspan.None {
		for c := range l.d.Tree.Children(o.Responses) {
			if l.d.Tree.Kind(c) == jsonspan.Object {
				l.visitResponse(&response{node: c, key: l.d.Tree.Key(c), op: o})
			}
		}
	}
}

// visitParameter checks a parameter where it is written: a reference only as such.
func (l *lint) visitParameter(p *index.Parameter) {
	apply(l, l.checks.parameter, p)
	if p.Use == p.Node && p.Schema != jsonspan.None {
		l.visitSchema(&schemaAt{Keywords: l.d.Keywords(p.Schema), input: true, body: true})
	}
	if p.Written() && p.Place != "body" {
		l.visitItems(p.Items, false)
	}
}

// visitItems checks items or a header, and the items in them.
func (l *lint) visitItems(n int32, header bool) {
	if l.d.Kind(n) != jsonspan.Object {
		return
	}
	s := &itemsAt{l.d.Keywords(n), header}
	apply(l, l.checks.items, s)
	l.visitItems(s.Items, header)
}

func (l *lint) visitResponse(r *response) {
	r.ref, r.schema = l.d.Tree.Get(r.node, "$ref"), l.d.Tree.Get(r.node, "schema")
	apply(l, l.checks.response, r)
	if r.schema != jsonspan.None {
		l.visitSchema(&schemaAt{Keywords: l.d.Keywords(r.schema), output: true, response: true})
	}
	l.visitHeaders(l.d.Tree.Get(r.node, "headers"))
}

func (l *lint) visitHeaders(n int32) {
	if l.d.Kind(n) == jsonspan.Object {
		for c := range l.d.Tree.Children(n) {
			l.visitItems(c, true)
		}
	}
}

func (l *lint) visitSchema(s *schemaAt) {
	if l.d.Kind(s.Node) != jsonspan.Object {
		return
	}
	apply(l, l.checks.schema, s)
	if s.Properties != jsonspan.None {
		required := l.d.NameSet(s.Required)
		for c, end := s.Properties+1, l.d.Tree.Node(s.Properties).Next; c < end; c = l.d.Tree.Node(c).Next {
			l.visitSchema(&schemaAt{Keywords: l.d.Keywords(c), input: s.input, output: s.output, property: true, mandatory: required.Has(l.d.Tree.PlainKey(c)), notification: s.notification})
		}
	}
	below := func(n int32) {
		l.visitSchema(&schemaAt{Keywords: l.d.Keywords(n), input: s.input, output: s.output, notification: s.notification})
	}
	if s.Items != jsonspan.None {
		below(s.Items)
	}
	if s.Additional != jsonspan.None {
		below(s.Additional)
	}
	if s.AllOf != jsonspan.None {
		for c := range l.d.Tree.Children(s.AllOf) {
			below(c)
		}
	}
}
