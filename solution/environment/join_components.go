package environment

import (
	"cmp"
	"maps"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// names are what the ids of components stand for, as other lists of the same environment tell.
func (j *joiner) names() map[solution.Key]string {
	out := map[solution.Key]string{}
	add := func(t solution.ComponentType, id solution.GUID, name string) {
		if !id.IsZero() {
			out[solution.IDKey(t, id)] = name
		}
	}
	for _, r := range j.readings {
		for _, x := range r.tables {
			add(solution.TypeEntity, x.id, x.name)
		}
		for _, x := range r.facts.references {
			add(solution.TypeConnectionReference, x.id, x.Name)
		}
		for _, x := range r.definitions {
			add(solution.TypeEnvironmentVariableDefinition, x.id, x.name)
		}
		for _, x := range r.facts.connectors {
			add(solution.TypeConnector, x.key.ID(), x.key.Name())
		}
	}
	return out
}

// identity returns the key that a component has in every environment; false if what is known of it is none.
func (x *component) identity(names map[solution.Key]string) (solution.Key, bool) {
	t := x.key.Type()
	name := cmp.Or(names[solution.IDKey(t, x.id)], x.key.Name())
	info, known := t.Info()
	if !known {
		_, number := t.Code()
		return x.key, !number && x.key.HasName()
	}
	switch info.Key {
	case solution.KeyName:
		return solution.NameKey(t, "", name), name != ""
	case solution.KeyScoped:
		return x.key, x.key.Name() != "" && x.key.Parent() != ""
	case solution.KeyID:
		return solution.IDKey(t, x.id), !x.id.IsZero()
	case solution.KeyBoth:
		k := solution.NameKey(t, "", name).WithID(x.id)
		return k, k.HasName()
	case solution.KeyNone:
		return solution.Key{}, false
	}
	return x.key, false
}

// isPart reports whether components of a type are only parts of others, which nothing asks for.
func isPart(t solution.ComponentType) bool {
	info, known := t.Info()
	return known && (info.Key == solution.KeyInternal || info.Key == solution.KeyNone)
}

// A holding is what lists of components say of one solution.
type holding struct {
	provides, extends []solution.Key
	seen              map[solution.Key]bool
	unnamed           bool // it has more
}

// joinComponents gives the solutions what lists of components say that they hold.
func (j *joiner) joinComponents() {
	owners := map[solution.GUID]*installed{}
	for _, key := range slices.Sorted(maps.Keys(j.solutions)) {
		if s := j.solutions[key]; !s.id.IsZero() {
			owners[s.id] = s
		}
	}
	names := j.names()
	held := map[*installed]*holding{}
	for _, r := range j.readings {
		c := componentReading{j: j, names: names, unknown: map[solution.GUID]diag.Location{}, unnamed: map[solution.ComponentType]diag.Location{}, unsure: map[solution.ComponentType]diag.Location{}}
		for i := range r.facts.components {
			x := &r.facts.components[i]
			if pseudo := j.pseudo[x.solution]; pseudo != "" {
				c.byHand(pseudo, x)
				continue
			}
			s := owners[x.solution]
			if s == nil {
				if _, told := c.unknown[x.solution]; !told {
					c.unknown[x.solution] = x.at
				}
				continue
			}
			if held[s] == nil {
				held[s] = &holding{seen: map[solution.Key]bool{}}
			}
			c.add(held[s], x)
		}
		c.tell()
		for _, l := range r.lists {
			if !l.more || l.set != setComponents && l.set != setSummaries {
				continue
			}
			for i := range r.facts.components {
				if h := held[owners[r.facts.components[i].solution]]; h != nil {
					h.unnamed = true
				}
			}
		}
	}
	for s, h := range held {
		s.Provides = union(s.Provides, append([]solution.Key{}, h.provides...))
		if h.extends != nil {
			s.Extends = union(s.Extends, h.extends)
		}
		s.Leftovers = s.Leftovers || h.unnamed
	}
}

// A componentReading is the rows of one file about components.
type componentReading struct {
	j       *joiner
	names   map[solution.Key]string
	unknown map[solution.GUID]diag.Location          // solutions that no file names
	unnamed map[solution.ComponentType]diag.Location // the first of each type
	unsure  map[solution.ComponentType]diag.Location // changed or made by hand, nothing tells which
}

func (c *componentReading) add(h *holding, x *component) {
	if isPart(x.key.Type()) {
		return
	}
	k, ok := x.identity(c.names)
	if !ok {
		h.unnamed = true
		c.noName(x)
		return
	}
	if c.j.changed(x, k); h.seen[k] {
		return
	}
	h.seen[k] = true
	if x.layer {
		h.extends = append(h.extends, k)
	} else {
		h.provides = append(h.provides, k)
	}
}

// changed notes a component that was changed by hand.
func (j *joiner) changed(x *component, k solution.Key) {
	if x.changed != nil && *x.changed && (x.managed == nil || *x.managed) {
		j.layers.add(k)
	}
}

func (c *componentReading) noName(x *component) {
	if _, told := c.unnamed[x.key.Type()]; !told {
		c.unnamed[x.key.Type()] = x.at
	}
}

// byHand notes a component of a solution that nobody installs: what Active has was made or changed by hand, Default has everything.
func (c *componentReading) byHand(pseudo string, x *component) {
	if isPart(x.key.Type()) || pseudo == "system" {
		return
	}
	k, ok := x.identity(c.names)
	switch {
	case !ok:
		c.noName(x)
	case x.managed == nil:
		if _, told := c.unsure[k.Type()]; !told {
			c.unsure[k.Type()] = x.at
		}
	case !*x.managed:
		c.j.byHand.add(k)
	case pseudo == "active":
		c.j.layers.add(k)
	default:
		c.j.changed(x, k)
	}
}

func (c *componentReading) tell() {
	for _, id := range slices.SortedFunc(maps.Keys(c.unknown), func(a, b solution.GUID) int { return cmp.Compare(a.String(), b.String()) }) {
		c.j.tell(ruleUnknownOwner, c.unknown[id], nil, "components of solution %s, which no file names: give the answer for solutions with solutionid", id)
	}
	for _, t := range slices.Sorted(maps.Keys(c.unsure)) {
		c.j.tell(ruleUnnamed, c.unsure[t], nil, "components of type %s were made or changed by hand, and nothing tells which of the two: give the answer for %s", t.Title(), setSummaries)
	}
	for _, t := range slices.Sorted(maps.Keys(c.unnamed)) {
		advice := "give the answer for " + setSummaries
		if t == solution.TypeEntity {
			advice = "give the answer for " + setTables + " too"
		}
		c.j.tell(ruleUnnamed, c.unnamed[t], nil, "components of type %s have only ids of this environment: %s", t.Title(), advice)
	}
}
