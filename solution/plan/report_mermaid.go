package plan

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution"
)

// WriteMermaid writes the plan as a Mermaid flowchart: a box for each solution, with the class ready, blocked or
// blocked-by, and an arrow for each constraint from what comes first, labelled with its kind. Soft constraints are
// dotted, those of a cycle are thick and red. The only errors are those of w, to which everything is written at once.
func (p *Plan) WriteMermaid(w io.Writer) error {
	f := &flowchart{nodes: map[string]int{}}
	f.printf("flowchart TD\n")
	for i := range p.Steps {
		f.step(&p.Steps[i])
	}
	if len(p.Steps) == 0 {
		f.printf("  none[\"nothing to import\"]\n")
	}
	var red []string
	turns := p.turns()
	for i, c := range p.drawn() {
		cycle := c.Kind != Soft && turns[newTurn(c.Before, c.After)]
		if cycle {
			red = append(red, strconv.Itoa(i))
		}
		f.constraint(c, cycle)
	}
	f.printf("  classDef ready fill:#dcfce7,stroke:#15803d,color:#14532d\n" +
		"  classDef blocked fill:#fee2e2,stroke:#b91c1c,color:#7f1d1d\n" +
		"  classDef blocked-by fill:#fef3c7,stroke:#b45309,color:#78350f\n")
	if len(red) > 0 {
		f.printf("  linkStyle %s stroke:#b91c1c,stroke-width:3px\n", strings.Join(red, ","))
	}
	_, err := w.Write(f.Bytes())
	return err
}

// turns returns the turns of all loops.
func (p *Plan) turns() map[turn]bool {
	out := map[turn]bool{}
	for _, loop := range p.Cycles {
		for i, name := range loop {
			out[newTurn(name, loop[(i+1)%len(loop)])] = true
		}
	}
	return out
}

// A flowchart numbers its boxes, so that no name has to be an identifier.
type flowchart struct {
	bytes.Buffer
	nodes map[string]int // by folded name; the first of several steps for one solution
	count int
}

func (f *flowchart) printf(format string, args ...any) { fmt.Fprintf(f, format, args...) }

func (f *flowchart) step(s *Step) {
	class := ""
	if s.Status == Ready || s.Status == Blocked || s.Status == BlockedBy {
		class = ":::" + string(s.Status)
	}
	label := mermaidText(s.Solution)
	for _, more := range []string{versions(s), string(s.Action)} {
		if more != "" {
			label += "<br/>" + mermaidText(more)
		}
	}
	f.box(s.Solution, label, class)
}

func (f *flowchart) box(name, label, class string) int {
	n := f.count
	f.count++
	if _, ok := f.nodes[solution.Fold(name)]; !ok {
		f.nodes[solution.Fold(name)] = n
	}
	f.printf("  s%d[\"%s\"]%s\n", n, label, class)
	return n
}

// node returns the box of a solution, which is made if it is of no step.
func (f *flowchart) node(name string) int {
	if n, ok := f.nodes[solution.Fold(name)]; ok {
		return n
	}
	return f.box(name, mermaidText(name), "")
}

func (f *flowchart) constraint(c Constraint, cycle bool) {
	from, to := f.node(c.Before), f.node(c.After)
	arrow, label := "-->", string(c.Kind)
	switch {
	case cycle:
		arrow, label = "==>", label+" (cycle)"
	case c.Kind == Soft:
		arrow = "-.->"
	}
	f.printf("  s%d %s|\"%s\"| s%d\n", from, arrow, mermaidText(label), to)
}

// mermaidText returns s for a label. Besides its quotes, Mermaid looks in it for HTML, for Markdown, for directives, and
// for its own entities. A digit in front would be taken for a list.
func mermaidText(s string) string {
	var b strings.Builder
	for i, r := range oneLine(s) {
		digit := r >= '0' && r <= '9'
		switch {
		case i == 0 && digit && !isVersionLike(s):
			fmt.Fprintf(&b, "#%d;", r)
		case r >= utf8.RuneSelf || isWord(r) || strings.ContainsRune(" _.:,()/-", r) && (i > 0 || r != '-'):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// isVersionLike reports whether a text has no blank behind its first dot, so that it is no item of a list.
func isVersionLike(s string) bool { return !strings.Contains(s, ". ") && !strings.Contains(s, ") ") }
