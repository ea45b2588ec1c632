package diff

import (
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/model"
)

// A shape says how the elements of one name below one parent are compared.
type shape struct {
	kind solution.ComponentType // empty: any
	path string                 // the last names of the path, without keys; a step "*" is any name
	key  []string               // "@name" of an attribute, the name of an element, or "." for the text; all together tell elements apart
	set  bool                   // their order means nothing
	why  string                 // what shows that: [Normalise] puts such sets in order
}

// shapes are what the general rules do not see. The general rules: labels, which have a languagecode, are a set by it; other
// elements of one name are a list, told apart by the first of commonKeys that does it.
//
// Whether order means something was judged from what the platform shows in this order (options, tabs, areas, columns of grids),
// and from pairs of exports that differ in order alone, for the rows with set. A set without a reason (why) is compared as one, as
// no two of its elements have one key, but was not seen in two orders.
var shapes = []shape{
	{path: "RootComponents/RootComponent", key: []string{"@type", "@schemaName", "@id", "@parentId"}, set: true, why: "4 pairs of exports; trees: sorted"},
	{path: "MissingDependencies/MissingDependency", key: []string{"Required@type", "Required@schemaName", "Required@id", "Required@parentSchemaName", "Dependent@type", "Dependent@schemaName", "Dependent@id"}, set: true, why: "pairs of exports; trees: sorted"},
	{kind: solution.TypeRole, path: "RolePrivileges/RolePrivilege", key: []string{"@name"}, set: true, why: "a role has them all, each once"},
	{kind: solution.TypeAppModule, path: "AppModuleRoleMaps/Role", key: []string{"@id"}, set: true, why: "7 pairs of exports"},
	{kind: solution.TypeAppModule, path: "AppModuleComponents/AppModuleComponent", key: []string{"@type", "@id", "@schemaName"}, set: true, why: "6 pairs of exports; trees: sorted"},
	{kind: solution.TypeEntityRelationship, path: "EntityRelationshipRoles/EntityRelationshipRole", key: []string{"RelationshipRoleType", "AssociationRoleOrdinal", "NavigationPropertyName"}, set: true},
	{kind: solution.TypeEntity, path: "FormXml/forms", key: []string{"@type"}, set: true, why: "7 pairs of exports; trees: that of files"},
	{path: "options/option", key: []string{"@value"}},
	{path: "statuses/status", key: []string{"@value"}},
	{path: "states/state", key: []string{"@value"}},
	{path: "tabs/tab", key: []string{"@id", "@name"}},
	{path: "sections/section", key: []string{"@id", "@name"}},
	{path: "controls/control", key: []string{"@id"}},
	{path: "events/event", key: []string{"@name", "@attribute"}},
	{path: "formLibraries/Library", key: []string{"@name"}},
	{path: "SiteMap/Area", key: []string{"@Id"}},
	{path: "Area/Group", key: []string{"@Id"}},
	{path: "Group/SubArea", key: []string{"@Id"}},
	{path: "CustomActions/CustomAction", key: []string{"@Id"}},
	{path: "CommandDefinitions/CommandDefinition", key: []string{"@Id"}},
	{path: "AttributeMaps/AttributeMap", key: []string{"AttributeSource", "AttributeTarget"}, set: true},
	{path: "LookupTypes/LookupType", key: []string{"."}, set: true},
	{path: "EntityKeyAttributes/AttributeName", key: []string{"."}},
	{path: "SubArea/Privilege", key: []string{"@Entity", "@Privilege"}, set: true, why: "a user needs them all, each once"},
	{path: "Titles/Title", key: []string{"@LCID"}, set: true, why: "a text is found by its language"},
	{path: "Descriptions/Description", key: []string{"@LCID", "@languagecode"}, set: true, why: "1 pair of exports; a text is found by its language"},
	{path: "row/cell", key: []string{"control@datafieldname", "control@id", "@id", "@name"}},
	{path: "controlDescriptions/controlDescription", key: []string{"@forControl"}, set: true},
	{path: "DisplayConditions/Role", key: []string{"@Id"}, set: true},
	{path: "entity/attribute", key: []string{"@name"}},
	{path: "link-entity/attribute", key: []string{"@name", "@alias"}},
	{path: "entity/order", key: []string{"@attribute", "@alias"}},
	{path: "entity/link-entity", key: []string{"@name", "@from", "@to", "@alias"}},
	{path: "link-entity/link-entity", key: []string{"@name", "@from", "@to", "@alias"}},
	{path: "filter/condition", key: []string{"@entityname", "@attribute", "@operator", "@value"}},
}

