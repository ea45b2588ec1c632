package connector

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
)

// Put returns the change that puts connectors of either form into a solution: their files, their elements in section
// Connectors, which is made if it is missing, and their root components. Applied to [solution.NewParts]
// it gives a solution of the connectors alone. opts may be nil.
//
// A connector takes the place of one of the same name, wholly: its element stays where it is, files of it that the new one
// lacks go, which is a loss that opts must allow, and loose files keep its id. Those with another id are refused. Children of
// its element that loose files know nothing of stay.
//
// Of loose files, definition, script and icon keep their bytes (but for a byte order mark), and every other value its spelling
// and the order of its members. Policies and brand colour that are absent become null and an empty element, as the platform
// itself writes them, so that the way back gives the same. Those of a solution stay as they are.
//
// The error is a [*LossError]; a [*solution.SyntaxError] for files that only lenient reading takes; says that a connector
// cannot be named or that two would have one name; or is one of reading p.
func Put(p solution.Parts, list []*Connector, opts *ConvertOptions) (*solution.Change, error) {
	w, err := newPutting(p, opts)
	if err != nil {
		return nil, err
	}
	if (w.opts.Name != "" || !w.opts.ID.IsZero()) && (len(list) != 1 || list[0].Form() == FormSolution) {
		return nil, fmt.Errorf("%w: a name and id are for one connector of loose files: leave them out", errName)
	}
	for _, c := range list {
		if err := w.put(c); err != nil {
			return nil, err
		}
	}
	if len(w.lost) > 0 && !w.opts.AllowLoss {
		return nil, &LossError{Form: FormSolution, Lost: w.lost}
	}
	w.insert()
	change, err := w.editor.Change()
	if err != nil {
		return nil, err
	}
	roots, err := solution.EditManifest(p, w.withRoots)
	if err != nil {
		return nil, err
	}
	return solution.JoinChanges(change, roots)
}

// withRoots adds the root components that are not there.
func (w *putting) withRoots(m *solution.Manifest) (*solution.Manifest, error) {
	all := slices.Collect(m.RootComponents())
	ids, names, withoutID := map[solution.GUID]bool{}, map[string]bool{}, map[string]bool{}
	note := func(k solution.Key) {
		if k.Type() == solution.TypeConnector {
			ids[k.ID()], names[k.Name()] = true, true
			withoutID[k.Name()] = withoutID[k.Name()] || k.ID().IsZero()
		}
	}
	for _, have := range all {
		note(have.Key)
	}
	count := len(all)
	for _, rc := range w.roots { // as solution.Key.Match compares
		k := rc.Key
		if k.ID().IsZero() && names[k.Name()] || !k.ID().IsZero() && ids[k.ID()] || k.Name() != "" && withoutID[k.Name()] {
			continue
		}
		note(k)
		all = append(all, rc)
	}
	if len(all) == count {
		return m, nil
	}
	return m.WithRootComponents(all...)
}

// A putting is one call of Put.
type putting struct {
	opts    ConvertOptions
	sol     *index.Solution
	doc     *xmlspan.Document // of customizations.xml, its sections
	newline string
	prefix  string
	editor  *solution.Editor
	users   map[string]fileUse // of files, by folded name
	from    map[string]string  // by folded name: where a connector was read that was put
	added   []byte             // elements without a place yet
	roots   []solution.RootComponent
	lost    []string
}

func newPutting(p solution.Parts, opts *ConvertOptions) (*putting, error) {
	w := &putting{editor: solution.NewEditor(p), from: map[string]string{}, newline: "\n"}
	if opts != nil {
		w.opts = *opts
	}
	m, err := solution.ReadManifest(p)
	if err != nil {
		return nil, err
	}
	w.prefix = cmp.Or(w.opts.Prefix, m.Publisher().Prefix)
	if w.sol, err = index.ReadSolution(p); err != nil {
		return nil, err
	}
	custom, err := solution.ReadCustomizations(p)
	if err != nil {
		return nil, err
	}
	if w.doc, err = xmlspan.Parse(custom.Bytes(), 1, nil); err != nil {
		return nil, err // it was read before
	}
	if bytes.Contains(w.doc.Src, []byte("\r\n")) {
		w.newline = "\r\n"
	}
	w.findUsers()
	return w, nil
}

// A placed connector is one in the solution form, with name and id.
type placed struct {
	name    string
	id      solution.GUID
	element []byte
	files   []placedFile
}

type placedFile struct {
	name string
	data []byte
}

func (w *putting) put(c *Connector) error {
	if err := strict(c.index()); err != nil {
		return err
	}
	n, had, err := w.place(c)
	if err != nil {
		return err
	}
	key := solution.Fold(n.name)
	if other, twice := w.from[key]; twice {
		return fmt.Errorf("%w: %s and %s would both be called %q: give one of them another title, or put them apart", errName, other, c.Path(), n.name)
	}
	w.from[key] = c.Path()
	w.lost = append(w.lost, c.Lost(FormSolution)...)
	if err := w.putFiles(n, had); err != nil {
		return err
	}
	w.roots = append(w.roots, solution.NewRootComponent(solution.TypeConnector, n.name, n.id))
	text := w.layout(n.element)
	if had == nil {
		w.added = append(w.added, text...)
		return nil
	}
	w.editor.Splice(solution.CustomizationsFile, had.Start, had.End, strings.TrimLeft(string(text), " \r\n"))
	return nil
}

