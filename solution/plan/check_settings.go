package plan

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// usedReferences returns the folded names of the connection references that something in the batch uses.
func usedReferences(batch []Item) map[string]bool {
	used := map[string]bool{}
	for _, item := range batch {
		for _, u := range item.Solution.set.Uses {
			used[solution.Fold(u.Name)] = true
		}
		for ref := range item.Solution.content.References() {
			if ref.To.Type() == solution.TypeConnectionReference {
				used[ref.To.Name()] = true
			}
		}
	}
	return used
}

// settingsFile is what findings call the settings, whatever file they are from.
const settingsFile = "settings.json"

// settingsPlace is the place of an entry of the settings: by its name, because plans do not depend on the order of entries.
func settingsPlace(list, name string) diag.Location {
	return diag.Location{File: settingsFile, Path: list + "/" + name}
}

func bindingPlace(b connref.Binding) diag.Location {
	return settingsPlace("ConnectionReferences", b.LogicalName)
}

// unknownSettings warns of names in the settings that no package has.
func (r *resolution) unknownSettings() {
	refs, vars := map[string]bool{}, map[string]bool{}
	for _, s := range r.steps {
		for _, ref := range s.pkg.set.References {
			refs[solution.Fold(ref.LogicalName)] = true
		}
		for _, v := range s.pkg.set.Variables {
			vars[solution.Fold(v.SchemaName)] = true
		}
	}
	var found []Finding
	add := func(at diag.Location, kind solution.ComponentType, name string, facts *Facts) {
		about := ComponentOf(solution.NewKey(kind, "", name, solution.GUID{}))
		found = append(found, newFinding(ruleSettingsName, ruleSettingsName.Severity, at, []ComponentID{about}, facts))
	}
	for _, b := range r.settings.ConnectionReferences() {
		if !refs[solution.Fold(b.LogicalName)] {
			add(bindingPlace(b), solution.TypeConnectionReference, b.LogicalName, &Facts{Reference: b.LogicalName})
		}
	}
	for _, a := range r.settings.EnvironmentVariables() {
		if !vars[solution.Fold(a.SchemaName)] {
			add(settingsPlace("EnvironmentVariables", a.SchemaName), solution.TypeEnvironmentVariableDefinition, a.SchemaName, &Facts{Variable: a.SchemaName})
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int { return strings.Compare(string(a.Components[0]), string(b.Components[0])) })
	told := map[string]bool{}
	for _, d := range r.settings.Diagnostics() {
		if !told[d.Message] { // in each entry, perhaps
			told[d.Message] = true
			found = append(found, newFinding(ruleSettingsName, ruleSettingsName.Severity, diag.Location{File: settingsFile}, nil, &Facts{Case: caseMember, Cause: &Cause{d.Rule, d.Message}}))
		}
	}
	r.findings = append(r.findings, found...)
}
