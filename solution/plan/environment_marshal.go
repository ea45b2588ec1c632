package plan

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/solution"
)

// The members of the JSON form in the order in which they are written. What is nil or zero is left out; an empty list or
// object is written, because it is known.
type (
	environmentDocument struct {
		Solutions           []installedDocument  `json:"solutions"`
		MoreSolutions       bool                 `json:"moreSolutions,omitzero"`
		Present             []any                `json:"presentComponents,omitzero"`
		UnmanagedLayers     []any                `json:"unmanagedLayers,omitzero"`
		UnmanagedComponents []any                `json:"unmanagedComponents,omitzero"`
		Connections         []connectionDocument `json:"connections,omitzero"`
		MoreConnections     bool                 `json:"moreConnections,omitzero"`
		References          []referenceDocument  `json:"connectionReferences,omitzero"`
		MoreReferences      bool                 `json:"moreConnectionReferences,omitzero"`
		Variables           map[string]string    `json:"environmentVariables,omitzero"`
		MoreVariables       bool                 `json:"moreEnvironmentVariables,omitzero"`
		Base                []any                `json:"base,omitzero"`
		PlatformSolutions   []string             `json:"platformSolutions,omitzero"`
		PlatformVersion     solution.Version     `json:"platformVersion,omitzero"`
		SchemaType          string               `json:"schemaType,omitzero"`
		PackageVersion      solution.Version     `json:"packageVersion,omitzero"`
		Identity            string               `json:"identity,omitzero"`
	}
	installedDocument struct {
		Name      string                `json:"name"`
		Version   string                `json:"version,omitzero"`
		Managed   *bool                 `json:"managed,omitzero"`
		Publisher string                `json:"publisher,omitzero"`
		Order     int                   `json:"order,omitzero"`
		Package   string                `json:"package,omitzero"`
		Provides  []any                 `json:"provides,omitzero"` // texts, or keys where a text does not do
		Extends   []any                 `json:"extends,omitzero"`
		Complete  bool                  `json:"complete,omitzero"`
		Leftovers bool                  `json:"leftovers,omitzero"`
		Requires  []requirementDocument `json:"requires,omitzero"`
		PatchOf   string                `json:"patchOf,omitzero"`
		Source    string                `json:"source,omitzero"`
	}
	requirementDocument struct {
		Need any `json:"need"`
		By   any `json:"by,omitzero"`
	}
	keyDocument struct {
		Kind   string `json:"kind"`
		Parent string `json:"parent,omitzero"`
		Name   string `json:"name,omitzero"`
		ID     string `json:"id,omitzero"`
	}
	connectionDocument struct {
		ID         string   `json:"id,omitzero"`
		Connector  string   `json:"connector,omitzero"`
		Owner      string   `json:"owner,omitzero"`
		SharedWith []string `json:"sharedWith,omitzero"`
		Source     string   `json:"source,omitzero"`
	}
	referenceDocument struct {
		Name         string `json:"name"`
		ConnectionID string `json:"connectionId,omitzero"`
		Source       string `json:"source,omitzero"`
	}
)

// MarshalJSON returns the form that [ParseEnvironment] reads, lists sorted, without what is nil or zero, and each component as
// [ComponentOf] writes it where that is read back as the same key, else as an object. It holds the values of the environment
// variables, which may be secrets.
//
// A solution with a Package is written with its PackageFile; without that, lists of what the package holds and needs stand for
// it, which say less. The error is for text that is not UTF-8, and whatever ParseEnvironment would refuse, such as two solutions
// of one name.
func (e *Environment) MarshalJSON() ([]byte, error) { return (&environmentWriter{}).write(e) }

// marshalBehind returns the form that a plan has of the environment behind it: always with the lists of what packages hold,
// without the values of the variables that private has by folded name, or that look like credentials. As in the rest of a
// plan, what is not UTF-8 is replaced.
func (e *Environment) marshalBehind(private map[string]bool) ([]byte, error) {
	out := *e
	out.Variables = maps.Clone(e.Variables)
	for name, value := range out.Variables {
		if value != "" && value != given && (private[solution.Fold(name)] || isPrivate(name, value)) {
			out.Variables[name] = hidden
		}
	}
	return (&environmentWriter{behind: true}).write(&out)
}

// An environmentWriter makes the document and keeps the first thing that it cannot hold.
type environmentWriter struct {
	behind bool // it is part of a plan
	err    error
}

func (w *environmentWriter) write(e *Environment) ([]byte, error) {
	doc := w.environment(e)
	if w.err != nil {
		return nil, fmt.Errorf("write environment: %w", w.err)
	}
	out, err := marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write environment: %w", err)
	}
	// The parser has the rules: what it refuses must not leave here.
	if _, err := ParseEnvironment(out, ""); err != nil {
		if at, ok := errors.AsType[*EnvironmentError](err); ok && at.Path != "" {
			err = fmt.Errorf("%s: %w", at.Path, at.Err) // the position is one in text that nobody sees
		}
		return nil, fmt.Errorf("write environment: %w", err)
	}
	return out, nil
}

// text refuses what JSON would replace. It does not show the text, which may be the value of a variable.
func (w *environmentWriter) text(what, s string) string {
	switch {
	case utf8.ValidString(s):
		return s
	case w.behind:
		return strings.ToValidUTF8(s, "\ufffd")
	case w.err == nil:
		w.err = fmt.Errorf("%s is not UTF-8", what)
	}
	return s
}

