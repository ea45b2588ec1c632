package content

import (
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/internal/folders"
)

// A piece is the file of a component that is a folder.
type piece struct {
	r    *reader
	name string
	doc  *xmlspan.Document
	key  solution.Key
}

// readFolderComponent reads a file that is named like its root element, which is the kind of the component.
func (r *reader) readFolderComponent(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 3, nil)
	if err != nil {
		return err
	}
	c, ok := folders.Read(name, doc)
	if !ok {
		return nil
	}
	p := &piece{r: r, name: name, doc: doc, key: c.Key}
	root := doc.Root()
	display, _ := doc.Attr(max(doc.Child(root, "displayname"), 0), "default")
	if display == "" {
		display = strings.TrimSpace(doc.Text(doc.Child(root, "name")))
	}
	r.dirs[c.Dir] = len(r.components)
	if p.key.Type() == solution.TypeBotComponent {
		r.topics[c.Dir] = p.key
	}
	if x := r.add(p.location(root)); x != nil {
		x.Key, x.DisplayName, x.size = p.key, display, len(src)
	}
	if refer := folderRules[p.key.Type()]; refer != nil {
		refer(p)
	}
	return nil
}

// folderRules read references of components that are folders.
var folderRules = map[solution.ComponentType]func(p *piece){
	solution.TypeEnvironmentVariableDefinition: func(p *piece) {
		p.refer(VariableParent, solution.TypeEnvironmentVariableDefinition, "parentdefinitionid", "schemaname")
		i := p.doc.At(p.doc.Root(), "apiid")
		p.referTo(VariableConnector, key(solution.TypeConnector, connref.ConnectorName(p.text(i))), i)
	},
	solution.TypeBotComponent: func(p *piece) {
		p.refer(BotPart, solution.TypeBot, "parentbotid", "schemaname")
		p.refer(BotPart, solution.TypeBotComponent, "parentbotcomponentid", "schemaname")
	},
	solution.TypeCustomAPI: func(p *piece) {
		key := "plugintypeexportkey" // the GUID, under one of two names
		if p.doc.At(p.doc.Root(), "plugintypeid", key) == xmlspan.None {
			key = "plugintypeid"
		}
		p.refer(APIPluginType, solution.TypePluginType, "plugintypeid", key)
		p.refer(APITable, solution.TypeEntity, "boundentitylogicalname")
	},
	solution.TypeCustomAPIRequestParameter: func(p *piece) { p.refer(APITable, solution.TypeEntity, "logicalentityname") },
	solution.TypeCustomAPIResponseProperty: func(p *piece) { p.refer(APITable, solution.TypeEntity, "logicalentityname") },
	solution.TypeAppAction:                 readCommand,
	solution.TypeAIPluginOperation: func(p *piece) {
		p.refer(OperationPart, solution.TypeCustomAPI, "customapi", "uniquename")
		p.refer(OperationPart, solution.TypeAIModel, "msdyn_aimodel", "msdyn_aimodelid")
	},
	"attributemaskingrule": func(p *piece) {
		i := p.doc.At(p.doc.Root(), "attributelogicalname")
		p.referTo(PermissionColumn, columnKey(p.text(p.doc.At(p.doc.Root(), "entityname")), p.text(i)), i)
	},
}

// readCommand reads a command of the modern bar: what its formulas are in, and where it is shown.
func readCommand(p *piece) {
	for _, formula := range []string{"onclickeventformulacomponentlibraryid", "visibilityformulacomponentlibraryid"} {
		p.refer(CommandLibrary, solution.TypeCanvasApp, formula, "name")
	}
	p.refer(CommandTable, solution.TypeEntity, "contextentity", "logicalname")
	p.refer(CommandPart, solution.TypeAppModule, "appmoduleid", "uniquename")
	p.refer(CommandPart, solution.TypeAppAction, "parentappactionid", "uniquename")
	for _, resource := range []string{"onclickeventjavascriptwebresourceid", "iconwebresourceid"} {
		p.refer(CommandPart, solution.TypeWebResource, resource, "webresourceid")
	}
}

func (p *piece) text(i int32) string { return strings.TrimSpace(p.doc.Text(i)) }

func (p *piece) location(i int32) diag.Location {
	elements := p.doc.Name(i)
	for up := p.doc.Nodes[i].Parent; up != xmlspan.None; up = p.doc.Nodes[up].Parent {
		elements = p.doc.Name(up) + "/" + elements
	}
	return p.r.location(p.name, int(p.doc.Nodes[i].Start), int(p.doc.Nodes[i].End), elements)
}

// refer adds a reference to what an element below the root names, by GUID or by name.
func (p *piece) refer(edge Edge, t solution.ComponentType, names ...string) {
	i := p.doc.At(p.doc.Root(), names...)
	p.referTo(edge, idKey(t, p.text(i)), i)
}

func (p *piece) referTo(edge Edge, to solution.Key, i int32) {
	if i != xmlspan.None {
		p.r.refer(edge, p.key, to, p.text(i), p.location(i))
	}
}

// linkEdges are the references that links of bot components stand for, by the attribute that names the target.
var linkEdges = map[string]struct {
	edge Edge
	to   solution.ComponentType
}{
	"workflowid.workflowid":                                {BotFlow, solution.TypeWorkflow},
	"connectionreferenceid.connectionreferencelogicalname": {BotConnectionReference, solution.TypeConnectionReference},
	"environmentvariabledefinitionid.schemaname":           {BotVariable, solution.TypeEnvironmentVariableDefinition},
}

// readLinks reads a file of Assets: links between two components, each a component by all of its attributes.
func (r *reader) readLinks(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 1, nil)
	if err != nil {
		return err
	}
	p := &piece{r: r, name: name, doc: doc}
	parts := []string{name}
	r.room(len(doc.Nodes))
	for i := range doc.Elements(doc.Root()) {
		k, _ := folders.Link(doc, i)
		at := p.location(i)
		x := r.add(at)
		if x == nil {
			return nil
		}
		x.Key, x.Parts = k, parts
		from := connref.LinkUser(doc, i)
		for attr, to := range doc.Attrs(i) {
			if link, ok := linkEdges[attr]; ok && from.HasName() {
				r.refer(link.edge, from, idKey(link.to, to), to, at)
			}
		}
	}
	return nil
}
