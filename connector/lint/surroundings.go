package lint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// surroundings are what a connector of a solution is compared with. They are read once for all connectors of it.
type surroundings struct {
	manifest    *solution.Manifest                    // nil: there is none, or it cannot be read
	users       map[solution.GUID][]connref.Reference // by the connector
	variables   map[string]bool                       // schema names in lower case, those of declared dependencies included
	flows       map[string]string                     // the first flow that has a connection to a connector, by its name
	calls       map[*index.Element][]call             // of operations of a connector, as far as names tell
	apps        map[*index.Element]string             // the first app or agent that uses a connector
	rootsByID   map[solution.GUID][]solution.RootComponent
	rootsByName map[string][]solution.RootComponent // of those without id, by folded name
	unread      diag.List                           // what cannot be read
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
	return s.Around(func() any { return readSurroundings(s) }).(*surroundings)
}

func readSurroundings(from *index.Solution) *surroundings {
	p := solution.Shared(from.Parts)
	s := &surroundings{variables: map[string]bool{}}
	var err error
	if s.manifest, err = solution.ReadManifest(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.unread = append(s.unread, unreadable(err))
		return s
	}
	if s.manifest != nil {
		s.findRoots()
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
	s.users = map[solution.GUID][]connref.Reference{}
	for _, r := range set.References {
		s.users[r.CustomConnector] = append(s.users[r.CustomConnector], r)
	}
	for _, v := range set.Variables {
		s.variables[strings.ToLower(v.SchemaName)] = true
	}
	if err := s.readFlows(p, from); err != nil {
		s.unread = append(s.unread, unreadable(err))
		return s
	}
	if c, err := content.Read(p, nil); err == nil { // what it cannot read, the others could not
		s.findCalls(from, set.References, c)
	}
	return s
}

// findRoots sorts the root components of connectors.
func (s *surroundings) findRoots() {
	s.rootsByID, s.rootsByName = map[solution.GUID][]solution.RootComponent{}, map[string][]solution.RootComponent{}
	for r := range s.manifest.RootComponents() {
		switch {
		case r.Key.Type() != solution.TypeConnector:
		case r.ID.IsZero():
			s.rootsByName[solution.Fold(r.SchemaName)] = append(s.rootsByName[solution.Fold(r.SchemaName)], r)
		default:
			s.rootsByID[r.ID] = append(s.rootsByID[r.ID], r)
		}
	}
}

// rootsOf returns the root components that stand for a connector.
func (s *surroundings) rootsOf(e *index.Element) []solution.RootComponent {
	out := slices.Clone(s.rootsByName[solution.Fold(e.Text("name"))])
	if id, err := solution.ParseGUID(strings.TrimSpace(e.Text("connectorid"))); err == nil && !id.IsZero() {
		out = append(out, s.rootsByID[id]...)
	}
	return out
}

// findCalls notes who calls operations of which of the connectors.
func (s *surroundings) findCalls(from *index.Solution, references []connref.Reference, c *content.Content) {
	var names []string
	byID, byName := map[solution.GUID][]int{}, map[string][]int{} // of elements
	for i, e := range from.Elements {
		name := e.Text("name")
		names = append(names, name)
		byName[strings.ToLower(name)] = append(byName[strings.ToLower(name)], i)
		if id, err := solution.ParseGUID(strings.TrimSpace(e.Text("connectorid"))); err == nil && !id.IsZero() {
			byID[id] = append(byID[id], i)
		}
	}
	runtime := connref.RuntimeIDs(names)
	byReference := map[string][]int{} // by the name of the reference, in lower case
	for _, r := range references {
		key := strings.ToLower(r.LogicalName)
		byReference[key] = append(append(byReference[key], byID[r.CustomConnector]...), runtime(r.ConnectorID)...)
	}
	connectors := func(k solution.Key) []int {
		return slices.Concat(byName[strings.ToLower(k.Name())], runtime(k.Name()), byID[k.ID()])
	}
	s.apps = map[*index.Element]string{}
	for x := range c.References() {
		switch x.From.Type() {
		case solution.TypeCanvasApp, solution.TypeBot, solution.TypeBotComponent:
			if x.To.Type() != solution.TypeConnector {
				continue
			}
			for _, i := range connectors(x.To) {
				if e := from.Elements[i]; s.apps[e] == "" {
					s.apps[e] = nameOf(c, x.From)
				}
			}
		}
	}
	s.calls = map[*index.Element][]call{}
	for x := range c.Calls() {
		of := connectors(x.Connector)
		of = append(of, byReference[strings.ToLower(x.Reference.Name())]...)
		slices.Sort(of)
		for _, i := range slices.Compact(of) {
			s.calls[from.Elements[i]] = append(s.calls[from.Elements[i]], call{x, nameOf(c, x.From)})
		}
	}
}

// readFlows looks in each cloud flow for the names of connectors.
func (s *surroundings) readFlows(p solution.Parts, from *index.Solution) error {
	custom, err := solution.ReadCustomizations(p)
	if err != nil {
		return err
	}
	names := map[string]string{} // as they stand in JSON, without quotes
	for _, e := range from.Elements {
		quoted := jsonspan.Quote(e.Text("name"))
		names[quoted[1:len(quoted)-1]] = e.Text("name")
	}
	s.flows = map[string]string{}
	for _, part := range slices.Sorted(maps.Keys(connref.Flows(p, custom))) {
		src, err := p.ReadPart(part)
		if err != nil {
			return err
		}
		if !bytes.Contains(src, []byte(`"logicalName"`)) {
			continue
		}
		_, rest, _ := bytes.Cut(src, []byte{'"'})
		for more := true; more; {
			var text []byte
			text, rest, more = bytes.Cut(rest, []byte{'"'})
			if name, ok := names[string(text)]; ok && more && s.flows[name] == "" {
				s.flows[name] = part
			}
		}
	}
	return nil
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
