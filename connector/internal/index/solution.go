package index

import (
	"bytes"
	"path"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/solution"
)

// A Solution is where connectors of the solution form are from.
type Solution struct {
	Parts    solution.Parts
	Elements []*Element // of section Connectors, in order

	named  func() map[string]string   // names of parts by folded name
	first  func() map[string]*Element // the first of each folded name
	once   sync.Once
	around any
}

// ReadSolution finds the elements of connectors in p. The error is that of [solution.ReadCustomizations].
func ReadSolution(p solution.Parts) (*Solution, error) {
	s := NewSolution(p)
	src, err := p.ReadPart(solution.CustomizationsFile)
	if err == nil && !bytes.Contains(src, []byte("<Connector")) {
		return s, nil // the common case of a large file
	}
	c, err := solution.ReadCustomizations(p)
	if err != nil {
		return nil, err
	}
	f := NewPart(p, solution.CustomizationsFile, c.Bytes())
	for x := range c.OfType(solution.TypeConnector) {
		if x.Path != "Connectors/Connector" {
			continue
		}
		e, err := NewElement(f, x.Start, x.End)
		if err != nil {
			return nil, err // it was read as a part of the whole
		}
		s.Elements = append(s.Elements, e)
	}
	return s, nil
}

// NewSolution returns p without elements.
func NewSolution(p solution.Parts) *Solution {
	s := &Solution{Parts: p, named: sync.OnceValue(func() map[string]string {
		byFold := map[string]string{}
		for _, name := range p.Names() {
			if key := solution.Fold(name); byFold[key] == "" {
				byFold[key] = name
			}
		}
		return byFold
	})}
	s.first = sync.OnceValue(func() map[string]*Element {
		byFold := map[string]*Element{}
		for _, e := range s.Elements {
			if key := solution.Fold(e.Text("name")); byFold[key] == nil {
				byFold[key] = e
			}
		}
		return byFold
	})
	return s
}

// Named returns the first element of a connector of that name, nil if there is none.
func (s *Solution) Named(name string) *Element { return s.first()[solution.Fold(name)] }

// Around returns what read returned the first time: what a package that checks connectors wants to know of the rest of the
// solution, and what would be read anew for each of its connectors.
func (s *Solution) Around(read func() any) any {
	s.once.Do(func() { s.around = read() })
	return s.around
}

// Folder is where exports put the files of connectors.
const Folder = "Connector/"

// Part returns the name of the part that a text like /Connector/x.json of a <Connector> stands for, and whether it is there.
// One that is not there under its path may be among the files of connectors under its own name.
func (s *Solution) Part(text string) (string, bool) {
	named := PartName(text)
	if name := s.named()[solution.Fold(named)]; name != "" {
		return name, true
	}
	if name := s.named()[solution.Fold(Folder+path.Base(named))]; name != "" {
		return name, true
	}
	return named, false
}

// PartName returns the name of the part that a text like /Connector/x.json stands for.
func PartName(text string) string {
	return strings.TrimLeft(strings.ReplaceAll(strings.TrimSpace(text), `\`, "/"), "/")
}
