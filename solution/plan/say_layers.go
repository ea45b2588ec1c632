package plan

import "fmt"

// byWhom says who creates a table that a package includes: none is named if that is the platform, or nobody is known.
func (f *Facts) byWhom() string {
	if len(f.Solutions) == 0 {
		return "it does not create"
	}
	return enumerate(f.Solutions) + " creates"
}

func sayBehaviorAll(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s includes all of %s, which %s: every part of it gets a layer; add only the parts that it changes", x.Solution, x.About.Component, x.byWhom())
}

func sayManyBehaviorAll(f *Finding, many string) string {
	return fmt.Sprintf("includes all of %s, which %s: every part of them gets a layer; add only the parts that it changes", many, f.Facts.byWhom())
}

func sayColumnType(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: type %s%s becomes %s, which the platform refuses (%s): make a new column", x.About.Component, x.Old, x.in(" of "), x.New, x.Code)
}

// in says in which other solutions something is.
func (f *Facts) in(word string) string {
	if len(f.Solutions) == 0 {
		return ""
	}
	return word + enumerate(f.Solutions)
}

func sayControlPrefix(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("control %s: its prefix %s is not the publisher's %s: build it with that", x.About.Title, x.New, x.Old)
}

func sayUnmanagedBase(f *Finding) string {
	x := f.Facts
	if x.Case == caseRefused {
		return fmt.Sprintf("%s exists unmanaged%s, and a managed package cannot take it over: delete it in the environment, or import unmanaged", x.About, x.in(" in "))
	}
	return fmt.Sprintf("%s exists unmanaged%s: it will be converted to managed", x.About, x.in(" in "))
}

func sayManyUnmanagedBase(f *Finding, many string) string {
	if f.Facts.Case == caseRefused {
		return ""
	}
	return fmt.Sprintf("%s exist unmanaged%s: they will be converted to managed", many, f.Facts.in(" in "))
}

// caseRefused says that a component that exists unmanaged is in the way.
const caseRefused = "refused"

func sayHiddenUnmanaged(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s has an unmanaged layer: the new definition of %s will not show; remove the layer", x.About, x.Solution)
}

func sayManyHiddenUnmanaged(f *Finding, many string) string {
	return fmt.Sprintf("the new definition of %s will not show, because there is an unmanaged layer above: remove it", many)
}

// above says which solutions hide a component.
func (f *Facts) above() string {
	return enumerateOf(f.Solutions, max(len(f.Solutions), int(f.Count))) + plural(len(f.Solutions), " lies above, and hides", " lie above, and hide")
}

func sayHiddenManaged(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: %s the new definition of %s", x.About, x.above(), x.Solution)
}

func sayManyHiddenManaged(f *Finding, many string) string {
	return fmt.Sprintf("%s the new definition of %s", f.Facts.above(), many)
}
