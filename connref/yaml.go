package connref

import (
	"bytes"
	"iter"
)

// A yamlValue is a scalar on the line of its key; start and end span it without quotes.
type yamlValue struct {
	text       string
	start, end int
}

// yamlValues returns the values of a key wherever it begins a line, after indent and the dashes of a list.
// That is all of YAML that connections in bot components need: their names hold no character that YAML escapes.
func yamlValues(src []byte, key string) iter.Seq[yamlValue] {
	return func(yield func(yamlValue) bool) {
		for at := 0; at < len(src); {
			end := len(src)
			if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
				end = at + i
			}
			if v, ok := yamlLine(src, at, end, key); ok && !yield(v) {
				return
			}
			at = end + 1
		}
	}
}

func yamlLine(src []byte, at, end int, key string) (yamlValue, bool) {
	for at < end && (src[at] == ' ' || src[at] == '\t' || src[at] == '-') {
		at++
	}
	if !bytes.HasPrefix(src[at:end], []byte(key+":")) {
		return yamlValue{}, false
	}
	at += len(key) + 1
	for at < end && (src[at] == ' ' || src[at] == '\t') {
		at++
	}
	if i := bytes.Index(src[at:end], []byte(" #")); i >= 0 {
		end = at + i
	}
	for end > at && (src[end-1] == ' ' || src[end-1] == '\t' || src[end-1] == '\r') {
		end--
	}
	if end-at >= 2 && (src[at] == '"' || src[at] == '\'') && src[end-1] == src[at] {
		at++
		end--
	}
	if at >= end || bytes.IndexByte([]byte("|>{[&*!="), src[at]) >= 0 {
		return yamlValue{}, false
	}
	return yamlValue{string(src[at:end]), at, end}, true
}
