package plan

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// The lengths of lists in reports; what is longer is cut and says so.
const (
	mostLines  = 20
	mostFolded = 100 // of lists that a reader has to unfold
)

// A report is what a plan tells people, before it gets a form.
type report struct {
	verdict phrase
	stages  []stage   // in the order of the plan
	refused []section // solutions that cannot be imported
	cycles  []section
	why     []phrase // the constraints
	other   []phrase // findings that have no other place
	cut     bool     // a line leaves something out
}

// A stage is the import of one solution with the work by hand around it.
type stage struct {
	step  *Step
	tasks []task
}

// A task is one number of the sequence that a person works through.
type task struct {
	number  int
	what    phrase
	details []section // of an import
}

// A section is a list with a title.
type section struct {
	title phrase
	lines []phrase
	// long says that few readers want the lines.
	long bool
}

// A phrase is a line of a report. Names in it are apart from the words, because Markdown shows them as code.
type phrase []span

type span struct {
	text string
	name bool
}

func words(format string, args ...any) phrase { return phrase{{text: fmt.Sprintf(format, args...)}} }

func named(s string) phrase { return phrase{{text: s, name: true}} }

// and returns the phrase with more words and names behind it: alternately, a word first.
func (ph phrase) and(more ...string) phrase {
	out := slices.Clip(ph)
	for i, text := range more {
		if text != "" {
			out = append(out, span{text, i%2 == 1})
		}
	}
	return out
}

// names returns a phrase that enumerates names, cut if there are many.
func names(list []string) phrase {
	var out phrase
	for i, name := range list {
		if i == mostLines {
			return out.and(fmt.Sprintf(", and %d more", len(list)-i))
		}
		if i > 0 {
			out = out.and(", ")
		}
		out = out.and("", name)
	}
	return out
}

func (ph phrase) plain() string {
	var b strings.Builder
	for _, s := range ph {
		b.WriteString(oneLine(s.text))
	}
	return b.String()
}

// oneLine returns s without what would break a line or act on a terminal. Names come from packages, which anyone may
// have made.
func oneLine(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	return b.String()
}

// newReport sorts what a plan says by who needs it.
func newReport(p *Plan) *report {
	r := &report{}
	numbers := 0
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Status == Ready {
			r.stages = append(r.stages, newStage(s, &numbers))
		} else {
			r.refused = append(r.refused, refusal(s))
			r.cut = r.cut || len(s.BlockedBy) > mostLines
		}
	}
	r.verdict = verdict(p, len(r.stages), numbers)
	closing := p.closing()
	for _, loop := range p.Cycles {
		r.cycles = append(r.cycles, cycle(loop, closing))
	}
	for _, c := range p.Constraints {
		r.why = append(r.why, constraint(c))
		r.cut = r.cut || len(c.Because) > mostPairs
	}
	waiting := p.waiting()
	for _, f := range bySeverity(p.Findings) {
		if !(f.Rule == ruleImportOrder.ID && len(f.Components) > 0 && waiting[f.Components[0]]) {
			r.other = append(r.other, finding(&f, f.Message()))
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		var list []Finding
		for _, f := range s.Findings {
			ordered := f.Rule == ruleImportOrder.ID && len(p.Constraints) > 0
			if f.Severity == diag.Note && !ordered && !(s.Status == Ready && s.tells(&f)) {
				list = append(list, f)
			}
		}
		r.other = append(r.other, grouped(list, func(f *Finding, message string) phrase {
			return append(named(s.Solution).and(": "), finding(f, message)...)
		})...)
	}
	return r
}

// mostAlike is how many findings that say the same of different components have a line each. What is needed of a provider has one line.
const mostAlike = 3

func (f *Finding) mostAlike() int {
	if f.Facts != nil && len(f.Facts.Providers) > 0 {
		return 1
	}
	return mostAlike
}

