package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Reach says what one component of an environment is used by.
type Reach struct {
	Component ComponentID `json:"component"`
	// Layers are the solutions that hold it, the base layer first. Unmanaged solutions are the last.
	Layers []Layer       `json:"layers"`
	Base   bool          `json:"base"`  // part of the platform
	Parts  []ComponentID `json:"parts"` // deleted together with it, such as the columns of a table
	// UsedBy has each place that names the component or a part of it, in solutions whose contents are known.
	UsedBy []Use `json:"usedBy"`
	// Blocks has the components whose use keeps the platform from deleting it.
	Blocks []ComponentID `json:"blocks"`
	// Connections are those of a connector, which keep the platform from deleting it.
	Connections []OwnedConnection `json:"connections,omitzero"`
	// Titles are what people call those of these components that are named by a GUID.
	Titles   map[ComponentID]string `json:"titles,omitzero"`
	Unknown  []string               `json:"unknown"` // solutions whose contents are not known, which may use it too
	Findings []Finding              `json:"findings"`
}

// A Layer is what one solution says of a component.
type Layer struct {
	Solution  string `json:"solution"`
	Version   string `json:"version"`
	Publisher string `json:"publisher"`
	Managed   bool   `json:"managed"`
	Base      bool   `json:"base"` // of managed layers, the one that the component stands and falls with
}

// A Use is one place where a component of an environment names another.
type Use struct {
	By       ComponentID `json:"by"`
	Need     ComponentID `json:"need"` // the component or one of its parts
	Solution string      `json:"solution"`
	// Tracked says that the platform knows of the use, and refuses to delete what is needed.
	Tracked  bool          `json:"tracked"`
	Location diag.Location `json:"-"` // without End
}

// A Removal says what uninstalling a solution does.
type Removal struct {
	Solution string `json:"solution"`
	Blocked  bool   `json:"blocked"`
	// Order has the solutions to uninstall: patches, the newest first, then the solution.
	Order []string `json:"order"`
	// Deletes is what goes, also where that is refused.
	Deletes []ComponentID `json:"deletes"`
	// Titles are what people call those of Deletes that are named by a GUID.
	Titles   map[ComponentID]string `json:"titles,omitzero"`
	Findings []Finding              `json:"findings"`
}

// newStill reads an environment to which nothing is imported.
func newStill(env *Environment) (*world, error) {
	if env == nil {
		env = &Environment{}
	}
	if err := env.check(); err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return newWorld(nil, env, &Options{Base: content.BuiltinBase()}), nil
}

// Impact says what uses a component of an environment, and what keeps it from being deleted. That is complete as far as
// the contents of the installed solutions are known. A nil env is an empty [Environment]. The error is an environment that makes
// no sense.
func Impact(env *Environment, component solution.Key) (*Reach, error) {
	w, err := newStill(env)
	if err != nil {
		return nil, err
	}
	n := w.refer(component)
	r := &Reach{Component: w.text(n), Layers: w.stack(n), Base: w.isBase(n), Parts: []ComponentID{}, UsedBy: []Use{}, Blocks: []ComponentID{}, Unknown: []string{}, Findings: []Finding{}}
	targets := map[id]bool{n: true}
	parts, others := w.partsOf(n)
	for _, p := range parts {
		targets[p] = true
	}
	r.Parts = w.texts(parts)
	blocks := w.texts(others)
	var users []id
	for i, f := range w.contents {
		if !w.active[i] {
			continue
		}
		for _, u := range w.usesIn(f, targets) {
			r.UsedBy = append(r.UsedBy, u.Use)
			if u.by != noID {
				users = append(users, u.by)
			}
			if u.Tracked && !(u.by != noID && targets[u.by]) && !w.covered(u.by, f.solution) {
				blocks = append(blocks, u.By)
			}
		}
	}
	slices.SortFunc(r.UsedBy, func(a, b Use) int { return cmp.Or(comparePairs(&a, &b), comparePlacesOf(&a, &b)) })
	r.UsedBy = slices.Compact(r.UsedBy)
	slices.Sort(blocks)
	r.Blocks = append(r.Blocks, slices.Compact(blocks)...)
	r.Titles = w.titles([]id{n}, parts, others, users)
	r.foreign(w, n)
	if severity, facts, tells := w.connected(n); tells {
		r.Connections = facts.Owned
		r.Findings = append(r.Findings, newFinding(ruleDeleteBlocked, severity, diag.Location{}, []ComponentID{r.Component}, &facts))
	}
	told := map[string]bool{}
	for i := range w.env.Solutions {
		told[solution.Fold(w.env.Solutions[i].Name)] = w.env.Solutions[i].Requires != nil
	}
	for i := range w.solutions {
		st := &w.solutions[i]
		if !st.installed || w.known(int32(i), told) {
			continue
		}
		r.Unknown = append(r.Unknown, st.name)
	}
	slices.Sort(r.Unknown)
	for _, name := range r.Unknown {
		r.Findings = append(r.Findings, newFinding(ruleInventoryUnknown, ruleInventoryUnknown.Severity, diag.Location{}, []ComponentID{r.Component, solutionComponent(name)},
			&Facts{Case: caseUses, About: Subject{Component: r.Component}, Unknown: []string{name}}))
	}
	return r, nil
}

