package model

import (
	"iter"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Component is something that a solution holds. Views such as [Table] are components with more methods. The zero Component
// is none and has no methods that may be called but [Component.Exists].
type Component struct {
	m *Model
	i int
}

func (c Component) entry() *entry { return &c.m.components[c.i] }

// Exists reports whether there is a component.
func (c Component) Exists() bool { return c.m != nil }

// Model returns the model that the component is of.
func (c Component) Model() *Model { return c.m }

// Key returns what identifies the component.
func (c Component) Key() solution.Key { return c.entry().key }

// Type returns the type of the component.
func (c Component) Type() solution.ComponentType { return c.entry().key.Type() }

// Name returns the name as written, which may be only a title; empty if there is none.
func (c Component) Name() string { return c.entry().name }

// ID returns the GUID, zero if there is none. It may be more than identity needs.
func (c Component) ID() solution.GUID { return c.entry().id }

// Owner returns the component that this one is nested in: the table of a column, the assembly of a plug-in type.
func (c Component) Owner() (Component, bool) {
	if c.entry().owner == noOwner {
		return Component{}, false
	}
	return Component{c.m, c.entry().owner}, true
}

// OwnerKey returns the key of the component that this one is nested in, zero if there is none.
func (c Component) OwnerKey() solution.Key {
	owner, ok := c.Owner()
	if !ok {
		return solution.Key{}
	}
	return owner.Key()
}

// Nested returns the components that are nested in this one, in the order of the file.
func (c Component) Nested() iter.Seq[Component] {
	return func(yield func(Component) bool) {
		for _, i := range c.m.nested[c.i] {
			if !yield(Component{c.m, i}) {
				return
			}
		}
	}
}

// Element returns what describes the component: an element of customizations.xml, or the root of a file of its own.
func (c Component) Element() Element { return c.entry().element }

// Part returns the name of the part that holds the element.
func (c Component) Part() string { return c.entry().element.Part() }

// Location returns where the element stands in the source.
func (c Component) Location() diag.Location { return c.entry().element.Location() }

// Parts returns the parts that belong to the component besides that of its element, sorted: those that the element names, and
// all files of a component that is a folder but those of another one in it. Parts of what is nested in the component are not
// among them.
func (c Component) Parts() []string { return c.m.files().of(c) }

// Root returns what the manifest says of the component as a root, and whether it is one.
func (c Component) Root() (solution.RootComponent, bool) {
	for _, k := range []solution.Key{c.Key(), solution.IDKey(c.Type(), c.ID())} {
		if root, ok := c.m.roots()[k]; ok && (k.HasName() || k == c.Key()) {
			return root, true
		}
	}
	return solution.RootComponent{}, false
}

func (m *Model) findRoots() map[solution.Key]solution.RootComponent {
	roots := map[solution.Key]solution.RootComponent{}
	if m.manifest == nil {
		return roots
	}
	for root := range m.manifest.RootComponents() {
		for _, k := range []solution.Key{root.Key, solution.IDKey(root.Key.Type(), root.ID)} {
			if _, ok := roots[k]; !ok && (k.HasName() || k == root.Key) {
				roots[k] = root
			}
		}
	}
	return roots
}

// displayLists and descriptionLists are the elements that hold the labels of a component, by the kinds that have them.
var (
	displayLists     = []string{"LocalizedNames", "displaynames", "localizednames"}
	descriptionLists = []string{"Descriptions", "descriptions"}
	displayTexts     = []string{"displayname", "DisplayName", "connectionreferencedisplayname", "msdyn_name"}
	descriptionTexts = []string{"description", "Description"}
)

// DisplayNames returns the display names by language. A name that the file gives without a language has language 0.
func (c Component) DisplayNames() []solution.Label {
	if labels := texts(c.Element(), displayLists, displayTexts); labels != nil {
		return labels
	}
	if title := c.Element().Child("name"); c.entry().dir != "" && title.Exists() { // of components that are folders
		return []solution.Label{{Text: strings.TrimSpace(title.Text())}}
	}
	return nil
}

// Descriptions returns the descriptions by language. One that the file gives without a language has language 0.
func (c Component) Descriptions() []solution.Label {
	return texts(c.Element(), descriptionLists, descriptionTexts)
}

func texts(e Element, lists, plain []string) []solution.Label {
	for _, name := range lists {
		if list := e.Child(name); list.Exists() {
			return list.labels()
		}
	}
	for _, name := range plain {
		if labels := plainLabels(e.Child(name)); labels != nil {
			return labels
		}
	}
	return nil
}

// plainLabels returns the texts of an element that holds one text, or, as those of newer components do, a text and labels:
// <displayname default="..."><label .../></displayname>.
func plainLabels(e Element) []solution.Label {
	if text, ok := e.LookupAttr("default"); ok {
		return append([]solution.Label{{Text: text}}, e.labels()...)
	}
	if text := strings.TrimSpace(e.Text()); text != "" {
		return []solution.Label{{Text: text}}
	}
	return nil
}

// DisplayName returns the display name in the language, else in any, else the name.
func (c Component) DisplayName(lcid int) string {
	if text := Text(c.DisplayNames(), lcid); text != "" {
		return text
	}
	return c.Name()
}

// Text returns the text of the labels in the language, else the one without a language, else the first; empty if there are
// none.
func Text(labels []solution.Label, lcid int) string {
	best := ""
	for i, l := range labels {
		if l.LCID == lcid {
			return l.Text
		}
		if i == 0 || l.LCID == 0 {
			best = l.Text
		}
	}
	return best
}

// IntroducedVersion returns the version of the solution that brought the component, as written; empty if it is not said.
func (c Component) IntroducedVersion() string {
	for _, name := range []string{"IntroducedVersion", "introducedversion"} {
		if e := c.Element().Child(name); e.Exists() {
			return strings.TrimSpace(e.Text())
		}
	}
	return c.Element().Attr("IntroducedVersion")
}

// ManagedProperties returns what may be done with the component once it is managed: the names of the properties, such as
// IsCustomizable and CanCreateForms, and whether they allow it, in the order of the file.
func (c Component) ManagedProperties() iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		for e := range managedIn(c).Children() {
			if isManagedProperty(e.Tag()) && !yield(e.Tag(), isTrue(strings.TrimSpace(e.Text()))) {
				return
			}
		}
	}
}

