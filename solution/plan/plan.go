package plan

import (
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Plan says what the import of several solutions needs and does. Its JSON form is that of its fields; lists are
// sorted unless their order means something, and never null.
type Plan struct {
	// Blocked says that at least one step is not Ready.
	Blocked bool `json:"blocked"`
	// Order has the unique name of each step's solution: the order to import in, what cannot be imported behind.
	Order []string `json:"order"`
	// Cycles are loops of solutions each of which must come before the next: a shortest one for each knot. A loop starts
	// with its smallest name.
	Cycles      [][]string   `json:"cycles"`
	Constraints []Constraint `json:"constraints"`
	Steps       []Step       `json:"steps"`
	Findings    []Finding    `json:"findings"` // of no single step

	after *Environment
	// groups has the format of a line that says a finding at once with others like it: how many components, "3 components".
	// A finding is found by what it says, because callers may leave findings out or put others in.
	groups map[saying]string
}

// A saying is what a finding says.
type saying struct{ id, message string }

// A ConstraintKind says why one solution comes before another.
type ConstraintKind string

// The kinds.
const (
	Need     ConstraintKind = "need"      // the later one needs a component of the earlier
	Release  ConstraintKind = "release"   // the earlier one stops using what the later deletes
	Handover ConstraintKind = "handover"  // the earlier one takes over what the later drops
	PatchOf  ConstraintKind = "patch"     // one is a patch of the other
	Connects ConstraintKind = "connector" // the later one refers to a connector of the earlier
	Soft     ConstraintKind = "soft"      // contents of the later name something of the earlier; never blocks
)

// A Constraint says that one solution of a batch comes before another.
type Constraint struct {
	Before  string         `json:"before"`
	After   string         `json:"after"`
	Kind    ConstraintKind `json:"kind"`
	Because []Pair         `json:"because"`
}

// A Pair is a component and one that needs it.
type Pair struct {
	Need Component `json:"need"`
	By   Component `json:"by"`
}

// An Action is how a solution is imported.
type Action string

// The actions.
const (
	Install Action = "install" // nothing of that name is there
	Update  Action = "update"  // overwrite; what the new version dropped stays
	Upgrade Action = "upgrade" // replace; what the new version dropped is deleted
	Stage   Action = "stage"   // import as NAME_Upgrade, which somebody applies later
	Patch   Action = "patch"   // a layer above a solution
)

// A Status says whether a step can be done.
type Status string

// The statuses.
const (
	Ready     Status = "ready"
	Blocked   Status = "blocked"    // the platform would refuse it
	BlockedBy Status = "blocked-by" // only another package of the batch that is not importable keeps it from being imported
)

// A Step is the import of one solution.
type Step struct {
	Solution  string    `json:"solution"` // unique name
	Version   string    `json:"version"`  // as the package writes it
	From      string    `json:"from"`     // the installed version, empty if there is none
	Action    Action    `json:"action"`
	Status    Status    `json:"status"`
	BlockedBy []string  `json:"blockedBy"` // the packages of the batch that are missed
	Findings  []Finding `json:"findings"`
	// Prompts are the connection references that somebody is asked to give a connection.
	Prompts []string `json:"prompts"`
	// Bound are the references that the settings bind, with the ids of their connections.
	Bound map[string]string `json:"bound"`
	// Kept are the references that keep the connection they have.
	Kept []string `json:"kept"`
	// VariablesNeeded are the environment variables that have no value from anywhere.
	VariablesNeeded []string `json:"variablesNeeded"`
	// Secrets is what must be entered again in custom connectors after the import.
	Secrets []Secret `json:"secrets"`
	// Deletes is what the step removes from the environment, or would if it were not refused; for [Stage] what applying
	// the upgrade will remove.
	Deletes []Component `json:"deletes"`
	// ManualBefore and ManualAfter are sentences: what a person does before and after the import, in that order.
	ManualBefore []string `json:"manualBefore"`
	ManualAfter  []string `json:"manualAfter"`
}

// A Secret says what must be entered in a connector.
type Secret struct {
	Connector string   `json:"connector"` // name in lower case
	Fields    []string `json:"fields"`
}

// Severity says what a finding means for the import.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the import is refused
	Warning Severity = "warning" // it works, and the result is wrong or risky
	Act     Severity = "action"  // somebody has to do something
	Info    Severity = "info"
)

// A Finding is something that a plan has to tell.
type Finding struct {
	ID       string   `json:"id"` // of a [Rule]
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
	// Components has the component that the finding is about, then those that need it or provide it.
	Components []Component `json:"components"`
	// The place of the evidence; empty and 0 if it is in no file.
	File   string `json:"file"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// A Rule is an entry of the catalogue of findings.
type Rule struct {
	ID       string
	Severity Severity // unless a policy or the case says otherwise
	Summary  string   // one line, no final stop
}

// After returns the environment as the plan leaves it: with the steps that are Ready done, what is asked answered, and
// nothing done by hand that the plan does not ask for. Connections that somebody has to choose are bound to "(chosen)",
// values that somebody has to give are "(given)". Of what was not known it has what the plan adds.
func (p *Plan) After() *Environment { return p.after }

// Diagnostics returns the findings of the plan and of all steps for tools that read those of other packages: action is
// a warning, info a note. The rule is the finding's id behind "plan/". Files are as in the package they stand in.
func (p *Plan) Diagnostics() diag.List {
	var out diag.List
	add := func(list []Finding) {
		for _, f := range list {
			d := diag.Diagnostic{Rule: "plan/" + f.ID, Message: f.Message,
				Location: diag.Location{File: f.File, Path: f.Path, Start: diag.Position{Line: f.Line, Column: f.Column}}}
			switch f.Severity {
			case Error:
				d.Severity = diag.Error
			case Warning, Act:
				d.Severity = diag.Warning
			}
			out = append(out, d)
		}
	}
	add(p.Findings)
	for _, s := range p.Steps {
		add(s.Findings)
	}
	out.Sort()
	return out
}

// versionText is how a version of an environment is printed.
func versionText(v solution.Version) string {
	if v == (solution.Version{}) {
		return ""
	}
	return v.String()
}
