package index

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

// EqualText returns one text for all values that are equal to that of node n.
func EqualText(t *jsonspan.Tree, n int32) string {
	switch t.Kind(n) {
	case jsonspan.String:
		return strconv.Quote(t.Text(n))
	case jsonspan.Number:
		return Number(t.Raw(n)).RatString()
	case jsonspan.Array:
		var list []string
		for c := range t.Children(n) {
			list = append(list, EqualText(t, c))
		}
		return "[" + strings.Join(list, ",") + "]"
	case jsonspan.Object:
		var list []string
		for c := range t.Children(n) {
			if !t.Hidden(c) {
				list = append(list, strconv.Quote(t.Key(c))+":"+EqualText(t, c))
			}
		}
		slices.Sort(list)
		return "{" + strings.Join(list, ",") + "}"
	}
	return string(t.Raw(n))
}

// ValueText is one text for all strings, numbers and the like that are equal, as EqualText has them, made fast for those that are
// written plainly.
func ValueText(t *jsonspan.Tree, n int32) string {
	raw := t.Raw(n)
	switch t.Kind(n) {
	case jsonspan.String:
		if bytes.IndexByte(raw, '\\') >= 0 {
			return `"` + t.Text(n) + `"`
		}
	case jsonspan.Number:
		if bytes.ContainsAny(raw, ".eE") || string(raw) == "-0" {
			return Number(raw).RatString()
		}
	case jsonspan.Array, jsonspan.Object:
		return EqualText(t, n)
	}
	return string(raw)
}

// Number returns the value of a number. One with an exponent or very many digits is what a float64 holds of it, as a fraction of
// any size would cost more than its few bytes.
func Number(raw []byte) *big.Rat {
	const ordinary = 40
	value := new(big.Rat)
	if len(raw) <= ordinary && !bytes.ContainsAny(raw, "eE") {
		if _, ok := value.SetString(string(raw)); ok {
			return value
		}
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		f = math.Copysign(math.MaxFloat64, f)
	}
	return value.SetFloat64(f)
}
