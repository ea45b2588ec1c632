package inventory

import (
	"cmp"
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/model"
)

// baseLanguage is the language of names, if there is a choice.
const baseLanguage = 1033

// listed are the kinds that have a list of their own, or are told in that of what they belong to. All others are Others.
var listed = map[solution.ComponentType]bool{
	solution.TypeEntity: true, solution.TypeAttribute: true, solution.TypeEntityKey: true, solution.TypeEntityRelationship: true,
	solution.TypeOptionSet: true, solution.TypeSavedQuery: true, solution.TypeWorkflow: true, solution.TypeRole: true,
	solution.TypeFieldSecurityProfile: true, solution.TypeFieldPermission: true, solution.TypeAppModule: true, solution.TypeCanvasApp: true,
	solution.TypeBot: true, solution.TypeEnvironmentVariableDefinition: true, solution.TypeEnvironmentVariableValue: true,
	solution.TypeConnectionReference: true, solution.TypeConnector: true, solution.TypePluginType: true,
	solution.TypeSDKMessageProcessingStep: true, solution.TypeCustomAPI: true, solution.TypeCustomAPIRequestParameter: true,
	solution.TypeCustomAPIResponseProperty: true, solution.TypeWebResource: true,
}

func (s *Solution) manifest(m *solution.Manifest) {
	s.UniqueName, s.Version, s.Kind = m.UniqueName(), m.VersionText(), m.Kind().String()
	s.Title = cmp.Or(model.Text(m.DisplayNames(), baseLanguage), s.UniqueName)
	s.Description = model.Text(m.Descriptions(), baseLanguage)
	p := m.Publisher()
	s.Publisher = Publisher{p.UniqueName, cmp.Or(model.Text(p.DisplayNames, baseLanguage), p.UniqueName), p.Prefix}
	if of, ok := m.PatchOf(); ok {
		s.PatchOf = of.Name
	}
}

func (r *reader) counts() []Count {
	n := map[solution.ComponentType]int{}
	for c := range r.model.Components() {
		n[c.Type()]++
	}
	out := []Count{}
	for t, count := range n {
		out = append(out, Count{t.Title(), count})
	}
	sortBy(out, func(c Count) []string { return []string{c.Kind} })
	return out
}

func (r *reader) others() []Other {
	parts := map[solution.Key]bool{} // of agents of the solution
	for b := range r.model.Bots() {
		for c := range b.Components() {
			parts[c.Key()] = true
		}
	}
	out := []Other{}
	for c := range r.model.Components() {
		switch {
		case listed[c.Type()] || parts[c.Key()]:
			continue
		case c.Type() == solution.TypeSystemForm && c.OwnerKey().Type() == solution.TypeEntity:
			continue
		}
		o := Other{Kind: c.Type().Title(), Name: nameOf(c), Title: c.DisplayName(baseLanguage)}
		if owner, ok := c.Owner(); ok {
			o.In = owner.DisplayName(baseLanguage)
		}
		out = append(out, o)
	}
	sortBy(out, func(o Other) []string { return []string{o.Kind, o.Name, o.In, o.Title} })
	return out
}

// nameOf is the name of a component, its GUID if it has none.
func nameOf(c model.Component) string {
	if c.Name() == "" && !c.ID().IsZero() {
		return c.ID().String()
	}
	return c.Name()
}

// titleOf is what people call a component of a key, that of this solution if it holds it.
func (r *reader) titleOf(k solution.Key) string {
	if c, ok := r.content.Component(k); ok && c.DisplayName != "" {
		return c.DisplayName
	}
	if k.Name() == "" && !k.ID().IsZero() {
		return k.ID().String()
	}
	return k.Name()
}

// titlesOf are those of several components, sorted.
func (r *reader) titlesOf(keys []solution.Key) []string {
	out := []string{}
	for _, k := range keys {
		out = append(out, r.titleOf(k))
	}
	return sorted(out)
}

func (r *reader) needs() []Need {
	out := []Need{}
	m := r.model.Manifest()
	if m == nil {
		return out
	}
	for d := range m.Dependencies() {
		from := d.Required.Solution.Name
		if v := d.Required.Solution.Version; !v.IsZero() && from != "" {
			from += " " + v.String()
		}
		out = append(out, Need{d.Required.Key.Type().Title(), endName(d.Required), from, endName(d.Dependent)})
	}
	sortBy(out, func(n Need) []string { return []string{n.Solution, n.Kind, n.Name, n.By} })
	return slices.Compact(out)
}

func endName(e solution.End) string {
	name := cmp.Or(e.DisplayName, e.SchemaName, e.Key.Name())
	if name == "" && !e.ID.IsZero() {
		name = e.ID.String()
	}
	if in := cmp.Or(e.ParentDisplayName, e.ParentSchemaName); in != "" {
		name = in + ": " + name
	}
	return name
}

func (r *reader) findings() []Finding {
	var manifest diag.List
	if m := r.model.Manifest(); m != nil {
		manifest = m.Check()
	}
	out := []Finding{}
	for _, d := range diag.Join(manifest, r.content.Diagnostics(), r.set.CheckUses(), r.model.Diagnostics()) {
		out = append(out, Finding{d.Rule, d.Severity, d.Message, d.Location.Path})
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	return out
}

// sortBy sorts a list by texts without regard to case, then by the texts themselves.
func sortBy[T any](list []T, by func(T) []string) {
	type keyed struct {
		folded, exact []string
		value         T
	}
	keys := make([]keyed, len(list))
	for i, v := range list {
		exact := by(v)
		folded := make([]string, len(exact))
		for k, text := range exact {
			folded[k] = solution.Fold(text)
		}
		keys[i] = keyed{folded, exact, v}
	}
	slices.SortStableFunc(keys, func(a, b keyed) int {
		return cmp.Or(slices.Compare(a.folded, b.folded), slices.Compare(a.exact, b.exact))
	})
	for i := range keys {
		list[i] = keys[i].value
	}
}

// sorted sorts texts and drops repetitions and empty ones.
func sorted(list []string) []string {
	list = slices.DeleteFunc(list, func(text string) bool { return text == "" })
	sortBy(list, func(text string) []string { return []string{text} })
	return append([]string{}, slices.Compact(list)...) // no list is null in JSON
}

func collect[T, V any](list iter.Seq[T], view func(T) V) []V {
	out := []V{}
	for x := range list {
		out = append(out, view(x))
	}
	return out
}

// wordOf returns the word for a number that a file gives, the number if there is none, and nothing if it gives none.
func wordOf(words map[int]string, n int, ok bool) string {
	if !ok {
		return ""
	}
	if word, known := words[n]; known {
		return word
	}
	return number(n)
}
