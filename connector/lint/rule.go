package lint

import (
	"iter"
	"sync"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Rules returns the catalogue, ordered by id as written in the documentation.
func Rules() iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for _, r := range catalogue() {
			if !yield(diag.Rule{ID: r.id, Severity: r.severity, Summary: r.summary, Help: r.help}) {
				return
			}
		}
	}
}

// Class says when a rule takes part.
type Class uint8

// The classes of rules.
const (
	Always        Class = iota // in every run
	Certification              // with Options.Certification
	Deploy                     // with Options.Deploy
)

// String returns "always", "certification" or "deploy".
func (c Class) String() string { return [...]string{"always", "certification", "deploy"}[c] }

// ClassOf returns the class of a rule of the catalogue, [Always] for an id that is not in it.
func ClassOf(id string) Class {
	if r := ruleByID()[id]; r != nil {
		return r.class
	}
	return Always
}

// A rule is one row of the catalogue. check finds it; nil for rules that reading or the schemas find.
type rule struct {
	id       string
	severity diag.Severity
	class    Class
	summary  string
	help     string
	check    check
}

var ruleByID = sync.OnceValue(func() map[string]*rule {
	m := map[string]*rule{}
	for _, r := range catalogue() {
		m[r.id] = r
	}
	return m
})

// A check is the function of a rule, of one of the kinds below, or several of them.
type check interface {
	// addTo lists the check among those of its kind, under the name of r.
	addTo(c *checks, r *rule)
}

type (
	connectorCheck  func(*lint)                             // once for a connector
	pathCheck       func(*lint, *index.PathItem)            // each path item
	operationCheck  func(*lint, *index.Operation)           // each operation
	parameterCheck  func(*lint, *index.Parameter)           // each parameter as written, not at its uses
	schemaCheck     func(*lint, *schemaAt)                  // each schema as written
	itemsCheck      func(*lint, *itemsAt)                   // each object "items" of a parameter, each header and its items
	responseCheck   func(*lint, *response)                  // each response as written
	connectionCheck func(*lint, *index.ConnectionParameter) // each connection parameter, those of sets included
	policyCheck     func(*lint, *index.Policy)              // each policy
	several         []check
)

// checks are the functions of the rules that take part, by what they look at.
type checks struct {
	connector  []of[connectorCheck]
	path       []of[pathCheck]
	operation  []of[operationCheck]
	parameter  []of[parameterCheck]
	schema     []of[schemaCheck]
	items      []of[itemsCheck]
	response   []of[responseCheck]
	connection []of[connectionCheck]
	policy     []of[policyCheck]
}

// An of is a check of one kind with the rule that it is of.
type of[F check] struct {
	rule *rule
	f    F
}

func (f connectorCheck) addTo(c *checks, r *rule) {
	c.connector = append(c.connector, of[connectorCheck]{r, f})
}
func (f pathCheck) addTo(c *checks, r *rule) { c.path = append(c.path, of[pathCheck]{r, f}) }
func (f operationCheck) addTo(c *checks, r *rule) {
	c.operation = append(c.operation, of[operationCheck]{r, f})
}
func (f parameterCheck) addTo(c *checks, r *rule) {
	c.parameter = append(c.parameter, of[parameterCheck]{r, f})
}
func (f schemaCheck) addTo(c *checks, r *rule) { c.schema = append(c.schema, of[schemaCheck]{r, f}) }
func (f itemsCheck) addTo(c *checks, r *rule)  { c.items = append(c.items, of[itemsCheck]{r, f}) }
func (f responseCheck) addTo(c *checks, r *rule) {
	c.response = append(c.response, of[responseCheck]{r, f})
}
func (f connectionCheck) addTo(c *checks, r *rule) {
	c.connection = append(c.connection, of[connectionCheck]{r, f})
}
func (f policyCheck) addTo(c *checks, r *rule) { c.policy = append(c.policy, of[policyCheck]{r, f}) }

func (list several) addTo(c *checks, r *rule) {
	for _, f := range list {
		f.addTo(c, r)
	}
}

// apply runs the checks of one kind on what they look at.
func apply[T any, F interface {
	check
	~func(*lint, T)
}](l *lint, checks []of[F], v T) {
	for i := range checks {
		l.current = checks[i].rule
		checks[i].f(l, v)
	}
}
