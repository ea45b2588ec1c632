package plan

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
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
		UnmanagedLayers     []string             `json:"unmanagedLayers,omitzero"`
		UnmanagedComponents []string             `json:"unmanagedComponents,omitzero"`
		Connections         []connectionDocument `json:"connections,omitzero"`
		References          []referenceDocument  `json:"connectionReferences,omitzero"`
		Variables           map[string]string    `json:"environmentVariables,omitzero"`
		Base                []string             `json:"base,omitzero"`
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
		Provides  []string              `json:"provides,omitzero"`
		Requires  []requirementDocument `json:"requires,omitzero"`
		PatchOf   string                `json:"patchOf,omitzero"`
	}
	requirementDocument struct {
		Need string `json:"need"`
		By   string `json:"by,omitzero"`
	}
	connectionDocument struct {
		ID         string   `json:"id,omitzero"`
		Connector  string   `json:"connector,omitzero"`
		Owner      string   `json:"owner,omitzero"`
		SharedWith []string `json:"sharedWith,omitzero"`
	}
	referenceDocument struct {
		Name         string `json:"name"`
		ConnectionID string `json:"connectionId,omitzero"`
	}
)

// MarshalJSON returns the form that [ParseEnvironment] reads, lists sorted, components as [ComponentOf] writes them (so
// that a connector with a GUID and a name is written with its GUID), and without what is nil or zero. It holds the
// values of the environment variables, which may be secrets.
//
// The error is for what the form cannot hold: an [Installed] with Leftovers, one with a Package but no PackageFile, text
// that is not UTF-8, and whatever ParseEnvironment would refuse, such as two solutions of one name.
func (e *Environment) MarshalJSON() ([]byte, error) {
	w := &environmentWriter{}
	doc := w.environment(e)
	if w.err != nil {
		return nil, fmt.Errorf("write environment: %w", w.err)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write environment: %w", err)
	}
	// The parser has the rules: what it refuses must not leave here.
	if _, err := ParseEnvironment(out); err != nil {
		if at, ok := errors.AsType[*EnvironmentError](err); ok && at.Path != "" {
			err = fmt.Errorf("%s: %w", at.Path, at.Err) // the position is one in text that nobody sees
		}
		return nil, fmt.Errorf("write environment: %w", err)
	}
	return out, nil
}

// An environmentWriter makes the document and keeps the first thing that it cannot hold.
type environmentWriter struct{ err error }

func (w *environmentWriter) refuse(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// text refuses what JSON would replace. It does not show the text, which may be the value of a variable.
func (w *environmentWriter) text(what, s string) string {
	if !utf8.ValidString(s) {
		w.refuse("%s is not UTF-8", what)
	}
	return s
}

func (w *environmentWriter) environment(e *Environment) environmentDocument {
	if e.MoreReferences || e.MoreVariables {
		w.refuse("there are more connection references or variables than the environment lists, which this form cannot say")
	}
	doc := environmentDocument{
		Solutions:           writeList(e.Solutions, compareInstalled, w.installed),
		UnmanagedLayers:     writeList(e.UnmanagedLayers, compareKeys, w.component),
		UnmanagedComponents: writeList(e.UnmanagedComponents, compareKeys, w.component),
		Connections:         writeList(e.Connections, compareConnections, w.connection),
		References:          writeList(e.References, compareReferences, w.reference),
		Variables:           e.Variables,
		Base:                writeList(e.Base, compareKeys, w.component),
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
	switch {
	case in.Leftovers:
		w.refuse("solution %q has leftovers of an unknown version, which this form cannot say", in.Name)
	case in.Package != nil && in.PackageFile == "":
		w.refuse("solution %q has a package that was read from nowhere: set PackageFile to its path", in.Name)
	}
	return installedDocument{
		Name:      w.text("name of a solution", in.Name),
		Version:   in.shownVersion(),
		Managed:   in.Managed,
		Publisher: w.text("publisher", in.Publisher),
		Order:     in.Order,
		Package:   w.text("path of a package", in.PackageFile),
		Provides:  writeList(in.Provides, compareKeys, w.component),
		Requires: writeList(in.Requires, compareRequirements, func(r Requirement) requirementDocument {
			doc := requirementDocument{Need: w.component(r.Need)}
			if !r.By.IsZero() {
				doc.By = w.component(r.By)
			}
			return doc
		}),
		PatchOf: w.text("patchOf", in.PatchOf),
	}
}

// component refuses a key whose text would be read as another one.
func (w *environmentWriter) component(k solution.Key) string {
	text := string(ComponentOf(k))
	if again, err := ParseComponent(text); err != nil || !again.Match(solution.NewKey(k.Type, k.Parent, k.Name, k.ID)) {
		w.refuse("component %q cannot be written as text that is read back", k)
	}
	return w.text("a component", text)
}

func (w *environmentWriter) connection(c Connection) connectionDocument {
	return connectionDocument{
		ID:         w.text("id of a connection", c.ID),
		Connector:  w.text("connector", c.Connector),
		Owner:      w.text("owner", c.Owner),
		SharedWith: writeList(c.SharedWith, strings.Compare, func(s string) string { return w.text("sharedWith", s) }),
	}
}

func (w *environmentWriter) reference(r BoundReference) referenceDocument {
	return referenceDocument{
		Name:         w.text("name of a connection reference", r.Name),
		ConnectionID: w.text("connectionId", r.ConnectionID),
	}
}

// The orders of the lists. They are total for what the parser accepts, so that equal environments have equal lists.

func compareInstalled(a, b Installed) int {
	return cmp.Or(strings.Compare(solution.Fold(a.Name), solution.Fold(b.Name)), strings.Compare(a.Name, b.Name))
}

func compareKeys(a, b solution.Key) int { return cmp.Compare(ComponentOf(a), ComponentOf(b)) }

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
