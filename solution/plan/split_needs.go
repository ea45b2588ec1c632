package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// variableCall finds @environmentVariables("name"), in JSON and XML too, where the quotes are escaped.
var variableCall = lazyregexp.New(`(?i)environmentVariables\(\s*(?:\\*["']|\\u002[27]|&quot;|&apos;|&#3[49];)([A-Za-z0-9_]+)(?:\\|["'&])`)

// variableNames returns the environment variables that a part of a connector names, each once, in their order.
func variableNames(data []byte) []string {
	var out []string
	seen := map[string]bool{}
	for _, m := range variableCall.FindAllSubmatch(data, -1) {
		name := string(m[1])
		if key := solution.Fold(name); !seen[key] {
			seen[key] = true
			out = append(out, name)
		}
	}
	return out
}

// manifests makes the changes of the manifest for both solutions.
func (s *splitting) manifests(opts *SplitOptions) (first, rest *solution.Change, err error) {
	m := s.manifest
	var roots [2][]solution.RootComponent // 0: goes, 1: stays
	for rc := range m.RootComponents() {
		roots[s.side(rc.Key)] = append(roots[s.side(rc.Key)], rc)
	}
	var needs [2][]solution.Dependency
	for d := range m.Dependencies() {
		needs[s.side(d.Dependent.Key)] = append(needs[s.side(d.Dependent.Key)], d)
	}
	name := cmp.Or(opts.Name, m.UniqueName()+"Connectors")
	if solution.Fold(name) == solution.Fold(m.UniqueName()) {
		return nil, nil, fmt.Errorf("unique name %q is that of the solution itself: give the one of the connectors another", name)
	}
	set, err := s.readRaw()
	if err != nil {
		return nil, nil, err
	}
	s.added = s.newNeeds(set, needs[1], solution.Ref{Name: name, Version: m.Version(), VersionText: m.VersionText()})
	needs[1] = append(needs[1], s.added...)
	only := func(i int) func(m *solution.Manifest) (*solution.Manifest, error) {
		return func(m *solution.Manifest) (*solution.Manifest, error) {
			m, err := m.WithRootComponents(roots[i]...)
			if err != nil {
				return nil, err
			}
			return m.WithDependencies(needs[i]...)
		}
	}
	if first, err = solution.EditManifest(s.parts, func(m *solution.Manifest) (*solution.Manifest, error) {
		m, err := renamed(m, name, opts.DisplayName)
		if err != nil {
			return nil, err
		}
		return only(0)(m)
	}); err != nil {
		return nil, nil, err
	}
	rest, err = solution.EditManifest(s.parts, only(1))
	return first, rest, err
}

func (s *splitting) side(k solution.Key) int {
	if s.goes(k) {
		return 0
	}
	return 1
}

// renamed returns the manifest under the names of the connectors' solution.
func renamed(m *solution.Manifest, name, displayName string) (*solution.Manifest, error) {
	labels := m.DisplayNames()
	for i := range labels {
		labels[i].Text = cmp.Or(displayName, labels[i].Text+" Connectors")
	}
	if len(labels) == 0 && displayName != "" {
		labels = []solution.Label{{Text: displayName}}
	}
	m, err := m.WithUniqueName(name)
	if err != nil {
		return nil, err
	}
	if m, err = m.WithConfigurationPage(""); err != nil { // the part may lack that resource
		return nil, err
	}
	return m.WithDisplayNames(labels...)
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
	var names []string
	byKey := spellings{}
	for i, c := range s.connectors {
		names = append(names, c.name)
		byKey.add(c.key, i)
	}
	byID := connref.RuntimeIDs(names)
	for ref := range s.content.References() {
		switch {
		case ref.Edge == content.FlowConnector:
			// A flow with a connection reference depends on that; one without has FlowRawConnection too.
		case ref.To.Type() == solution.TypeConnector:
			for _, i := range byKey.of(ref.To) {
				if s.connectors[i].key.Match(ref.To) {
					add(ref.From, s.connectors[i].key)
				}
			}
			for _, i := range byID(ref.Text) {
				add(ref.From, s.connectors[i].key)
			}
		case s.goes(ref.To):
			add(ref.From, solution.NameKey(ref.To.Type(), "", ref.To.Name()))
		}
	}
	for _, raw := range set.Raw {
		if raw.By.Type() != solution.TypeCanvasApp { // flows are in content
			continue
		}
		for _, i := range byID(raw.Connector) {
			add(raw.By, s.connectors[i].key)
		}
	}
	used := map[solution.Key]bool{}
	known := knownNeeds(have)
	var out []solution.Dependency
	slices.SortFunc(pairs, func(a, b splitNeed) int {
		return cmp.Or(a.need.Compare(b.need), a.by.Compare(b.by))
	})
	for _, p := range pairs {
		used[p.need] = true
		d := solution.Dependency{Required: s.end(p.need, set), Dependent: s.end(p.by, set)}
		d.Required.Solution = provider
		if !known.has(d) {
			out = append(out, d)
		}
	}
	for _, c := range s.connectors {
		if !used[c.key] {
			s.note(ruleSplitUnused, c.at, "nothing that stays refers to connector %q: no missing dependency asks for it", c.name)
		}
	}
	return out
}

// waysToName returns the keys of a component by its id alone and by its name alone. Two keys that match have one of them in common.
func waysToName(k solution.Key) []solution.Key {
	var ways []solution.Key
	if !k.ID().IsZero() {
		ways = append(ways, solution.IDKey(k.Type(), k.ID()))
	}
	if k.Name() != "" || len(ways) == 0 {
		ways = append(ways, solution.NameKey(k.Type(), k.Parent(), k.Name()))
	}
	return ways
}

// spellings find numbers of components that may be the same as one.
type spellings map[solution.Key][]int

func (s spellings) add(k solution.Key, i int) {
	for _, way := range waysToName(k) {
		s[way] = append(s[way], i)
	}
}

func (s spellings) of(k solution.Key) []int {
	var out []int
	for _, way := range waysToName(k) {
		out = append(out, s[way]...)
	}
	return out
}

// A needSet finds dependencies by what their ends are called.
type needSet map[splitNeed][]solution.Dependency

func knownNeeds(list []solution.Dependency) needSet {
	set := needSet{}
	for _, d := range list {
		for _, need := range waysToName(d.Required.Key) {
			for _, by := range waysToName(d.Dependent.Key) {
				set[splitNeed{by, need}] = append(set[splitNeed{by, need}], d)
			}
		}
	}
	return set
}

// has reports whether one of the dependencies has the ends of d.
func (s needSet) has(d solution.Dependency) bool {
	for _, need := range waysToName(d.Required.Key) {
		for _, by := range waysToName(d.Dependent.Key) {
			if slices.ContainsFunc(s[splitNeed{by, need}], func(h solution.Dependency) bool {
				return h.Required.Key.Match(d.Required.Key) && h.Dependent.Key.Match(d.Dependent.Key)
			}) {
				return true
			}
		}
	}
	return false
}

// end returns how a dependency names a component of the solution.
func (s *splitting) end(k solution.Key, set *connref.Set) solution.End {
	x, _ := s.content.Component(k)
	name, title := k.Name(), x.DisplayName
	if x.Root != nil && x.Root.SchemaName != "" {
		name = x.Root.SchemaName
	}
	switch k.Type() {
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
	e := solution.NewEnd(k.Type(), k.Parent(), name, k.ID())
	e.DisplayName = cmp.Or(title, name)
	return e
}
