package main

import (
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// A visible writes text for a terminal. Names and titles come from packages, which anybody may have made: characters that act on
// a terminal or change the order of others (control characters but newline and tab, marks of direction) and bytes that are no
// text are written as escapes.
type visible struct {
	w    io.Writer
	json bool   // it is JSON, where all of them stand in strings and the escapes are those of JSON
	rest []byte // the begin of a character whose end has not come yet
}

// Write implements [io.Writer].
func (v *visible) Write(p []byte) (int, error) {
	text := append(v.rest, p...)
	var out []byte
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			break
		}
		r, size := utf8.DecodeRune(text)
		switch {
		case v.json && acts(r) && r >= 0x7f:
			out = fmt.Appendf(out, `\u%04x`, r)
		case v.json:
			out = append(out, text[:size]...)
		case r == utf8.RuneError && size == 1:
			out = fmt.Appendf(out, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || !acts(r):
			out = append(out, text[:size]...)
		case r < 0x100:
			out = fmt.Appendf(out, `\x%02x`, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	v.rest = append([]byte(nil), text...)
	if _, err := v.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// acts reports whether a character does something else than to show itself.
func acts(r rune) bool {
	return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}
