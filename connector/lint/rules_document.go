package lint

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
	"github.com/solutionkit/solutionkit/solution/diag"
)

func documentRules() []rule {
	return []rule{
		{"CONN-DOC-001", fails, Always, "the file is not JSON, or not XML where that is expected", "Such a part is an error of reading the connector; Unreadable gives the finding for it.", nil},
		{"CONN-DOC-002", warns, Always, "trailing comma", "Some tools accept a comma before a closing bracket, the platform does not. Load refuses it; LoadLenient reads the file and Check reports the comma with a fix.", nil},
		{"CONN-DOC-003", warns, Always, "the file starts with a byte order mark", "Upload tools fail on it. It is read over.", nil},
		{"CONN-DOC-004", warns, Always, "a key occurs twice in one object", "Only the last counts; the others are silently lost by most programs.", nil},
		{"CONN-DOC-005", fails, Always, "not UTF-8, or a raw control character in a string", "Save the file as UTF-8 and escape control characters.", nil},
		{"CONN-DOC-006", fails, Always, "the root of the definition is no object", "", nil},
		{"CONN-DOC-007", fails, Always, `swagger is not the string "2.0"`, "OpenAPI 3 is not supported by custom connectors: convert the definition first.", nil},
		{"CONN-DOC-008", fails, Always, "a property that Swagger 2.0 does not have here", "Only names that begin with x- are free.", nil},
		{"CONN-DOC-009", warns, Always, "misspelt name of an extension", "An extension that the platform does not know is ignored without a word.", several{connectorCheck(rootExtensionNames), pathCheck(pathExtensionNames), operationCheck(operationExtensionNames), parameterCheck(parameterExtensionNames), schemaCheck(schemaExtensionNames), itemsCheck(itemsExtensionNames), responseCheck(responseExtensionNames)}},
		{"CONN-DOC-010", warns, Always, "an extension where it has no effect", "filterFunctions, too, which belongs to responses.", several{connectorCheck(rootExtensionPlaces), pathCheck(pathExtensionPlaces), operationCheck(operationExtensionPlaces), parameterCheck(parameterExtensionPlaces), schemaCheck(schemaExtensionPlaces), itemsCheck(itemsExtensionPlaces), responseCheck(responseExtensionPlaces)}},
		{"CONN-DOC-011", fails, Always, "the definition is too large", "The stored text may have 1,000,000 characters. Minify it, then split the connector. A text that only fits when minified, or has more than 800,000 characters, is a warning.", connectorCheck(definitionSize)},
		{"CONN-DOC-012", fails, Always, "more than 256 operations", "", connectorCheck(operationCount)},
		{"CONN-DOC-013", fails, Always, "more than 512 schemas in one body", "Every object reached through properties, items, additionalProperties and allOf counts, references expanded.", operationCheck(bodySize)},
		{"CONN-DOC-014", fails, Always, "more than 16,384 schemas in one operation", "", operationCheck(operationSize)},
		{"CONN-DOC-015", warns, Always, "schemas nested too deep", "The platform has a limit that is not public; Options.SchemaDepth sets ours.", operationCheck(schemaDepth)},
		{"CONN-DOC-016", fails, Always, "a value occurs twice in an array of distinct values", "", nil},
		{"CONN-DOC-017", fails, Always, "a value has the wrong type", "", nil},
		{"CONN-DOC-018", fails, Always, "a value is none of those allowed", "", nil},
		{"CONN-DOC-019", fails, Always, "a required member is missing", "", nil},
		{"CONN-DOC-020", fails, Always, "a value does not have the form asked for", "", nil},
		{"CONN-DOC-021", notes, Always, "an extension of another code generator, ignored here", "Kept, but the platform does nothing with it.", several{operationCheck(operationForeign), parameterCheck(parameterForeign), schemaCheck(schemaForeign), itemsCheck(itemsForeign), responseCheck(responseForeign)}},
	}
}

// place is where an extension stands, one bit each.
type place uint16

