package connref

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Scan reads the set of one solution: the parts of a zip or an unpacked tree. It reads
// only the parts that can hold what it looks for; canvas apps are not opened.
//
// A part that cannot be read is a finding of the set, all others are read. The error is one of fsys, or
// a manifest or customizations.xml that cannot be read.
func Scan(fsys fs.FS) (*Set, error) {
	s := &scanner{fsys: fsys, set: &Set{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return s.part(name)
	})
	if err != nil {
		return nil, fmt.Errorf("read solution: %w", err)
	}
	s.set.finish()
	return s.set, nil
}

type scanner struct {
	fsys fs.FS
	set  *Set
}

// A reader reads one kind of part.
type reader func(s *scanner, name string, src []byte) error

// A part is a kind of part of a zip or tree that is read.
type part struct {
	pattern string // over the folded name
	read    reader
	must    bool // an error ends the scan
}

var parts = []part{
	{"solution.xml", (*scanner).manifest, true},
	{"other/solution.xml", (*scanner).manifest, true},
	{"customizations.xml", (*scanner).customizations, true},
	{"other/customizations.xml", (*scanner).customizations, true},
	{"canvasapps/*.meta.xml", (*scanner).canvasFile, false},
	{"connectors/*.xml", (*scanner).connectorFile, false},
	{"workflows/*.json", (*scanner).flow, false},
	{"botcomponents/*/data", (*scanner).topic, false},
	{"assets/botcomponent_connectionreferenceset.xml", (*scanner).topicLinks, false},
	{"environmentvariabledefinitions/*/environmentvariabledefinition.xml", (*scanner).definition, false},
	{"environmentvariabledefinitions/*/environmentvariablevalues.json", (*scanner).value, false},
}

func (s *scanner) part(name string) error {
	folded := strings.ToLower(name)
	for _, p := range parts {
		if ok, _ := path.Match(p.pattern, folded); !ok {
			continue
		}
		src, err := fs.ReadFile(s.fsys, name)
		if err != nil {
			return err
		}
		err = p.read(s, name, src)
		if err != nil && p.must {
			return err
		}
		if err != nil {
			s.malformed(name, src, err)
		}
		return nil
	}
	return nil
}

// malformed turns an error of a part into a finding at its place.
func (s *scanner) malformed(name string, src []byte, err error) {
	offset, text := 0, err.Error()
	var j *jsonspan.SyntaxError
	var x *xmlspan.SyntaxError
	switch {
	case errors.As(err, &j):
		offset, text = j.Offset, j.Message
	case errors.As(err, &x):
		offset, text = x.Offset, x.Msg
	}
	s.set.Diagnostics = append(s.set.Diagnostics, diag.Diagnostic{Rule: ruleMalformed.ID, Severity: ruleMalformed.Severity,
		Message:  "what this file binds is not known: " + text + "; repair it",
		Location: diag.NewLines(src).Span(name, offset, offset)})
}

func (s *scanner) manifest(name string, src []byte) error {
	m, err := solution.ParseManifest(src, name)
	if err != nil {
		return err
	}
	for d := range m.Dependencies() {
		if d.Required.Key.Type == solution.TypeConnectionReference {
			s.set.Declared = append(s.set.Declared, d.Required.Key.Name)
		}
	}
	return nil
}

func (s *scanner) customizations(name string, src []byte) error {
	c, err := solution.ParseCustomizations(src, name)
	if err != nil {
		return err
	}
	lines := diag.NewLines(src)
	for x := range c.OfType(solution.TypeConnectionReference) {
		if x.Name == "" {
			continue
		}
		doc, err := xmlspan.Parse(c.Element(x), 2, nil)
		if err != nil {
			return err
		}
		at := lines.Span(name, x.Start, x.End)
		at.Path = x.Path
		s.set.References = append(s.set.References, reference(doc, x.Name, at))
	}
	for x := range c.OfType(solution.TypeCanvasApp) {
		if err := s.canvas(name, src, x.Start, x.End, lines); err != nil {
			return err
		}
	}
	for x := range c.OfType(solution.TypeConnector) {
		if x.Path == "Connectors/Connector" {
			s.set.Connectors = append(s.set.Connectors, Connector{ID: x.ID, Name: x.Name})
		}
	}
	return nil
}

func reference(doc *xmlspan.Document, name string, at diag.Location) Reference {
	root := doc.Root()
	text := func(names ...string) string { return doc.Text(doc.At(root, names...)) }
	custom, _ := solution.ParseGUID(strings.TrimSpace(text("customconnectorid", "connectorid")))
	return Reference{LogicalName: name, DisplayName: text("connectionreferencedisplayname"), Description: text("description"),
		ConnectorID: strings.TrimSpace(text("connectorid")), CustomConnector: custom,
		Skip: strings.TrimSpace(text("promptingbehavior")) == "1", Location: at}
}

