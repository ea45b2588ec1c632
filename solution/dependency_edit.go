package solution

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
)

// NewEnd returns an end of a [Dependency] with the fields that exports have for its type. name is as it is to
// be written; parent, name and id may be empty. Types without a fixed number that have an alternate key get
// it in the place of a schema name.
func NewEnd(t ComponentType, parent, name string, id GUID) End {
	e := End{Key: NewKey(t, parent, name, id), TypeText: typeText(t), ID: id}
	if t.keyForm() == KeyScoped {
		e.ParentSchemaName = parent
	}
	if column, ok := alternateColumns[t]; ok && name != "" {
		e.Alternates = []AlternateKey{{column, name}}
		e.ID = GUID{}
	} else if e.Key.name != "" {
		e.SchemaName = name
	}
	return e
}

// alternateColumns are the columns by which types without a fixed number are named (observed in exports;
// those of bots in the links between their components).
var alternateColumns = map[ComponentType]string{
	TypeBot:                 "schemaname",
	TypeBotComponent:        "schemaname",
	TypeConnectionReference: "connectionreferencelogicalname",
	TypeCustomAPI:           "uniquename",
	TypeMaskingRule:         "name",
	TypeSettingDefinition:   "uniquename",
}

// typeText is how files write a type: its number, else its name.
func typeText(t ComponentType) string {
	if code, ok := t.Code(); ok {
		return strconv.Itoa(code)
	}
	return string(t)
}

// WithDependency returns m with d behind its missing dependencies, m itself if there is one between
// those components already, whoever provides it. Errors are those of [Manifest.WithDependencies].
func (m *Manifest) WithDependency(d Dependency) (*Manifest, error) {
	needs := make([]Dependency, 0, len(m.needNodes)+1)
	for i := range m.needNodes {
		have := m.need(i)
		if have.Required.Key.Match(d.Required.Key) && have.Dependent.Key.Match(d.Dependent.Key) {
			return m, nil
		}
		needs = append(needs, have)
	}
	return m.WithDependencies(append(needs, d)...)
}

// WithDependencies returns m with exactly these missing dependencies in this order. Elements of those that
// stay are kept as they are written, unknown attributes included; one that differs in any field but the
// Locations is written anew, as exports write it. Comments between elements are kept.
//
// Of a new one, fields that are empty are filled in from its Key; [NewEnd] gives them the form of exports. The
// error wraps a [*ValueError]: an end without a type, one whose other fields say another component than its Key, or a text
// that XML cannot hold.
func (m *Manifest) WithDependencies(needs ...Dependency) (*Manifest, error) {
	have := map[string][]int{}
	for i := range m.needNodes {
		id := string(appendNeed(nil, m.need(i), "", ""))
		have[id] = append(have[id], i)
	}
	old := make([]int, len(needs))
	for i, d := range needs {
		old[i] = -1
		id := string(appendNeed(nil, d, "", ""))
		if same := have[id]; len(same) > 0 {
			old[i], have[id] = same[0], same[1:]
			continue
		}
		for _, e := range [...]End{d.Required, d.Dependent} {
			if err := checkEnd(e); err != nil {
				return nil, fmt.Errorf("dependency of %q on %q: %w", d.Dependent.Key, d.Required.Key, err)
			}
		}
	}
	out := m.withList(inManifest, "MissingDependencies", len(needs) == 0, func(m *Manifest, list int32) []Splice {
		nodes := make([]int32, len(m.needNodes))
		for i, n := range m.needNodes {
			nodes[i] = n.item
		}
		lead, _ := m.listLeads(list, nodes)
		unit := m.indent(list)
		items := make([]listItem, len(needs))
		for i, d := range needs {
			if items[i].old = old[i]; old[i] < 0 {
				items[i].text = appendNeed(nil, d, lead, unit)
			}
		}
		return m.setList(list, nodes, items)
	})
	for i, d := range needs {
		if got := out.need(i); got.Required.Key != d.Required.Key || got.Dependent.Key != d.Dependent.Key {
			return nil, fmt.Errorf("dependency of %q on %q: %w", d.Dependent.Key, d.Required.Key, &ValueError{
				"ends", got.Dependent.Key.String() + " and " + got.Required.Key.String(), "the fields say this instead: make ends with NewEnd"})
		}
	}
	return out, nil
}