// comparePairs orders uses by who uses what.
func comparePairs(a, b *Use) int {
	return cmp.Or(cmp.Compare(a.By, b.By), cmp.Compare(a.Need, b.Need), strings.Compare(a.Solution, b.Solution))
}

// comparePlacesOf orders uses by their places.
func comparePlacesOf(a, b *Use) int {
	return cmp.Or(strings.Compare(a.Location.File, b.Location.File), cmp.Compare(a.Location.Start.Line, b.Location.Start.Line),
		cmp.Compare(a.Location.Start.Column, b.Location.Start.Column), strings.Compare(a.Location.Path, b.Location.Path))
}

// known reports whether all that a solution uses is known: its package is, it holds nothing, or the environment lists what
// it needs, as it does for those that told has.
func (w *world) known(s int32, told map[string]bool) bool {
	return !slices.ContainsFunc(w.solutions[s].contents, func(i int32) bool {
		f := w.contents[i]
		return f.leftovers || f.pkg == nil && !f.complete && !told[solution.Fold(w.solutions[s].name)]
	})
}

// stack returns the layers of a component.
func (w *world) stack(n id) []Layer {
	out := []Layer{}
	add := func(s int32, base bool) {
		l := w.layer(s)
		l.Base = base
		out = append(out, l)
	}
	for i, s := range w.layers(n).all() {
		add(s, i == 0 && !w.isBase(n))
	}
	var unmanaged []int32
	for _, p := range w.holders.of(n) {
		if s := w.contents[p.contents].solution; w.active[p.contents] && !w.solutions[s].isManaged() && !slices.Contains(unmanaged, s) {
			unmanaged = append(unmanaged, s)
		}
	}
	slices.SortFunc(unmanaged, func(a, b int32) int { return w.compareLayers(w.layerAmong(unmanaged, a), w.layerAmong(unmanaged, b)) })
	for _, s := range unmanaged {
		add(s, false)
	}
	return out
}

// layer returns the layer of a solution.
func (w *world) layer(s int32) Layer {
	st := &w.solutions[s]
	return Layer{Solution: st.name, Version: st.text, Publisher: st.publisher, Managed: st.isManaged()}
}

// foreign says which layers of other publishers keep a component from being deleted with its base layer.
func (r *Reach) foreign(w *world, n id) {
	layers := w.layers(n)
	if layers.count() == 0 || w.isBase(n) {
		return
	}
	base := &w.solutions[layers.at(0)]
	f, above := w.fateOf(n, true, w.family(layers.at(0)), base.publisher)
	if f != refused {
		return
	}
	about, foreign := w.layersAbove(n, above)
	r.Findings = append(r.Findings, newFinding(ruleBaseLayerForeignAbove, diag.Error, diag.Location{}, about, &Facts{Solution: base.name, About: w.subject(n), Layers: foreign}))
}

// partsOf returns what is deleted together with a component, parts of parts included, and the parts that other solutions
// made, which keep it from being deleted.
func (w *world) partsOf(n id) (own, others []id) {
	family := []int32{}
	if layers := w.layers(n); layers.count() > 0 {
		family = w.family(layers.at(0))
	}
	queue := []id{n}
	for len(queue) > 0 {
		for _, p := range w.parts.of(queue[0]) {
			f := w.contents[p.contents]
			part := f.holds[p.at].id
			switch layers := w.layers(part); {
			case !w.active[p.contents] || slices.Contains(own, part) || slices.Contains(others, part):
			case layers.count() > 0 && len(family) > 0 && !slices.Contains(family, layers.at(0)):
				others = append(others, part)
			default:
				own = append(own, part)
				queue = append(queue, part)
			}
		}
		queue = queue[1:]
	}
	for _, r := range w.relationshipsOf(n) {
		if layers := w.layers(r); layers.count() == 0 || len(family) == 0 || slices.Contains(family, layers.at(0)) {
			own = append(own, r)
		}
	}
	return own, others
}

// relationshipsOf returns the relationships of a table, as packages tell. They are no parts of it, but go with it.
func (w *world) relationshipsOf(table id) []id {
	if w.kind(table) != solution.TypeEntity {
		return nil
	}
	var out []id
	for i, f := range w.contents {
		if !w.active[i] || f.pkg == nil {
			continue
		}
		for ref := range f.pkg.content.References() {
			if ref.Edge == content.RelationshipTable && w.refer(ref.To) == table {
				out = append(out, w.refer(ref.From))
			}
		}
	}
	return w.sorted(out)
}

