package packager

import (
	"fmt"
	"iter"
	"slices"

	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	ruleNoContentTypes   = diag.Rule{ID: "packager/no-content-types", Severity: diag.Warning, Summary: "the zip has no [Content_Types].xml", Help: "The platform refuses such a package. Pack writes the part."}
	ruleUnclaimedEntry   = diag.Rule{ID: "packager/unclaimed-entry", Severity: diag.Note, Summary: "an entry of the zip belongs to nothing", Help: "The reference tool drops it. It is kept in the tree and named in Other/unclaimed.txt, from where Pack puts it back. Delete the file and its line if it is not wanted."}
	ruleRenamedEntry     = diag.Rule{ID: "packager/renamed-entry", Severity: diag.Note, Summary: "an entry's name in the zip is not its path in the tree", Help: "Other/renamed.txt holds the exact name, which Pack writes again."}
	ruleRescuedElement   = diag.Rule{ID: "packager/rescued-element", Severity: diag.Note, Summary: "an element that the reference tool drops or overwrites", Help: "It is kept in Other/Rescued.xml, from where Pack puts it back."}
	ruleDuplicateSection = diag.Rule{ID: "packager/duplicate-section", Severity: diag.Warning, Summary: "a section occurs twice in customizations.xml", Help: "Of a zip the second one is kept in Other/Rescued.xml. In a tree the files of the section are packed in the place of the first. The reference tool can't pack such a package."}
	ruleMissingFile      = diag.Rule{ID: "packager/missing-file", Severity: diag.Error, Summary: "a component names a file that is not there", Help: "Restore the file, or remove the element that names it."}
	rulePointer          = diag.Rule{ID: "packager/git-lfs-pointer", Severity: diag.Error, Summary: "a file is a Git LFS pointer, and not the file itself", Help: "Run git lfs pull, or have the files of Git LFS checked out where the solution is packed. The package would hold the pointer in the place of the file."}
	ruleUnportableName   = diag.Rule{ID: "packager/unportable-name", Severity: diag.Warning, Summary: "a path is not portable between systems", Help: "It may be impossible to check out on Windows, or be refused by tools that hold files to Go's module rules."}
	ruleLongPath         = diag.Rule{ID: "packager/long-path", Severity: diag.Note, Summary: "a path is long for Windows", Help: "Many programs on Windows take paths of up to 260 characters, the folder of the tree included. Keep the tree in a folder with a short path, allow long paths there, or give the component a shorter name."}
	ruleTableName        = diag.Rule{ID: "packager/table-without-name", Severity: diag.Error, Summary: "a table has no element Name", Help: "Neither the reference tool nor the platform takes such a table. Add the element Name as the first of Entity."}
	ruleNoManagedFlag    = diag.Rule{ID: "packager/no-managed-flag", Severity: diag.Warning, Summary: "solution.xml does not say whether it is managed", Help: "It is taken as unmanaged. Add <Managed>0</Managed>."}
	ruleNoRoot           = diag.Rule{ID: "packager/component-without-root", Severity: diag.Error, Summary: "a component is not listed in RootComponents", Help: "The reference tool refuses to pack it. Add a RootComponent to Other/Solution.xml, or remove the component."}
	ruleNoComponent      = diag.Rule{ID: "packager/root-without-component", Severity: diag.Warning, Summary: "a RootComponent has no component", Help: "Add the component, or remove the RootComponent."}
	ruleNotRegular       = diag.Rule{ID: "packager/not-a-file", Severity: diag.Warning, Summary: "something in the tree is not a regular file", Help: "Links and devices are not followed. Replace it by a file, or remove it."}
	ruleRawFile          = diag.Rule{ID: "packager/raw-file", Severity: diag.Note, Summary: "a file of no known component kind goes into the package", Help: "Files in folders of the tree are packed as they are. Move what does not belong to the solution out of the tree, or into a folder of the root whose name begins with a dot."}
	ruleUnownedFile      = diag.Rule{ID: "packager/unowned-file", Severity: diag.Warning, Summary: "a file in a component folder belongs to no component and is not packed", Help: "Delete it, or list it in Other/unclaimed.txt."}
	ruleLetterCase       = diag.Rule{ID: "packager/letter-case", Severity: diag.Warning, Summary: "a path differs from what the format asks for in letter case only", Help: "The reference tool does not find it on a system that distinguishes case. Rename it."}
	ruleCaseCollision    = diag.Rule{ID: "packager/case-collision", Severity: diag.Error, Summary: "two files differ in letter case only", Help: "They are one file on Windows and macOS. Rename one."}
	ruleIndexOnly        = diag.Rule{ID: "packager/relationship-without-definition", Severity: diag.Warning, Summary: "Other/Relationships.xml lists a relationship that no file defines", Help: "Only its name is packed. Restore its definition in Other/Relationships, or remove it from the index."}
	ruleNotIndexed       = diag.Rule{ID: "packager/relationship-not-indexed", Severity: diag.Warning, Summary: "a relationship is not listed in Other/Relationships.xml", Help: "The reference tool drops it; it is packed after the others. Add it to the index."}
	ruleLookupAlone      = diag.Rule{ID: "packager/lookup-without-relationship", Severity: diag.Warning, Summary: "a lookup column has no relationship", Help: "A lookup column is made by its relationship. Add that to the solution, or remove the column."}
	ruleRescueUnused     = diag.Rule{ID: "packager/rescue-unused", Severity: diag.Warning, Summary: "a list of kept entries or elements names something that is no longer there", Help: "Remove the line or element from the file in Other."}
	ruleDuplicateEntry   = diag.Rule{ID: "packager/duplicate-entry", Severity: diag.Error, Summary: "two files of the tree become one entry of the zip", Help: "Remove one of them."}
	rulePlaceholder      = diag.Rule{ID: "packager/placeholder-missing", Severity: diag.Error, Summary: "the empty element in the place of files is missing", Help: "Each section, and the forms, views, charts and ribbon of a table, have an empty element in their place, in Other/Customizations.xml or Entity.xml. Without it files are no components: those of a section are packed as they are, others are not packed. Add the element, or delete the files."}
	ruleSectionNotSplit  = diag.Rule{ID: "packager/section-not-split", Severity: diag.Warning, Summary: "a section of Other/Customizations.xml has content and files", Help: "The content in Other/Customizations.xml is packed and the section's folder is packed as it is. Empty the section, or delete the files."}
	ruleWrongRoot        = diag.Rule{ID: "packager/wrong-root-element", Severity: diag.Warning, Summary: "a file's root element is not that of its component kind", Help: "It is packed as it is, or what is in it where a file has an element around what it holds."}
	ruleMissingManaged   = diag.Rule{ID: "packager/missing-managed-file", Severity: diag.Warning, Summary: "a tree lacks the managed form of a site map, form or app module", Help: "The managed package is without it, as the reference tool packs it. Forms and app modules of packages from platform version 9.1.0.22716 on have the other form in its place."}
	ruleUnmanagedForm    = diag.Rule{ID: "packager/unmanaged-form-in-managed", Severity: diag.Warning, Summary: "a managed package has the unmanaged form of a form or site map", Help: "A tree of both kinds lacks X_managed.xml, and X.xml is packed in its place, as the reference tool does from platform version 9.1.0.22716 on or if asked. What a managed export holds are differences, which merge with those of other solutions; nothing makes them of the whole form. Export the solution as managed too, and unpack both."}
	ruleMissingUnmanaged = diag.Rule{ID: "packager/missing-unmanaged-file", Severity: diag.Warning, Summary: "a file is there in its managed form only", Help: "The unmanaged package is without it: what X_managed.xml holds are differences to other layers, which an unmanaged import refuses. Restore X.xml, or remove X_managed.xml."}
	ruleDifference       = diag.Rule{ID: "packager/difference-in-unmanaged", Severity: diag.Error, Summary: "an unmanaged package holds a site map that is a difference", Help: "Only managed packages hold site maps with the attribute solutionaction, which are differences to other layers. The import of an unmanaged one is refused. Export the solution as unmanaged, or make the package managed."}
	ruleLabels           = diag.Rule{ID: "packager/labels-not-packed", Severity: diag.Warning, Summary: "the folder Resources holds files, which are not packed", Help: "Texts of labels in .resx files are merged into the components on request: PackOptions.Localize, solkit pack -localize. Without it the package has the labels that stand in the components. Other files are never packed."}
	ruleLabelForeign     = diag.Rule{ID: "packager/label-without-key", Severity: diag.Note, Summary: "labels are in no resource file, as nothing is known that gives them a key", Help: "They stay where they are. Translate them there."}
	ruleLabelCollision   = diag.Rule{ID: "packager/label-collision", Severity: diag.Warning, Summary: "labels with one key have different texts", Help: "Keys are made of names and ids, and those of two labels can be equal. Resource files have one text for both, that of the first. A text is packed only where it is clear which of them it stands for. Change the others in their component."}
	ruleLabelKey         = diag.Rule{ID: "packager/label-key-unknown", Severity: diag.Warning, Summary: "a resource file has a key that no label has", Help: "Its component is gone or has another name, or the key is mistyped. Remove the entry, or unpack with resource files again."}
	ruleLabelKept        = diag.Rule{ID: "packager/label-kept", Severity: diag.Note, Summary: "a resource file has no text for a label that has one", Help: "A text that is empty says that there is no translation, so the label stays. Remove it in the component, or write its text into the resource file."}
	ruleLabelLanguage    = diag.Rule{ID: "packager/label-language", Severity: diag.Warning, Summary: "a language of labels is not one of the solution, or is not known", Help: "Languages of customizations.xml says which languages a solution has. Add the language there, or remove its labels."}
	ruleRemapped         = diag.Rule{ID: "packager/plugin-remapped", Severity: diag.Note, Summary: "the name of a plug-in assembly is that of its DLL", Help: "The DLL was built with another version, name or key than the tree says, and PackOptions.RemapPlugins asks for the names of DLLs. The files of the tree stay as they are."}
	ruleNotRemapped      = diag.Rule{ID: "packager/plugin-not-remapped", Severity: diag.Warning, Summary: "names of a plug-in assembly can't be held against its DLL", Help: "The names in the tree are packed. Build the DLL anew, or repair the workflow."}
	ruleDotFile          = diag.Rule{ID: "packager/dot-file", Severity: diag.Warning, Summary: "a file whose name begins with a dot goes into the package", Help: "Everything in the folder of a component is packed, as the reference tool does. Remove the file if it does not belong to the solution. Names that begin with .git are left out."}
	ruleDuplicateKey     = diag.Rule{ID: "packager/duplicate-key", Severity: diag.Warning, Summary: "two components of one kind have one key", Help: "The platform takes one of them. Remove the other, or give it a key of its own."}
	ruleDirective        = diag.Rule{ID: "packager/map-directive", Severity: diag.Warning, Summary: "a directive of a mapping file can't be followed", Help: "Directives are Folder, FileToFile and FileToPath with the attributes map and to. Folders have the wildcard **; only the map of FileToPath has wildcards for files, which are *.* and *.ext. Correct the directive."}
	ruleDirectiveUnused  = diag.Rule{ID: "packager/map-directive-unused", Severity: diag.Note, Summary: "a directive of a mapping file matches nothing", Help: "The first directive that matches a file is the one that counts. Correct the path in map, or remove the directive."}
	ruleMapped           = diag.Rule{ID: "packager/mapped-file", Severity: diag.Note, Summary: "a file stands elsewhere", Help: "A directive of the mapping file matches it. Unpack does not write it, and Pack takes what stands where the directive says."}
	ruleMappedMissing    = diag.Rule{ID: "packager/mapped-file-missing", Severity: diag.Warning, Summary: "a file is not where the mapping file has it", Help: "Pack takes the file in the tree, as the reference tool does, and fails if there is none. Build what makes the file, or correct the directive."}
	ruleMappedSeveral    = diag.Rule{ID: "packager/mapped-file-several", Severity: diag.Warning, Summary: "several files stand where the mapping file has one", Help: "The first is packed: files of a folder come before those of its folders, and these by name, so that Debug comes before Release. Name the folder instead of **."}
	ruleOneKind          = diag.Rule{ID: "packager/one-kind-only", Severity: diag.Note, Summary: "a file of a tree of both kinds is for the package of one kind", Help: "The two packages differ here, and the reference tool keeps one of the files. The other one stands in Other/unmanaged or Other/managed, and Other/halves.txt says which main file it stands for, or that the package of a kind is without one."}
	ruleTwoPublishers    = diag.Rule{ID: "packager/two-publishers", Severity: diag.Warning, Summary: "the two packages of a tree of both kinds have other publishers", Help: "Each is the default publisher of an environment, so the packages were exported from two of them. Each package keeps its own."}
	ruleHalfNotUsed      = diag.Rule{ID: "packager/half-not-used", Severity: diag.Warning, Summary: "a file in Other/unmanaged or Other/managed is not packed", Help: "It stands for a main file as Other/halves.txt knows it. That one was edited, has come or has gone since, and is packed, or missing, in both packages. Make the edit in both files and write the digest of the finding to Other/halves.txt, or remove the file in Other."}
	ruleCarriageReturn   = diag.Rule{ID: "packager/carriage-return", Severity: diag.Warning, Summary: "text holds a carriage return as a character reference", Help: "The dialect writes it as a newline, as the reference tool does."}
	ruleAppOpaque        = diag.Rule{ID: "packager/app-unreadable", Severity: diag.Warning, Summary: "the document of a canvas app can't be taken apart", Help: "It was asked for and could not be done: the .msapp is empty, damaged, or not a zip as apps are, or its folder is taken. It stays as it is, and is packed so. Save the app again if it does not open."}
	ruleAppConflict      = diag.Rule{ID: "packager/app-conflict", Severity: diag.Error, Summary: "a canvas app and its folder are not of one version", Help: "The .msapp was replaced after its folder was made, so each may hold what the other lacks. Unpack the app again, which makes the folder anew, or delete the one that is not wanted."}
	ruleAppMissing       = diag.Rule{ID: "packager/app-file-missing", Severity: diag.Error, Summary: "the folder of a canvas app lacks a file", Help: "msapp.json names the entries of the app. Restore the file, or remove the line of the entry to remove it from the app."}
	ruleAppAdded         = diag.Rule{ID: "packager/app-file-added", Severity: diag.Note, Summary: "the folder of a canvas app has a file that becomes a new entry", Help: "msapp.json does not name it. Remove it if it does not belong to the app."}
	ruleAppMade          = diag.Rule{ID: "packager/app-made", Severity: diag.Note, Summary: "a canvas app is made of its folder", Help: "Entries that say the same as in the .msapp are copied from it; without the .msapp all are compressed anew, which gives other bytes with the same content. checksum.json is left out of an app that changed: only the service can compute it, and apps without one are common."}
	ruleAppSource        = diag.Rule{ID: "packager/app-source-alone", Severity: diag.Warning, Summary: "only the text form of a screen was edited", Help: "The files in Src are written for people when an app is saved. An app that also has Controls is loaded from these, so the edit may not show. Edit both, or make the change in Studio."}
	ruleAppMalformed     = diag.Rule{ID: "packager/app-malformed", Severity: diag.Error, Summary: "a file of a canvas app is no JSON", Help: "The app would not open. Repair the file."}
	ruleAppOldSource     = diag.Rule{ID: "packager/app-old-sources", Severity: diag.Warning, Summary: "sources of a canvas app in the format of pac canvas unpack are not packed", Help: "The format (*.fx.yaml, CanvasManifest.json) is given up by its makers. Unpack the solution with canvas apps as folders instead, and delete these files."}
)

