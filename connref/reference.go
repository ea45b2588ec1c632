package connref

import (
	"fmt"
	"slices"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// A Reference is a connection reference of a solution.
type Reference struct {
	LogicalName     string // as written; compares without regard to case
	DisplayName     string
	Description     string
	ConnectorID     string        // as written, usually a path that ends in shared_...
	CustomConnector solution.GUID // zero for a standard connector
	Skip            bool          // promptingbehavior 1: an import does not ask for a connection
	UsedBy          []solution.Key
	Location        diag.Location
}

// IsCustom reports whether r needs a connection of a custom connector.
func (r Reference) IsCustom() bool { return !r.CustomConnector.IsZero() }

// Key returns the key of r.
func (r Reference) Key() solution.Key {
	return solution.NewKey(solution.TypeConnectionReference, "", r.LogicalName, solution.GUID{})
}

// A Use is one place where a component names a connection reference, defined in the solution or not.
type Use struct {
	By       solution.Key
	Name     string // of the reference, as written
	Location diag.Location
}

// A RawConnection is a connector that a flow or a canvas app binds without a connection reference. In an
// app this is the usual way: each user is asked at the first run.
type RawConnection struct {
	By        solution.Key
	Connector string // its id as written
	Alias     string // its name in the flow or app
	Location  diag.Location
}

// A Connector is a custom connector that the solution holds.
type Connector struct {
	ID   solution.GUID
	Name string
}

// A Set is what solutions need to have bound, by name. The fields are for reading.
type Set struct {
	References []Reference // sorted by name
	Variables  []Variable  // sorted by name
	Uses       []Use
	Raw        []RawConnection
	Connectors []Connector
	// Declared are the names of references that the manifest lists as missing dependencies: another solution
	// or the environment provides them.
	Declared []string
	// Diagnostics are files that could not be read; the rest of the solution was.
	Diagnostics diag.List
}

// Reference returns the reference of that name.
func (s *Set) Reference(name string) (Reference, bool) {
	return lookup(s.References, name, func(r Reference) string { return r.LogicalName })
}

// Variable returns the variable of that name.
func (s *Set) Variable(name string) (Variable, bool) {
	return lookup(s.Variables, name, func(v Variable) string { return v.SchemaName })
}

func lookup[T any](l []T, name string, of func(T) string) (T, bool) {
	want := solution.Fold(name)
	i := slices.IndexFunc(l, func(x T) bool { return solution.Fold(of(x)) == want })
	if i < 0 {
		var zero T
		return zero, false
	}
	return l[i], true
}

// Join returns what several solutions need together. Of references and variables with one name the first
// stays, and UsedBy has the users of all of them.
func Join(sets ...*Set) *Set {
	out := &Set{}
	for _, s := range sets {
		out.References = append(out.References, s.References...)
		out.Variables = append(out.Variables, s.Variables...)
		out.Uses = append(out.Uses, s.Uses...)
		out.Raw = append(out.Raw, s.Raw...)
		out.Connectors = append(out.Connectors, s.Connectors...)
		out.Declared = append(out.Declared, s.Declared...)
		out.Diagnostics = append(out.Diagnostics, s.Diagnostics...)
	}
	out.finish()
	return out
}

// finish sorts the set, drops repeated names and says who uses what.
func (s *Set) finish() {
	s.References = unique(s.References, func(r Reference) string { return r.LogicalName })
	s.Variables = unique(s.Variables, func(v Variable) string { return v.SchemaName })
	users := map[string][]solution.Key{}
	for _, u := range s.Uses {
		name := solution.Fold(u.Name)
		if !slices.Contains(users[name], u.By) {
			users[name] = append(users[name], u.By)
		}
	}
	for i := range s.References {
		s.References[i].UsedBy = users[solution.Fold(s.References[i].LogicalName)]
	}
	s.Diagnostics.Sort()
}

func unique[T any](l []T, of func(T) string) []T {
	byName := func(a, b T) int { return compareFold(of(a), of(b)) }
	slices.SortStableFunc(l, byName)
	return slices.CompactFunc(l, func(a, b T) bool { return byName(a, b) == 0 })
}

func compareFold(a, b string) int {
	a, b = solution.Fold(a), solution.Fold(b)
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// A VariableType is the type of an environment variable: the number in its definition.
type VariableType int

// The documented types.
const (
	TypeText       VariableType = 100000000
	TypeNumber     VariableType = 100000001
	TypeBoolean    VariableType = 100000002
	TypeJSON       VariableType = 100000003
	TypeDataSource VariableType = 100000004
	TypeSecret     VariableType = 100000005
)

var variableTypes = map[VariableType]string{
	TypeText: "text", TypeNumber: "number", TypeBoolean: "boolean", TypeJSON: "json", TypeDataSource: "data source",
	TypeSecret: "secret",
}

// String returns a word for the documented types, else the number.
func (t VariableType) String() string {
	if name, ok := variableTypes[t]; ok {
		return name
	}
	return fmt.Sprint(int(t))
}

// A Variable is an environment variable: its definition, and the value that the package ships.
type Variable struct {
	SchemaName   string
	DisplayName  string
	Description  string
	Type         VariableType
	Default      *Text // nil: absent
	Value        *Text // nil: the package ships none
	ValueID      string
	Required     bool
	SecretStore  string // as written; 0 is a key vault
	Introduced   string // introducedversion as written
	APIID        string // connector of a data source
	ParameterKey string // which parameter of that connector
	Parent       string // schema name of the parent definition
	Location     diag.Location
	// ValueLocation is the place of the shipped value.
	ValueLocation diag.Location
}

// Key returns the key of v.
func (v Variable) Key() solution.Key {
	return solution.NewKey(solution.TypeEnvironmentVariableDefinition, "", v.SchemaName, solution.GUID{})
}

// HasValue reports whether v has a value in a new environment without being given one: a value in the
// package or a default. An empty text is none.
func (v Variable) HasValue() bool {
	return v.Value != nil && v.Value.Reveal() != "" || v.Default != nil && v.Default.Reveal() != ""
}

// A Text is a value that may be a secret. Printing one with package fmt, or encoding it as JSON, shows
// "(hidden)" if it is; only Reveal gives it away.
type Text struct {
	text   string
	hidden bool
}

const hidden = "(hidden)"

// NewText returns a text, hidden from printing if secret.
func NewText(text string, secret bool) Text { return Text{text, secret} }

// Reveal returns the text itself.
func (t Text) Reveal() string { return t.text }

// Hidden reports whether t is a secret.
func (t Text) Hidden() bool { return t.hidden }

// Equal reports whether t and u are the same text.
func (t Text) Equal(u Text) bool { return t == u }

// String returns the text, or "(hidden)".
func (t Text) String() string {
	if t.hidden {
		return hidden
	}
	return t.text
}

// Format implements fmt.Formatter, so that no verb prints a secret.
func (t Text) Format(f fmt.State, verb rune) {
	if verb == 'q' {
		fmt.Fprintf(f, "%q", t.String())
		return
	}
	fmt.Fprint(f, t.String())
}

// MarshalText implements encoding.TextMarshaler by String.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }
