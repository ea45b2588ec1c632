package packager

import (
	"bytes"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// SplitOptions says how the solution of the connectors is called. nil and the zero value mean the defaults.
type SplitOptions struct {
	// Name is its unique name; empty means that of the tree with "Connectors" behind it.
	Name string
	// DisplayName is its display name in every language; empty means those of the tree, each with
	// " Connectors" behind it.
	DisplayName string
}

// A Split is a solution in two.
type Split struct {
	Connectors *Tree // to be imported first
	Rest       *Tree
	// Variables are the environment variables whose definitions are in Connectors because a connector names
	// them, by key.
	Variables []solution.Key
	// Dependencies are the missing dependencies that were added to Rest, in their order.
	Dependencies []solution.Dependency
	Diagnostics  diag.List
}

// SplitConnectors makes two solutions of one: its custom connectors, and all the rest. An environment must have
// a custom connector, and a connection of it, before what uses the connector can be imported (public documentation),
// so a solution that holds both can't be imported a first time.
//
// Connectors holds the connectors with their files and root components, and the definitions of the environment
// variables that they name (@environmentVariables("x")), with the parents of these: a definition can be in one of the
// two only, and must come with the first. Missing dependencies of what is in it come along. Publisher, version, kind,
// descriptions and the attributes of the export are those of t, of which only the names change.
//
// Rest keeps its names and holds everything else, byte for byte, what was rescued in Other included. It gets a
// missing dependency for each pair of a connector and a component that refers to it (connection references by
// id or run-time id, canvas apps, flows without a connection reference, variables) and each pair of a variable
// that left and a component that refers to it, unless it has one for the pair. If nothing is left in folder
// Connectors, the section goes from Other/Customizations.xml too.
//
// The errors are [*Error]: ErrNoConnectors, ErrOnlyConnectors, a name that can't be one, a patch, a connector that
// has no file of its own, and XML that can't be read. t is not changed.
func SplitConnectors(t *Tree, opts *SplitOptions) (*Split, error) {
	if opts == nil {
		opts = &SplitOptions{}
	}
	s := &splitting{tree: t, p: newPacking(t, "\n"), moved: map[string]bool{}, variables: map[solution.Key]bool{}}
	if _, ok := t.manifest.PatchOf(); ok {
		return nil, errorf("split", otherSolution, "the solution is a patch: split the solution that it patches, and patch each part")
	}
	if err := s.findConnectors(); err != nil {
		return nil, err
	}
	var err error
	if s.content, err = content.Read(t, nil); err != nil {
		return nil, &Error{Op: "split", Err: err}
	}
	for _, d := range s.content.Diagnostics() {
		if d.Rule == "content/malformed" { // what such a file refers to is not known
			s.note(d)
		}
	}
	if err := s.findVariables(); err != nil {
		return nil, err
	}
	if s.onlyConnectors() {
		return nil, errorf("split", "", "%w: there is nothing to split off", ErrOnlyConnectors)
	}
	first, rest, err := s.manifests(opts)
	if err != nil {
		return nil, err
	}
	if err := s.lists(); err != nil {
		return nil, err
	}
	out := &Split{Dependencies: s.added}
	if out.Connectors, err = s.connectorsTree(first); err != nil {
		return nil, err
	}
	if out.Rest, err = s.restTree(rest); err != nil {
		return nil, err
	}
	out.Variables = slices.SortedFunc(maps.Keys(s.variables), compareKeys)
	s.found.Sort()
	out.Diagnostics = s.found
	return out, nil
}

// A splitting is a tree on its way to two.
type splitting struct {
	tree        *Tree
	p           *packing // for its view of the tree
	connectors  []splitConnector
	content     *content.Content
	moved       map[string]bool       // folded paths of files that go with the connectors
	variables   map[solution.Key]bool // that go with the connectors
	withSection bool                  // a variable of section EnvironmentVariables goes
	added       []solution.Dependency
	lines       map[string]splitList // by the path of a list in Other
	found       diag.List
}

// A splitConnector is a connector of the tree.
type splitConnector struct {
	file  string
	name  string // as written, such as cts_5Fstock
	key   solution.Key
	title string
	files []*file // its own and those that it names
}

func (s *splitting) note(d diag.Diagnostic) { s.found = append(s.found, d) }

// move says that a file goes with the connectors.
func (s *splitting) move(f *file) { s.moved[fold(f.path)] = true }

// findConnectors lists the connectors that are files of the tree, and their files.
func (s *splitting) findConnectors() error {
	row := layoutOf("Connectors")
	custom, err := s.p.xml(otherCustomizations, 2)
	if err != nil {
		return err
	}
	list := custom.doc.Child(custom.doc.Root(), row.section)
	if list == xmlspan.None {
		return errorf("split", custom.name, "%w: it has no section %s", ErrNoConnectors, row.section)
	}
	for c := range custom.doc.Children(list) {
		if custom.doc.Nodes[c].IsElement() {
			return errorf("split", custom.name, "section %s has content in this file: move it to files in %s first", row.section, row.folder)
		}
	}
	if err := s.p.readKept(); err != nil {
		return err
	}
	if kept := s.p.rescue.containers[row.section]; kept != nil {
		for _, node := range kept.nodes {
			if name, _, _ := node.element(); name != "" {
				return errorf("split", rescuedPath, "it keeps a connector that has no file of its own, because its name is missing or that of another: repair the name in the zip and unpack it again")
			}
		}
	}
	for _, name := range s.p.componentFiles(row) {
		if err := s.connector(row, name); err != nil {
			return err
		}
	}
	if len(s.connectors) == 0 {
		return errorf("split", "", "%w: there is nothing to split off", ErrNoConnectors)
	}
	return nil
}

func (s *splitting) connector(row *layout, name string) error {
	x, err := s.p.xml(name, 2)
	if err != nil {
		return err
	}
	d, root := x.doc, x.doc.Root()
	c := splitConnector{file: name, name: child(d, root, "name"), title: child(d, root, "displayname")}
	id, _ := solution.ParseGUID(strings.TrimSpace(child(d, root, "connectorid")))
	c.key = solution.NewKey(solution.TypeConnector, "", c.name, id)
	c.files = append(c.files, s.p.files[fold(name)])
	for _, part := range row.payload(d, root, name) {
		for _, place := range []string{part.tree, part.zip} { // as payload looks for it
			if f := s.p.files[fold(place)]; f != nil {
				c.files = append(c.files, f)
				break
			}
		}
	}
	for _, f := range c.files {
		s.move(f)
	}
	s.connectors = append(s.connectors, c)
	return nil
}

// findVariables finds the environment variables that the connectors name, and lets them go along.
func (s *splitting) findVariables() error {
	type use struct {
		name string // of the variable, as written
		by   splitConnector
	}
	var uses []use
	for _, c := range s.connectors {
		for _, f := range c.files {
			data, err := f.read()
			if err != nil {
				return &Error{Op: "split", Path: f.path, Err: err}
			}
			for _, name := range variableNames(data) {
				uses = append(uses, use{name, c})
			}
		}
	}
	for len(uses) > 0 {
		u := uses[0]
		uses = uses[1:]
		key := solution.NewKey(solution.TypeEnvironmentVariableDefinition, "", u.name, solution.GUID{})
		if s.variables[key] {
			continue
		}
		definition, err := s.moveVariable(key)
		if err != nil {
			return err
		}
		if definition == "" {
			if !s.declared(key) {
				s.note(finding(ruleSplitNoVariable, u.by.file, "connector %q names the environment variable %q, which is not in the solution", u.by.name, u.name))
			}
			continue
		}
		s.variables[key] = true
		s.note(finding(ruleSplitVariable, definition, "environment variable %q goes with the connectors, because of %q", u.name, u.by.name))
		for ref := range s.content.References() {
			if ref.Edge == content.VariableParent && ref.From == key {
				uses = append(uses, use{ref.Text, u.by})
			}
		}
	}
	return nil
}

// declared reports whether the manifest says that a component is elsewhere.
func (s *splitting) declared(k solution.Key) bool {
	for d := range s.tree.manifest.Dependencies() {
		if d.Required.Key.Match(k) {
			return true
		}
	}
	return false
}

// moveVariable lets the files of a variable go and returns the one that defines it, "" if there is none. It is in a
// folder of its own, or in section EnvironmentVariables.
func (s *splitting) moveVariable(k solution.Key) (string, error) {
	if x, ok := s.content.Component(k); ok && strings.HasPrefix(fold(x.Location.File), fold("environmentvariabledefinitions/")) {
		folder := fold(path.Dir(x.Location.File) + "/")
		for _, f := range s.tree.sys.files {
			if strings.HasPrefix(fold(f.path), folder) {
				s.move(f)
			}
		}
		return x.Location.File, nil
	}
	row := layoutOf("EnvironmentVariables")
	for _, name := range s.p.componentFiles(row) {
		x, err := s.p.xml(name, 1)
		if err != nil {
			return "", err
		}
		if solution.Fold(child(x.doc, x.doc.Root(), "SchemaName")) != k.Name {
			continue
		}
		s.move(s.p.files[fold(name)])
		s.withSection = true
		if values := row.folder + "/" + row.values; s.p.has(values) {
			s.note(finding(ruleSplitValues, values, "the value of the environment variable %q stays in this file", k.Name))
		}
		return name, nil
	}
	return "", nil
}

// goes reports whether a component is one that goes with the connectors.
func (s *splitting) goes(k solution.Key) bool {
	return k.Type == solution.TypeConnector || s.variables[solution.Key{Type: k.Type, Name: k.Name}]
}

// typeLanguage is the type of the languages of a solution, which both parts have.
const typeLanguage solution.ComponentType = "language"

// onlyConnectors reports whether nothing would be left.
func (s *splitting) onlyConnectors() bool {
	for x := range s.content.Components() {
		if !s.goes(x.Key) && x.Key.Type != typeLanguage {
			return false
		}
	}
	return true
}

// connectorsTree makes the tree of what goes.
func (s *splitting) connectorsTree(m *solution.Manifest) (*Tree, error) {
	t := &Tree{sys: &fileSystem{}, limits: s.tree.limits, found: s.findings(true), joined: &joinedParts{}}
	for _, f := range s.tree.sys.files {
		if s.moved[fold(f.path)] {
			t.sys.files = append(t.sys.files, f)
		}
	}
	custom, err := s.sections(func(name string, empty bool) sectionFate {
		row := layoutOf(name)
		switch {
		case row.section == "Connectors" || row.section == "Languages" || row.section == "EnvironmentVariables" && s.withSection:
			return keepSection
		case slices.Contains(emptySections, name) && empty:
			return keepSection
		case slices.Contains(emptySections, name):
			return emptySection
		}
		return dropSection
	})
	if err != nil {
		return nil, err
	}
	for _, list := range s.lines {
		if len(list.going) > 0 {
			t.sys.files = append(t.sys.files, memoryFile(list.path, list.going))
		}
	}
	t.sys.files = append(t.sys.files, custom)
	return s.withManifest(t, m)
}

// restTree makes the tree of what stays.
func (s *splitting) restTree(m *solution.Manifest) (*Tree, error) {
	t := &Tree{sys: &fileSystem{}, limits: s.tree.limits, found: s.findings(false), joined: &joinedParts{}}
	left := s.p.has(rescuedPath) // it tells places by the number of sections
	for _, f := range s.tree.sys.files {
		list, isList := s.lines[f.path]
		switch {
		case s.moved[fold(f.path)]:
		case !isList:
			t.sys.files = append(t.sys.files, f)
			left = left || strings.HasPrefix(fold(f.path), fold("Connectors/"))
		case len(list.staying) > 0:
			t.sys.files = append(t.sys.files, memoryFile(list.path, list.staying))
		}
	}
	if !left {
		custom, err := s.sections(func(name string, _ bool) sectionFate {
			if name == "Connectors" {
				return dropSection
			}
			return keepSection
		})
		if err != nil {
			return nil, err
		}
		t = t.withFile(custom)
	}
	return s.withManifest(t, m)
}

// findings returns those of the tree that are about what goes, or about what stays.
func (s *splitting) findings(going bool) diag.List {
	var out diag.List
	for _, d := range s.tree.found {
		goes := s.moved[fold(d.Location.File)] || strings.HasPrefix(d.Location.Path, "Connectors/Connector")
		if goes == going {
			out = append(out, d)
		}
	}
	return out
}

// A sectionFate is what happens to a section of Other/Customizations.xml.
type sectionFate uint8

const (
	keepSection  sectionFate = iota
	emptySection             // an empty element in its place
	dropSection
)

// sections returns Other/Customizations.xml with the sections that fate leaves in it. Everything else in it is
// as it was.
func (s *splitting) sections(fate func(name string, empty bool) sectionFate) (*file, error) {
	f := s.p.files[fold(otherCustomizations)]
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "split", Path: f.path, Err: err}
	}
	doc, err := parseXML(data, f.path, 1, s.tree.limits)
	if err != nil {
		return nil, err
	}
	out := markOf(data, doc.Src)
	last := int32(0)
	for c := range doc.Elements(doc.Root()) {
		n := &doc.Nodes[c]
		empty := len(bytes.TrimSpace(doc.Inner(c))) == 0
		switch fate(doc.Name(c), empty) {
		case emptySection:
			out = append(append(out, doc.Src[last:n.Start]...), "<"+doc.Name(c)+" />"...)
			last = n.End
		case dropSection:
			before := doc.Src[last:n.Start]
			if trimmed := bytes.TrimRight(before, " \t\r\n"); bytes.HasSuffix(trimmed, []byte(">")) {
				before = trimmed
			} else if len(trimmed) == 0 && last > 0 {
				before = nil
			}
			out = append(out, before...)
			last = n.End
		}
	}
	return memoryFile(f.path, append(out, doc.Src[last:]...)), nil
}