func (s *scanner) connectorFile(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 1, nil)
	if err != nil {
		return err
	}
	root := doc.Root()
	if !doc.Is(root, "Connector") {
		return nil
	}
	id, _ := solution.ParseGUID(doc.Text(doc.Child(root, "connectorid")))
	s.set.Connectors = append(s.set.Connectors, Connector{ID: id, Name: doc.Text(doc.Child(root, "name"))})
	return nil
}

// flow reads the connections of a cloud flow.
func (s *scanner) flow(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	lines := diag.NewLines(src)
	by := flowKey(name)
	for _, c := range flowConnections(t) {
		n := t.Node(c.at)
		at := lines.Span(name, int(n.Start), int(n.End))
		at.Path = t.Pointer(c.at)
		s.connection(by, c, at)
	}
	return nil
}

// flowKey returns the key of a flow: its file name ends with its GUID.
func flowKey(name string) solution.Key {
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if len(base) >= 36 {
		if id, err := solution.ParseGUID(base[len(base)-36:]); err == nil {
			return solution.Key{Type: solution.TypeWorkflow, ID: id}
		}
	}
	return solution.Key{Type: solution.TypeWorkflow, Name: solution.Fold(base)}
}

// A connection is one entry of the connections of a flow or app.
type connection struct {
	at        int32 // the node that says what it is
	alias     string
	reference string // empty: raw
	connector string
}

// flowConnections returns the members of properties.connectionReferences. What names the reference is the
// string if there is one, else the whole member.
func flowConnections(t *jsonspan.Tree) []connection {
	list, ok := t.At("/properties/connectionReferences")
	if !ok || t.Kind(list) != jsonspan.Object {
		return nil
	}
	var out []connection
	for i := range t.Children(list) {
		if t.Hidden(i) || t.Kind(i) != jsonspan.Object {
			continue
		}
		c := connection{at: i, alias: t.Key(i)}
		if conn := t.Get(i, "connection"); conn != 0 {
			if ref := t.Get(conn, "connectionReferenceLogicalName"); t.Text(ref) != "" {
				c.at, c.reference = ref, t.Text(ref)
			}
		}
		if api := t.Get(i, "api"); api != 0 {
			c.connector = t.Text(t.Get(api, "name"))
		}
		if c.connector == "" {
			c.connector = t.Text(t.Get(i, "id"))
		}
		out = append(out, c)
	}
	return out
}

func (s *scanner) connection(by solution.Key, c connection, at diag.Location) {
	if c.reference != "" {
		s.set.Uses = append(s.set.Uses, Use{by, c.reference, at})
		return
	}
	s.set.Raw = append(s.set.Raw, RawConnection{by, c.connector, c.alias, at})
}

func (s *scanner) canvasFile(name string, src []byte) error {
	return s.canvas(name, src, 0, len(src), diag.NewLines(src))
}

// canvas reads the connections of the canvas app whose element is [start,end) of a part. The JSON stands
// in a text, so places in it are those of its element.
func (s *scanner) canvas(name string, src []byte, start, end int, lines *diag.Lines) error {
	doc, err := xmlspan.Parse(src[start:end], 1, nil)
	if err != nil {
		return err
	}
	root := doc.Root()
	i := doc.Child(root, "ConnectionReferences")
	text := doc.Text(i)
	if strings.TrimSpace(text) == "" {
		return nil
	}
	at := lines.Span(name, start+int(doc.Nodes[i].Start), start+int(doc.Nodes[i].End))
	at.Path = "CanvasApp/ConnectionReferences"
	by := solution.NewKey(solution.TypeCanvasApp, "", doc.Text(doc.Child(root, "Name")), solution.GUID{})
	t, err := jsonspan.Parse([]byte(text), nil)
	if err != nil {
		s.set.Diagnostics = append(s.set.Diagnostics, diag.Diagnostic{Rule: ruleMalformed.ID, Severity: ruleMalformed.Severity,
			Message: "the connections of canvas app " + strconv.Quote(by.Name) + " are not JSON: " + err.Error() + "; repair it", Location: at})
		return nil
	}
	for i := range t.Children(0) {
		if t.Hidden(i) || t.Kind(i) != jsonspan.Object {
			continue
		}
		c := connection{alias: t.Text(t.Get(i, "displayName")), reference: t.Text(t.Get(i, "xrmConnectionReferenceLogicalName")),
			connector: t.Text(t.Get(i, "id"))}
		s.connection(by, c, at)
	}
	return nil
}

