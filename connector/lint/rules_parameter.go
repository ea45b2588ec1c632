package lint

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/solutionkit/solutionkit/connector/internal/index"
	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func parameterRules() []rule {
	return []rule{
		{"CONN-PARAM-001", fails, Always, "a parameter is there twice", "Same name and place, references resolved.", several{operationCheck(parameterTwice), pathCheck(pathParameterTwice)}},
		{"CONN-PARAM-002", fails, Always, "more than one body parameter", "", operationCheck(bodyTwice)},
		{"CONN-PARAM-003", fails, Always, "body and form data together", "", operationCheck(bodyAndForm)},
		{"CONN-PARAM-004", fails, Always, "a path parameter is not required", "", parameterCheck(pathRequired)},
		{"CONN-PARAM-005", warns, Certification, "a path parameter has no x-ms-url-encoding", "", parameterCheck(pathEncoding)},
		{"CONN-PARAM-006", warns, Certification, "x-ms-url-encoding on a query parameter", "", parameterCheck(queryEncoding)},
		{"CONN-PARAM-007", fails, Always, "a parameter is called connectionId", "The platform uses that name itself.", parameterCheck(connectionIDName)},
		{"CONN-PARAM-008", warns, Always, "a reserved header is a parameter", "Authorization, Host and Content-Length belong to the platform: use a setheader policy.", parameterCheck(reservedHeader)},
		{"CONN-PARAM-009", fails, Always, "a parameter has no type", "", parameterCheck(typeMissing)},
		{"CONN-PARAM-010", fails, Always, "a schema on a parameter that is no body", "", parameterCheck(schemaOutsideBody)},
		{"CONN-PARAM-011", fails, Always, "a body parameter without schema, or with a type", "What says how a value looks, such as type, format and enum, stands in the schema.", parameterCheck(bodySchema)},
		{"CONN-PARAM-012", fails, Always, "an array without items", "In a schema or header it is a warning.", several{parameterCheck(parameterItems), itemsCheck(itemsItems), schemaCheck(schemaItems)}},
		{"CONN-PARAM-013", fails, Always, "a file outside of form data", "", parameterCheck(fileOutsideForm)},
		{"CONN-PARAM-014", fails, Always, "the name of a form field is not ASCII", "", parameterCheck(formName)},
		{"CONN-PARAM-015", fails, Always, "an internal, required parameter without a default", "Nobody can give it a value.", parameterCheck(internalDefault)},
		{"CONN-PARAM-016", warns, Certification, "an internal, optional parameter with a default is never sent", "Nor is such a property of a body.", several{parameterCheck(internalOptional), schemaCheck(internalOptionalProperty)}},
		{"CONN-PARAM-017", warns, Always, "a default has another type", "", several{parameterCheck(parameterDefault), itemsCheck(itemsDefault), schemaCheck(schemaDefault)}},
		{"CONN-PARAM-018", fails, Always, "enum is empty, repeats a value or has one of another type, or default is not in it", "A value of another type, and anything of it in a schema or header, is a warning: the portal itself writes such values.", several{parameterCheck(parameterEnum), itemsCheck(itemsEnum), schemaCheck(schemaEnum)}},
		{"CONN-PARAM-019", warns, Certification, "a visible parameter without x-ms-summary or description", "x-ms-summary may have 80 characters.", parameterCheck(parameterTexts)},
		{"CONN-PARAM-020", warns, Always, "unknown format for the type", "The platform takes the value as a plain string.", several{parameterCheck(parameterFormat), itemsCheck(itemsFormat), schemaCheck(schemaFormat)}},
		{"CONN-PARAM-021", fails, Always, "collectionFormat is not supported", "", several{parameterCheck(collectionFormat), itemsCheck(itemsCollectionFormat)}},
		{"CONN-PARAM-022", fails, Always, "allowEmptyValue outside query and form data", "", parameterCheck(allowEmpty)},
		{"CONN-PARAM-023", fails, Always, "a reference to a parameter leads nowhere", "It has the form #/parameters/Name and names an entry that is no reference itself.", parameterCheck(parameterReference)},
		{"CONN-PARAM-024", fails, Always, "a binary string in a URL-encoded form", "", operationCheck(binaryForm)},
		{"CONN-PARAM-025", fails, Always, "limits contradict each other", "", several{parameterCheck(parameterLimits), itemsCheck(itemsLimits), schemaCheck(schemaLimits)}},
		{"CONN-PARAM-026", warns, Always, "a pattern does not compile", "Patterns are .NET expressions: what only Go does not know is not reported.", several{parameterCheck(parameterPattern), itemsCheck(itemsPattern), schemaCheck(schemaPattern)}},
		{"CONN-PARAM-027", warns, Always, "a name used in a dynamic reference is both a parameter and a property of the body", "Use x-ms-dynamic-list and x-ms-dynamic-properties, which tell them apart.", operationCheck(ambiguousNames)},
	}
}