// commonKeys tell elements of one name apart, best first.
var commonKeys = []string{"@id", "@Id", "@ID", "@uniquename", "@uniqueName", "@schemaName", "@schemaname", "@name", "@Name", "@value", "@languagecode", "@LCID",
	"@handlerUniqueId", "@LibraryUniqueId", "@libraryUniqueId", "@functionName", "Name", "name", "LogicalName", "Id", "id", "UniqueName", "AttributeSource", "formid", "savedqueryid", "savedqueryvisualizationid", "."}

// labelKey is the key of labels.
var labelKey = []string{"@languagecode"}

// shapeOf returns the row for the elements of a path, nil if the general rules hold.
func shapeOf(kind solution.ComponentType, path []string) *shape {
	for i := range shapes {
		s := &shapes[i]
		if s.key == nil || s.kind != "" && s.kind != kind {
			continue
		}
		if hasSuffix(path, s.path) {
			return s
		}
	}
	return nil
}

// hasSuffix reports whether a path ends with the steps of a pattern.
func hasSuffix(path []string, pattern string) bool {
	at := len(path)
	for pattern != "" {
		i := strings.LastIndexByte(pattern, '/')
		step := pattern[i+1:]
		pattern = pattern[:max(i, 0)]
		at--
		if at < 0 || step != "*" && step != path[at] {
			return false
		}
	}
	return true
}

// keyText returns what an element has for a key: the text of one part of it.
func keyText(e model.Element, part string) string {
	switch i := strings.IndexByte(part, '@'); {
	case part == ".":
		return strings.TrimSpace(e.OwnText())
	case i == 0:
		return foldID(e.Attr(part[1:]))
	case i > 0:
		for child := range e.Children() { // control@id: of the first child of that name
			if child.Tag() == part[:i] {
				return foldID(child.Attr(part[i+1:]))
			}
		}
		return ""
	}
	child := e.Child(part)
	if child.HasChildren() {
		return ""
	}
	return strings.TrimSpace(child.Text())
}

// foldID gives GUIDs one form.
func foldID(text string) string {
	if id, err := solution.ParseGUID(strings.TrimSpace(text)); err == nil {
		return id.String()
	}
	return text
}

// keysOf returns the key of each element, nil if key does not tell them apart. All parts of a key together count, or each alone if
// each is false.
func keysOf(elements []model.Element, key []string) []string {
	out := make([]string, len(elements))
	seen := make(map[string]bool, len(elements))
	for i, e := range elements {
		var b strings.Builder
		any := false
		for j, part := range key {
			if j > 0 {
				b.WriteByte(' ')
			}
			text := keyText(e, part)
			any = any || text != ""
			b.WriteString(text)
		}
		out[i] = strings.TrimRight(b.String(), " ")
		if !any || seen[out[i]] {
			return nil
		}
		seen[out[i]] = true
	}
	return out
}

// matchKeys returns the keys of the elements of both sides, nil if there is no key that tells those of each side apart, and
// whether they are a set.
func matchKeys(kind solution.ComponentType, path []string, old, new []model.Element) (a, b []string, set bool) {
	if s := shapeOf(kind, path); s != nil {
		if a, b := keysOf(old, s.key), keysOf(new, s.key); a != nil && b != nil {
			return a, b, s.set
		}
		if s.set {
			return nil, nil, true
		}
	}
	if isLabels(old) && isLabels(new) {
		if a, b := keysOf(old, labelKey), keysOf(new, labelKey); a != nil && b != nil {
			return a, b, true
		}
	}
	for _, part := range commonKeys {
		key := []string{part}
		if a = keysOf(old, key); a == nil {
			continue
		}
		if b = keysOf(new, key); b != nil && overlap(a, b) {
			return a, b, false
		}
	}
	return nil, nil, false
}

func overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	have := make(map[string]bool, len(a))
	for _, k := range a {
		have[k] = true
	}
	for _, k := range b {
		if have[k] {
			return true
		}
	}
	return false
}

func isLabels(elements []model.Element) bool {
	for _, e := range elements {
		if _, ok := e.LookupAttr("languagecode"); !ok || e.HasChildren() {
			return false
		}
	}
	return true
}
