package main

import (
	"errors"
	"flag"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var connectorLintCommand = command{
	name:    "connector lint",
	args:    []string{"DIR|ZIP..."},
	summary: "report what is wrong with custom connectors",
	help: `Checks every connector in folders and zips: loose files, folders of them, unpacked solutions, solution zips, and zips
of loose files. An error is what the platform will not import or save, a warning is what goes wrong at run time.
A connector that can't be read is one error; the others are checked none the less. Trailing commas and raw tabs,
which some editors let pass, are read over and reported.

With -certification come the rules that matter to those who publish a connector; their severity is
"certification", and they never make the command fail. "solkit connector rules" lists all rules. Notes are shown
with -v; -json and -sarif hold all findings.`,
	strict:   true,
	examples: []string{"solkit connector lint src", "solkit connector lint -disable CONN-INFO-006,CONN-SOL-009 connectors contoso_1_0_0_0.zip"},
	define: func(fs *flag.FlagSet) action {
		l := &linting{}
		fs.BoolVar(&l.opts.Certification, "certification", false, "add the rules of Microsoft's certification")
		fs.BoolVar(&l.sarif, "sarif", false, "print a SARIF 2.1.0 log, which code hosts and editors read")
		fs.StringVar(&l.disable, "disable", "", "`ID,...`: rules to leave out")
		return l.run
	},
}

type linting struct {
	opts    lint.Options
	disable string
	sarif   bool
}

// A lintDocument is what connector lint found.
type lintDocument struct {
	Connectors     []lintedConnector  `json:"connectors"`
	Diagnostics    []connectorFinding `json:"diagnostics"` // what is of no single connector
	Errors         int                `json:"errors"`
	Warnings       int                `json:"warnings"`
	Notes          int                `json:"notes"`
	Certifications int                `json:"certifications"`
	outcome
	sarif   bool
	shown   diag.List // files below the arguments
	logged  diag.List // files as a code host finds them
	sources int
}

// A lintedConnector is one connector. One that can't be read has no form, and one diagnostic.
type lintedConnector struct {
	Name        string             `json:"name"`
	Path        string             `json:"path"` // the argument and the place below it
	Form        string             `json:"form"` // files, solution, or empty
	Operations  int                `json:"operations"`
	Triggers    int                `json:"triggers"` // those of the operations that start a flow
	Diagnostics []connectorFinding `json:"diagnostics"`
}

func (l *linting) run(j *job) (document, error) {
	for id := range strings.SplitSeq(l.disable, ",") {
		if id = strings.ToUpper(strings.TrimSpace(id)); id == "" {
			continue
		}
		if !slices.ContainsFunc(slices.Collect(lint.Rules()), func(r diag.Rule) bool { return r.ID == id }) {
			return nil, usagef("-disable %q: there is no such rule: solkit connector rules lists them", id)
		}
		l.opts.Disable = append(l.opts.Disable, id)
	}
	d := &lintDocument{Connectors: []lintedConnector{}, Diagnostics: []connectorFinding{}, sarif: l.sarif, sources: len(j.args)}
	show := j.progress()
	defer show.stop()
	for _, name := range j.args {
		src, err := openConnectors(name)
		if err != nil {
			return d, err
		}
		defer src.close()
		if err := d.lint(j, src, &l.opts, show); err != nil {
			return d, err
		}
	}
	return d, nil
}

// lint adds what is found in one source.
func (d *lintDocument) lint(j *job, src *connectorSource, opts *lint.Options, show *progress) error {
	list, err := src.find(true)
	if err != nil {
		return err
	}
	broken := map[*connectorPlace]bool{} // nothing else can be said of what cannot be read as a whole
	show.begin(len(list), "connector")
	for _, c := range list {
		show.step()
		if err := j.ctx.Err(); err != nil {
			return err
		}
		one := lintedConnector{Name: c.name, Path: src.at(c.dir)}
		var found diag.List
		if c.err != nil {
			var single *connector.ReadError
			broken[c.in] = broken[c.in] || !errors.As(c.err, &single)
			found = src.unreadable(c.err)
		} else {
			show.set("checking %s", one.Path)
			found = lint.Check(c.Connector, opts)
			one.Form = c.Form().String()
			one.Operations, one.Triggers = countOperations(c.Connector)
		}
		one.Diagnostics = connectorFindings(src.below(c.root, found))
		d.Connectors = append(d.Connectors, one)
		d.add(src, c.root, found)
	}
	for _, p := range src.places {
		if broken[p] {
			continue
		}
		found, err := lint.CheckUnclaimed(p.parts, opts)
		some, err := lint.Unreadable(err)
		if err != nil {
			return src.wrap(err)
		}
		found = append(found, some...)
		d.Diagnostics = append(d.Diagnostics, connectorFindings(src.below(p.dir, found))...)
		d.add(src, p.dir, found)
	}
	return nil
}

func countOperations(c *connector.Connector) (operations, triggers int) {
	for o := range c.Operations() {
		operations++
		if o.Kind != connector.Action {
			triggers++
		}
	}
	return operations, triggers
}

// add counts findings and keeps them for people and logs.
func (d *lintDocument) add(src *connectorSource, root string, l diag.List) {
	for _, f := range l {
		switch connectorSeverity(f.Rule, f.Severity) {
		case "error":
			d.Errors++
		case "warning":
			d.Warnings++
		case "note":
			d.Notes++
		default:
			d.Certifications++
			continue
		}
		d.found = append(d.found, f)
	}
	d.shown = append(d.shown, src.below(root, l)...)
	d.logged = append(d.logged, below(filepath.ToSlash(src.name), below(root, l))...)
}

func (d *lintDocument) text(p *printer, j *job) {
	for _, f := range d.shown {
		if connectorSeverity(f.Rule, f.Severity) == lint.Certification.String() {
			p.printf("%s: %s: %s (%s)\n", f.Location, lint.Certification, f.Message, f.Rule)
		} else {
			p.findings(diag.List{f}, j.verbose)
		}
	}
	p.printf("%s: %s, %s, %s", count(len(d.Connectors), "connector"), count(d.Errors, "error"), count(d.Warnings, "warning"), count(d.Notes, "note"))
	if d.Certifications > 0 {
		p.printf(", %d for certification", d.Certifications)
	}
	p.printf("\n")
}

func (d *lintDocument) machine() bool { return d.sarif }

func (d *lintDocument) writeMachine(w io.Writer) error {
	list := d.logged
	if d.err != nil {
		list = append(slices.Clip(list), diag.Diagnostic{Rule: ruleFailed.ID, Severity: diag.Error, Message: d.Error})
	}
	rules, err := diag.NewCatalogue(linked(connectorRules()))
	if err != nil {
		return err
	}
	return diag.WriteSARIF(w, diag.Tool{Name: "solkit", Rules: rules}, list)
}

// connectorRules is the catalogue of all that connector lint can find.
func connectorRules() iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for r := range lint.Rules() {
			if !yield(r) {
				return
			}
		}
		_ = yield(ruleUnreadable) && yield(ruleFailed)
	}
}
