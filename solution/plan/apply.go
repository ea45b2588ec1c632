package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
)

// apply changes the state of the world as the import does, with everything that is asked for answered.
func (s *stepper) apply() {
	w, m := s.world, s.manifest
	at := s.solution
	managed := s.managed()
	switch {
	case s.action == Stage && s.replaces():
		at = w.solution(s.state().name + pendingSuffix)
		w.solutions[at].order = s.state().order
		w.tied[s.state().order] = true
		s.contents.solution = at
	case s.action == Patch:
		s.retire(at)
	case s.replaces():
		for _, member := range s.family(at) {
			s.retire(member)
		}
		s.state().patches = nil
	}
	st := &w.solutions[at]
	var kept []int32 // contents whose solution is not any more what they were noted with
	if len(st.contents) > 0 && st.isManaged() != managed {
		kept = st.contents
	}
	for _, f := range kept {
		w.turn(f, false)
	}
	if !st.installed && s.action != Stage {
		w.installs++
		st.order = w.installs
	}
	st.installed, st.version, st.text, st.managed, st.publisher = true, m.Version(), m.VersionText(), &managed, s.publisher()
	if s.action == Patch {
		w.addPatch(at, s.parent)
	}
	for _, f := range kept {
		w.turn(f, true)
	}
	st.contents = append(st.contents, s.number)
	w.turn(s.number, true)
	if st.unsure {
		clear(w.unknownOf)
	}
	if managed {
		for i := range s.contents.holds {
			delete(w.unmanaged, s.contents.holds[i].id)
		}
	}
	s.applyValues()
}

// retire takes out what is there of a solution; patches are gone with it.
func (s *stepper) retire(member int32) {
	st := &s.world.solutions[member]
	if st.unsure {
		clear(s.unknownOf)
	}
	for _, f := range st.contents {
		s.turn(f, false)
		if s.world.contents[f].batch < 0 {
			s.proven(s.world.contents[f])
		}
	}
	st.contents = nil
	if member != s.solution {
		st.installed, st.patchOf = false, -1
	}
}

// proven keeps in mind what a solution extended, if nobody is known to have created it: when its layer goes the component
// is still there.
func (s *stepper) proven(f *contents) {
	for i := range f.holds {
		if h := &f.holds[i]; !h.created && !s.isBase(h.id) && !s.isCreated(h.id) {
			s.addBase(s.keys[h.id])
			s.found = append(s.found, s.keys[h.id])
		}
	}
}

// isCreated reports whether a solution that is there has a component and not only a layer above it.
func (w *world) isCreated(n id) bool {
	if l := w.lives[n]; l != nil {
		return l.created > 0
	}
	return slices.ContainsFunc(w.holders.of(n), func(p place) bool { return w.active[p.contents] && w.contents[p.contents].holds[p.at].created })
}

// applyValues notes connections, values and flows as they are after the import.
func (s *stepper) applyValues() {
	s.forget()
	for i := range s.pkg.set.References {
		name := s.pkg.set.References[i].LogicalName
		key := solution.Fold(name)
		switch connection, bound := s.bindings.bound[name]; {
		case bound:
			s.references[key] = connection
		case slices.Contains(s.bindings.prompts, name):
			s.references[key] = chosen
		case s.references[key] == "":
			s.references[key] = ""
		}
	}
	for i := range s.pkg.set.Variables {
		v := &s.pkg.set.Variables[i]
		key := solution.Fold(v.SchemaName)
		setting, _ := s.r.settings.Variable(v.SchemaName)
		here, gone := s.variableHere(v)
		switch {
		case setting.Value != "":
			s.variables[key] = setting.Value
		case slices.Contains(s.values.needed, v.SchemaName):
			s.variables[key] = given
		case gone:
			delete(s.variables, key)
		default:
			if value := s.valueAfter(v, "", here); value != "" {
				s.variables[key] = value
			}
		}
	}
	for _, f := range s.flows {
		if f.asked {
			s.waits[f.flow] = true
		} else {
			s.off[f.flow] = true
		}
	}
}

// forget drops what the environment told of components that the step deletes.
func (s *stepper) forget() {
	if s.action == Stage {
		return
	}
	for _, n := range s.deletes {
		delete(s.seen, n)
		switch k := s.keys[n]; k.Type() {
		case solution.TypeConnectionReference:
			delete(s.references, k.Name())
		case solution.TypeEnvironmentVariableDefinition:
			delete(s.variables, k.Name())
		}
	}
}

// environment returns the state as an environment.
func (w *world) environment() *Environment {
	out := *w.env
	out.UnmanagedLayers, out.Connections = slices.Clone(w.env.UnmanagedLayers), slices.Clone(w.env.Connections) // the caller may change one of the two
	out.Present = slices.Clone(w.env.Present)
	out.Solutions = nil
	for i := range w.solutions {
		st := &w.solutions[i]
		if !st.installed {
			continue
		}
		in := Installed{Name: st.name, Version: st.version, VersionText: st.text, Managed: st.managed, Publisher: st.publisher, Order: st.order}
		if st.patchOf >= 0 {
			in.PatchOf = w.solutions[st.patchOf].name
		}
		w.describe(&in, st)
		out.Solutions = append(out.Solutions, in)
	}
	out.Base = append(slices.Clone(w.env.Base), w.found...)
	out.UnmanagedComponents = nil
	for n := range w.unmanaged {
		out.UnmanagedComponents = append(out.UnmanagedComponents, w.keys[n])
	}
	slices.SortFunc(out.UnmanagedComponents, func(a, b solution.Key) int { return strings.Compare(string(ComponentOf(a)), string(ComponentOf(b))) })
	if len(w.references) > 0 || w.env.References != nil {
		out.References, out.MoreReferences = []BoundReference{}, !w.allReferences()
	}
	for _, name := range slices.Sorted(maps.Keys(w.references)) {
		out.References = append(out.References, BoundReference{Name: name, ConnectionID: w.references[name]})
	}
	if len(w.variables) > 0 || w.env.Variables != nil {
		out.Variables, out.MoreVariables = maps.Clone(w.variables), !w.allVariables()
	}
	return &out
}

// describe gives an installed solution the inventory of its contents: the newest package, and in lists what older versions
// left behind.
func (w *world) describe(in *Installed, st *state) {
	newest := int32(-1)
	for _, i := range st.contents {
		if f := w.contents[i]; f.pkg != nil {
			newest = i
			in.Package, in.PackageFile = f.pkg, f.file
		}
	}
	for _, i := range st.contents {
		f := w.contents[i]
		if i == newest && f.kinds == nil {
			continue
		}
		if i != newest && newest >= 0 && (!f.complete || f.leftovers) {
			in.Leftovers = true
		}
		if f.complete || f.kinds != nil {
			if in.Provides == nil {
				in.Provides = []solution.Key{}
			}
		}
		for _, h := range f.holds {
			switch {
			case h.index >= 0 && i == newest, newest >= 0 && i != newest && w.holds(newest, h.id): // the package says it
			case h.created:
				in.Provides = append(in.Provides, w.keys[h.id])
			default:
				in.Extends = append(in.Extends, w.keys[h.id])
			}
		}
		in.Complete = in.Complete || newest < 0 && f.complete && len(f.holds) > 0
		for _, n := range f.needs {
			if n.dependency < 0 && n.reference < 0 && n.root == nil {
				by := solution.Key{}
				if n.by != noID {
					by = w.keys[n.by]
				}
				in.Requires = append(in.Requires, Requirement{w.keys[n.need], by})
			}
		}
		in.Leftovers = in.Leftovers || f.leftovers
	}
}