// grouped returns a line for each finding, and one for those that say the same of many components. A line of several
// stands where the first of them does.
func grouped(list []Finding, line func(f *Finding, message string) phrase) []phrase {
	about := map[string][]string{} // by likeness
	likeness := make([]string, len(list))
	for i := range list {
		if likeness[i] = list[i].likeness(); likeness[i] != "" {
			about[likeness[i]] = append(about[likeness[i]], string(list[i].Components[0]))
		}
	}
	var out []phrase
	told := map[string]bool{}
	for i := range list {
		f, components := list[i], about[likeness[i]]
		switch {
		case len(components) <= f.mostAlike():
			out = append(out, line(&f, f.Message()))
		case !told[likeness[i]]:
			told[likeness[i]] = true
			f.Location = diag.Location{}
			out = append(out, line(&f, f.inNumber(quantity(len(components), "component"))+": "+enumerate(components)))
		}
	}
	return out
}

// waiting returns the solutions of which the list of those that are blocked says what they wait for.
func (p *Plan) waiting() map[ComponentID]bool {
	out := map[ComponentID]bool{}
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Status != Ready && len(s.BlockedBy) > 0 {
			out[solutionComponent(s.Solution)] = true
		}
	}
	return out
}

// tells reports whether the lists of a step say what one of its findings says.
func (s *Step) tells(f *Finding) bool {
	switch f.Rule {
	case ruleConnectionKept.ID:
		return f.Severity < diag.Warning && slices.ContainsFunc(s.Kept, func(name string) bool { return isAbout(f, name) })
	case ruleConnectionNeeded.ID:
		return slices.ContainsFunc(s.Prompts, func(name string) bool { return isAbout(f, name) })
	case ruleValueNeeded.ID:
		return slices.ContainsFunc(s.VariablesNeeded, func(name string) bool { return isAbout(f, name) })
	case ruleConnectorSecret.ID:
		return len(s.Secrets) > 0
	case ruleCanvasRebind.ID:
		return slices.ContainsFunc(s.ManualAfter, func(t Task) bool {
			return t.Kind == AddDataSource && t.Facts != nil && slices.Contains(f.Components, t.Facts.About.Component)
		})
	case ruleUpgradeDeletes.ID:
		return len(f.Components) > 0 && slices.Contains(s.Deletes, f.Components[0])
	}
	return f.Rule == ruleInventoryUnknown.ID // which stands where the deletions do, though it is only information
}

// isAbout reports whether the component that a finding is about has this name.
func isAbout(f *Finding, name string) bool {
	if len(f.Components) == 0 {
		return false
	}
	_, key, _ := strings.Cut(string(f.Components[0]), ":")
	return solution.Fold(key) == solution.Fold(name)
}

func verdict(p *Plan, imports, numbers int) phrase {
	todo := fmt.Sprintf("%s, %s", quantity(numbers, "step"), quantity(imports, "import"))
	if hands := numbers - imports; hands > 0 {
		todo += fmt.Sprintf(" and %d by hand", hands)
	}
	switch {
	case len(p.Steps) == 0 && !p.Blocked:
		return words("Nothing to import: the plan has no steps.")
	case !p.Blocked:
		return words("Can be imported: %s.", todo)
	case imports == 0:
		return words("Cannot be imported: %s blocked, no step can be done.", ofAll(len(p.Steps)))
	}
	return words("Cannot be imported as a whole: %d of %s blocked. What can be done: %s.",
		len(p.Steps)-imports, quantity(len(p.Steps), "solution")+be(len(p.Steps)-imports), todo)
}

func ofAll(n int) string {
	if n == 1 {
		return "the solution is"
	}
	return fmt.Sprintf("all %d solutions are", n)
}

