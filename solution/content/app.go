package content

import (
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
)

// maxAppFacts is how many bytes of all documents of canvas apps are inflated.
const maxAppFacts = 256 << 20

// factEdges are the references that documents of canvas apps hold.
var factEdges = [...]struct {
	edge Edge
	to   solution.ComponentType
}{
	msapp.Table:      {CanvasTable, solution.TypeEntity},
	msapp.Flow:       {CanvasFlow, solution.TypeWorkflow},
	msapp.Library:    {CanvasLibrary, solution.TypeCanvasApp},
	msapp.Connector:  {CanvasConnector, solution.TypeConnector},
	msapp.Connection: {CanvasConnectionReference, solution.TypeConnectionReference},
	msapp.Variable:   {CanvasVariable, solution.TypeEnvironmentVariableDefinition},
}

// An appEdge is a reference of a canvas app.
type appEdge struct {
	edge     int8 // of edges
	from, to int32
}

// readApp reads the document of a canvas app. It repeats what the metadata says, and more where that was edited or is old: a
// reference is listed once, where the metadata has it if it does.
func (r *reader) readApp(name string, src []byte) error {
	app, err := msapp.Parse(src, nil)
	var facts []msapp.Fact
	if err == nil {
		facts, err = app.AllFacts(&r.appBytes)
	}
	if err != nil {
		r.found = append(r.found, connref.MalformedApp(r.parts, name, err))
	}
	if r.beside != nil {
		r.beside.App(name, facts, err)
	}
	if r.appKnown == nil {
		r.appKnown = map[appEdge]bool{}
		for _, x := range r.references.list {
			switch edges[x.edge].Edge {
			case CanvasTable, CanvasFlow, CanvasLibrary, CanvasConnector, CanvasConnectionReference, CanvasVariable:
				r.appKnown[appEdge{x.edge, x.from, x.to}] = true
			}
		}
	}
	from := r.apps[name]
	for _, f := range facts {
		row := factEdges[f.Kind]
		to := key(row.to, f.Text)
		if f.Kind == msapp.Flow {
			to = idKey(row.to, f.Text)
		}
		x := appEdge{row.edge.order(), r.references.numberOf(from), r.references.numberOf(to)}
		if r.appKnown[x] {
			continue
		}
		r.appKnown[x] = true
		r.refer(row.edge, from, to, f.Text, connref.AppLocation(r.parts, name, f.Entry, f.Path))
	}
	return nil
}
