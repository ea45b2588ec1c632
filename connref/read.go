package connref

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// Read reads the set of one solution. It reads only the parts that can hold what it looks for; of the documents of canvas apps those entries.
//
// A part that is not what it should be is a finding of the set, all others are read. The error is a part that cannot be
// read, or a manifest or customizations.xml that is none. Either may be absent.
func Read(p solution.Parts) (*Set, error) {
	r, err := read(p)
	if err != nil {
		return nil, fmt.Errorf("read solution: %w", err)
	}
	return r.set, nil
}

// A reader collects what the parts of a solution say.
type reader struct {
	parts  solution.Parts
	custom *solution.Customizations // nil: there are none
	kinds  []kindOfPart             // those that are read, in the order of names
	flows  map[string]solution.Key
	titles map[solution.Key]string // of flows, for people
	set    *Set
	where  map[string]*variablePlace // of variables, by folded name
	folder map[string]string         // folded folder of a variable to its name

	apps     map[string]solution.Key // documents of canvas apps
	appUses  []appUse
	appBytes int64                 // how many may still be inflated
	opaque   map[solution.Key]bool // apps whose documents can't be read

	reached     map[solution.Key]bool // apps whose documents an edit reaches; made with the other when it is asked for
	appElements []solution.Element    // of apps, in their order
}

// A partKind is a kind of part that names connection references or variables.
type partKind uint8

const (
	manifestPart partKind = iota + 1
	customizationsPart
	flowPart
	topicPart
	linksPart
	appPart
	definitionPart
	valuePart  // the value of the variable in whose folder it is
	valuesPart // the values of the variables of section EnvironmentVariables
)

type kindOfPart struct {
	name string
	kind partKind
}

// Names of the parts of variables; those of the first two are below a folder of the variable's own.
const (
	definitionFile = "environmentvariabledefinition.xml"
	valueFile      = "environmentvariablevalues.json"
	valuesFile     = "environment_variable_values.json"
)

// kindOf returns the kind of a part, 0 if it is not read.
func (r *reader) kindOf(name string) partKind {
	folded := strings.ToLower(name)
	dir, base := path.Split(folded)
	switch {
	case folded == solution.ManifestFile:
		return manifestPart
	case folded == solution.CustomizationsFile:
		return customizationsPart
	case folded == valuesFile:
		return valuesPart
	case r.flows[name] != solution.Key{}:
		return flowPart
	case r.apps[name] != solution.Key{}:
		return appPart
	case base == "data" && strings.HasPrefix(dir, "botcomponents/"):
		return topicPart
	case dir == "assets/" && strings.HasSuffix(base, ".xml"):
		return linksPart
	case base == definitionFile && dir != "":
		return definitionPart
	case base == valueFile && dir != "":
		return valuePart
	}
	return 0
}

func read(p solution.Parts) (*reader, error) {
	r, err := begin(p)
	if err != nil {
		return nil, err
	}
	for _, x := range r.kinds {
		if readers[x.kind] == nil {
			continue
		}
		src, err := r.readPart(x.name, x.kind)
		if err != nil {
			return nil, err
		}
		r.take(x, src)
	}
	r.finish()
	return r, nil
}

