package main

import (
	"flag"
	"fmt"

	"github.com/solutionkit/solutionkit/packager"
)

var unpackCommand = command{
	name:    "unpack",
	args:    []string{"ZIP", "DIR"},
	summary: "write the source tree of a zip",
	help: `Writes the source tree of a solution zip into a folder, which need not exist. Everything is read and checked
before the first file is written. Files that are as they should be keep their time stamp.

With -delete, files that the zip no longer gives are removed: from the folders that belong to solutions and what
an earlier unpack kept beside them, and only if DIR holds an unpacked solution. Files and folders whose name begins
with a dot, other files in DIR itself and other folders stay. -n changes nothing and says what would happen; its
JSON lists what would be created, changed and deleted.`,
	example: "solkit unpack -delete contoso_1_0_0_0.zip src",
	define: func(fs *flag.FlagSet) action {
		u := unpacking{eol: "lf"}
		fs.StringVar(&u.eol, "eol", u.eol, "`lf|crlf`: how lines of XML end (default lf)")
		fs.BoolVar(&u.remove, "delete", false, "remove what the zip no longer gives")
		fs.BoolVar(&u.dry, "n", false, "only say what would happen")
		return u.run
	},
}

type unpacking struct {
	eol         string
	remove, dry bool
}

// An unpackDocument is the report of what was, or would be, written.
type unpackDocument struct {
	report
	dir  string
	dry  bool
	plan *plan
}

// newlines are the values of -eol.
var newlines = map[string]string{"lf": "\n", "crlf": "\r\n"}

func (u *unpacking) run(j *job) (document, error) {
	newline, ok := newlines[u.eol]
	if !ok {
		return nil, usagef("-eol %q: use lf or crlf", u.eol)
	}
	d := &unpackDocument{report: report{Command: "unpack", Files: []file{}}, dir: j.args[1], dry: u.dry, plan: &plan{}}
	zip, dir := j.args[0], j.args[1]
	show := j.progress()
	defer show.stop()

	pkg, f, err := openZip(zip)
	if err != nil {
		return d, err
	}
	defer f.Close()
	d.setManifest(pkg.Manifest())
	tree, err := packager.Unpack(pkg, &packager.UnpackOptions{Newline: newline})
	if err != nil {
		return d, fmt.Errorf("%s: %w", zip, err)
	}
	d.found = tree.Diagnostics()

	target, err := openTarget(dir)
	if err != nil {
		return d, err
	}
	defer target.close()
	names := tree.Names()
	var files []file
	if j.json {
		files = make([]file, len(names))
	}
	d.plan, err = target.plan(tree, func(i int, data []byte) error {
		show.set("reading %s: %s", zip, names[i])
		if j.json {
			files[i] = fileOf(names[i], data)
		}
		return j.ctx.Err()
	})
	if err != nil {
		return d, fmt.Errorf("%s: %w", zip, err)
	}
	if u.remove {
		if d.plan.deleted, err = target.stale(tree); err != nil {
			return d, fmt.Errorf("%s: %w", dir, err)
		}
		d.Deleted = append([]string{}, d.plan.deleted...)
	}
	if u.dry {
		d.Created, d.Changed = d.plan.paths(created), d.plan.paths(changed)
		d.Deleted = append([]string{}, d.plan.deleted...)
	} else if err := target.carryOut(d.plan, tree, func(p string) error {
		show.set("writing %s", p)
		return j.ctx.Err()
	}); err != nil {
		return d, fmt.Errorf("%s: %w", dir, err)
	}
	d.Files = files
	return d, nil
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
	verb := "unpacked"
	if d.dry {
		verb = "would unpack"
	}
	p.printf("%s %s %s (%s) to %s: %s, %d created, %d changed, %d unchanged, %d deleted\n", verb, d.Solution, d.Version, d.Kind, d.dir,
		count(len(pl.changes), "file"), len(pl.paths(created)), len(pl.paths(changed)), len(pl.paths(unchanged)), len(pl.deleted))
}
