package content

import (
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Check returns all findings of one solution, sorted, each once: those of its manifest ([solution.Manifest.Check]), of what it holds
// and refers to ([Content.Diagnostics]), and of what it binds ([connref.Set.Diagnostics]). What is to be given at an import is none of
// them; [connref.Set.Check] tells of that. Errors are those of [Read]. It is safe for concurrent use.
func Check(p solution.Parts, opts *Options) (diag.List, error) {
	c, err := Read(p, opts)
	if err != nil {
		return nil, err
	}
	set, err := connref.Read(p)
	if err != nil {
		return nil, err
	}
	var manifest diag.List
	if c.manifest != nil {
		manifest = c.manifest.Check()
	}
	return join(manifest, c.Diagnostics(), set.Diagnostics()), nil
}

// join is one list of several, in which each finding stands once.
func join(lists ...diag.List) diag.List {
	var out diag.List
	for _, d := range slices.Concat(lists...) {
		if !slices.ContainsFunc(out, func(have diag.Diagnostic) bool {
			return have.Rule == d.Rule && have.Message == d.Message && have.Location.File == d.Location.File && have.Location.Start == d.Location.Start
		}) {
			out = append(out, d)
		}
	}
	out.Sort()
	return out
}
