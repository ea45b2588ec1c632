package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// provider returns the one that has what is needed, zero if the manifest names none.
func (f *Facts) provider() Provider {
	if len(f.Providers) == 0 {
		return Provider{}
	}
	return f.Providers[0]
}

// needs says who needs what. What is needed has the title that the manifest gives it.
func (f *Facts) needs() string { return f.who("needs") + " " + f.About.titled() }

func sayManagedOnUnmanaged(f *Finding) string {
	x := f.Facts
	where, by := "", x.Solution
	if len(x.Solutions) > 0 {
		where = " (in " + enumerate(x.Solutions) + ")"
	}
	if list := each(x.By); len(list) > 0 {
		by = enumerate(list)
	}
	return fmt.Sprintf("%s exists in the environment only as unmanaged%s: managed %s cannot depend on it; import it in a managed solution first", x.About.Component, where, by)
}

// applications names the applications that have a component, each with the solution that installs it.
func (f *Facts) applications() string {
	var names []string
	for _, p := range f.Providers {
		name := strings.TrimSpace(p.Name + " " + p.Version)
		if p.Application != "" {
			name = fmt.Sprintf("%s (%s)", p.Application, name)
		}
		names = append(names, name)
	}
	return enumerate(names)
}

func sayMissingApplication(f *Finding) string {
	return fmt.Sprintf("%s of application %s: install or update it", f.Facts.needs(), f.Facts.applications())
}

func sayManyMissingApplication(f *Finding, many string) string {
	return fmt.Sprintf("needs %s of application %s: install or update it", many, f.Facts.applications())
}

func sayMissingUnmanaged(f *Finding) string {
	return fmt.Sprintf("%s, which existed only unmanaged (%q) where the package comes from: add it to a package%s", f.Facts.needs(), solution.Active, f.Facts.maybe())
}

func sayManyMissingUnmanaged(f *Finding, many string) string {
	return fmt.Sprintf("needs %s that existed only unmanaged where the package comes from: add them to a package%s", many, f.Facts.maybe())
}

// caseParts is the case of missing-solution about a table of which the package has only parts.
const caseParts = "parts"

// sayMissingSolution goes by what is known of the provider: nobody is named, it is the solution itself in its installed version,
// it is installed or in the batch and lacks the component, or it is nowhere.
func sayMissingSolution(f *Finding) string {
	x := f.Facts
	p := x.provider()
	switch {
	case x.Case == caseParts:
		return fmt.Sprintf("%s has only parts of %s, and no solution that creates it is installed or in the batch: import that first", x.Solution, x.About.Component)
	case p.Name == "":
		return fmt.Sprintf("%s, of which the manifest does not say who provides it: import the solution that has it first%s", x.needs(), x.maybe())
	case p.Installed && solution.Fold(p.Name) == solution.Fold(x.Solution):
		return fmt.Sprintf("%s, which version %s of %s has and this one does not", x.needs(), p.There, x.Solution)
	case p.InBatch:
		return fmt.Sprintf("%s of %s: version %s in the batch does not have it, the package was built against %s%s", x.needs(), p.Name, shown(p.There), p.Version, p.newer())
	case p.Installed:
		return fmt.Sprintf("%s of %s: the installed version %s does not have it, the package was built against %s%s", x.needs(), p.Name, p.There, p.Version, p.newer())
	}
	return fmt.Sprintf("%s, provided by %s (not installed, not in the batch): import it first%s", x.needs(), p.ref(), x.maybe())
}

func sayManyMissingSolution(f *Finding, many string) string {
	x := f.Facts
	p := x.provider()
	switch {
	case p.Name == "", p.Installed && solution.Fold(p.Name) == solution.Fold(x.Solution):
		return ""
	case p.InBatch:
		return fmt.Sprintf("needs %s of %s: version %s in the batch does not have them, the package was built against %s%s", many, p.Name, shown(p.There), p.Version, p.newer())
	case p.Installed:
		return fmt.Sprintf("needs %s of %s: the installed version %s does not have them, the package was built against %s%s", many, p.Name, p.There, p.Version, p.newer())
	}
	return fmt.Sprintf("needs %s of %s (not installed, not in the batch): import it first%s", many, p.ref(), x.maybe())
}

