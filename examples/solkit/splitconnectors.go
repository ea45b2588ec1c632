package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	importplan "github.com/solutionkit/solutionkit/solution/plan"
)

var splitConnectorsCommand = command{
	name:    "split-connectors",
	args:    []string{"ZIP|DIR", "OUT_CONNECTORS", "OUT_REST"},
	summary: "split the custom connectors off into a solution of their own",
	sourced: true,
	help: `Makes two solutions of one: the custom connectors, which are to be imported first, and all the rest, which names them
as missing dependencies. A solution that holds both cannot be imported into an environment that does not have the
connectors yet, as no connection of them can exist there. The connectors' solution has the same publisher, version and
kind; environment variables that a connector names are defined in it.

An output is a zip if its name ends in .zip, else a folder of the source tree, which must not exist or be empty. A zip
that exists is replaced. Both appear only when both are complete. If there are findings of severity error, both are
written and the exit status is 1.`,
	examples: []string{
		"solkit split-connectors contoso_1_0_0_0.zip connectors.zip rest.zip",
		"solkit split-connectors src connectors-src rest-src",
	},
	define: func(fs *flag.FlagSet) action {
		s := &splitting{}
		fs.StringVar(&s.name, "name", "", "`NAME`: unique name of the connectors' solution (default that of the solution and Connectors)")
		fs.StringVar(&s.kind, "kind", "", "`unmanaged|managed`: the kind of the zips of a tree that holds both")
		return s.run
	},
}

type splitting struct{ name, kind string }

// A splitDocument says what went where.
type splitDocument struct {
	Command     string    `json:"command"`
	Connectors  splitPart `json:"connectors"`
	Rest        splitRest `json:"rest"`
	Diagnostics []finding `json:"diagnostics"`
	outcome
}

// A splitPart is one of the two solutions.
type splitPart struct {
	Solution   string   `json:"solution"` // unique name
	Version    string   `json:"version"`
	Kind       string   `json:"kind"`
	Path       string   `json:"path"`
	Components []string `json:"components"` // TYPE:GUID, or TYPE:NAME where there is no GUID
	titles     []string // of the components
}

type splitRest struct {
	splitPart
	MissingDependencies []splitNeed `json:"missingDependencies"` // those that were added
}

// A splitNeed is a component of the connectors' solution and one of the rest that refers to it.
type splitNeed struct {
	Need string `json:"need"`
	By   string `json:"by"`
	text string
}

func (d *splitDocument) fail(err error) {
	d.outcome.fail(err)
	d.Diagnostics = findings(d.found)
}

func (s *splitting) run(j *job) (document, error) {
	d := &splitDocument{Command: "split-connectors"}
	d.Connectors = splitPart{Path: j.args[1], Components: []string{}}
	d.Rest = splitRest{splitPart{Path: j.args[2], Components: []string{}}, []splitNeed{}}
	opts, err := (&packing{kind: s.kind, level: 6}).options()
	if err != nil {
		return nil, err
	}
	if opts.Kind != nil && *opts.Kind == solution.Both {
		return nil, usagef("-kind %q: use unmanaged or managed", s.kind)
	}
	if err := separate(j.args...); err != nil {
		return nil, err
	}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	tree := src.tree
	if src.pkg != nil {
		if tree, err = packager.Unpack(src.pkg, nil); err != nil {
			return d, src.wrap(err)
		}
	}
	parts, err := tree.Parts()
	if err != nil {
		return d, src.wrap(err)
	}
	split, err := importplan.SplitConnectors(parts, &importplan.SplitOptions{Name: s.name})
	if err != nil {
		return d, src.wrap(err)
	}
	d.found = split.Diagnostics()
	if tree.Manifest().Kind() == solution.Both {
		d.found = append(d.found, oneKindRead(src.name, solution.Unmanaged))
	}
	connectors, err := tree.With(split.Connectors)
	if err != nil {
		return d, src.wrap(err)
	}
	rest, err := tree.With(split.Rest)
	if err != nil {
		return d, src.wrap(err)
	}
	for _, need := range split.Dependencies {
		d.Rest.MissingDependencies = append(d.Rest.MissingDependencies, splitNeed{
			Need: colonKey(need.Required.Key), By: colonKey(need.Dependent.Key),
			text: titled(need.Dependent.Key, need.Dependent.DisplayName) + " needs " + titled(need.Required.Key, need.Required.DisplayName),
		})
	}
	if err := d.describe(&d.Connectors, connectors, opts); err != nil {
		return d, err
	}
	if err := d.describe(&d.Rest.splitPart, rest, opts); err != nil {
		return d, err
	}
	d.found.Sort()
	return d, writeSplitPart(j, d.Connectors.Path, connectors, opts, func() error {
		return writeSplitPart(j, d.Rest.Path, rest, opts, func() error { return j.ctx.Err() })
	})
}

