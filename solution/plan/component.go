package plan

import (
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// A ComponentID is a component as text, "kind:key". The kind is the logical name ("entity", "workflow", "connector"); the
// key is the folded name, "table.column" for what has a name only inside of another, or the GUID in lower case without
// braces. "solution:NAME" is a whole solution.
type ComponentID string

// kindSolution is the kind of [ComponentID] that stands for a whole solution.
const kindSolution = "solution"

// ComponentOf returns the text of a key. A connector is written with its GUID if the key has one, everything else that
// has both with its name.
func ComponentOf(k solution.Key) ComponentID {
	switch {
	case k.Name() == "" && k.ID().IsZero():
		return ComponentID(k.Type() + ":")
	case k.Name() == "" || k.Type() == solution.TypeConnector && !k.ID().IsZero():
		return ComponentID(string(k.Type()) + ":" + k.ID().String())
	case k.Parent() != "":
		return ComponentID(string(k.Type()) + ":" + k.Parent() + "." + k.Name())
	}
	return ComponentID(string(k.Type()) + ":" + k.Name())
}

// solutionComponent returns the text that stands for a solution.
func solutionComponent(name string) ComponentID { return ComponentID(kindSolution + ":" + name) }

// andSolutions returns components with solutions behind them.
func andSolutions(list []ComponentID, names []string) []ComponentID {
	for _, name := range names {
		list = append(list, solutionComponent(name))
	}
	return list
}

// Kind returns what stands before the colon.
func (c ComponentID) Kind() string {
	kind, _, _ := strings.Cut(string(c), ":")
	return kind
}

// ParseComponent reads "kind:key". The kind may also be the number of a type; case and braces around a GUID do not
// count. The error says what is wrong with text.
func ParseComponent(text string) (solution.Key, error) {
	kind, name, ok := strings.Cut(strings.TrimSpace(text), ":")
	t := solution.ParseComponentType(strings.TrimSpace(kind))
	name = strings.TrimSpace(name)
	switch {
	case !ok || kind == "":
		return solution.Key{}, fmt.Errorf("%q is no component: write kind:key, such as entity:account", text)
	case t == kindSolution:
		return solution.Key{}, fmt.Errorf("%q is a solution: name a component, such as entity:account", text)
	}
	if id, err := solution.ParseGUID(name); err == nil {
		return solution.IDKey(t, id), nil
	}
	if scoped(t) {
		if parent, child, ok := strings.Cut(name, "."); ok {
			return solution.NewKey(t, parent, child, solution.GUID{}), nil
		}
		return solution.Key{}, fmt.Errorf("%q: the key of %s has two parts, such as table.column", text, t)
	}
	k := solution.NewKey(t, "", name, solution.GUID{})
	if info, known := t.Info(); !k.HasName() && !(known && info.Key == solution.KeyNone) && t != solution.TypeSiteMap {
		return solution.Key{}, fmt.Errorf("%q has no key: write kind:key, such as entity:account", text)
	}
	return k, nil
}

func scoped(t solution.ComponentType) bool {
	info, ok := t.Info()
	return ok && info.Key == solution.KeyScoped
}
