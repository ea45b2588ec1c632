package environment

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleContradiction = diag.Rule{ID: "environment/contradiction", Severity: diag.Error,
		Summary: "Two files say different things of the environment",
		Help:    "One of them is older than the other. Leave it out, or ask for both again."}
	ruleIncomplete = diag.Rule{ID: "environment/incomplete", Severity: diag.Warning,
		Summary: "A list has not everything that is there",
		Help:    "The answer has further pages, or was cut. What is not on the list may be there all the same. Give the other pages too."}
	ruleOtherVersion = diag.Rule{ID: "environment/other-version", Severity: diag.Warning,
		Summary: "A package is not the version that is installed",
		Help:    "Its contents are not those of the installed solution, and are not used. Give the package of the installed version."}
	ruleUnknownOwner = diag.Rule{ID: "environment/unknown-owner", Severity: diag.Warning,
		Summary: "A list names solutions, publishers or variables by ids that no other file explains",
		Help:    "Such rows are not used. Give the answer for what they belong to as well."}
	ruleUnnamed = diag.Rule{ID: "environment/unnamed-component", Severity: diag.Warning,
		Summary: "Components are named by ids that identify nothing outside of their environment",
		Help:    "Their solutions are taken to hold more than is known. msdyn_solutioncomponentsummaries names components; the ids of tables are explained by EntityDefinitions."}
	ruleUnused = diag.Rule{ID: "environment/unused", Severity: diag.Note,
		Summary: "A file tells nothing that a plan depends on",
		Help:    "It was read and can be left out."}
)

var rules = []diag.Rule{ruleContradiction, ruleIncomplete, ruleOtherVersion, ruleUnknownOwner, ruleUnnamed, ruleUnused}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
