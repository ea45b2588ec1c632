package xmlspan

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

const (
	space       = 1 << iota // blank, tab, CR, LF
	nameStop                // cannot be in a name
	textSpecial             // & > CR: text that may need rewriting
	attrSpecial             // < & > " tab CR LF: a value that may need rewriting or is wrong
)

var class = func() (t [256]uint8) {
	for _, c := range " \t\r\n" {
		t[c] |= space | nameStop
	}
	for c := range 0x20 {
		t[c] |= nameStop
	}
	for _, c := range "<>&/=\"'?!#%()*+,;@[]\\^`{|}~$" {
		t[c] |= nameStop
	}
	for _, c := range "&>\r" {
		t[c] |= textSpecial
	}
	for _, c := range "<&>\"\t\r\n" {
		t[c] |= attrSpecial
	}
	return t
}()

// nameEnd returns the offset after the name at i, i itself if none is there.
func nameEnd(src []byte, i int) int {
	if i < len(src) && (src[i] >= '0' && src[i] <= '9' || src[i] == '-' || src[i] == '.') {
		return i
	}
	for i < len(src) && class[src[i]]&nameStop == 0 {
		i++
	}
	return i
}

// isChar reports whether XML 1.0 allows r in a document.
func isChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// invalidChar returns the offset of the first byte that is no UTF-8 or no character of XML, with the
// reason, or -1.
func invalidChar(src []byte) (int, string) {
	for i, c := range src {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' {
			return i, fmt.Sprintf("character U+%04X is not allowed in XML", c)
		}
	}
	if !utf8.Valid(src) {
		for i := 0; i < len(src); {
			r, n := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && n == 1 {
				return i, fmt.Sprintf("byte 0x%02X is not valid UTF-8", src[i])
			}
			i += n
		}
	}
	for from := 0; ; {
		n := bytes.Index(src[from:], []byte("\xef\xbf"))
		if n < 0 || from+n+2 >= len(src) {
			return -1, ""
		}
		from += n
		if c := src[from+2]; c == 0xBE || c == 0xBF {
			return from, fmt.Sprintf("character U+FF%02X is not allowed in XML", int(c)+0x40)
		}
		from += 3
	}
}

// reference decodes the reference at the start of b, which begins with "&". It returns its length in
// bytes and the character, or 0 if it is not a reference that this package knows.
func reference(b []byte) (int, rune) {
	n := bytes.IndexByte(b[:min(len(b), 16)], ';')
	if n < 2 {
		return 0, 0
	}
	name := b[1:n]
	switch string(name) {
	case "amp":
		return n + 1, '&'
	case "lt":
		return n + 1, '<'
	case "gt":
		return n + 1, '>'
	case "quot":
		return n + 1, '"'
	case "apos":
		return n + 1, '\''
	}
	if name[0] != '#' || len(name) < 2 {
		return 0, 0
	}
	digits, base := name[1:], rune(10)
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	if len(digits) == 0 {
		return 0, 0
	}
	var r rune
	for _, c := range digits {
		var d rune
		switch {
		case c >= '0' && c <= '9':
			d = rune(c - '0')
		case base == 16 && c >= 'a' && c <= 'f':
			d = rune(c-'a') + 10
		case base == 16 && c >= 'A' && c <= 'F':
			d = rune(c-'A') + 10
		default:
			return 0, 0
		}
		if r = r*base + d; r > utf8.MaxRune {
			return 0, 0
		}
	}
	if !isChar(r) {
		return 0, 0
	}
	return n + 1, r
}

func badReference(b []byte) string {
	if n := bytes.IndexByte(b[:min(len(b), 32)], ';'); n > 0 {
		return fmt.Sprintf("%q is not a known entity or an allowed character", b[:n+1])
	}
	return "\"&\" is not the start of a reference: write &amp;"
}

// Decode returns the characters of raw text or of a raw attribute value, references resolved. Newlines
// stay as they are.
func Decode(raw []byte) string {
	if bytes.IndexByte(raw, '&') < 0 {
		return string(raw)
	}
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] == '&' {
			if n, r := reference(raw[i:]); n > 0 {
				out = utf8.AppendRune(out, r)
				i += n
				continue
			}
		}
		out = append(out, raw[i])
		i++
	}
	return string(out)
}

var (
	escAmp, escLT, escGT, escQuot = []byte("&amp;"), []byte("&lt;"), []byte("&gt;"), []byte("&quot;")
	escTab, escCR, escLF          = []byte("&#x9;"), []byte("&#xD;"), []byte("&#xA;")
)

// attrEscape returns the reference that the dialect writes for r in an attribute value, nil if none.
func attrEscape(r rune) []byte {
	switch r {
	case '&':
		return escAmp
	case '<':
		return escLT
	case '>':
		return escGT
	case '"':
		return escQuot
	case '\t':
		return escTab
	case '\r':
		return escCR
	case '\n':
		return escLF
	}
	return nil
}

// AppendText appends text, characters without references, as the dialect writes it between tags.
func AppendText(dst []byte, text, newline string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '&':
			dst = append(dst, escAmp...)
		case '<':
			dst = append(dst, escLT...)
		case '>':
			dst = append(dst, escGT...)
		case '\r':
			if i+1 < len(text) && text[i+1] == '\n' {
				i++
			}
			dst = append(dst, newline...)
		case '\n':
			dst = append(dst, newline...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// AppendAttr appends ` name="value"`, value being characters without references.
func AppendAttr(dst []byte, name, value string) []byte {
	dst = append(dst, ' ')
	dst = append(dst, name...)
	dst = append(dst, '=', '"')
	for i := 0; i < len(value); i++ {
		if esc := attrEscape(rune(value[i])); esc != nil {
			dst = append(dst, esc...)
		} else {
			dst = append(dst, value[i])
		}
	}
	return append(dst, '"')
}
