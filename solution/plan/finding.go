package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Finding is something that a plan, a [Reach] or a [Removal] has to tell: data, of which [Finding.Message] makes a sentence.
// It is a plain value; what its pointers and lists hold is shared by copies and must not be changed.
type Finding struct {
	// Rule is the id of one of [Rules], such as "plan/missing-solution". The JSON form leaves out "plan/".
	Rule     string
	Severity diag.Severity // [diag.Error]: the import is refused
	// Facts are what the sentence says. They are nil in findings that this package did not make, which have Text.
	Facts *Facts
	// Text is the sentence where this version cannot make it of the facts: of a finding that a caller put in, of a rule that is
	// not known, or of one about which a later version says more. It goes before the facts.
	Text string
	// Components has the component that the finding is about, then those that need it or provide it.
	Components []ComponentID
	Location   diag.Location // of the evidence; without End, and empty if it is in no file
}

// Facts are what the sentence of a finding says, as data: each field is empty where the rule has nothing of that kind.
// Values of secrets are in none of them.
type Facts struct {
	// Solution is the unique name of the solution that is imported, or in a [Removal] uninstalled.
	Solution string `json:"solution,omitzero"`
	// Action is how it is imported, where the sentence depends on that.
	Action Action `json:"action,omitzero"`
	// Case tells apart what one rule covers, by words that the JSON Schema lists ([Schema]).
	Case string `json:"case,omitzero"`
	// About is the component in question: missing, hidden, deleted, off.
	About Subject `json:"about,omitzero"`
	// By are those who need or use it. Nobody: the solution as a whole does.
	By []Subject `json:"by,omitzero"`
	// Needed are the first of several components that are needed of one provider; Count says how many there are.
	Needed []Subject `json:"needed,omitzero"`
	// Providers are who has a missing component where the package comes from; several only for applications.
	Providers []Provider `json:"providers,omitzero"`
	// Solutions are other solutions that the sentence names.
	Solutions []string `json:"solutions,omitzero"`
	// Unknown are installed solutions whose contents are not known, and which may have or use the component.
	Unknown []string `json:"unknown,omitzero"`
	// Layers are the layers of other solutions above the component.
	Layers []Layer `json:"layers,omitzero"`
	// Old is what is there, New what the package says: versions, publishers, modes, types, hosts, values.
	Old string `json:"old,omitzero"`
	New string `json:"new,omitzero"`
	// Values are the values of which the sentence has several, such as the versions of a solution that is there twice.
	Values []string `json:"values,omitzero"`
	// Count is how many there are of what the sentence counts: bytes of a package, members of a loop, packages of one name. Of
	// what hides a component it is there if Solutions does not have all.
	Count int64 `json:"count,omitzero"`
	Limit int64 `json:"limit,omitzero"` // in megabytes
	// Policy is the name of the policy that decided severity or outcome.
	Policy string `json:"policy,omitzero"`
	// Code is the number of the platform's error.
	Code string `json:"code,omitzero"`
	// Reference and Variable are a connection reference and an environment variable, by name.
	Reference string `json:"reference,omitzero"`
	Variable  string `json:"variable,omitzero"`
	// Vault is the name of the Key Vault that has the secret, where a value says it.
	Vault string `json:"vault,omitzero"`
	// Connector is a connector for people: that of the reference. OtherConnector is the one that the connection is of.
	Connector      string `json:"connector,omitzero"`
	OtherConnector string `json:"otherConnector,omitzero"`
	Connection     string `json:"connection,omitzero"` // id
	Owner          string `json:"owner,omitzero"`      // of the connection
	Identity       string `json:"identity,omitzero"`   // who imports, empty: not known
	// Connections are ids of connections of the connector.
	Connections []string `json:"connections,omitzero"`
	// Owned are connections of a connector, with their owners.
	Owned []OwnedConnection `json:"owned,omitzero"`
	// Order is what puts solutions in order: one constraint, or those of a loop, at most five. Each has its first pair.
	Order []Constraint `json:"order,omitzero"`
	// Obstacles are what keeps a flow off.
	Obstacles []Obstacle `json:"obstacles,omitzero"`
	// Changes are what changes of a component, Uses the places in other solutions that use it, each with one of By.
	Changes []Change `json:"changes,omitzero"`
	Uses    []Use    `json:"uses,omitzero"`
	// Cause is the finding of the reader of a part that cannot be read.
	Cause *Cause `json:"cause,omitzero"`
}

// A Subject is a component as facts have it.
type Subject struct {
	// Component is empty where only the solution is known.
	Component ComponentID `json:"component,omitzero"`
	Title     string      `json:"title,omitzero"`    // for people; empty: none is known, or the component is named by it
	Solution  string      `json:"solution,omitzero"` // that has it, where it is not the one in question
}

// A Provider is a solution that has a component where a package comes from.
type Provider struct {
	Name    string `json:"name"`             // unique name
	Version string `json:"version,omitzero"` // that the package was built against
	// There is the version in the environment or the batch; empty: none.
	There     string `json:"there,omitzero"`
	Installed bool   `json:"installed,omitzero"`
	InBatch   bool   `json:"inBatch,omitzero"` // There is the version of a package of the batch
	// Application is the application that installs the solution, empty if none is named.
	Application string `json:"application,omitzero"`
}

