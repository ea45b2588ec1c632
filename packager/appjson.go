package packager

import (
	"bytes"
	"encoding/json"
)

// maxIndentGrowth is how much longer an indented text may be, and how much more than that a short one: what is nested without bound
// grows without bound.
const (
	maxIndentGrowth = 8
	indentSlack     = 1 << 16
)

// indented returns JSON that stands on one line with a line for each value, nil if it can't be given back by [compacted]: it is no JSON,
// has blanks between values, or would grow too much.
func indented(src []byte) []byte {
	if len(src) == 0 || src[0] != '{' && src[0] != '[' {
		return nil
	}
	if !json.Valid(src) {
		return nil
	}
	most := maxIndentGrowth*len(src) + indentSlack
	out := make([]byte, 0, len(src)+len(src)/2)
	depth := 0
	newline := func() {
		out = append(out, '\n')
		for range depth {
			out = append(out, ' ', ' ')
		}
	}
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '"':
			end := stringEnd(src, i)
			out = append(out, src[i:end]...)
			i = end - 1
		case '{', '[':
			out = append(out, c)
			if src[i+1] == c+2 { // nothing in it
				out = append(out, c+2)
				i++
				break
			}
			depth++
			newline()
		case '}', ']':
			depth--
			newline()
			out = append(out, c)
		case ',':
			out = append(out, c)
			newline()
		case ':':
			out = append(out, ':', ' ')
		case ' ', '\t', '\r', '\n':
			return nil
		default:
			out = append(out, c)
		}
		if len(out) > most {
			return nil
		}
	}
	return append(out, '\n')
}

// compacted returns JSON without the blanks between values; all else stays as it is spelt. The error is what is no JSON, of which
// blanks can't be taken out without harm.
func compacted(src []byte) ([]byte, error) {
	if err := checkJSON(src); err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(src))
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '"':
			end := stringEnd(src, i)
			out = append(out, src[i:end]...)
			i = end - 1
		case ' ', '\t', '\r', '\n':
		default:
			out = append(out, src[i])
		}
	}
	return out, nil
}

// checkJSON returns why src is no JSON, nil if it is.
func checkJSON(src []byte) error {
	var raw json.RawMessage
	return json.Unmarshal(src, &raw)
}

// stringEnd returns where the text ends that begins at i, in JSON that was parsed.
func stringEnd(src []byte, i int) int {
	for i++; src[i] != '"'; i++ {
		if src[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// hasCRLF reports whether all lines of a text end in CRLF, and there are some.
func hasCRLF(src []byte) bool {
	n := bytes.Count(src, []byte("\r\n"))
	return n > 0 && n == bytes.Count(src, []byte("\n")) && n == bytes.Count(src, []byte("\r")) && !bytes.Contains(src, []byte{0})
}

// withCRLF undoes what tools do to the ends of lines: a text of which no line ends in CRLF gets them back.
func withCRLF(src []byte) []byte {
	if bytes.Contains(src, []byte("\r")) {
		return src
	}
	return bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
}
