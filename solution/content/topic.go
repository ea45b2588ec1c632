package content

import (
	"bytes"
	"path"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution"
)

// topicKeys are the keys of a bot component's YAML whose values name other components.
var topicKeys = map[string]struct {
	edge Edge
	to   solution.ComponentType
}{
	"flowId":              {BotFlow, solution.TypeWorkflow},
	"connectionReference": {BotConnectionReference, solution.TypeConnectionReference},
	"dialog":              {BotPart, solution.TypeBotComponent},
	"skillId":             {BotPart, solution.TypeBotComponent},
	"botSchemaName":       {BotPart, solution.TypeBot},
	"aIModelId":           {BotAIModel, solution.TypeAIModel},
}

// topicKey returns the key of the bot component that a part belongs to: the folder says which, by its own file or its name.
func (r *reader) topicKey(part string) solution.Key {
	dir := path.Dir(part)
	if k, ok := r.topics[solution.Fold(dir)]; ok {
		return k
	}
	return key(solution.TypeBotComponent, path.Base(dir))
}

// readDialog reads the JSON of a bot component of the older kind, in which an action has {"flowMetadata": {"id"}} (observed).
func (r *reader) readDialog(name string, src []byte) error {
	t, err := jsonspan.Parse(src, nil)
	if err != nil {
		return err
	}
	for i := int32(1); i < int32(t.Len()); i++ {
		if t.Node(i).KeyEnd == 0 || t.Kind(i) != jsonspan.Object || string(t.PlainKey(i)) != "flowMetadata" {
			continue
		}
		id := t.Get(i, "id")
		n := t.Node(id)
		r.refer(BotFlow, r.topicKey(name), idKey(solution.TypeWorkflow, t.Text(id)), t.Text(id), r.location(name, int(n.Start), int(n.End), t.Pointer(id)))
	}
	return nil
}

// readTopic reads the YAML of a bot component line by line: a key and its value stand on one line, whatever they are in.
func (r *reader) readTopic(name string, src []byte) error {
	from := r.topicKey(name)
	var call topicCall
	for start := 0; start < len(src); {
		end := len(src)
		if i := bytes.IndexByte(src[start:], '\n'); i >= 0 {
			end = start + i
		}
		k, value, at := yamlPair(src, start, end)
		if depth, item := depthOf(src[start:end]); depth < end-start && call.line(depth, item, k, value, at) {
			r.call(Call{From: from, Reference: referenceKey(call.reference), Operation: call.operation,
				Location: r.location(name, call.at, call.at+len(call.operation), "operationId")})
			call = topicCall{}
		}
		if value != "" {
			if rule, ok := topicKeys[k]; ok {
				r.refer(rule.edge, from, idKey(rule.to, value), value, r.location(name, at, at+len(value), k))
			}
		}
		for variable, at := range variablesIn(src, start, end) {
			r.refer(BotVariable, from, key(solution.TypeEnvironmentVariableDefinition, variable), variable, r.location(name, at, at+len(variable), "Env"))
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
