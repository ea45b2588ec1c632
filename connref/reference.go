package connref

import (
	"fmt"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Reference is a connection reference of a solution. It is a plain value.
type Reference struct {
	LogicalName     string // as written; compares without regard to case
	DisplayName     string
	Description     string
	ConnectorID     string        // as written, usually a path that ends in shared_...
	CustomConnector solution.GUID // zero for a standard connector
	Skip            bool          // promptingbehavior 1: an import does not ask for a connection
	UsedBy          []solution.Key
	Location        diag.Location
}

// IsCustom reports whether r needs a connection of a custom connector. Some references to one have only its run-time id.
func (r Reference) IsCustom() bool { return !r.CustomConnector.IsZero() || IsCustomID(r.ConnectorID) }

// Key returns the key of r.
func (r Reference) Key() solution.Key {
	return solution.NewKey(solution.TypeConnectionReference, "", r.LogicalName, solution.GUID{})
}

// A Use is one place where a component names a connection reference, defined in the solution or not. It is
// a plain value.
type Use struct {
	By       solution.Key
	Name     string // of the reference, as written
	Location diag.Location
	Invoker  bool // whoever runs the flow gives the connection, and not the flow
}

// A RawConnection is a connector that a flow or a canvas app binds without a connection reference. In an
// app this is the usual way: each user is asked at the first run. It is a plain value.
type RawConnection struct {
	By        solution.Key
	Connector string // its id as written
	Alias     string // its name in the flow or app
	Title     string // of the flow or app, for people; empty: none is known
	Invoker   bool   // whoever runs the flow gives the connection, and not the flow
	Location  diag.Location
}

// A Set is what solutions need to have bound. Its fields are for reading: nothing may be changed in them. So it is safe for
// concurrent use.
type Set struct {
	References []Reference // sorted by name
	Variables  []Variable  // sorted by name
	Uses       []Use
	Raw        []RawConnection

	byReference, byVariable map[string]int // indexes by folded name; those of a Set that was not read are nil

	declared map[string]bool // folded names of references that the manifest lists as missing dependencies: something else provides them
	found    diag.List
}

// Diagnostics returns the parts that could not be read, whose solution was otherwise, and the names that stand for two references or
// variables, sorted. [Set.Check] has these too.
func (s *Set) Diagnostics() diag.List { return slices.Clone(s.found) }

// Reference returns the reference of that name.
func (s *Set) Reference(name string) (Reference, bool) {
	return lookup(s.References, s.byReference, name, func(r Reference) string { return r.LogicalName })
}

// Variable returns the variable of that name.
func (s *Set) Variable(name string) (Variable, bool) {
	return lookup(s.Variables, s.byVariable, name, func(v Variable) string { return v.SchemaName })
}

// lookup finds what has a name, by an index if there is one.
func lookup[T any](l []T, index map[string]int, name string, of func(T) string) (T, bool) {
	want := solution.Fold(name)
	i, ok := index[want]
	if index == nil {
		i = slices.IndexFunc(l, func(x T) bool { return solution.Fold(of(x)) == want })
		ok = i >= 0
	}
	if !ok {
		var zero T
		return zero, false
	}
	return l[i], true
}

// indexOf returns where each name is first.
func indexOf[T any](l []T, of func(T) string) map[string]int {
	index := make(map[string]int, len(l))
	for i, x := range l {
		if name := solution.Fold(of(x)); !has(index, name) {
			index[name] = i
		}
	}
	return index
}

func has(index map[string]int, name string) bool { _, ok := index[name]; return ok }

// Join returns what several solutions need together. Of references and variables with one name the first
// stays, a finding tells of what differs, and UsedBy has the users of all of them.
func Join(sets ...*Set) *Set {
	out := &Set{declared: map[string]bool{}}
	out.differences(sets)
	for _, s := range sets {
		out.References = append(out.References, s.References...)
		out.Variables = append(out.Variables, s.Variables...)
		out.Uses = append(out.Uses, s.Uses...)
		out.Raw = append(out.Raw, s.Raw...)
		maps.Copy(out.declared, s.declared)
		out.found = append(out.found, s.found...)
	}
	out.finish()
	return out
}

// differences finds references and variables that two of the sets have, and not alike.
func (s *Set) differences(sets []*Set) {
	references, variables := map[string]Reference{}, map[string]Variable{}
	add := func(at, first diag.Location, format string, args ...any) {
		s.found = append(s.found, diag.Diagnostic{Rule: ruleDefinedDifferently.ID, Severity: ruleDefinedDifferently.Severity, Location: at,
			Message: fmt.Sprintf(format, args...), Related: []diag.Related{{Location: first, Message: "the other one"}}})
	}
	for _, set := range sets {
		for _, r := range set.References {
			first, ok := references[solution.Fold(r.LogicalName)]
			if !ok {
				references[solution.Fold(r.LogicalName)] = r
			} else if same, _ := SameConnector(first.ConnectorID, r.ConnectorID); !same && first.ConnectorID != "" && r.ConnectorID != "" {
				add(r.Location, first.Location, "connection reference %q is of %s, and of %s in another solution (%v): give one of them another name",
					r.LogicalName, ConnectorName(r.ConnectorID), ConnectorName(first.ConnectorID), first.Location)
			}
		}
		for _, v := range set.Variables {
			first, ok := variables[solution.Fold(v.SchemaName)]
			switch {
			case v.Location.File == "": // a value alone
			case !ok:
				variables[solution.Fold(v.SchemaName)] = v
			case first.Type != v.Type:
				add(v.Location, first.Location, "environment variable %q is of type %v, and of type %v in another solution (%v): give one of them another name",
					v.SchemaName, v.Type, first.Type, first.Location)
			}
		}
	}
}

// finish sorts the set, drops repeated names and says who uses what.
func (s *Set) finish() {
	s.References = unique(s.References, func(r Reference) string { return r.LogicalName })
	s.Variables = unique(s.Variables, func(v Variable) string { return v.SchemaName })
	type use struct {
		name string
		by   solution.Key
	}
	users, seen := map[string][]solution.Key{}, map[use]bool{}
	for _, u := range s.Uses {
		name := solution.Fold(u.Name)
		if !seen[use{name, u.By}] {
			seen[use{name, u.By}] = true
			users[name] = append(users[name], u.By)
		}
	}
	for i := range s.References {
		s.References[i].UsedBy = users[solution.Fold(s.References[i].LogicalName)]
	}
	s.byReference = indexOf(s.References, func(r Reference) string { return r.LogicalName })
	s.byVariable = indexOf(s.Variables, func(v Variable) string { return v.SchemaName })
	s.found.Sort()
}

func unique[T any](l []T, of func(T) string) []T {
	byName := func(a, b T) int { return compareFold(of(a), of(b)) }
	slices.SortStableFunc(l, byName)
	return slices.CompactFunc(l, func(a, b T) bool { return byName(a, b) == 0 })
}

func compareFold(a, b string) int {
	a, b = solution.Fold(a), solution.Fold(b)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
