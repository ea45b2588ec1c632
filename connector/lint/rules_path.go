package lint

import (
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
)

func pathRules() []rule {
	return []rule{
		{"CONN-PATH-001", fails, Always, "a path does not start with a slash", "", connectorCheck(pathStart)},
		{"CONN-PATH-002", fails, Always, "two paths differ only in case", "", connectorCheck(pathCase)},
		{"CONN-PATH-003", fails, Always, "a path holds a query or fragment", "", pathCheck(pathQuery)},
		{"CONN-PATH-004", fails, Always, "a path holds a wildcard", "", pathCheck(pathWildcard)},
		{"CONN-PATH-005", fails, Always, "braces in a path are unbalanced or misplaced", "", pathCheck(pathBraces)},
		{"CONN-PATH-006", fails, Always, "a template variable has a default", "", pathCheck(pathDefaults)},
		{"CONN-PATH-007", fails, Always, "a path item is a reference", "", pathCheck(pathReference)},
		{"CONN-PATH-008", fails, Always, "one method on paths that differ only in the names of variables", "", connectorCheck(pathDuplicate)},
		{"CONN-PATH-009", notes, Always, "a literal path can be taken for one with a variable", "", connectorCheck(pathAmbiguous)},
		{"CONN-PATH-010", fails, Always, "a template variable has no parameter", "", operationCheck(pathVariables)},
		{"CONN-PATH-011", fails, Always, "a path parameter is not in the path", "", operationCheck(pathParameters)},
		{"CONN-PATH-012", notes, Always, "a path ends with a slash", "", pathCheck(pathEnd)},
	}
}

func pathStart(l *lint) {
	if !l.d.IsObject(l.d.Paths) {
		return
	}
	for c := range l.d.Tree.Children(l.d.Paths) {
		if key := l.d.Tree.Key(c); !strings.HasPrefix(key, "/") && !strings.HasPrefix(key, "x-") {
			f := l.find(c, "path %q does not start with a slash", key).key()
			if schemas().definition.props[key] != nil {
				f.text += ": move it to the root, where it belongs"
				continue
			}
			f.fixRename("/" + key)
		}
	}
}

func pathCase(l *lint) {
	seen := map[string]string{}
	for _, item := range l.d.Items {
		fold := strings.ToLower(item.Path)
		if other, ok := seen[fold]; ok && other != item.Path {
			l.find(item.Node, "paths %q and %q differ only in case: join them", other, item.Path).key()
		}
		seen[fold] = item.Path
	}
}

func pathQuery(l *lint, p *index.PathItem) {
	if strings.ContainsAny(p.Literal(), "?#") {
		l.find(p.Node, "path %q holds a query or fragment: make it a query parameter", p.Path).key()
	}
}

func pathWildcard(l *lint, p *index.PathItem) {
	if strings.Contains(p.Literal(), "*") {
		l.find(p.Node, "path %q holds a wildcard: write the path out", p.Path).key()
	}
}

func pathBraces(l *lint, p *index.PathItem) {
	depth, last := 0, rune(0)
	bad := false
	for _, r := range p.Path {
		switch r {
		case '{':
			depth++
			bad = bad || depth > 1
		case '}':
			depth--
			bad = bad || depth < 0 || last == '{'
		case '/':
			bad = bad || depth > 0
		}
		last = r
	}
	if bad || depth != 0 {
		l.find(p.Node, "braces in path %q do not match: close each variable before the next slash", p.Path).key()
	}
}

func pathDefaults(l *lint, p *index.PathItem) {
	for _, v := range p.Vars {
		if name, _, ok := strings.Cut(v, "="); ok {
			l.find(p.Node, "variable %q has a default: declare it at the parameter", v).key().fixRename(strings.Replace(p.Path, "{"+v+"}", "{"+name+"}", 1))
		}
	}
}

func pathReference(l *lint, p *index.PathItem) {
	if n := l.d.Tree.Get(p.Node, "$ref"); n != 0 {
		l.find(n, "a path item may not be a reference: write it out").key()
	}
}

func pathDuplicate(l *lint) {
	seen := map[string]*index.Operation{}
	for _, o := range l.d.Ops {
		key := o.Method + " " + o.Item.Pattern()
		if other, ok := seen[key]; ok && other.Item != o.Item && !strings.EqualFold(other.Item.Path, o.Item.Path) {
			l.find(o.Node, "%s %s is the same as %s: change one", strings.ToUpper(o.Method), o.Item.Path, other.Item.Path).key()
		} else {
			seen[key] = o
		}
	}
}

