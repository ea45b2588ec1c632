package content

import (
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Check returns all findings of one solution, sorted, each once: those of its manifest ([solution.Manifest.Check]), of what it holds
// and refers to ([Content.Diagnostics]), of what the platform refuses of its
// components ([CheckComponents]), and of what it binds ([github.com/solutionkit/solutionkit/connref.Set.Diagnostics]). What is to be given at an import is none of
// them; [github.com/solutionkit/solutionkit/connref.Set.Check] tells of that. Errors are those of [Read]. It is safe for concurrent use.
func Check(p solution.Parts, opts *Options) (diag.List, error) {
	p = solution.Shared(p)
	c, set, err := ReadWithSet(p, opts)
	if err != nil {
		return nil, err
	}
	components, err := CheckComponents(p, opts)
	if err != nil {
		return nil, err
	}
	var manifest diag.List
	if c.manifest != nil {
		manifest = c.manifest.Check()
	}
	return diag.Join(manifest, c.Diagnostics(), components, set.Diagnostics()), nil
}
