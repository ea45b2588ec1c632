package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var unpackCommand = command{
	name:    "unpack",
	args:    []string{"ZIP", "[MANAGED_ZIP]", "DIR"},
	summary: "write the source tree of a zip",
	help: `Writes the source tree of a solution zip into a folder, which need not exist. Everything is read and checked
before the first file is written. Files that are as they should be keep their time stamp.

A file is written over only if it is part of the tree that stands in DIR, or is equal. Anything else, and a tree of
another solution or kind, is an error, and nothing is written; so is a read-only file that would change or be deleted.
-clobber does it all the same, and files that were read-only can be written then. A folder that holds the YAML of Git
integration gets no tree.

With -delete, files that the zip no longer gives are removed, from the folders that belong to solutions, and only if DIR
holds an unpacked solution; without it they are named. Files and folders whose name begins with a dot, unless they were
packed, other files in DIR itself, Resources and other folders stay; those that pack would take are named. -n changes
nothing and says what would happen. The JSON lists what is, or would be, created, changed and deleted, what is left over and
what stays though pack takes it.

-canvas puts what is in each canvas app in a folder beside its .msapp, for review: JSON with a line for each value
(-canvas=verbatim leaves it as it is), and all entries (-canvas=review leaves out checksums, what the checker found, and what
Studio brings along). Keep both in source control. pack makes the app of the folder: the same .msapp if nothing was edited.

-both makes one tree of an unmanaged zip and the managed one of the same solution, of which pack -kind makes either. The
name of the second zip follows from that of the first, X_managed.zip from X.zip; it can be given behind that. The files of
the tree are those of the reference tool; what that tool loses of either zip is kept in folders of Other, with a list that says
for which files it stands. Zips that differ in name, version or publisher are refused.

-localize adds Resources/CULTURE/resources.CULTURE.resx for each language of the solution: the texts of labels, for
translators. pack -localize merges them. -sourceloc adds Resources/template_resources.resx, the same in one language.
Both write over such files that stand in DIR.

Files that a directive of the mapping file -map matches stand elsewhere and are not written; such files in DIR stay. The .cdsproj
in DIR, or beside the tree DIR, says by SolutionRootPath which folder the tree is, and by SolutionPackageMapFilePath the mapping
file. SolutionPackageType Both is -both if the managed zip stands beside ZIP, and SolutionPackageEnableLocalization -localize; see
solkit help pack.`,
	strict: true,
	examples: []string{
		"solkit unpack contoso_1_0_0_0.zip src",
		"solkit unpack -delete contoso_1_1_0_0.zip src",
		"solkit unpack -both contoso_1_0_0_0.zip tree",
	},
	define: func(fs *flag.FlagSet) action {
		u := unpacking{eol: "lf"}
		fs.StringVar(&u.eol, "eol", u.eol, "`lf|crlf`: how lines of XML end (default lf)")
		fs.BoolVar(&u.remove, "delete", false, "remove what the zip no longer gives")
		fs.BoolVar(&u.both, "both", false, "make one tree of ZIP and the managed zip, ZIP_managed unless it is given behind ZIP")
		fs.BoolVar(&u.localize, "localize", false, "write a resource file of labels for each language")
		fs.StringVar(&u.locale, "sourceloc", "", "`auto|LCID|CULTURE`: write a template of a resource file in that language")
		fs.BoolVar(&u.clobber, "clobber", false, "write over what is not part of this solution: other files, another solution or kind; and over read-only files")
		fs.StringVar(&u.mapFile, "map", "", "`FILE`: the mapping file, which says what stands outside the tree (default that of the project)")
		u.project.define(fs)
		fs.Var(&u.apps, "canvas", "`FORM`: put canvas apps in folders; FORM is pretty (if none is given), verbatim or review")
		fs.BoolVar(&u.dry, "n", false, "only say what would happen")
		return u.run
	},
}

type unpacking struct {
	eol, locale          string
	remove, dry, clobber bool
	localize, both       bool
	mapFile              string
	project              projectFlag
	apps                 appForm
}

// An appForm is the value of -canvas, which may stand without one.
type appForm struct {
	text string
	opts *packager.AppOptions
}

// appForms are the values of -canvas. Those of a flag without one and of one that is switched off are from package flag.
var appForms = map[string]*packager.AppOptions{
	"true": {}, "pretty": {}, "verbatim": {Verbatim: true}, "review": {Review: true}, "false": nil,
}

func (f *appForm) String() string   { return f.text }
func (f *appForm) IsBoolFlag() bool { return true }

func (f *appForm) Set(text string) error {
	opts, ok := appForms[text]
	if !ok {
		return errors.New("use -canvas, or -canvas=pretty, verbatim or review")
	}
	f.text, f.opts = text, opts
	return nil
}

// An unpackDocument is the report of what was, or would be, written.
type unpackDocument struct {
	report
	dir     string
	dry     bool
	plan    *plan
	project string // what was taken from it
}

// newlines are the values of -eol.
var newlines = map[string]string{"lf": "\n", "crlf": "\r\n"}

