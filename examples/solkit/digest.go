package main

import (
	"flag"
	"fmt"

	"github.com/solutionkit/solutionkit/solution"
)

var digestCommand = command{
	name:    "digest",
	args:    []string{"ZIP|DIR"},
	summary: "print the digest of the content, whatever the compression",
	sourced: true,
	help: `Prints the identity of a solution: a hash of names and contents of what a package of it holds. It does not
depend on compression, time stamps, the order of entries, or the newlines of a source tree, so a zip and the
folder it was unpacked to have the same. Of a tree of both kinds it is that of the unmanaged package, unless -kind says
managed.`,
	examples: []string{"solkit digest contoso_1_0_0_0.zip", "solkit digest -kind managed tree"},
	define: func(fs *flag.FlagSet) action {
		kind := ""
		fs.StringVar(&kind, "kind", "", "`unmanaged|managed`: of which package of a tree of both kinds")
		return func(j *job) (document, error) { return digest(j, kind) }
	},
}

// A digestDocument is a report that has diagnostics only if the command failed for them.
type digestDocument struct{ report }

func (d *digestDocument) fail(err error) {
	d.report.fail(err)
	if len(d.found) == 0 {
		d.Diagnostics = nil
	}
}

func (d *digestDocument) text(p *printer, _ *job) { p.printf("%s\n", d.Digest) }

func digest(j *job, word string) (document, error) {
	kind := kindOf(word)
	if word != "" && (kind == nil || *kind == solution.Both) {
		return nil, usagef("-kind %q: use unmanaged or managed", word)
	}
	d := &digestDocument{report{Command: "digest"}}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	show := j.progress()
	defer show.stop()
	show.set("reading %s", src.name)
	if src.tree != nil {
		d.setManifest(src.tree.Manifest())
		if kind == nil {
			d.Digest, err = src.tree.Digest()
		} else {
			d.Digest, err = src.tree.DigestAs(*kind)
		}
	} else {
		d.setManifest(src.pkg.Manifest())
		if have := src.pkg.Manifest().Kind(); kind != nil && have != *kind {
			return d, src.wrap(fmt.Errorf("the package is %s, not %s", have, *kind))
		}
		d.Digest, err = src.pkg.Digest()
	}
	return d, src.wrap(err)
}
