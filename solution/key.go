package solution

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Key identifies a component. It is comparable by == and made for use in maps; texts are folded by
// [Fold], because the platform compares names without regard to case.
//
// Which fields are set depends on [TypeInfo.Key] of the type. What is only a title is not set: a view
// has its GUID alone. Types identified by either (connectors, plug-in assemblies) have what the place
// they were read from gave, so compare those by [Key.Match]. A component of the kind of which there
// is only one, such as the default site map, has the type alone.
type Key struct {
	Type   ComponentType
	Parent string // folded name of the owner, of scoped types only: the table of a column
	Name   string // folded; values of composite keys are joined by blanks
	ID     GUID
}

// NewKey returns the key of a component of type t, leaving out what does not identify it. parent,
// name and id may be empty. It folds the texts.
func NewKey(t ComponentType, parent, name string, id GUID) Key {
	k := Key{Type: t, Name: Fold(name), ID: id}
	switch t.keyForm() {
	case KeyName, KeyComposite:
		if name != "" {
			k.ID = GUID{}
		}
	case KeyScoped:
		k.Parent = Fold(parent)
		if name != "" {
			k.ID = GUID{}
		}
	case KeyID, KeyInternal:
		if !id.IsZero() {
			k.Name = ""
		}
	}
	return k
}

// IsZero reports whether k names nothing at all.
func (k Key) IsZero() bool { return k == Key{} }

// HasName reports whether k holds more than a type.
func (k Key) HasName() bool { return k.Name != "" || !k.ID.IsZero() }

// Match reports whether k and l are the same component: of one type, and with the same GUID where both
// have one, else with the same name and owner.
func (k Key) Match(l Key) bool {
	switch {
	case k.Type != l.Type:
		return false
	case !k.ID.IsZero() && !l.ID.IsZero():
		return k.ID == l.ID
	case k.Name != "" && l.Name != "":
		return k.Name == l.Name && k.Parent == l.Parent
	}
	return !k.HasName() && !l.HasName()
}

// String returns the type, then owner and name or else the GUID: "attribute account.name".
func (k Key) String() string {
	text := string(k.Type)
	if k.Name != "" {
		text += " "
		if k.Parent != "" {
			text += k.Parent + "."
		}
		return text + k.Name
	}
	if !k.ID.IsZero() {
		text += " " + k.ID.Braced()
	}
	return text
}

// Fold returns s in the form in which names of components and solutions compare: each character mapped
// on its own, independent of language, to lower case. It is idempotent.
func Fold(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.Map(foldRune, s)
		}
	}
	return s
}

// foldRune goes by way of upper case, as the platform's ordinal comparison does, so that final sigma
// and sigma are one.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	if f := unicode.ToLower(unicode.ToUpper(r)); f >= utf8.RuneSelf {
		return f
	}
	return r // the Kelvin sign is not a k, nor the dotless i an i
}

// trimSpace drops the white space of XML from both ends.
func trimSpace(s string) string { return strings.Trim(s, " \t\r\n") }
