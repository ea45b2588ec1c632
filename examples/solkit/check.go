package main

import (
	"errors"
	"flag"
	"io"
	"path"
	"path/filepath"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/packager/yamlsource"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var checkCommand = command{
	name:    "check",
	args:    []string{"ZIP|DIR"},
	summary: "report what is wrong: missing and dangling files, root components, ...",
	sourced: true,
	help: `Reports what is wrong or worth knowing: root components without source and the reverse, files that components
name and that are not there, files that belong to nothing, duplicate keys, letter case, names that are not
portable, entries that are damaged, connection references that are used and found nowhere; and what the platform refuses of components made by hand: tables
without a form or a primary column, processes without a state, names without a prefix, two of one GUID, labels without the
base language, options outside of the publisher's range, lookups to a table that is nowhere.
Files are those of the source tree, that of a zip as it would be unpacked.
Notes are shown with -v; -json and -sarif hold all findings.`,
	strict:   true,
	examples: []string{"solkit check -werror src", "solkit check -sarif src > solution.sarif"},
	define: func(fs *flag.FlagSet) action {
		sarif := fs.Bool("sarif", false, "print a SARIF 2.1.0 log, which code hosts and editors read")
		return func(j *job) (document, error) { return check(j, *sarif) }
	},
}

// A checkDocument is a report that can also be a SARIF log.
type checkDocument struct {
	report
	sarif bool
	under string // the folder that files are in; empty for a zip
}

func check(j *job, sarif bool) (document, error) {
	d := &checkDocument{report: report{Command: "check"}, sarif: sarif}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	show := j.progress()
	defer show.stop()
	show.set("checking %s", src.name)
	tree := src.tree
	if tree == nil {
		d.setManifest(src.pkg.Manifest())
		if tree, err = packager.Unpack(src.pkg, nil); err != nil {
			return d, src.wrap(err)
		}
		for _, name := range tree.Names() { // each entry is read, so a damaged one shows
			if _, err := tree.ReadFile(name); err != nil {
				return d, src.wrap(err)
			}
		}
	} else {
		d.under = filepath.ToSlash(src.name)
	}
	d.setManifest(tree.Manifest())
	if d.found, err = tree.Check(); err != nil {
		return d, src.wrap(err)
	}
	parts, err := tree.Parts()
	var set *connref.Set
	if err == nil {
		parts = solution.Shared(parts)
		set, err = connref.Read(parts)
	}
	var refused diag.List
	if err == nil {
		refused, err = content.CheckComponents(parts, nil)
	}
	switch {
	case err == nil:
		d.addUses(set.CheckUses())
		d.found = diag.Join(d.found, refused)
	case d.found.Err() == nil: // else what cannot be packed need not have parts
		return d, src.wrap(err)
	}
	return d, nil
}

// addUses adds what is wrong with connection references. Who binds none is no fault of a solution. A key that occurs twice has
// been found already, and not said what the two are.
func (d *checkDocument) addUses(found diag.List) {
	type place struct {
		rule, file string
		start      diag.Position
	}
	placeOf := func(f diag.Diagnostic) place { return place{f.Rule, f.Location.File, f.Location.Start} }
	first := map[place]int{}
	for i, f := range d.found {
		if _, known := first[placeOf(f)]; !known {
			first[placeOf(f)] = i
		}
	}
	for _, f := range found {
		if f.Rule == "connref/raw-connection" {
			continue
		}
		if i, known := first[placeOf(f)]; known {
			d.found[i].Message = f.Message
			continue
		}
		first[placeOf(f)] = len(d.found)
		d.found = append(d.found, f)
	}
	d.found.Sort()
}

func (d *checkDocument) text(p *printer, j *job) {
	p.findings(d.found, j.verbose)
	p.printf("%s %s (%s): %s\n", d.Solution, d.Version, d.Kind, summary(d.found))
}

func (d *checkDocument) machine() bool { return d.sarif }

// ruleFailed stands for an error in a log, which has no other place for it.
var ruleFailed = diag.Rule{ID: "solkit/failed", Severity: diag.Error, Summary: "the input can't be read",
	Help: "Nothing else was checked. The message says what is wrong with the input."}

func (d *checkDocument) writeMachine(w io.Writer) error {
	list := slices.Clone(d.found)
	if d.err != nil && list.Err() == nil {
		failed := diag.Diagnostic{Rule: ruleFailed.ID, Severity: diag.Error, Message: d.Error}
		var syntax *solution.SyntaxError
		if errors.As(d.err, &syntax) {
			failed.Location = diag.Location{File: syntax.File, Start: syntax.Pos, End: syntax.Pos}
		}
		list = append(list, failed)
	}
	rules, err := checkRules()
	if err != nil {
		return err
	}
	return diag.WriteSARIF(w, diag.Tool{Name: "solkit", Rules: rules}, below(d.under, list))
}

// checkRules is the catalogue of all that check can find.
func checkRules() (*diag.Catalogue, error) {
	return diag.NewCatalogue(linked(packager.Rules()), linked(yamlsource.Rules()), linked(solution.Rules()), linked(content.Rules()), linked(slices.Values([]diag.Rule{ruleFailed})))
}

// below returns l with files below dir, so that a code host finds them from the folder where solkit ran. A
// dir elsewhere is left out.
func below(dir string, l diag.List) diag.List {
	if dir = path.Clean(dir); dir == "." || !filepath.IsLocal(dir) {
		return l
	}
	in := func(file string) string {
		if file == "" {
			return ""
		}
		return path.Join(dir, file)
	}
	out := slices.Clone(l)
	for i := range out {
		d := &out[i]
		d.Location.File = in(d.Location.File)
		d.Related, d.Fixes = slices.Clone(d.Related), slices.Clone(d.Fixes)
		for k := range d.Related {
			d.Related[k].Location.File = in(d.Related[k].Location.File)
		}
		for k := range d.Fixes {
			d.Fixes[k].Edits = slices.Clone(d.Fixes[k].Edits)
			for n := range d.Fixes[k].Edits {
				d.Fixes[k].Edits[n].File = in(d.Fixes[k].Edits[n].File)
			}
		}
	}
	return out
}
