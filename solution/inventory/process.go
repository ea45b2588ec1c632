package inventory

import (
	"cmp"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A Flow is a cloud flow.
type Flow struct {
	Title       string    `json:"title"`
	ID          string    `json:"id"`
	Description string    `json:"description"`
	On          bool      `json:"on"` // as the package has it
	Triggers    []Trigger `json:"triggers"`
	// Connections are what the flow connects to.
	Connections []FlowConnection `json:"connections"`
	Actions     int              `json:"actions"` // those in others included
	Children    []string         `json:"children"`
	Unread      bool             `json:"unread"` // the file of the flow is not there or cannot be read: the members above tell nothing
}

// A Trigger is what starts a flow.
type Trigger struct {
	Name      string `json:"name"`
	Type      string `json:"type"`      // with its kind: "Request/Button"
	Connector string `json:"connector"` // empty for one without a connector
	Operation string `json:"operation"`
	Every     string `json:"every"` // how often it looks or runs: "5 Minute"
}

// A FlowConnection is a connector of a flow, and the connection reference that gives the connection.
type FlowConnection struct {
	Connector string `json:"connector"`
	Reference string `json:"reference"` // empty: the flow is bound to a connection of its environment
}

// A Process is a process that is no cloud flow.
type Process struct {
	Title       string `json:"title"`
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	Table       string `json:"table"`
	On          bool   `json:"on"`
	Description string `json:"description"`
}

// processKinds are the words for the categories of processes.
var processKinds = map[int]string{model.ClassicWorkflow: "workflow", model.Dialog: "dialog", model.BusinessRule: "business rule",
	model.Action: "action", model.BusinessProcessFlow: "business process flow", model.CloudFlow: "cloud flow", model.DesktopFlow: "desktop flow"}

func isCloudFlow(p model.Process) bool {
	category, ok := p.Category()
	return ok && category == model.CloudFlow
}

func (r *reader) flows() []Flow {
	out := []Flow{}
	for p := range r.model.Processes() {
		if isCloudFlow(p) {
			out = append(out, r.flow(p))
		}
	}
	sortBy(out, func(f Flow) []string { return []string{f.Title, f.ID} })
	return out
}

func (r *reader) flow(p model.Process) Flow {
	def, err := p.Definition()
	f := Flow{Title: p.DisplayName(baseLanguage), ID: idOf(p.Component), On: isOn(p), Unread: err != nil || !def.Exists(),
		Description: cmp.Or(model.Text(p.Descriptions(), baseLanguage), def.Description()),
		Triggers:    collect(def.Triggers(), triggerOf), Children: []string{}, Connections: collect(def.Connections(), connectionOf)}
	for a := range def.AllActions() {
		f.Actions++
		if id := a.ChildFlow(); !id.IsZero() {
			title := id.String()
			if child, ok := r.model.Process(id); ok {
				title = child.DisplayName(baseLanguage)
			}
			f.Children = append(f.Children, title)
		}
	}
	f.Children = sorted(f.Children)
	sortBy(f.Connections, func(c FlowConnection) []string { return []string{c.Connector, c.Reference} })
	return f
}

func connectionOf(c model.FlowConnection) FlowConnection {
	return FlowConnection{connref.ConnectorName(c.Connector()), c.Reference()}
}

func triggerOf(t model.FlowTrigger) Trigger {
	_, connector, operation := t.Operation()
	out := Trigger{Name: strings.ReplaceAll(t.Name(), "_", " "), Type: t.Type(), Connector: connref.ConnectorName(connector), Operation: operation}
	if kind := t.Kind(); kind != "" {
		out.Type += "/" + kind
	}
	every := t.Recurrence()
	out.Every = strings.TrimSpace(every.Get("interval").Text() + " " + every.Get("frequency").Text())
	return out
}

func (r *reader) processes() []Process {
	out := []Process{}
	for p := range r.model.Processes() {
		if isCloudFlow(p) {
			continue
		}
		category, ok := p.Category()
		out = append(out, Process{p.DisplayName(baseLanguage), idOf(p.Component), wordOf(processKinds, category, ok), p.Table(), isOn(p),
			model.Text(p.Descriptions(), baseLanguage)})
	}
	sortBy(out, func(p Process) []string { return []string{p.Kind, p.Title, p.ID} })
	return out
}

func isOn(p model.Process) bool {
	state, _, ok := p.State()
	return ok && state == 1
}

func idOf(c model.Component) string {
	if c.ID().IsZero() {
		return ""
	}
	return c.ID().String()
}

// about says in one line what starts a flow.
func (t Trigger) about() string {
	text := t.Type
	if t.Operation != "" {
		text = strings.TrimSpace(t.Connector + " " + t.Operation)
	}
	if t.Every != "" {
		text += ", every " + t.Every
	}
	return t.Name + ": " + text
}

// about says what a flow connects to.
func (c FlowConnection) about() string {
	if c.Reference == "" {
		return c.Connector + ", a connection of the environment"
	}
	return c.Connector + ", by " + c.Reference
}
