package content

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// finish merges the roots, sorts everything and resolves the references.
func (r *reader) finish(base *Base) *Content {
	c := &Content{manifest: r.manifest, components: mergeRepeated(r.components), references: r.references, calls: sortedCalls(r.calls), unread: r.found}
	c.buildIndex()
	if r.manifest != nil && c.mergeRoots() {
		slices.SortStableFunc(c.components, func(a, b Component) int { return a.Key.Compare(b.Key) })
		c.buildIndex()
	}
	required := map[solution.Key]bool{}
	if r.manifest != nil {
		required = requiredKeys(r.manifest)
	}
	connectors := c.connectors()
	x := resolver{c: c, sets: r.sets, required: required, base: base, connectors: connectors, named: connref.RuntimeIDs(connectors),
		known: make([]resolved, len(c.references.keys.list))}
	for i := range c.references.list {
		x.resolve(&c.references.list[i])
	}
	c.references.sort()
	c.report()
	return c
}

// requiredKeys returns all keys of what a manifest declares as missing.
func requiredKeys(m *solution.Manifest) map[solution.Key]bool {
	required := map[solution.Key]bool{}
	for d := range m.Dependencies() {
		for k := range lookupKeys(d.Required.Key) {
			required[k] = true
		}
		if !d.Required.ID.IsZero() {
			required[solution.IDKey(d.Required.Key.Type(), d.Required.ID)] = true
		}
	}
	return required
}

func (c *Content) buildIndex() {
	c.index = make(map[solution.Key]int, len(c.components))
	for i, x := range c.components {
		note := func(k solution.Key) {
			if _, ok := c.index[k]; !ok {
				c.index[k] = i
			}
		}
		for k := range lookupKeys(x.Key) {
			note(k)
		}
		for _, k := range x.Alternates {
			note(k)
		}
	}
}

// mergeRepeated lists a component once that stands in several places, such as a table with an element that only extends it. The
// longest element is the one that counts.
func mergeRepeated(list []component) []Component {
	order := make([]int32, len(list)) // components are large to be moved
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &list[i], &list[j]
		if c := a.Key.Compare(b.Key); c != 0 {
			return c
		}
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(i, j))
	})
	out := make([]Component, 0, len(list))
	for _, i := range order {
		x := &list[i].Component
		slices.Sort(x.Parts)
		if n := len(out); n > 0 && out[n-1].Key == x.Key {
			have := &out[n-1]
			have.DisplayName = cmp.Or(have.DisplayName, x.DisplayName)
			have.Alternates = append(have.Alternates, x.Alternates...)
			if len(x.Parts) > 0 {
				have.Parts = slices.Compact(slices.Sorted(slices.Values(slices.Concat(have.Parts, x.Parts))))
			}
			continue
		}
		out = append(out, *x)
	}
	return out
}

// mergeRoots notes what the manifest says about components, and lists roots that have no content. It reports whether there are such.
func (c *Content) mergeRoots() (added bool) {
	for root := range c.manifest.RootComponents() {
		found := false
		for k := range lookupKeys(root.Key) {
			if i, ok := c.index[k]; ok {
				c.components[i].Root = &root
				found = true
				break
			}
		}
		if !found && root.Key.HasName() {
			c.components = append(c.components, Component{Key: root.Key, Root: &root, Location: root.Location})
			added = true
		}
	}
	return added
}

// lookupKeys returns the keys by which a component is found: a key with a name and a GUID gives two.
func lookupKeys(k solution.Key) iter.Seq[solution.Key] {
	return func(yield func(solution.Key) bool) {
		if k.Name() == "" || k.ID().IsZero() {
			yield(k)
			return
		}
		_ = yield(solution.NameKey(k.Type(), k.Parent(), k.Name())) && yield(solution.IDKey(k.Type(), k.ID()))
	}
}

type resolver struct {
	known      []resolved // by the number of the key that a reference names
	c          *Content
	sets       map[string]string
	required   map[solution.Key]bool
	base       *Base
	connectors []string // names of the custom connectors in the package
	// pluginTypes are those of the package without versions; made when they are asked for.
	pluginTypes map[string]solution.Key
	named       func(id string) []int // those of connectors that a run-time id can be of
}

// connectors returns the names of the custom connectors.
func (c *Content) connectors() []string {
	var out []string
	for _, x := range c.components {
		if x.Key.Type() == solution.TypeConnector && x.Key.Name() != "" {
			out = append(out, x.Key.Name())
		}
	}
	return out
}

// A resolved key is what many references to it have alike.
type resolved struct {
	known   bool
	to      int32 // the key that it means
	tracked bool
	at      Resolution
}

func (x *resolver) resolve(ref *stored) {
	if ref.resolved == Unknown {
		return
	}
	to := &x.known[ref.to]
	if !to.known {
		*to = x.resolveKey(ref.to)
	}
	ref.to, ref.tracked, ref.resolved = to.to, to.tracked, to.at
	if ref.resolved == None && edges[ref.edge].Edge == RoleTable && !strings.Contains(x.c.references.key(ref.to).Name(), "_") {
		ref.resolved = InBase // a privilege of the platform, not over a table
	}
}

