package connref

import (
	"fmt"
	"iter"
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
	c.found = append(c.found, st.found...)
	c.uses()
	c.raw()
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

// CheckUses returns what no settings can mend, sorted: connection references that are used and found nowhere, and connectors that
// flows bind without one; and [Set.Diagnostics]. [Set.Check] has these too.
func (s *Set) CheckUses() diag.List {
	c := checker{set: s, settings: &Settings{}}
	c.found = append(c.found, s.found...)
	c.uses()
	c.raw()
	c.found.Sort()
	return c.found
}

// CheckSecrets returns what is wrong with the values of secrets, in the settings and in the solutions, sorted. [Set.Check] has
// these too.
func (s *Set) CheckSecrets(st *Settings) diag.List {
	c := checker{set: s}
	for _, v := range s.Variables {
		a, given := st.Variable(v.SchemaName)
		c.secret(v, a, given)
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
	for u := range c.set.Missing() {
		c.found = append(c.found, MissingReference(u))
	}
}

// Missing yields the uses of references that are neither in the set nor declared by a manifest.
func (s *Set) Missing() iter.Seq[Use] {
	return func(yield func(Use) bool) {
		for _, u := range s.Uses {
			if !s.provides(u.Name) && !yield(u) {
				return
			}
		}
	}
}

// raw finds connectors that flows bind without a connection reference, once for each flow. Of apps that is usual: they ask each user.
func (c *checker) raw() {
	seen := map[string]bool{}
	for _, r := range c.set.Raw {
		name := ConnectorName(r.Connector)
		if id := r.By.String() + " " + name; r.By.Type() == solution.TypeWorkflow && name != "" && !seen[id] {
			seen[id] = true
			by := r.By.String()
			if r.Title != "" {
				by = "flow " + strconv.Quote(r.Title)
			}
			c.add(ruleRawConnection, r.Location, "%s binds %s directly: no settings can set it; make it use a connection reference (solkit connref adopt)", by, name)
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
	case c.secret(v, a, given):
	case a.Value != "":
		if !v.accepts(a.Value) {
			c.found = append(c.found, v.wrongType(at))
		}
	case v.Value != nil && v.Value.Reveal() != "":
		c.add(ruleValueShipped, at, "environment variable %q: the package ships a value of its own; give one", v.SchemaName)
	case !v.HasValue():
		c.add(ruleValueNeeded, at, "environment variable %q has no value and no default: give one", v.SchemaName)
	}
}

// secret looks at the values of a secret, and reports whether the settings have a wrong one, of which all is said then.
func (c *checker) secret(v Variable, a Assignment, given bool) bool {
	if v.Type != TypeSecret {
		return false
	}
	if v.Value != nil && !v.accepts(v.Value.Reveal()) {
		c.found = append(c.found, v.wrongType(v.ValueLocation))
	}
	if v.Default != nil && !v.accepts(v.Default.Reveal()) {
		c.found = append(c.found, v.wrongType(v.Location))
	}
	switch {
	case given && a.Value == "":
		c.add(ruleSecretBlank, a.Location, "environment variable %q is a secret, and the import fails with an entry that is blank: write %s, or remove the entry", v.SchemaName, v.secretForm())
		return true
	case given && !v.accepts(a.Value):
		wrong := v.wrongType(a.Location)
		wrong.Severity = diag.Error // the import fails
		c.found = append(c.found, wrong)
		return true
	}
	return false
}

// wrongType is the finding that a value of v, which it does not show, does not have the type.
func (v Variable) wrongType(at diag.Location) diag.Diagnostic {
	d := diag.Diagnostic{Rule: ruleValueType.ID, Severity: ruleValueType.Severity, Location: at,
		Message: fmt.Sprintf("environment variable %q is of type %v, the value is not", v.SchemaName, v.Type)}
	if v.inVault() {
		d.Message = fmt.Sprintf("environment variable %q is a secret: write %s", v.SchemaName, vaultForm)
	}
	return d
}

// accepts reports whether a text is a value of v; an empty text is none.
func (v Variable) accepts(text string) bool {
	return text == "" || (v.Type.accepts(text) && (!v.inVault() || IsVaultReference(text)))
}

// accepts reports whether a text is a value of the type. Types without a form take every text.
func (t VariableType) accepts(text string) bool {
	switch t {
	case TypeNumber:
		text = strings.TrimSpace(text)
		_, err := strconv.ParseFloat(text, 64)
		return err == nil && strings.Trim(text, "0123456789+-.eE") == "" // no Infinity, no 0x10
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
