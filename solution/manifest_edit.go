package solution

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// manifestOrder is the order of the children of SolutionManifest (observed in all exports), for the
// place of one that is missing. All but a ConfigurationPage are in every export.
var manifestOrder = []string{
	"UniqueName", "LocalizedNames", "Descriptions", "Version", "Managed", "ConfigurationPage", "Publisher", "RootComponents", "MissingDependencies",
}

var inManifest = place{order: manifestOrder}

// EditManifest returns the change that edit makes to the manifest of p: edit gets the manifest and returns what With methods
// make of it. Each edit is a splice of its own, so changes made separately of the same parts, say of version, publisher and root
// components, can be joined by [JoinChanges].
//
// The error is that of [ReadManifest] or of edit, or says that edit returned something else than it was given.
func EditManifest(p Parts, edit func(*Manifest) (*Manifest, error)) (*Change, error) {
	m, err := ReadManifest(p)
	if err != nil {
		return nil, err
	}
	edited, err := edit(m)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", m.file, err)
	case edited == nil || edited != m && edited.origin != m:
		return nil, fmt.Errorf("%s: %w", m.file, errors.New("the edit returned another manifest: return what With methods make of the one that it gets"))
	}
	e := NewEditor(p)
	for _, s := range edited.splices {
		e.Splice(ManifestFile, s.Start, s.End, s.Text)
	}
	return e.Change()
}

// ValueError says that a manifest cannot have a value.
type ValueError struct {
	What   string // what it is the value of: "unique name", "root component"
	Value  string // empty if it is about none in particular
	Advice string // what is wrong and what to do
}

// Error returns "what value: advice".
func (e *ValueError) Error() string { return fmt.Sprintf("%s %q: %s", e.What, e.Value, e.Advice) }

const (
	adviceUniqueName = "use letters a to z, digits and underscores only"
	advicePrefix     = "use 2 to 8 letters, digits and underscores, a letter first, and not mscrm"
	adviceXML        = "it has characters that XML cannot hold: remove them"
)

// WithVersion returns m with that version, written in four parts. If m has this version already, the
// text stays as it is written.
func (m *Manifest) WithVersion(v Version) *Manifest {
	if old, err := ParseVersion(m.VersionText()); err == nil && old == v {
		return m
	}
	return m.edit(m.setText(m.top, manifestOrder, "Version", v.String())...)
}

// WithKind returns m with that number in the Managed element. It changes nothing else: the components
// of a managed and of an unmanaged package differ too.
func (m *Manifest) WithKind(k Kind) *Manifest {
	text := strconv.Itoa(int(k))
	if old, ok := m.KindText(); ok && old == text {
		return m
	}
	return m.edit(m.setText(m.top, manifestOrder, "Managed", text)...)
}

// WithUniqueName returns m with that unique name. The error is a [*ValueError]: a name that is not made of letters of
// ASCII, digits and underscores.
func (m *Manifest) WithUniqueName(name string) (*Manifest, error) {
	if !isUniqueName(name) {
		return nil, &ValueError{"unique name", name, adviceUniqueName}
	}
	if m.UniqueName() == name {
		return m, nil
	}
	return m.edit(m.setText(m.top, manifestOrder, "UniqueName", name)...), nil
}

// WithDisplayNames returns m with exactly these display names in this order. The element of a language that stays is kept as
// it is written, but for its text. The error is a [*ValueError]: a text that XML cannot hold, or a language below 0.
func (m *Manifest) WithDisplayNames(names ...Label) (*Manifest, error) {
	return m.withLabels(inManifest, "display name", "LocalizedNames", "LocalizedName", names)
}

// WithDescriptions returns m with exactly these descriptions, as [Manifest.WithDisplayNames] does with names.
func (m *Manifest) WithDescriptions(descriptions ...Label) (*Manifest, error) {
	return m.withLabels(inManifest, "description", "Descriptions", "Description", descriptions)
}

func (m *Manifest) withLabels(in place, what, list, item string, labels []Label) (*Manifest, error) {
	if err := checkLabels(what, labels); err != nil {
		return nil, err
	}
	return m.withList(in, list, len(labels) == 0, func(m *Manifest, list int32) []Splice {
		return m.setLabels(list, item, labels)
	}), nil
}

func checkLabels(what string, labels []Label) error {
	for _, l := range labels {
		switch {
		case !isXMLText(l.Text):
			return &ValueError{what, l.Text, adviceXML}
		case l.LCID < 0:
			return &ValueError{what, l.Text, fmt.Sprintf("%d is no language: use its number, such as 1033", l.LCID)}
		}
	}
	return nil
}

// setLabels returns the splices that make labels the elements of a list.
func (m *Manifest) setLabels(list int32, item string, labels []Label) []Splice {
	nodes := m.items(list, item)
	have := map[int][]int{}
	for i, node := range nodes {
		lcid := m.label(node).LCID
		have[lcid] = append(have[lcid], i)
	}
	var items []listItem
	for _, l := range labels {
		if l.LCID == 0 && len(have[0]) == 0 {
			l.LCID = defaultLCID // as it is written
		}
		old := have[l.LCID]
		if len(old) == 0 {
			items = append(items, listItem{old: -1, text: appendLabel(nil, item, l)})
			continue
		}
		have[l.LCID] = old[1:]
		kept := listItem{old: old[0]}
		if node := nodes[old[0]]; m.label(node).Text != l.Text {
			kept.edit = m.setAttr(node, "description", l.Text)
		}
		items = append(items, kept)
	}
	return m.setList(list, nodes, items)
}

