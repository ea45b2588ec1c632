package connector

import (
	"crypto/sha1"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Name returns the logical name of a connector with a title under a publisher's prefix: prefix, an
// underscore, and the title with letters in lower case and every other character but digits as -xx, two
// lower-case hexadecimal digits for each byte of its UTF-8 form ("cat", "Contoso Parts" give
// cat_contoso-20parts). This is the form that the Web API and pac write; the portal writes _5F for the
// underscore. The result is plain ASCII and safe in file names, XML and URLs.
func Name(prefix, title string) string {
	var b strings.Builder
	b.WriteString(prefix)
	b.WriteByte('_')
	for _, c := range []byte(strings.ToLower(title)) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "-%02x", c)
		}
	}
	return b.String()
}

// DecodeName returns the text that a logical name or an api id was made from, as far as that can be
// said: the prefix is cut, with the _5F that the portal writes, and -xx is decoded without regard to
// case. The case of letters is lost. A name is never encoded again from this.
func DecodeName(name string) string {
	rest := name
	if prefix, after, ok := strings.Cut(name, "_"); ok && isPrefix(prefix) {
		rest = after
		if len(rest) >= 2 && rest[0] == '5' && rest[1]|0x20 == 'f' {
			rest = rest[2:]
		}
	}
	var b []byte
	for i := 0; i < len(rest); i++ {
		if rest[i] == '-' && i+2 < len(rest) && isHex(rest[i+1]) && isHex(rest[i+2]) {
			b = append(b, unhex(rest[i+1])<<4|unhex(rest[i+2]))
			i += 2
			continue
		}
		b = append(b, rest[i])
	}
	if !utf8.Valid(b) {
		return rest
	}
	return string(b)
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}

// isPrefix reports whether s can be the prefix of a publisher: 2 to 8 letters and digits, a letter
// first.
func isPrefix(s string) bool {
	if len(s) < 2 || len(s) > 8 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z' || i > 0 && s[i] >= '0' && s[i] <= '9') {
			return false
		}
	}
	return true
}

// nameSpace is the UUID under which ids are derived; it has no other meaning.
var nameSpace = [16]byte{0x6b, 0x1f, 0x0e, 0x52, 0x9d, 0x0a, 0x4c, 0x5e, 0x8f, 0x27, 0x3e, 0xd1, 0x5b, 0x44, 0x90, 0xc7}

// DeriveID returns the id of a connector that was given none: the UUID of version 5 of prefix, a slash
// and name, so that repeated builds update one row. Lower case, no braces.
func DeriveID(prefix, name string) string {
	h := sha1.New()
	h.Write(nameSpace[:])
	h.Write([]byte(prefix + "/" + name))
	u := h.Sum(nil)[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}
