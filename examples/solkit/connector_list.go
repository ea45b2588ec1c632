package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var connectorListCommand = command{
	name:    "connector list",
	args:    []string{"DIR|ZIP"},
	summary: "list the connectors of a folder or zip",
	help: `Prints a line for each connector: name, title, version, host, number of actions and triggers, and how a connection
authenticates. One that can't be read is an error; the others are listed none the less.`,
	examples: []string{"solkit connector list contoso_1_0_0_0.zip", "solkit connector list connectors"},
	define:   func(*flag.FlagSet) action { return listConnectors },
}

// A listDocument is what connector list prints.
type listDocument struct {
	Connectors []listedConnector `json:"connectors"`
	connectorOutcome
}

type listedConnector struct {
	Name     string   `json:"name"`
	Path     string   `json:"path"`
	Form     string   `json:"form"`
	Title    string   `json:"title"`
	Version  string   `json:"version"`
	Host     string   `json:"host"`
	Actions  int      `json:"actions"`
	Triggers int      `json:"triggers"`
	Auth     []string `json:"auth"` // none, basic, apiKey, oauth2, gateway
}

func listConnectors(j *job) (document, error) {
	d := &listDocument{Connectors: []listedConnector{}}
	src, err := openConnectors(j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	list, err := src.find(true)
	if err != nil {
		return d, err
	}
	for _, c := range list {
		if c.err != nil {
			d.found = append(d.found, src.below(c.root, src.unreadable(c.err))...)
			continue
		}
		all, triggers := countOperations(c.Connector)
		d.Connectors = append(d.Connectors, listedConnector{Name: c.name, Path: src.at(c.dir), Form: c.Form().String(), Title: c.Title(),
			Version: c.Version(), Host: c.Host(), Actions: all - triggers, Triggers: triggers, Auth: authentication(c.Connector)})
	}
	return d, nil
}

// authentication says what a connection needs: the kinds of the security schemes, and what the connection
// parameters ask for besides.
func authentication(c *connector.Connector) []string {
	out := []string{}
	add := func(kind string) {
		if kind != "" && !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	for s := range c.Security() {
		add(s.Type)
	}
	for p := range c.ConnectionParameters() {
		switch p.Type {
		case "oauthsetting":
			add("oauth2")
		case "gatewaysetting":
			add("gateway")
		}
	}
	if len(out) == 0 {
		add("none")
	}
	return out
}

func (d *listDocument) text(p *printer, j *job) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	if len(d.Connectors) > 0 {
		fmt.Fprintln(t, "NAME\tTITLE\tVERSION\tHOST\tACTIONS\tTRIGGERS\tAUTH")
	}
	for _, c := range d.Connectors {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%d\t%s\n", plain(c.Name), plain(c.Title), plain(c.Version), plain(c.Host), c.Actions, c.Triggers, plain(strings.Join(c.Auth, ",")))
	}
	t.Flush()
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
	if len(d.Connectors)+len(d.found) == 0 {
		p.printf("no connectors\n")
	}
}

// plain is text for one cell of a table.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

var connectorRulesCommand = command{
	name:    "connector rules",
	args:    []string{},
	summary: "list the rules of connector lint",
	help: `Prints id, severity and summary of every rule of "solkit connector lint". The severity "certification" is for rules
that take part with -certification, "deploy" for those about files that an upload tool takes. Then come those of
"solkit connector breaking", whose severity is the usual impact: breaking, unknown or safe.`,
	examples: []string{"solkit connector rules", "solkit connector rules -markdown > connector-rules.md"},
	define: func(fs *flag.FlagSet) action {
		markdown := fs.Bool("markdown", false, "print the catalogue as a page")
		return func(*job) (document, error) { return listRules(*markdown), nil }
	},
}

// A rulesDocument is what connector rules prints.
type rulesDocument struct {
	Rules []listedRule `json:"rules"`
	outcome
	markdown bool
}

type listedRule struct {
	ID       string `json:"id"`
	Severity string `json:"severity"` // as connector lint says it
	Class    string `json:"class"`    // always, certification or deploy; breaking: of connector breaking
	Summary  string `json:"summary"`
	Help     string `json:"help"`
}

func listRules(markdown bool) *rulesDocument {
	d := &rulesDocument{markdown: markdown}
	for r := range lint.Rules() {
		d.Rules = append(d.Rules, listedRule{ID: r.ID, Severity: connectorSeverity(r.ID, r.Severity), Class: lint.ClassOf(r.ID).String(), Summary: r.Summary, Help: r.Help})
	}
	for r := range connector.ChangeRules() {
		d.Rules = append(d.Rules, listedRule{ID: r.ID, Severity: usualImpact(r.Severity).String(), Class: "breaking", Summary: r.Summary, Help: r.Help})
	}
	return d
}

// usualImpact is what the severity of a rule about changes stands for.
func usualImpact(s diag.Severity) connector.Impact {
	switch s {
	case diag.Error:
		return connector.Breaking
	case diag.Warning:
		return connector.Unknown
	}
	return connector.Safe
}

func (d *rulesDocument) text(p *printer, _ *job) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, r := range d.Rules {
		severity := r.Severity
		if r.Class == lint.Deploy.String() {
			severity = r.Class
		}
		fmt.Fprintf(t, "%s\t%s\t%s\n", r.ID, severity, r.Summary)
	}
	t.Flush()
}

func (d *rulesDocument) machine() bool { return d.markdown }

func (d *rulesDocument) writeMachine(w io.Writer) error {
	_, err := w.Write(lint.Markdown(nil))
	return err
}
