package lint

import (
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func schemaRules() []rule {
	return []rule{
		{"CONN-SCH-001", fails, Always, "a reference to a schema leads nowhere", "It has the form #/definitions/Name.", schemaCheck(schemaReference)},
		{"CONN-SCH-002", warns, Always, "properties beside $ref are ignored", "", several{schemaCheck(besideReference), parameterCheck(besideParameterReference), responseCheck(besideResponseReference)}},
		{"CONN-SCH-003", fails, Always, "a loop of references through required properties, or of references alone", "No value can be that deep. Loops through optional properties are allowed.", connectorCheck(requiredLoops)},
		{"CONN-SCH-004", fails, Always, "a keyword that Swagger 2.0 schemas do not have", "oneOf, anyOf, nullable and the like belong to later versions.", nil},
		{"CONN-SCH-005", warns, Always, "allOf and discriminator are shown badly by designers", "Flatten the schema.", schemaCheck(composition)},
		{"CONN-SCH-006", fails, Always, "type is an array", "", nil},
		{"CONN-SCH-007", fails, Always, "required is empty, no array of names, or names what is not defined", "A name that is not defined, or required on a schema that is no object, is a warning.", schemaCheck(requiredNames)},
		{"CONN-SCH-008", fails, Always, "items is an array of schemas", "", nil},
		{"CONN-SCH-009", fails, Always, "type file outside of form data and the root of a response", "", schemaCheck(fileSchema)},
		{"CONN-SCH-010", warns, Always, "a binary string below the root of a body", "The platform's validator names it, published connectors have it.", schemaCheck(binarySchema)},
		{"CONN-SCH-011", fails, Always, "an input property is both readOnly and required", "", schemaCheck(readOnlyRequired)},
		{"CONN-SCH-012", notes, Certification, "an object without properties and without a dynamic schema", "", schemaCheck(emptyObject)},
		{"CONN-SCH-013", notes, Certification, "a property without title or description", "x-ms-summary serves as title.", schemaCheck(propertyTexts)},
		{"CONN-SCH-014", notes, Certification, "an internal property without default in an input", "", schemaCheck(internalProperty)},
		{"CONN-SCH-015", fails, Always, "discriminator names no required string property", "", schemaCheck(discriminator)},
	}
}

func schemaReference(l *lint, s *schemaAt) {
	if s.Ref == jsonspan.None || l.d.Kind(s.Ref) != jsonspan.String || l.d.SchemaRef(s.Ref) != nil {
		return
	}
	ref := l.d.Text(s.Ref)
	name, ok := index.RefTarget(ref, index.SchemaPrefix)
	f := l.find(s.Ref, "reference %q names no schema", ref)
	if !ok {
		f.text += ": write #/definitions/ and the name"
	} else if !l.suggests() {
		return
	} else if near := nearest(name, l.d.SchemaMap); near != "" {
		f.text += ": did you mean " + near + "?"
		f.fixReplace(jsonspan.Quote(index.SchemaPrefix + jsonspan.EscapeStep(near)))
	}
}

func besideReference(l *lint, s *schemaAt) {
	if l.d.Kind(s.Ref) == jsonspan.String && l.d.Tree.Node(s.Node).Count > 1 {
		l.find(s.Ref, "what stands beside $ref is ignored: move it into the schema that is named").key()
	}
}

func besideParameterReference(l *lint, p *index.Parameter) {
	if ref := l.d.Tree.Get(p.Use, "$ref"); l.d.Kind(ref) == jsonspan.String && l.d.Tree.Node(p.Use).Count > 1 {
		l.find(ref, "what stands beside $ref is ignored: move it into the parameter that is named").key()
	}
}

func besideResponseReference(l *lint, r *response) {
	if l.d.Kind(r.ref) == jsonspan.String && l.d.Tree.Node(r.node).Count > 1 {
		l.find(r.ref, "what stands beside $ref is ignored: move it into the response that is named").key()
	}
}

// requiredLoops follows references that a value cannot do without.
func requiredLoops(l *lint) {
	const (
		open = 1
		done = 2
	)
	state := map[*index.NamedSchema]int{}
	var visit func(n int32) *index.NamedSchema
	enter := func(ref int32) *index.NamedSchema {
		s := l.d.SchemaRef(ref)
		if s == nil || state[s] == done {
			return nil
		}
		if state[s] == open {
			return s
		}
		state[s] = open
		loop := visit(s.Node)
		state[s] = done
		return loop
	}
	visit = func(n int32) *index.NamedSchema {
		if l.d.Kind(n) != jsonspan.Object {
			return nil
		}
		k := l.d.Keywords(n)
		if k.Ref != jsonspan.None {
			return enter(k.Ref)
		}
		if k.AllOf != jsonspan.None {
			for c := range l.d.Tree.Children(k.AllOf) {
				if s := visit(c); s != nil {
					return s
				}
			}
		}
		if k.Required == jsonspan.None || k.Properties == jsonspan.None {
			return nil
		}
		required := l.d.NameSet(k.Required)
		for c := range l.d.Tree.Children(k.Properties) {
			if required.Has(l.d.Tree.PlainKey(c)) {
				if s := visit(c); s != nil {
					return s
				}
			}
		}
		return nil
	}
	if l.d.Definitions == jsonspan.None {
		return
	}
	for c := range l.d.Tree.Children(l.d.Definitions) {
		s := l.d.SchemaMap[l.d.Tree.Key(c)]
		if state[s] != 0 {
			continue
		}
		state[s] = open
		if loop := visit(s.Node); loop != nil {
			l.find(loop.Node, "schema %q requires itself: make a property of the loop optional", loop.Name).key()
		}
		state[s] = done
	}
}

func composition(l *lint, s *schemaAt) {
	if s.AllOf != jsonspan.None {
		l.find(s.AllOf, "designers show allOf badly: write the properties out").key()
	}
	if s.Discriminator != jsonspan.None {
		l.find(s.Discriminator, "designers ignore discriminator: write the properties out").key()
	}
}

func requiredNames(l *lint, s *schemaAt) {
	if s.Required == jsonspan.None || s.Ref != jsonspan.None || l.d.Kind(s.Required) != jsonspan.Array {
		return
	}
	if s.Type != jsonspan.None && !l.d.TypeIs(&s.Keywords, "object") && s.Properties == jsonspan.None {
		l.find(s.Required, "required on %s: only objects have properties", article(l.d.Text(s.Type))).key().severity(warns).fixRemove()
		return
	}
	if s.AllOf != jsonspan.None || s.Dynamic() || s.Additional != jsonspan.None && !(l.d.Kind(s.Additional) == jsonspan.Bool && !l.d.Tree.True(s.Additional)) {
		return
	}
	known := l.d.NameSet(s.Properties)
	for c := range l.d.Tree.Children(s.Required) {
		if l.d.Kind(c) == jsonspan.String && !known.Has(l.d.Tree.Plain(c)) {
			l.find(c, "required names %q, which is no property: define it or take the name out", l.d.Text(c)).severity(warns).fixRemove()
		}
	}
}

func fileSchema(l *lint, s *schemaAt) {
	k := l.d.Filled(s.Keywords)
	if !l.d.TypeIs(&k, "file") || s.response || s.named && s.output && !s.input {
		return
	}
	if s.Type != jsonspan.None {
		l.find(s.Type, "type file stands only at the root of a response or in form data")
	} else if target := l.d.SchemaRef(s.Ref); target != nil && !target.Input { // else it is found there
		l.find(s.Ref, "%s is a file, and type file stands only at the root of a response or in form data", target.Name)
	}
}

func binarySchema(l *lint, s *schemaAt) {
	if s.body || s.named || !s.input || s.output { // a named one is found where it is used
		return
	}
	if k := l.d.Filled(s.Keywords); l.d.Text(k.Format) != "binary" || !l.d.TypeIs(&k, "string") {
		return
	}
	if s.Format != jsonspan.None {
		l.find(s.Format, "a binary string must be the whole body: use format byte inside one").fixReplace(`"byte"`)
	} else if s.property {
		l.find(s.Node, "property %q is a binary string, which must be the whole body: use format byte inside one", l.d.Tree.Key(s.Node)).key()
	} else {
		l.find(s.Node, "a binary string must be the whole body: use format byte inside one")
	}
}

func readOnlyRequired(l *lint, s *schemaAt) {
	if !s.property || !s.input || !s.mandatory {
		return
	}
	k := l.d.Filled(s.Keywords)
	switch {
	case k.ReadOnly == jsonspan.None || !l.d.Tree.True(k.ReadOnly):
	case s.ReadOnly != jsonspan.None:
		l.find(s.ReadOnly, "an input property is readOnly and required: it cannot be given").key().fixRemove()
	default:
		l.find(s.Node, "property %q is readOnly where it is defined, and required here: it cannot be given", l.d.Tree.Key(s.Node)).key()
	}
}

func emptyObject(l *lint, s *schemaAt) {
	if l.d.TypeIs(&s.Keywords, "object") && s.Properties == jsonspan.None && s.Additional == jsonspan.None && s.AllOf == jsonspan.None && s.Ref == jsonspan.None && !s.Dynamic() && s.Editor == jsonspan.None {
		l.find(s.Node, "an object without properties: list them or add a dynamic schema")
	}
}

func propertyTexts(l *lint, s *schemaAt) {
	if !s.property || s.Ref != jsonspan.None || l.d.IsInternal(&s.Keywords) {
		return
	}
	label := s.Summary // what designers show where there is a title too
	if label == jsonspan.None {
		label = s.Title
	}
	name := l.d.Tree.Key(s.Node)
	switch {
	case label == jsonspan.None && s.Description == jsonspan.None: // one finding: these are many
		l.find(s.Node, "property %q has neither a label nor a description: add x-ms-summary or title, and description", name).key()
	case label == jsonspan.None:
		l.find(s.Node, "property %q has no label: add x-ms-summary or title", name).key()
	case s.Description == jsonspan.None:
		l.find(s.Node, "property %q has no description: add one", name).key()
	}
	if label != jsonspan.None {
		if n := utf8.RuneCount(l.d.Tree.Plain(label)); n > labelLimit {
			l.find(label, "the label has %d characters: use at most %d", n, labelLimit)
		}
	}
}

func internalProperty(l *lint, s *schemaAt) {
	if s.property && s.input && !s.output && !s.notification && l.d.IsInternal(&s.Keywords) && s.Def == jsonspan.None && s.NotificationURL == jsonspan.None && s.Ref == jsonspan.None && s.Properties == jsonspan.None {
		l.find(s.Node, "an internal property of an input without default is never sent: add a default").key()
	}
}

func discriminator(l *lint, s *schemaAt) {
	if s.Discriminator == jsonspan.None || l.d.Kind(s.Discriminator) != jsonspan.String {
		return
	}
	name := l.d.Text(s.Discriminator)
	k, found, open := l.d.Property(s.Node, name)
	switch {
	case !found && open && s.AllOf != jsonspan.None: // a part of it cannot be read, which is another rule's
	case !found:
		l.find(s.Discriminator, "discriminator %q names no property: add a string property of that name", name)
	case !l.d.Requires(s.Node, name):
		l.find(s.Discriminator, "discriminator %q names a property that is not required: add %q to required", name, name)
	case k.Type != jsonspan.None && !l.d.TypeIs(&k, "string"):
		l.find(s.Discriminator, "discriminator %q names %s: it must be a string", name, article(l.d.Text(k.Type)))
	case k.Type == jsonspan.None && k.Enum == jsonspan.None:
		l.find(s.Discriminator, "discriminator %q names a property without a type: make it a string", name)
	}
}

func responseRules() []rule {
	return []rule{
		{"CONN-RESP-001", fails, Always, "the key of a response is no status and not default", "", responseCheck(responseKey)},
		{"CONN-RESP-002", notes, Certification, "the default response has a schema", "Put it on 200.", responseCheck(defaultSchema)},
		{"CONN-RESP-003", notes, Certification, "a success response or notification without schema", "It gives no dynamic content.", several{operationCheck(successSchema), pathCheck(notificationSchema)}},
		{"CONN-RESP-004", notes, Certification, "an empty schema", "", several{responseCheck(emptySchema), pathCheck(emptyNotification)}},
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
	if r.key != "default" {
		return
	}
	if r.schema != jsonspan.None {
		l.find(r.schema, "the default response has a schema: put it on 200").key()
	} else if to := l.d.ResolveResponse(r.node); to != jsonspan.None && l.d.Tree.Get(to, "schema") != jsonspan.None {
		l.find(r.node, "the default response refers to one with a schema: put it on 200").key()
	}
}

func successSchema(l *lint, o *index.Operation) {
	if o.Internal() || o.Responses == jsonspan.None || l.d.Tree.Get(o.Node, "x-ms-agentic-protocol") != jsonspan.None {
		return
	}
	for c := range l.d.Tree.Children(o.Responses) {
		if key := l.d.Tree.Key(c); key != "200" && key != "201" {
			continue
		}
		if r := l.d.ResolveResponse(c); l.d.IsObject(r) && l.d.Tree.Get(r, "schema") == jsonspan.None && !o.IsWebhook() {
			l.find(c, "response %s of %s has no schema and gives no dynamic content: add one", l.d.Tree.Key(c), o.ID).key()
		}
	}
}

func notificationSchema(l *lint, p *index.PathItem) {
	if l.d.IsObject(p.Notification) && l.d.Tree.Get(p.Notification, "schema") == jsonspan.None {
		l.find(p.Notification, "the notification has no schema and gives no dynamic content: add one").key()
	}
}

func emptySchema(l *lint, r *response) {
	if l.saysNothing(r.schema) {
		l.find(r.schema, "an empty schema gives no dynamic content: describe the answer").key()
	}
}

func emptyNotification(l *lint, p *index.PathItem) {
	if !l.d.IsObject(p.Notification) {
		return
	}
	if s := l.d.Tree.Get(p.Notification, "schema"); l.saysNothing(s) {
		l.find(s, "an empty schema gives no dynamic content: describe what is sent").key()
	}
}

// saysNothing reports whether a schema is {}, or a reference to one that is.
func (l *lint) saysNothing(schema int32) bool {
	if !l.d.IsObject(schema) {
		return false
	}
	k, ok := l.d.Resolve(schema)
	return ok && l.d.IsObject(k.Node) && l.d.Tree.Node(k.Node).Count == 0
}

func responseDescription(l *lint, r *response) {
	if l.d.IsObject(r.node) && r.ref == jsonspan.None && !strings.HasPrefix(r.key, "x-") && l.d.Tree.Get(r.node, "description") == jsonspan.None {
		l.find(r.node, "a response without description: add one").key().fixInsert("description", `""`)
	}
}

func responseReference(l *lint, r *response) {
	if l.d.Kind(r.ref) != jsonspan.String {
		return
	}
	name, ok := index.RefTarget(l.d.Text(r.ref), index.ResponsePrefix)
	target := l.d.RespMap[name]
	if !ok || target == jsonspan.None || l.d.Tree.Get(target, "$ref") != jsonspan.None {
		l.find(r.ref, "reference %q names no shared response: write #/responses/ and the name of one that is no reference", l.d.Text(r.ref))
	}
}

func responseExamples(l *lint, r *response) {
	t := l.d.Tree
	if examples := t.Get(r.node, "examples"); examples != jsonspan.None && r.op != nil {
		produces := r.op.Produces
		if produces == jsonspan.None {
			produces = l.d.Produces
		}
		known := l.d.NameSet(produces)
		for c := range t.Children(examples) {
			if produces != jsonspan.None && strings.Contains(t.Key(c), "/") && !known.Has(t.PlainKey(c)) {
				l.find(c, "an example for %q, which the operation does not produce", t.Key(c)).key()
			}
		}
	}
	if headers := t.Get(r.node, "headers"); headers != jsonspan.None {
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
