// Package graph draws what depends on what in solutions.
//
//	list := content.Join(read...)
//	g := graph.Components(graph.Source{Content: list[0]})
//	if len(g.Nodes) > graph.MostBoxes {
//		g.ByKind()
//	}
//	err := g.WriteSVG(w)
//
// What the platform has is left out, but for connectors. The same solutions in the same order give the same bytes.
// It draws what package content found, whose documentation says what refers to what and where that is known from; this package reads
// no format of its own.
//
// A [Graph] is for one goroutine while it is made smaller; otherwise it may be read by many at once.
package graph
