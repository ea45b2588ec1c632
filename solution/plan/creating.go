package plan

import (
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
)

// Exports hold more than what their solutions create: shells of tables, differences of forms, columns that somebody else owns.
// This file says which of what a package holds it creates. Where only names tell, what manifests say of who has a component
// goes before (believe).

// extends notes the owners of what the package holds, and what of it the package does not create.
func (f *contents) extends(r *registry, isBase func(n id) bool) {
	if f.pkg == nil {
		return
	}
	f.findOwners(r)
	f.required = map[id]bool{}
	for i := range f.pkg.dependencies {
		f.required[r.refer(requiredKey(r, &f.pkg.dependencies[i].Required))] = true
	}
	prefix := f.prefix()
	whole := f.wholeTables()
	foreign := f.foreignTables(isBase, whole)
	own := f.ownTables(foreign)
	ends := f.ends()
	for i := range f.holds {
		h := &f.holds[i]
		x := &f.pkg.components[h.index]
		var tables []string
		switch {
		case f.required[h.id] || foreign[h.id]:
			h.created = false
			continue
		case x.Key.Type() == solution.TypeEntity:
			h.supposed = !whole[h.id] && prefix != "" && !strings.HasPrefix(x.Key.Name(), prefix)
		case x.Owner.Type() == solution.TypeEntity:
			tables = []string{x.Owner.Name()}
		case x.Key.Type() == solution.TypeEntityRelationship:
			tables = ends[x.Key]
		}
		if len(tables) > 0 && !slices.ContainsFunc(tables, func(t string) bool { return own[t] }) {
			h.created, h.supposed = suppose(x.Key.Name(), tables, prefix)
		}
	}
}

// suppose says whether a package creates a part of tables that it does not create, and whether that is not sure. A part without the
// prefix of the publisher is a layer. One with it is new, unless the table has that prefix too: then any solution of the
// publisher may have made it. Forms and views have no such names; they are taken for new.
func suppose(name string, tables []string, prefix string) (created, supposed bool) {
	switch {
	case name == "" || prefix == "":
		return true, true
	case !strings.HasPrefix(name, prefix):
		return false, true
	}
	return true, slices.ContainsFunc(tables, func(t string) bool { return strings.HasPrefix(t, prefix) })
}

// findOwners notes what is a part of what. The parts of one owner stand together.
func (f *contents) findOwners(r *registry) {
	for i := range f.holds {
		h := &f.holds[i]
		x := &f.pkg.components[h.index]
		switch {
		case x.Owner.IsZero():
		case i > 0 && x.Owner == f.pkg.components[i-1].Owner:
			h.owner = f.holds[i-1].owner
		default:
			h.owner = r.refer(x.Owner)
		}
	}
}

// prefix returns what the names of new components begin with, empty if the manifest does not say.
func (f *contents) prefix() string {
	if p := f.pkg.manifest().Publisher().Prefix; p != "" {
		return solution.Fold(p) + "_"
	}
	return ""
}

// wholeTables returns the tables whose primary key the package has: exports of a layer have none (observed).
func (f *contents) wholeTables() map[id]bool {
	whole := map[id]bool{}
	for i := range f.holds {
		if h := &f.holds[i]; strings.EqualFold(f.pkg.components[h.index].DataType, "primarykey") {
			whole[h.owner] = true
		}
	}
	return whole
}

// foreignTables returns the tables of the package that it does not create: those that the manifest requires, tables of the
// platform, and roots with only some parts. A table without any prefix is one of Microsoft, created by who has its primary key.
func (f *contents) foreignTables(isBase func(n id) bool, whole map[id]bool) map[id]bool {
	foreign := map[id]bool{}
	for i := range f.holds {
		h := &f.holds[i]
		x := &f.pkg.components[h.index]
		if x.Key.Type() != solution.TypeEntity {
			continue
		}
		foreign[h.id] = f.required[h.id] || onlyParts(x) || isBase(h.id) || !whole[h.id] && !strings.Contains(x.Key.Name(), "_")
	}
	return foreign
}

// onlyParts reports whether a table is a root component with only some of its parts.
func onlyParts(x *content.Component) bool {
	return x.Key.Type() == solution.TypeEntity && x.Root != nil && x.Root.Behavior != solution.IncludeSubcomponents
}

// ownTables returns the names of the other tables.
func (f *contents) ownTables(foreign map[id]bool) map[string]bool {
	own := map[string]bool{}
	for i := range f.holds {
		if x := &f.pkg.components[f.holds[i].index]; x.Key.Type() == solution.TypeEntity && !foreign[f.holds[i].id] {
			own[x.Key.Name()] = true
		}
	}
	return own
}

// ends returns the tables of the relationships of the package.
func (f *contents) ends() map[solution.Key][]string {
	out := map[solution.Key][]string{}
	for ref := range f.pkg.content.References() {
		if ref.Edge == content.RelationshipTable {
			out[ref.From] = append(out[ref.From], ref.To.Name())
		}
	}
	return out
}

// believe corrects what is only supposed of who creates a component, by the manifests that require it: they name who had it where
// their packages come from. Who is named creates it; all others have a layer.
func (w *world) believe() {
	for _, named := range []bool{false, true} { // who is named has the last word
		for _, f := range w.contents {
			for i := range f.needs {
				w.believeNeed(f, &f.needs[i], named)
			}
		}
	}
}

func (w *world) believeNeed(f *contents, n *need, named bool) {
	provider, ok := f.provider(n)
	if !ok {
		return
	}
	if m := patchName.FindStringSubmatch(provider); m != nil {
		provider = m[1]
	}
	for _, p := range w.holders.of(n.need) {
		g := w.contents[p.contents]
		if h := &g.holds[p.at]; h.supposed && (solution.Fold(g.pkg.name) == solution.Fold(provider)) == named {
			h.created = named
		}
	}
}

// provider returns the solution that the manifest says has what is needed, where that is one.
func (f *contents) provider(n *need) (name string, ok bool) {
	if n.dependency < 0 {
		return "", false
	}
	ref := &f.pkg.dependencies[n.dependency].Required.Solution
	return ref.Name, ref.Name != "" && !ref.IsActive() && !ref.IsSystem()
}

// foreignRoots registers the tables of which the package has only parts as needs: somebody has to create them before. Those that the
// manifest requires are needs already.
func (f *contents) foreignRoots(isBase func(n id) bool) {
	for i := range f.holds {
		h := &f.holds[i]
		if x := &f.pkg.components[h.index]; onlyParts(x) && !f.required[h.id] && !isBase(h.id) {
			f.needs = append(f.needs, need{need: h.id, by: noID, hard: true, dependency: -1, reference: -1, root: x.Root})
		}
	}
}
