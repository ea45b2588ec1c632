package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

var connrefRenameCommand = command{
	name:    "connref rename",
	args:    []string{"SRC", "OLD", "NEW"},
	summary: "rename a connection reference everywhere it is used",
	sourced: true,
	help: `Renames in the definition, the manifest, flows, bots and canvas apps. SRC is a folder, which is
changed in place, or a zip, which is written to the file of -o. The deployment settings in the file of -settings are
changed in place too. Not a byte of anything else changes.`,
	examples: []string{
		"solkit connref rename src cts_stock_reader cts_stock",
		"solkit connref rename -o new.zip contoso_1_0_0_0.zip cts_stock_reader cts_stock",
	},
	define: func(flags *flag.FlagSet) action {
		settings := flags.String("settings", "", "rename in this deployment settings `file` too")
		show := flags.Bool("n", false, "show what would change, and change nothing")
		out := flags.String("o", "", "write the zip to this `file`")
		return func(j *job) (document, error) {
			renamed, err := renameInSettings(*settings, j.args[1], j.args[2])
			if err != nil {
				return &editDocument{Edits: []listedEdit{}}, err
			}
			d, err := runEdit(j, func(parts solution.Parts, args []string) (*solution.Change, error) {
				return connref.Rename(parts, args[0], args[1])
			}, *show, *out)
			if err != nil || *show || renamed == nil {
				return d, err
			}
			return d, writeFile(*settings, func(f *os.File) error {
				_, err := f.Write(renamed)
				return err
			})
		}
	},
}

// renameInSettings returns the settings in a file with a reference renamed, nil if no file is named.
func renameInSettings(file, old, name string) ([]byte, error) {
	if file == "" {
		return nil, nil
	}
	src, err := readText(file)
	if err != nil {
		return nil, err
	}
	settings, err := connref.ParseSettings(src, file)
	if err == nil {
		settings, err = settings.Rename(old, name)
	}
	if err != nil {
		return nil, err
	}
	return settings.Bytes(), nil
}

var connrefMergeCommand = command{
	name:    "connref merge",
	args:    []string{"SRC", "KEEP", "DROP..."},
	summary: "make one connection reference of several",
	sourced: true,
	help: `What uses DROP uses KEEP instead, and DROP is removed. All must be of one connector. SRC is a folder, which is
changed in place, or a zip, which is written to the file of -o.`,
	examples: []string{"solkit connref merge -n src cts_stock_reader cts_stock_second"},
	define: editCommand(func(parts solution.Parts, args []string) (*solution.Change, error) {
		return connref.Merge(parts, args[0], args[1:]...)
	}),
}

var connrefAdoptCommand = command{
	name:    "connref adopt",
	args:    []string{"SRC", "REFERENCE"},
	summary: "point raw connections of flows at a connection reference",
	sourced: true,
	help: `Flows that bind the connector of REFERENCE without a reference get it. SRC is a folder, which is changed in place, or
a zip, which is written to the file of -o.`,
	examples: []string{"solkit connref adopt -n flows.zip ct_sp"},
	define: editCommand(func(parts solution.Parts, args []string) (*solution.Change, error) {
		return connref.Adopt(parts, args[0])
	}),
}

// An editDocument is what the commands of connref print.
type editDocument struct {
	Edits   []listedEdit `json:"edits"`
	Written bool         `json:"written"`
	solutionOutcome
}

type listedEdit struct {
	File  string `json:"file"`
	Start int    `json:"start"` // offset in bytes
	End   int    `json:"end"`
	New   string `json:"new"`
}

// editCommand makes the definition of a command that edits its first argument.
func editCommand(edit func(parts solution.Parts, args []string) (*solution.Change, error)) func(*flag.FlagSet) action {
	return func(fs *flag.FlagSet) action {
		show := fs.Bool("n", false, "show what would change, and change nothing")
		out := fs.String("o", "", "write the zip to this `FILE`")
		return func(j *job) (document, error) { return runEdit(j, edit, *show, *out) }
	}
}

func runEdit(j *job, edit func(parts solution.Parts, args []string) (*solution.Change, error), show bool, out string) (document, error) {
	d := &editDocument{Edits: []listedEdit{}}
	name := j.args[0]
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return d, err
	case info.IsDir() && out != "":
		return nil, usagef("-o with a folder: it is changed in place")
	case !info.IsDir() && out == "" && !show:
		return nil, usagef("%s is a file: give -o FILE to write the new zip to, or -n", name)
	}
	var tree *packager.Tree
	var zip *packager.Package
	var parts solution.Parts
	if info.IsDir() {
		if tree, parts, err = openFolder(name, j.solution); err != nil {
			return d, err
		}
	} else {
		s, err := openSource(j, name)
		if err != nil {
			return d, err
		}
		defer s.close()
		zip, parts = s.pkg, s.pkg
	}
	change, err := edit(parts, j.args[1:])
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	d.found = change.Diagnostics()
	for part := range change.Parts() {
		for _, s := range part.Splices {
			at := solution.Span(parts, part.Name, s.Start, s.End)
			d.Edits = append(d.Edits, listedEdit{at.File, at.Start.Offset, at.End.Offset, s.Text})
		}
	}
	switch {
	case show:
		return d, nil
	case zip != nil:
		err = writeFile(out, func(f *os.File) error { return packager.Rewrite(&checkedWriter{j, f}, zip, change) })
	default:
		err = writeChange(j, name, tree, parts, change)
	}
	d.Written = err == nil
	return d, err
}

// writeChange makes a change in a folder: a tree, or an extracted zip if tree is nil.
func writeChange(j *job, dir string, tree *packager.Tree, parts solution.Parts, change *solution.Change) error {
	if tree != nil {
		next, err := tree.With(change)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		return writeChanged(j, dir, tree, next)
	}
	next, err := change.Apply(parts)
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	var names []string
	for part := range change.Parts() {
		names = append(names, next.Locate(part.Name, 0).File)
	}
	return writeFolder(j, dir, names, next.ReadPart)
}

func (d *editDocument) text(p *printer, j *job) {
	for _, e := range d.Edits {
		p.printf("%s: bytes %d to %d become %q\n", e.File, e.Start, e.End, e.New)
	}
	done := "changed"
	if !d.Written {
		done = "to change"
	}
	p.printf("%s %s\n", count(len(d.Edits), "place"), done)
	(&printer{Writer: j.stderr, color: hasColor(j.stderr)}).findings(d.found, true)
}
