package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/environment"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

// environmentForms says what -env and solkit env take.
const environmentForms = `A file is an environment as solkit env prints it; what pac solution list, pac connection list and pac env list-settings
print, with --json or without; an answer of the Dataverse Web API for solutions, publishers,
msdyn_solutioncomponentsummaries, solutioncomponents, EntityDefinitions, connectionreferences,
environmentvariabledefinitions (with their values by $expand), environmentvariablevalues, connectors or
RetrieveVersion; an answer of the API of Power Apps for connections; or the zip of an installed solution. A folder is
an installed solution, or has the zips of those that are. Files that contradict each other are refused.`

var envCommand = command{
	name:    "env",
	args:    []string{"FILE|DIR..."},
	summary: "put together what tools tell of an environment, as JSON for solkit plan",
	help: environmentForms + `

The JSON is printed; it has the values of the environment variables, which may be secrets. Each solution, connection
and reference has its source. What a list leaves out, because it has further pages or shows only what one user
can see, is not taken for absent. Paths of packages are relative to the current folder.`,
	examples: []string{"solkit env solutions.json connections.json > environment.json"},
	define: func(*flag.FlagSet) action {
		return func(j *job) (document, error) {
			d := &envDocument{inJSON: j.json}
			env, found, err := joinEnvironment(j, j.args)
			if d.found = found; err == nil {
				err = found.Err()
			}
			if err == nil {
				d.env = env
				j.messages().findings(found, j.verbose)
			}
			return d, err
		}
	},
}

// An envDocument is an environment; its JSON is that of the environment.
type envDocument struct {
	env *importplan.Environment // nil if the command failed
	outcome
	inJSON bool
}

// MarshalJSON returns the JSON of the environment, or of the failure.
func (d *envDocument) MarshalJSON() ([]byte, error) {
	if d.env == nil {
		return json.Marshal(struct {
			outcome
			Diagnostics []finding `json:"diagnostics"`
		}{d.outcome, findings(d.found)})
	}
	return d.env.MarshalJSON()
}

func (d *envDocument) machine() bool { return d.err == nil && !d.inJSON }

func (d *envDocument) writeMachine(w io.Writer) error {
	src, err := d.env.MarshalJSON()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, src, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = w.Write(b.Bytes())
	return err
}

func (d *envDocument) text(*printer, *job) {}

// paths is the value of a flag that may be repeated.
type paths []string

// String implements flag.Value.
func (p *paths) String() string { return "" }

// Set implements flag.Value.
func (p *paths) Set(text string) error {
	if text == "" {
		return fmt.Errorf("give the name of a file")
	}
	*p = append(*p, text)
	return nil
}

// readEnvironment reads an environment and the packages that it names. A file that a person or solkit env wrote is taken as it is.
func readEnvironment(j *job, names []string) (*importplan.Environment, diag.List, error) {
	env, found, err := joinEnvironment(j, names)
	if err == nil {
		err = found.Err()
	}
	return env, found, err
}

func joinEnvironment(j *job, names []string) (*importplan.Environment, diag.List, error) {
	var readings []*environment.Reading
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			return nil, nil, err
		}
		if info.IsDir() || strings.EqualFold(filepath.Ext(name), ".zip") {
			list, err := readInstalled(j, name, info.IsDir())
			if err != nil {
				return nil, nil, err
			}
			readings = append(readings, list...)
			continue
		}
		src, err := readText(name)
		if err != nil {
			return nil, nil, err
		}
		r, err := environment.Read(src, name)
		if err != nil {
			return nil, nil, err
		}
		if env := r.Environment(); env != nil {
			if err := readNamedPackages(j, env, name); err != nil {
				return nil, nil, err
			}
			if len(names) == 1 {
				return env, nil, nil
			}
			env = rebased(env, filepath.Dir(name))
			r = environment.Of(env, name)
		}
		readings = append(readings, r)
	}
	env, found := environment.Join(readings...)
	return env, found, nil
}

// rebased returns an environment whose paths are relative to the current folder.
func rebased(env *importplan.Environment, dir string) *importplan.Environment {
	out := *env
	out.Solutions = slices.Clone(env.Solutions)
	for i := range out.Solutions {
		if in := &out.Solutions[i]; in.PackageFile != "" {
			in.PackageFile = filepath.ToSlash(besideFile(dir, in.PackageFile))
		}
	}
	return &out
}

// besideFile is the path of a file that another one names.
func besideFile(dir, name string) string {
	file := filepath.FromSlash(name)
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	return file
}

// readInstalled reads the package of an installed solution, or all zips in a folder.
func readInstalled(j *job, name string, isDir bool) ([]*environment.Reading, error) {
	files := []string{name}
	if isDir {
		zips, err := zipsIn(name)
		if err != nil {
			return nil, err
		}
		if len(zips) > 0 {
			files = zips
		}
	}
	var sources []packageSource
	for _, f := range files {
		sources = append(sources, packageSource{path: f})
	}
	packages, err := readPackages(j, sources)
	if err != nil {
		return nil, err
	}
	var out []*environment.Reading
	for i, p := range packages {
		out = append(out, environment.Installed(p, filepath.ToSlash(files[i])))
	}
	return out, nil
}

// zipsIn returns the zips that stand in a folder, sorted; none if it is one solution.
func zipsIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		if strings.EqualFold(filepath.Ext(e.Name()), ".zip") && !e.IsDir() {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// readNamedPackages reads the packages that an environment names.
func readNamedPackages(j *job, env *importplan.Environment, name string) error {
	var sources []packageSource
	var owners []*importplan.Installed
	for i := range env.Solutions {
		in := &env.Solutions[i]
		if in.PackageFile == "" {
			continue
		}
		owners = append(owners, in)
		sources = append(sources, packageSource{path: besideFile(filepath.Dir(name), in.PackageFile), wrap: func(err error) error {
			return fmt.Errorf("%s: package of solution %q: %w", name, in.Name, err)
		}})
	}
	packages, err := readPackages(j, sources)
	if err != nil {
		return err
	}
	for i, p := range packages {
		if got, want := solution.Fold(p.Name()), solution.Fold(owners[i].Name); got != want && got+"_upgrade" != want {
			return sources[i].wrap(fmt.Errorf("%s: it is a package of solution %q: name another file", sources[i].path, p.Name()))
		}
		owners[i].Package = p
	}
	return nil
}

// addFindings puts what the reading of an environment has found into a plan.
func addFindings(p *importplan.Plan, found diag.List) {
	for _, d := range found {
		p.Findings = append(p.Findings, importplan.Finding{Rule: d.Rule, Severity: d.Severity, Text: d.Message, Location: d.Location})
	}
}
