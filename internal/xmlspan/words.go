package xmlspan

import (
	"encoding/binary"
	"math/bits"
)

// The searches of this file look at eight bytes at a time. A word holds the byte at the lowest offset in
// its lowest bits, so the number of trailing zeros of a mask of found bytes gives the first.
//
// A mask has the high bit of each byte that was found. Bits above the lowest one may be wrong: a
// subtraction borrows from the bytes above one that was found. That is enough for "is there one" and
// "which is the first", also when masks are joined.
const (
	each    = 0x0101010101010101 // a byte b times each is a word of b
	highBit = 0x80 * each
)

func word(src []byte, i int) uint64 { return binary.LittleEndian.Uint64(src[i:]) }

// zeros finds the bytes of w that are zero.
func zeros(w uint64) uint64 { return (w - each) &^ w & highBit }

// controls finds the bytes of w below 0x20.
func controls(w uint64) uint64 { return (w - 0x20*each) &^ w & highBit }

// exactControls is controls with a mask that is right in all bytes.
func exactControls(w uint64) uint64 { return ^(w&^highBit + (0x80-0x20)*each) &^ w & highBit }

// exactly finds the bytes of w that are c, with a mask that is right in all bytes.
func exactly(w uint64, c uint64) uint64 {
	w ^= c * each
	return ^(w&^highBit + 0x7F*each | w) & highBit
}

// angles finds < and >, which differ in one bit.
func angles(w uint64) uint64 { return zeros((w | ('<'^'>')*each) ^ '>'*each) }

// first returns the index of the first byte that mask, which is not zero, has found.
func first(mask uint64) int { return bits.TrailingZeros64(mask) / 8 }

// spaceEnd returns the offset of the first byte from i on that is not white space.
func spaceEnd(src []byte, i int) int {
	for i < len(src) && class[src[i]]&space != 0 {
		if src[i] == '\r' && i+1 < len(src) && src[i+1] == '\n' {
			i++
		}
		i++
		for i+8 <= len(src) {
			other := word(src, i) ^ ' '*each
			if other != 0 {
				i += first(other)
				break
			}
			i += 8
		}
	}
	return i
}

// lettersEnd returns the offset of the first byte from i on that is no ASCII letter, if the eight bytes
// there show one, else an offset before it.
func lettersEnd(src []byte, i int) int {
	for ; i+8 <= len(src); i += 8 {
		w := word(src, i)
		lower := w&^highBit | 0x20*each
		if m := (^(lower + (0x80-'a')*each) | (lower + (0x7F-'z')*each) | w) & highBit; m != 0 {
			return i + first(m)
		}
	}
	return i
}

// textEnd returns the offset of the first byte from i on that ends text or needs a look: < > & CR.
func textEnd(src []byte, i int) int {
	for ; i+8 <= len(src); i += 8 {
		w := word(src, i)
		if m := angles(w) | zeros(w^'&'*each) | zeros(w^'\r'*each); m != 0 {
			return i + first(m)
		}
	}
	for i < len(src) && class[src[i]]&textSpecial == 0 {
		i++
	}
	return i
}

// valueEnd returns the offset of the first byte from i on that ends an attribute value in double quotes
// or needs a look: < > & " and control characters.
func valueEnd(src []byte, i int) int {
	for ; i+8 <= len(src); i += 8 {
		w := word(src, i)
		// " and & differ in one bit.
		if m := angles(w) | zeros((w|('"'^'&')*each)^'&'*each) | controls(w); m != 0 {
			return i + first(m)
		}
	}
	for i < len(src) && class[src[i]]&attrSpecial == 0 {
		i++
	}
	return i
}

// onlyText checks that src has no control character but tab, LF and CR. It returns the offset of the first
// other one, -1 if there is none, and whether all bytes are ASCII.
func onlyText(src []byte) (at int, ascii bool) {
	i, seen := 0, uint64(0)
	for ; i+8 <= len(src); i += 8 {
		w := word(src, i)
		seen |= w
		if controls(w) == 0 || exactControls(w)&^exactly(w, '\n')&^exactly(w, '\r')&^exactly(w, '\t') == 0 {
			continue
		}
		for j, c := range src[i : i+8] {
			if isControl(c) {
				return i + j, false
			}
		}
	}
	for ; i < len(src); i++ {
		seen |= uint64(src[i])
		if isControl(src[i]) {
			return i, false
		}
	}
	return -1, seen&highBit == 0
}

// isControl reports whether c is a control character that XML does not allow.
func isControl(c byte) bool { return c < 0x20 && c != '\n' && c != '\r' && c != '\t' }