// managedIn returns the element whose children the managed properties are.
func managedIn(c Component) Element {
	if info := c.Element().Child("EntityInfo", "entity"); info.Exists() {
		return info
	}
	return c.Element()
}

func isManagedProperty(tag string) bool {
	switch strings.ToLower(tag) {
	case "iscustomizable", "isrenameable", "ismappable", "isdeletable", "canbedeleted", "ishidden":
		return true
	}
	return strings.HasPrefix(tag, "CanModify") || strings.HasPrefix(tag, "CanCreate") || strings.HasPrefix(tag, "CanChange") ||
		strings.HasPrefix(tag, "CanEnable")
}

// IsCustomizable reports whether the component may be changed once it is managed, and whether the file says so.
func (c Component) IsCustomizable() (can, said bool) {
	for name, yes := range c.ManagedProperties() {
		if strings.EqualFold(name, "iscustomizable") {
			return yes, true
		}
	}
	return false, false
}

// Prefix returns the prefix of the publisher in a name, such as "contoso" in "contoso_order", empty if it has none: then it is a
// name of the platform. A prefix is 2 to 8 letters and digits before an underscore, the first a letter.
func Prefix(name string) string {
	i := strings.IndexByte(name, '_')
	if i < 2 || i > 8 {
		return ""
	}
	for j, ch := range []byte(name[:i]) {
		letter := 'a' <= ch && ch <= 'z' || 'A' <= ch && ch <= 'Z'
		if !letter && (j == 0 || ch < '0' || ch > '9') {
			return ""
		}
	}
	return name[:i]
}

// part returns the name of the part that a text of the component's element names, empty if there is none.
func (c Component) part(text string) string {
	for _, name := range c.m.files().named(c.Type(), strings.TrimSpace(text)) {
		return name
	}
	return ""
}