func (u *unpacking) run(j *job) (document, error) {
	newline, ok := newlines[u.eol]
	if !ok {
		return nil, usagef("-eol %q: use lf or crlf", u.eol)
	}
	dir := j.args[len(j.args)-1]
	d := &unpackDocument{report: report{Command: "unpack", Files: []file{}}, dir: dir, dry: u.dry, plan: &plan{}}
	if len(j.args) > 2 && !u.both {
		return nil, usagef("2 zips and a folder: -both makes one tree of an unmanaged and a managed zip")
	}
	proj, dir, err := u.project.find(dir)
	if err != nil {
		return d, err
	}
	mapping, err := u.take(d, proj, dir, j.args[0])
	if err != nil {
		return d, err
	}
	show := j.progress()
	defer show.stop()

	zip, err := openPair(j.args, u.both)
	if err != nil {
		return d, err
	}
	defer zip.close()
	d.setManifest(zip.pkgs[0].Manifest())
	tree, err := zip.unpack(&packager.UnpackOptions{Newline: newline, Localize: u.localize, SourceLocale: u.locale, SourceName: filepath.Base(zip.names[0]), Map: mapping, Apps: u.apps.opts})
	if err != nil {
		return d, fmt.Errorf("%s: %w", zip, err)
	}
	d.setManifest(tree.Manifest())
	d.found = append(d.found, tree.Diagnostics()...)

	target, err := openTarget(dir)
	if err != nil {
		return d, err
	}
	defer target.close()
	have, err := target.standing(tree)
	if err == nil {
		err = have.admits(tree)
	}
	if err != nil && (!u.clobber || have != nil && have.yaml != "") {
		return d, fmt.Errorf("%s: %w", dir, err)
	}
	names := tree.Names()
	var files []file
	if j.json {
		files = make([]file, len(names))
	}
	show.begin(len(names), "file")
	d.plan, err = target.plan(tree, func(i int, data []byte) error {
		show.step()
		show.set("reading %s: %s", zip, names[i])
		if j.json {
			files[i] = fileOf(names[i], data)
		}
		return j.ctx.Err()
	})
	if err != nil {
		return d, fmt.Errorf("%s: %w", zip, err)
	}
	if !u.clobber {
		if err := d.plan.writable(); err != nil {
			return d, fmt.Errorf("%s: %w", dir, err)
		}
	}
	if have != nil {
		have.ownResources(tree)
		left, stays, err := target.stale(have, tree, mapping)
		if err == nil && !u.clobber {
			err = have.protects(d.plan)
		}
		if err == nil && !u.clobber && u.remove {
			err = target.writable(left)
		}
		if err != nil {
			return d, fmt.Errorf("%s: %w", dir, err)
		}
		d.Stays = stays
		if u.remove {
			d.plan.deleted = left
		} else {
			d.Left = left
		}
	}
	d.Created, d.Changed = d.plan.paths(created), d.plan.paths(changed)
	d.Deleted = append([]string{}, d.plan.deleted...)
	if u.dry {
		d.Files = files
		return d, nil
	}
	show.begin(len(d.Created)+len(d.Changed), "file")
	if err := target.carryOut(d.plan, tree, func(p string) error {
		show.step()
		show.set("writing %s", p)
		return j.ctx.Err()
	}); err != nil {
		return d, fmt.Errorf("%s: %w", dir, err)
	}
	d.Files = files
	return d, nil
}

// take takes from the project what no flag says. zip is the first one.
func (u *unpacking) take(d *unpackDocument, proj *project, dir, zip string) (*packager.Map, error) {
	d.dir = dir
	if proj != nil {
		d.Project, d.found = proj.file, slices.Clone(proj.found)
		mapping := ""
		if u.mapFile == "" && proj.mapFile != "" {
			mapping = "the mapping file " + proj.mapFile
		}
		labels := ""
		if proj.localize && !u.localize {
			u.localize, labels = true, "labels are written"
		}
		d.project = proj.says(dir, u.takeKind(d, proj, zip), mapping, labels)
	}
	return chooseMap(u.mapFile, proj, dir)
}

// takeKind makes a tree of both kinds if the project is one of both and the managed zip is there.
func (u *unpacking) takeKind(d *unpackDocument, proj *project, zip string) (taken string) {
	if proj.kind != "both" || u.both {
		return ""
	}
	if info, err := os.Stat(managedZip(zip)); err == nil && info.Mode().IsRegular() {
		u.both = true
		return "both kinds of " + zip + " and " + managedZip(zip)
	}
	d.found = append(d.found, diag.Diagnostic{Rule: ruleProjectValue.ID, Severity: ruleProjectValue.Severity, Location: diag.Location{File: filepath.ToSlash(proj.file)},
		Message: fmt.Sprintf("SolutionPackageType is Both, and %s is not there: the tree is of one kind", managedZip(zip))})
	return ""
}

func (d *unpackDocument) text(p *printer, j *job) {
	pl := d.plan
	if j.verbose || d.dry {
		for _, c := range pl.changes {
			if c.what != unchanged || j.verbose {
				p.printf("%-9s %s\n", c.what, c.path)
			}
		}
		for _, name := range pl.deleted {
			p.printf("%-9s %s\n", "deleted", name)
		}
	}
	j.messages().findings(d.found, j.verbose)
	few := func(what string, names []string, text string) {
		if len(names) == 0 {
			return
		}
		show := names
		if !j.verbose {
			show = show[:min(len(show), 5)]
		}
		for _, name := range show {
			p.printf("%-9s %s\n", what, name)
		}
		p.printf("%s %s\n", count(len(names), "file"), text)
	}
	few("left over", d.Left, "the zip no longer gives: -delete removes what is left over, else pack may take it")
	few("stays", d.Stays, "of no known kind that the zip does not give, and that pack takes: remove them, or move them out of the tree")
	if d.project != "" {
		p.printf("%s\n", d.project)
	}
	verb := "unpacked"
	if d.dry {
		verb = "would unpack"
	}
	p.printf("%s %s %s (%s) to %s: %s, %d created, %d changed, %d unchanged, %d deleted\n", verb, d.Solution, d.Version, d.Kind, d.dir,
		count(len(pl.changes), "file"), len(pl.paths(created)), len(pl.paths(changed)), len(pl.paths(unchanged)), len(pl.deleted))
}
