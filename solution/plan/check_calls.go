package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
)

// checkCalls tells which operations that the package calls are not in the connector, as the package itself or the environment
// has it.
func checkCalls(s *importing, out *recorder) {
	for c := range s.pkg.content.Calls() {
		n, known := s.connectorCalled(s.calls(), &c)
		if !known {
			continue
		}
		def, version, from := s.definitionIn(s.contents, n), s.manifest.VersionText(), s.name()
		if def == nil && !s.holds(s.number, n) {
			var st *state
			if def, st = s.definitionNow(n); def != nil {
				version, from = st.text, st.name
			}
		}
		if def == nil || s.calls().offers(def, c.Operation) {
			continue
		}
		by := s.refer(c.From)
		out.tell(ruleOperationMissing, c.Location, []ComponentID{s.text(by), s.text(n)},
			Facts{About: s.subject(by), Connector: s.keys[n].Name(), Values: append([]string{c.Operation}, operationsOf(def)...), New: version, Solutions: []string{from}})
	}
}

// operationsOf returns the operations of a connector, if they are few enough to be read.
func operationsOf(c *connector.Connector) []string {
	const few = 5
	var names []string
	for o := range c.Operations() {
		if names = append(names, o.ID); len(names) > few {
			return nil
		}
	}
	return names
}

// checkConnectorUpdates compares the connectors of the package with those that are there.
func checkConnectorUpdates(s *importing, out *recorder, r *resolution) {
	for i := range s.pkg.connectors {
		x := &s.pkg.connectors[i]
		n, known := s.lookup(x.key)
		if x.unread || !known || !s.exists(n) {
			continue
		}
		old, st := s.definitionNow(n)
		if old == nil {
			continue
		}
		u := connectorUpdate{importing: s, out: out, x: x, n: n, from: st.text}
		changes := connector.Compare(old, x.definition)
		u.operations(changes, r)
		u.authentication(changes)
	}
}

// A connectorUpdate is a connector that the import changes.
type connectorUpdate struct {
	*importing
	out  *recorder
	x    *customConnector
	n    id
	from string // version of the solution that has it now
}

func (u *connectorUpdate) facts(what []string) Facts {
	return Facts{Connector: u.x.name, Old: u.from, New: u.manifest.VersionText(), Values: what}
}

// operations tells what breaks of operations that somebody calls.
func (u *connectorUpdate) operations(changes []connector.Change, r *resolution) {
	type broken struct {
		gone bool
		what []string
		at   connector.Change
	}
	var order []string
	byOperation := map[string]*broken{}
	for _, c := range changes {
		if c.Operation == "" || c.Impact != connector.Breaking {
			continue
		}
		b := byOperation[c.Operation]
		if b == nil {
			b = &broken{at: c}
			byOperation[c.Operation] = b
			order = append(order, c.Operation)
		}
		b.gone = b.gone || !u.calls().offers(u.x.definition, c.Operation)
		b.what = append(b.what, c.What)
	}
	for _, operation := range order {
		b := byOperation[operation]
		users := u.usersOf(operation, r)
		if len(users) == 0 {
			continue
		}
		rule := ruleOperationChanged
		if b.gone {
			rule = ruleOperationGone
		}
		about := []ComponentID{u.text(u.n)}
		facts := u.facts(b.what)
		for _, user := range users {
			about = append(about, user.Component)
		}
		facts.By = users
		u.out.tell(rule, b.at.New, about, facts)
	}
}

// usersOf returns what calls an operation in the environment, each with its solution. What this import or a later one of the plan
// replaces is left out: its new version is looked at when it is imported.
func (u *connectorUpdate) usersOf(operation string, r *resolution) []Subject {
	var users []Subject
	for _, c := range u.calls().callers[u.n][plainName(operation)] {
		f := u.world.contents[c.contents]
		if !u.active[c.contents] || f.solution == u.solution || u.comesAgain(f.solution, r) {
			continue
		}
		user := u.subject(u.refer(c.call.From))
		user.Solution = u.world.solutions[f.solution].name
		if user.Title == "" {
			if x, ok := f.pkg.content.Component(c.call.From); ok {
				user.Title = x.DisplayName
			}
		}
		users = append(users, user)
	}
	slices.SortFunc(users, func(a, b Subject) int {
		return cmp.Or(strings.Compare(a.Solution, b.Solution), cmp.Compare(a.Component, b.Component))
	})
	return slices.CompactFunc(users, func(a, b Subject) bool { return a.Solution == b.Solution && a.Component == b.Component })
}

// comesAgain reports whether the batch has a version of a solution that is not imported yet.
func (u *connectorUpdate) comesAgain(s int32, r *resolution) bool {
	return slices.ContainsFunc(r.named[s], func(x *stepper) bool { return !u.active[x.number] })
}

// authentication tells that connections have to be made anew.
func (u *connectorUpdate) authentication(changes []connector.Change) {
	var what []string
	var at connector.Change
	for _, c := range changes {
		if c.Operation == "" && c.Impact == connector.Breaking {
			if what = append(what, c.What); len(what) == 1 {
				at = c
			}
		}
	}
	if len(what) == 0 {
		return
	}
	facts := u.facts(what)
	for i := range u.env.Connections {
		c := &u.env.Connections[i]
		if n, known := u.connector(c.Connector); known && n == u.n {
			facts.Connections = append(facts.Connections, c.ID)
		}
	}
	slices.Sort(facts.Connections)
	about := []ComponentID{u.text(u.n)}
	for name, n := range u.calls().references {
		if connection := u.references[name]; n == u.n && connection != "" {
			ref := u.refer(solution.NewKey(solution.TypeConnectionReference, "", name, solution.GUID{}))
			facts.By = append(facts.By, u.subject(ref))
			about = append(about, u.text(ref))
		}
	}
	if u.allConnections() && len(facts.Connections)+len(facts.By) == 0 {
		return // nobody has one
	}
	slices.SortFunc(facts.By, func(a, b Subject) int { return cmp.Compare(a.Component, b.Component) })
	slices.Sort(about[1:])
	u.out.tell(ruleAuthenticationChanged, at.New, about, facts)
}
