package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// A crowd is several findings that one line of a report tells.
type crowd []*Finding

// A crowding says which findings of a rule one line tells, and how, where that is not a matter of their likeness.
type crowding struct {
	// of returns what findings of one crowd have in common, empty if the finding is told alone.
	of  func(f *Finding) string
	say func(c crowd) string
}

// crowdings are by rule.
var crowdings = map[string]crowding{
	ruleRawConnection.ID:    {func(f *Finding) string { return string(f.Facts.About.Component) }, sayRawConnections},
	ruleFlowOff.ID:          {func(f *Finding) string { return onlyAsked(f.Facts) }, sayFlowsOff},
	ruleReferenceUnused.ID:  {func(f *Finding) string { return "unused " + f.Facts.Case }, sayReferencesUnused},
	ruleConnectionNeeded.ID: {func(f *Finding) string { return "needed " + f.Facts.Case + f.Facts.Connection }, sayConnectionsNeeded},
	ruleCanvasRebind.ID:     {func(f *Finding) string { return string(f.Facts.About.Component) }, sayCanvasRebinds},
}

// crowd returns what a finding has in common with others that the same line tells, empty if it is told alone.
func (f *Finding) crowd() string {
	if f.Facts == nil || f.Text != "" {
		return ""
	}
	if c := crowdings[f.Rule]; c.of != nil {
		if key := c.of(f); key != "" {
			return fmt.Sprintf("%s %s %s", f.Rule, f.Severity, key)
		}
		return ""
	}
	return f.likeness()
}

// sentence returns what a crowd says.
func (c crowd) sentence() string {
	if special := crowdings[c[0].Rule]; special.say != nil {
		return special.say(c)
	}
	var about []string
	for _, f := range c {
		about = append(about, f.subject().titled())
	}
	return c[0].inNumber(quantity(len(about), "component")) + ": " + enumerate(about)
}

// subject is the component that a finding is about, with its title if the facts have one.
func (f *Finding) subject() Subject {
	if f.Facts.About.Component == f.Components[0] {
		return f.Facts.About
	}
	return Subject{Component: f.Components[0]}
}

// grouped returns a line for each finding, and one for those that say the same of many components. A line of several
// stands where the first of them does.
func grouped(list []Finding, line func(f *Finding, message string) phrase) []phrase {
	crowds := map[string]crowd{}
	keys := make([]string, len(list))
	for i := range list {
		if keys[i] = list[i].crowd(); keys[i] != "" {
			crowds[keys[i]] = append(crowds[keys[i]], &list[i])
		}
	}
	var out []phrase
	told := map[string]bool{}
	for i := range list {
		f, c := list[i], crowds[keys[i]]
		switch {
		case len(c) < 2:
			out = append(out, line(&f, f.Message()))
		case !told[keys[i]]:
			told[keys[i]] = true
			if slices.ContainsFunc(c, func(other *Finding) bool { return other.Location != f.Location }) {
				f.Location = diag.Location{}
			}
			out = append(out, line(&f, c.sentence()))
		}
	}
	return out
}

// sayRawConnections tells of all connectors that one app or flow binds.
func sayRawConnections(c crowd) string {
	f := *c[0]
	facts := *f.Facts
	facts.Connector = enumerateAll(c, func(f *Finding) string { return f.Facts.Connector })
	f.Facts = &facts
	return strings.Replace(f.Message(), "set its connection", "set its connections", 1)
}

// onlyAsked returns a text if a flow waits for nothing but connections that somebody is asked for.
func onlyAsked(f *Facts) string {
	for i := range f.Obstacles {
		if !f.Obstacles[i].Waits || f.Obstacles[i].Reference == "" {
			return ""
		}
	}
	return "asked"
}

func sayFlowsOff(c crowd) string {
	var flows []string
	for _, f := range c {
		flows = append(flows, f.subject().titled())
	}
	return fmt.Sprintf("%s cannot start until somebody gives the connections that are asked for: %s", quantity(len(c), "flow"), enumerate(flows))
}

func sayReferencesUnused(c crowd) string {
	still := ""
	if c[0].Facts.Case == caseAsked {
		still = ", and still asked for"
	}
	var names []string
	for _, f := range c {
		names = append(names, f.Facts.Reference)
	}
	return fmt.Sprintf("%s are used by nothing in the batch%s: %s", quantity(len(c), "connection reference"), still, enumerate(names))
}

// sayConnectionsNeeded tells for which references connections are needed, by their connectors.
func sayConnectionsNeeded(c crowd) string {
	var order []string
	references := map[string][]string{}
	for _, f := range c {
		x := f.Facts
		if references[x.Connector] == nil {
			order = append(order, x.Connector)
		}
		references[x.Connector] = append(references[x.Connector], x.Reference)
	}
	var list []string
	for _, connector := range order {
		list = append(list, fmt.Sprintf("%s for %s", connector, enumerate(references[connector])))
	}
	_, reason, _ := strings.Cut(c[0].Message(), ": choose or create a connection")
	return fmt.Sprintf("choose or create connections%s: %s", reason, strings.Join(list, "; "))
}

func sayCanvasRebinds(c crowd) string {
	return fmt.Sprintf("%s: add the data sources of custom connectors %s again, apps do not use connection references for them",
		c[0].Facts.About.titled(), enumerateAll(c, func(f *Finding) string { return f.Facts.Connector }))
}

// enumerateAll enumerates what findings say, uncut: what is told once has to be told wholly.
func enumerateAll(c crowd, of func(f *Finding) string) string {
	var list []string
	for _, f := range c {
		list = append(list, of(f))
	}
	if n := len(list) - 1; n > 0 {
		return strings.Join(list[:n], ", ") + " and " + list[n]
	}
	return strings.Join(list, "")
}
