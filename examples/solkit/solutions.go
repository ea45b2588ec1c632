package main

import (
	"path/filepath"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A solutionOutcome is the outcome of a command over several solutions.
type solutionOutcome struct {
	Diagnostics []finding `json:"diagnostics"`
	outcome
}

func (o *solutionOutcome) fail(err error) {
	o.outcome.fail(err)
	o.Diagnostics = findings(o.found)
}

// add notes the findings of a source; files are below its name if there are several.
func (o *solutionOutcome) add(j *job, source string, found diag.List) {
	for _, d := range found {
		d.Location.File = placeIn(j, source, d.Location.File)
		o.found = append(o.found, d)
	}
}

// placeIn returns the name of a file of a source as a command prints it.
func placeIn(j *job, source, name string) string {
	if len(j.args) < 2 {
		return name
	}
	return source + ":" + name
}

// eachSource opens the arguments one after another.
func eachSource(j *job, do func(name string, parts solution.Parts) error) error {
	for _, name := range j.args {
		if err := j.ctx.Err(); err != nil {
			return err
		}
		s, err := openSource(j, name)
		if err != nil {
			return err
		}
		parts, err := s.parts()
		if err == nil {
			err = do(name, parts)
		}
		err = s.wrap(err)
		s.close()
		if err != nil {
			return err
		}
	}
	return nil
}

// sourceParts are the parts of one of several sources: places in them begin with its name.
type sourceParts struct {
	solution.Parts
	source string
}

func (p sourceParts) Locate(name string, offset int) diag.Location {
	at := p.Parts.Locate(name, offset)
	at.File = filepath.ToSlash(p.source) + "/" + at.File
	return at
}

// readSets reads what each of the solutions needs bound, and all of them together.
func readSets(j *job) (*connref.Set, error) {
	var sets []*connref.Set
	err := eachSource(j, func(name string, parts solution.Parts) error {
		if len(j.args) > 1 {
			parts = sourceParts{parts, name}
		}
		set, err := connref.Read(parts)
		if err != nil {
			return err
		}
		sets = append(sets, set)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return connref.Join(sets...), nil
}

// A readSolution is a solution that was read, by the name of its argument.
type readSolution struct {
	source string
	*content.Content
}

// title is the unique name of the solution, else the argument.
func (s readSolution) title() string {
	if name := s.Name(); name != "" {
		return name
	}
	return s.source
}

// readContents reads the solutions and resolves them together.
func readContents(j *job, o *solutionOutcome) ([]readSolution, error) {
	var list []*content.Content
	if err := eachSource(j, func(_ string, parts solution.Parts) error {
		c, err := content.Read(parts, nil)
		list = append(list, c)
		return err
	}); err != nil {
		return nil, err
	}
	out := make([]readSolution, 0, len(list))
	for i, c := range content.Join(list...) {
		out = append(out, readSolution{j.args[i], c})
		o.add(j, j.args[i], c.Diagnostics())
	}
	return out, nil
}
