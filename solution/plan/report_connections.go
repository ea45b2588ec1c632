package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A connecting is one connection to make, for all references that wait for it.
type connecting struct {
	connector  string
	references []waitingFor // in the order of the plan
	candidates []string     // connections that could be chosen instead
}

// A waitingFor is a connection reference that waits for a connection.
type waitingFor struct {
	name, solution, condition string
}

// makesConnection reports whether the task is one that several references can share.
func (t *Task) makesConnection() bool {
	return t.Kind == CreateConnection && t.Text == "" && t.Facts != nil && t.Facts.Connector != "" && t.Facts.Case != caseSettings
}

// connectings joins tasks of one connector. name is the solution whose references they are about, where a task does not say.
func connectings(steps []*Step, tasks func(s *Step) []Task) []connecting {
	var out []connecting
	at := map[string]int{}
	for _, s := range steps {
		conditions := s.conditions()
		for _, t := range tasks(s) {
			if !t.makesConnection() {
				continue
			}
			x := t.Facts
			key := solution.Fold(x.Connector)
			i, ok := at[key]
			if !ok {
				i = len(out)
				at[key] = i
				out = append(out, connecting{connector: x.Connector})
			}
			c := &out[i]
			c.references = append(c.references, waitingFor{x.Reference, cmp.Or(x.Solution, s.Solution), conditions[solution.Fold(x.Reference)]})
			for _, v := range x.Values {
				if !slices.Contains(c.candidates, v) {
					c.candidates = append(c.candidates, v)
				}
			}
		}
	}
	return out
}

// conditions says why references have no connection, where that is not simply so.
func (s *Step) conditions() map[string]string {
	out := map[string]string{}
	for i := range s.Findings {
		f := &s.Findings[i]
		if f.Rule != ruleConnectionNeeded.ID || f.Facts == nil {
			continue
		}
		switch x := f.Facts; x.Case {
		case caseOther:
			out[solution.Fold(x.Reference)] = fmt.Sprintf(" (connection %s is of another connector)", x.Connection)
		case caseMaybe:
			out[solution.Fold(x.Reference)] = " (unless it has one already: the environment does not say)"
		}
	}
	return out
}

// task says what is to be done for a connection, and lists the references by their solutions.
func (c *connecting) task(number int) task {
	what := words("Create a connection of ").and("", c.connector)
	if n := len(c.candidates); n > 0 {
		what = what.and(", or choose "+plural(n, "", "one of ")).and("", enumerate(c.candidates))
	}
	if len(c.references) == 1 {
		r := c.references[0]
		return task{number: number, what: what.and(", for connection reference ", r.name, " of ", r.solution, r.condition+".")}
	}
	out := section{title: words("For %d connection references", len(c.references))}
	var order []string
	lines := map[string]phrase{}
	for _, r := range c.references {
		line, ok := lines[r.solution]
		if !ok {
			order = append(order, r.solution)
			line = named(r.solution).and(": ")
		} else {
			line = line.and(", ")
		}
		lines[r.solution] = line.and("", r.name, r.condition)
	}
	for _, name := range order {
		out.lines = append(out.lines, lines[name])
	}
	return task{number: number, what: what.and("."), details: []section{out}}
}

// referenceOf is a connection reference of a solution, by their folded names.
type referenceOf struct{ reference, solution string }

func newReferenceOf(reference, of string) referenceOf {
	return referenceOf{solution.Fold(reference), solution.Fold(of)}
}

// ranges writes sorted numbers as "1 to 4 and 7".
func ranges(list []int) string {
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		switch {
		case j == i:
			parts = append(parts, fmt.Sprint(list[i]))
		case j == i+1:
			parts = append(parts, fmt.Sprint(list[i]), fmt.Sprint(list[j]))
		default:
			parts = append(parts, fmt.Sprintf("%d to %d", list[i], list[j]))
		}
		i = j + 1
	}
	if n := len(parts) - 1; n > 0 {
		return strings.Join(parts[:n], ", ") + " and " + parts[n]
	}
	return strings.Join(parts, "")
}
