package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// readings reports what reading the JSON files saw: CONN-DOC-002, 003, 004, 005.
func (l *lint) readings() {
	for _, f := range l.c.Files() {
		if f.Tree == nil {
			continue
		}
		if f.Tree.BOM() && l.use("CONN-DOC-003") {
			l.findIn(index.Value{File: f, Node: 0}, "the file starts with a byte order mark: save it without").fix("remove the mark", jsonspan.Edit{Start: 0, End: 3})
		}
		for _, n := range f.Tree.Repeated() {
			if l.use("CONN-DOC-004") {
				l.findIn(index.Value{File: f, Node: n}, "the key %q occurs twice in one object and only the last counts: remove one", f.Tree.Key(n)).key().fixRemove()
			}
		}
		for _, m := range f.Tree.Mends() {
			id, text := "CONN-DOC-002", "trailing comma: remove it"
			if m.New != "" {
				id, text = "CONN-DOC-005", "raw control character in a string: write "+m.New
			}
			if l.use(id) {
				at := f.Span(m.Start, m.End)
				found := l.findAt(at, "%s", text)
				found.f = f
				found.fix("mend it", jsonspan.Edit(m))
			}
		}
	}
}

// use makes a rule current if it takes part.
func (l *lint) use(id string) bool {
	r := ruleByID()[id]
	l.current = r
	return r != nil && l.takesPart(r)
}

// otherVersion reports a definition of another OpenAPI version, of which nothing else can be said.
func (l *lint) otherVersion() bool {
	n := l.d.Tree.Get(0, "openapi")
	if n == jsonspan.None || l.d.Tree.Get(0, "swagger") != jsonspan.None {
		return false
	}
	if l.use("CONN-DOC-007") {
		l.find(n, "OpenAPI %s is not supported by custom connectors: convert the definition to Swagger 2.0", l.d.Text(n)).key()
	}
	return true
}

// structure validates every JSON part by its schema.
func (l *lint) structure() {
	s := schemas()
	if !l.d.Missing {
		l.validate(s.definition, index.Value{File: l.d.File, Node: 0})
	}
	p := &l.c.Props
	if p.Whole != nil {
		l.validate(s.properties, index.Value{File: p.Whole, Node: 0})
	} else {
		for _, part := range []struct {
			shape *shape
			v     index.Value
		}{{s.connectionParameters, p.Params}, {s.parameterSets, p.Sets}, {s.policies, p.Policies}, {s.scriptOperations, p.ScriptOps}} {
			if part.v.OK() {
				l.validate(part.shape, part.v)
			}
		}
	}
	if l.c.Settings != nil {
		l.validate(s.settings, index.Value{File: l.c.Settings, Node: 0})
	}
	for i := range p.Instances {
		policy := &p.Instances[i]
		if shape := s.policy[policy.Template]; shape != nil {
			if policy.Params.OK() {
				l.validate(shape, policy.Params)
			} else if len(shape.required) > 0 && l.use("CONN-POL-002") {
				l.findIn(policy.Value, "policy %s has no parameters: it needs %s", policy.Template, strings.Join(shape.required, ", "))
			}
		}
	}
}

func (l *lint) validate(s *shape, v index.Value) {
	unwrapped := s == schemas().properties && v.File.Tree.Get(v.Node, "properties") == jsonspan.None
	for _, f := range s.faults(v.File.Tree, v.Node) {
		if unwrapped && f.parent == v.Node && f.keyword == "additionalProperties" {
			continue // the one fault is CONN-PROP-001
		}
		id := schemas().rules.rule(f.shape.location, f.keyword, f.member)
		if id == "" {
			id = "CONN-DOC-020"
		}
		if l.use(id) {
			l.describe(v.File, f)
		}
	}
}