func (l *lint) repeats(list []*index.Parameter) {
	seen := make(map[[2]string]bool, len(list))
	for _, p := range list {
		key := [2]string{p.Place, p.NameText}
		if seen[key] && p.NameText != "" && p.Place != "body" {
			l.find(p.Use, "%s parameter %q is there twice: remove one", p.Place, p.NameText).fixRemove()
		}
		seen[key] = true
	}
}

func parameterTwice(l *lint, o *index.Operation) {
	own := o.List
	for i, p := range own {
		if p.FromPath {
			own = own[:i]
			break
		}
	}
	l.repeats(own)
}

func pathParameterTwice(l *lint, p *index.PathItem) { l.repeats(p.Params) }

func bodyTwice(l *lint, o *index.Operation) {
	n := 0
	for _, p := range o.List {
		if p.Place == "body" {
			if n++; n == 2 {
				l.find(p.Use, "a second body parameter: join the schemas")
			}
		}
	}
}

func bodyAndForm(l *lint, o *index.Operation) {
	body := o.Body()
	for _, p := range o.List {
		if body != nil && p.Place == "formData" {
			l.find(p.Use, "form field %q beside a body: use one of the two", p.NameText)
			return
		}
	}
}

func pathRequired(l *lint, p *index.Parameter) {
	if p.Written() && p.Place == "path" && !l.d.IsRequired(p) {
		if p.Required != jsonspan.None {
			l.find(p.Required, "path parameter %q must be required", p.NameText).fixReplace("true")
		} else {
			l.find(p.Node, "path parameter %q must be required", p.NameText).fixInsert("required", "true")
		}
	}
}

func pathEncoding(l *lint, p *index.Parameter) {
	if p.Written() && p.Place == "path" && p.Encoding == jsonspan.None {
		l.find(p.Node, "path parameter %q needs x-ms-url-encoding, usually single", p.NameText).fixInsert("x-ms-url-encoding", `"single"`)
	}
}

func queryEncoding(l *lint, p *index.Parameter) {
	if p.Written() && p.Place == "query" && p.Encoding != jsonspan.None {
		l.find(p.Encoding, "query parameters are always encoded once: remove it").key().fixRemove()
	}
}

func connectionIDName(l *lint, p *index.Parameter) {
	if p.Written() && strings.EqualFold(p.NameText, "connectionId") {
		l.find(p.Name, "the platform uses the name connectionId itself: choose another")
	}
}

func reservedHeader(l *lint, p *index.Parameter) {
	if !p.Written() || p.Place != "header" {
		return
	}
	switch strings.ToLower(p.NameText) {
	case "authorization", "host", "content-length":
		l.find(p.Node, "header %s belongs to the platform: set it by a setheader policy", p.NameText)
	}
}

func typeMissing(l *lint, p *index.Parameter) {
	if p.Written() && p.Place != "body" && p.Place != "" && p.Type == jsonspan.None && p.Schema == jsonspan.None {
		l.find(p.Node, "parameter %q has no type: add one", p.NameText).fixInsert("type", `"string"`)
	}
}

