package connref

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Check returns what is wrong or left to do when s is imported with these settings, sorted. Findings of
// severity error make the import or the flows fail; blanks are warnings, because the environment may have
// a connection or value already. A nil st is settings without entries.
func (s *Set) Check(st *Settings) diag.List {
	if st == nil {
		st = &Settings{}
	}
	c := checker{set: s, settings: st}
	c.found = append(c.found, s.found...)
	c.uses()
	c.unknown()
	for _, r := range s.References {
		c.reference(r)
	}
	for _, v := range s.Variables {
		c.variable(v)
	}
	c.found.Sort()
	return c.found
}

type checker struct {
	set      *Set
	settings *Settings
	found    diag.List
}

func (c *checker) add(r diag.Rule, at diag.Location, format string, args ...any) {
	c.found = append(c.found, diag.Diagnostic{Rule: r.ID, Severity: r.Severity, Location: at, Message: fmt.Sprintf(format, args...)})
}

// uses finds references that are used and neither in the solution nor declared by its manifest.
func (c *checker) uses() {
	for _, u := range c.set.Uses {
		if !c.set.provides(u.Name) {
			c.found = append(c.found, MissingReference(u))
		}
	}
}

// provides reports whether the reference of that name is in the set or declared as a dependency.
func (s *Set) provides(name string) bool {
	if _, ok := s.Reference(name); ok {
		return true
	}
	return s.declared[solution.Fold(name)]
}

func (c *checker) unknown() {
	for _, a := range c.settings.variables {
		if _, ok := c.set.Variable(a.SchemaName); !ok {
			c.add(ruleUnknownName, a.Location, "no solution has environment variable %q: correct the name or remove it", a.SchemaName)
		}
	}
	for _, b := range c.settings.bindings {
		if _, ok := c.set.Reference(b.LogicalName); !ok {
			c.add(ruleUnknownName, b.Location, "no solution has connection reference %q: correct the name or remove it", b.LogicalName)
		}
	}
}

func (c *checker) reference(r Reference) {
	b, given := c.settings.Reference(r.LogicalName)
	at := r.Location
	if given {
		at = b.Location
	}
	if given && b.ConnectorID != "" && r.ConnectorID != "" {
		switch same, exact := SameConnector(b.ConnectorID, r.ConnectorID); {
		case !same:
			c.add(ruleConnectorMismatch, at, "connection reference %q is for %s, the settings say %s", r.LogicalName,
				ConnectorName(r.ConnectorID), ConnectorName(b.ConnectorID))
		case !exact && r.IsCustom():
			c.add(ruleConnectorHash, at, "connection reference %q: %s is the id of the custom connector in another environment than the package's",
				r.LogicalName, ConnectorName(b.ConnectorID))
		case !exact:
			c.add(ruleConnectorMismatch, at, "connection reference %q is for the standard connector %s, the settings say %s", r.LogicalName,
				ConnectorName(r.ConnectorID), ConnectorName(b.ConnectorID))
		}
	}
	if b.ConnectionID == "" && !r.Skip {
		c.add(ruleConnectionNeeded, at, "connection reference %q (%s): choose or create a connection", r.LogicalName, ConnectorName(r.ConnectorID))
	}
}

func (c *checker) variable(v Variable) {
	a, given := c.settings.Variable(v.SchemaName)
	at := v.Location
	if given {
		at = a.Location
	}
	switch {
	case a.Value != "":
		if !v.Type.accepts(a.Value) {
			c.found = append(c.found, v.wrongType(at))
		}
	case v.Value != nil && v.Value.Reveal() != "":
		c.add(ruleValueShipped, at, "environment variable %q: the package ships a value of its own; give one", v.SchemaName)
	case !v.HasValue():
		c.add(ruleValueNeeded, at, "environment variable %q has no value and no default: give one", v.SchemaName)
	}
}

// wrongType is the finding that a value of v, which it does not show, does not have the type.
func (v Variable) wrongType(at diag.Location) diag.Diagnostic {
	return diag.Diagnostic{Rule: ruleValueType.ID, Severity: ruleValueType.Severity, Location: at,
		Message: fmt.Sprintf("environment variable %q is of type %v, the value is not", v.SchemaName, v.Type)}
}

// accepts reports whether a text is a value of the type. Types without a form take every text.
func (t VariableType) accepts(text string) bool {
	switch t {
	case TypeNumber:
		_, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		return err == nil
	case TypeBoolean:
		switch solution.Fold(strings.TrimSpace(text)) {
		case "yes", "no", "true", "false", "0", "1":
			return true
		}
		return false
	case TypeJSON:
		_, err := jsonspan.Parse([]byte(text), nil)
		return err == nil
	}
	return true
}
