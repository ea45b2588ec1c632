package connector

import (
	"strings"
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
		{"CONN-PATH-009", warns, Always, "a literal path can be taken for one with a variable", "", connectorCheck(pathAmbiguous)},
		{"CONN-PATH-010", fails, Always, "a template variable has no parameter", "", operationCheck(pathVariables)},
		{"CONN-PATH-011", fails, Always, "a path parameter is not in the path", "", operationCheck(pathParameters)},
		{"CONN-PATH-012", notes, Always, "a path ends with a slash", "", pathCheck(pathEnd)},
	}
}

func pathStart(l *lint) {
	if l.d.paths == 0 {
		return
	}
	for c := range l.d.tree.Children(l.d.paths) {
		if key := l.d.tree.Key(c); !strings.HasPrefix(key, "/") && !strings.HasPrefix(key, "x-") {
			l.find(c, "path %q does not start with a slash", key).key().fixRename("/" + key)
		}
	}
}

func pathCase(l *lint) {
	seen := map[string]string{}
	for _, item := range l.d.items {
		fold := strings.ToLower(item.path)
		if other, ok := seen[fold]; ok && other != item.path {
			l.find(item.node, "paths %q and %q differ only in case: join them", other, item.path).key()
		}
		seen[fold] = item.path
	}
}

func pathQuery(l *lint, p *pathItem) {
	if strings.ContainsAny(p.literal(), "?#") {
		l.find(p.node, "path %q holds a query or fragment: make it a query parameter", p.path).key()
	}
}

func pathWildcard(l *lint, p *pathItem) {
	if strings.Contains(p.literal(), "*") {
		l.find(p.node, "path %q holds a wildcard: write the path out", p.path).key()
	}
}

func pathBraces(l *lint, p *pathItem) {
	depth, last := 0, rune(0)
	bad := false
	for _, r := range p.path {
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
		l.find(p.node, "braces in path %q do not match: close each variable before the next slash", p.path).key()
	}
}

func pathDefaults(l *lint, p *pathItem) {
	for _, v := range p.vars {
		if name, _, ok := strings.Cut(v, "="); ok {
			l.find(p.node, "variable %q has a default: declare it at the parameter", v).key().fixRename(strings.Replace(p.path, "{"+v+"}", "{"+name+"}", 1))
		}
	}
}

func pathReference(l *lint, p *pathItem) {
	if n := l.d.tree.Get(p.node, "$ref"); n != 0 {
		l.find(n, "a path item may not be a reference: write it out").key()
	}
}

func pathDuplicate(l *lint) {
	seen := map[string]*operation{}
	for _, o := range l.d.ops {
		key := o.method + " " + o.item.pattern()
		if other, ok := seen[key]; ok && other.item != o.item && !strings.EqualFold(other.item.path, o.item.path) {
			l.find(o.node, "%s %s is the same as %s: change one", strings.ToUpper(o.method), o.item.path, other.item.path).key()
		} else {
			seen[key] = o
		}
	}
}

// maxSameShape bounds a comparison of each with each.
const maxSameShape = 1000

// pathAmbiguous finds literal steps where another path of the same shape has a variable and the same
// method.
func pathAmbiguous(l *lint) {
	type entry struct {
		item  *pathItem
		steps []string
	}
	byShape := map[int][]entry{} // number of steps
	for _, item := range l.d.items {
		steps := strings.Split(item.pattern(), "/")
		byShape[len(steps)] = append(byShape[len(steps)], entry{item, steps})
	}
	for _, list := range byShape {
		if len(list) > maxSameShape {
			continue // far beyond what the platform takes
		}
		for a := range list {
			if len(list[a].item.vars) > 0 {
				continue
			}
			for b := range list {
				if len(list[b].item.vars) > 0 && covers(list[b].steps, list[a].steps) && sharesMethod(list[a].item, list[b].item) {
					l.find(list[a].item.node, "path %q can be taken for %q: add a literal step to one", list[a].item.path, list[b].item.path).key()
					break
				}
			}
		}
	}
}

func covers(template, literal []string) bool {
	for i := range template {
		if template[i] != literal[i] && (template[i] != "{}" || literal[i] == "") {
			return false
		}
	}
	return true
}

func sharesMethod(a, b *pathItem) bool {
	for _, x := range a.ops {
		for _, y := range b.ops {
			if x.method == y.method {
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

func pathVariables(l *lint, o *operation) {
	for _, v := range o.item.vars {
		name := variableName(v)
		if name == "" {
			continue
		}
		found := false
		for _, p := range o.list {
			found = found || p.broken || (p.place == "path" || !places[p.place]) && strings.EqualFold(p.nameText, name)
		}
		if !found {
			l.find(o.node, "path variable %q has no parameter: declare it", name).key()
		}
	}
}

func pathParameters(l *lint, o *operation) {
	for _, p := range o.list {
		if p.place != "path" || p.nameText == "" {
			continue
		}
		found := false
		for _, v := range o.item.vars {
			found = found || strings.EqualFold(variableName(v), p.nameText)
		}
		if !found {
			l.find(p.use, "path parameter %q is not in the path %q: remove it or change its place", p.nameText, o.item.path)
		}
	}
}

func pathEnd(l *lint, p *pathItem) {
	if len(p.path) > 1 && strings.HasSuffix(p.path, "/") {
		l.find(p.node, "path %q ends with a slash", p.path).key()
	}
}
