package plan

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/internal/xmlspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/content"
	"github.com/solutionkit/solutionkit/solution/diag"
)

var (
	// ErrNoConnectors says that a solution from which connectors were to be split off has none.
	ErrNoConnectors = errors.New("no custom connectors")
	// ErrOnlyConnectors says that there is nothing in a solution from which to split its connectors off.
	ErrOnlyConnectors = errors.New("nothing but custom connectors")
)

var (
	ruleSplitVariable = diag.Rule{ID: "plan/split-variable", Severity: diag.Note,
		Summary: "The definition of an environment variable goes with a connector that names it",
		Help:    "The solution of the connectors is imported first, so what they need must be in it. Users that stay behind ask for it by a missing dependency."}
	ruleSplitNoVariable = diag.Rule{ID: "plan/split-variable-missing", Severity: diag.Warning,
		Summary: "A connector names an environment variable that the solution does not hold",
		Help:    "The environment must have the variable before the connectors are imported."}
	ruleSplitValues = diag.Rule{ID: "plan/split-variable-values", Severity: diag.Warning,
		Summary: "The values of an environment variable stay behind when its definition goes",
		Help:    "They stand in one file with those of other variables. Give the value after the import, or move it by hand."}
	ruleSplitUnused = diag.Rule{ID: "plan/split-unreferenced", Severity: diag.Note,
		Summary: "Nothing that stays behind refers to a connector",
		Help:    "So no missing dependency keeps the rest from being imported first. What uses the connector may be in another solution, or in content that is not read."}
)

// splitRules are the rules of what [SplitConnectors] finds.
var splitRules = []diag.Rule{ruleSplitNoVariable, ruleSplitUnused, ruleSplitVariable, ruleSplitValues}

// SplitOptions say how the solution of the connectors is called. nil and the zero value mean the defaults.
type SplitOptions struct {
	// Name is its unique name; empty means that of the solution with "Connectors" behind it.
	Name string
	// DisplayName is its display name in every language; empty means those of the solution, each with " Connectors" behind
	// it.
	DisplayName string
}

// A Split is a solution in two: two changes of it, each of which leaves a part. It is immutable.
type Split struct {
	Connectors *solution.Change // leaves the connectors, to be imported first
	Rest       *solution.Change // leaves all else
	// Variables are the environment variables whose definitions are with the connectors because one of these names
	// them, sorted.
	Variables []solution.Key
	// Dependencies are the missing dependencies that were added to the rest, sorted.
	Dependencies []solution.Dependency
	found        diag.List
}

// Diagnostics returns what was seen, sorted.
func (s *Split) Diagnostics() diag.List { return slices.Clone(s.found) }

// SplitConnectors makes two solutions of one: its custom connectors, and all the rest. An environment must have
// a custom connector, and a connection of it, before what uses the connector can be imported (public documentation),
// so a solution that holds both can't be imported a first time.
//
// The first holds the connectors with their files and root components, and the definitions of the environment
// variables that they name (@environmentVariables("x")), with the parents of these: a definition can be in one of the
// two only, and must come with the first. Missing dependencies of what is in it come along. Publisher, version, kind,
// descriptions and the attributes of the export are those of the whole, of which only the names change; the sections that
// every export has stay as empty elements.
//
// The rest keeps its names and holds everything else, byte for byte. It gets a
// missing dependency for each pair of a connector and a component that refers to it (connection references by
// id or run-time id, canvas apps, flows without a connection reference, variables) and each pair of a variable
// that left and a component that refers to it, unless it has one for the pair.
//
// The changes are of p: packager.Rewrite writes zips with them, and Tree.With makes trees. The errors wrap [ErrNoConnectors] or
// [ErrOnlyConnectors], or are a name that can't be one, a patch, two connectors of one name, and parts that can't be read.
func SplitConnectors(p solution.Parts, opts *SplitOptions) (*Split, error) {
	if opts == nil {
		opts = &SplitOptions{}
	}
	split, err := splitConnectors(p, opts)
	if err != nil {
		return nil, fmt.Errorf("split: %w", err)
	}
	return split, nil
}

