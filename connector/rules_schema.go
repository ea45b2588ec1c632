package connector

import (
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func schemaRules() []rule {
	return []rule{
		{"CONN-SCH-001", fails, Always, "a reference to a schema leads nowhere", "It has the form #/definitions/Name.", schemaCheck(schemaReference)},
		{"CONN-SCH-002", warns, Always, "properties beside $ref are ignored", "", schemaCheck(besideReference)},
		{"CONN-SCH-003", fails, Always, "a loop of references through required properties, or of references alone", "No value can be that deep. Loops through optional properties are allowed.", connectorCheck(requiredLoops)},
		{"CONN-SCH-004", fails, Always, "a keyword that Swagger 2.0 schemas do not have", "oneOf, anyOf, nullable and the like belong to later versions.", nil},
		{"CONN-SCH-005", warns, Always, "allOf and discriminator are shown badly by designers", "Flatten the schema.", schemaCheck(composition)},
		{"CONN-SCH-006", fails, Always, "type is an array", "", nil},
		{"CONN-SCH-007", fails, Always, "required is empty, no array of names, or names what is not defined", "A name that is not defined, or required on a schema that is no object, is a warning.", schemaCheck(requiredNames)},
		{"CONN-SCH-008", fails, Always, "items is an array of schemas", "", nil},
		{"CONN-SCH-009", fails, Always, "type file outside of form data and the root of a response", "", schemaCheck(fileSchema)},
		{"CONN-SCH-010", warns, Always, "a binary string below the root of a body", "The platform's validator names it, published connectors have it.", schemaCheck(binarySchema)},
		{"CONN-SCH-011", fails, Always, "an input property is both readOnly and required", "", schemaCheck(readOnlyRequired)},
		{"CONN-SCH-012", warns, Certification, "an object without properties and without a dynamic schema", "", schemaCheck(emptyObject)},
		{"CONN-SCH-013", warns, Certification, "a property without title or description", "x-ms-summary serves as title.", schemaCheck(propertyTexts)},
		{"CONN-SCH-014", warns, Certification, "an internal property without default in an input", "", schemaCheck(internalProperty)},
		{"CONN-SCH-015", fails, Always, "discriminator names no required string property", "", schemaCheck(discriminator)},
	}
}

func schemaReference(l *lint, s *schemaAt) {
	if s.ref == 0 || l.d.kind(s.ref) != jsonspan.String || l.d.schemaRef(s.ref) != nil {
		return
	}
	ref := l.d.text(s.ref)
	name, ok := refTarget(ref, schemaPrefix)
	f := l.find(s.ref, "reference %q names no schema", ref)
	if !ok {
		f.text += ": write #/definitions/ and the name"
	} else if near := nearest(name, l.d.schemaMap); near != "" {
		f.text += ": did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(schemaPrefix + jsonspan.EscapeStep(near)))
	}
}

func besideReference(l *lint, s *schemaAt) {
	if s.ref != 0 && l.d.tree.Node(s.node).Count > 1 {
		l.find(s.ref, "what stands beside $ref is ignored: move it into the schema that is named").key()
	}
}

// requiredLoops follows references that a value cannot do without.
func requiredLoops(l *lint) {
	const (
		open = 1
		done = 2
	)
	state := map[*namedSchema]int{}
	var visit func(n int32) *namedSchema
	enter := func(ref int32) *namedSchema {
		s := l.d.schemaRef(ref)
		if s == nil || state[s] == done {
			return nil
		}
		if state[s] == open {
			return s
		}
		state[s] = open
		loop := visit(s.node)
		state[s] = done
		return loop
	}
	visit = func(n int32) *namedSchema {
		if l.d.kind(n) != jsonspan.Object {
			return nil
		}
		k := l.d.keywords(n)
		if k.ref != 0 {
			return enter(k.ref)
		}
		if k.allOf != 0 {
			for c := range l.d.tree.Children(k.allOf) {
				if s := visit(c); s != nil {
					return s
				}
			}
		}
		if k.required == 0 || k.properties == 0 {
			return nil
		}
		required := l.d.nameSet(k.required)
		for c := range l.d.tree.Children(k.properties) {
			if required.has(l.d.tree.PlainKey(c)) {
				if s := visit(c); s != nil {
					return s
				}
			}
		}
		return nil
	}
	if l.d.definitions == 0 {
		return
	}
	for c := range l.d.tree.Children(l.d.definitions) {
		s := l.d.schemaMap[l.d.tree.Key(c)]
		if state[s] != 0 {
			continue
		}
		state[s] = open
		if loop := visit(s.node); loop != nil {
			l.find(loop.node, "schema %q requires itself: make a property of the loop optional", loop.name).key()
		}
		state[s] = done
	}
}

func composition(l *lint, s *schemaAt) {
	if s.allOf != 0 {
		l.find(s.allOf, "designers show allOf badly: write the properties out").key()
	}
	if s.discriminator != 0 {
		l.find(s.discriminator, "designers ignore discriminator: write the properties out").key()
	}
}

func requiredNames(l *lint, s *schemaAt) {
	if s.required == 0 || s.ref != 0 || l.d.kind(s.required) != jsonspan.Array {
		return
	}
	if s.typ != 0 && !l.d.typeIs(&s.keywords, "object") && s.properties == 0 {
		l.find(s.required, "required on %s: only objects have properties", article(l.d.text(s.typ))).key().severity(warns).fixRemove()
		return
	}
	if s.allOf != 0 || s.dynamic() || s.additional != 0 && !(l.d.kind(s.additional) == jsonspan.Bool && !l.d.tree.True(s.additional)) {
		return
	}
	known := l.d.nameSet(s.properties)
	for c := range l.d.tree.Children(s.required) {
		if l.d.kind(c) == jsonspan.String && !known.has(l.d.tree.Plain(c)) {
			l.find(c, "required names %q, which is no property: define it or take the name out", l.d.text(c)).severity(warns).fixRemove()
		}
	}
}

func fileSchema(l *lint, s *schemaAt) {
	if l.d.typeIs(&s.keywords, "file") && !s.response && !(s.named && s.output && !s.input) {
		l.find(s.typ, "type file stands only at the root of a response or in form data")
	}
}

func binarySchema(l *lint, s *schemaAt) {
	if s.property && s.input && !s.output && s.format != 0 && l.d.text(s.format) == "binary" && l.d.typeIs(&s.keywords, "string") {
		f := l.find(s.format, "a binary string must be the whole body: use format byte inside one")
		f.fixReplace(`"byte"`)
	}
}

func readOnlyRequired(l *lint, s *schemaAt) {
	if s.property && s.input && !s.output && s.mandatory && s.readOnly != 0 && l.d.tree.True(s.readOnly) {
		l.find(s.readOnly, "an input property is readOnly and required: it cannot be given").key().fixRemove()
	}
}

func emptyObject(l *lint, s *schemaAt) {
	if l.d.typeIs(&s.keywords, "object") && s.properties == 0 && s.additional == 0 && s.allOf == 0 && s.ref == 0 && !s.dynamic() && s.editor == 0 {
		l.find(s.node, "an object without properties: list them or add a dynamic schema")
	}
}

func propertyTexts(l *lint, s *schemaAt) {
	if !s.property || s.ref != 0 || l.d.isInternal(&s.keywords) {
		return
	}
	label := s.summary // what designers show where there is a title too
	if label == 0 {
		label = s.title
	}
	name := l.d.tree.Key(s.node)
	switch {
	case label == 0 && s.description == 0: // one finding: these are many
		l.find(s.node, "property %q has neither a label nor a description: add x-ms-summary or title, and description", name).key()
	case label == 0:
		l.find(s.node, "property %q has no label: add x-ms-summary or title", name).key()
	case s.description == 0:
		l.find(s.node, "property %q has no description: add one", name).key()
	}
	if label != 0 {
		if n := utf8.RuneCount(l.d.tree.Plain(label)); n > labelLimit {
			l.find(label, "the label has %d characters: use at most %d", n, labelLimit)
		}
	}
}

func internalProperty(l *lint, s *schemaAt) {
	if s.property && s.input && !s.output && !s.notification && l.d.isInternal(&s.keywords) && s.def == 0 && s.notificationURL == 0 && s.ref == 0 && s.properties == 0 {
		l.find(s.node, "an internal property of an input without default is never sent: add a default").key()
	}
}

func discriminator(l *lint, s *schemaAt) {
	if s.discriminator == 0 || l.d.kind(s.discriminator) != jsonspan.String {
		return
	}
	name := l.d.text(s.discriminator)
	at := int32(0)
	if s.properties != 0 {
		at = l.d.tree.Get(s.properties, name)
	}
	required := false
	if s.required != 0 {
		for c := range l.d.tree.Children(s.required) {
			required = required || l.d.text(c) == name
		}
	}
	if k := l.d.keywords(at); at == 0 || !required || !l.d.typeIs(&k, "string") {
		l.find(s.discriminator, "discriminator %q must name a required string property", name)
	}
}

func responseRules() []rule {
	return []rule{
		{"CONN-RESP-001", fails, Always, "the key of a response is no status and not default", "", responseCheck(responseKey)},
		{"CONN-RESP-002", warns, Certification, "the default response has a schema", "Put it on 200.", responseCheck(defaultSchema)},
		{"CONN-RESP-003", warns, Certification, "a success response or notification without schema", "It gives no dynamic content.", []any{operationCheck(successSchema), pathCheck(notificationSchema)}},
		{"CONN-RESP-004", warns, Certification, "an empty schema", "", responseCheck(emptySchema)},
		{"CONN-RESP-005", warns, Always, "a response without description", "", responseCheck(responseDescription)},
		{"CONN-RESP-006", fails, Always, "a reference to a response leads nowhere", "It has the form #/responses/Name and names an entry that is no reference itself.", responseCheck(responseReference)},
		{"CONN-RESP-007", warns, Always, "an example for a MIME type that is not produced, or a header twice", "", responseCheck(responseExamples)},
	}
}

func isStatus(key string) bool {
	return len(key) == 3 && key[0] >= '1' && key[0] <= '5' && strings.Trim(key, "0123456789") == ""
}

func responseKey(l *lint, r *response) {
	if r.op != nil && r.key != "default" && !isStatus(r.key) && !strings.HasPrefix(r.key, "x-") {
		l.find(r.node, "response %q: the key must be a status of three digits or default", r.key).key()
	}
}

func defaultSchema(l *lint, r *response) {
	if r.key == "default" && r.schema != 0 {
		l.find(r.schema, "the default response has a schema: put it on 200").key()
	}
}

func successSchema(l *lint, o *operation) {
	if o.internal() || o.responses == 0 || l.d.tree.Get(o.node, "x-ms-agentic-protocol") != 0 {
		return
	}
	for c := range l.d.tree.Children(o.responses) {
		if key := l.d.tree.Key(c); key != "200" && key != "201" {
			continue
		}
		if r := l.d.resolveResponse(c); r != 0 && l.d.tree.Get(r, "schema") == 0 && !o.isWebhook() {
			l.find(c, "response %s of %s has no schema and gives no dynamic content: add one", l.d.tree.Key(c), o.id).key()
		}
	}
}

func notificationSchema(l *lint, p *pathItem) {
	if l.d.isObject(p.notification) && l.d.tree.Get(p.notification, "schema") == 0 {
		l.find(p.notification, "the notification has no schema and gives no dynamic content: add one").key()
	}
}

func emptySchema(l *lint, r *response) {
	if l.d.isObject(r.schema) && l.d.tree.Node(r.schema).Count == 0 {
		l.find(r.schema, "an empty schema gives no dynamic content: describe the answer").key()
	}
}

func responseDescription(l *lint, r *response) {
	if r.ref == 0 && !strings.HasPrefix(r.key, "x-") && l.d.tree.Get(r.node, "description") == 0 {
		l.find(r.node, "a response without description: add one").key().fixInsert("description", `""`)
	}
}

func responseReference(l *lint, r *response) {
	if r.ref == 0 {
		return
	}
	name, ok := refTarget(l.d.text(r.ref), responsePrefix)
	target := l.d.respMap[name]
	if !ok || target == 0 || l.d.tree.Get(target, "$ref") != 0 {
		l.find(r.ref, "reference %q names no shared response: write #/responses/ and the name of one that is no reference", l.d.text(r.ref))
	}
}

func responseExamples(l *lint, r *response) {
	t := l.d.tree
	if examples := t.Get(r.node, "examples"); examples != 0 && r.op != nil {
		produces := r.op.produces
		if produces == 0 {
			produces = l.d.produces
		}
		known := l.d.nameSet(produces)
		for c := range t.Children(examples) {
			if produces != 0 && strings.Contains(t.Key(c), "/") && !known.has(t.PlainKey(c)) {
				l.find(c, "an example for %q, which the operation does not produce", t.Key(c)).key()
			}
		}
	}
	if headers := t.Get(r.node, "headers"); headers != 0 {
		seen := map[string]bool{}
		for c := range t.Children(headers) {
			if fold := strings.ToLower(t.Key(c)); seen[fold] {
				l.find(c, "header %q is there twice: remove one", t.Key(c)).key()
			} else {
				seen[fold] = true
			}
		}
	}
}
