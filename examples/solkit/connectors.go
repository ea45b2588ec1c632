package main

import (
	"archive/zip"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A connectorSource is a DIR|ZIP argument of the connector commands: a folder of loose files, a folder of such
// folders, an unpacked solution, the parts of a solution zip, folders of these, or a zip of any of them.
type connectorSource struct {
	name   string
	fsys   fs.FS       // of a folder, or of a zip that is no solution
	zip    *zip.Reader // nil for a folder
	file   *os.File
	places []*connectorPlace // the solutions, by their folders
}

// A connectorPlace is a solution of a source.
type connectorPlace struct {
	dir   string // below the argument, "." if that is the solution
	pkg   *packager.Package
	tree  *packager.Tree
	parts solution.Parts
	err   error // it cannot be read
}

func openConnectors(name string) (*connectorSource, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	s := &connectorSource{name: name}
	if info.IsDir() {
		if s.fsys, err = folderFS(name); err != nil {
			return nil, err
		}
		return s, s.findSolutions()
	}
	if s.file, err = openRegular(name); err != nil {
		return nil, err
	}
	if err := s.readZip(info); err != nil {
		s.file.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// readZip opens a zip, that of a solution by the package that knows how its entries are named.
func (s *connectorSource) readZip(info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return errors.New("neither a folder nor a zip")
	}
	var err error
	if s.zip, err = zip.NewReader(s.file, info.Size()); err != nil {
		return fmt.Errorf("%w: give a zip, or the folder that holds the loose files", err)
	}
	for _, f := range s.zip.File {
		if strings.EqualFold(f.Name, solution.ManifestFile) {
			pkg, err := readZip(s.file)
			s.places = []*connectorPlace{{dir: ".", pkg: pkg, parts: pkg}}
			return err
		}
	}
	s.fsys = s.zip
	return s.findSolutions()
}

// findSolutions looks for trees and extracted zips.
func (s *connectorSource) findSolutions() error {
	return fs.WalkDir(s.fsys, ".", func(dir string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil // reading the connectors meets the error again
		}
		sub, err := fs.Sub(s.fsys, dir)
		if err != nil {
			return err
		}
		p := &connectorPlace{dir: dir}
		switch {
		case packager.IsTree(sub):
			if p.tree, p.err = packager.Load(sub, nil); p.err == nil {
				p.parts, p.err = p.tree.Parts()
			}
		case isFile(sub, solution.ManifestFile), isFile(sub, solution.CustomizationsFile):
			p.parts, p.err = solution.PartsOf(sub)
		default:
			return nil
		}
		s.places = append(s.places, p)
		return fs.SkipDir
	})
}

func (s *connectorSource) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// at returns a path in the source as a person can find it: below the argument.
func (s *connectorSource) at(name string) string { return path.Join(filepath.ToSlash(s.name), name) }

// A foundConnector is a connector of a source, or the error of one that cannot be read.
type foundConnector struct {
	*connector.Connector
	err  error
	name string // the logical name, or that of its folder
	dir  string // where it is, below the argument
	root string // the folder of its solution, which places in it are below; "."
	in   *connectorPlace
}

// find returns the connectors of the source and those that cannot be read, by their places. A source without any, that is no
// solution either, is a mistake.
func (s *connectorSource) find(lenient bool) ([]foundConnector, error) {
	var out []foundConnector
	add := func(in *connectorPlace, root string, list []*connector.Connector, err error) {
		for _, c := range list {
			out = append(out, foundConnector{Connector: c, name: c.Name(), dir: path.Join(root, c.Path()), root: root, in: in})
		}
		for _, err := range eachError(err) {
			f := foundConnector{err: err, dir: root, root: root, in: in}
			var failed *connector.ReadError
			if errors.As(err, &failed) {
				f.name, f.dir = failed.Name, path.Join(root, failed.Path)
			}
			out = append(out, f)
		}
	}
	read, load := connector.Read, connector.Load
	if lenient {
		read, load = connector.ReadLenient, connector.LoadLenient
	}
	for _, p := range s.places {
		if p.err != nil {
			add(p, p.dir, nil, p.err)
			continue
		}
		list, err := read(p.parts)
		if errors.Is(err, fs.ErrNotExist) && len(list) == 0 {
			err = nil // a solution without customizations has no connectors
		}
		add(p, p.dir, list, err)
	}
	if s.fsys != nil && !(len(s.places) == 1 && s.places[0].dir == ".") {
		list, err := load(s.fsys)
		if errors.Is(err, connector.ErrNoConnector) {
			if len(s.places) == 0 {
				return nil, s.wrap(err)
			}
			err = nil
		}
		add(nil, ".", list, err)
	}
	slices.SortStableFunc(out, func(a, b foundConnector) int {
		return cmp.Compare(strings.ReplaceAll(a.dir, "/", "\x00"), strings.ReplaceAll(b.dir, "/", "\x00"))
	})
	for i := range out {
		if out[i].name == "." || out[i].name == "" {
			out[i].name = s.baseName(out[i].dir)
		}
	}
	return out, nil
}

// eachError returns what was joined by errors.Join.
func eachError(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// baseName returns the name of a folder of the source.
func (s *connectorSource) baseName(dir string) string {
	if dir != "." {
		return path.Base(dir)
	}
	full, err := filepath.Abs(s.name)
	if err != nil {
		full = s.name
	}
	base := filepath.Base(full)
	if s.file != nil {
		base = strings.TrimSuffix(base, filepath.Ext(base))
	}
	return base
}

// load returns all connectors of the source. Those that cannot be read are findings of the error, all of them.
func (s *connectorSource) load() ([]foundConnector, error) {
	list, err := s.find(false)
	if err != nil {
		return nil, err
	}
	var found diag.List
	for _, c := range list {
		if c.err != nil {
			found = append(found, s.below(c.root, s.unreadable(c.err))...)
		}
	}
	if len(found) > 0 {
		return nil, found.Err()
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: %w: the solution has none", s.name, connector.ErrNoConnector)
	}
	return list, nil
}

// wrap puts the name of the source in front of an error about it.
func (s *connectorSource) wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", s.name, err)
}

// ruleUnreadable stands for what keeps a connector from being read and is no finding of the library.
var ruleUnreadable = diag.Rule{ID: "solkit/unreadable", Severity: diag.Error, Summary: "a connector can't be read",
	Help: "Nothing else was checked in it. The message says what is wrong."}

// unreadable is the finding for an error of find.
func (s *connectorSource) unreadable(err error) diag.List {
	found, err := lint.Unreadable(err)
	if err == nil {
		return found
	}
	d := diag.Diagnostic{Rule: ruleUnreadable.ID, Severity: diag.Error, Message: err.Error()}
	var failed *fs.PathError
	var damaged *packager.Error
	switch {
	case errors.As(err, &damaged):
		d.Location.File = damaged.Path
	case errors.As(err, &failed):
		d.Location.File = strings.TrimPrefix(failed.Path, filepath.ToSlash(s.name)+"/") // some errors have the whole path
		if d.Message = "it can't be read: " + failed.Err.Error(); errors.Is(failed, fs.ErrNotExist) {
			d.Message = "it is not there" // each system says it in other words
		}
	}
	return append(found, d)
}

// A connectorFinding is a diagnostic of a connector; what is not known is empty or 0.
type connectorFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"` // error, warning, note, or certification
	Message  string `json:"message"`
	File     string `json:"file"`    // the argument and the path below it
	Pointer  string `json:"pointer"` // JSON Pointer, or the path of an XML element
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Fix      string `json:"fix"` // what the first fix does
}

