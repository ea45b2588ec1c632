package connector

import (
	"fmt"
	"slices"
	"strings"

	"github.com/solutionkit/solutionkit/internal/jsonspan"
)

func triggerRules() []rule {
	return []rule{
		{"CONN-TRIG-001", fails, Always, `x-ms-trigger is neither "single" nor "batch"`, "", nil},
		{"CONN-TRIG-002", warns, Always, "a trigger hint on an action", "", operationCheck(hintOnAction)},
		{"CONN-TRIG-003", fails, Always, "a webhook whose path item has no x-ms-notification-content", "", operationCheck(notificationContentMissing)},
		{"CONN-TRIG-004", fails, Always, "x-ms-notification-content without a notification url in the trigger", "", operationCheck(notificationURLMissing)},
		{"CONN-TRIG-005", fails, Always, "the notification url is no string", "", schemaCheck(notificationURLString)},
		{"CONN-TRIG-006", warns, Certification, "neither the notification url nor a parent is internal", "", operationCheck(notificationURLInternal)},
		{"CONN-TRIG-007", warns, Certification, "the notification url is not required at every level", "", operationCheck(notificationURLRequired)},
		{"CONN-TRIG-008", warns, Always, "a notification url outside of an input body", "The platform's validator names it; published connectors have it in the echo of a subscription.", schemaCheck(notificationURLPlace)},
		{"CONN-TRIG-009", warns, Always, "no delete operation to end the subscription", "The Location header of the answer to the subscription names a path that is called with DELETE; the definition needs it, normally as an internal operation.", connectorCheck(deleteMissing)},
		{"CONN-TRIG-010", warns, Always, "a polling trigger that is no GET", "", operationCheck(pollingMethod)},
		{"CONN-TRIG-011", warns, Always, "a polling trigger without a pollingtrigger policy and without a response 202", "", operationCheck(pollingPolicy)},
		{"CONN-TRIG-012", fails, Always, "x-ms-notification on an action or webhook, or naming no webhook", "", operationCheck(notificationTarget)},
		{"CONN-TRIG-013", fails, Always, "x-ms-operation-context names an unknown operation", "", operationCheck(simulateTarget)},
		{"CONN-TRIG-014", warns, Certification, "fetch and subscribe operations disagree on a parameter", "Same name, same type and visibility.", operationCheck(notificationParameters)},
		{"CONN-TRIG-015", warns, Always, "a batch trigger whose answer is no array", "Directly, or at the triggerDataPath of its policy.", operationCheck(batchArray)},
		{"CONN-TRIG-016", warns, Always, "a notification url in an operation that is no trigger", "Actions that wait for an answer do so on purpose; others forgot x-ms-trigger.", operationCheck(notificationURLOnAction)},
	}
}

func hintOnAction(l *lint, o *operation) {
	if o.hint != 0 && o.trigger == 0 {
		l.find(o.hint, "%s is an action: remove the trigger hint", o.id).key().fixRemove()
	}
}

func notificationContentMissing(l *lint, o *operation) {
	if o.trigger != 0 && o.item.notification == 0 && o.notificationURL() != nil {
		l.find(o.item.node, "webhook %s needs x-ms-notification-content in its path item: describe what is sent", o.id).key()
	}
}

func notificationURLMissing(l *lint, o *operation) {
	if o.item.notification == 0 || o.trigger == 0 {
		return
	}
	for _, other := range o.item.ops {
		if other.notificationURL() != nil {
			return
		}
	}
	if p := o.body(); p != nil && p.schema != 0 {
		if k, ok := l.d.resolve(p.schema); !ok || k.dynamic() {
			return
		}
	}
	l.find(o.item.notification, "no property of the body of %s has x-ms-notification-url: mark the one that takes the address", o.id).key()
}

func notificationURLString(l *lint, s *schemaAt) {
	if s.notificationURL != 0 && l.d.tree.True(s.notificationURL) && s.typ != 0 && !l.d.typeIs(&s.keywords, "string") {
		l.find(s.typ, "the notification url must be a string").fixReplace(`"string"`)
	}
}

