package solution

import (
	"strings"
	"unicode/utf8"
)

// isUniqueName reports whether name can be the unique name of a solution or publisher: ASCII letters,
// digits and underscores (observed in all exports).
func isUniqueName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if c != '_' && !isLetter(c) && !isDigit(c) {
			return false
		}
	}
	return name != ""
}

// isPrefix reports whether text can be a customization prefix: 2 to 8 ASCII letters, digits and underscores, a letter
// first, and not the platform's own "mscrm" (public documentation; prefixes with an underscore are in exports).
func isPrefix(text string) bool {
	if len(text) < 2 || len(text) > 8 || !isLetter(text[0]) || strings.HasPrefix(strings.ToLower(text), "mscrm") {
		return false
	}
	for i := range len(text) {
		if !isLetter(text[i]) && !isDigit(text[i]) && text[i] != '_' {
			return false
		}
	}
	return true
}

// The range of a publisher's option value prefix (public documentation).
const (
	minOptionValuePrefix = 10000
	maxOptionValuePrefix = 99999
)

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isXMLText reports whether XML 1.0 can hold text.
func isXMLText(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}

// isElementName is stricter than XML: the names of addresses are ASCII letters and digits.
func isElementName(name string) bool {
	return isUniqueName(name) && !isDigit(name[0])
}
