// Package build makes solutions in code, from nothing or on top of what is there: a publisher, tables with columns, forms and
// views, choices, relationships, roles, web resources, connection references, environment variables, flows and connectors.
//
//	b, err := build.New(build.Solution{Name: "Orders", Publisher: solution.Publisher{UniqueName: "contoso", Prefix: "contoso", OptionValuePrefix: 10000}})
//	b.Table(build.Table{Name: "contoso_Order", DisplayName: "Order", CollectionName: "Orders"})
//	parts, err := b.Parts()
//	tree, err := packager.Unpack(parts, nil)
//
// [On] builds on a solution that exists, and [Builder.Change] gives what was built as a [solution.Change], which package packager
// writes back into the zip or tree.
//
// # What is made
//
// What the maker portal makes of the same wishes, as exports show it. A table gets its primary key and name, the columns that
// every table has, state and status, a main form with all columns, and the six views of a new table: active, inactive, quick find,
// advanced find, associated and lookup. A lookup gets its relationship. Components are listed as root components where exports
// list them. Texts are in one language, that of the solution.
//
// A [Table] that is a shell adds to a table of another solution, such as a column to account. What this package does not make comes in
// as it is written, by [Builder.Element], [Builder.File] and [Builder.Root].
//
// [Builder.Label] gives components of a solution that exists other texts, and texts in more languages: where exports have them, as a splice
// of what is there.
//
// # Ids
//
// Where no id is given it is made of the solution's publisher and of what the component is called, so the same code makes the
// same solution, byte for byte, and a new version of it updates what the old one made. [ID] is that rule.
//
// # Not made
//
// Canvas apps, model-driven apps, reports, plug-ins, and everything else that is a program or needs one. A currency column is made alone:
// the platform adds the currency, the exchange rate and the amount in the base currency by itself.
//
// # Errors
//
// A [*Error] says which component cannot be made and why: a name without prefix, a column twice, a lookup without a target. The
// first one is kept by the builder and returned by Parts and Change, so calls need not be checked one by one.
//
// Facts are from exports of platform versions 9.2.24 and later.
package build
