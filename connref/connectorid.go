package connref

import (
	"slices"
	"strings"
)

// ConnectorName returns the name of a connector in an id as references and apps write it: the last
// segment, in lower case. "/providers/Microsoft.PowerApps/apis/shared_SharePointOnline" gives
// "shared_sharepointonline".
func ConnectorName(id string) string {
	id = strings.TrimRight(id, "/")
	return strings.ToLower(id[strings.LastIndexByte(id, '/')+1:])
}

// IsRuntimeID reports whether id can be the run-time id of the custom connector with that name (the
// <name> of its element), in any environment.
func IsRuntimeID(name, id string) bool {
	id, ok := strings.CutPrefix(ConnectorName(id), "shared_")
	if !ok || name == "" {
		return false
	}
	stem := runtimeStem(name)
	if rest, ok := strings.CutPrefix(id, stem); ok {
		if n := hashGroups(rest); n == 1 || n == 2 {
			return true
		}
	}
	_, short, ok := strings.Cut(stem, "-5f")
	rest, fits := strings.CutPrefix(id, short)
	return ok && fits && hashGroups(rest) == 2
}

// RuntimeIDs returns a function that finds those of the names of custom connectors whose run-time id an id can be, as
// [IsRuntimeID] tells of one. It returns their indexes, in order.
func RuntimeIDs(names []string) func(id string) []int {
	stems, shorts := map[string][]int{}, map[string][]int{}
	for i, name := range names {
		if name == "" {
			continue
		}
		stem := runtimeStem(name)
		stems[stem] = append(stems[stem], i)
		if _, short, ok := strings.Cut(stem, "-5f"); ok {
			shorts[short] = append(shorts[short], i)
		}
	}
	return func(id string) []int {
		id, ok := strings.CutPrefix(ConnectorName(id), "shared_")
		if !ok {
			return nil
		}
		if id, ok = cutHash(id); !ok {
			return nil
		}
		out := slices.Clone(stems[id])
		if id, ok = cutHash(id); ok {
			out = append(append(out, stems[id]...), shorts[id]...)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
}

// runtimeStem is what the run-time ids of a custom connector have in common, between "shared_" and groups of digits.
func runtimeStem(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(name), "_5f", "-5f"), "_", "-5f")
}

// SameConnector reports whether two connector ids mean one connector: they are equal without
// regard to case, or differ only in the group of digits that an environment gives to a custom connector.
// exact is false in the second case, where two connectors with one name cannot be told apart.
func SameConnector(a, b string) (same, exact bool) {
	a, b = ConnectorName(a), ConnectorName(b)
	if a == b {
		return a != "", true
	}
	a, okA := cutHash(a)
	b, okB := cutHash(b)
	return okA && okB && a == b, false
}

// hashGroups counts the groups that s consists of, -1 if it consists of something else.
func hashGroups(s string) int {
	n := 0
	for s != "" {
		rest, ok := cutHash(s)
		if !ok {
			return -1
		}
		s = rest
		n++
	}
	return n
}

// cutHash cuts "-5f" and 16 hexadecimal digits off the end of s.
func cutHash(s string) (string, bool) {
	const size = len("-5f") + 16
	if len(s) < size || s[len(s)-size:len(s)-16] != "-5f" {
		return s, false
	}
	for _, c := range []byte(s[len(s)-16:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return s, false
		}
	}
	return s[:len(s)-size], true
}

// IsCustomID reports whether id is the run-time id of a custom connector: it ends with the digits of an environment,
// which ids of standard connectors do not.
func IsCustomID(id string) bool {
	_, ok := cutHash(ConnectorName(id))
	return ok
}
