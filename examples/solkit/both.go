package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// managedZip is the name of the managed package beside an unmanaged one: X_managed.zip beside X.zip.
func managedZip(name string) string {
	ext := filepath.Ext(name)
	if !strings.EqualFold(ext, ".zip") {
		ext = ""
	}
	return strings.TrimSuffix(name, ext) + "_managed" + ext
}

// isManagedZip reports whether a name is that of a managed package.
func isManagedZip(name string) bool {
	return strings.HasSuffix(strings.ToLower(strings.TrimSuffix(name, filepath.Ext(name))), "_managed")
}

// A zipPair is the zips of which unpack makes a tree: one, or with -both two.
type zipPair struct {
	names []string
	pkgs  []*packager.Package
	files []*os.File
}

// openPair opens the zips of a job, whose last argument is the folder.
func openPair(args []string, both bool) (*zipPair, error) {
	p := &zipPair{names: args[:len(args)-1]}
	switch {
	case !both && len(p.names) == 2:
		return nil, usagef("2 zips and a folder: -both makes one tree of an unmanaged and a managed zip")
	case both && len(p.names) == 1:
		p.names = []string{p.names[0], managedZip(p.names[0])}
		if _, err := os.Stat(p.names[1]); errors.Is(err, fs.ErrNotExist) {
			hint := "give the managed zip as the second one"
			if isManagedZip(p.names[0]) {
				hint = "give the unmanaged zip, or both: first that, then the managed one"
			}
			return nil, usagef("%s is not there: %s", p.names[1], hint)
		}
	}
	for _, name := range p.names {
		pkg, f, err := openZip(name)
		if err != nil {
			p.close()
			return nil, err
		}
		p.pkgs, p.files = append(p.pkgs, pkg), append(p.files, f)
	}
	return p, nil
}

func (p *zipPair) close() {
	for _, f := range p.files {
		f.Close()
	}
}

// String is the names, for messages.
func (p *zipPair) String() string { return strings.Join(p.names, " and ") }

// unpack makes the tree.
func (p *zipPair) unpack(opts *packager.UnpackOptions) (*packager.Tree, error) {
	if len(p.pkgs) == 1 {
		return packager.Unpack(p.pkgs[0], opts)
	}
	return packager.UnpackBoth(p.pkgs[0], p.pkgs[1], opts)
}

// packBoth packs both kinds of a tree: X.zip, and X_managed.zip beside it. Neither appears before both are complete.
func (p *packing) packBoth(j *job, d *packDocument, tree *packager.Tree, dir string, opts *packager.PackOptions) error {
	if isManagedZip(d.zip) {
		return usagef("%s is the name of a managed zip, and both kinds are packed: give that of the unmanaged one, or -kind managed", d.zip)
	}
	d.Kind = "both"
	d.managed = &packDocument{zip: managedZip(d.zip)}
	managed, unmanaged := *opts, *opts
	managed.Kind, unmanaged.Kind = kindOf("managed"), kindOf("unmanaged")
	err := writeFile(d.managed.zip, func(f *os.File) error {
		if err := p.write(j, d.managed, tree, dir, &managed, f); err != nil {
			return fmt.Errorf("the managed package: %w", err)
		}
		return writeFile(d.zip, func(f *os.File) error {
			return p.write(j, d, tree, dir, &unmanaged, f)
		})
	})
	seen := map[string]bool{}
	for _, x := range d.found {
		seen[x.String()] = true
	}
	for _, x := range d.managed.found {
		if !seen[x.String()] {
			d.found = append(d.found, x)
		}
	}
	d.found.Sort()
	d.Managed = d.managed.Files
	return err
}

// ruleOneKindRead tells that a tree of both kinds is seen by one of its packages.
var ruleOneKindRead = diag.Rule{ID: "solkit/one-kind-read", Severity: diag.Note, Summary: "what is said of a tree of both kinds is of one of its packages",
	Help: "The two differ in what only managed packages have. Unpack the other one alone to see it, or use -kind where a command has it."}

// oneKindRead is the finding that a folder is seen by its package of a kind.
func oneKindRead(dir string, kind solution.Kind) diag.Diagnostic {
	return diag.Diagnostic{Rule: ruleOneKindRead.ID, Severity: ruleOneKindRead.Severity,
		Message: fmt.Sprintf("%s is a tree of both kinds: what is said of it is of its %s package", dir, kind)}
}
