package connector

import (
	"crypto/sha1"
	"fmt"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
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

// isPrefix reports whether s can be the prefix of a publisher: 2 to 8 letters, digits and underscores, a letter first.
func isPrefix(s string) bool {
	if len(s) < 2 || len(s) > 8 {
		return false
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if !(c >= 'a' && c <= 'z' || i > 0 && (s[i] >= '0' && s[i] <= '9' || s[i] == '_')) {
			return false
		}
	}
	return true
}

// nameSpace is the UUID under which ids are derived; it has no other meaning.
var nameSpace = [16]byte{0x6b, 0x1f, 0x0e, 0x52, 0x9d, 0x0a, 0x4c, 0x5e, 0x8f, 0x27, 0x3e, 0xd1, 0x5b, 0x44, 0x90, 0xc7}

// deriveID returns the id of a connector that was given none: the UUID of version 5 of prefix, a slash
// and name, so that repeated builds update one row.
func deriveID(prefix, name string) solution.GUID {
	h := sha1.New()
	h.Write(nameSpace[:])
	h.Write([]byte(prefix + "/" + name))
	u := solution.GUID(h.Sum(nil)[:16])
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	return u
}
