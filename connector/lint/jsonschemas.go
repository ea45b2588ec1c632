package lint

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"math"
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
// use. Every shape is the fast reading of one compiled schema: see shape.go.
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

// A fault is one leaf of a failed validation, told apart by the keyword.
type fault struct {
	node     int32
	location string // of the schema, with base
	keyword  string
	member   string // additionalProperties, required: the name
	parent   int32  // additionalProperties: the object that holds node
	shape    *shape
}

// A validation runs one schema over a part of a tree.
type validation struct {
	tree   *jsonspan.Tree
	faults []fault
	seen   map[fault]bool
	// slow counts the parts that the fast reading did not settle.
	slow int
}

// check validates node n by s: the fast reading settles what it can, and only a value whose own
// keywords fail there is decoded and given to the compiled schema, whose verdict counts.
func (v *validation) check(s *shape, n int32) {
	s.walk(v.tree, n, v.settle)
}

// settle asks the compiled schema about one value and keeps the leaves that are about the value itself:
// those below it are found at their own place.
func (v *validation) settle(s *shape, n int32) {
	v.slow++
	err := s.schema.Validate(decode(v.tree, n, 2))
	if err == nil {
		return
	}
	ve, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return
	}
	for _, leaf := range leaves(ve) {
		if leaf.InstanceLocation == "" {
			v.expand(s, n, leaf)
		}
	}
}

func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, c := range e.Causes {
		out = append(out, leaves(c)...)
	}
	return out
}

// expand turns a leaf into faults, one a member where the keyword names several.
func (v *validation) expand(s *shape, n int32, leaf *jsonschema.ValidationError) {
	cut := strings.LastIndexByte(leaf.AbsoluteKeywordLocation, '/')
	location, keyword := leaf.AbsoluteKeywordLocation[:cut], leaf.AbsoluteKeywordLocation[cut+1:]
	if owner := s.at(location); owner != nil {
		s = owner
	} else {
		return // a part that is checked at its own place
	}
	f := fault{node: n, location: location, keyword: keyword, shape: s}
	switch keyword {
	case "required":
		for _, name := range s.required {
			if v.tree.Get(n, name) == 0 {
				f.member = name
				v.add(f)
			}
		}
	case "additionalProperties":
		for c := range v.tree.Children(n) {
			key := v.tree.Key(c)
			if _, known := s.props[key]; !known && !(s.ext && strings.HasPrefix(key, "x-")) {
				f.member, f.node, f.parent = key, c, n
				v.add(f)
			}
		}
	default:
		v.add(f)
	}
}

func (v *validation) add(f fault) {
	if v.seen == nil {
		v.seen = map[fault]bool{}
	}
	if !v.seen[f] {
		v.seen[f] = true
		v.faults = append(v.faults, f)
	}
}

// number keeps the spelling of ordinary numbers. The schema library turns that into a fraction of any
// size, so numbers with an exponent or very many digits go to it as what a float64 holds of them.
func number(raw []byte) any {
	const ordinary = 40
	if len(raw) <= ordinary && !bytes.ContainsAny(raw, "eE") {
		return json.Number(raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return math.MaxFloat64
	}
	return f
}

// decode builds the value of node n for the compiled schema, to the given depth: deeper containers are
// left empty, which no keyword of their owner looks at.
func decode(t *jsonspan.Tree, n int32, depth int) any {
	switch t.Kind(n) {
	case jsonspan.Bool:
		return t.True(n)
	case jsonspan.Number:
		return number(t.Raw(n))
	case jsonspan.String:
		return t.Text(n)
	case jsonspan.Array:
		out := []any{}
		if depth > 0 {
			for c := range t.Children(n) {
				out = append(out, decode(t, c, depth-1))
			}
		}
		return out
	case jsonspan.Object:
		out := map[string]any{}
		if depth > 0 {
			for c := range t.Children(n) {
				out[t.Key(c)] = decode(t, c, depth-1)
			}
		}
		return out
	}
	return nil
}
