package plan

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Solution is what a solution zip or tree holds, needs and asks for. It is immutable and safe for concurrent use.
type Solution struct {
	name       string
	size       int64
	missing    []string // parts that a zip must have at its root
	content    *content.Content
	set        *connref.Set
	connectors []customConnector
	endpoints  []serviceEndpoint
	twice      diag.List // references and variables that are there twice
	problems   diag.List // parts that cannot be read, or that an import does not take
	base       *content.Base

	components   []content.Component // those that solutions own
	dependencies []solution.Dependency
	references   []int32 // those of the content to what the package does not hold
}

// A customConnector is what an import of a connector asks for and changes.
type customConnector struct {
	key      solution.Key // with name and GUID
	name     string       // in lower case, escapes and all
	secrets  bool         // client id, client secret and resource have to be entered
	unsure   bool         // only the definition says so, or its files cannot be read
	unread   bool         // its definition is missing or cannot be read
	clientID string       // of the environment that it was exported from
	host     string       // with the base path
	location diag.Location
	// definition is the connector as it was read, nil if it is unread.
	definition *connector.Connector
}

// ReadOptions say how a package is read. nil and the zero value mean the defaults.
type ReadOptions struct {
	// Name is the name of a package whose solution.xml is missing, such as that of its file.
	Name string
	// Size is the size of the zip in bytes; 0: not known.
	Size int64
	// Base is what every environment has; nil: [content.BuiltinBase].
	Base *content.Base
}

// Read reads a package. Parts that a zip must have and that are not there are for the plan to report; the error is a part that
// cannot be read, or a solution.xml or customizations.xml that is none.
func Read(parts solution.Parts, opts *ReadOptions) (*Solution, error) {
	if opts == nil {
		opts = &ReadOptions{}
	}
	p := &Solution{name: opts.Name, size: opts.Size, missing: missingParts(parts), base: opts.Base}
	if p.base == nil {
		p.base = content.BuiltinBase()
	}
	var err error
	if p.content, p.set, err = content.ReadWithSet(parts, &content.Options{Base: p.base}); err != nil {
		return nil, err
	}
	if name := p.content.Name(); name != "" {
		p.name = name
	}
	p.readProblems()
	p.collect()
	p.readConnectors(parts)
	if err := p.readEndpoints(parts); err != nil {
		return nil, err
	}
	if p.name == "" {
		return nil, fmt.Errorf("read solution: %s has no unique name: give the package one", solution.ManifestFile)
	}
	return p, nil
}

// isRead reports whether p was made by [Read]: any other is empty and says nothing.
func (p *Solution) isRead() bool { return p != nil && p.content != nil }

// Name returns the unique name of the solution.
func (p *Solution) Name() string { return p.name }

// Content returns what the package holds and refers to.
func (p *Solution) Content() *content.Content { return p.content }

// manifest returns the manifest; that of a package without solution.xml is empty.
func (p *Solution) manifest() *solution.Manifest {
	if m := p.content.Manifest(); m != nil {
		return m
	}
	return emptyManifest
}

var emptyManifest = func() *solution.Manifest {
	m, err := solution.ParseManifest([]byte("<ImportExportXml><SolutionManifest/></ImportExportXml>"), solution.ManifestFile)
	if err != nil {
		panic(err) // the text is the program's own
	}
	return m
}()

// missingParts returns the parts that every zip has at its root and this one lacks.
func missingParts(parts solution.Parts) []string {
	have := map[string]bool{}
	for _, name := range parts.Names() {
		have[solution.Fold(name)] = true
	}
	var missing []string
	for _, name := range []string{solution.ManifestFile, solution.CustomizationsFile, solution.ContentTypesFile} {
		if !have[solution.Fold(name)] {
			missing = append(missing, name)
		}
	}
	return missing
}

// unlisted are elements that no solution owns: languages, and the ribbon that every table has.
var unlisted = map[solution.ComponentType]bool{"language": true, solution.TypeRibbonCustomization: true}

// readProblems collects the parts that cannot be read or are not taken. Some are read for the content, some for what is bound, and some for
// both, which is one problem.
func (p *Solution) readProblems() {
	told := map[string]bool{}
	found := p.content.Diagnostics()
	for d := range found.Rule("content/malformed") {
		p.problems = append(p.problems, d)
		told[d.Location.File] = true
	}
	p.problems = slices.AppendSeq(p.problems, found.Rule("content/difference-in-unmanaged"))
	p.twice = slices.Collect(p.set.Diagnostics().Rule("packager/duplicate-key"))
	for d := range p.set.Diagnostics().Rule("content/malformed") {
		if !told[d.Location.File] {
			p.problems = append(p.problems, d)
		}
	}
}

// collect takes from the content what every plan goes through.
func (p *Solution) collect() {
	for x := range p.content.Components() {
		if x.Key.HasName() && !unlisted[x.Key.Type()] {
			p.components = append(p.components, x)
		}
	}
	n := 0
	for range p.manifest().Dependencies() {
		n++
	}
	p.dependencies = make([]solution.Dependency, 0, n) // each takes a kilobyte
	for d := range p.manifest().Dependencies() {
		p.dependencies = append(p.dependencies, d)
	}
	i := int32(0)
	for ref := range p.content.References() {
		switch ref.Resolved {
		case content.InPackage, content.InBase, content.Unknown:
		default:
			p.references = append(p.references, i)
		}
		i++
	}
}

// reference returns the i-th reference to what the package does not hold.
func (p *Solution) reference(i int32) *content.Reference {
	ref := p.content.Reference(int(p.references[i]))
	return &ref
}

// readConnectors reads what connectors ask for. One that cannot be read may ask for secrets.
func (p *Solution) readConnectors(parts solution.Parts) {
	for x := range p.content.Components() {
		if x.Key.Type() == solution.TypeConnector {
			p.connectors = append(p.connectors, customConnector{key: x.Key, name: x.Key.Name(), location: x.Location, secrets: true, unsure: true, unread: true})
		}
	}
	if len(p.connectors) == 0 {
		return
	}
	list, _ := connector.ReadLenient(parts) // those that cannot be read stay as unread
	byName := map[string][]int{}
	for i := range p.connectors {
		byName[p.connectors[i].name] = append(byName[p.connectors[i].name], i)
	}
	for _, c := range list {
		for _, i := range byName[solution.Fold(c.Name())] {
			p.connectors[i].describe(c)
		}
	}
}

// describe notes what the files of a connector say. Connection parameters are empty where the connector asks for
// nothing, and where somebody blanked them to publish the files; then the definition tells.
func (x *customConnector) describe(c *connector.Connector) {
	x.host = c.Host() + c.BasePath()
	x.secrets, x.unsure = false, false
	x.unread = c.Definition() == nil
	if !x.unread {
		x.definition = c
	}
	parameters := 0
	for p := range c.ConnectionParameters() {
		parameters++
		if p.Type != "oauthsetting" {
			continue
		}
		x.secrets = true
		var settings struct {
			OAuth struct {
				ClientID string `json:"clientId"`
			} `json:"oAuthSettings"`
		}
		if json.Unmarshal(p.JSON, &settings) == nil && x.clientID == "" {
			x.clientID = settings.OAuth.ClientID
		}
	}
	if parameters > 0 {
		return
	}
	for s := range c.Security() {
		if s.Type == "oauth2" {
			x.secrets, x.unsure = true, true
		}
	}
}