func be(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// newStage numbers what there is to do for a step that is ready.
func newStage(s *Step, numbers *int) stage {
	g := stage{step: s}
	add := func(what phrase, details []section) {
		*numbers++
		g.tasks = append(g.tasks, task{*numbers, what, details})
	}
	for i := range s.ManualBefore {
		add(words("%s", s.ManualBefore[i].String()), nil)
	}
	add(doing(s), details(s))
	for _, secret := range s.Secrets {
		if !slices.ContainsFunc(s.ManualAfter, func(t Task) bool { return t.asksFor(secret) }) {
			add(words("Enter %s of the connector ", cmp.Or(enumerate(secret.Fields), "the secrets")).and("", secret.Connector), nil)
		}
	}
	for i := range s.ManualAfter {
		add(words("%s", s.ManualAfter[i].String()), nil)
	}
	return g
}

// asksFor reports whether a task is to enter all that a secret says.
func (t *Task) asksFor(secret Secret) bool {
	return t.Kind == EnterSecrets && t.Facts != nil && solution.Fold(t.Facts.Connector) == solution.Fold(secret.Connector) &&
		!slices.ContainsFunc(secret.Fields, func(f string) bool { return !slices.Contains(t.Facts.Values, f) })
}

var verbs = map[Action]string{Install: "Install", Update: "Update", Upgrade: "Upgrade", Stage: "Stage the upgrade of", Patch: "Import the patch"}

// doing is a step as one says it: Upgrade ContosoOrders 1.0.0.0 -> 1.1.0.0.
func doing(s *Step) phrase {
	return words("%s ", cmp.Or(verbs[s.Action], "Import")).and("", s.Solution, spaced(versions(s)))
}

// spaced puts a blank in front of a text that is not empty. A package without solution.xml has no version.
func spaced(text string) string {
	if text == "" {
		return ""
	}
	return " " + text
}

func versions(s *Step) string {
	if s.From == "" {
		return s.Version
	}
	return s.From + " -> " + s.Version
}

// details lists what happens in an import.
func details(s *Step) []section {
	var out []section
	add := func(long bool, lines []phrase, format string, args ...any) {
		if len(lines) > 0 {
			out = append(out, section{words(format, args...), lines, long})
		}
	}
	add(false, asked(s, s.Prompts, ruleConnectionNeeded.ID), "Asks for a connection")
	var bound []phrase
	for _, name := range slices.Sorted(maps.Keys(s.Bound)) {
		bound = append(bound, named(name).and(" to the connection ", s.Bound[name]))
	}
	add(false, bound, "The settings bind")
	add(false, asked(s, s.Kept, ""), "Keeps its connection")
	add(false, asked(s, s.VariablesNeeded, ruleValueNeeded.ID), "Needs a value")
	lost, gone := deletions(s.Deletes, s.Titles)
	when := "Deletes"
	if s.Action == Stage {
		when = "Applying the upgrade deletes"
	}
	add(false, lost, "%s with all data", when)
	add(true, gone, "%s", when)
	var unknown []Finding
	for _, f := range s.Findings {
		if f.Rule == ruleInventoryUnknown.ID {
			unknown = append(unknown, f)
		}
	}
	add(false, grouped(unknown, untitled), "Not known")
	titles := map[diag.Severity]string{diag.Error: "Errors", diag.Action: "To do", diag.Warning: "Warnings"}
	for _, severity := range []diag.Severity{diag.Error, diag.Action, diag.Warning} {
		var list []Finding
		for _, f := range s.Findings {
			if f.Severity == severity && !s.tells(&f) {
				list = append(list, f)
			}
		}
		add(false, grouped(list, untitled), "%s", titles[severity])
	}
	return out
}

// asked is a line for each name: what the finding of a rule says of it, or the name alone.
func asked(s *Step, list []string, rule string) []phrase {
	var out []phrase
	for _, name := range list {
		i := slices.IndexFunc(s.Findings, func(f Finding) bool { return f.Rule == rule && isAbout(&f, name) })
		if i >= 0 {
			out = append(out, words("%s", s.Findings[i].Message()))
		} else {
			out = append(out, named(name))
		}
	}
	return out
}

// deletions separates the components that hold data from the others.
func deletions(list []ComponentID, titles map[ComponentID]string) (lost, gone []phrase) {
	for _, c := range list {
		if c.holdsData() {
			lost = append(lost, entitled(c, titles))
		} else {
			gone = append(gone, entitled(c, titles))
		}
	}
	return lost, gone
}

// entitled is a component with what people call it.
func entitled(c ComponentID, titles map[ComponentID]string) phrase {
	ph := named(string(c))
	if title := titles[c]; title != "" {
		ph = ph.and(" (", title, ")")
	}
	return ph
}

// holdsData reports whether the data of people go with a component: rows of a table, values of a column.
func (c ComponentID) holdsData() bool {
	kind := solution.ComponentType(c.Kind())
	return kind == solution.TypeEntity || kind == solution.TypeAttribute
}

// refusal says why a solution cannot be imported.
func refusal(s *Step) section {
	out := section{title: named(s.Solution).and(fmt.Sprintf("%s (%s)", spaced(versions(s)), s.Action))}
	if len(s.BlockedBy) > 0 {
		out.lines = append(out.lines, append(words("waits for "), names(s.BlockedBy)...))
	}
	out.lines = append(out.lines, grouped(slices.DeleteFunc(bySeverity(s.Findings), func(f Finding) bool { return f.Severity == diag.Note }), finding)...)
	return out
}

// A turn is a step from one solution of a loop to the next, by their folded names.
type turn struct{ before, after string }

func newTurn(before, after string) turn { return turn{solution.Fold(before), solution.Fold(after)} }

// closing returns the constraints that can be part of a loop: soft ones are left out of the order instead.
func (p *Plan) closing() map[turn][]Constraint {
	out := map[turn][]Constraint{}
	if len(p.Cycles) == 0 {
		return out
	}
	for _, c := range p.Constraints {
		if c.Kind != Soft {
			t := newTurn(c.Before, c.After)
			out[t] = append(out[t], c)
		}
	}
	return out
}

// cycle spells out a loop of solutions.
func cycle(loop []string, closing map[turn][]Constraint) section {
	var out section
	for _, name := range loop {
		out.title = out.title.and("", name, " -> ")
	}
	if len(loop) == 0 {
		return out
	}
	out.title = out.title.and("", loop[0])
	for i, name := range loop {
		for _, c := range closing[newTurn(name, loop[(i+1)%len(loop)])] {
			out.lines = append(out.lines, constraint(c))
		}
	}
	return out
}

// mostPairs is how many pairs of components a constraint is explained by.
const mostPairs = 3

// constraint says that one solution comes before another, and for which components.
func constraint(c Constraint) phrase {
	out := named(c.Before).and(" before ", c.After, fmt.Sprintf(" (%s)", c.Kind))
	for i, pair := range c.Because {
		if i == mostPairs {
			return out.and(fmt.Sprintf("; and %d more", len(c.Because)-i))
		}
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		out = out.and(separator)
		switch {
		case pair.By == "" || pair.By == pair.Need:
			out = out.and("", string(pair.Need))
		case pair.Need == "":
			out = out.and("", string(pair.By))
		default:
			out = out.and("", string(pair.By), pairVerb(c.Kind), string(pair.Need))
		}
	}
	return out
}

// pairVerb is what the component of a pair does with the one that is needed.
func pairVerb(k ConstraintKind) string {
	switch k {
	case Release:
		return " stops using "
	case Handover:
		return " drops "
	case PatchOf:
		return " follows "
	case Connects:
		return " refers to "
	case Soft:
		return " names "
	}
	return " needs "
}

// finding is a finding with its severity; errors are so called, actions are what somebody has to do.
func finding(f *Finding, message string) phrase {
	return append(words("%s: ", severityWord(f.Severity)), untitled(f, message)...)
}

func untitled(f *Finding, message string) phrase {
	return words("%s%s [", message, evidence(f.Location)).and("", shortID(f.Rule), "]")
}

// severityWord is a severity in reports and JSON, where plans have always called a note info.
func severityWord(s diag.Severity) string {
	if s == diag.Note {
		return "info"
	}
	return s.String()
}

// evidence is where something stands, behind a blank and in brackets, or nothing if that is in no file.
func evidence(at diag.Location) string {
	if at.File == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", at)
}

// bySeverity returns findings with errors first, else as they were.
func bySeverity(list []Finding) []Finding {
	rank := map[diag.Severity]int{diag.Error: 0, diag.Warning: 1, diag.Action: 2, diag.Note: 3}
	return slices.SortedStableFunc(slices.Values(list), func(a, b Finding) int { return cmp.Compare(rank[a.Severity], rank[b.Severity]) })
}