func splitConnectors(p solution.Parts, opts *SplitOptions) (*Split, error) {
	s := &splitting{parts: p, moved: map[string]bool{}, variables: map[solution.Key]bool{}, elements: map[int]bool{}}
	shared := solution.Shared(p)
	var err error
	if s.manifest, err = solution.ReadManifest(shared); err != nil {
		return nil, err
	}
	if _, ok := s.manifest.PatchOf(); ok {
		return nil, fmt.Errorf("%s: the solution is a patch: split the solution that it patches, and patch each part", s.manifest.Locate().File)
	}
	if s.custom, err = solution.ReadCustomizations(shared); err != nil {
		return nil, err
	}
	if err := s.findConnectors(); err != nil {
		return nil, err
	}
	if s.content, err = content.Read(shared, nil); err != nil {
		return nil, err
	}
	for _, d := range s.content.Diagnostics() {
		if strings.HasSuffix(d.Rule, "/malformed") { // what such a file refers to is not known
			s.found = append(s.found, d)
		}
	}
	if err := s.findVariables(); err != nil {
		return nil, err
	}
	if s.onlyConnectors() {
		return nil, fmt.Errorf("%w: there is nothing to split off", ErrOnlyConnectors)
	}
	out := &Split{Variables: slices.SortedFunc(maps.Keys(s.variables), solution.Key.Compare)}
	if out.Connectors, out.Rest, err = s.changes(opts); err != nil {
		return nil, err
	}
	out.Dependencies = s.added
	s.found.Sort()
	out.found = s.found
	return out, nil
}

// A splitting is a solution on its way to two.
type splitting struct {
	parts      solution.Parts
	manifest   *solution.Manifest
	custom     *solution.Customizations
	content    *content.Content
	connectors []splitConnector
	moved      map[string]bool       // folded names of parts that go with the connectors
	variables  map[solution.Key]bool // that go with the connectors
	elements   map[int]bool          // offsets of the elements in customizations.xml that go
	added      []solution.Dependency
	found      diag.List
}

// A splitConnector is a connector of the solution.
type splitConnector struct {
	name  string // as written, such as cts_5Fstock
	key   solution.Key
	title string
	parts []string // that it names
	at    diag.Location
}

func (s *splitting) note(r diag.Rule, at diag.Location, format string, args ...any) {
	s.found = append(s.found, diag.Diagnostic{Rule: r.ID, Severity: r.Severity, Location: at, Message: fmt.Sprintf(format, args...)})
}

const (
	connectorSection = "Connectors"
	variableSection  = "EnvironmentVariables"
	variableFolder   = "environmentvariabledefinitions/"
	variableValues   = "environment_variable_values.json"
)

