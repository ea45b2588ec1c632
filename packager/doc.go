// Package packager turns solution zips into source trees and source trees into solution zips.
//
// What it writes is, byte for byte, what SolutionPackager 9.1 (pac solution unpack and pack) writes,
// here called the reference tool. Where that tool loses data, this package keeps it. The rules below
// were found by comparing inputs and outputs of the tool; see CONTRIBUTING for how a fact enters.
//
//	pkg, err := packager.Open(readerAt, size, nil)
//	tree, err := packager.Unpack(pkg, nil)    // zip → tree, an fs.FS
//	err = os.CopyFS(dir, tree)
//
//	tree, err := packager.Load(os.DirFS(dir), nil)
//	findings, err := packager.Pack(w, tree, nil) // tree → zip
//
// # The zip
//
// A solution zip holds solution.xml (the manifest), customizations.xml (the components), [Content_Types].xml,
// and files. Names of entries are compared without case; "\" is "/", percent escapes are decoded, and
// "." and empty segments vanish. An entry is visible to the reference tool only if [Content_Types].xml
// gives its extension, or itself, a content type that looks like type/subtype.
//
// Open refuses, with an error that names the entry: names that lead outside (a ".." segment, an absolute
// path, a drive letter), NUL in a name, two entries of exactly one name, encrypted entries, methods
// other than store and deflate, and whatever is over its [Limits]. Length and CRC are checked when an
// entry is read. DTDs are refused in every XML file. What is no solution at all, but is known to be something else, or to hold
// solutions further down, is a [*NotSolutionError] that says so; the same for folders that [Load] is given.
//
// # The tree
//
// customizations.xml is split. A section, which is a child of its root, is split by the row that the
// layout table (layout.go) has for it:
//
//   - A component is a file named by a name or id in it; the files that it names stand beside it. An
//     element with other elements in it names nothing.
//   - Some sections are one file in Other or PluginAssemblies.
//   - Entities, Templates and EntityRelationships have their own ways (entities.go, templates.go,
//     relationships.go).
//   - Some sections stay where they are.
//   - A section without a row is split into <Section>/<Name>.meta.xml if its first element has an
//     attribute Name or a child Name or name, and else stays where it is.
//
// Other/Customizations.xml holds the root and what stays, with an empty element in the place of each
// section that was split. Other/Solution.xml is solution.xml with RootComponents and MissingDependencies
// sorted. Entries in folders that belong to no section are copied as they are.
//
// The XML of a tree is in the dialect of the .NET XmlWriter: UTF-8 with a byte order mark, two blanks
// of indent, LF unless [UnpackOptions] asks for CRLF, no newline at the end. The namespace declarations
// of the root of customizations.xml are repeated on the root of each file, but for app modules and
// reports, which have those that they use. Prefixes that are declared below the root are declared where a file uses them.
//
// File names are cleaned of the characters that Windows forbids, on every system, and files are ordered
// as NTFS lists them, so that a tree and its zip do not depend on where they were made.
//
// # What the reference tool loses
//
// It is kept in Other, where that tool takes no notice of it, and comes with a finding:
//
//   - Entries that belong to nothing (no content type, extra files in the root, in Other, in Resources, or
//     in a folder whose section has content) stand in Other/unclaimed/, by their path in the zip cleaned of what can't be
//     written on every system. Files in the folder of a section without components stand where the reference tool
//     writes them and are named in Other/unclaimed.txt, one a line, sorted; folder entries too.
//   - Entry names that do not follow from the path in the tree (percent escapes, backslashes, other letter
//     case) are in Other/renamed.txt: path, tab, quoted name.
//   - Elements without a file (no name, no file named, the first of two with one file name, a name that
//     would lead outside the folder), comments and text between components, attributes of sections
//     that are split, a second section of one name: all in Other/Rescued.xml, by the place they came from.
//
// So for every zip that can be read, packing what was unpacked gives the same entries with the same
// bytes, but for solution.xml and customizations.xml, which are equal as XML: elements, attributes and
// texts; siblings change order only where the reference tool changes it, white-space-only text is not
// text, and newlines in text are one newline, however they were written. [Content_Types].xml is written
// anew and covers all entries.
//
// # Packing
//
// Pack joins the sections in the order of Other/Customizations.xml, and the components in the order of
// their files: roles, option sets, dashboards, steps, forms, views and charts by the culture compare of
// file names, all others as NTFS lists their folder. Entries are customizations.xml, solution.xml, the
// files of components, files of other folders, kept entries, [Content_Types].xml. Files in the tree's root,
// in Other, in Resources, and files that no component of a split section names are not packed. Neither are files and folders
// whose name begins with a dot, but in folders that belong to no section and in those of custom controls: there they are
// packed, which a finding says, unless the name begins with .git.
//
// An empty element is the place of what became files. Where Other/Customizations.xml has none for a section, the files in its
// folder are packed as they are, and others are not packed, as the reference tool does; the same goes for forms, views, charts and
// the ribbon of a table and its Entity.xml. That is a finding with the fix, an error where something would be missing. A section
// that has content there is packed with it, and its components are held to the rules of those in files.
//
// A file of a form or view may have the item as its root, as old trees have it.
//
// A file that a component names and that is not there stops Pack, also one that a file names which is packed as it is: the
// manifest of a custom control its resources, a component of a newer kind the files of its file columns (pieces.go). A
// component that is not in RootComponents is a finding of severity error, but is packed. Two components of one key are
// a finding (keys.go), whatever they are and wherever they stand.
//
// A Git LFS pointer in the place of a file stops Pack as well.
//
// The kind of the package is that of the tree. Another is refused unless [PackOptions] has Convert
// and every component in the tree is the same in managed and unmanaged packages, as far as
// pairs of exports show (kinds.go): tables and choices of the publisher, tables without forms only, relationships, app modules and their
// site maps, and what does not belong to tables. In a tree of both kinds (Managed is 2), files named X_managed.xml are taken for
// a managed package in the place of X.xml. An unmanaged package never has X_managed.xml: where X.xml is not there, it is without
// it, and a finding says so. Nor may its site maps have the attribute solutionaction, which makes a difference of them.
// Labels in Resources are merged on request alone, see below.
//
// # Resource files
//
// UnpackOptions.Localize adds a .NET resource file for each language of the solution, Resources/CULTURE/resources.CULTURE.resx, and
// SourceLocale one for translations to begin with, Resources/template_resources.resx. The texts stay in the components, too. A
// label is an element with the attributes description and languagecode; its key is
//
//	CODE:ELEMENT,PARTS
//
// with the number of the component type, the name of the element, and names and ids of what has the label: 15062 for the solution
// (unique name) and its publisher (unique name, prefix, prefix of options), 1 for tables (name, "entity", name), columns, choices and
// their options (names and value), forms, what is in them, and views (title of the table and id), 10 for relationships (name), 29
// for workflows (id) and their steps. That is as in resource files that the reference tool wrote. Those of charts, keys, hierarchy
// rules, ribbons, global choices, dashboards, apps and their site maps follow the same pattern, and no file of that tool is known
// which has one. Titles of site maps, components in folders without a section, and labels that nothing gives a key (a finding) are
// in no resource file. All files list all keys; a text that a language lacks is empty. A tree of both kinds has one set of files
// for both packages, with the text of the unmanaged one where they differ. Keys are sorted upper-cased by their characters. The head of the files is that of writers outside Windows; on Windows there is a comment in it.
//
// PackOptions.Localize merges the files of languages by the names of their files, which may be numbers, and SourceLocale the
// template. What is not changed in a file changes nothing, in neither package of a tree of both kinds; what is goes into both. A text replaces that of the label, or comes as a new label after
// those that it has; an empty one takes nothing away (a finding, if there is something). Labels that share a key may have several texts
// (a finding): a changed one is not packed then, and a new language goes where the text is the one that the files have in another.
// A key that no label has is a finding; a language that is not known, a file that is no resource file, and a template of another
// language than SourceLocale are errors.
//
// # Both kinds
//
// [UnpackBoth] makes one tree of the two packages of a solution, in which Managed is 2. The reference tool writes the
// unmanaged package, and then of the managed one the head files, the tables (Entity.xml and ribbon), the files of no section and
// the forms X_managed.xml: over those of the unmanaged package, where both have one. Of all other kinds the unmanaged file stays,
// and what only the managed package has is lost (observed on pairs of packages).
//
// What is in the tree by that rule are the main files. What a package has otherwise is kept in Other, by its path:
//
//	Other/unmanaged/Entities/cts_Widget/Entity.xml
//	Other/managed/Entities/cts_Widget/SavedQueries/{…}.xml
//	Other/halves.txt
//
// Other/halves.txt has a line for each such file that stands for a main file: its path, the kind, and a digest of the main file,
// with tabs between them; and a line with "without" for each main file that the package of a kind does not have. To pack a kind is to
// pack the main files with those of that kind in their place, so each package comes back by the law above.
//
// Main files win when somebody edits them: a file stands for a main file only as long as that has the digest, and without a line
// only as long as there is no main file. Else both packages have the main file, and a finding says what to do: remove the
// file that is not packed, or make the edit there too and write the new digest. The version of the solution is always that of
// Other/Solution.xml, and no edit in this sense. A tree of both kinds of the reference tool has no such files, and is packed as that
// tool does.
//
// # Speed and memory
//
// Each file is scanned once, with all checks, and the keys of its components are taken meanwhile; what is written of it afterwards
// looks again only at the tags and texts that are not as the dialect has them, and is copied line by line where all are. Unpack has
// customizations.xml in memory once. Pack compresses it while it is joined, by another processor if there is one, and keeps no more;
// nothing is written before all of it is known to be right. Where something has to be told of it, such as two components of one
// key, it is joined once more.
//
// Most of the time of Pack is that of the standard library's deflate. A [PackOptions] may bring another one: with
// github.com/klauspost/compress/flate at level 6, real solutions took 0.59 of the processor time and became 3 % larger (zips of 200 to
// 900 kB, Go 1.26). This module does not depend on it:
//
//	opts.Compressor = func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 6) }
//
// Such a writer, of up to a megabyte, is reset for further entries: a tree of 22 MB is packed with 40 MB of memory allocated in all, and not 205.
//
// What a machine makes of this shows go test -run - -bench Ratio ./packager: Pack against plain deflate of the same bytes, Unpack
// against plain inflate, and the memory at the peak against customizations.xml. Of its 50 MB in a thousand tables, with a
// machine of two processors and Go 1.26, where Unpack makes 360 MB a second:
//
//	                      reached         goal
//	Pack, one processor   62 % of deflate 80 %   by processor time
//	Pack, two             93 % of deflate 95 %   by the time of a clock
//	objects of a Pack     30,400          25,500
//	objects of an Unpack  35,800          15,800
//	bytes at the peak     1.3, on two 1.9 2.2    times customizations.xml, for Pack
//	                      2.1             2.2    for Unpack
//
// Of the time of Pack, deflate has 65 %, which is 5 % more than it takes of bytes that lie there, scanning 15 %, keys 8 %, and
// writing, reading and finding files 11 %. So the goal asks that all this be done in a third less than scanning and keys alone take.
//
// Small zips that become large take six times what is in them at most, garbage included, to unpack and to pack
// again, but for UTF-16 of which each character becomes longer as UTF-8: there it is up to eleven times its bytes, and six times
// those of UTF-8.
//
// # Parts and edits
//
// A [Package] is the parts of a solution ([solution.Parts]), and [Tree.Parts] joins those of a tree, whose locations are those of
// its files. Everything that reads a solution reads parts, so it sees the same in a zip and in its tree.
//
// A change of the parts of a solution ([solution.Change]) goes back to where the parts are from: [Rewrite] writes a zip with it, and
// [Tree.With] makes a tree with it. Both give one solution. In a tree a splice is made in the file that its bytes are from; only
// what cannot be done there, such as a component that comes, goes, or gets another file name, makes and removes files, as
// Unpack would name them.
//
// [TreeOf] makes a tree of parts that are read from another layout of files, such as the one that package yamlsource reads. All
// places are then those of that source.
//
// A new solution is [solution.NewParts] with changes applied, from which [Unpack] makes a tree.
//
// # Mapping files
//
// A mapping file ([ParseMap]) says which files stand elsewhere than in the tree: what a build makes, or what has another place in a
// repository.
//
//	<Mapping>
//	  <FileToFile map="Sample.dll" to="..\bin\**\Built.dll" />
//	  <FileToPath map="WebResources\**\*.css" to="../styles" />
//	  <Folder map="WebResources/cts_/img" to="%PICTURES%" />
//	</Mapping>
//
// The path of a file in the tree is held against map, without case; the first directive that matches it counts, whether its target
// is there or not. "\" is "/" on every system. Targets are seen from the folder of the tree, and %NAME% in them is a variable.
//
//   - FileToFile sends a file to another, FileToPath to one of its own name in a folder, and Folder all files to the same path
//     below a folder; then both folders must be there for Pack.
//   - map without a folder matches in any. The folder "**" stands for any number of folders, none included. Files are called *.ext
//     or *.* in the map of FileToPath alone.
//   - In a target, "**" is any folder below; the first file is taken, and a finding says if another one is not the same.
//   - A directive that can't be followed is ignored, with a finding.
//
// Only files that something names are mapped: the files of components, and those of which the XML that is packed as it is says
// that they belong to it. XML that says what a component is stays. Unpack does not write what a directive matches. Pack takes
// the file from its target, or else from the tree, with a finding; where it is in neither, that is an error. The reference tool
// does the same, but loses what is packed as it is. Here such a file that nothing names is written, and packed from its target if it
// is there, else from the tree.
//
// # Canvas apps
//
// The document of a canvas app, an .msapp, is a zip, which [OpenApp] reads. [UnpackOptions].Apps, for those who review apps, puts its entries
// in a folder beside it, CanvasApps/x/ beside CanvasApps/x.msapp, with msapp.json, which names them in their order. Both belong into
// source control: the .msapp alone has the streams without which no app is the same byte for byte, and the reference tool packs it and takes no notice of the
// folder; the folder shows what changed. Names are made ones that every system can write, and those that begin with a dot
// have "_" in front: the .gitignore that apps bring along would keep their own files out of the repository. JSON on one line is
// indented; the ends of lines that git may change do not count.
//
// Pack makes the app of the folder, if there is one, as [LoadApp] does: an app of which nothing was edited is the .msapp byte for byte, and
// where something was, all other entries are copied with their streams. Without the .msapp the entries are the same, but not the streams. A
// .msapp that was replaced after its folder was made stops Pack. checksum.json is left out of an app that was edited: its
// checksums of JSON can't be computed here, and of 281 real apps that were looked at 114 have none.
//
// What an entry is says [AppKind]. The files Src/*.pa.yaml are written for people; apps that have Controls are loaded from
// these, so a finding tells of a source that was edited alone. Sources that pac canvas unpack wrote (*.fx.yaml) are
// told and not packed.
//
// # Names of plug-in assemblies
//
// A build can give a DLL another version than the tree says. With PackOptions.RemapPlugins, Pack writes the full name of the DLL
// into FullName of PluginAssembly, AssemblyQualifiedName of its PluginType elements (the name of the type stays), schemaName of its
// root component, and, where the simple name is still the same, into PluginTypeName of steps and AssemblyQualifiedName of
// ActivityReference in the XAML of workflows. Each change is a finding; the files of the tree stay as they are. The full name is
// one row of the metadata of a .NET file (ECMA-335), which is all that is read: whether a type is there is not checked, and no code
// is looked at. A workflow that is changed is written as the reference tool writes it: indented, without declaration. That
// tool does all this unless it is told not to, and writes workflows with such a reference anew even where nothing changes; here those
// keep their bytes. A file that is no .NET assembly is left alone, with a finding. DLLs in packages (.nupkg) are not read.
package packager
