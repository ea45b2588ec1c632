package xmlspan

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ToUTF8 returns src in UTF-8 without a byte order mark. It reads UTF-8, UTF-16 with a byte order mark,
// and what the XML declaration calls ISO-8859-1 or US-ASCII. src itself is returned, cut, where nothing
// has to be converted.
func ToUTF8(src []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(src, bom):
		return withoutMark(src[len(bom):], nil)
	case bytes.HasPrefix(src, []byte{0xFF, 0xFE}):
		return withoutMark(fromUTF16(src[2:], binary.LittleEndian))
	case bytes.HasPrefix(src, []byte{0xFE, 0xFF}):
		return withoutMark(fromUTF16(src[2:], binary.BigEndian))
	}
	if len(src) < 6 || string(src[:5]) != "<?xml" || class[src[5]]&space == 0 {
		return src, nil
	}
	end := bytes.Index(src[:min(len(src), 512)], []byte("?>"))
	if end < 0 {
		return src, nil
	}
	d, msg := parseDeclaration(src[:end+2])
	if msg != "" {
		return nil, &SyntaxError{Msg: msg}
	}
	switch lower(d.encoding) {
	case "", "utf-8", "utf8":
		return src, nil
	case "us-ascii":
		if i := bytes.IndexFunc(src, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
			return nil, &SyntaxError{Offset: i, Msg: fmt.Sprintf("byte 0x%02X is not in the encoding %q, which is declared: save the file as UTF-8", src[i], d.encoding)}
		}
		return src, nil
	case "iso-8859-1", "latin1":
		return fromLatin1(src), nil
	case "utf-16", "utf-16le", "utf-16be", "unicode":
		return nil, &SyntaxError{Msg: fmt.Sprintf("encoding %q is declared, but there is no byte order mark of it: save the file as UTF-8", d.encoding)}
	}
	return nil, &SyntaxError{Msg: fmt.Sprintf("encoding %q is not supported: save the file as UTF-8", d.encoding)}
}

// AsUTF8 returns src itself if it is UTF-8 and does not say that it is something else, with or without a byte order mark; else
// what [ToUTF8] makes of it, its declaration changed so that it can be written as UTF-8, whatever is put into it.
func AsUTF8(src []byte) ([]byte, error) {
	text, err := ToUTF8(src)
	if err != nil || bytes.HasPrefix(src, bom) {
		return src, err
	}
	end := bytes.Index(text[:min(len(text), 512)], []byte("?>"))
	if !bytes.HasPrefix(text, []byte("<?xml")) || end < 0 {
		return text, nil
	}
	d, msg := parseDeclaration(text[:end+2])
	if msg != "" || d.encoding == "" || isUTF8Name(d.encoding) {
		return text, nil
	}
	at := bytes.Index(text, []byte("encoding")) + len("encoding") // the version cannot hold the word: it is checked when the text is scanned
	at += bytes.Index(text[at:], []byte(d.encoding))
	if &text[0] == &src[0] { // US-ASCII is read as it is, and src must not change
		text = bytes.Clone(text)
	}
	return slices.Replace(text, at, at+len(d.encoding), []byte("utf-8")...), nil
}

// withoutMark refuses text that begins with a second byte order mark, which a scanner would skip.
func withoutMark(text []byte, err error) ([]byte, error) {
	if err == nil && bytes.HasPrefix(text, bom) {
		return nil, &SyntaxError{Msg: "file begins with two byte order marks: remove one"}
	}
	return text, err
}

// fromUTF16 goes through src twice, so that it needs no more memory than the text has.
func fromUTF16(src []byte, order binary.ByteOrder) ([]byte, error) {
	if len(src)%2 != 0 {
		return nil, &SyntaxError{Offset: len(src) + 1, Msg: "UTF-16 text ends in the middle of a character"}
	}
	size := 0
	for i := 0; i < len(src); i += 2 {
		switch u := order.Uint16(src[i:]); {
		case u < utf8.RuneSelf:
			size++
		case u < 0x800 || utf16.IsSurrogate(rune(u)): // a pair has four bytes
			size += 2
		default:
			size += 3
		}
	}
	out := make([]byte, 0, size)
	for i := 0; i < len(src); i += 2 {
		r := rune(order.Uint16(src[i:]))
		if r < utf8.RuneSelf {
			out = append(out, byte(r))
			continue
		}
		if utf16.IsSurrogate(r) {
			var low rune
			if i+3 < len(src) {
				low = rune(order.Uint16(src[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, &SyntaxError{Offset: i + 2, Msg: "half of a UTF-16 surrogate pair is missing"}
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

// fromLatin1 is fromUTF16 for ISO-8859-1.
func fromLatin1(src []byte) []byte {
	size := len(src)
	for _, c := range src {
		size += int(c >> 7)
	}
	out := make([]byte, 0, size)
	for _, c := range src {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

// readAsUTF8 names the encodings that a declaration may still carry after ToUTF8 has converted.
var readAsUTF8 = map[string]bool{
	"us-ascii": true, "iso-8859-1": true, "latin1": true,
	"utf-16": true, "utf-16le": true, "utf-16be": true, "unicode": true,
}

func isUTF8Name(name string) bool { n := lower(name); return n == "utf-8" || n == "utf8" }

func lower(s string) string { return strings.ToLower(s) }

type declaration struct{ version, encoding, standalone string }

// parseDeclaration reads <?xml ...?>; msg says what is wrong, empty if nothing is.
func parseDeclaration(b []byte) (d declaration, msg string) {
	rest := string(b[len("<?xml") : len(b)-len("?>")])
	fields := []struct {
		name  string
		value *string
	}{{"version", &d.version}, {"encoding", &d.encoding}, {"standalone", &d.standalone}}
	for {
		trimmed := strings.TrimLeft(rest, " \t\r\n")
		if trimmed == "" {
			break
		}
		name, after, ok := strings.Cut(trimmed, "=")
		after = strings.TrimLeft(after, " \t\r\n")
		if len(trimmed) == len(rest) || !ok || after == "" || after[0] != '"' && after[0] != '\'' {
			return d, "XML declaration is malformed"
		}
		value, tail, ok := strings.Cut(after[1:], after[:1])
		name = strings.TrimRight(name, " \t\r\n")
		// The order is fixed, so a field that has been passed may not come any more.
		for len(fields) > 0 && fields[0].name != name {
			fields = fields[1:]
		}
		if !ok || len(fields) == 0 {
			return d, "XML declaration is malformed"
		}
		*fields[0].value, fields, rest = value, fields[1:], tail
	}
	if d.version == "" {
		return d, "XML declaration has no version"
	}
	if d.standalone != "" && d.standalone != "yes" && d.standalone != "no" {
		return d, fmt.Sprintf("standalone is %q in the XML declaration: yes or no is allowed", d.standalone)
	}
	return d, ""
}
