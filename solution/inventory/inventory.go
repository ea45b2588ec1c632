package inventory

import (
	"fmt"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/graph"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Source is a solution to be documented.
type Source struct {
	Parts solution.Parts
	Title string // what to call it if it has no manifest
}

// An Inventory is what solutions hold. It is a plain value, and its JSON is a document that programs may rely on.
type Inventory struct {
	Solutions []Solution `json:"solutions"` // in the order given
	// Dependencies are the components of the solutions that refer to others, parts as what they belong to.
	Dependencies []Dependency `json:"dependencies"`

	picture *graph.Graph
}

// A Solution is what one solution is and holds. Lists are never null.
type Solution struct {
	UniqueName     string    `json:"uniqueName"`
	Title          string    `json:"title"`
	Version        string    `json:"version"` // as written
	Kind           string    `json:"kind"`    // unmanaged, managed, or both; empty without a manifest
	Description    string    `json:"description"`
	Publisher      Publisher `json:"publisher"`
	PatchOf        string    `json:"patchOf"` // unique name of the solution that it is a patch of
	Components     []Count   `json:"components"`
	Tables         []Table   `json:"tables"`
	Choices        []Choice  `json:"choices"`
	Flows          []Flow    `json:"flows"`
	Processes      []Process `json:"processes"` // that are no cloud flows
	Roles          []Role    `json:"roles"`
	ColumnSecurity []Profile `json:"columnSecurity"`
	Apps           []App     `json:"apps"`
	Agents         []Agent   `json:"agents"`

	Relationships        []Relationship  `json:"relationships"`
	Variables            []Variable      `json:"environmentVariables"`
	ConnectionReferences []Reference     `json:"connectionReferences"`
	RawConnections       []RawConnection `json:"rawConnections"`
	Connectors           []Named         `json:"connectors"`
	PluginTypes          []PluginType    `json:"pluginTypes"`
	Steps                []Step          `json:"pluginSteps"`
	APIs                 []API           `json:"customApis"`
	WebResources         []WebResource   `json:"webResources"`
	Others               []Other         `json:"others"`
	Needs                []Need          `json:"needs"`
	Findings             []Finding       `json:"findings"`
}

// A Publisher is who a solution is from.
type Publisher struct {
	UniqueName string `json:"uniqueName"`
	Title      string `json:"title"`
	Prefix     string `json:"prefix"`
}

// A Count says how many components of a kind there are, those in others included.
type Count struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"` // of components
}

// A Named is something with a name, and what people call it.
type Named struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

// An Other is a component of a kind that has no list of its own.
type Other struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Title string `json:"title"`
	In    string `json:"in"` // the component that it is in; empty if in none
}

// A Need is a component of another solution that the manifest lists as a missing dependency.
type Need struct {
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Solution string `json:"solution"` // as written
	By       string `json:"by"`
}

// A Dependency is one component that refers to another.
type Dependency struct {
	From  End `json:"from"`
	To    End `json:"to"`
	Count int `json:"count"` // references
}

// An End is a component. Its solution is empty if none of those given has it.
type End struct {
	Kind     string `json:"kind"`
	Title    string `json:"title"`
	Solution string `json:"solution"`
}

// A Finding is a diagnostic. Its place is a path in the solution, as a zip and its tree have different files.
type Finding struct {
	Rule     string        `json:"rule"`
	Severity diag.Severity `json:"severity"`
	Message  string        `json:"message"`
	Path     string        `json:"path"`
}

// Take makes the inventory of solutions, whose references are resolved together. What cannot be read of a part is among the findings.
//
// The error is a part that cannot be read at all, or a manifest or customizations.xml that is none.
func Take(sources ...Source) (*Inventory, error) {
	readers := make([]*reader, len(sources))
	contents := make([]*content.Content, len(sources))
	for i, s := range sources {
		r, err := read(s)
		if err != nil {
			return nil, sourceError(s, err)
		}
		readers[i], contents[i] = r, r.content
	}
	inv := &Inventory{Solutions: make([]Solution, len(sources)), Dependencies: []Dependency{}}
	var drawn []graph.Source
	for i, c := range content.Join(contents...) {
		readers[i].content = c
		inv.Solutions[i] = readers[i].solution()
		drawn = append(drawn, graph.Source{Content: c, Title: sources[i].Title})
	}
	inv.picture = graph.Components(drawn...)
	end := func(i int) End {
		n := inv.picture.Nodes[i]
		return End{n.Kind, n.Label, n.Solution}
	}
	for _, e := range inv.picture.Edges {
		inv.Dependencies = append(inv.Dependencies, Dependency{end(e.From), end(e.To), e.Count})
	}
	sortBy(inv.Dependencies, func(d Dependency) []string {
		return []string{d.From.Solution, d.From.Kind, d.From.Title, d.To.Kind, d.To.Title, d.To.Solution}
	})
	if len(inv.picture.Nodes) > graph.MostBoxes {
		inv.picture.ByKind()
	}
	return inv, nil
}

func sourceError(s Source, err error) error {
	if s.Title == "" {
		return fmt.Errorf("take inventory: %w", err)
	}
	return fmt.Errorf("take inventory of %s: %w", s.Title, err)
}

// A reader has one solution read by each of the packages that know something of it.
type reader struct {
	title   string
	model   *model.Model
	content *content.Content
	set     *connref.Set
}

func read(s Source) (*reader, error) {
	p := solution.Shared(s.Parts)
	r := &reader{title: s.Title}
	var err error
	if r.model, err = model.Read(p); err != nil {
		return nil, err
	}
	r.content, r.set, err = content.ReadWithSet(p, nil)
	return r, err
}

func (r *reader) solution() Solution {
	s := Solution{Title: r.title}
	if m := r.model.Manifest(); m != nil {
		s.manifest(m)
	}
	s.Components = r.counts()
	s.Tables, s.Relationships, s.Choices = r.tables(), r.relationships(), r.choices()
	s.Flows, s.Processes = r.flows(), r.processes()
	s.Roles, s.ColumnSecurity = r.roles(), r.profiles()
	s.Apps, s.Agents = r.apps(), r.agents()
	s.Variables, s.ConnectionReferences, s.RawConnections = r.variables(), r.references(), r.rawConnections()
	s.Connectors = r.connectors()
	s.PluginTypes, s.Steps, s.APIs = r.pluginTypes(), r.steps(), r.apis()
	s.WebResources, s.Others = r.webResources(), r.others()
	s.Needs, s.Findings = r.needs(), r.findings()
	return s
}