func (x *resolver) resolveKey(n int32) resolved {
	named := x.c.references.key(n)
	to := x.target(named)
	out := resolved{known: true, to: n}
	if to != named {
		out.to = x.c.references.numberOf(to)
	}
	for k := range lookupKeys(to) {
		out.tracked = out.tracked || x.required[k]
	}
	_, held := x.c.Component(to)
	switch {
	case held:
		out.at = InPackage
	case out.tracked:
		out.at = Declared
	case x.base.Has(to), to.Type() == solution.TypeAttribute && x.standardColumn(to):
		out.at = InBase
	}
	return out
}

// target turns the name of a table set into the table, and the run-time id of a custom connector into its name.
func (x *resolver) target(k solution.Key) solution.Key {
	if k.Type() == solution.TypeEntity && k.Parent() == setParent {
		name := k.Name()
		if table, ok := x.sets[name]; ok {
			name = table
		} else if table, ok := x.base.Table(name); ok {
			name = table
		} else if table, ok := x.guess(name); ok {
			name = table
		}
		return solution.NameKey(k.Type(), "", name)
	}
	if k.Type() == solution.TypeConnector && strings.HasPrefix(k.Name(), "shared_") {
		if list := x.named(k.Name()); len(list) > 0 {
			return k.WithName(x.connectors[list[0]])
		}
	}
	if k.Type() == solution.TypePluginType && k.Name() != "" {
		if _, held := x.c.Component(k); !held {
			return x.pluginType(k)
		}
	}
	return k
}

// pluginType returns the plug-in type of the package that a name means but for the version of the assembly: processes keep the one
// that they were made with.
func (x *resolver) pluginType(k solution.Key) solution.Key {
	if x.pluginTypes == nil {
		x.pluginTypes = map[string]solution.Key{}
		for _, c := range x.c.components {
			if name, ok := typeAndAssembly(c.Key.Name()); ok && c.Key.Type() == solution.TypePluginType {
				x.pluginTypes[name] = c.Key
			}
		}
	}
	if name, ok := typeAndAssembly(k.Name()); ok {
		if own, ok := x.pluginTypes[name]; ok {
			return own
		}
	}
	return k
}

// guess finds the table of a set by the endings that the platform gives to set names. Only what the manifest
// names counts: a guess alone proves nothing.
func (x *resolver) guess(set string) (string, bool) {
	for _, table := range []string{strings.TrimSuffix(set, "s"), strings.TrimSuffix(set, "es"), strings.TrimSuffix(set, "ies") + "y", set} {
		if x.required[key(solution.TypeEntity, table)] {
			return table, true
		}
		if _, ok := x.c.Component(key(solution.TypeEntity, table)); ok {
			return table, true
		}
	}
	return "", false
}

// standardColumn reports whether a column is one that the platform makes, with a table of its own or of the package.
func (x *resolver) standardColumn(k solution.Key) bool {
	table := solution.NameKey(solution.TypeEntity, "", k.Parent())
	if _, held := x.c.Component(table); !held && !x.base.Has(table) {
		return false
	}
	return x.base.MakesColumn(k)
}

// maxFindings is how many findings of one rule are made.
const maxFindings = 1000

// report makes the findings: parts that cannot be read, and references that are found nowhere, where that tells something.
func (c *Content) report() {
	c.found = slices.Clone(c.unread)
	counts := map[string]int{} // by rule
	for i := range c.references.list {
		if x := &c.references.list[i]; x.resolved == None && reported(edges[x.edge].Edge) {
			if d := unresolved(c.references.at(i)); counts[d.Rule] < maxFindings {
				c.found = append(c.found, d)
				counts[d.Rule]++
			} else if counts[d.Rule]++; counts[d.Rule] == maxFindings+1 {
				c.found = append(c.found, diag.Diagnostic{Rule: d.Rule, Severity: d.Severity, Location: diag.Location{File: d.Location.File}, Message: "and more findings of this rule"})
			}
		}
	}
	c.found.Sort()
}

// reported reports whether a reference that is found nowhere is a finding.
func reported(e Edge) bool {
	switch e {
	case FlowConnectionReference, CanvasConnectionReference, BotConnectionReference, FlowChild, FlowVariable, FlowTable, CanvasTable, CanvasFlow, BotFlow,
		FlowAgent, FlowDesktop, FlowAction, FlowAIModel, WebResourceLink,
		// Of the following no export that was looked at has one that is found nowhere.
		APIPluginType, AppPage, BotAIModel, CanvasDependency, CanvasLibrary, ColumnChoice, CommandLibrary, OperationPart, ProcessChild, RuleProcess, VariableParent,
		WebResourceDependency:
		return true
	}
	return false
}

// unresolved is the finding that a reference is found nowhere.
func unresolved(ref Reference) diag.Diagnostic {
	rule := ruleUntracked
	switch ref.Edge {
	case FlowConnectionReference, CanvasConnectionReference, BotConnectionReference:
		return connref.MissingReference(connref.Use{By: ref.From, Name: ref.Text, Location: ref.Location})
	case FlowChild, FlowVariable:
		rule = ruleUnresolved
	}
	return diag.Diagnostic{Rule: rule.ID, Severity: rule.Severity, Location: ref.Location,
		Message: fmt.Sprintf("%v refers to %v (%q), which is found nowhere and not declared: add it to a solution", ref.From, ref.To, ref.Text)}
}
