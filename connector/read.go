package connector

import (
	"errors"
	"strings"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/solution"
)

// Read returns the connectors of a solution, in the order of section Connectors of customizations.xml; none if it has none.
//
// One that cannot be read keeps no other from being read: the list holds those that can be, and the error joins a
// [*ReadError] for each of the others. If customizations.xml is not there or cannot be read, the list is empty and the error
// that of [solution.ReadCustomizations]. A part that an element names and that is not there is no error: package lint finds
// it.
func Read(p solution.Parts) ([]*Connector, error) { return readSolution(p, false) }

// ReadLenient is [Read] for files that were edited by hand: it accepts trailing commas and raw tabs and line ends in strings,
// which package lint reports with fixes. Anything else that is not JSON is an error still.
func ReadLenient(p solution.Parts) ([]*Connector, error) { return readSolution(p, true) }

func readSolution(p solution.Parts, lenient bool) ([]*Connector, error) {
	s, err := index.ReadSolution(p)
	if err != nil {
		return nil, err
	}
	var list []*Connector
	var failed []error
	for _, e := range s.Elements {
		c, err := fromElement(s, e, lenient)
		if err != nil {
			failed = append(failed, &ReadError{Name: e.Text("name"), Path: ".", Err: err})
			continue
		}
		list = append(list, newConnector(c))
	}
	return list, errors.Join(failed...)
}

// A ReadError says that one connector cannot be read, others perhaps can.
type ReadError struct {
	Name string // as [Connector.Name] would be
	Path string // as [Connector.Path] would be
	Err  error  // a [*solution.SyntaxError], or an error of reading a file or part
}

// Error returns the text of Err, which begins with the file and the position in it.
func (e *ReadError) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *ReadError) Unwrap() error { return e.Err }

// fromElement reads the parts that an element names.
func fromElement(s *index.Solution, e *index.Element, lenient bool) (*index.Connector, error) {
	c := &index.Connector{Dir: ".", Name: e.Text("name"), Element: e, Solution: s}
	files := map[string]*index.File{}
	for _, p := range index.PartFields {
		named := strings.TrimSpace(e.Text(p.Name))
		if named == "" {
			continue
		}
		at, ok := s.Part(named)
		if !ok {
			continue
		}
		src, err := s.Parts.ReadPart(at)
		if err != nil {
			return nil, err
		}
		f := index.NewPart(s.Parts, at, src)
		if strings.HasSuffix(p.Suffix, ".json") {
			if err := f.ParseJSON(lenient); err != nil {
				return nil, err
			}
		}
		files[p.Name] = f
	}
	c.Script, c.Icon = files["customcodeblobcontent"], files["iconblob"]
	if err := readDefinition(c, files["openapidefinition"]); err != nil {
		return nil, err
	}
	whole := func(name string) index.Value {
		if f := files[name]; f != nil {
			return f.Root()
		}
		return index.Value{}
	}
	c.Props.Params = whole("connectionparameters")
	c.Props.Sets = whole("connectionparametersets")
	c.Props.Policies = whole("policytemplateinstances")
	if err := readScriptOperations(c, lenient); err != nil {
		return nil, err
	}
	c.Props.Index()
	return c, nil
}

// readDefinition indexes the definition; an empty object stands for one that is not there.
func readDefinition(c *index.Connector, f *index.File) error {
	missing := f == nil
	if missing {
		at, _ := c.Solution.Part(c.Element.Text("openapidefinition"))
		f = index.NewPart(c.Solution.Parts, at, []byte("{}"))
		if err := f.ParseJSON(false); err != nil {
			return err
		}
	}
	def, err := index.NewDefinition(f)
	if err != nil {
		return err
	}
	def.Missing = missing
	c.Def = def
	return nil
}

// readScriptOperations reads the JSON that stands as text in the element.
func readScriptOperations(c *index.Connector, lenient bool) error {
	text := c.Element.Text("scriptoperations")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	f := index.NewText([]byte(text), c.Element.Location("scriptoperations"))
	err := f.ParseJSON(lenient)
	var se *solution.SyntaxError
	if errors.As(err, &se) {
		return &solution.SyntaxError{File: se.File, Pos: se.Pos, Err: &textError{"<scriptoperations>", se.Err}}
	}
	if err != nil {
		return err
	}
	c.Props.ScriptOps = f.Root()
	return nil
}

// A textError is a fault of a text that stands in an element.
type textError struct {
	element string
	err     error
}

func (e *textError) Error() string { return e.element + " is " + e.err.Error() }
func (e *textError) Unwrap() error { return e.err }
