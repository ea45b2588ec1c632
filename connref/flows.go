package connref

import (
	"cmp"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/flowfile"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// flowFolder is where exports put the files of flows.
const flowFolder = "Workflows/"

// Flows returns the parts that hold cloud flows, by their exact names, and which flow each holds. That is what JsonFileName of a
// Workflow element names: the file of a flow can be in another folder, in letters of another case, and the element may name
// it without a folder. A JSON file in folder Workflows that no element names is a flow too, known by the GUID at the end of its
// name, else by its name. c are the customizations of p, nil if it has none.
func Flows(p solution.Parts, c *solution.Customizations) map[string]solution.Key {
	names := p.Names()
	out := map[string]solution.Key{}
	if c != nil {
		byFold := make(map[string]string, len(names))
		for _, name := range names {
			byFold[solution.Fold(name)] = name
		}
		for x := range c.OfType(solution.TypeWorkflow) {
			if name, ok := flowFile(c, x, byFold); ok && out[name] == (solution.Key{}) {
				out[name] = x.Key
			}
		}
	}
	for _, name := range names {
		folded := solution.Fold(name)
		if _, ok := out[name]; !ok && strings.HasPrefix(folded, solution.Fold(flowFolder)) && strings.HasSuffix(folded, ".json") {
			out[name] = flowKey(name)
		}
	}
	return out
}

// titles returns what people call processes.
func titles(c *solution.Customizations) map[solution.Key]string {
	out := map[solution.Key]string{}
	if c != nil {
		for x := range c.OfType(solution.TypeWorkflow) {
			out[x.Key] = x.Name
		}
	}
	return out
}

// flowFile returns the part that the element of a process names as its flow.
func flowFile(c *solution.Customizations, x solution.Element, byFold map[string]string) (string, bool) {
	doc, err := xmlspan.ParseElement(c.ElementBytes(x), 1, nil)
	if err != nil { // it was read as a part of the whole
		return "", false
	}
	text := strings.TrimSpace(doc.Text(doc.Child(doc.Root(), "JsonFileName")))
	file := solution.Fold(strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/"))
	if file == "" {
		return "", false
	}
	name, ok := byFold[file]
	if !ok {
		name, ok = byFold[solution.Fold(flowFolder)+path.Base(file)]
	}
	return name, ok
}

// flowKey returns the key of a flow that no element names: exports end the name of its file with its GUID.
func flowKey(name string) solution.Key {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if len(base) >= 36 {
		if id, err := solution.ParseGUID(base[len(base)-36:]); err == nil {
			return solution.IDKey(solution.TypeWorkflow, id)
		}
	}
	return solution.NameKey(solution.TypeWorkflow, "", solution.Fold(base))
}

// flow reads the connections of a cloud flow.
func (r *reader) flow(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	r.flowTree(name, t)
	return nil
}

func (r *reader) flowTree(name string, t *jsonspan.Tree) {
	for _, c := range flowConnections(t) {
		n := t.Node(c.at)
		r.connection(r.flows[name], c, r.place(name, int(n.Start), int(n.End), t.Pointer(c.at)))
	}
}

// A connection is one entry of the connections of a flow or app.
type connection struct {
	at        int32 // the node that says what it is
	alias     string
	reference string // empty: raw
	connector string
	invoker   bool
}

// flowConnections returns the connections of a flow. What names the reference is the string if there is one, else the whole member.
func flowConnections(t *jsonspan.Tree) []connection {
	var out []connection
	for _, x := range flowfile.Connections(t) {
		c := connection{at: x.Node, alias: t.Key(x.Node), connector: cmp.Or(t.Text(x.APIName), t.Text(x.ID)), reference: t.Text(x.Reference),
			invoker: solution.Fold(t.Text(t.Get(x.Node, "runtimeSource"))) == "invoker"}
		if c.reference != "" {
			c.at = x.Reference
		}
		out = append(out, c)
	}
	return out
}
