package main

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"

	"github.com/solutionkit/solutionkit/packager"
)

var demoCommand = command{
	name:    "demo",
	summary: "the main job on an embedded sample: unpack, check, pack, prove the round trip",
	help: `Packs an embedded sample in memory, opens that zip, unpacks and checks it, packs the tree again, and compares the
two: the digest, and the name, order and bytes of every entry. The sample has a custom connector, a connection
reference, a cloud flow that uses both, and an environment variable. No file is read or written.`,
	examples: []string{"solkit demo", "solkit demo -json"},
	define:   func(*flag.FlagSet) action { return demo },
}

//go:embed sample
var sampleFiles embed.FS

// A demoDocument is the report of the round trip.
type demoDocument struct {
	report
	RoundTrip bool `json:"roundTrip"` // both zips have one digest and equal entries
	info      infoDocument
	zip       int // bytes
	entries   int
}

func demo(*job) (document, error) {
	d := &demoDocument{report: report{Command: "demo", Files: []file{}}}
	return d, d.run()
}

func (d *demoDocument) run() error {
	fsys, err := fs.Sub(sampleFiles, "sample")
	if err != nil {
		return err
	}
	source, err := packager.Load(fsys, nil)
	if err != nil {
		return err
	}
	first, err := packBytes(source)
	if err != nil {
		return err
	}

	pkg, err := packager.Open(bytes.NewReader(first), int64(len(first)), nil)
	if err != nil {
		return err
	}
	d.setManifest(pkg.Manifest())
	if err := d.info.describe(pkg); err != nil {
		return err
	}
	tree, err := packager.Unpack(pkg, nil)
	if err != nil {
		return err
	}
	for _, name := range tree.Names() {
		data, err := tree.ReadFile(name)
		if err != nil {
			return err
		}
		d.Files = append(d.Files, fileOf(name, data))
	}
	if d.found, err = tree.Check(); err != nil {
		return err
	}
	second, err := packBytes(tree)
	if err != nil {
		return err
	}

	d.zip = len(first)
	if d.entries, err = compareZips(first, second); err != nil {
		return fmt.Errorf("the round trip changed the package: %w", err)
	}
	if d.Digest, err = pkg.Digest(); err != nil {
		return err
	}
	again, err := tree.Digest()
	if err != nil {
		return err
	}
	if again != d.Digest {
		return fmt.Errorf("the round trip changed the digest from %s to %s", d.Digest, again)
	}
	d.RoundTrip = true
	return nil
}

func packBytes(t *packager.Tree) ([]byte, error) {
	var b bytes.Buffer
	_, err := packager.Pack(&b, t, nil) // findings are those of Check
	return b.Bytes(), err
}

// compareZips returns how many entries both zips have, or the first difference between them.
func compareZips(a, b []byte) (int, error) {
	var lists [2][]file
	for i, data := range [][]byte{a, b} {
		r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return 0, err
		}
		if lists[i], err = entryFiles(r); err != nil {
			return 0, err
		}
	}
	if len(lists[0]) == 0 {
		return 0, errors.New("it has no entries")
	}
	for i, f := range lists[0] {
		if i >= len(lists[1]) || lists[1][i] != f {
			return 0, fmt.Errorf("entry %d, %s, differs", i+1, f.Path)
		}
	}
	if n := len(lists[0]); n < len(lists[1]) {
		return 0, fmt.Errorf("entry %d, %s, is new", n+1, lists[1][n].Path)
	}
	return len(lists[0]), nil
}

func (d *demoDocument) text(p *printer, j *job) {
	p.printf("The sample is a zip of %d bytes with %s.\n\n", d.zip, count(d.entries, "entry"))
	d.info.text(p, j)
	p.printf("\nUnpacked it is a tree of %s:\n\n", count(len(d.Files), "file"))
	for _, f := range d.Files {
		p.printf("%8d  %s\n", f.Size, f.Path)
	}
	p.printf("\nChecked, it has %s.\n", summary(d.found))
	p.findings(d.found, j.verbose)
	p.printf("Packed again, all %d entries have the same names, order and bytes, and the digest is the same:\n\n  %s\n",
		d.entries, d.Digest)
}
