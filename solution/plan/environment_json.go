package plan

import (
	_ "embed" // for environmentSchema
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

//go:embed environment.schema.json
var environmentSchema string

// EnvironmentSchema returns the JSON Schema (draft 7) of the form that [ParseEnvironment] reads, for editors. What a
// schema cannot say only the parser refuses: a member or a name that occurs twice, the key of a component that does not
// suit its kind, and a part of a version that is too large.
func EnvironmentSchema() []byte { return []byte(environmentSchema) }

// An EnvironmentError is the error of an environment that cannot be read. It never holds the value of an environment
// variable, which may be a secret.
type EnvironmentError struct {
	File string // as the caller calls it
	Pos  diag.Position
	Path string // JSON Pointer; empty: the document
	Err  error
}

// Error returns "file:line:column: path: cause", without the path if it is empty. A path with control characters or quotes in
// it is quoted.
func (e *EnvironmentError) Error() string {
	at := fmt.Sprintf("%s:%d:%d: ", e.File, e.Pos.Line, e.Pos.Column)
	switch quoted := strconv.Quote(e.Path); {
	case e.Path == "":
		return fmt.Sprintf("%s%v", at, e.Err)
	case quoted != `"`+e.Path+`"`:
		return fmt.Sprintf("%s%s: %v", at, quoted, e.Err)
	}
	return fmt.Sprintf("%s%s: %v", at, e.Path, e.Err)
}

// Unwrap returns the cause.
func (e *EnvironmentError) Unwrap() error { return e.Err }

// ParseEnvironment reads the JSON form of an environment. file is its name, for errors. The form is an object with these
// members:
//
//	solutions             list of solutions, required; empty if nothing is installed
//	  name, version, publisher, package, patchOf   texts; the name is required, package is a path
//	  source              text: where that is known from; connections and connectionReferences have it too
//	  managed, complete, leftovers                 true or false
//	  order               whole number
//	  provides, extends   lists of components
//	  requires            list of {"need": component, "by": component}; by may be absent or empty
//	unmanagedLayers       list of components, as are unmanagedComponents, presentComponents and base
//	connections           list of {"id", "connector", "owner": text, "sharedWith": list of texts}
//	connectionReferences  list of {"name", "connectionId": text}; the name is required
//	environmentVariables  object of texts; null: the variable has no value and is left out
//	moreConnectionReferences, moreEnvironmentVariables, moreSolutions, moreConnections   true: there are more than are listed
//	platformSolutions     list of texts
//	platformVersion       version, as is packageVersion
//	schemaType            Core, Standard or Full, in any case
//	identity              text
//
// A component is written as [ParseComponent] reads it, or as an object {"kind", "parent", "name", "id"} with all that is known of
// its key; a version is written as [solution.ParseVersion] reads it. A member that is null
// is as absent. What is absent is nil or zero; a list or object that is there is never nil. The lists of the result are
// sorted, because their order has no meaning. A UTF-8 byte order mark is skipped; a text of more than 64 MiB is refused.
//
// The error is an [*EnvironmentError]: text that is not JSON, a value of the wrong type, an unknown or repeated member, a
// missing name, a version or component that cannot be read, or two solutions, connection references or environment
// variables of one name, compared without regard to case.
func ParseEnvironment(src []byte, file string) (*Environment, error) {
	tree, err := jsonspan.Parse(src, nil)
	lines := diag.NewLines(src)
	var syntax *jsonspan.SyntaxError
	if errors.As(err, &syntax) {
		return nil, &EnvironmentError{File: file, Pos: lines.Position(syntax.Offset), Err: errors.New(syntaxText(src, syntax))}
	}
	if err != nil {
		return nil, err
	}
	p := &environmentParser{file, tree, lines}
	e := &Environment{}
	if err := p.environment(0, e); err != nil {
		return nil, err
	}
	return e, nil
}

// syntaxText returns the message of a syntax error without the character at fault, which may be one of a secret.
func syntaxText(src []byte, err *jsonspan.SyntaxError) string {
	switch {
	case err.Offset >= len(src):
		return err.Message // nothing is there to be shown
	case err.Problem == jsonspan.Malformed:
		return "this is not JSON: check quotes, commas and brackets"
	case err.Problem == jsonspan.NotUTF8:
		return "this byte is not UTF-8: save the file as UTF-8"
	case err.Problem == jsonspan.ControlInText:
		return "raw control character inside a string: write it as an escape"
	}
	return err.Message
}

// UnmarshalJSON reads what [ParseEnvironment] does.
func (e *Environment) UnmarshalJSON(src []byte) error {
	read, err := ParseEnvironment(src, "environment")
	if err != nil {
		return err
	}
	*e = *read
	return nil
}

type environmentParser struct {
	file  string
	tree  *jsonspan.Tree
	lines *diag.Lines
}

func (p *environmentParser) fail(node int32, err error) error {
	n := p.tree.Node(node)
	return &EnvironmentError{p.file, p.lines.Position(int(n.Start)), p.tree.Pointer(node), err}
}

func (p *environmentParser) errorf(node int32, format string, args ...any) error {
	return p.fail(node, fmt.Errorf(format, args...))
}

// expect refuses a value of another type, which it does not show.
func (p *environmentParser) expect(node int32, kind jsonspan.Kind, what string) error {
	if got := p.tree.Kind(node); got != kind {
		return p.errorf(node, "%s is expected, this is a value of type %v", what, got)
	}
	return nil
}

// An environmentReader reads the value at a node to where it belongs.
type environmentReader func(node int32) error

// An environmentMember is one row of the table that says what an object may hold.
type environmentMember struct {
	name string
	read environmentReader
}

func (p *environmentParser) object(node int32, members []environmentMember) error {
	return p.members(node, func(m int32) error {
		name := p.tree.Key(m)
		i := slices.IndexFunc(members, func(row environmentMember) bool { return row.name == name })
		switch {
		case i < 0:
			at := p.lines.Position(int(p.tree.Node(m).KeyStart) - 1)
			return &EnvironmentError{p.file, at, p.tree.Pointer(m), unknownMember(members)}
		case p.tree.Kind(m) == jsonspan.Null:
			return nil
		}
		return members[i].read(m)
	})
}

func unknownMember(members []environmentMember) error {
	var names []string
	for _, m := range members {
		names = append(names, m.name)
	}
	return fmt.Errorf("unknown member: use one of %s", strings.Join(names, ", "))
}

// members calls read for each member of an object. It refuses repeated ones of this object alone: below the value of a
// variable, where the type is wrong anyway, a key must not be shown.
func (p *environmentParser) members(node int32, read environmentReader) error {
	if err := p.expect(node, jsonspan.Object, "an object"); err != nil {
		return err
	}
	for m := range p.tree.Children(node) {
		if p.tree.Hidden(m) {
			return p.errorf(m, "member %q occurs twice in one object: keep one", p.tree.Key(m))
		}
		if err := read(m); err != nil {
			return err
		}
	}
	return nil
}

// readList reads an array to dst and sorts it. dst grows by what is read, never by what is announced.
func readList[T any](p *environmentParser, dst *[]T, order func(a, b T) int, read func(node int32, v *T) error) environmentReader {
	return func(node int32) error {
		if err := p.expect(node, jsonspan.Array, "a list"); err != nil {
			return err
		}
		*dst = []T{}
		for i := range p.tree.Children(node) {
			var v T
			if err := read(i, &v); err != nil {
				return err
			}
			*dst = append(*dst, v)
		}
		slices.SortStableFunc(*dst, order)
		return nil
	}
}

func (p *environmentParser) environment(node int32, e *Environment) error {
	solutions, references := environmentNames{}, environmentNames{}
	err := p.object(node, []environmentMember{
		{"solutions", readList(p, &e.Solutions, compareInstalled, func(i int32, in *Installed) error {
			if err := p.installed(i, in); err != nil {
				return err
			}
			return p.named(solutions, i, in.Name, "solutions")
		})},
		{"moreSolutions", p.yes(&e.MoreSolutions)},
		{"presentComponents", readList(p, &e.Present, compareKeys, p.component)},
		{"unmanagedLayers", readList(p, &e.UnmanagedLayers, compareKeys, p.component)},
		{"unmanagedComponents", readList(p, &e.UnmanagedComponents, compareKeys, p.component)},
		{"connections", readList(p, &e.Connections, compareConnections, p.connection)},
		{"moreConnections", p.yes(&e.MoreConnections)},
		{"connectionReferences", readList(p, &e.References, compareReferences, func(i int32, r *BoundReference) error {
			if err := p.reference(i, r); err != nil {
				return err
			}
			return p.named(references, i, r.Name, "connectionReferences")
		})},
		{"moreConnectionReferences", p.yes(&e.MoreReferences)},
		{"environmentVariables", p.variables(&e.Variables)},
		{"moreEnvironmentVariables", p.yes(&e.MoreVariables)},
		{"base", readList(p, &e.Base, compareKeys, p.component)},
		{"platformSolutions", readList(p, &e.PlatformSolutions, strings.Compare, func(i int32, s *string) error { return p.text(s)(i) })},
		{"platformVersion", p.version(&e.PlatformVersion)},
		{"schemaType", p.schemaType(&e.SchemaType)},
		{"packageVersion", p.version(&e.PackageVersion)},
		{"identity", p.text(&e.Identity)},
	})
	if err == nil && e.Solutions == nil {
		err = p.errorf(node, `solutions is missing: write "solutions": [] if nothing is installed`)
	}
	return err
}

func (p *environmentParser) installed(node int32, in *Installed) error {
	return p.object(node, []environmentMember{
		{"name", p.text(&in.Name)},
		{"version", p.both(p.version(&in.Version), p.text(&in.VersionText))},
		{"managed", p.flag(&in.Managed)},
		{"publisher", p.text(&in.Publisher)},
		{"order", p.whole(&in.Order)},
		{"package", p.text(&in.PackageFile)},
		{"provides", readList(p, &in.Provides, compareKeys, p.component)},
		{"extends", readList(p, &in.Extends, compareKeys, p.component)},
		{"complete", p.yes(&in.Complete)},
		{"leftovers", p.yes(&in.Leftovers)},
		{"requires", readList(p, &in.Requires, compareRequirements, p.requirement)},
		{"patchOf", p.text(&in.PatchOf)},
		{"source", p.text(&in.Source)},
	})
}

func (p *environmentParser) requirement(node int32, r *Requirement) error {
	err := p.object(node, []environmentMember{
		{"need", func(i int32) error { return p.component(i, &r.Need) }},
		{"by", func(i int32) error {
			if p.tree.Kind(i) == jsonspan.String && len(p.tree.Plain(i)) == 0 {
				return nil
			}
			return p.component(i, &r.By)
		}},
	})
	if err == nil && r.Need.IsZero() {
		err = p.errorf(node, `need is missing: write the component that is needed, such as "need": "entity:account"`)
	}
	return err
}

func (p *environmentParser) connection(node int32, c *Connection) error {
	return p.object(node, []environmentMember{
		{"id", p.text(&c.ID)},
		{"connector", p.text(&c.Connector)},
		{"owner", p.text(&c.Owner)},
		{"sharedWith", readList(p, &c.SharedWith, strings.Compare, func(i int32, s *string) error { return p.text(s)(i) })},
		{"source", p.text(&c.Source)},
	})
}

func (p *environmentParser) reference(node int32, r *BoundReference) error {
	return p.object(node, []environmentMember{
		{"name", p.text(&r.Name)},
		{"connectionId", p.text(&r.ConnectionID)},
		{"source", p.text(&r.Source)},
	})
}

func (p *environmentParser) variables(dst *map[string]string) environmentReader {
	return func(node int32) error {
		*dst = map[string]string{}
		seen := environmentNames{}
		return p.members(node, func(m int32) error {
			name := p.tree.Key(m)
			if name == "" {
				return p.errorf(m, "a variable has no name: write its schema name")
			}
			if err := p.once(seen, m, name, "environmentVariables"); err != nil {
				return err
			}
			if p.tree.Kind(m) == jsonspan.Null {
				return nil
			}
			var value string
			err := p.text(&value)(m)
			(*dst)[name] = value
			return err
		})
	}
}

// environmentNames has the node of each folded name.
type environmentNames map[string]int32

// named checks the name of an entry of a list.
func (p *environmentParser) named(seen environmentNames, entry int32, name, where string) error {
	if name == "" {
		return p.errorf(entry, "an entry of %s has no name", where)
	}
	return p.once(seen, p.tree.Get(entry, "name"), name, where)
}

func (p *environmentParser) once(seen environmentNames, node int32, name, where string) error {
	folded := solution.Fold(name)
	if first, dup := seen[folded]; dup {
		return p.errorf(node, "%q occurs twice in %s, first in line %d: keep one", name, where,
			p.lines.Position(int(p.tree.Node(first).Start)).Line)
	}
	seen[folded] = node
	return nil
}

func (p *environmentParser) text(dst *string) environmentReader {
	return func(node int32) error {
		*dst = p.tree.Text(node)
		return p.expect(node, jsonspan.String, "a text in quotes")
	}
}

func (p *environmentParser) flag(dst **bool) environmentReader {
	return func(node int32) error {
		*dst = new(p.tree.True(node))
		return p.expect(node, jsonspan.Bool, "true or false")
	}
}

// yes reads a flag that is not known to be set where it is absent.
func (p *environmentParser) yes(dst *bool) environmentReader {
	return func(node int32) error {
		*dst = p.tree.True(node)
		return p.expect(node, jsonspan.Bool, "true or false")
	}
}

// maxWhole is the largest number that every reader of JSON keeps exactly and that an int holds.
const maxWhole = int64(min(1<<53-1, math.MaxInt))

// whole reads a number by its value, so that 1, 1.0 and 1e0 are the same, as they are to a schema.
func (p *environmentParser) whole(dst *int) environmentReader {
	return func(node int32) error {
		if err := p.expect(node, jsonspan.Number, "a whole number"); err != nil {
			return err
		}
		f, ok := p.tree.Float(node)
		if !ok || math.Abs(f) > float64(maxWhole) || f != math.Trunc(f) {
			return p.errorf(node, "a whole number from %d to %d is expected", -maxWhole, maxWhole)
		}
		*dst = int(f)
		return nil
	}
}

// both reads a member in two ways.
func (p *environmentParser) both(first, second environmentReader) environmentReader {
	return func(node int32) error {
		if err := first(node); err != nil {
			return err
		}
		return second(node)
	}
}

func (p *environmentParser) version(dst *solution.Version) environmentReader {
	return func(node int32) error {
		if err := p.expect(node, jsonspan.String, "a version in quotes"); err != nil {
			return err
		}
		v, err := solution.ParseVersion(p.tree.Text(node))
		if err != nil {
			return p.fail(node, err)
		}
		*dst = v
		return nil
	}
}

func (p *environmentParser) component(node int32, dst *solution.Key) error {
	if p.tree.Kind(node) == jsonspan.Object {
		return p.wholeKey(node, dst)
	}
	if err := p.expect(node, jsonspan.String, "a component in quotes, such as \"entity:account\","); err != nil {
		return err
	}
	text := p.tree.Text(node)
	k, err := ParseComponent(text)
	if err != nil {
		return p.fail(node, err)
	}
	if again, err := ParseComponent(string(ComponentOf(k))); err != nil || again != k {
		// A zero GUID or half of a two-part key: it would stand for nothing, and could not be written back.
		return p.errorf(node, "%q has no complete key: write kind:key, such as entity:account", text)
	}
	*dst = k
	return nil
}

// wholeKey reads a component that is written as an object.
func (p *environmentParser) wholeKey(node int32, dst *solution.Key) error {
	var kind, parent, name string
	var guid solution.GUID
	err := p.object(node, []environmentMember{
		{"kind", p.text(&kind)},
		{"parent", p.text(&parent)},
		{"name", p.text(&name)},
		{"id", func(i int32) error {
			err := p.expect(i, jsonspan.String, "a GUID in quotes")
			if err == nil {
				if guid, err = solution.ParseGUID(p.tree.Text(i)); err != nil {
					err = p.fail(i, err)
				}
			}
			return err
		}},
	})
	if err != nil {
		return err
	}
	if kind == "" {
		return p.errorf(node, `kind is missing: write the kind of the component, such as "kind": "entity"`)
	}
	*dst = solution.NameKey(solution.ComponentType(solution.Fold(kind)), parent, name).WithID(guid)
	return nil
}

// schemaTypes are the values of schemaType as the platform writes them. Each schema has more than those before it.
var schemaTypes = []string{"Core", "Standard", "Full"}

func (p *environmentParser) schemaType(dst *string) environmentReader {
	return func(node int32) error {
		if err := p.text(dst)(node); err != nil {
			return err
		}
		rank := schemaRank(*dst)
		if rank < 0 {
			return p.errorf(node, "%q is no schema type: use one of %s", *dst, strings.Join(schemaTypes, ", "))
		}
		*dst = schemaTypes[rank]
		return nil
	}
}
