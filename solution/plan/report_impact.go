package plan

import (
	"fmt"
	"io"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

// WriteText writes in plain text what a component is used by. Lists of more than 20 lines are cut, and say so; the JSON
// form has everything. The only errors are those of w, to which everything is written at once.
func (r *Reach) WriteText(w io.Writer) error {
	t := &textWriter{}
	t.line(0, 0, r.verdict())
	var layers []phrase
	for _, l := range r.Layers {
		layers = append(layers, l.phrase())
	}
	t.list("Solutions that hold it, the base layer first", layers)
	t.list("Parts that go with it", componentLines(r.Parts, r.Titles))
	var connections []phrase
	for _, text := range owned(r.Connections) {
		connections = append(connections, words("%s", text))
	}
	t.list("Connections of it, which keep it from being deleted", connections)
	solutions, uses := bySolution(r.UsedBy, r.Titles)
	for _, name := range solutions {
		t.blank()
		t.section(0, section{title: words("Used in the solution ").and("", name), lines: uses[name]})
	}
	t.list("Uses that keep it from being deleted", componentLines(r.Blocks, r.Titles))
	var unknown []phrase
	for _, name := range r.Unknown {
		unknown = append(unknown, named(name))
	}
	t.list("Solutions that may use it too, their contents are not known", unknown)
	t.findings(r.Findings)
	return t.flush(w)
}

func (r *Reach) verdict() phrase {
	ph := entitled(r.Component, r.Titles)
	if r.Base {
		ph = ph.and(", a part of the platform,")
	}
	if len(r.UsedBy) == 0 && len(r.Connections) > 0 {
		ph = ph.and(" is used by " + quantity(len(r.Connections), "connection"))
	} else if len(r.UsedBy) == 0 {
		ph = ph.and(" is used by nothing that is known")
	} else {
		solutions, _ := bySolution(r.UsedBy, r.Titles)
		ph = ph.and(fmt.Sprintf(" is used in %s of %s", quantity(len(r.UsedBy), "place"), quantity(len(solutions), "solution")))
	}
	if len(r.Blocks)+len(r.Connections) > 0 || slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == diag.Error }) {
		ph = ph.and(" and cannot be deleted")
	}
	return ph.and(".")
}

// phrase is a layer as one line: Core 1.0.0.0 by acme (managed, base).
func (l Layer) phrase() phrase {
	ph := named(l.Solution)
	if l.Version != "" {
		ph = ph.and(" " + l.Version)
	}
	if l.Publisher != "" {
		ph = ph.and(" by ", l.Publisher)
	}
	switch {
	case !l.Managed:
		return ph.and(" (unmanaged)")
	case l.Base:
		return ph.and(" (managed, base)")
	}
	return ph.and(" (managed)")
}

// bySolution groups uses by the solution that has them, in the order of the first of each.
func bySolution(uses []Use, titles map[ComponentID]string) (solutions []string, lines map[string][]phrase) {
	lines = map[string][]phrase{}
	for _, u := range uses {
		if lines[u.Solution] == nil {
			solutions = append(solutions, u.Solution)
		}
		lines[u.Solution] = append(lines[u.Solution], u.phrase(titles))
	}
	return solutions, lines
}

// phrase is a use as one line; what the platform does not know of does not keep it from deleting.
func (u Use) phrase(titles map[ComponentID]string) phrase {
	ph := append(entitled(u.By, titles).and(" uses "), entitled(u.Need, titles)...)
	if !u.Tracked {
		ph = ph.and(", unknown to the platform")
	}
	return ph.and(evidence(u.Location))
}

func componentLines(list []ComponentID, titles map[ComponentID]string) []phrase {
	var out []phrase
	for _, c := range list {
		out = append(out, entitled(c, titles))
	}
	return out
}

// findings writes all findings, errors first.
func (t *textWriter) findings(list []Finding) {
	var lines []phrase
	for _, f := range bySeverity(list) {
		lines = append(lines, finding(&f, f.Message(), nil))
	}
	t.list("Findings", lines)
}

// WriteText writes in plain text what uninstalling a solution does. Lists of more than 20 lines are cut, and say so; the
// JSON form has everything. The only errors are those of w, to which everything is written at once.
func (r *Removal) WriteText(w io.Writer) error {
	t := &textWriter{}
	can := "can"
	if r.Blocked {
		can = "cannot"
	}
	t.line(0, 0, named(r.Solution).and(fmt.Sprintf(" %s be uninstalled: %s.", can, r.count())))
	t.blank()
	for i, name := range r.Order {
		t.line(0, 3, words("%d. Uninstall ", i+1).and("", name))
	}
	lost, gone := deletions(r.Deletes, r.Titles)
	verb := "Deletes"
	if r.Blocked {
		verb = "Would delete"
	}
	t.list(verb+" with all data", lost)
	t.list(verb, gone)
	t.findings(r.Findings)
	return t.flush(w)
}

// count says how much is deleted, as far as that is known.
func (r *Removal) count() string {
	n := len(r.Deletes)
	unknown := slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Rule == ruleInventoryUnknown.ID })
	switch {
	case n == 0 && unknown:
		return "what is deleted is not known"
	case n == 0:
		return "nothing is deleted"
	case r.Blocked:
		return quantity(n, "component") + " would be deleted"
	case n == 1:
		return "1 component is deleted"
	}
	return quantity(n, "component") + " are deleted"
}
