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
package graph