// separate refuses a source and outputs that are in each other's way.
func separate(names ...string) error {
	var full []string
	for _, name := range names {
		name, err := filepath.Abs(name)
		if err != nil {
			return err
		}
		for _, other := range full {
			if name == other || strings.HasPrefix(name, other+string(filepath.Separator)) || strings.HasPrefix(other, name+string(filepath.Separator)) {
				return usagef("%s and %s are one, or one is in the other: give names apart", other, name)
			}
		}
		full = append(full, name)
	}
	return nil
}

// describe says what a part holds, and what would keep it from being imported.
func (d *splitDocument) describe(p *splitPart, tree *packager.Tree, opts *packager.PackOptions) error {
	m := tree.Manifest()
	kind := m.Kind()
	if kind == solution.Both && opts.Kind != nil && isZip(p.Path) {
		kind = *opts.Kind
	}
	p.Solution, p.Version, p.Kind = m.UniqueName(), m.VersionText(), kind.String()
	parts, err := tree.Parts()
	if err != nil {
		return err
	}
	held, err := content.Read(parts, nil)
	if err != nil {
		return err
	}
	for x := range held.Components() {
		if x.Key.Type() != "language" && x.Owner.IsZero() {
			p.Components = append(p.Components, colonKey(x.Key))
			p.titles = append(p.titles, titled(x.Key, x.DisplayName))
		}
	}
	found, err := tree.Check()
	if err != nil {
		return err
	}
	for _, f := range below(p.Path, found) {
		if f.Severity == diag.Error {
			d.found = append(d.found, f)
		}
	}
	return nil
}

// colonKey is a key as one word: its type, and its GUID or else its name.
func colonKey(k solution.Key) string {
	if !k.ID().IsZero() {
		return string(k.Type()) + ":" + k.ID().String()
	}
	return string(k.Type()) + ":" + keyedOf(k).Key
}

// titled names a component for people.
func titled(k solution.Key, title string) string {
	name := keyedOf(k).Key
	if title != "" && title != name {
		name = fmt.Sprintf("%s (%s)", title, name)
	}
	return plain(string(k.Type()) + " " + name)
}

// writeSplitPart writes a tree to a zip or a new folder. It calls then when all of it is written, before it
// appears under its name, and leaves nothing if that fails.
func writeSplitPart(j *job, name string, tree *packager.Tree, opts *packager.PackOptions, then func() error) error {
	if !isZip(name) {
		return writeNewFolder(j, name, tree, then)
	}
	return writeFile(name, func(f *os.File) error {
		w := bufio.NewWriterSize(&checkedWriter{j, f}, 1<<18)
		if _, err := packager.Pack(w, tree, opts); err != nil {
			if opts.Kind == nil && errors.Is(err, packager.ErrKind) {
				return fmt.Errorf("%s: %w: -kind does", name, err)
			}
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := w.Flush(); err != nil {
			return err
		}
		return then()
	})
}

// writeNewFolder writes a tree to a folder beside its place, which it takes by a rename.
func writeNewFolder(j *job, name string, tree *packager.Tree, then func() error) error {
	name, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	there, err := os.ReadDir(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case len(there) > 0:
		return fmt.Errorf("%s: the folder is not empty: remove it, or give another", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	removeLeftBeside(filepath.Dir(name))
	temp, err := os.MkdirTemp(filepath.Dir(name), tempPrefix+thisRun+"-*"+tempSuffix)
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // nothing is there after the rename
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	if err := writeFolder(j, temp, tree.Names(), tree.ReadFile); err != nil {
		return err
	}
	if err := then(); err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) { // it is empty, and Windows renames to no folder
		return err
	}
	return os.Rename(temp, name)
}

func (d *splitDocument) text(p *printer, j *job) {
	j.messages().findings(d.found, j.verbose)
	show := func(part *splitPart) {
		p.printf("%s %s (%s) to %s: %s\n", part.Solution, part.Version, part.Kind, part.Path, count(len(part.Components), "component"))
	}
	for f := range d.found.Rule(ruleOneKindRead.ID) {
		if !j.verbose { // else it has been told
			p.printf("%s\n", f.Message)
		}
	}
	show(&d.Connectors)
	for _, c := range d.Connectors.titles {
		p.printf("  %s\n", c)
	}
	show(&d.Rest.splitPart)
	for _, n := range d.Rest.MissingDependencies {
		p.printf("  %s\n", n.text)
	}
	p.printf("next:\n"+
		"  1. %s\n"+
		"  2. enter client id, client secret and resource of each connector that has them\n"+
		"  3. create a connection of each connector\n"+
		"  4. %s, and give its connection references these connections\n", importing(d.Connectors.Path), importing(d.Rest.Path))
}

// importing says what to do with an output.
func importing(name string) string {
	if isZip(name) {
		return "import " + name
	}
	return "pack and import " + name
}