// An Obstacle is one thing that keeps a flow off: a connection reference without a connection, or a child flow that is off or
// takes its connections from whoever runs it.
type Obstacle struct {
	Reference  string  `json:"reference,omitzero"`
	Flow       Subject `json:"flow,omitzero"`
	Case       string  `json:"case,omitzero"`       // why the reference has no connection
	Connection string  `json:"connection,omitzero"` // that the reference has, of another connector
	// Connections are what a child flow takes from whoever runs it: references, and connectors without one.
	Connections []string `json:"connections,omitzero"`
	Solution    string   `json:"solution,omitzero"` // that has the reference, if it is another one
	// Waits says that it goes as soon as somebody gives the connection that the import asks for.
	Waits bool `json:"waits,omitzero"`
}

// A Cause is a finding of another package.
type Cause struct {
	Rule    string `json:"rule"` // its whole id
	Message string `json:"message"`
}

// Message returns the sentence of the finding.
func (f Finding) Message() string {
	if say := sentences[f.Rule].one; say != nil && f.Facts != nil && f.Text == "" {
		return say(&f)
	}
	return f.Text
}

// diagnostic returns the finding as one of those that other packages have. What one of these has found has its rule, so that
// a program which joins the findings of several tells it once.
func (f *Finding) diagnostic() diag.Diagnostic {
	d := diag.Diagnostic{Rule: f.Rule, Severity: f.Severity, Message: f.Message(), Location: f.Location}
	if f.Facts != nil {
		for _, u := range f.Facts.Uses {
			if u.Location.File != "" {
				d.Related = append(d.Related, diag.Related{Location: u.Location, Message: fmt.Sprintf("%s of %s uses it", u.By, u.Solution)})
			}
		}
	}
	switch {
	case f.Facts == nil:
	case f.Facts.Cause != nil:
		d.Rule, d.Message = f.Facts.Cause.Rule, f.Facts.Cause.Message
	case f.Rule == ruleUntracked.ID && len(f.Facts.Providers) == 0 && f.Facts.About.Component.Kind() == string(solution.TypeConnectionReference):
		d.Rule = ruleReferenceMissing
	}
	return d
}

// ruleReferenceMissing is the rule of package connref about a connection reference that is nowhere.
const ruleReferenceMissing = "connref/reference-missing"

func diagnostics(lists ...[]Finding) diag.List {
	var out diag.List
	for _, list := range lists {
		for i := range list {
			out = append(out, list[i].diagnostic())
		}
	}
	out.Sort()
	return out
}

// newFinding makes a finding. The end of its place is dropped, which no form of a plan has.
func newFinding(rule diag.Rule, severity diag.Severity, at diag.Location, about []ComponentID, facts *Facts) Finding {
	at.End = at.Start
	return Finding{Rule: rule.ID, Severity: severity, Facts: facts, Components: uniqueComponents(about), Location: at}
}

// rulePrefix is what the JSON form and reports leave out of the id of a rule.
const rulePrefix = "plan/"

// shortID is the id of a rule in reports and JSON: plans have had no other for long.
func shortID(rule string) string {
	if _, ours := sentences[rule]; ours {
		return strings.TrimPrefix(rule, rulePrefix)
	}
	return rule
}

// longID is the inverse of shortID.
func longID(id string) string {
	if _, ours := sentences[rulePrefix+id]; ours {
		return rulePrefix + id
	}
	return id
}

// A recorder takes the findings about one solution.
type recorder struct {
	solution string
	findings []Finding
	refused  bool // one of them is an error
}

// tell adds a finding with the severity of its rule.
func (r *recorder) tell(rule diag.Rule, at diag.Location, about []ComponentID, facts Facts) {
	r.tellAs(rule, rule.Severity, at, about, facts)
}

func (r *recorder) tellAs(rule diag.Rule, severity diag.Severity, at diag.Location, about []ComponentID, facts Facts) {
	r.refused = r.refused || severity == diag.Error
	r.mention(rule, severity, at, about, facts)
}

// mention adds a finding that refuses nothing by itself, whatever its severity.
func (r *recorder) mention(rule diag.Rule, severity diag.Severity, at diag.Location, about []ComponentID, facts Facts) {
	facts.Solution = r.solution
	r.findings = append(r.findings, newFinding(rule, severity, at, about, &facts))
}

// whole is what findings about the whole solution are about.
func (r *recorder) whole() []ComponentID { return []ComponentID{solutionComponent(r.solution)} }

// likeness returns a text that is the same for findings which differ only in the component and who needs it, so that one line
// can say all of them. It is empty if the finding is always said alone.
func (f *Finding) likeness() string {
	if f.Facts == nil || len(f.Components) == 0 || f.inNumber("") == "" {
		return ""
	}
	facts := *f.Facts
	facts.About, facts.By = Subject{}, nil
	text, err := json.Marshal(facts)
	if err != nil {
		return "" // facts are texts and numbers, which can always be written
	}
	return fmt.Sprintf("%s %s %s", f.Rule, f.Severity, text)
}

// inNumber returns the sentence for many findings of one likeness, empty if there is none. many is how many components there
// are, "3 components".
func (f *Finding) inNumber(many string) string {
	if say := sentences[f.Rule].many; say != nil && f.Facts != nil && f.Text == "" {
		return say(f, many)
	}
	return ""
}

// uniqueComponents drops repetitions and keeps the order.
func uniqueComponents(list []ComponentID) []ComponentID {
	out := make([]ComponentID, 0, len(list))
	var seen map[ComponentID]bool // of a list that is too long to go through again and again
	if len(list) > 16 {
		seen = make(map[ComponentID]bool, len(list))
	}
	for _, c := range list {
		if seen[c] || seen == nil && slices.Contains(out, c) {
			continue
		}
		if out = append(out, c); seen != nil {
			seen[c] = true
		}
	}
	return out
}
