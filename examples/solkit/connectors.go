package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A connectorSource is a DIR|ZIP argument of the connector commands: a folder of loose files, a folder of such
// folders, an unpacked solution, the parts of a solution zip, or a zip of any of these.
type connectorSource struct {
	name     string
	fsys     fs.FS
	zip      *zip.Reader // nil for a folder
	solution bool        // a solution may have no connector, other sources must have one
	file     *os.File
}

func openConnectors(name string) (*connectorSource, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		fsys, err := folderFS(name)
		if err != nil {
			return nil, err
		}
		s := &connectorSource{name: name, fsys: fsys}
		s.solution = isFile(s.fsys, "Other/Solution.xml") || isFile(s.fsys, "solution.xml")
		return s, nil
	}
	f, err := openRegular(name)
	if err != nil {
		return nil, err
	}
	s := &connectorSource{name: name, file: f}
	if err := s.readZip(info); err != nil {
		f.Close()
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
	s.fsys = s.zip
	for _, f := range s.zip.File {
		if strings.EqualFold(f.Name, "solution.xml") {
			s.solution = true
			s.fsys, err = readZip(s.file)
			return err
		}
	}
	return nil
}

func (s *connectorSource) close() {
	if s.file != nil {
		s.file.Close()
	}
}

// at returns a path in the source as a person can find it: below the argument.
func (s *connectorSource) at(name string) string { return path.Join(filepath.ToSlash(s.name), name) }

// place returns where a connector was read.
func (s *connectorSource) place(c *connector.Connector) string { return s.at(c.Path()) }

// title returns the logical name of a connector, or the name of its folder.
func (s *connectorSource) title(c *connector.Connector) string {
	if c.Name() != "." {
		return c.Name()
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

// all yields the connectors of the source and the errors of those that cannot be read. A source without any,
// that is no solution either, is a mistake.
func (s *connectorSource) all(lenient bool) iter.Seq2[*connector.Connector, error] {
	from := connector.All
	if lenient {
		from = connector.AllLenient
	}
	return func(yield func(*connector.Connector, error) bool) {
		none := !s.solution
		for c, err := range from(s.fsys) {
			none = false
			if !yield(c, err) {
				return
			}
		}
		if none {
			yield(nil, fmt.Errorf("%w: expected apiDefinition.swagger.json, folders with it, or a solution", connector.ErrNoConnector))
		}
	}
}

// load reads all connectors of the source. Those that cannot be read are findings of the error, all of them.
func (s *connectorSource) load() ([]*connector.Connector, error) {
	var out []*connector.Connector
	var found diag.List
	for c, err := range s.all(false) {
		switch {
		case errors.Is(err, connector.ErrNoConnector):
			return nil, s.wrap(err)
		case err != nil:
			found = append(found, s.unreadable(err))
		default:
			out = append(out, c)
		}
	}
	if len(found) > 0 {
		return nil, s.below(found).Err()
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %w: the solution has none", s.name, connector.ErrNoConnector)
	}
	return out, nil
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

// unreadable is the finding for an error of all.
func (s *connectorSource) unreadable(err error) diag.Diagnostic {
	if d, ok := connector.Diagnose(err); ok {
		return d
	}
	d := diag.Diagnostic{Rule: ruleUnreadable.ID, Severity: diag.Error, Message: err.Error()}
	var failed *fs.PathError
	var damaged *packager.Error
	switch {
	case errors.As(err, &damaged):
		d.Location.File = damaged.Path
	case errors.As(err, &failed):
		d.Location.File = strings.TrimPrefix(failed.Path, filepath.ToSlash(s.name)+"/") // some errors have the whole path
		d.Message = failed.Op + ": " + failed.Err.Error()
	}
	return d
}

// suspect returns name and place of the connector that a file seems to belong to.
func (s *connectorSource) suspect(file string) (name, place string) {
	dir := path.Dir(file)
	if base := path.Base(dir); !strings.EqualFold(base, "Connectors") && !strings.EqualFold(base, "Connector") {
		return path.Base(s.at(dir)), s.at(dir)
	}
	name = strings.TrimSuffix(path.Base(file), path.Ext(file))
	for _, part := range []string{"_openapidefinition", "_connectionparameters", "_connectionparametersets", "_policytemplateinstances"} {
		name = strings.TrimSuffix(name, part)
	}
	return name, s.at(path.Dir(dir))
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
	if connector.ClassOf(rule) == connector.Certification {
		return connector.Certification.String()
	}
	return severity.String()
}

// below returns l with files below the argument.
func (s *connectorSource) below(l diag.List) diag.List {
	out := make(diag.List, len(l))
	for i, d := range l {
		d.Location.File = s.at(d.Location.File)
		out[i] = d
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
