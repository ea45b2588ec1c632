package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A needGroup is what a package needs of one provider, where one finding tells of all of it.
type needGroup struct {
	rule     diag.Rule
	severity diag.Severity
	provider Provider
	unknown  string // the installed solution whose contents are not known
	needed   []id
	needs    []*need
	first    []Subject // of needed, as many as are told
}

// mostNeeded is how many components of a provider are named with their titles.
const mostNeeded = 6

// group adds a needed component to the group of its provider.
func (c *needsCheck) group(g needGroup, n id, needs []*need, about Subject) {
	same := func(have *needGroup) bool {
		return have.rule.ID == g.rule.ID && have.severity == g.severity && have.unknown == g.unknown && solution.Fold(have.provider.Name) == solution.Fold(g.provider.Name)
	}
	at := slices.IndexFunc(c.groups, same)
	if at < 0 {
		at = len(c.groups)
		c.groups = append(c.groups, &g)
	}
	have := c.groups[at]
	if len(have.first) < mostNeeded {
		have.first = append(have.first, about)
	}
	have.provider.Application = cmp.Or(have.provider.Application, g.provider.Application)
	have.needed, have.needs = append(have.needed, n), append(have.needs, needs...)
}

// tellGroup tells of a group: of one component with its title, of several how many there are.
func (c *needsCheck) tellGroup(g *needGroup) {
	facts := Facts{About: g.first[0], Providers: []Provider{g.provider}}
	if g.unknown != "" {
		facts.Case, facts.Unknown = caseProvider, []string{g.unknown}
	}
	var by []id
	if n := len(g.needed); n > 1 {
		facts.About, facts.Needed, facts.Count = Subject{}, g.first, int64(n)
		by = users(g.needs)
	} else {
		by = slices.DeleteFunc(users(g.needs), func(x id) bool { return x == g.needed[0] })
	}
	facts.By = c.subjects(by)
	var about []ComponentID
	for _, n := range g.needed {
		about = append(about, c.text(n))
	}
	about = append(about, c.texts(users(g.needs))...)
	about = append(about, solutionComponent(cmp.Or(g.unknown, g.provider.Name)))
	c.out.tellAs(g.rule, g.severity, c.contents.place(g.needs[0]), about, facts)
}

// refs returns the solutions of which the manifest says that they have a required component or install what has it.
func refs(required *solution.End) []solution.Ref {
	list := []solution.Ref{required.Solution}
	for _, p := range required.Applications {
		list = append(list, p.Solution)
	}
	return list
}

// providerOf returns the solution that the manifest names, in the highest version that it names, so that what one provider has is told
// in one way.
func (c *needsCheck) providerOf(required *solution.End) Provider {
	ref := c.highest(required.Solution)
	p := Provider{Name: ref.Name, Version: ref.VersionText}
	for _, x := range required.Applications {
		p.Application = cmp.Or(p.Application, x.AppName)
	}
	return p
}

// highest returns the reference of the manifest to a solution that has the highest version.
func (c *needsCheck) highest(ref solution.Ref) solution.Ref {
	if c.newest == nil {
		c.newest = map[string]solution.Ref{}
		for i := range c.contents.pkg.dependencies {
			for _, x := range refs(&c.contents.pkg.dependencies[i].Required) {
				if have, ok := c.newest[solution.Fold(x.Name)]; !ok || x.Version.Compare(have.Version) > 0 {
					c.newest[solution.Fold(x.Name)] = x
				}
			}
		}
	}
	if x, ok := c.newest[solution.Fold(ref.Name)]; ok {
		return x
	}
	return ref
}

// unknownProvider returns the installed solution that the manifest names as the provider of a component or of its application, and
// of which nobody knows whether it has it; -1 if there is none.
func (c *needsCheck) unknownProvider(n id, required *solution.End) int32 {
	for _, ref := range refs(required) {
		if i, ok := c.byName[solution.Fold(ref.Name)]; ok && c.solutions[i].installed && !c.knows(i, c.kind(n)) {
			return i
		}
	}
	return -1
}

// isInstalled reports whether the environment lists a solution that the manifest says has a component.
func (c *needsCheck) isInstalled(required *solution.End) bool {
	return slices.ContainsFunc(refs(required), func(ref solution.Ref) bool {
		i, ok := c.byName[solution.Fold(ref.Name)]
		return ok && c.solutions[i].installed
	})
}

// isPlatform reports whether a required component comes with the platform: its provider does, or the application that installs that.
func (c *needsCheck) isPlatform(required *solution.End) bool {
	return slices.ContainsFunc(refs(required), func(ref solution.Ref) bool { return c.isPlatformSolution(ref.Name) })
}

// isPlatformSolution reports whether a solution comes with the platform, as the base or the environment says.
func (w *world) isPlatformSolution(name string) bool {
	return w.base.Solution(name) || slices.ContainsFunc(w.env.PlatformSolutions, func(x string) bool { return solution.Fold(x) == solution.Fold(name) })
}

// ofPlatform notes a component that only a solution of the platform has. That the environment lists other solutions of the
// platform, but not this one or not in a version that has the component, is a warning.
func (c *needsCheck) ofPlatform(n id, needs []*need, provider Provider, about Subject) {
	g := needGroup{rule: rulePlatformSolution, severity: rulePlatformSolution.Severity, provider: provider}
	if i, ok := c.byName[solution.Fold(provider.Name)]; ok && c.solutions[i].installed {
		g.provider.Installed, g.provider.There = true, c.solutions[i].version.String()
	}
	if slices.ContainsFunc(c.env.Solutions, func(in Installed) bool { return c.isPlatformSolution(in.Name) }) {
		g.severity = diag.Warning
	}
	c.group(g, n, needs, about)
}