func schemaOutsideBody(l *lint, p *index.Parameter) {
	if p.Written() && p.Place != "body" && p.Place != "" && p.Schema != jsonspan.None {
		l.find(p.Schema, "%s parameter %q has a schema: only a body has one, give a type instead", p.Place, p.NameText).key()
	}
}

func bodySchema(l *lint, p *index.Parameter) {
	if !p.Written() || p.Place != "body" {
		return
	}
	if p.Schema == jsonspan.None {
		l.find(p.Node, "the body has no schema: add one")
		return
	}
	for c := range l.d.Tree.Children(p.Node) {
		if key := l.d.Tree.Key(c); !l.d.Tree.Hidden(c) && schemaMembers[key] {
			l.find(c, "a body has no %s of its own: put it into the schema", key).key().fixRemove()
		}
	}
}

// schemaMembers are the members of a parameter that a body has in its schema. For allowEmptyValue there is CONN-PARAM-022.
var schemaMembers = map[string]bool{"type": true, "format": true, "items": true, "collectionFormat": true, "default": true, "enum": true,
	"pattern": true, "minimum": true, "maximum": true, "exclusiveMinimum": true, "exclusiveMaximum": true, "minLength": true, "maxLength": true,
	"minItems": true, "maxItems": true, "uniqueItems": true, "multipleOf": true}

func parameterItems(l *lint, p *index.Parameter) {
	if p.Written() && l.d.TypeIs(&p.Keywords, "array") && p.Items == jsonspan.None {
		l.find(p.Node, "array %q has no items: say what it holds", p.NameText)
	}
}

func schemaItems(l *lint, s *schemaAt) {
	if l.d.TypeIs(&s.Keywords, "array") && s.Ref == jsonspan.None && !s.Dynamic() && l.d.Filled(s.Keywords).Items == jsonspan.None {
		l.find(s.Node, "an array without items: say what it holds").severity(warns)
	}
}

func itemsItems(l *lint, s *itemsAt) {
	if l.d.TypeIs(&s.Keywords, "array") && s.Items == jsonspan.None {
		l.reportOf(s)(s.Node, "an array without items: say what it holds")
	}
}

// A reporter notes a finding of the current rule.
type reporter func(n int32, format string, args ...any) *finding

// warn is find with a warning.
func (l *lint) warn(n int32, format string, args ...any) *finding {
	return l.find(n, format, args...).severity(warns)
}

// reportOf returns what notes a finding about items: what is wrong with a header hinders nobody from calling.
func (l *lint) reportOf(s *itemsAt) reporter {
	if s.header {
		return l.warn
	}
	return l.find
}

func fileOutsideForm(l *lint, p *index.Parameter) {
	if p.Written() && p.Place != "formData" && p.Place != "" && l.d.TypeIs(&p.Keywords, "file") {
		l.find(p.Type, "a file must be form data")
	}
}

func formName(l *lint, p *index.Parameter) {
	if p.Written() && p.Place == "formData" && strings.IndexFunc(p.NameText, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
		l.find(p.Name, "the name of form field %q must be ASCII", p.NameText)
	}
}

func internalDefault(l *lint, p *index.Parameter) {
	if p.Written() && p.Place != "body" && l.d.IsInternal(&p.Keywords) && l.d.IsRequired(p) && p.Def == jsonspan.None {
		l.find(p.Node, "internal parameter %q is required and has no default: add one", p.NameText)
	}
}

func internalOptional(l *lint, p *index.Parameter) {
	if p.Written() && l.d.IsInternal(&p.Keywords) && !l.d.IsRequired(p) && p.Def != jsonspan.None && p.Place != "path" {
		f := l.find(p.Node, "internal parameter %q is optional, so its default is never sent: make it required", p.NameText)
		if p.Required != jsonspan.None {
			f.fix("make it required", l.d.Tree.Replace(p.Required, "true"))
		} else {
			f.fixInsert("required", "true")
		}
	}
}

