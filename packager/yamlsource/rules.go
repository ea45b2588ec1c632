package yamlsource

import (
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleListedMissing = diag.Rule{ID: "yamlsource/listed-file-missing", Severity: diag.Warning, Summary: "solutioncomponents.yml lists a path that is not there", Help: "The component is left out of the package. Restore its files, or remove the line."}
	ruleNotListed     = diag.Rule{ID: "yamlsource/component-not-listed", Severity: diag.Note, Summary: "a component stands in no solutioncomponents.yml", Help: "It is taken as part of the solution, as lists of the platform are not always complete. Delete its folder if it is not wanted."}
	ruleUnowned       = diag.Rule{ID: "yamlsource/unowned-file", Severity: diag.Warning, Summary: "a file in the folder of a component is named by none and not packed", Help: "Delete it, or have the component name it."}
	ruleForeign       = diag.Rule{ID: "yamlsource/foreign-folder", Severity: diag.Note, Summary: "a folder beside the solution holds no components", Help: "It is not packed. Nothing is to be done if it belongs to something else."}
	ruleShell         = diag.Rule{ID: "yamlsource/table-of-another-solution", Severity: diag.Warning, Summary: "a table is listed by another solution alone, and parts of it by this one", Help: "The package has the table's name and those parts. Add the table to solutioncomponents.yml if its definition belongs to the solution."}
	ruleOrder         = diag.Rule{ID: "yamlsource/parameter-order", Severity: diag.Warning, Summary: "the order of a command's parameters may be lost", Help: "Parameters of several types are passed in their order, which the format keeps within one type only. Compare them with the function that is called."}
	ruleNotRegular    = diag.Rule{ID: "yamlsource/not-a-file", Severity: diag.Warning, Summary: "something in the source is not a regular file", Help: "Links and devices are not followed. Replace it by a file, or remove it."}
	ruleLanguage      = diag.Rule{ID: "yamlsource/language-not-kept", Severity: diag.Warning, Summary: "a language besides the base language has no place in YAML", Help: "The platform writes none either, and takes the languages of the environment. Labels in that language are kept."}
	ruleNoList        = diag.Rule{ID: "yamlsource/no-component-list", Severity: diag.Warning, Summary: "the solution has no solutioncomponents.yml", Help: "All components of the root are taken as parts of it. Restore the file."}
)

var ruleCatalogue = []diag.Rule{
	ruleListedMissing, ruleNotListed, ruleUnowned, ruleForeign, ruleShell, ruleOrder, ruleNotRegular, ruleNoList, ruleLanguage,
}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(ruleCatalogue) }
