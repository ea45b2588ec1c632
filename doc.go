// Package solutionkit is the front page of a library for Microsoft Power Platform and Dataverse solutions. It
// holds no code: the work is done by the packages below it.
//
// A solution is a zip archive that carries components (tables, flows, apps, custom connectors and a hundred
// other kinds) from one environment to another. Most of them stand in one large file, customizations.xml;
// solution.xml says what the solution is called, which version it has and what it needs; the remaining
// entries are files that components own. SolutionPackager, the reference tool, turns such an archive into a
// tree of small files for source control, and back. This library does that job, and the ones around it, for
// programs that embed it.
//
// # Packages
//
// Imports run from the bottom of this list to the top and never back.
//
//	solution/diag      findings: severity, rule, place, fix; SARIF
//	solution           the parts of a solution and changes of them; solution.xml, versions,
//	                   component keys, the component catalogue, the index of customizations.xml
//	connector          custom connectors: loose files and solutions, conversion, secrets
//	connref            connection references, environment variables, deployment settings
//	connector/lint     what is wrong with connectors: rules and JSON schemas
//	solution/model     typed views of components: tables, columns, choices and more
//	solution/content   what a package holds and what it refers to, with evidence
//	solution/graph     pictures of what depends on what
//	solution/inventory documents what solutions hold: Markdown, HTML, JSON
//	solution/diff      what changed between two solutions, and what that breaks
//	solution/build     makes solutions in code: tables, choices, roles, flows and more
//	solution/plan      the import of many solutions into an environment: order, refusals, what is
//	                   asked for, kept, deleted, and done by hand
//	solution/environment
//	                   an environment out of what pac and the Web API print
//	solution/deployer  packages of Package Deployer: ImportConfig.xml
//	packager           archive to tree and back, the parts of both, changes written back, checks, digest
//	packager/yamlsource
//	                   the YAML of Git integration, read as such a tree
//	solution/solutiontest
//	                   for tests: a valid zip or tree from a few lines of text, readable differences
//	examples/...       programs; examples/solkit is the command line of the library, examples/web
//	                   a page of a browser
//
// Below internal stand the tools that have no meaning of their own: a span scanner and splices for XML, one
// for JSON, file systems in memory, and a zip writer. Only packager knows the layout of trees. Only solution/plan and what
// is below it in the list know environments.
// A test beside this file holds the source to this order.
//
// # Promises
//
// They are listed by rank: where two of them conflict, the first wins.
//
//  1. Lossless. Nothing of the input disappears. What is not understood is carried. Where the reference tool
//     drops data without a word, the data is kept, or the operation fails with a clear error. There is no
//     good result with something missing.
//  2. Compatible. The tree that is unpacked, and the archive that is packed, are what the reference tool
//     would have written, byte for byte, wherever it does not lose data. Lines end in LF, or in CRLF as on
//     Windows if that is asked for.
//  3. Deterministic. Equal input gives equal bytes. The order of input does not matter, and the number of
//     workers never changes output.
//  4. Fast. Files are scanned into spans of the bytes that were read; components are copies of spans. There
//     is no object tree, and nothing is decoded in order to be encoded again.
//  5. Explaining. Every finding is a value with a stable rule id, a severity, an exact position and, where
//     one exists, a fix.
//
// # What the library touches
//
// Bytes come in as an [io.ReaderAt], an [io.Reader] or an [io/fs.FS], and go out to an [io.Writer] or as an
// [io/fs.FS]. No package but the examples opens a file, a connection or a process, logs, reads a clock or
// uses chance; the same test checks that too. So the library also builds for a browser (GOOS=js), and a
// caller decides what hostile names may reach.
//
// There is no global state to set up: no init function, no registry. Options are pointers to structs, where
// nil and the zero value of each field mean the documented default. Values such as a manifest, a connector or
// a tree are immutable and safe for concurrent use; methods whose names begin with With return a changed copy
// in which all bytes that the change does not concern are those that were read.
//
// # Errors and findings
//
// An error means "could not do it". A [github.com/solutionkit/solutionkit/solution/diag.Diagnostic] means
// "did it, and saw this". Operations that would lose data return an error that wraps the findings, so that a
// caller who looks at errors only is never told that all is well when it is not. Bad input gives an error
// with file and position; it never panics, and memory is bounded by limits that have documented defaults.
//
// # Identity
//
// Two trees are the same if their digests are: an "h1:" hash over names and contents, as Go modules have it.
// The bytes of an archive are no identity, because the deflate encoder of the standard library changes
// between Go releases. For one version of this module and one Go release, equal trees and options give equal
// archives.
//
// # Where facts come from
//
// The format has no complete public specification. The package comments are this library's one: each rule
// that they state is public documentation, or was observed on archives and trees that the reference tool read
// and wrote. None is taken from the tool's code.
package solutionkit

//go:generate go test -vet=off -run TestRulePages|TestAPI -update .
