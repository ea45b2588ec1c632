package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// An id is a component, as a number: whatever the key that a place uses for it.
type id int32

const noID id = -1

// A registry numbers components. Keys with a name and a GUID tie the two together, so what defines components must be
// registered before what only refers to them.
type registry struct {
	ids  map[solution.Key]id
	keys []solution.Key // by id, with all that is known
}

func newRegistry(size int) *registry {
	return &registry{ids: make(map[solution.Key]id, size), keys: make([]solution.Key, 0, size)}
}

// halves returns the keys by which a component is found: by name, by GUID, or both.
func halves(k solution.Key) (byName, byID solution.Key, both bool) {
	if k.Name() == "" || k.ID().IsZero() {
		return k, k, false
	}
	return solution.NameKey(k.Type(), k.Parent(), k.Name()), solution.IDKey(k.Type(), k.ID()), true
}

// add returns the id of a component, new if no part of its key is known. Connectors are one component if they have one
// GUID, everything else that has both also if it has one name.
func (r *registry) add(k solution.Key, alternates ...solution.Key) id {
	byName, byID, both := halves(k)
	n, ok := r.numbered(byID)
	if !both {
		if !ok {
			n = id(len(r.keys))
			r.keys = append(r.keys, k)
			r.name(k, n)
		}
		for _, a := range alternates {
			r.name(a, n)
		}
		return n
	}
	if !ok {
		if n, ok = r.numbered(byName); ok && k.Type() == solution.TypeConnector && !r.keys[n].ID().IsZero() {
			ok = false
		}
	}
	if !ok {
		n = id(len(r.keys))
		r.keys = append(r.keys, k)
	}
	r.name(byID, n)
	r.name(byName, n)
	for _, a := range alternates {
		r.name(a, n)
	}
	return n
}

// name makes k a key of n, unless it is one of another component.
func (r *registry) name(k solution.Key, n id) {
	if _, taken := r.ids[k]; taken {
		return
	}
	r.ids[k] = n
	if build, ok := withoutBuild(k); ok {
		r.name(build, n)
	}
	have := &r.keys[n]
	if have.ID().IsZero() && have.Type() == solution.TypeConnector {
		*have = have.WithID(k.ID())
	}
	if have.Name() == "" && k.Name() != "" && have.Type() == solution.TypeConnector {
		*have = have.WithName(k.Name())
	}
}

// refer returns the id of what a place refers to.
func (r *registry) refer(k solution.Key) id {
	if n, ok := r.numbered(k); ok {
		return n
	}
	return r.add(k)
}

// numbered returns the id of a key that is there, or of the assembly or class in whose place it comes.
func (r *registry) numbered(k solution.Key) (id, bool) {
	if n, ok := r.ids[k]; ok {
		return n, true
	}
	if build, ok := withoutBuild(k); ok {
		n, ok := r.ids[build]
		return n, ok
	}
	return noID, false
}

// withoutBuild returns the name of an assembly, or of a class in it, with major and minor version alone: the platform puts another build
// or revision in the place of the one before, and what used that uses it; another major or minor version is another assembly.
func withoutBuild(k solution.Key) (solution.Key, bool) {
	if k.Type() != solution.TypePluginType && k.Type() != solution.TypePluginAssembly {
		return solution.Key{}, false
	}
	before, rest, ok := strings.Cut(k.Name(), versionOfAssembly)
	if !ok {
		return solution.Key{}, false
	}
	version, behind, _ := strings.Cut(rest, ",")
	parts := strings.Split(version, ".")
	if len(parts) <= 2 {
		return solution.Key{}, false
	}
	return solution.NameKey(k.Type(), "", before+versionOfAssembly+strings.Join(parts[:2], ".")+","+behind), true
}

// versionOfAssembly stands before the version in the folded full name of an assembly.
const versionOfAssembly = ", version="

func (r *registry) text(n id) ComponentID { return ComponentOf(r.keys[n]) }

func (r *registry) kind(n id) solution.ComponentType { return r.keys[n].Type() }

// compare orders components as they are printed.
func (r *registry) compare(a, b id) int {
	if a == b {
		return 0
	}
	return cmp.Compare(r.text(a), r.text(b))
}

// sorted returns ids in the order of their texts, each once.
func (r *registry) sorted(list []id) []id {
	out := slices.Clone(list)
	slices.SortFunc(out, r.compare)
	return slices.Compact(out)
}

// texts returns the sorted texts of ids.
func (r *registry) texts(list []id) []ComponentID {
	out := make([]ComponentID, 0, len(list))
	for _, n := range list {
		out = append(out, r.text(n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
