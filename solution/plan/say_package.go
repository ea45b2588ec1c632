package plan

import (
	"fmt"

	"github.com/solutionkit/solutionkit/solution"
)

// The cases of package-invalid.
const (
	casePart       = "part"       // the one of Values is missing
	caseUnreadable = "unreadable" // see Cause
	caseName       = "name"       // the manifest has no unique name
	caseVersion    = "version"    // the manifest has no version that can be read
	caseBoth       = "both"       // it is a package of both modes
	caseTwice      = "twice"      // a reference or variable is there twice; see cause
	caseDefinition = "definition" // of a connector, which is missing or cannot be read
)

func sayPackageInvalid(f *Finding) string {
	x := f.Facts
	switch x.Case {
	case casePart:
		return fmt.Sprintf("%s: no %s at the root of the package", x.Solution, enumerate(x.Values))
	case caseName:
		return fmt.Sprintf("%s: the manifest has no UniqueName: export the solution again", x.Solution)
	case caseVersion:
		return fmt.Sprintf("%s: the manifest has no version that can be read (%q): use major.minor.build.revision", x.Solution, x.New)
	case caseBoth:
		return fmt.Sprintf("%s holds a managed and an unmanaged package: pack one of them", x.Solution)
	case caseDefinition:
		return fmt.Sprintf("connector %s: its definition is missing or cannot be read, so that what it asks for is not known: repair the package", x.Connector)
	}
	message := ""
	if x.Cause != nil {
		message = x.Cause.Message
	}
	return fmt.Sprintf("%s: %s", x.Solution, message)
}

func sayTooLarge(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: %d bytes are over the limit of %d MB for one package: split it", x.Solution, x.Count, x.Limit)
}

func sayBatchDuplicate(f *Finding) string {
	x := f.Facts
	var versions []string
	for _, v := range x.Values {
		versions = append(versions, shown(v))
	}
	return fmt.Sprintf("%s occurs %d times in the batch (%s): leave all but one out", x.Solution, x.Count, enumerateOf(versions, int(x.Count)))
}

// sayPackageVersion tells of a format that is too old for all, or above what the environment accepts, which Old says.
func sayPackageVersion(f *Finding) string {
	x := f.Facts
	if x.Old == "" {
		return fmt.Sprintf("%s: package version %s is of a product before 2013, which no environment accepts: export it again", x.Solution, x.New)
	}
	accepted, _ := solution.ParseVersion(x.Old)
	return fmt.Sprintf("%s: package version %s is above what the environment accepts (%d.%d): export it for that version", x.Solution, x.New, accepted.Major, accepted.Minor)
}

func saySourceVersion(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s was exported from %s, the environment runs %s: components may be missing", x.Solution, x.New, x.Old)
}

func saySourceSchema(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s was exported from an environment with schema %s, this one has %s: components may be missing", x.Solution, x.New, x.Old)
}

func sayModeMismatch(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s is installed as %s, the package is %s (%s): import the package of the same mode", x.Solution, x.Old, x.New, x.Code)
}

// sayUnmanagedImport tells of the import or, in a [Removal], of what stays; there Solutions are the patches.
func sayUnmanagedImport(f *Finding) string {
	x := f.Facts
	if x.Case != caseUninstall {
		return fmt.Sprintf("%s is unmanaged: it overwrites what was changed by hand, and cannot be removed as a unit", x.Solution)
	}
	first := ""
	if len(x.Solutions) > 0 {
		first = "; its patches have to be removed by hand first"
	}
	return fmt.Sprintf("%s is unmanaged: only the list of its components goes, the components stay%s", x.Solution, first)
}

func sayPublisherChanged(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s: the publisher of a managed solution cannot be changed from %q to %q", x.Solution, x.Old, x.New)
}

// sayPendingUpgrade tells of an import or an uninstallation that an upgrade keeps from being done: the one of Solutions.
func sayPendingUpgrade(f *Finding) string {
	x := f.Facts
	if x.Case == caseUninstall {
		return fmt.Sprintf("%s is waiting: apply or delete it before %s is uninstalled", enumerate(x.Solutions), x.Solution)
	}
	return fmt.Sprintf("%s is waiting: apply or delete it before %s is imported (%s)", enumerate(x.Solutions), x.Solution, x.Code)
}

func sayOverPatches(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("%s has patches installed (%s): an update cannot replace them, upgrade it", x.Solution, enumerate(x.Solutions))
}

func sayVersionNotHigher(f *Finding) string {
	x := f.Facts
	relation, advice := "not above", "raise the version or update"
	if below(x.New, x.Old) {
		relation, advice = "below", "raise the version"
	}
	if x.Action == Update {
		return fmt.Sprintf("%s: version %s is %s the installed %s (%s): raise the version", x.Solution, shown(x.New), relation, x.Old, x.Code)
	}
	return fmt.Sprintf("%s: version %s is %s the installed %s, and an upgrade must be higher (%s): %s", x.Solution, shown(x.New), relation, x.Old, x.Code, advice)
}

// The cases of patch-parent-missing: the parent is not installed, none is named, or it is a patch itself.
const (
	caseAbsent  = "absent"
	caseUnnamed = "unnamed"
	casePatch   = "patch"
)

func sayPatchParent(f *Finding) string {
	x := f.Facts
	switch x.Case {
	case caseUnnamed:
		return fmt.Sprintf("patch %s names no parent: its manifest has no ParentSolution and its name no _Patch_", x.Solution)
	case casePatch:
		return fmt.Sprintf("patch %s: its parent %s is itself a patch, and patches have none", x.Solution, enumerate(x.Solutions))
	}
	return fmt.Sprintf("patch %s: its parent %s is not installed", x.Solution, enumerate(x.Solutions))
}

func sayPatchMode(f *Finding) string {
	x := f.Facts
	return fmt.Sprintf("patch %s is %s, its parent %s is %s", x.Solution, x.New, enumerate(x.Solutions), x.Old)
}

// sayPatchVersion tells of a patch that was made from another version of its parent, which Provider says, or has a version
// that does not fit.
func sayPatchVersion(f *Finding) string {
	x := f.Facts
	parent := Provider{}
	if len(x.Providers) > 0 {
		parent = x.Providers[0]
	}
	if parent.Version != "" {
		return fmt.Sprintf("patch %s was made from %s %s, and %s is there (%s): major and minor must be the same", x.Solution, parent.Name, parent.Version, parent.There, x.Code)
	}
	return fmt.Sprintf("patch %s: version %s does not fit parent %s %s (%s): major and minor must be the same, the rest higher",
		x.Solution, shown(x.New), parent.Name, parent.There, x.Code)
}

// sayPatchNotNewer has the parent in Providers, and the other patch in Solutions with its version in Old.
func sayPatchNotNewer(f *Finding) string {
	x := f.Facts
	parent := Provider{}
	if len(x.Providers) > 0 {
		parent = x.Providers[0]
	}
	return fmt.Sprintf("patch %s %s: installed patch %s %s of %s is equal or higher", x.Solution, shown(x.New), enumerate(x.Solutions), x.Old, parent.Name)
}
