package environment

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

func (j *joiner) joinConnections() {
	for _, r := range j.readings {
		if e := r.environment; e != nil {
			for _, c := range e.Connections {
				j.connection(connection{Connection: c, at: diag.Location{File: r.file}})
			}
		}
		for _, c := range r.facts.connections {
			j.connection(c)
		}
	}
}

// connection adds a connection. One of the same id of another connector is another one. Who owns it tools write differently.
func (j *joiner) connection(x connection) {
	key := [2]string{solution.Fold(x.ID), connref.ConnectorName(x.Connector)}
	have, ok := j.connections[key]
	if !ok {
		x.Source = cmp.Or(x.Source, x.at.String())
		j.connections[key] = x
		return
	}
	have.Owner = cmp.Or(have.Owner, x.Owner)
	have.SharedWith = union(have.SharedWith, x.SharedWith)
	j.connections[key] = have
}

func (j *joiner) joinReferences() {
	for _, r := range j.readings {
		if e := r.environment; e != nil {
			for _, b := range e.References {
				j.reference(reference{BoundReference: b, at: diag.Location{File: r.file}})
			}
		}
		for _, x := range r.facts.references {
			j.reference(x)
		}
	}
}

func (j *joiner) reference(x reference) {
	key := solution.Fold(x.Name)
	have, ok := j.references[key]
	switch {
	case !ok:
		x.Source = cmp.Or(x.Source, x.at.String())
		j.references[key] = x
	case solution.Fold(have.ConnectionID) != solution.Fold(x.ConnectionID):
		j.contradict("the connection of "+x.Name, cmp.Or(have.ConnectionID, "none"), cmp.Or(x.ConnectionID, "none"), have.at, x.at)
	}
}

func (j *joiner) joinVariables() {
	names := map[solution.GUID]string{}
	for _, r := range j.readings {
		for _, d := range r.definitions {
			names[d.id] = d.name
		}
	}
	delete(names, solution.GUID{})
	for _, r := range j.readings {
		if e := r.environment; e != nil {
			for _, name := range slices.Sorted(maps.Keys(e.Variables)) {
				text := e.Variables[name]
				j.variable(variable{name, &text, diag.Location{File: r.file}})
			}
		}
		for _, d := range r.definitions {
			if d.asked {
				j.variable(variable{d.name, d.value, d.at})
			}
		}
		told := false
		for _, v := range r.facts.values {
			switch name := cmp.Or(names[v.definition], v.name); {
			case name != "":
				j.variable(variable{name, v.text, v.at})
			case !told:
				told, j.lostValues = true, true
				j.tell(ruleUnknownOwner, v.at, nil, "values of environment variables that no file names: give the answer for %s too", setDefinitions)
			}
		}
	}
}

// variable adds the value of a variable, which is not shown, as it may be a secret.
func (j *joiner) variable(x variable) {
	key := solution.Fold(x.name)
	have, ok := j.variables[key]
	switch {
	case !ok:
		j.variables[key] = x
	case (have.text == nil) != (x.text == nil), have.text != nil && *have.text != *x.text:
		j.contradict("the value of "+x.name, "", "", have.at, x.at)
	}
}

// joinConnectors notes the custom connectors that are there: those that were made by hand, and those that some solution has.
func (j *joiner) joinConnectors() {
	for _, r := range j.readings {
		for _, x := range r.facts.connectors {
			if x.managed != nil && !*x.managed {
				j.byHand.add(x.key)
			} else {
				j.present.add(x.key)
			}
		}
	}
}

// joinRest takes over what only the JSON form has, and the version of the platform.
func (j *joiner) joinRest() {
	for _, r := range j.readings {
		agree(j, "the version of the platform", &j.env.PlatformVersion, r.version, solution.Version.String, r.versionAt)
		e, at := r.environment, diag.Location{File: r.file}
		if e == nil {
			continue
		}
		j.layers.add(e.UnmanagedLayers...)
		j.byHand.add(e.UnmanagedComponents...)
		j.base.add(e.Base...)
		j.present.add(e.Present...)
		j.env.PlatformSolutions = union(j.env.PlatformSolutions, e.PlatformSolutions)
		agree(j, "the version of the platform", &j.env.PlatformVersion, e.PlatformVersion, solution.Version.String, at)
		agree(j, "the schema type", &j.env.SchemaType, e.SchemaType, same, at)
		agree(j, "the version of packages", &j.env.PackageVersion, e.PackageVersion, solution.Version.String, at)
		agree(j, "who imports", &j.env.Identity, e.Identity, same, at)
	}
}

// whole reports whether what was read of a list is all of it.
func (j *joiner) whole(set string) (known, whole bool) {
	var links []int
	last, unlinked := 0, false
	for _, r := range j.readings {
		for _, l := range r.lists {
			switch {
			case l.set != set:
			case l.cut, l.more && l.next == 0:
				known, unlinked = true, true
			case l.more:
				known = true
				links = append(links, l.next)
			default:
				known = true
				last++
			}
		}
	}
	if len(links) == 0 {
		return known, known && !unlinked
	}
	slices.Sort(links)
	for i, n := range links {
		if n != i+2 {
			return true, false
		}
	}
	return true, last == 1 && !unlinked
}

