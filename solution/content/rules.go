package content

import (
	"iter"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleUnresolved = diag.Rule{ID: "content/unresolved", Severity: diag.Error,
		Summary: "A flow refers to a flow or environment variable that is found nowhere",
		Help:    "The platform tracks these, so exports declare what they do not hold. The file was edited or cut; the flow will not start."}
	ruleUntracked = diag.Rule{ID: "content/untracked-reference", Severity: diag.Warning,
		Summary: "Something is needed that the manifest does not declare and that is found nowhere",
		Help:    "Either the platform does not track it: then the import works, and what refers to it does not. Or exports declare it, and the package was edited or cut."}
	ruleDifference = diag.Rule{ID: "content/difference-in-unmanaged", Severity: diag.Error,
		Summary: "An unmanaged package holds a site map that is a difference",
		Help:    "Only managed packages hold site maps with the attribute solutionaction, which are differences to other layers. The import of an unmanaged one is refused."}
)

var rules = []diag.Rule{ruleUnresolved, ruleUntracked, ruleDifference}

// Rules returns the catalogue of the findings of this package, with those that it shares with package connref.
func Rules() iter.Seq[diag.Rule] {
	return func(yield func(diag.Rule) bool) {
		for _, r := range rules {
			if !yield(r) {
				return
			}
		}
		for _, r := range refusals {
			if !yield(r.rule) {
				return
			}
		}
		connref.Rules()(yield)
	}
}