// begin reads what the manifest and the sections of the customizations say, and finds out which parts there are to be read.
func begin(p solution.Parts) (*reader, error) {
	r := &reader{parts: p, set: &Set{declared: map[string]bool{}}, where: map[string]*variablePlace{}, folder: map[string]string{}}
	m, err := solution.ReadManifest(p)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if m != nil {
		for d := range m.Dependencies() {
			if d.Required.Key.Type() == solution.TypeConnectionReference {
				r.set.declared[solution.Fold(d.Required.Key.Name())] = true
			}
		}
	}
	if r.custom, err = solution.ReadCustomizations(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if r.custom != nil {
		if err := r.customizations(); err != nil {
			return nil, err
		}
	}
	r.flows = Flows(p, r.custom)
	r.titles = titles(r.custom)
	r.apps, r.appBytes, r.opaque = Apps(p, r.custom), maxAppFacts, map[solution.Key]bool{}
	for _, name := range p.Names() {
		if kind := r.kindOf(name); kind != 0 {
			r.kinds = append(r.kinds, kindOfPart{name, kind})
		}
	}
	return r, nil
}

// take reads a part that is one of kinds.
func (r *reader) take(x kindOfPart, src []byte) {
	if err := readers[x.kind](r, x.name, src); err != nil {
		r.malformed(x.name, err)
	}
}

func (r *reader) malformed(name string, err error) {
	r.set.found = append(r.set.found, Malformed(r.parts, name, err))
}

func (r *reader) finish() {
	r.finishApps()
	r.set.finish()
}

// readPart reads a part, but not the customizations again, which may be large.
func (r *reader) readPart(name string, kind partKind) ([]byte, error) {
	if kind == customizationsPart && r.custom != nil {
		return r.custom.Bytes(), nil
	}
	return r.parts.ReadPart(name)
}

// readers are how the kinds are read besides the manifest and the definitions in the customizations.
var readers = [...]func(r *reader, name string, src []byte) error{
	customizationsPart: (*reader).canvasApps,
	flowPart:           (*reader).flow,
	topicPart:          (*reader).topic,
	linksPart:          (*reader).links,
	appPart:            (*reader).app,
	definitionPart:     (*reader).definition,
	valuePart:          (*reader).value,
	valuesPart:         (*reader).values,
}

// place returns where the bytes [start,end) of a part stand in the source.
func (r *reader) place(part string, start, end int, elements string) diag.Location {
	at := solution.Span(r.parts, part, start, end)
	at.Path = elements
	return at
}

func (r *reader) customizations() error {
	seen := map[string]int{}
	for x := range r.custom.OfType(solution.TypeConnectionReference) {
		if x.Name == "" {
			continue
		}
		doc, err := xmlspan.ParseElement(r.custom.ElementBytes(x), 2, nil)
		if err != nil {
			return err
		}
		ref := reference(doc, x.Name, r.custom.Location(x))
		if i, ok := seen[solution.Fold(x.Name)]; ok {
			first := &r.set.References[i]
			differing := ""
			if a, b := ConnectorName(first.ConnectorID), ConnectorName(ref.ConnectorID); a != b {
				differing = ", for " + a + " and " + b
			}
			r.twice("connection reference", x.Name, differing, first.Location, ref.Location)
		} else {
			seen[solution.Fold(x.Name)] = len(r.set.References)
		}
		r.set.References = append(r.set.References, ref)
	}
	for x := range r.custom.OfType(solution.TypeEnvironmentVariableDefinition) {
		doc, err := xmlspan.ParseElement(r.custom.ElementBytes(x), 3, nil)
		if err != nil {
			return err
		}
		if x.Name != "" {
			r.variableElement(x.Name, doc, r.custom.Location(x), variablePlace{part: solution.CustomizationsFile, start: x.Start, section: true})
		}
	}
	return nil
}

// twice notes that the solution defines a reference or variable a second time. Only the first of references and the last of variables
// counts here.
func (r *reader) twice(what, name, differing string, first, at diag.Location) {
	r.set.found = append(r.set.found, diag.Diagnostic{Rule: ruleDuplicateKey.ID, Severity: ruleDuplicateKey.Severity, Location: at,
		Message: what + " " + strconv.Quote(name) + " occurs twice" + differing + ": remove one",
		Related: []diag.Related{{Location: first, Message: "the other one"}}})
}

func reference(doc *xmlspan.Document, name string, at diag.Location) Reference {
	root := doc.Root()
	text := func(names ...string) string { return doc.Text(doc.At(root, names...)) }
	custom, _ := solution.ParseGUID(strings.TrimSpace(text("customconnectorid", "connectorid")))
	return Reference{LogicalName: name, DisplayName: text("connectionreferencedisplayname"), Description: text("description"),
		ConnectorID: strings.TrimSpace(text("connectorid")), CustomConnector: custom,
		Skip: strings.TrimSpace(text("promptingbehavior")) == "1", Location: at}
}

func (r *reader) connection(by solution.Key, c connection, at diag.Location) {
	if c.reference != "" {
		r.set.Uses = append(r.set.Uses, Use{by, c.reference, at, c.invoker})
		return
	}
	r.set.Raw = append(r.set.Raw, RawConnection{by, c.connector, c.alias, r.titles[by], c.invoker, at})
}

func (r *reader) canvasApps(string, []byte) error {
	for x := range r.custom.OfType(solution.TypeCanvasApp) {
		if err := r.canvas(x); err != nil {
			return err
		}
	}
	return nil
}

// canvas reads the connections of a canvas app. The JSON stands in a text, so places in it are those of its element.
func (r *reader) canvas(x solution.Element) error {
	const member = "ConnectionReferences"
	doc, err := xmlspan.ParseElement(r.custom.ElementBytes(x), 1, nil)
	if err != nil {
		return err
	}
	i := doc.Child(doc.Root(), member)
	text := strings.TrimSpace(doc.Text(i))
	if text == "" {
		return nil
	}
	at := r.place(solution.CustomizationsFile, x.Start+int(doc.Nodes[i].Start), x.Start+int(doc.Nodes[i].End), "CanvasApp/"+member)
	t, err := jsonspan.Parse([]byte(text), nil)
	if err != nil {
		r.set.found = append(r.set.found, MalformedText(member, x.Key, err, at))
		return nil
	}
	for i := range t.Children(0) {
		if t.Hidden(i) || t.Kind(i) != jsonspan.Object {
			continue
		}
		c := connection{alias: t.Text(t.Get(i, "displayName")), reference: t.Text(t.Get(i, "xrmConnectionReferenceLogicalName")),
			connector: t.Text(t.Get(i, "id"))}
		r.connection(x.Key, c, at)
	}
	return nil
}

// topic reads a bot component's YAML.
func (r *reader) topic(name string, src []byte) error {
	var by solution.Key
	for v := range yamlValues(src, "connectionReference") {
		if by.IsZero() {
			by = r.topicKey(path.Dir(name))
		}
		r.set.Uses = append(r.set.Uses, Use{By: by, Name: v.text, Location: r.place(name, v.start, v.end, "connectionReference")})
	}
	return nil
}

// topicKey returns the key of the bot component in a folder, whose name is that of the component but for letter case.
func (r *reader) topicKey(dir string) solution.Key {
	name := path.Base(dir)
	if src, err := r.parts.ReadPart(dir + "/botcomponent.xml"); err == nil {
		if doc, err := xmlspan.Parse(src, 0, nil); err == nil {
			if schema, ok := doc.Attr(doc.Root(), "schemaname"); ok && schema != "" {
				name = schema
			}
		}
	}
	return solution.NewKey(solution.TypeBotComponent, "", name, solution.GUID{})
}

// linkAttribute names the reference in a link of Assets.
const linkAttribute = "connectionreferenceid.connectionreferencelogicalname"

// links reads a file of Assets, which has links between two components.
func (r *reader) links(name string, src []byte) error {
	if !strings.Contains(string(src), linkAttribute) {
		return nil
	}
	doc, err := xmlspan.Parse(src, 1, nil)
	if err != nil {
		return err
	}
	for i := range doc.Elements(doc.Root()) {
		what, ok := doc.Attr(i, linkAttribute)
		if !ok {
			continue
		}
		at := r.place(name, int(doc.Nodes[i].Start), int(doc.Nodes[i].OpenEnd), doc.Name(doc.Root())+"/"+doc.Name(i))
		r.set.Uses = append(r.set.Uses, Use{By: LinkUser(doc, i), Name: what, Location: at})
	}
	return nil
}

// LinkUser returns the component that element i of a file of Assets is a link of: a bot component, or a bot.
func LinkUser(doc *xmlspan.Document, i int32) solution.Key {
	topic, _ := doc.Attr(i, "botcomponentid.schemaname")
	if bot, isBot := doc.Attr(i, "botid.schemaname"); topic == "" && isBot {
		return solution.NewKey(solution.TypeBot, "", bot, solution.GUID{})
	}
	return solution.NewKey(solution.TypeBotComponent, "", topic, solution.GUID{})
}

// Malformed returns the finding that a part is not what it should be. err is what is wrong with it; of one that knows an offset, the
// finding has the place. Package content raises the same, so that what several readers see is told once.
func Malformed(p solution.Parts, part string, err error) diag.Diagnostic {
	offset, text := 0, err.Error()
	var j *jsonspan.SyntaxError
	var x *xmlspan.SyntaxError
	switch {
	case errors.As(err, &j):
		offset, text = j.Offset, j.Message
	case errors.As(err, &x):
		offset, text = x.Offset, x.Msg
	}
	return diag.Diagnostic{Rule: ruleMalformed.ID, Severity: ruleMalformed.Severity, Location: p.Locate(part, offset),
		Message: "what this file holds and refers to is not known: " + text + "; repair it"}
}

// MalformedText is [Malformed] for JSON that is the text of an element of a component.
func MalformedText(element string, of solution.Key, err error, at diag.Location) diag.Diagnostic {
	return diag.Diagnostic{Rule: ruleMalformed.ID, Severity: ruleMalformed.Severity, Location: at,
		Message: "the text of " + element + " of " + of.String() + " is not JSON: " + err.Error() + "; repair it"}
}

// MissingReference returns the finding that a connection reference is used and neither in the solution nor declared by its
// manifest: an error of flows, which never are exported so, and a warning of all others. Package content raises the same.
func MissingReference(u Use) diag.Diagnostic {
	d := diag.Diagnostic{Rule: ruleReferenceMissing.ID, Severity: ruleReferenceMissing.Severity, Location: u.Location,
		Message: u.By.String() + " uses connection reference " + strconv.Quote(u.Name) + ", which is found nowhere: add it to the solution"}
	if u.By.Type() != solution.TypeWorkflow {
		d.Severity = diag.Warning
	}
	return d
}