// maxSteps bounds the paths that are compared: longer ones are far beyond what the platform takes.
const maxSteps = 1000

// pathAmbiguous finds literal steps where another path of the same shape has a variable and the same
// method.
func pathAmbiguous(l *lint) {
	byShape := map[int]*template{} // number of steps
	for i, item := range l.d.Items {
		if len(item.Vars) == 0 {
			continue
		}
		steps := strings.Split(item.Pattern(), "/")
		if len(steps) > maxSteps {
			continue
		}
		t := byShape[len(steps)]
		if t == nil {
			t = &template{first: i}
			byShape[len(steps)] = t
		}
		for _, step := range steps {
			t = t.then(step, i)
		}
		t.items = append(t.items, i)
	}
	for _, item := range l.d.Items {
		if len(item.Vars) > 0 {
			continue
		}
		steps := strings.Split(item.Pattern(), "/")
		if t := byShape[len(steps)]; t != nil {
			if i := t.covering(l.d.Items, item, steps, len(l.d.Items)); i < len(l.d.Items) {
				l.find(item.Node, "path %q can be taken for %q: add a literal step to one", item.Path, l.d.Items[i].Path).key()
			}
		}
	}
}

// A template is what paths with variables have in common up to some step.
type template struct {
	next  map[string]*template
	first int   // of all items behind
	items []int // that end here
}

// then returns what is behind a step.
func (t *template) then(step string, item int) *template {
	n := t.next[step]
	if n == nil {
		n = &template{first: item}
		if t.next == nil {
			t.next = map[string]*template{}
		}
		t.next[step] = n
	}
	return n
}

// covering returns the first item before best that a literal path can be taken for, best if there is none.
func (t *template) covering(items []*index.PathItem, literal *index.PathItem, steps []string, best int) int {
	if t.first >= best {
		return best
	}
	if len(steps) == 0 {
		for _, i := range t.items {
			if i < best && sharesMethod(literal, items[i]) {
				return i
			}
		}
		return best
	}
	if n := t.next[steps[0]]; n != nil {
		best = n.covering(items, literal, steps[1:], best)
	}
	if n := t.next["{}"]; n != nil && steps[0] != "" && steps[0] != "{}" {
		best = n.covering(items, literal, steps[1:], best)
	}
	return best
}

func sharesMethod(a, b *index.PathItem) bool {
	for _, x := range a.Ops {
		for _, y := range b.Ops {
			if x.Method == y.Method {
				return true
			}
		}
	}
	return false
}

// variableName is what a parameter is called: without a default or a catch-all mark.
func variableName(v string) string {
	name, _, _ := strings.Cut(v, "=")
	return strings.TrimLeft(name, "*+")
}

// places are the values of "in"; a parameter with another is CONN-DOC-018.
var places = map[string]bool{"query": true, "header": true, "path": true, "formData": true, "body": true}

func pathVariables(l *lint, o *index.Operation) {
	if len(o.Item.Vars) == 0 {
		return
	}
	declared := map[string]bool{}
	for _, p := range o.List {
		if p.Broken {
			return // it may be any of them
		}
		if p.Place == "path" || !places[p.Place] {
			declared[strings.ToLower(p.NameText)] = true
		}
	}
	for _, v := range o.Item.Vars {
		if name := variableName(v); name != "" && !declared[strings.ToLower(name)] {
			l.find(o.Node, "path variable %q has no parameter: declare it", name).key()
		}
	}
}

func pathParameters(l *lint, o *index.Operation) {
	var variables map[string]bool
	for _, p := range o.List {
		if p.Place != "path" || p.NameText == "" {
			continue
		}
		if variables == nil {
			variables = make(map[string]bool, len(o.Item.Vars))
			for _, v := range o.Item.Vars {
				variables[strings.ToLower(variableName(v))] = true
			}
		}
		if !variables[strings.ToLower(p.NameText)] {
			l.find(p.Use, "path parameter %q is not in the path %q: remove it or change its place", p.NameText, shortPath(o.Item.Path))
		}
	}
}

// shortPath is a path as it stands in a message that there can be one of for each parameter.
func shortPath(path string) string {
	const longest = 300
	if len(path) <= longest {
		return path
	}
	return strings.ToValidUTF8(path[:longest], "") + "..."
}

func pathEnd(l *lint, p *index.PathItem) {
	if len(p.Path) > 1 && strings.HasSuffix(p.Path, "/") {
		l.find(p.Node, "path %q ends with a slash", p.Path).key()
	}
}
