package environment

import (
	"errors"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// An installed is a row of a list of solutions.
type installed struct {
	plan.Installed
	id, publisher, parent solution.GUID
	created               string // when, so that texts sort as times; empty: not known
	at                    diag.Location
}

// A named is a row that gives a name to an id.
type named struct {
	id   solution.GUID
	name string
	at   diag.Location
}

// A component is a row of a list of what solutions hold.
type component struct {
	solution         solution.GUID
	key              solution.Key // without a name if only the platform knows what it is
	id               solution.GUID
	layer            bool  // the solution did not create it
	managed, changed *bool // nil: not told
	at               diag.Location
}

type connection struct {
	plan.Connection
	at    diag.Location
	admin bool // whoever asked sees those of everybody
}

type reference struct {
	plan.BoundReference
	id solution.GUID
	at diag.Location
}

// A definition is a row of the definitions of variables.
type definition struct {
	id    solution.GUID
	name  string
	value *string // nil: there is none, or it was not asked for
	asked bool
	at    diag.Location
}

type value struct {
	definition solution.GUID
	name       string // of the definition; empty: only its id is told
	text       *string
	at         diag.Location
}

type customConnector struct {
	key     solution.Key
	managed *bool
	at      diag.Location
}

func readSolution(f *facts, r *record) error {
	x := installed{at: r.location()}
	var err error
	if x.Name, err = r.needed("the unique name", "uniquename", "solutionuniquename"); err != nil {
		return err
	}
	if x.Version, x.VersionText, err = r.version("version", "versionnumber"); err != nil {
		return err
	}
	if x.Managed, err = r.flag("ismanaged", "managed"); err != nil {
		return err
	}
	if x.id, err = r.guid("solutionid"); err != nil {
		return err
	}
	if x.created, err = r.text("createdon"); err != nil {
		return err
	}
	if err := x.relations(r); err != nil {
		return err
	}
	f.solutions = append(f.solutions, x)
	return nil
}

// relations reads whose a solution is, and what it patches: as objects if the request expanded them, else as ids.
func (x *installed) relations(r *record) error {
	var err error
	if x.publisher, err = r.guid("publisheridvalue"); err != nil {
		return err
	}
	if x.parent, err = r.guid("parentsolutionidvalue"); err != nil {
		return err
	}
	publisher, ok, err := r.open("publisherid")
	if err == nil && ok {
		x.Publisher, err = publisher.text("uniquename")
	}
	if err != nil {
		return err
	}
	parent, ok, err := r.open("parentsolutionid")
	if err == nil && ok {
		x.PatchOf, err = parent.text("uniquename")
	}
	return err
}

func readPublisher(f *facts, r *record) error {
	name, err := r.needed("the unique name", "uniquename")
	if err != nil {
		return err
	}
	id, err := r.guid("publisherid")
	if err == nil {
		f.publishers = append(f.publishers, named{id, name, r.location()})
	}
	return err
}

func readTable(f *facts, r *record) error {
	name, err := r.needed("the logical name", "logicalname")
	if err != nil {
		return err
	}
	id, err := r.guid("metadataid")
	if err == nil {
		f.tables = append(f.tables, named{id, name, r.location()})
	}
	return err
}

// kindOf returns the type of a component by its number, or by its name where each environment gives its own numbers.
func kindOf(r *record, code, name string) (solution.ComponentType, error) {
	number, known, err := r.whole(code)
	if err != nil {
		return "", err
	}
	logical := ""
	if name != "" {
		if logical, err = r.text(name); err != nil {
			return "", err
		}
	}
	if known && number > 0 {
		if t := solution.TypeOfCode(number); !t.EnvironmentSpecific() || logical == "" {
			return t, nil
		}
	}
	if logical == "" {
		return "", r.fail(code, errors.New("the type of the component is missing: ask for it too"))
	}
	return solution.ParseComponentType(logical), nil
}

// readComponent reads a row that has only ids.
func readComponent(f *facts, r *record) error {
	x := component{at: r.location()}
	kind, err := kindOf(r, "componenttype", "")
	if err != nil {
		return err
	}
	if x.solution, err = r.neededGUID("the solution", "solutionidvalue"); err != nil {
		return err
	}
	if x.id, err = r.neededGUID("the component", "objectid"); err != nil {
		return err
	}
	behavior, _, err := r.whole("rootcomponentbehavior")
	if err != nil {
		return err
	}
	x.layer = kind == solution.TypeEntity && behavior > 0
	x.key = solution.NewKey(kind, "", "", x.id)
	f.components = append(f.components, x)
	return nil
}

func (r *record) neededGUID(what string, name string) (solution.GUID, error) {
	if _, err := r.needed(what, name); err != nil {
		return solution.GUID{}, err
	}
	return r.guid(name)
}

// named are the types whose msdyn_name is the name that identifies them; of others it may be a title.
var namedByName = map[solution.ComponentType]bool{
	solution.TypeEntity: true, solution.TypeAttribute: true, solution.TypeOptionSet: true, solution.TypeEntityRelationship: true,
	solution.TypeWebResource: true, solution.TypeEnvironmentVariableDefinition: true, solution.TypeConnector: true,
}

func readSummary(f *facts, r *record) error {
	x := component{at: r.location()}
	kind, err := kindOf(r, "msdyncomponenttype", "msdyncomponentlogicalname")
	if err != nil {
		return err
	}
	if x.solution, err = r.neededGUID("the solution", "msdynsolutionid"); err != nil {
		return err
	}
	// Those that are part of a table have an id of their own, which may be a number.
	if text, err := r.text("msdynobjectid"); err != nil {
		return err
	} else if id, err := solution.ParseGUID(text); err == nil {
		x.id = id
	}
	names := []string{"msdynschemaname", "msdynuniquename"}
	if namedByName[kind] {
		names = []string{"msdynname", "msdynschemaname", "msdynuniquename"}
	}
	name, err := r.text(names...)
	if err != nil {
		return err
	}
	parent, err := r.text("msdynprimaryentityname")
	if err != nil {
		return err
	}
	if x.managed, err = r.flag("msdynismanaged"); err != nil {
		return err
	}
	if x.changed, err = r.flag("msdynhasactivecustomization"); err != nil {
		return err
	}
	x.key = solution.NewKey(kind, parent, name, x.id)
	f.components = append(f.components, x)
	return nil
}

func readConnection(f *facts, r *record) error {
	x := connection{at: r.location()}
	row, api := *r, ""
	properties, ok, err := r.open("properties")
	if err != nil {
		return err
	}
	if ok {
		row = properties
	}
	if api, err = row.text("apiid", "connectorid", "connectorname", "apiname"); err != nil {
		return err
	}
	id, err := r.text("connectionid", "id")
	if err != nil {
		return err
	}
	x.admin = strings.Contains(strings.ToLower(id), "/scopes/admin/")
	if x.ID, err = r.connectionName(ok, id); err != nil {
		return err
	}
	if x.Connector = lastStep(api); x.Connector == "" {
		x.Connector = connectorOf(id)
	}
	if x.Connector == "" {
		return row.fail("apiid", errors.New("the connector is missing: ask for it too"))
	}
	if x.Owner, err = owner(&row); err != nil {
		return err
	}
	f.connections = append(f.connections, x)
	return nil
}

// connectionName returns the short id of a connection, by which references name it.
func (r *record) connectionName(hasProperties bool, id string) (string, error) {
	if name := lastStep(id); name != "" && (strings.Contains(id, "/connections/") || !strings.Contains(id, "/")) {
		return name, nil
	}
	if hasProperties {
		return r.needed("the id of the connection", "name")
	}
	return r.needed("the id of the connection", "connectionid", "id")
}

func lastStep(id string) string {
	id = strings.TrimRight(id, "/")
	return id[strings.LastIndexByte(id, '/')+1:]
}

// connectorOf returns the connector in the long id of a connection.
func connectorOf(id string) string {
	_, rest, ok := strings.Cut(id, "/apis/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// owner returns who made a connection, as well as it is told.
func owner(r *record) (string, error) {
	who, ok, err := r.open("createdby")
	if err != nil {
		return "", err
	}
	if !ok {
		return r.text("createdby", "owner")
	}
	return who.text("userprincipalname", "email", "displayname", "id")
}

func readReference(f *facts, r *record) error {
	x := reference{at: r.location()}
	var err error
	if x.Name, err = r.needed("the logical name", "connectionreferencelogicalname"); err != nil {
		return err
	}
	if !r.has("connectionid") {
		return r.fail("connectionreferencelogicalname", errors.New("connectionid is missing, so that nobody can tell whether the reference has a connection: ask for it too"))
	}
	if x.ConnectionID, err = r.text("connectionid"); err != nil {
		return err
	}
	x.ConnectionID = lastStep(x.ConnectionID)
	if x.id, err = r.guid("connectionreferenceid"); err != nil {
		return err
	}
	f.references = append(f.references, x)
	return nil
}

// expandedValues is the member that has the values of a definition, if the request asked for them; in plain letters.
const expandedValues = "environmentvariabledefinitionenvironmentvariablevalue"

func readDefinition(f *facts, r *record) error {
	x := definition{at: r.location()}
	var err error
	if x.name, err = r.needed("the schema name", "schemaname"); err != nil {
		return err
	}
	if x.id, err = r.guid("environmentvariabledefinitionid"); err != nil {
		return err
	}
	if m, ok := r.nodes[expandedValues]; ok && r.doc.tree.Kind(m) == jsonspan.Array {
		x.asked = r.doc.tree.Node(m).Count > 0 || !r.has(expandedValues+"odatanextlink")
		for i := range r.doc.tree.Children(m) {
			inner, err := r.doc.object(i)
			if err != nil {
				return err
			}
			if x.value, err = inner.valueText(); err != nil {
				return err
			}
		}
	}
	f.definitions = append(f.definitions, x)
	return nil
}

// valueText returns the value of a variable, nil if it is null.
func (r *record) valueText() (*string, error) {
	if !r.has("value") {
		return nil, r.fail("value", errors.New("value is missing: ask for it too"))
	}
	if m, ok := r.nodes["value"]; ok && r.doc.tree.Kind(m) == jsonspan.Null {
		return nil, nil
	}
	s, err := r.text("value")
	return &s, err
}

func readValue(f *facts, r *record) error {
	x := value{at: r.location()}
	var err error
	if x.text, err = r.valueText(); err != nil {
		return err
	}
	if x.definition, err = r.guid("environmentvariabledefinitionidvalue"); err != nil {
		return err
	}
	inner, ok, err := r.open("environmentvariabledefinitionid")
	if err == nil && ok {
		x.name, err = inner.text("schemaname")
	}
	if err == nil && x.name == "" {
		// The primary name of a definition is its schema name.
		x.name, err = r.text("environmentvariabledefinitionidvalueodatacommunitydisplayv1formattedvalue")
	}
	if err == nil && x.name == "" && x.definition.IsZero() {
		err = r.fail("environmentvariabledefinitionidvalue", errors.New("nothing tells which variable has the value: ask for _environmentvariabledefinitionid_value too"))
	}
	if err != nil {
		return err
	}
	f.values = append(f.values, x)
	return nil
}

func readConnector(f *facts, r *record) error {
	x := customConnector{at: r.location()}
	name, err := r.needed("the name", "name")
	if err != nil {
		return err
	}
	id, err := r.guid("connectorid")
	if err != nil {
		return err
	}
	if x.managed, err = r.flag("ismanaged"); err != nil {
		return err
	}
	x.key = solution.NameKey(solution.TypeConnector, "", name).WithID(id)
	f.connectors = append(f.connectors, x)
	return nil
}
