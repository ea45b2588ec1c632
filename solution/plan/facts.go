package plan

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
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
	if k.Name == "" || k.ID.IsZero() {
		return k, k, false
	}
	return solution.Key{Type: k.Type, Parent: k.Parent, Name: k.Name}, solution.Key{Type: k.Type, ID: k.ID}, true
}

// add returns the id of a component, new if no part of its key is known. Connectors are one component if they have one
// GUID, everything else that has both also if it has one name.
func (r *registry) add(k solution.Key, alternates ...solution.Key) id {
	byName, byID, both := halves(k)
	n, ok := r.ids[byID]
	if !both {
		if !ok {
			n = id(len(r.keys))
			r.keys = append(r.keys, k)
			r.ids[k] = n
		}
		for _, a := range alternates {
			r.name(a, n)
		}
		return n
	}
	if !ok {
		if n, ok = r.ids[byName]; ok && k.Type == solution.TypeConnector && !r.keys[n].ID.IsZero() {
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
	have := &r.keys[n]
	if have.ID.IsZero() && have.Type == solution.TypeConnector {
		have.ID = k.ID
	}
	if have.Name == "" && k.Name != "" && have.Type == solution.TypeConnector {
		have.Name = k.Name
	}
}

// refer returns the id of what a place refers to.
func (r *registry) refer(k solution.Key) id {
	if n, ok := r.ids[k]; ok {
		return n
	}
	return r.add(k)
}

func (r *registry) text(n id) Component { return ComponentOf(r.keys[n]) }

func (r *registry) kind(n id) solution.ComponentType { return r.keys[n].Type }

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
func (r *registry) texts(list []id) []Component {
	out := make([]Component, 0, len(list))
	for _, n := range list {
		out = append(out, r.text(n))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// A held is a component in the inventory of a solution.
type held struct {
	id      id
	owner   id // noID: nothing
	created bool
	index   int32 // among the components of the content; -1: of a list in the environment
}

// A need is a component that one of a solution needs.
type need struct {
	need, by id
	hard     bool // the manifest or the environment lists it
	tracked  bool // the platform does not delete what is needed
	// evidence: an index among the dependencies of the manifest or the references of the content, -1 if none
	dependency, reference int32
}

// Facts are what one version of a solution holds and needs.
type facts struct {
	pkg       *Package // nil: lists of the environment
	solution  int32
	batch     int32 // index of the step; -1: installed
	holds     []held
	needs     []need
	complete  bool // holds has everything
	kinds     map[solution.ComponentType]bool
	leftovers bool
}

// knows reports whether the facts say of every component of a type whether the solution holds it.
func (f *facts) knows(t solution.ComponentType) bool {
	return !f.leftovers && (f.complete || f.kinds[t])
}

// hold registers the components of a package.
func (f *facts) hold(r *registry) {
	if f.pkg == nil {
		return
	}
	f.complete = true
	f.holds = make([]held, 0, len(f.pkg.components))
	for i := range f.pkg.components {
		x := &f.pkg.components[i]
		f.holds = append(f.holds, held{id: r.add(x.Key, x.Alternates...), owner: noID, created: true, index: int32(i)})
	}
}

// extends notes which components the package does not create. The platform lists such a component as a dependency of
// itself: its base layer is elsewhere. So is that of a table of which only the shell is in the package.
func (f *facts) extends(r *registry) {
	if f.pkg == nil {
		return
	}
	foreign := map[id]bool{}
	for i := range f.holds {
		h := &f.holds[i]
		x := &f.pkg.components[h.index]
		switch {
		case x.Owner.IsZero():
		case i > 0 && x.Owner == f.pkg.components[i-1].Owner:
			h.owner = f.holds[i-1].owner // parts of one owner stand together
		default:
			h.owner = r.refer(x.Owner)
		}
		if x.Key.Type == solution.TypeEntity && x.Root != nil && x.Root.Behavior == solution.IncludeAsShell {
			foreign[h.id] = true
		}
	}
	required := map[id]bool{}
	for i := range f.pkg.dependencies {
		d := &f.pkg.dependencies[i]
		n := r.refer(requiredKey(r, &d.Required))
		required[n] = true
		if n == r.refer(d.Dependent.Key) {
			foreign[n] = true
		}
	}
	for i := range f.holds {
		if h := &f.holds[i]; foreign[h.id] || required[h.id] && foreign[h.owner] {
			h.created = false
		}
	}
}

// requiredKey returns the key of a dependency's end that is registered, if one of them is.
func requiredKey(r *registry, e *solution.End) solution.Key {
	if _, _, both := halves(e.Key); both {
		return e.Key // ties the two
	}
	if _, ok := r.ids[e.Key]; !ok && !e.ID.IsZero() {
		if byID := (solution.Key{Type: e.Key.Type, ID: e.ID}); !e.Key.HasName() {
			return byID
		} else if _, ok := r.ids[byID]; ok {
			return byID
		}
	}
	return e.Key
}

// list registers what the environment says of a solution besides its package.
func (f *facts) list(r *registry, in *Installed) {
	if in.Provides != nil && f.kinds == nil {
		f.kinds = map[solution.ComponentType]bool{}
		f.complete = f.complete || len(in.Provides) == 0
	}
	for _, k := range in.Provides {
		f.kinds[k.Type] = true
		h := held{id: r.add(k), owner: noID, created: true, index: -1}
		if inTable(k.Type) {
			h.owner = r.refer(solution.Key{Type: solution.TypeEntity, Name: k.Parent})
		}
		f.holds = append(f.holds, h)
	}
	for _, q := range in.Requires {
		n := need{need: r.refer(q.Need), by: noID, hard: true, tracked: true, dependency: -1, reference: -1}
		if !q.By.IsZero() {
			n.by = r.refer(q.By)
		}
		f.needs = append(f.needs, n)
	}
	f.leftovers = in.Leftovers
}

// need registers what the components of a package need that the package does not hold.
func (f *facts) need(r *registry, runtime *runtimeNames) {
	if f.pkg == nil {
		return
	}
	f.needs = slices.Grow(f.needs, len(f.pkg.dependencies)+len(f.pkg.references))
	for i := range f.pkg.dependencies {
		d := &f.pkg.dependencies[i]
		f.needs = append(f.needs, need{need: r.refer(requiredKey(r, &d.Required)), by: r.refer(d.Dependent.Key), hard: true, tracked: true,
			dependency: int32(i), reference: -1})
	}
	for i := range f.pkg.references {
		ref := &f.pkg.references[i]
		f.needs = append(f.needs, need{need: r.refer(runtime.resolve(ref.To)), by: r.refer(ref.From), tracked: tracked(ref.Edge),
			dependency: -1, reference: int32(i)})
	}
}

// untracked are the references that the platform does not know of: it deletes what they name.
var untracked = map[content.Edge]bool{
	content.FlowRawConnection: true, content.FlowConnector: true, content.FlowTable: true, content.FlowAIModel: true,
	content.CanvasTable: true, content.CanvasFlow: true, content.CanvasConnector: true, content.ReferenceConnector: true,
	content.VariableConnector: true, content.RoleTable: true, content.AIModelTable: true,
}

func tracked(e content.Edge) bool { return !untracked[e] }

// connects reports whether a reference names a custom connector that has to be imported first.
func connects(ref *content.Reference) bool {
	switch ref.Edge {
	case content.ReferenceCustomConnector, content.CanvasConnector, content.FlowConnector, content.FlowRawConnection:
		return true
	case content.CanvasDependency, content.ReferenceConnector:
		return ref.To.Type == solution.TypeConnector
	}
	return false
}
