package solution

import (
	"encoding/hex"
	"fmt"
)

// A GUID identifies a component. Its bytes are in the order of the text, not that of Windows memory.
// The zero GUID stands for none.
type GUID [16]byte

// ParseGUID reads 32 hexadecimal digits of any case in groups of 8-4-4-4-12, in braces or not.
func ParseGUID(text string) (GUID, error) {
	g, ok := parseGUID(text)
	if !ok {
		return g, guidError(text)
	}
	return g, nil
}

func parseGUID[T string | []byte](t T) (g GUID, ok bool) {
	if len(t) == 38 && t[0] == '{' && t[37] == '}' {
		t = t[1:37]
	}
	if len(t) != 36 || t[8] != '-' || t[13] != '-' || t[18] != '-' || t[23] != '-' {
		return g, false
	}
	var digits [32]byte
	n := 0
	for i := range len(t) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			continue
		}
		digits[n] = t[i]
		n++
	}
	if _, err := hex.Decode(g[:], digits[:]); err != nil {
		return GUID{}, false
	}
	return g, true
}

func guidError(text string) error {
	return fmt.Errorf("%q is not a GUID: write 01234567-89ab-cdef-0123-456789abcdef, with or without braces", text)
}

// IsZero reports whether g is the zero GUID.
func (g GUID) IsZero() bool { return g == GUID{} }

// String returns g in lower case without braces.
func (g GUID) String() string {
	b := make([]byte, 0, 36)
	for i, group := range [...][]byte{g[:4], g[4:6], g[6:8], g[8:10], g[10:]} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, group)
	}
	return string(b)
}

// Braced returns g in lower case in braces, as solution files write it.
func (g GUID) Braced() string { return "{" + g.String() + "}" }

// MarshalText implements [encoding.TextMarshaler].
func (g GUID) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (g *GUID) UnmarshalText(text []byte) error {
	h, err := ParseGUID(string(text))
	if err != nil {
		return err
	}
	*g = h
	return nil
}
