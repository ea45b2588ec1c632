package plan

import (
	"bytes"
	_ "embed" // for planSchema
	"encoding/json"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

//go:embed plan.schema.json
var planSchema string

// Schema returns the JSON Schema (draft 7) of the JSON form of a [Plan]. It names the schema of the environment behind the
// plan by "environment.schema.json", which is what [EnvironmentSchema] returns.
func Schema() []byte { return []byte(planSchema) }

// A planDocument is the JSON form of a plan.
type planDocument struct {
	planFields
	After json.RawMessage `json:"after,omitzero"`
}

type planFields Plan // without methods

// MarshalJSON returns the plan as a document that programs rely on: members and words of it stay. Besides the fields it has the
// environment behind the plan ("after") as [Plan.After] says. Each finding has its sentence ("message") and its facts, each
// step the sentences of what a person does ("manualBefore", "manualAfter") and the same as data ("tasksBefore",
// "tasksAfter").
//
// Of the environment, the inventories of solutions stand for their packages, and "(hidden)" for values of variables that are or
// may be secrets, or look like credentials. The error is an environment that is against the rules of [ParseEnvironment].
func (p Plan) MarshalJSON() ([]byte, error) {
	doc := planDocument{planFields: planFields(p)}
	doc.Order, doc.Cycles, doc.Constraints = never(p.Order), never(p.Cycles), never(p.Constraints)
	doc.Steps, doc.Findings = never(p.Steps), never(p.Findings)
	if p.after != nil {
		var err error
		if doc.After, err = p.after.marshalBehind(p.private); err != nil {
			return nil, fmt.Errorf("write plan: %w", err)
		}
	}
	return marshal(doc)
}

// UnmarshalJSON reads what [Plan.MarshalJSON] writes: the reports of the plan are the same, and its After is, but for what that
// says. Members that are not known are skipped.
func (p *Plan) UnmarshalJSON(src []byte) error {
	var doc planDocument
	if err := json.Unmarshal(src, &doc); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	*p = Plan(doc.planFields)
	if len(doc.After) == 0 {
		return nil
	}
	var err error
	if p.after, err = ParseEnvironment(doc.After, "after"); err != nil {
		return fmt.Errorf("read plan: %w", err)
	}
	return nil
}

// marshal is json.Marshal without escapes for HTML: who embeds the document there escapes all of it.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// never returns a list that is written as [] where it has nothing.
func never[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// A stepDocument is the JSON form of a step.
type stepDocument struct {
	stepFields
	ManualBefore []string `json:"manualBefore"`
	ManualAfter  []string `json:"manualAfter"`
	TasksBefore  []Task   `json:"tasksBefore"`
	TasksAfter   []Task   `json:"tasksAfter"`
}

type stepFields Step // without methods

// MarshalJSON returns the step as a plan has it; see [Plan.MarshalJSON].
func (s Step) MarshalJSON() ([]byte, error) {
	doc := stepDocument{stepFields: stepFields(s), ManualBefore: sentencesOf(s.ManualBefore), ManualAfter: sentencesOf(s.ManualAfter),
		TasksBefore: never(s.ManualBefore), TasksAfter: never(s.ManualAfter)}
	doc.BlockedBy, doc.Findings, doc.Prompts, doc.Kept = never(s.BlockedBy), never(s.Findings), never(s.Prompts), never(s.Kept)
	doc.VariablesNeeded, doc.Secrets, doc.Deletes = never(s.VariablesNeeded), never(s.Secrets), never(s.Deletes)
	if doc.Bound == nil {
		doc.Bound = map[string]string{}
	}
	return marshal(doc)
}

// UnmarshalJSON reads what [Step.MarshalJSON] writes. Tasks without data are their sentences.
func (s *Step) UnmarshalJSON(src []byte) error {
	var doc stepDocument
	if err := json.Unmarshal(src, &doc); err != nil {
		return err
	}
	*s = Step(doc.stepFields)
	s.ManualBefore, s.ManualAfter = tasksOf(doc.TasksBefore, doc.ManualBefore), tasksOf(doc.TasksAfter, doc.ManualAfter)
	return nil
}

// tasksOf returns tasks, with their sentences where this version does not say the same of their facts.
func tasksOf(tasks []Task, sentences []string) []Task {
	if len(tasks) != len(sentences) {
		if len(tasks) > 0 {
			return tasks
		}
		tasks = make([]Task, len(sentences))
	}
	for i, text := range sentences {
		if tasks[i].Text == "" && tasks[i].String() != text {
			tasks[i].Text = text
		}
	}
	return tasks
}

// A placeDocument is a place as JSON has it: all of it, empty and 0 if there is none.
type placeDocument struct {
	File   string `json:"file"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Offset int    `json:"offset,omitzero"`
}

func placeOf(at diag.Location) placeDocument {
	return placeDocument{at.File, at.Path, at.Start.Line, at.Start.Column, at.Start.Offset}
}

func (p placeDocument) location() diag.Location {
	at := diag.Position{Offset: p.Offset, Line: p.Line, Column: p.Column}
	return diag.Location{File: p.File, Path: p.Path, Start: at, End: at}
}

// A findingDocument is the JSON form of a finding.
type findingDocument struct {
	ID         string        `json:"id"`
	Severity   string        `json:"severity"`
	Message    string        `json:"message"`
	Components []ComponentID `json:"components"`
	placeDocument
	Facts *Facts `json:"facts,omitzero"`
}

// MarshalJSON returns the finding as a plan has it: with the id of its rule without "plan/", and "info" for a note.
func (f Finding) MarshalJSON() ([]byte, error) {
	return marshal(findingDocument{ID: shortID(f.Rule), Severity: severityWord(f.Severity), Message: f.Message(), Components: never(f.Components),
		placeDocument: placeOf(f.Location), Facts: f.Facts})
}

// UnmarshalJSON reads what [Finding.MarshalJSON] writes. A sentence that is not that of the facts is kept: a later version may
// tell cases apart that this one does not know.
func (f *Finding) UnmarshalJSON(src []byte) error {
	var doc findingDocument
	if err := json.Unmarshal(src, &doc); err != nil {
		return err
	}
	severities := []diag.Severity{diag.Note, diag.Action, diag.Warning, diag.Error}
	i := slices.IndexFunc(severities, func(s diag.Severity) bool { return severityWord(s) == doc.Severity })
	if i < 0 {
		return fmt.Errorf("finding %s: unknown severity %q: use info, action, warning or error", doc.ID, doc.Severity)
	}
	*f = Finding{Rule: longID(doc.ID), Severity: severities[i], Facts: doc.Facts, Components: doc.Components, Location: doc.location()}
	if f.Message() != doc.Message {
		f.Text = doc.Message
	}
	return nil
}

// A useDocument is the JSON form of a use.
type useDocument struct {
	useFields
	placeDocument
}

type useFields Use // without methods

// MarshalJSON returns the use as a [Reach] has it.
func (u Use) MarshalJSON() ([]byte, error) {
	return marshal(useDocument{useFields(u), placeOf(u.Location)})
}

// UnmarshalJSON reads what [Use.MarshalJSON] writes.
func (u *Use) UnmarshalJSON(src []byte) error {
	var doc useDocument
	if err := json.Unmarshal(src, &doc); err != nil {
		return err
	}
	*u = Use(doc.useFields)
	u.Location = doc.location()
	return nil
}
