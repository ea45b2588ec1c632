package environment

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// Join puts together what several files tell. The order of the readings has no meaning, and a reading that is given twice says
// nothing new. Where two say different things, the result has what the file with the smaller name says, and an error is found.
func Join(readings ...*Reading) (*plan.Environment, diag.List) {
	j := &joiner{
		readings:  slices.SortedStableFunc(slices.Values(readings), compareReadings),
		env:       &plan.Environment{Solutions: []plan.Installed{}},
		solutions: map[string]*installed{}, packages: map[string][]pkg{}, pseudo: maps.Clone(pseudoIDs),
		variables: map[string]variable{}, references: map[string]reference{}, connections: map[[2]string]connection{},
		where: map[string]diag.Location{}, layers: keySet{}, byHand: keySet{}, base: keySet{}, present: keySet{},
	}
	j.readings = slices.CompactFunc(j.readings, func(a, b *Reading) bool { return a == b || a.src != nil && compareReadings(a, b) == 0 })
	j.joinSolutions()
	j.joinPackages()
	j.joinComponents()
	j.joinConnections()
	j.joinReferences()
	j.joinVariables()
	j.joinConnectors()
	j.joinRest()
	j.tellIncomplete()
	j.finish()
	return j.env, diag.Join(j.found)
}

func compareReadings(a, b *Reading) int {
	return cmp.Or(strings.Compare(a.file, b.file), bytes.Compare(a.src, b.src))
}

// A joiner is an environment while it is put together.
type joiner struct {
	readings                      []*Reading // sorted
	env                           *plan.Environment
	found                         diag.List
	solutions                     map[string]*installed // by folded name
	packages                      map[string][]pkg
	pseudo                        map[solution.GUID]string
	variables                     map[string]variable
	references                    map[string]reference
	connections                   map[[2]string]connection
	where                         map[string]diag.Location // what said a fact first
	lostValues                    bool                     // a value of a variable has no name
	layers, byHand, base, present keySet
}

// A keySet is a list of components while it grows.
type keySet map[solution.Key]bool

func (s keySet) add(list ...solution.Key) {
	for _, k := range list {
		s[k] = true
	}
}

// sorted returns the list, nil if it is empty.
func (s keySet) sorted() []solution.Key { return slices.SortedFunc(maps.Keys(s), compareKeys) }

func compareKeys(a, b solution.Key) int {
	return cmp.Or(cmp.Compare(plan.ComponentOf(a), plan.ComponentOf(b)), a.Compare(b))
}

// A pkg is the package of an installed solution and what names it.
type pkg struct {
	in plan.Installed
	at diag.Location
}

// A variable is the current value of an environment variable.
type variable struct {
	name string
	text *string
	at   diag.Location
}

// pseudoIDs are the ids of the solutions that every environment has, and nobody installs, with their folded names.
var pseudoIDs = map[solution.GUID]string{
	mustGUID("fd140aae-4df4-11dd-bd17-0019b9312238"): "active",
	mustGUID("fd140aaf-4df4-11dd-bd17-0019b9312238"): "default",
	mustGUID("fd140aad-4df4-11dd-bd17-0019b9312238"): "system",
	mustGUID("25a01723-9f63-4449-a3e0-046cc23a2902"): "basic",
}

func mustGUID(text string) solution.GUID {
	g, err := solution.ParseGUID(text)
	if err != nil {
		panic(err) // the text is the program's own
	}
	return g
}

func isPseudo(name string) bool {
	switch solution.Fold(name) {
	case "active", "default", "system", "basic":
		return true
	}
	return false
}

func (j *joiner) tell(rule diag.Rule, at diag.Location, related []diag.Related, format string, args ...any) {
	j.found = append(j.found, diag.Diagnostic{Rule: rule.ID, Severity: rule.Severity, Message: fmt.Sprintf(format, args...), Location: at, Related: related})
}

// contradict tells that two files differ. Values that may be secrets are not shown.
func (j *joiner) contradict(what, first, second string, at, other diag.Location) {
	difference := "another one than"
	if first != "" || second != "" {
		difference = fmt.Sprintf("%q here and %q", second, first)
	}
	j.tell(ruleContradiction, other, []diag.Related{{Location: at, Message: "the other file"}}, "%s is %s in %s: leave the older file out", what, difference, at)
}

// agree keeps the first of two facts, and tells if the second differs. The zero value is no fact.
func agree[T comparable](j *joiner, what string, have *T, next T, text func(T) string, at diag.Location) {
	var none T
	switch {
	case next == none:
	case *have == none:
		*have = next
		j.where[what] = at
	case *have != next:
		j.contradict(what, text(*have), text(next), j.where[what], at)
	}
}

func same(s string) string { return s }

