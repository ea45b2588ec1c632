package lint

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

//go:embed schema/*.json
var schemaFiles embed.FS

// schemaBase is a name only: the loader of the compiler is closed, nothing is ever fetched.
const schemaBase = "https://solutionkit.invalid/"

// A schemaSet holds the compiled schemas. It is made once, never changes and is safe for concurrent
// use. Every shape is the fast reading of one compiled schema: see fastreading.go.
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

var schemas = sync.OnceValue(compileSchemas)

// compileSchemas panics on a fault, which can only be a fault of the embedded files: the tests compile
// them.
func compileSchemas() *schemaSet {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.LoadURL = func(url string) (io.ReadCloser, error) { return nil, fmt.Errorf("%s: loading is closed", url) }
	set := &schemaSet{policy: map[string]*shape{}, rules: ruleMap{}}
	for _, name := range []string{"definition", "properties", "policy", "settings"} {
		text, err := schemaFiles.ReadFile("schema/" + name + ".json")
		if err != nil {
			panic(err)
		}
		if err := c.AddResource(schemaBase+name+".json", bytes.NewReader(text)); err != nil {
			panic(err)
		}
		set.rules.read(name, text)
	}
	shapes := map[*jsonschema.Schema]*shape{}
	compile := func(at string) *shape { return shapeOf(c.MustCompile(schemaBase+at), shapes) }
	set.definition = compile("definition.json")
	set.properties = compile("properties.json")
	set.connectionParameters = compile("properties.json#/$defs/connectionParameters")
	set.parameterSets = compile("properties.json#/$defs/connectionParameterSets")
	set.policies = compile("properties.json#/$defs/policies")
	set.scriptOperations = compile("properties.json#/$defs/scriptOperations")
	set.settings = compile("settings.json")
	for template := range set.rules.defs("policy") {
		set.policy[template] = compile("policy.json#/$defs/" + template)
	}
	return set
}

// A ruleMap says which rule a failing keyword stands for: the schema files carry it in the annotation
// "x-rules" beside the keyword. Keys are schema locations without the base.
type ruleMap map[string]map[string]any

func (m ruleMap) read(name string, text []byte) {
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		panic(err)
	}
	m.walk(name+".json#", doc)
}

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
	switch r := m[strings.TrimPrefix(location, schemaBase)][keyword].(type) {
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
