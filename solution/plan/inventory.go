package plan

import (
	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// inventory returns what a package holds and needs as an environment lists it.
func (p *Solution) inventory() (provides, extends []solution.Key, requires []Requirement) {
	r := newRegistry(len(p.components))
	f := &contents{pkg: p}
	f.hold(r)
	f.extends(r, func(n id) bool { return p.base.Has(r.keys[n]) })
	runtime := newRuntimeNames(r)
	runtime.tie(r, p)
	f.need(r, runtime)
	for _, h := range f.holds {
		if h.created {
			provides = append(provides, r.keys[h.id])
		} else {
			extends = append(extends, r.keys[h.id])
		}
	}
	for _, n := range f.needs {
		if n.tracked {
			requires = append(requires, Requirement{Need: r.keys[n.need], By: r.keys[n.by]})
		}
	}
	return provides, extends, requires
}

// A held is a component in the inventory of a solution.
type held struct {
	id      id
	owner   id // noID: nothing
	created bool
	// supposed says that only names tell whether the solution creates it.
	supposed bool
	index    int32 // among the components of the content; -1: of a list in the environment
}

// A need is a component that one of a solution needs.
type need struct {
	need, by id
	hard     bool // the manifest or the environment lists it
	tracked  bool // the platform does not delete what is needed
	// evidence: an index among the dependencies of the manifest or the references of the content, -1 if none
	dependency, reference int32
	root                  *solution.RootComponent // of a table of which the package has only parts, nil for all others
}

// rank says how good an evidence is.
func (n *need) rank() int {
	switch {
	case n.dependency >= 0:
		return 0
	case n.root != nil:
		return 1
	}
	return 2
}

// Contents are what one version of a solution holds and needs.
type contents struct {
	pkg       *Solution // nil: lists of the environment
	file      string    // of an installed package
	solution  int32
	batch     int32 // index of the step; -1: installed
	holds     []held
	needs     []need
	required  map[id]bool    // by the manifest
	evidence  map[pair]int32 // the first need of each kind; see importing.evidence
	complete  bool           // holds has everything
	kinds     map[solution.ComponentType]bool
	leftovers bool
}

// knows reports whether the contents say of every component of a type whether the solution holds it.
func (f *contents) knows(t solution.ComponentType) bool {
	return !f.leftovers && (f.complete || f.kinds[t])
}

// hold registers the components of a package.
func (f *contents) hold(r *registry) {
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

// requiredKey returns the key of a dependency's end that is registered, if one of them is.
func requiredKey(r *registry, e *solution.End) solution.Key {
	if _, _, both := halves(e.Key); both {
		return e.Key // ties the two
	}
	if _, ok := r.ids[e.Key]; !ok && !e.ID.IsZero() {
		if byID := (solution.IDKey(e.Key.Type(), e.ID)); !e.Key.HasName() {
			return byID
		} else if _, ok := r.ids[byID]; ok {
			return byID
		}
	}
	return e.Key
}

// list registers what the environment says of a solution besides its package.
func (f *contents) list(r *registry, in *Installed) {
	if (in.Provides != nil || in.Extends != nil) && f.kinds == nil {
		f.kinds = map[solution.ComponentType]bool{}
		f.complete = f.complete || in.Complete || len(in.Provides)+len(in.Extends) == 0
	}
	told := map[id]bool{} // by the package
	for _, h := range f.holds {
		told[h.id] = true
	}
	hold := func(list []solution.Key, created bool) {
		for _, k := range list {
			f.kinds[k.Type()] = true
			h := held{id: r.add(k), owner: noID, created: created, index: -1}
			if inTable(k.Type()) {
				h.owner = r.refer(solution.NameKey(solution.TypeEntity, "", k.Parent()))
			}
			if !told[h.id] {
				f.holds = append(f.holds, h)
			}
		}
	}
	hold(in.Provides, true)
	hold(in.Extends, false)
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
func (f *contents) need(r *registry, runtime *runtimeNames) {
	if f.pkg == nil {
		return
	}
	listed := f.needs
	f.needs = make([]need, 0, len(f.pkg.dependencies)+len(f.pkg.references)+len(listed))
	for i := range f.pkg.dependencies {
		d := &f.pkg.dependencies[i]
		f.needs = append(f.needs, need{need: r.refer(requiredKey(r, &d.Required)), by: r.refer(d.Dependent.Key), hard: true, tracked: true,
			dependency: int32(i), reference: -1})
	}
	for i := range f.pkg.references {
		ref := f.pkg.reference(int32(i))
		f.needs = append(f.needs, need{need: r.refer(runtime.resolve(ref.To)), by: r.refer(ref.From), tracked: tracked(ref.Edge),
			dependency: -1, reference: int32(i)})
	}
	if len(listed) == 0 {
		return
	}
	told := map[pair]bool{}
	for i := range f.needs {
		told[pair{f.needs[i].need, f.needs[i].by}] = true
	}
	for _, n := range listed {
		if !told[pair{n.need, n.by}] {
			f.needs = append(f.needs, n)
		}
	}
}

// untracked are the references that the platform does not know of: it deletes what they name.
var untracked = map[content.Edge]bool{
	content.FlowRawConnection: true, content.FlowConnector: true, content.FlowTable: true, content.FlowAIModel: true,
	content.CanvasTable: true, content.CanvasFlow: true, content.CanvasConnector: true, content.ReferenceConnector: true,
	content.VariableConnector: true, content.RoleTable: true, content.AIModelTable: true, content.BotAIModel: true,
	content.FlowAgent: true, content.FlowDesktop: true, content.FlowAction: true, content.WebResourceLink: true, content.WebResourceImage: true,
}

func tracked(e content.Edge) bool { return !untracked[e] }

// connects reports whether a reference names a custom connector that has to be imported first.
func connects(ref *content.Reference) bool {
	switch ref.Edge {
	case content.ReferenceCustomConnector, content.CanvasConnector, content.FlowConnector, content.FlowRawConnection:
		return true
	case content.CanvasDependency, content.ReferenceConnector:
		return ref.To.Type() == solution.TypeConnector
	}
	return false
}

// place returns where a need is written.
func (f *contents) place(n *need) diag.Location {
	switch {
	case n.dependency >= 0:
		return f.pkg.dependencies[n.dependency].Location
	case n.reference >= 0:
		return f.pkg.reference(n.reference).Location
	case n.root != nil:
		return n.root.Location
	}
	return diag.Location{}
}

// componentOf returns what the package says of a held component; it is nil for lists of the environment.
func (f *contents) componentOf(h *held) *content.Component {
	if h.index < 0 {
		return nil
	}
	return &f.pkg.components[h.index]
}

// isShell reports whether a held component is a table of which only parts are in the package.
func (f *contents) isShell(h *held) bool {
	x := f.componentOf(h)
	return x != nil && x.Key.Type() == solution.TypeEntity && x.Root != nil && x.Root.Behavior == solution.IncludeAsShell
}

// isHard reports whether a need keeps the package from being imported where it is not met.
func (f *contents) isHard(n *need) bool {
	if n.hard {
		return true
	}
	ref := f.pkg.reference(n.reference)
	return ref.Edge == content.ReferenceCustomConnector || ref.Edge == content.FlowConnectionReference
}

// namesConnector reports whether a connection reference names its custom connector: by GUID or, where it has none, by the run-time id.
func (p *Solution) namesConnector(ref *content.Reference) bool {
	switch ref.Edge {
	case content.ReferenceCustomConnector:
		return true
	case content.ReferenceConnector:
		r, ok := p.set.Reference(ref.From.Name())
		return ok && r.CustomConnector.IsZero() && connref.IsCustomID(r.ConnectorID)
	}
	return false
}
