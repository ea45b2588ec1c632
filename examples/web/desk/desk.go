// Package desk is what the page of examples/web asks the library: files come in as bytes, and documents go out as values that
// encoding/json writes. Nothing of it knows of a browser, so that its tests run where all others do.
//
// A [Desk] holds the files that somebody dropped on the page. [Desk.Do] does what the page asks for by a word, and is all that the
// glue of main_js.go calls.
package desk

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/packager"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
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
	items []*item
	last  int // id of the item that came last
}

// An item is one thing on a desk: a solution, of which one file may bring several, or a file that says something about imports.
type item struct {
	id   int
	name string // of the file, and the path in it
	kind string

	parts    solution.Parts // of a solution; shared
	manifest *solution.Manifest
	size     int64            // of its zip; 0 if it has none of its own
	tree     *packager.Tree   // nil until it is needed, if the item was no tree
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

// errGone is the error of asking for what was removed.
var errGone = errors.New("the file is no longer on the page: drop it again")

func (d *Desk) item(id int) (*item, error) {
	for _, it := range d.items {
		if it.id == id {
			return it, nil
		}
	}
	return nil, errGone
}

func (d *Desk) solutionOf(id int) (*item, error) {
	it, err := d.item(id)
	if err == nil && it.kind != kindSolution {
		return nil, fmt.Errorf("%s: not a solution: choose one", it.name)
	}
	return it, err
}

// solutions are those with the ids, in the order of the desk; without ids, all there are.
func (d *Desk) solutions(ids []int) ([]*item, error) {
	var out []*item
	for _, it := range d.items {
		if it.kind == kindSolution && (len(ids) == 0 || slices.Contains(ids, it.id)) {
			out = append(out, it)
		}
	}
	if len(out) == 0 {
		return nil, errors.New("there is no solution on the page: drop the zip of one")
	}
	return out, nil
}

func (d *Desk) ofKind(kind string) []*item {
	var out []*item
	for _, it := range d.items {
		if it.kind == kind {
			out = append(out, it)
		}
	}
	return out
}

func (d *Desk) remove(id int) error {
	if _, err := d.item(id); err != nil {
		return err
	}
	d.items = slices.DeleteFunc(d.items, func(it *item) bool { return it.id == id })
	return nil
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
	out := Item{ID: it.id, Name: it.name, Kind: it.kind, Title: it.title(), Facts: [][2]string{}}
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

// planned returns a solution as plans want it.
func (it *item) planned() (*plan.Solution, error) {
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

// counts says how many findings there are of each severity.
type counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
}

func countsOf(l diag.List) counts {
	return counts{l.Count(diag.Error), l.Count(diag.Warning), l.Count(diag.Note) + l.Count(diag.Action)}
}

// count is a number and its noun.
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
