package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/lazyregexp"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// A world is the environment while a plan goes through its steps. What every version of every solution holds and needs
// is indexed once; which of them are there is the state.
type world struct {
	*registry
	env          *Environment
	base         *content.Base
	pol          Policies
	contents     []*contents // installed ones, then those of the batch
	firstOfBatch int
	unlisted     []int32          // installed contents of which neither package nor list is known; see unknownUsers
	byName       map[string]int32 // folded unique name to solution

	holders index // id to places in contents.holds
	users   index // id to places in contents.needs
	parts   index // owner to places in contents.holds
	lives   map[id]*live

	solutions []state
	active    []bool // by contents

	baseKeys    map[solution.Key]bool // what the environment adds to the base
	found       []solution.Key        // added to it because a solution extended it
	unmanaged   map[id]bool           // exists without a managed solution
	changed     map[id]bool           // has an unmanaged layer
	seen        map[id]bool           // exists, as a list of the environment other than the inventories tells
	references  map[string]string     // folded name to connection, "" if it has none
	variables   map[string]string     // folded name to value
	connections map[string]*Connection
	owned       map[id][]OwnedConnection       // connections by their connector; see connectionsOf
	anyones     bool                           // there are connections of which the environment does not say the connector
	strange     bool                           // there are connections of custom connectors that nothing else names
	columns     map[string][]id                // of tables, by name; see columnsOf
	invoked     map[*Solution]map[id][]string  // see invokedIn
	started     map[*Solution]map[id]flowNeeds // see flowsIn
	off         map[id]bool                    // flows that earlier steps left off
	waits       map[id]bool                    // flows that earlier steps left waiting for a connection that somebody is asked for
	unsure      []int32                        // solutions of which not all contents were known at the start
	unknownOf   map[gap][]string               // see unknown
	runtime     *runtimeNames
	called      *callIndex   // see calls
	installs    int          // counts installations, as Installed.Order does
	tied        map[int]bool // orders that several solutions have
}

// A state is what is there of a solution.
type state struct {
	name      string // as the environment or the package writes it
	installed bool
	version   solution.Version
	text      string // version as written
	managed   *bool
	publisher string
	order     int
	patchOf   int32   // the solution that it patches, -1: none
	patches   []int32 // installed ones, by version
	unsure    bool    // it or a patch of it may have had more at the start than is known
	contents  []int32
}

// A place is an element of a list of contents.
type place struct{ contents, at int32 }

// An index has the places of each id.
type index struct {
	start []int32
	list  []place
}

func (x *index) of(n id) []place {
	if int(n)+1 >= len(x.start) {
		return nil
	}
	return x.list[x.start[n]:x.start[n+1]]
}

// in returns the places of an id in some contents, of which the index is in order.
func (x *index) in(contents int32, n id) []place {
	list := x.from(contents, n)
	j := 0
	for j < len(list) && list[j].contents == contents {
		j++
	}
	return list[:j]
}

// from returns the places of an id in some contents and in those behind.
func (x *index) from(contents int32, n id) []place {
	list := x.of(n)
	i, _ := slices.BinarySearchFunc(list, contents, func(p place, contents int32) int { return cmp.Compare(p.contents, contents) })
	return list[i:]
}

// newIndex makes an index of what each yields: ids with their places.
func newIndex(size int, each func(yield func(n id, p place))) index {
	x := index{start: make([]int32, size+1)}
	each(func(n id, _ place) { x.start[n+1]++ })
	for i := range size {
		x.start[i+1] += x.start[i]
	}
	x.list = make([]place, x.start[size])
	next := slices.Clone(x.start)
	each(func(n id, p place) {
		x.list[next[n]] = p
		next[n]++
	})
	return x
}

var patchName = lazyregexp.New(`(?i)^(.+)_patch_[0-9a-f]+$`)

// notListed stands for the solutions that an environment does not list, in the place of a name.
const notListed = "(solutions that are not listed)"

// pendingSuffix ends the name of a staged upgrade, behind that of the solution.
const pendingSuffix = "_Upgrade"

