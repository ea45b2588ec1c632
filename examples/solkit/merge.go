package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/diff"
)

var mergeCommand = command{
	name:    "merge",
	args:    []string{"BASE", "OURS", "THEIRS", "OUT"},
	summary: "bring what THEIRS changed since BASE into OURS",
	sourced: true,
	help: `Merges three solutions, each a zip or an unpacked folder: components as wholes where one side left them alone, else property
by property, by the keys that diff uses; files that are text by their lines. The result is OURS with what THEIRS changed,
written to OUT: a zip or a new folder by its name, or OURS itself if that is a folder.

What both sides changed in different ways is a conflict, told with its three places; nothing is chosen then, nothing is
written, and the exit status is 1. With -partial the result is written all the same, with the side of OURS where there are
conflicts, and the exit status is still 1. Wrong usage and sides that cannot be read end with status 2.

With -git the arguments are those that git gives a merge driver, files of an unpacked solution, and the result takes the
place of OURS, also with conflicts, which git then asks you to resolve. Set it up with
  git config merge.solution.driver "solkit merge -git %O %A %B %P"
  echo "src/** merge=solution" >> .gitattributes`,
	example: "solkit merge base.zip src theirs.zip src",
	define: func(fs *flag.FlagSet) action {
		d := &mergeDocument{Conflicts: []mergeConflict{}}
		fs.BoolVar(&d.partial, "partial", false, "write the result with OURS where there are conflicts")
		fs.BoolVar(&d.git, "git", false, "merge one file: %O %A %B %P as git gives them")
		return func(j *job) (document, error) {
			if d.git {
				return d, d.file(j)
			}
			return d, d.run(j)
		}
	},
}

// A mergeDocument is the outcome of a merge.
type mergeDocument struct {
	Out       string          `json:"out"` // empty if nothing was written
	Changed   []string        `json:"changed,omitzero"`
	Conflicts []mergeConflict `json:"conflicts"`
	Notes     []finding       `json:"notes,omitempty"`

	partial, git bool
	outcome
}

// A mergeConflict is what both sides changed. A side that has nothing there has no place.
type mergeConflict struct {
	Component string     `json:"component"`
	Path      string     `json:"path"`
	Why       string     `json:"why"`
	Base      sideOfText `json:"base"`
	Ours      sideOfText `json:"ours"`
	Theirs    sideOfText `json:"theirs"`
}

type sideOfText struct {
	Text string `json:"text"`
	changePlace
}

func (d *mergeDocument) text(p *printer, _ *job) {
	for _, c := range d.Conflicts {
		fmt.Fprintf(p, "conflict: %s %s: %s\n", c.Component, c.Path, c.Why)
		for _, s := range []struct {
			name string
			side sideOfText
		}{{"base", c.Base}, {"ours", c.Ours}, {"theirs", c.Theirs}} {
			if s.side.File == "" {
				fmt.Fprintf(p, "  %-6s nothing\n", s.name)
				continue
			}
			fmt.Fprintf(p, "  %-6s %s:%d:%d: %.70q\n", s.name, s.side.File, s.side.Line, s.side.Column, s.side.Text)
		}
	}
	for _, n := range d.Notes {
		fmt.Fprintf(p, "note: %s\n", n.Message)
	}
	switch n := len(d.Conflicts); {
	case d.Out == "":
		fmt.Fprintf(p, "%s: nothing was written\n", count(n, "conflict"))
	case n > 0:
		fmt.Fprintf(p, "wrote %s, with OURS at %s; %s changed\n", d.Out, count(n, "conflict"), count(len(d.Changed), "part"))
	default:
		fmt.Fprintf(p, "wrote %s; %s changed\n", d.Out, count(len(d.Changed), "part"))
	}
}

