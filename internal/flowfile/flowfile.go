// Package flowfile knows where the file of a cloud flow has what several packages read of it.
package flowfile

import "github.com/solutionkit/solutionkit/internal/jsonspan"

// A Connection is a member of properties.connectionReferences of a flow, as nodes of its tree; what is not there is 0.
type Connection struct {
	Node        int32 // the member, by whose key actions know the connection
	ID          int32 // id: the connector in old files
	APIName     int32 // api.name: the connector
	LogicalName int32 // api.logicalName: the custom connector
	Reference   int32 // connection.connectionReferenceLogicalName
}

// Connections returns the connections of a flow in the order of the file.
func Connections(t *jsonspan.Tree) []Connection {
	list, ok := t.At("/properties/connectionReferences")
	if !ok || t.Kind(list) != jsonspan.Object {
		return nil
	}
	var out []Connection
	for i := range t.Children(list) {
		if !t.Hidden(i) && t.Kind(i) == jsonspan.Object {
			out = append(out, ConnectionAt(t, i))
		}
	}
	return out
}

// ConnectionAt returns the connection that an object of a flow is.
func ConnectionAt(t *jsonspan.Tree, i int32) Connection {
	c := Connection{Node: i, ID: t.Get(i, "id")}
	if api := t.Get(i, "api"); api != jsonspan.None {
		c.APIName, c.LogicalName = t.Get(api, "name"), t.Get(api, "logicalName")
	}
	if connection := t.Get(i, "connection"); connection != jsonspan.None {
		c.Reference = t.Get(connection, "connectionReferenceLogicalName")
	}
	return c
}
