package main

import (
	"bytes"
	"flag"
	"io/fs"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diff"
)

var normaliseCommand = command{
	name:    "normalise",
	args:    []string{"ZIP|DIR"},
	summary: "put what has no order in a solution into a stable one",
	sourced: true,
	help: `Puts elements whose order means nothing, such as workflows, views and texts by language, into a stable order, so
that two exports differ in less. They move as they are written, and a solution that is in order stays as it is. In a source
tree only files that differ are written; a zip goes to the file that -o names. -n changes nothing and says which files would
change.`,
	examples: []string{"solkit normalise -n src", "solkit normalise -o normal.zip contoso_1_0_0_0.zip"},
	define: func(fs *flag.FlagSet) action {
		n := &normalising{}
		fs.StringVar(&n.out, "o", "", "write the zip to this `FILE`")
		fs.BoolVar(&n.dry, "n", false, "only say which files would change")
		return n.run
	},
}

type normalising struct {
	out string
	dry bool
}

// A normaliseDocument says which files changed, or would.
type normaliseDocument struct {
	Command  string   `json:"command"`
	Solution string   `json:"solution"`
	Files    []string `json:"files"` // of the tree, or the zip
	outcome
}

func (d *normaliseDocument) text(p *printer, _ *job) {
	for _, name := range d.Files {
		p.printf("%s\n", name)
	}
	if d.Solution != "" && len(d.Files) == 0 {
		p.printf("in order already\n")
	}
}

func (n *normalising) run(j *job) (document, error) {
	d := &normaliseDocument{Command: "normalise", Files: []string{}}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	switch {
	case n.dry && n.out != "":
		return nil, usagef("-n and -o: use one of them")
	case src.pkg != nil && n.out == "" && !n.dry:
		return nil, usagef("%s is a file: give -o FILE to write the new zip to, or -n", src.name)
	case n.out != "" && src.tree != nil:
		return nil, usagef("-o is for a zip")
	}
	parts, err := src.parts()
	if err != nil {
		return d, src.wrap(err)
	}
	change, err := diff.Normalise(parts)
	if err != nil {
		return d, src.wrap(err)
	}
	files, err := src.changed(change)
	if err != nil {
		return d, src.wrap(err)
	}
	if !n.dry {
		if err := src.edit(j, n.out, func(solution.Parts) (*solution.Change, error) { return change, nil }); err != nil {
			return d, src.wrap(err)
		}
	}
	d.Solution, d.Files = src.manifest().UniqueName(), files
	return d, nil
}

// changed returns the names of the files that a change makes others of, parts of a zip or files of a tree.
func (s *source) changed(change *solution.Change) ([]string, error) {
	names := []string{}
	if s.pkg != nil {
		for x := range change.Parts() {
			names = append(names, x.Name)
		}
		return names, nil
	}
	edited, err := s.tree.With(change)
	if err != nil {
		return nil, err
	}
	for _, name := range edited.Names() {
		is, err := fs.ReadFile(edited, name)
		if err != nil {
			return nil, err
		}
		if was, err := fs.ReadFile(s.tree, name); err != nil || !bytes.Equal(was, is) {
			names = append(names, name)
		}
	}
	return names, nil
}