func internalOptionalProperty(l *lint, s *schemaAt) {
	if s.property && s.input && !s.output && !s.mandatory && s.Def != jsonspan.None && l.d.IsInternal(&s.Keywords) {
		l.find(s.Node, "internal property %q is optional, so its default is never sent: require it", l.d.Tree.Key(s.Node)).key()
	}
}

func (l *lint) defaultFits(k *index.Keywords) {
	if k.Def == jsonspan.None || k.Ref != jsonspan.None {
		return
	}
	typ := l.d.Text(l.d.Filled(*k).Type)
	if l.d.Fits(k.Def, typ) {
		return
	}
	f := l.find(k.Def, "default %s is no %s", short(l.d.Tree.Raw(k.Def)), typ)
	if text := l.d.Text(k.Def); text != "" && (typ == "integer" || typ == "number" || typ == "boolean") {
		if t, err := jsonspan.Parse([]byte(text), nil); err == nil && (typ == "boolean" && t.Kind(0) == jsonspan.Bool || typ == "number" && t.Kind(0) == jsonspan.Number || typ == "integer" && t.IsInt(0)) {
			f.fixReplace(strings.TrimSpace(text))
		}
	} else if typ == "string" && (l.d.Kind(k.Def) == jsonspan.Number || l.d.Kind(k.Def) == jsonspan.Bool) {
		f.fixReplace(jsonspan.Quote(string(l.d.Tree.Raw(k.Def))))
	}
}

func parameterDefault(l *lint, p *index.Parameter) {
	if p.Written() {
		l.defaultFits(&p.Keywords)
	}
}
func schemaDefault(l *lint, s *schemaAt) { l.defaultFits(&s.Keywords) }
func itemsDefault(l *lint, s *itemsAt)   { l.defaultFits(&s.Keywords) }

func (l *lint) enumHolds(k *index.Keywords, report reporter) {
	if k.Enum == jsonspan.None || l.d.Kind(k.Enum) != jsonspan.Array {
		return
	}
	t := l.d.Tree
	node := t.Node(k.Enum)
	if node.Count == 0 {
		report(k.Enum, "enum is empty: list the values or remove it").key()
		return
	}
	typ := l.d.Text(l.d.Filled(*k).Type)
	hasDefault, def := k.Def == jsonspan.None, ""
	if !hasDefault {
		def = index.ValueText(t, k.Def)
	}
	seen := make(map[string]bool, node.Count)
	for a := k.Enum + 1; a < node.Next; a = t.Node(a).Next {
		text := index.ValueText(t, a)
		hasDefault = hasDefault || text == def
		if typ != "array" && typ != "" && t.Kind(a) != jsonspan.Null && !l.d.Fits(a, typ) {
			report(a, "enum value %s is no %s", short(t.Raw(a)), typ).severity(warns) // published connectors have it
			continue
		}
		if seen[text] {
			report(a, "enum value %s occurs twice: remove one", short(t.Raw(a))).fixRemove()
		}
		seen[text] = true
	}
	if !hasDefault && (t.Kind(k.Def) == jsonspan.String || t.Kind(k.Def) == jsonspan.Number) && l.d.Fits(k.Def, typ) {
		report(k.Def, "default %s is not in the enum", short(t.Raw(k.Def)))
	}
}

func parameterEnum(l *lint, p *index.Parameter) {
	if p.Written() {
		l.enumHolds(&p.Keywords, l.find)
	}
}

func schemaEnum(l *lint, s *schemaAt) { l.enumHolds(&s.Keywords, l.warn) }
func itemsEnum(l *lint, s *itemsAt)   { l.enumHolds(&s.Keywords, l.reportOf(s)) }

const labelLimit = 80

