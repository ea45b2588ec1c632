package plan

import (
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Plan says what the import of several solutions needs and does. Lists are sorted unless their order means something. Its JSON
// form is a document of its own, in which no list is null; see [Plan.MarshalJSON].
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
	// private are the folded names of the variables whose values are in no document.
	private map[string]bool
}

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
	// Patch is the one of the two that is a patch of the other; empty for other kinds.
	Patch string `json:"patch,omitzero"`
	// More counts the pairs that Because leaves out, as it does in [Facts].
	More int `json:"more,omitzero"`
}

// A Pair is a component and one that needs it.
type Pair struct {
	Need ComponentID `json:"need"`
	By   ComponentID `json:"by"`
	// The titles are for people: of components that are named by a GUID, as far as a title is known.
	NeedTitle string `json:"needTitle,omitzero"`
	ByTitle   string `json:"byTitle,omitzero"`
}

// titled returns both components for people.
func (p *Pair) titled() (need, by string) {
	return Subject{Component: p.Need, Title: p.NeedTitle}.titled(), Subject{Component: p.By, Title: p.ByTitle}.titled()
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
	Deletes []ComponentID `json:"deletes"`
	// Titles are what people call those of Deletes that are named by a GUID.
	Titles map[ComponentID]string `json:"titles,omitzero"`
	// Changes are what the import changes of the installed version; nil: nobody compared them.
	Changes *Changes `json:"changes,omitzero"`
	// ManualBefore and ManualAfter are what a person does before and after the import, in that order.
	ManualBefore []Task `json:"-"`
	ManualAfter  []Task `json:"-"`
}

// A Secret says what must be entered in a connector.
type Secret struct {
	Connector string   `json:"connector"` // name in lower case
	Fields    []string `json:"fields"`
}

// After returns the environment as the plan leaves it: with the steps that are Ready done, what is asked answered, and
// nothing done by hand that the plan does not ask for. Connections that somebody has to choose are bound to "(chosen)",
// values that somebody has to give are "(given)". Of what was not known it has what the plan adds.
//
// After a plan was read from JSON, no solution has its Package: Provides, Extends and Requires say what it holds and needs. A
// caller that has the package may set it, and then the environment says as much as it did. Values that a document hides are
// "(hidden)", which [Resolve] takes for values that nobody knows. nil: the plan is not one of Resolve.
func (p *Plan) After() *Environment { return p.after }

// Diagnostics returns the findings of the plan and of all steps, as those of other packages are. Files are as in the package
// they stand in. What another package has found has the id and the message that it has there: content/malformed for a part
// that cannot be read, connref/reference-missing for a connection reference that is nowhere.
func (p *Plan) Diagnostics() diag.List {
	lists := [][]Finding{p.Findings}
	for i := range p.Steps {
		lists = append(lists, p.Steps[i].Findings)
	}
	return diagnostics(lists...)
}

// versionText is how a version of an environment is printed.
func versionText(v solution.Version) string {
	if v == (solution.Version{}) {
		return ""
	}
	return v.String()
}