func (d *mergeDocument) run(j *job) error {
	var sources [3]*source
	var parts [3]solution.Parts
	for i, name := range j.args[:3] {
		src, err := openSource(j, name)
		if err != nil {
			return &troubleError{err}
		}
		defer src.close()
		sources[i] = src
		if parts[i], err = src.parts(); err != nil {
			return &troubleError{src.wrap(err)}
		}
	}
	out := j.args[3]
	inPlace, err := isSame(out, j.args[1])
	if err != nil {
		return &troubleError{err}
	}
	if inPlace && sources[1].pkg != nil {
		return usagef("OUT is OURS, a zip: give another name")
	}
	m, err := diff.Merge(parts[0], parts[1], parts[2])
	if err != nil {
		return &troubleError{err}
	}
	d.take(m.Conflicts, m.Notes, func(i int, file string) string { return filepath.Join(j.args[i], filepath.FromSlash(file)) })
	if d.blocked && !d.partial {
		return nil
	}
	for c := range m.Change.Parts() {
		d.Changed = append(d.Changed, c.Name)
	}
	if err := writeMerged(j, sources[1], m.Change, out, inPlace); err != nil {
		return &troubleError{err}
	}
	d.Out = out
	return nil
}

// file merges one file in the place of ours.
func (d *mergeDocument) file(j *job) error {
	var src [3][]byte
	for i, name := range j.args[:3] {
		var err error
		if src[i], err = readText(name); err != nil {
			return &troubleError{err}
		}
	}
	merged, conflicts, notes, err := diff.MergeFile(j.args[3], src[0], src[1], src[2])
	if err != nil {
		return &troubleError{err}
	}
	d.take(conflicts, notes, func(_ int, file string) string { return file })
	d.Out = j.args[3]
	if bytes.Equal(merged, src[1]) {
		return nil
	}
	d.Changed = []string{j.args[3]}
	return writeFile(j.args[1], func(f *os.File) error { _, err := f.Write(merged); return err })
}

// take notes conflicts and what was settled; name gives the name of a file of a side.
func (d *mergeDocument) take(conflicts []diff.Conflict, notes diag.List, name func(side int, file string) string) {
	side := func(i int, c diff.Conflict) sideOfText {
		text, at := []string{c.Base, c.Ours, c.Theirs}[i], c.BaseAt
		switch i {
		case 1:
			at = c.OursAt
		case 2:
			at = c.TheirsAt
		}
		if at.File == "" {
			return sideOfText{Text: text}
		}
		return sideOfText{text, changePlace{File: name(i, at.File), Pointer: at.Path, Line: at.Start.Line, Column: at.Start.Column}}
	}
	for _, c := range conflicts {
		d.Conflicts = append(d.Conflicts, mergeConflict{c.Key.String(), c.Path, c.Why, side(0, c), side(1, c), side(2, c)})
	}
	d.Notes = findings(notes)
	d.blocked = len(conflicts) > 0
}

// writeMerged writes a source with a change: where it is, as a zip, or as a new folder.
func writeMerged(j *job, src *source, change *solution.Change, out string, inPlace bool) error {
	if inPlace || src.pkg != nil && isZip(out) {
		return src.edit(j, out, func(solution.Parts) (*solution.Change, error) { return change, nil })
	}
	tree := src.tree
	if tree == nil {
		changed, err := change.Apply(src.pkg)
		if err != nil {
			return src.wrap(err)
		}
		if tree, err = packager.Unpack(changed, nil); err != nil {
			return src.wrap(err)
		}
	} else {
		var err error
		if tree, err = tree.With(change); err != nil {
			return src.wrap(err)
		}
	}
	return writeSplitPart(j, out, tree, &packager.PackOptions{}, func() error { return j.ctx.Err() })
}

// isSame reports whether two names are of one file or folder.
func isSame(a, b string) (bool, error) {
	x, err := os.Stat(a)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	y, err := os.Stat(b)
	if err != nil {
		return false, err
	}
	return os.SameFile(x, y), nil
}
