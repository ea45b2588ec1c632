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
	doubles []phrase  // solutions that are in the batch several times; then nothing else is told
	missing []phrase  // what has to be imported first, if several solutions miss it
	refused []section // solutions that cannot be imported
	cycles  []section
	why     []phrase // the constraints
	base    []phrase // what comes with the platform
	other   []phrase // findings that have no other place
	cut     bool     // a line leaves something out
}

// A stage is the import of one solution with the work by hand around it, or what is done before all of them.
type stage struct {
	step     *Step // nil: none
	tasks    []task
	imported int // the number of the import
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
	text  string
	name  bool
	width int // that plain text fills up with blanks
}

func words(format string, args ...any) phrase { return phrase{{text: fmt.Sprintf(format, args...)}} }

func named(s string) phrase { return phrase{{text: s, name: true}} }

// and returns the phrase with more words and names behind it: alternately, a word first.
func (ph phrase) and(more ...string) phrase {
	out := slices.Clip(ph)
	for i, text := range more {
		if text != "" {
			out = append(out, span{text: text, name: i%2 == 1})
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
		text := oneLine(s.text)
		b.WriteString(text)
		b.WriteString(strings.Repeat(" ", max(0, s.width-len(text))))
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
	r := &report{doubles: p.doubles()}
	if len(r.doubles) > 0 {
		r.verdict = words("Not planned: which package of a solution is meant cannot be told. Plan again when each is there once.")
		return r
	}
	var ready []*Step
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Status == Ready {
			ready = append(ready, s)
		}
	}
	n := &numbering{made: map[referenceOf]int{}}
	r.stages = n.stages(ready)
	var instead map[*Step]phrase
	r.missing, instead = p.lacks()
	for i := range p.Steps {
		if s := &p.Steps[i]; s.Status != Ready {
			r.refused = append(r.refused, refusal(s, instead[s]))
			r.cut = r.cut || len(s.BlockedBy) > mostLines
		}
	}
	r.verdict = verdict(p, len(ready), n.last)
	closing := p.closing()
	for _, loop := range p.Cycles {
		r.cycles = append(r.cycles, cycle(loop, closing))
	}
	for _, c := range p.drawn() {
		r.why = append(r.why, constraint(c))
		r.cut = r.cut || len(c.Because) > mostPairs
	}
	r.base = p.platform()
	waiting := p.waiting()
	for _, f := range bySeverity(p.Findings) {
		if !(f.Rule == ruleImportOrder.ID && len(f.Components) > 0 && waiting[f.Components[0]]) {
			r.other = append(r.other, finding(&f, f.Message(), nil))
		}
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		var list []Finding
		for _, f := range s.Findings {
			ordered := f.Rule == ruleImportOrder.ID && len(p.Constraints) > 0
			if f.Severity == diag.Note && !ordered && !f.ofPlatform() && !(s.Status == Ready && s.tells(&f)) {
				list = append(list, f)
			}
		}
		r.other = append(r.other, grouped(list, func(f *Finding, message string) phrase {
			return finding(f, message, named(s.Solution).and(": "))
		})...)
	}
	return r
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
	case ruleEndpointKey.ID:
		return slices.ContainsFunc(s.ManualAfter, func(t Task) bool {
			return t.Kind == EnterEndpointKey && t.Facts != nil && slices.Contains(f.Components, t.Facts.About.Component)
		})
	case ruleSecretAccess.ID:
		return slices.ContainsFunc(s.ManualBefore, func(t Task) bool {
			return t.Kind == GiveVaultAccess && t.Facts != nil && isAbout(f, t.Facts.Variable)
		})
	case ruleUpdateLeaves.ID:
		return s.Changes != nil
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

// A numbering gives what there is to do its numbers.
type numbering struct {
	last int
	made map[referenceOf]int // the number of the connection of each reference
}

// stages numbers what there is to do for the steps that are ready: first the connections that can be made now, each once for all
// references that wait for it.
func (n *numbering) stages(ready []*Step) []stage {
	var out []stage
	first := stage{}
	for _, c := range connectings(ready, func(s *Step) []Task { return s.ManualBefore }) {
		first.tasks = append(first.tasks, n.connect(c))
	}
	if len(first.tasks) > 0 {
		out = append(out, first)
	}
	for _, s := range ready {
		out = append(out, n.stage(s))
	}
	return out
}

func (n *numbering) connect(c connecting) task {
	n.last++
	for _, r := range c.references {
		n.made[newReferenceOf(r.name, r.solution)] = n.last
	}
	return c.task(n.last)
}

// stage numbers what there is to do for a step that is ready.
func (n *numbering) stage(s *Step) stage {
	g := stage{step: s}
	add := func(what phrase, details []section) {
		n.last++
		g.tasks = append(g.tasks, task{n.last, what, details})
	}
	prepared := s.prepared()
	for i := range s.ManualBefore {
		switch t := &s.ManualBefore[i]; {
		case t.makesConnection():
		case len(prepared) < 2 || !t.preparesValue():
			add(words("%s", t.String()), nil)
		case t == prepared[0]:
			add(words("Have values ready for %d environment variables.", len(prepared)), []section{{lines: s.valuesNeeded(prepared)}})
		}
	}
	add(doing(s), n.details(s))
	g.imported = n.last
	for _, secret := range s.Secrets {
		if !slices.ContainsFunc(s.ManualAfter, func(t Task) bool { return t.asksFor(secret) }) {
			add(words("Enter %s of the connector ", cmp.Or(enumerate(secret.Fields), "the secrets")).and("", secret.Connector), nil)
		}
	}
	made := false
	for i := range s.ManualAfter {
		switch t := &s.ManualAfter[i]; {
		case !t.makesConnection():
			add(words("%s", t.String()), nil)
		case !made:
			made = true
			for _, c := range connectings([]*Step{s}, func(s *Step) []Task { return s.ManualAfter }) {
				g.tasks = append(g.tasks, n.connect(c))
			}
		}
	}
	return g
}

// preparesValue reports whether the task is to have a value of a variable.
func (t *Task) preparesValue() bool {
	return t.Kind == PrepareValue && t.Text == "" && t.Facts != nil && t.Facts.Variable != ""
}

// prepared returns the tasks to have values ready.
func (s *Step) prepared() []*Task {
	var out []*Task
	for i := range s.ManualBefore {
		if t := &s.ManualBefore[i]; t.preparesValue() {
			out = append(out, t)
		}
	}
	return out
}

// valuesNeeded is a line for each variable, with why it has no value if there was one or may be.
func (s *Step) valuesNeeded(prepared []*Task) []phrase {
	var out []phrase
	for _, t := range prepared {
		name := t.Facts.Variable
		line := named(name)
		i := slices.IndexFunc(s.Findings, func(f Finding) bool { return f.Rule == ruleValueNeeded.ID && isAbout(&f, name) })
		if i >= 0 {
			_, why, _ := strings.Cut(s.Findings[i].Message(), ": give one, ")
			line = line.and(before(": ", why))
		}
		out = append(out, line)
	}
	return out
}

// before puts something in front of a text that is not empty.
func before(separator, text string) string {
	if text == "" {
		return ""
	}
	return separator + text
}

// unprepared are the variables without a value of which no task tells.
func (s *Step) unprepared() []string {
	prepared := s.prepared()
	if len(prepared) < 2 {
		return s.VariablesNeeded
	}
	return slices.DeleteFunc(slices.Clone(s.VariablesNeeded), func(name string) bool {
		return slices.ContainsFunc(prepared, func(t *Task) bool { return t.Facts.Variable == name })
	})
}

// asked says for which connections an import asks: those that were made before by number, others as their findings do. Of those
// that can be made only afterwards, the tasks behind it tell.
func (n *numbering) asked(s *Step) (numbers []int, lines []phrase) {
	after := map[string]bool{}
	for i := range s.ManualAfter {
		if t := &s.ManualAfter[i]; t.makesConnection() {
			after[solution.Fold(t.Facts.Reference)] = true
		}
	}
	var rest []string
	for _, name := range s.Prompts {
		if number, ok := n.made[newReferenceOf(name, s.Solution)]; ok {
			numbers = append(numbers, number)
		} else if !after[solution.Fold(name)] {
			rest = append(rest, name)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), asked(s, rest, ruleConnectionNeeded.ID)
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
func spaced(text string) string { return before(" ", text) }

func versions(s *Step) string {
	if s.From == "" {
		return s.Version
	}
	return s.From + " -> " + s.Version
}

// details lists what happens in an import.
func (n *numbering) details(s *Step) []section {
	var out []section
	add := func(long bool, lines []phrase, format string, args ...any) {
		if len(lines) > 0 {
			out = append(out, section{words(format, args...), lines, long})
		}
	}
	made, lines := n.asked(s)
	findings := s.Findings
	if len(made) > 0 {
		var off crowd
		off, findings = s.offUntilAsked()
		out = append(out, section{title: words("Asks for %s %s", plural(len(made), "the connection of step", "the connections of steps"), ranges(made)).and(off.without())})
	}
	add(false, lines, "Asks for a connection")
	var bound []phrase
	for _, name := range slices.Sorted(maps.Keys(s.Bound)) {
		bound = append(bound, named(name).and(" to the connection ", s.Bound[name]))
	}
	add(false, bound, "The settings bind")
	add(false, asked(s, s.Kept, ""), "Keeps its connection")
	add(false, asked(s, s.unprepared(), ruleValueNeeded.ID), "Needs a value")
	out = append(out, s.changes()...)
	lost, gone := deletions(s.Deletes, s.Titles)
	when := "Deletes"
	if s.Action == Stage {
		when = "Applying the upgrade deletes"
	}
	add(false, lost, "%s with all data", when)
	add(true, gone, "%s", when)
	var unknown []Finding
	for _, f := range findings {
		if f.Rule == ruleInventoryUnknown.ID {
			unknown = append(unknown, f)
		}
	}
	add(false, grouped(unknown, untitled), "Not known")
	titles := map[diag.Severity]string{diag.Error: "Errors", diag.Action: "To do", diag.Warning: "Warnings"}
	for _, severity := range []diag.Severity{diag.Error, diag.Action, diag.Warning} {
		var list []Finding
		for _, f := range findings {
			if f.Severity == severity && !s.tells(&f) {
				list = append(list, f)
			}
		}
		add(false, grouped(list, untitled), "%s", titles[severity])
	}
	return out
}

// offUntilAsked separates the findings about flows that wait for nothing but connections that the import asks for.
func (s *Step) offUntilAsked() (off crowd, others []Finding) {
	for i := range s.Findings {
		if f := &s.Findings[i]; f.Rule == ruleFlowOff.ID && f.crowd() != "" {
			off = append(off, f)
		} else {
			others = append(others, *f)
		}
	}
	return off, others
}

// without says which flows stay off as long as somebody does not give the connections.
func (c crowd) without() string {
	if len(c) == 0 {
		return ""
	}
	var flows []string
	for _, f := range c {
		flows = append(flows, f.subject().titled())
	}
	return fmt.Sprintf("; without them %s: %s [%s]", plural(len(c), "a flow stays off", fmt.Sprintf("%d flows stay off", len(c))), enumerate(flows), shortID(ruleFlowOff.ID))
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

// refusal says why a solution cannot be imported. misses is what is said of solutions that others miss too.
func refusal(s *Step, misses phrase) section {
	out := section{title: named(s.Solution).and(fmt.Sprintf("%s (%s)", spaced(versions(s)), s.Action))}
	if len(s.BlockedBy) > 0 {
		out.lines = append(out.lines, append(words("waits for "), names(s.BlockedBy)...))
	}
	if misses != nil {
		out.lines = append(out.lines, append(phrase{severitySpan(diag.Error)}, misses...))
	}
	list := slices.DeleteFunc(bySeverity(s.Findings), func(f Finding) bool {
		return f.Severity == diag.Note || misses != nil && f.lacking() != nil
	})
	out.lines = append(out.lines, grouped(list, func(f *Finding, message string) phrase { return finding(f, message, nil) })...)
	if s.Changes != nil {
		out.lines = append(out.lines, words("%s", s.Changes.title()))
		for _, ph := range s.Changes.lines() {
			out.lines = append(out.lines, append(words("breaks "), ph...))
		}
	}
	return out
}

// drawn returns the constraints that reports show: what one solution only names of another says nothing new where it needs it too.
func (p *Plan) drawn() []Constraint {
	hard := map[turn]bool{}
	for _, c := range p.Constraints {
		if c.Kind != Soft {
			hard[newTurn(c.Before, c.After)] = true
		}
	}
	var out []Constraint
	for _, c := range p.Constraints {
		if c.Kind != Soft || !hard[newTurn(c.Before, c.After)] {
			out = append(out, c)
		}
	}
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
		need, by := pair.titled()
		switch {
		case pair.By == "" || pair.By == pair.Need:
			out = out.and("", need)
		case pair.Need == "":
			out = out.and("", by)
		default:
			out = out.and("", by, pairVerb(c.Kind), need)
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

// finding is a finding with its severity, and something between; errors are so called, actions are what somebody has to do.
func finding(f *Finding, message string, between phrase) phrase {
	return slices.Concat(phrase{severitySpan(f.Severity)}, between, untitled(f, message))
}

// severitySpan is a severity as wide as the longest.
func severitySpan(s diag.Severity) span {
	return span{text: severityWord(s) + ": ", width: len("warning: ")}
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