// newWorld reads the environment and the batch, whose order must not depend on that of the caller's lists.
func newWorld(batch []Item, env *Environment, opts *Options) *world {
	w := &world{env: env, base: opts.Base, pol: opts.Policies, byName: map[string]int32{}, unmanaged: map[id]bool{}, changed: map[id]bool{},
		seen: map[id]bool{}, references: map[string]string{}, variables: map[string]string{}, baseKeys: map[solution.Key]bool{}, invoked: map[*Solution]map[id][]string{}, started: map[*Solution]map[id]flowNeeds{}, off: map[id]bool{}, waits: map[id]bool{}, unknownOf: map[gap][]string{}}
	installed := slices.Clone(env.Solutions)
	slices.SortStableFunc(installed, func(a, b Installed) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), strings.Compare(solution.Fold(a.Name), solution.Fold(b.Name)))
	})
	size := 0
	count := func(p *Solution) {
		if p != nil {
			size += len(p.components)
		}
	}
	for i := range installed {
		count(installed[i].Package)
	}
	for _, item := range batch {
		count(item.Solution)
	}
	w.registry = newRegistry(size + size/8)
	for i := range installed {
		w.install(&installed[i])
	}
	w.firstOfBatch = len(w.contents)
	for i, item := range batch {
		s := w.solution(item.Solution.name)
		w.contents = append(w.contents, &contents{pkg: item.Solution, solution: s, batch: int32(i)})
	}
	for _, k := range env.Base {
		w.addBase(k)
	}
	for _, f := range w.contents {
		f.hold(w.registry)
	}
	for _, f := range w.contents {
		f.extends(w.registry, w.isBase)
	}
	for i := range installed {
		if in := &installed[i]; in.Provides != nil || in.Extends != nil || in.Requires != nil || in.Leftovers {
			w.contents[i].list(w.registry, in)
		}
	}
	w.runtime = newRuntimeNames(w.registry)
	for _, f := range w.contents {
		w.runtime.tie(w.registry, f.pkg)
	}
	for _, f := range w.contents {
		f.need(w.registry, w.runtime)
		if f.batch >= 0 {
			f.foreignRoots(w.isBase)
		}
	}
	w.observe()
	w.buildIndexes()
	w.believe()
	w.active = make([]bool, len(w.contents))
	for i, f := range w.contents {
		if f.batch < 0 {
			w.active[i] = true
		}
	}
	w.linkPatches()
	w.findTies()
	w.findUnsure()
	w.findLives()
	return w
}

// solution returns the number of the solution of that name.
func (w *world) solution(name string) int32 {
	key := solution.Fold(name)
	if s, ok := w.byName[key]; ok {
		return s
	}
	s := int32(len(w.solutions))
	w.byName[key] = s
	w.solutions = append(w.solutions, state{name: name, patchOf: -1})
	return s
}

// install adds what is there at the start.
func (w *world) install(in *Installed) {
	s := w.solution(in.Name)
	x := &w.solutions[s]
	x.installed, x.version, x.managed, x.publisher, x.order = true, in.Version, in.Managed, in.Publisher, in.Order
	x.text = in.shownVersion()
	w.installs = max(w.installs, in.Order)
	if p := in.Package; p != nil {
		m := p.manifest()
		if in.Version == (solution.Version{}) {
			x.version, x.text = m.Version(), m.VersionText()
		}
		if in.Managed == nil {
			managed := m.Kind() == solution.Managed
			x.managed = &managed
		}
		if in.Publisher == "" {
			x.publisher = m.Publisher().UniqueName
		}
	}
	x.contents = []int32{int32(len(w.contents))}
	w.contents = append(w.contents, &contents{pkg: in.Package, file: in.PackageFile, solution: s, batch: -1})
}

// observe reads the lists of the environment that are not about solutions.
func (w *world) observe() {
	for _, k := range w.env.UnmanagedComponents {
		w.unmanaged[w.refer(k)] = true
	}
	for _, k := range w.env.UnmanagedLayers {
		w.changed[w.refer(k)] = true
	}
	for _, k := range w.env.Present {
		w.seen[w.refer(k)] = true
	}
	for _, b := range w.env.References {
		w.references[solution.Fold(b.Name)] = b.ConnectionID
		w.seen[w.refer(solution.NewKey(solution.TypeConnectionReference, "", b.Name, solution.GUID{}))] = true
	}
	for _, name := range slices.Sorted(maps.Keys(w.env.Variables)) {
		w.variables[solution.Fold(name)] = w.env.Variables[name]
		w.seen[w.refer(solution.NewKey(solution.TypeEnvironmentVariableDefinition, "", name, solution.GUID{}))] = true
	}
	if w.env.Connections == nil {
		return
	}
	w.connections = map[string]*Connection{}
	connections := slices.SortedStableFunc(slices.Values(w.env.Connections), compareConnections)
	for i := range connections {
		c := &connections[i]
		w.connections[solution.Fold(c.ID)] = c
		if k := w.runtime.resolve(connectorKey(c.Connector)); k.Name() != "" || !k.ID().IsZero() {
			w.seen[w.refer(k)] = true
		}
	}
}

