package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/build"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// assemble returns the files to write: both zips, that of the consumers if there are any, and the runbook.
func assemble(s build.Solution, dir fs.FS, consumers *packager.Package) (map[string][]byte, error) {
	loose, err := connector.Load(dir)
	if err != nil { // also if only one of many cannot be read
		return nil, err
	}
	b, err := build.New(s)
	if err != nil {
		return nil, err
	}
	var held []*connector.Connector
	if consumers != nil {
		if held, err = connector.Read(consumers); err != nil {
			return nil, err
		}
		b.Connectors(held...) // loose ones of the same name take their places, and keep the ids by which apps and flows know them
	}
	b.Connectors(loose...)
	parts, err := b.Parts()
	if err != nil {
		return nil, err
	}
	placed, err := connector.Read(parts) // with name and id
	if err != nil {
		return nil, err
	}
	strip, err := connector.Strip(parts, nil)
	if err != nil {
		return nil, err
	}
	if parts, err = strip.Apply(parts); err != nil {
		return nil, err
	}
	files, names := map[string][]byte{}, []string{s.Name + ".zip", s.Name + "_managed.zip"}
	for i, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		if files[names[i]], err = zipOf(parts, kind); err != nil {
			return nil, err
		}
	}
	r := &runbook{}
	r.line("# Import of %s %v", s.Name, s.Version)
	r.line("\n1. Import `%s`, or `%s` where connectors are developed.", names[1], names[0])
	r.line("2. Enter by hand in each connector what no package holds, and save it:\n")
	r.secrets(placed)
	r.line("\n3. Make a connection of each connector.")
	if consumers != nil {
		name, data, rest, err := apart(consumers, held)
		if err != nil {
			return nil, err
		}
		if files[name] != nil {
			return nil, fmt.Errorf("%s is the name of the connectors' solution too: give that another one with -name", name)
		}
		files[name] = data
		r.line("4. Import `%s`, and bind these connection references:\n", name)
		if err := r.references(rest, placed); err != nil {
			return nil, err
		}
	}
	files["RUNBOOK.md"] = r.out.Bytes()
	return files, nil
}

// zipOf packs a solution as a kind.
func zipOf(parts solution.Parts, kind solution.Kind) ([]byte, error) {
	change, err := solution.EditManifest(parts, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithKind(kind), nil })
	if err != nil {
		return nil, err
	}
	if parts, err = change.Apply(parts); err != nil {
		return nil, err
	}
	tree, err := packager.Unpack(parts, nil)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if _, err := packager.Pack(&out, tree, nil); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// apart returns the name and zip of the consumers without the connectors that they hold.
func apart(consumers *packager.Package, held []*connector.Connector) (name string, data []byte, rest solution.Parts, err error) {
	m, err := solution.ReadManifest(consumers)
	if err != nil {
		return "", nil, nil, err
	}
	var out bytes.Buffer
	if rest = consumers; len(held) == 0 {
		err = packager.Rewrite(&out, consumers)
	} else {
		var split *plan.Split
		if split, err = plan.SplitConnectors(consumers, nil); err != nil {
			return "", nil, nil, err
		}
		if len(split.Variables) > 0 {
			return "", nil, nil, fmt.Errorf("connectors of %s need environment variables of it, %v: split it with solkit split-connectors", m.UniqueName(), split.Variables)
		}
		if rest, err = split.Rest.Apply(consumers); err != nil {
			return "", nil, nil, err
		}
		err = packager.Rewrite(&out, consumers, split.Rest)
	}
	return m.UniqueName() + ".zip", out.Bytes(), rest, err
}

// A runbook is Markdown for whoever imports.
type runbook struct{ out bytes.Buffer }

func (r *runbook) line(format string, args ...any) { fmt.Fprintf(&r.out, format+"\n", args...) }

// secrets lists what each connector has to be given again. Values are not shown.
func (r *runbook) secrets(list []*connector.Connector) {
	for _, c := range list {
		var fields []string
		at := map[string]int{} // a value may be one to enter and one that travels
		for _, s := range c.Secrets() {
			what := fmt.Sprintf("`%s`", s.Field)
			if s.Owner != "" {
				what += fmt.Sprintf(" of `%s`", s.Owner)
			}
			n, ok := at[what]
			if !ok {
				n, at[what] = len(fields), len(fields)
				fields = append(fields, what)
			}
			if s.Kind == connector.Exposed {
				fields[n] = what + " (it stands in a file: change it where it is from)"
			}
		}
		if fields == nil {
			fields = []string{"nothing"}
		}
		r.line("   - [ ] %s (`%s`): %s", c.Title(), c.Name(), strings.Join(fields, ", "))
	}
}

// references lists the connection references of consumers, those of the connectors with the title of theirs.
func (r *runbook) references(consumers solution.Parts, placed []*connector.Connector) error {
	set, err := connref.Read(consumers)
	if err != nil {
		return err
	}
	for _, ref := range set.References {
		to := "`" + connref.ConnectorName(ref.ConnectorID) + "`"
		for _, c := range placed {
			if strings.EqualFold(ref.CustomConnector.String(), c.ID()) || ref.CustomConnector.IsZero() && connref.IsRuntimeID(c.Name(), ref.ConnectorID) {
				to = "the connection of " + c.Title()
			}
		}
		r.line("   - [ ] `%s`: %s", ref.LogicalName, to)
	}
	if len(set.References) == 0 {
		r.line("   - none")
	}
	return nil
}
