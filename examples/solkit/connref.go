package main

import (
	"archive/zip"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
)

var connrefRenameCommand = command{
	name:    "connref rename",
	args:    []string{"SRC", "OLD", "NEW"},
	summary: "rename a connection reference everywhere it is used",
	help: `Renames in the definition, the manifest, flows, bots and the metadata of canvas apps. SRC is a folder, which is
changed in place, or a zip, which is written to the file of -o. The deployment settings in the file of -settings are
changed in place too. Not a byte of anything else changes.`,
	example: "solkit connref rename -o new.zip contoso_1_0_0_0.zip cat_old cat_new",
	define: func(flags *flag.FlagSet) action {
		settings := flags.String("settings", "", "rename in this deployment settings `file` too")
		show := flags.Bool("n", false, "show what would change, and change nothing")
		out := flags.String("o", "", "write the zip to this `file`")
		return func(j *job) (document, error) {
			renamed, err := renameInSettings(*settings, j.args[1], j.args[2])
			if err != nil {
				return &editDocument{Edits: []listedEdit{}}, err
			}
			d, err := runEdit(j, func(fsys fs.FS, args []string) (*connref.Change, error) {
				return connref.Rename(fsys, args[0], args[1])
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
	settings, err := connref.ParseSettings(src)
	if err == nil {
		settings, err = settings.Rename(old, name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return settings.Bytes(), nil
}

var connrefMergeCommand = command{
	name:    "connref merge",
	args:    []string{"SRC", "KEEP", "DROP..."},
	summary: "make one connection reference of several",
	help: `What uses DROP uses KEEP instead, and DROP is removed. All must be of one connector. SRC is a folder, which is
changed in place, or a zip, which is written to the file of -o.`,
	example: "solkit connref merge -n src cat_mail cat_mail_2",
	define: editCommand(func(fsys fs.FS, args []string) (*connref.Change, error) {
		return connref.Merge(fsys, args[0], args[1:]...)
	}),
}

var connrefAdoptCommand = command{
	name:    "connref adopt",
	args:    []string{"SRC", "REFERENCE"},
	summary: "point raw connections of flows at a connection reference",
	help: `Flows that bind the connector of REFERENCE without a reference get it. SRC is a folder, which is changed in place, or
a zip, which is written to the file of -o.`,
	example: "solkit connref adopt -n src cat_mail",
	define: editCommand(func(fsys fs.FS, args []string) (*connref.Change, error) {
		return connref.Adopt(fsys, args[0])
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
func editCommand(edit func(fsys fs.FS, args []string) (*connref.Change, error)) func(*flag.FlagSet) action {
	return func(fs *flag.FlagSet) action {
		show := fs.Bool("n", false, "show what would change, and change nothing")
		out := fs.String("o", "", "write the zip to this `file`")
		return func(j *job) (document, error) { return runEdit(j, edit, *show, *out) }
	}
}

func runEdit(j *job, edit func(fsys fs.FS, args []string) (*connref.Change, error), show bool, out string) (document, error) {
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
	var source fs.FS
	if info.IsDir() {
		if source, err = folderFS(name); err != nil {
			return d, err
		}
	} else {
		s, err := openSource(name)
		if err != nil {
			return d, err
		}
		defer s.close()
		source = s.pkg
	}
	change, err := edit(source, j.args[1:])
	if err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	d.found = change.Diagnostics()
	for _, e := range change.Edits() {
		d.Edits = append(d.Edits, listedEdit{e.File, e.Start, e.End, e.New})
	}
	if show {
		return d, nil
	}
	contents := map[string][]byte{}
	var names []string
	for part, data := range change.Files() {
		contents[part] = data
		names = append(names, part)
	}
	if info.IsDir() {
		slices.Sort(names)
		err = writeFolder(j, name, names, func(name string) ([]byte, error) { return contents[name], nil })
	} else {
		err = editZip(j, name, out, contents)
	}
	d.Written = err == nil
	return d, err
}

// editZip writes a zip with other contents for some entries.
func editZip(j *job, from, to string, contents map[string][]byte) error {
	z, err := zip.OpenReader(from)
	if err != nil {
		return err
	}
	defer z.Close()
	return writeFile(to, func(f *os.File) error { return rewriteZip(&checkedWriter{j, f}, &z.Reader, contents) })
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
	(&printer{Writer: j.stderr, color: isTerminal(j.stderr)}).findings(d.found, true)
}