// ref is the provider as manifests write it.
func (p Provider) ref() solution.Ref { return solution.Ref{Name: p.Name, VersionText: p.Version} }

// newer advises a newer package, where the batch has one that is older than what the package was built against.
func (p Provider) newer() string {
	there, err := solution.ParseVersion(p.There)
	built, err2 := solution.ParseVersion(p.Version)
	if !p.InBatch || err != nil || err2 != nil || there.Compare(built) >= 0 {
		return ""
	}
	return fmt.Sprintf(": get a package of %s %s or higher", p.Name, p.Version)
}

func sayVersionLower(f *Finding) string {
	p := f.Facts.provider()
	if advice := p.newer(); advice != "" {
		return fmt.Sprintf("%s %s in the batch is below %s, which %s was built against%s", p.Name, p.There, p.Version, f.Facts.Solution, advice)
	}
	return fmt.Sprintf("%s %s is below %s, which %s was built against: update it first", p.Name, p.There, p.Version, f.Facts.Solution)
}

// neededOf names the components of a provider that a finding is about.
func (f *Finding) neededOf(provider string) string {
	n := min(int(f.Facts.Count), len(f.Components))
	list := f.Components[:n]
	if len(f.Facts.Needed) > 0 {
		list = nil
		for _, s := range f.Facts.Needed {
			list = append(list, ComponentID(s.titled()))
		}
	}
	return fmt.Sprintf("%s of %s (%s)", quantity(n, "component"), provider, enumerateOf(list, n))
}

// sayPlatformSolution tells of one component or several, and of the version that is there without them.
func sayPlatformSolution(f *Finding) string {
	x := f.Facts
	p := x.provider()
	what, it, is := x.needs()+" of "+p.Name, "it", "it is"
	if x.Count > 1 {
		what, it, is = "needs "+f.neededOf(p.Name), "them", "they are"
	}
	there := ""
	if p.Installed {
		there = fmt.Sprintf(", where version %s does not have %s", p.There, it)
	}
	return fmt.Sprintf("%s, which comes with the platform%s: if %s missing there, update or install %s", what, there, is, cmp.Or(p.Application, "the Microsoft app that has "+it))
}

// sayUntracked tells of what is nowhere, or of what a package of the batch brings, which is the provider.
func sayUntracked(f *Finding) string {
	x := f.Facts
	reason := "found nowhere and not declared: add it to a package"
	if p := x.provider(); p.Name != "" {
		reason = fmt.Sprintf("which %s brings, but cannot bring before: it will not work until it is there", p.Name)
	}
	return fmt.Sprintf("%s %s, %s%s", x.who("uses"), x.About.Component, reason, x.maybe())
}

// The cases of inventory-unknown: what cannot be told.
const (
	caseProvider  = "provider"   // whether the provider has the component, or the first of Unknown, as it is called there
	caseNeeded    = "needed"     // whether one of Unknown has the component
	caseUsers     = "users"      // whether Unknown use what the import drops
	caseBroken    = "broken"     // whether Unknown use what the import changes in a way that breaks who uses it
	caseBaseLayer = "base-layer" // whether this solution or one of Solutions has the base layer of the component
	caseDeleted   = "deleted"    // what the import deletes or leaves behind
	caseUses      = "uses"       // whether one of Unknown uses the component
	caseUninstall = "uninstall"  // all that goes with one of Unknown, or whether Unknown use something that goes
	caseUnused    = "uninstall-users"
)

