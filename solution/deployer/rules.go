package deployer

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleOrder = diag.Rule{ID: "deployer/order", Severity: diag.Error,
		Summary: "The list imports a solution before one that it needs",
		Help:    "Package Deployer imports in the order of the list. Put the one that is needed before the other; solkit plan -format importconfig writes the list."}
	ruleFileMissing = diag.Rule{ID: "deployer/file-missing", Severity: diag.Error,
		Summary: "The list names a file that the package does not have",
		Help:    "The deployment stops there. Add the zip, or take the entry off the list."}
	ruleNotListed = diag.Rule{ID: "deployer/not-listed", Severity: diag.Warning,
		Summary: "A zip stands beside the list and is not on it",
		Help:    "If it is a solution, nobody imports it. Add it to the list, or take it out of the package."}
	ruleNoFile = diag.Rule{ID: "deployer/no-file", Severity: diag.Warning,
		Summary: "An entry of the list names no file",
		Help:    "Templates have such entries. It imports nothing."}
	ruleListedTwice = diag.Rule{ID: "deployer/listed-twice", Severity: diag.Warning,
		Summary: "A file is on the list twice",
		Help:    "The second import does nothing that the first did not do, and takes as long."}
	ruleUnknownAttribute = diag.Rule{ID: "deployer/unknown-attribute", Severity: diag.Note,
		Summary: "An entry of the list has an attribute that has no effect",
		Help:    "Check its spelling."}
	ruleStaysOff = diag.Rule{ID: "deployer/stays-off", Severity: diag.Warning,
		Summary: "The list says not to turn on what a solution has",
		Help:    "Flows, processes and plug-in steps are off after the import. Leave publishworkflowsandactivateplugins away, or turn them on by hand."}
	ruleOverwrites = diag.Rule{ID: "deployer/overwrites", Severity: diag.Note,
		Summary: "The list says to overwrite changes by hand",
		Help:    "What was changed in the environment is lost. Leave overwriteunmanagedcustomizations away to keep it. A plan that knows of such changes makes it a warning."}
)

var rules = []diag.Rule{ruleOrder, ruleFileMissing, ruleNotListed, ruleNoFile, ruleListedTwice, ruleUnknownAttribute, ruleStaysOff, ruleOverwrites}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(rules) }
