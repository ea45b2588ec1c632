package solution

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// manifestDepth is the depth of what ParseManifest looks at: a package below a Required, a field of an
// address. Deeper elements are carried.
const manifestDepth = 5

// ParseManifest reads solution.xml, UTF-8 with or without a byte order mark. It keeps src, which must
// not change afterwards. file is the name that errors, findings and locations have; [ReadManifest] gives those of a source.
//
// It is lenient: only ImportExportXml and SolutionManifest must be there, and a value that makes no
// sense is a finding of [Manifest.Check], not an error. Of an element that occurs twice the first
// counts. The error is a [*SyntaxError]. Of root components and of missing dependencies there may be 16,384 each, and one more for
// every 384 bytes; more are [ErrLimit].
func ParseManifest(src []byte, file string) (*Manifest, error) {
	return parseManifest(src, file, placesIn(file, src))
}

func parseManifest(src []byte, file string, at places) (*Manifest, error) {
	doc, err := xmlspan.Parse(src, manifestDepth, nil)
	if err != nil {
		return nil, scanError(at, err)
	}
	m := &Manifest{doc: doc, root: doc.Root(), file: file, places: at}
	if !doc.Is(m.root, "ImportExportXml") {
		return nil, syntaxError(at, int(doc.Nodes[m.root].Start),
			fmt.Errorf("root element is %q: a manifest has ImportExportXml", doc.Name(m.root)))
	}
	if m.top = doc.Child(m.root, "SolutionManifest"); m.top == xmlspan.None {
		return nil, syntaxError(at, int(doc.Nodes[m.root].Start), errors.New("element SolutionManifest is missing"))
	}
	if v, err := ParseVersion(m.VersionText()); err == nil {
		m.version = v
	}
	if text, ok := m.KindText(); ok {
		m.kind, _ = kindOfNumber(text)
	}
	m.publisher = m.readPublisher()
	for _, list := range []string{"RootComponents", "MissingDependencies"} {
		if err := m.room(list); err != nil {
			return nil, err
		}
	}
	m.readRoots()
	m.readDependencies()
	return m, nil
}

// kindOfNumber reads the text of a Managed element.
func kindOfNumber(text string) (Kind, bool) {
	switch text {
	case "0":
		return Unmanaged, true
	case "1":
		return Managed, true
	case "2":
		return Both, true
	}
	return Unmanaged, false
}

func (m *Manifest) readPublisher() Publisher {
	at := m.child("Publisher")
	if at == xmlspan.None {
		return Publisher{}
	}
	p := Publisher{
		UniqueName:   m.value(m.doc.Child(at, "UniqueName")),
		Prefix:       m.value(m.doc.Child(at, "CustomizationPrefix")),
		DisplayNames: m.labels(at, "LocalizedNames", "LocalizedName"),
		Descriptions: m.labels(at, "Descriptions", "Description"),
		EMail:        m.optional(at, "EMailAddress"),
		Website:      m.optional(at, "SupportingWebsiteUrl"),
	}
	if n, err := strconv.Atoi(m.value(m.doc.Child(at, "CustomizationOptionValuePrefix"))); err == nil {
		p.OptionValuePrefix = n
	}
	if list := m.doc.Child(at, "Addresses"); list != xmlspan.None {
		for i := range m.doc.Elements(list) {
			a := Address{}
			for f := range m.doc.Elements(i) {
				a = append(a, AddressField{Name: m.doc.Name(f), Value: m.nullable(f)})
			}
			p.Addresses = append(p.Addresses, a)
		}
	}
	return p
}

// room refuses a list of more elements than a file of its size has, as much more is kept of each than its text. In manifests of real
// solutions a root component has some 70 bytes and a missing dependency some 400.
func (m *Manifest) room(list string) error {
	i := m.child(list)
	if i == xmlspan.None {
		return nil
	}
	n, most := 0, 1<<14+len(m.doc.Src)/384
	for c := range m.doc.Elements(i) {
		if n++; n > most {
			err := fmt.Errorf("%w: more than %d elements of %s in a file of its size", ErrLimit, most, list)
			return syntaxError(m.places, int(m.doc.Nodes[c].Start), err)
		}
	}
	return nil
}

func (m *Manifest) readRoots() {
	list := m.child("RootComponents")
	if list == xmlspan.None {
		return
	}
	for i := range m.doc.Elements(list) {
		if m.doc.Is(i, "RootComponent") {
			m.roots = append(m.roots, m.readRoot(i))
			m.rootNodes = append(m.rootNodes, i)
		}
	}
}

