package main

import "flag"

var digestCommand = command{
	name:    "digest",
	args:    []string{"ZIP|DIR"},
	summary: "print the digest of the content, whatever the compression",
	help: `Prints the identity of a solution: a hash of names and contents of what a package of it holds. It does not
depend on compression, time stamps, the order of entries, or the newlines of a source tree, so a zip and the
folder it was unpacked to have the same.`,
	example: "solkit digest contoso_1_0_0_0.zip",
	define:  func(*flag.FlagSet) action { return digest },
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

func digest(j *job) (document, error) {
	d := &digestDocument{report{Command: "digest"}}
	src, err := openSource(j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	show := j.progress()
	defer show.stop()
	show.set("reading %s", src.name)
	if src.tree != nil {
		d.setManifest(src.tree.Manifest())
		d.Digest, err = src.tree.Digest()
	} else {
		d.setManifest(src.pkg.Manifest())
		d.Digest, err = src.pkg.Digest()
	}
	return d, src.wrap(err)
}
