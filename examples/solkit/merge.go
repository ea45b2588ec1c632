package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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

Of trees of both kinds both packages are merged; of another side that has one of them, that one, which is told.

What both sides changed in different ways is a conflict, told with its three places; nothing is chosen then, nothing is
written, and the exit status is 1. With -partial the result is written all the same, with the side of OURS where there are
conflicts, and the exit status is still 1. Wrong usage and sides that cannot be read end with status 2.

With -git the arguments are those that git gives a merge driver, files of an unpacked solution, and the result takes the
place of OURS, also with conflicts, which git then asks you to resolve. Set it up with
  git config merge.solution.driver "solkit merge -git %O %A %B %P"
  echo "src/** merge=solution" >> .gitattributes`,
	examples: []string{"solkit merge base.zip src theirs.zip src"},
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
	for i, name := range j.args[:3] {
		src, err := openSource(j, name)
		if err != nil {
			return &troubleError{err}
		}
		defer src.close()
		sources[i] = src
	}
	out := j.args[3]
	inPlace, err := isSame(out, j.args[1])
	if err != nil {
		return &troubleError{err}
	}
	if inPlace && sources[1].pkg != nil {
		return usagef("OUT is OURS, a zip: give another name")
	}
	ours := sources[1]
	if ours.tree != nil && ours.tree.Manifest().Kind() == solution.Both {
		return d.both(j, sources, out, inPlace)
	}
	m, err := d.merge(j, sources, ours.manifest().Kind())
	if err != nil || d.blocked && !d.partial {
		return err
	}
	if err := writeMerged(j, ours, m.Change, out, inPlace); err != nil {
		return &troubleError{err}
	}
	d.Out = out
	return nil
}

// merge merges the packages of a kind.
func (d *mergeDocument) merge(j *job, sources [3]*source, kind solution.Kind) (*diff.Merged, error) {
	var parts [3]solution.Parts
	for i, src := range sources {
		var err error
		if parts[i], err = src.partsAs(kind); err != nil {
			return nil, &troubleError{src.wrap(err)}
		}
	}
	m, err := diff.Merge(parts[0], parts[1], parts[2])
	if err != nil {
		return nil, &troubleError{err}
	}
	d.take(m.Conflicts, m.Notes, func(i int, file string) string { return filepath.Join(j.args[i], filepath.FromSlash(file)) })
	for c := range m.Change.Parts() {
		if !slices.Contains(d.Changed, c.Name) {
			d.Changed = append(d.Changed, c.Name)
		}
	}
	return m, nil
}

// both merges into a tree of both kinds: the packages of each kind that the others have too, one after the other, as what both
// packages share is merged with the first.
func (d *mergeDocument) both(j *job, sources [3]*source, out string, inPlace bool) error {
	var kinds []solution.Kind
	for _, kind := range []solution.Kind{solution.Unmanaged, solution.Managed} {
		if sources[0].has(kind) && sources[2].has(kind) {
			kinds = append(kinds, kind)
		}
	}
	switch len(kinds) {
	case 0:
		return usagef("OURS is a tree of both kinds, and BASE and THEIRS are not of one kind: give two of one kind, or of both")
	case 1:
		defer func() {
			d.Notes = append(d.Notes, findings(diag.List{{Rule: ruleOneKindMerged.ID, Severity: ruleOneKindMerged.Severity,
				Message: fmt.Sprintf("OURS is a tree of both kinds, and only what is in the %s package is merged: THEIRS or BASE has no other", kinds[0])}})...)
		}()
	}
	before := sources[1].tree
	for _, kind := range kinds {
		m, err := d.merge(j, sources, kind)
		if err != nil {
			return err
		}
		after, err := sources[1].tree.With(m.Change)
		if err != nil {
			return &troubleError{sources[1].wrap(err)}
		}
		sources[1] = &source{name: sources[1].name, tree: after}
	}
	if d.blocked && !d.partial {
		return nil
	}
	var err error
	if inPlace {
		err = writeChanged(j, sources[1].name, before, sources[1].tree)
	} else {
		err = writeSplitPart(j, out, sources[1].tree, &packager.PackOptions{}, func() error { return j.ctx.Err() })
	}
	if err != nil {
		return &troubleError{err}
	}
	d.Out = out
	return nil
}

// ruleOneKindMerged tells of a merge that leaves one package of a tree of both kinds as it is.
var ruleOneKindMerged = diag.Rule{ID: "solkit/one-kind-merged", Severity: diag.Note, Summary: "only one package of a tree of both kinds is merged",
	Help: "The other side has that kind alone. The other package stays as ours has it; merge that of the other kind too."}

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
		x := mergeConflict{c.Key.String(), c.Path, c.Why, side(0, c), side(1, c), side(2, c)}
		if !slices.Contains(d.Conflicts, x) { // the packages of a tree of both kinds share most
			d.Conflicts = append(d.Conflicts, x)
		}
	}
	d.Notes = append(d.Notes, findings(notes)...)
	d.blocked = len(d.Conflicts) > 0
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