func (m *Manifest) readRoot(i int32) RootComponent {
	var rc RootComponent
	var typ ComponentType
	var badID string
	for a := range m.doc.RawAttrs(i) {
		value := xmlspan.AttrValue(a.Value.Of(m.doc.Src))
		switch string(a.Name.Of(m.doc.Src)) {
		case "type":
			typ = ParseComponentType(value)
		case "schemaName":
			rc.SchemaName = value
		case "id":
			var err error
			if rc.ID, err = ParseGUID(value); err != nil {
				badID = value
			}
		case "parentId":
			if id, err := ParseGUID(value); err == nil {
				rc.ParentID = id
			}
		case "behavior":
			if n, err := strconv.ParseUint(value, 10, 8); err == nil {
				rc.Behavior = Behavior(n)
			}
		}
	}
	rc.Key = NewKey(typ, "", rc.SchemaName, rc.ID)
	if badID != "" && rc.Key.name == "" {
		rc.Key.name = Fold(badID)
	}
	return rc
}

func (m *Manifest) readDependencies() {
	list := m.child("MissingDependencies")
	if list == xmlspan.None {
		return
	}
	for i := range m.doc.Elements(list) {
		if !m.doc.Is(i, "MissingDependency") {
			continue
		}
		m.needNodes = append(m.needNodes, needNode{i, m.doc.Child(i, "Required"), m.doc.Child(i, "Dependent")})
	}
}

// need returns the i-th missing dependency, without Locations.
func (m *Manifest) need(i int) Dependency {
	var d Dependency
	at := m.needNodes[i]
	if at.required != xmlspan.None {
		d.Required = m.readEnd(at.required)
	}
	if at.dependent != xmlspan.None {
		d.Dependent = m.readEnd(at.dependent)
	}
	return d
}

func (m *Manifest) readEnd(i int32) End {
	var e End
	var typ ComponentType
	var badID string
	for a := range m.doc.RawAttrs(i) {
		value := xmlspan.AttrValue(a.Value.Of(m.doc.Src))
		switch name := a.Name.Of(m.doc.Src); string(name) {
		case "type":
			typ = ParseComponentType(value)
			e.TypeText = value
		case "schemaName":
			e.SchemaName = value
		case "displayName":
			e.DisplayName = value
		case "parentSchemaName":
			e.ParentSchemaName = value
		case "parentDisplayName":
			e.ParentDisplayName = value
		case "id":
			var err error
			if e.ID, err = ParseGUID(value); err != nil {
				badID = value
			}
		case "parentId":
			if id, err := ParseGUID(value); err == nil {
				e.ParentID = id
			}
		case "key":
			e.Number = value
		case "solution":
			e.Solution = readRef(value)
		default:
			if column, ok := strings.CutPrefix(string(name), "id."); ok {
				e.Alternates = append(e.Alternates, AlternateKey{column, value})
			}
		}
	}
	for c := range m.doc.Elements(i) {
		if m.doc.Is(c, "package") {
			p := Application{Solution: readRef(m.value(c))}
			p.AppName, _ = m.doc.Attr(c, "appName")
			p.AppVersion, _ = m.doc.Attr(c, "version")
			e.Applications = append(e.Applications, p)
		}
	}
	parent, name := e.ParentSchemaName, e.SchemaName
	if len(e.Alternates) > 0 {
		parent, name = alternateName(typ, parent, e.Alternates)
	}
	e.Key = NewKey(typ, parent, name, e.ID)
	if badID != "" && e.Key.name == "" {
		e.Key.name = Fold(badID)
	}
	return e
}

// alternateName turns alternate keys into owner and name. The values of several are joined in the order
// of their columns, but a scoped type's column that starts with "parent" is its owner.
func alternateName(t ComponentType, parent string, keys []AlternateKey) (string, string) {
	sorted := slices.SortedFunc(slices.Values(keys), func(a, b AlternateKey) int { return strings.Compare(a.Column, b.Column) })
	var values []string
	for _, k := range sorted {
		if t.keyForm() == KeyScoped && strings.HasPrefix(k.Column, "parent") {
			parent = k.Value
			continue
		}
		values = append(values, k.Value)
	}
	return parent, strings.Join(values, " ")
}

// readRef is ParseRef for text that must not get lost: what is no reference is a name.
func readRef(text string) Ref {
	ref, err := ParseRef(text)
	if err != nil {
		return Ref{Name: trimSpace(text)}
	}
	return ref
}
