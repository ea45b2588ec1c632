// Package content reads what a solution holds and what it refers to.
//
// The root components of a manifest are not the contents: connection references, environment variables, bots,
// custom APIs and relationships are in a package without being listed. And its missing dependencies are not its needs:
// the platform does not track tables that flows name by set name, connectors, and much else. Both are in
// the content, so both are read from there.
//
// # Where components are
//
// Most are elements of customizations.xml ([solution.Customizations]). Newer kinds are folders with an
// XML file named like its root element, which is the kind, and whose root has an attribute that
// names the component (schemaname, uniquename, name): bots/NAME/bot.xml. Links between two of them are elements of
// the files in Assets. Environment variables have both forms. An element of a section that the catalogue of package solution
// does not know is a component all the same, of the type that the element is called.
//
// The parts of a component ([Component].Parts) are what its element names by a path, such as JsonFileName, and all that is in
// its folder.
//
// # Where references are
//
// The table [Edges] has a row for each kind of reference: in manifest-like XML (tables, forms, views, apps, roles,
// steps), in flows (the JSON files of [connref.Flows]), in the JSON texts of canvas apps and in their documents (.msapp), in bot components (YAML, or JSON
// of the older kind), in the XAML of processes, in pages and style sheets, and in the files of newer kinds. Expressions, which only a running flow can resolve, are given as [Unknown],
// and so is a GUID of zeros, which is how exports write one that is not set.
//
// What other packages know as well has one place: the connections of flows and the links of agents are those of package connref, components
// that are folders and prefixes of names those of package model. Forms, views, site maps and roles have two: references are found in
// one pass over the table of elements that all readers share ([solution.Shared]), by the rules of one table. The views of package model
// would ask for each element by its path, which takes several times as long.
//
// # How references resolve
//
// To a component of the package, else to what the manifest declares as a missing dependency, else to the
// base of the platform by the table [Base], else to nothing. A column without a prefix is part of the platform if its table is, or
// is in the package. A name of a table set is looked up in the tables of the package, in the data sources of its canvas apps,
// then in the base. Several solutions resolve together with [Join].
//
// # What the platform refuses
//
// [CheckComponents] looks for faults that components have when they are made by hand, by a table of rules. It asks no more than what
// exports keep to: of real solutions none that was exported has an error. What some have is a warning, such as a table without a main
// form, and what many have is a note, such as an option outside of the publisher's range.
//
// # How much is read
//
// What is kept never takes much more memory than the parts have bytes: a solution has at most 16,384 components and one more for
// every 512 bytes of the parts that are read, and 65,536 references and one more for every 80. Of the real solutions that were
// measured the densest has a component in 793 bytes and a reference in 480, and none has more than 16,000 of either; one of roles alone
// has a privilege in 80 bytes. More are an error that wraps [solution.ErrLimit]. Of findings about references the first 1,000 of
// a rule are made.
//
// Facts are from public documentation and from what exported files were observed to hold.
package content
