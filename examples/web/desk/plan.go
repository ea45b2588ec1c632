package desk

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// What the page says of a solution besides the actions of package plan.
const (
	leftOut   = "skip"
	installed = "installed" // it is a package of what the environment has
)

// A Runbook is a plan as the page shows it.
type Runbook struct {
	Blocked   bool           `json:"blocked"`
	Order     []string       `json:"order"`
	Notes     []string       `json:"notes"`     // what the plan does not know
	Automatic map[int]string `json:"automatic"` // what is done with a solution for which nothing was chosen, unless it is imported
	Blocks    []Block        `json:"blocks"`
}

// A planned is a plan, what it does not know, and what nobody chose.
type planned struct {
	plan      *plan.Plan
	notes     []string
	automatic map[int]string
}

// resolve plans the import of the solutions on the desk. The environment is made of the files that tell of one.
func (d *Desk) resolve(r *request) (*planned, error) {
	all, err := someSolutions(d, &request{})
	if err != nil {
		return nil, err
	}
	var batch []plan.Item
	var there []*item
	automatic := map[int]string{}
	for i, it := range all {
		d.progress(i, len(all))
		action := r.Actions[it.id]
		if action == "" {
			action, automatic[it.id] = d.presumed(it, all, r.Actions)
		}
		switch action {
		case leftOut:
		case installed:
			there = append(there, it)
		default:
			if action != "" && !slices.Contains(actionWords, plan.Action(action)) {
				return nil, fmt.Errorf("no action %q", action)
			}
			s, err := it.importable()
			if err != nil && r.Actions[it.id] == "" && len(all) > 1 {
				automatic[it.id] = "left out, as it can't be read: " + err.Error()
				continue
			}
			if err != nil {
				return nil, err
			}
			batch = append(batch, plan.Item{Solution: s, Action: plan.Action(action)})
		}
	}
	if len(batch) == 0 {
		return nil, errors.New("no solution is left to import: choose another action for one")
	}
	settings, err := d.settings()
	if err != nil {
		return nil, err
	}
	env, found, notes, err := d.environment(there)
	if err != nil {
		return nil, err
	}
	p, err := plan.Resolve(batch, env, settings, nil)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		p.Findings = append(p.Findings, plan.Finding{Rule: f.Rule, Severity: f.Severity, Text: f.Message, Location: f.Location})
	}
	maps.DeleteFunc(automatic, func(_ int, why string) bool { return why == "" })
	return &planned{p, notes, automatic}, nil
}

// presumed is what is done with a solution if nobody says: it is what the environment has if a file says so, and is left out if there is
// a newer version of it, or the managed package of the same. The second result tells why it is not imported.
func (d *Desk) presumed(it *item, all []*item, actions map[int]string) (action, why string) {
	if it.manifest == nil {
		return "", ""
	}
	for _, f := range d.ofKind(kindEnvironment) {
		env := f.reading.Environment()
		if env == nil {
			continue
		}
		for i := range env.Solutions {
			if env.Solutions[i].PackageFile != "" && packageOf([]*item{it}, &env.Solutions[i]) != nil {
				return installed, "is installed there, as " + path.Base(f.name) + " says"
			}
		}
	}
	for _, other := range all {
		if other == it || other.manifest == nil || solution.Fold(other.manifest.UniqueName()) != solution.Fold(it.manifest.UniqueName()) ||
			actions[other.id] == leftOut || actions[other.id] == installed {
			continue
		}
		newer := other.manifest.Version().Compare(it.manifest.Version())
		if newer > 0 {
			return leftOut, "left out, as " + other.manifest.VersionText() + " is here too"
		}
		if newer == 0 && other.manifest.Kind() == solution.Managed && it.manifest.Kind() == solution.Unmanaged {
			return leftOut, "left out, as the managed package is here too"
		}
	}
	return "", ""
}

var actionWords = []plan.Action{plan.Install, plan.Update, plan.Upgrade, plan.Stage, plan.Patch}

func (d *Desk) settings() (*connref.Settings, error) {
	list := d.ofKind(kindSettings)
	switch len(list) {
	case 0:
		return nil, nil
	case 1:
		return list[0].settings, nil
	}
	return nil, fmt.Errorf("%s and %s are both deployment settings: remove one", list[0].name, list[1].name)
}

// environment puts together what files tell of the environment, and the packages of solutions that it has.
func (d *Desk) environment(there []*item) (*plan.Environment, diag.List, []string, error) {
	var readings []*environment.Reading
	notes := []string{}
	taken := map[*item]bool{}
	files := d.ofKind(kindEnvironment)
	for _, f := range files {
		env := f.reading.Environment()
		if env == nil {
			readings = append(readings, f.reading)
			continue
		}
		copied := *env
		copied.Solutions = slices.Clone(env.Solutions)
		for i := range copied.Solutions {
			in := &copied.Solutions[i]
			if in.PackageFile == "" || in.Package != nil {
				continue
			}
			it := packageOf(there, in)
			if it == nil {
				notes = append(notes, fmt.Sprintf("%s names the package %s of %s, which is not used: drop it here, and mark it as installed", f.name, in.PackageFile, in.Name))
				continue
			}
			p, err := it.importable()
			if err != nil {
				return nil, nil, nil, err
			}
			in.Package, taken[it] = p, true
		}
		if len(files) == 1 && !slices.ContainsFunc(there, func(it *item) bool { return !taken[it] }) {
			return &copied, nil, notes, nil
		}
		readings = append(readings, environment.Of(&copied, f.name))
	}
	for _, it := range there {
		if taken[it] {
			continue
		}
		p, err := it.importable()
		if err != nil {
			return nil, nil, nil, err
		}
		readings = append(readings, environment.Installed(p, it.name))
	}
	if len(readings) == 0 {
		notes = append(notes, "No file tells of the environment, so nothing is taken to be installed there. Drop one, such as what pac solution list --json prints.")
		return &plan.Environment{}, nil, notes, nil
	}
	env, found := environment.Join(readings...)
	return env, found, notes, found.Err()
}

// packageOf is the solution that an environment names by the path of its package.
func packageOf(there []*item, in *plan.Installed) *item {
	for _, it := range there {
		if strings.EqualFold(path.Base(it.name), path.Base(strings.ReplaceAll(in.PackageFile, `\`, "/"))) &&
			it.manifest != nil && solution.Fold(it.manifest.UniqueName()) == solution.Fold(strings.TrimSuffix(in.Name, "_Upgrade")) {
			return it
		}
	}
	return nil
}

func runbook(p *planned, _ *request) (*Runbook, error) {
	var b bytes.Buffer
	if err := p.plan.WriteMarkdown(&b); err != nil {
		return nil, err
	}
	return &Runbook{Blocked: p.plan.Blocked, Order: p.plan.Order, Notes: p.notes, Automatic: p.automatic, Blocks: readMarkdown(b.String())}, nil
}
