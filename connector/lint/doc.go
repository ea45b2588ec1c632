// Package lint checks custom connectors by rules and JSON schemas.
//
// [Check] checks one connector of either form, [CheckSolution] all connectors of a solution and what belongs to
// none of them. The schemas in the folder schema know the Swagger 2.0 subset with every extension, properties,
// settings, and the parameters of each policy template; rules say what no schema can say: references between
// operations, dynamic extensions, triggers, policies, parameters, script, icon, and the solution around the
// connector. [Rules] is the catalogue; docs/rules/connector.md, which is made from it, is the page to read.
//
// A rule is an error if the platform will not import or save the connector, a warning if something goes wrong at
// run time, a note if it only tells; the rules of [Certification] matter to those who publish, and are notes where many
// published connectors break them without harm. What is not certain about the platform is never an error. Ids never change.
//
// A finding is at the place in the source: a file of a tree, an entry of a zip, a loose file. Its fixes are edits of
// that file.
//
// # Schemas
//
// They are JSON Schema 2020-12, of which this package reads the keywords that they use: it walks the spans and decodes nothing.
// Tests hold that against a whole implementation, for the corpus, for faults of every kind at every place, and by fuzzing. The
// schemas are read at the first check.
//
// # Concurrency
//
// All functions may be called from any number of goroutines. Options are plain values, which must not be changed
// while a check runs.
//
// # Where rules come from
//
// The public documentation of custom connectors, their extensions and their certification; where published connectors break a rule
// without harm, it is no error.
package lint
