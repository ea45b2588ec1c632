// Package inventory documents solutions: what teams write down by hand, made of the files.
//
//	inv, err := inventory.Take(inventory.Source{Parts: parts})
//	err = inv.WriteHTML(w) // or WriteMarkdown, or encoding/json
//
// # What is in it
//
// For each solution: tables with columns, keys, relationships, forms and views; choices; flows with what starts them and what they
// connect to, and other processes; roles as a matrix of tables and rights, and column security; apps, those of canvas with screens and
// data sources, and agents; environment variables; connection references and connectors; plug-ins and custom APIs; web resources; all
// other components by kind; what the solution needs of others, who refers to what, and findings. A list is left out of a document
// if it is empty, and nothing that a solution holds is in no list: what has none of its own is among Others.
//
// # Order
//
// Lists are sorted by name, but for options of choices and what has an order of its own, so that a document can be committed and
// compared. Nothing in it tells a zip from its tree, or today from tomorrow.
//
// # Secrets
//
// Values of environment variables that are secrets are "(hidden)". Secrets of connectors, configurations of plug-in steps, addresses of
// service endpoints and inputs of flows are not in an inventory.
//
// # Where facts come from
//
// From packages model, content and connref, whose documentation says what they observed; this package reads no format of its own.
// An [Inventory] is a plain value, which may be read by many goroutines at once.
package inventory
