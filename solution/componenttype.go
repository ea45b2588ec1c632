package solution

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"
)

//go:generate go run gen.go

// A ComponentType names what a component is, by its logical name in lower case: "entity",
// "webresource", "connectionreference". Those of the catalogue whose components stand in solution files on their own have
// constants; others are carried.
//
// Files also use numbers. Those below 10000 are fixed, and [TypeOfCode] turns the known ones into names.
// From 10000 on each environment gives its own numbers, so they identify nothing outside of it; a number
// that is not in the catalogue is carried as its decimal digits. The empty type means none was given.
type ComponentType string

// firstEnvironmentCode is where the numbers that each environment gives begin (public documentation).
const firstEnvironmentCode = 10000

// TypeInfo is a row of the catalogue of component types, a plain value.
type TypeInfo struct {
	Type ComponentType
	Code int     // 0 if each environment gives its own
	Name string  // for people: "Web Resource"
	Key  KeyForm // what identifies a component of the type
	// Section is the path of the component's element below the root of customizations.xml
	// ("Roles/Role"), several separated by blanks, empty if it has none of its own.
	Section string
	Folder  string // where its files are in the zip; empty if it has none
	Source  string // where the row comes from: doc, observed, doc+observed, or named (only the name is known)
}

// KeyForm says which of the parts of a [Key] identify a component of a type.
type KeyForm uint8

const (
	KeyInternal  KeyForm = iota // never on its own, only inside another component
	KeyName                     // by name; a GUID beside it is not identity
	KeyScoped                   // by name within its owner, such as a column in its table
	KeyID                       // by GUID; a name beside it is a title
	KeyBoth                     // by name or by GUID: other components refer to it by either
	KeyComposite                // by several alternate keys, as link tables are
	KeyNone                     // there is only one
)

type codeRow struct{ code, row int16 }

type nameRow struct {
	name string
	row  int16
}

// TypeOfCode returns the type of a number. Unknown numbers are carried as digits.
func TypeOfCode(code int) ComponentType {
	i, ok := slices.BinarySearchFunc(byCode[:], code, func(r codeRow, code int) int { return cmp.Compare(int(r.code), code) })
	if ok {
		return catalogue[byCode[i].row].Type
	}
	return ComponentType(strconv.Itoa(code))
}

// ParseComponentType reads what files write for a type: a number, or a logical name or title of any
// case and spacing ("MaskingRule", "Web Resource"). What is neither is carried in lower case.
func ParseComponentType(text string) ComponentType {
	text = trimSpace(text)
	if n, err := strconv.ParseUint(text, 10, 31); err == nil {
		return TypeOfCode(int(n))
	}
	folded := Fold(text)
	if row := rowOf(strings.ReplaceAll(folded, " ", "")); row >= 0 {
		return catalogue[row].Type
	}
	return ComponentType(folded)
}

// rowOf returns the row of a folded name without blanks, -1 if there is none.
func rowOf(name string) int {
	if row, ok := rows[name]; ok {
		return int(row)
	}
	return -1
}

// rows is byName for those who ask once for every component.
var rows = func() map[string]int16 {
	out := make(map[string]int16, len(byName))
	for _, r := range byName {
		out[r.name] = r.row
	}
	return out
}()

// Info returns the row of the catalogue, false if t is not in it.
func (t ComponentType) Info() (TypeInfo, bool) {
	row := rowOf(string(t))
	if row < 0 || catalogue[row].Type != t {
		return TypeInfo{}, false
	}
	return catalogue[row], true
}

// Code returns the number of t: the fixed one, or the one that is carried. It is false for a type that
// has no number of its own outside an environment.
func (t ComponentType) Code() (int, bool) {
	if info, ok := t.Info(); ok {
		return info.Code, info.Code > 0
	}
	n, err := strconv.ParseUint(string(t), 10, 31)
	return int(n), err == nil
}

// EnvironmentSpecific reports whether the number of t, if it has one, means something else in every
// environment: types without a fixed number, and numbers from 10000 on.
func (t ComponentType) EnvironmentSpecific() bool {
	code, ok := t.Code()
	return !ok || code >= firstEnvironmentCode
}

// Title returns the name for people, the type itself if it is not in the catalogue.
func (t ComponentType) Title() string {
	if info, ok := t.Info(); ok {
		return info.Name
	}
	return string(t)
}

// keyForm returns how components of t are identified. What is known of no type is taken as KeyBoth.
func (t ComponentType) keyForm() KeyForm {
	if info, ok := t.Info(); ok {
		return info.Key
	}
	return KeyBoth
}

// ComponentTypes returns the catalogue: types with a fixed number first, by number.
func ComponentTypes() iter.Seq[TypeInfo] { return slices.Values(catalogue[:]) }

// TypesInSection returns the types whose elements are in a section of customizations.xml, nested ones
// included: "Entities" has tables, columns, forms and more.
func TypesInSection(section string) iter.Seq[TypeInfo] {
	return func(yield func(TypeInfo) bool) {
		for _, info := range catalogue {
			for path := range strings.FieldsSeq(info.Section) {
				if first, _, _ := strings.Cut(path, "/"); first == section {
					if !yield(info) {
						return
					}
					break
				}
			}
		}
	}
}