// WithConfigurationPage returns m with that web resource as the solution's configuration page, the page that people see who
// open the solution; with an empty name, without one. The error is a [*ValueError]: a name that XML cannot hold.
func (m *Manifest) WithConfigurationPage(name string) (*Manifest, error) {
	if !isXMLText(name) {
		return nil, &ValueError{"configuration page", name, adviceXML}
	}
	old := m.ConfigurationPage()
	if name != "" && old != nil && *old == name {
		return m, nil
	}
	var edit []Splice
	for i := range m.doc.Elements(m.top) {
		// The id, if a file has one, is that of the page that was.
		if m.doc.Is(i, "ConfigurationPageId") || name == "" && m.doc.Is(i, "ConfigurationPage") {
			n := &m.doc.Nodes[i]
			edit = append(edit, Splice{int(n.Start) - len(m.lead(i)), int(n.End), ""})
		}
	}
	if name != "" {
		edit = append(edit, m.setText(m.top, manifestOrder, "ConfigurationPage", name)...)
	}
	return m.edit(edit...), nil
}

// WithRootComponent returns m with rc behind its root components, m itself if a root with that key is
// there already, whatever its behavior. Errors are those of [Manifest.WithRootComponents], which adds many at once.
func (m *Manifest) WithRootComponent(rc RootComponent) (*Manifest, error) {
	all := make([]RootComponent, 0, len(m.roots)+1)
	for _, have := range m.roots {
		if have.Key.Match(rc.Key) {
			return m, nil
		}
		all = append(all, have)
	}
	return m.WithRootComponents(append(all, rc)...)
}

// WithRootComponents returns m with exactly these root components in this order. Elements of roots that
// stay are kept as they are written, unknown attributes included; if their behavior changes, that
// attribute alone does. Comments between elements are kept.
//
// The error is a [*ValueError]: a type without a fixed number, which the file cannot hold, or a name with characters
// that XML cannot hold.
func (m *Manifest) WithRootComponents(rc ...RootComponent) (*Manifest, error) {
	have := map[rootIdentity][]int{}
	for i, rc := range m.roots {
		id := identityOf(rc)
		have[id] = append(have[id], i)
	}
	items := make([]listItem, len(rc))
	for i, c := range rc {
		id := identityOf(c)
		old := have[id]
		if len(old) == 0 {
			if err := checkRoot(c); err != nil {
				return nil, err
			}
			items[i] = listItem{old: -1, text: appendRoot(nil, c)}
			continue
		}
		have[id] = old[1:]
		items[i].old = old[0]
		if m.roots[old[0]].Behavior != c.Behavior {
			items[i].edit = m.setAttr(m.rootNodes[old[0]], "behavior", strconv.Itoa(int(c.Behavior)))
		}
	}
	return m.withList(inManifest, "RootComponents", len(rc) == 0, func(m *Manifest, list int32) []Splice {
		return m.setList(list, m.rootNodes, items)
	}), nil
}

func checkRoot(rc RootComponent) error {
	if _, ok := rc.Key.kind.Code(); !ok {
		return &ValueError{"root component", rc.Key.String(), "its type has no fixed number, so it cannot be a root component: leave it out"}
	}
	for _, text := range [...]string{rc.SchemaName, rc.Key.name} {
		if !isXMLText(text) {
			return &ValueError{"root component", rc.Key.String(), adviceXML}
		}
	}
	return nil
}

// rootIdentity is what makes a wanted root the one that is there.
type rootIdentity struct {
	key      Key
	id, from GUID
}

func identityOf(rc RootComponent) rootIdentity { return rootIdentity{rc.Key, rc.ID, rc.ParentID} }

// appendRoot appends a new element, its attributes in the order that exports have.
func appendRoot(dst []byte, rc RootComponent) []byte {
	code, _ := rc.Key.kind.Code()
	id, name := rc.ID, rc.SchemaName
	if id.IsZero() {
		id = rc.Key.id
	}
	if name == "" {
		name = rc.Key.name
	}
	dst = append(dst, "<RootComponent"...)
	dst = xmlspan.AppendAttr(dst, "type", strconv.Itoa(code))
	if !id.IsZero() {
		dst = xmlspan.AppendAttr(dst, "id", id.Braced())
	}
	if name != "" {
		dst = xmlspan.AppendAttr(dst, "schemaName", name)
	}
	if !rc.ParentID.IsZero() {
		dst = xmlspan.AppendAttr(dst, "parentId", rc.ParentID.Braced())
	}
	dst = xmlspan.AppendAttr(dst, "behavior", strconv.Itoa(int(rc.Behavior)))
	return append(dst, " />"...)
}
