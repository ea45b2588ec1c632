package solutionkit_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/solutionkit/solutionkit/connector"
	"github.com/solutionkit/solutionkit/connector/lint"
	"github.com/solutionkit/solutionkit/internal/memfs"
)

// A linted is a custom connector of n things: pieces of its definition and of its properties.
type linted struct {
	head        string // members of the definition besides paths
	paths       string
	definitions string
	parameters  string
	properties  string // members of properties
}

// checked loads a connector, asks for all that it holds, and checks it by all rules.
func checked(fill func(c *linted, n int)) func(t testing.TB, n int) func() error {
	return func(t testing.TB, n int) func() error {
		c := &linted{}
		fill(c, n)
		files := memfs.New(map[string][]byte{
			"apiDefinition.swagger.json": []byte(`{"swagger":"2.0","info":{"title":"Sample","version":"1.0","description":"Sample."},"host":"api.contoso.com","basePath":"/","schemes":["https"],` +
				c.head + `"paths":{` + c.paths + `"/last":{"get":{"operationId":"Last","summary":"Last","responses":{"default":{"description":"x"}}}}},"definitions":{` + c.definitions + `"Last":{"type":"object"}},"parameters":{` + c.parameters + `"Last":{"name":"l","in":"query","type":"string"}}}`),
			"apiProperties.json": []byte(`{"properties":{` + c.properties + `"iconBrandColor":"#da3b01","capabilities":[]}}`),
		})
		return func() error {
			list, err := connector.Load(files)
			if err != nil {
				return err
			}
			for _, c := range list {
				for o := range c.Operations() {
					c.Operation(o.ID)
				}
				for range c.Policies() {
				}
				for range c.Security() {
				}
				for range c.ConnectionParameters() {
				}
				c.Secrets()
				c.ScriptOperations()
				lint.Check(c, &lint.Options{Certification: true, Deploy: true, Installed: c})
				if _, err := c.ToFiles(nil); err != nil {
					return err
				}
				if _, err := c.Strip(nil); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

func repeated(n int, pattern string) string {
	var b strings.Builder
	repeat(&b, n, pattern)
	return b.String()
}

const answer = `"responses":{"default":{"description":"x"}}`

// schemaOf is an operation that answers with a schema.
func schemaOf(schema string) string {
	return `"/a":{"get":{"operationId":"A","summary":"A","responses":{"200":{"description":"x","schema":` + schema + `}}}},`
}

var lintFamilies = []family{
	{"lint/operations", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#","summary":"A","description":"A.",`+answer+`}},`)
	})},
	{"lint/operations-of-one-id", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A","summary":"A",`+answer+`}},`)
	})},
	{"lint/operations-without-id", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{`+answer+`}},`)
	})},
	{"lint/families-of-operations", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#","summary":"A","x-ms-api-annotation":{"family":"F","revision":#,"replacement":{"api":"x","operationId":"A1"}},`+answer+`}},`)
	})},
	{"lint/methods-of-one-path", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{` + repeated(n, `"m#":{"operationId":"A#",`+answer+`},`) + `"get":{"operationId":"A",` + answer + `}},`
	})},
	{"lint/paths-alike", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a/{p#}":{"get":{"operationId":"A#","parameters":[{"name":"p#","in":"path","required":true,"type":"string"}],`+answer+`}},`)
	})},
	{"lint/paths-of-one-name", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a":{"get":{"operationId":"A#",`+answer+`}},`)
	})},
	{"lint/variables-of-one-path", 1000, checked(func(c *linted, n int) {
		c.paths = `"/a` + strings.Repeat("/{p}", n) + `":{"get":{"operationId":"A",` + answer + `}},`
	})},
	{"lint/literals-beside-variables", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#/b":{"get":{"operationId":"A#",`+answer+`}},"/{p}/c#":{"get":{"operationId":"B#",`+answer+`}},`)
	})},
	{"lint/open-braces", 100, checked(func(c *linted, n int) {
		c.paths = `"/a` + repeated(n, `/{p`) + `":{"get":{"operationId":"A",` + answer + `}},`
	})},
	{"lint/parameters", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p#","in":"query","type":"string"},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/parameters-of-one-name", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p","in":"query","type":"string"},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/parameters-of-path", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"parameters":[` + repeated(n, `{"name":"p#","in":"query","type":"string"},`) + `{"name":"q","in":"query","type":"string"}],"get":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p#","in":"query","type":"string"},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/parameters-by-reference", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","parameters":[` + repeated(n, `{"$ref":"§/parameters/P#"},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
		c.paths = numbered(c.paths)
		c.parameters = repeated(n, `"P#":{"name":"p#","in":"query","type":"string"},`)
	})},
	{"lint/bodies", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"post":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p#","in":"body","schema":{"type":"string"}},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/dynamic-parameters", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p#","in":"query","type":"string","x-ms-dynamic-values":{"operationId":"A","value-path":"v","value-title":"t","parameters":{"p#":{"parameter":"p#"}}}},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/dynamic-parameters-that-need-the-next", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","parameters":[` + repeated(n, `{"name":"p#","in":"query","type":"string","x-ms-dynamic-values":{"operationId":"Last","value-path":"v","value-title":"t","parameters":{"l":{"parameter":"q"},"m#":{"parameter":"p1"}}}},`) + `{"name":"q","in":"query","type":"string"}],` + answer + `}},`
	})},
	{"lint/unknown-dynamic-operations", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#","parameters":[{"name":"p","in":"query","type":"string","x-ms-dynamic-values":{"operationId":"Unknown#","value-path":"v","value-title":"t"}}],`+answer+`}},`)
	})},
	{"lint/unknown-policy-operations", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#",`+answer+`}},`)
		c.properties = `"policyTemplateInstances":[` + repeated(n, `{"templateId":"setheader","title":"t#","parameters":{"x-ms-apimTemplateParameter.name":"x","x-ms-apimTemplateParameter.value":"y","x-ms-apimTemplateParameter.existsAction":"override","x-ms-apimTemplate-policySection":"Request","x-ms-apimTemplate-operationName":["Unknown#"]}},`) + `{"templateId":"x","title":"t","parameters":{}}],`
	})},
	{"lint/operations-of-one-policy", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#",`+answer+`}},`)
		c.properties = `"policyTemplateInstances":[{"templateId":"setheader","title":"t","parameters":{"x-ms-apimTemplateParameter.name":"x","x-ms-apimTemplateParameter.value":"y","x-ms-apimTemplateParameter.existsAction":"override","x-ms-apimTemplate-policySection":"Request","x-ms-apimTemplate-operationName":[` + repeated(n, `"Unknown#",`) + `"A1"]}}],`
	})},
	{"lint/policies", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#",`+answer+`}},`)
		c.properties = `"policyTemplateInstances":[` + repeated(n, `{"templateId":"setheader","title":"t","parameters":{"x-ms-apimTemplateParameter.name":"x","x-ms-apimTemplateParameter.value":"y","x-ms-apimTemplateParameter.existsAction":"override","x-ms-apimTemplate-policySection":"Request"}},`) + `{"templateId":"x","title":"t","parameters":{}}],`
	})},
	{"lint/routes", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#",`+answer+`}},`)
		c.properties = `"policyTemplateInstances":[` + repeated(n, `{"templateId":"routerequesttoendpoint","title":"t#","parameters":{"x-ms-apimTemplateParameter.newPath":"/b#","x-ms-apimTemplate-operationName":["A#"]}},`) + `{"templateId":"x","title":"t","parameters":{}}],`
	})},
	{"lint/script-operations", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#",`+answer+`}},`)
		c.properties = `"scriptOperations":[` + repeated(n, `"Unknown#",`) + `"A1"],`
	})},
	{"lint/security-requirements", 100, checked(func(c *linted, n int) {
		c.head = `"securityDefinitions":{` + repeated(n, `"s#":{"type":"apiKey","name":"k#","in":"header"},`) + `"last":{"type":"basic"}},"security":[` + repeated(n, `{"s#":[]},`) + `{"last":[]}],`
	})},
	{"lint/security-requirements-of-operations", 100, checked(func(c *linted, n int) {
		c.head = `"securityDefinitions":{` + repeated(n, `"s#":{"type":"apiKey","name":"k#","in":"header"},`) + `"last":{"type":"basic"}},`
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#","security":[{"s#":[]},{"u#":[]}],`+answer+`}},`)
	})},
	{"lint/unknown-security-requirements", 100, checked(func(c *linted, n int) {
		c.head = `"security":[` + repeated(n, `{"s#":[]},`) + `{"last":[]}],`
	})},
	{"lint/security-requirements-of-one-object", 100, checked(func(c *linted, n int) {
		c.head = `"securityDefinitions":{` + repeated(n, `"s#":{"type":"apiKey","name":"k#","in":"header"},`) + `"last":{"type":"basic"}},"security":[{` + repeated(n, `"s#":[],"u#":[],`) + `"last":[]}],`
	})},
	{"lint/scopes", 100, checked(func(c *linted, n int) {
		c.head = `"securityDefinitions":{"o":{"type":"oauth2","flow":"accessCode","authorizationUrl":"https://a.com","tokenUrl":"https://a.com","scopes":{` + repeated(n, `"s#":"x",`) + `"last":"x"}}},"security":[{"o":[` + repeated(n, `"s#","u#",`) + `"last"]}],`
	})},
	{"lint/connection-parameters", 100, checked(func(c *linted, n int) {
		c.properties = `"connectionParameters":{` + repeated(n, `"p#":{"type":"securestring","uiDefinition":{"displayName":"x","constraints":{"clearText":false}}},`) + `"last":{"type":"string"}},`
	})},
	{"lint/connection-parameter-sets", 100, checked(func(c *linted, n int) {
		c.properties = `"connectionParameterSets":{"uiDefinition":{"displayName":"x"},"values":[` + repeated(n, `{"name":"s#","parameters":{"p#":{"type":"string"}},"uiDefinition":{"displayName":"x"}},`) + `{"name":"last","parameters":{},"uiDefinition":{"displayName":"x"}}]},`
	})},
	{"lint/definitions", 100, checked(func(c *linted, n int) { c.definitions = repeated(n, `"D#":{"type":"object"},`) })},
	{"lint/definitions-of-one-name", 100, checked(func(c *linted, n int) { c.definitions = repeated(n, `"D":{"type":"object"},`) })},
	{"lint/references-to-one-definition", 100, checked(func(c *linted, n int) {
		c.definitions = `"D":{"type":"object","properties":{"a":{"type":"string"}}},`
		c.paths = schemaOf(`{"type":"object","properties":{` + repeated(n, `"p#":{"$ref":"§/definitions/D"},`) + `"q":{"type":"string"}}}`)
		c.paths = numbered(c.paths)
	})},
	{"lint/reference-chain", 100, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"$ref":"§/definitions/D@"},`)
		c.paths = numbered(schemaOf(`{"$ref":"§/definitions/D0"}`))
	})},
	{"lint/reference-cycle", 100, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"$ref":"§/definitions/D@"},`)
		c.definitions += numbered(`"D` + itoa(n) + `":{"$ref":"§/definitions/D0"},`)
		c.paths = numbered(schemaOf(`{"$ref":"§/definitions/D0"}`))
	})},
	{"lint/uses-of-one-cycle", 100, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"$ref":"§/definitions/D@"},`)
		c.definitions += numbered(`"D` + itoa(n) + `":{"$ref":"§/definitions/D0"},`)
		c.paths = numbered(repeated(n, `"/a#":{"get":{"operationId":"A#","responses":{"200":{"description":"x","schema":{"$ref":"§/definitions/D0"}}}}},`))
	})},
	{"lint/cycles-of-two", 100, checked(func(c *linted, n int) {
		c.definitions = numbered(repeated(n, `"D#":{"$ref":"§/definitions/E#"},"E#":{"$ref":"§/definitions/D#"},`))
		c.paths = numbered(repeated(n, `"/a#":{"get":{"operationId":"A#","responses":{"200":{"description":"x","schema":{"$ref":"§/definitions/D#"}}}}},`))
	})},
	{"lint/cycle-by-properties", 100, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"type":"object","properties":{"a":{"$ref":"§/definitions/D@"},"b":{"$ref":"§/definitions/D0"}}},`)
		c.paths = numbered(schemaOf(`{"$ref":"§/definitions/D0"}`))
	})},
	{"lint/cycle-by-all-of", 100, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"allOf":[{"$ref":"§/definitions/D@"},{"type":"object","properties":{"p#":{"type":"string"}}}]},`)
		c.definitions += numbered(`"D` + itoa(n) + `":{"$ref":"§/definitions/D0"},`)
		c.paths = numbered(schemaOf(`{"$ref":"§/definitions/D0"}`))
	})},
	{"lint/all-of-chain-used-everywhere", 50, checked(func(c *linted, n int) {
		c.definitions = chain(n, `"D#":{"allOf":[{"$ref":"§/definitions/D@"},{"type":"object"}]},`)
		c.paths = numbered(repeated(n, `"/a#":{"get":{"operationId":"A#","responses":{"200":{"description":"x","schema":{"$ref":"§/definitions/D#"}}}}},`))
	})},
	{"lint/discriminators", 100, checked(func(c *linted, n int) {
		c.definitions = numbered(`"B":{"type":"object","discriminator":"kind","required":["kind"],"properties":{"kind":{"type":"string"}}},` + repeated(n, `"D#":{"allOf":[{"$ref":"§/definitions/B"},{"type":"object"}]},`))
	})},
	{"lint/broken-references", 100, checked(func(c *linted, n int) {
		c.paths = numbered(schemaOf(`{"type":"object","properties":{` + repeated(n, `"p#":{"$ref":"§/definitions/Nothing#"},`) + `"q":{"type":"string"}}}`))
	})},
	{"lint/properties", 100, checked(func(c *linted, n int) {
		c.paths = schemaOf(`{"type":"object","required":[` + repeated(n, `"p#","u#",`) + `"q"],"properties":{` + repeated(n, `"p#":{"type":"string","x-ms-summary":"x"},`) + `"q":{"type":"string"}}}`)
	})},
	{"lint/unknown-members", 100, checked(func(c *linted, n int) { c.head = repeated(n, `"m#":1,`) })},
	{"lint/enums", 100, checked(func(c *linted, n int) {
		c.paths = schemaOf(`{"type":"string","enum":[` + repeated(n, `"e#",`) + `"e1"]}`)
	})},
	{"lint/tags", 100, checked(func(c *linted, n int) {
		c.head = `"tags":[` + repeated(n, `{"name":"t#"},`) + `{"name":"t1"}],`
		c.paths = `"/a":{"get":{"operationId":"A","tags":[` + repeated(n, `"t#",`) + `"u"],` + answer + `}},`
	})},
	{"lint/responses", 100, checked(func(c *linted, n int) {
		c.paths = `"/a":{"get":{"operationId":"A","responses":{` + repeated(n, `"2#":{"description":"x","schema":{"type":"object"}},`) + `"default":{"description":"x"}}}},`
	})},
	{"lint/triggers", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"x-ms-notification-content":{"schema":{"type":"object"}},"post":{"operationId":"A#","x-ms-trigger":"single","parameters":[{"name":"b","in":"body","schema":{"type":"object","properties":{"u":{"type":"string","x-ms-notification-url":true}}}}],`+answer+`}},`)
	})},
	{"lint/capabilities-in-metadata", 100, checked(func(c *linted, n int) {
		c.head = `"x-ms-connector-metadata":[` + repeated(n, `{"propertyName":"Website","propertyValue":"#"},`) + `{"propertyName":"Categories","propertyValue":"AI"}],`
	})},
	{"lint/secrets", 100, checked(func(c *linted, n int) {
		c.paths = schemaOf(`{"type":"object","properties":{` + repeated(n, `"p#":{"type":"string","default":"Bearer abcdefghijklmnop#qrstuvw"},`) + `"q":{"type":"string"}}}`)
	})},
	{"lint/paths-with-visibility", 100, checked(func(c *linted, n int) {
		c.paths = repeated(n, `"/a#":{"get":{"operationId":"A#","x-ms-visibility":"internal","deprecated":true,`+answer+`}},`)
	})},
	{"lint/connectors", 20, func(t testing.TB, n int) func() error {
		files := map[string][]byte{}
		for i := range n {
			files["c"+itoa(i)+"/apiDefinition.swagger.json"] = []byte(`{"swagger":"2.0","info":{"title":"Sample","version":"1.0"},"host":"a.com","paths":{}}`)
			files["c"+itoa(i)+"/apiProperties.json"] = []byte(`{"properties":{}}`)
		}
		fsys := memfs.New(files)
		return func() error {
			list, err := connector.Load(fsys)
			if err != nil {
				return err
			}
			for _, c := range list {
				lint.Check(c, nil)
			}
			return nil
		}
	}},
}

func itoa(i int) string { return strconv.Itoa(i) }

// numbered puts the number sign where a pattern cannot have it.
func numbered(text string) string { return strings.ReplaceAll(text, "§", "#") }

// chain repeats a pattern in which @ is the number after #.
func chain(n int, pattern string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(numbered(strings.NewReplacer("#", itoa(i), "@", itoa(i+1)).Replace(pattern)))
	}
	return b.String()
}