func (w *environmentWriter) environment(e *Environment) environmentDocument {
	doc := environmentDocument{
		Solutions:           writeList(e.Solutions, compareInstalled, w.installed),
		MoreSolutions:       e.MoreSolutions,
		Present:             writeList(e.Present, compareKeys, w.component),
		UnmanagedLayers:     writeList(e.UnmanagedLayers, compareKeys, w.component),
		UnmanagedComponents: writeList(e.UnmanagedComponents, compareKeys, w.component),
		Connections:         writeList(e.Connections, compareConnections, w.connection),
		MoreConnections:     e.MoreConnections,
		References:          writeList(e.References, compareReferences, w.reference),
		MoreReferences:      e.MoreReferences,
		Variables:           e.Variables,
		MoreVariables:       e.MoreVariables,
		Base:                writeList(e.Base, compareKeys, w.component),
		PlatformSolutions:   writeList(e.PlatformSolutions, strings.Compare, func(s string) string { return w.text("platformSolutions", s) }),
		PlatformVersion:     e.PlatformVersion,
		SchemaType:          w.text("schemaType", e.SchemaType),
		PackageVersion:      e.PackageVersion,
		Identity:            w.text("identity", e.Identity),
	}
	if doc.Solutions == nil {
		doc.Solutions = []installedDocument{} // the one required member
	}
	for name, value := range e.Variables {
		w.text("the name or value of an environment variable", name+value)
	}
	return doc
}

// writeList returns what the entries of a list are written as, in order; nil for nil.
func writeList[T, D any](from []T, order func(a, b T) int, write func(T) D) []D {
	if from == nil {
		return nil
	}
	to := make([]D, 0, len(from))
	for _, v := range slices.SortedStableFunc(slices.Values(from), order) {
		to = append(to, write(v))
	}
	return to
}

func (w *environmentWriter) installed(in Installed) installedDocument {
	if in.Package.isRead() && (w.behind || in.PackageFile == "") {
		in = in.listed()
	}
	return installedDocument{
		Name:      w.text("name of a solution", in.Name),
		Version:   in.shownVersion(),
		Managed:   in.Managed,
		Publisher: w.text("publisher", in.Publisher),
		Order:     in.Order,
		Package:   w.text("path of a package", in.PackageFile),
		Provides:  writeList(in.Provides, compareKeys, w.component),
		Extends:   writeList(in.Extends, compareKeys, w.component),
		Complete:  in.Complete,
		Leftovers: in.Leftovers,
		Requires: writeList(in.Requires, compareRequirements, func(r Requirement) requirementDocument {
			doc := requirementDocument{Need: w.component(r.Need)}
			if !r.By.IsZero() {
				doc.By = w.component(r.By)
			}
			return doc
		}),
		PatchOf: w.text("patchOf", in.PatchOf),
		Source:  w.text("source", in.Source),
	}
}

// listed returns the solution with what its package holds and needs in its lists too.
func (in Installed) listed() Installed {
	provides, extends, requires := in.Package.inventory()
	in.Provides = joined(provides, in.Provides)
	in.Extends = joined(extends, in.Extends)
	in.Requires = joined(requires, in.Requires)
	in.Complete = true
	return in
}

// joined returns the elements of two lists, each once; a list that is empty, not nil.
func joined[T comparable](a, b []T) []T {
	out := make([]T, 0, len(a)+len(b))
	seen := make(map[T]bool, len(a)+len(b))
	for _, x := range slices.Concat(a, b) {
		if !seen[x] {
			seen[x] = true
			out = append(out, x)
		}
	}
	return out
}

// component writes a key as text, or as an object if the text would be read as another one.
func (w *environmentWriter) component(k solution.Key) any {
	text := string(ComponentOf(k))
	if again, err := ParseComponent(text); err == nil && again == k {
		return w.text("a component", text)
	}
	doc := keyDocument{Kind: w.text("a kind", string(k.Type())), Parent: w.text("a component", k.Parent()), Name: w.text("a component", k.Name())}
	if !k.ID().IsZero() {
		doc.ID = k.ID().String()
	}
	return doc
}

func (w *environmentWriter) connection(c Connection) connectionDocument {
	return connectionDocument{
		ID:         w.text("id of a connection", c.ID),
		Connector:  w.text("connector", c.Connector),
		Owner:      w.text("owner", c.Owner),
		SharedWith: writeList(c.SharedWith, strings.Compare, func(s string) string { return w.text("sharedWith", s) }),
		Source:     w.text("source", c.Source),
	}
}

func (w *environmentWriter) reference(r BoundReference) referenceDocument {
	return referenceDocument{
		Name:         w.text("name of a connection reference", r.Name),
		ConnectionID: w.text("connectionId", r.ConnectionID),
		Source:       w.text("source", r.Source),
	}
}

// The orders of the lists. They are total for what the parser accepts, so that equal environments have equal lists.

func compareInstalled(a, b Installed) int {
	return cmp.Or(strings.Compare(solution.Fold(a.Name), solution.Fold(b.Name)), strings.Compare(a.Name, b.Name))
}

func compareKeys(a, b solution.Key) int {
	return cmp.Or(cmp.Compare(ComponentOf(a), ComponentOf(b)), a.Compare(b))
}

func compareRequirements(a, b Requirement) int {
	return cmp.Or(compareKeys(a.Need, b.Need), compareKeys(a.By, b.By))
}

func compareConnections(a, b Connection) int {
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Connector, b.Connector),
		strings.Compare(a.Owner, b.Owner), slices.Compare(a.SharedWith, b.SharedWith))
}

func compareReferences(a, b BoundReference) int {
	return cmp.Or(strings.Compare(solution.Fold(a.Name), solution.Fold(b.Name)), strings.Compare(a.Name, b.Name))
}