// place gives a connector name and id, and the element that it replaces, nil if there is none.
func (w *putting) place(c *Connector) (*placed, *index.Element, error) {
	if c.Form() == FormSolution {
		if c.index().Def.Missing {
			return nil, nil, noDefinition(c)
		}
		id, err := elementID(c.index().Element)
		if err != nil {
			return nil, nil, err
		}
		had := w.named(c.Name())
		if err := sameID(had, id); err != nil {
			return nil, nil, err
		}
		return fromSolution(c.index(), id), had, nil
	}
	name, err := w.name(c)
	if err != nil {
		return nil, nil, err
	}
	had, id := w.named(name), w.opts.ID
	switch {
	case had != nil && id.IsZero():
		name = had.Text("name")
		if id, err = elementID(had); err != nil {
			return nil, nil, err
		}
	case id.IsZero():
		id = deriveID(w.prefix, name)
	}
	if err := sameID(had, id); err != nil {
		return nil, nil, err
	}
	n, err := w.fromFiles(c.index(), name, id, had)
	return n, had, err
}

// named returns the element of the connector of a name.
func (w *putting) named(name string) *index.Element { return w.sol.Named(name) }

func elementID(e *index.Element) (solution.GUID, error) {
	id, err := solution.ParseGUID(strings.TrimSpace(e.Text("connectorid")))
	if err != nil {
		at := e.Location("connectorid")
		return id, &solution.SyntaxError{File: at.File, Pos: at.Start, Err: fmt.Errorf("connectorid: %w", err)}
	}
	return id, nil
}

// sameID refuses that a connector takes the place of one with another id.
func sameID(had *index.Element, id solution.GUID) error {
	if had == nil {
		return nil
	}
	if other, err := elementID(had); err != nil || other != id {
		return fmt.Errorf("%w: connector %q is there with the id %s, and this one has %s: make them equal, or remove it first",
			errName, had.Text("name"), strings.ToLower(strings.Trim(had.Text("connectorid"), "{}")), id)
	}
	return nil
}

// errName is wrapped by errors about a name or id that cannot be used.
var errName = errors.New("cannot name the connector")

// name returns the logical name for loose files.
func (w *putting) name(c *Connector) (string, error) {
	name := w.opts.Name
	if name == "" {
		if !isPrefix(w.prefix) {
			return "", fmt.Errorf("%w: publisher prefix %q: give 2 to 8 letters, digits and underscores, a letter first, or the whole name", errName, w.prefix)
		}
		if strings.TrimSpace(c.Title()) == "" {
			return "", fmt.Errorf("%w: info.title is empty: give a name", errName)
		}
		name = Name(strings.ToLower(w.prefix), c.Title())
	}
	switch {
	case !utf8.ValidString(name) || strings.IndexFunc(name, func(r rune) bool { return r < 0x20 || r == '/' || r == '\\' || r == 0x7f }) >= 0:
		return "", fmt.Errorf("%w: name %q: leave out slashes and control characters", errName, name)
	case strings.TrimSpace(name) != name || strings.HasPrefix(name, "."):
		return "", fmt.Errorf("%w: name %q: leave out blanks around it and dots before it", errName, name)
	case len(name) > index.MaxName:
		return "", fmt.Errorf("%w: name %q has %d bytes, with more than %d its file names are too long: give a shorter one", errName, name, len(name), index.MaxName)
	}
	return name, nil
}

// putFiles adds and replaces the files of a connector, and removes those of the one that it replaces.
func (w *putting) putFiles(n *placed, had *index.Element) error {
	old := w.filesOf(had)
	ofOther := func(key string) bool { // whether another element names the file
		return w.users[key].count > 1 || w.users[key].count == 1 && w.users[key].by != had
	}
	for _, f := range n.files {
		key := solution.Fold(f.name)
		name, there := w.sol.Part(f.name)
		switch {
		case ofOther(key):
			return fmt.Errorf("%w: file %s of connector %q is that of another connector: give it another name", errName, f.name, n.name)
		case there:
			w.editor.Replace(name, f.data)
		default:
			w.editor.Add(f.name, f.data)
		}
		delete(old, key)
	}
	for _, key := range slices.Sorted(maps.Keys(old)) {
		if !ofOther(key) {
			w.editor.Remove(old[key])
			w.lost = append(w.lost, w.sol.Parts.Locate(old[key], 0).File)
		}
	}
	return nil
}

// A fileUse is how many elements name a file, and the last of them.
type fileUse struct {
	count int
	by    *index.Element
}

// findUsers notes which elements name which files.
func (w *putting) findUsers() {
	w.users = map[string]fileUse{}
	for _, e := range w.sol.Elements {
		for key := range w.filesOf(e) {
			w.users[key] = fileUse{w.users[key].count + 1, e}
		}
	}
}

// filesOf returns the parts that an element names, by folded name.
func (w *putting) filesOf(e *index.Element) map[string]string {
	out := map[string]string{}
	if e == nil {
		return out
	}
	for _, part := range index.PartFields {
		text := e.Text(part.Name)
		if name, ok := w.sol.Part(text); ok && strings.TrimSpace(text) != "" {
			out[solution.Fold(name)] = name
		}
	}
	return out
}