// describe words a fault of the schemas.
func (l *lint) describe(f *index.File, at fault) {
	t := f.Tree
	v := index.Value{File: f, Node: at.node}
	what := "the value"
	if k := t.Node(at.node); k.KeyStart > 0 {
		what = fmt.Sprintf("%q", t.Key(at.node))
	}
	switch at.keyword {
	case "additionalProperties":
		if l.current.id == "CONN-SCH-004" {
			l.findIn(v, "%q is no keyword of Swagger 2.0: say it without, or remove it", at.member).key().fixRemove()
			return
		}
		found := l.findIn(v, "%q is no property here: remove it", at.member).key()
		if at.shape.ext {
			found.text += ", or begin the name of an extension with x-"
		}
		if near := nearest(at.member, at.shape.props); near != "" && t.Get(at.parent, near) == jsonspan.None {
			found.text = fmt.Sprintf("%q is no property here: did you mean %q?", at.member, near)
			found.fixRename(near)
		} else {
			found.fixRemove()
		}
	case "required":
		if l.current.id == "CONN-DOC-007" {
			l.findIn(v, `swagger is missing: add "swagger": "2.0"`)
			return
		}
		if l.current.id == "CONN-PROP-001" {
			l.findIn(v, `the member "properties" is missing: put everything under it`)
			return
		}
		l.findIn(v, "%q is missing: add it", at.member)
	case "type":
		want := strings.Join(at.shape.types, " or ")
		found := l.findIn(v, "%s is %s: write %s", what, article(t.Kind(at.node).String()), article(want))
		if text := t.Text(at.node); t.Kind(at.node) == jsonspan.String && (want == "boolean" && (text == "true" || text == "false")) {
			found.fixReplace(text)
		} else if t.Kind(at.node) == jsonspan.Bool && want == "string" && (at.shape.texts == nil || slices.Contains(at.shape.texts, string(t.Raw(at.node)))) {
			found.fixReplace(`"` + string(t.Raw(at.node)) + `"`)
		}
	case "enum", "const":
		if l.current.id == "CONN-EXT-001" && t.Kind(at.node) == jsonspan.String && t.Text(at.node) == "" {
			l.findIn(v, "%s is empty and has no effect: remove it, or write one of %s", what, strings.Join(at.shape.texts, ", ")).fixRemove()
			return
		}
		found := l.findIn(v, "%s is %s: write one of %s", what, short(t.Raw(at.node)), strings.Join(at.shape.texts, ", "))
		for _, want := range at.shape.texts {
			if strings.EqualFold(strings.TrimSpace(t.Text(at.node)), want) {
				found.fixReplace(jsonspan.Quote(want))
				if strings.HasPrefix(l.current.id, "CONN-POL-") { // the platform compares names of templates without regard to case
					found.severity(warns)
				}
			}
		}
	case "uniqueItems":
		l.findIn(v, "%s holds a value twice: keep one", what)
	case "minItems", "minLength":
		l.findIn(v, "%s is empty: give a value or remove it", what)
	default:
		l.findIn(v, "%s is %s: write it in the form %s", what, short(t.Raw(at.node)), at.shape.pattern)
	}
}

func article(noun string) string {
	if noun == "null" {
		return noun
	}
	if noun != "" && strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

func short(raw []byte) string {
	const most = 60
	if len(raw) > most {
		return strings.ToValidUTF8(string(raw[:most]), "") + "…"
	}
	return string(raw)
}

// maxNear bounds the search for a near name.
const maxNear = 2000

// nearest returns the known name closest to name, "" if none is within two edits.
func nearest[V any](name string, known map[string]V) string {
	best, distance := "", 3
	if len(known) > maxNear {
		return ""
	}
	for k := range known {
		if d := editDistance(strings.ToLower(name), strings.ToLower(k), 3); d < distance || d == distance && d < 3 && k < best {
			best, distance = k, d
		}
	}
	if len(name) <= 2*distance {
		return ""
	}
	return best
}

// editDistance counts insertions, deletions, replacements and swaps of neighbours; it gives up at most.
func editDistance(a, b string, most int) int {
	if len(a)-len(b) >= most || len(b)-len(a) >= most {
		return most
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