var ruleCatalogue = []diag.Rule{
	ruleNoContentTypes, ruleUnclaimedEntry, ruleRenamedEntry, ruleRescuedElement, ruleDuplicateSection, ruleMissingFile, rulePointer,
	ruleUnportableName, ruleLongPath, ruleTableName, ruleNoManagedFlag, ruleNoRoot, ruleNoComponent, ruleRawFile,
	ruleUnownedFile, ruleLetterCase, ruleCaseCollision, ruleIndexOnly, ruleNotIndexed, ruleLookupAlone, ruleRescueUnused, ruleDuplicateEntry,
	rulePlaceholder, ruleSectionNotSplit, ruleWrongRoot, ruleMissingManaged, ruleCarriageReturn, ruleDuplicateKey, ruleNotRegular,
	ruleMissingUnmanaged, ruleDifference, ruleLabels, ruleDotFile, ruleDirective, ruleDirectiveUnused, ruleMapped, ruleMappedMissing, ruleMappedSeveral,
	ruleLabelForeign, ruleLabelCollision, ruleLabelKey, ruleLabelKept, ruleLabelLanguage, ruleRemapped, ruleNotRemapped,
	ruleOneKind, ruleTwoPublishers, ruleHalfNotUsed, ruleUnmanagedForm,
	ruleAppOpaque, ruleAppConflict, ruleAppMissing, ruleAppAdded, ruleAppMade, ruleAppSource, ruleAppMalformed, ruleAppOldSource,
}

// Rules returns the catalogue of the findings of this package.
func Rules() iter.Seq[diag.Rule] { return slices.Values(ruleCatalogue) }

// finding makes a diagnostic of a rule about a whole file.
func finding(r diag.Rule, file, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Rule: r.ID, Severity: r.Severity, Message: fmt.Sprintf(format, args...),
		Location: diag.Location{File: file}}
}

// without returns l less the findings of the given rules.
func without(l diag.List, rules ...diag.Rule) diag.List {
	return slices.DeleteFunc(slices.Clone(l), func(d diag.Diagnostic) bool {
		return slices.ContainsFunc(rules, func(r diag.Rule) bool { return r.ID == d.Rule })
	})
}