func (j *joiner) joinSolutions() {
	publishers := map[solution.GUID]string{}
	for _, r := range j.readings {
		for _, p := range r.publishers {
			publishers[p.id] = p.name
		}
		if r.environment != nil {
			for _, in := range r.environment.Solutions {
				at := diag.Location{File: r.file}
				if in.Package != nil {
					key := solution.Fold(in.Name)
					j.packages[key] = append(j.packages[key], pkg{in, at})
				}
				j.solution(installed{Installed: in, at: at})
			}
		}
		for _, x := range r.facts.solutions {
			j.solution(x)
		}
	}
	byID := map[solution.GUID]string{}
	for _, s := range j.solutions {
		if !s.id.IsZero() {
			byID[s.id] = s.Name
		}
	}
	var orphans []*installed
	for _, key := range slices.Sorted(maps.Keys(j.solutions)) {
		s := j.solutions[key]
		if name := publishers[s.publisher]; name != "" {
			agree(j, "the publisher of "+s.Name, &s.Publisher, name, same, s.at)
		}
		if s.parent.IsZero() || s.PatchOf != "" {
			continue
		}
		if s.PatchOf = byID[s.parent]; s.PatchOf == "" {
			orphans = append(orphans, s)
		}
	}
	for _, s := range orphans {
		j.tell(ruleUnknownOwner, s.at, nil, "%s patches solution %s, which no file names: give the answer for solutions with solutionid", s.Name, s.parent)
	}
}

// solution adds what one file says of a solution.
func (j *joiner) solution(x installed) {
	if isPseudo(x.Name) {
		if !x.id.IsZero() {
			j.pseudo[x.id] = solution.Fold(x.Name)
		}
		return
	}
	key := solution.Fold(x.Name)
	s := j.solutions[key]
	if s == nil {
		s = &installed{Installed: plan.Installed{Name: x.Name, Source: cmp.Or(x.Source, x.at.String())}, at: x.at}
		j.solutions[key] = s
	}
	what := " of " + s.Name
	if s.Version == x.Version { // it may be written in two ways
		x.VersionText = s.VersionText
	} else if s.Version.IsZero() {
		s.VersionText = x.VersionText
	}
	agree(j, "the version"+what, &s.Version, x.Version, solution.Version.String, x.at)
	if s.Managed == nil {
		s.Managed, j.where["the mode"+what] = x.Managed, x.at
	} else if x.Managed != nil && *x.Managed != *s.Managed {
		j.contradict("the mode"+what, mode(*s.Managed), mode(*x.Managed), j.where["the mode"+what], x.at)
	}
	agree(j, "the publisher"+what, &s.Publisher, x.Publisher, same, x.at)
	agree(j, "the parent"+what, &s.PatchOf, x.PatchOf, same, x.at)
	agree(j, "the order"+what, &s.Order, x.Order, strconv.Itoa, x.at)
	agree(j, "the id"+what, &s.id, x.id, solution.GUID.String, x.at)
	agree(j, "the id of the publisher"+what, &s.publisher, x.publisher, solution.GUID.String, x.at)
	agree(j, "the id of the parent"+what, &s.parent, x.parent, solution.GUID.String, x.at)
	agree(j, "the time of the creation"+what, &s.created, x.created, same, x.at)
	s.Provides, s.Extends = union(s.Provides, x.Provides), union(s.Extends, x.Extends)
	s.Requires = union(s.Requires, x.Requires)
	s.Complete, s.Leftovers = s.Complete || x.Complete, s.Leftovers || x.Leftovers
}

func mode(managed bool) string {
	if managed {
		return "managed"
	}
	return "unmanaged"
}

// union joins two lists, each element once; nil if both are.
func union[T comparable](a, b []T) []T {
	if a == nil && b == nil {
		return nil
	}
	out := make([]T, 0, len(a)+len(b))
	seen := make(map[T]bool, len(a)+len(b))
	for _, x := range slices.Concat(a, b) {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

// joinPackages gives each solution the package of the version that is installed.
func (j *joiner) joinPackages() {
	for _, key := range slices.Sorted(maps.Keys(j.packages)) {
		s := j.solutions[key]
		listed := !s.Version.IsZero()
		for _, p := range j.packages[key] {
			m := p.in.Package.Content().Manifest()
			switch {
			case m == nil:
			case !listed:
				if s.Package == nil {
					s.VersionText = m.VersionText()
				}
				agree(j, "the version of "+s.Name, &s.Version, m.Version(), solution.Version.String, p.at)
			case m.Version() != s.Version:
				at := j.where["the version of "+s.Name]
				j.tell(ruleOtherVersion, p.at, []diag.Related{{Location: at, Message: "what is installed"}}, "the package is %s %s, but %s is installed, as %s says: its contents are not used", s.Name, m.VersionText(), s.VersionText, at)
				continue
			}
			if s.Package == nil {
				s.Package, s.PackageFile = p.in.Package, p.in.PackageFile
			}
		}
	}
}