// checkEnd finds what cannot be written.
func checkEnd(e End) error {
	if e.Key.kind == "" {
		return &ValueError{"component", e.Key.String(), "it has no type: say which"}
	}
	for _, a := range e.attributes() {
		if !isXMLText(a.value) {
			return &ValueError{a.name, a.value, adviceXML}
		}
	}
	for _, a := range e.Alternates {
		if strings.Trim(a.Column, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") != "" || a.Column == "" {
			return &ValueError{"alternate key", a.Column, "use letters, digits, dots and underscores"}
		}
	}
	for _, p := range e.Applications {
		if !isXMLText(p.Solution.String() + p.AppName + p.AppVersion) {
			return &ValueError{"package", p.Solution.String(), adviceXML}
		}
	}
	return nil
}

// An attribute of an element, its value without references.
type attribute struct{ name, value string }

// attributes returns the attributes of an end in the order that exports have, those without a value left out.
func (e End) attributes() []attribute {
	filled := e
	if filled.TypeText == "" {
		filled.TypeText = typeText(e.Key.kind)
	}
	if filled.SchemaName == "" && len(e.Alternates) == 0 {
		filled.SchemaName = e.Key.name
	}
	if filled.ParentSchemaName == "" && len(e.Alternates) == 0 {
		filled.ParentSchemaName = e.Key.parent
	}
	if filled.ID.IsZero() {
		filled.ID = e.Key.id
	}
	all := []attribute{{"key", filled.Number}, {"type", filled.TypeText}, {"schemaName", filled.SchemaName}, {"displayName", filled.DisplayName},
		{"parentSchemaName", filled.ParentSchemaName}, {"parentDisplayName", filled.ParentDisplayName}, {"solution", ""}, {"id", ""}, {"parentId", ""}}
	if filled.Solution.Name != "" {
		all[6].value = filled.Solution.String()
	}
	if !filled.ID.IsZero() {
		all[7].value = filled.ID.Braced()
	}
	if !filled.ParentID.IsZero() {
		all[8].value = filled.ParentID.Braced()
	}
	for _, a := range filled.Alternates {
		all = append(all, attribute{"id." + a.Column, a.Value})
	}
	return slices.DeleteFunc(all, func(a attribute) bool { return a.value == "" })
}

// appendNeed appends a new element. lead is the white space in front of it and unit that of one level, both
// empty to write all on one line.
func appendNeed(dst []byte, d Dependency, lead, unit string) []byte {
	deeper := ""
	if lead != "" {
		deeper = lead + unit
	}
	dst = append(dst, "<MissingDependency>"...)
	dst = d.Required.append(append(dst, deeper...), "Required", deeper, unit)
	dst = d.Dependent.append(append(dst, deeper...), "Dependent", deeper, unit)
	return append(append(dst, lead...), "</MissingDependency>"...)
}

func (e End) append(dst []byte, name, lead, unit string) []byte {
	dst = append(dst, "<"+name...)
	for _, a := range e.attributes() {
		dst = xmlspan.AppendAttr(dst, a.name, a.value)
	}
	if len(e.Applications) == 0 {
		return append(dst, " />"...)
	}
	dst = append(dst, '>')
	for _, p := range e.Applications {
		if lead != "" {
			dst = append(dst, lead+unit...)
		}
		dst = append(dst, "<package"...)
		for _, a := range [...]attribute{{"appName", p.AppName}, {"version", p.AppVersion}} {
			if a.value != "" {
				dst = xmlspan.AppendAttr(dst, a.name, a.value)
			}
		}
		dst = append(xmlspan.AppendText(append(dst, '>'), p.Solution.String(), "\n"), "</package>"...)
	}
	return append(append(dst, lead...), "</"+name+">"...)
}