// allReferences reports whether the environment tells of all connection references that are there.
func (w *world) allReferences() bool { return w.env.References != nil && !w.env.MoreReferences }

// allConnections reports whether the environment tells of all connections that are there.
func (w *world) allConnections() bool { return w.env.Connections != nil && !w.env.MoreConnections }

// allVariables reports whether the environment tells of all values of environment variables that are there.
func (w *world) allVariables() bool { return w.env.Variables != nil && !w.env.MoreVariables }

func (w *world) buildIndexes() {
	n := len(w.keys)
	w.holders = newIndex(n, func(yield func(id, place)) {
		for i, f := range w.contents {
			for j := range f.holds {
				yield(f.holds[j].id, place{int32(i), int32(j)})
			}
		}
	})
	w.parts = newIndex(n, func(yield func(id, place)) {
		for i, f := range w.contents {
			for j := range f.holds {
				if owner := f.holds[j].owner; owner != noID {
					yield(owner, place{int32(i), int32(j)})
				}
			}
		}
	})
	w.users = newIndex(n, func(yield func(id, place)) {
		for i, f := range w.contents {
			for j := range f.needs {
				yield(f.needs[j].need, place{int32(i), int32(j)})
			}
		}
	})
}

// linkPatches finds the patches among the installed solutions.
func (w *world) linkPatches() {
	for _, in := range w.env.Solutions {
		s := w.byName[solution.Fold(in.Name)]
		parent := in.PatchOf
		if parent == "" && in.Package != nil {
			parent, _ = w.patchOf(in.Package)
		}
		if parent == "" && in.Package == nil {
			parent = w.patchByName(in.Name)
		}
		if parent != "" {
			w.addPatch(s, w.solution(parent))
		}
	}
}

func (w *world) addPatch(patch, parent int32) {
	list := &w.solutions[parent].patches
	if w.solutions[patch].patchOf == parent {
		*list = slices.DeleteFunc(*list, func(p int32) bool { return p == patch }) // it may have another version now
	}
	w.solutions[patch].patchOf = parent
	*list = turned(*list, patch, true, func(a, b int32) int {
		return cmp.Or(w.solutions[a].version.Compare(w.solutions[b].version), strings.Compare(w.solutions[a].name, w.solutions[b].name))
	})
}

// likelyParent returns the solution that one patches of which the caller says only that it is a patch: the one that its
// name names before _Patch_, else the one with the longest name that its own begins with.
func (w *world) likelyParent(s int32) string {
	name := w.solutions[s].name
	if m := patchName.FindStringSubmatch(name); m != nil {
		return m[1]
	}
	parent := ""
	for i := range w.solutions {
		other := w.solutions[i].name
		if int32(i) != s && len(other) > len(parent) && len(other) < len(name) && strings.HasPrefix(solution.Fold(name), solution.Fold(other)) {
			parent = other
		}
	}
	return parent
}

func (w *world) patchByName(name string) string {
	if m := patchName.FindStringSubmatch(name); m != nil && w.pol.value(policyPatchName) == "true" {
		return m[1]
	}
	return ""
}

// patchOf returns the parent that a package names and, if it does, its version.
func (w *world) patchOf(p *Solution) (string, solution.Ref) {
	ref, ok := p.manifest().PatchOf()
	switch {
	case !ok:
		return "", solution.Ref{}
	case ref.VersionText == "" && w.patchByName(p.name) == "" && patchName.MatchString(p.name):
		return "", solution.Ref{} // only the name says so, and the policy does not take that
	}
	return ref.Name, ref
}

// isManaged reports whether an installed solution is managed. One that does not say is, as most are.
func (s *state) isManaged() bool { return s.managed == nil || *s.managed }

// isBase reports whether the platform has a component without any solution.
func (w *world) isBase(n id) bool { return w.isExtraBase(n) || w.base.Has(w.keys[n]) }

// addBase makes a component a part of the platform, by whichever half of its key a place names it.
func (w *world) addBase(k solution.Key) {
	byName, byID, _ := halves(k)
	w.baseKeys[byName], w.baseKeys[byID] = true, true
}

// isExtraBase reports whether the environment lists a component as part of the platform.
func (w *world) isExtraBase(n id) bool {
	byName, byID, _ := halves(w.keys[n])
	return w.baseKeys[byName] || w.baseKeys[byID]
}

