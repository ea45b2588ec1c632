package content

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleMalformed = diag.Rule{ID: "content/malformed", Severity: diag.Error,
		Summary: "A part of the solution cannot be read",
		Help:    "What it holds and refers to is not known. The rest of the solution was read."}
	ruleUnresolved = diag.Rule{ID: "content/unresolved", Severity: diag.Error,
		Summary: "A flow refers to a connection reference, flow or environment variable that is found nowhere",
		Help:    "The platform tracks these, so exports declare what they do not hold. The file was edited or cut; the flow will not start."}
	ruleUntracked = diag.Rule{ID: "content/untracked-reference", Severity: diag.Warning,
		Summary: "Something is needed that the manifest does not declare and that is found nowhere",
		Help:    "The platform does not track it: the import works, and what refers to it does not."}
)

var rules = []diag.Rule{ruleMalformed, ruleUnresolved, ruleUntracked}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