func notificationURLInternal(l *lint, o *operation) {
	way := o.notificationURL()
	if way == nil || o.trigger == 0 {
		return
	}
	for _, at := range way {
		if l.d.isInternal(&at.keywords) {
			return
		}
	}
	if p := o.body(); l.d.isInternal(&p.keywords) {
		return
	}
	last := way[len(way)-1]
	f := l.find(last.node, "the notification url of %s must be internal: makers cannot know it", o.id)
	if last.visibility == 0 {
		f.fixInsert("x-ms-visibility", `"internal"`)
	}
}

func notificationURLRequired(l *lint, o *operation) {
	way := o.notificationURL()
	if o.trigger == 0 {
		return
	}
	for _, at := range way {
		if !at.mandatory {
			l.find(way[len(way)-1].node, "the notification url of %s must be required, and so must every object around it", o.id)
			return
		}
	}
}

func notificationURLPlace(l *lint, s *schemaAt) {
	if s.notificationURL != 0 && l.d.tree.True(s.notificationURL) && s.output && !s.input {
		l.find(s.notificationURL, "a notification url belongs into the body of a trigger: remove it here").key().fixRemove()
	}
}

func deleteMissing(l *lint) {
	var webhook *operation
	for _, o := range l.d.ops {
		if o.method == "delete" {
			return
		}
		if webhook == nil && o.trigger != 0 && o.notificationURL() != nil {
			webhook = o
		}
	}
	if webhook != nil {
		l.find(webhook.node, "nothing ends the subscription of %s: add an internal DELETE operation for the address in the Location header", webhook.id).key()
	}
}

func pollingMethod(l *lint, o *operation) {
	if o.isPolling() && o.method != "get" {
		l.find(o.node, "polling trigger %s is a %s: use GET", o.id, strings.ToUpper(o.method)).key()
	}
}

// pollingOf returns the pollingtrigger policy of an operation.
func (l *lint) pollingOf(o *operation) *policyInstance {
	for i := range l.c.props.policyOf {
		if p := &l.c.props.policyOf[i]; p.template == "pollingtrigger" && p.covers(o.id) {
			return p
		}
	}
	return nil
}

func pollingPolicy(l *lint, o *operation) {
	if !o.isPolling() || !l.c.props.known() || l.pollingOf(o) != nil {
		return
	}
	if o.responses != 0 && l.d.tree.Get(o.responses, "202") != 0 {
		return
	}
	l.find(o.node, "polling trigger %s has neither a pollingtrigger policy nor a response 202: add one", o.id).key()
}

func notificationTarget(l *lint, o *operation) {
	if o.notification == 0 {
		return
	}
	id := value{l.d.file, o.notification}.get("operationId").text()
	switch target := l.d.byID[id]; {
	case o.trigger == 0:
		l.find(o.notification, "x-ms-notification on %s, an action: remove it", o.id).key().fixRemove()
	case o.isWebhook():
		l.find(o.notification, "x-ms-notification on %s, which is a webhook itself: remove it", o.id).key().fixRemove()
	case target == nil:
		l.find(o.notification, "x-ms-notification names operation %q, which does not exist", id).key()
	case !target.isWebhook() && target.notificationURL() == nil:
		l.find(o.notification, "x-ms-notification names %q, which is no webhook", id).key()
	}
}

func simulateTarget(l *lint, o *operation) {
	if o.operationContext == 0 {
		return
	}
	id := value{l.d.file, o.operationContext}.get("simulate").get("operationId")
	if id.ok() && l.d.byID[id.text()] == nil {
		l.findIn(id, "operation %q does not exist", id.text())
	}
}

func notificationParameters(l *lint, o *operation) {
	if o.notification == 0 || o.trigger == 0 {
		return
	}
	target := l.d.byID[value{l.d.file, o.notification}.get("operationId").text()]
	if target == nil {
		return
	}
	for _, p := range o.list {
		for _, q := range target.list {
			if p.nameText == "" || p.nameText != q.nameText {
				continue
			}
			if l.d.text(p.typ) != l.d.text(q.typ) || l.d.text(p.visibility) != l.d.text(q.visibility) || (p.place == "body") != (q.place == "body") {
				l.find(p.use, "parameter %q differs in type or visibility from that of %s: make them agree", p.nameText, target.id)
			}
		}
	}
}