// subject returns a component as facts have it: with a title if it is named by a GUID.
func (w *world) subject(n id) Subject {
	k, text := w.keys[n], w.text(n)
	switch {
	case !k.HasName(), k.Name() != "" && k.ID().IsZero():
		return Subject{Component: text}
	case k.Name() != "":
		return titledSubject(text, k.Name())
	}
	for _, p := range w.holders.of(n) {
		f := w.contents[p.contents]
		if at := f.holds[p.at].index; at >= 0 && f.pkg.components[at].DisplayName != "" {
			return titledSubject(text, f.pkg.components[at].DisplayName)
		}
	}
	return Subject{Component: text}
}

// subjects returns components as facts have them, each once, in the order of their texts.
func (w *world) subjects(list []id) []Subject {
	var out []Subject
	for _, n := range w.sorted(list) {
		out = append(out, w.subject(n))
	}
	return out
}

// exists reports whether a component is in the environment now.
func (w *world) exists(n id) bool {
	if l := w.lives[n]; l != nil {
		return w.seen[n] || w.unmanaged[n] || l.active > 0
	}
	return w.seen[n] || w.unmanaged[n] || slices.ContainsFunc(w.holders.of(n), func(p place) bool { return w.active[p.contents] })
}

// pending returns the staged upgrade of a solution that waits, -1 if none does.
func (w *world) pending(s int32) int32 {
	if p, ok := w.byName[solution.Fold(w.solutions[s].name+pendingSuffix)]; ok && w.solutions[p].installed {
		return p
	}
	return -1
}

// inFamily reports whether a solution is one or a patch of it.
func (w *world) inFamily(s, of int32) bool { return s == of || w.solutions[s].patchOf == of }

// family returns a solution and its patches.
func (w *world) family(s int32) []int32 { return append([]int32{s}, w.solutions[s].patches...) }

// inventory returns what is known to be there of a solution and its patches, sorted by number. A component that several
// of them have is in it several times.
func (w *world) inventory(s int32) []held {
	var list []held
	for _, member := range w.family(s) {
		for _, f := range w.solutions[member].contents {
			list = append(list, w.contents[f].holds...)
		}
	}
	slices.SortStableFunc(list, func(a, b held) int { return cmp.Compare(a.id, b.id) })
	return list
}

// knows reports whether the inventory of an installed solution tells of all components of a type.
func (w *world) knows(s int32, t solution.ComponentType) bool {
	for _, member := range w.family(s) {
		for _, f := range w.solutions[member].contents {
			if !w.contents[f].knows(t) {
				return false
			}
		}
	}
	return true
}

// findTies notes where the environment does not say which of several solutions was installed first.
func (w *world) findTies() {
	w.tied = map[int]bool{}
	seen := map[int]bool{}
	for i := range w.solutions {
		if st := &w.solutions[i]; st.installed {
			w.tied[st.order] = w.tied[st.order] || seen[st.order]
			seen[st.order] = true
		}
	}
}

// findUnsure notes the solutions of which not all contents are known, and those that they patch.
func (w *world) findUnsure() {
	for _, f := range w.contents[:w.firstOfBatch] {
		if f.pkg == nil || f.leftovers {
			st := &w.solutions[f.solution]
			if st.unsure = true; st.patchOf >= 0 {
				w.solutions[st.patchOf].unsure = true
			}
		}
	}
	for i := range w.solutions {
		if w.solutions[i].unsure {
			w.unsure = append(w.unsure, int32(i))
		}
	}
}

// A gap is what installed solutions may have as far as is known: components of a type, made by people or by the platform too.
type gap struct {
	of     solution.ComponentType
	people bool
}

// unknown returns the installed solutions that may have a component, as their inventories do not tell of all of its type. Those of the
// platform have nothing with a prefix that people gave.
func (w *world) unknown(n id) []string {
	g := gap{w.kind(n), hasOwnPrefix(w.keys[n].Name())}
	if list, ok := w.unknownOf[g]; ok {
		return list
	}
	var out []string
	for _, i := range w.unsure {
		if s := &w.solutions[i]; s.installed && !w.knows(i, g.of) && !(g.people && w.isPlatformSolution(s.name)) {
			out = append(out, s.name)
		}
	}
	if w.env.MoreSolutions {
		out = append(out, notListed)
	}
	slices.Sort(out)
	w.unknownOf[g] = out
	return out
}

// platformPrefixes are the prefixes of publishers of the platform.
var platformPrefixes = []string{"adx", "mscrm", "msdyn", "msdynce", "msft", "mspcat", "mspp"}

// hasOwnPrefix reports whether a name has a prefix that is none of the platform's.
func hasOwnPrefix(name string) bool {
	prefix, _, ok := strings.Cut(name, "_")
	return ok && prefix != "" && !slices.Contains(platformPrefixes, prefix)
}
