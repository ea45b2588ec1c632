package content

import (
	"bytes"
	_ "embed" // for builtinBase
	"encoding/csv"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/solution"
)

//go:embed base.csv
var builtinBase []byte

// A Base says what every environment has without any solution. It is immutable.
type Base struct {
	keys     map[solution.Key]bool
	sets     map[string]string
	prefixes map[solution.ComponentType][]string
}

// builtin reads base.csv when it is first asked for.
var builtin = sync.OnceValue(func() *Base {
	b, err := ParseBase(builtinBase)
	if err != nil {
		panic(err) // a test reads it
	}
	return b
})

// BuiltinBase returns the table that comes with the package: common tables and their set names, default roles and icons.
func BuiltinBase() *Base { return builtin() }

// ParseBase reads a table: CSV lines of a type, a name or GUID, and for tables the set name, which may be empty. A
// name that ends with * stands for all that begin so. Lines that begin with # are comments.
func ParseBase(src []byte) (*Base, error) {
	r := csv.NewReader(bytes.NewReader(src))
	r.Comment, r.FieldsPerRecord = '#', 3
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("base table: %w", err)
	}
	b := &Base{map[solution.Key]bool{}, map[string]string{}, map[solution.ComponentType][]string{}}
	for _, row := range rows {
		t := solution.ComponentType(row[0])
		if lead, ok := strings.CutSuffix(row[1], "*"); ok {
			b.prefixes[t] = append(b.prefixes[t], solution.Fold(lead))
			continue
		}
		b.keys[idKey(t, row[1])] = true
		if row[2] != "" {
			b.sets[solution.Fold(row[2])] = solution.Fold(row[1])
		}
	}
	return b, nil
}

// With returns a base that has also what more has.
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
	for l := range lookupKeys(k) {
		if b.keys[l] {
			return true
		}
	}
	return false
}

// Has reports whether the platform has the component.
func (b *Base) Has(k solution.Key) bool {
	if b.Lists(k) {
		return true
	}
	text := k.Name()
	if text == "" {
		text = k.ID().String()
	}
	for _, lead := range b.prefixes[k.Type()] {
		if strings.HasPrefix(text, lead) {
			return true
		}
	}
	return false
}

// Table returns the table of a set name.
func (b *Base) Table(set string) (string, bool) {
	table, ok := b.sets[solution.Fold(set)]
	return table, ok
}
