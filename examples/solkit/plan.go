package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/deployer"
	"github.com/solutionkit/solutionkit/solution/diag"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

var planCommand = command{
	name:    "plan",
	args:    []string{"ZIP|DIR..."},
	summary: "say in which order to import solutions, and what that needs and does",
	sourced: true,
	help: `Plans the import of solutions into an environment: the order, what is missing, who is asked for what, what is deleted,
and the work by hand around it. Nothing is imported and no file is written. The exit status is 1 if at least one of
the solutions cannot be imported. A folder is a source tree or an extracted zip. A folder or zip with ImportConfig.xml
is a package of Package Deployer: its solutions are planned, and its order and settings are held against the plan.

-env says what is known about the environment; without it nothing is installed there. It may be repeated.
` + environmentForms + `
-installed gives the version of one of the solutions that is installed, and may be repeated: then the plan also tells what the
import changes, what of that breaks who uses it, and who in the environment and among the solutions does. An environment
without the solution gets it. Members "package" of an environment are paths relative to it, of zips or folders. -action says how one of the solutions is imported
(` + strings.Join(actionWords(), ", ") + `), -policy decides what is disputed; both may be repeated. -json prints
the whole plan for programs, whatever the format. The formats are

  text      a runbook: numbered steps, what is refused and why
  markdown  the same for a comment on a pull request, with a table and task lists
  mermaid   a flowchart of the solutions and what puts them in order
  importconfig
            the list that Package Deployer reads, in the order of the plan

The policies, the default first:

` + policyHelp(),
	examples: []string{
		"solkit plan orders.zip flows.zip",
		"solkit plan -env test.json -settings test.settings.json -action Orders=stage orders.zip flows.zip",
	},
	define: func(fs *flag.FlagSet) action {
		var o planOptions
		o.actions.check, o.policies.check = checkAction, checkPolicy
		o.actions.key = solution.Fold
		fs.Var(&o.env, "env", "what is known about the environment: this `FILE` or folder")
		fs.Var(&o.installed, "installed", "compare with the installed version: this `ZIP` or folder")
		fs.StringVar(&o.settings, "settings", "", "bind by this deployment settings `FILE`")
		fs.Var(&o.actions, "action", "how to import one of the solutions: `NAME=ACTION`")
		fs.Var(&o.policies, "policy", "decide what is disputed: `NAME=VALUE`")
		format := fs.String("format", "text", "`text|markdown|mermaid|importconfig`: the form of the plan (default text)")
		width := fs.Int("width", -1, "wrap text at `COLUMNS`, 0 not at all; without it at the width of the terminal")
		return func(j *job) (document, error) {
			if !slices.Contains([]string{"text", "markdown", "mermaid", "importconfig"}, *format) {
				return nil, usagef("-format %q: give text, markdown, mermaid or importconfig", *format)
			}
			d := &planDocument{format: *format, inJSON: j.json, width: *width}
			var err error
			var files listing
			if d.Plan, files, d.refused, err = makePlan(j, &o); err == nil && *format == "importconfig" {
				if d.list, err = files.config(d.Plan); err != nil {
					d.Plan = nil // nothing but the failure is printed
				}
			}
			return d, err
		}
	},
}

// A planDocument is a plan; its JSON is that of the plan.
type planDocument struct {
	*importplan.Plan // nil if the command failed
	outcome
	format  string
	inJSON  bool
	refused bool             // a list of Package Deployer would fail
	list    *deployer.Config // of the format importconfig
	width   int              // of lines of text; negative: that of the terminal
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
	d.blocked = d.Plan != nil && d.Blocked || d.refused && d.format != "importconfig"
}

// machine says no to the JSON, which is printed like that of any command, and after a failure.
func (d *planDocument) machine() bool { return d.err == nil && !d.inJSON && d.format != "text" }

func (d *planDocument) writeMachine(w io.Writer) error {
	switch d.format {
	case "mermaid":
		return d.WriteMermaid(w)
	case "importconfig":
		_, err := w.Write(d.list.Bytes())
		return err
	}
	return d.WriteMarkdown(w)
}

func (d *planDocument) text(p *printer, _ *job) {
	width := d.width
	if width < 0 {
		width = p.width
	}
	d.WriteTextWidth(p, width)
}

// A planOptions is what the flags of plan say.
type planOptions struct {
	env, installed    paths
	settings          string
	actions, policies pairs
}

// makePlan plans the solutions that are given, and those of packages of Package Deployer. refused: one of these would fail.
func makePlan(j *job, o *planOptions) (p *importplan.Plan, files listing, refused bool, err error) {
	env := &importplan.Environment{}
	var settings *connref.Settings
	var found diag.List
	if len(o.env) > 0 {
		if env, found, err = readEnvironment(j, o.env); err != nil {
			return nil, nil, false, err
		}
	}
	if o.settings != "" {
		if settings, err = readSettings(o.settings); err != nil {
			return nil, nil, false, err
		}
	}
	versions, err := readInstalledVersions(j, o.installed)
	if err != nil {
		return nil, nil, false, err
	}
	read, deployments, files, err := readBatch(j, versions)
	if err != nil {
		return nil, nil, false, err
	}
	if env, err = install(env, versions, read); err != nil {
		return nil, nil, false, err
	}
	batch, err := o.batch(read)
	if err != nil {
		return nil, nil, false, err
	}
	if p, err = importplan.Resolve(batch, env, settings, &importplan.Options{Policies: o.policies.values}); err != nil {
		return nil, nil, false, err
	}
	addFindings(p, found)
	for _, d := range deployments {
		list := d.findings(p)
		addFindings(p, list)
		refused = refused || list.Err() != nil
	}
	return p, files, refused, nil
}

// readBatch reads the arguments of the command, and compares them with the installed versions.
func readBatch(j *job, versions map[string]*installedVersion) (batch []importplan.Item, deployments []*deployment, files listing, err error) {
	files = listing{}
	var rest []string
	for _, arg := range j.args {
		d, err := openDeployment(j, arg, versions)
		if err != nil {
			return nil, nil, nil, err
		}
		if d == nil {
			rest = append(rest, arg)
			continue
		}
		deployments = append(deployments, d)
		taken := map[string]bool{} // a file may be on the list twice
		for _, s := range d.Config.Solutions {
			if p := d.solutions[s.File]; p != nil && !taken[s.File] {
				taken[s.File] = true
				batch = append(batch, importplan.Item{Solution: p, Changes: d.changes[s.File]})
				files.add(p, s)
			}
		}
	}
	sources := batchSources(rest, j.solution)
	for i := range sources {
		sources[i].against = versions
	}
	given, err := readPackages(j, sources)
	if err != nil {
		return nil, nil, nil, err
	}
	for i, p := range given {
		files.add(p, deployer.Solution{File: filepath.Base(rest[i])})
		batch = append(batch, importplan.Item{Solution: p, Changes: sources[i].changes})
	}
	return batch, deployments, files, nil
}

// batch gives each package its action.
func (o *planOptions) batch(batch []importplan.Item) ([]importplan.Item, error) {
	names := map[string]string{}
	for i := range batch {
		name := batch[i].Solution.Name()
		names[solution.Fold(name)] = name
		batch[i].Action = importplan.Action(o.actions.values[solution.Fold(name)])
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