// tellIncomplete warns of lists that have not everything, and sets what a plan needs to know of that.
func (j *joiner) tellIncomplete() {
	for i := range lists {
		set := lists[i].name
		known, whole := j.whole(set)
		paged := set != setComponents && set != setSummaries
		if !known || whole && paged {
			continue
		}
		for _, r := range j.readings {
			for _, l := range r.lists {
				if l.set != set || !l.more {
					continue
				}
				what := "the answer has further pages: give them too"
				switch {
				case l.cut:
					what = "its count is higher than what it has: ask without $top"
				case l.next == 0 && strings.HasSuffix(l.context, "/$entity"):
					what = "it is one record: ask for the list"
				}
				j.tell(ruleIncomplete, l.at, nil, "%s are not all that there are; %s", set, what)
			}
		}
	}
	for _, r := range j.readings {
		for _, l := range r.lists {
			if l.set == setSettings {
				j.tell(ruleUnused, l.at, nil, "no plan depends on the settings of an environment")
			}
		}
	}
}

// ownList reports what the JSON forms say of a list: that one has it, and that one has all of it.
func (j *joiner) ownList(has func(e *plan.Environment) (known, more bool)) (known, whole bool) {
	for _, r := range j.readings {
		if r.environment != nil && !r.isPackage {
			k, more := has(r.environment)
			known, whole = known || k, whole || k && !more
		}
	}
	return known, whole
}

// finish writes the lists.
func (j *joiner) finish() {
	j.orders()
	for _, key := range slices.Sorted(maps.Keys(j.solutions)) {
		j.env.Solutions = append(j.env.Solutions, j.solutions[key].Installed)
	}
	_, ownWhole := j.ownList(func(e *plan.Environment) (bool, bool) { return true, e.MoreSolutions })
	known, whole := j.whole(setSolutions)
	// Packages alone are taken for all that is installed.
	j.env.MoreSolutions = !whole && !ownWhole && (known || len(j.packages) == 0)

	ownKnown, ownWhole := j.ownList(func(e *plan.Environment) (bool, bool) { return e.Connections != nil, e.MoreConnections })
	known, whole = j.whole(setConnections)
	if known || ownKnown {
		j.env.Connections, j.env.MoreConnections = []plan.Connection{}, !ownWhole && (!whole || !j.administered())
	}
	for _, key := range slices.SortedFunc(maps.Keys(j.connections), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		j.env.Connections = append(j.env.Connections, j.connections[key].Connection)
	}

	ownKnown, ownWhole = j.ownList(func(e *plan.Environment) (bool, bool) { return e.References != nil, e.MoreReferences })
	known, whole = j.whole(setReferences)
	if known || ownKnown {
		j.env.References, j.env.MoreReferences = []plan.BoundReference{}, !ownWhole && !whole
	}
	for _, key := range slices.Sorted(maps.Keys(j.references)) {
		j.env.References = append(j.env.References, j.references[key].BoundReference)
	}
	j.finishVariables()
	j.env.UnmanagedLayers, j.env.UnmanagedComponents = j.layers.sorted(), j.byHand.sorted()
	j.env.Base, j.env.Present = j.base.sorted(), j.present.sorted()
	slices.Sort(j.env.PlatformSolutions)
}

// finishVariables writes the values. Definitions whose values were asked for tell of all that have one, and so do values.
func (j *joiner) finishVariables() {
	ownKnown, ownWhole := j.ownList(func(e *plan.Environment) (bool, bool) { return e.Variables != nil, e.MoreVariables })
	values, wholeValues := j.whole(setValues)
	_, wholeDefinitions := j.whole(setDefinitions)
	asked, unasked := false, false
	for _, r := range j.readings {
		for _, d := range r.definitions {
			asked, unasked = asked || d.asked, unasked || !d.asked
		}
	}
	if ownKnown || values || asked {
		j.env.Variables = map[string]string{}
		j.env.MoreVariables = !ownWhole && !(wholeValues && !j.lostValues) && !(wholeDefinitions && asked && !unasked)
	}
	for _, key := range slices.Sorted(maps.Keys(j.variables)) {
		if v := j.variables[key]; v.text != nil {
			j.env.Variables[v.name] = *v.text
		}
	}
}

// administered reports whether all connections were listed for an administrator, who sees those of everybody.
func (j *joiner) administered() bool {
	for _, c := range j.connections {
		if !c.admin {
			return false
		}
	}
	return len(j.connections) > 0
}

// orders counts the solutions in the order in which they were created, unless a file says the order.
func (j *joiner) orders() {
	var list []*installed
	for _, s := range j.solutions {
		if s.Order != 0 {
			return
		}
		if s.created != "" {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *installed) int {
		return cmp.Or(strings.Compare(a.created, b.created), strings.Compare(solution.Fold(a.Name), solution.Fold(b.Name)))
	})
	for i, s := range list {
		s.Order = i + 1
	}
}