func parameterTexts(l *lint, p *index.Parameter) {
	if !p.Written() || l.d.IsInternal(&p.Keywords) {
		return
	}
	if p.Place != "body" {
		if text := l.d.Text(p.Summary); text == "" && l.textOrNone(p.Summary) {
			l.find(p.Node, "parameter %q has no x-ms-summary: add its label", p.NameText)
		} else if n := utf8.RuneCountInString(text); n > labelLimit {
			l.find(p.Summary, "x-ms-summary has %d characters: use at most %d", n, labelLimit)
		}
	}
	if l.d.Text(p.Description) == "" && p.Place != "body" && l.textOrNone(p.Description) {
		l.find(p.Node, "parameter %q has no description: add one", p.NameText)
	}
}

// textOrNone reports that a member is absent or a string: other kinds are another rule's.
func (l *lint) textOrNone(n int32) bool { return n == jsonspan.None || l.d.Kind(n) == jsonspan.String }

// formats are those the platform knows, by type.
var formats = map[string]string{
	"int32": "integer number", "int64": "integer number", "float": "number", "double": "number",
	"byte": "string", "binary": "string", "date": "string", "date-time": "string", "password": "string",
	"date-no-tz": "string", "email": "string", "html": "string", "uri": "string", "uuid": "string",
}

var formatNames = map[string]string{"guid": "uuid", "url": "uri", "datetime": "date-time", "dateTime": "date-time", "int": "int32", "long": "int64"}

func (l *lint) formatKnown(k *index.Keywords) {
	if k.Format == jsonspan.None || l.d.Kind(k.Format) != jsonspan.String {
		return
	}
	format, typ := l.d.Text(k.Format), l.d.Text(l.d.Filled(*k).Type)
	types, known := formats[format]
	if typ == "file" {
		return // CONN-PARAM-013 and CONN-SCH-009 say where files may stand
	}
	if known && (typ == "" || strings.Contains(types, typ)) || format == "" {
		return
	}
	if known {
		l.find(k.Format, "format %q does not go with type %q", format, typ)
		return
	}
	f := l.find(k.Format, "format %q is unknown and ignored: use one of the platform's formats", format)
	if better, ok := formatNames[format]; ok && strings.Contains(formats[better], typ) {
		f.fixReplace(jsonspan.Quote(better))
	}
}

func parameterFormat(l *lint, p *index.Parameter) {
	if p.Written() {
		l.formatKnown(&p.Keywords)
	}
}
func schemaFormat(l *lint, s *schemaAt) { l.formatKnown(&s.Keywords) }
func itemsFormat(l *lint, s *itemsAt)   { l.formatKnown(&s.Keywords) }

func collectionFormat(l *lint, p *index.Parameter) {
	if p.Written() && l.d.Text(p.CollectionFormat) == "multi" && p.Place != "query" && p.Place != "formData" && p.Place != "body" && p.Place != "" {
		l.find(p.CollectionFormat, "collectionFormat multi is for query and form data: use csv").fixReplace(`"csv"`)
	}
}

func itemsCollectionFormat(l *lint, s *itemsAt) {
	if l.d.Text(s.CollectionFormat) == "multi" {
		l.reportOf(s)(s.CollectionFormat, "collectionFormat multi is for query and form data: use csv").fixReplace(`"csv"`)
	}
}

func allowEmpty(l *lint, p *index.Parameter) {
	if p.Written() && p.AllowEmpty != jsonspan.None && p.Place != "query" && p.Place != "formData" && p.Place != "" {
		l.find(p.AllowEmpty, "allowEmptyValue is for query and form data: remove it").key().fixRemove()
	}
}

