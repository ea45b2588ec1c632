package diff

import (
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// connectors reads the connectors of a solution, by folded name. One that cannot be read is left out: its files are compared as
// all others are.
func connectors(m *model.Model) map[string]*connector.Connector {
	out := map[string]*connector.Connector{}
	for range m.OfType(solution.TypeConnector) {
		list, _ := connector.ReadLenient(m.Parts())
		for _, x := range list {
			out[solution.Fold(x.Name())] = x
		}
		break
	}
	return out
}

// operations adds what changed for those who call a connector, as [connector.Compare] judges it: the paths are those of operations.
// It reports whether both could be read.
func (c *comparer) operations(old, new model.Component) bool {
	a, b := c.oldConnectors[solution.Fold(old.Name())], c.newConnectors[solution.Fold(new.Name())]
	if a == nil || b == nil || a.Definition() == nil || b.Definition() == nil {
		return false
	}
	for _, x := range connector.Compare(a, b) {
		path := "operations"
		if x.Operation != "" {
			path += "[" + x.Operation + "]"
		}
		if x.Subject != "" {
			path += "/" + x.Subject
		}
		c.at.Properties = append(c.at.Properties, Property{Op: Changed, Path: path, New: cut(x.What), OldAt: x.Old, NewAt: x.New, Impact: x.Impact, Reason: x.Reason, judged: true})
	}
	return true
}

// definitionJudged takes the differences of the definition for safe: what they mean for callers is told at the operations.
func (c *comparer) definitionJudged() {
	for i := range c.at.Properties {
		if p := &c.at.Properties[i]; strings.Contains(p.Path, "_openapidefinition.json#") {
			p.Impact, p.Reason, p.judged = connector.Safe, "what it means for callers is told at the operations", true
		}
	}
}
