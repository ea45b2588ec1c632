package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"

	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
)

var versionCommand = command{
	name:    "version",
	args:    []string{"ZIP|DIR"},
	summary: "print or change the version of a solution",
	sourced: true,
	help: `Prints the version of a solution. With -set or -bump it changes it: in a source tree only those bytes of
the manifest, and in a zip only solution.xml, the other entries being copied as they are compressed, to the file that -o
names. -bump raises one of the four numbers and sets those behind it to 0. -n changes nothing and says what the version
would be.`,
	examples: []string{"solkit version src", "solkit version -bump build src"},
	define: func(fs *flag.FlagSet) action {
		v := &versioning{}
		fs.Func("set", "`V`: the new version, such as 1.2.0.0", func(text string) (err error) {
			v.set, err = solution.ParseVersion(text)
			if err == nil && v.set.IsZero() {
				err = fmt.Errorf("a version is higher than 0.0.0.0")
			}
			return err
		})
		fs.Func("bump", "`major|minor|build|revision`: the number to raise", func(text string) error {
			if v.bump = text; bumps[text] == nil {
				return errors.New("use major, minor, build or revision")
			}
			return nil
		})
		fs.StringVar(&v.out, "o", "", "write the zip to this `FILE`")
		fs.BoolVar(&v.dry, "n", false, "only say what the version would be")
		return v.run
	},
}

type versioning struct {
	set       solution.Version // zero: not given
	bump, out string
	dry       bool
}

// A versionDocument says which version a solution has, and had.
type versionDocument struct {
	Command  string `json:"command"`
	Solution string `json:"solution"`
	Version  string `json:"version"`
	Before   string `json:"before,omitempty"` // if it was changed, as it was written
	outcome
}

func (d *versionDocument) text(p *printer, _ *job) {
	if d.Before != "" {
		p.printf("%s -> ", d.Before)
	}
	p.printf("%s\n", d.Version)
}

// bumps are the values of -bump, and what each does.
var bumps = map[string]func(solution.Version) solution.Version{
	"major": func(v solution.Version) solution.Version { return solution.Version{Major: v.Major + 1} },
	"minor": func(v solution.Version) solution.Version { return solution.Version{Major: v.Major, Minor: v.Minor + 1} },
	"build": func(v solution.Version) solution.Version {
		return solution.Version{Major: v.Major, Minor: v.Minor, Build: v.Build + 1}
	},
	"revision": func(v solution.Version) solution.Version { v.Revision++; return v },
}

func (v *versioning) run(j *job) (document, error) {
	bump := bumps[v.bump]
	switch {
	case v.bump != "" && !v.set.IsZero():
		return nil, usagef("-set and -bump: use one of them")
	}
	d := &versionDocument{Command: "version"}
	src, err := openSource(j, j.args[0])
	if err != nil {
		return d, err
	}
	defer src.close()
	edits := v.bump != "" || !v.set.IsZero()
	switch {
	case v.dry && !edits:
		return nil, usagef("-n is for a change: give -set or -bump")
	case v.dry && v.out != "":
		return nil, usagef("-n and -o: use one of them")
	case src.pkg != nil && edits && v.out == "" && !v.dry:
		return nil, usagef("%s is a file: give -o FILE to write the new zip to, or -n", src.name)
	case v.out != "" && (src.tree != nil || !edits):
		return nil, usagef("-o is for a zip whose version is changed")
	}
	m := src.manifest()
	d.Solution, d.Version = m.UniqueName(), m.VersionText()
	if !edits {
		return d, nil
	}
	to := v.set
	if bump != nil {
		from, err := solution.ParseVersion(m.VersionText())
		if err != nil {
			return d, src.wrap(fmt.Errorf("the version can't be raised: %w", err))
		}
		to = bump(from)
		if _, err := solution.ParseVersion(to.String()); err != nil {
			return d, src.wrap(fmt.Errorf("version %s can't be raised any more, as a number is at most 2147483647: give -set", from))
		}
	}
	if v.dry {
		d.Before, d.Version = m.VersionText(), to.String()
		return d, nil
	}
	if err := src.edit(j, v.out, func(p solution.Parts) (*solution.Change, error) {
		return solution.EditManifest(p, func(m *solution.Manifest) (*solution.Manifest, error) { return m.WithVersion(to), nil })
	}); err != nil {
		return d, src.wrap(err)
	}
	d.Before, d.Version = m.VersionText(), to.String()
	return d, nil
}

// manifest returns the manifest of a source.
func (s *source) manifest() *solution.Manifest {
	if s.tree != nil {
		return s.tree.Manifest()
	}
	return s.pkg.Manifest()
}

// edit changes a source: a tree in its folder, where only files that differ are written and those that it no longer has are
// removed, a zip into the file out.
func (s *source) edit(j *job, out string, make func(solution.Parts) (*solution.Change, error)) error {
	parts, err := s.parts()
	if err != nil {
		return err
	}
	change, err := make(parts)
	if err != nil {
		return err
	}
	if s.pkg != nil {
		return writeFile(out, func(f *os.File) error { return packager.Rewrite(&checkedWriter{j, f}, s.pkg, change) })
	}
	edited, err := s.tree.With(change)
	if err != nil {
		return err
	}
	return writeChanged(j, s.name, s.tree, edited)
}

// writeChanged writes the files in which after differs from before, which is in the folder dir, and removes those that it
// does not have.
func writeChanged(j *job, dir string, before, after *packager.Tree) error {
	if err := inPlace(dir); err != nil {
		return err
	}
	var names, gone []string
	for _, name := range after.Names() {
		data, err := fs.ReadFile(after, name)
		if err != nil {
			return err
		}
		if had, err := fs.ReadFile(before, name); err != nil || !bytes.Equal(had, data) {
			names = append(names, name)
		}
	}
	stays := map[string]bool{}
	for _, name := range after.Names() {
		stays[name] = true
	}
	for _, name := range before.Names() {
		if !stays[name] {
			gone = append(gone, name)
		}
	}
	if err := writeFolder(j, dir, names, after.ReadFile); err != nil {
		return err
	}
	target, err := openTarget(dir)
	if err != nil {
		return err
	}
	defer target.close()
	for _, name := range gone {
		if err := target.remove(name); err != nil {
			return err
		}
	}
	return nil
}