// markOf returns what stands before text in data, which is a byte order mark or nothing; text that was made
// from another encoding gets the mark of UTF-8.
func markOf(data, text []byte) []byte {
	if mark, ok := bytes.CutSuffix(data, text); ok {
		return bytes.Clone(mark)
	}
	return []byte("\xef\xbb\xbf")
}

// withManifest returns t with m, which was made by splices of the manifest of the tree that is split, as its
// Other/Solution.xml.
func (s *splitting) withManifest(t *Tree, m *solution.Manifest) (*Tree, error) {
	f := s.p.files[fold(otherSolution)]
	data, err := f.read()
	if err != nil {
		return nil, &Error{Op: "split", Path: f.path, Err: err}
	}
	mark, ok := bytes.CutSuffix(data, s.tree.manifest.Bytes())
	if !ok { // the file was written from the manifest in another dialect
		t.sys.sort()
		return t.WithManifest(m)
	}
	out := t.withFile(memoryFile(f.path, slices.Concat(mark, m.Bytes())))
	out.manifest = m
	return out, nil
}

// A splitList is a list in Other whose lines name files of the tree.
type splitList struct {
	path           string
	going, staying []byte
}

// lists divides the lists in Other: a line goes where its file does.
func (s *splitting) lists() error {
	s.lines = map[string]splitList{}
	for _, name := range []string{unclaimedPath, renamedPath} {
		f := s.p.files[fold(name)]
		if f == nil {
			continue
		}
		data, err := f.read()
		if err != nil {
			return &Error{Op: "split", Path: f.path, Err: err}
		}
		list := splitList{path: f.path}
		for line := range strings.Lines(string(data)) {
			of := strings.TrimPrefix(strings.TrimRight(line, "\r\n"), "\ufeff")
			if name == unclaimedPath {
				of = unquoteLine(of)
			} else {
				of, _, _ = strings.Cut(of, "\t")
			}
			if s.moved[fold(of)] {
				list.going = append(list.going, line...)
			} else {
				list.staying = append(list.staying, line...)
			}
		}
		if len(list.going) > 0 {
			s.lines[f.path] = list
		}
	}
	return nil
}