func parameterReference(l *lint, p *index.Parameter) {
	if l.d.Kind(p.Ref) != jsonspan.String {
		return
	}
	ref := l.d.Text(p.Ref)
	name, ok := index.RefTarget(ref, index.ParameterPrefix)
	f := l.find(p.Ref, "reference %q names no shared parameter", ref)
	switch target := l.d.ParamMap[name]; {
	case !ok:
		f.text += ": write #/parameters/ and the name"
	case target == nil && l.suggests():
		if near := nearest(name, l.d.ParamMap); near != "" {
			f.text += ": did you mean " + near + "?"
			f.fixReplace(jsonspan.Quote(index.ParameterPrefix + jsonspan.EscapeStep(near)))
		}
	case target == nil:
	case target.Ref == jsonspan.None:
		f.text = "a shared parameter may not be a reference: write out what " + ref + " says"
	default:
		f.text = "reference " + ref + " leads to another reference: name the last one"
	}
}

func binaryForm(l *lint, o *index.Operation) {
	consumes := o.Consumes
	if consumes == jsonspan.None {
		consumes = l.d.Consumes
	}
	if consumes == jsonspan.None || l.d.Tree.Node(consumes).Count != 1 || !strings.HasPrefix(l.d.Text(consumes+1), "application/x-www-form-urlencoded") {
		return
	}
	for _, p := range o.List {
		if p.Place == "formData" && l.d.TypeIs(&p.Keywords, "string") && l.d.Text(p.Format) == "binary" {
			l.find(p.Use, "binary form field %q needs multipart/form-data", p.NameText)
		}
	}
}

func (l *lint) limitsHold(k *index.Keywords, report reporter) {
	if !k.Limits() {
		return
	}
	number := func(n int32) (float64, bool) {
		if n == jsonspan.None {
			return 0, false
		}
		return l.d.Tree.Float(n)
	}
	for _, pair := range []struct {
		low, high int32
		name      string
		size      bool
	}{{k.Minimum, k.Maximum, "imum", false}, {k.MinLength, k.MaxLength, "Length", true}, {k.MinItems, k.MaxItems, "Items", true}, {k.MinProperties, k.MaxProperties, "Properties", true}} {
		low, hasLow := number(pair.low)
		high, hasHigh := number(pair.high)
		switch {
		case hasLow && hasHigh && low > high:
			report(pair.low, "min%s %g is more than max%s %g", pair.name, low, pair.name, high)
		case pair.size && hasLow && low < 0:
			report(pair.low, "min%s may not be negative", pair.name)
		case pair.size && hasHigh && high < 0:
			report(pair.high, "max%s may not be negative", pair.name)
		}
	}
	if v, ok := number(k.MultipleOf); ok && v <= 0 {
		report(k.MultipleOf, "multipleOf must be more than 0")
	}
	if k.ExclusiveMinimum != jsonspan.None && k.Minimum == jsonspan.None {
		report(k.ExclusiveMinimum, "exclusiveMinimum without minimum: add minimum or remove it").key().fixRemove()
	}
	if k.ExclusiveMaximum != jsonspan.None && k.Maximum == jsonspan.None {
		report(k.ExclusiveMaximum, "exclusiveMaximum without maximum: add maximum or remove it").key().fixRemove()
	}
}

func parameterLimits(l *lint, p *index.Parameter) {
	if p.Written() {
		l.limitsHold(&p.Keywords, l.find)
	}
}
func schemaLimits(l *lint, s *schemaAt) { l.limitsHold(&s.Keywords, l.find) }
func itemsLimits(l *lint, s *itemsAt)   { l.limitsHold(&s.Keywords, l.reportOf(s)) }

const maxPattern = 2000 // longer ones are not tried

func (l *lint) patternCompiles(k *index.Keywords) {
	if k.Pattern == jsonspan.None {
		return
	}
	text := l.d.Text(k.Pattern)
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
		l.find(k.Pattern, "pattern %q does not compile: %s", text, se.Code)
	}
}

func parameterPattern(l *lint, p *index.Parameter) {
	if p.Written() {
		l.patternCompiles(&p.Keywords)
	}
}
func schemaPattern(l *lint, s *schemaAt) { l.patternCompiles(&s.Keywords) }
func itemsPattern(l *lint, s *itemsAt)   { l.patternCompiles(&s.Keywords) }
