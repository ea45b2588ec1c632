package main

import (
	"flag"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

var refsCommand = command{
	name:    "refs",
	args:    []string{"ZIP|DIR..."},
	summary: "list what components refer to, with evidence",
	sourced: true,
	help: `Lists every reference between components of one or several solutions: from, to, kind, where the target is, and the
place. The target is in the package, in another of the solutions (batch), declared as a missing-dependency, part of
the base platform, found nowhere (none), or unknown because only a run can tell. -from and -to take a part of a key,
such as "entity account" or "new_flow".`,
	examples: []string{"solkit refs -unresolved contoso_1_0_0_0.zip", "solkit refs -to cts_StockServer src"},
	define: func(fs *flag.FlagSet) action {
		from := fs.String("from", "", "only from components whose kind and `KEY` hold this text")
		to := fs.String("to", "", "only to components whose kind and `KEY` hold this text")
		unresolved := fs.Bool("unresolved", false, "only what is found nowhere or unknown")
		return func(j *job) (document, error) { return listRefs(j, *from, *to, *unresolved) }
	},
}

// A refsDocument is what refs prints.
type refsDocument struct {
	References []listedRef `json:"references"`
	solutionOutcome
}

type listedRef struct {
	From     refEnd       `json:"from"`
	To       refEnd       `json:"to"`
	Edge     content.Edge `json:"edge"`
	Tracked  bool         `json:"tracked"`
	Resolved string       `json:"resolved"`
	File     string       `json:"file"`
	Path     string       `json:"path"`
	Line     int          `json:"line"`
	Column   int          `json:"column"`
	text     string
}

// A refEnd is a component and the solution that has it, empty if none of those given does.
type refEnd struct {
	keyed
	Solution string `json:"solution"`
}

func listRefs(j *job, from, to string, unresolved bool) (document, error) {
	d := &refsDocument{References: []listedRef{}}
	list, err := readContents(j, &d.solutionOutcome)
	if err != nil {
		return d, err
	}
	holds := func(k refEnd, text string) bool {
		return strings.Contains(solution.Fold(k.String()), solution.Fold(text))
	}
	for _, s := range list {
		for ref := range s.References() {
			if unresolved && ref.Resolved != content.None && ref.Resolved != content.Unknown {
				continue
			}
			l := listedRef{From: refEnd{keyedOf(ref.From), s.title()}, To: refEnd{keyedOf(ref.To), holder(list, s, ref)}, Edge: ref.Edge, Tracked: ref.Tracked,
				Resolved: ref.Resolved.String(), File: placeIn(j, s.source, ref.Location.File), Path: ref.Location.Path,
				Line: ref.Location.Start.Line, Column: ref.Location.Start.Column, text: ref.Text}
			if holds(l.From, from) && holds(l.To, to) {
				d.References = append(d.References, l)
			}
		}
	}
	return d, nil
}

// holder returns the solution that holds the target of a reference, "" if none does.
func holder(list []readSolution, own readSolution, ref content.Reference) string {
	switch ref.Resolved {
	case content.InPackage:
		return own.title()
	case content.InBatch:
		for _, s := range list {
			if _, ok := s.Component(ref.To); ok {
				return s.title()
			}
		}
	}
	return ""
}

func (d *refsDocument) text(p *printer, j *job) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	if len(d.References) > 0 {
		fmt.Fprintln(t, "FROM\tTO\tEDGE\tRESOLVED\tAT")
	}
	for _, r := range d.References {
		to := r.To.String()
		if r.Resolved == content.Unknown.String() {
			to += " " + r.text
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s:%d:%d\n", plain(r.From.String()), plain(to), r.Edge, r.Resolved, r.File, r.Line, r.Column)
	}
	t.Flush()
	if len(d.References) == 0 {
		p.printf("no references\n")
	}
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
}