func batchArray(l *lint, o *operation) {
	if o.triggerKind() != "batch" || o.isWebhook() {
		return
	}
	_, r := o.successResponse()
	if r == 0 {
		return
	}
	schema := l.d.tree.Get(r, "schema")
	if schema == 0 {
		return
	}
	path := ""
	if p := l.pollingOf(o); p != nil {
		rest, ok := strings.CutPrefix(strings.TrimSpace(p.param("triggerDataPath").text()), "@triggerBody()")
		if !ok {
			return
		}
		path = expressionPath(rest)
	}
	k, found, free := l.d.property(schema, path)
	if free || found && (l.d.typeIs(&k, "array") || k.typ == 0 || k.dynamic()) {
		return
	}
	if path == "" && found && l.hasArrayProperty(&k) && l.pollingOf(o) == nil {
		return // the API itself says where its list is
	}
	what := "is no array"
	if path != "" {
		what = fmt.Sprintf("has no array at %q", path)
	}
	l.find(schema, "%s is a batch trigger, but its answer %s: return one, or name it in triggerDataPath", o.id, what).key()
}

func (l *lint) hasArrayProperty(k *keywords) bool {
	if k.properties == 0 {
		return false
	}
	for c := range l.d.tree.Children(k.properties) {
		if p, ok := l.d.resolve(c); ok && l.d.typeIs(&p, "array") {
			return true
		}
	}
	return false
}

// expressionPath turns .a?['b'] into a/b.
func expressionPath(s string) string {
	s = strings.NewReplacer("?", "", "['", "/", "']", "", "[\"", "/", "\"]", "", ".", "/").Replace(s)
	return strings.Trim(s, "/")
}

func notificationURLOnAction(l *lint, o *operation) {
	if o.trigger == 0 {
		if way := o.notificationURL(); way != nil {
			l.find(o.node, "%s takes a notification url but is no trigger: add x-ms-trigger, unless it waits for an answer", o.id).key()
		}
	}
}

func extensionRules() []rule {
	return []rule{
		{"CONN-EXT-001", warns, Always, "unknown value of x-ms-visibility", "important, advanced and internal have an effect; for none leave it out.", nil},
		{"CONN-EXT-002", warns, Certification, "x-ms-pageable.nextLinkName is neither nextLink nor @odata.nextLink", "Rename it by an updatenextlink policy.", operationCheck(nextLinkName)},
		{"CONN-EXT-003", fails, Always, "an entry of x-ms-enum-values is not in enum, is there twice, or has no display name", "A value that is not in enum, or is there twice, is an error; in a schema a warning.", []any{parameterCheck(parameterEnumValues), schemaCheck(schemaEnumValues)}},
		{"CONN-EXT-004", fails, Always, "x-ms-editor dictionary on a schema that is no open object", "", schemaCheck(dictionaryEditor)},
		{"CONN-EXT-005", fails, Always, "testConnection names an unknown operation or does not give its required parameters", "", connectorCheck(testConnection)},
		{"CONN-EXT-007", warns, Always, "an extension has an unknown value or member, or one of the wrong type", "The platform ignores it then.", nil},
		{"CONN-EXT-006", warns, Always, "x-ms-openai-data names an unknown operation or parameter", "", []any{connectorCheck(rootOpenAI), operationCheck(operationOpenAI)}},
	}
}

func nextLinkName(l *lint, o *operation) {
	if o.pageable == 0 {
		return
	}
	n := value{l.d.file, o.pageable}.get("nextLinkName")
	if name := n.text(); n.ok() && name != "nextLink" && name != "@odata.nextLink" {
		l.findIn(n, "nextLinkName is %q: use nextLink and a policy updatenextlink", name)
	}
}