const (
	atRoot place = 1 << iota
	atInfo
	atPath
	atOperation
	atPathParameter
	atQueryParameter
	atBodyParameter
	atHeaderParameter
	atFormParameter
	atSchema
	atItems
	atResponse
	atNotification
	atElsewhere // contact, license, tags, security schemes

	atParameter = atPathParameter | atQueryParameter | atBodyParameter | atHeaderParameter | atFormParameter
	atValue     = atParameter | atSchema | atItems
	nowhere     = place(0)
)

// extensionPlaces says where each extension of the platform has an effect. Those with a rule of their
// own for a wrong place list that place too.
var extensionPlaces = map[string]place{
	"x-ms-summary":                        atValue | atResponse | atOperation | atNotification,
	"x-ms-visibility":                     atValue | atOperation,
	"x-ms-trigger":                        atOperation,
	"x-ms-trigger-hint":                   atOperation,
	"x-ms-trigger-metadata":               atOperation,
	"x-ms-trigger-value":                  atParameter,
	"x-ms-notification-content":           atPath,
	"x-ms-notification-url":               atSchema,
	"x-ms-notification":                   atOperation,
	"x-ms-url-encoding":                   atPathParameter | atQueryParameter, // query: CONN-PARAM-006
	"x-ms-dynamic-values":                 atValue,
	"x-ms-dynamic-list":                   atValue,
	"x-ms-dynamic-schema":                 atSchema | atBodyParameter, // body parameter: CONN-DYN-007
	"x-ms-dynamic-properties":             atSchema | atBodyParameter,
	"x-ms-dynamic-tree":                   atValue,
	"x-ms-capabilities":                   atRoot | atOperation,
	"x-ms-api-annotation":                 atInfo | atOperation,
	"x-ms-operation-context":              atOperation,
	"x-ms-pageable":                       atOperation,
	"x-ms-no-generic-test":                atOperation,
	"x-ms-safe-operation":                 atOperation,
	"x-ms-enum-values":                    atValue,
	"x-ms-localizeDefaultValue":           atValue,
	"x-ms-media-kind":                     atSchema | atFormParameter | atResponse,
	"x-ms-editor":                         atSchema,
	"x-ms-editor-options":                 atValue,
	"x-ms-test-value":                     atValue,
	"x-ms-connector-metadata":             atRoot,
	"x-ms-docs":                           atRoot,
	"x-ms-deployment-version":             atInfo,
	"x-ms-keywords":                       atInfo,
	"x-ms-openai-manifest":                atRoot,
	"x-ms-openai-data":                    atRoot | atOperation,
	"x-ms-openai-published-to-copilots":   atInfo | atRoot,
	"x-ms-require-user-confirmation":      atOperation,
	"x-ms-agentic-protocol":               atOperation,
	"x-ms-parameter-location":             nowhere,
	"x-ms-skip-url-encoding":              nowhere,
	"x-ms-enum":                           nowhere,
	"x-ms-client-name":                    nowhere,
	"x-ms-client-flatten":                 nowhere,
	"x-ms-client-request-id":              nowhere,
	"x-ms-long-running-operation":         nowhere,
	"x-ms-long-running-operation-options": nowhere,
	"x-ms-mutability":                     nowhere,
	"x-ms-identifiers":                    nowhere,
	"x-ms-discriminator-value":            nowhere,
	"x-ms-azure-resource":                 nowhere,
	"x-ms-secret":                         nowhere,
	"x-ms-parameterized-host":             nowhere,
	"x-ms-examples":                       nowhere,
	"x-ms-error-response":                 nowhere,
	"x-ms-request-id":                     nowhere,
}

// eachExtension calls f for the extensions of an object.
func (l *lint) eachExtension(n int32, f func(c int32, name []byte)) {
	t := l.d.Tree
	if l.d.Kind(n) != jsonspan.Object {
		return
	}
	for c, end := n+1, t.Node(n).Next; c < end; c = t.Node(c).Next {
		if raw := t.RawKey(c); len(raw) > 2 && raw[1] == '-' && (raw[0] == 'x' || raw[0] == 'X') {
			f(c, raw)
		}
	}
}

func (l *lint) extensionNames(n int32) {
	l.eachExtension(n, func(c int32, name []byte) {
		if _, ok := extensionPlaces[string(name)]; ok || !looksOurs(name) {
			return
		}
		if near := nearest(string(name), extensionPlaces); near != "" {
			l.find(c, "%q is no known extension: did you mean %q?", name, near).key().fixRename(near)
		}
	})
}

