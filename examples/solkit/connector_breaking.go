package main

import (
	"flag"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var connectorBreakingCommand = command{
	name:    "connector breaking",
	args:    []string{"OLD", "NEW"},
	summary: "tell what an update of connectors breaks",
	help: `Compares the connectors of OLD, folders or zips as for "solkit connector lint", with those of NEW: by id, by name, by
title, or the only one with the only one. Operations are compared by operationId without regard to case, with their
parameters, bodies, answers and notifications; then the authentication, the host, and what goes through the script.

A change is breaking if flows, apps, agents or connections that exist fail, unknown if it depends on what they send
and read. Safe ones are shown with -v. The exit status is 1 if anything is breaking. "solkit plan" tells which flows
of an environment use what breaks.`,
	examples: []string{"solkit connector breaking contoso_1_0_0_0.zip contoso_1_1_0_0.zip"},
	define:   func(*flag.FlagSet) action { return compareConnectors },
}

// A breakingDocument is what connector breaking found.
type breakingDocument struct {
	Connectors []comparedConnector `json:"connectors"`
	Breaking   int                 `json:"breaking"`
	Unknown    int                 `json:"unknown"`
	Safe       int                 `json:"safe"`
	connectorOutcome
}

// A comparedConnector is a connector in two versions. One that is only in one of the sources has no place in the other.
type comparedConnector struct {
	Name    string            `json:"name"`
	Old     string            `json:"old"` // the argument and the place below it, empty: it is not there
	New     string            `json:"new"`
	Changes []connectorChange `json:"changes"`
}

type connectorChange struct {
	Rule      string      `json:"rule"`
	Impact    string      `json:"impact"` // breaking, unknown or safe
	Operation string      `json:"operation,omitempty"`
	Subject   string      `json:"subject,omitempty"` // parameter, property or connection parameter
	What      string      `json:"what"`
	Reason    string      `json:"reason"`
	Old       changePlace `json:"old"`
	New       changePlace `json:"new"`
}

type changePlace struct {
	File    string `json:"file"`    // the argument and the path below it
	Pointer string `json:"pointer"` // JSON Pointer, or the path of an XML element
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

// ruleConnectorGone stands for a connector of which there is no new version; the library compares one with one.
var ruleConnectorGone = diag.Rule{ID: "solkit/connector-gone", Severity: diag.Error, Summary: "a connector is not in the new version",
	Help: "What uses it fails. If it has another name now, compare the two alone."}

func compareConnectors(j *job) (document, error) {
	d := &breakingDocument{Connectors: []comparedConnector{}}
	var sides [2][]foundConnector
	var sources [2]*connectorSource
	for i, name := range j.args {
		src, err := openConnectors(name)
		if err != nil {
			return d, err
		}
		defer src.close()
		if sides[i], err = src.find(true); err != nil {
			return d, err
		}
		sources[i] = src
		sides[i] = slices.DeleteFunc(sides[i], func(c foundConnector) bool {
			if c.err != nil {
				d.found = append(d.found, src.below(c.root, src.unreadable(c.err))...)
			}
			return c.err != nil
		})
	}
	pairs, gone, added := pairConnectors(sides[0], sides[1])
	for _, p := range pairs {
		one := comparedConnector{Name: p[0].name, Old: sources[0].at(p[0].dir), New: sources[1].at(p[1].dir), Changes: []connectorChange{}}
		for _, x := range connector.Compare(p[0].Connector, p[1].Connector) {
			one.Changes = append(one.Changes, connectorChange{Rule: x.Rule, Impact: x.Impact.String(), Operation: x.Operation, Subject: x.Subject, What: x.What, Reason: x.Reason,
				Old: changePlaceIn(sources[0], p[0].root, x.Old), New: changePlaceIn(sources[1], p[1].root, x.New)})
		}
		d.add(one)
	}
	for _, c := range gone {
		d.add(comparedConnector{Name: c.name, Old: sources[0].at(c.dir), Changes: []connectorChange{{Rule: ruleConnectorGone.ID, Impact: connector.Breaking.String(),
			What: "connector " + c.name + " is gone", Reason: "flows, apps and agents that use it fail", Old: changePlaceIn(sources[0], c.root, c.Location()), New: changePlace{File: sources[1].at(".")}}}})
	}
	for _, c := range added {
		d.add(comparedConnector{Name: c.name, New: sources[1].at(c.dir), Changes: []connectorChange{}})
	}
	d.blocked = d.Breaking > 0
	return d, nil
}

func changePlaceIn(src *connectorSource, root string, at diag.Location) changePlace {
	at = src.below(root, diag.List{{Location: at}})[0].Location
	return changePlace{File: at.File, Pointer: at.Path, Line: at.Start.Line, Column: at.Start.Column}
}

func (d *breakingDocument) add(c comparedConnector) {
	for _, x := range c.Changes {
		switch x.Impact {
		case connector.Breaking.String():
			d.Breaking++
		case connector.Unknown.String():
			d.Unknown++
		default:
			d.Safe++
		}
	}
	d.Connectors = append(d.Connectors, c)
}

// pairConnectors finds the new version of each connector.
func pairConnectors(old, new []foundConnector) (pairs [][2]foundConnector, gone, added []foundConnector) {
	if len(old) == 1 && len(new) == 1 {
		return [][2]foundConnector{{old[0], new[0]}}, nil, nil
	}
	partner, taken := make([]int, len(old)), map[int]bool{}
	for i := range partner {
		partner[i] = -1
	}
	for _, key := range []func(c foundConnector) string{
		func(c foundConnector) string { return strings.ToLower(strings.Trim(c.ID(), "{}")) },
		func(c foundConnector) string { return solution.Fold(c.name) },
		func(c foundConnector) string { return strings.ToLower(strings.TrimSpace(c.Title())) },
	} {
		for i, c := range old {
			if k := key(c); partner[i] < 0 && k != "" {
				j := slices.IndexFunc(new, func(n foundConnector) bool { return key(n) == k })
				if j >= 0 && !taken[j] {
					partner[i], taken[j] = j, true
				}
			}
		}
	}
	for i, c := range old {
		if j := partner[i]; j >= 0 {
			pairs = append(pairs, [2]foundConnector{c, new[j]})
		} else {
			gone = append(gone, c)
		}
	}
	for j, c := range new {
		if !taken[j] {
			added = append(added, c)
		}
	}
	return pairs, gone, added
}

func (d *breakingDocument) text(p *printer, j *job) {
	for _, c := range d.Connectors {
		switch {
		case c.Old == "":
			p.printf("%s: new in %s\n", c.Name, c.New)
		case c.New == "":
			p.printf("%s: only in %s\n", c.Name, c.Old)
		default:
			p.printf("%s: %s -> %s\n", c.Name, c.Old, c.New)
		}
		for _, x := range c.Changes {
			if x.Impact == connector.Safe.String() && !j.verbose {
				continue
			}
			p.printf("  %s: %s: %s (%s)\n", x.Impact, x.What, x.Reason, x.Rule)
			p.printf("    %s, was %s\n", x.New, x.Old)
		}
	}
	p.printf("%s: %d breaking, %d unknown, %d safe\n", count(len(d.Connectors), "connector"), d.Breaking, d.Unknown, d.Safe)
}

// String is the place as editors take it.
func (p changePlace) String() string {
	return diag.Location{File: p.File, Start: diag.Position{Line: p.Line, Column: p.Column}}.String()
}