// topic reads a bot component's YAML.
func (s *scanner) topic(name string, src []byte) error {
	var lines *diag.Lines
	by := solution.NewKey(solution.TypeBotComponent, "", path.Base(path.Dir(name)), solution.GUID{})
	for v := range yamlValues(src, "connectionReference") {
		if lines == nil {
			lines = diag.NewLines(src)
		}
		at := lines.Span(name, v.start, v.end)
		at.Path = "connectionReference"
		s.set.Uses = append(s.set.Uses, Use{by, v.text, at})
	}
	return nil
}

func (s *scanner) topicLinks(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 1, nil)
	if err != nil {
		return err
	}
	lines := diag.NewLines(src)
	for i := range doc.Elements(doc.Root()) {
		who, _ := doc.Attr(i, "botcomponentid.schemaname")
		what, ok := doc.Attr(i, "connectionreferenceid.connectionreferencelogicalname")
		if !ok {
			continue
		}
		at := lines.Span(name, int(doc.Nodes[i].Start), int(doc.Nodes[i].OpenEnd))
		at.Path = doc.Name(doc.Root()) + "/" + doc.Name(i)
		s.set.Uses = append(s.set.Uses, Use{solution.NewKey(solution.TypeBotComponent, "", who, solution.GUID{}), what, at})
	}
	return nil
}

// variable returns the variable of that name, made if need be: its two files come in any order.
func (s *scanner) variable(name string) *Variable {
	i := slices.IndexFunc(s.set.Variables, func(v Variable) bool { return compareFold(v.SchemaName, name) == 0 })
	if i < 0 {
		s.set.Variables = append(s.set.Variables, Variable{SchemaName: name})
		i = len(s.set.Variables) - 1
	}
	return &s.set.Variables[i]
}

func (s *scanner) definition(name string, src []byte) error {
	doc, err := xmlspan.Parse(src, 2, nil)
	if err != nil {
		return err
	}
	root := doc.Root()
	schema, ok := doc.Attr(root, "schemaname")
	if !ok || schema == "" {
		return errors.New("no schemaname")
	}
	text := func(names ...string) string { return strings.TrimSpace(doc.Text(doc.At(root, names...))) }
	label := func(child string) string {
		i := doc.Child(root, child)
		if i == xmlspan.None {
			return ""
		}
		label, _ := doc.Attr(i, "default")
		return label
	}
	v := s.variable(schema)
	v.SchemaName = schema
	v.DisplayName, v.Description = label("displayname"), label("description")
	number, _ := strconv.Atoi(text("type"))
	v.Type = VariableType(number)
	if i := doc.Child(root, "defaultvalue"); i != xmlspan.None {
		v.Default = &Text{doc.Text(i), v.Type == TypeSecret}
	}
	if v.Value != nil {
		v.Value.hidden = v.Type == TypeSecret
	}
	v.Required = text("isrequired") == "1" || strings.EqualFold(text("isrequired"), "true")
	v.SecretStore, v.Introduced = text("secretstore"), text("introducedversion")
	v.APIID, v.ParameterKey = text("apiid"), text("parameterkey")
	v.Parent = text("parentdefinitionid", "schemaname")
	v.Location = diag.NewLines(src).Span(name, int(doc.Nodes[root].Start), int(doc.Nodes[root].End))
	v.Location.Path = doc.Name(root)
	return nil
}

// value reads the value that the package ships. Until the definition is read, it is taken for a secret.
func (s *scanner) value(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	i, ok := t.At("/environmentvariablevalues/environmentvariablevalue")
	if ok && t.Kind(i) == jsonspan.Array {
		first := int32(0)
		for c := range t.Children(i) {
			if first == 0 {
				first = c
			}
		}
		i, ok = first, first != 0
	}
	if !ok {
		return nil
	}
	v := s.variable(path.Base(path.Dir(name)))
	v.ValueID = t.Text(t.Get(i, "@environmentvariablevalueid"))
	if at := t.Get(i, "value"); at != 0 && t.Kind(at) != jsonspan.Null {
		text := t.Text(at)
		if t.Kind(at) != jsonspan.String {
			text = string(t.Raw(at))
		}
		v.Value = &Text{text, v.Location.File == "" || v.Type == TypeSecret}
		n := t.Node(at)
		v.ValueLocation = diag.NewLines(src).Span(name, int(n.Start), int(n.End))
		v.ValueLocation.Path = t.Pointer(at)
	}
	return nil
}