// looksOurs spares the free extensions of others a search for a near name.
func looksOurs(name []byte) bool {
	return len(name) > 6 && (bytes.ContainsAny(name[2:5], "mM") || bytes.ContainsAny(name[2:5], "sS"))
}

func (l *lint) extensionPlaces(n int32, at place, called string) {
	l.eachExtension(n, func(c int32, name []byte) {
		where, ok := extensionPlaces[string(name)]
		if ok && where != nowhere && where&at == 0 {
			l.find(c, "%q has no effect on %s: remove it", name, called).key().fixRemove()
		}
	})
}

func (l *lint) foreign(n int32) {
	l.eachExtension(n, func(c int32, name []byte) {
		if where, ok := extensionPlaces[string(name)]; ok && where == nowhere {
			l.find(c, "%q is meant for another tool and ignored here", name).key()
		}
	})
}

func rootExtensionNames(l *lint) {
	l.extensionNames(0)
	l.infoNode(l.extensionNames)
	l.elsewhere(func(n int32, _ string) { l.extensionNames(n) })
}

// elsewhere calls f for the objects of a definition in which no extension has an effect, with what they are called.
func (l *lint) elsewhere(f func(n int32, called string)) {
	l.infoNode(func(info int32) {
		f(l.d.Tree.Get(info, "contact"), "contact")
		f(l.d.Tree.Get(info, "license"), "license")
	})
	for _, list := range []struct {
		n      int32
		called string
	}{{l.d.Tags, "a tag"}, {l.d.SecurityDefinitions, "a security scheme"}} {
		if list.n != jsonspan.None {
			for c := range l.d.Tree.Children(list.n) {
				f(c, list.called)
			}
		}
	}
}

func (l *lint) infoNode(f func(int32)) {
	if l.d.Info != jsonspan.None {
		f(l.d.Info)
	}
}

func pathExtensionNames(l *lint, p *index.PathItem) {
	l.extensionNames(p.Node)
	l.extensionNames(p.Notification)
}
func operationExtensionNames(l *lint, o *index.Operation) { l.extensionNames(o.Node) }
func parameterExtensionNames(l *lint, p *index.Parameter) { l.extensionNames(p.Use) }
func schemaExtensionNames(l *lint, s *schemaAt)           { l.extensionNames(s.Node) }
func itemsExtensionNames(l *lint, s *itemsAt)             { l.extensionNames(s.Node) }
func responseExtensionNames(l *lint, r *response)         { l.extensionNames(r.node) }

func rootExtensionPlaces(l *lint) {
	l.extensionPlaces(0, atRoot, "the root")
	l.infoNode(func(n int32) { l.extensionPlaces(n, atInfo, "info") })
	l.elsewhere(func(n int32, called string) { l.extensionPlaces(n, atElsewhere, called) })
}

func pathExtensionPlaces(l *lint, p *index.PathItem) {
	l.extensionPlaces(p.Node, atPath, "a path")
	l.extensionPlaces(p.Notification, atNotification, "a notification")
}
func operationExtensionPlaces(l *lint, o *index.Operation) {
	l.extensionPlaces(o.Node, atOperation, "an operation")
}
func schemaExtensionPlaces(l *lint, s *schemaAt) {
	l.extensionPlaces(s.Node, atSchema, "a schema")
	if s.FilterFunctions != jsonspan.None && s.input && !s.output {
		l.find(s.FilterFunctions, "filterFunctions has no effect in a request: remove it").key().fixRemove()
	}
}
func itemsExtensionPlaces(l *lint, s *itemsAt) {
	called := "items"
	if s.header {
		called = "a header"
	}
	l.extensionPlaces(s.Node, atItems, called)
}
func responseExtensionPlaces(l *lint, r *response) {
	l.extensionPlaces(r.node, atResponse, "a response")
}

func parameterExtensionPlaces(l *lint, p *index.Parameter) {
	if p.Use != p.Node {
		return
	}
	var at place
	switch p.Place {
	case "path":
		at = atPathParameter
	case "query":
		at = atQueryParameter
	case "body":
		at = atBodyParameter
	case "header":
		at = atHeaderParameter
	case "formData":
		at = atFormParameter
	default:
		return // CONN-DOC-018
	}
	l.extensionPlaces(p.Node, at, article(p.Place)+" parameter")
}