func sayInventoryUnknown(f *Finding) string {
	x := f.Facts
	switch x.Case {
	case caseProvider:
		p := x.provider()
		switch {
		case slices.Contains(x.Unknown, notListed) && x.Count > 1:
			return fmt.Sprintf("needs %s: cannot tell whether %s is installed, because the list of solutions is not complete; give all of it", f.neededOf(p.Name), p.Name)
		case slices.Contains(x.Unknown, notListed):
			return fmt.Sprintf("%s of %s: cannot tell whether that is installed, because the list of solutions is not complete; give all of it", x.needs(), p.Name)
		case x.Count > 1:
			return fmt.Sprintf("needs %s: cannot tell whether the installed %s has them, because its contents are not known; give its package or list what it provides",
				f.neededOf(p.Name), enumerate(x.Unknown))
		}
		return fmt.Sprintf("%s of %s: cannot tell whether the installed %s has it, because its contents are not known; give its package or list what it provides",
			x.needs(), p.Name, enumerate(x.Unknown))
	case caseNeeded:
		return fmt.Sprintf("%s %s: cannot tell whether %s has it, because the contents are not known; give the package or list what it provides",
			x.who("uses"), x.About.Component, enumerate(x.Unknown))
	case caseUsers:
		return fmt.Sprintf("cannot tell whether %s %s what %s drops: the contents are not known; give the package",
			enumerate(x.Unknown), plural(len(x.Unknown), "uses", "use"), x.Solution)
	case caseBroken:
		return fmt.Sprintf("cannot tell whether %s %s what %s changes in ways that break who uses it: the contents are not known; give the package",
			enumerate(x.Unknown), plural(len(x.Unknown), "uses", "use"), x.Solution)
	case caseBaseLayer:
		var list []ComponentID
		for _, c := range f.Components {
			if c.Kind() != kindSolution {
				list = append(list, c)
			}
		}
		return fmt.Sprintf("cannot tell whether %s or %s has the base layer of %s: the environment gives both the same order; the smaller name is taken for the first",
			x.Solution, enumerate(x.Solutions), enumerate(list))
	case caseUses:
		return fmt.Sprintf("cannot tell whether %s uses %s: its contents are not all known; give its package", enumerate(x.Unknown), x.About.Component)
	case caseUninstall:
		return fmt.Sprintf("cannot tell all that goes with %s: its contents are not all known; give its package", enumerate(x.Unknown))
	case caseUnused:
		return fmt.Sprintf("cannot tell whether %s %s something of %s: the contents are not known; give the package",
			enumerate(x.Unknown), plural(len(x.Unknown), "uses", "use"), x.Solution)
	}
	return fmt.Sprintf("cannot tell what %s: %s; give the installed package", x.effect(), x.unknownContents())
}

// effect is what an import does with what its new version dropped.
func (f *Facts) effect() string {
	switch f.Action {
	case Update:
		return fmt.Sprintf("this update of %s leaves behind", f.Solution)
	case Stage:
		return fmt.Sprintf("applying the staged upgrade of %s will delete", f.Solution)
	}
	return fmt.Sprintf("this %s of %s deletes", f.Action, f.Solution)
}

// unknownContents says of which solution, this one or another of Unknown, only the kinds in Values are known.
func (f *Facts) unknownContents() string {
	whose := "its contents"
	if other := enumerate(f.Unknown); other != "" && solution.Fold(other) != solution.Fold(f.Solution) {
		whose = "the contents of " + other
	}
	if len(f.Values) > 0 {
		return "of " + whose + " only kinds " + strings.Join(f.Values, ", ") + " are known"
	}
	return whose + " are unknown"
}

func sayManyInventoryUnknown(f *Finding, many string) string {
	x := f.Facts
	switch x.Case {
	case caseNeeded:
		return fmt.Sprintf("uses %s: cannot tell whether %s %s them, because the contents are not known; give the package or list what it provides",
			many, enumerate(x.Unknown), plural(len(x.Unknown), "has", "have"))
	case caseProvider:
		if slices.Contains(x.Unknown, notListed) {
			return fmt.Sprintf("needs %s of %s: cannot tell whether that is installed, because the list of solutions is not complete; give all of it", many, x.provider().Name)
		}
	default:
		return ""
	}
	return fmt.Sprintf("needs %s of %s: cannot tell whether it has them, because its contents are not known; give its package or list what it provides",
		many, cmp.Or(x.provider().Name, enumerate(x.Unknown)))
}