// connectorFindings is what -json says of l, whose files are below the argument.
func connectorFindings(l diag.List) []connectorFinding {
	out := make([]connectorFinding, 0, len(l))
	for _, d := range l {
		f := connectorFinding{Rule: d.Rule, Severity: connectorSeverity(d.Rule, d.Severity), Message: d.Message, File: d.Location.File,
			Pointer: d.Location.Path, Line: d.Location.Start.Line, Column: d.Location.Start.Column}
		if len(d.Fixes) > 0 {
			f.Fix = d.Fixes[0].Message
		}
		out = append(out, f)
	}
	return out
}

// connectorSeverity is the word for the severity of a rule; those that matter only to who publishes have one of
// their own.
func connectorSeverity(rule string, severity diag.Severity) string {
	if lint.ClassOf(rule) == lint.Certification {
		return lint.Certification.String()
	}
	return severity.String()
}

// below returns findings of what is in a folder of the source with files below the argument.
func (s *connectorSource) below(root string, l diag.List) diag.List {
	out := slices.Clone(l)
	for i := range out {
		out[i].Location.File = path.Join(s.at(root), out[i].Location.File)
	}
	return out
}

// A connectorOutcome is an outcome with its findings.
type connectorOutcome struct {
	Diagnostics []connectorFinding `json:"diagnostics"`
	outcome
}

func (o *connectorOutcome) fail(err error) {
	o.outcome.fail(err)
	o.Diagnostics = connectorFindings(o.found)
}
