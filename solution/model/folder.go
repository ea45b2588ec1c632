package model

import (
	"errors"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
	"github.com/solutionkit/solutionkit/solution/internal/folders"
)

// folders adds the components that have files of their own.
func (m *Model) folders(t *trace) error {
	for _, name := range m.parts.Names() {
		if !folders.MayHold(name) {
			continue
		}
		var tt *trace
		if t != nil {
			tt = newTrace()
		}
		s, err := m.document(name, tt)
		var syntax *solution.SyntaxError
		switch {
		case errors.As(err, &syntax):
			m.found = append(m.found, malformed(syntax))
			continue
		case err != nil:
			return err
		}
		if strings.HasPrefix(strings.ToLower(name), "assets/") {
			m.links(s)
		} else {
			m.folderComponent(s)
		}
	}
	m.found.Sort()
	return nil
}

// findBelow lists the components whose folder is in a folder of the folder of another one, as those of parameters are in that of
// their custom API, by the folded folder of the other.
func (m *Model) findBelow() map[string][]int {
	below := map[string][]int{}
	for i := range m.components {
		if dir := m.components[i].dir; dir != "" {
			of := path.Dir(path.Dir(dir))
			below[of] = append(below[of], i)
		}
	}
	return below
}

// belowViews returns the components of a type whose folders are in that of c as views.
func belowViews[V any](c Component, t solution.ComponentType, view func(Component) V) iter.Seq[V] {
	return func(yield func(V) bool) {
		if c.entry().dir == "" {
			return
		}
		for _, i := range c.m.below()[c.entry().dir] {
			if c.m.components[i].key.Type() == t && !yield(view(Component{c.m, i})) {
				return
			}
		}
	}
}

func malformed(err *solution.SyntaxError) diag.Diagnostic {
	return diag.Diagnostic{Rule: "content/malformed", Severity: diag.Error, Location: diag.Location{File: err.File, Start: err.Pos, End: err.Pos},
		Message: err.Err.Error()}
}

// folderComponent adds the component of a file that is named like its root element, which is the kind of the component.
func (m *Model) folderComponent(s *source) {
	c, ok := folders.Read(s.part, s.doc)
	if !ok {
		return
	}
	x := entry{key: c.Key, owner: noOwner, name: c.Name, element: s.element(s.doc.Root()), dir: c.Dir}
	if x.id, _ = solution.ParseGUID(c.Name); !x.id.IsZero() {
		x.key = solution.NewKey(c.Key.Type(), c.Key.Parent(), c.Name, x.id)
	}
	m.components = append(m.components, x)
}

// links adds the links between two components that a file of Assets holds; each is a component by all of its attributes.
func (m *Model) links(s *source) {
	for i := range s.doc.Elements(s.doc.Root()) {
		key, name := folders.Link(s.doc, i)
		m.components = append(m.components, entry{key: key, owner: noOwner, name: name, element: s.element(i)})
	}
}

// files tells the parts of components.
type files struct {
	m       *Model
	byFold  map[string]string   // folded name of a part to its name
	dirs    map[string][]string // folded folder of a component to the parts in it that are of no other one
	control map[string][]string // folded folder of a custom control to all parts below it
}

func (m *Model) findFiles() *files {
	f := &files{m: m, byFold: map[string]string{}, dirs: map[string][]string{}, control: map[string][]string{}}
	for i := range m.components {
		if dir := m.components[i].dir; dir != "" {
			f.dirs[dir] = nil
		}
	}
	for _, name := range m.parts.Names() {
		folded := solution.Fold(name)
		if f.byFold[folded] == "" {
			f.byFold[folded] = name
		}
		for dir := path.Dir(folded); dir != "."; dir = path.Dir(dir) {
			if list, ok := f.dirs[dir]; ok {
				f.dirs[dir] = append(list, name)
				break
			}
		}
		if steps := strings.SplitN(folded, "/", 3); len(steps) == 3 && steps[0] == "controls" {
			dir := steps[0] + "/" + steps[1]
			f.control[dir] = append(f.control[dir], name)
		}
	}
	return f
}

// maxPartName is more than any name of a part that an element holds; longer texts are none.
const maxPartName = 512

// of returns the parts of a component.
func (f *files) of(c Component) []string {
	x := c.entry()
	var out []string
	if x.dir != "" {
		for _, name := range f.dirs[x.dir] {
			if name != c.Part() {
				out = append(out, name)
			}
		}
	}
	e := x.element
	if e.src == nil {
		return out
	}
	nodes := e.src.doc.Nodes
	for i := e.node + 1; i < int32(len(nodes)) && nodes[i].Start < nodes[e.node].End; i++ {
		if e.src == f.m.custom && f.m.starts[i] { // what is nested has parts of its own
			for end := nodes[i].End; i+1 < int32(len(nodes)) && nodes[i+1].Start < end; i++ {
			}
			continue
		}
		if nodes[i].Kind != xmlspan.Text || nodes[i].End-nodes[i].Start > maxPartName {
			continue
		}
		text := strings.TrimSpace(xmlspan.Decode(e.src.doc.Bytes(i)))
		out = append(out, f.named(c.Type(), text)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// named returns the parts that a text of a component's element names.
func (f *files) named(t solution.ComponentType, text string) []string {
	folded := solution.Fold(strings.TrimLeft(strings.ReplaceAll(text, `\`, "/"), "/"))
	if before, _, ok := strings.Cut(folded, "_contenttype_"); ok { // code apps give the type of the file behind its name
		folded = before
	}
	name, ok := f.byFold[folded]
	if !ok && t == solution.TypeWorkflow { // old exports name a flow without its folder
		name, ok = f.byFold["workflows/"+folded]
	}
	if !ok || !strings.Contains(name, "/") {
		return nil
	}
	if t == solution.TypeCustomControl {
		return f.control[path.Dir(solution.Fold(name))]
	}
	return []string{name}
}
