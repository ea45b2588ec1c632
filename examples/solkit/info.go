package main

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

var infoCommand = command{
	name:    "info",
	args:    []string{"ZIP|DIR"},
	summary: "print name, version, publisher, components",
	sourced: true,
	help: `Prints what a solution is and what it holds. Components are counted by the logical name of their kind; parts of
components, such as columns, forms and views of a table, do not count. A folder gives what its package would; a tree of both
kinds what its unmanaged package would, unless -kind says managed.`,
	examples: []string{"solkit info contoso_1_0_0_0.zip", "solkit info -json src", "solkit info -kind managed tree"},
	define: func(fs *flag.FlagSet) action {
		kind := fs.String("kind", "", "`unmanaged|managed`: of which package of a tree of both kinds")
		return func(j *job) (document, error) { return info(j, *kind) }
	},
}

// An infoDocument says what a solution is and what it holds. Lists are sorted and never null.
type infoDocument struct {
	UniqueName string            `json:"uniqueName"`
	Version    string            `json:"version"` // as written
	Kind       string            `json:"kind"`
	Package    string            `json:"package,omitempty"` // of a tree of both kinds: that which is described, unmanaged or managed
	Publisher  publisherDocument `json:"publisher"`
	holdings
	MissingDependencies int       `json:"missingDependencies"`
	Languages           []int     `json:"languages"`             // LCIDs
	Diagnostics         []finding `json:"diagnostics,omitempty"` // if the command failed for them
	outcome
}

type publisherDocument struct {
	UniqueName string `json:"uniqueName"`
	Prefix     string `json:"prefix"`
}

// Holdings are what a package holds.
type holdings struct {
	Components           map[string]int `json:"components"`           // by logical name of the kind
	Connectors           []string       `json:"connectors"`           // names
	ConnectionReferences []string       `json:"connectionReferences"` // logical names
	EnvironmentVariables []string       `json:"environmentVariables"` // schema names
}

func (d *infoDocument) fail(err error) {
	d.outcome.fail(err)
	if err != nil {
		d.Diagnostics = findings(d.found)
	}
}

func (d *infoDocument) text(p *printer, _ *job) {
	rows := [][2]string{
		{"name", d.UniqueName},
		{"version", d.Version},
		{"kind", cmp.Or(d.both(), d.Kind)},
		{"publisher", fmt.Sprintf("%s, prefix %s", d.Publisher.UniqueName, d.Publisher.Prefix)},
	}
	add := func(title string, values []string) {
		for _, v := range values {
			rows = append(rows, [2]string{title, v})
			title = ""
		}
	}
	var languages []string
	for _, l := range d.Languages {
		languages = append(languages, strconv.Itoa(l))
	}
	add("languages", languages)
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(d.Components)) {
		parts = append(parts, fmt.Sprintf("%d %s", d.Components[kind], kind))
	}
	add("components", parts)
	add("connectors", d.Connectors)
	add("connection references", d.ConnectionReferences)
	add("environment variables", d.EnvironmentVariables)
	rows = append(rows, [2]string{"missing dependencies", strconv.Itoa(d.MissingDependencies)})
	p.table(rows)
}

// both says of which package of a tree of both kinds this is; empty for all else.
func (d *infoDocument) both() string {
	if d.Package == "" {
		return ""
	}
	return fmt.Sprintf("%s; what follows is of the %s package", d.Kind, d.Package)
}

func info(j *job, kind string) (document, error) {
	d := &infoDocument{holdings: newHoldings(), Languages: []int{}}
	if kind != "" && kind != "unmanaged" && kind != "managed" {
		return nil, usagef("-kind %q: use unmanaged or managed", kind)
	}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	show := j.progress()
	defer show.stop()
	show.set("reading %s", src.name)
	pkg := src.pkg
	if src.tree != nil {
		d.setManifest(src.tree.Manifest())
		if d.Kind == solution.Both.String() {
			d.Package = cmp.Or(kind, solution.Unmanaged.String())
		}
		if pkg, err = packInMemory(src.tree, d.Package); err != nil {
			return d, src.wrap(err)
		}
	}
	if have := cmp.Or(d.Package, pkg.Manifest().Kind().String()); kind != "" && kind != have {
		return d, src.wrap(fmt.Errorf("it is %s: leave out -kind %s, or give the zip or folder of that one", have, kind))
	}
	err = d.describe(pkg)
	if src.tree != nil {
		d.Kind = src.tree.Manifest().Kind().String() // also both
	}
	return d, src.wrap(err)
}

// packInMemory returns the package of a tree, the one of that kind if it holds both.
func packInMemory(t *packager.Tree, kind string) (*packager.Package, error) {
	opts := &packager.PackOptions{Level: packager.Store}
	if t.Manifest().Kind() == solution.Both {
		opts.Kind = kindOf(kind)
	}
	var b bytes.Buffer
	if _, err := packager.Pack(&b, t, opts); err != nil {
		return nil, err
	}
	return packager.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), nil)
}

