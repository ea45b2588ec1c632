package lint

import (
	"embed"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// A schemaSet holds the schemas. It is made once, never changes and is safe for concurrent use.
type schemaSet struct {
	definition           *shape
	properties           *shape
	connectionParameters *shape
	parameterSets        *shape
	policies             *shape
	scriptOperations     *shape
	settings             *shape
	policy               map[string]*shape // by templateId in lower case
	rules                ruleMap
}

var schemas = sync.OnceValue(readSchemas)

// readSchemas panics on a fault, which can only be a fault of the embedded files: the tests read them.
func readSchemas() *schemaSet {
	set := &schemaSet{policy: map[string]*shape{}, rules: ruleMap{}}
	r := &shapeReader{docs: map[string]any{}, made: map[string]*shape{}}
	for _, name := range []string{"definition", "properties", "policy", "settings"} {
		text, err := schemaFiles.ReadFile("schema/" + name + ".json")
		if err != nil {
			panic(err)
		}
		var doc any
		if err := json.Unmarshal(text, &doc); err != nil {
			panic(err)
		}
		r.docs[name+".json"] = doc
		set.rules.walk(name+".json#", doc)
	}
	set.definition = r.at("definition.json#")
	set.properties = r.at("properties.json#")
	set.connectionParameters = r.at("properties.json#/$defs/connectionParameters")
	set.parameterSets = r.at("properties.json#/$defs/connectionParameterSets")
	set.policies = r.at("properties.json#/$defs/policies")
	set.scriptOperations = r.at("properties.json#/$defs/scriptOperations")
	set.settings = r.at("settings.json#")
	for template := range set.rules.defs("policy") {
		set.policy[template] = r.at("policy.json#/$defs/" + template)
	}
	return set
}

// A ruleMap says which rule a failing keyword stands for: the schema files carry it in the annotation
// "x-rules" beside the keyword. Keys are schema locations.
type ruleMap map[string]map[string]any

func (m ruleMap) walk(at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		rules, _ := v["x-rules"].(map[string]any)
		m[at] = rules
		for k, w := range v {
			if k != "x-rules" {
				m.walk(at+"/"+jsonspan.EscapeStep(k), w)
			}
		}
	case []any:
		for i, w := range v {
			m.walk(at+"/"+strconv.Itoa(i), w)
		}
	}
}

func (m ruleMap) defs(name string) map[string]bool {
	out := map[string]bool{}
	for at := range m {
		if rest, ok := strings.CutPrefix(at, name+".json#/$defs/"); ok && !strings.Contains(rest, "/") {
			out[rest] = true
		}
	}
	return out
}

// The rules that stand for a keyword without an annotation of its own.
var keywordRules = map[string]string{
	"additionalProperties": "CONN-DOC-008",
	"type":                 "CONN-DOC-017",
	"enum":                 "CONN-DOC-018",
	"const":                "CONN-DOC-018",
	"uniqueItems":          "CONN-DOC-016",
	"required":             "CONN-DOC-019",
	"minItems":             "CONN-DOC-020",
	"minLength":            "CONN-DOC-020",
	"pattern":              "CONN-DOC-020",
}

// rule returns the id for a fault of keyword at a schema location; member is the name at fault where
// the keyword is about names.
func (m ruleMap) rule(location, keyword, member string) string {
	switch r := m[location][keyword].(type) {
	case string:
		return r
	case map[string]any:
		for _, k := range []string{member, "*"} {
			if id, ok := r[k].(string); ok {
				return id
			}
		}
	}
	return keywordRules[keyword]
}
