package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/internal/folders"
)

// A reader collects what the parts of a solution say.
type reader struct {
	parts  solution.Parts
	beside *connref.Reading // what is given all that it wants; nil if there is none
	names  []string
	all    map[string]string // folded name of a part to its name

	folders  map[string]bool // folded, at the root
	initials [256]bool       // of a text that can name a part in one of them

	manifest   *solution.Manifest
	custom     *solution.Customizations
	components []component
	references references
	calls      []Call
	found      diag.List
	places     func(start, end int) diag.Location // in the part placed
	placed     string
	bytes      int   // of the parts that are read so far
	over       error // what there is too much of

	sets      map[string]string         // folded set name to table
	flows     map[string]solution.Key   // part of a flow to its key
	flowFiles map[solution.Key][]string // and the other way round; made when it is asked for
	apps      map[string]solution.Key   // part that is the document of a canvas app to its key
	appBytes  int64                     // how many bytes of these may still be inflated
	appKnown  map[appEdge]bool          // what their metadata says; made when it is asked for
	processes map[string]solution.Key   // part of a classic process to its key
	pages     map[string]webPage        // part of a web resource that can link to others
	topics    map[string]solution.Key   // folded folder of a bot component to its key
	dirs      map[string]int            // folded folder of a component to its index in components
}

// A component is a Component while the parts are read.
type component struct {
	Component
	size  int             // bytes that describe it
	owned map[string]bool // Parts, where these are many
}

func newReader(p solution.Parts) *reader {
	p = solution.Shared(p)
	r := &reader{parts: p, names: p.Names(), all: map[string]string{}, folders: map[string]bool{}, sets: map[string]string{}, references: newReferences(),
		processes: map[string]solution.Key{}, pages: map[string]webPage{}, topics: map[string]solution.Key{}, dirs: map[string]int{}}
	for _, name := range r.names {
		folded := solution.Fold(name)
		r.all[folded] = name
		if folder, _, nested := strings.Cut(folded, "/"); nested {
			r.folders[folder] = true
		}
	}
	r.initials = initials(r.folders)
	return r
}

// run reads all parts, flows and bots last, because what they name is resolved by what the others hold.
func (r *reader) run() error {
	var err error
	if r.manifest, err = solution.ReadManifest(r.parts); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if r.custom, err = solution.ReadCustomizations(r.parts); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	r.appBytes = maxAppFacts
	if r.beside != nil {
		r.flows, r.apps = r.beside.Flows(), r.beside.Apps()
	} else {
		r.flows, r.apps = connref.Flows(r.parts, r.custom), connref.Apps(r.parts, r.custom)
	}
	if r.manifest != nil {
		r.bytes += len(r.manifest.Bytes())
	}
	if r.custom != nil {
		r.bytes += len(r.custom.Bytes())
		r.walk()
		if r.over != nil {
			return r.over
		}
	}
	for _, later := range []bool{false, true} {
		for _, name := range r.names {
			if read, late := r.how(name); late == later && (read != nil || r.beside != nil && r.beside.Wants(name)) {
				if err := r.readPart(name, read); err != nil {
					return err
				}
			}
		}
	}
	r.ownFolders()
	return nil
}

// readPart reads a part for the content, by a function that is nil if it does not take it, and for what is beside it.
func (r *reader) readPart(name string, read func(name string, src []byte) error) error {
	src, err := r.parts.ReadPart(name)
	if err != nil {
		return err
	}
	if read != nil {
		r.bytes += len(src)
		err = read(name, src)
	}
	if r.over != nil {
		return r.over
	}
	if err != nil {
		r.found = append(r.found, connref.Malformed(r.parts, name, err))
	}
	if r.beside != nil {
		if _, isFlow := r.flows[name]; isFlow && err != nil {
			r.beside.Malformed(name, err)
		}
		r.beside.Part(name, src)
	}
	return nil
}

// how says how a part is read besides the manifest and the customizations, nil if it is not, and whether it is read late.
func (r *reader) how(name string) (read func(name string, src []byte) error, late bool) {
	if _, ok := r.flows[name]; ok {
		return r.readFlow, true
	}
	if _, ok := r.apps[name]; ok {
		return r.readApp, false
	}
	if _, ok := r.processes[name]; ok {
		return r.readProcess, true
	}
	if _, ok := r.pages[name]; ok {
		return r.readPage, true
	}
	folded := strings.ToLower(name)
	folder, rest, nested := strings.Cut(folded, "/")
	switch {
	case !nested:
		return nil, false
	case folder == "botcomponents" && path.Base(rest) == "data":
		return r.readTopic, true
	case folder == "botcomponents" && path.Base(rest) == "content.json":
		return r.readDialog, true
	case folder == "assets" && strings.HasSuffix(folded, ".xml"):
		return r.readLinks, false
	case folders.MayHold(name):
		return r.readFolderComponent, false
	}
	return nil, false
}

// location returns where the bytes [start,end) of a part stand in the source.
func (r *reader) location(part string, start, end int, elements string) diag.Location {
	if r.placed != part {
		r.places, r.placed = solution.Places(r.parts, part), part
	}
	at := r.places(start, end)
	at.Path = elements
	return at
}

// refer adds a reference. Empty texts name nothing.
func (r *reader) refer(edge Edge, from, to solution.Key, text string, at diag.Location) {
	if text == "" || from.IsZero() || r.over != nil {
		return
	}
	if most := 1<<16 + r.bytes/80; len(r.references.list) >= most {
		r.over = fmt.Errorf("%s: %w: more than %d references in parts of their size", at, solution.ErrLimit, most)
		return
	}
	ref := Reference{From: from, To: to, Edge: edge, Text: text, Location: at}
	if isExpression(text) || strings.HasPrefix(text, "=") || !to.HasName() { // a GUID of zeros is an unset one
		ref.Resolved = Unknown
		ref.To = solution.NameKey(to.Type(), "", "")
	}
	r.references.add(ref)
}

// add adds a component at a place, which the caller fills, unless there are too many: then it is nil.
func (r *reader) add(at diag.Location) *component {
	if r.over != nil {
		return nil
	}
	if most := r.mostComponents(); len(r.components) >= most {
		r.over = fmt.Errorf("%s: %w: more than %d components in parts of their size", at, solution.ErrLimit, most)
		return nil
	}
	r.components = append(r.components, component{})
	c := &r.components[len(r.components)-1]
	c.Location = at
	return c
}

func (r *reader) mostComponents() int { return 1<<14 + r.bytes/512 }

// room makes room for n more components, or as many of them as there may be.
func (r *reader) room(n int) {
	r.components = slices.Grow(r.components, max(min(n, r.mostComponents()-len(r.components)), 0))
}

func key(t solution.ComponentType, name string) solution.Key {
	return solution.NewKey(t, "", name, solution.GUID{})
}

// idKey returns the key of a component by the text of its GUID; a text that is none is taken for a name.
func idKey(t solution.ComponentType, text string) solution.Key {
	id, err := solution.ParseGUID(strings.TrimSpace(text))
	if err != nil {
		return key(t, text)
	}
	return solution.IDKey(t, id)
}

func columnKey(table, column string) solution.Key {
	return solution.NewKey(solution.TypeAttribute, table, column, solution.GUID{})
}

func isGUID(text string) bool {
	_, err := solution.ParseGUID(text)
	return err == nil
}
