package content

import (
	"bytes"
	_ "embed" // for builtinBase
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/connref"
	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

//go:embed base.csv
var builtinBase []byte

// A Base says what every environment has without any solution. It is immutable.
type Base struct {
	keys     map[solution.Key]bool // false: not part of the platform, though a name or another row says so
	sets     map[string]string
	prefixes map[solution.ComponentType][]string
}

// typeSolution is the type of the rows about whole solutions.
const typeSolution solution.ComponentType = "solution"

// builtin reads base.csv when it is first asked for.
var builtin = sync.OnceValue(func() *Base {
	b, err := ParseBase(builtinBase)
	if err != nil {
		panic(err) // a test reads it
	}
	return b
})

// BuiltinBase returns the table that comes with the package: tables of Dataverse with their set names, default roles and icons, and
// the solutions that come with the platform.
func BuiltinBase() *Base { return builtin() }

// ParseBase reads a table: CSV lines of a type, a name or GUID, for tables the set name, which may be empty, and where the row is
// from, which may be left out. The name of a column is TABLE.COLUMN, *.COLUMN for all tables of the base, and type "solution" is a solution that comes with the platform.
// A name that ends with * stands for all that begin so; one that begins with ! is not part of the platform, though its name
// looks so or a table that this one extends says so. Lines that begin with # are comments. The error is a [*solution.SyntaxError].
func ParseBase(src []byte) (*Base, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(src, []byte("\ufeff"))))
	r.Comment, r.FieldsPerRecord = '#', -1
	b := &Base{map[solution.Key]bool{}, map[string]string{}, map[solution.ComponentType][]string{}}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return b, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, baseError(broken.Line, broken.Column, broken.Err)
		}
		if err := b.add(row); err != nil {
			line, column := r.FieldPos(0)
			return nil, baseError(line, column, err)
		}
	}
}

func baseError(line, column int, err error) error {
	return &solution.SyntaxError{File: "base table", Pos: diag.Position{Line: line, Column: column}, Err: err}
}

// add adds a row.
func (b *Base) add(row []string) error {
	if len(row) != 3 && len(row) != 4 {
		return fmt.Errorf("a row has %d fields: write type, name, set name and source", len(row))
	}
	t := solution.ComponentType(row[0])
	name, not := strings.CutPrefix(row[1], "!")
	lead, all := strings.CutSuffix(name, "*")
	switch {
	case all && not:
		return fmt.Errorf("%q: name what is not part of the platform one by one", row[1])
	case all:
		b.prefixes[t] = append(b.prefixes[t], solution.Fold(lead))
		return nil
	}
	b.keys[rowKey(t, name)] = !not
	if row[2] != "" {
		b.sets[solution.Fold(row[2])] = solution.Fold(name)
	}
	return nil
}

// rowKey returns the key of a row.
func rowKey(t solution.ComponentType, name string) solution.Key {
	if table, column, ok := strings.Cut(name, "."); ok && t == solution.TypeAttribute {
		return columnKey(table, column)
	}
	return idKey(t, name)
}

// With returns a base that has also what more has, and not what more says is not part of the platform.
func (b *Base) With(more *Base) *Base {
	out := &Base{maps.Clone(b.keys), maps.Clone(b.sets), maps.Clone(b.prefixes)}
	maps.Copy(out.keys, more.keys)
	maps.Copy(out.sets, more.sets)
	for t, l := range more.prefixes {
		out.prefixes[t] = append(append([]string(nil), out.prefixes[t]...), l...)
	}
	return out
}

// Lists reports whether the table has a row of its own for the component, and not only one for all that begin like it.
func (b *Base) Lists(k solution.Key) bool {
	has, _ := b.listed(k)
	return has
}

func (b *Base) listed(k solution.Key) (has, listed bool) {
	for l := range lookupKeys(k) {
		if has, listed := b.keys[l]; listed {
			return has, true
		}
	}
	if k.Type() == solution.TypeAttribute && b.keys[columnKey("*", k.Name())] && b.Lists(key(solution.TypeEntity, k.Parent())) {
		return true, true
	}
	return false, false
}

// Has reports whether the platform has the component. It has no connector whose name ends as those of custom connectors do.
func (b *Base) Has(k solution.Key) bool {
	if has, listed := b.listed(k); listed {
		return has
	}
	if k.Type() == solution.TypeConnector && connref.IsCustomID(k.Name()) {
		return false
	}
	text := k.Name()
	if text == "" {
		text = k.ID().String()
	}
	return b.begins(k.Type(), text)
}

func (b *Base) begins(t solution.ComponentType, name string) bool {
	return slices.ContainsFunc(b.prefixes[t], func(lead string) bool { return strings.HasPrefix(name, lead) })
}

// Solution reports whether a solution comes with the platform. Not every environment has all of these.
func (b *Base) Solution(name string) bool {
	name = solution.Fold(name)
	if has, listed := b.keys[idKey(typeSolution, name)]; listed {
		return has
	}
	return b.begins(typeSolution, name)
}

// MakesColumn reports whether a column comes with its table, wherever that is from: all that are added later have a prefix, but for
// those that apps of Dynamics 365 add to tables of the platform.
func (b *Base) MakesColumn(k solution.Key) bool {
	if k.Type() != solution.TypeAttribute || strings.Contains(k.Name(), "_") {
		return false
	}
	has, listed := b.keys[k]
	return has || !listed
}

// Table returns the table of a set name.
func (b *Base) Table(set string) (string, bool) {
	table, ok := b.sets[solution.Fold(set)]
	return table, ok
}
