package main

import (
	"flag"
	"io"

	"github.com/solutionkit/solutionkit/solution/inventory"
)

var inventoryCommand = command{
	name:    "inventory",
	args:    []string{"ZIP|DIR..."},
	summary: "document what solutions hold, as Markdown, a page or JSON",
	sourced: true,
	help: `Writes the documentation of one or several solutions on standard output: tables and columns, flows with what starts them
and what they connect to, roles as a matrix, apps, agents, environment variables, connections, dependencies and findings.
-markdown, which is also what comes without a flag, is fit for a wiki; -html is one page that needs nothing else, with a
picture of the dependencies and a search. The order is stable, and a zip gives what its folder does, so that the document
can be committed. Secrets are not in it.`,
	examples: []string{"solkit inventory src", "solkit inventory -html contoso_1_0_0_0.zip > contoso.html"},
	define: func(fs *flag.FlagSet) action {
		html := fs.Bool("html", false, "write one page of HTML")
		markdown := fs.Bool("markdown", false, "write Markdown")
		return func(j *job) (document, error) {
			if *html && *markdown || j.json && (*html || *markdown) {
				return nil, usagef("give one of -json, -markdown and -html")
			}
			return takeInventoryOf(j, *html)
		}
	},
}

// An inventoryDocument is what inventory prints.
type inventoryDocument struct {
	inventory.Inventory
	outcome
	json, html bool
}

func (d *inventoryDocument) machine() bool { return d.err == nil && !d.json }

func (d *inventoryDocument) writeMachine(w io.Writer) error {
	if d.html {
		return d.WriteHTML(w)
	}
	return d.WriteMarkdown(w)
}

func (d *inventoryDocument) text(*printer, *job) {}

func takeInventoryOf(j *job, html bool) (document, error) {
	d := &inventoryDocument{Inventory: inventory.Inventory{Solutions: []inventory.Solution{}, Dependencies: []inventory.Dependency{}}, json: j.json, html: html}
	var sources []inventory.Source
	var closers []func()
	defer func() {
		for _, closer := range closers {
			closer()
		}
	}()
	for _, name := range j.args {
		s, err := openSource(j, name)
		if err != nil {
			return d, err
		}
		closers = append(closers, s.close)
		parts, err := s.parts()
		if err != nil {
			return d, s.wrap(err)
		}
		sources = append(sources, inventory.Source{Parts: parts, Title: name})
	}
	if err := j.ctx.Err(); err != nil {
		return d, err
	}
	inv, err := inventory.Take(sources...)
	if err != nil {
		return d, err
	}
	d.Inventory = *inv
	return d, nil
}
