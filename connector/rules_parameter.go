package connector

import (
	"bytes"
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func parameterRules() []rule {
	return []rule{
		{"CONN-PARAM-001", fails, Always, "a parameter is there twice", "Same name and place, references resolved.", []any{operationCheck(parameterTwice), pathCheck(pathParameterTwice)}},
		{"CONN-PARAM-002", fails, Always, "more than one body parameter", "", operationCheck(bodyTwice)},
		{"CONN-PARAM-003", fails, Always, "body and form data together", "", operationCheck(bodyAndForm)},
		{"CONN-PARAM-004", fails, Always, "a path parameter is not required", "", parameterCheck(pathRequired)},
		{"CONN-PARAM-005", warns, Certification, "a path parameter has no x-ms-url-encoding", "", parameterCheck(pathEncoding)},
		{"CONN-PARAM-006", warns, Certification, "x-ms-url-encoding on a query parameter", "", parameterCheck(queryEncoding)},
		{"CONN-PARAM-007", fails, Always, "a parameter is called connectionId", "The platform uses that name itself.", parameterCheck(connectionIDName)},
		{"CONN-PARAM-008", warns, Always, "a reserved header is a parameter", "Authorization, Host and Content-Length belong to the platform: use a setheader policy.", parameterCheck(reservedHeader)},
		{"CONN-PARAM-009", fails, Always, "a parameter has no type", "", parameterCheck(typeMissing)},
		{"CONN-PARAM-010", fails, Always, "a schema on a parameter that is no body", "", parameterCheck(schemaOutsideBody)},
		{"CONN-PARAM-011", fails, Always, "a body parameter without schema, or with a type", "", parameterCheck(bodySchema)},
		{"CONN-PARAM-012", fails, Always, "an array without items", "In a schema it is a warning.", []any{parameterCheck(parameterItems), schemaCheck(schemaItems)}},
		{"CONN-PARAM-013", fails, Always, "a file outside of form data", "", parameterCheck(fileOutsideForm)},
		{"CONN-PARAM-014", fails, Always, "the name of a form field is not ASCII", "", parameterCheck(formName)},
		{"CONN-PARAM-015", fails, Always, "an internal, required parameter without a default", "Nobody can give it a value.", parameterCheck(internalDefault)},
		{"CONN-PARAM-016", warns, Certification, "an internal, optional parameter with a default is never sent", "", parameterCheck(internalOptional)},
		{"CONN-PARAM-017", warns, Always, "a default has another type", "", []any{parameterCheck(parameterDefault), schemaCheck(schemaDefault)}},
		{"CONN-PARAM-018", fails, Always, "enum is empty, repeats a value or has one of another type, or default is not in it", "A value of another type, and anything of it in a schema, is a warning: the portal itself writes such values.", []any{parameterCheck(parameterEnum), schemaCheck(schemaEnum)}},
		{"CONN-PARAM-019", warns, Certification, "a visible parameter without x-ms-summary or description", "x-ms-summary may have 80 characters.", parameterCheck(parameterTexts)},
		{"CONN-PARAM-020", warns, Always, "unknown format for the type", "The platform takes the value as a plain string.", []any{parameterCheck(parameterFormat), schemaCheck(schemaFormat)}},
		{"CONN-PARAM-021", fails, Always, "collectionFormat is not supported", "", parameterCheck(collectionFormat)},
		{"CONN-PARAM-022", fails, Always, "allowEmptyValue outside query and form data", "", parameterCheck(allowEmpty)},
		{"CONN-PARAM-023", fails, Always, "a reference to a parameter leads nowhere", "It has the form #/parameters/Name and names an entry that is no reference itself.", parameterCheck(parameterReference)},
		{"CONN-PARAM-024", fails, Always, "a binary string in a URL-encoded form", "", operationCheck(binaryForm)},
		{"CONN-PARAM-025", fails, Always, "limits contradict each other", "", []any{parameterCheck(parameterLimits), schemaCheck(schemaLimits)}},
		{"CONN-PARAM-026", warns, Always, "a pattern does not compile", "Patterns are .NET expressions: what only Go does not know is not reported.", []any{parameterCheck(parameterPattern), schemaCheck(schemaPattern)}},
		{"CONN-PARAM-027", warns, Always, "a name used in a dynamic reference is both a parameter and a property of the body", "Use x-ms-dynamic-list and x-ms-dynamic-properties, which tell them apart.", operationCheck(ambiguousNames)},
	}
}

func (l *lint) repeats(list []*parameter) {
	seen := make(map[[2]string]bool, len(list))
	for _, p := range list {
		key := [2]string{p.place, p.nameText}
		if seen[key] && p.nameText != "" && p.place != "body" {
			l.find(p.use, "%s parameter %q is there twice: remove one", p.place, p.nameText).fixRemove()
		}
		seen[key] = true
	}
}

func parameterTwice(l *lint, o *operation) {
	own := o.list
	for i, p := range own {
		if p.fromPath {
			own = own[:i]
			break
		}
	}
	l.repeats(own)
}

func pathParameterTwice(l *lint, p *pathItem) { l.repeats(p.params) }

func bodyTwice(l *lint, o *operation) {
	n := 0
	for _, p := range o.list {
		if p.place == "body" {
			if n++; n == 2 {
				l.find(p.use, "a second body parameter: join the schemas")
			}
		}
	}
}

func bodyAndForm(l *lint, o *operation) {
	body := o.body()
	for _, p := range o.list {
		if body != nil && p.place == "formData" {
			l.find(p.use, "form field %q beside a body: use one of the two", p.nameText)
			return
		}
	}
}

func pathRequired(l *lint, p *parameter) {
	if p.written() && p.place == "path" && !l.d.isRequired(p) {
		if p.required != 0 {
			l.find(p.required, "path parameter %q must be required", p.nameText).fixReplace("true")
		} else {
			l.find(p.node, "path parameter %q must be required", p.nameText).fixInsert("required", "true")
		}
	}
}

func pathEncoding(l *lint, p *parameter) {
	if p.written() && p.place == "path" && p.encoding == 0 {
		l.find(p.node, "path parameter %q needs x-ms-url-encoding, usually single", p.nameText).fixInsert("x-ms-url-encoding", `"single"`)
	}
}

func queryEncoding(l *lint, p *parameter) {
	if p.written() && p.place == "query" && p.encoding != 0 {
		l.find(p.encoding, "query parameters are always encoded once: remove it").key().fixRemove()
	}
}

func connectionIDName(l *lint, p *parameter) {
	if p.written() && strings.EqualFold(p.nameText, "connectionId") {
		l.find(p.name, "the platform uses the name connectionId itself: choose another")
	}
}

func reservedHeader(l *lint, p *parameter) {
	if !p.written() || p.place != "header" {
		return
	}
	switch strings.ToLower(p.nameText) {
	case "authorization", "host", "content-length":
		l.find(p.node, "header %s belongs to the platform: set it by a setheader policy", p.nameText)
	}
}

func typeMissing(l *lint, p *parameter) {
	if p.written() && p.place != "body" && p.place != "" && p.typ == 0 && p.schema == 0 {
		l.find(p.node, "parameter %q has no type: add one", p.nameText).fixInsert("type", `"string"`)
	}
}

func schemaOutsideBody(l *lint, p *parameter) {
	if p.written() && p.place != "body" && p.place != "" && p.schema != 0 {
		l.find(p.schema, "%s parameter %q has a schema: only a body has one, give a type instead", p.place, p.nameText).key()
	}
}

func bodySchema(l *lint, p *parameter) {
	if !p.written() || p.place != "body" {
		return
	}
	if p.schema == 0 {
		l.find(p.node, "the body has no schema: add one")
	} else if p.typ != 0 {
		l.find(p.typ, "a body has no type of its own: put it into the schema").key().fixRemove()
	}
}

func parameterItems(l *lint, p *parameter) {
	if p.written() && l.d.typeIs(&p.keywords, "array") && p.items == 0 {
		l.find(p.node, "array %q has no items: say what it holds", p.nameText)
	}
}

func schemaItems(l *lint, s *schemaAt) {
	if l.d.typeIs(&s.keywords, "array") && s.items == 0 && s.ref == 0 && !s.dynamic() {
		l.find(s.node, "an array without items: say what it holds").severity(warns)
	}
}

func fileOutsideForm(l *lint, p *parameter) {
	if p.written() && p.place != "formData" && p.place != "" && l.d.typeIs(&p.keywords, "file") {
		l.find(p.typ, "a file must be form data")
	}
}

func formName(l *lint, p *parameter) {
	if p.written() && p.place == "formData" && strings.IndexFunc(p.nameText, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		l.find(p.name, "the name of form field %q must be ASCII", p.nameText)
	}
}

func internalDefault(l *lint, p *parameter) {
	if p.written() && p.place != "body" && l.d.isInternal(&p.keywords) && l.d.isRequired(p) && p.def == 0 {
		l.find(p.node, "internal parameter %q is required and has no default: add one", p.nameText)
	}
}

func internalOptional(l *lint, p *parameter) {
	if p.written() && l.d.isInternal(&p.keywords) && !l.d.isRequired(p) && p.def != 0 && p.place != "path" {
		f := l.find(p.node, "internal parameter %q is optional, so its default is never sent: make it required", p.nameText)
		if p.required != 0 {
			f.fix("make it required", l.d.tree.Replace(p.required, "true"))
		} else {
			f.fixInsert("required", "true")
		}
	}
}

func (l *lint) defaultFits(k *keywords) {
	if k.def == 0 || k.typ == 0 || k.ref != 0 {
		return
	}
	typ := l.d.text(k.typ)
	if l.d.fits(k.def, typ) {
		return
	}
	f := l.find(k.def, "default %s is no %s", short(l.d.tree.Raw(k.def)), typ)
	if text := l.d.text(k.def); text != "" && (typ == "integer" || typ == "number" || typ == "boolean") {
		if t, err := jsonspan.Parse([]byte(text), nil); err == nil && (typ == "boolean" && t.Kind(0) == jsonspan.Bool || typ == "number" && t.Kind(0) == jsonspan.Number || typ == "integer" && t.IsInt(0)) {
			f.fixReplace(strings.TrimSpace(text))
		}
	} else if typ == "string" && (l.d.kind(k.def) == jsonspan.Number || l.d.kind(k.def) == jsonspan.Bool) {
		f.fixReplace(jsonspan.Quote(string(l.d.tree.Raw(k.def))))
	}
}

func parameterDefault(l *lint, p *parameter) {
	if p.written() {
		l.defaultFits(&p.keywords)
	}
}
func schemaDefault(l *lint, s *schemaAt) { l.defaultFits(&s.keywords) }

func (l *lint) enumHolds(k *keywords, report func(n int32, format string, args ...any) *finding) {
	if k.enum == 0 || l.d.kind(k.enum) != jsonspan.Array {
		return
	}
	t := l.d.tree
	node := t.Node(k.enum)
	if node.Count == 0 {
		report(k.enum, "enum is empty: list the values or remove it").key()
		return
	}
	typ := l.d.text(k.typ)
	hasDefault := k.def == 0
	seen := make(map[string]bool, node.Count)
	for a := k.enum + 1; a < node.Next; a = t.Node(a).Next {
		if k.def != 0 && bytes.Equal(t.Raw(a), t.Raw(k.def)) {
			hasDefault = true
		}
		if typ != "array" && typ != "" && t.Kind(a) != jsonspan.Null && !l.d.fits(a, typ) {
			report(a, "enum value %s is no %s", short(t.Raw(a)), typ).severity(warns) // published connectors have it
			continue
		}
		if seen[string(t.Raw(a))] {
			report(a, "enum value %s occurs twice: remove one", short(t.Raw(a))).fixRemove()
		}
		seen[string(t.Raw(a))] = true
	}
	if !hasDefault && (t.Kind(k.def) == jsonspan.String || t.Kind(k.def) == jsonspan.Number) && l.d.fits(k.def, typ) {
		report(k.def, "default %s is not in the enum", short(t.Raw(k.def)))
	}
}

func parameterEnum(l *lint, p *parameter) {
	if p.written() {
		l.enumHolds(&p.keywords, l.find)
	}
}

func schemaEnum(l *lint, s *schemaAt) {
	l.enumHolds(&s.keywords, func(n int32, format string, args ...any) *finding {
		return l.find(n, format, args...).severity(warns)
	})
}

const labelLimit = 80

func parameterTexts(l *lint, p *parameter) {
	if !p.written() || l.d.isInternal(&p.keywords) {
		return
	}
	if p.place != "body" {
		if text := l.d.text(p.summary); text == "" && l.textOrNone(p.summary) {
			l.find(p.node, "parameter %q has no x-ms-summary: add its label", p.nameText)
		} else if n := utf8.RuneCountInString(text); n > labelLimit {
			l.find(p.summary, "x-ms-summary has %d characters: use at most %d", n, labelLimit)
		}
	}
	if l.d.text(p.description) == "" && p.place != "body" && l.textOrNone(p.description) {
		l.find(p.node, "parameter %q has no description: add one", p.nameText)
	}
}

// textOrNone reports that a member is absent or a string: other kinds are another rule's.
func (l *lint) textOrNone(n int32) bool { return n == 0 || l.d.kind(n) == jsonspan.String }

// formats are those the platform knows, by type.
var formats = map[string]string{
	"int32": "integer number", "int64": "integer number", "float": "number", "double": "number",
	"byte": "string", "binary": "string", "date": "string", "date-time": "string", "password": "string",
	"date-no-tz": "string", "email": "string", "html": "string", "uri": "string", "uuid": "string",
}

var formatNames = map[string]string{"guid": "uuid", "url": "uri", "datetime": "date-time", "dateTime": "date-time", "int": "int32", "long": "int64"}

func (l *lint) formatKnown(k *keywords) {
	if k.format == 0 || l.d.kind(k.format) != jsonspan.String {
		return
	}
	format, typ := l.d.text(k.format), l.d.text(k.typ)
	types, known := formats[format]
	if typ == "file" {
		return // CONN-PARAM-013 and CONN-SCH-009 say where files may stand
	}
	if known && (typ == "" || strings.Contains(types, typ)) || format == "" {
		return
	}
	if known {
		l.find(k.format, "format %q does not go with type %q", format, typ)
		return
	}
	f := l.find(k.format, "format %q is unknown and ignored: use one of the platform's formats", format)
	if better, ok := formatNames[format]; ok && strings.Contains(formats[better], typ) {
		f.fixReplace(jsonspan.Quote(better))
	}
}

func parameterFormat(l *lint, p *parameter) {
	if p.written() {
		l.formatKnown(&p.keywords)
	}
}
func schemaFormat(l *lint, s *schemaAt) { l.formatKnown(&s.keywords) }

func collectionFormat(l *lint, p *parameter) {
	if p.written() && l.d.text(p.collectionFormat) == "multi" && p.place != "query" && p.place != "formData" && p.place != "" {
		l.find(p.collectionFormat, "collectionFormat multi is for query and form data: use csv").fixReplace(`"csv"`)
	}
}

func allowEmpty(l *lint, p *parameter) {
	if p.written() && p.allowEmpty != 0 && p.place != "query" && p.place != "formData" && p.place != "" {
		l.find(p.allowEmpty, "allowEmptyValue is for query and form data: remove it").key().fixRemove()
	}
}

func parameterReference(l *lint, p *parameter) {
	if p.ref == 0 {
		return
	}
	ref := l.d.text(p.ref)
	name, ok := refTarget(ref, parameterPrefix)
	f := l.find(p.ref, "reference %q names no shared parameter", ref)
	switch target := l.d.paramMap[name]; {
	case !ok:
		f.text += ": write #/parameters/ and the name"
	case target == nil:
		if near := nearest(name, l.d.paramMap); near != "" {
			f.text += ": did you mean " + near + "?"
			f.fixReplace(jsonspan.Quote(parameterPrefix + jsonspan.EscapeStep(near)))
		}
	default:
		f.text = "reference " + ref + " leads to another reference: name the last one"
	}
}

func binaryForm(l *lint, o *operation) {
	consumes := o.consumes
	if consumes == 0 {
		consumes = l.d.consumes
	}
	if consumes == 0 || l.d.tree.Node(consumes).Count != 1 || !strings.HasPrefix(l.d.text(consumes+1), "application/x-www-form-urlencoded") {
		return
	}
	for _, p := range o.list {
		if p.place == "formData" && l.d.typeIs(&p.keywords, "string") && l.d.text(p.format) == "binary" {
			l.find(p.use, "binary form field %q needs multipart/form-data", p.nameText)
		}
	}
}

func (l *lint) limitsHold(k *keywords) {
	if !k.limits() {
		return
	}
	number := func(n int32) (float64, bool) {
		if n == 0 {
			return 0, false
		}
		return l.d.tree.Float(n)
	}
	for _, pair := range []struct {
		low, high int32
		name      string
		size      bool
	}{{k.minimum, k.maximum, "imum", false}, {k.minLength, k.maxLength, "Length", true}, {k.minItems, k.maxItems, "Items", true}, {k.minProperties, k.maxProperties, "Properties", true}} {
		low, hasLow := number(pair.low)
		high, hasHigh := number(pair.high)
		switch {
		case hasLow && hasHigh && low > high:
			l.find(pair.low, "min%s %g is more than max%s %g", pair.name, low, pair.name, high)
		case pair.size && hasLow && low < 0:
			l.find(pair.low, "min%s may not be negative", pair.name)
		case pair.size && hasHigh && high < 0:
			l.find(pair.high, "max%s may not be negative", pair.name)
		}
	}
	if v, ok := number(k.multipleOf); ok && v <= 0 {
		l.find(k.multipleOf, "multipleOf must be more than 0")
	}
	if k.exclusiveMinimum != 0 && k.minimum == 0 {
		l.find(k.exclusiveMinimum, "exclusiveMinimum without minimum: add minimum or remove it").key().fixRemove()
	}
	if k.exclusiveMaximum != 0 && k.maximum == 0 {
		l.find(k.exclusiveMaximum, "exclusiveMaximum without maximum: add maximum or remove it").key().fixRemove()
	}
}

func parameterLimits(l *lint, p *parameter) {
	if p.written() {
		l.limitsHold(&p.keywords)
	}
}
func schemaLimits(l *lint, s *schemaAt) { l.limitsHold(&s.keywords) }

const maxPattern = 2000 // longer ones are not tried

func (l *lint) patternCompiles(k *keywords) {
	if k.pattern == 0 {
		return
	}
	text := l.d.text(k.pattern)
	if len(text) > maxPattern {
		return
	}
	_, err := regexp.Compile(text)
	var se *syntax.Error
	if !errors.As(err, &se) {
		return
	}
	switch se.Code { // faults in .NET too; lookarounds, possessive marks and the like are not
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket, syntax.ErrTrailingBackslash, syntax.ErrMissingRepeatArgument:
		l.find(k.pattern, "pattern %q does not compile: %s", text, se.Code)
	}
}

func parameterPattern(l *lint, p *parameter) {
	if p.written() {
		l.patternCompiles(&p.keywords)
	}
}
func schemaPattern(l *lint, s *schemaAt) { l.patternCompiles(&s.keywords) }