// A found is a use with the number of who uses.
type found struct {
	Use
	by id
}

// usesIn returns the uses of components in what a solution says, those of its own components included.
func (w *world) usesIn(f *contents, targets map[id]bool) []found {
	var out []found
	name := w.solutions[f.solution].name
	add := func(by, need id, tracked bool, at diag.Location) {
		u := Use{By: solutionComponent(name), Need: w.text(need), Solution: name, Tracked: tracked, Location: at}
		u.Location.End = at.Start
		if by != noID {
			u.By = w.text(by)
		}
		if by != need {
			out = append(out, found{u, by})
		}
	}
	for i := range f.needs {
		if n := &f.needs[i]; targets[n.need] && n.reference < 0 {
			add(n.by, n.need, true, f.place(n))
		}
	}
	if f.pkg == nil {
		return out
	}
	for ref := range f.pkg.content.References() {
		need, ok := w.numbered(w.runtime.resolve(ref.To))
		if by := w.refer(ref.From); ok && targets[need] && ref.Resolved != content.Unknown {
			add(by, need, tracked(ref.Edge), ref.Location)
		}
	}
	return out
}

// Uninstall says what uninstalling a solution removes, and what keeps it from being uninstalled. The error is a solution
// that is not installed, as none is in a nil env, or an environment that makes no sense.
func Uninstall(env *Environment, name string) (*Removal, error) {
	w, err := newStill(env)
	if err != nil {
		return nil, err
	}
	s, ok := w.byName[solution.Fold(name)]
	if !ok || !w.solutions[s].installed {
		return nil, fmt.Errorf("plan: solution %q is not installed in the environment", name)
	}
	u := &removal{w: w, solution: s, out: &Removal{Solution: w.solutions[s].name, Order: []string{}, Deletes: []ComponentID{}}, found: recorder{solution: w.solutions[s].name}}
	u.run()
	u.out.Blocked, u.out.Findings = u.found.refused, append([]Finding{}, u.found.findings...)
	return u.out, nil
}

// A removal is a [Removal] while it is made.
type removal struct {
	w        *world
	solution int32
	out      *Removal
	found    recorder
}

func (u *removal) run() {
	w := u.w
	st := &w.solutions[u.solution]
	var patches []string
	for _, p := range slices.Backward(st.patches) {
		patches = append(patches, w.solutions[p].name)
	}
	u.out.Order = append(append(u.out.Order, patches...), st.name)
	whole := u.found.whole()
	if waiting := w.pending(u.solution); waiting >= 0 {
		name := w.solutions[waiting].name
		u.found.tell(rulePendingUpgrade, diag.Location{}, append(whole, solutionComponent(name)), Facts{Case: caseUninstall, Solutions: []string{name}})
	}
	if !st.isManaged() {
		u.found.tell(ruleUnmanagedImport, diag.Location{}, whole, Facts{Case: caseUninstall, Solutions: patches})
		return
	}
	family := w.family(u.solution)
	for _, member := range family {
		if !w.complete(member) {
			name := w.solutions[member].name
			u.found.tell(ruleInventoryUnknown, diag.Location{}, []ComponentID{solutionComponent(name)}, Facts{Case: caseUninstall, Unknown: []string{name}})
		}
	}
	u.deletions(w.newDeletion(family, w.inventory(u.solution), st.publisher))
}

// complete reports whether all components of a solution are known.
func (w *world) complete(s int32) bool {
	return !slices.ContainsFunc(w.solutions[s].contents, func(i int32) bool { return !w.contents[i].complete || w.contents[i].leftovers })
}

func (u *removal) deletions(d *deletion) {
	w := u.w
	u.out.Deletes, u.out.Titles = w.texts(d.list), w.titles(d.list)
	for _, n := range d.list {
		if above := d.above[n]; above != nil {
			about, layers := w.layersAbove(n, above)
			u.found.tell(ruleBaseLayerForeignAbove, diag.Location{}, about, Facts{About: w.subject(n), Layers: layers})
		} else if users := d.users[n]; users != nil {
			about, by := w.keepers(n, users)
			u.found.tell(ruleDeleteBlocked, diag.Location{}, about, Facts{Case: caseUninstall, About: Subject{Component: w.text(n)}, By: by, Code: codeNotRemovable})
		}
		if severity, facts, tells := w.connected(n); tells {
			u.found.tellAs(ruleDeleteBlocked, severity, diag.Location{}, []ComponentID{w.text(n)}, facts)
		}
	}
	if unknown := w.unknownUsers(d.family); len(unknown) > 0 {
		u.found.tell(ruleInventoryUnknown, diag.Location{}, andSolutions(nil, unknown), Facts{Case: caseUnused, Unknown: unknown})
	}
}
