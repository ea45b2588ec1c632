// Package yamlsource reads the YAML source format of solutions, which the Git integration of the platform commits, and writes it.
//
//	tree, err := yamlsource.Load(os.DirFS(dir), nil)
//	findings, err := packager.Pack(w, tree, nil)
//
// What Load returns is a [packager.Tree] like any other: it can be checked, packed, compared and read as [solution.Parts]. Its
// places, those of its findings and of everything that reads its parts, are those of the YAML files. The rules below were found
// in files that the platform wrote; what comes from public documentation alone says so.
//
// # The folder
//
// A root holds solutions/<name>/solution.yml. [Load] takes the root itself or a folder above it. Beside solution.yml stand
// rootcomponents.yml, solutioncomponents.yml and missingdependencies.yml; the last two may be absent. The publisher is
// publishers/<name>/publisher.yml. With these, solution.yml makes solution.xml: the publisher in the place of its name, and behind it
// the root components and the missing dependencies.
//
// A component is a folder in the folder of its kind, and has the files that it names beside its YAML file. The kinds are those of
// the table in kinds.go; tables, whose columns, keys, forms, views and ribbon are files of their own, have rules of their own
// (table.go). A folder <set>/<key> with the file <element>.yml, the element in small letters and of no section of
// customizations.xml, is a row of a table that is aware of solutions: its folder goes into the zip as it is, the file as
// <element>.xml. Whatever else looks like a component is refused by its file with [ErrKind]: the format of its kind is not known,
// and a package without it would look complete. Charts, dashboards, roles, plug-ins, connectors, classic site maps and processes are
// such.
//
// The paths in solutioncomponents.yml say what belongs to the solution. Where a root has several solutions, a component that only
// others list is left out, and of a table that only others list, but not its parts, the name alone is packed, as unmodified. With
// one solution everything is taken; the platform's own lists are not complete. Letter case of paths does not count.
//
// # The values
//
// A file is one mapping, its key the name of the root element:
//
//   - "@name" is an attribute, "#text" the text of an element with attributes, any other key a child element, and a list as many of
//     that name. Attributes and children keep their order.
//   - A scalar is its text as it is written: 1.0, 0100, Yes, null and ~ are texts like others, quoted or not.
//   - A value that is absent is the element in its short form, <A />. A quoted empty text is <A></A>, as is an element of attributes
//     alone if it is nil, or is called RibbonTemplates; others are short.
//   - The declaration of xsi, repeated where an element is nil, stands on the root alone.
//   - Paths of files lead to the folder of the component, /modernflows/<id>/<file>, and become those of the zip, /Workflows/<file>.
//   - AppVersion of a canvas app loses the fraction of its second.
//
// The format has no place for the languages of an environment: the package has the base language.
//
// Anchors, aliases, tags, several documents, and a key that occurs twice in a mapping are refused, as are files that are too large
// or too deep. Comments have no meaning and are not kept.
//
// # Canvas apps
//
// The platform stores an app's document as the folder <name>_DocumentUri, its JSON indented. The package gets a document of these
// files, under the names that apps give them, with backslashes. It is the same app, not the same bytes.
//
// # Kinds of package
//
// The format is that of unmanaged solutions, and knows no other form of anything. Pack makes either kind of it, as its documentation
// says.
//
// # Writing
//
// [Write] is experimental. It makes the files of parts whose kinds are all in the table, in the style of the platform: plain scalars
// wherever YAML allows them, else single quotes, and lists not indented. It refuses other kinds, and where the order of
// elements matters that the format can't keep (the parameters of a JavaScriptFunction).
package yamlsource
