// Package desk is what the page of examples/web asks the library: files come in as bytes, and documents go out as values that
// encoding/json writes. Nothing of it knows of a browser, so that its tests run where all others do.
//
// A [Desk] holds the files that somebody dropped on the page. [Desk.Do] does what the page asks for by a word, and is all that the
// glue of main_js.go calls.
package desk

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/environment"
	"github.com/solutionkit/solutionkit/solution/plan"
)

// The kinds of what is on a desk.
const (
	kindSolution    = "solution"
	kindEnvironment = "environment" // one file of what tells about an environment
	kindSettings    = "settings"    // deployment settings
	kindConnectors  = "connectors"  // loose files of custom connectors
)

// A Desk holds the files of a page. It is for one goroutine at a time. The zero Desk is empty and usable.
type Desk struct {
	// Progress, if not nil, hears how many of how many steps are done of what takes long.
	Progress func(done, all int)

	items []*item
	last  int // id of the item that came last
}

func (d *Desk) progress(done, all int) {
	if d.Progress != nil {
		d.Progress(done, all)
	}
}

// An item is one thing on a desk: a solution, of which one file may bring several, or a file that says something about imports.
type item struct {
	desk *Desk
	id   int
	name string // of the file, and the path in it
	kind string

	parts    solution.Parts // of a solution; shared
	manifest *solution.Manifest
	size     int64            // of its zip; 0 if it has none of its own
	tree     *packager.Tree   // nil until it is needed, if the item was no tree
	packs    []solution.Kind  // the kinds of packages that can be made of it; none if it is one
	toImport *plan.Solution   // nil until it is needed
	content  *content.Content // nil until it is needed
	checked  *checked         // nil until it is needed

	reading  *environment.Reading
	settings *connref.Settings
	loose    *loose
}

// An Item is what the page shows of an item before anything else is known.
type Item struct {
	ID      int         `json:"id"`
	Name    string      `json:"name"`
	Kind    string      `json:"kind"`
	Title   string      `json:"title"`
	Version string      `json:"version"`
	Facts   [][2]string `json:"facts"`
	Packs   []string    `json:"packs"` // kinds of packages that can be made of it
}

// A Problem is a file that could not be taken, and why.
type Problem struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// An Added is what came of taking files.
type Added struct {
	Items    []Item    `json:"items"` // all that is on the desk now
	New      []int     `json:"new"`   // ids
	Problems []Problem `json:"problems"`
}

func (d *Desk) remove(r *request) ([]Item, error) {
	if _, err := d.item(r.ID); err != nil {
		return nil, err
	}
	d.items = slices.DeleteFunc(d.items, func(it *item) bool { return it.id == r.ID })
	return d.list(), nil
}

func (d *Desk) list() []Item {
	out := make([]Item, 0, len(d.items))
	for _, it := range d.items {
		out = append(out, it.shown())
	}
	return out
}

// title is what the page calls an item.
func (it *item) title() string {
	if it.loose != nil && len(it.loose.connectors) == 1 {
		return cmp.Or(it.loose.connectors[0].Title(), it.name)
	}
	if it.manifest == nil {
		return it.name
	}
	for _, l := range it.manifest.DisplayNames() {
		if l.Text != "" {
			return l.Text
		}
	}
	return cmp.Or(it.manifest.UniqueName(), it.name)
}

func (it *item) shown() Item {
	out := Item{ID: it.id, Name: it.name, Kind: it.kind, Title: it.title(), Facts: [][2]string{}, Packs: []string{}}
	for _, kind := range it.packs {
		out.Packs = append(out.Packs, kind.String())
	}
	fact := func(name, value string) {
		if value != "" {
			out.Facts = append(out.Facts, [2]string{name, value})
		}
	}
	switch {
	case it.manifest != nil:
		m := it.manifest
		out.Version = m.VersionText()
		fact("Name", m.UniqueName())
		fact("Version", m.VersionText())
		fact("Kind", m.Kind().String())
		fact("Publisher", m.Publisher().UniqueName)
		if of, ok := m.PatchOf(); ok {
			fact("Patch of", of.Name)
		}
		fact("File", it.name)
	case it.kind == kindSolution:
		fact("File", it.name)
		fact("Manifest", "none, so name and version are not known")
	case it.kind == kindEnvironment:
		fact("Tells of", "the environment to import into")
		env := it.reading.Environment()
		if env == nil {
			env, _ = environment.Join(it.reading) // what contradicts is told by the plan
		}
		for _, list := range []struct {
			name string
			n    int
		}{{"Solutions", len(env.Solutions)}, {"Connections", len(env.Connections)}, {"References", len(env.References)}, {"Variables", len(env.Variables)}} {
			if list.n > 0 {
				fact(list.name, fmt.Sprint(list.n))
			}
		}
	case it.kind == kindSettings:
		fact("Tells of", "connections and values for an import (deployment settings)")
	case it.kind == kindConnectors:
		for _, c := range it.loose.connectors {
			n := 0
			for range c.Operations() {
				n++
			}
			fact("Connector", fmt.Sprintf("%s: %s", cmp.Or(c.Title(), c.Name()), count(n, "operation")))
		}
		fact("File", it.name)
	}
	return out
}

// treeOf returns the source tree of a solution.
func (it *item) treeOf() (*packager.Tree, error) {
	if it.tree == nil {
		tree, err := packager.Unpack(it.parts, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
		it.tree = tree
	}
	return it.tree, nil
}

// importable returns a solution as plans want it.
func (it *item) importable() (*plan.Solution, error) {
	if it.toImport == nil {
		p, err := plan.Read(it.parts, &plan.ReadOptions{Name: it.name, Size: it.size})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
		it.toImport = p
	}
	return it.toImport, nil
}

// read returns what a solution holds and refers to.
func (it *item) read() (*content.Content, error) {
	if it.content == nil {
		c, err := content.Read(it.parts, nil)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", it.name, err)
		}
		it.content = c
	}
	return it.content, nil
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
