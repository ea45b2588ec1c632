package connref

import (
	"cmp"
	"slices"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/internal/msapp"
	"github.com/solutionkit/solutionkit/solution"
)

// A Reading is [Read] beside somebody else who reads the same parts, as package content does: no part is read twice, and flows and canvas
// apps, of which both need much, are parsed once. Parts may come in any order, each once.
type Reading struct {
	r     *reader
	order map[string]int // where a part is among those that are read
	pages []page
}

// A page is what one part adds to the lists of the set that are in the order of parts.
type page struct{ order, uses, raw int }

// Begin begins to read the set of a solution. The error is one of [Read].
func Begin(p solution.Parts) (*Reading, error) {
	r, err := begin(p)
	if err != nil {
		return nil, err
	}
	x := &Reading{r: r, order: map[string]int{}}
	for i, k := range r.kinds {
		if readers[k.kind] != nil {
			x.order[k.name] = i
		}
		if k.kind == customizationsPart && r.custom != nil {
			x.Part(k.name, r.custom.Bytes())
		}
	}
	return x, nil
}

// Flows returns what [Flows] does.
func (x *Reading) Flows() map[string]solution.Key { return x.r.flows }

// Apps returns what [Apps] does.
func (x *Reading) Apps() map[string]solution.Key { return x.r.apps }

// Wants reports whether a part is to be given to x: one that is not the customizations.
func (x *Reading) Wants(name string) bool {
	i, ok := x.order[name]
	return ok && x.r.kinds[i].kind != customizationsPart
}

// Part takes a part that is neither a flow nor an app.
func (x *Reading) Part(name string, src []byte) {
	if i, ok := x.order[name]; ok && x.r.kinds[i].kind != flowPart && x.r.kinds[i].kind != appPart {
		x.note(name)
		x.r.take(x.r.kinds[i], src)
	}
}

// Flow takes a flow.
func (x *Reading) Flow(name string, t *jsonspan.Tree) {
	x.note(name)
	x.r.flowTree(name, t)
}

// Malformed takes a flow that is not JSON, and why.
func (x *Reading) Malformed(name string, err error) { x.r.malformed(name, err) }

// App takes what the document of a canvas app says; err is why that may not be all.
func (x *Reading) App(name string, facts []msapp.Fact, err error) { x.r.appFacts(name, facts, err) }

// note begins a page.
func (x *Reading) note(name string) {
	x.pages = append(x.pages, page{x.order[name], len(x.r.set.Uses), len(x.r.set.Raw)})
}

// Set returns the set, when all parts were given.
func (x *Reading) Set() *Set {
	set := x.r.set
	pages := append(x.pages, page{uses: len(set.Uses), raw: len(set.Raw)})
	turns := make([]int, len(x.pages))
	for i := range turns {
		turns[i] = i
	}
	slices.SortStableFunc(turns, func(a, b int) int { return cmp.Compare(pages[a].order, pages[b].order) })
	uses, raw := make([]Use, 0, len(set.Uses)), make([]RawConnection, 0, len(set.Raw))
	for _, i := range turns {
		uses = append(uses, set.Uses[pages[i].uses:pages[i+1].uses]...)
		raw = append(raw, set.Raw[pages[i].raw:pages[i+1].raw]...)
	}
	set.Uses, set.Raw = uses, raw
	slices.SortStableFunc(x.r.appUses, func(a, b appUse) int { return cmp.Compare(x.order[a.name], x.order[b.name]) })
	x.r.finish()
	return set
}
