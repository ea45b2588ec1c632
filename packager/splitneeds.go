package packager

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// variableCall finds @environmentVariables("name"), in JSON and XML too, where the quotes are escaped.
var variableCall = regexp.MustCompile(`(?i)environmentVariables\(\s*(?:\\*["']|\\u002[27]|&quot;|&apos;|&#3[49];)([A-Za-z0-9_]+)(?:\\|["'&])`)

// variableNames returns the environment variables that a file of a connector names, each once, in their order.
func variableNames(data []byte) []string {
	var out []string
	for _, m := range variableCall.FindAllSubmatch(data, -1) {
		name := string(m[1])
		if !slices.ContainsFunc(out, func(have string) bool { return solution.Fold(have) == solution.Fold(name) }) {
			out = append(out, name)
		}
	}
	return out
}

// manifests makes the manifests of both solutions.
func (s *splitting) manifests(opts *SplitOptions) (first, rest *solution.Manifest, err error) {
	m := s.tree.manifest
	if first, err = s.renamed(opts); err != nil {
		return nil, nil, &Error{Op: "split", Path: otherSolution, Err: err}
	}
	var roots [2][]solution.RootComponent // 0: goes, 1: stays
	for rc := range m.RootComponents() {
		roots[s.side(rc.Key)] = append(roots[s.side(rc.Key)], rc)
	}
	var needs [2][]solution.Dependency
	for d := range m.Dependencies() {
		needs[s.side(d.Dependent.Key)] = append(needs[s.side(d.Dependent.Key)], d)
	}
	set, err := connref.Scan(s.tree)
	if err != nil {
		return nil, nil, &Error{Op: "split", Err: err}
	}
	s.added = s.newNeeds(set, needs[1], solution.Ref{Name: first.UniqueName(), Version: m.Version(), VersionText: m.VersionText()})
	needs[1] = withNeeds(needs[1], s.added)
	parts := [2]*solution.Manifest{first, m}
	for i := range parts {
		if parts[i], err = parts[i].WithRootComponents(roots[i]...); err == nil {
			parts[i], err = parts[i].WithDependencies(needs[i]...)
		}
		if err != nil {
			return nil, nil, &Error{Op: "split", Path: otherSolution, Err: err}
		}
	}
	return parts[0], parts[1], nil
}

func (s *splitting) side(k solution.Key) int {
	if s.goes(k) {
		return 0
	}
	return 1
}

// renamed returns the manifest under the names of the connectors' solution.
func (s *splitting) renamed(opts *SplitOptions) (*solution.Manifest, error) {
	m := s.tree.manifest
	name := cmp.Or(opts.Name, m.UniqueName()+"Connectors")
	if solution.Fold(name) == solution.Fold(m.UniqueName()) {
		return nil, fmt.Errorf("unique name %q is that of the solution itself: give the one of the connectors another", name)
	}
	labels := m.Names()
	for i := range labels {
		labels[i].Text = cmp.Or(opts.DisplayName, labels[i].Text+" Connectors")
	}
	if len(labels) == 0 && opts.DisplayName != "" {
		labels = []solution.Label{{Text: opts.DisplayName}}
	}
	m, err := m.WithUniqueName(name)
	if err != nil {
		return nil, err
	}
	if m, err = m.WithConfigurationPage(""); err != nil {
		return nil, err
	}
	return m.WithNames(labels...)
}

// A splitNeed is a component that stays and one that goes, to which it refers.
type splitNeed struct{ by, need solution.Key }

