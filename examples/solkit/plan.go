package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

var planCommand = command{
	name:    "plan",
	args:    []string{"ZIP|DIR..."},
	summary: "say in which order to import solutions, and what that needs and does",
	help: `Plans the import of solutions into an environment: the order, what is missing, who is asked for what, what is deleted,
and the work by hand around it. Nothing is imported and no file is written. The exit status is 1 if at least one of
the solutions cannot be imported. A folder is a source tree or an extracted zip.

-env says what is known about the environment; without it nothing is installed there. It may be repeated. ` + environmentForms + `
Members "package" of an environment are paths relative to it, of zips or folders. -action says how one of the solutions is imported
(` + strings.Join(actionWords(), ", ") + `), -policy decides what is disputed; both may be repeated. -json prints
the whole plan for programs, whatever the format. The formats are

  text      a runbook: numbered steps, what is refused and why
  markdown  the same for a comment on a pull request, with a table and task lists
  mermaid   a flowchart of the solutions and what puts them in order

The policies, the default first:

` + policyHelp(),
	example: "solkit plan -env test.json -settings test.settings.json -action ContosoOrders=stage orders.zip flows.zip",
	define: func(fs *flag.FlagSet) action {
		var o planOptions
		o.actions.check, o.policies.check = checkAction, checkPolicy
		o.actions.key = solution.Fold
		fs.Var(&o.env, "env", "what is known about the environment: this `file` or folder")
		fs.StringVar(&o.settings, "settings", "", "bind by this deployment settings `file`")
		fs.Var(&o.actions, "action", "how to import one of the solutions: `NAME=ACTION`")
		fs.Var(&o.policies, "policy", "decide what is disputed: `NAME=VALUE`")
		format := fs.String("format", "text", "`format`: text, markdown or mermaid")
		return func(j *job) (document, error) {
			if !slices.Contains([]string{"text", "markdown", "mermaid"}, *format) {
				return nil, usagef("-format %q: give text, markdown or mermaid", *format)
			}
			d := &planDocument{format: *format, inJSON: j.json}
			var err error
			d.Plan, err = makePlan(j, &o)
			return d, err
		}
	},
}

// A planDocument is a plan; its JSON is that of the plan.
type planDocument struct {
	*importplan.Plan // nil if the command failed
	outcome
	format string
	inJSON bool
}

// MarshalJSON returns the JSON of the plan, or of the failure.
func (d *planDocument) MarshalJSON() ([]byte, error) {
	if d.Plan == nil {
		return json.Marshal(d.outcome)
	}
	return d.Plan.MarshalJSON()
}

func (d *planDocument) fail(err error) {
	d.outcome.fail(err)
	d.blocked = d.Plan != nil && d.Blocked
}

// machine says no to the JSON, which is printed like that of any command, and after a failure.
func (d *planDocument) machine() bool { return d.err == nil && !d.inJSON && d.format != "text" }

func (d *planDocument) writeMachine(w io.Writer) error {
	if d.format == "mermaid" {
		return d.WriteMermaid(w)
	}
	return d.WriteMarkdown(w)
}

func (d *planDocument) text(p *printer, _ *job) { d.WriteText(p) }

// A planOptions is what the flags of plan say.
type planOptions struct {
	env               paths
	settings          string
	actions, policies pairs
}

func makePlan(j *job, o *planOptions) (*importplan.Plan, error) {
	env := &importplan.Environment{}
	var settings *connref.Settings
	var err error
	var found diag.List
	if len(o.env) > 0 {
		if env, found, err = readEnvironment(j, o.env); err != nil {
			return nil, err
		}
	}
	if o.settings != "" {
		if settings, err = readSettings(o.settings); err != nil {
			return nil, err
		}
	}
	packages, err := readPackages(j, batchSources(j.args))
	if err != nil {
		return nil, err
	}
	batch, err := o.batch(packages)
	if err != nil {
		return nil, err
	}
	p, err := importplan.Resolve(batch, env, settings, &importplan.Options{Policies: o.policies.values})
	if err == nil {
		addFindings(p, found)
	}
	return p, err
}

// batch gives each package its action.
func (o *planOptions) batch(packages []*importplan.Solution) ([]importplan.Item, error) {
	var batch []importplan.Item
	names := map[string]string{}
	for _, p := range packages {
		names[solution.Fold(p.Name())] = p.Name()
		batch = append(batch, importplan.Item{Solution: p, Action: importplan.Action(o.actions.values[solution.Fold(p.Name())])})
	}
	for _, name := range slices.Sorted(maps.Keys(o.actions.values)) {
		if names[name] == "" {
			return nil, usagef("-action %s: no solution of that name is given: use %s", o.actions.given[name], strings.Join(slices.Sorted(maps.Values(names)), ", "))
		}
	}
	return batch, nil
}

// pairs is the value of a flag NAME=VALUE that may be repeated.
type pairs struct {
	check  func(name, value string) error
	key    func(name string) string // nil: names are as they are
	values map[string]string        // by key
	given  map[string]string        // the names as they were typed, by key
}

// String implements flag.Value.
func (p *pairs) String() string { return "" }

// Set implements flag.Value.
func (p *pairs) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" || value == "" {
		return errors.New("write NAME=VALUE")
	}
	if err := p.check(name, value); err != nil {
		return err
	}
	key := name
	if p.key != nil {
		key = p.key(name)
	}
	if before, ok := p.values[key]; ok && before != value {
		return fmt.Errorf("%s is given twice, as %s and as %s: keep one", name, before, value)
	}
	if p.values == nil {
		p.values, p.given = map[string]string{}, map[string]string{}
	}
	p.values[key], p.given[key] = value, name
	return nil
}

func actionWords() []string {
	var words []string
	for _, a := range []importplan.Action{importplan.Install, importplan.Update, importplan.Upgrade, importplan.Stage, importplan.Patch} {
		words = append(words, string(a))
	}
	return words
}

func checkAction(_, value string) error {
	if !slices.Contains(actionWords(), value) {
		return fmt.Errorf("no action %q: use %s", value, strings.Join(actionWords(), ", "))
	}
	return nil
}

func checkPolicy(name, value string) error { return importplan.Policies{name: value}.Check() }

// policyHelp is a paragraph for each policy.
func policyHelp() string {
	var b strings.Builder
	for p := range importplan.AllPolicies() {
		values := []string{p.Default}
		for _, v := range p.Values {
			if v != p.Default {
				values = append(values, v)
			}
		}
		if p.Values == nil {
			values[0] += ", or another whole number"
		}
		fmt.Fprintf(&b, "  %s=%s\n      %s\n", p.Name, strings.Join(values, "|"), p.Summary)
	}
	return b.String()
}