// findConnectors lists the connectors and the parts that they name.
func (s *splitting) findConnectors() error {
	seen := map[string]bool{}
	for x := range s.custom.Elements() {
		if x.Section != connectorSection || !x.Owner.IsZero() {
			continue
		}
		at := solution.Span(s.parts, solution.CustomizationsFile, x.Start, x.End)
		doc, err := xmlspan.ParseElement(s.custom.ElementBytes(x), 1, nil)
		if err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
		root := doc.Root()
		c := splitConnector{name: doc.Text(doc.Child(root, "name")), title: doc.Text(doc.Child(root, "displayname")), at: at}
		if key := solution.Fold(c.name); c.name == "" || seen[key] {
			return fmt.Errorf("%s: the name of a connector is missing or that of another: repair it", at)
		} else {
			seen[key] = true
		}
		id, _ := solution.ParseGUID(strings.TrimSpace(doc.Text(doc.Child(root, "connectorid"))))
		c.key = solution.NewKey(solution.TypeConnector, "", c.name, id)
		for child := range doc.Elements(root) {
			name := strings.TrimLeft(strings.ReplaceAll(strings.TrimSpace(doc.Text(child)), `\`, "/"), "/")
			if strings.Contains(name, "/") && s.has(name) {
				c.parts = append(c.parts, name)
				s.moved[solution.Fold(name)] = true
			}
		}
		s.elements[x.Start] = true
		s.connectors = append(s.connectors, c)
	}
	if len(s.connectors) == 0 {
		return fmt.Errorf("%w: there is nothing to split off", ErrNoConnectors)
	}
	return nil
}

func (s *splitting) has(name string) bool {
	_, err := s.parts.ReadPart(name)
	return err == nil
}

// findVariables finds the environment variables that the connectors name, and lets them go along.
func (s *splitting) findVariables() error {
	type use struct {
		name string // of the variable, as written
		by   splitConnector
	}
	var uses []use
	for _, c := range s.connectors {
		for _, name := range c.parts {
			data, err := s.parts.ReadPart(name)
			if err != nil {
				return err
			}
			for _, variable := range variableNames(data) {
				uses = append(uses, use{variable, c})
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
		at, ok := s.moveVariable(key)
		if !ok {
			if !s.declared(key) {
				s.note(ruleSplitNoVariable, u.by.at, "connector %q names the environment variable %q, which is not in the solution", u.by.name, u.name)
			}
			continue
		}
		s.variables[key] = true
		s.note(ruleSplitVariable, at, "environment variable %q goes with the connectors, because of %q", u.name, u.by.name)
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
	for d := range s.manifest.Dependencies() {
		if d.Required.Key.Match(k) {
			return true
		}
	}
	return false
}

// moveVariable lets a variable go and returns where it is defined: in a folder of its own, or in section
// EnvironmentVariables.
func (s *splitting) moveVariable(k solution.Key) (diag.Location, bool) {
	var at diag.Location
	found := false
	for _, name := range s.parts.Names() {
		folded := solution.Fold(name)
		if rest, ok := strings.CutPrefix(folded, variableFolder); ok && path.Dir(rest) == k.Name() {
			s.moved[folded] = true
			if !found || path.Base(folded) == "environmentvariabledefinition.xml" {
				at, found = s.parts.Locate(name, 0), true
			}
		}
	}
	if found {
		return at, true
	}
	for x := range s.custom.Elements() {
		if x.Section != variableSection || !x.Owner.IsZero() || solution.Fold(x.Name) != k.Name() {
			continue
		}
		s.elements[x.Start] = true
		if s.has(variableValues) {
			s.note(ruleSplitValues, s.parts.Locate(variableValues, 0), "the value of the environment variable %q stays in this file", k.Name())
		}
		return solution.Span(s.parts, solution.CustomizationsFile, x.Start, x.End), true
	}
	return at, false
}

// goes reports whether a component is one that goes with the connectors.
func (s *splitting) goes(k solution.Key) bool {
	return k.Type() == solution.TypeConnector || s.variables[solution.NameKey(k.Type(), "", k.Name())]
}

// onlyConnectors reports whether nothing would be left.
func (s *splitting) onlyConnectors() bool {
	for x := range s.content.Components() {
		if !s.goes(x.Key) && x.Key.Type() != "language" {
			return false
		}
	}
	return true
}

// changes makes the changes that leave either part.
func (s *splitting) changes(opts *SplitOptions) (connectors, rest *solution.Change, err error) {
	first, second, err := s.manifests(opts)
	if err != nil {
		return nil, nil, err
	}
	var out [2]*solution.Change
	for i, manifest := range []*solution.Change{first, second} {
		e := solution.NewEditor(s.parts)
		for _, name := range s.parts.Names() {
			if goes := s.moved[solution.Fold(name)]; goes == (i == 1) && !isHead(name) {
				e.Remove(name)
			}
		}
		s.sections(e, i == 0)
		change, err := e.Change()
		if err != nil {
			return nil, nil, err
		}
		if out[i], err = solution.JoinChanges(manifest, change); err != nil {
			return nil, nil, err
		}
	}
	return out[0], out[1], nil
}

// isHead reports whether a part is one that every solution has.
func isHead(name string) bool {
	return slices.ContainsFunc([]string{solution.ManifestFile, solution.CustomizationsFile, solution.ContentTypesFile},
		func(head string) bool { return strings.EqualFold(head, name) })
}

// sections takes out of customizations.xml what does not belong to a part: to that of the connectors if first.
func (s *splitting) sections(e *solution.Editor, first bool) {
	src := s.custom.Bytes()
	stays := map[string]bool{}
	for x := range s.custom.Elements() {
		if x.Owner.IsZero() && s.elements[x.Start] == first {
			stays[x.Section] = true
		}
	}
	for section := range s.custom.Sections() {
		switch {
		case first && section.Name == "Languages":
		case section.Name == connectorSection, section.Name == variableSection && stays[section.Name]:
			if !stays[section.Name] {
				e.Splice(solution.CustomizationsFile, lineStart(src, section.Start), section.End, "")
				continue
			}
			for x := range s.custom.Elements() {
				if x.Section == section.Name && x.Owner.IsZero() && s.elements[x.Start] != first {
					e.Splice(solution.CustomizationsFile, lineStart(src, x.Start), x.End, "")
				}
			}
		case !first:
		case solution.IsStandardSection(section.Name):
			if !isEmpty(src[section.Start:section.End]) {
				e.Splice(solution.CustomizationsFile, section.Start, section.End, "<"+section.Name+" />")
			}
		default:
			e.Splice(solution.CustomizationsFile, lineStart(src, section.Start), section.End, "")
		}
	}
}

// isEmpty reports whether an element holds nothing.
func isEmpty(element []byte) bool {
	_, inner, ok := bytes.Cut(element, []byte(">"))
	if !ok || len(inner) == 0 {
		return true
	}
	text, _, _ := bytes.Cut(inner, []byte("</"))
	return len(bytes.TrimSpace(text)) == 0
}

// lineStart returns where the white space in front of an offset begins, behind a tag.
func lineStart(src []byte, offset int) int {
	trimmed := bytes.TrimRight(src[:offset], " \t\r\n")
	if bytes.HasSuffix(trimmed, []byte(">")) {
		return len(trimmed)
	}
	return offset
}

// readRaw reads the connections that apps bind without a reference.
func (s *splitting) readRaw() (*connref.Set, error) { return connref.Read(s.parts) }
