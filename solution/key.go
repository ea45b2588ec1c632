package solution

import (
	"bytes"
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Key identifies a component. It is comparable by == and made for use in maps. Its texts are folded by [Fold], because the
// platform compares names without regard to case: [NewKey], [NameKey] and [IDKey] do that, and there is no other way to make
// one. The zero Key names nothing.
//
// Which parts are set depends on [TypeInfo.Key] of the type. What is only a title is not set: a view
// has its GUID alone. Types identified by either (connectors, plug-in assemblies) have what the place
// they were read from gave, so compare those by [Key.Match]. A component of the kind of which there
// is only one, such as the default site map, has the type alone.
type Key struct {
	kind         ComponentType
	parent, name string // folded
	id           GUID
}

// NameKey returns the key of the component of type t that has that name, and that owner if it is one of a scoped type such as a
// column; either may be empty. It folds the texts.
func NameKey(t ComponentType, parent, name string) Key {
	return Key{kind: t, parent: Fold(parent), name: Fold(name)}
}

// IDKey returns the key of the component of type t that has that GUID.
func IDKey(t ComponentType, id GUID) Key { return Key{kind: t, id: id} }

// WithName returns k with that name, folded, beside what else k has.
func (k Key) WithName(name string) Key {
	k.name = Fold(name)
	return k
}

// WithID returns k with that GUID beside what else k has.
func (k Key) WithID(id GUID) Key {
	k.id = id
	return k
}

// Type returns the type of the component.
func (k Key) Type() ComponentType { return k.kind }

// Parent returns the folded name of the owner, of scoped types only: the table of a column.
func (k Key) Parent() string { return k.parent }

// Name returns the folded name. Values of composite keys are joined by blanks.
func (k Key) Name() string { return k.name }

// ID returns the GUID, zero if k has none.
func (k Key) ID() GUID { return k.id }

// Compare orders keys by type, owner, name and GUID, for lists that do not depend on where they come from.
func (k Key) Compare(l Key) int {
	if c := cmp.Compare(k.kind, l.kind); c != 0 {
		return c
	}
	if c := cmp.Compare(k.parent, l.parent); c != 0 {
		return c
	}
	if c := cmp.Compare(k.name, l.name); c != 0 {
		return c
	}
	return bytes.Compare(k.id[:], l.id[:])
}

// Equal reports whether k == l. Libraries that compare values use it.
func (k Key) Equal(l Key) bool { return k == l }

// NewKey returns the key of a component of type t, leaving out what does not identify it. parent,
// name and id may be empty. It folds the texts.
func NewKey(t ComponentType, parent, name string, id GUID) Key {
	k := Key{kind: t, id: id}
	switch t.keyForm() {
	case KeyName, KeyComposite:
		if name != "" {
			k.id = GUID{}
		}
	case KeyScoped:
		k.parent = Fold(parent)
		if name != "" {
			k.id = GUID{}
		}
	case KeyID, KeyInternal:
		if !id.IsZero() {
			return k
		}
	}
	k.name = Fold(name)
	return k
}

// IsZero reports whether k names nothing at all.
func (k Key) IsZero() bool { return k == Key{} }

// HasName reports whether k holds more than a type.
func (k Key) HasName() bool { return k.name != "" || !k.id.IsZero() }

// Match reports whether k and l are the same component: of one type, and with the same GUID where both
// have one, else with the same name and owner.
func (k Key) Match(l Key) bool {
	switch {
	case k.kind != l.kind:
		return false
	case !k.id.IsZero() && !l.id.IsZero():
		return k.id == l.id
	case k.name != "" && l.name != "":
		return k.name == l.name && k.parent == l.parent
	}
	return !k.HasName() && !l.HasName()
}

// String returns the type, then owner and name or else the GUID: "attribute account.name".
func (k Key) String() string {
	text := string(k.kind)
	if k.name != "" {
		text += " "
		if k.parent != "" {
			text += k.parent + "."
		}
		return text + k.name
	}
	if !k.id.IsZero() {
		text += " " + k.id.Braced()
	}
	return text
}

// Fold returns s in the form in which names of components and solutions compare: each character mapped
// on its own, independent of language, to lower case. It is idempotent.
func Fold(s string) string {
	upper := false
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf {
			return strings.Map(foldRune, s)
		} else if 'A' <= c && c <= 'Z' {
			upper = true
		}
	}
	if upper {
		return strings.ToLower(s) // fast, and the same for ASCII
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
