package diff

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleCurrentValue = diag.Rule{ID: "diff/current-value", Severity: diag.Warning, Summary: "the new solution has a current value of an environment variable",
		Help: "An import replaces the value that the environment has. Remove the value from the solution before it is exported, unless that is meant."}
	ruleSettled = diag.Rule{ID: "merge/settled", Severity: diag.Note, Summary: "both sides changed what is noise, or the version",
		Help: "It is no conflict: ours is taken of noise, and the higher one of two versions."}
)

var rules = []diag.Rule{ruleCurrentValue, ruleSettled}

// Rules returns the catalogue of the findings of [Compare] and [Merge].
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