func (d *infoDocument) describe(p *packager.Package) error {
	d.setManifest(p.Manifest())
	c, err := solution.ReadCustomizations(p)
	if err != nil {
		return err
	}
	if d.Languages, err = languages(c); err != nil {
		return err
	}
	d.holdings = takeHoldings(c, p.Names())
	return nil
}

func (d *infoDocument) setManifest(m *solution.Manifest) {
	d.UniqueName, d.Version, d.Kind = m.UniqueName(), m.VersionText(), m.Kind().String()
	d.Publisher = publisherDocument{UniqueName: m.Publisher().UniqueName, Prefix: m.Publisher().Prefix}
	d.MissingDependencies = 0
	for range m.Dependencies() {
		d.MissingDependencies++
	}
}

func newHoldings() holdings {
	return holdings{Components: map[string]int{}, Connectors: []string{}, ConnectionReferences: []string{}, EnvironmentVariables: []string{}}
}

// takeHoldings counts the elements of customizations.xml, and the folders of kinds that have none there.
func takeHoldings(c *solution.Customizations, names []string) holdings {
	inv := newHoldings()
	for x := range c.Elements() {
		if !x.Owner.IsZero() || isSetting(x) {
			continue
		}
		inv.add(x.Key.Type(), x.Name)
	}
	seen := map[string]bool{}
	for _, name := range names {
		kind, folder, ok := componentFolder(name)
		if ok && !seen[strings.ToLower(folder)] {
			seen[strings.ToLower(folder)] = true
			inv.add(kind, folder[strings.IndexByte(folder, '/')+1:])
		}
	}
	for _, list := range []*[]string{&inv.Connectors, &inv.ConnectionReferences, &inv.EnvironmentVariables} {
		slices.Sort(*list)
	}
	return inv
}

func (inv *holdings) add(kind solution.ComponentType, name string) {
	inv.Components[string(kind)]++
	switch kind {
	case solution.TypeConnector:
		inv.Connectors = append(inv.Connectors, name)
	case solution.TypeConnectionReference:
		inv.ConnectionReferences = append(inv.ConnectionReferences, name)
	case solution.TypeEnvironmentVariableDefinition:
		inv.EnvironmentVariables = append(inv.EnvironmentVariables, name)
	}
}

// isSetting reports whether an element is no component of its own: the languages, the settings of the
// organization, and what stands beside the components of a section, such as links between them.
func isSetting(x solution.Element) bool {
	if _, known := x.Key.Type().Info(); known {
		return false
	}
	if x.Section == "Languages" || x.Section == "OrganizationSettings" {
		return true
	}
	for range solution.TypesInSection(x.Section) {
		return true
	}
	return false
}

// componentFolder returns the folder of the component that a part of a package belongs to, if it is of a
// kind that has folders of its own: bots/cts_helper/... is the bot cts_helper. Parts of such components, in
// folders further down, are not counted.
//
// Kinds that the catalogue does not have are known by their main file, which has the name of the kind, in a
// folder of its plural: things/a/thing.xml. Capital letters are those of elements of customizations.xml, from where such a file
// has been lost.
func componentFolder(part string) (kind solution.ComponentType, folder string, ok bool) {
	top, rest, ok := strings.Cut(part, "/")
	if !ok {
		return "", "", false
	}
	name, file, ok := strings.Cut(rest, "/")
	if !ok {
		return "", "", false
	}
	folder = top + "/" + name
	if t, ok := typeOfFolder(strings.ToLower(top)); ok {
		return t, folder, true
	}
	if main, ok := strings.CutSuffix(file, ".xml"); ok && main == strings.ToLower(main) && isPlural(strings.ToLower(top), main) {
		return solution.ComponentType(main), folder, true
	}
	return "", "", false
}

func isPlural(plural, word string) bool {
	if stem, ok := strings.CutSuffix(word, "y"); ok && plural == stem+"ies" {
		return true
	}
	return word != "" && plural == word+"s"
}

// typeOfFolder finds the kind whose components are folders in a folder of a package, by the catalogue's
// pattern "bots/<schemaname>/bot.xml" or "appactions/<uniquename>/".
func typeOfFolder(top string) (solution.ComponentType, bool) {
	for info := range solution.ComponentTypes() {
		segments := strings.Split(info.Folder, "/")
		if len(segments) != 3 || segments[0] != top || !strings.HasPrefix(segments[1], "<") {
			continue
		}
		if main := segments[2]; main == string(info.Type)+".xml" || main == "" && info.Section == "" {
			return info.Type, true
		}
	}
	return "", false
}

// languages returns the LCIDs of section Languages, sorted.
func languages(c *solution.Customizations) ([]int, error) {
	out := []int{}
	for s := range c.Sections() {
		if s.Name != "Languages" {
			continue
		}
		var section struct {
			Language []string
		}
		if err := xml.Unmarshal(c.Bytes()[s.Start:s.End], &section); err != nil {
			return nil, fmt.Errorf("section Languages: %w", err)
		}
		for _, text := range section.Language {
			if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
				out = append(out, n)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}
