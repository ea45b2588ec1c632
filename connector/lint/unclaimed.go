package lint

import (
	"errors"
	"io/fs"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

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
	ids := map[solution.GUID]bool{}
	for _, e := range s.Elements {
		if id, err := solution.ParseGUID(strings.TrimSpace(e.Text("connectorid"))); err == nil {
			ids[id] = true
		}
	}
	for r := range m.RootComponents() {
		if r.Key.Type() != solution.TypeConnector || !r.ID.IsZero() && ids[r.ID] || r.ID.IsZero() && s.Named(r.SchemaName) != nil {
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