func (l *lint) enumValuesHold(k *keywords, report func(n int32, format string, args ...any) *finding) {
	if k.enumValues == 0 || l.d.kind(k.enumValues) != jsonspan.Array {
		return
	}
	t := l.d.tree
	known, seen := map[string]bool{}, map[string]bool{}
	if k.enum != 0 {
		for c := range t.Children(k.enum) {
			known[string(t.Raw(c))] = true
		}
	}
	for c := range t.Children(k.enumValues) {
		v := t.Get(c, "value")
		if v == 0 {
			continue
		}
		raw := string(t.Raw(v))
		switch {
		case !known[raw]:
			report(v, "value %s of x-ms-enum-values is not in enum: add it there or remove it here", short(t.Raw(v)))
		case seen[raw]:
			report(v, "value %s is in x-ms-enum-values twice: remove one", short(t.Raw(v)))
		}
		seen[raw] = true
	}
}

func parameterEnumValues(l *lint, p *parameter) {
	if p.written() {
		l.enumValuesHold(&p.keywords, l.find)
	}
}

func schemaEnumValues(l *lint, s *schemaAt) {
	l.enumValuesHold(&s.keywords, func(n int32, format string, args ...any) *finding {
		return l.find(n, format, args...).severity(warns)
	})
}

func dictionaryEditor(l *lint, s *schemaAt) {
	if s.editor == 0 || l.d.text(s.editor) != "dictionary" {
		return
	}
	if !l.d.typeIs(&s.keywords, "object") || s.additional == 0 || l.d.kind(s.additional) == jsonspan.Bool && !l.d.tree.True(s.additional) {
		l.find(s.editor, "the dictionary editor needs an object with additionalProperties").key()
	}
}

func testConnection(l *lint) {
	test := value{l.d.file, l.d.capabilities}.get("testConnection")
	id := test.get("operationId")
	if l.d.capabilities == 0 || !id.ok() {
		return
	}
	o := l.d.byID[id.text()]
	if o == nil {
		l.findIn(id, "operation %q does not exist", id.text())
		return
	}
	given := test.get("parameters")
	for _, p := range o.list {
		if p.place != "body" && l.d.isRequired(p) && p.def == 0 && !given.get(p.nameText).ok() {
			l.findIn(test, "required parameter %q of %s is not given: add it under parameters", p.nameText, o.id).key()
		}
	}
}

func rootOpenAI(l *lint) { l.openAI(l.d.tree.Get(0, "x-ms-openai-data")) }

func operationOpenAI(l *lint, o *operation) { l.openAI(o.openai) }

func (l *lint) openAI(n int32) {
	if n == 0 {
		return
	}
	for entry := range (value{l.d.file, n}).get("operations").children {
		id := entry.get("operationId")
		if !id.ok() {
			continue
		}
		o := l.d.byID[id.text()]
		if o == nil {
			l.findIn(id, "operation %q does not exist", id.text())
			continue
		}
		for p := range entry.get("parameters").children {
			name := p.get("name")
			if !name.ok() || o.param(name.text()) != nil {
				continue
			}
			if body := o.body(); body != nil {
				continue // names inside a body have several spellings
			}
			l.findIn(name, "operation %s has no parameter %q", o.id, name.text())
		}
	}
}

func securityRules() []rule {
	return []rule{
		{"CONN-SEC-001", warns, Certification, "a security requirement names no scheme", "", []any{connectorCheck(rootRequirement), operationCheck(operationRequirement)}},
		{"CONN-SEC-002", fails, Always, "scopes on a requirement that is not OAuth", "", []any{connectorCheck(rootScopes), operationCheck(operationScopes)}},
		{"CONN-SEC-003", warns, Certification, "a scope is not defined", "", []any{connectorCheck(rootScopeNames), operationCheck(operationScopeNames)}},
		{"CONN-SEC-004", fails, Always, "a security scheme lacks a property, or has one of another type", "", connectorCheck(schemeProperties)},
		{"CONN-SEC-005", warns, Always, "more than one security scheme", "The portal keeps one: use connectionParameterSets for a choice.", connectorCheck(schemeCount)},
	}
}

