package plan

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// chosen stands for a connection that somebody chooses while the plan is carried out.
const chosen = "(chosen)"

// A referenceCheck says for each connection reference of the package whether somebody is asked for a connection. It
// depends on what the environment has under that name, whichever solution brought it.
type referenceCheck struct {
	*importing
	out      *recorder
	settings *connref.Settings
	used     map[string]bool // folded names of the references that something in the batch uses

	prompts  []string
	bound    map[string]string
	kept     []string
	unbound  map[string]Obstacle // by folded name: references without a connection that nobody is asked for, and why
	later    map[string]bool     // folded names of references whose connector the package brings
	unusable []*Connection       // by who imports
}

func (c *referenceCheck) run() {
	c.prompts, c.kept, c.bound = []string{}, []string{}, map[string]string{}
	c.unbound, c.later = map[string]Obstacle{}, map[string]bool{}
	for i := range c.pkg.set.References {
		ref := &c.pkg.set.References[i]
		key := solution.Fold(ref.LogicalName)
		b, _ := c.settings.Reference(ref.LogicalName)
		have := c.references[key]
		asked := false
		switch {
		case b.ConnectionID != "":
			c.bind(ref, b)
		case have != "" && c.fits(ref, have):
			c.keep(ref, have)
		case ref.Skip:
			c.skip(ref, have)
		default:
			asked = true
			c.prompt(ref, have)
		}
		if !c.used[key] {
			facts := Facts{Reference: ref.LogicalName}
			if asked {
				facts.Case = caseAsked
			}
			c.out.tell(ruleReferenceUnused, ref.Location, []ComponentID{referenceText(ref)}, facts)
		}
	}
	slices.SortFunc(c.prompts, compareFolded)
	slices.SortFunc(c.kept, compareFolded)
}

// skip notes why a reference is without a connection that the import does not ask for.
func (c *referenceCheck) skip(ref *connref.Reference, have string) {
	o := Obstacle{Case: caseUnasked}
	switch {
	case have != "":
		o = Obstacle{Case: caseOther, Connection: have}
	case c.mayHave(ref):
		o.Case = caseMaybe
	}
	c.unbound[solution.Fold(ref.LogicalName)] = o
}

// keep notes that a reference keeps its connection.
func (c *referenceCheck) keep(ref *connref.Reference, connection string) {
	c.kept = append(c.kept, ref.LogicalName)
	facts := Facts{Reference: ref.LogicalName, Connection: connection}
	severity := ruleConnectionKept.Severity
	switch {
	case connection == chosen:
		facts.Case, facts.Connection = caseEarlier, ""
	case c.allConnections() && c.connections[solution.Fold(connection)] == nil:
		facts.Case = caseUnlisted
		severity = diag.Warning
	}
	c.out.tellAs(ruleConnectionKept, severity, ref.Location, []ComponentID{referenceText(ref)}, facts)
	c.usable(ref, connection, ref.Location)
}

func compareFolded(a, b string) int { return strings.Compare(solution.Fold(a), solution.Fold(b)) }

func referenceText(ref *connref.Reference) ComponentID { return ComponentOf(ref.Key()) }

// prompt notes that somebody is asked.
func (c *referenceCheck) prompt(ref *connref.Reference, wrong string) {
	c.prompts = append(c.prompts, ref.LogicalName)
	facts := Facts{Reference: ref.LogicalName, Connector: c.connectorName(ref)}
	switch {
	case c.bringsConnector(ref):
		key := solution.Fold(ref.LogicalName)
		c.later[key] = true
		c.unbound[key] = Obstacle{Case: caseComesWith}
		facts.Case = caseComesWith
	case wrong != "":
		facts.Case, facts.Connection = caseOther, wrong
	case c.mayHave(ref):
		facts.Case = caseMaybe
	}
	c.out.tell(ruleConnectionNeeded, ref.Location, []ComponentID{referenceText(ref)}, facts)
}

// bind holds what the settings give against what the environment has.
func (c *referenceCheck) bind(ref *connref.Reference, b connref.Binding) {
	about := []ComponentID{referenceText(ref)}
	facts := Facts{Reference: ref.LogicalName, Connector: c.connectorName(ref)}
	if b.ConnectorID != "" && !c.sameConnector(ref, b.ConnectorID) {
		facts.OtherConnector = c.connectorTitle(b.ConnectorID)
		c.out.tell(ruleWrongConnector, bindingPlace(b), about, facts)
		return
	}
	if c.connections != nil {
		there := c.connections[solution.Fold(b.ConnectionID)]
		switch {
		case there != nil:
		case c.allConnections():
			facts.Connection = b.ConnectionID
			c.out.tell(ruleConnectionNotFound, bindingPlace(b), about, facts)
			return
		default:
			facts.Case, facts.Connection = caseUnlisted, b.ConnectionID
			c.out.tellAs(ruleConnectionNotFound, diag.Warning, bindingPlace(b), about, facts)
		}
		if there != nil && there.Connector != "" && !c.sameConnector(ref, there.Connector) {
			facts.Connection, facts.OtherConnector = there.ID, c.connectorTitle(there.Connector)
			c.out.tell(ruleWrongConnector, bindingPlace(b), about, facts)
			return
		}
	}
	c.bound[ref.LogicalName] = b.ConnectionID
	c.usable(ref, b.ConnectionID, bindingPlace(b))
}

// fits reports whether nothing is known against a connection of a reference.
func (c *referenceCheck) fits(ref *connref.Reference, connection string) bool {
	there := c.connections[solution.Fold(connection)]
	return there == nil || there.Connector == "" || c.sameConnector(ref, there.Connector)
}

// usable warns of a connection that the importing identity cannot use.
func (c *referenceCheck) usable(ref *connref.Reference, connection string, at diag.Location) {
	there := c.connections[solution.Fold(connection)]
	who := c.env.Identity
	if there == nil || who == "" || there.Owner == "" || strings.EqualFold(there.Owner, who) ||
		slices.ContainsFunc(there.SharedWith, func(x string) bool { return strings.EqualFold(x, who) }) {
		return
	}
	if !slices.Contains(c.unusable, there) {
		c.unusable = append(c.unusable, there)
	}
	c.out.tell(ruleConnectionNotUsable, at, []ComponentID{referenceText(ref)},
		Facts{Reference: ref.LogicalName, Connection: there.ID, Owner: there.Owner, Identity: who})
}

// checkRawConnections warns of connectors that flows and apps bind without a reference, once for each.
func checkRawConnections(s *importing, out *recorder) {
	seen := map[string]bool{}
	for _, raw := range s.pkg.set.Raw {
		name := connref.ConnectorName(raw.Connector)
		if name == "" || name == "shared_logicflows" || seen[raw.By.String()+" "+name] {
			continue
		}
		seen[raw.By.String()+" "+name] = true
		by := s.refer(raw.By)
		connector := s.text(s.refer(s.runtime.resolve(connectorKey(name))))
		out.tell(ruleRawConnection, raw.Location, []ComponentID{s.text(by), connector}, Facts{About: s.subject(by), Connector: s.connectorTitle(name)})
	}
}
