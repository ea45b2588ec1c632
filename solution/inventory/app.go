package inventory

import (
	"cmp"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/model"
)

// An App is a model-driven app, a canvas app, or what is made like one.
type App struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Kind        string   `json:"kind"`
	Description string   `json:"description"`
	Uses        []string `json:"uses"` // titles of what it refers to
	// Screens are those of a canvas app in the order of the studio, and DataSources what it reads and writes: without the views and
	// choices of tables.
	Screens     []Screen     `json:"screens"`
	DataSources []DataSource `json:"dataSources"`
	Unread      bool         `json:"unread"` // its document is there and cannot be read, so screens and data sources are not known
}

// A Screen is a screen of a canvas app.
type Screen struct {
	Name     string `json:"name"`
	Controls int    `json:"controls"` // in it, at any depth
}

// A DataSource is a data source of a canvas app.
type DataSource struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Of   string `json:"of"` // the table, or the connector; empty if it is of none
}

// An Agent is a copilot.
type Agent struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Parts []AgentPart `json:"parts"`
	Uses  []string    `json:"uses"` // titles of what its parts refer to and is no part of an agent
}

// An AgentPart is a topic, tool or other part of an agent.
type AgentPart struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Kind    string `json:"kind"`
	Trigger string `json:"trigger"` // what begins it, such as OnRecognizedIntent
}

// canvasKinds are the words for the types of canvas apps.
var canvasKinds = map[int]string{0: "canvas app", 1: "component library", 2: "custom page", 4: "code app"}

func (r *reader) apps() []App {
	uses := r.uses(func(k solution.Key) solution.Key { return k }, solution.TypeAppModule, solution.TypeCanvasApp)
	app := func(c model.Component, kind string) App {
		return App{Name: c.Name(), Title: c.DisplayName(baseLanguage), Kind: kind, Description: model.Text(c.Descriptions(), baseLanguage), Uses: r.titlesOf(uses[c.Key()]),
			Screens: []Screen{}, DataSources: []DataSource{}}
	}
	out := collect(r.model.AppModules(), func(a model.AppModule) App { return app(a.Component, "model-driven app") })
	for a := range r.model.CanvasApps() {
		kind, ok := a.AppType()
		x := app(a.Component, cmp.Or(wordOf(canvasKinds, kind, ok), "canvas app"))
		x.Unread = x.document(a) != nil
		out = append(out, x)
	}
	sortBy(out, func(a App) []string { return []string{a.Kind, a.Title, a.Name} })
	return out
}

// document reads what the document of a canvas app holds. Of one that cannot be read it takes nothing.
func (x *App) document(a model.CanvasApp) error {
	d, err := a.Document()
	if d == nil || err != nil {
		return err
	}
	screens, err := d.Screens()
	if err != nil {
		return err
	}
	sources, err := d.DataSources()
	if err != nil {
		return err
	}
	for c := range screens {
		s := Screen{Name: c.Name(), Controls: -1} // the screen itself is no control in it
		for range c.All() {
			s.Controls++
		}
		x.Screens = append(x.Screens, s)
	}
	for s := range sources {
		if kind := dataSourceKind(s.Kind()); kind != "" {
			x.DataSources = append(x.DataSources, DataSource{s.Name(), kind, cmp.Or(s.Table(), connectorName(s.ConnectorID()))})
		}
	}
	sortBy(x.DataSources, func(s DataSource) []string { return []string{s.Kind, s.Name} })
	return nil
}

// dataSourceKinds are the words for kinds of data sources, empty for what belongs to another one.
var dataSourceKinds = map[string]string{"NativeCDSDataSourceInfo": "table", "ConnectedDataSourceInfo": "table of a connector", "ServiceInfo": "connector or flow",
	"CollectionDataSourceInfo": "collection", "StaticDataSourceInfo": "static data", "DynamicDataSourceInfo": "signal", "ViewInfo": "", "OptionSetInfo": ""}

func dataSourceKind(kind string) string {
	if word, known := dataSourceKinds[kind]; known {
		return word
	}
	return kind
}

// connectorName is the last step of the path of a connector.
func connectorName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// uses returns what components of some types refer to, by what stands for the component.
func (r *reader) uses(of func(solution.Key) solution.Key, types ...solution.ComponentType) map[solution.Key][]solution.Key {
	out, wanted := map[solution.Key][]solution.Key{}, map[solution.ComponentType]bool{}
	for _, t := range types {
		wanted[t] = true
	}
	for ref := range r.content.References() {
		if from := ref.From; wanted[from.Type()] && ref.Resolved != content.Unknown {
			out[of(from)] = append(out[of(from)], ref.To)
		}
	}
	return out
}

func (r *reader) agents() []Agent {
	owners := map[solution.Key]solution.Key{}
	for b := range r.model.Bots() {
		for part := range b.Components() {
			owners[part.Key()] = b.Key()
		}
	}
	uses := r.uses(func(k solution.Key) solution.Key {
		if bot, ok := owners[k]; ok {
			return bot
		}
		return k
	}, solution.TypeBot, solution.TypeBotComponent)
	out := collect(r.model.Bots(), func(b model.Bot) Agent {
		var others []solution.Key
		for _, k := range uses[b.Key()] {
			if k.Type() != solution.TypeBot && k.Type() != solution.TypeBotComponent {
				others = append(others, k)
			}
		}
		a := Agent{b.SchemaName(), cmp.Or(b.Title(), b.SchemaName()), collect(b.Components(), agentPart), r.titlesOf(others)}
		sortBy(a.Parts, func(p AgentPart) []string { return []string{p.Kind, p.Title, p.Name} })
		return a
	})
	sortBy(out, func(a Agent) []string { return []string{a.Title, a.Name} })
	return out
}

// agentPartKinds are the words for types of parts of agents.
var agentPartKinds = map[int]string{0: "topic", 1: "skill", 2: "variable", 3: "entity", 9: "topic or tool", 12: "variable", 13: "skill", 14: "file",
	15: "agent", 16: "knowledge", 17: "trigger", 18: "settings"}

// agentPart reads a part. One whose file cannot be read is a finding of package content.
func agentPart(b model.BotComponent) AgentPart {
	kind, trigger, err := b.Kind()
	if err != nil || kind == "" {
		n, ok := b.ComponentType()
		kind = wordOf(agentPartKinds, n, ok)
	}
	return AgentPart{b.SchemaName(), cmp.Or(b.Title(), b.SchemaName()), kind, trigger}
}
