package content

import (
	"bytes"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/solution"
	"github.com/solutionkit/solutionkit/solution/diag"
)

// topicKeys are the keys of a bot component's YAML whose values name other components.
var topicKeys = map[string]struct {
	edge Edge
	to   solution.ComponentType
}{
	"flowId":              {BotFlow, solution.TypeWorkflow},
	"connectionReference": {BotConnectionReference, solution.TypeConnectionReference},
	"dialog":              {BotPart, solution.TypeBotComponent},
}

// readTopic reads the YAML of a bot component line by line: a key and its value stand on one line, whatever they are in.
func (r *reader) readTopic(name string, src []byte) error {
	from := key(solution.TypeBotComponent, path.Base(path.Dir(name)))
	lines := diag.NewLines(src)
	for start := 0; start < len(src); {
		end := len(src)
		if i := bytes.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		if k, value, at := yamlPair(src, start, end); value != "" {
			if rule, ok := topicKeys[k]; ok {
				where := lines.Span(name, at, at+len(value))
				where.Path = k
				r.refer(rule.edge, from, idKey(rule.to, value), value, where)
			}
		}
		for variable, at := range variablesIn(src, start, end) {
			where := lines.Span(name, at, at+len(variable))
			where.Path = "Env"
			r.refer(BotVariable, from, key(solution.TypeEnvironmentVariableDefinition, variable), variable, where)
		}
		start = end + 1
	}
	return nil
}

// yamlPair returns the key and the plain or quoted scalar on a line, and where the value starts. The value is empty if
// the line has none.
func yamlPair(src []byte, start, end int) (k, value string, at int) {
	for start < end && (src[start] == ' ' || src[start] == '-' || src[start] == '\t') {
		start++
	}
	colon := bytes.IndexByte(src[start:end], ':')
	if colon < 0 {
		return "", "", 0
	}
	k = string(src[start : start+colon])
	at = start + colon + 1
	line := src[at:end]
	if i := bytes.Index(line, []byte(" #")); i >= 0 {
		line = line[:i]
	}
	cut := bytes.TrimLeft(line, " \t")
	at += len(line) - len(cut)
	value = strings.TrimRight(string(cut), " \t\r")
	if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		return k, value[1 : n-1], at + 1
	}
	if value != "" && strings.IndexByte("|>{[&*!", value[0]) >= 0 {
		return k, "", at
	}
	return k, value, at
}

// variablesIn yields the NAME of every Env.NAME on a line, and where it stands.
func variablesIn(src []byte, start, end int) func(yield func(string, int) bool) {
	return func(yield func(string, int) bool) {
		for at := start; at < end; {
			i := bytes.Index(src[at:end], []byte("Env."))
			if i < 0 {
				return
			}
			i += at
			at = i + len("Env.")
			if i > start && (isWord(src[i-1]) || src[i-1] == '.') {
				continue
			}
			stop := at
			for stop < end && isWord(src[stop]) {
				stop++
			}
			if stop > at && bytes.IndexByte(src[at:stop], '_') > 0 && !yield(string(src[at:stop]), at) {
				return
			}
			at = stop
		}
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
