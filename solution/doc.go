// Package solution reads, checks and edits the two documents of every Dataverse solution, solution.xml
// and customizations.xml, and knows the kinds of components that exist.
//
// # solution.xml
//
// The root ImportExportXml says what wrote the file ([Export]). Its SolutionManifest holds, always in
// this order and each once in what the platform exports:
//
//   - UniqueName: letters, digits, underscores; the identity, compared without regard to case.
//   - LocalizedNames, Descriptions: texts by language ([Label]).
//   - Version: up to four numbers ([Version]).
//   - Managed: 0 unmanaged, 1 managed, 2 both, the last in source trees only ([Kind]).
//   - ConfigurationPage: a web resource, in few solutions (observed).
//   - Publisher: owner, prefixes and addresses ([Publisher]). xsi:nil="true" is null, which is not empty.
//   - RootComponents: what was added to the solution ([RootComponent]). A type number, and one of
//     schemaName, id, both or, for the default site map, neither. behavior absent means 0.
//   - MissingDependencies: what the package needs and does not hold ([Dependency]).
//
// ParentSolution may follow in a patch. Stubs in repositories lack several of
// these, so only the two outermost elements are required to read a file.
//
// # customizations.xml
//
// The root ImportExportXml holds sections (Entities, Roles, Workflows, ...), and these hold components,
// some of them nested, such as the columns, forms and views of a table. [Customizations] is an index of
// these: kind, key and span of each.
//
// # Component types
//
// components.csv is a catalogue of the kinds: number, logical name, section, what identifies a
// component ([ComponentTypes]). Numbers below 10000 are fixed; from 10000 on each environment gives its
// own, so a kind is identified by its logical name ([ComponentType]) and a component by a [Key].
//
// # Parts and changes
//
// [Parts] are the one form of a solution: its files under the names that a zip gives them, whatever they were read from. A zip
// that package packager opened is Parts, a source tree gives them, and [PartsOf] makes them of the folder of an extracted zip.
// [ReadManifest] and [ReadCustomizations] read the two documents of them, with places in the source.
//
// A [Change] is an edit of parts: of the manifest by [EditManifest], of any part by an [Editor]. Changes of one source are
// joined by [JoinChanges]. Package packager writes them back into a zip or a tree.
//
// # Concurrency
//
// All types but [Editor] are safe for concurrent use: [Manifest], [Customizations], [Change] and Parts are immutable, and the
// others plain values, which may be read by many at once while nobody changes them.
//
// # Bytes and positions
//
// Values are views over the bytes that were read, in UTF-8. Nothing is decoded and written back: an edit
// is a splice, and all bytes outside of it stay. [SyntaxError] and findings carry exact positions.
//
// Facts are from public documentation and from what exported files were observed to hold.
package solution
