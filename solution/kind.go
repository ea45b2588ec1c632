package solution

import (
	"fmt"
	"strings"
)

// Kind is the flavour of a solution: the number in the Managed element of solution.xml.
type Kind uint8

const (
	// Unmanaged solutions are for development: their components can be changed where they are imported.
	Unmanaged Kind = iota
	// Managed solutions are for delivery. Their forms and site maps are differences, so writing this
	// number into an unmanaged solution makes no managed one.
	Managed
	// Both marks a source tree that holds both flavours. It does not occur in a zip.
	Both
)

// String returns "unmanaged", "managed" or "both".
func (k Kind) String() string {
	switch k {
	case Unmanaged:
		return "unmanaged"
	case Managed:
		return "managed"
	case Both:
		return "both"
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind reads the words of [Kind.String], in any case.
func ParseKind(text string) (Kind, error) {
	for k := Unmanaged; k <= Both; k++ {
		if strings.EqualFold(k.String(), text) {
			return k, nil
		}
	}
	return Unmanaged, fmt.Errorf("unknown kind of solution %q: use unmanaged, managed or both", text)
}

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (k *Kind) UnmarshalText(text []byte) error {
	v, err := ParseKind(string(text))
	if err != nil {
		return err
	}
	*k = v
	return nil
}
