package plan

import (
	"fmt"
	"slices"
)

// later is what stands before a refusal that comes when somebody applies a staged upgrade.
func (f *Facts) later() string {
	if f.Action == Stage {
		return "applying the staged upgrade will be refused: "
	}
	return ""
}

func sayBaseLayerForeignAbove(f *Finding) string {
	x := f.Facts
	var names []string
	for _, l := range x.Layers {
		publisher := "of publisher " + l.Publisher
		if l.Publisher == "" {
			publisher = "whose publisher is not known"
		}
		names = append(names, l.Solution+" "+publisher)
	}
	return fmt.Sprintf("%s%s is the base layer of %s, which cannot go while there is a layer of %s above: remove that first", x.later(), x.Solution, x.About, enumerate(names))
}

// users names the components that use something with their solutions, and the solutions of which no more is known.
func (f *Facts) users() string {
	var by []Subject
	var names, whole []string
	for _, s := range f.By {
		if s.Component == "" {
			whole = append(whole, s.Solution)
			continue
		}
		by, names = append(by, s), append(names, s.Solution)
	}
	for _, list := range []*[]string{&names, &whole} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	switch {
	case len(by) == 0:
		return enumerate(whole)
	case len(whole) == 0:
		return enumerate(each(by)) + " in " + enumerate(names)
	}
	return enumerate(each(by)) + " in " + enumerate(names) + ", and by " + enumerate(whole)
}

func sayDeleteBlocked(f *Finding) string {
	x := f.Facts
	switch x.Case {
	case caseConnections:
		one := len(x.Owned) == 1
		return fmt.Sprintf("%s%s cannot be deleted: it has %s (%s): delete %s first; others than you may own connections, so list them as administrator",
			x.later(), x.About, enumerate(owned(x.Owned)), x.Code, map[bool]string{true: "it", false: "them"}[one])
	case caseConnectionsUnknown:
		before := ""
		if x.Action == Stage {
			before = "before the staged upgrade is applied, "
		}
		return fmt.Sprintf("%sdelete all connections of %s first: it cannot be deleted while it has one (%s), and the environment does not say which it has; others than you may own some, so list them as administrator",
			before, x.About, x.Code)
	case caseUninstall:
		return fmt.Sprintf("%s cannot be deleted: used by %s (%s)", x.About.Component, x.users(), x.Code)
	}
	return fmt.Sprintf("%s%s cannot be deleted: used by %s (%s): import a version that does not use it first", x.later(), x.About, x.users(), x.Code)
}

// The cases of a connector that goes; see also caseUninstall.
const (
	caseConnections        = "connections"         // it has connections
	caseConnectionsUnknown = "connections-unknown" // it may have some
)

// owned names connections with their owners.
func owned(list []OwnedConnection) []string {
	var out []string
	for _, c := range list {
		text := "connection " + c.ID
		if c.Owner != "" {
			text += " of " + c.Owner
		}
		out = append(out, text)
	}
	return out
}

// sayUpgradeDeletes has in Solutions the packages that would take the component over.
func sayUpgradeDeletes(f *Finding) string {
	x := f.Facts
	verb, data, unless := "the upgrade deletes", "", ""
	if x.Action == Stage {
		verb = "applying the staged upgrade will delete"
	}
	if x.About.Component.holdsData() {
		data = " and its data"
	}
	if len(x.Solutions) > 0 {
		unless = ", unless " + enumerate(x.Solutions) + " takes it over before"
	}
	return fmt.Sprintf("%s %s%s%s", verb, x.About, data, unless)
}

func sayUpdateLeaves(f *Finding) string {
	return fmt.Sprintf("the update of %s leaves %s behind: upgrade it to delete what the new version dropped", f.Facts.Solution, enumerate(f.Components))
}
