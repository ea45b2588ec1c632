package main

import (
	"flag"
	"io"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var settingsCommand = command{
	name:    "settings",
	args:    []string{"ZIP|DIR..."},
	summary: "write or check the deployment settings of solutions",
	sourced: true,
	help: `Writes to standard output the settings file for one or several solutions: every environment variable and connection
reference, blank where something has to be filled in. Secrets are left out, because an import fails with a blank one:
standard error says what to add, and names what no settings can set: references that are found nowhere, which is an error,
and flows that bind a connector without a reference. With -keep, what that file gives, its layout and its other members stay.
With -check nothing is written: the file is checked against the solutions, and the exit status is 1 if an import with it
would fail. The value of a secret is a reference to a Key Vault; a blank one or anything else is an error. Other blanks are
warnings, because the environment may have a connection already.`,
	strict: true,
	examples: []string{
		"solkit settings contoso_1_0_0_0.zip > contoso.settings.json",
		"solkit settings -check test.settings.json contoso_1_0_0_0.zip",
		"solkit settings -keep test.settings.json contoso_1_1_0_0.zip > new.json",
	},
	define: func(fs *flag.FlagSet) action {
		keep := fs.String("keep", "", "keep the values in this settings `FILE`")
		check := fs.String("check", "", "check this settings `FILE` instead")
		return func(j *job) (document, error) {
			switch {
			case *keep != "" && *check != "":
				return nil, usagef("-keep and -check together: give one")
			case *check != "":
				return checkSettings(j, *check)
			}
			return makeSettings(j, *keep)
		}
	},
}

// A settingsDocument is settings that were made.
type settingsDocument struct {
	outcome
	settings *connref.Settings
}

// machine says no after a failure, which is printed like any other.
func (d *settingsDocument) machine() bool { return d.err == nil && d.settings != nil }

func (d *settingsDocument) writeMachine(w io.Writer) error {
	_, err := w.Write(d.settings.Bytes())
	return err
}

func (d *settingsDocument) text(*printer, *job) {}

func readSettings(name string) (*connref.Settings, error) {
	src, err := readText(name)
	if err != nil {
		return nil, err
	}
	return connref.ParseSettings(src, name)
}

func makeSettings(j *job, keep string) (document, error) {
	d := &settingsDocument{}
	var kept *connref.Settings
	var err error
	if keep != "" {
		if kept, err = readSettings(keep); err != nil {
			return d, err
		}
	}
	set, err := readSets(j)
	if err != nil {
		return d, err
	}
	var left diag.List
	if d.settings, left, err = set.Settings(kept); err != nil {
		return d, err
	}
	d.found = append(append(set.CheckUses(), left...), d.settings.Diagnostics()...)
	d.found = append(d.found, set.CheckSecrets(d.settings)...)
	d.found.Sort()
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
	return d, nil
}

// A settingsCheck is what settings -check prints.
type settingsCheck struct {
	Settings string `json:"settings"`
	solutionOutcome
}

func checkSettings(j *job, name string) (document, error) {
	d := &settingsCheck{Settings: name}
	st, err := readSettings(name)
	if err != nil {
		return d, err
	}
	set, err := readSets(j)
	if err != nil {
		return d, err
	}
	d.found = set.Check(st)
	return d, nil
}

func (d *settingsCheck) text(p *printer, _ *job) {
	p.findings(d.found, true)
	p.printf("%s: %s\n", d.Settings, summary(d.found))
}