// newNeeds returns the dependencies that the split makes, sorted, without those that are there.
func (s *splitting) newNeeds(set *connref.Set, have []solution.Dependency, provider solution.Ref) []solution.Dependency {
	seen := map[splitNeed]bool{}
	var pairs []splitNeed
	add := func(by, need solution.Key) {
		if x, ok := s.content.Component(by); ok {
			by = x.Key
		}
		if p := (splitNeed{by, need}); !s.goes(by) && !seen[p] {
			seen[p] = true
			pairs = append(pairs, p)
		}
	}
	for ref := range s.content.References() {
		switch {
		case ref.Edge == content.FlowConnector:
			// A flow with a connection reference depends on that; one without has FlowRawConnection too.
		case ref.To.Type == solution.TypeConnector:
			for _, c := range s.connectors {
				if s.means(ref, c) {
					add(ref.From, c.key)
				}
			}
		case s.goes(ref.To):
			add(ref.From, solution.Key{Type: ref.To.Type, Name: ref.To.Name})
		}
	}
	for _, raw := range set.Raw {
		for _, c := range s.connectors {
			if raw.By.Type == solution.TypeCanvasApp && connref.IsRuntimeID(c.name, raw.Connector) { // flows are in content
				add(raw.By, c.key)
			}
		}
	}
	used := map[solution.Key]bool{}
	var out []solution.Dependency
	slices.SortFunc(pairs, func(a, b splitNeed) int { return cmp.Or(compareKeys(a.need, b.need), compareKeys(a.by, b.by)) })
	for _, p := range pairs {
		used[p.need] = true
		d := solution.Dependency{Required: s.end(p.need, set), Dependent: s.end(p.by, set)}
		d.Required.Solution = provider
		if !slices.ContainsFunc(have, func(h solution.Dependency) bool {
			return h.Required.Key.Match(d.Required.Key) && h.Dependent.Key.Match(d.Dependent.Key)
		}) {
			out = append(out, d)
		}
	}
	for _, c := range s.connectors {
		if !used[c.key] {
			s.note(finding(ruleSplitUnused, c.file, "nothing that stays refers to connector %q: no missing dependency asks for it", c.name))
		}
	}
	return out
}

// means reports whether a reference is to a connector: by key, or by an id of it at run time.
func (s *splitting) means(ref content.Reference, c splitConnector) bool {
	return ref.To.Match(c.key) || connref.IsRuntimeID(c.name, ref.Text)
}

// end returns how a dependency names a component of the tree.
func (s *splitting) end(k solution.Key, set *connref.Set) solution.End {
	x, _ := s.content.Component(k)
	name, title := k.Name, x.DisplayName
	if x.Root != nil && x.Root.SchemaName != "" {
		name = x.Root.SchemaName
	}
	switch k.Type {
	case solution.TypeConnector:
		for _, c := range s.connectors {
			if c.key == k {
				name, title = c.name, c.title
			}
		}
	case solution.TypeConnectionReference:
		if ref, ok := set.Reference(name); ok {
			name = ref.LogicalName
		}
		title = name // as exports have it
	case solution.TypeEnvironmentVariableDefinition:
		if v, ok := set.Variable(name); ok {
			name = v.SchemaName
		}
	}
	e := solution.NewEnd(k.Type, k.Parent, name, k.ID)
	e.DisplayName = cmp.Or(title, name)
	return e
}

// withNeeds puts new dependencies behind those that are there, or between them if they are sorted as
// unpacking sorts them.
func withNeeds(have, added []solution.Dependency) []solution.Dependency {
	all := append(slices.Clone(have), added...)
	if slices.IsSortedFunc(have, compareNeeds) {
		slices.SortStableFunc(all, compareNeeds)
	}
	return all
}

// compareNeeds is the order of [dependencySortKey].
func compareNeeds(a, b solution.Dependency) int {
	key := func(d solution.Dependency) []string {
		named := ""
		for _, k := range d.Required.Alternates {
			if k.Column == "schemaname" {
				named = k.Value
			}
		}
		return []string{d.Required.TypeText, d.Required.SchemaName, named}
	}
	return slices.CompareFunc(key(a), key(b), compareCulture)
}

func compareKeys(a, b solution.Key) int {
	return cmp.Or(strings.Compare(string(a.Type), string(b.Type)), strings.Compare(a.Parent, b.Parent), strings.Compare(a.Name, b.Name),
		bytes.Compare(a.ID[:], b.ID[:]))
}
