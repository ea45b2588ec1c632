package lint

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"maps"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// surroundings are what a connector of a solution is compared with. They are read once for all connectors of it.
type surroundings struct {
	manifest   *solution.Manifest // nil: there is none, or it cannot be read
	references []connref.Reference
	variables  map[string]bool // schema names in lower case, those of declared dependencies included
	flows      []flow
	unread     diag.List // what cannot be read
}

// A flow is the file of a cloud flow.
type flow struct {
	name   string
	source []byte
}

// noSurroundings are those of loose files.
var noSurroundings = &surroundings{}

// around returns what surrounds the connector.
func (l *lint) around() *surroundings {
	s := l.c.Solution
	if s == nil {
		return noSurroundings
	}
	return s.Around(func() any { return readSurroundings(s.Parts) }).(*surroundings)
}

func readSurroundings(p solution.Parts) *surroundings {
	s := &surroundings{variables: map[string]bool{}}
	var err error
	if s.manifest, err = solution.ReadManifest(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.unread = append(s.unread, unreadable(err))
		return s
	}
	if s.manifest != nil {
		for d := range s.manifest.Dependencies() {
			if name := d.Required.SchemaName; name != "" {
				s.variables[strings.ToLower(name)] = true
			}
		}
	}
	set, err := connref.Read(p)
	if err != nil {
		s.unread = append(s.unread, unreadable(err))
		return s
	}
	s.references = set.References
	for _, v := range set.Variables {
		s.variables[strings.ToLower(v.SchemaName)] = true
	}
	if err := s.readFlows(p); err != nil {
		s.unread = append(s.unread, unreadable(err))
	}
	return s
}

func (s *surroundings) readFlows(p solution.Parts) error {
	custom, err := solution.ReadCustomizations(p)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(connref.Flows(p, custom))) {
		src, err := p.ReadPart(name)
		if err != nil {
			return err
		}
		s.flows = append(s.flows, flow{name, src})
	}
	return nil
}

// names reports whether f has a connection to the connector of that logical name.
func (f *flow) names(connector string) bool {
	return bytes.Contains(f.source, []byte(jsonspan.Quote(connector))) && bytes.Contains(f.source, []byte(`"logicalName"`))
}

// unread reports what cannot be read around the connector: rules that need it are silent.
func (l *lint) unread() {
	if !l.use("CONN-DOC-001") {
		return
	}
	for _, d := range l.around().unread {
		l.findAt(d.Location, "%s", d.Message)
	}
}

// Unreadable returns the findings that stand for err, an error of reading connectors: CONN-DOC-001, 002, 005 or 006 for each
// part that is not what it should be. The error is the rest of err, such as a file that cannot be opened; nil if there is none.
func Unreadable(err error) (diag.List, error) {
	if err == nil {
		return nil, nil
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		var found diag.List
		var rest []error
		for _, e := range many.Unwrap() {
			some, err := Unreadable(e)
			found = append(found, some...)
			rest = append(rest, err)
		}
		return found, errors.Join(rest...)
	}
	var se *solution.SyntaxError
	if !errors.As(err, &se) {
		return nil, err
	}
	return diag.List{unreadable(err)}, nil
}

// unreadable is the finding that stands for one error.
func unreadable(err error) diag.Diagnostic {
	d := diag.Diagnostic{Rule: "CONN-DOC-001", Severity: fails, Message: err.Error()}
	var se *solution.SyntaxError
	if errors.As(err, &se) {
		d.Location, d.Message = diag.Location{File: se.File, Start: se.Pos, End: se.Pos}, se.Err.Error()
	}
	var text *index.NotJSON
	var root *index.NotObject
	switch {
	case errors.As(err, &root):
		d.Rule = "CONN-DOC-006"
	case !errors.As(err, &text):
	case text.Problem == jsonspan.TrailingComma:
		d.Rule = "CONN-DOC-002"
	case text.Problem == jsonspan.NotUTF8, text.Problem == jsonspan.ControlInText:
		d.Rule = "CONN-DOC-005"
	}
	return d
}

// CheckUnclaimed finds what belongs to no single connector of a solution: files that no <Connector> names, and root components
// without one. [CheckSolution] does it too. The error is a manifest or customizations.xml that cannot be read, or an error of
// reading them. Severity and Disable of opts count; opts may be nil.
func CheckUnclaimed(p solution.Parts, opts *Options) (diag.List, error) {
	s, err := index.ReadSolution(p)
	if errors.Is(err, fs.ErrNotExist) {
		s, err = index.NewSolution(p), nil
	}
	if err != nil {
		return nil, err
	}
	m, err := solution.ReadManifest(p)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	l := newLint(&index.Connector{}, opts)
	l.unclaimedFiles(s)
	if m != nil {
		l.rootsWithout(s, m)
	}
	return l.list(), nil
}

func (l *lint) unclaimedFiles(s *index.Solution) {
	if !l.use("CONN-SOL-002") {
		return
	}
	claimed := map[string]bool{}
	for _, e := range s.Elements {
		for _, p := range index.PartFields {
			if name, ok := s.Part(e.Text(p.Name)); ok {
				claimed[name] = true
			}
		}
	}
	for _, name := range s.Parts.Names() {
		if strings.HasPrefix(solution.Fold(name), solution.Fold(index.Folder)) && !claimed[name] {
			l.findAt(diag.Location{File: s.Parts.Locate(name, 0).File}, "no <Connector> names this file: remove it or add the connector")
		}
	}
}

func (l *lint) rootsWithout(s *index.Solution, m *solution.Manifest) {
	if !l.use("CONN-SOL-007") {
		return
	}
	for r := range m.RootComponents() {
		if r.Key.Type != solution.TypeConnector || slices.ContainsFunc(s.Elements, func(e *index.Element) bool { return isRootOf(r, e) }) {
			continue
		}
		id := ""
		if !r.ID.IsZero() {
			id = r.ID.String()
		}
		at := r.Location
		at.Path = ""
		l.findAt(at, "root component %q {%s} has no <Connector>: add it or remove the root component", r.SchemaName, id)
	}
}

// isRootOf reports whether r stands for the connector of e.
func isRootOf(r solution.RootComponent, e *index.Element) bool {
	if r.ID.IsZero() {
		return strings.EqualFold(e.Text("name"), r.SchemaName)
	}
	id, err := solution.ParseGUID(strings.TrimSpace(e.Text("connectorid")))
	return err == nil && id == r.ID
}
