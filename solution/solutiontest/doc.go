// Package solutiontest makes valid solution zips from a few lines of text, for tests.
//
// # The language
//
// One component or fact a line; # begins a comment; words are separated by blanks, values with blanks stand in
// double quotes, and key=value gives an attribute.
//
//	solution ContosoOrders 1.0.0.0 managed
//	entity ct_order
//	attribute ct_order.ct_name
//	connectionreference ct_sp connector=shared_sharepointonline
//	workflow 22 name="On order" refs=ct_sp sets=ct_orders
package solutiontest
