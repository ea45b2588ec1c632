package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"maps"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// surroundings are what a connector of a solution is compared with. They are read once for all connectors of it.
type surroundings struct {
	manifest   *solution.Manifest // nil: there is none, or it cannot be read
	references []connref.Reference
	variables  map[string]bool // schema names in lower case, those of declared dependencies included
	flows      []flow
	calls      []call
	unread     diag.List // what cannot be read
}

// A flow is the file of a cloud flow.
type flow struct {
	name   string
	source []byte
}

// A call is one of an operation, with the caller for people.
type call struct {
	content.Call
	by string
}

// nameOf returns a component for people: by its title where its key is a GUID.
func nameOf(c *content.Content, k solution.Key) string {
	if x, ok := c.Component(k); ok && x.DisplayName != "" && k.Name() == "" {
		return fmt.Sprintf("%s %q", k.Type(), x.DisplayName)
	}
	return k.String()
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
		return s
	}
	if c, err := content.Read(p, nil); err == nil { // what it cannot read, the others could not
		for x := range c.Calls() {
			s.calls = append(s.calls, call{x, nameOf(c, x.From)})
		}
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
