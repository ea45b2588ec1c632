package main

import (
	"flag"
	"strings"

	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

var impactCommand = command{
	name:    "impact",
	args:    []string{"KIND:KEY"},
	summary: "say what in an environment uses a component, or what uninstalling a solution deletes",
	help: `Looks in the solutions of an environment for what uses a component or a part of it, and what of that keeps it from
being deleted. KIND is the logical name of the kind, KEY the name or GUID of the component, table.column for a column:
entity:account, attribute:account.name, workflow:6b0c2f5e-2f0a-4c3e-9a51-0d8e3a7c4b10. For solution:NAME it says what
goes when the solution is uninstalled; the exit status is 1 if that would be refused. The file of -env, which has to be
given, is as for solkit plan, and may be repeated.`,
	examples: []string{"solkit impact -env test.json entity:ct_order", "solkit impact -env test.json solution:Orders"},
	define: func(fs *flag.FlagSet) action {
		var files paths
		fs.Var(&files, "env", "what is known about the environment: this `FILE` or folder")
		return func(j *job) (document, error) {
			if len(files) == 0 {
				return nil, usagef("no -env: give the file of an environment")
			}
			if kind, name, _ := strings.Cut(j.args[0], ":"); strings.EqualFold(kind, "solution") && name != "" {
				return uninstall(j, files, name)
			}
			key, err := importplan.ParseComponent(j.args[0])
			if err != nil {
				return nil, usagef("%v", err)
			}
			d := &impactDocument{}
			env, found, err := readEnvironment(j, files)
			if err == nil {
				j.messages().findings(found, j.verbose)
				d.Reach, err = importplan.Impact(env, key)
			}
			return d, err
		}
	},
}

// An impactDocument says what a component is used by.
type impactDocument struct {
	*importplan.Reach // nil if the command failed
	outcome
}

func (d *impactDocument) text(p *printer, _ *job) { d.WriteText(p) }

// An uninstallDocument says what uninstalling a solution does.
type uninstallDocument struct {
	*importplan.Removal // nil if the command failed
	outcome
}

func uninstall(j *job, files []string, name string) (document, error) {
	d := &uninstallDocument{}
	env, found, err := readEnvironment(j, files)
	if err == nil {
		j.messages().findings(found, j.verbose)
		d.Removal, err = importplan.Uninstall(env, name)
	}
	return d, err
}

func (d *uninstallDocument) fail(err error) {
	d.outcome.fail(err)
	d.blocked = d.Removal != nil && d.Blocked
}

func (d *uninstallDocument) text(p *printer, _ *job) { d.WriteText(p) }