// requirements calls f for each entry of a list of security requirements.
func (l *lint) requirements(n int32, f func(entry int32, name string, scheme value)) {
	if n == 0 {
		return
	}
	for alternative := range l.d.tree.Children(n) {
		for c := range l.d.tree.Children(alternative) {
			if l.d.tree.Kind(alternative) != jsonspan.Object {
				continue
			}
			name := l.d.tree.Key(c)
			scheme := value{}
			if l.d.securityDefinitions != 0 {
				scheme = value{l.d.file, l.d.securityDefinitions}.get(name)
			}
			f(c, name, scheme)
		}
	}
}

func (l *lint) requirementNames(n int32) {
	l.requirements(n, func(c int32, name string, scheme value) {
		if !scheme.ok() {
			l.find(c, "%q is not in securityDefinitions", name).key()
		}
	})
}

func rootRequirement(l *lint)                    { l.requirementNames(l.d.security) }
func operationRequirement(l *lint, o *operation) { l.requirementNames(o.security) }

func (l *lint) scopesOnly(n int32) {
	l.requirements(n, func(c int32, name string, scheme value) {
		if scheme.ok() && scheme.get("type").text() != "oauth2" && l.d.tree.Node(c).Count > 0 {
			l.find(c, "%q is no OAuth scheme and has no scopes: write []", name).fixReplace("[]")
		}
	})
}

func rootScopes(l *lint)                    { l.scopesOnly(l.d.security) }
func operationScopes(l *lint, o *operation) { l.scopesOnly(o.security) }

func (l *lint) scopeNames(n int32) {
	l.requirements(n, func(c int32, name string, scheme value) {
		if scheme.get("type").text() != "oauth2" {
			return
		}
		for s := range l.d.tree.Children(c) {
			if !scheme.get("scopes").get(l.d.text(s)).ok() {
				l.find(s, "scope %q is not defined by %q", l.d.text(s), name)
			}
		}
	})
}

func rootScopeNames(l *lint)                    { l.scopeNames(l.d.security) }
func operationScopeNames(l *lint, o *operation) { l.scopeNames(o.security) }

// schemeMembers lists what a scheme needs, by type and flow.
func schemeMembers(typ, flow string) (needs, may []string) {
	switch typ {
	case "apiKey":
		return []string{"name", "in"}, nil
	case "oauth2":
		switch flow {
		case "implicit":
			return []string{"authorizationUrl"}, []string{"flow", "scopes", "tokenUrl"}
		case "password", "application":
			return []string{"tokenUrl"}, []string{"flow", "scopes", "authorizationUrl"}
		case "accessCode":
			return []string{"authorizationUrl", "tokenUrl"}, []string{"flow", "scopes"}
		}
		return []string{"flow"}, []string{"scopes", "authorizationUrl", "tokenUrl"}
	}
	return nil, nil
}

func schemeProperties(l *lint) {
	if l.d.securityDefinitions == 0 {
		return
	}
	for c := range l.d.tree.Children(l.d.securityDefinitions) {
		scheme := value{l.d.file, c}
		typ := scheme.get("type").text()
		if typ != "basic" && typ != "apiKey" && typ != "oauth2" {
			continue
		}
		needs, may := schemeMembers(typ, scheme.get("flow").text())
		for _, key := range needs {
			if !scheme.get(key).ok() {
				l.findIn(scheme, "security scheme %q of type %s needs %s", l.d.tree.Key(c), typ, key).key()
			}
		}
		for m := range scheme.children {
			key := m.key()
			if key == "type" || key == "description" || strings.HasPrefix(key, "x-") || slices.Contains(needs, key) || slices.Contains(may, key) {
				continue
			}
			switch key {
			case "name", "in", "flow", "authorizationUrl", "tokenUrl", "scopes":
				l.findIn(m, "%s does not belong to a security scheme of type %s: remove it", key, typ).key().fixRemove()
			}
		}
	}
}

func schemeCount(l *lint) {
	if l.d.securityDefinitions != 0 && l.d.tree.Node(l.d.securityDefinitions).Count > 1 {
		l.find(l.d.securityDefinitions, "%d security schemes, of which the portal keeps one: use connectionParameterSets", l.d.tree.Node(l.d.securityDefinitions).Count).key()
	}
}