func operationForeign(l *lint, o *index.Operation) { l.foreign(o.Node) }
func parameterForeign(l *lint, p *index.Parameter) { l.foreign(p.Use) }
func schemaForeign(l *lint, s *schemaAt)           { l.foreign(s.Node) }
func itemsForeign(l *lint, s *itemsAt)             { l.foreign(s.Node) }
func responseForeign(l *lint, r *response)         { l.foreign(r.node) }

// The limits of the column that stores a definition, in characters (public documentation).
const (
	maxDefinition  = 1_000_000
	warnDefinition = 800_000
)

func definitionSize(l *lint) {
	if l.d.Missing || len(l.d.Source) <= warnDefinition {
		return
	}
	size := characters(l.d.Source)
	if size <= warnDefinition {
		return
	}
	if size <= maxDefinition {
		l.find(0, "the definition has %d characters of %d allowed: minify or split it before it grows", size, maxDefinition).severity(diag.Warning)
		return
	}
	var min bytes.Buffer
	if l.c.Element == nil && json.Compact(&min, bytes.TrimPrefix(l.d.Source, []byte("\xef\xbb\xbf"))) == nil && characters(min.Bytes()) <= maxDefinition {
		l.find(0, "the definition has %d characters, more than %d: minify it, it then has %d", size, maxDefinition, characters(min.Bytes())).severity(diag.Warning)
		return
	}
	l.find(0, "the definition has %d characters, more than %d: minify it, then split the connector", size, maxDefinition)
}

// characters counts the characters of a text.
func characters(b []byte) int { return utf8.RuneCount(b) }

const (
	maxOperations       = 256
	maxBodySchemas      = 512
	maxOperationSchemas = 16_384
)

func operationCount(l *lint) {
	if n := len(l.d.Ops); n > maxOperations {
		l.find(l.d.Paths, "%d operations, more than %d: split the connector", n, maxOperations)
	}
}

// bodies calls f for each body of an operation: request, responses and notification.
func (l *lint) bodies(o *index.Operation, f func(n int32, what string)) {
	if p := o.Body(); p != nil && p.Schema != jsonspan.None {
		f(p.Schema, "the body")
	}
	if o.Responses != jsonspan.None {
		for c := range l.d.Tree.Children(o.Responses) {
			if r := l.d.ResolveResponse(c); r != jsonspan.None {
				if s := l.d.Tree.Get(r, "schema"); s != jsonspan.None {
					f(s, "response "+l.d.Tree.Key(c))
				}
			}
		}
	}
	if o.Item.Notification != jsonspan.None && o.Trigger != jsonspan.None {
		if s := l.d.Tree.Get(o.Item.Notification, "schema"); s != jsonspan.None {
			f(s, "the notification")
		}
	}
}

func bodySize(l *lint, o *index.Operation) {
	l.bodies(o, func(n int32, what string) {
		if size := l.d.Measure(n).Size; size > maxBodySchemas {
			l.find(n, "%s of %s has %d schemas, more than %d: leave out what is not needed", what, o.ID, size, maxBodySchemas)
		}
	})
}

func operationSize(l *lint, o *index.Operation) {
	total := len(o.List)
	l.bodies(o, func(n int32, _ string) { total += l.d.Measure(n).Size })
	if total > maxOperationSchemas {
		l.find(o.Node, "operation %s has %d schemas, more than %d: leave out what is not needed", o.ID, total, maxOperationSchemas)
	}
}

func schemaDepth(l *lint, o *index.Operation) {
	l.bodies(o, func(n int32, what string) {
		if depth := l.d.Measure(n).Depth; depth > l.opts.SchemaDepth {
			l.find(n, "%s of %s nests schemas %d deep, more than %d: flatten it", what, o.ID, depth, l.opts.SchemaDepth)
		}
	})
}

func hasAnyFold(s string, words []string) string {
	lower := strings.ToLower(s)
	for _, w := range words {
		if strings.Contains(lower, strings.ToLower(w)) {
			return w
		}
	}
	return ""
}
